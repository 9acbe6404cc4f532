//! The gate: what it can see, what each policy would let through and stop, what turning the Amber Green would do.
//!
//! In: what `analysis::gate` found. Out: the blocks that stand before the acceptance criteria. The picture of a gate's
//! errors is that of the first release; others stand in the output of `golive gate`.

use super::compose::short;
use super::content::{Block, Cell, Column, Figure, Kind, Table, Text};
use super::figures::{self, NONE, unbroken};
use crate::analysis::gate::{Against, GateReport, Policy, ReleaseAtGate, Seen, ThresholdPoint};
use crate::analysis::outlook::Outlook;
use crate::analysis::wording;
use crate::chart::{self, ChartError};
use crate::estimate::Figure as Estimate;

/// Most patterns of what a gate can see that are shown.
const PATTERNS: usize = 8;

/// The blocks of the gate.
///
/// # Errors
/// None that depends on the report.
pub fn blocks(report: &GateReport, outlook: &Outlook) -> Result<Vec<Block>, ChartError> {
    let mut blocks: Vec<Block> = assumptions(report).into_iter().map(Block::Paragraph).collect();
    for (n, release) in report.releases.iter().enumerate() {
        blocks.push(Block::Table(policies(report, release, n)));
    }
    let Some(release) = report.releases.first() else { return Ok(blocks) };
    blocks.push(Block::Table(seen(report, release)));
    // A gate that sees one thing alone has nothing to trade.
    if release.thresholds.len() > 1
        && let Some(chart) = chart::render_gate(report, outlook)?.into_iter().next()
    {
        blocks.push(Block::Figure(Figure {
            id: "figure-gate-errors".to_owned(),
            number: None,
            caption: Text::data(&release.id).and(": what each threshold on the forecast would let through and stop"),
            alternative: Text::words("Wrong Go against wrong No-Go, a point for each threshold. ")
                .and(chart.title.clone()),
            chart,
            data: thresholds(release),
            readable_by_date: false,
        }));
    }
    Ok(blocks)
}

/// What is taken for granted of the gate's eyes, and of what a wrong Go costs.
fn assumptions(report: &GateReport) -> Vec<Text> {
    let erring: Vec<String> =
        report.criteria.iter().filter(|c| c.observed_with_error).map(|c| wording::plain(&c.id, 60)).collect();
    let seen = if erring.is_empty() {
        "The scenario says nothing of errors of observation: the gate sees each criterion as it is, by assumption."
            .to_owned()
    } else {
        format!("What the gate sees of {} can differ from what is true.", erring.join(", "))
    };
    let follows = if report.wrong_go_has_consequences {
        "A wrong Go has consequences here: risks of the register ask for it."
    } else {
        "A wrong Go has no consequences here: no risk asks whether a release was deployed with a criterion unmet. So heeding \
         less can only look better, and more evidence can only look idle."
    };
    vec![Text::words(format!("{seen} {follows}"))]
}

/// Every policy, and what it does to a release.
fn policies(report: &GateReport, release: &ReleaseAtGate, n: usize) -> Table {
    let stays = format!("P(on date, stays {} days)", report.stays_days);
    let columns = vec![
        Column::new("Policy or evidence", Kind::Text, 34),
        Column::new("P(Go)", Kind::Probability, 16),
        Column::new("P(wrong Go)", Kind::Probability, 16),
        Column::new("P(wrong No-Go)", Kind::Probability, 16),
        Column::new(stays, Kind::Probability, 16),
        Column::new("P80", Kind::Date, 15),
    ];
    let green = report.amber.as_ref().map(|amber| &amber.turned_green);
    let all = report.policies.iter().chain(green).chain(&report.evidence);
    let rows = all.filter_map(|policy| {
        let of = policy.releases.get(n)?;
        let name = Text::default().and_strong(&name(report, policy)).and_break().and_minor(short(&policy.title));
        Some(vec![
            name.into(),
            against(&of.p_go),
            against(&of.p_wrong_go),
            against(&of.p_wrong_no_go),
            against(&of.p_live_on_target_and_stays),
            figures::date(&of.p80),
        ])
    });
    let gate = release.gate.map_or_else(String::new, |day| format!(", gate on {}", wording::date(day)));
    let caption = Text::data(&release.id)
        .and(format!(", planned for {}{gate}: policies of the gate", wording::date(release.target)));
    Table::new(format!("table-policies-{}", n + 1), caption, columns, rows.collect()).note(Text::words(
        "In brackets: less the plan as it stands (all Green), iteration by iteration. ± standard error of sampling. Wrong Go: \
         let through although a criterion is not met, heeded or not; wrong No-Go: stopped although all are met.",
    ))
}

/// A figure, and below it what it is less that of the plan as it stands.
fn against(against: &Against) -> Cell {
    let figure = &against.figure;
    let mut text = Text::words(unbroken(&wording::probability_with_error(figure)));
    if let Some(difference) = &against.difference {
        let same = difference.estimate == 0.0 && difference.standard_error == 0.0;
        let words = if same { "the same".to_owned() } else { wording::difference_with_error(difference) };
        text = text.and_break().and_minor(format!("[{}]", unbroken(&words)));
    }
    Cell::number(text, figure.estimate)
}

fn name(report: &GateReport, policy: &Policy) -> String {
    match policy.id.as_str() {
        "all-green" => "All Green".to_owned(),
        "amber-allowed" => "Amber allowed".to_owned(),
        "threshold" => format!("Threshold {}", report.threshold),
        "amber-turned-green" => "Amber turned Green".to_owned(),
        "perfect-observation" => "Perfect observation".to_owned(),
        "next-window" => "Next window".to_owned(),
        id => wording::plain(id.split_once(':').map_or(id, |(_, id)| id), 60),
    }
}

/// What the gate can see, and what it can forecast from that.
fn seen(report: &GateReport, release: &ReleaseAtGate) -> Table {
    let columns = vec![
        Column::new("Seen as not met", Kind::Text, 28),
        Column::new("How often", Kind::Probability, 17),
        Column::new("P(all met)", Kind::Probability, 17),
        Column::new("Forecast", Kind::Probability, 17),
        Column::new("Came true", Kind::Probability, 17),
        Column::new(format!("Threshold {}", report.threshold), Kind::Text, 13),
    ];
    let given = |figure: &Option<Estimate>| figures::probability_or_none(figure.as_ref());
    let row = |seen: &Seen| {
        let pattern = match &seen.not_met {
            Some(ids) if ids.is_empty() => "nothing".to_owned(),
            Some(ids) => ids.join(", "),
            None => "rarer patterns".to_owned(),
        };
        vec![
            Cell::data(&pattern),
            figures::probability(&seen.p_seen),
            given(&seen.p_all_met),
            given(&seen.forecast),
            given(&seen.came_true),
            Cell::words(if seen.go { "Go" } else { "No-Go" }),
        ]
    };
    let rows = release.seen.iter().take(PATTERNS).map(row).collect();
    let caption = Text::data(&release.id).and(": what its gate can see, and what it can forecast from that");
    let mut table = Table::new("table-seen", caption, columns, rows).note(Text::words(
        "Forecast: let through, the release is deployed in that window and kept. It is fitted on other iterations than those \
         in which it came true.",
    ));
    if release.seen.len() > 1 && !release.forecasts_differ {
        table = table.note(Text::words(
            "These forecasts do not differ by more than sampling error: what the gate sees tells nothing of whether the \
             deployment stays, so a threshold on them decides by noise.",
        ));
    }
    table
}

/// The points of the picture of a gate's errors.
fn thresholds(release: &ReleaseAtGate) -> Table {
    let columns = vec![
        Column::new("Threshold", Kind::Number, 20),
        Column::new("P(Go)", Kind::Probability, 20),
        Column::new("P(wrong Go)", Kind::Probability, 20),
        Column::new("P(wrong No-Go)", Kind::Probability, 20),
        Column::new("P(on date and stays)", Kind::Probability, 20),
    ];
    let row = |point: &ThresholdPoint| {
        let threshold = point.threshold;
        vec![
            threshold.map_or_else(|| Cell::words(NONE), |t| Cell::number(Text::words(wording::significant(t, 3)), t)),
            figures::probability(&point.p_go),
            figures::probability(&point.p_wrong_go),
            figures::probability(&point.p_wrong_no_go),
            figures::probability(&point.p_live_on_target_and_stays),
        ]
    };
    let rows = release.thresholds.iter().map(row).collect();
    let caption = Text::data(&release.id).and(": thresholds at which the rule changes, strictest first");
    Table::new("table-thresholds", caption, columns, rows)
}
