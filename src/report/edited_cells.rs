//! The cells of an edited sheet, by row and by heading, each with its place for findings.
//!
//! In: a sheet of a workbook. Out: rows found by their path; columns may have been moved or hidden, rows sorted.

use std::collections::BTreeMap;

use calamine::{Data, Range};

use super::text::LONGEST;
use crate::analysis::wording;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};

/// A cell: what it holds, and where.
#[derive(Debug, Clone)]
pub struct Edited {
    /// What it holds.
    pub data: Data,
    /// Where: `Register!J9`.
    pub place: String,
}

/// A row of a sheet, by the headings of its cells.
#[derive(Debug)]
pub struct Row {
    /// The path in its first column.
    pub path: String,
    /// Place of that cell.
    pub place: String,
    cells: BTreeMap<String, Edited>,
}

impl Row {
    /// The cell under a heading.
    pub fn cell(&self, heading: &str) -> Option<&Edited> {
        self.cells.get(heading)
    }
}

impl Edited {
    /// The text of the cell on one line; empty for an empty cell.
    pub fn text(&self) -> String {
        let text = match &self.data {
            Data::Empty => String::new(),
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
            Data::Float(number) => number.to_string(),
            Data::Int(number) => number.to_string(),
            Data::Bool(value) => value.to_string(),
            other => other.to_string(),
        };
        wording::plain(&text, LONGEST)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// The number of the cell, if it holds one.
    pub fn number(&self) -> Option<f64> {
        match self.data {
            Data::Float(number) => Some(number),
            Data::Int(number) => i32::try_from(number).ok().map(f64::from),
            _ => None,
        }
    }

    /// A finding about this cell.
    pub fn refuse(&self, code: &'static str, message: impl Into<String>) -> Diagnostic {
        finding(&self.place, &self.text(), code, message)
    }
}

/// A finding about a place of the workbook.
pub fn finding(place: &str, text: &str, code: &'static str, message: impl Into<String>) -> Diagnostic {
    let source = SourceText::new(place, text, 0);
    Diagnostic::error(code, message).in_source(source.position(0, text.len()))
}

/// The rows of a sheet below the heading of paths.
///
/// # Errors
/// Where there is no such heading, or one of `needed` is missing.
pub fn rows(sheet: &str, range: &Range<Data>, path: &str, needed: &[&str]) -> Result<Vec<Row>, Diagnostics> {
    let (Some((first, left)), Some((last, right))) = (range.start(), range.end()) else {
        return Ok(Vec::new());
    };
    let at = |row: u32, column: u32| range.get_value((row, column)).cloned().unwrap_or(Data::Empty);
    let cell = |row: u32, column: u32| Edited { data: at(row, column), place: place(sheet, row, column) };
    let is_head = |row: &u32| (left..=right).any(|column| cell(*row, column).text() == path);
    let Some(head) = (first..=last).find(is_head) else {
        let message = format!("the sheet {sheet} has no column headed {path}");
        let hint = "the headings are needed to find the columns again; start from a workbook of `golive report`";
        return Err(finding(&place(sheet, first, left), "", "no-headings", message).hint(hint).into());
    };
    let headings: BTreeMap<u32, String> =
        (left..=right).map(|column| (column, cell(head, column).text())).filter(|(_, h)| !h.is_empty()).collect();
    let missing: Vec<&str> = needed.iter().copied().filter(|h| !headings.values().any(|there| there == h)).collect();
    if !missing.is_empty() {
        let message = format!("the sheet {sheet} has lost the column{}", if missing.len() == 1 { "" } else { "s" });
        let message = format!("{message} headed {}", missing.join(", "));
        let hint = "columns may be moved or hidden, but not deleted or renamed";
        return Err(finding(&place(sheet, head, left), path, "lost-column", message).hint(hint).into());
    }
    let mut found = Vec::new();
    for row in head + 1..=last {
        let cells: BTreeMap<String, Edited> =
            headings.iter().map(|(column, heading)| (heading.clone(), cell(row, *column))).collect();
        let Some(key) = cells.get(path).cloned() else { continue };
        if cells.values().all(Edited::is_empty) {
            continue;
        }
        found.push(Row { path: key.text(), place: key.place.clone(), cells });
    }
    Ok(found)
}

/// The place of a cell: `Register!J9`.
fn place(sheet: &str, row: u32, column: u32) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        let letter = u8::try_from(rest % 26).unwrap_or(0) + b'A';
        letters.insert(0, char::from(letter));
        rest /= 26;
    }
    format!("{sheet}!{letters}{}", u64::from(row) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_written_as_excel_writes_them() {
        assert_eq!(place("Register", 8, 9), "Register!J9");
        assert_eq!(place("N", 0, 26), "N!AA1");
        assert_eq!(place("N", 0, 701), "N!ZZ1");
        assert_eq!(place("N", 0, 702), "N!AAA1");
    }

    #[test]
    fn rows_are_found_by_headings_wherever_they_stand() {
        let text = |t: &str| Data::String(t.into());
        let mut range = Range::new((0, 0), (5, 2));
        range.set_value((0, 0), text("A title"));
        range.set_value((2, 0), text("Owner"));
        range.set_value((2, 2), text("Path"));
        range.set_value((4, 0), text("DCC"));
        range.set_value((4, 2), text("risks.R01"));
        let rows = rows("S", &range, "Path", &["Owner"]).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].path, "risks.R01");
        assert_eq!(rows[0].cell("Owner").unwrap().place, "S!A5");
        let lost = super::rows("S", &range, "Path", &["Owner", "Value"]).unwrap_err();
        assert!(lost.to_string().contains("Value"), "{lost}");
    }
}
