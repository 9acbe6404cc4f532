//! What does deploying releases on one date add to the risk of each?

use super::{Answer, AnswerTable, BriefSources, both, cell, text};
use crate::analysis::together::{GroupTogether, ReleaseTogether, separable};
use crate::analysis::wording;

pub(super) fn adds(sources: &BriefSources<'_>) -> Option<Answer> {
    let together = sources.together?;
    let group = together.groups.first()?;
    let ids: Vec<String> = group.releases.iter().map(|r| text(&r.id)).collect();
    let mut paragraphs: Vec<String> = group.releases.iter().map(release).collect();
    paragraphs.push(total(group));
    paragraphs.push(independence(group));
    paragraphs.push(format!("{}.", group.frontier.finding().replace('\u{a0}', " ")));
    if together.groups.len() > 1 {
        let dates: Vec<String> = together.groups[1..].iter().map(|g| wording::date(g.date)).collect();
        paragraphs
            .push(format!("Other dates with several releases: {}; see `golive together`.", wording::list(&dates)));
    }
    Some(Answer {
        question: format!(
            "What does deploying {} together on {} add to the risk of each?",
            wording::list(&ids),
            wording::date(group.date)
        ),
        paragraphs,
        table: Some(table(group)),
    })
}

fn release(release: &ReleaseTogether) -> String {
    let id = text(&release.id);
    let shares: Vec<String> = release
        .added_by
        .shares
        .iter()
        .map(|s| format!("{} {}", text(&s.release), wording::difference_with_error(&s.share.figure)))
        .collect();
    let verdict = if release.separable { "" } else { " On present inputs this cannot be separated from nothing." };
    format!(
        "{id} misses (is not deployed on the date, or not kept) with probability {} alone and {} together: added {}. By Shapley's \
         rule: {}.{verdict}",
        wording::probability(release.p_misses_alone.estimate),
        wording::probability(release.p_misses_together.estimate),
        difference(&release.added),
        wording::list(&shares)
    )
}

/// A difference with both uncertainties.
fn difference(figure: &crate::estimate::Figure) -> String {
    let sampled = wording::difference_with_error(figure);
    match wording::inputs_range(figure) {
        Some(range) => format!("{sampled} (sampling, paired); {range} (inputs, 90%)"),
        None => format!("{sampled} (sampling, paired)"),
    }
}

fn total(group: &GroupTogether) -> String {
    let shares: Vec<_> = group.missed.shares.iter().map(|s| s.share.figure).collect();
    let (parts, whole) = wording::parts_with_error(&shares, &group.missed.total.figure);
    let named: Vec<String> =
        group.missed.shares.iter().zip(parts).map(|(s, part)| format!("{} {part}", text(&s.release))).collect();
    let verdict =
        if separable(&group.missed.total.figure) { "" } else { ", which cannot be separated from 0 on present inputs" };
    format!(
        "Expected number of releases that miss because they go together: {whole}{verdict}; shares: {}.",
        named.join(", ")
    )
}

fn independence(group: &GroupTogether) -> String {
    let i = &group.independence;
    format!(
        "All of them on their date and staying: P = {}. If each were as it is alone and they had nothing in common it would be {}: what \
         they have in common adds {}, what being together does to each takes {}.",
        both(&i.p_all, true),
        wording::probability(i.product_alone.estimate),
        wording::difference_with_error(&i.common_causes),
        wording::difference_with_error(&i.interaction)
    )
}

fn table(group: &GroupTogether) -> AnswerTable {
    let rows = group.releases.iter().map(|r| {
        let added = wording::difference_with_error(&r.added);
        let added = wording::inputs_range(&r.added).map_or_else(|| added.clone(), |range| format!("{added} [{range}]"));
        vec![text(&r.id), cell(&r.p_misses_alone, true), cell(&r.p_misses_together, true), added]
    });
    AnswerTable {
        caption: "P(a miss: not deployed on the date, or not kept), ± sampling, [inputs, 90%]".to_owned(),
        header: ["Release", "Alone", "Together", "Added"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}
