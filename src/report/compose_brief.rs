//! The brief as a part of a report: a heading for each question, its answer, and the figures behind it.

use super::content::{Block, Cell, Column, Kind, Table, Text};
use crate::analysis::{Answer, Brief};

/// The brief's questions and answers.
pub fn blocks(brief: &Brief) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (n, answer) in (1..).zip(&brief.answers) {
        blocks.push(Block::Heading(format!("{n}. {}", answer.question)));
        blocks.extend(answer.paragraphs.iter().map(|p| Block::Paragraph(unbroken(p))));
        blocks.extend(table(answer, n).map(Block::Table));
    }
    blocks.push(Block::Heading("How to read the figures".to_owned()));
    blocks.extend(brief.closing.iter().map(|line| Block::Paragraph(unbroken(line))));
    blocks
}

/// A paragraph whose figures do not break at the ends of lines: `0.820 ± 0.001`.
fn unbroken(paragraph: &str) -> Text {
    Text::data(paragraph).map(|words| words.replace(" ± ", "\u{a0}±\u{a0}").replace(" = ", "\u{a0}=\u{a0}"))
}

fn table(answer: &Answer, n: usize) -> Option<Table> {
    let table = answer.table.as_ref()?;
    let figures: Vec<bool> = (0..table.header.len())
        .map(|place| table.rows.iter().any(|row| row.get(place).is_some_and(|cell| cell.contains('±'))))
        .collect();
    // As wide as the longest words of a column, within reason.
    let width = |place: usize, heading: &str| {
        let cells = table.rows.iter().filter_map(|row| row.get(place));
        let lines = cells.flat_map(|cell| cell.split(" [")).map(|line| line.chars().count());
        u16::try_from(lines.max().unwrap_or(0).max(heading.chars().count() / 2).clamp(7, 40)).unwrap_or(40)
    };
    let column = |(place, heading): (usize, &String)| {
        let kind = match (place, figures[place]) {
            (_, true) => Kind::Probability,
            (0, _) => Kind::Id,
            _ => Kind::Text,
        };
        // A column without a heading is the title of what the first names.
        let heading = if heading.is_empty() { "Title" } else { heading };
        Column::new(Text::data(heading).plain(), kind, width(place, heading))
    };
    let rows = table.rows.iter().map(|row| row.iter().map(|cell| self::cell(cell)).collect());
    let columns = table.header.iter().enumerate().map(column).collect();
    Some(Table::new(format!("table-brief-{n}"), Text::data(&table.caption), columns, rows.collect()))
}

/// A cell; an interval in brackets goes below its figure.
fn cell(words: &str) -> Cell {
    match words.split_once(" [") {
        Some((figure, interval)) if words.contains('±') => {
            let line = |words: String| words.replace(' ', "\u{a0}");
            Text::data(&line(figure.to_owned())).and_break().and_minor(line(format!("[{interval}"))).into()
        }
        _ => Cell::data(words),
    }
}
