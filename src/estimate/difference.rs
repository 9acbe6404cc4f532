//! Paired differences of two plans on the same iterations.
//!
//! For values 0 and 1 the interval is that of Bonett & Price (2012), "Adjusted Wald confidence interval
//! for a difference of binomial proportions based on paired data", J. Educ. Behav. Stat. 37:479–488: one
//! iteration is added to each kind of disagreement, so that it holds near 0 too. For other counts it is
//! normal.

use super::{Figure, Z};

/// The mean of a − b with its standard error and 95% interval, from the sums of both and the sum of
/// (a − b)² over `n` iterations. `binary` when both only take 0 and 1.
pub fn paired_difference(sum_a: f64, sum_b: f64, squares: f64, n: u64, binary: bool) -> Figure {
    mean_of_differences(sum_a - sum_b, squares, n, binary)
}

/// The same from the sum of the differences and of their squares. `binary` when no difference is beyond −1 to 1, as of
/// a weighted mean of differences of values 0 and 1.
pub fn mean_of_differences(sum: f64, squares: f64, n: u64, binary: bool) -> Figure {
    let total = n as f64;
    let mean = sum / total;
    let variance = (squares / total - mean * mean).max(0.0);
    let standard_error = (variance / total).sqrt();
    if squares == 0.0 {
        // They agree in every iteration: what is left is the chance never seen in n iterations.
        let reach = if binary { Z * Z / (total + Z * Z) } else { 0.0 };
        return Figure::new(0.0, 0.0, [-reach, reach]);
    }
    if !binary {
        return Figure::new(mean, standard_error, [mean - Z * standard_error, mean + Z * standard_error]);
    }
    let (only_a, only_b) = (f64::midpoint(squares, sum), f64::midpoint(squares, -sum));
    let (pa, pb) = ((only_a + 1.0) / (total + 2.0), (only_b + 1.0) / (total + 2.0));
    let centre = pa - pb;
    let half = Z * ((pa + pb - centre * centre) / (total + 2.0)).sqrt();
    Figure::new(mean, standard_error, [(centre - half).max(-1.0), (centre + half).min(1.0)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_published_formula() {
        // n = 40, only a 9, only b 1: p̃ = 10/42 and 2/42; 8/42 ± 1.96·√((12/42 − (8/42)²)/42).
        let f = paired_difference(20.0, 12.0, 10.0, 40, true);
        assert!((f.estimate - 0.2).abs() < 1e-15);
        let half = 1.959_963_984_540_054 * ((12.0 / 42.0 - (8.0f64 / 42.0) * (8.0 / 42.0)) / 42.0).sqrt();
        assert!((f.interval[0] - (8.0 / 42.0 - half)).abs() < 1e-15);
        assert!((f.interval[1] - (8.0 / 42.0 + half)).abs() < 1e-15);
    }

    #[test]
    fn plans_that_never_differ_have_no_error_but_a_bound() {
        let f = paired_difference(7.0, 7.0, 0.0, 1000, true);
        assert_eq!((f.estimate, f.standard_error), (0.0, 0.0));
        assert!(f.interval[1] > 0.0 && f.interval[1] < 0.004);
    }
}
