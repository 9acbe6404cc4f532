//! A register as a flat program over blocks of iterations.
//!
//! A block holds up to [`MAX_LANES`] iterations side by side. Numbers live in slots (a slot is one
//! number for every lane), facts in [`Mask`]s (one bit a lane). A number is evaluated when first
//! asked for, for the lanes that ask, and kept: an impact is drawn only where its risk occurs, a
//! recovery only where a gate is missed. Draws are addressed, so what is not drawn changes nothing.
//!
//! The stages of a block, each a file:
//!
//! | stage | file | what it settles |
//! |---|---|---|
//! | risks drawn once | `once` | which occur, their outcomes; dropped scope, holds, costs |
//! | network | `network`, `resources` | start and finish of every activity; when each release is ready |
//! | windows | `lifecycle`, `gates`, `observation`, `deployment` | gates, deployments, back-outs, go-lives |
//! | incidents | `incidents`, `process`, `cells` | background events, added events, times to restore |
//! | prices | `prices` | what delay, back-outs and incidents cost |
//!
//! `story` replays one iteration alone and tells what happened in it; `fact` says in which lanes something holds;
//! `given` lowers a program once more, on condition of news; `spread` draws it from points that are spread evenly,
//! which `lead` leads along what moves the figures most.
//!
//! In: a [`Register`] and a seed. Out: the [`Outcome`] of each block, which `simulate` tallies.
//! After lowering nothing can fail.

mod cells;
mod common;
mod deployment;
mod events;
mod fact;
mod gates;
mod given;
mod incidents;
pub mod lanes;
mod lead;
mod lifecycle;
mod listing;
mod lower;
mod mask;
mod network;
mod numbers;
mod observation;
mod once;
mod outcome;
mod prices;
mod process;
mod redraw;
mod resources;
mod spread;
mod state;
pub mod story;

use crate::distribution::Distribution;
use crate::random::Stream;
use crate::register::{Condition, Register};

pub use fact::Fact;
pub use given::Conditioned;
pub use mask::{MAX_LANES, Mask};
pub use outcome::{NOT_LIVE, Outcome, Verdicts};
pub use prices::CostCause;
pub use redraw::Variable;
pub use spread::{Axis, AxisKind, Layout, Leading, Together};
pub use state::State;
pub use story::Story;

/// A register lowered for one seed.
#[derive(Debug, Clone)]
pub struct Program {
    register: Register,
    seed: u64,
    /// One entry for each number of the register.
    numbers: Vec<Number>,
    /// Standard normal variables behind latent ones.
    normals: Vec<Normal>,
    /// Latent variables: weighted sums of standard normals, of variance 1.
    latents: Vec<Vec<(usize, f64)>>,
    /// Numbers that are drawn where they are used, and not kept.
    passing: Vec<bool>,
    /// Which of them are a shared normal and one of their own, for one number alone.
    private: Vec<bool>,
    /// What its points are led by, where it is spread.
    lead: Option<Box<lead::Lead>>,
    /// One entry for each risk of the register.
    events: Vec<Event>,
    /// Risks by occasion, each after those it depends on.
    once: Vec<usize>,
    at_gate: Vec<usize>,
    at_deployment: Vec<usize>,
    at_go_live: Vec<usize>,
    /// Once-drawn risks with an incident, which happens at go-live.
    once_incidents: Vec<usize>,
    /// Activities in topological order.
    order: Vec<usize>,
    /// Activities in the order in which they are given units.
    unit_order: Vec<usize>,
    /// What risks do to each activity.
    impacts: Vec<Impacts>,
    /// Activities whose start is asked for, by a link or by a delay of their finish.
    start_asked: Vec<bool>,
    /// Activities of the order of which the finish is all that is asked, and how each is placed then.
    straight: Vec<bool>,
    steps: Vec<lanes::Step>,
    /// Where the finish of each activity is, unless a state keeps all, and how many places there are.
    finish_places: Vec<u32>,
    finish_count: u32,
    /// Activities that can finish last: those that no other waits for.
    ends: Vec<usize>,
    /// Activities of each release.
    activities_of: Vec<Vec<usize>>,
    /// Days of all windows of the plan's releases, in order.
    windows: Vec<i32>,
    /// For each release and day, the place in `windows` of its first open window on or after it.
    next_open: Vec<Vec<u16>>,
    /// Holds: trigger, release that waits, release waited for.
    holds: Vec<(Trigger, usize, usize)>,
    /// Delays of releases: trigger, release, days.
    delays: Vec<(Trigger, usize, usize)>,
    /// Drops: trigger, scope item.
    drops: Vec<(Trigger, usize)>,
    /// Streams of units.
    units: Vec<Vec<Stream>>,
    processes: Vec<ProcessProgram>,
    /// Factors on times to restore: risk, factor.
    restores: Vec<(usize, usize)>,
    /// What is seen of each criterion.
    observations: Vec<Stream>,
    /// Stable number of each release for occasions.
    release_codes: Vec<u64>,
    /// Days from 1 January 1970 to day 0.
    epoch: i64,
    /// Conditions over days in which co-deployment counts.
    tracks_windows: bool,
    /// Days of early-life support that incidents are counted over.
    period_days: f64,
}

/// A fact that effects wait for: that a risk occurred, or one of its outcomes.
type Trigger = usize;

/// A number: how to evaluate it.
#[derive(Debug, Clone)]
enum Number {
    Constant(f64),
    Draw {
        stream: Stream,
        distribution: Distribution,
        latent: Option<usize>,
        chance: bool,
    },
    Product(Vec<usize>),
    Sum(Vec<usize>),
    Complement(usize),
    AnyOf(usize, usize),
    AtLeastOne(usize, usize),
    Odds(usize, usize),
    Escape(usize, usize, usize),
    /// One of several distributions, by their weights: knowledge, given news.
    Mixture {
        stream: Stream,
        which: Stream,
        parts: Vec<(f64, Distribution)>,
    },
}

/// A standard normal variable: its stream, whether it is an unknown of this world, and its value where it is held.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Normal {
    stream: Stream,
    knowledge: bool,
    held: Option<f64>,
}

/// A risk: how to draw it.
#[derive(Debug, Clone)]
struct Event {
    /// One stream an item.
    items: Vec<Stream>,
    /// Which it is of the risks that are drawn together, where the program is spread.
    joint: Option<usize>,
    /// Latent variable of its occurrence.
    latent: Option<usize>,
    /// Stable number of the risk, for occasions of its incidents.
    code: u64,
    /// Which outcome.
    outcome: Stream,
    /// Which judgement at a gate.
    judgement: Stream,
    /// Which category.
    category: Stream,
    /// When in early-life support.
    begin: Stream,
    /// Its trigger; those of its outcomes follow.
    trigger: Trigger,
    /// Number of the probability.
    probability: usize,
    /// Modifiers of its odds: risk, factor, releases to pair.
    odds: Vec<(usize, usize, Option<u64>)>,
    /// Whether its condition asks about a process, which is costly and asked last.
    asks_process: bool,
    /// What is known of it, where news is given.
    known: Option<bool>,
}

/// What risks do to an activity.
#[derive(Debug, Clone, Default)]
struct Impacts {
    /// Trigger, factor.
    stretches: Vec<(Trigger, usize)>,
    /// Trigger, time, calendar of the time when it is in working days.
    delays: Vec<(Trigger, usize, Option<usize>)>,
    /// Triggers that bring the activity in.
    exists: Vec<Trigger>,
}

/// A background process.
#[derive(Debug, Clone)]
struct ProcessProgram {
    rate: usize,
    count: Stream,
    time: Stream,
    /// Rate factors: risk, factor, share, and streams of added events.
    factors: Vec<RateFactor>,
}

#[derive(Debug, Clone)]
struct RateFactor {
    risk: usize,
    factor: usize,
    share: usize,
    count: Stream,
    time: Stream,
    keep: Stream,
}

impl Program {
    /// The register the program was lowered from.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// The seed the program was lowered for.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Days of all windows of the plan's releases, in order: what [`Outcome::live_window`] counts.
    pub fn windows(&self) -> &[i32] {
        &self.windows
    }

    fn when(&self, risk: usize) -> &Condition {
        &self.register.risks[risk].when
    }

    /// Place of the first open window of a release on or after a time in days, if there is one.
    fn next_window(&self, release: usize, time: f64) -> Option<usize> {
        let table = &self.next_open[release];
        let day = crate::time::day_from(time).max(0.0);
        if day >= table.len() as f64 {
            return None;
        }
        match table[day as usize] {
            u16::MAX => None,
            place => Some(usize::from(place)),
        }
    }

    /// The occasion of a window.
    fn window_occasion(&self, day: i32) -> u64 {
        (self.epoch + i64::from(day)).cast_unsigned()
    }

    /// The occasion of an attempt of a release.
    fn attempt_occasion(&self, release: usize, attempt: u16) -> u64 {
        self.release_codes[release] | u64::from(attempt)
    }
}
