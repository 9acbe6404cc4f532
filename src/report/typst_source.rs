//! A report as the source of a typeset document, from which `pdf` makes a PDF.
//!
//! In: [`Content`]. Out: Typst markup and the pictures that it names. Every text stands in a string literal, so that
//! none of its letters is markup.

use std::fmt::Write as _;

use super::column_widths::widths;
use super::content::{Block, Choice, Content, Figure, Span, Table, Text};

/// The look, and the functions that the body calls.
const LOOK: &str = include_str!("look.typ");
/// Width of the text: A4 less two margins of 18 mm, in thousandths of a point.
const TEXT_WIDTH: u32 = 493_228;
/// Size of letters in tables, and space beside the words of a cell, in thousandths of a point; letters are wider than
/// those that widths are reckoned with.
const LETTERS: u32 = 7_800;
const BESIDE: u32 = 7_000;
/// Most letters of a row that is kept on one page.
const KEPT: usize = 1500;

/// Markup and pictures.
pub struct Source {
    /// The document.
    pub markup: String,
    /// Names and bytes of its pictures, which are SVG.
    pub pictures: Vec<(String, Vec<u8>)>,
}

/// The document.
pub fn source(content: &Content) -> Source {
    let mut out = Source { markup: String::from(LOOK), pictures: Vec::new() };
    let title = literal(&content.title.plain());
    out.put(&format!("#set document(title: {title}, author: {}, date: none)\n", literal("golive")));
    out.put(&format!("#show: report.with({})\n", literal(&content.running)));
    out.put(&format!("#title-block({}, {})\n", words(&content.title), words(&content.subtitle)));
    for (name, text) in &content.about {
        out.put(&format!("#about({}, {})\n", literal(name), words(text)));
    }
    out.put("#contents\n");
    for section in &content.sections {
        out.put(&format!("#heading(level: 1, {})\n", literal(&section.heading)));
        out.blocks(&section.blocks, 2);
    }
    out
}

impl Source {
    fn put(&mut self, markup: &str) {
        self.markup.push_str(markup);
    }

    fn blocks(&mut self, blocks: &[Block], level: u8) {
        for block in blocks {
            match block {
                Block::Heading(heading) => self.put(&format!("#heading(level: {level}, {})\n", literal(heading))),
                Block::Paragraph(text) => self.put(&format!("#par({})\n", words(text))),
                Block::Bullets(items) => self.items("list", items),
                Block::Steps(items) => self.items("enum", items),
                Block::Command(line) => self.put(&format!("#command({})\n", literal(line))),
                Block::Table(table) => self.table(table),
                Block::Figure(figure) => self.figure(figure),
                Block::Choice(choice) => self.choice(choice, level),
            }
        }
    }

    fn items(&mut self, kind: &str, items: &[Text]) {
        let items: Vec<String> = items.iter().map(words).collect();
        self.put(&format!("#{kind}({})\n", items.join(", ")));
    }

    /// On paper the first alternative stands for all.
    fn choice(&mut self, choice: &Choice, level: u8) {
        if let Some(first) = choice.options.first() {
            self.put(&format!("#heading(level: {level}, {})\n", literal(&first.name.plain())));
            self.blocks(&first.blocks, level + 1);
        }
    }

    fn table(&mut self, table: &Table) {
        let number = format!("Table {}", table.number.unwrap_or_default());
        let _ = writeln!(self.markup, "#caption(\"{}\", {}, {})", table.id, literal(&number), words(&table.caption));
        let columns: Vec<String> = widths(table, TEXT_WIDTH, LETTERS, BESIDE)
            .iter()
            .map(|w| format!("{}pt", f64::from(*w) / 1000.0))
            .collect();
        let sides: Vec<&str> =
            table.columns.iter().map(|c| if c.kind.is_numeric() { "right" } else { "left" }).collect();
        let _ = write!(self.markup, "#grid-table(({},), ({},), (", columns.join(", "), sides.join(", "));
        for column in &table.columns {
            let _ = write!(self.markup, "{}, ", literal(&column.heading));
        }
        self.put("), (\n");
        for row in &table.rows {
            let kept = row.iter().all(|cell| cell.text.plain().len() <= KEPT);
            self.put(&format!("({kept}, "));
            for cell in row {
                let _ = write!(self.markup, "{}, ", words(&cell.text));
            }
            self.put("),\n");
        }
        self.put("))\n");
        for note in &table.notes {
            self.put(&format!("#note({})\n", words(note)));
        }
    }

    fn figure(&mut self, figure: &Figure) {
        let name = format!("figure-{}.svg", self.pictures.len() + 1);
        let number = format!("Figure {}", figure.number.unwrap_or_default());
        let alternative = literal(&figure.alternative.plain());
        let _ = writeln!(
            self.markup,
            "#picture(\"{}\", \"{name}\", {alternative}, {}, {})",
            figure.id,
            literal(&number),
            words(&figure.caption)
        );
        self.pictures.push((name, figure.chart.svg.clone().into_bytes()));
    }
}

/// A text as an expression of content.
fn words(text: &Text) -> String {
    let mut out = String::from("[");
    for span in &text.0 {
        let _ = match span {
            Span::Plain(w) => write!(out, "#{};", literal(w)),
            Span::Strong(w) => write!(out, "#strong({});", literal(w)),
            Span::Minor(w) => write!(out, "#minor({});", literal(w)),
            Span::Code(w) => write!(out, "#code({});", literal(w)),
            Span::Reference { id, words } => write!(out, "#link(label(\"{id}\"), {});", literal(words)),
            Span::Break => write!(out, "#linebreak();"),
        };
    }
    out + "]"
}

/// A text as a string literal.
fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_of_a_text_is_markup() {
        let hostile = Text::data("\"; #panic() \\ ] *x* $y$ @z <l>").and_strong("\")").and_code("\\\"");
        assert_eq!(
            words(&hostile),
            "[#\"\\\"; #panic() \\\\ ] *x* $y$ @z <l>\";#strong(\"\\\")\");#code(\"\\\\\\\"\");]"
        );
    }
}
