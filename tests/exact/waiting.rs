//! Waiting for others, for one's turn, for consent, for the end of a freeze, for the horizon.

use golive::oracle::{Consent, Finite, GateRisk, Life, Reversal};

use super::check::{Check, Run, all_hold, distribution, some_refused};

const N: u64 = 200_000;

fn thursdays() -> Vec<i32> {
    (10..=358).step_by(7).collect()
}

fn weekly(p: f64) -> Life {
    Life { gate: Some(GateRisk { p, recovery: Finite::certain(7) }), ..Life::new(&thursdays()) }
}

#[test]
fn a_release_that_is_held_goes_live_with_the_other() {
    let counts = Run::of("hold", N).go_lives();
    let exact = |p_held: f64| {
        let alone = weekly(0.3).go_live();
        alone.with(&Finite::chance(p_held)).map(|(a, held)| vec![*a, if *held { *a } else { Some(10) }])
    };
    all_hold(&distribution(&counts, &exact(0.5)));
    some_refused(&distribution(&counts, &exact(0.0)));
    some_refused(&distribution(&counts, &exact(1.0)));
}

#[test]
fn separate_nights_queue_before_the_gate() {
    let counts = Run::of("queue", N).go_lives();
    let queued = |after_gate: bool| {
        weekly(0.3).go_live().map(|b| {
            let a = match b {
                Some(10) => Some(17),
                Some(_) if after_gate => Some(10),
                Some(day) => Some(*day + 7).filter(|day| *day <= 358),
                None => None,
            };
            vec![a, *b]
        })
    };
    all_hold(&distribution(&counts, &queued(false)));
    // Planted fault: who fails its gate frees the window for the next in line.
    some_refused(&distribution(&counts, &queued(true)));
}

#[test]
fn a_hold_goes_before_the_queue() {
    let counts = Run::of("queue-hold", 10_000).go_lives();
    let exact = Finite::certain(vec![Some(17), Some(10)]);
    all_hold(&distribution(&counts, &exact));
    let chased = Finite::certain(vec![None, None]);
    some_refused(&distribution(&counts, &chased));
}

#[test]
fn consent_is_asked_for_each_move_beyond_what_was_approved() {
    let run = Run::of("consent", N);
    let a = run.go_live("A");
    let exact = |free_until: i32, takes: u32| Life { consent: Some(Consent { free_until, takes }), ..weekly(0.3) };
    let fates = exact(17, 21).fates();
    all_hold(&distribution(&a, &fates.map(|fate| fate.0)));
    let asked = fates.probability(|fate| fate.3);
    assert!((asked - 0.09).abs() < 1e-12, "as the file says");
    let consent = run.tally.releases[0].consent;
    Check::proportion("consent asked", consent, N, asked).holds();
    // Planted faults: consent forgotten; asked at every move; asked only once.
    some_refused(&distribution(&a, &weekly(0.3).go_live()));
    some_refused(&distribution(&a, &exact(10, 21).go_live()));
    let once = weekly(0.3).fates().map(|(live, missed, ..)| match missed {
        0 | 1 => *live,
        k => Some(38 + 7 * (*k as i32 - 2)),
    });
    some_refused(&distribution(&a, &once));
    Check::proportion("at every move", consent, N, 0.3).is_refused();
}

#[test]
fn a_freeze_closes_windows_and_the_horizon_censors() {
    let run = Run::of("horizon", N);
    let a = run.go_live("A");
    let exact = |windows: &[i32]| {
        Life { reversal: Some(Reversal { p: 0.4, fix: Finite::certain(7) }), ..Life::new(windows) }.go_live()
    };
    let open = exact(&[10, 31, 38, 45, 52]);
    all_hold(&distribution(&a, &open));
    assert!((open.of_outcome(&None) - 0.4_f64.powi(5)).abs() < 1e-12);
    // Planted faults: freeze ignored; what is not live by the horizon dropped.
    let ignored: Vec<i32> = (10..=52).step_by(7).collect();
    some_refused(&distribution(&a, &exact(&ignored)));
    some_refused(&distribution(&a, &open.given(Option::is_some)));
}
