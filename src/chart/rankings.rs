//! Plans ranked on a decision figure, best first, as dots with two bars; and extra incidents over what happens anyway.
//!
//! In: a [`Comparison`]. Out: charts of dots. A ring says that a plan cannot be separated from the best on present
//! inputs, which is a statement about the paired difference: bars of two plans may overlap although their difference is
//! certain, because both see the same worlds and the same chance.

use super::dots::{Axis, Band, Bands, DotRow, Dots, Mark};
use super::font::{clean, fit};
use super::theme::HEADLINE;
use crate::analysis::outlook::{Outlook, PlanOutlook};
use crate::analysis::{Comparison, Ranked, Ranking, wording};

/// The chart of a ranking, and the bands behind it.
pub fn ranking(comparison: &Comparison, ranking: &Ranking) -> (Dots, Option<Bands>) {
    let outlook = &comparison.outlook;
    let subject = wording::measure(&ranking.measure, outlook.stays_days).replacen(": ", ", ", 1);
    let with_inputs = comparison.worlds > 1;
    let rows = ranking.plans.iter().enumerate().map(|(place, ranked)| DotRow {
        label: ranked.plan.clone(),
        sub_label: plan(outlook, &ranked.plan).map_or_else(String::new, |p| p.title.clone()),
        figure: ranked.figure,
        mark: mark(place, ranked),
    });
    let incidents = ranking.measure == "extra_category_1_or_2";
    let cost = ranking.measure == "cost";
    let axis = if ranking.probability {
        Axis::Probability
    } else if cost {
        Axis::Amount { unit: outlook.cost_unit.clone().unwrap_or_default() }
    } else {
        Axis::Number { unit: "incidents, mean number".to_owned() }
    };
    let undecided = if with_inputs {
        "cannot be separated from the best on present inputs"
    } else {
        "cannot be separated from the best by this many iterations"
    };
    let marks = if ranking.plans.len() > 1 {
        vec![
            (Mark::First, "best, or the same as the best in every iteration".to_owned()),
            (Mark::Undecided, undecided.to_owned()),
            (Mark::Plain, "can be told apart from the best".to_owned()),
        ]
    } else {
        Vec::new()
    };
    let bands = incidents.then(|| background(outlook, ranking)).flatten();
    let mut title = finding(ranking, &subject, cost.then(|| outlook.cost_unit.as_deref().unwrap_or_default()));
    let mut about = vec![clean(&outlook.title)];
    if let Some(bands) = &bands {
        title = format!("{title}; {}", anyway(bands));
        about.push(format!(
            "Extra: caused by the releases, beside the background, in {} of early-life support",
            period(outlook)
        ));
    }
    let mut note = "± is the standard error of sampling, not of the inputs.".to_owned();
    if ranking.plans.len() > 1 {
        note += " Plans are compared on the same worlds and the same chance: bars may overlap although a difference is \
                 certain.";
    }
    if !with_inputs {
        note += " Input intervals were left out.";
    }
    let plans = ranking.plans.len();
    let source = if plans == 1 { "1 plan".to_owned() } else { format!("{plans} plans") };
    (Dots { title, about, axis, rows: rows.collect(), reference: None, marks, source, note }, bands)
}

/// Whether there is anything to see: not where every plan is live by the horizon in every iteration, and not incidents
/// where none are modelled.
pub fn is_worth_drawing(outlook: &Outlook, ranking: &Ranking) -> bool {
    if ranking.measure == "extra_category_1_or_2" {
        return outlook.plans.iter().any(|plan| plan.incidents.is_some());
    }
    !ranking.measure.ends_with("p_not_live_by_horizon") || ranking.plans.iter().any(|r| r.figure.estimate > 0.0)
}

fn plan<'a>(outlook: &'a Outlook, id: &str) -> Option<&'a PlanOutlook> {
    outlook.plans.iter().find(|p| p.id == id)
}

/// Whether a plan and the best agree in every iteration.
fn is_best(place: usize, ranked: &Ranked) -> bool {
    place == 0 || (ranked.behind_best.estimate == 0.0 && ranked.behind_best.standard_error == 0.0)
}

fn mark(place: usize, ranked: &Ranked) -> Mark {
    match (is_best(place, ranked), ranked.separable_from_best) {
        (true, _) => Mark::First,
        (_, true) => Mark::Plain,
        _ => Mark::Undecided,
    }
}

/// Which plan is best, and whether the others can be told apart from it.
fn finding(ranking: &Ranking, subject: &str, unit: Option<&str>) -> String {
    let cost = unit.is_some();
    let unit = unit
        .filter(|unit| !unit.is_empty())
        .map_or_else(String::new, |unit| format!(" {}", fit(&clean(unit), HEADLINE, true, 900)));
    let id = |r: &Ranked| fit(&clean(&r.plan), HEADLINE, true, 700);
    let value = |r: &Ranked| match (ranking.probability, cost) {
        (true, _) => wording::probability(r.figure.estimate),
        (_, true) => format!("{}{unit}", wording::amount(r.figure.estimate)),
        _ => wording::days(r.figure.estimate),
    };
    let all = &ranking.plans;
    let Some(best) = all.first() else { return format!("{subject}: no plan") };
    let same: Vec<&Ranked> = all.iter().enumerate().filter(|(i, r)| is_best(*i, r)).map(|(_, r)| r).collect();
    let undecided: Vec<&Ranked> =
        all.iter().enumerate().filter(|(i, r)| mark(*i, r) == Mark::Undecided).map(|(_, r)| r).collect();
    if all.len() == 1 {
        return format!("{subject}: {} with plan {}", value(best), id(best));
    }
    if same.len() == all.len() {
        return format!("{subject}: {} with every plan", value(best));
    }
    let list = |of: &[&Ranked]| match of {
        [only] => id(only),
        [first, second] => format!("{} and {}", id(first), id(second)),
        [first, second, third] => format!("{}, {} and {}", id(first), id(second), id(third)),
        _ => format!("{} plans", of.len()),
    };
    let (is, it) = if same.len() == 1 { ("is", "it") } else { ("are", "them") };
    let word = if ranking.more_is_better { "best" } else { "lowest" };
    let others = all.len() - same.len();
    let verdict = match undecided.len() {
        0 if others == 1 => ", and the other can be told apart".to_owned(),
        0 => ", and all others can be told apart".to_owned(),
        n if n == others && n > 3 => format!(", but none of the {n} others can be separated from {it}"),
        n if n > 3 => format!(", but {n} of the {others} others cannot be separated from {it}"),
        _ => format!(", but {} cannot be separated from {it}", list(&undecided)),
    };
    format!("{subject}: {} {is} {word} ({}){verdict}", list(&same), value(best))
}

/// Days of early-life support of the plans.
fn period(outlook: &Outlook) -> String {
    let days: Vec<f64> = outlook.plans.iter().filter_map(|p| Some(p.incidents.as_ref()?.period_days)).collect();
    let least = days.iter().copied().fold(f64::INFINITY, f64::min);
    let most = days.iter().copied().fold(0.0, f64::max);
    if least == most {
        format!("{} days", wording::days(most))
    } else {
        format!("{} to {} days", wording::days(least), wording::days(most))
    }
}

/// The existing rate behind each plan: mean, and P10 to P90 over iterations; `None` without background of category 1 or 2.
fn background(outlook: &Outlook, ranking: &Ranking) -> Option<Bands> {
    let rows: Vec<Option<Band>> = ranking
        .plans
        .iter()
        .map(|ranked| {
            let shares = &plan(outlook, &ranked.plan)?.incidents.as_ref()?.category_1_or_2.background;
            let mean = shares.iter().enumerate().map(|(n, share)| n as f64 * share).sum::<f64>();
            let at = |q: f64| {
                let mut so_far = 0.0;
                let reached = shares.iter().position(|share| {
                    so_far += share;
                    so_far >= q - 1e-12
                });
                reached.unwrap_or(shares.len().saturating_sub(1)) as f64
            };
            (mean > 0.0).then(|| Band { low: at(0.1), high: at(0.9), mean })
        })
        .collect();
    let words =
        "grey: incidents that happen anyway (background), P10 to P90 over iterations; dashed: their mean".to_owned();
    rows.iter().any(Option::is_some).then_some(Bands { words, rows })
}

/// What happens anyway, for the headline.
fn anyway(bands: &Bands) -> String {
    let means = || bands.rows.iter().flatten().map(|band| format!("{:.1}", band.mean));
    match (
        means().min_by(|a, b| a.len().cmp(&b.len()).then(a.cmp(b))),
        means().max_by(|a, b| a.len().cmp(&b.len()).then(a.cmp(b))),
    ) {
        (Some(least), Some(most)) if least != most => format!("{least} to {most} happen anyway"),
        (Some(least), _) => format!("{least} happen anyway"),
        _ => "nothing happens anyway".to_owned(),
    }
}
