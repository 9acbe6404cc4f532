//! `golive whatif` and `golive diff` as their users meet them.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// Two releases, an estimate used twice, a cost, what-ifs.
const SCENARIO: &str = r#"
[scenario]
id = "pair"
title = "Two releases"
data_date = 2030-01-07
horizon = 2030-06-27
seed = 5
iterations = 4000

[windows.thursdays]
first = 2030-01-17
every = "7 days"

[releases.A]
title = "Release A"
windows = "thursdays"
ready = 2030-01-17

[releases.B]
title = "Release B"
windows = "thursdays"
ready = 2030-01-17

[estimates.trouble]
pert = { min = 0.1, mode = 0.2, max = 0.5 }
basis = "assumed"

[risks.late]
title = "A is late"
probability = "trouble"
effects = [{ delay = { release = "A", by = { value = "6 days", basis = "assumed" } } }]

[risks.back-out]
title = "B is backed out"
probability = "trouble"
effects = [
  { back_out = { release = "B", fix = { value = "6 days", basis = "assumed" } } },
  { cost = { amount = { value = 100, basis = "assumed" } } },
]

[risks.incident]
title = "An incident"
probability = { value = 0.1, basis = "assumed" }
effects = [{ incident = { category = 2, release = "A" } }]

[correlations.both]
between = ["estimates.trouble", "risks.late"]
rank = 0.5

[responses.rehearse]
title = "Rehearse the back-out"
scale = { "risks.back-out.probability" = { value = 0.5, basis = "assumed" } }

[plans.P1]
title = "Together"
releases = { A = 2030-01-17, B = 2030-01-17 }

[plans.P2]
title = "Apart"
releases = { A = 2030-01-17, B = 2030-01-31 }

[what_ifs.calm]
title = "Less trouble"
set = { "estimates.trouble" = { value = 0.1, basis = "assumed" } }

[what_ifs.rehearsed]
title = "The back-out is rehearsed"
responses = ["rehearse"]

[what_ifs.apart]
title = "A is never late"
plan = "P2"
set = { "risks.late.enabled" = false }
"#;

const QUICK: [&str; 4] = ["--inputs", "20", "--iterations-in-a-world", "50"];

struct Case {
    folder: TempDir,
}

impl Case {
    fn new() -> Self {
        let case = Self { folder: tempfile::tempdir().expect("a folder") };
        case.write("old.toml", SCENARIO);
        case
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("text").to_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).expect("writable");
        self.path(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_golive"));
        command.current_dir(self.folder.path()).args(arguments).args(QUICK).output().expect("golive runs")
    }

    #[track_caller]
    fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
        serde_json::from_str(&self.succeeds(&arguments)).expect("JSON")
    }

    /// Standard error of a command that ends with 2 and prints and writes nothing.
    #[track_caller]
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
        assert!(output.stdout.is_empty() && !told.contains("panicked"), "{told}");
        told
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[track_caller]
fn says(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "{part:?} is missing in {told}");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[track_caller]
fn estimate(figure: &Value) -> f64 {
    figure["estimate"].as_f64().unwrap_or_else(|| panic!("{figure}"))
}

/// A difference of a what-if by its measure.
#[track_caller]
fn difference<'v>(what_if: &'v Value, measure: &str) -> &'v Value {
    let list = what_if["differences"].as_array().expect("a list");
    list.iter().find(|d| d["measure"] == measure).unwrap_or_else(|| panic!("{measure}"))
}

#[test]
fn what_ifs_of_the_file_stand_beside_the_plans_they_are_asked_of() {
    let case = Case::new();
    let told = case.succeeds(&["whatif", "old.toml"]);
    says(
        &told,
        &[
            "What-ifs of plan P1: Together",
            "What-ifs of plan P2: Apart",
            "estimates.trouble: PERT 0.1/0.2/0.5 → 0.1 (assumed)",
            "risks.back-out.probability: trouble → trouble × 0.5",
            "responses.rehearse.taken: not given → true",
            "A: live on the plan's date and stays 7 days",
            "Cost, mean (less is better)",
            "4,000 iterations, paired",
            "20 worlds",
        ],
    );
    assert!(told.lines().all(|line| line.chars().count() <= 100), "{told}");
    let json = case.json(&["whatif", "old.toml"]);
    let plan =
        |place: usize| (&json["asked"][place]["plan"], json["asked"][place]["what_ifs"].as_array().map(Vec::len));
    assert_eq!(plan(0), (&Value::from("P1"), Some(2)));
    assert_eq!(plan(1), (&Value::from("P2"), Some(1)));
    let calm = &json["asked"][0]["what_ifs"][0];
    let live = difference(calm, "A.p_live_on_target");
    let [base, with, apart] = ["base", "figure", "difference"].map(|key| estimate(&live[key]));
    assert!((with - base - apart).abs() < 1e-12 && apart > 0.0, "{live}");
    assert!(live["difference"]["inputs_interval"].is_array() && live["p_better_over_inputs"].is_number());
    // A plan's outlook is that of a run of the plan.
    let run = case.json(&["run", "old.toml", "--plan", "P1", "--no-output"]);
    assert_eq!(json["plans"][0], run["plans"][0]);
    assert_eq!(live["base"], run["plans"][0]["releases"][0]["p_live_on_target"]);
    // The rehearsal is nothing to A.
    let rehearsed = &json["asked"][0]["what_ifs"][1];
    assert_eq!(difference(rehearsed, "A.p_live_on_target")["identical"], true);
    assert_eq!(difference(rehearsed, "B.p_live_on_target_and_stays")["identical"], false);
}

#[test]
fn what_ifs_are_chosen_asked_of_another_plan_and_set() {
    let case = Case::new();
    let json = case.json(&["whatif", "old.toml", "--only", "calm,apart", "--plan", "P2"]);
    let asked = json["asked"].as_array().expect("a list");
    assert_eq!((asked.len(), asked[0]["what_ifs"].as_array().map(Vec::len)), (1, Some(2)));
    // Several changes are one what-if; a bare number stands for a named estimate, whose correlation does not hinder it.
    let json =
        case.json(&["whatif", "old.toml", "--set", "estimates.trouble=0.1", "--scale", "risks.incident.probability=2"]);
    let as_set = &json["asked"][0]["what_ifs"][0];
    assert_eq!(as_set["id"], "as-set");
    assert_eq!(as_set["changes"].as_array().map(Vec::len), Some(2));
    let named = case.json(&["whatif", "old.toml", "--only", "calm"]);
    let of = |what_if: &Value| difference(what_if, "A.p_live_on_target").clone();
    assert_eq!(of(as_set), of(&named["asked"][0]["what_ifs"][0]));
    // Seventeen what-ifs are more than are run at a time; each is what it is alone.
    let more: String = (0..17)
        .map(|k| format!("[what_ifs.x{k}]\ntitle = \"t\"\nset = {{ \"risks.incident.probability\" = 0.{k:02} }}\n"))
        .collect();
    case.write("many.toml", &format!("{SCENARIO}\n{more}"));
    let many = case.json(&["whatif", "many.toml"]);
    let what_ifs = many["asked"][0]["what_ifs"].as_array().expect("a list");
    assert_eq!(what_ifs.len(), 19);
    for (place, id) in [(2, "x0"), (18, "x16")] {
        let alone = case.json(&["whatif", "many.toml", "--only", id]);
        assert_eq!(what_ifs[place], alone["asked"][0]["what_ifs"][0], "{id}");
    }
}

#[test]
fn a_grid_pairs_every_point_with_the_plan() {
    let case = Case::new();
    let grid = [
        "whatif",
        "old.toml",
        "--grid",
        "estimates.trouble=0.1..0.3:3",
        "--scale-grid",
        "risks.incident.probability=0.5,2",
    ];
    let told = case.succeeds(&grid);
    says(&told, &["estimates.trouble ↓  risks.incident.probability →", "P10 to P90", "Difference from P1", "0.3"]);
    let json = case.json(&grid);
    let points = json["grid"]["points"].as_array().expect("a list");
    assert_eq!(points.len(), 6);
    assert_eq!(json["grid"]["axes"][1]["factor"], true);
    // The last input varies fastest; the first two points differ in it alone, which is nothing to A.
    let live = |place: usize| difference(&points[place], "A.p_live_on_target_and_stays").clone();
    assert_eq!(live(0), live(1));
    assert!(estimate(&live(0)["figure"]) > estimate(&live(4)["figure"]));
    let alone =
        case.json(&["whatif", "old.toml", "--set", "estimates.trouble=0.3", "--scale", "risks.incident.probability=2"]);
    assert_eq!(points[5]["differences"], alone["asked"][0]["what_ifs"][0]["differences"]);
    for measure in ["live", "all", "p80", "incidents", "missed", "cost"] {
        case.succeeds(&[&grid[..], &["--measure", measure, "--release", "B"]].concat());
    }
    says(&case.succeeds(&[&grid[..], &["--measure", "p80"]].concat()), &["A: P80", "Thu 17 Jan 2030"]);
}

#[test]
fn work_without_releases_has_its_finish() {
    let case = Case::new();
    let text = r#"
[scenario]
id = "work"
title = "Work"
seed = 3
iterations = 2000

[activities.build]
duration = { pert = { min = 5, mode = 10, max = 20 }, unit = "days", basis = "assumed" }

[activities.test]
duration = { value = "5 days", basis = "assumed" }
after = ["build"]

[measures.all]
title = "All of it"
target = "16 days"
"#;
    case.write("work.toml", text);
    // A bare number takes the unit of the estimate in whose place it stands.
    let json = case.json(&["whatif", "work.toml", "--grid", "activities.build.duration=8,12"]);
    let points = json["grid"]["points"].as_array().expect("a list");
    let of = |place: usize, measure: &str| estimate(&difference(&points[place], measure)["figure"]);
    assert_eq!([of(0, "all.finish"), of(1, "all.finish")], [13.0, 17.0]);
    assert_eq!([of(0, "all.p_by_target"), of(1, "all.p_by_target")], [1.0, 0.0]);
    assert_eq!(json["grid"]["measure"], "all.p80");
    assert_eq!(points[1]["p80"][0]["value"]["days"], 17.0);
    let told = case.succeeds(&["whatif", "work.toml", "--set", "activities.test.duration=\"7 days\""]);
    says(&told, &["activities.test.duration: 5 days → 7 days (assumed)", "all: P80 of the finish, in days", "+2 ± 0"]);
    says(
        &case.refused(&["whatif", "work.toml", "--grid", "activities.build.duration=8,12", "--measure", "stays"]),
        &["no releases"],
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let case = Case::new();
    let told = case.refused(&[
        "whatif",
        "old.toml",
        "--set",
        "risks.lste.probability=0.1",
        "--scale",
        "nonsense",
        "--grid",
        "risks.late.probability=0.1..0.9",
        "--output",
        "out",
    ]);
    says(
        &told,
        &["did you mean `risks.late.probability`?", "this is not TOML", "does not say how many", "--grid", "--set"],
    );
    assert_eq!(names(case.folder.path()), ["old.toml"]);
    for (arguments, parts) in [
        (&["--only", "clam"][..], &["`clam` is not a what-if", "did you mean `calm`?"][..]),
        (&["--plan", "P9"], &["there is no plan `P9`", "P1, P2"]),
        (&["--grid", "risks.incident.probability=0..1:401"], &["at most 400"]),
        (&["--grid", "risks.incident.probability=0.5,1.5"], &["1.5 is outside the range", "a probability from 0 to 1"]),
        (&["--grid", "a.b=1,2", "--grid", "c.d=1,2", "--grid", "e.f=1,2"], &["one or two"]),
        (
            &["--grid", "risks.incident.probability=0.1,0.2", "--grid", "risks.incident.probability=0.3,0.4"],
            &["changed twice"],
        ),
        (&["--measure", "stays", "--release", "C"], &["`C` is not a release", "`A`, `B`"]),
        (&["--measure", "finish"], &["no measure"]),
        (&["--measure", "speed"], &["speed", "stays"]),
    ] {
        says(&case.refused(&[&["whatif", "old.toml"], arguments].concat()), parts);
    }
    let without = SCENARIO.split("[what_ifs.calm]").next().expect("the part before");
    case.write("none.toml", without);
    says(&case.refused(&["whatif", "none.toml"]), &["names no what-ifs", "--set"]);
}

#[test]
fn results_do_not_depend_on_threads_and_precision_is_kept() {
    let case = Case::new();
    let grid = ["whatif", "old.toml", "--grid", "estimates.trouble=0.1,0.2", "--format", "json", "--threads"];
    assert_eq!(case.succeeds(&[&grid[..], &["1"]].concat()), case.succeeds(&[&grid[..], &["3"]].concat()));
    let json = case.json(&["whatif", "old.toml", "--precision", "0.01", "--iterations", "100000"]);
    assert_eq!(json["precision"]["met"], true);
    for asked in json["asked"].as_array().expect("a list") {
        for what_if in asked["what_ifs"].as_array().expect("a list") {
            let interval = &difference(what_if, "A.p_live_on_target")["figure"]["interval"];
            let ends = [&interval[0], &interval[1]].map(|end| end.as_f64().expect("a number"));
            assert!(ends[1] - ends[0] <= 0.02, "{interval}");
        }
    }
}

#[test]
fn files_are_written_whole_or_not_at_all() {
    let case = Case::new();
    case.succeeds(&["whatif", "old.toml", "--grid", "estimates.trouble=0.1,0.2", "--only", "calm", "--output", "out"]);
    let stem = "A.p_live_on_target_and_stays";
    let mut expected = vec![
        format!("grid-P1-{stem}.png"),
        format!("grid-P1-{stem}.svg"),
        "grid.csv".to_owned(),
        "manifest.json".to_owned(),
        format!("what-ifs-P1-{stem}.png"),
        format!("what-ifs-P1-{stem}.svg"),
        "what-ifs.csv".to_owned(),
        "what-ifs.json".to_owned(),
    ];
    expected.sort();
    assert_eq!(names(&case.folder.path().join("out")), expected);
    let table = std::fs::read_to_string(case.path("out/what-ifs.csv")).expect("there");
    says(
        &table,
        &["plan,what_if,measure,base,figure", "P1,calm,A.p_live_on_target,", "P1,calm,A.p80,2030-01-", "P1,calm,cost,"],
    );
    // A folder stands where a file should.
    std::fs::create_dir_all(case.folder.path().join("blocked/what-ifs.csv")).expect("a folder");
    let output = case.run(&["whatif", "old.toml", "--output", "blocked", "--no-charts"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(names(&case.folder.path().join("blocked")), ["what-ifs.csv"]);
}

/// A new version: more trouble, a new risk, another title, a plan more and a plan less, another basis.
fn new_version() -> String {
    let mut text = SCENARIO.to_owned();
    for (passage, by) in [
        ("mode = 0.2, max = 0.5", "mode = 0.3, max = 0.6"),
        ("title = \"A is late\"", "title = \"A comes late\""),
        (
            "probability = { value = 0.1, basis = \"assumed\" }",
            "probability = { value = 0.1, basis = \"stated\", source = \"X\" }",
        ),
        ("[plans.P2]\ntitle = \"Apart\"", "[plans.P3]\ntitle = \"Apart\""),
        ("plan = \"P2\"", "plan = \"P3\""),
        ("releases = { A = 2030-01-17, B = 2030-01-17 }", "releases = { A = 2030-01-17, B = 2030-01-24 }"),
    ] {
        assert!(text.contains(passage), "{passage}");
        text = text.replacen(passage, by, 1);
    }
    text + "\n[risks.strike]\ntitle = \"A strike\"\nprobability = { value = 0.3, basis = \"assumed\" }\neffects = [{ delay = { release = \"A\", by = \"6 days\" } }]\n"
}

#[test]
fn a_diff_says_what_changed_and_what_it_carries() {
    let case = Case::new();
    case.write("new.toml", &new_version());
    let told = case.succeeds(&["diff", "old.toml", "new.toml"]);
    says(
        &told,
        &[
            "Edits that can move a figure of this plan (3)",
            "PERT 0.1/0.2/0.5 → 0.1/0.3/0.6 (assumed)",
            "releases.B: Thu 17 Jan 2030 → Thu 24 Jan 2030",
            "added: A strike",
            "Edits of texts, sources and bases, which move no figure (2)",
            "A is late → A comes late",
            "0.1 (basis assumed → stated)",
            "Plans that only the old version has: P2.",
            "Plans that only the new version has: P3.",
            "Old version",
            "Whole change",
            "Shapley value",
            "Seed 5",
        ],
    );
    assert!(told.lines().all(|line| line.chars().count() <= 100), "{told}");
    let json = case.json(&["diff", "old.toml", "new.toml", "--plan", "P1"]);
    assert_eq!((&json["method"], &json["plans_only_in_new"]), (&Value::from("all-orders"), &serde_json::json!(["P3"])));
    let figures = json["figures"].as_array().expect("a list");
    for walk in figures {
        let exact = |value: &Value| value.as_str().and_then(|text| text.parse::<i128>().ok()).expect("a whole number");
        let parts: i128 = walk["parts"].as_array().expect("a list").iter().map(|part| exact(&part["exact"])).sum();
        assert_eq!(parts, exact(&walk["exact"]), "{}", walk["measure"]);
        let [before, after, whole] = ["before", "after", "whole"].map(|key| estimate(&walk[key]));
        assert!((after - before - whole).abs() < 1e-9, "{}", walk["measure"]);
    }
    let live = figures.iter().find(|walk| walk["measure"] == "A.p_live_on_target").expect("there");
    assert!(live["parts"][0]["carries"]["inputs_interval"].is_array());
    // B's date is nothing to A.
    assert_eq!(live["parts"][1]["identical"], true);
    // Each version's outlook is that of its own run.
    for (place, file) in [(0, "old.toml"), (1, "new.toml")] {
        let run = case.json(&["run", file, "--plan", "P1", "--no-output", "--seed", "5"]);
        assert_eq!(json["plans"][place], run["plans"][0], "{file}");
    }
}

#[test]
fn a_diff_of_the_same_or_of_nothing_in_common() {
    let case = Case::new();
    case.write("same.toml", &format!("# A remark.\n{SCENARIO}"));
    says(
        &case.succeeds(&["diff", "old.toml", "same.toml"]),
        &["The two versions say the same.", "The same in both versions"],
    );
    case.write("other.toml", &SCENARIO.replace("[plans.P1]", "[plans.Q1]"));
    let told = case.refused(&["diff", "old.toml", "other.toml", "--plan", "P1"]);
    says(&told, &["`P1` is not in both versions", "P1, P2", "P2, Q1"]);
    // The first plan in common.
    says(&case.succeeds(&["diff", "old.toml", "other.toml"]), &["Plan P2", "only the old version has: P1"]);
    case.write("wrong.toml", &SCENARIO.replace("0.5, basis", "5, basis").replace("mode = 0.2", "mode = 2"));
    let told = case.refused(&["diff", "old.toml", "wrong.toml", "--output", "out"]);
    says(&told, &["wrong.toml", "nothing was run or written"]);
    assert!(!case.folder.path().join("out").exists());
}

#[test]
fn a_diff_is_the_same_for_any_number_of_threads_and_leaves_files() {
    let case = Case::new();
    case.write("new.toml", &new_version());
    let of = |threads: &str| case.succeeds(&["diff", "old.toml", "new.toml", "--format", "json", "--threads", threads]);
    assert_eq!(of("1"), of("3"));
    case.succeeds(&["diff", "old.toml", "new.toml", "--output", "out"]);
    let files = names(&case.folder.path().join("out"));
    for name in
        ["diff.csv", "diff.json", "edits.csv", "manifest.json", "walk-P1-A.p_live_on_target.png", "walk-P1-cost.svg"]
    {
        assert!(files.iter().any(|file| file == name), "{name}: {files:?}");
    }
    let table = std::fs::read_to_string(case.path("out/diff.csv")).expect("there");
    says(&table, &["measure,row,part,paths,value", "A.p_live_on_target,part,3,risks.strike,-0."]);
    let manifest: Value =
        serde_json::from_str(&std::fs::read_to_string(case.path("out/manifest.json")).expect("there")).expect("JSON");
    assert_eq!(manifest["inputs"].as_array().map(Vec::len), Some(2));
}

#[test]
fn data_of_another_folder_is_an_edit_only_if_it_differs() {
    let case = Case::new();
    let text = SCENARIO.replace(
        "probability = { value = 0.1, basis = \"assumed\" }",
        "probability = { empirical = { file = \"p.csv\", column = \"p\" }, basis = \"base-rate\", source = \"X\" }",
    );
    for (folder, data) in [("a", "p\n0.1\n0.2\n"), ("b", "p\n0.1\n0.2\n"), ("c", "p\n0.5\n0.6\n")] {
        std::fs::create_dir(case.folder.path().join(folder)).expect("a folder");
        case.write(&format!("{folder}/scenario.toml"), &text);
        case.write(&format!("{folder}/p.csv"), data);
    }
    says(&case.succeeds(&["diff", "a", "b"]), &["The two versions say the same."]);
    let told = case.succeeds(&["diff", "a", "c"]);
    says(&told, &["risks.incident", "column p of p.csv (base-rate): other data", "Extra incidents"]);
    assert!(!told.contains("The two versions say the same."));
}
