//! The operations of kernels by AVX2 and AVX-512: the only unsafe code of the crate.
//!
//! Why it is sound: an [`Avx2`] or [`Avx512`] can only be had from `detect`, which asks the processor; vectors come
//! from one of them or from other vectors; so whoever holds either may use the instructions. Memory is read and written
//! through slices whose length is checked, and at rows whose number is taken modulo that of the table.
//!
//! A kernel is inlined into `run`, which is compiled for the instruction set, and all operations into the kernel. Loops
//! here and in kernels count by hand: the adapters of iterators and arrays are not always inlined, and what is not
//! inlined is compiled without the instructions.

use core::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Sub};

use super::Kernel;
use super::simd::{Pieces16, Simd};

/// Proof that the processor has AVX2.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx2(());

/// Proof that the processor has AVX-512 F and DQ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx512(());

/// Four real numbers.
#[derive(Clone, Copy)]
pub(super) struct F4(__m256d);

/// Eight real numbers.
#[derive(Clone, Copy)]
pub(super) struct F8(__m512d);

impl Avx2 {
    pub(super) fn detect() -> Option<Self> {
        let has = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi2");
        (has && is_x86_feature_detected!("popcnt")).then_some(Self(()))
    }

    /// Runs a kernel compiled for AVX2.
    #[inline]
    pub(super) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
        fn compiled<K: Kernel>(s: Avx2, kernel: K) -> K::Output {
            kernel.run(s)
        }
        // SAFETY: `self` proves the features.
        unsafe { compiled(self, kernel) }
    }
}

impl Avx512 {
    pub(super) fn detect() -> Option<Self> {
        let has = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq");
        (has && Avx2::detect().is_some()).then_some(Self(()))
    }

    /// Runs a kernel compiled for AVX-512.
    #[inline]
    pub(super) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        #[target_feature(enable = "avx512f,avx512dq,avx2,bmi1,bmi2,popcnt")]
        fn compiled<K: Kernel>(s: Avx512, kernel: K) -> K::Output {
            kernel.run(s)
        }
        // SAFETY: `self` proves the features.
        unsafe { compiled(self, kernel) }
    }
}

/// Arithmetic of vectors by intrinsics.
macro_rules! arithmetic {
    ($vector:ident: $($operator:ident $method:ident $intrinsic:ident),*) => {$(
        impl $operator for $vector {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                // SAFETY: a vector exists, so the processor has the instruction.
                Self(unsafe { $intrinsic(self.0, other.0) })
            }
        }
    )*};
}

arithmetic!(F4: Add add _mm256_add_pd, Sub sub _mm256_sub_pd, Mul mul _mm256_mul_pd, Div div _mm256_div_pd);
arithmetic!(F8: Add add _mm512_add_pd, Sub sub _mm512_sub_pd, Mul mul _mm512_mul_pd, Div div _mm512_div_pd);

/// Methods that are one expression of intrinsics.
macro_rules! methods {
    ($(fn $name:ident(self $(, $argument:ident: $type:ty)*) -> $output:ty { $body:expr })*) => {$(
        #[inline(always)]
        fn $name(self $(, $argument: $type)*) -> $output {
            // SAFETY: `self` proves that the processor has the instructions; none of them touches memory.
            unsafe { $body }
        }
    )*};
}

impl Simd for Avx2 {
    const LANES: usize = 4;
    type F = F4;
    type U = __m256i;
    type M = __m256d;
    type Piece = [F4; 12];

    #[inline(always)]
    fn load(self, from: &[f64]) -> F4 {
        let from = &from[..4];
        // SAFETY: `self` proves AVX; the slice has four numbers.
        F4(unsafe { _mm256_loadu_pd(from.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f64], x: F4) {
        let to = &mut to[..4];
        // SAFETY: `self` proves AVX; the slice has four places.
        unsafe { _mm256_storeu_pd(to.as_mut_ptr(), x.0) }
    }

    #[inline(always)]
    fn load_u16(self, from: &[u16]) -> __m256i {
        let from = &from[..4];
        // SAFETY: `self` proves AVX2; the slice has four numbers, 64 bits.
        unsafe { _mm256_cvtepu16_epi64(_mm_loadl_epi64(from.as_ptr().cast())) }
    }

    methods! {
        fn splat(self, x: f64) -> F4 { F4(_mm256_set1_pd(x)) }
        fn sqrt(self, x: F4) -> F4 { F4(_mm256_sqrt_pd(x.0)) }
        fn abs(self, x: F4) -> F4 { F4(_mm256_andnot_pd(_mm256_set1_pd(-0.0), x.0)) }
        fn flip_sign(self, x: F4, sign: F4) -> F4 {
            F4(_mm256_xor_pd(x.0, _mm256_and_pd(_mm256_set1_pd(-0.0), sign.0)))
        }
        fn max(self, a: F4, b: F4) -> F4 { F4(_mm256_max_pd(a.0, b.0)) }
        fn min(self, a: F4, b: F4) -> F4 { F4(_mm256_min_pd(a.0, b.0)) }
        fn less(self, a: F4, b: F4) -> __m256d { _mm256_cmp_pd::<_CMP_LT_OQ>(a.0, b.0) }
        fn select(self, mask: __m256d, yes: F4, no: F4) -> F4 { F4(_mm256_blendv_pd(no.0, yes.0, mask)) }
        fn mask_bits(self, mask: __m256d) -> u64 { _mm256_movemask_pd(mask) as u64 }
        fn mask_of_bits(self, bits: u64) -> __m256d {{
            let lane = _mm256_set_epi64x(8, 4, 2, 1);
            _mm256_castsi256_pd(_mm256_cmpeq_epi64(_mm256_and_si256(_mm256_set1_epi64x(bits.cast_signed()), lane), lane))
        }}
        fn splat_u(self, x: u64) -> __m256i { _mm256_set1_epi64x(x.cast_signed()) }
        fn count_u(self, first: u64, step: u64) -> __m256i {{
            let at = |k: u64| first.wrapping_add(step.wrapping_mul(k)).cast_signed();
            _mm256_set_epi64x(at(3), at(2), at(1), at(0))
        }}
        fn add_u(self, a: __m256i, b: __m256i) -> __m256i { _mm256_add_epi64(a, b) }
        fn sub_u(self, a: __m256i, b: __m256i) -> __m256i { _mm256_sub_epi64(a, b) }
        fn mul_u(self, a: __m256i, b: __m256i) -> __m256i {{
            // Low × low, and the two cross products, whose upper halves fall off.
            let low = _mm256_mul_epu32(a, b);
            let cross = _mm256_add_epi64(
                _mm256_mul_epu32(_mm256_srli_epi64::<32>(a), b),
                _mm256_mul_epu32(a, _mm256_srli_epi64::<32>(b)),
            );
            _mm256_add_epi64(low, _mm256_slli_epi64::<32>(cross))
        }}
        fn xor_u(self, a: __m256i, b: __m256i) -> __m256i { _mm256_xor_si256(a, b) }
        fn and_u(self, a: __m256i, b: __m256i) -> __m256i { _mm256_and_si256(a, b) }
        fn or_u(self, a: __m256i, b: __m256i) -> __m256i { _mm256_or_si256(a, b) }
        fn shr_by(self, a: __m256i, by: u32) -> __m256i { _mm256_srl_epi64(a, _mm_cvtsi32_si128(by.cast_signed())) }
        fn shl_by(self, a: __m256i, by: u32) -> __m256i { _mm256_sll_epi64(a, _mm_cvtsi32_si128(by.cast_signed())) }
        fn bits(self, x: F4) -> __m256i { _mm256_castpd_si256(x.0) }
        fn of_bits(self, x: __m256i) -> F4 { F4(_mm256_castsi256_pd(x)) }
    }

    #[inline(always)]
    fn shr_u<const N: u32>(self, a: __m256i) -> __m256i {
        self.shr_by(a, N)
    }

    #[inline(always)]
    fn piece16(self, table: &Pieces16, index: __m256i) -> [F4; 12] {
        let [p, q, r, t] = self.places(index, 16);
        let (p, q, r, t) = (&table.by_piece[p], &table.by_piece[q], &table.by_piece[r], &table.by_piece[t]);
        let [c0, c1, c2, c3] = self.transposed([self.load(p), self.load(q), self.load(r), self.load(t)]);
        let (p, q, r, t) = (&p[4..], &q[4..], &r[4..], &t[4..]);
        let [c4, c5, c6, c7] = self.transposed([self.load(p), self.load(q), self.load(r), self.load(t)]);
        let (p, q, r, t) = (&p[4..], &q[4..], &r[4..], &t[4..]);
        let [c8, c9, c10, c11] = self.transposed([self.load(p), self.load(q), self.load(r), self.load(t)]);
        [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11]
    }

    #[inline(always)]
    fn coefficient(self, _: &Pieces16, piece: &[F4; 12], power: usize) -> F4 {
        piece[power]
    }

    #[inline(always)]
    fn rows8(self, table: &[[f64; 8]], index: __m256i) -> [F4; 8] {
        let [p, q, r, t] = self.places(index, table.len());
        let (p, q, r, t) = (&table[p], &table[q], &table[r], &table[t]);
        let [c0, c1, c2, c3] = self.transposed([self.load(p), self.load(q), self.load(r), self.load(t)]);
        let (p, q, r, t) = (&p[4..], &q[4..], &r[4..], &t[4..]);
        let [c4, c5, c6, c7] = self.transposed([self.load(p), self.load(q), self.load(r), self.load(t)]);
        [c0, c1, c2, c3, c4, c5, c6, c7]
    }
}

impl Avx2 {
    /// Indices modulo a number that is a power of two.
    #[inline(always)]
    fn places(self, index: __m256i, count: usize) -> [usize; 4] {
        let mut places = [0u64; 4];
        // SAFETY: `self` proves AVX2; the array has four places.
        unsafe { _mm256_storeu_si256(places.as_mut_ptr().cast(), index) };
        let ([p, q, r, t], last) = (places, count as u64 - 1);
        [(p & last) as usize, (q & last) as usize, (r & last) as usize, (t & last) as usize]
    }

    /// Four vectors as rows, read by columns.
    #[inline(always)]
    fn transposed(self, [a, b, c, d]: [F4; 4]) -> [F4; 4] {
        // SAFETY: `self` proves AVX; no memory is touched.
        unsafe {
            let (ab, cd) = (_mm256_unpacklo_pd(a.0, b.0), _mm256_unpacklo_pd(c.0, d.0));
            let (ab2, cd2) = (_mm256_unpackhi_pd(a.0, b.0), _mm256_unpackhi_pd(c.0, d.0));
            [
                F4(_mm256_permute2f128_pd::<0x20>(ab, cd)),
                F4(_mm256_permute2f128_pd::<0x20>(ab2, cd2)),
                F4(_mm256_permute2f128_pd::<0x31>(ab, cd)),
                F4(_mm256_permute2f128_pd::<0x31>(ab2, cd2)),
            ]
        }
    }
}

impl Simd for Avx512 {
    const LANES: usize = 8;
    type F = F8;
    type U = __m512i;
    type M = __mmask8;
    type Piece = __m512i;

    #[inline(always)]
    fn load(self, from: &[f64]) -> F8 {
        let from = &from[..8];
        // SAFETY: `self` proves AVX-512; the slice has eight numbers.
        F8(unsafe { _mm512_loadu_pd(from.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f64], x: F8) {
        let to = &mut to[..8];
        // SAFETY: `self` proves AVX-512; the slice has eight places.
        unsafe { _mm512_storeu_pd(to.as_mut_ptr(), x.0) }
    }

    #[inline(always)]
    fn load_u16(self, from: &[u16]) -> __m512i {
        let from = &from[..8];
        // SAFETY: `self` proves AVX-512; the slice has eight numbers, 128 bits.
        unsafe { _mm512_cvtepu16_epi64(_mm_loadu_si128(from.as_ptr().cast())) }
    }

    methods! {
        fn splat(self, x: f64) -> F8 { F8(_mm512_set1_pd(x)) }
        fn sqrt(self, x: F8) -> F8 { F8(_mm512_sqrt_pd(x.0)) }
        fn abs(self, x: F8) -> F8 { F8(_mm512_abs_pd(x.0)) }
        fn flip_sign(self, x: F8, sign: F8) -> F8 {
            F8(_mm512_xor_pd(x.0, _mm512_and_pd(_mm512_set1_pd(-0.0), sign.0)))
        }
        fn max(self, a: F8, b: F8) -> F8 { F8(_mm512_max_pd(a.0, b.0)) }
        fn min(self, a: F8, b: F8) -> F8 { F8(_mm512_min_pd(a.0, b.0)) }
        fn less(self, a: F8, b: F8) -> __mmask8 { _mm512_cmp_pd_mask::<_CMP_LT_OQ>(a.0, b.0) }
        fn select(self, mask: __mmask8, yes: F8, no: F8) -> F8 { F8(_mm512_mask_blend_pd(mask, no.0, yes.0)) }
        fn splat_u(self, x: u64) -> __m512i { _mm512_set1_epi64(x.cast_signed()) }
        fn count_u(self, first: u64, step: u64) -> __m512i {{
            let at = |k: u64| first.wrapping_add(step.wrapping_mul(k)).cast_signed();
            _mm512_set_epi64(at(7), at(6), at(5), at(4), at(3), at(2), at(1), at(0))
        }}
        fn add_u(self, a: __m512i, b: __m512i) -> __m512i { _mm512_add_epi64(a, b) }
        fn sub_u(self, a: __m512i, b: __m512i) -> __m512i { _mm512_sub_epi64(a, b) }
        fn mul_u(self, a: __m512i, b: __m512i) -> __m512i { _mm512_mullo_epi64(a, b) }
        fn xor_u(self, a: __m512i, b: __m512i) -> __m512i { _mm512_xor_si512(a, b) }
        fn and_u(self, a: __m512i, b: __m512i) -> __m512i { _mm512_and_si512(a, b) }
        fn or_u(self, a: __m512i, b: __m512i) -> __m512i { _mm512_or_si512(a, b) }
        fn shr_by(self, a: __m512i, by: u32) -> __m512i { _mm512_srl_epi64(a, _mm_cvtsi32_si128(by.cast_signed())) }
        fn shl_by(self, a: __m512i, by: u32) -> __m512i { _mm512_sll_epi64(a, _mm_cvtsi32_si128(by.cast_signed())) }
        fn bits(self, x: F8) -> __m512i { _mm512_castpd_si512(x.0) }
        fn of_bits(self, x: __m512i) -> F8 { F8(_mm512_castsi512_pd(x)) }
    }

    #[inline(always)]
    fn mask_bits(self, mask: __mmask8) -> u64 {
        u64::from(mask)
    }

    #[inline(always)]
    fn shr_u<const N: u32>(self, a: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512; no memory is touched.
        unsafe { _mm512_srli_epi64::<N>(a) }
    }

    #[inline(always)]
    fn piece16(self, _: &Pieces16, index: __m512i) -> __m512i {
        index
    }

    #[inline(always)]
    fn coefficient(self, table: &Pieces16, piece: &__m512i, power: usize) -> F8 {
        let row = &table.by_coefficient[power];
        let (low, high) = (self.load(&row[..8]), self.load(&row[8..]));
        // SAFETY: `self` proves AVX-512; the instruction reads the lower four bits of each index.
        F8(unsafe { _mm512_permutex2var_pd(low.0, *piece, high.0) })
    }

    #[inline(always)]
    fn mask_of_bits(self, bits: u64) -> __mmask8 {
        bits as __mmask8
    }

    #[inline(always)]
    fn rows8(self, table: &[[f64; 8]], index: __m512i) -> [F8; 8] {
        let at = self.places(index, table.len());
        let (r0, r1, r2, r3) =
            (self.row(table, at[0]), self.row(table, at[1]), self.row(table, at[2]), self.row(table, at[3]));
        let (r4, r5, r6, r7) =
            (self.row(table, at[4]), self.row(table, at[5]), self.row(table, at[6]), self.row(table, at[7]));
        // SAFETY: `self` proves AVX-512; no memory is touched.
        unsafe {
            let (e0, o0) = (_mm512_unpacklo_pd(r0, r1), _mm512_unpackhi_pd(r0, r1));
            let (e2, o2) = (_mm512_unpacklo_pd(r2, r3), _mm512_unpackhi_pd(r2, r3));
            let (e4, o4) = (_mm512_unpacklo_pd(r4, r5), _mm512_unpackhi_pd(r4, r5));
            let (e6, o6) = (_mm512_unpacklo_pd(r6, r7), _mm512_unpackhi_pd(r6, r7));
            // Blocks of two: the even ones (0x88) and the odd ones (0xdd) of two vectors.
            let (e04, e26) = (_mm512_shuffle_f64x2::<0x88>(e0, e2), _mm512_shuffle_f64x2::<0xdd>(e0, e2));
            let (o04, o26) = (_mm512_shuffle_f64x2::<0x88>(o0, o2), _mm512_shuffle_f64x2::<0xdd>(o0, o2));
            let (f04, f26) = (_mm512_shuffle_f64x2::<0x88>(e4, e6), _mm512_shuffle_f64x2::<0xdd>(e4, e6));
            let (p04, p26) = (_mm512_shuffle_f64x2::<0x88>(o4, o6), _mm512_shuffle_f64x2::<0xdd>(o4, o6));
            [
                F8(_mm512_shuffle_f64x2::<0x88>(e04, f04)),
                F8(_mm512_shuffle_f64x2::<0x88>(o04, p04)),
                F8(_mm512_shuffle_f64x2::<0x88>(e26, f26)),
                F8(_mm512_shuffle_f64x2::<0x88>(o26, p26)),
                F8(_mm512_shuffle_f64x2::<0xdd>(e04, f04)),
                F8(_mm512_shuffle_f64x2::<0xdd>(o04, p04)),
                F8(_mm512_shuffle_f64x2::<0xdd>(e26, f26)),
                F8(_mm512_shuffle_f64x2::<0xdd>(o26, p26)),
            ]
        }
    }
}

impl Avx512 {
    /// A row of a table.
    #[inline(always)]
    fn row(self, table: &[[f64; 8]], place: usize) -> __m512d {
        self.load(&table[place]).0
    }

    /// Indices modulo a number that is a power of two.
    #[inline(always)]
    fn places(self, index: __m512i, count: usize) -> [usize; 8] {
        let mut places = [0u64; 8];
        // SAFETY: `self` proves AVX-512; the array has eight places.
        unsafe { _mm512_storeu_si512(places.as_mut_ptr().cast(), index) };
        let ([a, b, c, d, e, f, g, h], last) = (places, count as u64 - 1);
        let low = |place: u64| (place & last) as usize;
        [low(a), low(b), low(c), low(d), low(e), low(f), low(g), low(h)]
    }
}
