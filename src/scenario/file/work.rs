//! Time, releases and the work before them: calendars, windows, gates, activities, resources.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Basis, Date, Quantity, Table};

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

/// A working-time calendar.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// What the calendar is.
    #[schemars(length(min = 1))]
    pub title: Option<String>,
    /// Days of the week on which work is done; Monday to Friday unless given.
    pub working_days: Option<Vec<Weekday>>,
    /// Days without work.
    #[serde(default)]
    pub holidays: Vec<Date>,
    /// Periods without work, both ends included.
    #[serde(default)]
    pub closed: Vec<Period>,
    /// Where the calendar is published.
    pub source: Option<String>,
}

/// A period of days, both ends included.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Why.
    pub reason: Option<String>,
}

/// Deployment windows: explicit `dates`, or `first` with `every`, minus freezes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Windows {
    /// What the windows are.
    #[schemars(length(min = 1))]
    pub title: Option<String>,
    /// Explicit dates.
    #[serde(default)]
    pub dates: Vec<Date>,
    /// First date of a recurrence.
    pub first: Option<Date>,
    /// Step of the recurrence, such as `"7 days"` or `"2 weeks"`.
    pub every: Option<String>,
    /// Freezes: periods in which nothing is deployed, both ends included.
    #[serde(default)]
    pub freezes: Vec<Period>,
    /// What the dates rest on.
    pub basis: Option<Basis>,
    /// Where they are published.
    pub source: Option<String>,
}

/// A release.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Title.
    #[schemars(length(min = 1))]
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// Who owns it.
    pub owner: Option<String>,
    /// Where it is described.
    pub source: Option<String>,
    /// The windows it may be deployed in: an id of `[windows]`.
    pub windows: String,
    /// The day its work is done when nothing goes wrong, for a release whose activities are not modelled.
    pub ready: Option<Date>,
    /// Gates it has to pass before each deployment.
    #[serde(default)]
    pub gates: Vec<String>,
    /// Notice that must be given of a new date after a missed or reversed window.
    pub notice: Option<String>,
    /// The date it was approved for, when someone must consent to moving it.
    pub approved: Option<Date>,
    /// Whose consent a move needs.
    pub consent: Option<Consent>,
    /// Length of early-life support after go-live; `"30 days"` unless given.
    pub early_life_support: Option<String>,
}

/// Consent to move a release.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Whose consent.
    pub by: String,
    /// Needed when the new date is more than this after the approved one.
    pub beyond: String,
    /// How long it takes, from the missed window.
    pub takes: String,
    /// What these rest on.
    pub basis: Option<Basis>,
    /// Where they are stated.
    pub source: Option<String>,
}

/// A Go/No-Go decision.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Title.
    #[schemars(length(min = 1))]
    pub title: String,
    /// How long before the window it is held.
    pub before: String,
    /// Who decides.
    pub owner: Option<String>,
    /// Where it is stated.
    pub source: Option<String>,
}

/// Status of a criterion as reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Met.
    Green,
    /// Met with a reservation.
    Amber,
    /// Not met.
    Red,
}

/// An acceptance criterion.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// The criterion in the words of its source.
    #[schemars(length(min = 1))]
    pub text: String,
    /// Gate that tests it.
    pub gate: String,
    /// Releases that it can stop; all that pass through the gate unless given.
    pub releases: Option<Vec<String>>,
    /// Status as last reported.
    pub status: Option<Status>,
    /// Whether it stops a release that does not meet it; true unless given. One that does not is seen and counted at the gate, and the release passes without it.
    pub stops: Option<bool>,
    /// How well what the committee sees of it tells its true state; perfectly unless given.
    pub observed: Option<Observed>,
    /// The reviewers' concern, if any.
    pub concern: Option<String>,
    /// Who reviews it.
    pub owner: Option<String>,
    /// Where it is stated.
    pub source: Option<String>,
}

/// How well the observed state of a criterion tells the true one. It is observed afresh at each gate; a release passes on what is observed.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// Probability that it is seen as not met when it is truly not met; 1 unless given. A release whose unmet criterion is missed is deployed with it unmet, which `passed_unmet` can ask.
    pub detection: Option<Quantity>,
    /// Probability that it is seen as not met when it is truly met; 0 unless given. A release stopped by false alarms comes again in the next window that leaves its notice.
    pub false_alarm: Option<Quantity>,
    /// Where it is stated.
    pub source: Option<String>,
}

/// A scope item: a modification that ships with a release or drops out of it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeItem {
    /// Title.
    #[schemars(length(min = 1))]
    pub title: String,
    /// Release it ships with.
    pub release: String,
    /// Whether it changes systems, and so could affect the deployment.
    pub system_impact: bool,
    /// Status as reported.
    pub status: Option<String>,
    /// Date by which it must be decided to ship with this release.
    pub deadline: Option<Date>,
    /// Whether the plan includes it; true unless given.
    pub included: Option<bool>,
    /// Release it ships with otherwise.
    pub otherwise: Option<String>,
    /// Where it is stated.
    pub source: Option<String>,
}

/// A piece of work.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// Title.
    #[schemars(length(min = 1))]
    pub title: Option<String>,
    /// Release whose readiness needs it.
    pub release: Option<String>,
    /// How long it takes.
    pub duration: Quantity,
    /// Calendar for working days; an id of `[calendars]`.
    pub calendar: Option<String>,
    /// What it waits for: ids of activities, or links with a kind and a lag.
    #[serde(default)]
    pub after: Vec<Predecessor>,
    /// Not before this day.
    pub start_no_earlier_than: Option<Date>,
    /// Starts on this day whatever its predecessors do. Hides delays: prefer links.
    pub must_start_on: Option<Date>,
    /// Whether the activity exists; false leaves it out unless a plan or a risk brings it in. True unless given.
    pub enabled: Option<bool>,
    /// Units it needs while it runs.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Order in which activities get scarce units: 1 first; by id among equals. 100 unless given.
    pub priority: Option<u32>,
    /// Who does it.
    pub owner: Option<String>,
    /// Where it is stated.
    pub source: Option<String>,
}

/// A predecessor: the id of an activity (finish to start), or a link.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Predecessor {
    /// Starts when that activity is finished.
    Activity(String),
    /// A link of another kind, or with a lag.
    Link(Link),
}

/// A link from a predecessor.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Id of the predecessor.
    pub activity: String,
    /// Kind of link; FS unless given.
    #[serde(default)]
    pub link: LinkKind,
    /// Time between them, such as `"2 days"`; negative for a lead (`"-1 day"`).
    pub lag: Option<Quantity>,
}

/// Kinds of links between a predecessor and its successor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum LinkKind {
    /// Finish to start: the successor starts after the predecessor's finish.
    #[default]
    FS,
    /// Start to start.
    SS,
    /// Finish to finish.
    FF,
    /// Start to finish.
    SF,
}

/// Units of a pool that an activity needs while it runs.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// Id of the pool.
    pub pool: String,
    /// Variant of unit; any unless given.
    pub variant: Option<String>,
    /// How many; 1 unless given.
    pub units: Option<u32>,
    /// What to do when no working unit of the variant will ever come: wait (until the horizon) or use another variant. `wait` unless given.
    #[serde(default)]
    pub when_short: WhenShort,
}

/// What an activity does without a working unit of its variant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhenShort {
    /// Waits.
    #[default]
    Wait,
    /// Uses a working unit of another variant, at the price of coverage.
    Substitute,
}

/// A pool of units that activities need.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Title.
    #[schemars(length(min = 1))]
    pub title: Option<String>,
    /// The units, by id.
    pub units: Table<Unit>,
    /// Where it is stated.
    pub source: Option<String>,
}

/// A unit of a pool: a device, an environment, a team.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Kind of unit within the pool.
    pub variant: Option<String>,
    /// Probability that it works: 1 unless given, 0 for a unit known to be broken.
    pub works: Option<Quantity>,
    /// Day from which it is there; the data date unless given.
    pub available_from: Option<Date>,
    /// Time after which a broken unit is replaced by a working one; never unless given.
    pub replaced_after: Option<Quantity>,
    /// Whether the unit is part of this scenario; a plan can bring one in. True unless given.
    pub enabled: Option<bool>,
    /// Where it is stated.
    pub source: Option<String>,
}

/// Test coverage: the share of the planned testing that working units can do.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Title.
    #[schemars(length(min = 1))]
    pub title: Option<String>,
    /// Pool whose units the testing needs.
    pub pool: String,
    /// Share of the planned testing that belongs to each variant, in any scale.
    pub variants: Table<f64>,
    /// What testing on another variant is worth, where no unit of the right one works: 0 nothing, 1 as good.
    pub substitute: Quantity,
    /// What it rests on.
    pub basis: Option<Basis>,
    /// Where it is stated.
    pub source: Option<String>,
}

/// A finish time to report in days.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Title.
    #[schemars(length(min = 1))]
    pub title: Option<String>,
    /// Activity whose finish is reported; the latest finish of all activities unless given.
    pub activity: Option<String>,
    /// Report the probability of finishing by this time, such as `"200 days"`.
    pub target: Option<String>,
}
