//! Everything that is structurally wrong with a document, each finding at its place.
//!
//! In: a tree of nodes and the shapes of the format. Out: findings, in the order of the walk; at
//! most a thousand, because nobody reads more. One pass, linear in the size of the document.

use super::document::{Document, Entry, Node, Span, Step, Table, Value, write_path};
use super::shape::{Shape, ShapeId, Shapes};
use super::suggestion;
use super::words;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Most findings that are collected.
const MOST_FINDINGS: usize = 1_000;

/// All structural findings about a document.
pub fn validate(document: &Document, shapes: &Shapes) -> Diagnostics {
    let mut walk = Walk { document, shapes, steps: Vec::new(), findings: Diagnostics::new() };
    walk.node(shapes.root(), document.root(), document.root().span);
    if walk.findings.len() >= MOST_FINDINGS {
        let stop = format!("checking stopped after {MOST_FINDINGS} findings");
        walk.findings.push(Diagnostic::error("too-many-errors", stop));
    }
    walk.findings
}

struct Walk<'d> {
    document: &'d Document,
    shapes: &'d Shapes,
    steps: Vec<Step<'d>>,
    findings: Diagnostics,
}

impl<'d> Walk<'d> {
    fn full(&self) -> bool {
        self.findings.len() >= MOST_FINDINGS
    }

    fn report(&mut self, span: Span, finding: Diagnostic) {
        if self.full() {
            return;
        }
        let finding = finding.at(write_path(&self.steps));
        self.findings.push(match self.document.position(span) {
            Some(position) => finding.in_source(position),
            None => finding,
        });
    }

    fn report_below(&mut self, step: Step<'d>, span: Span, finding: Diagnostic) {
        self.steps.push(step);
        self.report(span, finding);
        self.steps.pop();
    }

    /// Checks a node; `key` is where its key is written.
    fn node(&mut self, id: ShapeId, node: &'d Node, key: Span) {
        if matches!(node.value, Value::Unreadable) || self.full() {
            return;
        }
        let shapes = self.shapes;
        let id = shapes.for_node(id, node);
        if !shapes.takes(id, node) {
            self.wrong_type(id, node);
            return;
        }
        match (shapes.get(id), &node.value) {
            (Shape::Number { least, most }, _) => {
                let number = node.as_number().unwrap_or_default();
                if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
                    self.out_of_range(id, node);
                }
            }
            (Shape::Whole { least, most }, Value::Integer(number)) if number < least || number > most => {
                self.out_of_range(id, node);
            }
            (Shape::Whole { .. }, Value::Float(_)) => self.wrong_type(id, node),
            (Shape::Text { least }, Value::Text(text)) if *least > 0 && text.trim().is_empty() => {
                let finding = Diagnostic::error("empty-text", "this text is empty")
                    .allowed("at least one letter")
                    .hint("it is what tables, charts and files are labelled with");
                self.report(node.span, finding);
            }
            (Shape::Date, Value::Text(text)) if text.parse::<jiff::civil::Date>().is_err() || text.len() != 10 => {
                let finding =
                    Diagnostic::error("impossible-date", format!("\"{}\" is not a date of the calendar", short(text)));
                self.report(node.span, finding.allowed(words::allowed(shapes, id)));
            }
            (Shape::Choice(choices), Value::Text(text)) if !choices.contains(text) => {
                let finding =
                    Diagnostic::error("unknown-choice", format!("\"{}\" is not one of the choices", short(text)))
                        .allowed(words::one_of(choices));
                self.report(node.span, did_you_mean(finding, text, choices.iter().map(String::as_str)));
            }
            (Shape::List { item, least }, Value::List(items)) => {
                if items.len() < *least {
                    let finding = Diagnostic::error("too-few", format!("{} in this list", count(items.len(), "item")));
                    self.report(node.span, finding.allowed(format!("at least {}", count(*least, "item"))));
                }
                for (index, child) in items.iter().enumerate() {
                    self.below(Step::Index(index), *item, child, child.span);
                }
            }
            (Shape::Entries { item, ids }, Value::Table(table)) => self.entries(*item, *ids, table),
            (Shape::Record { .. }, Value::Table(table)) => self.record(id, table, key),
            (Shape::Tagged(_), Value::Table(table)) => self.tagged(id, table, node.span),
            _ => {}
        }
    }

    fn below(&mut self, step: Step<'d>, id: ShapeId, node: &'d Node, key: Span) {
        self.steps.push(step);
        self.node(id, node, key);
        self.steps.pop();
    }

    fn entries(&mut self, item: ShapeId, ids: bool, table: &'d Table) {
        for (id, Entry { key, node }) in table {
            if ids && !is_id(id) {
                let finding = Diagnostic::error("malformed-id", format!("`{}` cannot be an id", short(id)))
                    .allowed("letters, digits, _ and -, beginning with a letter or digit");
                let finding = if id.contains('.') {
                    finding.hint("write each part of the path without quotes, or move this where paths are allowed")
                } else {
                    let better: String =
                        id.chars().take(40).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
                    let better = better.trim_start_matches('-');
                    finding.hint(format!(
                        "for example `{}`; put the words into a title",
                        if better.is_empty() { "R01" } else { better }
                    ))
                };
                self.report_below(Step::Key(id), *key, finding);
            }
            self.below(Step::Key(id), item, node, *key);
        }
    }

    fn record(&mut self, id: ShapeId, table: &'d Table, at: Span) {
        let shapes = self.shapes;
        let Shape::Record { keys, exactly_one } = shapes.get(id) else {
            return;
        };
        for (key, entry) in table {
            match keys.get(key) {
                Some(allowed) => self.below(Step::Key(key), allowed.shape, &entry.node, entry.key),
                None => self.unknown_key(key, entry, keys.keys().map(String::as_str)),
            }
        }
        for (key, _) in keys.iter().filter(|(key, allowed)| allowed.required && !table.contains_key(*key)) {
            let finding = if self.steps.is_empty() {
                Diagnostic::error("missing-key", format!("there is no table [{key}]"))
                    .allowed(words::allowed(shapes, keys[key].shape))
                    .hint(format!("add [{key}] with an id and a title"))
            } else {
                let place = write_path(&self.steps);
                Diagnostic::error("missing-key", format!("`{place}` needs the key `{key}`"))
                    .allowed(format!("{key} = {}", words::allowed(shapes, keys[key].shape)))
            };
            self.report(at, finding);
        }
        if !exactly_one.is_empty() {
            self.exactly_one(table, at, exactly_one);
        }
    }

    /// An estimate says its value in exactly one way.
    fn exactly_one(&mut self, table: &'d Table, at: Span, ways: &[String]) {
        let mut said = ways.iter().filter_map(|way| table.get_key_value(way.as_str()));
        match (said.next(), said.next()) {
            (None, _) => {
                let finding = Diagnostic::error("no-value", "this estimate does not say its value")
                    .allowed(format!("exactly one of {}", suggestion::list(ways.iter().map(String::as_str))))
                    .hint("for an exact number write value = …");
                self.report(at, finding);
            }
            (Some((first, _)), Some((second, entry))) => {
                let finding = Diagnostic::error(
                    "several-values",
                    format!("this estimate says its value twice: `{first}` and `{second}`"),
                )
                .allowed("exactly one way of saying the value")
                .hint("keep one; a factor on it is `times`");
                self.report_below(Step::Key(second), entry.key, finding);
            }
            _ => {}
        }
    }

    fn tagged(&mut self, id: ShapeId, table: &'d Table, at: Span) {
        let shapes = self.shapes;
        let Shape::Tagged(keys) = shapes.get(id) else {
            return;
        };
        let mut known = 0;
        for (key, entry) in table {
            match keys.get(key) {
                Some(&shape) => {
                    known += 1;
                    self.below(Step::Key(key), shape, &entry.node, entry.key);
                }
                None => self.unknown_key(key, entry, keys.keys().map(String::as_str)),
            }
        }
        if table.is_empty() {
            let finding = Diagnostic::error("no-value", "this table is empty").allowed(words::allowed(shapes, id));
            self.report(at, finding);
        } else if known > 1 {
            let named = suggestion::list(table.keys().map(String::as_str));
            let finding = Diagnostic::error("several-values", format!("this table has {known} keys: {named}"))
                .allowed("exactly one key")
                .hint(if keys.contains_key("all") {
                    "join them, as in `all = [{ … }, { … }]` or `any = [{ … }, { … }]`"
                } else {
                    "write a table for each, as in `[{ … }, { … }]`"
                });
            self.report(at, finding);
        }
    }

    fn unknown_key<'k>(&mut self, key: &'d str, entry: &Entry, keys: impl Iterator<Item = &'k str> + Clone) {
        let place = if self.steps.is_empty() { "a scenario".into() } else { format!("`{}`", write_path(&self.steps)) };
        let finding = Diagnostic::error("unknown-key", format!("`{}` is not a key of {place}", short(key)))
            .allowed(suggestion::list(keys.clone()));
        self.report_below(Step::Key(key), entry.key, did_you_mean(finding, key, keys));
    }

    fn wrong_type(&mut self, id: ShapeId, node: &'d Node) {
        let shapes = self.shapes;
        let expected = words::kind(shapes, id);
        let mut finding = Diagnostic::error("wrong-type", format!("expected {expected}, found {}", node.in_words()))
            .allowed(words::allowed(shapes, id));
        finding.hint = match (&node.value, shapes.get(id)) {
            (Value::Text(text), Shape::Number { .. } | Shape::Whole { .. } | Shape::Boolean)
                if text.parse::<f64>().is_ok() || matches!(text.as_str(), "true" | "false") =>
            {
                Some(format!("write it without quotes: {}", short(text)))
            }
            (Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Date(_), Shape::Text { .. }) => {
                Some("write it in quotes".into())
            }
            (Value::List(_), Shape::Entries { ids: true, .. }) => {
                let table = write_path(&self.steps);
                Some(format!("write [{table}.ID] for each instead of [[{table}]]"))
            }
            (scalar, Shape::List { item, .. }) if shapes.takes(*item, node) => {
                let written = if matches!(scalar, Value::Table(_)) { "{ … }".into() } else { node.in_toml() };
                Some(format!("write it in brackets: [{written}]"))
            }
            _ => None,
        };
        self.report(node.span, finding);
    }

    fn out_of_range(&mut self, id: ShapeId, node: &'d Node) {
        let finding = Diagnostic::error("out-of-range", format!("{} is out of range", node.in_words()))
            .allowed(words::allowed(self.shapes, id));
        self.report(node.span, finding);
    }
}

/// Whether a key can be an id.
pub fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn did_you_mean<'c>(finding: Diagnostic, name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Diagnostic {
    match suggestion::nearest(name, candidates) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding,
    }
}

/// At most 60 characters of a text.
fn short(text: &str) -> String {
    if text.len() <= 60 { text.to_owned() } else { text.chars().take(60).chain(['…']).collect() }
}

fn count(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}
