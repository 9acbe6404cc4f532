//! Plans compared on the same worlds: which is better, by how much, and whether the inputs can tell.
//!
//! Every pair of plans is compared by its paired difference, which has two errors that are never mixed:
//! sampling (95%) and inputs (90% of worlds). Two plans are *separable* on a figure when both intervals
//! exclude 0. Worlds vote: in what share of them is the one better than the other.

use serde::Serialize;

use super::outlook::Outlook;
use super::runs::Runs;
use crate::estimate::{Figure, OverWorlds, paired_difference};
use crate::program::Program;
use crate::simulate::{Decision, Tally};

/// Plans compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The outlook of every plan, decision figures with their input intervals.
    #[serde(flatten)]
    pub outlook: Outlook,
    /// Number of worlds that input intervals come from.
    pub worlds: u64,
    /// Iterations in each world.
    pub iterations_in_a_world: u64,
    /// Every pair of plans on every decision figure that both have.
    pub pairs: Vec<Pair>,
    /// Plans in order, best first, on every decision figure.
    pub rankings: Vec<Ranking>,
    /// Pairs of plans of which one is never worse at any date.
    pub dominance: Vec<Dominance>,
}

/// Two plans on one figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// Id of the one plan.
    pub a: String,
    /// Id of the other.
    pub b: String,
    /// The decision figure.
    pub measure: String,
    /// a − b, with its sampling error.
    pub difference: Figure,
    /// a − b in 90% of the worlds; `null` without worlds.
    pub inputs_interval: Option<[f64; 2]>,
    /// Share of worlds in which a is better than b, a tie counting half; `null` without worlds.
    pub p_a_better_over_inputs: Option<f64>,
    /// Whether they can be told apart: both intervals exclude 0.
    pub separable: bool,
    /// Whether they agree in every iteration.
    pub identical: bool,
}

/// Plans in order on one figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranking {
    /// The decision figure.
    pub measure: String,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// Whether it is a probability rather than a mean number.
    pub probability: bool,
    /// Plans, best first; equals in the order of their ids.
    pub plans: Vec<Ranked>,
}

/// A plan's place on one figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranked {
    /// Id of the plan.
    pub plan: String,
    /// The figure.
    pub figure: Figure,
    /// Share of worlds in which no plan is better, ties shared; `null` without worlds.
    pub p_best_over_inputs: Option<f64>,
    /// Difference to the best plan.
    pub behind_best: Figure,
    /// Whether it can be told apart from the best.
    pub separable_from_best: bool,
}

/// One plan stochastically dominates another on the date of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dominance {
    /// Id of the release.
    pub release: String,
    /// Plan that is never later.
    pub plan: String,
    /// Plan that it dominates.
    pub over: String,
    /// 1: live by every date with at least the probability. 2: in the sum up to every date.
    pub order: u8,
}

impl Runs<'_> {
    pub(super) fn pair(&self, a: usize, b: usize, decision: usize) -> Pair {
        let about = &self.decisions[decision];
        let squares = self.paired.squares(a, b, decision);
        let (sum_a, sum_b) = (self.paired.sum(a, decision), self.paired.sum(b, decision));
        let difference = paired_difference(sum_a, sum_b, squares, self.paired.iterations, about.is_probability());
        let over = self.difference_over_worlds(a, b, decision);
        let better = |value: f64| match (value == 0.0, (value > 0.0) == about.more_is_better()) {
            (true, _) => 0.5,
            (false, true) => 1.0,
            (false, false) => 0.0,
        };
        let excludes_zero = |interval: [f64; 2]| interval[0] > 0.0 || interval[1] < 0.0;
        Pair {
            a: self.programs[a].register().plan.clone(),
            b: self.programs[b].register().plan.clone(),
            measure: about.name(),
            difference,
            inputs_interval: over.as_ref().map(|o| o.interval),
            p_a_better_over_inputs: over
                .as_ref()
                .map(|o| o.values.iter().map(|v| better(*v)).sum::<f64>() / o.values.len() as f64),
            separable: squares > 0.0
                && excludes_zero(difference.interval)
                && over.as_ref().is_none_or(|o| excludes_zero(o.interval)),
            identical: squares == 0.0 && self.worlds.iter().all(|w| w.paired.squares(a, b, decision) == 0.0),
        }
    }

    fn ranking(&self, decision: usize, pairs: &[Pair]) -> Ranking {
        let about = &self.decisions[decision];
        let measure = about.name();
        let sign = if about.more_is_better() { 1.0 } else { -1.0 };
        let mut order: Vec<usize> = (0..self.programs.len()).filter(|p| about.is_of(&self.programs[*p])).collect();
        let value = |p: usize| sign * self.paired.sum(p, decision);
        order.sort_by(|a, b| value(*b).total_cmp(&value(*a)).then(a.cmp(b)));
        let best = order[0];
        let shares = self.shares_of_best(&order, decision, sign);
        let id = |p: usize| &self.programs[p].register().plan;
        let plans = order.iter().map(|&p| {
            let pair = pairs.iter().find(|pair| {
                pair.measure == measure
                    && (pair.a == *id(p) && pair.b == *id(best) || pair.a == *id(best) && pair.b == *id(p))
            });
            let behind_best = pair.map_or(Figure::new(0.0, 0.0, [0.0, 0.0]), |pair| {
                let mut figure = if pair.a == *id(p) { pair.difference } else { mirrored(pair.difference) };
                figure.inputs_interval =
                    pair.inputs_interval.map(|[low, high]| if pair.a == *id(p) { [low, high] } else { [-high, -low] });
                figure
            });
            Ranked {
                plan: id(p).clone(),
                figure: self.figure(p, decision),
                p_best_over_inputs: shares.as_ref().map(|s| s[p]),
                behind_best,
                separable_from_best: pair.is_some_and(|pair| pair.separable),
            }
        });
        Ranking {
            measure: measure.clone(),
            more_is_better: about.more_is_better(),
            probability: about.is_probability(),
            plans: plans.collect(),
        }
    }

    /// In what share of worlds each plan is the best, ties shared equally.
    fn shares_of_best(&self, plans: &[usize], decision: usize, sign: f64) -> Option<Vec<f64>> {
        let over: Vec<(usize, OverWorlds)> =
            plans.iter().map(|p| Some((*p, self.over_worlds(*p, decision)?))).collect::<Option<_>>()?;
        let mut shares = vec![0.0; self.programs.len()];
        let worlds = self.worlds.len();
        for w in 0..worlds {
            let best = over.iter().map(|(_, o)| sign * o.values[w]).fold(f64::NEG_INFINITY, f64::max);
            let winners: Vec<usize> =
                over.iter().filter(|(_, o)| sign * o.values[w] == best).map(|(p, _)| *p).collect();
            winners.iter().for_each(|p| shares[*p] += 1.0 / winners.len() as f64 / worlds as f64);
        }
        Some(shares)
    }

    fn dominance(&self) -> Vec<Dominance> {
        let mut found = Vec::new();
        let mut ids: Vec<&str> =
            self.programs.iter().flat_map(|p| &p.register().releases).map(|r| r.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        for release in ids {
            let curves: Vec<Option<Vec<(i32, u64)>>> =
                self.programs.iter().zip(self.tallies).map(|(p, t)| live_by(p, t, release)).collect();
            for (a, curve) in curves.iter().enumerate() {
                for (b, other) in curves.iter().enumerate() {
                    if let (true, Some(curve), Some(other)) = (a != b, curve, other)
                        && let Some(order) = dominates(curve, other)
                    {
                        let id = |p: usize| self.programs[p].register().plan.clone();
                        found.push(Dominance { release: release.to_owned(), plan: id(a), over: id(b), order });
                    }
                }
            }
        }
        found
    }
}

/// The decision figures that plans are ranked by, with their places.
fn ranking_decisions<'a>(runs: &Runs<'a>) -> impl Iterator<Item = (usize, &'a Decision)> {
    runs.decisions.iter().enumerate().filter(|(_, decision)| decision.ranks_plans())
}

/// Compares plans.
pub fn compare(outlook: Outlook, runs: &Runs<'_>) -> Comparison {
    let mut pairs = Vec::new();
    for (d, decision) in ranking_decisions(runs) {
        for a in 0..runs.programs.len() {
            for b in a + 1..runs.programs.len() {
                if decision.is_of(&runs.programs[a]) && decision.is_of(&runs.programs[b]) {
                    pairs.push(runs.pair(a, b, d));
                }
            }
        }
    }
    let rankings = ranking_decisions(runs).map(|(d, _)| runs.ranking(d, &pairs)).collect();
    Comparison {
        outlook,
        worlds: runs.worlds.len() as u64,
        iterations_in_a_world: runs.iterations_in_a_world(),
        pairs,
        rankings,
        dominance: runs.dominance(),
    }
}

fn mirrored(figure: Figure) -> Figure {
    Figure::new(-figure.estimate, figure.standard_error, [-figure.interval[1], -figure.interval[0]])
}

/// Iterations in which a release is live by each of its possible days, in order.
fn live_by(program: &Program, tally: &Tally, release: &str) -> Option<Vec<(i32, u64)>> {
    let place = program.register().releases.iter().position(|r| r.id == release)?;
    let mut so_far = 0;
    let days = program.windows().iter().zip(&tally.releases[place].live);
    Some(
        days.map(|(day, count)| {
            so_far += count;
            (*day, so_far)
        })
        .collect(),
    )
}

/// The order, 1 or 2, in which one distribution of dates dominates another; `None` if it does not, or
/// if they are equal. Counts are of the same number of iterations.
fn dominates(curve: &[(i32, u64)], other: &[(i32, u64)]) -> Option<u8> {
    let mut days: Vec<i32> = curve.iter().chain(other).map(|(day, _)| *day).collect();
    days.sort_unstable();
    days.dedup();
    let by = |curve: &[(i32, u64)], day: i32| match curve.partition_point(|(d, _)| *d <= day) {
        0 => 0,
        n => i128::from(curve[n - 1].1),
    };
    let (mut first, mut second, mut equal, mut area) = (true, true, true, 0i128);
    for (i, &day) in days.iter().enumerate() {
        let lead = by(curve, day) - by(other, day);
        first &= lead >= 0;
        equal &= lead == 0;
        let length = days.get(i + 1).map_or(1, |next| next - day);
        area += lead * i128::from(length);
        second &= area >= 0;
    }
    match (equal, first, second) {
        (true, ..) => None,
        (_, true, _) => Some(1),
        (_, _, true) => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dominance_of_first_and_second_order() {
        let early = [(1, 60), (8, 90), (15, 100)];
        let late = [(1, 50), (8, 90), (15, 100)];
        assert_eq!(dominates(&early, &late), Some(1));
        assert_eq!(dominates(&late, &early), None);
        assert_eq!(dominates(&early, &early), None);
        // Ahead by 10 for a week, then behind by 5 for a week: ahead in the sum only.
        let crossing = [(1, 60), (8, 85), (15, 100)];
        assert_eq!(dominates(&crossing, &late), Some(2));
        assert_eq!(dominates(&late, &crossing), None);
    }
}
