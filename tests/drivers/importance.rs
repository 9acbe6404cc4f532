//! Importance of risks against a fault tree that is enumerated.

use golive::analysis::drivers::{Asked, Importance};
use golive::oracle::Finite;

use super::{found, scenario};
use crate::check::Check;

const N: u64 = 200_000;

/// What happens: A, B, whether C would, G.
type World = (bool, bool, bool, bool);

/// Whether the release misses its date.
fn missed((a, b, c, g): World) -> f64 {
    f64::from(u8::from(a || b && !g && c))
}

/// All worlds, with their probabilities.
fn worlds() -> Finite<World> {
    let four = Finite::chance(0.1).with(&Finite::chance(0.3)).with(&Finite::chance(0.5)).with(&Finite::chance(0.4));
    four.map(|(((a, b), c), g)| (*a, *b, *c, *g))
}

/// The world with one risk, by place, certain or impossible.
fn with(world: World, risk: usize, occurs: bool) -> World {
    let mut all = [world.0, world.1, world.2, world.3];
    all[risk] = occurs;
    (all[0], all[1], all[2], all[3])
}

/// Checks of one risk against the exact answer for another, which is the same where nothing is planted.
fn checks(told: &Importance, risk: usize) -> Vec<Check> {
    let exact = worlds();
    let n = N as f64;
    let plain = |w: &World| missed(*w);
    let surely = |w: &World| missed(with(*w, risk, true));
    let never = |w: &World| missed(with(*w, risk, false));
    let (q, q1, q0) = (exact.mean(plain), exact.mean(surely), exact.mean(never));
    let birnbaum = told.birnbaum.expect("a risk has one");
    let differs = exact.variance(|w| surely(w) - never(w));
    let (achievement, reduction, share) = (q1 / q, q / q0, (q - q0) / q);
    let figure = |what: &str, told: Option<golive::estimate::Figure>, exact: f64, error: f64| {
        Check::figure(what, told.expect("Q is not 0").estimate, exact, error)
    };
    let ratio_error = |a: &dyn Fn(&World) -> f64, b: &dyn Fn(&World) -> f64, r: f64| {
        (exact.mean(|w| (a(w) - r * b(w)) * (a(w) - r * b(w))) / n).sqrt() / exact.mean(b)
    };
    vec![
        Check::proportion("Q₁", (told.surely.expect("a risk has one").estimate * n).round() as u64, N, q1),
        Check::proportion("Q₀", (told.surely_not.estimate * n).round() as u64, N, q0),
        Check::figure("Birnbaum", birnbaum.estimate, q1 - q0, (differs / n).sqrt()),
        figure("achievement", told.achievement_worth, achievement, ratio_error(&surely, &plain, achievement)),
        figure("reduction", told.reduction_worth, reduction, ratio_error(&plain, &never, reduction)),
        figure(
            "Fussell–Vesely",
            told.fussell_vesely,
            share,
            ratio_error(&|w: &World| plain(w) - never(w), &plain, share),
        ),
    ]
}

#[test]
fn importance_of_a_fault_tree() {
    let register = scenario("fault-tree", "plan");
    let found = found(&register, &[], Asked::Live, N, 0, 10);
    let told = &found.measures[0];
    Check::proportion("Q", (told.p_bad.estimate * N as f64).round() as u64, N, 0.181).holds();
    let published = [(0.91, 0.091), (0.27, 0.081), (0.162, 0.081), (-0.135, -0.054)];
    for (place, id) in ["A", "B", "C", "G"].into_iter().enumerate() {
        let of = told.importance.iter().find(|i| i.id == id).expect(id);
        let checks = checks(of, place);
        checks.iter().for_each(Check::holds);
        // The header of the scenario says the same.
        let (birnbaum, gone) = published[place];
        let exact = worlds();
        let by = |occurs| exact.mean(|w| missed(with(*w, place, occurs)));
        assert!((by(true) - by(false) - birnbaum).abs() < 1e-12 && (0.181 - by(false) - gone).abs() < 1e-12, "{id}");
        // The errors told are the exact ones, but for their own.
        let birnbaum = of.birnbaum.expect("a risk has one");
        let exact =
            (exact.variance(|w| missed(with(*w, place, true)) - missed(with(*w, place, false))) / N as f64).sqrt();
        assert!((birnbaum.standard_error / exact - 1.0).abs() < 0.05, "{id}");
    }
    // A helps nobody, G does: its sign is the other way round.
    let sign = |id: &str| told.importance.iter().find(|i| i.id == id).and_then(|i| i.birnbaum).expect(id).estimate;
    assert!(sign("A") > 0.0 && sign("G") < 0.0);
}

#[test]
fn the_importance_of_another_risk_is_refused() {
    let register = scenario("fault-tree", "plan");
    let found = found(&register, &[], Asked::Live, N, 0, 10);
    let of = |id: &str| found.measures[0].importance.iter().find(|i| i.id == id).expect(id).clone();
    // B for C: they share Q₀, and differ in everything that asks what happens if it does.
    let planted = checks(&of("C"), 1);
    assert!(planted.iter().any(|c| c.z().abs() >= 4.6));
    planted[0].is_refused();
    planted[2].is_refused();
    // A watch that is taken for a fault.
    checks(&of("G"), 0)[5].is_refused();
}
