//! The words of a chart of dots: a row's estimate and intervals, and the labels of its axis.

use jiff::ToSpan;
use jiff::civil::Date;

use super::canvas::Text;
use super::dots::Axis;
use super::font::width;
use super::number_axis::decimals;
use super::theme::{BODY, GREY, LABEL};
use crate::analysis::wording;
use crate::estimate::Figure;

/// A row's figure in words.
pub struct Value {
    estimate: String,
    inputs: Option<String>,
}

impl Value {
    /// Its lines: estimate and inputs, on one line where there are many rows.
    pub fn lines(&self, compact: bool) -> Vec<Text> {
        match &self.inputs {
            Some(inputs) if compact => vec![Text::new(format!("{} ({inputs})", self.estimate), LABEL)],
            inputs => {
                let size = if compact { LABEL } else { BODY };
                let estimate = Text::new(self.estimate.as_str(), size);
                let mut lines = vec![if compact { estimate } else { estimate.bold() }];
                lines.extend(inputs.iter().map(|i| Text::new(i.as_str(), LABEL).colour(GREY)));
                lines
            }
        }
    }

    /// Length of the longest line.
    pub fn width(&self, compact: bool) -> i32 {
        self.lines(compact).iter().map(|t| width(&t.text, t.size, t.bold)).max().unwrap_or(0)
    }
}

/// A figure in words.
pub fn value(axis: &Axis, figure: &Figure) -> Value {
    let between = |word: &dyn Fn(f64) -> String| {
        figure.inputs_interval.map(|[low, high]| {
            let (low, high) = (word(low), word(high));
            if low == high { low } else { format!("{low} to {high}") }
        })
    };
    let inputs = || wording::inputs_range(figure);
    match axis {
        Axis::Probability => Value { estimate: wording::probability_with_error(figure), inputs: inputs() },
        Axis::ProbabilityDifference => {
            Value { estimate: wording::difference_with_error(figure), inputs: between(&|x| wording::signed(x, 2)) }
        }
        Axis::Number { .. } => Value { estimate: wording::number_with_error(figure), inputs: inputs() },
        Axis::NumberDifference { .. } => {
            Value { estimate: wording::difference_with_error(figure), inputs: between(&|x| wording::signed(x, 2)) }
        }
        Axis::Amount { .. } => Value {
            estimate: wording::amount_with_error(figure),
            inputs: figure.inputs_interval.map(wording::amount_range),
        },
        Axis::Date { zero } => {
            let word = |days: f64| date(*zero, days).map_or_else(|| wording::NOT_LIVE.to_owned(), wording::short_date);
            Value { estimate: word(figure.estimate), inputs: between(&word) }
        }
    }
}

/// The label of a tick, told the distance of two ticks.
pub fn tick(axis: &Axis, at: f64, step: f64) -> String {
    match axis {
        Axis::Amount { .. } if step >= 1.0 => wording::amount(at),
        _ => {
            let text = format!("{at:.*}", decimals(step));
            if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') {
                "0".to_owned()
            } else {
                text.replace('-', "−")
            }
        }
    }
}

/// The date some days after day 0; `None` past the horizon.
fn date(zero: Date, days: f64) -> Option<Date> {
    if days.is_finite() { zero.checked_add((days.round() as i64).days()).ok() } else { None }
}
