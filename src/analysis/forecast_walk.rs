//! The forecast walk: how much of the change of each figure each edit between two versions carries.
//!
//! In: runs of both versions, and of combinations of the edits between them, on common random numbers. Out: for every
//! figure its value before and after, and the part of each edit with both errors; the parts add up exactly.

use serde::Serialize;

use super::outlook::{Outlook, PlanOutlook};
use super::runs::Runs;
use super::shapley::{Attribution, Method};
use super::versions::Versions;
use super::what_if::{Percentile, Shift, p80_shifts};
use crate::estimate::{Figure, mean_of_differences, over_worlds, sampling_noise};
use crate::program::Program;
use crate::simulate::{Contrast, Contrasts, Decision, Tally};

/// Two versions of a scenario under one plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diff {
    /// The plan in both versions, the old one first.
    #[serde(flatten)]
    pub outlook: Outlook,
    /// Plans that only the old version has.
    pub plans_only_in_old: Vec<String>,
    /// Plans that only the new version has.
    pub plans_only_in_new: Vec<String>,
    /// All edits, in natural order of their paths.
    pub edits: Vec<EditInWords>,
    /// Edits that can move a figure, in groups that are made or left together.
    pub parts: Vec<PartName>,
    /// Whether parts are whole entries or tables, because there were too many edits.
    pub coarse: bool,
    /// Over which orders parts are averaged.
    #[serde(flatten)]
    pub method: Method,
    /// Every decision figure that all versions have.
    pub figures: Vec<Walk>,
    /// 80th percentiles of dates and finish times.
    pub p80: Vec<PercentileWalk>,
}

/// An edit in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditInWords {
    /// Path of what differs.
    pub path: String,
    /// The entry that it belongs to: `risks.R11`.
    pub belongs_to: String,
    /// Title of that entry, if it has one.
    pub title: Option<String>,
    /// What it was and what it is now.
    pub change: String,
    /// What it does to the figures of the plan.
    pub kind: EditKind,
}

/// What an edit does to the figures of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditKind {
    /// It can move them: it has a part, or is one of several that have one together.
    Figures,
    /// It says something differently: a title, a note, a source, what a number rests on.
    Texts,
    /// It concerns what the plan does not use.
    Elsewhere,
}

/// What a part consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartName {
    /// Paths of its edits.
    pub paths: Vec<String>,
    /// Whether they are several because some of them can only be made with the others.
    pub inseparable: bool,
}

/// One figure from the old version to the new.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Walk {
    /// The decision figure.
    pub measure: String,
    /// Whether it is a probability rather than a mean number.
    pub probability: bool,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// In the old version.
    pub before: Figure,
    /// In the new version.
    pub after: Figure,
    /// New less old, paired.
    pub whole: Figure,
    /// Whether the versions agree in every iteration.
    pub identical: bool,
    /// One for each part, in their order.
    pub parts: Vec<Part>,
    /// What `exact` is divided by for a part: orders × iterations × steps in a unit.
    pub divisor: String,
    /// New less old as a whole number of 1/divisor: the sum of the parts.
    pub exact: String,
}

/// How much of a change one part carries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// How much, with its sampling error and, beside it, its input interval.
    pub carries: Figure,
    /// The same as a whole number of 1/divisor.
    pub exact: String,
    /// Least and most that it moves, over what else is changed before it.
    pub over_orders: [f64; 2],
    /// Share of worlds in which it is for the better, a tie counting half; `null` without worlds.
    pub p_better_over_inputs: Option<f64>,
    /// Whether it moves nothing in any iteration, whatever else is changed.
    pub identical: bool,
}

/// A percentile from the old version to the new.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PercentileWalk {
    /// Before and after.
    #[serde(flatten)]
    pub shift: Shift,
    /// Days that each part carries; empty where a version lies past the horizon. They add up to `days_later`.
    pub parts: Vec<DaysPart>,
}

/// How many days of a percentile one part carries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DaysPart {
    /// How many days.
    pub days: f64,
    /// The same as a whole number of 1/2²⁰ days times the orders.
    pub exact: String,
    /// What it is wherever the percentile of every version lies in its 95% sampling interval; `null` past the horizon.
    pub interval: [Option<f64>; 2],
    /// Least and most that it moves, over what else is changed before it.
    pub over_orders: [f64; 2],
}

/// Runs of combinations of edits.
pub struct Combinations<'a> {
    /// Programs, in the order of the combinations.
    pub programs: &'a [Program],
    /// Their tallies.
    pub tallies: &'a [Tally],
    /// The decision figures.
    pub decisions: &'a [Decision],
    /// Sums of [`contrasts`].
    pub sums: &'a Contrasts,
    /// Sums of the contrasts of the parts alone, world by world.
    pub worlds: &'a [Contrasts],
}

/// What is summed: every combination by itself, then every part.
pub fn contrasts(attribution: &Attribution) -> Vec<Contrast> {
    let alone = (0..attribution.combinations.len()).map(|place| vec![(place, 1)]);
    alone.chain(attribution.parts.iter().cloned()).collect()
}

/// The forecast walk from the runs of both versions (the first and second program of `runs`, and the plans of their
/// outlook) and of the combinations of their edits.
pub fn diff(versions: &Versions, outlook: Outlook, runs: &Runs<'_>, combinations: &Combinations<'_>) -> Diff {
    let maker = Maker { attribution: &versions.attribution, combinations };
    let walks = combinations.decisions.iter().enumerate().filter_map(|(d, decision)| {
        let of_all = combinations.programs.iter().chain(runs.programs).all(|program| decision.is_of(program));
        let place = runs.place(decision).filter(|_| of_all)?;
        let pair = runs.pair(1, 0, place);
        let mut whole = pair.difference;
        whole.inputs_interval = pair.inputs_interval;
        let (divisor, exact) = maker.whole(d);
        Some(Walk {
            measure: decision.name(),
            probability: decision.is_probability(),
            more_is_better: decision.more_is_better(),
            before: runs.figure(0, place),
            after: runs.figure(1, place),
            whole,
            identical: pair.identical,
            parts: (0..versions.groups.len()).map(|part| maker.part(part, d)).collect(),
            divisor: divisor.to_string(),
            exact: exact.to_string(),
        })
    });
    let figures = walks.collect();
    let p80 = p80_shifts(&outlook.plans[0], &outlook.plans[1]);
    let p80 = p80.into_iter().map(|shift| maker.percentile_walk(shift)).collect();
    let path = |edit: &usize| versions.edits[*edit].path.clone();
    let part = |group: &super::versions::Group| PartName {
        paths: group.edits.iter().map(path).collect(),
        inseparable: group.inseparable,
    };
    Diff {
        outlook,
        plans_only_in_old: Vec::new(),
        plans_only_in_new: Vec::new(),
        edits: in_words(versions),
        parts: versions.groups.iter().map(part).collect(),
        coarse: versions.coarse,
        method: versions.attribution.method,
        figures,
        p80,
    }
}

fn in_words(versions: &Versions) -> Vec<EditInWords> {
    let kind = |place: usize| {
        if versions.texts.contains(&place) {
            EditKind::Texts
        } else if versions.elsewhere.contains(&place) {
            EditKind::Elsewhere
        } else {
            EditKind::Figures
        }
    };
    let edits = versions.edits.iter().enumerate();
    let words = edits.map(|(place, edit)| EditInWords {
        path: edit.path.clone(),
        belongs_to: edit.belongs_to(),
        title: None,
        change: edit.in_words(),
        kind: kind(place),
    });
    words.collect()
}

struct Maker<'a> {
    attribution: &'a Attribution,
    combinations: &'a Combinations<'a>,
}

impl Maker<'_> {
    /// Exact sum of a decision figure in a combination.
    fn sum(&self, combination: usize, decision: usize) -> i128 {
        self.combinations.sums.exact_sum(combination, decision)
    }

    /// What parts are divided by, and the whole change.
    fn whole(&self, decision: usize) -> (i128, i128) {
        let sums = self.combinations.sums;
        let orders = i128::from(self.attribution.divisor);
        let divisor = orders * i128::from(sums.iterations) * sums.steps_per_unit(decision);
        let last = self.attribution.combinations.len() - 1;
        (divisor, orders * (self.sum(last, decision) - self.sum(0, decision)))
    }

    fn part(&self, part: usize, decision: usize) -> Part {
        let Combinations { decisions, sums, worlds, .. } = *self.combinations;
        let attribution = self.attribution;
        let about = &decisions[decision];
        let contrast = &attribution.parts[part];
        let exact: i128 = contrast.iter().map(|(place, weight)| i128::from(*weight) * self.sum(*place, decision)).sum();
        let (divisor, _) = self.whole(decision);
        let orders = attribution.divisor as f64;
        let place = attribution.combinations.len() + part;
        let squares = sums.squares(place, decision) / (orders * orders);
        let n = sums.iterations;
        let mut carries = mean_of_differences(sums.sum(place, decision) / orders, squares, n, about.is_probability());
        carries.estimate = exact as f64 / divisor as f64;
        let mut better = None;
        let each = worlds.first().map_or(0, |world| world.iterations);
        let in_world =
            |world: &Contrasts| (world.sum(part, decision) / orders, world.squares(part, decision) / (orders * orders));
        let means: Vec<f64> = worlds.iter().map(|world| in_world(world).0 / each as f64).collect();
        if let Some(over) = over_worlds(&means, sampling_noise(worlds.iter().map(in_world), each)) {
            carries.inputs_interval = Some(over.interval);
            let share = |value: &f64| match (*value == 0.0, (*value > 0.0) == about.more_is_better()) {
                (true, _) => 0.5,
                (false, true) => 1.0,
                (false, false) => 0.0,
            };
            better = Some(over.values.iter().map(share).sum::<f64>() / over.values.len() as f64);
        }
        let one = (i128::from(n) * sums.steps_per_unit(decision)) as f64;
        let moves = attribution.steps[part]
            .iter()
            .map(|(without, with)| (self.sum(*with, decision) - self.sum(*without, decision)) as f64 / one);
        let over_orders = ends(moves);
        let in_no_world = worlds.iter().all(|world| world.squares(part, decision) == 0.0);
        let identical = squares == 0.0 && in_no_world && over_orders == [0.0, 0.0];
        Part { carries, exact: exact.to_string(), over_orders, p_better_over_inputs: better, identical }
    }

    /// Every combination's percentile that a shift is about, in days, with the ends of its interval.
    fn percentiles(&self, shift: &Shift) -> Vec<(Option<f64>, [Option<f64>; 2])> {
        let runs = self.combinations.programs.iter().zip(self.combinations.tallies);
        runs.map(|(program, tally)| {
            let plan: PlanOutlook = super::outlook(&[(program, tally)]).plans.remove(0);
            let own = p80_shifts(&plan, &plan).into_iter().find(|own| own.of == shift.of);
            own.map_or((None, [None; 2]), |own| own.value.in_days())
        })
        .collect()
    }

    fn percentile_walk(&self, shift: Shift) -> PercentileWalk {
        const STEPS: f64 = 1_048_576.0;
        let values = self.percentiles(&shift);
        let exact: Option<Vec<i128>> =
            values.iter().map(|(value, _)| value.map(|days| crate::math::round(days * STEPS) as i128)).collect();
        let Some(exact) = exact else { return PercentileWalk { shift, parts: Vec::new() } };
        let orders = self.attribution.divisor as f64;
        let part = |(contrast, steps): (&Contrast, &Vec<(usize, usize)>)| {
            let sum: i128 = contrast.iter().map(|(place, weight)| i128::from(*weight) * exact[*place]).sum();
            let end = |high: bool| -> Option<f64> {
                let ends = contrast.iter().map(|(place, weight)| {
                    let end = values[*place].1[usize::from((*weight > 0) == high)];
                    end.map(|days| f64::from(*weight) * days)
                });
                ends.sum::<Option<f64>>().map(|sum| sum / orders)
            };
            let moves = steps.iter().map(|(without, with)| (exact[*with] - exact[*without]) as f64 / STEPS);
            DaysPart {
                days: sum as f64 / (orders * STEPS),
                exact: sum.to_string(),
                interval: [end(false), end(true)],
                over_orders: ends(moves),
            }
        };
        let parts = self.attribution.parts.iter().zip(&self.attribution.steps).map(part).collect();
        PercentileWalk { shift, parts }
    }
}

/// Least and most of some numbers.
fn ends(numbers: impl Iterator<Item = f64>) -> [f64; 2] {
    numbers.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], number| [low.min(number), high.max(number)])
}

/// The letter of a part: A, B, … Z, AA, AB, …
pub fn part_letter(place: usize) -> String {
    let own = char::from(b'A' + (place % 26) as u8);
    if place < 26 { own.to_string() } else { format!("{}{own}", part_letter(place / 26 - 1)) }
}

impl PercentileWalk {
    /// Whether it is of a date.
    pub fn is_date(&self) -> bool {
        matches!(self.shift.base, Percentile::Date(_))
    }
}
