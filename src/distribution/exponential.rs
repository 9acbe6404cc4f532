//! The exponential distribution: waiting time at a constant rate.
//!
//! Comes in: the mean, or the rate. Goes out: −mean · ln(1 − u), relative error below 10⁻¹³; at a normal z, where u is
//! Φ(z), below 3·10⁻¹⁴.
//!
//! Source: N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous Univariate Distributions", vol. 1, ch. 19.

use super::parameter::Parameters;
use super::{Checked, Family};
use crate::math::vector::{Guarded, Lanewise, MapGuarded, MapWeighted, Simd, Weighted};
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

/// The quantile of Φ(z).
#[derive(Clone, Copy)]
struct AtNormal(Exponential);

impl Lanewise for AtNormal {
    const BY_ROWS: bool = true;
    const LIGHT: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, z: [S::F; K]) -> [S::F; K] {
        let mut value = vector::normal_hazards(s, z);
        let mut i = 0;
        while i < K {
            value[i] = s.splat(self.0.mean) * value[i];
            i += 1;
        }
        value
    }
}

impl Guarded for AtNormal {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, z: S::F) -> S::M {
        s.less(s.abs(z), s.splat(vector::HAZARD_END))
    }
    fn beyond(self, z: f64) -> f64 {
        let tails = math::normal_tails(z);
        self.0.quantile_of_tails(tails.below, tails.above)
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

    fn quantile_at_normal(&self, z: f64) -> f64 {
        vector::one_guarded(z, AtNormal(*self))
    }

    fn quantile_at_normal_block(&self, z: &mut [f64]) {
        vector::run(MapGuarded(z, AtNormal(*self)));
    }

    fn quantile_at_weighted_block(&self, z: &mut [f64], sums: Weighted<'_>) {
        vector::run(MapWeighted(z, AtNormal(*self), sums));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Both tails to 10⁻¹⁶; the reference's own error is added to the bound.
    #[test]
    fn quantiles_at_normal_are_within_their_bound() {
        let family = Exponential::with_mean(4.0).unwrap();
        let (mut worst, mut before): (f64, f64) = (0.0, 0.0);
        for i in -8_200..=8_200 {
            let z = f64::from(i) / 1000.0;
            let tail = math::normal_cdf(-z.abs());
            let exact = if z < 0.0 { -4.0 * math::ln_1p(-tail) } else { -4.0 * math::ln(tail) };
            let found = family.quantile_at_normal(z);
            let error = (found / exact - 1.0).abs();
            assert!(error < 3.3e-14 && found > before, "{z}: {found} for {exact}");
            (worst, before) = (worst.max(error), found);
        }
        assert!(worst > 3e-15, "{worst:e}");
    }
}
