//! What two documents say differently, and a document with some of these differences made.
//!
//! In: two documents. Out: edits by path, each as small as can be made by itself: a number with all that is said of it, a
//! list, a text, a whole entry that only one of them has. A document with any subset of the edits made is a document
//! like any other, in which every value still knows where it is written.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::node::{Entry, Node, Span, Table, Value};
use super::{Document, path};
use crate::scenario::natural_order;
use crate::scenario::shape::{Shape, ShapeId, Shapes, shapes};

/// One difference between two documents.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Path of what differs.
    pub path: String,
    /// What the one says there, if anything.
    pub old: Option<Node>,
    /// What the other says there, if anything.
    pub new: Option<Node>,
    segments: Vec<String>,
}

impl Edit {
    /// Parts of its path.
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// What it belongs to: the table of an id (`risks.R11`), or else a top-level table (`scenario`).
    pub fn belongs_to(&self) -> String {
        let by_id = !matches!(self.segments[0].as_str(), "scenario" | "restore");
        path::join(self.segments.iter().take(if by_id { 2 } else { 1 }).map(String::as_str))
    }
}

impl Document {
    /// Everything that `new` says differently, in natural order of the paths. Which files a scenario is spread over is no
    /// difference.
    pub fn edits_to(&self, new: &Document) -> Vec<Edit> {
        let mut walk = Walk { shapes: shapes(), segments: Vec::new(), edits: Vec::new() };
        walk.differences(Some(walk.shapes.root()), Some(&self.root), Some(&new.root));
        walk.edits
    }

    /// The document with some edits made.
    #[must_use]
    pub fn edited<'e>(&self, edits: impl IntoIterator<Item = &'e Edit>) -> Document {
        let mut document = self.clone();
        for edit in edits {
            put(&mut document.root, &edit.segments, edit.new.as_ref());
        }
        document
    }

    /// Both documents with their places in common, so that values of the one can stand in the other.
    ///
    /// Data files that the new one names are taken from its own folder, unless they hold the same bytes.
    pub fn side_by_side(&self, new: &Document) -> (Document, Document) {
        let mut parts = self.parts.clone();
        let shift = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        parts.extend(new.parts.iter().cloned());
        let (mut old, mut new) = (self.clone(), new.clone());
        move_spans(&mut new.root, shift);
        if old.folder != new.folder {
            let (from, to) = (new.folder.clone(), old.folder.clone());
            keep_data(&mut new.root, &from, &to);
        }
        new.folder.clone_from(&old.folder);
        old.parts.clone_from(&parts);
        new.parts = parts;
        (old, new)
    }
}

struct Walk {
    shapes: &'static Shapes,
    segments: Vec<String>,
    edits: Vec<Edit>,
}

impl Walk {
    fn differences(&mut self, shape: Option<ShapeId>, old: Option<&Node>, new: Option<&Node>) {
        match (old, new) {
            (None, None) => return,
            (Some(old), Some(new)) if old.says_the_same(new) => return,
            _ => {}
        }
        if let Some(keys) = self.parts(shape, old, new) {
            for key in natural_order(keys.iter()) {
                if self.segments.is_empty() && key == "include" {
                    continue;
                }
                let below = shape.zip(old.or(new)).and_then(|(shape, node)| self.shapes.below(shape, node, key));
                self.segments.push(key.to_owned());
                self.differences(below, old.and_then(|n| n.child(key)), new.and_then(|n| n.child(key)));
                self.segments.pop();
            }
            return;
        }
        self.edits.push(Edit {
            path: path::join(self.segments.iter().map(String::as_str)),
            old: old.cloned(),
            new: new.cloned(),
            segments: self.segments.clone(),
        });
    }

    /// The parts that can be changed one by one, if what stands here has such.
    fn parts(&self, shape: Option<ShapeId>, old: Option<&Node>, new: Option<&Node>) -> Option<BTreeSet<String>> {
        let shape = shape?;
        let of = |node: Option<&Node>| node.map(|node| self.shapes.for_node(shape, node));
        let resolved = match (of(old), of(new)) {
            (Some(a), Some(b)) if a != b => return None,
            (Some(a), _) | (None, Some(a)) => a,
            (None, None) => return None,
        };
        match (self.shapes.get(resolved), old, new) {
            // A table of like entries that only one of them has is a table without entries in the other.
            (Shape::Entries { .. }, ..) => Some(keys(old).chain(keys(new)).collect()),
            // A number is one thing, with all that is said of it.
            (Shape::Record { keys, .. }, ..) if keys.contains_key("times") => None,
            (Shape::Record { .. }, Some(_), Some(_)) => Some(keys(old).chain(keys(new)).collect()),
            // Of an effect: what it does stays the same. A condition is one thing.
            (Shape::Tagged(_), Some(a), Some(b)) if self.in_a_list() => {
                let (a, b) = (keys(Some(a)).collect::<BTreeSet<_>>(), keys(Some(b)).collect::<BTreeSet<_>>());
                (a == b).then_some(a)
            }
            (Shape::List { item, .. }, Some(a), Some(b)) => {
                let (a, b) = (a.items(), b.items());
                let tables = matches!(self.shapes.get(*item), Shape::Tagged(_) | Shape::Record { .. });
                (tables && a.len() == b.len() && !self.in_a_condition())
                    .then(|| (0..a.len()).map(|index| index.to_string()).collect())
            }
            _ => None,
        }
    }

    fn in_a_list(&self) -> bool {
        self.segments.last().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()))
    }

    fn in_a_condition(&self) -> bool {
        self.segments.iter().skip(2).any(|segment| segment == "when")
    }
}

fn keys(node: Option<&Node>) -> impl Iterator<Item = String> {
    node.and_then(Node::as_table).into_iter().flat_map(Table::keys).cloned()
}

/// Puts a value at a path, or takes away what is there; tables on the way are made where they are missing.
fn put(node: &mut Node, segments: &[String], value: Option<&Node>) {
    let Some((segment, rest)) = segments.split_first() else {
        if let Some(value) = value {
            *node = value.clone();
        }
        return;
    };
    let span = value.map_or(node.span, |value| value.span);
    match &mut node.value {
        Value::Table(table) => {
            let table = Arc::make_mut(table);
            match (rest.is_empty(), value) {
                (true, Some(value)) => {
                    table.insert(segment.clone(), Entry { key: span, node: value.clone() });
                }
                (true, None) => {
                    table.remove(segment);
                }
                (false, None) if !table.contains_key(segment) => {}
                (false, _) => {
                    let empty = || Node { value: Value::Table(Arc::new(Table::new())), span };
                    let entry = table.entry(segment.clone()).or_insert_with(|| Entry { key: span, node: empty() });
                    put(&mut entry.node, rest, value);
                }
            }
        }
        Value::List(items) => {
            let item = segment.parse::<usize>().ok().and_then(|index| Arc::make_mut(items).get_mut(index));
            if let Some(item) = item {
                put(item, rest, value);
            }
        }
        _ => {}
    }
}

fn move_spans(node: &mut Node, shift: u32) {
    let moved = |span: Span| Span { file: span.file.saturating_add(shift), ..span };
    node.span = moved(node.span);
    match &mut node.value {
        Value::Table(table) => {
            for entry in Arc::make_mut(table).values_mut() {
                entry.key = moved(entry.key);
                move_spans(&mut entry.node, shift);
            }
        }
        Value::List(items) => Arc::make_mut(items).iter_mut().for_each(|item| move_spans(item, shift)),
        _ => {}
    }
}

/// Names data files by their whole path, unless the other folder holds the same bytes under that name.
fn keep_data(node: &mut Node, from: &Path, to: &Path) {
    match &mut node.value {
        Value::Table(table) => {
            for (key, entry) in Arc::make_mut(table) {
                let file = entry.node.get("file").and_then(Node::as_text).filter(|_| key == "empirical");
                let Some(own) = file.map(|file| from.join(file)) else {
                    keep_data(&mut entry.node, from, to);
                    continue;
                };
                let other = file.map(|file| to.join(file));
                let bytes = std::fs::read(&own).ok();
                if bytes.is_some() && bytes == other.and_then(|other| std::fs::read(other).ok()) {
                    continue;
                }
                if let (Ok(whole), Some(file)) = (std::path::absolute(&own), entry.node.child_mut("file")) {
                    file.value = Value::Text(whole.to_string_lossy().into_owned());
                }
            }
        }
        Value::List(items) => Arc::make_mut(items).iter_mut().for_each(|item| keep_data(item, from, to)),
        _ => {}
    }
}
