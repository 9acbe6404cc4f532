//! Every family against itself: density, distribution function, quantile, moments, blocks.
#![expect(clippy::disallowed_methods, reason = "the platform's functions are the independent check")]

mod distribution_support;

use distribution_support::{families, tolerance};
use golive::distribution::Distribution;
use golive::math;

/// Nodes and weights of the 8-point Gauss–Legendre rule (Abramowitz and Stegun 25.4.30).
const GAUSS: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_27),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];

fn integral(f: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
    GAUSS.iter().map(|(x, w)| w * (f(middle - half * x) + f(middle + half * x))).sum::<f64>() * half
}

/// ∫₀¹ f(Q(u)) du by the double-exponential rule (Takahasi and Mori 1974), which both tails reach.
fn expectation(d: &Distribution, f: impl Fn(f64) -> f64) -> f64 {
    let step = 1.0 / 1024.0;
    let mut sum = 0.0;
    for i in -5000..=5000 {
        let t = f64::from(i) * step;
        let s = std::f64::consts::PI * t.sinh();
        let (below, above) = (1.0 / (1.0 + (-s).exp()), 1.0 / (1.0 + s.exp()));
        if below < 1e-300 || above < 1e-300 {
            continue;
        }
        sum += f(d.quantile_of_tails(below, above)) * below * above * std::f64::consts::PI * t.cosh();
    }
    sum * step
}

/// Probabilities over the whole range, dense in the tails.
fn probabilities() -> Vec<f64> {
    let mut all: Vec<f64> = (1..400).map(|i| f64::from(i) / 400.0).collect();
    all.extend((2..45).map(|k| 2f64.powi(-k) * 0.77));
    all.extend((2..45).map(|k| 1.0 - 2f64.powi(-k) * 0.77));
    all
}

#[test]
fn distribution_function_undoes_the_quantile() {
    for (name, d) in families::continuous() {
        for u in probabilities() {
            let x = d.quantile(u);
            // At an end of the support, or where x has run out of digits, or nearly out of exponents, there is
            // nothing to undo.
            let resolution = 4.0 * f64::EPSILON * x.abs() * d.density(x);
            if !resolution.is_finite() || (x != 0.0 && x.abs() < 1e-290) || x == d.support().0 || x == d.support().1 {
                continue;
            }
            let slack = tolerance::ROUND_TRIP * u.min(1.0 - u) + tolerance::ROUND_TRIP_ABSOLUTE + resolution;
            assert!((d.cdf(x) - u).abs() <= slack, "{name}: u {u}, x {x}, back {}", d.cdf(x));
        }
    }
}

#[test]
fn discrete_quantile_is_the_least_value_that_reaches_u() {
    for (name, d) in families::discrete() {
        for u in probabilities() {
            let x = d.quantile(u);
            assert!(d.density(x) > 0.0, "{name}: {x} cannot occur");
            assert!(d.cdf(x) >= u * (1.0 - 1e-13), "{name}: u {u}");
            let before = d.cdf(x) - d.density(x);
            assert!(before <= u + 1e-13, "{name}: u {u} is reached before {x}: {before}");
        }
    }
}

#[test]
fn density_integrates_to_the_distribution_function() {
    for (name, d) in families::continuous() {
        for i in 1..199 {
            let (low, high) = (d.quantile(f64::from(i) / 200.0), d.quantile(f64::from(i + 1) / 200.0));
            let corner = |x: f64| low < x && x < high;
            let corners = match name {
                "triangular" => vec![3.0],
                "empirical" => vec![1.0, 2.5, 3.0, 4.0, 9.5, 12.0],
                _ => vec![],
            };
            // A density that runs over many magnitudes in one percentile is integrated in ln x instead.
            if corners.into_iter().any(corner) || high > 1.05 * low.abs() && name.contains("tiny") {
                continue;
            }
            let inside = integral(|x| d.density(x), low, high);
            let want = d.cdf(high) - d.cdf(low);
            assert!((inside - want).abs() < tolerance::DENSITY_INTEGRAL, "{name}: {low} to {high}: {inside} {want}");
        }
    }
}

#[test]
fn moments_agree_with_quadrature_of_the_quantile() {
    for (name, d) in families::continuous() {
        let mean = expectation(&d, |x| x);
        let variance = expectation(&d, |x| (x - mean) * (x - mean));
        let corners = name.starts_with("triangular") || name == "empirical" || name.starts_with("uniform");
        let limit = if corners { tolerance::MOMENT_WITH_CORNERS } else { tolerance::MOMENT };
        let (sd, want) = (d.variance().sqrt(), d.mean());
        assert!((mean - want).abs() < limit * (want.abs() + sd), "{name}: mean {mean}, stated {want}");
        assert!(
            (variance / d.variance() - 1.0).abs() < limit * 10.0,
            "{name}: variance {variance}, stated {}",
            d.variance()
        );
    }
}

#[test]
fn moments_agree_with_sums_over_separate_values() {
    for (name, d) in families::discrete() {
        let (low, high) = (d.support().0, d.support().1.min(3000.0));
        let values: Vec<f64> = (0..).map(|i| low + f64::from(i) * 0.5).take_while(|x| *x <= high).collect();
        let total: f64 = values.iter().map(|&x| d.density(x)).sum();
        let mean: f64 = values.iter().map(|&x| x * d.density(x)).sum();
        let variance: f64 = values.iter().map(|&x| (x - mean).powi(2) * d.density(x)).sum();
        assert!((total - 1.0).abs() < 1e-12, "{name}: {total}");
        assert!((mean - d.mean()).abs() < 1e-12 * (1.0 + d.mean().abs()), "{name}: {mean}");
        assert!((variance - d.variance()).abs() < 1e-11 * (1.0 + d.variance()), "{name}: {variance}");
    }
}

#[test]
fn blocks_have_the_bits_of_single_quantiles() {
    let mut u = families::uniforms(3, 5000);
    u.extend([1e-300, 1e-17, 1e-9, 0.25, 0.5, 0.75, 1.0 - 1e-9, 1.0 - f64::EPSILON / 2.0, 0.075, 0.925]);
    for (name, d) in families::all() {
        for length in [0, 1, 63, 64, 65, u.len()] {
            let mut block = u[u.len() - length..].to_vec();
            d.quantile_block(&mut block);
            for (&u, x) in u[u.len() - length..].iter().zip(block) {
                assert_eq!(x.to_bits(), d.quantile(u).to_bits(), "{name}: u {u}");
            }
            let at: Vec<f64> = u[..length].iter().map(|u| 12.0 * (u - 0.5)).collect();
            let mut block = at.clone();
            d.quantile_at_normal_block(&mut block);
            for (&z, x) in at.iter().zip(block) {
                assert_eq!(x.to_bits(), d.quantile_at_normal(z).to_bits(), "{name}: z {z}");
            }
        }
    }
}

#[test]
fn quantile_at_normal_is_the_quantile_of_phi() {
    for (name, d) in families::continuous() {
        for i in -120..=120 {
            let z = f64::from(i) * 0.0625 + 0.001;
            let tails = math::normal_tails(z);
            let (got, want) = (d.quantile_at_normal(z), d.quantile_of_tails(tails.below, tails.above));
            let (low, high) = d.support();
            let near = (want - low).min(high - want).min(want.abs().max(1e-300));
            let slack =
                2.5 * tolerance::TABLE * near + tolerance::ROUNDINGS * 40.0 * (want.abs() + d.variance().sqrt());
            assert!((got - want).abs() <= slack, "{name}: z {z}, {got} against {want}");
        }
    }
}

#[test]
fn quantile_at_normal_reaches_far_into_both_tails() {
    for (name, d) in families::all() {
        let mut last = f64::NEG_INFINITY;
        for i in -148..=148 {
            let x = d.quantile_at_normal(f64::from(i) * 0.25);
            assert!(!x.is_nan() && x >= last, "{name}: {x} after {last} at z {}", f64::from(i) * 0.25);
            last = x;
        }
    }
}

#[test]
fn quantiles_do_not_decrease() {
    for (name, d) in families::all() {
        let mut last = f64::NEG_INFINITY;
        for i in 1..(1 << 17) {
            let u = f64::from(i) / f64::from(1 << 17);
            let x = d.quantile(u);
            assert!(x >= last, "{name}: {x} after {last} at u {u}");
            last = x;
        }
    }
}

/// Size of the numbers that a value was computed from: its own, and that of the ends of the support.
fn size(d: &Distribution, value: f64) -> f64 {
    let (low, high) = d.support();
    [low, high, value].into_iter().filter(|v| v.is_finite()).fold(0.0, |most, v| v.abs().max(most))
}

/// Both sides of every point where one piece of a table may end: multiples of 1/32 of every octave, both tails.
#[test]
fn quantiles_do_not_decrease_across_pieces() {
    for (name, d) in families::all() {
        for octave in 1..40 {
            for part in 0..32 {
                let edge = 2f64.powi(-octave) * (1.0 + f64::from(part) / 32.0);
                for edge in [edge, 1.0 - edge] {
                    if edge <= 0.0 || edge >= 1.0 {
                        continue;
                    }
                    let (before, at) = (d.quantile(edge.next_down()), d.quantile(edge));
                    let slack = tolerance::NEIGHBOURS_ULP * f64::EPSILON * size(&d, before);
                    assert!(at >= before - slack, "{name}: {at} after {before} at u {edge}");
                }
            }
        }
        for i in -160..=160 {
            let z = f64::from(i) / 32.0;
            let (before, at) = (d.quantile_at_normal(z.next_down()), d.quantile_at_normal(z));
            let slack = tolerance::NEIGHBOURS_ULP * f64::EPSILON * size(&d, before);
            assert!(at >= before - slack, "{name}: {at} after {before} at z {z}");
        }
    }
}
