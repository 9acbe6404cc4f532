//! What is paid, lane by lane and by its cause: prices of delay, back-outs and incidents.
//!
//! A price that is knowledge, or one exact number, is the same on every occasion. One that varies is drawn afresh for
//! each back-out (by release and attempt) and each incident (by what addresses its time to restore), and once an
//! iteration for delay.

use super::story::CostOf;
use super::{Mask, Program, State};

/// What a cost is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostCause {
    /// Risks that cost something by themselves.
    Risks,
    /// Responses that are taken.
    Responses,
    /// Days from a release's due date to its lasting go-live, or to the horizon.
    Delay,
    /// Releases that are not live by the horizon, beside the days until then.
    NotLive,
    /// Back-outs, each.
    BackOuts,
    /// Incidents that releases cause.
    Incidents,
}

impl CostCause {
    /// All causes, in order.
    pub const ALL: [Self; 6] =
        [Self::Risks, Self::Responses, Self::Delay, Self::NotLive, Self::BackOuts, Self::Incidents];
}

impl State {
    /// Adds to the cost of a lane.
    #[inline]
    pub(super) fn pay(&mut self, lane: usize, cause: CostCause, amount: f64) {
        self.outcome.cost[lane] += amount;
        self.outcome.cost_by_cause[cause as usize * self.stride + lane] += amount;
    }
}

impl Program {
    /// Charges each release for the days after its due date, and for not being live by the horizon. A release that the
    /// plan leaves out is not live.
    pub(super) fn charge_delay(&self, state: &mut State) {
        let Some(prices) = &self.register.prices else { return };
        let horizon = self.register.dates.map_or(0, |dates| dates.horizon);
        for (place, price) in prices.delay.iter().enumerate() {
            for lane in 0..state.lanes {
                let live = price.release.and_then(|release| self.live_day(state, release, lane));
                let days = live.unwrap_or(f64::from(horizon)) - f64::from(price.due_day);
                if days > 0.0 {
                    let per_day = self.once(state, price.per_day.0 as usize, lane);
                    state.pay(lane, CostCause::Delay, days * per_day);
                    state.record_cost(CostOf::Delay(place), live.unwrap_or(f64::from(horizon)), days * per_day);
                }
                if let (None, Some(lump)) = (live, price.not_live) {
                    let lump = self.once(state, lump.0 as usize, lane);
                    state.pay(lane, CostCause::NotLive, lump);
                    state.record_cost(CostOf::NotLive(place), f64::from(horizon), lump);
                }
            }
        }
    }

    /// Charges the back-outs of a release in the present window.
    pub(super) fn charge_back_outs(&self, state: &mut State, release: usize, day: f64, reversed: Mask) {
        let Some(price) = self.register.prices.as_ref().and_then(|prices| prices.back_out[release]) else { return };
        for lane in reversed.lanes() {
            let attempt = state.outcome.attempts[release * state.stride + lane];
            let occasion = self.attempt_occasion(release, attempt);
            let amount = self.on_occasion(state, price.0 as usize, lane, occasion);
            state.pay(lane, CostCause::BackOuts, amount);
            state.record_cost(CostOf::BackOut(release), day, amount);
        }
    }

    /// Charges an incident that a release causes, if its category has a price.
    pub(super) fn charge_incident(state: &mut State, category: u8, lane: usize, day: f64, price: Option<f64>) {
        let Some(amount) = price else { return };
        state.pay(lane, CostCause::Incidents, amount);
        state.record_cost(CostOf::Incident(category), day, amount);
    }

    /// The price of an incident of a category, if it has one.
    pub(super) fn incident_price(&self, state: &mut State, category: u8, lane: usize, occasion: u64) -> Option<f64> {
        let price = self.register.prices.as_ref()?.incident[usize::from(category - 1)]?;
        Some(self.on_occasion(state, price.0 as usize, lane, occasion))
    }
}
