//! Defective scenarios at the command line: every defect told at its place, nothing else, nothing written.
//!
//! The files are those of `scenarios/invalid`, whose README says how they carry what is expected of
//! them; those that are too large to keep are made here.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Most bytes that a command tells, whatever the file.
const MOST_TOLD: usize = 20_000;

/// An error at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    file: String,
    line: usize,
    column: usize,
    code: String,
    words: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/invalid")
}

/// The main files of the folder, by name without `.toml`.
fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder is there")
        .filter_map(|entry| {
            let name = entry.expect("readable").file_name();
            Some(name.to_string_lossy().strip_suffix(".toml")?.to_owned())
        })
        .collect();
    names.sort();
    names
}

/// What a file's comments expect: each is about the line above it and the comments like it.
fn annotations(file: &str) -> Vec<Told> {
    let Ok(text) = std::fs::read_to_string(folder().join(file)) else {
        return Vec::new();
    };
    let mut line = 0;
    let mut told = Vec::new();
    for (index, written) in text.lines().enumerate() {
        let Some(note) = written.strip_prefix("#~") else {
            line = index + 1;
            continue;
        };
        let (column, rest) = match note.trim_start().strip_prefix('@') {
            Some(rest) => {
                let (column, rest) = rest.split_once(' ').expect("a column");
                (column.parse().expect("a number"), rest)
            }
            None => {
                let at = note.find('^').unwrap_or_else(|| panic!("{file}: no column in {written}"));
                (at + 3, note[at..].trim_start_matches('^'))
            }
        };
        told.push(error(file, line, column, rest));
    }
    told
}

/// `error[code] words` or `error[code]: words` at a place.
fn error(file: &str, line: usize, column: usize, text: &str) -> Told {
    let (code, words) = text
        .trim()
        .strip_prefix("error[")
        .and_then(|rest| rest.split_once(']'))
        .unwrap_or_else(|| panic!("{file}:{line}: no error in {text}"));
    Told {
        file: file.to_owned(),
        line,
        column,
        code: code.to_owned(),
        words: words.trim_start_matches(':').trim().to_owned(),
    }
}

/// A line of the plain form: `file:line:column: error[code]: words`.
fn placed(line: &str) -> Told {
    let (place, text) = line.split_once(": ").unwrap_or_else(|| panic!("no place in {line}"));
    let mut place = place.rsplitn(3, ':');
    let mut number = || place.next().and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("no place in {line}"));
    let (column, row) = (number(), number());
    let file = place.next().unwrap_or_else(|| panic!("no file in {line}"));
    error(file, row, column, text)
}

/// What a file and its parts expect.
fn expected(name: &str) -> Vec<Told> {
    let beside = folder().join(format!("{name}.expected"));
    let mut told: Vec<Told> = match std::fs::read_to_string(beside) {
        Ok(lines) => lines.lines().map(placed).collect(),
        Err(_) => {
            [format!("{name}.toml"), format!("parts/{name}.toml")].iter().flat_map(|file| annotations(file)).collect()
        }
    };
    told.sort();
    told
}

fn golive(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_golive")).current_dir(folder).args(arguments).output().expect("golive runs")
}

/// What a command that was refused told, after what holds for every file.
fn refused(folder: &Path, file: &str, wrong: &mut String) -> Vec<Told> {
    let output = tempfile::tempdir().expect("a folder");
    let to = output.path().join("out");
    let to = to.to_str().expect("text");
    let mut all = Vec::new();
    for arguments in [vec!["check", file], vec!["run", file, "--format", "json", "--iterations", "64", "--output", to]]
    {
        let mut complain = |what: &str| {
            let _ = writeln!(wrong, "{file}: {}: {what}", arguments[0]);
        };
        let done = golive(folder, &arguments);
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        if done.status.code() != Some(2) {
            complain(&format!("ended with {}", done.status));
        }
        if !done.stdout.is_empty() {
            complain("wrote to standard output");
        }
        if Path::new(to).exists() {
            complain("made the output folder");
        }
        if told.contains("panicked") || told.contains("RUST_BACKTRACE") {
            complain("panicked");
        }
        if told.len() >= MOST_TOLD {
            complain(&format!("told {} bytes", told.len()));
        }
        let errors: Vec<Told> =
            told.lines().filter(|line| line.contains(": error[") || line.starts_with("error[")).map(placed).collect();
        if !told.contains("nothing was run or written") {
            complain("does not say that nothing was written");
        }
        all.push(errors);
    }
    if all[0] != all[1] {
        let _ = writeln!(wrong, "{file}: check and run tell different errors");
    }
    all.swap_remove(0)
}

#[test]
fn every_defect_is_told_at_its_place_and_nothing_else() {
    let names = names();
    assert!(names.len() >= 45, "{} files", names.len());
    let mut wrong = String::new();
    for name in &names {
        let expected = expected(name);
        if expected.is_empty() {
            let _ = writeln!(wrong, "{name}.toml: nothing is expected of it");
        }
        let mut told = refused(&folder(), &format!("{name}.toml"), &mut wrong);
        for wanted in &expected {
            let place = told.iter().position(|told| {
                (&told.file, told.line, told.column, &told.code)
                    == (&wanted.file, wanted.line, wanted.column, &wanted.code)
                    && told.words.contains(&wanted.words)
            });
            match place {
                Some(place) => {
                    told.remove(place);
                }
                None => {
                    let _ = writeln!(wrong, "{name}.toml: is not told: {wanted:?}");
                }
            }
        }
        for other in told {
            let _ = writeln!(wrong, "{name}.toml: is told and not expected: {other:?}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn twelve_defects_are_told_at_once() {
    for name in ["twelve-defects", "twelve-defects-of-form"] {
        assert_eq!(expected(name).len(), 12, "{name}");
    }
}

/// A scenario of one release with `more` in place of nothing.
fn scenario(more: &str) -> String {
    format!(
        "{more}\n[scenario]\nid = \"large\"\ntitle = \"Large\"\ndata_date = 2030-01-07\nhorizon = 2030-03-28\n\
         [windows.w]\ndates = [2030-01-17]\n[releases.r]\ntitle = \"R\"\nwindows = \"w\"\nready = 2030-01-17\n\
         [plans.p]\ntitle = \"P\"\nreleases = {{ r = 2030-01-17 }}\n"
    )
}

#[test]
fn what_is_too_large_to_keep_is_refused_in_few_words() {
    let long = 10_000_000;
    let hostile = [
        ("long-line", scenario(&format!("x = \"{}\"", "x".repeat(long))), "unknown-key"),
        ("long-key", scenario(&format!("{} = 1", "x".repeat(long))), "key-too-long"),
        ("long-bare-word", scenario(&format!("x = {}", "x".repeat(long))), "unreadable-value"),
        ("long-list-of-nan", scenario(&format!("x = [{}]", "nan, ".repeat(long / 5))), "not-a-number"),
        (
            "long-list-of-names",
            scenario("").replace(
                "windows = \"w\"",
                &format!("windows = \"w\"\ngates = [{}]", "\"gate-that-is-not-there\", ".repeat(20_000)),
            ),
            "unknown-name",
        ),
        ("ten-thousand-deep", format!("x = {}1{}", "[".repeat(10_000), "]".repeat(10_000)), "too-deep"),
        ("ten-thousand-brackets", "[".repeat(10_000), "too-deep"),
        (
            "many-keys",
            scenario(&(0..50_000).fold(String::new(), |text, i| text + &format!("k{i} = {i}\n"))),
            "unknown-key",
        ),
        ("brackets", "]".repeat(long), "syntax"),
        ("escapes", scenario(&format!("x = \"{}", "\\q".repeat(100_000))), "syntax"),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let mut wrong = String::new();
    for (name, text, code) in hostile {
        let file = format!("{name}.toml");
        std::fs::write(folder.path().join(&file), text).expect("written");
        let told = refused(folder.path(), &file, &mut wrong);
        if !told.iter().any(|told| told.code == code) {
            let codes: Vec<&str> = told.iter().map(|told| told.code.as_str()).take(5).collect();
            let _ = writeln!(wrong, "{file}: no {code} among {codes:?}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
