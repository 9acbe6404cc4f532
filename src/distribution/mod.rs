//! Probability distributions, each by its quantile function.
//!
//! Comes in: parameters as a scenario states them; then uniform numbers in the open (0, 1), or normal ones. Goes out:
//! values. Everything is drawn by inversion, so that one uniform number makes one value, larger numbers make larger
//! values, and correlation and quasi-random points carry over.
//!
//! ```
//! use golive::distribution::{Distribution, Pert};
//!
//! let duration = Distribution::from(Pert::new(10.0, 12.0, 20.0, 4.0).unwrap());
//! assert_eq!(duration.mean(), 13.0);
//! assert!((duration.cdf(duration.quantile(0.8)) - 0.8).abs() < 1e-9);
//!
//! let errors = Pert::new(10.0, 9.0, f64::NAN, -1.0).unwrap_err();
//! assert_eq!(errors.len(), 2);
//! ```
//!
//! One family per file; `quantile_table`, `quantile_tail` and `quantile_series` make beta and gamma quantiles cheap,
//! `steps` serves what takes separate values, `parameter` says what is wrong with parameters.

mod beta;
mod binomial;
mod constant;
mod discrete;
mod empirical;
mod evidence;
mod exponential;
mod gamma;
mod lognormal;
mod normal;
mod parameter;
mod pert;
mod poisson;
mod quantile_series;
mod quantile_table;
mod quantile_tail;
mod staircase;
mod steps;
mod tilted;
mod triangular;
mod truncated_normal;
mod uniform;
mod weibull;

pub use beta::Beta;
pub use binomial::{Binomial, binomial_quantile};
pub use constant::Constant;
pub use discrete::Discrete;
pub use empirical::Empirical;
pub use evidence::{EventsInExposure, FailuresInTrials, Prior};
pub use exponential::Exponential;
pub use gamma::Gamma;
pub use lognormal::Lognormal;
pub use normal::Normal;
pub use parameter::ParameterError;
pub use pert::Pert;
pub(crate) use poisson::poisson_quantile_from;
pub use poisson::{Poisson, poisson_quantile};
pub use quantile_table::TABLE_ERROR;
pub use triangular::Triangular;
pub use truncated_normal::TruncatedNormal;
pub use uniform::Uniform;
pub use weibull::Weibull;

use crate::math::NormalTails;
use crate::math::vector::{self, Weighted};

/// Result of a constructor: the family, or everything that is wrong with its parameters.
pub type Checked<T> = Result<T, Vec<ParameterError>>;

/// Largest shape parameter of beta, PERT and gamma. Larger ones are normal for every practical purpose.
pub const LARGEST_SHAPE: f64 = 1e7;

/// Smallest shape parameter of beta and gamma: below it the values crowd within rounding of the ends.
pub const SMALLEST_SHAPE: f64 = 0.01;

/// What every family provides. Values and scales are in the unit of the parameters (days, mostly).
pub trait Family {
    /// The value below which lies probability `below`, and above which lies `above` = 1 − `below`; both in (0, 1).
    ///
    /// Giving both keeps full accuracy in both tails. The smaller of the two decides.
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64;

    /// Probability of a value of at most `x`, for any `x` that is not NaN.
    fn cdf(&self, x: f64) -> f64;

    /// Density at `x`; for a family that takes separate values the probability of exactly `x`.
    fn density(&self, x: f64) -> f64;

    /// Mean.
    fn mean(&self) -> f64;

    /// Variance.
    fn variance(&self) -> f64;

    /// Least and greatest value, maybe infinite.
    fn support(&self) -> (f64, f64);

    /// Whether only separate values occur, so that [`Family::density`] is a probability.
    fn is_discrete(&self) -> bool {
        false
    }

    /// The value below which lies probability `u`, for `u` in the open (0, 1). Never NaN, non-decreasing in `u`.
    fn quantile(&self, u: f64) -> f64 {
        self.quantile_of_tails(u, 1.0 - u)
    }

    /// [`Family::quantile`] of every element, in place, bit for bit.
    fn quantile_block(&self, u: &mut [f64]) {
        for value in u {
            *value = self.quantile(*value);
        }
    }

    /// The quantile of Φ(z), accurate in both tails, for any finite `z`.
    fn quantile_at_normal(&self, z: f64) -> f64 {
        at_normal(z, |below, above| self.quantile_of_tails(below, above))
    }

    /// [`Family::quantile_at_normal`] of every element, in place, bit for bit.
    fn quantile_at_normal_block(&self, z: &mut [f64]) {
        at_normals(z, |below, above| self.quantile_of_tails(below, above));
    }

    /// [`Family::quantile_at_normal_block`] at weighted sums of two normal variables each.
    fn quantile_at_weighted_block(&self, z: &mut [f64], sums: Weighted<'_>) {
        vector::run((&mut *z, sums));
        self.quantile_at_normal_block(z);
    }
}

/// The quantile of Φ(z), by that of both tails.
#[inline]
fn at_normal(z: f64, quantile_of_tails: impl Fn(f64, f64) -> f64) -> f64 {
    let tails = NormalTails::from_smaller(z, vector::small_tail(z));
    quantile_of_tails(tails.below, tails.above)
}

/// [`at_normal`] of every element, in place: the tails by vectors, their quantiles one by one.
#[inline]
fn at_normals(z: &mut [f64], quantile_of_tails: impl Fn(f64, f64) -> f64) {
    const SOME: usize = 64;
    let mut small = [0.0; SOME];
    for some in z.chunks_mut(SOME) {
        let small = &mut small[..some.len()];
        small.copy_from_slice(some);
        vector::small_tails(small);
        for (value, small) in some.iter_mut().zip(small) {
            let tails = NormalTails::from_smaller(*value, *small);
            *value = quantile_of_tails(tails.below, tails.above);
        }
    }
}

/// A probability distribution of one of the families below.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Distribution {
    /// One value, certain.
    Constant(Constant),
    /// Every value of a range alike.
    Uniform(Uniform),
    /// Least, most likely and greatest value, joined by straight lines.
    Triangular(Triangular),
    /// Least, most likely and greatest value, joined smoothly.
    Pert(Pert),
    /// Two shapes on a range; a probability learnt from evidence.
    Beta(Beta),
    /// Mean and standard deviation.
    Normal(Normal),
    /// Normal, on condition of lying in a range.
    TruncatedNormal(TruncatedNormal),
    /// Normal in the logarithm.
    Lognormal(Lognormal),
    /// Waiting time at a constant rate.
    Exponential(Exponential),
    /// Waiting time at a rate that rises or falls as a power of time.
    Weibull(Weibull),
    /// Sum of waiting times; a rate learnt from evidence.
    Gamma(Gamma),
    /// Listed values with weights.
    Discrete(Discrete),
    /// What was observed.
    Empirical(Empirical),
    /// Count of successes among trials.
    Binomial(Binomial),
    /// Count of events at a constant rate.
    Poisson(Poisson),
}

impl Distribution {
    fn family(&self) -> &dyn Family {
        match self {
            Distribution::Constant(family) => family,
            Distribution::Uniform(family) => family,
            Distribution::Triangular(family) => family,
            Distribution::Pert(family) => family,
            Distribution::Beta(family) => family,
            Distribution::Normal(family) => family,
            Distribution::TruncatedNormal(family) => family,
            Distribution::Lognormal(family) => family,
            Distribution::Exponential(family) => family,
            Distribution::Weibull(family) => family,
            Distribution::Gamma(family) => family,
            Distribution::Discrete(family) => family,
            Distribution::Empirical(family) => family,
            Distribution::Binomial(family) => family,
            Distribution::Poisson(family) => family,
        }
    }

    /// Name of the family.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Distribution::Constant(_) => "constant",
            Distribution::Uniform(_) => "uniform",
            Distribution::Triangular(_) => "triangular",
            Distribution::Pert(_) => "PERT",
            Distribution::Beta(_) => "beta",
            Distribution::Normal(_) => "normal",
            Distribution::TruncatedNormal(_) => "truncated normal",
            Distribution::Lognormal(_) => "lognormal",
            Distribution::Exponential(_) => "exponential",
            Distribution::Weibull(_) => "Weibull",
            Distribution::Gamma(_) => "gamma",
            Distribution::Discrete(_) => "discrete",
            Distribution::Empirical(_) => "empirical",
            Distribution::Binomial(_) => "binomial",
            Distribution::Poisson(_) => "Poisson",
        }
    }

    /// The value below which lies probability `u`, for `u` in the open (0, 1). Never NaN.
    ///
    /// Non-decreasing in `u`; neighbouring doubles may come out in the wrong order by up to 64 units in the last
    /// place of the numbers they are computed from.
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        debug_assert!(u > 0.0 && u < 1.0, "{u} is not in the open (0, 1)");
        self.family().quantile(u)
    }

    /// [`Distribution::quantile`] of every element, in place, bit for bit; several times as fast.
    pub fn quantile_block(&self, u: &mut [f64]) {
        self.family().quantile_block(u);
    }

    /// The quantile of Φ(z), accurate in both tails, for any finite `z`. Within its stated error, not bit for bit,
    /// what [`Distribution::quantile`] gives.
    #[must_use]
    pub fn quantile_at_normal(&self, z: f64) -> f64 {
        self.family().quantile_at_normal(z)
    }

    /// [`Distribution::quantile_at_normal`] of every element, in place, bit for bit.
    pub fn quantile_at_normal_block(&self, z: &mut [f64]) {
        self.family().quantile_at_normal_block(z);
    }

    /// The same at weighted sums of two normal variables each: the element, and one of a slice as long.
    pub fn quantile_at_weighted_block(&self, z: &mut [f64], sums: Weighted<'_>) {
        self.family().quantile_at_weighted_block(z, sums);
    }

    /// The value with probability `below` under and `above` = 1 − `below` over it; the smaller decides.
    #[must_use]
    pub fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        self.family().quantile_of_tails(below, above)
    }

    /// Probability of a value of at most `x`.
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        self.family().cdf(x)
    }

    /// Density at `x`; for a discrete family the probability of exactly `x`.
    #[must_use]
    pub fn density(&self, x: f64) -> f64 {
        self.family().density(x)
    }

    /// Mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.family().mean()
    }

    /// Variance.
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.family().variance()
    }

    /// Least and greatest value, maybe infinite.
    #[must_use]
    pub fn support(&self) -> (f64, f64) {
        self.family().support()
    }

    /// Whether only separate values occur.
    #[must_use]
    pub fn is_discrete(&self) -> bool {
        self.family().is_discrete()
    }
}

/// One value a uniform number: the quantile of a number from the open (0, 1).
impl rand::distr::Distribution<f64> for Distribution {
    fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let u: f64 = rand::distr::Distribution::sample(&rand::distr::Open01, rng);
        self.quantile(u)
    }
}

/// `From` each family.
macro_rules! from_family {
    ($($family:ident)*) => {$(
        impl From<$family> for Distribution {
            fn from(family: $family) -> Self {
                Distribution::$family(family)
            }
        }
    )*};
}

from_family! {
    Constant Uniform Triangular Pert Beta Normal TruncatedNormal Lognormal Exponential Weibull Gamma Discrete
    Empirical Binomial Poisson
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::vector::at_every_level;

    fn families() -> Vec<Distribution> {
        vec![
            Uniform::new(-1.0, 5.0).unwrap().into(),
            Triangular::new(1.0, 2.0, 10.0).unwrap().into(),
            Triangular::new(0.0, 0.0, 1.0).unwrap().into(),
            Pert::usual(1.0, 2.0, 10.0).unwrap().into(),
            Beta::new(0.5, 0.5).unwrap().into(),
            Beta::new(0.02, 3.0).unwrap().into(),
            Beta::new(900.0, 120.0).unwrap().into(),
            Normal::new(3.0, 2.0).unwrap().into(),
            TruncatedNormal::new(3.0, 2.0, 0.0, 4.5).unwrap().into(),
            TruncatedNormal::new(0.0, 1.0, 2.0, f64::INFINITY).unwrap().into(),
            TruncatedNormal::new(0.0, 1.0, -35.0, -33.0).unwrap().into(),
            TruncatedNormal::new(1.0, 2.0, 0.0, 0.01).unwrap().into(),
            Lognormal::from_mu_sigma(1.4, 0.8).unwrap().into(),
            Lognormal::from_mu_sigma(-500.0, 45.0).unwrap().into(),
            Exponential::with_mean(4.0).unwrap().into(),
            Weibull::new(1.7, 12.0).unwrap().into(),
            Weibull::new(0.01, 1.0).unwrap().into(),
            Weibull::new(0.0156, 1.0).unwrap().into(),
            Gamma::new(2.5, 3.0).unwrap().into(),
            Gamma::new(0.02, 1.0).unwrap().into(),
            Discrete::new(&[0.0, 1.0, 5.0], &[0.6, 0.3, 0.1]).unwrap().into(),
            Empirical::new(&[4.0, 1.0, 9.5, 3.0, 12.0, 2.5]).unwrap().into(),
            Empirical::new(&(0..1200).map(|i| f64::from(i * i % 997)).collect::<Vec<_>>()).unwrap().into(),
            Binomial::new(4, 0.3).unwrap().into(),
            Binomial::new(20, 0.15).unwrap().into(),
            Poisson::new(400.0).unwrap().into(),
        ]
    }

    /// Both tails to 10⁻¹⁶, the middle densely, and lengths that leave something over for every width.
    #[test]
    fn every_level_gives_the_bits_of_single_quantiles() {
        let mut u: Vec<f64> = (1..4000).map(|i| f64::from(i) / 4000.0).collect();
        u.extend((1..212).map(|k| crate::math::pow(0.5, f64::from(k) / 4.0)));
        u.extend((1..212).map(|k| 1.0 - crate::math::pow(0.5, f64::from(k) / 4.0)));
        let z: Vec<f64> = (-4200..4201).map(|i| f64::from(i) / 500.0 + 1e-4).collect();
        let shared: Vec<f64> = (0..z.len()).map(|i| f64::from(i as u32 * 13 % 800) / 100.0 - 4.0).collect();
        let sums = Weighted { weight: 0.6, shared: &shared, own_weight: 0.8 };
        for family in families() {
            let single: Vec<u64> = u.iter().map(|u| family.quantile(*u).to_bits()).collect();
            let at_normal: Vec<u64> = z.iter().map(|z| family.quantile_at_normal(*z).to_bits()).collect();
            let at_weighted: Vec<u64> = z
                .iter()
                .zip(&shared)
                .map(|(z, shared)| family.quantile_at_normal(0.6 * shared + 0.8 * z).to_bits())
                .collect();
            for (level, (block, normal, weighted)) in at_every_level(|| {
                let (mut block, mut normal, mut weighted) = (u.clone(), z.clone(), z.clone());
                // In parts of every length from 1 to 70.
                let (mut at, mut length) = (0, 1);
                while at + length <= u.len() {
                    family.quantile_block(&mut block[at..at + length]);
                    at += length;
                    length = length % 70 + 1;
                }
                family.quantile_block(&mut block[at..]);
                family.quantile_at_normal_block(&mut normal);
                family.quantile_at_weighted_block(&mut weighted, sums);
                (block, normal, weighted)
            }) {
                for (i, value) in block.iter().enumerate() {
                    assert_eq!(value.to_bits(), single[i], "{family:?} at {level:?}, u {}", u[i]);
                }
                for (i, value) in normal.iter().enumerate() {
                    assert_eq!(value.to_bits(), at_normal[i], "{family:?} at {level:?}, z {}", z[i]);
                }
                for (i, value) in weighted.iter().enumerate() {
                    assert_eq!(value.to_bits(), at_weighted[i], "{family:?} at {level:?}, weighted, z {}", z[i]);
                }
            }
        }
    }
}
