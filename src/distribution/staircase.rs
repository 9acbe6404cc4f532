//! A function that rises in steps, over vectors: the quantile of a variable that takes separate values.
//!
//! Comes in: the thresholds t₀ ≤ t₁ ≤ … and the values v₀ ≤ v₁ ≤ …, one more of them. Goes out: v_k, where k thresholds are
//! below x; exactly, whatever way it was found.
//!
//! Method: a few thresholds are all compared with x. Of many, those are that lie in x's cell of a guide table (H. C. Chen
//! and Y. Asau, "On generating random variates from an empirical distribution", AIIE Transactions 6 (1974) 163–166;
//! L. Devroye, "Non-Uniform Random Variate Generation", 1986, ch. III.2.4): a row of it has the thresholds of a cell, up to
//! three, and the values between them. Where a cell has more, and outside the table, they are searched.

use crate::math::vector::{self, Guarded, Lanewise, MapGuarded, MapWeighted, Simd, Weighted};

/// As many thresholds as are compared one and all.
const FEW: usize = 12;

/// Thresholds in a cell of the table.
const IN_CELL: usize = 3;

/// Most cells of a table.
const CELLS: usize = 256;

/// Share of the draws that a table should settle before it need be no finer.
const ENOUGH: f64 = 0.98;

/// 1.5 · 2⁵²: added to a small number it leaves the nearest integer in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// The step function.
#[derive(Clone, Debug)]
pub(super) struct Staircase {
    thresholds: Vec<f64>,
    values: Vec<f64>,
    table: Option<Table>,
}

/// Rows of a table, each in one cache line: three thresholds, and the four values that they part.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Rows([[f64; 8]; CELLS]);

/// A guide table.
#[derive(Clone, Debug)]
struct Table {
    /// By the cell's number, modulo how many there are.
    rows: Box<Rows>,
    /// How many, a power of two.
    count: usize,
    /// Cells in a unit of x, a power of two; they are numbered from zero.
    per_unit: f64,
    /// The middle of the range that it settles, and half of its width, made a trifle less.
    middle: f64,
    half: f64,
    /// Share of the draws that it settles.
    settled: f64,
}

/// Range of x that a table may be of, and how x is distributed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Over {
    pub from: i32,
    pub to: i32,
    pub cdf: fn(f64) -> f64,
}

impl Staircase {
    /// From thresholds and values in ascending order.
    pub fn new(thresholds: Vec<f64>, values: Vec<f64>, over: Over) -> Self {
        let mut table: Option<Table> = None;
        let mut count = 64;
        while thresholds.len() > FEW && count <= CELLS && table.as_ref().is_none_or(|table| table.settled < ENOUGH) {
            table = Some(Table::new(&thresholds, &values, over, count));
            count *= 2;
        }
        Staircase { thresholds, values, table }
    }

    /// The values.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Its value at x.
    #[inline]
    pub fn at(&self, x: f64) -> f64 {
        match &self.table {
            Some(table) => vector::one_guarded(x, ByTable(self, table)),
            None => vector::one_guarded(x, ByAll(self)),
        }
    }

    /// The same for every element, in place.
    pub fn map(&self, x: &mut [f64]) {
        match &self.table {
            Some(table) => vector::run(MapGuarded(x, ByTable(self, table))),
            None => vector::run(MapGuarded(x, ByAll(self))),
        }
    }

    /// The same for weighted sums.
    pub fn map_weighted(&self, x: &mut [f64], sums: Weighted<'_>) {
        match &self.table {
            Some(table) => vector::run(MapWeighted(x, ByTable(self, table), sums)),
            None => vector::run(MapWeighted(x, ByAll(self), sums)),
        }
    }

    /// The same by a search.
    fn searched(&self, x: f64) -> f64 {
        self.values[self.thresholds.partition_point(|t| *t < x)]
    }
}

impl Table {
    fn new(thresholds: &[f64], values: &[f64], over: Over, count: usize) -> Self {
        /// Rounding may bring an x that is within this many cells of its cell's end into the next one.
        const BESIDE: f64 = 1e-12;
        let per_unit = count as f64 / f64::from(over.to - over.from);
        let mut rows = Box::new(Rows([[0.0; 8]; CELLS]));
        let first = over.from * per_unit as i32;
        let end = |cell: i32| f64::from(cell) / per_unit;
        // The run of cells without too many thresholds in which most draws fall.
        let (mut best, mut run) = ((0.0, first, first), first);
        for cell in first..first + count as i32 {
            let below = |x: f64| thresholds.partition_point(|t| *t < x);
            let (low, high) = (below(end(cell) - BESIDE / per_unit), below(end(cell + 1) + BESIDE / per_unit));
            if high - low > IN_CELL {
                run = cell + 1;
                continue;
            }
            let row = &mut rows.0[cell.rem_euclid(count as i32) as usize];
            row[..IN_CELL].fill(f64::INFINITY);
            row[..high - low].copy_from_slice(&thresholds[low..high]);
            row[IN_CELL..=IN_CELL + high - low].copy_from_slice(&values[low..=high]);
            let settled = (over.cdf)(end(cell + 1)) - (over.cdf)(end(run));
            if settled > best.0 {
                best = (settled, run, cell + 1);
            }
        }
        let (settled, from, to) = (best.0, end(best.1), end(best.2));
        let half = 0.5 * (to - from) * (1.0 - 1e-12);
        Table { rows, count, per_unit, middle: 0.5 * (from + to), half, settled }
    }
}

/// All thresholds are compared.
#[derive(Clone, Copy)]
struct ByAll<'a>(&'a Staircase);

impl Lanewise for ByAll<'_> {
    const LIGHT: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, x: [S::F; K]) -> [S::F; K] {
        let (thresholds, values) = (&self.0.thresholds[..], &self.0.values[1..]);
        let mut value = [s.splat(self.0.values[0]); K];
        let mut t = 0;
        while t < thresholds.len() {
            let (threshold, above) = (s.splat(thresholds[t]), s.splat(values[t]));
            let mut k = 0;
            while k < K {
                value[k] = s.select(s.less(threshold, x[k]), above, value[k]);
                k += 1;
            }
            t += 1;
        }
        value
    }
}

impl Guarded for ByAll<'_> {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, x: S::F) -> S::M {
        s.less(s.abs(x), s.splat(f64::INFINITY))
    }
    fn beyond(self, x: f64) -> f64 {
        self.0.searched(x)
    }
}

/// The thresholds of a cell are compared.
#[derive(Clone, Copy)]
struct ByTable<'a>(&'a Staircase, &'a Table);

impl Lanewise for ByTable<'_> {
    const BY_ROWS: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, x: [S::F; K]) -> [S::F; K] {
        let table = self.1;
        let mut value = x;
        let mut k = 0;
        while k < K {
            let cell = x[k] * s.splat(table.per_unit) - s.splat(0.5) + s.splat(ROUND);
            let row = s.rows8(&table.rows.0[..table.count], s.bits(cell));
            value[k] = s.select(s.less(row[0], x[k]), row[4], row[3]);
            value[k] = s.select(s.less(row[1], x[k]), row[5], value[k]);
            value[k] = s.select(s.less(row[2], x[k]), row[6], value[k]);
            k += 1;
        }
        value
    }
}

impl Guarded for ByTable<'_> {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, x: S::F) -> S::M {
        s.less(s.abs(x - s.splat(self.1.middle)), s.splat(self.1.half))
    }
    fn beyond(self, x: f64) -> f64 {
        self.0.searched(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;
    use crate::math::vector::at_every_level;

    const UNIT: Over = Over { from: 0, to: 1, cdf: |u| u };
    const NORMAL: Over = Over { from: -4, to: 4, cdf: math::normal_cdf };

    /// Thresholds of every number, alone and crowded, at ends of cells, repeated, infinite.
    fn staircases() -> Vec<(Staircase, Over)> {
        let values = |n: usize| (0..=n).map(|i| (i * i) as f64).collect::<Vec<_>>();
        let mut all = Vec::new();
        for n in [0, 1, 2, 7, 12, 13, 16, 40, 64, 200, 700] {
            for over in [UNIT, NORMAL] {
                let width = f64::from(over.to - over.from);
                let even: Vec<f64> =
                    (1..=n).map(|i| f64::from(over.from) + width * i as f64 / (n + 1) as f64).collect();
                // Crowded at the low end, and repeated.
                let mut uneven: Vec<f64> = even.iter().map(|t| (t - f64::from(over.from)) / width).collect();
                uneven.iter_mut().for_each(|t| *t = f64::from(over.from) + width * math::pow(*t, 3.0));
                for i in (0..n).step_by(5).skip(1) {
                    uneven[i] = uneven[i - 1];
                }
                if n > 2 {
                    uneven[n - 1] = f64::INFINITY;
                }
                for thresholds in [even, uneven] {
                    all.push((Staircase::new(thresholds, values(n), over), over));
                }
            }
        }
        all
    }

    #[test]
    fn the_value_is_that_of_a_search_at_and_beside_every_threshold() {
        for (staircase, over) in staircases() {
            let width = f64::from(over.to - over.from);
            let mut asked: Vec<f64> = (1..5000).map(|i| f64::from(over.from) + width * f64::from(i) / 5000.0).collect();
            let mut around = staircase.thresholds.clone();
            around.extend((0..=512).map(|cell| f64::from(over.from) + width * f64::from(cell) / 512.0));
            for t in around.into_iter().filter(|t| t.is_finite()) {
                asked.extend([t.next_down().next_down(), t.next_down(), t, t.next_up(), t.next_up().next_up()]);
            }
            asked.retain(|x| over.from < 0 || (*x > 0.0 && *x < 1.0));
            asked.extend([0.5, 1e-300]);
            if over.from < 0 {
                asked.extend([-40.0, 40.0, -4.1, 4.1]);
            }
            let expected: Vec<f64> = asked.iter().map(|x| staircase.searched(*x)).collect();
            for (x, value) in asked.iter().zip(&expected) {
                assert_eq!(staircase.at(*x), *value, "{x}");
            }
            for (level, found) in at_every_level(|| {
                let mut block = asked.clone();
                staircase.map(&mut block);
                block
            }) {
                assert!(found == expected, "{level:?}, {} thresholds", staircase.thresholds.len());
            }
        }
    }

    /// The test above would pass if nothing were settled by tables.
    #[test]
    fn tables_settle_what_is_not_crowded() {
        for (staircase, _) in staircases() {
            let n = staircase.thresholds.len();
            match &staircase.table {
                None => assert!(n <= FEW),
                Some(table) if n <= 200 => assert!(n > FEW && table.settled > 0.5, "{n}: {}", table.settled),
                Some(_) => {}
            }
        }
    }
}
