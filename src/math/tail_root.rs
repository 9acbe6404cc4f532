//! The root finder behind the inverse incomplete gamma and beta functions.
//!
//! Comes in: how the logarithm of a tail probability, and its slope, are computed at a point. Goes out: the point
//! where that logarithm has the value asked for.
//!
//! Method: with y = ln x (gamma) or y = ln(x/(1−x)) (beta) the density of y is log-concave, so the logarithm of
//! either tail is concave in y (Prékopa 1971; Bagnoli and Bergstrom 2005). Newton's method on a concave monotone
//! function converges from anywhere, approaching from one side after the first step; Halley's correction makes the
//! last steps cubic.

use super::ln;

/// What the root finder needs to know at one point.
#[derive(Clone, Copy, Debug)]
pub(super) struct TailAt {
    /// Logarithm of the tail probability.
    pub ln_tail: f64,
    /// Density of y over the tail probability: the size of the slope of `ln_tail` in y.
    pub hazard: f64,
    /// Slope of the logarithm of the density of y.
    pub ln_density_slope: f64,
}

/// A longer step than this is cut: it only occurs far from the root, and e^step must stay finite.
const LONGEST_STEP: f64 = 40.0;

/// Moves `point` until the tail probability is `p`.
///
/// `lower` says whether the tail lies below (rises with y) or above. `step` moves a point by dy. A step whose
/// remaining error is beyond double precision is the last; convergence is cubic, so two or three are usual.
pub(super) fn solve<P: Copy>(
    p: f64,
    lower: bool,
    mut point: P,
    tail_at: impl Fn(P) -> TailAt,
    step: impl Fn(P, f64) -> P,
) -> P {
    let target = ln(p);
    let sign = if lower { 1.0 } else { -1.0 };
    for _ in 0..200 {
        let at = tail_at(point);
        let newton = -sign * (at.ln_tail - target) / at.hazard;
        let bend = 0.5 * newton * (at.ln_density_slope - sign * at.hazard);
        let dy = if bend.abs() < 0.5 { newton / (1.0 + bend) } else { newton };
        let dy = dy.clamp(-LONGEST_STEP, LONGEST_STEP);
        point = step(point, dy);
        if newton.abs() * (1.0 + at.hazard + at.ln_density_slope.abs()) < 1e-5 {
            break;
        }
    }
    point
}
