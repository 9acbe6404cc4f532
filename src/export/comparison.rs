//! A comparison as tidy tables: one plan's place in a ranking a row, and one pair of plans on one figure a row.

use super::Cell;
use super::table::Rows;
use crate::analysis::{Comparison, Pair, Ranking};
use crate::estimate::Figure;

/// Columns of `rankings.csv`, with what they hold.
pub const RANKING_COLUMNS: [(&str, &str); 18] = [
    ("measure", "name of the decision figure, as in comparison.json"),
    ("place", "place of the plan, 1 for the best; equals in the order of their ids"),
    ("plan", "id of the plan"),
    ("value", "the estimate"),
    ("standard_error", "standard error of sampling"),
    ("low", "lower end of the 95% sampling interval"),
    ("high", "upper end of the 95% sampling interval"),
    ("inputs_low", "lower end of what it is in 90% of the worlds that the inputs allow; empty without worlds"),
    ("inputs_high", "upper end of the same"),
    ("p_best_over_inputs", "share of worlds in which no plan is better, ties shared; empty without worlds"),
    ("behind_best", "paired difference to the best plan"),
    ("behind_standard_error", "standard error of that difference"),
    ("behind_low", "lower end of its 95% sampling interval"),
    ("behind_high", "upper end of its 95% sampling interval"),
    ("behind_inputs_low", "lower end of what it is in 90% of the worlds; empty without worlds"),
    ("behind_inputs_high", "upper end of the same"),
    ("separable_from_best", "whether both intervals of the difference exclude 0"),
    ("unit", "probability, number or cost"),
];

/// Columns of `pairs.csv`, with what they hold.
pub const PAIR_COLUMNS: [(&str, &str); 12] = [
    ("measure", "name of the decision figure, as in comparison.json"),
    ("a", "id of the one plan"),
    ("b", "id of the other"),
    ("difference", "a less b, paired"),
    ("standard_error", "its standard error of sampling"),
    ("low", "lower end of its 95% sampling interval"),
    ("high", "upper end of its 95% sampling interval"),
    ("inputs_low", "lower end of what it is in 90% of the worlds that the inputs allow; empty without worlds"),
    ("inputs_high", "upper end of the same"),
    ("p_a_better_over_inputs", "share of worlds in which a is better, a tie counting half; empty without worlds"),
    ("separable", "whether both intervals exclude 0"),
    ("identical", "whether they agree in every iteration"),
];

/// `rankings.csv`.
pub fn rankings_csv(comparison: &Comparison) -> Vec<u8> {
    let mut rows = Rows::new(RANKING_COLUMNS.map(|c| c.0));
    for ranking in &comparison.rankings {
        for (place, ranked) in ranking.plans.iter().enumerate() {
            let [value, error, low, high, inputs_low, inputs_high] = cells(&ranked.figure);
            let [behind, behind_error, behind_low, behind_high, behind_inputs_low, behind_inputs_high] =
                cells(&ranked.behind_best);
            rows.push([
                ranking.measure.as_str().into(),
                (place as u64 + 1).into(),
                ranked.plan.as_str().into(),
                value,
                error,
                low,
                high,
                inputs_low,
                inputs_high,
                or_empty(ranked.p_best_over_inputs),
                behind,
                behind_error,
                behind_low,
                behind_high,
                behind_inputs_low,
                behind_inputs_high,
                ranked.separable_from_best.into(),
                unit(ranking).into(),
            ]);
        }
    }
    rows.bytes()
}

/// `pairs.csv`.
pub fn pairs_csv(comparison: &Comparison) -> Vec<u8> {
    let mut rows = Rows::new(PAIR_COLUMNS.map(|c| c.0));
    for pair in &comparison.pairs {
        rows.push(pair_row(pair));
    }
    rows.bytes()
}

fn pair_row(pair: &Pair) -> [Cell<'_>; 12] {
    let mut difference = pair.difference;
    difference.inputs_interval = pair.inputs_interval;
    let [value, error, low, high, inputs_low, inputs_high] = cells(&difference);
    [
        pair.measure.as_str().into(),
        pair.a.as_str().into(),
        pair.b.as_str().into(),
        value,
        error,
        low,
        high,
        inputs_low,
        inputs_high,
        or_empty(pair.p_a_better_over_inputs),
        pair.separable.into(),
        pair.identical.into(),
    ]
}

/// A figure with both uncertainties: estimate, standard error, ends of the sampling and of the inputs interval.
fn cells<'a>(figure: &Figure) -> [Cell<'a>; 6] {
    let [low, high] = figure.interval;
    let [inputs_low, inputs_high] = figure.inputs_interval.map_or([None; 2], |ends| ends.map(Some));
    [
        figure.estimate.into(),
        figure.standard_error.into(),
        low.into(),
        high.into(),
        or_empty(inputs_low),
        or_empty(inputs_high),
    ]
}

fn or_empty<'a>(number: Option<f64>) -> Cell<'a> {
    number.map_or(Cell::Empty, Cell::Number)
}

fn unit(ranking: &Ranking) -> &'static str {
    match (ranking.probability, ranking.measure.as_str()) {
        (true, _) => "probability",
        (_, "cost") => "cost",
        _ => "number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sample;

    #[test]
    fn every_place_and_every_pair_is_a_row() {
        let comparison = sample::comparison();
        let read = |bytes: Vec<u8>| -> Vec<Vec<String>> {
            csv::Reader::from_reader(bytes.as_slice())
                .records()
                .map(|r| r.unwrap().iter().map(str::to_owned).collect())
                .collect()
        };
        let rankings = read(rankings_csv(&comparison));
        let places: usize = comparison.rankings.iter().map(|r| r.plans.len()).sum();
        assert_eq!(rankings.len(), places);
        let best = &comparison.rankings[0].plans[0];
        assert_eq!(
            rankings[0][..4],
            [&comparison.rankings[0].measure, "1", &best.plan, &best.figure.estimate.to_string()]
        );
        assert_eq!(rankings[0][7], best.figure.inputs_interval.unwrap()[0].to_string());
        let pairs = read(pairs_csv(&comparison));
        assert_eq!(pairs.len(), comparison.pairs.len());
        assert_eq!(pairs[0][10..], ["true", "false"]);
    }
}
