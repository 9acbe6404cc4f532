//! Findings with their lines annotated, for people at a terminal.
//!
//! miette draws; what it is given is the [`Excerpt`] of one line, never the file, so that the
//! picture of a finding is small and harmless whatever the file is.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use super::{Diagnostic, Diagnostics, Excerpt, Severity, visible};

impl Diagnostics {
    /// All of them as annotated excerpts, in the order of their positions.
    pub fn render(&self, colour: bool, width: usize) -> String {
        self.in_order().into_iter().map(|item| item.render(colour, width) + "\n").collect()
    }
}

impl Diagnostic {
    /// The finding with its line annotated, for a terminal `width` cells wide.
    pub fn render(&self, colour: bool, width: usize) -> String {
        let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(width.max(40)).with_links(false);
        let mut shown = String::new();
        match handler.render_report(&mut shown, &Shown::new(self)) {
            Ok(()) => shown,
            Err(_) => self.to_string(),
        }
    }
}

/// A finding as miette wants it.
#[derive(Debug)]
struct Shown {
    severity: Severity,
    code: &'static str,
    message: String,
    help: Option<String>,
    line: Option<Line>,
}

impl Shown {
    fn new(diagnostic: &Diagnostic) -> Self {
        let mut help = Vec::new();
        if let Some(path) = diagnostic.path.as_ref().filter(|path| !path.is_empty()) {
            help.push(format!("at {}", visible(path)));
        }
        if let Some(allowed) = &diagnostic.allowed {
            help.push(format!("allowed: {}", visible(allowed)));
        }
        if let Some(hint) = &diagnostic.hint {
            help.push(format!("hint: {}", visible(hint)));
        }
        Self {
            severity: diagnostic.severity,
            code: diagnostic.code,
            message: visible(&diagnostic.message).into_owned(),
            help: (!help.is_empty()).then(|| help.join("\n")),
            line: diagnostic.position.as_ref().map(|position| Line {
                file: visible(position.file()).into_owned(),
                line: position.line,
                column: position.column,
                excerpt: Excerpt::of(position),
            }),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.line.as_ref().map(|line| line as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = &self.line.as_ref()?.excerpt;
        let here = LabeledSpan::new_primary_with_span(Some("here".into()), (excerpt.start, excerpt.length));
        Some(Box::new(std::iter::once(here)))
    }
}

/// The one line that miette may read.
#[derive(Debug)]
struct Line {
    file: String,
    line: usize,
    column: usize,
    excerpt: Excerpt,
}

impl SourceCode for Line {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        context_before: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        // miette asks without context for the place that its header names, and with context for the text to draw.
        let column = if context_before == 0 { self.column - 1 } else { 0 };
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.clone(),
            self.excerpt.text.as_bytes(),
            (0, self.excerpt.text.len()).into(),
            self.line - 1,
            column,
            1,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceText;

    #[test]
    fn the_line_is_shown_and_marked() {
        let text = "title = 1\nprobabilty = 0.2\n";
        let source = SourceText::new("risks.toml", text, 0);
        let shown = Diagnostic::error("unknown-key", "`probabilty` is not a key of a risk")
            .at("risks.R07.probabilty")
            .in_source(source.position(10, 20))
            .allowed("probability")
            .hint("did you mean `probability`?")
            .render(false, 100);
        for part in ["risks.toml:2:1", "probabilty = 0.2", "unknown-key", "allowed: probability", "hint: did you"] {
            assert!(shown.contains(part), "{part} is missing in\n{shown}");
        }
    }

    #[test]
    fn a_line_of_ten_megabytes_stays_small() {
        let source = SourceText::new("a.toml", "x".repeat(10_000_000), 0);
        let shown = Diagnostic::error("syntax", "no").in_source(source.position(5_000_000, 9_000_000)).render(true, 80);
        assert!(shown.len() < 4_000, "{} bytes", shown.len());
        assert!(shown.contains("a.toml:1:5000001"), "{shown}");
    }
}
