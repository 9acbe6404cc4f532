//! What stands for a figure in a chart of dots: the pale bar of the inputs, the thin bar of sampling, the dot; and the
//! symbols that explain them.

use super::canvas::Canvas;
use super::dots::{Band, Mark, Scale};
use super::theme::*;
use crate::estimate::Figure;

/// Radius of a dot.
const DOT: i32 = 34;
/// Length of a symbol in the legend.
pub const SYMBOL: i32 = 250;

/// Both bars and the dot.
pub fn draw_figure(canvas: &mut Canvas, scale: &Scale, figure: &Figure, mark: Mark, y: i32, compact: bool) {
    let half = if compact { 34 } else { 48 };
    if let Some([low, high]) = figure.inputs_interval {
        pale_bar(canvas, scale.x(low), scale.x(high), y, half);
        if high == f64::INFINITY {
            beyond(canvas, scale.x(high), y, half);
        }
    }
    let ([low, high], at) = (figure.interval.map(|end| scale.x(end)), scale.x(figure.estimate));
    // Narrower than the dot, its caps would only spoil the mark.
    if low < at - DOT || high > at + DOT {
        whisker(canvas, low, high, y, half * 6 / 10);
    }
    draw_mark(canvas, (at, y), mark);
}

/// What is there anyway behind a row.
pub fn draw_band(canvas: &mut Canvas, scale: &Scale, band: &Band, from: i32, to: i32) {
    canvas.rect((scale.x(band.low), from), (scale.x(band.high), to), BAND);
    let mean = scale.x(band.mean);
    canvas.dashed(&[(mean, from), (mean, to)], GREY, 10, MARKER);
}

/// The wide bar of the inputs; a line where they leave a single value.
fn pale_bar(canvas: &mut Canvas, low: i32, high: i32, y: i32, half: i32) {
    let (low, high) = if high - low < 12 { (low - 6, low + 6) } else { (low, high) };
    let (a, b) = ((low, y - half), (high, y + half));
    canvas.rect(a, b, PALE);
    canvas.path(vec![a, (b.0, a.1), b, (a.0, b.1), a], SKY, 5);
}

/// The arrow of a bar that goes on past the end of the axis.
fn beyond(canvas: &mut Canvas, x: i32, y: i32, half: i32) {
    canvas.path(vec![(x + 10, y - half), (x + 45, y), (x + 10, y + half)], SKY, 12);
}

/// The thin bar of sampling, with caps.
fn whisker(canvas: &mut Canvas, low: i32, high: i32, y: i32, cap: i32) {
    canvas.path(vec![(low, y), (high, y)], INK, 11);
    for x in [low, high] {
        canvas.path(vec![(x, y - cap), (x, y + cap)], INK, 11);
    }
}

fn draw_mark(canvas: &mut Canvas, at: (i32, i32), mark: Mark) {
    match mark {
        Mark::First => canvas.dot(at, DOT, BLUE),
        Mark::Undecided => {
            canvas.dot(at, DOT, BLUE);
            canvas.dot(at, 20, PAPER);
        }
        Mark::Plain => canvas.diamond(at, DOT + 2, INK),
    }
}

/// A symbol of the legend.
pub enum Symbol {
    /// Estimate and sampling interval.
    Sampling,
    /// What the inputs allow.
    Inputs,
    /// What is there anyway.
    Band,
    /// A mark.
    Mark(Mark),
}

impl Symbol {
    /// Draws it left of its words, around `y`.
    pub fn draw(&self, canvas: &mut Canvas, x: i32, y: i32) {
        match self {
            Self::Sampling => {
                whisker(canvas, x + 10, x + SYMBOL - 60, y, 28);
                draw_mark(canvas, (x + SYMBOL / 2 - 25, y), Mark::First);
            }
            Self::Inputs => pale_bar(canvas, x + 10, x + SYMBOL - 60, y, 40),
            Self::Band => {
                canvas.rect((x + 10, y - 45), (x + SYMBOL - 60, y + 45), BAND);
                let middle = x + SYMBOL / 2 - 25;
                canvas.dashed(&[(middle, y - 45), (middle, y + 45)], GREY, 10, MARKER);
            }
            Self::Mark(mark) => draw_mark(canvas, (x + SYMBOL / 2 - 25, y), *mark),
        }
    }
}
