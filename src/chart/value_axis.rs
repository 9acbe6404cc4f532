//! Values of a measure up the side of a plot, and in words: probabilities, numbers, amounts, days and dates.

use jiff::ToSpan;
use jiff::civil::Date;

use super::canvas::{Anchor, Canvas, Text};
use super::number_axis::{decimals, round_step};
use super::theme::{GREY, GRID, INK, LABEL};
use crate::analysis::wording;
use crate::analysis::{Measure, Reading};
use crate::simulate::Decision;

/// Least distance of two labels.
const APART: i32 = 130;

/// What the values of a measure are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    Probability,
    Number,
    Amount,
    Days,
    /// Days from 1 January 1970.
    Date,
}

impl Values {
    /// What a measure has, told one reading of it.
    pub fn of(measure: &Measure, reading: &Reading<'_>) -> Self {
        match measure {
            Measure::P80(_) if reading.is_date() => Self::Date,
            Measure::P80(_) | Measure::Decision(Decision::Finish(_)) => Self::Days,
            Measure::Decision(Decision::Cost) => Self::Amount,
            Measure::Decision(decision) if decision.is_probability() => Self::Probability,
            Measure::Decision(_) => Self::Number,
        }
    }

    /// A value in words; `None` is past the horizon.
    pub fn words(self, value: Option<f64>) -> String {
        let Some(value) = value else { return wording::NOT_LIVE.to_owned() };
        match self {
            Self::Probability => wording::probability(value),
            Self::Number | Self::Days => number(value),
            Self::Amount => wording::amount(value),
            Self::Date => date(value).map_or_else(|| wording::NOT_LIVE.to_owned(), wording::short_date),
        }
    }

    /// The same in few letters: a date without its year.
    pub fn short(self, value: Option<f64>) -> String {
        match (self, value.and_then(date)) {
            (Self::Date, Some(date)) => wording::day_month(date),
            _ => self.words(value),
        }
    }
}

/// A number with three digits that count.
fn number(value: f64) -> String {
    let decimals = if value.abs() >= 100.0 {
        0
    } else if value.abs() >= 10.0 {
        1
    } else if value.abs() >= 0.1 || value == 0.0 {
        2
    } else {
        4
    };
    format!("{value:.decimals$}").replace('-', "−")
}

fn date(days: f64) -> Option<Date> {
    jiff::civil::date(1970, 1, 1).checked_add((days.round() as i64).days()).ok()
}

/// A scale from values to y, greater ones higher.
#[derive(Debug, Clone, Copy)]
pub struct ValueAxis {
    pub values: Values,
    low: f64,
    high: f64,
    top: i32,
    base: i32,
}

impl ValueAxis {
    /// A scale that shows all of these with some air.
    pub fn around(values: Values, shown: impl Iterator<Item = f64>, top: i32, base: i32) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in shown.filter(|v| v.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let least = match values {
            Values::Date | Values::Days => 7.0,
            Values::Probability => 0.02,
            _ => high.abs().max(low.abs()) * 0.02 + 1e-9,
        };
        let air = ((high - low) * 0.1).max((least - (high - low)) / 2.0);
        let (mut low, mut high) = (low - air, high + air);
        if values == Values::Probability {
            (low, high) = (low.max(0.0), high.min(1.0));
        }
        Self { values, low, high, top, base }
    }

    /// The y of a value; past the horizon is the top.
    pub fn y(&self, value: Option<f64>) -> i32 {
        let Some(value) = value else { return self.top };
        let t = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.base - (t * f64::from(self.base - self.top)) as i32
    }

    /// Draws grid lines from `left` to `right`, labels to the left of them, and the line at the left.
    pub fn draw(&self, canvas: &mut Canvas, left: i32, right: i32) {
        let step = match self.values {
            // Weeks, so that labels are days on which something can go live.
            Values::Date => {
                let weeks = ((self.high - self.low) / 7.0 / 7.0).ceil().max(1.0);
                7.0 * weeks
            }
            _ => round_step((self.high - self.low) / 6.0),
        };
        let first = (self.low / step - 1e-9).ceil();
        let mut last_y = i32::MAX;
        for n in 0..=8 {
            let value = (first + f64::from(n)) * step;
            if value > self.high + step * 1e-9 {
                break;
            }
            let y = self.y(Some(value));
            canvas.path(vec![(left, y), (right, y)], GRID, 5);
            if last_y.saturating_sub(y) >= APART {
                let words = match self.values {
                    Values::Date => self.values.short(Some(value)),
                    Values::Amount => wording::amount(value),
                    _ => format!("{value:.*}", decimals(step)).replace('-', "−"),
                };
                canvas.text((left - 40, y + 26), Text::new(words, LABEL).colour(GREY).anchor(Anchor::End));
                last_y = y;
            }
        }
        canvas.path(vec![(left, self.top), (left, self.base)], INK, 8);
    }
}
