//! Iterations in which something holds: their tally beside that of all, and where they are.
//!
//! In: a program, a [`Fact`] to select by and facts to count. Out: exact integer counts, which merge whatever the
//! threads. Selection may be asked of a program whose draws are conditioned on part of the news
//! ([`Program::given`]); every iteration is then run twice, once plainly and once so conditioned, on common random numbers.

use rayon::prelude::*;

use super::{CHUNK, Options, Tally, ThreadsError, tally};
use crate::program::{Fact, Mask, Program, State};

/// How often a fact held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JointCounts {
    /// Selected iterations in which it held, on condition of the news.
    pub given: u64,
    /// All iterations in which it held in the plain run.
    pub plain: u64,
    /// Selected iterations in which it held in the plain run.
    pub plain_selected: u64,
    /// Selected iterations in which it held in both.
    pub both: u64,
}

/// A run and the part of it that was selected.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected {
    /// Number of iterations, of the plain run and of the conditioned one.
    pub iterations: u64,
    /// Iterations in which the selection held, in the conditioned run.
    pub selected: u64,
    /// Tally of all iterations of the plain run.
    pub plain: Tally,
    /// Tally of the selected iterations of the conditioned run.
    pub given: Tally,
    /// One for each fact that is counted.
    pub joint: Vec<JointCounts>,
}

impl Selected {
    fn new(shape: &tally::Shape, facts: usize) -> Self {
        Self {
            iterations: 0,
            selected: 0,
            plain: Tally::new(shape),
            given: Tally::new(shape),
            joint: vec![JointCounts::default(); facts],
        }
    }

    fn merged(mut self, other: Self) -> Self {
        self.iterations += other.iterations;
        self.selected += other.selected;
        self.plain = self.plain.merged(other.plain);
        self.given = self.given.merged(other.given);
        for (a, b) in self.joint.iter_mut().zip(&other.joint) {
            a.given += b.given;
            a.plain += b.plain;
            a.plain_selected += b.plain_selected;
            a.both += b.both;
        }
        self
    }
}

/// What to select and to count.
#[derive(Debug, Clone, Copy)]
pub struct Selection<'a> {
    /// The program as it stands.
    pub plain: &'a Program,
    /// The program conditioned on part of the news, if any could be.
    pub conditioned: Option<&'a Program>,
    /// What is left to select by.
    pub news: &'a Fact,
    /// Facts to count.
    pub facts: &'a [Fact],
    /// Fewest selected iterations wanted.
    pub least_selected: u64,
    /// Most iterations to run for that.
    pub most_iterations: u64,
}

/// Runs as many iterations as asked; then twice as many in all, and so on, until enough are selected or
/// the most that is allowed have been run. The result is that of one run of as many iterations.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn simulate_selected(
    selection: &Selection<'_>,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Selected, ThreadsError> {
    let options = options.within([selection.plain].into_iter().chain(selection.conditioned));
    let shape = tally::Shape::of(selection.plain, options.block);
    let pool = super::pool(options.threads)?;
    let mut done = options.iterations;
    let mut run = pool.install(|| stage(selection, &shape, options, progress));
    while run.selected < selection.least_selected && done < selection.most_iterations {
        let end = done.saturating_mul(2).min(selection.most_iterations);
        let more = Options { first: options.first + done, iterations: end - done, ..options };
        run = run.merged(pool.install(|| stage(selection, &shape, more, progress)));
        done = end;
    }
    Ok(run)
}

fn stage(
    selection: &Selection<'_>,
    shape: &tally::Shape,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Selected {
    let nothing = || Selected::new(shape, selection.facts.len());
    let chunks = options.iterations.div_ceil(CHUNK);
    let run = (0..chunks).into_par_iter().fold(
        || (None, nothing()),
        |(states, mut run): (Option<Block>, Selected), chunk| {
            let mut states = states.unwrap_or_else(|| Block::new(selection, options.block));
            let first = options.first + chunk * CHUNK;
            let end = (first + CHUNK).min(options.first + options.iterations);
            let mut at = first;
            while at < end {
                let lanes = (options.block as u64).min(end - at) as usize;
                states.run(selection, at, lanes, &mut run);
                at += lanes as u64;
            }
            progress(end - first);
            (Some(states), run)
        },
    );
    run.map(|(_, run)| run).reduce(nothing, Selected::merged)
}

/// States of one thread.
struct Block {
    plain: State,
    conditioned: Option<State>,
    facts: Vec<Mask>,
}

impl Block {
    fn new(selection: &Selection<'_>, lanes: usize) -> Self {
        Self {
            plain: State::new(selection.plain, lanes).keep_gates(),
            conditioned: selection.conditioned.map(|program| State::new(program, lanes).keep_gates()),
            facts: vec![Mask::NONE; selection.facts.len()],
        }
    }

    fn run(&mut self, selection: &Selection<'_>, first: u64, lanes: usize, run: &mut Selected) {
        run.iterations += lanes as u64;
        let plain = selection.plain;
        run.plain.add(plain, plain.run(&mut self.plain, first, lanes));
        for (mask, fact) in self.facts.iter_mut().zip(selection.facts) {
            *mask = plain.lanes_where(&mut self.plain, fact);
        }
        let (program, state) = match (selection.conditioned, &mut self.conditioned) {
            (Some(program), Some(state)) => {
                program.run(state, first, lanes);
                (program, state)
            }
            _ => (plain, &mut self.plain),
        };
        let selected = program.lanes_where(state, selection.news);
        let count = |mask: Mask| u64::from(mask.count());
        run.selected += count(selected);
        for ((joint, fact), in_plain) in run.joint.iter_mut().zip(selection.facts).zip(&self.facts) {
            let given = if selection.conditioned.is_some() { program.lanes_where(state, fact) } else { *in_plain };
            joint.given += count(given & selected);
            joint.plain += count(*in_plain);
            joint.plain_selected += count(*in_plain & selected);
            joint.both += count(given & *in_plain & selected);
        }
        if !selected.is_empty() {
            run.given.add(program, &state.outcome().of_lanes(selected));
        }
    }
}

/// Where the iterations are in which something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// How many iterations were looked at.
    pub iterations: u64,
    /// In how many it holds.
    pub count: u64,
    /// The one that was asked for, if there are so many.
    pub iteration: Option<u64>,
}

/// Looks for the `nth` iteration (from 1) in which a fact holds, and counts all.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn find(
    program: &Program,
    fact: &Fact,
    nth: u64,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Found, ThreadsError> {
    let options = options.within([program]);
    let end_of = |first: u64| (first + CHUNK).min(options.first + options.iterations);
    let in_chunk = |state: &mut State, chunk: u64, each: &mut dyn FnMut(u64, Mask)| {
        let first = options.first + chunk * CHUNK;
        let mut at = first;
        while at < end_of(first) {
            let lanes = (options.block as u64).min(end_of(first) - at) as usize;
            program.run(state, at, lanes);
            each(at, program.lanes_where(state, fact));
            at += lanes as u64;
        }
    };
    let state = || State::new(program, options.block).keep_gates();
    let counts: Vec<u64> = super::pool(options.threads)?.install(|| {
        let chunks = (0..options.iterations.div_ceil(CHUNK)).into_par_iter();
        chunks
            .map_init(state, |state, chunk| {
                let mut count = 0;
                in_chunk(state, chunk, &mut |_, lanes| count += u64::from(lanes.count()));
                progress(CHUNK);
                count
            })
            .collect()
    });
    let mut before = 0;
    let place = counts.iter().position(|count| {
        before += count;
        before >= nth && nth > 0
    });
    let iteration = place.and_then(|chunk| {
        let mut left = nth - (before - counts[chunk]);
        let mut found = None;
        in_chunk(&mut state(), chunk as u64, &mut |at, lanes| {
            for lane in lanes.lanes() {
                if left == 1 {
                    found = Some(at + lane as u64);
                }
                left = left.saturating_sub(1);
            }
        });
        found
    });
    Ok(Found { iterations: options.iterations, count: counts.iter().sum(), iteration })
}

/// The finish of a measure in every iteration, in order; infinite for never.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn finishes(
    program: &Program,
    measure: usize,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<f64>, ThreadsError> {
    let options = options.within([program]);
    Ok(super::pool(options.threads)?.install(|| {
        let chunks = (0..options.iterations.div_ceil(CHUNK)).into_par_iter();
        let parts: Vec<Vec<f64>> = chunks
            .map_init(
                || State::new(program, options.block),
                |state, chunk| {
                    let mut values = Vec::with_capacity(CHUNK as usize);
                    let end = ((chunk + 1) * CHUNK).min(options.iterations);
                    let mut at = chunk * CHUNK;
                    while at < end {
                        let lanes = (options.block as u64).min(end - at) as usize;
                        let outcome = program.run(state, options.first + at, lanes);
                        values.extend(&outcome.measures[measure * options.block..][..lanes]);
                        at += lanes as u64;
                    }
                    progress(end - chunk * CHUNK);
                    values
                },
            )
            .collect();
        parts.concat()
    }))
}
