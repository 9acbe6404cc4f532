//! Φ⁻¹ over vectors as draws need it, and the same bits for one number.
//!
//! In: u in the open (0, 1). Out: z, relative error below 6·10⁻¹², for u from 10⁻³⁰⁰ to 1 − 2⁻⁵³; below u = 2⁻¹⁴ and
//! above 1 − 2⁻¹⁴ about 10⁻¹⁵. What needs more takes `math::normal_quantile`, which corrects it.
//!
//! Let t be the smaller tail.
//!
//! - Where t ≥ 2⁻⁶ (97 % of all draws), z = q·P(r)/Q(r) with q = u − ½ and r = c − q²: a rational minimax approximation
//!   of degree 7/7 to Φ⁻¹(½ + q)/q on |q| ≤ 31/64, relative error 4.9·10⁻¹², found by Remez' algorithm in 60 digits. All
//!   its coefficients are positive and r ≥ 0, so that it loses nothing to cancellation.
//! - From 2⁻⁶ down to 2⁻¹⁴, sixteen polynomials of degree 9 in t, two an octave, which interpolate at Chebyshev–Lobatto
//!   points, the ends among them, so that they meet; the last meets the centre. Those lanes are collected and treated
//!   together.
//! - Beyond, one lane in 8192: the two outer regions of algorithm AS 241 (`PPND16`: M. J. Wichura, "The percentage points
//!   of the normal distribution", Applied Statistics 37 (1988) 477–484), rational functions of √(−ln t), one by one.
#![expect(clippy::excessive_precision, reason = "coefficients as computed, or as published")]

use super::Kernel;
use super::elementary::ln;
use super::simd::{Pieces16, Scalar, Simd, horner_pair, horner_pieces};
use crate::math;

/// Smaller tail at which the central approximation ends: 2⁻⁶.
const SEAM: f64 = 0.015_625;

/// The tail at which the pieces end: 2⁻¹⁴.
const PIECES_END: f64 = 0.000_061_035_156_25;

/// The tail at which the second region of AS 241 ends: e⁻²⁵.
const FAR: f64 = 1.388_794_386_496_402e-11;

/// c = (31/64)².
const SQUARE_END: f64 = 0.234_619_140_625;

const NUMERATOR: [f64; 8] = [
    4.446_709_045_782_34,
    617.012_544_352_334_8,
    30_170.295_702_025_818,
    636_131.237_233_047_5,
    5_781_088.665_668_291,
    20_300_614.877_090_61,
    21_144_996.368_412_185,
    2_912_807.657_316_695_4,
];
const DENOMINATOR: [f64; 8] = [
    1.0,
    148.845_188_317_718_68,
    7_972.334_062_712_994,
    189_869.325_122_701_73,
    2_042_338.329_911_306_3,
    9_169_936.055_915_624,
    14_239_350.812_805_725,
    4_817_652.430_207_707,
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

/// |z| for tails from 2⁻¹⁴ to 2⁻⁶, by the last bit of the tail's exponent and so on: in the mantissa's distance from the
/// middle of its half of an octave.
static TAIL: Pieces16 = Pieces16::new(&TAIL_PIECES);

/// By the lowest three bits of the exponent and the highest of the mantissa.
const TAIL_PIECES: [[f64; 10]; 16] = [
    [
        2.335_233_040_081_097,
        -0.299_262_233_462_360_86,
        0.104_569_257_239_727_65,
        -0.053_185_491_669_753_94,
        0.030_998_939_887_511_734,
        -0.019_434_384_880_179_418,
        0.012_717_531_359_364_277,
        -0.008_607_641_442_655_805,
        0.006_526_698_045_324_694,
        -0.004_608_562_618_193_130_4,
    ],
    [
        2.206_575_216_536_954_5,
        -0.223_441_724_909_776_3,
        0.055_082_962_780_365_4,
        -0.019_964_702_877_036_798,
        0.008_299_250_859_904_024,
        -0.003_712_919_966_823_468,
        0.001_738_731_253_725_228_6,
        -0.000_835_345_904_970_646_7,
        0.000_424_404_763_167_945_64,
        -0.000_258_380_946_045_294_14,
    ],
    [
        3.786_819_447_930_766,
        -0.198_866_560_580_686_1,
        0.074_880_389_142_910_33,
        -0.038_904_328_980_347_31,
        0.022_961_107_298_285_24,
        -0.014_520_350_733_793_574,
        0.009_563_743_619_862_93,
        -0.006_506_890_980_930_999,
        0.004_958_300_480_440_480_5,
        -0.003_513_702_786_287_465,
    ],
    [
        3.702_336_475_307_029_6,
        -0.144_934_363_227_900_88,
        0.038_885_583_599_966_037,
        -0.014_417_974_468_233_112,
        0.006_074_767_215_929_174,
        -0.002_742_980_265_103_643,
        0.001_292_776_176_501_500_5,
        -0.000_628_203_403_403_209_8,
        0.000_326_542_653_283_851_1,
        -0.000_165_090_815_826_227_8,
    ],
    [
        3.610_866_452_106_048_3,
        -0.207_464_187_077_805_73,
        0.077_708_347_293_454_6,
        -0.040_297_124_647_735_764,
        0.023_756_287_651_399_838,
        -0.015_011_333_352_663_905,
        0.009_881_207_760_593_628,
        -0.006_719_626_304_732_933,
        0.005_118_032_414_416_338,
        -0.003_625_671_446_961_998_7,
    ],
    [
        3.522_655_642_073_296,
        -0.151_461_558_158_402_43,
        0.040_405_923_138_296_47,
        -0.014_951_406_915_394_858,
        0.006_291_959_802_502_05,
        -0.002_838_665_623_953_566,
        0.001_337_019_238_501_927_2,
        -0.000_649_369_293_832_474,
        0.000_337_390_246_961_046_85,
        -0.000_170_513_578_237_036_12,
    ],
    [
        3.426_972_195_454_504,
        -0.217_238_724_046_572_13,
        0.080_863_965_780_200_93,
        -0.041_842_599_417_651_47,
        0.024_635_732_716_391_117,
        -0.015_553_099_512_447_833,
        0.010_230_900_988_360_065,
        -0.006_953_630_422_520_91,
        0.005_293_499_391_811_624,
        -0.003_748_549_926_426_845,
    ],
    [
        3.334_511_982_673_748,
        -0.158_921_874_602_523_74,
        0.042_108_487_570_700_12,
        -0.015_545_239_457_334_385,
        0.006_532_904_065_151_341,
        -0.002_944_557_855_159_485_3,
        0.001_385_891_795_394_579,
        -0.000_672_715_433_815_413_7,
        0.000_349_339_500_016_948_36,
        -0.000_176_480_872_008_382_38,
    ],
    [
        3.233_997_995_182_104,
        -0.228_479_466_110_601_96,
        0.084_411_975_889_078_13,
        -0.043_569_338_418_339_223,
        0.025_614_699_861_175_438,
        -0.016_154_626_608_542_395,
        0.010_618_416_399_648_395,
        -0.007_212_538_808_689_925,
        0.005_487_351_946_670_853,
        -0.003_884_156_097_834_433_4,
    ],
    [
        3.136_635_515_942_784_6,
        -0.167_555_728_930_831_07,
        0.044_030_398_963_990_07,
        -0.016_211_133_326_309_957,
        0.006_802_032_633_559_897,
        -0.003_062_515_943_079_842,
        0.001_440_221_231_342_075_3,
        -0.000_698_625_506_376_920_5,
        0.000_362_581_599_683_222_73,
        -0.000_183_086_149_325_536_9,
    ],
    [
        3.030_510_590_336_168,
        -0.241_584_480_016_947_85,
        0.088_434_930_132_587_71,
        -0.045_513_508_982_689_7,
        0.026_712_376_091_781_658,
        -0.016_827_154_357_944_09,
        0.011_050_732_681_958_13,
        -0.007_500_874_895_774_221_5,
        0.005_702_879_170_081_709,
        -0.004_034_741_307_521_635,
    ],
    [
        2.927_410_995_391_346,
        -0.177_698_727_565_192_75,
        0.046_219_190_817_920_36,
        -0.016_963_923_317_154_204,
        0.007_104_950_460_772_595,
        -0.003_194_880_060_499_926_5,
        0.001_501_045_468_873_513_3,
        -0.000_727_579_456_644_979_3,
        0.000_377_355_086_397_573_35,
        -0.000_190_445_769_331_656_43,
    ],
    [
        2.814_664_864_407_087,
        -0.257_118_826_152_686_44,
        0.093_038_867_466_887_61,
        -0.047_721_381_597_171_306,
        0.027_953_164_448_139_01,
        -0.017_584_914_636_204_2,
        0.011_536_655_504_494_05,
        -0.007_824_329_837_799_536,
        0.005_944_207_679_716_683,
        -0.004_203_124_298_503_997,
    ],
    [
        2.704_732_685_085_958_5,
        -0.189_835_638_268_413_4,
        0.048_735_995_887_437_294,
        -0.017_822_685_116_222_76,
        0.007_448_824_872_099_236,
        -0.003_344_629_714_374_195_2,
        0.001_569_681_382_666_174_4,
        -0.000_760_184_455_583_439_4,
        0.000_393_960_937_992_980_5,
        -0.000_198_706_236_090_367_14,
    ],
    [
        2.584_019_580_611_195,
        -0.275_915_584_093_050_56,
        0.098_359_934_776_391_78,
        -0.050_252_751_708_621_1,
        0.029_368_443_107_857_703,
        -0.018_446_131_736_298_776,
        0.012_087_422_603_342_744,
        -0.008_190_145_834_580_437,
        0.006_216_573_977_584_996,
        -0.004_392_874_358_033_138_5,
    ],
    [
        2.465_770_895_696_891_3,
        -0.204_696_710_512_364_04,
        0.051_658_816_402_207_86,
        -0.018_812_172_390_219_487,
        0.007_842_916_702_638_41,
        -0.003_515_600_167_698_042_3,
        0.001_647_818_590_396_699_3,
        -0.000_797_217_370_178_508_2,
        0.000_412_783_256_122_828_1,
        -0.000_208_054_120_437_404_57,
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
    let [size] = horner_pieces::<S, 10, 1>(s, &TAIL, [s.shr_u::<51>(bits)], [x]);
    size
}

/// |z| for tails below [`PIECES_END`].
fn far_tail(t: f64) -> f64 {
    let root = math::sqrt(-ln(t));
    let ([above], [below]) = if t >= FAR {
        horner_pair(Scalar, &TAIL_NUMERATOR, &TAIL_DENOMINATOR, [root - 1.6])
    } else {
        horner_pair(Scalar, &FAR_NUMERATOR, &FAR_DENOMINATOR, [root - 5.0])
    };
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
    let size = if t >= PIECES_END {
        tail(Scalar, t)
    } else if t > 0.0 {
        far_tail(t)
    } else {
        f64::INFINITY
    };
    if u < 0.5 { -size } else { size }
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
#[inline(always)]
pub(crate) fn normal_quantiles<S: Simd>(s: S, block: &mut [f64]) {
    let mut beyond = Beyond { places: [0; Beyond::ROOM], numbers: [0.5; Beyond::ROOM], count: 0 };
    let whole = block.len() - block.len() % S::LANES;
    let mut from = 0;
    while from < whole {
        let length = if whole - from < CHUNK { whole - from } else { CHUNK };
        let chunk = &mut block[from..from + length];
        list_beyond(s, chunk, from, &mut beyond);
        let mut at = 0;
        while at < length {
            at += if length - at < 4 * S::LANES {
                centre::<S, 1>(s, &mut chunk[at..])
            } else {
                centre::<S, 4>(s, &mut chunk[at..])
            };
        }
        if beyond.count >= Beyond::MANY {
            tails(s, block, &mut beyond);
        }
        from += length;
    }
    tails(s, block, &mut beyond);
    while from < block.len() {
        block[from] = normal_quantile(block[from]);
        from += 1;
    }
}

/// Collects what lies beyond the centre in a chunk, which begins at a place of the block.
#[inline(always)]
fn list_beyond<S: Simd>(s: S, chunk: &[f64], from: usize, beyond: &mut Beyond) {
    let (half, seam) = (s.splat(0.5), s.splat(SEAM));
    let (mut bits, mut at) = (0_u64, 0);
    while at < chunk.len() {
        let q = s.load(&chunk[at..]) - half;
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
fn centre<S: Simd, const K: usize>(s: S, chunk: &mut [f64]) -> usize {
    let part = &mut chunk[..K * S::LANES];
    let mut q = [s.splat(0.5); K];
    let mut k = 0;
    while k < K {
        q[k] = s.load(&part[k * S::LANES..]) - s.splat(0.5);
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
fn tails<S: Simd>(s: S, block: &mut [f64], beyond: &mut Beyond) {
    let mut at = 0;
    while at < beyond.count {
        let part = &mut beyond.numbers[at..at + S::LANES];
        let u = s.load(part);
        let t = s.min(u, s.splat(1.0) - u);
        let mut far = s.mask_bits(s.less(t, s.splat(PIECES_END)));
        let mut values = [0.0; 8];
        s.store(&mut values, s.flip_sign(tail(s, t), u - s.splat(0.5)));
        while far != 0 {
            let k = far.trailing_zeros() as usize;
            values[k] = outer(part[k]);
            far &= far - 1;
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
        for seam in [SEAM, PIECES_END, FAR, 0.5] {
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
            let bound = if exact < PIECES_END { 1e-15 } else { 6e-12 };
            assert!(error < of_reference + bound * z.abs() + 1e-16, "{u:e}: {z}, {error:e}");
            worst = worst.max((error - of_reference) / z.abs().max(1e-9));
        }
        assert!(worst > 1e-12, "the reference tells the approximation from Φ⁻¹: {worst:e}");
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
