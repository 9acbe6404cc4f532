//! The normal distribution on condition of lying in a range.
//!
//! Comes in: mean and standard deviation *before* truncation, and the range. Goes out: with α, β the standardised
//! ends, mean + sd · Φ⁻¹(Φ(α) + u (Φ(β) − Φ(α))), from the nearer tail.
//!
//! Sources: N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous Univariate Distributions", vol. 1, §13.10.1.
//! Mean and variance are integrated numerically once (Gauss–Legendre): the closed forms cancel in the tails.

use super::parameter::{Parameters, WRITE_A_CONSTANT};
use super::{Checked, Family};
use crate::math;

/// Normal between bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedNormal {
    location: f64,
    scale: f64,
    min: f64,
    max: f64,
    /// Normal probability below `min`, above `max`, and between.
    below_min: f64,
    above_max: f64,
    inside: f64,
    mean: f64,
    variance: f64,
}

/// Least probability of the range under the untruncated normal.
const LEAST_PROBABILITY: f64 = 1e-280;

/// Least width of the range in standard deviations: a narrower one would show the rounding of Φ.
const LEAST_WIDTH: f64 = 1e-6;

impl TruncatedNormal {
    /// From a finite mean and standard deviation (above zero) of the untruncated normal, and the range; `min` may be
    /// minus infinity and `max` infinity.
    ///
    /// # Errors
    /// Every parameter out of range or out of order; a range narrower than 10⁻⁶ standard deviations, or so far out
    /// that the normal has a probability below 10⁻²⁸⁰ there.
    pub fn new(mean: f64, sd: f64, min: f64, max: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        let mut good = parameters.finite("mean", mean);
        good &= parameters.positive("sd", sd, Some(WRITE_A_CONSTANT));
        for (name, value, excluded) in [("min", min, f64::INFINITY), ("max", max, f64::NEG_INFINITY)] {
            if value.is_nan() || value == excluded {
                let problem = format!("{value} cannot bound a range");
                parameters.refuse(name, problem, "a finite number, or infinity outwards", None);
                good = false;
            }
        }
        if min >= max {
            let problem = format!("{min} is not below max ({max})");
            let hint = if min == max { WRITE_A_CONSTANT } else { "the two may have been exchanged" };
            parameters.refuse("min", problem, "less than max", Some(hint));
            good = false;
        }
        if good {
            Self::check_range(&mut parameters, mean, sd, min, max);
        }
        parameters.finish()?;
        let (alpha, beta) = ((min - mean) / sd, (max - mean) / sd);
        let (unit_mean, unit_variance) = moments(alpha, beta);
        Ok(TruncatedNormal {
            location: mean,
            scale: sd,
            min,
            max,
            below_min: math::normal_cdf(alpha),
            above_max: math::normal_cdf(-beta),
            inside: probability(alpha, beta),
            mean: mean + sd * unit_mean,
            variance: sd * sd * unit_variance,
        })
    }

    fn check_range(parameters: &mut Parameters, mean: f64, sd: f64, min: f64, max: f64) {
        let (alpha, beta) = ((min - mean) / sd, (max - mean) / sd);
        if beta - alpha < LEAST_WIDTH {
            let problem = format!("{min} to {max} is less than {LEAST_WIDTH} standard deviations wide");
            parameters.refuse("min", problem, "a wider range", Some("a range this narrow is uniform: write uniform"));
        } else if probability(alpha, beta) < LEAST_PROBABILITY {
            let problem = format!("{min} to {max} lies so far from the mean ({mean}) that it has no probability");
            parameters.refuse("min", problem, "a range that the normal reaches", None);
        }
    }

    /// x in standard deviations from the untruncated mean.
    fn standard(&self, x: f64) -> f64 {
        (x - self.location) / self.scale
    }
}

/// Φ(β) − Φ(α), from the tails that are small.
fn probability(alpha: f64, beta: f64) -> f64 {
    if alpha > 0.0 {
        math::normal_cdf(-alpha) - math::normal_cdf(-beta)
    } else if beta < 0.0 {
        math::normal_cdf(beta) - math::normal_cdf(alpha)
    } else {
        1.0 - math::normal_cdf(alpha) - math::normal_cdf(-beta)
    }
}

/// Nodes and weights of the 8-point Gauss–Legendre rule on [−1, 1], positive half (Abramowitz and Stegun 25.4.30).
const GAUSS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_27),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];

/// Mean and variance of a standard normal variable between `alpha` and `beta`.
fn moments(alpha: f64, beta: f64) -> (f64, f64) {
    if alpha + beta < 0.0 {
        let (mean, variance) = moments(-beta, -alpha);
        return (-mean, variance);
    }
    // Beyond 40/α past α (or 12 past the middle) the density is below 10⁻¹⁷ of its peak.
    let low = alpha.max(-12.0);
    let high = beta.min(if low > 0.0 { low + (40.0 / low).min(12.0) } else { 12.0 });
    let peak = low.max(0.0);
    let density = |z: f64| math::exp(-0.5 * (z - peak) * (z + peak));
    let integral = |f: &dyn Fn(f64) -> f64| {
        const PARTS: u32 = 64;
        let half = 0.5 * (high - low) / f64::from(PARTS);
        let mut sum = 0.0;
        for part in 0..PARTS {
            let middle = low + half * f64::from(2 * part + 1);
            for (node, weight) in GAUSS {
                sum += weight * (f(middle - half * node) + f(middle + half * node));
            }
        }
        sum * half
    };
    let total = integral(&density);
    let offset = integral(&|z| (z - peak) * density(z)) / total;
    let mean = peak + offset;
    (mean, integral(&|z| (z - mean) * (z - mean) * density(z)) / total)
}

impl Family for TruncatedNormal {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        let lower = self.below_min + below * self.inside;
        let upper = self.above_max + above * self.inside;
        // To the last digits: near an end of the range they cancel.
        let z = math::normal_quantile_of_tails(lower, upper);
        (self.location + self.scale * z).max(self.min).min(self.max)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= self.min {
            0.0
        } else if x >= self.max {
            1.0
        } else {
            let z = self.standard(x);
            if z < 0.0 {
                (math::normal_cdf(z) - self.below_min) / self.inside
            } else {
                1.0 - (math::normal_cdf(-z) - self.above_max) / self.inside
            }
        }
    }

    fn density(&self, x: f64) -> f64 {
        if x < self.min || x > self.max {
            0.0
        } else {
            math::normal_density(self.standard(x)) / self.inside / self.scale
        }
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn variance(&self) -> f64 {
        self.variance
    }

    fn support(&self) -> (f64, f64) {
        (self.min, self.max)
    }
}
