//! Names that are not there, and what was probably meant.

use crate::diagnostic::Diagnostic;
use crate::scenario::suggestion;

/// The error for a name that is not there.
pub(super) fn unknown(kind: &str, name: &str, known: &[&str], path: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-name", format!("there is no {kind} `{name}`")).at(path);
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
