//! Units: which work, how much testing they cover, and which activity gets them when.
//!
//! Serial schedule generation (Kolisch 1996, EJOR 90:320–333): activities are placed one after
//! another in a list that respects links and then priority, each as early as its links and its
//! units allow; an earlier gap between reservations is used when it is long enough.

use super::network::LaneDelays;
use super::{Mask, Program, State};
use crate::register::{Need, Pool, QuantityId};
use crate::time::latest_at;

/// Reservations of one unit in one lane, in order of time.
type Busy = Vec<(f64, f64)>;

impl Program {
    /// Draws which units work, and settles what testing they cover.
    pub(super) fn draw_units(&self, state: &mut State) {
        for (p, pool) in self.register.pools.iter().enumerate() {
            for (u, unit) in pool.units.iter().enumerate() {
                let works = (unit.works.0 as usize, None);
                state.works[p][u] = self.drawn_below(state, (self.units[p][u], None), works, state.all);
            }
        }
        for (c, coverage) in self.register.coverage.iter().enumerate() {
            let substitute = coverage.substitute.0 as usize;
            self.ensure(state, substitute, state.all);
            let units = &self.register.pools[coverage.pool].units;
            let State { works, numbers, coverage: covered, all, lanes: n, stride, .. } = state;
            // Testing waits for a broken unit that is replaced, so that it is covered all the same.
            let serves = |u: usize| if units[u].replaced_after.is_some() { *all } else { works[coverage.pool][u] };
            let any = (0..units.len()).fold(Mask::NONE, |any, u| any | serves(u));
            let (substitute, covered) = (numbers.of(substitute, *n), &mut covered[c * *stride..][..*n]);
            covered.fill(0.0);
            for variant in &coverage.variants {
                let own = variant.units.iter().fold(Mask::NONE, |any, u| any | serves(*u));
                for (lane, covered) in covered.iter_mut().enumerate() {
                    let substituted = if any.get(lane) { substitute[lane] } else { 0.0 };
                    *covered += variant.share * if own.get(lane) { 1.0 } else { substituted };
                }
            }
        }
    }

    /// Whether an activity that exists anywhere in the block needs units.
    pub(super) fn asks_for_units(&self, state: &State) -> bool {
        let needs = |a: &usize| !self.register.activities[*a].needs.is_empty();
        self.unit_order.iter().any(|a| needs(a) && !self.exists(state, *a).is_empty())
    }

    /// Places all activities, lane by lane, those with needs when their units are free. Expects
    /// durations in the `finish` slots.
    pub(super) fn place_with_units(&self, state: &mut State) {
        let exists: Vec<Mask> = (0..self.register.activities.len()).map(|a| self.exists(state, a)).collect();
        let mut units = Units::new(&self.register.pools);
        for lane in 0..state.lanes {
            units.busy.iter_mut().flatten().for_each(Vec::clear);
            self.units_ready(state, lane, &mut units.ready);
            for &a in &self.unit_order {
                let activity = &self.register.activities[a];
                let (start_at, at) = (a * state.stride + lane, self.finishes(state).of(a) + lane);
                if !exists[a].get(lane) {
                    self.pass_through(state, a, Mask::only(lane));
                    continue;
                }
                let duration = state.finish[at];
                let (start, finish) = self.placed(state, activity, lane, duration);
                let delays = self.delays_in_lane(state, a, lane);
                let (start, finish) = if activity.needs.is_empty() || duration <= 0.0 {
                    (start, self.delayed(start, finish, &delays))
                } else {
                    self.reserve(a, (start, finish), duration, &delays, &mut units)
                };
                state.start[start_at] = start;
                state.finish[at] = finish;
            }
        }
    }

    /// When each unit is there and works: infinite for one that never will.
    pub(super) fn units_ready(&self, state: &mut State, lane: usize, ready: &mut [Vec<f64>]) {
        for (p, pool) in self.register.pools.iter().enumerate() {
            for (u, unit) in pool.units.iter().enumerate() {
                let from = unit.available_from.max(0.0);
                ready[p][u] = match (state.works[p][u].get(lane), unit.replaced_after) {
                    (true, _) => from,
                    (false, None) => f64::INFINITY,
                    (false, Some(QuantityId(days))) => from + self.once(state, days as usize, lane),
                };
            }
        }
    }

    /// Finds the earliest time from `start` at which all needs of an activity can be met for its
    /// whole duration, delays included, and reserves the units. Without enough units ever: never.
    fn reserve(
        &self,
        a: usize,
        (start, finish): (f64, f64),
        duration: f64,
        delays: &LaneDelays,
        units: &mut Units,
    ) -> (f64, f64) {
        let activity = &self.register.activities[a];
        let Units { ready, busy, times, chosen, free } = units;
        let calendar = activity.duration.calendar.map(|c| &self.register.calendars[c]);
        let span = |t: f64| {
            if t <= start {
                return (start, self.delayed(start, finish, delays));
            }
            let begin = calendar.map_or(t, |c| c.next_working(t));
            let end = calendar.map_or(begin + duration, |c| c.finish(begin, duration));
            (begin, self.delayed(begin, end, delays))
        };
        times.clear();
        times.push(start);
        let mut next = 0;
        while let Some(t) = times.get(next) {
            let (begin, end) = span(*t);
            chosen.clear();
            let met = activity.needs.iter().all(|need| {
                free_units(need, begin, end, ready, busy, chosen, free);
                let enough = free.len() >= need.units;
                chosen.extend(free.iter().take(need.units).map(|u| (need.pool, *u)));
                enough
            });
            if met {
                for &(p, u) in chosen.iter() {
                    let reservations = &mut busy[p][u];
                    let place = reservations.partition_point(|(from, _)| *from < begin);
                    reservations.insert(place, (begin, end));
                }
                return (begin, end);
            }
            if next == 0 {
                // It can only become possible where a unit becomes ready or free.
                let units = activity
                    .needs
                    .iter()
                    .flat_map(|need| need.suitable.iter().chain(&need.substitutes).map(move |u| (need.pool, *u)));
                let changes = units.flat_map(|(p, u)| busy[p][u].iter().map(|(_, end)| *end).chain([ready[p][u]]));
                times.extend(changes.filter(|t| *t > start && t.is_finite()));
                times.sort_unstable_by(f64::total_cmp);
                times.dedup();
            }
            next += 1;
        }
        (f64::INFINITY, f64::INFINITY)
    }
}

/// What is known of the units while one iteration is placed, and room to choose among them.
struct Units {
    /// When each is there, pool by pool.
    ready: Vec<Vec<f64>>,
    /// When each is reserved.
    busy: Vec<Vec<Busy>>,
    times: Vec<f64>,
    chosen: Vec<(usize, usize)>,
    free: Vec<usize>,
}

impl Units {
    fn new(pools: &[Pool]) -> Self {
        Self {
            ready: pools.iter().map(|p| vec![0.0; p.units.len()]).collect(),
            busy: pools.iter().map(|p| vec![Busy::new(); p.units.len()]).collect(),
            times: Vec::new(),
            chosen: Vec::new(),
            free: Vec::new(),
        }
    }
}

/// Units that a need could have from `begin` to `end`: suitable ones, or substitutes where too few
/// suitable ones will ever work.
fn free_units(
    need: &Need,
    begin: f64,
    end: f64,
    ready: &[Vec<f64>],
    busy: &[Vec<Busy>],
    chosen: &[(usize, usize)],
    units: &mut Vec<usize>,
) {
    let free = |u: &usize| {
        ready[need.pool][*u] <= latest_at(begin)
            && !chosen.contains(&(need.pool, *u))
            && busy[need.pool][*u].iter().all(|(from, until)| *until <= latest_at(begin) || latest_at(*from) >= end)
    };
    let ever = need.suitable.iter().filter(|u| ready[need.pool][**u].is_finite()).count();
    units.clear();
    units.extend(need.suitable.iter().copied().filter(&free));
    if ever < need.units {
        units.extend(need.substitutes.iter().copied().filter(free));
    }
}
