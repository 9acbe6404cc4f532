//! One iteration as a dated story in plain words, with what is needed to draw it.
//!
//! In: a program, one of its iterations told, and how the iteration was chosen. Out: an [`Explanation`], which terminal,
//! JSON and chart read; nothing is computed again from it. Every number is that of the run.

mod choose;
mod days;
mod words;

use jiff::civil::Date;
use serde::Serialize;

use super::wording;
use crate::program::Program;
use crate::program::story::{Cause, Driver, Happening, Story};
use crate::random::Sampler;
use crate::register::Register;

pub use choose::{ChoiceError, MOST_FINISHES, at_date_percentile, at_finish_percentile, by_condition};
pub use days::DaysTold;

/// Longest title or text of the scenario in a sentence, in characters.
const LONGEST: usize = 120;

/// The run whose points an iteration is one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PointsOf {
    /// How they are placed.
    pub sampler: Sampler,
    /// In how many replicates.
    pub replicates: u32,
    /// How many there are.
    pub iterations: u64,
}

/// One iteration, explained.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Id of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Id of the plan.
    pub plan: String,
    /// Title of the plan.
    pub plan_title: String,
    /// Day 0; `null` in a scenario without dates.
    pub data_date: Option<Date>,
    /// Last day of the simulation; `null` in a scenario without releases.
    pub horizon: Option<Date>,
    /// Seed of every draw.
    pub seed: u64,
    /// The iteration.
    pub iteration: u64,
    /// The points it is one of; absent where iterations are a random sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<PointsOf>,
    /// How it was chosen.
    pub chosen: Chosen,
    /// What became of each release.
    pub releases: Vec<ReleaseTold>,
    /// Finish of each measure.
    pub measures: Vec<MeasureTold>,
    /// Scope items that did not ship.
    pub dropped: Vec<String>,
    /// Total cost; `null` in a scenario without costs.
    pub cost: Option<f64>,
    /// Windows of the plan's releases, up to the last that any of them came to.
    pub windows: Vec<WindowTold>,
    /// Start, finish and driver of every activity.
    pub activities: Vec<ActivityTold>,
    /// What happened, in order.
    pub events: Vec<Told>,
}

/// A window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WindowTold {
    /// Its date.
    pub date: Date,
    /// Its day, counted from the data date.
    pub day: i32,
}

/// An activity in one iteration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActivityTold {
    /// Id of the activity.
    pub id: String,
    /// Whether it happened; one that did not takes no time.
    pub happened: bool,
    /// Start in days from the data date; `null` for never.
    pub start_days: Option<f64>,
    /// Finish; `null` for never.
    pub finish_days: Option<f64>,
    /// The activity that its start (or its finish) waited for last.
    pub driven_by: Option<String>,
    /// Whether it lies on the way that drove a release's readiness, or the finish of a measure.
    pub driving: bool,
    /// Its way from start to finish: its own work, and what each risk added.
    pub steps: Vec<DaysTold>,
}

/// How an iteration was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// In words.
    pub text: String,
    /// The condition that it satisfies; `null` for an iteration chosen by its number.
    pub condition: Option<String>,
    /// Which of the iterations that satisfy it, from 1.
    pub nth: Option<u64>,
    /// How many iterations satisfy it.
    pub count: Option<u64>,
    /// How many iterations were looked at.
    pub iterations: Option<u64>,
}

/// A release in one iteration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReleaseTold {
    /// Id of the release.
    pub id: String,
    /// Title of the release.
    pub title: String,
    /// Date of the plan.
    pub target: Date,
    /// Its day, counted from the data date.
    pub target_day: i32,
    /// Date of the deployment that is kept; `null` when not live by the horizon.
    pub go_live: Option<Date>,
    /// Days from the plan's date to it; `null` when not live.
    pub days_late: Option<i32>,
    /// Day on which it was ready, counted from the data date; `null` for never.
    pub ready_days: Option<f64>,
    /// Number of deployments.
    pub deployments: u16,
    /// Its way from the data date to its go-live, or to the horizon, without a gap.
    pub days: Vec<DaysTold>,
    /// The same in a sentence: how the days after the plan's date are made up.
    pub text: String,
}

/// A measure in one iteration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasureTold {
    /// Id of the measure.
    pub id: String,
    /// Title of the measure.
    pub title: String,
    /// Finish in days; `null` for never.
    pub finish_days: Option<f64>,
    /// Target in days, if it has one.
    pub target: Option<f64>,
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A risk occurred.
    Risk,
    /// A scope item dropped out.
    Dropped,
    /// A cost.
    Cost,
    /// An activity started.
    Start,
    /// An activity finished.
    Finish,
    /// A risk delayed a release.
    Delay,
    /// A release was ready.
    Ready,
    /// A release was meant for another window than planned.
    Intended,
    /// A release passed a gate.
    Go,
    /// A release did not pass a gate.
    NoGo,
    /// Consent was asked.
    Consent,
    /// A release moved to another window.
    Move,
    /// A release was deployed.
    Deployment,
    /// A deployment was reversed.
    BackOut,
    /// A release was live for good.
    Live,
    /// An incident that a release caused.
    Incident,
    /// An event of a background process.
    Background,
}

/// Something that happened, told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Told {
    /// Day, counted from the data date; `null` for what is drawn once and has no day of its own.
    pub day: Option<f64>,
    /// Its date; `null` likewise, and in a scenario without dates.
    pub date: Option<Date>,
    /// What kind of thing it is.
    pub kind: Kind,
    /// The release, activity or scope item it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Risks (or processes) behind it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
    /// Criteria that were not met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<String>,
    /// Date of the window it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Date>,
    /// Category of an incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<u8>,
    /// Its number: a probability, days of delay or fix, days to restore, a cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// In words.
    pub text: String,
}

/// Explains an iteration.
pub fn explain(program: &Program, story: &Story, chosen: Chosen) -> Explanation {
    let register = program.register();
    let names = Names { register };
    let outcome = &story.outcome;
    Explanation {
        scenario: register.scenario.clone(),
        title: register.title.clone(),
        plan: register.plan.clone(),
        plan_title: register.plan_title.clone(),
        data_date: register.dates.map(|dates| dates.zero.0),
        horizon: register.dates.filter(|_| !register.releases.is_empty()).and_then(|d| d.zero.date(d.horizon)),
        seed: program.seed(),
        iteration: story.iteration,
        points: None,
        chosen,
        releases: (0..register.releases.len()).map(|r| release(&names, story, r)).collect(),
        measures: register
            .measures
            .iter()
            .zip(&outcome.measures)
            .map(|(about, finish)| MeasureTold {
                id: about.id.clone(),
                title: about.title.clone(),
                finish_days: finish.is_finite().then_some(*finish),
                target: about.target,
            })
            .collect(),
        dropped: register
            .scope
            .iter()
            .zip(&outcome.ships)
            .filter(|(_, ships)| !ships.get(0))
            .map(|(item, _)| item.id.clone())
            .collect(),
        cost: register.has_costs().then(|| outcome.cost[0]),
        windows: windows(program, story, &names),
        activities: activities(&names, story),
        events: story.entries.iter().filter_map(|entry| words::told(&names, story, entry)).collect(),
    }
}

fn release(names: &Names<'_>, story: &Story, r: usize) -> ReleaseTold {
    let (about, told) = (&names.register.releases[r], &story.releases[r]);
    let target = f64::from(about.target_day);
    ReleaseTold {
        id: about.id.clone(),
        title: about.title.clone(),
        target: about.target,
        target_day: about.target_day,
        go_live: told.live.and_then(|day| names.date(f64::from(day))),
        days_late: told.live.map(|day| day - about.target_day),
        ready_days: told.ready.is_finite().then_some(told.ready),
        deployments: story.outcome.attempts[r],
        days: told.chain.iter().map(|segment| days::told(names, segment, Some(target))).collect(),
        text: days::sentence(names, r, told),
    }
}

fn windows(program: &Program, story: &Story, names: &Names<'_>) -> Vec<WindowTold> {
    let chains = story.releases.iter().filter_map(|release| release.chain.last()).map(|segment| segment.to);
    let targets = names.register.releases.iter().map(|release| f64::from(release.target_day));
    let last = chains.chain(targets).fold(0.0, f64::max);
    let days = program.windows().iter().filter(|day| f64::from(**day) <= last);
    days.filter_map(|day| Some(WindowTold { date: names.date(f64::from(*day))?, day: *day })).collect()
}

fn activities(names: &Names<'_>, story: &Story) -> Vec<ActivityTold> {
    let register = names.register;
    let finish = |a: &usize| story.activities[*a].finish;
    let latest = |of: &dyn Fn(usize) -> bool| {
        let candidates = (0..register.activities.len()).filter(|a| of(*a) && finish(a).is_finite());
        candidates.reduce(|last, a| if finish(&a) > finish(&last) { a } else { last })
    };
    let of_releases = (0..register.releases.len())
        .filter(|r| {
            // Its work is on the way only where it is later than the release's own date.
            let causes = &story.releases[*r].chain;
            causes.iter().any(|s| matches!(s.cause, Cause::Work(_) | Cause::ActivityRisk { .. } | Cause::Units { .. }))
        })
        .filter_map(|r| latest(&|a| register.activities[a].release == Some(r)));
    let of_measures = register.measures.iter().filter_map(|m| m.activity.or_else(|| latest(&|_| true)));
    let mut driving = vec![false; register.activities.len()];
    for last in of_releases.chain(of_measures) {
        story.driving(last).into_iter().for_each(|a| driving[a] = true);
    }
    (0..register.activities.len()).map(|a| activity(names, story, a, driving[a])).collect()
}

fn activity(names: &Names<'_>, story: &Story, a: usize, driving: bool) -> ActivityTold {
    let told = &story.activities[a];
    let driven_by = told.finish_from.map(|(other, _)| other).or(match told.driver {
        Driver::Link(other) | Driver::FinishLink(other) | Driver::Unit(_, Some(other)) => Some(other),
        Driver::Nothing | Driver::StartDay | Driver::Unit(_, None) => None,
    });
    ActivityTold {
        id: names.register.activities[a].id.clone(),
        happened: told.exists,
        start_days: told.start.is_finite().then_some(told.start),
        finish_days: told.finish.is_finite().then_some(told.finish),
        driven_by: driven_by.map(|other| names.register.activities[other].id.clone()),
        driving: driving && told.exists,
        steps: told.steps.iter().map(|step| days::told(names, step, None)).collect(),
    }
}

/// The iteration of a number, chosen by that number.
pub fn chosen_by_number(iteration: u64) -> Chosen {
    Chosen {
        text: format!("iteration {}, chosen by its number", wording::count(iteration)),
        condition: None,
        nth: None,
        count: None,
        iterations: None,
    }
}

/// Names of things in sentences.
struct Names<'a> {
    register: &'a Register,
}

impl Names<'_> {
    fn risk(&self, risk: usize) -> String {
        wording::plain(&self.register.risks[risk].id, LONGEST)
    }

    /// A risk with its title.
    fn risk_in_full(&self, risk: usize) -> String {
        format!("{} ({})", self.risk(risk), wording::plain(&self.register.risks[risk].title, LONGEST))
    }

    fn release(&self, release: usize) -> String {
        wording::plain(&self.register.releases[release].id, LONGEST)
    }

    fn activity(&self, activity: usize) -> String {
        wording::plain(&self.register.activities[activity].id, LONGEST)
    }

    fn criterion(&self, criterion: usize) -> String {
        wording::plain(&self.register.criteria[criterion].id, LONGEST)
    }

    /// The date of a day.
    fn date(&self, day: f64) -> Option<Date> {
        let whole = crate::math::floor(day);
        self.register.dates?.zero.date(whole as i32)
    }

    /// A day in a sentence: `4 Nov 2021`, or `day 12.5` without dates.
    fn day(&self, day: f64) -> String {
        self.date(day).map_or_else(|| format!("day {}", wording::days(day)), wording::short_date)
    }
}

/// `A`, `A and B`, `A, B and C`.
fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `1st`, `2nd`, `3rd`, `4th`.
fn ordinal(n: u64) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{}{ending}", wording::count(n))
}

/// Days in a sentence: `1 day`, `5.3 days`.
fn days_of(days: f64) -> String {
    let text = format!("{days:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    format!("{text} day{}", if text == "1" { "" } else { "s" })
}

/// Whether an entry has no day of its own.
fn drawn_once(what: &Happening) -> bool {
    use crate::program::story::Occasion;
    matches!(
        what,
        Happening::Occurred { occasion: Occasion::Once, .. }
            | Happening::ReleaseDelayed { .. }
            | Happening::Cost { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_sentences() {
        assert_eq!(
            ["1st", "2nd", "3rd", "4th", "11th", "1,112th"].map(str::to_owned),
            [ordinal(1), ordinal(2), ordinal(3), ordinal(4), ordinal(11), ordinal(1112)]
        );
        assert_eq!((days_of(1.0), days_of(5.26), days_of(14.0)), ("1 day".into(), "5.3 days".into(), "14 days".into()));
        let names = ["A", "B", "C"].map(str::to_owned);
        assert_eq!((listed(&names[..1]), listed(&names)), ("A".into(), "A, B and C".into()));
    }
}
