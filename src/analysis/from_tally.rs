//! From tallies to the outlook.
//!
//! In: the tally of each plan, and of its replicates where it was run in any. Out: every figure of the outlook with the
//! error that goes with how it was run ([`Evidence`]).

use std::collections::BTreeMap;

use super::evidence::Evidence;
use super::outlook::{
    AmountPercentile, BasisCount, ConsentDates, CostByCause, CostOutlook, CurvePoint, DatePercentile, DateShare,
    DayPercentile, DelayPercentiles, GoLivePercentiles, IncidentCountShares, IncidentOutlook, MeasureOutlook, Outlook,
    PlanOutlook, ReleaseOutlook, RiskOutlook, ScopeOutlook,
};
use crate::estimate::{Figure, Rank, percentile_rank};
use crate::program::{CostCause, Program};
use crate::random::PointSet;
use crate::register::{Effect, Register, Release};
use crate::simulate::{Histogram, IncidentCounts, ReleaseTally, Tally};

/// The outlook of one or more plans of a scenario, each run for the same number of iterations.
///
/// # Panics
/// Without any plan.
pub fn outlook(runs: &[(&Program, &Tally)]) -> Outlook {
    let runs: Vec<(&Program, Evidence<'_>)> =
        runs.iter().map(|(program, tally)| (*program, Evidence::of_random(tally))).collect();
    outlook_of(&runs)
}

/// The outlook of plans that were run in the replicates of a set of points: the tally of each, and of its replicates.
///
/// # Panics
/// Without any plan.
pub fn outlook_of_replicates(runs: &[(&Program, &Tally, &[Tally])], points: &PointSet) -> Outlook {
    let runs: Vec<(&Program, Evidence<'_>)> =
        runs.iter().map(|(program, tally, parts)| (*program, Evidence::of_replicates(tally, parts))).collect();
    let (sampler, replicates) = (Some(points.sampler()), Some(points.replicates()));
    Outlook { sampler, replicates, ..outlook_of(&runs) }
}

fn outlook_of(runs: &[(&Program, Evidence<'_>)]) -> Outlook {
    let (program, evidence) = runs.first().expect("at least one plan is run");
    let register = program.register();
    let basis = register.basis;
    Outlook {
        scenario: register.scenario.clone(),
        title: register.title.clone(),
        data_date: register.dates.map(|d| d.zero.0),
        horizon: register.dates.filter(|_| !register.releases.is_empty()).and_then(|d| d.zero.date(d.horizon)),
        seed: program.seed(),
        iterations: evidence.whole.iterations,
        sampler: None,
        replicates: None,
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
        plans: runs.iter().map(|(program, evidence)| plan(program, evidence)).collect(),
    }
}

fn plan(program: &Program, evidence: &Evidence<'_>) -> PlanOutlook {
    let register = program.register();
    PlanOutlook {
        id: register.plan.clone(),
        title: register.plan_title.clone(),
        releases: (0..register.releases.len()).map(|r| release(program, r, evidence)).collect(),
        p_all_live_on_target_and_stay: (!register.releases.is_empty()).then(|| evidence.share(|t| t.all_kept)),
        scope: register
            .scope
            .iter()
            .enumerate()
            .map(|(i, item)| ScopeOutlook {
                id: item.id.clone(),
                title: item.title.clone(),
                release: item.release.clone(),
                system_impact: item.system_impact,
                deadline: item.deadline,
                p_ships: p_ships(register, i, evidence),
            })
            .collect(),
        incidents: incidents(register, evidence),
        cost: register.has_costs().then(|| evidence.mean(|t| &t.cost)).flatten(),
        costs: costs(register, evidence),
        risks: register
            .risks
            .iter()
            .enumerate()
            .map(|(i, risk)| RiskOutlook {
                id: risk.id.clone(),
                title: risk.title.clone(),
                p_occurs: evidence.share(|t| t.occurred[i]),
            })
            .collect(),
        measures: register
            .measures
            .iter()
            .enumerate()
            .map(|(m, about)| (about.id.clone(), measure(&about.title, about.target, m, evidence)))
            .collect(),
    }
}

/// Whether an item ships is certain where no risk can drop it.
fn p_ships(register: &Register, item: usize, evidence: &Evidence<'_>) -> Figure {
    let drops = |e: &Effect| matches!(e, Effect::Drop(dropped) if *dropped == item);
    if register.scope[item].included && register.risks.iter().any(|r| r.all_effects().any(drops)) {
        return evidence.share(|t| t.ships[item]);
    }
    let certain = if register.scope[item].included { 1.0 } else { 0.0 };
    Figure::new(certain, 0.0, [certain, certain])
}

/// What makes up the cost, in a scenario with prices.
fn costs(register: &Register, evidence: &Evidence<'_>) -> Option<CostOutlook> {
    let histogram = evidence.whole.costs.as_ref()?;
    let at = |q: f64| {
        let Rank { at, low, high } = evidence.rank_in_histogram(q, |t| t.costs.as_ref())?;
        let of = |rank: u64| histogram.order_statistic(rank);
        Some(AmountPercentile { amount: of(at)?, interval: [of(low), of(high)] })
    };
    let of = |cause: CostCause| evidence.mean(|t| &t.cost_by_cause[cause as usize]);
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
        background_incidents: evidence.mean(|t| &t.cost_of_background).filter(|_| !register.processes.is_empty()),
    })
}

fn release(program: &Program, r: usize, evidence: &Evidence<'_>) -> ReleaseOutlook {
    let register = program.register();
    let (about, tally, n) = (&register.releases[r], &evidence.whole.releases[r], evidence.whole.iterations);
    let share = |of: fn(&ReleaseTally) -> u64| evidence.share(|t| of(&t.releases[r]));
    let zero = register.dates.expect("a scenario with releases has dates").zero;
    let date = |window: usize| zero.date(program.windows()[window]);
    let live = |t: &Tally| (t.releases[r].live.clone(), t.iterations);
    let at = |q: f64| date_percentile(program, &tally.live, evidence.rank_in_counts(q, live));
    let mut so_far = 0;
    let mut dates = Vec::new();
    for (window, &count) in tally.live.iter().enumerate() {
        so_far += count;
        if let (true, Some(date)) = (count > 0, date(window)) {
            let up_to = |t: &Tally| t.releases[r].live[..=window].iter().sum();
            debug_assert_eq!(so_far, up_to(evidence.whole));
            dates.push(DateShare { date, count, share: count as f64 / n as f64, cumulative: evidence.share(up_to) });
        }
    }
    ReleaseOutlook {
        id: about.id.clone(),
        title: about.title.clone(),
        target: about.target,
        p_live_on_target: share(|t| t.on_target),
        p_live_on_target_and_stays: share(|t| t.kept_on_target),
        p_not_live_by_horizon: share(|t| t.not_live),
        p_no_go: share(|t| t.no_go),
        p_backed_out: share(|t| t.backed_out),
        p_consent_needed: about.consent.map(|_| share(|t| t.consent)),
        if_consent_needed: consent_dates(program, r, evidence),
        go_live: GoLivePercentiles { p10: at(0.1), p50: at(0.5), p80: at(0.8), p90: at(0.9), p95: at(0.95) },
        delay_if_missed: delay(program, about, r, evidence),
        dates,
    }
}

/// A percentile of the go-live date by its ranks, from the counts by window of the iterations that are live.
fn date_percentile(program: &Program, live: &[u64], ranks: Rank) -> DatePercentile {
    let zero = program.register().dates.expect("a scenario with releases has dates").zero;
    let Rank { at, low, high } = ranks;
    let ordered = Ordered { counts: live };
    let date_of = |rank: u64| ordered.window(rank).and_then(|window| zero.date(program.windows()[window]));
    // An interval open below begins with the first window.
    DatePercentile { date: date_of(at), interval: [date_of(low.max(1)), date_of(high)], inputs_interval: None }
}

/// Dates of the iterations in which consent was asked.
fn consent_dates(program: &Program, r: usize, evidence: &Evidence<'_>) -> Option<ConsentDates> {
    let (about, tally) = (&program.register().releases[r], &evidence.whole.releases[r]);
    let consent = about.consent.filter(|_| tally.consent > 0)?;
    let zero = program.register().dates.expect("a scenario with releases has dates").zero;
    let target = f64::from(about.target_day);
    // A plan beyond what is free asks at day 0, another one when its date is missed.
    let asked = if target > consent.free_until { 0.0 } else { target };
    let open = |day: &&i32| {
        let day = f64::from(**day);
        day > consent.free_until && day >= (asked + consent.takes_days).max(target)
    };
    let after = |t: &Tally| (t.releases[r].live_after_consent.clone(), t.releases[r].consent);
    let at = |q: f64| date_percentile(program, &tally.live_after_consent, evidence.rank_in_counts(q, after));
    Some(ConsentDates {
        asked: tally.consent,
        earliest: about.windows.iter().find(open).and_then(|day| zero.date(*day)),
        p50: at(0.5),
        p80: at(0.8),
    })
}

/// Delay of the kept go-live after the target, over the iterations in which it is not on it.
fn delay(program: &Program, about: &Release, r: usize, evidence: &Evidence<'_>) -> Option<DelayPercentiles> {
    let target = program.windows().iter().position(|day| *day == about.target_day)?;
    let late_in = |t: &Tally| {
        let mut late = t.releases[r].live.clone();
        late[target] = 0;
        let missed = late.iter().sum::<u64>() + t.releases[r].not_live;
        (late, missed)
    };
    let (late, missed) = late_in(evidence.whole);
    if missed == 0 {
        return None;
    }
    let ordered = Ordered { counts: &late };
    let days = |rank: u64| ordered.window(rank).map(|w| f64::from(program.windows()[w] - about.target_day));
    let at = |q: f64| {
        let Rank { at, low, high } = evidence.rank_in_counts(q, late_in);
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

fn incidents(register: &Register, evidence: &Evidence<'_>) -> Option<IncidentOutlook> {
    if !models_incidents(register) {
        return None;
    }
    let tally = evidence.whole;
    let extra = (0..5).filter_map(|k| Some(((k + 1).to_string(), evidence.mean(|t| &t.incidents[k])?)));
    let processes = register.processes.iter().enumerate();
    let background = processes.filter_map(|(p, about)| Some((about.id.clone(), evidence.mean(|t| &t.background[p])?)));
    Some(IncidentOutlook {
        extra: extra.collect(),
        extra_category_1_or_2: evidence.mean(|t| &t.serious_moments)?,
        p_extra_category_1_or_2: evidence.share(|t| t.serious),
        period_days: register.releases.iter().map(|r| r.early_life_days).fold(0.0, f64::max),
        category_1_or_2: IncidentCountShares {
            extra: shares(&tally.serious_extra, tally.iterations),
            background: shares(&tally.serious_background, tally.iterations),
            all: shares(&tally.serious_all, tally.iterations),
        },
        background: background.collect::<BTreeMap<_, _>>(),
        days_in_incidents: evidence.mean(|t| &t.days_in_incidents),
        days_in_extra_incidents: evidence.mean(|t| &t.days_in_extra),
    })
}

/// Shares of iterations by a count, up to the last that occurred.
fn shares(counts: &IncidentCounts, n: u64) -> Vec<f64> {
    let used = counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
    counts[..used].iter().map(|count| *count as f64 / n as f64).collect()
}

fn measure(title: &str, target: Option<f64>, m: usize, evidence: &Evidence<'_>) -> MeasureOutlook {
    fn of(tally: &Tally, m: usize) -> &Histogram {
        &tally.measures[m]
    }
    let histogram = of(evidence.whole, m);
    let n = histogram.count();
    let at = |q: f64| {
        let ranks = evidence.rank_in_histogram(q, |t| Some(of(t, m)));
        let day = |rank: fn(Rank) -> u64| histogram.order_statistic(rank(ranks?));
        DayPercentile {
            days: day(|ranks| ranks.at),
            interval: [day(|ranks| ranks.low.max(1)), day(|ranks| ranks.high)],
            inputs_interval: None,
        }
    };
    let mean = evidence.mean(|t| &t.measure_moments[m]);
    let points = (1..200).filter_map(|k| {
        let rank = percentile_rank(n, f64::from(k) / 200.0);
        Some((rank, histogram.order_statistic(rank)?))
    });
    let points: Vec<(u64, f64)> = points.collect();
    let shares = evidence.curve(&points, |t| of(t, m));
    let curve = points.iter().zip(shares).map(|((_, days), share)| CurvePoint { days: *days, share }).collect();
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
        target,
        p_by_target: target.map(|_| evidence.share(|t| t.by_target[m])),
        p_never: evidence.share(|t| of(t, m).never()),
        resolution_days: histogram.width(),
        curve,
    }
}
