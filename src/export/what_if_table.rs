//! What-ifs and grids as tidy tables: one figure of one what-if a row.

use super::Cell;
use super::table::{NOT_LIVE, Rows};
use crate::analysis::outlook::{DatePercentile, DayPercentile};
use crate::analysis::{Percentile, Shift, WhatIf, WhatIfs};

/// Columns that say a figure with and without a change, with what they hold; in `what-ifs.csv` and `grid.csv`.
pub const DIFFERENCE_COLUMNS: [(&str, &str); 18] = [
    ("measure", "name of the figure, as in what-ifs.json; `….p80` is an 80th percentile, a date or days"),
    ("base", "the plan as it stands; `not-live` is later than the horizon"),
    ("figure", "with the change"),
    ("standard_error", "standard error of the figure; empty for percentiles"),
    ("low", "lower end of its 95% sampling interval"),
    ("high", "upper end"),
    ("inputs_low", "lower end of where it lies in 90% of the worlds that the inputs allow"),
    ("inputs_high", "upper end"),
    ("difference", "with the change less without it, paired; of a date, days later"),
    ("difference_standard_error", "its paired standard error; empty for percentiles"),
    (
        "difference_low",
        "lower end of its 95% sampling interval; of a percentile, of an interval that holds nine times in ten",
    ),
    ("difference_high", "upper end"),
    ("difference_inputs_low", "lower end of where the difference lies in 90% of the worlds"),
    ("difference_inputs_high", "upper end"),
    ("p_better_over_inputs", "share of worlds in which the change is for the better, a tie counting half"),
    ("separable", "whether both intervals of the difference exclude 0; empty for percentiles"),
    ("identical", "whether the two agree in every iteration; empty for percentiles"),
    ("unit", "probability, number, date or days"),
];

/// `what-ifs.csv`.
pub fn what_ifs_csv(results: &WhatIfs) -> Vec<u8> {
    let mut header = vec!["plan", "what_if"];
    header.extend(DIFFERENCE_COLUMNS.map(|c| c.0));
    let mut rows = Rows::<20>::new(fixed(header, ""));
    for asked in &results.asked {
        for what_if in &asked.what_ifs {
            let start = || vec![asked.plan.as_str().into(), what_if.question.id.as_str().into()];
            each_row(what_if, |cells| rows.push(fixed(start().into_iter().chain(cells).collect(), Cell::Empty)));
        }
    }
    rows.bytes()
}

/// `grid.csv`; without rows if there is no grid.
pub fn grid_csv(results: &WhatIfs) -> Vec<u8> {
    let mut header = vec!["plan", "input", "value", "input_2", "value_2"];
    header.extend(DIFFERENCE_COLUMNS.map(|c| c.0));
    let mut rows = Rows::<23>::new(fixed(header, ""));
    let Some(grid) = &results.grid else { return rows.bytes() };
    for (place, point) in grid.points.iter().enumerate() {
        let mut rest = place;
        let mut inputs: Vec<[Cell<'_>; 2]> = Vec::new();
        for axis in grid.axes.iter().rev() {
            let value = axis.values[rest % axis.values.len()].as_str();
            let value = value.parse::<f64>().map_or_else(|_| value.into(), Cell::Number);
            inputs.push([axis.path.as_str().into(), value]);
            rest /= axis.values.len();
        }
        inputs.reverse();
        inputs.resize(2, [Cell::Empty, Cell::Empty]);
        each_row(point, |cells| {
            let start = std::iter::once(Cell::from(grid.plan.as_str())).chain(inputs.iter().flatten().cloned());
            rows.push(fixed(start.chain(cells).collect(), Cell::Empty));
        });
    }
    rows.bytes()
}

/// An array of what a vector holds, which has that length.
fn fixed<T: Clone, const N: usize>(mut cells: Vec<T>, rest: T) -> [T; N] {
    debug_assert_eq!(cells.len(), N);
    cells.resize(N, rest);
    cells.try_into().unwrap_or_else(|_| unreachable!("resized to the length"))
}

fn each_row<'w>(what_if: &'w WhatIf, mut push: impl FnMut(Vec<Cell<'w>>)) {
    for d in &what_if.differences {
        let optional = |ends: Option<[f64; 2]>, end: usize| ends.map_or(Cell::Empty, |ends| ends[end].into());
        let (figure, difference) = (&d.figure, &d.difference);
        push(vec![
            d.measure.as_str().into(),
            d.base.estimate.into(),
            figure.estimate.into(),
            figure.standard_error.into(),
            figure.interval[0].into(),
            figure.interval[1].into(),
            optional(figure.inputs_interval, 0),
            optional(figure.inputs_interval, 1),
            difference.estimate.into(),
            difference.standard_error.into(),
            difference.interval[0].into(),
            difference.interval[1].into(),
            optional(difference.inputs_interval, 0),
            optional(difference.inputs_interval, 1),
            d.p_better_over_inputs.map_or(Cell::Empty, Cell::from),
            Cell::Flag(d.separable),
            Cell::Flag(d.identical),
            (if d.probability { "probability" } else { "number" }).into(),
        ]);
    }
    what_if.p80.iter().for_each(|shift| push(shift_row(shift)));
}

fn shift_row(shift: &Shift) -> Vec<Cell<'_>> {
    let number = |x: Option<f64>| x.map_or(Cell::Empty, Cell::from);
    let [base, _, _, _, _] = percentile(&shift.base);
    let [value, low, high, inputs_low, inputs_high] = percentile(&shift.value);
    let unit = if matches!(shift.base, Percentile::Date(_)) { "date" } else { "days" };
    vec![
        format!("{}.p80", shift.of).into(),
        base,
        value,
        Cell::Empty,
        low,
        high,
        inputs_low,
        inputs_high,
        number(shift.days_later),
        Cell::Empty,
        number(shift.interval[0]),
        number(shift.interval[1]),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        unit.into(),
    ]
}

/// A percentile, the ends of its sampling interval, and of its input interval.
fn percentile<'a>(value: &Percentile) -> [Cell<'a>; 5] {
    fn cells<'a, T: Copy + Into<Cell<'a>>>(
        value: Option<T>,
        [low, high]: [Option<T>; 2],
        inputs: Option<[Option<T>; 2]>,
    ) -> [Cell<'a>; 5] {
        let cell = |x: Option<T>| x.map_or(Cell::from(NOT_LIVE), Into::into);
        let [a, b] = inputs.map_or([Cell::Empty, Cell::Empty], |ends| ends.map(cell));
        [cell(value), cell(low), cell(high), a, b]
    }
    match value {
        Percentile::Date(DatePercentile { date, interval, inputs_interval }) => {
            cells(*date, *interval, *inputs_interval)
        }
        Percentile::Days(DayPercentile { days, interval, inputs_interval }) => {
            cells(*days, *interval, *inputs_interval)
        }
    }
}
