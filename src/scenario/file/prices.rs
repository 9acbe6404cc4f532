//! What delay, back-outs and incidents cost.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Date, Quantity, Table};

/// Prices, in the scenario's `cost_unit`: with them a plan has an expected cost. Prices are unknowns of this world (knowledge) unless they say otherwise.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// What it costs that a release is late, by the id of the release. A plan that leaves the release out is charged as if it were not live by the horizon.
    #[serde(default)]
    pub delay: Table<DelayPrice>,
    /// Cost of each back-out of a release, by the id of the release.
    #[serde(default)]
    pub back_out: Table<Quantity>,
    /// Cost of each incident that releases cause, by category, "1" (worst) to "5". Background incidents are priced apart and charged to no plan.
    #[serde(default)]
    pub incident: Table<Quantity>,
}

/// What it costs that a release is late.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DelayPrice {
    /// Cost of each day from the due date to the lasting go-live, or to the horizon without one. Days before the due date earn nothing.
    pub per_day: Quantity,
    /// Due date from which days count. Unless given, the date the release is approved for; without one, the earliest date that any plan gives it. So a plan that plans later pays for the days it takes.
    pub due: Option<Date>,
    /// Cost of not being live by the horizon, beside the days until then.
    pub not_live: Option<Quantity>,
}
