//! Quantiles against published tables and independently computed values.
#![expect(clippy::disallowed_methods, reason = "the platform's functions are the independent check")]

mod distribution_support;

use distribution_support::{reference, tolerance};
use golive::distribution::{
    Beta, Distribution, EventsInExposure, Exponential, FailuresInTrials, Gamma, Lognormal, Normal, Pert, Poisson,
    Prior, Triangular, TruncatedNormal, Weibull, binomial_quantile, poisson_quantile,
};

fn close(got: f64, want: f64, relative: f64) {
    assert!((got - want).abs() <= relative * want.abs(), "{got} against {want}");
}

#[test]
fn beta_quantiles_agree_with_high_precision_values() {
    for &(a, b, u, want) in reference::BETA_QUANTILE {
        let d: Distribution = Beta::new(a, b).unwrap().into();
        close(d.quantile(u), want, tolerance::TABLE);
    }
}

#[test]
fn gamma_quantiles_agree_with_high_precision_values() {
    for &(shape, u, want) in reference::GAMMA_QUANTILE {
        let d: Distribution = Gamma::new(shape, 1.0).unwrap().into();
        close(d.quantile(u), want, tolerance::TABLE);
    }
}

/// Upper 5 % points of χ² with 2, 5, 10 and 100 degrees of freedom: NIST/SEMATECH e-Handbook of Statistical Methods,
/// table 1.3.6.7.4 (three decimals).
#[test]
fn chi_square_agrees_with_the_handbook() {
    for (degrees, want) in [(2.0, 5.991), (5.0, 11.070), (10.0, 18.307), (100.0, 124.342)] {
        let d: Distribution = Gamma::new(degrees / 2.0, 2.0).unwrap().into();
        assert!((d.quantile(0.95) - want).abs() < 5.1e-4, "{degrees}: {}", d.quantile(0.95));
    }
}

/// P(N ≤ k) of Poisson variables: NIST/SEMATECH e-Handbook, 1.3.6.6.19, by definition from e^−m Σ mⁱ/i!.
#[test]
fn poisson_quantiles_step_where_the_sum_does() {
    let mean: f64 = 2.0;
    let step = (-mean).exp() * (1.0 + 2.0 + 2.0);
    for (u, want) in [(step - 1e-12, 2), (step + 1e-12, 3)] {
        assert_eq!(poisson_quantile(u, mean), want);
        assert_eq!(Distribution::from(Poisson::new(mean).unwrap()).quantile(u), f64::from(want));
    }
}

#[test]
fn count_quantiles_agree_with_distribution_functions_everywhere() {
    for mean in [1e-9, 0.01, 0.3, 1.0, 4.9, 15.9, 16.1, 80.0, 1e4] {
        for i in 0..400 {
            let u = (f64::from(i) + 0.5) / 400.0;
            for u in [u, u.powi(9), 1.0 - u.powi(5)] {
                let k = u64::from(poisson_quantile(u, mean));
                let (at, before) = (
                    golive::math::poisson_cdf(k, mean),
                    if k == 0 { 0.0 } else { golive::math::poisson_cdf(k - 1, mean) },
                );
                assert!(at >= u - 1e-14 && before <= u + 1e-14, "mean {mean}, u {u}: {k}");
            }
        }
    }
    for (trials, p) in [(1, 0.5), (10, 0.03), (100, 0.1), (100, 0.95), (300, 0.05), (5000, 0.5), (1_000_000, 1e-6)] {
        for i in 0..400 {
            let u = (f64::from(i) + 0.5) / 400.0;
            for u in [u, u.powi(9), 1.0 - u.powi(5)] {
                let (k, n) = (u64::from(binomial_quantile(u, trials, p)), u64::from(trials));
                let (at, before) = (
                    golive::math::binomial_cdf(k, n, p),
                    if k == 0 { 0.0 } else { golive::math::binomial_cdf(k - 1, n, p) },
                );
                assert!(at >= u - 1e-13 && before <= u + 1e-13, "n {trials}, p {p}, u {u}: {k}");
            }
        }
    }
}

#[test]
fn counts_have_their_limits() {
    assert_eq!(poisson_quantile(0.999, 0.0), 0);
    assert_eq!(poisson_quantile(1.0 - f64::EPSILON / 2.0, 1e-300), 0);
    assert_eq!(binomial_quantile(0.5, 0, 0.5), 0);
    assert_eq!(binomial_quantile(0.5, 9, 0.0), 0);
    assert_eq!(binomial_quantile(1e-9, 9, 1.0), 9);
    assert_eq!(binomial_quantile(1.0 - f64::EPSILON / 2.0, 9, 0.5), 9);
}

#[test]
fn closed_forms_hold() {
    let d: Distribution = Triangular::new(1.0, 3.0, 10.0).unwrap().into();
    close(d.quantile(2.0 / 9.0), 3.0, 1e-15);
    close(d.quantile(0.1), 1.0 + 1.8_f64.sqrt(), 1e-15);
    close(d.quantile(0.9), 10.0 - 6.3_f64.sqrt(), 1e-15);
    let d: Distribution = Exponential::with_rate(0.25).unwrap().into();
    close(d.quantile(0.5), 4.0 * std::f64::consts::LN_2, 1e-15);
    close(d.quantile(1e-20), 4e-20, 1e-15);
    let d: Distribution = Weibull::new(2.0, 3.0).unwrap().into();
    close(d.quantile(0.5), 3.0 * std::f64::consts::LN_2.sqrt(), 1e-15);
    close(d.mean(), 3.0 * std::f64::consts::PI.sqrt() / 2.0, 1e-15);
    let d: Distribution = Normal::new(0.0, 1.0).unwrap().into();
    close(d.quantile(0.975), 1.959_963_984_540_054, tolerance::DRAWN_NORMAL);
    // The arcsine law: x = sin²(πu/2).
    let d: Distribution = Beta::new(0.5, 0.5).unwrap().into();
    for u in [1e-12, 0.01, 0.3, 0.77] {
        close(d.quantile(u), (std::f64::consts::FRAC_PI_2 * u).sin().powi(2), tolerance::TABLE);
    }
    let d: Distribution = Pert::usual(10.0, 12.0, 20.0).unwrap().into();
    close(d.mean(), (10.0 + 48.0 + 20.0) / 6.0, 1e-15);
    // Half normal: mean √(2/π), variance 1 − 2/π.
    let d: Distribution = TruncatedNormal::new(0.0, 1.0, 0.0, f64::INFINITY).unwrap().into();
    close(d.mean(), (2.0 / std::f64::consts::PI).sqrt(), 1e-14);
    close(d.variance(), 1.0 - 2.0 / std::f64::consts::PI, 1e-14);
}

#[test]
fn lognormal_keeps_the_percentiles_it_was_given() {
    let d: Distribution = Lognormal::from_percentiles(0.1, 2.0, 0.9, 9.0).unwrap().into();
    close(d.quantile(0.1), 2.0, tolerance::DRAWN_NORMAL);
    close(d.quantile(0.9), 9.0, tolerance::DRAWN_NORMAL);
    let d: Distribution = Lognormal::from_median_p90(5.0, 8.0).unwrap().into();
    close(d.quantile(0.5), 5.0, 1e-14);
    close(d.quantile(0.9), 8.0, tolerance::DRAWN_NORMAL);
    let d: Distribution = Lognormal::from_mean_sd(5.0, 2.0).unwrap().into();
    close(d.mean(), 5.0, 1e-14);
    close(d.variance(), 4.0, 1e-14);
}

#[test]
fn evidence_updates_the_prior() {
    let posterior = |prior| FailuresInTrials { failures: 2, trials: 12, prior }.posterior().unwrap().shapes();
    assert_eq!(posterior(Prior::Jeffreys), (2.5, 10.5));
    assert_eq!(posterior(Prior::Uniform), (3.0, 11.0));
    assert_eq!(posterior(Prior::Explicit { a: 4.0, b: 7.0 }), (6.0, 17.0));
    let rate = |prior| EventsInExposure { events: 0, exposure: 90.0, prior }.posterior().unwrap().shape_and_scale();
    assert_eq!(rate(Prior::Jeffreys), (0.5, 1.0 / 90.0));
    assert_eq!(rate(Prior::Explicit { a: 2.0, b: 10.0 }), (2.0, 0.01));
    // Rule of three with a flat prior: 95 % upper bound 1 − 0.05^(1/(n+1)) after no failure in n trials.
    let none = FailuresInTrials { failures: 0, trials: 30, prior: Prior::Uniform };
    let d: Distribution = none.posterior().unwrap().into();
    close(d.quantile(0.95), 1.0 - 0.05_f64.powf(1.0 / 31.0), tolerance::TABLE);
}
