//! What the format allows at a place, in words: "a number from 0 to 1, such as 0.5".

use super::shape::{Shape, ShapeId, Shapes};
use super::suggestion;

/// What may stand at a place, with an example where words alone leave doubt.
pub fn allowed(shapes: &Shapes, id: ShapeId) -> String {
    match shapes.get(id) {
        Shape::Any => "anything".into(),
        Shape::Text { .. } => "text in quotes".into(),
        Shape::Number { least, most } => {
            format!("a number{}, such as {}", limits(*least, *most), example(*least, *most))
        }
        Shape::Whole { least, most } => format!("a whole number{}", whole_limits(*least, *most)),
        Shape::Boolean => "true or false".into(),
        Shape::Date => "a date, such as 2021-11-04".into(),
        Shape::Choice(words) => one_of(words),
        Shape::List { item, .. } => match shapes.get(*item) {
            Shape::Text { .. } => "a list of text, such as [\"a\", \"b\"]".into(),
            Shape::Date => "a list of dates, such as [2021-11-04, 2021-11-11]".into(),
            Shape::Record { .. } | Shape::Tagged(_) => "a list of tables, such as [{ … }]".into(),
            _ => format!("a list, each item {}", allowed(shapes, *item)),
        },
        Shape::Record { keys, exactly_one } if exactly_one.is_empty() => {
            format!("a table with the keys {}", suggestion::list(keys.keys().map(String::as_str)))
        }
        Shape::Record { .. } => {
            "a table with one way of saying its value, such as { pert = { min = 1, mode = 5, max = 14 } }".into()
        }
        Shape::Tagged(keys) => {
            format!("a table with exactly one of the keys {}", suggestion::list(keys.keys().map(String::as_str)))
        }
        Shape::Entries { ids: true, .. } => "a table with an entry for each id".into(),
        Shape::Entries { ids: false, .. } => {
            "a table with an entry for each path, such as \"risks.R14.probability\" = 0.5".into()
        }
        Shape::Either(alternatives) => {
            alternatives.iter().map(|&shape| allowed(shapes, shape)).collect::<Vec<_>>().join("; or ")
        }
    }
}

/// The words of a choice.
pub fn one_of(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// What is wrong in a few words: the kind that was expected.
pub fn kind(shapes: &Shapes, id: ShapeId) -> String {
    match shapes.get(id) {
        Shape::Any => "anything".into(),
        Shape::Text { .. } => "text".into(),
        Shape::Number { .. } => "a number".into(),
        Shape::Whole { .. } => "a whole number".into(),
        Shape::Boolean => "true or false".into(),
        Shape::Date => "a date".into(),
        Shape::Choice(_) => "one of a few words".into(),
        Shape::List { .. } => "a list".into(),
        Shape::Record { .. } | Shape::Tagged(_) | Shape::Entries { .. } => "a table".into(),
        Shape::Either(alternatives) => {
            let kinds: Vec<String> = alternatives.iter().map(|&shape| kind(shapes, shape)).collect();
            match kinds.as_slice() {
                [] => String::new(),
                [only] => only.clone(),
                [most @ .., last] => format!("{} or {last}", most.join(", ")),
            }
        }
    }
}

/// ` from 0 to 1`, or nothing.
fn limits(least: Option<f64>, most: Option<f64>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        (Some(least), None) => format!(" of at least {least}"),
        (None, Some(most)) => format!(" of at most {most}"),
        (None, None) => String::new(),
    }
}

fn example(least: Option<f64>, most: Option<f64>) -> f64 {
    let fits = |x: &f64| least.is_none_or(|least| *x >= least) && most.is_none_or(|most| *x <= most);
    [0.5, 5.0].into_iter().find(fits).or(least).or(most).unwrap_or(0.5)
}

fn whole_limits(least: i64, most: i64) -> String {
    match (least, most) {
        (i64::MIN, i64::MAX) => String::new(),
        (least, i64::MAX) => format!(" of at least {least}"),
        (0, most) if most == i64::from(u32::MAX) => " of at least 0".into(),
        (least, most) => format!(" from {least} to {most}"),
    }
}
