//! What-ifs as a committee reads them: what each changes, and figure by figure how far it moves the plan.

use comfy_table::Table;

use super::outlook_text::{new_table, numbers_whole, p, plain, unbroken, wrapped};
use crate::analysis::outlook::PlanOutlook;
use crate::analysis::wording;
use crate::analysis::{Asked, ChangeInWords, Difference, Grid, Measure, Percentile, Reading, Shift, WhatIf, WhatIfs};
use crate::simulate::Decision;

/// Narrower terminals show fewer columns rather than broken numbers.
const WIDE: u16 = 112;
/// Narrower ones fewer still.
const MEDIUM: u16 = 92;

/// Most columns of a grid of two inputs; wider ones are listed point by point.
const MOST_COLUMNS: usize = 8;

/// The text of what-ifs for a terminal `width` columns wide; only figures of `release` (and of the whole plan), if given.
pub(super) fn what_ifs_text(results: &WhatIfs, measure: Option<&Measure>, release: Option<&str>, width: u16) -> String {
    let outlook = &results.outlook;
    let mut out = vec![plain(&outlook.title)];
    let since = outlook.data_date.map_or_else(String::new, |d| format!(", as known on {}", wording::date(d)));
    out.push(format!("Scenario {}{since}", plain(&outlook.scenario)));
    for asked in &results.asked {
        if let (Some(plan), false) = (results.plan(&asked.plan), asked.what_ifs.is_empty()) {
            out.push(String::new());
            out.push(format!("What-ifs of plan {}: {}", plain(&plan.id), plain(&plan.title)));
            out.push(String::new());
            out.push(changes(asked, width));
            for measure in headline(plan, release) {
                out.extend(on(results, asked, &measure, width));
            }
            let same = |what_if: &&WhatIf| what_if.identical;
            let same: Vec<String> = asked.what_ifs.iter().filter(same).map(|w| plain(&w.question.id)).collect();
            if !same.is_empty() {
                out.push(String::new());
                out.push(format!("The same in every iteration, on every figure: {}.", same.join(", ")));
            }
        }
    }
    if let (Some(grid), Some(measure)) = (&results.grid, measure) {
        out.extend(grid_text(results, grid, measure, width));
    }
    out.push(String::new());
    out.extend(closing(results));
    wrapped(&out, width)
}

/// What each what-if is and changes.
fn changes(asked: &Asked, width: u16) -> String {
    let mut table = new_table(&["What-if", "What it changes"], width);
    for what_if in &asked.what_ifs {
        let question = &what_if.question;
        let mut lines = vec![plain(&question.title)];
        lines.extend(question.changes.iter().map(in_words));
        if question.changes.is_empty() {
            lines.push("changes nothing: everything is so already".to_owned());
        }
        table.add_row([plain(&question.id), lines.join("\n")]);
    }
    table.trim_fmt()
}

/// One change on one line.
pub(super) fn in_words(change: &ChangeInWords) -> String {
    format!("{}: {}", plain(&change.path), plain(&change.change))
}

/// The figures that a committee reads, those of each release first.
pub(super) fn headline(plan: &PlanOutlook, release: Option<&str>) -> Vec<Measure> {
    let mut all = Vec::new();
    for r in plan.releases.iter().filter(|r| release.is_none_or(|id| id == r.id)) {
        all.push(Measure::Decision(Decision::LiveOnTarget(r.id.clone())));
        all.push(Measure::Decision(Decision::LiveAndStays(r.id.clone())));
        all.push(Measure::P80(r.id.clone()));
    }
    if plan.releases.len() > 1 {
        all.push(Measure::Decision(Decision::AllLiveAndStay));
    }
    if plan.incidents.is_some() {
        all.push(Measure::Decision(Decision::SeriousIncidents));
    }
    for id in plan.measures.keys().filter(|id| release.is_none_or(|r| r == *id)) {
        all.push(Measure::Decision(Decision::FinishByTarget(id.clone())));
        all.push(Measure::Decision(Decision::Finish(id.clone())));
        all.push(Measure::P80(id.clone()));
    }
    all.push(Measure::Decision(Decision::Cost));
    all
}

/// One figure: the plan, then its what-ifs, those that do most good first.
fn on(results: &WhatIfs, asked: &Asked, measure: &Measure, width: u16) -> Vec<String> {
    let with: Vec<(&WhatIf, Reading<'_>)> =
        asked.what_ifs.iter().filter_map(|what_if| Some((what_if, measure.reading(what_if)?))).collect();
    if with.is_empty() {
        return Vec::new();
    }
    let differences: Vec<(&WhatIf, &Difference)> = with
        .iter()
        .filter_map(|(what_if, reading)| match reading {
            Reading::Difference(difference) => Some((*what_if, *difference)),
            Reading::Shift(_) => None,
        })
        .collect();
    let shifts: Vec<(&WhatIf, &Shift)> = with
        .iter()
        .filter_map(|(what_if, reading)| match reading {
            Reading::Shift(shift) => Some((*what_if, *shift)),
            Reading::Difference(_) => None,
        })
        .collect();
    let mut out = vec![String::new()];
    if !differences.is_empty() {
        let less = if measure.more_is_better() || measure.is_probability() { "" } else { " (less is better)" };
        out.push(format!("{}{less}", plain(&measure.title(results.outlook.stays_days))));
        out.extend(difference_table(asked, differences, width));
    } else {
        let what = if shifts.iter().any(|(_, s)| matches!(s.base, Percentile::Date(_))) {
            "of the lasting go-live"
        } else {
            "of the finish, in days"
        };
        out.push(format!("{} {what}", plain(&measure.title(results.outlook.stays_days))));
        out.extend(shift_table(asked, &shifts, width));
    }
    out
}

fn difference_table(asked: &Asked, mut rows: Vec<(&WhatIf, &Difference)>, width: u16) -> Vec<String> {
    let base = rows[0].1;
    let sign = if base.more_is_better { -1.0 } else { 1.0 };
    rows.sort_by(|a, b| (sign * a.1.difference.estimate).total_cmp(&(sign * b.1.difference.estimate)));
    let mut table = new_table(&difference_header("What-if", width), width);
    let mut row = vec![format!("{} as it stands", plain(&asked.plan)), estimate(base, false)];
    if width >= WIDE {
        row.push(interval(base.base.inputs_interval));
    }
    table.add_row(row);
    let (same, other): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, d)| d.identical);
    for (what_if, difference) in &other {
        add_difference(&mut table, &plain(&what_if.question.id), difference, width);
    }
    let mut out = vec![numbers_whole(table)];
    if !same.is_empty() {
        let same: Vec<String> = same.iter().map(|(what_if, _)| plain(&what_if.question.id)).collect();
        out.push(format!("The same in every iteration: {}.", same.join(", ")));
    }
    out
}

fn difference_header(first: &str, width: u16) -> Vec<&str> {
    match width {
        WIDE.. => vec![first, "Estimate", "Inputs, 90%", "Difference", "Inputs, 90%", "Better in", ""],
        MEDIUM.. => vec![first, "Estimate", "Difference", "Inputs, 90%", "Better in", ""],
        _ => vec![first, "Estimate", "Difference", "Inputs, 90%", ""],
    }
}

fn add_difference(table: &mut Table, name: &str, difference: &Difference, width: u16) {
    let mut row = vec![name.to_owned(), estimate(difference, true)];
    if width >= WIDE {
        row.push(interval(difference.figure.inputs_interval));
    }
    row.push(unbroken(&signed(difference)));
    row.push(interval(difference.difference.inputs_interval));
    if width >= MEDIUM {
        row.push(difference.p_better_over_inputs.map_or_else(|| "–".to_owned(), wording::percent));
    }
    row.push(verdict(difference).to_owned());
    table.add_row(row);
}

fn estimate(difference: &Difference, changed: bool) -> String {
    let figure = if changed { &difference.figure } else { &difference.base };
    match difference.probability {
        true => p(figure),
        false if difference.measure == "cost" => unbroken(&wording::amount_with_error(figure)),
        false => unbroken(&wording::number_with_error(figure)),
    }
}

fn interval(ends: Option<[f64; 2]>) -> String {
    ends.map_or_else(|| "–".to_owned(), |ends| unbroken(&two_ends(ends)))
}

/// Both ends of an interval with as many decimals as its width needs.
pub(super) fn two_ends([low, high]: [f64; 2]) -> String {
    let width = (high - low).abs();
    let decimals = if low.abs() >= 100.0 || high.abs() >= 100.0 {
        0
    } else if width >= 0.05 {
        2
    } else if width == 0.0 || width >= 0.005 {
        3
    } else {
        4
    };
    let shown = |x: f64| {
        let text = format!("{x:.decimals$}");
        let size = text.trim_start_matches('-');
        // What rounds to nothing has no sign.
        if x < 0.0 && size.contains(|c: char| c.is_ascii_digit() && c != '0') {
            format!("−{size}")
        } else {
            size.to_owned()
        }
    };
    format!("{} to {}", shown(low), shown(high))
}

/// A difference with its sign and standard error.
fn signed(difference: &Difference) -> String {
    if difference.identical {
        return "0, same in all".to_owned();
    }
    wording::difference_with_error(&difference.difference)
}

fn verdict(difference: &Difference) -> &'static str {
    let better = (difference.difference.estimate > 0.0) == difference.more_is_better;
    match (difference.identical, difference.separable, better) {
        (true, ..) => "the same",
        (_, false, _) => "cannot be\nseparated",
        (_, _, true) => "better",
        (_, _, false) => "worse",
    }
}

fn shift_table(asked: &Asked, rows: &[(&WhatIf, &Shift)], width: u16) -> Vec<String> {
    let mut rows = rows.to_vec();
    let key = |shift: &Shift| shift.value.in_days().0.unwrap_or(f64::INFINITY);
    rows.sort_by(|a, b| key(a.1).total_cmp(&key(b.1)));
    let mut table = new_table(&["What-if", "P80", "95%", "Inputs, 90%", "Days later"], width);
    let cells = |name: String, value: &Percentile| {
        let [p80, sampling, inputs] = percentile(value);
        vec![name, unbroken(&p80), unbroken(&sampling), unbroken(&inputs)]
    };
    table.add_row(cells(format!("{} as it stands", plain(&asked.plan)), &rows[0].1.base));
    let (same, other): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, shift)| shift.base == shift.value);
    for (what_if, shift) in &other {
        let mut row = cells(plain(&what_if.question.id), &shift.value);
        row.push(unbroken(&later(shift)));
        table.add_row(row);
    }
    let mut out = vec![numbers_whole(table)];
    if !same.is_empty() {
        let same: Vec<String> = same.iter().map(|(what_if, _)| plain(&what_if.question.id)).collect();
        out.push(format!("The same P80: {}.", same.join(", ")));
    }
    out
}

/// A percentile, its sampling interval and its input interval.
fn percentile(value: &Percentile) -> [String; 3] {
    let days = |d: Option<f64>| d.map_or_else(|| wording::NOT_LIVE.to_owned(), wording::days);
    match value {
        Percentile::Date(date) => {
            let inputs = date.inputs_interval.map(|interval| {
                let ends = crate::analysis::outlook::DatePercentile { date: None, interval, inputs_interval: None };
                wording::date_interval(&ends).unwrap_or_else(|| wording::NOT_LIVE.to_owned())
            });
            [
                wording::date_percentile(date),
                wording::date_interval(date).unwrap_or_else(|| "that date".to_owned()),
                inputs.unwrap_or_else(|| "–".to_owned()),
            ]
        }
        Percentile::Days(d) => [
            wording::day_percentile(d),
            wording::day_interval(d).unwrap_or_else(|| "that day".to_owned()),
            d.inputs_interval.map_or_else(|| "–".to_owned(), |[a, b]| format!("{}–{}", days(a), days(b))),
        ],
    }
}

/// By how many days a percentile is later: `7`, `7 (0 to 14)`.
pub(super) fn later(shift: &Shift) -> String {
    let Some(days) = shift.days_later else { return "–".to_owned() };
    let sign = |d: f64| wording::signed(d, 2);
    match shift.interval {
        [Some(low), Some(high)] if low == high => sign(days),
        [Some(low), Some(high)] => format!("{} ({} to {})", sign(days), sign(low), sign(high)),
        [Some(low), None] => format!("{} ({} or more)", sign(days), sign(low)),
        _ => sign(days),
    }
}

/// The grid on its measure: a table of points, or for two inputs a table of rows and columns.
fn grid_text(results: &WhatIfs, grid: &Grid, measure: &Measure, width: u16) -> Vec<String> {
    let mut out = vec![String::new()];
    out.push(format!("Grid of plan {}; {}", plain(&grid.plan), plain(&measure.title(results.outlook.stays_days))));
    for axis in &grid.axes {
        if let Some(present) = axis.present {
            let is = if present.p10 == present.p90 {
                wording::days(present.p50)
            } else {
                format!("{} to {} (P10 to P90)", significant(present.p10), significant(present.p90))
            };
            out.push(format!("{} is {is} as things stand.", plain(&axis.path)));
        }
    }
    let Some(reading) = grid.points.first().and_then(|point| measure.reading(point)) else {
        out.push("The plan does not have this figure.".to_owned());
        return out;
    };
    out.push(format!("{} as it stands: {}", plain(&grid.plan), base_words(&reading)));
    out.push(String::new());
    match grid.axes.as_slice() {
        [rows, columns] if columns.values.len() <= MOST_COLUMNS => {
            let corner = format!("{} ↓  {} →", plain(&rows.path), plain(&columns.path));
            out.push(corner);
            let cells = |words: &dyn Fn(&Reading<'_>) -> String| {
                let mut header = vec![String::new()];
                header.extend(columns.values.iter().map(|value| plain(value)));
                let header: Vec<&str> = header.iter().map(String::as_str).collect();
                let mut table = new_table(&header, width);
                for (place, value) in rows.values.iter().enumerate() {
                    let own = grid.points[place * columns.values.len()..].iter().take(columns.values.len());
                    let cell = |point| measure.reading(point).map_or_else(|| "–".to_owned(), |reading| words(&reading));
                    table.add_row(std::iter::once(plain(value)).chain(own.map(cell)));
                }
                table.trim_fmt()
            };
            out.push(cells(&value_words));
            out.push(String::new());
            out.push(format!("Difference from {}", plain(&grid.plan)));
            out.push(cells(&|reading: &Reading<'_>| match reading {
                Reading::Difference(d) => {
                    let mark = if d.identical || d.separable { "" } else { " ≈" };
                    unbroken(&format!("{}{mark}", signed(d)))
                }
                Reading::Shift(shift) => unbroken(&later(shift)),
            }));
            if !matches!(measure, Measure::P80(_)) {
                out.push("≈ cannot be separated from the plan as it stands on present inputs.".to_owned());
            }
        }
        axes => {
            let names: Vec<String> = axes.iter().map(|axis| plain(&axis.path)).collect();
            out.push(points_table(grid, measure, &names.join(", "), width));
        }
    }
    out
}

fn points_table(grid: &Grid, measure: &Measure, name: &str, width: u16) -> String {
    let value_of = |place: usize| {
        let mut rest = place;
        let mut values: Vec<String> = Vec::new();
        for axis in grid.axes.iter().rev() {
            values.push(plain(&axis.values[rest % axis.values.len()]));
            rest /= axis.values.len();
        }
        values.reverse();
        values.join(", ")
    };
    let dated = matches!(measure, Measure::P80(_));
    let header =
        if dated { vec![name, "P80", "95%", "Inputs, 90%", "Days later"] } else { difference_header(name, width) };
    let mut table = new_table(&header, width);
    for (place, point) in grid.points.iter().enumerate() {
        match measure.reading(point) {
            Some(Reading::Difference(difference)) => add_difference(&mut table, &value_of(place), difference, width),
            Some(Reading::Shift(shift)) => {
                let [p80, sampling, inputs] = percentile(&shift.value).map(|cell| unbroken(&cell));
                table.add_row([value_of(place), p80, sampling, inputs, unbroken(&later(shift))]);
            }
            None => {
                table.add_row([value_of(place), "–".to_owned()]);
            }
        }
    }
    numbers_whole(table)
}

fn value_words(reading: &Reading<'_>) -> String {
    match reading {
        Reading::Difference(difference) => estimate(difference, true),
        Reading::Shift(shift) => unbroken(&percentile(&shift.value)[0]),
    }
}

fn base_words(reading: &Reading<'_>) -> String {
    match reading {
        Reading::Difference(difference) => estimate(difference, false),
        Reading::Shift(shift) => percentile(&shift.base)[0].clone(),
    }
}

/// A number with three digits that count.
fn significant(x: f64) -> String {
    let text = format!("{x:.2e}");
    text.parse::<f64>().map_or(text, |x| format!("{x}"))
}

fn closing(results: &WhatIfs) -> Vec<String> {
    let inputs = match results.outlook.inputs {
        Some(inputs) => format!(
            "Inputs, 90%: where the figure or difference lies in 90% of {} worlds that the inputs allow, {} iterations \
             each, sampling noise removed. Better in: share of these worlds in which the change is for the better. \"Cannot \
             be separated\": on present inputs the sampling interval (95%) or the inputs interval of the difference includes 0.",
            wording::count(inputs.worlds),
            wording::count(inputs.iterations_in_a_world),
        ),
        None => {
            "Input intervals were left out: what is said to be better or worse is so on these inputs only.".to_owned()
        }
    };
    let b = results.outlook.basis;
    vec![
        format!(
            "± is the standard error of sampling with {} iterations, paired: plan and what-if see the same worlds and the \
             same chance. Days later: from the two 95% intervals together, which holds at least nine times in ten.",
            wording::count(results.outlook.iterations)
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
        format!("Seed {}; golive {}.", results.outlook.seed, env!("CARGO_PKG_VERSION")),
    ]
}
