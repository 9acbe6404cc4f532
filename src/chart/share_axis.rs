//! The share axis of an S-curve, with P50, P80 and P90 marked, and a curve with its band.

use plotters::style::RGBColor;

use super::canvas::{Anchor, Canvas, Point, Text};
use super::theme::{Dash, GREY, GRID, INK, LABEL, MARKER};
use crate::estimate::Figure;

/// Height of an S-curve's plot, at least.
pub const HEIGHT: i32 = 1800;
/// Left end of an S-curve's plot.
pub const LEFT: i32 = 510;

/// Where shares lie.
#[derive(Debug, Clone, Copy)]
pub struct ShareAxis {
    /// The y of the foot.
    pub base: i32,
    /// Distance from the foot to 1.
    pub height: i32,
    /// The share at the foot: 0, or above it to see more of what lies near 1.
    pub from: f64,
}

impl ShareAxis {
    /// The y of a share.
    pub fn y(&self, share: f64) -> i32 {
        self.base - ((share - self.from) / (1.0 - self.from) * f64::from(self.height)) as i32
    }

    /// Draws grid lines up to `right`, and labels.
    pub fn draw(&self, canvas: &mut Canvas, right: i32) {
        for tenth in [2, 4, 5, 6, 8, 9, 10, 0] {
            let share = f64::from(tenth) / 10.0;
            if tenth > 0 && share <= self.from {
                continue;
            }
            let share = share.max(self.from);
            let y = self.y(share);
            let name = match tenth {
                5 | 8 | 9 => {
                    canvas.dashed(&[(LEFT, y), (right, y)], GREY, 5, MARKER);
                    format!("P{tenth}0  {tenth}0%")
                }
                0 => {
                    canvas.path(vec![(LEFT, y), (right, y)], INK, 8);
                    format!("{:.0}%", self.from * 100.0)
                }
                _ => {
                    canvas.path(vec![(LEFT, y), (right, y)], GRID, 5);
                    format!("{tenth}0%")
                }
            };
            let label = Text::new(name, LABEL).colour(GREY).anchor(Anchor::End);
            canvas.text((LEFT - 40, y + 26), label);
        }
    }
}

/// A curve, the lower and upper ends of its band, all from left to right.
#[derive(Default)]
pub struct Curve {
    pub line: Vec<Point>,
    pub low: Vec<Point>,
    pub high: Vec<Point>,
}

impl Curve {
    /// A step curve: shares from places on, up to `right`; steps right of that are left out. The rise to the first step
    /// is common to many curves, and left to the caller.
    pub fn in_steps(steps: impl Iterator<Item = (i32, Figure)>, shares: &ShareAxis, right: i32) -> Self {
        let mut curve = Self::default();
        for (x, figure) in steps.take_while(|(x, _)| *x <= right) {
            let [low, high] = figure.interval;
            for (points, share) in [(&mut curve.line, figure.estimate), (&mut curve.low, low), (&mut curve.high, high)]
            {
                if let Some(&(_, before)) = points.last() {
                    points.push((x, before));
                }
                points.push((x, shares.y(share)));
            }
        }
        for points in [&mut curve.line, &mut curve.low, &mut curve.high] {
            if let Some(&(_, y)) = points.last() {
                points.push((right, y));
            }
        }
        curve
    }

    /// Draws the band under the curve.
    pub fn draw(&self, canvas: &mut Canvas, colour: RGBColor, dash: Dash) {
        let mut band = self.low.clone();
        band.extend(self.high.iter().rev());
        if !band.is_empty() {
            canvas.area(band, colour);
        }
        canvas.dashed(&self.line, colour, 18, dash);
    }
}
