//! Gates: which criteria are met on the gate day of a window, and who passes on what is seen of them.

use super::lifecycle::Move;
use super::story::Occasion;
use super::{Mask, Number, Program, State};
use crate::register::Effect;

impl Program {
    /// The releases that pass their gates before a window. The others are moved on, after the
    /// longest recovery of the criteria that stopped them.
    pub(super) fn pass_gates(&self, state: &mut State, window: usize, due: Vec<Mask>) -> Vec<Mask> {
        let day = f64::from(self.windows[window]);
        let occasion = self.window_occasion(self.windows[window]);
        let stride = state.stride;
        state.record_new_gate();
        // A criterion is asked where a release it can stop stands at the gate. Where it has not
        // recovered from an earlier window it is not drawn again.
        let mut asked: Vec<Mask> = Vec::with_capacity(self.register.criteria.len());
        for (c, criterion) in self.register.criteria.iter().enumerate() {
            let standing = super::events::releases(criterion.releases).fold(Mask::NONE, |any, r| any | due[r]);
            if standing.is_empty() {
                state.unmet[c] = Mask::NONE;
                asked.push(Mask::NONE);
                continue;
            }
            let until = &state.unmet_until[c * stride..][..state.lanes];
            let still = (standing & state.failed[c]).filtered(|lane| until[lane] > crate::time::latest_at(day));
            state.unmet[c] = still;
            asked.push(standing.without(still));
        }
        for risk in 0..self.register.risks.len() {
            if self.is_once(risk) && self.has_fail(risk) {
                self.fail_once(state, risk, occasion, day, &asked);
            }
        }
        for &risk in &self.at_gate {
            self.fail_at_gate(state, risk, occasion, day, &asked);
        }
        for (before, asked) in state.asked_before.iter_mut().zip(&asked) {
            *before |= *asked;
        }
        self.observe(state, occasion, &due);
        let keeps_gates = state.at_gates.is_some();
        let stood = if keeps_gates { due.clone() } else { Vec::new() };
        let mut passed = due;
        for (r, standing) in passed.iter_mut().enumerate() {
            let stands = standing.get(0);
            let stopped = self.stopped(state, r, *standing);
            self.count_verdicts(state, r, window, *standing, stopped);
            *standing = standing.without(stopped);
            state.outcome.no_go[r] |= stopped;
            if stands {
                self.record_gates(state, r, window, stopped.get(0));
            }
            for lane in stopped.lanes() {
                // A false alarm has nothing to recover from: the next look needs notice alone.
                let mut until = day;
                for c in self.stoppers(r) {
                    if state.unmet[c].get(lane) && state.seen[c].get(lane) {
                        until = until.max(state.unmet_until[c * stride + lane]);
                    }
                }
                self.come_again(state, r, window, lane, until - day, Move::NoGo);
            }
        }
        if keeps_gates {
            state.note_gates(window, &stood, &passed);
        }
        passed
    }

    fn has_fail(&self, risk: usize) -> bool {
        self.register.risks[risk].all_effects().any(|e| matches!(e, Effect::Fail(..)))
    }

    /// A risk drawn once fails each of its criteria at the first gate that asks for that criterion.
    fn fail_once(&self, state: &mut State, risk: usize, occasion: u64, day: f64, asked: &[Mask]) {
        for (trigger, effect) in self.triggered_effects(risk) {
            let Effect::Fail(criterion, probability, recovery) = effect else {
                continue;
            };
            let first = asked[*criterion].without(state.asked_before[*criterion]);
            let lanes = first & state.fired[trigger];
            let fails = self.judged(state, risk, probability.0 as usize, None, lanes);
            self.fail(state, *criterion, recovery.0 as usize, occasion, day, fails);
            state.record_failed(risk, *criterion, fails);
        }
    }

    /// A risk drawn at the gate: one draw, one judgement and one recovery for all it fails.
    fn fail_at_gate(&self, state: &mut State, risk: usize, occasion: u64, day: f64, asked: &[Mask]) {
        if self.register.risks[risk].releases == 0 {
            // It is about releases that the plan does not deploy.
            return;
        }
        let mut fails: Vec<(usize, usize, usize, Mask)> = Vec::new();
        let mut at_stake = Mask::NONE;
        for (trigger, effect) in self.triggered_effects(risk) {
            match effect {
                Effect::Fail(criterion, probability, recovery) => {
                    let lanes = self.judged(state, risk, probability.0 as usize, Some(occasion), asked[*criterion]);
                    at_stake |= lanes;
                    fails.push((trigger, *criterion, recovery.0 as usize, lanes));
                }
                // A cost is at stake wherever the risk is drawn.
                Effect::Cost(_) => at_stake = asked.iter().fold(at_stake, |any, lanes| any | *lanes),
                _ => {}
            }
        }
        // A risk's criteria stand at one gate (the resolver sees to it), whose day its condition asks about.
        let lead = fails.first().map_or(0.0, |(_, c, ..)| self.register.criteria[*c].gate_days_before);
        state.gate_day = day - lead;
        let occurs = self.occurs(state, risk, Some(occasion), at_stake);
        state.fired[self.events[risk].trigger] = occurs;
        self.choose_outcome(state, risk, Some(occasion), occurs);
        self.record_draw(state, risk, Occasion::Gate(day as i32), state.gate_day, 0);
        for (trigger, criterion, recovery, lanes) in fails {
            let lanes = lanes & state.fired[trigger];
            self.fail(state, criterion, recovery, occasion, day, lanes);
            state.record_failed(risk, criterion, lanes);
        }
        self.charge(state, risk, Some(occasion), state.gate_day);
    }

    /// The lanes in which the judgement on a criterion goes against it: one uniform draw for all
    /// criteria of a risk, so that a likelier failure contains a rarer one.
    fn judged(&self, state: &mut State, risk: usize, probability: usize, occasion: Option<u64>, lanes: Mask) -> Mask {
        if lanes.is_empty() {
            return Mask::NONE;
        }
        if matches!(self.numbers[probability], Number::Constant(p) if p >= 1.0) {
            return lanes;
        }
        self.drawn_below(state, (self.events[risk].judgement, occasion), (probability, None), lanes)
    }

    fn fail(&self, state: &mut State, criterion: usize, recovery: usize, occasion: u64, day: f64, lanes: Mask) {
        for lane in lanes.lanes() {
            let days = self.on_occasion(state, recovery, lane, occasion);
            let until = &mut state.unmet_until[criterion * state.stride + lane];
            *until = until.max(day + days);
        }
        state.unmet[criterion] |= lanes;
        state.failed[criterion] |= lanes;
    }
}
