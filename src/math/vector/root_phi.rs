//! √Φ, the one function that every triangular quantile of Φ(z) is made of.
//!
//! In: w. Out: √Φ(w) for −4 < w < 4: relative error below 2·10⁻¹³ (and a rounding), and below 7·10⁻¹¹ of 1 − √Φ(w).
//! Beyond, `math::normal_cdf`.
//!
//! A triangular quantile at probability Φ(z) is min + √(rise)·√Φ(z) below the mode and max − √(fall)·√Φ(−z) above it.
//! √Φ is smooth, the same for all of them, and cheaper than Φ followed by a square root. Sixteen polynomials of degree 9 on
//! intervals of width ½ interpolate it at Chebyshev–Lobatto points, the ends among them, so that they meet.

use super::simd::{Pieces16, Scalar, Simd, horner_pieces};
use super::{Guarded, Lanewise, MapGuarded, smaller};
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
        halves::<S, 10, K>(s, self.0, twice)
    }

    /// Φ(−|z|) where |z| < 4, anything elsewhere: the bits of [`small_tail`].
    #[inline(always)]
    pub(crate) fn small_tails<S: Simd, const K: usize>(self, s: S, mut z: [S::F; K]) -> [S::F; K] {
        let mut i = 0;
        while i < K {
            z[i] = s.splat(-2.0) * s.abs(z[i]);
            i += 1;
        }
        let mut root = self.at_half(s, z);
        let mut i = 0;
        while i < K {
            root[i] = root[i] * root[i];
            i += 1;
        }
        root
    }
}

/// One of 16 polynomials of degree `N` − 1, by which half unit of (−4, 4) half of `twice` is in.
#[inline(always)]
pub(super) fn halves<S: Simd, const N: usize, const K: usize>(s: S, table: &Pieces16, twice: [S::F; K]) -> [S::F; K] {
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
    horner_pieces::<S, N, K>(s, table, index, t)
}

/// √Φ(w) for any w that is not NaN: the bits of [`RootPhi::at_half`] where |w| < 4.
#[inline]
pub(crate) fn root_phi(w: f64) -> f64 {
    if w.abs() < END { RootPhi::table().at_half(Scalar, [2.0 * w])[0] } else { math::sqrt(math::normal_cdf(w)) }
}

/// Φ(−|z|), the smaller tail at z; the bits of [`small_tails`]. Relative error below 5·10⁻¹³.
#[inline]
pub(crate) fn small_tail(z: f64) -> f64 {
    super::one_guarded(z, SmallTail(RootPhi::table()))
}

/// [`small_tail`] of every element, in place.
pub(crate) fn small_tails(z: &mut [f64]) {
    super::run(MapGuarded(z, SmallTail(RootPhi::table())));
}

#[derive(Clone, Copy)]
struct SmallTail(RootPhi);

impl Lanewise for SmallTail {
    const BY_ROWS: bool = true;
    const LIGHT: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, z: [S::F; K]) -> [S::F; K] {
        self.0.small_tails(s, z)
    }
}

impl Guarded for SmallTail {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, z: S::F) -> S::M {
        s.less(s.abs(z), s.splat(END))
    }
    fn beyond(self, z: f64) -> f64 {
        math::normal_cdf(-z.abs())
    }
}

/// The smaller tail at z, with a minus where it is the upper one, as `Smaller` takes it: from [`small_tail`].
#[derive(Clone, Copy)]
pub(crate) struct SmallerTail(RootPhi);

impl SmallerTail {
    pub(crate) fn new() -> Self {
        SmallerTail(RootPhi::table())
    }
}

impl Lanewise for SmallerTail {
    const BY_ROWS: bool = true;
    const LIGHT: bool = true;
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, z: [S::F; K]) -> [S::F; K] {
        let mut tail = self.0.small_tails(s, z);
        let mut i = 0;
        while i < K {
            let (lower, large) = (s.less(z[i], s.splat(0.0)), s.splat(1.0) - tail[i]);
            tail[i] = smaller(s, s.select(lower, tail[i], large), s.select(lower, large, tail[i]));
            i += 1;
        }
        tail
    }
}

impl Guarded for SmallerTail {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, z: S::F) -> S::M {
        s.less(s.abs(z), s.splat(END))
    }
    fn beyond(self, z: f64) -> f64 {
        let tails = math::normal_tails(z);
        smaller(Scalar, tails.below, tails.above)
    }
}

/// Coefficients in t ∈ [−½, ½], piece by piece: interpolation at ten Chebyshev–Lobatto points, in 50 digits.
const PIECES: [[f64; 10]; 16] = [
    [
        0.009_403_046_591_442_091,
        0.009_374_506_414_984_777,
        0.004_115_573_331_902_669,
        0.000_999_188_696_255_046,
        0.000_128_679_104_242_527,
        2.607_931_047_352_042_7e-6,
        -1.954_828_837_825_135_7e-6,
        -2.990_501_498_022_373e-7,
        -6.047_020_712_160_229_5e-9,
        3.243_301_371_645_751e-9,
    ],
    [
        0.024_021_345_557_457_274,
        0.021_117_135_720_461_856,
        0.007_875_648_583_792_381,
        0.001_490_385_653_746_305_7,
        0.000_101_974_122_748_423_44,
        -1.525_470_243_977_884_4e-5,
        -3.878_323_975_703_512e-6,
        -1.919_243_407_591_727_2e-7,
        3.715_119_281_656_267e-8,
        5.791_684_863_734_884e-9,
    ],
    [
        0.054_587_207_613_636_24,
        0.041_646_948_521_135_09,
        0.012_745_145_334_255_342,
        0.001_664_013_264_208_898_5,
        -3.587_307_692_891_297_4e-5,
        -3.976_405_361_844_345e-5,
        -3.716_946_330_588_121_3e-6,
        2.960_208_163_348_261e-7,
        7.880_813_169_356_17e-8,
        2.089_646_549_213_082_7e-9,
    ],
    [
        0.110_564_337_175_437_23,
        0.071_767_381_432_639_48,
        0.017_077_025_638_223_69,
        0.001_063_416_281_605_219_8,
        -0.000_274_453_596_706_152_45,
        -5.136_711_801_249_082e-5,
        5.609_071_631_201_631e-7,
        8.927_206_630_393_388e-7,
        5.294_966_359_996_681e-8,
        -8.379_669_361_724_373e-9,
    ],
    [
        0.200_147_837_519_712_35,
        0.107_766_988_511_697_93,
        0.018_135_193_890_592_58,
        -0.000_503_432_668_942_278_1,
        -0.000_489_148_378_016_504_8,
        -2.756_150_222_562_059_4e-5,
        7.401_279_791_831_806e-6,
        9.073_869_419_378_124e-7,
        -6.020_233_647_295_68e-8,
        -1.484_057_299_311_081_1e-8,
    ],
    [
        0.325_038_111_099_082_76,
        0.140_482_822_746_090_64,
        0.013_542_252_129_813_684,
        -0.002_560_451_505_819_076_3,
        -0.000_490_211_513_398_752_4,
        3.073_532_532_319_846e-5,
        1.089_896_956_809_989_7e-5,
        -5.089_536_463_820_109_4e-8,
        -1.634_830_730_555_417e-7,
        -5.222_000_524_311_225e-9,
    ],
    [
        0.476_053_938_516_293_13,
        0.158_142_495_939_302_7,
        0.003_384_684_991_359_095_7,
        -0.004_007_179_624_786_502,
        -0.000_186_620_623_972_070_95,
        8.565_877_990_337_503e-5,
        5.896_055_594_003_919e-6,
        -1.322_299_590_396_692_2e-6,
        -1.213_096_359_525_562_2e-7,
        1.460_253_132_264_69e-8,
    ],
    [
        0.633_477_445_784_042_3,
        0.152_597_428_438_937_78,
        -0.008_842_143_149_937_792,
        -0.003_830_866_493_512_68,
        0.000_277_436_591_809_666_26,
        8.863_684_082_423_806e-5,
        -5.253_931_871_423_381e-6,
        -1.612_665_208_444_686_2e-6,
        6.188_085_398_785_201e-8,
        2.245_444_294_388_040_7e-8,
    ],
    [
        0.773_761_155_449_735_2,
        0.124_931_354_488_226_81,
        -0.017_893_908_079_353_12,
        -0.001_990_983_449_636_352_4,
        0.000_592_403_805_986_112_7,
        2.936_608_038_728_385e-5,
        -1.309_462_446_329_514_6e-5,
        -4.251_800_813_648_14e-7,
        2.091_327_611_975_573_4e-7,
        6.881_053_719_925_235e-9,
    ],
    [
        0.879_416_083_332_069_4,
        0.085_607_210_813_625_07,
        -0.020_218_091_003_454_59,
        0.000_407_592_350_788_533_4,
        0.000_543_019_816_218_895_9,
        -4.610_237_449_373_055e-5,
        -1.012_898_537_341_772_4e-5,
        1.198_985_587_827_025e-6,
        1.545_652_930_844_748e-7,
        -1.856_983_398_010_634_3e-8,
    ],
    [
        0.945_700_918_014_333_5,
        0.048_284_050_990_595_545,
        -0.016_321_369_994_168_472,
        0.001_964_967_264_039_187,
        0.000_210_711_937_609_652_53,
        -7.576_760_193_385_054e-5,
        7.051_820_325_145_949e-7,
        1.587_412_572_172_520_4e-6,
        -6.986_883_618_259_606e-8,
        -2.576_609_649_053_329_8e-8,
    ],
    [
        0.979_765_708_287_552_6,
        0.022_014_783_252_954_417,
        -0.009_878_797_561_302_438,
        0.002_113_866_449_155_616_6,
        -0.000_109_841_350_141_236_33,
        -4.496_960_855_473_877_6e-5,
        8.066_251_734_136_109e-6,
        3.429_607_248_518_888e-7,
        -1.937_991_314_770_128_8e-7,
        2.431_496_548_785_257e-9,
    ],
    [
        0.993_868_968_901_309_7,
        0.007_983_862_266_760_39,
        -0.004_522_990_160_840_001,
        0.001_387_768_712_865_481_6,
        -0.000_214_409_256_766_018_78,
        7.772_372_365_974_724e-7,
        5.842_870_033_564_660_6e-6,
        -7.804_062_430_098_606e-7,
        -5.462_217_968_390_839_6e-8,
        2.166_644_035_620_885_5e-8,
    ],
    [
        0.998_509_006_852_181_4,
        0.002_276_785_296_674_609_3,
        -0.001_567_885_636_038_853_7,
        0.000_626_133_548_852_314_3,
        -0.000_151_442_769_339_326_03,
        1.889_816_620_785_452e-5,
        4.562_315_152_810_61e-7,
        -5.826_124_055_793_524e-7,
        7.365_024_762_945_084e-8,
        4.018_947_216_286_569e-9,
    ],
    [
        0.999_711_445_847_055,
        0.000_507_408_429_134_966_6,
        -0.000_412_398_117_467_714_6,
        0.000_202_379_860_571_216_02,
        -6.514_167_478_852_525e-5,
        1.364_517_097_012_676_2e-5,
        -1.553_149_481_701_474_2e-6,
        -3.510_546_003_739_9e-8,
        4.573_218_588_094_902_5e-8,
        -6.658_786_636_283_03e-9,
    ],
    [
        0.999_955_790_380_156_3,
        8.815_281_779_433_092e-5,
        -8.264_715_262_347_599e-5,
        4.798_629_351_844_997_4e-5,
        -1.905_432_764_365_151_3e-5,
        5.348_941_557_031_266e-6,
        -1.038_171_417_609_828_8e-6,
        1.196_282_375_566_331_8e-7,
        -1.703_967_833_703_290_3e-10,
        -2.732_471_722_649_831_7e-9,
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
            assert!(error < 2e-13, "{w}: {error:e}");
            worst = worst.max(error);
        }
        assert!(worst > 1e-14, "{worst:e}");
    }

    #[test]
    fn small_tails_are_within_their_bound_and_the_same_one_by_one() {
        let all: Vec<f64> = arguments().into_iter().chain([-9.0, -4.0, 4.0, 9.0, -37.0]).collect();
        for (level, block) in crate::math::vector::at_every_level(|| {
            let mut block = all.clone();
            small_tails(&mut block);
            block
        }) {
            for (z, tail) in all.iter().zip(block) {
                let exact = math::normal_cdf(-z.abs());
                assert!((tail / exact - 1.0).abs() < 5e-13, "{level:?}, {z}: {tail}");
                assert_eq!(tail.to_bits(), small_tail(*z).to_bits(), "{level:?}, {z}");
            }
        }
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
