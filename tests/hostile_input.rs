//! Whatever a file contains: findings, not panics; and work in proportion to its size.

use golive::scenario::Document;
use proptest::prelude::*;

/// All that reading does to a document, as one text.
fn read(bytes: &[u8]) -> String {
    match Document::parse_bytes("h.toml", bytes) {
        Err(findings) => {
            assert!(findings.has_errors());
            findings.to_string()
        }
        Ok(document) => {
            for plan in document.plan_ids() {
                let _ = document.for_plan(&plan).map(|plan| plan.check());
            }
            for what_if in document.what_if_ids() {
                let _ = document.for_what_if(&what_if).map(|what_if| what_if.check());
            }
            let found = document.check();
            let typed = document.scenario();
            assert_eq!(typed.is_err(), found.has_errors(), "the schema and the types disagree: {:?}", typed.err());
            found.to_string()
        }
    }
}

#[track_caller]
fn refused(bytes: impl AsRef<[u8]>, code: &str) {
    let found = read(bytes.as_ref());
    assert!(
        found.contains(&format!("error[{code}]")),
        "{code} is missing in {}",
        found.chars().take(600).collect::<String>()
    );
    assert!(found.len() < 1_000_000, "{} bytes of findings", found.len());
    assert!(!found.contains(['\u{1b}', '\r', '\0']));
}

#[test]
fn what_is_no_text_is_refused() {
    refused("", "empty-file");
    refused(" \r\n\t", "empty-file");
    refused("\u{feff}", "empty-file");
    refused(b"\xff\xfe[\0s\0", "not-utf8");
    refused(b"[scenario]\nid = \"\xe9\"\n", "not-utf8");
    refused(b"\x7fELF\x02\x01\0\0", "binary-file");
    refused(vec![b'x'; (16 << 20) + 1], "too-large");
}

#[test]
fn nesting_is_refused_before_it_is_read() {
    for count in [70, 300, 10_000, 1_000_000] {
        refused(format!("x = {}1{}", "[".repeat(count), "]".repeat(count)), "too-deep");
        refused(format!("x = {}1{}", "{a=".repeat(count), "}".repeat(count)), "too-deep");
        refused(format!("x = {}1{}", "{a.b=[".repeat(count), "]}".repeat(count)), "too-deep");
    }
    for count in [300, 10_000, 1_000_000] {
        refused(format!("{}x = 1", "a.".repeat(count)), "too-deep");
        refused(format!("[{}x]", "a.".repeat(count)), "too-deep");
        refused("[".repeat(count), "too-deep");
        refused(format!("x = {}", "{a=".repeat(count)), "too-deep");
    }
    refused(format!("{}x = 1", "a.".repeat(70)), "too-deep");
    // Wide is not deep.
    refused(format!("x = [{}]", "[1], ".repeat(10_000)), "unknown-key");
}

#[test]
fn ten_megabytes_of_one_thing_are_refused_with_few_words() {
    let size = 10_000_000;
    for unit in [
        "x", "=", "]", "}", "\"", "'", "\\", "\r", "#\r", ".", ",", "1,", "\u{1b}", "é", "\n=", "a=1\n", "[a]\n",
        "[[a]]\n",
    ] {
        let found = read(unit.repeat(size / unit.len()).as_bytes());
        assert!(found.contains("error["), "{unit:?}");
        assert!(found.len() < 1_000_000, "{unit:?}: {} bytes of findings", found.len());
    }
    refused(format!("x = \"{}\"", "x".repeat(size)), "unknown-key");
    refused(format!("{} = 1", "x".repeat(size)), "key-too-long");
    refused(format!("[scenario]\nid = 1{}", "0".repeat(size)), "number-out-of-range");
    let long = format!("x = [{}]", "nan, ".repeat(size / 5));
    assert!(read(long.as_bytes()).contains("too-many-errors"));
}

#[test]
fn numbers_that_are_none_are_refused() {
    for (value, code) in [
        ("nan", "not-a-number"),
        ("-inf", "not-a-number"),
        ("+inf", "not-a-number"),
        ("1e999", "number-out-of-range"),
        ("9223372036854775808", "number-out-of-range"),
        ("0xffffffffffffffff", "number-out-of-range"),
        ("01", "unreadable-value"),
        ("yes", "unreadable-value"),
        ("2021-13-01", "impossible-date"),
    ] {
        refused(format!("[scenario]\nid = \"a\"\ntitle = \"a\"\n[restore]\n1 = {value}\n"), code);
    }
}

#[test]
fn a_carriage_return_alone_is_no_line_end() {
    refused("[scenario]\rid = \"a\"\rtitle = \"a\"\r", "syntax");
}

/// The scenario that has most of the format in it.
fn flagship() -> Vec<String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/");
    [
        "november-2021/releases.toml",
        "november-2021/register.toml",
        "november-2021/plans.toml",
        "templates/release-train.toml",
    ]
    .iter()
    .map(|name| std::fs::read_to_string(format!("{root}{name}")).expect("readable"))
    .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read(&bytes);
    }

    #[test]
    fn arbitrary_toml_like_text_never_panics(text in "[\\[\\]{}=.,\"'#a-c0-9 \n\r\t\\\\_:TZ+-]{0,120}") {
        read(text.as_bytes());
    }

    #[test]
    fn mutated_scenarios_never_panic(
        which in 0_usize..4,
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..40, "[\\[\\]{}=.,\"'a-z0-9 \n-]{0,6}"), 1..6),
    ) {
        let mut text: Vec<char> = flagship()[which].chars().collect();
        for (at, removed, inserted) in edits {
            let at = at.index(text.len().max(1)).min(text.len());
            let end = (at + removed).min(text.len());
            text.splice(at..end, inserted.chars());
        }
        read(text.into_iter().collect::<String>().as_bytes());
    }

    #[test]
    fn swapped_values_never_panic(
        which in 0_usize..4,
        swaps in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..20),
    ) {
        // Values in the places of others: sound TOML, unsound scenarios.
        let texts = flagship();
        let mut lines: Vec<String> = texts[which].lines().map(str::to_owned).collect();
        let valued: Vec<usize> = (0..lines.len()).filter(|&i| lines[i].contains(" = ")).collect();
        for (to, from) in swaps {
            let (to, from) = (valued[to.index(valued.len())], valued[from.index(valued.len())]);
            let value = lines[from].split_once(" = ").expect("valued").1.to_owned();
            let key = lines[to].split_once(" = ").expect("valued").0.to_owned();
            lines[to] = format!("{key} = {value}");
        }
        read(lines.join("\n").as_bytes());
    }
}
