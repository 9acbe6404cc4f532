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

    /// The polynomial on an interval around `point`, in t times `unit`; `None` where the stated error would be exceeded.
    ///
    /// The end from which it is measured is in its first coefficient, to which the others are added last: what that
    /// costs is a rounding of the value, more than which a value cannot keep of its distance from an end.
    fn piece(&self, series: &Series, point: TailPoint, unit: f64) -> Option<Piece> {
        if series.error_bound(self.tail.density().kappa) > TABLE_ERROR {
            return None;
        }
        let from_near = point.x <= point.co_x || !self.far.is_finite();
        let (end, scale, series) = if from_near {
            (self.near, self.scale, series.shortened())
        } else {
            (self.far, -self.scale, series.reversed(point).shortened())
        };
        let mut power = scale;
        let mut piece = series.map(|c| {
            let scaled = c * power;
            power /= unit;
            scaled
        });
        piece[0] += end;
        Some(piece)
    }
}

/// Rows of a table, each in one cache line.
#[derive(Clone, Debug, PartialEq)]
#[repr(align(64))]
struct Rows([Piece; PIECES]);

/// Pieces of both tails, with the values at which each tail's table ends.
#[derive(Clone, Debug, PartialEq)]
struct Pieces {
    pieces: Box<Rows>,
    /// Pieces per octave as a power of two; or pieces per unit of z.
    fineness: u32,
    /// Whether rounding could carry a value out of the support.
    at_edge: bool,
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
        let by_probability = [(3, 3), (4, 0), (5, 0)]
            .into_iter()
            .find_map(|(bits, skipped)| probability_pieces(&tails, support, bits, skipped));
        QuantileTable { tails, support, by_probability, by_normal: OnceLock::new() }
    }

    /// The pieces over z.
    fn by_normal(&self) -> Option<&Pieces> {
        let make = || [8, 16, 32].into_iter().find_map(|per_unit| normal_pieces(&self.tails, self.support, per_unit));
        self.by_normal.get_or_init(make).as_ref()
    }

    /// The quantile where the lower tail is `below` and the upper `above`.
    #[inline]
    pub fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        let (upper, p) = smaller_tail(below, above);
        match &self.by_probability {
            Some(pieces) if p > pieces.end => {
                let [value] = OfUniform::<true> { table: self, pieces }.at_tail(Scalar, [p], [upper]);
                value
            }
            _ => self.far(upper, p),
        }
    }

    /// The same for every element of a block of lower tail probabilities, in place.
    pub fn quantile_block(&self, u: &mut [f64]) {
        match &self.by_probability {
            None => u.iter_mut().for_each(|u| *u = self.quantile_of_tails(*u, 1.0 - *u)),
            Some(pieces) if pieces.at_edge => vector::run(MapGuarded(u, OfUniform::<true> { table: self, pieces })),
            Some(pieces) => vector::run(MapGuarded(u, OfUniform::<false> { table: self, pieces })),
        }
    }

    /// The quantile of Φ(z).
    #[inline]
    pub fn quantile_at_normal(&self, z: f64) -> f64 {
        match self.by_normal() {
            Some(pieces) => vector::one_guarded(z, OfNormal::<true> { table: self, pieces }),
            None => {
                let tails = math::normal_tails(z);
                self.quantile_of_tails(tails.below, tails.above)
            }
        }
    }

    /// The same for every element of a block, in place.
    pub fn quantile_at_normal_block(&self, z: &mut [f64]) {
        match self.by_normal() {
            Some(pieces) if pieces.at_edge => vector::run(MapGuarded(z, OfNormal::<true> { table: self, pieces })),
            Some(pieces) => vector::run(MapGuarded(z, OfNormal::<false> { table: self, pieces })),
            None => z.iter_mut().for_each(|z| *z = self.quantile_at_normal(*z)),
        }
    }

    /// Outside the table over probability: the exact inverse, kept on its side of the table's end.
    #[cold]
    fn far(&self, upper: bool, p: f64) -> f64 {
        let value = self.inside::<true, _>(Scalar, self.tails[usize::from(upper)].exact(p));
        match (&self.by_probability, upper) {
            (Some(table), false) if p <= table.end => value.min(table.end_values[0]),
            (Some(table), true) if p <= table.end => value.max(table.end_values[1]),
            _ => value,
        }
    }

    /// Keeps values in the support, if asked to.
    #[inline(always)]
    fn inside<const AT_EDGE: bool, S: Simd>(&self, s: S, value: S::F) -> S::F {
        if AT_EDGE { s.min(s.max(value, s.splat(self.support.0)), s.splat(self.support.1)) } else { value }
    }
}

/// Which tail is the smaller (not the lower: where the mask holds) at a lower tail of u, and its probability.
#[inline(always)]
fn tail_of<S: Simd>(s: S, u: S::F) -> (S::M, S::F) {
    let upper = s.less(s.splat(BELOW_HALF), u);
    (upper, s.select(upper, s.splat(1.0) - u, u))
}

/// Which tail is the smaller (not the lower: `true`), and its probability.
#[inline]
fn smaller_tail(below: f64, above: f64) -> (bool, f64) {
    (below >= 0.5, if below < above { below } else { above })
}

/// The quantile of u, by pieces over probability; kept in the support, which is to no effect unless a table is at its edge.
#[derive(Clone, Copy)]
struct OfUniform<'a, const AT_EDGE: bool> {
    table: &'a QuantileTable,
    pieces: &'a Pieces,
}

impl<const AT_EDGE: bool> OfUniform<'_, AT_EDGE> {
    /// For tail probabilities in (end, ½], harmless below; of the upper tail where the mask holds.
    #[inline(always)]
    fn at_tail<S: Simd, const K: usize>(self, s: S, p: [S::F; K], upper: [S::M; K]) -> [S::F; K] {
        let Pieces { pieces, fineness, .. } = self.pieces;
        let within = (1 << (SIGNIFICAND_BITS - fineness)) - 1;
        let centre = 1.0 + 0.5 * width_of_pieces(*fineness);
        let mut value = p;
        let mut i = 0;
        while i < K {
            // One less: pieces have their greater end, and the last ends at ½.
            let bits = s.sub_u(s.bits(p[i]), s.splat_u(1));
            let index = place(s, upper[i], s.shr_by(bits, SIGNIFICAND_BITS - fineness));
            let position = s.of_bits(s.or_u(s.and_u(bits, s.splat_u(within)), s.splat_u(ONE)));
            let c = s.rows8(&pieces.0, index);
            value[i] = self.table.inside::<AT_EDGE, _>(s, polynomial(s, c, position - s.splat(centre)));
            i += 1;
        }
        value
    }
}

impl<const AT_EDGE: bool> Lanewise for OfUniform<'_, AT_EDGE> {
    const BY_ROWS: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, u: [S::F; K]) -> [S::F; K] {
        let mut p = u;
        let mut upper = [s.less(s.splat(0.0), s.splat(0.0)); K];
        let mut i = 0;
        while i < K {
            (upper[i], p[i]) = tail_of(s, u[i]);
            i += 1;
        }
        self.at_tail(s, p, upper)
    }
}

impl<const AT_EDGE: bool> Guarded for OfUniform<'_, AT_EDGE> {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, u: S::F) -> S::M {
        s.less(s.splat(self.pieces.end), tail_of(s, u).1)
    }
    fn beyond(self, u: f64) -> f64 {
        self.table.quantile_of_tails(u, 1.0 - u)
    }
}

/// The quantile of Φ(z), by pieces over z, likewise.
#[derive(Clone, Copy)]
struct OfNormal<'a, const AT_EDGE: bool> {
    table: &'a QuantileTable,
    pieces: &'a Pieces,
}

impl<const AT_EDGE: bool> Lanewise for OfNormal<'_, AT_EDGE> {
    const BY_ROWS: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, z: [S::F; K]) -> [S::F; K] {
        /// 1.5 · 2⁵²: added to a small number it leaves the nearest integer in the lowest bits.
        const ROUND: f64 = 6_755_399_441_055_744.0;
        let Pieces { pieces, fineness, .. } = self.pieces;
        let mut value = z;
        let mut i = 0;
        while i < K {
            // Pieces lie around the odd half steps; their numbers count from z = 0, modulo how many there are.
            let steps = z[i] * s.splat(f64::from(*fineness)) - s.splat(0.5);
            let shifted = steps + s.splat(ROUND);
            let t = steps - (shifted - s.splat(ROUND));
            let c = s.rows8(&pieces.0, s.bits(shifted));
            value[i] = self.table.inside::<AT_EDGE, _>(s, polynomial(s, c, t));
            i += 1;
        }
        value
    }
}

impl<const AT_EDGE: bool> Guarded for OfNormal<'_, AT_EDGE> {
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

/// Place of a piece over probability, modulo [`PIECES`], by the leading bits of the tail probability. Those of a tail are
/// [`HALF`] numbers in a row: as many beside them are free for the upper tail.
#[inline(always)]
fn place<S: Simd>(s: S, upper: S::M, leading: S::U) -> S::U {
    // Bits that stand for integers here; nothing is computed with them as numbers.
    let beside = s.select(upper, s.splat(f64::from_bits(HALF as u64)), s.splat(0.0));
    s.xor_u(leading, s.bits(beside))
}

/// Width of pieces over probability in units of their octave, of which there are 2^`bits`.
const fn width_of_pieces(bits: u32) -> f64 {
    1.0 / (1_u64 << bits) as f64
}

/// Estrin's scheme, the first coefficient last: short chains of dependence.
#[inline(always)]
fn polynomial<S: Simd>(_: S, c: [S::F; KEPT], t: S::F) -> S::F {
    let t2 = t * t;
    let low = c[1] * t + (c[2] + c[3] * t) * t2;
    let high = (c[4] + c[5] * t) + (c[6] + c[7] * t) * t2;
    c[0] + (low + high * (t2 * t2))
}

/// Tabulates over probability with 2^`bits` pieces an octave; `None` if that is not fine enough.
///
/// The lowest `skipped` octaves of the room there is are left to the exact inverse.
fn probability_pieces(tails: &[Placed; 2], support: (f64, f64), bits: u32, skipped: usize) -> Option<Pieces> {
    let mut pieces = Box::new(Rows([[0.0; KEPT]; PIECES]));
    let key = |index: usize| ((TOP_OCTAVE + 1) << bits) - (HALF - index) as u64;
    let bounds = |index: usize| {
        let shift = SIGNIFICAND_BITS - bits;
        (f64::from_bits(key(index) << shift), f64::from_bits((key(index) + 1) << shift))
    };
    let unit = 0.5 * width_of_pieces(bits);
    let first = skipped << bits;
    let (mut end_values, mut at_edge) = ([0.0; 2], false);
    for (half, placed) in tails.iter().enumerate() {
        let mut guess = None;
        for index in (first..HALF).rev() {
            let (left, right) = bounds(index);
            let (centre, half_width) = (0.5 * (left + right), 0.5 * (right - left));
            let point = placed.tail.point(centre, guess);
            let density = placed.tail.density();
            let series = Series::new(density, Variable::Probability, point, point.slope, half_width);
            let piece = placed.piece(&series, point, unit)?;
            pieces.0[(key(index) as usize ^ (half * HALF)) % PIECES] = piece;
            at_edge |= reaches(support, piece, unit);
            // The last of a tail is the first of the table.
            end_values[half] = polynomial(Scalar, piece, -unit);
            // The next piece is as wide, or half as wide when an octave begins.
            let next = bounds(index.max(1) - 1);
            guess = Some(series.at((0.5 * (next.0 + next.1) - centre) / half_width));
        }
    }
    Some(Pieces { pieces, fineness: bits, at_edge, end: bounds(first).0, end_values })
}

/// Whether a piece comes so near to an end of the support that rounding could carry a value beyond it: the bound of
/// the polynomial and 8 roundings of it.
fn reaches((low, high): (f64, f64), piece: Piece, unit: f64) -> bool {
    let beside: f64 = piece[1..].iter().rev().fold(0.0, |sum, c| (sum + c.abs()) * unit.abs());
    let (least, greatest) = (piece[0] - beside, piece[0] + beside);
    let rounding = 8.0 * f64::EPSILON * (piece[0].abs() + beside);
    !(least - rounding > low && greatest + rounding < high)
}

/// Tabulates over z with `per_unit` pieces a unit; `None` if that is not fine enough.
fn normal_pieces(tails: &[Placed; 2], support: (f64, f64), per_unit: u32) -> Option<Pieces> {
    let mut pieces = Box::new(Rows([[0.0; KEPT]; PIECES]));
    let width = 1.0 / f64::from(per_unit);
    let count = (NORMAL_END * f64::from(per_unit)) as usize;
    let (mut end_values, mut at_edge) = ([0.0; 2], false);
    for (half, placed) in tails.iter().enumerate() {
        // A tail grows with z below zero and shrinks above.
        let unit = if half == 0 { 0.5 } else { -0.5 };
        let mut guess = None;
        for index in 0..count {
            let z = -(index as f64 + 0.5) * width;
            let point = placed.tail.point(math::normal_cdf(z), guess);
            let density = placed.tail.density();
            let slope = point.slope * math::normal_density(z);
            let series = Series::new(density, Variable::Normal(z), point, slope, 0.5 * width);
            let piece = placed.piece(&series, point, unit)?;
            pieces.0[if half == 0 { PIECES - 1 - index } else { index }] = piece;
            at_edge |= reaches(support, piece, unit);
            end_values[half] = polynomial(Scalar, piece, -unit);
            guess = Some(series.at(-2.0));
        }
    }
    Some(Pieces { pieces, fineness: per_unit, at_edge, end: NORMAL_END, end_values })
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
