//! `golive explain` and `golive given` as their users meet them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const FLAGSHIP: &str = "scenarios/november-2021";
const NETWORK: &str = "scenarios/verification/network-50.toml";

fn golive(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_golive"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().expect("golive runs")
}

#[track_caller]
fn succeeds(arguments: &[&str]) -> String {
    let output = golive(arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {told}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Standard error of a command that ends with this code and prints nothing.
#[track_caller]
fn fails(arguments: &[&str], code: i32) -> String {
    let output = golive(arguments);
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
    assert!(output.stdout.is_empty() && !told.contains("panicked"), "{arguments:?}: {told}");
    told
}

#[track_caller]
fn says(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "{part:?} is missing in {told}");
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn any_iteration_is_told_at_once() {
    let far = ["explain", FLAGSHIP, "--plan", "P1", "--iteration", "987654321987"];
    let text = succeeds(&far);
    says(&text, &["Plan P1", "Iteration 987,654,321,987, chosen by its number.", "Day by day", "Thu 4 Nov 2021"]);
    assert_eq!(text, succeeds(&far));
    let told = json(&succeeds(&[&far[..], &["--format", "json"]].concat()));
    assert_eq!(told["iteration"], 987_654_321_987_u64);
    let releases = told["releases"].as_array().expect("releases");
    assert_eq!(releases.len(), 3);
    for release in releases {
        // The days after the date add up to the delay.
        let late: f64 =
            release["days"].as_array().expect("days").iter().map(|part| part["late"].as_f64().expect("a number")).sum();
        let days = release["days_late"].as_f64().expect("live");
        assert!((late - days.max(0.0)).abs() < 1e-9, "{release}");
    }
}

#[test]
fn a_percentile_is_told_by_one_of_its_iterations() {
    let run = ["explain", FLAGSHIP, "--plan", "P1", "--percentile", "80", "--release", "SEC", "--iterations", "20000"];
    let told = json(&succeeds(&[&run[..], &["--format", "json"]].concat()));
    let outlook = json(&succeeds(&[
        "run",
        FLAGSHIP,
        "--plan",
        "P1",
        "--iterations",
        "20000",
        "--inputs",
        "0",
        "--no-output",
        "--format",
        "json",
    ]));
    let sec =
        outlook["plans"][0]["releases"].as_array().expect("releases").iter().find(|r| r["id"] == "SEC").expect("SEC");
    let p80 = &sec["go_live"]["p80"]["date"];
    let told_sec = told["releases"].as_array().expect("releases").iter().find(|r| r["id"] == "SEC").expect("SEC");
    assert_eq!(&told_sec["go_live"], p80);
    let share = sec["dates"].as_array().expect("dates").iter().find(|d| &d["date"] == p80).expect("its date");
    assert_eq!(told["chosen"]["count"], share["count"]);
    says(told["chosen"]["text"].as_str().expect("words"), &["P80 of SEC's go-live", "one of many stories"]);
    // The same iteration by its number is the same story.
    let number = told["iteration"].to_string();
    let again = json(&succeeds(&["explain", FLAGSHIP, "--plan", "P1", "--iteration", &number, "--format", "json"]));
    assert_eq!((&told["events"], &told["releases"]), (&again["events"], &again["releases"]));
    // The finish of a measure.
    let measure = succeeds(&["explain", NETWORK, "--percentile", "P80", "--iterations", "5000"]);
    says(&measure, &["P80 of `finish` in 5,000 iterations", "The work that drove the end: A"]);
}

#[test]
fn the_nth_iteration_of_a_condition_satisfies_it() {
    let run = [
        "explain",
        FLAGSHIP,
        "--plan",
        "P1",
        "--iterations",
        "20000",
        "--where",
        "SEC no-go on 2021-11-03 and R13 occurred",
    ];
    let first = json(&succeeds(&[&run[..], &["--format", "json"]].concat()));
    let third = json(&succeeds(&[&run[..], &["--nth", "3", "--format", "json"]].concat()));
    assert_eq!(first["chosen"]["count"], third["chosen"]["count"]);
    assert!(first["iteration"].as_u64() < third["iteration"].as_u64());
    for told in [&first, &third] {
        let events = told["events"].as_array().expect("events");
        assert!(events.iter().any(|e| e["kind"] == "no-go" && e["about"] == "SEC" && e["date"] == "2021-11-03"));
        let causes = |e: &Value| e["causes"].as_array().is_some_and(|c| c.iter().any(|risk| risk == "R13"));
        assert!(events.iter().any(|e| e["kind"] == "back-out" && causes(e)));
    }
    let text = succeeds(&[&run[..], &["--nth", "3"]].concat());
    says(&text, &["The 3rd iteration in which", "No-Go for SEC", "is backed out by R13, dragged along"]);
}

#[test]
fn story_and_picture_are_written_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("told");
    let path = out.to_str().expect("text");
    let run = ["explain", FLAGSHIP, "--plan", "P8", "--iteration", "0", "--output", path];
    let text = succeeds(&run);
    let mut expected: BTreeSet<String> = ["story.json", "story.txt"].map(str::to_owned).into();
    if cfg!(feature = "chart") {
        expected.extend(["story.png", "story.svg"].map(str::to_owned));
        let svg = std::fs::read_to_string(out.join("story.svg")).expect("the picture");
        says(&svg, &["<title>SEC 42 days late", "retest", "plan P8", "iteration 0"]);
    }
    assert_eq!(names(&out), expected);
    assert_eq!(std::fs::read_to_string(out.join("story.txt")).expect("the story"), text);
    let bytes = std::fs::read(out.join("story.json")).expect("JSON");
    succeeds(&run);
    assert_eq!(std::fs::read(out.join("story.json")).expect("JSON"), bytes);
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let blocked = file.join("out");
    says(
        &fails(&["explain", FLAGSHIP, "--iteration", "0", "--output", blocked.to_str().expect("text")], 1),
        &["nothing was written"],
    );
}

#[test]
fn news_is_answered_beside_the_outlook_without_it() {
    let run = ["given", FLAGSHIP, "R19 event on 2021-11-01", "--plan", "P1", "--iterations", "20000"];
    says(
        &succeeds(&run),
        &[
            "Given the news: R19 event on 2021-11-01",
            "of 20,000 iterations",
            "Go on 3 Nov 2021",
            "Difference",
            "without",
        ],
    );
    let told = json(&succeeds(&[&run[..], &["--format", "json"]].concat()));
    let figures = told["figures"].as_array().expect("figures");
    let go = figures.iter().find(|f| f["measure"] == "SEC.p_go_for_target").expect("P(Go)");
    let estimate = |which: &str| go[which]["estimate"].as_f64().expect("a number");
    assert!((estimate("given") - estimate("without") - estimate("difference")).abs() < 1e-12);
    assert!(go["difference"]["interval"][1].as_f64().expect("a number") < 0.0);
    // What the outlook says of the selected iterations is what the figures say.
    let target = figures.iter().find(|f| f["measure"] == "SEC.p_live_on_target").expect("a figure");
    let sec = told["given"]["releases"].as_array().expect("releases").iter().find(|r| r["id"] == "SEC").expect("SEC");
    assert_eq!(sec["p_live_on_target"], target["given"]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("text");
    succeeds(&[&run[..], &["--output", path]].concat());
    let written = std::fs::read_to_string(folder.path().join("given.json")).expect("JSON");
    assert_eq!(json(&written), told);
    let conditioned = succeeds(&["given", FLAGSHIP, "R03 occurred", "--iterations", "20000"]);
    says(&conditioned, &["R03 occurs in every iteration", "from all 20,000 iterations"]);
}

#[test]
fn too_rare_news_is_refused() {
    let run = ["given", FLAGSHIP, "SEC not live and SEC on time", "--iterations", "2000", "--at-most", "4000"];
    says(&fails(&run, 1), &["comes in none of 4,000 iterations", "400 are needed", "--at-most"]);
    let run = ["explain", FLAGSHIP, "--where", "SEC late", "--nth", "5000", "--iterations", "3000"];
    says(&fails(&run, 1), &["`SEC late` holds in", "of 3,000 iterations"]);
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_allowed() {
    says(&fails(&["explain", FLAGSHIP], 2), &["--iteration", "--percentile", "--where"]);
    says(&fails(&["explain", FLAGSHIP, "--iteration", "1", "--percentile", "80"], 2), &["cannot be used with"]);
    says(&fails(&["explain", FLAGSHIP, "--iteration", "-1"], 2), &["--iteration", "0..="]);
    says(&fails(&["explain", FLAGSHIP, "--percentile", "100"], 2), &["above 0 and below 100"]);
    says(&fails(&["explain", FLAGSHIP, "--iteration", "1", "--nth", "2"], 2), &["--nth", "cannot be used with"]);
    let release = ["explain", FLAGSHIP, "--where", "SEC late", "--release", "SEC"];
    says(&fails(&release, 2), &["--release", "cannot be used with"]);
    says(
        &fails(&["explain", FLAGSHIP, "--percentile", "80", "--release", "SECC"], 2),
        &["did you mean `SEC`?", "`U22`"],
    );
    says(
        &fails(&["explain", FLAGSHIP, "--percentile", "80", "--measure", "x"], 2),
        &["no measure `x`", "there are none"],
    );
    says(&fails(&["explain", FLAGSHIP, "--plan", "P99", "--iteration", "1"], 2), &["there is no plan `P99`"]);
    says(&fails(&["explain", FLAGSHIP, "--where", "SEC lte"], 2), &["at character 5", "did you mean `late`?"]);
    says(&fails(&["given", FLAGSHIP], 2), &["<NEWS>"]);
    says(&fails(&["given", FLAGSHIP, "R04 occured"], 2), &["at character 5", "did you mean `occurred`?"]);
    says(&fails(&["given", FLAGSHIP, "R04 occurred", "--at-most", "0"], 2), &["--at-most"]);
    says(&succeeds(&["given", "--help"]), &["CRITERION failed on|for DATE", "PROCESS event on DATE"]);
}
