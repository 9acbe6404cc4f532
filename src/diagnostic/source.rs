//! The text of an input file, and places in it.
//!
//! A place is found in constant time whatever the length of a line: characters are counted once
//! per block of 4 KiB when the file is read, so that a hostile line of 10 MB with a thousand
//! defects does not cost a thousand walks along it.

use std::fmt;
use std::sync::Arc;

const BLOCK: usize = 4096;

/// A file's name and text, indexed by line.
pub struct SourceText {
    name: String,
    text: String,
    order: u32,
    line_starts: Vec<usize>,
    /// Characters that begin before each multiple of `BLOCK`.
    characters_before: Vec<usize>,
}

impl SourceText {
    /// Indexes `text` of the file shown as `name`; `order` says where it stands among the files of a document.
    pub fn new(name: impl Into<String>, text: impl Into<String>, order: u32) -> Arc<Self> {
        let (name, text) = (name.into(), text.into());
        let bytes = text.as_bytes();
        let line_starts = std::iter::once(0)
            .chain(bytes.iter().enumerate().filter(|&(_, &byte)| byte == b'\n').map(|(at, _)| at + 1))
            .collect();
        let mut characters = 0;
        let characters_before = bytes
            .chunks(BLOCK)
            .map(|block| {
                let before = characters;
                characters += characters_in(block);
                before
            })
            .collect();
        Arc::new(Self { name, text, order, line_starts, characters_before })
    }

    /// The file's name as it is shown.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where it stands among the files of its document; the main file is 0.
    pub fn order(&self) -> u32 {
        self.order
    }

    /// Byte range of the line (1-based) without its end, or an empty range after the last line.
    pub fn line_range(&self, line: usize) -> std::ops::Range<usize> {
        let Some(&start) = self.line_starts.get(line.saturating_sub(1)) else {
            return self.text.len()..self.text.len();
        };
        let end = self.line_starts.get(line).map_or(self.text.len(), |next| next - 1);
        let end = if end > start && self.text.as_bytes()[end - 1] == b'\r' { end - 1 } else { end };
        start..end
    }

    /// The place of a byte range, which is cut to the text and to whole characters.
    pub fn position(self: &Arc<Self>, start: usize, end: usize) -> Position {
        let floor = |at: usize| {
            let mut at = at.min(self.text.len());
            while !self.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(start);
        let end = floor(end).max(start);
        let line = self.line_starts.partition_point(|&line_start| line_start <= start);
        let line_start = self.line_starts[line - 1];
        let mut column = self.characters_to(start) - self.characters_to(line_start) + 1;
        if line == 1 && column > 1 && self.text.starts_with('\u{feff}') {
            column -= 1;
        }
        Position { source: Arc::clone(self), line, column, start, end }
    }

    fn characters_to(&self, at: usize) -> usize {
        let block = at / BLOCK;
        match self.characters_before.get(block) {
            Some(before) => before + characters_in(&self.text.as_bytes()[block * BLOCK..at]),
            // `at` is the end of a text that fills its last block.
            None => self
                .characters_before
                .last()
                .map_or(0, |before| before + characters_in(&self.text.as_bytes()[(block - 1) * BLOCK..at])),
        }
    }
}

/// Characters of UTF-8 that begin in these bytes.
fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

impl fmt::Debug for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceText({:?}, {} bytes)", self.name, self.text.len())
    }
}

/// A place in a file.
#[derive(Debug, Clone)]
pub struct Position {
    /// The file.
    pub source: Arc<SourceText>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// First byte of the range.
    pub start: usize,
    /// The byte after the range.
    pub end: usize,
}

impl Position {
    /// Name of the file.
    pub fn file(&self) -> &str {
        self.source.name()
    }
}

impl PartialEq for Position {
    fn eq(&self, other: &Self) -> bool {
        self.source.name == other.source.name && (self.start, self.end) == (other.start, other.end)
    }
}

impl Eq for Position {}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", super::visible(self.file()), self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_end_at_newlines() {
        let source = SourceText::new("a", "\u{feff}é = 1\r\nμμ = 2\n", 0);
        let at = |needle: &str| {
            let start = source.text().find(needle).expect("in the text");
            let place = source.position(start, start + 1);
            (place.line, place.column)
        };
        assert_eq!(at("é"), (1, 1));
        assert_eq!(at("= 1"), (1, 3));
        assert_eq!(at("= 2"), (2, 4));
        assert_eq!(&source.text()[source.line_range(1)], "\u{feff}é = 1");
        assert_eq!(source.line_range(9), source.text().len()..source.text().len());
    }

    #[test]
    fn places_past_the_end_are_the_end() {
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK] {
            let source = SourceText::new("a", "x".repeat(length), 0);
            let place = source.position(length + 7, length + 9);
            assert_eq!((place.line, place.column), (1, length + 1));
        }
    }
}
