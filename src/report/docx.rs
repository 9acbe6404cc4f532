//! A report as a Word document that an author can restyle: headings, captions that number themselves, alternative texts.
//!
//! In: [`Content`]. Out: the bytes of an Office Open XML document (ECMA-376). The look is all in styles; the body only
//! names them. Captions are `SEQ` fields and references to them `REF` fields with their results written in, so that
//! they are right unopened and stay right when the section is pasted into a longer paper. Written here, element by
//! element, because the parts that matter (alternative texts, repeated heads, fields, fixed dates) are the ones that
//! writers of such documents leave out.

use std::fmt::Write as _;

use super::column_widths::widths;
use super::content::{Block, Cell, Choice, Content, Figure, Kind, Span, Table, Text};
use super::docx_parts::{Media, package};
use super::html::escape;
use crate::chart::{Chart, ChartError};

/// Width of the text in twentieths of a point: A4 less two margins of 18 mm.
pub const TEXT_WIDTH: u32 = 9866;
/// Size of letters in tables, and space beside the words of a cell, in twentieths of a point.
const LETTERS: u32 = 160;
const BESIDE: u32 = 150;
/// Most letters of a row that is kept on one page.
const KEPT: usize = 1500;
/// English metric units a pixel, at 250 pixels an inch.
const PER_PIXEL: u64 = 914_400 / 250;
/// Greatest height of a picture, in English metric units: 225 mm.
const HIGHEST: u64 = 225 * 36_000;

/// The document.
///
/// # Errors
/// Only if a picture cannot be drawn.
pub fn docx(content: &Content) -> Result<Vec<u8>, ChartError> {
    let mut body = Body::default();
    body.paragraph("Title", &content.title);
    body.paragraph("Subtitle", &content.subtitle);
    body.about(&content.about);
    body.contents(content);
    for (n, section) in content.sections.iter().enumerate() {
        body.heading(1, &section.heading, Some(&format!("section_{n}")));
        body.blocks(&section.blocks, 2)?;
    }
    Ok(package(&content.title.plain(), &content.running, &body.xml, &body.media, body.lists))
}

#[derive(Default)]
struct Body {
    xml: String,
    media: Vec<Media>,
    bookmarks: u32,
    /// Ordered lists so far, each of which begins at 1.
    lists: u32,
}

impl Body {
    fn put(&mut self, xml: &str) {
        self.xml.push_str(xml);
    }

    fn paragraph(&mut self, style: &str, text: &Text) {
        let _ = writeln!(self.xml, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{}</w:p>", runs(text));
    }

    fn heading(&mut self, level: u8, heading: &str, bookmark: Option<&str>) {
        let words = run("", heading);
        let words = match bookmark {
            Some(name) => self.marked(name, &words),
            None => words,
        };
        let _ = writeln!(self.xml, "<w:p><w:pPr><w:pStyle w:val=\"Heading{level}\"/></w:pPr>{words}</w:p>");
    }

    /// Runs within a bookmark.
    fn marked(&mut self, name: &str, runs: &str) -> String {
        self.bookmarks += 1;
        let id = self.bookmarks;
        format!("<w:bookmarkStart w:id=\"{id}\" w:name=\"{name}\"/>{runs}<w:bookmarkEnd w:id=\"{id}\"/>")
    }

    /// What stands under the title: a table without lines.
    fn about(&mut self, about: &[(String, Text)]) {
        if about.is_empty() {
            return;
        }
        let first = 1700;
        let grid = [first, TEXT_WIDTH - first];
        self.put(&table_start("GoliveAbout", &grid, "What this is about", ""));
        for (name, text) in about {
            self.put("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            let name = Text::default().and_strong(name);
            for (text, width) in [(&name, grid[0]), (text, grid[1])] {
                self.put(&cell(text, width, "TableText"));
            }
            self.put("</w:tr>\n");
        }
        self.put("</w:tbl>\n");
    }

    /// The contents: links to the sections, without page numbers, which only a reader's program knows.
    fn contents(&mut self, content: &Content) {
        self.paragraph("ContentsHeading", &Text::words("Contents"));
        let last = content.sections.len().saturating_sub(1);
        for (n, section) in content.sections.iter().enumerate() {
            self.put("<w:p><w:pPr><w:pStyle w:val=\"TOC1\"/></w:pPr>");
            if n == 0 {
                self.put(&field_start("TOC \\o \"1-1\" \\n \\h \\z \\u"));
            }
            let words = run("", &section.heading);
            let _ = write!(self.xml, "<w:hyperlink w:anchor=\"section_{n}\" w:history=\"1\">{words}</w:hyperlink>");
            if n == last {
                self.put("<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>");
            }
            self.put("</w:p>\n");
        }
    }

    fn blocks(&mut self, blocks: &[Block], level: u8) -> Result<(), ChartError> {
        for (n, block) in blocks.iter().enumerate() {
            let leads = matches!(blocks.get(n + 1), Some(Block::Bullets(_) | Block::Steps(_) | Block::Table(_)));
            match block {
                Block::Heading(heading) => self.heading(level, heading, None),
                // Words that lead up to a list or table stay with it.
                Block::Paragraph(text) if leads => self.paragraph("BodyLead", text),
                Block::Paragraph(text) => self.paragraph("BodyText", text),
                Block::Bullets(items) => items.iter().for_each(|item| self.paragraph("ListBullet", item)),
                Block::Steps(items) => self.steps(items),
                Block::Command(line) => self.paragraph("Command", &Text::default().and_code(line)),
                Block::Table(table) => self.table(table),
                Block::Figure(figure) => self.figure(figure)?,
                Block::Choice(choice) => self.choice(choice, level)?,
            }
        }
        Ok(())
    }

    fn steps(&mut self, items: &[Text]) {
        self.lists += 1;
        // Number 1 is that of the bullets.
        let number = self.lists + 1;
        for item in items {
            let _ = writeln!(
                self.xml,
                "<w:p><w:pPr><w:pStyle w:val=\"ListNumber\"/><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{number}\"/>\
                 </w:numPr></w:pPr>{}</w:p>",
                runs(item)
            );
        }
    }

    /// On paper the first alternative stands for all.
    fn choice(&mut self, choice: &Choice, level: u8) -> Result<(), ChartError> {
        let Some(first) = choice.options.first() else { return Ok(()) };
        self.heading(level, &first.name.plain(), None);
        self.blocks(&first.blocks, level + 1)
    }

    /// A caption that numbers itself: `Table 3. …`.
    fn caption(&mut self, id: &str, kind: &str, number: Option<u32>, caption: &Text, style: &str) {
        let number = number.unwrap_or_default();
        let field = field(&format!("SEQ {kind} \\* ARABIC"), &number.to_string());
        let label = format!("{}{field}", run("", &format!("{kind} ")));
        let label = self.marked(&bookmark(id), &label);
        let _ = writeln!(
            self.xml,
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{label}{}{}</w:p>",
            run("", ". "),
            runs(caption)
        );
    }

    fn table(&mut self, table: &Table) {
        self.caption(&table.id, "Table", table.number, &table.caption, "Caption");
        let grid = widths(table, TEXT_WIDTH, LETTERS, BESIDE);
        self.put(&table_start("GoliveTable", &grid, &table.caption.plain(), ""));
        self.put("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (column, width) in table.columns.iter().zip(&grid) {
            let style = if column.kind.is_numeric() { "TableHeadingRight" } else { "TableHeading" };
            self.put(&cell(&Text::words(column.heading.as_str()), *width, style));
        }
        self.put("</w:tr>\n");
        for row in &table.rows {
            let letters: usize = row.iter().map(|cell| cell.text.plain().len()).max().unwrap_or(0);
            let kept = if letters <= KEPT { "<w:trPr><w:cantSplit/></w:trPr>" } else { "" };
            self.put(&format!("<w:tr>{kept}"));
            for ((column, width), cell) in table.columns.iter().zip(&grid).zip(row) {
                self.put(&self::cell(&cell.text, *width, cell_style(column.kind, cell)));
            }
            self.put("</w:tr>\n");
        }
        self.put("</w:tbl>\n");
        if table.notes.is_empty() {
            // Something must stand between a table and what follows it.
            self.paragraph("TableNote", &Text::default());
        }
        for note in &table.notes {
            self.paragraph("TableNote", note);
        }
    }

    fn figure(&mut self, figure: &Figure) -> Result<(), ChartError> {
        let png = figure.chart.png()?;
        let n = self.media.len() + 1;
        let drawing = drawing(n, &figure.chart, &png, &figure.alternative.plain());
        let _ = writeln!(self.xml, "<w:p><w:pPr><w:pStyle w:val=\"Figure\"/></w:pPr><w:r>{drawing}</w:r></w:p>");
        self.media.push(Media { name: format!("image{n}.png"), bytes: png });
        self.caption(&figure.id, "Figure", figure.number, &figure.caption, "FigureCaption");
        Ok(())
    }
}

fn cell_style(kind: Kind, cell: &Cell) -> &'static str {
    // Words in a column of numbers stand where numbers would.
    if kind.is_numeric() && cell.text.plain().chars().count() < 60 { "TableNumber" } else { "TableText" }
}

fn table_start(style: &str, grid: &[u32], caption: &str, description: &str) -> String {
    let columns: String = grid.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
    format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"{style}\"/><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>\
         <w:tblLook w:val=\"0020\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"0\" \
         w:noVBand=\"1\"/><w:tblCaption w:val=\"{}\"/><w:tblDescription w:val=\"{}\"/></w:tblPr><w:tblGrid>{columns}\
         </w:tblGrid>\n",
        grid.iter().sum::<u32>(),
        attribute(caption),
        attribute(description)
    )
}

/// A text as an attribute: at most 400 letters.
fn attribute(text: &str) -> String {
    escape(&crate::analysis::wording::plain(text, 400))
}

fn cell(text: &Text, width: u32, style: &str) -> String {
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{}\
         </w:p></w:tc>",
        runs(text)
    )
}

/// A picture in the line, with its alternative text.
fn drawing(n: usize, chart: &Chart, png: &[u8], alternative: &str) -> String {
    let [width, height] = size(png);
    let (mut cx, mut cy) = (width * PER_PIXEL, height * PER_PIXEL);
    if cy > HIGHEST {
        (cx, cy) = (cx * HIGHEST / cy, HIGHEST);
    }
    let (name, words) = (attribute(&chart.name), escape(&crate::analysis::wording::plain(alternative, 2000)));
    format!(
        "<w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{cx}\" cy=\"{cy}\"/>\
         <wp:docPr id=\"{n}\" name=\"{name}\" descr=\"{words}\"/><wp:cNvGraphicFramePr><a:graphicFrameLocks \
         noChangeAspect=\"1\"/></wp:cNvGraphicFramePr><a:graphic><a:graphicData \
         uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"{n}\" \
         name=\"{name}\" descr=\"{words}\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"image{n}\"/>\
         <a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{cx}\" \
         cy=\"{cy}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>\
         </a:graphic></wp:inline></w:drawing>"
    )
}

/// Width and height of a PNG in pixels (PNG specification 11.2.2: the header comes first).
pub fn size(png: &[u8]) -> [u64; 2] {
    let at = |from: usize| {
        let bytes = png.get(from..from + 4).and_then(|b| <[u8; 4]>::try_from(b).ok());
        bytes.map_or(1, |b| u64::from(u32::from_be_bytes(b)))
    };
    [at(16), at(20)]
}

/// A text as runs.
fn runs(text: &Text) -> String {
    let mut out = String::new();
    for span in &text.0 {
        match span {
            Span::Plain(w) => out.push_str(&run("", w)),
            Span::Strong(w) => out.push_str(&run("Strong", w)),
            Span::Minor(w) => out.push_str(&run("Minor", w)),
            // A long path may break after its dots.
            Span::Code(w) => out.push_str(&run("CodeWords", &w.replace('.', ".\u{200B}"))),
            Span::Reference { id, words } => out.push_str(&field(&format!("REF {} \\h", bookmark(id)), words)),
            Span::Break => out.push_str("<w:r><w:br/></w:r>"),
        }
    }
    out
}

fn run(style: &str, words: &str) -> String {
    let look = if style.is_empty() { String::new() } else { format!("<w:rPr><w:rStyle w:val=\"{style}\"/></w:rPr>") };
    format!("<w:r>{look}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escape(words))
}

/// A field with its result.
pub fn field(instruction: &str, result: &str) -> String {
    format!("{}{}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>", field_start(instruction), run("", result))
}

fn field_start(instruction: &str) -> String {
    format!(
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> {} </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>",
        escape(instruction)
    )
}

/// The bookmark of a table or figure: at most 40 letters, digits and `_`.
fn bookmark(id: &str) -> String {
    let letters = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
    format!("_Ref_{}", letters.take(34).collect::<String>())
}
