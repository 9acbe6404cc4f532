//! The manual of the format, `docs/FORMAT.md`, written from the schema.
//!
//! In: the JSON Schema and a hand-written introduction. Out: Markdown. Each table of the file has a
//! section with what only it uses; what several use stands in sections of its own after them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::schema;

const INTRODUCTION: &str = include_str!("format_intro.md");

/// The whole of `docs/FORMAT.md`.
pub fn format_markdown() -> String {
    let schema = schema::json_schema();
    let empty = Map::new();
    let definitions = schema["$defs"].as_object().unwrap_or(&empty);
    let tables = schema["properties"].as_object().unwrap_or(&empty);
    let manual = Manual::arrange(&schema, definitions, tables);
    manual.write()
}

/// A section: what it is called, the definition it is about, and those that only it uses.
struct Section<'s> {
    heading: String,
    table: Option<(&'s str, &'s Value)>,
    definitions: Vec<&'s str>,
}

struct Manual<'s> {
    schema: &'s Value,
    definitions: &'s Map<String, Value>,
    sections: Vec<Section<'s>>,
    /// Heading under which each definition stands.
    headings: BTreeMap<&'s str, String>,
}

impl<'s> Manual<'s> {
    fn arrange(schema: &'s Value, definitions: &'s Map<String, Value>, tables: &'s Map<String, Value>) -> Self {
        let mut manual = Self { schema, definitions, sections: Vec::new(), headings: BTreeMap::new() };
        let numbers = manual.reachable_from("Quantity");
        // Which tables use each definition.
        let mut used_by: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut order: Vec<(&str, &Value, Vec<&str>)> = Vec::new();
        for (key, table) in tables {
            let mut reached = Vec::new();
            manual.collect(table, &mut reached);
            for definition in &reached {
                used_by.entry(definition).or_default().insert(key);
            }
            order.push((key, table, reached));
        }
        let own = |definition: &str| !numbers.contains(&definition) && used_by[definition].len() == 1;
        let mut shared: Vec<&str> = Vec::new();
        for (key, table, reached) in order {
            let mut definitions: Vec<&str> = reached.iter().copied().filter(|name| own(name)).collect();
            for name in reached.into_iter().filter(|name| !own(name) && !numbers.contains(name)) {
                if !shared.contains(&name) {
                    shared.push(name);
                }
            }
            // The entries of the table are described under its own heading.
            if let Some(entry) = entry_of(table).filter(|entry| definitions.first() == Some(entry)) {
                manual.headings.insert(entry, key.to_owned());
                definitions.remove(0);
            }
            manual.add(key.to_owned(), Some((key, table)), definitions);
        }
        manual.add("Numbers".into(), None, numbers);
        manual.add("Shared values".into(), None, shared);
        manual
    }

    fn add(&mut self, heading: String, table: Option<(&'s str, &'s Value)>, definitions: Vec<&'s str>) {
        for name in &definitions {
            self.headings.insert(name, in_words(name));
        }
        self.sections.push(Section { heading, table, definitions });
    }

    fn reachable_from(&self, name: &'s str) -> Vec<&'s str> {
        let mut reached = vec![name];
        if let Some(definition) = self.definitions.get(name) {
            self.collect(definition, &mut reached);
        }
        reached
    }

    /// Definitions that a schema refers to, directly or not, in the order in which they are met.
    fn collect(&self, schema: &'s Value, reached: &mut Vec<&'s str>) {
        match schema {
            Value::Object(object) => {
                if let Some(name) = reference(schema).filter(|name| !reached.contains(name)) {
                    reached.push(name);
                    if let Some(definition) = self.definitions.get(name) {
                        self.collect(definition, reached);
                    }
                }
                object.values().for_each(|value| self.collect(value, reached));
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, reached)),
            _ => {}
        }
    }

    fn write(&self) -> String {
        let mut text = String::from("# The scenario format\n\n");
        text.push_str(
            "<!-- Written by golive from its types: change src/scenario/file/ or src/scenario/format_intro.md. -->\n\n",
        );
        text.push_str(INTRODUCTION.trim_end());
        text.push_str("\n\n## Contents\n\n");
        for section in &self.sections {
            let _ = writeln!(text, "- {}", link(&section.heading));
            if section.table.is_none() || section.definitions.len() > 4 {
                let inner: Vec<String> = section.definitions.iter().map(|name| link(&self.headings[name])).collect();
                let _ = writeln!(text, "  - {}", inner.join(", "));
            }
        }
        text.push_str("\n## The tables of a file\n\n| Table | Required | Meaning |\n|---|---|---|\n");
        let required = texts(&self.schema["required"]);
        for (key, table) in self.sections.iter().filter_map(|section| section.table) {
            let needed = if required.contains(&key) { "yes" } else { "" };
            let _ = writeln!(text, "| {} | {needed} | {} |", link(key), cell(description(table)));
        }
        for section in &self.sections {
            self.section(&mut text, section);
        }
        text
    }

    fn section(&self, text: &mut String, section: &Section<'s>) {
        let _ = writeln!(text, "\n## {}", section.heading);
        if let Some((key, table)) = section.table {
            let written = match (table.get("additionalProperties"), table["type"].as_str()) {
                (Some(entries), _) if reference(entries).is_some_and(|name| self.is_record(name)) => {
                    format!("`[{key}.<id>]`")
                }
                (Some(_), _) => format!("`[{key}]`, with `<id> = …` for each entry"),
                (None, Some("array")) => format!("`{key} = […]`, before the first table"),
                (None, _) => format!("`[{key}]`"),
            };
            let _ = writeln!(text, "\nWritten {written}. {}", description(table));
            match entry_of(table).filter(|entry| self.headings.get(entry).is_some_and(|heading| heading == key)) {
                Some(entry) => {
                    if reference(table).is_none() {
                        let _ = writeln!(text, "Each entry: {}", lower_first(description(&self.definitions[entry])));
                    }
                    self.body(text, &self.definitions[entry]);
                }
                None => {
                    let _ = writeln!(text, "\nValue: {}.", self.kind(table));
                }
            }
        }
        for name in &section.definitions {
            let definition = &self.definitions[*name];
            let _ = writeln!(text, "\n### {}\n\n{}", self.headings[name], description(definition));
            self.body(text, definition);
        }
    }

    fn is_record(&self, name: &str) -> bool {
        self.definitions.get(name).is_some_and(|definition| definition.get("properties").is_some())
    }

    /// The keys, words or alternatives of a definition.
    fn body(&self, text: &mut String, definition: &Value) {
        if let Some(keys) = definition["properties"].as_object() {
            let required = texts(&definition["required"]);
            let one_of: Vec<&str> = definition["oneOf"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|one| one["required"][0].as_str())
                .collect();
            if !one_of.is_empty() {
                text.push_str("\nExactly one of the keys marked *one of* has to be there.\n");
            }
            text.push_str("\n| Key | Value | Required | Meaning |\n|---|---|---|---|\n");
            for (key, value) in keys {
                let needed = if required.contains(&key.as_str()) {
                    "yes"
                } else if one_of.contains(&key.as_str()) {
                    "*one of*"
                } else {
                    ""
                };
                let _ = writeln!(text, "| `{key}` | {} | {needed} | {} |", self.kind(value), cell(description(value)));
            }
            return;
        }
        for alternatives in [&definition["oneOf"], &definition["anyOf"]].into_iter().filter_map(Value::as_array) {
            let tagged = alternatives.iter().any(|one| one.get("properties").is_some());
            let head = if tagged {
                "Key | Value"
            } else if definition.get("anyOf").is_some() {
                "Written as"
            } else {
                "Word"
            };
            let line = if tagged { "|---|---|---|" } else { "|---|---|" };
            let _ = writeln!(text, "\n| {head} | Meaning |\n{line}");
            for one in alternatives {
                let what = match (one["properties"].as_object().and_then(|keys| keys.iter().next()), one.get("const")) {
                    (Some((key, value)), _) => format!("`{key}` | {}", self.kind(value)),
                    (None, Some(word)) => format!("`{word}`"),
                    (None, None) => self.kind(one),
                };
                let _ = writeln!(text, "| {what} | {} |", cell(description(one)));
            }
        }
    }

    /// What kind of value a schema takes, with links.
    fn kind(&self, schema: &Value) -> String {
        if let Some(name) = reference(schema) {
            return match self.headings.get(name) {
                Some(heading) => format!("[{}](#{})", lower_first(&in_words(name)), slug(heading)),
                None => lower_first(&in_words(name)),
            };
        }
        if let Some(entries) = schema.get("additionalProperties").filter(|entries| entries.is_object()) {
            let by = if schema["propertyNames"].get("pattern").is_some() { "id" } else { "path" };
            return format!("table of {} by {by}", self.kind(entries));
        }
        let limits = match (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
            (Some(least), Some(most)) => format!(", {least} to {most}"),
            (Some(least), None) => format!(", at least {least}"),
            (None, Some(most)) => format!(", at most {most}"),
            (None, None) => String::new(),
        };
        let kind = match schema["type"].as_str() {
            Some("string") => "text".into(),
            Some("number") => format!("number{limits}"),
            Some("integer") => format!("whole number{limits}"),
            Some("boolean") => "`true` or `false`".into(),
            Some("array") => match schema["minItems"].as_u64() {
                Some(least) => format!("list of {}, at least {least}", self.kind(&schema["items"])),
                None => format!("list of {}", self.kind(&schema["items"])),
            },
            Some("object") => "table".into(),
            _ => "anything".into(),
        };
        match schema.get("default") {
            Some(default @ (Value::Bool(_) | Value::Number(_) | Value::String(_))) => {
                format!("{kind}; {default} unless given")
            }
            _ => kind,
        }
    }
}

/// The definition that a schema is, or that its entries are.
fn entry_of(schema: &Value) -> Option<&str> {
    reference(schema).or_else(|| schema.get("additionalProperties").and_then(reference))
}

fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

fn description(schema: &Value) -> &str {
    schema["description"].as_str().unwrap_or_default()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// `BackOut` → `Back out`.
fn in_words(name: &str) -> String {
    let mut words = String::new();
    for (index, character) in name.chars().enumerate() {
        if index > 0 && character.is_ascii_uppercase() {
            words.push(' ');
            words.push(character.to_ascii_lowercase());
        } else {
            words.push(character);
        }
    }
    words
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

/// The anchor that a heading gets.
fn slug(heading: &str) -> String {
    heading
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}

fn link(heading: &str) -> String {
    format!("[{heading}](#{})", slug(heading))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
