//! Which iterations run, on which threads, and what is kept of them.
//!
//! In: a [`Program`] and [`Options`]. Out: a [`Tally`]. Iterations are cut into fixed chunks of
//! blocks; a thread takes a chunk, runs its blocks and tallies them in integers, and tallies merge
//! exactly. So the same bits come out for any number of threads and any size of block, and the
//! first n iterations of a longer run are the shorter run.

mod contrasts;
mod decision;
mod gates;
mod histogram;
mod importance;
mod joint;
mod numbers;
mod paired;
mod precision;
mod replicates;
mod sampled;
mod selected;
mod tally;
mod worlds;

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use crate::program::{MAX_LANES, Outcome, Program, State};

pub use contrasts::{Contrast, Contrasts, contrasts_in_worlds, simulate_contrasts};
pub use decision::{Decision, Kind};
pub use gates::{GateTally, PatternCount, Patterns, gate_patterns};
pub use histogram::Histogram;
pub use importance::by_importance;
pub use joint::{Facts, Joint, Kept, simulate_joint, simulate_joint_until_precise, simulate_joint_worlds};
pub use numbers::simulate_numbers;
pub use paired::{Paired, simulate_paired};
pub use precision::{Precision, simulate_until_precise};
pub use replicates::{Replicated, simulate_replicates};
pub use sampled::{Sampled, Samples, on_threads, sample, sample_in_chunks, sample_world};
pub use selected::{Found, JointCounts, Selected, Selection, find, finishes, simulate_selected};
pub use tally::{IncidentCounts, MOST_INCIDENTS, ReleaseTally, Tally};
pub use worlds::{Finishes, World, Worlds, simulate_worlds};

/// Iterations in a chunk: what one thread takes at a time.
const CHUNK: u64 = 8192;

/// How to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Number of iterations.
    pub iterations: u64,
    /// The first of them: 0 but for the continuation of a run.
    pub first: u64,
    /// Number of threads; all cores unless given.
    pub threads: Option<usize>,
    /// Most iterations in a block, 1 to [`crate::program::MAX_LANES`]; a program of many numbers takes fewer, by
    /// [`Program::block`].
    pub block: usize,
}

impl Options {
    /// Options for a number of iterations.
    pub fn iterations(iterations: u64) -> Self {
        Self { iterations, first: 0, threads: None, block: MAX_LANES }
    }

    /// The same with blocks that suit these programs.
    fn within<'a>(self, programs: impl IntoIterator<Item = &'a Program>) -> Self {
        Self { block: suited(self.block, programs), ..self }
    }
}

/// Iterations in a block, at most so many, that suit every one of these programs.
fn suited<'a>(most: usize, programs: impl IntoIterator<Item = &'a Program>) -> usize {
    programs.into_iter().map(Program::block).fold(most, usize::min)
}

/// Why a run could not start.
#[derive(Debug)]
pub struct ThreadsError(rayon::ThreadPoolBuildError);

impl std::fmt::Display for ThreadsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the threads could not be started: {}", self.0)
    }
}

impl std::error::Error for ThreadsError {}

/// Runs a program and tallies it. `progress` is told how many more iterations are done, from any
/// thread.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn simulate(program: &Program, options: Options, progress: &(dyn Fn(u64) + Sync)) -> Result<Tally, ThreadsError> {
    let options = options.within([program]);
    let shape = tally::Shape::of(program, options.block);
    let pool = pool(options.threads)?;
    let chunks = options.iterations.div_ceil(CHUNK);
    let memory = || (State::new(program, options.block), Tally::new(&shape));
    let made = pool.install(|| {
        on_all_threads(chunks, memory, |(state, tally), chunk| {
            let first = options.first + chunk * CHUNK;
            let end = (first + CHUNK).min(options.first + options.iterations);
            let mut at = first;
            while at < end {
                let lanes = (options.block as u64).min(end - at) as usize;
                tally.add(program, program.run(state, at, lanes));
                at += lanes as u64;
            }
            progress(end - first);
        })
    });
    Ok(made.into_iter().map(|(_, tally)| tally).reduce(Tally::merged).unwrap_or_else(|| Tally::new(&shape)))
}

/// Works on chunks by the threads of the pool that it is called in, as far as they are free: each takes the next as long
/// as there is one, with memory of its own, which is made once a thread and holds what it made of its chunks.
fn on_all_threads<T: Send>(chunks: u64, memory: impl Fn() -> T + Sync, each: impl Fn(&mut T, u64) + Sync) -> Vec<T> {
    let next = AtomicU64::new(0);
    let work = |_| {
        let mut own = None;
        loop {
            let chunk = next.fetch_add(1, Relaxed);
            if chunk >= chunks {
                return own;
            }
            each(own.get_or_insert_with(&memory), chunk);
        }
    };
    (0..rayon::current_num_threads()).into_par_iter().with_max_len(1).filter_map(work).collect()
}

/// Threads of a run's own; all cores unless a number is given.
fn pool(threads: Option<usize>) -> Result<rayon::ThreadPool, ThreadsError> {
    rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build().map_err(ThreadsError)
}

/// Hands every block of a run, in order, to `each`: for outputs that need the iterations themselves.
///
/// # Errors
/// The first error of `each`.
pub fn every_block<E>(
    program: &Program,
    iterations: u64,
    mut each: impl FnMut(&Outcome) -> Result<(), E>,
) -> Result<(), E> {
    let block = program.block();
    let mut state = State::new(program, block);
    let mut at = 0;
    while at < iterations {
        let lanes = (block as u64).min(iterations - at) as usize;
        each(program.run(&mut state, at, lanes))?;
        at += lanes as u64;
    }
    Ok(())
}
