//! What-ifs: a plan with something changed, beside the plan as it stands, on common random numbers.
//!
//! In: runs of which the first is the plan and the others the plan with each change, and what each change is in words.
//! Out: for every what-if and decision figure the figure, the paired difference with its two errors, in what share of
//! worlds the change is for the better, whether the inputs can tell, and whether anything differs in any iteration.

use jiff::Unit;
use jiff::civil::Date;
use serde::Serialize;

use super::outlook::{DatePercentile, DayPercentile, Outlook, PlanOutlook};
use super::runs::Runs;
use crate::estimate::Figure;
use crate::scenario::Edit;

/// What-ifs of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhatIfs {
    /// The outlook of every plan that anything is asked of, decision figures with their input intervals.
    #[serde(flatten)]
    pub outlook: Outlook,
    /// What-ifs by the plan they are asked of, in the order of the plans.
    pub asked: Vec<Asked>,
    /// A grid of values, where one was asked for.
    pub grid: Option<super::Grid>,
}

/// What-ifs of one plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Asked {
    /// Id of the plan.
    pub plan: String,
    /// Its what-ifs, in the order in which they are asked.
    pub what_ifs: Vec<WhatIf>,
}

/// What a what-if is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// Id, as in the scenario.
    pub id: String,
    /// The question in one line.
    pub title: String,
    /// What it changes.
    pub changes: Vec<ChangeInWords>,
}

/// One change in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeInWords {
    /// Path of what is changed.
    pub path: String,
    /// What it was and what it becomes: `0.2 → 0.5 (assumed)`.
    pub change: String,
}

impl From<&Edit> for ChangeInWords {
    fn from(edit: &Edit) -> Self {
        Self { path: edit.path.clone(), change: edit.in_words() }
    }
}

/// A what-if beside its plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WhatIf {
    /// What it is.
    #[serde(flatten)]
    pub question: Question,
    /// Whether every decision figure is the same in every iteration.
    pub identical: bool,
    /// Every decision figure that plan and what-if both have.
    pub differences: Vec<Difference>,
    /// 80th percentiles of go-live dates, release by release, and of finish times, measure by measure.
    pub p80: Vec<Shift>,
}

/// A decision figure with and without a change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The decision figure.
    pub measure: String,
    /// Whether it is a probability rather than a mean number.
    pub probability: bool,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// The plan as it stands.
    pub base: Figure,
    /// With the change.
    pub figure: Figure,
    /// With the change less without it, paired.
    pub difference: Figure,
    /// Share of worlds in which the change is for the better, a tie counting half; `null` without worlds.
    pub p_better_over_inputs: Option<f64>,
    /// Whether the two can be told apart: both intervals of the difference exclude 0.
    pub separable: bool,
    /// Whether they agree in every iteration.
    pub identical: bool,
}

/// A percentile with and without a change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shift {
    /// Id of the release or measure.
    pub of: String,
    /// The plan as it stands.
    pub base: Percentile,
    /// With the change.
    pub value: Percentile,
    /// Days by which it is later with the change; `null` where one of them lies past the horizon.
    pub days_later: Option<f64>,
    /// Ends of the days by which it is later, from the two 95% sampling intervals together: it holds at least nine times
    /// in ten. `null` is an end past the horizon.
    pub interval: [Option<f64>; 2],
}

/// A percentile of a date or of a number of days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Percentile {
    /// Of a date.
    Date(DatePercentile),
    /// Of a finish time in days.
    Days(DayPercentile),
}

impl Percentile {
    /// The percentile and the ends of its sampling interval in days: from 1 January 1970, or as a number of days.
    pub fn in_days(&self) -> (Option<f64>, [Option<f64>; 2]) {
        match self {
            Self::Date(p) => (p.date.map(days_since_1970), p.interval.map(|end| end.map(days_since_1970))),
            Self::Days(p) => (p.days, p.interval),
        }
    }

    /// The ends of its input interval, likewise; `None` without worlds.
    pub fn inputs_in_days(&self) -> Option<[Option<f64>; 2]> {
        match self {
            Self::Date(p) => p.inputs_interval.map(|ends| ends.map(|end| end.map(days_since_1970))),
            Self::Days(p) => p.inputs_interval,
        }
    }
}

/// Days from 1 January 1970.
fn days_since_1970(date: Date) -> f64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.until((Unit::Day, date)).map_or(0.0, |span| f64::from(span.get_days()))
}

impl Shift {
    fn new(of: &str, base: Percentile, value: Percentile) -> Self {
        let ((before, [low, high]), (after, [new_low, new_high])) = (base.in_days(), value.in_days());
        let less = |a: Option<f64>, b: Option<f64>| Some(a? - b?);
        let interval = [less(new_low, high), less(new_high, low)];
        Self { of: of.to_owned(), base, value, days_later: less(after, before), interval }
    }
}

/// The P80 of every release and measure that two outlooks of plans both have.
pub fn p80_shifts(base: &PlanOutlook, other: &PlanOutlook) -> Vec<Shift> {
    let releases = base.releases.iter().filter_map(|r| {
        let other = other.releases.iter().find(|o| o.id == r.id)?;
        Some(Shift::new(&r.id, Percentile::Date(r.go_live.p80), Percentile::Date(other.go_live.p80)))
    });
    let measures = base.measures.iter().filter_map(|(id, m)| {
        Some(Shift::new(id, Percentile::Days(m.p80), Percentile::Days(other.measures.get(id)?.p80)))
    });
    releases.chain(measures).collect()
}

/// The what-ifs of a plan. The first program of the runs, and the first plan of their outlook, is the plan as it stands;
/// the others answer the questions, in their order.
///
/// # Panics
/// When there are not as many programs as that.
pub fn what_ifs(runs: &Runs<'_>, outlook: &Outlook, questions: &[Question]) -> Asked {
    assert_eq!(runs.programs.len(), questions.len() + 1, "the plan and each of its what-ifs");
    let plan = &outlook.plans[0];
    let answer = |(place, question): (usize, &Question)| {
        let p = place + 1;
        let differences = runs.differences(p);
        WhatIf {
            question: question.clone(),
            identical: differences.iter().all(|d| d.identical),
            differences,
            p80: p80_shifts(plan, &outlook.plans[p]),
        }
    };
    Asked { plan: plan.id.clone(), what_ifs: questions.iter().enumerate().map(answer).collect() }
}

impl Runs<'_> {
    /// A program beside the first, on every decision figure that both have.
    fn differences(&self, program: usize) -> Vec<Difference> {
        let both = |d: &crate::simulate::Decision| d.is_of(&self.programs[0]) && d.is_of(&self.programs[program]);
        let decisions = self.decisions.iter().enumerate().filter(|(_, d)| both(d));
        decisions
            .map(|(d, decision)| {
                let pair = self.pair(program, 0, d);
                let mut difference = pair.difference;
                difference.inputs_interval = pair.inputs_interval;
                Difference {
                    measure: decision.name(),
                    probability: decision.is_probability(),
                    more_is_better: decision.more_is_better(),
                    base: self.figure(0, d),
                    figure: self.figure(program, d),
                    difference,
                    p_better_over_inputs: pair.p_a_better_over_inputs,
                    separable: pair.separable,
                    identical: pair.identical,
                }
            })
            .collect()
    }
}

impl WhatIfs {
    /// What-ifs that are still to be added, of the scenario of an outlook.
    pub fn of(outlook: &Outlook) -> Self {
        Self { outlook: Outlook { plans: Vec::new(), ..outlook.clone() }, asked: Vec::new(), grid: None }
    }

    /// Adds what-ifs of a plan, the first of an outlook.
    pub fn add(&mut self, outlook: Outlook, asked: Asked) {
        match self.asked.last_mut().filter(|last| last.plan == asked.plan) {
            Some(last) => last.what_ifs.extend(asked.what_ifs),
            None => {
                self.outlook.plans.extend(outlook.plans.into_iter().take(1));
                self.asked.push(asked);
            }
        }
    }

    /// The plan of some what-ifs as it stands.
    pub fn plan(&self, id: &str) -> Option<&PlanOutlook> {
        self.outlook.plans.iter().find(|plan| plan.id == id)
    }
}

impl WhatIf {
    /// A decision figure by its name.
    pub fn difference(&self, measure: &str) -> Option<&Difference> {
        self.differences.iter().find(|d| d.measure == measure)
    }
}
