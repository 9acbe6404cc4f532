//! Every scenario of the repository reads without findings, alone and under each of its plans.

use std::path::{Path, PathBuf};

use golive::scenario::Document;

/// The scenarios under `scenarios/`, without the parts of one.
fn scenarios() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found = vec![root.join("november-2021")];
    for folder in ["templates", "verification"] {
        let entries = std::fs::read_dir(root.join(folder)).expect("the folder is there");
        found.extend(
            entries
                .map(|entry| entry.expect("readable").path())
                .filter(|path| path.extension().is_some_and(|ending| ending == "toml")),
        );
    }
    found.sort();
    found
}

#[test]
fn all_scenarios_read_without_findings() {
    for path in scenarios() {
        let document = Document::load(&path).unwrap_or_else(|findings| panic!("{findings}"));
        document.scenario().unwrap_or_else(|findings| panic!("{findings}"));
        assert!(document.check().is_empty(), "{}", document.check());
        assert_eq!(document.hash().len(), 64);
    }
}

#[test]
fn all_plans_and_what_ifs_read_without_findings() {
    for path in scenarios() {
        let document = Document::load(&path).unwrap_or_else(|findings| panic!("{findings}"));
        let plans = document.plan_ids();
        let what_ifs = document.what_if_ids();
        let changed =
            plans.iter().map(|id| document.for_plan(id)).chain(what_ifs.iter().map(|id| document.for_what_if(id)));
        for document in changed {
            let document = document.unwrap_or_else(|findings| panic!("{findings}"));
            document.scenario().unwrap_or_else(|findings| panic!("{findings}"));
            assert!(document.check().is_empty(), "{}", document.check());
        }
    }
}

#[test]
fn the_flagship_is_found_by_its_folder_with_all_its_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let by_folder = Document::load(root.join("november-2021")).expect("reads");
    let by_file = Document::load(root.join("november-2021.toml")).expect("reads");
    assert_eq!(by_folder.hash(), by_file.hash());
    assert_eq!(by_folder.sources().count(), 5);
    assert_eq!(by_folder.plan_ids().first().map(String::as_str), Some("P1"));
    let place = by_folder.position_of("risks.R07.probability").expect("is there");
    assert!(place.file().ends_with("register.toml"), "{place}");
}
