//! Scenarios changed at random: whatever a file has become, it is refused with findings or it runs.
//!
//! In: the repository's scenarios with a few tokens replaced, deleted or doubled, so that most are
//! still TOML and many still scenarios. Each is read, resolved under its plans, lowered and run for
//! 64 iterations. A panic fails, and so does what takes too long.

use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use golive::program::Program;
use golive::scenario::{BASE_PLAN, Document, Responses, resolve};
use golive::simulate::{Options, simulate};
use proptest::prelude::*;
use proptest::sample::Index;

/// Longest time for one scenario; the slowest takes a fiftieth of it.
const LONGEST: Duration = Duration::from_secs(20);

/// The scenarios as tokens.
fn scenarios() -> &'static [Vec<String>] {
    static SCENARIOS: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    SCENARIOS.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let read =
            |name: &str| std::fs::read_to_string(root.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let flagship: String = [
            "november-2021.toml",
            "november-2021/releases.toml",
            "november-2021/criteria.toml",
            "november-2021/register.toml",
            "november-2021/plans.toml",
        ]
        .iter()
        .map(|name| read(name))
        .collect();
        let (before, rest) = flagship.split_once("include = [").expect("has parts");
        let flagship = format!("{before}{}", rest.split_once(']').expect("a list").1);
        [
            flagship,
            read("templates/release-train.toml"),
            read("templates/smallest.toml"),
            read("verification/network-50.toml"),
        ]
        .iter()
        .map(|text| tokens(text))
        .collect()
    })
}

/// A text cut into comments-free tokens: quoted text, words and numbers, single characters.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
            let length = match first {
                '#' => break,
                '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
                c if word(c) => rest.find(|c| !word(c)).unwrap_or(rest.len()),
                c => c.len_utf8(),
            };
            tokens.push(rest[..length].to_owned());
            rest = &rest[length..];
        }
        tokens.push("\n".to_owned());
    }
    tokens
}

/// Values at the edges of what the format takes.
const EDGES: [&str; 40] = [
    "0",
    "-0.0",
    "1",
    "-1",
    "2",
    "0.5",
    "1.0000001",
    "1e-300",
    "1e9",
    "1e100",
    "1e308",
    "64",
    "65",
    "10000",
    "4294967295",
    "9223372036854775807",
    "true",
    "false",
    "\"0 days\"",
    "\"-5 days\"",
    "\"1e9 days\"",
    "\"99999999999999999999 days\"",
    "\"0.0001 hours\"",
    "\"5 working days\"",
    "\"7 days\"",
    "\"\"",
    "{}",
    "[]",
    "2030-01-07",
    "2021-10-19",
    "0001-01-01",
    "9999-12-31",
    "\"gate\"",
    "\"once\"",
    "\"window\"",
    "\"go-live\"",
    "\"chance\"",
    "\"knowledge\"",
    "\"SS\"",
    "\"substitute\"",
];

/// What kind of token it is, for replacing like with like.
fn kind(token: &str) -> u8 {
    match token.as_bytes()[0] {
        b'"' => 0,
        b'0'..=b'9' | b'-' => 1,
        c if c.is_ascii_alphabetic() => 2,
        _ => 3,
    }
}

#[derive(Debug, Clone)]
enum Change {
    /// Another token of the same kind from the same scenario.
    Like(Index, Index),
    /// A value at an edge in the place of a value.
    Edge(Index, usize),
    /// A token goes.
    Delete(Index),
    /// A whole line goes.
    DeleteLine(Index),
    /// A token stands twice.
    Double(Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => (any::<Index>(), any::<Index>()).prop_map(|(to, from)| Change::Like(to, from)),
        6 => (any::<Index>(), 0..EDGES.len()).prop_map(|(to, edge)| Change::Edge(to, edge)),
        1 => any::<Index>().prop_map(Change::Delete),
        3 => any::<Index>().prop_map(Change::DeleteLine),
        1 => any::<Index>().prop_map(Change::Double),
    ]
}

fn changed(mut tokens: Vec<String>, changes: &[Change]) -> String {
    for change in changes {
        let places = |wanted: &dyn Fn(&str) -> bool| -> Vec<usize> {
            (0..tokens.len()).filter(|&i| wanted(&tokens[i])).collect()
        };
        let words: Vec<usize> = places(&|token| kind(token) < 3);
        match change {
            Change::Like(to, from) => {
                let to = *to.get(&words);
                let like = places(&|token| kind(token) == kind(&tokens[to]));
                tokens[to] = tokens[*from.get(&like)].clone();
            }
            Change::Edge(to, edge) => {
                let values = places(&|token| kind(token) < 2);
                tokens[*to.get(&values)] = EDGES[*edge].to_owned();
            }
            Change::Delete(at) => {
                tokens.remove(*at.get(&words));
            }
            Change::DeleteLine(at) => {
                let at = *at.get(&words);
                let start = tokens[..at].iter().rposition(|t| t == "\n").map_or(0, |n| n + 1);
                let end = tokens[at..].iter().position(|t| t == "\n").map_or(tokens.len(), |n| at + n + 1);
                tokens.drain(start..end);
            }
            Change::Double(at) => {
                let at = *at.get(&words);
                let token = tokens[at].clone();
                tokens.splice(at..at, [token, " ".to_owned()]);
            }
        }
    }
    tokens.concat()
}

/// How far a text gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Refused,
    Ran,
}

/// Reads, resolves and runs a text under its first plans and what-ifs; every refusal has an error with words.
fn go(text: &str) -> Reached {
    let Ok(document) = Document::parse("m.toml", text) else {
        return Reached::Refused;
    };
    let mut runs: Vec<(Option<String>, Option<String>)> =
        document.plan_ids().into_iter().take(3).map(|plan| (Some(plan), None)).collect();
    if runs.is_empty() {
        runs.push((None, None));
    }
    for what_if in document.what_if_ids().into_iter().take(2) {
        if let Ok(plan) = document.plan_of_what_if(&what_if) {
            runs.push((plan, Some(what_if)));
        }
    }
    let mut reached = Reached::Refused;
    for (plan, what_if) in runs {
        let attempt = document.attempt_run(plan.as_deref(), what_if.as_deref(), Responses::AsPlanned);
        let Ok((changed, _)) = attempt else { continue };
        let Ok(file) = changed.scenario() else {
            continue;
        };
        let plan = plan.as_deref().unwrap_or(BASE_PLAN);
        match resolve(&file, plan, Path::new("")) {
            Ok((register, mut warnings)) => {
                changed.locate(&mut warnings);
                let program = Program::lower(register, 7);
                let options = Options { iterations: 64, first: 0, threads: Some(1), block: 64 };
                let tally = simulate(&program, options, &|_| ()).expect("one thread");
                let outlook = golive::analysis::outlook(&[(&program, &tally)]);
                let json = golive::export::outlook_json(&outlook);
                assert!(!json.is_empty());
                reached = Reached::Ran;
            }
            Err(mut errors) => {
                changed.locate(&mut errors);
                assert!(errors.has_errors());
                for error in errors.iter().filter(|e| e.is_error()) {
                    assert!(error.position.is_some(), "no place: {error}");
                }
            }
        }
    }
    reached
}

#[test]
fn unchanged_they_run() {
    for tokens in scenarios() {
        assert_eq!(go(&tokens.concat()), Reached::Ran);
    }
}

fn cases() -> u32 {
    std::env::var("GOLIVE_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_scenarios_are_refused_or_run(
        which in 0_usize..4,
        changes in proptest::collection::vec(change(), 1..5),
    ) {
        let text = changed(scenarios()[which].clone(), &changes);
        let start = Instant::now();
        let done = std::panic::catch_unwind(|| go(&text));
        prop_assert!(done.is_ok(), "panicked on {changes:?}");
        prop_assert!(start.elapsed() < LONGEST, "took {:?} on {changes:?}", start.elapsed());
    }
}
