//! The resolved meaning of a scenario under one plan: names are indices, conditions that the plan
//! decides are constants, and everything is valid by construction.
//!
//! In: `scenario::resolve`. Out: what `program` lowers and `oracle` reads. All lists are in the
//! natural order of their ids, so that the order of a file changes nothing.

mod dependence;
mod fingerprint;
mod in_force;
mod prices;
mod quantity;
mod risk;
mod work;

pub use dependence::{Correlated, Dependence, Driven, DriverGroup};
pub use in_force::Use;
pub use prices::{DelayPrice, Prices};
pub use quantity::{Basis, Bounds, Leaf, Node, Origin, Quantities, Quantity, QuantityId, Uncertainty, parts};
pub use risk::*;
pub use work::*;

/// Releases as bits, in the order of [`Register::releases`].
pub type ReleaseSet = u64;

/// Most releases one plan may deploy.
pub const MAX_RELEASES: usize = 64;

/// A scenario under one plan.
#[derive(Debug, Clone)]
pub struct Register {
    /// Id of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Id of the plan; "base" in a scenario without plans.
    pub plan: String,
    /// Title of the plan.
    pub plan_title: String,
    /// Dates, in a scenario that has them.
    pub dates: Option<Dates>,
    /// "Stays live" means not reversed within this many days.
    pub stays_days: u32,
    /// Every number.
    pub quantities: Quantities,
    /// Dependence between draws.
    pub dependence: Dependence,
    /// Calendars.
    pub calendars: Vec<crate::time::WorkCalendar>,
    /// Activities.
    pub activities: Vec<Activity>,
    /// Pools of units.
    pub pools: Vec<Pool>,
    /// Test coverage.
    pub coverage: Vec<Coverage>,
    /// Releases of the plan.
    pub releases: Vec<Release>,
    /// Releases that never share a window, first come first.
    pub separate: Vec<usize>,
    /// Criteria that can stop a release of the plan.
    pub criteria: Vec<Criterion>,
    /// Scope items.
    pub scope: Vec<ScopeItem>,
    /// Background processes.
    pub processes: Vec<Process>,
    /// Time to restore by category, in days: entry 0 is category 1.
    pub restore: [Option<QuantityId>; 5],
    /// Risks in force.
    pub risks: Vec<Risk>,
    /// Costs of the responses taken, in the order of their ids.
    pub response_costs: Vec<ResponseCost>,
    /// Prices of delay, back-outs and incidents, in a scenario that has any.
    pub prices: Option<Prices>,
    /// Unit of every cost, if the scenario names one.
    pub cost_unit: Option<String>,
    /// Names of the groups of overlapping risks.
    pub overlaps: Vec<String>,
    /// Finish times to report.
    pub measures: Vec<Measure>,
    /// Uncertain numbers in force by what they rest on.
    pub basis: BasisTally,
}

/// What a response costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseCost {
    /// Id of the response.
    pub response: String,
    /// How much.
    pub cost: QuantityId,
}

/// The scenario's dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// Day 0.
    pub zero: crate::time::DayZero,
    /// Day number of the horizon.
    pub horizon: i32,
}

/// Uncertain numbers by what they rest on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BasisTally {
    /// Stated by the source.
    pub stated: u32,
    /// Arithmetic from stated numbers.
    pub derived: u32,
    /// A published statistic.
    pub base_rate: u32,
    /// To be elicited, or no basis given.
    pub assumed: u32,
}

impl Register {
    /// Whether anything costs: a risk, a response that is taken, what the scenario prices.
    pub fn has_costs(&self) -> bool {
        self.prices.is_some()
            || !self.response_costs.is_empty()
            || self.risks.iter().any(|r| r.all_effects().any(|e| matches!(e, Effect::Cost(_))))
    }
}
