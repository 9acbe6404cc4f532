//! If the date is missed, how late, and does that need somebody's consent?

use super::{Answer, AnswerTable, BriefSources, both, text};
use crate::analysis::outlook::{DayPercentile, ReleaseOutlook};
use crate::analysis::wording;

pub(super) fn delay(sources: &BriefSources<'_>) -> Option<Answer> {
    let main = sources.main();
    let missed = main.releases.iter().filter(|r| r.delay_if_missed.is_some());
    let mut paragraphs: Vec<String> = missed.filter_map(|r| release(sources, r)).collect();
    if paragraphs.is_empty() {
        return None;
    }
    let consent: Vec<String> = main.releases.iter().filter_map(|r| consent(sources, r)).collect();
    let question = if consent.is_empty() {
        "If the date is missed, how late?".to_owned()
    } else {
        "If the date is missed, how late, and does that need consent?".to_owned()
    };
    paragraphs.extend(consent);
    Some(Answer { question, paragraphs, table: table(sources) })
}

fn release(sources: &BriefSources<'_>, release: &ReleaseOutlook) -> Option<String> {
    let delay = release.delay_if_missed?;
    let missed = delay.missed as f64 / sources.outlook().iterations as f64;
    let horizon = sources.outlook().horizon.map_or_else(String::new, |horizon| {
        format!(
            " Not live by {}: P = {}.",
            wording::date(horizon),
            wording::probability_with_error(&release.p_not_live_by_horizon)
        )
    });
    Some(format!(
        "{}, given that the lasting go-live is not on {} (P = {}): {} days late at P50, {} at P80, {} at P95.{horizon}",
        text(&release.id),
        wording::date(release.target),
        wording::probability(missed),
        days(&delay.p50),
        days(&delay.p80),
        days(&delay.p95)
    ))
}

/// A percentile in days with its input interval where it is more than itself.
fn days(percentile: &DayPercentile) -> String {
    let at = wording::day_percentile(percentile);
    wording::day_inputs(percentile).map_or_else(|| at.clone(), |range| format!("{at} [{range}]"))
}

fn consent(sources: &BriefSources<'_>, release: &ReleaseOutlook) -> Option<String> {
    let needed = release.p_consent_needed?;
    let about = sources.file.releases.get(&release.id).and_then(|r| r.consent.as_ref())?;
    let who = sources.file.actors.get(&about.by).map_or_else(|| text(&about.by), |actor| text(&actor.name));
    let mut out = format!(
        "A move of {} beyond {} after the approved date needs the consent of {who}, which takes {}: P(needed) = {}.",
        text(&release.id),
        text(&about.beyond),
        text(&about.takes),
        both(&needed, true)
    );
    if let Some(dates) = release.if_consent_needed {
        if let Some(earliest) = dates.earliest {
            out.push_str(&format!(" With it {} is live not before {}", text(&release.id), wording::date(earliest)));
            out.push_str(&format!("; P80 of the date is then {}.", wording::date_percentile(&dates.p80)));
        } else {
            out.push_str(" No open window is left for it before the horizon.");
        }
    }
    Some(out)
}

fn table(sources: &BriefSources<'_>) -> Option<AnswerTable> {
    let first = &sources.main().releases.first()?.id;
    let rows: Vec<Vec<String>> = sources
        .outlook()
        .plans
        .iter()
        .filter_map(|plan| {
            let release = plan.releases.iter().find(|r| r.id == *first)?;
            let delay = release.delay_if_missed?;
            let consent = release.p_consent_needed.map_or_else(|| "–".to_owned(), |f| super::cell(&f, true));
            let mut row = vec![text(&plan.id), wording::short_date(release.target)];
            row.extend([&delay.p50, &delay.p80, &delay.p95].map(days));
            row.push(consent);
            Some(row)
        })
        .collect();
    (rows.len() > 1).then(|| AnswerTable {
        caption: format!("{}: days after the plan's date, given that it is missed, [inputs, 90%]", text(first)),
        header: ["Plan", "Date", "P50", "P80", "P95", "P(consent needed)"].map(str::to_owned).to_vec(),
        rows,
    })
}
