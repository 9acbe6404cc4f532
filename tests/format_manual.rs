//! `docs/FORMAT.md` is what the types say, and its examples are scenarios.
//!
//! After a change of the format: `GOLIVE_BLESS=1 cargo test --test format_manual`.

use golive::scenario::{Document, resolve, schema};

const MANUAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/FORMAT.md");

#[test]
fn the_manual_is_up_to_date() {
    let manual = schema::format_markdown();
    if std::env::var_os("GOLIVE_BLESS").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/docs")).expect("created");
        std::fs::write(MANUAL, &manual).expect("written");
    }
    let written = std::fs::read_to_string(MANUAL).expect("docs/FORMAT.md is there").replace("\r\n", "\n");
    assert!(written == manual, "docs/FORMAT.md is not what the types say: write it anew with GOLIVE_BLESS=1");
}

#[test]
fn every_link_of_the_manual_leads_to_one_heading() {
    let manual = schema::format_markdown();
    let slugs: Vec<String> = manual
        .lines()
        .filter(|line| line.starts_with("## ") || line.starts_with("### "))
        .map(|line| line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-"))
        .collect();
    for (at, _) in manual.match_indices("](#") {
        let target = manual[at + 3..].split(')').next().expect("closed");
        let count = slugs.iter().filter(|slug| *slug == target).count();
        assert_eq!(count, 1, "{count} headings for #{target}");
    }
}

#[test]
fn the_examples_of_the_manual_are_one_scenario() {
    let manual = schema::format_markdown();
    let blocks: Vec<&str> =
        manual.split("```toml\n").skip(1).map(|rest| rest.split("```").next().expect("closed")).collect();
    let document = Document::parse("FORMAT.md", &blocks.join("\n")).unwrap_or_else(|findings| panic!("{findings}"));
    document.scenario().unwrap_or_else(|findings| panic!("{findings}"));
    for id in document.plan_ids() {
        let plan = document.for_plan(&id).unwrap_or_else(|findings| panic!("{findings}"));
        let file = plan.scenario().unwrap_or_else(|findings| panic!("{findings}"));
        let resolved = resolve(&file, &id, document.folder());
        assert!(resolved.is_ok(), "{:?}", resolved.err());
        assert!(plan.check().is_empty(), "{}", plan.check());
    }
}

#[test]
fn every_definition_has_a_description() {
    let schema = schema::json_schema();
    for (name, definition) in schema["$defs"].as_object().expect("definitions") {
        assert!(definition["description"].is_string(), "{name} is not described");
        for (key, value) in definition["properties"].as_object().into_iter().flatten() {
            assert!(value["description"].is_string(), "{name}.{key} is not described");
        }
    }
}
