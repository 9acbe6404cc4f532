//! Input intervals against a scenario whose two levels are known exactly: knowledge is a beta distribution, chance one
//! draw given it.
//!
//! P(on time | world) = 1 − p with p ~ Beta(8, 12): the worlds' values are Beta(12, 8). The ends of the 90% interval
//! are order statistics of 2,000 worlds, whose standard error is √(q(1 − q)/2000)/f; the variance over worlds has a
//! standard error from the fourth moment. |z| < 4.6, fixed seed; each check has a planted fault.

mod support;

use golive::analysis::{Runs, outlook};
use golive::estimate::{OverWorlds, over_worlds, sampling_noise};
use golive::math::{self, incomplete_beta};
use golive::program::Program;
use golive::simulate::{Decision, Options, World, Worlds, simulate_paired, simulate_worlds};

const WORLDS: u64 = 2000;
const EACH: u64 = 256;

/// A release that is late with probability p; under plan `fewer` with three quarters of the same p.
fn scenario(uncertainty: &str) -> String {
    format!(
        r#"
[scenario]
id = "two-levels"
title = "Two levels"
data_date = 2030-01-07
horizon = 2030-12-31

[windows.weekly]
first = 2030-01-17
every = "7 days"

[releases.A]
title = "A"
windows = "weekly"
ready = 2030-01-17

[estimates.p]
beta = {{ alpha = 8, beta = 12 }}
uncertainty = "{uncertainty}"

[risks.late]
title = "A is late"
probability = "p"
effects = [{{ delay = {{ release = "A", by = {{ discrete = {{ values = [7, 14, 21], weights = [5, 3, 2] }}, unit = "days" }} }} }}]

[plans.as-is]
title = "As it is"
releases = {{ A = 2030-01-17 }}

[plans.fewer]
title = "Late less often"
releases = {{ A = 2030-01-17 }}
set = {{ "risks.late.probability" = {{ product = ["p", 0.75] }} }}
"#
    )
}

struct Study {
    programs: Vec<Program>,
    decisions: Vec<Decision>,
    worlds: Vec<World>,
}

fn study(uncertainty: &str, seeds: [u64; 2], each: u64) -> Study {
    let text = scenario(uncertainty);
    let plans = ["as-is", "fewer"].iter().zip(seeds);
    let programs: Vec<Program> =
        plans.map(|(plan, seed)| Program::lower(support::register(&text, plan), seed)).collect();
    let decisions = vec![Decision::LiveOnTarget("A".into())];
    let worlds = Worlds { worlds: WORLDS, iterations: each, threads: None };
    let days = vec![Vec::new(); 2];
    let worlds = simulate_worlds(&programs, &decisions, &days, worlds, &|_| {}).expect("threads");
    Study { programs, decisions, worlds }
}

impl Study {
    fn over(&self) -> OverWorlds {
        let n = self.worlds[0].paired.iterations;
        let means: Vec<f64> = self.worlds.iter().map(|w| w.paired.mean(0, 0)).collect();
        let sums = self.worlds.iter().map(|w| (w.paired.sum(0, 0), w.paired.own_squares(0, 0)));
        over_worlds(&means, sampling_noise(sums, n)).expect("worlds")
    }

    /// The same with the sampling noise left in.
    fn noisy(&self) -> OverWorlds {
        let means: Vec<f64> = self.worlds.iter().map(|w| w.paired.mean(0, 0)).collect();
        over_worlds(&means, 0.0).expect("worlds")
    }
}

/// Distribution function of Beta(12, 8), its quantile by bisection, its density.
fn cdf(x: f64) -> f64 {
    incomplete_beta(12.0, 8.0, x, 1.0 - x).below
}

fn quantile(q: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if cdf(middle) < q { low = middle } else { high = middle }
    }
    low
}

fn density(x: f64) -> f64 {
    (cdf(x + 1e-5) - cdf(x - 1e-5)) / 2e-5
}

/// Standard deviations that the ends of an interval are off.
fn ends(over: &OverWorlds) -> [f64; 2] {
    [(over.interval[0], 0.05), (over.interval[1], 0.95)].map(|(end, q)| {
        let exact = quantile(q);
        let standard_error = (q * (1.0 - q) / WORLDS as f64).sqrt() / density(exact);
        (end - exact) / standard_error
    })
}

/// Standard deviations that the spread over worlds is off. Beta(12, 8): variance ab/((a+b)²(a+b+1)), excess kurtosis
/// 6((a−b)²(a+b+1) − ab(a+b+2))/(ab(a+b+2)(a+b+3)).
fn spread(over: &OverWorlds) -> f64 {
    spread_of(over, EACH)
}

/// The same of worlds of `each` iterations.
fn spread_of(over: &OverWorlds, each: u64) -> f64 {
    let variance: f64 = 96.0 / (400.0 * 21.0);
    let kurtosis = 3.0 + 6.0 * (16.0 * 21.0 - 96.0 * 22.0) / (96.0 * 22.0 * 23.0);
    // The noise of a world's iterations adds to its mean: E[p(1 − p)]/n.
    let noise = (0.6 * 0.4 - variance) / each as f64;
    let total = variance + noise;
    let standard_error = total * ((kurtosis - 1.0) / WORLDS as f64).sqrt();
    (over.standard_deviation * over.standard_deviation - variance) / standard_error
}

#[test]
fn input_intervals_are_those_of_the_known_distribution() {
    let study = study("knowledge", [11, 11], EACH);
    let over = study.over();
    for z in ends(&over) {
        assert!(z.abs() < 4.6, "{z}: {:?}", over.interval);
    }
    assert!(spread(&over).abs() < 4.6, "{}", spread(&over));

    // With few iterations in a world the noise is as large as what is sought, and is removed all the same.
    let few = self::study("knowledge", [11, 11], 24);
    assert!(spread_of(&few.over(), 24).abs() < 4.6, "{}", spread_of(&few.over(), 24));
    // Planted faults: noise left in; an input that is chance has no interval.
    let left_in = spread_of(&few.noisy(), 24);
    assert!(left_in > 4.6, "noise left in goes unseen: {left_in}");
    let chance = self::study("chance", [11, 11], EACH).over();
    assert!(spread(&chance) < -4.6 && chance.interval[1] - chance.interval[0] < 0.02, "{chance:?}");
}

#[test]
fn differences_over_worlds_are_paired() {
    // d = P(on time under `fewer`) − P(on time as it is) = 0.25 p in every world: Beta(8, 12), a quarter as large.
    let of = |study: &Study| {
        let n = EACH;
        let d = |w: &World| w.paired.sum(1, 0) - w.paired.sum(0, 0);
        let means: Vec<f64> = study.worlds.iter().map(|w| d(w) / n as f64).collect();
        let sums = study.worlds.iter().map(|w| (d(w), w.paired.squares(0, 1, 0)));
        (over_worlds(&means, sampling_noise(sums, n)).expect("worlds"), means)
    };
    let z = |over: &OverWorlds| {
        [(over.interval[0], 0.05, 0.95), (over.interval[1], 0.95, 0.05)].map(|(end, q, mirrored)| {
            let exact = 0.25 * (1.0 - quantile(mirrored));
            // A world's mean is noisy by E[d(1 − d)]/256, which widens the error of an order statistic.
            let variance: f64 = 96.0 / (400.0 * 21.0) / 16.0;
            let noise = (0.1 - 0.01 - variance) / EACH as f64;
            let wider = (1.0 + noise / variance).sqrt();
            let f = density(1.0 - 4.0 * exact) * 4.0;
            let standard_error = wider * (q * (1.0 - q) / WORLDS as f64).sqrt() / f;
            (end - exact) / standard_error
        })
    };
    let paired = study("knowledge", [11, 11], EACH);
    let (over, means) = of(&paired);
    for z in z(&over) {
        assert!(z.abs() < 4.6, "{z}: {:?}", over.interval);
    }
    let mean = means.iter().sum::<f64>() / WORLDS as f64;
    let standard_error = ((0.1 - 0.01) / (WORLDS * EACH) as f64 + 0.25 * 0.25 * 0.0114 / WORLDS as f64).sqrt();
    assert!(((mean - 0.1) / standard_error).abs() < 4.6, "{mean}");

    // Planted fault: worlds that are not the same for both plans.
    let (unpaired, _) = of(&study("knowledge", [11, 12], EACH));
    assert!(z(&unpaired).iter().any(|z| z.abs() > 4.6), "{:?}", unpaired.interval);
}

/// P80 of the date: the date by which a world's share reaches 0.8. Late by 7, 14, 21 days with weights 5, 3, 2: the
/// share live by day 7 is 1 − p/2, by day 14 1 − p/5. So P80 is on time where p ≤ 0.2, a week later where p ≤ 0.4, two
/// weeks later otherwise.
#[test]
fn percentiles_of_dates_over_worlds() {
    let study = study("knowledge", [11, 11], EACH);
    let options = Options::iterations(20_000);
    let (tallies, paired) = simulate_paired(&study.programs, &study.decisions, options, &|_| {}).expect("threads");
    let runs = Runs {
        programs: &study.programs,
        tallies: &tallies,
        decisions: &study.decisions,
        paired: &paired,
        worlds: &study.worlds,
    };
    let mut outlook = outlook(&study.programs.iter().zip(&tallies).collect::<Vec<_>>());
    runs.add_input_intervals(&mut outlook);
    let release = &outlook.plans[0].releases[0];
    let day = |days: i64| jiff::civil::date(2030, 1, 17).checked_add(jiff::Span::new().days(days)).ok();
    // 5% of the worlds have p ≤ 0.226, so that its lower end is a week late; 95% have p ≤ 0.58.
    assert!(1.0 - quantile(0.95) > 0.2 && 1.0 - quantile(0.05) > 0.4);
    assert_eq!(release.go_live.p80.inputs_interval, Some([day(7), day(14)]));
    assert_eq!(release.go_live.p10.inputs_interval, Some([day(0), day(0)]));
    // Given a miss the delay does not depend on p at all.
    let delay = release.delay_if_missed.expect("it is late at times");
    assert_eq!(delay.p80.inputs_interval, Some([Some(14.0), Some(14.0)]), "{delay:?}");
    let p = release.p_live_on_target;
    let [low, high] = p.inputs_interval.expect("there are worlds");
    assert!(low < 0.45 && high > 0.75 && p.interval[1] - p.interval[0] < 0.02, "the two are apart: {p:?}");
    assert!(math::floor(low) == 0.0);
}
