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
use super::placement::{self, Placement, PointSet};
use crate::math::vector::{self, Kernel, Simd};

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
const FOR_REPLICATE: u64 = u64::from_be_bytes(*b"replicat");

/// All the draws of one variable on one occasion.
///
/// A stream is a few words, copied freely, and holds no position: [`bits`](Stream::bits) of an
/// iteration is the same whenever and wherever it is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    k0: u64,
    k1: u64,
    /// How its uniform numbers are placed; those of its occasions are random.
    placement: Placement,
}

impl std::fmt::Debug for Stream {
    /// Its keys, and its placement if it has one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Stream");
        shown.field("k0", &self.k0).field("k1", &self.k1);
        if self.placement != Placement::Random {
            shown.field("placement", &self.placement);
        }
        shown.finish()
    }
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
        Stream { k0, k1, placement: Placement::Random }
    }

    /// The same stream with its uniform numbers spread evenly over each replicate of a set of points; `place` is the
    /// variable's own in the order of importance, from 0, which no other variable of a run may have. Its occasions,
    /// its bits and its generators stay random.
    #[must_use]
    pub fn placed(self, points: &PointSet, place: usize) -> Stream {
        Stream { placement: points.placement(place), ..self }
    }

    /// What keys one replicate of its points.
    pub(super) fn replicate(self, replicate: u64) -> Stream {
        self.derived(FOR_REPLICATE, replicate)
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
        match self.placement {
            Placement::Random => unit_interval(self.bits(iteration)),
            placement => placement::uniform(self, placement, iteration),
        }
    }

    /// The uniform numbers of consecutive iterations: `out[i]` is `uniform(first_iteration + i)`.
    ///
    /// In vector instructions, where the processor has them; the bits are the same. Iterations wrap at 2⁶⁴.
    pub fn fill_uniform(self, first_iteration: u64, out: &mut [f64]) {
        if self.placement != Placement::Random {
            return placement::fill(self, self.placement, first_iteration, out);
        }
        self.fill_random(first_iteration, out);
    }

    /// The same, each by itself, however the stream is placed.
    pub(super) fn fill_random(self, first: u64, out: &mut [f64]) {
        vector::run(Fill { stream: self, first, out });
    }

    /// Those of some iterations, likewise.
    pub(super) fn fill_random_at(self, first: u64, lanes: &[u16], out: &mut [f64]) {
        vector::run(FillAt { stream: self, first, lanes, out });
    }

    /// The uniform numbers of some iterations: `out[i]` is `uniform(first_iteration + lanes[i])`.
    ///
    /// # Panics
    /// If there are more lanes than places.
    pub fn fill_uniform_at(self, first_iteration: u64, lanes: &[u16], out: &mut [f64]) {
        if self.placement != Placement::Random {
            return placement::fill_at(self, self.placement, first_iteration, lanes, &mut out[..lanes.len()]);
        }
        self.fill_random_at(first_iteration, lanes, &mut out[..lanes.len()]);
    }

    /// Where the uniform number lies below a probability: bit i of the words is set if
    /// `uniform(first_iteration + i) < probability[i]`.
    ///
    /// # Panics
    /// If the words have fewer bits than there are probabilities.
    pub fn fill_below(self, first_iteration: u64, probability: &[f64], words: &mut [u64]) {
        if self.placement != Placement::Random {
            return placement::fill_below(self, self.placement, first_iteration, probability, words);
        }
        vector::run(Below { stream: self, first: first_iteration, probability, words });
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
        Stream { k0: moremur(k0), k1: lea64(k1), placement: Placement::Random }
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
pub(super) fn unit_interval(bits: u64) -> f64 {
    const ONE: u64 = 1.0_f64.to_bits();
    const ONE_LESS_HALF_A_CELL: f64 = 1.0 - f64::EPSILON / 2.0;
    f64::from_bits((bits >> 12) | ONE) - ONE_LESS_HALF_A_CELL
}

/// [`mix`] and [`unit_interval`] of some counters side by side.
#[inline(always)]
fn uniforms<S: Simd>(s: S, counter: S::U, k1: u64) -> S::F {
    let x = s.mul_u(s.xor_u(counter, s.shr_u::<30>(counter)), s.splat_u(MIX_1));
    let x = s.xor_u(s.xor_u(x, s.shr_u::<27>(x)), s.splat_u(k1));
    let x = s.mul_u(x, s.splat_u(MIX_2));
    unit_intervals(s, s.xor_u(x, s.shr_u::<31>(x)))
}

/// [`unit_interval`] of some words side by side.
#[inline(always)]
pub(super) fn unit_intervals<S: Simd>(s: S, x: S::U) -> S::F {
    let fraction = s.or_u(s.shr_u::<12>(x), s.splat_u(1.0_f64.to_bits()));
    s.of_bits(fraction) - s.splat(1.0 - f64::EPSILON / 2.0)
}

struct Fill<'a> {
    stream: Stream,
    first: u64,
    out: &'a mut [f64],
}

impl Kernel for Fill<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let Stream { k1, .. } = self.stream;
        let mut counter = s.count_u(self.stream.counter(self.first), GOLDEN);
        let step = s.splat_u(GOLDEN.wrapping_mul(S::LANES as u64));
        let (mut at, n) = (0, self.out.len());
        while at + S::LANES <= n {
            s.store(&mut self.out[at..], uniforms(s, counter, k1));
            counter = s.add_u(counter, step);
            at += S::LANES;
        }
        while at < n {
            self.out[at] = unit_interval(self.stream.bits(self.first.wrapping_add(at as u64)));
            at += 1;
        }
    }
}

struct FillAt<'a> {
    stream: Stream,
    first: u64,
    lanes: &'a [u16],
    out: &'a mut [f64],
}

impl Kernel for FillAt<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let Stream { k1, .. } = self.stream;
        let first = s.splat_u(self.stream.counter(self.first));
        let (mut at, n) = (0, self.lanes.len());
        while at + S::LANES <= n {
            let lanes = s.load_u16(&self.lanes[at..]);
            let counter = s.add_u(first, s.mul_u(lanes, s.splat_u(GOLDEN)));
            s.store(&mut self.out[at..], uniforms(s, counter, k1));
            at += S::LANES;
        }
        while at < n {
            self.out[at] = unit_interval(self.stream.bits(self.first.wrapping_add(u64::from(self.lanes[at]))));
            at += 1;
        }
    }
}

struct Below<'a> {
    stream: Stream,
    first: u64,
    probability: &'a [f64],
    words: &'a mut [u64],
}

impl Kernel for Below<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let Stream { k1, .. } = self.stream;
        let mut counter = s.count_u(self.stream.counter(self.first), GOLDEN);
        let step = s.splat_u(GOLDEN.wrapping_mul(S::LANES as u64));
        let n = self.probability.len();
        let (mut at, mut bits) = (0, 0);
        while at + S::LANES <= n {
            let below = s.less(uniforms(s, counter, k1), s.load(&self.probability[at..]));
            bits |= s.mask_bits(below) << (at % 64);
            counter = s.add_u(counter, step);
            at += S::LANES;
            if at.is_multiple_of(64) {
                self.words[at / 64 - 1] = bits;
                bits = 0;
            }
        }
        while at < n {
            let below = unit_interval(self.stream.bits(self.first.wrapping_add(at as u64))) < self.probability[at];
            bits |= u64::from(below) << (at % 64);
            at += 1;
            if at.is_multiple_of(64) {
                self.words[at / 64 - 1] = bits;
                bits = 0;
            }
        }
        if !n.is_multiple_of(64) {
            self.words[n / 64] = bits;
        }
    }
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
        let Stream { k0, k1, placement } = Stream::new(2021, "risks.R01.impact");
        let other = Stream::new(2021, "risks.R02.impact").k1;
        let ahead = Stream { k0: k0.wrapping_add(GOLDEN.wrapping_mul(LAG)), k1: other, placement };
        let behind = Stream { k0, k1, placement };
        let equal = |other: Stream| {
            (0..1000).filter(|&iteration| other.bits(iteration) == behind.bits(iteration + LAG)).count()
        };
        assert_eq!(equal(ahead), 0);
        assert_eq!(equal(Stream { k1, ..ahead }), 1000);
    }

    #[test]
    fn every_level_draws_the_same() {
        let stream = Stream::new(2021, "risks.R01.impact");
        let probability: Vec<f64> = (0..203).map(|i| f64::from(i % 10) / 10.0).collect();
        let lanes: Vec<u16> = (0..203).map(|i| i * 31 % 512).collect();
        for level in vector::Level::available() {
            for n in [1, 3, 8, 63, 64, 65, 203] {
                let first = u64::MAX - 100;
                let mut out = vec![0.0; n];
                vector::run_at(level, Fill { stream, first, out: &mut out });
                let one = |i: usize| stream.uniform(first.wrapping_add(i as u64));
                assert!((0..n).all(|i| out[i] == one(i)), "{level:?}, {n}");
                vector::run_at(level, FillAt { stream, first, lanes: &lanes[..n], out: &mut out });
                assert!((0..n).all(|i| out[i] == one(usize::from(lanes[i]))), "{level:?}, {n}");
                let mut words = [u64::MAX; 4];
                let used = n.div_ceil(64);
                vector::run_at(
                    level,
                    Below { stream, first, probability: &probability[..n], words: &mut words[..used] },
                );
                let bit = |i: usize| words[i / 64] >> (i % 64) & 1 == 1;
                assert!((0..used * 64).all(|i| bit(i) == (i < n && one(i) < probability[i])), "{level:?}, {n}");
            }
        }
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
        let plain = Stream { k0: 0, k1: 0, placement: Placement::Random };
        let published = [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F];
        for (iteration, expected) in (1..).zip(published) {
            assert_eq!(plain.bits(iteration), expected);
        }
    }
}
