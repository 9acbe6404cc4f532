//! The operations kernels are written in, and the portable instance, which is one lane wide.

use std::ops::{Add, Div, Mul, Sub};

/// Coefficients of 16 polynomials of degree 11 or less, laid out for every instruction set.
#[derive(Debug, Clone)]
pub(crate) struct Pieces16 {
    /// Coefficient by coefficient: 16 numbers fit into two registers of AVX-512.
    pub by_coefficient: [[f64; 16]; 12],
    /// Piece by piece.
    pub by_piece: [[f64; 12]; 16],
}

impl Pieces16 {
    /// From the coefficients of each piece, lowest power first.
    pub const fn new<const N: usize>(pieces: &[[f64; N]; 16]) -> Self {
        let mut table = Pieces16 { by_coefficient: [[0.0; 16]; 12], by_piece: [[0.0; 12]; 16] };
        let mut piece = 0;
        while piece < 16 {
            let mut k = 0;
            while k < N {
                table.by_coefficient[k][piece] = pieces[piece][k];
                table.by_piece[piece][k] = pieces[piece][k];
                k += 1;
            }
            piece += 1;
        }
        table
    }
}

/// Operations on a few numbers side by side. An implementor is the proof that the processor has them.
///
/// Every operation gives the same bits in every instance. Nothing is fused.
pub(crate) trait Simd: Copy {
    /// Numbers side by side.
    const LANES: usize;
    /// Real numbers.
    type F: Copy + Add<Output = Self::F> + Sub<Output = Self::F> + Mul<Output = Self::F> + Div<Output = Self::F>;
    /// Integers of 64 bits, without sign, modulo 2⁶⁴.
    type U: Copy;
    /// Truth values.
    type M: Copy;
    /// A piece of a table in every lane.
    type Piece: Copy;

    /// The same number in every lane.
    fn splat(self, x: f64) -> Self::F;
    /// The first numbers of a slice.
    fn load(self, from: &[f64]) -> Self::F;
    /// Into the first places of a slice.
    fn store(self, to: &mut [f64], x: Self::F);
    /// Square root, correctly rounded.
    fn sqrt(self, x: Self::F) -> Self::F;
    /// The size of a number.
    fn abs(self, x: Self::F) -> Self::F;
    /// The number `x`, negative where `sign` has its sign bit set and changed in sign there.
    fn flip_sign(self, x: Self::F, sign: Self::F) -> Self::F;
    /// The greater, `b` if one is not a number.
    fn max(self, a: Self::F, b: Self::F) -> Self::F;
    /// The less, `b` if one is not a number.
    fn min(self, a: Self::F, b: Self::F) -> Self::F;
    /// a < b.
    fn less(self, a: Self::F, b: Self::F) -> Self::M;
    /// `yes` where the mask holds, else `no`.
    fn select(self, mask: Self::M, yes: Self::F, no: Self::F) -> Self::F;
    /// One bit a lane, the first lowest.
    fn mask_bits(self, mask: Self::M) -> u64;
    /// The lanes whose bit is set, the first lowest.
    fn mask_of_bits(self, bits: u64) -> Self::M;

    /// The same integer in every lane.
    fn splat_u(self, x: u64) -> Self::U;
    /// `first`, `first` + `step`, …
    fn count_u(self, first: u64, step: u64) -> Self::U;
    /// Integers of 16 bits, widened.
    fn load_u16(self, from: &[u16]) -> Self::U;
    /// Sum, modulo 2⁶⁴.
    fn add_u(self, a: Self::U, b: Self::U) -> Self::U;
    /// Difference, modulo 2⁶⁴.
    fn sub_u(self, a: Self::U, b: Self::U) -> Self::U;
    /// Product, modulo 2⁶⁴.
    fn mul_u(self, a: Self::U, b: Self::U) -> Self::U;
    /// Exclusive or.
    fn xor_u(self, a: Self::U, b: Self::U) -> Self::U;
    /// And.
    fn and_u(self, a: Self::U, b: Self::U) -> Self::U;
    /// Or.
    fn or_u(self, a: Self::U, b: Self::U) -> Self::U;
    /// Shift to the right.
    fn shr_u<const N: u32>(self, a: Self::U) -> Self::U;
    /// Shift to the right, by as much in every lane; less than 64.
    fn shr_by(self, a: Self::U, by: u32) -> Self::U;
    /// Shift to the left, by as much in every lane; less than 64.
    fn shl_by(self, a: Self::U, by: u32) -> Self::U;
    /// Bits of real numbers.
    fn bits(self, x: Self::F) -> Self::U;
    /// Real numbers of bits.
    fn of_bits(self, x: Self::U) -> Self::F;

    /// What the coefficients of the pieces are had from that the lanes name, modulo 16.
    fn piece16(self, table: &Pieces16, index: Self::U) -> Self::Piece;
    /// The coefficient of a power, from 0 to 11, in each lane's piece.
    fn coefficient(self, table: &Pieces16, piece: &Self::Piece, power: usize) -> Self::F;
    /// The row that each lane names, modulo the number of rows, which is a power of two: the first number of every
    /// row, the second, …
    fn rows8(self, table: &[[f64; 8]], index: Self::U) -> [Self::F; 8];
}

/// One lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scalar;

impl Simd for Scalar {
    const LANES: usize = 1;
    type F = f64;
    type U = u64;
    type M = bool;
    type Piece = usize;

    #[inline(always)]
    fn splat(self, x: f64) -> f64 {
        x
    }
    #[inline(always)]
    fn load(self, from: &[f64]) -> f64 {
        from[0]
    }
    #[inline(always)]
    fn store(self, to: &mut [f64], x: f64) {
        to[0] = x;
    }
    #[inline(always)]
    fn sqrt(self, x: f64) -> f64 {
        x.sqrt()
    }
    #[inline(always)]
    fn abs(self, x: f64) -> f64 {
        x.abs()
    }
    #[inline(always)]
    fn flip_sign(self, x: f64, sign: f64) -> f64 {
        f64::from_bits(x.to_bits() ^ (sign.to_bits() & (1 << 63)))
    }
    #[inline(always)]
    fn max(self, a: f64, b: f64) -> f64 {
        if a > b { a } else { b }
    }
    #[inline(always)]
    fn min(self, a: f64, b: f64) -> f64 {
        if a < b { a } else { b }
    }
    #[inline(always)]
    fn less(self, a: f64, b: f64) -> bool {
        a < b
    }
    #[inline(always)]
    fn select(self, mask: bool, yes: f64, no: f64) -> f64 {
        if mask { yes } else { no }
    }
    #[inline(always)]
    fn mask_bits(self, mask: bool) -> u64 {
        u64::from(mask)
    }
    #[inline(always)]
    fn mask_of_bits(self, bits: u64) -> bool {
        bits & 1 == 1
    }
    #[inline(always)]
    fn splat_u(self, x: u64) -> u64 {
        x
    }
    #[inline(always)]
    fn count_u(self, first: u64, _step: u64) -> u64 {
        first
    }
    #[inline(always)]
    fn load_u16(self, from: &[u16]) -> u64 {
        u64::from(from[0])
    }
    #[inline(always)]
    fn add_u(self, a: u64, b: u64) -> u64 {
        a.wrapping_add(b)
    }
    #[inline(always)]
    fn sub_u(self, a: u64, b: u64) -> u64 {
        a.wrapping_sub(b)
    }
    #[inline(always)]
    fn mul_u(self, a: u64, b: u64) -> u64 {
        a.wrapping_mul(b)
    }
    #[inline(always)]
    fn xor_u(self, a: u64, b: u64) -> u64 {
        a ^ b
    }
    #[inline(always)]
    fn and_u(self, a: u64, b: u64) -> u64 {
        a & b
    }
    #[inline(always)]
    fn or_u(self, a: u64, b: u64) -> u64 {
        a | b
    }
    #[inline(always)]
    fn shr_u<const N: u32>(self, a: u64) -> u64 {
        a >> N
    }
    #[inline(always)]
    fn shr_by(self, a: u64, by: u32) -> u64 {
        a >> by
    }
    #[inline(always)]
    fn shl_by(self, a: u64, by: u32) -> u64 {
        a << by
    }
    #[inline(always)]
    fn bits(self, x: f64) -> u64 {
        x.to_bits()
    }
    #[inline(always)]
    fn of_bits(self, x: u64) -> f64 {
        f64::from_bits(x)
    }
    #[inline(always)]
    fn piece16(self, _: &Pieces16, index: u64) -> usize {
        index as usize & 15
    }
    #[inline(always)]
    fn coefficient(self, table: &Pieces16, piece: &usize, power: usize) -> f64 {
        table.by_piece[*piece & 15][power]
    }
    #[inline(always)]
    fn rows8(self, table: &[[f64; 8]], index: u64) -> [f64; 8] {
        table[index as usize & (table.len() - 1)]
    }
}

/// The number of steps of a loop over the powers of a polynomial.
///
/// For several vectors the compiler is kept from knowing it, and so from unrolling the loop: it would then evaluate the
/// vectors one after the other, and each would wait for its own chain of dependence.
#[inline(always)]
pub(crate) fn steps<S: Simd, const K: usize>(steps: usize) -> usize {
    if K > 1 && S::LANES > 1 { std::hint::black_box(steps) } else { steps }
}

/// A polynomial, lowest power first, at `K` vectors side by side: their chains of dependence overlap.
#[inline(always)]
pub(crate) fn horner<S: Simd, const N: usize, const K: usize>(s: S, c: &[f64; N], x: [S::F; K]) -> [S::F; K] {
    let mut sum = [s.splat(c[N - 1]); K];
    let mut power = steps::<S, K>(N - 1);
    while power > 0 {
        power -= 1;
        let c = s.splat(c[power]);
        let mut k = 0;
        while k < K {
            sum[k] = sum[k] * x[k] + c;
            k += 1;
        }
    }
    sum
}

/// Two polynomials of one degree at `K` vectors side by side.
#[inline(always)]
pub(crate) fn horner_pair<S: Simd, const N: usize, const K: usize>(
    s: S,
    a: &[f64; N],
    b: &[f64; N],
    x: [S::F; K],
) -> ([S::F; K], [S::F; K]) {
    let (mut first, mut second) = ([s.splat(a[N - 1]); K], [s.splat(b[N - 1]); K]);
    let mut power = steps::<S, K>(N - 1);
    while power > 0 {
        power -= 1;
        let (a, b) = (s.splat(a[power]), s.splat(b[power]));
        let mut k = 0;
        while k < K {
            first[k] = first[k] * x[k] + a;
            second[k] = second[k] * x[k] + b;
            k += 1;
        }
    }
    (first, second)
}

/// One of 16 polynomials of degree `N` − 1 in each lane, at `K` vectors side by side; an index counts modulo 16.
#[inline(always)]
pub(crate) fn horner_pieces<S: Simd, const N: usize, const K: usize>(
    s: S,
    table: &Pieces16,
    index: [S::U; K],
    x: [S::F; K],
) -> [S::F; K] {
    let mut piece = [s.piece16(table, s.splat_u(0)); K];
    let mut sum = x;
    let mut k = 0;
    while k < K {
        piece[k] = s.piece16(table, index[k]);
        sum[k] = s.coefficient(table, &piece[k], N - 1);
        k += 1;
    }
    let mut power = steps::<S, K>(N - 1);
    while power > 0 {
        power -= 1;
        let mut k = 0;
        while k < K {
            sum[k] = sum[k] * x[k] + s.coefficient(table, &piece[k], power);
            k += 1;
        }
    }
    sum
}
