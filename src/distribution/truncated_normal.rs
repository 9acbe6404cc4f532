//! The normal distribution on condition of lying in a range.
//!
//! Comes in: mean and standard deviation *before* truncation, and the range. Goes out: with α, β the standardised
//! ends, mean + sd · Φ⁻¹(Φ(α) + u (Φ(β) − Φ(α))), from the nearer tail. Error below 10⁻¹² sd, and below 10⁻¹⁰ of the
//! distance from the nearer end; at a normal, where u is Φ of it, 7·10⁻¹³ sd more. On top come roundings of mean and value.
//!
//! Φ⁻¹ is that of draws. Its error is 2·10⁻¹³, but smooth; so mean and sd are made as much different as it takes for the
//! ends to come out where they are, and what is close to one of them has the right distance from it.
//!
//! Sources: N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous Univariate Distributions", vol. 1, §13.10.1.
//! Mean and variance are integrated numerically once (Gauss–Legendre): the closed forms cancel in the tails.

use super::normal::standard_quantile;
use super::parameter::{Parameters, WRITE_A_CONSTANT};
use super::{Checked, Family};
use crate::math::vector::{Guarded, Kernel, Lanewise, Own, RootPhi, Scalar, Simd, Source, Weighted};
use crate::math::{self, vector};

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
    /// What the value is made of, from the Φ⁻¹ of draws: `offset` + `slope` · z.
    offset: f64,
    slope: f64,
    mean: f64,
    variance: f64,
}

/// Least probability of the range under the untruncated normal.
const LEAST_PROBABILITY: f64 = 1e-280;

/// Least width of the range in standard deviations: a narrower one would show the rounding of Φ.
const LEAST_WIDTH: f64 = 1e-6;

/// An end further out than this is none: its tail has no digits.
const FARTHEST: f64 = 37.0;

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
        let untied = TruncatedNormal {
            location: mean,
            scale: sd,
            min,
            max,
            below_min: math::normal_cdf(alpha),
            above_max: math::normal_cdf(-beta),
            inside: probability(alpha, beta),
            offset: mean,
            slope: sd,
            mean: mean + sd * unit_mean,
            variance: sd * sd * unit_variance,
        };
        Ok(untied.tied())
    }

    /// With an offset and a slope by which the ends come out where they are.
    fn tied(self) -> Self {
        let end = |below, above| {
            let (lower, upper) = self.widened(Scalar, below, above);
            standard_quantile(lower, upper)
        };
        let (low, high) = (end(0.0, 1.0), end(1.0, 0.0));
        let (slope, offset) = match (low > -FARTHEST, high < FARTHEST) {
            (true, true) => {
                let slope = (self.max - self.min) / (high - low);
                // From the end whose size is less.
                let least = if low.abs() < high.abs() { self.min - slope * low } else { self.max - slope * high };
                (slope, least)
            }
            (true, false) => (self.scale, self.min - self.scale * low),
            (false, true) => (self.scale, self.max - self.scale * high),
            (false, false) => (self.scale, self.location),
        };
        TruncatedNormal { offset, slope, ..self }
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

    /// The tails of the untruncated normal at the quantile where the lower tail is `below` and the upper `above`.
    #[inline(always)]
    fn widened<S: Simd>(&self, s: S, below: S::F, above: S::F) -> (S::F, S::F) {
        let inside = s.splat(self.inside);
        (s.splat(self.below_min) + below * inside, s.splat(self.above_max) + above * inside)
    }

    /// The smaller of these, with a minus where it is the upper one.
    #[inline(always)]
    fn smaller<S: Simd>(&self, s: S, below: S::F, above: S::F) -> S::F {
        let (lower, upper) = self.widened(s, below, above);
        vector::smaller(s, lower, upper)
    }

    /// The value at z, kept in the range: near its ends the last digits cancel.
    #[inline(always)]
    fn placed<S: Simd>(&self, s: S, z: S::F) -> S::F {
        let value = s.splat(self.offset) + s.splat(self.slope) * z;
        s.min(s.max(value, s.splat(self.min)), s.splat(self.max))
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

/// The smaller tail of the untruncated normal, of u.
#[derive(Clone, Copy)]
struct OfUniform(TruncatedNormal);

impl Lanewise for OfUniform {
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, mut u: [S::F; K]) -> [S::F; K] {
        let mut i = 0;
        while i < K {
            u[i] = self.0.smaller(s, u[i], s.splat(1.0) - u[i]);
            i += 1;
        }
        u
    }
}

/// The same of Φ(z).
#[derive(Clone, Copy)]
struct OfNormal(TruncatedNormal, RootPhi);

impl Lanewise for OfNormal {
    const BY_ROWS: bool = true;
    const LIGHT: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, z: [S::F; K]) -> [S::F; K] {
        let mut tail = self.1.small_tails(s, z);
        let mut i = 0;
        while i < K {
            let (lower, large) = (s.less(z[i], s.splat(0.0)), s.splat(1.0) - tail[i]);
            tail[i] = self.0.smaller(s, s.select(lower, tail[i], large), s.select(lower, large, tail[i]));
            i += 1;
        }
        tail
    }
}

impl Guarded for OfNormal {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, z: S::F) -> S::M {
        s.less(s.abs(z), s.splat(vector::ROOT_PHI_END))
    }
    fn beyond(self, z: f64) -> f64 {
        let tails = math::normal_tails(z);
        self.0.smaller(Scalar, tails.below, tails.above)
    }
}

/// The value at z.
impl Lanewise for TruncatedNormal {
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, mut z: [S::F; K]) -> [S::F; K] {
        let mut i = 0;
        while i < K {
            z[i] = self.placed(s, z[i]);
            i += 1;
        }
        z
    }
}

/// The quantile of u for every element.
struct Quantiles<'a>(&'a mut [f64], TruncatedNormal);

impl Kernel for Quantiles<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        vector::map(s, self.0, OfUniform(self.1));
        vector::normal_quantiles(s, self.0, vector::Smaller);
        vector::map(s, self.0, self.1);
    }
}

/// The quantile of Φ of what the source makes of every element.
struct AtNormals<'a, X>(&'a mut [f64], TruncatedNormal, X);

impl<X: Source> Kernel for AtNormals<'_, X> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        vector::map_guarded(s, self.0, OfNormal(self.1, RootPhi::table()), self.2);
        vector::normal_quantiles(s, self.0, vector::Smaller);
        vector::map(s, self.0, self.1);
    }
}

impl Family for TruncatedNormal {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        let (lower, upper) = self.widened(Scalar, below, above);
        self.placed(Scalar, standard_quantile(lower, upper))
    }

    fn quantile_block(&self, u: &mut [f64]) {
        vector::run(Quantiles(u, *self));
    }

    fn quantile_at_normal_block(&self, z: &mut [f64]) {
        vector::run(AtNormals(z, *self, Own));
    }

    fn quantile_at_weighted_block(&self, z: &mut [f64], sums: Weighted<'_>) {
        let shared = &sums.shared[..z.len()];
        vector::run(AtNormals(z, *self, Weighted { shared, ..sums }));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// In the middle, at an end, far out in either tail, narrow, across what Φ⁻¹ is pieced together from.
    const RANGES: [(f64, f64); 14] = [
        (-1.5, 2.5),
        (f64::NEG_INFINITY, f64::INFINITY),
        (0.5, f64::INFINITY),
        (f64::NEG_INFINITY, -2.9),
        (-0.3, 0.1),
        (2.0, 3.0),
        (-9.0, -7.0),
        (6.0, f64::INFINITY),
        (-35.0, -33.0),
        (-1.0, 38.3),
        (1.0, 1.001),
        (2.15, 2.16),
        (-3.3, -3.25),
        (3.84, 3.85),
    ];

    /// Against Φ⁻¹ as exact as there is, in units of sd; both tails to 10⁻¹⁶.
    #[test]
    fn quantiles_are_within_their_bounds() {
        let mut worst: f64 = 0.0;
        for (min, max) in RANGES {
            let family = TruncatedNormal::new(3.0, 2.0, 3.0 + 2.0 * min, 3.0 + 2.0 * max).unwrap();
            let exact = |below, above| {
                let (lower, upper) = family.widened(Scalar, below, above);
                math::normal_quantile_of_tails(lower, upper).max(min).min(max)
            };
            let mut check = |found: f64, exact: f64, more: f64, at: f64| {
                let error = ((found - 3.0) / 2.0 - exact).abs();
                let rounding = 3e-15 * (3.0 + exact.abs());
                let distance = (exact - min).min(max - exact);
                assert!(error <= 1e-12 + more + rounding, "{min} to {max} at {at}: {found}, {error:e}");
                assert!(error <= 1e-10 * distance + rounding, "{min} to {max} at {at}: {found}, {error:e}");
                worst = worst.max(error);
            };
            for i in -8_200..=8_200 {
                let z = f64::from(i) / 1000.0;
                let tails = math::normal_tails(z);
                let exactly = exact(tails.below, tails.above);
                check(family.quantile_of_tails(tails.below, tails.above), exactly, 0.0, z);
                check(family.quantile_at_normal(z), exactly, 7e-13, z);
            }
            let mut of_u = (1..4000).map(|i| f64::from(i) / 4000.0).collect::<Vec<_>>();
            of_u.extend((1..53).flat_map(|k| [math::pow(0.5, f64::from(k)), 1.0 - math::pow(0.5, f64::from(k))]));
            for u in of_u {
                check(family.quantile(u), exact(u, 1.0 - u), 0.0, u);
            }
        }
        assert!(worst > 1e-13, "{worst:e}");
    }
}
