//! Points that are spread evenly: how much better they know a figure, whether their intervals are true, and that they
//! are the same points however they are run.

#![expect(clippy::disallowed_methods, reason = "what is compared within an error need not repeat to the bit")]

mod support;

use std::process::{Command, Output};

use golive::analysis::outlook::{DayPercentile, MeasureOutlook};
use golive::analysis::{outlook, outlook_of_replicates};
use golive::estimate::Figure;
use golive::program::{AxisKind, Layout, Leading, Program, State, Together};
use golive::random::{PointSet, Sampler, Stream};
use golive::register::Node;
use golive::simulate::{Options, Replicated, Tally, by_importance, simulate_replicates};
use serde_json::Value;

const NETWORK: &str = "scenarios/verification/network-50.toml";

/// A program, and the same drawn from points in order of importance.
fn spread(register: golive::register::Register, seed: u64, points: &PointSet) -> [Program; 2] {
    let plain = Program::lower(register, seed);
    let spread = plain.clone().spread(points, &by_importance(&plain));
    [plain, spread]
}

fn run(program: &Program, points: &PointSet, threads: Option<usize>, block: usize) -> Replicated {
    let options = Options { threads, block, ..Options::iterations(0) };
    simulate_replicates(std::slice::from_ref(program), &[], points, options, &|_| {}).expect("threads")
}

// ── How much better ──────────────────────────────────────────────────────────────────────────────

const POINTS: u64 = 1 << 14;
const REPLICATES: u32 = 160;

/// Variances over replicates of mean, P(≤ 200), P50 and P80 of the network's finish, as those of a run say.
fn variances(run: &Replicated) -> [f64; 4] {
    let of = |figure: &dyn Fn(&Tally) -> f64| {
        let values: Vec<f64> = run.replicates[0].iter().map(figure).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
    };
    let percentile =
        |q: f64| move |t: &Tally| t.measures[0].order_statistic((q * POINTS as f64) as u64).expect("finite");
    [
        of(&|t| t.measure_moments[0].mean().expect("iterations").mean.estimate),
        of(&|t| t.by_target[0] as f64 / t.iterations as f64),
        of(&percentile(0.5)),
        of(&percentile(0.8)),
    ]
}

/// The variances of as many random draws: σ²/n, p(1 − p)/n, and q(1 − q)/(n·f²) with the density f at the percentile
/// from all iterations of a run, which know σ, p and f to within a few thousandths.
fn of_random_draws(run: &Replicated) -> [f64; 4] {
    let (all, n) = (&run.tallies[0], POINTS as f64);
    let p = all.by_target[0] as f64 / all.iterations as f64;
    let quantile = |q: f64| all.measures[0].order_statistic((q * all.iterations as f64) as u64).expect("finite");
    let percentile = |q: f64| q * (1.0 - q) / n * ((quantile(q + 0.01) - quantile(q - 0.01)) / 0.02).powi(2);
    let sd = all.measure_moments[0].mean().expect("iterations").standard_deviation;
    [sd * sd / n, p * (1.0 - p) / n, percentile(0.5), percentile(0.8)]
}

/// How many times smaller the variances of a program's points are than those of as many random draws.
fn ratios(program: &Program, points: &PointSet) -> [f64; 4] {
    let run = run(program, points, None, 256);
    let (exact, own) = (of_random_draws(&run), variances(&run));
    std::array::from_fn(|k| exact[k] / own[k])
}

/// Geometric mean over seeds, each with a pilot run and points of its own.
fn over_seeds(seeds: u64, ratios: impl Fn(u64) -> [f64; 4]) -> [f64; 4] {
    let mut logarithms = [0.0; 4];
    for seed in 1..=seeds {
        let of_seed = ratios(seed);
        println!("seed {seed}: {of_seed:.1?}");
        logarithms.iter_mut().zip(of_seed).for_each(|(sum, ratio)| *sum += ratio.ln() / seeds as f64);
    }
    logarithms.map(f64::exp)
}

/// What points of Sobol's sequence are for: the mean 60 times better than as many random draws, P(≤ 200) 7, P50 and P80 3 times.
const GOALS: [f64; 4] = [60.0, 7.0, 3.0, 3.0];

/// At 2^14 points 167, 8.7, 8.7 and 7.9 are expected (16 other seeds, which the method was not chosen by). A variance of 160
/// replicates has 159 degrees of freedom, so that the logarithm of a ratio to an exact variance has a standard deviation of
/// √(2/159) = 0.112, that of a geometric mean over 8 seeds 0.040: what is expected lies ln(8.7/7)/0.040 = 5.5 standard deviations
/// above the second goal and more above the last two. The mean's ratio varies by 0.28 from seed to seed, ten standard deviations
/// of eight below ln(167/60). In the same order without the direction and the risks drawn together, 4.3 is expected of the second:
/// ln(7/4.3)/0.056 = 8.7 standard deviations of four seeds below the goal.
#[test]
fn sobol_points_know_the_network_many_times_better_than_random_draws() {
    let points = PointSet::new(Sampler::Sobol, POINTS * u64::from(REPLICATES), REPLICATES).expect("even");
    let program = |seed| Program::lower(support::register(NETWORK, "base"), seed);
    let led = over_seeds(8, |seed| {
        let plain = program(seed);
        ratios(&plain.clone().spread(&points, &by_importance(&plain)), &points)
    });
    println!("sobol: mean, P(≤ 200), P50, P80: {led:.1?} times");
    for (ratio, goal) in led.iter().zip(GOALS) {
        assert!(*ratio > goal, "{led:?}");
    }
    // Planted faults: the order alone, and the same replicates of random draws.
    let ordered = over_seeds(4, |seed| {
        let plain = program(seed);
        let Layout { order, .. } = by_importance(&plain);
        ratios(&plain.spread(&points, &Layout { order, ..Layout::default() }), &points)
    });
    println!("in order alone: {ordered:.1?} times");
    assert!(ordered[1] < GOALS[1], "a planted fault goes unseen: {ordered:?}");
    let random = ratios(&program(7), &points);
    println!("random: {random:.2?} times");
    assert!(random.iter().zip(GOALS).all(|(ratio, goal)| *ratio < goal.sqrt()), "{random:?}");
}

/// Of a Latin hypercube 15.8, 2.6, 2.2 and 1.4 are expected. The bound is the geometric mean of 1 (no better than random) and
/// what is expected: at least √2.6, ln √2.6 / 0.112 = 4.3 standard deviations from either for the second and more for the first.
/// The last two lie too near to 1 to be told apart.
#[test]
fn a_hypercube_knows_the_network_better_than_random_draws() {
    let points = PointSet::new(Sampler::Lhs, POINTS * u64::from(REPLICATES), REPLICATES).expect("even");
    let [plain, spread] = spread(support::register(NETWORK, "base"), 7, &points);
    let (better, random) = (ratios(&spread, &points), ratios(&plain, &points));
    println!("lhs: mean, P(≤ 200), P50, P80: {better:.1?} times; random: {random:.2?}");
    for (k, expected) in [15.8, 2.6].into_iter().enumerate() {
        assert!(better[k] > f64::sqrt(expected), "{better:?}");
        assert!(random[k] < f64::sqrt(expected), "a planted fault goes unseen: {random:?}");
    }
}

// ── Whether intervals are true ───────────────────────────────────────────────────────────────────

const SEEDS: u64 = 200;

/// The sum of two uniform durations of 10 to 20 days, triangular on 20 to 40: P(≤ 27) = 0.245, P50 = 30,
/// P80 = 40 − √40. A risk of probability 0.3, uncertain from 0.2 to 0.4, and one of 0.004, of which 16 are expected.
const CLOSED: &str = r#"
[scenario]
id = "closed-form"
title = "A sum known in closed form"
data_date = 2030-01-07

[activities.first]
duration = { uniform = { min = 10, max = 20 }, unit = "days" }

[activities.second]
duration = { uniform = { min = 10, max = 20 }, unit = "days" }
after = ["first"]

[activities.beside]
duration = "1 day"

[risks.often]
title = "Often"
probability = { uniform = { min = 0.2, max = 0.4 } }
effects = [{ delay = { activities = ["beside"], by = "1 day" } }]

[risks.rare]
title = "Rarely"
probability = 0.004
effects = [{ delay = { activities = ["beside"], by = "1 day" } }]

[measures.finish]
activity = "second"
target = "27 days"
"#;

/// Standard deviations of a number of intervals that cover from 95%.
fn z(covered: u64) -> f64 {
    let n = SEEDS as f64;
    (covered as f64 - 0.95 * n) / (n * 0.95 * 0.05).sqrt()
}

struct Covered {
    what: &'static str,
    /// By how many intervals.
    true_ones: u64,
    /// By how many of a quarter of the width: the planted fault, an error of 16 replicates taken as if it were that of their
    /// mean twice over.
    narrow_ones: u64,
    /// Mean width, in widths of random intervals.
    width: f64,
}

fn covered(what: &'static str, exact: f64, intervals: &[([f64; 3], [f64; 3])]) -> Covered {
    let covers = |[low, _, high]: [f64; 3]| low <= exact && exact <= high;
    let narrow = |[low, at, high]: [f64; 3]| [at + (low - at) / 4.0, at, at + (high - at) / 4.0];
    let width = |[low, _, high]: [f64; 3]| high - low;
    Covered {
        what,
        true_ones: intervals.iter().filter(|(own, _)| covers(*own)).count() as u64,
        narrow_ones: intervals.iter().filter(|(own, _)| covers(narrow(*own))).count() as u64,
        width: intervals.iter().map(|(own, random)| width(*own) / width(*random)).sum::<f64>() / SEEDS as f64,
    }
}

/// Whether the t-interval of 16 replicates covers, without more ado.
fn plain_t_covers(replicates: &[f64], exact: f64) -> bool {
    let n = replicates.len() as f64;
    let mean = replicates.iter().sum::<f64>() / n;
    let error = (replicates.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt();
    (mean - exact).abs() <= 2.131 * error
}

#[test]
fn intervals_of_replicates_cover_what_is_true() {
    let register = support::register(CLOSED, "base");
    let figure = |f: &Figure| [f.interval[0], f.estimate, f.interval[1]];
    let day = |p: &DayPercentile| [p.interval[0], p.days, p.interval[1]].map(|end| end.expect("finite"));
    for sampler in [Sampler::Sobol, Sampler::Lhs] {
        let points = PointSet::new(sampler, 16 * 256, 16).expect("even");
        let mut intervals: [Vec<([f64; 3], [f64; 3])>; 6] = Default::default();
        let mut without_floor = 0;
        let plain = Program::lower(register.clone(), 1);
        assert_eq!(plain.variables().len(), 5, "two durations, a probability, two risks");
        for seed in 0..SEEDS {
            let [plain, spread] = spread(register.clone(), seed, &points);
            let own = run(&spread, &points, Some(1), 256);
            let hits: Vec<f64> = own.replicates[0].iter().map(|t| t.occurred[1] as f64 / t.iterations as f64).collect();
            without_floor += u64::from(plain_t_covers(&hits, 0.004));
            let own = outlook_of_replicates(&[(&spread, &own.tallies[0], &own.replicates[0])], &points);
            assert_eq!((own.sampler, own.replicates, own.iterations), (Some(sampler), Some(16), 4096));
            let random = outlook(&[(&plain, &run(&plain, &points, Some(1), 256).tallies[0])]);
            let read = |plan: &golive::analysis::outlook::PlanOutlook| {
                let m: &MeasureOutlook = &plan.measures["finish"];
                let by_target = m.p_by_target.as_ref().expect("a target");
                let risk = |id: &str| figure(&plan.risks.iter().find(|r| r.id == id).expect(id).p_occurs);
                [figure(&m.mean), figure(by_target), day(&m.p50), day(&m.p80), risk("often"), risk("rare")]
            };
            for ((own, random), kept) in read(&own.plans[0]).iter().zip(read(&random.plans[0])).zip(&mut intervals) {
                kept.push((*own, random));
            }
        }
        let exact = [
            ("mean", 30.0),
            ("P(≤ 27)", 0.245),
            ("P50", 30.0),
            ("P80", 40.0 - f64::sqrt(40.0)),
            ("often", 0.3),
            ("rare", 0.004),
        ];
        for ((what, exact), intervals) in exact.into_iter().zip(&intervals) {
            let c = covered(what, exact, intervals);
            println!("{} {}: {} of {SEEDS}, width {:.2}", sampler.name(), c.what, c.true_ones, c.width);
            assert!(z(c.true_ones) > -4.6, "{sampler:?} {what}: {} of {SEEDS} covered", c.true_ones);
            // The interval of the rare risk is that of the floor: its planted fault comes below.
            let seen = what == "rare" || z(c.narrow_ones) < -4.6;
            assert!(seen, "a planted fault goes unseen: {sampler:?} {what}, {}", c.narrow_ones);
        }
        // A replicate expects 1.02 hits of the rare risk and mostly has one: without the floor, all seem to agree.
        assert!(z(without_floor) < -4.6, "a planted fault goes unseen: {without_floor}");
        // What is continuous must not be covered too often either, and is known several times better than at random.
        let mean = covered("mean", 30.0, &intervals[0]);
        assert!(z(mean.true_ones) < 4.6);
        assert!(mean.width < 0.2, "{}", mean.width);
    }
}

// ── The same points ──────────────────────────────────────────────────────────────────────────────

#[test]
fn threads_and_blocks_change_no_bit() {
    for (sampler, iterations) in [(Sampler::Sobol, 16 * 1024), (Sampler::Lhs, 16 * 700)] {
        let points = PointSet::new(sampler, iterations, 16).expect("even");
        let [_, spread] = spread(support::register(NETWORK, "base"), 3, &points);
        let one = run(&spread, &points, Some(1), 256);
        for (threads, block) in [(Some(2), 256), (Some(2), 100), (Some(1), 512), (Some(1), 7)] {
            let other = run(&spread, &points, threads, block);
            assert!(one.tallies == other.tallies && one.replicates == other.replicates, "{threads:?} {block}");
        }
        let [_, other_seed] = self::spread(support::register(NETWORK, "base"), 4, &points);
        assert!(run(&other_seed, &points, None, 256).tallies != one.tallies);
    }
}

/// Every iteration by itself, in any block, and as it is told.
#[test]
fn an_iteration_can_be_replayed_alone() {
    for sampler in [Sampler::Sobol, Sampler::Lhs] {
        let points = PointSet::new(sampler, 16 * 64, 16).expect("even");
        let [plain, spread] = spread(support::register(NETWORK, "base"), 3, &points);
        let mut state = State::new(&spread, 512);
        let whole: Vec<f64> = spread.run(&mut state, 0, 512).measures[..512].to_vec();
        for t in [0, 63, 64, 300, 511] {
            let told = spread.tell(t as u64).outcome.measures[0];
            assert_eq!(told, whole[t], "{sampler:?} {t}");
            assert_eq!(spread.run(&mut state, t as u64, 1).measures[0], told);
            assert_ne!(plain.tell(t as u64).outcome.measures[0], told);
        }
    }
}

#[test]
fn what_matters_most_comes_first() {
    let program = Program::lower(support::register(NETWORK, "base"), 7);
    let Layout { order, leading, joint } = by_importance(&program);
    let together = joint.expect("twenty risks");
    let mut sorted: Vec<String> = order.iter().map(|s| format!("{s:?}")).collect();
    sorted.sort();
    let mut all: Vec<String> = program.variables().iter().map(|axis| format!("{:?}", axis.stream)).collect();
    all.push(format!("{:?}", together.stream));
    all.sort();
    assert_eq!(sorted, all, "each variable once, and what chooses the risks");
    // One driver moves all fifty durations.
    let driver = Stream::new(7, "drivers.common");
    assert_eq!((order[0], order[1], leading[0].stream), (together.stream, driver, driver));
    let largest = leading.iter().map(|l| l.weight.abs()).fold(0.0, f64::max);
    assert_eq!(leading[0].weight.abs(), largest);
    assert!(leading[0].weight > 0.0);
    // Fifty durations and the driver; twenty risks and their impacts, which count where the risk occurs.
    assert_eq!(order.len(), 1 + 51 + 40);
    let gated = |axis: &&golive::program::Axis| matches!(axis.kind, AxisKind::Continuous(Some(_)));
    assert_eq!(program.variables().iter().filter(gated).count(), 20);
    for Leading { gate, .. } in leading.iter().filter(|l| l.gate.is_some()) {
        let (risk, p) = gate.expect("those that have one");
        let occurs = |axis: &golive::program::Axis| axis.stream == risk && matches!(axis.kind, AxisKind::Occurs(_));
        assert!(program.variables().iter().any(occurs) && 0.0 < p && p < 1.0);
    }
    // All add days or lengthen work: the least pattern is that none occurs.
    assert_eq!(together.risks.len(), 8);
    assert!(together.risks.iter().all(|(_, p, effect)| *effect > 0.0 && 0.0 < *p && *p < 1.0));
}

/// Two durations, of which neither is correlated with anything; a risk whose probability is uncertain and whose impact matters
/// where it occurs, and one beside it.
const LED: &str = r#"
[scenario]
id = "led"
title = "Numbers that are led"
data_date = 2030-01-07

[activities.first]
duration = { uniform = { min = 10, max = 20 }, unit = "days" }

[activities.second]
duration = { uniform = { min = 10, max = 20 }, unit = "days" }
after = ["first"]

[risks.often]
title = "Often"
probability = { uniform = { min = 0.2, max = 0.4 } }
effects = [{ delay = { activities = ["second"], by = { uniform = { min = 10, max = 20 }, unit = "days" } } }]

[risks.beside]
title = "Beside"
probability = 0.5
effects = [{ delay = { activities = ["second"], by = "1 day" } }]

[measures.finish]
activity = "second"
"#;

/// Over seeds, each number of one iteration is as it is at random: its tenths, the risks, and each two numbers' quarters.
#[test]
fn what_is_led_is_distributed_as_at_random_over_seeds() {
    const RUNS: u64 = 20_000;
    let register = support::register(LED, "base");
    let numbers: Vec<_> = ["activities.first.duration", "activities.second.duration", "risks.often.effects.0.delay.by"]
        .into_iter()
        .map(|path| {
            let drawn = |node: &Node| matches!(node, Node::Draw(leaf) if leaf.id == path);
            register.quantities.iter().find(|(_, quantity)| drawn(&quantity.node)).expect(path).0
        })
        .collect();
    let points = PointSet::new(Sampler::Sobol, 64, 4).expect("even");
    let z = |count: u64, p: f64| (count as f64 - p * RUNS as f64) / (RUNS as f64 * p * (1.0 - p)).sqrt();
    for t in [0, 21] {
        let (mut tenths, mut quarters, mut occurred) = ([[0u64; 10]; 3], [[0u64; 16]; 3], [0u64; 3]);
        for seed in 0..RUNS {
            let plain = Program::lower(register.clone(), seed);
            let [often, beside] = ["risks.often", "risks.beside"].map(|id| Stream::new(seed, id));
            let streams: Vec<Stream> = plain.variables().into_iter().map(|axis| axis.stream).collect();
            let chosen = Stream::new(seed, "together");
            // Its probability is uncertain: 0.3 and 0.4 are not what it is in an iteration.
            let of = |path: &str, weight, gate| Leading { stream: Stream::new(seed, path), weight, gate };
            let leading = vec![
                of("activities.first.duration", 1.0, None),
                of("activities.second.duration", -0.7, None),
                of("risks.often.effects.0.delay.by", 0.9, Some((often, 0.3))),
            ];
            let risks = vec![(often, 0.4, 3.0), (beside, 0.5, 1.0)];
            let joint = Some(Together { stream: chosen, risks });
            let order = [&[chosen][..], &streams].concat();
            let spread = plain.spread(&points, &Layout { order, leading, joint });
            let mut state = State::new(&spread, 1);
            let outcome = spread.run(&mut state, t, 1);
            let risks = [outcome.occurred[0].get(0), outcome.occurred[1].get(0)];
            occurred[0] += u64::from(risks[0]);
            occurred[1] += u64::from(risks[1]);
            occurred[2] += u64::from(risks[0] && risks[1]);
            let u: Vec<f64> = numbers.iter().map(|id| (spread.number(&mut state, *id)[0] - 10.0) / 10.0).collect();
            for k in 0..3 {
                tenths[k][(u[k] * 10.0) as usize] += 1;
                quarters[k][(u[k] * 4.0) as usize * 4 + (u[(k + 1) % 3] * 4.0) as usize] += 1;
            }
        }
        for (name, counts, p) in
            [("tenths", tenths.as_flattened(), 0.1), ("quarters", quarters.as_flattened(), 1.0 / 16.0)]
        {
            assert!(counts.iter().all(|count| z(*count, p).abs() < 4.6), "{name} of iteration {t}: {counts:?}");
        }
        // Risks are in order of their names: beside, often.
        for (count, p) in occurred.into_iter().zip([0.5, 0.3, 0.15]) {
            assert!(z(count, p).abs() < 4.6, "iteration {t}: {occurred:?}");
            // Planted fault: the probability that the pattern was settled by.
            assert!(p == 0.5 || z(count, p * 4.0 / 3.0).abs() > 4.6);
        }
    }
}

// ── The command ──────────────────────────────────────────────────────────────────────────────────

fn golive(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_golive"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().expect("golive runs")
}

#[track_caller]
fn json(arguments: &[&str]) -> Value {
    let output = golive(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn results_name_the_sampler() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("UTF-8");
    let run = ["run", NETWORK, "--iterations", "4096", "--inputs", "0", "--format", "json", "--output", out];
    let found = json(&[&run[..], &["--sampler", "sobol", "--replicates", "32"]].concat());
    assert_eq!(
        (&found["sampler"], &found["replicates"], &found["iterations"]),
        (&"sobol".into(), &32.into(), &4096.into())
    );
    let manifest = std::fs::read_to_string(folder.path().join("manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    assert_eq!((&manifest["options"]["sampler"], &manifest["options"]["replicates"]), (&"sobol".into(), &32.into()));
    let charts = std::fs::read_dir(folder.path()).expect("files").map(|f| f.expect("a file").path());
    let charts: Vec<_> = charts.filter(|path| path.extension().is_some_and(|e| e == "svg")).collect();
    assert!(!charts.is_empty());
    for chart in charts {
        let svg = std::fs::read_to_string(&chart).expect("a chart");
        assert!(svg.contains("Sobol points in 32 scrambled replicates"), "{}", chart.display());
    }
    let random = json(&run);
    assert!(random.get("sampler").is_none() && random.get("replicates").is_none());
    let text =
        golive(&["run", NETWORK, "--iterations", "4096", "--inputs", "0", "--no-output", "--sampler", "lhs"]).stdout;
    let text = String::from_utf8(text).expect("UTF-8").replace('\n', " ");
    assert!(text.contains("4,096 iterations a plan, a Latin hypercube in 16 replicates"), "{text}");
}

#[test]
fn explain_replays_an_iteration_of_a_spread_run() {
    let common = ["--iterations", "1024", "--sampler", "sobol"];
    let told = json(&[&["explain", NETWORK, "--iteration", "77", "--format", "json"], &common[..]].concat());
    let points = PointSet::new(Sampler::Sobol, 1024, 16).expect("even");
    let [_, spread] = spread(support::register(NETWORK, "base"), 20_240_607, &points);
    let finish = spread.tell(77).outcome.measures[0];
    assert_eq!(told["measures"][0]["finish_days"], finish);
    assert_eq!(told["points"]["sampler"], "sobol");
    let beyond = golive(&[&["explain", NETWORK, "--iteration", "1024"], &common[..]].concat());
    assert_eq!(beyond.status.code(), Some(2));
    // The median of the run is one of its iterations.
    let median = json(&[&["explain", NETWORK, "--percentile", "50", "--format", "json"], &common[..]].concat());
    assert!(median["iteration"].as_u64().is_some_and(|t| t < 1024));
}

#[test]
fn what_cannot_be_spread_is_refused() {
    let cases: [(&[&str], &str); 6] = [
        (&["run", NETWORK, "--sampler", "sobol", "--iterations", "150000"], "--iterations 131072 or 262144"),
        (&["run", NETWORK, "--sampler", "lhs", "--iterations", "150001"], "--iterations 150000 or 150016"),
        (&["run", NETWORK, "--replicates", "16"], "--sampler sobol or lhs"),
        (&["run", NETWORK, "--sampler", "sobol", "--replicates", "7"], "8..=1024"),
        (&["run", NETWORK, "--sampler", "sobol", "--iterations", "16384", "--precision", "0.01"], "--precision"),
        (&["compare", "scenarios/november-2021", "--sampler", "sobol"], "--sampler"),
    ];
    for (arguments, said) in cases {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("results");
        let mut all = arguments.to_vec();
        if arguments[0] == "run" {
            all.extend(["--output", out.to_str().expect("UTF-8")]);
        }
        let output = golive(&all);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(said), "{arguments:?}: {error}");
        assert!(!out.exists(), "nothing is written");
    }
}
