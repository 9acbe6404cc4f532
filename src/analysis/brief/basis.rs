//! Which numbers are the source's, and which are assumed?

use std::collections::BTreeMap;

use super::{Answer, AnswerTable, BriefSources, text};
use crate::scenario::file::Basis;

pub(super) fn rests_on(sources: &BriefSources<'_>) -> Answer {
    let b = sources.outlook().basis;
    let total = b.stated + b.derived + b.base_rate + b.assumed;
    let first = if total == 0 {
        "The scenario has no uncertain numbers.".to_owned()
    } else {
        format!(
            "Of {total} uncertain numbers behind plan {}, {} are stated by the source, {} derived from what it states, {} base rates \
             (published statistics) and {} assumed.",
            text(&sources.register.plan),
            b.stated,
            b.derived,
            b.base_rate,
            b.assumed
        )
    };
    Answer {
        question: "Which numbers are the source's, and which are assumed?".to_owned(),
        paragraphs: vec![first],
        table: to_ask(sources),
    }
}

/// Who should be asked for which assumed numbers.
fn to_ask(sources: &BriefSources<'_>) -> Option<AnswerTable> {
    let mut by_whom: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for number in sources.numbers.iter().filter(|n| n.basis == Basis::Assumed) {
        let whom = number.elicit.as_deref().map_or_else(|| "nobody named".to_owned(), text);
        by_whom.entry(whom).or_default().push(text(&number.path));
    }
    let mut rows: Vec<(String, Vec<String>)> = by_whom.into_iter().collect();
    rows.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|(whom, paths)| vec![whom, paths.len().to_string(), paths.join(", ")]).collect();
    (!rows.is_empty()).then(|| AnswerTable {
        caption: "Assumed numbers of the scenario, all plans and what-ifs, by who is to be asked".to_owned(),
        header: ["To be asked", "Numbers", "Which"].map(str::to_owned).to_vec(),
        rows,
    })
}
