//! Taking down what happens in a block of one lane, where it happens.
//!
//! Every hook is a method that does nothing unless a recorder listens, which it does only in a state
//! of one lane: lane 0 is the iteration that is told.

use super::super::lifecycle::Move;
use super::super::{Mask, Program, State};
use super::network::Way;
use super::{ActivityStory, Asked, BackOut, Cause, CostOf, Entry, Happening, Modified, Occasion, Segment, Why};
use crate::register::{Condition, Effect};

/// What is taken down.
#[derive(Debug, Clone)]
pub(in crate::program) struct Recorder {
    pub(super) entries: Vec<Entry>,
    pub(super) activities: Vec<ActivityStory>,
    /// Way of each release so far.
    pub(super) chains: Vec<Vec<Segment>>,
    /// Odds factors that acted on the draw in progress.
    modified: Vec<Modified>,
    /// Risks that failed each criterion at the present gate, and the one whose recovery counts, with its day.
    failed_by: Vec<Vec<usize>>,
    recovery: Vec<Option<(usize, f64)>>,
    /// What backs out each release in the present window.
    backed_out_by: Vec<Vec<BackOut>>,
}

/// A release on its way from one window to another.
pub(in crate::program) struct Moving {
    pub(in crate::program) release: usize,
    /// Place of the window it leaves.
    pub(in crate::program) window: usize,
    /// Days that recovery, fix or the one it waits for take.
    pub(in crate::program) days: f64,
    /// Days of notice.
    pub(in crate::program) notice: f64,
    /// Day on which consent can be had, if it is asked.
    pub(in crate::program) consent: Option<f64>,
    /// Place of the next window, without consent and with it.
    pub(in crate::program) unasked: Option<usize>,
    pub(in crate::program) next: Option<usize>,
    pub(in crate::program) why: Move,
}

impl Recorder {
    pub(super) fn new(program: &Program) -> Self {
        let (releases, criteria) = (program.register.releases.len(), program.register.criteria.len());
        Self {
            entries: Vec::new(),
            activities: Vec::new(),
            chains: vec![Vec::new(); releases],
            modified: Vec::new(),
            failed_by: vec![Vec::new(); criteria],
            recovery: vec![None; criteria],
            backed_out_by: vec![Vec::new(); releases],
        }
    }

    fn add(&mut self, day: f64, what: Happening) {
        self.entries.push(Entry { day, what });
    }

    /// Everything in order of the day; what happened on one day stays in the order it happened in.
    pub(super) fn in_order(mut self) -> Self {
        self.entries.sort_by(|a, b| a.day.total_cmp(&b.day));
        self
    }

    /// Where a release's way has come to.
    fn at(&self, release: usize) -> f64 {
        self.chains[release].last().map_or(0.0, |segment| segment.to)
    }
}

impl State {
    /// An odds factor acted on the draw in progress. `None` begins a new draw.
    pub(in crate::program) fn record_odds(&mut self, modified: Option<Modified>) {
        if let Some(recorder) = &mut self.recorder {
            match modified {
                Some(modified) => recorder.modified.push(modified),
                None => recorder.modified.clear(),
            }
        }
    }

    /// A release is deployed.
    pub(in crate::program) fn record_deployed(&mut self, day: i32) {
        let Some(recorder) = &mut self.recorder else { return };
        let with =
            self.deployed.iter().enumerate().filter(|(_, lanes)| lanes.get(0)).fold(0, |set, (r, _)| set | 1 << r);
        for release in super::super::events::releases(with) {
            let attempt = self.outcome.attempts[release];
            recorder.add(f64::from(day), Happening::Deployed { release, attempt, with });
            recorder.backed_out_by[release].clear();
        }
    }

    /// The deployment of a release is kept.
    pub(in crate::program) fn record_live(&mut self, release: usize, day: i32, lanes: Mask) {
        if let Some(recorder) = &mut self.recorder
            && lanes.get(0)
        {
            recorder.add(f64::from(day), Happening::Live(release));
        }
    }

    /// A new gate: what fails a criterion from now on fails it there.
    pub(in crate::program) fn record_new_gate(&mut self) {
        if let Some(recorder) = &mut self.recorder {
            recorder.failed_by.iter_mut().for_each(Vec::clear);
        }
    }

    /// A risk failed a criterion.
    pub(in crate::program) fn record_failed(&mut self, risk: usize, criterion: usize, lanes: Mask) {
        let Some(recorder) = &mut self.recorder else { return };
        if lanes.get(0) {
            recorder.failed_by[criterion].push(risk);
            let until = self.unmet_until[criterion];
            if recorder.recovery[criterion].is_none_or(|(_, known)| until > known) {
                recorder.recovery[criterion] = Some((risk, until));
            }
        }
    }

    /// An amount is added to the cost.
    pub(in crate::program) fn record_cost(&mut self, of: CostOf, day: f64, amount: f64) {
        if let Some(recorder) = &mut self.recorder {
            recorder.add(day, Happening::Cost { of, amount });
        }
    }

    /// A background event of the period that incidents are counted over.
    pub(in crate::program) fn record_event(&mut self, process: usize, day: f64, added: bool, restore_days: f64) {
        if let Some(recorder) = &mut self.recorder {
            recorder.add(day, Happening::Background { process, added, restore_days: Some(restore_days) });
        }
    }
}

impl Program {
    /// A risk has just been drawn on an occasion, on a day.
    pub(in crate::program) fn record_draw(
        &self,
        state: &mut State,
        risk: usize,
        occasion: Occasion,
        day: f64,
        item: usize,
    ) {
        let Some(recorder) = &mut state.recorder else { return };
        let trigger = self.events[risk].trigger;
        let about = &self.register.risks[risk];
        if !state.fired[trigger].get(0) {
            return;
        }
        let probability = state.probability[0];
        // What is certain and does nothing by itself goes without saying: a factor is told where it acts.
        if probability >= 1.0 && about.all_effects().all(Effect::is_modifier) {
            return;
        }
        let outcome = (0..about.outcomes.len()).find(|k| state.fired[trigger + 1 + k].get(0));
        let modified = std::mem::take(&mut recorder.modified);
        recorder.add(day, Happening::Occurred { risk, outcome, item, probability, modified, occasion });
    }

    /// Scope items that drop out.
    pub(in crate::program) fn record_drops(&self, state: &mut State) {
        let Some(recorder) = &mut state.recorder else { return };
        for &(trigger, item) in &self.drops {
            if self.register.scope[item].included && state.fired[trigger].get(0) {
                let day = self.register.scope[item].deadline.zip(self.register.dates);
                let day = day.map_or(0.0, |(date, dates)| f64::from(dates.zero.day(date)));
                let risk = self.risk_of(trigger);
                recorder.add(day.max(0.0), Happening::Dropped { item, risk });
            }
        }
    }

    /// The network is scheduled: activities, delays of releases, readiness.
    pub(in crate::program) fn record_network(&self, state: &mut State) {
        let Some(mut recorder) = state.recorder.take() else { return };
        recorder.activities = (0..self.register.activities.len()).map(|a| self.tell_activity(state, a)).collect();
        for &a in &self.order {
            let told = &recorder.activities[a];
            if told.exists && told.finish.is_finite() {
                let (start, finish) = (told.start, told.finish);
                recorder.add(start, Happening::Started(a));
                recorder.add(finish, Happening::Finished(a));
            }
        }
        for &(trigger, release, days) in &self.delays {
            if state.fired[trigger].get(0) {
                let days = self.once(state, days, 0);
                recorder.add(0.0, Happening::ReleaseDelayed { release, risk: self.risk_of(trigger), days });
            }
        }
        for release in 0..self.register.releases.len() {
            recorder.chains[release] = self.way_to_ready(state, release, &recorder.activities);
            if state.ready[release].is_finite() {
                recorder.add(state.ready[release].max(0.0), Happening::Ready(release));
            }
        }
        state.recorder = Some(recorder);
    }

    /// The intended window of a release, and the day on which consent to it can be had, if it is asked.
    pub(in crate::program) fn record_intended(
        &self,
        state: &mut State,
        release: usize,
        window: Option<usize>,
        consent: Option<(f64, f64)>,
    ) {
        let Some(recorder) = &mut state.recorder else { return };
        let target = f64::from(self.register.releases[release].target_day);
        let ready = state.ready[release].max(0.0);
        let day = window.map(|w| self.windows[w]);
        if let Some((asked, until)) = consent {
            recorder.add(asked, Happening::Consent { release, until });
        }
        let known = if ready.is_finite() { ready } else { 0.0 };
        recorder.add(known, Happening::Intended { release, window: day });
        let mut way = Forward { at: recorder.at(release), horizon: self.horizon(), way: Way::default() };
        way.until(target, Cause::Planned);
        if let Some((_, until)) = consent {
            way.until(until, Cause::Consent);
        }
        way.until(day.map_or(f64::INFINITY, f64::from), Cause::Window);
        recorder.chains[release].extend(way.way.segments);
    }

    /// A release stood at its gates before a window.
    pub(in crate::program) fn record_gates(&self, state: &mut State, release: usize, window: usize, stopped: bool) {
        let Some(recorder) = &mut state.recorder else { return };
        let day = self.windows[window];
        let mut gates: Vec<(&str, f64, Vec<Asked>)> = Vec::new();
        for (c, criterion) in self.register.criteria.iter().enumerate() {
            if criterion.releases >> release & 1 == 0 {
                continue;
            }
            let met = !state.unmet[c].get(0);
            let still = !met && recorder.failed_by[c].is_empty();
            let by = match recorder.recovery[c] {
                Some((risk, _)) if still => vec![risk],
                _ => recorder.failed_by[c].clone(),
            };
            let asked = Asked { criterion: c, met, seen: !state.seen[c].get(0), still, by };
            match gates.iter_mut().find(|(gate, ..)| *gate == criterion.gate) {
                Some((_, _, criteria)) => criteria.push(asked),
                None => gates.push((&criterion.gate, criterion.gate_days_before, vec![asked])),
            }
        }
        // A rule of its own goes by all criteria of the release together; otherwise each criterion stops by itself.
        let ruled = self.register.releases[release].gate_rule.is_some();
        let stops = |asked: &Asked| !asked.seen && self.register.criteria[asked.criterion].stops;
        debug_assert!(ruled || stopped == gates.iter().any(|(_, _, criteria)| criteria.iter().any(stops)));
        for (gate, before, criteria) in gates {
            let passed = if ruled { !stopped } else { !criteria.iter().any(stops) };
            let gate = gate.to_owned();
            let what = Happening::Gate { release, gate, window: day, criteria, passed };
            recorder.add(f64::from(day) - before, what);
        }
    }

    /// A risk backs out a release, with these days of fix.
    pub(in crate::program) fn record_reversal(&self, state: &mut State, risk: usize, release: usize, fix_days: f64) {
        let Some(recorder) = &mut state.recorder else { return };
        let about = &self.register.risks[risk];
        let reverses =
            |other: usize| self.register.risks[other].all_effects().any(|e| matches!(e, Effect::BackOut(..)));
        let dragged = about.releases >> release & 1 == 0 && about.releases != 0
            || about.when.any_part(&mut |part| match part {
                Condition::BackedOut(_) => true,
                Condition::Occurred(other) => reverses(*other),
                _ => false,
            });
        let by = &mut recorder.backed_out_by[release];
        if by.iter().all(|cause| cause.risk != risk) {
            by.push(BackOut { risk, dragged, fix_days });
        }
    }

    /// The back-out of a release in a window, all causes together.
    pub(in crate::program) fn record_backed_out(&self, state: &mut State, release: usize, day: i32, fix_days: f64) {
        if let Some(recorder) = &mut state.recorder {
            let by = recorder.backed_out_by[release].clone();
            recorder.add(f64::from(day), Happening::BackedOut { release, by, fix_days });
        }
    }

    /// A release moves on from a window.
    pub(in crate::program) fn record_move(&self, state: &mut State, moving: &Moving) {
        let Some(recorder) = &mut state.recorder else { return };
        let Moving { release, window, days, notice, consent, unasked, next, why } = *moving;
        let from = self.windows[window];
        let left = f64::from(from);
        let (why, cause) = match why {
            Move::NoGo => {
                let stopping: Vec<Mask> =
                    state.unmet.iter().zip(&state.seen).map(|(unmet, seen)| *unmet & *seen).collect();
                (Why::NoGo, recovering(self, &stopping, &recorder.recovery, release))
            }
            Move::BackedOut => {
                let causes = &recorder.backed_out_by[release];
                let longest = causes.iter().find(|cause| cause.fix_days == days).or(causes.first());
                (Why::BackedOut, longest.map(|cause| Cause::Fix(cause.risk)))
            }
            Move::Hold(trigger, until) => {
                let risk = self.risk_of(trigger);
                (Why::Hold(until, risk), Some(Cause::Hold { release: until, risk }))
            }
            Move::Turn(first) => (Why::Turn(first), Some(Cause::Turn(first))),
        };
        let horizon = self.horizon();
        let day_of = |window: Option<usize>| window.map_or(horizon, |w| f64::from(self.windows[w]));
        let mut way = Forward { at: left, horizon, way: Way::default() };
        if let Some(cause) = cause {
            // Who waits for a turn, or for one who goes in the same window, waits for the window after it.
            let whole = matches!(why, Why::Turn(_)) || matches!(why, Why::Hold(..)) && days == 0.0;
            way.until(if whole { day_of(unasked) } else { left + days }, cause);
        }
        way.until(left + notice, Cause::Notice);
        if let Some(until) = consent {
            way.until(until, Cause::Consent);
        }
        way.until(day_of(next), Cause::Window);
        let days = way.way.segments;
        recorder.chains[release].extend(&days);
        // A No-Go is known on the gate day, which the gate's own entry tells; the move counts from the window.
        if let Some(until) = consent {
            recorder.add(left, Happening::Consent { release, until });
        }
        let to = next.map(|w| self.windows[w]);
        recorder.add(left, Happening::Moved { release, from, to, why, days });
    }

    /// A release waits for one that is not due any more: neither will be live by the horizon.
    pub(in crate::program) fn record_stranded(&self, state: &mut State, release: usize, window: usize, why: Move) {
        let days = (self.horizon() - f64::from(self.windows[window])).max(0.0);
        let moving = Moving { release, window, days, notice: 0.0, consent: None, unasked: None, next: None, why };
        self.record_move(state, &moving);
    }

    /// An incident that a release caused, with its days to restore.
    pub(in crate::program) fn record_incident(&self, state: &mut State, incident: usize, restore_days: f64) {
        let Some(recorder) = &mut state.recorder else { return };
        let super::super::state::IncidentRecord { category, day, risk, release, .. } = state.incidents[incident];
        recorder.add(day, Happening::Incident { risk, release, category, restore_days });
    }

    /// Background events that are not counted, but that a gate may have asked about: from day 0 up to the last gate,
    /// without the period after the first go-live, whose events are told as they are counted.
    pub(super) fn record_background(&self, state: &mut State) {
        let live = (0..self.register.releases.len()).filter_map(|r| self.live_day(state, r, 0)).reduce(f64::min);
        let Some(mut recorder) = state.recorder.take() else { return };
        let last = recorder.entries.iter().filter(|entry| matches!(entry.what, Happening::Gate { .. }));
        let last = last.map(|entry| entry.day).fold(0.0, f64::max);
        let after = live.map_or(last, |live| live + self.period_days);
        for process in 0..self.register.processes.len() {
            for (from, to) in [(0.0, live.unwrap_or(last)), (after, last)] {
                self.events_of(state, process, 0, self.span(from, to), &mut |event| {
                    let what = Happening::Background { process, added: event.added, restore_days: None };
                    recorder.add(event.day, what);
                    false
                });
            }
        }
        state.recorder = Some(recorder);
    }
}

/// The criterion that stops a release for longest, and the risk it recovers from.
fn recovering(program: &Program, unmet: &[Mask], recovery: &[Option<(usize, f64)>], release: usize) -> Option<Cause> {
    let criteria = program.register.criteria.iter().enumerate();
    let stopping = criteria.filter(|(c, criterion)| criterion.releases >> release & 1 == 1 && unmet[*c].get(0));
    let mut longest: Option<(Cause, f64)> = None;
    for (c, _) in stopping {
        if let Some((risk, until)) = recovery[c]
            && longest.is_none_or(|(_, known)| until > known)
        {
            longest = Some((Cause::Recovery { criterion: c, risk }, until));
        }
    }
    longest.map(|(cause, _)| cause)
}

/// A way that only goes forward, to the horizon at most.
struct Forward {
    at: f64,
    horizon: f64,
    way: Way,
}

impl Forward {
    /// Goes on to a day, unless it is past already.
    fn until(&mut self, day: f64, cause: Cause) {
        let day = day.min(self.horizon);
        if day > self.at {
            self.way.go(self.at, day, cause);
            self.at = day;
        }
    }
}
