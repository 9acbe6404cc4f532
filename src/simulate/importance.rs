//! Which variables matter most: their order for samplers that spread the first ones best.
//!
//! In: a program. Out: its variables, the most important first, the same for any number of threads.
//!
//! A pilot run of [`PILOT`] random iterations gives the figures that a run reports: finish of each measure, date of each
//! release, total cost. A variable's importance is the sum over figures of its squared rank correlation. The pilot's
//! draws are the first of the plain run's streams, which have nothing in common with the points; so a bad order
//! costs precision and no figure is biased by it. Equals keep the order of the register.

use super::Options;
use super::decision::Decision;
use super::sampled::{Sampled, sample};
use crate::estimate::ranks;
use crate::program::Program;
use crate::random::Stream;

/// Iterations of the pilot run: the squared correlation of what does not matter is about 1 in as many.
const PILOT: u64 = 4096;

/// The variables of a program in order of importance.
pub fn by_importance(program: &Program) -> Vec<Stream> {
    let register = program.register();
    let releases = register.releases.iter().map(|r| Sampled::GoLive(r.id.clone()));
    let measures = register.measures.iter().map(|m| Sampled::Finish(m.id.clone()));
    let cost = register.has_costs().then_some(Sampled::Decision(Decision::Cost));
    let figures: Vec<Sampled> = releases.chain(measures).chain(cost).collect();
    let samples = sample(program, &figures, Options::iterations(PILOT), &|_| {});
    let middle = (PILOT as f64 + 1.0) / 2.0;
    // Ranks of each figure around their middle, scaled to a sum of squares of 1.
    let figures: Vec<Vec<f64>> = samples
        .iter()
        .filter_map(|sample| {
            let mut ranks: Vec<f64> = ranks(sample).iter().map(|rank| rank - middle).collect();
            let length = ranks.iter().map(|r| r * r).sum::<f64>().sqrt();
            ranks.iter_mut().for_each(|rank| *rank /= length);
            (length > 0.0).then_some(ranks)
        })
        .collect();
    let mut u = vec![0.0; PILOT as usize];
    let mut order: Vec<(f64, Stream)> = program
        .variables()
        .into_iter()
        .map(|variable| {
            variable.fill_uniform(0, &mut u);
            let correlation = |ranks: &Vec<f64>| ranks.iter().zip(&u).map(|(r, u)| r * (u - 0.5)).sum::<f64>();
            (figures.iter().map(|ranks| correlation(ranks) * correlation(ranks)).sum(), variable)
        })
        .collect();
    order.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    order.into_iter().map(|(_, variable)| variable).collect()
}
