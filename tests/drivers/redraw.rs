//! One variable drawn again, or held: nothing else moves, and a correlated one keeps its correlations.

use golive::estimate::rank_correlation;
use golive::program::Program;

use super::SEED;
use crate::check::Check;

const N: u64 = 50_000;

/// Numbers behind a draw.
fn numbers(program: &Program, path: &str) -> Vec<f64> {
    let variable = program.variable(path).expect(path);
    (0..N).map(|t| variable.uniform(t)).collect()
}

fn correlation(what: &str, a: &[f64], b: &[f64], exact: f64) -> Check {
    let told = rank_correlation(a, b).expect("they vary").estimate;
    // Bonett & Wright (2000), at the exact value.
    let error = (1.0 - exact * exact) * ((1.0 + exact * exact / 2.0) / (N as f64 - 3.0)).sqrt();
    Check::figure(what, told, exact, error)
}

/// Spearman's correlation of a normal pair.
fn rank_of(latent: f64) -> f64 {
    6.0 / std::f64::consts::PI * (latent / 2.0).asin()
}

#[test]
fn a_correlated_draw_is_drawn_again_given_the_other() {
    let register = crate::support::register("scenarios/november-2021.toml", "P1");
    let program = Program::lower(register, SEED);
    let pair = ["estimates.smets1-incident-rate", "estimates.uplift-back-out"];
    let [rate, back_out] = pair.map(|path| numbers(&program, path));
    let latent = 2.0 * (std::f64::consts::PI * 0.5 / 6.0).sin();
    for (own, other) in [(0, 1), (1, 0)] {
        let again = program.clone().redrawn(pair[own], SEED + 1).expect("there is one");
        let before = [&rate, &back_out];
        // The other has not moved; the two belong together as they did.
        assert_eq!(numbers(&again, pair[other]), *before[other]);
        let fresh = numbers(&again, pair[own]);
        correlation("with the other", &fresh, before[other], rank_of(latent)).holds();
        // What it shares with its old self is what the other holds of both.
        let shared = correlation("with its old self", &fresh, before[own], rank_of(latent * latent));
        shared.holds();
        let mean = fresh.iter().sum::<f64>() / N as f64;
        Check::mean("uniform", mean, N, 0.5, 1.0 / 12.0).holds();
        // Planted: drawn again as if alone, it would share nothing.
        correlation("as if alone", &fresh, before[own], 0.0).is_refused();
    }
    assert!(program.clone().redrawn("estimates.nobody", SEED).is_none());
    assert!(program.variable("drivers.nobody").is_none());
}

#[test]
fn a_shared_driver_is_held() {
    let network = crate::support::register("scenarios/verification/network-50.toml", golive::scenario::BASE_PLAN);
    let program = Program::lower(network, SEED);
    // Two durations with loadings √0.3 on one driver: latent correlation 0.3; none once the driver is held.
    let pair = ["activities.A00.duration", "activities.A01.duration"];
    let [a, b] = pair.map(|path| numbers(&program, path));
    correlation("through the driver", &a, &b, rank_of(0.3)).holds();
    correlation("through no driver", &a, &b, 0.0).is_refused();
    let again = program.clone().redrawn("drivers.common", SEED + 1).expect("there is one");
    let fresh = numbers(&again, "drivers.common");
    correlation("apart from the old", &fresh, &numbers(&program, "drivers.common"), 0.0).holds();
    correlation("with what loads on it", &fresh, &numbers(&again, pair[0]), rank_of(0.3_f64.sqrt())).holds();
    assert!(program.driver_held("drivers.common", 1.0).is_some());
}
