//! What became of each iteration of a block.

use super::Mask;

/// Place of the window of a release that is not live by the horizon.
pub const NOT_LIVE: u16 = u16::MAX;

/// What a gate decides, against the truth. A criterion counts whether or not the committee heeds it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdicts<T> {
    /// Passed, with all its criteria truly met.
    pub right_go: T,
    /// Passed although one of its criteria was truly not met.
    pub wrong_go: T,
    /// Stopped, with one of its criteria truly not met.
    pub right_no_go: T,
    /// Stopped although all its criteria were truly met.
    pub wrong_no_go: T,
}

impl<T> Verdicts<T> {
    /// The same of something else.
    pub fn map<U>(&self, f: impl Fn(&T) -> U) -> Verdicts<U> {
        Verdicts {
            right_go: f(&self.right_go),
            wrong_go: f(&self.wrong_go),
            right_no_go: f(&self.right_no_go),
            wrong_no_go: f(&self.wrong_no_go),
        }
    }

    /// Adds another's, part by part.
    pub fn add(&mut self, other: Self, add: impl Fn(&mut T, T)) {
        add(&mut self.right_go, other.right_go);
        add(&mut self.wrong_go, other.wrong_go);
        add(&mut self.right_no_go, other.right_no_go);
        add(&mut self.wrong_no_go, other.wrong_no_go);
    }
}

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
    /// At the gate of the plan's date, of releases that stand there and have criteria: release by release.
    pub gate_at_plan: Vec<Verdicts<Mask>>,
    /// At any gate at least once, likewise.
    pub gate_ever: Vec<Verdicts<Mask>>,
    /// Number of gates in the whole block, likewise.
    pub gate_looks: Vec<Verdicts<u64>>,
    /// Criteria of a release seen as not met at the gate of its plan's date: release by release,
    /// criterion by criterion of the register.
    pub seen_at_plan: Vec<Mask>,
    /// Criteria of a release truly not met there, likewise.
    pub unmet_at_plan: Vec<Mask>,
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
    /// Finish in days: measure by measure.
    pub measures: Vec<f64>,
}
