//! Window by window: who stands at the gate, who is deployed, who comes again later.
//!
//! All releases advance together, so that who is deployed with whom emerges. Days are counted from
//! window to window: the next window is the first open one on or after the missed or reversed
//! window plus the days, at least one day later, with notice running alongside. A move beyond what
//! was approved asks for consent, and each further move asks again.

use super::story::Moving;
use super::{Mask, NOT_LIVE, Program, State, lanes};
use crate::time::latest_at;

/// Why a release comes again, as far as it bears on when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// It missed a gate: notice of the new date must be given.
    NoGo,
    /// It was backed out: likewise.
    BackedOut,
    /// A risk (by its trigger) makes it wait for another release: its place in the queue was known.
    Hold(usize, usize),
    /// It waits for its turn behind another release: likewise.
    Turn(usize),
}

impl Program {
    /// Takes every release through its windows until it is live or the windows end.
    pub(super) fn live_through_windows(&self, state: &mut State) {
        let releases = self.register.releases.len();
        if releases == 0 {
            return;
        }
        self.first_windows(state);
        for window in 0..self.windows.len() {
            let due: Vec<Mask> = state.due[window * releases..][..releases].to_vec();
            if due.iter().all(Mask::is_empty) {
                continue;
            }
            let due = self.queue(state, window, due);
            let passed = self.pass_gates(state, window, due);
            let deployed = self.hold_back(state, window, passed);
            self.deploy(state, window, deployed);
        }
    }

    /// The intended window of each release: the first open one on or after the later of its planned
    /// date and the day it is ready. A move beyond what was approved waits for consent, asked on
    /// the planned date (on the data date where the plan itself is beyond).
    fn first_windows(&self, state: &mut State) {
        let n = self.register.releases.len();
        for (r, release) in self.register.releases.iter().enumerate() {
            let target = f64::from(release.target_day);
            let planned = self.next_window(r, target);
            // Where a release is ready for its date, all goes by the date alone: the same in every lane.
            let late = lanes::above(&state.ready[r * state.stride..][..state.lanes], latest_at(target));
            let punctual = state.all.without(late);
            if !punctual.is_empty() && state.recorder.is_none() {
                let mut window = planned;
                if let Some(consent) = release.consent {
                    let day = window.map_or(f64::INFINITY, |w| f64::from(self.windows[w]));
                    if day > latest_at(consent.free_until) {
                        state.outcome.consent[r] |= punctual;
                        window = self.next_window(r, target.max(consent.takes_days));
                    }
                }
                if let Some(window) = window {
                    state.due[window * n + r] |= punctual;
                }
            }
            let lanes = if state.recorder.is_some() { state.all } else { late };
            for lane in lanes.lanes() {
                let ready = state.ready[r * state.stride + lane];
                let mut window =
                    if ready <= latest_at(target) { planned } else { self.next_window(r, ready.max(target)) };
                let mut asked_until = None;
                if let Some(consent) = release.consent {
                    let day = window.map_or(f64::INFINITY, |w| f64::from(self.windows[w]));
                    if day > latest_at(consent.free_until) {
                        state.outcome.consent[r].set(lane);
                        let asked = if window == planned { 0.0 } else { target };
                        let earliest = ready.max(target).max(asked + consent.takes_days);
                        window = self.next_window(r, earliest);
                        asked_until = Some((asked, asked + consent.takes_days));
                    }
                }
                if state.recorder.is_some() {
                    self.record_intended(state, r, window, asked_until);
                }
                if let Some(window) = window {
                    state.due[window * n + r].set(lane);
                }
            }
        }
    }

    /// Moves a release on from a window, by at least `days`.
    pub(super) fn come_again(
        &self,
        state: &mut State,
        release: usize,
        window: usize,
        lane: usize,
        days: f64,
        why: Move,
    ) {
        let about = &self.register.releases[release];
        let missed = f64::from(self.windows[window]);
        let notice = if matches!(why, Move::NoGo | Move::BackedOut) { about.notice_days } else { 0.0 };
        let earliest = missed + days.max(notice).max(1.0);
        let unasked = self.next_window(release, earliest);
        let (mut next, mut consent_on) = (unasked, None);
        if let Some(consent) = about.consent {
            let day = next.map_or(f64::INFINITY, |w| f64::from(self.windows[w]));
            if day > latest_at(consent.free_until) {
                state.outcome.consent[release].set(lane);
                next = self.next_window(release, earliest.max(missed + consent.takes_days));
                consent_on = Some(missed + consent.takes_days);
            }
        }
        if state.recorder.is_some() {
            self.record_move(state, &Moving { release, window, days, notice, consent: consent_on, unasked, next, why });
        }
        if let Some(next) = next {
            state.due[next * self.register.releases.len() + release].set(lane);
        }
    }

    /// Before the gate: a release that waits for another goes on to the other's window; of releases
    /// that must not share a window the first in line stays. Who waits for another takes no turn, or
    /// the two could push each other on for ever.
    fn queue(&self, state: &mut State, window: usize, due: Vec<Mask>) -> Vec<Mask> {
        let mut due = self.hold_back(state, window, due);
        let mut taken = Mask::NONE;
        for (place, &r) in self.register.separate.iter().enumerate() {
            let clash = due[r] & taken;
            due[r] = due[r].without(clash);
            taken |= due[r];
            for lane in clash.lanes() {
                let earlier = &self.register.separate[..place];
                let first = earlier.iter().find(|other| due[**other].get(lane)).copied().unwrap_or(r);
                self.come_again(state, r, window, lane, 0.0, Move::Turn(first));
            }
        }
        self.hold_back(state, window, due)
    }

    /// Takes out releases that wait for another, before the gate and after it. A release is not
    /// deployed before the one it waits for; they may go together, unless they must not share a window.
    fn hold_back(&self, state: &mut State, window: usize, mut there: Vec<Mask>) -> Vec<Mask> {
        // Each round can only take lanes away, so that this ends.
        loop {
            let mut changed = false;
            for &(trigger, r, until) in &self.holds {
                let waits = (there[r] & state.fired[trigger]).without(state.live[until]);
                let beside = waits & there[until];
                let waits = waits.without(beside);
                let separate = &self.register.separate;
                if separate.contains(&r) && separate.contains(&until) && !beside.is_empty() {
                    changed = true;
                    there[r] = there[r].without(beside);
                    for lane in beside.lanes() {
                        self.come_again(state, r, window, lane, 0.0, Move::Hold(trigger, until));
                    }
                }
                if !waits.is_empty() {
                    changed = true;
                    there[r] = there[r].without(waits);
                    self.wait_for(state, r, (trigger, until), window, waits);
                }
            }
            if !changed {
                return there;
            }
        }
    }

    /// Moves a release on to the next window at which the one it waits for is due.
    fn wait_for(
        &self,
        state: &mut State,
        release: usize,
        (trigger, until): (usize, usize),
        window: usize,
        lanes: Mask,
    ) {
        let n = self.register.releases.len();
        for lane in lanes.lanes() {
            let next = (window + 1..self.windows.len()).find(|w| state.due[w * n + until].get(lane));
            // Not due any more: it will not be live by the horizon, and neither will this one.
            match next {
                Some(next) => {
                    let days = f64::from(self.windows[next] - self.windows[window]);
                    self.come_again(state, release, window, lane, days, Move::Hold(trigger, until));
                }
                None => self.record_stranded(state, release, window, Move::Hold(trigger, until)),
            }
        }
    }

    /// Day of the kept deployment of a release, if it is live.
    pub(super) fn live_day(&self, state: &State, release: usize, lane: usize) -> Option<f64> {
        match state.outcome.live_window[release * state.stride + lane] {
            NOT_LIVE => None,
            window => Some(f64::from(self.windows[usize::from(window)])),
        }
    }
}
