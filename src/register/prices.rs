//! What delay, back-outs and incidents cost, resolved.

use super::QuantityId;

/// Prices of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Prices {
    /// Releases whose delay has a price.
    pub delay: Vec<DelayPrice>,
    /// Cost of each back-out: one entry for each release of the plan.
    pub back_out: Vec<Option<QuantityId>>,
    /// Cost of each incident by category: entry 0 is category 1.
    pub incident: [Option<QuantityId>; 5],
}

/// What it costs that a release is late.
#[derive(Debug, Clone, PartialEq)]
pub struct DelayPrice {
    /// Index of the release among those of the plan; `None` where the plan leaves it out.
    pub release: Option<usize>,
    /// Day number from which days count.
    pub due_day: i32,
    /// Cost of a day.
    pub per_day: QuantityId,
    /// Cost of not being live by the horizon, beside the days until then.
    pub not_live: Option<QuantityId>,
}
