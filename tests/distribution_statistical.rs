//! Kolmogorov–Smirnov tests with fixed seeds: our quantiles against our distribution functions, and against the
//! samplers of `rand_distr`, which were written by others. Every comparison has a twin with a planted fault that must
//! fail, so a test that cannot see is noticed.
#![expect(clippy::disallowed_methods, reason = "the platform's functions are the independent check")]

mod distribution_support;

use distribution_support::{families, tolerance};
use golive::distribution::{
    Beta, Binomial, Discrete, Distribution, Exponential, Gamma, Lognormal, Normal, Pert, Poisson, Triangular,
    TruncatedNormal, Uniform, Weibull, binomial_quantile, poisson_quantile,
};
use rand::SeedableRng;
use rand::distr::Distribution as _;
use rand::rngs::StdRng;

const COUNT: usize = 40_000;

/// Critical value of √n D at the chosen level: √(−½ ln(α/2)) (Smirnov 1948, first term; safe for large n).
fn critical() -> f64 {
    (-0.5 * (tolerance::KS_ALPHA / 2.0).ln()).sqrt()
}

fn sorted(mut sample: Vec<f64>) -> Vec<f64> {
    sample.sort_by(f64::total_cmp);
    sample
}

/// √n times the greatest distance between the sample's distribution function and `cdf`.
fn one_sample(sample: Vec<f64>, d: &Distribution) -> f64 {
    let sample = sorted(sample);
    let n = sample.len() as f64;
    let mut greatest = 0.0_f64;
    let mut i = 0;
    while i < sample.len() {
        let x = sample[i];
        let less = i as f64 / n;
        while i < sample.len() && sample[i] == x {
            i += 1;
        }
        let cdf = d.cdf(x);
        greatest = greatest.max((i as f64 / n - cdf).abs());
        if !d.is_discrete() {
            greatest = greatest.max((cdf - less).abs());
        }
    }
    greatest * n.sqrt()
}

/// √(nm/(n+m)) times the greatest distance between two samples' distribution functions; ties count once.
fn two_samples(a: Vec<f64>, b: Vec<f64>) -> f64 {
    let (a, b) = (sorted(a), sorted(b));
    let (n, m) = (a.len() as f64, b.len() as f64);
    let (mut i, mut j) = (0, 0);
    let mut greatest = 0.0_f64;
    while i < a.len() && j < b.len() {
        let x = a[i].min(b[j]);
        while i < a.len() && a[i] <= x {
            i += 1;
        }
        while j < b.len() && b[j] <= x {
            j += 1;
        }
        greatest = greatest.max((i as f64 / n - j as f64 / m).abs());
    }
    greatest * (n * m / (n + m)).sqrt()
}

fn drawn(d: &Distribution, seed: u64) -> Vec<f64> {
    let mut u = families::uniforms(seed, COUNT);
    d.quantile_block(&mut u);
    u
}

#[test]
fn quantiles_follow_their_own_distribution_function() {
    for (i, (name, d)) in families::all().into_iter().enumerate() {
        let statistic = one_sample(drawn(&d, 0x51ee_d000 + i as u64), &d);
        assert!(statistic < critical(), "{name}: {statistic}");
    }
}

#[test]
fn a_distorted_uniform_stream_is_noticed_in_every_family() {
    for (i, (name, d)) in families::all().into_iter().enumerate() {
        if name == "constant" {
            continue;
        }
        let mut u: Vec<f64> =
            families::uniforms(0xbad + i as u64, COUNT).into_iter().map(|u| u * u.sqrt().sqrt()).collect();
        d.quantile_block(&mut u);
        let statistic = one_sample(u, &d);
        assert!(statistic > critical(), "{name}: {statistic}");
    }
}

/// Ours, the same by `rand_distr`, and ours with a fault.
struct Twin {
    name: &'static str,
    ours: Distribution,
    faulty: Distribution,
    theirs: Vec<f64>,
}

fn sampled(seed: u64, sampler: impl rand::distr::Distribution<f64>) -> Vec<f64> {
    sampler.sample_iter(StdRng::seed_from_u64(seed)).take(COUNT).collect()
}

fn twin(name: &'static str, ours: impl Into<Distribution>, faulty: impl Into<Distribution>, theirs: Vec<f64>) -> Twin {
    Twin { name, ours: ours.into(), faulty: faulty.into(), theirs }
}

fn twins() -> Vec<Twin> {
    let weights = rand::distr::weighted::WeightedIndex::new([1.0, 2.0, 4.0]).unwrap();
    let listed = weights.sample_iter(StdRng::seed_from_u64(14)).take(COUNT).map(|i| [5.0, 1.0, 2.0][i]).collect();
    let inside = rand_distr::Normal::new(3.0, 2.0).unwrap().sample_iter(StdRng::seed_from_u64(15));
    let truncated = inside.filter(|x| (0.0..=4.5).contains(x)).take(COUNT).collect();
    let pert = rand_distr::Pert::new(1.0, 10.0).with_mode(3.0).unwrap();
    vec![
        twin(
            "uniform",
            Uniform::new(-2.0, 5.0).unwrap(),
            Uniform::new(-2.0, 5.6).unwrap(),
            sampled(1, rand::distr::Uniform::new(-2.0, 5.0).unwrap()),
        ),
        twin(
            "triangular",
            Triangular::new(1.0, 3.0, 10.0).unwrap(),
            Triangular::new(1.0, 3.6, 10.0).unwrap(),
            sampled(2, rand_distr::Triangular::new(1.0, 10.0, 3.0).unwrap()),
        ),
        twin("PERT", Pert::usual(1.0, 3.0, 10.0).unwrap(), Pert::new(1.0, 3.0, 10.0, 5.0).unwrap(), sampled(3, pert)),
        twin(
            "beta",
            Beta::new(2.3, 0.7).unwrap(),
            Beta::new(2.1, 0.7).unwrap(),
            sampled(4, rand_distr::Beta::new(2.3, 0.7).unwrap()),
        ),
        twin(
            "beta, small shapes",
            Beta::new(0.5, 0.3).unwrap(),
            Beta::new(0.45, 0.3).unwrap(),
            sampled(5, rand_distr::Beta::new(0.5, 0.3).unwrap()),
        ),
        twin(
            "normal",
            Normal::new(3.0, 2.0).unwrap(),
            Normal::new(3.0, 2.2).unwrap(),
            sampled(6, rand_distr::Normal::new(3.0, 2.0).unwrap()),
        ),
        twin(
            "lognormal",
            Lognormal::from_mu_sigma(1.0, 0.5).unwrap(),
            Lognormal::from_mu_sigma(1.0, 0.55).unwrap(),
            sampled(7, rand_distr::LogNormal::new(1.0, 0.5).unwrap()),
        ),
        twin(
            "exponential",
            Exponential::with_mean(4.0).unwrap(),
            Exponential::with_rate(0.225).unwrap(),
            sampled(8, rand_distr::Exp::new(0.25).unwrap()),
        ),
        twin(
            "Weibull",
            Weibull::new(1.7, 12.0).unwrap(),
            Weibull::new(1.87, 12.0).unwrap(),
            sampled(9, rand_distr::Weibull::new(12.0, 1.7).unwrap()),
        ),
        twin(
            "gamma",
            Gamma::new(2.5, 3.0).unwrap(),
            Gamma::new(2.65, 3.0).unwrap(),
            sampled(10, rand_distr::Gamma::new(2.5, 3.0).unwrap()),
        ),
        twin(
            "gamma, small shape",
            Gamma::new(0.5, 1.0).unwrap(),
            Gamma::new(0.55, 1.0).unwrap(),
            sampled(11, rand_distr::Gamma::new(0.5, 1.0).unwrap()),
        ),
        twin(
            "Poisson",
            Poisson::new(3.7).unwrap(),
            Poisson::new(3.85).unwrap(),
            sampled(12, rand_distr::Poisson::new(3.7).unwrap()),
        ),
        twin(
            "Poisson, large mean",
            Poisson::new(1234.5).unwrap(),
            Poisson::new(1238.5).unwrap(),
            sampled(16, rand_distr::Poisson::new(1234.5).unwrap()),
        ),
        twin(
            "binomial",
            Binomial::new(20, 0.3).unwrap(),
            Binomial::new(20, 0.31).unwrap(),
            rand_distr::Binomial::new(20, 0.3)
                .unwrap()
                .sample_iter(StdRng::seed_from_u64(13))
                .take(COUNT)
                .map(|k| k as f64)
                .collect(),
        ),
        twin(
            "discrete",
            Discrete::new(&[5.0, 1.0, 2.0], &[1.0, 2.0, 4.0]).unwrap(),
            Discrete::new(&[5.0, 1.0, 2.0], &[1.0, 2.0, 3.4]).unwrap(),
            listed,
        ),
        twin(
            "truncated normal",
            TruncatedNormal::new(3.0, 2.0, 0.0, 4.5).unwrap(),
            TruncatedNormal::new(3.3, 2.0, 0.0, 4.5).unwrap(),
            truncated,
        ),
    ]
}

#[test]
fn quantiles_agree_with_independent_samplers() {
    for (i, twin) in twins().into_iter().enumerate() {
        let statistic = two_samples(drawn(&twin.ours, 0xa9ee + i as u64), twin.theirs);
        assert!(statistic < critical(), "{}: {statistic}", twin.name);
    }
}

#[test]
fn planted_faults_disagree_with_independent_samplers() {
    for (i, twin) in twins().into_iter().enumerate() {
        let statistic = two_samples(drawn(&twin.faulty, 0xa9ee + i as u64), twin.theirs);
        assert!(statistic > critical(), "{}: {statistic}", twin.name);
    }
}

#[test]
fn count_quantiles_agree_with_independent_samplers_and_faults_do_not() {
    let u = families::uniforms(77, COUNT);
    for (i, mean) in [0.7, 3.0, 14.0, 90.0].into_iter().enumerate() {
        let theirs = sampled(100 + i as u64, rand_distr::Poisson::new(mean).unwrap());
        let ours = |mean: f64| u.iter().map(|&u| f64::from(poisson_quantile(u, mean))).collect::<Vec<_>>();
        assert!(two_samples(ours(mean), theirs.clone()) < critical(), "Poisson {mean}");
        assert!(two_samples(ours(mean + 0.15 * f64::sqrt(mean)), theirs) > critical(), "Poisson fault {mean}");
        let p = mean / 150.0;
        let sampler = rand_distr::Binomial::new(150, p).unwrap();
        let theirs: Vec<f64> =
            sampler.sample_iter(StdRng::seed_from_u64(200 + i as u64)).take(COUNT).map(|k| k as f64).collect();
        let ours = |p: f64| u.iter().map(|&u| f64::from(binomial_quantile(u, 150, p))).collect::<Vec<_>>();
        assert!(two_samples(ours(p), theirs.clone()) < critical(), "binomial {p}");
        assert!(two_samples(ours(p * (1.0 + 0.15 / f64::sqrt(mean))), theirs) > critical(), "binomial fault {p}");
    }
}

#[test]
fn sampling_through_rand_follows_the_distribution() {
    let d: Distribution = Pert::usual(1.0, 3.0, 10.0).unwrap().into();
    let sample: Vec<f64> = (&d).sample_iter(StdRng::seed_from_u64(5)).take(COUNT).collect();
    assert!(one_sample(sample, &d) < critical());
}
