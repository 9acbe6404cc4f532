//! A comparison as a committee reads it: for every figure the plans in order, how far each is behind
//! the best, and whether the inputs can tell.

use super::cost_text::in_unit;
use super::outlook_text::{new_table, p, plain, unbroken, wrapped};
use crate::analysis::wording;
use crate::analysis::{Comparison, Ranking};

/// The text of a comparison for a terminal `width` columns wide.
pub(super) fn comparison_text(comparison: &Comparison, width: u16) -> String {
    let outlook = &comparison.outlook;
    let mut out = vec![plain(&outlook.title), String::new()];
    let mut titles = new_table(&["Plan", ""], width);
    for plan in &outlook.plans {
        titles.add_row([plain(&plan.id), plain(&plan.title)]);
    }
    out.push(titles.trim_fmt());
    for ranking in comparison.rankings.iter().filter(|r| !r.measure.ends_with("p_not_live_by_horizon")) {
        out.push(String::new());
        out.push(heading(comparison, ranking));
        out.push(table(ranking, width));
    }
    out.extend(super::cost_text::of_plans(outlook, width));
    out.extend(dominance(comparison));
    out.push(String::new());
    out.extend(closing(comparison));
    wrapped(&out, width)
}

/// What the plans are ranked by, and which way.
fn heading(comparison: &Comparison, ranking: &Ranking) -> String {
    let words = wording::measure(&ranking.measure, comparison.outlook.stays_days);
    match ranking.measure.as_str() {
        "extra_category_1_or_2" => format!("{words}, mean number (less is better)"),
        "cost" => format!("{words}{} (less is better)", in_unit(&comparison.outlook)),
        _ => words,
    }
}

fn table(ranking: &Ranking, width: u16) -> String {
    let header = ["Plan", "Estimate", "Inputs, 90%", "Behind the best", "Inputs, 90%", "Best in", ""];
    let mut table = new_table(&header, width);
    let amounts = ranking.measure == "cost";
    let number = if amounts { wording::amount_with_error } else { wording::number_with_error };
    let range = if amounts { wording::amount_range } else { wording::range };
    let interval = |ends: Option<[f64; 2]>| ends.map_or_else(|| "–".to_owned(), |ends| unbroken(&range(ends)));
    for (place, ranked) in ranking.plans.iter().enumerate() {
        let estimate = if ranking.probability { p(&ranked.figure) } else { unbroken(&number(&ranked.figure)) };
        let behind = &ranked.behind_best;
        let identical = behind.estimate == 0.0 && behind.standard_error == 0.0;
        let (difference, over, verdict) = if place == 0 {
            ("best".to_owned(), String::new(), String::new())
        } else if identical {
            ("0, same in all".to_owned(), String::new(), "the same".to_owned())
        } else {
            let verdict = if ranked.separable_from_best { "worse" } else { "cannot be separated" };
            (unbroken(&number(behind)), interval(behind.inputs_interval), verdict.to_owned())
        };
        let share = ranked.p_best_over_inputs.map_or_else(|| "–".to_owned(), wording::percent);
        table.add_row([
            plain(&ranked.plan),
            estimate,
            interval(ranked.figure.inputs_interval),
            difference,
            over,
            share,
            verdict,
        ]);
    }
    table.trim_fmt()
}

/// Which plan's dates are never later, release by release.
fn dominance(comparison: &Comparison) -> Vec<String> {
    let mut out = Vec::new();
    let mut releases: Vec<&str> = comparison.dominance.iter().map(|d| d.release.as_str()).collect();
    releases.dedup();
    for release in releases {
        out.push(String::new());
        out.push(format!("{}: dates of the lasting go-live, as sampled", plain(release)));
        for plan in &comparison.outlook.plans {
            let over = |order: u8| -> Vec<String> {
                let of = comparison
                    .dominance
                    .iter()
                    .filter(|d| d.release == release && d.plan == plan.id && d.order == order);
                of.map(|d| plain(&d.over)).collect()
            };
            let (first, second) = (over(1), over(2));
            let mut parts = Vec::new();
            if !first.is_empty() {
                parts.push(format!("at least as likely live by every date as {}", first.join(", ")));
            }
            if !second.is_empty() {
                parts.push(format!("no fewer live days up to any date than {}", second.join(", ")));
            }
            if !parts.is_empty() {
                out.push(format!("{}: {}", plain(&plan.id), parts.join("; ")));
            }
        }
    }
    out
}

fn closing(comparison: &Comparison) -> Vec<String> {
    let outlook = &comparison.outlook;
    let inputs = if comparison.worlds > 1 {
        format!(
            "Inputs, 90%: where the figure lies in 90% of {} worlds that the inputs allow, {} iterations each, sampling noise \
             removed. Best in: share of these worlds in which no plan is better. \"Cannot be separated\": on present inputs the \
             sampling interval (95%) or the inputs interval of the difference includes 0.",
            wording::count(comparison.worlds),
            wording::count(comparison.iterations_in_a_world),
        )
    } else {
        "Input intervals were left out: what is said to be worse is so on these inputs only.".to_owned()
    };
    let b = outlook.basis;
    vec![
        format!(
            "± is the standard error of sampling with {} iterations a plan, paired: all plans see the same worlds and the same chance.",
            wording::count(outlook.iterations)
        ),
        inputs,
        format!(
            "Basis: of {} uncertain numbers {} stated, {} derived, {} base-rate, {} assumed.",
            b.stated + b.derived + b.base_rate + b.assumed,
            b.stated,
            b.derived,
            b.base_rate,
            b.assumed
        ),
        format!("Seed {}; golive {}.", outlook.seed, env!("CARGO_PKG_VERSION")),
    ]
}
