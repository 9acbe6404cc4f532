//! Two inputs over ranges of values: the measure as the colour of a cell, with its value printed in it.
//!
//! Colours are viridis (Smith and van der Walt 2015), which grows lighter with the value and so reads in grey as well.

use plotters::style::RGBColor;
use plotters::style::colors::colormaps::{ColorMap, ViridisRGB};

use super::ChartError;
use super::canvas::{Anchor, Canvas, Text};
use super::font::{clean, fit, width};
use super::frame::Frame;
use super::theme::*;
use super::value_axis::Values;
use super::what_if::{present_words, value_with_error};
use crate::analysis::{Axis, Grid, Measure, Reading, WhatIfs};

/// Right end of the cells; the scale of colours follows.
const RIGHT: i32 = 3640;
/// Tallest and lowest cell.
const TALLEST: i32 = 420;
const LOWEST: i32 = 110;
/// Height that cells take together, where there are many.
const HEIGHT: i32 = 2400;
/// Room for the bars that say where the inputs lie as things stand.
const NOW: i32 = 70;

/// Draws the chart; returns headline and SVG. `None` where the plan does not have the measure.
pub fn draw(results: &WhatIfs, grid: &Grid, measure: &Measure) -> Option<Result<(String, String), ChartError>> {
    let readings: Vec<Reading<'_>> = grid.points.iter().map(|point| measure.reading(point)).collect::<Option<_>>()?;
    let values = Values::of(measure, readings.first()?);
    let [rows, columns] = grid.axes.as_slice() else { return None };
    let plan = results.plan(&grid.plan)?;
    let mut about = vec![
        format!("Plan {}: {}", clean(&plan.id), clean(&plan.title)),
        clean(&measure.title(results.outlook.stays_days)),
    ];
    about.extend(grid.axes.iter().filter_map(present_words));
    let mut frame = Frame::new(headline(grid, measure, values, &readings), &about);
    let scale = Colours::around(&readings);
    let longest = rows.values.iter().map(|v| width(&clean(v), LABEL, false)).max().unwrap_or(0).clamp(200, 900);
    let (n, m) = (rows.values.len() as i32, columns.values.len() as i32);
    let left = MARGIN + 130 + longest + NOW;
    let cell = ((RIGHT - left) / m, (HEIGHT / n).clamp(LOWEST, TALLEST));
    let top = frame.y + 80;
    let base = top + cell.1 * n;
    let corner = |row: i32, column: i32| (left + column * cell.0, base - (row + 1) * cell.1);
    let printed = readings.iter().all(|r| width(&words(values, r), SMALL, true) <= cell.0 - 20);
    let canvas = &mut frame.canvas;
    for (place, reading) in readings.iter().enumerate() {
        let (row, column) = (place as i32 / m, place as i32 % m);
        let (x, y) = corner(row, column);
        let colour = scale.colour(reading.value().0);
        canvas.rect((x, y), (x + cell.0, y + cell.1), colour);
        if printed {
            let words = words(values, reading);
            let size = if width(&words, BODY, true) <= cell.0 - 40 && cell.1 >= 140 { BODY } else { SMALL };
            let ink = if is_light(colour) { INK } else { PAPER };
            let at = (x + cell.0 / 2, y + cell.1 / 2 + size / 3);
            canvas.text(at, Text::new(words, size).bold().colour(ink).anchor(Anchor::Middle));
        }
    }
    draw_rows(canvas, rows, left, base, cell.1);
    draw_columns(canvas, columns, left, base, cell.0);
    scale.draw(canvas, values, &readings[0], grid, top, base.max(top + 900));
    frame.y = base.max(top + 900) + NOW + 330;
    let settled = readings.iter().all(Reading::is_settled);
    let mark = if settled || !printed {
        ""
    } else {
        "≈: cannot be separated from the plan as it stands on present inputs. "
    };
    let values_in = if printed { "" } else { "There are more cells than their values could stand in: see grid.csv. " };
    let bars = if grid.axes.iter().any(|axis| present_places(axis).is_some()) {
        "Grey bars beside the cells: P10 to P90 of an input as things stand. "
    } else {
        ""
    };
    let note = format!("{mark}{values_in}{bars}Every cell shares its random numbers with the plan.");
    Some(frame.finish_about(&results.outlook, &format!("plan {}", clean(&grid.plan)), &note))
}

/// What stands in a cell.
fn words(values: Values, reading: &Reading<'_>) -> String {
    let mark = if reading.is_settled() { "" } else { " ≈" };
    format!("{}{mark}", values.short(reading.value().0))
}

fn headline(grid: &Grid, measure: &Measure, values: Values, readings: &[Reading<'_>]) -> String {
    let key = |reading: &Reading<'_>| reading.value().0.unwrap_or(f64::INFINITY);
    let least = readings.iter().min_by(|a, b| key(a).total_cmp(&key(b)));
    let most = readings.iter().max_by(|a, b| key(a).total_cmp(&key(b)));
    let say = |reading: Option<&Reading<'_>>| values.words(reading.and_then(|r| r.value().0)).replace(' ', "\u{a0}");
    let of = match measure {
        Measure::P80(id) => format!("P80 of {}", clean(id)),
        Measure::Decision(_) => {
            fit(&clean(&measure.title(7).replace(" and stays 7 days", " and stays")), HEADLINE, true, 2600)
        }
    };
    let path = |axis: &Axis| fit(&clean(&axis.path), HEADLINE, true, 2000);
    let base = values.words(readings[0].base().0).replace(' ', "\u{a0}");
    format!(
        "{of}: {} to {} over these values of {} and {}; {} as it stands: {base}",
        say(least),
        say(most),
        path(&grid.axes[0]),
        path(&grid.axes[1]),
        clean(&grid.plan)
    )
}

/// Names and values of the rows, the first at the bottom, and where the input lies as things stand.
fn draw_rows(canvas: &mut Canvas, axis: &Axis, left: i32, base: i32, height: i32) {
    let n = axis.values.len() as i32;
    let middle = |place: i32| base - place * height - height / 2;
    let right = left - NOW - 20;
    for (place, value) in axis.values.iter().enumerate() {
        let words = fit(&clean(value), LABEL, false, 900);
        canvas.text((right, middle(place as i32) + 26), Text::new(words, LABEL).anchor(Anchor::End));
    }
    let name = fit(&name(axis), LABEL, true, (height * n).max(1200));
    let half = width(&name, LABEL, true) / 2;
    let y = (base - height * n / 2).max(base - height * n + half - 40);
    canvas.text((MARGIN + 70, y + half), Text::new(name, LABEL).bold().upright());
    if let Some([low, mid, high]) = present_places(axis) {
        let y = |place: f64| base - (place * f64::from(height)) as i32;
        let x = left - NOW / 2;
        canvas.path(vec![(x, y(low)), (x, y(high))], GREY, 24);
        canvas.path(vec![(x - 28, y(mid)), (x + 28, y(mid))], INK, 12);
    }
}

/// Names and values of the columns below them, and where the input lies as things stand.
fn draw_columns(canvas: &mut Canvas, axis: &Axis, left: i32, base: i32, each: i32) {
    let n = axis.values.len() as i32;
    let mut end = i32::MIN;
    for (place, value) in axis.values.iter().enumerate() {
        let middle = left + place as i32 * each + each / 2;
        let words = fit(&clean(value), LABEL, false, (each - 20).max(260));
        let half = width(&words, LABEL, false) / 2;
        // Labels that would run into each other are left out.
        if middle - half > end {
            canvas.text((middle, base + NOW + 100), Text::new(words, LABEL).anchor(Anchor::Middle));
            end = middle + half + 30;
        }
    }
    let name = fit(&name(axis), LABEL, true, WIDTH - MARGIN - left);
    canvas.text((left + each * n / 2, base + NOW + 225), Text::new(name, LABEL).bold().anchor(Anchor::Middle));
    if let Some([low, mid, high]) = present_places(axis) {
        let x = |place: f64| left + (place * f64::from(each)) as i32;
        let y = base + NOW / 2;
        canvas.path(vec![(x(low), y), (x(high), y)], GREY, 24);
        canvas.path(vec![(x(mid), y - 28), (x(mid), y + 28)], INK, 12);
    }
}

fn name(axis: &Axis) -> String {
    if axis.factor { format!("factor on {}", clean(&axis.path)) } else { clean(&axis.path) }
}

/// P10, median and P90 of the input in cells from the first: values are in the middle of their cells, and between two of
/// them in proportion. `None` where they are not in order or all of it lies beyond the values.
fn present_places(axis: &Axis) -> Option<[f64; 3]> {
    let (numbers, present) = (axis.numbers.as_ref()?, axis.present?);
    if numbers.len() < 2 || !numbers.windows(2).all(|w| w[0] < w[1]) {
        return None;
    }
    let last = numbers.len() - 1;
    if present.p90 < numbers[0] || present.p10 > numbers[last] {
        return None;
    }
    let place = |value: f64| {
        let after = numbers.partition_point(|n| *n <= value).clamp(1, last);
        let (a, b) = (numbers[after - 1], numbers[after]);
        let t = after as f64 - 0.5 + (value - a) / (b - a);
        t.clamp(0.0, numbers.len() as f64)
    };
    Some([place(present.p10), place(present.p50), place(present.p90)])
}

/// A scale of colours.
struct Colours {
    low: f64,
    high: f64,
}

impl Colours {
    fn around(readings: &[Reading<'_>]) -> Self {
        let values = || readings.iter().filter_map(|r| r.value().0);
        let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        if low < high { Self { low, high } } else { Self { low: low - 1.0, high: low + 1.0 } }
    }

    /// The colour of a value; grey past the horizon.
    fn colour(&self, value: Option<f64>) -> RGBColor {
        let Some(value) = value else { return GRID };
        let t = (value - self.low) / (self.high - self.low);
        if t.is_finite() { ViridisRGB.get_color(t.clamp(0.0, 1.0) as f32) } else { GRID }
    }

    /// The scale from top to bottom, its values, and the plan as it stands.
    fn draw(&self, canvas: &mut Canvas, values: Values, reading: &Reading<'_>, grid: &Grid, top: i32, base: i32) {
        const STEPS: i32 = 60;
        let (left, right) = (RIGHT + 110, RIGHT + 200);
        let base = base.min(top + 1500);
        for step in 0..STEPS {
            let t = (f64::from(step) + 0.5) / f64::from(STEPS);
            let (from, to) = (base - (base - top) * step / STEPS, base - (base - top) * (step + 1) / STEPS);
            canvas.rect((left, to), (right, from), self.colour(Some(self.low + t * (self.high - self.low))));
        }
        let y = |value: f64| base - ((value - self.low) / (self.high - self.low) * f64::from(base - top)) as i32;
        let at = reading.base().0.map(|base| (y(base.clamp(self.low, self.high)), base));
        let room = WIDTH - MARGIN - right - 40;
        for t in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let value = self.low + t * (self.high - self.low);
            let here = y(value);
            // The plan's own label takes three lines.
            if at.is_none_or(|(plan, _)| !(plan - 150..=plan + 300).contains(&here)) {
                let words = fit(&values.short(Some(value)), LABEL, false, room);
                canvas.path(vec![(right, here), (right + 25, here)], INK, 6);
                canvas.text((right + 40, here + 26), Text::new(words, LABEL).colour(GREY));
            }
        }
        if let Some((y, _)) = at {
            canvas.path(vec![(left - 30, y), (right + 25, y)], INK, 14);
            let lines = [clean(&grid.plan), "as it stands".to_owned(), value_with_error(values, reading)];
            for (place, line) in lines.into_iter().enumerate() {
                let mut text = Text::new(fit(&line, LABEL, place == 0, room), LABEL);
                text.bold = place == 0;
                canvas.text((right + 40, y + 26 + place as i32 * 98), text);
            }
        }
    }
}

/// Whether dark letters read better on it (relative luminance of sRGB, roughly).
fn is_light(RGBColor(r, g, b): RGBColor) -> bool {
    299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) > 128_000
}
