//! Activities by criticality: how often each drives the finish, and how much its duration matters.

use super::ChartError;
use super::canvas::{Anchor, Text};
use super::font::{clean, fit};
use super::frame::Frame;
use super::theme::*;
use super::tornado::footer;
use crate::analysis::drivers::{Activities, Drivers};
use crate::analysis::wording;

/// Most activities.
const ROWS: usize = 20;
const ROW: i32 = 150;
const THICK: i32 = 84;
const LEFT: i32 = 1500;
const RIGHT: i32 = 3300;
/// Where cruciality is read.
const CRUCIALITY: i32 = WIDTH - MARGIN;

/// Draws the chart; returns headline and SVG.
pub fn draw(found: &Drivers, activities: &Activities) -> Result<(String, String), ChartError> {
    let about = [
        format!("Plan {}: {}", clean(&found.plan), clean(&found.plan_title)),
        format!("How often the duration of each activity drives {}", clean(&activities.drives)),
    ];
    let mut frame = Frame::new(headline(activities), &about);
    let shown = &activities.activities[..activities.activities.len().min(ROWS)];
    let top = frame.y + 150;
    let base = top + ROW * shown.len() as i32;
    let x = |share: f64| LEFT + (share * f64::from(RIGHT - LEFT)) as i32;
    let canvas = &mut frame.canvas;
    for quarter in 0..=4 {
        let at = x(f64::from(quarter) / 4.0);
        canvas.path(vec![(at, top - 20), (at, base)], GRID, 5);
        let label = Text::new(format!("{}%", 25 * quarter), LABEL).colour(GREY).anchor(Anchor::Middle);
        canvas.text((at, base + 95), label);
    }
    canvas.text((LEFT, top - 50), Text::new("criticality", LABEL).bold());
    canvas.text((CRUCIALITY, top - 50), Text::new("cruciality", LABEL).bold().anchor(Anchor::End));
    for (i, row) in shown.iter().enumerate() {
        let middle = top + ROW * i as i32 + ROW / 2;
        let name =
            if row.title == row.id { clean(&row.id) } else { format!("{}: {}", clean(&row.id), clean(&row.title)) };
        canvas.text((MARGIN, middle + 26), Text::new(fit(&name, LABEL, false, LEFT - MARGIN - 60), LABEL));
        let share = row.criticality.estimate;
        canvas.rect((LEFT, middle - THICK / 2), (x(share).max(LEFT + 8), middle + THICK / 2), BLUE);
        let [low, high] = row.criticality.interval;
        canvas.path(vec![(x(low), middle), (x(high), middle)], INK, 9);
        let value = Text::new(wording::percent(share), LABEL);
        canvas.backed_text((x(share.max(high)) + 40, middle + 26), value);
        let cruciality =
            row.cruciality.map_or_else(|| "–".to_owned(), |c| format!("{:+.2}", c.estimate).replace('-', "−"));
        canvas.text((CRUCIALITY, middle + 26), Text::new(cruciality, LABEL).anchor(Anchor::End));
    }
    frame.y = base + 130;
    let more = activities.activities.len() - shown.len();
    let rest = if more == 0 { String::new() } else { format!("{more} more activities are less critical. ") };
    let note = format!(
        "{rest}Criticality: share of the first {} iterations in which its duration lies on the driving way, with its 95% \
         sampling interval. Cruciality: rank correlation of its duration with the finish.",
        wording::count(activities.iterations)
    );
    frame.finish_with(&[&note, &footer(found)])
}

fn headline(activities: &Activities) -> String {
    let drives = clean(&activities.drives);
    let always: Vec<String> = activities
        .activities
        .iter()
        .filter(|row| row.criticality.estimate >= 0.5)
        .take(4)
        .map(|row| format!("{} ({})", clean(&row.id), wording::percent(row.criticality.estimate)))
        .collect();
    if always.is_empty() {
        format!("No activity drives {drives} in half of the iterations")
    } else {
        format!("{} most often drive{} {drives}", always.join(", "), if always.len() == 1 { "s" } else { "" })
    }
}
