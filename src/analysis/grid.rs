//! A grid: one or two inputs over a range of values, each point beside the plan as it stands.
//!
//! In: the axes and the what-if at every point. Out: what tables and charts show of one measure.

use serde::Serialize;

use super::what_if::{Difference, Percentile, Shift, WhatIf};
use crate::estimate::Figure;
use crate::register::{Node, Register};
use crate::simulate::Decision;

/// One or two inputs over a range of values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Grid {
    /// Id of the plan that every point is paired with.
    pub plan: String,
    /// The inputs: one or two.
    pub axes: Vec<Axis>,
    /// What is shown of it.
    pub measure: String,
    /// Every point, the last input varying fastest.
    pub points: Vec<WhatIf>,
}

/// An input of a grid.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Axis {
    /// Path of the input.
    pub path: String,
    /// Whether its values are factors on what stands there.
    pub factor: bool,
    /// Its values as they are written.
    pub values: Vec<String>,
    /// Its values as numbers, where all of them are (durations in days).
    pub numbers: Option<Vec<f64>>,
    /// What it is as things stand; `null` where it is no draw and no exact number.
    pub present: Option<Present>,
}

/// What an input is as things stand.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Present {
    /// 10th percentile of its distribution.
    pub p10: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
}

impl Present {
    /// Percentiles of the draw at a path, times a factor (its unit, and what scales it); `None` where there is no draw.
    pub fn of_draw(register: &Register, path: &str, factor: f64) -> Option<Self> {
        register.quantities.iter().find_map(|(_, quantity)| {
            let Node::Draw(leaf) = &quantity.node else { return None };
            let at = |p: f64| leaf.distribution.quantile(p) * factor;
            (leaf.id == path).then(|| Self { p10: at(0.1), p50: at(0.5), p90: at(0.9) })
        })
    }

    /// An exact number.
    pub fn exactly(value: f64) -> Self {
        Self { p10: value, p50: value, p90: value }
    }
}

/// A figure that what-ifs are shown by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// A decision figure.
    Decision(Decision),
    /// The 80th percentile of the go-live date of a release, or of the finish time of a measure.
    P80(String),
}

/// What is shown of a what-if on one measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading<'w> {
    /// A decision figure.
    Difference(&'w Difference),
    /// A percentile.
    Shift(&'w Shift),
}

impl Measure {
    /// Its name in output: `SEC.p_live_on_target_and_stays`, `SEC.p80`.
    pub fn name(&self) -> String {
        match self {
            Self::Decision(decision) => decision.name(),
            Self::P80(of) => format!("{of}.p80"),
        }
    }

    /// What it is in words.
    pub fn title(&self, stays_days: u32) -> String {
        match self {
            Self::P80(of) => format!("{of}: P80"),
            Self::Decision(decision) => match decision {
                Decision::LiveOnTarget(id) => format!("{id}: live on the plan's date"),
                Decision::LiveAndStays(id) => format!("{id}: live on the plan's date and stays {stays_days} days"),
                Decision::NotLive(id) => format!("{id}: not live by the horizon"),
                Decision::NoGo(id) => format!("{id}: at least one No-Go"),
                Decision::BackedOut(id) => format!("{id}: backed out at least once"),
                Decision::ConsentNeeded(id) => format!("{id}: consent needed"),
                Decision::Ships(id) => format!("{id}: ships"),
                Decision::AllLiveAndStay => {
                    format!("All releases of the plan live on their dates and stay {stays_days} days")
                }
                Decision::Missed => "Releases not live on their dates or not kept, mean number".to_owned(),
                Decision::AnySeriousIncident => "At least one extra incident of category 1 or 2".to_owned(),
                Decision::SeriousIncidents => "Extra incidents of category 1 or 2, mean number".to_owned(),
                Decision::Go(id) => format!("{id}: Go at the gate of the plan's date"),
                Decision::WrongGo(id) => format!("{id}: wrong Go at the gate of the plan's date"),
                Decision::WrongNoGo(id) => format!("{id}: wrong No-Go at the gate of the plan's date"),
                Decision::Occurs(id) => format!("{id} occurs"),
                Decision::DaysInIncidents => "Days in incidents, mean".to_owned(),
                Decision::DaysInExtraIncidents => "Days in extra incidents, mean".to_owned(),
                Decision::FinishByTarget(id) => format!("{id}: finished by the target"),
                Decision::Cost => "Cost, mean".to_owned(),
                Decision::Finish(id) => format!("{id}: finish, mean days"),
            },
        }
    }

    /// Whether it is a probability.
    pub fn is_probability(&self) -> bool {
        matches!(self, Self::Decision(decision) if decision.is_probability())
    }

    /// Whether more of it is better.
    pub fn more_is_better(&self) -> bool {
        matches!(self, Self::Decision(decision) if decision.more_is_better())
    }

    /// What a what-if shows of it; `None` where it or its plan does not have it.
    pub fn reading<'w>(&self, what_if: &'w WhatIf) -> Option<Reading<'w>> {
        match self {
            Self::Decision(decision) => what_if.difference(&decision.name()).map(Reading::Difference),
            Self::P80(of) => what_if.p80.iter().find(|shift| shift.of == *of).map(Reading::Shift),
        }
    }
}

impl Reading<'_> {
    /// The value and the ends of its sampling interval with the change: of dates, days from 1 January 1970. `None` past the
    /// horizon.
    pub fn value(&self) -> (Option<f64>, [Option<f64>; 2]) {
        match self {
            Self::Difference(d) => of_figure(&d.figure),
            Self::Shift(shift) => shift.value.in_days(),
        }
    }

    /// The ends of where the value lies in 90% of the worlds that the inputs allow; `None` without worlds.
    pub fn inputs(&self) -> Option<[Option<f64>; 2]> {
        match self {
            Self::Difference(d) => d.figure.inputs_interval.map(|ends| ends.map(Some)),
            Self::Shift(shift) => shift.value.inputs_in_days(),
        }
    }

    /// Whether it can be told apart from the plan as it stands, or is the same; nothing is said of percentiles.
    pub fn is_settled(&self) -> bool {
        match self {
            Self::Difference(d) => d.separable || d.identical,
            Self::Shift(_) => true,
        }
    }

    /// The same of the plan as it stands.
    pub fn base(&self) -> (Option<f64>, [Option<f64>; 2]) {
        match self {
            Self::Difference(d) => of_figure(&d.base),
            Self::Shift(shift) => shift.base.in_days(),
        }
    }

    /// Whether it is a date.
    pub fn is_date(&self) -> bool {
        matches!(self, Self::Shift(Shift { base: Percentile::Date(_), .. }))
    }
}

fn of_figure(figure: &Figure) -> (Option<f64>, [Option<f64>; 2]) {
    (Some(figure.estimate), figure.interval.map(Some))
}
