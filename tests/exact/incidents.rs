//! Incidents that releases cause: items, outcomes of items, overlapping risks.

use golive::oracle::Finite;

use super::check::{Check, Run, all_hold, distribution, some_refused};

const N: u64 = 200_000;

#[test]
fn items_add_up_to_a_binomial_count() {
    let run = Run::of("items", N);
    let counts = run.incidents(3);
    all_hold(&distribution(&counts, &Finite::binomial(4, 0.15)));
    let mean = run.tally.incidents[2].mean().expect("iterations").mean;
    Check::mean("mean", mean.estimate, N, 0.6, 4.0 * 0.15 * 0.85).holds();
    // Planted faults: all four or none; one at most.
    some_refused(&distribution(&counts, &Finite::either(0.15, 4, 0)));
    let one = 1.0 - 0.85_f64.powi(4);
    some_refused(&distribution(&counts, &Finite::either(one, 1, 0)));
}

#[test]
fn each_item_has_its_own_outcome() {
    let run = Run::of("items", N);
    let counts = run.incidents(5);
    all_hold(&distribution(&counts, &Finite::binomial(6, 0.075)));
    all_hold(&distribution(&run.incidents(4), &Finite::binomial(6, 0.225)));
    // Planted fault: one outcome for all items that occur.
    let same = Finite::chance(0.25)
        .and_then(|very_mildly| Finite::binomial(6, 0.3).map(|k| if *very_mildly { *k } else { 0 }));
    some_refused(&distribution(&counts, &same));
}

#[test]
fn overlapping_risks_are_a_union() {
    let run = Run::of("overlap", N);
    let counts = run.incidents(2);
    let none = 0.8 * 0.9 * 0.95 * 0.95;
    all_hold(&distribution(&counts, &Finite::either(none, 0, 1)));
    Check::proportion("serious", run.tally.serious, N, 1.0 - none).holds();
    // Planted fault: a sum of what each causes.
    let sum = Finite::chance(0.2)
        .with(&Finite::chance(0.1))
        .and_then(|(a, b)| Finite::binomial(2, 0.05).map(|c| u32::from(*a) + u32::from(*b) + c));
    some_refused(&distribution(&counts, &sum));
}

#[test]
#[should_panic(expected = "items-before-go-live")]
fn items_on_another_occasion_are_refused() {
    Run::mutated("items", "items = 4", "items = 4\ndraw = \"once\"", 1);
}
