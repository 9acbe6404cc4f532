//! A story's outcome is that lane of a block, bit for bit, for whatever iteration.

use golive::program::{Mask, Outcome, Program, State};

const FLAGSHIP: &str = "scenarios/november-2021.toml";

/// Scenarios of every part of the model, and their plans.
pub const SMALL: [&str; 24] = [
    "background",
    "branch",
    "calendar",
    "consent",
    "contradiction",
    "correlation",
    "cost",
    "coupled",
    "devices",
    "driver",
    "event",
    "gate",
    "hold",
    "horizon",
    "items",
    "judgement",
    "links",
    "once",
    "queue-hold",
    "queue",
    "rates",
    "retry",
    "serial",
    "units",
];

/// A small scenario of `scenarios/verification`, lowered.
pub fn small(name: &str) -> Program {
    let text = crate::support::text(&format!("scenarios/verification/exact-{name}.toml"));
    let plan = if text.contains("[plans.plan]") { "plan" } else { golive::scenario::BASE_PLAN };
    Program::lower(crate::support::register(&text, plan), 7)
}

/// A plan of the real case, lowered for its own seed.
pub fn flagship(plan: &str) -> Program {
    Program::lower(crate::support::register(FLAGSHIP, plan), 20_211_104)
}

/// Everything that became of one lane, as bits.
fn bits(outcome: &Outcome, lane: usize) -> Vec<u64> {
    let stride = outcome.cost.len();
    let mut bits = vec![outcome.first + lane as u64];
    let of = |values: &[u16]| values.iter().skip(lane).step_by(stride).map(|v| u64::from(*v)).collect::<Vec<_>>();
    for counts in [&outcome.live_window, &outcome.attempts, &outcome.incidents, &outcome.background] {
        bits.extend(of(counts));
    }
    let masks: [&Vec<Mask>; 7] = [
        &outcome.on_target,
        &outcome.kept_on_target,
        &outcome.no_go,
        &outcome.backed_out,
        &outcome.consent,
        &outcome.occurred,
        &outcome.ships,
    ];
    bits.extend(masks.into_iter().flatten().map(|mask| u64::from(mask.get(lane))));
    for numbers in [&outcome.days_in_incidents, &outcome.days_in_extra, &outcome.cost, &outcome.measures] {
        bits.extend(numbers.iter().skip(lane).step_by(stride).map(|x| x.to_bits()));
    }
    bits
}

/// Tells iterations here and there of a block, and compares each with its lane.
fn agree(program: &Program, first: u64) {
    const LANES: usize = 256;
    let mut state = State::new(program, LANES);
    let outcome = program.run(&mut state, first, LANES);
    for lane in (0..LANES).step_by(3) {
        let story = program.tell(first + lane as u64);
        assert_eq!(bits(&story.outcome, 0), bits(outcome, lane), "iteration {}", first + lane as u64);
        assert_eq!(story.iteration, first + lane as u64);
    }
}

#[test]
fn an_iteration_told_is_that_iteration_of_a_run() {
    for plan in ["P1", "P3", "P5", "P6", "P7", "P8", "P9", "P10"] {
        let program = flagship(plan);
        // Any of a billion iterations, without the others.
        for first in [0, 149_760, 999_999_488, 1 << 40] {
            agree(&program, first);
        }
    }
}

#[test]
fn so_is_one_of_every_small_scenario() {
    for name in SMALL {
        let program = small(name);
        for first in [0, 1_000_000] {
            agree(&program, first);
        }
    }
}

#[test]
fn the_comparison_sees_a_difference_of_one_bit() {
    // Planted faults: the next iteration; another seed.
    let program = flagship("P1");
    let other = Program::lower(crate::support::register(FLAGSHIP, "P1"), 20_211_105);
    let told = bits(&program.tell(12).outcome, 0);
    assert_ne!(told, bits(&program.tell(13).outcome, 0));
    assert_ne!(told, bits(&other.tell(12).outcome, 0));
    let mut changed = program.tell(12).outcome;
    changed.days_in_incidents[0] = f64::from_bits(changed.days_in_incidents[0].to_bits() ^ 1);
    assert_ne!(told, bits(&changed, 0));
}
