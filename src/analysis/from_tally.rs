//! From tallies to the outlook.

use std::collections::BTreeMap;

use super::outlook::{
    AmountPercentile, BasisCount, ConsentDates, CostByCause, CostOutlook, CurvePoint, DatePercentile, DateShare,
    DayPercentile, DelayPercentiles, GoLivePercentiles, IncidentCountShares, IncidentOutlook, MeasureOutlook, Outlook,
    PlanOutlook, ReleaseOutlook, RiskOutlook, ScopeOutlook,
};
use crate::estimate::{Figure, Rank, percentile_rank, proportion, rank_interval};
use crate::program::{CostCause, Program};
use crate::register::{Effect, Register, Release};
use crate::simulate::{Histogram, IncidentCounts, ReleaseTally, Tally};

/// The outlook of one or more plans of a scenario, each run for the same number of iterations.
///
/// # Panics
/// Without any plan.
pub fn outlook(runs: &[(&Program, &Tally)]) -> Outlook {
    let (program, tally) = runs.first().expect("at least one plan is run");
    let register = program.register();
    let basis = register.basis;
    Outlook {
        scenario: register.scenario.clone(),
        title: register.title.clone(),
        data_date: register.dates.map(|d| d.zero.0),
        horizon: register.dates.filter(|_| !register.releases.is_empty()).and_then(|d| d.zero.date(d.horizon)),
        seed: program.seed(),
        iterations: tally.iterations,
        precision: None,
        inputs: None,
        stays_days: register.stays_days,
        cost_unit: register.cost_unit.clone().filter(|_| register.has_costs()),
        basis: BasisCount {
            stated: basis.stated,
            derived: basis.derived,
            base_rate: basis.base_rate,
            assumed: basis.assumed,
        },
        plans: runs.iter().map(|(program, tally)| plan(program, tally)).collect(),
    }
}

fn plan(program: &Program, tally: &Tally) -> PlanOutlook {
    let register = program.register();
    let n = tally.iterations;
    PlanOutlook {
        id: register.plan.clone(),
        title: register.plan_title.clone(),
        releases: register.releases.iter().zip(&tally.releases).map(|(r, t)| release(program, r, t, n)).collect(),
        p_all_live_on_target_and_stay: (!register.releases.is_empty()).then(|| proportion(tally.all_kept, n)),
        scope: register
            .scope
            .iter()
            .zip(&tally.ships)
            .enumerate()
            .map(|(i, (item, ships))| ScopeOutlook {
                id: item.id.clone(),
                title: item.title.clone(),
                release: item.release.clone(),
                system_impact: item.system_impact,
                deadline: item.deadline,
                p_ships: p_ships(register, i, *ships, n),
            })
            .collect(),
        incidents: incidents(register, tally),
        cost: register.has_costs().then(|| tally.cost.mean()).flatten(),
        costs: costs(register, tally),
        risks: register
            .risks
            .iter()
            .zip(&tally.occurred)
            .map(|(risk, occurred)| RiskOutlook {
                id: risk.id.clone(),
                title: risk.title.clone(),
                p_occurs: proportion(*occurred, n),
            })
            .collect(),
        measures: register
            .measures
            .iter()
            .enumerate()
            .map(|(m, about)| {
                let target = about.target.map(|days| (days, tally.by_target[m]));
                (about.id.clone(), measure(&about.title, target, &tally.measures[m], &tally.measure_moments[m]))
            })
            .collect(),
    }
}

/// Whether an item ships is certain where no risk can drop it.
fn p_ships(register: &Register, item: usize, ships: u64, n: u64) -> Figure {
    let drops = |e: &Effect| matches!(e, Effect::Drop(dropped) if *dropped == item);
    if register.scope[item].included && register.risks.iter().any(|r| r.all_effects().any(drops)) {
        return proportion(ships, n);
    }
    let certain = if register.scope[item].included { 1.0 } else { 0.0 };
    Figure::new(certain, 0.0, [certain, certain])
}

/// What makes up the cost, in a scenario with prices.
fn costs(register: &Register, tally: &Tally) -> Option<CostOutlook> {
    let histogram = tally.costs.as_ref()?;
    let at = |q: f64| {
        let Rank { at, low, high } = rank_interval(histogram.count(), q);
        let of = |rank: u64| histogram.order_statistic(rank);
        Some(AmountPercentile { amount: of(at)?, interval: [of(low), of(high)] })
    };
    let of = |cause: CostCause| tally.cost_by_cause[cause as usize].mean();
    Some(CostOutlook {
        p50: at(0.5)?,
        p80: at(0.8)?,
        p95: at(0.95)?,
        resolution: histogram.width(),
        by_cause: CostByCause {
            risks: of(CostCause::Risks)?,
            responses: of(CostCause::Responses)?,
            delay: of(CostCause::Delay)?,
            not_live: of(CostCause::NotLive)?,
            back_outs: of(CostCause::BackOuts)?,
            incidents: of(CostCause::Incidents)?,
        },
        background_incidents: tally.cost_of_background.mean().filter(|_| !register.processes.is_empty()),
    })
}

fn release(program: &Program, about: &Release, tally: &ReleaseTally, n: u64) -> ReleaseOutlook {
    let register = program.register();
    let zero = register.dates.expect("a scenario with releases has dates").zero;
    let date = |window: usize| zero.date(program.windows()[window]);
    let at = |q: f64| date_percentile(program, &tally.live, n, q);
    let mut so_far = 0;
    let mut dates = Vec::new();
    for (window, &count) in tally.live.iter().enumerate() {
        so_far += count;
        if let (true, Some(date)) = (count > 0, date(window)) {
            dates.push(DateShare { date, count, share: count as f64 / n as f64, cumulative: proportion(so_far, n) });
        }
    }
    ReleaseOutlook {
        id: about.id.clone(),
        title: about.title.clone(),
        target: about.target,
        p_live_on_target: proportion(tally.on_target, n),
        p_live_on_target_and_stays: proportion(tally.kept_on_target, n),
        p_not_live_by_horizon: proportion(tally.not_live, n),
        p_no_go: proportion(tally.no_go, n),
        p_backed_out: proportion(tally.backed_out, n),
        p_consent_needed: about.consent.map(|_| proportion(tally.consent, n)),
        if_consent_needed: consent_dates(program, about, tally),
        go_live: GoLivePercentiles { p10: at(0.1), p50: at(0.5), p80: at(0.8), p90: at(0.9), p95: at(0.95) },
        delay_if_missed: delay(program, about, tally),
        dates,
    }
}

/// A percentile of the go-live date over `n` iterations, from the counts by window of those that are live.
fn date_percentile(program: &Program, live: &[u64], n: u64, q: f64) -> DatePercentile {
    let zero = program.register().dates.expect("a scenario with releases has dates").zero;
    let Rank { at, low, high } = rank_interval(n, q);
    let ordered = Ordered { counts: live };
    let date_of = |rank: u64| ordered.window(rank).and_then(|window| zero.date(program.windows()[window]));
    // An interval open below begins with the first window.
    DatePercentile { date: date_of(at), interval: [date_of(low.max(1)), date_of(high)], inputs_interval: None }
}

/// Dates of the iterations in which consent was asked.
fn consent_dates(program: &Program, about: &Release, tally: &ReleaseTally) -> Option<ConsentDates> {
    let consent = about.consent.filter(|_| tally.consent > 0)?;
    let zero = program.register().dates.expect("a scenario with releases has dates").zero;
    let target = f64::from(about.target_day);
    // A plan beyond what is free asks at day 0, another one when its date is missed.
    let asked = if target > consent.free_until { 0.0 } else { target };
    let open = |day: &&i32| {
        let day = f64::from(**day);
        day > consent.free_until && day >= (asked + consent.takes_days).max(target)
    };
    let at = |q: f64| date_percentile(program, &tally.live_after_consent, tally.consent, q);
    Some(ConsentDates {
        asked: tally.consent,
        earliest: about.windows.iter().find(open).and_then(|day| zero.date(*day)),
        p50: at(0.5),
        p80: at(0.8),
    })
}

/// Delay of the kept go-live after the target, over the iterations in which it is not on it.
fn delay(program: &Program, about: &Release, tally: &ReleaseTally) -> Option<DelayPercentiles> {
    let target = program.windows().iter().position(|day| *day == about.target_day)?;
    let mut late = tally.live.clone();
    late[target] = 0;
    let missed = late.iter().sum::<u64>() + tally.not_live;
    if missed == 0 {
        return None;
    }
    let ordered = Ordered { counts: &late };
    let days = |rank: u64| ordered.window(rank).map(|w| f64::from(program.windows()[w] - about.target_day));
    let at = |q: f64| {
        let Rank { at, low, high } = rank_interval(missed, q);
        DayPercentile { days: days(at), interval: [days(low.max(1)), days(high)], inputs_interval: None }
    };
    Some(DelayPercentiles { missed, p50: at(0.5), p80: at(0.8), p95: at(0.95) })
}

/// Order statistics of windows, by their counts.
struct Ordered<'a> {
    counts: &'a [u64],
}

impl Ordered<'_> {
    /// The window of a rank from 1; `None` beyond the live ones.
    fn window(&self, rank: u64) -> Option<usize> {
        let mut before = 0;
        self.counts.iter().position(|count| {
            before += count;
            before >= rank
        })
    }
}

/// Whether there are incidents to report: releases, and something that makes them.
pub(super) fn models_incidents(register: &Register) -> bool {
    let caused = || register.risks.iter().any(|r| r.all_effects().any(|e| matches!(e, Effect::Incident(..))));
    !register.releases.is_empty() && (!register.processes.is_empty() || caused())
}

fn incidents(register: &Register, tally: &Tally) -> Option<IncidentOutlook> {
    if !models_incidents(register) {
        return None;
    }
    let extra =
        (1..=5).zip(&tally.incidents).filter_map(|(category, m): (usize, _)| Some((category.to_string(), m.mean()?)));
    let background =
        register.processes.iter().zip(&tally.background).filter_map(|(p, m)| Some((p.id.clone(), m.mean()?)));
    Some(IncidentOutlook {
        extra: extra.collect(),
        extra_category_1_or_2: tally.serious_moments.mean()?,
        p_extra_category_1_or_2: proportion(tally.serious, tally.iterations),
        period_days: register.releases.iter().map(|r| r.early_life_days).fold(0.0, f64::max),
        category_1_or_2: IncidentCountShares {
            extra: shares(&tally.serious_extra, tally.iterations),
            background: shares(&tally.serious_background, tally.iterations),
            all: shares(&tally.serious_all, tally.iterations),
        },
        background: background.collect::<BTreeMap<_, _>>(),
        days_in_incidents: tally.days_in_incidents.mean(),
        days_in_extra_incidents: tally.days_in_extra.mean(),
    })
}

/// Shares of iterations by a count, up to the last that occurred.
fn shares(counts: &IncidentCounts, n: u64) -> Vec<f64> {
    let used = counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
    counts[..used].iter().map(|count| *count as f64 / n as f64).collect()
}

fn measure(
    title: &str,
    target: Option<(f64, u64)>,
    histogram: &Histogram,
    moments: &crate::estimate::Moments,
) -> MeasureOutlook {
    let n = histogram.count();
    let at = |q: f64| {
        let Rank { at, low, high } = rank_interval(n, q);
        let of = |rank: u64| histogram.order_statistic(rank);
        DayPercentile { days: of(at), interval: [of(low.max(1)), of(high)], inputs_interval: None }
    };
    let mean = moments.mean();
    let curve = (1..200)
        .filter_map(|k| {
            let rank = percentile_rank(n, f64::from(k) / 200.0);
            Some(CurvePoint { days: histogram.order_statistic(rank)?, share: proportion(rank, n) })
        })
        .collect();
    let nothing = Figure::new(f64::NAN, f64::NAN, [f64::NAN; 2]);
    MeasureOutlook {
        title: title.to_owned(),
        mean: mean.map_or(nothing, |m| m.mean),
        standard_deviation: mean.map_or(f64::NAN, |m| m.standard_deviation),
        p10: at(0.1),
        p50: at(0.5),
        p80: at(0.8),
        p90: at(0.9),
        p95: at(0.95),
        target: target.map(|(days, _)| days),
        p_by_target: target.map(|(_, count)| proportion(count, n)),
        p_never: proportion(histogram.never(), n),
        resolution_days: histogram.width(),
        curve,
    }
}
