//! Runs in independent replicates: each is tallied by itself, so that what varies between them can be seen.
//!
//! In: programs whose variables are placed by a set of points. Out: the tally of each replicate, and of all.

use rayon::prelude::*;

use super::paired::run_chunks;
use super::tally::Shape;
use super::{Decision, Options, Paired, Tally, ThreadsError};
use crate::program::Program;
use crate::random::PointSet;

/// Replicates run side by side, before their tallies are trimmed.
const AT_ONCE: usize = 16;

/// A run in replicates.
#[derive(Debug, Clone)]
pub struct Replicated {
    /// The tally of all replicates, plan by plan.
    pub tallies: Vec<Tally>,
    /// Paired sums of all of them.
    pub paired: Paired,
    /// The tallies of the replicates, plan by plan, replicate by replicate.
    pub replicates: Vec<Vec<Tally>>,
}

/// Runs several plans on every replicate of a set of points.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn simulate_replicates(
    programs: &[Program],
    decisions: &[Decision],
    points: &PointSet,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Replicated, ThreadsError> {
    let options = options.within(programs);
    super::pool(options.threads)?.install(|| {
        let shapes: Vec<Shape> = programs.iter().map(|p| Shape::of(p, options.block)).collect();
        let mut whole = Replicated {
            tallies: shapes.iter().map(Tally::new).collect(),
            paired: Paired::new(programs.len(), decisions),
            replicates: vec![Vec::new(); programs.len()],
        };
        let run = |replicate: u64| {
            let part = Options { iterations: points.points(), first: replicate * points.points(), ..options };
            run_chunks(programs, decisions, &shapes, part, progress)
        };
        let all = u64::from(points.replicates());
        for first in (0..all).step_by(AT_ONCE) {
            let batch = first..all.min(first + AT_ONCE as u64);
            let runs: Vec<(Vec<Tally>, Paired)> = batch.into_par_iter().map(run).collect();
            for (tallies, paired) in runs {
                whole.paired = whole.paired.merge(&paired);
                let both = whole.tallies.into_iter().zip(&tallies);
                whole.tallies = both.map(|(all, one)| all.merged(one.clone())).collect();
                for (replicates, mut tally) in whole.replicates.iter_mut().zip(tallies) {
                    tally.trim();
                    replicates.push(tally);
                }
            }
        }
        Ok(whole)
    })
}
