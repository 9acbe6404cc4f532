//! The S-curve of a plan: for each release the share of iterations that are live, for good, by a date.
//!
//! A step function with its 95% sampling band. Each curve has a colour, a dash and, at its end, its
//! name and figures; a dot marks it at its target.

use jiff::ToSpan;
use jiff::civil::Date;

use super::ChartError;
use super::canvas::{Canvas, Text};
use super::font::{clean, fit};
use super::frame::{Frame, unbroken};
use super::share_axis::{Curve, HEIGHT, LEFT, ShareAxis};
use super::theme::*;
use super::time_axis::{TimeAxis, days_between};
use crate::analysis::outlook::{Outlook, PlanOutlook, ReleaseOutlook};
use crate::analysis::wording;

/// Right end of the plot; names follow.
const RIGHT: i32 = 3180;
/// Left end of the names.
const NAMES: i32 = RIGHT + 190;
/// Room for a name.
const ROOM: i32 = WIDTH - MARGIN - NAMES;
/// Height of a line of a name.
const LINE: i32 = 98;
/// Share below which the end of a curve may lie outside the plot.
const THIN: f64 = 0.005;

/// Draws the chart; returns headline and SVG.
pub fn draw(outlook: &Outlook, plan: &PlanOutlook) -> Result<(String, String), ChartError> {
    let about = [
        format!("Plan {}: {}", clean(&plan.id), clean(&plan.title)),
        "Share of iterations whose lasting go-live is on a date or before; dot: target date".to_owned(),
    ];
    let mut frame = Frame::new(headline(outlook, plan), &about);
    let releases = in_order_of_height(plan);
    let names: Vec<Vec<String>> = releases.iter().map(|r| name(outlook, r, releases.len())).collect();
    let tallest = names.iter().map(|n| n.len() as i32 * LINE + 40).sum::<i32>();
    let top = frame.y + 80;
    let shares = ShareAxis { base: top + HEIGHT.max(tallest), height: HEIGHT.max(tallest), from: 0.0 };
    let (axis, anchor) = time(&releases);
    let canvas = &mut frame.canvas;
    shares.draw(canvas, RIGHT);
    axis.draw_ticks(canvas, shares.base, anchor, LEFT, RIGHT);
    for (i, release) in releases.iter().enumerate() {
        let (colour, dash) = curve_style(i);
        let curve = steps(release, &axis, &shares);
        if let Some(&(x, y)) = curve.line.first() {
            canvas.path(vec![(x, shares.base), (x, y)], GREY, 5);
        }
        curve.draw(canvas, colour, dash);
    }
    let mut y = top - 20;
    for (i, (release, lines)) in releases.iter().zip(&names).enumerate() {
        let (colour, dash) = curve_style(i);
        let end = (RIGHT, shares.y(share_by(release, None)));
        y = y.max(end.1 - lines.len() as i32 * LINE / 2);
        // What comes after must fit too.
        let below: i32 = names[i..].iter().map(|n| n.len() as i32 * LINE + 40).sum();
        y = y.min(shares.base + 40 - below);
        let target = (axis.x(release.target), shares.y(share_by(release, Some(release.target))));
        canvas.dot(target, 42, PAPER);
        canvas.dot(target, 30, colour);
        let middle = y + LINE / 2;
        let leader = [end, (RIGHT + 60, middle), (NAMES - 30, middle)];
        canvas.dashed(&leader, colour, 14, dash);
        draw_name(canvas, lines, y);
        y += lines.len() as i32 * LINE + 40;
    }
    frame.y = shares.base + 210;
    let note = "Bands: 95% sampling interval of each share, often thinner than the line; uncertainty \
                of the inputs is not in them.";
    frame.finish(outlook, plan, note)
}

fn headline(outlook: &Outlook, plan: &PlanOutlook) -> String {
    let by = |r: &ReleaseOutlook| match (r.go_live.p80.date, outlook.horizon) {
        (Some(date), _) => unbroken(date),
        (None, Some(horizon)) => format!("after {}", unbroken(horizon)),
        (None, None) => wording::NOT_LIVE.to_owned(),
    };
    let id = |r: &ReleaseOutlook| fit(&clean(&r.id), HEADLINE, true, 1000);
    let releases = &plan.releases;
    if releases.len() <= 4 {
        let each: Vec<String> = releases.iter().map(|r| format!("{}\u{a0}{}", id(r), by(r))).collect();
        return format!("P80 of the lasting go-live: {}", each.join(", "));
    }
    // No date is later than any.
    let key = |r: &&ReleaseOutlook| r.go_live.p80.date.unwrap_or(Date::MAX);
    match (releases.iter().min_by_key(key), releases.iter().max_by_key(key)) {
        (Some(a), Some(b)) => format!(
            "P80 of the lasting go-live of {} releases: from {} ({}) to {} ({})",
            releases.len(),
            by(a),
            id(a),
            by(b),
            id(b)
        ),
        _ => "No release".to_owned(),
    }
}

/// Releases from the highest curve at the end of the targets to the lowest, as their names stand.
fn in_order_of_height(plan: &PlanOutlook) -> Vec<&ReleaseOutlook> {
    let by = plan.releases.iter().map(|r| r.target).max();
    let mut releases: Vec<&ReleaseOutlook> = plan.releases.iter().collect();
    releases.sort_by(|a, b| share_by(b, by).total_cmp(&share_by(a, by)));
    releases
}

/// Share live by a date, or by the horizon.
fn share_by(release: &ReleaseOutlook, by: Option<Date>) -> f64 {
    release.dates.iter().take_while(|d| by.is_none_or(|by| d.date <= by)).last().map_or(0.0, |d| d.cumulative.estimate)
}

/// Name and figures at the end of a curve; fewer where there are many curves.
fn name(outlook: &Outlook, release: &ReleaseOutlook, curves: usize) -> Vec<String> {
    let id = clean(&release.id);
    let p80 = format!("P80: {}", wording::date_percentile(&release.go_live.p80));
    let mut lines = if curves <= 6 {
        let mut lines = vec![
            id,
            format!(
                "by {}: {}",
                wording::short_date(release.target),
                wording::percent(share_by(release, Some(release.target)))
            ),
            p80,
        ];
        if let Some(interval) = wording::date_interval(&release.go_live.p80) {
            lines.push(format!("   (95%: {interval})"));
        }
        if let Some(horizon) = outlook.horizon {
            let end = wording::percent(share_by(release, None));
            lines.push(format!("by {}: {end}", wording::short_date(horizon)));
        }
        lines
    } else {
        vec![id, p80]
    };
    for (i, line) in lines.iter_mut().enumerate() {
        *line = fit(line, LABEL, i == 0, ROOM);
    }
    lines
}

fn draw_name(canvas: &mut Canvas, lines: &[String], y: i32) {
    for (i, line) in lines.iter().enumerate() {
        let mut text = Text::new(line.as_str(), LABEL);
        text.bold = i == 0;
        canvas.text((NAMES, y + LINE * (i as i32 + 1) - 22), text);
    }
}

/// The time axis, and the date that weekly ticks are counted from.
fn time(releases: &[&ReleaseOutlook]) -> (TimeAxis, Date) {
    let first = releases
        .iter()
        .flat_map(|r| r.dates.first().map(|d| d.date).into_iter().chain([r.target]))
        .min()
        .unwrap_or(Date::ZERO);
    let last = releases.iter().map(|r| last_of_weight(r)).max().unwrap_or(first);
    let last = last.max(first.checked_add(21.days()).unwrap_or(last));
    let before = (days_between(first, last) / 14).max(2);
    let left = first.checked_sub(before.days()).unwrap_or(first);
    (TimeAxis::new(left, last, LEFT, RIGHT - 40), first)
}

/// The first date after which less than half a percent go live, or the target.
fn last_of_weight(release: &ReleaseOutlook) -> Date {
    let end = share_by(release, None);
    release
        .dates
        .iter()
        .find(|d| end - d.cumulative.estimate <= THIN)
        .map_or(release.target, |d| d.date.max(release.target))
}

fn steps(release: &ReleaseOutlook, axis: &TimeAxis, shares: &ShareAxis) -> Curve {
    if release.dates.is_empty() {
        return Curve { line: vec![(LEFT, shares.base), (RIGHT, shares.base)], ..Curve::default() };
    }
    Curve::in_steps(release.dates.iter().map(|d| (axis.x(d.date), d.cumulative)), shares, RIGHT)
}
