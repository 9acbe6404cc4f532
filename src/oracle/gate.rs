//! A gate under imperfect knowledge: one release whose criteria have a true and an observed state.
//!
//! In: its windows and criteria. Out: what becomes of it, exactly, with every decision of the gate held
//! against the truth. Window by window: a criterion that is not still unmet from before fails with its
//! probability and is then unmet for its recovery, whatever is seen of it; each criterion is seen afresh at
//! each gate; the release passes when no criterion that stops it is seen as not met, and otherwise comes
//! again after the longest recovery of those that are seen and truly unmet, with notice alongside.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finite, first_on_or_after};

/// A criterion.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Probability that it fails at a gate where it is asked.
    pub fails: f64,
    /// Days until it is met again.
    pub recovery: u32,
    /// P(seen as not met | not met).
    pub detection: f64,
    /// P(seen as not met | met).
    pub false_alarm: f64,
    /// Whether it stops the release.
    pub stops: bool,
}

/// A release at its gate.
#[derive(Debug, Clone)]
pub struct Gated {
    /// Open windows as day numbers; the first is the plan's.
    pub windows: Vec<i32>,
    /// Days of notice of a new date.
    pub notice: u32,
    /// Its criteria.
    pub criteria: Vec<Seen>,
    /// Patterns of criteria seen as not met that it passes with; those of which none stops it, when absent.
    pub go: Option<BTreeSet<Vec<bool>>>,
    /// Probability of being backed out, deployed with all criteria met.
    pub back_out: f64,
    /// The same, deployed with any criterion unmet.
    pub back_out_unmet: f64,
    /// Days from a reversed deployment to the next.
    pub fix: u32,
}

/// A decision of a gate: whether the release passed, whether all its criteria were truly met.
pub type Decided = (bool, bool);

/// What became of the release: the window of its kept deployment, the criteria unmet at it, and what
/// each gate decided in turn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Passage {
    /// Day, or `None`: not live by the horizon.
    pub live: Option<i32>,
    /// Criteria truly not met at the kept deployment.
    pub unmet: Vec<usize>,
    /// Gate by gate.
    pub gates: Vec<Decided>,
}

impl Gated {
    /// The distribution of what becomes of it.
    pub fn passages(&self) -> Finite<Passage> {
        // What is still open: (window, day until which each criterion is unmet, gates so far).
        type Open = (i32, Vec<i32>, Vec<Decided>);
        let mut open: BTreeMap<Open, f64> = BTreeMap::new();
        open.insert((self.windows[0], vec![i32::MIN; self.criteria.len()], Vec::new()), 1.0);
        let mut closed = Vec::new();
        while let Some(((window, until, gates), p)) = open.pop_first() {
            for (states, q) in self.states(window, &until).iter() {
                let (until, seen): (Vec<i32>, Vec<bool>) = states.iter().copied().unzip();
                let unmet: Vec<usize> = (0..until.len()).filter(|c| until[*c] > window).collect();
                let ruled = self.go.is_some();
                let stopping: Vec<usize> =
                    (0..until.len()).filter(|c| seen[*c] && (ruled || self.criteria[*c].stops)).collect();
                let passes = self.go.as_ref().map_or(stopping.is_empty(), |go| go.contains(&seen));
                let mut gates = gates.clone();
                gates.push((passes, unmet.is_empty()));
                let mut again = |days: i32, q: f64| {
                    let wait = days.max(self.notice as i32).max(1);
                    match first_on_or_after(&self.windows, f64::from(window + wait)) {
                        Some(next) => *open.entry((next, until.clone(), gates.clone())).or_insert(0.0) += q,
                        None => closed.push((Passage { gates: gates.clone(), ..Passage::default() }, q)),
                    }
                };
                if !passes {
                    let recoveries = stopping.iter().map(|c| until[*c].saturating_sub(window));
                    again(recoveries.fold(0, i32::max), p * q);
                    continue;
                }
                let back_out = if unmet.is_empty() { self.back_out } else { self.back_out_unmet };
                again(self.fix as i32, p * q * back_out);
                closed.push((Passage { live: Some(window), unmet, gates }, p * q * (1.0 - back_out)));
            }
        }
        Finite::of(closed)
    }

    /// Until when each criterion is unmet, and whether it is seen so, at the gate of a window.
    fn states(&self, window: i32, until: &[i32]) -> Finite<Vec<(i32, bool)>> {
        self.criteria.iter().zip(until).fold(Finite::certain(Vec::new()), |all, (criterion, &until)| {
            let truth = match until > window {
                true => Finite::certain(until),
                false => Finite::either(criterion.fails, window + criterion.recovery as i32, until),
            };
            let state = truth.and_then(|until| {
                let seen = if *until > window { criterion.detection } else { criterion.false_alarm };
                Finite::chance(seen).map(|seen| (*until, *seen))
            });
            all.and_then(|list| state.map(|one| list.iter().copied().chain([*one]).collect()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::{GateRisk, Life};

    #[test]
    fn perfect_evidence_is_an_ordinary_gate() {
        let windows: Vec<i32> = (0..8).map(|k| 7 * k).collect();
        let criterion = Seen { fails: 0.3, recovery: 10, detection: 1.0, false_alarm: 0.0, stops: true };
        let gated = Gated {
            windows: windows.clone(),
            notice: 0,
            criteria: vec![criterion],
            go: None,
            back_out: 0.0,
            back_out_unmet: 1.0,
            fix: 1,
        };
        let gate = Some(GateRisk { p: 0.3, recovery: Finite::certain(10) });
        let plain = Life { gate, ..Life::new(&windows) }.go_live();
        for (live, p) in gated.passages().map(|passage| passage.live).iter() {
            assert!((p - plain.of_outcome(live)).abs() < 1e-15);
        }
    }

    #[test]
    fn without_windows_to_come_the_first_gate_is_bayes_theorem() {
        let criterion = Seen { fails: 0.2, recovery: 5, detection: 0.9, false_alarm: 0.1, stops: true };
        let gated = Gated {
            windows: vec![0],
            notice: 0,
            criteria: vec![criterion],
            go: None,
            back_out: 0.0,
            back_out_unmet: 0.0,
            fix: 1,
        };
        let passages = gated.passages();
        let go = passages.given(|p| p.live.is_some());
        assert!((go.probability(|p| p.gates[0].1) - 0.72 / 0.74).abs() < 1e-15);
    }
}
