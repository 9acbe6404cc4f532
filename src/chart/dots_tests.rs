//! Charts of dots: realistic and extreme rows.

use jiff::civil::date;

use super::tests::{check_letters, check_texts, leave_sample};
use super::*;
use crate::analysis::sample::{self, N};
use crate::estimate::{Figure, paired_difference, proportion};

fn with_inputs(mut figure: Figure, inputs: [f64; 2]) -> Figure {
    figure.inputs_interval = Some(inputs);
    figure
}

fn row(label: &str, sub_label: &str, figure: Figure, mark: Mark) -> DotRow {
    DotRow { label: label.into(), sub_label: sub_label.into(), figure, mark }
}

fn chart(axis: Axis, rows: Vec<DotRow>, reference: Option<Reference>) -> Dots {
    Dots {
        title: "SEC, live on the plan's date and stays 7 days: P3 is best with 0.85; P1 cannot be separated from it"
            .into(),
        about: vec!["Probability of each plan".into()],
        axis,
        rows,
        reference,
        marks: vec![
            (Mark::First, "best".into()),
            (Mark::Undecided, "cannot be separated from the best on present inputs".into()),
        ],
        source: "10 plans".into(),
        note: "Plans share their random numbers.".into(),
    }
}

/// Charts by name.
fn samples() -> Vec<(&'static str, Dots)> {
    let p = |count: u64, inputs| with_inputs(proportion(count, N), inputs);
    let plans = vec![
        row("P3", "Uplifts two weeks later", p(127_500, [0.71, 0.93]), Mark::First),
        row("P1", "As proposed: all three on one night", p(123_000, [0.64, 0.9]), Mark::Undecided),
        row(
            "P9",
            "All three, with the change board's conditions and a second rehearsal of the whole night",
            p(91_000, [0.3, 0.82]),
            Mark::Plain,
        ),
    ];
    let ends = vec![
        row("A", "never", p(0, [0.0, 0.0]), Mark::Plain),
        row("B", "always", p(N, [1.0, 1.0]), Mark::First),
        row("C", "no inputs", proportion(70, 100), Mark::Plain),
    ];
    let many = |n: u64| -> Vec<DotRow> {
        let title = "Everything that the committee asked for";
        (0..n)
            .map(|i| row(&format!("P{}", i + 1), title, p(140_000 - 2_500 * i, [0.2, 0.9]), Mark::Undecided))
            .collect()
    };
    let long = "Release of everything that the committee asked for ".repeat(200);
    let hostile = vec![
        row(&"W".repeat(10_000), &long, p(75_000, [0.1, 0.9]), Mark::First),
        row("<script>", "<script>alert('x')</script> & \"q\"\u{0}\u{7}", p(75_000, [0.1, 0.9]), Mark::Undecided),
        row("מהדורה", "إصدار نوفمبر 2021 \u{202E}abc", p(75_000, [0.1, 0.9]), Mark::Plain),
    ];
    let differences = vec![
        row(
            "R14",
            "A longer recovery",
            with_inputs(paired_difference(9.0, 3.0, 12.0, 100, false), [-0.4, 0.21]),
            Mark::Undecided,
        ),
        row(
            "R02",
            "More rehearsals",
            with_inputs(paired_difference(30.0, 3.0, 40.0, 100, false), [0.12, 0.5]),
            Mark::Plain,
        ),
    ];
    let money = vec![
        row(
            "P1",
            "Cheap",
            with_inputs(Figure::new(812_300.0, 2_140.0, [808_000.0, 816_600.0]), [2e5, 3.1e6]),
            Mark::First,
        ),
        row(
            "P2",
            "Dear",
            with_inputs(Figure::new(1_912_300.0, 4_140.0, [1_904_000.0, 1_921_000.0]), [1.1e6, 4.0e6]),
            Mark::Plain,
        ),
    ];
    let zero = date(2021, 11, 4);
    let dates = vec![
        row("P1", "P80", with_inputs(Figure::new(14.0, 0.0, [14.0, 21.0]), [7.0, 35.0]), Mark::First),
        row(
            "P2",
            "P80",
            with_inputs(Figure::new(42.0, 0.0, [35.0, f64::INFINITY]), [28.0, f64::INFINITY]),
            Mark::Plain,
        ),
    ];
    let reference = |at: f64, words: &str| Some(Reference { at, words: words.into() });
    vec![
        ("dots", chart(Axis::Probability, plans.clone(), None)),
        ("one", chart(Axis::Probability, plans[..1].to_vec(), reference(0.8, "asked for: 0.8"))),
        ("none", chart(Axis::Probability, vec![], None)),
        ("ends", chart(Axis::Probability, ends, None)),
        ("forty", chart(Axis::Probability, many(40), reference(0.93, "the committee's bar"))),
        (
            "hostile",
            Dots {
                title: long.clone(),
                note: long.clone(),
                ..chart(Axis::Number { unit: long.clone() }, hostile, reference(0.1, &long))
            },
        ),
        (
            "differences",
            chart(
                Axis::NumberDifference { unit: "incidents".into() },
                differences.clone(),
                reference(0.0, "no difference"),
            ),
        ),
        ("points", chart(Axis::ProbabilityDifference, differences, reference(0.0, "no difference"))),
        ("money", chart(Axis::Amount { unit: "GBP".into() }, money, None)),
        ("dates", chart(Axis::Date { zero }, dates, reference(0.0, "approved"))),
    ]
}

#[test]
fn texts_of_dots_lie_inside_the_canvas_and_apart() {
    for (name, dots) in samples() {
        let chart = dots.draw(&sample::realistic(), &["dots", name]).unwrap();
        check_texts(name, &chart);
        check_letters(&chart);
        assert_eq!(chart.name, format!("dots-{name}"));
    }
}

#[test]
fn both_uncertainties_and_the_legend_are_in_words() {
    let dots = &samples()[0].1;
    let chart = dots.draw(&sample::realistic(), &["dots"]).unwrap();
    for words in [
        "0.8500 ± 0.0009",
        "0.71–0.93",
        "95% sampling interval",
        "90% of the worlds",
        "cannot be separated from the best on present inputs",
        "Scenario november-2021 · 10 plans · seed 20211104 · 150,000 iterations",
        "Of 61 uncertain numbers 9 are stated",
    ] {
        assert!(chart.svg.contains(words), "{words}");
    }
    // A mark that no row has needs no words.
    let (name, first_only) = &samples()[1];
    let chart = first_only.draw(&sample::realistic(), &["dots", name]).unwrap();
    assert!(!chart.svg.contains("cannot be separated from the best on present inputs"));
}

#[test]
#[ignore = "for looking: cargo test --lib draw_samples -- --ignored"]
fn draw_samples_of_dots() {
    for (name, dots) in samples() {
        leave_sample("sample", &dots.draw(&sample::realistic(), &["dots", name]).unwrap());
    }
}
