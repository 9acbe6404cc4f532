//! The normal distribution.
//!
//! Comes in: mean and standard deviation. Goes out: mean + sd · Φ⁻¹(u).
//!
//! Source: `math::normal_quantile` (AS 241).

use super::parameter::{Parameters, WRITE_A_CONSTANT};
use super::{Checked, Family};
use crate::math;

/// Normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    mean: f64,
    sd: f64,
}

impl Normal {
    /// From a finite mean and a finite standard deviation above zero.
    ///
    /// # Errors
    /// Every parameter out of range.
    pub fn new(mean: f64, sd: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.finite("mean", mean);
        parameters.positive("sd", sd, Some(WRITE_A_CONSTANT));
        parameters.finish()?;
        Ok(Normal { mean, sd })
    }
}

/// Φ⁻¹ from the smaller of the two tails. Where both are a complement of each other the same bits as
/// [`math::normal_quantile`] of `below`.
#[inline]
pub(super) fn standard_quantile(below: f64, above: f64) -> f64 {
    if below < 0.5 { math::normal_quantile(below) } else { -math::normal_quantile(above) }
}

impl Family for Normal {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        self.mean + self.sd * standard_quantile(below, above)
    }

    fn quantile_block(&self, u: &mut [f64]) {
        math::normal_quantile_block(u);
        for value in u {
            *value = self.mean + self.sd * *value;
        }
    }

    fn quantile_at_normal(&self, z: f64) -> f64 {
        self.mean + self.sd * z
    }

    fn cdf(&self, x: f64) -> f64 {
        math::normal_cdf((x - self.mean) / self.sd)
    }

    fn density(&self, x: f64) -> f64 {
        math::normal_density((x - self.mean) / self.sd) / self.sd
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.sd * self.sd
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}
