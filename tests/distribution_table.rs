//! Tabulated quantiles against the exact inverse: the stated error bound, at every place where it could be exceeded.
#![expect(clippy::disallowed_methods, reason = "the platform's functions are the independent check")]

mod distribution_support;

use distribution_support::{families, tolerance};
use golive::distribution::{Beta, Distribution, Gamma, Pert};
use golive::math;

/// Error of a beta quantile, over what is allowed.
fn beta_excess(got: f64, (x, co_x): (f64, f64)) -> f64 {
    let near = x.min(co_x.max(1e-12));
    let allowed = tolerance::TABLE * near + tolerance::ROUNDINGS * x;
    if x < 1e-200 { 0.0 } else { (got - x).abs() / allowed }
}

#[test]
fn tabulated_beta_quantiles_keep_the_stated_bound() {
    let shapes = [0.02, 0.1, 0.3, 0.5, 1.0, 1.1, 1.9, 2.5, 3.0, 4.9, 12.5, 300.0, 20_000.0];
    let u = families::uniforms(8, 300);
    for a in shapes {
        for b in shapes {
            let d: Distribution = Beta::new(a, b).unwrap().into();
            for (i, &v) in u.iter().enumerate() {
                let p = if i % 2 == 0 { 0.5 * v } else { 0.5 * v.powi(1 + i as i32 % 20) };
                let low = math::inverse_incomplete_beta(a, b, p);
                assert!(beta_excess(d.quantile(p), low) <= 1.0, "Beta({a}, {b}) at {p}: {} {}", d.quantile(p), low.0);
                let u = 1.0 - p;
                if u < 1.0 {
                    let (co_x, x) = math::inverse_incomplete_beta(b, a, 1.0 - u);
                    assert!(beta_excess(d.quantile(u), (x, co_x)) <= 1.0, "Beta({a}, {b}) at {u}");
                }
                let z = 12.0 * (v - 0.5);
                let tails = math::normal_tails(z);
                let exact = if z < 0.0 {
                    math::inverse_incomplete_beta(a, b, tails.below)
                } else {
                    let (co_x, x) = math::inverse_incomplete_beta(b, a, tails.above);
                    (x, co_x)
                };
                assert!(beta_excess(d.quantile_at_normal(z), exact) <= 1.0, "Beta({a}, {b}) at z {z}");
            }
        }
    }
}

#[test]
fn tabulated_gamma_quantiles_keep_the_stated_bound() {
    let u = families::uniforms(9, 2000);
    for shape in [0.02, 0.1, 0.3, 0.5, 1.0, 1.1, 2.5, 12.5, 300.0, 20_000.0] {
        let d: Distribution = Gamma::new(shape, 3.0).unwrap().into();
        for (i, &v) in u.iter().enumerate() {
            let p = if i % 2 == 0 { 0.5 * v } else { 0.5 * v.powi(1 + i as i32 % 20) };
            for (got, want) in [
                (d.quantile(p), 3.0 * math::inverse_lower_gamma(shape, p)),
                (d.quantile_of_tails(1.0 - p, p), 3.0 * math::inverse_upper_gamma(shape, p)),
            ] {
                let good = want < 1e-200 || (got / want - 1.0).abs() <= tolerance::TABLE + tolerance::ROUNDINGS;
                assert!(good, "Gamma({shape}) at {p}: {got} {want}");
            }
        }
    }
}

#[test]
fn pert_tables_keep_the_bound_for_any_mode() {
    let u = families::uniforms(10, 400);
    for i in 0..=40 {
        let mode = f64::from(i) / 40.0;
        let d: Distribution = Pert::usual(0.0, mode, 1.0).unwrap().into();
        let (a, b) = (1.0 + 4.0 * mode, 1.0 + 4.0 * (1.0 - mode));
        for &u in &u {
            let exact = if u < 0.5 {
                math::inverse_incomplete_beta(a, b, u)
            } else {
                let (co_x, x) = math::inverse_incomplete_beta(b, a, 1.0 - u);
                (x, co_x)
            };
            assert!(beta_excess(d.quantile(u), exact) <= 1.0, "mode {mode}, u {u}");
        }
    }
}
