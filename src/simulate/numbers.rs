//! The numbers that go into a run: what they are on average over its iterations.

use rayon::prelude::*;

use super::{CHUNK, Options, ThreadsError};
use crate::estimate::Moments;
use crate::program::{Program, State};
use crate::register::QuantityId;

/// Sums of numbers of a register over the iterations of a plain run, number by number. What depends on an iteration (test
/// coverage by units that work) is what it is in that iteration; what is drawn on many occasions is drawn once.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn simulate_numbers(
    program: &Program,
    numbers: &[QuantityId],
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Moments>, ThreadsError> {
    let options = options.within([program]);
    let nothing = || vec![Moments::default(); numbers.len()];
    let chunks = options.iterations.div_ceil(CHUNK);
    Ok(super::pool(options.threads)?.install(|| {
        let run = (0..chunks).into_par_iter().fold(
            || (None, nothing()),
            |(state, mut sums): (Option<State>, Vec<Moments>), chunk| {
                let mut state = state.unwrap_or_else(|| State::new(program, options.block));
                let first = options.first + chunk * CHUNK;
                let end = (first + CHUNK).min(options.first + options.iterations);
                let mut at = first;
                while at < end {
                    let lanes = (options.block as u64).min(end - at) as usize;
                    program.run(&mut state, at, lanes);
                    for (number, sum) in numbers.iter().zip(&mut sums) {
                        program.number(&mut state, *number).iter().for_each(|value| sum.add(*value));
                    }
                    at += lanes as u64;
                }
                progress(end - first);
                (Some(state), sums)
            },
        );
        run.map(|(_, sums)| sums).reduce(nothing, |mut a, b| {
            a.iter_mut().zip(&b).for_each(|(a, b)| a.merge(b));
            a
        })
    }))
}
