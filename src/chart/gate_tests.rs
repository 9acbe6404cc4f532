//! The trade-off of a gate's errors: what it names, texts inside and apart.

use super::tests::{check_letters, check_texts};
use super::*;
use crate::analysis::{gate_sample, sample};

#[test]
fn policies_and_thresholds_are_named() {
    let charts = render_gate(&gate_sample::realistic(), &sample::realistic()).unwrap();
    let names: Vec<&str> = charts.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["gate-errors-P1-SEC", "gate-errors-P1-U22"]);
    assert_eq!(charts[0].title, "SEC: with all Green a wrong Go in 4.0% and a wrong No-Go in 5.0% of iterations");
    for words in [">A, C<", ">B<", ">to never Go: wrong No-Go 100%<", ">always Go<", "wrong Go 0.0700 ± 0.0007"] {
        assert!(charts[0].svg.contains(words), "{words}");
    }
    // Policies on one spot are named together.
    assert!(charts[1].svg.contains(">B, C<"));
}

#[test]
fn texts_lie_inside_the_canvas_and_apart() {
    for (name, report) in [("realistic", gate_sample::realistic()), ("one spot", gate_sample::on_one_spot())] {
        for chart in render_gate(&report, &sample::realistic()).unwrap() {
            check_texts(name, &chart);
            check_letters(&chart);
        }
    }
}

#[test]
fn a_scenarios_text_stays_text() {
    let mut report = gate_sample::realistic();
    report.plan_title = "<script>alert('x')</script> & \"q\"\u{0}\u{7}".into();
    report.releases[0].id = "W".repeat(3000);
    report.releases[1].id = "<script>".into();
    for chart in render_gate(&report, &sample::realistic()).unwrap() {
        check_texts("hostile", &chart);
        check_letters(&chart);
    }
}

#[test]
fn the_headline_says_what_the_amber_does_where_nothing_is_observed_wrongly() {
    let mut report = gate_sample::on_one_spot();
    let charts = render_gate(&report, &sample::realistic()).unwrap();
    let words =
        "SEC: all Green lets nothing wrong through; with the Amber allowed 0% of iterations go with a criterion unmet";
    assert_eq!(charts[0].title, words);
    report.policies.remove(1);
    let charts = render_gate(&report, &sample::realistic()).unwrap();
    assert_eq!(charts[0].title, "SEC: with all Green no Go and no No-Go is wrong, in any iteration");
}
