//! Charts of what deploying together adds, and of responses, from small studies that are run here.

use super::tests::{check_letters, check_texts, leave_sample};
use super::*;
use crate::analysis::sample_study::{responses_of, scenario, together_of};

/// Charts by name: releases that interact, many of them with long ids, that do better together, that ignore each other.
fn studies() -> Vec<(&'static str, Vec<Chart>)> {
    let long = "A-release-with-a-very-long-id-that-nobody-should-choose";
    let odd = "<script>\u{202E}alert('x')</script> & \"q\"";
    let three = scenario("Three of them", &["A", "B", "C"], "{ uniform = { min = 1.0, max = 4.0 } }");
    let four = scenario(&"Four ".repeat(100), &["A1", "B2", "C3", long], "2.0");
    let good = scenario("Better together", &["A", "B"], "{ uniform = { min = 0.1, max = 0.4 } }");
    let strange = scenario(odd, &["A", "B"], "1.0");
    let mut studies: Vec<(&str, Vec<Chart>)> = vec![
        ("three", together(&together_of(&three, 20)).unwrap()),
        ("four", together(&together_of(&four, 20)).unwrap()),
        ("good", together(&together_of(&good, 20)).unwrap()),
        ("strange", together(&together_of(&strange, 0)).unwrap()),
    ];
    for (name, mut document) in [("responses", three), ("responses-four", four), ("responses-strange", strange)] {
        studies.push((name, responses(&responses_of(&mut document)).unwrap()));
    }
    studies
}

#[test]
fn texts_lie_inside_the_canvas_and_apart() {
    for (name, charts) in studies() {
        assert_eq!(charts.len(), 2, "{name}");
        for chart in charts {
            check_texts(name, &chart);
            check_letters(&chart);
            assert!(!chart.svg.contains('\u{202E}'), "{name}");
        }
    }
}

#[test]
fn the_finding_is_in_the_title() {
    let studies = studies();
    let says = |name: &str, chart: usize, words: &str| {
        let (_, charts) = studies.iter().find(|(n, _)| *n == name).unwrap();
        assert!(charts[chart].title.contains(words), "{}", charts[chart].title);
    };
    says("three", 0, "misses Thu 17 Jan 2030 with probability 0.");
    says("three", 0, " more");
    says("good", 0, " less");
    says("strange", 0, "adds nothing to the risk of any release");
    says("strange", 1, "No split can be told to make it likelier that all stay");
    says("responses", 0, "All releases stay with probability 0.");
    says("responses", 1, "Responses change how often");
}

/// Writes all samples where somebody can look at them.
#[test]
#[ignore = "for looking: cargo test --lib draw_samples -- --ignored"]
fn draw_samples() {
    for (name, charts) in studies() {
        charts.iter().for_each(|chart| leave_sample(name, chart));
    }
}
