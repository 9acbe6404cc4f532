//! The Weibull distribution: waiting time at a rate that is a power of time.
//!
//! Comes in: shape and scale. Goes out: scale · (−ln(1 − u))^(1/shape).
//!
//! Source: N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous Univariate Distributions", vol. 1, ch. 21.

use super::exponential::{cumulative_hazard, hazard_holds, hazards};
use super::parameter::Parameters;
use super::{Checked, Family, SMALLEST_SHAPE};
use crate::math::vector::{Guarded, Lanewise, MapGuarded, Simd};
use crate::math::{self, vector};

/// Weibull: P(X > x) = exp(−(x/scale)^shape).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weibull {
    shape: f64,
    scale: f64,
    inverse_shape: f64,
}

/// Largest shape: beyond it the spread is below 10⁻⁴ of the scale.
const LARGEST_SHAPE: f64 = 1e4;

impl Weibull {
    /// From a shape in 0.01 to 10⁴ and a finite scale above zero.
    ///
    /// # Errors
    /// Every parameter out of range.
    pub fn new(shape: f64, scale: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.within("shape", shape, SMALLEST_SHAPE, LARGEST_SHAPE);
        parameters.positive("scale", scale, None);
        parameters.finish()?;
        Ok(Weibull { shape, scale, inverse_shape: 1.0 / shape })
    }

    /// (x/scale)^shape.
    fn hazard(&self, x: f64) -> f64 {
        math::pow(x / self.scale, self.shape)
    }
}

/// The quantile of u.
impl Lanewise for Weibull {
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, u: [S::F; K]) -> [S::F; K] {
        let mut exponent = vector::lns(s, hazards(s, u));
        let mut i = 0;
        while i < K {
            exponent[i] = s.splat(self.inverse_shape) * exponent[i];
            i += 1;
        }
        let mut value = vector::exps(s, exponent);
        let mut i = 0;
        while i < K {
            value[i] = s.splat(self.scale) * value[i];
            i += 1;
        }
        value
    }
}

impl Guarded for Weibull {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, u: S::F) -> S::M {
        // −ln(1 − u) lies between 2⁻¹⁰ and 37, its logarithm within ±7, and 1/shape is at most 100.
        hazard_holds(s, u)
    }
    fn beyond(self, u: f64) -> f64 {
        self.quantile(u)
    }
}

impl Family for Weibull {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        // Half the cost of a power, and within 10⁻¹³ of it even where the tail is 10⁻³⁰⁰.
        self.scale * vector::exp(self.inverse_shape * vector::ln(cumulative_hazard(below, above)))
    }

    fn quantile_block(&self, u: &mut [f64]) {
        vector::run(MapGuarded(u, *self));
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= 0.0 { 0.0 } else { -math::exp_m1(-self.hazard(x)) }
    }

    fn density(&self, x: f64) -> f64 {
        if x < 0.0 || x == f64::INFINITY {
            0.0
        } else if x > 0.0 {
            let hazard = self.hazard(x);
            if hazard == f64::INFINITY { 0.0 } else { self.shape / x * hazard * math::exp(-hazard) }
        } else if self.shape > 1.0 {
            0.0
        } else if self.shape < 1.0 {
            f64::INFINITY
        } else {
            1.0 / self.scale
        }
    }

    fn mean(&self) -> f64 {
        self.scale * math::gamma(1.0 + self.inverse_shape)
    }

    fn variance(&self) -> f64 {
        // Γ(1+2/k) − Γ(1+1/k)² as a product, which keeps its digits where the two are close.
        let (first, second) =
            (math::ln_gamma(1.0 + self.inverse_shape), math::ln_gamma(1.0 + 2.0 * self.inverse_shape));
        let mean = self.mean();
        mean * mean * math::exp_m1(second - 2.0 * first)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}
