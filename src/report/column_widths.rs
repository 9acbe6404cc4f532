//! Widths of a table's columns, for faces whose readers do not fit columns to their words.
//!
//! In: a table, the size of its letters, and the width of the page. Out: a width for each column that adds up to the
//! page's: as much as its longest unbreakable piece needs, and of what is left its share.

use super::content::{Span, Table, Text};

/// Width of a letter in thousandths of its size, about that of Arial (Helvetica's metrics).
fn letter(c: char) -> u32 {
    match c {
        'i' | 'j' | 'l' | '\'' | '|' => 222,
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '!' | '/' | 'I' | 'f' | 't' | '[' | ']' => 278,
        '(' | ')' | '-' | 'r' => 333,
        'm' | 'M' => 833,
        'W' | '%' => 920,
        '±' | '=' | '+' | '−' | '≤' | '≥' | '<' | '>' => 584,
        'A'..='Z' => 700,
        c if (c as u32) > 0x2000 => 1000,
        _ => 556,
    }
}

/// Width of words in thousandths of their size; bold ones are a tenth wider.
fn words_width(words: &str, bold: bool) -> u32 {
    let width: u32 = words.chars().map(letter).sum();
    if bold { width * 11 / 10 } else { width }
}

/// The longest piece of a text that has no place to break, in thousandths of the letters' size.
fn unbreakable(text: &Text) -> u32 {
    let piece = |words: &str, bold: bool, scale: u32| {
        words.split([' ', '-', '/']).map(|piece| words_width(piece, bold) * scale / 100).max().unwrap_or(0)
    };
    let of = |span: &Span| match span {
        Span::Plain(w) => piece(w, false, 100),
        Span::Strong(w) => piece(w, true, 100),
        Span::Minor(w) => piece(w, false, 90),
        // A path breaks at its dots.
        Span::Code(w) => w.split('.').map(|part| words_width(part, false)).max().unwrap_or(0),
        Span::Reference { words, .. } => words_width(words, false),
        Span::Break => 0,
    };
    text.0.iter().map(of).max().unwrap_or(0)
}

/// Widths that add up to `total`; `size` is that of the letters, `margins` the space beside the words, all in one unit.
pub fn widths(table: &Table, total: u32, size: u32, margins: u32) -> Vec<u32> {
    let count = table.columns.len().max(1) as u32;
    // Nobody takes more than half for what could as well be broken.
    let most = (total / 2).max(total / count);
    let least: Vec<u32> = table
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let heading =
                column.heading.split([' ', '-', '/']).map(|piece| words_width(piece, true)).max().unwrap_or(0);
            let widest = table.rows.iter().map(|row| unbreakable(&row[place].text)).max().unwrap_or(0);
            (heading.max(widest).saturating_mul(size) / 1000 + margins).min(most)
        })
        .collect();
    let needed: u32 = least.iter().sum();
    let shares: Vec<u32> = table.columns.iter().map(|c| u32::from(c.width)).collect();
    let all: u32 = shares.iter().sum::<u32>().max(1);
    if needed >= total {
        // Too much: everybody gives way alike.
        return settle(
            least.iter().map(|l| (u64::from(*l) * u64::from(total) / u64::from(needed)) as u32).collect(),
            total,
        );
    }
    // Each its share of the whole, but never less than it needs.
    let wanted: Vec<u32> = shares.iter().map(|s| (u64::from(*s) * u64::from(total) / u64::from(all)) as u32).collect();
    let short: u32 = wanted.iter().zip(&least).map(|(w, l)| l.saturating_sub(*w)).sum();
    let spare: u32 = wanted.iter().zip(&least).map(|(w, l)| w.saturating_sub(*l)).sum();
    let give = |w: u32, l: u32| {
        if w <= l { l } else { w - (u64::from(w - l) * u64::from(short.min(spare)) / u64::from(spare.max(1))) as u32 }
    };
    settle(wanted.iter().zip(&least).map(|(w, l)| give(*w, *l)).collect(), total)
}

/// The same with what rounding left added to, or taken from, the widest.
fn settle(mut widths: Vec<u32>, total: u32) -> Vec<u32> {
    let sum: u32 = widths.iter().sum();
    if let Some(widest) = widths.iter_mut().max() {
        *widest = (*widest + total).saturating_sub(sum);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::content::{Cell, Column, Kind};

    fn table(cells: &[&str], shares: &[u16]) -> Table {
        let columns = shares.iter().map(|s| Column::new("x", Kind::Text, *s)).collect();
        Table::new("t", Text::words("t"), columns, vec![cells.iter().map(|c| Cell::words(*c)).collect()])
    }

    #[test]
    fn widths_add_up_and_hold_what_cannot_be_broken() {
        for cells in [["0.1361\u{a0}±\u{a0}0.0009", "a b c"], ["a", "b"], ["W", "one two three four"]] {
            let found = widths(&table(&cells, &[1, 9]), 9000, 160, 140);
            assert_eq!(found.iter().sum::<u32>(), 9000);
            let needed = words_width(cells[0], false) * 160 / 1000 + 140;
            assert!(found[0] >= needed, "{cells:?}: {found:?}");
        }
    }

    #[test]
    fn a_word_of_ten_thousand_letters_takes_no_more_than_half() {
        let found = widths(&table(&[&"W".repeat(10_000), "b"], &[1, 1]), 9000, 160, 140);
        assert_eq!(found.iter().sum::<u32>(), 9000);
        assert!(found[0] <= 4500 + 4500 / 2, "{found:?}");
        assert!(found[1] > 0);
    }
}
