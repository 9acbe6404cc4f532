//! The special functions against high-precision references, and their inverses against themselves.
#![expect(clippy::disallowed_methods, reason = "the platform's functions are the independent check")]

mod distribution_support;

use distribution_support::{reference, tolerance};
use golive::math;

/// Relative difference, over the slack that the size of ln P allows.
fn tail_error(got: f64, want: f64) -> f64 {
    ((got - want) / want).abs() / (1.0 + want.ln().abs())
}

fn worst<T: std::fmt::Debug>(name: &str, limit: f64, errors: impl Iterator<Item = (T, f64)>) {
    let (at, error) =
        errors.fold(
            (None, 0.0_f64),
            |(at, worst), (case, error)| {
                if error > worst || error.is_nan() { (Some(case), error) } else { (at, worst) }
            },
        );
    println!("{name}: worst {error:e} at {at:?}");
    assert!(error <= limit, "{name}: {error:e} at {at:?} exceeds {limit:e}");
}

#[test]
fn incomplete_beta_agrees_with_reference_in_both_tails() {
    worst(
        "I",
        tolerance::TAIL_PROBABILITY,
        reference::INCOMPLETE_BETA.iter().map(|&(a, b, x, below, above)| {
            let got = math::incomplete_beta(a, b, x, 1.0 - x);
            ((a, b, x), tail_error(got.below, below).max(tail_error(got.above, above)))
        }),
    );
}

#[test]
fn incomplete_gamma_agrees_with_reference_in_both_tails() {
    worst(
        "P, Q",
        tolerance::TAIL_PROBABILITY,
        reference::INCOMPLETE_GAMMA.iter().map(|&(a, x, below, above)| {
            let got = math::incomplete_gamma(a, x);
            ((a, x), tail_error(got.below, below).max(tail_error(got.above, above)))
        }),
    );
}

#[test]
fn normal_agrees_with_reference() {
    worst(
        "Φ",
        tolerance::NORMAL,
        reference::NORMAL_CDF.iter().map(|&(z, want)| (z, (math::normal_cdf(z) / want - 1.0).abs())),
    );
    worst(
        "Φ⁻¹",
        tolerance::NORMAL,
        reference::NORMAL_QUANTILE.iter().map(|&(p, want)| {
            let error = math::normal_quantile(p) - want;
            (p, if want == 0.0 { error.abs() } else { (error / want).abs() })
        }),
    );
}

#[test]
fn counts_agree_with_reference() {
    worst(
        "Poisson",
        tolerance::TAIL_PROBABILITY,
        reference::POISSON.iter().map(|&(k, m, mass, below, above)| {
            (
                (k, m),
                tail_error(math::poisson_mass(k, m), mass)
                    .max(tail_error(math::poisson_cdf(k, m), below))
                    .max(tail_error(math::poisson_upper(k, m), above)),
            )
        }),
    );
    worst(
        "binomial",
        tolerance::TAIL_PROBABILITY,
        reference::BINOMIAL.iter().map(|&(k, n, p, mass, below, above)| {
            (
                (k, n, p),
                tail_error(math::binomial_mass(k, n, p), mass)
                    .max(tail_error(math::binomial_cdf(k, n, p), below))
                    .max(tail_error(math::binomial_upper(k, n, p), above)),
            )
        }),
    );
}

#[test]
fn ln_beta_agrees_with_reference() {
    worst(
        "ln B",
        tolerance::TAIL_PROBABILITY,
        reference::LN_BETA
            .iter()
            .map(|&(a, b, want)| ((a, b), (math::ln_beta(a, b) - want).abs() / (1.0 + want.abs()))),
    );
}

/// Probabilities from 10⁻³⁰⁰ to one half.
fn tails() -> impl Iterator<Item = f64> {
    (0..60).map(|i| 10f64.powf(-300.0 * (f64::from(i) / 59.0).powi(3)) * 0.5).chain([0.1, 0.2, 0.3, 0.4, 0.45])
}

#[test]
fn inverse_beta_returns_the_probability_asked_for() {
    let shapes = [0.05, 0.1, 0.5, 1.0, 1.3, 3.0, 12.5, 200.0, 5000.0];
    let cases =
        shapes.into_iter().flat_map(move |a| shapes.into_iter().flat_map(move |b| tails().map(move |p| (a, b, p))));
    worst(
        "I⁻¹",
        tolerance::INVERSE,
        cases.map(|(a, b, p)| {
            let (x, co_x) = math::inverse_incomplete_beta(a, b, p);
            let back = math::incomplete_beta(a, b, x, co_x).below;
            // Error of the point: error of the probability over the elasticity a.
            let error = if x < 1e-250 { 0.0 } else { tail_error(back, p) / a.max(1.0) };
            ((a, b, p, x), error)
        }),
    );
}

#[test]
fn inverse_gamma_returns_the_probability_asked_for() {
    let shapes = [0.05, 0.1, 0.5, 1.0, 1.3, 3.0, 12.5, 200.0, 5000.0, 1e6];
    let cases = || shapes.into_iter().flat_map(|a| tails().map(move |p| (a, p)));
    worst(
        "P⁻¹",
        tolerance::INVERSE,
        cases().map(|(a, p)| {
            let x = math::inverse_lower_gamma(a, p);
            let error = if x < 1e-250 { 0.0 } else { tail_error(math::incomplete_gamma(a, x).below, p) / a.max(1.0) };
            ((a, p, x), error)
        }),
    );
    worst(
        "Q⁻¹",
        tolerance::INVERSE,
        cases().map(|(a, p)| {
            let x = math::inverse_upper_gamma(a, p);
            ((a, p, x), tail_error(math::incomplete_gamma(a, x).above, p) / a.max(1.0))
        }),
    );
}

/// Bit for bit, signs of zeros included: around whole numbers and halves, in both directions, and at all sizes.
#[test]
fn whole_numbers_are_those_of_the_platform() {
    let near = (-4000..4000).map(|k| f64::from(k) / 2.0).chain((0..80).flat_map(|k| {
        let x = 2f64.powi(k);
        [x, x + 0.5, x - 0.5, 1.5 * x]
    }));
    let tiny = [0.0, 5e-324, 1e-300, 0.1, f64::MAX, f64::INFINITY];
    for x in near.chain(tiny).flat_map(|x| [x.next_down(), x, x.next_up(), -x.next_down(), -x, -x.next_up()]) {
        assert_eq!(math::floor(x).to_bits(), x.floor().to_bits(), "{x:e}");
        assert_eq!(math::ceil(x).to_bits(), x.ceil().to_bits(), "{x:e}");
    }
    assert!(math::floor(f64::NAN).is_nan() && math::ceil(f64::NAN).is_nan());
}
