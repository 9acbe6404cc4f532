//! Incidents over early-life support: what releases cause, beside the background.
//!
//! The period of a plan begins with its first lasting go-live and is as long as the longest
//! early-life support of its releases. Incidents that releases cause count whenever they begin
//! (each in its own release's early-life support, or on a back-out night); background events, and
//! those that a rate factor adds to them, count within the period.

use super::events::two_or_more;
use super::{Mask, NOT_LIVE, Program, State};
use crate::random::Stream;
use crate::register::{Condition, QuantityId};

impl Program {
    /// Counts incidents by category and adds up the times to restore of those that begin in the
    /// period, neither cut off at its end nor merged where they overlap.
    pub(super) fn count_incidents(&self, state: &mut State) {
        let stride = state.stride;
        self.find_lengthened(state);
        for category in 1..=5 {
            let mut restores = std::mem::take(&mut state.restores);
            let own = state.incidents.iter().filter(|incident| incident.category == category);
            restores.ask(own.map(|incident| (incident.lane, incident.occasion)));
            if !restores.asked.is_empty() {
                self.draw_restores(state, category, &mut restores);
                let own = state.incidents.iter_mut().filter(|incident| incident.category == category);
                own.zip(&restores.days).for_each(|(incident, days)| incident.restore_days = *days);
            }
            state.restores = restores;
        }
        for i in 0..state.incidents.len() {
            let incident = state.incidents[i];
            let count = &mut state.outcome.incidents[usize::from(incident.category - 1) * stride + incident.lane];
            *count = count.saturating_add(1);
            let days = self.restore_days(state, incident.category, incident.restore_days, incident.lane, incident.day);
            state.outcome.days_in_extra[incident.lane] += days;
            state.outcome.days_in_incidents[incident.lane] += days;
            let price = self.incident_price(state, incident.category, incident.lane, incident.occasion);
            Self::charge_incident(state, incident.category, incident.lane, incident.day, price);
            self.record_incident(state, i, days);
        }
        let live = self.ask_from_first_live(state);
        for (p, process) in self.register.processes.iter().enumerate() {
            let code = Stream::new(0, &process.id).bits(0);
            let mut events = std::mem::take(&mut state.events);
            // Where several plans ask for them, times to restore are drawn for all events of a cell, and kept with them.
            let restore = self.register.restore[usize::from(process.category - 1)].map(|number| number.0 as usize);
            let kept = restore.filter(|number| state.numbers.is_shared(*number)).map(|number| (number, code));
            self.events_in_spans(state, p, live, kept, &mut events);
            let mut restores = std::mem::take(&mut state.restores);
            let open = events.iter().filter(|(_, event)| event.restore_days.is_none());
            restores.ask(open.map(|(lane, event)| (*lane, event.occasion ^ code)));
            self.draw_restores(state, process.category, &mut restores);
            let mut drawn = restores.days.iter();
            for (lane, event) in events.drain(..) {
                let days = event.restore_days.or_else(|| drawn.next().copied()).unwrap_or(0.0);
                let days = self.restore_days(state, process.category, days, lane, event.day);
                let price = self.incident_price(state, process.category, lane, event.occasion ^ code);
                state.outcome.days_in_incidents[lane] += days;
                state.record_event(p, event.day, event.added, days);
                if event.added {
                    let count = &mut state.outcome.incidents[usize::from(process.category - 1) * stride + lane];
                    *count = count.saturating_add(1);
                    state.outcome.days_in_extra[lane] += days;
                    Self::charge_incident(state, process.category, lane, event.day, price);
                } else {
                    state.outcome.cost_of_background[lane] += price.unwrap_or(0.0);
                    let count = &mut state.outcome.background[p * stride + lane];
                    *count = count.saturating_add(1);
                }
            }
            (state.events, state.restores) = (events, restores);
        }
    }

    /// Finds the first lasting go-live of every lane, from which on it is asked about; the lanes that have one.
    fn ask_from_first_live(&self, state: &mut State) -> Mask {
        let (stride, n) = (state.stride, state.lanes);
        let State { live_from, outcome, spans, .. } = state;
        // Windows count in order of time.
        live_from[..n].fill(NOT_LIVE);
        for r in 0..self.register.releases.len() {
            for (first, window) in live_from[..n].iter_mut().zip(&outcome.live_window[r * stride..][..n]) {
                *first = (*first).min(*window);
            }
        }
        spans.clear(n);
        let live = Mask::where_true(n, |lane| live_from[lane] != NOT_LIVE);
        let mut left = live;
        while let Some(lane) = left.lanes().next() {
            let window = live_from[lane];
            let same = Mask::where_true(n, |lane| live_from[lane] == window);
            let from = f64::from(self.windows[usize::from(window)]);
            spans.add(self.span(from, from + self.period_days), same);
            left = left.without(same);
        }
        live
    }

    /// Draws times to restore of a category, all together where it is a draw of its own; 0 where it has none.
    fn draw_restores(&self, state: &mut State, category: u8, restores: &mut Restores) {
        let Restores { asked, days, part } = restores;
        days.clear();
        match self.register.restore[usize::from(category - 1)] {
            None => days.resize(asked.len(), 0.0),
            Some(QuantityId(number)) => self.on_occasions(state, number as usize, asked, (days, part)),
        }
    }

    /// Finds the lanes in which each factor on times to restore may act, and since when where that is simple.
    fn find_lengthened(&self, state: &mut State) {
        for (k, &(risk, factor)) in self.restores.iter().enumerate() {
            let condition = self.when(risk);
            let may_act = state.fired[self.events[risk].trigger] & self.may_hold(state, condition);
            self.ensure(state, factor, may_act);
            let State { lengthened, history, stride, .. } = state;
            let Lengthened { together, asked, since } = &mut lengthened[k];
            *together = Mask::NONE;
            since.resize(*stride, 0.0);
            if let Condition::CoDeployed(set) = condition {
                let mut again = Mask::NONE;
                for (window, deployed) in history.iter() {
                    let now = two_or_more(*set, deployed) & may_act;
                    again |= *together & now;
                    for lane in now.without(*together).lanes() {
                        since[lane] = f64::from(self.windows[*window]);
                    }
                    *together |= now;
                }
                *together = together.without(again);
            }
            *asked = may_act.without(*together);
        }
    }

    /// The time to restore of an incident, drawn, with the factors that act on the day it begins.
    fn restore_days(&self, state: &mut State, category: u8, drawn: f64, lane: usize, day: f64) -> f64 {
        let mut days = drawn;
        if self.register.restore[usize::from(category - 1)].is_none() {
            return days;
        }
        for (k, &(risk, factor)) in self.restores.iter().enumerate() {
            let lengthened = &state.lengthened[k];
            let acts = if lengthened.together.get(lane) {
                (0.0..self.period_days).contains(&(day - lengthened.since[lane]))
            } else {
                lengthened.asked.get(lane) && self.holds_on(state, self.when(risk), lane, day)
            };
            if acts {
                state.outcome.occurred[risk].set(lane);
                days *= self.once(state, factor, lane);
            }
        }
        days
    }
}

/// Where a factor on times to restore may act.
#[derive(Debug, Clone, Default)]
pub(super) struct Lengthened {
    /// The lanes in which it acts over a period from one co-deployment on, and when that was.
    together: Mask,
    since: Vec<f64>,
    /// The lanes in which its condition has to be asked.
    asked: Mask,
}

/// Times to restore of several incidents.
#[derive(Debug, Clone, Default)]
pub(super) struct Restores {
    /// Lane of each, and what it is addressed by.
    asked: Vec<(usize, u64)>,
    days: Vec<f64>,
    /// Values of one factor of the number, while they are multiplied.
    part: Vec<f64>,
}

impl Restores {
    fn ask(&mut self, incidents: impl Iterator<Item = (usize, u64)>) {
        self.asked.clear();
        self.asked.extend(incidents);
    }
}
