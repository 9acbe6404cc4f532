//! Names: their order, and what was probably meant.

use crate::diagnostic::Diagnostic;
use crate::scenario::{document, suggestion};

/// Ids in natural order: P2 before P10, whatever the order of the file.
pub(super) fn natural_order<'a>(ids: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut ids: Vec<&str> = ids.map(String::as_str).collect();
    ids.sort_unstable_by(|a, b| document::natural_order(a, b));
    ids
}

/// The error for a name that is not there.
pub(super) fn unknown(kind: &str, name: &str, known: &[&str], path: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::error("unknown-name", format!("there is no {kind} `{name}`")).at(path);
    let diagnostic = if known.is_empty() {
        diagnostic.allowed(format!("no {kind} is defined"))
    } else {
        diagnostic.allowed(suggestion::list(known.iter().copied()))
    };
    match suggestion::nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}
