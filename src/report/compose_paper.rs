//! What the source material says: acceptance criteria, scope, contradictions, readings, facts.
//!
//! Words of the scenario stand as they are; nothing is averaged or smoothed over. A status is shown with its concern.

use super::compose::Case;
use super::content::{Block, Cell, Column, Kind, Section, Table, Text};
use super::figures::{self, NONE};
use super::number_words::basis_word;
use crate::analysis::wording;
use crate::scenario::file::{Basis, Note, NoteKind, Status};
use crate::scenario::natural_order;

/// Acceptance criteria, and what another analysis says of the gate.
pub fn gate(case: &Case<'_>, mut blocks: Vec<Block>) -> Option<Section> {
    if !case.scenario.criteria.is_empty() {
        blocks.push(Block::Table(criteria(case)));
    }
    let heading = "Acceptance criteria and the Go/No-Go".to_owned();
    (!blocks.is_empty()).then(|| Section { id: "gate".to_owned(), heading, blocks })
}

/// The word of a status.
pub fn status_word(status: Option<Status>) -> &'static str {
    match status {
        Some(Status::Green) => "Green",
        Some(Status::Amber) => "Amber",
        Some(Status::Red) => "Red",
        None => "not reported",
    }
}

fn criteria(case: &Case<'_>) -> Table {
    let columns = vec![
        Column::new("Criterion", Kind::Id, 9),
        Column::new("Text", Kind::Text, 34),
        Column::new("Status reported", Kind::Text, 10),
        Column::new("Concern", Kind::Text, 30),
        Column::new("Can stop", Kind::Text, 9),
        Column::new("Reviewed by; source", Kind::Text, 16),
    ];
    let ids = natural_order(case.scenario.criteria.keys());
    let rows = ids.iter().map(|id| {
        let c = &case.scenario.criteria[*id];
        let stops = c.releases.as_ref().map_or_else(|| "all".to_owned(), |r| r.join(", "));
        let by = c.owner.as_deref().map_or_else(Text::default, Text::data);
        vec![
            Text::default().and_strong(id).into(),
            Cell::data(&c.text),
            status(c.status),
            c.concern.as_deref().map_or_else(|| Cell::words(NONE), Cell::data),
            Cell::data(&stops),
            source_under(by, c.source.as_deref()),
        ]
    });
    let caption = "Acceptance criteria, with the status and the concern as reported";
    Table::new("table-criteria", Text::words(caption), columns, rows.collect()).note(Text::words(
        "A status is what the reviewers reported. It enters no figure, and Amber is no number: what a concern does to the \
         decision is modelled by the risks that can make the criterion fail.",
    ))
}

fn status(status: Option<Status>) -> Cell {
    match status {
        Some(Status::Green) => Cell::words("Green"),
        other => Text::default().and_strong(status_word(other)).into(),
    }
}

/// A text with its source below.
pub fn source_under(text: Text, source: Option<&str>) -> Cell {
    match source {
        Some(source) => text.and_break().and_minor(wording::plain(source, 2000)).into(),
        None if text.is_empty() => Cell::words(NONE),
        None => text.into(),
    }
}

/// What ships.
pub fn scope(case: &Case<'_>) -> Option<Section> {
    let plan = case.plan();
    if plan.scope.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("Item", Kind::Id, 13),
        Column::new("Title", Kind::Text, 30),
        Column::new("Ships with", Kind::Id, 8),
        Column::new("Decide by", Kind::Date, 12),
        Column::new("Changes systems", Kind::Text, 9),
        Column::new("P(ships)", Kind::Probability, 13),
        Column::new("Status as reported", Kind::Text, 30),
    ];
    let rows = plan.scope.iter().map(|item| {
        let written = case.scenario.scope.get(&item.id);
        vec![
            Text::default().and_strong(&item.id).into(),
            Cell::data(&item.title),
            Cell::data(&item.release),
            item.deadline.map_or_else(figures::none, Cell::date),
            Cell::words(if item.system_impact { "yes" } else { "no" }),
            figures::probability(&item.p_ships),
            source_under(
                written.and_then(|w| w.status.as_deref()).map_or_else(Text::default, Text::data),
                written.and_then(|w| w.source.as_deref()),
            ),
        ]
    });
    let plan_words =
        if case.scenario.plans.is_empty() { Text::default() } else { Text::words(", plan ").and_data(&plan.id) };
    let caption = Text::words("Scope: what ships, and with what probability").and_text(plan_words);
    let table = Table::new("table-scope", caption, columns, rows.collect());
    Some(Section { id: "scope".to_owned(), heading: "Scope".to_owned(), blocks: vec![Block::Table(table)] })
}

/// Contradictions of the source, readings chosen, and what is left out.
pub fn notes(case: &Case<'_>) -> Option<Section> {
    let mut blocks = Vec::new();
    let of = |kind: NoteKind| -> Vec<Text> {
        let ids = natural_order(case.scenario.notes.keys());
        let notes = ids.into_iter().map(|id| &case.scenario.notes[id]).filter(|note| note.kind == kind);
        notes.map(note_text).collect()
    };
    let mut say = |heading: &str, words: &str, notes: Vec<Text>| {
        if !notes.is_empty() {
            blocks.push(Block::Heading(heading.to_owned()));
            blocks.push(Block::Paragraph(Text::words(words)));
            blocks.push(Block::Steps(notes));
        }
    };
    say(
        "Where the source contradicts itself or leaves a gap",
        "None of these is smoothed over. Where a number had to be chosen all the same, a reading below says which.",
        of(NoteKind::Inconsistency),
    );
    say(
        "Readings chosen",
        "Where the source can be read in more than one way, this one was taken.",
        of(NoteKind::Reading),
    );
    let mut left_out = of(NoteKind::Exclusion);
    for id in natural_order(case.scenario.risks.keys()) {
        let risk = &case.scenario.risks[id];
        if risk.enabled == Some(false) {
            let why = risk.excluded_because.as_deref().unwrap_or("No reason is given.");
            left_out.push(Text::words("Risk ").and_strong(id).and(", ").and_data(&risk.title).and(": ").and_data(why));
        }
    }
    say("Left out", "These are not in the figures.", left_out);
    say("Remarks", "Also to be known:", of(NoteKind::Remark));
    let heading = "Contradictions, readings and exclusions".to_owned();
    (!blocks.is_empty()).then(|| Section { id: "notes".to_owned(), heading, blocks })
}

fn note_text(note: &Note) -> Text {
    let text = Text::data(&note.text);
    match &note.source {
        Some(source) => text.and(" ").and_minor(format!("({})", wording::plain(source, 2000))),
        None => text,
    }
}

/// Facts, actors and sources.
pub fn facts(case: &Case<'_>) -> Option<Section> {
    let s = &case.scenario;
    let mut blocks = Vec::new();
    if !s.facts.is_empty() {
        let columns = vec![
            Column::new("Date", Kind::Date, 13),
            Column::new("Fact", Kind::Text, 57),
            Column::new("Basis", Kind::Text, 10),
            Column::new("Source", Kind::Text, 20),
        ];
        // Dated facts in order of their date, then the others.
        let mut ids = natural_order(s.facts.keys());
        ids.sort_by_key(|id| s.facts[*id].date.map_or(jiff::civil::Date::MAX, |d| d.0));
        let rows = ids.iter().map(|id| {
            let fact = &s.facts[*id];
            vec![
                fact.date.map_or_else(figures::none, |d| Cell::date(d.0)),
                Cell::data(&fact.text),
                Cell::words(basis_word(fact.basis.unwrap_or(Basis::Stated))),
                Cell::data(&fact.source),
            ]
        });
        let caption = Text::words("Facts that the scenario rests on");
        blocks.push(Block::Table(Table::new("table-facts", caption, columns, rows.collect())));
    }
    if !s.actors.is_empty() {
        let columns = vec![
            Column::new("Short name", Kind::Text, 20),
            Column::new("Name", Kind::Text, 35),
            Column::new("Part played", Kind::Text, 45),
        ];
        let ids = natural_order(s.actors.keys());
        let rows = ids.iter().map(|id| {
            let actor = &s.actors[*id];
            let role = actor.role.as_deref().map_or_else(|| Cell::words(NONE), Cell::data);
            vec![Text::default().and_strong(id).into(), Cell::data(&actor.name), role]
        });
        let caption = Text::words("Who decides, delivers and is affected");
        blocks.push(Block::Table(Table::new("table-actors", caption, columns, rows.collect())));
    }
    if !s.sources.is_empty() {
        let columns = vec![
            Column::new("Cited as", Kind::Text, 18),
            Column::new("Document", Kind::Text, 52),
            Column::new("Date", Kind::Date, 13),
            Column::new("Where", Kind::Text, 30),
        ];
        let ids = natural_order(s.sources.keys());
        let rows = ids.iter().map(|id| {
            let source = &s.sources[*id];
            let title = Text::data(&source.title);
            let document = match &source.author {
                Some(author) => title.and_break().and_minor(wording::plain(author, 500)),
                None => title,
            };
            vec![
                Text::default().and_strong(id).into(),
                document.into(),
                source.date.map_or_else(figures::none, |d| Cell::date(d.0)),
                source.url.as_deref().map_or_else(|| Cell::words(NONE), Cell::data),
            ]
        });
        let caption = Text::words("Documents cited");
        blocks.push(Block::Table(Table::new("table-sources", caption, columns, rows.collect())));
    }
    let heading = "Facts, actors and sources".to_owned();
    (!blocks.is_empty()).then(|| Section { id: "facts".to_owned(), heading, blocks })
}
