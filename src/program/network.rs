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

use super::numbers::Drawn;
use super::{Mask, Program, State, lanes};
use crate::register::{Activity, Link, LinkKind};

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
            let at = self.finishes(state).of(a);
            lanes::keep_above_zero(&mut state.finish[at..][..state.lanes]);
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
        let (n, at) = (state.lanes, self.finishes(state).of(a));
        let exists = self.exists(state, a);
        let duration = activity.duration.days.0 as usize;
        if exists != state.all || !self.draw_duration(state, duration, a) {
            self.ensure(state, duration, exists);
            let State { numbers, finish, .. } = state;
            finish[at..at + n].copy_from_slice(numbers.of(duration, n));
        }
        for &(trigger, factor) in &impacts.stretches {
            let there = state.fired[trigger] & exists;
            self.apply(state, factor, at, there, (lanes::multiply_where, |finish, factor| finish * factor));
        }
        for &(trigger, days, calendar) in &impacts.delays {
            if calendar == activity.duration.calendar {
                let there = state.fired[trigger] & exists;
                self.apply(state, days, at, there, (lanes::add_where, |finish, days| finish + days));
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

    /// Whether an activity exists in a lane. Where it does not, its links ask for no lag.
    pub(super) fn happens(&self, state: &State, a: usize, lane: usize) -> bool {
        self.register.activities[a].enabled || self.exists(state, a).get(lane)
    }

    /// Finds the activities that always exist and of which the finish is all that is asked, at the end of a few plain
    /// links; what it takes to place them, and where their finishes are.
    pub(super) fn find_steps(&mut self) {
        for &a in &self.order {
            let activity = &self.register.activities[a];
            let few = activity.enabled && activity.after.len() <= 3;
            self.straight.push(few && !self.start_asked[a] && is_simple(activity));
        }
        self.find_places();
        for &a in &self.order {
            let activity = &self.register.activities[a];
            let place = |a: usize| self.finish_places[a] as usize;
            let mut after = [place(a); 3];
            for (slot, link) in after.iter_mut().zip(&activity.after) {
                *slot = place(link.activity);
            }
            let links = activity.after.len();
            self.steps.push(lanes::Step { activity: place(a), not_before: activity.not_before, after, links });
        }
    }

    /// Gives the finish of each activity a place. In a long network few of them are waited for at a time: one that only
    /// straight activities wait for leaves its place, after the last of them, to others, so that what is worked on stays
    /// within the caches.
    fn find_places(&mut self) {
        let activities = &self.register.activities;
        // How many activities still wait for each; those that are asked for at the end never leave.
        let mut waiting = vec![0_usize; activities.len()];
        let measured = self.register.measures.iter().filter_map(|measure| measure.activity);
        for a in self.ends.iter().copied().chain(measured).chain(self.activities_of.iter().flatten().copied()) {
            waiting[a] += 1;
        }
        for (a, straight) in self.order.iter().zip(&self.straight) {
            if !straight || !self.unit_order.is_empty() {
                waiting[*a] += 1;
                activities[*a].after.iter().for_each(|link| waiting[link.activity] += 1);
            }
        }
        activities.iter().flat_map(|activity| &activity.after).for_each(|link| waiting[link.activity] += 1);
        let (mut places, mut free) = (vec![0; activities.len()], Vec::new());
        for &a in &self.order {
            places[a] = free.pop().unwrap_or_else(|| {
                self.finish_count += 1;
                self.finish_count - 1
            });
            for link in &activities[a].after {
                waiting[link.activity] -= 1;
                if waiting[link.activity] == 0 {
                    free.push(places[link.activity]);
                }
            }
        }
        self.finish_places = places;
    }

    /// Where finishes are in a state.
    pub(super) fn finishes(&self, state: &State) -> Finishes<'_> {
        Finishes { places: (!state.keeps_finishes).then_some(&self.finish_places), stride: state.stride }
    }

    /// Places an activity without scarce units, replacing its duration by its finish.
    fn place(&self, state: &mut State, a: usize) {
        let activity = &self.register.activities[a];
        let finishes = self.finishes(state);
        let (n, start_at, at) = (state.lanes, a * state.stride, finishes.of(a));
        if !is_simple(activity) {
            for lane in 0..n {
                let duration = state.finish[at + lane];
                let (start, finish) = self.placed(state, activity, lane, duration);
                state.start[start_at + lane] = start;
                state.finish[at + lane] = finish;
            }
        } else {
            let State { start, finish, .. } = state;
            let start = &mut start[start_at..start_at + n];
            start.fill(activity.not_before);
            latest_of(start, &activity.after, |link| finishes.of(link.activity), finish);
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
            Some(calendar) => calendar.back(time, -days),
            None => time + days,
        }
    }

    /// Where an activity does not exist it takes no time: what follows waits for what came before.
    pub(super) fn pass_through(&self, state: &mut State, a: usize, absent: Mask) {
        for lane in absent.lanes() {
            let mut time: f64 = 0.0;
            for link in &self.register.activities[a].after {
                time = time.max(self.end_of(state, link, lane));
            }
            let at = self.finishes(state).of(a) + lane;
            state.start[a * state.stride + lane] = time;
            state.finish[at] = time;
        }
    }

    /// Applies an impact to the durations that begin at a place, in these lanes, by a pass and by one number. What is drawn
    /// for this alone is not kept.
    fn apply(
        &self,
        state: &mut State,
        number: usize,
        at: usize,
        lanes: Mask,
        (pass, one): (impl Fn(&mut [f64], &[f64], &Mask), impl Fn(f64, f64) -> f64),
    ) {
        if lanes.is_empty() {
            return;
        }
        let n = state.lanes;
        let passing = self.passing[number] && state.passes(number);
        let drawn = if passing { self.draw_passing(state, number, lanes) } else { Drawn::Kept };
        if matches!(drawn, Drawn::Kept) {
            self.ensure(state, number, lanes);
        }
        let State { numbers, finish, few, passing, .. } = state;
        let finish = &mut finish[at..at + n];
        match drawn {
            Drawn::Few => few.put_by(finish, one),
            Drawn::All => pass(finish, &passing[..n], &lanes),
            Drawn::Kept => pass(finish, numbers.of(number, n), &lanes),
        }
    }

    /// Adds delays that are not in the activity's own time to its finish.
    fn delay_finish(&self, state: &mut State, a: usize) {
        for (trigger, days, calendar) in self.foreign_delays(a) {
            let lanes = state.fired[trigger] & self.exists(state, a);
            self.ensure(state, days, lanes);
            let finish_at = self.finishes(state).of(a);
            for lane in lanes.lanes() {
                let days = Self::value(state, days, lane);
                let later = self.days_after(state.finish[finish_at + lane], days, calendar);
                state.finish[finish_at + lane] = later.max(state.start[a * state.stride + lane]);
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

    /// The end of an activity that a link goes from, in one lane.
    fn end_of(&self, state: &State, link: &Link, lane: usize) -> f64 {
        match link.kind {
            LinkKind::FinishStart | LinkKind::FinishFinish => {
                state.finish[self.finishes(state).of(link.activity) + lane]
            }
            LinkKind::StartStart | LinkKind::StartFinish => state.start[link.activity * state.stride + lane],
        }
    }

    /// Start and finish of an activity by its links, for one lane.
    pub(super) fn placed(&self, state: &mut State, activity: &Activity, lane: usize, duration: f64) -> (f64, f64) {
        let calendar = activity.duration.calendar.map(|c| &self.register.calendars[c]);
        let mut start = activity.not_before;
        let mut earliest_finish = f64::NEG_INFINITY;
        for link in &activity.after {
            let from = self.end_of(state, link, lane);
            let due = match link.lag {
                Some(lag) if self.happens(state, link.activity, lane) => {
                    let days = self.once(state, lag.days.0 as usize, lane);
                    self.days_after(from, days, lag.calendar)
                }
                _ => from,
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
        let (stride, n, finishes) = (state.stride, state.lanes, self.finishes(state));
        for (r, release) in self.register.releases.iter().enumerate() {
            let State { ready, finish, .. } = state;
            let ready = &mut ready[r * stride..r * stride + n];
            ready.fill(release.ready_day);
            latest_of(ready, &self.activities_of[r], |a| finishes.of(*a), finish);
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
        let (stride, n, finishes) = (state.stride, state.lanes, self.finishes(state));
        for (m, measure) in self.register.measures.iter().enumerate() {
            let State { outcome, finish, .. } = state;
            let slot = &mut outcome.measures[m * stride..m * stride + n];
            match measure.activity {
                Some(a) => slot.copy_from_slice(&finish[finishes.of(a)..][..n]),
                None => {
                    slot.fill(0.0);
                    latest_of(slot, &self.ends, |a| finishes.of(*a), finish);
                    debug_assert!((0..n).all(|lane| {
                        let all = 0..if state.keeps_finishes { self.register.activities.len() } else { 0 };
                        all.fold(slot[lane], |latest: f64, a| latest.max(finish[a * stride + lane])) == slot[lane]
                    }));
                }
            }
        }
    }
}

/// Where finishes are in a state: each in a place of its own, or in the places that the program gives them.
#[derive(Clone, Copy)]
pub(super) struct Finishes<'p> {
    places: Option<&'p Vec<u32>>,
    stride: usize,
}

impl Finishes<'_> {
    /// Where the finish of an activity begins.
    #[inline]
    pub(super) fn of(&self, a: usize) -> usize {
        self.places.map_or(a, |places| places[a] as usize) * self.stride
    }
}

/// out = max(out, finish of each of the activities that a list names, by where they begin).
fn latest_of<T>(out: &mut [f64], list: &[T], at: impl Fn(&T) -> usize, finish: &[f64]) {
    let n = out.len();
    let slot = |one: &T| &finish[at(one)..][..n];
    for some in list.chunks(3) {
        match some {
            [a, b, c] => lanes::latest(out, [slot(a), slot(b), slot(c)]),
            [a, b] => lanes::latest(out, [slot(a), slot(b)]),
            _ => some.iter().for_each(|a| lanes::latest(out, [slot(a)])),
        }
    }
}
