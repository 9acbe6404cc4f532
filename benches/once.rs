//! One job, timed as the peers time theirs: seconds of simulation alone, from lowered program to finished tally.
//!
//! `cargo bench --bench once -- FILE [PLAN] ITERATIONS THREADS REPETITIONS` prints one line of JSON, with the best and the
//! median of the repetitions, and the figures that show that the job was done. The plan `all` stands for all plans of the
//! file on common random numbers, with their paired differences, as `golive compare` runs them. The file `layers-N` stands
//! for a generated network of N activities.

#[allow(dead_code, reason = "this file needs one of its functions")]
mod networks;

use std::process::ExitCode;
use std::time::Instant;

use golive::program::Program;
use golive::register::Register;
use golive::scenario::{BASE_PLAN, Document, Variant};
use golive::simulate::{Decision, Options, simulate, simulate_paired};
use serde_json::json;

fn main() -> ExitCode {
    // Cargo adds `--bench` to the arguments of a benchmark.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    match run(&arguments) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<serde_json::Value, String> {
    let usage = "usage: once FILE [PLAN] ITERATIONS THREADS REPETITIONS";
    let (file, plan, numbers) = match arguments {
        [file, numbers @ ..] if numbers.len() == 3 => (file, None, numbers),
        [file, plan, numbers @ ..] if numbers.len() == 3 => (file, Some(plan.as_str()), numbers),
        _ => return Err(usage.to_owned()),
    };
    let number = |text: &String| text.parse::<u64>().ok().filter(|n| *n > 0).ok_or_else(|| usage.to_owned());
    let (iterations, threads, repetitions) = (number(&numbers[0])?, number(&numbers[1])?, number(&numbers[2])?);
    let document = match file.strip_prefix("layers-").and_then(|n| n.parse().ok()) {
        Some(activities) => networks::layers(activities),
        None => Document::load(file).map_err(|findings| findings.to_string())?,
    };
    if plan == Some("all") {
        return all_plans(&document, iterations, threads, repetitions);
    }
    let start = Instant::now();
    let register = register(&document, plan)?;
    let program = Program::lower(register, 1);
    let compile = start.elapsed().as_secs_f64();
    let threads = usize::try_from(threads).map_err(|_| usage.to_owned())?;
    let options = Options { threads: Some(threads), ..Options::iterations(iterations) };
    let mut times = Vec::new();
    let mut tally = None;
    for _ in 0..repetitions {
        let start = Instant::now();
        let done = simulate(&program, options, &|_| {}).map_err(|problem| problem.to_string())?;
        times.push(start.elapsed().as_secs_f64());
        tally = Some(done);
    }
    times.sort_by(f64::total_cmp);
    let (best, median) = (times[0], times[times.len() / 2]);
    let outlook = golive::analysis::outlook(&[(&program, tally.as_ref().ok_or(usage)?)]);
    let plan = &outlook.plans[0];
    let measures = plan.measures.iter().map(|(id, m)| {
        let figures = json!({
            "mean": m.mean.estimate, "p10": m.p10.days, "p50": m.p50.days, "p80": m.p80.days, "p90": m.p90.days,
            "p_target": m.p_by_target.map(|p| p.estimate),
        });
        (id.clone(), figures)
    });
    let releases = plan.releases.iter().map(|r| (r.id.clone(), json!({ "p_live": r.p_live_on_target.estimate })));
    let figures: serde_json::Map<String, serde_json::Value> = measures.chain(releases).collect();
    Ok(json!({
        "name": format!("golive x{threads}"),
        "n": iterations,
        "t_sim_s": best,
        "t_1M_s": 1e6 * best / iterations as f64,
        "median_1M_s": 1e6 * median / iterations as f64,
        "compile_s": compile,
        "vectors": golive::math::vector::Level::chosen().name(),
        "figures": figures,
    }))
}

/// Seconds of all plans together.
fn all_plans(
    document: &Document,
    iterations: u64,
    threads: u64,
    repetitions: u64,
) -> Result<serde_json::Value, String> {
    let mut programs = Vec::new();
    for plan in document.plan_ids() {
        programs.push(Program::lower(register(document, Some(&plan))?, 1));
    }
    let decisions = Decision::all(&programs);
    let threads = usize::try_from(threads).ok();
    let options = Options { threads, ..Options::iterations(iterations) };
    let mut times = Vec::new();
    for _ in 0..repetitions {
        let start = Instant::now();
        simulate_paired(&programs, &decisions, options, &|_| {}).map_err(|problem| problem.to_string())?;
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    let (best, median) = (times[0], times[times.len() / 2]);
    Ok(json!({
        "name": format!("golive, {} plans x{}", programs.len(), threads.unwrap_or(0)),
        "n": iterations,
        "t_sim_s": best,
        "t_1M_s": 1e6 * best / iterations as f64,
        "median_1M_s": 1e6 * median / iterations as f64,
        "vectors": golive::math::vector::Level::chosen().name(),
    }))
}

fn register(document: &Document, plan: Option<&str>) -> Result<Register, String> {
    let plan = plan.filter(|plan| *plan != BASE_PLAN);
    let (register, _) = document.register(&Variant::plan(plan)).map_err(|findings| findings.to_string())?;
    Ok(register)
}
