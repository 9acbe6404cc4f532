//! A small language to select iterations: `SEC late and not R04 occurred`.
//!
//! In: a text, and the program it is about. Out: a [`Fact`], or what is wrong, where, what is allowed there and what was
//! probably meant. Ids mean what the word after them says: `R19 occurred` asks the risk, `R19 event on …` the process.
//!
//! ```text
//! condition = both { "or" both }          both = single { "and" single }
//! single    = "not" single | "(" condition ")" | subject predicate
//! ```

mod predicate;
mod words;

use std::fmt;

use crate::program::{Fact, Program};
use words::{Token, Word, words};

pub use predicate::{PREDICATES, Predicate};

/// Longest text that is read, in characters.
const LONGEST: usize = 1000;

/// A condition that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What it was read from, on one line.
    pub text: String,
    /// What it asks.
    pub fact: Fact,
}

/// Why a condition could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionError {
    /// The text.
    text: String,
    /// Where, in characters from 0, and how many of them.
    at: (usize, usize),
    problem: String,
    hint: Option<String>,
}

impl fmt::Display for ConditionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, length) = self.at;
        write!(f, "in the condition, at character {}: {}", from + 1, self.problem)?;
        write!(f, "\n  {}\n  {}{}", self.text, " ".repeat(from), "^".repeat(length.max(1)))?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConditionError {}

impl Condition {
    /// Reads a condition about a program's iterations.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place and what is allowed.
    pub fn parse(text: &str, program: &Program) -> Result<Self, ConditionError> {
        let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let shown = shown.trim_end().to_owned();
        let whole = |problem: String, hint: Option<String>| ConditionError {
            text: shown.chars().take(80).collect(),
            at: (0, 1),
            problem,
            hint,
        };
        if shown.chars().count() > LONGEST {
            return Err(whole(format!("it is longer than {LONGEST} characters"), None));
        }
        let tokens = match words(&shown) {
            Ok(tokens) => tokens,
            Err(at) => {
                let problem = "the quote is not closed".to_owned();
                return Err(ConditionError { text: shown, at: (at, 1), problem, hint: None });
            }
        };
        if tokens.is_empty() {
            let example = "for example `SEC late`, `R04 occurred` or `not (SEC on time and R07 occurred)`";
            return Err(whole("it is empty".to_owned(), Some(example.to_owned())));
        }
        let end = shown.chars().count();
        let mut reader = Reader { program, tokens: &tokens, next: 0, end };
        let read = reader.condition().and_then(|fact| match reader.peek() {
            None => Ok(fact),
            Some(token) => Err(Problem {
                at: token.at,
                problem: format!("{} is not expected here", token.shown()),
                hint: Some("conditions are joined by `and` or `or`".to_owned()),
            }),
        });
        match read {
            Ok(fact) => Ok(Self { text: shown.trim_start().to_owned(), fact }),
            Err(Problem { at, problem, hint }) => Err(ConditionError { text: shown, at, problem, hint }),
        }
    }
}

/// What is wrong, before it is joined to the text.
#[derive(Debug)]
struct Problem {
    at: (usize, usize),
    problem: String,
    hint: Option<String>,
}

type Read<T> = Result<T, Problem>;

/// Reads tokens in order.
struct Reader<'a> {
    program: &'a Program,
    tokens: &'a [Token],
    next: usize,
    /// Where the text ends, in characters.
    end: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    /// Takes the next token if it is this bare word.
    fn take(&mut self, word: &str) -> bool {
        let is = self.peek().is_some_and(|token| token.is(word));
        self.next += usize::from(is);
        is
    }

    /// Takes the next words if they are all of these.
    fn take_all(&mut self, words: &[&str]) -> bool {
        let is = words.iter().enumerate().all(|(i, word)| self.tokens.get(self.next + i).is_some_and(|t| t.is(word)));
        self.next += if is { words.len() } else { 0 };
        is
    }

    /// A problem with the next token, or with the end of the text.
    fn problem(&self, expected: &str, hint: Option<String>) -> Problem {
        match self.peek() {
            Some(token) => Problem { at: token.at, problem: format!("{} is not {expected}", token.shown()), hint },
            None => Problem { at: (self.end, 1), problem: format!("it ends where {expected} should follow"), hint },
        }
    }

    fn condition(&mut self) -> Read<Fact> {
        let mut parts = vec![self.both()?];
        while self.take("or") {
            parts.push(self.both()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Fact::Any(parts) })
    }

    fn both(&mut self) -> Read<Fact> {
        let mut parts = vec![self.single()?];
        while self.take("and") {
            parts.push(self.single()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Fact::All(parts) })
    }

    fn single(&mut self) -> Read<Fact> {
        if self.take("not") {
            return Ok(Fact::Not(Box::new(self.single()?)));
        }
        match self.peek().map(|token| &token.word) {
            Some(Word::Open) => {
                let opened = self.tokens[self.next].at;
                self.next += 1;
                let fact = self.condition()?;
                if !matches!(self.peek().map(|token| &token.word), Some(Word::Close)) {
                    return Err(match self.peek() {
                        Some(_) => self.problem("`and`, `or` or `)`", None),
                        None => Problem { at: opened, problem: "the parenthesis is not closed".to_owned(), hint: None },
                    });
                }
                self.next += 1;
                Ok(fact)
            }
            _ => self.statement(),
        }
    }
}
