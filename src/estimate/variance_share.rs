//! Variance shares (Sobol indices) as functions of samples.
//!
//! The variance of Y is D. Of an input with uniform number u:
//!
//! - *first order*, S = Var E\[Y | u\] / D: the share that would go, on average, if u were known. Estimated from given
//!   data: iterations fall into K bins of equal probability of u, and the variance between bins, less the noise that
//!   bin means have, about (K − 1)·σ²/N (σ² within bins), estimates Var E\[Y | bin\]. What varies within a bin is missing
//!   from that: of the order 1/K², and known from the difference to half as many bins, so that
//!   V = V_K + (V_K − V_{K/2})/3 (Richardson) leaves it of the order 1/K⁴.
//! - *total*, T = E Var\[Y | all but u\] / D: the share that would stay if everything but u were known. Estimated from
//!   pairs that differ in u alone: ½·E\[(Y − Y')²\] / D (Jansen 1999).
//!
//! Standard errors come from the influence of single iterations; that of S has a second part, the noise of the noise, of
//! the order K·σ⁴/N², which is what is left where S = 0. An estimate may fall below 0 by its error; it is not cut off.
//!
//! Sources: M. J. W. Jansen (1999), "Analysis of variance designs for model output", Computer Physics Communications
//! 117:35–43; E. Plischke, E. Borgonovo and C. L. Smith (2013), "Global sensitivity measures from given data",
//! European J. Operational Research 226:536–550.

use super::{Figure, Z};

/// Bins of the first-order estimate.
const BINS: usize = 32;

/// Fewest iterations a bin should have on average.
const IN_A_BIN: usize = 16;

/// Mean and variance (over N) of a sample; `None` when it does not vary or has infinite values.
fn spread(y: &[f64]) -> Option<(f64, f64)> {
    let n = y.len() as f64;
    let mean = y.iter().sum::<f64>() / n;
    let variance = y.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / n;
    (variance > 0.0 && variance.is_finite()).then_some((mean, variance))
}

fn figure(estimate: f64, variance: f64) -> Figure {
    let error = variance.max(0.0).sqrt();
    Figure::new(estimate, error, [estimate - Z * error, estimate + Z * error])
}

/// The first-order share of an input by its uniform numbers `u` and the outcomes `y`, iteration by iteration.
///
/// `None` when y does not vary, or with fewer than 512 iterations.
pub fn first_order_share(u: &[f64], y: &[f64]) -> Option<Figure> {
    first_order_in_bins(u, y, BINS)
}

/// The same with another number of bins, which must be even: for inputs that y depends on in waves.
pub fn first_order_in_bins(u: &[f64], y: &[f64], bins: usize) -> Option<Figure> {
    debug_assert!(u.len() == y.len() && bins.is_multiple_of(2));
    if y.len() < bins * IN_A_BIN {
        return None;
    }
    let n = y.len() as f64;
    let (mean, total) = spread(y)?;
    let mut parts = vec![Bin::default(); bins];
    let bin_of = |u: f64| ((u * bins as f64) as usize).min(bins - 1);
    for (u, y) in u.iter().zip(y) {
        parts[bin_of(*u)].add(y - mean);
    }
    let pairs = || parts.chunks(2).map(|pair| (pair[0], pair[1]));
    // The grand mean has noise too.
    let of_all = parts.iter().map(|b| b.count * b.variance()).sum::<f64>() / n / n;
    let fine = parts.iter().map(|b| b.count * b.mean() * b.mean() - b.variance()).sum::<f64>() / n + of_all;
    let coarse = pairs().map(|(a, b)| {
        let count = (a.count + b.count).max(1.0);
        let sum = a.sum + b.sum;
        (sum * sum - a.count * a.variance() - b.count * b.variance()) / count
    });
    let coarse = coarse.sum::<f64>() / n + of_all;
    let share = (fine + (fine - coarse) / 3.0) / total;
    let influence = u.iter().zip(y).map(|(u, y)| {
        let (off, m) = (y - mean, parts[bin_of(*u)].mean());
        let of = 2.0 * (off - m) * m + m * m - share * off * off;
        of * of
    });
    // The bin means have noise here too, which 2·(off − m)·m takes for influence.
    let taken = parts.iter().map(|b| 4.0 * b.variance() * b.variance()).sum::<f64>() / (n * n);
    let influence = (influence.sum::<f64>() / n / n - taken).max(0.0);
    // Of two neighbouring bins with sums of noise e, f of n iterations each the estimate has (7(e² + f²)/6 − ef/3)/n.
    let degenerate = pairs().map(|(a, b)| {
        let (a, b) = (a.variance(), b.variance());
        49.0 / 18.0 * (a * a + b * b) + a * b / 9.0
    });
    let degenerate = degenerate.sum::<f64>() / (n * n);
    Some(figure(share, (influence + degenerate) / (total * total)))
}

/// The outcomes of one bin, less their mean over all.
#[derive(Clone, Copy, Default)]
struct Bin {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Bin {
    fn add(&mut self, y: f64) {
        self.count += 1.0;
        self.sum += y;
        self.squares += y * y;
    }

    fn mean(self) -> f64 {
        if self.count > 0.0 { self.sum / self.count } else { 0.0 }
    }

    /// Unbiased; 0 where it cannot be known.
    fn variance(self) -> f64 {
        if self.count < 2.0 {
            return 0.0;
        }
        ((self.squares - self.sum * self.sum / self.count) / (self.count - 1.0)).max(0.0)
    }
}

/// The total share of an input by outcomes `y` and by outcomes `redrawn` that differ from them in that input alone,
/// iteration by iteration. `None` when y does not vary.
pub fn total_share(y: &[f64], redrawn: &[f64]) -> Option<Figure> {
    debug_assert_eq!(y.len(), redrawn.len());
    let n = y.len() as f64;
    let (mean, total) = spread(y)?;
    let half = |(a, b): (&f64, &f64)| (a - b) * (a - b) / 2.0;
    let share = y.iter().zip(redrawn).map(half).sum::<f64>() / n / total;
    let influence = y.iter().zip(redrawn).map(|(a, b)| {
        let of = half((a, b)) - share * (a - mean) * (a - mean);
        of * of
    });
    Some(figure(share, influence.sum::<f64>() / n / (total * total) / n))
}
