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
    /// The same in parts: cause by cause, in the order of [`super::CostCause::ALL`].
    pub cost_by_cause: Vec<f64>,
    /// What background incidents cost at the prices of incidents; no part of the total.
    pub cost_of_background: Vec<f64>,
    /// Finish in days: measure by measure.
    pub measures: Vec<f64>,
}

impl Outcome {
    /// The outcome of these lanes alone, one after another. They are no longer in a row, so that `first` is that of
    /// the block. Numbers of gates are not known lane by lane, and are left at 0.
    #[must_use]
    pub fn of_lanes(&self, lanes: Mask) -> Self {
        let stride = self.cost.len();
        let kept: Vec<usize> = lanes.lanes().take_while(|lane| *lane < self.lanes).collect();
        let counts = |values: &[u16]| -> Vec<u16> {
            values.chunks_exact(stride).flat_map(|part| kept.iter().map(|lane| part[*lane])).collect()
        };
        let numbers = |values: &[f64]| -> Vec<f64> {
            values.chunks_exact(stride).flat_map(|part| kept.iter().map(|lane| part[*lane])).collect()
        };
        let masks = |masks: &[Mask]| -> Vec<Mask> {
            masks.iter().map(|mask| Mask::where_true(kept.len(), |lane| mask.get(kept[lane]))).collect()
        };
        let verdicts = |list: &[Verdicts<Mask>]| -> Vec<Verdicts<Mask>> {
            let of = |mask: &Mask| Mask::where_true(kept.len(), |lane| mask.get(kept[lane]));
            list.iter().map(|verdicts| verdicts.map(of)).collect()
        };
        Self {
            lanes: kept.len(),
            first: self.first,
            live_window: counts(&self.live_window),
            attempts: counts(&self.attempts),
            on_target: masks(&self.on_target),
            kept_on_target: masks(&self.kept_on_target),
            no_go: masks(&self.no_go),
            backed_out: masks(&self.backed_out),
            consent: masks(&self.consent),
            occurred: masks(&self.occurred),
            gate_at_plan: verdicts(&self.gate_at_plan),
            gate_ever: verdicts(&self.gate_ever),
            gate_looks: vec![Verdicts::default(); self.gate_looks.len()],
            seen_at_plan: masks(&self.seen_at_plan),
            unmet_at_plan: masks(&self.unmet_at_plan),
            ships: masks(&self.ships),
            incidents: counts(&self.incidents),
            background: counts(&self.background),
            days_in_incidents: numbers(&self.days_in_incidents),
            days_in_extra: numbers(&self.days_in_extra),
            cost: numbers(&self.cost),
            cost_by_cause: numbers(&self.cost_by_cause),
            cost_of_background: numbers(&self.cost_of_background),
            measures: numbers(&self.measures),
        }
    }
}
