//! The register and the numbers as sheets that can be edited and read back by `register_import`.
//!
//! A row is found again by the path in its first column, so rows may be sorted, and columns by their headings.

use super::compose::Case;
use super::content::{Cell, Column, Kind, Sheet, Table, Text};
use super::{effect_words, number_columns};
use crate::analysis::wording;
use crate::scenario::natural_order;

/// Name of the sheet of risks.
pub const REGISTER: &str = "Register";
/// Name of the sheet of all other numbers.
pub const NUMBERS: &str = "Numbers";
/// Heading of the column by which a row is found.
pub const PATH: &str = "Path";
/// Columns of a risk that can be edited, each with the key that it stands for.
pub const RISK_COLUMNS: [(&str, &str); 5] = [
    ("Title", "title"),
    ("Category", "category"),
    ("Owner", "owner"),
    ("In the figures", "enabled"),
    ("Source", "source"),
];

/// The register.
pub fn risks(case: &Case<'_>) -> Option<Sheet> {
    let risks = &case.scenario.risks;
    if risks.is_empty() {
        return None;
    }
    let mut columns = vec![Column::new(PATH, Kind::Id, 11)];
    let widths = [44, 14, 18, 9, 22];
    columns
        .extend(RISK_COLUMNS.iter().zip(widths).map(|((heading, _), width)| Column::new(*heading, Kind::Text, width)));
    let first_number = columns.len();
    columns.extend(number_columns::columns());
    let end = columns.len();
    let plan = wording::plain(&case.plan().id, 40);
    columns.extend([
        Column::new(format!("P(occurs), {plan}"), Kind::Probability, 12),
        Column::new("P(occurs): standard error", Kind::Probability, 12),
        Column::new("Cause", Kind::Text, 40),
        Column::new("Event", Kind::Text, 40),
        Column::new("Consequence", Kind::Text, 40),
        Column::new("Effect in the model", Kind::Text, 50),
    ]);
    let rows = natural_order(risks.keys()).into_iter().map(|id| {
        let risk = &risks[id];
        let path = crate::scenario::document::join_path(["risks", id]);
        let text = |text: Option<&String>| text.map_or_else(Cell::default, |t| Cell::data(t));
        let enabled = if risk.enabled == Some(false) { "no" } else { "yes" };
        let mut cells = vec![
            Cell::data(&path),
            Cell::data(&risk.title),
            text(risk.category.as_ref()),
            text(risk.owner.as_ref()),
            Cell::words(enabled),
            text(risk.source.as_ref()),
        ];
        let node = case.document.node(&format!("{path}.probability"));
        cells.extend(number_columns::cells(&number_columns::parts(node)));
        let occurs = case.plan().risks.iter().find(|r| r.id == id).filter(|_| risk.enabled != Some(false));
        cells.push(occurs.map_or_else(Cell::default, |r| super::workbook::number(r.p_occurs.estimate)));
        cells.push(occurs.map_or_else(Cell::default, |r| super::workbook::number(r.p_occurs.standard_error)));
        cells.extend([text(risk.cause.as_ref()), text(risk.event.as_ref()), text(risk.consequence.as_ref())]);
        cells.push(Cell::data(&effect_words::effects(risk).join("; ")));
        cells
    });
    let rows = rows.collect();
    let editable = (1..first_number).chain(number_places(first_number, end)).collect();
    let words = vec![
        Text::words(
            "Shaded columns can be edited. The path in the first column is the key: leave it as it is. Form: exact, uniform, triangular or pert (min, mode, max). A probability that is the name of a number stands under Value.",
        ),
        Text::words("The numbers of the effects stand in the sheet Numbers."),
    ];
    let table = Table::new("sheet-register", Text::words(REGISTER), columns, rows);
    Some(Sheet { name: REGISTER, heading: Text::words("Risk register"), words, table, editable })
}

/// Columns of a number that can be edited, from `first` on.
fn number_places(first: usize, end: usize) -> impl Iterator<Item = usize> {
    (first..end).filter(move |place| place - first != number_columns::IN_WORDS)
}

/// Every number but the probabilities of risks, which stand in the register.
pub fn numbers(case: &Case<'_>) -> Option<Sheet> {
    let numbers = case.document.quantities();
    let rows: Vec<Vec<Cell>> = numbers
        .iter()
        .filter(|written| !is_probability_of_risk(&written.path))
        .map(|written| {
            let mut cells = vec![Cell::data(&written.path)];
            cells.extend(number_columns::cells(&number_columns::parts(case.document.node(&written.path))));
            cells
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let mut columns = vec![Column::new(PATH, Kind::Text, 44)];
    columns.extend(number_columns::columns());
    let end = columns.len();
    let words = vec![Text::words(
        "Shaded columns can be edited. The path in the first column is the key: leave it as it is. Numbers made of other numbers are shown in words; their parts have rows of their own.",
    )];
    let table = Table::new("sheet-numbers", Text::words(NUMBERS), columns, rows);
    Some(Sheet {
        name: NUMBERS,
        heading: Text::words("Numbers"),
        words,
        table,
        editable: number_places(1, end).collect(),
    })
}

/// Whether a path is that of a risk's own probability.
pub fn is_probability_of_risk(path: &str) -> bool {
    let segments = crate::scenario::document::parse_path(path).unwrap_or_default();
    matches!(segments.as_slice(), [risks, _, probability] if risks == "risks" && probability == "probability")
}
