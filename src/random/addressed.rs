//! A generator at an address: for samplers that draw as often as they like.
//!
//! In: a stream and an iteration, through [`Stream::rng`]. Out: an implementation of rand's
//! generator trait. A rejection sampler may take three draws in one iteration and one in the next;
//! since each iteration has a sequence of its own, no iteration moves another's draws.

use std::convert::Infallible;

use rand::TryRng;

use super::stream::Stream;

/// The sequence of draws that belongs to one (stream, iteration).
///
/// [`rand::Rng`] comes with it, so every sampler of `rand` and `rand_distr` can draw from it. Each
/// draw, of whatever width, takes whole words of 64 bits: a 32-bit draw is the upper half of one.
///
/// ```
/// use golive::random::Stream;
/// use rand::RngExt;
///
/// let severity = Stream::new(2021, "risks.R07.severity");
/// let level: u32 = severity.rng(41).random_range(1..=5);
/// assert_eq!(level, severity.rng(41).random_range(1..=5));
/// ```
///
/// It is `Clone` but not `Copy`: a copy made unawares would repeat draws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressedRng {
    sequence: Stream,
    position: u64,
}

impl AddressedRng {
    #[inline]
    pub(super) fn new(sequence: Stream) -> AddressedRng {
        AddressedRng { sequence, position: 0 }
    }

    #[inline]
    fn next_word(&mut self) -> u64 {
        let word = self.sequence.bits(self.position);
        self.position = self.position.wrapping_add(1);
        word
    }
}

impl TryRng for AddressedRng {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_word() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_word())
    }

    /// Fills from words in little-endian order, on every platform; what is left of the last word
    /// is dropped.
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next_word().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}
