//! A condition cut into words, parentheses and quoted ids, each with its place.

/// A token and where it stands: first character from 0, and length in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) word: Word,
    pub(super) at: (usize, usize),
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Open,
    Close,
    /// A word; one in quotes is an id, whatever it says.
    Plain(String),
    Quoted(String),
}

impl Token {
    /// Whether it is this bare word, in any case.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(&self.word, Word::Plain(own) if own.eq_ignore_ascii_case(word))
    }

    /// Its letters, if it has any.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.word {
            Word::Plain(text) | Word::Quoted(text) => Some(text),
            Word::Open | Word::Close => None,
        }
    }

    /// It, to be shown in a message.
    pub(super) fn shown(&self) -> String {
        match &self.word {
            Word::Open => "`(`".to_owned(),
            Word::Close => "`)`".to_owned(),
            Word::Plain(text) | Word::Quoted(text) => format!("`{}`", crate::analysis::wording::plain(text, 60)),
        }
    }
}

/// Cuts a text into tokens; or the place of a quote that is not closed.
pub(super) fn words(text: &str) -> Result<Vec<Token>, usize> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let from = at;
        let word = match letter {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '(' => Word::Open,
            ')' => Word::Close,
            '"' | '\'' => {
                let length = letters[at + 1..].iter().position(|c| *c == letter).ok_or(from)?;
                at += length + 1;
                Word::Quoted(letters[from + 1..at].iter().collect())
            }
            _ => {
                let ends = |c: &char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '\'');
                let length = letters[at..].iter().position(ends).unwrap_or(letters.len() - at);
                at += length - 1;
                Word::Plain(letters[from..=at].iter().collect())
            }
        };
        at += 1;
        tokens.push(Token { word, at: (from, at - from) });
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_places() {
        let tokens = words("not (SEC late)\t or \"or\" ships").unwrap();
        let shown: Vec<(String, (usize, usize))> = tokens.iter().map(|t| (t.shown(), t.at)).collect();
        let expected = [
            ("`not`", (0, 3)),
            ("`(`", (4, 1)),
            ("`SEC`", (5, 3)),
            ("`late`", (9, 4)),
            ("`)`", (13, 1)),
            ("`or`", (16, 2)),
            ("`or`", (19, 4)),
            ("`ships`", (24, 5)),
        ];
        assert_eq!(shown, expected.map(|(text, at)| (text.to_owned(), at)));
        assert!(tokens[5].is("OR") && !tokens[6].is("or"));
        assert_eq!(words("SEC 'late"), Err(4));
        assert_eq!(words("  "), Ok(vec![]));
    }
}
