//! Findings as plain lines and as JSON.
//!
//! Whatever a file contains, what is printed has no control characters: a scenario from elsewhere
//! must not be able to repaint the terminal of the person who checks it.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Value, json};

use super::{Diagnostic, Diagnostics, Severity};

/// Longest text of a message, hint or list that is printed.
const LONGEST: usize = 2_000;

/// `text` with control characters and invisible ones (such as changes of direction) escaped as `\u{1b}`, cut after 2,000 characters.
pub fn visible(text: &str) -> Cow<'_, str> {
    let clean = |character: char| !character.is_control() && !is_hidden(character);
    if text.len() <= LONGEST && text.chars().all(clean) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len().min(LONGEST) + 16);
    for (count, character) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        if clean(character) {
            shown.push(character);
        } else {
            shown.extend(character.escape_unicode());
        }
    }
    Cow::Owned(shown)
}

/// Whether a character changes how others are shown without being seen itself.
pub(super) fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

impl fmt::Display for Diagnostic {
    /// One line: `file:line:column: error[code]: message; at path; allowed: …; hint: …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = &self.position {
            write!(f, "{position}: ")?;
        }
        write!(f, "{}[{}]: {}", self.severity.word(), self.code, visible(&self.message))?;
        if let Some(path) = self.path.as_ref().filter(|path| !path.is_empty()) {
            write!(f, "; at {}", visible(path))?;
        }
        if let Some(allowed) = &self.allowed {
            write!(f, "; allowed: {}", visible(allowed))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "; hint: {}", visible(hint))?;
        }
        Ok(())
    }
}

impl fmt::Display for Diagnostics {
    /// One line each, in the order of their positions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (count, item) in self.in_order().into_iter().enumerate() {
            if count > 0 {
                writeln!(f)?;
            }
            write!(f, "{item}")?;
        }
        Ok(())
    }
}

impl Diagnostic {
    /// As JSON, every key always there and null where absent.
    pub fn to_json(&self) -> Value {
        let position = self.position.as_ref();
        json!({
            "severity": self.severity.word(),
            "code": self.code,
            "message": self.message,
            "path": self.path,
            "file": position.map(|place| place.file()),
            "line": position.map(|place| place.line),
            "column": position.map(|place| place.column),
            "bytes": position.map(|place| [place.start, place.end]),
            "allowed": self.allowed,
            "hint": self.hint,
        })
    }
}

impl Diagnostics {
    /// As JSON, in the order of their positions: `{ errors, warnings, diagnostics: […] }`.
    pub fn to_json(&self) -> Value {
        json!({
            "errors": self.count(Severity::Error),
            "warnings": self.count(Severity::Warning),
            "diagnostics": self.in_order().into_iter().map(Diagnostic::to_json).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceText;

    #[test]
    fn a_line_says_where_what_allowed_and_hint() {
        let source = SourceText::new("a.toml", "x = 1\n", 0);
        let line = Diagnostic::error("unknown-key", "x is no key")
            .at("risks.x")
            .in_source(source.position(0, 1))
            .allowed("y")
            .hint("try y")
            .to_string();
        assert_eq!(line, "a.toml:1:1: error[unknown-key]: x is no key; at risks.x; allowed: y; hint: try y");
    }

    #[test]
    fn what_is_printed_cannot_steer_a_terminal() {
        assert_eq!(visible("a\u{1b}[2J\r\u{202e}"), "a\\u{1b}[2J\\u{d}\\u{202e}");
        assert_eq!(visible(&"x".repeat(10_000)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn order_is_that_of_files_and_lines_with_the_unplaced_last() {
        let first = SourceText::new("z.toml", "ab", 0);
        let second = SourceText::new("a.toml", "ab", 1);
        let mut all = Diagnostics::new();
        all.push(Diagnostic::warning("w", "4"));
        all.push(Diagnostic::error("e", "3").in_source(second.position(0, 1)));
        all.push(Diagnostic::error("e", "2").in_source(first.position(1, 2)));
        all.push(Diagnostic::error("e", "1").in_source(first.position(0, 1)));
        let order: Vec<&str> = all.in_order().iter().map(|item| item.message.as_str()).collect();
        assert_eq!(order, ["1", "2", "3", "4"]);
        assert_eq!(all.to_json()["errors"], 3);
    }
}
