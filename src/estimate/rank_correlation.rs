//! Spearman's rank correlation, with Fisher's interval.
//!
//! Source: D. G. Bonett and T. A. Wright (2000), "Sample size requirements for estimating Pearson, Kendall and
//! Spearman correlations", Psychometrika 65:23–28: the variance of artanh r is (1 + r²/2) / (n − 3).

use super::{Figure, Z};
use crate::math;

/// The rank correlation of two lists; equal values share the mean of their ranks. `None` when one of them does not
/// vary, or with fewer than 10 pairs.
pub fn rank_correlation(x: &[f64], y: &[f64]) -> Option<Figure> {
    debug_assert_eq!(x.len(), y.len());
    let n = x.len();
    if n < 10 {
        return None;
    }
    let (x, y) = (ranks(x), ranks(y));
    let middle = (n as f64 + 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - middle) * (b - middle)).sum::<f64>();
    let (xx, yy, xy) = (product(&x, &x), product(&y, &y), product(&x, &y));
    if xx == 0.0 || yy == 0.0 {
        return None;
    }
    let r = xy / (xx * yy).sqrt();
    let standard = ((1.0 + r * r / 2.0) / (n as f64 - 3.0)).sqrt();
    if r.abs() >= 1.0 {
        return Some(Figure::new(r, 0.0, [r, r]));
    }
    let z = 0.5 * (math::ln_1p(r) - math::ln_1p(-r));
    let interval = [math::tanh(z - Z * standard), math::tanh(z + Z * standard)];
    Some(Figure::new(r, (1.0 - r * r) * standard, interval))
}

/// Ranks from 1, equal values with the mean of theirs.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut at = 0;
    while at < order.len() {
        let mut end = at + 1;
        while end < order.len() && values[order[end]] == values[order[at]] {
            end += 1;
        }
        let rank = (at + 1 + end) as f64 / 2.0;
        order[at..end].iter().for_each(|i| ranks[*i] = rank);
        at = end;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_a_worked_example() {
        // Kendall & Gibbons (1990), Rank Correlation Methods, table 1.1: mathematics and music, ρ = 1 − 6·Σd²/(n³ − n).
        let mathematics = [7.0, 4.0, 3.0, 10.0, 6.0, 2.0, 9.0, 8.0, 1.0, 5.0];
        let music = [5.0, 7.0, 3.0, 10.0, 1.0, 9.0, 6.0, 2.0, 8.0, 4.0];
        let squares: f64 = mathematics.iter().zip(music).map(|(a, b)| (a - b) * (a - b)).sum();
        let r = rank_correlation(&mathematics, &music).unwrap();
        assert!((r.estimate - (1.0 - 6.0 * squares / 990.0)).abs() < 1e-12);
        assert!(r.interval[0] < r.estimate && r.estimate < r.interval[1]);
    }

    #[test]
    fn equal_values_share_their_ranks() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        assert!(rank_correlation(&[1.0; 20], &[2.0; 20]).is_none());
        let x: Vec<f64> = (0..20).map(f64::from).collect();
        assert_eq!(rank_correlation(&x, &x).unwrap().estimate, 1.0);
    }
}
