//! One tail of a beta or gamma distribution: the exact inverse that a table stands for.
//!
//! Comes in: a tail probability. Goes out: the distance from the end of the support (beta) or the value itself
//! (gamma) at which the tail begins, in units of the scale.

use super::quantile_series::{PearsonDensity, TailPoint};
use crate::math::{self, BetaKernel, GammaKernel};

/// A tail, with its shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum QuantileTail {
    /// The lower tail of Beta(a, b) on (0, 1). Its upper tail is the lower tail of Beta(b, a) of 1−X.
    Beta { a: f64, b: f64, kernel: BetaKernel },
    /// The lower tail of Gamma(a), scale 1.
    GammaBelow { a: f64, kernel: GammaKernel },
    /// The upper tail of Gamma(a), scale 1.
    GammaAbove { a: f64, kernel: GammaKernel },
}

impl QuantileTail {
    pub fn beta(a: f64, b: f64) -> Self {
        QuantileTail::Beta { a, b, kernel: BetaKernel::new(a, b) }
    }

    pub fn gamma_below(a: f64) -> Self {
        QuantileTail::GammaBelow { a, kernel: GammaKernel::new(a) }
    }

    pub fn gamma_above(a: f64) -> Self {
        QuantileTail::GammaAbove { a, kernel: GammaKernel::new(a) }
    }

    /// f'/f, for the series.
    pub fn density(&self) -> PearsonDensity {
        match *self {
            QuantileTail::Beta { a, b, .. } => PearsonDensity { kappa: 1.0, r0: 1.0 - a, r1: a + b - 2.0 },
            QuantileTail::GammaBelow { a, .. } | QuantileTail::GammaAbove { a, .. } => {
                PearsonDensity { kappa: 0.0, r0: 1.0 - a, r1: 1.0 }
            }
        }
    }

    /// Where the tail of probability `p` in (0, 1) begins: x, and 1 − κx.
    pub fn exact(&self, p: f64) -> (f64, f64) {
        match *self {
            QuantileTail::Beta { a, b, .. } => math::inverse_incomplete_beta(a, b, p),
            QuantileTail::GammaBelow { a, .. } => (math::inverse_lower_gamma(a, p), 1.0),
            QuantileTail::GammaAbove { a, .. } => (math::inverse_upper_gamma(a, p), 1.0),
        }
    }

    /// The same with the slope, begun at a guess if there is one.
    pub fn point(&self, p: f64, guess: Option<f64>) -> TailPoint {
        match *self {
            QuantileTail::Beta { a, b, kernel } => {
                let near = guess.filter(|&x| x > 0.0 && x < 1.0 - 1e-9);
                let (x, co_x) = match near {
                    Some(x) => math::inverse_incomplete_beta_near(&kernel, p, (x, 1.0 - x)),
                    None => math::inverse_incomplete_beta(a, b, p),
                };
                TailPoint { x, co_x, slope: x * co_x * math::exp(-kernel.ln_at(x, co_x)) }
            }
            QuantileTail::GammaBelow { kernel, .. } => {
                let x = match guess.filter(|&x| x > 0.0) {
                    Some(x) => math::inverse_lower_gamma_near(&kernel, p, x),
                    None => self.exact(p).0,
                };
                TailPoint { x, co_x: 1.0, slope: x * math::exp(-kernel.ln_at(x)) }
            }
            QuantileTail::GammaAbove { kernel, .. } => {
                let x = match guess.filter(|&x| x > 0.0) {
                    Some(x) => math::inverse_upper_gamma_near(&kernel, p, x),
                    None => self.exact(p).0,
                };
                TailPoint { x, co_x: 1.0, slope: -x * math::exp(-kernel.ln_at(x)) }
            }
        }
    }
}
