//! What a response changes, in words: each path with what it was and what it becomes.

use serde::Serialize;

use crate::scenario::document::{join_path, parse_path};
use crate::scenario::file::{Condition, ScenarioFile};
use crate::scenario::{Document, Node, Value, natural_order};

/// One change that a response makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResponseChange {
    /// The path that it changes.
    pub path: String,
    /// What is there, in words: `probability of R14`.
    pub what: String,
    /// What happens to it, in words: `× 0.5`, `0.8 → 0.6`.
    pub change: String,
}

/// What a response sets and scales.
pub(super) fn changes(document: &Document, file: &ScenarioFile, id: &str) -> Vec<ResponseChange> {
    let mut changes = Vec::new();
    for key in ["set", "scale"] {
        let node = document.node(&join_path(["responses", id, key]));
        for (path, entry) in node.and_then(Node::as_table).into_iter().flatten() {
            let new = value(&entry.node);
            let change = match (key, document.node(path)) {
                ("scale", _) => format!("× {new}"),
                (_, Some(old)) => format!("{} → {new}", value(old)),
                (_, None) => format!("→ {new}"),
            };
            changes.push(ResponseChange { path: path.clone(), what: what(file, path), change });
        }
    }
    changes
}

/// Risks whose condition asks whether a response is taken.
pub(super) fn asked_by(file: &ScenarioFile, id: &str) -> Vec<String> {
    let asks = |risk: &&str| file.risks[*risk].when.as_ref().is_some_and(|when| asks(when, id));
    natural_order(file.risks.keys()).into_iter().filter(asks).map(str::to_owned).collect()
}

fn asks(condition: &Condition, id: &str) -> bool {
    match condition {
        Condition::Response(response) => response == id,
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| asks(part, id)),
        Condition::Not(part) => asks(part, id),
        _ => false,
    }
}

/// What a path names, in words.
fn what(file: &ScenarioFile, path: &str) -> String {
    let Ok(segments) = parse_path(path) else { return path.to_owned() };
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    let of = |title: Option<&String>, id: &str| title.map_or_else(|| id.to_owned(), |title| format!("{id} ({title})"));
    match parts.as_slice() {
        ["estimates", id] => format!("the number {id}"),
        ["risks", id, key] => format!("{} of {}", key.replace('_', " "), of(file.risks.get(*id).map(|r| &r.title), id)),
        ["risks", id, rest @ ..] => {
            format!("{} of {}", rest.join("."), of(file.risks.get(*id).map(|r| &r.title), id))
        }
        ["activities", id, key] => {
            format!("{} of {}", key.replace('_', " "), of(file.activities.get(*id).and_then(|a| a.title.as_ref()), id))
        }
        ["pools", pool, "units", unit, key] => format!("{} of unit {unit} of {pool}", key.replace('_', " ")),
        _ => path.to_owned(),
    }
}

/// Keys of a number that say what it rests on rather than what it is.
const ABOUT: [&str; 7] = ["basis", "source", "elicit", "note", "derivation", "title", "uncertainty"];

/// A value in words: a number, `pert 0.6 / 0.8 / 1`, `0.05`, `2 days`.
fn value(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        Value::List(items) => format!("[{}]", items.iter().map(value).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => {
            let unit = node.get("unit").and_then(Node::as_text).map_or_else(String::new, |unit| format!(" {unit}"));
            let times = node.get("times").map_or_else(String::new, |times| format!(" × {}", value(times)));
            let kept: Vec<_> = table
                .iter()
                .filter(|(key, _)| !ABOUT.contains(&key.as_str()) && !["unit", "times"].contains(&key.as_str()))
                .collect();
            let inside = match kept.as_slice() {
                [(key, entry)] if *key == "value" || *key == "estimate" => value(&entry.node),
                [(key, entry)] => match points(&entry.node) {
                    Some(points) => format!("{key} {points}"),
                    None => format!("{key} {}", value(&entry.node)),
                },
                several => {
                    let pairs: Vec<String> = several.iter().map(|(k, e)| format!("{k} = {}", value(&e.node))).collect();
                    format!("{{ {} }}", pairs.join(", "))
                }
            };
            format!("{inside}{unit}{times}")
        }
        Value::Unreadable => "…".to_owned(),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Date(_) => node.in_toml(),
    }
}

/// Least, likeliest and greatest of three points: `0.6 / 0.8 / 1`.
fn points(node: &Node) -> Option<String> {
    let points: Vec<String> = ["min", "mode", "max"].iter().filter_map(|key| node.get(key)).map(value).collect();
    (points.len() >= 2 && node.as_table().is_some_and(|table| table.len() == points.len())).then(|| points.join(" / "))
}
