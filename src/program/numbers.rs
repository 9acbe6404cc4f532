//! Evaluating numbers: for the lanes that ask, once an iteration or afresh on an occasion.

use super::{Mask, Normal, Number, Program, State};
use crate::distribution::Distribution;
use crate::math;

impl Program {
    /// Makes a number known for these lanes. What is drawn once is drawn for them here.
    pub(super) fn ensure(&self, state: &mut State, number: usize, lanes: Mask) {
        let missing = lanes.without(state.known[number]);
        if missing.is_empty() {
            return;
        }
        // Where most lanes ask, all are drawn: straight loops are faster than picking lanes.
        let dense = missing.count() as usize * 2 > state.lanes;
        let missing = if dense { state.all } else { missing };
        state.known[number] |= missing;
        let (stride, n) = (state.stride, state.lanes);
        let at = number * stride;
        match &self.numbers[number] {
            Number::Constant(_) => {}
            Number::Draw { distribution, latent: Some(latent), .. } => {
                self.ensure_latent(state, *latent, missing);
                for lane in missing.lanes() {
                    state.values[at + lane] = distribution.quantile_at_normal(state.latents[latent * stride + lane]);
                }
            }
            Number::Draw { stream, distribution, latent: None, chance } => {
                if let (Some(world), false) = (state.world, *chance) {
                    state.values[at..at + n].fill(distribution.quantile(stream.uniform(world)));
                    state.known[number] = state.all;
                } else if dense {
                    let slot = &mut state.values[at..at + n];
                    stream.fill_uniform(state.first, slot);
                    distribution.quantile_block(slot);
                } else {
                    for lane in missing.lanes() {
                        let u = stream.uniform(state.first + lane as u64);
                        state.values[at + lane] = distribution.quantile(u);
                    }
                }
            }
            Number::Mixture { stream, which, parts } => {
                for lane in missing.lanes() {
                    let index = state.index(lane, true);
                    state.values[at + lane] = from_mixture(parts, which.uniform(index), stream.uniform(index));
                }
            }
            Number::Product(parts) | Number::Sum(parts) => {
                parts.iter().for_each(|part| self.ensure(state, *part, missing));
                self.compose(state, number, missing);
            }
            Number::Complement(p) => {
                self.ensure(state, *p, missing);
                self.compose(state, number, missing);
            }
            Number::AnyOf(a, b) | Number::AtLeastOne(a, b) | Number::Odds(a, b) | Number::Escape(a, _, b) => {
                self.ensure(state, *a, missing);
                self.ensure(state, *b, missing);
                self.compose(state, number, missing);
            }
        }
    }

    fn compose(&self, state: &mut State, number: usize, lanes: Mask) {
        let stride = state.stride;
        for lane in lanes.lanes() {
            let value = self.composed(
                number,
                |part| state.values[part * stride + lane],
                |coverage| state.coverage[coverage * stride + lane],
            );
            state.values[number * stride + lane] = value;
        }
    }

    /// The value of a composition from the values of its parts.
    #[inline]
    fn composed(&self, number: usize, mut part: impl FnMut(usize) -> f64, coverage: impl Fn(usize) -> f64) -> f64 {
        match &self.numbers[number] {
            Number::Constant(value) => *value,
            Number::Draw { .. } | Number::Mixture { .. } => part(number),
            Number::Product(parts) => parts.iter().fold(1.0, |product, p| product * part(*p)),
            Number::Sum(parts) => parts.iter().fold(0.0, |sum, p| sum + part(*p)),
            Number::Complement(p) => 1.0 - part(*p),
            Number::AnyOf(p, n) => -math::exp_m1(part(*n) * math::ln_1p(-part(*p))),
            Number::AtLeastOne(rate, days) => -math::exp_m1(-part(*rate) * part(*days)),
            Number::Odds(p, factor) => scale_odds(part(*p), part(*factor)),
            Number::Escape(prevalence, c, detection) => part(*prevalence) * (1.0 - coverage(*c) * part(*detection)),
        }
    }

    /// A number on an occasion: chance is drawn afresh, knowledge is what it is.
    pub(super) fn on_occasion(&self, state: &mut State, number: usize, lane: usize, occasion: u64) -> f64 {
        let quantities = &self.register.quantities;
        if !quantities[crate::register::QuantityId(number as u32)].varies {
            self.ensure(state, number, Mask::only(lane));
            return state.values[number * state.stride + lane];
        }
        match &self.numbers[number] {
            Number::Draw { stream, distribution, .. } => {
                distribution.quantile(stream.at(occasion).uniform(state.first + lane as u64))
            }
            Number::Constant(value) => *value,
            // Knowledge, which does not vary, so that it never comes here.
            Number::Mixture { .. } => self.once(state, number, lane),
            Number::Product(parts) => {
                parts.iter().fold(1.0, |product, part| product * self.on_occasion(state, *part, lane, occasion))
            }
            Number::Sum(parts) => {
                parts.iter().fold(0.0, |sum, part| sum + self.on_occasion(state, *part, lane, occasion))
            }
            Number::Complement(p) => 1.0 - self.on_occasion(state, *p, lane, occasion),
            Number::AnyOf(a, b) | Number::AtLeastOne(a, b) | Number::Odds(a, b) | Number::Escape(a, _, b) => {
                let first = self.on_occasion(state, *a, lane, occasion);
                let second = self.on_occasion(state, *b, lane, occasion);
                let coverage = |c: usize| state.coverage[c * state.stride + lane];
                self.composed(number, |part| if part == *a { first } else { second }, coverage)
            }
        }
    }

    /// A number that is drawn once, at a lane where it is known.
    #[inline]
    pub(super) fn value(state: &State, number: usize, lane: usize) -> f64 {
        debug_assert!(state.known[number].get(lane));
        state.values[number * state.stride + lane]
    }

    /// A number that is drawn once, for one lane.
    pub(super) fn once(&self, state: &mut State, number: usize, lane: usize) -> f64 {
        self.ensure(state, number, Mask::only(lane));
        state.values[number * state.stride + lane]
    }

    pub(super) fn ensure_latent(&self, state: &mut State, latent: usize, lanes: Mask) {
        let missing = lanes.without(state.latents_known[latent]);
        if missing.is_empty() {
            return;
        }
        state.latents_known[latent] |= missing;
        let stride = state.stride;
        for lane in missing.lanes() {
            state.latents[latent * stride + lane] = 0.0;
        }
        for &(normal, weight) in &self.latents[latent] {
            let new = missing.without(state.normals_known[normal]);
            state.normals_known[normal] |= new;
            for lane in new.lanes() {
                let Normal { stream, knowledge, held } = self.normals[normal];
                let drawn = || math::normal_quantile(stream.uniform(state.index(lane, knowledge)));
                state.normals[normal * stride + lane] = held.unwrap_or_else(drawn);
            }
            for lane in missing.lanes() {
                state.latents[latent * stride + lane] += weight * state.normals[normal * stride + lane];
            }
        }
    }
}

/// A draw from a mixture: `which` decides on the part, `u` on the value.
fn from_mixture(parts: &[(f64, Distribution)], which: f64, u: f64) -> f64 {
    let mut left = which;
    let chosen = parts.iter().find(|(weight, _)| {
        left -= weight;
        left < 0.0
    });
    // Rounding can leave a sliver at the end: it belongs to the last part.
    chosen.or(parts.last()).map_or(f64::NAN, |(_, part)| part.quantile(u))
}

/// A probability with its odds multiplied: f·p / (1 − p + f·p). Certainty stays certain.
#[inline]
pub(super) fn scale_odds(p: f64, factor: f64) -> f64 {
    let scaled = factor * p;
    let rest = 1.0 - p;
    if scaled + rest > 0.0 { scaled / (rest + scaled) } else { p }
}
