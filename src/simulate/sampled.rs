//! What some iterations gave, kept iteration by iteration: for analyses that need the iterations themselves.
//!
//! In: a program and the values wanted. Out: a number for each value and iteration, in order, so that whatever is made
//! of them is the same bits for any number of threads.

use rayon::prelude::*;

use super::decision::Kind;
use super::{CHUNK, Decision, Options, ThreadsError};
use crate::program::{NOT_LIVE, Outcome, Program, State};

/// A number that every iteration has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sampled {
    /// What it adds to a decision figure; 0 where the plan does not have it.
    Decision(Decision),
    /// Day of the deployment of this release that is kept; infinite when not live by the horizon.
    GoLive(String),
    /// Finish of this measure in days; infinite for never.
    Finish(String),
}

/// Values of some iterations: value by value, iteration by iteration.
pub type Samples = Vec<Vec<f64>>;

/// Runs something on threads of its own; all cores unless a number is given.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn on_threads<T: Send>(threads: Option<usize>, run: impl FnOnce() -> T + Send) -> Result<T, ThreadsError> {
    Ok(super::pool(threads)?.install(run))
}

/// The values of the iterations of `options`, on the present thread.
pub fn sample(program: &Program, values: &[Sampled], options: Options, progress: &(dyn Fn(u64) + Sync)) -> Samples {
    sample_in(program, values, None, options, progress)
}

/// The values of `iterations` iterations of a world, those that [`super::simulate_worlds`] runs, on the present thread.
pub fn sample_world(
    program: &Program,
    values: &[Sampled],
    world: u64,
    iterations: u64,
    progress: &(dyn Fn(u64) + Sync),
) -> Samples {
    let options = Options { first: world * iterations, ..Options::iterations(iterations) };
    sample_in(program, values, Some(world), options, progress)
}

fn sample_in(
    program: &Program,
    values: &[Sampled],
    world: Option<u64>,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Samples {
    let mut samples: Samples = values.iter().map(|_| Vec::with_capacity(options.iterations as usize)).collect();
    let options = options.within([program]);
    let mut state = State::new(program, options.block);
    let mut counts = vec![0; options.block];
    let (mut at, end) = (options.first, options.first + options.iterations);
    while at < end {
        let lanes = (options.block as u64).min(end - at) as usize;
        let outcome = match world {
            Some(world) => program.run_in_world(&mut state, world, at, lanes),
            None => program.run(&mut state, at, lanes),
        };
        for (value, sample) in values.iter().zip(&mut samples) {
            value.read(program, outcome, &mut counts, sample);
        }
        at += lanes as u64;
    }
    progress(options.iterations);
    samples
}

/// The same on all threads of the pool that it is called in.
pub fn sample_in_chunks(
    program: &Program,
    values: &[Sampled],
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Samples {
    let chunks: Vec<Samples> = (0..options.iterations.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let first = chunk * CHUNK;
            let iterations = CHUNK.min(options.iterations - first);
            sample(program, values, Options { iterations, first: options.first + first, ..options }, progress)
        })
        .collect();
    let mut samples: Samples = values.iter().map(|_| Vec::with_capacity(options.iterations as usize)).collect();
    for chunk in chunks {
        samples.iter_mut().zip(chunk).for_each(|(all, part)| all.extend(part));
    }
    samples
}

impl Sampled {
    /// Appends the values of a block.
    fn read(&self, program: &Program, outcome: &Outcome, counts: &mut [u8], sample: &mut Vec<f64>) {
        let (register, lanes) = (program.register(), outcome.lanes);
        let before = sample.len();
        match self {
            Self::Decision(decision) if decision.kind() == Kind::Amount => {
                sample.extend_from_slice(decision.amounts(program, outcome));
            }
            Self::Decision(decision) => {
                counts.fill(0);
                decision.fill(program, outcome, counts);
                sample.extend(counts[..lanes].iter().map(|count| f64::from(*count)));
            }
            Self::GoLive(id) => {
                let Some(r) = register.releases.iter().position(|r| r.id == *id) else { return };
                let stride = outcome.cost.len();
                let day = |window: &u16| match *window {
                    NOT_LIVE => f64::INFINITY,
                    window => f64::from(program.windows()[usize::from(window)]),
                };
                sample.extend(outcome.live_window[r * stride..r * stride + lanes].iter().map(day));
            }
            Self::Finish(id) => {
                let Some(m) = register.measures.iter().position(|m| m.id == *id) else { return };
                let stride = outcome.cost.len();
                sample.extend_from_slice(&outcome.measures[m * stride..m * stride + lanes]);
            }
        }
        debug_assert_eq!(sample.len(), before + lanes);
    }
}
