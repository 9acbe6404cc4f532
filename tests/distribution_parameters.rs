//! What the constructors refuse: everything at once, with range and hint; and arbitrary parameters never break a
//! distribution that was accepted.
#![expect(clippy::disallowed_methods, reason = "the platform's functions are the independent check")]

mod distribution_support;

use distribution_support::tolerance;
use golive::distribution::{
    Beta, Binomial, Constant, Discrete, Distribution, Empirical, EventsInExposure, Exponential, FailuresInTrials,
    Gamma, Lognormal, Normal, ParameterError, Pert, Poisson, Prior, Triangular, TruncatedNormal, Uniform, Weibull,
    binomial_quantile, poisson_quantile,
};
use proptest::prelude::*;

fn names<T>(result: Result<T, Vec<ParameterError>>) -> Vec<&'static str> {
    match result {
        Ok(_) => vec![],
        Err(errors) => errors.iter().map(|error| error.parameter).collect(),
    }
}

const NAN: f64 = f64::NAN;
const INFINITE: f64 = f64::INFINITY;

#[test]
fn every_bad_parameter_is_reported() {
    assert_eq!(names(Constant::new(NAN)), ["value"]);
    assert_eq!(names(Uniform::new(NAN, INFINITE)), ["min", "max"]);
    assert_eq!(names(Uniform::new(-f64::MAX, f64::MAX)), ["min", "max"]);
    assert_eq!(names(Triangular::new(5.0, 1.0, 4.0)), ["min"]);
    assert_eq!(names(Triangular::new(1.0, 9.0, 4.0)), ["mode"]);
    assert_eq!(names(Pert::new(NAN, NAN, NAN, NAN)), ["mode", "min", "max", "shape"]);
    assert_eq!(names(Pert::new(1.0, 2.0, 3.0, 0.0)), ["shape"]);
    assert_eq!(names(Beta::on_range(0.0, -1.0, 2.0, 1.0)), ["a", "b", "min"]);
    assert_eq!(names(Normal::new(INFINITE, 0.0)), ["mean", "sd"]);
    assert_eq!(names(TruncatedNormal::new(NAN, -1.0, INFINITE, NAN)), ["mean", "sd", "min", "max"]);
    assert_eq!(names(TruncatedNormal::new(0.0, 1.0, 3.0, 3.0)), ["min"]);
    assert_eq!(names(TruncatedNormal::new(0.0, 1.0, 40.0, 50.0)), ["min"]);
    assert_eq!(names(TruncatedNormal::new(0.0, 1.0, 0.0, 1e-9)), ["min"]);
    assert_eq!(names(Lognormal::from_mu_sigma(NAN, 0.0)), ["mu", "sigma"]);
    assert_eq!(names(Lognormal::from_median_sigma(0.0, -1.0)), ["median", "sigma"]);
    assert_eq!(names(Lognormal::from_median_p90(5.0, 4.0)), ["p90"]);
    assert_eq!(names(Lognormal::from_percentiles(10.0, 1.0, 90.0, 0.5)), ["p_a", "p_b", "x_b"]);
    assert_eq!(names(Lognormal::from_percentiles(0.9, 1.0, 0.1, 2.0)), ["p_b"]);
    assert_eq!(names(Lognormal::from_mean_sd(-1.0, NAN)), ["mean", "sd"]);
    assert_eq!(names(Exponential::with_mean(0.0)), ["mean"]);
    assert_eq!(names(Exponential::with_rate(-0.0)), ["rate"]);
    assert_eq!(names(Exponential::with_rate(1e-310)), ["rate"]);
    assert_eq!(names(Weibull::new(0.0, INFINITE)), ["shape", "scale"]);
    assert_eq!(names(Gamma::new(NAN, 0.0)), ["shape", "scale"]);
    assert_eq!(names(Gamma::with_rate(0.0, 0.0)), ["shape", "rate"]);
    assert_eq!(names(Discrete::new(&[], &[])), ["values"]);
    assert_eq!(names(Discrete::new(&[1.0, NAN], &[-1.0])), ["weights", "values", "weights"]);
    assert_eq!(names(Discrete::new(&[1.0], &[0.0])), ["weights"]);
    assert_eq!(names(Empirical::new(&[1.0])), ["sample"]);
    assert_eq!(names(Empirical::new(&[2.0, 2.0])), ["sample"]);
    assert_eq!(names(Empirical::new(&[2.0, NAN, INFINITE])), ["sample", "sample"]);
    assert_eq!(names(Binomial::new(0, 1.5)), ["trials", "p"]);
    assert_eq!(names(Poisson::new(0.0)), ["mean"]);
    let evidence = FailuresInTrials { failures: 3, trials: 2, prior: Prior::Explicit { a: -1.0, b: NAN } };
    assert_eq!(names(evidence.posterior()), ["failures", "prior a", "prior b"]);
    let evidence = FailuresInTrials { failures: 0, trials: 2, prior: Prior::Explicit { a: 0.0, b: 1.0 } };
    assert_eq!(names(evidence.posterior()), ["a"]);
    assert_eq!(names(EventsInExposure { events: 1, exposure: 0.0, prior: Prior::Jeffreys }.posterior()), ["exposure"]);
}

#[test]
fn a_range_without_width_is_referred_to_a_constant() {
    let errors = Pert::usual(3.0, 3.0, 3.0).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert_eq!(
        errors[0].to_string(),
        "min: 3 equals max; allowed: less than max (3) (for a value without uncertainty write a constant)"
    );
    assert_eq!(
        Triangular::new(1.0, 9.0, 4.0).unwrap_err()[0].to_string(),
        "mode: 9 lies outside min (1) to max (4); allowed: 1 to 4"
    );
}

/// A finite number of any magnitude that days, probabilities or rates may have.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![-1e3..1e3, -1e9..1e9, Just(0.0), (-30.0..30.0).prop_map(|e: f64| 10f64.powf(e))]
}

/// Anything at all.
fn anything() -> impl Strategy<Value = f64> {
    prop_oneof![4 => number(), 1 => any::<f64>()]
}

fn shape() -> impl Strategy<Value = f64> {
    (-2.0..5.0).prop_map(|e: f64| 10f64.powf(e))
}

fn probability() -> impl Strategy<Value = f64> {
    let tail = (1.0..300.0).prop_map(|e: f64| 10f64.powf(-e));
    prop_oneof![4 => 1e-9..1.0 - 1e-9, 1 => tail, 1 => (1.0..15.9).prop_map(|e: f64| 1.0 - 10f64.powf(-e))]
}

/// What holds for every distribution that could be made.
fn sound(d: &Distribution, u: f64, v: f64, z: f64) -> Result<(), TestCaseError> {
    let (low, high) = d.support();
    let (first, second) = if u < v { (u, v) } else { (v, u) };
    let (x, y) = (d.quantile(first), d.quantile(second));
    for value in [x, y, d.quantile_at_normal(z)] {
        prop_assert!(!value.is_nan() && value >= low && value <= high, "{value} outside {low} to {high}");
    }
    let size = [low, high, y].into_iter().filter(|v| v.is_finite()).fold(0.0_f64, |m, v| m.max(v.abs()));
    prop_assert!(x <= y + tolerance::NEIGHBOURS_ULP * f64::EPSILON * size, "{x} at {first}, {y} at {second}");
    let mut block = [first, second];
    d.quantile_block(&mut block);
    prop_assert_eq!(block.map(f64::to_bits), [x, y].map(f64::to_bits));
    let cdf = d.cdf(x);
    prop_assert!((0.0..=1.0).contains(&cdf), "cdf {cdf}");
    prop_assert!(d.density(x) >= 0.0);
    prop_assert!(d.cdf(y) >= cdf - 1e-12, "cdf decreases: {cdf} {}", d.cdf(y));
    prop_assert!(!d.mean().is_nan() && d.variance() >= 0.0);
    Ok(())
}

/// Constructors never panic; what they accept is sound.
fn accepted<T: Into<Distribution>>(
    made: Result<T, Vec<ParameterError>>,
    u: f64,
    v: f64,
    z: f64,
) -> Result<(), TestCaseError> {
    match made {
        Ok(family) => sound(&family.into(), u, v, z),
        Err(errors) => {
            prop_assert!(!errors.is_empty());
            Ok(())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, rng_seed: proptest::test_runner::RngSeed::Fixed(20_211_104), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_numbers_are_accepted_soundly_or_refused(
        a in anything(), b in anything(), c in anything(), d in anything(), u in probability(), v in probability(), z in -38.0..38.0,
    ) {
        accepted(Constant::new(a), u, v, z)?;
        accepted(Uniform::new(a, b), u, v, z)?;
        accepted(Triangular::new(a, b, c), u, v, z)?;
        accepted(Pert::new(a, b, c, d), u, v, z)?;
        accepted(Normal::new(a, b), u, v, z)?;
        accepted(TruncatedNormal::new(a, b, c, d), u, v, z)?;
        accepted(Lognormal::from_median_sigma(a, b), u, v, z)?;
        accepted(Lognormal::from_percentiles(a, b, c, d), u, v, z)?;
        accepted(Exponential::with_mean(a), u, v, z)?;
        accepted(Exponential::with_rate(a), u, v, z)?;
        accepted(Weibull::new(a, b), u, v, z)?;
        accepted(Discrete::new(&[a, b], &[c, d]), u, v, z)?;
        accepted(Empirical::new(&[a, b, c, d]), u, v, z)?;
    }

    #[test]
    fn ordered_points_make_sound_ranges(mut points in [number(), number(), number()], weight in 1e-3..1e3_f64, u in probability(), v in probability(), z in -38.0..38.0) {
        points.sort_by(f64::total_cmp);
        let [min, mode, max] = points;
        prop_assume!(min < max);
        sound(&Triangular::new(min, mode, max).unwrap().into(), u, v, z)?;
        sound(&Pert::new(min, mode, max, weight).unwrap().into(), u, v, z)?;
        sound(&Uniform::new(min, max).unwrap().into(), u, v, z)?;
    }

    #[test]
    fn shapes_make_sound_distributions(a in shape(), b in shape(), scale in 1e-3..1e3_f64, u in probability(), v in probability(), z in -38.0..38.0) {
        sound(&Beta::on_range(a, b, -scale, scale).unwrap().into(), u, v, z)?;
        sound(&Gamma::new(a, scale).unwrap().into(), u, v, z)?;
        sound(&Weibull::new(a.min(1e4), scale).unwrap().into(), u, v, z)?;
        sound(&Lognormal::from_mu_sigma(b.ln(), (a * 1e-3).min(50.0)).unwrap().into(), u, v, z)?;
    }

    #[test]
    fn counts_are_sound(mean in shape(), trials in 1_u32..100_000, p in 0.0..=1.0_f64, u in probability(), v in probability(), z in -38.0..38.0) {
        sound(&Poisson::new(mean).unwrap().into(), u, v, z)?;
        sound(&Binomial::new(trials, p).unwrap().into(), u, v, z)?;
        prop_assert_eq!(f64::from(poisson_quantile(u, mean)), Distribution::from(Poisson::new(mean).unwrap()).quantile(u));
        prop_assert_eq!(f64::from(binomial_quantile(u, trials, p)), Distribution::from(Binomial::new(trials, p).unwrap()).quantile(u));
    }

    #[test]
    fn evidence_makes_sound_posteriors(failures in 0_u64..1000, more in 0_u64..100_000, exposure in 1e-3..1e6_f64, u in probability(), v in probability(), z in -38.0..38.0) {
        let evidence = FailuresInTrials { failures, trials: failures + more, prior: Prior::Jeffreys };
        sound(&evidence.posterior().unwrap().into(), u, v, z)?;
        let evidence = EventsInExposure { events: failures, exposure, prior: Prior::Uniform };
        sound(&evidence.posterior().unwrap().into(), u, v, z)?;
    }
}
