//! Cells of a CSV file, harmless in a spreadsheet.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` (or a tab or carriage return)
//! for a formula, which can run commands (OWASP, "CSV Injection"). Such text gets an apostrophe in
//! front; numbers keep their sign.

use std::borrow::Cow;

use jiff::civil::Date;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text; escaped.
    Text(Cow<'a, str>),
    /// A number, written with the fewest digits that read back the same.
    Number(f64),
    /// A whole number.
    Count(u64),
    /// A whole number of any size and sign.
    Whole(i128),
    /// A date, as `2021-11-04`.
    Date(Date),
    /// Yes or no, as `true` or `false`.
    Flag(bool),
}

impl Cell<'_> {
    /// The cell as a field of CSV, before quoting.
    pub fn field(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => escaped(text),
            Cell::Number(n) => n.to_string(),
            Cell::Count(n) => n.to_string(),
            Cell::Whole(n) => n.to_string(),
            Cell::Date(date) => date.to_string(),
            Cell::Flag(flag) => flag.to_string(),
        }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Cell::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Cell::Text(Cow::Owned(text))
    }
}

impl From<f64> for Cell<'_> {
    fn from(number: f64) -> Self {
        Cell::Number(number)
    }
}

impl From<u64> for Cell<'_> {
    fn from(count: u64) -> Self {
        Cell::Count(count)
    }
}

impl From<Date> for Cell<'_> {
    fn from(date: Date) -> Self {
        Cell::Date(date)
    }
}

impl From<bool> for Cell<'_> {
    fn from(flag: bool) -> Self {
        Cell::Flag(flag)
    }
}

/// Text that no spreadsheet takes for a formula; a text that is a plain number stays as it is.
fn escaped(text: &str) -> String {
    // Spreadsheets skip blanks before they look for a formula.
    let formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || text.starts_with(['\t', '\r', '\n']);
    if formula && !is_number(text) { format!("'{text}") } else { text.to_owned() }
}

/// An optional sign, digits with at most one point, an optional exponent: no `inf`, no `nan`.
fn is_number(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c))
        && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        for evil in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "-x", "-", "＝1", "-inf"] {
            assert_eq!(Cell::from(evil).field(), format!("'{evil}"));
        }
    }

    #[test]
    fn numbers_and_plain_text_stay() {
        for plain in ["-12.5", "+3", "-1e-7", "SEC", "a=b", "2021-11-04", ""] {
            assert_eq!(Cell::from(plain).field(), plain);
        }
        assert_eq!(Cell::from(-0.25).field(), "-0.25");
        assert_eq!(Cell::from(1.0 / 3.0).field(), "0.3333333333333333");
    }
}
