//! Latin hypercube: of n points, one in each n-th of (0, 1), in every dimension, each in an order of its own.
//!
//! In: a number of points, keys, the number of a point. Out: its stratum.
//!
//! Source: M. D. McKay, R. J. Beckman and W. J. Conover, "A comparison of three methods for selecting values of input
//! variables in the analysis of output from a computer code", Technometrics 21 (1979) 239–245. The order is not
//! shuffled but addressed: a keyed permutation of the words of b bits, 2ᵇ ≥ n, walked along its cycle until it is below
//! n again (J. Black and P. Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002). Its steps (add, multiply by
//! an odd number, exclusive or with the upper half) are those of A. Kensler, "Correlated multi-jittered sampling", Pixar
//! technical memo 13-01 (2013), keyed in each of its rounds: eight, sixteen where words are short.

use super::stream::Stream;
use crate::math::vector::{self, Kernel, Scalar, Simd};

/// Rounds for words of up to eight bits, of which each round mixes little.
const MOST_ROUNDS: usize = 16;
/// Rounds for longer words.
const ROUNDS: usize = 8;

/// A permutation of 0, 1, … n − 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permutation {
    n: u64,
    mask: u64,
    half: u32,
    rounds: usize,
    keys: [[u64; 2]; MOST_ROUNDS],
}

impl Permutation {
    /// Of `n` ≥ 1 numbers, keyed by the words of a stream of its own.
    pub(super) fn new(n: u64, stream: Stream) -> Self {
        let bits = (64 - (n - 1).leading_zeros()).max(1);
        let rounds = if bits <= 8 { MOST_ROUNDS } else { ROUNDS };
        let mut keys = [[0; 2]; MOST_ROUNDS];
        for (round, [add, multiply]) in (0..).zip(&mut keys[..rounds]) {
            *add = stream.bits(2 * round);
            *multiply = stream.bits(2 * round + 1) | 1;
        }
        Self { n, mask: u64::MAX >> (64 - bits), half: bits.div_ceil(2), rounds, keys }
    }

    /// Where a number goes.
    pub(super) fn of(&self, number: u64) -> u64 {
        let mut x = number;
        loop {
            for [add, multiply] in &self.keys[..self.rounds] {
                x = x.wrapping_add(*add).wrapping_mul(*multiply) & self.mask;
                x ^= x >> self.half;
            }
            if x < self.n {
                return x;
            }
        }
    }

    /// [`in_stratum`] of consecutive numbers from `first`: `within[i]` becomes the number that lies `within[i]` into the
    /// stratum of `first + i`.
    pub(super) fn place_all(&self, first: u64, within: &mut [f64]) {
        self.place(Numbers::From(first), within);
    }

    /// The same of the numbers `first + lanes[i]`, modulo 2⁶⁴; as many as there are lanes.
    pub(super) fn place_at(&self, first: u64, lanes: &[u16], within: &mut [f64]) {
        self.place(Numbers::At(first, lanes), within);
    }

    fn place(&self, numbers: Numbers<'_>, within: &mut [f64]) {
        if self.mask < TWO_52 {
            vector::run(Place { permutation: self, numbers, within });
        } else {
            for (i, u) in within.iter_mut().enumerate() {
                *u = in_stratum(self.of(numbers.at(i)), *u, self.n);
            }
        }
    }
}

/// Integers below this are the last bits of real numbers from it on.
const TWO_52: u64 = 1 << 52;

/// Numbers of points.
#[derive(Clone, Copy)]
enum Numbers<'a> {
    From(u64),
    At(u64, &'a [u16]),
}

impl Numbers<'_> {
    #[inline(always)]
    fn at(&self, i: usize) -> u64 {
        match self {
            Numbers::From(first) => first.wrapping_add(i as u64),
            Numbers::At(first, lanes) => first.wrapping_add(u64::from(lanes[i])),
        }
    }
}

/// Points that are placed together: one word of lanes.
const TOGETHER: usize = 64;

struct Place<'a> {
    permutation: &'a Permutation,
    numbers: Numbers<'a>,
    within: &'a mut [f64],
}

impl Kernel for Place<'_> {
    type Output = ();
    /// All numbers take one step; those that are not below n yet are collected, and take the next, until there are none.
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let Self { permutation, numbers, within } = self;
        // Integers, as the bits of real numbers.
        let (mut x, mut some) = ([0.0; TOGETHER], [0.0; TOGETHER]);
        let mut from = 0;
        while from < within.len() {
            let length = (within.len() - from).min(TOGETHER);
            let mut i = 0;
            while i < length {
                x[i] = f64::from_bits(numbers.at(from + i));
                i += 1;
            }
            steps(s, permutation, &mut x[..length]);
            let mut left = not_below(s, permutation.n, &x[..length]);
            while left != 0 {
                let (mut bits, mut count) = (left, 0);
                while bits != 0 {
                    some[count] = x[bits.trailing_zeros() as usize];
                    bits &= bits - 1;
                    count += 1;
                }
                steps(s, permutation, &mut some[..count]);
                let (mut bits, mut k) = (left, 0);
                while bits != 0 {
                    let lane = bits.trailing_zeros();
                    x[lane as usize] = some[k];
                    left &= !(u64::from(some[k].to_bits() < permutation.n) << lane);
                    bits &= bits - 1;
                    k += 1;
                }
            }
            in_strata(s, permutation.n, &x[..length], &mut within[from..from + length]);
            from += length;
        }
    }
}

/// One step of every number.
#[inline(always)]
fn steps<S: Simd>(s: S, permutation: &Permutation, x: &mut [f64]) {
    // Four vectors side by side: their chains of dependence overlap.
    let mut at = steps_by::<S, 4>(s, permutation, x);
    at += steps_by::<S, 1>(s, permutation, &mut x[at..]);
    steps_by::<Scalar, 1>(Scalar, permutation, &mut x[at..]);
}

/// The same, `K` vectors at a time; how many numbers that settles.
#[inline(always)]
fn steps_by<S: Simd, const K: usize>(s: S, permutation: &Permutation, x: &mut [f64]) -> usize {
    let (mask, half) = (s.splat_u(permutation.mask), permutation.half);
    let mut at = 0;
    while at + K * S::LANES <= x.len() {
        let part = &mut x[at..at + K * S::LANES];
        let mut y = [s.splat_u(0); K];
        let mut k = 0;
        while k < K {
            y[k] = s.bits(s.load(&part[k * S::LANES..]));
            k += 1;
        }
        let mut round = 0;
        while round < permutation.rounds {
            let [add, multiply] = permutation.keys[round];
            let (add, multiply) = (s.splat_u(add), s.splat_u(multiply));
            let mut k = 0;
            while k < K {
                y[k] = s.and_u(s.mul_u(s.add_u(y[k], add), multiply), mask);
                y[k] = s.xor_u(y[k], s.shr_by(y[k], half));
                k += 1;
            }
            round += 1;
        }
        let mut k = 0;
        while k < K {
            s.store(&mut part[k * S::LANES..], s.of_bits(y[k]));
            k += 1;
        }
        at += K * S::LANES;
    }
    at
}

/// Integers below 2⁵² as real numbers: the last bits of 2⁵² + x, less 2⁵², which is exact.
#[inline(always)]
fn real<S: Simd>(s: S, x: S::U) -> S::F {
    const TWO_52_REAL: f64 = TWO_52 as f64;
    s.of_bits(s.or_u(x, s.splat_u(TWO_52_REAL.to_bits()))) - s.splat(TWO_52_REAL)
}

/// One bit for each of up to 64 numbers that is not below n.
#[inline(always)]
fn not_below<S: Simd>(s: S, n: u64, x: &[f64]) -> u64 {
    let (mut below, mut at) = (0, 0);
    let end = s.splat(n as f64);
    while at + S::LANES <= x.len() {
        below |= s.mask_bits(s.less(real(s, s.bits(s.load(&x[at..]))), end)) << at;
        at += S::LANES;
    }
    while at < x.len() {
        below |= u64::from(x[at].to_bits() < n) << at;
        at += 1;
    }
    !below & (u64::MAX >> (64 - x.len()))
}

/// [`in_stratum`] of each.
#[inline(always)]
fn in_strata<S: Simd>(s: S, n: u64, x: &[f64], within: &mut [f64]) {
    let (width, end) = (s.splat(n as f64), s.splat(BELOW_ONE));
    let mut at = 0;
    while at + S::LANES <= x.len() {
        let place = real(s, s.bits(s.load(&x[at..]))) + s.load(&within[at..]);
        s.store(&mut within[at..], s.min(place / width, end));
        at += S::LANES;
    }
    while at < x.len() {
        within[at] = in_stratum(x[at].to_bits(), within[at], n);
        at += 1;
    }
}

/// The largest number below 1.
const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;

/// The number that lies `within` (0, 1) of its stratum's width into it.
///
/// Rounding could give the upper end of the last stratum, 1: then it is the largest number below.
#[inline]
pub(super) fn in_stratum(stratum: u64, within: f64, n: u64) -> f64 {
    ((stratum as f64 + within) / n as f64).min(BELOW_ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permutation(n: u64, seed: u64) -> Permutation {
        Permutation::new(n, Stream::new(seed, "order"))
    }

    #[test]
    fn every_number_comes_once() {
        for n in [1, 2, 3, 5, 8, 100, 257, 1000, 4096, 10_007] {
            for seed in 0..5 {
                let p = permutation(n, seed);
                let mut seen = vec![false; n as usize];
                for i in 0..n {
                    let to = p.of(i) as usize;
                    assert!(!seen[to], "{n}: {to} twice");
                    seen[to] = true;
                }
            }
        }
    }

    /// Over keys, each number goes anywhere alike, and so does every pair of numbers.
    #[test]
    fn places_and_pairs_of_places_are_uniform() {
        const KEYS: u64 = 20_000;
        // χ² with k − 1 degrees of freedom against k equally likely cells, as a normal deviate (Wilson & Hilferty 1931).
        let deviate = |counts: &[u64]| {
            let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
            let chi2: f64 = counts.iter().map(|c| (*c as f64 - expected) * (*c as f64 - expected) / expected).sum();
            let k = counts.len() as f64 - 1.0;
            (crate::math::cbrt(chi2 / k) - (1.0 - 2.0 / (9.0 * k))) / (2.0 / (9.0 * k)).sqrt()
        };
        for n in [4u64, 7, 10, 16] {
            let mut places = vec![0; n as usize];
            let mut pairs = vec![0; (n * n) as usize];
            let mut far = vec![0; (n * n) as usize];
            for seed in 0..KEYS {
                let p = permutation(n, seed);
                places[p.of(n / 2) as usize] += 1;
                pairs[(p.of(0) * n + p.of(1)) as usize] += 1;
                far[(p.of(1) * n + p.of(n - 1)) as usize] += 1;
            }
            let unequal = |pairs: &[u64]| -> Vec<u64> {
                let cell = |i: &usize| !(*i as u64).is_multiple_of(n + 1);
                (0..pairs.len()).filter(cell).map(|i| pairs[i]).collect()
            };
            assert!(deviate(&places).abs() < 4.6, "{n}: {}", deviate(&places));
            assert!(deviate(&unequal(&pairs)).abs() < 4.6, "{n}: {}", deviate(&unequal(&pairs)));
            assert!(deviate(&unequal(&far)).abs() < 4.6, "{n}: {}", deviate(&unequal(&far)));
            // Planted fault: a shift, which keeps neighbours together.
            let mut shifted = vec![0; (n * n) as usize];
            for seed in 0..KEYS {
                let by = permutation(n, seed).of(0);
                shifted[(by * n + (by + 1) % n) as usize] += 1;
            }
            assert!(deviate(&unequal(&shifted)) > 4.6);
        }
    }

    #[test]
    fn every_level_places_as_one_by_one() {
        for n in [1, 2, 5, 9, 75, 257, 4096, 9375, 62_500, (1 << 33) + 1, (1 << 51) + 5, (1 << 52) - 1, (1 << 60) + 1] {
            let p = permutation(n, 7);
            let first = n / 3;
            let length = usize::try_from(n - first).unwrap_or(usize::MAX).min(203);
            let within: Vec<f64> = (0..length).map(|i| Stream::new(7, "within").uniform(i as u64)).collect();
            let lanes: Vec<u16> = (0..length as u16).filter(|lane| lane % 3 != 1).collect();
            let one = |i: usize| in_stratum(p.of(first + i as u64), within[i], n);
            for (level, (all, some)) in vector::at_every_level(|| {
                let (mut all, mut some) = (within.clone(), within.clone());
                p.place_all(first, &mut all);
                lanes.iter().enumerate().for_each(|(k, lane)| some[k] = within[usize::from(*lane)]);
                p.place_at(first, &lanes, &mut some[..lanes.len()]);
                (all, some)
            }) {
                assert!((0..length).all(|i| all[i] == one(i)), "{level:?} {n}");
                assert!(lanes.iter().zip(&some).all(|(lane, u)| *u == one(usize::from(*lane))), "{level:?} {n}");
            }
        }
    }

    #[test]
    fn strata_hold_their_numbers() {
        assert_eq!(in_stratum(0, 0.5, 4), 0.125);
        assert_eq!(in_stratum(3, 0.5, 4), 0.875);
        let last = in_stratum((1 << 40) - 1, 1.0 - f64::EPSILON / 2.0, 1 << 40);
        assert!(last < 1.0 && in_stratum(0, f64::EPSILON / 2.0, 1 << 40) > 0.0);
    }
}
