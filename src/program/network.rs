//! The network: when every activity starts and finishes, and when each release is ready.
//!
//! d = duration × Π factors + Σ delays, in the activity's own time; a delay in other time (calendar
//! days on an activity in working days, working days on one in calendar days, or of another calendar)
//! is added to its finish. The start is the latest of its links' demands:
//!
//! | link | demand |
//! |---|---|
//! | FS, SS | start ≥ finish, start of the predecessor + lag |
//! | FF, SF | finish ≥ finish, start of the predecessor + lag; the start moves with the finish |

use super::{Mask, Program, State, lanes};
use crate::register::{Activity, LinkKind};

/// Delays of one activity in one lane in other time than its own: days, calendar.
pub(super) struct LaneDelays(Vec<(f64, Option<usize>)>);

/// Whether an activity is tied by nothing but finish-to-start links without lag, in days of every kind.
fn is_simple(activity: &Activity) -> bool {
    activity.duration.calendar.is_none()
        && activity.must_start.is_none()
        && activity.after.iter().all(|l| l.kind == LinkKind::FinishStart && l.lag.is_none())
}

impl Program {
    /// Schedules all activities, then settles readiness and measures.
    pub(super) fn schedule(&self, state: &mut State) {
        let in_order = !self.asks_for_units(state);
        for (place, &a) in self.order.iter().enumerate() {
            self.durations(state, a);
            if in_order && self.straight[place] && state.recorder.is_none() {
                // While what was drawn is near.
                let State { finish, stride, lanes, .. } = state;
                lanes::finish(finish, *stride, *lanes, &self.steps[place]);
                continue;
            }
            // An opportunity can make an activity shorter, not negative.
            lanes::keep_above_zero(&mut state.finish[a * state.stride..][..state.lanes]);
            if in_order {
                self.place(state, a);
            }
        }
        if !in_order {
            self.place_with_units(state);
        }
        self.settle_readiness(state);
        self.settle_measures(state);
        self.record_network(state);
    }

    /// Puts the duration of an activity, in its own time, into its `finish` slot.
    fn durations(&self, state: &mut State, a: usize) {
        let activity = &self.register.activities[a];
        let impacts = &self.impacts[a];
        let (n, at) = (state.lanes, a * state.stride);
        let exists = self.exists(state, a);
        let duration = activity.duration.days.0 as usize;
        if exists != state.all || !self.draw_duration(state, duration, a) {
            self.ensure(state, duration, exists);
            let State { numbers, finish, .. } = state;
            finish[at..at + n].copy_from_slice(numbers.of(duration, n));
        }
        for &(trigger, factor) in &impacts.stretches {
            let there = state.fired[trigger] & exists;
            self.ensure(state, factor, there);
            let State { numbers, finish, .. } = state;
            lanes::multiply_where(&mut finish[at..at + n], numbers.of(factor, n), &there);
        }
        for &(trigger, days, calendar) in &impacts.delays {
            if calendar == activity.duration.calendar {
                let there = state.fired[trigger] & exists;
                self.ensure(state, days, there);
                let State { numbers, finish, .. } = state;
                lanes::add_where(&mut finish[at..at + n], numbers.of(days, n), &there);
            }
        }
        if !activity.enabled {
            for lane in state.all.without(exists).lanes() {
                state.finish[at + lane] = 0.0;
            }
        }
    }

    /// The lanes in which an activity exists.
    pub(super) fn exists(&self, state: &State, a: usize) -> Mask {
        if self.register.activities[a].enabled {
            return state.all;
        }
        self.impacts[a].exists.iter().fold(Mask::NONE, |any, trigger| any | state.fired[*trigger])
    }

    /// Finds the activities that always exist and of which the finish is all that is asked, at the end of a few plain
    /// links, and what it takes to place them.
    pub(super) fn find_steps(&mut self) {
        for &a in &self.order {
            let activity = &self.register.activities[a];
            let few = activity.enabled && activity.after.len() <= 3;
            self.straight.push(few && !self.start_asked[a] && is_simple(activity));
            let mut after = [a; 3];
            for (place, link) in after.iter_mut().zip(&activity.after) {
                *place = link.activity;
            }
            let links = activity.after.len();
            self.steps.push(lanes::Step { activity: a, not_before: activity.not_before, after, links });
        }
    }

    /// Places an activity without scarce units, replacing its duration by its finish.
    fn place(&self, state: &mut State, a: usize) {
        let activity = &self.register.activities[a];
        let (stride, n, at) = (state.stride, state.lanes, a * state.stride);
        if !is_simple(activity) {
            for lane in 0..n {
                let duration = state.finish[at + lane];
                let (start, finish) = self.placed(state, activity, lane, duration);
                state.start[at + lane] = start;
                state.finish[at + lane] = finish;
            }
        } else {
            let State { start, finish, .. } = state;
            let start = &mut start[at..at + n];
            start.fill(activity.not_before);
            latest_of(start, &activity.after, |link| link.activity, finish, stride);
            lanes::add(&mut finish[at..at + n], start);
        }
        if !activity.enabled {
            let absent = state.all.without(self.exists(state, a));
            self.pass_through(state, a, absent);
        }
        self.delay_finish(state, a);
    }

    /// A number of days after a time (before it, if negative), working days if there is a calendar.
    pub(super) fn days_after(&self, time: f64, days: f64, calendar: Option<usize>) -> f64 {
        match calendar.map(|c| &self.register.calendars[c]) {
            Some(calendar) if days >= 0.0 => calendar.finish(time, days),
            Some(calendar) => calendar.start_for(time, -days),
            None => time + days,
        }
    }

    /// Where an activity does not exist it takes no time: what follows waits for what came before.
    pub(super) fn pass_through(&self, state: &mut State, a: usize, absent: Mask) {
        for lane in absent.lanes() {
            let mut time: f64 = 0.0;
            for link in &self.register.activities[a].after {
                let at = link.activity * state.stride + lane;
                time = time.max(match link.kind {
                    LinkKind::FinishStart | LinkKind::FinishFinish => state.finish[at],
                    LinkKind::StartStart | LinkKind::StartFinish => state.start[at],
                });
            }
            state.start[a * state.stride + lane] = time;
            state.finish[a * state.stride + lane] = time;
        }
    }

    /// Adds delays that are not in the activity's own time to its finish.
    fn delay_finish(&self, state: &mut State, a: usize) {
        for (trigger, days, calendar) in self.foreign_delays(a) {
            let lanes = state.fired[trigger] & self.exists(state, a);
            self.ensure(state, days, lanes);
            for lane in lanes.lanes() {
                let at = a * state.stride + lane;
                let days = Self::value(state, days, lane);
                let later = self.days_after(state.finish[at], days, calendar);
                state.finish[at] = later.max(state.start[at]);
            }
        }
    }

    pub(super) fn foreign_delays(&self, a: usize) -> impl Iterator<Item = (usize, usize, Option<usize>)> {
        let own = self.register.activities[a].duration.calendar;
        let delays = self.impacts[a].delays.iter().copied();
        delays.filter(move |(_, _, calendar)| *calendar != own)
    }

    /// The delays that an activity has in one lane in other time than its own.
    pub(super) fn delays_in_lane(&self, state: &mut State, a: usize, lane: usize) -> LaneDelays {
        let mut delays = Vec::new();
        for (trigger, days, calendar) in self.foreign_delays(a) {
            if state.fired[trigger].get(lane) {
                delays.push((self.once(state, days, lane), calendar));
            }
        }
        LaneDelays(delays)
    }

    /// The finish of an activity after its delays.
    pub(super) fn delayed(&self, start: f64, finish: f64, delays: &LaneDelays) -> f64 {
        delays.0.iter().fold(finish, |finish, (days, calendar)| self.days_after(finish, *days, *calendar).max(start))
    }

    /// Start and finish of an activity by its links, for one lane.
    pub(super) fn placed(&self, state: &mut State, activity: &Activity, lane: usize, duration: f64) -> (f64, f64) {
        let calendar = activity.duration.calendar.map(|c| &self.register.calendars[c]);
        let mut start = activity.not_before;
        let mut earliest_finish = f64::NEG_INFINITY;
        for link in &activity.after {
            let at = link.activity * state.stride + lane;
            let from = match link.kind {
                LinkKind::FinishStart | LinkKind::FinishFinish => state.finish[at],
                LinkKind::StartStart | LinkKind::StartFinish => state.start[at],
            };
            let due = match link.lag {
                None => from,
                Some(lag) => {
                    let days = self.once(state, lag.days.0 as usize, lane);
                    self.days_after(from, days, lag.calendar)
                }
            };
            match link.kind {
                LinkKind::FinishStart | LinkKind::StartStart => start = start.max(due),
                LinkKind::FinishFinish | LinkKind::StartFinish => earliest_finish = earliest_finish.max(due),
            }
        }
        if let Some(day) = activity.must_start {
            start = day;
        }
        let on_work = |t: f64| calendar.map_or(t, |c| if duration > 0.0 { c.next_working(t) } else { t });
        let done = |start: f64| calendar.map_or(start + duration, |c| c.finish(start, duration));
        start = on_work(start);
        let mut finish = done(start);
        if earliest_finish > finish {
            if activity.must_start.is_none() {
                // The work stays in one piece: it starts later.
                start =
                    calendar.map_or(earliest_finish - duration, |c| c.start_for(earliest_finish, duration)).max(start);
            }
            finish = earliest_finish.max(done(start));
        }
        (start, finish)
    }

    fn settle_readiness(&self, state: &mut State) {
        let (stride, n) = (state.stride, state.lanes);
        for (r, release) in self.register.releases.iter().enumerate() {
            let State { ready, finish, .. } = state;
            let ready = &mut ready[r * stride..r * stride + n];
            ready.fill(release.ready_day);
            latest_of(ready, &self.activities_of[r], |a| *a, finish, stride);
        }
        for &(trigger, release, days) in &self.delays {
            let lanes = state.fired[trigger];
            self.ensure(state, days, lanes);
            for lane in lanes.lanes() {
                state.ready[release * stride + lane] += Self::value(state, days, lane);
            }
        }
    }

    fn settle_measures(&self, state: &mut State) {
        let (stride, n) = (state.stride, state.lanes);
        for (m, measure) in self.register.measures.iter().enumerate() {
            let State { outcome, finish, .. } = state;
            let slot = &mut outcome.measures[m * stride..m * stride + n];
            match measure.activity {
                Some(a) => slot.copy_from_slice(&finish[a * stride..a * stride + n]),
                None => {
                    slot.fill(0.0);
                    latest_of(slot, &self.ends, |a| *a, finish, stride);
                    debug_assert!((0..n).all(|lane| {
                        let all = 0..self.register.activities.len();
                        all.fold(0.0, |latest: f64, a| latest.max(finish[a * stride + lane])) == slot[lane]
                    }));
                }
            }
        }
    }
}

/// out = max(out, finish of each of the activities that a list names).
fn latest_of<T>(out: &mut [f64], list: &[T], activity: impl Fn(&T) -> usize, finish: &[f64], stride: usize) {
    let n = out.len();
    let slot = |one: &T| &finish[activity(one) * stride..][..n];
    for some in list.chunks(3) {
        match some {
            [a, b, c] => lanes::latest(out, [slot(a), slot(b), slot(c)]),
            [a, b] => lanes::latest(out, [slot(a), slot(b)]),
            _ => some.iter().for_each(|a| lanes::latest(out, [slot(a)])),
        }
    }
}
