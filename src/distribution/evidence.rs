//! What is known of a probability or a rate after counting.
//!
//! Comes in: a count, what it was counted in, and a named prior. Goes out: the posterior: k failures in n trials give
//! Beta(k + a₀, n − k + b₀) for the probability; k events in an exposure T give Gamma(k + a₀, rate T + b₀) for the rate.
//! The count may be zero.
//!
//! Sources: A. Gelman et al., "Bayesian Data Analysis" (3rd ed., 2013), §2.4 and §2.6; H. Jeffreys, "Theory of
//! Probability" (3rd ed., 1961), §3.10: Beta(½, ½) and the rate prior λ^−½.

use super::parameter::Parameters;
use super::{Beta, Checked, Gamma};

/// What was believed before counting.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Prior {
    /// Invariant under change of variable: Beta(½, ½), or Gamma(½, rate 0).
    #[default]
    Jeffreys,
    /// Flat: Beta(1, 1), or Gamma(1, rate 0).
    Uniform,
    /// Stated: Beta(a, b), or Gamma(shape a, rate b). As if a failures (events) had been seen before, in a + b trials
    /// (an exposure of b).
    Explicit {
        /// First parameter, ≥ 0.
        a: f64,
        /// Second parameter, ≥ 0.
        b: f64,
    },
}

impl Prior {
    /// Parameters of the beta prior.
    fn of_probability(self) -> (f64, f64) {
        match self {
            Prior::Jeffreys => (0.5, 0.5),
            Prior::Uniform => (1.0, 1.0),
            Prior::Explicit { a, b } => (a, b),
        }
    }

    /// Shape and rate of the gamma prior.
    fn of_rate(self) -> (f64, f64) {
        match self {
            Prior::Jeffreys => (0.5, 0.0),
            Prior::Uniform => (1.0, 0.0),
            Prior::Explicit { a, b } => (a, b),
        }
    }

    fn check(self, parameters: &mut Parameters) {
        if let Prior::Explicit { a, b } = self {
            for (name, value) in [("prior a", a), ("prior b", b)] {
                if !(value >= 0.0 && value.is_finite()) {
                    parameters.refuse(name, format!("{value} is out of range"), "a finite number, zero or above", None);
                }
            }
        }
    }
}

/// `failures` among `trials`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FailuresInTrials {
    /// How many failed; 0 to `trials`.
    pub failures: u64,
    /// How many were tried.
    pub trials: u64,
    /// What was believed before.
    pub prior: Prior,
}

impl FailuresInTrials {
    /// The posterior of the probability of failure.
    ///
    /// # Errors
    /// More failures than trials, a prior out of range, or a posterior shape outside 0.01 to 10⁷ (no evidence with an
    /// empty prior, or more trials than that).
    pub fn posterior(&self) -> Checked<Beta> {
        let mut parameters = Parameters::new();
        if self.failures > self.trials {
            let problem = format!("{} of {} trials", self.failures, self.trials);
            parameters.refuse("failures", problem, "no more than trials", Some("the two may have been exchanged"));
        }
        self.prior.check(&mut parameters);
        parameters.finish()?;
        let (a, b) = self.prior.of_probability();
        Beta::new(self.failures as f64 + a, (self.trials - self.failures) as f64 + b)
    }
}

/// `events` seen in an `exposure`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventsInExposure {
    /// How many events.
    pub events: u64,
    /// In how much time (or other exposure); finite and above zero. The rate is per the same unit.
    pub exposure: f64,
    /// What was believed before.
    pub prior: Prior,
}

impl EventsInExposure {
    /// The posterior of the rate.
    ///
    /// # Errors
    /// An exposure or a prior out of range, or a posterior shape outside 0.01 to 10⁷.
    pub fn posterior(&self) -> Checked<Gamma> {
        let mut parameters = Parameters::new();
        parameters.positive("exposure", self.exposure, Some("a rate needs time in which events could have been seen"));
        self.prior.check(&mut parameters);
        parameters.finish()?;
        let (shape, rate) = self.prior.of_rate();
        Gamma::with_rate(self.events as f64 + shape, self.exposure + rate)
    }
}
