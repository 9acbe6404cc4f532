//! The standard normal distribution.
//!
//! Comes in: z, or a probability in (0, 1). Goes out: density, tail probabilities, quantile; relative error about
//! 10⁻¹⁵ down to probabilities of 10⁻³⁰⁰, but for the quantile that draws take.
//!
//! Sources: the quantile is algorithm AS 241 (`PPND16`: M. J. Wichura, "The percentage points of the normal
//! distribution", Applied Statistics 37 (1988) 477–484); the one of draws is in `vector/normal`. Φ(z) = ½ erfc(−z/√2) (NIST DLMF 7.18); the rounding of
//! z/√2, which the tail magnifies, is taken out to first order.

#![expect(clippy::excessive_precision, reason = "coefficients as published")]

use super::{HALF_LN_TWO_PI, exp, ln, sqrt, vector};

const CENTRE_NUMERATOR: [f64; 8] = [
    3.387_132_872_796_366_608_0,
    1.331_416_678_917_843_774_5e+2,
    1.971_590_950_306_551_442_7e+3,
    1.373_169_376_550_946_112_5e+4,
    4.592_195_393_154_987_145_7e+4,
    6.726_577_092_700_870_085_3e+4,
    3.343_057_558_358_812_810_5e+4,
    2.509_080_928_730_122_672_7e+3,
];
const CENTRE_DENOMINATOR: [f64; 8] = [
    1.0,
    4.231_333_070_160_091_125_2e+1,
    6.871_870_074_920_579_083_0e+2,
    5.394_196_021_424_751_107_7e+3,
    2.121_379_430_158_659_586_7e+4,
    3.930_789_580_009_271_061_0e+4,
    2.872_908_573_572_194_267_4e+4,
    5.226_495_278_852_854_561_0e+3,
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

/// 1/√2 as an unevaluated sum of two doubles.
const INV_SQRT_2: f64 = std::f64::consts::FRAC_1_SQRT_2;
const INV_SQRT_2_LOW: f64 = -4.833_646_656_726_457e-17;

/// Complementary error function, 2/√π ∫ₓ^∞ e^(−t²) dt.
#[must_use]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Normal density φ(z) = e^(−z²/2) / √(2π).
#[must_use]
pub fn normal_density(z: f64) -> f64 {
    // Split z so that the square of its head is exact: the rounding of z² would be magnified by z²/2.
    let head = split_head(z);
    let rest = (z - head) * (z + head);
    exp(-0.5 * head * head) * exp(-0.5 * rest - HALF_LN_TWO_PI)
}

/// The upper half of the significand (Dekker 1971), by masking: no overflow, no rounding.
fn split_head(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & 0xffff_ffff_f800_0000)
}

/// Φ(z), the probability that a standard normal variable is at most z. Relative error below 2·10⁻¹⁵ for z > −37.5.
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    if z > -1.0 {
        return 0.5 * erfc(-z * INV_SQRT_2);
    }
    if z < -39.0 {
        return 0.0;
    }
    // x = −z/√2 rounds; recover the lost part exactly (Dekker's product) and move along the tangent of ln erfc,
    // whose slope −(2/√π) e^(−x²)/erfc x lies within 6 % of −(x + √(x² + 4/π)) (DLMF 7.8.2).
    let w = -z;
    let x = w * INV_SQRT_2;
    let (w1, c1) = (split_head(w), split_head(INV_SQRT_2));
    let (w2, c2) = (w - w1, INV_SQRT_2 - c1);
    let lost = ((w1 * c1 - x) + w1 * c2 + w2 * c1) + w2 * c2 + w * INV_SQRT_2_LOW;
    let slope = x + sqrt(x * x + 4.0 / std::f64::consts::PI);
    0.5 * erfc(x) * (1.0 - lost * slope)
}

/// Both tails of the standard normal distribution at one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalTails {
    /// Φ(z).
    pub below: f64,
    /// Φ(−z).
    pub above: f64,
}

impl NormalTails {
    /// From the smaller of the two at z; the larger is its complement.
    #[must_use]
    #[inline]
    pub fn from_smaller(z: f64, small: f64) -> Self {
        let large = 1.0 - small;
        if z < 0.0 { NormalTails { below: small, above: large } } else { NormalTails { below: large, above: small } }
    }
}

/// Φ(z) and Φ(−z); the smaller has full relative accuracy, the larger is its complement.
#[must_use]
pub fn normal_tails(z: f64) -> NormalTails {
    NormalTails::from_smaller(z, normal_cdf(-z.abs()))
}

/// Φ⁻¹(p) for p in the open (0, 1). Relative error about 10⁻¹⁵ down to p = 10⁻³⁰⁰.
///
/// For an upper tail q smaller than 10⁻¹⁶ use `-normal_quantile(q)`. Gives ∓infinity at 0 and 1.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(&CENTRE_NUMERATOR, &CENTRE_DENOMINATOR, 0.180_625 - q * q);
    }
    let tail = if p < 0.5 { p } else { 1.0 - p };
    let root = sqrt(-ln(tail));
    let size = if tail == 0.0 {
        f64::INFINITY
    } else if root <= 5.0 {
        ratio(&TAIL_NUMERATOR, &TAIL_DENOMINATOR, root - 1.6)
    } else {
        ratio(&FAR_NUMERATOR, &FAR_DENOMINATOR, root - 5.0)
    };
    if p < 0.5 { -size } else { size }
}

/// [`normal_quantile`] of `below`, from the smaller of the two tails.
#[must_use]
pub fn normal_quantile_of_tails(below: f64, above: f64) -> f64 {
    if below < 0.5 { normal_quantile(below) } else { -normal_quantile(above) }
}

/// The quotient of two polynomials, lowest power first.
fn ratio(above: &[f64; 8], below: &[f64; 8], x: f64) -> f64 {
    let at = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, c| sum * x + c);
    at(above) / at(below)
}

/// Stated relative error of [`drawn_normal`].
pub const DRAWN_NORMAL_ERROR: f64 = 2e-13;

/// Φ⁻¹(u) as draws take it, the function of [`drawn_normals`]; its error is below [`DRAWN_NORMAL_ERROR`].
#[must_use]
#[inline]
pub fn drawn_normal(u: f64) -> f64 {
    vector::normal_quantile(u)
}

/// [`drawn_normal`] of every element, in place, bit for bit; many times as fast.
pub fn drawn_normals(u: &mut [f64]) {
    vector::run(vector::NormalQuantiles(u));
}
