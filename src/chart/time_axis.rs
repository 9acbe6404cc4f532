//! Dates along the bottom of a plot: a scale of days, and ticks at whole days, weeks, months or years.

use jiff::civil::Date;
use jiff::{ToSpan, Unit};

use super::DateScale;
use super::canvas::{Anchor, Canvas, Text};
use super::theme::{GREY, INK, LABEL};
use crate::analysis::wording;

/// Least distance between ticks.
const APART: i32 = 340;

/// A scale from dates to x.
#[derive(Debug, Clone, Copy)]
pub struct TimeAxis {
    first: Date,
    days: f64,
    left: i32,
    right: i32,
}

impl TimeAxis {
    /// Maps `first` to `left` and `last` to `right`; a single day lies in the middle.
    pub fn new(first: Date, last: Date, left: i32, right: i32) -> Self {
        Self { first, days: f64::from(days_between(first, last)), left, right }
    }

    /// The scale in public terms, in a plot between these y.
    pub fn scale(&self, plot: [i32; 2]) -> DateScale {
        let last = self.first.checked_add((self.days as i64).days()).unwrap_or(self.first);
        DateScale { first: self.first, last, ends: [self.left, self.right], plot }
    }

    /// The x of a date.
    pub fn x(&self, date: Date) -> i32 {
        if self.days <= 0.0 {
            return (self.left + self.right) / 2;
        }
        let t = f64::from(days_between(self.first, date)) / self.days;
        self.left + (t * f64::from(self.right - self.left)) as i32
    }

    /// Width of a number of days.
    pub fn width_of(&self, days: i32) -> i32 {
        if self.days <= 0.0 {
            return self.right - self.left;
        }
        (f64::from(days) / self.days * f64::from(self.right - self.left)) as i32
    }

    /// Draws ticks with dates below `y`, weeks counted from `anchor`; the year stands under the first
    /// tick and under the first of each year. Ticks lie between `from` and `to`.
    pub fn draw_ticks(&self, canvas: &mut Canvas, y: i32, anchor: Date, from: i32, to: i32) {
        let mut year = None;
        for date in self.ticks(anchor) {
            let x = self.x(date);
            if x < from || x > to {
                continue;
            }
            canvas.path(vec![(x, y), (x, y + 35)], INK, 6);
            let label = Text::new(wording::day_month(date), LABEL).anchor(Anchor::Middle);
            canvas.text((x, y + 105), label);
            if year != Some(date.year()) {
                year = Some(date.year());
                let label = Text::new(date.year().to_string(), LABEL).colour(GREY).anchor(Anchor::Middle);
                canvas.text((x, y + 200), label);
            }
        }
    }

    fn ticks(&self, anchor: Date) -> Vec<Date> {
        let days = self.days as i64;
        let (before, after) = (
            self.first.checked_sub(7.days()).unwrap_or(self.first),
            self.first.checked_add((days + 7).days()).unwrap_or(self.first),
        );
        if self.width_of(1) >= APART {
            return series(before, after, |d, n| d.checked_add(n.days()).ok());
        }
        for weeks in [1, 2] {
            if self.width_of(7 * weeks) >= APART {
                let since = days_between(anchor, before).div_euclid(7 * weeks);
                let start = anchor.checked_add((since * 7 * weeks).days());
                return series(start.unwrap_or(before), after, |d, n| {
                    d.checked_add((n * i64::from(7 * weeks)).days()).ok()
                });
            }
        }
        let months = [1, 2, 3, 6, 12, 24, 60, 120].into_iter().find(|m| self.width_of(m * 30) >= APART).unwrap_or(1200);
        let january = jiff::civil::Date::new(before.year(), 1, 1).unwrap_or(before);
        series(january, after, |d, n| d.checked_add((n * i64::from(months)).months()).ok())
    }
}

/// Dates from `start` to `end` by steps counted from `start`.
fn series(start: Date, end: Date, step: impl Fn(Date, i64) -> Option<Date>) -> Vec<Date> {
    (0..).map_while(|n| step(start, n)).take_while(|d| *d <= end).collect()
}

/// Whole days from one date to another.
pub fn days_between(from: Date, to: Date) -> i32 {
    from.until((Unit::Day, to)).map_or(0, |span| span.get_days())
}
