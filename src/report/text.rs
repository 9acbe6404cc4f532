//! Words of a report: with emphasis, references, and nothing of a scenario that could do harm.
//!
//! Words of ours and words of a scenario come in by different doors: [`Text::words`] takes ours as they are,
//! [`Text::data`] makes a scenario's plain. A face has only to escape them.

use crate::analysis::wording;

/// Longest text of a scenario that is shown, in characters; more is cut off with an ellipsis.
pub const LONGEST: usize = 12_000;

/// Words with emphasis and references.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Text(pub Vec<Span>);

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Span {
    /// Words.
    Plain(String),
    /// Words that matter.
    Strong(String),
    /// Words of second rank: an interval beside its figure.
    Minor(String),
    /// A name as it is written in a file.
    Code(String),
    /// A reference to a table or figure.
    Reference {
        /// Id of what it refers to.
        id: String,
        /// `Table 3`, once numbered.
        words: String,
    },
    /// A new line.
    Break,
}

impl Text {
    /// Words of ours.
    pub fn words(words: impl Into<String>) -> Self {
        Self::default().and(words)
    }

    /// Words of a scenario: control characters and disguises removed.
    pub fn data(words: &str) -> Self {
        Self::default().and_data(words)
    }

    /// … followed by words of ours.
    #[must_use]
    pub fn and(mut self, words: impl Into<String>) -> Self {
        let words = words.into();
        if !words.is_empty() {
            self.0.push(Span::Plain(words));
        }
        self
    }

    /// … followed by words of a scenario.
    #[must_use]
    pub fn and_data(self, words: &str) -> Self {
        let plain = wording::plain(words, LONGEST);
        self.and(plain)
    }

    /// … followed by words that matter.
    #[must_use]
    pub fn and_strong(mut self, words: &str) -> Self {
        self.0.push(Span::Strong(wording::plain(words, LONGEST)));
        self
    }

    /// … followed by words of second rank.
    #[must_use]
    pub fn and_minor(mut self, words: impl Into<String>) -> Self {
        self.0.push(Span::Minor(words.into()));
        self
    }

    /// … followed by a name as it is written in a file.
    #[must_use]
    pub fn and_code(mut self, words: &str) -> Self {
        self.0.push(Span::Code(wording::plain(words, LONGEST)));
        self
    }

    /// … followed by a reference to a table or figure.
    #[must_use]
    pub fn and_reference(mut self, id: &str) -> Self {
        self.0.push(Span::Reference { id: id.to_owned(), words: String::new() });
        self
    }

    /// … followed by a new line, unless it is empty.
    #[must_use]
    pub fn and_break(mut self) -> Self {
        if !self.0.is_empty() {
            self.0.push(Span::Break);
        }
        self
    }

    /// … followed by another text.
    #[must_use]
    pub fn and_text(mut self, text: Text) -> Self {
        self.0.extend(text.0);
        self
    }

    /// The same with other words of first rank.
    #[must_use]
    pub fn map(mut self, change: impl Fn(&str) -> String) -> Self {
        for span in &mut self.0 {
            if let Span::Plain(words) = span {
                *words = change(words);
            }
        }
        self
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words alone, on one line.
    pub fn plain(&self) -> String {
        let words = self.0.iter().map(|span| match span {
            Span::Plain(w) | Span::Strong(w) | Span::Minor(w) | Span::Code(w) => w.as_str(),
            Span::Reference { words, .. } => words,
            Span::Break => " ",
        });
        words.collect()
    }
}
