//! Every number of a scenario, by the path that a change would name.
//!
//! In: a document. Out: its quantities in natural order of their paths, found by what the format allows at each
//! place, so that a kind of number that the format gains is found too. Names of estimates are no numbers of their own.

use super::node::{Node, Value};
use super::path::{self, Step};
use super::{Document, read};
use crate::scenario::file::Quantity;
use crate::scenario::natural_order;
use crate::scenario::shape::{Shape, ShapeId, Shapes, shapes};

/// A number as it is written, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Its path: `risks.R14.probability`.
    pub path: String,
    /// The number; never the name of an estimate.
    pub quantity: Quantity,
}

impl Document {
    /// The numbers of the scenario: estimates, and numbers and durations that stand where an estimate could.
    ///
    /// What plans, what-ifs and responses change is not among them; those of a plan are the numbers of
    /// [`Document::for_plan`].
    pub fn quantities(&self) -> Vec<Written> {
        let mut found = Vec::new();
        let shapes = shapes();
        let mut walk = Walk { shapes, estimates: self.root.get("estimates"), steps: Vec::new(), found: &mut found };
        walk.visit(&self.root, shapes.root(), 0);
        found
    }
}

struct Walk<'d> {
    shapes: &'static Shapes,
    estimates: Option<&'d Node>,
    steps: Vec<Step<'d>>,
    found: &'d mut Vec<Written>,
}

impl<'d> Walk<'d> {
    fn visit(&mut self, node: &'d Node, shape: ShapeId, depth: usize) {
        if self.is_number(shape)
            && !self.is_name(node)
            && let Ok(quantity) = read::read::<Quantity>(node)
        {
            self.found.push(Written { path: path::write(&self.steps), quantity });
        }
        match &node.value {
            Value::Table(table) => {
                for key in natural_order(table.keys()) {
                    if depth == 0 && matches!(key, "plans" | "what_ifs" | "responses") {
                        continue;
                    }
                    let Some((key, entry)) = table.get_key_value(key) else { continue };
                    self.below(node, shape, key, Step::Key(key), &entry.node, depth);
                }
            }
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.below(node, shape, &index.to_string(), Step::Index(index), item, depth);
                }
            }
            _ => {}
        }
    }

    fn below(&mut self, node: &'d Node, shape: ShapeId, segment: &str, step: Step<'d>, child: &'d Node, depth: usize) {
        if let Some(below) = self.shapes.below(shape, node, segment) {
            self.steps.push(step);
            self.visit(child, below, depth + 1);
            self.steps.pop();
        }
    }

    /// Whether an estimate may stand here.
    fn is_number(&self, shape: ShapeId) -> bool {
        match self.shapes.get(shape) {
            Shape::Record { exactly_one, .. } => !exactly_one.is_empty(),
            Shape::Either(alternatives) => alternatives.iter().any(|&id| self.is_number(id)),
            _ => false,
        }
    }

    /// Whether it is the name of an estimate.
    fn is_name(&self, node: &Node) -> bool {
        node.as_text().is_some_and(|name| self.estimates.is_some_and(|estimates| estimates.get(name).is_some()))
    }
}

impl Node {
    /// The number that it is, if it is one: exact, a duration, or an estimate.
    pub fn as_quantity(&self) -> Option<Quantity> {
        let number = matches!(self.value, Value::Integer(_) | Value::Float(_) | Value::Text(_) | Value::Table(_));
        if number { read::read(self).ok() } else { None }
    }
}
