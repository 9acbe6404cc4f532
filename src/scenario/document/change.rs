//! Changes of a document by path: what a plan, a response or a what-if sets and scales.
//!
//! In: a document and one layer of changes, in which no two concern the same place. Out: the
//! changed document, in which every new value knows where the change is written, so that what is
//! wrong with it is reported there.

use std::sync::Arc;

use super::node::{Entry, Node, Span, Value};
use super::{Document, path};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::scenario::shape::{Key, Shape, ShapeId, Shapes, shapes};
use crate::scenario::suggestion;

/// One change.
#[derive(Debug, Clone)]
pub struct Change {
    /// Path of what is changed.
    pub path: String,
    /// What is done there.
    pub kind: ChangeKind,
    /// Path of where the change is written, such as `plans.P8.set."risks.R15.probability"`.
    pub origin: String,
    /// Where its path is written.
    pub span: Span,
}

/// What a change does.
#[derive(Debug, Clone)]
pub enum ChangeKind {
    /// Puts this in the place of what is there.
    Set(Node),
    /// Multiplies the number there by this one; the draw behind it stays the same.
    Scale(Node),
}

impl Document {
    /// The document with one layer of changes made.
    ///
    /// `set` replaces a value, or adds a key that the format knows to a table that is there.
    /// `scale` turns a number x into `{ value = x, times = factor }` and multiplies the `times` of an estimate.
    /// Changes without effect are noted as warnings in [`Document::findings`].
    ///
    /// # Errors
    /// A path that names nothing, two changes of the same place, or something to scale that is no number.
    pub fn with_changes(&self, changes: &[Change]) -> Result<Document, Diagnostics> {
        let mut document = self.clone();
        let findings = document.make_all(changes);
        findings.or_value(document)
    }

    /// Makes the changes that can be made; what is wrong with the others.
    pub(in crate::scenario) fn make_all(&mut self, changes: &[Change]) -> Diagnostics {
        let mut findings = overlaps(self, changes);
        for change in changes {
            if let Err(finding) = self.make(change) {
                findings.push(*finding);
            }
        }
        findings
    }

    fn make(&mut self, change: &Change) -> Result<(), Box<Diagnostic>> {
        let Place { parents, last, present, shape } = self.place(change)?;
        let (new, old) = match (&change.kind, present) {
            (ChangeKind::Set(node), old) => (node.clone(), old),
            (ChangeKind::Scale(factor), Some(old)) => (self.scaled(change, &old, factor, shape)?, Some(old)),
            (ChangeKind::Scale(_), None) => {
                return Err(self
                    .refusal(
                        "nothing-to-scale",
                        change,
                        format!("`{}` is not given, so there is nothing to scale", change.path),
                    )
                    .hint("set it instead")
                    .into());
            }
        };
        let idle = match &change.kind {
            ChangeKind::Set(_) => old.is_some_and(|old| old.says_the_same(&new)),
            ChangeKind::Scale(factor) => factor.as_number() == Some(1.0),
        };
        if idle {
            let warning =
                Diagnostic::warning("override-without-effect", format!("`{}` is what it was before", change.path));
            let warning =
                self.placed(warning.at(&change.origin).hint("remove this line, or change its value"), change.span);
            self.findings.push(warning);
        }
        let mut parent = &mut self.root;
        for segment in &parents {
            match parent.child_mut(segment) {
                Some(child) => parent = child,
                None => return Ok(()),
            }
        }
        match &mut parent.value {
            Value::Table(table) => {
                let entry = Entry { key: change.span, node: new };
                Arc::make_mut(table).insert(last, entry);
            }
            Value::List(items) => {
                let index = last.parse::<usize>().ok();
                if let Some(item) = index.and_then(|index| Arc::make_mut(items).get_mut(index)) {
                    *item = new;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Finds what a change concerns.
    fn place(&self, change: &Change) -> Result<Place, Box<Diagnostic>> {
        let shapes = shapes();
        let mut segments = path::parse(&change.path).map_err(|problem| {
            self.refusal("malformed-path", change, format!("`{}` is not a path: {problem}", change.path))
                .allowed("keys joined by dots, such as risks.R14.probability")
        })?;
        if segments.len() == 1 && self.root.child(&segments[0]).is_some() {
            return Err(self
                .refusal("path-too-short", change, format!("`{}` is a whole table of the scenario", change.path))
                .allowed("a path to one value, such as \"risks.R14.probability\"")
                .hint("write the whole path in quotes, or its dots would make tables")
                .into());
        }
        let says_what_is_changed = matches!(
            (segments[0].as_str(), segments.get(2).map(String::as_str)),
            ("include", _)
                | ("plans" | "what_ifs" | "responses", Some("set" | "scale"))
                | ("plans" | "what_ifs", Some("responses"))
        );
        if says_what_is_changed {
            return Err(self
                .refusal(
                    "path-not-changeable",
                    change,
                    format!("`{}` says what is changed, and cannot be changed itself", change.path),
                )
                .hint("change what it changes")
                .into());
        }
        let mut node = &self.root;
        let mut shape = Some(shapes.root());
        let last_index = segments.len() - 1;
        for (index, segment) in segments.iter().enumerate() {
            let below = shape.and_then(|shape| shapes.below(shape, node, segment));
            match node.child(segment) {
                Some(child) => {
                    node = child;
                    shape = below;
                }
                None if index == last_index && addable(shapes, shape, node, segment) => {
                    let last = segments.pop().unwrap_or_default();
                    return Ok(Place { parents: segments, last, present: None, shape: below });
                }
                None => {
                    return Err(self.names_nothing(change, &segments, index, node, shape).into());
                }
            }
        }
        let present = Some(node.clone());
        let last = segments.pop().unwrap_or_default();
        Ok(Place { parents: segments, last, present, shape })
    }

    /// The error of a path whose segment `index` is not below `node`.
    fn names_nothing(
        &self,
        change: &Change,
        segments: &[String],
        index: usize,
        node: &Node,
        shape: Option<ShapeId>,
    ) -> Diagnostic {
        let segment = &segments[index];
        let before = path::join(segments[..index].iter().map(String::as_str));
        let place = if before.is_empty() { "the scenario".to_owned() } else { format!("`{before}`") };
        let finding = self.refusal("unknown-path", change, format!("`{}` names nothing", change.path));
        match &node.value {
            Value::Table(table) => {
                let mut known: Vec<&str> = table.keys().map(String::as_str).collect();
                let last = index + 1 == segments.len();
                if let (true, Some(Shape::Record { keys, .. })) =
                    (last, shape.map(|shape| shapes().get(shapes().for_node(shape, node))))
                {
                    known.extend(keys.keys().map(String::as_str).filter(|key| !table.contains_key(*key)));
                }
                let finding = finding.allowed(format!("below {place}: {}", suggestion::list(known.iter().copied())));
                match suggestion::nearest(segment, known.iter().copied()) {
                    Some(near) => {
                        let path = segments[..index].iter().map(String::as_str).chain([near]);
                        let path = path::join(path.chain(segments[index + 1..].iter().map(String::as_str)));
                        finding.hint(format!("did you mean `{path}`?"))
                    }
                    None => finding.hint(format!("{place} has no `{}`", segment.chars().take(60).collect::<String>())),
                }
            }
            Value::List(items) if items.is_empty() => finding.hint(format!("{place} is an empty list")),
            Value::List(items) => finding
                .allowed(format!("below {place}: a number from 0 to {}", items.len() - 1))
                .hint("items of a list are counted from 0"),
            _ => finding.hint(format!("{place} is {}, with nothing below it: set it as a whole", node.in_words())),
        }
    }

    pub(super) fn refusal(&self, code: &'static str, change: &Change, message: String) -> Diagnostic {
        self.placed(Diagnostic::error(code, message).at(&change.origin), change.span)
    }

    pub(super) fn placed(&self, finding: Diagnostic, span: Span) -> Diagnostic {
        match self.position(span) {
            Some(position) => finding.in_source(position),
            None => finding,
        }
    }
}

/// What a change concerns.
struct Place {
    /// Segments of the table or list that holds it.
    parents: Vec<String>,
    /// Its own segment.
    last: String,
    /// What is there, if anything.
    present: Option<Node>,
    /// What the format allows there.
    shape: Option<ShapeId>,
}

/// Whether the format allows this key, though it is not given, in this table.
fn addable(shapes: &Shapes, shape: Option<ShapeId>, node: &Node, segment: &str) -> bool {
    let Some(shape) = shape else { return false };
    match (shapes.get(shapes.for_node(shape, node)), &node.value) {
        (Shape::Record { keys, .. }, Value::Table(_)) => matches!(keys.get(segment), Some(Key { required: false, .. })),
        _ => false,
    }
}

/// Errors for changes of the same place, or of a place and a part of it.
pub(super) fn overlaps(document: &Document, changes: &[Change]) -> Diagnostics {
    let mut by_path: Vec<(Vec<String>, &Change)> =
        changes.iter().filter_map(|change| Some((path::parse(&change.path).ok()?, change))).collect();
    // In this order whatever lies within a place follows it directly.
    by_path.sort_by(|a, b| a.0.cmp(&b.0));
    let mut findings = Diagnostics::new();
    let mut outer: Option<&(Vec<String>, &Change)> = None;
    for inner in &by_path {
        match outer {
            Some(outer) if inner.0.starts_with(&outer.0) => {
                let place =
                    document.position(outer.1.span).map_or_else(|| outer.1.origin.clone(), |place| place.to_string());
                let message = if inner.0 == outer.0 {
                    format!("`{}` is changed twice, here and at {place}", inner.1.path)
                } else {
                    format!("`{}` lies within `{}`, which is changed at {place}", inner.1.path, outer.1.path)
                };
                let finding = Diagnostic::error("changed-twice", message).at(&inner.1.origin);
                findings
                    .push(document.placed(finding.hint("which of the two counts is not said: keep one"), inner.1.span));
            }
            _ => outer = Some(inner),
        }
    }
    findings
}
