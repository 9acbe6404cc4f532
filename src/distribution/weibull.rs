//! The Weibull distribution: waiting time at a rate that is a power of time.
//!
//! Comes in: shape and scale. Goes out: scale · (−ln(1 − u))^(1/shape), relative error below 10⁻¹³ · max(1, 1/shape); at a
//! normal z, where u is Φ(z), below 3·10⁻¹⁴ · max(1, 1/shape) down to tails of 10⁻¹⁶.
//!
//! Source: N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous Univariate Distributions", vol. 1, ch. 21.

use super::exponential::{cumulative_hazard, hazard_holds, hazards};
use super::parameter::Parameters;
use super::{Checked, Family, SMALLEST_SHAPE};
use crate::math::vector::{Guarded, Kernel, Lanewise, MapGuarded, Own, Simd, Source, Weighted};
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
        Scaled(self).at(s, exponent)
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

/// ln of the hazard at z, over the shape: in a pass of its own, since it reads tables by rows and exp does not.
#[derive(Clone, Copy)]
struct Exponents(Weibull);

impl Lanewise for Exponents {
    const BY_ROWS: bool = true;
    const LIGHT: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, z: [S::F; K]) -> [S::F; K] {
        let mut exponent = vector::ln_normal_hazards(s, z);
        let mut i = 0;
        while i < K {
            exponent[i] = s.splat(self.0.inverse_shape) * exponent[i];
            i += 1;
        }
        exponent
    }
}

impl Guarded for Exponents {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, z: S::F) -> S::M {
        s.less(s.abs(z), s.splat(vector::HAZARD_END))
    }
    fn beyond(self, z: f64) -> f64 {
        let tails = math::normal_tails(z);
        self.0.inverse_shape * vector::ln(cumulative_hazard(tails.below, tails.above))
    }
}

/// scale · e^x.
#[derive(Clone, Copy)]
struct Scaled(Weibull);

impl Lanewise for Scaled {
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, x: [S::F; K]) -> [S::F; K] {
        let mut value = vector::exps(s, x);
        let mut i = 0;
        while i < K {
            value[i] = s.splat(self.0.scale) * value[i];
            i += 1;
        }
        value
    }
}

impl Guarded for Scaled {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, x: S::F) -> S::M {
        s.less(s.abs(x), s.splat(vector::EXP_END))
    }
    fn beyond(self, x: f64) -> f64 {
        self.0.scale * math::exp(x)
    }
}

/// The quantile of Φ of what the source makes of every element.
struct AtNormals<'a, X>(&'a mut [f64], Weibull, X);

impl<X: Source> Kernel for AtNormals<'_, X> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        vector::map_guarded(s, self.0, Exponents(self.1), self.2);
        vector::map_guarded(s, self.0, Scaled(self.1), Own);
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

    fn quantile_at_normal(&self, z: f64) -> f64 {
        vector::one_guarded(vector::one_guarded(z, Exponents(*self)), Scaled(*self))
    }

    fn quantile_at_normal_block(&self, z: &mut [f64]) {
        vector::run(AtNormals(z, *self, Own));
    }

    fn quantile_at_weighted_block(&self, z: &mut [f64], sums: Weighted<'_>) {
        let shared = &sums.shared[..z.len()];
        vector::run(AtNormals(z, *self, Weighted { shared, ..sums }));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the power of the hazard; its own error, most of it from Φ, is added to the bound.
    #[test]
    fn quantiles_at_normal_are_within_their_bound() {
        for (shape, scale) in [(0.01, 1.0), (0.015, 2.0), (0.02, 3.0), (0.6, 2.0), (1.7, 12.0), (30.0, 1.0), (1e4, 5.0)]
        {
            let family = Weibull::new(shape, scale).unwrap();
            let mut worst: f64 = 0.0;
            for i in -8_200..=8_200 {
                let z = f64::from(i) / 1000.0;
                let tail = math::normal_cdf(-z.abs());
                let hazard = if z < 0.0 { -math::ln_1p(-tail) } else { -math::ln(tail) };
                let exact = scale * math::pow(hazard, 1.0 / shape);
                let found = family.quantile_at_normal(z);
                if exact > 1e-290 {
                    let error = (found / exact - 1.0).abs();
                    assert!(error < 3.3e-14 * (1.0 / shape).max(1.0), "shape {shape}, z {z}: {found} for {exact}");
                    worst = worst.max(error);
                } else {
                    assert!(found < 1.1e-290, "shape {shape}, z {z}: {found}");
                }
            }
            assert!(worst > 1e-16, "{worst:e}");
        }
    }
}
