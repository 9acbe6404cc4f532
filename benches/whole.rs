//! Whole runs: the verification network, the real case, and networks from ten to a hundred thousand activities.

#[allow(dead_code, reason = "this file needs some of its functions")]
mod networks;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use golive::program::Program;
use golive::simulate::{Options, simulate};

use networks::{NETWORK_50, NOVEMBER, SEED, layers, program, register};

fn run(bencher: &mut criterion::Bencher<'_>, program: &Program, iterations: u64, threads: usize) {
    let options = Options { threads: Some(threads), ..Options::iterations(iterations) };
    bencher.iter(|| simulate(black_box(program), options, &|_| {}).expect("threads"));
}

fn threads(c: &mut Criterion) {
    for (name, file, plan) in [("network-50", NETWORK_50, None), ("november-2021 P1", NOVEMBER.0, NOVEMBER.1)] {
        let program = program(file, plan);
        let mut group = c.benchmark_group(name);
        group.sample_size(20).throughput(Throughput::Elements(100_000));
        for threads in [1, 2] {
            group.bench_with_input(BenchmarkId::new("threads", threads), &threads, |bencher, threads| {
                run(bencher, &program, 100_000, *threads);
            });
        }
        group.finish();
    }
}

fn sizes(c: &mut Criterion) {
    let mut group = c.benchmark_group("activities");
    group.sample_size(10);
    for n in [10, 100, 1_000, 10_000, 100_000] {
        let program = Program::lower(register(&layers(n), None), SEED);
        // About as many draws for every size. Throughput is in activities and iterations, so that its inverse shows the
        // growth; the iterations that a run looks at first, to place the bins of its histograms, count too.
        let iterations = (2_000_000 / n as u64).max(1024);
        group.throughput(Throughput::Elements((iterations + 1024) * n as u64));
        group.bench_function(BenchmarkId::from_parameter(n), |bencher| run(bencher, &program, iterations, 1));
    }
    group.finish();
}

fn lengths(c: &mut Criterion) {
    let program = program(NETWORK_50, None);
    let mut group = c.benchmark_group("iterations");
    group.sample_size(10);
    for n in [10_000_u64, 100_000, 1_000_000] {
        group.throughput(Throughput::Elements(n));
        group.bench_function(BenchmarkId::from_parameter(n), |bencher| run(bencher, &program, n, 2));
    }
    group.finish();
}

criterion_group!(benches, threads, lengths, sizes);
criterion_main!(benches);
