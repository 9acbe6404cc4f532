//! Figures as dots, one a row, each with two bars that are never merged: sampling and inputs.
//!
//! In: rows in the order in which they are to stand, with words. Out: a chart. The thin bar with caps is the 95%
//! sampling interval, which is often narrower than the dot; the wide pale bar is where the figure lies in 90% of the
//! worlds that the inputs allow. The estimate and both intervals stand beside their row in figures.

use jiff::ToSpan;
use jiff::civil::Date;

use super::canvas::{Anchor, Canvas, Text};
use super::dot_marks::{SYMBOL, Symbol, draw_band, draw_figure};
use super::dot_values::{Value, tick, value};
use super::font::{clean, fit, width, wrap};
use super::frame::Frame;
use super::number_axis::NumberAxis;
use super::theme::*;
use super::time_axis::TimeAxis;
use super::{Chart, ChartError, file_stem, font};
use crate::analysis::outlook::Outlook;
use crate::estimate::Figure;

/// What the figures of a chart of dots are.
#[derive(Debug, Clone, PartialEq)]
pub enum Axis {
    /// Probabilities, 0 to 1.
    Probability,
    /// Differences of two probabilities, −1 to 1; 0 is on the axis.
    ProbabilityDifference,
    /// Numbers of something, such as incidents or days, never negative.
    Number {
        /// What is counted, for the axis: `incidents`.
        unit: String,
    },
    /// Differences of two numbers; 0 is on the axis.
    NumberDifference {
        /// What is counted.
        unit: String,
    },
    /// Amounts, such as money or points, of any sign.
    Amount {
        /// The unit: `GBP`; may be empty.
        unit: String,
    },
    /// Dates, as days after a day; not finite: not live by the horizon.
    Date {
        /// Day 0.
        zero: Date,
    },
}

/// How a row's dot is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A filled blue dot: the best, or the one that others are held against.
    First,
    /// A blue ring: cannot be told apart from the first.
    Undecided,
    /// A filled dark diamond: can be told apart, or nothing is said.
    Plain,
}

/// A row: a name, and a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct DotRow {
    /// Its name, in bold: `P1`.
    pub label: String,
    /// What it is, in smaller letters; may be empty.
    pub sub_label: String,
    /// The figure with its intervals.
    pub figure: Figure,
    /// How it is drawn.
    pub mark: Mark,
}

/// A line across all rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Where.
    pub at: f64,
    /// What it is: `present register 0.62`.
    pub words: String,
}

/// A chart of dots.
#[derive(Debug, Clone, PartialEq)]
pub struct Dots {
    /// The finding, in words.
    pub title: String,
    /// Lines that say what is shown.
    pub about: Vec<String>,
    /// What the figures are.
    pub axis: Axis,
    /// Rows from top to bottom.
    pub rows: Vec<DotRow>,
    /// A line across all rows.
    pub reference: Option<Reference>,
    /// What the marks say, for the legend: those that need words.
    pub marks: Vec<(Mark, String)>,
    /// For the source line: `plan P1`, `10 plans`.
    pub source: String,
    /// A remark above the source line; may be empty.
    pub note: String,
}

/// What is there anyway, behind each row: a band of grey with a dashed line.
pub(super) struct Bands {
    /// What it is, for the legend.
    pub words: String,
    /// For each row, if it has one.
    pub rows: Vec<Option<Band>>,
}

/// What is there anyway behind a row.
pub(super) struct Band {
    pub low: f64,
    pub high: f64,
    pub mean: f64,
}

/// Most rows that have two or three lines each; more have one.
const ROOMY: usize = 16;
/// Most room for labels.
const LABELS: i32 = 1400;
/// Distance of two lines of text in a row.
const LINE: i32 = 102;

impl Dots {
    /// Draws the chart; `name` becomes its file name.
    ///
    /// # Errors
    /// None that depends on the figures.
    pub fn draw(&self, outlook: &Outlook, name: &[&str]) -> Result<Chart, ChartError> {
        self.draw_over(outlook, name, None)
    }

    /// The same, over bands of what is there anyway.
    pub(super) fn draw_over(
        &self,
        outlook: &Outlook,
        name: &[&str],
        bands: Option<&Bands>,
    ) -> Result<Chart, ChartError> {
        font::register()?;
        let about: Vec<String> = self.about.iter().map(|line| clean(line)).collect();
        let mut frame = Frame::new(clean(&self.title), &about);
        frame.y += 40;
        let with_inputs = self.rows.iter().any(|r| r.figure.inputs_interval.is_some());
        self.legend(&mut frame, with_inputs, bands);
        let compact = self.rows.len() > ROOMY;
        let labels: Vec<Vec<Text>> = self.rows.iter().map(|row| label(row, compact)).collect();
        let values: Vec<Value> = self.rows.iter().map(|row| value(&self.axis, &row.figure)).collect();
        let columns = Columns::around(&labels, &values, compact);

        let top = frame.y + 210;
        let heights: Vec<i32> = labels.iter().map(|l| row_height(l.len(), compact)).collect();
        let base = top + heights.iter().sum::<i32>() + 20;
        let canvas = &mut frame.canvas;
        let heading = columns.heading(canvas, top - 30, &self.axis, with_inputs);
        let scale = self.scale(&columns, bands);
        for (i, band) in bands.iter().flat_map(|b| b.rows.iter().enumerate()) {
            let from = top + heights[..i].iter().sum::<i32>();
            band.iter().for_each(|band| draw_band(canvas, &scale, band, from, from + heights[i]));
        }
        scale.draw(canvas, top, base, &self.axis);
        if let Some(reference) = &self.reference {
            draw_reference(canvas, reference, scale.x(reference.at), top..base, heading - 60);
        }
        let mut y = top;
        for (((row, label), value), height) in self.rows.iter().zip(&labels).zip(&values).zip(&heights) {
            if y > top {
                canvas.path(vec![(MARGIN, y), (WIDTH - MARGIN, y)], GRID, 4);
            }
            draw_figure(canvas, &scale, &row.figure, row.mark, y + height / 2, compact);
            columns.words(canvas, label, value, y, *height);
            y += height;
        }
        frame.y = base + scale.below(&self.axis);
        if let Some(unit) = self.axis.unit() {
            let middle = i32::midpoint(columns.left, columns.right);
            let text = fit(&clean(unit), LABEL, false, columns.right - columns.left);
            frame.canvas.text((middle, frame.y), Text::new(text, LABEL).colour(GREY).anchor(Anchor::Middle));
            frame.y += 40;
        }
        let (title, svg) = frame.finish_about(outlook, &self.source, &clean(&self.note))?;
        Ok(Chart { name: file_stem(name), title, svg, dates: None })
    }

    /// What the symbols mean, in words, from left to right and on new lines.
    fn legend(&self, frame: &mut Frame, with_inputs: bool, bands: Option<&Bands>) {
        let sampling = match self.axis {
            Axis::Date { .. } => "estimate; thin bar: 95% sampling interval",
            _ => "estimate; thin bar: 95% sampling interval, often narrower than the dot",
        };
        let mut items: Vec<(Symbol, &str)> = vec![(Symbol::Sampling, sampling)];
        if with_inputs {
            items.push((Symbol::Inputs, "pale bar: where it lies in 90% of the worlds that the inputs allow"));
        }
        items.extend(bands.map(|b| (Symbol::Band, b.words.as_str())));
        let used = |mark: Mark| self.rows.iter().any(|row| row.mark == mark);
        let marks = self.marks.iter().filter(|(mark, _)| used(*mark));
        items.extend(marks.map(|(mark, words)| (Symbol::Mark(*mark), words.as_str())));
        let (mut x, mut y) = (MARGIN, frame.y + 100);
        for (symbol, words) in items {
            let words = fit(&clean(words), LABEL, false, WIDTH - 2 * MARGIN - SYMBOL);
            let length = SYMBOL + width(&words, LABEL, false);
            if x > MARGIN && x + length > WIDTH - MARGIN {
                x = MARGIN;
                y += 125;
            }
            symbol.draw(&mut frame.canvas, x, y - 28);
            frame.canvas.text((x + SYMBOL, y), Text::new(words, LABEL));
            x += length + 130;
        }
        frame.y = y + 40;
    }

    /// The scale: all estimates and intervals, and what belongs to the kind of figure.
    fn scale(&self, columns: &Columns, bands: Option<&Bands>) -> Scale {
        let (left, right) = (columns.left + 60, columns.right - 60);
        let figures = || {
            self.rows.iter().flat_map(|row| {
                let f = &row.figure;
                f.interval.into_iter().chain(f.inputs_interval.into_iter().flatten()).chain([f.estimate])
            })
        };
        let bands = || bands.iter().flat_map(|b| b.rows.iter().flatten()).flat_map(|b| [b.low, b.high]);
        let numbers = || figures().chain(self.reference.iter().map(|r| r.at)).chain(bands());
        let zero = || numbers().chain([0.0]);
        let numbers_axis = match &self.axis {
            // What lies within a few hundredths is not to look far apart.
            Axis::Probability => NumberAxis::around(numbers(), 0.05, left, right).within(0.0, 1.0),
            Axis::ProbabilityDifference => NumberAxis::around(zero(), 0.02, left, right).within(-1.0, 1.0),
            Axis::Number { .. } => NumberAxis::around(zero(), 0.1, left, right).within(0.0, f64::INFINITY),
            Axis::NumberDifference { .. } => NumberAxis::around(zero(), 0.02, left, right),
            Axis::Amount { .. } => NumberAxis::around(numbers(), 1.0, left, right),
            Axis::Date { zero } => {
                let date = |days: f64| zero.checked_add((days.round() as i64).days()).unwrap_or(*zero);
                let finite: Vec<f64> = numbers().filter(|n| n.is_finite()).collect();
                let first = finite.iter().copied().fold(f64::INFINITY, f64::min);
                let last = finite.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let (first, last) = if finite.is_empty() { (0.0, 21.0) } else { (first, last.max(first + 21.0)) };
                return Scale::Dates(TimeAxis::new(date(first), date(last), left, right - 60), *zero, left, right);
            }
        };
        Scale::Numbers(numbers_axis)
    }
}

impl Axis {
    fn unit(&self) -> Option<&str> {
        match self {
            Self::Number { unit } | Self::NumberDifference { unit } | Self::Amount { unit } if !unit.is_empty() => {
                Some(unit)
            }
            _ => None,
        }
    }
}

/// Where the columns of a chart of dots lie.
struct Columns {
    /// Ends of the plot.
    left: i32,
    right: i32,
    compact: bool,
}

impl Columns {
    fn around(labels: &[Vec<Text>], values: &[Value], compact: bool) -> Self {
        let longest = labels.iter().flatten().map(Text::length).max().unwrap_or(0);
        let values = values.iter().map(|v| v.width(compact)).max().unwrap_or(0);
        let left = MARGIN + longest.max(300) + 60;
        Self { left, right: (WIDTH - MARGIN - values.max(560) - 60).max(left + 900), compact }
    }

    /// What stands beside the rows, above its column; returns its left end.
    fn heading(&self, canvas: &mut Canvas, y: i32, axis: &Axis, with_inputs: bool) -> i32 {
        let estimate = if matches!(axis, Axis::Date { .. }) { "estimate" } else { "± standard error" };
        let lines: Vec<String> = match (with_inputs, self.compact) {
            (false, _) => vec![estimate.to_owned()],
            (true, true) => vec![format!("{estimate} (inputs, 90%)")],
            (true, false) => vec![estimate.to_owned(), "inputs, 90%".to_owned()],
        };
        let mut left = WIDTH - MARGIN;
        for (i, line) in lines.iter().rev().enumerate() {
            let text = Text::new(line.as_str(), SMALL).colour(GREY).anchor(Anchor::End);
            left = left.min(WIDTH - MARGIN - text.length());
            canvas.text((WIDTH - MARGIN, y - i as i32 * 95), text);
        }
        left
    }

    /// A row's words on both sides.
    fn words(&self, canvas: &mut Canvas, label: &[Text], value: &Value, y: i32, height: i32) {
        let middle = y + height / 2;
        let first = |lines: usize| middle - (lines as i32 * LINE) / 2 + LINE - 26;
        for (i, line) in label.iter().enumerate() {
            let x = if self.compact && i > 0 { MARGIN + label[0].length() + 50 } else { MARGIN };
            let below = if self.compact { 0 } else { i as i32 * LINE };
            canvas.text((x, first(if self.compact { 1 } else { label.len() }) + below), line.clone());
        }
        for (i, line) in value.lines(self.compact).into_iter().enumerate() {
            let mut text = line.anchor(Anchor::End);
            text.bold &= i == 0;
            canvas.text((WIDTH - MARGIN, first(value.lines(self.compact).len()) + i as i32 * LINE), text);
        }
    }
}

/// A scale of numbers or of dates.
pub(super) enum Scale {
    Numbers(NumberAxis),
    /// Dates from day 0, between two ends.
    Dates(TimeAxis, Date, i32, i32),
}

impl Scale {
    /// The x of a value; what is not finite lies at the end of its side.
    pub(super) fn x(&self, value: f64) -> i32 {
        match self {
            Self::Numbers(axis) => axis.x(value),
            Self::Dates(_, _, left, _) if value == f64::NEG_INFINITY => *left,
            Self::Dates(_, _, _, right) if !value.is_finite() => *right,
            Self::Dates(axis, zero, left, right) => {
                let date = zero.checked_add((value.round() as i64).days()).unwrap_or(*zero);
                axis.x(date).clamp(*left, *right)
            }
        }
    }

    fn draw(&self, canvas: &mut Canvas, top: i32, base: i32, axis: &Axis) {
        match self {
            Self::Numbers(numbers) => numbers.draw(canvas, top, base, |at, step| tick(axis, at, step)),
            Self::Dates(dates, zero, left, right) => {
                canvas.path(vec![(*left, base), (*right, base)], INK, 8);
                dates.draw_ticks(canvas, base, *zero, *left + 100, *right - 100);
            }
        }
    }

    /// Room that the axis takes below its line.
    fn below(&self, axis: &Axis) -> i32 {
        match self {
            Self::Dates(..) => 230,
            Self::Numbers(_) if axis.unit().is_some() => 215,
            Self::Numbers(_) => 140,
        }
    }
}

fn row_height(lines: usize, compact: bool) -> i32 {
    if compact { 138 } else { (lines as i32).max(2) * LINE + 70 }
}

/// A row's name and what it is, in lines that fit; on one line, in two parts, where there are many rows.
fn label(row: &DotRow, compact: bool) -> Vec<Text> {
    let most = if compact { 500 } else { LABELS };
    let name = Text::new(fit(&clean(&row.label), BODY, true, most), BODY).bold();
    let sub = clean(&row.sub_label);
    let mut lines = vec![name];
    if compact {
        let room = LABELS - lines[0].length() - 50;
        if !sub.is_empty() {
            lines.push(Text::new(fit(&sub, LABEL, false, room), LABEL).colour(GREY));
        }
    } else {
        lines.extend(wrap(&sub, LABEL, false, LABELS, 2).into_iter().map(|l| Text::new(l, LABEL).colour(GREY)));
    }
    lines
}

/// The line, with its words above it and left of `end`.
fn draw_reference(canvas: &mut Canvas, reference: &Reference, x: i32, rows: std::ops::Range<i32>, end: i32) {
    canvas.dashed(&[(x, rows.start - 20), (x, rows.end)], INK, 8, MARKER);
    let words = fit(&clean(&reference.words), LABEL, true, (end - MARGIN).min(2400));
    let text = Text::new(words, LABEL).bold();
    let half = text.length() / 2;
    canvas.text(((x - half).min(end - 2 * half).max(MARGIN), rows.start - 55), text);
}
