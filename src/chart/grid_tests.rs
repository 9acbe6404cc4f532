//! Charts of grids and what-ifs: realistic and extreme ones.

use jiff::civil::date;

use super::tests::{check_letters, check_texts, leave_sample};
use super::*;
use crate::analysis::outlook::DatePercentile;
use crate::analysis::sample::{self, N};
use crate::analysis::{Asked, Axis, Difference, Grid, Measure, Percentile, Present, Question, Shift, WhatIf, WhatIfs};
use crate::estimate::{paired_difference, proportion};
use crate::simulate::Decision;

fn measure() -> Measure {
    Measure::Decision(Decision::LiveAndStays("SEC".into()))
}

/// A what-if that moves the plan's 0.72 to `count / N`, and P80 to a date of November or past the horizon.
fn what_if(id: &str, title: &str, count: u64, day: Option<i8>) -> WhatIf {
    let with = |mut figure: crate::estimate::Figure, inputs| {
        figure.inputs_interval = Some(inputs);
        figure
    };
    let base = 108_000;
    let apart = count.abs_diff(base) as f64;
    let difference = paired_difference(count as f64, base as f64, apart + 900.0, N, true);
    let difference = with(difference, [difference.estimate - 0.03, difference.estimate + 0.04]);
    let p = count as f64 / N as f64;
    let p80 = |day: Option<i8>| {
        let date = day.map(|day| date(2021, 11, day));
        Percentile::Date(DatePercentile { date, interval: [date; 2], inputs_interval: Some([date, None]) })
    };
    WhatIf {
        question: Question { id: id.into(), title: title.into(), changes: vec![] },
        identical: false,
        differences: vec![Difference {
            measure: measure().name(),
            probability: true,
            more_is_better: true,
            base: with(proportion(base, N), [0.6, 0.8]),
            figure: with(proportion(count, N), [(p - 0.1).max(0.0), (p + 0.1).min(1.0)]),
            difference,
            p_better_over_inputs: Some(0.4),
            separable: apart > 5000.0,
            identical: apart == 0.0,
        }],
        p80: vec![Shift {
            of: "SEC".into(),
            base: p80(Some(18)),
            value: p80(day),
            days_later: day.map(|day| f64::from(day) - 18.0),
            interval: [None; 2],
        }],
    }
}

fn axis(path: &str, values: &[&str], present: Option<Present>) -> Axis {
    let numbers = values.iter().map(|v| v.parse().ok()).collect();
    Axis { path: path.into(), factor: false, values: values.iter().map(|v| (*v).into()).collect(), numbers, present }
}

fn results(asked: Vec<WhatIf>, axes: Vec<Axis>) -> WhatIfs {
    let mut results = WhatIfs::of(&sample::realistic());
    results.add(sample::realistic(), Asked { plan: "P1".into(), what_ifs: asked });
    let n: usize = axes.iter().map(|axis| axis.values.len()).product();
    let days = [Some(4), Some(18), Some(25), None];
    let points = (0..n).map(|k| what_if("point", "", 150_000 * (k as u64 + 1) / (n as u64 + 1), days[k % 4]));
    let points = points.collect();
    if !axes.is_empty() {
        results.grid = Some(Grid { plan: "P1".into(), axes, measure: measure().name(), points });
    }
    results
}

/// What is drawn, by name.
fn samples() -> Vec<(&'static str, WhatIfs, Measure)> {
    let present = Some(Present { p10: 1.1, p50: 1.31, p90: 1.6 });
    let far = Some(Present { p10: 40.0, p50: 50.0, p90: 60.0 });
    let few = ["1", "1.25", "1.5", "2"];
    let many: Vec<String> = (0..20).map(|n| format!("{:.2}", 0.05 * f64::from(n))).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let words = ["as early as it could possibly be", "\u{202E}<b>&", "later"];
    let long = "risks.".to_owned() + &"W".repeat(300);
    let p80 = || Measure::P80("SEC".into());
    let several = || {
        vec![
            what_if("lenient", "The gate is lenient", 120_000, Some(18)),
            what_if("the-same", "Nothing differs", 108_000, Some(18)),
            what_if("strict", &"The gate is stricter than anybody would have thought ".repeat(9), 60_000, None),
            what_if("<script>", "alert('x') \u{7}", 108_900, Some(25)),
        ]
    };
    vec![
        ("what-ifs", results(several(), vec![]), measure()),
        ("what-ifs-p80", results(several(), vec![]), p80()),
        ("line", results(vec![], vec![axis("estimates.interaction", &few, present)]), measure()),
        ("line-p80", results(vec![], vec![axis("estimates.interaction", &few, far)]), p80()),
        ("line-many", results(vec![], vec![axis(&long, &many, Some(Present::exactly(0.3)))]), measure()),
        ("line-words", results(vec![], vec![axis("plans.P1.x", &words, None)]), measure()),
        ("map", results(vec![], vec![axis("a.b", &few, present), axis("risks.R11", &many[..4], far)]), measure()),
        ("map-p80", results(vec![], vec![axis("a.b", &few, present), axis(&long, &words, None)]), p80()),
        ("map-many", results(vec![], vec![axis("a.b", &many, present), axis("c.d", &many, present)]), measure()),
        ("map-tall", results(vec![], vec![axis(&long, &many, None), axis("c.d", &few[..2], present)]), measure()),
    ]
}

#[test]
fn texts_of_grids_lie_inside_the_canvas_and_apart() {
    for (name, results, measure) in samples() {
        let charts = what_if_charts(&results, &measure).unwrap();
        assert_eq!(charts.len(), 1, "{name}");
        check_texts(name, &charts[0]);
        check_letters(&charts[0]);
    }
}

#[test]
fn cells_show_their_values_or_say_where_they_are() {
    let svg = |name: &str| {
        let (_, results, measure) = samples().into_iter().find(|(n, ..)| *n == name).unwrap();
        what_if_charts(&results, &measure).unwrap().remove(0).svg
    };
    // The first of sixteen points is 150,000 / 17.
    for words in ["0.06", "0.94", "cannot be separated", "P10 to P90", "Scenario november-2021 · plan P1"] {
        assert!(svg("map").contains(words), "{words}");
    }
    assert!(svg("map-many").contains("see grid.csv"));
    assert!(svg("map-p80").contains("not live"));
    assert!(svg("what-ifs").contains("The same in every iteration: the-same."));
}

#[test]
#[ignore = "for looking: cargo test --lib draw_samples -- --ignored"]
fn draw_samples_of_grids() {
    for (name, results, measure) in samples() {
        leave_sample(&format!("grid-{name}"), &what_if_charts(&results, &measure).unwrap()[0]);
    }
}
