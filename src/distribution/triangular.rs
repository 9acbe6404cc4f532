//! The triangular distribution.
//!
//! Comes in: least, most likely and greatest value. Goes out: min + √(u (max−min)(mode−min)) below the mode and
//! max − √((1−u)(max−min)(max−mode)) above it. The
//! error is a rounding of the ends; a block of quantiles runs in vectors.
//!
//! Source: N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous Univariate Distributions", vol. 2, §26.9.

use super::parameter::Parameters;
use super::{Checked, Family};
use crate::math;

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
        Ok(Triangular {
            min,
            mode,
            max,
            below_mode,
            above_mode,
            rise: width * (mode - min),
            fall: width * (max - mode),
        })
    }
}

impl Family for Triangular {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        // Compare in the tail that is small, so that neither loses digits.
        let rising = if below < 0.5 { below < self.below_mode } else { above > self.above_mode };
        let square = if rising { self.rise * below } else { self.fall * above };
        let step = math::sqrt(square);
        // Rounding must not carry a value over the mode, where the two branches meet.
        let (left, right) = (self.min + step, self.max - step);
        let left = if left < self.mode { left } else { self.mode };
        let right = if right > self.mode { right } else { self.mode };
        if rising { left } else { right }
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
