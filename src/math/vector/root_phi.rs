//! √Φ, the one function that every triangular quantile of Φ(z) is made of.
//!
//! In: w. Out: √Φ(w) for −4 < w < 4: relative error below 6·10⁻¹². Beyond, `math::normal_cdf`.
//!
//! A triangular quantile at probability Φ(z) is min + √(rise)·√Φ(z) below the mode and max − √(fall)·√Φ(−z) above it.
//! √Φ is smooth, the same for all of them, and cheaper than Φ followed by a square root. Sixteen polynomials of degree 8 on
//! intervals of width ½ interpolate it at Chebyshev–Lobatto points, the ends among them, so that they meet.

use super::simd::{Pieces16, Scalar, Simd, horner_pieces};
use crate::math;

/// Where the table ends, on both sides.
pub(crate) const END: f64 = 4.0;

/// Centre of the first piece, in pieces (half units) from zero, negated.
const CENTRE: f64 = 7.5;

/// 1.5 · 2⁵²: added to a small number it leaves the nearest integer in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

static TABLE: Pieces16 = Pieces16::new(&PIECES);

/// The table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RootPhi(&'static Pieces16);

impl RootPhi {
    /// The table.
    pub(crate) fn table() -> Self {
        RootPhi(&TABLE)
    }

    /// √Φ(w) where |w| < 4, anything elsewhere; for `twice` = 2w.
    #[inline(always)]
    pub(crate) fn at_half<S: Simd, const K: usize>(self, s: S, twice: [S::F; K]) -> [S::F; K] {
        let mut t = twice;
        let mut index = [s.splat_u(0); K];
        let mut i = 0;
        while i < K {
            let steps = twice[i] + s.splat(CENTRE);
            let shifted = steps + s.splat(ROUND);
            t[i] = steps - (shifted - s.splat(ROUND));
            index[i] = s.bits(shifted);
            i += 1;
        }
        horner_pieces::<S, 9, K>(s, self.0, index, t)
    }
}

/// √Φ(w) for any w that is not NaN: the bits of [`RootPhi::at_half`] where |w| < 4.
#[inline]
pub(crate) fn root_phi(w: f64) -> f64 {
    if w.abs() < END { RootPhi::table().at_half(Scalar, [2.0 * w])[0] } else { math::sqrt(math::normal_cdf(w)) }
}

/// Coefficients in t ∈ [−½, ½], piece by piece: interpolation at nine Chebyshev–Lobatto points, in 50 digits.
const PIECES: [[f64; 9]; 16] = [
    [
        0.009_403_046_591_440_662,
        0.009_374_506_414_192_917,
        0.004_115_573_332_045_474,
        0.000_999_188_731_096_147_2,
        0.000_128_679_101_866_640_35,
        2.607_500_289_984_058e-06,
        -1.954_815_680_452_204_2e-06,
        -2.970_230_736_279_983_5e-07,
        -6.070_409_868_660_568e-09,
    ],
    [
        0.024_021_345_557_457_163,
        0.021_117_135_719_047_175,
        0.007_875_648_583_803_3,
        0.001_490_385_715_979_247_8,
        0.000_101_974_122_567_195_76,
        -1.525_547_176_633_330_8e-05,
        -3.878_322_973_505_673e-06,
        -1.883_043_009_110_326_6e-07,
        3.714_941_303_599_445e-08,
    ],
    [
        0.054_587_207_613_639_27,
        0.041_646_948_520_624_096,
        0.012_745_145_333_952_794,
        0.001_664_013_286_677_238_1,
        -3.587_307_189_487_56e-05,
        -3.976_433_129_084_050_5e-05,
        -3.716_974_210_108_392_7e-06,
        2.973_271_278_311_677_4e-07,
        7.885_769_365_845_053e-08,
    ],
    [
        0.110_564_337_175_441_45,
        0.071_767_381_434_685_7,
        0.017_077_025_637_802_157,
        0.001_063_416_191_579_420_7,
        -0.000_274_453_589_693_110_4,
        -5.136_600_502_149_58e-05,
        5.608_683_260_273_563e-07,
        8.874_832_373_653_123e-07,
        5.301_870_186_061_277e-08,
    ],
    [
        0.200_147_837_519_712_13,
        0.107_766_988_515_322_99,
        0.018_135_193_890_613_21,
        -0.000_503_432_828_409_643,
        -0.000_489_148_378_360_328,
        -2.755_953_089_442_751e-05,
        7.401_281_697_977_887e-06,
        8.981_109_486_720_635e-07,
        -6.020_572_754_381_832e-08,
    ],
    [
        0.325_038_111_099_076,
        0.140_482_822_747_366_81,
        0.013_542_252_130_489_867,
        -0.002_560_451_561_946_402,
        -0.000_490_211_524_648_995_1,
        3.073_601_908_311_021e-05,
        1.089_903_187_211_503_3e-05,
        -5.415_954_085_982_05e-08,
        -1.635_938_294_767_283_4e-07,
    ],
    [
        0.476_053_938_516_286_4,
        0.158_142_495_935_736_3,
        0.003_384_684_992_033_510_7,
        -0.004_007_179_467_888_875,
        -0.000_186_620_635_192_465_3,
        8.565_684_027_229_888e-05,
        5.896_117_731_192_259e-06,
        -1.313_172_543_575_098_3e-06,
        -1.214_200_939_033_690_6e-07,
    ],
    [
        0.633_477_445_784_043_9,
        0.152_597_428_433_453_03,
        -0.008_842_143_150_096_125,
        -0.003_830_866_252_234_415_7,
        0.000_277_436_594_444_163_7,
        8.863_385_813_258_859e-05,
        -5.253_946_461_929_942e-06,
        -1.598_630_259_769_141_5e-06,
        6.190_679_197_179_073e-08,
    ],
    [
        0.773_761_155_449_744_6,
        0.124_931_354_486_545_73,
        -0.017_893_908_080_286_12,
        -0.001_990_983_375_689_906_3,
        0.000_592_403_821_509_446,
        2.936_516_630_281_163_4e-05,
        -1.309_471_043_229_106_5e-05,
        -4.208_790_337_603_401_6e-07,
        2.092_855_869_879_042_6e-07,
    ],
    [
        0.879_416_083_332_077_7,
        0.085_607_210_818_160_61,
        -0.020_218_091_004_280_09,
        0.000_407_592_151_260_103_6,
        0.000_543_019_829_952_671_4,
        -4.609_990_786_568_414e-05,
        -1.012_906_142_858_538_2e-05,
        1.187_378_797_637_038_4e-06,
        1.547_004_912_539_546_5e-07,
    ],
    [
        0.945_700_918_014_329_1,
        0.048_284_050_996_890_56,
        -0.016_321_369_993_724_785,
        0.001_964_966_987_141_942,
        0.000_210_711_930_226_814_2,
        -7.576_417_911_298_92e-05,
        7.052_229_215_704_471e-07,
        1.571_307_239_694_765e-06,
        -6.994_152_719_684_528e-08,
    ],
    [
        0.979_765_708_287_539,
        0.022_014_783_252_359_74,
        -0.009_878_797_559_939_333,
        0.002_113_866_475_301_79,
        -0.000_109_841_372_816_836_28,
        -4.496_993_166_693_592_4e-05,
        8.066_377_299_367_874e-06,
        3.444_807_683_003_322e-07,
        -1.940_223_301_986_229_7e-07,
    ],
    [
        0.993_868_968_901_311_2,
        0.007_983_862_261_465_847,
        -0.004_522_990_160_982_709,
        0.001_387_768_945_734_15,
        -0.000_214_409_254_394_064_72,
        7.743_588_293_017_637e-07,
        5.842_856_906_007_353e-06,
        -7.668_630_516_581_443e-07,
        -5.459_885_356_545_553e-08,
    ],
    [
        0.998_509_006_852_189_4,
        0.002_276_785_295_694_822_7,
        -0.001_567_885_636_835_664,
        0.000_626_133_591_989_121_9,
        -0.000_151_442_756_083_700_37,
        1.889_763_268_030_519_5e-05,
        4.561_581_110_284_248_4e-07,
        -5.801_010_411_608_126e-07,
        7.378_072_968_863_96e-08,
    ],
    [
        0.999_711_445_847_055_1,
        0.000_507_408_430_762_322,
        -0.000_412_398_117_478_782_1,
        0.000_202_379_788_998_851_75,
        -6.514_167_460_258_392e-05,
        1.364_605_562_604_986_4e-05,
        -1.553_150_517_737_189_3e-06,
        -3.926_777_330_584_744_6e-08,
        4.573_403_547_313_479_6e-08,
    ],
    [
        0.999_955_790_380_154_4,
        8.815_281_846_115_92e-05,
        -8.264_715_243_467_103e-05,
        4.798_626_417_278_750_4e-05,
        -1.905_433_078_475_667_3e-05,
        5.349_304_415_893_687e-06,
        -1.038_154_022_848_232_5e-06,
        1.179_205_377_653_763_1e-07,
        -2.013_181_444_582_534e-10,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::vector::{Kernel, Level, run_at};

    struct Roots<'a>(&'a mut [f64]);

    impl Kernel for Roots<'_> {
        type Output = ();
        #[inline(always)]
        fn run<S: Simd>(self, s: S) {
            for part in self.0.chunks_exact_mut(S::LANES) {
                let [value] = RootPhi::table().at_half(s, [s.splat(2.0) * s.load(part)]);
                s.store(part, value);
            }
        }
    }

    fn arguments() -> Vec<f64> {
        let mut all: Vec<f64> = (-39_999..40_000).map(|i| f64::from(i) / 10_000.0).collect();
        for seam in -8..=8 {
            let w = f64::from(seam) / 2.0;
            all.extend([w - 1e-15, w, w + 1e-15]);
        }
        all.retain(|w| w.abs() < END);
        all.truncate(all.len() / 8 * 8);
        all
    }

    #[test]
    fn root_phi_is_within_its_bound() {
        let mut worst: f64 = 0.0;
        for w in arguments().into_iter().chain([-9.0, -4.0, 4.0, 9.0, -37.0]) {
            let exact = math::sqrt(math::normal_cdf(w));
            let error = (root_phi(w) / exact - 1.0).abs();
            assert!(error < 6e-12, "{w}: {error:e}");
            worst = worst.max(error);
        }
        assert!(worst > 1e-12, "{worst:e}");
    }

    #[test]
    fn pieces_meet() {
        for seam in -8..=8 {
            let w = f64::from(seam) / 2.0;
            let (before, after) = (root_phi(w - 1e-15), root_phi(w + 1e-15));
            assert!((after / before - 1.0).abs() < 3e-14, "{w}: {before} {after}");
        }
    }

    #[test]
    fn every_level_gives_the_bits_of_the_scalar() {
        let expected: Vec<u64> = arguments().iter().map(|w| root_phi(*w).to_bits()).collect();
        for level in Level::available() {
            let mut block = arguments();
            run_at(level, Roots(&mut block));
            assert!(block.iter().zip(&expected).all(|(a, b)| a.to_bits() == *b), "{level:?}");
        }
    }
}
