//! An edited workbook read back as changes of the scenario.
//!
//! In: the scenario, and the bytes of a workbook that `golive report` wrote and somebody edited. Out: what was changed
//! in the sheets of risks and numbers, each with its path, its value as TOML and its cell; written as a what-if, the
//! changes can be run beside any plan. Only cells that differ from the scenario are changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};

use super::edited_cells::{self, Edited, Row};
use super::number_columns::HEADINGS;
use super::number_edit::{self, emptied};
use super::register_sheet::{NUMBERS, PATH, REGISTER, RISK_COLUMNS, is_probability_of_risk};
use super::text::LONGEST;
use crate::analysis::wording;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::suggestion::nearest;
use crate::scenario::{Change, Document, Node, Value};

/// A change made in a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What it is of.
    pub path: String,
    /// What it is now, as TOML.
    pub value: String,
    /// What the scenario says.
    pub was: String,
    /// The cell: `Register!J9`.
    pub place: String,
}

/// The changes that a workbook makes, in the order of its sheets and rows.
///
/// # Errors
/// What cannot be read, each with its sheet and cell; all of it, not only the first.
pub fn read_edits(document: &Document, bytes: &[u8]) -> Result<Vec<Edit>, Diagnostics> {
    let unreadable = |why: String| {
        Diagnostics::from(
            Diagnostic::error("unreadable-workbook", format!("the workbook cannot be read: {why}"))
                .allowed("an Excel workbook (.xlsx) that golive report wrote"),
        )
    };
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|why: calamine::XlsxError| unreadable(why.to_string()))?;
    let names = workbook.sheet_names();
    let mut edits = Vec::new();
    let mut findings = Diagnostics::new();
    for sheet in [REGISTER, NUMBERS] {
        if !names.iter().any(|name| name == sheet) {
            continue;
        }
        let range = workbook.worksheet_range(sheet).map_err(|why| unreadable(why.to_string()))?;
        match sheet_edits(document, sheet, &range) {
            Ok(found) => edits.extend(found),
            Err(found) => findings.extend(found),
        }
    }
    if !names.iter().any(|name| name == REGISTER || name == NUMBERS) {
        return Err(unreadable(format!("it has neither a sheet {REGISTER} nor a sheet {NUMBERS}")));
    }
    findings.or_value(edits)
}

fn sheet_edits(document: &Document, sheet: &str, range: &Range<Data>) -> Result<Vec<Edit>, Diagnostics> {
    let own: Vec<&str> = if sheet == REGISTER { RISK_COLUMNS.iter().map(|(h, _)| *h).collect() } else { Vec::new() };
    let needed: Vec<&str> = own.into_iter().chain(HEADINGS).collect();
    let rows = edited_cells::rows(sheet, range, PATH, &needed)?;
    let known = known_paths(document, sheet);
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let mut edits = Vec::new();
    let mut findings = Diagnostics::new();
    for row in &rows {
        let refuse = |code, message: String| edited_cells::finding(&row.place, &row.path, code, message);
        if let Some(first) = seen.insert(&row.path, &row.place) {
            let message = format!("`{}` stands here and in {first}", short(&row.path));
            findings.push(refuse("row-twice", message).hint("which of the two counts is not said: keep one"));
            continue;
        }
        if !known.contains(&row.path) {
            let message = format!("the scenario has no `{}`", short(&row.path));
            let finding = refuse("unknown-row", message);
            findings.push(match nearest(&row.path, known.iter().map(String::as_str)) {
                Some(near) => finding.hint(format!("did you mean `{near}`? The path is the key: leave it as it is")),
                None => finding.hint("rows cannot be added here; add to the scenario file, and report again"),
            });
            continue;
        }
        let mut found = Vec::new();
        let path = if sheet == REGISTER {
            found.extend(risk_edits(document, row, &mut findings));
            format!("{}.probability", row.path)
        } else {
            row.path.clone()
        };
        match number_edit::edits(&path, document.node(&path), row) {
            Ok(of_number) => found.extend(of_number),
            Err(problems) => findings.extend(problems),
        }
        edits.extend(found);
    }
    findings.or_value(edits)
}

/// Paths that a sheet has rows of.
fn known_paths(document: &Document, sheet: &str) -> Vec<String> {
    if sheet == REGISTER {
        let risks = document.node("risks").and_then(Node::as_table);
        let ids = risks.into_iter().flat_map(|table| table.keys());
        ids.map(|id| crate::scenario::document::join_path(["risks", id])).collect()
    } else {
        let numbers = document.quantities().into_iter().map(|written| written.path);
        numbers.filter(|path| !is_probability_of_risk(path)).collect()
    }
}

/// Changes of a risk's own columns.
fn risk_edits(document: &Document, row: &Row, findings: &mut Diagnostics) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (heading, key) in RISK_COLUMNS {
        let Some(cell) = row.cell(heading) else { continue };
        let path = format!("{}.{key}", row.path);
        let node = document.node(&path);
        if key == "enabled" {
            edits.extend(enabled(cell, &path, node, findings));
            continue;
        }
        let was = node.and_then(Node::as_text).unwrap_or_default();
        let now = cell.text();
        if now == wording::plain(was, LONGEST) {
            continue;
        }
        if now.is_empty() {
            findings.push(emptied(cell));
        } else {
            edits.push(Edit { path, value: quoted(&now), was: was.to_owned(), place: cell.place.clone() });
        }
    }
    edits
}

/// Whether a risk is in the figures.
fn enabled(cell: &Edited, path: &str, node: Option<&Node>, findings: &mut Diagnostics) -> Option<Edit> {
    let was = !node.is_some_and(|node| matches!(node.value, Value::Boolean(false)));
    let now = match cell.text().to_lowercase().as_str() {
        "yes" | "true" => true,
        "no" | "false" => false,
        other => {
            let message = format!("`{}` is neither yes nor no", short(other));
            findings.push(cell.refuse("neither-yes-nor-no", message).allowed("yes, no"));
            return None;
        }
    };
    let word = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    (was != now).then(|| Edit {
        path: path.to_owned(),
        value: now.to_string(),
        was: word(was),
        place: cell.place.clone(),
    })
}

/// The edits as changes of a document, each knowing its cell; what is wrong with them shows when they are made.
///
/// # Errors
/// None that reading the workbook has not found.
pub fn changes(document: &mut Document, edits: &[Edit]) -> Result<Vec<Change>, Diagnostics> {
    edits
        .iter()
        .map(|edit| {
            document.change_from_text(&edit.place, &format!("{} = {}", toml_path(&edit.path), edit.value), false)
        })
        .collect()
}

/// The edits as a what-if, to be included in the scenario.
pub fn what_if(edits: &[Edit], id: &str, title: &str, plan: Option<&str>) -> String {
    let mut out = format!("# {} from a workbook, to be named in `include` of the scenario.\n\n", counted(edits.len()));
    let table = crate::scenario::document::join_path(["what_ifs", id]);
    let table = toml_path(&table);
    let _ = writeln!(out, "[{table}]\ntitle = {}", quoted(title));
    if let Some(plan) = plan {
        let _ = writeln!(out, "plan = {}", quoted(plan));
    }
    let _ = writeln!(out, "\n[{table}.set]");
    for edit in edits {
        let was = if edit.was.is_empty() { "not given".to_owned() } else { wording::plain(&edit.was, 120) };
        let _ = writeln!(out, "# {}: was {was}\n{} = {}", edit.place, quoted(&edit.path), edit.value);
    }
    out
}

/// `3 changes`.
pub fn counted(n: usize) -> String {
    if n == 1 { "1 change".to_owned() } else { format!("{n} changes") }
}

/// A path with its segments as TOML takes them: bare where they may be.
fn toml_path(path: &str) -> String {
    let segments = crate::scenario::document::parse_path(path).unwrap_or_else(|_| vec![path.to_owned()]);
    let bare = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    segments.iter().map(|s| if bare(s) { s.clone() } else { quoted(s) }).collect::<Vec<_>>().join(".")
}

/// A text as TOML.
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Whether two numbers differ by more than a spreadsheet's way of writing them.
pub fn differs(a: f64, b: f64) -> bool {
    (a - b).abs() > 1e-12 * a.abs().max(b.abs())
}

fn short(text: &str) -> String {
    wording::plain(text, 80)
}
