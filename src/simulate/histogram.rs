//! A histogram of real numbers that merges exactly and is exact at atoms.
//!
//! Values fall into bins of a fixed width; a bin keeps its count and the least and greatest value
//! in it. An order statistic lies between those two, so its error is below the width, and it is
//! exact where a bin holds a single value: a certain finish is reported as that finish.

use std::collections::BTreeMap;

/// Bins kept in a plain array around the expected range; the few values beyond go to a map.
const DENSE: usize = 3 * Histogram::FINE;

/// One bin.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bin {
    count: u64,
    low: f64,
    high: f64,
}

const EMPTY: Bin = Bin { count: 0, low: f64::INFINITY, high: f64::NEG_INFINITY };

impl Bin {
    fn add(&mut self, value: f64) {
        self.count += 1;
        self.low = self.low.min(value);
        self.high = self.high.max(value);
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
    }
}

/// A histogram of finite values; infinite ones are counted apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    width: f64,
    /// Number of the first dense bin: bin b holds [b·width, (b + 1)·width).
    first: i64,
    dense: Vec<Bin>,
    beyond: BTreeMap<i64, Bin>,
    count: u64,
    never: u64,
}

impl Histogram {
    /// Number of bins that the expected range is cut into.
    const FINE: usize = 8192;

    /// A histogram for values expected from `low` to `high`. The width of its bins is a power of
    /// two of at least a `FINE`th of the range.
    pub fn spanning(low: f64, high: f64) -> Self {
        let range = (high - low).max(1.0 / 1024.0);
        let mut width = 1.0;
        while width * (Self::FINE as f64) < range {
            width *= 2.0;
        }
        while width * (Self::FINE as f64) / 2.0 >= range {
            width /= 2.0;
        }
        let middle = crate::math::floor((low + high) / 2.0 / width) as i64;
        Self {
            width,
            first: middle - (DENSE / 2) as i64,
            dense: vec![EMPTY; DENSE],
            beyond: BTreeMap::new(),
            count: 0,
            never: 0,
        }
    }

    /// Adds a value.
    #[inline]
    pub fn add(&mut self, value: f64) {
        self.count += 1;
        if !value.is_finite() {
            self.never += 1;
            return;
        }
        // The width is a power of two, so that this is exact.
        let place = value * (1.0 / self.width);
        let whole = place as i64;
        let bin = whole - i64::from(whole as f64 > place);
        match usize::try_from(bin - self.first).ok().and_then(|place| self.dense.get_mut(place)) {
            Some(dense) => dense.add(value),
            None => self.beyond.entry(bin).or_insert(EMPTY).add(value),
        }
    }

    /// Adds the values of another histogram of the same bins.
    pub fn merge(&mut self, other: &Self) {
        debug_assert!(self.width == other.width && self.first == other.first);
        self.count += other.count;
        self.never += other.never;
        self.dense.iter_mut().zip(&other.dense).for_each(|(a, b)| a.merge(b));
        for (bin, values) in &other.beyond {
            self.beyond.entry(*bin).or_insert(EMPTY).merge(values);
        }
    }

    /// Width of a bin.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Number of values, infinite ones included.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Number of infinite values.
    pub fn never(&self) -> u64 {
        self.never
    }

    /// The order statistic of a rank from 1 to `count`; `None` for rank 0, ranks above the finite
    /// values, and infinite values.
    pub fn order_statistic(&self, rank: u64) -> Option<f64> {
        let mut before = 0;
        let below = self.beyond.range(..self.first).map(|(_, bin)| bin);
        let above = self.beyond.range(self.first + DENSE as i64..).map(|(_, bin)| bin);
        for bin in below.chain(&self.dense).chain(above) {
            if rank > before && rank <= before + bin.count {
                if bin.count == 1 || bin.low == bin.high {
                    return Some(bin.low);
                }
                let part = (rank - before - 1) as f64 / (bin.count - 1) as f64;
                return Some(bin.low + part * (bin.high - bin.low));
            }
            before += bin.count;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_statistics_are_within_a_bin_and_exact_at_atoms() {
        let mut values: Vec<f64> = (0..5000).map(|i| f64::from(i * 7919 % 5000) / 10.0).collect();
        values.extend([20.0; 500]);
        values.extend([-40_000.0, 1e6]);
        let mut h = Histogram::spanning(0.0, 500.0);
        values.iter().for_each(|v| h.add(*v));
        values.sort_unstable_by(f64::total_cmp);
        for (i, v) in values.iter().enumerate() {
            let found = h.order_statistic(i as u64 + 1).unwrap();
            assert!((found - v).abs() < h.width(), "{i}: {found} {v}");
        }
        assert_eq!(h.order_statistic(1), Some(-40_000.0));
        assert_eq!(h.order_statistic(0), None);
        assert_eq!(h.order_statistic(values.len() as u64 + 1), None);

        let mut certain = Histogram::spanning(20.0, 20.0);
        (0..10).for_each(|_| certain.add(20.0));
        assert_eq!(certain.order_statistic(5), Some(20.0));
    }

    #[test]
    fn what_never_comes_is_later_than_any_value() {
        let mut h = Histogram::spanning(0.0, 10.0);
        [1.0, 2.0, f64::INFINITY].iter().for_each(|v| h.add(*v));
        assert_eq!((h.count(), h.never()), (3, 1));
        assert_eq!(h.order_statistic(2), Some(2.0));
        assert_eq!(h.order_statistic(3), None);
    }
}
