//! One iteration as a timeline: a row for each release, with its gates, windows, deployments and back-outs, and what
//! its days were due to; the work above, incidents below.
//!
//! The band of a release is its way from the data date to its go-live, each part in the colour and with the mark of what it
//! is due to; what happened to it stands above the band, tied to its day.

use super::canvas::{Anchor, Canvas, Point, Text};
use super::font::{clean, fit};
use super::frame::Frame;
use super::story_marks::{Group, LABEL_LINE, Labels, cross, groups_used, legend};
use super::theme::*;
use super::time_axis::TimeAxis;
use super::{Chart, ChartError, font};
use crate::analysis::explain::{ActivityTold, Explanation, Kind, ReleaseTold, Told};
use crate::analysis::wording;

/// Left end of the plot: names stand before it.
const LEFT: i32 = 640;
/// Right end of the plot.
const RIGHT: i32 = WIDTH - MARGIN - 40;
/// Height of a release's band.
const BAND: i32 = 130;
/// Height of the row of an activity.
const ROW: i32 = 120;
/// Most activities that get a row; those that drove the end come first.
const MOST_ACTIVITIES: usize = 60;

/// Draws an explanation.
///
/// # Errors
/// None that depends on the explanation.
pub fn story(explanation: &Explanation) -> Result<Chart, ChartError> {
    font::register()?;
    let about = [
        format!("Plan {}: {}", clean(&explanation.plan), clean(&explanation.plan_title)),
        format!("One iteration: {}", clean(&explanation.chosen.text)),
    ];
    let mut frame = Frame::new(headline(explanation), &about);
    let scale = Scale::of(explanation);
    let mut y = frame.y + 70;
    let top = y;
    let activities = shown_activities(explanation);
    let mut marks = Canvas::default();
    for activity in &activities {
        y += ROW;
        draw_activity(&mut marks, &scale, activity, y);
    }
    for release in &explanation.releases {
        y = draw_release(&mut marks, &scale, explanation, release, y + 60);
    }
    y = draw_incidents(&mut marks, &scale, explanation, y);
    let base = y + 70;
    // Windows lie behind everything else.
    let canvas = &mut frame.canvas;
    for window in &explanation.windows {
        let x = scale.x(f64::from(window.day));
        if (LEFT..=RIGHT).contains(&x) {
            canvas.path(vec![(x, top), (x, base)], GRID, 6);
        }
    }
    canvas.append(marks);
    canvas.path(vec![(LEFT, base), (RIGHT, base)], INK, 8);
    frame.y = base + scale.ticks(&mut frame.canvas, base);
    frame.y = legend(&mut frame.canvas, &groups_used(explanation, &activities), frame.y + 40, LEFT);
    let note = if explanation.releases.is_empty() {
        "One iteration is one of many ways in which it can go, not a forecast."
    } else {
        "Vertical lines: windows. One iteration is one of many ways in which it can go, not a forecast."
    };
    let run = format!(
        "Scenario {} · plan {} · seed {} · iteration {}{} · golive {}",
        clean(&explanation.scenario),
        clean(&explanation.plan),
        explanation.seed,
        wording::count(explanation.iteration),
        explanation.points.map_or_else(String::new, |p| format!(
            " of {}, {}",
            wording::count(p.iterations),
            wording::points(p.sampler, p.replicates)
        )),
        env!("CARGO_PKG_VERSION")
    );
    let (title, svg) = frame.close(&[note, &run])?;
    Ok(Chart { name: "story".to_owned(), title, svg, dates: None })
}

/// What became of the releases, or of the first measure.
fn headline(explanation: &Explanation) -> String {
    let of = |release: &ReleaseTold| {
        let id = fit(&clean(&release.id), HEADLINE, true, 1000);
        match (release.go_live, release.days_late) {
            (Some(_), Some(0)) => format!("{id} live on its date"),
            (Some(_), Some(days)) if days < 0 => format!("{id} live {} days early", -days),
            (Some(_), Some(1)) => format!("{id} 1 day late"),
            (Some(_), Some(days)) => format!("{id} {days} days late"),
            _ => format!("{id} not live by the horizon"),
        }
    };
    if explanation.releases.is_empty() {
        return explanation.measures.first().map_or_else(
            || "One iteration".to_owned(),
            |measure| {
                let finish =
                    measure.finish_days.map_or_else(|| "never".to_owned(), |d| format!("{} days", wording::days(d)));
                format!("{}: {finish}", fit(&clean(&measure.title), HEADLINE, true, 3000))
            },
        );
    }
    let shown = explanation.releases.iter().take(5).map(of).collect::<Vec<_>>().join(", ");
    match explanation.releases.len().saturating_sub(5) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Days to x.
struct Scale {
    last: f64,
    axis: Option<(TimeAxis, jiff::civil::Date)>,
}

impl Scale {
    fn of(explanation: &Explanation) -> Self {
        let ends = explanation.releases.iter().flat_map(|r| r.days.last()).map(|part| part.to + 7.0);
        let targets = explanation.releases.iter().map(|release| f64::from(release.target_day) + 7.0);
        let finishes = explanation.activities.iter().filter_map(|a| a.finish_days);
        let events = explanation.events.iter().filter_map(|told| told.day).map(|day| day + 1.0);
        let last = ends.chain(targets).chain(finishes).chain(events).fold(7.0, f64::max);
        let last = crate::math::ceil(last);
        let axis = explanation.data_date.and_then(|zero| {
            let end = zero.checked_add(jiff::Span::new().try_days(last as i64).ok()?).ok()?;
            let anchor = explanation.releases.first().map_or(zero, |release| release.target);
            Some((TimeAxis::new(zero, end, LEFT, RIGHT), anchor))
        });
        Self { last, axis }
    }

    fn x(&self, day: f64) -> i32 {
        LEFT + (day.clamp(0.0, self.last) / self.last * f64::from(RIGHT - LEFT)) as i32
    }

    /// Ticks below `y`; returns how much room they take.
    fn ticks(&self, canvas: &mut Canvas, y: i32) -> i32 {
        if let Some((axis, anchor)) = &self.axis {
            axis.draw_ticks(canvas, y, *anchor, LEFT, RIGHT);
            return 210;
        }
        let steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
        let step = steps.into_iter().find(|step| self.last / f64::from(*step) <= 10.0).unwrap_or(100_000);
        let mut day = 0;
        while f64::from(day) <= self.last {
            let x = self.x(f64::from(day));
            canvas.path(vec![(x, y), (x, y + 35)], INK, 6);
            canvas.text((x, y + 105), Text::new(day.to_string(), LABEL).anchor(Anchor::Middle));
            day += step;
        }
        canvas.text((RIGHT, y + 200), Text::new("days", LABEL).colour(GREY).anchor(Anchor::End));
        210
    }
}

/// Activities that happened, in order of their start.
fn shown_activities(explanation: &Explanation) -> Vec<&ActivityTold> {
    let mut shown: Vec<&ActivityTold> =
        explanation.activities.iter().filter(|a| a.finish_days > a.start_days).collect();
    shown.sort_by_key(|activity| !activity.driving);
    shown.truncate(MOST_ACTIVITIES);
    shown.sort_by(|a, b| a.start_days.unwrap_or(f64::MAX).total_cmp(&b.start_days.unwrap_or(f64::MAX)));
    shown
}

fn name(canvas: &mut Canvas, y: i32, text: &str, bold: bool) {
    let mut text = Text::new(fit(&clean(text), LABEL, bold, LEFT - MARGIN - 60), LABEL).anchor(Anchor::End);
    text.bold = bold;
    canvas.text((LEFT - 50, y), text);
}

fn draw_activity(canvas: &mut Canvas, scale: &Scale, activity: &ActivityTold, y: i32) {
    name(canvas, y + 24, &activity.id, activity.driving);
    let (up, down) = (y - 38, y + 38);
    let (Some(start), Some(finish)) = (activity.start_days, activity.finish_days) else { return };
    let group = if activity.driving { Group::Driving } else { Group::Work };
    group.draw(canvas, (scale.x(start), up), (scale.x(finish).max(scale.x(start) + 8), down));
    for step in activity.steps.iter().filter(|step| step.cause == "risk" && step.to > step.from) {
        Group::Risk.draw(canvas, (scale.x(step.from), up), (scale.x(step.to), down));
    }
}

/// Draws a release below `y`; returns where it ends.
fn draw_release(canvas: &mut Canvas, scale: &Scale, explanation: &Explanation, release: &ReleaseTold, y: i32) -> i32 {
    let mut labels = Labels::new(LEFT, RIGHT);
    let planned = scale.x(f64::from(release.target_day));
    labels.add(planned, format!("planned {}", wording::day_month(release.target)), GREY);
    let about = |told: &&Told| told.about.as_deref() == Some(release.id.as_str());
    let events: Vec<&Told> = explanation.events.iter().filter(about).collect();
    for told in &events {
        let (Some(day), colour) = (told.day, VERMILION) else { continue };
        let causes = told.causes.join(", ");
        match told.kind {
            Kind::NoGo => labels.add(scale.x(day), format!("No-Go: {} ({causes})", told.criteria.join(", ")), colour),
            Kind::BackOut => labels.add(scale.x(day), format!("backed out ({causes})"), colour),
            Kind::Live => labels.add(
                scale.x(day),
                format!("live {}", told.date.map_or_else(String::new, wording::day_month)),
                GREEN,
            ),
            _ => {}
        }
    }
    let top = y + labels.height() + 70;
    let bottom = top + BAND;
    labels.draw(canvas, y, top);
    name(canvas, top + BAND / 2 + 28, &release.id, true);
    for part in &release.days {
        let (a, b) = (scale.x(part.from.min(part.to)), scale.x(part.from.max(part.to)));
        Group::of(part.cause).draw(canvas, (a, top), (b, bottom));
        let text = Text::new(format!("{}d", wording::days((part.to - part.from).round())), LABEL);
        if part.late != Some(0.0) && text.length() + 40 < b - a {
            canvas.backed_text(((a + b) / 2, bottom - 38), text.anchor(Anchor::Middle));
        }
    }
    if let Some(live) = release.days.last().filter(|_| release.go_live.is_some()) {
        Group::Live.draw(canvas, (scale.x(live.to), top), (RIGHT, bottom));
    } else if release.go_live.is_some() {
        Group::Live.draw(canvas, (scale.x(f64::from(release.target_day)), top), (RIGHT, bottom));
    }
    canvas.dashed(&[(planned, top - 60), (planned, bottom + 30)], INK, 12, MARKER);
    for told in &events {
        let Some(day) = told.day else { continue };
        let x = scale.x(day);
        match told.kind {
            Kind::Go => canvas.dot((x, top - 32), 26, GREEN),
            Kind::NoGo => cross(canvas, (x, top - 32), 30, VERMILION),
            Kind::Deployment => canvas.path(vec![(x, top - 14), (x, bottom + 14)], INK, 18),
            Kind::BackOut => cross(canvas, (x, top + BAND / 2), 44, VERMILION),
            _ => {}
        }
    }
    bottom + 40
}

/// A label for each incident; neighbours that read alike share one.
fn incident_labels(of: &[&Told], kind: Kind, at: &dyn Fn(&Told) -> i32) -> Vec<(i32, String)> {
    let mut alike: Vec<(i32, i32, String, usize)> = Vec::new();
    for told in of {
        let category = told.category.unwrap_or(0);
        let text = match kind {
            Kind::Incident => format!("Cat {category} ({})", told.causes.join(", ")),
            _ => format!("Cat {category}"),
        };
        let x = at(told);
        match alike.iter_mut().rev().find(|(_, last, own, _)| *own == text && x - last < 250) {
            Some((_, last, _, count)) => (*last, *count) = (x, *count + 1),
            None => alike.push((x, x, text, 1)),
        }
    }
    let shown = alike.into_iter().take(40);
    let label = |(first, last, text, count): (i32, i32, String, usize)| {
        ((first + last) / 2, if count == 1 { text } else { format!("{count} × {text}") })
    };
    shown.map(label).collect()
}

/// Draws incidents below `y`, those of releases and of the background; returns where they end.
fn draw_incidents(canvas: &mut Canvas, scale: &Scale, explanation: &Explanation, y: i32) -> i32 {
    let mut y = y;
    for (kind, title) in [(Kind::Incident, "Incidents"), (Kind::Background, "Background")] {
        let of: Vec<&Told> = explanation.events.iter().filter(|told| told.kind == kind).collect();
        if of.is_empty() {
            continue;
        }
        let mut labels = Labels::new(LEFT, RIGHT);
        let at = |told: &Told| scale.x(told.day.unwrap_or(0.0));
        let colour = |told: &Told| if told.category.is_some_and(|c| c <= 2) { VERMILION } else { ORANGE };
        for (x, text) in incident_labels(&of, kind, &at) {
            labels.add(x, text, GREY);
        }
        y += 50;
        let line = y + labels.height() + 60;
        labels.draw(canvas, y, line);
        name(canvas, line + 26, title, false);
        for told in of {
            let centre: Point = (at(told), line);
            canvas.dot(centre, 34, colour(told));
            if kind == Kind::Background {
                canvas.dot(centre, 18, PAPER);
            }
        }
        y = line + LABEL_LINE / 2;
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::explain::{chosen_by_number, explain};
    use crate::chart::{png, tests::texts};
    use crate::program::Program;
    use crate::scenario::{Document, document::Responses, resolve};

    fn program(path: &str, plan: Option<&str>) -> Program {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let document = Document::load(&path).unwrap();
        let (document, _) = document.attempt_run(plan, None, Responses::AsPlanned).unwrap();
        let (register, _) = resolve(&document.scenario().unwrap(), plan.unwrap_or("base"), document.folder()).unwrap();
        Program::lower(register, 7)
    }

    fn told(program: &Program, iteration: u64) -> Explanation {
        explain(program, &program.tell(iteration), chosen_by_number(iteration))
    }

    /// Asserts that no text leaves the canvas or lies on another.
    #[track_caller]
    fn is_readable(explanation: &Explanation) {
        let chart = story(explanation).unwrap();
        let tree = png::tree(&chart.svg).unwrap();
        let mut found = Vec::new();
        texts(tree.root(), &mut found);
        assert!(found.len() > 5);
        for (i, (text, a)) in found.iter().enumerate() {
            let inside = a.left() >= 0.0 && a.top() >= 0.0;
            assert!(inside && a.right() <= tree.size().width() && a.bottom() <= tree.size().height(), "{text:?}");
            for (other, b) in &found[..i] {
                let apart =
                    a.left() >= b.right() || b.left() >= a.right() || a.top() >= b.bottom() || b.top() >= a.bottom();
                assert!(apart, "{text:?} overlaps {other:?} in iteration {}", explanation.iteration);
            }
        }
        assert_eq!(chart, story(explanation).unwrap());
    }

    #[test]
    fn every_story_can_be_read() {
        for plan in ["P1", "P8"] {
            let program = program("scenarios/november-2021.toml", Some(plan));
            (0..12).for_each(|iteration| is_readable(&told(&program, iteration)));
        }
        is_readable(&told(&program("scenarios/verification/network-50.toml", None), 3));
        is_readable(&told(&program("scenarios/verification/exact-units.toml", None), 3));
        is_readable(&told(&program("scenarios/verification/exact-horizon.toml", Some("plan")), 3));
    }

    #[test]
    fn a_scenarios_text_stays_text() {
        let mut explanation = told(&program("scenarios/november-2021.toml", Some("P1")), 3);
        let nasty = format!("<script>{}\u{202E}\u{7}", "W".repeat(5000));
        explanation.plan_title = nasty.clone();
        for release in &mut explanation.releases {
            let id = format!("{nasty}{}", release.id);
            for event in explanation.events.iter_mut().filter(|e| e.about.as_deref() == Some(release.id.as_str())) {
                event.about = Some(id.clone());
                event.causes = vec![nasty.clone()];
            }
            release.id = id;
        }
        is_readable(&explanation);
        let chart = story(&explanation).unwrap();
        assert!(!chart.svg.contains("<script") && !chart.svg.chars().any(|c| c.is_control() && c != '\n'));
    }

    #[test]
    fn the_end_is_in_the_title_and_the_days_in_the_band() {
        let explanation = told(&program("scenarios/november-2021.toml", Some("P1")), 3);
        let chart = story(&explanation).unwrap();
        let of = |id: &str| explanation.releases.iter().find(|r| r.id == id).unwrap();
        for id in ["SEC", "U22", "U30"] {
            let said = match of(id).days_late {
                Some(0) => format!("{id} live on its date"),
                Some(1) => format!("{id} 1 day late"),
                Some(days) => format!("{id} {days} days late"),
                None => format!("{id} not live"),
            };
            assert!(chart.title.contains(&said), "{said} in {}", chart.title);
        }
    }
}
