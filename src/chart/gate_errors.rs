//! The trade-off of a gate's errors for one release: wrong Go against wrong No-Go, over thresholds on the forecast,
//! with the policies as lettered points.
//!
//! Nearer to the corner is better. The line joins thresholds from the strictest, which never goes and often lies beyond
//! the plot, to the mildest; bars are 95% sampling intervals, drawn where they show.

use super::ChartError;
use super::canvas::{Anchor, Canvas, Point, Text};
use super::font::{clean, fit};
use super::frame::Frame;
use super::number_axis::round_step;
use super::theme::*;
use crate::analysis::gate::{GateReport, PolicyOfRelease, ThresholdPoint};
use crate::analysis::outlook::Outlook;
use crate::analysis::wording;
use crate::estimate::Figure;

/// Left end of the plot.
const LEFT: i32 = 560;
/// Right end of the plot; labels of the last points need room beyond.
const RIGHT: i32 = WIDTH - MARGIN - 260;
/// Height of the plot.
const HEIGHT: i32 = 2100;
/// Room between the axes and 0, so that dots there hide no label.
const PAD: i32 = 120;
/// Height of a line of the legend.
const LINE: i32 = 108;
/// Radius of a policy's dot.
const DOT: i32 = 62;

fn plan_and_what_if(report: &GateReport) -> String {
    let plan = format!("Plan {}: {}", clean(&report.plan), clean(&report.plan_title));
    match &report.what_if {
        Some(asked) => format!("{plan}. What-if {}: {}", clean(&asked.id), clean(&asked.title)),
        None => plan,
    }
}

/// Draws the chart; returns headline and SVG.
pub fn draw(report: &GateReport, place: usize, outlook: &Outlook) -> Result<(String, String), ChartError> {
    let release = &report.releases[place];
    let about = [
        plan_and_what_if(report),
        format!(
            "{}, gate before {}. Wrong Go: passed although a criterion is truly not met. Wrong No-Go: stopped although \
             all are met. Nearer to the corner is better.",
            clean(&release.id),
            wording::date(release.target)
        ),
    ];
    let mut frame = Frame::new(headline(report, place), &about);
    let top = frame.y + 190;
    let axes = Axes::new(report, place, top);
    let canvas = &mut frame.canvas;
    axes.draw(canvas);
    let inside: Vec<&ThresholdPoint> = release.thresholds.iter().filter(|t| axes.holds(t)).collect();
    let thresholds: Vec<Point> = inside.iter().map(|t| axes.at(&t.p_wrong_no_go, &t.p_wrong_go)).collect();
    let mut taken: Vec<Area> = Vec::new();
    let (passed, tip) = axes.line(canvas, &release.thresholds);
    for (point, at) in inside.iter().zip(&thresholds) {
        axes.bars(canvas, &point.p_wrong_no_go, &point.p_wrong_go, GREY);
        canvas.dot(*at, 26, GREY);
        taken.push(((at.0 - 26, at.1 - 26), (at.0 + 26, at.1 + 26)));
    }
    let policies: Vec<(Point, &PolicyOfRelease)> = report
        .policies
        .iter()
        .map(|policy| &policy.releases[place])
        .map(|of| (axes.at(&of.p_wrong_no_go.figure, &of.p_wrong_go.figure), of))
        .collect();
    letters(canvas, &policies, &axes, &mut taken);
    if let (Some(tip), Some(strictest)) = (tip, release.thresholds.first()) {
        name_beyond(canvas, tip, strictest, &passed, &mut taken);
    }
    threshold_labels(canvas, &inside, &thresholds, &mut taken);
    frame.y = top + HEIGHT + 330;
    legend(&mut frame, report, place);
    let arrow = tip.zip(release.thresholds.first()).map_or_else(String::new, |(_, strictest)| {
        let never = wording::percent(strictest.p_wrong_no_go.estimate);
        format!(" Arrow: to stricter ones that lie beyond the plot (never Go: wrong No-Go {never}).")
    });
    let note = format!(
        "Grey: thresholds on the forecast of \"deployed on its date and stays\", fitted on other iterations.{arrow} Bars: \
         95% sampling intervals, often smaller than the dot; uncertainty of the inputs is not in them."
    );
    frame.finish(outlook, &outlook.plans[0], &note)
}

fn headline(report: &GateReport, place: usize) -> String {
    let release = clean(&report.releases[place].id);
    let id = fit(&release, HEADLINE, true, 1000);
    let now = &report.policies[0].releases[place];
    let (go, no_go) = (now.p_wrong_go.figure.estimate, now.p_wrong_no_go.figure.estimate);
    let amber = report.policies.iter().find(|policy| policy.id == "amber-allowed");
    match (go == 0.0 && no_go == 0.0, amber) {
        (true, None) => format!("{id}: with all Green no Go and no No-Go is wrong, in any iteration"),
        (true, Some(amber)) => format!(
            "{id}: all Green lets nothing wrong through; with the Amber allowed {} of iterations go with a criterion unmet",
            wording::percent(amber.releases[place].p_wrong_go.figure.estimate)
        ),
        _ => format!(
            "{id}: with all Green a wrong Go in {} and a wrong No-Go in {} of iterations",
            wording::percent(go),
            wording::percent(no_go)
        ),
    }
}

/// A part of the drawing: its upper left and lower right corner.
type Area = (Point, Point);

/// Names the policies: their letters beside their dots, those on one spot together.
fn letters(canvas: &mut Canvas, policies: &[(Point, &PolicyOfRelease)], axes: &Axes, taken: &mut Vec<Area>) {
    for (k, (at, of)) in policies.iter().enumerate().rev() {
        axes.bars(canvas, &of.p_wrong_no_go.figure, &of.p_wrong_go.figure, INK);
        canvas.dot(*at, DOT, PAPER);
        canvas.dot(*at, DOT - 12, curve_style(k).0);
        taken.push(((at.0 - DOT, at.1 - DOT), (at.0 + DOT, at.1 + DOT)));
    }
    let mut left: Vec<usize> = (0..policies.len()).collect();
    while let Some(&first) = left.first() {
        let at = policies[first].0;
        let near = |k: &usize| (policies[*k].0.0 - at.0).abs() < 2 * DOT && (policies[*k].0.1 - at.1).abs() < 2 * DOT;
        let here: Vec<usize> = left.iter().copied().filter(near).collect();
        left.retain(|k| !here.contains(k));
        let names: Vec<String> = here.iter().map(|k| letter(*k)).collect();
        let text = Text::new(names.join(", "), BODY).bold();
        // A policy is always named: beside its dot where there is room, else above it all the same.
        let beside = beside(at, DOT + 25, &text, taken).unwrap_or((at.0 + DOT + 25, at.1 - DOT - 15));
        taken.push(area(beside, &text));
        canvas.backed_text(beside, text);
    }
}

/// Says where the arrow leads, above its tip or below it, where there is room; the note says it in any case.
fn name_beyond(canvas: &mut Canvas, tip: Point, strictest: &ThresholdPoint, passed: &[Area], taken: &mut Vec<Area>) {
    let words = format!("to never Go: wrong No-Go {}", wording::percent(strictest.p_wrong_no_go.estimate));
    let text = Text::new(words, SMALL).colour(GREY);
    let left = tip.0 - 20 - text.length();
    let free = |place: &Point| {
        let own = area(*place, &text);
        taken.iter().chain(passed).all(|other| apart(*other, own))
    };
    let places = [(left, tip.1 - 60), (left, tip.1 + 60 + SMALL)];
    if let Some(place) = places.into_iter().find(free) {
        taken.push(area(place, &text));
        canvas.text(place, text);
    }
}

/// Labels thresholds where there is room, the ends of the line first.
fn threshold_labels(canvas: &mut Canvas, thresholds: &[&ThresholdPoint], points: &[Point], taken: &mut Vec<Area>) {
    let last = points.len().saturating_sub(1);
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by_key(|k| (*k != 0 && *k != last, *k));
    for k in order {
        let words = match thresholds[k].threshold {
            None => "never Go".to_owned(),
            Some(_) if k == last => "always Go".to_owned(),
            Some(threshold) => format!("{threshold:.3}"),
        };
        let text = Text::new(words, SMALL).colour(GREY);
        if let Some(place) = beside(points[k], 45, &text, taken) {
            taken.push(area(place, &text));
            canvas.text(place, text);
        }
    }
}

/// Where a text can stand beside a point at some distance without touching anything: upper right, lower right, upper
/// left, lower left.
fn beside(at: Point, distance: i32, text: &Text, taken: &[Area]) -> Option<Point> {
    let (right, left) = (at.0 + distance, at.0 - distance - text.length());
    let (above, below) = (at.1 - distance / 2, at.1 + distance / 2 + text.size);
    let places = [(right, above), (right, below), (left, above), (left, below)];
    places.into_iter().find(|place| {
        let own = area(*place, text);
        taken.iter().all(|other| apart(*other, own)) && own.0.0 > LEFT && own.1.0 <= WIDTH - MARGIN / 2
    })
}

/// What a text covers whose baseline begins at a point.
fn area(at: Point, text: &Text) -> Area {
    ((at.0 - 15, at.1 - text.size), (at.0 + text.length() + 15, at.1 + text.size * 3 / 10))
}

fn apart(a: Area, b: Area) -> bool {
    a.0.0 >= b.1.0 || b.0.0 >= a.1.0 || a.0.1 >= b.1.1 || b.0.1 >= a.1.1
}

fn letter(k: usize) -> String {
    char::from(b'A' + (k % 26) as u8).to_string()
}

/// A line for each policy: its letter, its name, its figures.
fn legend(frame: &mut Frame, report: &GateReport, place: usize) {
    for (k, policy) in report.policies.iter().enumerate() {
        let of = &policy.releases[place];
        let name = match policy.id.as_str() {
            "all-green" => "all Green".to_owned(),
            "amber-allowed" => "Amber allowed".to_owned(),
            _ => format!("threshold {}", report.threshold),
        };
        let figures = format!(
            "{name}: wrong Go {}, wrong No-Go {}, live and stays {}",
            wording::probability_with_error(&of.p_wrong_go.figure),
            wording::probability_with_error(&of.p_wrong_no_go.figure),
            wording::probability_with_error(&of.p_live_on_target_and_stays.figure)
        );
        frame.y += LINE;
        let y = frame.y;
        frame.canvas.dot((MARGIN + 50, y - 28), 42, curve_style(k).0);
        frame.canvas.text((MARGIN + 120, y), Text::new(letter(k), LABEL).bold());
        let room = WIDTH - 2 * MARGIN - 220;
        frame.canvas.text((MARGIN + 220, y), Text::new(fit(&figures, LABEL, false, room), LABEL));
    }
}

/// Both axes are probabilities from 0.
struct Axes {
    top: i32,
    /// What the right end and the top stand for.
    most: (f64, f64),
    step: (f64, f64),
}

impl Axes {
    fn new(report: &GateReport, place: usize, top: i32) -> Self {
        let policies = report.policies.iter().map(|policy| &policy.releases[place]);
        let policies: Vec<(Figure, Figure)> =
            policies.map(|of| (of.p_wrong_no_go.figure, of.p_wrong_go.figure)).collect();
        // Thresholds that seldom go lie far to the right, and would squeeze the others: the line leads to them.
        let thresholds = &report.releases[place].thresholds;
        let most_go = thresholds.iter().map(|t| t.p_go.estimate).fold(0.0, f64::max);
        let often = thresholds.iter().filter(|t| t.p_go.estimate >= most_go / 2.0);
        let drawn: Vec<(Figure, Figure)> = often.map(|t| (t.p_wrong_no_go, t.p_wrong_go)).chain(policies).collect();
        let most = |of: fn(&(Figure, Figure)) -> f64| drawn.iter().map(of).fold(0.01, f64::max);
        let (x, y) = (most(|d| d.0.interval[1]), most(|d| d.1.interval[1]));
        let step = (round_step(x / 5.0), round_step(y / 5.0));
        let up = |value: f64, step: f64| (value / step).ceil() * step;
        Self { top, most: (up(x, step.0), up(y, step.1)), step }
    }

    fn base(&self) -> i32 {
        self.top + HEIGHT
    }

    fn x(&self, p: f64) -> i32 {
        LEFT + PAD + (p / self.most.0 * f64::from(RIGHT - LEFT - PAD)) as i32
    }

    fn y(&self, p: f64) -> i32 {
        self.base() - PAD - (p / self.most.1 * f64::from(HEIGHT - PAD)) as i32
    }

    fn at(&self, wrong_no_go: &Figure, wrong_go: &Figure) -> Point {
        (self.x(wrong_no_go.estimate), self.y(wrong_go.estimate))
    }

    /// Whether a threshold lies in the plot.
    fn holds(&self, threshold: &ThresholdPoint) -> bool {
        threshold.p_wrong_no_go.estimate <= self.most.0 && threshold.p_wrong_go.estimate <= self.most.1
    }

    /// The line through all thresholds, up to the right end of the plot, with an arrow where it leads beyond. Returns
    /// what it passes through, and the tip of the arrow.
    fn line(&self, canvas: &mut Canvas, thresholds: &[ThresholdPoint]) -> (Vec<Area>, Option<Point>) {
        let mut points: Vec<Point> =
            thresholds.iter().filter(|t| self.holds(t)).map(|t| self.at(&t.p_wrong_no_go, &t.p_wrong_go)).collect();
        // Strictest first: those beyond the plot come before those in it.
        let first = thresholds.iter().position(|t| self.holds(t)).filter(|first| *first > 0);
        let tip = first.map(|first| {
            let (beyond, within) = (&thresholds[first - 1], &thresholds[first]);
            let (x0, x1) = (within.p_wrong_no_go.estimate, beyond.p_wrong_no_go.estimate);
            let (y0, y1) = (within.p_wrong_go.estimate, beyond.p_wrong_go.estimate);
            (RIGHT, self.y(y0 + (y1 - y0) * (self.most.0 - x0) / (x1 - x0)))
        });
        points.splice(0..0, tip);
        canvas.dashed(&points, GREY, 12, SOLID);
        if let Some((x, y)) = tip {
            canvas.path(vec![(x - 60, y - 35), (x, y), (x - 60, y + 35)], GREY, 12);
        }
        let along = |from: Point, to: Point, k: i32| {
            let at = (from.0 + (to.0 - from.0) * k / 40, from.1 + (to.1 - from.1) * k / 40);
            ((at.0 - 12, at.1 - 12), (at.0 + 12, at.1 + 12))
        };
        let passed = points.windows(2).flat_map(|pair| (0..=40).map(move |k| along(pair[0], pair[1], k))).collect();
        (passed, tip)
    }

    /// The intervals of a point, where they are larger than its dot.
    fn bars(&self, canvas: &mut Canvas, wrong_no_go: &Figure, wrong_go: &Figure, colour: plotters::style::RGBColor) {
        let at = self.at(wrong_no_go, wrong_go);
        let [left, right] = wrong_no_go.interval.map(|p| (self.x(p), at.1));
        let [low, high] = wrong_go.interval.map(|p| (at.0, self.y(p)));
        if right.0 - left.0 > 50 {
            canvas.path(vec![left, right], colour, 8);
        }
        if low.1 - high.1 > 50 {
            canvas.path(vec![low, high], colour, 8);
        }
    }

    fn draw(&self, canvas: &mut Canvas) {
        let ticks = |most: f64, step: f64| (0..=(most / step).round() as i32).map(move |k| f64::from(k) * step);
        for p in ticks(self.most.1, self.step.1) {
            let y = self.y(p);
            let (colour, stroke) = if p == 0.0 { (GREY, 8) } else { (GRID, 5) };
            canvas.path(vec![(LEFT, y), (RIGHT, y)], colour, stroke);
            canvas.text((LEFT - 40, y + 26), Text::new(share(p), LABEL).colour(GREY).anchor(Anchor::End));
        }
        for p in ticks(self.most.0, self.step.0) {
            let x = self.x(p);
            let (colour, stroke) = if p == 0.0 { (GREY, 8) } else { (GRID, 5) };
            canvas.path(vec![(x, self.top), (x, self.base())], colour, stroke);
            canvas.text((x, self.base() + 115), Text::new(share(p), LABEL).colour(GREY).anchor(Anchor::Middle));
        }
        let middle = i32::midpoint(LEFT, RIGHT);
        let below = Text::new("P(wrong No-Go at the gate of the plan's date)", LABEL).anchor(Anchor::Middle);
        canvas.text((middle, self.base() + 235), below);
        let above = Text::new("P(wrong Go there)", LABEL);
        canvas.text((MARGIN, self.top - 80), above);
    }
}

/// A share on an axis: `0`, `5%`, `0.5%`.
fn share(p: f64) -> String {
    if p == 0.0 { "0".to_owned() } else { format!("{}%", wording::days(p * 100.0)) }
}
