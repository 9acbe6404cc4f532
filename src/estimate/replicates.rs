//! Figures of a run in independent replicates: their error comes from what varies between replicates.
//!
//! In: for each replicate a count or a sum, and over how many iterations. Out: figures with standard errors and 95%
//! intervals that hold whatever the points of a replicate have to do with each other.
//!
//! Every figure is a ratio Σa/Σb over replicates: hits or sums over iterations (for a mean of those that finish, over those; for
//! a delay given a miss, over the misses). With residuals e = a − (Σa/Σb)·b its variance is s²(e)/(R·b̄²), s² with R − 1
//! degrees of freedom (W. G. Cochran, *Sampling Techniques*, 3rd ed. 1977, §6.3–6.5; §2.11 for plain means), and its
//! interval that of Student's t with R − 1.
//!
//! **Shares.** t-intervals fail near 0 and 1. The variance v of a share p says how many independent iterations would
//! know it as well, n* = p(1 − p)/v; Wilson's interval of n*·(z/t)² iterations is given, which is the t-interval where
//! counts are large (after E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with small expected number of
//! positive counts estimated from survey data", Survey Methodology 24 (1998) 193–201).
//!
//! **Floor.** A count is a whole number, so that replicates may agree by luck: where the expected count of a replicate
//! is 37.1, ten of them may well all have 37. A count whose expectation lies anywhere between two whole numbers has a
//! variance of at most ¼ from that alone, and a count of rare hits that of a Poisson variable: s² is taken to be at least
//! ¼, or the mean count of hits (or of others) in a replicate if that is less. Where no iteration hits, or all do, nothing
//! is seen of the variance, and the interval is Wilson's of as many random iterations: true as long as the points are
//! not worse than random ones, which is what they are made for. Means whose replicates all agree, though iterations
//! differ, keep the interval of random iterations for the same reason.
//!
//! **Percentiles.** The share up to the percentile found has a standard error; the ends are where the shares q ∓ t
//! standard errors are reached (R. S. Woodruff, "Confidence intervals for medians and other position measures", JASA 47
//! (1952) 635–646). Both the share below and that up to it count, so that it holds on steps.

use super::proportion::wilson;
use super::{CONFIDENCE, Figure, Mean, Rank, Z, percentile_rank, proportion};
use crate::math;

/// What one replicate has of something: a sum (or a count), and over how many iterations.
pub type Part = (f64, u64);

/// The degrees of freedom that replicates give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Replicates {
    number: f64,
    t: f64,
}

impl Replicates {
    /// For a number of replicates, at least 2.
    pub fn new(number: usize) -> Self {
        debug_assert!(number >= 2, "replicates vary");
        let freedom = number as f64 - 1.0;
        // P(|T| > t) = I_x(ν/2, ½) with x = ν/(ν + t²).
        let (x, rest) = math::inverse_incomplete_beta(freedom / 2.0, 0.5, 1.0 - CONFIDENCE);
        Self { number: number as f64, t: (freedom * rest / x).sqrt() }
    }

    /// The quantile of Student's t for 95% intervals.
    pub fn t(&self) -> f64 {
        self.t
    }

    /// A share: hits over iterations, whole numbers.
    pub fn share(&self, parts: &[Part]) -> Figure {
        let (hits, of) = sums(parts);
        self.share_estimated(hits / of as f64, parts)
    }

    /// The same with an estimate of its own, all but that of the replicates.
    pub fn share_estimated(&self, share: f64, parts: &[Part]) -> Figure {
        let (hits, of) = sums(parts);
        if hits == 0.0 || hits == of as f64 || share <= 0.0 || share >= 1.0 {
            return Figure { estimate: share, ..proportion(hits as u64, of) };
        }
        let variance = self.variance(parts, true);
        let equivalent = share * (1.0 - share) / variance * (Z * Z / (self.t * self.t));
        Figure::new(share, variance.sqrt(), wilson(share, equivalent))
    }

    /// A mean: sums over iterations. `random` is what it would be of as many random iterations.
    pub fn mean(&self, parts: &[Part], random: Mean) -> Mean {
        let error = self.variance(parts, false).sqrt();
        if error == 0.0 {
            return random;
        }
        let estimate = random.mean.estimate;
        let interval = [estimate - self.t * error, estimate + self.t * error];
        Mean { mean: Figure::new(estimate, error, interval), ..random }
    }

    /// The ranks of a percentile and of its interval, from the counts below it and up to it in each replicate.
    pub fn percentile(&self, q: f64, below: &[Part], up_to: &[Part]) -> Rank {
        let (_, of) = sums(up_to);
        let n = of as f64;
        let variance = self.variance(below, true).max(self.variance(up_to, true));
        let half = n * self.t * variance.sqrt();
        let low = (n * q - half).floor().max(0.0) as u64;
        let high = (n * q + half).ceil() as u64 + 1;
        Rank { at: percentile_rank(of, q), low, high: high.min(of + 1) }
    }

    /// Variance of the ratio; of counts with the floor.
    fn variance(&self, parts: &[Part], counts: bool) -> f64 {
        let (sum, of) = sums(parts);
        let (ratio, each) = (sum / of as f64, of as f64 / self.number);
        let squares: f64 = parts.iter().map(|(a, b)| a - ratio * *b as f64).map(|residual| residual * residual).sum();
        let floor = if counts { (each * ratio.min(1.0 - ratio)).clamp(0.0, 0.25) } else { 0.0 };
        (squares / (self.number - 1.0)).max(floor) / (self.number * each * each)
    }
}

fn sums(parts: &[Part]) -> (f64, u64) {
    parts.iter().fold((0.0, 0), |(sum, of), (a, b)| (sum + a, of + b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_is_the_tabulated_one() {
        // Fisher & Yates (1963), table III: 5% points.
        for (replicates, t) in [(2, 12.706), (8, 2.365), (16, 2.131), (32, 2.040), (121, 1.980)] {
            assert!((Replicates::new(replicates).t() - t).abs() < 5.1e-4, "{replicates}");
        }
    }

    #[test]
    fn large_counts_have_the_interval_of_t() {
        let counts = [5010.0, 4990.0, 5003.0, 4987.0, 5021.0, 4999.0, 4984.0, 5006.0];
        let parts: Vec<Part> = counts.iter().map(|count| (*count, 10_000)).collect();
        let replicates = Replicates::new(8);
        let share = replicates.share(&parts);
        let mean: f64 = counts.iter().sum::<f64>() / 8.0;
        let s2 = counts.iter().map(|c| (c - mean) * (c - mean)).sum::<f64>() / 7.0;
        assert!((share.standard_error - (s2 / 8.0).sqrt() / 1e4).abs() < 1e-12);
        for (end, sign) in share.interval.iter().zip([-1.0, 1.0]) {
            let expected = share.estimate + sign * replicates.t() * share.standard_error;
            assert!((end - expected).abs() < 1e-3 * share.standard_error, "{end} {expected}");
        }
        let random = Mean { mean: Figure::new(share.estimate, 1.0, [0.0; 2]), standard_deviation: 0.5 };
        let as_mean = replicates.mean(&parts, random).mean;
        assert!((as_mean.standard_error - share.standard_error).abs() < 1e-15);
    }

    #[test]
    fn where_replicates_agree_a_bound_is_left() {
        let replicates = Replicates::new(16);
        // None and all: as of random iterations.
        assert_eq!(replicates.share(&[(0.0, 1024); 16]), proportion(0, 16_384));
        assert_eq!(replicates.share(&[(1024.0, 1024); 16]), proportion(16_384, 16_384));
        // One hit of sixteen replicates: at least as wide as that of a Poisson count.
        let mut one = [(0.0, 1024); 16];
        one[3].0 = 1.0;
        let (spread, random) = (replicates.share(&one), proportion(1, 16_384));
        assert!((spread.standard_error / random.standard_error - 1.0).abs() < 1e-3);
        assert!(spread.interval[0] <= random.interval[0] && spread.interval[1] >= random.interval[1]);
        // All agree on 37 of 1,024: half a count of a replicate remains.
        let agree = replicates.share(&[(37.0, 1024); 16]);
        assert!((agree.standard_error - 0.5 / 4.0 / 1024.0).abs() < 1e-15, "{agree:?}");
        // A mean of what always is the same amount is exact; one whose replicates agree by luck keeps the random interval.
        let random = Mean { mean: Figure::new(2.0, 0.1, [1.8, 2.2]), standard_deviation: 12.8 };
        assert_eq!(replicates.mean(&[(2048.0, 1024); 16], random), random);
    }

    #[test]
    fn a_percentile_on_a_step_stays_on_it() {
        let replicates = Replicates::new(8);
        // 30% below the step, 90% up to it, both known within a hundredth.
        let around = |share: f64| -> Vec<Part> {
            (0..8).map(|r| ((share * 1000.0 + f64::from(r) - 3.5).round(), 1000)).collect()
        };
        let rank = replicates.percentile(0.5, &around(0.3), &around(0.9));
        assert_eq!(rank.at, 4000);
        assert!(rank.low > 2500 && rank.high < 7000);
        let sure = replicates.percentile(0.5, &[(500.0, 1000); 8], &[(500.0, 1000); 8]);
        assert!(sure.low < 4000 && sure.high > 4001);
    }

    #[test]
    fn a_ratio_of_two_counts_that_vary_together_is_known_better_than_either() {
        let replicates = Replicates::new(8);
        let together: Vec<Part> = (0..8).map(|r| (50.0 + f64::from(r) * 5.0, 100 + 10 * r as u64)).collect();
        let share = replicates.share(&together);
        assert_eq!(share.estimate, 0.5);
        // Only the floor of half a count remains.
        assert!((share.standard_error - 0.5 / (8.0_f64.sqrt() * 135.0)).abs() < 1e-12, "{share:?}");
    }
}
