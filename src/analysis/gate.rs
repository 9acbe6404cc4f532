//! A gate as a test with errors: what it lets through and stops against the truth, under several policies, and what
//! better evidence would be worth.
//!
//! These types are the contract of `gate --format json` and of `gate.json`; text and charts read them and compute
//! nothing again. `gate_study` fills them.

use jiff::civil::Date;
use serde::Serialize;

use super::outlook::{BasisCount, DatePercentile, InputWorlds};
use crate::estimate::Figure;

/// What `golive gate` reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GateReport {
    /// Id of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Id of the plan.
    pub plan: String,
    /// Title of the plan.
    pub plan_title: String,
    /// What-if that the gate is judged under; `null` for the plan as it stands.
    pub what_if: Option<UnderWhatIf>,
    /// Seed of the run.
    pub seed: u64,
    /// Iterations of each variant.
    pub iterations: u64,
    /// What forecasts were fitted on.
    pub fitted: Fitted,
    /// What the input intervals come from; `null` where they were left out.
    pub inputs: Option<InputWorlds>,
    /// "Stays live" means not reversed within this many days.
    pub stays_days: u32,
    /// Unit of costs, where the scenario names one.
    pub cost_unit: Option<String>,
    /// How many of the scenario's uncertain numbers rest on what.
    pub basis: BasisCount,
    /// Threshold on the forecast.
    pub threshold: f64,
    /// Whether what is seen of any criterion can differ from what is true. If not, wrong Go and wrong No-Go by
    /// observation are 0 by assumption.
    pub observed_with_error: bool,
    /// Whether any risk asks if a release was deployed with a criterion unmet. If not, a wrong Go costs nothing.
    pub wrong_go_has_consequences: bool,
    /// Criteria that bear on a release reported here.
    pub criteria: Vec<CriterionAtGate>,
    /// Releases that a criterion bears on.
    pub releases: Vec<ReleaseAtGate>,
    /// Policies; the first is the plan as it stands, which the others are compared with.
    pub policies: Vec<Policy>,
    /// Criteria reported as Amber; `null` where there is none that can stop a release.
    pub amber: Option<Amber>,
    /// Other evidence, and what could be done instead.
    pub evidence: Vec<Policy>,
}

/// A what-if that a report was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnderWhatIf {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// What forecasts were fitted on: not the iterations that policies are judged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Fitted {
    /// Seed.
    pub seed: u64,
    /// Iterations.
    pub iterations: u64,
}

/// A criterion at the gate of the plan's date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriterionAtGate {
    /// Id.
    pub id: String,
    /// Status as last reported.
    pub status: Option<&'static str>,
    /// Whether it stops a release.
    pub stops: bool,
    /// Whether what is seen of it can differ from what is true.
    pub observed_with_error: bool,
    /// Whether any risk asks if a release was deployed with it unmet.
    pub wrong_go_has_consequences: bool,
    /// Risks that can fail it.
    pub risks: Vec<String>,
    /// Release by release: how often it is not met, and seen as not met.
    pub releases: Vec<CriterionShare>,
}

/// How often a criterion is not met at the gate of a release's date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriterionShare {
    /// Id of the release.
    pub release: String,
    /// Probability that it is truly not met there.
    pub p_not_met: Figure,
    /// Probability that it is seen as not met there.
    pub p_seen_not_met: Figure,
}

/// A release at the gate of its plan's date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReleaseAtGate {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Date of the plan.
    pub target: Date,
    /// Day of the gate; the earliest, where it passes several.
    pub gate: Option<Date>,
    /// Probability that it stands at that gate: that it is ready, and not in a queue or held.
    pub p_at_gate: Figure,
    /// What the gate can see, most frequent first.
    pub seen: Vec<Seen>,
    /// Whether forecasts differ by more than sampling error (chi-squared test of equal shares at 1%). If not, what the
    /// gate sees tells nothing of whether the deployment stays.
    pub forecasts_differ: bool,
    /// Thresholds at which its rule changes, strictest first: what each would do.
    pub thresholds: Vec<ThresholdPoint>,
}

/// One pattern of what a gate can see.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Seen {
    /// Criteria seen as not met; `null` for all rare patterns together.
    pub not_met: Option<Vec<String>>,
    /// Probability that the gate of the plan's date sees it.
    pub p_seen: Figure,
    /// Probability that all criteria are truly met, given that it does; `null` where it never did.
    pub p_all_met: Option<Figure>,
    /// Forecast: the release, let through, is deployed in that window and kept. From the fitting iterations.
    pub forecast: Option<Figure>,
    /// The same in the iterations of the run, which the forecast has not seen.
    pub came_true: Option<Figure>,
    /// Whether the threshold makes it a Go.
    pub go: bool,
}

/// A threshold on the forecast, and what it would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThresholdPoint {
    /// The threshold; `null` for one that no forecast reaches.
    pub threshold: Option<f64>,
    /// Probability of a Go at the gate of the plan's date.
    pub p_go: Figure,
    /// … although a criterion is truly not met.
    pub p_wrong_go: Figure,
    /// Probability of a No-Go there although all criteria are truly met.
    pub p_wrong_no_go: Figure,
    /// Probability of being deployed on the date and kept.
    pub p_live_on_target_and_stays: Figure,
    /// Extra incidents of category 1 or 2 of the whole plan, mean number.
    pub extra_category_1_or_2: Option<Figure>,
    /// Total cost of the whole plan, mean.
    pub cost: Option<Figure>,
}

/// A figure, and how far it is from that of the plan as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Against {
    /// The figure.
    #[serde(flatten)]
    pub figure: Figure,
    /// Less that of the plan as it stands, iteration by iteration; `null` for the plan as it stands.
    pub difference: Option<Figure>,
}

/// A policy of the gate, or another variant of the plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Policy {
    /// `all-green`, `amber-allowed`, `threshold`, `amber-turned-green`, `perfect-observation`, `next-window`,
    /// `response:ID`, `what-if:ID`.
    pub id: String,
    /// In words.
    pub title: String,
    /// Release by release.
    pub releases: Vec<PolicyOfRelease>,
    /// Extra incidents of category 1 or 2, mean number; `null` in a scenario that models none.
    pub extra_category_1_or_2: Option<Against>,
    /// Total cost, mean; `null` in a scenario without costs.
    pub cost: Option<Against>,
}

/// What a policy does to a release.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PolicyOfRelease {
    /// Id of the release.
    pub id: String,
    /// Date that it is planned for.
    pub target: Date,
    /// Probability of a Go at the gate of that date.
    pub p_go: Against,
    /// … although a criterion is truly not met, heeded or not.
    pub p_wrong_go: Against,
    /// Probability of a No-Go there although all criteria are truly met.
    pub p_wrong_no_go: Against,
    /// Probability of being deployed on that date.
    pub p_live_on_target: Against,
    /// … and kept.
    pub p_live_on_target_and_stays: Against,
    /// 80th percentile of the go-live date.
    pub p80: DatePercentile,
    /// Days by which it is later than that of the plan as it stands; `null` where either is not live.
    pub p80_later: Option<DaysLater>,
    /// Probability of at least one wrong Go, at that gate or a later one.
    pub p_any_wrong_go: Figure,
    /// Probability of at least one wrong No-Go, likewise.
    pub p_any_wrong_no_go: Figure,
}

/// A difference of percentiles in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DaysLater {
    /// Days.
    pub days: i32,
    /// From the ends of both 95% intervals that are furthest apart: at least 90%. `null` for an end past the horizon.
    pub interval: [Option<i32>; 2],
}

/// Criteria reported as Amber.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Amber {
    /// Their ids.
    pub criteria: Vec<String>,
    /// Risks that can fail them.
    pub risks: Vec<String>,
    /// Whether any risk asks if a release was deployed with one of them unmet.
    pub wrong_go_has_consequences: bool,
    /// The plan with no risk that fails them.
    pub turned_green: Policy,
}
