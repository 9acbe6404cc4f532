//! The embedded font, and text measured, cleaned and wrapped with it.
//!
//! In: any text of a scenario. Out: lines that fit. DejaVu Sans is compiled in, so that measuring
//! here, the SVG's letters in PNG and a reader's machine agree; other viewers fall back to Verdana,
//! which has the same widths.

use std::sync::OnceLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use super::ChartError;
use crate::analysis::wording;

/// Family as named in the SVG.
pub const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

/// Longest text taken from a scenario, in characters; more is abbreviated with an ellipsis.
const LONGEST: usize = 400;

/// ab_glyph scales by ascent − descent (2384 units of 2048 an em for DejaVu Sans): this size
/// measures in thousandths of an em.
const THOUSAND_PER_EM: f64 = 1000.0 * 2384.0 / 2048.0;

/// Registers the font for measuring; cheap after the first call.
pub fn register() -> Result<(), ChartError> {
    static DONE: OnceLock<bool> = OnceLock::new();
    let done = DONE.get_or_init(|| {
        register_font(FAMILY, FontStyle::Normal, dejavu::sans::regular()).is_ok()
            && register_font(FAMILY, FontStyle::Bold, dejavu::sans::bold()).is_ok()
    });
    if *done { Ok(()) } else { Err(ChartError::Font) }
}

/// The font at a size in tenths of a point.
pub fn font(size: f64, bold: bool) -> FontDesc<'static> {
    let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
    FontDesc::new(FontFamily::Name(FAMILY), size, style)
}

/// Width of a text in tenths of a point; rounded up.
pub fn width(text: &str, size: i32, bold: bool) -> i32 {
    // `register` has run: it is the first thing that `render` does.
    let thousandths = font(THOUSAND_PER_EM, bold).box_size(text).map_or(text.chars().count() as u32 * 1000, |b| b.0);
    (f64::from(thousandths) * f64::from(size) / 1000.0) as i32 + 2
}

/// A scenario's text made harmless: one line, no control or bidi-control characters, bounded.
pub fn clean(text: &str) -> String {
    wording::plain(text, LONGEST)
}

/// The text itself if it fits, or as much of it as fits with an ellipsis.
pub fn fit(text: &str, size: i32, bold: bool, room: i32) -> String {
    if width(text, size, bold) <= room {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().collect();
    while kept.pop().is_some() {
        let shorter: String = kept.iter().collect::<String>().trim_end().to_owned() + "…";
        if width(&shorter, size, bold) <= room {
            return shorter;
        }
    }
    "…".to_owned()
}

/// Breaks a text into lines of at most `room`, at spaces where there are any; after `most` lines
/// the rest is an ellipsis.
pub fn wrap(text: &str, size: i32, bold: bool, room: i32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').flat_map(|w| pieces(w, size, bold, room)) {
        let longer = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
        if width(&longer, size, bold) <= room {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, word));
        }
    }
    lines.push(line);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = fit(&format!("{last} …"), size, bold, room);
            if !last.ends_with('…') {
                last.push('…');
            }
        }
    }
    lines.retain(|l| !l.is_empty());
    lines
}

/// A word in pieces that each fit into a line.
fn pieces(word: &str, size: i32, bold: bool, room: i32) -> Vec<String> {
    if width(word, size, bold) <= room {
        return vec![word.to_owned()];
    }
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for c in word.chars() {
        piece.push(c);
        if width(&piece, size, bold) > room && piece.chars().count() > 1 {
            piece.pop();
            pieces.push(std::mem::replace(&mut piece, c.to_string()));
        }
    }
    pieces.push(piece);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_fits() {
        register().unwrap();
        for text in [&"word ".repeat(200), &"W".repeat(300)] {
            let lines = wrap(text.trim(), 110, true, 4000, 3);
            assert_eq!(lines.len(), 3);
            for line in &lines {
                assert!(width(line, 110, true) <= 4000, "{line}");
            }
            assert!(lines[2].ends_with('…'));
        }
    }
}
