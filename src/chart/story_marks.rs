//! The marks of a timeline: bands by what days are due to, labels that do not overlap, a legend.

use plotters::style::RGBColor;

use super::canvas::{Anchor, Canvas, Point, Text};
use super::theme::*;
use crate::analysis::explain::{ActivityTold, Explanation};

/// Height of a line of labels.
pub const LABEL_LINE: i32 = 98;

/// What days are due to, as far as the picture tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Work, and waiting for the planned date.
    Work,
    /// Work that drove the end.
    Driving,
    /// A risk delays the work or the release.
    Risk,
    /// Recovery of a criterion, or a fix.
    Mending,
    /// Notice or consent.
    Permission,
    /// Waiting for a window, a turn, another release or a unit.
    Waiting,
    /// Live.
    Live,
}

impl Group {
    /// The group of a kind of cause.
    pub fn of(cause: &str) -> Self {
        match cause {
            "risk" => Self::Risk,
            "recovery" | "fix" => Self::Mending,
            "notice" | "consent" => Self::Permission,
            "window" | "hold" | "turn" | "units" | "days-off" => Self::Waiting,
            _ => Self::Work,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Work => "work, or waiting for the planned date",
            Self::Driving => "work that drove the end",
            Self::Risk => "delay by a risk",
            Self::Mending => "recovery or fix",
            Self::Permission => "notice or consent",
            Self::Waiting => "waiting for a window, a turn, a unit",
            Self::Live => "live",
        }
    }

    /// Draws a band between two corners: each group has a colour, and waiting is hatched.
    pub fn draw(self, canvas: &mut Canvas, a: Point, b: Point) {
        if b.0 <= a.0 {
            return;
        }
        match self {
            Self::Work => canvas.rect(a, b, RGBColor(200, 205, 210)),
            Self::Driving => canvas.rect(a, b, RGBColor(110, 118, 125)),
            Self::Risk => canvas.rect(a, b, ORANGE),
            Self::Mending => canvas.rect(a, b, VERMILION),
            Self::Permission => canvas.rect(a, b, PURPLE),
            Self::Waiting => canvas.hatched(a, b, SKY),
            Self::Live => canvas.rect(a, b, GREEN),
        }
    }
}

/// The groups that a picture shows, in order.
pub fn groups_used(explanation: &Explanation, activities: &[&ActivityTold]) -> Vec<Group> {
    let causes = explanation.releases.iter().flat_map(|release| &release.days).map(|part| part.cause);
    let steps = activities.iter().flat_map(|activity| &activity.steps).map(|part| part.cause);
    let mut groups: Vec<Group> = causes.chain(steps).map(Group::of).collect();
    groups.extend(activities.iter().any(|activity| activity.driving).then_some(Group::Driving));
    if explanation.releases.iter().any(|release| release.go_live.is_some()) {
        groups.push(Group::Live);
    }
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// Draws the legend from `y` on; returns where it ends.
pub fn legend(canvas: &mut Canvas, groups: &[Group], y: i32, left: i32) -> i32 {
    let mut at = (left, y);
    for group in groups {
        let text = Text::new(group.name(), LABEL);
        let width = 130 + text.length() + 110;
        if at.0 > left && at.0 + width > WIDTH - MARGIN {
            at = (left, at.1 + LABEL_LINE + 10);
        }
        group.draw(canvas, (at.0, at.1), (at.0 + 100, at.1 + 70));
        canvas.text((at.0 + 130, at.1 + 62), text);
        at.0 += width;
    }
    at.1 + LABEL_LINE
}

/// A cross.
pub fn cross(canvas: &mut Canvas, (x, y): Point, reach: i32, colour: RGBColor) {
    for (stroke, ink) in [(38, PAPER), (20, colour)] {
        canvas.path(vec![(x - reach, y - reach), (x + reach, y + reach)], ink, stroke);
        canvas.path(vec![(x - reach, y + reach), (x + reach, y - reach)], ink, stroke);
    }
}

/// Labels of points on a line, on as many lines above it as it takes that none overlap.
pub struct Labels {
    left: i32,
    right: i32,
    /// x of the point, left end of the text, line, text.
    placed: Vec<(i32, i32, usize, Text)>,
    /// Ends of the texts on each line.
    taken: Vec<Vec<(i32, i32)>>,
}

impl Labels {
    /// Labels between two edges.
    pub fn new(left: i32, right: i32) -> Self {
        Self { left, right, placed: Vec::new(), taken: Vec::new() }
    }

    /// Adds a label to a point.
    pub fn add(&mut self, x: i32, text: String, colour: RGBColor) {
        let room = self.right - self.left;
        let text = super::font::fit(&super::font::clean(&text), LABEL, false, room);
        let text = Text::new(text, LABEL).colour(colour).anchor(Anchor::Start);
        let length = text.length();
        let from = (x - length / 2).clamp(self.left, (self.right - length).max(self.left));
        let free = |line: &Vec<(i32, i32)>| line.iter().all(|(a, b)| from > b + 60 || from + length + 60 < *a);
        let line = self.taken.iter().position(free).unwrap_or_else(|| {
            self.taken.push(Vec::new());
            self.taken.len() - 1
        });
        self.taken[line].push((from, from + length));
        self.placed.push((x, from, line, text));
    }

    /// Height of all lines.
    pub fn height(&self) -> i32 {
        self.taken.len() as i32 * LABEL_LINE
    }

    /// Draws the labels from `y` on, the first line lowest, tied to their points on a line at `base`.
    pub fn draw(self, canvas: &mut Canvas, y: i32, base: i32) {
        let lines = self.taken.len();
        for (x, _, line, text) in &self.placed {
            let below = y + (lines - line) as i32 * LABEL_LINE;
            canvas.path(vec![(*x, below), (*x, base - 10)], text.colour, 5);
        }
        for (_, from, line, text) in self.placed {
            let below = y + (lines - line) as i32 * LABEL_LINE;
            canvas.backed_text((from, below - 24), text);
        }
    }
}
