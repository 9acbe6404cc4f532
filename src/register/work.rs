//! Releases, the work before them, and what they pass through, resolved.

use super::{QuantityId, ReleaseSet};
use jiff::civil::Date;

/// A release of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Date of the plan.
    pub target: Date,
    /// Day number of the plan's date.
    pub target_day: i32,
    /// Day its work is done when nothing goes wrong; activities may be later.
    pub ready_day: f64,
    /// Open windows as day numbers, in order.
    pub windows: Vec<i32>,
    /// Days of notice of a new date.
    pub notice_days: f64,
    /// Consent to moves.
    pub consent: Option<Consent>,
    /// Length of early-life support in days.
    pub early_life_days: f64,
    /// What decides at its gates instead of the criteria that stop it.
    pub gate_rule: Option<GateRule>,
}

/// A rule by which a committee decides on what it sees, in place of "every criterion is met".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateRule {
    /// Criteria it looks at, by index; at most 64.
    pub criteria: Vec<usize>,
    /// Go or not for each pattern of these seen as not met (bit i: the i-th), in order of the pattern.
    pub go: Vec<(u64, bool)>,
    /// Go or not for any other pattern.
    pub otherwise: bool,
}

impl GateRule {
    /// Whether a pattern of criteria seen as not met is a Go.
    pub fn passes(&self, pattern: u64) -> bool {
        let place = self.go.binary_search_by_key(&pattern, |(p, _)| *p);
        place.map_or(self.otherwise, |place| self.go[place].1)
    }
}

/// Consent that a move needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Consent {
    /// Last day number that needs none: approved date plus the allowance.
    pub free_until: f64,
    /// Days it takes from the missed window.
    pub takes_days: f64,
}

/// A criterion that can stop a release.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// Id.
    pub id: String,
    /// Text of the criterion.
    pub text: String,
    /// Releases that it can stop.
    pub releases: ReleaseSet,
    /// Days from its gate to the window.
    pub gate_days_before: f64,
    /// Id of its gate.
    pub gate: String,
    /// Status as last reported.
    pub status: Option<Status>,
    /// Whether it stops a release that does not meet it.
    pub stops: bool,
    /// How well what is seen of it tells its true state; perfectly when absent.
    pub observed: Option<Observation>,
}

/// Status of a criterion as reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Met.
    Green,
    /// Met with a reservation.
    Amber,
    /// Not met.
    Red,
}

/// How well the observed state of a criterion tells the true one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// P(seen as not met | truly not met).
    pub detection: QuantityId,
    /// P(seen as not met | truly met).
    pub false_alarm: QuantityId,
}

/// A duration of an activity: how much, and in what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Work {
    /// How many days.
    pub days: QuantityId,
    /// Index of the calendar when they are working days.
    pub calendar: Option<usize>,
}

/// A piece of work.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Id.
    pub id: String,
    /// Index of the release whose readiness needs it.
    pub release: Option<usize>,
    /// How long it takes.
    pub duration: Work,
    /// Links from activities before it in the list's topological order.
    pub after: Vec<Link>,
    /// Day number before which it does not start.
    pub not_before: f64,
    /// Day number on which it starts whatever else happens.
    pub must_start: Option<f64>,
    /// Whether it is there without a risk that brings it in.
    pub enabled: bool,
    /// Units it needs.
    pub needs: Vec<Need>,
    /// Order in which activities get scarce units; lower first.
    pub priority: u32,
    /// Title; the id of an activity without one.
    pub title: String,
}

/// Kinds of links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Finish to start.
    FinishStart,
    /// Start to start.
    StartStart,
    /// Finish to finish.
    FinishFinish,
    /// Start to finish.
    StartFinish,
}

/// A link from a predecessor.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Index of the predecessor.
    pub activity: usize,
    /// Kind.
    pub kind: LinkKind,
    /// Lag, if any.
    pub lag: Option<Work>,
}

/// Units that an activity needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// Index of the pool.
    pub pool: usize,
    /// Units of the pool that would do, by index: those of the variant.
    pub suitable: Vec<usize>,
    /// Other units, to fall back on when no suitable one will ever work.
    pub substitutes: Vec<usize>,
    /// How many.
    pub units: usize,
}

/// A pool of units.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    /// Id.
    pub id: String,
    /// Its units.
    pub units: Vec<Unit>,
}

/// A unit of a pool.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Path of the unit, which names its draw.
    pub path: String,
    /// Variant.
    pub variant: Option<String>,
    /// Probability that it works.
    pub works: QuantityId,
    /// Day number from which it is there.
    pub available_from: f64,
    /// Days after which a broken unit is replaced by a working one.
    pub replaced_after: Option<QuantityId>,
}

/// Test coverage by the working units of a pool.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// Id.
    pub id: String,
    /// Index of the pool.
    pub pool: usize,
    /// Share of the testing and units of each variant.
    pub variants: Vec<CoverageShare>,
    /// What testing on another variant is worth.
    pub substitute: QuantityId,
}

/// The testing that belongs to one variant.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverageShare {
    /// Variant.
    pub variant: String,
    /// Share of the planned testing; the shares add up to 1.
    pub share: f64,
    /// Units of the variant, by index in the pool.
    pub units: Vec<usize>,
}

/// A scope item.
#[derive(Debug, Clone, PartialEq)]
pub struct ScopeItem {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Id of its release.
    pub release: String,
    /// Whether it changes systems.
    pub system_impact: bool,
    /// When it must be decided.
    pub deadline: Option<Date>,
    /// Whether the plan includes it.
    pub included: bool,
}

/// A background incident process.
#[derive(Debug, Clone, PartialEq)]
pub struct Process {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Events per day.
    pub rate: QuantityId,
    /// Category, 1 to 5.
    pub category: u8,
}

/// A finish time to report.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Index of the activity; the latest finish of all when absent.
    pub activity: Option<usize>,
    /// Target in days.
    pub target: Option<f64>,
}
