//! Flips whose roots are known exactly.

use golive::analysis::drivers::{Asked, Measure, Subject};
use golive::analysis::flip::{Flips, InputFlip, Question, Verdict, flips};
use golive::register::Register;
use golive::simulate::Options;

use super::{SEED, scenario};
use crate::check::Check;

const N: u64 = 100_000;

fn flipped(plans: &[Register], threshold: f64) -> Flips {
    let measures: Vec<Measure> =
        plans.iter().map(|plan| Measure::of(plan, &Subject::Release(0), Asked::Live).expect("it has")).collect();
    let question = Question { plans, measures: &measures, threshold, seed: SEED, options: Options::iterations(N) };
    flips(&question, &|_| {}).expect("threads")
}

fn of<'a>(found: &'a Flips, path: &str) -> &'a InputFlip {
    found.inputs.iter().find(|f| f.input.path == path).expect(path)
}

const P: &str = "risks.slip.probability";
const Q: &str = "risks.other.probability";

fn root(flip: &InputFlip, exact: f64, error: f64) -> Check {
    Check::figure("root", flip.flip.expect("it flips").value, exact, error)
}

#[test]
fn a_threshold_is_crossed_where_it_should_be() {
    let found = flipped(&[scenario("learning", "open")], 0.72);
    // (1 − p)·0.9 = 0.72 at p = 0.2. Now 0.675: below.
    assert!(found.now.estimate < 0.0);
    let flip = of(&found, P);
    assert_eq!(flip.verdict, Verdict::Flips);
    let error = (0.72 * 0.28 / N as f64).sqrt() / 0.9;
    root(flip, 0.2, error).holds();
    let at = flip.flip.expect("it flips");
    assert!((at.standard_error.expect("continuous") / error - 1.0).abs() < 0.05, "{at:?}");
    assert!(!at.above && at.other_crossings == 0);
    assert!((at.p_beyond - 0.4).abs() < 0.02 && (at.change + 0.05).abs() < 0.01, "{at:?}");
    let [low, high] = at.interval.map(|end| end.expect("inside the range"));
    assert!(low < at.value && at.value < high);
    // 0.75·(1 − q) = 0.72 at q = 0.04.
    root(of(&found, Q), 0.04, (0.72 * 0.28 / N as f64).sqrt() / 0.75).holds();
    // Planted: the other slip forgotten, 1 − p = 0.72.
    root(flip, 0.28, error).is_refused();
}

#[test]
fn no_value_is_told_where_none_does() {
    let found = flipped(&[scenario("learning", "open")], 0.95);
    for path in [P, Q] {
        assert_eq!(of(&found, path).verdict, Verdict::Never, "{path}");
        assert_eq!(of(&found, path).flip, None);
    }
}

#[test]
fn two_plans_change_places_where_they_should() {
    let found = flipped(&[scenario("learning", "open"), scenario("learning", "settled")], 0.0);
    // 0.9·(0.75 − 0.7): the open plan is ahead, until p = 0.3.
    assert!(found.now.estimate > 0.0);
    let flip = of(&found, P);
    // At the root an iteration without the other slip differs if one of two draws of 0.3 alone comes true.
    let error = (0.9 * 2.0 * 0.3 * 0.7 / N as f64).sqrt() / 0.9;
    root(flip, 0.3, error).holds();
    let at = flip.flip.expect("it flips");
    assert!(at.above && (at.standard_error.expect("continuous") / error - 1.0).abs() < 0.05, "{at:?}");
    // q acts on both alike: it cannot change their order.
    assert_eq!(of(&found, Q).verdict, Verdict::Never);
    // Planted: ranked against a known slip of 0.27.
    root(flip, 0.27, error).is_refused();
}

/// A rate within a composition, and separate values.
#[test]
fn through_a_composition_and_over_separate_values() {
    let text = crate::support::text("scenarios/verification/exact-learning.toml");
    let uniform = "{ uniform = { min = 0, max = 0.5 }, basis = \"assumed\", elicit = \"the team\" }";
    assert!(text.contains(uniform));
    let mutated = |by: &str| crate::support::register(&text.replace(uniform, by), "open");
    // 0.9·e^(−7·rate) = 0.5 at rate = ln 1.8 / 7.
    let rate = "{ at_least_one = { rate = { uniform = { min = 0, max = 0.2 }, basis = \"assumed\" }, within = { value = \
                \"7 days\", basis = \"stated\" } } }";
    let found = flipped(&[mutated(rate)], 0.5);
    let flip = of(&found, "risks.slip.probability.at_least_one.rate");
    let slope = 7.0 * 0.5;
    root(flip, 1.8_f64.ln() / 7.0, 0.5 / (N as f64).sqrt() / slope).holds();
    // Of 0.1, 0.3 and 0.6 with weights 2, 1, 1, only the last takes it below 0.5.
    let separate = "{ discrete = { values = [0.1, 0.3, 0.6], weights = [2, 1, 1] }, basis = \"assumed\" }";
    let found = flipped(&[mutated(separate)], 0.5);
    let at = of(&found, P).flip.expect("it flips");
    assert_eq!((at.value, at.above, at.standard_error), (0.6, true, None));
    assert!((at.p_beyond - 0.25).abs() < 1e-12);
}
