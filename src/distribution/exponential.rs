//! The exponential distribution: waiting time at a constant rate.
//!
//! Comes in: the mean, or the rate. Goes out: −mean · ln(1 − u), relative error below 10⁻¹³.
//!
//! Source: N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous Univariate Distributions", vol. 1, ch. 19.

use super::parameter::Parameters;
use super::{Checked, Family};
use crate::math::vector::{Guarded, Lanewise, MapGuarded, Simd};
use crate::math::{self, vector};

/// Exponential.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    mean: f64,
}

/// Lower tail above which −ln(1 − u) is as exact as 1 − u is: to 6·10⁻¹⁴.
const LEAST: f64 = 1.0 / 1024.0;

/// −ln of the upper tail, from the smaller of the two tails.
#[inline]
pub(super) fn cumulative_hazard(below: f64, above: f64) -> f64 {
    if below <= LEAST { -math::ln_1p(-below) } else { -vector::ln(above) }
}

/// [`cumulative_hazard`] of u and 1 − u, where u is above [`LEAST`].
#[inline(always)]
pub(super) fn hazards<S: Simd, const K: usize>(s: S, mut u: [S::F; K]) -> [S::F; K] {
    let mut i = 0;
    while i < K {
        u[i] = s.splat(1.0) - u[i];
        i += 1;
    }
    let mut hazard = vector::lns(s, u);
    let mut i = 0;
    while i < K {
        hazard[i] = s.splat(0.0) - hazard[i];
        i += 1;
    }
    hazard
}

/// Where [`hazards`] holds.
#[inline(always)]
pub(super) fn hazard_holds<S: Simd>(s: S, u: S::F) -> S::M {
    s.less(s.splat(LEAST), u)
}

/// The quantile of u.
impl Lanewise for Exponential {
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, u: [S::F; K]) -> [S::F; K] {
        let mut value = hazards(s, u);
        let mut i = 0;
        while i < K {
            value[i] = s.splat(self.mean) * value[i];
            i += 1;
        }
        value
    }
}

impl Guarded for Exponential {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, u: S::F) -> S::M {
        hazard_holds(s, u)
    }
    fn beyond(self, u: f64) -> f64 {
        self.quantile(u)
    }
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

    fn quantile_block(&self, u: &mut [f64]) {
        vector::run(MapGuarded(u, *self));
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
