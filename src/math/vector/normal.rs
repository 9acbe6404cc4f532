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
use super::simd::{Pieces16, Scalar, Simd, horner_pair, horner_pieces};
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

/// |z| for tails from 2⁻¹⁴ to 2⁻⁶, by the last bit of the tail's exponent and so on: in the mantissa's distance from the
/// middle of its half of an octave.
static TAIL: Pieces16 = Pieces16::new(&TAIL_PIECES);

/// By the lowest three bits of the exponent and the highest of the mantissa.
const TAIL_PIECES: [[f64; 12]; 16] = [
    [
        2.335_233_040_068_71,
        -0.299_262_233_453_401_36,
        0.104_569_265_392_073_34,
        -0.053_185_497_566_620_47,
        0.030_998_047_317_932_556,
        -0.019_433_739_233_337_44,
        0.012_752_669_790_788_467,
        -0.008_633_059_656_989_026,
        0.005_950_836_766_948_078,
        -0.004_191_992_942_686_573,
        0.003_353_023_655_222_396,
        -0.002_425_559_077_253_58,
    ],
    [
        2.206_575_216_537_141_5,
        -0.223_441_724_907_142_73,
        0.055_082_962_663_568_005,
        -0.019_964_704_583_671_222,
        0.008_299_259_099_670_853,
        -0.003_712_751_438_948_829_4,
        0.001_738_727_827_762_451_3,
        -0.000_840_693_064_967_288_2,
        0.000_417_033_897_696_238_2,
        -0.000_200_500_692_916_659_97,
        9.793_785_153_079_573e-05,
        -0.000_116_742_753_086_208_51,
    ],
    [
        3.786_819_447_921_292,
        -0.198_866_560_573_814_72,
        0.074_880_395_378_263_53,
        -0.038_904_333_502_948_7,
        0.022_960_424_605_843_528,
        -0.014_519_855_550_275_59,
        0.009_590_619_858_231_66,
        -0.006_526_385_791_115_891_5,
        0.004_517_840_699_253_713,
        -0.003_194_208_061_640_047_7,
        0.002_564_641_957_108_721,
        -0.001_860_327_839_415_929_7,
    ],
    [
        3.702_336_475_306_713_4,
        -0.144_934_363_227_737_15,
        0.038_885_583_807_817_696,
        -0.014_417_974_575_815_326,
        0.006_074_744_481_308_324,
        -0.002_742_968_497_670_196_4,
        0.001_293_670_588_831_601_8,
        -0.000_628_666_356_112_008,
        0.000_311_891_866_325_027_57,
        -0.000_157_507_426_972_512_86,
        8.527_396_389_239_584e-05,
        -4.413_890_236_510_881e-05,
    ],
    [
        3.610_866_452_096_275,
        -0.207_464_187_070_719_3,
        0.077_708_353_725_575_26,
        -0.040_297_129_311_844_98,
        0.023_755_583_416_107_65,
        -0.015_010_822_675_796_91,
        0.009_908_932_079_128_747,
        -0.006_739_731_057_908_493,
        0.004_663_674_143_196_608,
        -0.003_296_180_695_310_437,
        0.002_645_566_950_932_648_4,
        -0.001_918_531_220_315_63,
    ],
    [
        3.522_655_642_072_969_3,
        -0.151_461_558_158_233_42,
        0.040_405_923_352_907_5,
        -0.014_951_407_026_444_938,
        0.006_291_936_328_560_485,
        -0.002_838_653_477_207_71,
        0.001_337_942_736_424_983_7,
        -0.000_649_847_169_237_996,
        0.000_322_263_031_832_704_05,
        -0.000_162_685_750_306_820_15,
        8.804_696_544_871_895e-05,
        -4.556_164_466_614_679e-05,
    ],
    [
        3.426_972_195_444_403,
        -0.217_238_724_039_250_15,
        0.080_863_972_428_074_22,
        -0.041_842_604_236_805_58,
        0.024_635_004_859_745_378,
        -0.015_552_571_860_134_944,
        0.010_259_555_209_963_57,
        -0.006_974_403_464_775_066,
        0.004_823_901_723_688_67,
        -0.003_408_106_959_341_979_7,
        0.002_734_299_378_499_914_5,
        -0.001_982_302_089_715_867,
    ],
    [
        3.334_511_982_673_41,
        -0.158_921_874_602_348_94,
        0.042_108_487_792_742_49,
        -0.015_545_239_572_194_051,
        0.006_532_879_778_391_648,
        -0.002_944_545_291_724_805_6,
        0.001_386_847_270_337_106_7,
        -0.000_673_209_702_344_258,
        0.000_333_688_494_934_548_7,
        -0.000_168_384_519_075_994_55,
        9.109_562_967_871_99e-05,
        -4.712_457_675_976_915e-05,
    ],
    [
        3.233_997_995_171_641_5,
        -0.228_479_466_103_020_47,
        0.084_411_982_774_822_04,
        -0.043_569_343_408_290_17,
        0.025_613_945_961_704_188,
        -0.016_154_080_256_199_684,
        0.010_648_095_848_335_924,
        -0.007_234_048_031_970_905,
        0.005_000_952_723_127_151,
        -0.003_531_648_289_513_730_3,
        0.002_832_127_462_553_571,
        -0.002_052_551_307_375_090_3,
    ],
    [
        3.136_635_515_942_434,
        -0.167_555_728_930_649_88,
        0.044_030_399_194_249_94,
        -0.016_211_133_445_378_494,
        0.006_802_007_447_995_553,
        -0.003_062_502_919_283_935,
        0.001_441_212_066_053_279_3,
        -0.000_699_137_886_143_812_8,
        0.000_346_351_395_024_567_9,
        -0.000_174_693_128_307_152_16,
        9.446_679_761_025_382e-05,
        -4.885_131_280_570_324_6e-05,
    ],
    [
        3.030_510_590_325_304_7,
        -0.241_584_480_009_078_78,
        0.088_434_937_282_193_15,
        -0.045_513_514_161_923_355,
        0.026_711_593_304_018_427,
        -0.016_826_587_281_676_145,
        0.011_081_549_372_403_472,
        -0.007_523_199_974_826_918,
        0.005_197_842_712_555_817_6,
        -0.003_668_862_936_421_258_4,
        0.002_940_643_751_587_233,
        -0.002_130_403_174_891_108,
    ],
    [
        2.927_410_995_390_981_3,
        -0.177_698_727_565_004_4,
        0.046_219_191_057_325_82,
        -0.016_963_923_440_902_324,
        0.007_104_924_274_894_935,
        -0.003_194_866_524_857_904,
        0.001_502_075_656_743_72,
        -0.000_728_111_973_112_106_4,
        0.000_360_480_270_288_301_2,
        -0.000_181_722_902_765_795_43,
        9.821_868_553_258_09e-05,
        -5.077_115_471_187_748e-05,
    ],
    [
        2.814_664_864_395_776,
        -0.257_118_826_144_496_5,
        0.093_038_874_911_185_45,
        -0.047_721_386_987_584_52,
        0.027_952_349_396_758_5,
        -0.017_584_324_438_679_92,
        0.011_568_742_309_321_154,
        -0.007_847_565_148_108_21,
        0.005_418_356_498_649_587,
        -0.003_822_328_728_935_419_2,
        0.003_061_838_408_147_316,
        -0.002_217_260_413_964_581_8,
    ],
    [
        2.704_732_685_085_578_4,
        -0.189_835_638_268_217_12,
        0.048_735_996_137_094_76,
        -0.017_822_685_245_210_78,
        0.007_448_797_564_893_163_6,
        -0.003_344_615_605_599_738,
        0.001_570_755_684_467_271_3,
        -0.000_760_739_519_805_989_8,
        0.000_376_363_528_930_041_1,
        -0.000_189_614_030_478_177_22,
        0.000_102_424_452_597_160_71,
        -5.292_086_407_174_640_6e-05,
    ],
    [
        2.584_019_580_599_379_8,
        -0.275_915_584_084_499_9,
        0.098_359_942_552_329_94,
        -0.050_252_757_336_414_48,
        0.029_367_591_747_877_304,
        -0.018_445_515_549_015_58,
        0.012_120_938_756_198_027,
        -0.008_214_404_299_782_966,
        0.005_667_298_591_789_439,
        -0.003_995_310_990_012_052_6,
        0.003_198_226_657_152_886,
        -0.002_314_892_851_703_637_6,
    ],
    [
        2.465_770_895_696_494,
        -0.204_696_710_512_158_74,
        0.051_658_816_663_450_464,
        -0.018_812_172_525_121_45,
        0.007_842_888_128_294_886,
        -0.003_515_585_412_067_629_5,
        0.001_648_942_742_290_360_5,
        -0.000_797_797_882_496_145_2,
        0.000_394_369_295_846_482_45,
        -0.000_198_545_067_781_412,
        0.000_107_177_088_390_545_51,
        -5.534_708_807_831_531e-05,
    ],
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
