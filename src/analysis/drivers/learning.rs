//! What learning an input would be worth for the choice between the plans, and what the figures rest on.
//!
//! The *value of learning* an input (expected value of perfect information on it, EVPPI) is how much better the choice
//! would be, on average, if its value were known before choosing: E max E\[benefit | u\] − max E\[benefit\], the maxima
//! over the plans. Iterations are cut into bins of equal probability of u. Choosing and judging on the same iterations
//! would find value in noise; so the plan of each bin is chosen on seven eighths of the iterations and judged on the
//! last eighth, eight times in turn. What is so found is the value of a rule that could be followed: with noise in the
//! choice a little less than the exact value, never more on average.
//!
//! The value of learning everything at once comes from worlds: the mean over worlds of how far the best plan of a
//! world is ahead of the best plan overall, sampling noise removed from the differences.
//!
//! Sources: M. Strong and J. E. Oakley (2013), "An efficient method for computing single-parameter partial expected
//! value of perfect information", Medical Decision Making 33:755–766; H. Raiffa and R. Schlaifer (1961).

use std::collections::BTreeMap;

use serde::Serialize;

use super::inputs::Input;
use super::shares::InputShare;
use super::tornado::Bar;
use crate::estimate::{Figure, Z, over_worlds};
use crate::register::Basis;

/// Bins of u.
const BINS: usize = 16;

/// Parts of the iterations, each judged by what the others chose.
const FOLDS: usize = 8;

/// What learning one input is worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Learning {
    /// Path of the input.
    pub input: String,
    /// Gain in the benefit by choosing the plan when the input is known.
    pub value: Figure,
    /// Share of the probability of the input in which another plan than the present best would be chosen.
    pub p_other_plan: f64,
    /// Plans that would be chosen for some of its values, by id.
    pub plans: Vec<String>,
}

/// What learning would be worth, and for what choice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueOfLearning {
    /// The benefit, in words.
    pub benefit: String,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// Plans chosen between, each with its benefit.
    pub plans: Vec<PlanBenefit>,
    /// Id of the best plan on present inputs.
    pub best: String,
    /// The value of learning everything at once, above which no single one can be; `null` without worlds.
    pub everything: Option<f64>,
    /// Each input that is knowledge, most valuable first.
    pub inputs: Vec<Learning>,
}

/// A plan and its benefit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanBenefit {
    /// Id of the plan.
    pub plan: String,
    /// Mean benefit.
    pub figure: Figure,
}

/// The value of learning an input by its numbers and the benefits of the plans, iteration by iteration; more is better.
/// `None` with fewer than 16 iterations to each bin and fold.
pub fn value_of_learning(input: &str, u: &[f64], benefits: &[Vec<f64>], plans: &[String]) -> Option<Learning> {
    let n = u.len();
    if n < BINS * FOLDS * 16 || benefits.is_empty() {
        return None;
    }
    let bin = |t: usize| ((u[t] * BINS as f64) as usize).min(BINS - 1);
    let fold = |t: usize| t % FOLDS;
    // Sums by plan, fold and bin.
    let sums: Vec<Vec<Vec<f64>>> = benefits
        .iter()
        .map(|benefit| {
            let mut sums = vec![vec![0.0; BINS]; FOLDS];
            benefit.iter().enumerate().for_each(|(t, y)| sums[fold(t)][bin(t)] += y);
            sums
        })
        .collect();
    let elsewhere = |plan: usize, fold: usize, bin: usize| -> f64 {
        (0..FOLDS).filter(|f| *f != fold).map(|f| sums[plan][f][bin]).sum()
    };
    // The earliest plan wins a tie, so that equal plans gain nothing.
    let best_of = |value: &dyn Fn(usize) -> f64| {
        (1..benefits.len()).fold(0, |best, plan| if value(plan) > value(best) { plan } else { best })
    };
    let overall: Vec<usize> =
        (0..FOLDS).map(|f| best_of(&|plan| (0..BINS).map(|b| elsewhere(plan, f, b)).sum())).collect();
    let choose = |f: usize, b: usize| {
        let best = best_of(&|plan| elsewhere(plan, f, b));
        // Where nothing is gained, nothing is changed.
        if elsewhere(best, f, b) > elsewhere(overall[f], f, b) { best } else { overall[f] }
    };
    let chosen: Vec<Vec<usize>> = (0..FOLDS).map(|f| (0..BINS).map(|b| choose(f, b)).collect()).collect();
    let gain = |t: usize| {
        let (f, b) = (fold(t), bin(t));
        benefits[chosen[f][b]][t] - benefits[overall[f]][t]
    };
    let total = n as f64;
    let mean = (0..n).map(gain).sum::<f64>() / total;
    let squares = (0..n).map(|t| (gain(t) - mean) * (gain(t) - mean)).sum::<f64>();
    let error = (squares / total / total).sqrt();
    let other = (0..n).filter(|t| chosen[fold(*t)][bin(*t)] != overall[fold(*t)]).count();
    let mut used: Vec<usize> = chosen.iter().flatten().copied().collect();
    used.sort_unstable();
    used.dedup();
    Some(Learning {
        input: input.to_owned(),
        value: Figure::new(mean, error, [mean - Z * error, mean + Z * error]),
        p_other_plan: other as f64 / total,
        plans: used.into_iter().map(|p| plans[p].clone()).collect(),
    })
}

/// The value of learning everything: from the sum of each world's benefit less the best plan's, and of its squares,
/// plan by plan and world by world, over `n` iterations each.
pub fn value_of_everything(differences: &[Vec<(f64, f64)>], n: u64) -> Option<f64> {
    let worlds = differences.first()?.len();
    let mut gains = vec![0.0_f64; worlds];
    for plan in differences {
        let means: Vec<f64> = plan.iter().map(|(sum, _)| sum / n as f64).collect();
        let noise = crate::estimate::sampling_noise(plan.iter().copied(), n);
        let over = over_worlds(&means, noise)?;
        gains.iter_mut().zip(over.values).for_each(|(gain, ahead)| *gain = gain.max(ahead));
    }
    Some(gains.iter().sum::<f64>() / worlds as f64)
}

/// Most valuable first; what is worth nothing that can be told from 0 follows by its first-order share.
pub fn sort(list: &mut [Learning], shares: &[InputShare]) {
    let share = |input: &str| {
        shares.iter().find(|s| s.input == input).and_then(|s| s.first_order).map_or(0.0, |figure| figure.estimate)
    };
    let key = |l: &Learning| if l.value.interval[0] > 0.0 { l.value.estimate } else { 0.0 };
    list.sort_by(|a, b| {
        let equal = || share(&b.input).total_cmp(&share(&a.input)).then_with(|| a.input.cmp(&b.input));
        key(b).total_cmp(&key(a)).then_with(equal)
    });
}

/// How much of a measure's movement rests on one basis.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BasisShare {
    /// Number of uncertain inputs.
    pub inputs: u64,
    /// Share of the sum of all swings of the tornado, signs left out.
    pub of_swings: f64,
    /// Sum of the first-order variance shares.
    pub first_order: f64,
    /// The same as a share of the sum over all inputs.
    pub of_first_order: f64,
}

/// What the movement of a measure rests on, basis by basis. `length` says how far a bar reaches.
pub fn by_basis(
    inputs: &[Input],
    bars: &[Bar],
    shares: &[InputShare],
    length: impl Fn(&Bar) -> f64,
) -> BTreeMap<Basis, BasisShare> {
    let basis_of = |path: &str| inputs.iter().find(|i| i.path == path).map(|i| i.basis);
    let swings: f64 = bars.iter().map(&length).sum();
    let first = |s: &InputShare| s.first_order.map_or(0.0, |f| f.estimate);
    let all: f64 = shares.iter().map(first).sum();
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let of = |basis: Basis| {
        let own = bars.iter().filter(|b| basis_of(&b.input) == Some(basis)).map(&length);
        let firsts = shares.iter().filter(|s| basis_of(&s.input) == Some(basis)).map(first);
        // The sum of nothing is 0, not −0.
        let first_order = firsts.fold(0.0, |sum, first| sum + first);
        BasisShare {
            inputs: inputs.iter().filter(|i| i.basis == basis).count() as u64,
            of_swings: share(own.fold(0.0, |sum, length| sum + length), swings),
            first_order,
            of_first_order: share(first_order, all),
        }
    };
    Basis::ALL.into_iter().map(|basis| (basis, of(basis))).collect()
}
