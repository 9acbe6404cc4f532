//! How much do the doubtful inputs matter: the scenario's what-ifs, largest difference first.

use super::{Answer, AnswerTable, BriefSources, text};
use crate::analysis::what_if::{Difference, WhatIf};
use crate::analysis::wording;
use crate::simulate::Decision;

/// What-ifs named in words.
const NAMED: usize = 3;

pub(super) fn matter(sources: &BriefSources<'_>) -> Option<Answer> {
    let asked = sources.what_ifs?.asked.iter().find(|asked| asked.plan == sources.register.plan)?;
    let release = &sources.main().releases.first()?.id;
    let measures = [Decision::LiveAndStays(release.clone()).name(), Decision::SeriousIncidents.name()];
    let mut rows: Vec<(&WhatIf, [Option<&Difference>; 2])> =
        asked.what_ifs.iter().map(|w| (w, [w.difference(&measures[0]), w.difference(&measures[1])])).collect();
    let size = |d: Option<&Difference>| d.map_or(0.0, |d| d.difference.estimate.abs());
    rows.sort_by(|a, b| size(b.1[0]).total_cmp(&size(a.1[0])).then(size(b.1[1]).total_cmp(&size(a.1[1]))));
    let mut paragraphs: Vec<String> = rows
        .iter()
        .filter_map(|(w, d)| Some((w, d[0]?)))
        .filter(|(_, d)| d.separable)
        .take(NAMED)
        .map(|(w, d)| {
            format!("{}: P({} live on its date and stays) {}.", text(&w.question.title), text(release), told(d))
        })
        .collect();
    if paragraphs.is_empty() {
        paragraphs.push(format!(
            "None of the scenario's what-ifs moves P({} live on its date and stays) by more than can be told from 0 on present inputs.",
            text(release)
        ));
    }
    let nothing: Vec<String> = rows.iter().filter(|(w, _)| w.identical).map(|(w, _)| text(&w.question.title)).collect();
    if !nothing.is_empty() {
        paragraphs.push(format!("Without any effect on the figures of this plan: {}.", nothing.join("; ")));
    }
    let table = rows.iter().map(|(w, [stays, incidents])| {
        vec![text(&w.question.title), shown(*stays), shown(*incidents), verdict(*stays).to_owned()]
    });
    Some(Answer {
        question: "How much do the doubtful inputs matter?".to_owned(),
        paragraphs,
        table: Some(AnswerTable {
            caption: format!(
                "What changes in plan {} if …: P({} live on its date and stays) and extra incidents of category 1 or 2, paired differences",
                text(&asked.plan),
                text(release)
            ),
            header: ["What if", "P(stays)", "Incidents", "P(stays) is"].map(str::to_owned).to_vec(),
            rows: table.collect(),
        }),
    })
}

fn told(d: &Difference) -> String {
    let range = wording::inputs_range(&d.difference).map_or_else(String::new, |r| format!("; {r} over the inputs"));
    format!("{} ({}{range})", wording::probability(d.figure.estimate), wording::difference_with_error(&d.difference))
}

fn shown(d: Option<&Difference>) -> String {
    let Some(d) = d else { return "–".to_owned() };
    if d.identical {
        return "the same".to_owned();
    }
    let sampled = wording::difference_with_error(&d.difference);
    wording::inputs_range(&d.difference).map_or_else(|| sampled.clone(), |range| format!("{sampled} [{range}]"))
}

fn verdict(d: Option<&Difference>) -> &'static str {
    match d {
        Some(d) if d.identical => "the same",
        Some(d) if d.separable && (d.difference.estimate > 0.0) == d.more_is_better => "better",
        Some(d) if d.separable => "worse",
        Some(_) => "cannot be separated",
        None => "",
    }
}
