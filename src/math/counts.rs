//! Poisson and binomial probabilities.
//!
//! Comes in: a count and the parameters. Goes out: mass, lower and upper tail.
//!
//! Source: mass by C. Loader (2000); P(N ≤ k) = Q(k+1, m) for a Poisson mean m (DLMF 8.4.10) and
//! P(N ≤ k) = I_{1−p}(n−k, k+1) for the binomial (DLMF 8.17.5).

use super::{BetaKernel, GammaKernel, exp, incomplete_beta, incomplete_gamma, ln, ln_1p};

/// P(N = k) for a Poisson mean ≥ 0.
#[must_use]
pub fn poisson_mass(k: u64, mean: f64) -> f64 {
    if mean == 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    // mᵏ e⁻ᵐ / k! is the gamma kernel x^a e^−x / Γ(a) at a = k+1, over m.
    if k == 0 { exp(-mean) } else { exp(GammaKernel::new(k as f64).ln_at(mean)) / k as f64 }
}

/// P(N ≤ k) for a Poisson mean ≥ 0.
#[must_use]
pub fn poisson_cdf(k: u64, mean: f64) -> f64 {
    incomplete_gamma(k as f64 + 1.0, mean).above
}

/// P(N > k) for a Poisson mean ≥ 0, accurate where it is tiny.
#[must_use]
pub fn poisson_upper(k: u64, mean: f64) -> f64 {
    incomplete_gamma(k as f64 + 1.0, mean).below
}

/// P(N = k) among n trials of probability p in [0, 1].
#[must_use]
pub fn binomial_mass(k: u64, n: u64, p: f64) -> f64 {
    if k > n {
        return 0.0;
    }
    let q = 1.0 - p;
    match (k, n - k) {
        (0, failures) => power(q, p, failures),
        (successes, 0) => power(p, q, successes),
        (k, l) => {
            if p <= 0.0 || p >= 1.0 {
                return 0.0;
            }
            // p^k q^l C(n,k) = kernel(k, l) · n / (k l), since C(n,k) = n / (k l B(k, l)).
            let (k, l) = (k as f64, l as f64);
            exp(BetaKernel::new(k, l).ln_at(p, q)) * ((k + l) / k / l)
        }
    }
}

/// base^count with base = 1 − co_base, choosing the logarithm that loses nothing.
fn power(base: f64, co_base: f64, count: u64) -> f64 {
    if count == 0 {
        return 1.0;
    }
    let ln_base = if co_base < 0.5 { ln_1p(-co_base) } else { ln(base) };
    exp(count as f64 * ln_base)
}

/// P(N ≤ k) among n trials of probability p in [0, 1].
#[must_use]
pub fn binomial_cdf(k: u64, n: u64, p: f64) -> f64 {
    if k >= n { 1.0 } else { incomplete_beta((n - k) as f64, k as f64 + 1.0, 1.0 - p, p).below }
}

/// P(N > k) among n trials of probability p in [0, 1], accurate where it is tiny.
#[must_use]
pub fn binomial_upper(k: u64, n: u64, p: f64) -> f64 {
    if k >= n { 0.0 } else { incomplete_beta((n - k) as f64, k as f64 + 1.0, 1.0 - p, p).above }
}
