//! The numbers of a block: of one plan, or of several that run the same iterations in turn, where numbers that are the
//! same in several plans are one.
//!
//! In: the programs, and then what each draws in a block. Out: the same numbers for whoever asks next, in the lanes in
//! which they are there. A number is the same in two plans if it is drawn by the same stream from the same distribution,
//! and by the same standard normals where it is correlated, or if it is made of such numbers in the same way: then it is
//! the same bit by bit.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hash, Hasher};

use super::events::Chance;
use super::{MAX_LANES, Mask, Number, Program, State};
use crate::random::Stream;

/// Most memory for the numbers of a block that several plans share: beyond the caches, reading one takes as long as
/// drawing it.
const MOST_BYTES: usize = 1 << 20;

/// Numbers of a block.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    /// The place of each number of the plan.
    places: Vec<u32>,
    /// How many places, from the first on, several plans share.
    shared: u32,
    /// Whether no other plan runs in turn with this one.
    alone: bool,
    slots: Slots,
}

/// What is handed on from plan to plan.
#[derive(Debug, Clone, Default)]
struct Slots {
    /// World, first iteration and number of iterations.
    of: Option<(Option<u64>, u64, usize)>,
    stride: usize,
    values: Vec<f64>,
    /// For which lanes each place is known, and whether it always is.
    known: Vec<Mask>,
    constant: Vec<bool>,
    /// Where uniform numbers lie below chances, in all lanes.
    below: HashMap<Asked, Mask, BuildHasherDefault<Mixed>>,
}

/// Which uniform numbers are asked to lie below which chance: by places.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Asked {
    stream: Stream,
    probability: u32,
    factor: u32,
    items: usize,
}

impl Eq for Asked {}

impl Hash for Asked {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(mix(self.stream.bits(0), mix(u64::from(self.probability), u64::from(self.factor))));
    }
}

/// The hash of what is mixed already.
#[derive(Debug, Clone, Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = mix(self.0, u64::from(*byte)));
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

impl Slots {
    fn new(places: usize, stride: usize) -> Self {
        let (values, known) = (vec![0.0; places * stride], vec![Mask::NONE; places]);
        Self { of: None, stride, values, known, constant: vec![false; places], below: HashMap::default() }
    }

    /// Puts constants where they belong.
    fn fill(&mut self, program: &Program, places: &[u32]) {
        for (number, place) in program.numbers.iter().zip(places) {
            if let Number::Constant(value) = number {
                let place = *place as usize;
                self.values[place * self.stride..][..self.stride].fill(*value);
                self.known[place] = Mask::first(MAX_LANES);
                self.constant[place] = true;
            }
        }
    }
}

impl Numbers {
    /// Memory for the numbers of one plan.
    pub(super) fn of_one(program: &Program, lanes: usize) -> Self {
        let (places, count) = program.places();
        let mut slots = Slots::new(count, lanes);
        slots.fill(program, &places);
        Self { places, shared: 0, alone: true, slots }
    }

    /// Forgets what is of other iterations; alone, everything.
    pub(super) fn begin(&mut self, world: Option<u64>, first: u64, lanes: usize) {
        let of = Some((world, first, lanes));
        let slots = &mut self.slots;
        if self.alone || slots.of != of {
            slots.of = of;
            let drawn = slots.known.iter_mut().zip(&slots.constant).filter(|(_, constant)| !**constant);
            drawn.for_each(|(known, _)| *known = Mask::NONE);
            slots.below.clear();
        }
    }

    /// Takes what another plan has drawn.
    pub(super) fn take_over(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.slots, &mut other.slots);
    }

    /// The lanes in which the uniform number of a stream, or that of any of several items from it on, lies below a chance,
    /// if that is known of all.
    pub(super) fn below(&self, stream: Stream, chance: Chance, items: usize) -> Option<Mask> {
        self.slots.below.get(&self.asked(stream, chance, items)).copied()
    }

    /// Keeps that answer for the block.
    pub(super) fn keep_below(&mut self, stream: Stream, chance: Chance, items: usize, below: Mask) {
        let asked = self.asked(stream, chance, items);
        self.slots.below.insert(asked, below);
    }

    fn asked(&self, stream: Stream, (number, factor): Chance, items: usize) -> Asked {
        let factor = factor.map_or(u32::MAX, |factor| self.places[factor]);
        Asked { stream, probability: self.places[number], factor, items }
    }

    /// Where a number is: the same place for plans in which it is the same.
    pub(super) fn place(&self, number: usize) -> u32 {
        self.places[number]
    }

    /// Whether other plans have the number too.
    pub(super) fn is_shared(&self, number: usize) -> bool {
        self.places[number] < self.shared
    }

    /// The lanes in which a number is known.
    #[inline]
    pub(super) fn known(&mut self, number: usize) -> &mut Mask {
        &mut self.slots.known[self.places[number] as usize]
    }

    /// A number in the first `lanes` lanes.
    #[inline]
    pub(super) fn of(&self, number: usize, lanes: usize) -> &[f64] {
        &self.slots.values[self.places[number] as usize * self.slots.stride..][..lanes]
    }

    /// The same, to be written.
    #[inline]
    pub(super) fn of_mut(&mut self, number: usize, lanes: usize) -> &mut [f64] {
        &mut self.slots.values[self.places[number] as usize * self.slots.stride..][..lanes]
    }

    /// A number in a lane in which it is known.
    #[inline]
    pub(super) fn value(&self, number: usize, lane: usize) -> f64 {
        let place = self.places[number] as usize;
        debug_assert!(self.slots.known[place].get(lane));
        self.slots.values[place * self.slots.stride + lane]
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
        if states.len() < 2 {
            return states;
        }
        // Numbers by what they are made of, and those of them that are one and the same.
        let mut alike: BTreeMap<u64, Vec<Vec<(usize, usize)>>> = BTreeMap::new();
        for (p, program) in programs.iter().enumerate() {
            for n in 0..program.numbers.len() {
                let groups = alike.entry(program.made_of(n)).or_default();
                let same = |group: &&mut Vec<(usize, usize)>| {
                    let (q, m) = group[0];
                    q != p && program.is_alike(n, &programs[q], m)
                };
                match groups.iter_mut().find(same) {
                    Some(group) => group.push((p, n)),
                    None => groups.push(vec![(p, n)]),
                }
            }
        }
        let room = MOST_BYTES / (lanes * size_of::<f64>());
        let groups = alike.into_values().flatten();
        let (mut groups, mut single): (Vec<_>, Vec<_>) = groups.partition(|group| group.len() > 1);
        let beyond = groups.split_off(room.min(groups.len()));
        single.extend(beyond.into_iter().flatten().map(|number| vec![number]));
        let shared = groups.len() as u32;
        let mut places: Vec<Vec<u32>> = programs.iter().map(|program| vec![0; program.numbers.len()]).collect();
        for (place, group) in (0..).zip(groups.iter().chain(&single)) {
            group.iter().for_each(|(p, n)| places[*p][*n] = place);
        }
        let mut slots = Slots::new(groups.len() + single.len(), lanes);
        for (program, places) in programs.iter().zip(&places) {
            slots.fill(program, places);
        }
        for (state, places) in states.iter_mut().zip(places) {
            state.plans = programs.len();
            state.numbers = Numbers { places, shared, alone: false, slots: Slots::default() };
        }
        if let Some(last) = states.last_mut() {
            last.numbers.slots = slots;
        }
        states
    }
}

impl Program {
    /// A place for each number, one for all constants that are equal; how many places that takes.
    pub(super) fn places(&self) -> (Vec<u32>, usize) {
        let (mut constants, mut count) = (HashMap::new(), 0);
        let mut next = || {
            count += 1;
            count - 1
        };
        let place = |number: &Number| match number {
            Number::Constant(value) => *constants.entry(value.to_bits()).or_insert_with(&mut next),
            _ => next(),
        };
        let places = self.numbers.iter().map(place).collect();
        (places, count as usize)
    }

    /// Something that is the same of numbers that are alike, and seldom of others.
    fn made_of(&self, number: usize) -> u64 {
        let of = |kind: u64, parts: &[usize]| parts.iter().fold(kind, |hash, part| mix(hash, self.made_of(*part)));
        match &self.numbers[number] {
            Number::Constant(value) => value.to_bits(),
            Number::Draw { stream, .. } | Number::Mixture { stream, .. } => stream.bits(0),
            Number::Product(parts) => of(1, parts),
            Number::Sum(parts) => of(2, parts),
            Number::Complement(part) => of(3, &[*part]),
            Number::AnyOf(a, b) => of(4, &[*a, *b]),
            Number::AtLeastOne(a, b) => of(5, &[*a, *b]),
            Number::Odds(a, b) => of(6, &[*a, *b]),
            Number::Escape(a, c, b) => of(7 + *c as u64, &[*a, *b]),
        }
    }

    /// Whether a number is the same as one of another program, in every iteration.
    fn is_alike(&self, number: usize, other: &Self, of_other: usize) -> bool {
        let alike = |a: &usize, b: &usize| self.is_alike(*a, other, *b);
        let all_alike = |a: &[usize], b: &[usize]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b));
        match (&self.numbers[number], &other.numbers[of_other]) {
            (Number::Constant(a), Number::Constant(b)) => a.to_bits() == b.to_bits(),
            (
                Number::Draw { stream, distribution, latent, chance },
                Number::Draw { stream: s, distribution: d, latent: l, chance: c },
            ) => stream == s && chance == c && distribution == d && self.latents_alike(*latent, other, *l),
            (Number::Product(a), Number::Product(b)) | (Number::Sum(a), Number::Sum(b)) => all_alike(a, b),
            (Number::Complement(a), Number::Complement(b)) => alike(a, b),
            (Number::AnyOf(a, b), Number::AnyOf(c, d))
            | (Number::AtLeastOne(a, b), Number::AtLeastOne(c, d))
            | (Number::Odds(a, b), Number::Odds(c, d)) => alike(a, c) && alike(b, d),
            // What testing covers is the plan's own, and so are mixtures.
            _ => false,
        }
    }

    /// Whether two latent variables are made of the same normals by the same weights.
    fn latents_alike(&self, latent: Option<usize>, other: &Self, of_other: Option<usize>) -> bool {
        let (Some(latent), Some(of_other)) = (latent, of_other) else { return latent == of_other };
        let (own, others) = (&self.latents[latent], &other.latents[of_other]);
        let alike = |((x, a), (y, b)): (&(usize, f64), &(usize, f64))| {
            a.to_bits() == b.to_bits() && self.normals[*x] == other.normals[*y]
        };
        own.len() == others.len() && own.iter().zip(others).all(alike)
    }
}

/// One hash of two.
fn mix(a: u64, b: u64) -> u64 {
    (a.rotate_left(23) ^ b).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
