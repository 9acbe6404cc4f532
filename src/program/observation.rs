//! What the committee sees of the criteria, what it decides on that, and whether it is right.
//!
//! A criterion has a true state, which `gates` settles, and an observed state, drawn once for the window,
//! for all releases gated there: seen as not met with probability `detection` where it is not met,
//! `false_alarm` where it is, by one uniform number, so that better evidence contains worse. What is seen
//! does not change what is true: a recovery runs whether or not the failure was seen, and a criterion that
//! is still unmet at a later gate is seen there afresh.

use super::events::releases;
use super::{Mask, Program, State, Verdicts};

impl Program {
    /// Draws what is seen of each criterion that bears on a release at the gate.
    pub(super) fn observe(&self, state: &mut State, occasion: u64, due: &[Mask]) {
        for (c, criterion) in self.register.criteria.iter().enumerate() {
            let Some(observed) = criterion.observed else {
                state.seen[c] = state.unmet[c];
                continue;
            };
            let standing = releases(criterion.releases).fold(Mask::NONE, |any, r| any | due[r]);
            let stream = self.observations[c].at(occasion);
            let mut seen = Mask::NONE;
            for lane in standing.lanes() {
                let p = if state.unmet[c].get(lane) { observed.detection } else { observed.false_alarm };
                let p = self.on_occasion(state, p.0 as usize, lane, occasion);
                if stream.uniform(state.first + lane as u64) < p {
                    seen.set(lane);
                }
            }
            state.seen[c] = seen;
        }
    }

    /// Criteria of a release.
    fn criteria_of(&self, release: usize) -> impl Iterator<Item = usize> + use<'_> {
        let criteria = self.register.criteria.iter().enumerate();
        criteria.filter(move |(_, criterion)| criterion.releases >> release & 1 == 1).map(|(c, _)| c)
    }

    /// Criteria that a stopped release waits for: those that can stop it, or all where a rule decides.
    pub(super) fn stoppers(&self, release: usize) -> impl Iterator<Item = usize> + use<'_> {
        let ruled = self.register.releases[release].gate_rule.is_some();
        self.criteria_of(release).filter(move |c| ruled || self.register.criteria[*c].stops)
    }

    /// The lanes among those standing at the gate in which a release is stopped on what is seen.
    pub(super) fn stopped(&self, state: &State, release: usize, standing: Mask) -> Mask {
        let Some(rule) = &self.register.releases[release].gate_rule else {
            return self.stoppers(release).fold(Mask::NONE, |stopped, c| stopped | state.seen[c] & standing);
        };
        let mut stopped = Mask::NONE;
        for lane in standing.lanes() {
            let seen = rule.criteria.iter().enumerate();
            let pattern = seen.fold(0, |pattern, (i, c)| pattern | u64::from(state.seen[*c].get(lane)) << i);
            if !rule.passes(pattern) {
                stopped.set(lane);
            }
        }
        stopped
    }

    /// Counts what the gate decides against the truth, for a release with criteria.
    pub(super) fn count_verdicts(&self, state: &mut State, release: usize, window: usize, there: Mask, stopped: Mask) {
        if there.is_empty() || self.criteria_of(release).next().is_none() {
            return;
        }
        let unmet = self.criteria_of(release).fold(Mask::NONE, |any, c| any | state.unmet[c]);
        let passed = there.without(stopped);
        let verdicts = Verdicts {
            right_go: passed.without(unmet),
            wrong_go: passed & unmet,
            right_no_go: stopped & unmet,
            wrong_no_go: stopped.without(unmet),
        };
        let outcome = &mut state.outcome;
        outcome.gate_looks[release].add(verdicts.map(|lanes| u64::from(lanes.count())), |sum, n| *sum += n);
        outcome.gate_ever[release].add(verdicts, |any, lanes| *any |= lanes);
        if self.windows[window] == self.register.releases[release].target_day {
            outcome.gate_at_plan[release] = verdicts;
            let criteria = self.register.criteria.len();
            for c in self.criteria_of(release) {
                outcome.seen_at_plan[release * criteria + c] = state.seen[c] & there;
                outcome.unmet_at_plan[release * criteria + c] = state.unmet[c] & there;
            }
        }
    }

    /// The lanes in which the release that a risk is drawn for, or any where it is drawn for the window,
    /// is deployed in this window although one of these criteria was truly not met at its gate.
    pub(super) fn passed_unmet(&self, state: &State, criteria: &[usize]) -> Mask {
        criteria.iter().fold(Mask::NONE, |any, &c| {
            let own = self.register.criteria[c].releases;
            let own = state.drawn_for.map_or(own, |r| own & 1 << r);
            releases(own).fold(any, |any, r| any | state.deployed[r] & state.unmet[c])
        })
    }
}
