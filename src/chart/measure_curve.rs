//! The S-curve of a measure in days, with its 95% sampling band, its target and its percentiles.

use super::ChartError;
use super::canvas::{Anchor, Canvas, Text};
use super::font::{clean, fit};
use super::frame::Frame;
use super::number_axis::round_step;
use super::share_axis::{Curve, HEIGHT, LEFT, ShareAxis};
use super::theme::*;
use crate::analysis::outlook::{MeasureOutlook, Outlook, PlanOutlook};
use crate::analysis::wording;

/// Right end of the plot; percentiles follow.
const RIGHT: i32 = 3180;

/// Draws the chart; returns headline and SVG.
pub fn draw(outlook: &Outlook, plan: &PlanOutlook, measure: &MeasureOutlook) -> Result<(String, String), ChartError> {
    let about = [
        format!("Plan {}: {}", clean(&plan.id), clean(&plan.title)),
        "Share of iterations finished within a number of days".to_owned(),
    ];
    let mut frame = Frame::new(headline(measure), &about);
    let top = frame.y + if measure.target.is_some() { 220 } else { 80 };
    let shares = ShareAxis { base: top + HEIGHT, height: HEIGHT, from: 0.0 };
    let days = DayAxis::new(measure);
    let canvas = &mut frame.canvas;
    shares.draw(canvas, RIGHT);
    days.draw(canvas, shares.base);
    curve(measure, &days, &shares).draw(canvas, BLUE, SOLID);
    for (name, share, percentile) in [("P50", 0.5, measure.p50), ("P80", 0.8, measure.p80), ("P90", 0.9, measure.p90)] {
        let y = shares.y(share);
        let mut words = format!("{name}: {}", or_days(percentile.days));
        if let Some(at) = percentile.days {
            canvas.dot((days.x(at), y), 30, BLUE);
        }
        if let Some(interval) = wording::day_interval(&percentile) {
            words += &format!(" ({interval})");
        }
        let words = fit(&words, LABEL, false, WIDTH - MARGIN - RIGHT - 40);
        canvas.text((RIGHT + 40, y + 26), Text::new(words, LABEL));
    }
    if let Some(target) = measure.target {
        draw_target(canvas, measure, target, &days, &shares);
    }
    frame.y = shares.base + 230;
    let note = format!(
        "Mean {} days (± is the standard error of sampling; uncertainty of the inputs is not in it), \
         standard deviation {}; percentiles to {} days. In brackets and as a band: 95% sampling \
         intervals, often thinner than the line.",
        wording::number_with_error(&measure.mean),
        wording::days(measure.standard_deviation),
        wording::days(measure.resolution_days),
    );
    frame.finish(outlook, plan, &note)
}

fn headline(measure: &MeasureOutlook) -> String {
    let title = clean(&measure.title);
    let p80 = or_days(measure.p80.days);
    match (measure.target, measure.p_by_target) {
        (Some(target), Some(p)) => format!(
            "{title}: done within {} days with probability {}; P80 is {p80}",
            wording::days(target),
            wording::probability(p.estimate)
        ),
        _ => format!("{title}: P80 is {p80}"),
    }
}

fn or_days(days: Option<f64>) -> String {
    days.map_or_else(|| "after the horizon".to_owned(), |d| format!("{} days", wording::days(d)))
}

fn draw_target(canvas: &mut Canvas, measure: &MeasureOutlook, target: f64, days: &DayAxis, shares: &ShareAxis) {
    let x = days.x(target);
    let top = shares.y(1.0) - 60;
    canvas.dashed(&[(x, top), (x, shares.base)], INK, 8, MARKER);
    let p = measure.p_by_target.map_or_else(String::new, |p| format!(": {}", wording::probability_with_error(&p)));
    let mut text = Text::new(format!("Target {} days{p}", wording::days(target)), LABEL).bold();
    let half = text.length() / 2;
    text.anchor = Anchor::Start;
    let left = (x - half).clamp(MARGIN, WIDTH - MARGIN - 2 * half);
    canvas.text((left, top - 30), text);
}

fn curve(measure: &MeasureOutlook, days: &DayAxis, shares: &ShareAxis) -> Curve {
    let mut curve = Curve::default();
    for point in &measure.curve {
        let x = days.x(point.days);
        let [low, high] = point.share.interval;
        curve.line.push((x, shares.y(point.share.estimate)));
        curve.low.push((x, shares.y(low)));
        curve.high.push((x, shares.y(high)));
    }
    curve
}

/// A scale of days.
struct DayAxis {
    from: f64,
    to: f64,
}

impl DayAxis {
    fn new(measure: &MeasureOutlook) -> Self {
        let mut from = f64::INFINITY;
        let mut to = f64::NEG_INFINITY;
        let curve = measure.curve.iter().map(|p| p.days);
        let marked = [measure.target, measure.p50.days, measure.p80.days, measure.p90.days];
        for days in curve.chain(marked.into_iter().flatten()) {
            from = from.min(days);
            to = to.max(days);
        }
        if from > to {
            (from, to) = (0.0, 1.0);
        }
        let pad = ((to - from) * 0.04).max(0.5);
        Self { from: from - pad, to: to + pad }
    }

    fn x(&self, days: f64) -> i32 {
        let t = (days - self.from) / (self.to - self.from);
        LEFT + (t * f64::from(RIGHT - LEFT)) as i32
    }

    fn draw(&self, canvas: &mut Canvas, base: i32) {
        let step = round_step((self.to - self.from) / 7.0);
        let mut n = (self.from / step).ceil() as i64;
        while n as f64 * step <= self.to {
            let days = n as f64 * step;
            let x = self.x(days);
            canvas.path(vec![(x, base), (x, base + 35)], INK, 6);
            let label = Text::new(wording::days(days), LABEL).anchor(Anchor::Middle);
            canvas.text((x, base + 105), label);
            n += 1;
        }
        let unit = Text::new("days", LABEL).colour(GREY).anchor(Anchor::Middle);
        canvas.text(((LEFT + RIGHT) / 2, base + 205), unit);
    }
}
