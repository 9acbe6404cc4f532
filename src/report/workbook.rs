//! The sheets of the workbook: tidy tables, a figure a cell, to be filtered, sorted and charted.
//!
//! Where the other faces write "0.812 ± 0.001 [0.76–0.87]" in one cell, a sheet has a column for each of the numbers.

use super::compose::{Case, short};
use super::compose_paper::status_word;
use super::content::{Cell, Column, Kind, Sheet, Table, Text};
use super::register_sheet;
use crate::analysis::outlook::{DatePercentile, DayPercentile};
use crate::analysis::wording;
use crate::estimate::Figure;
use crate::scenario::natural_order;

/// All sheets, in order.
pub fn sheets(case: &Case<'_>) -> Vec<Sheet> {
    let mut sheets = vec![summary(case)];
    if case.outlook.plans.iter().any(|p| !p.releases.is_empty()) {
        sheets.push(plans(case));
        sheets.push(dates(case));
    }
    sheets.extend(pairs(case));
    sheets.extend(incidents(case));
    sheets.extend(measures(case));
    sheets.extend(register_sheet::risks(case));
    sheets.extend(register_sheet::numbers(case));
    sheets.extend(scope(case));
    sheets.extend(criteria(case));
    sheets
}

/// A sheet that is only read.
fn sheet(name: &'static str, heading: Text, words: Vec<Text>, table: Table) -> Sheet {
    Sheet { name, heading, words, table, editable: Vec::new() }
}

fn numeric(heading: impl Into<String>, kind: Kind) -> Column {
    Column::new(heading, kind, 12)
}

/// Columns of a figure: estimate, error, and both intervals.
fn figure_columns(name: &str, kind: Kind) -> Vec<Column> {
    vec![
        numeric(name, kind),
        numeric(format!("{name}: standard error"), kind),
        numeric(format!("{name}: sampling 95%, low"), kind),
        numeric(format!("{name}: sampling 95%, high"), kind),
        numeric(format!("{name}: inputs 90%, low"), kind),
        numeric(format!("{name}: inputs 90%, high"), kind),
    ]
}

fn figure_cells(figure: Option<&Figure>) -> Vec<Cell> {
    let Some(f) = figure else { return vec![Cell::default(); 6] };
    let inputs = f.inputs_interval.map_or([None, None], |[low, high]| [Some(low), Some(high)]);
    let numbers =
        [Some(f.estimate), Some(f.standard_error), Some(f.interval[0]), Some(f.interval[1]), inputs[0], inputs[1]];
    numbers.into_iter().map(|n| n.map_or_else(Cell::default, number)).collect()
}

/// A number whose words are its digits.
pub fn number(n: f64) -> Cell {
    Cell::number(Text::words(n.to_string()), n)
}

fn date(percentile: &DatePercentile) -> Cell {
    percentile.date.map_or_else(|| Cell::words(wording::NOT_LIVE), Cell::date)
}

fn days(percentile: Option<&DayPercentile>) -> Cell {
    match percentile {
        Some(p) => p.days.map_or_else(|| Cell::words(wording::NOT_LIVE), number),
        None => Cell::default(),
    }
}

fn summary(case: &Case<'_>) -> Sheet {
    let o = case.outlook;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut say = |name: &str, cell: Cell| rows.push(vec![Cell::words(name), cell]);
    say("Scenario", Cell::data(&o.scenario));
    if let Some(description) = &case.scenario.scenario.description {
        say("Decision", Cell::data(description));
    }
    say("Plan in full", case.plan_name(case.plan()).into());
    let day = |d: Option<jiff::civil::Date>| d.map_or_else(Cell::default, Cell::date);
    say("As known on", day(o.data_date));
    say("Horizon", day(o.horizon));
    say("Iterations of each plan", number(o.iterations as f64));
    say("Seed", number(o.seed as f64));
    if let Some(inputs) = o.inputs {
        say("Worlds for input intervals", number(inputs.worlds as f64));
        say("Iterations in each world", number(inputs.iterations_in_a_world as f64));
    }
    let b = o.basis;
    for (name, n) in [("stated", b.stated), ("derived", b.derived), ("base rates", b.base_rate), ("assumed", b.assumed)]
    {
        say(&format!("Uncertain numbers: {name}"), number(f64::from(n)));
    }
    say("golive", Cell::data(&case.manifest.golive));
    for input in &case.manifest.inputs {
        say(&format!("SHA-256 of {}", wording::plain(&input.file, 100)), Cell::data(&input.sha256));
    }
    let columns = vec![Column::new("What", Kind::Text, 32), Column::new("Value", Kind::Text, 90)];
    let words = vec![
        Text::words(
            "± and “standard error” are of sampling; “sampling 95%” is its interval. “inputs 90%” is where a figure lies in 90% of the worlds that the inputs allow. They are never mixed.",
        ),
        Text::words(
            "The sheets Register and Numbers can be edited, in the shaded columns, and read back: golive import SCENARIO THIS-FILE.",
        ),
    ];
    sheet("Summary", Text::data(&o.title), words, Table::new("sheet-summary", Text::words("Summary"), columns, rows))
}

fn plans(case: &Case<'_>) -> Sheet {
    let stays = case.outlook.stays_days;
    let mut columns = vec![
        Column::new("Plan", Kind::Id, 8),
        Column::new("Title", Kind::Text, 44),
        Column::new("Release", Kind::Id, 10),
        numeric("Planned for", Kind::Date),
    ];
    columns.extend(figure_columns("P(live on date)", Kind::Probability));
    columns.extend(figure_columns(&format!("P(live on date and stays {stays} days)"), Kind::Probability));
    columns.extend(["P10", "P50", "P80", "P90", "P95"].map(|p| numeric(format!("Go-live {p}"), Kind::Date)));
    columns.extend(["P50", "P80", "P95"].map(|p| numeric(format!("Days late if missed {p}"), Kind::Number)));
    columns.extend(figure_columns("P(not live by the horizon)", Kind::Probability));
    columns.extend(figure_columns("P(No-Go)", Kind::Probability));
    columns.extend(figure_columns("P(backed out)", Kind::Probability));
    columns.extend(figure_columns("P(consent needed)", Kind::Probability));
    let mut rows = Vec::new();
    for plan in &case.outlook.plans {
        for r in &plan.releases {
            let mut row = vec![Cell::data(&plan.id), Cell::data(&plan.title), Cell::data(&r.id), Cell::date(r.target)];
            row.extend(figure_cells(Some(&r.p_live_on_target)));
            row.extend(figure_cells(Some(&r.p_live_on_target_and_stays)));
            let g = &r.go_live;
            row.extend([&g.p10, &g.p50, &g.p80, &g.p90, &g.p95].map(date));
            let late = r.delay_if_missed.as_ref();
            row.extend([late.map(|d| &d.p50), late.map(|d| &d.p80), late.map(|d| &d.p95)].map(days));
            row.extend(figure_cells(Some(&r.p_not_live_by_horizon)));
            row.extend(figure_cells(Some(&r.p_no_go)));
            row.extend(figure_cells(Some(&r.p_backed_out)));
            row.extend(figure_cells(r.p_consent_needed.as_ref()));
            rows.push(row);
        }
    }
    let table = Table::new("sheet-plans", Text::words("Plans"), columns, rows);
    sheet("Plans", Text::words("Plans: a row for each release of each plan"), Vec::new(), table)
}

fn dates(case: &Case<'_>) -> Sheet {
    let columns = vec![
        Column::new("Plan", Kind::Id, 8),
        Column::new("Release", Kind::Id, 10),
        numeric("Date", Kind::Date),
        numeric("Iterations", Kind::Count),
        numeric("Share", Kind::Probability),
        numeric("Live by then", Kind::Probability),
        numeric("Sampling 95%, low", Kind::Probability),
        numeric("Sampling 95%, high", Kind::Probability),
    ];
    let mut rows = Vec::new();
    for plan in &case.outlook.plans {
        for release in &plan.releases {
            for d in &release.dates {
                let [low, high] = d.cumulative.interval;
                rows.push(vec![
                    Cell::data(&plan.id),
                    Cell::data(&release.id),
                    Cell::date(d.date),
                    number(d.count as f64),
                    number(d.share),
                    number(d.cumulative.estimate),
                    number(low),
                    number(high),
                ]);
            }
        }
    }
    let words = vec![Text::words(
        "A row for each date that was ever the lasting go-live. Between two dates nothing goes live: the curves are steps.",
    )];
    let table = Table::new("sheet-dates", Text::words("Go-live dates"), columns, rows);
    sheet("Go-live dates", Text::words("Dates of the lasting go-live"), words, table)
}

fn pairs(case: &Case<'_>) -> Option<Sheet> {
    let comparison = case.comparison.filter(|c| !c.pairs.is_empty())?;
    let mut columns = vec![
        Column::new("Plan", Kind::Id, 8),
        Column::new("against", Kind::Id, 8),
        Column::new("Figure", Kind::Text, 48),
        Column::new("Key", Kind::Text, 34),
    ];
    columns.extend(figure_columns("Difference", Kind::Number));
    columns.push(numeric("Better in share of worlds", Kind::Probability));
    columns.push(Column::new("Verdict", Kind::Text, 20));
    let rows = comparison.pairs.iter().map(|pair| {
        let figure = Figure { inputs_interval: pair.inputs_interval, ..pair.difference };
        let mut row = vec![
            Cell::data(&pair.a),
            Cell::data(&pair.b),
            Cell::words(wording::measure(&pair.measure, case.outlook.stays_days)),
            Cell::data(&pair.measure),
        ];
        row.extend(figure_cells(Some(&figure)));
        row.push(pair.p_a_better_over_inputs.map_or_else(Cell::default, number));
        row.push(Cell::words(match (pair.identical, pair.separable) {
            (true, _) => "the same",
            (_, true) => "separable",
            _ => "cannot be separated",
        }));
        row
    });
    let table = Table::new("sheet-pairs", Text::words("Comparison pairs"), columns, rows.collect());
    let words = vec![Text::words(
        "The first plan less the second, on the same random numbers. Separable: both intervals exclude 0.",
    )];
    Some(sheet("Comparison pairs", Text::words("Every pair of plans on every decision figure"), words, table))
}

fn incidents(case: &Case<'_>) -> Option<Sheet> {
    let plans = || case.outlook.plans.iter().filter_map(|plan| Some((plan, plan.incidents.as_ref()?)));
    plans().next()?;
    let mut columns = vec![Column::new("Plan", Kind::Id, 8), Column::new("Incidents", Kind::Text, 44)];
    columns.extend(figure_columns("Mean", Kind::Number));
    columns.push(numeric("Standard deviation", Kind::Number));
    let mut rows = Vec::new();
    for (plan, i) in plans() {
        let extra = i.extra.iter().map(|(c, mean)| (format!("Extra, Category {c}"), mean));
        let serious = std::iter::once(("Extra, Category 1 or 2".to_owned(), &i.extra_category_1_or_2));
        let background =
            i.background.iter().map(|(id, mean)| (format!("Background {}", wording::plain(id, 100)), mean));
        let days =
            [("Days in all incidents", &i.days_in_incidents), ("Days in extra incidents", &i.days_in_extra_incidents)];
        let days = days.into_iter().filter_map(|(name, mean)| Some((name.to_owned(), mean.as_ref()?)));
        for (name, mean) in extra.chain(serious).chain(background).chain(days) {
            let mut row = vec![Cell::data(&plan.id), Cell::words(name)];
            row.extend(figure_cells(Some(&mean.mean)));
            row.push(number(mean.standard_deviation));
            rows.push(row);
        }
    }
    let table = Table::new("sheet-incidents", Text::words("Incidents"), columns, rows);
    Some(sheet("Incidents", Text::words("Incidents in early-life support: mean numbers"), Vec::new(), table))
}

fn measures(case: &Case<'_>) -> Option<Sheet> {
    if case.outlook.plans.iter().all(|p| p.measures.is_empty()) {
        return None;
    }
    let mut columns = vec![
        Column::new("Plan", Kind::Id, 8),
        Column::new("Measure", Kind::Id, 16),
        Column::new("Title", Kind::Text, 44),
    ];
    columns.extend(figure_columns("Mean, days", Kind::Number));
    columns.extend(["P10", "P50", "P80", "P90", "P95"].map(|p| numeric(p, Kind::Number)));
    columns.push(numeric("Target", Kind::Number));
    columns.extend(figure_columns("P(by the target)", Kind::Probability));
    let mut rows = Vec::new();
    for plan in &case.outlook.plans {
        for (id, m) in &plan.measures {
            let mut row = vec![Cell::data(&plan.id), Cell::data(id), Cell::data(&short(&m.title))];
            row.extend(figure_cells(Some(&m.mean)));
            row.extend([&m.p10, &m.p50, &m.p80, &m.p90, &m.p95].map(|p| days(Some(p))));
            row.push(m.target.map_or_else(Cell::default, number));
            row.extend(figure_cells(m.p_by_target.as_ref()));
            rows.push(row);
        }
    }
    let table = Table::new("sheet-measures", Text::words("Finish times"), columns, rows);
    Some(sheet("Finish times", Text::words("Finish times in days"), Vec::new(), table))
}

fn scope(case: &Case<'_>) -> Option<Sheet> {
    if case.outlook.plans.iter().all(|p| p.scope.is_empty()) {
        return None;
    }
    let mut columns = vec![
        Column::new("Plan", Kind::Id, 8),
        Column::new("Item", Kind::Id, 14),
        Column::new("Title", Kind::Text, 44),
        Column::new("Ships with", Kind::Id, 10),
        numeric("Decide by", Kind::Date),
        Column::new("Changes systems", Kind::Text, 10),
    ];
    columns.extend(figure_columns("P(ships)", Kind::Probability));
    columns.push(Column::new("Status as reported", Kind::Text, 44));
    columns.push(Column::new("Source", Kind::Text, 24));
    let mut rows = Vec::new();
    for plan in &case.outlook.plans {
        for item in &plan.scope {
            let written = case.scenario.scope.get(&item.id);
            let mut row = vec![
                Cell::data(&plan.id),
                Cell::data(&item.id),
                Cell::data(&item.title),
                Cell::data(&item.release),
                item.deadline.map_or_else(Cell::default, Cell::date),
                Cell::words(if item.system_impact { "yes" } else { "no" }),
            ];
            row.extend(figure_cells(Some(&item.p_ships)));
            let words = |text: Option<&String>| text.map_or_else(Cell::default, |t| Cell::data(t));
            row.push(words(written.and_then(|w| w.status.as_ref())));
            row.push(words(written.and_then(|w| w.source.as_ref())));
            rows.push(row);
        }
    }
    let table = Table::new("sheet-scope", Text::words("Scope"), columns, rows);
    Some(sheet("Scope", Text::words("Scope: what ships"), Vec::new(), table))
}

fn criteria(case: &Case<'_>) -> Option<Sheet> {
    let criteria = &case.scenario.criteria;
    if criteria.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("Criterion", Kind::Id, 12),
        Column::new("Text", Kind::Text, 60),
        Column::new("Gate", Kind::Id, 12),
        Column::new("Can stop", Kind::Text, 14),
        Column::new("Status reported", Kind::Text, 14),
        Column::new("Concern", Kind::Text, 60),
        Column::new("Reviewed by", Kind::Text, 16),
        Column::new("Source", Kind::Text, 24),
    ];
    let words = |text: Option<&String>| text.map_or_else(Cell::default, |t| Cell::data(t));
    let rows = natural_order(criteria.keys()).into_iter().map(|id| {
        let c = &criteria[id];
        vec![
            Cell::data(id),
            Cell::data(&c.text),
            Cell::data(&c.gate),
            Cell::data(&c.releases.as_ref().map_or_else(|| "all".to_owned(), |r| r.join(", "))),
            Cell::words(status_word(c.status)),
            words(c.concern.as_ref()),
            words(c.owner.as_ref()),
            words(c.source.as_ref()),
        ]
    });
    let table = Table::new("sheet-criteria", Text::words("Criteria"), columns, rows.collect());
    let note = vec![Text::words("A status is what the reviewers reported; it enters no figure.")];
    Some(sheet("Criteria", Text::words("Acceptance criteria"), note, table))
}
