//! Quantile functions of beta and gamma variables by table: a few nanoseconds a draw instead of a microsecond.
//!
//! Comes in: the two tails of a distribution and how they are placed on the axis. Goes out: the quantile of a
//! probability, or of Φ(z).
//!
//! Each tail has pieces of its own, so that distances from either end of the support keep their relative accuracy:
//! - over probability, pieces divide every octave [2^−k−1, 2^−k) of the tail equally, which suits power laws; piece
//!   and position in it are read off the bits of the number;
//! - over z, pieces are equally wide, to |z| = 4.
//!
//! Beyond the table, and for shapes too small for it, the exact inverse is used. The pieces' stated error
//! ([`TABLE_ERROR`]) is relative to the distance from the nearer end of the support; construction refuses a table that
//! exceeds it and tries a finer one. On top comes the rounding of the value itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use super::quantile_series::{KEPT, Piece, Series, TailPoint, Variable};
use super::quantile_tail::QuantileTail;
use crate::math::vector::{Guarded, Lanewise, MapGuarded, Scalar, Simd};
use crate::math::{self, vector};

/// Stated error of a tabulated quantile, relative to its distance from the nearer end of the support.
///
/// A distance under 10⁻¹² of the width from the end opposite to the smaller tail counts as 10⁻¹² of the width. The
/// rounding of the value itself comes on top.
pub const TABLE_ERROR: f64 = 3e-11;

/// Pieces for one tail; both tails lie one behind the other.
const HALF: usize = 128;
const PIECES: usize = 2 * HALF;

const SIGNIFICAND_BITS: u32 = 52;
const SIGNIFICAND: u64 = (1 << SIGNIFICAND_BITS) - 1;
const ONE: u64 = 1023 << SIGNIFICAND_BITS;
/// Biased exponent of the octave [¼, ½).
const TOP_OCTAVE: u64 = 1021;
/// The largest double below ½.
const BELOW_HALF: f64 = 0.5 - f64::EPSILON / 4.0;

/// End of the table over z.
const NORMAL_END: f64 = 4.0;

/// How a tail lies on the axis: value = near + scale · x = far − scale · (1 − x).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placed {
    pub tail: QuantileTail,
    /// The end of the support where x = 0.
    pub near: f64,
    /// The end where x = 1; not used where there is none.
    pub far: f64,
    pub scale: f64,
}

impl Placed {
    /// Measured from the end that is nearer, so that the value keeps the digits of its distance from it.
    fn exact(&self, p: f64) -> f64 {
        let (x, co_x) = self.tail.exact(p);
        if x <= co_x || !self.far.is_finite() { self.near + self.scale * x } else { self.far - self.scale * co_x }
    }

    /// Whether it is measured from the far end, and the polynomial, on an interval around `point`; `None` where the
    /// stated error would be exceeded.
    fn piece(&self, series: &Series, point: TailPoint) -> Option<(bool, Piece)> {
        if series.error_bound(self.tail.density().kappa) > TABLE_ERROR {
            None
        } else if point.x <= point.co_x || !self.far.is_finite() {
            Some((false, series.shortened().map(|c| c * self.scale)))
        } else {
            Some((true, series.reversed(point).shortened().map(|c| c * -self.scale)))
        }
    }

    /// The end from which a piece is measured.
    fn end(&self, from_far: bool) -> f64 {
        if from_far { self.far } else { self.near }
    }
}

/// Pieces of both tails, with the values at which each tail's table ends.
#[derive(Clone, Debug, PartialEq)]
struct Pieces {
    pieces: Box<[Piece; PIECES]>,
    /// The ends of the support from which pieces measure. It is the first for lower tails below `turn[0]` and upper
    /// tails above `turn[1]`; or for z below `turn[0]`.
    ends: [f64; 2],
    turn: [f64; 2],
    /// Pieces per octave as a power of two; or pieces per unit of z.
    fineness: u32,
    /// Tail probability, or |z|, where the table ends.
    end: f64,
    /// Values there.
    end_values: [f64; 2],
}

/// A quantile function, tabulated.
#[derive(Clone, Debug)]
pub(super) struct QuantileTable {
    tails: [Placed; 2],
    support: (f64, f64),
    by_probability: Option<Pieces>,
    /// Made when first asked for: few variables are correlated.
    by_normal: OnceLock<Option<Pieces>>,
}

impl PartialEq for QuantileTable {
    /// What a table is of decides; the pieces follow from it.
    fn eq(&self, other: &Self) -> bool {
        (self.tails, self.support) == (other.tails, other.support)
    }
}

/// What a table is known by: its family, and the bits of the parameters.
type Key = (Tabulated, [u64; 4]);

/// The families that are tabulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tabulated {
    Beta,
    Gamma,
}

/// Tables in use. Plans of one scenario have most numbers in common, and with them the tables, which cost more to make
/// and to keep than all the rest of a plan.
static IN_USE: Mutex<BTreeMap<Key, Weak<QuantileTable>>> = Mutex::new(BTreeMap::new());

/// How often the list of tables in use is rid of those that are not: each time it has grown by so many.
const TIDY: usize = 256;

impl QuantileTable {
    /// The table of a family with these parameters: one that is in use, or else a new one.
    pub fn shared(family: Tabulated, parameters: [f64; 4], new: impl FnOnce() -> Self) -> Arc<Self> {
        let key = (family, parameters.map(f64::to_bits));
        let in_use = || IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = in_use().get(&key).and_then(Weak::upgrade) {
            return table;
        }
        let table = Arc::new(new());
        let mut tables = in_use();
        tables.insert(key, Arc::downgrade(&table));
        if tables.len().is_multiple_of(TIDY) {
            tables.retain(|_, table| table.strong_count() > 0);
        }
        table
    }

    /// From the lower and the upper tail; values are kept inside `support` against rounding.
    pub fn new(below: Placed, above: Placed, support: (f64, f64)) -> Self {
        let tails = [below, above];
        let by_probability =
            [(3, 3), (4, 0), (5, 0)].into_iter().find_map(|(bits, skipped)| probability_pieces(&tails, bits, skipped));
        QuantileTable { tails, support, by_probability, by_normal: OnceLock::new() }
    }

    /// The pieces over z.
    fn by_normal(&self) -> Option<&Pieces> {
        let make = || [8, 16, 32].into_iter().find_map(|per_unit| normal_pieces(&self.tails, per_unit));
        self.by_normal.get_or_init(make).as_ref()
    }

    /// The quantile where the lower tail is `below` and the upper `above`.
    #[inline]
    pub fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        let (upper, p) = smaller_tail(below, above);
        match &self.by_probability {
            Some(table) if p >= table.end => OfUniform { table: self, pieces: table }.at_tail(Scalar, [p], [upper])[0],
            _ => self.far(upper, p),
        }
    }

    /// The same for every element of a block of lower tail probabilities, in place.
    pub fn quantile_block(&self, u: &mut [f64]) {
        let Some(table) = &self.by_probability else {
            for value in u {
                *value = self.quantile_of_tails(*value, 1.0 - *value);
            }
            return;
        };
        vector::run(MapGuarded(u, OfUniform { table: self, pieces: table }));
    }

    /// The quantile of Φ(z).
    #[inline]
    pub fn quantile_at_normal(&self, z: f64) -> f64 {
        match self.by_normal() {
            Some(pieces) => vector::one_guarded(z, OfNormal { table: self, pieces }),
            None => {
                let tails = math::normal_tails(z);
                self.quantile_of_tails(tails.below, tails.above)
            }
        }
    }

    /// The same for every element of a block, in place.
    pub fn quantile_at_normal_block(&self, z: &mut [f64]) {
        match self.by_normal() {
            Some(pieces) => vector::run(MapGuarded(z, OfNormal { table: self, pieces })),
            None => z.iter_mut().for_each(|z| *z = self.quantile_at_normal(*z)),
        }
    }

    /// Outside the table over probability: the exact inverse, kept on its side of the table's end.
    #[cold]
    fn far(&self, upper: bool, p: f64) -> f64 {
        let value = self.inside(Scalar, self.tails[usize::from(upper)].exact(p));
        match (&self.by_probability, upper) {
            (Some(table), false) if p < table.end => value.min(table.end_values[0]),
            (Some(table), true) if p < table.end => value.max(table.end_values[1]),
            _ => value,
        }
    }

    #[inline(always)]
    fn inside<S: Simd>(&self, s: S, value: S::F) -> S::F {
        s.min(s.max(value, s.splat(self.support.0)), s.splat(self.support.1))
    }
}

/// Which tail is the smaller (not the lower: `true`), and its probability.
#[inline]
fn smaller_tail(below: f64, above: f64) -> (bool, f64) {
    (below >= 0.5, if below < above { below } else { above })
}

/// The quantile of u, by pieces over probability.
#[derive(Clone, Copy)]
struct OfUniform<'a> {
    table: &'a QuantileTable,
    pieces: &'a Pieces,
}

impl OfUniform<'_> {
    /// For tail probabilities in [end, ½], harmless below `end`; of the upper tail where the mask holds.
    #[inline(always)]
    fn at_tail<S: Simd, const K: usize>(self, s: S, p: [S::F; K], upper: [S::M; K]) -> [S::F; K] {
        let Pieces { pieces, fineness, .. } = self.pieces;
        let mut value = p;
        let mut i = 0;
        while i < K {
            // The last piece of a tail ends at ½; counting is modulo the number of pieces.
            let bits = s.bits(s.min(p[i], s.splat(BELOW_HALF)));
            let key = s.shr_by(bits, SIGNIFICAND_BITS - fineness);
            let index = s.sub_u(key, s.splat_u((TOP_OCTAVE + 1) << fineness));
            let fraction = s.and_u(s.shl_by(bits, *fineness), s.splat_u(SIGNIFICAND));
            let position = s.of_bits(s.or_u(fraction, s.splat_u(ONE)));
            let t = s.splat(2.0) * position - s.splat(3.0);
            let c = s.rows8(&pieces[..], in_half(s, upper[i], index));
            let [below, above] = self.pieces.turn;
            let low = s.select(upper[i], s.splat(above), p[i]);
            let offset = self.pieces.offset(s, s.less(low, s.select(upper[i], p[i], s.splat(below))));
            value[i] = self.table.inside(s, offset + polynomial(s, c, t));
            i += 1;
        }
        value
    }
}

impl Lanewise for OfUniform<'_> {
    const BY_ROWS: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, u: [S::F; K]) -> [S::F; K] {
        let mut p = u;
        let mut upper = [s.less(s.splat(0.0), s.splat(0.0)); K];
        let mut i = 0;
        while i < K {
            upper[i] = s.less(s.splat(BELOW_HALF), u[i]);
            p[i] = s.min(u[i], s.splat(1.0) - u[i]);
            i += 1;
        }
        self.at_tail(s, p, upper)
    }
}

impl Guarded for OfUniform<'_> {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, u: S::F) -> S::M {
        s.less(s.splat(self.pieces.end.next_down()), s.min(u, s.splat(1.0) - u))
    }
    fn beyond(self, u: f64) -> f64 {
        self.table.quantile_of_tails(u, 1.0 - u)
    }
}

/// The quantile of Φ(z), by pieces over z.
#[derive(Clone, Copy)]
struct OfNormal<'a> {
    table: &'a QuantileTable,
    pieces: &'a Pieces,
}

impl Lanewise for OfNormal<'_> {
    const BY_ROWS: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, z: [S::F; K]) -> [S::F; K] {
        /// 1.5 · 2⁵²: added to a small number it leaves the nearest integer in the lowest bits.
        const ROUND: f64 = 6_755_399_441_055_744.0;
        let Pieces { pieces, fineness, .. } = self.pieces;
        let mut value = z;
        let mut i = 0;
        while i < K {
            let steps = s.abs(z[i]) * s.splat(f64::from(*fineness));
            let nearest = (steps + s.splat(ROUND)) - s.splat(ROUND);
            let whole = nearest - s.select(s.less(steps, nearest), s.splat(1.0), s.splat(0.0));
            let t = s.splat(1.0) - s.splat(2.0) * (steps - whole);
            let upper = s.less(s.splat((-0.0_f64).next_down()), z[i]);
            let c = s.rows8(&pieces[..], in_half(s, upper, s.bits(whole + s.splat(ROUND))));
            value[i] = self
                .table
                .inside(s, self.pieces.offset(s, s.less(z[i], s.splat(self.pieces.turn[0]))) + polynomial(s, c, t));
            i += 1;
        }
        value
    }
}

impl Guarded for OfNormal<'_> {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, z: S::F) -> S::M {
        s.less(s.abs(z), s.splat(NORMAL_END))
    }
    fn beyond(self, z: f64) -> f64 {
        let value = self.table.far(z > 0.0, math::normal_cdf(-z.abs()));
        let [below, above] = self.pieces.end_values;
        if z > 0.0 { value.max(above) } else { value.min(below) }
    }
}

impl Pieces {
    /// The end of the support from which a piece measures.
    #[inline(always)]
    fn offset<S: Simd>(&self, s: S, first: S::M) -> S::F {
        s.select(first, s.splat(self.ends[0]), s.splat(self.ends[1]))
    }
}

/// Index among the pieces of both tails.
#[inline(always)]
fn in_half<S: Simd>(s: S, upper: S::M, index: S::U) -> S::U {
    // Bits that stand for integers here; nothing is computed with them as numbers.
    let half = s.select(upper, s.splat(f64::from_bits(HALF as u64)), s.splat(0.0));
    s.or_u(s.and_u(index, s.splat_u(HALF as u64 - 1)), s.bits(half))
}

/// Estrin's scheme: short chains of dependence.
#[inline(always)]
fn polynomial<S: Simd>(_: S, c: [S::F; KEPT], t: S::F) -> S::F {
    let t2 = t * t;
    let low = (c[0] + c[1] * t) + (c[2] + c[3] * t) * t2;
    let high = (c[4] + c[5] * t) + (c[6] + c[7] * t) * t2;
    low + high * (t2 * t2)
}

/// Tabulates over probability with 2^`bits` pieces an octave; `None` if that is not fine enough.
///
/// The lowest `skipped` octaves of the room there is are left to the exact inverse.
fn probability_pieces(tails: &[Placed; 2], bits: u32, skipped: usize) -> Option<Pieces> {
    let mut pieces = Box::new([[0.0; KEPT]; PIECES]);
    let mut from_far = [false; PIECES];
    let bounds = |index: usize| {
        let key = ((TOP_OCTAVE + 1) << bits) - (HALF - index) as u64;
        let shift = SIGNIFICAND_BITS - bits;
        (f64::from_bits(key << shift), f64::from_bits((key + 1) << shift))
    };
    let first = skipped << bits;
    let mut end_values = [0.0; 2];
    for (half, placed) in tails.iter().enumerate() {
        let mut guess = None;
        for index in (first..HALF).rev() {
            let (left, right) = bounds(index);
            let (centre, half_width) = (0.5 * (left + right), 0.5 * (right - left));
            let point = placed.tail.point(centre, guess);
            let density = placed.tail.density();
            let series = Series::new(density, Variable::Probability, point, point.slope, half_width);
            (from_far[half * HALF + index], pieces[half * HALF + index]) = placed.piece(&series, point)?;
            // The next piece is as wide, or half as wide when an octave begins.
            let next = bounds(index.max(1) - 1);
            guess = Some(series.at((0.5 * (next.0 + next.1) - centre) / half_width));
        }
        let last = half * HALF + first;
        end_values[half] = placed.end(from_far[last]) + polynomial(Scalar, pieces[last], -1.0);
    }
    // Values grow with probability: up to some piece they are measured from the lower end, then from the upper.
    let below = (first..HALF).find(|index| from_far[*index]).map_or(1.0, |index| bounds(index).0);
    let above = (first..HALF).find(|index| from_far[HALF + index]).map_or(1.0, |index| bounds(index).0.next_down());
    let turn = [below, above];
    let ends = tails.each_ref().map(|placed| placed.near);
    Some(Pieces { pieces, ends, turn, fineness: bits, end: bounds(first).0, end_values })
}

/// Tabulates over z with `per_unit` pieces a unit; `None` if that is not fine enough.
fn normal_pieces(tails: &[Placed; 2], per_unit: u32) -> Option<Pieces> {
    let mut pieces = Box::new([[0.0; KEPT]; PIECES]);
    let mut from_far = [false; PIECES];
    let width = 1.0 / f64::from(per_unit);
    let count = (NORMAL_END * f64::from(per_unit)) as usize;
    let mut end_values = [0.0; 2];
    for (half, placed) in tails.iter().enumerate() {
        let mut guess = None;
        for index in 0..count {
            let z = -(index as f64 + 0.5) * width;
            let point = placed.tail.point(math::normal_cdf(z), guess);
            let density = placed.tail.density();
            let slope = point.slope * math::normal_density(z);
            let series = Series::new(density, Variable::Normal(z), point, slope, 0.5 * width);
            (from_far[half * HALF + index], pieces[half * HALF + index]) = placed.piece(&series, point)?;
            guess = Some(series.at(-2.0));
        }
        let last = half * HALF + count - 1;
        end_values[half] = placed.end(from_far[last]) + polynomial(Scalar, pieces[last], -1.0);
    }
    let turn = if let Some(index) = (0..count).rfind(|index| from_far[*index]) {
        [(-(index as f64 + 1.0) * width).next_up(), 0.0]
    } else if let Some(index) = (0..count).rfind(|index| from_far[HALF + index]) {
        [(index as f64 + 1.0) * width, 0.0]
    } else {
        [0.0, 0.0]
    };
    let ends = tails.each_ref().map(|placed| placed.near);
    Some(Pieces { pieces, ends, turn, fineness: per_unit, end: NORMAL_END, end_values })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::distribution::{Beta, Gamma};

    #[test]
    fn tables_are_shared_by_the_same_parameters_alone() {
        let (one, same) = (Beta::on_range(2.0, 3.0, 1.0, 9.0).unwrap(), Beta::on_range(2.0, 3.0, 1.0, 9.0).unwrap());
        assert!(Arc::ptr_eq(&one.table, &same.table));
        for (a, b, min, max) in [(3.0, 2.0, 1.0, 9.0), (2.0, 3.0, 0.0, 9.0), (2.0, 3.0, 1.0, 9.5)] {
            let other = Beta::on_range(a, b, min, max).unwrap();
            assert!(!Arc::ptr_eq(&one.table, &other.table) && one.table != other.table);
        }
        let (gamma, same) = (Gamma::new(2.0, 3.0).unwrap(), Gamma::new(2.0, 3.0).unwrap());
        assert!(Arc::ptr_eq(&gamma.table, &same.table) && gamma.table != Gamma::new(2.0, 3.5).unwrap().table);
    }
}
