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
        let bin = self.bin_of(value);
        match usize::try_from(bin - self.first).ok().and_then(|place| self.dense.get_mut(place)) {
            Some(dense) => dense.add(value),
            None => self.beyond.entry(bin).or_insert(EMPTY).add(value),
        }
    }

    /// The number of the bin of a finite value.
    #[inline]
    fn bin_of(&self, value: f64) -> i64 {
        // The width is a power of two, so that this is exact.
        let place = value * (1.0 / self.width);
        let whole = place as i64;
        whole - i64::from(whole as f64 > place)
    }

    /// Bins with their numbers, in order.
    fn bins(&self) -> impl Iterator<Item = (i64, &Bin)> {
        let below = self.beyond.range(..self.first).map(|(number, bin)| (*number, bin));
        let above = self.beyond.range(self.first + self.dense.len() as i64..).map(|(number, bin)| (*number, bin));
        below.chain((self.first..).zip(&self.dense)).chain(above)
    }

    /// For each of some finite values, in order, how many values lie in bins before its own, and in those up to its own.
    pub fn around(&self, values: &[f64]) -> Vec<[u64; 2]> {
        let mut bins = self.bins().peekable();
        let mut before = 0;
        let of = |value: &f64| {
            let own = self.bin_of(*value);
            while let Some((_, bin)) = bins.next_if(|(number, _)| *number < own) {
                before += bin.count;
            }
            let count = bins.peek().filter(|(number, _)| *number == own).map_or(0, |(_, bin)| bin.count);
            [before, before + count]
        };
        values.iter().map(of).collect()
    }

    /// Drops empty bins at either end; what is trimmed cannot be added to.
    pub(super) fn trim(&mut self) {
        let used = |bin: &Bin| bin.count > 0;
        let end = self.dense.iter().rposition(used).map_or(0, |last| last + 1);
        self.dense.truncate(end);
        let begin = self.dense.iter().position(used).unwrap_or(0);
        self.dense.drain(..begin);
        self.dense.shrink_to_fit();
        self.first += begin as i64;
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
        for (_, bin) in self.bins() {
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
    fn counts_around_values_are_those_of_their_bins() {
        let mut h = Histogram::spanning(0.0, 100.0);
        [-500.0, 1.0, 1.0, 50.0, 50.5, 90.0, 700.0, f64::INFINITY].iter().for_each(|v| h.add(*v));
        let asked = [-1000.0, -500.0, 0.0, 1.0, 50.25, 50.5, 90.0, 95.0, 700.0];
        let around = h.around(&asked);
        assert_eq!(around, [[0, 0], [0, 1], [1, 1], [1, 3], [4, 4], [4, 5], [5, 6], [6, 6], [6, 7]]);
        let before: Vec<Option<f64>> = (0..=8).map(|rank| h.order_statistic(rank)).collect();
        h.trim();
        assert_eq!(h.around(&asked), around);
        assert_eq!((0..=8).map(|rank| h.order_statistic(rank)).collect::<Vec<_>>(), before);
        assert!(h.dense.len() < 8192);
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
