//! The gamma function and the two quantities that keep its ratios accurate when the arguments are large.
//!
//! Comes in: positive arguments. Goes out: logarithms, with an absolute error of a few units of 10⁻¹⁵ for the small
//! quantities (`stirling_error`, `deviance`) from which densities are put together. Differences of ln Γ would instead
//! lose as many digits as ln Γ has before the point.
//!
//! Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000); NIST DLMF §5.11.

use super::{HALF_LN_TWO_PI, ln, ln_1p};

/// ln |Γ(x)|, for any x that is not zero or a negative integer (there: infinity).
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Γ(x). Overflows to infinity above 171.6.
#[must_use]
pub fn gamma(x: f64) -> f64 {
    libm::tgamma(x)
}

/// Coefficients of Stirling's series, B₂ₖ / (2k (2k−1)) (DLMF 5.11.1).
const STIRLING: [f64; 8] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3617.0 / 122_400.0,
];

/// What Stirling's formula leaves: ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π], for x > 0.
///
/// Absolute error below 5·10⁻¹⁵; tends to 1/(12x).
#[must_use]
pub fn stirling_error(x: f64) -> f64 {
    if x < 10.0 {
        return ln_gamma(x) - ((x - 0.5) * ln(x) - x + HALF_LN_TWO_PI);
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = STIRLING.iter().rev().fold(0.0, |sum, c| sum * square + c);
    series * inverse
}

/// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a+b), for a, b > 0, without cancellation for large arguments.
#[must_use]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    let sum = a + b;
    let corrections = stirling_error(small) + stirling_error(large) - stirling_error(sum);
    (small - 0.5) * ln(small / sum) + (large - 0.5) * ln_1p(-small / sum) - 0.5 * ln(sum) + HALF_LN_TWO_PI + corrections
}

/// Loader's deviance x ln(x/m) + m − x ≥ 0, for x, m > 0; accurate also where x ≈ m and the terms cancel.
#[must_use]
pub fn deviance(x: f64, m: f64) -> f64 {
    let gap = x - m;
    if gap.abs() < 0.1 * (x + m) {
        // With v = (x−m)/(x+m), ln(x/m) = 2 artanh v; the first terms cancel exactly.
        let v = gap / (x + m);
        let v2 = v * v;
        let mut term = 2.0 * x * v;
        let mut sum = gap * v;
        let mut odd = 1.0;
        loop {
            term *= v2;
            odd += 2.0;
            let next = sum + term / odd;
            if next == sum {
                return next;
            }
            sum = next;
        }
    }
    x * ln(x / m) - gap
}
