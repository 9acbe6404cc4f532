//! A variable that takes listed values.
//!
//! Comes in: values and weights, in any order. Goes out: the least value whose cumulated weight reaches u.
//!
//! Source: the definition of the quantile function.

use std::sync::Arc;

use super::parameter::Parameters;
use super::steps::{Steps, quantiles_by_steps};
use super::{Checked, Family};

/// Listed values with weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Discrete {
    probabilities: Vec<f64>,
    /// Values ascend, without repetition.
    steps: Arc<Steps>,
}

impl Discrete {
    /// From as many `values` (finite) as `weights` (finite, ≥ 0, not all zero); at least one. The weights need not
    /// sum to one. A value listed twice has both weights.
    ///
    /// # Errors
    /// Every value and weight out of range, lists of different length, empty lists, weights that sum to nothing.
    pub fn new(values: &[f64], weights: &[f64]) -> Checked<Self> {
        let mut parameters = Parameters::new();
        if values.is_empty() {
            parameters.refuse("values", "there are none".to_owned(), "one value or more", None);
        }
        if values.len() != weights.len() {
            let problem = format!("{} weights for {} values", weights.len(), values.len());
            parameters.refuse("weights", problem, "as many as values", None);
        }
        for &value in values {
            parameters.finite("values", value);
        }
        for &weight in weights {
            if !(weight >= 0.0 && weight.is_finite()) {
                parameters.refuse("weights", format!("{weight} is no weight"), "finite numbers, zero or above", None);
            }
        }
        let total: f64 = weights.iter().sum();
        if !weights.is_empty() && (total == 0.0 || total == f64::INFINITY) {
            let problem = format!("they sum to {total}");
            parameters.refuse("weights", problem, "a finite sum above zero", None);
        }
        parameters.finish()?;

        let mut pairs: Vec<(f64, f64)> = values.iter().copied().zip(weights.iter().copied()).collect();
        pairs.retain(|pair| pair.1 > 0.0);
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        pairs.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                kept.1 += later.1;
            }
            same
        });
        let (values, weights): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let steps = Arc::new(Steps::new(values, &weights));
        let probabilities = weights.iter().map(|weight| weight / total).collect();
        Ok(Discrete { probabilities, steps })
    }
}

impl Discrete {
    /// The same values by other weights: each weight times what `factor` makes of its value.
    pub(super) fn weighted_by(&self, factor: impl Fn(f64) -> f64) -> Option<Self> {
        let weights: Vec<f64> = self.values().iter().zip(&self.probabilities).map(|(v, p)| p * factor(*v)).collect();
        Self::new(self.values(), &weights).ok()
    }

    fn values(&self) -> &[f64] {
        self.steps.values()
    }

    fn steps(&self) -> Option<&Steps> {
        Some(&self.steps)
    }
}

impl Family for Discrete {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        self.steps.value_of_tails(below, above)
    }

    quantiles_by_steps!();

    fn cdf(&self, x: f64) -> f64 {
        match self.values().partition_point(|&value| value <= x) {
            0 => 0.0,
            count => self.steps.at_most(count - 1),
        }
    }

    fn density(&self, x: f64) -> f64 {
        let at = self.values().partition_point(|&value| value < x);
        if self.values().get(at) == Some(&x) { self.probabilities[at] } else { 0.0 }
    }

    fn mean(&self) -> f64 {
        self.values().iter().zip(&self.probabilities).map(|(value, p)| value * p).sum()
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        self.values().iter().zip(&self.probabilities).map(|(value, p)| (value - mean) * (value - mean) * p).sum()
    }

    fn support(&self) -> (f64, f64) {
        (self.values()[0], self.values()[self.values().len() - 1])
    }

    fn is_discrete(&self) -> bool {
        true
    }
}
