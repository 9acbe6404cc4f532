//! What an address promises: known bits for ever, no dependence on order or blocks, no two alike.

use golive::random::{AddressedRng, Stream};
use rand::{Rng, RngExt};

// --- Known answers -----------------------------------------------------------------------------
// Computed by a second implementation, in C upon the reference code of SipHash.

const SEED: u64 = 2021;
const ID: &str = "risks.R07.impact";

/// A published result cites its seed. If this test fails, the results of every release so far are
/// no longer reproduced: mend the code, not the numbers.
#[test]
fn bits_are_the_known_answers() {
    let stream = Stream::new(SEED, ID);
    let known = [
        (stream, 0, 0x905d_4d6a_5fdb_3c6b),
        (stream, 41, 0x95d4_0166_3a92_a6e3),
        (stream, u64::MAX, 0x60b1_bba8_d240_5e88),
        (stream.at(0), 41, 0x07fa_7b7a_7cd1_8503),
        (stream.at(3), 41, 0xfa7b_c1af_d888_d9e9),
        (stream.at(u64::MAX), 41, 0x13b7_865f_8b2f_cc24),
        (stream.at(3).at(7), 41, 0x6df5_a457_a8c9_3575),
        (Stream::new(0, ""), 0, 0x526d_6946_af61_6640),
        (Stream::new(u64::MAX, "naïve é"), 1, 0x61ea_37c5_8f6f_42ca),
    ];
    for (case, (stream, iteration, expected)) in known.into_iter().enumerate() {
        assert_eq!(stream.bits(iteration), expected, "case {case}: {stream:?}");
    }
}

#[test]
fn keys_are_the_known_answers() {
    let stream = Stream::new(SEED, ID);
    assert_eq!(
        format!("{stream:x?} {:x?}", stream.at(3)),
        "Stream { k0: 874d2499d826a965, k1: e4ef527a4f15352a } Stream { k0: 73f62e9d6f2a35be, k1: e1831bc46b7232ff }"
    );
}

#[test]
fn uniform_is_the_midpoint_of_the_cell_of_the_upper_52_bits() {
    let stream = Stream::new(SEED, ID);
    assert_eq!(stream.uniform(0).to_bits(), 0x3fe2_0ba9_ad4b_fb67);
    assert_eq!(stream.uniform(41).to_bits(), 0x3fe2_ba80_2cc7_5255);
    for iteration in 0..100_000 {
        let cell = (stream.bits(iteration) >> 12) as f64;
        let midpoint = (cell + 0.5) / 4_503_599_627_370_496.0;
        assert_eq!(stream.uniform(iteration).to_bits(), midpoint.to_bits());
        assert!(0.0 < midpoint && midpoint < 1.0);
    }
}

#[test]
fn rng_words_are_the_known_answers() {
    let mut rng = Stream::new(SEED, ID).rng(41);
    assert_eq!(
        [rng.next_u64(), rng.next_u64(), rng.next_u64()],
        [0x545b_267a_4474_5321, 0x5efc_8e46_d881_516c, 0x3bbb_3478_6779_0a20]
    );
    let mut rng = Stream::new(SEED, ID).rng(41);
    assert_eq!(rng.next_u32(), 0x545b_267a_4474_5321_u64.wrapping_shr(32) as u32);
    let mut bytes = [0; 11];
    rng.fill_bytes(&mut bytes);
    assert_eq!(bytes[..8], 0x5efc_8e46_d881_516c_u64.to_le_bytes());
    assert_eq!(bytes[8..], 0x3bbb_3478_6779_0a20_u64.to_le_bytes()[..3]);
}

// --- Order and blocks --------------------------------------------------------------------------

#[test]
fn a_block_holds_the_draws_of_its_iterations_whatever_its_length_and_start() {
    let stream = Stream::new(7, "activities.A01.days").at(2);
    for first in [0, 1, 255, 1 << 32, (1 << 53) + 1, u64::MAX - 3] {
        for length in (0..40).chain([255, 256, 1000, 4096]) {
            let mut block = vec![f64::NAN; length];
            stream.fill_uniform(first, &mut block);
            for (offset, uniform) in block.iter().enumerate() {
                let alone = stream.uniform(first.wrapping_add(offset as u64));
                assert_eq!(uniform.to_bits(), alone.to_bits(), "{first} + {offset}");
            }
        }
    }
}

/// Marsaglia's polar method: a sampler that rejects, and so draws an unknown number of times, as
/// those of `rand_distr` do.
fn standard_normal_by_rejection(mut rng: impl Rng) -> (f64, u32) {
    for attempts in 1.. {
        let x: f64 = rng.random_range(-1.0..1.0);
        let y: f64 = rng.random_range(-1.0..1.0);
        let square = x * x + y * y;
        if 0.0 < square && square < 1.0 {
            let normal = x * (-2.0 * libm::log(square) / square).sqrt();
            return (normal, attempts);
        }
    }
    unreachable!("the counter does not end")
}

#[test]
fn a_sampler_that_rejects_moves_no_other_iteration() {
    let stream = Stream::new(7, "risks.R01.impact");
    let count = 200_000_u64;
    let forwards: Vec<(f64, u32)> =
        (0..count).map(|iteration| standard_normal_by_rejection(stream.rng(iteration))).collect();
    let mut backwards: Vec<(f64, u32)> =
        (0..count).rev().map(|iteration| standard_normal_by_rejection(&mut stream.rng(iteration))).collect();
    backwards.reverse();
    assert_eq!(forwards, backwards);
    assert!(forwards.iter().any(|&(_, attempts)| attempts > 3));

    // And its law is right: mean 0 with variance 1/n, mean square 1 with variance 2/n.
    let n = count as f64;
    let sum: f64 = forwards.iter().map(|&(normal, _)| normal).sum();
    let squares: f64 = forwards.iter().map(|&(normal, _)| normal * normal).sum();
    assert!((sum / n.sqrt()).abs() < 4.6);
    assert!(((squares - n) / (2.0 * n).sqrt()).abs() < 4.6);
}

#[test]
fn an_rng_is_apart_from_its_stream_and_from_its_occasions() {
    let stream = Stream::new(7, "risks.R01.impact");
    for number in 1..1000 {
        let first = |mut rng: AddressedRng| rng.next_u64();
        let draws = [
            first(stream.rng(number)),
            stream.bits(number),
            stream.at(number).bits(0),
            stream.at(number).bits(number),
            first(stream.at(number).rng(number)),
        ];
        assert_eq!(distinct(draws.to_vec()), draws.len());
    }
}

#[test]
fn occasions_nest_in_order() {
    let stream = Stream::new(7, "risks.R01.impact");
    assert_ne!(stream.at(0), stream);
    assert_ne!(stream.at(1).at(2), stream.at(2).at(1));
    assert_ne!(stream.at(1).at(2), stream.at(3));
}

// --- Distinct keys -----------------------------------------------------------------------------

fn distinct<T: Ord>(mut values: Vec<T>) -> usize {
    values.sort_unstable();
    values.dedup();
    values.len()
}

/// Both words of a key, as its debugging text shows them.
fn key_words(stream: Stream) -> [u64; 2] {
    let text = format!("{stream:?}");
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(|word| word.parse().ok());
    let word = |found: Option<u64>| found.expect("the text of a stream shows two words");
    [word(words.next()), word(words.next())]
}

/// One million keys. Either half alone is expected to collide with probability 3 × 10⁻⁸.
fn each_half_is_distinct(streams: impl Iterator<Item = Stream>) -> bool {
    let keys: Vec<[u64; 2]> = streams.map(key_words).collect();
    let half = |index: usize| distinct(keys.iter().map(|key| key[index]).collect());
    half(0) == keys.len() && half(1) == keys.len()
}

#[test]
fn a_million_similar_addresses_have_a_million_keys() {
    let ids = (0..250_000).map(|n| Stream::new(1, &format!("risks.R{n}.impact")));
    let lengths = (0..1000).map(|n| Stream::new(1, &"\0".repeat(n)));
    let seeds = (2..250_000).map(|seed| Stream::new(seed, "risks.R1.impact"));
    let risk = Stream::new(1, "risks.R1.impact");
    let occasions = (0..250_000).map(|n| risk.at(n));
    let nested = (0..500).flat_map(|n| (0..500).map(move |m| risk.at(n).at(m)));
    let all = ids.chain(lengths).chain(seeds).chain(occasions).chain(nested);
    assert!(each_half_is_distinct(all));
}

#[test]
fn a_repeated_address_among_a_million_is_noticed() {
    let risk = Stream::new(1, "risks.R1.impact");
    let occasions = (0..999_999).map(|n| risk.at(n));
    assert!(!each_half_is_distinct(occasions.chain([risk.at(500_000)])));
}
