//! One input over a range of values: the measure as a line with its error band, beside the plan as it stands.

use plotters::style::RGBColor;

use super::ChartError;
use super::canvas::{Anchor, Canvas, Text};
use super::font::{clean, fit, width};
use super::frame::Frame;
use super::number_axis::{NumberAxis, decimals};
use super::theme::*;
use super::value_axis::{ValueAxis, Values};
use super::what_if::{present_words, value_with_error};
use crate::analysis::{Axis, Grid, Measure, Reading, WhatIfs};

/// Left and right end of the plot; the plan's name follows.
const LEFT: i32 = 510;
const RIGHT: i32 = 3560;
/// Height of the plot.
const HEIGHT: i32 = 1700;
/// What lies behind: where the input lies as things stand.
const NOW: RGBColor = RGBColor(238, 238, 238);
/// Most points whose values are written beside them.
const MOST_LABELS: usize = 9;

/// Draws the chart; returns headline and SVG. `None` where the plan does not have the measure.
pub fn draw(results: &WhatIfs, grid: &Grid, measure: &Measure) -> Option<Result<(String, String), ChartError>> {
    let readings: Vec<Reading<'_>> = grid.points.iter().map(|point| measure.reading(point)).collect::<Option<_>>()?;
    let first = readings.first()?;
    let values = Values::of(measure, first);
    let axis = &grid.axes[0];
    let plan = results.plan(&grid.plan)?;
    let mut about = vec![
        format!("Plan {}: {}", clean(&plan.id), clean(&plan.title)),
        clean(&measure.title(results.outlook.stays_days)),
    ];
    about.extend(present_words(axis));
    let mut frame = Frame::new(headline(grid, measure, values, &readings), &about);
    let top = frame.y + 230;
    let base_line = top + HEIGHT;
    let ends = |reading: &Reading<'_>| {
        let (value, interval) = reading.value();
        let inputs = reading.inputs().unwrap_or([None; 2]);
        [value, interval[0], interval[1], inputs[0], inputs[1]]
    };
    let (base, base_ends) = first.base();
    let shown = readings.iter().flat_map(ends).chain([base, base_ends[0], base_ends[1]]).flatten();
    let y = ValueAxis::around(values, shown, top, base_line);
    let x = Places::of(axis);
    let canvas = &mut frame.canvas;
    draw_present(canvas, axis, &x, top, base_line);
    y.draw(canvas, LEFT, RIGHT);
    draw_lines(canvas, &x, &y, &readings);
    draw_values(canvas, &x, &y, &readings);
    draw_base(canvas, grid, first, &y);
    x.draw(canvas, axis, base_line);
    let name = if axis.factor { format!("factor on {}", clean(&axis.path)) } else { clean(&axis.path) };
    let name = fit(&name, BODY, true, RIGHT - LEFT + 900);
    canvas.text(((LEFT + RIGHT) / 2, base_line + 240), Text::new(name, BODY).bold().anchor(Anchor::Middle));
    frame.y = base_line + 270;
    let bands = if readings.iter().any(|r| r.inputs().is_some()) {
        "Whiskers: 95% sampling interval of each point, often smaller than its dot. Pale band: where the figure lies in 90% of \
         the worlds that the inputs allow."
    } else {
        "Whiskers: 95% sampling interval of each point, often smaller than its dot; uncertainty of the inputs is not in them."
    };
    let note = format!("{bands} Every point shares its random numbers with the plan.");
    Some(frame.finish_about(&results.outlook, &format!("plan {}", clean(&grid.plan)), &note))
}

fn headline(grid: &Grid, measure: &Measure, values: Values, readings: &[Reading<'_>]) -> String {
    let axis = &grid.axes[0];
    let last = readings.len() - 1;
    let at = |place: usize| {
        let value = values.words(readings[place].value().0).replace(' ', "\u{a0}");
        format!("{value} at\u{a0}{}{}", if axis.factor { "×\u{a0}" } else { "" }, clean(&axis.values[place]))
    };
    let of = match measure {
        Measure::P80(id) => format!("P80 of {}", clean(id)),
        Measure::Decision(_) => {
            fit(&clean(&measure.title(7).replace(" and stays 7 days", " and stays")), HEADLINE, true, 2600)
        }
    };
    let base = values.words(readings[0].base().0).replace(' ', "\u{a0}");
    let path = fit(&clean(&axis.path), HEADLINE, true, 2400);
    format!("{of}: {} and {} of {path}; {} as it stands: {base}", at(0), at(last), clean(&grid.plan))
}

/// Where the values of the input lie.
enum Places {
    Numbers(NumberAxis, Vec<f64>),
    /// One beside the other.
    Steps(usize),
}

impl Places {
    fn of(axis: &Axis) -> Self {
        match &axis.numbers {
            Some(numbers) => {
                let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
                let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                // What it is as things stand counts as far as it is not far off.
                let (low, high) = (low - (high - low) / 2.0, high + (high - low) / 2.0);
                let near = axis.present.filter(|p| p.p90 >= low && p.p10 <= high);
                let present = near.iter().flat_map(|p| [p.p10.max(low), p.p90.min(high)]);
                let axis = NumberAxis::around(numbers.iter().copied().chain(present), 0.0, LEFT + 60, RIGHT - 60);
                Self::Numbers(axis, numbers.clone())
            }
            None => Self::Steps(axis.values.len()),
        }
    }

    fn x(&self, place: usize) -> i32 {
        match self {
            Self::Numbers(axis, numbers) => axis.x(numbers[place]),
            Self::Steps(n) => LEFT + (RIGHT - LEFT) * (2 * place as i32 + 1) / (2 * *n as i32),
        }
    }

    /// Places from left to right.
    fn order(&self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|place| self.x(*place));
        order
    }

    fn draw(&self, canvas: &mut Canvas, axis: &Axis, base: i32) {
        match self {
            Self::Numbers(scale, _) => {
                scale.draw(canvas, base, base, |at, step| format!("{at:.*}", decimals(step)).replace('-', "−"));
            }
            Self::Steps(n) => {
                canvas.path(vec![(LEFT, base), (RIGHT, base)], INK, 8);
                let room = (RIGHT - LEFT) / *n as i32 - 40;
                for (place, value) in axis.values.iter().enumerate() {
                    let text = Text::new(fit(&clean(value), LABEL, false, room), LABEL).anchor(Anchor::Middle);
                    canvas.text((self.x(place), base + 110), text.colour(GREY));
                }
            }
        }
        canvas.path(vec![(LEFT, base), (RIGHT, base)], INK, 8);
    }
}

/// Where the input lies as things stand: a grey band from P10 to P90, with the median.
fn draw_present(canvas: &mut Canvas, axis: &Axis, x: &Places, top: i32, base: i32) {
    let (Some(present), Places::Numbers(scale, _)) = (axis.present, x) else { return };
    let (low, high) = (scale.x(present.p10), scale.x(present.p90));
    if low == high && present.p10 < present.p90 {
        return; // Beyond the axis.
    }
    let words = if low == high { "as it stands" } else { "P10–P90 as it stands" };
    if high > low {
        canvas.rect((low, top - 60), (high, base), NOW);
    }
    let median = scale.x(present.p50);
    if (LEFT + 60..RIGHT - 60).contains(&median) {
        canvas.dashed(&[(median, top - 60), (median, base)], GREY, 7, MARKER);
    }
    let half = width(words, SMALL, false) / 2;
    let middle = i32::midpoint(low, high).clamp(LEFT + half, RIGHT - half);
    canvas.text((middle, top - 90), Text::new(words, SMALL).colour(GREY).anchor(Anchor::Middle));
}

fn draw_lines(canvas: &mut Canvas, x: &Places, y: &ValueAxis, readings: &[Reading<'_>]) {
    let order = x.order(readings.len());
    let band: Option<Vec<_>> = order.iter().map(|p| readings[*p].inputs().map(|ends| (x.x(*p), ends))).collect();
    if let Some(band) = band {
        let low = band.iter().map(|(x, [low, _])| (*x, y.y(*low)));
        let high = band.iter().rev().map(|(x, [_, high])| (*x, y.y(*high)));
        canvas.area(low.chain(high).collect(), SKY);
    }
    let line = order.iter().map(|p| (x.x(*p), y.y(readings[*p].value().0))).collect();
    canvas.path(line, BLUE, 18);
    for place in order {
        let (at, [low, high]) = (x.x(place), readings[place].value().1);
        let (low, high) = (y.y(low), y.y(high));
        canvas.path(vec![(at, low), (at, high)], INK, 11);
        for end in [low, high] {
            canvas.path(vec![(at - 24, end), (at + 24, end)], INK, 11);
        }
        canvas.dot((at, y.y(readings[place].value().0)), 32, BLUE);
    }
}

/// Values above their points, or below where the line climbs through them.
fn draw_values(canvas: &mut Canvas, x: &Places, y: &ValueAxis, readings: &[Reading<'_>]) {
    if readings.len() > MOST_LABELS {
        return;
    }
    let mut end = i32::MIN;
    for place in x.order(readings.len()) {
        let words = y.values.short(readings[place].value().0);
        let half = width(&words, LABEL, true) / 2;
        let at = (x.x(place), y.y(readings[place].value().0) - 75);
        if at.0 - half > end {
            let text = Text::new(words, LABEL).bold().anchor(Anchor::Middle);
            // A long whisker would strike its letters through.
            let struck = y.y(readings[place].value().1[1]) < at.1;
            if struck {
                canvas.backed_text(at, text)
            } else {
                canvas.text(at, text)
            }
            end = at.0 + half + 40;
        }
    }
}

/// The plan as it stands: a dashed line, named at its right end.
fn draw_base(canvas: &mut Canvas, grid: &Grid, reading: &Reading<'_>, y: &ValueAxis) {
    let at = y.y(reading.base().0);
    canvas.dashed(&[(LEFT, at), (RIGHT, at)], VERMILION, 12, &[90, 40]);
    let room = WIDTH - MARGIN - RIGHT - 40;
    let lines = [
        fit(&clean(&grid.plan), LABEL, true, room),
        "as it stands".to_owned(),
        fit(&value_with_error(y.values, reading), LABEL, false, room),
    ];
    let first = (at - 80).max(0);
    for (place, line) in lines.into_iter().enumerate() {
        let mut text = Text::new(line, LABEL);
        text.bold = place == 0;
        canvas.text((RIGHT + 40, first + place as i32 * 98), text);
    }
}
