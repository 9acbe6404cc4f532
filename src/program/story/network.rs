//! The network traced back: what drove every start, and how each release came to be ready.
//!
//! Nothing is decided here: starts and finishes are those of the schedule, and the trace finds the
//! demand that gave each of them. Where two demands are equal, the first link counts.

use super::super::{Program, State};
use super::{ActivityStory, Cause, Driver, End, LinkDemand, Segment};
use crate::register::LinkKind;

/// A way through days: segments without gaps.
#[derive(Debug, Default)]
pub(super) struct Way {
    pub(super) segments: Vec<Segment>,
}

impl Way {
    /// Goes on from one day to another; nowhere is no segment.
    pub(super) fn go(&mut self, from: f64, to: f64, cause: Cause) {
        if from != to {
            self.segments.push(Segment { from, to, cause });
        }
    }

    /// The same way within two days: what lies outside is cut off.
    fn within(self, low: f64, high: f64) -> Vec<Segment> {
        let cut = |s: Segment| Segment { from: s.from.clamp(low, high), to: s.to.clamp(low, high), cause: s.cause };
        self.segments.into_iter().map(cut).filter(|s| s.from != s.to).collect()
    }
}

/// A link of an activity in one iteration: index, time of the predecessor's end, time it demands.
struct Demand {
    activity: usize,
    end: End,
    of_finish: bool,
    from: f64,
    due: f64,
}

impl Program {
    /// The risk that a trigger belongs to.
    pub(super) fn risk_of(&self, trigger: usize) -> usize {
        self.events.partition_point(|event| event.trigger <= trigger).saturating_sub(1)
    }

    /// Tells an activity of a state of one lane whose network is scheduled.
    pub(super) fn tell_activity(&self, state: &mut State, a: usize) -> ActivityStory {
        let demands = self.demands(state, a);
        let (start, finish) = (state.start[a], state.finish[a]);
        let mut told = ActivityStory {
            exists: self.exists(state, a).get(0),
            start,
            finish,
            driver: Driver::Nothing,
            start_from: None,
            wait: Vec::new(),
            finish_from: None,
            steps: Vec::new(),
            demands: Vec::new(),
        };
        if !told.exists {
            // It passes on the time of the latest predecessor, lags aside.
            if let Some(last) = demands.iter().find(|d| d.from == start) {
                told.driver = Driver::Link(last.activity);
                told.start_from = Some((last.activity, last.end));
            }
            return told;
        }
        let durations = self.durations_told(state, a);
        let duration = durations.last().map_or(0.0, |(_, days)| *days);
        let activity = &self.register.activities[a];
        let calendar = activity.duration.calendar.map(|c| &self.register.calendars[c]);
        let done = |start: f64, days: f64| calendar.map_or(start + days, |c| c.finish(start, days));
        let (by_links, finish_by_links) = self.placed(state, activity, 0, duration);
        if activity.must_start.is_none() {
            let start_for = |due: f64| calendar.map_or(due - duration, |c| c.start_for(due, duration));
            let asked = |d: &Demand| if d.of_finish { start_for(d.due) } else { d.due };
            told.demands = demands.iter().map(|d| LinkDemand { activity: d.activity, start: asked(d) }).collect();
        }

        let mut wait = Way::default();
        let latest = demands.iter().filter(|d| !d.of_finish).map(|d| d.due).fold(activity.not_before, f64::max);
        let demanded = activity.must_start.unwrap_or(latest);
        let by_day = activity.must_start.is_some();
        match demands.iter().find(|d| !by_day && !d.of_finish && d.due == demanded) {
            Some(link) => {
                told.driver = Driver::Link(link.activity);
                told.start_from = Some((link.activity, link.end));
                wait.go(link.from, link.due, Cause::Lag(a));
            }
            None if by_day || demanded > 0.0 => {
                told.driver = Driver::StartDay;
                wait.go(0.0, demanded, Cause::StartDay(a));
            }
            None => {}
        }
        let on_work = match calendar {
            Some(calendar) if duration > 0.0 => calendar.next_working(demanded),
            _ => demanded,
        };
        wait.go(demanded, on_work, Cause::DaysOff(a));

        let earliest = demands.iter().filter(|d| d.of_finish).map(|d| d.due).fold(f64::NEG_INFINITY, f64::max);
        let last = demands.iter().find(|d| d.of_finish && d.due == earliest && earliest > done(on_work, duration));
        if let Some(link) = last.filter(|_| by_links != on_work) {
            told.driver = Driver::FinishLink(link.activity);
            told.start_from = Some((link.activity, link.end));
            wait = Way::default();
            wait.go(link.from, link.due, Cause::Lag(a));
            wait.go(link.due, by_links, Cause::Work(a));
        }
        if start != by_links {
            let (pool, behind) = self.waited_for(state, a, start);
            told.driver = Driver::Unit(pool, behind);
            wait.go(by_links, start, Cause::Units { activity: a, pool, behind });
        }
        told.wait = wait.segments;

        let mut steps = Way::default();
        let mut at = start;
        match last.filter(|_| start == by_links) {
            Some(link) => {
                told.finish_from = Some((link.activity, link.end));
                steps.go(link.from, link.due, Cause::Lag(a));
                steps.go(link.due, finish_by_links, Cause::Work(a));
                at = finish_by_links;
            }
            None => {
                for (risk, days) in durations {
                    let to = done(start, days);
                    steps.go(at, to, risk.map_or(Cause::Work(a), |risk| Cause::ActivityRisk { activity: a, risk }));
                    at = to;
                }
            }
        }
        for (trigger, days, calendar) in self.foreign_delays(a) {
            if state.fired[trigger].get(0) {
                let days = self.once(state, days, 0);
                let to = self.days_after(at, days, calendar).max(start);
                steps.go(at, to, Cause::ActivityRisk { activity: a, risk: self.risk_of(trigger) });
                at = to;
            }
        }
        told.steps = steps.segments;
        told
    }

    fn demands(&self, state: &mut State, a: usize) -> Vec<Demand> {
        let links = &self.register.activities[a].after;
        let demand = |link: &crate::register::Link| {
            let (end, of_finish) = match link.kind {
                LinkKind::FinishStart => (End::Finish, false),
                LinkKind::StartStart => (End::Start, false),
                LinkKind::FinishFinish => (End::Finish, true),
                LinkKind::StartFinish => (End::Start, true),
            };
            let from = if end == End::Finish { state.finish[link.activity] } else { state.start[link.activity] };
            let lag = link.lag.filter(|_| self.happens(state, link.activity, 0));
            let due = lag.map_or(from, |lag| {
                let days = self.once(state, lag.days.0 as usize, 0);
                self.days_after(from, days, lag.calendar)
            });
            Demand { activity: link.activity, end, of_finish, from, due }
        };
        links.iter().map(demand).collect()
    }

    /// How the duration of an activity comes about: its own, then as each risk leaves it; never below 0.
    fn durations_told(&self, state: &mut State, a: usize) -> Vec<(Option<usize>, f64)> {
        let own = self.register.activities[a].duration;
        let impacts = &self.impacts[a];
        let mut days = self.once(state, own.days.0 as usize, 0);
        let mut told = vec![(None, days)];
        for &(trigger, factor) in &impacts.stretches {
            if state.fired[trigger].get(0) {
                days *= self.once(state, factor, 0);
                told.push((Some(self.risk_of(trigger)), days));
            }
        }
        for &(trigger, delay, calendar) in &impacts.delays {
            if calendar == own.calendar && state.fired[trigger].get(0) {
                days += self.once(state, delay, 0);
                told.push((Some(self.risk_of(trigger)), days));
            }
        }
        told.iter_mut().for_each(|(_, days)| *days = days.max(0.0));
        told
    }

    /// The pool whose unit an activity got at its start, and the activity that had it until then.
    fn waited_for(&self, state: &mut State, a: usize, start: f64) -> (usize, Option<usize>) {
        let activities = &self.register.activities;
        let needs = &activities[a].needs;
        let calendar = activities[a].duration.calendar.map(|c| &self.register.calendars[c]);
        let begins = |free: f64| calendar.map_or(free, |c| c.next_working(free)) == start;
        let uses = |b: usize, pool: usize| activities[b].needs.iter().any(|need| need.pool == pool);
        for need in needs {
            let holder = (0..activities.len()).find(|&b| {
                let there = b != a && uses(b, need.pool) && self.exists(state, b).get(0);
                there && state.start[b] < state.finish[b] && begins(state.finish[b])
            });
            if holder.is_some() {
                return (need.pool, holder);
            }
        }
        let pools = &self.register.pools;
        let mut ready: Vec<Vec<f64>> = pools.iter().map(|pool| vec![0.0; pool.units.len()]).collect();
        self.units_ready(state, 0, &mut ready);
        let late = needs.iter().find(|n| n.suitable.iter().chain(&n.substitutes).any(|u| begins(ready[n.pool][*u])));
        // A unit that never comes is one of the first need that has too few.
        let short =
            needs.iter().find(|n| n.suitable.iter().filter(|u| ready[n.pool][**u].is_finite()).count() < n.units);
        (late.or(short).or(needs.first()).map_or(0, |need| need.pool), None)
    }

    /// The way of a release from day 0 to the day it is ready, within the horizon.
    pub(super) fn way_to_ready(&self, state: &mut State, release: usize, activities: &[ActivityStory]) -> Vec<Segment> {
        let mut ready = self.register.releases[release].ready_day;
        let mut last = None;
        for (a, activity) in self.register.activities.iter().enumerate() {
            if activity.release == Some(release) && activities[a].finish > ready {
                ready = activities[a].finish;
                last = Some(a);
            }
        }
        let mut way = Way::default();
        match last {
            Some(a) => way.segments = way_to(activities, a),
            None => way.go(0.0, ready, Cause::Readiness),
        }
        for &(trigger, _, days) in self.delays.iter().filter(|(_, r, _)| *r == release) {
            if state.fired[trigger].get(0) {
                let later = ready + self.once(state, days, 0);
                way.go(ready, later, Cause::ReleaseRisk(self.risk_of(trigger)));
                ready = later;
            }
        }
        way.within(0.0, self.horizon())
    }

    /// The last day of the simulation.
    pub(super) fn horizon(&self) -> f64 {
        self.register.dates.map_or(f64::INFINITY, |dates| f64::from(dates.horizon))
    }
}

/// The ends of activities on the driving way to the finish of one, backwards.
fn backwards(activities: &[ActivityStory], last: usize) -> impl Iterator<Item = (usize, End)> {
    let before = move |(a, end): &(usize, End)| match (end, activities[*a].finish_from) {
        (End::Finish, Some(from)) => Some(from),
        (End::Finish, None) => Some((*a, End::Start)),
        (End::Start, _) => activities[*a].start_from,
    };
    std::iter::successors(Some((last, End::Finish)), before)
}

/// The driving way from day 0 to the finish of an activity.
pub(super) fn way_to(activities: &[ActivityStory], last: usize) -> Vec<Segment> {
    let own = |(a, end): (usize, End)| match end {
        End::Finish => &activities[a].steps,
        End::Start => &activities[a].wait,
    };
    let mut segments: Vec<Segment> = backwards(activities, last).flat_map(|at| own(at).iter().rev().copied()).collect();
    segments.reverse();
    segments
}

/// The activities on the driving way to the finish of one, in order.
pub(super) fn driving(activities: &[ActivityStory], last: usize) -> Vec<usize> {
    let mut way: Vec<usize> = backwards(activities, last).map(|(a, _)| a).collect();
    way.reverse();
    way.dedup();
    way
}
