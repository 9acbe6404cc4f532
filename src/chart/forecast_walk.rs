//! The forecast walk: a figure of the old version, what each edit carries, and the new version, as steps below each other.
//!
//! A bar runs from where the figure stood to where the edit takes it; the thin bar at its end is the 95% sampling interval
//! of what the edit carries, the pale bar where that lies in 90% of the worlds that the inputs allow.

use plotters::style::RGBColor;

use super::canvas::{Anchor, Canvas, Text};
use super::font::{clean, fit, width};
use super::frame::Frame;
use super::number_axis::{NumberAxis, decimals};
use super::theme::*;
use super::time_axis::TimeAxis;
use super::{Chart, ChartError, file_stem, font};
use crate::analysis::wording;
use crate::analysis::{Diff, Measure, Method, PercentileWalk, Walk, part_letter};
use crate::simulate::Decision;

/// Height of a row.
const ROW: i32 = 250;
/// Half the height of a bar.
const HALF: i32 = 52;
/// Room for names at the left, and most room for values at the right.
const NAMES: i32 = 1560;
const VALUES: i32 = 1050;
/// Most parts that have a row each; the smallest of more are drawn together.
const MOST_ROWS: usize = 24;

/// Draws the walk of every figure that a committee reads and that differs between the versions.
///
/// # Errors
/// None that depends on the figures.
pub fn diff_charts(diff: &Diff) -> Result<Vec<Chart>, ChartError> {
    font::register()?;
    let mut charts = Vec::new();
    for (decision, walk) in headline(diff) {
        if !walk.identical && !walk.parts.is_empty() {
            charts.push(draw(diff, &steps_of(diff, &decision, walk), &walk.measure)?);
        }
    }
    for walk in &diff.p80 {
        if let Some(steps) = steps_of_percentile(diff, walk) {
            charts.push(draw(diff, &steps, &format!("{}.p80", walk.shift.of))?);
        }
    }
    Ok(charts)
}

/// The figures that a committee reads.
fn headline(diff: &Diff) -> impl Iterator<Item = (Decision, &Walk)> {
    let Some(plan) = diff.outlook.plans.last() else { return Vec::new().into_iter() };
    let mut decisions: Vec<Decision> = Vec::new();
    for r in &plan.releases {
        decisions.extend([Decision::LiveOnTarget(r.id.clone()), Decision::LiveAndStays(r.id.clone())]);
    }
    if plan.releases.len() > 1 {
        decisions.push(Decision::AllLiveAndStay);
    }
    if plan.incidents.is_some() {
        decisions.push(Decision::SeriousIncidents);
    }
    for id in plan.measures.keys() {
        decisions.extend([Decision::FinishByTarget(id.clone()), Decision::Finish(id.clone())]);
    }
    decisions.push(Decision::Cost);
    let walk = |d: Decision| diff.figures.iter().find(|walk| walk.measure == d.name()).map(|walk| (d, walk));
    decisions.into_iter().filter_map(walk).collect::<Vec<_>>().into_iter()
}

/// What is drawn of one figure.
struct Steps {
    headline: String,
    about: String,
    scale: Kind,
    more_is_better: bool,
    before: (f64, String),
    after: (f64, String),
    /// Name, what it edits, how much, sampling interval and input interval of that, in words.
    parts: Vec<Step>,
    note: String,
}

struct Step {
    name: String,
    detail: String,
    /// What it was and what it is, of a single edit.
    change: String,
    carries: f64,
    sampling: Option<[f64; 2]>,
    inputs: Option<[f64; 2]>,
    words: String,
    beneath: String,
}

/// What the numbers are.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Number,
    /// Days from 1 January 1970.
    Date,
}

fn steps_of(diff: &Diff, decision: &Decision, walk: &Walk) -> Steps {
    let title = clean(&Measure::Decision(decision.clone()).title(diff.outlook.stays_days));
    let value = |figure: &crate::estimate::Figure| match decision {
        Decision::Cost => wording::amount_with_error(figure),
        _ if walk.probability => wording::probability_with_error(figure),
        _ => wording::number_with_error(figure),
    };
    let parts = walk.parts.iter().enumerate().filter(|(_, part)| !part.identical).map(|(place, part)| {
        let ends = part.carries.inputs_interval.map(|ends| ends.map(|x| wording::signed(x, 3)));
        Step {
            name: part_letter(place),
            detail: edits(diff, place),
            change: change(diff, place),
            carries: part.carries.estimate,
            sampling: Some(part.carries.interval),
            inputs: part.carries.inputs_interval,
            words: wording::difference_with_error(&part.carries),
            beneath: ends.map_or_else(String::new, |[low, high]| format!("{low} to {high}")),
        }
    });
    let parts: Vec<Step> = parts.collect();
    let whole = wording::difference_with_error(&walk.whole).replace(' ', "\u{a0}");
    Steps {
        headline: format!("{title}: {whole} from the old version to the new{}", most(&parts)),
        about: "What each edit carries of the change".to_owned(),
        scale: Kind::Number,
        more_is_better: walk.more_is_better,
        before: (walk.before.estimate, value(&walk.before)),
        after: (walk.after.estimate, value(&walk.after)),
        parts: fewer(parts),
        note: "At a bar's end: thin, the 95% sampling interval of what the edit carries (±: standard error); pale, where that \
               lies in 90% of the worlds that the inputs allow."
            .to_owned(),
    }
}

fn steps_of_percentile(diff: &Diff, walk: &PercentileWalk) -> Option<Steps> {
    let ((before, _), (after, _)) = (walk.shift.base.in_days(), walk.shift.value.in_days());
    let (before, after) = (before?, after?);
    let moved = walk.parts.iter().enumerate().filter(|(_, part)| part.over_orders != [0.0, 0.0]);
    let parts = moved.map(|(place, part)| {
        let sampling = part.interval[0].zip(part.interval[1]).map(|(low, high)| [low, high]);
        let words = format!("{} days", wording::signed(part.days, 2));
        Step {
            name: part_letter(place),
            detail: edits(diff, place),
            change: change(diff, place),
            carries: part.days,
            sampling,
            inputs: None,
            words,
            beneath: String::new(),
        }
    });
    let parts: Vec<Step> = parts.collect();
    if parts.is_empty() {
        return None;
    }
    let date = |days: f64| {
        let zero = jiff::civil::date(1970, 1, 1);
        zero.checked_add(jiff::Span::new().try_days(days as i64).ok()?).ok().map(wording::short_date)
    };
    let (kind, value): (Kind, Box<dyn Fn(f64) -> String>) = if walk.is_date() {
        (Kind::Date, Box::new(move |days| date(days).unwrap_or_default()))
    } else {
        (Kind::Number, Box::new(|days| format!("{} days", wording::days(days))))
    };
    let words = [before, after].map(|days| value(days).replace(' ', "\u{a0}"));
    Some(Steps {
        headline: format!("P80 of {}: from {} to {}{}", clean(&walk.shift.of), words[0], words[1], most(&parts)),
        about: "Days that each edit carries of the change".to_owned(),
        scale: kind,
        more_is_better: false,
        before: (before, value(before)),
        after: (after, value(after)),
        parts: fewer(parts),
        note:
            "Thin bar at a bar's end: what the edit carries wherever the percentile of every version lies in its 95% \
               sampling interval."
                .to_owned(),
    })
}

/// The part that carries most, for a headline.
fn most(parts: &[Step]) -> String {
    let largest = parts.iter().max_by(|a, b| a.carries.abs().total_cmp(&b.carries.abs()));
    match largest {
        Some(step) if parts.len() > 1 => {
            let detail = fit(&step.detail, HEADLINE, true, 1800);
            format!("; {} ({detail}) carries {}", step.name, step.words.replace(' ', "\u{a0}"))
        }
        _ => String::new(),
    }
}

/// No more rows than there is room for: the smallest parts together.
fn fewer(mut parts: Vec<Step>) -> Vec<Step> {
    if parts.len() <= MOST_ROWS {
        return parts;
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|a, b| parts[*b].carries.abs().total_cmp(&parts[*a].carries.abs()));
    let small = order.split_off(MOST_ROWS - 1);
    let mut place = 0..;
    let small: Vec<Step> = parts.extract_if(.., |_| place.next().is_some_and(|place| small.contains(&place))).collect();
    let carries = small.iter().map(|step| step.carries).sum();
    parts.push(Step {
        name: String::new(),
        detail: format!("{} smaller parts together", small.len()),
        change: String::new(),
        carries,
        sampling: None,
        inputs: None,
        words: wording::signed(carries, 4),
        beneath: String::new(),
    });
    parts
}

/// What a part edits.
fn edits(diff: &Diff, place: usize) -> String {
    let paths = &diff.parts[place].paths;
    let first = paths.first().map_or_else(String::new, |path| clean(path));
    if paths.len() > 1 { format!("{first} and {} more", paths.len() - 1) } else { first }
}

/// What the only edit of a part changes.
fn change(diff: &Diff, place: usize) -> String {
    let paths = &diff.parts[place].paths;
    let edit = diff.edits.iter().find(|edit| paths.first() == Some(&edit.path)).filter(|_| paths.len() == 1);
    edit.map_or_else(String::new, |edit| clean(&edit.change))
}

/// A scale of numbers or dates.
enum Scale {
    Numbers(NumberAxis),
    Dates(TimeAxis, jiff::civil::Date),
}

impl Scale {
    fn around(steps: &Steps, left: i32, right: i32) -> Self {
        let mut at = steps.before.0;
        let mut numbers = vec![at, steps.after.0];
        for step in &steps.parts {
            let ends = step.sampling.into_iter().chain(step.inputs).flatten();
            numbers.extend(ends.map(|end| at + end));
            at += step.carries;
            numbers.push(at);
        }
        match steps.scale {
            Kind::Number => Self::Numbers(NumberAxis::around(numbers.into_iter(), 0.0, left, right)),
            Kind::Date => {
                let epoch = jiff::civil::date(1970, 1, 1);
                let date = |days: f64| epoch.checked_add(jiff::Span::new().days(days as i64)).unwrap_or(epoch);
                let low = numbers.iter().copied().fold(f64::INFINITY, f64::min).floor();
                let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max).ceil().max(low + 14.0);
                Self::Dates(TimeAxis::new(date(low), date(high), left + 80, right - 160), date(steps.before.0))
            }
        }
    }

    fn x(&self, value: f64) -> i32 {
        match self {
            Self::Numbers(axis) => axis.x(value),
            Self::Dates(axis, _) => {
                let epoch = jiff::civil::date(1970, 1, 1);
                let whole = value.floor();
                let day = epoch.checked_add(jiff::Span::new().days(whole as i64)).unwrap_or(epoch);
                let next = day.tomorrow().unwrap_or(day);
                let (a, b) = (axis.x(day), axis.x(next));
                a + ((value - whole) * f64::from(b - a)) as i32
            }
        }
    }
}

fn draw(diff: &Diff, steps: &Steps, name: &str) -> Result<Chart, ChartError> {
    let plan = diff.outlook.plans.last();
    let id = plan.map_or_else(String::new, |plan| clean(&plan.id));
    let about =
        [plan.map_or_else(String::new, |plan| format!("Plan {id}: {}", clean(&plan.title))), steps.about.clone()];
    let mut frame = Frame::new(steps.headline.clone(), &about);
    let words = steps.parts.iter().map(|step| width(&step.words, LABEL, true).max(width(&step.beneath, SMALL, false)));
    let ends = [&steps.before.1, &steps.after.1].into_iter().map(|words| width(words, BODY, true));
    let room = words.chain(ends).max().unwrap_or(0).clamp(400, VALUES);
    let (left, right) = (MARGIN + NAMES, WIDTH - MARGIN - room - 60);
    let scale = Scale::around(steps, left + 40, right - 40);
    let top = frame.y + 60;
    let rows = steps.parts.len() as i32 + 2;
    let base = top + rows * ROW;
    let canvas = &mut frame.canvas;
    match &scale {
        Scale::Numbers(axis) => {
            axis.draw(canvas, top, base, |at, step| {
                if step >= 1000.0 {
                    wording::amount(at)
                } else {
                    format!("{at:.*}", decimals(step)).replace('-', "−")
                }
            });
        }
        Scale::Dates(axis, anchor) => {
            canvas.path(vec![(left, base), (right, base)], INK, 8);
            axis.draw_ticks(canvas, base, *anchor, left, right - 80);
        }
    }
    let middle = |row: i32| top + row * ROW + ROW / 2;
    let mut at = steps.before.0;
    draw_end(canvas, "Old version", &steps.before.1, scale.x(at), middle(0));
    for (place, step) in steps.parts.iter().enumerate() {
        let y = middle(place as i32 + 1);
        let (from, to) = (scale.x(at), scale.x(at + step.carries));
        canvas.path(vec![(from, y - ROW + HALF), (from, y + HALF)], GREY, 6);
        draw_step(canvas, steps, step, &scale, at, y, (from, to));
        draw_words(canvas, step, y);
        at += step.carries;
    }
    let last = scale.x(steps.after.0);
    canvas.path(vec![(last, middle(rows - 1) - ROW + HALF), (last, middle(rows - 1))], GREY, 6);
    draw_end(canvas, "New version", &steps.after.1, last, middle(rows - 1));
    frame.y = base + if matches!(scale, Scale::Dates(..)) { 230 } else { 140 };
    let orders = match diff.method {
        Method::AllOrders => "all orders in which the edits can be made (Shapley value)".to_owned(),
        Method::Walks { orders } => format!("{orders} orders in which the edits can be made"),
    };
    let note = format!(
        "Plain bar: for the better; hatched: for the worse. {} An edit's part is the mean over {orders}; parts add up exactly.",
        steps.note
    );
    let (title, svg) = frame.finish_about(&diff.outlook, &format!("plan {id}, two versions"), &note)?;
    Ok(Chart { name: file_stem(&["walk", &id, name]), title, svg, dates: None })
}

/// A version: a dot, its name and its value.
fn draw_end(canvas: &mut Canvas, name: &str, value: &str, x: i32, y: i32) {
    canvas.dot((x, y), 38, BLUE);
    canvas.text((MARGIN, y + 28), Text::new(name, BODY).bold());
    let words = fit(value, BODY, true, VALUES);
    canvas.text((WIDTH - MARGIN, y + 28), Text::new(words, BODY).bold().anchor(Anchor::End));
}

/// The bar of an edit and the errors at its end. For the worse is hatched: a second cue beside colour.
fn draw_step(canvas: &mut Canvas, steps: &Steps, step: &Step, scale: &Scale, at: f64, y: i32, (from, to): (i32, i32)) {
    if let Some([low, high]) = step.inputs {
        pale(canvas, scale.x(at + low), scale.x(at + high), y);
    }
    let better = (step.carries > 0.0) == steps.more_is_better;
    let (a, b) = (from.min(to), from.max(to).max(from.min(to) + 10));
    if better {
        canvas.rect((a, y - HALF), (b, y + HALF), GREEN);
    } else {
        canvas.rect((a, y - HALF), (b, y + HALF), PAPER);
        canvas.hatched((a, y - HALF), (b, y + HALF), VERMILION);
    }
    if let Some([low, high]) = step.sampling {
        let ends = [scale.x(at + low), scale.x(at + high)];
        canvas.path(vec![(ends[0], y), (ends[1], y)], INK, 11);
        for x in ends {
            canvas.path(vec![(x, y - 26), (x, y + 26)], INK, 11);
        }
    }
}

fn pale(canvas: &mut Canvas, low: i32, high: i32, y: i32) {
    const OUTER: i32 = HALF + 22;
    let (low, high) = if high - low < 12 { (low - 6, high + 6) } else { (low, high) };
    let (a, b): ((i32, i32), (i32, i32)) = ((low, y - OUTER), (high, y + OUTER));
    canvas.rect(a, b, PALE);
    let edge: RGBColor = SKY;
    canvas.path(vec![a, (b.0, a.1), b, (a.0, b.1), a], edge, 5);
}

/// The name of an edit at the left, what it carries at the right.
fn draw_words(canvas: &mut Canvas, step: &Step, y: i32) {
    let up = if step.change.is_empty() { 0 } else { 49 };
    canvas.text((MARGIN, y + 28 - up), Text::new(step.name.as_str(), BODY).bold());
    let indent = if step.name.is_empty() { 0 } else { width(&step.name, BODY, true) + 50 };
    let room = NAMES - indent - 60;
    let mut lines: Vec<Text> = vec![Text::new(fit(&step.detail, LABEL, false, room), LABEL)];
    if !step.change.is_empty() {
        lines.push(Text::new(fit(&step.change, SMALL, false, room), SMALL).colour(GREY));
    }
    let first = y + 28 - (lines.len() as i32 - 1) * 49;
    for (place, line) in lines.into_iter().enumerate() {
        canvas.text((MARGIN + indent, first + place as i32 * 98), line);
    }
    let up = if step.beneath.is_empty() { 0 } else { 49 };
    let words = fit(&step.words, LABEL, true, VALUES);
    canvas.text((WIDTH - MARGIN, y + 28 - up), Text::new(words, LABEL).bold().anchor(Anchor::End));
    let beneath = fit(&step.beneath, SMALL, false, VALUES);
    canvas.text((WIDTH - MARGIN, y + 28 + 49), Text::new(beneath, SMALL).colour(GREY).anchor(Anchor::End));
}
