//! The gamma distribution.
//!
//! Comes in: shape and scale (or rate). Goes out: quantiles by table, relative error 3·10⁻¹¹ (10⁻¹³ beyond the table,
//! or for shapes under about 0.1, without one).
//!
//! Source: NIST DLMF §8.2; the table is described in `quantile_table`.

use std::sync::Arc;

use super::parameter::Parameters;
use super::quantile_table::{Placed, QuantileTable, Tabulated};
use super::quantile_tail::QuantileTail;
use super::{Checked, Family, LARGEST_SHAPE, SMALLEST_SHAPE};
use crate::math::{self, GammaKernel};

/// Gamma: density proportional to x^(shape−1) e^(−x/scale) for x > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Gamma {
    shape: f64,
    scale: f64,
    pub(super) table: Arc<QuantileTable>,
}

impl Gamma {
    /// From a shape in 0.01 to 10⁷ and a `scale` above zero (10⁻¹⁰⁰ to 10¹⁰⁰). The mean is shape · scale.
    ///
    /// # Errors
    /// Every parameter out of range.
    pub fn new(shape: f64, scale: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.within("shape", shape, SMALLEST_SHAPE, LARGEST_SHAPE);
        parameters.positive("scale", scale, None);
        parameters.finish()?;
        let placed = |tail| Placed { tail, near: 0.0, far: f64::INFINITY, scale };
        let (below, above) = (placed(QuantileTail::gamma_below(shape)), placed(QuantileTail::gamma_above(shape)));
        let table = QuantileTable::shared(Tabulated::Gamma, [shape, scale, 0.0, 0.0], || {
            QuantileTable::new(below, above, (0.0, f64::INFINITY))
        });
        Ok(Gamma { shape, scale, table })
    }

    /// From the shape and a `rate` = 1/scale (10⁻¹⁰⁰ to 10¹⁰⁰).
    ///
    /// # Errors
    /// Every parameter out of range.
    pub fn with_rate(shape: f64, rate: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.within("shape", shape, SMALLEST_SHAPE, LARGEST_SHAPE);
        parameters.positive("rate", rate, None);
        parameters.finish()?;
        Self::new(shape, 1.0 / rate)
    }

    /// Shape and scale.
    #[must_use]
    pub fn shape_and_scale(&self) -> (f64, f64) {
        (self.shape, self.scale)
    }
}

impl Family for Gamma {
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
        math::incomplete_gamma(self.shape, x / self.scale).below
    }

    fn density(&self, x: f64) -> f64 {
        let unit = x / self.scale;
        if unit < 0.0 {
            0.0
        } else if unit > 0.0 {
            math::exp(GammaKernel::new(self.shape).ln_at(unit)) / unit / self.scale
        } else if self.shape > 1.0 {
            0.0
        } else if self.shape < 1.0 {
            f64::INFINITY
        } else {
            1.0 / self.scale
        }
    }

    fn mean(&self) -> f64 {
        self.shape * self.scale
    }

    fn variance(&self) -> f64 {
        self.shape * self.scale * self.scale
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}
