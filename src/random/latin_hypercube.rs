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
}

/// The number that lies `within` (0, 1) of its stratum's width into it.
///
/// Rounding could give the upper end of the last stratum, 1: then it is the largest number below.
#[inline]
pub(super) fn in_stratum(stratum: u64, within: f64, n: u64) -> f64 {
    const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;
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
    fn strata_hold_their_numbers() {
        assert_eq!(in_stratum(0, 0.5, 4), 0.125);
        assert_eq!(in_stratum(3, 0.5, 4), 0.875);
        let last = in_stratum((1 << 40) - 1, 1.0 - f64::EPSILON / 2.0, 1 << 40);
        assert!(last < 1.0 && in_stratum(0, f64::EPSILON / 2.0, 1 << 40) > 0.0);
    }
}
