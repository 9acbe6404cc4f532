//! What was observed, smoothed by straight lines.
//!
//! Comes in: a sample x₁ ≤ … ≤ xₙ. Goes out: the point at position (n−1)u between the observations, linearly; the
//! least observation at u → 0 and the greatest at u → 1. Nothing beyond what was observed is ever drawn. To repeat the
//! observations themselves, write them as a discrete distribution.
//!
//! Source: definition 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American
//! Statistician 50 (1996) 361–365 (the default of R, NumPy and Excel's PERCENTILE.INC).

use super::parameter::{Parameters, WRITE_A_CONSTANT};
use super::{Checked, Family};

/// A sample, interpolated.
#[derive(Clone, Debug, PartialEq)]
pub struct Empirical {
    /// Ascending.
    sorted: Vec<f64>,
    mean: f64,
    variance: f64,
}

impl Empirical {
    /// From two or more finite observations in any order, not all equal.
    ///
    /// # Errors
    /// Fewer than two observations, observations that are not finite, or all equal.
    pub fn new(sample: &[f64]) -> Checked<Self> {
        let mut parameters = Parameters::new();
        if sample.len() < 2 {
            let problem = format!("{} observations", sample.len());
            parameters.refuse("sample", problem, "two observations or more", Some(WRITE_A_CONSTANT));
        }
        for &value in sample {
            parameters.finite("sample", value);
        }
        if sample.len() > 1 && sample.iter().all(|value| *value == sample[0]) {
            let problem = format!("every observation is {}", sample[0]);
            parameters.refuse("sample", problem, "two different observations", Some(WRITE_A_CONSTANT));
        }
        parameters.finish()?;
        let mut sorted = sample.to_vec();
        sorted.sort_by(f64::total_cmp);
        // Uniform on each of the n−1 intervals, all equally likely.
        let intervals = (sorted.len() - 1) as f64;
        let mean = sorted.windows(2).map(|ends| 0.5 * (ends[0] + ends[1]) / intervals).sum::<f64>();
        let square = |ends: &[f64]| {
            let (a, b) = (ends[0] - mean, ends[1] - mean);
            (a * a + a * b + b * b) / 3.0 / intervals
        };
        let variance = sorted.windows(2).map(square).sum();
        Ok(Empirical { sorted, mean, variance })
    }

    fn intervals(&self) -> f64 {
        (self.sorted.len() - 1) as f64
    }
}

impl Family for Empirical {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        let last = self.sorted.len() - 1;
        if below < 0.5 {
            let position = below * self.intervals();
            let i = (position as usize).min(last - 1);
            let (low, high) = (self.sorted[i], self.sorted[i + 1]);
            (low + (position - i as f64) * (high - low)).min(high)
        } else {
            let position = above * self.intervals();
            let i = (position as usize).min(last - 1);
            let (high, low) = (self.sorted[last - i], self.sorted[last - i - 1]);
            (high - (position - i as f64) * (high - low)).max(low)
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        let at_most = self.sorted.partition_point(|&value| value <= x);
        if at_most == 0 {
            0.0
        } else if at_most == self.sorted.len() {
            1.0
        } else {
            let (low, high) = (self.sorted[at_most - 1], self.sorted[at_most]);
            ((at_most - 1) as f64 + (x - low) / (high - low)) / self.intervals()
        }
    }

    /// The slope of the interpolation; infinite at an observation that occurs more than once.
    fn density(&self, x: f64) -> f64 {
        let at_most = self.sorted.partition_point(|&value| value <= x);
        let less = self.sorted.partition_point(|&value| value < x);
        if at_most > less + 1 {
            return f64::INFINITY;
        }
        // At an end the interval inside counts.
        let upper = at_most.min(self.sorted.len() - 1);
        if at_most == 0 || less == self.sorted.len() {
            0.0
        } else {
            1.0 / (self.intervals() * (self.sorted[upper] - self.sorted[upper - 1]))
        }
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.variance
    }

    fn support(&self) -> (f64, f64) {
        (self.sorted[0], self.sorted[self.sorted.len() - 1])
    }
}
