//! The part of a line that a finding points at, fit for a terminal.
//!
//! In: a position. Out: at most 160 characters of its line with every control character made
//! visible, and the range to underline. Work is bounded by the excerpt, not by the line.

use super::Position;

const BEFORE: usize = 80;
const SHOWN: usize = 160;

/// One line, or a piece of it, and what to underline in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Text without control characters; `…` stands where the line was cut.
    pub text: String,
    /// First byte in `text` to underline.
    pub start: usize,
    /// Length in bytes to underline, at least 1 where there is text.
    pub length: usize,
}

impl Excerpt {
    /// The excerpt of the position's first line.
    pub fn of(position: &Position) -> Self {
        let source = &position.source;
        let line = source.line_range(position.line);
        let text = source.text();
        let focus = position.start.clamp(line.start, line.end);
        let focus_end = position.end.clamp(focus, line.end);

        let mut first = focus;
        if focus > line.start {
            first = text[line.start..focus]
                .char_indices()
                .rev()
                .take(BEFORE)
                .last()
                .map_or(focus, |(at, _)| line.start + at);
        }
        let mut excerpt = Excerpt { text: String::new(), start: 0, length: 0 };
        if first > line.start {
            excerpt.text.push('…');
        }
        let mut cut = false;
        for (count, (at, character)) in text[first..line.end].char_indices().enumerate() {
            let at = first + at;
            if at == focus {
                excerpt.start = excerpt.text.len();
            }
            if count == SHOWN {
                cut = true;
                break;
            }
            excerpt.text.push(shown(character));
            if at < focus_end {
                excerpt.length = excerpt.text.len().saturating_sub(excerpt.start);
            }
        }
        if focus >= line.end {
            excerpt.start = excerpt.text.len();
        }
        if excerpt.length == 0 && excerpt.start < excerpt.text.len() {
            excerpt.length = excerpt.text[excerpt.start..].chars().next().map_or(0, char::len_utf8);
        }
        if cut {
            excerpt.text.push('…');
        }
        excerpt
    }
}

/// A character of one cell that stands for `character`.
fn shown(character: char) -> char {
    match character {
        '\t' => ' ',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ if super::render::is_hidden(character) => '\u{fffd}',
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceText;

    fn excerpt(text: &str, start: usize, end: usize) -> Excerpt {
        Excerpt::of(&SourceText::new("a", text, 0).position(start, end))
    }

    #[test]
    fn a_short_line_is_whole() {
        let found = excerpt("a = 1\nb = 2\n", 10, 11);
        assert_eq!(found, Excerpt { text: "b = 2".into(), start: 4, length: 1 });
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}HERE{}", "é".repeat(5000), "y".repeat(5000));
        let found = excerpt(&text, 10_000, 10_004);
        assert_eq!(found.text.chars().count(), SHOWN + 2);
        assert_eq!(&found.text[found.start..found.start + found.length], "HERE");
    }

    #[test]
    fn a_long_mark_stays_inside_the_excerpt() {
        let found = excerpt(&"x".repeat(5000), 10, 4000);
        assert!(found.start + found.length <= found.text.len());
    }

    #[test]
    fn control_characters_are_made_visible() {
        let found = excerpt("a = \u{1b}[31m\u{202e}\t1", 4, 5);
        assert_eq!(found.text, "a = ␛[31m\u{fffd} 1");
    }
}
