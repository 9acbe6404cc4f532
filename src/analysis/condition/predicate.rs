//! What can be said of a release, a risk, a criterion, a scope item, a process and a measure.

use jiff::civil::Date;

use super::{Problem, Read, Reader};
use crate::analysis::wording;
use crate::program::Fact;
use crate::register::{Criterion, Register};
use crate::scenario::suggestion::nearest;

/// A kind of subject, and what can be said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Predicate {
    /// What the subject is.
    pub subject: &'static str,
    /// How it is written after the subject's id.
    pub words: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

const fn predicate(subject: &'static str, words: &'static str, meaning: &'static str) -> Predicate {
    Predicate { subject, words, meaning }
}

/// The whole language, for help and manual.
pub const PREDICATES: [Predicate; 22] = [
    predicate("release", "on time", "the deployment that is kept is in the window of the plan's date"),
    predicate("release", "late", "it is not: later, or not live by the horizon"),
    predicate("release", "live", "live by the horizon"),
    predicate("release", "not live", "not live by the horizon"),
    predicate("release", "live on DATE", "the deployment that is kept is in the window of this date"),
    predicate("release", "live by DATE", "… on this date or before"),
    predicate("release", "live after DATE", "… after this date"),
    predicate("release", "deployed on time", "deployed in the window of the plan's date, whether or not that is kept"),
    predicate("release", "no-go", "it misses a gate, readiness aside"),
    predicate("release", "no-go on|for DATE", "… on this gate day, or before the window of this date"),
    predicate("release", "go on|for DATE", "it passes its gates on this day, or before the window of this date"),
    predicate("release", "backed out", "backed out at least once"),
    predicate("release", "needs consent", "somebody's consent to a move is asked at least once"),
    predicate("risk", "occurred", "on at least one occasion; of a factor on other draws: it acted"),
    predicate("criterion", "failed", "not met at a gate"),
    predicate("criterion", "failed on|for DATE", "… on this gate day, or before the window of this date"),
    predicate("scope item", "ships", "in the scope of its release"),
    predicate("scope item", "dropped", "not in it"),
    predicate("process", "event on DATE", "an event on this day (or `from DATE to DATE`, both included)"),
    predicate("process", "event within N days before DATE", "… in the days before this one"),
    predicate("measure", "finished by DAYS", "finishes within these days from day 0"),
    predicate("measure", "on time / late", "meets its target, or misses it"),
];

/// What an id stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Release(usize),
    Risk(usize),
    Criterion(usize),
    Item(usize),
    Process(usize),
    Measure(usize),
}

impl Subject {
    fn kind(self) -> &'static str {
        match self {
            Self::Release(_) => "release",
            Self::Risk(_) => "risk",
            Self::Criterion(_) => "criterion",
            Self::Item(_) => "scope item",
            Self::Process(_) => "process",
            Self::Measure(_) => "measure",
        }
    }
}

/// Everything of this id: it may be a risk and a process at once.
fn subjects(register: &Register, id: &str) -> Vec<Subject> {
    let releases = register.releases.iter().position(|r| r.id == id).map(Subject::Release);
    let risks = register.risks.iter().position(|r| r.id == id).map(Subject::Risk);
    let criteria = register.criteria.iter().position(|c| c.id == id).map(Subject::Criterion);
    let items = register.scope.iter().position(|s| s.id == id).map(Subject::Item);
    let processes = register.processes.iter().position(|p| p.id == id).map(Subject::Process);
    let measures = register.measures.iter().position(|m| m.id == id).map(Subject::Measure);
    [releases, risks, criteria, items, processes, measures].into_iter().flatten().collect()
}

/// All ids by kind.
fn ids(register: &Register) -> Vec<(&'static str, Vec<&str>)> {
    let mut all = vec![
        ("releases", register.releases.iter().map(|r| r.id.as_str()).collect()),
        ("risks", register.risks.iter().map(|r| r.id.as_str()).collect()),
        ("criteria", register.criteria.iter().map(|c| c.id.as_str()).collect()),
        ("scope items", register.scope.iter().map(|s| s.id.as_str()).collect()),
        ("processes", register.processes.iter().map(|p| p.id.as_str()).collect()),
        ("measures", register.measures.iter().map(|m| m.id.as_str()).collect::<Vec<&str>>()),
    ];
    all.retain(|(_, ids)| !ids.is_empty());
    all
}

impl Reader<'_> {
    fn register(&self) -> &Register {
        self.program.register()
    }

    /// A subject and what is said of it.
    pub(super) fn statement(&mut self) -> Read<Fact> {
        let subject = self.peek().and_then(super::Token::text).map(str::to_owned);
        let Some(id) = subject else {
            return Err(self.problem("an id", Some(self.known_ids())));
        };
        let subjects = subjects(self.register(), &id);
        if subjects.is_empty() {
            return Err(self.unknown(&id));
        }
        self.next += 1;
        for &subject in &subjects {
            if let Some(fact) = self.said_of(subject)? {
                return Ok(fact);
            }
        }
        let kinds: Vec<&str> = subjects.iter().map(|s| s.kind()).collect();
        let of: Vec<&Predicate> = PREDICATES.iter().filter(|p| kinds.contains(&p.subject)).collect();
        let mut hint = format!(
            "of the {} `{}` can be said: {}",
            kinds.join(" and "),
            wording::plain(&id, 60),
            of.iter().map(|p| p.words).collect::<Vec<_>>().join(", ")
        );
        let said = self.peek().and_then(super::Token::text).map(str::to_owned);
        let first_words = of.iter().filter_map(|p| p.words.split([' ', '/', '|']).next());
        if let Some(meant) = said.and_then(|said| nearest(&said, first_words)) {
            hint = format!("did you mean `{meant}`? {hint}");
        }
        Err(self.problem(&format!("what can be said of the {}", kinds.join(" or ")), Some(hint)))
    }

    fn unknown(&self, id: &str) -> Problem {
        let known = ids(self.register());
        let all = known.iter().flat_map(|(_, ids)| ids.iter().copied());
        let hint = match nearest(id, all) {
            Some(meant) => format!("did you mean `{meant}`? {}", self.known_ids()),
            None => self.known_ids(),
        };
        let plan = wording::plain(&self.register().plan, 60);
        self.problem(&format!("the id of anything in force under plan {plan}"), Some(hint))
    }

    fn known_ids(&self) -> String {
        let known = ids(self.register()).into_iter().map(|(kind, ids)| {
            let shown: Vec<String> = ids.iter().take(40).map(|id| wording::plain(id, 60)).collect();
            let more = if ids.len() > 40 { format!(" and {} more", ids.len() - 40) } else { String::new() };
            format!("{kind} {}{more}", shown.join(", "))
        });
        known.collect::<Vec<_>>().join("; ")
    }

    /// What is said of a subject; nothing if it is nothing that can be said of its kind.
    fn said_of(&mut self, subject: Subject) -> Read<Option<Fact>> {
        let not = |fact: Fact| Fact::Not(Box::new(fact));
        Ok(Some(match subject {
            Subject::Release(r) => {
                if self.take("late") {
                    not(Fact::KeptOnTarget(r))
                } else if self.take_all(&["on", "time"]) {
                    Fact::KeptOnTarget(r)
                } else if self.take_all(&["deployed", "on", "time"]) {
                    Fact::OnTarget(r)
                } else if self.take_all(&["not", "live"]) {
                    Fact::NotLive(r)
                } else if self.take_all(&["live", "by"]) {
                    Fact::Live(r, i32::MIN, self.day()?)
                } else if self.take_all(&["live", "after"]) {
                    Fact::Live(r, self.day()?.saturating_add(1), i32::MAX)
                } else if self.take_all(&["live", "on"]) {
                    let day = self.window_of(r)?;
                    Fact::Live(r, day, day)
                } else if self.take("live") {
                    not(Fact::NotLive(r))
                } else if self.take("no-go") {
                    Fact::NoGo(r, self.gate(|c| c.releases >> r & 1 == 1)?)
                } else if self.take("go") {
                    match self.gate(|c| c.releases >> r & 1 == 1)? {
                        Some(window) => Fact::Go(r, window),
                        None => return Err(self.problem("`on` or `for` and a date", None)),
                    }
                } else if self.take_all(&["backed", "out"]) {
                    Fact::BackedOut(r)
                } else if self.take_all(&["needs", "consent"]) {
                    Fact::Consent(r)
                } else {
                    return Ok(None);
                }
            }
            Subject::Risk(risk) if self.take("occurred") => Fact::Occurred(risk),
            Subject::Criterion(c) if self.take("failed") => {
                let id = self.register().criteria[c].id.clone();
                Fact::Failed(c, self.gate(|criterion| criterion.id == id)?)
            }
            Subject::Item(item) if self.take("ships") => Fact::Ships(item),
            Subject::Item(item) if self.take("dropped") => not(Fact::Ships(item)),
            Subject::Process(process) if self.take("event") => self.event(process)?,
            Subject::Measure(m) => {
                let target = self.register().measures[m].target;
                if self.take_all(&["finished", "by"]) {
                    let days = self.number()?;
                    self.take("days");
                    Fact::Finished(m, days)
                } else if let (Some(days), true) = (target, self.take_all(&["on", "time"])) {
                    Fact::Finished(m, days)
                } else if let (Some(days), true) = (target, self.take("late")) {
                    not(Fact::Finished(m, days))
                } else {
                    return Ok(None);
                }
            }
            _ => return Ok(None),
        }))
    }

    /// `on DATE`, `from DATE to DATE`, `within N days before DATE`.
    fn event(&mut self, process: usize) -> Read<Fact> {
        let (from, to) = if self.take("on") {
            let day = f64::from(self.day()?);
            (day, day + 1.0)
        } else if self.take("from") {
            let from = f64::from(self.day()?);
            if !self.take("to") {
                return Err(self.problem("`to` and a date", None));
            }
            let place = self.next;
            let to = f64::from(self.day()?) + 1.0;
            if to <= from {
                self.next = place;
                return Err(self.problem("on or after the first date", None));
            }
            (from, to)
        } else if self.take("within") {
            let days = self.number()?;
            if !(self.take_all(&["days", "before"]) || self.take_all(&["day", "before"])) {
                return Err(self.problem("`days before` and a date", None));
            }
            let to = f64::from(self.day()?);
            (to - days, to)
        } else {
            let hint = "for example `event on 2021-11-01` or `event within 7 days before 2021-11-03`";
            return Err(self.problem("`on`, `from` or `within`", Some(hint.to_owned())));
        };
        Ok(Fact::Event(process, from, to))
    }

    /// A number of days above 0.
    fn number(&mut self) -> Read<f64> {
        let days = self.peek().and_then(super::Token::text).and_then(|text| text.parse::<f64>().ok());
        match days.filter(|days| *days > 0.0 && days.is_finite()) {
            Some(days) => {
                self.next += 1;
                Ok(days)
            }
            None => Err(self.problem("a number of days above 0", None)),
        }
    }

    /// A date of the simulation, as a day number.
    fn day(&mut self) -> Read<i32> {
        let date = self.peek().and_then(super::Token::text).and_then(|text| text.parse::<Date>().ok());
        let Some(date) = date else {
            return Err(self.problem("a date, as in 2021-11-18", None));
        };
        let Some(dates) = self.register().dates else {
            return Err(self.problem("known here: the scenario has no dates", None));
        };
        let day = dates.zero.day(date);
        let end = dates.zero.date(dates.horizon);
        if !(0..=dates.horizon).contains(&day) {
            let range = format!(
                "from the data date {} to the horizon {}; what came before is a fact of the case",
                wording::date(dates.zero.0),
                end.map(wording::date).unwrap_or_default()
            );
            return Err(self.problem("a date of the simulation", Some(range)));
        }
        self.next += 1;
        Ok(day)
    }

    /// A date on which a release has a window.
    fn window_of(&mut self, release: usize) -> Read<i32> {
        let place = self.next;
        let day = self.day()?;
        let about = &self.register().releases[release];
        if about.windows.contains(&day) {
            return Ok(day);
        }
        let (id, days) = (wording::plain(&about.id, 60), about.windows.clone());
        self.next = place;
        Err(self
            .problem(&format!("a window of {id}"), Some(self.nearest_dates("its windows nearest to it", &days, day))))
    }

    /// Nothing, or `on` a gate day or `for` the date of a window: the place of that window.
    fn gate(&mut self, of: impl Fn(&Criterion) -> bool) -> Read<Option<usize>> {
        let on_gate_day = self.take("on");
        if !on_gate_day && !self.take("for") {
            return Ok(None);
        }
        let place = self.next;
        let day = self.day()?;
        let register = self.register();
        let mut days = Vec::new();
        for criterion in register.criteria.iter().filter(|c| of(c)) {
            for (_, release) in register.releases.iter().enumerate().filter(|(r, _)| criterion.releases >> r & 1 == 1) {
                for window in &release.windows {
                    let gate = crate::math::floor(f64::from(*window) - criterion.gate_days_before) as i32;
                    let asked = if on_gate_day { gate } else { *window };
                    if asked == day {
                        return Ok(self.program.windows().iter().position(|w| w == window));
                    }
                    days.push(asked);
                }
            }
        }
        days.sort_unstable();
        days.dedup();
        let what = if on_gate_day { "gate days" } else { "windows" };
        let hint = if days.is_empty() {
            "no criterion can stop it".to_owned()
        } else {
            self.nearest_dates(&format!("the {what} nearest to it"), &days, day)
        };
        self.next = place;
        let expected = if on_gate_day { "a gate day of it" } else { "the date of a window that it has a gate before" };
        Err(self.problem(expected, Some(hint)))
    }

    fn nearest_dates(&self, what: &str, days: &[i32], to: i32) -> String {
        let mut near: Vec<i32> = days.to_vec();
        near.sort_by_key(|day| (day.abs_diff(to), *day));
        near.truncate(4);
        near.sort_unstable();
        let zero = self.register().dates.map(|dates| dates.zero);
        let date = |day: &i32| zero.and_then(|zero| zero.date(*day)).map(|date| date.to_string());
        format!("{what}: {}", near.iter().filter_map(date).collect::<Vec<_>>().join(", "))
    }
}
