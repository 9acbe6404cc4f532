//! What was changed of one number in a sheet, as changes of the scenario by path.
//!
//! In: the number as the file says it, and the cells of its row. Out: changes; or findings, each with its cell. A
//! parameter that was changed is a change of that parameter alone, so that the draw behind the number stays as it was;
//! a number whose form was changed is written anew as a whole.

use super::edited_cells::{Edited, Row};
use super::number_columns::{FORMS, HEADINGS, POINTS, Parts, Scalar, parts};
use super::register_import::{Edit, differs, quoted};
use super::text::LONGEST;
use crate::diagnostic::Diagnostics;
use crate::scenario::Node;
use crate::scenario::suggestion::nearest;

/// Words for what a number rests on.
const BASES: [&str; 4] = ["stated", "derived", "base-rate", "assumed"];

/// The changes of a number at `path`.
pub fn edits(path: &str, node: Option<&Node>, row: &Row) -> Result<Vec<Edit>, Diagnostics> {
    let was = parts(node);
    let number = Number { path, node, was: &was, row };
    let form = row.cell(HEADINGS[0]).map(Edited::text).unwrap_or_default();
    let mut findings = Diagnostics::new();
    let edits = if form == was.form && node.is_some() {
        number.parameters(&mut findings)
    } else if form.is_empty() && node.is_none() {
        number.nothing(&mut findings)
    } else {
        number.anew(&form, &mut findings)
    };
    findings.or_value(edits)
}

struct Number<'a> {
    path: &'a str,
    node: Option<&'a Node>,
    was: &'a Parts,
    row: &'a Row,
}

impl Number<'_> {
    fn cell(&self, column: usize) -> Option<&Edited> {
        self.row.cell(HEADINGS[column])
    }

    fn edit(&self, cell: &Edited, below: &str, was: String, now: String) -> Edit {
        let path = if below.is_empty() { self.path.to_owned() } else { format!("{}.{below}", self.path) };
        Edit { path, value: now, was, place: cell.place.clone() }
    }

    /// The form is as it was: parameters one by one.
    fn parameters(&self, findings: &mut Diagnostics) -> Vec<Edit> {
        let mut edits = Vec::new();
        let is_table = self.node.is_some_and(|n| n.as_table().is_some());
        if let Some(cell) = self.cell(1) {
            edits.extend(self.value(cell, is_table, findings));
        }
        for (n, key) in POINTS.iter().enumerate() {
            let Some(cell) = self.cell(2 + n) else { continue };
            match (self.was.points[n], cell.number()) {
                (Some(was), Some(now)) => {
                    if differs(was, now) {
                        let below = format!("{}.{key}", self.was.form);
                        edits.push(self.edit(cell, &below, was.to_string(), float(now)));
                    }
                }
                (None, _) if cell.is_empty() => {}
                (Some(_), None) => findings.push(not_a_number(cell)),
                (None, _) => findings.push(
                    cell.refuse("no-such-parameter", format!("a number of the form {} has no {key}", self.was.form))
                        .hint("clear this cell, or choose the form uniform, triangular or pert"),
                ),
            }
        }
        if let Some(cell) = self.cell(5) {
            self.others(cell, &mut edits, findings);
        }
        let described = self.described(findings);
        if is_table {
            edits.extend(described);
        } else if let [first, ..] = described.as_slice() {
            // A plain number has no place for what it rests on: it is written anew, as an estimate.
            let cell = Edited { data: calamine::Data::Empty, place: first.place.clone() };
            return self.whole("exact", &cell, findings).into_iter().collect();
        }
        edits
    }

    /// An exact value: a number, a duration, or the name of an estimate.
    fn value(&self, cell: &Edited, is_table: bool, findings: &mut Diagnostics) -> Option<Edit> {
        let said = |scalar: &Scalar| match scalar {
            Scalar::None => String::new(),
            Scalar::Number(n) => n.to_string(),
            Scalar::Text(t) => t.clone(),
        };
        let now = match cell.number() {
            Some(number) => Scalar::Number(number),
            None if cell.is_empty() => Scalar::None,
            None => Scalar::Text(cell.text()),
        };
        let same = match (&self.was.value, &now) {
            (Scalar::Number(a), Scalar::Number(b)) => !differs(*a, *b),
            (Scalar::Text(a), Scalar::Text(b)) => crate::analysis::wording::plain(a, LONGEST) == *b,
            (a, b) => a == b,
        };
        if same {
            return None;
        }
        if self.was.form != "exact" {
            findings.push(
                cell.refuse("no-such-parameter", format!("a number of the form {} has no single value", self.was.form))
                    .hint("clear this cell, or choose the form exact"),
            );
            return None;
        }
        let toml = match &now {
            Scalar::None => {
                findings.push(emptied(cell));
                return None;
            }
            Scalar::Number(n) => float(*n),
            Scalar::Text(t) => quoted(t),
        };
        let key = if self.node.is_some_and(|n| n.get("estimate").is_some()) { "estimate" } else { "value" };
        Some(self.edit(cell, if is_table { key } else { "" }, said(&self.was.value), toml))
    }

    /// The parameters that have no column of their own.
    fn others(&self, cell: &Edited, edits: &mut Vec<Edit>, findings: &mut Diagnostics) {
        let text = cell.text();
        if text == self.was.other {
            return;
        }
        let was = parameters(&self.was.other).unwrap_or_default();
        let Some(now) = parameters(&text) else {
            findings.push(
                cell.refuse("malformed-parameters", "these parameters cannot be read")
                    .allowed("names and values with commas between them, as in median = 4, p90 = 12"),
            );
            return;
        };
        for key in was.keys().filter(|key| !now.contains_key(*key)) {
            findings.push(
                cell.refuse("lost-parameter", format!("{key} has been removed"))
                    .hint("a change can replace a parameter, not remove it"),
            );
        }
        for (key, value) in &now {
            if was.get(key) != Some(value) {
                let before = was.get(key).map_or_else(String::new, toml::Value::to_string);
                edits.push(self.edit(cell, &format!("{}.{key}", self.was.form), before, value.to_string()));
            }
        }
    }

    /// Unit, basis, source and whom to ask.
    fn described(&self, findings: &mut Diagnostics) -> Vec<Edit> {
        let columns = [
            (6, "unit", &self.was.unit),
            (8, "basis", &self.was.basis),
            (9, "source", &self.was.source),
            (10, "elicit", &self.was.elicit),
        ];
        let mut edits = Vec::new();
        for (column, key, was) in columns {
            let Some(cell) = self.cell(column) else { continue };
            let now = cell.text();
            if now == crate::analysis::wording::plain(was, LONGEST) {
                continue;
            }
            if now.is_empty() {
                findings.push(emptied(cell));
            } else if key == "basis" && !BASES.contains(&now.as_str()) {
                let refused = cell.refuse("unknown-basis", format!("`{now}` is no basis")).allowed(BASES.join(", "));
                findings.push(match nearest(&now, BASES) {
                    Some(near) => refused.hint(format!("did you mean {near}?")),
                    None => refused,
                });
            } else {
                edits.push(self.edit(cell, key, was.clone(), quoted(&now)));
            }
        }
        edits
    }

    /// There is no number and none was entered: whatever else was entered has nothing to belong to.
    fn nothing(&self, findings: &mut Diagnostics) -> Vec<Edit> {
        for column in [1, 2, 3, 4, 5, 6, 8, 9, 10] {
            if let Some(cell) = self.cell(column).filter(|cell| !cell.is_empty()) {
                findings.push(
                    cell.refuse("no-form", "there is no number here, and its form is not said")
                        .allowed(FORMS.join(", "))
                        .hint("choose a form in the column Form"),
                );
                break;
            }
        }
        Vec::new()
    }

    /// The form was changed, or a number entered where there was none.
    fn anew(&self, form: &str, findings: &mut Diagnostics) -> Vec<Edit> {
        let Some(cell) = self.cell(0) else { return Vec::new() };
        if !FORMS.contains(&form) {
            let refused = cell
                .refuse("unknown-form", format!("`{form}` cannot be chosen in a sheet"))
                .allowed(FORMS.join(", "))
                .hint("other forms can be chosen in the scenario file");
            findings.push(refused);
            return Vec::new();
        }
        if self.node.is_some_and(|n| n.get("times").is_some()) {
            findings.push(
                cell.refuse("form-with-factor", "this number has a factor, which a sheet does not show")
                    .hint("change its form in the scenario file"),
            );
            return Vec::new();
        }
        self.described(findings);
        self.whole(form, cell, findings).into_iter().collect()
    }

    /// The number as a whole, from its cells.
    fn whole(&self, form: &str, place: &Edited, findings: &mut Diagnostics) -> Option<Edit> {
        let mut parts = Vec::new();
        if form == "exact" {
            let cell = self.cell(1)?;
            match cell.number() {
                Some(number) => parts.push(format!("value = {}", float(number))),
                None if cell.is_empty() => {
                    findings.push(cell.refuse("no-value", "an exact number needs a value").allowed("a number"));
                    return None;
                }
                None => parts.push(format!("value = {}", quoted(&cell.text()))),
            }
        } else {
            let mut points = Vec::new();
            for (n, key) in POINTS.iter().enumerate().filter(|(_, key)| form != "uniform" || **key != "mode") {
                let cell = self.cell(2 + n)?;
                match cell.number() {
                    Some(number) => points.push(format!("{key} = {}", float(number))),
                    None => findings.push(not_a_number(cell)),
                }
            }
            parts.push(format!("{form} = {{ {} }}", points.join(", ")));
        }
        for (column, key) in [(6, "unit"), (8, "basis"), (9, "source"), (10, "elicit")] {
            let text = self.cell(column).map(Edited::text).unwrap_or_default();
            if !text.is_empty() {
                parts.push(format!("{key} = {}", quoted(&text)));
            }
        }
        for key in ["uncertainty", "note"] {
            if let Some(text) = self.node.and_then(|n| n.get(key)).and_then(Node::as_text) {
                parts.push(format!("{key} = {}", quoted(text)));
            }
        }
        Some(self.edit(place, "", self.was.words.clone(), format!("{{ {} }}", parts.join(", "))))
    }
}

/// Parameters as they stand in a cell: `median = 4, p90 = 12`.
fn parameters(text: &str) -> Option<toml::Table> {
    let mut table = toml::from_str::<toml::Table>(&format!("x = {{ {text} }}")).ok()?;
    match table.remove("x") {
        Some(toml::Value::Table(parameters)) if table.is_empty() => Some(parameters),
        _ => None,
    }
}

fn not_a_number(cell: &Edited) -> crate::diagnostic::Diagnostic {
    let message = if cell.is_empty() {
        "a number has been removed".to_owned()
    } else {
        format!("`{}` is not a number", crate::analysis::wording::plain(&cell.text(), 60))
    };
    cell.refuse("not-a-number", message).allowed("a number, not as text")
}

/// A finding about a cell that was emptied.
pub fn emptied(cell: &Edited) -> crate::diagnostic::Diagnostic {
    cell.refuse("emptied", "this cell has been emptied").hint("a change can replace a value, not remove it")
}

/// A number as TOML writes a real one.
fn float(n: f64) -> String {
    format!("{n:?}")
}
