//! Several plans in the same worlds: knowledge is drawn in an outer loop, chance in an inner one.
//!
//! In: programs of the same seed. Out: for each world what input intervals are made of, in integers and exact sums.

use rayon::prelude::*;

use super::paired::{Block, Paired};
use super::{Decision, ThreadsError};
use crate::estimate::Moments;
use crate::program::{NOT_LIVE, Outcome, Program};

/// How many worlds, and how many iterations in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Worlds {
    /// Number of worlds: draws of everything that is knowledge.
    pub worlds: u64,
    /// Iterations in each world.
    pub iterations: u64,
    /// Number of threads; all cores unless given.
    pub threads: Option<usize>,
}

/// What is kept of one world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// Paired sums of its iterations.
    pub paired: Paired,
    /// Iterations by the window of the kept deployment: plan by plan, release by release, window by window.
    pub live: Vec<Vec<Vec<u32>>>,
    /// Finish times: plan by plan, measure by measure.
    pub finishes: Vec<Vec<Finishes>>,
}

/// Finish times of a measure in one world.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finishes {
    /// Iterations that finish by each of the days asked for.
    pub by: Vec<u32>,
    /// Iterations that finish by the target.
    pub by_target: u32,
    /// Exact sums of the finish times that are finite.
    pub moments: Moments,
}

/// Runs several plans in the same worlds, with the same chance in each, world by world. `days` says for each plan and
/// measure by which days, in order, finishes are counted.
///
/// World w has the knowledge of iteration w of a plain run; its iterations are `w·n .. (w + 1)·n`.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn simulate_worlds(
    programs: &[Program],
    decisions: &[Decision],
    days: &[Vec<Vec<f64>>],
    worlds: Worlds,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<World>, ThreadsError> {
    let most = super::suited(256, programs);
    let nothing = World::new(programs, decisions, days);
    super::pool(worlds.threads)?.install(|| {
        Ok((0..worlds.worlds)
            .into_par_iter()
            .map_init(
                || Block::new(programs, decisions, most),
                |block, number| {
                    let mut world = nothing.clone();
                    let end = (number + 1) * worlds.iterations;
                    let mut at = number * worlds.iterations;
                    while at < end {
                        let lanes = (most as u64).min(end - at) as usize;
                        block.run(Some(number), at, lanes, |p, outcome| {
                            world.live[p].iter_mut().enumerate().for_each(|(r, counts)| live(counts, outcome, r, most));
                            let measures = &programs[p].register().measures;
                            for (m, finishes) in world.finishes[p].iter_mut().enumerate() {
                                let target = measures[m].target.map_or(f64::INFINITY, crate::time::latest_at);
                                finishes.add(&outcome.measures[m * most..m * most + lanes], &days[p][m], target);
                            }
                        });
                        world.paired.add(block, lanes);
                        at += lanes as u64;
                    }
                    progress(worlds.iterations * programs.len() as u64);
                    world
                },
            )
            .collect())
    })
}

impl World {
    fn new(programs: &[Program], decisions: &[Decision], days: &[Vec<Vec<f64>>]) -> Self {
        let by = |days: &Vec<f64>| Finishes { by: vec![0; days.len()], ..Finishes::default() };
        Self {
            paired: Paired::new(programs.len(), decisions),
            live: programs.iter().map(|p| vec![vec![0; p.windows().len()]; p.register().releases.len()]).collect(),
            finishes: days.iter().map(|measures| measures.iter().map(by).collect()).collect(),
        }
    }
}

impl Finishes {
    fn add(&mut self, finishes: &[f64], days: &[f64], target: f64) {
        for &finish in finishes {
            let first = days.partition_point(|day| *day < finish);
            self.by[first..].iter_mut().for_each(|count| *count += 1);
            self.by_target += u32::from(finish <= target);
            if finish.is_finite() {
                self.moments.add(finish);
            }
        }
    }
}

/// Counts the kept deployments of a release by window.
fn live(counts: &mut [u32], outcome: &Outcome, release: usize, stride: usize) {
    for &window in &outcome.live_window[release * stride..release * stride + outcome.lanes] {
        if window != NOT_LIVE {
            counts[usize::from(window)] += 1;
        }
    }
}
