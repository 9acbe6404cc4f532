//! The command as its users meet it: what it prints, what it writes, how it ends.

mod command_line {
    mod studies;
}

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const TRAIN: &str = "scenarios/templates/release-train.toml";
const NETWORK: &str = "scenarios/verification/network-50.toml";
const SMALLEST: &str = "scenarios/templates/smallest.toml";
const FLAGSHIP: &str = "scenarios/november-2021";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_golive"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments);
    command
}

fn golive(arguments: &[&str]) -> Output {
    command(arguments).output().expect("golive runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Standard output of a command that succeeds.
#[track_caller]
fn succeeds(arguments: &[&str]) -> String {
    let output = golive(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Standard error of a command that ends with this code and prints nothing.
#[track_caller]
fn fails(arguments: &[&str], code: i32) -> String {
    let output = golive(arguments);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
    assert!(output.stdout.is_empty(), "{arguments:?} prints");
    assert!(!told.contains("panicked"), "{told}");
    told
}

#[track_caller]
fn says(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "{part:?} is missing in {told}");
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().expect("text").to_owned()
}

/// The files of a folder, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("readable"))
        })
        .collect()
}

#[track_caller]
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn help_names_what_there_is() {
    let help = succeeds(&["--help"]);
    says(&help, &["Usage: golive", "check", "run", "schema", "completions", "--version"]);
    says(
        &succeeds(&["run", "--help"]),
        &[
            "--plan",
            "--iterations",
            "--seed",
            "--threads",
            "--output",
            "--no-output",
            "--no-charts",
            "--every-iteration",
            "--format",
        ],
    );
    says(&succeeds(&["check", "--help"]), &["--format"]);
    says(&fails(&[], 2), &["Usage: golive"]);
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(succeeds(&["--version"]), format!("golive {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_allowed() {
    says(&fails(&["run", TRAIN, "--plan", "alone"], 2), &["there is no plan `alone`", "apart, together"]);
    says(&fails(&["run", NETWORK, "--plan", "P1"], 2), &["there is no plan `P1`", "base"]);
    says(&fails(&["run", SMALLEST, "--iterations", "0"], 2), &["--iterations", "1..=1000000000000"]);
    says(&fails(&["run", SMALLEST, "--iterations", "many"], 2), &["many", "--iterations"]);
    says(&fails(&["run", SMALLEST, "--seed", "-1"], 2), &["--seed", "0..=9007199254740991"]);
    says(&fails(&["run", SMALLEST, "--seed", "9007199254740992"], 2), &["--seed"]);
    says(&fails(&["run", SMALLEST, "--threads", "0"], 2), &["--threads"]);
    says(&fails(&["run", SMALLEST, "--output", "x", "--no-output"], 2), &["--no-output"]);
    says(&fails(&["run", SMALLEST, "--format", "xml"], 2), &["xml", "text, json"]);
    says(&fails(&["run"], 2), &["<FILE>"]);
    says(&fails(&["check", "no-such-file.toml"], 2), &["no-such-file.toml", "there is no such file"]);
    says(&fails(&["check", "src"], 2), &["src", "scenario.toml"]);
    says(&fails(&["rnu"], 2), &["rnu", "<COMMAND>"]);
    says(&fails(&["completions", "tcsh"], 2), &["bash", "zsh", "fish"]);
}

#[test]
fn what_cannot_be_written_ends_with_1() {
    let folder = folder();
    let place = path(&folder, "a-file");
    std::fs::write(&place, "in the way").expect("written");
    for more in [&[][..], &["--every-iteration"]] {
        let mut arguments = vec!["run", SMALLEST, "--iterations", "100", "--no-charts", "--output", &place];
        arguments.extend(more);
        says(&fails(&arguments, 1), &["a-file", "--output"]);
    }
    assert_eq!(std::fs::read_to_string(&place).expect("still there"), "in the way");
}

#[test]
fn a_run_without_output_writes_nothing() {
    let folder = folder();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(SMALLEST);
    let output = command(&["run", file.to_str().expect("text"), "--iterations", "100", "--no-output"])
        .current_dir(folder.path())
        .output()
        .expect("golive runs");
    assert!(output.status.success());
    says(&text(&output.stdout), &["Customer portal 2.0", "Thu 17 Jan 2030"]);
    assert!(files(folder.path()).is_empty());
}

#[test]
fn without_a_folder_results_go_to_the_scenarios_own() {
    let folder = folder();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(SMALLEST);
    let output = command(&["run", file.to_str().expect("text"), "--iterations", "100", "--no-charts"])
        .current_dir(folder.path())
        .output()
        .expect("golive runs");
    assert!(output.status.success());
    let written = files(&folder.path().join("results/smallest"));
    let names: Vec<&str> = written.keys().map(String::as_str).collect();
    assert_eq!(names, ["dates.csv", "manifest.json", "outlook.csv", "outlook.json"]);
}

// ── JSON ────────────────────────────────────────────────────────────────────────────────────────

/// A probability or mean with its error, and its estimate.
#[track_caller]
fn figure(value: &Value) -> f64 {
    let estimate = number(&value["estimate"]);
    assert!(number(&value["standard_error"]) >= 0.0);
    let interval = value["interval"].as_array().expect("an interval");
    assert_eq!(interval.len(), 2);
    assert!(number(&interval[0]) <= estimate && estimate <= number(&interval[1]), "{value}");
    estimate
}

#[track_caller]
fn probability(value: &Value) -> f64 {
    let estimate = figure(value);
    assert!((0.0..=1.0).contains(&estimate), "{value}");
    estimate
}

/// A date, or nothing where it is not live by the horizon; and its interval.
#[track_caller]
fn go_live_date(value: &Value) -> Option<jiff::civil::Date> {
    let date = |value: &Value| value.as_str().map(|text| text.parse().expect("a date"));
    let interval = value["interval"].as_array().expect("an interval");
    assert_eq!(interval.len(), 2);
    let found: Option<jiff::civil::Date> = date(&value["date"]);
    assert!(found.is_some() || value["date"].is_null());
    if let (Some(low), Some(found)) = (date(&interval[0]), found) {
        assert!(low <= found, "{value}");
    }
    found
}

fn outlook(arguments: &[&str]) -> Value {
    let printed = succeeds(&[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error} in {printed}"))
}

#[test]
fn the_outlook_of_the_flagship_keeps_its_contract() {
    let outlook = outlook(&["run", FLAGSHIP, "--iterations", "4000", "--seed", "5", "--no-output"]);
    assert_eq!(outlook["scenario"], "november-2021");
    assert_eq!(outlook["seed"], 5);
    assert_eq!(outlook["iterations"], 4000);
    let plans = outlook["plans"].as_array().expect("plans");
    assert!(plans.len() > 1);
    assert_eq!(plans[0]["id"], "P1");
    for plan in plans {
        let releases = plan["releases"].as_array().expect("releases");
        assert!(!releases.is_empty());
        for release in releases {
            let target: jiff::civil::Date = release["target"].as_str().expect("a date").parse().expect("a date");
            let live = probability(&release["p_live_on_target"]);
            let stays = probability(&release["p_live_on_target_and_stays"]);
            let never = probability(&release["p_not_live_by_horizon"]);
            assert!(stays <= live && live + never <= 1.0 + 1e-12);
            let dates: Vec<_> =
                ["p10", "p50", "p80", "p90", "p95"].iter().map(|p| go_live_date(&release["go_live"][p])).collect();
            // Later percentiles are later; none after not live at all.
            for pair in dates.windows(2) {
                assert!(pair[1].is_none() || (pair[0].is_some() && pair[0] <= pair[1]), "{dates:?}");
            }
            assert!(dates[0].is_none_or(|first| first >= target));
        }
        for item in plan["scope"].as_array().expect("scope") {
            assert!(item["id"].is_string());
            probability(&item["p_ships"]);
        }
        assert!(plan["measures"].is_object());
    }
    let sec = plans[0]["releases"].as_array().expect("releases").iter().find(|r| r["id"] == "SEC");
    assert_eq!(sec.expect("SEC is in P1")["target"], "2021-11-04");
    assert!(!plans[0]["scope"].as_array().expect("scope").is_empty());
}

#[test]
fn a_network_reports_its_measures_by_name() {
    let outlook = outlook(&["run", NETWORK, "--iterations", "4000", "--no-output"]);
    let plan = &outlook["plans"][0];
    assert_eq!(plan["id"], "base");
    let finish = &plan["measures"]["finish"];
    let mean = figure(&finish["mean"]);
    let spread = number(&finish["standard_deviation"]);
    assert!(mean > 0.0 && spread > 0.0);
    let mut before = 0.0;
    for percentile in ["p10", "p50", "p80", "p90", "p95"] {
        let days = number(&finish[percentile]["days"]);
        assert!(days >= before && (days - mean).abs() < 4.0 * spread, "{percentile} {days}");
        before = days;
    }
    probability(&finish["p_by_target"]);
}

#[test]
fn findings_as_json_are_json_alone() {
    let output = golive(&["check", "scenarios/invalid/twelve-defects.toml", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let findings: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(findings["errors"], 12);
    for finding in findings["diagnostics"].as_array().expect("findings") {
        for key in ["code", "message", "file", "line", "column"] {
            assert!(!finding[key].is_null(), "{key} of {finding}");
        }
    }
    let fine: Value = serde_json::from_str(&succeeds(&["check", SMALLEST, "--format", "json"])).expect("JSON");
    assert_eq!(fine["errors"], 0);
}

// ── Files ───────────────────────────────────────────────────────────────────────────────────────

fn run_into(folder: &TempDir, name: &str, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let to = path(folder, name);
    let base = ["run", TRAIN, "--iterations", "20000", "--every-iteration", "--output", &to];
    succeeds(&[&base[..], more].concat());
    files(Path::new(&to))
}

#[test]
fn the_same_bytes_come_out_of_any_number_of_threads() {
    let folder = folder();
    let first = run_into(&folder, "first", &[]);
    for (name, more) in [
        ("again", &[][..]),
        ("one", &["--threads", "1"]),
        ("two", &["--threads", "2"]),
        ("three", &["--threads", "3"]),
        ("eight", &["--threads", "8", "--block", "64"]),
    ] {
        let other = run_into(&folder, name, more);
        let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&first), names(&other));
        for (file, bytes) in &first {
            assert!(other[file] == *bytes, "{file} differs: {name}");
        }
    }
    let other_seed = run_into(&folder, "seed", &["--seed", "2"]);
    assert_ne!(first["outlook.json"], other_seed["outlook.json"]);
}

#[test]
fn tables_and_charts_are_there_and_what_they_say_they_are() {
    let folder = folder();
    let to = path(&folder, "out");
    let printed = succeeds(&["run", TRAIN, "--iterations", "2000", "--output", &to, "--format", "json"]);
    let files = files(Path::new(&to));
    assert_eq!(text(&files["outlook.json"]), printed);
    for name in ["outlook.csv", "dates.csv"] {
        let mut table = csv::Reader::from_reader(files[name].as_slice());
        assert!(table.records().filter_map(Result::ok).count() > 5, "{name}");
    }
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).expect("JSON");
    assert_eq!(manifest["golive"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["scenario"], "release-train");
    assert_eq!(manifest["plans"], serde_json::json!(["apart", "together"]));
    assert_eq!(manifest["inputs"][0]["sha256"].as_str().map(str::len), Some(64));
    let charts = |ending: &str| -> Vec<&String> { files.keys().filter(|name| name.ends_with(ending)).collect() };
    assert_eq!(charts(".svg").len(), charts(".png").len());
    for plan in ["apart", "together"] {
        for chart in [format!("s-curve-{plan}"), format!("go-live-{plan}-app")] {
            assert!(text(&files[&format!("{chart}.svg")]).contains("<svg"), "{chart}");
            assert!(files[&format!("{chart}.png")].starts_with(b"\x89PNG\r\n\x1a\n"), "{chart}");
        }
    }
    let without = path(&folder, "without");
    succeeds(&["run", TRAIN, "--iterations", "2000", "--output", &without, "--no-charts"]);
    assert_eq!(self::files(Path::new(&without)).len(), 4);
}

#[test]
fn iterations_agree_with_the_outlook() {
    const ITERATIONS: f64 = 3000.0;
    let folder = folder();
    let to = path(&folder, "out");
    let printed = succeeds(&[
        "run",
        FLAGSHIP,
        "--plan",
        "P1",
        "--iterations",
        "3000",
        "--output",
        &to,
        "--no-charts",
        "--every-iteration",
        "--format",
        "json",
    ]);
    let outlook: Value = serde_json::from_str(&printed).expect("JSON");
    let plan = &outlook["plans"][0];
    let mut table = csv::Reader::from_path(Path::new(&to).join("iterations-P1.csv")).expect("the table is there");
    let header = table.headers().expect("a header").clone();
    let rows: Vec<csv::StringRecord> = table.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 3000);
    for (i, row) in rows.iter().enumerate() {
        assert_eq!(row[0], i.to_string());
    }
    let column = |name: &str| -> Vec<&str> {
        let at = header.iter().position(|h| h == name).unwrap_or_else(|| panic!("no column {name}"));
        rows.iter().map(|row| &row[at]).collect()
    };
    let share = |name: &str, wanted: &str| {
        let count = column(name).iter().filter(|cell| **cell == wanted).count();
        f64::from(u32::try_from(count).expect("few")) / ITERATIONS
    };
    #[track_caller]
    fn same(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} {b}");
    }
    for release in plan["releases"].as_array().expect("releases") {
        let id = release["id"].as_str().expect("an id");
        same(share(&format!("{id}.on_target"), "true"), number(&release["p_live_on_target"]["estimate"]));
        same(
            share(&format!("{id}.on_target_and_stays"), "true"),
            number(&release["p_live_on_target_and_stays"]["estimate"]),
        );
        same(share(&format!("{id}.no_go"), "true"), number(&release["p_no_go"]["estimate"]));
        same(share(&format!("{id}.go_live"), ""), number(&release["p_not_live_by_horizon"]["estimate"]));
        // The date by which at least this share of the iterations is live.
        let mut dates = column(&format!("{id}.go_live"));
        dates.sort_by_key(|date| (date.is_empty(), (*date).to_owned()));
        for (percentile, rank) in [("p10", 300), ("p50", 1500), ("p80", 2400), ("p90", 2700), ("p95", 2850)] {
            let expected = dates[rank - 1];
            let found = release["go_live"][percentile]["date"].as_str().unwrap_or("");
            assert_eq!(found, expected, "{id} {percentile}");
        }
    }
    for item in plan["scope"].as_array().expect("scope") {
        let id = item["id"].as_str().expect("an id");
        same(share(&format!("ships.{id}"), "true"), number(&item["p_ships"]["estimate"]));
    }
}

// ── Pipes, schema, completions ──────────────────────────────────────────────────────────────────

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for arguments in [
        &["schema"][..],
        &["completions", "bash"],
        &["run", TRAIN, "--iterations", "500", "--no-output"],
        &["run", FLAGSHIP, "--iterations", "200", "--no-output", "--format", "json"],
        &["check", TRAIN, "--format", "json"],
    ] {
        let mut child = command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("golive runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let told = text(&output.stderr);
        assert!(!told.contains("panicked"), "{arguments:?}: {told}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {told}");
    }
}

const OBSERVED: &str = "scenarios/verification/exact-observed.toml";

/// The report of a gate as JSON, of few iterations.
fn gate(arguments: &[&str]) -> Value {
    let few = ["--iterations", "3000", "--inputs", "0", "--format", "json"];
    serde_json::from_str(&succeeds(&[&["gate"][..], arguments, &few[..]].concat())).expect("JSON")
}

#[test]
fn a_gates_report_begins_with_the_plan_as_it_stands() {
    let report = gate(&[FLAGSHIP, "--plan", "P1", "--evidence", "re-review,wider-go-no-go"]);
    let run = outlook(&["run", FLAGSHIP, "--plan", "P1", "--iterations", "3000", "--inputs", "0", "--no-output"]);
    for (place, release) in ["SEC", "U22", "U30"].iter().enumerate() {
        let now = &report["policies"][0]["releases"][place];
        let of_run = &run["plans"][0]["releases"][place];
        assert_eq!(now["id"], **release);
        for key in ["p_live_on_target", "p_live_on_target_and_stays"] {
            assert_eq!(number(&now[key]["estimate"]), number(&of_run[key]["estimate"]), "{release} {key}");
        }
        assert_eq!(now["p80"]["date"], of_run["go_live"]["p80"]["date"]);
        // Without errors of observation the plan as it stands is never wrong, and "Amber allowed" is where it goes more.
        assert_eq!(number(&now["p_wrong_go"]["estimate"]), 0.0);
        assert_eq!(number(&now["p_wrong_no_go"]["estimate"]), 0.0);
        let allowed = &report["policies"][1]["releases"][place];
        let more = number(&allowed["p_go"]["estimate"]) - number(&now["p_go"]["estimate"]);
        assert!(more > 0.0 && (more - number(&allowed["p_wrong_go"]["estimate"])).abs() < 1e-12, "{more}");
        assert!((more - number(&allowed["p_go"]["difference"]["estimate"])).abs() < 1e-12);
        assert_eq!(report["amber"]["turned_green"]["releases"][place]["p_go"]["estimate"], allowed["p_go"]["estimate"]);
    }
    assert_eq!(report["amber"]["criteria"], serde_json::json!(["O2", "O2-uplifts"]));
    assert_eq!(report["amber"]["risks"], serde_json::json!(["R04"]));
    assert_eq!(
        (report["observed_with_error"].as_bool(), report["wrong_go_has_consequences"].as_bool()),
        (Some(false), Some(false))
    );
    let ids: Vec<&str> =
        report["evidence"].as_array().expect("a list").iter().filter_map(|e| e["id"].as_str()).collect();
    assert_eq!(
        ids,
        [
            "next-window",
            "response:heightened-toc",
            "response:more-meter-sets",
            "response:rehearsed-back-out",
            "what-if:re-review",
            "what-if:wider-go-no-go"
        ]
    );
    // The next window is a week later for all.
    let next = &report["evidence"][0]["releases"];
    assert!(next.as_array().expect("a list").iter().all(|release| release["target"] == "2021-11-11"));
}

#[test]
fn perfect_observation_is_compared_where_there_are_errors() {
    let report = gate(&[OBSERVED, "--threshold", "0.55"]);
    let now = &report["policies"][0]["releases"][0];
    assert!(number(&now["p_wrong_go"]["estimate"]) > 0.08 && number(&now["p_wrong_no_go"]["estimate"]) > 0.04);
    let perfect = &report["evidence"][0];
    assert_eq!(perfect["id"], "perfect-observation");
    assert_eq!(number(&perfect["releases"][0]["p_wrong_go"]["estimate"]), 0.0);
    assert_eq!(number(&perfect["releases"][0]["p_wrong_no_go"]["estimate"]), 0.0);
    // Nothing seen and a alone are a Go at 0.55, b is not.
    let seen = report["releases"][0]["seen"].as_array().expect("a list");
    let go = |not_met: Value| seen.iter().find(|s| s["not_met"] == not_met).map(|s| s["go"].clone());
    assert_eq!(go(serde_json::json!([])), Some(Value::Bool(true)));
    assert_eq!(go(serde_json::json!(["a"])), Some(Value::Bool(true)));
    assert_eq!(go(serde_json::json!(["b"])), Some(Value::Bool(false)));
}

#[test]
fn a_gate_writes_its_report_and_charts_and_repeats_to_the_byte() {
    let folder = folder();
    let run = |name: &str, threads: &str| {
        let into = path(&folder, name);
        succeeds(&[
            "gate",
            OBSERVED,
            "--iterations",
            "20000",
            "--inputs",
            "20",
            "--threads",
            threads,
            "--output",
            &into,
        ]);
        files(Path::new(&into))
    };
    let (one, three) = (run("one", "1"), run("three", "3"));
    assert_eq!(one.keys().collect::<Vec<_>>(), ["gate-errors-plan-A.png", "gate-errors-plan-A.svg", "gate.json"]);
    assert!(one == three);
}

#[test]
fn a_gate_that_cannot_be_judged_says_why() {
    says(&fails(&["gate", NETWORK], 2), &["there is no gate to judge"]);
    says(&fails(&["gate", OBSERVED, "--threshold", "1.5"], 2), &["a probability from 0 to 1"]);
    says(&fails(&["gate", OBSERVED, "--release", "B"], 2), &["no criterion bears on a release `B`", "A"]);
    says(&fails(&["gate", FLAGSHIP, "--evidence", "re-revue"], 2), &["there is no what-if `re-revue`", "re-review"]);
    says(&fails(&["gate", FLAGSHIP, "--plan", "P99"], 2), &["there is no plan `P99`"]);
}

#[test]
fn the_schema_is_json() {
    let schema: Value = serde_json::from_str(&succeeds(&["schema"])).expect("JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for table in ["scenario", "releases", "risks", "plans"] {
        assert!(schema["properties"][table].is_object(), "{table}");
    }
}

#[test]
fn completions_are_for_each_shell() {
    for (shell, sign) in [("bash", "complete -F"), ("zsh", "#compdef golive"), ("fish", "complete -c golive")] {
        says(&succeeds(&["completions", shell]), &[sign, "every-iteration"]);
    }
}

// ── Scenarios ───────────────────────────────────────────────────────────────────────────────────

/// Scenario files of the repository, except defective ones and parts of others.
fn scenarios() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                // A folder beside a file of its name holds that file's parts.
                if path != root.join("invalid") && !path.with_extension("toml").exists() {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_scenario_of_the_repository_checks() {
    let scenarios = scenarios();
    assert!(scenarios.len() >= 4, "{scenarios:?}");
    for path in scenarios {
        let output = golive(&["check", path.to_str().expect("text")]);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{}: {told}", path.display());
        says(&told, &["no errors in"]);
    }
}

#[test]
fn the_flagship_is_found_by_its_folder() {
    let by_folder = outlook(&["run", FLAGSHIP, "--iterations", "500", "--no-output", "--plan", "P1"]);
    let by_file =
        outlook(&["run", "scenarios/november-2021.toml", "--iterations", "500", "--no-output", "--plan", "P1"]);
    assert_eq!(by_folder, by_file);
}

#[test]
fn plans_can_be_chosen_and_one_called_base_is_a_plan() {
    let two = outlook(&["run", TRAIN, "--iterations", "200", "--no-output", "--plan", "together,apart"]);
    let ids: Vec<&Value> = two["plans"].as_array().expect("plans").iter().map(|p| &p["id"]).collect();
    assert_eq!(ids, ["together", "apart"]);
    let folder = folder();
    let file = path(&folder, "base.toml");
    let smallest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(SMALLEST)).expect("readable");
    let named =
        smallest.replace("[plans.as-planned]", "[plans.base]") + "set = { \"risks.back-out.probability\" = 1.0 }\n";
    std::fs::write(&file, named).expect("written");
    let base = outlook(&["run", &file, "--iterations", "200", "--no-output"]);
    let release = &base["plans"][0]["releases"][0];
    assert_eq!(number(&release["p_live_on_target_and_stays"]["estimate"]), 0.0, "the plan is not applied");
}
