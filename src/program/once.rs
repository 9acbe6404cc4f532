//! Risks drawn once an iteration, before anything else.

use super::story::{CostOf, Occasion};
use super::{CostCause, Program, State};
use crate::register::Effect;

impl Program {
    /// Draws every risk that is drawn once, each after those its condition asks about; then what
    /// they settle at once: scope and costs.
    pub(super) fn draw_once(&self, state: &mut State) {
        for &risk in &self.once {
            let occurs = self.occurs(state, risk, None, state.all);
            let trigger = self.events[risk].trigger;
            state.fired[trigger] = occurs;
            self.choose_outcome(state, risk, None, occurs);
            self.record_draw(state, risk, Occasion::Once, 0.0, 0);
            self.charge(state, risk, None, 0.0);
        }
        for (i, item) in self.register.scope.iter().enumerate() {
            state.outcome.ships[i] = if item.included { state.all } else { super::Mask::NONE };
        }
        for &(trigger, item) in &self.drops {
            state.outcome.ships[item] = state.outcome.ships[item].without(state.fired[trigger]);
        }
        self.record_drops(state);
        for (response, cost) in self.register.response_costs.iter().enumerate() {
            let cost = cost.cost.0 as usize;
            self.ensure(state, cost, state.all);
            for lane in 0..state.lanes {
                let amount = Self::value(state, cost, lane);
                state.pay(lane, CostCause::Responses, amount);
            }
            state.record_cost(CostOf::Response(response), 0.0, Self::value(state, cost, 0));
        }
    }

    /// Adds the costs of a risk where it has just fired, on a day.
    pub(super) fn charge(&self, state: &mut State, risk: usize, occasion: Option<u64>, day: f64) {
        let (register, trigger) = (&self.register.risks[risk], self.events[risk].trigger);
        let own = register.effects.iter().map(|e| (trigger, e));
        let outcomes = register.outcomes.iter().enumerate();
        let outcomes = outcomes.flat_map(|(k, o)| o.effects.iter().map(move |e| (trigger + 1 + k, e)));
        for (trigger, effect) in own.chain(outcomes) {
            let Effect::Cost(amount) = effect else {
                continue;
            };
            for lane in state.fired[trigger].lanes() {
                let amount = match occasion {
                    None => self.once(state, amount.0 as usize, lane),
                    Some(occasion) => self.on_occasion(state, amount.0 as usize, lane, occasion),
                };
                state.pay(lane, CostCause::Risks, amount);
                state.record_cost(CostOf::Risk(risk), day, amount);
            }
        }
    }
}
