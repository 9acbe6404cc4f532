//! A number of a scenario spread over the columns of a sheet, so that it can be edited there and read back.
//!
//! In: the number as written. Out: its form and parameters, a column each; what has no column of its own stands as
//! TOML in the column of other parameters.

use super::content::{Cell, Column, Kind, Text};
use super::number_words;
use super::workbook::number;
use crate::scenario::{Node, Value as Written};

/// Headings of the columns, in order.
pub const HEADINGS: [&str; 11] = [
    "Form",
    "Value",
    "Min",
    "Mode",
    "Max",
    "Other parameters",
    "Unit",
    "In words",
    "Basis",
    "Source of the number",
    "To be elicited from",
];

/// The column of the number in words, which is not read back.
pub const IN_WORDS: usize = 7;

/// Keys of an estimate that describe its value rather than say it.
pub const DESCRIBING: [&str; 8] = ["times", "unit", "basis", "source", "derivation", "elicit", "uncertainty", "note"];

/// Forms that can be chosen in a sheet.
pub const FORMS: [&str; 4] = ["exact", "uniform", "triangular", "pert"];

/// A number in parts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parts {
    /// How its value is said: `exact`, `pert`, `evidence`, …; empty where there is no number.
    pub form: String,
    /// An exact number, a duration, or the name of an estimate.
    pub value: Scalar,
    /// Smallest value, most likely value, largest value.
    pub points: [Option<f64>; 3],
    /// Other parameters as TOML: `median = 4, p90 = 12`.
    pub other: String,
    /// Unit of the numbers.
    pub unit: String,
    /// The number in words.
    pub words: String,
    /// What it rests on, as the file says it.
    pub basis: String,
    /// Where it comes from.
    pub source: String,
    /// Who should be asked.
    pub elicit: String,
}

/// A number or a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Scalar {
    /// Nothing.
    #[default]
    None,
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// The keys of the three points.
pub const POINTS: [&str; 3] = ["min", "mode", "max"];

/// The parts of a number as written; empty for `None`.
pub fn parts(node: Option<&Node>) -> Parts {
    let Some(node) = node else { return Parts::default() };
    let words = node.as_quantity().map_or_else(String::new, |q| number_words::quantity(&q));
    let mut parts = Parts { words, ..Parts::default() };
    let Some(table) = node.as_table() else {
        parts.form = "exact".to_owned();
        parts.value = scalar(node);
        return parts;
    };
    let text = |key: &str| node.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
    parts.unit = text("unit");
    parts.basis = text("basis");
    parts.source = text("source");
    parts.elicit = text("elicit");
    let Some((form, entry)) = table.iter().find(|(key, _)| !DESCRIBING.contains(&key.as_str())) else {
        return parts;
    };
    if form == "value" || form == "estimate" {
        parts.form = "exact".to_owned();
        parts.value = scalar(&entry.node);
        return parts;
    }
    parts.form.clone_from(form);
    let Some(parameters) = entry.node.as_table() else { return parts };
    let mut other = Vec::new();
    for (key, parameter) in parameters {
        match POINTS.iter().position(|point| point == key).filter(|_| FORMS.contains(&form.as_str())) {
            Some(point) => parts.points[point] = parameter.node.as_number(),
            None => match scalar(&parameter.node) {
                Scalar::Number(n) => other.push(format!("{key} = {n}")),
                Scalar::Text(t) => other.push(format!("{key} = {}", toml::Value::String(t))),
                // Numbers within numbers have rows of their own.
                Scalar::None => {}
            },
        }
    }
    parts.other = other.join(", ");
    parts
}

/// A number or text of a node, if it is one.
pub fn scalar(node: &Node) -> Scalar {
    match &node.value {
        Written::Text(text) => Scalar::Text(text.clone()),
        _ => node.as_number().map_or(Scalar::None, Scalar::Number),
    }
}

/// The columns.
pub fn columns() -> Vec<Column> {
    let kinds = [
        (Kind::Id, 11),
        (Kind::Number, 11),
        (Kind::Number, 9),
        (Kind::Number, 9),
        (Kind::Number, 9),
        (Kind::Text, 26),
        (Kind::Text, 12),
        (Kind::Text, 40),
        (Kind::Id, 11),
        (Kind::Text, 34),
        (Kind::Text, 24),
    ];
    HEADINGS.iter().zip(kinds).map(|(heading, (kind, width))| Column::new(*heading, kind, width)).collect()
}

/// The cells of a number.
pub fn cells(parts: &Parts) -> Vec<Cell> {
    let text = |text: &str| if text.is_empty() { Cell::default() } else { Cell::data(text) };
    let value = match &parts.value {
        Scalar::None => Cell::default(),
        Scalar::Number(n) => number(*n),
        Scalar::Text(t) => Text::data(t).into(),
    };
    let mut cells = vec![text(&parts.form), value];
    cells.extend(parts.points.iter().map(|point| point.map_or_else(Cell::default, number)));
    cells
        .extend([&parts.other, &parts.unit, &parts.words, &parts.basis, &parts.source, &parts.elicit].map(|t| text(t)));
    cells
}
