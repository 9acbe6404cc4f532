//! An axis of numbers under horizontal bars.

use super::canvas::{Anchor, Canvas, Text};
use super::number_axis::round_step;
use super::theme::{GREY, GRID, LABEL};
use crate::analysis::wording;

/// A scale of numbers between two ends of a chart.
#[derive(Debug, Clone, Copy)]
pub struct BarAxis {
    from: f64,
    to: f64,
    left: i32,
    right: i32,
}

impl BarAxis {
    /// A scale that holds these numbers between `left` and `right`.
    pub fn holding(numbers: impl Iterator<Item = f64>, left: i32, right: i32) -> Self {
        let (mut from, mut to) = (f64::INFINITY, f64::NEG_INFINITY);
        for number in numbers.filter(|n| n.is_finite()) {
            from = from.min(number);
            to = to.max(number);
        }
        if from > to {
            (from, to) = (0.0, 1.0);
        }
        if to - from < 1e-9 {
            let pad = (from.abs() * 0.05).max(0.05);
            (from, to) = (from - pad, to + pad);
        }
        Self { from, to, left, right }
    }

    /// The x of a number.
    pub fn x(&self, number: f64) -> i32 {
        let t = ((number - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        self.left + (t * f64::from(self.right - self.left)) as i32
    }

    /// Draws grid lines from `top` to `base` and their numbers below.
    pub fn draw(&self, canvas: &mut Canvas, top: i32, base: i32) {
        let step = round_step((self.to - self.from) / 5.0);
        let mut n = (self.from / step).ceil() as i64;
        while n as f64 * step <= self.to + step * 1e-9 {
            let value = n as f64 * step;
            let x = self.x(value);
            canvas.path(vec![(x, top), (x, base)], GRID, 5);
            let label = Text::new(wording::significant(value, 4), LABEL).colour(GREY).anchor(Anchor::Middle);
            canvas.text((x, base + 95), label);
            n += 1;
        }
    }
}
