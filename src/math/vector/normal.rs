//! Φ⁻¹ over vectors as draws need it, and the same bits for one number.
//!
//! In: u in the open (0, 1). Out: z, relative error below 2·10⁻¹³, for u from 10⁻³⁰⁰ to 1 − 2⁻⁵³; below u = 2⁻¹⁴ and
//! above 1 − 2⁻¹⁴ about 10⁻¹⁵. What needs more takes `math::normal_quantile`.
//!
//! Let t be the smaller tail.
//!
//! - Where t ≥ 2⁻⁶ (97 % of all draws), z = q·P(r)/Q(r) with q = u − ½ and r = c − q²: a rational minimax approximation
//!   of degree 8/8 to Φ⁻¹(½ + q)/q on |q| ≤ 31/64, relative error 1.4·10⁻¹³, found by Remez' algorithm in 60 digits. All
//!   its coefficients are positive and r ≥ 0, so that it loses nothing to cancellation.
//! - From 2⁻⁶ down to 2⁻¹⁴, sixteen polynomials of degree 11 in t, two an octave, which interpolate at Chebyshev–Lobatto
//!   points, the ends among them, so that they meet; the last meets the centre. Those lanes are collected and treated
//!   together.
//! - Beyond, one lane in 8192: `math::normal_quantile`, one by one.

use super::Kernel;
use super::normal_tail::TAIL;
use super::simd::{Scalar, Simd, horner_pair, horner_pieces};
use crate::math;

/// Smaller tail at which the central approximation ends: 2⁻⁶.
const SEAM: f64 = 0.015_625;

/// The tail at which the pieces end: 2⁻¹⁴.
const PIECES_END: f64 = 0.000_061_035_156_25;

/// c = (31/64)².
const SQUARE_END: f64 = 0.234_619_140_625;

const NUMERATOR: [f64; 9] = [
    4.446_709_045_803_677,
    715.900_929_934_377_4,
    42_771.900_715_014_63,
    1_188_346.220_276_351,
    15_914_611.259_552_946,
    97_994_921.687_484_82,
    244_687_934.161_832_4,
    188_951_695.806_980_07,
    20_031_832.612_866_007,
];
const DENOMINATOR: [f64; 9] = [
    1.0,
    171.083_743_788_774_46,
    11_030.595_194_725_809,
    337_921.588_297_038_05,
    5_146_371.201_339_138,
    37_744_101.931_773_04,
    121_154_632.417_997_72,
    140_108_894.601_575_31,
    36_652_629.473_063_59,
];

/// The central approximation, for `q` = u − ½.
#[inline(always)]
fn central<S: Simd, const K: usize>(s: S, q: [S::F; K]) -> [S::F; K] {
    let mut r = q;
    let mut i = 0;
    while i < K {
        r[i] = s.splat(SQUARE_END) - q[i] * q[i];
        i += 1;
    }
    let (above, below) = horner_pair(s, &NUMERATOR, &DENOMINATOR, r);
    let mut z = q;
    let mut i = 0;
    while i < K {
        z[i] = q[i] * above[i] / below[i];
        i += 1;
    }
    z
}

/// |z| for tails from [`PIECES_END`] to [`SEAM`].
#[inline(always)]
fn tail<S: Simd>(s: S, t: S::F) -> S::F {
    let bits = s.bits(t);
    let half_mantissa = s.and_u(bits, s.splat_u((1 << 51) - 1));
    let x = s.of_bits(s.or_u(half_mantissa, s.bits(s.splat(1.0)))) - s.splat(1.25);
    let [size] = horner_pieces::<S, 12, 1>(s, &TAIL, [s.shr_u::<51>(bits)], [x]);
    size
}

/// How the probability is given that Φ⁻¹ is taken of.
pub(crate) trait Given: Copy {
    /// u − ½.
    fn offset<S: Simd>(self, s: S, x: S::F) -> S::F;
    /// The smaller of u and 1 − u.
    fn tail<S: Simd>(self, s: S, x: S::F) -> S::F;
}

/// By u itself.
#[derive(Clone, Copy)]
pub(crate) struct Lower;

impl Given for Lower {
    #[inline(always)]
    fn offset<S: Simd>(self, s: S, u: S::F) -> S::F {
        u - s.splat(0.5)
    }
    #[inline(always)]
    fn tail<S: Simd>(self, s: S, u: S::F) -> S::F {
        s.min(u, s.splat(1.0) - u)
    }
}

/// By the smaller tail, with a minus where it is the upper one: exact however small either is.
#[derive(Clone, Copy)]
pub(crate) struct Smaller;

/// The smaller of two tails so: the lower one where it is less than a half.
#[inline(always)]
pub(crate) fn smaller<S: Simd>(s: S, below: S::F, above: S::F) -> S::F {
    s.select(s.less(below, s.splat(0.5)), below, s.flip_sign(above, s.splat(-1.0)))
}

impl Given for Smaller {
    #[inline(always)]
    fn offset<S: Simd>(self, s: S, x: S::F) -> S::F {
        s.flip_sign(s.abs(x) - s.splat(0.5), x)
    }
    #[inline(always)]
    fn tail<S: Simd>(self, s: S, x: S::F) -> S::F {
        s.abs(x)
    }
}

/// Φ⁻¹(u) for u in the open (0, 1), the bits of [`normal_quantiles`]; ∓infinity at 0 and 1.
#[inline]
pub(crate) fn normal_quantile(u: f64) -> f64 {
    let q = u - 0.5;
    if 0.5 - q.abs() >= SEAM { central(Scalar, [q])[0] } else { outer(u) }
}

/// Beyond the centre.
fn outer(u: f64) -> f64 {
    let t = if u < 0.5 { u } else { 1.0 - u };
    let size = if t < PIECES_END { far(t) } else { tail(Scalar, t) };
    if u < 0.5 { -size } else { size }
}

/// Beyond the pieces: |z| for a tail.
fn far(t: f64) -> f64 {
    -math::normal_quantile(t)
}

/// Elements that are worked on at a time: as many as a word has bits.
const CHUNK: usize = 64;

/// A chunk has two elements beyond the centre on average, and seldom more than this many, which are listed without a
/// branch.
const USUAL: usize = 4;

/// What lies beyond the centre: where, and what it is.
struct Beyond {
    places: [u32; Self::ROOM],
    numbers: [f64; Self::ROOM],
    count: usize,
}

impl Beyond {
    /// Listed elements that are worked on together at the latest.
    const MANY: usize = 56;
    /// These, a whole chunk more, and what is written in passing behind the last.
    const ROOM: usize = Self::MANY + CHUNK + USUAL + 4;
}

/// Φ⁻¹ of every element, in place: all as if they were in the centre, then again what lies beyond.
///
/// Where probabilities are given by the smaller tail, the bits are those of [`normal_quantile`] of it, changed in sign for
/// an upper one.
#[inline(always)]
pub(crate) fn normal_quantiles<S: Simd, G: Given>(s: S, block: &mut [f64], given: G) {
    let mut beyond = Beyond { places: [0; Beyond::ROOM], numbers: [0.5; Beyond::ROOM], count: 0 };
    let whole = block.len() - block.len() % S::LANES;
    let mut from = 0;
    while from < whole {
        let length = if whole - from < CHUNK { whole - from } else { CHUNK };
        let chunk = &mut block[from..from + length];
        list_beyond(s, chunk, from, &mut beyond, given);
        let mut at = 0;
        while at < length {
            at += if length - at < 4 * S::LANES {
                centre::<S, G, 1>(s, &mut chunk[at..], given)
            } else {
                centre::<S, G, 4>(s, &mut chunk[at..], given)
            };
        }
        if beyond.count >= Beyond::MANY {
            tails(s, block, &mut beyond, given);
        }
        from += length;
    }
    tails(s, block, &mut beyond, given);
    while from < block.len() {
        let x = block[from];
        block[from] = Scalar.flip_sign(normal_quantile(given.tail(Scalar, x)).abs(), given.offset(Scalar, x));
        from += 1;
    }
}

/// Collects what lies beyond the centre in a chunk, which begins at a place of the block.
#[inline(always)]
fn list_beyond<S: Simd, G: Given>(s: S, chunk: &[f64], from: usize, beyond: &mut Beyond, given: G) {
    let (half, seam) = (s.splat(0.5), s.splat(SEAM));
    let (mut bits, mut at) = (0_u64, 0);
    while at < chunk.len() {
        let q = given.offset(s, s.load(&chunk[at..]));
        bits |= s.mask_bits(s.less(half - s.abs(q), seam)) << at;
        at += S::LANES;
    }
    let (mut count, end) = (beyond.count, beyond.count + bits.count_ones() as usize);
    let mut k = 0;
    while k < USUAL || bits != 0 {
        // Without an element left: the first of the chunk, which the next one overwrites or nobody reads.
        let place = (bits.trailing_zeros() & 63) as usize;
        beyond.places[count] = (from + place) as u32;
        beyond.numbers[count] = chunk[place];
        bits &= bits.wrapping_sub(1);
        count += 1;
        k += 1;
    }
    beyond.count = end;
}

/// The first `K` vectors of a chunk as if they were in the centre; how many elements that settles.
#[inline(always)]
fn centre<S: Simd, G: Given, const K: usize>(s: S, chunk: &mut [f64], given: G) -> usize {
    let part = &mut chunk[..K * S::LANES];
    let mut q = [s.splat(0.5); K];
    let mut k = 0;
    while k < K {
        q[k] = given.offset(s, s.load(&part[k * S::LANES..]));
        k += 1;
    }
    let z = central(s, q);
    let mut k = 0;
    while k < K {
        s.store(&mut part[k * S::LANES..], z[k]);
        k += 1;
    }
    K * S::LANES
}

/// Puts the right values where elements lie beyond the centre, and empties the list.
#[inline(always)]
fn tails<S: Simd, G: Given>(s: S, block: &mut [f64], beyond: &mut Beyond, given: G) {
    let mut at = 0;
    while at < beyond.count {
        let part = &mut beyond.numbers[at..at + S::LANES];
        let x = s.load(part);
        let t = given.tail(s, x);
        let mut others = s.mask_bits(s.less(t, s.splat(PIECES_END)));
        let mut values = [0.0; 8];
        s.store(&mut values, s.flip_sign(tail(s, t), given.offset(s, x)));
        while others != 0 {
            let k = others.trailing_zeros() as usize;
            values[k] = Scalar.flip_sign(far(given.tail(Scalar, part[k])), given.offset(Scalar, part[k]));
            others &= others - 1;
        }
        let mut k = 0;
        while k < S::LANES && at + k < beyond.count {
            block[beyond.places[at + k] as usize] = values[k];
            k += 1;
        }
        at += S::LANES;
    }
    beyond.count = 0;
}

/// Φ⁻¹ of every element, in place, as a kernel.
pub(crate) struct NormalQuantiles<'a>(pub &'a mut [f64]);

impl Kernel for NormalQuantiles<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        normal_quantiles(s, self.0, Lower);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::vector::{Level, run_at};

    /// A dense grid, both tails to 10⁻¹⁶ on both sides of every seam, and numbers without pattern.
    fn probabilities() -> Vec<f64> {
        let mut all: Vec<f64> = (1..20_000).map(|i| f64::from(i) / 20_000.0).collect();
        for k in 1..=52 {
            for part in 0..64 {
                let t = math::pow(0.5, f64::from(k) + f64::from(part) / 64.0);
                all.extend([t, 1.0 - t]);
            }
        }
        for seam in [SEAM, PIECES_END, 1.388_794_386_496_402e-11, 0.5] {
            for ulps in 0..40 {
                let t = f64::from_bits(seam.to_bits() - 20 + ulps);
                all.extend([t, 1.0 - t]);
            }
        }
        let stream = |i: u64| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 12) as f64 / 4_503_599_627_370_496.0;
        all.extend((1..50_003).map(stream));
        all.retain(|u| *u > 0.0 && *u < 1.0);
        all
    }

    /// The error of z is that of Φ(z) over the density.
    #[test]
    fn normal_quantiles_are_undone_by_the_distribution_function() {
        let mut worst: f64 = 0.0;
        for u in probabilities() {
            let z = normal_quantile(u);
            let (tail, exact) = (math::normal_cdf(-z.abs()), if u < 0.5 { u } else { 1.0 - u });
            let error = (tail - exact).abs() / math::normal_density(z);
            let of_reference = 2e-15 * exact / math::normal_density(z);
            let bound = if exact < PIECES_END { 1e-15 } else { math::DRAWN_NORMAL_ERROR };
            assert!(error < of_reference + bound * z.abs() + 1e-16, "{u:e}: {z}, {error:e}");
            worst = worst.max((error - of_reference) / z.abs().max(1e-9));
        }
        assert!(worst > 1e-13, "the reference tells the approximation from Φ⁻¹: {worst:e}");
    }

    #[test]
    fn ends_are_infinite() {
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    }

    #[test]
    fn every_level_gives_the_bits_of_the_scalar() {
        let all = probabilities();
        for level in Level::available() {
            for length in [all.len(), 1, 7, 31, 32, 33, 255, 256, 257] {
                let mut block = all[all.len() - length..].to_vec();
                let expected: Vec<f64> = block.iter().map(|u| normal_quantile(*u)).collect();
                run_at(level, NormalQuantiles(&mut block));
                assert!(block.iter().zip(&expected).all(|(a, b)| a.to_bits() == b.to_bits()), "{level:?}, {length}");
            }
        }
    }

    struct OfSmaller<'a>(&'a mut [f64]);

    impl Kernel for OfSmaller<'_> {
        type Output = ();
        #[inline(always)]
        fn run<S: Simd>(self, s: S) {
            normal_quantiles(s, self.0, Smaller);
        }
    }

    #[test]
    fn by_the_smaller_tail_every_level_gives_the_bits_of_the_scalar() {
        let mut all: Vec<f64> = probabilities().into_iter().filter(|t| *t <= 0.5).flat_map(|t| [t, -t]).collect();
        all.extend([1e-17, -1e-17, 1e-300, -1e-300, -0.5 - f64::EPSILON / 2.0]);
        let of = |x: &f64| if *x > 0.0 { normal_quantile(*x) } else { -normal_quantile(-*x) };
        for level in Level::available() {
            for length in [all.len(), 5, 31, 64, 130] {
                let mut block = all[all.len() - length..].to_vec();
                let expected: Vec<f64> = block.iter().map(of).collect();
                run_at(level, OfSmaller(&mut block));
                assert!(block.iter().zip(&expected).all(|(a, b)| a.to_bits() == b.to_bits()), "{level:?}, {length}");
            }
        }
    }

    #[test]
    fn the_centre_meets_the_tail() {
        let (mut before, mut u) = (f64::NEG_INFINITY, f64::from_bits(SEAM.to_bits() - 2000));
        for _ in 0..4000 {
            let z = normal_quantile(u);
            assert!(z >= before - 32.0 * f64::EPSILON * z.abs(), "{u:e}: {z} after {before}");
            before = z;
            u = f64::from_bits(u.to_bits() + 1);
        }
    }
}
