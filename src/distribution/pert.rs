//! The PERT distribution: a beta distribution from least, most likely and greatest value.
//!
//! Comes in: min, mode, max, and the weight of the mode (`shape`, 4 unless said otherwise). Goes out: what
//! Beta(1 + shape (mode−min)/(max−min), 1 + shape (max−mode)/(max−min)) on [min, max] gives; its mean is
//! (min + shape·mode + max)/(shape + 2).
//!
//! Sources: D. G. Malcolm, J. H. Roseboom, C. E. Clark and W. Fazar, "Application of a technique for research and
//! development program evaluation", Operations Research 7 (1959) 646–669; D. Vose, "Risk Analysis" (2000), for `shape`.

use super::parameter::Parameters;
use super::{Beta, Checked, Family};

/// Largest weight of the mode.
const LARGEST_WEIGHT: f64 = 1e6;

/// PERT on [min, max].
#[derive(Clone, Debug, PartialEq)]
pub struct Pert {
    min: f64,
    mode: f64,
    max: f64,
    shape: f64,
    beta: Beta,
}

impl Pert {
    /// The usual weight of the mode.
    pub const USUAL_SHAPE: f64 = 4.0;

    /// From finite `min` ≤ `mode` ≤ `max` with `min` < `max`, and `shape` above 0, up to 10⁶.
    ///
    /// # Errors
    /// Every parameter that is not finite, out of range or out of order.
    pub fn new(min: f64, mode: f64, max: f64, shape: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.three_points(min, mode, max);
        if !(shape > 0.0 && shape <= LARGEST_WEIGHT) {
            let allowed = format!("above 0, up to {LARGEST_WEIGHT}; 4 is usual");
            parameters.refuse("shape", format!("{shape} is out of range"), &allowed, None);
        }
        parameters.finish()?;
        let width = max - min;
        let (a, b) = (1.0 + shape * ((mode - min) / width), 1.0 + shape * ((max - mode) / width));
        Ok(Pert { min, mode, max, shape, beta: Beta::on_range(a, b, min, max)? })
    }

    /// With shape 4.
    ///
    /// # Errors
    /// As [`Pert::new`].
    pub fn usual(min: f64, mode: f64, max: f64) -> Checked<Self> {
        Self::new(min, mode, max, Self::USUAL_SHAPE)
    }

    /// The beta distribution that it is.
    pub(super) fn as_beta(&self) -> &Beta {
        &self.beta
    }

    /// Most likely value.
    #[must_use]
    pub fn mode(&self) -> f64 {
        self.mode
    }
}

impl Family for Pert {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        self.beta.quantile_of_tails(below, above)
    }

    fn quantile_block(&self, u: &mut [f64]) {
        self.beta.quantile_block(u);
    }

    fn quantile_at_normal(&self, z: f64) -> f64 {
        self.beta.quantile_at_normal(z)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.beta.cdf(x)
    }

    fn density(&self, x: f64) -> f64 {
        self.beta.density(x)
    }

    fn mean(&self) -> f64 {
        let (mode, max) = (self.mode - self.min, self.max - self.min);
        self.min + (self.shape * mode + max) / (self.shape + 2.0)
    }

    fn variance(&self) -> f64 {
        self.beta.variance()
    }

    fn support(&self) -> (f64, f64) {
        (self.min, self.max)
    }
}
