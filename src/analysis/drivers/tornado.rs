//! The tornado: each input from its P10 to its P90, everything else as it varies.
//!
//! Both ends and the plain run share every other draw, iteration by iteration, so that a swing has the small error of
//! a paired difference. The input takes the value on all of its paths. Of a correlated group only the member itself is
//! pinned: the others keep the values they had, so that a swing is what this number does, not what it goes along with.

use serde::Serialize;

use super::inputs::Input;
use super::measure::{Measure, Percentile80, Scale, p80_difference};
use crate::analysis::wording;
use crate::estimate::Figure;
use crate::simulate::Samples;

/// One input of a tornado.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// Path of the input.
    pub input: String,
    /// The figure with the input at its P10.
    pub low: Figure,
    /// The figure with the input at its P90.
    pub high: Figure,
    /// From P10 to P90, with its sign.
    pub swing: Figure,
    /// Whether every iteration is the same at both ends: the input makes no difference.
    pub same: bool,
    /// P80 at both ends; absent from other measures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p80: Option<P80Swing>,
}

/// P80 at both ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct P80Swing {
    /// With the input at its P10.
    pub low: Percentile80,
    /// With the input at its P90.
    pub high: Percentile80,
    /// Days from the one to the other; `null` if one is past the horizon.
    pub days: Option<f64>,
    /// Standard error of that; `null` for dates, which move in steps.
    pub standard_error: Option<f64>,
}

impl Bar {
    /// How far it moves the figure, without sign: of a finish P80 in days, else the swing of the figure.
    pub fn length(&self, measure: &Measure) -> f64 {
        match (measure.scale, self.p80) {
            (Scale::Days, Some(P80Swing { days: Some(days), .. })) => days.abs(),
            _ => self.swing.estimate.abs(),
        }
    }

    /// Whether the sampling error leaves its sign open.
    pub fn is_lost_in_noise(&self) -> bool {
        self.swing.interval[0] <= 0.0 && self.swing.interval[1] >= 0.0
    }
}

/// The bar of an input on a measure, from samples at its P10 and its P90.
pub fn bar(input: &Input, measure: &Measure, place: usize, low: &Samples, high: &Samples) -> Bar {
    let (a, b) = (measure.numbers(&low[place]), measure.numbers(&high[place]));
    let same = low[place] == high[place];
    let p80 = (measure.asked == super::Asked::P80).then(|| {
        let (low80, high80) = (measure.percentile(&low[place]), measure.percentile(&high[place]));
        let of_finish = (measure.scale == Scale::Days).then(|| p80_difference(&high[place], &low[place])).flatten();
        P80Swing {
            low: low80,
            high: high80,
            days: low80.days.zip(high80.days).map(|(low, high)| high - low),
            standard_error: of_finish.map(|f| f.standard_error),
        }
    });
    Bar {
        input: input.path.clone(),
        low: measure.figure(&a),
        high: measure.figure(&b),
        swing: measure.difference(&b, &a),
        same,
        p80,
    }
}

/// Longest first; equals in the order of their paths.
pub fn sort(bars: &mut [Bar], measure: &Measure) {
    bars.sort_by(|a, b| b.length(measure).total_cmp(&a.length(measure)).then(a.input.cmp(&b.input)));
}

/// A value of an input as a reader says it: `0.15`, `12.4 days`.
pub fn value_in_words(value: f64, unit: Option<&str>) -> String {
    let number = wording::significant(value, 3);
    unit.map_or_else(|| number.clone(), |unit| format!("{number} {unit}"))
}
