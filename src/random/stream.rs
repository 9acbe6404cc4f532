//! One stream of draws: the bits of a variable on an occasion, iteration by iteration.
//!
//! In: a key of 128 bits. Out: for each iteration 64 bits, or a uniform number. The generator is
//! SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number
//! generators", OOPSLA 2014) used on a counter, which its state is, and keyed in two places:
//!
//! ```text
//! x = iteration × GOLDEN + k₀          the counter, started where the first word says
//! x = (x ⊕ x≫30) × MIX_1               first round
//! x = (x ⊕ x≫27 ⊕ k₁) × MIX_2          second round, with the second word of the key
//! bits = x ⊕ x≫31
//! ```
//!
//! With k₁ = 0 this is SplitMix64 itself. k₁ enters by exclusive or, not by addition: an added
//! constant would pass through the multiplication as a constant.

use super::addressed::AddressedRng;
use super::identity;

/// Step of the counter: 2⁶⁴ divided by the golden ratio, rounded to odd. SplitMix64's own
/// (`GOLDEN_GAMMA`).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Multipliers of the two rounds: "Mix13" in D. Stafford, "Better bit mixing: improving on
/// MurmurHash3's 64-bit finalizer" (2011), as in SplitMix64. The shifts 30, 27, 31 belong to them.
const MIX_1: u64 = 0xBF58_476D_1CE4_E5B9;
const MIX_2: u64 = 0x94D0_49BB_1331_11EB;

/// Step of the second word of a derived key: 2⁶⁴ × (√2 − 1), rounded to odd. Any odd number with
/// no pattern serves, if it is not [`GOLDEN`].
const SILVER: u64 = 0x6A09_E667_F3BC_C909;

/// What a key is derived for, as eight letters, so that an occasion and an iteration of the same
/// number do not lead to the same key.
const FOR_OCCASION: u64 = u64::from_be_bytes(*b"occasion");
const FOR_SEQUENCE: u64 = u64::from_be_bytes(*b"sequence");

/// All the draws of one variable on one occasion.
///
/// A stream is sixteen bytes, copied freely, and holds no position: [`bits`](Stream::bits) of an
/// iteration is the same whenever and wherever it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    k0: u64,
    k1: u64,
}

impl Stream {
    /// The stream of the variable `id` under `seed`.
    ///
    /// The id is the variable's whole name, as `"risks.R07.impact"`; letter case and every byte
    /// count. The key is SipHash-2-4-128 of the id's UTF-8 bytes under the hash key
    /// (`seed`, `"golive/1"`), both in little-endian order, and will not change.
    #[must_use]
    pub fn new(seed: u64, id: &str) -> Stream {
        let [k0, k1] = identity::key_of(seed, id);
        Stream { k0, k1 }
    }

    /// The stream of the same variable on one occasion: an attempt, a scope item, a date.
    ///
    /// Occasions of one stream never share a key. `s.at(0)` is not `s`, and occasions nest in
    /// order: `s.at(1).at(2)` is not `s.at(2).at(1)`.
    #[inline]
    #[must_use]
    pub fn at(self, occasion: u64) -> Stream {
        self.derived(FOR_OCCASION, occasion)
    }

    /// The 64 random bits of an iteration.
    #[inline(always)]
    #[must_use]
    pub fn bits(self, iteration: u64) -> u64 {
        mix(self.counter(iteration), self.k1)
    }

    /// The uniform number of an iteration, in the open interval (0, 1).
    ///
    /// (⌊bits / 2¹²⌋ + ½) / 2⁵²: the 2⁵² midpoints of equal cells. It is never 0 or 1, every value
    /// and 1 minus it are equally likely, and the mean is ½ exactly.
    #[inline(always)]
    #[must_use]
    pub fn uniform(self, iteration: u64) -> f64 {
        unit_interval(self.bits(iteration))
    }

    /// The uniform numbers of consecutive iterations: `out[i]` is `uniform(first_iteration + i)`.
    ///
    /// The loop has no branch and no dependence between its turns but the counter, and compiles
    /// to vector instructions. It is inlined, so that a caller compiled for a wider instruction
    /// set takes it along; the bits are the same on all of them. Iterations wrap at 2⁶⁴.
    #[inline(always)]
    pub fn fill_uniform(self, first_iteration: u64, out: &mut [f64]) {
        let mut counter = self.counter(first_iteration);
        for uniform in out {
            *uniform = unit_interval(mix(counter, self.k1));
            counter = counter.wrapping_add(GOLDEN);
        }
    }

    /// The generator of an iteration, for samplers that take one and may draw several times.
    ///
    /// Its draws are apart from [`bits`](Stream::bits) of the same stream, and from every occasion.
    #[inline]
    #[must_use]
    pub fn rng(self, iteration: u64) -> AddressedRng {
        AddressedRng::new(self.derived(FOR_SEQUENCE, iteration))
    }

    #[inline(always)]
    fn counter(self, iteration: u64) -> u64 {
        iteration.wrapping_mul(GOLDEN).wrapping_add(self.k0)
    }

    /// A key of its own for each (purpose, index): each word takes its own step and its own mixer,
    /// neither of them the one of [`bits`](Stream::bits). For a fixed purpose each word of the
    /// new key is a permutation of the index, so that keys cannot collide within a stream.
    #[inline(always)]
    fn derived(self, purpose: u64, index: u64) -> Stream {
        let k0 = (self.k0 ^ purpose).wrapping_add(index.wrapping_mul(GOLDEN));
        let k1 = (self.k1 ^ purpose).wrapping_add(index.wrapping_mul(SILVER));
        Stream { k0: moremur(k0), k1: lea64(k1) }
    }
}

/// SplitMix64's finaliser, Stafford's Mix13, with a key word in its second round.
#[inline(always)]
fn mix(counter: u64, k1: u64) -> u64 {
    let x = (counter ^ (counter >> 30)).wrapping_mul(MIX_1);
    let x = (x ^ (x >> 27) ^ k1).wrapping_mul(MIX_2);
    x ^ (x >> 31)
}

/// The midpoint of the cell of (0, 1) that the upper 52 bits name.
///
/// The 52 bits, taken as the fraction of a number in [1, 2), give 1 + m/2⁵². Less 1 − 2⁻⁵³ that is
/// (m + ½)/2⁵², which has 53 significant bits at most: the subtraction is exact. It costs less
/// than a conversion from integers, which AVX2 lacks.
#[inline(always)]
fn unit_interval(bits: u64) -> f64 {
    const ONE: u64 = 1.0_f64.to_bits();
    const ONE_LESS_HALF_A_CELL: f64 = 1.0 - f64::EPSILON / 2.0;
    f64::from_bits((bits >> 12) | ONE) - ONE_LESS_HALF_A_CELL
}

/// "Moremur": P. Evensen, "Stronger, better, morer, Moremur; a better Murmur3-type mixer" (2019).
#[inline(always)]
fn moremur(x: u64) -> u64 {
    let x = (x ^ (x >> 27)).wrapping_mul(0x3C79_AC49_2BA7_B653);
    let x = (x ^ (x >> 33)).wrapping_mul(0x1C69_B3F7_4AC4_AE35);
    x ^ (x >> 27)
}

/// "lea64": D. Lea's mixer, in G. L. Steele and S. Vigna, "LXM: better splittable pseudorandom
/// number generators (and almost as fast)", OOPSLA 2021.
#[inline(always)]
fn lea64(x: u64) -> u64 {
    let x = (x ^ (x >> 32)).wrapping_mul(0xDABA_0B6E_B093_22E3);
    let x = (x ^ (x >> 32)).wrapping_mul(0xDABA_0B6E_B093_22E3);
    x ^ (x >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two streams whose counters pass through the same values, one `LAG` iterations behind: with
    /// one key word they would be shifted copies, and iterations `LAG` apart would be equal.
    #[test]
    fn streams_on_the_same_counter_are_not_shifted_copies() {
        const LAG: u64 = 5;
        let Stream { k0, k1 } = Stream::new(2021, "risks.R01.impact");
        let ahead =
            Stream { k0: k0.wrapping_add(GOLDEN.wrapping_mul(LAG)), k1: Stream::new(2021, "risks.R02.impact").k1 };
        let behind = Stream { k0, k1 };
        let equal = |other: Stream| {
            (0..1000).filter(|&iteration| other.bits(iteration) == behind.bits(iteration + LAG)).count()
        };
        assert_eq!(equal(ahead), 0);
        assert_eq!(equal(Stream { k1, ..ahead }), 1000);
    }

    #[test]
    fn the_ends_of_the_unit_interval_are_half_a_cell_away() {
        let half_a_cell = f64::EPSILON / 2.0;
        assert_eq!(unit_interval(0), half_a_cell);
        assert_eq!(unit_interval(u64::MAX), 1.0 - half_a_cell);
        assert_eq!(unit_interval(1 << 63), 0.5 + half_a_cell);
    }

    /// The first outputs of SplitMix64 started from 0, as Vigna's and rand_xoshiro's have them.
    #[test]
    fn without_its_second_word_the_generator_is_splitmix64() {
        let plain = Stream { k0: 0, k1: 0 };
        let published = [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F];
        for (iteration, expected) in (1..).zip(published) {
            assert_eq!(plain.bits(iteration), expected);
        }
    }
}
