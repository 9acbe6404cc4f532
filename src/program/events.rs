//! Drawing risks: probability, odds, conditions, the draw itself, outcomes and categories.

use super::numbers::is_dense;
use super::story::Modified;
use super::{Mask, Program, State, lanes};
use crate::math::{self, NormalTails};
use crate::random::Stream;
use crate::register::{Condition, Draw, Effect, ReleaseSet};

impl Program {
    /// The lanes in which a risk occurs on an occasion (`None`: once an iteration).
    pub(super) fn occurs(&self, state: &mut State, risk: usize, occasion: Option<u64>, lanes: Mask) -> Mask {
        self.item_occurs(state, risk, 0, occasion, lanes)
    }

    /// The same of one item of a risk.
    pub(super) fn item_occurs(
        &self,
        state: &mut State,
        risk: usize,
        item: usize,
        occasion: Option<u64>,
        lanes: Mask,
    ) -> Mask {
        let event = &self.events[risk];
        let modifier = self.register.risks[risk].is_modifier();
        // A modifier's condition is asked where it acts, and a costly one of those who would occur.
        let ask_first = !modifier && !event.asks_process;
        let lanes = if ask_first { self.holds(state, self.when(risk), lanes) } else { lanes };
        if lanes.is_empty() {
            return Mask::NONE;
        }
        let occurs = self.is_drawn(state, risk, item, occasion, lanes);
        let occurs = if !modifier && event.asks_process { self.holds(state, self.when(risk), occurs) } else { occurs };
        if !modifier {
            state.outcome.occurred[risk] |= occurs;
        }
        occurs
    }

    /// The same, going by the draw alone.
    fn is_drawn(&self, state: &mut State, risk: usize, item: usize, occasion: Option<u64>, lanes: Mask) -> Mask {
        let event = &self.events[risk];
        let joint = event.joint.filter(|_| occasion.is_none() && state.world.is_none());
        match (event.latent, occasion, joint) {
            _ if event.known.is_some() => {
                self.fill_probability(state, risk, occasion, lanes);
                if event.known == Some(true) { lanes } else { Mask::NONE }
            }
            (Some(latent), None, _) => {
                self.fill_probability(state, risk, occasion, lanes);
                self.ensure_latent(state, latent, lanes);
                let State { latents, few, probability, stride, .. } = state;
                let z = &latents[latent * *stride..];
                few.pick(lanes, z);
                math::vector::small_tails(few.numbers());
                let mut tails = few.numbers().iter();
                // High values occur, so that a positive correlation means "together".
                lanes.filtered(|lane| {
                    let small = tails.next().copied().unwrap_or(f64::NAN);
                    NormalTails::from_smaller(z[lane], small).above < probability[lane]
                })
            }
            (_, _, Some(joint)) => {
                self.fill_probability(state, risk, occasion, lanes);
                let (u, probability) = (state.joint_uniforms(joint), &state.probability);
                Mask::where_true(state.lanes, |lane| lanes.get(lane) && u[lane] < probability[lane])
            }
            _ => {
                let stream = event.items[item];
                if !self.is_kept(state, risk, occasion) {
                    self.fill_probability(state, risk, occasion, lanes);
                    return draw_below(state, on(stream, occasion), lanes);
                }
                let odds = self.split_by_odds(state, risk, lanes);
                let mut occurs = Mask::NONE;
                for (factor, lanes) in &odds.alike {
                    occurs |= self.drawn_below(state, (stream, occasion), (event.probability, *factor), *lanes);
                }
                if !odds.others.is_empty() {
                    self.fill_probability(state, risk, occasion, odds.others);
                    occurs |= draw_below(state, on(stream, occasion), odds.others);
                }
                state.odds = odds;
                occurs
            }
        }
    }

    /// Whether what is drawn of a risk for all lanes may be kept for other windows and plans: whether its probability is
    /// drawn once, and nothing is told.
    fn is_kept(&self, state: &State, risk: usize, occasion: Option<u64>) -> bool {
        state.recorder.is_none() && !(occasion.is_some() && self.varies(self.events[risk].probability))
    }

    /// Of the lanes at stake, those in which an item of a risk may occur on an occasion, as far as that is cheap to tell.
    pub(super) fn may_occur(&self, state: &mut State, risk: usize, occasion: u64, lanes: Mask) -> Mask {
        let event = &self.events[risk];
        let plain = event.known.is_none() && event.items.len() > 1 && !event.asks_process;
        if !plain || !self.is_kept(state, risk, Some(occasion)) || self.register.risks[risk].is_modifier() {
            return lanes;
        }
        let lanes = self.holds(state, self.when(risk), lanes);
        if lanes.is_empty() {
            return lanes;
        }
        let odds = self.split_by_odds(state, risk, lanes);
        let mut may = odds.others;
        for &(factor, lanes) in &odds.alike {
            let chance = (event.probability, factor);
            let first = event.items[0].at(occasion);
            let any = state.numbers.below(first, chance, event.items.len()).or_else(|| {
                let any = state.serves_many(lanes).then(|| {
                    event.items.iter().fold(Mask::NONE, |any, item| {
                        any | self.drawn_below(state, (*item, Some(occasion)), chance, state.all)
                    })
                })?;
                state.numbers.keep_below(first, chance, event.items.len(), any);
                Some(any)
            });
            may |= any.map_or(lanes, |any| any & lanes);
        }
        state.odds = odds;
        may
    }

    /// Splits lanes by what modifies the odds of a risk in them, which has acted then.
    fn split_by_odds(&self, state: &mut State, risk: usize, lanes: Mask) -> ByOdds {
        let mut odds = std::mem::take(&mut state.odds);
        odds.alike.clear();
        odds.others = Mask::NONE;
        let mut plain = lanes;
        for &(modifier, factor, pairs) in &self.events[risk].odds {
            let fired = lanes & state.fired[self.events[modifier].trigger];
            let active = self.holds(state, self.when(modifier), fired);
            if active.is_empty() {
                continue;
            }
            state.outcome.occurred[modifier] |= active;
            odds.others |= if pairs.is_some() { active } else { active.without(plain) };
            odds.alike.push((Some(factor), active));
            plain = plain.without(active);
        }
        for (_, lanes) in &mut odds.alike {
            *lanes = lanes.without(odds.others);
        }
        odds.alike.push((None, plain));
        odds
    }

    /// The lanes among these in which the uniform number of a stream on an occasion lies below a chance that is drawn once.
    /// Where that serves many, all lanes are asked, and the answer is kept: for other windows, and for plans that run in turn.
    pub(super) fn drawn_below(
        &self,
        state: &mut State,
        (stream, occasion): (Stream, Option<u64>),
        chance: Chance,
        lanes: Mask,
    ) -> Mask {
        if lanes.is_empty() {
            return Mask::NONE;
        }
        let stream = on(stream, occasion);
        let asked_again = occasion.is_some() || state.plans > 1;
        if asked_again && let Some(below) = state.numbers.below(stream, chance, 1) {
            return below & lanes;
        }
        let (number, factor) = chance;
        let all = state.serves_many(lanes);
        for number in std::iter::once(number).chain(factor) {
            self.ensure(state, number, if all { state.all } else { lanes });
        }
        let State { few, numbers, first, lanes: n, probability, .. } = state;
        if !all {
            few.draw(lanes, stream, *first);
            let mut u = few.numbers().iter();
            return lanes.filtered(|lane| {
                let p = numbers.value(number, lane);
                let p = factor.map_or(p, |factor| lanes::scale_odds(p, numbers.value(factor, lane)));
                u.next().is_some_and(|u| *u < p)
            });
        }
        let mut p = numbers.of(number, *n);
        if let Some(factor) = factor {
            probability[..*n].copy_from_slice(p);
            lanes::scale_odds_where(&mut probability[..*n], numbers.of(factor, *n), &state.all);
            p = &probability[..*n];
        }
        let mut below = Mask::NONE;
        stream.fill_below(*first, p, &mut below.words_mut()[..n.div_ceil(64)]);
        if asked_again {
            numbers.keep_below(stream, chance, 1, below);
        }
        below & lanes
    }

    /// Fills `state.probability` for these lanes: the risk's probability with its odds modified.
    fn fill_probability(&self, state: &mut State, risk: usize, occasion: Option<u64>, lanes: Mask) {
        let event = &self.events[risk];
        match occasion {
            Some(occasion) if self.varies(event.probability) => {
                for lane in lanes.lanes() {
                    state.probability[lane] = self.on_occasion(state, event.probability, lane, occasion);
                }
            }
            _ => {
                self.ensure(state, event.probability, lanes);
                let n = state.lanes;
                let State { numbers, probability, .. } = &mut *state;
                let values = numbers.of(event.probability, n);
                if is_dense(lanes, n) {
                    probability[..n].copy_from_slice(values);
                } else {
                    lanes.lanes().for_each(|lane| probability[lane] = values[lane]);
                }
            }
        }
        state.record_odds(None);
        for &(modifier, factor, pairs) in &event.odds {
            let active = lanes & state.fired[self.events[modifier].trigger];
            let active = self.holds(state, self.when(modifier), active);
            if active.is_empty() {
                continue;
            }
            state.outcome.occurred[modifier] |= active;
            self.ensure(state, factor, active);
            if pairs.is_none() && state.recorder.is_none() && is_dense(active, state.lanes) {
                let State { numbers, probability, lanes: n, .. } = &mut *state;
                lanes::scale_odds_where(&mut probability[..*n], numbers.of(factor, *n), &active);
                continue;
            }
            for lane in active.lanes() {
                let factor = Self::value(state, factor, lane);
                let times = pairs.map_or(1, |set| self.pairs_deployed(state, set, lane));
                let from = state.probability[lane];
                let to = (0..times).fold(from, |p, _| lanes::scale_odds(p, factor));
                state.probability[lane] = to;
                state.record_odds(Some(Modified { by: modifier, from, to }));
            }
        }
    }

    fn varies(&self, number: usize) -> bool {
        self.register.quantities[crate::register::QuantityId(number as u32)].varies
    }

    fn pairs_deployed(&self, state: &State, set: ReleaseSet, lane: usize) -> u32 {
        let n: u32 = releases(set).map(|r| u32::from(state.deployed[r].get(lane))).sum();
        n * n.saturating_sub(1) / 2
    }

    /// The lanes among these in which a condition holds, here and now.
    pub(super) fn holds(&self, state: &mut State, condition: &Condition, lanes: Mask) -> Mask {
        if lanes.is_empty() {
            return Mask::NONE;
        }
        match condition {
            Condition::Always(true) => lanes,
            Condition::Always(false) | Condition::WithinFirstDays(..) => Mask::NONE,
            Condition::CoDeployed(set) => two_or_more(*set, &state.deployed) & lanes,
            Condition::BackedOut(set) => releases(*set).fold(Mask::NONE, |any, r| any | state.reversed[r]) & lanes,
            Condition::PassedUnmet(criteria) => self.passed_unmet(state, criteria) & lanes,
            Condition::Occurred(risk) => state.fired[self.events[*risk].trigger] & lanes,
            Condition::Event(process, days) => self.had_event_before_gate(state, *process, *days, lanes),
            Condition::All(parts) => parts.iter().fold(lanes, |left, part| self.holds(state, part, left)),
            Condition::Any(parts) => parts.iter().fold(Mask::NONE, |held, part| {
                let open = lanes.without(held);
                held | self.holds(state, part, open)
            }),
            Condition::Not(part) => lanes.without(self.holds(state, part, lanes)),
        }
    }

    /// Draws which outcome happens where a risk occurs, and sets the triggers of its outcomes.
    pub(super) fn choose_outcome(&self, state: &mut State, risk: usize, occasion: Option<u64>, occurs: Mask) {
        let outcomes = &self.register.risks[risk].outcomes;
        if outcomes.is_empty() {
            return;
        }
        let event = &self.events[risk];
        for k in 0..outcomes.len() {
            state.fired[event.trigger + 1 + k] = Mask::NONE;
        }
        let stream = occasion.map_or(event.outcome, |o| event.outcome.at(o));
        for outcome in outcomes {
            self.ensure(state, outcome.weight.0 as usize, occurs);
        }
        for lane in occurs.lanes() {
            let weights = outcomes.iter().map(|o| Self::value(state, o.weight.0 as usize, lane));
            let chosen = choose(stream.uniform(state.first + lane as u64), weights);
            state.fired[event.trigger + 1 + chosen].set(lane);
        }
    }

    /// The category of an incident effect for one lane, 1 to 5.
    pub(super) fn category(&self, state: &State, risk: usize, weights: &[f64; 5], lane: usize, occasion: u64) -> u8 {
        if let Some(only) = weights.iter().position(|w| *w == 1.0) {
            return only as u8 + 1;
        }
        let u = self.events[risk].category.at(occasion).uniform(state.first + lane as u64);
        choose(u, weights.iter().copied()) as u8 + 1
    }

    /// The effects of a risk with the triggers they wait for.
    pub(super) fn triggered_effects(&self, risk: usize) -> impl Iterator<Item = (usize, &Effect)> {
        let (register, trigger) = (&self.register.risks[risk], self.events[risk].trigger);
        let own = register.effects.iter().map(move |e| (trigger, e));
        let outcomes = register.outcomes.iter().enumerate();
        own.chain(outcomes.flat_map(move |(k, o)| o.effects.iter().map(move |e| (trigger + 1 + k, e))))
    }

    /// Whether a risk is drawn once an iteration.
    pub(super) fn is_once(&self, risk: usize) -> bool {
        self.register.risks[risk].draw == Draw::Once
    }
}

/// A stream on an occasion, if there is one.
fn on(stream: Stream, occasion: Option<u64>) -> Stream {
    occasion.map_or(stream, |occasion| stream.at(occasion))
}

/// A probability, by its number, and the factor on its odds, if there is one.
pub(super) type Chance = (usize, Option<usize>);

/// Lanes by what modifies the odds of a risk in them.
#[derive(Debug, Clone, Default)]
pub(super) struct ByOdds {
    /// Those in which nothing does, or one factor once.
    alike: Vec<(Option<usize>, Mask)>,
    /// Those in which several do.
    others: Mask,
}

/// The lanes whose uniform draw lies below `state.probability`.
fn draw_below(state: &mut State, stream: Stream, lanes: Mask) -> Mask {
    let State { few, probability, first, lanes: n, .. } = state;
    let mut below = Mask::NONE;
    if is_dense(lanes, *n) {
        stream.fill_below(*first, &probability[..*n], &mut below.words_mut()[..n.div_ceil(64)]);
        return below & lanes;
    }
    few.draw(lanes, stream, *first);
    for (lane, u) in lanes.lanes().zip(few.numbers()) {
        if *u < probability[lane] {
            below.set(lane);
        }
    }
    below
}

/// The place that a uniform number falls on among weights.
fn choose(u: f64, weights: impl Iterator<Item = f64> + Clone) -> usize {
    let total: f64 = weights.clone().sum();
    let mut left = u * total;
    let mut last = 0;
    for (place, weight) in weights.enumerate() {
        left -= weight;
        if left < 0.0 {
            return place;
        }
        if weight > 0.0 {
            last = place;
        }
    }
    // Rounding can leave a sliver at the end: it belongs to the last weight that is not 0.
    last
}

/// The releases of a set.
pub(super) fn releases(set: ReleaseSet) -> impl Iterator<Item = usize> {
    let mut left = set;
    std::iter::from_fn(move || {
        (left != 0).then(|| {
            let next = left.trailing_zeros() as usize;
            left &= left - 1;
            next
        })
    })
}

/// The lanes in which two or more of a set are deployed.
pub(super) fn two_or_more(set: ReleaseSet, deployed: &[Mask]) -> Mask {
    let mut one = Mask::NONE;
    let mut two = Mask::NONE;
    for r in releases(set) {
        two |= one & deployed[r];
        one |= deployed[r];
    }
    two
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_chosen_in_proportion() {
        assert_eq!(choose(0.0, [1.0, 3.0].into_iter()), 0);
        assert_eq!(choose(0.2499, [1.0, 3.0].into_iter()), 0);
        assert_eq!(choose(0.25, [1.0, 3.0].into_iter()), 1);
        assert_eq!(choose(0.9999, [1.0, 3.0, 0.0].into_iter()), 1);
        assert_eq!(choose(0.5, [0.0, 2.0].into_iter()), 1);
    }

    #[test]
    fn two_or_more_of_three() {
        let deployed = [Mask::first(3), Mask::only(1), Mask::only(2)];
        assert_eq!(two_or_more(0b111, &deployed).lanes().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(two_or_more(0b110, &deployed), Mask::NONE);
        assert_eq!(releases(0b1011).collect::<Vec<_>>(), [0, 1, 3]);
    }
}
