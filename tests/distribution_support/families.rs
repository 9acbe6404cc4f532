//! Members of every family, ordinary and awkward, and a stream of uniform numbers that never changes.

use golive::distribution::{
    Beta, Binomial, Constant, Discrete, Distribution, Empirical, EventsInExposure, Exponential, FailuresInTrials,
    Gamma, Lognormal, Normal, Pert, Poisson, Prior, Triangular, TruncatedNormal, Uniform, Weibull,
};

/// Name and distribution; every family at least once.
pub fn all() -> Vec<(&'static str, Distribution)> {
    let mut families = continuous();
    families.extend(discrete());
    families
}

/// Families with a density.
pub fn continuous() -> Vec<(&'static str, Distribution)> {
    let posterior = FailuresInTrials { failures: 0, trials: 12, prior: Prior::Jeffreys };
    let rate = EventsInExposure { events: 3, exposure: 90.0, prior: Prior::Jeffreys };
    let infinite = f64::INFINITY;
    vec![
        ("uniform", Uniform::new(-2.0, 5.0).unwrap().into()),
        ("triangular", Triangular::new(1.0, 3.0, 10.0).unwrap().into()),
        ("triangular, mode at min", Triangular::new(0.0, 0.0, 1.0).unwrap().into()),
        ("triangular, mode at max", Triangular::new(0.0, 1.0, 1.0).unwrap().into()),
        ("PERT", Pert::usual(1.0, 3.0, 10.0).unwrap().into()),
        ("PERT, symmetric", Pert::new(-1.0, 0.0, 1.0, 4.0).unwrap().into()),
        ("PERT, mode at min", Pert::usual(0.0, 0.0, 20.0).unwrap().into()),
        ("PERT, sharp", Pert::new(5.0, 6.0, 9.0, 60.0).unwrap().into()),
        ("beta", Beta::on_range(2.3, 0.7, 10.0, 14.0).unwrap().into()),
        ("beta, arcsine", Beta::new(0.5, 0.5).unwrap().into()),
        ("beta, tiny shape", Beta::new(0.03, 2.0).unwrap().into()),
        ("beta, large shapes", Beta::new(5000.0, 700.0).unwrap().into()),
        ("beta posterior", posterior.posterior().unwrap().into()),
        ("normal", Normal::new(3.0, 2.0).unwrap().into()),
        ("truncated normal", TruncatedNormal::new(3.0, 2.0, 0.0, 4.5).unwrap().into()),
        ("truncated normal, tail", TruncatedNormal::new(0.0, 1.0, 6.0, infinite).unwrap().into()),
        ("truncated normal, low tail", TruncatedNormal::new(0.0, 1.0, -9.0, -7.0).unwrap().into()),
        ("lognormal", Lognormal::from_percentiles(0.1, 2.0, 0.9, 9.0).unwrap().into()),
        ("exponential", Exponential::with_mean(4.0).unwrap().into()),
        ("Weibull", Weibull::new(1.7, 12.0).unwrap().into()),
        ("Weibull, small shape", Weibull::new(0.6, 2.0).unwrap().into()),
        ("gamma", Gamma::new(2.5, 3.0).unwrap().into()),
        ("gamma, small shape", Gamma::new(0.5, 1.0).unwrap().into()),
        ("gamma, large shape", Gamma::new(3000.0, 0.01).unwrap().into()),
        ("gamma posterior", rate.posterior().unwrap().into()),
        ("empirical", Empirical::new(&[4.0, 1.0, 9.5, 3.0, 12.0, 2.5]).unwrap().into()),
    ]
}

/// Families of separate values.
pub fn discrete() -> Vec<(&'static str, Distribution)> {
    vec![
        ("constant", Constant::new(7.5).unwrap().into()),
        ("discrete", Discrete::new(&[5.0, 1.0, 2.0, 1.0], &[1.0, 2.0, 4.0, 0.5]).unwrap().into()),
        ("binomial", Binomial::new(20, 0.3).unwrap().into()),
        ("binomial, many trials", Binomial::new(5000, 0.002).unwrap().into()),
        ("Poisson", Poisson::new(3.7).unwrap().into()),
        ("Poisson, large mean", Poisson::new(1234.5).unwrap().into()),
    ]
}

/// Numbers in the open (0, 1): SplitMix64 (Steele, Lea and Flood 2014) on a counter.
pub fn uniforms(seed: u64, count: usize) -> Vec<f64> {
    let mix = |i: u64| {
        let mut z = (seed ^ i).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    (1..=count as u64).map(|i| ((mix(i << 20) >> 12) as f64 + 0.5) / (1_u64 << 52) as f64).collect()
}
