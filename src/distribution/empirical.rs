//! What was observed, smoothed by straight lines.
//!
//! Comes in: a sample x₁ ≤ … ≤ xₙ. Goes out: the point at position (n−1)u between the observations, linearly; the
//! least observation at u → 0 and the greatest at u → 1. Nothing beyond what was observed is ever drawn. To repeat the
//! observations themselves, write them as a discrete distribution. At a normal z, where u is Φ(z), the position is off by
//! 5·10⁻¹³ of the smaller tail at most.
//!
//! Source: definition 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American
//! Statistician 50 (1996) 361–365 (the default of R, NumPy and Excel's PERCENTILE.INC).

use std::sync::Arc;

use super::parameter::{Parameters, WRITE_A_CONSTANT};
use super::{Checked, Family};
use crate::math::vector::{self, Given, Kernel, Lanewise, Own, Scalar, Simd, SmallerTail, Source, Weighted};

/// A sample, interpolated.
#[derive(Clone, Debug, PartialEq)]
pub struct Empirical {
    /// Ascending.
    sorted: Vec<f64>,
    mean: f64,
    variance: f64,
    /// For a sample that is small enough.
    table: Option<Arc<Rows>>,
}

/// Intervals from either end up to the middle, at most.
const INTERVALS: usize = 256;

/// By the number of intervals from an end: for the lower and for the upper one, the observation where the interval begins,
/// the way to the other, and that. Each row in one cache line.
#[derive(Clone, Debug, PartialEq)]
#[repr(align(64))]
struct Rows([[f64; 8]; INTERVALS]);

impl Rows {
    fn new(sorted: &[f64]) -> Option<Arc<Self>> {
        let last = sorted.len() - 1;
        let mut rows = Rows([[0.0; 8]; INTERVALS]);
        for i in 0..=last / 2 {
            let (from, to) = (sorted[i], sorted[(i + 1).min(last)]);
            let (down_from, down_to) = (sorted[last - i], sorted[(last - i).saturating_sub(1)]);
            *rows.0.get_mut(i)? = [from, to - from, to, down_from, down_to - down_from, down_to, 0.0, 0.0];
        }
        Some(Arc::new(rows))
    }
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
        let table = Rows::new(&sorted);
        Ok(Empirical { sorted, mean, variance, table })
    }

    fn intervals(&self) -> f64 {
        (self.sorted.len() - 1) as f64
    }
}

/// Whole intervals from an end, in the lower bits, and the rest, of a number of intervals.
#[inline(always)]
fn parts<S: Simd>(s: S, position: S::F) -> (S::U, S::F) {
    /// 2⁵²: added to a smaller number it leaves the nearest integer in the lower bits.
    const ROUND: f64 = 4_503_599_627_370_496.0;
    let rounded = position + s.splat(ROUND);
    let upwards = s.less(position, rounded - s.splat(ROUND));
    let whole = s.select(upwards, rounded - s.splat(1.0), rounded);
    (s.bits(whole), position - (whole - s.splat(ROUND)))
}

/// The point of an interval between an observation and the next one, a part of the `way` from it.
#[inline(always)]
fn point<S: Simd>(s: S, lower: S::M, from: S::F, part: S::F, way: S::F, to: S::F) -> S::F {
    let value = from + part * way;
    s.select(lower, s.min(value, to), s.max(value, to))
}

impl Empirical {
    /// The quantile by the smaller tail, which is the lower one or not. No branch depends on either.
    #[inline(always)]
    fn of_tail(&self, lower: bool, tail: f64) -> f64 {
        let (whole, part) = parts(Scalar, tail * self.intervals());
        let last = self.sorted.len() - 1;
        let i = ((whole & (u64::MAX >> 12)) as usize).min(last - 1);
        let (from, to) = if lower { (i, i + 1) } else { (last - i, last - i - 1) };
        let (from, to) = (self.sorted[from], self.sorted[to]);
        point(Scalar, lower, from, part, to - from, to)
    }
}

/// The quantile by the table.
#[derive(Clone, Copy)]
struct ByTable<'a, G>(&'a Empirical, &'a Rows, G);

impl<G: Given> Lanewise for ByTable<'_, G> {
    const BY_ROWS: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, mut x: [S::F; K]) -> [S::F; K] {
        let mut i = 0;
        while i < K {
            let lower = s.less(self.2.offset(s, x[i]), s.splat(0.0));
            let (whole, part) = parts(s, self.2.tail(s, x[i]) * s.splat(self.0.intervals()));
            let row = s.rows8(&self.1.0, whole);
            let of = |low, high| s.select(lower, low, high);
            x[i] = point(s, lower, of(row[0], row[3]), part, of(row[1], row[4]), of(row[2], row[5]));
            i += 1;
        }
        x
    }
}

/// The quantile of every element, a probability.
struct Quantiles<'a, G>(&'a mut [f64], &'a Empirical, G);

impl<G: Given> Kernel for Quantiles<'_, G> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let Quantiles(x, of, given) = self;
        match &of.table {
            Some(rows) if S::LANES > 1 => vector::map(s, x, ByTable(of, rows, given)),
            // One by one, the observations are read where they are.
            _ => {
                let mut at = 0;
                while at < x.len() {
                    x[at] = of.of_tail(given.offset(Scalar, x[at]) < 0.0, given.tail(Scalar, x[at]));
                    at += 1;
                }
            }
        }
    }
}

/// The quantile of Φ of what the source makes of every element.
struct AtNormals<'a, X>(&'a mut [f64], &'a Empirical, X);

impl<X: Source> Kernel for AtNormals<'_, X> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        vector::map_guarded(s, self.0, SmallerTail::new(), self.2);
        Quantiles(self.0, self.1, vector::Smaller).run(s);
    }
}

impl Family for Empirical {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        let lower = below < 0.5;
        self.of_tail(lower, if lower { below } else { above })
    }

    fn quantile_block(&self, u: &mut [f64]) {
        vector::run(Quantiles(u, self, vector::Lower));
    }

    fn quantile_at_normal_block(&self, z: &mut [f64]) {
        vector::run(AtNormals(z, self, Own));
    }

    fn quantile_at_weighted_block(&self, z: &mut [f64], sums: Weighted<'_>) {
        let shared = &sums.shared[..z.len()];
        vector::run(AtNormals(z, self, Weighted { shared, ..sums }));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;
    use crate::math::vector::at_every_level;

    /// Samples on both sides of what fits into a table, at and beside every observation.
    #[test]
    fn every_level_gives_the_definition() {
        for n in [2_u32, 3, 4, 7, 511, 512, 513, 514] {
            let sample: Vec<f64> = (0..n).map(|i| f64::from(i * 37 % 101) - 20.0).collect();
            let family = Empirical::new(&sample).unwrap();
            assert_eq!(family.table.is_some(), n <= 512);
            let mut u: Vec<f64> = (1..2000).map(|i| f64::from(i) / 2000.0).collect();
            for i in 0..n {
                let at = f64::from(i) / f64::from(n - 1);
                u.extend([at.next_down(), at, at.next_up()].into_iter().filter(|u| *u > 0.0 && *u < 1.0));
            }
            let exact = |u: f64| {
                let position = u * f64::from(n - 1);
                let i = (position as usize).min(n as usize - 2);
                let (low, high) = (family.sorted[i], family.sorted[i + 1]);
                low + (position - i as f64) * (high - low)
            };
            for (level, found) in at_every_level(|| {
                let mut block = u.clone();
                family.quantile_block(&mut block);
                block
            }) {
                for (u, found) in u.iter().zip(found) {
                    assert_eq!(found.to_bits(), family.quantile(*u).to_bits(), "{level:?}, {n}, {u}");
                    // The position has been rounded by an ulp of n; an interval may be 100 wide.
                    assert!((found - exact(*u)).abs() < 1e-10, "{n}, {u}: {found}");
                }
            }
        }
    }

    #[test]
    fn quantiles_at_normal_are_within_their_bound() {
        let sample: Vec<f64> = (0..200).map(|i| f64::from(i * i % 997)).collect();
        let family = Empirical::new(&sample).unwrap();
        let mut worst: f64 = 0.0;
        for i in -8_200..=8_200 {
            let z = f64::from(i) / 1000.0;
            let tails = math::normal_tails(z);
            let (found, exact) = (family.quantile_at_normal(z), family.quantile_of_tails(tails.below, tails.above));
            // An interval has a 199th of the probability, and is as wide as the widest at most.
            let steepest = family.sorted.windows(2).map(|ends| ends[1] - ends[0]).fold(0.0, f64::max) * 199.0;
            let error = (found - exact).abs();
            assert!(error <= 5.1e-13 * tails.below.min(tails.above) * steepest + 4e-13, "{z}: {found} for {exact}");
            worst = worst.max(error);
        }
        assert!(worst > 0.0);
    }
}
