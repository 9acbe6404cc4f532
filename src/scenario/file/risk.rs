//! The register: risks, their conditions, effects and responses; processes and dependence.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Date, Quantity, Table};

/// A risk: cause → event → effect. An opportunity is a risk whose effects have the opposite sign.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// The risk in one line.
    #[schemars(length(min = 1))]
    pub title: String,
    /// Kind of risk, for sorting.
    pub category: Option<String>,
    /// Who owns it.
    pub owner: Option<String>,
    /// Where it is stated or follows from.
    pub source: Option<String>,
    /// Why it might happen.
    pub cause: Option<String>,
    /// What would happen.
    pub event: Option<String>,
    /// What would follow.
    pub consequence: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// Probability on each occasion on which it is drawn, given that `when` holds; 1 unless given.
    pub probability: Option<Quantity>,
    /// On which occasions it is drawn. Unless given, it follows from the effects: gate for `fail`, deployment for `back_out`, go-live for `incident`, otherwise once.
    pub draw: Option<Draw>,
    /// Releases it is drawn for, each with its own draw; those its effects name unless given.
    pub releases: Option<Vec<String>>,
    /// Number of identical items that each carry this risk (`4` open issues): each is drawn, each has the effects. 1 unless given.
    #[schemars(range(min = 0u32, max = 10_000u32))]
    pub items: Option<u32>,
    /// Only when this holds.
    pub when: Option<Condition>,
    /// Name of a group of overlapping risks, which together cause at most one incident for a release.
    pub overlaps: Option<String>,
    /// What it does.
    #[serde(default)]
    pub effects: Vec<Effect>,
    /// Mutually exclusive outcomes, one of which happens when the risk does.
    #[serde(default)]
    pub outcomes: Vec<Outcome>,
    /// Whether it is in the register's figures; true unless given.
    pub enabled: Option<bool>,
    /// Why it is left out of the figures, when it is.
    pub excluded_because: Option<String>,
}

/// On which occasions a risk is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Draw {
    /// Once in each iteration, before anything else.
    Once,
    /// At each gate day of a window, shared by all releases gated there.
    Gate,
    /// At each deployment of each of its releases.
    Deployment,
    /// In each window in which any of its releases is deployed, once for all of them.
    Window,
    /// When each of its releases has gone live for good.
    GoLive,
}

/// One of several mutually exclusive outcomes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// What happens.
    #[schemars(length(min = 1))]
    pub title: Option<String>,
    /// Weight against the other outcomes, in any scale.
    pub weight: Quantity,
    /// What it does.
    #[serde(default)]
    pub effects: Vec<Effect>,
}

/// What has to hold. Exactly one key.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Two or more of these releases are deployed in the same window.
    CoDeployed(Vec<String>),
    /// Two or more of these releases are planned for the same date.
    PlannedTogether(Vec<String>),
    /// Two or more of these releases are within their first days live on the same day.
    WithinFirstDays(WithinFirstDays),
    /// Any of these releases is backed out in this window.
    BackedOut(Vec<String>),
    /// This release was deployed in this window although any of these criteria was truly not met at its gate: missed there, or not one that stops it.
    PassedUnmet(Vec<String>),
    /// This other risk occurred: earlier in the iteration, or on the same occasion.
    Occurred(String),
    /// This release is in the plan.
    InPlan(String),
    /// This response is taken.
    Response(String),
    /// A background process had an event in the days before the gate.
    Event(EventBefore),
    /// All of these hold.
    All(Vec<Condition>),
    /// At least one of these holds.
    Any(Vec<Condition>),
    /// This does not hold.
    Not(Box<Condition>),
}

/// Two or more releases in their first days live.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithinFirstDays {
    /// The releases.
    pub releases: Vec<String>,
    /// Length of the first days, such as `"14 days"`.
    pub within: String,
}

/// An event of a process shortly before the gate.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventBefore {
    /// Id of the process.
    pub process: String,
    /// How far back from the gate day, such as `"7 days"`.
    pub within: String,
}

/// What a risk does. Exactly one key.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Adds days to activities or to the readiness of releases.
    Delay(Delay),
    /// Multiplies the durations of activities.
    Stretch(Stretch),
    /// Keeps an acceptance criterion from being met, until it recovers.
    Fail(Fail),
    /// The activity happens only if the risk does: rework, a branch.
    Exist(Exist),
    /// A release waits for another.
    Hold(Hold),
    /// The deployment of a release is reversed; it goes live again after the fix, in the next window.
    BackOut(BackOut),
    /// An incident during early-life support (or on the night, for a risk drawn by window or deployment).
    Incident(Incident),
    /// Multiplies the odds of other risks.
    Odds(Odds),
    /// Multiplies the rate of a background process while `when` holds.
    Rate(RateFactor),
    /// Multiplies times to restore of incidents that begin in early-life support after a window in which `when` held.
    Restore(RestoreFactor),
    /// A scope item ships later.
    Drop(DropItem),
    /// Costs money or points.
    Cost(Cost),
}

/// Adds days.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    /// Release whose readiness is delayed.
    pub release: Option<String>,
    /// Activities that take longer, each by the same draw.
    #[serde(default)]
    pub activities: Vec<String>,
    /// By how much; negative for an opportunity.
    pub by: Quantity,
}

/// Multiplies durations.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// Activities that take longer, all by the same factor.
    pub activities: Vec<String>,
    /// Factor on the duration; below 1 for an opportunity.
    pub factor: Quantity,
}

/// Fails a criterion.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fail {
    /// Id of the criterion.
    pub criterion: String,
    /// Probability that it fails given the risk; 1 unless given. All `fail` effects of a risk share one draw, so that the stricter judgement contains the milder.
    pub probability: Option<Quantity>,
    /// Time until it is met again, counted from the missed window.
    pub recovery: Quantity,
}

/// Makes an activity exist.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exist {
    /// Id of the activity.
    pub activity: String,
}

/// Makes a release wait.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// The release that waits.
    pub release: String,
    /// The release that it waits for.
    pub until_live: String,
}

/// Reverses a deployment.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BackOut {
    /// The release; each of the risk's `releases` unless given.
    pub release: Option<String>,
    /// Time until it can be deployed again, counted from the reversed window.
    pub fix: Quantity,
}

/// Causes an incident.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Category, 1 (worst) to 5; or a list of categories, equally likely; or a table of weights by category.
    pub category: Category,
    /// The release; each of the risk's `releases` unless given.
    pub release: Option<String>,
}

/// Category of an incident.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Category {
    /// One category.
    One(#[schemars(range(min = 1u8, max = 5u8))] u8),
    /// One of these, equally likely.
    Either(#[schemars(length(min = 1), inner(range(min = 1u8, max = 5u8)))] Vec<u8>),
    /// Weights by category, as in `{ 2 = 0.1, 3 = 0.9 }`.
    Weighted(Table<f64>),
}

/// Multiplies odds.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Odds {
    /// Ids of the risks whose odds change.
    pub risks: Vec<String>,
    /// Factor on the odds; never past certainty.
    pub factor: Quantity,
    /// Apply the factor once for each pair of co-deployed releases of the risk's `co_deployed` condition rather than once.
    #[serde(default)]
    pub per_pair: bool,
}

/// Multiplies a rate.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateFactor {
    /// Id of the process.
    pub process: String,
    /// Factor on the rate.
    pub factor: Quantity,
    /// Share of the process that it acts on; all of it unless given.
    pub share: Option<Quantity>,
}

/// Multiplies times to restore.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreFactor {
    /// Factor on the time to restore.
    pub factor: Quantity,
}

/// Drops a scope item.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropItem {
    /// Id of the scope item.
    pub item: String,
}

/// Costs something.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// How much, in the scenario's `cost_unit`; negative for a saving.
    pub amount: Quantity,
}

/// A background incident process (Poisson).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// Title.
    #[schemars(length(min = 1))]
    pub title: String,
    /// Events per day.
    pub rate: Quantity,
    /// Category of its incidents, 1 (worst) to 5.
    #[schemars(range(min = 1u8, max = 5u8))]
    pub category: u8,
    /// Who owns it.
    pub owner: Option<String>,
    /// Id of the risk of the register that describes it.
    pub risk: Option<String>,
    /// Where it is stated.
    pub source: Option<String>,
}

/// A response to risks.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// What is done.
    #[schemars(length(min = 1))]
    pub title: String,
    /// Whether it is in place as things stand; false unless given. A plan can take it.
    pub taken: Option<bool>,
    /// What it changes, by path, as in `"risks.R14.probability" = 0.05`.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "minLength": 1 }))]
    pub set: Table<Override>,
    /// What it multiplies, by path of a number: `"risks.R14.probability" = 0.5`.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "minLength": 1 }))]
    pub scale: Table<Quantity>,
    /// What it costs, in the scenario's `cost_unit`.
    pub cost: Option<Quantity>,
    /// By when it must be decided.
    pub by: Option<Date>,
    /// Who does it.
    pub owner: Option<String>,
    /// Where it is stated.
    pub source: Option<String>,
}

/// A new value for a path: anything the format allows there.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Override(pub serde_json::Value);

/// Rank correlation between draws.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Correlation {
    /// Paths of the draws: `risks.R07` (its occurrence), `risks.R12.probability`, `activities.build.duration`, `estimates.x`, `processes.p.rate`.
    #[schemars(length(min = 2))]
    pub between: Vec<String>,
    /// Rank (Spearman) correlation of every pair of them, −1 to 1.
    #[schemars(range(min = -1.0, max = 1.0))]
    pub rank: f64,
    /// Where it comes from.
    pub source: Option<String>,
    /// What it rests on.
    pub basis: Option<super::Basis>,
    /// Whether it is applied; true unless given.
    pub enabled: Option<bool>,
}

/// A shared driver: one standard normal latent variable that draws load on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Driver {
    /// Title.
    #[schemars(length(min = 1))]
    pub title: Option<String>,
    /// Loading of each draw on the driver by path, −1 to 1; two draws with loadings a and b have latent correlation a·b.
    #[schemars(extend("propertyNames" = { "minLength": 1 }))]
    pub loadings: Table<f64>,
    /// Where it comes from.
    pub source: Option<String>,
    /// What it rests on.
    pub basis: Option<super::Basis>,
    /// Whether it is applied; true unless given.
    pub enabled: Option<bool>,
}
