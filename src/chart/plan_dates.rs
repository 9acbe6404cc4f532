//! When a release is live under several plans: by date, and by days after the plan's date given that it is missed.
//!
//! In: the outlooks of plans. Out: for a release one chart of dates and one of delays, with a curve a plan
//! (`plan_curves`). Both are shares of iterations; what is not live by the horizon keeps a curve below 100%.

use jiff::ToSpan;
use jiff::civil::Date;

use super::ChartError;
use super::canvas::{Anchor, Canvas, Text};
use super::font::{clean, fit, width};
use super::frame::{Frame, unbroken};
use super::plan_curves::{Group, PlanCurve, Plot, RIGHT, ROOM, joined};
use super::share_axis::LEFT;
use super::theme::*;
use super::time_axis::{TimeAxis, days_between};
use crate::analysis::outlook::{Outlook, ReleaseOutlook};
use crate::analysis::wording;
use crate::estimate::{Figure, proportion};

/// A plan's id and what it does to a release.
type Of<'a> = (&'a str, &'a ReleaseOutlook);

/// The plans that deploy a release.
fn plans_of<'a>(outlook: &'a Outlook, release: &str) -> Vec<Of<'a>> {
    let of = outlook.plans.iter().filter_map(|p| Some((p.id.as_str(), p.releases.iter().find(|r| r.id == release)?)));
    of.collect()
}

/// Draws the go-live dates of a release under all plans; returns headline and SVG.
pub fn draw_dates(outlook: &Outlook, release: &str) -> Result<(String, String), ChartError> {
    let plans = plans_of(outlook, release);
    let zero = plans.iter().map(|(_, r)| r.target).min().unwrap_or(Date::ZERO);
    let after = |date: Date| f64::from(days_between(zero, date));
    let curve = |r: &ReleaseOutlook| PlanCurve {
        steps: r.dates.iter().map(|d| (after(d.date), d.cumulative)).collect(),
        dot: Some(after(r.target)),
    };
    let curves: Vec<PlanCurve> = plans.iter().map(|(_, r)| curve(r)).collect();
    let (groups, alike) = joined(&curves);
    let names = named_groups(&plans, &groups, date_lines);

    let last = curves.iter().flat_map(|c| [c.settled(), c.dot]).flatten().fold(21.0, f64::max);
    let date = |days: f64| zero.checked_add((days as i64).days()).unwrap_or(zero);
    // Names stand left of the first dots.
    let longest = names.iter().map(|lines| width(&lines[0], LABEL, true)).max().unwrap_or(0);
    let left = LEFT + longest.min(900) + 120;
    let axis = TimeAxis::new(zero, date(last), left, RIGHT - 40);
    let plot = Plot { curves: &curves, groups: &groups, names, x: &|days| axis.x(date(days)) };
    let shows = "Share of iterations whose lasting go-live is on a date or before, plan by plan; dot: the plan's date";
    let shows = with_foot(shows, &plot);
    let mut frame = Frame::new(dates_headline(outlook, release, &plans), &[release_title(&plans), shows]);
    let top = frame.y + 80;
    let base = plot.draw(&mut frame.canvas, top);
    axis.draw_ticks(&mut frame.canvas, base, zero, LEFT + 120, RIGHT);
    frame.y = base + 210;
    finish(frame, outlook, plans.len(), &groups, alike, "each share")
}

/// Draws the delay of a release given that its date is missed, under all plans that ever miss it; `None` if none does.
pub fn draw_delays(outlook: &Outlook, release: &str) -> Option<Result<(String, String), ChartError>> {
    let mut plans = plans_of(outlook, release);
    plans.retain(|(_, r)| r.delay_if_missed.is_some());
    if plans.is_empty() {
        return None;
    }
    let curves: Vec<PlanCurve> = plans.iter().map(|(_, r)| PlanCurve { steps: delay_steps(r), dot: None }).collect();
    let (groups, alike) = joined(&curves);
    let names = named_groups(&plans, &groups, delay_lines);

    let last = curves.iter().filter_map(PlanCurve::settled).fold(28.0, f64::max);
    // What is beyond the plot is beyond it, however far.
    let x = |days: f64| LEFT + ((days / last).min(2.0) * f64::from(RIGHT - 40 - LEFT)) as i32;
    let plot = Plot { curves: &curves, groups: &groups, names, x: &x };
    let shows = "Share of the iterations that miss the plan's date which are live within a number of days after it";
    let about = [release_title(&plans), with_foot(shows, &plot)];
    let mut frame = Frame::new(delays_headline(release, &plans), &about);
    let top = frame.y + 80;
    let base = plot.draw(&mut frame.canvas, top);
    draw_day_ticks(&mut frame.canvas, base, last, &x);
    frame.y = base + 240;
    Some(finish(frame, outlook, plans.len(), &groups, alike, "each share of the misses"))
}

/// What a chart shows, and where its axis begins if not at 0.
fn with_foot(shows: &str, plot: &Plot<'_>) -> String {
    match plot.foot() {
        0.0 => shows.to_owned(),
        foot => format!("{shows}; the axis begins at {:.0}%", foot * 100.0),
    }
}

/// The plans of each group, with figures that hold for all of them.
fn named_groups(
    plans: &[Of<'_>],
    groups: &[Group],
    lines: impl Fn(&[&ReleaseOutlook]) -> Vec<String>,
) -> Vec<Vec<String>> {
    let named = groups.iter().map(|group| {
        let ids: Vec<String> = group.iter().map(|k| fit(&clean(plans[*k].0), LABEL, true, 500)).collect();
        let releases: Vec<&ReleaseOutlook> = group.iter().map(|k| plans[*k].1).collect();
        let mut all = vec![fit(&ids.join(", "), LABEL, true, ROOM)];
        all.extend(lines(&releases));
        all
    });
    named.collect()
}

/// Ends a chart with what its bands and names say.
fn finish(
    frame: Frame,
    outlook: &Outlook,
    plans: usize,
    groups: &[Group],
    alike: f64,
    share: &str,
) -> Result<(String, String), ChartError> {
    let mut note = format!(
        "Bands: 95% sampling interval of {share}, often thinner than the line; uncertainty of the inputs is not in them."
    );
    if outlook.inputs.is_some() {
        note += " In brackets: P80 in 90% of the worlds that the inputs allow.";
    }
    if groups.iter().any(|g| g.len() > 1) {
        note += &format!(
            " Plans named together nowhere differ by more than {} percentage points; the first is drawn.",
            wording::days(alike * 100.0)
        );
    }
    let of = if plans == 1 { "1 plan".to_owned() } else { format!("{plans} plans") };
    frame.finish_about(outlook, &of, &note)
}

fn release_title(plans: &[Of<'_>]) -> String {
    plans.first().map_or_else(String::new, |(_, r)| clean(&r.title))
}

/// The least and the greatest of something of some releases.
fn ends<T: Copy>(of: impl Iterator<Item = T>, key: impl Fn(&T) -> f64) -> Option<[T; 2]> {
    let mut ends: Option<[T; 2]> = None;
    for item in of {
        let [low, high] = ends.get_or_insert([item; 2]);
        if key(&item) < key(low) {
            *low = item;
        }
        if key(&item) > key(high) {
            *high = item;
        }
    }
    ends
}

/// A date for comparing: no date is later than any.
fn late(date: Option<Date>) -> f64 {
    date.map_or(f64::INFINITY, |d| f64::from(days_between(Date::ZERO, d)))
}

fn date_lines(releases: &[&ReleaseOutlook]) -> Vec<String> {
    let mut lines = Vec::new();
    let p80 = || releases.iter().map(|r| r.go_live.p80);
    if let Some(range) = ends(p80().map(|p| p.date), |d| late(*d)) {
        lines.push(format!("P80 {}", wording::date_range(range)));
    }
    let inputs = ends(p80().filter_map(|p| p.inputs_interval).flatten(), |d| late(*d));
    lines.extend(inputs.map(|range| format!("({})", wording::date_range(range))));
    if let (Some(range), Some(first)) = (ends(releases.iter().map(|r| on_date(r)), |x| *x), releases.first()) {
        lines.push(format!("on {}: {}", wording::day_month(first.target), percents(range)));
    }
    lines
}

fn percents([low, high]: [f64; 2]) -> String {
    let (low, high) = (wording::percent(low), wording::percent(high));
    if low == high { low } else { format!("{} to {high}", low.trim_end_matches('%')) }
}

fn delay_steps(r: &ReleaseOutlook) -> Vec<(f64, Figure)> {
    let missed = r.delay_if_missed.map_or(0, |d| d.missed);
    let mut so_far = 0;
    let late = r.dates.iter().filter(|d| d.date != r.target);
    late.map(|d| {
        so_far += d.count;
        (f64::from(days_between(r.target, d.date)), proportion(so_far.min(missed), missed))
    })
    .collect()
}

fn delay_lines(releases: &[&ReleaseOutlook]) -> Vec<String> {
    let mut lines = Vec::new();
    let late = |d: &Option<f64>| d.unwrap_or(f64::INFINITY);
    let p80 = || releases.iter().filter_map(|r| r.delay_if_missed).map(|d| d.p80);
    if let Some(range) = ends(p80().map(|p| p.days), late) {
        let unit = if range[1].is_some() { " days" } else { "" };
        let inputs = ends(p80().filter_map(|p| p.inputs_interval).flatten(), late);
        let inputs = inputs.map_or_else(String::new, |range| format!(" ({})", wording::day_range(range)));
        lines.push(format!("P80 {}{unit}{inputs}", wording::day_range(range)));
    }
    let missed = ends(releases.iter().map(|r| 1.0 - on_date(r)), |x| *x);
    lines.extend(missed.map(|range| format!("missed in {}", percents(range))));
    lines
}

/// Share of the iterations whose lasting go-live is on the plan's date.
fn on_date(r: &ReleaseOutlook) -> f64 {
    r.dates.iter().find(|d| d.date == r.target).map_or(0.0, |d| d.share)
}

fn dates_headline(outlook: &Outlook, release: &str, plans: &[Of<'_>]) -> String {
    let by = |r: &ReleaseOutlook| match (r.go_live.p80.date, outlook.horizon) {
        (Some(date), _) => unbroken(date),
        (None, Some(horizon)) => format!("after {}", unbroken(horizon)),
        (None, None) => wording::NOT_LIVE.to_owned(),
    };
    // No date is later than any.
    let key = |r: &ReleaseOutlook| r.go_live.p80.date.unwrap_or(Date::MAX);
    let least = plans.iter().map(|(_, r)| key(r)).min();
    let most = plans.iter().map(|(_, r)| key(r)).max();
    let (Some(least), Some(most)) = (least, most) else { return "No plan".to_owned() };
    let with = |at: Date| -> (String, String) {
        let of: Vec<&Of<'_>> = plans.iter().filter(|(_, r)| key(r) == at).collect();
        (of.first().map_or_else(String::new, |(_, r)| by(r)), named(&of, plans.len()))
    };
    let ((first, with_first), (last, with_last)) = (with(least), with(most));
    let id = fit(&clean(release), HEADLINE, true, 1200);
    if least == most {
        return format!("{id}: P80 of the lasting go-live is {first} with {with_first}");
    }
    format!("{id}: P80 of the lasting go-live is {first} with {with_first}, and {last} with {with_last}")
}

fn delays_headline(release: &str, plans: &[Of<'_>]) -> String {
    let p80 = |r: &ReleaseOutlook| r.delay_if_missed.and_then(|d| d.p80.days).unwrap_or(f64::INFINITY);
    let least = plans.iter().map(|(_, r)| p80(r)).fold(f64::INFINITY, f64::min);
    let most = plans.iter().map(|(_, r)| p80(r)).fold(f64::NEG_INFINITY, f64::max);
    let with = |at: f64| {
        let of: Vec<&Of<'_>> = plans.iter().filter(|(_, r)| p80(r) == at).collect();
        let days = if at.is_finite() { format!("{} days", wording::days(at)) } else { "beyond the horizon".to_owned() };
        format!("{days} with {}", named(&of, plans.len()))
    };
    let id = fit(&clean(release), HEADLINE, true, 1200);
    let range = if least == most { with(least) } else { format!("{}, and {}", with(least), with(most)) };
    format!("{id}, when it misses its date: P80 of the delay is {range}")
}

/// Some of the plans by name: `P1`, `P1 and P9`, `7 of 10 plans`.
fn named(of: &[&Of<'_>], all: usize) -> String {
    let id = |(plan, _): &&Of<'_>| fit(&clean(plan), HEADLINE, true, 700);
    match of {
        [only] => id(only),
        _ if of.len() == all => format!("all {all} plans"),
        [others @ .., last] if of.len() <= 4 => {
            let others: Vec<String> = others.iter().map(id).collect();
            format!("{} and {}", others.join(", "), id(last))
        }
        _ => format!("{} of {all} plans", of.len()),
    }
}

/// Ticks at whole weeks, as many as have room.
fn draw_day_ticks(canvas: &mut Canvas, base: i32, last: f64, x: &dyn Fn(f64) -> i32) {
    let step = [7.0, 14.0, 28.0, 56.0, 91.0, 182.0, 364.0].into_iter().find(|s| x(*s) - LEFT >= 300).unwrap_or(last);
    let mut days = 0.0;
    while x(days) <= RIGHT {
        canvas.path(vec![(x(days), base), (x(days), base + 35)], INK, 6);
        canvas.text((x(days), base + 105), Text::new(wording::days(days), LABEL).anchor(Anchor::Middle));
        days += step;
    }
    let unit = Text::new("days after the plan's date", LABEL).colour(GREY).anchor(Anchor::Middle);
    canvas.text((i32::midpoint(LEFT, RIGHT), base + 205), unit);
}
