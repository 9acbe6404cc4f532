//! The benchmark network at a million iterations against 400 million of an independent program.

use golive::simulate::every_block;

use super::runs::{program, tally};

const N: u64 = 1_000_000;

fn assert_near(what: &str, found: f64, reference: f64, ours: f64, theirs: f64) {
    let z = (found - reference) / ours.hypot(theirs);
    assert!(z.abs() < 4.6, "{what}: {found} for {reference}, z = {z:.2}");
    // Planted fault: a reference that is off by 11.6 standard errors, away from what was found.
    let beside = reference + 11.6 * ours.hypot(theirs) * if z > 0.0 { -1.0 } else { 1.0 };
    let z = (found - beside) / ours.hypot(theirs);
    assert!(z.abs() >= 4.6, "{what}: a planted fault goes unseen");
}

#[test]
fn the_benchmark_network_meets_its_reference() {
    let program = program("scenarios/verification/network-50.toml", "base");
    let run = tally(&program, N, None, 256);
    let n = N as f64;
    let moments = run.measure_moments[0].mean().expect("iterations");
    let sd = moments.standard_deviation;
    assert_near("mean", moments.mean.estimate, 194.22154, sd / n.sqrt(), 0.0012);

    // Var(s) = σ²(κ − 1)/4n, with the kurtosis κ of the first 65,536 iterations.
    let (mut square, mut fourth, mut count) = (0.0, 0.0, 0.0);
    let done: Result<(), std::convert::Infallible> = every_block(&program, 65_536, |outcome| {
        for value in &outcome.measures[..outcome.lanes] {
            let d = (value - moments.mean.estimate).powi(2);
            square += d;
            fourth += d * d;
            count += 1.0;
        }
        Ok(())
    });
    let Ok(()) = done;
    let kurtosis = count * fourth / (square * square);
    let error = |n: f64| sd * ((kurtosis - 1.0) / (4.0 * n)).sqrt();
    assert_near("sd", sd, 22.41589, error(n), error(4e8));

    let p = run.by_target[0] as f64 / n;
    let error = (0.61575 * (1.0 - 0.61575) / n).sqrt();
    assert_near("P(<= 200)", p, 0.61575, error, 2.3e-5);

    // The density at a percentile is 0.02 over the distance from one percentage point below it to
    // one above it, in our own run.
    let at = |q: f64| {
        let rank = (q * n).ceil() as u64;
        run.measures[0].order_statistic(rank).expect("finite")
    };
    for (q, reference, theirs) in
        [(0.1, 165.95097, 0.0021), (0.5, 193.14372, 0.0012), (0.8, 213.13887, 0.0017), (0.9, 223.91842, 0.0022)]
    {
        let density = 0.02 / (at(q + 0.01) - at(q - 0.01));
        let ours = (q * (1.0 - q) / n).sqrt() / density;
        assert_near(&format!("P{}", 100.0 * q), at(q), reference, ours, theirs);
    }
}
