//! A change written elsewhere than in a file: on a command line, or by a program.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::change::{Change, ChangeKind};
use super::node::{Entry, Node, Span, Table, Value};
use super::{Document, Part, path, syntax};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};
use crate::time::Duration;

impl Document {
    /// The change that gives a plan these releases on these dates, in place of those it has. What else the file says of a
    /// release that is left out stays, and concerns nobody.
    pub fn other_dates(&self, plan: &str, dates: &BTreeMap<String, Date>) -> Change {
        let path = path::join(["plans", plan, "releases"]);
        let span = self.node(&path).map_or(self.root().span, |node| node.span);
        let entry = |date: &Date| Entry { key: span, node: Node { value: Value::Date(date.to_string()), span } };
        let table: Table = dates.iter().map(|(id, date)| (id.clone(), entry(date))).collect();
        let node = Node { value: Value::Table(Arc::new(table)), span };
        Change { origin: path.clone(), path, kind: ChangeKind::Set(node), span }
    }

    /// A change written elsewhere than in the document, as on a command line: `risks.R14.probability = 0.5`.
    ///
    /// `name` is shown as the place of findings about it. `scale` makes it a factor. A bare number or duration
    /// where an estimate stands is its value, exact and assumed, a number in the unit of that estimate.
    ///
    /// # Errors
    /// When it is not a path, an equals sign and a TOML value.
    pub fn change_from_text(&mut self, name: &str, text: &str, scale: bool) -> Result<Change, Diagnostics> {
        let order = u32::try_from(self.parts.len()).unwrap_or(u32::MAX);
        let source = SourceText::new(name, text, order);
        self.parts.push(Part { source: Arc::clone(&source), name: name.to_owned(), digest: [0; 32] });
        let malformed = |message: String| {
            Diagnostics::from(
                Diagnostic::error("malformed-change", message)
                    .allowed("a path, = and a value, as in risks.R14.probability = 0.5")
                    .in_source(source.position(0, text.len())),
            )
        };
        let parsed = syntax::parse(&source)?;
        if parsed.findings.has_errors() {
            return Err(parsed.findings);
        }
        // The text is TOML: a dotted key has become a table in a table, with one key each.
        let mut segments: Vec<String> = Vec::new();
        let mut node = parsed.root;
        let mut span = node.span;
        loop {
            let Some((key, entry)) =
                node.as_table().filter(|table| table.len() == 1).and_then(|table| table.iter().next())
            else {
                return Err(malformed(format!("`{text}` is not one change")));
            };
            let (key, entry) = (key.clone(), entry.clone());
            // The table of a dotted key stands where its key does; a table that is a value begins with a bracket.
            let implicit = entry.node.as_table().is_some() && entry.node.span == entry.key;
            segments.extend(path::parse(&key).unwrap_or_else(|_| vec![key]));
            span = Span { start: span.start.min(entry.key.start), end: entry.key.end, ..entry.key };
            node = entry.node;
            if !implicit {
                break;
            }
        }
        let path = path::join(segments.iter().map(String::as_str));
        let kind = if scale { ChangeKind::Scale(node) } else { ChangeKind::Set(self.in_place(&path, node)) };
        Ok(Change { path, kind, origin: name.to_owned(), span })
    }

    /// A bare value as what stands at its place can be: an estimate where that is one.
    fn in_place(&self, path: &str, node: Node) -> Node {
        let number = matches!(node.value, Value::Integer(_) | Value::Float(_));
        // Any other text in the place of a number is the name of an estimate; a named estimate has no name to give.
        let text = match &node.value {
            Value::Text(text) => path.starts_with("estimates.") || Duration::is_meant(text),
            _ => false,
        };
        let present = self.node(path).filter(|node| node.basis().is_some()).and_then(Node::as_table);
        let Some(present) = present.filter(|_| number || text) else {
            return node;
        };
        let span = node.span;
        let mut table = Table::new();
        let basis = Node { value: Value::Text("assumed".to_owned()), span };
        table.insert("basis".to_owned(), Entry { key: span, node: basis });
        for key in ["unit", "uncertainty"] {
            if let Some(kept) = present.get(key).filter(|_| number || key != "unit") {
                table.insert(key.to_owned(), kept.clone());
            }
        }
        table.insert("value".to_owned(), Entry { key: span, node });
        Node { value: Value::Table(Arc::new(table)), span }
    }
}
