//! From the id of a variable to the 128 bits that stand for it.
//!
//! In: a seed and an id, any text. Out: two words of 64 bits, independent for all practical
//! purposes between any two ids, however alike, and between any two seeds.
//!
//! SipHash-2-4 with 128 bits of output: J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast
//! short-input PRF", INDOCRYPT 2012, with the 128-bit extension of the authors' reference code. It
//! is chosen because ids differ in one or two characters (`risks.R01`, `risks.R02`), because its
//! keyed output is a pseudorandom function by design and not by luck, and because the authors
//! publish known answers. The hashers of the standard library are not used: their output may
//! change with any release of the compiler.

/// The second word of the hash key: the name and number of this method, as eight bytes.
///
/// Results made under another method would carry another name, and share no stream with these.
const METHOD: u64 = u64::from_le_bytes(*b"golive/1");

/// The initial state: the ASCII text `somepseudorandomlygeneratedbytes`, from the paper, section 2.
const INITIAL: [u64; 4] = [
    u64::from_be_bytes(*b"somepseu"),
    u64::from_be_bytes(*b"dorandom"),
    u64::from_be_bytes(*b"lygenera"),
    u64::from_be_bytes(*b"tedbytes"),
];

/// Marks of the reference code that separate the 128-bit variant from the 64-bit one, in the order
/// in which they are used: at the start, before the first half, before the second half.
const WIDE_START: u64 = 0xee;
const WIDE_FIRST_HALF: u64 = 0xee;
const WIDE_SECOND_HALF: u64 = 0xdd;

/// Rounds per word of input and per half of output: the "2-4" of the name.
const ABSORB_ROUNDS: u32 = 2;
const FINAL_ROUNDS: u32 = 4;

/// The key of the variable `id` under `seed`.
pub(super) fn key_of(seed: u64, id: &str) -> [u64; 2] {
    sip_hash_128([seed, METHOD], id.as_bytes())
}

/// SipHash-2-4-128 of `message` under `key`; words are read and written in little-endian order.
fn sip_hash_128(key: [u64; 2], message: &[u8]) -> [u64; 2] {
    let mut state = SipState {
        v0: INITIAL[0] ^ key[0],
        v1: INITIAL[1] ^ key[1] ^ WIDE_START,
        v2: INITIAL[2] ^ key[0],
        v3: INITIAL[3] ^ key[1],
    };

    let mut words = message.chunks_exact(8);
    for word in words.by_ref() {
        state.absorb(little_endian(word));
    }
    // The last word holds what is left, and the length modulo 256 in its highest byte, so that
    // trailing zero bytes count.
    let length_byte = (message.len() as u64) << 56;
    state.absorb(little_endian(words.remainder()) | length_byte);

    state.v2 ^= WIDE_FIRST_HALF;
    let first = state.squeeze();
    state.v1 ^= WIDE_SECOND_HALF;
    let second = state.squeeze();
    [first, second]
}

/// Up to eight bytes as a word, the first byte lowest, absent bytes zero.
fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, &byte| (word << 8) | u64::from(byte))
}

/// The four words of SipHash's state, named as in the paper.
struct SipState {
    v0: u64,
    v1: u64,
    v2: u64,
    v3: u64,
}

impl SipState {
    fn absorb(&mut self, word: u64) {
        self.v3 ^= word;
        self.rounds(ABSORB_ROUNDS);
        self.v0 ^= word;
    }

    fn squeeze(&mut self) -> u64 {
        self.rounds(FINAL_ROUNDS);
        self.v0 ^ self.v1 ^ self.v2 ^ self.v3
    }

    /// SipRound, as drawn in section 2 of the paper; the rotations are the authors'.
    fn rounds(&mut self, count: u32) {
        for _ in 0..count {
            self.v0 = self.v0.wrapping_add(self.v1);
            self.v2 = self.v2.wrapping_add(self.v3);
            self.v1 = self.v1.rotate_left(13) ^ self.v0;
            self.v3 = self.v3.rotate_left(16) ^ self.v2;
            self.v0 = self.v0.rotate_left(32);

            self.v2 = self.v2.wrapping_add(self.v1);
            self.v0 = self.v0.wrapping_add(self.v3);
            self.v1 = self.v1.rotate_left(17) ^ self.v2;
            self.v3 = self.v3.rotate_left(21) ^ self.v0;
            self.v2 = self.v2.rotate_left(32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The authors' published answers (`vectors.h` of the reference code, `vectors_sip128`): key
    /// bytes 0, 1, …, 15, message the bytes 0, 1, … up to the length given.
    const PUBLISHED: [(u8, [u8; 16]); 6] = [
        (0, [0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93]),
        (1, [0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45]),
        (7, [0xa1, 0xf1, 0xeb, 0xbe, 0xd8, 0xdb, 0xc1, 0x53, 0xc0, 0xb8, 0x4a, 0xa6, 0x1f, 0xf0, 0x82, 0x39]),
        (8, [0x3b, 0x62, 0xa9, 0xba, 0x62, 0x58, 0xf5, 0x61, 0x0f, 0x83, 0xe2, 0x64, 0xf3, 0x14, 0x97, 0xb4]),
        (15, [0x54, 0x93, 0xe9, 0x99, 0x33, 0xb0, 0xa8, 0x11, 0x7e, 0x08, 0xec, 0x0f, 0x97, 0xcf, 0xc3, 0xd9]),
        (63, [0x51, 0x50, 0xd1, 0x77, 0x2f, 0x50, 0x83, 0x4a, 0x50, 0x3e, 0x06, 0x9a, 0x97, 0x3f, 0xbd, 0x7c]),
    ];

    #[test]
    fn sip_hash_gives_the_published_answers() {
        let key = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908];
        for (length, expected) in PUBLISHED {
            let message: Vec<u8> = (0..length).collect();
            let [first, second] = sip_hash_128(key, &message);
            let answer = [first.to_le_bytes(), second.to_le_bytes()].concat();
            assert_eq!(answer, expected, "message of {length} bytes");
        }
    }
}
