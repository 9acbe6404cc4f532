//! The schema compiled into what validation walks: one small value for each place of the format.
//!
//! In: the JSON Schema of [`super::schema`]. Out: [`Shapes`], with references resolved and limits
//! read, compiled once per process. Only what the derived schema uses is understood; a test
//! compiles the whole schema and finds nothing left over.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde_json::Value;

use super::document::Node;
use super::document::Value as NodeValue;
use super::schema;

/// Index of a shape.
pub type ShapeId = usize;

/// What may stand at a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Anything.
    Any,
    /// Text of at least so many letters.
    Text { least: usize },
    /// A real number within limits.
    Number { least: Option<f64>, most: Option<f64> },
    /// A whole number within limits.
    Whole { least: i64, most: i64 },
    /// True or false.
    Boolean,
    /// A calendar date.
    Date,
    /// One of these words.
    Choice(Vec<String>),
    /// A list of at least so many items.
    List { item: ShapeId, least: usize },
    /// A table with these keys.
    Record { keys: BTreeMap<String, Key>, exactly_one: Vec<String> },
    /// A table with exactly one of these keys.
    Tagged(BTreeMap<String, ShapeId>),
    /// A table of like entries, by id or (where `ids` is false) by path.
    Entries { item: ShapeId, ids: bool },
    /// One of several, told apart by what kind of value stands there.
    Either(Vec<ShapeId>),
}

/// A key of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    /// What may stand there.
    pub shape: ShapeId,
    /// Whether it must be there.
    pub required: bool,
}

/// All shapes of the format.
#[derive(Debug)]
pub struct Shapes {
    shapes: Vec<Shape>,
    root: ShapeId,
}

/// The shapes of a scenario file.
pub fn shapes() -> &'static Shapes {
    static SHAPES: OnceLock<Shapes> = OnceLock::new();
    SHAPES.get_or_init(|| Shapes::compile(&schema::json_schema()))
}

impl Shapes {
    /// The shape of the whole document.
    pub fn root(&self) -> ShapeId {
        self.root
    }

    /// A shape.
    pub fn get(&self, id: ShapeId) -> &Shape {
        &self.shapes[id]
    }

    /// The shape among the alternatives at `id` that a node of this kind can only be meant as.
    pub fn for_node(&self, id: ShapeId, node: &Node) -> ShapeId {
        let Shape::Either(alternatives) = self.get(id) else {
            return id;
        };
        alternatives
            .iter()
            .map(|&shape| self.for_node(shape, node))
            .find(|&shape| self.is_meant_as(shape, node))
            .unwrap_or(id)
    }

    /// Whether the kind of value is right, whatever its limits.
    pub fn takes(&self, id: ShapeId, node: &Node) -> bool {
        match (self.get(id), &node.value) {
            (Shape::Any, _)
            | (Shape::Text { .. } | Shape::Date, NodeValue::Text(_) | NodeValue::Date(_))
            | (Shape::Choice(_), NodeValue::Text(_))
            | (Shape::Number { .. } | Shape::Whole { .. }, NodeValue::Integer(_) | NodeValue::Float(_))
            | (Shape::Boolean, NodeValue::Boolean(_))
            | (Shape::List { .. }, NodeValue::List(_))
            | (Shape::Record { .. } | Shape::Tagged(_) | Shape::Entries { .. }, NodeValue::Table(_)) => true,
            (Shape::Either(alternatives), _) => alternatives.iter().any(|&shape| self.is_meant_as(shape, node)),
            _ => false,
        }
    }

    /// The same among alternatives, where a date is not taken for text.
    fn is_meant_as(&self, id: ShapeId, node: &Node) -> bool {
        self.takes(id, node) && !matches!((self.get(id), &node.value), (Shape::Text { .. }, NodeValue::Date(_)))
    }

    /// The shape below `id` at a key or index, where a node of that shape stands.
    pub fn below(&self, id: ShapeId, node: &Node, segment: &str) -> Option<ShapeId> {
        match self.get(self.for_node(id, node)) {
            Shape::Record { keys, .. } => keys.get(segment).map(|key| key.shape),
            Shape::Tagged(keys) => keys.get(segment).copied(),
            Shape::Entries { item, .. } | Shape::List { item, .. } => Some(*item),
            Shape::Any => Some(id),
            _ => None,
        }
    }

    fn compile(schema: &Value) -> Self {
        let mut compiler = Compiler { schema, shapes: Vec::new(), definitions: HashMap::new() };
        let root = compiler.shape(schema);
        Self { shapes: compiler.shapes, root }
    }
}

struct Compiler<'s> {
    schema: &'s Value,
    shapes: Vec<Shape>,
    definitions: HashMap<&'s str, ShapeId>,
}

impl<'s> Compiler<'s> {
    fn shape(&mut self, schema: &'s Value) -> ShapeId {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.definition(reference);
        }
        let id = self.shapes.len();
        self.shapes.push(Shape::Any);
        self.shapes[id] = self.read(schema);
        id
    }

    fn anything(&mut self) -> ShapeId {
        self.shapes.push(Shape::Any);
        self.shapes.len() - 1
    }

    fn definition(&mut self, reference: &'s str) -> ShapeId {
        if let Some(&id) = self.definitions.get(reference) {
            return id;
        }
        let id = self.shapes.len();
        self.shapes.push(Shape::Any);
        // Known before it is read: a condition contains conditions.
        self.definitions.insert(reference, id);
        if let Some(schema) = reference.strip_prefix('#').and_then(|pointer| self.schema.pointer(pointer)) {
            self.shapes[id] = self.read(schema);
        }
        id
    }

    fn read(&mut self, schema: &'s Value) -> Shape {
        let alternatives = |key: &str| schema.get(key).and_then(Value::as_array);
        if let Some(alternatives) = alternatives("anyOf") {
            return Shape::Either(alternatives.iter().map(|alternative| self.shape(alternative)).collect());
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        if let (Some(alternatives), None) = (alternatives("oneOf"), properties) {
            return self.one_of(alternatives);
        }
        let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
        match schema.get("type").and_then(Value::as_str) {
            Some("string") if schema.get("format").is_some_and(|format| format == "date") => Shape::Date,
            Some("string") => match (schema.get("const").and_then(Value::as_str), alternatives("enum")) {
                (Some(word), _) => Shape::Choice(vec![word.to_owned()]),
                (_, Some(words)) => Shape::Choice(texts(words)),
                _ => Shape::Text {
                    least: schema
                        .get("minLength")
                        .and_then(Value::as_u64)
                        .and_then(|least| usize::try_from(least).ok())
                        .unwrap_or(0),
                },
            },
            Some("number") => Shape::Number { least: limit("minimum"), most: limit("maximum") },
            Some("integer") => {
                let (least, most) = match schema.get("format").and_then(Value::as_str) {
                    Some("uint8") => (0, i64::from(u8::MAX)),
                    Some("uint16") => (0, i64::from(u16::MAX)),
                    Some("uint32") => (0, i64::from(u32::MAX)),
                    Some("uint64" | "uint") => (0, i64::MAX),
                    Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
                    _ => (i64::MIN, i64::MAX),
                };
                let limit = |key: &str| schema.get(key).and_then(Value::as_i64);
                Shape::Whole { least: limit("minimum").unwrap_or(least), most: limit("maximum").unwrap_or(most) }
            }
            Some("boolean") => Shape::Boolean,
            Some("array") => {
                let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
                let item = match schema.get("items") {
                    Some(items) => self.shape(items),
                    None => self.anything(),
                };
                Shape::List { item, least: usize::try_from(least).unwrap_or(usize::MAX) }
            }
            Some("object") => self.object(schema),
            _ => Shape::Any,
        }
    }

    /// Words, or tables told apart by their single key.
    fn one_of(&mut self, alternatives: &'s [Value]) -> Shape {
        let mut words = Vec::new();
        let mut keys = BTreeMap::new();
        for alternative in alternatives {
            if let Some(word) = alternative.get("const").and_then(Value::as_str) {
                words.push(word.to_owned());
            } else if let Some(several) = alternative.get("enum").and_then(Value::as_array) {
                words.extend(texts(several));
            } else if let Some(properties) = alternative.get("properties").and_then(Value::as_object) {
                for (key, schema) in properties {
                    let shape = self.shape(schema);
                    keys.insert(key.clone(), shape);
                }
            }
        }
        if keys.is_empty() { Shape::Choice(words) } else { Shape::Tagged(keys) }
    }

    fn object(&mut self, schema: &'s Value) -> Shape {
        if let Some(item) = schema.get("additionalProperties").filter(|entries| entries.is_object()) {
            let ids = schema.pointer("/propertyNames/pattern").is_some();
            return Shape::Entries { item: self.shape(item), ids };
        }
        let required: Vec<String> =
            schema.get("required").and_then(Value::as_array).map(|keys| texts(keys)).unwrap_or_default();
        let mut keys = BTreeMap::new();
        for (key, schema) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let shape = self.shape(schema);
            keys.insert(key.clone(), Key { shape, required: required.contains(key) });
        }
        let exactly_one = schema
            .get("oneOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|alternative| alternative.pointer("/required/0").and_then(Value::as_str).map(str::to_owned))
            .collect();
        Shape::Record { keys, exactly_one }
    }
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_schema_is_understood() {
        let shapes = shapes();
        let Shape::Record { keys, .. } = shapes.get(shapes.root()) else { panic!("the root is a table") };
        assert!(keys["scenario"].required);
        // `set` takes anything; nothing else does.
        let anything = shapes.shapes.iter().filter(|shape| **shape == Shape::Any).count();
        assert_eq!(anything, 1, "a part of the schema is not understood");
        assert!(
            shapes
                .shapes
                .iter()
                .any(|shape| matches!(shape, Shape::Record { exactly_one, .. } if exactly_one.len() > 10))
        );
        assert!(shapes.shapes.iter().any(|shape| matches!(shape, Shape::Entries { ids: false, .. })));
        for shape in &shapes.shapes {
            assert!(!matches!(shape, Shape::Choice(words) if words.is_empty()), "a choice without words");
        }
    }
}
