//! What became of each iteration of a block.

use super::Mask;

/// Place of the window of a release that is not live by the horizon.
pub const NOT_LIVE: u16 = u16::MAX;

/// The outcome of a block: arrays by lane, one after another for each release, scope item, …
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Number of iterations.
    pub lanes: usize,
    /// Iteration of lane 0.
    pub first: u64,
    /// Place of the window of the kept deployment, or [`NOT_LIVE`]: release by release.
    pub live_window: Vec<u16>,
    /// Number of deployments: release by release.
    pub attempts: Vec<u16>,
    /// Deployed in the window of the plan's date.
    pub on_target: Vec<Mask>,
    /// … and that deployment kept.
    pub kept_on_target: Vec<Mask>,
    /// Missed at least one gate.
    pub no_go: Vec<Mask>,
    /// Backed out at least once.
    pub backed_out: Vec<Mask>,
    /// Consent asked at least once.
    pub consent: Vec<Mask>,
    /// Risks that occurred on at least one occasion; of a risk that only changes how others come out, that it did so.
    pub occurred: Vec<Mask>,
    /// Scope items that ship.
    pub ships: Vec<Mask>,
    /// Extra incidents by category: category by category.
    pub incidents: Vec<u16>,
    /// Background events in the period: process by process.
    pub background: Vec<u16>,
    /// Days in incidents, background included.
    pub days_in_incidents: Vec<f64>,
    /// Days in extra incidents.
    pub days_in_extra: Vec<f64>,
    /// Total cost.
    pub cost: Vec<f64>,
    /// The same in parts: cause by cause, in the order of [`super::CostCause::ALL`].
    pub cost_by_cause: Vec<f64>,
    /// What background incidents cost at the prices of incidents; no part of the total.
    pub cost_of_background: Vec<f64>,
    /// Finish in days: measure by measure.
    pub measures: Vec<f64>,
}
