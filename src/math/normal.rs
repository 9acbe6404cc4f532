//! The standard normal distribution.
//!
//! Comes in: z, or a probability in (0, 1). Goes out: density, tail probabilities, quantile; relative error about
//! 10⁻¹⁵ down to probabilities of 10⁻³⁰⁰, but for the quantile that draws take.
//!
//! Sources: the quantile is in `vector/normal`. Φ(z) = ½ erfc(−z/√2) (NIST DLMF 7.18); the rounding of
//! z/√2, which the tail magnifies, is taken out to first order.

use super::{HALF_LN_TWO_PI, exp, sqrt, vector};

/// 1/√2 as an unevaluated sum of two doubles.
const INV_SQRT_2: f64 = std::f64::consts::FRAC_1_SQRT_2;
const INV_SQRT_2_LOW: f64 = -4.833_646_656_726_457e-17;

/// Complementary error function, 2/√π ∫ₓ^∞ e^(−t²) dt.
#[must_use]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Normal density φ(z) = e^(−z²/2) / √(2π).
#[must_use]
pub fn normal_density(z: f64) -> f64 {
    // Split z so that the square of its head is exact: the rounding of z² would be magnified by z²/2.
    let head = split_head(z);
    let rest = (z - head) * (z + head);
    exp(-0.5 * head * head) * exp(-0.5 * rest - HALF_LN_TWO_PI)
}

/// The upper half of the significand (Dekker 1971), by masking: no overflow, no rounding.
fn split_head(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & 0xffff_ffff_f800_0000)
}

/// Φ(z), the probability that a standard normal variable is at most z. Relative error below 2·10⁻¹⁵ for z > −37.5.
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    if z > -1.0 {
        return 0.5 * erfc(-z * INV_SQRT_2);
    }
    if z < -39.0 {
        return 0.0;
    }
    // x = −z/√2 rounds; recover the lost part exactly (Dekker's product) and move along the tangent of ln erfc,
    // whose slope −(2/√π) e^(−x²)/erfc x lies within 6 % of −(x + √(x² + 4/π)) (DLMF 7.8.2).
    let w = -z;
    let x = w * INV_SQRT_2;
    let (w1, c1) = (split_head(w), split_head(INV_SQRT_2));
    let (w2, c2) = (w - w1, INV_SQRT_2 - c1);
    let lost = ((w1 * c1 - x) + w1 * c2 + w2 * c1) + w2 * c2 + w * INV_SQRT_2_LOW;
    let slope = x + sqrt(x * x + 4.0 / std::f64::consts::PI);
    0.5 * erfc(x) * (1.0 - lost * slope)
}

/// Both tails of the standard normal distribution at one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalTails {
    /// Φ(z).
    pub below: f64,
    /// Φ(−z).
    pub above: f64,
}

/// Φ(z) and Φ(−z); the smaller has full relative accuracy, the larger is its complement.
#[must_use]
pub fn normal_tails(z: f64) -> NormalTails {
    let small = normal_cdf(-z.abs());
    let large = 1.0 - small;
    if z < 0.0 { NormalTails { below: small, above: large } } else { NormalTails { below: large, above: small } }
}

/// Φ⁻¹(p) for p in the open (0, 1). Relative error about 10⁻¹⁵ down to p = 10⁻³⁰⁰.
///
/// For an upper tail q smaller than 10⁻¹⁶ use `-normal_quantile(q)`. Gives ∓infinity at 0 and 1. One step of Newton's
/// method from [`drawn_normal`].
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    let z = drawn_normal(p);
    let q = p - 0.5;
    if !z.is_finite() {
        z
    } else if q.abs() < 0.25 {
        // In the centre from ½, so that nothing is lost near 0.
        z - (0.5 * libm::erf(z * INV_SQRT_2) - q) / normal_density(z)
    } else {
        let tail = if p < 0.5 { p } else { 1.0 - p };
        let size = z.abs() + (normal_cdf(-z.abs()) - tail) / normal_density(z);
        if p < 0.5 { -size } else { size }
    }
}

/// Φ⁻¹(u) as draws take it, the function of [`drawn_normals`]: relative error below 6·10⁻¹².
#[must_use]
#[inline]
pub fn drawn_normal(u: f64) -> f64 {
    vector::normal_quantile(u)
}

/// [`drawn_normal`] of every element, in place, bit for bit; many times as fast.
pub fn drawn_normals(u: &mut [f64]) {
    vector::run(vector::NormalQuantiles(u));
}
