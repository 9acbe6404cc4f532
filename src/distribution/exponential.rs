//! The exponential distribution: waiting time at a constant rate.
//!
//! Comes in: the mean, or the rate. Goes out: −mean · ln(1 − u).
//!
//! Source: N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous Univariate Distributions", vol. 1, ch. 19.

use super::parameter::Parameters;
use super::{Checked, Family};
use crate::math;

/// Exponential.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    mean: f64,
}

/// −ln of the upper tail, from the smaller of the two tails.
#[inline]
pub(super) fn cumulative_hazard(below: f64, above: f64) -> f64 {
    if below < 0.5 { -math::ln_1p(-below) } else { -math::ln(above) }
}

impl Exponential {
    /// From a mean above zero (10⁻¹⁰⁰ to 10¹⁰⁰).
    ///
    /// # Errors
    /// When `mean` is out of range.
    pub fn with_mean(mean: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.positive("mean", mean, None);
        parameters.finish()?;
        Ok(Exponential { mean })
    }

    /// From a rate above zero (events per unit of time; 10⁻¹⁰⁰ to 10¹⁰⁰).
    ///
    /// # Errors
    /// When `rate` is out of range.
    pub fn with_rate(rate: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.positive("rate", rate, None);
        parameters.finish()?;
        Self::with_mean(1.0 / rate)
    }
}

impl Family for Exponential {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        self.mean * cumulative_hazard(below, above)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= 0.0 { 0.0 } else { -math::exp_m1(-x / self.mean) }
    }

    fn density(&self, x: f64) -> f64 {
        if x < 0.0 { 0.0 } else { math::exp(-x / self.mean) / self.mean }
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.mean * self.mean
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}
