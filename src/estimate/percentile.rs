//! Percentiles by order statistics, with distribution-free intervals.
//!
//! The q-percentile of n iterations is the order statistic of rank ⌈nq⌉. The number of iterations
//! at or below the true percentile is Binomial(n, q), so ranks `low` and `high` with
//! P(low ≤ B < high) ≥ 95% bound it whatever the distribution (David & Nagaraja 2003, *Order
//! Statistics*, §7.1). The ranks come from the exact binomial distribution for small n and from its
//! normal approximation, widened by one rank, for large n, where the two agree to less than a rank.

use super::Z;

/// Ranks (1-based) of an order statistic and of the ends of its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// Rank of the percentile itself.
    pub at: u64,
    /// Rank of the lower end; 0 when the interval is open below.
    pub low: u64,
    /// Rank of the upper end; `n + 1` when the interval is open above.
    pub high: u64,
}

/// ⌈n·q⌉, robust against the rounding of `n·q` (0.8 · 10 is 8, not 9), and at least 1.
pub fn percentile_rank(n: u64, q: f64) -> u64 {
    let exact = n as f64 * q;
    let near = exact.round();
    let rank = if (exact - near).abs() < 1e-9 * n.max(1) as f64 { near } else { exact.ceil() };
    (rank as u64).clamp(1, n.max(1))
}

/// The rank of the q-percentile of `n` iterations and of its 95% interval.
pub fn rank_interval(n: u64, q: f64) -> Rank {
    let at = percentile_rank(n, q);
    if n <= 1000 {
        let (low, high) = exact_ranks(n, q);
        return Rank { at, low, high };
    }
    let centre = n as f64 * q;
    let half = Z * (n as f64 * q * (1.0 - q)).sqrt();
    let low = (centre - half).floor().max(0.0) as u64;
    let high = (centre + half).ceil() as u64 + 1;
    Rank { at, low, high: high.min(n + 1) }
}

/// The largest `low` with P(B < low) ≤ 2.5% and the smallest `high` with P(B ≥ high) ≤ 2.5%.
fn exact_ranks(n: u64, q: f64) -> (u64, u64) {
    let tail = (1.0 - super::CONFIDENCE) / 2.0;
    let log_choose_ratio = |k: u64| crate::math::ln((n - k) as f64 / (k + 1) as f64);
    let (ln_q, ln_p) = (crate::math::ln(q), crate::math::ln(1.0 - q));
    let mut ln_term = n as f64 * ln_p;
    let mut below = 0.0;
    let (mut low, mut high) = (0, n + 1);
    for k in 0..=n {
        // `below` is P(B < k) here.
        if below <= tail {
            low = k;
        }
        if 1.0 - below <= tail {
            high = k;
            break;
        }
        below += crate::math::exp(ln_term);
        if k < n {
            ln_term += log_choose_ratio(k) + ln_q - ln_p;
        }
    }
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_the_ceiling() {
        assert_eq!(percentile_rank(10, 0.8), 8);
        assert_eq!(percentile_rank(10, 0.81), 9);
        assert_eq!(percentile_rank(3, 0.1), 1);
        assert_eq!(percentile_rank(1_000_000, 0.95), 950_000);
    }

    #[test]
    fn exact_ranks_match_tables() {
        // Median of n = 20: ranks 6 and 15 cover 95.9% (Conover 1999, table A3).
        let r = rank_interval(20, 0.5);
        assert_eq!((r.low, r.high), (6, 15));
        // Too few iterations for a bound: open at that end.
        assert_eq!(rank_interval(5, 0.95).high, 6);
    }

    #[test]
    fn the_approximation_continues_the_exact_ranks() {
        for q in [0.1, 0.5, 0.9] {
            let (low, high) = exact_ranks(1000, q);
            let centre = 1000.0 * q;
            let half = Z * (1000.0 * q * (1.0 - q)).sqrt();
            assert!((low as f64 - (centre - half)).abs() <= 2.0, "{low} {q}");
            assert!((high as f64 - (centre + half)).abs() <= 2.0, "{high} {q}");
        }
    }
}
