//! How the figures came about, and how to get them again.

use super::compose::Case;
use super::content::{Block, Cell, Column, Kind, Section, Table, Text};
use crate::analysis::wording;
use crate::estimate::Figure;

/// What was simulated, how much of it, and what the two uncertainties mean.
pub fn method(case: &Case<'_>) -> Section {
    let mut blocks = vec![Block::Paragraph(simulated(case)), Block::Paragraph(effort(case))];
    blocks.extend(convergence(case).map(Block::Paragraph));
    blocks.push(Block::Paragraph(uncertainties(case)));
    blocks.push(Block::Paragraph(bases(case)));
    blocks.push(Block::Paragraph(participants(case)));
    Section { id: "method".to_owned(), heading: "Method".to_owned(), blocks }
}

fn simulated(case: &Case<'_>) -> Text {
    let s = &case.scenario;
    let o = case.outlook;
    let counted = |n: usize, one: &str, more: &str| match n {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {more}")),
    };
    let risks = s.risks.values().filter(|r| r.enabled != Some(false)).count();
    let parts: Vec<String> = [
        counted(case.release_ids().len(), "release", "releases"),
        counted(s.activities.len(), "activity", "activities"),
        counted(s.criteria.len(), "acceptance criterion", "acceptance criteria"),
        counted(risks, "risk", "risks"),
        counted(s.processes.len(), "background incident process", "background incident processes"),
        counted(o.plans.len(), "plan", "plans"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut text = Text::words(format!("Monte Carlo simulation of {}. ", parts.join(", ")));
    if let (Some(from), Some(to)) = (o.data_date, o.horizon) {
        text = text.and(format!(
            "Each iteration plays the time from {} to {}: work, gates, deployment windows, back-outs, early-life support. A \
             release that is not live by then is counted as not live and has no date. ",
            wording::date(from),
            wording::date(to)
        ));
    }
    text.and(
        "What is unknown of this world (probabilities, rates, factors) is drawn once an iteration; what varies by nature \
         (whether a risk occurs, how long work takes) on every occasion.",
    )
}

fn effort(case: &Case<'_>) -> Text {
    let o = case.outlook;
    let mut text = Text::words(format!("{} iterations of every plan, seed {}. ", wording::count(o.iterations), o.seed));
    if o.plans.len() > 1 {
        text = text.and(
            "All plans see the same chance (common random numbers), so that a difference of two plans is theirs and not luck's. ",
        );
    }
    if let Some(inputs) = o.inputs {
        text = text.and(format!(
            "Input intervals come from {} worlds, each with its own draw of all that is unknown and {} iterations.",
            wording::count(inputs.worlds),
            wording::count(inputs.iterations_in_a_world)
        ));
    }
    text
}

/// How well the figures are known.
fn convergence(case: &Case<'_>) -> Option<Text> {
    let o = case.outlook;
    if let Some(p) = o.precision {
        let met = if p.met { "reached" } else { "not reached: the most iterations allowed came first" };
        return Some(Text::words(format!(
            "Convergence: the run was to go on until the 95% sampling interval of every decision figure is at most {} to \
             either side; this was {met} (widest: {:.4}).",
            p.asked, p.reached
        )));
    }
    let figures = o.plans.iter().flat_map(|plan| {
        let releases = plan.releases.iter().flat_map(|r| [&r.p_live_on_target, &r.p_live_on_target_and_stays]);
        releases
            .chain(plan.p_all_live_on_target_and_stay.as_ref())
            .chain(plan.measures.values().flat_map(|m| &m.p_by_target))
    });
    let half = |f: &Figure| (f.interval[1] - f.interval[0]) / 2.0;
    let widest = figures.map(half).fold(None, |widest: Option<f64>, h| Some(widest.map_or(h, |w| w.max(h))))?;
    Some(Text::words(format!(
        "Convergence: the number of iterations was fixed beforehand. The widest 95% sampling interval among the probabilities \
         of going live on the planned date or finishing by a target is {widest:.4} to either side.",
    )))
}

fn uncertainties(case: &Case<'_>) -> Text {
    let text = Text::words(
        "Two uncertainties are kept apart. ± is the standard error of sampling; 95% sampling intervals are Wilson's for \
         probabilities and come from order statistics for dates and days. More iterations make them smaller. ",
    );
    if case.outlook.inputs.is_some() {
        text.and(
            "The input interval is where a figure lies in 90% of the worlds that the inputs allow, sampling noise removed. Only \
             better numbers make it smaller. Plans whose difference has 0 in either interval are said to be inseparable.",
        )
    } else {
        text.and("The uncertainty of the inputs was left out of this run: the figures hold for these inputs only.")
    }
}

fn bases(case: &Case<'_>) -> Text {
    let b = case.outlook.basis;
    let total = b.stated + b.derived + b.base_rate + b.assumed;
    if total == 0 {
        return Text::words("The scenario has no uncertain numbers.");
    }
    Text::words(format!(
        "Of {total} uncertain numbers that enter the figures {} are stated by the source, {} derived from it, {} published base \
         rates and {} assumed. An assumed number is a starting value for elicitation: ",
        b.stated, b.derived, b.base_rate, b.assumed
    ))
    .and_reference("table-numbers")
    .and(" says whom to ask.")
}

fn participants(case: &Case<'_>) -> Text {
    if case.scenario.actors.is_empty() {
        return Text::words("The scenario names nobody who took part in estimating.");
    }
    Text::words(
        "The scenario names who decides, delivers and is affected; it does not record that any of them was asked. Elicitation \
         is still to be done.",
    )
}

/// How to repeat it.
pub fn again(case: &Case<'_>) -> Section {
    let m = case.manifest;
    let main = m.inputs.first().map_or("scenario.toml", |input| input.file.as_str());
    let command = format!("golive report {}{}", shell(main), case.arguments);
    let words = Text::words(format!(
        "golive {} gives the same figures, and these documents byte for byte, on any machine and for any number of threads, \
         from these files with this command:",
        m.golive
    ));
    let columns = vec![Column::new("File", Kind::Text, 30), Column::new("SHA-256", Kind::Text, 70)];
    let rows = m.inputs.iter().map(|input| {
        vec![Text::default().and_code(&input.file).into(), Cell::from(Text::default().and_code(&input.sha256))]
    });
    let files = Table::new("table-files", Text::words("Files read"), columns, rows.collect());
    Section {
        id: "again".to_owned(),
        heading: "How to repeat it".to_owned(),
        blocks: vec![Block::Paragraph(words), Block::Command(wording::plain(&command, 2000)), Block::Table(files)],
    }
}

/// An argument as a shell takes it.
pub fn shell(argument: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./,=:".contains(c);
    if !argument.is_empty() && argument.chars().all(safe) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', "'\\''"))
    }
}
