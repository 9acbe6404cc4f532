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

use super::quantile_series::{KEPT, Piece, Series, TailPoint, Variable};
use super::quantile_tail::QuantileTail;
use crate::math;

/// Stated error of a tabulated quantile, relative to its distance from the nearer end of the support.
///
/// A distance under 10⁻¹² of the width from the end opposite to the smaller tail counts as 10⁻¹² of the width. The
/// rounding of the value itself comes on top.
pub const TABLE_ERROR: f64 = 3e-11;

/// Pieces for one tail; both tails lie one behind the other.
const HALF: usize = 128;
const PIECES: usize = 2 * HALF;

/// Elements treated together in a block.
const LANES: usize = 64;

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

    /// Offset and polynomial on an interval around `point`, or `None` where the stated error would be exceeded.
    fn piece(&self, series: &Series, point: TailPoint) -> Option<(f64, Piece)> {
        if series.error_bound(self.tail.density().kappa) > TABLE_ERROR {
            None
        } else if point.x <= point.co_x || !self.far.is_finite() {
            Some((self.near, series.shortened().map(|c| c * self.scale)))
        } else {
            Some((self.far, series.reversed(point).shortened().map(|c| c * -self.scale)))
        }
    }
}

/// Pieces of both tails, with the values at which each tail's table ends.
#[derive(Clone, Debug, PartialEq)]
struct Pieces {
    pieces: Box<[Piece; PIECES]>,
    /// The end of the support from which each piece measures.
    offsets: Box<[f64; PIECES]>,
    /// Pieces per octave as a power of two; or pieces per unit of z.
    fineness: u32,
    /// Tail probability, or |z|, where the table ends.
    end: f64,
    /// Values there.
    end_values: [f64; 2],
}

/// A quantile function, tabulated.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct QuantileTable {
    tails: [Placed; 2],
    support: (f64, f64),
    by_probability: Option<Pieces>,
    by_normal: Option<Pieces>,
}

impl QuantileTable {
    /// From the lower and the upper tail; values are kept inside `support` against rounding.
    pub fn new(below: Placed, above: Placed, support: (f64, f64)) -> Self {
        let tails = [below, above];
        let by_probability =
            [(3, 3), (4, 0), (5, 0)].into_iter().find_map(|(bits, skipped)| probability_pieces(&tails, bits, skipped));
        let by_normal = [8, 16, 32].into_iter().find_map(|per_unit| normal_pieces(&tails, per_unit));
        QuantileTable { tails, support, by_probability, by_normal }
    }

    /// The quantile where the lower tail is `below` and the upper `above`.
    #[inline]
    pub fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        let (upper, p) = smaller_tail(below, above);
        match &self.by_probability {
            Some(table) if p >= table.end => {
                let (index, t) = table.probability_piece(upper, p);
                self.inside(table.value(index, t))
            }
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
        for chunk in u.chunks_mut(LANES) {
            let mut indices = [0; LANES];
            let mut positions = [0.0; LANES];
            let mut smallest = 0.5;
            for ((index, t), &u) in indices.iter_mut().zip(&mut positions).zip(&*chunk) {
                let (upper, p) = smaller_tail(u, 1.0 - u);
                (*index, *t) = table.probability_piece(upper, p);
                smallest = if p < smallest { p } else { smallest };
            }
            let asked = (smallest < table.end).then(|| {
                let mut asked = [0.5; LANES];
                asked[..chunk.len()].copy_from_slice(chunk);
                asked
            });
            for ((value, &index), &t) in chunk.iter_mut().zip(&indices).zip(&positions) {
                *value = self.inside(table.value(index, t));
            }
            if let Some(asked) = asked {
                for (value, &u) in chunk.iter_mut().zip(&asked) {
                    let (upper, p) = smaller_tail(u, 1.0 - u);
                    if p < table.end {
                        *value = self.far(upper, p);
                    }
                }
            }
        }
    }

    /// The quantile of Φ(z).
    #[inline]
    pub fn quantile_at_normal(&self, z: f64) -> f64 {
        match &self.by_normal {
            Some(table) if z.abs() < NORMAL_END => {
                let (index, t) = table.normal_piece(z);
                self.inside(table.value(index, t))
            }
            Some(table) => {
                let value = self.far(z > 0.0, math::normal_cdf(-z.abs()));
                if z > 0.0 { value.max(table.end_values[1]) } else { value.min(table.end_values[0]) }
            }
            None => {
                let tails = math::normal_tails(z);
                self.quantile_of_tails(tails.below, tails.above)
            }
        }
    }

    /// Outside the table over probability: the exact inverse, kept on its side of the table's end.
    #[cold]
    fn far(&self, upper: bool, p: f64) -> f64 {
        let value = self.inside(self.tails[usize::from(upper)].exact(p));
        match (&self.by_probability, upper) {
            (Some(table), false) if p < table.end => value.min(table.end_values[0]),
            (Some(table), true) if p < table.end => value.max(table.end_values[1]),
            _ => value,
        }
    }

    #[inline]
    fn inside(&self, value: f64) -> f64 {
        // Comparisons rather than `max` and `min`, whose care for NaN costs instructions.
        let value = if value > self.support.0 { value } else { self.support.0 };
        if value < self.support.1 { value } else { self.support.1 }
    }
}

/// Which tail is the smaller (not the lower: `true`), and its probability.
#[inline]
fn smaller_tail(below: f64, above: f64) -> (bool, f64) {
    (below >= 0.5, if below < above { below } else { above })
}

impl Pieces {
    /// Piece and position in it for the tail probability `p` in [end, ½]; harmless below `end`.
    #[inline]
    fn probability_piece(&self, upper: bool, p: f64) -> (u32, f64) {
        let bits = (if p < BELOW_HALF { p } else { BELOW_HALF }).to_bits();
        // The last piece of a tail ends at ½; counting is modulo the number of pieces.
        let key = (bits >> (SIGNIFICAND_BITS - self.fineness)) as u32;
        let index = key.wrapping_sub(((TOP_OCTAVE + 1) as u32) << self.fineness);
        let position = f64::from_bits(((bits << self.fineness) & SIGNIFICAND) | ONE);
        (in_half(upper, index), 2.0 * position - 3.0)
    }

    /// Piece and position in it for |z| < 4.
    #[inline]
    fn normal_piece(&self, z: f64) -> (u32, f64) {
        let steps = z.abs() * f64::from(self.fineness);
        let index = steps as i32;
        let t = 1.0 - 2.0 * (steps - f64::from(index));
        (in_half(z >= 0.0, index as u32), t)
    }

    #[inline]
    fn value(&self, index: u32, t: f64) -> f64 {
        let index = index as usize & (PIECES - 1);
        self.offsets[index] + polynomial(&self.pieces[index], t)
    }
}

/// Index among the pieces of both tails.
#[inline]
fn in_half(upper: bool, index: u32) -> u32 {
    (index & (HALF as u32 - 1)) | (u32::from(upper) * HALF as u32)
}

/// Estrin's scheme: short chains of dependence.
#[inline]
fn polynomial(c: &[f64; KEPT], t: f64) -> f64 {
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
    let mut offsets = Box::new([0.0; PIECES]);
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
            (offsets[half * HALF + index], pieces[half * HALF + index]) = placed.piece(&series, point)?;
            // The next piece is as wide, or half as wide when an octave begins.
            let next = bounds(index.max(1) - 1);
            guess = Some(series.at((0.5 * (next.0 + next.1) - centre) / half_width));
        }
        let last = half * HALF + first;
        end_values[half] = offsets[last] + polynomial(&pieces[last], -1.0);
    }
    Some(Pieces { pieces, offsets, fineness: bits, end: bounds(first).0, end_values })
}

/// Tabulates over z with `per_unit` pieces a unit; `None` if that is not fine enough.
fn normal_pieces(tails: &[Placed; 2], per_unit: u32) -> Option<Pieces> {
    let mut pieces = Box::new([[0.0; KEPT]; PIECES]);
    let mut offsets = Box::new([0.0; PIECES]);
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
            (offsets[half * HALF + index], pieces[half * HALF + index]) = placed.piece(&series, point)?;
            guess = Some(series.at(-2.0));
        }
        let last = half * HALF + count - 1;
        end_values[half] = offsets[last] + polynomial(&pieces[last], -1.0);
    }
    Some(Pieces { pieces, offsets, fineness: per_unit, end: NORMAL_END, end_values })
}
