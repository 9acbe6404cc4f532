//! Φ⁻¹ over vectors, and the same bits for one number.
//!
//! In: u in the open (0, 1). Out: z, relative error about 10⁻¹⁵, for u from 10⁻³⁰⁰ to 1 − 2⁻⁵³.
//!
//! Let t be the smaller tail. Where t ≥ 0.0157 (97 % of all draws), z = q·P(r)/Q(r) with q = u − ½ and r = c − q²:
//! a rational minimax approximation of degree 10/10 to Φ⁻¹(½ + q)/q on |q| ≤ 31/64, relative error 1.1·10⁻¹⁶, found by
//! Remez' algorithm in 60 digits. All its coefficients are positive and r ≥ 0, so that it loses nothing to
//! cancellation. Its range ends at the last zero of its error, so that it meets what follows: the two outer regions of
//! algorithm AS 241 (`PPND16`: M. J. Wichura, "The percentage points of the normal distribution", Applied Statistics 37
//! (1988) 477–484), rational functions of √(−ln t). Those few lanes are collected and treated together.
#![expect(clippy::excessive_precision, reason = "coefficients as computed, or as published")]

use super::Kernel;
use super::elementary::lns;
use super::simd::{Scalar, Simd, horner_pair};
use crate::math;

/// Smaller tail at which the central approximation ends: a zero of its error.
const SEAM: f64 = 0.015_693_270_497_127_413;

/// The tail at which the second region of AS 241 ends: e⁻²⁵.
const FAR: f64 = 1.388_794_386_496_402e-11;

/// c = (31/64)².
const SQUARE_END: f64 = 0.234_619_140_625;

const NUMERATOR: [f64; 11] = [
    4.446_709_045_804_297,
    913.469_813_695_302_2,
    74_541.729_596_593_11,
    3_105_919.780_556_207_5,
    71_023_344.057_030_02,
    897_472_312.127_058_5,
    6_056_540_853.315_344,
    20_249_447_184.145_176,
    29_234_654_688.263_93,
    13_817_098_976.645_031,
    944_088_058.215_310_9,
];
const DENOMINATOR: [f64; 11] = [
    1.0,
    215.514_103_799_573,
    18_623.382_751_123_576,
    831_797.524_457_038_5,
    20_720_688.866_855_342,
    291_528_253.796_526_9,
    2_258_495_743.714_972_5,
    9_071_825_417.649_15,
    16_964_516_228.254_7,
    12_088_490_418.967_57,
    2_053_911_374.834_392_5,
];
const TAIL_NUMERATOR: [f64; 8] = [
    1.423_437_110_749_683_577_34,
    4.630_337_846_156_545_295_90,
    5.769_497_221_460_691_405_50,
    3.647_848_324_763_204_605_04,
    1.270_458_252_452_368_382_58,
    2.417_807_251_774_506_117_70e-1,
    2.272_384_498_926_918_458_33e-2,
    7.745_450_142_783_414_076_40e-4,
];
const TAIL_DENOMINATOR: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_821_87,
    1.676_384_830_183_803_849_40,
    6.897_673_349_851_000_045_50e-1,
    1.481_039_764_274_800_745_90e-1,
    1.519_866_656_361_645_719_66e-2,
    5.475_938_084_995_344_946_00e-4,
    1.050_750_071_644_416_843_24e-9,
];
const FAR_NUMERATOR: [f64; 8] = [
    6.657_904_643_501_103_777_20,
    5.463_784_911_164_114_369_90,
    1.784_826_539_917_291_335_80,
    2.965_605_718_285_048_912_30e-1,
    2.653_218_952_657_612_309_30e-2,
    1.242_660_947_388_078_438_60e-3,
    2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
];
const FAR_DENOMINATOR: [f64; 8] = [
    1.0,
    5.998_322_065_558_879_376_90e-1,
    1.369_298_809_227_358_053_10e-1,
    1.487_536_129_085_061_485_25e-2,
    7.868_691_311_456_132_591_00e-4,
    1.846_318_317_510_054_681_80e-5,
    1.421_511_758_316_445_888_70e-7,
    2.044_263_103_389_939_785_64e-15,
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

/// |z| for tails from [`FAR`] to [`SEAM`].
#[inline(always)]
fn tail<S: Simd, const K: usize>(s: S, t: [S::F; K]) -> [S::F; K] {
    let mut r = lns(s, t);
    let mut k = 0;
    while k < K {
        r[k] = s.sqrt(s.splat(0.0) - r[k]) - s.splat(1.6);
        k += 1;
    }
    let (mut above, below) = horner_pair(s, &TAIL_NUMERATOR, &TAIL_DENOMINATOR, r);
    let mut k = 0;
    while k < K {
        above[k] = above[k] / below[k];
        k += 1;
    }
    above
}

/// |z| for tails below [`FAR`].
fn far_tail(t: f64) -> f64 {
    let r = [math::sqrt(-math::ln(t)) - 5.0];
    let ([above], [below]) = horner_pair(Scalar, &FAR_NUMERATOR, &FAR_DENOMINATOR, r);
    above / below
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
    let size = if t >= FAR {
        tail(Scalar, [t])[0]
    } else if t > 0.0 {
        far_tail(t)
    } else {
        f64::INFINITY
    };
    if u < 0.5 { -size } else { size }
}

/// Elements that are worked on at a time.
const CHUNK: usize = 512;

/// Φ⁻¹ of every element, in place.
#[inline(always)]
pub(crate) fn normal_quantiles<S: Simd>(s: S, block: &mut [f64]) {
    let mut from = 0;
    while from < block.len() {
        let length = if block.len() - from < CHUNK { block.len() - from } else { CHUNK };
        chunk(s, &mut block[from..from + length]);
        from += length;
    }
}

/// The same of up to [`CHUNK`] elements: first what lies beyond the centre, then all others.
#[inline(always)]
fn chunk<S: Simd>(s: S, block: &mut [f64]) {
    let (half, seam) = (s.splat(0.5), s.splat(SEAM));
    let mut beyond = [0_u64; CHUNK / 64];
    let mut at = 0;
    while at + S::LANES <= block.len() {
        let q = s.load(&block[at..]) - half;
        beyond[at / 64] |= s.mask_bits(s.less(half - s.abs(q), seam)) << (at % 64);
        at += S::LANES;
    }
    tails(s, block, &beyond);
    let mut at = centre::<S, 4>(s, block, &beyond, 0);
    at = centre::<S, 1>(s, block, &beyond, at);
    while at < block.len() {
        block[at] = normal_quantile(block[at]);
        at += 1;
    }
}

/// The elements from a place on that are not `beyond` the centre, `K` vectors at a time; where it ends.
#[inline(always)]
fn centre<S: Simd, const K: usize>(s: S, block: &mut [f64], beyond: &[u64; CHUNK / 64], from: usize) -> usize {
    let mut at = from;
    while at + K * S::LANES <= block.len() {
        let part = &mut block[at..at + K * S::LANES];
        let mut q = [s.splat(0.5); K];
        let mut k = 0;
        while k < K {
            q[k] = s.load(&part[k * S::LANES..]) - s.splat(0.5);
            k += 1;
        }
        let z = central(s, q);
        let mut k = 0;
        while k < K {
            let place = at + k * S::LANES;
            let settled = s.mask_of_bits(beyond[place / 64] >> (place % 64));
            let part = &mut part[k * S::LANES..];
            let kept = s.load(part);
            s.store(part, s.select(settled, kept, z[k]));
            k += 1;
        }
        at += K * S::LANES;
    }
    at
}

/// The elements beyond the centre, collected into vectors.
#[inline(always)]
fn tails<S: Simd>(s: S, block: &mut [f64], beyond: &[u64; CHUNK / 64]) {
    /// A word has two on average, and seldom more than this many, which are listed without a branch.
    const USUAL: usize = 4;
    /// Vectors side by side.
    const K: usize = 2;
    let mut places = [0_u16; CHUNK + 2 * USUAL];
    let (mut count, mut word) = (0, 0);
    while word < beyond.len() {
        let (mut bits, base) = (beyond[word], (word * 64) as u16);
        let end = count + bits.count_ones() as usize;
        let mut k = 0;
        while k < USUAL {
            places[count + k] = base + bits.trailing_zeros() as u16;
            bits &= bits.wrapping_sub(1);
            k += 1;
        }
        count += USUAL;
        while bits != 0 {
            places[count] = base + bits.trailing_zeros() as u16;
            bits &= bits - 1;
            count += 1;
        }
        count = end;
        word += 1;
    }
    let mut at = 0;
    while at < count {
        // Places after the last one: the last one again, which gets the same number twice.
        let (mut place, mut u) = ([0; K * 8], [0.5; K * 8]);
        let mut k = 0;
        while k < K * S::LANES {
            let next = if at + k < count { at + k } else { count - 1 };
            place[k] = usize::from(places[next]);
            u[k] = block[place[k]];
            k += 1;
        }
        let mut k = 0;
        let (mut t, mut sign) = ([s.splat(0.5); K], [s.splat(0.5); K]);
        let mut far = 0;
        while k < K {
            let own = s.load(&u[k * S::LANES..]);
            t[k] = s.min(own, s.splat(1.0) - own);
            sign[k] = own - s.splat(0.5);
            far |= s.mask_bits(s.less(t[k], s.splat(FAR))) << (k * S::LANES);
            k += 1;
        }
        let size = tail(s, t);
        let mut values = [0.0; K * 8];
        let mut k = 0;
        while k < K {
            s.store(&mut values[k * S::LANES..], s.flip_sign(size[k], sign[k]));
            k += 1;
        }
        let mut k = 0;
        while k < K * S::LANES {
            block[place[k]] = if far >> k & 1 == 1 { outer(u[k]) } else { values[k] };
            k += 1;
        }
        at += K * S::LANES;
    }
}

/// Φ⁻¹ of every element, in place, as a kernel.
pub(crate) struct NormalQuantiles<'a>(pub &'a mut [f64]);

impl Kernel for NormalQuantiles<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        normal_quantiles(s, self.0);
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
        for seam in [SEAM, FAR, 0.5] {
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
        for u in probabilities() {
            let z = normal_quantile(u);
            let (tail, exact) = (math::normal_cdf(-z.abs()), if u < 0.5 { u } else { 1.0 - u });
            let error = (tail - exact).abs() / math::normal_density(z);
            let of_reference = 2e-15 * exact / math::normal_density(z);
            assert!(error < of_reference + 1e-15 * z.abs() + 1e-16, "{u:e}: {z}, {error:e}");
        }
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
