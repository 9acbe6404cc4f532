//! e^x and ln x over vectors, and the same bits for one number.
//!
//! In: real numbers. Out: a relative error below 4·10⁻¹⁶ for exp where |x| < 700, below 3·10⁻¹⁶ for ln of normal
//! positive numbers. Outside these ranges callers take `math::exp` and `math::ln`.
//!
//! Source of the reduction and of the polynomial of ln: FreeBSD msun, `e_log.c` (Sun Microsystems, 1993). exp is its
//! Taylor polynomial of degree 13 on |f| ≤ ½ ln 2, whose remainder is below 10⁻¹⁷.
#![expect(clippy::excessive_precision, reason = "coefficients as published")]

use super::simd::{Scalar, Simd, horner};

/// Where the kernel of exp ends.
pub(crate) const EXP_END: f64 = 700.0;

const LN_2_HIGH: f64 = 6.931_471_803_691_238_2e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// 1.5 · 2⁵²: added to a small number it leaves the nearest integer in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

const EXP: [f64; 14] = [
    1.0,
    1.0,
    0.5,
    1.0 / 6.0,
    1.0 / 24.0,
    1.0 / 120.0,
    1.0 / 720.0,
    1.0 / 5040.0,
    1.0 / 40_320.0,
    1.0 / 362_880.0,
    1.0 / 3_628_800.0,
    1.0 / 39_916_800.0,
    1.0 / 479_001_600.0,
    1.0 / 6_227_020_800.0,
];

/// e^x for |x| < 700.
#[inline(always)]
pub(crate) fn exps<S: Simd, const K: usize>(s: S, x: [S::F; K]) -> [S::F; K] {
    let mut f = x;
    let mut scale = x;
    let mut i = 0;
    while i < K {
        let shifted = x[i] * s.splat(std::f64::consts::LOG2_E) + s.splat(ROUND);
        let k = shifted - s.splat(ROUND);
        f[i] = (x[i] - k * s.splat(LN_2_HIGH)) - k * s.splat(LN_2_LOW);
        scale[i] = s.of_bits(s.shl_by(s.add_u(s.bits(shifted), s.splat_u(1023)), 52));
        i += 1;
    }
    let mut value = horner(s, &EXP, f);
    let mut i = 0;
    while i < K {
        value[i] = value[i] * scale[i];
        i += 1;
    }
    value
}

/// Coefficients of R(z) = (ln(1 + f) − f + f²/2 − s·f²/2)/s, z = s² = (f/(2 + f))², as published.
const LN: [f64; 7] = [
    6.666_666_666_666_735_130e-1,
    3.999_999_999_940_941_908e-1,
    2.857_142_874_366_239_149e-1,
    2.222_219_843_214_978_396e-1,
    1.818_357_216_161_805_012e-1,
    1.531_383_769_920_937_332e-1,
    1.479_819_860_511_658_591e-1,
];

/// √½ rounded: mantissas are brought into [√½, √2).
const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;

/// ln x for normal x > 0.
#[inline(always)]
pub(crate) fn lns<S: Simd, const K: usize>(s: S, x: [S::F; K]) -> [S::F; K] {
    let one = s.splat(1.0);
    let (mut f, mut k, mut ratio, mut square) = (x, x, x, x);
    let mut i = 0;
    while i < K {
        let bits = s.bits(x[i]);
        let above = s.sub_u(bits, s.splat_u(ROOT_HALF));
        let exponent = s.and_u(above, s.splat_u(0xfff << 52));
        f[i] = s.of_bits(s.sub_u(bits, exponent)) - one;
        // The exponent plus 1024, made a real number by way of the lowest bits of 2⁵².
        let raised = s.shr_u::<52>(s.add_u(above, s.splat_u(1024 << 52)));
        let raised = s.of_bits(s.or_u(raised, s.splat_u(0x4330 << 48)));
        k[i] = raised - s.splat(4_503_599_627_370_496.0 + 1024.0);
        ratio[i] = f[i] / (s.splat(2.0) + f[i]);
        square[i] = ratio[i] * ratio[i];
        i += 1;
    }
    let mut value = horner(s, &LN, square);
    let mut i = 0;
    while i < K {
        let half_square = s.splat(0.5) * f[i] * f[i];
        let correction = ratio[i] * (half_square + value[i] * square[i]) + k[i] * s.splat(LN_2_LOW);
        value[i] = k[i] * s.splat(LN_2_HIGH) - ((half_square - correction) - f[i]);
        i += 1;
    }
    value
}

/// e^x: the bits of [`exps`] where |x| < 700, elsewhere those of `math::exp`.
#[inline]
pub(crate) fn exp(x: f64) -> f64 {
    if x.abs() < EXP_END { exps(Scalar, [x])[0] } else { crate::math::exp(x) }
}

/// ln x: the bits of [`lns`] for normal x > 0, elsewhere those of `math::ln`.
#[inline]
pub(crate) fn ln(x: f64) -> f64 {
    if (f64::MIN_POSITIVE..f64::INFINITY).contains(&x) { lns(Scalar, [x])[0] } else { crate::math::ln(x) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::vector::{Lanewise, Map, at_every_level, run};

    #[derive(Clone, Copy)]
    struct Exp;
    impl Lanewise for Exp {
        #[inline(always)]
        fn at<S: Simd, const K: usize>(self, s: S, x: [S::F; K]) -> [S::F; K] {
            exps(s, x)
        }
    }

    #[derive(Clone, Copy)]
    struct Ln;
    impl Lanewise for Ln {
        #[inline(always)]
        fn at<S: Simd, const K: usize>(self, s: S, x: [S::F; K]) -> [S::F; K] {
            lns(s, x)
        }
    }

    fn exponents() -> Vec<f64> {
        (-69_999..70_000).map(|i| f64::from(i) * 0.01 + 1e-7).chain((1..300).map(|k| f64::from(k) * 1e-9)).collect()
    }

    fn positive() -> Vec<f64> {
        let near_one = (-2000..2000).map(|i| 1.0 + f64::from(i) * 1e-4);
        let far =
            (-1021..1023).flat_map(|k| [1.0, 1.3, 1.41, 1.42, 1.99].map(|m| m * crate::math::pow(2.0, f64::from(k))));
        near_one.chain(far).collect()
    }

    #[test]
    fn exp_and_ln_are_within_their_bounds() {
        for x in exponents() {
            assert!((exp(x) / crate::math::exp(x) - 1.0).abs() < 5e-16, "{x}");
        }
        for x in positive() {
            let exact = crate::math::ln(x);
            let error = if exact == 0.0 { ln(x).abs() } else { (ln(x) / exact - 1.0).abs() };
            assert!(error < 4.5e-16, "{x:e}: {error:e}");
        }
        assert_eq!((exp(800.0), exp(-800.0), ln(0.0)), (f64::INFINITY, 0.0, f64::NEG_INFINITY));
    }

    #[test]
    fn every_level_gives_the_bits_of_the_scalar() {
        let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        let scalar: Vec<f64> = exponents().into_iter().map(exp).chain(positive().into_iter().map(ln)).collect();
        for (level, found) in at_every_level(|| {
            let (mut exponents, mut positive) = (exponents(), positive());
            run(Map(&mut exponents, Exp));
            run(Map(&mut positive, Ln));
            bits(&[exponents, positive].concat())
        }) {
            assert!(found == bits(&scalar), "{level:?}");
        }
    }
}
