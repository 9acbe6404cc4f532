//! `golive compare` as its users meet it: what it prints, writes and leaves out.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const PRICED: &str = "scenarios/templates/expected-cost.toml";
const SMALLEST: &str = "scenarios/templates/smallest.toml";

fn compare(scenario: &str, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_golive"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["compare", scenario, "--iterations", "4000", "--inputs", "40"])
        .args(options)
        .output()
        .expect("golive runs")
}

#[track_caller]
fn printed(scenario: &str, options: &[&str]) -> String {
    let output = compare(scenario, options);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    entries
        .map(|entry| entry.expect("readable").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("readable"))
        })
        .collect()
}

#[test]
fn tables_and_charts_are_left_and_repeat_to_the_byte() {
    let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let to = |folder: &tempfile::TempDir| folder.path().to_str().expect("text").to_owned();
    printed(PRICED, &["--output", &to(&one)]);
    printed(PRICED, &["--output", &to(&other), "--threads", "3"]);
    let (one, other) = (files(one.path()), files(other.path()));
    assert_eq!(one, other);
    for name in [
        "comparison.json",
        "rankings.csv",
        "pairs.csv",
        "plans-billing-p_live_on_target_and_stays.svg",
        "plans-extra_category_1_or_2.png",
        "plans-cost.svg",
        "dates-billing.svg",
        "delays-patch.png",
    ] {
        assert!(one.contains_key(name), "{name} is missing in {:?}", one.keys());
    }
    let chart = String::from_utf8(one["plans-cost.svg"].clone()).expect("UTF-8");
    for words in
        ["Expected cost:", "EUR thousand", "Scenario expected-cost · 3 plans · seed 1", "40 worlds of 256 iterations"]
    {
        assert!(chart.contains(words), "{words}");
    }
    let rankings = String::from_utf8(one["rankings.csv"].clone()).expect("UTF-8");
    assert_eq!(rankings.lines().filter(|line| line.starts_with("cost,")).count(), 3);
}

#[test]
fn charts_can_be_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    printed(PRICED, &["--output", folder.path().to_str().expect("text"), "--no-charts"]);
    let names: Vec<String> = files(folder.path()).into_keys().collect();
    assert_eq!(names, ["comparison.json", "pairs.csv", "rankings.csv"]);
    assert_eq!(compare(PRICED, &["--no-charts"]).status.code(), Some(2));
}

#[test]
fn priced_plans_are_ranked_by_expected_cost_with_their_unit() {
    let text = printed(PRICED, &[]);
    for words in [
        "Expected cost in EUR thousand (less is better)",
        "Cost in EUR thousand, and the mean of its parts",
        "Incidents that happen anyway are charged to no plan.",
    ] {
        assert!(text.contains(words), "{words} is missing in {text}");
    }
    let json: Value = serde_json::from_str(&printed(PRICED, &["--format", "json"])).expect("JSON");
    let ranking = json["rankings"].as_array().expect("a list").iter().find(|r| r["measure"] == "cost").expect("ranked");
    assert_eq!(ranking["more_is_better"], false);
    let plans = ranking["plans"].as_array().expect("a list");
    let costs: Vec<f64> = plans.iter().map(|p| p["figure"]["estimate"].as_f64().expect("a number")).collect();
    assert!(costs.windows(2).all(|pair| pair[0] <= pair[1]), "{costs:?}");
    assert!(plans.iter().all(|p| p["figure"]["inputs_interval"].is_array()));
    for plan in json["plans"].as_array().expect("a list") {
        let parts = plan["costs"]["by_cause"].as_object().expect("parts");
        let sum: f64 = parts.values().map(|mean| mean["estimate"].as_f64().expect("a number")).sum();
        let total = plan["cost"]["estimate"].as_f64().expect("a number");
        assert!((sum - total).abs() < 1e-5, "{sum} {total}");
        assert!(plan["costs"]["background_incidents"]["estimate"].as_f64().expect("a number") > 0.0);
    }
    assert_eq!(json["cost_unit"], "EUR thousand");
}

#[test]
fn without_prices_nothing_is_said_of_cost() {
    let text = printed(SMALLEST, &[]).to_lowercase();
    assert!(!text.contains("cost") && !text.contains("price"), "{text}");
    let json: Value = serde_json::from_str(&printed(SMALLEST, &["--format", "json"])).expect("JSON");
    let plan = &json["plans"][0];
    assert!(plan["cost"].is_null() && plan.get("costs").is_none() && json.get("cost_unit").is_none());
}
