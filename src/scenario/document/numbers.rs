//! Every number of a scenario that says what it rests on, as it is written.

use super::node::{Node, Value};
use super::{Document, path};
use crate::scenario::file::Basis;
use crate::scenario::shape::{Shape, ShapeId, shapes};

/// A number with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenNumber {
    /// Its path.
    pub path: String,
    /// What it rests on.
    pub basis: Basis,
    /// Where it is stated or comes from.
    pub source: Option<String>,
    /// The arithmetic of a derived number.
    pub derivation: Option<String>,
    /// Who should be asked for a better one.
    pub elicit: Option<String>,
    /// A remark.
    pub note: Option<String>,
}

impl Document {
    /// Every estimate that is written with a basis, in the order of its path.
    pub fn numbers(&self) -> Vec<WrittenNumber> {
        let mut found = Vec::new();
        walk(self.root(), Some(shapes().root()), &mut Vec::new(), &mut found);
        found
    }
}

/// Whether a table of this shape is an estimate: one way of saying its value, and what it rests on.
fn is_estimate(shape: ShapeId, node: &Node) -> bool {
    match shapes().get(shapes().for_node(shape, node)) {
        Shape::Record { keys, exactly_one } => !exactly_one.is_empty() && keys.contains_key("basis"),
        _ => false,
    }
}

fn walk(node: &Node, shape: Option<ShapeId>, at: &mut Vec<String>, found: &mut Vec<WrittenNumber>) {
    let children: Vec<(String, &Node)> = match &node.value {
        Value::Table(table) => table.iter().map(|(key, entry)| (key.clone(), &entry.node)).collect(),
        Value::List(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
        _ => return,
    };
    if shape.is_some_and(|shape| is_estimate(shape, node)) {
        let said = |key: &str| node.get(key).and_then(Node::as_text).map(str::to_owned);
        if let Some(basis) = said("basis").and_then(|word| basis(&word)) {
            found.push(WrittenNumber {
                path: path::join(at.iter().map(String::as_str)),
                basis,
                source: said("source"),
                derivation: said("derivation"),
                elicit: said("elicit"),
                note: said("note"),
            });
        }
    }
    for (segment, child) in children {
        let below = shape.and_then(|shape| shapes().below(shape, node, &segment));
        at.push(segment);
        walk(child, below, at, found);
        at.pop();
    }
}

fn basis(word: &str) -> Option<Basis> {
    match word {
        "stated" => Some(Basis::Stated),
        "derived" => Some(Basis::Derived),
        "base-rate" => Some(Basis::BaseRate),
        "assumed" => Some(Basis::Assumed),
        _ => None,
    }
}
