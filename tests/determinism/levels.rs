//! The same bits whatever vector instructions the command uses.

use std::process::Command;

use golive::math::vector::Level;

use super::runs::SCENARIOS;

/// What the command says of a scenario at a level of its own choice, or at one that it is asked for.
fn outlook(scenario: &str, level: Option<&str>) -> Vec<u8> {
    outlook_of(scenario, &["--iterations", "3000"], level)
}

fn outlook_of(scenario: &str, options: &[&str], level: Option<&str>) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_golive"));
    command.args(["run", scenario, "--inputs", "20", "--no-output", "--format", "json"]).args(options);
    command.env_remove("GOLIVE_VECTOR");
    if let Some(level) = level {
        command.env("GOLIVE_VECTOR", level);
    }
    let output = command.output().expect("golive runs");
    assert!(output.status.success(), "{scenario}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn every_level_gives_the_same_outlook() {
    let mut scenarios: Vec<&str> = SCENARIOS.iter().map(|(scenario, _)| *scenario).collect();
    scenarios.dedup();
    for scenario in scenarios {
        let chosen = outlook(scenario, None);
        assert!(chosen.len() > 1000, "{scenario}: an outlook");
        for level in Level::available() {
            assert!(outlook(scenario, Some(level.name())) == chosen, "{scenario} at {}", level.name());
        }
    }
}

/// Points of Sobol's sequence, led along a direction.
#[test]
fn every_level_gives_the_same_outlook_of_spread_points() {
    let options = ["--sampler", "sobol", "--iterations", "4096"];
    for scenario in ["scenarios/verification/network-50.toml", "scenarios/november-2021.toml"] {
        let chosen = outlook_of(scenario, &options, None);
        assert!(chosen.len() > 1000, "{scenario}: an outlook");
        for level in Level::available() {
            assert!(outlook_of(scenario, &options, Some(level.name())) == chosen, "{scenario} at {}", level.name());
        }
    }
}
