//! The Poisson distribution, and its quantile for a mean that changes from draw to draw.
//!
//! Comes in: the mean. Goes out: the least count k with P(N ≤ k) ≥ u.
//!
//! Source: inversion by sequential search (L. Devroye, "Non-Uniform Random Variate Generation", 1986, ch. X.3.3) for
//! small means; elsewhere a start by Cornish and Fisher (Abramowitz and Stegun 26.2.49) and a search by the exact
//! distribution function, in the smaller tail.

use std::sync::Arc;

use super::normal::standard_quantile;
use super::parameter::Parameters;
use super::steps::{Steps, quantiles_by_steps};
use super::{Checked, Family};
use crate::math::{self, vector};

/// Up to this mean the search begins at zero.
const SMALL_MEAN: f64 = 16.0;

/// Closer to one than this, u is compared with the upper tail, which keeps its digits.
const UPPER_TAIL: f64 = 1.0 / 4096.0;

/// Terms summed between looks whether the sum has reached u.
pub(super) const STRIDE: usize = 8;

/// 1/(k+1) for the sequential search; more terms than a mean of 16 can need outside the upper tail.
pub(super) const RECIPROCALS: [f64; 64] = {
    let mut table = [0.0; 64];
    let mut k = 0;
    while k < 64 {
        table[k] = 1.0 / (k + 1) as f64;
        k += 1;
    }
    table
};

/// Least k with P(N ≤ k) ≥ u, for u in the open (0, 1) and a finite mean in [0, 10⁹]; 0 for a mean of 0.
///
/// Made for a mean that differs in every iteration; below a mean of 16 a sequential search of a few nanoseconds.
#[must_use]
#[inline]
pub fn poisson_quantile(u: f64, mean: f64) -> u32 {
    // P(N = 0) = e⁻ᵐ ≥ 1 − m, and above it as computed too: a rare event needs no exponential.
    if u <= (1.0 - mean) * (1.0 - 1e-15) { 0 } else { poisson_quantile_from(u, mean, vector::exp(-mean)) }
}

/// [`poisson_quantile`] where P(N = 0) = e⁻ᵐ is known.
#[must_use]
#[inline]
pub(crate) fn poisson_quantile_from(u: f64, mean: f64, none: f64) -> u32 {
    if mean <= SMALL_MEAN && u <= none {
        return 0;
    }
    if mean <= SMALL_MEAN && u <= 1.0 - UPPER_TAIL {
        let (mut mass, mut sum) = (none, 0.0);
        // Eight terms at a time, counted rather than branched on: where the search ends is not predictable.
        for (stride, reciprocals) in (0..).step_by(STRIDE).zip(RECIPROCALS.chunks_exact(STRIDE)) {
            let mut passed = 0;
            for reciprocal in reciprocals {
                sum += mass;
                passed += u32::from(sum < u);
                mass *= mean * reciprocal;
            }
            if passed < STRIDE as u32 {
                return stride + passed;
            }
        }
    }
    searched(u, 1.0 - u, mean)
}

/// The same by the distribution function, for any mean and either tail.
#[cold]
fn searched(below: f64, above: f64, mean: f64) -> u32 {
    if mean.is_nan() || mean <= 0.0 {
        return 0;
    }
    let z = standard_quantile(below, above);
    let start = math::floor(mean + math::sqrt(mean) * z + (z * z - 1.0) / 6.0);
    let reached = |k: u64| {
        if below < 0.5 { math::poisson_cdf(k, mean) >= below } else { math::poisson_upper(k, mean) <= above }
    };
    least(start.max(0.0) as u64, reached) as u32
}

/// The greatest count there is: the answer where none below it is reached.
const MOST: u64 = u32::MAX as u64;

/// The least count at which a condition that stays true once true holds, sought from `start` in growing steps.
pub(super) fn least(start: u64, reached: impl Fn(u64) -> bool) -> u64 {
    let (mut step, mut low, mut high) = (1, start, start);
    if reached(start) {
        // Bring `low` down to a count that is not reached, unless zero is.
        loop {
            if low == 0 {
                return if reached(0) { 0 } else { between(0, high, reached) };
            }
            high = low;
            low = low.saturating_sub(step);
            step *= 2;
            if !reached(low) {
                return between(low, high, reached);
            }
        }
    }
    loop {
        high = (high + step).min(MOST);
        step *= 2;
        if high == MOST || reached(high) {
            return between(low, high, reached);
        }
        low = high;
    }
}

/// Bisection between a count not reached and one reached.
fn between(mut low: u64, mut high: u64, reached: impl Fn(u64) -> bool) -> u64 {
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if reached(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// Count of events at a constant rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Poisson {
    mean: f64,
    /// For means small enough to list the outcomes.
    steps: Option<Arc<Steps>>,
}

/// Up to this mean the outcomes are listed.
const LISTED_MEAN: f64 = 500.0;

impl Poisson {
    /// From a mean above 0, up to 10⁹.
    ///
    /// # Errors
    /// When `mean` is out of range.
    pub fn new(mean: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        if !(mean > 0.0 && mean <= 1e9) {
            let hint = if mean == 0.0 { Some("for no events write the constant 0") } else { None };
            parameters.refuse("mean", format!("{mean} is out of range"), "above 0, up to 10⁹", hint);
        }
        parameters.finish()?;
        let listed = |mean: f64| {
            // Past 40 standard deviations and 200 counts nothing down to 10⁻³⁰⁰ is left out.
            let last = (mean + 40.0 * math::sqrt(mean) + 200.0) as u64;
            let masses: Vec<f64> = (0..=last).map(|k| math::poisson_mass(k, mean)).collect();
            Steps::new((0..=last).map(|k| k as f64).collect(), &masses)
        };
        Ok(Poisson { mean, steps: (mean <= LISTED_MEAN).then(|| Arc::new(listed(mean))) })
    }
}

impl Poisson {
    fn steps(&self) -> Option<&Steps> {
        self.steps.as_deref()
    }
}

impl Family for Poisson {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        match &self.steps {
            Some(steps) => steps.value_of_tails(below, above),
            None => f64::from(searched(below, above, self.mean)),
        }
    }

    quantiles_by_steps!();

    fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 { 0.0 } else { math::poisson_cdf(math::floor(x) as u64, self.mean) }
    }

    fn density(&self, x: f64) -> f64 {
        if x < 0.0 || x != math::floor(x) || x > 1e15 { 0.0 } else { math::poisson_mass(x as u64, self.mean) }
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.mean
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }

    fn is_discrete(&self) -> bool {
        true
    }
}
