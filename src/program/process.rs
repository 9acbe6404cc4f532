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

use super::cells::{CELL_DAYS, Times};
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

    fn holds(&self, day: f64) -> bool {
        (self.from..self.to).contains(&day)
    }
}

impl Program {
    /// The span from one day to another.
    pub(super) fn span(&self, from: f64, to: f64) -> Span {
        Span::new(self.epoch, from, to)
    }

    /// Realises the events of a process in a span in all lanes together. They are at hand until
    /// [`Cells::forget`](super::cells::Cells::forget).
    pub(super) fn realise_together(&self, state: &mut State, process: usize, span: Span) {
        let about = &self.processes[process];
        self.ensure(state, about.rate, state.all);
        for factor in &about.factors {
            let fired = state.fired[self.events[factor.risk].trigger];
            self.ensure(state, factor.share, fired);
            self.ensure(state, factor.factor, fired);
        }
        let Span { to, first, last, .. } = span;
        if to <= 0.0 {
            return;
        }
        let State { cells, values, stride, lanes: n, first: iteration, .. } = state;
        let rates = &values[about.rate * *stride..][..*n];
        cells.ask((process, (about.count, about.time)), (*iteration, rates), (self.epoch, first, last));
    }

    /// The lanes in which a process has an event in the days before the gate of the next window.
    pub(super) fn had_event_before_gate(&self, state: &mut State, process: usize, days: f64, lanes: Mask) -> Mask {
        let span = self.span(state.gate_day - days, state.gate_day);
        if lanes.count() as usize * 4 > state.lanes {
            self.realise_together(state, process, span);
        }
        let had = lanes.filtered(|lane| {
            let mut any = false;
            self.events_of(state, process, lane, span, &mut |_| {
                any = true;
                true
            });
            any
        });
        state.cells.forget();
        had
    }

    /// Hands over the events of a process in a span, cell by cell; stops when told to.
    pub(super) fn events_of(
        &self,
        state: &mut State,
        process: usize,
        lane: usize,
        span: Span,
        found: &mut impl FnMut(ProcessEvent) -> bool,
    ) {
        let Span { from, to, first, last } = span;
        if from >= to {
            return;
        }
        let about = &self.processes[process];
        let acts = |f: &RateFactor| state.fired[self.events[f.risk].trigger].get(lane);
        if !about.factors.iter().any(acts) && state.cells.cover(process, first, last) {
            // Nothing but what is at hand.
            for cell in first..=last {
                let Some((place, events)) = state.cells.of(process, cell, lane) else { continue };
                for (k, event) in (0..).zip(events) {
                    let day = state.cells.day(place, event);
                    let event = ProcessEvent { day, added: false, occasion: occasion(cell, k) };
                    if span.holds(day) && found(event) {
                        return;
                    }
                }
            }
            return;
        }
        self.events_by_factors(state, process, lane, span, found);
    }

    /// The same where rate factors may act, or cells are not at hand.
    fn events_by_factors(
        &self,
        state: &mut State,
        process: usize,
        lane: usize,
        span: Span,
        found: &mut dyn FnMut(ProcessEvent) -> bool,
    ) {
        let Span { from, to, first, last } = span;
        let about = &self.processes[process];
        let iteration = state.first + lane as u64;
        let rate = self.once(state, about.rate, lane);
        for cell in first..=last {
            let mut base = |state: &mut State, day: f64, occasion: u64| {
                let kept = about.factors.iter().all(|f| self.keeps(state, f, false, lane, day, occasion));
                kept && found(ProcessEvent { day, added: false, occasion })
            };
            if let Some((place, events)) = state.cells.of(process, cell, lane) {
                for (k, event) in (0..).zip(events) {
                    let day = state.cells.day(place, event);
                    if span.holds(day) && base(state, day, occasion(cell, k)) {
                        return;
                    }
                }
            } else if realise(
                about.count,
                about.time,
                iteration,
                rate,
                (self.epoch, cell),
                from,
                to,
                &mut |day, occasion| base(state, day, occasion),
            ) {
                return;
            }
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
            let added = (first..=last).any(|cell| {
                let rate = highest * (multiple - 1.0);
                realise(
                    factor.count,
                    factor.time,
                    iteration,
                    rate,
                    (self.epoch, cell),
                    from,
                    to,
                    &mut |day, occasion| {
                        let occasion = occasion ^ ((k as u64 + 1) << 56);
                        let mut others = about.factors.iter().enumerate().filter(|(j, _)| *j != k);
                        if !self.holds_on(state, self.when(factor.risk), lane, day)
                            || !others.all(|(j, f)| self.keeps(state, f, j < k, lane, day, occasion))
                        {
                            return false;
                        }
                        state.outcome.occurred[factor.risk].set(lane);
                        found(ProcessEvent { day, added: true, occasion })
                    },
                )
            });
            if added {
                return;
            }
            highest *= multiple;
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

/// Hands over the events in `[from, to)` and in one cell of the process that two streams address. Returns whether it was
/// told to stop.
#[expect(clippy::too_many_arguments, reason = "one realisation needs its address, its rate and its span")]
fn realise(
    count: Stream,
    time: Stream,
    iteration: u64,
    rate: f64,
    (epoch, cell): (i64, i64),
    from: f64,
    to: f64,
    found: &mut dyn FnMut(f64, u64) -> bool,
) -> bool {
    let events = poisson_quantile(count.at(cell.cast_unsigned()).uniform(iteration), rate * CELL_DAYS);
    if events == 0 {
        return false;
    }
    let times = Times::new(time, cell, epoch);
    (0..u64::from(events)).any(|k| {
        let day = times.day(k, iteration);
        (from..to).contains(&day) && found(day, occasion(cell, k))
    })
}
