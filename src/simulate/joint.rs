//! Several programs on common random numbers, and how everything about them goes together.
//!
//! In: programs of the same seed, and which facts of them are of interest. Out: how often each fact holds and how often
//! any two of them hold in the same iteration, and the same for numbers of incidents. From these follows the sampling
//! variance of any combination of facts across programs, which [`super::Paired`] has for one figure at a time. All are
//! integers, which merge exactly.

use rayon::prelude::*;

use super::paired::in_turn;
use super::{CHUNK, Options, Precision, ThreadsError, Worlds};
use crate::program::{Mask, NOT_LIVE, Outcome, Program, State};
use crate::register::ReleaseSet;

/// A fact of one program: all of these releases, by their places in its register, are deployed on their dates and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Index of the program.
    pub program: usize,
    /// The releases; at least one.
    pub releases: ReleaseSet,
}

/// What is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Facts, whose coincidences are counted.
    pub kept: Vec<Kept>,
    /// For each program, the releases whose last go-live is counted by its date.
    pub last_of: Vec<ReleaseSet>,
}

/// What was counted over some iterations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joint {
    /// Number of iterations.
    pub iterations: u64,
    /// Iterations in which two facts hold: a triangle, each with those before it and itself.
    both: Vec<u64>,
    /// Extra incidents of category 1 or 2 in each program: their sums, and sums of products of two programs.
    incidents: Vec<u64>,
    products: Vec<u64>,
    /// For each program, iterations by the place of the window of the last kept deployment.
    last: Vec<Vec<u64>>,
}

impl Joint {
    fn new(programs: &[Program], facts: &Facts) -> Self {
        let triangle = |n: usize| vec![0; n * (n + 1) / 2];
        Self {
            iterations: 0,
            both: triangle(facts.kept.len()),
            incidents: vec![0; programs.len()],
            products: triangle(programs.len()),
            last: programs.iter().map(|p| vec![0; p.windows().len()]).collect(),
        }
    }

    /// Iterations in which a fact holds.
    pub fn kept(&self, fact: usize) -> u64 {
        self.both[place(fact, fact)]
    }

    /// Iterations in which two facts hold.
    pub fn both(&self, a: usize, b: usize) -> u64 {
        self.both[place(a, b)]
    }

    /// Number of extra incidents of category 1 or 2 in a program, over all iterations.
    pub fn incidents(&self, program: usize) -> u64 {
        self.incidents[program]
    }

    /// Sum over iterations of the product of the numbers in two programs.
    pub fn incident_products(&self, a: usize, b: usize) -> u64 {
        self.products[place(a, b)]
    }

    /// Iterations by the place of the window of the last kept deployment of the releases asked for; those in which any of
    /// them is not live by the horizon are in none.
    pub fn last(&self, program: usize) -> &[u64] {
        &self.last[program]
    }

    fn merged(mut self, other: &Self) -> Self {
        self.iterations += other.iterations;
        let add = |a: &mut [u64], b: &[u64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        add(&mut self.both, &other.both);
        add(&mut self.incidents, &other.incidents);
        add(&mut self.products, &other.products);
        self.last.iter_mut().zip(&other.last).for_each(|(a, b)| add(a, b));
        self
    }
}

/// Place of a pair in a triangle.
fn place(a: usize, b: usize) -> usize {
    let (low, high) = (a.min(b), a.max(b));
    high * (high + 1) / 2 + low
}

/// Working memory of one thread.
struct Block<'a> {
    programs: &'a [Program],
    facts: &'a Facts,
    states: Vec<State>,
    kept: Vec<Mask>,
    incidents: Vec<u8>,
    stride: usize,
}

impl<'a> Block<'a> {
    fn new(programs: &'a [Program], facts: &'a Facts, stride: usize) -> Self {
        Self {
            programs,
            facts,
            states: State::in_turn(programs, stride),
            kept: vec![Mask::NONE; facts.kept.len()],
            incidents: vec![0; programs.len() * stride],
            stride,
        }
    }

    /// Runs a block of every program, and counts it.
    fn run(&mut self, joint: &mut Joint, world: Option<u64>, first: u64, lanes: usize) {
        for (p, program) in self.programs.iter().enumerate() {
            let state = in_turn(&mut self.states, p);
            let outcome = match world {
                Some(world) => program.run_in_world(state, world, first, lanes),
                None => program.run(state, first, lanes),
            };
            for (fact, mask) in self.facts.kept.iter().zip(&mut self.kept).filter(|(fact, _)| fact.program == p) {
                let releases = (0..outcome.kept_on_target.len()).filter(|r| fact.releases >> r & 1 == 1);
                *mask = releases.fold(Mask::first(lanes), |all, r| all & outcome.kept_on_target[r]);
            }
            let serious = &mut self.incidents[p * self.stride..][..lanes];
            for (lane, value) in serious.iter_mut().enumerate() {
                let number = outcome.incidents[lane] + outcome.incidents[self.stride + lane];
                *value = u8::try_from(number).unwrap_or(u8::MAX);
            }
            count_last(&mut joint.last[p], outcome, self.facts.last_of[p], self.stride);
        }
        joint.iterations += lanes as u64;
        for (a, mask) in self.kept.iter().enumerate() {
            let row = &mut joint.both[place(0, a)..=place(a, a)];
            row.iter_mut().zip(&self.kept).for_each(|(count, other)| *count += u64::from((*mask & *other).count()));
        }
        let of = |p: usize| &self.incidents[p * self.stride..][..lanes];
        for a in 0..self.programs.len() {
            joint.incidents[a] += of(a).iter().map(|v| u64::from(*v)).sum::<u64>();
            for b in 0..=a {
                // At most 255² · 512, which 32 bits hold.
                let sum: u32 = of(a).iter().zip(of(b)).map(|(x, y)| u32::from(*x) * u32::from(*y)).sum();
                joint.products[place(a, b)] += u64::from(sum);
            }
        }
    }
}

/// Counts the last kept deployment of releases by window.
fn count_last(counts: &mut [u64], outcome: &Outcome, of: ReleaseSet, stride: usize) {
    let releases: Vec<usize> = (0..outcome.kept_on_target.len()).filter(|r| of >> r & 1 == 1).collect();
    for lane in 0..outcome.lanes {
        // What is not live comes after every window.
        match releases.iter().map(|r| outcome.live_window[r * stride + lane]).max() {
            None | Some(NOT_LIVE) => {}
            Some(window) => counts[usize::from(window)] += 1,
        }
    }
}

/// Runs several programs on the same iterations.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn simulate_joint(
    programs: &[Program],
    facts: &Facts,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Joint, ThreadsError> {
    let options = options.within(programs);
    let nothing = || Joint::new(programs, facts);
    let chunks = options.iterations.div_ceil(CHUNK);
    Ok(super::pool(options.threads)?.install(|| {
        let run = (0..chunks).into_par_iter().fold(
            || (None, nothing()),
            |(block, mut joint): (Option<Block<'_>>, Joint), chunk| {
                let mut block = block.unwrap_or_else(|| Block::new(programs, facts, options.block));
                let first = options.first + chunk * CHUNK;
                let end = (first + CHUNK).min(options.first + options.iterations);
                let mut at = first;
                while at < end {
                    let lanes = (options.block as u64).min(end - at) as usize;
                    block.run(&mut joint, None, at, lanes);
                    at += lanes as u64;
                }
                progress((end - first) * programs.len() as u64);
                (Some(block), joint)
            },
        );
        run.map(|(_, joint)| joint).reduce(nothing, |a, b| a.merged(&b))
    }))
}

/// The same until `widest`, the widest half-width of what is of interest, is at most `half_width`, or
/// `options.iterations` have been run.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn simulate_joint_until_precise(
    programs: &[Program],
    facts: &Facts,
    half_width: f64,
    options: Options,
    widest: impl Fn(&Joint) -> f64,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Joint, Precision), ThreadsError> {
    let stage = |part| simulate_joint(programs, facts, part, progress);
    super::precision::in_stages(half_width, options, stage, |a, b| a.merged(&b), widest)
}

/// Runs several programs in the same worlds, with the same chance in each (see [`super::simulate_worlds`]), and keeps of
/// each world what `keep` makes of it, world by world.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn simulate_joint_worlds<T: Send>(
    programs: &[Program],
    facts: &Facts,
    worlds: Worlds,
    keep: &(dyn Fn(&Joint) -> T + Sync),
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<T>, ThreadsError> {
    let most = super::suited(256, programs);
    super::pool(worlds.threads)?.install(|| {
        Ok((0..worlds.worlds)
            .into_par_iter()
            .map_init(
                || Block::new(programs, facts, most),
                |block, number| {
                    let mut joint = Joint::new(programs, facts);
                    let end = (number + 1) * worlds.iterations;
                    let mut at = number * worlds.iterations;
                    while at < end {
                        let lanes = (most as u64).min(end - at) as usize;
                        block.run(&mut joint, Some(number), at, lanes);
                        at += lanes as u64;
                    }
                    progress(worlds.iterations * programs.len() as u64);
                    keep(&joint)
                },
            )
            .collect())
    })
}
