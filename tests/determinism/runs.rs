//! Threads, blocks, order of the file, length of the run.

use golive::program::{MAX_LANES, Mask, Outcome, Program};
use golive::scenario::{Document, Variant};
use golive::simulate::{Decision, Options, Tally, Worlds, every_block, simulate, simulate_paired, simulate_worlds};

use crate::support;

const FLAGSHIP: &str = "scenarios/november-2021.toml";

/// Scenarios that between them use every part of the engine, with a plan.
pub const SCENARIOS: [(&str, &str); 7] = [
    (FLAGSHIP, "P1"),
    (FLAGSHIP, "P10"),
    (FLAGSHIP, "P8"),
    ("scenarios/verification/network-50.toml", "base"),
    ("scenarios/verification/exact-devices.toml", "plan"),
    ("scenarios/verification/exact-rates.toml", "plan"),
    ("scenarios/verification/exact-restore.toml", "plan"),
];

pub fn program(source: &str, plan: &str) -> Program {
    Program::lower(support::register(source, plan), 7)
}

pub fn tally(program: &Program, iterations: u64, threads: Option<usize>, block: usize) -> Tally {
    let options = Options { iterations, first: 0, threads, block };
    simulate(program, options, &|_| {}).expect("threads")
}

/// Everything that became of each iteration, as bits, but for its cost, and its cost.
pub fn iterations(program: &Program, n: u64) -> Vec<(Vec<u64>, u64)> {
    let register = program.register();
    let mut all = Vec::new();
    let done: Result<(), std::convert::Infallible> = every_block(program, n, |outcome| {
        all.extend((0..outcome.lanes).map(|lane| {
            let masks = masks(outcome).map(|mask| u64::from(mask.get(lane)));
            let counts = [
                (&outcome.live_window, register.releases.len()),
                (&outcome.attempts, register.releases.len()),
                (&outcome.incidents, 5),
                (&outcome.background, register.processes.len()),
            ];
            let counts = counts.into_iter().flat_map(|(list, parts)| part(list, parts, lane).map(u64::from));
            let days = [
                (&outcome.days_in_incidents, 1),
                (&outcome.days_in_extra, 1),
                (&outcome.measures, register.measures.len()),
            ];
            let days = days.into_iter().flat_map(|(list, parts)| part(list, parts, lane).map(f64::to_bits));
            let bits = masks.chain(counts).chain(days).collect();
            (bits, outcome.cost[lane].to_bits())
        }));
        Ok(())
    });
    let Ok(()) = done;
    all
}

/// The entries of one lane in a list that holds `parts` entries a lane.
fn part<T: Copy>(list: &[T], parts: usize, lane: usize) -> impl Iterator<Item = T> {
    let stride = list.len().checked_div(parts).unwrap_or(1);
    list.iter().copied().skip(lane).step_by(stride).take(parts)
}

fn masks(outcome: &Outcome) -> impl Iterator<Item = &Mask> {
    outcome
        .on_target
        .iter()
        .chain(&outcome.kept_on_target)
        .chain(&outcome.no_go)
        .chain(&outcome.backed_out)
        .chain(&outcome.consent)
        .chain(&outcome.ships)
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for (source, plan) in SCENARIOS {
        let program = program(source, plan);
        // More than one chunk, and a last one that is not whole.
        let one = tally(&program, 30_001, Some(1), 256);
        for threads in [2, 3, 8] {
            let more = tally(&program, 30_001, Some(threads), 256);
            assert!(one == more, "{source} {plan} on {threads} threads");
        }
        assert_eq!(one.iterations, 30_001);
    }
}

/// A program of many numbers that are kept takes smaller blocks by itself, a long network of which few finishes are waited
/// for at a time does not; the result is that of the smallest.
#[test]
fn a_large_network_takes_smaller_blocks() {
    assert_eq!(program("scenarios/verification/network-50.toml", "base").block(), MAX_LANES);
    // Of the second all starts are kept.
    for (link, block) in [("FS", MAX_LANES), ("SS", 128)] {
        let mut text =
            "[scenario]\nid = \"large\"\ntitle = \"Large\"\n[measures.finish]\ntitle = \"Finish\"\n[activities]\n"
                .to_owned();
        for i in 0..4000 {
            let after =
                [i - 7, i - 1 - i % 5].map(|a| format!("{{ activity = \"A{a}\", link = \"{link}\" }}")).join(",");
            let after = if i < 7 { String::new() } else { after };
            text += &format!(
                "A{i} = {{ duration = {{ uniform = {{ min = 1, max = 5 }}, unit = \"days\", basis = \"assumed\" }}, after = [{after}] }}\n"
            );
        }
        let large = program(&text, "base");
        assert_eq!(large.block(), block, "{link}");
        let usual = tally(&large, 600, None, MAX_LANES);
        assert!(usual.measures[0].order_statistic(300) > Some(if link == "FS" { 1000.0 } else { 1.0 }));
        assert!(usual == tally(&large, 600, Some(1), 64), "{link}");
    }
}

#[test]
fn any_size_of_block_gives_the_same_bits() {
    for (source, plan) in SCENARIOS {
        let program = program(source, plan);
        let usual = tally(&program, 10_007, None, 256);
        for block in [1, 64, 200, 512] {
            let other = tally(&program, 10_007, None, block);
            assert!(usual == other, "{source} {plan} in blocks of {block}");
        }
    }
}

/// Plans that run together hand on what they have in common, one with another rate of incidents among them.
#[test]
fn a_plan_among_others_is_the_plan_alone() {
    let mut document = Document::load(support::path(FLAGSHIP)).unwrap_or_else(|findings| panic!("{findings}"));
    let slower = document.change_from_text("--set", "restore.2.lognormal.median = 2", false);
    let variant = |plan: &str, what_if: Option<&str>| {
        let variant = Variant { what_if: what_if.map(str::to_owned), ..Variant::plan(Some(plan)) };
        let (register, _) = document.register(&variant).unwrap_or_else(|findings| panic!("{findings}"));
        Program::lower(register, 7)
    };
    let mut programs: Vec<Program> = ["P1", "P2", "P6", "P10"].map(|plan| variant(plan, None)).into();
    programs.insert(1, variant("P1", Some("incidents-september-only")));
    // … and two with other times to restore.
    let slower = slower.unwrap_or_else(|findings| panic!("{findings}"));
    for plan in ["P1", "P2"] {
        let slower = Variant::plan(Some(plan)).with(vec![slower.clone()]);
        let (slower, _) = document.register(&slower).unwrap_or_else(|findings| panic!("{findings}"));
        programs.push(Program::lower(slower, 7));
    }
    let decisions = Decision::all(&programs);
    let options = Options { threads: Some(2), ..Options::iterations(20_000) };
    let (together, _) = simulate_paired(&programs, &decisions, options, &|_| {}).expect("threads");
    for (program, together) in programs.iter().zip(&together) {
        assert_eq!(*together, tally(program, 20_000, Some(1), MAX_LANES));
    }
    assert_ne!(together[0].background, together[1].background, "the other rate gives other incidents");
    assert_ne!(together[0].days_in_incidents, together[5].days_in_incidents, "which take longer");
    // The same in worlds.
    let days: Vec<Vec<Vec<f64>>> =
        programs.iter().map(|p| vec![vec![30.0, 40.0]; p.register().measures.len()]).collect();
    let worlds = Worlds { worlds: 20, iterations: 300, threads: Some(2) };
    let together = simulate_worlds(&programs, &decisions, &days, worlds, &|_| {}).expect("threads");
    for (p, program) in programs.iter().enumerate() {
        let (program, decisions) = (std::slice::from_ref(program), Decision::all(&programs[p..=p]));
        let alone = simulate_worlds(program, &decisions, &days[p..=p], worlds, &|_| {}).expect("threads");
        for (all, own) in together.iter().zip(&alone) {
            assert!(all.live[p] == own.live[0] && all.finishes[p] == own.finishes[0], "plan {p}");
        }
    }
}

#[test]
fn another_seed_gives_other_bits() {
    let register = support::register(FLAGSHIP, "P1");
    let a = tally(&Program::lower(register.clone(), 7), 10_000, None, 256);
    let b = tally(&Program::lower(register, 8), 10_000, None, 256);
    assert!(a != b);
}

/// The flagship's five files as one text.
pub fn flagship_text() -> String {
    let mut text = support::text(FLAGSHIP);
    let include = text.find("include = [").expect("its files");
    let end = include + text[include..].find("]\n").expect("the end of the list") + 2;
    text.replace_range(include..end, "");
    for part in ["releases", "criteria", "register", "plans"] {
        text += "\n";
        text += &support::text(&format!("scenarios/november-2021/{part}.toml"));
    }
    text
}

/// The tables of a text in opposite order; tables of a list stay with what they follow.
fn reversed(text: &str) -> String {
    let mut blocks = vec![String::new()];
    for line in text.lines() {
        if line.starts_with('[') && !line.starts_with("[[") {
            blocks.push(String::new());
        }
        let block = blocks.last_mut().expect("a block");
        block.push_str(line);
        block.push('\n');
    }
    let head = blocks.remove(0);
    blocks.reverse();
    head + &blocks.concat()
}

#[test]
fn the_order_of_the_file_changes_nothing() {
    let written = flagship_text();
    let (a, b) = (program(&written, "P1"), program(&reversed(&written), "P1"));
    assert!(iterations(&a, 5000) == iterations(&b, 5000));
    assert!(tally(&a, 20_000, None, 256) == tally(&program(FLAGSHIP, "P1"), 20_000, None, 256));
    for name in ["odds", "devices", "rates", "correlation", "driver", "links"] {
        let text = support::text(&format!("scenarios/verification/exact-{name}.toml"));
        let plan = if text.contains("[plans") { "plan" } else { "base" };
        let (a, b) = (program(&text, plan), program(&reversed(&text), plan));
        assert!(iterations(&a, 3000) == iterations(&b, 3000), "{name}");
    }
}

#[test]
fn a_run_is_the_beginning_of_a_longer_one() {
    for (source, plan) in SCENARIOS {
        let program = program(source, plan);
        let short = iterations(&program, 1500);
        let long = iterations(&program, 3000);
        assert!(short[..] == long[..1500], "{source} {plan}");
    }
}
