//! The tornado of a measure: each input from its P10 to its P90, coloured by what the number rests on.
//!
//! The second cue beside colour is the hatch of assumed numbers and the basis in words; the sign is read from the values
//! at the ends and stands beside each bar.

use plotters::style::RGBColor;

use super::ChartError;
use super::bar_axis::BarAxis;
use super::canvas::{Anchor, Canvas, Text};
use super::font::{clean, fit};
use super::frame::{Frame, unbroken};
use super::theme::*;
use crate::analysis::drivers::{Asked, Bar, Drivers, Input, MeasureDrivers, Scale};
use crate::analysis::wording;
use crate::register::Basis;

/// Most bars.
const BARS: usize = 14;
/// Height of a row, and of its bar.
const ROW: i32 = 200;
const THICK: i32 = 110;
/// Ends of the bars' room; values stand on both sides of a bar.
const LEFT: i32 = 1900;
const RIGHT: i32 = 3200;
/// Room of an input's value beside its bar.
const VALUE: i32 = 330;
/// Where the swings stand.
const SWINGS: i32 = WIDTH - MARGIN;

/// Colour of a basis.
pub fn colour(basis: Basis) -> RGBColor {
    match basis {
        Basis::Stated => GREEN,
        Basis::Derived => BLUE,
        Basis::BaseRate => SKY,
        Basis::Assumed => ORANGE,
    }
}

/// Draws the chart; returns headline and SVG.
pub fn draw(found: &Drivers, measure: &MeasureDrivers) -> Result<(String, String), ChartError> {
    let input = |bar: &Bar| found.inputs.iter().find(|input| input.path == bar.input);
    let moving: Vec<(&Bar, &Input)> =
        measure.tornado.iter().filter(|bar| !bar.same).filter_map(|bar| Some((bar, input(bar)?))).collect();
    let shown = &moving[..moving.len().min(BARS)];
    let about = [
        format!("Plan {}: {}", clean(&found.plan), clean(&found.plan_title)),
        format!(
            "{} with each input at its 10th and at its 90th percentile, everything else as it varies",
            axis_words(measure)
        ),
    ];
    let mut frame = Frame::new(headline(measure, shown.first()), &about);
    let top = frame.y + 220;
    legend(&mut frame.canvas, frame.y + 110, shown);
    let base = top + ROW * shown.len().max(1) as i32;
    let now = plain_value(measure);
    let ends = shown.iter().flat_map(|(bar, _)| values(measure, bar));
    let axis = BarAxis::holding(ends.chain([now]), LEFT, RIGHT);
    let canvas = &mut frame.canvas;
    axis.draw(canvas, top - 20, base);
    for (i, (bar, input)) in shown.iter().enumerate() {
        draw_bar(canvas, &axis, measure, bar, input, top + ROW * i as i32 + ROW / 2);
    }
    let x = axis.x(now);
    canvas.dashed(&[(x, top - 60), (x, base)], INK, 8, MARKER);
    for (i, (bar, input)) in shown.iter().enumerate() {
        draw_words(canvas, &axis, measure, bar, input, top + ROW * i as i32 + ROW / 2);
    }
    let label = Text::new(format!("as it varies: {}", number(measure, now)), LABEL).bold();
    let half = label.length() / 2;
    canvas.text((x - half, top - 80), label);
    if shown.is_empty() {
        let text = Text::new("No input makes a difference to it.", BODY).anchor(Anchor::Middle);
        canvas.text(((LEFT + RIGHT) / 2, base - ROW / 2), text);
    }
    frame.y = base + 130;
    let (less, same) = (moving.len() - shown.len(), measure.tornado.len() - moving.len());
    let less = if less == 0 { String::new() } else { format!("{less} more inputs move it less; ") };
    let note = format!(
        "{less}{same} inputs make no difference in any of {} iterations. Values at the ends of a bar \
         are the input's own; the swing is from its P10 to its P90, ± the standard error of sampling.",
        wording::count(found.iterations_of_a_variant)
    );
    frame.close(&[&note, &footer(found)])
}

/// The line that says where the numbers come from.
pub fn footer(found: &Drivers) -> String {
    format!(
        "Scenario {} · plan {} · seed {} · {} iterations, {} for each variant · golive {}",
        clean(&found.scenario),
        clean(&found.plan),
        found.seed,
        wording::count(found.iterations),
        wording::count(found.iterations_of_a_variant),
        env!("CARGO_PKG_VERSION")
    )
}

/// Ends of a bar, left and right.
fn ends(axis: &BarAxis, measure: &MeasureDrivers, bar: &Bar) -> (i32, i32) {
    let [low, high] = values(measure, bar);
    let from = axis.x(low.min(high));
    (from, axis.x(low.max(high)).max(from + 8))
}

fn draw_bar(canvas: &mut Canvas, axis: &BarAxis, measure: &MeasureDrivers, bar: &Bar, input: &Input, middle: i32) {
    let (from, to) = ends(axis, measure, bar);
    let corners = ((from, middle - THICK / 2), (to, middle + THICK / 2));
    if input.basis == Basis::Assumed {
        canvas.hatched(corners.0, corners.1, colour(input.basis));
    } else {
        canvas.rect(corners.0, corners.1, colour(input.basis));
    }
}

fn draw_words(canvas: &mut Canvas, axis: &BarAxis, measure: &MeasureDrivers, bar: &Bar, input: &Input, middle: i32) {
    let room = LEFT - VALUE - 50 - MARGIN;
    canvas.text((MARGIN, middle - 8), Text::new(fit(&clean(&input.label), LABEL, false, room), LABEL));
    let whose = input.elicit.as_deref().or(input.owner.as_deref());
    let whose = whose.map_or_else(String::new, |whose| format!(", {}", clean(whose)));
    let basis = fit(&format!("{}{whose}", input.basis.name()), SMALL, false, room);
    canvas.text((MARGIN, middle + 74), Text::new(basis, SMALL).colour(GREY));
    // The input's own values stand where they lead: its P90 on the right if it raises the figure.
    let own = |value: f64| fit(&wording::significant(value, 3), SMALL, false, VALUE);
    let [low, high] = values(measure, bar);
    let (left, right) = if low <= high { (input.p10, input.p90) } else { (input.p90, input.p10) };
    let (from, to) = ends(axis, measure, bar);
    canvas.backed_text((from - 25, middle + 26), Text::new(own(left), SMALL).anchor(Anchor::End));
    canvas.backed_text((to + 25, middle + 26), Text::new(own(right), SMALL));
    let swing = fit(&swing(measure, bar), LABEL, true, SWINGS - RIGHT - VALUE - 50);
    let swing = Text::new(swing, LABEL).bold().anchor(Anchor::End);
    canvas.text((SWINGS, middle + 26), swing);
}

/// Which colour is which basis, for those shown.
fn legend(canvas: &mut Canvas, y: i32, shown: &[(&Bar, &Input)]) {
    let mut x = MARGIN;
    for basis in Basis::ALL.into_iter().filter(|basis| shown.iter().any(|(_, input)| input.basis == *basis)) {
        let corners = ((x, y - 62), (x + 110, y + 6));
        if basis == Basis::Assumed {
            canvas.hatched(corners.0, corners.1, colour(basis));
        } else {
            canvas.rect(corners.0, corners.1, colour(basis));
        }
        let text = Text::new(basis.name(), LABEL);
        let length = text.length();
        canvas.text((x + 150, y), text);
        x += 150 + length + 130;
    }
}

fn headline(measure: &MeasureDrivers, longest: Option<&(&Bar, &Input)>) -> String {
    let Some((bar, input)) = longest else {
        return format!("{}: no input makes a difference", clean(&measure.title));
    };
    let [low, high] = values(measure, bar);
    if let (Asked::P80, Scale::Probability) = (measure.measure, measure.scale) {
        let date = measure.p80.and_then(|p80| p80.date).map_or_else(|| wording::NOT_LIVE.to_owned(), unbroken);
        return format!(
            "{}, {date}: {} moves it most; later than that with probability {} at its P10, {} at its P90",
            clean(&measure.title),
            clean(&input.label),
            number(measure, low),
            number(measure, high)
        );
    }
    format!(
        "{}: {} moves it most, from {} at its P10 to {} at its P90",
        clean(&measure.title),
        clean(&input.label),
        number(measure, low),
        number(measure, high)
    )
}

/// What the axis shows.
fn axis_words(measure: &MeasureDrivers) -> String {
    match (measure.measure, measure.scale) {
        (Asked::P80, Scale::Days) => "P80 in days".to_owned(),
        (Asked::P80, _) => clean(&measure.bad),
        _ => clean(&measure.title),
    }
}

/// What is plotted at the P10 and the P90 of an input.
fn values(measure: &MeasureDrivers, bar: &Bar) -> [f64; 2] {
    match (measure.scale, &bar.p80) {
        (Scale::Days, Some(ends)) => [ends.low.days, ends.high.days].map(|d| d.unwrap_or(f64::INFINITY)),
        _ => [bar.low.estimate, bar.high.estimate],
    }
}

fn plain_value(measure: &MeasureDrivers) -> f64 {
    match (measure.scale, &measure.p80_as_it_varies) {
        (Scale::Days, Some(p80)) => p80.days.unwrap_or(f64::INFINITY),
        _ => measure.as_it_varies.estimate,
    }
}

fn number(measure: &MeasureDrivers, value: f64) -> String {
    match measure.scale {
        Scale::Days => wording::days(value),
        _ => wording::significant(value, 3),
    }
}

fn swing(measure: &MeasureDrivers, bar: &Bar) -> String {
    let mut figure = bar.swing;
    if let (Scale::Days, Some(days), Some(error)) =
        (measure.scale, bar.p80.and_then(|p| p.days), bar.p80.and_then(|p| p.standard_error))
    {
        (figure.estimate, figure.standard_error) = (days, error);
    }
    let sign = if figure.estimate > 0.0 { "+" } else { "" };
    format!("{sign}{}", wording::number_with_error(&figure)).replace('-', "−")
}
