//! One iteration alone, told: what happened in it, when and why, and how each release came to its date.
//!
//! In: a program and the number of an iteration. Out: a [`Story`]. Draws are addressed by iteration, so
//! that a block of one lane is that lane of any block bit for bit, and any of a billion iterations is
//! replayed without the others. The lane is run by the same code as every other; a `Recorder` in its
//! state takes down what happens where it happens, and the network is traced back once it is scheduled.
//!
//! Indices are those of the [`Register`](crate::register::Register); days count from day 0.

mod network;
mod recorder;

use super::{Outcome, Program, State};
use crate::register::ReleaseSet;

pub(super) use recorder::{Moving, Recorder};

/// One iteration, told.
#[derive(Debug, Clone)]
pub struct Story {
    /// The iteration.
    pub iteration: u64,
    /// What happened, in order of the day; on one day in the order of cause.
    pub entries: Vec<Entry>,
    /// One for each activity of the register.
    pub activities: Vec<ActivityStory>,
    /// One for each release of the register.
    pub releases: Vec<ReleaseStory>,
    /// What became of the iteration: the same bits as in a run.
    pub outcome: Outcome,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When, in days since day 0. What is drawn once has no day of its own: it stands on day 0.
    pub day: f64,
    /// What.
    pub what: Happening,
}

/// The occasion on which a risk is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Once in the iteration.
    Once,
    /// At the gate of the window of this day.
    Gate(i32),
    /// At a deployment of this release: which one, from 1.
    Deployment(usize, u16),
    /// In the window of this day, for all releases deployed in it.
    Window(i32),
    /// When this release went live for good.
    GoLive(usize),
}

/// Odds of a risk changed by another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Modified {
    /// The risk whose factor acted.
    pub by: usize,
    /// Probability before.
    pub from: f64,
    /// Probability after.
    pub to: f64,
}

/// What a cost is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostOf {
    /// A risk that costs something by itself.
    Risk(usize),
    /// A response that the plan takes.
    Response(usize),
    /// Days of a release after its due date, at the price at this place.
    Delay(usize),
    /// A release that is not live by the horizon, at the price at this place.
    NotLive(usize),
    /// A back-out of a release.
    BackOut(usize),
    /// An incident of this category.
    Incident(u8),
}

/// What can happen in an iteration.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// A risk occurred.
    Occurred {
        /// The risk.
        risk: usize,
        /// Which of its mutually exclusive outcomes, if it has any.
        outcome: Option<usize>,
        /// Which of its items, from 0; 0 where there is one.
        item: usize,
        /// The probability it was drawn with, odds factors included.
        probability: f64,
        /// The odds factors that acted on that probability.
        modified: Vec<Modified>,
        /// On which occasion.
        occasion: Occasion,
    },
    /// A scope item dropped out.
    Dropped {
        /// The item.
        item: usize,
        /// The risk that dropped it.
        risk: usize,
    },
    /// Something is paid.
    Cost {
        /// For what.
        of: CostOf,
        /// How much.
        amount: f64,
    },
    /// An activity started; what drove its start is in [`Story::activities`].
    Started(usize),
    /// An activity finished.
    Finished(usize),
    /// A risk added time to a release's readiness.
    ReleaseDelayed {
        /// The release.
        release: usize,
        /// The risk.
        risk: usize,
        /// Days; negative where it gained time.
        days: f64,
    },
    /// A release was ready, by its own date and its work, delays included.
    Ready(usize),
    /// The window a release was first meant for: the first open one when it was both planned and ready.
    Intended {
        /// The release.
        release: usize,
        /// Day of the window; `None` if there is none by the horizon.
        window: Option<i32>,
    },
    /// A release stood at a gate.
    Gate {
        /// The release.
        release: usize,
        /// Id of the gate.
        gate: String,
        /// Day of the window that it is the gate of.
        window: i32,
        /// The criteria asked there, in order.
        criteria: Vec<Asked>,
        /// Go or No-Go.
        passed: bool,
    },
    /// Somebody's consent to a move was asked.
    Consent {
        /// The release.
        release: usize,
        /// Day on which it can be had.
        until: f64,
    },
    /// A release was moved on from a window.
    Moved {
        /// The release.
        release: usize,
        /// Day of the window it had to leave.
        from: i32,
        /// Day of the window it was moved to; `None` if there is none by the horizon.
        to: Option<i32>,
        /// Why.
        why: Why,
        /// How the days between the two are made up, without gaps; up to the horizon where there is no next window.
        days: Vec<Segment>,
    },
    /// A release was deployed.
    Deployed {
        /// The release.
        release: usize,
        /// Which deployment of it, from 1.
        attempt: u16,
        /// All releases deployed in that window, itself included.
        with: ReleaseSet,
    },
    /// A deployment was reversed.
    BackedOut {
        /// The release.
        release: usize,
        /// What reversed it; more than one cause is one back-out.
        by: Vec<BackOut>,
        /// Days of the longest fix.
        fix_days: f64,
    },
    /// A deployment was kept: the release is live.
    Live(usize),
    /// An incident that a release caused.
    Incident {
        /// The risk.
        risk: usize,
        /// The release; `None` for one of a whole window.
        release: Option<usize>,
        /// Category, 1 to 5.
        category: u8,
        /// Days to restore service; 0 where the scenario has none.
        restore_days: f64,
    },
    /// An event of a background process.
    Background {
        /// The process.
        process: usize,
        /// Whether a rate factor added it.
        added: bool,
        /// Days to restore service, if it falls in the period that incidents are counted over.
        restore_days: Option<f64>,
    },
}

/// A criterion asked at a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The criterion.
    pub criterion: usize,
    /// Whether it was met.
    pub met: bool,
    /// Whether it was seen as met: what the gate goes by.
    pub seen: bool,
    /// Whether it had not recovered from an earlier gate, and so was not drawn again.
    pub still: bool,
    /// The risks it was not met by, in order.
    pub by: Vec<usize>,
}

/// A cause of a back-out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BackOut {
    /// The risk.
    pub risk: usize,
    /// Whether another release's back-out dragged this one along.
    pub dragged: bool,
    /// Days of its fix.
    pub fix_days: f64,
}

/// Why a release had to leave a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A gate was not passed.
    NoGo,
    /// It was backed out.
    BackedOut,
    /// It waits for this release, because of this risk.
    Hold(usize, usize),
    /// This release, first in line, must not share the window with it.
    Turn(usize),
}

/// Days on the way to a go-live, and what they are due to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Where it begins, in days since day 0.
    pub from: f64,
    /// Where it ends. Before `from` where time was gained.
    pub to: f64,
    /// What it is due to.
    pub cause: Cause,
}

impl Segment {
    /// Its length in days; negative where time was gained.
    pub fn days(&self) -> f64 {
        self.to - self.from
    }

    /// The part of it that lies after a day: what it adds to the lateness of whatever was due on that day.
    ///
    /// `late(to) − late(from)` with late(t) = max(t, day): over a chain these add up to the end less the
    /// day, exactly so in fixed point.
    pub fn after(&self, day: f64) -> f64 {
        self.to.max(day) - self.from.max(day)
    }
}

/// What days are due to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The release's own readiness date.
    Readiness,
    /// The work of an activity, without what risks add to it.
    Work(usize),
    /// A risk that stretches or delays an activity.
    ActivityRisk {
        /// The activity.
        activity: usize,
        /// The risk.
        risk: usize,
    },
    /// A day before which an activity does not start, or on which it must.
    StartDay(usize),
    /// A lag of a link to an activity.
    Lag(usize),
    /// Days that are no working days, before an activity could start.
    DaysOff(usize),
    /// An activity waits for a unit of a pool, which another activity has, or which is not there yet.
    Units {
        /// The activity that waits.
        activity: usize,
        /// The pool.
        pool: usize,
        /// The activity that has the unit.
        behind: Option<usize>,
    },
    /// A risk that delays the release.
    ReleaseRisk(usize),
    /// Ready before the planned date, the release waits for it.
    Planned,
    /// A criterion recovers from a risk.
    Recovery {
        /// The criterion.
        criterion: usize,
        /// The risk.
        risk: usize,
    },
    /// A fix after a back-out by this risk.
    Fix(usize),
    /// Notice of a new date, beyond what recovery or fix take.
    Notice,
    /// Consent to a move, beyond those.
    Consent,
    /// The wait for the next open window, or for the horizon where there is none.
    Window,
    /// The wait for another release, because of a risk.
    Hold {
        /// The release that is waited for.
        release: usize,
        /// The risk.
        risk: usize,
    },
    /// The wait for a window of its own, behind this release.
    Turn(usize),
}

/// An activity in one iteration.
#[derive(Debug, Clone, PartialEq)]
pub struct ActivityStory {
    /// Whether it happened; one that did not takes no time.
    pub exists: bool,
    /// Start in days since day 0; infinite for never.
    pub start: f64,
    /// Finish.
    pub finish: f64,
    /// What its start waited for last.
    pub driver: Driver,
    /// The end of a predecessor from which it came to its start; `None` for day 0.
    pub start_from: Option<(usize, End)>,
    /// Its way from there to the start.
    pub wait: Vec<Segment>,
    /// The end of a predecessor that drove its finish, where its own work did not.
    pub finish_from: Option<(usize, End)>,
    /// Its way from the start (or from the end above) to the finish: its own work, then what each risk added.
    pub steps: Vec<Segment>,
    /// The start that each of its links asks for, in their order; none where it did not happen or starts on a day
    /// whatever comes before.
    pub demands: Vec<LinkDemand>,
}

/// The start that a link asks of an activity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkDemand {
    /// The predecessor.
    pub activity: usize,
    /// Earliest start by this link alone, in days since day 0; by a link to the finish, the start that just meets it.
    pub start: f64,
}

/// An end of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Where it begins.
    Start,
    /// Where it ends.
    Finish,
}

/// What the start of an activity waited for last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Driver {
    /// Nothing: it could start on day 0.
    Nothing,
    /// A day before which it does not start, or on which it must.
    StartDay,
    /// A link from this activity.
    Link(usize),
    /// A link from this activity to its finish: the work stays in one piece.
    FinishLink(usize),
    /// A unit of this pool, which this activity had, if another had it.
    Unit(usize, Option<usize>),
}

/// A release in one iteration.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseStory {
    /// Day on which it was ready; infinite for never.
    pub ready: f64,
    /// Day of the deployment that was kept; `None` when not live by the horizon.
    pub live: Option<i32>,
    /// Its way from day 0 to that day, or to the horizon: each segment begins where the one before
    /// ends. What lies after the planned date is [`Segment::after`] of it.
    pub chain: Vec<Segment>,
}

impl Story {
    /// The driving way from day 0 to the finish of an activity: what each day of it is due to.
    pub fn way_to(&self, activity: usize) -> Vec<Segment> {
        network::way_to(&self.activities, activity)
    }

    /// The activities on that way, in order: those whose delay would have delayed it.
    pub fn driving(&self, activity: usize) -> Vec<usize> {
        network::driving(&self.activities, activity)
    }
}

impl Program {
    /// Replays one iteration alone and tells it.
    pub fn tell(&self, iteration: u64) -> Story {
        let mut state = State::of_one_iteration(self);
        state.recorder = Some(Box::new(Recorder::new(self)));
        let outcome = self.run(&mut state, iteration, 1).clone();
        self.record_background(&mut state);
        let recorder = state.recorder.take().map_or_else(|| Recorder::new(self), |recorder| *recorder);
        let Recorder { entries, activities, chains, .. } = recorder.in_order();
        let releases = chains.into_iter().enumerate().map(|(r, chain)| ReleaseStory {
            ready: state.ready[r],
            live: self.windows.get(usize::from(outcome.live_window[r])).copied(),
            chain,
        });
        Story { iteration, entries, releases: releases.collect(), activities, outcome }
    }
}
