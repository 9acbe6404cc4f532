//! Finite distributions: every outcome with its probability.
//!
//! In: events with probabilities, combined step by step. Out: the exact distribution of the result.
//! A step that depends on what came before is [`Finite::and_then`], which enumerates all branches and
//! multiplies along them; equal outcomes are added up at once, so that cases with memory (attempt
//! after attempt, window after window) stay small.
//!
//! Source: M. Erwig and S. Kollmansberger, "Probabilistic functional programming in Haskell",
//! J. Functional Programming 16 (2006) 21–34.

use std::collections::BTreeMap;

/// A distribution over finitely many outcomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Finite<T: Ord> {
    weights: BTreeMap<T, f64>,
}

impl<T: Ord + Clone> Finite<T> {
    /// One outcome for certain.
    pub fn certain(outcome: T) -> Self {
        Self::of([(outcome, 1.0)])
    }

    /// Outcomes with their probabilities, which add up to 1; equal outcomes are added.
    ///
    /// # Panics
    /// If a probability is negative, or they do not add up to 1 within 10⁻⁹: the exact model is wrong.
    pub fn of(outcomes: impl IntoIterator<Item = (T, f64)>) -> Self {
        let mut weights = BTreeMap::new();
        for (outcome, p) in outcomes {
            assert!(p >= 0.0, "a negative probability");
            if p > 0.0 {
                *weights.entry(outcome).or_insert(0.0) += p;
            }
        }
        let total: f64 = weights.values().sum();
        assert!((total - 1.0).abs() < 1e-9, "probabilities add up to {total}");
        Self { weights }
    }

    /// `yes` with probability `p`, `no` otherwise.
    pub fn either(p: f64, yes: T, no: T) -> Self {
        Self::of([(yes, p), (no, 1.0 - p)])
    }

    /// One of these, all equally likely.
    pub fn equally(outcomes: impl IntoIterator<Item = T>) -> Self {
        let outcomes: Vec<T> = outcomes.into_iter().collect();
        let p = 1.0 / outcomes.len() as f64;
        Self::of(outcomes.into_iter().map(|o| (o, p)))
    }

    /// Outcomes with their probabilities, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&T, f64)> {
        self.weights.iter().map(|(outcome, p)| (outcome, *p))
    }

    /// The distribution of a function of the outcome.
    pub fn map<U: Ord + Clone>(&self, f: impl Fn(&T) -> U) -> Finite<U> {
        Finite::of(self.iter().map(|(outcome, p)| (f(outcome), p)))
    }

    /// What follows from each outcome, weighted by how likely that outcome is.
    pub fn and_then<U: Ord + Clone>(&self, mut f: impl FnMut(&T) -> Finite<U>) -> Finite<U> {
        let mut all = Vec::new();
        for (outcome, p) in self.iter() {
            all.extend(f(outcome).weights.into_iter().map(|(u, q)| (u, p * q)));
        }
        Finite::of(all)
    }

    /// Two draws that have nothing to do with each other.
    pub fn with<U: Ord + Clone>(&self, other: &Finite<U>) -> Finite<(T, U)> {
        self.and_then(|t| other.map(|u| (t.clone(), u.clone())))
    }

    /// Probability that `test` holds.
    pub fn probability(&self, test: impl Fn(&T) -> bool) -> f64 {
        self.iter().filter(|(t, _)| test(t)).map(|(_, p)| p).sum()
    }

    /// Probability of one outcome.
    pub fn of_outcome(&self, outcome: &T) -> f64 {
        self.weights.get(outcome).copied().unwrap_or(0.0)
    }

    /// The distribution given that `test` holds.
    ///
    /// # Panics
    /// If `test` never holds.
    pub fn given(&self, test: impl Fn(&T) -> bool) -> Self {
        let total = self.probability(&test);
        assert!(total > 0.0, "given something impossible");
        Self::of(self.iter().filter(|(t, _)| test(t)).map(|(t, p)| (t.clone(), p / total)))
    }

    /// Mean of a number that the outcome has.
    pub fn mean(&self, value: impl Fn(&T) -> f64) -> f64 {
        self.iter().map(|(t, p)| p * value(t)).sum()
    }

    /// Variance of a number that the outcome has.
    pub fn variance(&self, value: impl Fn(&T) -> f64) -> f64 {
        let mean = self.mean(&value);
        self.mean(|t| (value(t) - mean) * (value(t) - mean))
    }
}

impl Finite<bool> {
    /// Whether something of probability `p` happens.
    pub fn chance(p: f64) -> Self {
        Self::either(p, true, false)
    }
}

impl Finite<u32> {
    /// How many of `n` independent chances of probability `p` come true.
    pub fn binomial(n: u32, p: f64) -> Self {
        (0..n).fold(Self::certain(0), |count, _| count.and_then(|k| Self::either(p, k + 1, *k)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_dice() {
        let die = Finite::equally(1..=6_u32);
        let sum = die.with(&die).map(|(a, b)| a + b);
        assert!((sum.of_outcome(&7) - 1.0 / 6.0).abs() < 1e-15);
        assert!((sum.mean(|s| f64::from(*s)) - 7.0).abs() < 1e-12);
        assert!((sum.variance(|s| f64::from(*s)) - 35.0 / 6.0).abs() < 1e-12);
        assert!((sum.given(|s| *s >= 11).of_outcome(&12) - 1.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn a_second_draw_may_depend_on_the_first() {
        // Draw without putting back: both red from two red and one blue.
        let both = Finite::chance(2.0 / 3.0)
            .and_then(|first| Finite::chance(if *first { 0.5 } else { 1.0 }).map(|s| first & s));
        assert!((both.of_outcome(&true) - 1.0 / 3.0).abs() < 1e-15);
        assert!((Finite::binomial(4, 0.25).of_outcome(&2) - 0.210_937_5).abs() < 1e-15);
    }
}
