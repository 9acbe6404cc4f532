//! Each stage alone: streams, quantiles, compilation, one block, tallies, analysis. The times of streams, quantiles, blocks
//! and tallies are those of one draw or one iteration.
//!
//! Nothing is worked on twice: every measurement refills its slots from iterations that were never drawn before, outside
//! the time that is taken. A processor learns the branches of a few thousand repeated numbers by heart.

#[allow(dead_code, reason = "this file needs some of its functions")]
mod networks;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use golive::distribution::{
    Beta, Binomial, Discrete, Distribution, Empirical, Exponential, Gamma, Lognormal, Normal, Pert, Poisson,
    Triangular, TruncatedNormal, Uniform, Weibull,
};
use golive::estimate::Moments;
use golive::math::drawn_normals;
use golive::program::{MAX_LANES, Program, State};
use golive::random::Stream;
use golive::scenario::Document;
use golive::simulate::{Histogram, Options, simulate};

use networks::{NETWORK_50, NOVEMBER, SEED, document, program, register};
use networks::{with_constant_durations, without_correlation, without_risks};

/// Slots side by side: what a program of that many numbers has, within the second cache.
const SLOTS: usize = 64;

/// Slots of a block, refilled with numbers that were never there before.
struct Slots {
    stream: Stream,
    next: u64,
    numbers: Vec<f64>,
}

impl Slots {
    fn new() -> Self {
        Self { stream: Stream::new(SEED, "benches.stages"), next: 0, numbers: vec![0.0; SLOTS * MAX_LANES] }
    }

    /// Uniform numbers.
    fn fill(&mut self) {
        self.stream.fill_uniform(self.next, &mut self.numbers);
        self.next += self.numbers.len() as u64;
    }

    fn blocks(&mut self) -> impl Iterator<Item = &mut [f64]> {
        self.numbers.chunks_exact_mut(MAX_LANES)
    }
}

/// The time of `times` draws, from as many batches of `size` draws as hold them.
fn of_batches(times: u64, size: usize, mut batch: impl FnMut() -> Duration) -> Duration {
    let batches = times.div_ceil(size as u64);
    let spent: Duration = (0..batches).map(|_| batch()).sum();
    spent.mul_f64(times as f64 / (batches as f64 * size as f64))
}

/// Times what is done to every slot, draw by draw, after `prepare` has filled them all.
fn each_slot(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    prepare: impl Fn(&mut Slots),
    mut work: impl FnMut(&mut [f64]),
) {
    let mut slots = Slots::new();
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|draws| {
            of_batches(draws, SLOTS * MAX_LANES, || {
                prepare(&mut slots);
                let start = Instant::now();
                slots.blocks().for_each(&mut work);
                start.elapsed()
            })
        });
    });
    black_box(&slots.numbers);
}

fn uniform(slots: &mut Slots) {
    slots.fill();
}

fn standard_normal(slots: &mut Slots) {
    slots.fill();
    slots.blocks().for_each(drawn_normals);
}

/// A group with little time for each of its many benchmarks.
fn brief<'c>(c: &'c mut Criterion, name: &str) -> BenchmarkGroup<'c, WallTime> {
    let mut group = c.benchmark_group(name);
    group.sample_size(20).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    group
}

fn streams(c: &mut Criterion) {
    let mut group = brief(c, "streams");
    let (stream, mut next) = (Stream::new(SEED, "benches.stages.draws"), 0);
    each_slot(
        &mut group,
        "uniform",
        |_| {},
        |slot| {
            stream.fill_uniform(next, slot);
            next += MAX_LANES as u64;
        },
    );
    // Which lanes lie below a probability, as whether a risk occurs is drawn.
    let probability = [0.3; MAX_LANES];
    let mut words = [0; MAX_LANES / 64];
    each_slot(
        &mut group,
        "below",
        |_| {},
        |_| {
            stream.fill_below(next, &probability, &mut words);
            black_box(&words);
            next += MAX_LANES as u64;
        },
    );
    // One lane in ten, as an impact is drawn where its risk occurs.
    let few: Vec<u16> = (0..MAX_LANES as u16).step_by(10).collect();
    let mut out = vec![0.0; few.len()];
    group.bench_function("uniform of few", |bencher| {
        bencher.iter_custom(|draws| {
            of_batches(draws, SLOTS * few.len(), || {
                let start = Instant::now();
                for _ in 0..SLOTS {
                    stream.fill_uniform_at(next, black_box(&few), &mut out);
                    next += MAX_LANES as u64;
                }
                start.elapsed()
            })
        });
    });
    group.bench_function("uniform of one, on an occasion", |bencher| {
        bencher.iter(|| {
            next += 1;
            stream.at(black_box(next)).uniform(next)
        });
    });
    group.finish();
}

/// Every family, with parameters as they stand in scenarios.
fn families() -> Vec<Distribution> {
    let sample: Vec<f64> = (0..40).map(|i| f64::from(i * i % 37)).collect();
    let all: [Result<Distribution, _>; 14] = [
        Uniform::new(1.0, 5.0).map(Into::into),
        Triangular::new(2.0, 5.0, 12.0).map(Into::into),
        Pert::usual(2.0, 5.0, 12.0).map(Into::into),
        Beta::new(2.5, 7.0).map(Into::into),
        Normal::new(10.0, 2.0).map(Into::into),
        TruncatedNormal::new(10.0, 2.0, 7.0, 15.0).map(Into::into),
        Lognormal::from_median_p90(4.0, 9.0).map(Into::into),
        Exponential::with_mean(3.0).map(Into::into),
        Weibull::new(1.7, 4.0).map(Into::into),
        Gamma::new(2.2, 1.5).map(Into::into),
        Discrete::new(&[0.0, 1.0, 5.0], &[0.6, 0.3, 0.1]).map(Into::into),
        Empirical::new(&sample).map(Into::into),
        Binomial::new(20, 0.15).map(Into::into),
        Poisson::new(3.5).map(Into::into),
    ];
    all.into_iter().map(|family| family.expect("parameters in range")).collect()
}

fn quantiles(c: &mut Criterion) {
    let mut group = brief(c, "quantiles");
    each_slot(&mut group, "standard normal", uniform, drawn_normals);
    for family in families() {
        each_slot(&mut group, family.name(), uniform, |slot| family.quantile_block(slot));
    }
    for family in families() {
        let name = format!("{} at normal", family.name());
        each_slot(&mut group, &name, standard_normal, |slot| family.quantile_at_normal_block(slot));
    }
    group.finish();
}

fn compile(c: &mut Criterion) {
    let mut group = c.benchmark_group("compile");
    group.sample_size(20);
    for (name, (file, plan)) in [("network-50", (NETWORK_50, None)), ("november-2021 P1", NOVEMBER)] {
        let (read, resolved) = (document(file), register(&document(file), plan));
        let text = std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect(file);
        group.bench_function(format!("{name}: document"), |bencher| {
            bencher.iter(|| Document::parse_bytes(file, black_box(&text)).is_ok());
        });
        group.bench_function(format!("{name}: register"), |bencher| bencher.iter(|| register(black_box(&read), plan)));
        group.bench_function(format!("{name}: program"), |bencher| {
            bencher.iter_batched(
                || resolved.clone(),
                |resolved| Program::lower(resolved, SEED),
                criterion::BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

/// Blocks without their tally: the whole network, and what is left of it when parts are taken away.
fn simulation(c: &mut Criterion) {
    let mut group = c.benchmark_group("simulate");
    group.sample_size(20).measurement_time(Duration::from_secs(2));
    let whole = || register(&document(NETWORK_50), None);
    let programs = [
        ("network-50", whole()),
        ("network-50 without risks", without_risks(whole())),
        ("network-50 without correlation", without_correlation(whole())),
        ("network-50 with constant durations", with_constant_durations(whole())),
        ("network-50: the network alone", without_risks(with_constant_durations(whole()))),
        ("november-2021 P1", register(&document(NOVEMBER.0), NOVEMBER.1)),
    ];
    for (name, register) in programs {
        let program = Program::lower(register, SEED);
        let lanes = program.block();
        let (mut state, mut next) = (State::new(&program, lanes), 0);
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|iterations| {
                of_batches(iterations, lanes, || {
                    let start = Instant::now();
                    black_box(program.run(&mut state, next, lanes));
                    next += lanes as u64;
                    start.elapsed()
                })
            });
        });
    }
    group.finish();
}

fn tally(c: &mut Criterion) {
    let mut group = brief(c, "tally");
    let mut histogram = Histogram::spanning(100.0, 300.0);
    let finish = |slots: &mut Slots| {
        slots.fill();
        slots.numbers.iter_mut().for_each(|x| *x = 120.0 + 150.0 * *x);
    };
    each_slot(&mut group, "histogram", finish, |slot| slot.iter().for_each(|x| histogram.add(*x)));
    let mut moments = Moments::default();
    each_slot(&mut group, "moments", finish, |slot| moments.add_all(slot));
    each_slot(&mut group, "moments of zeros", |slots| slots.numbers.fill(0.0), |slot| moments.add_all(slot));
    black_box((histogram, moments));
    group.finish();
}

fn analysis(c: &mut Criterion) {
    let mut group = c.benchmark_group("analysis");
    group.sample_size(20);
    for (name, (file, plan)) in [("network-50", (NETWORK_50, None)), ("november-2021 P1", NOVEMBER)] {
        let program = program(file, plan);
        let tally = simulate(&program, Options::iterations(100_000), &|_| {}).expect("threads");
        group.bench_function(name, |bencher| {
            bencher.iter(|| golive::analysis::outlook(black_box(&[(&program, &tally)])));
        });
    }
    group.finish();
}

criterion_group!(benches, streams, quantiles, compile, simulation, tally, analysis);
criterion_main!(benches);
