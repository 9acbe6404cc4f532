//! The outlook: with what probability each release of each plan goes live on its date and stays.
//!
//! These types are the contract of `run --format json` and of `outlook.json`; terminal, tables and
//! charts read them and compute nothing again.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::estimate::{Figure, Mean};
use crate::random::Sampler;
use crate::simulate::Precision;

/// Results of one run of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outlook {
    /// Id of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Day 0; `null` in a scenario without dates.
    pub data_date: Option<Date>,
    /// Last day of the simulation; `null` in a scenario without releases.
    pub horizon: Option<Date>,
    /// Seed of the run.
    pub seed: u64,
    /// Iterations of each plan.
    pub iterations: u64,
    /// How the iterations were placed; absent where they are a random sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampler: Option<Sampler>,
    /// In how many independent replicates, which sampling errors come from; absent likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicates: Option<u32>,
    /// How well the decision figures were to be known, in a run that went on until they were; `null` in other runs.
    pub precision: Option<Precision>,
    /// What the input intervals come from; `null` where they were left out.
    pub inputs: Option<InputWorlds>,
    /// "Stays live" means not reversed within this many days.
    pub stays_days: u32,
    /// Unit of every cost, such as `GBP`; absent where the scenario names none or has no costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_unit: Option<String>,
    /// How many of the scenario's uncertain numbers rest on what.
    pub basis: BasisCount,
    /// One entry a plan, in the order of their ids.
    pub plans: Vec<PlanOutlook>,
}

/// What input intervals come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct InputWorlds {
    /// Number of worlds: draws of everything that is knowledge.
    pub worlds: u64,
    /// Iterations in each world.
    pub iterations_in_a_world: u64,
}

/// Number of uncertain numbers by what they rest on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct BasisCount {
    /// The source says it.
    pub stated: u32,
    /// Arithmetic from stated numbers.
    pub derived: u32,
    /// A published statistic.
    pub base_rate: u32,
    /// A judgement still to be elicited, or no basis given.
    pub assumed: u32,
}

/// Results of one plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanOutlook {
    /// Id of the plan.
    pub id: String,
    /// Title of the plan.
    pub title: String,
    /// One entry for each release of the plan, in the order of their ids.
    pub releases: Vec<ReleaseOutlook>,
    /// Probability that every release is deployed on its date and kept; `null` in a plan without releases.
    pub p_all_live_on_target_and_stay: Option<Figure>,
    /// One entry for each scope item.
    pub scope: Vec<ScopeOutlook>,
    /// Incidents; `null` in a scenario that models none.
    pub incidents: Option<IncidentOutlook>,
    /// Total cost, mean over iterations; `null` in a scenario without costs.
    pub cost: Option<Mean>,
    /// What makes up the cost; absent in a scenario without prices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub costs: Option<CostOutlook>,
    /// How often each risk of the register occurs, in the order of their ids.
    pub risks: Vec<RiskOutlook>,
    /// Finish times by the id of the measure.
    pub measures: BTreeMap<String, MeasureOutlook>,
}

/// What makes up the cost of a plan in a scenario with prices.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CostOutlook {
    /// Median of the total cost.
    pub p50: AmountPercentile,
    /// 80th percentile of the total cost.
    pub p80: AmountPercentile,
    /// 95th percentile of the total cost.
    pub p95: AmountPercentile,
    /// Width of the tally's bins, which bounds the error of percentiles.
    pub resolution: f64,
    /// Mean of each part of the total.
    pub by_cause: CostByCause,
    /// What background incidents cost at the prices of incidents: they happen anyway and are no part of the total; `null` without background processes.
    pub background_incidents: Option<Mean>,
}

/// A percentile of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AmountPercentile {
    /// The percentile.
    pub amount: f64,
    /// Ends of its 95% sampling interval; `null` for one that lies beyond the sample.
    pub interval: [Option<f64>; 2],
}

/// Mean cost by its cause: the parts of the total.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CostByCause {
    /// Risks that cost something by themselves.
    pub risks: Mean,
    /// Responses that are taken.
    pub responses: Mean,
    /// Days from the due dates of releases to their lasting go-lives, or to the horizon.
    pub delay: Mean,
    /// Releases that are not live by the horizon, beside the days until then.
    pub not_live: Mean,
    /// Back-outs.
    pub back_outs: Mean,
    /// Incidents that releases cause.
    pub incidents: Mean,
}

impl CostByCause {
    /// The parts with their names in words, in order.
    pub fn parts(&self) -> [(&'static str, &Mean); 6] {
        [
            ("delay", &self.delay),
            ("not live by the horizon", &self.not_live),
            ("back-outs", &self.back_outs),
            ("extra incidents", &self.incidents),
            ("risks themselves", &self.risks),
            ("responses", &self.responses),
        ]
    }
}

/// How often a risk occurs in one plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RiskOutlook {
    /// Id of the risk.
    pub id: String,
    /// Title of the risk.
    pub title: String,
    /// Probability that it occurs on at least one occasion; of a risk that only changes how others come out, that it does so.
    pub p_occurs: Figure,
}

/// Results of one release in one plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReleaseOutlook {
    /// Id of the release.
    pub id: String,
    /// Title of the release.
    pub title: String,
    /// Date of the plan.
    pub target: Date,
    /// Probability of being deployed in the window of the plan's date.
    pub p_live_on_target: Figure,
    /// … and of that deployment not being reversed.
    pub p_live_on_target_and_stays: Figure,
    /// Probability of no lasting go-live by the horizon.
    pub p_not_live_by_horizon: Figure,
    /// Probability of missing at least one gate (a No-Go), readiness aside.
    pub p_no_go: Figure,
    /// Probability of at least one back-out.
    pub p_backed_out: Figure,
    /// Probability that somebody's consent to a move is asked at least once; `null` where none is needed.
    pub p_consent_needed: Option<Figure>,
    /// Dates when consent is needed; `null` where none ever is.
    pub if_consent_needed: Option<ConsentDates>,
    /// Percentiles of the date of the deployment that is kept.
    pub go_live: GoLivePercentiles,
    /// Days after the target, given that the go-live is not on it; `null` when it never missed.
    pub delay_if_missed: Option<DelayPercentiles>,
    /// How often each date was the go-live date, in order; dates that never were are left out.
    pub dates: Vec<DateShare>,
}

/// Go-live dates of the iterations in which consent was asked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ConsentDates {
    /// In how many iterations it was asked.
    pub asked: u64,
    /// The earliest date with consent: the first open window beyond what is free that leaves the time consent takes when the
    /// date of the plan is missed; `null` past the horizon.
    pub earliest: Option<Date>,
    /// Median of the go-live date.
    pub p50: DatePercentile,
    /// 80th percentile of the go-live date.
    pub p80: DatePercentile,
}

/// Percentiles of the go-live date.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct GoLivePercentiles {
    /// 10th percentile.
    pub p10: DatePercentile,
    /// Median.
    pub p50: DatePercentile,
    /// 80th percentile.
    pub p80: DatePercentile,
    /// 90th percentile.
    pub p90: DatePercentile,
    /// 95th percentile.
    pub p95: DatePercentile,
}

/// A percentile of a date; `null` stands for "not live by the horizon".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DatePercentile {
    /// The percentile.
    pub date: Option<Date>,
    /// Ends of its 95% sampling interval.
    pub interval: [Option<Date>; 2],
    /// What it is in 90% of the worlds that the inputs allow; absent where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inputs_interval: Option<[Option<Date>; 2]>,
}

/// Percentiles of the delay in days, given a miss.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DelayPercentiles {
    /// In how many iterations the target was missed.
    pub missed: u64,
    /// Median.
    pub p50: DayPercentile,
    /// 80th percentile.
    pub p80: DayPercentile,
    /// 95th percentile.
    pub p95: DayPercentile,
}

/// A percentile in days; `null` stands for "not live by the horizon".
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DayPercentile {
    /// The percentile.
    pub days: Option<f64>,
    /// Ends of its 95% sampling interval.
    pub interval: [Option<f64>; 2],
    /// What it is in 90% of the worlds that the inputs allow; absent where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inputs_interval: Option<[Option<f64>; 2]>,
}

/// How often a date was the go-live date.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DateShare {
    /// The date.
    pub date: Date,
    /// In how many iterations.
    pub count: u64,
    /// In which share of the iterations.
    pub share: f64,
    /// Share of the iterations that are live on this date or before, with its 95% band.
    pub cumulative: Figure,
}

/// Result of one scope item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScopeOutlook {
    /// Id of the scope item.
    pub id: String,
    /// Title of the scope item.
    pub title: String,
    /// Release that it is planned to ship with.
    pub release: String,
    /// Whether it changes systems.
    pub system_impact: bool,
    /// Date by which it must be decided.
    pub deadline: Option<Date>,
    /// Probability that it is in the release's scope when that is deployed.
    pub p_ships: Figure,
}

/// Incidents over early-life support.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IncidentOutlook {
    /// Incidents that releases cause, back-outs and added load included, beyond the background: mean number by category, "1" to "5".
    pub extra: BTreeMap<String, Mean>,
    /// Extra incidents of category 1 or 2 together: mean number.
    pub extra_category_1_or_2: Mean,
    /// Probability of at least one extra incident of category 1 or 2.
    pub p_extra_category_1_or_2: Figure,
    /// Days of early-life support in which background incidents are counted.
    pub period_days: f64,
    /// Shares of iterations by the number of incidents of category 1 or 2.
    pub category_1_or_2: IncidentCountShares,
    /// Background processes by id: mean number of events in early-life support after the plan's first go-live.
    pub background: BTreeMap<String, Mean>,
    /// Sum of the times to restore of all incidents, background included, in days; `null` without times to restore.
    pub days_in_incidents: Option<Mean>,
    /// The same of the extra incidents alone.
    pub days_in_extra_incidents: Option<Mean>,
}

/// Shares of iterations with 0, 1, 2, … incidents of category 1 or 2; up to the last number that occurred.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IncidentCountShares {
    /// Incidents that releases cause, back-outs and added load included.
    pub extra: Vec<f64>,
    /// Incidents of background processes.
    pub background: Vec<f64>,
    /// Both together.
    pub all: Vec<f64>,
}

/// Result of one measure, in days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasureOutlook {
    /// Title of the measure.
    pub title: String,
    /// Mean over the iterations that finish; `null` when none does.
    pub mean: Figure,
    /// Standard deviation over iterations.
    pub standard_deviation: f64,
    /// 10th percentile, by order statistics to the resolution below.
    pub p10: DayPercentile,
    /// Median.
    pub p50: DayPercentile,
    /// 80th percentile.
    pub p80: DayPercentile,
    /// 90th percentile.
    pub p90: DayPercentile,
    /// 95th percentile.
    pub p95: DayPercentile,
    /// Target in days.
    pub target: Option<f64>,
    /// Probability of finishing by the target.
    pub p_by_target: Option<Figure>,
    /// Probability of never finishing, for want of a working unit; 0 in most scenarios.
    pub p_never: Figure,
    /// Width in days of the tally's bins, which bounds the error of percentiles.
    pub resolution_days: f64,
    /// Share finished by each of some days, for the S-curve.
    pub curve: Vec<CurvePoint>,
}

/// A point of an S-curve in days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Days.
    pub days: f64,
    /// Share finished by then, with its 95% band.
    pub share: Figure,
}
