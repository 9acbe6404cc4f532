//! Intervals are true: over a thousand seeds, 95% sampling intervals cover the exact answer as often as they say.
//!
//! A number of covering intervals out of 1,000 is binomial. It must not lie 4.6 standard deviations below 950; of
//! continuous figures, whose intervals can be as wide as they should, not above it either (where a figure is on a
//! lattice, or is a proportion near 0 or 1, an interval that covers enough must cover more). Planted faults: intervals
//! of another width, normal intervals near 0, differences taken as if plans were not paired.

mod support;

use golive::analysis::outlook::{DayPercentile, PlanOutlook};
use golive::analysis::{Runs, outlook};
use golive::estimate::Figure;
use golive::program::Program;
use golive::register::Register;
use golive::simulate::{Decision, Options, Paired, Tally, simulate_paired};

const SEEDS: u64 = 1000;

/// A: late with probability 0.3 (0.36 in `more`), then by 1 to 60 days, each as likely. B: backed out with probability
/// 0.004 (0.006 in `more`).
const RELEASES: &str = r#"
[scenario]
id = "coverage"
title = "Answers known in closed form"
data_date = 2030-01-07
horizon = 2030-12-31

[windows.daily]
first = 2030-01-17
every = "1 day"

[releases.A]
title = "A"
windows = "daily"
ready = 2030-01-17

[releases.B]
title = "B"
windows = "daily"
ready = 2030-01-17

[risks.late]
title = "A is late"
probability = 0.3
effects = [{ delay = { release = "A", by = { uniform = { min = 0, max = 60 }, unit = "days" } } }]

[risks.back-out]
title = "B is backed out"
draw = "once"
probability = 0.004
effects = [{ back_out = { release = "B", fix = "7 days" } }]

[plans.less]
title = "As it is"
releases = { A = 2030-01-17, B = 2030-01-17 }

[plans.more]
title = "More of both"
releases = { A = 2030-01-17, B = 2030-01-17 }
set = { "risks.late.probability" = 0.36, "risks.back-out.probability" = 0.006 }
"#;

/// A duration of 10 to 40 days, right triangle: P(≤ x) = 1 − ((40 − x)/30)².
const WORK: &str = r#"
[scenario]
id = "coverage-work"
title = "A duration known in closed form"
data_date = 2030-01-07

[activities.work]
duration = { triangular = { min = 10, mode = 10, max = 40 }, unit = "days" }

[measures.finish]
target = "20 days"
"#;

struct Seed {
    plans: Vec<PlanOutlook>,
    programs: Vec<Program>,
    tallies: Vec<Tally>,
    decisions: Vec<Decision>,
    paired: Paired,
}

impl Seed {
    fn run(registers: &[Register], seed: u64, n: u64) -> Self {
        let programs: Vec<Program> = registers.iter().map(|r| Program::lower(r.clone(), seed)).collect();
        let decisions = Decision::all(&programs);
        let options = Options { threads: Some(1), ..Options::iterations(n) };
        let (tallies, paired) = simulate_paired(&programs, &decisions, options, &|_| {}).expect("threads");
        let plans = outlook(&programs.iter().zip(&tallies).collect::<Vec<_>>()).plans;
        Self { plans, programs, tallies, decisions, paired }
    }

    fn difference(&self, decision: &Decision) -> Figure {
        let runs = Runs {
            programs: &self.programs,
            tallies: &self.tallies,
            decisions: &self.decisions,
            paired: &self.paired,
            worlds: &[],
        };
        runs.difference(1, 0, runs.place(decision).expect("it was run"))
    }
}

/// How often intervals covered the exact answer.
struct Coverage {
    what: &'static str,
    covered: u64,
    /// Whether covering more often than said is a fault too.
    exact: bool,
}

impl Coverage {
    fn of(what: &'static str, exact: bool, covers: impl Iterator<Item = bool>) -> Self {
        Self { what, covered: covers.map(u64::from).sum(), exact }
    }

    /// Standard deviations from 950 of 1,000.
    fn z(&self) -> f64 {
        let n = SEEDS as f64;
        (self.covered as f64 - 0.95 * n) / (n * 0.95 * 0.05).sqrt()
    }

    #[track_caller]
    fn holds(&self) {
        let z = self.z();
        assert!(z > -4.6 && (!self.exact || z < 4.6), "{}: {} of {SEEDS} covered", self.what, self.covered);
    }

    #[track_caller]
    fn is_refused(&self) {
        assert!(self.z() <= -4.6, "a planted fault goes unseen: {}, {} of {SEEDS} covered", self.what, self.covered);
    }
}

fn covers(figure: &Figure, exact: f64) -> bool {
    figure.interval[0] <= exact && exact <= figure.interval[1]
}

fn covers_days(percentile: &DayPercentile, exact: f64) -> bool {
    let [low, high] = percentile.interval.map(|end| end.unwrap_or(f64::INFINITY));
    low <= exact && exact <= high
}

fn narrowed(figure: &Figure, by: f64) -> Figure {
    let [low, high] = figure.interval.map(|end| figure.estimate + by * (end - figure.estimate));
    Figure::new(figure.estimate, figure.standard_error, [low, high])
}

fn runs(n: u64) -> Vec<Seed> {
    let registers = ["less", "more"].map(|plan| support::register(RELEASES, plan));
    (0..SEEDS).map(|seed| Seed::run(&registers, 1_000_003 * (seed + 1), n)).collect()
}

#[test]
fn intervals_of_probabilities_and_paired_differences() {
    let seeds = runs(500);
    let over = |what, exact, of: &dyn Fn(&Seed) -> bool| Coverage::of(what, exact, seeds.iter().map(of));
    let a = |s: &Seed| s.plans[0].releases[0].p_live_on_target;
    over("P(A live on its date) = 0.7", true, &|s| covers(&a(s), 0.7)).holds();
    over("P(B backed out) = 0.004", false, &|s| covers(&s.plans[0].releases[1].p_backed_out, 0.004)).holds();
    let b = |s: &Seed| s.plans[0].releases[1].p_live_on_target_and_stays;
    over("P(B live and stays) = 0.996", false, &|s| covers(&b(s), 0.996)).holds();
    over("P(both) = 0.7 · 0.996", true, &|s| {
        s.plans[0].p_all_live_on_target_and_stay.is_some_and(|f| covers(&f, 0.7 * 0.996))
    })
    .holds();
    let late = Decision::LiveOnTarget("A".into());
    over("difference of −0.06", true, &|s| covers(&s.difference(&late), -0.06)).holds();
    let stays = Decision::LiveAndStays("B".into());
    over("difference of −0.002", false, &|s| covers(&s.difference(&stays), -0.002)).holds();
    let missed = |s: &Seed| s.difference(&Decision::Missed);
    over("expected number missed, difference of 0.062", true, &|s| covers(&missed(s), 0.062)).holds();

    // Planted faults.
    over("intervals a third too narrow", true, &|s| covers(&narrowed(&a(s), 0.67), 0.7)).is_refused();
    let normal = |s: &Seed| {
        let Figure { estimate: p, standard_error: e, .. } = s.plans[0].releases[1].p_backed_out;
        Figure::new(p, e, [p - 1.96 * e, p + 1.96 * e])
    };
    over("a normal interval near 0", true, &|s| covers(&normal(s), 0.004)).is_refused();
    // Taken as unpaired, the interval is three times as wide as need be, and always covers.
    let unpaired = |s: &Seed| {
        let [x, y] = [0, 1].map(|p| s.plans[p].releases[0].p_live_on_target);
        let [e, f] = [x, y].map(|figure| figure.standard_error);
        let e = (e * e + f * f).sqrt();
        let d = y.estimate - x.estimate;
        Figure::new(d, e, [d - 1.96 * e, d + 1.96 * e])
    };
    let wide = over("unpaired", true, &|s| covers(&unpaired(s), -0.06));
    assert!(wide.z() >= 4.6, "a planted fault goes unseen: {} covered", wide.covered);
}

#[test]
fn intervals_of_delay_given_a_miss() {
    // Few misses (about 150) and many (about 450): exact ranks of the binomial distribution, and more than one regime.
    for n in [500, 1500] {
        let seeds = runs(n);
        // Day k of 1 to 60 has probability 1/60: the q-percentile is ⌈60 q⌉.
        for (what, exact, of) in
            [("P50 of the delay", 30.0, 0), ("P80 of the delay", 48.0, 1), ("P95 of the delay", 57.0, 2)]
        {
            let delay = |s: &Seed| {
                let delay = s.plans[0].releases[0].delay_if_missed.expect("A is sometimes late");
                [delay.p50, delay.p80, delay.p95][of]
            };
            Coverage::of(what, false, seeds.iter().map(|s| covers_days(&delay(s), exact))).holds();
            // Planted fault: the percentile of all iterations, as if none had been on time.
            let of_all = |s: &Seed| covers_days(&delay(s), exact - 20.0);
            Coverage::of(what, false, seeds.iter().map(of_all)).is_refused();
        }
    }
}

#[test]
fn intervals_of_percentiles_and_means_of_finish_times() {
    // Up to 1,000 iterations ranks are exact, above they come from the normal approximation.
    for n in [400, 1600] {
        let registers = [support::register(WORK, golive::scenario::BASE_PLAN)];
        let seeds: Vec<Seed> = (0..SEEDS).map(|seed| Seed::run(&registers, 7_000_003 * (seed + 1), n)).collect();
        let measure = |s: &Seed| s.plans[0].measures["finish"].clone();
        let quantile = |q: f64| 40.0 - 30.0 * (1.0f64 - q).sqrt();
        for (what, q) in [("P10", 0.1), ("P50", 0.5), ("P80", 0.8), ("P95", 0.95)] {
            let percentile = |s: &Seed| {
                let m = measure(s);
                match what {
                    "P10" => m.p10,
                    "P50" => m.p50,
                    "P80" => m.p80,
                    _ => m.p95,
                }
            };
            Coverage::of(what, true, seeds.iter().map(|s| covers_days(&percentile(s), quantile(q)))).holds();
            // Planted fault: a percentile one standard error of its rank away is left out in one of six.
            let beside = quantile(q + (q * (1.0 - q) / n as f64).sqrt());
            Coverage::of(what, true, seeds.iter().map(|s| covers_days(&percentile(s), beside))).is_refused();
        }
        let by = |s: &Seed| measure(s).p_by_target.expect("it has a target");
        Coverage::of("P(by 20 days)", true, seeds.iter().map(|s| covers(&by(s), 1.0 - 4.0 / 9.0))).holds();
        Coverage::of("mean", true, seeds.iter().map(|s| covers(&measure(s).mean, 20.0))).holds();
    }
}
