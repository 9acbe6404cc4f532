//! Networks: links of every kind, sums and maxima of durations, branches, percentiles.

use golive::distribution::{Distribution, Pert, Triangular};
use golive::oracle::{Finite, Grid, LinkKind, Task, forward_pass};

use super::check::{Check, Run, all_hold, distribution, some_refused};

const N: u64 = 200_000;

/// Finish of wire, test and close in whole hours.
fn linked(ff: LinkKind, lag: f64) -> Finite<Vec<Option<i64>>> {
    let two = |a: u32, b: u32| Finite::equally([a, b]);
    let durations = two(4, 9).with(&two(6, 2)).with(&two(3, 8));
    durations.map(|((dig, wire), test)| {
        let tasks = [
            Task::after(f64::from(*dig), &[]),
            Task::after(f64::from(*wire), &[]).linked(0, LinkKind::StartStart, lag),
            Task::after(f64::from(*test), &[]).linked(1, ff, 2.0).linked(0, LinkKind::FinishStart, -1.0),
            Task::after(1.0, &[2]).linked(0, LinkKind::StartFinish, 20.0),
        ];
        let times = forward_pass(&tasks);
        times[1..].iter().map(|t| super::check::hours(t.1)).collect()
    })
}

#[test]
fn links_of_every_kind() {
    let run = Run::of("links", N);
    let counts = run.count(|outcome, lane| {
        let stride = outcome.measures.len() / 3;
        ["wire", "test", "close"]
            .map(|id| outcome.measures[run.measure(id) * stride + lane])
            .map(super::check::hours)
            .to_vec()
    });
    all_hold(&distribution(&counts, &linked(LinkKind::FinishFinish, 3.0)));
    // Planted faults: finish to start instead of finish to finish; a lag forgotten.
    some_refused(&distribution(&counts, &linked(LinkKind::FinishStart, 3.0)));
    some_refused(&distribution(&counts, &linked(LinkKind::FinishFinish, 0.0)));
}

fn pert(min: f64, mode: f64, max: f64) -> Distribution {
    Pert::usual(min, mode, max).expect("three points").into()
}

fn grid(d: &Distribution) -> Grid {
    let (low, high) = d.support();
    Grid::of(|x| d.cdf(x), low, high, 1.0 / 64.0)
}

#[test]
fn a_chain_of_pert_durations_and_a_merge() {
    let n = 1_000_000;
    let run = Run::of("chain", n);
    let points = [(5.0, 10.0, 25.0), (8.0, 12.0, 30.0), (4.0, 6.0, 14.0)];
    let parts = points.map(|(a, m, b)| pert(a, m, b));
    let chain = grid(&parts[0]).plus(&grid(&parts[1])).plus(&grid(&parts[2]));
    let short = pert(20.0, 30.0, 50.0);
    let (low, high) = chain.cdf_bounds(35.0);
    assert!(low < chain.cdf(35.0) && chain.cdf(35.0) < high);

    let (m, d) = (run.measure("chain"), run.measure("done"));
    let by_target = |m: usize| run.tally.by_target[m];
    Check::proportion("chain by 35", by_target(m), n, chain.cdf(35.0)).holds();
    let merged = chain.cdf(35.0) * short.cdf(35.0);
    Check::proportion("done by 35", by_target(d), n, merged).holds();
    let (mean, variance): (f64, f64) =
        (parts.iter().map(Distribution::mean).sum(), parts.iter().map(Distribution::variance).sum());
    assert!((mean - 33.0).abs() < 1e-12, "as the file says");
    let observed = run.tally.measure_moments[m].mean().expect("iterations");
    Check::mean("mean", observed.mean.estimate, n, mean, variance).holds();

    // Percentiles: an order statistic of rank nq has standard error √(q(1−q)/n)/density; the tally's
    // histogram adds at most the width of a bin, which is part of the figure and so of its error.
    for q in [0.1, 0.5, 0.8, 0.9, 0.95] {
        let rank = (q * n as f64).ceil() as u64;
        let found = run.tally.measures[m].order_statistic(rank).expect("finite");
        let exact = chain.percentile(q);
        let se = (q * (1.0 - q) / n as f64).sqrt() / chain.density(exact);
        Check::figure(format!("P{}", 100.0 * q), found, exact, se).holds();
        Check::figure("another percentile", found, chain.percentile(q - 0.005), se).is_refused();
    }

    // Planted faults: no merge bias; triangular instead of PERT.
    Check::proportion("no merge", by_target(d), n, chain.cdf(35.0)).is_refused();
    let triangles = points.map(|(a, m, b)| grid(&Triangular::new(a, m, b).expect("three points").into()));
    let triangular = triangles[0].plus(&triangles[1]).plus(&triangles[2]);
    Check::proportion("triangular", by_target(m), n, triangular.cdf(35.0)).is_refused();
}

#[test]
fn a_branch_exists_with_its_risk_and_outcomes_exclude_each_other() {
    let run = Run::of("branch", N);
    let counts = run.finishes("close");
    let days = |d: i64| Some(d * 24);
    let exact = |work: Finite<i64>, p_rework: f64| {
        work.with(&Finite::either(p_rework, 4, 0)).map(|(work, rework)| days(work + rework + 1))
    };
    let work = Finite::of([(10, 0.55), (15, 0.3), (20, 0.15)]);
    all_hold(&distribution(&counts, &exact(work.clone(), 0.3)));
    let costs = run.costs();
    all_hold(&distribution(&costs, &Finite::either(0.15, 1, 0)));
    // Planted faults: rework always; outcomes that happen side by side.
    some_refused(&distribution(&counts, &exact(work, 1.0)));
    let side_by_side = Finite::chance(0.3)
        .with(&Finite::chance(0.15))
        .map(|(more, twice)| (10 << u32::from(*twice)) + if *more { 5 } else { 0 });
    some_refused(&distribution(&counts, &exact(side_by_side, 0.3)));
}

#[test]
fn two_activities_of_ten_days_finish_on_day_twenty() {
    let run = Run::of("serial", 100_000);
    let certain = Finite::certain(Some(20 * 24));
    all_hold(&distribution(&run.finishes("second"), &certain));
    assert_eq!(run.tally.by_target[0], run.n);
    assert_eq!(run.tally.measures[0].order_statistic(1), Some(20.0));
    assert_eq!(run.tally.measures[0].order_statistic(run.n), Some(20.0));
    // Planted fault: side by side.
    let mutated = Run::mutated("serial", "after = [\"first\"]", "after = []", 1000);
    some_refused(&distribution(&mutated.finishes("second"), &certain));
}
