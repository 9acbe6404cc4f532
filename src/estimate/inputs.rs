//! Input uncertainty: how much a figure moves from world to world, with sampling noise removed.
//!
//! A figure f(w) of world w is estimated by the mean f̂(w) of n iterations in that world, so the spread
//! of f̂ over worlds is the spread of f plus sampling noise: Var f̂ = Var f + E[σ²(w)/n]. The second
//! part is known from the iterations themselves. Every f̂ is pulled towards the mean of all worlds by
//! √(Var f / Var f̂), which leaves the mean and gives the pulled values the variance of f; their 5%
//! and 95% order statistics are the interval. Where f and the noise are near normal this is exact for
//! many worlds; otherwise the shape of the noise remains, of the order of the noise itself.
//! Source: Louis (1984), "Estimating a population of parameter values using Bayes and empirical Bayes
//! methods", JASA 79:393–398.

use super::percentile_rank;

/// Share of worlds inside an interval of input uncertainty.
pub const INPUTS_LEVEL: f64 = 0.90;

/// How a figure varies over worlds.
#[derive(Debug, Clone, PartialEq)]
pub struct OverWorlds {
    /// Values of the worlds, sampling noise removed, in the order of the worlds.
    pub values: Vec<f64>,
    /// 90% of the worlds lie in it.
    pub interval: [f64; 2],
    /// Standard deviation over worlds.
    pub standard_deviation: f64,
}

/// Removes the sampling noise from the means of worlds.
///
/// `noise` is the mean over worlds of the sampling variance of a world's mean. `None` with fewer than
/// two worlds.
pub fn over_worlds(means: &[f64], noise: f64) -> Option<OverWorlds> {
    let n = means.len();
    if n < 2 {
        return None;
    }
    let mean = means.iter().sum::<f64>() / n as f64;
    let total = means.iter().map(|m| (m - mean) * (m - mean)).sum::<f64>() / (n - 1) as f64;
    let spread = (total - noise).max(0.0);
    let pull = if total > 0.0 { (spread / total).sqrt() } else { 0.0 };
    let values: Vec<f64> = means.iter().map(|m| mean + pull * (m - mean)).collect();
    let mut sorted = values.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    // Ranks are the same from either end, so that a − b and b − a have mirrored intervals.
    let rank = percentile_rank(n as u64, (1.0 - INPUTS_LEVEL) / 2.0) as usize;
    Some(OverWorlds { interval: [sorted[rank - 1], sorted[n - rank]], standard_deviation: spread.sqrt(), values })
}

/// The mean of the sampling variances of world means: unbiased, from sums of values and of squares.
///
/// `worlds` yields for each world the sum of the values and of their squares over `n ≥ 2` iterations.
pub fn sampling_noise(worlds: impl Iterator<Item = (f64, f64)>, n: u64) -> f64 {
    let n = n as f64;
    let mut count = 0.0;
    let total: f64 = worlds
        .map(|(sum, squares)| {
            count += 1.0;
            (squares - sum * sum / n).max(0.0) / (n - 1.0) / n
        })
        .sum();
    if count > 0.0 { total / count } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_alone_leaves_no_interval() {
        // Ten worlds that are all alike, seen through two iterations each: the spread is all noise.
        let sums = [0.0, 1.0, 2.0, 1.0, 0.0, 1.0, 2.0, 1.0, 1.0, 1.0];
        let noise = sampling_noise(sums.iter().map(|s| (*s, *s)), 2);
        let means: Vec<f64> = sums.iter().map(|s| s / 2.0).collect();
        let over = over_worlds(&means, noise).unwrap();
        assert_eq!(over.interval, [0.5, 0.5]);
        assert_eq!(over.standard_deviation, 0.0);
    }

    #[test]
    fn without_noise_the_worlds_stay_what_they_are() {
        let means: Vec<f64> = (0..=100).map(|i| f64::from(i) / 100.0).collect();
        let over = over_worlds(&means, 0.0).unwrap();
        assert!((over.interval[0] - 0.05).abs() < 1e-12 && (over.interval[1] - 0.95).abs() < 1e-12, "{over:?}");
        assert_eq!(over_worlds(&[0.5], 0.0), None);
    }
}
