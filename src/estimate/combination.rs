//! Linear combinations of what was counted in the same iterations.
//!
//! A combination takes one value an iteration, whose mean and variance follow from its sum and the sum of its squares.
//! Where its values lie in a known range, the interval is the adjusted Wald interval that Bonett & Price (2012) give for
//! differences of paired proportions, carried over to any range: one iteration at each end of the range is added to
//! those observed, so that it holds where few iterations say anything. For a difference of two facts it is theirs.

use super::{Figure, Z};

/// The mean of a combination with its standard error and 95% interval, from its sum and the sum of its squares over `n`
/// iterations. `range` is the least and the greatest value that it can take, where these are known; it contains 0.
pub fn combination(sum: f64, squares: f64, n: u64, range: Option<[f64; 2]>) -> Figure {
    let total = n as f64;
    let mean = sum / total;
    let standard_error = ((squares / total - mean * mean).max(0.0) / total).sqrt();
    let Some([low, high]) = range else {
        return Figure::new(mean, standard_error, [mean - Z * standard_error, mean + Z * standard_error]);
    };
    if squares == 0.0 {
        // It was 0 in every iteration: what is left is the chance never seen in n of them.
        let unseen = Z * Z / (total + Z * Z);
        return Figure::new(0.0, 0.0, [low * unseen, high * unseen]);
    }
    let centre = (sum + low + high) / (total + 2.0);
    let spread = (squares + low * low + high * high) / (total + 2.0) - centre * centre;
    let half = Z * (spread.max(0.0) / (total + 2.0)).sqrt();
    Figure::new(mean, standard_error, [(centre - half).max(low), (centre + half).min(high)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::paired_difference;

    #[test]
    fn a_difference_of_two_facts_has_the_published_interval() {
        for (a, b, differ, n) in [(20.0, 12.0, 10.0, 40), (7.0, 7.0, 0.0, 1000), (0.0, 3.0, 3.0, 100_000)] {
            let (ours, theirs) =
                (combination(a - b, differ, n, Some([-1.0, 1.0])), paired_difference(a, b, differ, n, true));
            assert!((ours.estimate - theirs.estimate).abs() < 1e-15);
            assert!((ours.standard_error - theirs.standard_error).abs() < 1e-15);
            for end in 0..2 {
                assert!((ours.interval[end] - theirs.interval[end]).abs() < 1e-12, "{ours:?} {theirs:?}");
            }
        }
    }

    #[test]
    fn an_interval_never_leaves_the_range() {
        let f = combination(-3.0, 9.0, 3, Some([-2.0, 1.0]));
        assert!(f.interval[0] >= -2.0 && f.interval[1] <= 1.0, "{f:?}");
        let normal = combination(30.0, 100.0, 100, None);
        assert!((normal.interval[1] - normal.estimate - Z * normal.standard_error).abs() < 1e-15);
    }
}
