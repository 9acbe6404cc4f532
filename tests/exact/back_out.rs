//! Deployment night: trying again, knowledge that stays, coupled back-outs, odds of interaction.

use std::collections::BTreeMap;

use golive::oracle::{Finite, Life, Reversal, odds_scaled};

use super::check::{Check, Run, all_hold, distribution, some_refused};

const N: u64 = 200_000;

fn backed_out(p: f64, fix: Finite<u32>) -> Finite<Option<i32>> {
    let windows: Vec<i32> = (10..=358).step_by(7).collect();
    Life { reversal: Some(Reversal { p, fix }), ..Life::new(&windows) }.go_live()
}

#[test]
fn a_release_tries_again_after_its_fix() {
    let run = Run::of("retry", N);
    let a = run.go_live("A");
    let chance = Finite::equally([3, 10]);
    all_hold(&distribution(&a, &backed_out(0.25, chance.clone())));
    // Planted faults: one fix for all attempts; the shorter fix always.
    let same_fix = chance.and_then(|fix| backed_out(0.25, Finite::certain(*fix)));
    some_refused(&distribution(&a, &same_fix));
    some_refused(&distribution(&a, &backed_out(0.25, Finite::certain(3))));
}

#[test]
fn what_is_not_known_is_the_same_at_every_attempt() {
    let b = Run::of("retry", N).go_live("B");
    let week = || Finite::certain(7);
    let unknown = Finite::equally([1_u32, 5]).and_then(|p| backed_out(f64::from(*p) / 10.0, week()));
    all_hold(&distribution(&b, &unknown));
    // Planted fault: drawn afresh at each attempt, which is a back-out of probability 0.3.
    some_refused(&distribution(&b, &backed_out(0.3, week())));
}

/// Both go-live days, with `c` the probability that a back-out takes the partner along.
fn coupled(c: f64) -> Finite<Vec<Option<i32>>> {
    fn together(day: i32, c: f64) -> Finite<Vec<Option<i32>>> {
        if day > 83 {
            return Finite::certain(vec![None, None]);
        }
        let own = Finite::chance(0.2).with(&Finite::chance(0.1));
        let night = own
            .and_then(|(a, b)| Finite::chance(if *a || *b { c } else { 0.0 }).map(|drag| (*a || *drag, *b || *drag)));
        night.and_then(|reversed| match reversed {
            (false, false) => Finite::certain(vec![Some(day), Some(day)]),
            (true, true) => together(day + 7, c),
            (true, false) => alone(day + 7, 0.2).map(|a| vec![*a, Some(day)]),
            (false, true) => alone(day + 7, 0.1).map(|b| vec![Some(day), *b]),
        })
    }
    fn alone(day: i32, p: f64) -> Finite<Option<i32>> {
        if day > 83 {
            return Finite::certain(None);
        }
        Finite::chance(p).and_then(|reversed| if *reversed { alone(day + 7, p) } else { Finite::certain(Some(day)) })
    }
    together(10, c)
}

#[test]
fn one_release_drags_another_along() {
    let exact = coupled(0.5);
    let both_stay = exact.of_outcome(&vec![Some(10), Some(10)]);
    let only_a = exact.probability(|live| live[0] == Some(10) && live[1] != Some(10));
    assert!((both_stay - 0.72).abs() < 1e-12 && (only_a - 0.04).abs() < 1e-12);
    let counts = Run::of("coupled", N).go_lives();
    all_hold(&distribution(&counts, &exact));
    // Planted faults: no coupling; always coupled.
    some_refused(&distribution(&counts, &coupled(0.0)));
    some_refused(&distribution(&counts, &coupled(1.0)));
}

#[test]
fn interaction_multiplies_odds() {
    let run = Run::of("odds", N);
    let kept = |id: &str| run.tally.releases[run.release(id)].kept_on_target;
    let check = |id: &str, p: f64| Check::proportion(id, kept(id), N, p);
    let stays = |p: f64, p_together: f64| 0.6 * (1.0 - p_together) + 0.4 * (1.0 - p);
    check("A", stays(0.2, odds_scaled(0.2, 2.5))).holds();
    check("B", 0.6 * (1.0 - odds_scaled(0.1, 1.5_f64.powi(3)))).holds();
    check("C", stays(0.8, odds_scaled(0.8, 4.0))).holds();
    assert!((odds_scaled(0.8, 4.0) - 16.0 / 17.0).abs() < 1e-15);
    // Planted faults: a factor on the probability; once for all pairs; capped at certainty.
    check("A", stays(0.2, 0.5)).is_refused();
    check("A", stays(0.2, 0.2)).is_refused();
    check("B", 0.6 * (1.0 - odds_scaled(0.1, 1.5))).is_refused();
    check("C", stays(0.8, 1.0)).is_refused();
}

#[test]
fn a_mutated_scenario_is_found_as_well() {
    let run = Run::mutated("odds", "value = 2.5", "value = 2.2", N);
    let kept = run.tally.releases[run.release("A")].kept_on_target;
    let p = 0.6 * (1.0 - odds_scaled(0.2, 2.5)) + 0.4 * 0.8;
    Check::proportion("A", kept, N, p).is_refused();
}

#[test]
fn attempts_and_back_outs_are_counted() {
    let run = Run::of("retry", N);
    let attempts: BTreeMap<u16, u64> = run.count(|outcome, lane| outcome.attempts[lane]);
    // A is release 0: geometric until it stays or the year ends, which is beyond reach.
    let exact =
        Finite::of((1..40_u16).map(|k| (k, 0.75 * 0.25_f64.powi(i32::from(k) - 1))).chain([(40, 0.25_f64.powi(39))]));
    all_hold(&distribution(&attempts, &exact));
    let backed_out = run.tally.releases[0].backed_out;
    Check::proportion("at least one back-out", backed_out, N, 0.25).holds();
    Check::proportion("as if it were two", backed_out, N, 0.0625).is_refused();
}
