//! Facts about an iteration, asked of every lane of a block that has been run.
//!
//! In: a [`Fact`] and the [`State`] of a block. Out: the lanes in which it holds. Most facts stand in the
//! [`Outcome`](super::Outcome); what happened at single gates is kept only in a state that was told to keep it
//! ([`State::keep_gates`]); events of a process come from its one realisation, whatever was asked of it before.

use super::{Mask, NOT_LIVE, Program, State};

/// Something that holds in an iteration or does not. Indices are those of the register; days count from day 0.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// In every iteration, or in none.
    Always(bool),
    /// The deployment of this release that is kept is in a window from the one day to the other.
    Live(usize, i32, i32),
    /// This release is not live by the horizon.
    NotLive(usize),
    /// It is deployed in the window of the plan's date.
    OnTarget(usize),
    /// … and that deployment is kept.
    KeptOnTarget(usize),
    /// It passes the gates before the window of this place.
    Go(usize, usize),
    /// It misses a gate before the window of this place; before any window without one.
    NoGo(usize, Option<usize>),
    /// It is backed out at least once.
    BackedOut(usize),
    /// Consent to a move of it is asked at least once.
    Consent(usize),
    /// This risk occurs on at least one occasion; of one that only changes how others come out, that it does so.
    Occurred(usize),
    /// This criterion is not met at a gate before the window of this place; before any window without one.
    Failed(usize, Option<usize>),
    /// This scope item ships with its release.
    Ships(usize),
    /// This process has an event in `[from, to)`.
    Event(usize, f64, f64),
    /// This measure finishes by a day.
    Finished(usize, f64),
    /// There is at least one extra incident of category 1 or 2.
    SeriousIncident,
    /// All of these hold.
    All(Vec<Fact>),
    /// At least one of these holds.
    Any(Vec<Fact>),
    /// This does not hold.
    Not(Box<Fact>),
}

impl Fact {
    /// Whether any part of it satisfies `test`.
    pub fn any_part(&self, test: &mut dyn FnMut(&Self) -> bool) -> bool {
        if test(self) {
            return true;
        }
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.any_part(test)),
            Self::Not(part) => part.any_part(test),
            _ => false,
        }
    }
}

/// What happened at the gates before one window, as far as it happened anywhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct AtGate {
    /// Place of the window.
    window: usize,
    what: GateFact,
    lanes: Mask,
}

/// A fact of a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GateFact {
    Passed(usize),
    Stopped(usize),
    Unmet(usize),
}

impl State {
    /// From now on what happens at gates is kept, so that [`Fact::Go`], [`Fact::NoGo`] of one window and
    /// [`Fact::Failed`] can be asked.
    #[must_use]
    pub fn keep_gates(mut self) -> Self {
        self.at_gates = Some(Vec::new());
        self
    }

    /// Keeps what happened at the gates before a window: who stood there and who passed.
    pub(super) fn note_gates(&mut self, window: usize, stood: &[Mask], passed: &[Mask]) {
        let Some(kept) = &mut self.at_gates else { return };
        let mut note = |what, lanes: Mask| {
            if !lanes.is_empty() {
                kept.push(AtGate { window, what, lanes });
            }
        };
        for (r, (stood, passed)) in stood.iter().zip(passed).enumerate() {
            note(GateFact::Passed(r), *passed);
            note(GateFact::Stopped(r), stood.without(*passed));
        }
        self.unmet.iter().enumerate().for_each(|(c, unmet)| note(GateFact::Unmet(c), *unmet));
    }

    /// The lanes in which something happened before a window, or before any.
    fn at_gate(&self, what: GateFact, window: Option<usize>) -> Mask {
        debug_assert!(self.at_gates.is_some(), "a state that keeps gates");
        let kept = self.at_gates.iter().flatten();
        let these = kept.filter(|at| at.what == what && window.is_none_or(|w| w == at.window));
        these.fold(Mask::NONE, |any, at| any | at.lanes)
    }
}

impl Program {
    /// The lanes of the block that a state has just run in which a fact holds.
    ///
    /// Facts of single gates need a state that [keeps them](State::keep_gates).
    pub fn lanes_where(&self, state: &mut State, fact: &Fact) -> Mask {
        let all = state.all;
        self.among(state, fact, all)
    }

    fn among(&self, state: &mut State, fact: &Fact, lanes: Mask) -> Mask {
        if lanes.is_empty() {
            return Mask::NONE;
        }
        let outcome = &state.outcome;
        let window_of = |release: usize, lane: usize| outcome.live_window[release * state.stride + lane];
        let held = match fact {
            Fact::Always(holds) => {
                if *holds {
                    lanes
                } else {
                    Mask::NONE
                }
            }
            Fact::Live(r, from, to) => Mask::where_true(state.lanes, |lane| {
                let window = usize::from(window_of(*r, lane));
                self.windows.get(window).is_some_and(|day| (*from..=*to).contains(day))
            }),
            Fact::NotLive(r) => Mask::where_true(state.lanes, |lane| window_of(*r, lane) == NOT_LIVE),
            Fact::OnTarget(r) => outcome.on_target[*r],
            Fact::KeptOnTarget(r) => outcome.kept_on_target[*r],
            Fact::Go(r, window) => state.at_gate(GateFact::Passed(*r), Some(*window)),
            Fact::NoGo(r, None) => outcome.no_go[*r],
            Fact::NoGo(r, window) => state.at_gate(GateFact::Stopped(*r), *window),
            Fact::BackedOut(r) => outcome.backed_out[*r],
            Fact::Consent(r) => outcome.consent[*r],
            Fact::Occurred(risk) => outcome.occurred[*risk],
            Fact::Failed(criterion, window) => state.at_gate(GateFact::Unmet(*criterion), *window),
            Fact::Ships(item) => outcome.ships[*item],
            Fact::Event(process, from, to) => self.had_event(state, *process, (*from, *to), lanes),
            Fact::Finished(measure, by) => {
                let finish = &outcome.measures[measure * state.stride..];
                Mask::where_true(state.lanes, |lane| finish[lane] <= crate::time::latest_at(*by))
            }
            Fact::SeriousIncident => {
                let count = |lane: usize| outcome.incidents[lane] + outcome.incidents[state.stride + lane];
                Mask::where_true(state.lanes, |lane| count(lane) > 0)
            }
            Fact::All(parts) => parts.iter().fold(lanes, |left, part| self.among(state, part, left)),
            Fact::Any(parts) => parts.iter().fold(Mask::NONE, |held, part| {
                let open = lanes.without(held);
                held | self.among(state, part, open)
            }),
            Fact::Not(part) => lanes.without(self.among(state, part, lanes)),
        };
        held & lanes
    }

    /// The lanes in which a process has an event in `[from, to)`.
    fn had_event(&self, state: &mut State, process: usize, (from, to): (f64, f64), lanes: Mask) -> Mask {
        // A question about other days must not make a rate factor count as having acted.
        let occurred = state.outcome.occurred.clone();
        let (span, mut had) = (self.span(from, to), Mask::NONE);
        for lane in lanes.lanes() {
            self.events_of(state, process, lane, span, &mut |_| {
                had.set(lane);
                true
            });
        }
        state.outcome.occurred = occurred;
        had
    }
}
