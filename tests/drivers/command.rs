//! `golive drivers` and `golive flip` as their users meet them.

use std::process::{Command, Output};

use serde_json::Value;

const TRAIN: &str = "scenarios/templates/release-train.toml";
const NETWORK: &str = "scenarios/verification/network-50.toml";
const LEARNING: &str = "scenarios/verification/exact-learning.toml";

fn golive(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_golive"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().expect("golive runs")
}

#[track_caller]
fn succeeds(arguments: &[&str]) -> String {
    let output = golive(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Standard error of a command that is refused, and prints nothing.
#[track_caller]
fn refused(arguments: &[&str]) -> String {
    let output = golive(arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
    assert!(output.stdout.is_empty() && !told.contains("panicked"), "{told}");
    told
}

const LITTLE: [&str; 8] = ["--iterations", "2048", "--iterations-of-a-variant", "512", "--inputs", "8", "--told", "50"];

#[test]
fn drivers_are_the_same_bytes_for_any_threads_and_blocks() {
    let run = |more: &[&str]| {
        let first = ["drivers", TRAIN, "--plan", "together", "--release", "platform", "--format", "json"];
        succeeds(&[&first[..], &LITTLE, more].concat())
    };
    let one = run(&["--threads", "1"]);
    assert_eq!(one, run(&["--threads", "3", "--block", "64"]));
    let found: Value = serde_json::from_str(&one).expect("JSON");
    assert_eq!(found["measures"].as_array().expect("a list").len(), 4);
    assert_eq!(found["release"], "platform");
    let parts: f64 =
        found["days"]["parts"].as_array().expect("a list").iter().map(|p| p["days"].as_f64().unwrap()).sum();
    assert_eq!(Some(parts), found["days"]["days"].as_f64());
    assert!(found["learning"]["plans"].as_array().expect("a list").len() == 2);
}

#[test]
fn drivers_write_whole_sets_of_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path().join("out");
    let arguments = ["drivers", NETWORK, "--measure", "p80", "--output", at.to_str().expect("text")];
    let text = succeeds(&[&arguments[..], &LITTLE].concat());
    for part in ["P80 of Finish of the last activity", "Merge bias", "Criticality", "together"] {
        assert!(text.contains(part), "{part:?} is missing in {text}");
    }
    let mut names: Vec<String> = std::fs::read_dir(&at)
        .expect("written")
        .map(|e| e.expect("readable").file_name().to_string_lossy().into())
        .collect();
    names.sort();
    let charts = ["criticality-base-finish", "days-base-finish", "gantt-base-finish", "tornado-base-finish-p80"];
    let mut expected = vec!["drivers.json".to_owned()];
    expected.extend(charts.iter().flat_map(|c| [format!("{c}.png"), format!("{c}.svg")]));
    expected.sort();
    assert_eq!(names, expected);
}

#[test]
fn flips_are_the_same_bytes_for_any_threads() {
    let run = |threads: &str| {
        let flip =
            ["flip", LEARNING, "--plans", "open,settled", "--iterations-of-a-trial", "4096", "--measure", "live"];
        succeeds(&[&flip[..], &["--threads", threads, "--format", "json"]].concat())
    };
    assert_eq!(run("1"), run("3"));
    let text = succeeds(&["flip", LEARNING, "--plan", "open", "--threshold", "p=0.95", "--iterations", "4096"]);
    assert!(text.contains("No value of any one input, within its range, changes this."), "{text}");
    assert!(text.contains("No value in its range does: other probability, slip probability."), "{text}");
}

#[test]
fn what_cannot_be_asked_is_refused() {
    for (arguments, says) in [
        (&["drivers", NETWORK, "--measure", "stays"][..], "it has live, p80"),
        (&["drivers", TRAIN, "--release", "nobody"], "has no release `nobody`"),
        (&["drivers", TRAIN, "--plan", "nobody"], "there is no plan `nobody`"),
        (&["drivers", TRAIN, "--precision", "0.01"], "say --iterations"),
        (&["drivers", TRAIN, "--iterations", "100"], "at least 512"),
        (&["flip", TRAIN], "--plans A,B"),
        (&["flip", TRAIN, "--plans", "together"], "two plans"),
        (&["flip", TRAIN, "--plans", "apart,apart"], "two plans"),
        (&["flip", TRAIN, "--plan", "apart"], "--threshold"),
        (&["flip", TRAIN, "--threshold", "p=1.5"], "between 0 and 1"),
        (&["flip", TRAIN, "--threshold", "1.5"], "below 1"),
        (&["flip", TRAIN, "--threshold", "p=0.5", "--measure", "p80"], "flips are of"),
    ] {
        let told = refused(arguments);
        assert!(told.contains(says), "{arguments:?}: {told}");
    }
}
