//! The normal distribution.
//!
//! Comes in: mean and standard deviation. Goes out: mean + sd · Φ⁻¹(u).
//!
//! Source: `math::drawn_normal`.

use super::parameter::{Parameters, WRITE_A_CONSTANT};
use super::{Checked, Family};
use crate::math::vector::{Kernel, Lanewise, Map, Simd};
use crate::math::{self, vector};

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
/// [`math::drawn_normal`] of `below`.
#[inline]
pub(super) fn standard_quantile(below: f64, above: f64) -> f64 {
    if below < 0.5 { math::drawn_normal(below) } else { -math::drawn_normal(above) }
}

/// mean + sd · Φ⁻¹(u) of every element.
struct Quantiles<'a>(&'a mut [f64], Normal);

impl Kernel for Quantiles<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        vector::normal_quantiles(s, self.0, vector::Lower);
        vector::map(s, self.0, self.1);
    }
}

/// mean + sd · z.
impl Lanewise for Normal {
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, mut z: [S::F; K]) -> [S::F; K] {
        let mut i = 0;
        while i < K {
            z[i] = s.splat(self.mean) + s.splat(self.sd) * z[i];
            i += 1;
        }
        z
    }
}

impl Family for Normal {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        self.mean + self.sd * standard_quantile(below, above)
    }

    fn quantile_block(&self, u: &mut [f64]) {
        vector::run(Quantiles(u, *self));
    }

    fn quantile_at_normal(&self, z: f64) -> f64 {
        self.mean + self.sd * z
    }

    fn quantile_at_normal_block(&self, z: &mut [f64]) {
        vector::run(Map(z, *self));
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
