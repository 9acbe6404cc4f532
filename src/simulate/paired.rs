//! Several plans on common random numbers: their tallies, and how they differ iteration by iteration.
//!
//! In: programs of the same seed. Out: integer sums, which merge exactly. A difference of two plans is
//! estimated from the paired differences d of their values: its mean from the sums of the values, its
//! variance from the sum of d², so that what both plans share cancels.

use super::decision::Kind;
use super::tally::Shape;
use super::{CHUNK, Decision, Options, Tally, ThreadsError};
use crate::estimate::Moments;
use crate::program::{Program, State};

/// Sums of decision figures over some iterations.
///
/// What is counted in whole numbers comes first among the decisions and is summed in 64 bits; amounts follow, summed
/// in fixed point ([`Moments`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paired {
    /// Number of iterations.
    pub iterations: u64,
    plans: usize,
    /// Number of decisions that are whole numbers.
    counts: usize,
    /// Number of decisions that are amounts.
    amounts: usize,
    /// Sum of the value: plan by plan, decision by decision.
    sums: Vec<u64>,
    /// Sum of the squared value, likewise.
    own_squares: Vec<u64>,
    /// Sum of squared differences: pair by pair, decision by decision.
    squares: Vec<u64>,
    /// Amounts: plan by plan.
    own_amounts: Vec<Moments>,
    /// Differences of amounts: pair by pair.
    amount_differences: Vec<Moments>,
}

impl Paired {
    pub(super) fn new(plans: usize, decisions: &[Decision]) -> Self {
        let pairs = plans * plans.saturating_sub(1) / 2;
        let amounts = decisions.iter().filter(|d| d.kind() == Kind::Amount).count();
        let counts = decisions.len() - amounts;
        debug_assert!(decisions[counts..].iter().all(|d| d.kind() == Kind::Amount), "amounts come last");
        Self {
            iterations: 0,
            plans,
            counts,
            amounts,
            sums: vec![0; plans * counts],
            own_squares: vec![0; plans * counts],
            squares: vec![0; pairs * counts],
            own_amounts: vec![Moments::default(); plans * amounts],
            amount_differences: vec![Moments::default(); pairs * amounts],
        }
    }

    /// Sum of the values of a decision figure in a plan.
    pub fn sum(&self, plan: usize, decision: usize) -> f64 {
        match decision.checked_sub(self.counts) {
            None => self.sums[plan * self.counts + decision] as f64,
            Some(amount) => self.own_amounts[plan * self.amounts + amount].sum(),
        }
    }

    /// Sum of the squared values of a decision figure in a plan.
    pub fn own_squares(&self, plan: usize, decision: usize) -> f64 {
        match decision.checked_sub(self.counts) {
            None => self.own_squares[plan * self.counts + decision] as f64,
            Some(amount) => self.own_amounts[plan * self.amounts + amount].squares(),
        }
    }

    /// Sum of the squared differences of two plans; 0 for a plan and itself.
    pub fn squares(&self, a: usize, b: usize, decision: usize) -> f64 {
        if a == b {
            return 0.0;
        }
        let pair = self.pair(a.min(b), a.max(b));
        match decision.checked_sub(self.counts) {
            None => self.squares[pair * self.counts + decision] as f64,
            Some(amount) => self.amount_differences[pair * self.amounts + amount].squares(),
        }
    }

    /// Sum of the products of the values in two plans (of the squares, for a plan and itself).
    pub fn products(&self, a: usize, b: usize, decision: usize) -> f64 {
        (self.own_squares(a, decision) + self.own_squares(b, decision) - self.squares(a, b, decision)) / 2.0
    }

    /// Mean of a decision figure in a plan.
    pub fn mean(&self, plan: usize, decision: usize) -> f64 {
        self.sum(plan, decision) / self.iterations as f64
    }

    fn pair(&self, a: usize, b: usize) -> usize {
        debug_assert!(a < b && b < self.plans);
        a * self.plans - a * (a + 1) / 2 + b - a - 1
    }

    pub(super) fn merge(mut self, other: &Self) -> Self {
        self.iterations += other.iterations;
        self.sums.iter_mut().zip(&other.sums).for_each(|(a, b)| *a += b);
        self.own_squares.iter_mut().zip(&other.own_squares).for_each(|(a, b)| *a += b);
        self.squares.iter_mut().zip(&other.squares).for_each(|(a, b)| *a += b);
        self.own_amounts.iter_mut().zip(&other.own_amounts).for_each(|(a, b)| a.merge(b));
        self.amount_differences.iter_mut().zip(&other.amount_differences).for_each(|(a, b)| a.merge(b));
        self
    }

    /// Adds a block.
    pub(super) fn add(&mut self, block: &Block<'_>, lanes: usize) {
        self.iterations += lanes as u64;
        let (counts, stride) = (self.counts, block.stride);
        let of = |plan: usize, decision: usize| &block.values[(plan * counts + decision) * stride..][..lanes];
        for d in 0..counts {
            for a in 0..self.plans {
                let own = of(a, d);
                // A block's sum of squares is below 2²⁶: narrow sums are what a processor adds many of at a time.
                self.sums[a * counts + d] += u64::from(own.iter().map(|v| u32::from(*v)).sum::<u32>());
                let square = |x: i32| (x * x).unsigned_abs();
                self.own_squares[a * counts + d] += u64::from(own.iter().map(|v| square(i32::from(*v))).sum::<u32>());
                for b in a + 1..self.plans {
                    let pair = self.pair(a, b);
                    let differences = own.iter().zip(of(b, d)).map(|(x, y)| i32::from(*x) - i32::from(*y));
                    self.squares[pair * counts + d] += u64::from(differences.map(square).sum::<u32>());
                }
            }
        }
        for k in 0..self.amounts {
            let of = |plan: usize| &block.amounts[(plan * self.amounts + k) * stride..][..lanes];
            for a in 0..self.plans {
                of(a).iter().for_each(|v| self.own_amounts[a * self.amounts + k].add(*v));
                for b in a + 1..self.plans {
                    let pair = self.pair(a, b) * self.amounts + k;
                    let differences = of(a).iter().zip(of(b)).map(|(x, y)| x - y);
                    differences.for_each(|d| self.amount_differences[pair].add(d));
                }
            }
        }
    }
}

/// Values of all decision figures of all plans in one block.
pub(super) struct Block<'a> {
    programs: &'a [Program],
    decisions: &'a [Decision],
    states: Vec<State>,
    /// Whole numbers: plan by plan, decision by decision, lane by lane.
    values: Vec<u8>,
    /// Amounts, likewise.
    amounts: Vec<f64>,
    counts: usize,
    stride: usize,
}

impl<'a> Block<'a> {
    pub(super) fn new(programs: &'a [Program], decisions: &'a [Decision], stride: usize) -> Self {
        let counts = decisions.iter().filter(|d| d.kind() != Kind::Amount).count();
        Self {
            programs,
            decisions,
            states: State::in_turn(programs, stride),
            values: vec![0; programs.len() * counts * stride],
            amounts: vec![0.0; programs.len() * (decisions.len() - counts) * stride],
            counts,
            stride,
        }
    }

    /// Whole numbers of a decision in a plan, lane by lane.
    pub(super) fn counts(&self, plan: usize, decision: usize, lanes: usize) -> &[u8] {
        &self.values[(plan * self.counts + decision) * self.stride..][..lanes]
    }

    /// Amounts of the k-th decision that is one.
    pub(super) fn amounts(&self, plan: usize, k: usize, lanes: usize) -> &[f64] {
        let amounts = self.decisions.len() - self.counts;
        &self.amounts[(plan * amounts + k) * self.stride..][..lanes]
    }

    /// Runs a block of every plan, in one world or each iteration in its own.
    pub(super) fn run(
        &mut self,
        world: Option<u64>,
        first: u64,
        lanes: usize,
        mut seen: impl FnMut(usize, &crate::program::Outcome),
    ) {
        for (p, program) in self.programs.iter().enumerate() {
            let state = in_turn(&mut self.states, p);
            let outcome = match world {
                Some(world) => program.run_in_world(state, world, first, lanes),
                None => program.run(state, first, lanes),
            };
            let (counts, amounts) = self.decisions.split_at(self.counts);
            for (d, decision) in counts.iter().enumerate() {
                let at = (p * counts.len() + d) * self.stride;
                decision.fill(program, outcome, &mut self.values[at..at + self.stride]);
            }
            for (k, decision) in amounts.iter().enumerate() {
                let at = (p * amounts.len() + k) * self.stride;
                let own = decision.amounts(program, outcome);
                self.amounts[at..at + own.len()].copy_from_slice(own);
            }
            seen(p, outcome);
        }
    }
}

/// The state of a program that runs in turn with others, with what the one before it, or the last, has of the same iterations.
pub(super) fn in_turn(states: &mut [State], place: usize) -> &mut State {
    let before = if place == 0 { states.len() - 1 } else { place - 1 };
    if let Ok([state, last]) = states.get_disjoint_mut([place, before]) {
        state.take_over(last);
    }
    &mut states[place]
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
    let options = options.within(programs);
    super::pool(options.threads)?.install(|| {
        let shapes: Vec<Shape> = programs.iter().map(|p| Shape::of(p, options.block)).collect();
        Ok(run_chunks(programs, decisions, &shapes, options, progress))
    })
}

/// The same on the threads of the pool that it is called in.
pub(super) fn run_chunks(
    programs: &[Program],
    decisions: &[Decision],
    shapes: &[Shape],
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> (Vec<Tally>, Paired) {
    let nothing = || (shapes.iter().map(Tally::new).collect::<Vec<_>>(), Paired::new(programs.len(), decisions));
    let chunks = options.iterations.div_ceil(CHUNK);
    let memory = || (Block::new(programs, decisions, options.block), nothing());
    let made = super::on_all_threads(chunks, memory, |(block, (tallies, paired)), chunk| {
        let first = options.first + chunk * CHUNK;
        let end = (first + CHUNK).min(options.first + options.iterations);
        let mut at = first;
        while at < end {
            let lanes = (options.block as u64).min(end - at) as usize;
            block.run(None, at, lanes, |p, outcome| tallies[p].add(&programs[p], outcome));
            paired.add(block, lanes);
            at += lanes as u64;
        }
        progress((end - first) * programs.len() as u64);
    });
    let parts = made.into_iter().map(|(_, parts)| parts);
    let merged = parts.reduce(|(tallies, paired), (more, other)| {
        let tallies = tallies.into_iter().zip(more).map(|(a, b)| a.merged(b)).collect();
        (tallies, paired.merge(&other))
    });
    merged.unwrap_or_else(nothing)
}
