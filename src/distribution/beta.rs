//! The beta distribution, on (0, 1) or any range.
//!
//! Comes in: two shapes and the range. Goes out: quantiles by table, relative error 3·10⁻¹¹ of the distance from the
//! nearer end (10⁻¹³ beyond the table, or for shapes under about 0.1, without one).
//!
//! Source: NIST DLMF §8.17; the table is described in `quantile_table`.

use std::sync::Arc;

use super::parameter::Parameters;
use super::quantile_table::{Placed, QuantileTable, Tabulated};
use super::quantile_tail::QuantileTail;
use super::{Checked, Family, LARGEST_SHAPE, SMALLEST_SHAPE};
use crate::math::{self, BetaKernel};

/// Beta(a, b) on [min, max]: density proportional to (x−min)^(a−1) (max−x)^(b−1).
#[derive(Clone, Debug, PartialEq)]
pub struct Beta {
    a: f64,
    b: f64,
    min: f64,
    max: f64,
    pub(super) table: Arc<QuantileTable>,
}

impl Beta {
    /// On (0, 1), from shapes `a` and `b` in 0.01 to 10⁷.
    ///
    /// # Errors
    /// Every shape out of range.
    pub fn new(a: f64, b: f64) -> Checked<Self> {
        Self::on_range(a, b, 0.0, 1.0)
    }

    /// On [`min`, `max`], both finite, `min` < `max`; shapes as in [`Beta::new`].
    ///
    /// # Errors
    /// Every parameter that is not finite, out of range or out of order.
    pub fn on_range(a: f64, b: f64, min: f64, max: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.within("a", a, SMALLEST_SHAPE, LARGEST_SHAPE);
        parameters.within("b", b, SMALLEST_SHAPE, LARGEST_SHAPE);
        parameters.range("min", min, "max", max);
        parameters.finish()?;
        let width = max - min;
        let below = Placed { tail: QuantileTail::beta(a, b), near: min, far: max, scale: width };
        let above = Placed { tail: QuantileTail::beta(b, a), near: max, far: min, scale: -width };
        let table =
            QuantileTable::shared(Tabulated::Beta, [a, b, min, max], || QuantileTable::new(below, above, (min, max)));
        Ok(Beta { a, b, min, max, table })
    }

    /// The two shapes.
    #[must_use]
    pub fn shapes(&self) -> (f64, f64) {
        (self.a, self.b)
    }

    /// What is left of it once something of this probability has happened, or has not: see `tilted`.
    pub(super) fn tilted(&self, happened: bool) -> Option<Vec<(f64, Beta)>> {
        // p = near + width·x when it happened, 1 − p = near + width·(1 − x) when not.
        let (width, mean) = (self.max - self.min, self.a / (self.a + self.b));
        let (near, share, a, b) = if happened {
            (self.min, mean, self.a + 1.0, self.b)
        } else {
            (1.0 - self.max, 1.0 - mean, self.a, self.b + 1.0)
        };
        let (flat, tilted) = (near, width * share);
        if self.min < 0.0 || self.max > 1.0 || flat + tilted <= 0.0 {
            return None;
        }
        let moved = Self::on_range(a, b, self.min, self.max).ok()?;
        let parts = [(flat / (flat + tilted), self.clone()), (tilted / (flat + tilted), moved)];
        Some(parts.into_iter().filter(|(weight, _)| *weight > 0.0).collect())
    }

    /// x and 1−x on the unit range.
    fn unit(&self, x: f64) -> (f64, f64) {
        let width = self.max - self.min;
        ((x - self.min) / width, (self.max - x) / width)
    }
}

impl Family for Beta {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        self.table.quantile_of_tails(below, above)
    }

    fn quantile_block(&self, u: &mut [f64]) {
        self.table.quantile_block(u);
    }

    fn quantile_at_normal(&self, z: f64) -> f64 {
        self.table.quantile_at_normal(z)
    }

    fn quantile_at_normal_block(&self, z: &mut [f64]) {
        self.table.quantile_at_normal_block(z);
    }

    fn cdf(&self, x: f64) -> f64 {
        let (x, co_x) = self.unit(x);
        math::incomplete_beta(self.a, self.b, x, co_x).below
    }

    fn density(&self, x: f64) -> f64 {
        let (x, co_x) = self.unit(x);
        let width = self.max - self.min;
        if x < 0.0 || co_x < 0.0 {
            0.0
        } else if x == 0.0 {
            end_density(self.a, self.b) / width
        } else if co_x == 0.0 {
            end_density(self.b, self.a) / width
        } else {
            math::exp(BetaKernel::new(self.a, self.b).ln_at(x, co_x)) / x / co_x / width
        }
    }

    fn mean(&self) -> f64 {
        self.min + (self.max - self.min) * (self.a / (self.a + self.b))
    }

    fn variance(&self) -> f64 {
        let (sum, width) = (self.a + self.b, self.max - self.min);
        width * width * (self.a / sum) * (self.b / sum) / (sum + 1.0)
    }

    fn support(&self) -> (f64, f64) {
        (self.min, self.max)
    }
}

/// Density at the end whose shape is `near`: zero, infinite, or the other shape where `near` is 1.
fn end_density(near: f64, far: f64) -> f64 {
    if near > 1.0 {
        0.0
    } else if near < 1.0 {
        f64::INFINITY
    } else {
        far
    }
}
