//! Two versions as tidy tables: one part of one figure a row, and one edit a row.

use super::Cell;
use super::table::{NOT_LIVE, Rows};
use crate::analysis::{Diff, EditKind, Percentile};
use crate::estimate::Figure;

/// Columns of `diff.csv`, with what they hold.
pub const DIFF_COLUMNS: [(&str, &str); 13] = [
    ("measure", "name of the figure, as in diff.json; `….p80` is an 80th percentile"),
    ("row", "`old`, `new`, `whole` (new less old) or `part`"),
    ("part", "number of the part from 1; empty in other rows"),
    ("paths", "paths that the part edits, separated by spaces"),
    ("value", "the figure; of a part how much of the change it carries; of the whole and parts of a date, days later"),
    ("standard_error", "its standard error; empty for percentiles"),
    ("low", "lower end of its 95% sampling interval"),
    ("high", "upper end"),
    ("inputs_low", "lower end of where it lies in 90% of the worlds that the inputs allow"),
    ("inputs_high", "upper end"),
    ("least_over_orders", "least that a part moves, over what else is changed before it"),
    ("most_over_orders", "most that it moves"),
    ("exact", "a part, or the whole, as a whole number of divisors in diff.json; parts add up exactly"),
];

/// Columns of `edits.csv`, with what they hold.
pub const EDIT_COLUMNS: [(&str, &str); 5] = [
    ("path", "path of what differs"),
    ("kind", "`figures`, `texts` or `elsewhere`, as in diff.json"),
    ("part", "number of its part from 1; empty if it has none"),
    ("of", "title of the entry that it belongs to"),
    ("change", "what it was and what it is now"),
];

/// `diff.csv`.
pub fn diff_csv(diff: &Diff) -> Vec<u8> {
    let mut rows = Rows::<13>::new(DIFF_COLUMNS.map(|c| c.0));
    let paths: Vec<String> = diff.parts.iter().map(|part| part.paths.join(" ")).collect();
    for walk in &diff.figures {
        let mut push = |row: &str, part: Option<usize>, f: &Figure, orders: Option<[f64; 2]>, exact: Cell<'_>| {
            let [inputs_low, inputs_high] = both(f.inputs_interval);
            let [least, most] = both(orders);
            let [low, high] = f.interval.map(Cell::from);
            rows.push([
                walk.measure.as_str().into(),
                row.to_owned().into(),
                part.map_or(Cell::Empty, |part| Cell::Count(part as u64 + 1)),
                part.map_or(Cell::Empty, |part| paths[part].as_str().into()),
                f.estimate.into(),
                f.standard_error.into(),
                low,
                high,
                inputs_low,
                inputs_high,
                least,
                most,
                exact,
            ]);
        };
        push("old", None, &walk.before, None, Cell::Empty);
        push("new", None, &walk.after, None, Cell::Empty);
        push("whole", None, &walk.whole, None, exact(&walk.exact));
        for (place, part) in walk.parts.iter().enumerate() {
            push("part", Some(place), &part.carries, Some(part.over_orders), exact(&part.exact));
        }
    }
    for walk in &diff.p80 {
        let name = format!("{}.p80", walk.shift.of);
        let mut push =
            |row: &str, part: Option<usize>, cells: [Cell<'_>; 3], orders: Option<[f64; 2]>, exact: Cell<'_>| {
                let [value, low, high] = cells;
                let [least, most] = both(orders);
                rows.push([
                    name.as_str().into(),
                    row.to_owned().into(),
                    part.map_or(Cell::Empty, |part| Cell::Count(part as u64 + 1)),
                    part.map_or(Cell::Empty, |part| paths[part].as_str().into()),
                    value,
                    Cell::Empty,
                    low,
                    high,
                    Cell::Empty,
                    Cell::Empty,
                    least,
                    most,
                    exact,
                ]);
            };
        let shift = &walk.shift;
        let number = |x: Option<f64>| x.map_or(Cell::Empty, Cell::from);
        push("old", None, percentile(&shift.base), None, Cell::Empty);
        push("new", None, percentile(&shift.value), None, Cell::Empty);
        let [low, high] = shift.interval.map(number);
        push("whole", None, [number(shift.days_later), low, high], None, Cell::Empty);
        for (place, part) in walk.parts.iter().enumerate() {
            let [low, high] = part.interval.map(number);
            push("part", Some(place), [part.days.into(), low, high], Some(part.over_orders), exact(&part.exact));
        }
    }
    rows.bytes()
}

/// `edits.csv`.
pub fn edits_csv(diff: &Diff) -> Vec<u8> {
    let mut rows = Rows::<5>::new(EDIT_COLUMNS.map(|c| c.0));
    for edit in &diff.edits {
        let part = diff.parts.iter().position(|part| part.paths.contains(&edit.path));
        let kind = match edit.kind {
            EditKind::Figures => "figures",
            EditKind::Texts => "texts",
            EditKind::Elsewhere => "elsewhere",
        };
        rows.push([
            edit.path.as_str().into(),
            kind.into(),
            part.map_or(Cell::Empty, |part| Cell::Count(part as u64 + 1)),
            edit.title.as_deref().map_or(Cell::Empty, Cell::from),
            edit.change.as_str().into(),
        ]);
    }
    rows.bytes()
}

fn both<'a>(ends: Option<[f64; 2]>) -> [Cell<'a>; 2] {
    ends.map_or([Cell::Empty, Cell::Empty], |ends| ends.map(Cell::from))
}

/// A whole number with its sign, which is no formula.
fn exact<'a>(number: &str) -> Cell<'a> {
    number.parse::<i128>().map_or(Cell::Empty, Cell::Whole)
}

fn percentile<'a>(value: &Percentile) -> [Cell<'a>; 3] {
    match value {
        Percentile::Date(p) => [p.date, p.interval[0], p.interval[1]].map(|d| d.map_or(NOT_LIVE.into(), Cell::Date)),
        Percentile::Days(p) => [p.days, p.interval[0], p.interval[1]].map(|d| d.map_or(NOT_LIVE.into(), Cell::Number)),
    }
}
