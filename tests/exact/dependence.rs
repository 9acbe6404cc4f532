//! Correlated risks, correlations that contradict each other, shared drivers.
//!
//! Each risk costs a power of ten, so that the cost of an iteration says which of them occurred.

use golive::oracle::{Finite, all_three_with_half, both, one_factor, rank_to_latent};

use super::check::{Run, all_hold, distribution, some_refused};

const N: u64 = 400_000;

/// Two risks by cost: 1 and 10 units, with a joint probability.
fn pair(p: f64, q: f64, joint: f64, unit: i64) -> Finite<i64> {
    Finite::of([(11 * unit, joint), (unit, p - joint), (10 * unit, q - joint), (0, 1.0 - p - q + joint)])
}

#[test]
fn two_risks_with_a_rank_correlation() {
    let costs = Run::of("correlation", N).costs();
    let exact = |latent: [f64; 2]| {
        let even = pair(0.5, 0.5, both(0.5, 0.5, latent[0]), 1);
        let uneven = pair(0.2, 0.3, both(0.2, 0.3, latent[1]), 100);
        even.with(&uneven).map(|(a, b)| a + b)
    };
    let latent = [0.6, -0.5].map(rank_to_latent);
    all_hold(&distribution(&costs, &exact(latent)));
    // Planted faults: independent; the wrong sign; the rank taken for the latent correlation.
    some_refused(&distribution(&costs, &exact([0.0, 0.0])));
    some_refused(&distribution(&costs, &exact([latent[0], -latent[1]])));
    let n = 1_000_000;
    let many = Run::of("correlation", n).costs();
    all_hold(&distribution(&many, &exact(latent)));
    some_refused(&distribution(&many, &exact([0.6, -0.5])));
}

#[test]
fn contradicting_correlations_are_repaired_to_the_nearest() {
    let costs = Run::of("contradiction", N).costs();
    let agree = all_three_with_half([-0.5; 3]);
    assert!(agree.abs() < 1e-15);
    let patterns = [1, 10, 100, 11, 101, 110];
    all_hold(&distribution(&costs, &Finite::equally(patterns)));
    // Planted faults: correlations dropped; shrunk to −0.4.
    let pattern = |agree: f64| {
        let rest = (1.0 - 2.0 * agree) / 6.0;
        let differ = patterns.iter().map(|c| (*c, rest));
        Finite::of([(0, agree), (111, agree)].into_iter().chain(differ))
    };
    some_refused(&distribution(&costs, &pattern(0.125)));
    some_refused(&distribution(&costs, &pattern(all_three_with_half([-0.4; 3]))));
}

#[test]
fn a_shared_driver_moves_all_that_load_on_it() {
    let costs = Run::of("driver", N).costs();
    let exact = |loadings: [f64; 3]| {
        let p = [0.2, 0.3, 0.5];
        // A risk that does not occur: its complement, with the opposite loading.
        let patterns = (0..8_u32).map(|pattern| {
            let members: Vec<(f64, f64)> = (0..3)
                .map(|i| if pattern >> i & 1 == 1 { (p[i], loadings[i]) } else { (1.0 - p[i], -loadings[i]) })
                .collect();
            let cost: i64 = (0..3).map(|i| i64::from(pattern >> i & 1) * 10_i64.pow(i)).sum();
            (cost, one_factor(&members))
        });
        Finite::of(patterns)
    };
    all_hold(&distribution(&costs, &exact([0.8, 0.6, -0.5])));
    // Planted faults: no driver; all the same way; loadings taken for correlations with each other.
    some_refused(&distribution(&costs, &exact([0.0; 3])));
    some_refused(&distribution(&costs, &exact([0.8, 0.6, 0.5])));
    some_refused(&distribution(&costs, &exact([0.64, 0.36, -0.25])));
}
