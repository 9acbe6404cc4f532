//! The triangular distribution.
//!
//! Comes in: least, most likely and greatest value. Goes out: min + √(u (max−min)(mode−min)) below the mode and
//! max − √((1−u)(max−min)(max−mode)) above it. The error is a rounding of the ends. At Φ(z) the two are
//! min + √((max−min)(mode−min))·√Φ(z) and max − √((max−min)(max−mode))·√Φ(−z), with an error below 7·10⁻¹¹ of the
//! distance from the nearer end and 4·10⁻¹⁵ of the width (`math::vector`). Blocks run in vectors.
//!
//! Source: N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous Univariate Distributions", vol. 2, §26.9.

use super::parameter::Parameters;
use super::{Checked, Family};
use crate::math::vector::{Guarded, Lanewise, Map, MapGuarded, MapWeighted, RootPhi, Scalar, Simd, Weighted};
use crate::math::{self, vector};

/// Triangular on [min, max] with a peak at mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangular {
    min: f64,
    mode: f64,
    max: f64,
    /// Probability below the mode, and above it.
    below_mode: f64,
    above_mode: f64,
    /// Squared distance from the end, per unit of tail probability.
    rise: f64,
    fall: f64,
    /// The square roots of these, made as much less as it takes for neither side to pass the mode.
    root_rise: f64,
    root_fall: f64,
    /// Where the mode is, in z; infinite for a mode at an end.
    mode_z: f64,
}

impl Triangular {
    /// From finite `min` ≤ `mode` ≤ `max` with `min` < `max`.
    ///
    /// # Errors
    /// Every parameter that is not finite or out of order.
    pub fn new(min: f64, mode: f64, max: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.three_points(min, mode, max);
        parameters.finish()?;
        let width = max - min;
        let (below_mode, above_mode) = ((mode - min) / width, (max - mode) / width);
        let (rise, fall) = (width * (mode - min), width * (max - mode));
        let mode_z = math::normal_quantile_of_tails(below_mode, above_mode);
        let root = |slope: f64, size: f64, z: f64| {
            let most = if size > 0.0 { size / vector::root_phi(z) } else { 0.0 };
            math::sqrt(slope).min(most) * (1.0 - 2e-15)
        };
        let (root_rise, root_fall) = (root(rise, mode - min, mode_z), root(fall, max - mode, -mode_z));
        Ok(Triangular { min, mode, max, below_mode, above_mode, rise, fall, root_rise, root_fall, mode_z })
    }
}

impl Triangular {
    /// The quantile where the lower tail is `below` and the upper `above`.
    #[inline(always)]
    fn of_tails<S: Simd>(&self, s: S, below: S::F, above: S::F) -> S::F {
        // Compare in the tail that is small, so that neither loses digits.
        let lower = s.less(below, s.splat(0.5));
        let small = s.select(lower, below, s.splat(self.above_mode));
        let rising = s.less(small, s.select(lower, s.splat(self.below_mode), above));
        let slope = s.select(rising, s.splat(self.rise), s.splat(self.fall));
        self.placed(s, rising, s.sqrt(slope * s.select(rising, below, above)))
    }

    /// The value at a distance from the least, or below the greatest.
    #[inline(always)]
    fn placed<S: Simd>(&self, s: S, rising: S::M, step: S::F) -> S::F {
        let (left, right) = (s.splat(self.min) + step, s.splat(self.max) - step);
        // Rounding must not carry a value over the mode, where the two branches meet.
        let mode = s.splat(self.mode);
        s.select(rising, s.min(left, mode), s.max(right, mode))
    }

    /// The quantile of Φ(z) beyond the table of √Φ, or anywhere.
    fn far(&self, z: f64) -> f64 {
        let rising = z < self.mode_z;
        let root = vector::root_phi(if rising { z } else { -z });
        if rising { self.min + root * self.root_rise } else { self.max + root * -self.root_fall }
    }
}

/// The quantile of u.
#[derive(Clone, Copy)]
struct OfUniform(Triangular);

impl Lanewise for OfUniform {
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, mut u: [S::F; K]) -> [S::F; K] {
        let mut i = 0;
        while i < K {
            u[i] = self.0.of_tails(s, u[i], s.splat(1.0) - u[i]);
            i += 1;
        }
        u
    }
}

/// The quantile of Φ(z) in the range of the table.
#[derive(Clone, Copy)]
struct OfNormal(Triangular, RootPhi);

impl Lanewise for OfNormal {
    const BY_ROWS: bool = true;
    const LIGHT: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, z: [S::F; K]) -> [S::F; K] {
        let about = self.0;
        let mut twice = z;
        let mut i = 0;
        while i < K {
            let rising = s.less(z[i], s.splat(about.mode_z));
            twice[i] = z[i] * s.select(rising, s.splat(2.0), s.splat(-2.0));
            i += 1;
        }
        let mut value = self.1.at_half(s, twice);
        let mut i = 0;
        while i < K {
            let rising = s.less(z[i], s.splat(about.mode_z));
            let root = s.select(rising, s.splat(about.root_rise), s.splat(-about.root_fall));
            value[i] = s.select(rising, s.splat(about.min), s.splat(about.max)) + value[i] * root;
            i += 1;
        }
        value
    }
}

impl Guarded for OfNormal {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, z: S::F) -> S::M {
        s.less(s.abs(z), s.splat(vector::ROOT_PHI_END))
    }
    fn beyond(self, z: f64) -> f64 {
        self.0.far(z)
    }
}

impl Family for Triangular {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        self.of_tails(Scalar, below, above)
    }

    fn quantile_block(&self, u: &mut [f64]) {
        vector::run(Map(u, OfUniform(*self)));
    }

    fn quantile_at_normal(&self, z: f64) -> f64 {
        self.far(z)
    }

    fn quantile_at_normal_block(&self, z: &mut [f64]) {
        vector::run(MapGuarded(z, OfNormal(*self, RootPhi::table())));
    }

    fn quantile_at_weighted_block(&self, z: &mut [f64], sums: Weighted<'_>) {
        vector::run(MapWeighted(z, OfNormal(*self, RootPhi::table()), sums));
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= self.min {
            0.0
        } else if x >= self.max {
            1.0
        } else if x < self.mode {
            (x - self.min) * ((x - self.min) / self.rise)
        } else {
            1.0 - (self.max - x) * ((self.max - x) / self.fall)
        }
    }

    fn density(&self, x: f64) -> f64 {
        if x < self.min || x > self.max {
            0.0
        } else if x < self.mode {
            2.0 * (x - self.min) / self.rise
        } else if x > self.mode {
            2.0 * (self.max - x) / self.fall
        } else {
            2.0 / (self.max - self.min)
        }
    }

    fn mean(&self) -> f64 {
        self.min + ((self.mode - self.min) + (self.max - self.min)) / 3.0
    }

    fn variance(&self) -> f64 {
        let (left, right) = (self.mode - self.min, self.max - self.mode);
        (left * left + right * right + left * right) / 18.0
    }

    fn support(&self) -> (f64, f64) {
        (self.min, self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error at Φ(z) over the distance from the nearer end, against the formula with Φ itself.
    #[test]
    fn quantiles_at_normal_are_within_their_bound() {
        for mode in [0.0, 1e-6, 0.01, 0.3, 0.5, 0.77, 0.999, 1.0] {
            let family = Triangular::new(0.0, mode, 1.0).unwrap();
            let mut before = 0.0;
            for i in -8_300..=8_300 {
                let z = f64::from(i) / 1000.0;
                let tails = math::normal_tails(z);
                let exact = family.quantile_of_tails(tails.below, tails.above);
                let found = family.quantile_at_normal(z);
                let allowed = 7e-11 * exact.min(1.0 - exact) + 4e-15;
                assert!((found - exact).abs() <= allowed, "mode {mode}, z {z}: {found} for {exact}");
                assert!(found >= before, "mode {mode}, z {z}");
                before = found;
            }
        }
    }

    /// Around the mode, where its two sides meet.
    #[test]
    fn quantiles_at_normal_do_not_pass_the_mode() {
        for (min, mode, max) in [(0.0, 0.3, 1.0), (1.0, 3.0, 7.0), (-5.0, 1e-3, 2.0), (1e6, 1e6 + 0.7, 1e6 + 1.0)] {
            let family = Triangular::new(min, mode, max).unwrap();
            for ulps in -3000..3000_i64 {
                let z = f64::from_bits(family.mode_z.to_bits().wrapping_add_signed(ulps));
                let found = family.quantile_at_normal(z);
                assert!(if z < family.mode_z { found <= mode } else { found >= mode }, "{found} at {z} beside {mode}");
            }
        }
    }
}
