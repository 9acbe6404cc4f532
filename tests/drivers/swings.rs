//! Swings of the tornado and variance shares against closed forms.

use golive::analysis::drivers::{Asked, Drivers};

use super::{found, scenario};
use crate::check::Check;

const N: u64 = 200_000;
const WORLDS: u64 = 4000;

/// Mean of a probability that is uniform on (0, top), and of its square.
fn uniform(top: f64) -> (f64, f64) {
    (top / 2.0, top * top / 3.0)
}

fn told() -> Drivers {
    found(&scenario("learning", "open"), &[], Asked::Live, N, WORLDS, 10)
}

/// Path of p or q; the top of its range, and of the other's.
const INPUTS: [(&str, f64, f64); 2] = [("risks.slip.probability", 0.5, 0.2), ("risks.other.probability", 0.2, 0.5)];

const MEAN: f64 = 0.675;

/// The swing of an input whose range ends at `top`.
fn swing(found: &Drivers, path: &str, top: f64, other: f64) -> Vec<Check> {
    let bar = found.measures[0].tornado.iter().find(|bar| bar.input == path).expect(path);
    let rest = 1.0 - other / 2.0;
    let (low, high) = ((1.0 - 0.1 * top) * rest, (1.0 - 0.9 * top) * rest);
    let n = N as f64;
    // An iteration differs where the risk's draw falls between the two: only ever from live to late.
    let differs = low - high;
    vec![
        Check::proportion("P10", (bar.low.estimate * n).round() as u64, N, low),
        Check::proportion("P90", (bar.high.estimate * n).round() as u64, N, high),
        Check::figure("swing", bar.swing.estimate, -differs, (differs * (1.0 - differs) / n).sqrt()),
    ]
}

/// First-order and total share of an input.
fn shares(found: &Drivers, path: &str, top: f64, other: f64) -> Vec<Check> {
    let share = found.measures[0].shares.inputs.iter().find(|s| s.input == path).expect(path);
    let rest = 1.0 - other / 2.0;
    let d = MEAN * (1.0 - MEAN);
    let first = top * top / 12.0 * rest * rest / d;
    let total = 0.5 * top / 3.0 * rest / d;
    let n = N as f64;
    // Influence of an iteration on the first-order share, by quadrature over u; the noise of the noise (32 bins).
    let points = 3200;
    let (mut influence, mut noise) = (0.0, 0.0);
    for k in 0..points {
        let u = (f64::from(k) + 0.5) / f64::from(points);
        let live = (1.0 - top * u) * rest;
        let m = live - MEAN;
        for (p, off) in [(live, 1.0 - MEAN), (1.0 - live, -MEAN)] {
            let of = 2.0 * (off - m) * m + m * m - first * off * off;
            influence += p * of * of / f64::from(points);
        }
        noise += (live * (1.0 - live)).powi(2) / f64::from(points);
    }
    // Sixteen pairs of bins, each with 49/18·2 + 1/9 times the squared variance.
    let noise = 16.0 * (49.0 / 9.0 + 1.0 / 9.0) * noise;
    let first_error = ((influence / n + noise / n / n) / d / d).sqrt();
    // Pairs differ with probability top/3·rest, half of them one way.
    let differ = top / 3.0 * rest;
    let fourth = MEAN * (1.0 - MEAN).powi(4) + (1.0 - MEAN) * MEAN.powi(4);
    let together = 0.5 * differ * 0.5 * (MEAN * MEAN + (1.0 - MEAN).powi(2));
    let square = 0.25 * differ - 2.0 * total * together + total * total * fourth;
    vec![
        Check::figure("first order", share.first_order.expect("one value").estimate, first, first_error),
        Check::figure("total", share.total.expect("it varies").estimate, total, (square / n).sqrt() / d),
    ]
}

/// The share that all knowledge together could settle.
fn knowledge(found: &Drivers, exact: f64) -> Check {
    // f = (1 − p)(1 − q): moments of δ² and of the variance within a world, by quadrature.
    let points = 200;
    let (mut fourth, mut second, mut cross, mut within) = (0.0, 0.0, 0.0, 0.0);
    for i in 0..points {
        for j in 0..points {
            let at = |k: i32, top: f64| 1.0 - top * (f64::from(k) + 0.5) / f64::from(points);
            let f = at(i, 0.5) * at(j, 0.2);
            let weight = 1.0 / f64::from(points * points);
            let (off, v) = ((f - MEAN) * (f - MEAN), f * (1.0 - f));
            fourth += weight * off * off;
            second += weight * off;
            cross += weight * off * v;
            within += weight * v * v;
        }
    }
    let k = 64.0;
    let variance = fourth - second * second + 4.0 * cross / k + 2.0 * within / (k * (k - 1.0));
    let d = MEAN * (1.0 - MEAN);
    let told = found.measures[0].shares.knowledge.expect("worlds were run");
    Check::figure("knowledge", told.estimate, exact / d, (variance / WORLDS as f64).sqrt() / d)
}

#[test]
fn swings_and_shares_of_two_unknown_probabilities() {
    let found = told();
    for (path, top, other) in INPUTS {
        swing(&found, path, top, other).iter().chain(&shares(&found, path, top, other)).for_each(Check::holds);
    }
    let square = |top: f64| 1.0 - 2.0 * uniform(top).0 + uniform(top).1;
    knowledge(&found, square(0.5) * square(0.2) - MEAN * MEAN).holds();
    // Of the two numbers that vary one is assumed, one a base rate: the swings are shared out so.
    let rest = &found.measures[0].by_basis[&golive::register::Basis::Assumed];
    assert!((rest.of_swings - 0.75).abs() < 0.01, "{rest:?}");
}

#[test]
fn planted_faults_are_refused() {
    let found = told();
    // The other's range.
    swing(&found, INPUTS[0].0, 0.2, 0.5)[2].is_refused();
    // First order and total exchanged, as if knowing p settled all that varies with it.
    let [first, total] = [0, 1].map(|k| shares(&found, INPUTS[0].0, 0.5, 0.2)[k].clone());
    assert!(first.z().abs() < 4.6 && total.z().abs() < 4.6);
    shares(&found, INPUTS[1].0, 0.5, 0.2).iter().for_each(Check::is_refused);
    // Noise of 64 iterations left in: Var + E[f(1 − f)]/64.
    knowledge(&found, 0.018_819 + (MEAN - (0.018_819 + MEAN * MEAN)) / 64.0).is_refused();
}
