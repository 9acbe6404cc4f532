//! Outlooks made by hand for tests of what reads them: realistic, and extreme.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::outlook::*;
use super::{Comparison, Pair, Ranked, Ranking};
use crate::estimate::{Figure, Mean, proportion, rank_interval};

/// Iterations of every sample.
pub const N: u64 = 150_000;

/// Last day of every sample.
pub const HORIZON: Date = date(2022, 9, 30);

/// Three releases in November, two plans, scope, incidents and a measure.
pub fn realistic() -> Outlook {
    let target = date(2021, 11, 4);
    let p1 = PlanOutlook {
        id: "P1".into(),
        title: "As proposed: all three on one night".into(),
        releases: vec![
            release("SEC", "November 2021 SEC Release", target, &tail(target, 0.738, 0.62, N), 0.82),
            release("U22", "SMETS1 Uplift 2.2", target, &tail(target, 0.612, 0.74, N), 0.71),
            release("U30", "SMETS1 Uplift 3.0", target, &tail(target, 0.547, 0.80, N), 0.66),
        ],
        p_all_live_on_target_and_stay: Some(proportion(80_000, N)),
        scope: vec![
            scope("MP077", "DCC service flagging", true, N),
            scope("MP149", "Guidance on second comms hub variants", false, 112_345),
        ],
        incidents: Some(IncidentOutlook {
            extra: BTreeMap::from([
                ("1".to_owned(), mean(0.021, 0.14)),
                ("2".to_owned(), mean(0.184, 0.45)),
                ("3".to_owned(), mean(0.61, 0.8)),
            ]),
            extra_category_1_or_2: mean(0.205, 0.47),
            p_extra_category_1_or_2: proportion(26_712, N),
            period_days: 30.0,
            category_1_or_2: IncidentCountShares {
                extra: vec![0.822, 0.155, 0.02, 0.003],
                background: vec![0.2, 0.29, 0.23, 0.15, 0.08, 0.03, 0.02],
                all: vec![0.16, 0.27, 0.24, 0.17, 0.1, 0.04, 0.02],
            },
            background: BTreeMap::from([("R19".to_owned(), mean(1.78, 1.5))]),
            days_in_incidents: Some(mean(1.1, 1.6)),
            days_in_extra_incidents: Some(mean(0.32, 0.7)),
        }),
        cost: None,
        costs: None,
        risks: vec![],
        measures: BTreeMap::from([("rehearsal".to_owned(), measure())]),
    };
    let later = date(2021, 11, 18);
    let p3 = PlanOutlook {
        id: "P3".into(),
        title: "Uplifts two weeks later".into(),
        releases: vec![
            release("SEC", "November 2021 SEC Release", target, &tail(target, 0.79, 0.5, N), 0.85),
            release("U22", "SMETS1 Uplift 2.2", later, &tail(later, 0.82, 0.6, N), 0.87),
        ],
        p_all_live_on_target_and_stay: Some(proportion(80_000, N)),
        scope: vec![],
        incidents: None,
        cost: None,
        costs: None,
        risks: vec![],
        measures: BTreeMap::new(),
    };
    outlook(vec![p1, p3])
}

/// An outlook of the given plans.
pub fn outlook(plans: Vec<PlanOutlook>) -> Outlook {
    Outlook {
        scenario: "november-2021".into(),
        title: "November 2021 SEC Release with two Uplifts".into(),
        data_date: Some(date(2021, 10, 19)),
        horizon: Some(HORIZON),
        seed: 20_211_104,
        iterations: N,
        sampler: None,
        replicates: None,
        precision: None,
        inputs: None,
        stays_days: 7,
        cost_unit: None,
        basis: BasisCount { stated: 9, derived: 12, base_rate: 5, assumed: 35 },
        plans,
    }
}

/// One plan of one release with these counts by date.
pub fn single(id: &str, title: &str, target: Date, counts: &[(Date, u64)]) -> Outlook {
    let on = counts.iter().find(|c| c.0 == target).map_or(0, |c| c.1);
    outlook(vec![PlanOutlook {
        id: "P1".into(),
        title: "As proposed".into(),
        releases: vec![release(id, title, target, counts, on as f64 / N as f64)],
        p_all_live_on_target_and_stay: Some(proportion(80_000, N)),
        scope: vec![],
        incidents: None,
        cost: None,
        costs: None,
        risks: vec![],
        measures: BTreeMap::new(),
    }])
}

/// Counts by date: a share on target, then a geometric tail of Thursdays, closed 13 Dec – 4 Jan.
pub fn tail(target: Date, on_target: f64, keep: f64, n: u64) -> Vec<(Date, u64)> {
    let mut counts = vec![(target, (on_target * n as f64).round() as u64)];
    let mut left = (n - counts[0].1) * 99 / 100;
    let mut day = target;
    while left > 0 {
        day = day.checked_add(7.days()).unwrap();
        if day > HORIZON {
            break;
        }
        if day >= date(2021, 12, 13) && day <= date(2022, 1, 4) {
            continue;
        }
        let here = ((left as f64 * (1.0 - keep)) as u64).max(1);
        counts.push((day, here));
        left -= here;
    }
    counts
}

/// A release with these counts by date; the rest of the iterations is censored.
pub fn release(id: &str, title: &str, target: Date, counts: &[(Date, u64)], p_on_target: f64) -> ReleaseOutlook {
    let on = counts.iter().find(|c| c.0 == target).map_or(0, |c| c.1);
    let live: u64 = counts.iter().map(|c| c.1).sum();
    let mut running = 0;
    let dates = counts
        .iter()
        .map(|&(date, count)| {
            running += count;
            DateShare { date, count, share: count as f64 / N as f64, cumulative: proportion(running, N) }
        })
        .collect();
    ReleaseOutlook {
        id: id.into(),
        title: title.into(),
        target,
        p_live_on_target: proportion((p_on_target * N as f64).round() as u64, N),
        p_live_on_target_and_stays: proportion(on, N),
        p_not_live_by_horizon: proportion(N - live, N),
        p_no_go: proportion(18_000, N),
        p_backed_out: proportion(9_000, N),
        p_consent_needed: (id == "SEC").then(|| proportion(7_431, N)),
        if_consent_needed: None,
        go_live: GoLivePercentiles {
            p10: percentile(counts, 0.1),
            p50: percentile(counts, 0.5),
            p80: percentile(counts, 0.8),
            p90: percentile(counts, 0.9),
            p95: percentile(counts, 0.95),
        },
        delay_if_missed: (on < N).then(|| DelayPercentiles {
            missed: N - on,
            p50: delay(14.0),
            p80: delay(28.0),
            p95: delay(91.0),
        }),
        dates,
    }
}

fn percentile(counts: &[(Date, u64)], q: f64) -> DatePercentile {
    let at_rank = |rank: u64| {
        let mut running = 0;
        counts.iter().find_map(|&(date, count)| {
            running += count;
            (running >= rank).then_some(date)
        })
    };
    let rank = rank_interval(N, q);
    DatePercentile { date: at_rank(rank.at), interval: [at_rank(rank.low), at_rank(rank.high)], inputs_interval: None }
}

fn delay(days: f64) -> DayPercentile {
    DayPercentile { days: Some(days), interval: [Some(days), Some(days + 7.0)], inputs_interval: None }
}

fn scope(id: &str, title: &str, system_impact: bool, count: u64) -> ScopeOutlook {
    ScopeOutlook {
        id: id.into(),
        title: title.into(),
        release: "SEC".into(),
        system_impact,
        deadline: Some(date(2021, 10, 21)),
        p_ships: proportion(count, N),
    }
}

fn mean(mean: f64, standard_deviation: f64) -> Mean {
    let standard_error = standard_deviation / (N as f64).sqrt();
    Mean {
        mean: Figure::new(mean, standard_error, [mean - 1.96 * standard_error, mean + 1.96 * standard_error]),
        standard_deviation,
    }
}

/// A measure of 30 to 70 days, target 45, with a smooth S-curve.
pub fn measure() -> MeasureOutlook {
    let share = |x: f64| {
        let t = ((x - 30.0) / 40.0).clamp(0.0, 1.0);
        let rest = 1.0 - t * t * (3.0 - 2.0 * t);
        1.0 - rest * rest
    };
    let curve: Vec<CurvePoint> = (60..=140)
        .map(|half| {
            let days = f64::from(half) / 2.0;
            CurvePoint { days, share: proportion((share(days) * N as f64) as u64, N) }
        })
        .collect();
    let at = |q: f64| {
        let days = curve.iter().find(|p| p.share.estimate >= q).map(|p| p.days);
        DayPercentile { days, interval: [days.map(|d| d - 0.1), days.map(|d| d + 0.12)], inputs_interval: None }
    };
    MeasureOutlook {
        title: "Full rehearsal from code freeze to sign-off".into(),
        mean: mean(43.6, 7.1).mean,
        standard_deviation: 7.1,
        p10: at(0.1),
        p50: at(0.5),
        p80: at(0.8),
        p90: at(0.9),
        p95: at(0.95),
        target: Some(45.0),
        p_by_target: Some(proportion((share(45.0) * N as f64) as u64, N)),
        p_never: proportion(0, N),
        resolution_days: 0.25,
        curve,
    }
}

/// What drives the plans of small scenarios: with work, without releases, with names nobody should choose, with nothing
/// uncertain.
pub fn drivers() -> Vec<(&'static str, super::drivers::Drivers)> {
    use super::drivers::{Asked, Extent, Measure, Subject, drivers};
    use crate::scenario::{Document, Variant};
    let train = include_str!("../../scenarios/templates/release-train.toml");
    let network = include_str!("../../scenarios/verification/network-50.toml");
    let odd = train
        .replace("Platform 5.0", &"Release of everything \\u202E<script> & more ".repeat(40))
        .replace("late-supplier", "a-very-long-risk-id-that-nobody-should-choose-but-somebody-will")
        .replace("elicit = \"", "elicit = \"everybody who ever worked on anything that has to do with this, ");
    let certain = "[scenario]\nid = \"certain\"\ntitle = \"t\"\n[measures.m]\ntitle = \"m\"\n\
        [activities.a]\nduration = { value = \"3 days\", basis = \"stated\" }\n";
    let run = |text: &str, plan: Option<&str>, n: u64| {
        let document = Document::parse("scenario.toml", text).unwrap();
        let (register, _) = document.register(&Variant::plan(plan)).unwrap();
        let subject = if register.releases.is_empty() { Subject::Finish(0) } else { Subject::Release(1) };
        let measures = Asked::ALL.into_iter().filter_map(|asked| Measure::of(&register, &subject, asked)).collect();
        let options = crate::simulate::Options::iterations(n);
        let extent =
            Extent { seed: 7, options, of_a_variant: 1024, worlds: 8, in_a_world: 32, told: 100, progress: &|_| {} };
        let plans = [register.clone()];
        drivers(&register, &subject, measures, &plans, extent).unwrap()
    };
    vec![
        ("train", run(train, Some("together"), 2048)),
        ("network", run(network, None, 2048)),
        ("odd", run(&odd, Some("together"), 1024)),
        ("certain", run(certain, None, 1024)),
    ]
}

/// Ten plans compared on SEC staying live, extra incidents and cost: P9 is the same as P1, and some cannot be separated
/// from the best.
pub fn comparison() -> Comparison {
    let target = date(2021, 11, 4);
    let plans = (1..=10u32).map(|i| {
        let mut plan = realistic().plans.swap_remove(0);
        plan.id = format!("P{i}");
        let on = if i == 9 { 0.70 } else { 0.69 + 0.01 * f64::from(i) };
        let day = target.checked_add((7 * i64::from(i % 4)).days()).unwrap();
        plan.releases = vec![release("SEC", "November 2021 SEC Release", day, &tail(day, on, 0.6, N), on)];
        plan
    });
    let mut outlook = outlook(plans.collect());
    outlook.inputs = Some(InputWorlds { worlds: 1000, iterations_in_a_world: 256 });
    outlook.cost_unit = Some("GBP".into());
    let figure = |estimate: f64, spread: f64| {
        let error = spread / 100.0;
        let mut figure = Figure::new(estimate, error, [estimate - 1.96 * error, estimate + 1.96 * error]);
        figure.inputs_interval = Some([estimate - spread, estimate + spread]);
        figure
    };
    let ranking =
        |measure: &str, more_is_better: bool, probability: bool, value: &dyn Fn(usize) -> f64, spread: f64| {
            let best = value(0);
            let plans = (0..outlook.plans.len()).map(|i| Ranked {
                plan: outlook.plans[i].id.clone(),
                figure: figure(value(i), spread),
                p_best_over_inputs: Some(0.1),
                behind_best: figure(value(i) - best, if value(i) == best { 0.0 } else { spread }),
                separable_from_best: (value(i) - best).abs() > spread,
            });
            Ranking { measure: measure.into(), more_is_better, probability, plans: plans.collect() }
        };
    let rankings = vec![
        ranking("SEC.p_live_on_target_and_stays", true, true, &|i| 0.85 - 0.03 * i.saturating_sub(1) as f64, 0.07),
        ranking("extra_category_1_or_2", false, false, &|i| 0.2 + 0.05 * i as f64, 0.12),
        ranking("cost", false, false, &|i| 120_000.0 + 15_000.0 * i as f64, 40_000.0),
    ];
    let pair = Pair {
        a: "P1".into(),
        b: "P10".into(),
        measure: "SEC.p_live_on_target_and_stays".into(),
        difference: figure(0.24, 0.1),
        inputs_interval: Some([0.14, 0.34]),
        p_a_better_over_inputs: Some(1.0),
        separable: true,
        identical: false,
    };
    Comparison { outlook, worlds: 1000, iterations_in_a_world: 256, pairs: vec![pair], rankings, dominance: vec![] }
}
