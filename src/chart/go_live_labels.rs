//! Labels of the go-live chart: each bar's date and share, and the markers of target and percentiles.
//!
//! The target's bar is often ten times the next: a scale would hide the small ones, so every bar
//! says its value, and the scale leaves room for the labels. Where bars are too close for all
//! labels, the largest are labelled.

use jiff::civil::Date;

use super::canvas::{Anchor, Canvas, Point, Text};
use super::font::width;
use super::theme::{GREY, INK, LABEL, MARGIN, MARKER, WIDTH};
use crate::analysis::wording;

/// A bar.
pub struct Bar {
    /// Its date; `None` for the bars right of the time axis.
    pub date: Option<Date>,
    /// Its middle.
    pub x: i32,
    /// Share of the iterations.
    pub share: f64,
}

/// A line down to a bar, with words at its top.
pub struct Marker {
    /// Where.
    pub x: i32,
    /// The words.
    pub text: String,
    /// The target's words are bold.
    pub is_target: bool,
}

/// Height of a line of a label.
const LINE: i32 = 95;
/// Distance at which upright labels stay apart.
const UPRIGHT_APART: i32 = 84;

/// Labels with their places, and the scale that leaves room for them.
pub struct Labels {
    /// Height of a share of 1.
    pub per_unit: f64,
    /// Whether each bar's date can stand under it.
    pub dates_below: bool,
    /// Dates whose bars have no label.
    pub left_out: Vec<Date>,
    labels: Vec<Label>,
}

struct Label {
    x: i32,
    share: f64,
    lines: Vec<String>,
    upright: bool,
}

/// Places the labels of bars `2 · half_width` wide in a plot of this height; bars with a marker
/// first.
pub fn label_bars(bars: &[Bar], markers: &[Marker], half_width: i32, height: i32) -> Labels {
    let dated: Vec<&Bar> = bars.iter().filter(|b| b.date.is_some()).collect();
    let gap = dated.windows(2).map(|w| w[1].x - w[0].x).min();
    let room = width("30 Nov", LABEL, false).max(width("99.9%", LABEL, false)) + 50;
    let dates_below = gap.is_none_or(|g| g >= room);
    let tallest = dated.iter().map(|b| b.share).fold(0.0, f64::max);
    let estimate = f64::from(height - 2 * LINE) / tallest.max(1e-9);

    let mut labels = Vec::new();
    let mut left_out = Vec::new();
    let mut taken: Vec<i32> = Vec::new();
    let marked = |bar: &Bar| markers.iter().any(|m| m.x == bar.x);
    let mut by_weight: Vec<&Bar> = bars.iter().collect();
    by_weight.sort_by(|a, b| {
        let first = marked(b).cmp(&marked(a));
        first.then(b.share.total_cmp(&a.share)).then(a.x.cmp(&b.x))
    });
    for bar in by_weight {
        let value = wording::percent(bar.share);
        let Some(date) = bar.date else {
            labels.push(Label { x: bar.x, share: bar.share, lines: vec![value], upright: false });
            continue;
        };
        if dates_below {
            labels.push(Label { x: bar.x, share: bar.share, lines: vec![value], upright: false });
            continue;
        }
        let words = format!("{}: {value}", wording::day_month(date));
        let rise = width(&words, LABEL, false) + 60;
        let towers = dated.iter().all(|other| {
            (other.x - bar.x).abs() > room / 2 + half_width + UPRIGHT_APART / 2
                || other.x == bar.x
                || (bar.share - other.share) * estimate > f64::from(rise)
        });
        if towers {
            labels.push(Label {
                x: bar.x,
                share: bar.share,
                lines: vec![wording::day_month(date), value],
                upright: false,
            });
            continue;
        }
        // It stands on the tallest bar that it would otherwise cover, unless that looks like its own.
        let under = dated
            .iter()
            .filter(|o| (o.x - bar.x).abs() < UPRIGHT_APART / 2 + half_width)
            .map(|o| o.share)
            .fold(bar.share, f64::max);
        let raised = (under - bar.share) * estimate > f64::from(LINE);
        if !raised && taken.iter().all(|x| (x - bar.x).abs() >= UPRIGHT_APART) {
            taken.push(bar.x);
            labels.push(Label { x: bar.x, share: under, lines: vec![words], upright: true });
        } else {
            left_out.push(date);
        }
    }
    let scale =
        labels.iter().filter(|l| l.share > 0.0).map(|l| f64::from(height - l.rise()) / l.share).reduce(f64::min);
    Labels { per_unit: scale.unwrap_or(f64::from(height)), dates_below, left_out, labels }
}

impl Label {
    /// Height above its bar.
    fn rise(&self) -> i32 {
        if self.upright {
            self.lines.iter().map(|l| width(l, LABEL, false)).max().unwrap_or(0) + 60
        } else {
            self.lines.len() as i32 * LINE + 30
        }
    }
}

impl Labels {
    /// Draws the labels above their bars, which stand on `base`.
    pub fn draw(&self, canvas: &mut Canvas, base: i32) {
        for label in &self.labels {
            let foot = base - (label.share * self.per_unit) as i32 - 30;
            if label.upright {
                let text = Text::new(label.lines[0].as_str(), LABEL).upright();
                canvas.text((label.x + LABEL * 36 / 100, foot), text);
                continue;
            }
            for (i, line) in label.lines.iter().rev().enumerate() {
                let text = Text::new(line.as_str(), LABEL).anchor(Anchor::Middle);
                canvas.backed_text((label.x, foot - i as i32 * LINE), text);
            }
        }
    }

    /// Whether a date at `x` has room among those of the bars.
    pub fn fits(&self, bars: &[Bar], x: i32) -> bool {
        let room = width("30 Nov", LABEL, false) + 50;
        bars.iter().all(|b| (b.x - x).abs() >= room)
    }

    /// Top of what stands at `x`: its bar with its label, or the axis.
    fn top(&self, x: i32, base: i32) -> i32 {
        self.labels.iter().find(|l| l.x == x).map_or(base, |l| base - (l.share * self.per_unit) as i32 - l.rise())
    }
}

/// Draws markers in rows, the earliest at the top, so that no line strikes a later marker's words.
pub fn draw_markers(canvas: &mut Canvas, markers: &[Marker], labels: &Labels, top: i32, base: i32) {
    let row = |i: usize| top + 80 + 115 * i as i32;
    for (i, marker) in markers.iter().enumerate() {
        let line: [Point; 2] = [(marker.x, row(i) - 60), (marker.x, labels.top(marker.x, base) - 10)];
        let colour = if marker.is_target { INK } else { GREY };
        canvas.dashed(&line, colour, 8, MARKER);
    }
    for (i, marker) in markers.iter().enumerate() {
        let mut text = Text::new(marker.text.as_str(), LABEL);
        text.bold = marker.is_target;
        let length = text.length();
        let x =
            if marker.x + 35 + length <= WIDTH - MARGIN { marker.x + 35 } else { (marker.x - 35 - length).max(MARGIN) };
        canvas.backed_text((x, row(i)), text);
    }
}
