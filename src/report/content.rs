//! What a report says, whatever its face: sections of paragraphs, lists, tables and figures.
//!
//! In: nothing. Out: [`Content`], composed once; HTML, Word, Excel and Typst render it and compute nothing. Every
//! text of a scenario goes through [`Text::data`], which makes it plain; a face has only to escape it. Tables and
//! figures get their numbers from [`Content::numbered`], so that a reference in a sentence and the caption agree.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::analysis::wording;
use crate::chart::Chart;

pub use super::text::{Span, Text};

/// A report.
#[derive(Debug, Clone)]
pub struct Content {
    /// Its title.
    pub title: Text,
    /// A line under the title.
    pub subtitle: Text,
    /// What stands under the title: a name and what it is.
    pub about: Vec<(String, Text)>,
    /// The line at the foot of every page: where the figures come from.
    pub running: String,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// The sheets of the workbook.
    pub sheets: Vec<Sheet>,
    /// Charts that the workbook draws itself, so that they follow its cells.
    pub native: Vec<NativeChart>,
}

/// A section.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its id: letters and `-`.
    pub id: String,
    /// Its heading.
    pub heading: String,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Debug, Clone)]
pub enum Block {
    /// A heading within the section.
    Heading(String),
    /// A paragraph.
    Paragraph(Text),
    /// Items without an order.
    Bullets(Vec<Text>),
    /// Items in order.
    Steps(Vec<Text>),
    /// A line to be typed as it stands.
    Command(String),
    /// A table.
    Table(Table),
    /// A figure.
    Figure(Figure),
    /// Alternatives of which one is read at a time: the first on paper, any on a screen.
    Choice(Choice),
}

/// Alternatives, such as the plans; never empty.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is chosen: `Plan`.
    pub label: String,
    /// The alternatives.
    pub options: Vec<Alternative>,
}

/// One of several alternatives.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// Its name.
    pub name: Text,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A table with a caption.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its id, unique in the report: letters, digits and `-`.
    pub id: String,
    /// Its number, once it has one; tables behind figures have none.
    pub number: Option<u32>,
    /// What it shows.
    pub caption: Text,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell for every column; the first cell names the row.
    pub rows: Vec<Vec<Cell>>,
    /// Remarks below it.
    pub notes: Vec<Text>,
    /// Whether a reader on a screen can sort it.
    pub sortable: bool,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// What its cells are.
    pub kind: Kind,
    /// Share of the width, against the other columns.
    pub width: u16,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A short name: never broken.
    Id,
    /// A probability.
    Probability,
    /// A number.
    Number,
    /// A whole number.
    Count,
    /// A date.
    Date,
}

impl Kind {
    /// Whether it stands at the right.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Probability | Self::Number | Self::Count)
    }
}

/// A cell: what it says, and the value behind that.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// As read.
    pub text: Text,
    /// As computed with and sorted by; [`Value::None`] where the text is all.
    pub value: Value,
}

/// The value of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Value {
    /// None beside the text.
    #[default]
    None,
    /// A number.
    Number(f64),
    /// A date.
    Date(Date),
}

/// A figure with its caption and the table behind it.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Its id, unique in the report: letters, digits and `-`.
    pub id: String,
    /// Its number, once it has one.
    pub number: Option<u32>,
    /// What it shows.
    pub caption: Text,
    /// The picture in words, for readers who do not see it.
    pub alternative: Text,
    /// The picture.
    pub chart: Chart,
    /// The figures behind it.
    pub data: Table,
    /// Whether a reader on a screen can read dates off it: the table then has dates in its first column.
    pub readable_by_date: bool,
}

/// A sheet of the workbook: a heading, words, and one table that can be filtered.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its name: at most 31 letters, none of `[]:*?/\`.
    pub name: &'static str,
    /// Its heading.
    pub heading: Text,
    /// Words between heading and table.
    pub words: Vec<Text>,
    /// Its table.
    pub table: Table,
    /// Ids of the columns that may be edited and read back; empty in most sheets.
    pub editable: Vec<usize>,
}

/// A chart that a workbook draws from cells.
#[derive(Debug, Clone)]
pub struct NativeChart {
    /// What it shows.
    pub title: String,
    /// What it shows in words, for readers who do not see it.
    pub alternative: String,
    /// What its points are.
    pub points: Points,
}

/// The points of a chart of a workbook.
#[derive(Debug, Clone)]
pub enum Points {
    /// A bar for each name, with the range over the inputs beside it.
    Bars {
        /// What is measured.
        axis: String,
        /// Whether it is a probability, from 0 to 1.
        probability: bool,
        /// Name, estimate, and range.
        bars: Vec<(String, f64, Option<[f64; 2]>)>,
    },
    /// Curves of shares by date, two points for each step.
    Steps(Vec<(String, Vec<(Date, f64)>)>),
}

impl From<Text> for Cell {
    fn from(text: Text) -> Self {
        Self { text, value: Value::None }
    }
}

impl Cell {
    /// A cell of words and a number.
    pub fn number(text: Text, value: f64) -> Self {
        Self { text, value: Value::Number(value) }
    }

    /// A date as words and value.
    pub fn date(date: Date) -> Self {
        Self { text: Text::words(wording::short_date(date).replace(' ', "\u{a0}")), value: Value::Date(date) }
    }

    /// A cell of a scenario's words.
    pub fn data(words: &str) -> Self {
        Text::data(words).into()
    }

    /// A cell of our words.
    pub fn words(words: impl Into<String>) -> Self {
        Text::words(words).into()
    }
}

impl Column {
    /// A column by its heading, what its cells are, and its share of the width.
    pub fn new(heading: impl Into<String>, kind: Kind, width: u16) -> Self {
        Self { heading: heading.into(), kind, width }
    }
}

impl Table {
    /// A table that cannot be sorted, without remarks.
    pub fn new(id: impl Into<String>, caption: Text, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Self {
        let id = id.into();
        debug_assert!(rows.iter().all(|row| row.len() == columns.len()), "a row of {id} has too few or many cells");
        Self { id, number: None, caption, columns, rows, notes: Vec::new(), sortable: false }
    }

    /// The same with a remark below it.
    #[must_use]
    pub fn note(mut self, note: Text) -> Self {
        self.notes.push(note);
        self
    }

    /// The same, to be sorted by readers on a screen.
    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }
}

impl Content {
    /// The same with tables and figures numbered in the order in which they stand, and references in words.
    ///
    /// Of alternatives only the first has numbers of its own; the others share them, as only one is read at a time.
    #[must_use]
    pub fn numbered(mut self) -> Self {
        let mut names = BTreeMap::new();
        let mut next = Next::default();
        for section in &mut self.sections {
            next.number(&mut section.blocks, &mut names);
        }
        for section in &mut self.sections {
            resolve(&mut section.blocks, &names);
        }
        self
    }
}

/// The numbers that come next.
#[derive(Debug, Clone, Copy, Default)]
struct Next {
    table: u32,
    figure: u32,
}

impl Next {
    fn number(&mut self, blocks: &mut [Block], names: &mut BTreeMap<String, String>) {
        for block in blocks {
            match block {
                Block::Table(table) => {
                    self.table += 1;
                    table.number = Some(self.table);
                    names.insert(table.id.clone(), format!("Table\u{a0}{}", self.table));
                }
                Block::Figure(figure) => {
                    self.figure += 1;
                    figure.number = Some(self.figure);
                    names.insert(figure.id.clone(), format!("Figure\u{a0}{}", self.figure));
                }
                Block::Choice(choice) => {
                    let before = *self;
                    let mut furthest = before;
                    for option in &mut choice.options {
                        *self = before;
                        self.number(&mut option.blocks, names);
                        furthest.table = furthest.table.max(self.table);
                        furthest.figure = furthest.figure.max(self.figure);
                    }
                    *self = furthest;
                }
                Block::Heading(_) | Block::Paragraph(_) | Block::Bullets(_) | Block::Steps(_) | Block::Command(_) => {}
            }
        }
    }
}

fn resolve(blocks: &mut [Block], names: &BTreeMap<String, String>) {
    let in_words = |text: &mut Text| {
        for span in &mut text.0 {
            if let Span::Reference { id, words } = span
                && let Some(name) = names.get(id.as_str())
            {
                words.clone_from(name);
            }
        }
    };
    for block in blocks {
        match block {
            Block::Paragraph(text) => in_words(text),
            Block::Bullets(texts) | Block::Steps(texts) => texts.iter_mut().for_each(in_words),
            Block::Table(table) => table.notes.iter_mut().for_each(in_words),
            Block::Choice(choice) => choice.options.iter_mut().for_each(|o| resolve(&mut o.blocks, names)),
            Block::Heading(_) | Block::Command(_) | Block::Figure(_) => {}
        }
    }
}
