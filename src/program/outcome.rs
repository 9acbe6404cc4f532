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
    /// Finish in days: measure by measure.
    pub measures: Vec<f64>,
}

impl Outcome {
    /// The outcome of these lanes alone, one after another. They are no longer in a row, so that `first` is that of
    /// the block.
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
            ships: masks(&self.ships),
            incidents: counts(&self.incidents),
            background: counts(&self.background),
            days_in_incidents: numbers(&self.days_in_incidents),
            days_in_extra: numbers(&self.days_in_extra),
            cost: numbers(&self.cost),
            measures: numbers(&self.measures),
        }
    }
}
