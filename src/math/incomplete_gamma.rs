//! The regularised incomplete gamma functions and their inverses.
//!
//! Comes in: shape a > 0 and x ≥ 0, or a tail probability. Goes out: P(a, x) and Q(a, x), each to a relative error
//! of about 10⁻¹⁴ also where it is tiny; x to about 10⁻¹⁴.
//!
//! Sources: series DLMF 8.11.4 below x = a+1, Legendre's continued fraction DLMF 8.9.2 (even part) above it, and for
//! the small upper tail of a small shape W. Gautschi, "A computational procedure for incomplete gamma functions",
//! ACM TOMS 5 (1979) 466–481. The factor x^a e^−x / Γ(a) is put together by Loader's saddle-point form.

use super::tail_root::{TailAt, solve};
use super::{HALF_LN_TWO_PI, deviance, exp, exp_m1, ln, ln_1p, ln_gamma, normal_quantile, sqrt, stirling_error};

/// Both tails of a gamma distribution with scale 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaTails {
    /// P(a, x) = γ(a, x)/Γ(a), the probability of at most x.
    pub below: f64,
    /// Q(a, x) = Γ(a, x)/Γ(a), the probability of more than x.
    pub above: f64,
}

/// The kernel x^a e^(−x) / Γ(a) of a gamma distribution, with what depends on the shape alone worked out once.
///
/// It is the density of ln X for X ~ Gamma(a) with scale 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaKernel {
    a: f64,
    ln_at_mean: f64,
}

impl GammaKernel {
    /// For a shape a > 0.
    #[must_use]
    pub fn new(a: f64) -> Self {
        GammaKernel { a, ln_at_mean: 0.5 * ln(a) - HALF_LN_TWO_PI - stirling_error(a) }
    }

    /// Logarithm of the kernel, for x > 0.
    #[must_use]
    pub fn ln_at(&self, x: f64) -> f64 {
        self.ln_at_mean - deviance(self.a, x)
    }
}

/// Which quantity was computed without cancellation, relative to the kernel.
enum Direct {
    /// P / kernel.
    Below(f64),
    /// Q / kernel.
    Above(f64),
    /// Q itself.
    SmallShape(f64),
}

fn direct(a: f64, x: f64) -> Direct {
    if a < 1.0 && x < 1.0 {
        let above = upper_of_small_shape(a, x);
        if above < 0.5 { Direct::SmallShape(above) } else { Direct::Below(lower_series(a, x)) }
    } else if x < a + 1.0 {
        Direct::Below(lower_series(a, x))
    } else {
        Direct::Above(upper_fraction(a, x))
    }
}

/// P(a, x) and Q(a, x), for a > 0 and x ≥ 0 (x may be infinite).
#[must_use]
pub fn incomplete_gamma(a: f64, x: f64) -> GammaTails {
    if x <= 0.0 {
        return GammaTails { below: 0.0, above: 1.0 };
    }
    if x == f64::INFINITY {
        return GammaTails { below: 1.0, above: 0.0 };
    }
    match direct(a, x) {
        Direct::Below(ratio) => {
            let below = (exp(GammaKernel::new(a).ln_at(x)) * ratio).min(1.0);
            GammaTails { below, above: 1.0 - below }
        }
        Direct::Above(ratio) => {
            let above = (exp(GammaKernel::new(a).ln_at(x)) * ratio).min(1.0);
            GammaTails { below: 1.0 - above, above }
        }
        Direct::SmallShape(above) => GammaTails { below: 1.0 - above, above },
    }
}

/// P / kernel = Σ xⁿ / (a (a+1) … (a+n)).
fn lower_series(a: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut divisor = a;
    loop {
        divisor += 1.0;
        term *= x / divisor;
        sum += term;
        if term < sum * 1e-17 {
            return sum / a;
        }
    }
}

/// Q / kernel by the modified Lentz algorithm (Thompson and Barnett 1986).
fn upper_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = f64::INFINITY;
    let mut d = 1.0 / b;
    let mut value = d;
    let mut n = 0.0;
    loop {
        n += 1.0;
        let numerator = n * (a - n);
        b += 2.0;
        d = 1.0 / (b + numerator * d);
        c = b + numerator / c;
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() < 1e-16 || n > 1e6 {
            return value;
        }
    }
}

/// Q for a < 1 and x < 1: 1 − x^a/Γ(a+1) and the rest of the alternating series, summed apart.
fn upper_of_small_shape(a: f64, x: f64) -> f64 {
    let ln_power = a * ln(x) - ln_gamma(1.0 + a);
    let mut term = 1.0;
    let mut sum = 0.0;
    let mut n = 0.0;
    loop {
        n += 1.0;
        term *= -x / n;
        let part = term / (a + n);
        sum += part;
        if part.abs() < 1e-18 * f64::abs(sum) {
            break;
        }
    }
    -exp_m1(ln_power) - exp(ln_power) * a * sum
}

fn tail_at(kernel: &GammaKernel, x: f64, lower: bool) -> TailAt {
    let a = kernel.a;
    let ln_kernel = kernel.ln_at(x);
    let (ln_tail, hazard) = match (direct(a, x), lower) {
        (Direct::Below(ratio), true) | (Direct::Above(ratio), false) => (ln_kernel + ln(ratio), 1.0 / ratio),
        (Direct::Below(ratio) | Direct::Above(ratio), _) => complement(exp(ln_kernel) * ratio, ln_kernel),
        (Direct::SmallShape(above), false) => (ln(above), exp(ln_kernel) / above),
        (Direct::SmallShape(above), true) => complement(above, ln_kernel),
    };
    TailAt { ln_tail, hazard, ln_density_slope: a - x }
}

/// Logarithm and hazard of the tail opposite to one of probability `other`.
fn complement(other: f64, ln_kernel: f64) -> (f64, f64) {
    // Rounding may push a tail next to 1 over it; the smallest tail left is then one unit in the last place.
    let other = other.min(1.0 - f64::EPSILON);
    (ln_1p(-other), exp(ln_kernel) / (1.0 - other))
}

/// Start: the power law of the lower tail for small shapes, Wilson and Hilferty (1931) otherwise.
fn start(a: f64, p: f64, lower: bool) -> f64 {
    let z = if lower { normal_quantile(p) } else { -normal_quantile(p) };
    let root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * sqrt(a));
    if a > 0.5 && root > 0.3 {
        a * root * root * root
    } else if lower {
        exp((ln(p) + ln_gamma(a + 1.0)) / a)
    } else {
        a + ln(1.0 / p)
    }
}

/// x with P(a, x) = p, for a > 0 and p in (0, 1). Zero where x would underflow.
#[must_use]
pub fn inverse_lower_gamma(a: f64, p: f64) -> f64 {
    let power_law = (ln(p) + ln_gamma(a + 1.0)) / a;
    if power_law < -600.0 {
        return exp(power_law);
    }
    inverse_lower_gamma_near(&GammaKernel::new(a), p, start(a, p, true))
}

/// [`inverse_lower_gamma`] begun at `guess` > 0: the nearer, the faster.
#[must_use]
pub fn inverse_lower_gamma_near(kernel: &GammaKernel, p: f64, guess: f64) -> f64 {
    solve(p, true, guess, |x| tail_at(kernel, x, true), step)
}

/// x with Q(a, x) = q, for a > 0 and q in (0, 1).
#[must_use]
pub fn inverse_upper_gamma(a: f64, q: f64) -> f64 {
    if q > 0.5 && (ln_1p(-q) + ln_gamma(a + 1.0)) / a < -600.0 {
        return inverse_lower_gamma(a, 1.0 - q);
    }
    inverse_upper_gamma_near(&GammaKernel::new(a), q, start(a, q, false))
}

/// [`inverse_upper_gamma`] begun at `guess` > 0: the nearer, the faster.
#[must_use]
pub fn inverse_upper_gamma_near(kernel: &GammaKernel, q: f64, guess: f64) -> f64 {
    solve(q, false, guess, |x| tail_at(kernel, x, false), step)
}

/// Moves ln x by `dy`; never leaves the positive numbers.
fn step(x: f64, dy: f64) -> f64 {
    (x + x * exp_m1(dy)).max(f64::MIN_POSITIVE)
}
