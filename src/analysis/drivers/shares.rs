//! Variance shares of the inputs: how much of what is open each could settle.
//!
//! The variance is that of the number of an iteration (`measure`), chance included. First-order shares come from the
//! plain run itself, total shares from runs in which one input alone is drawn again. How much all knowledge together
//! could settle comes from worlds: the variance of the mean of a world, sampling noise removed. The rest is chance,
//! which no elicitation removes.
//!
//! Of a correlated input the first-order share holds what it says about its partners too, and the total share only
//! what it does given them; with correlation the first can be the larger (Mara & Tarantola 2012, Reliability
//! Engineering & System Safety 107:115–121).

use serde::Serialize;

use super::inputs::Input;
use crate::estimate::{Figure, Z, first_order_share, total_share};
use crate::program::Variable;

/// Variance shares of one measure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shares {
    /// Variance of the number of an iteration.
    pub variance: f64,
    /// Share of it that all knowledge together could settle; `null` without worlds, or where nothing varies.
    pub knowledge: Option<Figure>,
    /// Shares of the inputs, largest first by the first-order share.
    pub inputs: Vec<InputShare>,
}

/// Variance shares of one input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputShare {
    /// Path of the input.
    pub input: String,
    /// Share that would go if it were known; `null` for what has no single value in an iteration.
    pub first_order: Option<Figure>,
    /// Share that would stay if everything else, chance included, were known.
    pub total: Option<Figure>,
    /// First-order share of what all knowledge together could settle; `null` for chance and without worlds.
    pub of_knowledge: Option<f64>,
}

/// The first-order share of an input on the iterations 0, 1, … of the plain run.
pub fn first_order(variable: &Variable, numbers: &[f64]) -> Option<Figure> {
    let u: Vec<f64> = (0..numbers.len() as u64).map(|t| variable.uniform(t)).collect();
    first_order_share(&u, numbers)
}

/// The total share of an input from a run in which it alone was drawn again.
pub fn total(numbers: &[f64], redrawn: &[f64]) -> Option<Figure> {
    total_share(&numbers[..redrawn.len()], redrawn)
}

/// Variance over all iterations.
pub fn variance(numbers: &[f64]) -> f64 {
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    numbers.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / n
}

/// The share of the variance that worlds differ by: from the sum and the sum of squares of each world's `n` numbers.
///
/// Each world's squared deviation less its own sampling variance estimates the variance over worlds; their mean has a
/// standard error from their spread. `None` with fewer than two worlds or iterations in one, or without variance.
pub fn knowledge(worlds: &[(f64, f64)], n: u64, variance: f64) -> Option<Figure> {
    if worlds.len() < 2 || n < 2 || variance <= 0.0 {
        return None;
    }
    let (m, n) = (worlds.len() as f64, n as f64);
    let mean = worlds.iter().map(|(sum, _)| sum / n).sum::<f64>() / m;
    let of = |&(sum, squares): &(f64, f64)| {
        let off = sum / n - mean;
        off * off * m / (m - 1.0) - (squares - sum * sum / n).max(0.0) / (n - 1.0) / n
    };
    let each: Vec<f64> = worlds.iter().map(of).collect();
    let estimate = each.iter().sum::<f64>() / m;
    let spread = each.iter().map(|e| (e - estimate) * (e - estimate)).sum::<f64>() / (m - 1.0);
    let (share, error) = (estimate / variance, (spread / m).sqrt() / variance);
    Some(Figure::new(share, error, [share - Z * error, share + Z * error]))
}

impl Shares {
    /// All shares of a measure, in order.
    pub fn new(numbers: &[f64], knowledge: Option<Figure>, mut inputs: Vec<InputShare>, all: &[Input]) -> Self {
        for share in &mut inputs {
            let is_knowledge = all.iter().any(|input| input.path == share.input && input.is_knowledge());
            let whole = knowledge.map(|k| k.estimate).filter(|k| is_knowledge && *k > 0.0);
            share.of_knowledge = whole.zip(share.first_order).map(|(whole, first)| first.estimate / whole);
        }
        let key = |share: &InputShare| share.first_order.or(share.total).map_or(f64::NEG_INFINITY, |f| f.estimate);
        inputs.sort_by(|a, b| key(b).total_cmp(&key(a)).then_with(|| a.input.cmp(&b.input)));
        Self { variance: variance(numbers), knowledge, inputs }
    }
}
