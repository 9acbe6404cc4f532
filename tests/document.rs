//! Reading scenarios: findings and their places, files merged, hashes.

use std::fs;

use golive::diagnostic::Diagnostics;
use golive::scenario::Document;

const HEAD: &str = "[scenario]\nid = \"t\"\ntitle = \"T\"\n";

/// All findings about a text, one line each.
fn findings(text: &str) -> Vec<String> {
    let found = match Document::parse("t.toml", text) {
        Ok(document) => document.check(),
        Err(findings) => findings,
    };
    found.in_order().iter().map(ToString::to_string).collect()
}

/// The only finding about a scenario with this text added.
fn finding(text: &str) -> String {
    let found = findings(&format!("{HEAD}{text}"));
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].clone()
}

#[track_caller]
fn says(finding: &str, parts: &[&str]) {
    for part in parts {
        assert!(finding.contains(part), "`{part}` is missing in: {finding}");
    }
}

#[test]
fn thirteen_defects_are_thirteen_findings_in_order() {
    let text = r#"
[scenario]
id = "t"
data_date = 2021-02-30
seed = -1
iteratons = 5

[risks."bad id"]
title = "a"

[risks.R01]
title = 3
probability = nan
draw = "windows"
when = { co_deployed = ["A"], occurred = "R02" }
effects = [{ delay = { by = true } }, { explode = {} }]

[releases.A]
title = "A"
windows = "w"
ready = 07:30:00
gates = "G"
"#;
    let found = findings(text);
    let codes: Vec<&str> = found
        .iter()
        .map(|line| &line[line.find("error[").expect("an error") + 6..line.find("]: ").expect("a code")])
        .collect();
    assert_eq!(
        codes,
        [
            "missing-key",     // scenario.title
            "impossible-date", // 2021-02-30
            "out-of-range",    // seed
            "unknown-key",     // iteratons
            "malformed-id",
            "wrong-type", // title = 3
            "not-a-number",
            "unknown-choice",
            "several-values",
            "wrong-type",  // by = true
            "unknown-key", // explode
            "time-of-day",
            "wrong-type", // gates
        ],
        "{found:#?}"
    );
    says(&found[0], &["t.toml:2:2:", "`scenario` needs the key `title`"]);
    says(&found[1], &["t.toml:4:13:", "2021-02-30", "scenario.data_date"]);
    says(&found[3], &["did you mean `iterations`?", "`seed`"]);
    says(&found[4], &["risks.\"bad id\"", "bad-id"]);
    says(&found[7], &["\"gate\"", "did you mean `window`?", "t.toml:14:8:"]);
    says(&found[9], &["risks.R01.effects.0.delay.by", "expected a number, text or a table, found true"]);
    says(&found[12], &["write it in brackets: [\"G\"]"]);
}

#[test]
fn untagged_choices_are_told_by_what_stands_there() {
    says(
        &finding("[risks.R1]\ntitle = \"a\"\nprobability = { perd = { min = 0, mode = 1, max = 2 }, value = 1 }\n"),
        &["unknown-key", "`perd`", "did you mean `pert`?", "risks.R1.probability.perd", "t.toml:6:17"],
    );
    says(
        &finding("[risks.R1]\ntitle = \"a\"\nprobability = { pert = { min = 0, mode = 1 } }\n"),
        &["missing-key", "`max`", "risks.R1.probability.pert"],
    );
    says(&finding("[risks.R1]\ntitle = \"a\"\nprobability = 2021-01-01\n"), &["wrong-type", "the date 2021-01-01"]);
    says(
        &finding("[risks.R1]\ntitle = \"a\"\neffects = [{ incident = { category = [2, 7] } }]\n"),
        &["out-of-range", "risks.R1.effects.0.incident.category.1", "from 1 to 5"],
    );
}

#[test]
fn an_estimate_says_its_value_exactly_once() {
    says(&finding("[estimates.x]\nbasis = \"stated\"\n"), &["no-value", "`pert`", "estimates.x"]);
    says(&finding("[estimates.x]\nvalue = 1\npoisson = { mean = 1 }\n"), &["several-values", "`value` and `poisson`"]);
}

#[test]
fn text_and_numbers_are_not_mixed_up() {
    says(&finding("[correlations.c]\nbetween = [\"a\", \"b\"]\nrank = \"0.5\"\n"), &["write it without quotes: 0.5"]);
    says(&finding("[correlations.c]\nbetween = [\"a\"]\nrank = 0.5\n"), &["too-few", "1 item", "at least 2 items"]);
    says(&finding("[pools.p.units.u]\nenabled = \"true\"\n"), &["true or false", "without quotes"]);
    says(&finding("[actors.a]\nname = 2021-01-01T10:00:00Z\n"), &["time-of-day", "write 2021-01-01"]);
    assert!(findings(&format!("{HEAD}[sources.a]\ntitle = \"a\"\ndate = \"2021-11-04\"\n")).is_empty());
    says(&finding("[sources.a]\ntitle = \"a\"\ndate = \"4 Nov 2021\"\n"), &["impossible-date"]);
}

#[test]
fn all_syntax_errors_are_reported() {
    let found = findings(&format!("{HEAD}x = \n[risks\ny = = 3\n[risks.R1]\ntitle = \"a\n"));
    assert!(found.len() >= 4, "{found:#?}");
    assert!(found.iter().all(|line| line.contains("error[syntax]")), "{found:#?}");
}

#[test]
fn a_key_given_twice_does_not_hide_other_defects() {
    let found = findings(&format!("{HEAD}title = \"U\"\n[risks.R1]\n[risks.R1]\ntitl = 1\n"));
    says(
        &found.join("\n"),
        &["`title` is defined twice", "`R1` is defined twice", "`titl` is not a key", "needs the key `title`"],
    );
    assert_eq!(found.len(), 4, "{found:#?}");
}

#[test]
fn windows_line_ends_and_byte_order_marks_change_no_place() {
    let text = format!("\u{feff}{HEAD}[risks.R1]\ntitle = \"é\"\nprobabilty = 1\n").replace('\n', "\r\n");
    let found = findings(&text);
    assert_eq!(found.len(), 1);
    says(&found[0], &["t.toml:6:1:"]);
}

#[test]
fn findings_of_later_stages_are_placed_by_path() {
    let document =
        Document::parse("t.toml", &format!("{HEAD}[risks.R1]\ntitle = \"a\"\nprobability = {{ value = 2 }}\n"))
            .expect("parses");
    let at = |path| document.position_of(path).map(|place| (place.line, place.column));
    assert_eq!(at("risks.R1.probability.value"), Some((6, 25)));
    assert_eq!(at("risks.R1.probability.value.deeper"), Some((6, 25)));
    assert_eq!(at("risks.R1.impact"), Some((4, 1)));
    assert_eq!(at("nowhere"), Some((1, 1)));
    assert_eq!(at("no\"path"), None);
    let mut all = Diagnostics::from(golive::diagnostic::Diagnostic::error("x", "y").at("risks.R1.title"));
    document.locate(&mut all);
    says(&all.to_string(), &["t.toml:5:9: error[x]: y"]);
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("created");
        fs::write(path, text).expect("written");
    }
    folder
}

fn refused(files: &[(&str, &str)]) -> String {
    let place = folder(files);
    let read = Document::load(place.path()).and_then(|document| document.scenario());
    read.expect_err("refused").to_string()
}

#[test]
fn included_files_are_merged() {
    let main = format!("include = [\"a/x.toml\", \"y.toml\"]\n{HEAD}[risks.R1]\ntitle = \"1\"\n");
    let files = [
        ("scenario.toml", main.as_str()),
        ("a/x.toml", "include = [\"deeper.toml\"]\n[risks.R2]\ntitle = \"2\"\n"),
        ("a/deeper.toml", "[risks.R3]\ntitle = \"3\"\nprobability = false\n"),
        ("y.toml", "[actors.A]\nname = \"A\"\n"),
    ];
    let place = folder(&files);
    let document = Document::load(place.path()).expect("loads");
    assert_eq!(document.sources().count(), 4);
    let found = document.check();
    assert_eq!(found.len(), 1, "{found}");
    says(&found.to_string(), &["deeper.toml:3:15:", "risks.R3.probability"]);

    // The hash is that of names and bytes, wherever the folder is and however it is named.
    let elsewhere = folder(&files);
    assert_eq!(document.hash(), Document::load(elsewhere.path().join("scenario.toml")).expect("loads").hash());
    fs::write(elsewhere.path().join("y.toml"), "[actors.A]\nname = \"B\"\n").expect("written");
    assert_ne!(document.hash(), Document::load(elsewhere.path()).expect("loads").hash());
}

#[test]
fn a_folder_stands_for_the_file_beside_it() {
    let place = folder(&[("november.toml", HEAD), ("november/part.toml", "[actors.A]\nname = \"A\"\n")]);
    let document = Document::load(place.path().join("november")).expect("loads");
    assert!(document.scenario().is_ok());
    says(
        &Document::load(place.path()).expect_err("no scenario").to_string(),
        &["folder-without-scenario", "scenario.toml or "],
    );
    says(&Document::load(place.path().join("december")).expect_err("nothing").to_string(), &["no-such-file"]);
}

#[test]
fn the_same_id_in_two_files_names_both_places() {
    let main = format!("include = [\"x.toml\"]\n{HEAD}[risks.R1]\ntitle = \"1\"\n");
    let place = folder(&[("scenario.toml", &main), ("x.toml", "[risks.R1]\ntitle = \"2\"\n[scenario]\nid = \"u\"\n")]);
    let found = Document::load(place.path()).expect("loads").scenario().expect_err("refused").to_string();
    says(&found, &["x.toml:1:8: error[duplicate-id]: `risks.R1` is already defined at ", "scenario.toml:5:8"]);
    says(&found, &["`scenario.id` is already defined"]);
}

#[test]
fn includes_that_cannot_be_are_refused_where_they_are_written() {
    let main = |include: &str| format!("include = [{include}]\n{HEAD}");
    says(&refused(&[("scenario.toml", &main("\"gone.toml\""))]), &["scenario.toml:1:12: error[include-missing]"]);
    says(&refused(&[("scenario.toml", &main("\"scenario.toml\""))]), &["include-cycle"]);
    says(&refused(&[("scenario.toml", &main("\"/etc/passwd\""))]), &["include-not-relative"]);
    let twice = [("scenario.toml", main("\"x.toml\", \"./x.toml\"")), ("x.toml", "[risks]\n".to_owned())];
    says(&refused(&twice.each_ref().map(|(name, text)| (*name, text.as_str()))), &["include-twice"]);
    let ring = [
        ("scenario.toml", main("\"x.toml\"")),
        ("x.toml", "include = [\"y.toml\"]\n".to_owned()),
        ("y.toml", "include = [\"x.toml\"]\n".to_owned()),
    ];
    says(&refused(&ring.each_ref().map(|(name, text)| (*name, text.as_str()))), &["y.toml:1:12: error[include-cycle]"]);
    says(
        &refused(&[("scenario.toml", &main("\"x.toml\"")), ("x.toml", "include = 3\n[risks]\n")]),
        &["wrong-type", "include"],
    );
}
