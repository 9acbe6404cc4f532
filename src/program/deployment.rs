//! Deployment night: back-outs and what they drag along, go-lives, and the incidents that follow.

use super::events::releases;
use super::lifecycle::Move;
use super::state::IncidentRecord;
use super::story::Occasion;
use super::{Mask, Program, State};
use crate::register::{Draw, Effect, ReleaseSet};

impl Program {
    /// Deploys releases in a window: draws what can go wrong that night, reverses what is backed
    /// out, and takes the others live.
    pub(super) fn deploy(&self, state: &mut State, window: usize, deployed: Vec<Mask>) {
        let stride = state.stride;
        let day = self.windows[window];
        state.deployed = deployed;
        state.reversed.fill(Mask::NONE);
        for r in 0..state.deployed.len() {
            for lane in state.deployed[r].lanes() {
                state.outcome.attempts[r * stride + lane] += 1;
                state.fix[r * stride + lane] = 0.0;
            }
        }
        if state.deployed.iter().all(Mask::is_empty) {
            return;
        }
        state.record_deployed(day);
        self.back_out_once(state);
        for &risk in &self.at_deployment {
            match self.register.risks[risk].draw {
                Draw::Window => self.draw_in_window(state, risk, day),
                _ => self.draw_at_deployment(state, risk, day),
            }
        }
        // Conditions over days ask for two or more releases together.
        let any = ReleaseSet::MAX >> (ReleaseSet::BITS as usize - state.deployed.len());
        if self.tracks_windows && !super::events::two_or_more(any, &state.deployed).is_empty() {
            state.history.push((window, state.deployed.clone()));
        }
        for r in 0..state.deployed.len() {
            let reversed = state.reversed[r];
            let kept = state.deployed[r].without(reversed);
            if day == self.register.releases[r].target_day {
                state.outcome.on_target[r] |= state.deployed[r];
                state.outcome.kept_on_target[r] |= kept;
            }
            state.live[r] |= kept;
            state.record_live(r, day, kept);
            for lane in kept.lanes() {
                state.outcome.live_window[r * stride + lane] = window as u16;
            }
            state.outcome.backed_out[r] |= reversed;
            self.charge_back_outs(state, r, f64::from(day), reversed);
            for lane in reversed.lanes() {
                let fix = state.fix[r * stride + lane];
                self.record_backed_out(state, r, day, fix);
                self.come_again(state, r, window, lane, fix, Move::BackedOut);
            }
        }
        self.draw_at_go_live(state, day);
    }

    /// Risks drawn once that back out a release do so at its first deployment: only a release that
    /// was backed out comes to a second one.
    fn back_out_once(&self, state: &mut State) {
        for &risk in &self.once {
            for (trigger, effect) in self.triggered_effects(risk) {
                let Effect::BackOut(set, fix) = effect else {
                    continue;
                };
                for r in releases(*set) {
                    let first = state.deployed[r].without(state.outcome.backed_out[r]);
                    let lanes = first & state.fired[trigger];
                    self.reverse(state, risk, r, fix.0 as usize, lanes);
                }
            }
        }
    }

    /// Reverses the deployment of a release. The longest fix counts; the number is addressed by the
    /// release and its attempt, so that two causes with one named fix share it.
    fn reverse(&self, state: &mut State, risk: usize, release: usize, fix: usize, lanes: Mask) {
        let lanes = lanes & state.deployed[release];
        for lane in lanes.lanes() {
            let at = release * state.stride + lane;
            let occasion = self.attempt_occasion(release, state.outcome.attempts[at]);
            let days = self.on_occasion(state, fix, lane, occasion);
            state.fix[at] = state.fix[at].max(days);
            self.record_reversal(state, risk, release, days);
        }
        state.reversed[release] |= lanes;
    }

    /// A risk drawn for each deployment of each of its releases.
    fn draw_at_deployment(&self, state: &mut State, risk: usize, day: i32) {
        let set = self.register.risks[risk].releases;
        let mut fired: Vec<(usize, Mask)> = self.triggers(risk).map(|t| (t, Mask::NONE)).collect();
        for r in releases(set) {
            state.drawn_for = Some(r);
            let mut left = state.deployed[r];
            // Lanes that deploy for the same time share an occasion.
            while let Some(lane) = left.lanes().next() {
                let attempt = state.outcome.attempts[r * state.stride + lane];
                let same = if state.outcome.backed_out[r].is_empty() {
                    left
                } else {
                    let at = r * state.stride;
                    let attempts = &state.outcome.attempts;
                    left.filtered(|lane| attempts[at + lane] == attempt)
                };
                left = left.without(same);
                let occasion = self.attempt_occasion(r, attempt);
                let occurs = self.occurs(state, risk, Some(occasion), same);
                state.fired[self.events[risk].trigger] = occurs;
                self.choose_outcome(state, risk, Some(occasion), occurs);
                self.record_draw(state, risk, Occasion::Deployment(r, attempt), f64::from(day), 0);
                self.act_on_night(state, risk, occasion, day, Some(r));
                fired.iter_mut().for_each(|(trigger, all)| *all |= state.fired[*trigger]);
            }
        }
        state.drawn_for = None;
        // Later risks of this night ask whether it occurred to any release.
        for (trigger, all) in fired {
            state.fired[trigger] = all;
        }
    }

    /// A risk drawn once for all of its releases that are deployed in the window.
    fn draw_in_window(&self, state: &mut State, risk: usize, day: i32) {
        let set = self.register.risks[risk].releases;
        let lanes = releases(set).fold(Mask::NONE, |any, r| any | state.deployed[r]);
        let occasion = self.window_occasion(day);
        let occurs = self.occurs(state, risk, Some(occasion), lanes);
        state.fired[self.events[risk].trigger] = occurs;
        self.choose_outcome(state, risk, Some(occasion), occurs);
        self.record_draw(state, risk, Occasion::Window(day), f64::from(day), 0);
        self.act_on_night(state, risk, occasion, day, None);
    }

    fn triggers(&self, risk: usize) -> impl Iterator<Item = usize> + use<> {
        let first = self.events[risk].trigger;
        first..=first + self.register.risks[risk].outcomes.len()
    }

    /// What a risk does on the night, where it has just fired for a release (or the whole window).
    fn act_on_night(&self, state: &mut State, risk: usize, occasion: u64, day: i32, drawn_for: Option<usize>) {
        let drawn_from = self.register.risks[risk].releases;
        for (trigger, effect) in self.triggered_effects(risk) {
            let lanes = state.fired[trigger];
            match effect {
                Effect::BackOut(set, fix) => {
                    for r in releases(acts_on(*set, drawn_from, drawn_for)) {
                        self.reverse(state, risk, r, fix.0 as usize, lanes);
                    }
                }
                Effect::Incident(set, weights) if acts_on(*set, drawn_from, drawn_for) != 0 => {
                    for lane in lanes.lanes() {
                        let category = self.category(state, risk, weights, lane, occasion);
                        let occasion = mixed(occasion, self.events[risk].code, 0);
                        let (day, release) = (f64::from(day), drawn_for);
                        state.incidents.push(IncidentRecord {
                            lane,
                            category,
                            day,
                            occasion,
                            restore_days: 0.0,
                            risk,
                            release,
                        });
                    }
                }
                _ => {}
            }
        }
        self.charge(state, risk, Some(occasion), f64::from(day));
    }

    /// Incidents of releases that have just gone live for good.
    fn draw_at_go_live(&self, state: &mut State, day: i32) {
        for r in 0..state.deployed.len() {
            let kept = state.deployed[r].without(state.reversed[r]);
            if kept.is_empty() {
                continue;
            }
            state.drawn_for = Some(r);
            // A release goes live for good once, so that its occasion needs no attempt.
            let occasion = self.attempt_occasion(r, 0);
            let mut taken = vec![Mask::NONE; self.register.overlaps.len()];
            for &risk in &self.once_incidents {
                self.incidents_of(state, risk, r, occasion, day, 0, |trigger, state| state.fired[trigger] & kept);
            }
            for &risk in &self.at_go_live {
                state.fired[self.events[risk].trigger] = Mask::NONE;
                if self.register.risks[risk].releases >> r & 1 == 0 {
                    continue;
                }
                let overlaps = self.register.risks[risk].overlaps;
                let open = overlaps.map_or(kept, |group| kept.without(taken[group]));
                let may = self.may_occur(state, risk, occasion, open);
                if may.is_empty() {
                    continue;
                }
                let mut any = Mask::NONE;
                for item in 0..self.events[risk].items.len() {
                    let open = overlaps.map_or(may, |group| may.without(taken[group]));
                    let occurs = self.item_occurs(state, risk, item, Some(occasion), open);
                    if let Some(group) = overlaps {
                        taken[group] |= occurs;
                    }
                    any |= occurs;
                    if occurs.is_empty() {
                        continue;
                    }
                    state.fired[self.events[risk].trigger] = occurs;
                    // Each item has an outcome of its own; the first, or only, one by the plain occasion.
                    let own = if item == 0 { occasion } else { mixed(occasion, self.events[risk].code, item) };
                    self.choose_outcome(state, risk, Some(own), occurs);
                    self.record_draw(state, risk, Occasion::GoLive(r), f64::from(day), item);
                    self.incidents_of(state, risk, r, occasion, day, item, |trigger, state| state.fired[trigger]);
                    self.charge(state, risk, Some(occasion), f64::from(day));
                }
                state.fired[self.events[risk].trigger] = any;
            }
        }
        state.drawn_for = None;
    }

    /// Records the incidents of a risk for a release: each begins uniformly over early-life support.
    #[expect(clippy::too_many_arguments, reason = "one incident needs its whole address")]
    fn incidents_of(
        &self,
        state: &mut State,
        risk: usize,
        release: usize,
        occasion: u64,
        day: i32,
        item: usize,
        lanes_of: impl Fn(usize, &State) -> Mask,
    ) {
        for (trigger, effect) in self.triggered_effects(risk) {
            let Effect::Incident(set, weights) = effect else {
                continue;
            };
            let drawn_from = self.register.risks[risk].releases;
            // A risk drawn once has no release of its own: its incident is that of the releases it names.
            let mine = if self.is_once(risk) {
                *set >> release & 1 == 1
            } else {
                acts_on(*set, drawn_from, Some(release)) != 0
            };
            if !mine {
                continue;
            }
            let occasion = mixed(occasion, self.events[risk].code, item);
            for lane in lanes_of(trigger, state).lanes() {
                let category = self.category(state, risk, weights, lane, occasion);
                let into = self.events[risk].begin.at(occasion).uniform(state.first + lane as u64);
                let begin = f64::from(day) + into * self.register.releases[release].early_life_days;
                let release = Some(release);
                let restore_days = 0.0;
                state.incidents.push(IncidentRecord {
                    lane,
                    category,
                    day: begin,
                    occasion,
                    restore_days,
                    risk,
                    release,
                });
            }
        }
    }
}

/// The releases an effect acts on when its risk, drawn for `releases`, was drawn for one of them:
/// that one if the effect names it, nothing if it names another of them, otherwise all that it
/// names (a release that drags others along).
fn acts_on(set: ReleaseSet, releases: ReleaseSet, drawn_for: Option<usize>) -> ReleaseSet {
    match drawn_for {
        Some(r) if set >> r & 1 == 1 => 1 << r,
        Some(_) if set & releases != 0 => 0,
        _ => set,
    }
}

/// An occasion of its own for an item of a risk, by the risk's stable number.
fn mixed(occasion: u64, code: u64, item: usize) -> u64 {
    occasion.rotate_left(17) ^ code ^ item as u64
}
