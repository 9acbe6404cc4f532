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
    /// Paths of the draws, in order.
    pub members: Vec<String>,
    /// Lower Cholesky factor of the latent correlation matrix, row by row: row i has i + 1 entries.
    pub factor: Vec<Vec<f64>>,
}

/// Draws that load on the same drivers.
#[derive(Debug, Clone, PartialEq)]
pub struct DriverGroup {
    /// Ids of the drivers.
    pub drivers: Vec<String>,
    /// Path of each draw, its loading on each driver, and what is left to itself: √(1 − Σ loading²).
    pub members: Vec<(String, Vec<f64>, f64)>,
}
