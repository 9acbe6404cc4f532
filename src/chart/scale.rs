//! A linear scale with ticks at round numbers.

use super::canvas::{Anchor, Canvas, Text};
use super::theme::{GREY, GRID, INK, LABEL};

/// A scale from numbers to a coordinate; the coordinate of the greater number may be the lesser one.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    low: f64,
    high: f64,
    from: i32,
    to: i32,
    step: f64,
}

impl Scale {
    /// Maps the range of numbers, widened to whole steps, to `from` and `to`, with about `ticks` steps.
    pub fn new(low: f64, high: f64, from: i32, to: i32, ticks: u32) -> Self {
        let span = if high > low { high - low } else { 1.0 };
        let step = round_step(span / f64::from(ticks.max(1)));
        let (low, high) = ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step);
        Self { low, high: if high > low { high } else { low + step }, from, to, step }
    }

    /// The coordinate of a number.
    pub fn at(&self, number: f64) -> i32 {
        let share = (number - self.low) / (self.high - self.low);
        self.from + (share * f64::from(self.to - self.from)) as i32
    }

    /// Ticks and their labels, in order.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let mut decimals = 0;
        let mut unit = self.step;
        while decimals < 6 && (unit - unit.round()).abs() > 1e-9 * unit {
            unit *= 10.0;
            decimals += 1;
        }
        let count = ((self.high - self.low) / self.step).round() as u32;
        (0..=count)
            .map(|i| self.low + f64::from(i) * self.step)
            .map(|number| if number.abs() < self.step / 2.0 { 0.0 } else { number })
            .map(|number| (number, format!("{number:.decimals$}")))
            .collect()
    }

    /// Draws vertical grid lines from `top` to `base` with labels below.
    pub fn draw_upright(&self, canvas: &mut Canvas, top: i32, base: i32) {
        for (number, label) in self.ticks() {
            let x = self.at(number);
            let (colour, stroke) = if number == 0.0 { (INK, 7) } else { (GRID, 5) };
            canvas.path(vec![(x, top), (x, base)], colour, stroke);
            canvas.text((x, base + 100), Text::new(label, LABEL).colour(GREY).anchor(Anchor::Middle));
        }
    }

    /// Draws horizontal grid lines from `left` to `right` with labels to the left.
    pub fn draw_level(&self, canvas: &mut Canvas, left: i32, right: i32) {
        for (number, label) in self.ticks() {
            let y = self.at(number);
            canvas.path(vec![(left, y), (right, y)], GRID, 5);
            canvas.text((left - 40, y + 26), Text::new(label, LABEL).colour(GREY).anchor(Anchor::End));
        }
    }
}

/// The least of 1, 2 and 5 times a power of ten that is no less.
fn round_step(least: f64) -> f64 {
    let mut power = 1.0;
    while power > least {
        power /= 10.0;
    }
    while power * 10.0 <= least {
        power *= 10.0;
    }
    [1.0, 2.0, 5.0].into_iter().map(|m| m * power).find(|step| *step >= least - 1e-12).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_range() {
        let labels = |low, high, ticks| {
            let ticks = Scale::new(low, high, 0, 1000, ticks).ticks();
            ticks.into_iter().map(|(_, label)| label).collect::<Vec<_>>()
        };
        assert_eq!(labels(0.0, 0.29, 6), ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"]);
        assert_eq!(labels(-0.01, 0.03, 4), ["-0.01", "0.00", "0.01", "0.02", "0.03"]);
        assert_eq!(labels(0.0, 42.0, 5), ["0", "10", "20", "30", "40", "50"]);
        assert_eq!(labels(0.5, 0.5, 2).len(), 2);
        let up = Scale::new(0.0, 1.0, 900, 100, 5);
        assert_eq!((up.at(0.0), up.at(1.0)), (900, 100));
    }
}
