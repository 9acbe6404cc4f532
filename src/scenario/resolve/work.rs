//! Work: calendars, activities and their links, pools, coverage, processes, measures.

use std::collections::BTreeMap;

use super::Resolver;
use super::quantity::Role;
use crate::diagnostic::Diagnostic;
use crate::register::{
    Activity, Coverage, CoverageShare, Link, LinkKind, Measure, Need, Pool, Process, QuantityId, Release, Unit, Work,
};
use crate::scenario::file::{self, Quantity};
use crate::scenario::natural_order;
use crate::time::{self, WorkCalendar};

/// Tables of working days reach this far beyond the horizon before the plain week continues.
const CALENDAR_MARGIN_DAYS: usize = 366;

impl Resolver<'_> {
    pub(super) fn work_calendars(&mut self) -> Vec<WorkCalendar> {
        let file = self.file;
        let mut calendars = Vec::new();
        for id in natural_order(file.calendars.keys()) {
            let written = &file.calendars[id];
            let path = format!("calendars.{id}");
            self.needs_dates(&path);
            for (i, period) in written.closed.iter().enumerate() {
                self.check_period(period, &format!("{path}.closed.{i}"));
            }
            let Some(dates) = self.dates else { continue };
            let week: Vec<_> = match &written.working_days {
                None => {
                    [file::Weekday::Mon, file::Weekday::Tue, file::Weekday::Wed, file::Weekday::Thu, file::Weekday::Fri]
                        .map(weekday)
                        .to_vec()
                }
                Some(days) => days.iter().copied().map(weekday).collect(),
            };
            let holidays: Vec<_> = written.holidays.iter().map(|d| d.0).collect();
            let closed: Vec<_> = written.closed.iter().map(|p| (p.from.0, p.to.0)).collect();
            // A scenario without releases has a horizon far away; ten years of table are enough there.
            // Whatever is written as closed is in the table, however late.
            let last =
                holidays.iter().chain(closed.iter().map(|(_, to)| to)).map(|date| dates.zero.day(*date) + 8).max();
            let reach = usize::try_from(dates.horizon).unwrap_or(0).min(3653) + CALENDAR_MARGIN_DAYS;
            let reach = reach.max(last.and_then(|day| usize::try_from(day).ok()).unwrap_or(0));
            match WorkCalendar::new(dates.zero, reach, &week, &holidays, &closed) {
                Some(calendar) => {
                    self.calendars.push(id.to_owned());
                    calendars.push(calendar);
                }
                None => self.error(
                    Diagnostic::error("calendar-without-work", format!("the calendar {id} has no working day"))
                        .at(&path)
                        .allowed("at least one day of the week, dates the calendar can hold"),
                ),
            }
        }
        calendars
    }

    /// A duration of work: working days go by the named calendar or the activity's own.
    pub(super) fn work(
        &mut self,
        quantity: &Quantity,
        path: &str,
        role: Role,
        calendar: Option<usize>,
    ) -> Option<Work> {
        let (days, unit) = self.number(quantity, path, role)?;
        let calendar = match unit {
            Some(time::Unit::WorkingDays(None)) => {
                match calendar.or((self.calendars.len() == 1).then_some(0)) {
                    Some(calendar) => Some(calendar),
                    // A calendar that is wrong has been reported.
                    None if self.calendars.len() < self.file.calendars.len() => return None,
                    None => {
                        self.error(
                        Diagnostic::error("working-days-of-what", "working days need a calendar")
                            .at(path)
                            .allowed(if self.calendars.is_empty() {
                                "hours, days or weeks; no calendar is defined".to_owned()
                            } else {
                                format!("one of the calendars {}", self.calendars.join(", "))
                            })
                            .hint(if self.calendars.is_empty() {
                                "define one, as in [calendars.office]; it works Monday to Friday unless it says otherwise"
                            } else {
                                "give the activity a `calendar`, or write \"working days of ID\""
                            }),
                    );
                        return None;
                    }
                }
            }
            Some(time::Unit::WorkingDays(Some(name))) => Some(self.known_calendar(&name, path)?),
            _ => None,
        };
        Some(Work { days, calendar })
    }

    /// The index of a calendar; unknown ids are errors, calendars that are wrong have been reported.
    fn known_calendar(&mut self, name: &str, path: &str) -> Option<usize> {
        let known: Vec<&str> = self.file.calendars.keys().map(String::as_str).collect();
        self.index("calendar", name, &known, path)?;
        self.calendars.iter().position(|c| c == name)
    }

    pub(super) fn pools(&mut self) -> Vec<Pool> {
        let file = self.file;
        let mut pools = Vec::new();
        for pool_id in natural_order(file.pools.keys()) {
            let mut units = Vec::new();
            for id in natural_order(file.pools[pool_id].units.keys()) {
                let written = &file.pools[pool_id].units[id];
                let path = format!("pools.{pool_id}.units.{id}");
                let enabled = written.enabled != Some(false);
                let outer = std::mem::replace(&mut self.in_force, enabled);
                let works = match &written.works {
                    None => Some(self.exactly(1.0)),
                    Some(works) => self.plain(works, &format!("{path}.works"), Role::Probability),
                };
                let replaced_after =
                    written.replaced_after.as_ref().and_then(|q| self.time(q, &format!("{path}.replaced_after")));
                self.in_force = outer;
                if let (Some(works), true) = (works, enabled) {
                    units.push(Unit {
                        path,
                        variant: written.variant.clone(),
                        works,
                        available_from: written.available_from.map_or(0.0, |d| f64::from(self.day(d))),
                        replaced_after,
                    });
                }
            }
            pools.push(Pool { id: pool_id.to_owned(), units });
        }
        pools
    }

    pub(super) fn test_coverage(&mut self, pools: &[Pool]) -> Vec<Coverage> {
        let file = self.file;
        let known: Vec<&str> = pools.iter().map(|p| p.id.as_str()).collect();
        let mut all = Vec::new();
        for id in natural_order(file.coverage.keys()) {
            let written = &file.coverage[id];
            let path = format!("coverage.{id}");
            let pool = self.index("pool", &written.pool, &known, &format!("{path}.pool"));
            let substitute = self.plain(&written.substitute, &format!("{path}.substitute"), Role::Probability);
            let total: f64 = written.variants.values().sum();
            let good = written.variants.values().all(|w| w.is_finite() && *w >= 0.0) && total > 0.0;
            if !good {
                self.error(
                    Diagnostic::error("bad-shares", "the shares of the variants add up to nothing")
                        .at(format!("{path}.variants"))
                        .allowed("numbers of 0 or more, not all 0"),
                );
            }
            self.coverage.push(id.to_owned());
            // A place is kept even when something is wrong, so that indices stay true.
            let (pool, substitute) = match (pool, substitute) {
                (Some(pool), Some(substitute)) if good => (pool, substitute),
                _ => continue,
            };
            let variants = natural_order(written.variants.keys())
                .into_iter()
                .map(|variant| CoverageShare {
                    variant: variant.to_owned(),
                    share: written.variants[variant] / total,
                    units: units_of(&pools[pool], Some(variant)),
                })
                .collect();
            all.push(Coverage { id: id.to_owned(), pool, variants, substitute });
        }
        all
    }

    pub(super) fn activities(&mut self, pools: &[Pool], releases: &[Release]) -> Vec<Activity> {
        let file = self.file;
        let ids = natural_order(file.activities.keys());
        let index: BTreeMap<&str, usize> = ids.iter().enumerate().map(|(i, id)| (*id, i)).collect();
        let mut activities = Vec::new();
        for id in &ids {
            activities.push(self.activity(id, &ids, &index, pools, releases));
        }
        self.check_cycles(&activities);
        activities
    }

    fn activity(
        &mut self,
        id: &str,
        ids: &[&str],
        index: &BTreeMap<&str, usize>,
        pools: &[Pool],
        releases: &[Release],
    ) -> Activity {
        let file = self.file;
        let written = &file.activities[id];
        let path = format!("activities.{id}");
        let calendar =
            written.calendar.as_ref().and_then(|name| self.known_calendar(name, &format!("{path}.calendar")));
        let outer = std::mem::replace(&mut self.in_force, written.enabled != Some(false));
        let duration = self.work(&written.duration, &format!("{path}.duration"), Role::Work, calendar);
        self.in_force = outer;
        let duration = duration.unwrap_or_else(|| Work { days: self.exactly(0.0), calendar: None });
        if let Some(release) = &written.release {
            let known: Vec<&str> = file.releases.keys().map(String::as_str).collect();
            self.index("release", release, &known, &format!("{path}.release"));
        }
        let mut after = Vec::new();
        for (i, predecessor) in written.after.iter().enumerate() {
            let at = format!("{path}.after.{i}");
            let (name, kind, lag) = match predecessor {
                file::Predecessor::Activity(name) => (name, file::LinkKind::FS, None),
                file::Predecessor::Link(link) => (&link.activity, link.link, link.lag.as_ref()),
            };
            // A lag written as an exact duration is the plan's logic, not an estimate that needs a basis.
            let estimated = !matches!(lag, Some(Quantity::Text(_)));
            let outer = self.in_force;
            self.in_force = outer && estimated;
            let lag = lag.and_then(|q| self.work(q, &format!("{at}.lag"), Role::SignedWork, calendar));
            self.in_force = outer;
            let Some(&activity) = index.get(name.as_str()) else {
                self.unknown("activity", name, ids, &at);
                continue;
            };
            let kind = match kind {
                file::LinkKind::FS => LinkKind::FinishStart,
                file::LinkKind::SS => LinkKind::StartStart,
                file::LinkKind::FF => LinkKind::FinishFinish,
                file::LinkKind::SF => LinkKind::StartFinish,
            };
            after.push(Link { activity, kind, lag });
        }
        for (key, date) in
            [("start_no_earlier_than", written.start_no_earlier_than), ("must_start_on", written.must_start_on)]
        {
            if date.is_some() {
                self.needs_dates(&format!("{path}.{key}"));
            }
        }
        let mut needs: Vec<Need> = written
            .needs
            .iter()
            .enumerate()
            .filter_map(|(i, need)| self.need(need, &format!("{path}.needs.{i}"), pools))
            .collect();
        // The choosiest first, so that a need that any unit would meet leaves the others theirs.
        needs.sort_by_key(|n| (n.suitable.len() + n.substitutes.len(), n.suitable.len()));
        self.check_needs_together(&needs, pools, &path);
        Activity {
            id: id.to_owned(),
            release: written.release.as_ref().and_then(|r| releases.iter().position(|x| x.id == *r)),
            duration,
            after,
            not_before: written.start_no_earlier_than.map_or(0.0, |d| f64::from(self.day(d)).max(0.0)),
            must_start: written.must_start_on.map(|d| f64::from(self.day(d)).max(0.0)),
            enabled: written.enabled != Some(false),
            needs,
            priority: written.priority.unwrap_or(100),
            title: written.title.clone().unwrap_or_else(|| id.to_owned()),
        }
    }

    /// Needs of one pool that no number of its units could meet at once.
    fn check_needs_together(&mut self, needs: &[Need], pools: &[Pool], path: &str) {
        for (p, pool) in pools.iter().enumerate() {
            let of_pool: Vec<&Need> = needs.iter().filter(|n| n.pool == p).collect();
            let units: usize = of_pool.iter().map(|n| n.units).sum();
            if of_pool.len() > 1 && units > pool.units.len() {
                self.error(
                    Diagnostic::error(
                        "not-enough-units",
                        format!(
                            "the activity needs {units} units of {} at once and the pool has {}",
                            pool.id,
                            pool.units.len()
                        ),
                    )
                    .at(format!("{path}.needs"))
                    .allowed(format!("at most {} units in all", pool.units.len()))
                    .hint("add units to the pool, or enable some"),
                );
            }
        }
    }

    fn need(&mut self, need: &file::Need, path: &str, pools: &[Pool]) -> Option<Need> {
        let known: Vec<&str> = pools.iter().map(|p| p.id.as_str()).collect();
        let pool = self.index("pool", &need.pool, &known, &format!("{path}.pool"))?;
        let units = need.units.unwrap_or(1) as usize;
        // Variants that only disabled units have are known too: a plan may bring them in.
        if let Some(variant) = &need.variant {
            let written = &self.file.pools[&need.pool].units;
            let mut known: Vec<&str> = written.values().filter_map(|u| u.variant.as_deref()).collect();
            known.sort_unstable();
            known.dedup();
            self.index("variant", variant, &known, &format!("{path}.variant"))?;
        }
        let suitable = units_of(&pools[pool], need.variant.as_deref());
        let all = units_of(&pools[pool], None);
        let substitutes: Vec<usize> = match need.when_short {
            file::WhenShort::Wait => Vec::new(),
            file::WhenShort::Substitute => all.iter().copied().filter(|u| !suitable.contains(u)).collect(),
        };
        let at_most = suitable.len().max(if substitutes.is_empty() { 0 } else { all.len() });
        if units == 0 {
            self.error(
                Diagnostic::error("no-units", "the activity needs 0 units of this pool")
                    .at(format!("{path}.units"))
                    .allowed("1 or more")
                    .hint("remove this need"),
            );
            return None;
        }
        if units > at_most {
            self.error(
                Diagnostic::error(
                    "not-enough-units",
                    format!("the activity needs {units} units at once and the pool has {at_most} for it"),
                )
                .at(path)
                .allowed(format!("1 to {at_most} units"))
                .hint("add units to the pool, or enable some"),
            );
            return None;
        }
        Some(Need { pool, suitable, substitutes, units })
    }

    fn check_cycles(&mut self, activities: &[Activity]) {
        let successors: Vec<Vec<usize>> =
            activities.iter().map(|a| a.after.iter().map(|l| l.activity).collect()).collect();
        if let Some(cycle) = find_cycle(&successors) {
            let mut round: Vec<&str> = cycle.iter().map(|i| activities[*i].id.as_str()).collect();
            round.reverse();
            let first = cycle.iter().min().copied().unwrap_or(0);
            let start = round.iter().position(|id| *id == activities[first].id).unwrap_or(0);
            round.rotate_left(start);
            self.error(
                Diagnostic::error(
                    "cycle",
                    format!("the activities wait for each other: {} → {}", round.join(" → "), round[0]),
                )
                .at(format!("activities.{}.after", activities[first].id))
                .hint("remove one of these links"),
            );
        }
    }

    pub(super) fn processes(&mut self) -> Vec<Process> {
        let file = self.file;
        let mut processes = Vec::new();
        for id in natural_order(file.processes.keys()) {
            let written = &file.processes[id];
            let path = format!("processes.{id}");
            self.needs_dates(&path);
            if let Some(risk) = &written.risk {
                let known: Vec<&str> = file.risks.keys().map(String::as_str).collect();
                self.index("risk", risk, &known, &format!("{path}.risk"));
            }
            let rate = self.plain(&written.rate, &format!("{path}.rate"), Role::Rate);
            let rate = rate.unwrap_or_else(|| self.exactly(0.0));
            if self.quantities[rate].bounds.low == f64::NEG_INFINITY || self.quantities[rate].varies {
                self.error(
                    Diagnostic::error("rate-varies", "the rate of a process is one unknown, not a matter of chance")
                        .at(format!("{path}.rate"))
                        .hint("set `uncertainty = \"knowledge\"`"),
                );
            }
            processes.push(Process {
                id: id.to_owned(),
                title: written.title.clone(),
                rate,
                category: written.category,
            });
        }
        processes
    }

    pub(super) fn restore(&mut self) -> [Option<QuantityId>; 5] {
        let file = self.file;
        let mut restore = [None; 5];
        for (category, quantity) in &file.restore {
            let path = format!("restore.{category}");
            match category.parse::<usize>() {
                Ok(n @ 1..=5) => restore[n - 1] = self.occasional_time(quantity, &path),
                _ => self.error(
                    Diagnostic::error("bad-category", format!("`{category}` is not a category of incidents"))
                        .at(path)
                        .allowed("1 (worst) to 5"),
                ),
            }
        }
        restore
    }

    pub(super) fn measures(&mut self, activities: &[Activity]) -> Vec<Measure> {
        let file = self.file;
        let places: BTreeMap<&str, usize> = activities.iter().enumerate().map(|(i, a)| (a.id.as_str(), i)).collect();
        let mut measures = Vec::new();
        for id in natural_order(file.measures.keys()) {
            let written = &file.measures[id];
            let path = format!("measures.{id}");
            let activity = written.activity.as_ref().map(|name| places.get(name.as_str()).copied());
            if let (Some(name), Some(None)) = (&written.activity, activity) {
                let ids: Vec<&str> = activities.iter().map(|a| a.id.as_str()).collect();
                self.unknown("activity", name, &ids, &format!("{path}.activity"));
            }
            if activities.is_empty() && activity.is_none() {
                self.error(
                    Diagnostic::error("nothing-to-measure", "there is no activity to measure")
                        .at(&path)
                        .hint("add activities"),
                );
            }
            measures.push(Measure {
                id: id.to_owned(),
                title: written.title.clone().unwrap_or_else(|| id.to_owned()),
                activity: activity.flatten(),
                target: written.target.as_ref().and_then(|t| self.calendar_days(t, &format!("{path}.target"))),
            });
        }
        measures
    }
}

/// Units of a variant (any variant if none is named), by index.
fn units_of(pool: &Pool, variant: Option<&str>) -> Vec<usize> {
    pool.units
        .iter()
        .enumerate()
        .filter(|(_, u)| variant.is_none() || u.variant.as_deref() == variant)
        .map(|(i, _)| i)
        .collect()
}

/// A cycle in a graph of edges by index, if there is one; found without recursion.
pub(super) fn find_cycle(edges: &[Vec<usize>]) -> Option<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; edges.len()];
    for root in 0..edges.len() {
        if marks[root] != Mark::New {
            continue;
        }
        let mut path = vec![(root, 0)];
        marks[root] = Mark::Open;
        while let Some((node, next)) = path.last_mut() {
            if let Some(&to) = edges[*node].get(*next) {
                *next += 1;
                match marks[to] {
                    Mark::New => {
                        marks[to] = Mark::Open;
                        path.push((to, 0));
                    }
                    Mark::Open => {
                        let start = path.iter().position(|(n, _)| *n == to)?;
                        return Some(path[start..].iter().map(|(n, _)| *n).collect());
                    }
                    Mark::Done => {}
                }
            } else {
                marks[*node] = Mark::Done;
                path.pop();
            }
        }
    }
    None
}

fn weekday(day: file::Weekday) -> jiff::civil::Weekday {
    use jiff::civil::Weekday;
    match day {
        file::Weekday::Mon => Weekday::Monday,
        file::Weekday::Tue => Weekday::Tuesday,
        file::Weekday::Wed => Weekday::Wednesday,
        file::Weekday::Thu => Weekday::Thursday,
        file::Weekday::Fri => Weekday::Friday,
        file::Weekday::Sat => Weekday::Saturday,
        file::Weekday::Sun => Weekday::Sunday,
    }
}
