//! When releases go live, how late they are, what incidents they cause; and finish times in days.

use std::collections::BTreeMap;

use super::compose::{Case, short};
use super::compose_plans as plans;
use super::content::{Alternative, Block, Cell, Choice, Column, Figure, Kind, Section, Table, Text};
use super::figures;
use crate::analysis::outlook::{MeasureOutlook, PlanOutlook, ReleaseOutlook};
use crate::analysis::wording;
use crate::chart::{self, ChartError};
use crate::estimate::Figure as Estimate;

/// Most releases whose go-live dates are drawn one by one.
const DRAWN: usize = 4;

/// Go-live dates: every plan's S-curve, then the main plan release by release.
pub fn go_live(case: &Case<'_>) -> Result<Option<Section>, ChartError> {
    if case.plan().releases.is_empty() {
        return Ok(None);
    }
    let mut options = Vec::new();
    for (n, plan) in case.plans_main_first().enumerate().filter(|(_, plan)| !plan.releases.is_empty()) {
        options.push(Alternative {
            name: case.plan_name(plan),
            blocks: vec![Block::Figure(s_curve(case, plan, n + 1)?), Block::Table(lateness(case, plan, n + 1))],
        });
    }
    let mut blocks = vec![Block::Choice(Choice { label: "Plan".to_owned(), options })];
    let plan = case.plan();
    for (n, release) in plan.releases.iter().take(DRAWN).enumerate() {
        let chart = chart::go_live_dates(case.outlook, plan, release)?;
        let title = Text::data(&release.id).and(", ").and_data(&short(&release.title));
        let caption = title.and(": how often each date is the date of the lasting go-live");
        blocks.push(Block::Figure(Figure {
            id: format!("figure-go-live-{}", n + 1),
            number: None,
            caption: in_plan(case, caption),
            alternative: Text::words("Bars, one for each date. ").and(chart.title.clone()).and("."),
            chart,
            data: date_shares(release, n + 1),
            readable_by_date: false,
        }));
    }
    Ok(Some(Section { id: "go-live".to_owned(), heading: "Go-live dates".to_owned(), blocks }))
}

/// … in plan P1, where there are plans.
fn in_plan(case: &Case<'_>, caption: Text) -> Text {
    if case.scenario.plans.is_empty() { caption } else { caption.and(", plan ").and_data(&case.plan().id) }
}

fn s_curve(case: &Case<'_>, plan: &PlanOutlook, n: usize) -> Result<Figure, ChartError> {
    let chart = chart::s_curve(case.outlook, plan)?;
    let mut columns = vec![Column::new("By", Kind::Date, 20)];
    columns.extend(plan.releases.iter().map(|r| Column::new(wording::plain(&r.id, 60), Kind::Probability, 20)));
    let mut dates: BTreeMap<jiff::civil::Date, Vec<Option<Estimate>>> = BTreeMap::new();
    for (i, release) in plan.releases.iter().enumerate() {
        for d in &release.dates {
            dates.entry(d.date).or_insert_with(|| vec![None; plan.releases.len()])[i] = Some(d.cumulative);
        }
    }
    // Between its own dates a release stays as likely live as it was.
    let mut last: Vec<Option<Estimate>> = vec![None; plan.releases.len()];
    let rows = dates.into_iter().map(|(date, figures)| {
        let mut cells = vec![Cell::date(date)];
        for (last, figure) in last.iter_mut().zip(figures) {
            *last = figure.or(*last);
            cells.push(last.as_ref().map_or_else(|| Cell::number(Text::words("0"), 0.0), share));
        }
        cells
    });
    let words = "Share of iterations that are live, for good, by each date, with its 95% sampling interval";
    let data = Table::new(format!("table-s-curve-{n}"), Text::words(words), columns, rows.collect());
    let caption = Text::words("Probability of being live, for good, by each date");
    let caption = if case.scenario.plans.is_empty() { caption } else { caption.and(", plan ").and_data(&plan.id) };
    Ok(Figure {
        id: format!("figure-s-curve-{n}"),
        number: None,
        caption,
        alternative: Text::words("S-curves, one for each release. ").and(chart.title.clone()).and("."),
        chart,
        data,
        readable_by_date: true,
    })
}

/// A share with its 95% sampling interval: `0.738 (0.736–0.740)`.
fn share(figure: &Estimate) -> Cell {
    let [low, high] = figure.interval;
    let text = format!("{:.3} ({low:.3}–{high:.3})", figure.estimate);
    Cell::number(Text::words(text), figure.estimate)
}

/// Dates and lateness of a plan's releases.
fn lateness(case: &Case<'_>, plan: &PlanOutlook, n: usize) -> Table {
    let stays = case.outlook.stays_days;
    let consent = plan.releases.iter().any(|r| r.p_consent_needed.is_some());
    let mut columns = vec![
        Column::new("Release", Kind::Text, 20),
        Column::new("Planned for", Kind::Date, 13),
        Column::new("P(live on that date)", Kind::Probability, 15),
        Column::new(format!("… and stays {stays} days"), Kind::Probability, 15),
        Column::new("Days late if missed: P50", Kind::Number, 12),
        Column::new("P80", Kind::Number, 12),
        Column::new("P95", Kind::Number, 12),
        Column::new("P(not live by the horizon)", Kind::Probability, 15),
    ];
    if consent {
        columns.push(Column::new("P(consent needed)", Kind::Probability, 15));
    }
    let rows = plan.releases.iter().map(|r| {
        let day = |cell: Option<Cell>| cell.unwrap_or_else(figures::none);
        let delay = r.delay_if_missed.as_ref();
        let mut cells = vec![
            Text::default().and_strong(&r.id).and_break().and_data(&short(&r.title)).into(),
            Cell::date(r.target),
            figures::probability(&r.p_live_on_target),
            figures::probability(&r.p_live_on_target_and_stays),
            day(delay.map(|d| figures::days(&d.p50))),
            day(delay.map(|d| figures::days(&d.p80))),
            day(delay.map(|d| figures::days(&d.p95))),
            figures::probability(&r.p_not_live_by_horizon),
        ];
        if consent {
            cells.push(consent_cell(r));
        }
        cells
    });
    let caption = Text::words("If the date is missed: how late");
    let caption = if case.scenario.plans.is_empty() { caption } else { caption.and(", plan ").and_data(&plan.id) };
    let table = Table::new(format!("table-lateness-{n}"), caption, columns, rows.collect());
    match case.outlook.horizon {
        Some(horizon) => table.note(Text::words(format!("Horizon: {}.", wording::date(horizon)))),
        None => table,
    }
}

fn consent_cell(release: &ReleaseOutlook) -> Cell {
    let Some(needed) = &release.p_consent_needed else {
        return Cell::words("none needed");
    };
    let mut cell = figures::probability(needed);
    if let Some(date) = release.if_consent_needed.and_then(|c| c.earliest) {
        let words = format!("not before {}", wording::short_date(date));
        cell.text = cell.text.and_break().and_minor(words);
    }
    cell
}

fn date_shares(release: &ReleaseOutlook, n: usize) -> Table {
    let columns = vec![
        Column::new("Date", Kind::Date, 20),
        Column::new("Iterations", Kind::Count, 20),
        Column::new("Share", Kind::Probability, 20),
        Column::new("Live by then (95% sampling)", Kind::Probability, 40),
    ];
    let rows = release.dates.iter().map(|d| {
        vec![
            Cell::date(d.date),
            Cell::number(Text::words(wording::count(d.count)), d.count as f64),
            Cell::number(Text::words(wording::percent(d.share)), d.share),
            share(&d.cumulative),
        ]
    });
    let caption = Text::data(&release.id).and(": dates of the lasting go-live");
    Table::new(format!("table-go-live-{n}"), caption, columns, rows.collect())
}

/// Finish times in days, of scenarios without go-live dates.
pub fn measures(case: &Case<'_>) -> Result<Option<Section>, ChartError> {
    let mut blocks = Vec::new();
    let columns = ["Mean", "P10", "P50", "P80", "P90", "P95"];
    let mut rows = Vec::new();
    for plan in &case.outlook.plans {
        for (id, m) in &plan.measures {
            let name = Text::default().and_strong(id).and_break().and_data(&short(&m.title));
            let name = if case.outlook.plans.len() > 1 { name.and_break().and_minor(short(&plan.id)) } else { name };
            let mut cells: Vec<Cell> = vec![name.into(), figures::number(&m.mean)];
            cells.extend([&m.p10, &m.p50, &m.p80, &m.p90, &m.p95].map(figures::days));
            cells.push(figures::probability_or_none(m.p_by_target.as_ref()));
            rows.push(cells);
        }
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let mut headings = vec![Column::new("Finish time, days", Kind::Text, 22)];
    headings.extend(columns.map(|c| Column::new(c, Kind::Number, 12)));
    headings.push(Column::new("P(by the target)", Kind::Probability, 14));
    let caption = Text::words("Finish times in days");
    blocks.push(Block::Table(Table::new("table-measures", caption, headings, rows)));
    for (n, (id, measure)) in case.plan().measures.iter().take(6).enumerate() {
        let chart = chart::measure_curve(case.outlook, case.plan(), id, measure)?;
        blocks.push(Block::Figure(Figure {
            id: format!("figure-measure-{}", n + 1),
            number: None,
            caption: Text::data(&short(&measure.title)).and(": probability of being finished by each day"),
            alternative: Text::words("An S-curve. ").and(chart.title.clone()).and("."),
            chart,
            data: curve(measure, n + 1),
            readable_by_date: false,
        }));
    }
    Ok(Some(Section { id: "finish".to_owned(), heading: "Finish times".to_owned(), blocks }))
}

fn curve(measure: &MeasureOutlook, n: usize) -> Table {
    let columns = vec![
        Column::new("Days", Kind::Number, 30),
        Column::new("Finished by then (95% sampling)", Kind::Probability, 70),
    ];
    let rows = measure
        .curve
        .iter()
        .map(|point| vec![Cell::number(Text::words(wording::days(point.days)), point.days), share(&point.share)]);
    let caption = Text::words("Share of iterations finished by each day");
    Table::new(format!("table-curve-{n}"), caption, columns, rows.collect())
}

/// Incidents after go-live, plan by plan.
pub fn incidents(case: &Case<'_>) -> Result<Option<Section>, ChartError> {
    let with_incidents: Vec<&PlanOutlook> = case.outlook.plans.iter().filter(|p| p.incidents.is_some()).collect();
    let Some(first) = with_incidents.first().and_then(|plan| plan.incidents.as_ref()) else {
        return Ok(None);
    };
    // A category that no plan has incidents of says nothing.
    let occurs = |category: &&String| {
        let of = |plan: &PlanOutlook| plan.incidents.as_ref()?.extra.get(*category).map(|m| m.mean.estimate);
        with_incidents.iter().any(|plan| of(plan).is_some_and(|mean| mean > 0.0))
    };
    let categories: Vec<&String> = first.extra.keys().filter(occurs).collect();
    let processes: Vec<&String> = first.background.keys().collect();
    let mut columns = vec![Column::new("Plan", Kind::Id, 10)];
    columns.extend(categories.iter().map(|c| Column::new(format!("Extra, Category {c}"), Kind::Number, 14)));
    columns.push(Column::new("P(at least one extra of Category 1 or 2)", Kind::Probability, 16));
    columns.extend(
        processes.iter().map(|id| Column::new(format!("Background {}", wording::plain(id, 40)), Kind::Number, 14)),
    );
    let restore = first.days_in_extra_incidents.is_some();
    if restore {
        columns.push(Column::new("Days in extra incidents", Kind::Number, 14));
    }
    let rows = with_incidents.iter().filter_map(|plan| {
        let i = plan.incidents.as_ref()?;
        let mut cells = vec![Cell::data(&plan.id)];
        cells.extend(categories.iter().map(|c| figures::mean_or_none(i.extra.get(*c))));
        cells.push(figures::probability(&i.p_extra_category_1_or_2));
        cells.extend(processes.iter().map(|id| figures::mean_or_none(i.background.get(*id))));
        if restore {
            cells.push(figures::mean_or_none(i.days_in_extra_incidents.as_ref()));
        }
        Some(cells)
    });
    let rows = rows.collect();
    let caption = "Incidents in early-life support: mean numbers, those that releases cause apart from the background";
    let table = Table::new("table-incidents", Text::words(caption), columns, rows).note(Text::words(format!(
        "Extra: caused by the releases, back-outs and added load included. Background: what the existing service has anyway, \
         over {} days from the plan's first lasting go-live. Days: sum of the times to restore.",
        wording::days(first.period_days)
    )));
    let words = "What the releases add is counted apart from what the existing service has anyway: a background incident \
                 during early-life support is not the release's, though it will be felt as such.";
    let mut blocks = vec![Block::Paragraph(Text::words(words)), Block::Table(table)];
    let serious = |c: &crate::analysis::Comparison| {
        c.rankings.iter().position(|r| r.measure == "extra_category_1_or_2" && r.plans.len() > 1)
    };
    if let Some((comparison, at)) = case.comparison.and_then(|c| Some((c, serious(c)?))) {
        blocks.push(Block::Figure(plans::ranked(comparison, &comparison.rankings[at], "incidents")?));
    }
    Ok(Some(Section { id: "incidents".to_owned(), heading: "Incidents after go-live".to_owned(), blocks }))
}
