//! What gates decided against the truth, and what became of releases by what the committee saw.
//!
//! In: outcomes of blocks. Out: integer counts, which merge exactly.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{CHUNK, Options, ThreadsError};
use crate::program::{Mask, Outcome, Program, State, Verdicts};

/// Tally of a release's gates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GateTally {
    /// Iterations by what the gate of the plan's date decided, where the release stood at it.
    pub at_plan: Verdicts<u64>,
    /// Iterations in which any gate decided so.
    pub ever: Verdicts<u64>,
    /// Number of gates that decided so, over all iterations.
    pub looks: Verdicts<u64>,
    /// Iterations in which each criterion of the register was seen as not met at the gate of the plan's date.
    pub seen: Vec<u64>,
    /// Iterations in which it was truly not met there.
    pub unmet: Vec<u64>,
}

impl GateTally {
    pub(super) fn new(criteria: usize) -> Self {
        Self { seen: vec![0; criteria], unmet: vec![0; criteria], ..Self::default() }
    }

    /// Iterations in which the release stood at the gate of the plan's date.
    pub fn stood(&self) -> u64 {
        let Verdicts { right_go, wrong_go, right_no_go, wrong_no_go } = self.at_plan;
        right_go + wrong_go + right_no_go + wrong_no_go
    }

    /// Adds the outcome of a block for a release.
    pub(super) fn add(&mut self, outcome: &Outcome, release: usize) {
        let count = |mask: &Mask| u64::from(mask.count());
        self.at_plan.add(outcome.gate_at_plan[release].map(count), |sum, n| *sum += n);
        self.ever.add(outcome.gate_ever[release].map(count), |sum, n| *sum += n);
        self.looks.add(outcome.gate_looks[release], |sum, n| *sum += n);
        let first = release * self.seen.len();
        self.seen.iter_mut().zip(&outcome.seen_at_plan[first..]).for_each(|(sum, mask)| *sum += count(mask));
        self.unmet.iter_mut().zip(&outcome.unmet_at_plan[first..]).for_each(|(sum, mask)| *sum += count(mask));
    }

    /// Adds another part of the same run.
    pub(super) fn merge(&mut self, other: &Self) {
        self.at_plan.add(other.at_plan, |sum, n| *sum += n);
        self.ever.add(other.ever, |sum, n| *sum += n);
        self.looks.add(other.looks, |sum, n| *sum += n);
        self.seen.iter_mut().zip(&other.seen).for_each(|(a, b)| *a += b);
        self.unmet.iter_mut().zip(&other.unmet).for_each(|(a, b)| *a += b);
    }
}

/// What became of the iterations in which a gate saw one pattern of criteria.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PatternCount {
    /// Iterations in which the gate of the plan's date saw it.
    pub seen: u64,
    /// … with all criteria of the release truly met.
    pub met: u64,
    /// … with the release deployed in that window and kept.
    pub kept: u64,
}

impl std::ops::AddAssign for PatternCount {
    fn add_assign(&mut self, other: Self) {
        self.seen += other.seen;
        self.met += other.met;
        self.kept += other.kept;
    }
}

/// Counts by the pattern seen at the gate of the plan's date: bit i is the i-th of the criteria looked at, seen as
/// not met.
pub type Patterns = BTreeMap<u64, PatternCount>;

/// Counts release by release what gates see and what becomes of the release; `criteria` says for each which of the
/// register's criteria make up the pattern, at most 64.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn gate_patterns(
    program: &Program,
    criteria: &[Vec<usize>],
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Patterns>, ThreadsError> {
    let options = options.within([program]);
    let nothing = || vec![Patterns::new(); criteria.len()];
    let chunks = options.iterations.div_ceil(CHUNK);
    super::pool(options.threads)?.install(|| {
        let run = (0..chunks).into_par_iter().fold(
            || (None, nothing()),
            |(state, mut patterns): (Option<State>, _), chunk| {
                let mut state = state.unwrap_or_else(|| State::new(program, options.block));
                let first = options.first + chunk * CHUNK;
                let end = (first + CHUNK).min(options.first + options.iterations);
                let mut at = first;
                while at < end {
                    let lanes = (options.block as u64).min(end - at) as usize;
                    let outcome = program.run(&mut state, at, lanes);
                    for (r, patterns) in patterns.iter_mut().enumerate() {
                        count_patterns(patterns, outcome, r, &criteria[r]);
                    }
                    at += lanes as u64;
                }
                progress(end - first);
                (Some(state), patterns)
            },
        );
        Ok(run.map(|(_, patterns)| patterns).reduce(nothing, |mut patterns, more| {
            for (all, more) in patterns.iter_mut().zip(more) {
                more.into_iter().for_each(|(pattern, count)| *all.entry(pattern).or_default() += count);
            }
            patterns
        }))
    })
}

fn count_patterns(patterns: &mut Patterns, outcome: &Outcome, release: usize, criteria: &[usize]) {
    let Verdicts { right_go, wrong_go, right_no_go, wrong_no_go } = outcome.gate_at_plan[release];
    let met = right_go | wrong_no_go;
    let stood = met | wrong_go | right_no_go;
    let all = outcome.seen_at_plan.len() / outcome.gate_at_plan.len();
    let seen: Vec<Mask> = criteria.iter().map(|c| outcome.seen_at_plan[release * all + c]).collect();
    for lane in stood.lanes() {
        let bits = seen.iter().enumerate();
        let pattern = bits.fold(0, |pattern, (i, mask)| pattern | u64::from(mask.get(lane)) << i);
        *patterns.entry(pattern).or_default() += PatternCount {
            seen: 1,
            met: u64::from(met.get(lane)),
            kept: u64::from(outcome.kept_on_target[release].get(lane)),
        };
    }
}
