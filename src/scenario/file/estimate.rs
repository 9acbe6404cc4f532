//! Numbers: exact, uncertain, from evidence, or composed of other numbers.

use schemars::JsonSchema;
use serde::Deserialize;

/// A number. Write it plain (`0.2`), as a duration (`"5 days"`), by the name of an entry of `[estimates]`
/// (`"misjudgement"`), or as a table that says how uncertain it is and what it rests on
/// (`{ pert = { min = 1, mode = 5, max = 14 }, unit = "days", basis = "assumed" }`).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Quantity {
    /// An exact number.
    Number(f64),
    /// A duration with its unit, such as `"5 days"`, `"3 working days"` or `"4 hours"`; or the name of an estimate.
    Text(String),
    /// An estimate with its basis.
    Estimate(Box<Estimate>),
}

/// What a number rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The source says it.
    Stated,
    /// Arithmetic from stated numbers; the arithmetic is shown in `derivation`.
    Derived,
    /// A published statistic, cited in `source`.
    BaseRate,
    /// A judgement still to be elicited, from whom `elicit` says.
    Assumed,
}

/// Which of the two kinds of not-knowing an estimate expresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Uncertainty {
    /// One unknown value of this world: drawn once, reused at every gate and attempt.
    Knowledge,
    /// Varies even if everything were known: drawn afresh on each occasion.
    Chance,
}

/// An uncertain number: exactly one way of saying its value, and what it rests on.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = exactly_one_value)]
pub struct Estimate {
    /// An exact number, or a duration such as `"5 days"`.
    pub value: Option<Exact>,
    /// Any value between min and max is equally likely.
    pub uniform: Option<Uniform>,
    /// Triangular distribution by its three points.
    pub triangular: Option<ThreePoint>,
    /// PERT distribution by its three points (a beta distribution; shape 4 unless given).
    pub pert: Option<Pert>,
    /// Beta distribution, on 0 to 1 unless min and max are given.
    pub beta: Option<Beta>,
    /// Normal distribution.
    pub normal: Option<Normal>,
    /// Normal distribution cut off outside min and max.
    pub truncated_normal: Option<TruncatedNormal>,
    /// Lognormal distribution by any two of its percentiles, or by its median and sigma.
    pub lognormal: Option<Lognormal>,
    /// Exponential distribution by its mean.
    pub exponential: Option<Exponential>,
    /// Weibull distribution.
    pub weibull: Option<Weibull>,
    /// Gamma distribution by shape and scale, or by mean and standard deviation.
    pub gamma: Option<Gamma>,
    /// One of a list of values, each with its weight.
    pub discrete: Option<Discrete>,
    /// A column of observed values in a CSV file, resampled.
    pub empirical: Option<Empirical>,
    /// Number of successes in a number of independent trials.
    pub binomial: Option<Binomial>,
    /// Number of events of a process with this mean.
    pub poisson: Option<Poisson>,
    /// What was observed: failures in trials (a probability) or events in an exposure (a rate per day).
    pub evidence: Option<Evidence>,
    /// The product of these numbers.
    pub product: Option<Vec<Quantity>>,
    /// The sum of these numbers.
    pub sum: Option<Vec<Quantity>>,
    /// One minus this probability.
    pub complement: Option<Box<Quantity>>,
    /// The probability that at least one of `count` independent chances of `probability` comes true: 1 − (1 − p)^n.
    pub any_of: Option<AnyOf>,
    /// The probability of at least one event of a process with `rate` per day within `within`: 1 − e^(−rate · days).
    pub at_least_one: Option<AtLeastOne>,
    /// `probability` with its odds multiplied by `factor`: f·p / (1 − p + f·p).
    pub odds: Option<OddsScaled>,
    /// The probability that a defect escapes testing: prevalence × (1 − coverage × detection).
    pub escape: Option<Escape>,
    /// The name of an entry of `[estimates]`, to say a basis for this use of it.
    pub estimate: Option<String>,

    /// A factor on the value, however it is said: what `scale` in a plan sets, so that the draw behind it stays the same.
    pub times: Option<Box<Quantity>>,
    /// Unit of the numbers: "days", "weeks", "hours", or "working days" (of the activity's calendar, or "working days of" a calendar id).
    pub unit: Option<String>,
    /// What the number rests on. Missing counts as assumed, with a warning.
    pub basis: Option<Basis>,
    /// Where it comes from.
    pub source: Option<String>,
    /// The arithmetic, for a derived number.
    pub derivation: Option<String>,
    /// Who should be asked for a better number.
    pub elicit: Option<String>,
    /// Whether this is an unknown of this world (`knowledge`) or varies by nature (`chance`). Unless given, probabilities, rates and factors are knowledge; durations, delays and impacts are chance.
    pub uncertainty: Option<Uncertainty>,
    /// A remark.
    pub note: Option<String>,
}

/// Keys of an estimate that describe its value rather than say it.
const DESCRIBING: [&str; 8] = ["times", "unit", "basis", "source", "derivation", "elicit", "uncertainty", "note"];

/// Requires exactly one of the keys that say a value.
fn exactly_one_value(schema: &mut schemars::Schema) {
    let Some(keys) = schema.get("properties").and_then(|properties| properties.as_object()) else {
        return;
    };
    let alternatives: Vec<serde_json::Value> = keys
        .keys()
        .filter(|key| !DESCRIBING.contains(&key.as_str()))
        .map(|key| serde_json::json!({ "required": [key] }))
        .collect();
    schema.insert("oneOf".into(), alternatives.into());
}

/// An exact number, or a duration with its unit.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Exact {
    /// A number.
    Number(f64),
    /// A duration such as `"5 days"`.
    Text(String),
}

/// Bounds of a uniform distribution.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Uniform {
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
}

/// Three points: min ≤ mode ≤ max, with min < max.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThreePoint {
    /// Smallest possible value.
    pub min: f64,
    /// Most likely value.
    pub mode: f64,
    /// Largest possible value.
    pub max: f64,
}

/// Three points and a shape: min ≤ mode ≤ max, with min < max.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pert {
    /// Smallest possible value.
    pub min: f64,
    /// Most likely value.
    pub mode: f64,
    /// Largest possible value.
    pub max: f64,
    /// Weight of the mode; 4 unless given, more is narrower.
    pub shape: Option<f64>,
}

/// A beta distribution.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Beta {
    /// First shape, above 0.
    pub alpha: f64,
    /// Second shape, above 0.
    pub beta: f64,
    /// Smallest value; 0 unless given.
    pub min: Option<f64>,
    /// Largest value; 1 unless given.
    pub max: Option<f64>,
}

/// A normal distribution.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Normal {
    /// Mean.
    pub mean: f64,
    /// Standard deviation, above 0.
    pub sd: f64,
}

/// A normal distribution cut off outside min and max.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TruncatedNormal {
    /// Mean before truncation.
    pub mean: f64,
    /// Standard deviation before truncation, above 0.
    pub sd: f64,
    /// Smallest value; unbounded unless given.
    pub min: Option<f64>,
    /// Largest value; unbounded unless given.
    pub max: Option<f64>,
}

/// A lognormal distribution: any two percentiles, or the median and sigma.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lognormal {
    /// 5th percentile.
    pub p5: Option<f64>,
    /// 10th percentile.
    pub p10: Option<f64>,
    /// 20th percentile.
    pub p20: Option<f64>,
    /// Median (50th percentile).
    pub median: Option<f64>,
    /// 80th percentile.
    pub p80: Option<f64>,
    /// 90th percentile.
    pub p90: Option<f64>,
    /// 95th percentile.
    pub p95: Option<f64>,
    /// Standard deviation of the logarithm, with `median`.
    pub sigma: Option<f64>,
}

/// An exponential distribution.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exponential {
    /// Mean, above 0.
    pub mean: f64,
}

/// A Weibull distribution.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weibull {
    /// Shape, above 0.
    pub shape: f64,
    /// Scale, above 0.
    pub scale: f64,
}

/// A gamma distribution: shape and scale, or mean and sd.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gamma {
    /// Shape, above 0.
    pub shape: Option<f64>,
    /// Scale, above 0.
    pub scale: Option<f64>,
    /// Mean, above 0.
    pub mean: Option<f64>,
    /// Standard deviation, above 0.
    pub sd: Option<f64>,
}

/// One of a list of values.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discrete {
    /// The values.
    pub values: Vec<f64>,
    /// One weight for each value, in any scale; equal unless given.
    pub weights: Option<Vec<f64>>,
}

/// A column of observed values.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Empirical {
    /// CSV file, relative to the scenario file.
    pub file: String,
    /// Header of the column.
    pub column: String,
}

/// A number of successes.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Binomial {
    /// Number of trials.
    pub trials: u32,
    /// Probability of success in each.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub probability: f64,
}

/// A number of events.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Poisson {
    /// Mean number of events, at least 0.
    pub mean: f64,
}

/// Observations. `failures` and `trials` give a probability with a beta posterior; `events` and `exposure` give a rate per day with a gamma posterior.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Number of failures (or whatever is counted) among the trials.
    pub failures: Option<u32>,
    /// Number of trials.
    pub trials: Option<u32>,
    /// Number of events during the exposure.
    pub events: Option<u32>,
    /// Length of the observation, such as `"61 days"`.
    pub exposure: Option<String>,
    /// Prior distribution; Jeffreys unless given.
    pub prior: Option<Prior>,
}

/// Prior of an evidence posterior.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Prior {
    /// Jeffreys: half a failure and half a success; half an event and no exposure.
    Jeffreys,
    /// Uniform: one failure and one success; one event and no exposure.
    Uniform,
}

/// At least one of several.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnyOf {
    /// Probability of each.
    pub probability: Quantity,
    /// How many there are.
    pub count: Quantity,
}

/// At least one event of a process.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AtLeastOne {
    /// Events per day.
    pub rate: Quantity,
    /// Length of time, such as `"7 days"`.
    pub within: Quantity,
}

/// A probability with its odds scaled.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OddsScaled {
    /// The probability to scale.
    pub probability: Quantity,
    /// What its odds are multiplied by.
    pub factor: Quantity,
}

/// A defect that escapes testing.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Escape {
    /// Probability that there is a defect to be found.
    pub prevalence: Quantity,
    /// Id of an entry of `[coverage]`: the share of planned testing that could be done.
    pub coverage: String,
    /// Probability that testing finds the defect where it is done.
    pub detection: Quantity,
}
