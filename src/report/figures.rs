//! Figures of an outlook as cells: each with its sampling error, and below it, apart, where the inputs put it.

use super::content::{Cell, Text, Value};
use crate::analysis::outlook::{DatePercentile, DayPercentile};
use crate::analysis::wording;
use crate::estimate::{Figure, Mean};

/// What stands for nothing.
pub const NONE: &str = "–";

/// A cell without a figure.
pub fn none() -> Cell {
    Cell::words(NONE)
}

/// A probability, its standard error, and its input interval in brackets below.
pub fn probability(figure: &Figure) -> Cell {
    with_inputs(&wording::probability_with_error(figure), inputs(figure), Value::Number(figure.estimate))
}

/// The same of a figure that may be missing.
pub fn probability_or_none(figure: Option<&Figure>) -> Cell {
    figure.map_or_else(none, probability)
}

/// A mean number, its standard error, and its input interval in brackets below.
pub fn number(figure: &Figure) -> Cell {
    with_inputs(&wording::number_with_error(figure), inputs(figure), Value::Number(figure.estimate))
}

/// The mean of a number that may be missing.
pub fn mean_or_none(mean: Option<&Mean>) -> Cell {
    mean.map_or_else(none, |mean| number(&mean.mean))
}

/// A difference with its sign, its standard error, and its input interval below.
pub fn difference(figure: &Figure) -> Cell {
    with_inputs(&wording::difference_with_error(figure), inputs(figure), Value::Number(figure.estimate))
}

/// A percentile of a date, its sampling interval where it is more than that date, and its input interval.
pub fn date(percentile: &DatePercentile) -> Cell {
    let words = percentile.date.map_or_else(|| wording::NOT_LIVE.to_owned(), wording::short_date);
    let [sampling, inputs] = wording::date_ranges_in_brief(percentile);
    let value = percentile.date.map_or(Value::None, Value::Date);
    ranges(&words, sampling, inputs, value)
}

/// A percentile in days, likewise.
pub fn days(percentile: &DayPercentile) -> Cell {
    let value = percentile.days.map_or(Value::None, Value::Number);
    let [sampling, inputs] = [wording::day_interval(percentile), wording::day_inputs(percentile)];
    ranges(&wording::day_percentile(percentile), sampling, inputs, value)
}

/// A probability in a sentence, with both uncertainties: `0.812 ± 0.001 (inputs 0.76–0.87)`.
pub fn in_sentence(figure: &Figure) -> Text {
    let inputs = wording::inputs_range(figure).map_or_else(String::new, |range| format!(" (inputs {range})"));
    Text::default().and_strong(&unbroken(&wording::probability_with_error(figure))).and(unbroken(&inputs))
}

/// A mean number in a sentence, likewise.
pub fn number_in_sentence(figure: &Figure) -> Text {
    let inputs = wording::inputs_range(figure).map_or_else(String::new, |range| format!(" (inputs {range})"));
    Text::default().and_strong(&unbroken(&wording::number_with_error(figure))).and(unbroken(&inputs))
}

/// A date's percentile in a sentence: `Thu 18 Nov 2021 (inputs 11–25 Nov)`.
pub fn date_in_sentence(percentile: &DatePercentile) -> Text {
    let [_, inputs] = wording::date_ranges_in_brief(percentile);
    let inputs = inputs.map_or_else(String::new, |range| format!(" (inputs {range})"));
    Text::default().and_strong(&wording::date_percentile(percentile)).and(inputs)
}

/// The input interval, unless it is the estimate alone.
fn inputs(figure: &Figure) -> Option<String> {
    let alone = figure.inputs_interval == Some([figure.estimate; 2]);
    if alone { None } else { wording::inputs_range(figure) }
}

/// Spaces that break no line.
pub fn unbroken(words: &str) -> String {
    words.replace(' ', "\u{a0}")
}

fn ranges(words: &str, sampling: Option<String>, inputs: Option<String>, value: Value) -> Cell {
    let mut text = Text::words(unbroken(words));
    if let Some(sampling) = sampling {
        text = text.and_break().and_minor(format!("({})", unbroken(&sampling)));
    }
    if let Some(inputs) = inputs {
        text = text.and_break().and_minor(format!("[{}]", unbroken(&inputs)));
    }
    Cell { text, value }
}

fn with_inputs(words: &str, inputs: Option<String>, value: Value) -> Cell {
    ranges(words, None, inputs, value)
}
