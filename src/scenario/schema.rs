//! The format as JSON Schema (draft 2020-12), derived from the types that read it.
//!
//! In: the types of [`super::file`]. Out: what `golive schema` prints, editors complete and check
//! by, `validate` validates by and `docs/FORMAT.md` is generated from. What derivation
//! says about Rust rather than about the file is taken out: `null` does not exist in TOML.

use serde_json::{Map, Value, json};

use super::file::ScenarioFile;
pub use super::manual::format_markdown;

/// What an id looks like.
pub const ID_PATTERN: &str = "^[A-Za-z0-9][A-Za-z0-9_-]*$";

/// Address of the schema's dialect.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The JSON Schema of a scenario file.
pub fn json_schema() -> Value {
    let mut schema = schemars::SchemaGenerator::default().into_root_schema_for::<ScenarioFile>().to_value();
    tidy(&mut schema);
    if let Value::Object(root) = &mut schema {
        root.insert("$schema".into(), json!(DIALECT));
        root.insert("title".into(), json!("golive scenario"));
    }
    schema
}

/// Makes a derived schema and all that is in it fit for files: no nulls, ids checked, text in one line.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(object) => {
            without_null(object);
            if object.get("default").is_some_and(Value::is_null) {
                object.remove("default");
            }
            if let Some(Value::String(text)) = object.get_mut("description") {
                *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            }
            // A table by id; tables by path say themselves what their keys are.
            if object.get("additionalProperties").is_some_and(Value::is_object) && !object.contains_key("propertyNames")
            {
                object.insert("propertyNames".into(), json!({ "pattern": ID_PATTERN }));
            }
            for (key, value) in object.iter_mut() {
                match (key.as_str(), value) {
                    // The keys of these are names, which may be anything.
                    ("properties" | "$defs", Value::Object(named)) => named.values_mut().for_each(tidy),
                    ("default" | "const" | "enum" | "required" | "description", _) => {}
                    (_, value) => tidy(value),
                }
            }
        }
        _ => {}
    }
}

/// `["number", "null"]` → `"number"`; `anyOf: [X, null]` → X.
fn without_null(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [single] = types.as_slice() {
            let single = single.clone();
            object.insert("type".into(), single);
        }
    }
    if let Some(Value::Array(alternatives)) = object.get_mut("anyOf") {
        alternatives.retain(|alternative| alternative.get("type").is_none_or(|name| name != "null"));
        if let [Value::Object(single)] = alternatives.as_slice() {
            let single = single.clone();
            object.remove("anyOf");
            for (key, value) in single {
                object.entry(key).or_insert(value);
            }
        }
    }
}
