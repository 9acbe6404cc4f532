//! The Gaussian copula: the probability that several correlated risks all occur.
//!
//! In: probabilities and correlations. Out: joint probabilities, by closed form for probabilities of
//! one half, otherwise by one-dimensional quadrature.
//!
//! Sources: W. F. Sheppard, Phil. Trans. A 192 (1899) 101–167 (orthants of the bivariate normal);
//! R. L. Plackett, Biometrika 41 (1954) 351–360 (the derivative by the correlation, used for `both`);
//! K. Pearson, Drapers' Company Research Memoirs 4 (1907) (rank to latent correlation).

use crate::math;

/// The latent correlation that gives a rank (Spearman) correlation: 2·sin(πρ/6).
pub fn rank_to_latent(rank: f64) -> f64 {
    2.0 * math::sin(std::f64::consts::PI * rank / 6.0)
}

/// The threshold that a standard normal variable is below with probability `p`, by bisection of Φ.
pub fn threshold(p: f64) -> f64 {
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if math::normal_cdf(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Probability that two standard normals with correlation `r` are both below thresholds that they
/// are below with probabilities `p` and `q`: pq + 1/2π ∫₀^{asin r} e^{−(h² + k² − 2hk sin θ)/(2 cos² θ)} dθ.
pub fn both(p: f64, q: f64, r: f64) -> f64 {
    let (h, k) = (threshold(p), threshold(q));
    let more = integrate(0.0, math::asin(r), |theta| {
        let (s, c) = (math::sin(theta), math::cos(theta));
        math::exp(-(h * h + k * k - 2.0 * h * k * s) / (2.0 * c * c))
    });
    p * q + more / (2.0 * std::f64::consts::PI)
}

/// Probability that three of probability ½ each, with pairwise latent correlations, all occur:
/// 1/8 + (asin r₁₂ + asin r₁₃ + asin r₂₃)/4π.
pub fn all_three_with_half(r: [f64; 3]) -> f64 {
    let arcs: f64 = r.iter().map(|r| math::asin(*r)).sum();
    0.125 + arcs / (4.0 * std::f64::consts::PI)
}

/// Probability that all of these occur, each with its probability and its loading on one shared
/// standard normal: ∫ φ(z) Π Φ((Φ⁻¹(p) + λz)/√(1 − λ²)) dz.
pub fn one_factor(members: &[(f64, f64)]) -> f64 {
    let thresholds: Vec<f64> = members.iter().map(|(p, _)| threshold(*p)).collect();
    integrate(-9.0, 9.0, |z| {
        members.iter().zip(&thresholds).fold(math::normal_density(z), |product, ((_, loading), h)| {
            let own = math::sqrt(1.0 - loading * loading);
            product * math::normal_cdf((h + loading * z) / own)
        })
    })
}

/// ∫ f by Simpson's rule on 4000 intervals: for the smooth functions here, to about 12 digits.
pub fn integrate(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    const INTERVALS: usize = 4000;
    let h = (to - from) / INTERVALS as f64;
    let inner: f64 = (1..INTERVALS).map(|i| f(from + i as f64 * h) * if i % 2 == 1 { 4.0 } else { 2.0 }).sum();
    (f(from) + inner + f(to)) * h / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quadrature_meets_the_closed_forms() {
        for r in [-0.9, -0.3, 0.0, 0.5, 0.95] {
            let sheppard = 0.25 + math::asin(r) / (2.0 * std::f64::consts::PI);
            assert!((both(0.5, 0.5, r) - sheppard).abs() < 1e-12, "{r}");
        }
        let loading = math::sqrt(0.6);
        let factor = one_factor(&[(0.2, loading), (0.3, loading)]);
        assert!((both(0.2, 0.3, 0.6) - factor).abs() < 1e-9);
        let three = one_factor(&[(0.5, loading); 3]);
        assert!((all_three_with_half([0.6; 3]) - three).abs() < 1e-9);
        assert!(all_three_with_half([-0.5; 3]).abs() < 1e-15);
    }

    #[test]
    fn correlation_does_not_change_a_margin() {
        assert!((one_factor(&[(0.2, 0.7)]) - 0.2).abs() < 1e-10);
        assert!((rank_to_latent(1.0) - 1.0).abs() < 1e-15);
    }
}
