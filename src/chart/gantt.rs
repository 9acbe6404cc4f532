//! The work of a plan as it is simulated: a Gantt chart with ranges of dates, criticality, and the windows aimed at.
//!
//! A bar runs from the median start to the median finish of an activity, a pale one from the P10 of its start to the
//! P90 of its finish. Without dates the axis is in days.

use jiff::ToSpan;
use jiff::civil::Date;

use super::ChartError;
use super::bar_axis::BarAxis;
use super::canvas::{Anchor, Canvas, Text};
use super::font::{clean, fit};
use super::frame::{Frame, unbroken};
use super::theme::*;
use super::time_axis::{TimeAxis, days_between};
use super::tornado::footer;
use crate::analysis::drivers::{Activities, ActivityDriver, DayRange, Drivers, Schedule};
use crate::analysis::wording;

/// Most activities.
const ROWS: usize = 24;
const ROW: i32 = 150;
const THICK: i32 = 66;
const LEFT: i32 = 1500;
const RIGHT: i32 = 3960;
/// Where criticality is read.
const CRITICALITY: i32 = WIDTH - MARGIN;

/// Where days lie.
enum Axis {
    Dates(TimeAxis, Date),
    Days(BarAxis),
}

impl Axis {
    fn x(&self, day: f64) -> i32 {
        match self {
            Self::Days(axis) => axis.x(day),
            Self::Dates(axis, zero) => {
                let whole = crate::math::floor(day);
                let date = |day: f64| zero.checked_add((day as i64).days()).unwrap_or(*zero);
                let (from, to) = (axis.x(date(whole)), axis.x(date(whole + 1.0)));
                from + ((day - whole) * f64::from(to - from)) as i32
            }
        }
    }
}

/// Draws the chart; returns headline and SVG.
pub fn draw(found: &Drivers, activities: &Activities) -> Result<(String, String), ChartError> {
    let schedule = &activities.schedule;
    let about = [
        format!("Plan {}: {}", clean(&found.plan), clean(&found.plan_title)),
        "When each activity is worked on, over iterations; how often it drives the end".to_owned(),
    ];
    let mut frame = Frame::new(headline(activities), &about);
    // The most critical, in the order in which they start.
    let happening = activities.activities.iter().filter(|row| row.days.start.is_some());
    let mut shown: Vec<&ActivityDriver> = happening.take(ROWS).collect();
    let start = |row: &ActivityDriver| row.days.start.as_ref().and_then(|range| range.p50.days).unwrap_or(0.0);
    shown.sort_by(|a, b| start(a).total_cmp(&start(b)).then_with(|| a.id.cmp(&b.id)));

    let y = frame.y;
    let canvas = &mut frame.canvas;
    let top = legend(canvas, y + 60, schedule) + 130;
    let base = top + ROW * (shown.len() as i32 + 1);
    let axis = axis(schedule, &shown, canvas, top, base);
    for (i, row) in shown.iter().enumerate() {
        draw_row(canvas, &axis, row, top + ROW * i as i32 + ROW / 2);
    }
    draw_ready(canvas, &axis, activities, base - ROW / 2);
    canvas.text((CRITICALITY, top - 30), Text::new("drives", LABEL).bold().anchor(Anchor::End));
    frame.y = base + 230;
    let more = activities.activities.len() - shown.len();
    let rest = if more == 0 { String::new() } else { format!("{more} more activities are left out. ") };
    let note = format!(
        "{rest}Order statistics of {} iterations, of an activity over those in which it happens. Drives: share in which \
         its duration lies on the driving way.",
        wording::count(activities.iterations)
    );
    frame.close(&[&note, &footer(found)])
}

fn headline(activities: &Activities) -> String {
    let schedule = &activities.schedule;
    let drives = clean(&activities.drives);
    let day = |day: Option<f64>| match (schedule.day_zero, day) {
        (Some(zero), Some(day)) => {
            zero.checked_add((crate::math::floor(day) as i64).days()).map_or_else(|_| wording::days(day), unbroken)
        }
        (None, Some(day)) => format!("day {}", wording::days(day)),
        (_, None) => wording::NOT_LIVE.to_owned(),
    };
    let mut drives = drives.chars();
    let drives: String = drives.next().map(|c| c.to_uppercase().chain(drives).collect()).unwrap_or_default();
    let ready = &schedule.ready;
    format!("{drives}: {} at P50, {} at P90", day(ready.p50.days), day(ready.p90.days))
}

/// A mark of the legend, drawn from x, and what it means.
type Entry<'a> = (&'a dyn Fn(&mut Canvas, i32), &'a str);

/// What bars and lines mean; returns where it ends.
fn legend(canvas: &mut Canvas, y: i32, schedule: &Schedule) -> i32 {
    let half_or_more: Entry<'_> =
        (&|c, x| c.rect((x, y - 30), (x + 150, y + 30), BLUE), "median start to finish, drives in half or more");
    let fewer: Entry<'_> = (&|c, x| c.rect((x, y - 30), (x + 150, y + 30), SKY), "in fewer");
    let range: Entry<'_> =
        (&|c, x| c.rect((x, y - 14), (x + 150, y + 14), PALE), "P10 of the start to P90 of the finish");
    legend_line(canvas, y, &[half_or_more, fewer, range]);
    let y = y + 110;
    let end: Entry<'_> = (&|c, x| c.diamond((x + 75, y), 38, INK), "the end: median, line from P10 to P90");
    let window: Entry<'_> = (&|c, x| c.path(vec![(x + 75, y - 45), (x + 75, y + 45)], GREEN, 12), "open window");
    let target: Entry<'_> =
        (&|c, x| c.dashed(&[(x + 75, y - 45), (x + 75, y + 45)], VERMILION, 14, MARKER), "planned date");
    let dated = schedule.day_zero.is_some() && !schedule.windows.is_empty();
    let entries = [end, window, target];
    legend_line(canvas, y, if dated { &entries } else { &entries[..1] });
    y
}

fn legend_line(canvas: &mut Canvas, y: i32, entries: &[Entry<'_>]) {
    let mut x = MARGIN;
    for (draw, text) in entries {
        draw(canvas, x);
        let label = Text::new(*text, SMALL);
        let length = label.length();
        canvas.text((x + 190, y + 24), label);
        x += 190 + length + 120;
    }
}

/// Draws the axis, windows and the planned date.
fn axis(schedule: &Schedule, shown: &[&ActivityDriver], canvas: &mut Canvas, top: i32, base: i32) -> Axis {
    let days = shown.iter().flat_map(|row| [&row.days.start, &row.days.finish]).flatten().chain([&schedule.ready]);
    let days: Vec<f64> = days.flat_map(|range| [range.p10.days, range.p90.days]).flatten().collect();
    let last = days.iter().copied().fold(0.0, f64::max);
    let Some(zero) = schedule.day_zero else {
        let axis = BarAxis::holding(days.into_iter().chain([0.0]), LEFT, RIGHT);
        axis.draw(canvas, top - 20, base);
        canvas.text((LEFT, base + 190), Text::new("days", LABEL).colour(GREY));
        return Axis::Days(axis);
    };
    let date = |day: f64| zero.checked_add((crate::math::ceil(day) as i64).days()).unwrap_or(zero);
    let last = schedule.target.into_iter().chain([date(last + 1.0)]).max().unwrap_or(zero);
    // The first window after the end is shown, for the wait that follows.
    let next = schedule.windows.iter().copied().find(|window| *window >= last);
    let last = next.filter(|window| days_between(last, *window) <= days_between(zero, last) / 3 + 14).unwrap_or(last);
    let axis = TimeAxis::new(zero, last, LEFT, RIGHT);
    for window in schedule.windows.iter().filter(|window| **window <= last) {
        let x = axis.x(*window);
        canvas.path(vec![(x, top - 20), (x, base)], GREEN, 6);
    }
    if let Some(target) = schedule.target {
        let x = axis.x(target);
        canvas.dashed(&[(x, top - 20), (x, base)], VERMILION, 14, MARKER);
    }
    canvas.path(vec![(LEFT, base), (RIGHT, base)], INK, 8);
    axis.draw_ticks(canvas, base, zero, LEFT, RIGHT);
    Axis::Dates(axis, zero)
}

fn draw_row(canvas: &mut Canvas, axis: &Axis, row: &ActivityDriver, middle: i32) {
    let name = if row.title == row.id { clean(&row.id) } else { format!("{}: {}", clean(&row.id), clean(&row.title)) };
    let happens = row.days.p_happens.estimate;
    let often = if happens < 1.0 { format!(" ({})", wording::percent(happens)) } else { String::new() };
    let room = LEFT - MARGIN - 60 - Text::new(often.as_str(), LABEL).length();
    canvas.text((MARGIN, middle + 26), Text::new(format!("{}{often}", fit(&name, LABEL, false, room)), LABEL));
    let ends = |start: &DayRange, finish: &DayRange| {
        let x = |day: Option<f64>| axis.x(day.unwrap_or(0.0));
        ([x(start.p10.days), x(start.p50.days)], [x(finish.p50.days), x(finish.p90.days)])
    };
    if let (Some(start), Some(finish)) = (&row.days.start, &row.days.finish) {
        let ([early, from], [to, late]) = ends(start, finish);
        canvas.rect((early, middle - THICK / 4), (late.max(early + 8), middle + THICK / 4), PALE);
        let colour = if row.criticality.estimate >= 0.5 { BLUE } else { SKY };
        canvas.rect((from, middle - THICK / 2), (to.max(from + 8), middle + THICK / 2), colour);
    }
    let share = Text::new(wording::percent(row.criticality.estimate), LABEL).anchor(Anchor::End);
    canvas.text((CRITICALITY, middle + 26), share);
}

/// When what was asked about is ready.
fn draw_ready(canvas: &mut Canvas, axis: &Axis, activities: &Activities, middle: i32) {
    let label = fit(&clean(&activities.drives), LABEL, true, LEFT - MARGIN - 60);
    canvas.text((MARGIN, middle + 26), Text::new(label, LABEL).bold());
    let ready = &activities.schedule.ready;
    let x = |day: Option<f64>| axis.x(day.unwrap_or(0.0));
    canvas.path(vec![(x(ready.p10.days), middle), (x(ready.p90.days), middle)], INK, 14);
    canvas.diamond((x(ready.p50.days), middle), 50, INK);
}
