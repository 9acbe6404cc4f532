//! What news changes: a probability given the news less the probability without it.
//!
//! The given probability comes from the n_s selected of n iterations, the plain one from all n, on the same random
//! numbers. With Y the indicator on condition of the news, Z the plain one, S the selection and π its probability, the
//! estimate D = ȳ_S − z̄ has the influence 1_S(Y − p_S)/π − (Z − p), and so the variance
//!
//! ```text
//! n·Var D = Var(Y|S)/π − 2·Cov(Y, Z|S) + Var Z
//! ```
//!
//! Its interval joins the Wilson intervals of both by "MOVER" with the correlation r of the two estimates (G. Y. Zou and
//! A. Donner, "Construction of confidence limits about effect measures: a general approach", Stat. Med. 27 (2008)
//! 1693–1702; for r = φ and π = 1 it is method 10 of R. G. Newcombe, Stat. Med. 17 (1998) 2635–2650), so that it holds
//! near 0 and 1. Where every iteration is selected it is that of a paired difference.

use super::{Figure, paired_difference, proportion};

/// Iterations in which something held, to compare with news and without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conditional {
    /// Number of iterations.
    pub iterations: u64,
    /// Number of selected ones; at least 1.
    pub selected: u64,
    /// Selected iterations in which it held, on condition of the news.
    pub given: u64,
    /// Iterations in which it held in the plain run.
    pub plain: u64,
    /// Selected iterations in which it held in the plain run.
    pub plain_selected: u64,
    /// Selected iterations in which it held in both.
    pub both: u64,
}

/// The probability given the news less the probability without it.
pub fn conditional_difference(counts: Conditional) -> Figure {
    let Conditional { iterations, selected, given, plain, plain_selected, both } = counts;
    if selected == iterations {
        let squares = (given + plain - 2 * both) as f64;
        return paired_difference(given as f64, plain as f64, squares, iterations, true);
    }
    let (with, without) = (proportion(given, selected), proportion(plain, iterations));
    let (n, n_selected) = (iterations as f64, selected as f64);
    let (p, q) = (with.estimate, without.estimate);
    let covariance = both as f64 / n_selected - p * (plain_selected as f64 / n_selected);
    let (own, other) = (p * (1.0 - p) / n_selected, q * (1.0 - q) / n);
    let variance = (own - 2.0 * covariance / n + other).max(0.0);
    let spread = (own * other).sqrt();
    let r = if spread > 0.0 { (covariance / n / spread).clamp(-1.0, 1.0) } else { 0.0 };
    let reach = |a: f64, b: f64| (a * a + b * b - 2.0 * r * a * b).max(0.0).sqrt();
    let down = reach(p - with.interval[0], without.interval[1] - q);
    let up = reach(with.interval[1] - p, q - without.interval[0]);
    let difference = p - q;
    Figure::new(difference, variance.sqrt(), [(difference - down).max(-1.0), (difference + up).min(1.0)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    /// A run of `n` iterations in which news of probability `pi` makes a probability `with` instead of `without`.
    fn run(seed: u64, n: u64, pi: f64, with: f64, without: f64) -> Conditional {
        let (news, fact) = (Stream::new(seed, "news"), Stream::new(seed, "fact"));
        let mut c = Conditional { iterations: n, selected: 0, given: 0, plain: 0, plain_selected: 0, both: 0 };
        for i in 0..n {
            let selected = news.uniform(i) < pi;
            let held = fact.uniform(i) < if selected { with } else { without };
            c.selected += u64::from(selected);
            c.plain += u64::from(held);
            c.given += u64::from(held && selected);
        }
        c.plain_selected = c.given;
        c.both = c.given;
        c
    }

    #[test]
    fn the_variance_of_selection_is_that_of_two_parts() {
        // By hand: D = (1 − w)(p_S − p_N), of variance (1 − w)²(v_S/n_S + v_N/n_N) + w(1 − w)(p_S − p_N)²/n.
        let c = Conditional { iterations: 1000, selected: 200, given: 150, plain: 350, plain_selected: 150, both: 150 };
        let f = conditional_difference(c);
        let (w, ps, pn) = (0.2, 0.75, 0.25);
        assert!((f.estimate - 0.8 * (ps - pn)).abs() < 1e-15);
        let variance = 0.64 * (ps * (1.0 - ps) / 200.0 + pn * (1.0 - pn) / 800.0) + w * 0.8 * 0.25 / 1000.0;
        assert!((f.standard_error - variance.sqrt()).abs() < 1e-15, "{} {}", f.standard_error, variance.sqrt());
    }

    #[test]
    fn intervals_cover_what_is_true() {
        for (pi, with, without) in [(0.1, 0.9, 0.2), (0.05, 0.99, 0.97), (0.3, 0.002, 0.01)] {
            let exact = (1.0 - pi) * (with - without);
            let covered = (0..1000)
                .filter(|seed| {
                    let [low, high] = conditional_difference(run(*seed, 4000, pi, with, without)).interval;
                    (low..=high).contains(&exact)
                })
                .count();
            // 95% of 1000, and a binomial standard deviation of 6.9; score intervals may cover more.
            assert!(covered >= 919, "{covered} of 1000 at {pi}, {with}, {without}");
            if with - without > 0.5 {
                // Planted fault: the difference to the other iterations, not to all.
                let covers = |seed: &u64| {
                    let [low, high] = conditional_difference(run(*seed, 4000, pi, with, without)).interval;
                    (low..=high).contains(&(with - without))
                };
                assert!((0..1000).filter(covers).count() < 100);
            }
        }
    }

    #[test]
    fn where_all_are_selected_it_is_a_paired_difference() {
        let c = Conditional { iterations: 40, selected: 40, given: 20, plain: 12, plain_selected: 12, both: 11 };
        assert_eq!(conditional_difference(c), paired_difference(20.0, 12.0, 10.0, 40, true));
    }

    #[test]
    fn nothing_seen_leaves_a_bound() {
        let c = Conditional { iterations: 1000, selected: 500, given: 0, plain: 0, plain_selected: 0, both: 0 };
        let f = conditional_difference(c);
        assert_eq!((f.estimate, f.standard_error), (0.0, 0.0));
        assert!(f.interval[0] < 0.0 && f.interval[1] > 0.0 && f.interval[1] < 0.01);
    }
}
