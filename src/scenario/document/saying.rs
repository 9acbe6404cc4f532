//! Values in a few words, as an analyst would say them: `PERT 0.02/0.06/0.15`, `5 days`, `[SEC, U22]`.
//!
//! In: a node. Out: one line of at most [`LONGEST`] characters. The texts are the scenario's own: what shows them makes
//! them harmless.

use super::edits::Edit;
use super::node::{Node, Table, Value};
use crate::scenario::shape::{Shape, shapes};

/// Longest value that is said, in characters.
const LONGEST: usize = 160;

/// What describes a number, and does not change it.
const DESCRIBING: [&str; 6] = ["basis", "source", "derivation", "elicit", "note", "times"];

impl Node {
    /// The value in a few words; of an estimate without its basis.
    pub fn in_short(&self) -> String {
        let words = say(self);
        match words.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &words[..end]),
            None => words,
        }
    }

    /// What an estimate says it rests on.
    pub fn basis(&self) -> Option<&str> {
        is_estimate(self.as_table()?).then(|| self.get("basis").and_then(Node::as_text).unwrap_or("assumed"))
    }
}

impl Edit {
    /// What it changes, in words: `PERT 0.02/0.06/0.15 → 0.3 (basis derived → assumed)`.
    pub fn in_words(&self) -> String {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => changed(old, new),
            (None, Some(new)) if !is_whole(new) => format!("not given → {}{}", new.in_short(), rests_on(new)),
            (Some(old), None) if !is_whole(old) => format!("{} → not given{}", old.in_short(), rests_on(old)),
            (None, Some(new)) => format!("added: {}", new.in_short()),
            (Some(old), None) => format!("removed: {}", old.in_short()),
            (None, None) => String::new(),
        }
    }
}

/// Whether it is an entry of its own rather than something said of one.
fn is_whole(node: &Node) -> bool {
    node.as_table().is_some_and(|table| !is_estimate(table))
}

fn rests_on(node: &Node) -> String {
    node.basis().map_or_else(String::new, |basis| format!(" ({basis})"))
}

fn changed(old: &Node, new: &Node) -> String {
    let (before, after) = (old.in_short(), new.in_short());
    let basis = match (old.basis(), new.basis()) {
        (Some(a), Some(b)) if a == b => format!(" ({a})"),
        (Some(a), Some(b)) => format!(" (basis {a} → {b})"),
        (None, Some(b)) => format!(" (basis {b})"),
        (Some(a), None) => format!(" (basis was {a})"),
        (None, None) => String::new(),
    };
    if before != after {
        // The same family need not be named twice: PERT 1/2/3 → 2/3/4.
        let family = before.split_once(' ').map(|(family, _)| family).filter(|_| old.basis().is_some());
        let rest = family.and_then(|family| after.strip_prefix(family)?.strip_prefix(' '));
        let family = family.is_some_and(|family| family.chars().all(char::is_alphabetic));
        let after = rest.filter(|_| family && new.basis().is_some()).unwrap_or(&after);
        return format!("{before} → {after}{basis}");
    }
    // The same value: what else is said of it differs.
    let (Some(a), Some(b)) = (old.as_table(), new.as_table()) else {
        return format!("{before} → {after}");
    };
    let differs = |key: &&String| match (a.get(*key), b.get(*key)) {
        (Some(a), Some(b)) => !a.node.says_the_same(&b.node),
        _ => true,
    };
    let mut keys: Vec<&str> = a.keys().chain(b.keys()).filter(differs).map(String::as_str).collect();
    keys.sort_unstable();
    keys.dedup();
    match keys.as_slice() {
        ["basis"] => format!("{before}{basis}"),
        ["empirical"] => format!("{before}{basis}: other data"),
        _ => format!("{before}{basis}: {} changed", keys.join(", ")),
    }
}

fn is_estimate(table: &Table) -> bool {
    way_of(table).is_some()
}

/// The key by which an estimate says its value.
fn way_of(table: &Table) -> Option<&str> {
    let shapes = shapes();
    let Shape::Record { keys, .. } = shapes.get(shapes.root()) else { return None };
    let Shape::Entries { item, .. } = shapes.get(keys.get("estimates")?.shape) else { return None };
    let Shape::Record { keys, exactly_one } = shapes.get(*item) else { return None };
    if !table.keys().all(|key| keys.contains_key(key)) {
        return None;
    }
    table.keys().map(String::as_str).find(|key| exactly_one.iter().any(|way| way == key))
}

fn say(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => format!("{number}"),
        Value::Boolean(value) => value.to_string(),
        Value::Date(date) => date.parse().map_or_else(|_| date.clone(), crate::time::long_date),
        Value::List(items) => format!("[{}]", joined(items.iter().map(say))),
        Value::Table(table) => match way_of(table) {
            Some(way) => estimate(table, way),
            None => match (table.get("title"), table.len()) {
                // A whole entry is known by its title.
                (Some(title), _) => say(&title.node),
                (None, 0) => "nothing".to_owned(),
                _ => format!("{{ {} }}", joined(table.iter().map(|(key, entry)| pair(key, &entry.node)))),
            },
        },
        Value::Unreadable => "…".to_owned(),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

fn pair(key: &str, node: &Node) -> String {
    format!("{key} {}", say(node))
}

fn estimate(table: &Table, way: &str) -> String {
    let node = &table[way].node;
    let of = |key: &str| node.get(key).map_or_else(|| "?".to_owned(), say);
    let parts = |sign: &str| node.items().iter().map(say).collect::<Vec<_>>().join(sign);
    let mut words = match way {
        "value" | "estimate" => say(node),
        "pert" => format!("PERT {}/{}/{}", of("min"), of("mode"), of("max")),
        "triangular" => format!("triangular {}/{}/{}", of("min"), of("mode"), of("max")),
        "uniform" => format!("uniform {} to {}", of("min"), of("max")),
        "evidence" if node.get("trials").is_some() => format!("{} in {} trials", of("failures"), of("trials")),
        "evidence" => format!("{} events in {}", of("events"), of("exposure")),
        "product" => parts(" × "),
        "sum" => parts(" + "),
        "complement" => format!("1 − {}", say(node)),
        // The name of the file, not where it lies.
        "empirical" => {
            let file = of("file");
            let name = file.rsplit(['/', '\\']).next().unwrap_or(&file).to_owned();
            format!("column {} of {name}", of("column"))
        }
        _ => {
            let name = way.replace('_', " ");
            match node.as_table() {
                Some(table) => format!("{name} {}", joined(table.iter().map(|(key, entry)| pair(key, &entry.node)))),
                None => format!("{name} {}", say(node)),
            }
        }
    };
    if let (Some(shape), "pert") = (node.get("shape"), way) {
        words += &format!(" (shape {})", say(shape));
    }
    if let Some(unit) = table.get("unit") {
        words += &format!(" {}", say(&unit.node));
    }
    if let Some(times) = table.get("times") {
        words += &format!(" × {}", say(&times.node));
    }
    for (key, entry) in table.iter().filter(|(key, _)| *key != way && *key != "unit") {
        if !DESCRIBING.contains(&key.as_str()) {
            words += &format!(", {}", pair(key, &entry.node));
        }
    }
    words
}
