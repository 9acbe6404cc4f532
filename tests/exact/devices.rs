//! Pools of units: broken, replaced, substituted, shared out; coverage and what escapes.

use golive::oracle::Finite;

use super::check::{Check, Run, all_hold, distribution, some_refused};

const N: u64 = 200_000;

fn days(d: i64) -> Option<i64> {
    Some(d * 24)
}

#[test]
fn a_broken_unit_costs_time_or_confidence() {
    let run = Run::of("devices", N);
    let finish = |id: &str| run.finishes(id);
    let works = |yes: i64, no: Option<i64>| Finite::either(0.6, days(yes), no);
    all_hold(&distribution(&finish("replaced"), &works(5, days(13))));
    all_hold(&distribution(&finish("waits"), &works(5, None)));
    all_hold(&distribution(&finish("substitutes"), &works(5, days(9))));
    let thin = 0.6 * 0.1 + 0.4 * 0.22;
    all_hold(&distribution(&run.incidents(2), &Finite::either(thin, 1, 0)));
    all_hold(&distribution(&run.incidents(3), &Finite::either(0.1, 1, 0)));
    // Planted faults: the shortage costs nothing; it is waited for in vain; coverage without the
    // substitute; a replaced unit that costs time and confidence.
    some_refused(&distribution(&finish("replaced"), &works(5, days(5))));
    some_refused(&distribution(&finish("substitutes"), &works(5, None)));
    some_refused(&distribution(&finish("waits"), &works(5, days(9))));
    Check::proportion("full coverage", run.tally.serious, N, 0.1).is_refused();
    let nothing = 0.6 * 0.1 + 0.4 * 0.5 * (1.0 - 0.6 * 0.8);
    Check::proportion("no substitute", run.tally.serious, N, nothing).is_refused();
    some_refused(&distribution(&run.incidents(3), &Finite::either(thin, 1, 0)));
}

#[test]
fn where_no_unit_works_nothing_is_tested() {
    let units = "[pools.substitute.units.N]\nvariant = \"N\"\n";
    let run = Run::mutated("devices", units, &format!("{units}works = {{ value = 0.5, basis = \"assumed\" }}\n"), N);
    // Both work, M alone, N alone, neither: what is covered, a substitute being worth a quarter.
    let covered = |neither: f64| [(0.3, 1.0), (0.3, 0.4 + 0.6 * 0.25), (0.2, 0.6 + 0.4 * 0.25), (0.2, neither)];
    let escapes = |neither: f64| covered(neither).iter().map(|(p, c)| p * 0.5 * (1.0 - c * 0.8)).sum::<f64>();
    all_hold(&distribution(&run.incidents(2), &Finite::either(escapes(0.0), 1, 0)));
    // Planted faults: a substitute where there is none; full coverage.
    some_refused(&distribution(&run.incidents(2), &Finite::either(escapes(0.25), 1, 0)));
    some_refused(&distribution(&run.incidents(2), &Finite::either(0.1, 1, 0)));
}

#[test]
fn units_are_shared_out_by_priority() {
    let run = Run::of("units", 1000);
    let exact = [("pair", 3), ("short", 5), ("long", 13), ("last", 14), ("other", 6), ("after", 22)];
    for (id, day) in exact {
        all_hold(&distribution(&run.finishes(id), &Finite::certain(days(day))));
    }
    // Planted faults: "after" starts where the working days of "long" end; "other" waits for it.
    let faulty = |id: &str, day: i64| {
        some_refused(&distribution(&run.finishes(id), &Finite::certain(days(day))));
    };
    faulty("after", 18);
    faulty("other", 14);
    faulty("last", 10);
}
