//! The driving way of one iteration, booked against the plan as planned.
//!
//! *As planned*: no risk happens, no background event comes, every number is its median, every unit works that more
//! likely works than not. What an activity adds is its days less its days as planned, whether or not it drives the plan;
//! what a risk adds are its days; a wait that the plan has (for the planned date, for a window) and the iteration has
//! not, was used up, and counts against the days. Where the way of an iteration is not the way that drives the plan, it
//! was shorter as planned: that *slack* counts against the days too, and closes the sum. So what is booked for an
//! iteration adds up to its days after the planned date, in whole steps of 2⁻²⁰ days.

use std::collections::BTreeMap;

use super::activities::{ends_of, last_of, latest};
use super::measure::Subject;
use crate::math;
use crate::program::Program;
use crate::program::story::{ActivityStory, Cause, End, Segment, Story};
use crate::register::{Node, QuantityId, Register};

/// What days are booked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Account {
    Risk(usize, How),
    Activity(usize),
    Lag(usize),
    StartDay(usize),
    DaysOff,
    Pool(usize),
    Readiness,
    Planned,
    Window,
    Notice,
    Consent,
    Turn(usize),
    Slack,
    Plan,
}

/// How a risk takes days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    Work,
    Delay,
    Recovery,
    Fix,
    Hold,
}

impl From<Cause> for Account {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Readiness => Self::Readiness,
            Cause::Work(a) => Self::Activity(a),
            Cause::ActivityRisk { risk, .. } => Self::Risk(risk, How::Work),
            Cause::ReleaseRisk(risk) => Self::Risk(risk, How::Delay),
            Cause::StartDay(a) => Self::StartDay(a),
            Cause::Lag(a) => Self::Lag(a),
            Cause::DaysOff(_) => Self::DaysOff,
            Cause::Units { pool, .. } => Self::Pool(pool),
            Cause::Planned => Self::Planned,
            Cause::Recovery { risk, .. } => Self::Risk(risk, How::Recovery),
            Cause::Fix(risk) => Self::Risk(risk, How::Fix),
            Cause::Notice => Self::Notice,
            Cause::Consent => Self::Consent,
            Cause::Window => Self::Window,
            Cause::Hold { risk, .. } => Self::Risk(risk, How::Hold),
            Cause::Turn(release) => Self::Turn(release),
        }
    }
}

/// Steps in a day.
pub(super) const STEPS: f64 = 1_048_576.0;

pub(super) fn steps(days: f64) -> i64 {
    math::round(days * STEPS) as i64
}

/// The register as planned.
fn as_planned(register: &Register) -> Register {
    let mut planned = register.clone();
    let draws: Vec<(QuantityId, f64)> = register
        .quantities
        .iter()
        .filter_map(|(id, q)| match &q.node {
            Node::Draw(leaf) => Some((id, leaf.distribution.quantile(0.5))),
            _ => None,
        })
        .collect();
    draws.into_iter().for_each(|(id, median)| planned.quantities.replace(id, Node::Constant(median)));
    let never = planned.quantities.push(Node::Constant(0.0));
    let surely = planned.quantities.push(Node::Constant(1.0));
    planned.risks.iter_mut().for_each(|risk| risk.probability = never);
    planned.processes.iter_mut().for_each(|process| process.rate = never);
    for unit in planned.pools.iter_mut().flat_map(|pool| &mut pool.units) {
        // A probability made of numbers at their medians is a constant only where it is one itself.
        let bounds = planned.quantities[unit.works].bounds;
        unit.works = if f64::midpoint(bounds.low, bounds.high) >= 0.5 { surely } else { never };
    }
    planned
}

/// Days of a way by cause. Ends are rounded, not lengths, so that a chain adds up.
fn by_cause(segments: &[Segment]) -> BTreeMap<Cause, i64> {
    let mut days = BTreeMap::new();
    for segment in segments {
        *days.entry(segment.cause).or_insert(0) += steps(segment.to) - steps(segment.from);
    }
    days
}

/// Whether a cause lies on the way through the work, before a release is ready.
fn is_of_work(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::Work(_)
            | Cause::ActivityRisk { .. }
            | Cause::StartDay(_)
            | Cause::Lag(_)
            | Cause::DaysOff(_)
            | Cause::Units { .. }
    )
}

/// The plan as planned.
pub(super) struct Planned<'a> {
    register: &'a Register,
    subject: &'a Subject,
    story: Story,
    /// Days of a release's own waits, by cause.
    waits: BTreeMap<Cause, i64>,
    /// The day counted from.
    pub(super) from: f64,
    /// Day of the go-live, or of the finish.
    pub(super) end: f64,
}

impl<'a> Planned<'a> {
    /// The plan of a program; `None` where it is not live, or never finishes, even as planned.
    pub(super) fn of(program: &'a Program, subject: &'a Subject) -> Option<Self> {
        let register = program.register();
        let story = Program::lower(as_planned(register), program.seed()).tell(0);
        let end = end_of(&story, register, subject)?;
        let (from, waits) = match subject {
            Subject::Release(r) => {
                let waits = by_cause(&story.releases[*r].chain)
                    .into_iter()
                    .filter(|(cause, _)| !is_of_work(*cause) && *cause != Cause::Readiness);
                (f64::from(register.releases[*r].target_day), waits.collect())
            }
            Subject::Finish(_) => (end, BTreeMap::new()),
        };
        Some(Self { register, subject, story, waits, from, end })
    }

    /// What an iteration took, by account, in steps, and their sum: its days after the day counted from. `None` where it
    /// is never live.
    pub(super) fn book(&self, story: &Story) -> Option<(BTreeMap<Account, i64>, i64)> {
        let end = end_of(story, self.register, self.subject)?;
        let whole = steps(end) - steps(self.from);
        let mut booked: BTreeMap<Account, i64> = BTreeMap::new();
        let mut book = |account: Account, days: i64| *booked.entry(account).or_insert(0) += days;
        let last = match self.subject {
            Subject::Finish(m) => last_of(story, self.register, *m),
            Subject::Release(r) => {
                let release = &self.register.releases[*r];
                let took: BTreeMap<Cause, i64> =
                    by_cause(&story.releases[*r].chain).into_iter().filter(|(cause, _)| !is_of_work(*cause)).collect();
                for (cause, days) in &took {
                    let planned = match cause {
                        Cause::Readiness => steps(release.ready_day),
                        _ => self.waits.get(cause).copied().unwrap_or(0),
                    };
                    book((*cause).into(), days - planned);
                }
                for (cause, days) in self.waits.iter().filter(|(cause, _)| !took.contains_key(cause)) {
                    book((*cause).into(), -days);
                }
                let (ends, own_day, _) = ends_of(self.register, self.subject);
                latest(story, ends, own_day)
            }
        };
        if let Some(last) = last {
            for (a, part) in passed(story, last) {
                let (told, planned) = (&story.activities[a], &self.story.activities[a]);
                for (cause, days) in by_cause(part.of(told)) {
                    book(cause.into(), days - as_in_plan(planned, told, part, cause, days));
                }
            }
        }
        book(Account::Plan, steps(self.end) - steps(self.from));
        let sum: i64 = booked.values().sum();
        *booked.entry(Account::Slack).or_insert(0) += whole - sum;
        Some((booked, whole))
    }
}

/// A part of an activity that a driving way passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Its own duration.
    Work,
    /// From a link to its finish.
    LinkedFinish,
    /// From a predecessor to its start.
    Wait,
}

/// The parts of activities on the driving way to the finish of one, last first.
fn passed(story: &Story, last: usize) -> Vec<(usize, Part)> {
    let mut found = Vec::new();
    let mut at = Some((last, End::Finish));
    // A way passes each end of each activity at most once.
    for _ in 0..2 * story.activities.len() {
        let Some((a, end)) = at else { break };
        let told = &story.activities[a];
        at = match (end, told.finish_from) {
            (End::Finish, Some(from)) => {
                found.push((a, Part::LinkedFinish));
                Some(from)
            }
            (End::Finish, None) => {
                found.push((a, Part::Work));
                Some((a, End::Start))
            }
            (End::Start, _) => {
                found.push((a, Part::Wait));
                told.start_from
            }
        };
    }
    found
}

impl Part {
    /// Its segments.
    fn of(self, activity: &ActivityStory) -> &[Segment] {
        match self {
            Self::Work | Self::LinkedFinish => &activity.steps,
            Self::Wait => &activity.wait,
        }
    }

    /// Where a way that passes it comes from.
    fn from(self, activity: &ActivityStory) -> Option<(usize, End)> {
        match self {
            Self::Work => None,
            Self::LinkedFinish => activity.finish_from,
            Self::Wait => activity.start_from,
        }
    }
}

/// Days as planned of one cause in a part of an activity, beside the `days` that it took in an iteration.
fn as_in_plan(planned: &ActivityStory, told: &ActivityStory, part: Part, cause: Cause, days: i64) -> i64 {
    let duration = if planned.exists { steps(planned.finish) - steps(planned.start) } else { 0 };
    let there = || by_cause(part.of(planned)).get(&cause).copied().unwrap_or(0);
    let same_link = part.from(planned) == part.from(told);
    match (cause, part) {
        // Its whole duration, whether its work or a link drives its finish as planned.
        (Cause::Work(_), Part::Work) => duration,
        // From a link to its finish back to its start: the whole duration, the other way.
        (Cause::Work(_), Part::Wait) => -duration,
        (Cause::Work(_), Part::LinkedFinish) if !same_link => 0,
        // A lag or start day that the plan did not wait for is no longer for that.
        (Cause::Lag(_) | Cause::StartDay(_), _) if !same_link => days,
        _ => there(),
    }
}

/// The day on which the subject of a story ends; `None` for never.
fn end_of(story: &Story, register: &Register, subject: &Subject) -> Option<f64> {
    match subject {
        Subject::Release(r) => story.releases[*r].live.map(f64::from),
        Subject::Finish(m) => {
            last_of(story, register, *m).map(|a| story.activities[a].finish).filter(|f| f.is_finite())
        }
    }
}
