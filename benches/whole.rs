//! Whole runs: the verification network, the real case, and networks from ten to a hundred thousand activities.

use std::fmt::Write;
use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use golive::program::Program;
use golive::scenario::{Document, Variant};
use golive::simulate::{Options, simulate};

/// A file of the package under a plan, lowered.
fn program(file: &str, plan: Option<&str>) -> Program {
    let document = Document::load(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect(file);
    lowered(&document, plan)
}

fn lowered(document: &Document, plan: Option<&str>) -> Program {
    let (register, _) = document.register(&Variant::plan(plan)).unwrap_or_else(|findings| panic!("{findings}"));
    Program::lower(register, 1)
}

/// A network of `n` activities in layers of ten, three links each, triangular durations, and a risk for every five.
fn network(n: usize) -> Document {
    let mut text =
        String::from("[scenario]\nid = \"layers\"\ntitle = \"Layers\"\n[measures.finish]\ntitle = \"Finish\"\n");
    for i in 0..n {
        let mode = 2 + i % 7;
        let (min, max) = (mode - 1, mode + 4);
        write!(
            text,
            "[activities.A{i}]\nduration = {{ triangular = {{ min = {min}, mode = {mode}, max = {max} }}, unit = \"days\", \
             basis = \"assumed\" }}\n"
        )
        .expect("a string");
        if i >= 10 {
            let first = (i / 10 - 1) * 10;
            let after: Vec<String> = [0, 3, 7].iter().map(|k| format!("\"A{}\"", first + (i + k) % 10)).collect();
            writeln!(text, "after = [{}]", after.join(", ")).expect("a string");
        }
        if i % 5 == 0 {
            write!(
                text,
                "[risks.R{i}]\ntitle = \"Risk {i}\"\nprobability = {{ value = 0.2, basis = \"assumed\" }}\neffects = [{{ delay = \
                 {{ activities = [\"A{i}\"], by = {{ uniform = {{ min = 1, max = 5 }}, unit = \"days\", basis = \"assumed\" }} }} }}]\n"
            )
            .expect("a string");
        }
    }
    Document::parse("layers.toml", &text).unwrap_or_else(|findings| panic!("{findings}"))
}

fn run(bencher: &mut criterion::Bencher<'_>, program: &Program, iterations: u64, threads: usize) {
    let options = Options { threads: Some(threads), ..Options::iterations(iterations) };
    bencher.iter(|| simulate(black_box(program), options, &|_| {}).expect("threads"));
}

fn threads(c: &mut Criterion) {
    for (name, file, plan) in [
        ("network-50", "scenarios/verification/network-50.toml", None),
        ("november-2021 P1", "scenarios/november-2021.toml", Some("P1")),
    ] {
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
        let program = lowered(&network(n), None);
        // As many draws for every size: time over time shows the growth of one iteration.
        let iterations = (2_000_000 / n as u64).max(256);
        group.throughput(Throughput::Elements(iterations * n as u64));
        group.bench_function(BenchmarkId::from_parameter(n), |bencher| run(bencher, &program, iterations, 1));
    }
    group.finish();
}

fn lengths(c: &mut Criterion) {
    let program = program("scenarios/verification/network-50.toml", None);
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
