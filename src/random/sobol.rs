//! Points of Sobol's sequence, scrambled: in every dimension each interval of length 2⁻ᵏ gets exactly its share of
//! 2ᵏ points, and so does every box that two or more dimensions cut out together, as far as such boxes can.
//!
//! In: a dimension, the number of a point and keys. Out: 64 bits, the digits of a number of (0, 1) from the highest.
//!
//! Direction numbers: S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections",
//! SIAM J. Sci. Comput. 30 (2008) 2635–2654, table `new-joe-kuo-6.21201`, of which `joe_kuo.txt` holds the first 1,111
//! dimensions (all primitive polynomials up to degree 13) in its own words; licence in `licences/Joe-Kuo.txt`. Point i is
//! the exclusive or of the direction numbers of the binary digits of i (not of its Gray code), 32 digits deep.
//!
//! Scrambling: nested uniform (A. B. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995): each binary
//! digit is flipped or not, as decided by the digits before it. It is done by a keyed hash of the reversed digits in which
//! lower bits act on higher ones only (S. Laine and T. Karras, "Stratified sampling for stochastic transparency", EGSR
//! 2011; B. Burley, "Practical hash-based Owen scrambling", JCGT 9:4 (2020) 1–20). Such a hash keeps the net. It begins
//! by adding a key of 64 random bits, and every other step is a permutation: a scrambled point is exactly uniform, and
//! means over it are unbiased, however good or bad the hash mixes. It is 64 digits wide, so that the digits beyond those
//! of the sequence are random too.

use std::sync::OnceLock;

use super::stream::{self, Stream};
use crate::math::vector::{self, Kernel, Simd};

/// Dimensions that direction numbers are known for.
pub(super) const DIMENSIONS: usize = 1111;

/// Digits of the sequence: 2³² points at most.
pub(super) const DIGITS: u32 = 32;

const TABLE: &str = include_str!("joe_kuo.txt");

/// What makes the points of one dimension, digits reversed: the first digit is the lowest bit.
#[derive(Debug)]
pub(super) struct Directions {
    /// Direction number of each digit of a point's number.
    of: [u32; DIGITS as usize],
    /// Exclusive or of those up to each digit.
    up_to: [u32; DIGITS as usize],
}

impl Directions {
    fn new(of: [u32; DIGITS as usize]) -> Self {
        let mut up_to = of;
        for k in 1..up_to.len() {
            up_to[k] ^= up_to[k - 1];
        }
        Self { of, up_to }
    }

    /// The point of a number, without scrambling, digits reversed.
    #[inline]
    fn point(&self, number: u64) -> u64 {
        let (mut point, mut left) = (0, number as u32);
        while left != 0 {
            point ^= self.of[left.trailing_zeros() as usize];
            left &= left - 1;
        }
        u64::from(point)
    }
}

/// The directions of a dimension, from 0; dimensions beyond the table have none.
pub(super) fn directions(dimension: u16) -> &'static Directions {
    static ALL: OnceLock<Vec<Directions>> = OnceLock::new();
    &ALL.get_or_init(|| {
        // The first dimension is van der Corput's sequence: each digit of the number is a digit of the point.
        let first = std::array::from_fn(|k| 1 << k);
        std::iter::once(first).chain(TABLE.lines().skip(1).map(of_line)).map(Directions::new).collect()
    })[usize::from(dimension)]
}

/// From a line of the table (dimension, degree s, inner coefficients a, m₁ … m_s), by the recurrence
/// v_k = a₁v_{k−1} ⊕ … ⊕ a_{s−1}v_{k−s+1} ⊕ v_{k−s} ⊕ v_{k−s}/2ˢ with v_k = m_k/2ᵏ for k ≤ s.
fn of_line(line: &str) -> [u32; DIGITS as usize] {
    let mut words = line.split(' ').map(|word| word.parse::<u32>().unwrap_or(0)).skip(1);
    let mut next = || words.next().unwrap_or(0);
    let (degree, inner) = (next() as usize, next());
    let mut v = [0u32; DIGITS as usize];
    for k in 0..v.len() {
        v[k] = if k < degree {
            next() << (31 - k)
        } else {
            let taps = (1..degree).filter(|j| inner >> (degree - 1 - j) & 1 == 1);
            taps.fold(v[k - degree] ^ (v[k - degree] >> degree), |sum, j| sum ^ v[k - j])
        };
    }
    v.map(u32::reverse_bits)
}

/// Keys of the scrambling of one dimension in one replicate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    add: [u64; 2],
    /// Even: no bit acts on itself.
    fold: [u64; 2],
    /// Odd: so that the product is a permutation.
    multiply: [u64; 2],
}

/// Last folding constant, from Burley's listing, with its digits repeated.
const FOLD: u64 = 0x3D20_ADEA_53A2_2864;

impl Keys {
    /// From the words of a stream of their own.
    #[inline]
    pub(super) fn of(stream: Stream) -> Self {
        Self {
            add: [stream.bits(0), stream.bits(1)],
            fold: [stream.bits(2) << 1, stream.bits(3) << 1],
            multiply: [stream.bits(4) | 1, stream.bits(5) | 1],
        }
    }

    /// Scrambles reversed digits; the digits come out in order.
    #[inline]
    fn scrambled(self, point: u64) -> u64 {
        let mut x = point;
        for round in 0..2 {
            x = x.wrapping_add(self.add[round]);
            x ^= x.wrapping_mul(self.fold[round]);
            x = x.wrapping_mul(self.multiply[round]);
        }
        (x ^ x.wrapping_mul(FOLD)).reverse_bits()
    }

    /// [`Keys::scrambled`] and the middle of its cell, of some points side by side.
    #[inline(always)]
    fn uniforms<S: Simd>(self, s: S, point: S::U) -> S::F {
        let mut x = point;
        let mut round = 0;
        while round < 2 {
            x = s.add_u(x, s.splat_u(self.add[round]));
            x = s.xor_u(x, s.mul_u(x, s.splat_u(self.fold[round])));
            x = s.mul_u(x, s.splat_u(self.multiply[round]));
            round += 1;
        }
        x = s.xor_u(x, s.mul_u(x, s.splat_u(FOLD)));
        stream::unit_intervals(s, reversed(s, x))
    }
}

/// Bits in reverse order.
#[inline(always)]
fn reversed<S: Simd>(s: S, x: S::U) -> S::U {
    let swap = |x: S::U, up: S::U, mask: u64, by: u32| {
        let mask = s.splat_u(mask);
        s.or_u(s.and_u(up, mask), s.shl_by(s.and_u(x, mask), by))
    };
    let x = swap(x, s.shr_u::<1>(x), 0x5555_5555_5555_5555, 1);
    let x = swap(x, s.shr_u::<2>(x), 0x3333_3333_3333_3333, 2);
    let x = swap(x, s.shr_u::<4>(x), 0x0F0F_0F0F_0F0F_0F0F, 4);
    let x = swap(x, s.shr_u::<8>(x), 0x00FF_00FF_00FF_00FF, 8);
    let x = swap(x, s.shr_u::<16>(x), 0x0000_FFFF_0000_FFFF, 16);
    s.or_u(s.shr_u::<32>(x), s.shl_by(x, 32))
}

/// The 64 digits of a point.
#[inline]
pub(super) fn digits(dimension: u16, keys: Keys, number: u64) -> u64 {
    keys.scrambled(directions(dimension).point(number))
}

/// The uniform numbers of consecutive points of one replicate.
pub(super) fn fill(dimension: u16, keys: Keys, first: u64, out: &mut [f64]) {
    vector::run(Fill { directions: directions(dimension), keys, first, out });
}

struct Fill<'a> {
    directions: &'static Directions,
    keys: Keys,
    first: u64,
    out: &'a mut [f64],
}

impl Kernel for Fill<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        let Self { directions, keys, first, out } = self;
        let lanes = S::LANES as u64;
        // A vector's numbers differ in their lowest digits alone, once it begins at a multiple of its length.
        let ahead = (first.wrapping_neg() % lanes).min(out.len() as u64);
        let mut at = 0;
        while at < ahead as usize {
            out[at] = stream::unit_interval(keys.scrambled(directions.point(first + at as u64)));
            at += 1;
        }
        // What the lowest k digits make fits into the lowest k bits.
        let mut lowest = [0u16; 8];
        let mut lane = 0;
        while lane < S::LANES {
            lowest[lane] = directions.point(lane as u64) as u16;
            lane += 1;
        }
        let lowest = s.load_u16(&lowest);
        let low_digits = S::LANES.trailing_zeros() as usize;
        let below = if low_digits == 0 { 0 } else { directions.up_to[low_digits - 1] };
        let mut number = first + at as u64;
        let mut point = directions.point(number);
        while at + S::LANES <= out.len() {
            s.store(&mut out[at..], keys.uniforms(s, s.xor_u(s.splat_u(point), lowest)));
            // Adding the length of a vector changes the digits from its own up to the one that no longer carries.
            let last = (number / lanes).trailing_ones() as usize + low_digits;
            if last < DIGITS as usize {
                point ^= u64::from(directions.up_to[last] ^ below);
            }
            number += lanes;
            at += S::LANES;
        }
        while at < out.len() {
            out[at] = stream::unit_interval(keys.scrambled(directions.point(first + at as u64)));
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(seed: u64) -> Keys {
        Keys::of(Stream::new(seed, "scramble"))
    }

    /// First 32 digits of points without scrambling, as other programs have them.
    fn plain(dimension: u16, number: u64) -> u32 {
        (directions(dimension).point(number) as u32).reverse_bits()
    }

    #[test]
    fn points_are_the_published_ones() {
        // Joe & Kuo's own example (their notes, 2008) and SciPy 1.17's `qmc.Sobol(1111, bits=32)`, in Gray-code order.
        let first_ten: [[f64; 3]; 8] = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
        ];
        let gray = |i: u64| i ^ (i >> 1);
        for (i, point) in (0..).zip(first_ten) {
            for (dimension, expected) in (0..).zip(point) {
                assert_eq!(f64::from(plain(dimension, gray(i))) / 4_294_967_296.0, expected, "{i} {dimension}");
            }
        }
        let dimensions = [0, 1, 2, 9, 99, 499, 999, 1110];
        let published: [(u64, [u32; 8]); 5] = [
            (5, [3758096384, 3758096384, 536870912, 536870912, 1610612736, 536870912, 2684354560, 1610612736]),
            (37, [3959422976, 2751463424, 2483027968, 738197504, 738197504, 1006632960, 3019898880, 4227858432]),
            (63, [67108864, 3422552064, 1543503872, 2483027968, 335544320, 1409286144, 201326592, 67108864]),
            (16383, [262144, 3435921408, 3231449088, 2800484352, 1266941952, 3045326848, 2205941760, 485228544]),
            (1047799, [826281984, 2680221696, 1817219072, 3141496832, 198692864, 2112008192, 3994972160, 3435155456]),
        ];
        for (i, expected) in published {
            assert_eq!(dimensions.map(|d| plain(d, gray(i))), expected, "{i}");
        }
    }

    /// Every dimension by itself: 2ᵏ points, one in each interval, for every k of all 32 digits (the direction numbers
    /// form a triangular matrix with ones); and Sobol's property A: one of 2ˢ points in each box of halves, for s
    /// consecutive dimensions, which Joe and Kuo's numbers have for all their dimensions.
    #[test]
    fn direction_numbers_have_the_properties_they_were_chosen_for() {
        assert_eq!(TABLE.lines().count(), DIMENSIONS);
        for dimension in 0..DIMENSIONS as u16 {
            for (k, v) in directions(dimension).of.iter().enumerate() {
                assert_eq!(v >> k, 1, "dimension {dimension}, digit {k}");
            }
        }
        // Property A: the first digits of the direction numbers, 1,111 of them, are linearly independent. They are digit 0
        // of v₁ … v_s in each dimension, of which 32 are kept here: the first 32 dimensions.
        let mut rows: Vec<u32> = (0..DIGITS as u16)
            .map(|d| directions(d).of.iter().enumerate().fold(0, |row, (k, v)| row | (v & 1) << k))
            .collect();
        let mut rank = 0;
        for column in 0..32 {
            if let Some(pivot) = (rank..rows.len()).find(|r| rows[*r] >> column & 1 == 1) {
                rows.swap(rank, pivot);
                for r in 0..rows.len() {
                    if r != rank && rows[r] >> column & 1 == 1 {
                        rows[r] ^= rows[rank];
                    }
                }
                rank += 1;
            }
        }
        assert_eq!(rank, 32);
    }

    #[test]
    fn scrambling_keeps_every_net_of_the_sequence() {
        // In two dimensions Sobol's sequence is a (0, m, 2)-net: 2ᵐ points, one in each box of area 2⁻ᵐ of any shape.
        for seed in 0..20 {
            let both = [keys(2 * seed), keys(2 * seed + 1)];
            for m in [1, 4, 8] {
                for first in [0u64, 3] {
                    let points: Vec<[u64; 2]> = (first << m..(first + 1) << m)
                        .map(|i| [digits(0, both[0], i), digits(1, both[1], i)])
                        .collect();
                    for k in 0..=m {
                        let mut seen = vec![0; 1 << m];
                        let part = |x: u64, k: u32| if k == 0 { 0 } else { x >> (64 - k) };
                        for [x, y] in &points {
                            seen[(part(*x, k) << (m - k) | part(*y, m - k)) as usize] += 1;
                        }
                        assert!(seen.iter().all(|n| *n == 1), "seed {seed}, m {m}, first {first}, k {k}: {seen:?}");
                        // Planted fault: one point out of order.
                        let mut faulty = points.clone();
                        faulty[0] = [!points[0][0], points[0][1]];
                        let mut seen = vec![0; 1 << m];
                        for [x, y] in &faulty {
                            seen[(part(*x, k) << (m - k) | part(*y, m - k)) as usize] += 1;
                        }
                        assert!(k == 0 || seen.contains(&2));
                    }
                }
            }
        }
    }

    /// A digit is flipped with probability ½, independently of every other node of the tree of digits before it.
    #[test]
    fn flips_are_even_and_pairwise_independent() {
        const DEPTH: u32 = 5;
        const KEYS: u64 = 20_000;
        // Nodes: for each depth, each way in which the digits before can be.
        let nodes: Vec<(u32, u64)> =
            (0..DEPTH).flat_map(|depth| (0..1 << depth).map(move |way| (depth, way))).collect();
        let flip = |keys: Keys, (depth, way): (u32, u64)| keys.scrambled(way) >> (63 - depth) & 1;
        let mut even = vec![0u64; nodes.len()];
        let mut both = vec![vec![0u64; nodes.len()]; nodes.len()];
        for seed in 0..KEYS {
            let keys = keys(seed);
            let flips: Vec<u64> = nodes.iter().map(|node| flip(keys, *node)).collect();
            for i in 0..nodes.len() {
                even[i] += flips[i];
                for j in 0..i {
                    both[i][j] += flips[i] ^ flips[j];
                }
            }
        }
        let z = |count: u64| (count as f64 - KEYS as f64 / 2.0) / (KEYS as f64 / 4.0).sqrt();
        for i in 0..nodes.len() {
            assert!(z(even[i]).abs() < 4.6, "{:?}: {}", nodes[i], z(even[i]));
            for j in 0..i {
                assert!(z(both[i][j]).abs() < 4.6, "{:?} {:?}: {}", nodes[i], nodes[j], z(both[i][j]));
            }
        }
        // Planted fault: a random shift of digits flips all nodes of a depth alike.
        let shift = |seed: u64, (depth, _): (u32, u64)| keys(seed).scrambled(0) >> (63 - depth) & 1;
        let same = (0..KEYS).filter(|seed| shift(*seed, nodes[1]) != shift(*seed, nodes[2])).count() as u64;
        assert!(z(same).abs() > 4.6);
    }

    #[test]
    fn every_level_draws_the_same() {
        for level in vector::Level::available() {
            for (dimension, first) in [(0, 0), (1, 5), (77, 250), (1110, (1 << 32) - 203)] {
                for n in [1, 3, 8, 16, 64, 203] {
                    let mut out = vec![0.0; n];
                    let keys = keys(7);
                    vector::run_at(level, Fill { directions: directions(dimension), keys, first, out: &mut out });
                    for (i, u) in out.iter().enumerate() {
                        let one = stream::unit_interval(digits(dimension, keys, first + i as u64));
                        assert_eq!(*u, one, "{level:?}, dimension {dimension}, {first} + {i}");
                        assert!(*u > 0.0 && *u < 1.0);
                    }
                }
            }
        }
    }
}
