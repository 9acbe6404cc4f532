//! The distribution of a release's go-live date: a bar a date, at its true place in time.
//!
//! A bar's height is the share of iterations whose lasting deployment is on its date. Right of the
//! time axis stand the iterations that have none by the horizon, so that all bars sum to 100%. A
//! long thin end of the distribution, up to half a percent, stands there too as one bar.

use jiff::ToSpan;
use jiff::civil::Date;

use super::ChartError;
use super::canvas::{Anchor, Canvas, Text};
use super::font::{clean, fit};
use super::frame::{Frame, unbroken};
use super::go_live_labels::{Bar, Marker, draw_markers, label_bars};
use super::theme::*;
use super::time_axis::{TimeAxis, days_between};
use crate::analysis::outlook::{DatePercentile, Outlook, PlanOutlook, ReleaseOutlook};
use crate::analysis::wording;
use crate::estimate::proportion;

/// Height of the tallest bar with its label.
const HEIGHT: i32 = 1750;
/// Left end of the plot.
const LEFT: i32 = 420;
/// Room for one of the bars right of the time axis.
const ASIDE: i32 = 560;
/// Share up to which the last dates are drawn as one bar.
const THIN: f64 = 0.005;

/// Draws the chart; returns headline and SVG.
pub fn draw(outlook: &Outlook, plan: &PlanOutlook, release: &ReleaseOutlook) -> Result<(String, String), ChartError> {
    let about = [
        format!("{} · plan {}: {}", clean(&release.title), clean(&plan.id), clean(&plan.title)),
        "Share of iterations by the date of the lasting go-live (a deployment not reversed)".to_owned(),
    ];
    let mut frame = Frame::new(headline(outlook, release), &about);
    let shown = shown_dates(release);
    let asides = asides(outlook, release, shown);
    let right = WIDTH - MARGIN - asides.len() as i32 * ASIDE;
    let (axis, half_width) = scale(release, shown, right);
    let mut bars: Vec<Bar> =
        release.dates[..shown].iter().map(|d| Bar { date: Some(d.date), x: axis.x(d.date), share: d.share }).collect();
    for (i, aside) in asides.iter().enumerate() {
        bars.push(Bar { date: None, x: right + i as i32 * ASIDE + ASIDE / 2 + 30, share: aside.share });
    }
    let markers = markers(release, &axis, bars.last().map(|b| b.x));
    let top = frame.y + 50;
    let base = top + markers.len() as i32 * 115 + 40 + HEIGHT;
    let labels = label_bars(&bars, &markers, half_width, HEIGHT);
    let y = |share: f64| base - (share * labels.per_unit) as i32;

    let canvas = &mut frame.canvas;
    grid(canvas, labels.per_unit, base, right);
    for bar in &bars {
        let (a, b) = ((bar.x - half_width, y(bar.share)), (bar.x + half_width, base));
        match bar.date {
            _ if bar.share == 0.0 => {}
            Some(d) if d == release.target => canvas.rect(a, b, BLUE),
            Some(_) => canvas.rect(a, b, SKY),
            None => {}
        }
    }
    canvas.path(vec![(LEFT, base), (right, base)], INK, 8);
    draw_markers(canvas, &markers, &labels, top, base);
    labels.draw(canvas, base);
    if labels.dates_below {
        let mut dates: Vec<Date> = bars.iter().filter_map(|b| b.date).collect();
        if !dates.contains(&release.target) && labels.fits(&bars, axis.x(release.target)) {
            dates.push(release.target);
            dates.sort();
        }
        dates_below(canvas, &dates, &axis, base);
    } else {
        axis.draw_ticks(canvas, base, release.target, LEFT, right);
    }
    for (i, aside) in asides.iter().enumerate() {
        let x = right + i as i32 * ASIDE + ASIDE / 2 + 30;
        let (a, b) = ((x - 150, y(aside.share)), (x + 150, base));
        match aside.share {
            0.0 => {}
            _ if aside.live => canvas.rect(a, b, SKY),
            _ => canvas.hatched(a, b, VERMILION),
        }
        let colour = if aside.live { INK } else { VERMILION };
        canvas.path(vec![(x - 200, base), (x + 200, base)], colour, 8);
        for (line, text) in aside.words.iter().enumerate() {
            let label = Text::new(text.as_str(), LABEL).anchor(Anchor::Middle);
            canvas.text((x, base + 105 + 95 * line as i32), label);
        }
    }
    frame.y = base + 300;
    frame.finish(outlook, plan, &note(outlook, release, &labels.left_out))
}

/// The finding: probability of the target, of staying, and the first percentile that is later.
fn headline(outlook: &Outlook, release: &ReleaseOutlook) -> String {
    let id = fit(&clean(&release.id), HEADLINE, true, 1200);
    let iterations = wording::count(outlook.iterations);
    let target = unbroken(release.target);
    let live = release.p_live_on_target.estimate;
    let stays = release.p_live_on_target_and_stays.estimate;
    let days = outlook.stays_days;
    if release.p_not_live_by_horizon.estimate == 1.0 {
        let by = outlook.horizon.map_or_else(String::new, |d| format!(" by {}", unbroken(d)));
        return format!("{id} does not go live{by} in any of {iterations} iterations");
    }
    let mut text = if live == 0.0 {
        format!("{id} goes live on {target} in none of {iterations} iterations")
    } else if live == 1.0 && stays == 1.0 {
        return format!("{id} goes live on {target} and stays live {days} days in all {iterations} iterations");
    } else {
        format!(
            "{id} goes live on {target} with probability {}, and stays live {days} days with {}",
            wording::probability(live),
            wording::probability(stays)
        )
    };
    let p = &release.go_live;
    let later =
        [("P80", p.p80), ("P90", p.p90), ("P95", p.p95)].into_iter().find(|(_, p)| p.date != Some(release.target));
    if let Some((name, percentile)) = later {
        text += &format!("; {name} is {}", or_horizon(outlook, &percentile));
    }
    text
}

fn or_horizon(outlook: &Outlook, percentile: &DatePercentile) -> String {
    match (percentile.date, outlook.horizon) {
        (Some(date), _) => unbroken(date),
        (None, Some(horizon)) => format!("after {}", unbroken(horizon)),
        (None, None) => wording::NOT_LIVE.to_owned(),
    }
}

fn note(outlook: &Outlook, release: &ReleaseOutlook, left_out: &[Date]) -> String {
    let widest = release
        .dates
        .iter()
        .map(|d| proportion(d.count.min(outlook.iterations), outlook.iterations).interval)
        .map(|[low, high]| (high - low) / 2.0)
        .fold(0.0, f64::max);
    let mut note = format!(
        "Live on target {}, and stays {}: ± is the standard error of sampling; uncertainty of the \
         inputs is not in it. Bars: 95% sampling interval within ±{:.2} percentage points.",
        wording::probability_with_error(&release.p_live_on_target),
        wording::probability_with_error(&release.p_live_on_target_and_stays),
        widest * 100.0 + 0.005,
    );
    if !left_out.is_empty() {
        note += &format!(" Values of the other {} bars: dates.csv.", left_out.len());
    }
    note
}

/// How many dates have their own bar: all, unless a thin end would take much of the width.
fn shown_dates(release: &ReleaseOutlook) -> usize {
    let dates = &release.dates;
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else {
        return 0;
    };
    let mut thin = 0.0;
    let mut shown = dates.len();
    while shown > 1 && thin + dates[shown - 1].share <= THIN {
        thin += dates[shown - 1].share;
        shown -= 1;
    }
    let needed = days_between(first.date, dates[shown - 1].date);
    let all = days_between(first.date, last.date);
    let keeps_percentiles = release.target <= dates[shown - 1].date;
    if keeps_percentiles && dates.len() - shown > 3 && needed * 4 < all * 3 { shown } else { dates.len() }
}

/// A bar right of the time axis.
struct Aside {
    words: Vec<String>,
    share: f64,
    /// Whether these iterations go live.
    live: bool,
}

fn asides(outlook: &Outlook, release: &ReleaseOutlook, shown: usize) -> Vec<Aside> {
    let mut asides = Vec::new();
    if shown < release.dates.len() {
        let after = &release.dates[shown..];
        asides.push(Aside {
            words: vec![
                "later:".to_owned(),
                format!("{} –", wording::short_date(after[0].date)),
                wording::short_date(after[after.len() - 1].date),
            ],
            live: true,
            share: after.iter().map(|d| d.share).sum(),
        });
    }
    let words = match outlook.horizon {
        Some(horizon) => vec!["not live by".to_owned(), wording::short_date(horizon)],
        None => vec!["not live".to_owned()],
    };
    asides.push(Aside { words, live: false, share: release.p_not_live_by_horizon.estimate });
    asides
}

/// The time axis, and half the width of a bar.
fn scale(release: &ReleaseOutlook, shown: usize, right: i32) -> (TimeAxis, i32) {
    let dates = &release.dates[..shown];
    let mut first = release.target;
    let mut last = release.target;
    for d in dates {
        first = first.min(d.date);
        last = last.max(d.date);
    }
    // A few dates need air around them, or a gap of a week looks like a year.
    let least = last.max(first.checked_add(21.days()).unwrap_or(last));
    let gap = dates.windows(2).map(|w| days_between(w[0].date, w[1].date)).min().unwrap_or(21).max(1);
    let inner = TimeAxis::new(first, least, LEFT + 200, right - 120);
    let half = (inner.width_of(gap) * 36 / 100).clamp(7, 130);
    (TimeAxis::new(first, least, LEFT + half.max(60) + 80, right - half - 60), half)
}

/// The target and P50, P80 and P90, one marker a date.
fn markers(release: &ReleaseOutlook, axis: &TimeAxis, not_live_x: Option<i32>) -> Vec<Marker> {
    let mut dates: Vec<(Option<Date>, Vec<&str>, Vec<String>)> = vec![(Some(release.target), vec!["Target"], vec![])];
    let p = &release.go_live;
    for (name, percentile) in [("P50", p.p50), ("P80", p.p80), ("P90", p.p90)] {
        let at = dates.iter().position(|d| d.0 == percentile.date);
        let at = at.unwrap_or_else(|| {
            dates.push((percentile.date, vec![], vec![]));
            dates.len() - 1
        });
        dates[at].1.push(name);
        if let Some(interval) = wording::date_interval(&percentile) {
            dates[at].2.push(format!("{name} 95%: {interval}"));
        }
    }
    let mut markers: Vec<Marker> = dates
        .into_iter()
        .map(|(date, names, intervals)| {
            let when = date.map_or_else(|| wording::NOT_LIVE.to_owned(), wording::date);
            let mut text = format!("{}: {when}", names.join(", "));
            if !intervals.is_empty() {
                let words = intervals.join("; ");
                // "P80: Tue 14 Dec 2021 (95%: 14 – 15 Dec 2021)" needs no second "P80".
                let short = words.strip_prefix(names[0]).filter(|_| names.len() == 1);
                text += &format!(" ({})", short.unwrap_or(&words).trim_start());
            }
            let x = date.map(|d| axis.x(d)).or(not_live_x);
            Marker { x: x.unwrap_or(axis.x(release.target)), text, is_target: date == Some(release.target) }
        })
        .collect();
    markers.sort_by_key(|m| m.x);
    markers
}

/// Horizontal lines at round shares, labelled.
fn grid(canvas: &mut Canvas, per_unit: f64, base: i32, right: i32) {
    let tallest = f64::from(HEIGHT) / per_unit;
    let (step, decimals) = [(0.001, 1), (0.002, 1), (0.005, 1), (0.01, 0), (0.02, 0), (0.05, 0), (0.1, 0)]
        .into_iter()
        .find(|(s, _)| tallest / s <= 5.5)
        .unwrap_or((0.2, 0));
    let mut n = 0;
    while f64::from(n) * step <= tallest.min(1.0) + 1e-9 {
        let share = f64::from(n) * step;
        let y = base - (share * per_unit) as i32;
        if n > 0 {
            canvas.path(vec![(LEFT, y), (right, y)], GRID, 5);
        }
        let label = Text::new(format!("{:.decimals$}%", share * 100.0), LABEL).colour(GREY).anchor(Anchor::End);
        canvas.text((LEFT - 40, y + 26), label);
        n += 1;
    }
}

/// Each bar's date under it, where there is room for all.
fn dates_below(canvas: &mut Canvas, dates: &[Date], axis: &TimeAxis, base: i32) {
    let mut year = None;
    for &date in dates {
        let x = axis.x(date);
        canvas.path(vec![(x, base), (x, base + 35)], INK, 6);
        let label = Text::new(wording::day_month(date), LABEL).anchor(Anchor::Middle);
        canvas.text((x, base + 105), label);
        if year != Some(date.year()) {
            year = Some(date.year());
            let label = Text::new(date.year().to_string(), LABEL).colour(GREY).anchor(Anchor::Middle);
            canvas.text((x, base + 200), label);
        }
    }
}
