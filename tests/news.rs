//! The outlook given news, against exact answers; and both ways to it against each other.
//!
//! The answers follow in the headers of `scenarios/verification/exact-news.toml` and `exact-event.toml`, or here. Checks
//! are |z| < 4.6 with the standard error of the exact answer; each has a planted fault, mostly what somebody would say who
//! forgot that news moves what is known of a probability.

#![expect(clippy::disallowed_methods, reason = "what is compared within an error need not repeat to the bit")]

#[expect(dead_code, reason = "finish times and costs are checked elsewhere")]
#[path = "exact/check.rs"]
mod check;
mod support;

use check::Check;
use golive::analysis::condition::Condition;
use golive::analysis::given::{GivenError, GivenOutlook, LEAST_SELECTED, given};
use golive::oracle::GammaRate;
use golive::program::Program;
use golive::simulate::Options;

const N: u64 = 200_000;

fn exact(name: &str) -> Program {
    let text = support::text(&format!("scenarios/verification/exact-{name}.toml"));
    Program::lower(support::register(&text, "plan"), 20_300_107)
}

fn flagship() -> Program {
    Program::lower(support::register("scenarios/november-2021.toml", "P1"), 20_211_104)
}

fn news(program: &Program, text: &str, n: u64, most: u64) -> Result<GivenOutlook, GivenError> {
    let news = Condition::parse(text, program).unwrap_or_else(|problem| panic!("{problem}"));
    given(program, &news, Options::iterations(n), most, &|_| {})
}

#[track_caller]
fn outlook(program: &Program, text: &str) -> GivenOutlook {
    news(program, text, N, N).unwrap_or_else(|problem| panic!("{problem}"))
}

/// A figure given the news against its exact probability.
fn check(outlook: &GivenOutlook, measure: &str, p: f64) -> Check {
    let figure = outlook.figures.iter().find(|f| f.measure == measure).expect(measure);
    let count = (figure.given.estimate * outlook.selected as f64).round() as u64;
    Check::proportion(format!("{measure} given {}", outlook.news), count, outlook.selected, p)
}

/// A difference against its exact value, by the standard error that it says it has.
fn check_difference(outlook: &GivenOutlook, measure: &str, exact: f64) -> Check {
    let difference = &outlook.figures.iter().find(|f| f.measure == measure).expect(measure).difference;
    Check::figure(format!("difference of {measure}"), difference.estimate, exact, difference.standard_error)
}

#[test]
fn a_risk_that_occurred_was_likelier_than_thought() {
    let program = exact("news");
    // By conditioned draws, every iteration of which counts; `or` leaves the same news to selection.
    for (text, by_selection) in [("fault occurred", false), ("fault occurred or fault occurred", true)] {
        let outlook = outlook(&program, text);
        assert_eq!((outlook.by_selection, outlook.conditioned.is_empty()), (by_selection, by_selection));
        if by_selection {
            Check::proportion("the news", outlook.selected, N, 0.5).holds();
        } else {
            assert_eq!(outlook.selected, N);
            assert!((outlook.p_news.estimate - 0.5).abs() < 1e-12 && outlook.p_news.standard_error == 0.0);
        }
        check(&outlook, "A.p_live_on_target", 3.0 / 8.0).holds();
        check_difference(&outlook, "A.p_live_on_target", -1.0 / 8.0).holds();
        // Nothing else moves.
        check(&outlook, "B.p_live_on_target", 0.5).holds();
        check(&outlook, "C.p_live_on_target", 0.75).holds();
        // Planted faults: the draw settled, its probability left alone; the posterior of two occurrences.
        check(&outlook, "A.p_live_on_target", 0.5).is_refused();
        check(&outlook, "A.p_live_on_target", 1.0 - 3.5 / 5.0).is_refused();
        check_difference(&outlook, "A.p_live_on_target", 0.0).is_refused();
    }
}

#[test]
fn one_that_did_not_occur_was_less_likely() {
    let outlook = outlook(&exact("news"), "not fault occurred");
    assert_eq!((outlook.selected, outlook.by_selection), (N, false));
    check(&outlook, "A.p_live_on_target", 5.0 / 8.0).holds();
    check(&outlook, "A.p_live_on_target", 0.5).is_refused();
}

#[test]
fn products_and_three_points_are_conditioned_too() {
    let program = exact("news");
    let part = outlook(&program, "part occurred");
    assert!(!part.by_selection && (part.p_news.estimate - 0.25).abs() < 1e-12);
    check(&part, "B.p_live_on_target", 11.0 / 25.0).holds();
    check(&part, "B.p_live_on_target", 0.5).is_refused();
    let three = outlook(&program, "three occurred");
    assert!(!three.by_selection && (three.p_news.estimate - 0.25).abs() < 1e-12);
    check(&three, "C.p_live_on_target", 18.0 / 25.0).holds();
    check(&three, "C.p_live_on_target", 0.75).is_refused();
    // 1 − q/2 does not factorise: selection. P(likewise | not part) = (E[q] − E[q²]/2)/(1 − 1/4) = 12/25.
    let not = outlook(&program, "not part occurred");
    assert!(not.by_selection && not.conditioned.is_empty());
    check(&not, "B.p_live_on_target", 13.0 / 25.0).holds();
    check(&not, "B.p_live_on_target", 0.5).is_refused();
}

#[test]
fn news_of_several_things_is_conditioned_where_it_can_be_and_selected_for_the_rest() {
    let program = exact("news");
    // p is tilted once; its second use is selected: E[p³]/E[p²] of what is left, and C's is conditioned.
    let outlook = outlook(&program, "fault occurred and echo occurred and not three occurred");
    let conditioned: Vec<(&str, bool)> = outlook.conditioned.iter().map(|c| (c.risk.as_str(), c.occurred)).collect();
    assert_eq!(conditioned, [("fault", true), ("three", false)]);
    assert!(outlook.by_selection);
    Check::proportion("echo, given fault", outlook.selected, N, 5.0 / 8.0).holds();
    let news = &outlook.p_news;
    Check::figure("the news", news.estimate, 5.0 / 16.0 * 0.75, news.standard_error).holds();
    check(&outlook, "A.p_live_on_target", 0.0).holds();
    // P(point | not three) = (1/4 − 0.07)/(3/4) = 0.24.
    check(&outlook, "C.p_live_on_target", 0.76).holds();
    check_difference(&outlook, "C.p_live_on_target", 0.01).holds();
    check(&outlook, "C.p_live_on_target", 0.75).is_refused();
    check(&outlook, "B.p_live_on_target", 0.5).holds();
}

#[test]
fn an_event_decides_the_gate_or_moves_what_is_known_of_the_rate() {
    let program = exact("event");
    let rate = GammaRate::after(2, 30.0);
    let none = |days: f64| rate.p_count(0, days);
    let first = 1.0 - 0.8 * (1.0 - none(7.0));
    // In the week before the gate of day 9: the criterion fails by the judgement alone.
    let inside = outlook(&program, "background event on 2030-01-12");
    check(&inside, "A.p_go_for_target", 0.2).holds();
    check(&inside, "A.p_no_go_for_target", 0.8).holds();
    check(&inside, "A.p_go_for_target", first).is_refused();
    check_difference(&inside, "A.p_live_on_target", 0.2 - first).holds();
    // On day 1, before that week: it only says that the rate is higher.
    let outside = outlook(&program, "background event on 2030-01-08");
    let event = 1.0 - (none(7.0) - none(8.0)) / (1.0 - none(1.0));
    check(&outside, "A.p_go_for_target", 1.0 - 0.8 * event).holds();
    check(&outside, "A.p_go_for_target", first).is_refused();
    Check::proportion("an event on a day", outside.selected, N, 1.0 - none(1.0)).holds();
    // The same week by its other names.
    let within = outlook(&program, "not background event within 7 days before 2030-01-16");
    let from = outlook(&program, "not background event from 2030-01-09 to 2030-01-15");
    assert_eq!(within.figures, from.figures);
    check(&within, "A.p_go_for_target", 1.0).holds();
    Check::proportion("a quiet week", within.selected, N, none(7.0)).holds();
}

#[test]
fn a_criterions_state_is_news_about_the_others() {
    let program = exact("judgement");
    // Of the 0.4 that the strict criterion fails, the mild one fails in 0.1.
    let strict = outlook(&program, "strict failed on 2030-01-16");
    check(&strict, "B.p_no_go_for_target", 0.25).holds();
    check(&strict, "B.p_no_go_for_target", 0.1).is_refused();
    let mild = outlook(&program, "mild failed for 2030-01-17");
    check(&mild, "A.p_no_go_for_target", 1.0).holds();
    check(&mild, "A.p_no_go_for_target", 0.4).is_refused();
    // A later gate knows of an earlier No-Go only where there was one.
    let later = outlook(&program, "strict failed on 2030-01-23");
    check(&later, "A.p_live_on_target", 0.0).holds();
    Check::proportion("two No-Gos", later.selected, N, 0.16).holds();
}

#[test]
fn conditioned_draws_agree_with_selection_in_the_real_case() {
    let program = flagship();
    let conditioned = news(&program, "R03 occurred", 150_000, 150_000).expect("conditioned");
    let selected = news(&program, "R03 occurred or R03 occurred", 600_000, 600_000).expect("selected");
    assert!(!conditioned.by_selection && selected.conditioned.is_empty());
    let (p, by) = (conditioned.p_news.estimate, &selected.p_news);
    Check::figure("probability of the news", by.estimate, p, (p * (1.0 - p) / 600_000.0).sqrt()).holds();
    for (a, b) in conditioned.figures.iter().zip(&selected.figures) {
        // Where nothing was seen in the smaller run, the larger one says how much that means.
        let error = a
            .given
            .standard_error
            .hypot((a.given.estimate * (1.0 - a.given.estimate) / selected.selected as f64).sqrt());
        Check::figure(a.measure.clone(), b.given.estimate, a.given.estimate, error.max(1e-4)).holds();
    }
    let late = |o: &GivenOutlook| o.given.releases[0].p_live_on_target.estimate;
    assert_eq!((late(&conditioned), late(&selected)), (0.0, 0.0), "approval withheld is no go-live on the date");
}

#[test]
fn an_incident_before_the_gate_makes_a_go_less_likely() {
    let program = flagship();
    let outlook = news(&program, "R19 event on 2021-11-01", 150_000, 150_000).expect("an outlook");
    let go = outlook.figures.iter().find(|f| f.measure == "SEC.p_go_for_target").expect("P(Go)");
    // The judgement after an incident is PERT(0.05, 0.15, 0.35), of mean 1/6, for SEC; other causes stay as they are.
    let stands = |figure: &str| outlook.figures.iter().find(|f| f.measure == figure).expect("a figure").given.estimate;
    let standing = go.given.estimate + stands("SEC.p_no_go_for_target");
    let others = 1.0 - (1.0 - 0.035) * (1.0 - 0.035);
    let expected = 1.0 - (1.0 - 1.0 / 6.0) * (1.0 - others);
    let observed = stands("SEC.p_no_go_for_target") / standing;
    let error = (expected * (1.0 - expected) / outlook.selected as f64 / standing).sqrt();
    Check::figure("No-Go of those that are ready", observed, expected, error).holds();
    assert!(go.difference.interval[1] < 0.0);
    // Scope has nothing to do with it.
    let ships = outlook.figures.iter().find(|f| f.measure == "MP149.p_ships").expect("scope");
    assert!(ships.difference.interval[0] < 0.0 && ships.difference.interval[1] > 0.0);
}

#[test]
fn rare_news_runs_on_and_too_rare_news_is_refused() {
    let program = exact("news");
    let rare = "fault occurred and echo occurred and A live after 2030-01-24";
    let refused = news(&program, rare, 1000, 50_000).expect_err("it never happens").to_string();
    assert!(refused.contains("none of 50,000 iterations") && refused.contains("400 are needed"), "{refused}");
    // Doubled until there are enough, the same as one run of as many.
    let few = "echo occurred or echo occurred";
    let grown = news(&program, few, 100, 100_000).expect("enough in the end");
    assert!(grown.selected >= LEAST_SELECTED && (grown.iterations / 100).is_power_of_two());
    let half = grown.iterations / 2;
    assert!(news(&program, few, half, half).is_err(), "half as many were too few");
    let whole = news(&program, few, grown.iterations, grown.iterations).expect("enough at once");
    assert_eq!(grown, whole);
    let cut = news(&program, few, 100, 500).expect_err("cut off").to_string();
    assert!(cut.contains("of 500 iterations"), "{cut}");
}

#[test]
fn threads_and_blocks_change_no_bit() {
    let program = flagship();
    let text = "R07 occurred and R03 occurred and not O2 failed";
    let condition = Condition::parse(text, &program).expect("a condition");
    let run = |threads, block| {
        let options = Options { threads: Some(threads), block, ..Options::iterations(60_000) };
        given(&program, &condition, options, 60_000, &|_| {}).expect("an outlook")
    };
    let one = run(1, 256);
    assert_eq!(one, run(3, 64));
    assert_eq!(one, run(2, 500));
}
