//! Background incident processes: one realisation an iteration, whoever asks.
//!
//! A Poisson process is cut into cells of 14 days counted from 1 January 1970. The events of a cell
//! are a Poisson count and uniform times, both addressed by the cell: any question (was there one
//! in the week before the gate? how many in the thirty days after?) draws only the cells it
//! touches, and all answers come from the same events. Events before day 0 are known facts of the
//! case, not simulated.
//!
//! A rate factor f on a share s makes the rate m = 1 + s·(f − 1) times as high on the days on which
//! its condition holds. Where m > 1 the added events are a process of their own with rate
//! λ·(m − 1), kept on those days; where m < 1 each event of those days is kept with probability m.
//! Both are exact for a Poisson process (Kingman 1993, *Poisson Processes*, §2.2 and §5.1).
//!
//! Several factors multiply. Those above 1 add in turn: the k-th adds to what the process and the
//! factors before it make, a rate of λ·(m_k − 1)·Π m_j over those j < k that act on that day; it is
//! realised as if all of them acted and thinned by 1/m_j where one does not. Factors below 1 thin
//! everything, the added events too.

use super::cells::{CELL_DAYS, Place, Times};
use super::{Mask, Program, RateFactor, State};
use crate::distribution::poisson_quantile;
use crate::random::Stream;
use crate::register::Condition;

/// An event of a background process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ProcessEvent {
    /// When, in days since day 0.
    pub(super) day: f64,
    /// Whether a rate factor added it.
    pub(super) added: bool,
    /// What its time to restore is addressed by.
    pub(super) occasion: u64,
    /// Its time to restore, without the factors on it, where it is drawn already.
    pub(super) restore_days: Option<f64>,
}

impl ProcessEvent {
    /// One of the process's own.
    fn plain(day: f64, occasion: u64) -> Self {
        Self { day, added: false, occasion, restore_days: None }
    }
}

/// A span of time, from day 0 on, and the cells that it touches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    from: f64,
    to: f64,
    first: i64,
    last: i64,
}

impl Span {
    /// `[from, to)`.
    fn new(epoch: i64, from: f64, to: f64) -> Self {
        let (from, offset) = (from.max(0.0), epoch as f64);
        let first = crate::math::floor((from + offset) / CELL_DAYS) as i64;
        let last = (crate::math::ceil((to + offset) / CELL_DAYS) as i64 - 1).max(first);
        Self { from, to, first, last }
    }

    /// Whether no day is in it.
    fn is_empty(&self) -> bool {
        self.from >= self.to
    }

    /// Whether a day is in it.
    #[inline]
    pub(super) fn holds(&self, day: f64) -> bool {
        (self.from..self.to).contains(&day)
    }

    /// The numbers of its cells.
    pub(super) fn cells(&self) -> std::ops::RangeInclusive<i64> {
        self.first..=self.last
    }
}

impl Program {
    /// The span from one day to another.
    pub(super) fn span(&self, from: f64, to: f64) -> Span {
        Span::new(self.epoch, from, to)
    }

    /// The lanes in which a process has an event in the days before the gate of the next window.
    pub(super) fn had_event_before_gate(&self, state: &mut State, process: usize, days: f64, lanes: Mask) -> Mask {
        let span = self.span(state.gate_day - days, state.gate_day);
        if span.is_empty() {
            return Mask::NONE;
        }
        let about = &self.processes[process];
        let acted_on = about.factors.iter().fold(Mask::NONE, |any, factor| any | self.may_act(state, factor)) & lanes;
        let together = lanes.without(acted_on);
        let mut had = if state.serves_many(together) {
            let realised = self.realised(state, process, None);
            state.cells.had(realised, span, self.epoch) & together
        } else {
            together.filtered(|lane| self.own_events_of(state, process, lane, span, &mut |_| true))
        };
        for lane in acted_on.lanes() {
            self.events_of(state, process, lane, span, &mut |_| {
                had.set(lane);
                true
            });
        }
        had
    }

    /// Appends the events of a process in all lanes, in the span of each lane (`state.spans`): those of a lane in order,
    /// its own first, then those that rate factors add, cell by cell. `restore` is the number of their times to restore,
    /// and what it is addressed by apart from the event, where these are to be kept.
    pub(super) fn events_in_spans(
        &self,
        state: &mut State,
        process: usize,
        lanes: Mask,
        restore: Option<(usize, u64)>,
        events: &mut Vec<(usize, ProcessEvent)>,
    ) {
        let apart = lanes & self.apart(state, process);
        let together = lanes.without(apart);
        let own = self.realised(state, process, None);
        self.events_together(state, own, together, restore, &mut |_, lane, event| events.push((lane, event)));
        self.added_in_spans(state, process, together, restore, &mut |lane, event| events.push((lane, event)));
        for lane in apart.lanes() {
            let span = state.spans.of(lane);
            self.events_of(state, process, lane, span, &mut |event| {
                events.push((lane, event));
                false
            });
        }
    }

    /// The lanes in which several rate factors of a process may meet, or one thins: they are asked one by one.
    fn apart(&self, state: &mut State, process: usize) -> Mask {
        let (mut met, mut apart) = (Mask::NONE, Mask::NONE);
        for factor in &self.processes[process].factors {
            let fired = state.fired[self.events[factor.risk].trigger];
            self.ensure(state, factor.share, fired);
            self.ensure(state, factor.factor, fired);
            apart |= met & fired;
            met |= fired;
            apart |= self.may_act(state, factor).filtered(|lane| self.rate_multiple(state, factor, lane) < 1.0);
        }
        apart
    }

    /// Hands over the events that rate factors add to a process in these lanes, each in its span: lanes in which one factor
    /// fired, and adds.
    fn added_in_spans(
        &self,
        state: &mut State,
        process: usize,
        lanes: Mask,
        restore: Option<(usize, u64)>,
        found: &mut impl FnMut(usize, ProcessEvent),
    ) {
        for (k, factor) in self.processes[process].factors.iter().enumerate() {
            let acted_on = lanes & self.may_act(state, factor);
            if acted_on.is_empty() {
                continue;
            }
            let added = self.realised(state, process, Some(k));
            let restore = restore.map(|(number, code)| (number, added_occasion(code, k)));
            self.events_together(state, added, acted_on, restore, &mut |state, lane, event| {
                if self.holds_on(state, self.when(factor.risk), lane, event.day) {
                    state.outcome.occurred[factor.risk].set(lane);
                    let occasion = added_occasion(event.occasion, k);
                    found(lane, ProcessEvent { added: true, occasion, ..event });
                }
            });
        }
    }

    /// What is realised of a process, or of what a rate factor adds to it where it is the only one that fired.
    fn realised(&self, state: &mut State, process: usize, factor: Option<usize>) -> usize {
        let source = factor.map_or(0, |k| k + 1);
        if let Some(realised) = state.realised[process][source] {
            return realised;
        }
        let (about, n, of) = (&self.processes[process], state.lanes, (state.world, state.first));
        self.ensure(state, about.rate, state.all);
        let realised = match factor.map(|k| &about.factors[k]) {
            None => state.cells.realise((about.count, about.time), of, state.numbers.of(about.rate, n)),
            Some(factor) => {
                let fired = state.fired[self.events[factor.risk].trigger];
                let mut rates = vec![0.0; n];
                for lane in fired.lanes() {
                    let added = self.rate_multiple(state, factor, lane) - 1.0;
                    rates[lane] = (Self::value(state, about.rate, lane) * added).max(0.0);
                }
                state.cells.realise((factor.count, factor.time), of, &rates)
            }
        };
        state.realised[process][source] = Some(realised);
        realised
    }

    /// Hands over the events of what is realised in these lanes, each in its span: cell by cell.
    fn events_together(
        &self,
        state: &mut State,
        realised: usize,
        lanes: Mask,
        restore: Option<(usize, u64)>,
        found: &mut impl FnMut(&mut State, usize, ProcessEvent),
    ) {
        for number in state.spans.cells(lanes) {
            let touching = state.spans.touching(number) & lanes;
            if !state.serves_many(touching) {
                for lane in touching.lanes() {
                    let (span, iteration) = (state.spans.of(lane), state.first + lane as u64);
                    let (streams, rate) = state.cells.source(realised, lane);
                    realise_alone(streams, iteration, rate, (self.epoch, number), &mut |day, occasion| {
                        if span.holds(day) {
                            found(state, lane, ProcessEvent::plain(day, occasion));
                        }
                        false
                    });
                }
                continue;
            }
            let place = state.cells.cell(realised, number, self.epoch);
            let restore = restore.map(|(quantity, code)| self.restored_in_cell(state, place, number, quantity, code));
            for event in 0..state.cells.events(place) {
                let (lane, day) = state.cells.event(place, event);
                if touching.get(lane) && state.spans.of(lane).holds(day) {
                    let restore_days = restore.map(|restore| state.cells.restore_days(place, restore, event));
                    let occasion = occasion(number, state.cells.place_in_lane(place, event));
                    found(state, lane, ProcessEvent { restore_days, ..ProcessEvent::plain(day, occasion) });
                }
            }
        }
    }

    /// Which of the lists of times to restore of a cell is that of a number and a code, drawn now unless it is there.
    fn restored_in_cell(&self, state: &mut State, place: Place, cell: i64, number: usize, code: u64) -> usize {
        let by = (state.numbers.place(number), code);
        if let Some(restore) = state.cells.restored(place, by) {
            return restore;
        }
        let asked = |event| {
            let (lane, _) = state.cells.event(place, event);
            (lane, occasion(cell, state.cells.place_in_lane(place, event)) ^ code)
        };
        let asked: Vec<(usize, u64)> = (0..state.cells.events(place)).map(asked).collect();
        let mut days = Vec::new();
        self.on_occasions(state, number, &asked, (&mut days, &mut Vec::new()));
        state.cells.keep_restored(place, by, days)
    }

    /// Hands over the events of a process in a span, cell by cell; stops when told to.
    pub(super) fn events_of(
        &self,
        state: &mut State,
        process: usize,
        lane: usize,
        span: Span,
        found: &mut dyn FnMut(ProcessEvent) -> bool,
    ) {
        let about = &self.processes[process];
        let fired = |factor: &RateFactor| state.fired[self.events[factor.risk].trigger].get(lane);
        if about.factors.iter().any(fired) {
            self.events_by_factors(state, process, lane, span, found);
        } else {
            self.own_events_of(state, process, lane, span, found);
        }
    }

    /// The same where no rate factor acts. Returns whether it was told to stop.
    fn own_events_of(
        &self,
        state: &mut State,
        process: usize,
        lane: usize,
        span: Span,
        found: &mut dyn FnMut(ProcessEvent) -> bool,
    ) -> bool {
        let about = &self.processes[process];
        let rate = self.once(state, about.rate, lane);
        self.events_alone(state, (about.count, about.time), lane, rate, span, &mut |_, day, occasion| {
            found(ProcessEvent::plain(day, occasion))
        })
    }

    /// The same where rate factors may act.
    fn events_by_factors(
        &self,
        state: &mut State,
        process: usize,
        lane: usize,
        span: Span,
        found: &mut dyn FnMut(ProcessEvent) -> bool,
    ) {
        let about = &self.processes[process];
        let rate = self.once(state, about.rate, lane);
        let own = (about.count, about.time);
        let stopped = self.events_alone(state, own, lane, rate, span, &mut |state, day, occasion| {
            let kept = about.factors.iter().all(|f| self.keeps(state, f, false, lane, day, occasion));
            kept && found(ProcessEvent::plain(day, occasion))
        });
        if stopped {
            return;
        }
        // Highest rate that the process and the factors so far can have.
        let mut highest = rate;
        for (k, factor) in about.factors.iter().enumerate() {
            if !state.fired[self.events[factor.risk].trigger].get(lane) {
                continue;
            }
            let multiple = self.rate_multiple(state, factor, lane);
            if multiple <= 1.0 {
                continue;
            }
            let (added, rate) = ((factor.count, factor.time), highest * (multiple - 1.0));
            let stopped = self.events_alone(state, added, lane, rate, span, &mut |state, day, occasion| {
                let occasion = added_occasion(occasion, k);
                let mut others = about.factors.iter().enumerate().filter(|(j, _)| *j != k);
                if !self.holds_on(state, self.when(factor.risk), lane, day)
                    || !others.all(|(j, f)| self.keeps(state, f, j < k, lane, day, occasion))
                {
                    return false;
                }
                state.outcome.occurred[factor.risk].set(lane);
                found(ProcessEvent { added: true, ..ProcessEvent::plain(day, occasion) })
            });
            if stopped {
                return;
            }
            highest *= multiple;
        }
    }

    /// Hands over the events that two streams address in a span, in one lane. Returns whether it was told to stop.
    fn events_alone(
        &self,
        state: &mut State,
        streams: (Stream, Stream),
        lane: usize,
        rate: f64,
        span: Span,
        found: &mut dyn FnMut(&mut State, f64, u64) -> bool,
    ) -> bool {
        if span.is_empty() {
            return false;
        }
        let iteration = state.first + lane as u64;
        span.cells().any(|cell| {
            realise_alone(streams, iteration, rate, (self.epoch, cell), &mut |day, occasion| {
                span.holds(day) && found(state, day, occasion)
            })
        })
    }

    /// The lanes in which a rate factor may act at some time, going by the go-lives known so far.
    fn may_act(&self, state: &State, factor: &RateFactor) -> Mask {
        state.fired[self.events[factor.risk].trigger] & self.may_hold(state, self.when(factor.risk))
    }

    /// The lanes in which a condition over days may hold on some day, going by the go-lives known so far.
    pub(super) fn may_hold(&self, state: &State, condition: &Condition) -> Mask {
        let two_or_more = super::events::two_or_more;
        match condition {
            Condition::Always(true) | Condition::Not(_) => state.all,
            Condition::WithinFirstDays(set, _) => two_or_more(*set, &state.live),
            Condition::CoDeployed(set) => {
                state.history.iter().fold(Mask::NONE, |any, (_, deployed)| any | two_or_more(*set, deployed))
            }
            Condition::Occurred(risk) => state.fired[self.events[*risk].trigger],
            Condition::All(parts) => parts.iter().fold(state.all, |left, part| left & self.may_hold(state, part)),
            Condition::Any(parts) => parts.iter().fold(Mask::NONE, |any, part| any | self.may_hold(state, part)),
            Condition::Always(false) | Condition::BackedOut(_) | Condition::PassedUnmet(_) | Condition::Event(..) => {
                Mask::NONE
            }
        }
    }

    /// m = 1 + s·(f − 1).
    fn rate_multiple(&self, state: &mut State, factor: &RateFactor, lane: usize) -> f64 {
        1.0 + self.once(state, factor.share, lane) * (self.once(state, factor.factor, lane) - 1.0)
    }

    /// Whether a rate factor leaves an event in: one below 1 where it acts, and one above 1 that the
    /// event was realised for (`counted_on`) where it does not.
    fn keeps(
        &self,
        state: &mut State,
        factor: &RateFactor,
        counted_on: bool,
        lane: usize,
        day: f64,
        occasion: u64,
    ) -> bool {
        if !state.fired[self.events[factor.risk].trigger].get(lane) {
            return true;
        }
        let multiple = self.rate_multiple(state, factor, lane);
        if multiple == 1.0 || (multiple > 1.0 && !counted_on) {
            return true;
        }
        let acts = self.holds_on(state, self.when(factor.risk), lane, day);
        let kept = match (multiple < 1.0, acts) {
            (true, true) => multiple,
            (false, false) => 1.0 / multiple,
            _ => return true,
        };
        let stays = factor.keep.at(occasion).uniform(state.first + lane as u64) < kept;
        if acts && !stays {
            state.outcome.occurred[factor.risk].set(lane);
        }
        stays
    }

    /// Whether a condition over days holds for a lane at a time: with the go-lives known so far,
    /// which are all that matter up to the present window.
    pub(super) fn holds_on(&self, state: &State, condition: &Condition, lane: usize, day: f64) -> bool {
        match condition {
            Condition::Always(holds) => *holds,
            Condition::WithinFirstDays(set, days) => {
                let young =
                    |r: usize| self.live_day(state, r, lane).is_some_and(|live| (live..live + days).contains(&day));
                super::events::releases(*set).filter(|r| young(*r)).nth(1).is_some()
            }
            // A period: early-life support after a window that deployed two or more of the set.
            Condition::CoDeployed(set) => state.history.iter().any(|(window, deployed)| {
                let since = day - f64::from(self.windows[*window]);
                (0.0..self.period_days).contains(&since)
                    && super::events::releases(*set).filter(|r| deployed[*r].get(lane)).nth(1).is_some()
            }),
            Condition::Occurred(risk) => state.fired[self.events[*risk].trigger].get(lane),
            Condition::All(parts) => parts.iter().all(|part| self.holds_on(state, part, lane, day)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds_on(state, part, lane, day)),
            Condition::Not(part) => !self.holds_on(state, part, lane, day),
            Condition::BackedOut(_) | Condition::PassedUnmet(_) | Condition::Event(..) => false,
        }
    }
}

/// What the k-th event of a cell is addressed by.
fn occasion(cell: i64, k: u64) -> u64 {
    cell.cast_unsigned() << 20 | k
}

/// What an event is addressed by that the k-th rate factor adds.
fn added_occasion(occasion: u64, k: usize) -> u64 {
    occasion ^ ((k as u64 + 1) << 56)
}

/// Hands over the events of one iteration in one cell that two streams address. Returns whether it was told to stop.
fn realise_alone(
    (count, time): (Stream, Stream),
    iteration: u64,
    rate: f64,
    (epoch, cell): (i64, i64),
    found: &mut impl FnMut(f64, u64) -> bool,
) -> bool {
    let events = poisson_quantile(count.at(cell.cast_unsigned()).uniform(iteration), rate * CELL_DAYS);
    if events == 0 {
        return false;
    }
    let times = Times::new(time, cell, epoch);
    (0..u64::from(events)).any(|k| found(times.day(k, iteration), occasion(cell, k)))
}

/// The span in which each lane of a block is asked about.
#[derive(Debug, Clone, Default)]
pub(super) struct Spans {
    /// Different spans, and the lanes of each.
    groups: Vec<(Span, Mask)>,
    /// The group of each lane.
    group: Vec<u16>,
}

impl Spans {
    /// Forgets all.
    pub(super) fn clear(&mut self, lanes: usize) {
        self.groups.clear();
        self.group.clear();
        self.group.resize(lanes, 0);
    }

    /// Adds a span and its lanes, which have none yet.
    pub(super) fn add(&mut self, span: Span, lanes: Mask) {
        for lane in lanes.lanes() {
            self.group[lane] = self.groups.len() as u16;
        }
        self.groups.push((span, lanes));
    }

    /// The span of a lane that has one.
    #[inline]
    fn of(&self, lane: usize) -> Span {
        self.groups[usize::from(self.group[lane])].0
    }

    /// The lanes whose spans touch a cell.
    fn touching(&self, cell: i64) -> Mask {
        let touching = self.groups.iter().filter(|(span, _)| span.cells().contains(&cell) && !span.is_empty());
        touching.fold(Mask::NONE, |any, (_, lanes)| any | *lanes)
    }

    /// The cells from the first to the last that spans of these lanes touch.
    fn cells(&self, lanes: Mask) -> std::ops::RangeInclusive<i64> {
        let asked = self.groups.iter().filter(|(_, own)| !(*own & lanes).is_empty()).map(|(span, _)| span.cells());
        let ends = asked.map(|cells| (*cells.start(), *cells.end()));
        let (first, last) = ends.reduce(|(a, b), (c, d)| (a.min(c), b.max(d))).unwrap_or((1, 0));
        first..=last
    }
}
