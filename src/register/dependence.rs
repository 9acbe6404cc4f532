//! Dependence between draws: a Gaussian copula, by matrix or by shared drivers.

/// How draws depend on each other. A draw is named by its path and stands in at most one group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dependence {
    /// Groups of correlated draws.
    pub correlated: Vec<Correlated>,
    /// Groups of draws that load on shared drivers.
    pub driven: Vec<DriverGroup>,
}

/// Draws correlated by a matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlated {
    /// Paths of the draws, in order: knowledge first, so that no unknown of this world depends on chance.
    pub members: Vec<String>,
    /// Whether each is knowledge.
    pub knowledge: Vec<bool>,
    /// Lower Cholesky factor of the latent correlation matrix, row by row: row i has i + 1 entries.
    pub factor: Vec<Vec<f64>>,
}

/// Draws that load on the same drivers.
#[derive(Debug, Clone, PartialEq)]
pub struct DriverGroup {
    /// Ids of the drivers, and whether each is knowledge: whether any draw that loads on it is.
    pub drivers: Vec<(String, bool)>,
    /// What the loadings on each driver rest on.
    pub bases: Vec<super::Basis>,
    /// The draws.
    pub members: Vec<Driven>,
}

/// A draw that loads on shared drivers.
#[derive(Debug, Clone, PartialEq)]
pub struct Driven {
    /// Path of the draw.
    pub path: String,
    /// Whether it is knowledge.
    pub knowledge: bool,
    /// Its loading on each driver.
    pub loadings: Vec<f64>,
    /// What is left to itself: √(1 − Σ loading²).
    pub rest: f64,
}
