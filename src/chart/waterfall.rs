//! The waterfall of the days between the planned date and P80: part by part, each from where the one before ends.

use plotters::style::RGBColor;

use super::ChartError;
use super::canvas::{Anchor, Canvas, Text};
use super::font::{clean, fit, wrap};
use super::frame::{Frame, unbroken};
use super::number_axis::NumberAxis;
use super::theme::*;
use super::tornado::{footer, tick};
use crate::analysis::drivers::{Days, DaysPart, Drivers, PartKind};
use crate::analysis::wording;

/// Most parts drawn by themselves; smaller ones are drawn together.
const PARTS: usize = 12;
const ROW: i32 = 205;
const THICK: i32 = 120;
const LEFT: i32 = 2080;
const RIGHT: i32 = 3560;

/// A row: its label, days, and how it looks.
struct Row {
    label: String,
    days: f64,
    share: Option<f64>,
    look: Option<PartKind>,
}

fn colour(kind: PartKind) -> RGBColor {
    match kind {
        PartKind::Risk => VERMILION,
        PartKind::Activity => BLUE,
        PartKind::Wait => SKY,
        PartKind::Room => GREEN,
        PartKind::Plan => PURPLE,
    }
}

fn kind_words(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Risk => "risk",
        PartKind::Activity => "work beyond plan",
        PartKind::Wait => "wait",
        PartKind::Room => "room used up",
        PartKind::Plan => "late as planned",
    }
}

/// Whether a kind is hatched: what is no one's doing.
fn is_hatched(kind: PartKind) -> bool {
    matches!(kind, PartKind::Wait | PartKind::Room)
}

/// Draws the chart; returns headline and SVG.
pub fn draw(found: &Drivers, days: &Days) -> Result<(String, String), ChartError> {
    let (from, to) = (day(days.planned, days.from_day), day(days.p80, days.to_day));
    let about = [
        format!("Plan {}: {}", clean(&found.plan), clean(&found.plan_title)),
        format!("Days from {from} ({}) to P80, {to}, by what drove them", planned(days)),
    ];
    let mut frame = Frame::new(headline(found, days), &about);
    let rows = rows(&days.parts);
    legend(&mut frame.canvas, frame.y + 110, &rows);
    let top = frame.y + 200;
    let base = top + ROW * (rows.len() as i32 + 1);
    let mut sums = vec![0.0];
    rows.iter().for_each(|row| sums.push(sums.last().copied().unwrap_or(0.0) + row.days));
    let axis = NumberAxis::around(sums.iter().copied(), 1.0, LEFT, RIGHT);
    let canvas = &mut frame.canvas;
    axis.draw(canvas, top, base, tick);
    for (i, row) in rows.iter().enumerate() {
        draw_row(canvas, &axis, row, sums[i], top + ROW * i as i32);
        let x = axis.x(sums[i + 1]);
        let y = top + ROW * i as i32 + ROW / 2 + THICK / 2;
        canvas.path(vec![(x, y), (x, y + ROW - THICK)], GREY, 5);
    }
    let whole = Row { label: "together".to_owned(), days: days.days, share: None, look: None };
    draw_row(canvas, &axis, &whole, 0.0, base - ROW);
    canvas.text(
        ((LEFT + RIGHT) / 2, base + 210),
        Text::new(format!("days after {from}"), LABEL).colour(GREY).anchor(Anchor::Middle),
    );
    frame.y = base + 230;
    let note = format!(
        "Mean of {} of the {} iterations around P80, each traced along what drove it; the parts add up exactly. In \
         brackets: share of these iterations in which a part is not 0.",
        wording::count(days.iterations),
        wording::count(days.around)
    );
    frame.finish_with(&[&note, &footer(found)])
}

fn day(date: Option<jiff::civil::Date>, day: f64) -> String {
    date.map_or_else(|| format!("day {}", wording::days(day)), unbroken)
}

fn planned(days: &Days) -> &'static str {
    if days.planned.is_some() { "planned" } else { "as planned: no risk, every number at its median" }
}

fn headline(found: &Drivers, days: &Days) -> String {
    let of = found.release.as_deref().or(found.finish.as_deref()).map_or_else(String::new, clean);
    let name = |part: &DaysPart| part.id.as_deref().map_or_else(|| part.title.clone(), clean);
    let largest: Vec<String> = days
        .parts
        .iter()
        .filter(|part| part.days > 0.0)
        .take(3)
        .map(|part| format!("{} {}", name(part), wording::days(part.days)))
        .collect();
    format!("{of}: {} days to P80, most of them {}", wording::days(days.days), largest.join(", "))
}

/// Parts as rows; what is beyond the most that are drawn is one row.
fn rows(parts: &[DaysPart]) -> Vec<Row> {
    let row = |part: &DaysPart| {
        let title = clean(&part.title);
        let label = part.id.as_deref().map_or_else(|| title.clone(), |id| format!("{} {title}", clean(id)));
        Row { label, days: part.days, share: Some(part.share), look: Some(part.kind) }
    };
    if parts.len() <= PARTS {
        return parts.iter().map(row).collect();
    }
    // Parts are sorted: the longest first, what counts against the days last.
    let against = parts.iter().filter(|part| part.days < 0.0).count().min(3);
    let first = PARTS - against - 1;
    let (middle, last) = parts[first..].split_at(parts.len() - first - against);
    let others = Row {
        label: format!("{} others", middle.len()),
        days: middle.iter().map(|part| part.days).sum(),
        share: None,
        look: None,
    };
    parts[..first].iter().map(row).chain([others]).chain(last.iter().map(row)).collect()
}

fn draw_row(canvas: &mut Canvas, axis: &NumberAxis, row: &Row, from: f64, y: i32) {
    let middle = y + ROW / 2;
    let room = LEFT - MARGIN - 120;
    let lines = wrap(&row.label, SMALL, row.look.is_none(), room, 2);
    let first = middle + 24 - 42 * (lines.len() as i32 - 1);
    for (i, line) in lines.iter().enumerate() {
        let mut text = Text::new(fit(line, SMALL, row.look.is_none(), room), SMALL);
        text.bold = row.look.is_none();
        canvas.text((MARGIN, first + 84 * i as i32), text);
    }
    let (a, b) = (axis.x(from), axis.x(from + row.days));
    let corners = ((a.min(b), middle - THICK / 2), (a.max(b).max(a.min(b) + 8), middle + THICK / 2));
    match row.look {
        Some(kind) if is_hatched(kind) => canvas.hatched(corners.0, corners.1, colour(kind)),
        Some(kind) => canvas.rect(corners.0, corners.1, colour(kind)),
        None => canvas.rect(corners.0, corners.1, GREY),
    }
    let share = row.share.map_or_else(String::new, |s| format!(" ({})", wording::percent(s)));
    let text = format!("{:+.2}{share}", row.days).replace('-', "−");
    canvas.text((WIDTH - MARGIN, middle + 26), Text::new(text, LABEL).bold().anchor(Anchor::End));
}

fn legend(canvas: &mut Canvas, y: i32, rows: &[Row]) {
    let mut x = MARGIN;
    for kind in [PartKind::Risk, PartKind::Activity, PartKind::Wait, PartKind::Room, PartKind::Plan] {
        if rows.iter().all(|row| row.look != Some(kind)) {
            continue;
        }
        let corners = ((x, y - 62), (x + 110, y + 6));
        if is_hatched(kind) {
            canvas.hatched(corners.0, corners.1, colour(kind));
        } else {
            canvas.rect(corners.0, corners.1, colour(kind));
        }
        let text = Text::new(kind_words(kind), LABEL);
        let length = text.length();
        canvas.text((x + 150, y), text);
        x += 150 + length + 120;
    }
}
