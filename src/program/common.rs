//! Numbers that several plans draw alike: drawn for the first that asks, and handed on to the others.
//!
//! In: the programs of a comparison, and then the numbers that each draws in a block. Out: the same numbers for whoever
//! asks next, in the lanes in which they are there. A number is common to two plans if it is drawn by the same stream from
//! the same distribution, and by the same standard normals where it is correlated: then it is the same, bit by bit.

use std::collections::BTreeMap;

use super::{MAX_LANES, Mask, Number, Program, State};

/// Most memory for the numbers of a block: beyond the caches, copying one takes as long as drawing it.
const MOST_BYTES: usize = 1 << 20;

/// Common numbers of a block.
#[derive(Debug, Clone, Default)]
pub(super) struct Common {
    /// World, first iteration and number of them.
    of: Option<(Option<u64>, u64, usize)>,
    stride: usize,
    values: Vec<f64>,
    known: Vec<Mask>,
}

/// No common number.
const NONE: u32 = u32::MAX;

impl Common {
    fn new(numbers: usize, stride: usize) -> Self {
        Self { of: None, stride, values: vec![0.0; numbers * stride], known: vec![Mask::NONE; numbers] }
    }

    /// Forgets what is of other iterations.
    pub(super) fn begin(&mut self, world: Option<u64>, first: u64, lanes: usize) {
        let of = Some((world, first, lanes));
        if self.of != of {
            self.of = of;
            self.known.fill(Mask::NONE);
        }
    }

    /// Copies a number to `slot` in those of these lanes in which it is there, and returns them.
    pub(super) fn give(&self, place: usize, lanes: Mask, slot: &mut [f64]) -> Mask {
        let there = lanes & self.known[place];
        copy(there, &self.values[place * self.stride..][..slot.len()], slot);
        there
    }

    /// Keeps a number, which `slot` holds in these lanes.
    pub(super) fn take(&mut self, place: usize, lanes: Mask, slot: &[f64]) {
        self.known[place] |= lanes;
        copy(lanes, slot, &mut self.values[place * self.stride..][..slot.len()]);
    }
}

/// Copies these lanes.
fn copy(lanes: Mask, from: &[f64], to: &mut [f64]) {
    if lanes == Mask::first(from.len()) {
        to.copy_from_slice(from);
    } else {
        lanes.lanes().for_each(|lane| to[lane] = from[lane]);
    }
}

impl State {
    /// Memory for blocks of several programs that run the same iterations in turn; each is to
    /// [take over](State::take_over) from the one before it, the first from the last.
    ///
    /// # Panics
    /// If `lanes` is 0 or more than [`MAX_LANES`].
    pub fn in_turn(programs: &[Program], lanes: usize) -> Vec<Self> {
        let mut states: Vec<Self> = programs.iter().map(|program| Self::new(program, lanes)).collect();
        states.iter_mut().for_each(|state| state.plans = programs.len());
        let room = MOST_BYTES / (lanes.min(MAX_LANES) * size_of::<f64>());
        // Numbers by what their streams begin with, and those of them that are one and the same.
        let mut alike: BTreeMap<u64, Vec<Vec<(usize, usize)>>> = BTreeMap::new();
        for (p, program) in programs.iter().enumerate() {
            for (n, number) in program.numbers.iter().enumerate() {
                let Number::Draw { stream, .. } = number else { continue };
                let groups = alike.entry(stream.bits(0)).or_default();
                let same = |group: &&mut Vec<(usize, usize)>| {
                    let (q, m) = group[0];
                    q != p && program.draws_alike(n, &programs[q], m)
                };
                match groups.iter_mut().find(same) {
                    Some(group) => group.push((p, n)),
                    None => groups.push(vec![(p, n)]),
                }
            }
        }
        let groups = alike.into_values().flatten().filter(|group| group.len() > 1).take(room);
        let mut count = 0;
        for group in groups {
            for (p, n) in group {
                let places = &mut states[p].common_places;
                places.resize(programs[p].numbers.len(), NONE);
                places[n] = count;
            }
            count += 1;
        }
        if let Some(last) = states.last_mut() {
            last.common = Common::new(count as usize, lanes);
        }
        states
    }

    /// The place of a number among the common ones, if it is one.
    pub(super) fn common_place(&self, number: usize) -> Option<usize> {
        self.common_places.get(number).filter(|place| **place != NONE).map(|place| *place as usize)
    }

    /// Makes a number known in those of these lanes in which another plan has drawn it; the lanes that are left.
    pub(super) fn known_in_common(&mut self, number: usize, lanes: Mask) -> Mask {
        let Some(place) = self.common_place(number) else { return lanes };
        let slot = &mut self.values[number * self.stride..][..self.lanes];
        let there = self.common.give(place, lanes, slot);
        self.known[number] |= there;
        lanes.without(there)
    }

    /// Hands a number on that has been drawn in these lanes.
    pub(super) fn keep_in_common(&mut self, number: usize, lanes: Mask) {
        if let Some(place) = self.common_place(number) {
            self.common.take(place, lanes, &self.values[number * self.stride..][..self.lanes]);
        }
    }
}

impl Program {
    /// Whether a number is drawn as a number of another program is.
    fn draws_alike(&self, number: usize, other: &Self, of_other: usize) -> bool {
        let (
            Number::Draw { stream, distribution, latent, chance },
            Number::Draw { stream: s, distribution: d, latent: l, chance: c },
        ) = (&self.numbers[number], &other.numbers[of_other])
        else {
            return false;
        };
        let latents = match (latent, l) {
            (None, None) => true,
            (Some(latent), Some(l)) => {
                let (own, others) = (&self.latents[*latent], &other.latents[*l]);
                let alike = |((x, a), (y, b)): (&(usize, f64), &(usize, f64))| {
                    a.to_bits() == b.to_bits() && self.normals[*x] == other.normals[*y]
                };
                own.len() == others.len() && own.iter().zip(others).all(alike)
            }
            _ => false,
        };
        stream == s && chance == c && latents && distribution == d
    }
}
