//! The binomial distribution, and its quantile for parameters that change from draw to draw.
//!
//! Comes in: trials and the probability of one. Goes out: the least count k with P(N ≤ k) ≥ u.
//!
//! Source: as for Poisson: sequential search (L. Devroye, 1986, ch. X.4) for small means; elsewhere a normal start and
//! a search by the exact distribution function, in the smaller tail.

use std::sync::Arc;

use super::normal::standard_quantile;
use super::parameter::Parameters;
use super::poisson::{RECIPROCALS, STRIDE, least};
use super::steps::{Steps, quantiles_by_steps};
use super::{Checked, Family};
use crate::math;

/// Up to this n·p the search begins at zero.
const SMALL_MEAN: f64 = 16.0;

/// Closer to one than this, u is compared with the upper tail, which keeps its digits.
const UPPER_TAIL: f64 = 1.0 / 4096.0;

/// Least k with P(N ≤ k) ≥ u, for u in the open (0, 1), any number of trials and p in [0, 1].
#[must_use]
#[inline]
pub fn binomial_quantile(u: f64, trials: u32, p: f64) -> u32 {
    if p <= 0.0 {
        return 0;
    }
    if p >= 1.0 {
        return trials;
    }
    // For p near one the odds overflow the recurrence's accuracy; the search by the distribution function does not.
    if f64::from(trials) * p <= SMALL_MEAN && p <= 0.9 && u <= 1.0 - UPPER_TAIL {
        // P(N = 0) = (1−p)ⁿ ≥ 1 − n p (Bernoulli's inequality); short of it by less than its rounding where they meet.
        if u <= 1.0 - f64::from(trials) * p {
            return 0;
        }
        let odds = p / (1.0 - p);
        let mut mass = none_of(trials, p);
        let mut sum = 0.0;
        let mut left = f64::from(trials);
        // As for Poisson, eight terms at a time. Past the last trial `left` is zero and the mass with it.
        for (stride, reciprocals) in (0..).step_by(STRIDE).zip(RECIPROCALS.chunks_exact(STRIDE)) {
            let mut passed = 0;
            for reciprocal in reciprocals {
                sum += mass;
                passed += u32::from(sum < u);
                mass *= odds * left * reciprocal;
                left = if left > 1.0 { left - 1.0 } else { 0.0 };
            }
            if passed < STRIDE as u32 {
                return (stride + passed).min(trials);
            }
        }
    }
    searched(u, 1.0 - u, trials, p)
}

/// (1−p)ⁿ: by repeated squaring while that loses less than 10⁻¹⁴, by logarithm beyond.
#[inline]
fn none_of(trials: u32, p: f64) -> f64 {
    if trials > 64 {
        return math::exp(f64::from(trials) * math::ln_1p(-p));
    }
    let (mut power, mut square, mut left) = (1.0, 1.0 - p, trials);
    while left > 0 {
        power *= if left & 1 == 1 { square } else { 1.0 };
        square *= square;
        left >>= 1;
    }
    power
}

/// The same by the distribution function, for either tail.
#[cold]
fn searched(below: f64, above: f64, trials: u32, p: f64) -> u32 {
    let n = u64::from(trials);
    let mean = f64::from(trials) * p;
    let z = standard_quantile(below, above);
    let start = math::floor(mean + math::sqrt(mean * (1.0 - p)) * z).clamp(0.0, f64::from(trials));
    let reached = |k: u64| {
        if below < 0.5 { math::binomial_cdf(k, n, p) >= below } else { math::binomial_upper(k, n, p) <= above }
    };
    least(start as u64, reached) as u32
}

/// Count of successes among trials.
#[derive(Clone, Debug, PartialEq)]
pub struct Binomial {
    trials: u32,
    p: f64,
    /// For trials few enough to list the outcomes.
    steps: Option<Arc<Steps>>,
}

/// Up to this many trials the outcomes are listed.
const LISTED_TRIALS: u32 = 2000;

impl Binomial {
    /// From one trial or more and a probability in [0, 1].
    ///
    /// # Errors
    /// Every parameter out of range.
    pub fn new(trials: u32, p: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        if trials == 0 {
            let hint = Some("for no successes write the constant 0");
            parameters.refuse("trials", "there are none".to_owned(), "one trial or more", hint);
        }
        parameters.within("p", p, 0.0, 1.0);
        parameters.finish()?;
        let mass = |k| math::binomial_mass(u64::from(k), u64::from(trials), p);
        let listed = || Steps::new((0..=trials).map(f64::from).collect(), &(0..=trials).map(mass).collect::<Vec<_>>());
        Ok(Binomial { trials, p, steps: (trials <= LISTED_TRIALS).then(|| Arc::new(listed())) })
    }
}

impl Binomial {
    fn steps(&self) -> Option<&Steps> {
        self.steps.as_deref()
    }
}

impl Family for Binomial {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        match &self.steps {
            Some(steps) => steps.value_of_tails(below, above),
            None if self.p <= 0.0 => 0.0,
            None if self.p >= 1.0 => f64::from(self.trials),
            None => f64::from(searched(below, above, self.trials, self.p)),
        }
    }

    quantiles_by_steps!();

    fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 { 0.0 } else { math::binomial_cdf(math::floor(x) as u64, u64::from(self.trials), self.p) }
    }

    fn density(&self, x: f64) -> f64 {
        if x < 0.0 || x != math::floor(x) || x > 1e15 {
            0.0
        } else {
            math::binomial_mass(x as u64, u64::from(self.trials), self.p)
        }
    }

    fn mean(&self) -> f64 {
        f64::from(self.trials) * self.p
    }

    fn variance(&self) -> f64 {
        f64::from(self.trials) * self.p * (1.0 - self.p)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::from(self.trials))
    }

    fn is_discrete(&self) -> bool {
        true
    }
}
