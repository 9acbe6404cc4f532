//! Evaluating numbers: for the lanes that ask, once an iteration or afresh on an occasion.

use super::{Mask, Normal, Number, Program, State, lanes};
use crate::distribution::Distribution;
use crate::math;
use crate::math::vector::Weighted;

/// How a number was drawn for some lanes.
pub(super) enum Drawn {
    /// Side by side, for them alone.
    Few,
    /// In all lanes, in passing.
    All,
    /// Or will be, to be kept.
    Kept,
}

/// Whether a set has most of a block's lanes, so that working on all is faster than picking lanes.
#[inline]
pub(super) fn is_dense(lanes: Mask, of: usize) -> bool {
    lanes.count() as usize * 2 > of
}

impl Program {
    /// A number in every iteration of the block that was run last; one that is drawn on many occasions as drawn once.
    pub fn number<'s>(&self, state: &'s mut State, number: crate::register::QuantityId) -> &'s [f64] {
        let number = number.0 as usize;
        self.ensure(state, number, state.all);
        state.numbers.of(number, state.lanes)
    }

    /// Makes a number known for these lanes. What is drawn once is drawn for them here.
    pub(super) fn ensure(&self, state: &mut State, number: usize, lanes: Mask) {
        let missing = lanes.without(*state.numbers.known(number));
        if missing.is_empty() {
            return;
        }
        // Where most lanes ask, all are drawn: straight loops are faster than picking lanes.
        let dense = is_dense(missing, state.lanes);
        let missing = if dense { state.all } else { missing };
        *state.numbers.known(number) |= missing;
        let (stride, n) = (state.stride, state.lanes);
        match &self.numbers[number] {
            Number::Constant(_) => {}
            Number::Draw { distribution, latent: Some(latent), .. } if dense && self.private[*latent] => {
                self.ensure_normal(state, self.latents[*latent][0].0, missing);
                let State { numbers, normals, world, first, .. } = state;
                let slot = numbers.of_mut(number, n);
                self.draw_private(*latent, distribution, (normals, stride), (*world, *first), slot);
            }
            Number::Draw { distribution, latent: Some(latent), .. } => {
                self.ensure_latent(state, *latent, missing);
                let State { numbers, latents, few, .. } = state;
                let (slot, z) = (numbers.of_mut(number, n), &latents[latent * stride..]);
                if dense {
                    slot.copy_from_slice(&z[..n]);
                    distribution.quantile_at_normal_block(slot);
                } else {
                    few.pick(missing, z);
                    distribution.quantile_at_normal_block(few.numbers());
                    few.put(slot);
                }
            }
            Number::Draw { stream, distribution, latent: None, chance } => {
                if let (Some(world), false) = (state.world, *chance) {
                    state.numbers.of_mut(number, n).fill(distribution.quantile(stream.uniform(world)));
                    *state.numbers.known(number) = state.all;
                    return;
                }
                let State { numbers, few, first, .. } = state;
                let slot = numbers.of_mut(number, n);
                if dense {
                    stream.fill_uniform(*first, slot);
                    distribution.quantile_block(slot);
                } else {
                    few.draw(missing, *stream, *first);
                    distribution.quantile_block(few.numbers());
                    few.put(slot);
                }
            }
            Number::Mixture { stream, which, parts } => {
                for lane in missing.lanes() {
                    let index = state.index(lane, true);
                    let value = from_mixture(parts, which.uniform(index), stream.uniform(index));
                    state.numbers.of_mut(number, n)[lane] = value;
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

    /// A number in all lanes by a latent variable of its own, whose shared normal is known.
    fn draw_private(
        &self,
        latent: usize,
        distribution: &Distribution,
        (normals, stride): (&[f64], usize),
        (world, first): (Option<u64>, u64),
        out: &mut [f64],
    ) {
        let [(shared, weight), (own, own_weight)] = self.latents[latent][..] else { return };
        self.draw_normal(own, world, first, out);
        let shared = &normals[shared * stride..][..out.len()];
        distribution.quantile_at_weighted_block(out, Weighted { weight, shared, own_weight });
    }

    /// Draws a number in all lanes straight into the `finish` slot of an activity, where that is all there is to it, and
    /// leaves it unknown otherwise: asked for again, it is drawn again. Returns whether it did.
    pub(super) fn draw_duration(&self, state: &mut State, number: usize, activity: usize) -> bool {
        if !self.passing[number] || !state.passes(number) {
            return false;
        }
        let at = self.finishes(state).of(activity);
        let Number::Draw { stream, distribution, latent, chance } = &self.numbers[number] else { return false };
        if let Some(latent) = latent {
            self.ensure_normal(state, self.latents[*latent][0].0, state.all);
            let State { finish, normals, world, first, lanes, stride, .. } = state;
            let slot = &mut finish[at..at + *lanes];
            self.draw_private(*latent, distribution, (normals, *stride), (*world, *first), slot);
            return true;
        }
        let slot = &mut state.finish[at..at + state.lanes];
        match state.world {
            Some(world) if !chance => slot.fill(distribution.quantile(stream.uniform(world))),
            _ => {
                stream.fill_uniform(state.first, slot);
                distribution.quantile_block(slot);
            }
        }
        true
    }

    /// Draws a number for these lanes, and leaves it unknown: where there are few, side by side; where there are many, all
    /// in `state.passing`.
    pub(super) fn draw_passing(&self, state: &mut State, number: usize, lanes: Mask) -> Drawn {
        let Number::Draw { stream, distribution, latent: None, chance } = &self.numbers[number] else {
            return Drawn::Kept;
        };
        let State { few, passing, first, world, lanes: n, .. } = state;
        let passing = &mut passing[..*n];
        match world {
            Some(world) if !chance => passing.fill(distribution.quantile(stream.uniform(*world))),
            _ if !is_dense(lanes, *n) => {
                few.draw(lanes, *stream, *first);
                distribution.quantile_block(few.numbers());
                return Drawn::Few;
            }
            _ => {
                stream.fill_uniform(*first, passing);
                distribution.quantile_block(passing);
            }
        }
        Drawn::All
    }

    /// Finds the numbers that are drawn where they are used, and not kept: durations of one activity, and impacts on one.
    pub(super) fn find_passing(&mut self) {
        let mut uses = vec![0; self.numbers.len()];
        let durations = self.register.activities.iter().map(|activity| activity.duration.days.0 as usize);
        let impacts = self.impacts.iter().flat_map(|impacts| {
            let stretches = impacts.stretches.iter().map(|(_, factor)| *factor);
            stretches.chain(impacts.delays.iter().map(|(_, days, _)| *days))
        });
        let mut latent_allowed = vec![false; self.numbers.len()];
        for number in durations {
            uses[number] += 1;
            latent_allowed[number] = true;
        }
        impacts.for_each(|number| {
            uses[number] += 1;
            latent_allowed[number] = false;
        });
        let passes = |(n, number): (usize, &Number)| match number {
            Number::Draw { latent: None, .. } => uses[n] == 1,
            Number::Draw { latent: Some(latent), .. } => uses[n] == 1 && latent_allowed[n] && self.private[*latent],
            _ => false,
        };
        self.passing = self.numbers.iter().enumerate().map(passes).collect();
    }

    fn compose(&self, state: &mut State, number: usize, lanes: Mask) {
        let (stride, n) = (state.stride, state.lanes);
        for lane in lanes.lanes() {
            let value = self.composed(
                number,
                |part| state.numbers.of(part, n)[lane],
                |coverage| state.coverage[coverage * stride + lane],
            );
            state.numbers.of_mut(number, n)[lane] = value;
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
            Number::Odds(p, factor) => lanes::scale_odds(part(*p), part(*factor)),
            Number::Escape(prevalence, c, detection) => part(*prevalence) * (1.0 - coverage(*c) * part(*detection)),
        }
    }

    /// A number on an occasion: chance is drawn afresh, knowledge is what it is.
    pub(super) fn on_occasion(&self, state: &mut State, number: usize, lane: usize, occasion: u64) -> f64 {
        let quantities = &self.register.quantities;
        if !quantities[crate::register::QuantityId(number as u32)].varies {
            return self.once(state, number, lane);
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

    /// A number on several occasions, each of a lane: [`Program::on_occasion`] of all, with draws and products of draws
    /// worked on together. The second list is room for the values of a factor.
    pub(super) fn on_occasions(
        &self,
        state: &mut State,
        number: usize,
        asked: &[(usize, u64)],
        (values, factor): (&mut Vec<f64>, &mut Vec<f64>),
    ) {
        values.clear();
        let varies = self.register.quantities[crate::register::QuantityId(number as u32)].varies;
        match &self.numbers[number] {
            Number::Draw { stream, distribution, .. } if varies => {
                values.extend(asked.iter().map(|(lane, at)| stream.at(*at).uniform(state.first + *lane as u64)));
                distribution.quantile_block(values);
            }
            Number::Product(parts) if varies && parts.iter().all(|part| self.is_leaf(*part)) => {
                values.resize(asked.len(), 1.0);
                for part in parts {
                    self.on_occasions(state, *part, asked, (factor, &mut Vec::new()));
                    values.iter_mut().zip(factor.iter()).for_each(|(value, factor)| *value *= factor);
                }
            }
            _ => values.extend(asked.iter().map(|(lane, at)| self.on_occasion(state, number, *lane, *at))),
        }
    }

    /// Whether a number is not made of others.
    fn is_leaf(&self, number: usize) -> bool {
        matches!(self.numbers[number], Number::Constant(_) | Number::Draw { .. } | Number::Mixture { .. })
    }

    /// A number that is drawn once, at a lane where it is known.
    #[inline]
    pub(super) fn value(state: &State, number: usize, lane: usize) -> f64 {
        state.numbers.value(number, lane)
    }

    /// A number that is drawn once, for one lane.
    #[inline]
    pub(super) fn once(&self, state: &mut State, number: usize, lane: usize) -> f64 {
        if !state.numbers.known(number).get(lane) {
            self.ensure(state, number, Mask::only(lane));
        }
        state.numbers.value(number, lane)
    }

    /// Makes a latent variable known for these lanes: Σ weight · standard normal.
    pub(super) fn ensure_latent(&self, state: &mut State, latent: usize, lanes: Mask) {
        let missing = lanes.without(state.latents_known[latent]);
        if missing.is_empty() {
            return;
        }
        let dense = is_dense(missing, state.lanes);
        let missing = if dense { state.all } else { missing };
        state.latents_known[latent] |= missing;
        let (stride, n) = (state.stride, state.lanes);
        let terms = &self.latents[latent];
        for &(normal, _) in terms {
            self.ensure_normal(state, normal, missing);
        }
        let State { normals, latents, .. } = state;
        let slot = &mut latents[latent * stride..][..n];
        if let (true, [(x, a), (y, b)]) = (dense, &terms[..]) {
            let slot_of = |normal: usize| &normals[normal * stride..][..n];
            lanes::weighted_sum(slot, &[(*a, slot_of(*x)), (*b, slot_of(*y))]);
            return;
        }
        if dense {
            slot.fill(0.0);
        } else {
            missing.lanes().for_each(|lane| slot[lane] = 0.0);
        }
        for &(normal, weight) in terms {
            let from = &normals[normal * stride..][..n];
            if dense {
                lanes::add_weighted(slot, weight, from);
            } else {
                missing.lanes().for_each(|lane| slot[lane] += weight * from[lane]);
            }
        }
    }

    /// Makes a standard normal variable known for these lanes.
    fn ensure_normal(&self, state: &mut State, normal: usize, lanes: Mask) {
        let missing = lanes.without(state.normals_known[normal]);
        if missing.is_empty() {
            return;
        }
        let Normal { stream, knowledge, held } = self.normals[normal];
        let n = state.lanes;
        let slot = &mut state.normals[normal * state.stride..][..n];
        let same = held.is_some() || (knowledge && state.world.is_some());
        if same || is_dense(missing, n) {
            self.draw_normal(normal, state.world, state.first, slot);
            state.normals_known[normal] = state.all;
        } else {
            state.few.draw(missing, stream, state.first);
            math::drawn_normals(state.few.numbers());
            state.few.put(slot);
            state.normals_known[normal] |= missing;
        }
    }
}

impl Program {
    /// A standard normal variable in all lanes.
    fn draw_normal(&self, normal: usize, world: Option<u64>, first: u64, slot: &mut [f64]) {
        let Normal { stream, knowledge, held } = self.normals[normal];
        let in_world = world.filter(|_| knowledge).map(|world| math::drawn_normal(stream.uniform(world)));
        if let Some(same) = held.or(in_world) {
            slot.fill(same);
        } else {
            stream.fill_uniform(first, slot);
            math::drawn_normals(slot);
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
