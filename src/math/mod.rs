//! The only door to the elementary and special functions.
//!
//! Comes in: `f64`. Goes out: `f64`, the same bits on every platform.
//!
//! The elementary functions are those of the crate `libm` (a port of FreeBSD's msun by way of musl), never the
//! platform's. Everything else here is made of them and of `+ - * /`, square root, comparison, integers and tables.
//! No expression is ever contracted to a fused multiply-add, so the bits do not depend on what the processor offers.
//!
//! | file | holds |
//! |---|---|
//! | `gamma_function` | ln Γ, ln B, Stirling's error, the deviance |
//! | `normal` | density, Φ and its inverse, also over blocks |
//! | `incomplete_gamma` | P, Q and their inverses |
//! | `incomplete_beta` | I and its inverse |
//! | `tail_root` | the root finder the two inverses share |
//! | `counts` | Poisson and binomial mass and distribution function |
//! | `vector/` | kernels over many numbers, for whatever the processor has |

mod counts;
mod gamma_function;
mod incomplete_beta;
mod incomplete_gamma;
mod normal;
mod tail_root;
pub mod vector;

pub use counts::{binomial_cdf, binomial_mass, binomial_upper, poisson_cdf, poisson_mass, poisson_upper};
pub use gamma_function::{deviance, gamma, ln_beta, ln_gamma, stirling_error};
pub use incomplete_beta::{
    BetaKernel, BetaTails, incomplete_beta, inverse_incomplete_beta, inverse_incomplete_beta_near,
};
pub use incomplete_gamma::{
    GammaKernel, GammaTails, incomplete_gamma, inverse_lower_gamma, inverse_lower_gamma_near, inverse_upper_gamma,
    inverse_upper_gamma_near,
};
pub use normal::{
    DRAWN_NORMAL_ERROR, NormalTails, drawn_normal, drawn_normals, erfc, normal_cdf, normal_density, normal_quantile,
    normal_quantile_of_tails, normal_tails,
};

/// ½ ln 2π.
pub const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;

/// e^x. Overflows to infinity above 709.78 and underflows to zero below −745.13.
#[must_use]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// e^x − 1 without cancellation near zero.
#[must_use]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// Natural logarithm. Minus infinity at 0, NaN below.
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// ln(1 + x) without cancellation near zero. Minus infinity at −1, NaN below.
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// x^y.
#[must_use]
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Square root, correctly rounded (IEEE 754). NaN below zero.
#[must_use]
pub fn sqrt(x: f64) -> f64 {
    x.sqrt()
}

/// Cube root.
#[must_use]
pub fn cbrt(x: f64) -> f64 {
    libm::cbrt(x)
}

/// Sine of an angle in radians.
#[must_use]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of an angle in radians.
#[must_use]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Tangent of an angle in radians.
#[must_use]
pub fn tan(x: f64) -> f64 {
    libm::tan(x)
}

/// Arc tangent, in radians.
#[must_use]
pub fn atan(x: f64) -> f64 {
    libm::atan(x)
}

/// Arc sine, in radians. NaN outside [−1, 1].
#[must_use]
pub fn asin(x: f64) -> f64 {
    libm::asin(x)
}

/// Hyperbolic tangent.
#[must_use]
pub fn tanh(x: f64) -> f64 {
    libm::tanh(x)
}

/// 2⁵²: from here on all numbers are whole.
const ALL_WHOLE: f64 = 4_503_599_627_370_496.0;

/// Greatest integer not above x (exact).
#[must_use]
#[inline]
pub fn floor(x: f64) -> f64 {
    if x.abs() >= ALL_WHOLE || x.is_nan() {
        return x;
    }
    let whole = x as i64 as f64;
    (if whole > x { whole - 1.0 } else { whole }).copysign(x)
}

/// Least integer not below x (exact).
#[must_use]
#[inline]
pub fn ceil(x: f64) -> f64 {
    -floor(-x)
}

/// Nearest integer, halves away from zero (exact).
#[must_use]
pub fn round(x: f64) -> f64 {
    libm::round(x)
}
