//! Background processes: counts, gates that look back, rate factors over days.

use std::collections::BTreeMap;

use golive::math::poisson_mass;
use golive::oracle::{Finite, GammaRate, Moments2, compound_poisson};

use super::check::{Check, Run, all_hold, distribution, some_refused};

const N: u64 = 200_000;

/// A count distribution by its probabilities, cut where nothing is left.
fn counts_of(p: impl Fn(u32) -> f64) -> Finite<u32> {
    let mut left = 1.0;
    let mut all = Vec::new();
    for k in 0..400 {
        all.push((k, p(k)));
        left -= p(k);
    }
    assert!(left.abs() < 1e-9);
    Finite::of(all)
}

fn poisson(mean: f64) -> Finite<u32> {
    counts_of(|k| poisson_mass(u64::from(k), mean))
}

#[test]
fn background_counts_are_as_uncertain_as_the_evidence() {
    let run = Run::of("background", N);
    let counts: BTreeMap<u32, u64> = run.count(|outcome, lane| u32::from(outcome.background[lane]));
    let rate = GammaRate::after(4, 61.0);
    all_hold(&distribution(&counts, &counts_of(|k| rate.p_count(k, 30.0))));
    // Planted faults: a rate that is known; another prior.
    let exact = rate.count(30.0);
    some_refused(&distribution(&counts, &poisson(exact.mean)));
    let flat = GammaRate { shape: 5.0, exposure: 61.0 };
    some_refused(&distribution(&counts, &counts_of(|k| flat.p_count(k, 30.0))));

    let mean = run.tally.background[0].mean().expect("iterations").mean;
    Check::mean("events", mean.estimate, N, exact.mean, exact.variance).holds();
    // Days to restore: half a day on average, exponential, so that the variance is ¼ as well.
    let days = run.tally.days_in_incidents.mean().expect("iterations").mean;
    let variance = 0.25 * exact.mean + 0.25 * exact.variance;
    Check::mean("days", days.estimate, N, 0.5 * exact.mean, variance).holds();
    Check::mean("a day each", days.estimate, N, exact.mean, variance).is_refused();
    assert_eq!(run.tally.incidents[1].mean().expect("iterations").mean.estimate, 0.0);
}

/// P(live at the gates one after another), where each fails with probability `judgement` if there was
/// an event in its own 7 days: a polynomial in X = e^(−7·rate), expanded.
fn gates_in_a_row(judgement: f64, no_event: impl Fn(u32) -> f64) -> Finite<Option<i32>> {
    // Miss: c − cX; pass: (1 − c) + cX.
    let times = |poly: &[f64], a: f64, b: f64| {
        let mut product = vec![0.0; poly.len() + 1];
        for (j, coefficient) in poly.iter().enumerate() {
            product[j] += coefficient * a;
            product[j + 1] += coefficient * b;
        }
        product
    };
    let expectation = |poly: &[f64]| -> f64 {
        let terms = poly.iter().enumerate();
        terms.map(|(j, c)| c * no_event(7 * j as u32)).sum()
    };
    let mut missed_so_far = vec![1.0];
    let mut all = Vec::new();
    for k in 0..20 {
        let live = times(&missed_so_far, 1.0 - judgement, judgement);
        all.push((Some(10 + 7 * k), expectation(&live)));
        missed_so_far = times(&missed_so_far, judgement, -judgement);
    }
    // Later than that: lumped, as in `early` below.
    all.push((None, expectation(&missed_so_far)));
    Finite::of(all)
}

#[test]
fn a_gate_looks_at_the_week_before_it() {
    let run = Run::of("event", N);
    let mut early: BTreeMap<Option<i32>, u64> = BTreeMap::new();
    for (day, n) in run.go_live("A") {
        *early.entry(day.filter(|d| *d <= 10 + 7 * 19)).or_insert(0) += n;
    }
    let rate = GammaRate::after(2, 30.0);
    let exact = gates_in_a_row(0.8, |days| rate.p_count(0, f64::from(days)));
    let first = 1.0 - 0.8 * (1.0 - (30.0_f64 / 37.0).powf(2.5));
    assert!((exact.of_outcome(&Some(10)) - first).abs() < 1e-12);
    all_hold(&distribution(&early, &exact));
    // Planted faults: the rate is known; each gate by itself; the judgement forgotten.
    let known = |days: u32| (-2.5 / 30.0 * f64::from(days)).exp();
    some_refused(&distribution(&early, &gates_in_a_row(0.8, known)));
    let each = |days: u32| rate.p_count(0, 7.0).powi(days as i32 / 7);
    some_refused(&distribution(&early, &gates_in_a_row(0.8, each)));
    let strict = gates_in_a_row(1.0, |days| rate.p_count(0, f64::from(days)));
    some_refused(&distribution(&early, &strict));
}

#[test]
fn a_rate_factor_acts_on_the_days_of_overlap() {
    let run = Run::of("rate", N);
    let added = run.incidents(2);
    let overlap = |mean: f64| Finite::chance(0.6).and_then(|b_in_time| poisson(if *b_in_time { mean } else { 0.0 }));
    all_hold(&distribution(&added, &overlap(0.1 * 7.0)));
    let background = run.count(|outcome, lane| u32::from(outcome.background[lane]));
    all_hold(&distribution(&background, &poisson(3.0)));
    let exact = overlap(0.7);
    let (mean, variance) = (exact.mean(|k| f64::from(*k)), exact.variance(|k| f64::from(*k)));
    let observed = run.tally.incidents[1].mean().expect("iterations").mean;
    Check::mean("added", observed.estimate, N, mean, variance).holds();
    // Planted faults: the share ignored; on for B's whole first 14 days; when B is late as well.
    some_refused(&distribution(&added, &overlap(0.1 * 2.0 * 7.0)));
    some_refused(&distribution(&added, &overlap(0.1 * 14.0)));
    some_refused(&distribution(&added, &poisson(0.7)));
}

#[test]
fn several_factors_on_one_rate_multiply() {
    let run = Run::of("rates", N);
    let all = run.count(|outcome, lane| {
        let stride = outcome.incidents.len() / 5;
        u32::from(outcome.incidents[stride + lane]) + u32::from(outcome.background[lane])
    });
    let exact =
        |plain: f64, campaign: f64| Finite::chance(0.5).and_then(|is| poisson(if *is { campaign } else { plain }));
    let mean = 0.05 * (16.0 * 3.0 + 14.0 * 1.5);
    all_hold(&distribution(&all, &exact(mean, 2.0 * mean)));
    // Planted faults: increments added up, 1 + 2 + 1; what was added is not watched.
    let watched = (16.0 + 14.0 * 0.5) * 0.05;
    let more = 30.0 * 0.05;
    some_refused(&distribution(&all, &exact(watched + 2.0 * more, watched + 3.0 * more)));
    some_refused(&distribution(&all, &exact(3.0 * more, 6.0 * more)));
    // The mean of a Poisson number of ones is that of the compound sum.
    let one = Moments2 { mean: 1.0, variance: 0.0 };
    assert!((compound_poisson(mean, one).mean - mean).abs() < 1e-15);
}

/// The same file with some of its risks switched off, or another factor.
fn rates(changes: &[(&str, &str)]) -> Run {
    let mut text = crate::support::text("scenarios/verification/exact-rates.toml");
    for (from, to) in changes {
        assert!(text.contains(from), "`{from}` is not in it");
        text = text.replace(from, to);
    }
    Run::of_text(&text, N)
}

#[test]
fn one_factor_alone_thins() {
    let off = |risk: &str| format!("[risks.{risk}]\nenabled = false");
    let run = rates(&[("[risks.growth]", &off("growth")), ("[risks.campaign]", &off("campaign"))]);
    let background = run.count(|outcome, lane| u32::from(outcome.background[lane]));
    let days = |watched: f64| poisson(0.05 * (16.0 + 14.0 * watched));
    all_hold(&distribution(&background, &days(0.5)));
    all_hold(&distribution(&run.incidents(2), &Finite::certain(0)));
    // Planted faults: nothing is thinned; all 30 days are.
    some_refused(&distribution(&background, &days(1.0)));
    some_refused(&distribution(&background, &poisson(0.05 * 15.0)));
}

#[test]
fn several_factors_that_add_multiply() {
    let run = rates(&[("factor = { value = 0.5,", "factor = { value = 4,")]);
    let added = run.incidents(2);
    let exact = |increase: f64, campaign: f64| {
        Finite::chance(0.5).and_then(move |is| poisson(0.05 * if *is { campaign } else { increase }))
    };
    // 3 on all days and 4 on 14 of them, or twice that; the plain 30 days are the process's own.
    let all = 16.0 * 3.0 + 14.0 * 12.0;
    all_hold(&distribution(&added, &exact(all - 30.0, 2.0 * all - 30.0)));
    let background = run.count(|outcome, lane| u32::from(outcome.background[lane]));
    all_hold(&distribution(&background, &poisson(1.5)));
    // Planted fault: each adds to the process alone.
    let alone = 30.0 * 2.0 + 14.0 * 3.0;
    some_refused(&distribution(&added, &exact(alone, alone + 30.0)));
}

#[test]
fn incidents_take_longer_after_deployments_together() {
    let run = Run::of("restore", N);
    // In halves of a day.
    let days = run.count(|outcome, lane| (2.0 * outcome.days_in_incidents[lane]) as u32);
    let exact = |together: f64, times: u32| {
        Finite::chance(together).and_then(move |is| poisson(3.0).map(move |n| n * if *is { times } else { 1 }))
    };
    all_hold(&distribution(&days, &exact(0.6, 3)));
    // Planted faults: nothing takes longer; all does.
    some_refused(&distribution(&days, &exact(0.6, 1)));
    some_refused(&distribution(&days, &exact(1.0, 3)));
    // … only the first time counts: 23 days of the 30 after a back-out.
    let (once, mean) = (0.3 * (2.3 * 3.0 + 0.7) + 0.3 * 9.0 + 0.4 * 3.0, 0.6 * 9.0 + 0.4 * 3.0);
    let whole = exact(0.6, 3);
    let variance = whole.variance(|halves| f64::from(*halves));
    assert!((whole.mean(|halves| f64::from(*halves)) - mean).abs() < 1e-9);
    let observed = 2.0 * run.tally.days_in_incidents.mean().expect("iterations").mean.estimate;
    Check::mean("halves of a day", observed, N, mean, variance).holds();
    Check::mean("the first time alone", observed, N, once, variance).is_refused();
}
