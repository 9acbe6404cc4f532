//! The tree of a document: every key and value with the place where it is written.
//!
//! Tables and lists are shared: a plan's document is the base document with the few nodes on the
//! way to its changes copied, whatever the size of the rest.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A place: which file of the document, and which bytes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Index of the file in the document.
    pub file: u32,
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// A value and where it is written.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it is written; of a table with a header, the header.
    pub span: Span,
}

/// A value of a document.
#[derive(Debug, Clone)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Any other finite number.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// A calendar date, as text: `2021-11-04`.
    Date(String),
    /// A list.
    List(Arc<Vec<Node>>),
    /// A table, by key.
    Table(Arc<Table>),
    /// A value that could not be read and has been reported.
    Unreadable,
}

/// A table, in the order of its keys.
pub type Table = BTreeMap<String, Entry>;

/// A key of a table and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where the key is written.
    pub key: Span,
    /// Its value.
    pub node: Node,
}

impl Node {
    /// The table, if it is one.
    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The text, if it is some.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self.value {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a file's whole numbers are read as real ones where a real one is meant"
            )]
            Value::Integer(number) => Some(number as f64),
            Value::Float(number) => Some(number),
            _ => None,
        }
    }

    /// The items of a list, none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The value of a key, if it is a table that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_table()?.get(key).map(|entry| &entry.node)
    }

    /// What stands below it at a key or an index.
    pub fn child(&self, segment: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(table) => table.get(segment).map(|entry| &entry.node),
            Value::List(items) => items.get(segment.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The same, to be changed; copies what other documents share.
    pub fn child_mut(&mut self, segment: &str) -> Option<&mut Node> {
        match &mut self.value {
            Value::Table(table) => Arc::make_mut(table).get_mut(segment).map(|entry| &mut entry.node),
            Value::List(items) => Arc::make_mut(items).get_mut(segment.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// Whether both say the same, wherever they are written.
    pub fn says_the_same(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Text(a) | Value::Date(a), Value::Text(b) | Value::Date(b)) => a == b,
            (Value::Boolean(a), Value::Boolean(b)) => a == b,
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.says_the_same(b))
            }
            (Value::Table(a), Value::Table(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .zip(b.iter())
                        .all(|((key, a), (other, b))| key == other && a.node.says_the_same(&b.node))
            }
            _ => matches!((self.as_number(), other.as_number()), (Some(a), Some(b)) if a == b),
        }
    }

    /// A scalar as TOML writes it, cut after 40 characters; `…` for anything else.
    pub fn in_toml(&self) -> String {
        match &self.value {
            Value::Text(text) if text.len() <= 40 => format!("\"{text}\""),
            Value::Integer(number) => number.to_string(),
            Value::Float(number) => format!("{number:?}"),
            Value::Boolean(value) => value.to_string(),
            Value::Date(date) => date.clone(),
            _ => "…".into(),
        }
    }

    /// What it is, in words, for messages: ``the number 3``, `the text "abc"`, `a table`.
    pub fn in_words(&self) -> String {
        match &self.value {
            Value::Text(text) if text.chars().count() > 60 => {
                format!("the text \"{}…\"", text.chars().take(60).collect::<String>())
            }
            Value::Text(text) => format!("the text \"{text}\""),
            Value::Integer(number) => format!("the number {number}"),
            Value::Float(number) => format!("the number {number:?}"),
            Value::Boolean(value) => format!("{value}"),
            Value::Date(date) => format!("the date {date}"),
            Value::List(items) if items.is_empty() => "an empty list".into(),
            Value::List(_) => "a list".into(),
            Value::Table(table) if table.is_empty() => "an empty table".into(),
            Value::Table(_) => "a table".into(),
            Value::Unreadable => "an unreadable value".into(),
        }
    }
}
