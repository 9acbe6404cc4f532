//! The share axis of an S-curve, with P50, P80 and P90 marked, and a curve with its band.

use plotters::style::RGBColor;

use super::canvas::{Anchor, Canvas, Point, Text};
use super::theme::{Dash, GREY, GRID, INK, LABEL, MARKER};

/// Height of an S-curve's plot, at least.
pub const HEIGHT: i32 = 1800;
/// Left end of an S-curve's plot.
pub const LEFT: i32 = 510;

/// Where the shares 0 and 1 lie.
#[derive(Debug, Clone, Copy)]
pub struct ShareAxis {
    /// The y of 0.
    pub base: i32,
    /// Distance from 0 to 1.
    pub height: i32,
}

impl ShareAxis {
    /// The y of a share.
    pub fn y(&self, share: f64) -> i32 {
        self.base - (share * f64::from(self.height)) as i32
    }

    /// Draws grid lines up to `right`, and labels.
    pub fn draw(&self, canvas: &mut Canvas, right: i32) {
        for tenth in [2, 4, 5, 6, 8, 9, 10, 0] {
            let share = f64::from(tenth) / 10.0;
            let y = self.y(share);
            let name = match tenth {
                5 | 8 | 9 => {
                    canvas.dashed(&[(LEFT, y), (right, y)], GREY, 5, MARKER);
                    format!("P{tenth}0  {tenth}0%")
                }
                0 => {
                    canvas.path(vec![(LEFT, y), (right, y)], INK, 8);
                    "0%".to_owned()
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
