//! Charts of what-ifs: the difference that each makes to a measure as dots with two bars; a grid as line or heatmap.

use super::dots::{Axis as DotAxis, DotRow, Dots, Mark, Reference};
use super::font::clean;
use super::value_axis::Values;
use super::{Chart, ChartError, file_stem, font, grid_line, heatmap};
use crate::analysis::wording;
use crate::analysis::{Asked, Axis, Difference, Measure, Reading, Shift, WhatIf, WhatIfs};
use crate::estimate::Figure;

/// Draws what-ifs on one measure: a chart for each plan that has what-ifs and the measure, and one of the grid.
///
/// # Errors
/// None that depends on the figures.
pub fn what_if_charts(results: &WhatIfs, measure: &Measure) -> Result<Vec<Chart>, ChartError> {
    font::register()?;
    let mut charts = Vec::new();
    for asked in &results.asked {
        if let Some(dots) = dots(results, asked, measure) {
            charts.push(dots.draw(&results.outlook, &["what-ifs", &asked.plan, &measure.name()])?);
        }
    }
    if let Some(grid) = &results.grid {
        let drawn = match grid.axes.len() {
            1 => grid_line::draw(results, grid, measure),
            _ => heatmap::draw(results, grid, measure),
        };
        if let Some(drawn) = drawn {
            let (title, svg) = drawn?;
            charts.push(Chart { name: file_stem(&["grid", &grid.plan, &measure.name()]), title, svg, dates: None });
        }
    }
    Ok(charts)
}

/// What an input is as things stand, in a sentence.
pub(super) fn present_words(axis: &Axis) -> Option<String> {
    let present = axis.present?;
    let number = |x: f64| format!("{x:.2e}").parse::<f64>().map_or_else(|_| format!("{x}"), |x| format!("{x}"));
    let is = if present.p10 == present.p90 {
        number(present.p50)
    } else {
        format!("{} to {} (P10 to P90)", number(present.p10), number(present.p90))
    };
    Some(format!("{} as things stand: {is}", clean(&axis.path)))
}

/// The plan as it stands with its error.
pub(super) fn value_with_error(values: Values, reading: &Reading<'_>) -> String {
    match reading {
        Reading::Difference(d) if d.probability => wording::probability_with_error(&d.base),
        Reading::Difference(d) if values == Values::Amount => wording::amount_with_error(&d.base),
        Reading::Difference(d) => wording::number_with_error(&d.base),
        Reading::Shift(_) => values.words(reading.base().0),
    }
}

/// The what-ifs of a plan as dots; `None` where none has the measure.
fn dots(results: &WhatIfs, asked: &Asked, measure: &Measure) -> Option<Dots> {
    let plan = results.plan(&asked.plan)?;
    let readings = || asked.what_ifs.iter().filter_map(|w| Some((w, measure.reading(w)?)));
    let (_, first) = readings().next()?;
    let title = measure.title(results.outlook.stays_days);
    let about = vec![format!("Plan {}: {}", plan.id, plan.title)];
    let source = format!("plan {}", plan.id);
    let differences: Vec<(&WhatIf, &Difference)> = readings()
        .filter_map(|(w, reading)| match reading {
            Reading::Difference(d) => Some((w, d)),
            Reading::Shift(_) => None,
        })
        .collect();
    if differences.is_empty() {
        let shifts = readings().filter_map(|(w, reading)| match reading {
            Reading::Shift(shift) => Some((w, shift)),
            Reading::Difference(_) => None,
        });
        return percentile_dots(results, asked, &title, about, source, &shifts.collect::<Vec<_>>());
    }
    let values = Values::of(measure, &first);
    let (same, mut other): (Vec<_>, Vec<_>) = differences.into_iter().partition(|(_, d)| d.identical);
    let sign = if measure.more_is_better() { -1.0 } else { 1.0 };
    other.sort_by(|a, b| (sign * a.1.difference.estimate).total_cmp(&(sign * b.1.difference.estimate)));
    let rows = other.iter().map(|(what_if, d)| DotRow {
        label: what_if.question.id.clone(),
        sub_label: what_if.question.title.clone(),
        figure: d.difference,
        mark: if d.separable { Mark::Plain } else { Mark::Undecided },
    });
    let base = value_with_error(values, &first);
    let unit = match values {
        Values::Amount => "cost",
        Values::Days => "days",
        _ => "incidents or releases",
    };
    let kind = if measure.is_probability() {
        DotAxis::ProbabilityDifference
    } else {
        DotAxis::NumberDifference { unit: unit.to_owned() }
    };
    let mut note =
        "Each what-if shares its random numbers with the plan; the bars are of the paired difference.".to_owned();
    if !same.is_empty() {
        let same: Vec<&str> = same.iter().map(|(what_if, _)| what_if.question.id.as_str()).collect();
        note += &format!(" The same in every iteration: {}.", same.join(", "));
    }
    Some(Dots {
        title: finding(&asked.plan, &title, &other, sign),
        about: about.into_iter().chain([format!("{title}: what each what-if changes")]).collect(),
        axis: kind,
        rows: rows.collect(),
        reference: Some(Reference { at: 0.0, words: format!("{} as it stands: {base}", plan.id) }),
        marks: vec![(Mark::Undecided, "cannot be separated from the plan on present inputs".to_owned())],
        source,
        note,
    })
    .filter(|dots| !dots.rows.is_empty())
}

/// Which what-ifs move a measure most, of those that can be told apart; they stand in order, the best first.
fn finding(plan: &str, title: &str, rows: &[(&WhatIf, &Difference)], sign: f64) -> String {
    let settled = || rows.iter().filter(|(_, d)| d.separable);
    let say = |(what_if, d): &(&WhatIf, &Difference)| {
        let difference = wording::difference_with_error(&d.difference).replace(' ', "\u{a0}");
        format!("{} ({difference})", what_if.question.id)
    };
    let helps = settled().next().filter(|(_, d)| sign * d.difference.estimate < 0.0);
    let hurts = settled().next_back().filter(|(_, d)| sign * d.difference.estimate > 0.0);
    match (helps, hurts) {
        (None, None) => format!("{title}: no what-if of {plan} can be separated from it on present inputs"),
        (Some(a), None) => format!("{title}: {} helps {plan} most", say(a)),
        (None, Some(b)) => format!("{title}: {} hurts {plan} most", say(b)),
        (Some(a), Some(b)) => format!("{title}: {} helps {plan} most, {} hurts most", say(a), say(b)),
    }
}

/// Percentiles with each change, the plan first.
fn percentile_dots(
    results: &WhatIfs,
    asked: &Asked,
    title: &str,
    about: Vec<String>,
    source: String,
    shifts: &[(&WhatIf, &Shift)],
) -> Option<Dots> {
    let dated = Reading::Shift(shifts.first()?.1).is_date();
    let zero = results.outlook.data_date.filter(|_| dated);
    let offset = zero.map_or(0.0, since_1970);
    let figure = |(value, [low, high]): (Option<f64>, [Option<f64>; 2]), inputs: Option<[Option<f64>; 2]>| {
        let late = |x: Option<f64>| x.map_or(f64::INFINITY, |x| x - offset);
        let mut figure = Figure::new(late(value), 0.0, [late(low), late(high)]);
        figure.inputs_interval = inputs.map(|ends| ends.map(late));
        figure
    };
    let base = &shifts[0].1.base;
    let mut rows = vec![DotRow {
        label: asked.plan.clone(),
        sub_label: "as it stands".to_owned(),
        figure: figure(base.in_days(), base.inputs_in_days()),
        mark: Mark::First,
    }];
    let mut order: Vec<_> = shifts.iter().filter(|(_, shift)| shift.base != shift.value).collect();
    let key = |shift: &Shift| shift.value.in_days().0.unwrap_or(f64::INFINITY);
    order.sort_by(|a, b| key(a.1).total_cmp(&key(b.1)));
    rows.extend(order.iter().map(|(what_if, shift)| DotRow {
        label: what_if.question.id.clone(),
        sub_label: what_if.question.title.clone(),
        figure: figure(shift.value.in_days(), shift.value.inputs_in_days()),
        mark: Mark::Plain,
    }));
    let moved = shifts.iter().filter(|(_, shift)| shift.days_later != Some(0.0)).count();
    let same: Vec<&str> =
        shifts.iter().filter(|(_, s)| s.base == s.value).map(|(w, _)| w.question.id.as_str()).collect();
    let note = if same.is_empty() { String::new() } else { format!("The same: {}.", same.join(", ")) };
    let values = if dated { Values::Date } else { Values::Days };
    let now = values.words(base.in_days().0).replace(' ', "\u{a0}");
    let finding = match moved {
        0 => format!("{title} stays {now} under every what-if of {}", asked.plan),
        _ => format!("{title}: {moved} of {} what-ifs of {} move it from {now}", shifts.len(), asked.plan),
    };
    Some(Dots {
        title: finding,
        about: about.into_iter().chain([format!("{title} with each what-if")]).collect(),
        axis: zero.map_or(DotAxis::Number { unit: "days".to_owned() }, |zero| DotAxis::Date { zero }),
        rows,
        reference: None,
        marks: vec![(Mark::First, "the plan as it stands".to_owned())],
        source,
        note,
    })
}

fn since_1970(date: jiff::civil::Date) -> f64 {
    f64::from(super::time_axis::days_between(jiff::civil::date(1970, 1, 1), date))
}
