//! What delay, back-outs and incidents cost, cause by cause, and how well the inputs know it.

use golive::analysis::{Runs, outlook};
use golive::oracle::{Finite, Life, Reversal};
use golive::program::Program;
use golive::simulate::{Decision, Options, Worlds, simulate_paired, simulate_worlds};

use super::check::{Check, Run, all_hold, distribution, some_refused};

const N: u64 = 200_000;

/// How A is charged: what a test of it may get wrong.
#[derive(Clone, Copy)]
struct Terms {
    /// Days count from here.
    due: i32,
    /// Cost of each back-out after the first.
    again: i64,
    /// Whether the days until the horizon count where it is not live.
    to_horizon: bool,
    /// Cost of not being live.
    not_live: i64,
}

const TERMS: Terms = Terms { due: 10, again: 1000, to_horizon: true, not_live: 5000 };

/// Costs of A: delay, not being live, back-outs.
fn release_a(terms: Terms) -> Finite<(i64, i64, i64)> {
    let life = Life { reversal: Some(Reversal { p: 0.4, fix: Finite::certain(7) }), ..Life::new(&[10, 17, 24, 31]) };
    Finite::equally([100_i64, 300]).and_then(move |price| {
        let price = *price;
        life.fates().map(move |(live, _, back_outs, _)| {
            let days = match live {
                Some(day) => day - terms.due,
                None if terms.to_horizon => 35 - terms.due,
                None => 0,
            };
            let lump = if live.is_some() { 0 } else { terms.not_live };
            let nights = if *back_outs == 0 { 0 } else { 1000 + (i64::from(*back_outs) - 1) * terms.again };
            (i64::from(days) * price, lump, nights)
        })
    })
}

/// Cost of the incident: one price of category 1 in each.
fn incident() -> Finite<i64> {
    Finite::of([(0, 0.5), (600, 0.0625), (800, 0.0625), (50, 0.375)])
}

/// Total cost, with what is certain: B, E, D out of the plan, the response.
fn total(a: Finite<(i64, i64, i64)>, certain: i64) -> Finite<i64> {
    let events = incident().with(&Finite::either(0.25, 3, 0)).map(|(a, b)| a + b);
    a.map(|(delay, lump, nights)| delay + lump + nights).with(&events).map(move |(a, b)| a + b + certain)
}

const CERTAIN: i64 = 70 + 7 + (10 * 2 + 30) + 9;

#[test]
fn delay_back_outs_and_incidents_are_charged() {
    let run = Run::of("prices", N);
    let costs = run.costs();
    let exact = total(release_a(TERMS), CERTAIN);
    all_hold(&distribution(&costs, &exact));
    let mean = run.tally.cost.mean().expect("iterations").mean.estimate;
    let check =
        |exact: &Finite<i64>| Check::mean("cost", mean, N, exact.mean(|c| *c as f64), exact.variance(|c| *c as f64));
    check(&exact).holds();
    // Planted faults: days from the data date; one price for all back-outs; no days without a go-live; no lump.
    for wrong in [
        Terms { due: 0, ..TERMS },
        Terms { again: 0, ..TERMS },
        Terms { to_horizon: false, ..TERMS },
        Terms { not_live: 0, ..TERMS },
    ] {
        let wrong = total(release_a(wrong), CERTAIN);
        some_refused(&distribution(&costs, &wrong));
        check(&wrong).is_refused();
    }
    // … B charged from its plan's date; D free because the plan leaves it out; C paid for being early; E from its plan's date.
    for certain in [CERTAIN - 70, CERTAIN - 50, CERTAIN - 14 * 1000, CERTAIN - 7] {
        some_refused(&distribution(&costs, &total(release_a(TERMS), certain)));
    }
}

#[test]
fn causes_add_up_and_each_is_exact() {
    let run = Run::of("prices", N);
    let outlook = outlook(&[(&run.program, &run.tally)]);
    let plan = &outlook.plans[0];
    let costs = plan.costs.as_ref().expect("priced");
    let c = costs.by_cause;
    let of = |what: &str, mean: f64, exact: &Finite<i64>| {
        Check::mean(what, mean, N, exact.mean(|x| *x as f64), exact.variance(|x| *x as f64))
    };
    let a = release_a(TERMS);
    let delay = a.map(|(delay, ..)| delay + 70 + 7 + 20);
    of("delay", c.delay.mean.estimate, &delay).holds();
    of("not live", c.not_live.mean.estimate, &a.map(|(_, lump, _)| lump + 30)).holds();
    let nights = a.map(|(.., nights)| *nights);
    of("back-outs", c.back_outs.mean.estimate, &nights).holds();
    of("incidents", c.incidents.mean.estimate, &incident()).holds();
    of("risks", c.risks.mean.estimate, &Finite::either(0.25, 3, 0)).holds();
    of("responses", c.responses.mean.estimate, &Finite::certain(9)).holds();
    // Planted faults: what belongs to one cause is counted with another; the dearer price of category 1 always.
    of("delay with nights", c.delay.mean.estimate, &a.map(|(delay, _, nights)| delay + nights + 97)).is_refused();
    of("no lump for D", c.not_live.mean.estimate, &a.map(|(_, lump, _)| *lump)).is_refused();
    let dear = Finite::of([(0, 0.5), (800, 0.125), (50, 0.375)]);
    of("incidents", c.incidents.mean.estimate, &dear).is_refused();
    let sum: f64 = c.parts().iter().map(|(_, mean)| mean.mean.estimate).sum();
    let total_mean = plan.cost.expect("costs").mean.estimate;
    assert!((sum - total_mean).abs() < 1e-6, "{sum} {total_mean}");
    // Poisson of mean 3 in 30 days, 50 each: apart from the total.
    let background = costs.background_incidents.expect("there is a process").mean.estimate;
    Check::mean("background", background, N, 150.0, 3.0 * 2500.0).holds();
    Check::mean("background of 60 days", background, N, 300.0, 6.0 * 2500.0).is_refused();
    assert_eq!(outlook.cost_unit.as_deref(), Some("points"));
}

#[test]
fn percentiles_of_cost_are_order_statistics() {
    let run = Run::of("prices", N);
    let exact = total(release_a(TERMS), CERTAIN);
    let outlook = outlook(&[(&run.program, &run.tally)]);
    let costs = outlook.plans[0].costs.as_ref().expect("priced");
    // A bin holds amounts that differ by less than its width.
    let is_percentile = |exact: &Finite<i64>, q: f64, amount: f64| {
        let at_most = |x: f64| exact.probability(|c| (*c as f64) <= x);
        let spread = 4.6 * (q * (1.0 - q) / N as f64).sqrt();
        at_most(amount - costs.resolution) < q + spread && at_most(amount + costs.resolution) > q - spread
    };
    // Planted fault: a week of A at 100 more than there is.
    let dearer = total(release_a(TERMS), CERTAIN + 700);
    for (q, percentile) in [(0.5, costs.p50), (0.8, costs.p80), (0.95, costs.p95)] {
        assert!(is_percentile(&exact, q, percentile.amount), "P{q}: {percentile:?}");
        assert!(!is_percentile(&dearer, q, percentile.amount), "P{q}: {percentile:?}");
        let [low, high] = percentile.interval.map(|end| end.expect("within the sample"));
        assert!(low <= percentile.amount && percentile.amount <= high);
    }
}

/// Two plans whose cost is certain but for what nobody knows: a day costs 100 to 300.
const KNOWLEDGE: &str = r#"
[scenario]
id = "prices-of-knowledge"
title = "What a day costs"
data_date = 2030-01-07
horizon = 2030-03-28
cost_unit = "points"

[windows.thursdays]
first = 2030-01-17
every = "7 days"

[releases.A]
title = "A"
windows = "thursdays"
ready = 2030-01-17

[prices.delay.A]
per_day = { uniform = { min = 100, max = 300 }, basis = "assumed" }

[plans.soon]
title = "A week later"
releases = { A = 2030-01-24 }

[plans.due]
title = "When it is due"
releases = { A = 2030-01-17 }
"#;

#[test]
fn expected_cost_has_the_input_interval_of_its_prices() {
    let programs: Vec<Program> =
        ["due", "soon"].iter().map(|plan| Program::lower(crate::support::register(KNOWLEDGE, plan), 7)).collect();
    let decisions = Decision::all(&programs);
    assert_eq!(decisions.last(), Some(&Decision::Cost));
    let (tallies, paired) =
        simulate_paired(&programs, &decisions, Options::iterations(20_000), &|_| {}).expect("threads");
    let worlds = Worlds { worlds: 2000, iterations: 16, threads: None };
    let worlds = simulate_worlds(&programs, &decisions, &[vec![], vec![]], worlds, &|_| {}).expect("threads");
    let runs = Runs { programs: &programs, tallies: &tallies, decisions: &decisions, paired: &paired, worlds: &worlds };
    let cost = runs.place(&Decision::Cost).expect("there are costs");
    let figure = runs.figure(1, cost);
    // Seven days: 700 to 2100, uniform: mean 1400, variance 1400²/12; 90% of the worlds from 770 to 2030.
    Check::mean("cost", figure.estimate, 20_000, 1400.0, 1400.0 * 1400.0 / 12.0).holds();
    Check::mean("eight days", figure.estimate, 20_000, 1600.0, 1600.0 * 1600.0 / 12.0).is_refused();
    let [low, high] = figure.inputs_interval.expect("worlds");
    // Order statistics of 2000 uniform values: standard error 1400·√(0.05·0.95/2000).
    let error = 1400.0 * (0.05_f64 * 0.95 / 2000.0).sqrt();
    Check::figure("low end", low, 770.0, error).holds();
    Check::figure("high end", high, 2030.0, error).holds();
    Check::figure("as if it were the range", low, 700.0, error).is_refused();
    assert_eq!((runs.figure(0, cost).estimate, runs.figure(0, cost).inputs_interval), (0.0, Some([0.0, 0.0])));
    let behind = runs.difference(1, 0, cost);
    assert!(behind.interval[0] > 0.0 && behind.inputs_interval.expect("worlds")[0] > 0.0, "{behind:?}");
}
