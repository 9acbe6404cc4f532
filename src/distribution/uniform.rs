//! The uniform distribution: every value of a range alike.
//!
//! Comes in: the ends. Goes out: min + u (max − min), from the nearer end.

use super::parameter::Parameters;
use super::{Checked, Family};

/// Uniform on [min, max].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uniform {
    min: f64,
    max: f64,
    width: f64,
}

impl Uniform {
    /// From finite `min` < `max`.
    ///
    /// # Errors
    /// When an end is not finite, or `min` is not below `max`.
    pub fn new(min: f64, max: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.range("min", min, "max", max);
        parameters.finish()?;
        Ok(Uniform { min, max, width: max - min })
    }
}

impl Uniform {
    /// The ends.
    pub(super) fn ends(&self) -> (f64, f64) {
        (self.min, self.max)
    }
}

impl Family for Uniform {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        let low = below < 0.5;
        let step = self.width * if low { below } else { above };
        if low { self.min + step } else { self.max - step }
    }

    fn cdf(&self, x: f64) -> f64 {
        // Written with comparisons first: outside the range there is nothing to compute.
        if x <= self.min {
            0.0
        } else if x >= self.max {
            1.0
        } else {
            (x - self.min) / self.width
        }
    }

    fn density(&self, x: f64) -> f64 {
        if (self.min..=self.max).contains(&x) { 1.0 / self.width } else { 0.0 }
    }

    fn mean(&self) -> f64 {
        self.min + 0.5 * self.width
    }

    fn variance(&self) -> f64 {
        self.width * self.width / 12.0
    }

    fn support(&self) -> (f64, f64) {
        (self.min, self.max)
    }
}
