//! A gate's report made by hand for tests of what reads it: realistic, and extreme.

use jiff::civil::date;

use super::gate::*;
use super::outlook::DatePercentile;
use super::sample::{self, N};
use crate::estimate::{Figure, paired_difference, proportion};

/// Two releases with errors of observation, an Amber, costs.
pub fn realistic() -> GateReport {
    let outlook = sample::realistic();
    let releases = ["SEC", "U22"];
    let policy = |id: &str, title: &str, shares: [[f64; 3]; 2], base: bool| Policy {
        id: id.into(),
        title: title.into(),
        releases: releases.iter().zip(shares).map(|(id, shares)| of_release(id, shares, base)).collect(),
        extra_category_1_or_2: Some(against(0.21, 0.012, base)),
        cost: Some(against(140_250.0, -1_200.0, base)),
    };
    GateReport {
        scenario: outlook.scenario.clone(),
        title: outlook.title.clone(),
        plan: "P1".into(),
        plan_title: "As proposed: all three on one night".into(),
        what_if: None,
        seed: outlook.seed,
        iterations: N,
        fitted: Fitted { seed: outlook.seed + 1, iterations: N },
        inputs: None,
        stays_days: 7,
        cost_unit: Some("GBP".into()),
        basis: outlook.basis,
        threshold: 0.8,
        observed_with_error: true,
        wrong_go_has_consequences: true,
        criteria: vec![criterion("O2", Some("amber"), 0.12, 0.10), criterion("T5", Some("green"), 0.03, 0.04)],
        releases: vec![
            at_gate("SEC", &[(1.0, 0.0), (0.9, 0.02), (0.12, 0.03), (0.05, 0.04), (0.01, 0.09), (0.0, 0.14)]),
            at_gate("U22", &[(0.7, 0.0), (0.0, 0.11)]),
        ],
        policies: vec![
            policy("all-green", "every criterion must be seen as met", [[0.82, 0.04, 0.05], [0.7, 0.02, 0.03]], true),
            policy("amber-allowed", "Amber does not stop", [[0.86, 0.07, 0.02], [0.78, 0.1, 0.0]], false),
            policy("threshold", "a forecast of at least 0.8", [[0.86, 0.04, 0.05], [0.78, 0.1, 0.0]], false),
        ],
        amber: Some(Amber {
            criteria: vec!["O2".into()],
            risks: vec!["R04".into()],
            wrong_go_has_consequences: true,
            turned_green: policy("amber-turned-green", "gone", [[0.87, 0.01, 0.05], [0.78, 0.01, 0.03]], false),
        }),
        evidence: vec![
            policy("perfect-observation", "seen as it is", [[0.82, 0.0, 0.0], [0.72, 0.0, 0.0]], false),
            policy("response:more-meter-sets", "Two more sets", [[0.82, 0.04, 0.05], [0.7, 0.02, 0.03]], false),
        ],
    }
}

/// The same, but every point of the trade-off lies on one spot.
pub fn on_one_spot() -> GateReport {
    let mut report = realistic();
    for release in &mut report.releases {
        release.thresholds = vec![threshold(None, 0.0, 0.0); 3];
    }
    for policy in &mut report.policies {
        for release in &mut policy.releases {
            release.p_wrong_go = against(0.0, 0.0, true);
            release.p_wrong_no_go = against(0.0, 0.0, true);
        }
    }
    report.observed_with_error = false;
    report.wrong_go_has_consequences = false;
    report
}

/// A share of [`N`] iterations, or a number with an error of a thousandth; less what it is in the plan as it stands.
fn against(value: f64, difference: f64, base: bool) -> Against {
    let figure = if (0.0..=1.0).contains(&value) {
        proportion((value * N as f64) as u64, N)
    } else {
        Figure::new(value, value / 1000.0, [value * 0.998, value * 1.002])
    };
    let sums = (difference * N as f64, difference.abs() * N as f64);
    let mut less = paired_difference(sums.0, 0.0, sums.1, N, difference.abs() <= 1.0);
    less.inputs_interval = Some([difference - 0.01, difference + 0.01]);
    Against { figure, difference: (!base).then_some(less) }
}

fn of_release(id: &str, [go, wrong_go, wrong_no_go]: [f64; 3], base: bool) -> PolicyOfRelease {
    let thursday = |day| Some(date(2021, 11, day));
    PolicyOfRelease {
        id: id.into(),
        target: date(2021, 11, 4),
        p_go: against(go, 0.04, base),
        p_wrong_go: against(wrong_go, 0.0, base),
        p_wrong_no_go: against(wrong_no_go, -0.01, base),
        p_live_on_target: against(go, 0.04, base),
        p_live_on_target_and_stays: against(go * 0.87, 0.031, base),
        p80: DatePercentile { date: thursday(18), interval: [thursday(18), thursday(25)], inputs_interval: None },
        p80_later: (!base).then_some(DaysLater { days: -7, interval: [Some(-14), None] }),
        p_any_wrong_go: proportion(9000, N),
        p_any_wrong_no_go: proportion(8000, N),
    }
}

fn criterion(id: &str, status: Option<&'static str>, not_met: f64, seen: f64) -> CriterionAtGate {
    let share = |p: f64| proportion((p * N as f64) as u64, N);
    CriterionAtGate {
        id: id.into(),
        status,
        stops: true,
        observed_with_error: true,
        wrong_go_has_consequences: true,
        risks: vec!["R04".into(), "R24".into()],
        releases: vec![CriterionShare {
            release: "SEC".into(),
            p_not_met: share(not_met),
            p_seen_not_met: share(seen),
        }],
    }
}

fn at_gate(id: &str, points: &[(f64, f64)]) -> ReleaseAtGate {
    let seen = |not_met: &[&str], p: f64, go: bool| Seen {
        not_met: Some(not_met.iter().map(|id| (*id).to_owned()).collect()),
        p_seen: proportion((p * N as f64) as u64, N),
        p_all_met: Some(proportion(900, 1000)),
        forecast: Some(proportion(850, 1000)),
        came_true: Some(proportion(855, 1000)),
        go,
    };
    let last = points.len() - 1;
    let level = |k: usize| (k > 0).then(|| 0.9 - 0.8 * k as f64 / last as f64);
    ReleaseAtGate {
        id: id.into(),
        title: "A release".into(),
        target: date(2021, 11, 4),
        gate: Some(date(2021, 11, 3)),
        p_at_gate: proportion(140_000, N),
        seen: vec![seen(&[], 0.8, true), seen(&["O2"], 0.1, false), Seen { not_met: None, ..seen(&[], 0.01, false) }],
        forecasts_differ: true,
        thresholds: points.iter().enumerate().map(|(k, (x, y))| threshold(level(k), *x, *y)).collect(),
    }
}

fn threshold(threshold: Option<f64>, wrong_no_go: f64, wrong_go: f64) -> ThresholdPoint {
    let share = |p: f64| proportion((p * N as f64) as u64, N);
    ThresholdPoint {
        threshold,
        p_go: share(0.82 * (1.0 - wrong_no_go)),
        p_wrong_go: share(wrong_go),
        p_wrong_no_go: share(wrong_no_go),
        p_live_on_target_and_stays: share(0.7),
        extra_category_1_or_2: None,
        cost: None,
    }
}
