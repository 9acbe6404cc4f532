//! Gates: recovery, notice, criteria that stay unmet, judgement, what a risk drawn once does there.

use std::collections::BTreeMap;

use golive::oracle::{Finite, GateRisk, Life, first_on_or_after};

use super::check::{Run, all_hold, distribution, some_refused};

const N: u64 = 200_000;

fn thursdays(until: i32) -> Vec<i32> {
    (10..=until).step_by(7).collect()
}

fn missing(p: f64, recovery: u32, notice: u32) -> Finite<Option<i32>> {
    Life { notice, gate: Some(GateRisk { p, recovery: Finite::certain(recovery) }), ..Life::new(&thursdays(358)) }
        .go_live()
}

#[test]
fn a_missed_gate_costs_recovery_with_notice_alongside() {
    let run = Run::of("gate", N);
    let (a, b) = (run.go_live("A"), run.go_live("B"));
    all_hold(&distribution(&a, &missing(0.3, 10, 0)));
    all_hold(&distribution(&b, &missing(0.3, 5, 12)));
    assert_eq!(missing(0.3, 10, 0), missing(0.3, 5, 12), "as the file says");
    // Planted faults: recovery ignored, notice forgotten, notice after recovery.
    some_refused(&distribution(&a, &missing(0.3, 0, 0)));
    some_refused(&distribution(&b, &missing(0.3, 5, 0)));
    some_refused(&distribution(&b, &missing(0.3, 17, 0)));
}

/// A and B behind one criterion: each window the standing releases, whether it is unmet still.
fn shared_criterion(redrawn: bool) -> Finite<Vec<Option<i32>>> {
    type Place = Result<Option<i32>, i32>; // live on a day (or never), or due on a day
    fn advance(day: i32, until: i32, at: [Place; 2], redrawn: bool) -> Finite<Vec<Option<i32>>> {
        let windows = thursdays(113);
        if day > 113 || at.iter().all(Result::is_ok) {
            return Finite::certain(at.iter().map(|p| p.unwrap_or(None)).collect());
        }
        let standing = at.contains(&Err(day));
        let chance = match (standing, until > day && !redrawn) {
            (false, _) => Finite::certain(None),
            (true, true) => Finite::certain(Some(true)),
            (true, false) => Finite::either(0.4, Some(true), Some(false)),
        };
        chance.and_then(|fails| {
            let until = match fails {
                Some(true) if until <= day || redrawn => day + 10,
                _ => until,
            };
            let at = at.map(|place| match (place, fails) {
                (Err(due), Some(true)) if due == day => {
                    first_on_or_after(&windows, f64::from(until)).map_or(Ok(None), Err)
                }
                (Err(due), Some(false)) if due == day => Ok(Some(day)),
                (place, _) => place,
            });
            advance(day + 7, until, at, redrawn)
        })
    }
    advance(10, 0, [Err(10), Err(17)], redrawn)
}

#[test]
fn a_criterion_is_not_drawn_again_while_it_is_unmet() {
    let exact = shared_criterion(false);
    let b_in_time = exact.probability(|live| live[1] == Some(17));
    assert!((b_in_time - 0.36).abs() < 1e-12, "as the file says");
    let counts = Run::of("unmet", N).go_lives();
    all_hold(&distribution(&counts, &exact));
    some_refused(&distribution(&counts, &shared_criterion(true)));
}

#[test]
fn the_stricter_judgement_contains_the_milder() {
    let run = Run::of("judgement", N);
    let mut counts: BTreeMap<(bool, bool), u64> = BTreeMap::new();
    for (live, n) in run.go_lives() {
        let missed = (live[0] != Some(10), live[1] != Some(10));
        *counts.entry(missed).or_insert(0) += n;
    }
    let exact = Finite::of([((false, false), 0.6), ((true, false), 0.3), ((true, true), 0.1)]);
    all_hold(&distribution(&counts, &exact));
    // Planted fault: each criterion judged by a draw of its own.
    let apart = Finite::chance(0.5).and_then(|event| {
        let p = if *event { (0.8, 0.2) } else { (0.0, 0.0) };
        Finite::chance(p.0).with(&Finite::chance(p.1))
    });
    some_refused(&distribution(&counts, &apart));
}

#[test]
fn a_risk_drawn_once_acts_on_each_thing_it_names() {
    let counts = Run::of("once", N).go_lives();
    let fate = |fault: bool, shortage: bool, later: bool| {
        let day = |first: i32, hit: bool| Some(if hit { first + 7 } else { first });
        vec![day(10, fault), day(17, fault && later), day(10, shortage), day(17, shortage && later)]
    };
    let exact = |later: bool| {
        let both = Finite::chance(0.5).with(&Finite::chance(0.4));
        both.map(|(fault, shortage)| fate(*fault, *shortage, later))
    };
    all_hold(&distribution(&counts, &exact(true)));
    // Planted fault: used up by the release that comes first.
    some_refused(&distribution(&counts, &exact(false)));
}
