//! Sums of what several programs differ by, iteration by iteration: weighted sums of their values.
//!
//! In: programs of the same seed, and contrasts. A contrast is a list of programs with whole-number weights; its value in
//! an iteration is Σ weight × value of a decision figure there. Out: for every contrast and decision figure the sum of its
//! values and of their squares, from which its mean and its paired standard error follow. Whole numbers are summed as
//! such, so that contrasts that add up to another do so exactly; amounts are summed in fixed point.

use rayon::prelude::*;

use super::decision::Kind;
use super::paired::Block;
use super::{CHUNK, Decision, Options, Tally, ThreadsError, Worlds, tally};
use crate::estimate::Moments;
use crate::program::Program;

/// A weighted sum over programs: places among the programs, with whole-number weights.
pub type Contrast = Vec<(usize, i32)>;

/// Sums of contrasts over some iterations.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrasts {
    /// Number of iterations.
    pub iterations: u64,
    counts: usize,
    amounts: usize,
    /// Whole numbers: contrast by contrast, decision by decision.
    sums: Vec<i128>,
    squares: Vec<u128>,
    /// Amounts, likewise.
    moments: Vec<Moments>,
}

impl Contrasts {
    fn new(contrasts: usize, decisions: &[Decision]) -> Self {
        let amounts = decisions.iter().filter(|d| d.kind() == Kind::Amount).count();
        let counts = decisions.len() - amounts;
        Self {
            iterations: 0,
            counts,
            amounts,
            sums: vec![0; contrasts * counts],
            squares: vec![0; contrasts * counts],
            moments: vec![Moments::default(); contrasts * amounts],
        }
    }

    /// Sum of the values of a contrast: exact for whole numbers.
    pub fn sum(&self, contrast: usize, decision: usize) -> f64 {
        match decision.checked_sub(self.counts) {
            None => self.sums[contrast * self.counts + decision] as f64,
            Some(amount) => self.moments[contrast * self.amounts + amount].sum(),
        }
    }

    /// Sum of the squares of the values of a contrast.
    pub fn squares(&self, contrast: usize, decision: usize) -> f64 {
        match decision.checked_sub(self.counts) {
            None => self.squares[contrast * self.counts + decision] as f64,
            Some(amount) => self.moments[contrast * self.amounts + amount].squares(),
        }
    }

    /// The same exactly, in steps of 1, or of 2⁻²⁰ for an amount: see [`Contrasts::steps_per_unit`].
    pub fn exact_sum(&self, contrast: usize, decision: usize) -> i128 {
        match decision.checked_sub(self.counts) {
            None => self.sums[contrast * self.counts + decision],
            Some(amount) => self.moments[contrast * self.amounts + amount].exact_sum(),
        }
    }

    /// Steps of [`Contrasts::exact_sum`] in a unit of the decision figure.
    pub fn steps_per_unit(&self, decision: usize) -> i128 {
        if decision < self.counts { 1 } else { Moments::STEPS_PER_UNIT }
    }

    fn merge(mut self, other: &Self) -> Self {
        self.iterations += other.iterations;
        self.sums.iter_mut().zip(&other.sums).for_each(|(a, b)| *a += b);
        self.squares.iter_mut().zip(&other.squares).for_each(|(a, b)| *a += b);
        self.moments.iter_mut().zip(&other.moments).for_each(|(a, b)| a.merge(b));
        self
    }

    fn add(&mut self, block: &Block<'_>, contrasts: &[Contrast], lanes: usize) {
        self.iterations += lanes as u64;
        let mut values = vec![0i64; lanes];
        let mut amounts = vec![0.0f64; lanes];
        for (c, contrast) in contrasts.iter().enumerate() {
            for d in 0..self.counts {
                values.fill(0);
                for (plan, weight) in contrast {
                    let weight = i64::from(*weight);
                    let own = block.counts(*plan, d, lanes);
                    values.iter_mut().zip(own).for_each(|(sum, value)| *sum += weight * i64::from(*value));
                }
                let place = c * self.counts + d;
                let squares = values.iter().map(|v| u128::from(v.unsigned_abs()) * u128::from(v.unsigned_abs()));
                self.squares[place] += squares.sum::<u128>();
                self.sums[place] += values.iter().map(|v| i128::from(*v)).sum::<i128>();
            }
            for k in 0..self.amounts {
                amounts.fill(0.0);
                for (plan, weight) in contrast {
                    let own = block.amounts(*plan, k, lanes);
                    amounts.iter_mut().zip(own).for_each(|(sum, value)| *sum += f64::from(*weight) * value);
                }
                let moments = &mut self.moments[c * self.amounts + k];
                amounts.iter().for_each(|value| moments.add(*value));
            }
        }
    }
}

/// Runs several programs on the same iterations: the tally of each, and the sums of the contrasts.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn simulate_contrasts(
    programs: &[Program],
    decisions: &[Decision],
    contrasts: &[Contrast],
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Vec<Tally>, Contrasts), ThreadsError> {
    let options = options.within(programs);
    let shapes: Vec<tally::Shape> = programs.iter().map(|p| tally::Shape::of(p, options.block)).collect();
    let nothing = || (shapes.iter().map(Tally::new).collect::<Vec<_>>(), Contrasts::new(contrasts.len(), decisions));
    let chunks = options.iterations.div_ceil(CHUNK);
    super::pool(options.threads)?.install(|| {
        let run = (0..chunks).into_par_iter().fold(
            || (None, nothing()),
            |(block, (mut tallies, mut sums)): (Option<Block<'_>>, _), chunk| {
                let mut block = block.unwrap_or_else(|| Block::new(programs, decisions, options.block));
                let first = options.first + chunk * CHUNK;
                let end = (first + CHUNK).min(options.first + options.iterations);
                let mut at = first;
                while at < end {
                    let lanes = (options.block as u64).min(end - at) as usize;
                    block.run(None, at, lanes, |p, outcome| tallies[p].add(&programs[p], outcome));
                    sums.add(&block, contrasts, lanes);
                    at += lanes as u64;
                }
                progress((end - first) * programs.len() as u64);
                (Some(block), (tallies, sums))
            },
        );
        Ok(run.map(|(_, parts)| parts).reduce(nothing, |(tallies, sums), (more, other)| {
            let tallies = tallies.into_iter().zip(more).map(|(a, b)| a.merged(b)).collect();
            (tallies, sums.merge(&other))
        }))
    })
}

/// Runs several programs in the same worlds, as [`super::simulate_worlds`] does: the sums of the contrasts, world by world.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn contrasts_in_worlds(
    programs: &[Program],
    decisions: &[Decision],
    contrasts: &[Contrast],
    worlds: Worlds,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Contrasts>, ThreadsError> {
    let most = super::suited(256, programs);
    super::pool(worlds.threads)?.install(|| {
        Ok((0..worlds.worlds)
            .into_par_iter()
            .map_init(
                || Block::new(programs, decisions, most),
                |block, number| {
                    let mut sums = Contrasts::new(contrasts.len(), decisions);
                    let end = (number + 1) * worlds.iterations;
                    let mut at = number * worlds.iterations;
                    while at < end {
                        let lanes = (most as u64).min(end - at) as usize;
                        block.run(Some(number), at, lanes, |_, _| {});
                        sums.add(block, contrasts, lanes);
                        at += lanes as u64;
                    }
                    progress(worlds.iterations * programs.len() as u64);
                    sums
                },
            )
            .collect())
    })
}
