//! Means and standard deviations from exact sums, so that no order of adding changes a bit.
//!
//! A value is rounded once to a fixed-point integer (2⁻²⁰ of its unit) and summed in 128 bits, with
//! its square; integer sums merge exactly whatever the number of threads or blocks.

use serde::Serialize;

use super::{Figure, Z};

/// Fixed-point steps per unit: 2²⁰.
const SCALE: f64 = 1_048_576.0;

/// Exact sums of a value and of its square.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moments {
    count: u64,
    sum: i128,
    squares: i128,
}

/// Mean and standard deviation of a quantity over iterations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Mean {
    /// Mean with its sampling error (normal interval: sums of many iterations).
    #[serde(flatten)]
    pub mean: Figure,
    /// Standard deviation over iterations.
    pub standard_deviation: f64,
}

impl Moments {
    /// Fixed-point steps in a unit.
    pub const STEPS_PER_UNIT: i128 = 1 << 20;

    /// Sum of the values in fixed-point steps: exact.
    pub fn exact_sum(&self) -> i128 {
        self.sum
    }

    /// Adds one value; |value| must stay below 2⁴³ (about 8.8·10¹²). Squares that outgrow 128 bits stay at the
    /// largest number, in whatever order they are added.
    #[inline]
    pub fn add(&mut self, value: f64) {
        let fixed = rounded(value * SCALE);
        self.count += 1;
        self.sum += i128::from(fixed);
        self.squares = self.squares.saturating_add(i128::from(fixed) * i128::from(fixed));
    }

    /// Adds many values. Where all are 0, as costs often are, only their number counts.
    pub fn add_all(&mut self, values: &[f64]) {
        if values.iter().fold(0, |any, value| any | value.to_bits() << 1) == 0 {
            self.count += values.len() as u64;
        } else {
            values.iter().for_each(|value| self.add(*value));
        }
    }

    /// Adds a count of something, `times` times over.
    pub fn add_count(&mut self, value: u64, times: u64) {
        let fixed = i128::from(value) << 20;
        self.count += times;
        self.sum += fixed * i128::from(times);
        self.squares = self.squares.saturating_add((fixed * fixed).saturating_mul(i128::from(times)));
    }

    /// Adds the sums of another part of the same run.
    pub fn merge(&mut self, other: &Moments) {
        self.count += other.count;
        self.sum += other.sum;
        self.squares = self.squares.saturating_add(other.squares);
    }

    /// Sum of the values.
    pub fn sum(&self) -> f64 {
        self.sum as f64 / SCALE
    }

    /// Sum of the squares of the values.
    pub fn squares(&self) -> f64 {
        self.squares as f64 / (SCALE * SCALE)
    }

    /// Number of values added.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Mean and standard deviation; `None` when nothing was added.
    pub fn mean(&self) -> Option<Mean> {
        if self.count == 0 {
            return None;
        }
        let n = i128::from(self.count);
        let mean = self.sum as f64 / (self.count as f64 * SCALE);
        // n·Σx² − (Σx)² without cancellation: exact in integers as long as it fits, else by shifting.
        let spread = match (n.checked_mul(self.squares), self.sum.checked_mul(self.sum)) {
            (Some(a), Some(b)) => (a - b) as f64 / (n as f64 * n as f64),
            _ => {
                let m = self.sum as f64 / n as f64;
                (self.squares as f64 / n as f64 - m * m).max(0.0)
            }
        };
        let variance = if self.count > 1 { spread * n as f64 / (n as f64 - 1.0) } else { 0.0 };
        let standard_deviation = variance.sqrt() / SCALE;
        let standard_error = standard_deviation / (n as f64).sqrt();
        Some(Mean {
            mean: Figure::new(mean, standard_error, [mean - Z * standard_error, mean + Z * standard_error]),
            standard_deviation,
        })
    }
}

/// The nearest integer, halves away from zero: the integer part after adding the largest number below a half.
#[inline]
fn rounded(x: f64) -> i64 {
    const BELOW_HALF: f64 = 0.5 - f64::EPSILON / 4.0;
    (x + BELOW_HALF.copysign(x)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        let near = |x: f64| [x.next_down(), x, x.next_up(), -x.next_down(), -x, -x.next_up()];
        let halves = (0..2000).map(|k| f64::from(k) / 2.0);
        let large = (20..63).flat_map(|k| [0.0, 0.5, 1.0, 1.5].map(|d| crate::math::pow(2.0, f64::from(k)) + d));
        for x in halves.chain(large).flat_map(near) {
            assert_eq!(rounded(x), crate::math::round(x) as i64, "{x:e}");
        }
    }

    #[test]
    fn mean_and_deviation_of_a_known_sample() {
        let mut m = Moments::default();
        for x in [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0] {
            m.add(x);
        }
        let r = m.mean().unwrap();
        assert_eq!(r.mean.estimate, 5.0);
        assert!((r.standard_deviation - (32.0f64 / 7.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn merging_in_any_order_gives_the_same_bits() {
        let values: Vec<f64> = (0..1000).map(|i| f64::from(i) * 0.37 + 0.1).collect();
        let whole = values.iter().fold(Moments::default(), |mut m, &x| {
            m.add(x);
            m
        });
        let mut merged = Moments::default();
        for chunk in values.chunks(7).rev() {
            let mut part = Moments::default();
            chunk.iter().rev().for_each(|&x| part.add(x));
            merged.merge(&part);
        }
        assert_eq!(whole, merged);
    }
}
