//! Charts of comparisons: realistic and extreme.

use jiff::ToSpan;
use jiff::civil::date;

use super::tests::{check_letters, check_texts, leave_sample};
use super::*;
use crate::analysis::outlook::PlanOutlook;
use crate::analysis::sample::{self, N};
use crate::analysis::{Ranked, Ranking};
use crate::estimate::proportion;

/// Plans compared on all their releases by these probabilities of staying.
fn compared(plans: Vec<PlanOutlook>) -> Comparison {
    let mut comparison = sample::comparison();
    let mut releases: Vec<String> = plans.iter().flat_map(|p| &p.releases).map(|r| r.id.clone()).collect();
    releases.sort();
    releases.dedup();
    let ranked = |plan: &PlanOutlook, figure| Ranked {
        plan: plan.id.clone(),
        figure,
        p_best_over_inputs: None,
        behind_best: proportion(0, N),
        separable_from_best: false,
    };
    let of = |release: &String| -> Vec<Ranked> {
        let stays = |p: &PlanOutlook| Some(p.releases.iter().find(|r| r.id == *release)?.p_live_on_target_and_stays);
        plans.iter().filter_map(|p| Some(ranked(p, stays(p)?))).collect()
    };
    comparison.rankings = releases
        .iter()
        .map(|release| Ranking {
            measure: format!("{release}.p_live_on_target_and_stays"),
            more_is_better: true,
            probability: true,
            plans: of(release),
        })
        .collect();
    comparison.outlook.plans = plans;
    comparison.pairs.clear();
    comparison
}

fn plan(id: &str, title: &str, releases: usize, on_target: impl Fn(usize) -> f64) -> PlanOutlook {
    let mut plan = sample::realistic().plans.swap_remove(0);
    (plan.id, plan.title) = (id.to_owned(), title.to_owned());
    let target = date(2021, 11, 4);
    let of = |i: usize| {
        let target = target.checked_add((7 * (i as i64 % 5)).days()).unwrap();
        let counts = sample::tail(target, on_target(i), 0.6, N);
        sample::release(&format!("R{i:02}"), "A release", target, &counts, on_target(i))
    };
    plan.releases = (0..releases).map(of).collect();
    plan
}

/// Comparisons by name.
fn samples() -> Vec<(&'static str, Comparison)> {
    let long = "Release of everything that the committee asked for ".repeat(200);
    let many = (0..40).map(|i| plan(&format!("P{}", i + 1), "A plan of many", 1, |_| 0.9 - 0.015 * f64::from(i)));
    let twelve =
        (0..3).map(|i| plan(&format!("P{}", i + 1), "All", 12, |r| 0.9 - 0.02 * r as f64 - 0.1 * f64::from(i)));
    let ends =
        [0.0, 1.0, 0.5].into_iter().enumerate().map(|(i, p)| plan(&format!("P{i}"), "At the end", 1, move |_| p));
    let mut never = sample::single("SEC", "Never live", date(2021, 11, 4), &[]).plans;
    never.extend(sample::single("SEC", "Always", date(2021, 11, 4), &[(date(2021, 11, 4), N)]).plans);
    never[1].id = "P2".into();
    let mut hostile = vec![
        plan(&"W".repeat(10_000), &long, 1, |_| 0.8),
        plan("<script>", "<script>alert('x')</script> & \"q\"\u{0}\u{7}", 1, |_| 0.6),
        plan("מהדורה", "إصدار نوفمبر 2021 \u{202E}abc", 1, |_| 0.4),
    ];
    hostile.iter_mut().for_each(|p| {
        p.releases[0].id = format!("<script>{}", "=".repeat(500));
        p.releases[0].title.clone_from(&long);
    });
    let mut hostile = compared(hostile);
    hostile.outlook.title.clone_from(&long);
    hostile.outlook.cost_unit = Some(long);
    vec![
        ("ten", sample::comparison()),
        ("one", compared(vec![plan("P1", "As proposed", 3, |i| 0.9 - 0.1 * i as f64)])),
        ("forty", compared(many.collect())),
        ("twelve", compared(twelve.collect())),
        ("ends", compared(ends.collect())),
        ("never", compared(never)),
        ("hostile", hostile),
    ]
}

#[test]
fn texts_of_comparisons_lie_inside_the_canvas_and_apart() {
    for (name, comparison) in samples() {
        let charts = render_comparison(&comparison).unwrap();
        assert!(charts.len() >= 2, "{name}");
        for chart in charts {
            check_texts(name, &chart);
            check_letters(&chart);
        }
    }
}

#[test]
fn findings_of_comparisons_are_in_their_titles() {
    let charts = render_comparison(&sample::comparison()).unwrap();
    let named: Vec<(&str, &str)> = charts.iter().map(|c| (c.name.as_str(), c.title.as_str())).collect();
    assert_eq!(
        named,
        [
            (
                "plans-SEC-p_live_on_target_and_stays",
                "SEC, live on the plan's date and stays 7 days: P1 and P2 are best (0.85), but P3 and P4 cannot be \
                 separated from them"
            ),
            (
                "plans-extra_category_1_or_2",
                "Extra incidents of category 1 or 2: P1 is lowest (0.2), but P2 and P3 cannot be separated from it; \
                 1.8 happen anyway"
            ),
            ("plans-cost", "Expected cost: P1 is lowest (120,000 GBP), but P2 and P3 cannot be separated from it"),
            (
                "dates-SEC",
                "SEC: P80 of the lasting go-live is Thu 11 Nov 2021 with P4 and P8, and Thu 2 Dec 2021 with P3 and P7"
            ),
            ("delays-SEC", "SEC, when it misses its date: P80 of the delay is 28 days with all 10 plans"),
        ]
    );
}

#[test]
fn plans_that_are_the_same_are_named_together() {
    let mut comparison = sample::comparison();
    let twin = comparison.outlook.plans[0].releases.clone();
    comparison.outlook.plans[8].releases = twin;
    let charts = render_comparison(&comparison).unwrap();
    let dates = charts.iter().find(|c| c.name == "dates-SEC").unwrap();
    assert!(dates.svg.contains("P1, P9"));
    assert!(dates.svg.contains("Plans named together nowhere differ by more than"));
}

#[test]
#[ignore = "for looking: cargo test --lib draw_samples -- --ignored"]
fn draw_samples_of_comparisons() {
    for (name, comparison) in samples() {
        for chart in render_comparison(&comparison).unwrap() {
            leave_sample(name, &chart);
        }
    }
}
