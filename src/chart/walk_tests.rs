//! Charts of forecast walks: realistic and extreme ones.

use jiff::civil::date;

use super::tests::{check_letters, check_texts, leave_sample};
use super::*;
use crate::analysis::outlook::DatePercentile;
use crate::analysis::sample::{self, N};
use crate::analysis::{
    DaysPart, Diff, EditInWords, EditKind, Method, Part, PartName, Percentile, PercentileWalk, Shift, Walk,
};
use crate::estimate::{Figure, mean_of_differences, proportion};

/// A walk of SEC's probability in parts of so many iterations each, from 0.72, and of its P80 in days.
fn diff(parts: &[(&str, &str, i64)], days: &[f64]) -> Diff {
    let with = |mut figure: Figure| {
        figure.inputs_interval = Some([figure.estimate - 0.03, figure.estimate + 0.04]);
        figure
    };
    let whole: i64 = parts.iter().map(|(_, _, part)| part).sum();
    let difference = |sum: i64| with(mean_of_differences(sum as f64, sum.abs() as f64 + 900.0, N, true));
    let part = |(_, _, sum): &(&str, &str, i64)| Part {
        carries: difference(*sum),
        exact: sum.to_string(),
        over_orders: [-0.1, 0.1],
        p_better_over_inputs: None,
        identical: *sum == 0,
    };
    let percentile = |day: i8| {
        let date = Some(date(2021, 11, day));
        Percentile::Date(DatePercentile { date, interval: [date; 2], inputs_interval: None })
    };
    let edit = |(path, change, _): &(&str, &str, i64)| EditInWords {
        path: (*path).into(),
        belongs_to: (*path).into(),
        title: None,
        change: (*change).into(),
        kind: EditKind::Figures,
    };
    let days_part = |days: &f64| DaysPart {
        days: *days,
        exact: String::new(),
        interval: [Some(days - 7.0), Some(days + 7.0)],
        over_orders: [0.0, 7.0],
    };
    Diff {
        outlook: crate::analysis::outlook::Outlook {
            plans: vec![sample::realistic().plans[0].clone(); 2],
            ..sample::realistic()
        },
        plans_only_in_old: vec![],
        plans_only_in_new: vec![],
        edits: parts.iter().map(edit).collect(),
        parts: parts.iter().map(|(path, ..)| PartName { paths: vec![(*path).into()], inseparable: false }).collect(),
        coarse: false,
        method: Method::AllOrders,
        figures: vec![Walk {
            measure: "SEC.p_live_on_target_and_stays".into(),
            probability: true,
            more_is_better: true,
            before: with(proportion(108_000, N)),
            after: with(proportion(108_000u64.saturating_add_signed(whole), N)),
            whole: difference(whole),
            identical: whole == 0,
            parts: parts.iter().map(part).collect(),
            divisor: N.to_string(),
            exact: whole.to_string(),
        }],
        p80: vec![PercentileWalk {
            shift: Shift {
                of: "SEC".into(),
                base: percentile(18),
                value: percentile(25),
                days_later: Some(7.0),
                interval: [Some(7.0); 2],
            },
            parts: days.iter().map(days_part).collect(),
        }],
    }
}

/// Walks by name, with the number of charts that they make.
fn samples() -> Vec<(&'static str, Diff, usize)> {
    let long = "risks.".to_owned() + &"W".repeat(300);
    let words = "PERT 0.02/0.06/0.15 → PERT 0.03/0.08/0.2 (basis assumed → derived)";
    let many: Vec<String> = (0..40).map(|k| format!("risks.R{k:02}.probability")).collect();
    let many: Vec<(&str, &str, i64)> =
        many.iter().enumerate().map(|(k, path)| (path.as_str(), words, 900 * (k as i64 % 7 - 3))).collect();
    let ids = many.iter().map(|(path, ..)| (*path).to_owned()).collect::<Vec<_>>();
    let forty: Vec<(&str, &str, i64)> =
        ids.iter().zip(&many).map(|(id, (_, w, part))| (id.as_str(), *w, *part)).collect();
    vec![
        (
            "three",
            diff(
                &[
                    ("risks.R11.probability", words, -9_000),
                    ("risks.R40", "added: A strike", -3_000),
                    ("estimates.x", "1 → 2", 4_000),
                ],
                &[3.5, 0.0, 3.5],
            ),
            2,
        ),
        ("one", diff(&[("risks.R11.probability", words, 20)], &[7.0]), 2),
        ("none", diff(&[("risks.R11.probability", words, 0)], &[]), 0),
        ("far", diff(&[(&long, &long, -100_000), ("<script>", "\u{202E}<b>\u{7}", 90_000)], &[300.0, -293.0]), 2),
        ("forty", diff(&forty, &[]), 1),
    ]
}

#[test]
fn texts_of_walks_lie_inside_the_canvas_and_apart() {
    for (name, diff, n) in samples() {
        let charts = diff_charts(&diff).unwrap();
        assert_eq!(charts.len(), n, "{name}");
        for chart in &charts {
            check_texts(name, chart);
            check_letters(chart);
        }
    }
}

#[test]
fn a_walk_says_what_carries_most_and_how_parts_are_made() {
    let charts = diff_charts(&samples()[0].1).unwrap();
    assert_eq!(charts[0].name, "walk-P1-SEC.p_live_on_target_and_stays");
    assert!(charts[0].title.contains("A (risks.R11.probability) carries −0.0600"), "{}", charts[0].title);
    for words in ["Old version", "New version", "Shapley value", "parts add up exactly", "+0.0267", "0.720 ± 0.001"] {
        assert!(charts[0].svg.contains(words), "{words}");
    }
    assert!(charts[1].title.starts_with("P80 of SEC: from 18 Nov 2021 to 25 Nov 2021"), "{}", charts[1].title);
    let forty = diff_charts(&samples()[4].1).unwrap();
    assert!(forty[0].svg.contains("11 smaller parts together"));
}

#[test]
#[ignore = "for looking: cargo test --lib draw_samples -- --ignored"]
fn draw_samples_of_walks() {
    for (name, diff, _) in samples() {
        for chart in diff_charts(&diff).unwrap() {
            leave_sample(&format!("walk-{name}"), &chart);
        }
    }
}
