//! A story as a committee reads it in a terminal.

use super::outlook_text::{new_table, plain, unbroken, wrapped};
use crate::analysis::explain::{ActivityTold, Explanation, Kind, ReleaseTold, Told};
use crate::analysis::wording;

/// The text of an explanation, `width` columns wide.
pub(super) fn story_text(explanation: &Explanation, width: u16) -> String {
    let mut out = vec![plain(&explanation.title)];
    out.push(format!("Plan {}: {}", plain(&explanation.plan), plain(&explanation.plan_title)));
    out.push(String::new());
    out.push(sentence(&explanation.chosen.text));
    if !explanation.releases.is_empty() {
        out.push(String::new());
        out.push(releases(&explanation.releases, width));
    }
    if !explanation.measures.is_empty() {
        out.push(String::new());
        out.push(measures(explanation, width));
    }
    let (once, dated): (Vec<&Told>, Vec<&Told>) = explanation.events.iter().partition(|told| told.day.is_none());
    if !once.is_empty() {
        out.push(String::new());
        out.push("Settled once in this iteration".to_owned());
        out.extend(once.iter().map(|told| told.text.clone()));
    }
    if !dated.is_empty() {
        out.push(String::new());
        out.push("Day by day".to_owned());
        out.push(day_by_day(&dated, width));
    }
    let late: Vec<&ReleaseTold> = explanation.releases.iter().filter(|r| r.days_late != Some(0)).collect();
    if !late.is_empty() {
        out.push(String::new());
        out.push("Where the days went".to_owned());
        out.extend(late.iter().map(|release| release.text.clone()));
    }
    let mut driving: Vec<&ActivityTold> = explanation.activities.iter().filter(|activity| activity.driving).collect();
    if !driving.is_empty() {
        let start = |activity: &ActivityTold| activity.start_days.unwrap_or(f64::INFINITY);
        driving.sort_by(|a, b| start(a).total_cmp(&start(b)));
        let names: Vec<String> = driving.iter().map(|activity| plain(&activity.id)).collect();
        out.push(String::new());
        out.push(format!("The work that drove the end: {}.", names.join(", ")));
    }
    if let Some(cost) = explanation.cost {
        out.push(String::new());
        out.push(format!("Cost of this iteration: {}", wording::days(cost)));
    }
    out.push(String::new());
    out.push(format!(
        "One iteration is one of many ways in which it can go, not a forecast. Replay it: --iteration {} with seed {}{}; golive {}.",
        explanation.iteration,
        explanation.seed,
        explanation.points.map_or_else(String::new, |p| {
            format!(", --sampler {} --replicates {} --iterations {}", p.sampler.name(), p.replicates, p.iterations)
        }),
        env!("CARGO_PKG_VERSION")
    ));
    wrapped(&out, width)
}

/// A text as a sentence of its own.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

fn releases(releases: &[ReleaseTold], width: u16) -> String {
    let mut table = new_table(&["Release", "Planned", "Live", "Days late", "Deployments"], width);
    for release in releases {
        table.add_row([
            plain(&release.id),
            unbroken(&wording::date(release.target)),
            release.go_live.map_or_else(|| wording::NOT_LIVE.to_owned(), |date| unbroken(&wording::date(date))),
            release.days_late.map_or_else(|| "–".to_owned(), |days| days.to_string()),
            release.deployments.to_string(),
        ]);
    }
    table.trim_fmt()
}

fn measures(explanation: &Explanation, width: u16) -> String {
    let mut table = new_table(&["Measure", "", "Finish (days)", "Target"], width);
    for measure in &explanation.measures {
        table.add_row([
            plain(&measure.id),
            plain(&measure.title),
            measure.finish_days.map_or_else(|| "never".to_owned(), wording::days),
            measure.target.map_or_else(|| "–".to_owned(), wording::days),
        ]);
    }
    table.trim_fmt()
}

fn day_by_day(told: &[&Told], width: u16) -> String {
    let mut table = new_table(&["Date", "What happened"], width);
    let mut before = None;
    for told in told {
        let when = match (told.date, told.day) {
            (Some(date), _) => wording::date(date),
            (None, Some(day)) => format!("day {}", wording::days(day)),
            (None, None) => String::new(),
        };
        let shown = if before.as_ref() == Some(&when) { String::new() } else { unbroken(&when) };
        before = Some(when);
        let mark = match told.kind {
            Kind::NoGo | Kind::BackOut => "✗ ",
            Kind::Live => "✓ ",
            _ => "",
        };
        table.add_row([shown, format!("{mark}{}", told.text)]);
    }
    table.trim_fmt()
}
