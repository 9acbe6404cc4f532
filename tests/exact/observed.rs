//! Gates under imperfect knowledge: what is seen against what is true, and what follows from a wrong Go.

use std::collections::BTreeMap;

use golive::analysis::gate_policy::{Forecast, by_threshold, levels, never_stopped, patterned_criteria, share};
use golive::oracle::{Decided, Finite, Gated, Passage, Seen};
use golive::program::{Outcome, Program, Verdicts};
use golive::register::Register;
use golive::simulate::{Options, gate_patterns, simulate};

use super::check::{Check, Run, all_hold, distribution, some_refused};

const N: u64 = 200_000;

const GO: Decided = (true, true);
const WRONG_GO: Decided = (true, false);
const NO_GO: Decided = (false, false);
const WRONG_NO_GO: Decided = (false, true);

fn gated() -> Gated {
    let criterion = |fails: f64, recovery: u32, detection: f64, false_alarm: f64| Seen {
        fails,
        recovery,
        detection,
        false_alarm,
        stops: true,
    };
    Gated {
        windows: (10..=45).step_by(7).collect(),
        notice: 5,
        criteria: vec![criterion(0.3, 10, 0.8, 0.1), criterion(0.2, 3, 0.6, 0.0)],
        go: None,
        back_out: 0.1,
        back_out_unmet: 0.5,
        fix: 9,
    }
}

/// The verdict of the first gate, whether any gate gave each verdict, live day, Category 1 incidents.
type Seen4 = (Decided, [bool; 4], Option<i32>, u32);

fn summary(passage: &Passage) -> Seen4 {
    let ever = |verdict: Decided| passage.gates.contains(&verdict);
    let incidents = u32::from(passage.unmet.contains(&0));
    (passage.gates[0], [GO, WRONG_GO, NO_GO, WRONG_NO_GO].map(ever), passage.live, incidents)
}

fn counted(run: &Run) -> BTreeMap<Seen4, u64> {
    let days = run.program.windows().to_vec();
    run.count(|outcome, lane| {
        let at_plan = held(&outcome.gate_at_plan[0], lane);
        let first = [GO, WRONG_GO, NO_GO, WRONG_NO_GO][at_plan.iter().position(|held| *held).expect("at the gate")];
        let live = outcome.live_window[lane];
        let live = (live != golive::program::NOT_LIVE).then(|| days[usize::from(live)]);
        (first, held(&outcome.gate_ever[0], lane), live, u32::from(outcome.incidents[lane]))
    })
}

fn held(verdicts: &Verdicts<golive::program::Mask>, lane: usize) -> [bool; 4] {
    let verdicts = verdicts.map(|lanes| lanes.get(lane));
    [verdicts.right_go, verdicts.wrong_go, verdicts.right_no_go, verdicts.wrong_no_go]
}

#[test]
fn what_is_seen_decides_and_what_is_true_follows() {
    let exact = gated().passages();
    for (verdict, p) in [(GO, 0.504), (WRONG_NO_GO, 0.056), (WRONG_GO, 0.1032), (NO_GO, 0.3368)] {
        assert!((exact.probability(|passage| passage.gates[0] == verdict) - p).abs() < 1e-12, "as the file says");
    }
    let run = Run::of("observed", N);
    let counts = counted(&run);
    all_hold(&distribution(&counts, &exact.map(summary)));
    // The number of gates, over all of them.
    let looks = run.tally.releases[0].gates.looks;
    for (verdict, looks) in
        [(GO, looks.right_go), (WRONG_GO, looks.wrong_go), (NO_GO, looks.right_no_go), (WRONG_NO_GO, looks.wrong_no_go)]
    {
        let times = |passage: &Passage| passage.gates.iter().filter(|gate| **gate == verdict).count() as f64;
        let (mean, variance) = (exact.mean(times), exact.variance(times));
        let check = Check::mean(format!("{verdict:?}"), looks as f64 / N as f64, N, mean, variance);
        check.holds();
    }
    // Planted faults: nothing missed, no false alarm, detection of the other criterion, a wrong Go without
    // consequence, recoveries of what was not seen waited for.
    let mutants: [fn(&mut Gated); 5] = [
        |gated| gated.criteria[0].detection = 1.0,
        |gated| gated.criteria[0].false_alarm = 0.0,
        |gated| gated.criteria[1].detection = 0.8,
        |gated| gated.back_out_unmet = 0.1,
        |gated| gated.notice = 10,
    ];
    for mutant in mutants {
        let mut wrong = gated();
        mutant(&mut wrong);
        some_refused(&distribution(&counts, &wrong.passages().map(summary)));
    }
}

#[test]
fn the_tally_counts_the_gate_of_the_plans_date() {
    let run = Run::of("observed", N);
    let tally = run.tally.releases[0].gates.at_plan;
    let counts = [
        (GO, tally.right_go),
        (WRONG_GO, tally.wrong_go),
        (NO_GO, tally.right_no_go),
        (WRONG_NO_GO, tally.wrong_no_go),
    ];
    let counts = BTreeMap::from(counts);
    all_hold(&distribution(&counts, &gated().passages().map(|passage| passage.gates[0])));
    // Planted fault: the verdicts of later gates counted too.
    let ever = run.tally.releases[0].gates.ever;
    assert!(ever.wrong_go > tally.wrong_go && ever.right_no_go > tally.right_no_go);
}

#[test]
fn perfect_evidence_changes_no_bit() {
    let imperfect = "observed = { detection = { value = 0.6, basis = \"assumed\" } }";
    let seen = "observed = { detection = { value = 0.8, basis = \"assumed\" }, false_alarm = { value = 0.1, basis = \"assumed\" } }";
    let text = golive_text("exact-observed").replace(imperfect, "").replace(seen, "");
    let perfect =
        "observed = { detection = { pert = { min = 0.99999, mode = 1, max = 1 }, basis = \"assumed\", times = 1 } }";
    let with = |observed: &str| {
        let text = text.replace("text = \"Criterion a\"", &format!("text = \"Criterion a\"\n{observed}"));
        Run::of_text(&text, 20_000).tally
    };
    let plain = with("");
    assert!(plain == with("observed = {}"));
    assert!(plain == with("observed = { detection = 1, false_alarm = 0 }"));
    assert_eq!(plain.releases[0].gates.ever.wrong_go, 0);
    assert_eq!(plain.releases[0].gates.ever.wrong_no_go, 0);
    // Drawn, and nearly never wrong: no other draw moves, so at most a few iterations differ.
    let nearly = with(perfect);
    let off = nearly.releases[0].gates.ever.wrong_go;
    assert!(off <= 2 && nearly.releases[0].on_target.abs_diff(plain.releases[0].on_target) <= off);
    // Planted fault: an observation that matters.
    assert!(plain != with("observed = { detection = 0.9 }"));
}

fn golive_text(name: &str) -> String {
    crate::support::text(&format!("scenarios/verification/{name}.toml"))
}

/// Whether A and B are deployed, and the cost; `shared_once`: one observation for both releases;
/// `per_release`: whether a criterion counts only for the releases it can stop.
fn heeded(shared_once: bool, per_release: bool) -> Finite<(bool, bool, i64)> {
    let unmet = Finite::chance(0.4).with(&Finite::chance(0.5)).with(&Finite::chance(0.3));
    unmet.and_then(|((shared, own), other)| {
        let seen = Finite::chance(if *shared { 0.7 } else { 0.2 });
        let seen = if shared_once { seen.map(|seen| (*seen, *seen)) } else { seen.with(&seen) };
        seen.map(|(seen_a, seen_b)| {
            let (a, b) = (!seen_a, !seen_b && !other);
            let of = |deployed: bool, holds: bool, amount: i64| if deployed && holds { amount } else { 0 };
            let own_of_b = *own && !per_release;
            let cost = of(a, *own, 1) + of(b, own_of_b, 1) + of(a, *shared, 10) + of(b, *shared, 10);
            (a, b, cost + of(a, *own, 100))
        })
    })
}

#[test]
fn one_observation_for_a_window_and_a_criterion_that_nobody_heeds() {
    let exact = heeded(true, true);
    assert!((exact.probability(|(a, ..)| *a) - 0.60).abs() < 1e-12, "as the file says");
    assert!((exact.probability(|(_, b, _)| *b) - 0.42).abs() < 1e-12, "as the file says");
    let run = Run::of("heeded", N);
    let deployed = |outcome: &Outcome, release: usize, lane: usize| outcome.on_target[release].get(lane);
    let counts =
        run.count(|outcome, lane| (deployed(outcome, 0, lane), deployed(outcome, 1, lane), outcome.cost[lane] as i64));
    all_hold(&distribution(&counts, &exact));
    // A wrong Go counts what nobody heeds: A passes with `own` unmet.
    let wrong_go = 0.6 - 0.6 * 0.8 * 0.5;
    Check::proportion("wrong Go", run.tally.releases[0].gates.at_plan.wrong_go, N, wrong_go).holds();
    // Planted faults: an observation for each release, a criterion charged to a release that it cannot stop.
    some_refused(&distribution(&counts, &heeded(false, true)));
    some_refused(&distribution(&counts, &heeded(true, false)));
}

/// At the first gate of `observed`: whether a and b are seen as not met, whether all are met, and whether the release,
/// let through, is kept.
fn first_gate() -> Finite<((bool, bool), bool, bool)> {
    let criteria = gated().criteria;
    let state = |c: usize| {
        let seen = move |criterion: &Seen, unmet: bool| if unmet { criterion.detection } else { criterion.false_alarm };
        let criterion = criteria[c];
        Finite::chance(criterion.fails)
            .and_then(|unmet| Finite::chance(seen(&criterion, *unmet)).map(|seen| (*unmet, *seen)))
    };
    state(0).with(&state(1)).and_then(|((a, seen_a), (b, seen_b))| {
        let met = !a && !b;
        Finite::chance(if met { 0.9 } else { 0.5 }).map(|kept| ((*seen_a, *seen_b), met, *kept))
    })
}

/// What the gate of `observed` forecasts, fitted at a seed.
fn forecast(register: &Register, seed: u64) -> Forecast {
    let criteria = patterned_criteria(register).expect("two criteria");
    let program = Program::lower(never_stopped(register), seed);
    let counts = gate_patterns(&program, &criteria, Options::iterations(N), &|_| {}).expect("threads");
    Forecast::fitted(criteria[0].clone(), &counts[0])
}

#[test]
fn a_forecast_is_the_probability_given_what_is_seen() {
    let exact = first_gate();
    let forecast = forecast(Run::of("observed", 1).program.register(), 7);
    assert_eq!(forecast.criteria, [0, 1]);
    assert_eq!((forecast.patterns.len(), forecast.rest.seen), (4, 0));
    let mut others = Vec::new();
    for (pattern, count) in &forecast.patterns {
        let seen = (pattern & 1 == 1, pattern & 2 == 2);
        let of = exact.given(|(s, ..)| *s == seen);
        let (met, kept) = (of.probability(|(_, met, _)| *met), of.probability(|(.., kept)| *kept));
        Check::proportion(format!("{seen:?}"), count.seen, N, exact.probability(|(s, ..)| *s == seen)).holds();
        Check::proportion(format!("{seen:?} met"), count.met, count.seen, met).holds();
        Check::proportion(format!("{seen:?} kept"), count.kept, count.seen, kept).holds();
        assert!((share(count).expect("seen") - kept).abs() < 0.03);
        // Planted fault: what is seen left out of the forecast.
        let blind = exact.probability(|(.., kept)| *kept);
        others.push(Check::proportion(format!("{seen:?} blind"), count.kept, count.seen, blind));
    }
    some_refused(&others);
    assert!(forecast.differ());
}

#[test]
fn a_threshold_on_the_forecast_lets_through_what_it_says() {
    let register = Run::of("observed", 1).program.register().clone();
    // Nothing seen: 0.83; a alone: 0.58; b, which has no false alarm: 0.5. Between the last two, a alone passes too.
    let rule = |threshold: f64| {
        let forecasts = [forecast(&register, 7)];
        let program = Program::lower(by_threshold(&register, &forecasts, threshold), 20_300_107);
        let tally = simulate(&program, Options::iterations(N), &|_| {}).expect("threads");
        Run { program, tally, n: N }
    };
    let passing = |patterns: &[[bool; 2]]| {
        let go = Some(patterns.iter().map(|seen| seen.to_vec()).collect());
        Gated { go, ..gated() }.passages().map(summary)
    };
    let mild = counted(&rule(0.55));
    all_hold(&distribution(&mild, &passing(&[[false, false], [true, false]])));
    let strict = counted(&rule(0.7));
    all_hold(&distribution(&strict, &passing(&[[false, false]])));
    let all_green: BTreeMap<Seen4, u64> = counted(&Run::of("observed", N));
    assert_eq!(strict, all_green, "Go only where nothing is seen is the gate as it stands, draw by draw");
    // Planted faults: the other rule; every pattern.
    some_refused(&distribution(&mild, &passing(&[[false, false]])));
    some_refused(&distribution(&strict, &passing(&[[false, false], [true, false], [false, true], [true, true]])));
    // The strictest level never goes, the mildest always does.
    let levels = levels(&[forecast(&register, 7)], 25);
    let ends = [levels[0], levels[levels.len() - 1]].map(|threshold| rule(threshold).tally.releases[0].gates.at_plan);
    assert_eq!((ends[0].right_go, ends[0].wrong_go), (0, 0));
    assert_eq!((ends[1].right_no_go, ends[1].wrong_no_go), (0, 0));
}
