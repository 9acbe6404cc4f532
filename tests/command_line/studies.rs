//! `golive together` and `golive responses` as their users meet them.

use std::path::Path;

use serde_json::Value;

use crate::{FLAGSHIP, NETWORK, SMALLEST, TRAIN, fails, files, folder, number, outlook, path, says, succeeds, text};

const FEW: [&str; 6] = ["--iterations", "2000", "--inputs", "12", "--iterations-in-a-world", "16"];

#[test]
fn what_deploying_together_adds_is_printed_and_written() {
    let folder = folder();
    let to = path(&folder, "out");
    let json = succeeds(&[&["together", FLAGSHIP, "--output", &to, "--format", "json"], &FEW[..]].concat());
    let written = files(Path::new(&to));
    assert_eq!(
        written.keys().map(String::as_str).collect::<Vec<_>>(),
        [
            "frontier-P1-2021-11-04.png",
            "frontier-P1-2021-11-04.svg",
            "together-P1-2021-11-04.png",
            "together-P1-2021-11-04.svg",
            "together.json",
        ]
    );
    assert_eq!(text(&written["together.json"]), json);
    let result: Value = serde_json::from_str(&json).expect("JSON");
    let group = &result["groups"][0];
    assert_eq!(group["subsets"].as_array().expect("subsets").len(), 7);
    assert_eq!(group["frontier"]["ways"].as_array().expect("ways").len(), 13);
    let numerators = |split: &Value| -> i64 {
        let shares = split["shares"].as_array().expect("shares");
        shares.iter().map(|share| share["numerator"].as_i64().expect("whole")).sum()
    };
    for split in [&group["missed"], &group["extra_incidents"]] {
        assert_eq!(Some(numerators(split)), split["total"]["numerator"].as_i64());
        assert!(split["total"]["inputs_interval"].is_array());
    }
    // The same bytes for any number of threads and any size of block.
    let threads = ["together", FLAGSHIP, "--format", "json", "--threads", "3", "--block", "200"];
    assert_eq!(succeeds(&[&threads, &FEW[..]].concat()), json);
    let printed = succeeds(&[&["together", FLAGSHIP], &FEW[..]].concat());
    let printed = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    says(&printed, &["SEC alone misses 4 Nov 2021", "Deploying U22 and U30 with it adds", "P10°", "(P2)"]);
}

#[test]
fn the_base_of_together_is_the_plan_as_run() {
    let json = succeeds(&[&["together", FLAGSHIP, "--plan", "P5", "--format", "json"], &FEW[..]].concat());
    let result: Value = serde_json::from_str(&json).expect("JSON");
    let group = &result["groups"][0];
    assert_eq!(group["others"], serde_json::json!(["U30"]));
    let run = outlook(&["run", FLAGSHIP, "--plan", "P5", "--iterations", "2000", "--inputs", "0", "--no-output"]);
    for (r, release) in group["releases"].as_array().expect("releases").iter().enumerate() {
        let kept = &run["plans"][0]["releases"][r]["p_live_on_target_and_stays"]["estimate"];
        assert!((number(&release["p_misses_together"]["estimate"]) + number(kept) - 1.0).abs() < 1e-12);
    }
}

#[test]
fn together_refuses_what_it_cannot_take_apart() {
    says(&fails(&["together", FLAGSHIP, "--plan", "P10"], 2), &["no two releases of the plan P10", "--plan"]);
    says(&fails(&["together", FLAGSHIP, "--plan", "P11"], 2), &["there is no plan `P11`"]);
    says(&fails(&["together", NETWORK], 2), &["no two releases"]);
    says(&fails(&["together", FLAGSHIP, "--precision", "2"], 2), &["half-width"]);
    says(&fails(&["together", FLAGSHIP, "--no-charts"], 2), &["--output"]);
    let folder = folder();
    let file = path(&folder, "seven.toml");
    let mut text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(SMALLEST)).expect("readable");
    let releases =
        text.split("[releases.").nth(1).and_then(|rest| rest.split("\n[").next()).expect("a release").to_owned();
    let (id, body) = releases.split_once(']').expect("an id");
    let date = text.split(&format!("{id} = ")).nth(1).expect("a date").chars().take(10).collect::<String>();
    let more: Vec<String> = (1..7).map(|n| format!("{id}{n}")).collect();
    let dates: Vec<String> = more.iter().map(|id| format!("{id} = {date}")).collect();
    text = text.replace(&format!("{id} = {date}"), &format!("{id} = {date}, {}", dates.join(", ")));
    for id in &more {
        let body = body.replace("gates", "#");
        text += &format!("\n[releases.{id}]{body}\n");
        text += if body.contains("ready") { "" } else { "ready = 2030-01-01\n" };
    }
    std::fs::write(&file, text).expect("written");
    says(&fails(&["together", &file], 2), &["deploys 7 releases", "at most 6"]);
}

#[test]
fn together_goes_on_until_it_is_precise() {
    let most = ["together", FLAGSHIP, "--precision", "0.004", "--inputs", "0", "--format", "json"];
    let precise = succeeds(&most);
    let result: Value = serde_json::from_str(&precise).expect("JSON");
    let group = &result["groups"][0];
    assert_eq!(group["precision"]["met"], true);
    assert!(number(&group["precision"]["reached"]) <= 0.004);
    let given_up = succeeds(&[&most[..6], &["--iterations", "20000"]].concat());
    says(&given_up, &["The half-width 0.004 that was asked for was not reached"]);
}

#[test]
fn responses_are_printed_and_written() {
    let folder = folder();
    let to = path(&folder, "out");
    let json = succeeds(&[&["responses", TRAIN, "--output", &to, "--format", "json"], &FEW[..]].concat());
    let written = files(Path::new(&to));
    assert_eq!(written.len(), 5, "{:?}", written.keys());
    assert_eq!(text(&written["responses.json"]), json);
    let result: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(result["responses"][0]["id"], "rehearsal");
    let threads = ["responses", TRAIN, "--format", "json", "--threads", "3"];
    assert_eq!(succeeds(&[&threads, &FEW[..]].concat()), json);
    let printed = succeeds(&[&["responses", FLAGSHIP, "--plan", "P10"], &FEW[..]].concat());
    says(&printed, &["Inherent", "Current", "Residual", "rehearsed-back-out", "not priced", "heightened-toc"]);
    says(&fails(&["responses", SMALLEST], 2), &["names no responses"]);
    says(&fails(&["responses", NETWORK], 2), &["no releases"]);
}
