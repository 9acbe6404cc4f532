//! Texts that must not reach the parser: nested past what a stack bears, or wrong in a million places.
//!
//! In: a text of at most 16 MB. Out: whether it may be parsed. Tokens are looked at one after the
//! other, without recursion, in time and memory proportional to the text.

use std::sync::Arc;

use toml_parser::decoder::Encoding;
use toml_parser::lexer::TokenKind;
use toml_parser::parser::{EventReceiver, ValidateWhitespace};
use toml_parser::{ErrorSink, ParseError, Raw};

use super::syntax::{DEEPEST, MOST_ERRORS, SyntaxError, more_errors};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceText};

/// Nesting that the parser may be given; above [`DEEPEST`] for a finding with a path, far below what a stack bears.
const DEEPEST_PARSED: usize = 200;
/// Texts above this size are looked through for hopelessly many errors first.
pub(super) const LARGE: usize = 256 << 10;

/// Whether a text may be parsed.
pub(super) fn admit(source: &Arc<SourceText>) -> Result<(), Diagnostics> {
    if let Some(at) = nested_too_deeply(source.text()) {
        return Err(too_deep().in_source(source.position(at, at + 1)).into());
    }
    if source.text().len() > LARGE {
        refuse_if_hopeless(source)?;
    }
    Ok(())
}

pub(super) fn too_deep() -> Diagnostic {
    Diagnostic::error("too-deep", format!("nested more than {DEEPEST} deep"))
        .allowed(format!("at most {DEEPEST} tables and lists inside one another"))
        .hint("a scenario needs fewer than ten; look for a bracket that is not closed")
}

/// Where nesting of brackets and dotted keys exceeds what the parser may be given.
fn nested_too_deeply(text: &str) -> Option<usize> {
    // Dots since the last separator, for each open bracket and for the file itself.
    let mut dots: Vec<usize> = vec![0];
    let mut depth = 0;
    for token in toml_parser::Source::new(text).lex() {
        let last = dots.len() - 1;
        match token.kind() {
            TokenKind::Dot => {
                dots[last] += 1;
                depth += 1;
            }
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => {
                dots.push(0);
                depth += 1;
            }
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket if last > 0 => {
                depth -= 1 + dots.pop().unwrap_or(0);
            }
            TokenKind::Comma | TokenKind::Newline => {
                depth -= dots[last];
                dots[last] = 0;
            }
            _ => {}
        }
        if depth > DEEPEST_PARSED {
            return Some(token.span().start());
        }
    }
    None
}

/// The first bracket that is never closed, or is closed by one of the other kind.
pub(super) fn unclosed_bracket(text: &str) -> Option<usize> {
    let mut open: Vec<(usize, TokenKind)> = Vec::new();
    // The brackets of a header end with its line, closed or not.
    let (mut first_of_line, mut header) = (true, false);
    for token in toml_parser::Source::new(text).lex() {
        let first = first_of_line && open.is_empty();
        match token.kind() {
            TokenKind::Newline => (first_of_line, header) = (true, false),
            TokenKind::Whitespace => {}
            kind => {
                header |= first && kind == TokenKind::LeftSquareBracket;
                first_of_line = false;
            }
        }
        if header {
            continue;
        }
        let closes = match token.kind() {
            kind @ (TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket) => {
                open.push((token.span().start(), kind));
                continue;
            }
            TokenKind::RightSquareBracket => TokenKind::LeftSquareBracket,
            TokenKind::RightCurlyBracket => TokenKind::LeftCurlyBracket,
            _ => continue,
        };
        match open.pop() {
            Some((at, kind)) if kind != closes => return Some(at),
            _ => {}
        }
    }
    open.first().map(|(at, _)| *at)
}

/// Refuses a text with more syntax errors than are shown, without the memory that keeping millions of them would take.
fn refuse_if_hopeless(source: &Arc<SourceText>) -> Result<(), Diagnostics> {
    let text = toml_parser::Source::new(source.text());
    let tokens = text.lex().into_vec();
    let mut decoder = Decoder(text);
    let mut receiver = ValidateWhitespace::new(&mut decoder, text);
    let mut findings = Diagnostics::new();
    let mut count = 0_usize;
    let mut note = |error: ParseError| {
        count += 1;
        if count <= MOST_ERRORS {
            let span = error.unexpected().map_or(0..0, |span| span.start()..span.end());
            let message = error.description();
            findings.push(SyntaxError { span, message, taken: false }.finding(source));
        }
    };
    toml_parser::parser::parse_document(&tokens, &mut receiver, &mut note);
    if count <= MOST_ERRORS {
        return Ok(());
    }
    findings.push(more_errors(source, count - MOST_ERRORS));
    Err(findings)
}

/// Decodes keys and values for their errors.
struct Decoder<'i>(toml_parser::Source<'i>);

impl EventReceiver for Decoder<'_> {
    fn simple_key(&mut self, span: toml_parser::Span, encoding: Option<Encoding>, errors: &mut dyn ErrorSink) {
        if let Some(text) = self.0.input().get(span.start()..span.end()) {
            Raw::new_unchecked(text, encoding, span).decode_key(&mut (), errors);
        }
    }

    fn scalar(&mut self, span: toml_parser::Span, encoding: Option<Encoding>, errors: &mut dyn ErrorSink) {
        if let Some(text) = self.0.input().get(span.start()..span.end()) {
            let _kind = Raw::new_unchecked(text, encoding, span).decode_scalar(&mut (), errors);
        }
    }
}
