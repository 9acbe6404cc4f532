//! Proportions: how often something happened, with Wilson's score interval.
//!
//! Source: E. B. Wilson (1927), "Probable inference, the law of succession, and statistical
//! inference", JASA 22:209–212: the set of p with |p̂ − p| ≤ z·√(p(1−p)/n).

use serde::Serialize;

use super::Z;

/// An estimated probability or expectation with its sampling error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error, √(p̂(1−p̂)/n) for a proportion.
    pub standard_error: f64,
    /// Its 95% sampling interval, lower and upper end.
    pub interval: [f64; 2],
    /// What it is in 90% of the worlds that the inputs allow; absent where it was not asked, and for
    /// figures that nothing is decided by. Never part of `interval`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inputs_interval: Option<[f64; 2]>,
}

impl Figure {
    /// A figure by its estimate, standard error and 95% sampling interval.
    pub fn new(estimate: f64, standard_error: f64, interval: [f64; 2]) -> Self {
        Self { estimate, standard_error, interval, inputs_interval: None }
    }
}

/// The share `count / total` with Wilson's 95% interval.
///
/// `total` must be positive and `count ≤ total`; both are iteration counts.
pub fn proportion(count: u64, total: u64) -> Figure {
    debug_assert!(count <= total && total > 0);
    let n = total as f64;
    let p = count as f64 / n;
    let [low, high] = wilson(p, n);
    // At the ends Wilson's interval touches 0 or 1 exactly; rounding must not move it past them.
    let low = if count == 0 { 0.0 } else { low };
    let high = if count == total { 1.0 } else { high };
    Figure::new(p, (p * (1.0 - p) / n).sqrt(), [low, high])
}

/// Wilson's 95% interval of a share `p` of `n` iterations, or of as many as say the same.
pub(super) fn wilson(p: f64, n: f64) -> [f64; 2] {
    let z2 = Z * Z;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    [(centre - half).max(0.0), (centre + half).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_published_wilson_intervals() {
        // Newcombe (1998), Statistics in Medicine 17:857–872, table I: 81/263, 15/148, 0/20, 1/29.
        for (count, total, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let f = proportion(count, total);
            assert!((f.interval[0] - low).abs() < 5.1e-5, "{f:?}");
            assert!((f.interval[1] - high).abs() < 5.1e-5, "{f:?}");
        }
    }

    #[test]
    fn ends_are_exact() {
        assert_eq!(proportion(0, 10).interval[0].to_bits(), 0f64.to_bits());
        assert_eq!(proportion(10, 10).interval[1].to_bits(), 1f64.to_bits());
        assert!(proportion(10, 10).interval[0] < 0.75);
    }
}
