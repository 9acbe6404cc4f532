//! Releases: windows, targets, consent, gates and criteria, scope.

use super::Resolver;
use crate::diagnostic::Diagnostic;
use crate::register::{Consent, Criterion, Dates, MAX_RELEASES, Observation, Release, ReleaseSet, ScopeItem, Status};
use crate::scenario::file;
use crate::scenario::natural_order;
use crate::time::{Duration, Unit, long_date, open_days};

/// Early-life support of a release that does not say.
const EARLY_LIFE_DAYS: f64 = 30.0;

impl Resolver<'_> {
    pub(super) fn releases(&mut self) -> Vec<Release> {
        let file = self.file;
        for (id, windows) in &file.windows {
            self.check_windows(id, windows);
        }
        for (id, gate) in &file.gates {
            self.calendar_days(&gate.before, &format!("gates.{id}.before"));
        }
        for id in file.releases.keys() {
            self.check_release(id);
        }
        let Some(plan) = self.plan else {
            return Vec::new();
        };
        let path = format!("plans.{}", self.plan_id);
        if plan.releases.is_empty() {
            self.error(
                Diagnostic::error("plan-without-releases", format!("the plan {} deploys no release", self.plan_id))
                    .at(format!("{path}.releases"))
                    .allowed("at least one release with its date")
                    .hint("as in `releases = { SEC = 2021-11-04 }`"),
            );
        }
        if plan.releases.len() > MAX_RELEASES {
            self.error(
                Diagnostic::error("too-many-releases", format!("the plan deploys {} releases", plan.releases.len()))
                    .at(format!("{path}.releases"))
                    .allowed(format!("at most {MAX_RELEASES}")),
            );
            return Vec::new();
        }
        let known: Vec<&str> = file.releases.keys().map(String::as_str).collect();
        let mut releases = Vec::new();
        for id in natural_order(plan.releases.keys()) {
            let at = format!("{path}.releases.{id}");
            if self.index("release", id, &known, &at).is_some() {
                releases.extend(self.release(id, plan.releases[id], &at));
            }
        }
        releases
    }

    fn check_windows(&mut self, id: &str, windows: &file::Windows) {
        let path = format!("windows.{id}");
        let before = self.problems.len();
        self.needs_dates(&path);
        match (&windows.first, &windows.every) {
            (Some(_), None) => self.error(
                Diagnostic::error("recurrence-without-step", "a recurrence needs its step")
                    .at(&path)
                    .hint("add `every = \"7 days\"`"),
            ),
            (None, Some(_)) => self.error(
                Diagnostic::error("recurrence-without-start", "a recurrence needs its first date")
                    .at(&path)
                    .hint("add `first = DATE`"),
            ),
            (None, None) if windows.dates.is_empty() => {
                self.error(
                    Diagnostic::error("no-windows", "there is no date in these windows")
                        .at(&path)
                        .allowed("`dates = [ … ]`, or `first` with `every`"),
                );
            }
            _ => {}
        }
        self.window_step(id, windows);
        for (i, freeze) in windows.freezes.iter().enumerate() {
            self.check_period(freeze, &format!("{path}.freezes.{i}"));
        }
        if self.problems.len() > before {
            self.wrong.insert(path);
        }
    }

    pub(super) fn check_period(&mut self, period: &file::Period, path: &str) {
        if period.to.0 < period.from.0 {
            self.error(
                Diagnostic::error(
                    "period-backwards",
                    format!("the period ends on {} before it begins on {}", period.to.0, period.from.0),
                )
                .at(path)
                .allowed("`to` on or after `from`"),
            );
        }
    }

    fn window_step(&mut self, id: &str, windows: &file::Windows) -> Option<u32> {
        let text = windows.every.as_ref()?;
        let path = format!("windows.{id}.every");
        match Duration::parse(text) {
            Ok(d)
                if !matches!(d.unit, Unit::WorkingDays(_) | Unit::Hours)
                    && d.days() >= 1.0
                    && d.days() % 1.0 == 0.0
                    && d.days() <= 36_525.0 =>
            {
                Some(d.days() as u32)
            }
            Ok(_) => {
                self.error(
                    Diagnostic::error("bad-step", format!("`{text}` is not a step of whole days"))
                        .at(path)
                        .allowed("a whole number of days or weeks, at least 1 day")
                        .hint("as in \"7 days\""),
                );
                None
            }
            Err(problem) => {
                self.error(super::quantity::duration_problem(&problem, text, &path));
                None
            }
        }
    }

    /// Checks what holds whether or not the plan deploys the release.
    fn check_release(&mut self, id: &str) {
        let release = &self.file.releases[id];
        let path = format!("releases.{id}");
        let windows: Vec<&str> = self.file.windows.keys().map(String::as_str).collect();
        self.index("set of windows", &release.windows, &windows, &format!("{path}.windows"));
        let gates: Vec<&str> = self.file.gates.keys().map(String::as_str).collect();
        for (i, gate) in release.gates.iter().enumerate() {
            self.index("gate", gate, &gates, &format!("{path}.gates.{i}"));
        }
        for (key, text) in [("notice", &release.notice), ("early_life_support", &release.early_life_support)] {
            if let Some(text) = text {
                self.calendar_days(text, &format!("{path}.{key}"));
            }
        }
        if let Some(consent) = &release.consent {
            self.calendar_days(&consent.beyond, &format!("{path}.consent.beyond"));
            self.calendar_days(&consent.takes, &format!("{path}.consent.takes"));
            if release.approved.is_none() {
                self.error(
                    Diagnostic::error(
                        "consent-without-approved-date",
                        "consent to a move needs the date it moves from",
                    )
                    .at(format!("{path}.consent"))
                    .hint("add `approved = DATE`"),
                );
            }
        }
        let has_work = self.file.activities.values().any(|a| a.release.as_deref() == Some(id));
        if release.ready.is_none() && !has_work {
            self.error(
                Diagnostic::error("release-without-readiness", format!("nothing says when the release {id} is ready"))
                    .at(&path)
                    .allowed("`ready = DATE`, or activities with `release = ID`"),
            );
        }
    }

    fn release(&mut self, id: &str, target: file::Date, at: &str) -> Option<Release> {
        let dates = self.dates?;
        let written = &self.file.releases[id];
        let windows = self.file.windows.get(&written.windows)?;
        let step = self.file.windows.get(&written.windows).and_then(|w| {
            let text = w.every.as_ref()?;
            Duration::parse(text).ok().map(|d| d.days() as u32)
        });
        let freezes: Vec<_> = windows.freezes.iter().map(|f| (f.from.0, f.to.0)).collect();
        let explicit: Vec<_> = windows.dates.iter().map(|d| d.0).collect();
        let recurrence = windows.first.zip(step.filter(|s| *s >= 1)).map(|(first, step)| (first.0, step));
        let open = open_days(dates.zero, dates.horizon, &explicit, recurrence, &freezes);
        let target_day = dates.zero.day(target.0);
        // What is wrong with the windows has been reported, and nobody knows whether this is one.
        if self.wrong.contains(&format!("windows.{}", written.windows)) {
            return None;
        }
        if target_day < 0 || target_day > dates.horizon {
            self.error(beyond(target.0, target_day, dates, &open).at(at));
            return None;
        }
        if open.binary_search(&target_day).is_err() {
            self.error(self.not_a_window(&written.windows, target, target_day, &open, &freezes, at));
            return None;
        }
        let path = format!("releases.{id}");
        let days = |resolver: &mut Self, text: &Option<String>, key: &str, default: f64| match text {
            Some(text) => resolver.calendar_days(text, &format!("{path}.{key}")).unwrap_or(default),
            None => default,
        };
        let consent = written.consent.as_ref().zip(written.approved).and_then(|(consent, approved)| {
            let beyond = Duration::parse(&consent.beyond).ok()?.days();
            let takes_days = Duration::parse(&consent.takes).ok()?.days();
            Some(Consent { free_until: f64::from(self.day(approved)) + beyond, takes_days })
        });
        Some(Release {
            id: id.to_owned(),
            title: written.title.clone(),
            target: target.0,
            target_day,
            ready_day: written.ready.map_or(f64::NEG_INFINITY, |d| f64::from(self.day(d))),
            windows: open,
            notice_days: days(self, &written.notice, "notice", 0.0),
            consent,
            early_life_days: days(self, &written.early_life_support, "early_life_support", EARLY_LIFE_DAYS),
            gate_rule: None,
        })
    }

    fn not_a_window(
        &self,
        windows: &str,
        target: file::Date,
        day: i32,
        open: &[i32],
        freezes: &[(jiff::civil::Date, jiff::civil::Date)],
        at: &str,
    ) -> Diagnostic {
        let diagnostic = match freezes.iter().find(|(from, to)| (*from..=*to).contains(&target.0)) {
            Some((from, to)) => Diagnostic::error(
                "window-in-a-freeze",
                format!("{} lies in the freeze from {} to {}", long_date(target.0), long_date(*from), long_date(*to)),
            ),
            None => {
                Diagnostic::error("not-a-window", format!("{} is not a window of `{windows}`", long_date(target.0)))
            }
        };
        let near = |d: Option<&i32>| d.and_then(|d| self.dates?.zero.date(*d)).map(|d| d.to_string());
        let split = open.partition_point(|d| *d < day);
        let near: Vec<String> = [near(split.checked_sub(1).and_then(|i| open.get(i))), near(open.get(split))]
            .into_iter()
            .flatten()
            .collect();
        let diagnostic = diagnostic.at(at).allowed(format!("an open date of `{windows}` up to the horizon"));
        match near.as_slice() {
            [] => diagnostic.hint(format!("no date of `{windows}` is open up to the horizon")),
            [only] => diagnostic.hint(format!("the nearest open date is {only}")),
            _ => diagnostic.hint(format!("the nearest open dates are {}", near.join(" and "))),
        }
    }

    /// The set of these releases, as far as they are in the plan; unknown ones are errors.
    pub(super) fn release_set(&mut self, ids: &[String], releases: &[Release], path: &str) -> ReleaseSet {
        let file = self.file;
        let known: Vec<&str> = file.releases.keys().map(String::as_str).collect();
        let mut set = 0;
        for (i, id) in ids.iter().enumerate() {
            self.index("release", id, &known, &format!("{path}.{i}"));
            if let Some(index) = releases.iter().position(|r| r.id == *id) {
                set |= 1 << index;
            }
        }
        set
    }

    pub(super) fn separate(&mut self, releases: &[Release]) -> Vec<usize> {
        let Some(plan) = self.plan else {
            return Vec::new();
        };
        let path = format!("plans.{}.separate", self.plan_id);
        self.release_set(&plan.separate, releases, &path);
        let mut order = Vec::new();
        for (i, id) in plan.separate.iter().enumerate() {
            if let Some(index) = releases.iter().position(|r| r.id == *id) {
                if order.contains(&index) {
                    self.error(
                        Diagnostic::error("named-twice", format!("the release {id} stands here twice"))
                            .at(format!("{path}.{i}")),
                    );
                }
                order.push(index);
            }
        }
        order
    }

    pub(super) fn criteria(&mut self, releases: &[Release]) -> Vec<Criterion> {
        let file = self.file;
        let gates: Vec<&str> = file.gates.keys().map(String::as_str).collect();
        let mut criteria = Vec::new();
        for id in natural_order(file.criteria.keys()) {
            let written = &file.criteria[id];
            let path = format!("criteria.{id}");
            if self.index("gate", &written.gate, &gates, &format!("{path}.gate")).is_none() {
                continue;
            }
            let through: Vec<String> = natural_order(file.releases.keys())
                .into_iter()
                .filter(|r| file.releases[*r].gates.contains(&written.gate))
                .map(str::to_owned)
                .collect();
            let set = match &written.releases {
                None => self.release_set(&through, releases, &path),
                Some(ids) => {
                    for (i, id) in ids.iter().enumerate() {
                        if file.releases.contains_key(id) && !through.contains(id) {
                            self.error(
                                Diagnostic::error(
                                    "release-not-at-gate",
                                    format!("the release {id} does not pass through the gate {}", written.gate),
                                )
                                .at(format!("{path}.releases.{i}"))
                                .allowed(if through.is_empty() {
                                    "none: no release passes through it".to_owned()
                                } else {
                                    through.join(", ")
                                })
                                .hint(format!("add the gate to releases.{id}.gates")),
                            );
                        }
                    }
                    self.release_set(ids, releases, &format!("{path}.releases"))
                }
            };
            let before = &file.gates[&written.gate].before;
            criteria.push(Criterion {
                id: id.to_owned(),
                text: written.text.clone(),
                releases: set,
                gate_days_before: Duration::parse(before).map_or(0.0, |d| d.days()),
                gate: written.gate.clone(),
                status: written.status.map(|status| match status {
                    file::Status::Green => Status::Green,
                    file::Status::Amber => Status::Amber,
                    file::Status::Red => Status::Red,
                }),
                stops: written.stops != Some(false),
                observed: self.observation(written, set, &path),
            });
        }
        criteria
    }

    /// How a criterion is observed; nothing where it is seen as it is.
    fn observation(&mut self, written: &file::Criterion, releases: ReleaseSet, path: &str) -> Option<Observation> {
        let observed = written.observed.as_ref()?;
        self.in_force = releases != 0;
        let mut probability = |of: &Option<file::Quantity>, key: &str, perfect: f64| match of {
            Some(p) => self.occasional_probability(p, &format!("{path}.observed.{key}")),
            None => Some(self.exactly(perfect)),
        };
        let detection = probability(&observed.detection, "detection", 1.0);
        let false_alarm = probability(&observed.false_alarm, "false_alarm", 0.0);
        self.in_force = true;
        let (detection, false_alarm) = detection.zip(false_alarm)?;
        let perfect = |id, value| self.quantities.constant(id) == Some(value);
        if perfect(detection, 1.0) && perfect(false_alarm, 0.0) {
            return None;
        }
        if self.quantities[detection].bounds.high < self.quantities[false_alarm].bounds.low {
            self.error(
                Diagnostic::warning(
                    "observed-backwards",
                    "it is more often seen as not met when it is met than when it is not",
                )
                .at(format!("{path}.observed"))
                .hint("`detection` is P(seen as not met | not met), `false_alarm` P(seen as not met | met)"),
            );
        }
        Some(Observation { detection, false_alarm })
    }

    pub(super) fn scope_items(&mut self) -> Vec<ScopeItem> {
        let file = self.file;
        let known: Vec<&str> = file.releases.keys().map(String::as_str).collect();
        let mut scope = Vec::new();
        for id in natural_order(file.scope.keys()) {
            let written = &file.scope[id];
            let path = format!("scope.{id}");
            self.index("release", &written.release, &known, &format!("{path}.release"));
            if let Some(otherwise) = &written.otherwise {
                self.index("release", otherwise, &known, &format!("{path}.otherwise"));
            }
            if let (Some(deadline), Some(dates)) = (written.deadline, self.dates)
                && deadline.0 < dates.zero.0
            {
                self.error(
                    Diagnostic::error(
                        "date-in-the-past",
                        format!(
                            "the deadline {} is before the data date {}",
                            long_date(deadline.0),
                            long_date(dates.zero.0)
                        ),
                    )
                    .at(format!("{path}.deadline"))
                    .hint("say what was decided: `included = true` or `false`"),
                );
            }
            scope.push(ScopeItem {
                id: id.to_owned(),
                title: written.title.clone(),
                release: written.release.clone(),
                system_impact: written.system_impact,
                deadline: written.deadline.map(|d| d.0),
                included: written.included.unwrap_or(true),
            });
        }
        scope
    }
}

/// The error of a target outside the simulated time.
fn beyond(target: jiff::civil::Date, day: i32, dates: Dates, open: &[i32]) -> Diagnostic {
    let date = |day: i32| dates.zero.date(day).map(|d| d.to_string());
    if day < 0 {
        let finding = Diagnostic::error(
            "date-in-the-past",
            format!("{} is before the data date {}", long_date(target), long_date(dates.zero.0)),
        )
        .allowed("a date on or after the data date");
        return match open.first().and_then(|d| date(*d)) {
            Some(first) => finding.hint(format!("the first open date is {first}")),
            None => finding,
        };
    }
    let horizon = dates.zero.date(dates.horizon).map_or_else(String::new, long_date);
    let finding =
        Diagnostic::error("date-after-the-horizon", format!("{} is after the horizon {horizon}", long_date(target)))
            .allowed("a date up to the horizon");
    match open.last().and_then(|d| date(*d)) {
        Some(last) => finding.hint(format!("the last open date is {last}; or set a later `horizon` in [scenario]")),
        None => finding.hint("set a later `horizon` in [scenario]"),
    }
}
