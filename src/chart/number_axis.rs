//! Numbers along the bottom of a plot: a scale, and ticks at round numbers that leave room for their labels.

use super::canvas::{Anchor, Canvas, Text};
use super::font::width;
use super::theme::{GREY, GRID, INK, LABEL};

/// Space between the labels of two ticks, at least.
const APART: i32 = 90;

/// A scale from numbers to x.
#[derive(Debug, Clone, Copy)]
pub struct NumberAxis {
    from: f64,
    to: f64,
    left: i32,
    right: i32,
}

impl NumberAxis {
    /// Maps `from` to `left` and `to` to `right`; `from < to`.
    pub fn new(from: f64, to: f64, left: i32, right: i32) -> Self {
        debug_assert!(from < to && left < right);
        Self { from, to, left, right }
    }

    /// A scale that shows all of these numbers with some air, at least `least` long; finite numbers only count.
    pub fn around(numbers: impl Iterator<Item = f64>, least: f64, left: i32, right: i32) -> Self {
        let (mut from, mut to) = (f64::INFINITY, f64::NEG_INFINITY);
        for number in numbers.filter(|n| n.is_finite()) {
            from = from.min(number);
            to = to.max(number);
        }
        if from > to {
            (from, to) = (0.0, 1.0);
        }
        // A single number still needs a length to lie on.
        let short = (least.max(to.abs().max(from.abs()) * 0.02).max(1e-6) - (to - from)) / 2.0;
        let air = ((to - from) * 0.05).max(short);
        Self::new(from - air, to + air, left, right)
    }

    /// The same scale with its ends moved inwards to these, if it goes beyond them.
    pub fn within(mut self, least: f64, most: f64) -> Self {
        self.from = self.from.max(least);
        self.to = self.to.min(most);
        debug_assert!(self.from < self.to);
        self
    }

    /// The x of a number; numbers beyond the scale lie on its end.
    pub fn x(&self, number: f64) -> i32 {
        let t = ((number - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        self.left + (t * f64::from(self.right - self.left)) as i32
    }

    /// Draws grid lines from `top` to `base` and labels below, in the words of `label`, which is told the distance of
    /// two ticks.
    pub fn draw(&self, canvas: &mut Canvas, top: i32, base: i32, label: impl Fn(f64, f64) -> String) {
        let (step, ticks) = self.ticks(&label);
        for tick in ticks {
            let x = self.x(tick);
            canvas.path(vec![(x, top), (x, base)], GRID, 5);
            canvas.path(vec![(x, base), (x, base + 30)], INK, 6);
            let text = Text::new(label(tick, step), LABEL).colour(GREY).anchor(Anchor::Middle);
            canvas.text((x, base + 110), text);
        }
        canvas.path(vec![(self.left, base), (self.right, base)], INK, 8);
    }

    /// The most ticks, up to eight, whose labels stay apart.
    fn ticks(&self, label: &impl Fn(f64, f64) -> String) -> (f64, Vec<f64>) {
        for parts in (1..=7).rev() {
            let step = round_step((self.to - self.from) / f64::from(parts));
            let first = (self.from / step - 1e-9).ceil();
            let ticks: Vec<f64> =
                (0..=parts).map(|n| (first + f64::from(n)) * step).filter(|t| *t <= self.to + step * 1e-9).collect();
            let half = |t: f64| width(&label(t, step), LABEL, false) / 2;
            if ticks.windows(2).all(|w| self.x(w[1]) - self.x(w[0]) >= half(w[0]) + half(w[1]) + APART) {
                return (step, ticks);
            }
        }
        (self.to - self.from, vec![self.from])
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below `least`, which is above 0.
pub fn round_step(least: f64) -> f64 {
    let mut power = 1.0;
    while power > least {
        power /= 10.0;
    }
    while power * 10.0 < least {
        power *= 10.0;
    }
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= least).unwrap_or(least)
}

/// Decimals that tell multiples of `step` apart.
pub fn decimals(step: f64) -> usize {
    let mut decimals = 0;
    let mut scaled = step;
    while scaled < 0.999_999 && decimals < 12 {
        scaled *= 10.0;
        decimals += 1;
    }
    decimals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        for (least, step) in [(0.3, 0.5), (1.0, 1.0), (0.011, 0.02), (6.0, 10.0), (2500.0, 5000.0), (1e-6, 1e-6)] {
            assert!((round_step(least) / step - 1.0).abs() < 1e-9, "{least}: {}", round_step(least));
        }
        assert_eq!((decimals(0.5), decimals(0.02), decimals(1.0), decimals(500.0)), (1, 2, 0, 0));
    }

    #[test]
    fn labels_of_ticks_stay_apart() {
        super::super::font::register().unwrap();
        for (from, to) in [(0.0, 1.0), (0.012, 0.0121), (-3.0, 40.0), (0.0, 1e12), (999.0, 1001.0)] {
            let axis = NumberAxis::new(from, to, 500, 2500);
            let (step, ticks) = axis.ticks(&|t, step| format!("{t:.*}", decimals(step)));
            assert!(!ticks.is_empty() && ticks.len() <= 8, "{from} {to}: {ticks:?}");
            assert!(ticks.iter().all(|t| *t >= from - step * 1e-6 && *t <= to + step * 1e-6), "{ticks:?}");
        }
    }
}
