//! From TOML text to nodes, with every syntax error rather than the first.
//!
//! Hostile texts are refused by [`super::guard`] before anything recursive sees them.
//! Values that are TOML but mean nothing here (NaN, 2021-02-30, a time of day) become
//! [`Value::Unreadable`] with a finding each, so that the rest of the file is still checked.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::guard::{self, LARGE, too_deep};
use super::node::{Entry, Node, Span, Table, Value};
use super::path::{self, Step};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};

/// Deepest nesting of a document.
pub const DEEPEST: usize = 64;
/// Longest key.
const LONGEST_KEY: usize = 1_000;
/// Most syntax errors reported for one file.
pub(super) const MOST_ERRORS: usize = 100;
/// Most findings about values of one file.
const MOST_FINDINGS: usize = 1_000;

/// What was read of a file.
pub struct Parsed {
    /// Its root table.
    pub root: Node,
    /// Findings about single values; the structure around them is sound.
    pub findings: Diagnostics,
}

/// Reads a file's text.
///
/// # Errors
/// All findings, when the text is not TOML and its structure therefore not to be trusted.
pub fn parse(source: &Arc<SourceText>) -> Result<Parsed, Diagnostics> {
    let text = source.text();
    guard::admit(source)?;
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut errors: Vec<SyntaxError> = errors
        .iter()
        .map(|error| SyntaxError { span: error.span().unwrap_or(0..0), message: error.message(), taken: false })
        .collect();
    errors.sort_by_key(|error| error.span.start);
    // What follows a bracket that is never closed is read as its contents: only the bracket is told.
    let unclosed = (!errors.is_empty())
        .then(|| guard::unclosed_bracket(text))
        .flatten()
        .filter(|&at| !errors.iter().any(|error| error.is_of_a_quote(text, at)));
    if let Some(at) = unclosed {
        errors.retain(|error| error.span.start < at);
    }

    let mut reader = Reader { source, errors, steps: Vec::new(), findings: Diagnostics::new() };
    let root = reader.table(root.get_ref(), reader.span(&(0..0)));
    let Reader { errors, mut findings, .. } = reader;
    let mut errors = errors;

    let mut broken = false;
    if let Some(at) = unclosed {
        broken = true;
        findings =
            findings.into_iter().filter(|finding| finding.position.as_ref().is_none_or(|p| p.start < at)).collect();
        findings.push(not_closed(source, at));
    }
    drop_repeated_tables(text, &mut errors);
    let untaken = errors.iter().filter(|error| !error.taken).count();
    for error in errors.iter().filter(|error| !error.taken).take(MOST_ERRORS) {
        broken |= !error.leaves_structure_sound();
        findings.push(error.finding(source));
    }
    if untaken > MOST_ERRORS {
        broken = true;
        findings.push(more_errors(source, untaken - MOST_ERRORS));
    }
    if broken { Err(findings) } else { Ok(Parsed { root, findings }) }
}

pub(super) fn more_errors(source: &Arc<SourceText>, count: usize) -> Diagnostic {
    let end = source.text().len();
    Diagnostic::error("too-many-errors", format!("{count} more syntax errors are not shown"))
        .in_source(source.position(end, end))
}

pub(super) struct SyntaxError<'e> {
    pub span: std::ops::Range<usize>,
    pub message: &'e str,
    /// Whether it has been reported as a finding about a value.
    pub taken: bool,
}

impl SyntaxError<'_> {
    /// Whether it is about text in quotes that begins after a place, which may then hide a bracket.
    fn is_of_a_quote(&self, text: &str, place: usize) -> bool {
        self.span.start >= place
            && (self.message.contains("basic string") || self.message.contains("literal string"))
            && text.get(self.span.clone()).is_some_and(|token| token.starts_with(['"', '\'']))
    }

    fn leaves_structure_sound(&self) -> bool {
        self.message.starts_with("duplicate key") || self.message.starts_with("cannot extend value")
    }

    pub fn finding(&self, source: &Arc<SourceText>) -> Diagnostic {
        let position = source.position(self.span.start, self.span.end);
        if self.message.starts_with("duplicate key") {
            let key = source.text().get(self.span.clone()).unwrap_or_default();
            let message = match first_written(source.text(), self.span.start) {
                Some(line) => format!("`{key}` is defined twice, first on line {line}"),
                None => format!("`{key}` is defined twice"),
            };
            return Diagnostic::error("duplicate-key", message)
                .in_source(position)
                .hint("keep one of the two, or rename one");
        }
        let (message, allowed) = match self.message.split_once(", expected ") {
            Some((message, expected)) => (message, Some(expected)),
            None => (self.message, None),
        };
        let finding = Diagnostic::error("syntax", format!("this is not TOML: {message}")).in_source(position);
        match allowed {
            Some(allowed) => finding.allowed(allowed),
            None => finding,
        }
    }
}

/// The error of a bracket that is not closed.
fn not_closed(source: &Arc<SourceText>, at: usize) -> Diagnostic {
    let (open, close) = match source.text().as_bytes().get(at) {
        Some(b'{') => ('{', '}'),
        _ => ('[', ']'),
    };
    Diagnostic::error("syntax", format!("this `{open}` is not closed"))
        .in_source(source.position(at, at + 1))
        .hint(format!("add `{close}` where what it holds ends"))
}

/// The header of a table at or before a place: where its line starts, and its text.
fn header_before(text: &str, at: usize) -> Option<(usize, &str)> {
    let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    let mut line_end = end;
    loop {
        let start = text[..line_end].rfind('\n').map_or(0, |n| n + 1);
        let line = text[start..line_end].trim();
        if line.starts_with('[') {
            return Some((start, line));
        }
        line_end = start.checked_sub(1)?;
    }
}

/// Where a header that stands twice, or a key that stands twice below one header, stood first: its line.
fn first_written(text: &str, at: usize) -> Option<usize> {
    if text.len() > LARGE {
        return None;
    }
    let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    let line = text[start..].lines().next()?.trim();
    type Same<'a> = Box<dyn Fn(&str) -> bool + 'a>;
    let (from, same): (usize, Same<'_>) = if line.starts_with('[') {
        let header = line.split('#').next()?.trim();
        (0, Box::new(move |other| other.split('#').next().unwrap_or("").trim() == header))
    } else {
        let key = line.split('=').next()?.trim();
        let from = header_before(text, start.checked_sub(1)?).map_or(0, |(from, _)| from);
        (from, Box::new(move |other| other.split_once('=').is_some_and(|(k, _)| k.trim() == key)))
    };
    let before = text[..from].matches('\n').count();
    let found = text[from..start].lines().position(|other| same(other.trim()))?;
    Some(before + found + 1)
}

/// Where a table stands twice, its keys do too: only the table is told. One walk along the text.
fn drop_repeated_tables(text: &str, errors: &mut Vec<SyntaxError<'_>>) {
    // Starts of the lines up to the error at hand that begin with a bracket: the last of them.
    let (mut header, mut walked) = (None, 0);
    let mut repeated = None;
    errors.retain(|error| {
        if !error.message.starts_with("duplicate key") {
            return true;
        }
        while walked <= error.span.start {
            let end = text[walked..].find('\n').map_or(text.len(), |n| walked + n);
            if text[walked..end].trim_start().starts_with('[') {
                header = Some((walked, end));
            }
            walked = end + 1;
        }
        if header.is_some_and(|(_, end)| error.span.start <= end) {
            repeated = header;
            return true;
        }
        header.is_none() || header != repeated
    });
}

struct Reader<'s, 'e> {
    source: &'s Arc<SourceText>,
    errors: Vec<SyntaxError<'e>>,
    steps: Vec<Step<'s>>,
    findings: Diagnostics,
}

impl<'s> Reader<'s, '_> {
    #[expect(clippy::cast_possible_truncation, reason = "files are refused above 16 MB")]
    fn span(&self, range: &std::ops::Range<usize>) -> Span {
        Span { file: self.source.order(), start: range.start as u32, end: range.end as u32 }
    }

    /// Reports a finding about the value being read.
    fn refuse(&mut self, range: &std::ops::Range<usize>, finding: Diagnostic) -> Value {
        if self.findings.len() < MOST_FINDINGS {
            let position = self.source.position(range.start, range.end);
            self.findings.push(finding.at(path::write(&self.steps)).in_source(position));
        } else if self.findings.len() == MOST_FINDINGS {
            self.findings.push(Diagnostic::error(
                "too-many-errors",
                format!("values are not checked further after {MOST_FINDINGS} findings"),
            ));
        }
        Value::Unreadable
    }

    fn table<'t>(&mut self, table: &'t DeTable<'_>, span: Span) -> Node
    where
        't: 's,
    {
        let mut entries = Vec::with_capacity(table.len());
        for (key, value) in table {
            self.steps.push(Step::Key(key.get_ref()));
            let node = self.node(value);
            if key.get_ref().len() > LONGEST_KEY {
                let _: Value = self.refuse(
                    &key.span(),
                    Diagnostic::error("key-too-long", format!("a key of {} bytes", key.get_ref().len()))
                        .allowed(format!("at most {LONGEST_KEY} bytes")),
                );
            } else {
                entries.push((key.get_ref().to_string(), Entry { key: self.span(&key.span()), node }));
            }
            self.steps.pop();
        }
        Node { value: Value::Table(Arc::new(Table::from_iter(entries))), span }
    }

    fn node<'t>(&mut self, value: &'t Spanned<DeValue<'_>>) -> Node
    where
        't: 's,
    {
        let range = value.span();
        let span = self.span(&range);
        let too_deep_here = self.steps.len() > DEEPEST;
        let value = match value.get_ref() {
            DeValue::Table(_) | DeValue::Array(_) if too_deep_here => self.refuse(&range, too_deep()),
            DeValue::Table(table) => return self.table(table, span),
            DeValue::Array(items) => {
                let mut nodes = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    self.steps.push(Step::Index(index));
                    nodes.push(self.node(item));
                    self.steps.pop();
                }
                Value::List(Arc::new(nodes))
            }
            scalar => match self.error_within(&range) {
                Some(message) => self.refuse_scalar(&range, scalar, message),
                None => self.scalar(&range, scalar),
            },
        };
        Node { value, span }
    }

    /// The parser's complaint about this value, if there is one; it then counts as reported.
    fn error_within(&mut self, range: &std::ops::Range<usize>) -> Option<String> {
        if self.errors.is_empty() || range.is_empty() {
            return None;
        }
        let first = self.errors.partition_point(|error| error.span.start < range.start);
        let mut message = None;
        for error in self.errors[first..].iter_mut().take_while(|error| error.span.start <= range.end) {
            if error.span.end <= range.end && !error.leaves_structure_sound() {
                error.taken = true;
                message.get_or_insert_with(|| error.message.to_owned());
            }
        }
        message
    }

    fn refuse_scalar(&mut self, range: &std::ops::Range<usize>, scalar: &DeValue<'_>, message: String) -> Value {
        let text = self.source.text().get(range.clone()).unwrap_or_default();
        let start: String = text.chars().take(60).collect();
        let finding = match scalar {
            DeValue::Datetime(_) => {
                Diagnostic::error("impossible-date", format!("{start} is not a date of the calendar"))
                    .allowed("a date that exists, such as 2021-11-04")
            }
            _ if !text.starts_with(['"', '\'']) => Diagnostic::error(
                "unreadable-value",
                // Of a bare word the parser says what it is not.
                if text.starts_with(|c: char| c.is_alphabetic()) {
                    format!("`{start}` is not a value")
                } else {
                    format!("`{start}` is not a value: {message}")
                },
            )
            .allowed("a number, true, false, a date, text in quotes, a list or a table")
            .hint(format!("if it is text, write it in quotes: \"{start}\"")),
            _ if text.len() == 1 || !text.ends_with(['"', '\'']) => {
                let quote = &text[..1];
                Diagnostic::error("syntax", "this text has no closing quote").hint(format!("write {quote} at its end"))
            }
            _ => Diagnostic::error("syntax", format!("this text cannot be read: {message}"))
                .hint("write a backslash as \\\\ or use single quotes"),
        };
        self.refuse(range, finding)
    }

    fn scalar(&mut self, range: &std::ops::Range<usize>, scalar: &DeValue<'_>) -> Value {
        match scalar {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Boolean(value) => Value::Boolean(*value),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => Value::Integer(number),
                Err(_) => self.refuse(
                    range,
                    Diagnostic::error("number-out-of-range", "this whole number is too large")
                        .allowed("from -9223372036854775808 to 9223372036854775807")
                        .hint("write a large number with an exponent: 1e20"),
                ),
            },
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(value) if value.is_finite() => Value::Float(value),
                Ok(_) if number.as_str().contains(|c: char| c.is_ascii_digit()) => self.refuse(
                    range,
                    Diagnostic::error("number-out-of-range", "this number is too large")
                        .allowed("magnitudes up to about 1.8e308"),
                ),
                _ => self.refuse(
                    range,
                    Diagnostic::error("not-a-number", format!("{} is not a number to calculate with", number.as_str()))
                        .allowed("a finite number"),
                ),
            },
            DeValue::Datetime(moment) => match (moment.date, moment.time, moment.offset) {
                (Some(date), None, None) => {
                    let text = date.to_string();
                    if text.parse::<jiff::civil::Date>().is_ok() {
                        Value::Date(text)
                    } else {
                        self.refuse(
                            range,
                            Diagnostic::error("impossible-date", format!("{text} is not a date of the calendar")),
                        )
                    }
                }
                (Some(date), ..) => self.refuse(
                    range,
                    Diagnostic::error("time-of-day", format!("{moment} has a time of day"))
                        .allowed("a date, such as 2021-11-04")
                        .hint(format!("golive reckons in whole days: write {date}")),
                ),
                (None, ..) => self.refuse(
                    range,
                    Diagnostic::error("time-of-day", format!("{moment} is a time of day without a date"))
                        .allowed("a date, such as 2021-11-04")
                        .hint("golive reckons in whole days; if it is text, write it in quotes"),
                ),
            },
            DeValue::Array(_) | DeValue::Table(_) => Value::Unreadable,
        }
    }
}
