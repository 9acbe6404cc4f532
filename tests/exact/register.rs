//! What else a register says: scope that drops out, and costs.

use golive::oracle::Finite;

use super::check::{Check, Run, all_hold, distribution, some_refused};

const N: u64 = 200_000;

#[test]
fn scope_drops_out_and_the_deployment_does_not_notice() {
    let run = Run::of("scope", N);
    let register = run.program.register();
    let ships = |id: &str| {
        let item = register.scope.iter().position(|s| s.id == id).expect(id);
        run.tally.ships[item]
    };
    let check = |id: &str, p: f64| Check::proportion(id, ships(id), N, p);
    check("fees", 0.56).holds();
    check("text", 0.8).holds();
    check("late", 0.0).holds();
    // Planted faults: only one of the two risks counts; probabilities added up.
    check("fees", 0.7).is_refused();
    check("fees", 0.5).is_refused();
    // The control: without the scope risks the same iterations end the same way.
    let without = Run::mutated("scope", "value = 0.2, basis", "value = 0.0, basis", N);
    assert_eq!(run.tally.releases, without.tally.releases);
    let kept = run.tally.releases[0].kept_on_target;
    Check::proportion("A stays", kept, N, 0.9).holds();
    Check::proportion("A stays if its scope does", kept, N, 0.9 * 0.56).is_refused();
}

#[test]
fn costs_add_up() {
    let run = Run::of("cost", N);
    let costs = run.costs();
    let overtime = Finite::of([(0, 0.75), (10, 0.125), (30, 0.125)]);
    let supplier = Finite::of([(0, 0.5), (4, 0.125), (-2, 0.375)]);
    // 16 windows up to the horizon: as many back-outs at most.
    let nights = |p: f64| {
        let often = (0..16_i32).map(|k| (i64::from(k) * 100, p.powi(k) * (1.0 - p)));
        Finite::of(often.chain([(1600, p.powi(16))]))
    };
    let once = overtime.with(&supplier).map(|(a, b)| a + b);
    let exact = once.with(&nights(0.3)).map(|(a, b)| a + b);
    all_hold(&distribution(&costs, &exact));
    let (mean, variance) = (exact.mean(|c| *c as f64), exact.variance(|c| *c as f64));
    let observed = run.tally.cost.mean().expect("iterations").mean.estimate;
    Check::mean("mean cost", observed, N, mean, variance).holds();
    // Planted faults: the back-out costs once; the saving is a cost.
    let first_night = Finite::either(0.3, 100, 0);
    let once_only = once.with(&first_night).map(|(a, b)| a + b);
    some_refused(&distribution(&costs, &once_only));
    let penalty = Finite::of([(0, 0.5), (4, 0.125), (2, 0.375)]);
    let no_saving = overtime.with(&penalty).with(&nights(0.3));
    some_refused(&distribution(&costs, &no_saving.map(|((a, b), c)| a + b + c)));
}
