//! Several plans on common random numbers: their tallies, and how they differ iteration by iteration.
//!
//! In: programs of the same seed. Out: integer sums, which merge exactly. A difference of two plans is
//! estimated from the paired differences d of their values: its mean from the sums of the values, its
//! variance from the sum of d², so that what both plans share cancels.

use rayon::prelude::*;

use super::{CHUNK, Decision, Options, Tally, ThreadsError, tally};
use crate::program::{Program, State};

/// Sums of decision figures over some iterations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paired {
    /// Number of iterations.
    pub iterations: u64,
    decisions: usize,
    plans: usize,
    /// Sum of the value: plan by plan, decision by decision.
    sums: Vec<u64>,
    /// Sum of the squared value, likewise.
    own_squares: Vec<u64>,
    /// Sum of squared differences: pair by pair, decision by decision.
    squares: Vec<u64>,
}

impl Paired {
    fn new(plans: usize, decisions: usize) -> Self {
        let pairs = plans * plans.saturating_sub(1) / 2;
        Self {
            iterations: 0,
            decisions,
            plans,
            sums: vec![0; plans * decisions],
            own_squares: vec![0; plans * decisions],
            squares: vec![0; pairs * decisions],
        }
    }

    /// Sum of the values of a decision figure in a plan.
    pub fn sum(&self, plan: usize, decision: usize) -> u64 {
        self.sums[plan * self.decisions + decision]
    }

    /// Sum of the squared values of a decision figure in a plan.
    pub fn own_squares(&self, plan: usize, decision: usize) -> u64 {
        self.own_squares[plan * self.decisions + decision]
    }

    /// Sum of the squared differences of two plans, `a` before `b`.
    pub fn squares(&self, a: usize, b: usize, decision: usize) -> u64 {
        self.squares[self.pair(a, b) * self.decisions + decision]
    }

    fn pair(&self, a: usize, b: usize) -> usize {
        debug_assert!(a < b && b < self.plans);
        a * self.plans - a * (a + 1) / 2 + b - a - 1
    }

    fn merge(mut self, other: &Self) -> Self {
        self.iterations += other.iterations;
        self.sums.iter_mut().zip(&other.sums).for_each(|(a, b)| *a += b);
        self.own_squares.iter_mut().zip(&other.own_squares).for_each(|(a, b)| *a += b);
        self.squares.iter_mut().zip(&other.squares).for_each(|(a, b)| *a += b);
        self
    }

    /// Adds a block: values plan by plan, decision by decision, lane by lane.
    fn add(&mut self, values: &[u8], stride: usize, lanes: usize) {
        self.iterations += lanes as u64;
        let decisions = self.decisions;
        let of = |plan: usize, decision: usize| &values[(plan * decisions + decision) * stride..][..lanes];
        for d in 0..decisions {
            for a in 0..self.plans {
                let own = of(a, d);
                self.sums[a * decisions + d] += own.iter().map(|v| u64::from(*v)).sum::<u64>();
                self.own_squares[a * decisions + d] += own.iter().map(|v| u64::from(*v) * u64::from(*v)).sum::<u64>();
                for b in a + 1..self.plans {
                    let square = |(x, y): (&u8, &u8)| u64::from(x.abs_diff(*y)) * u64::from(x.abs_diff(*y));
                    let pair = self.pair(a, b);
                    self.squares[pair * decisions + d] += own.iter().zip(of(b, d)).map(square).sum::<u64>();
                }
            }
        }
    }
}

/// Values of all decision figures of all plans in one block.
struct Block<'a> {
    programs: &'a [Program],
    decisions: &'a [Decision],
    states: Vec<State>,
    values: Vec<u8>,
    stride: usize,
}

impl<'a> Block<'a> {
    fn new(programs: &'a [Program], decisions: &'a [Decision], stride: usize) -> Self {
        Self {
            programs,
            decisions,
            states: programs.iter().map(|p| State::new(p, stride)).collect(),
            values: vec![0; programs.len() * decisions.len() * stride],
            stride,
        }
    }

    /// Runs a block of every plan, in one world or each iteration in its own.
    fn run(
        &mut self,
        world: Option<u64>,
        first: u64,
        lanes: usize,
        mut seen: impl FnMut(usize, &crate::program::Outcome),
    ) {
        for (p, program) in self.programs.iter().enumerate() {
            let state = &mut self.states[p];
            let outcome = match world {
                Some(world) => program.run_in_world(state, world, first, lanes),
                None => program.run(state, first, lanes),
            };
            for (d, decision) in self.decisions.iter().enumerate() {
                let at = (p * self.decisions.len() + d) * self.stride;
                decision.fill(program, outcome, &mut self.values[at..at + self.stride]);
            }
            seen(p, outcome);
        }
    }
}

/// Runs several plans on the same iterations: the tally of each, and their paired sums.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn simulate_paired(
    programs: &[Program],
    decisions: &[Decision],
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Vec<Tally>, Paired), ThreadsError> {
    let shapes: Vec<tally::Shape> = programs.iter().map(|p| tally::Shape::of(p, options.block)).collect();
    let nothing = || (shapes.iter().map(Tally::new).collect::<Vec<_>>(), Paired::new(programs.len(), decisions.len()));
    let chunks = options.iterations.div_ceil(CHUNK);
    super::pool(options.threads)?.install(|| {
        let run = (0..chunks).into_par_iter().fold(
            || (None, nothing()),
            |(block, (mut tallies, mut paired)): (Option<Block<'_>>, _), chunk| {
                let mut block = block.unwrap_or_else(|| Block::new(programs, decisions, options.block));
                let end = ((chunk + 1) * CHUNK).min(options.iterations);
                let mut at = chunk * CHUNK;
                while at < end {
                    let lanes = (options.block as u64).min(end - at) as usize;
                    block.run(None, at, lanes, |p, outcome| tallies[p].add(&programs[p], outcome));
                    paired.add(&block.values, options.block, lanes);
                    at += lanes as u64;
                }
                progress((end - chunk * CHUNK) * programs.len() as u64);
                (Some(block), (tallies, paired))
            },
        );
        Ok(run.map(|(_, parts)| parts).reduce(nothing, |(tallies, paired), (more, other)| {
            let tallies = tallies.into_iter().zip(more).map(|(a, b)| a.merged(b)).collect();
            (tallies, paired.merge(&other))
        }))
    })
}

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

/// Runs several plans in the same worlds, with the same chance in each: their paired sums, world by world.
///
/// World w has the knowledge of iteration w of a plain run; its iterations are `w·n .. (w + 1)·n`.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn simulate_worlds(
    programs: &[Program],
    decisions: &[Decision],
    worlds: Worlds,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Paired>, ThreadsError> {
    const BLOCK: usize = 256;
    super::pool(worlds.threads)?.install(|| {
        Ok((0..worlds.worlds)
            .into_par_iter()
            .map_init(
                || Block::new(programs, decisions, BLOCK),
                |block, world| {
                    let mut paired = Paired::new(programs.len(), decisions.len());
                    let end = (world + 1) * worlds.iterations;
                    let mut at = world * worlds.iterations;
                    while at < end {
                        let lanes = (BLOCK as u64).min(end - at) as usize;
                        block.run(Some(world), at, lanes, |_, _| {});
                        paired.add(&block.values, BLOCK, lanes);
                        at += lanes as u64;
                    }
                    progress(worlds.iterations * programs.len() as u64);
                    paired
                },
            )
            .collect())
    })
}
