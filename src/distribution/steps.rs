//! The quantile of a variable that takes separate values: a search among cumulated probabilities.
//!
//! Comes in: the probabilities of outcomes 0, 1, 2 … in the order of their values. Goes out: the least outcome whose
//! cumulated probability reaches u. Both tails are cumulated, each from its own end, so both keep relative accuracy.

/// Cumulated probabilities of ordered outcomes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Steps {
    /// P(at most outcome i).
    below: Vec<f64>,
    /// P(more than outcome i).
    above: Vec<f64>,
}

impl Steps {
    /// From weights ≥ 0 with a finite sum above zero.
    pub fn new(weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let mut below = Vec::with_capacity(weights.len());
        let mut sum = 0.0;
        for weight in weights {
            sum += weight;
            below.push(sum / total);
        }
        let mut above = vec![0.0; weights.len()];
        sum = 0.0;
        for i in (1..weights.len()).rev() {
            sum += weights[i];
            above[i - 1] = sum / total;
        }
        Steps { below, above }
    }

    /// Least outcome with P(at most it) ≥ `below`, which is P(more than it) ≤ `above`.
    #[inline]
    pub fn outcome(&self, below: f64, above: f64) -> usize {
        let found = if below < 0.5 {
            self.below.partition_point(|&p| p < below)
        } else {
            self.above.partition_point(|&q| q > above)
        };
        // Rounding can leave the last cumulated probability short of one.
        found.min(self.below.len() - 1)
    }

    /// P(at most outcome i).
    pub fn at_most(&self, i: usize) -> f64 {
        let (below, above) = (self.below[i], self.above[i]);
        if below < 0.5 { below } else { 1.0 - above }
    }
}
