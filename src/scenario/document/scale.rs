//! Numbers multiplied: what `scale` makes of what stands at a place.
//!
//! In: a number, a duration, the name of an estimate, or an estimate. Out: an estimate with `times`,
//! so that the draw behind it stays the same.

use std::sync::Arc;

use super::Document;
use super::change::Change;
use super::node::{Entry, Node, Span, Table, Value};
use crate::diagnostic::Diagnostic;
use crate::scenario::shape::{Shape, ShapeId, Shapes, shapes};

impl Document {
    /// The number at a place, multiplied.
    pub(super) fn scaled(
        &self,
        change: &Change,
        old: &Node,
        factor: &Node,
        shape: Option<ShapeId>,
    ) -> Result<Node, Box<Diagnostic>> {
        let estimate = shape.and_then(|shape| estimate_at(shapes(), shape));
        let refuse = |what: String| {
            Err(self
                .refusal("not-scalable", change, what)
                .allowed("a number that may be uncertain: a probability, rate, duration, delay or factor")
                .hint("set it instead, or scale the estimate that it belongs to")
                .into())
        };
        if estimate.is_none() {
            return refuse(format!("`{}` is {}, which cannot be scaled", change.path, old.in_words()));
        }
        let entry = |node: Node| Entry { key: change.span, node };
        let mut table = Table::new();
        match &old.value {
            Value::Integer(_) | Value::Float(_) => {
                table.insert("value".into(), entry(old.clone()));
            }
            // A text is the name of an estimate, or else a duration.
            Value::Text(name) if self.root.get("estimates").is_some_and(|estimates| estimates.get(name).is_some()) => {
                table.insert("estimate".into(), entry(old.clone()));
            }
            Value::Text(_) => {
                table.insert("value".into(), entry(old.clone()));
            }
            Value::Table(present) => table.clone_from(present),
            _ => {
                return refuse(format!("`{}` is {}, which cannot be scaled", change.path, old.in_words()));
            }
        }
        let times = match table.get("times").map(|present| &present.node) {
            None => factor.clone(),
            Some(present) => product(present, factor, change.span),
        };
        table.insert("times".into(), entry(times));
        let span = if matches!(old.value, Value::Table(_)) { old.span } else { change.span };
        Ok(Node { value: Value::Table(Arc::new(table)), span })
    }
}

/// The shape of an estimate table, where one may stand.
fn estimate_at(shapes: &Shapes, shape: ShapeId) -> Option<ShapeId> {
    match shapes.get(shape) {
        Shape::Record { keys, .. } if keys.contains_key("times") => Some(shape),
        Shape::Either(alternatives) => alternatives.iter().find_map(|&shape| estimate_at(shapes, shape)),
        _ => None,
    }
}

/// Two factors as one: multiplied where both are exact, composed otherwise.
fn product(first: &Node, second: &Node, span: Span) -> Node {
    if let (Some(x), Some(y)) = (first.as_number(), second.as_number()) {
        return Node { value: Value::Float(x * y), span: second.span };
    }
    let node = |value| Node { value, span };
    let entry = |value| Entry { key: span, node: node(value) };
    let mut table = Table::new();
    table.insert("product".into(), entry(Value::List(Arc::new(vec![first.clone(), second.clone()]))));
    table.insert("basis".into(), entry(Value::Text("derived".into())));
    table.insert("derivation".into(), entry(Value::Text("the product of the factors of two changes".into())));
    node(Value::Table(Arc::new(table)))
}
