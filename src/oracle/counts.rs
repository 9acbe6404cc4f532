//! Counts of a Poisson process whose rate is known, or itself uncertain with a gamma distribution.
//!
//! A rate Λ ~ Gamma(a, b) (shape, and exposure in days) makes the number of events in t days negative
//! binomial: P(N = 0) = (b/(b+t))^a, mean a·t/b, variance a·t/b + a·(t/b)². Sums of Poisson many
//! independent amounts X have mean m·E X and, for a known m, variance m·E X².
//!
//! Source: M. Greenwood and G. U. Yule, J. Royal Statistical Society 83 (1920) 255–279; W. Feller,
//! *An Introduction to Probability Theory and Its Applications*, vol. I, 3rd ed. (1968), §XII.2.

/// A rate with a gamma distribution.
#[derive(Debug, Clone, Copy)]
pub struct GammaRate {
    /// Shape: events seen, with the prior's.
    pub shape: f64,
    /// Exposure in days in which they were seen.
    pub exposure: f64,
}

/// Mean and variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments2 {
    /// Mean.
    pub mean: f64,
    /// Variance.
    pub variance: f64,
}

impl GammaRate {
    /// The posterior after `events` in `exposure` days under Jeffreys' prior: half an event, no exposure.
    pub fn after(events: u32, exposure: f64) -> Self {
        Self { shape: f64::from(events) + 0.5, exposure }
    }

    /// Probability of exactly `k` events in `days`: Γ(a+k)/(k! Γ(a)) · (b/(b+t))^a · (t/(b+t))^k, by
    /// the recurrence from k − 1 to k.
    pub fn p_count(self, k: u32, days: f64) -> f64 {
        let none = crate::math::pow(self.exposure / (self.exposure + days), self.shape);
        let ratio = days / (self.exposure + days);
        (1..=k).fold(none, |p, k| {
            let k = f64::from(k);
            p * ratio * (self.shape + k - 1.0) / k
        })
    }

    /// Probability of at least one event in `days`.
    pub fn p_any(self, days: f64) -> f64 {
        1.0 - self.p_count(0, days)
    }

    /// Mean and variance of the number of events in `days`.
    pub fn count(self, days: f64) -> Moments2 {
        let mean = self.shape * days / self.exposure;
        Moments2 { mean, variance: mean + mean * mean / self.shape }
    }
}

/// Mean and variance of the sum of Poisson(`mean`) many independent amounts.
pub fn compound_poisson(mean: f64, amount: Moments2) -> Moments2 {
    Moments2 { mean: mean * amount.mean, variance: mean * (amount.variance + amount.mean * amount.mean) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up() {
        let rate = GammaRate::after(4, 61.0);
        let p = |k| rate.p_count(k, 30.0);
        let total: f64 = (0..200).map(p).sum();
        let mean: f64 = (0..200).map(|k| f64::from(k) * p(k)).sum();
        let square: f64 = (0..200).map(|k| f64::from(k * k) * p(k)).sum();
        let exact = rate.count(30.0);
        assert!((total - 1.0).abs() < 1e-12);
        assert!((mean - exact.mean).abs() < 1e-12);
        assert!((square - mean * mean - exact.variance).abs() < 1e-11);
    }

    #[test]
    fn a_sum_of_certain_amounts() {
        let twos = compound_poisson(3.0, Moments2 { mean: 2.0, variance: 0.0 });
        assert_eq!((twos.mean, twos.variance), (6.0, 12.0));
    }
}
