//! Splitting against bundling: what every way of spreading a group over consecutive windows buys, and what it takes.
//!
//! A way takes windows (nights) beyond the first, and days that releases are planned later than they were. It may buy a
//! higher probability that all go live on their dates and stay, or a lower expected number of releases that miss; these
//! are not the same, because what stops one release may stop the others of its night too. A way is *efficient* in one of
//! the two if no other is at least as good for no more windows and no more days, and is better in one of the three; by
//! estimates, with the paired difference to the best way that dominates it.

use jiff::civil::Date;
use jiff::{Unit, civil};
use serde::Serialize;

use super::super::outlook::DatePercentile;
use super::super::wording;
use super::asker::{Asker, Of, Recipe};
use super::{Case, models_incidents, separable};
use crate::estimate::Figure;

/// All ways of splitting a group that were tried.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Frontier {
    /// Whether only ways that keep the order of the releases were tried, there being too many others.
    pub in_order_only: bool,
    /// Ways left out because there are not enough open windows up to the horizon.
    pub without_windows: usize,
    /// The ways, the first of which is not to split; then by added windows and days.
    pub ways: Vec<Way>,
}

/// One way of splitting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Way {
    /// Night by night.
    pub nights: Vec<Night>,
    /// Windows beyond the first.
    pub added_windows: u32,
    /// Days that releases are planned later than in the plan, added up.
    pub added_days: u32,
    /// Probability that all are deployed on their planned dates and kept.
    pub p_all: Figure,
    /// The same of each release, in the order of the group's.
    pub p_stays: Vec<Figure>,
    /// Expected number of releases that miss.
    pub missed: Figure,
    /// Extra incidents of category 1 or 2, mean number; `null` in a scenario that models no incidents.
    pub extra_category_1_or_2: Option<Figure>,
    /// 80th percentile of the date on which the last of them is live for good.
    pub last_go_live_p80: DatePercentile,
    /// Against not splitting; `null` for not splitting itself.
    pub change: Option<Change>,
    /// How it stands among all ways by the probability that all stay.
    pub by_p_all: Standing,
    /// How it stands among all ways by the expected number of releases that miss.
    pub by_missed: Standing,
    /// Plans of the scenario with the same dates.
    pub plans: Vec<SamePlan>,
}

/// Releases deployed in one window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Night {
    /// Date of the window.
    pub date: Date,
    /// Ids of the releases.
    pub releases: Vec<String>,
}

/// Paired differences to not splitting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// In the probability that all are deployed on their planned dates and kept.
    pub p_all: Figure,
    /// In the expected number of releases that miss.
    pub missed: Figure,
    /// In the mean number of extra incidents of category 1 or 2.
    pub extra_category_1_or_2: Option<Figure>,
}

/// How a way stands among all ways by one figure.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Standing {
    /// Whether no other way dominates it, by estimates.
    pub efficient: bool,
    /// The best of the ways that dominate it; `null` for an efficient one.
    pub dominated_by: Option<Dominated>,
}

/// A way that dominates another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dominated {
    /// Its place among the ways.
    pub way: usize,
    /// By how much it is better in the figure.
    pub difference: Figure,
    /// Whether that can be told from 0.
    pub separable: bool,
}

/// A plan of the scenario with the dates of a way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SamePlan {
    /// Id of the plan.
    pub id: String,
    /// Whether nothing but the dates tells it from the plan that was split.
    pub dates_only: bool,
}

impl Way {
    /// `SEC | U22 + U30`: the nights in order.
    pub fn name(&self) -> String {
        let nights: Vec<String> = self.nights.iter().map(|night| night.releases.join(" + ")).collect();
        wording::plain(&nights.join(" | "), 200)
    }

    /// Whether it is efficient in either figure.
    pub fn efficient(&self) -> bool {
        self.by_p_all.efficient || self.by_missed.efficient
    }
}

impl Frontier {
    /// What splitting buys, in a sentence without its full stop, which breaks into lines nowhere in a name. A split is said to be better only if it can be told from
    /// not splitting.
    pub fn finding(&self) -> String {
        let Some((together, splits)) = self.ways.split_first() else {
            return "There is no way of splitting".to_owned();
        };
        let better = |of: &dyn Fn(&Change) -> (f64, bool)| {
            let gains = splits.iter().filter_map(|way| {
                let (gain, separable) = of(way.change.as_ref()?);
                (separable && gain > 0.0).then_some((way, gain))
            });
            gains.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(way, _)| way)
        };
        let p = |way: &Way| wording::probability(way.p_all.estimate);
        let name = |way: &Way| way.name().replace(' ', "\u{a0}");
        let likelier = better(&|change| (change.p_all.estimate, separable(&change.p_all)));
        let fewer = better(&|change| (-change.missed.estimate, separable(&change.missed)));
        let first = match likelier {
            Some(way) => {
                format!("Split as {}, all stay with probability {} rather than {}", name(way), p(way), p(together))
            }
            None => format!("No split can be told to make it likelier that all stay ({})", p(together)),
        };
        let now = together.missed.estimate;
        let second = match (fewer, likelier.is_some()) {
            (Some(way), false) => {
                format!(
                    "; {} lowers the expected number of misses from {now:.2} to {:.2}",
                    name(way),
                    way.missed.estimate
                )
            }
            (Some(way), true) => {
                format!("; expected misses fall from {now:.2} to {:.2} with {}", way.missed.estimate, name(way))
            }
            (None, false) => format!(", or to lower the expected number of misses ({now:.2})"),
            (None, true) => format!("; none can be told to lower the expected number of misses ({now:.2})"),
        };
        first + &second
    }
}

pub(super) fn frontier(case: &Case<'_>, asker: &mut Asker<'_>) -> Frontier {
    let mut splits: Vec<&super::SplitLayout> = case.layout.splits.iter().collect();
    let date = case.layout.group.date;
    splits.sort_by_key(|split| (split.nights.len(), added_days(date, split)));
    let mut ways: Vec<Way> = splits.iter().map(|split| way(case, asker, split)).collect();
    let mut stand = |w: usize, better: Option<usize>, facts: &dyn Fn(usize) -> Vec<usize>| {
        let dominated_by = better.map(|better| {
            let terms = facts(better).into_iter().map(|fact| (1.0, fact));
            let terms = terms.chain(facts(w).into_iter().map(|fact| (-1.0, fact)));
            let difference = asker.figure(Recipe::linear(Of::Kept, terms));
            Dominated { way: better, separable: separable(&difference), difference }
        });
        Standing { efficient: dominated_by.is_none(), dominated_by }
    };
    let standings: Vec<[Standing; 2]> = (0..ways.len())
        .map(|w| {
            let all = |w: usize| vec![case.fact(splits[w].run, case.all())];
            let each = |w: usize| (0..case.n()).map(|r| case.fact(splits[w].run, 1 << r)).collect();
            [
                stand(w, dominated_by(&ways, w, |way| way.p_all.estimate), &all),
                stand(w, dominated_by(&ways, w, |way| -way.missed.estimate), &each),
            ]
        })
        .collect();
    for (way, [by_p_all, by_missed]) in ways.iter_mut().zip(standings) {
        (way.by_p_all, way.by_missed) = (by_p_all, by_missed);
    }
    Frontier { in_order_only: case.layout.in_order_only, without_windows: case.layout.without_windows, ways }
}

fn way(case: &Case<'_>, asker: &mut Asker<'_>, split: &super::SplitLayout) -> Way {
    let n = case.n();
    let whole = case.layout.whole();
    let all = |run: usize| case.fact(run, case.all());
    let each = |run: usize| (0..n).map(move |r| case.fact(run, 1 << r));
    let incidents = models_incidents(case.programs[split.run].register());
    let missed = Recipe { constant: n as f64, ..Recipe::linear(Of::Kept, each(split.run).map(|fact| (-1.0, fact))) };
    let change = (split.run != whole).then(|| Change {
        p_all: asker.figure(Recipe::linear(Of::Kept, [(1.0, all(split.run)), (-1.0, all(whole))])),
        missed: asker.figure(Recipe::linear(
            Of::Kept,
            each(whole).map(|fact| (1.0, fact)).chain(each(split.run).map(|fact| (-1.0, fact))),
        )),
        extra_category_1_or_2: incidents
            .then(|| asker.figure(Recipe::linear(Of::Incidents, [(1.0, split.run), (-1.0, whole)]))),
    });
    let dates = &case.layout.runs[split.run];
    let same = case.siblings.iter().filter(|plan| plan.dates == *dates);
    Way {
        nights: split
            .nights
            .iter()
            .map(|(date, places)| Night { date: *date, releases: places.iter().map(|p| case.id(*p)).collect() })
            .collect(),
        added_windows: split.nights.len() as u32 - 1,
        added_days: added_days(case.layout.group.date, split),
        p_all: asker.figure(Recipe::linear(Of::Kept, [(1.0, all(split.run))])),
        p_stays: each(split.run).map(|fact| asker.figure(Recipe::linear(Of::Kept, [(1.0, fact)]))).collect(),
        missed: asker.figure(missed),
        extra_category_1_or_2: incidents.then(|| asker.figure(Recipe::linear(Of::Incidents, [(1.0, split.run)]))),
        last_go_live_p80: asker.last_go_live(split.run, 0.8),
        change,
        by_p_all: Standing::default(),
        by_missed: Standing::default(),
        plans: same.map(|plan| SamePlan { id: plan.id.clone(), dates_only: plan.dates_only }).collect(),
    }
}

fn added_days(date: civil::Date, split: &super::SplitLayout) -> u32 {
    let later = |night: &civil::Date| date.until((Unit::Day, *night)).map_or(0, |span| span.get_days());
    let days: i32 = split.nights.iter().map(|(night, places)| later(night) * places.len() as i32).sum();
    days.cast_unsigned()
}

/// The best, in a figure of which more is better, of the ways that dominate one; the first of equals.
fn dominated_by(ways: &[Way], w: usize, value: impl Fn(&Way) -> f64) -> Option<usize> {
    let takes = |way: &Way| (way.added_windows, way.added_days);
    let way = &ways[w];
    let dominates = |other: &Way| {
        let (windows, days) = takes(other);
        let no_worse = value(other) >= value(way) && windows <= way.added_windows && days <= way.added_days;
        no_worse && (value(other) > value(way) || takes(other) != takes(way))
    };
    let mut best: Option<usize> = None;
    for (o, other) in ways.iter().enumerate().filter(|(_, other)| dominates(other)) {
        if best.is_none_or(|best| value(other) > value(&ways[best])) {
            best = Some(o);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_nowhere_better_is_dominated() {
        let way = |p: f64, windows: u32, days: u32| Way {
            nights: vec![],
            added_windows: windows,
            added_days: days,
            p_all: Figure::new(p, 0.0, [p, p]),
            p_stays: vec![],
            missed: Figure::new(0.0, 0.0, [0.0; 2]),
            extra_category_1_or_2: None,
            last_go_live_p80: DatePercentile { date: None, interval: [None; 2], inputs_interval: None },
            change: None,
            by_p_all: Standing::default(),
            by_missed: Standing::default(),
            plans: vec![],
        };
        let ways = [way(0.3, 0, 0), way(0.4, 1, 7), way(0.35, 1, 7), way(0.4, 1, 14), way(0.6, 2, 21), way(0.3, 0, 0)];
        let by: Vec<Option<usize>> =
            (0..ways.len()).map(|w| dominated_by(&ways, w, |way| way.p_all.estimate)).collect();
        assert_eq!(by, [None, None, Some(1), Some(1), None, None]);
    }
}
