//! Sets of lanes: which iterations of a block something holds for.

use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not};

/// Most iterations in one block.
pub const MAX_LANES: usize = 512;

/// Words of a set.
const WORDS: usize = MAX_LANES / 64;

/// A set of lanes of a block, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mask([u64; WORDS]);

impl Mask {
    /// No lane.
    pub const NONE: Self = Self([0; WORDS]);

    /// The first `lanes` lanes.
    #[inline]
    pub fn first(lanes: usize) -> Self {
        let mut mask = Self::NONE;
        for (i, word) in mask.0.iter_mut().enumerate() {
            let bits = lanes.saturating_sub(i * 64).min(64);
            *word = if bits == 64 { u64::MAX } else { (1 << bits) - 1 };
        }
        mask
    }

    /// One lane.
    #[inline]
    pub fn only(lane: usize) -> Self {
        let mut mask = Self::NONE;
        mask.set(lane);
        mask
    }

    /// Whether a lane is in the set.
    #[inline]
    pub fn get(&self, lane: usize) -> bool {
        self.0[lane / 64] >> (lane % 64) & 1 == 1
    }

    /// Adds a lane.
    #[inline]
    pub fn set(&mut self, lane: usize) {
        self.0[lane / 64] |= 1 << (lane % 64);
    }

    /// Whether no lane is in the set.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.iter().fold(0, |all, word| all | word) == 0
    }

    /// How many lanes are in the set.
    #[inline]
    pub fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// The lanes of the set, in order.
    #[inline]
    pub fn lanes(self) -> Lanes {
        Lanes { bits: self.0[0], word: 0, mask: self }
    }

    /// The lanes of `self` that are not in `other`.
    #[inline]
    pub fn without(self, other: Self) -> Self {
        self & !other
    }

    /// The words of the set, 64 lanes each, the first lane lowest.
    #[inline]
    pub(super) fn words(&self) -> &[u64; WORDS] {
        &self.0
    }

    /// The same, to be written; the bits of lanes that a block does not have stay clear.
    #[inline]
    pub fn words_mut(&mut self) -> &mut [u64; WORDS] {
        &mut self.0
    }

    /// Writes the lanes of the set into a list, in order; returns how many there are.
    #[inline]
    pub(super) fn list(&self, list: &mut [u16; MAX_LANES]) -> usize {
        let mut count = 0;
        for (i, word) in self.0.iter().enumerate() {
            let mut bits = *word;
            while bits != 0 {
                list[count] = (i * 64) as u16 + bits.trailing_zeros() as u16;
                count += 1;
                bits &= bits - 1;
            }
        }
        count
    }

    /// The lanes of the set at which `test` holds.
    #[inline]
    pub(super) fn filtered(self, mut test: impl FnMut(usize) -> bool) -> Self {
        let mut kept = Self::NONE;
        for lane in self.lanes() {
            kept.0[lane / 64] |= u64::from(test(lane)) << (lane % 64);
        }
        kept
    }

    /// Writes 1 for each lane of the set, and 0 for the others, lane by lane.
    pub(crate) fn write_bits(&self, values: &mut [u8]) {
        for (values, word) in values.chunks_mut(64).zip(&self.0) {
            for (i, value) in values.iter_mut().enumerate() {
                *value = (word >> i & 1) as u8;
            }
        }
    }

    /// The lanes at which `test` holds, among the first `lanes`.
    #[inline]
    pub fn where_true(lanes: usize, mut test: impl FnMut(usize) -> bool) -> Self {
        let mut mask = Self::NONE;
        for (i, word) in mask.0.iter_mut().enumerate() {
            let from = i * 64;
            for lane in from..lanes.min(from + 64) {
                *word |= u64::from(test(lane)) << (lane - from);
            }
        }
        mask
    }
}

/// Iterator over the lanes of a set.
pub struct Lanes {
    /// What is left of a word, and which word that is.
    bits: u64,
    word: usize,
    mask: Mask,
}

impl Iterator for Lanes {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            self.word += 1;
            self.bits = *self.mask.0.get(self.word)?;
        }
        let lane = self.word * 64 + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        Some(lane)
    }
}

impl BitAnd for Mask {
    type Output = Self;
    #[inline]
    fn bitand(mut self, other: Self) -> Self {
        self &= other;
        self
    }
}

impl BitAndAssign for Mask {
    #[inline]
    fn bitand_assign(&mut self, other: Self) {
        for i in 0..WORDS {
            self.0[i] &= other.0[i];
        }
    }
}

impl BitOr for Mask {
    type Output = Self;
    #[inline]
    fn bitor(mut self, other: Self) -> Self {
        self |= other;
        self
    }
}

impl BitOrAssign for Mask {
    #[inline]
    fn bitor_assign(&mut self, other: Self) {
        for i in 0..WORDS {
            self.0[i] |= other.0[i];
        }
    }
}

impl Not for Mask {
    type Output = Self;
    #[inline]
    fn not(mut self) -> Self {
        self.0.iter_mut().for_each(|word| *word = !*word);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_lanes() {
        for lanes in [0, 1, 63, 64, 65, 256, 511, 512] {
            assert_eq!(Mask::first(lanes).count() as usize, lanes);
            assert_eq!(Mask::first(lanes), Mask::where_true(lanes, |_| true));
        }
        let odd = Mask::where_true(300, |lane| lane % 2 == 1);
        assert_eq!(odd.lanes().collect::<Vec<_>>(), (1..300).step_by(2).collect::<Vec<_>>());
        assert_eq!(Mask::first(300).without(odd).count(), 150);
        assert!(odd.get(299) && !odd.get(298) && !odd.get(301));
    }
}
