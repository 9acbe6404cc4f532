//! How many extra incidents, beyond the existing rate?

use super::{Answer, AnswerTable, BriefSources, both, cell, text};
use crate::analysis::outlook::IncidentOutlook;
use crate::analysis::wording;

pub(super) fn extra(sources: &BriefSources<'_>) -> Option<Answer> {
    let main = sources.main();
    let incidents = main.incidents.as_ref()?;
    let days = wording::days(incidents.period_days);
    let background = background(sources, incidents);
    let beyond = if background.is_empty() { "" } else { ", beyond the existing rate" };
    let mut paragraphs = vec![format!(
        "Plan {}: {} extra incidents of category 1 or 2 on average. P(at least one) = {}.",
        text(&main.id),
        both(&incidents.extra_category_1_or_2.mean, false),
        both(&incidents.p_extra_category_1_or_2, true)
    )];
    if !background.is_empty() {
        paragraphs.push(format!(
            "Beside these, whatever is released, in the {days} days after the first lasting go-live: {}. The existing rate is not part of \
             the extra.",
            background.join("; ")
        ));
    }
    if let (Some(all), Some(extra)) = (&incidents.days_in_incidents, &incidents.days_in_extra_incidents) {
        paragraphs.push(format!(
            "Days in incidents of any category (sum of the times to restore): {} in all, of which {} extra.",
            wording::number_with_error(&all.mean),
            wording::number_with_error(&extra.mean)
        ));
    }
    Some(Answer {
        question: format!("How many extra incidents of category 1 or 2 in {days} days{beyond}?"),
        paragraphs,
        table: table(sources),
    })
}

/// What background processes bring, in words.
fn background(sources: &BriefSources<'_>, incidents: &IncidentOutlook) -> Vec<String> {
    let processes = &sources.file.processes;
    incidents
        .background
        .iter()
        .map(|(id, mean)| {
            let title = processes.get(id).map_or_else(|| text(id), |p| format!("{} ({})", text(&p.title), text(id)));
            let category = processes.get(id).map_or_else(String::new, |p| format!(" of category {}", p.category));
            format!("{title}: {} incidents{category}", wording::number_with_error(&mean.mean))
        })
        .collect()
}

fn table(sources: &BriefSources<'_>) -> Option<AnswerTable> {
    let rows: Vec<Vec<String>> = sources
        .outlook()
        .plans
        .iter()
        .filter_map(|plan| {
            let incidents = plan.incidents.as_ref()?;
            Some(vec![
                text(&plan.id),
                text(&plan.title),
                cell(&incidents.extra_category_1_or_2.mean, false),
                cell(&incidents.p_extra_category_1_or_2, true),
            ])
        })
        .collect();
    (rows.len() > 1).then(|| AnswerTable {
        caption: "Extra incidents of category 1 or 2, ± sampling, [inputs, 90%]".to_owned(),
        header: ["Plan", "", "Mean number", "P(at least one)"].map(str::to_owned).to_vec(),
        rows,
    })
}
