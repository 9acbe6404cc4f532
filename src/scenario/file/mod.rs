//! The scenario as it is written: one Rust type for every table and key of the file.
//!
//! These types are the only truth about the format. The parser reads into them, `golive schema`
//! prints the JSON Schema derived from them, and `docs/FORMAT.md` is generated from that schema,
//! so each doc comment below is what an analyst reads. Everything is keyed by id; ids are what
//! draws are addressed by, so renaming an id changes its draws and reordering a file does not.
//!
//! In: a document tree (`super::document`). Out: [`ScenarioFile`], names not yet resolved.

mod date;
mod estimate;
mod plan;
mod prices;
mod risk;
mod work;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

pub use date::Date;
pub use estimate::*;
pub use plan::*;
pub use prices::*;
pub use risk::*;
pub use work::*;

/// Tables keyed by id, in the order of their ids.
pub type Table<T> = BTreeMap<String, T>;

/// A go-live scenario: releases, the work before them, the risks around them, and the deployment
/// plans that a committee compares.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// What this scenario is: its title, its data date, its horizon.
    pub scenario: About,
    /// Other files of this scenario, relative to this one, whose tables are read as if they stood here.
    #[serde(default)]
    pub include: Vec<String>,
    /// Documents that facts and numbers cite.
    #[serde(default)]
    pub sources: Table<Source>,
    /// Remarks on the source material that readers must see: gaps, contradictions, readings chosen.
    #[serde(default)]
    pub notes: Table<Note>,
    /// Dated facts of the case, in the words of their source.
    #[serde(default)]
    pub facts: Table<Fact>,
    /// Who decides, delivers and is affected.
    #[serde(default)]
    pub actors: Table<Actor>,
    /// Working-time calendars, for durations in working days.
    #[serde(default)]
    pub calendars: Table<Calendar>,
    /// Deployment windows: dates on which releases may be deployed.
    #[serde(default)]
    pub windows: Table<Windows>,
    /// Releases that a plan may deploy.
    #[serde(default)]
    pub releases: Table<Release>,
    /// Pieces of work before a release is ready, and the links between them.
    #[serde(default)]
    pub activities: Table<Activity>,
    /// Resources that activities wait for: devices, environments, teams.
    #[serde(default)]
    pub pools: Table<Pool>,
    /// How much of the planned testing the working units of a pool can cover.
    #[serde(default)]
    pub coverage: Table<Coverage>,
    /// Go/No-Go decisions before a window.
    #[serde(default)]
    pub gates: Table<Gate>,
    /// Acceptance criteria that gates test.
    #[serde(default)]
    pub criteria: Table<Criterion>,
    /// Scope items (modifications) that ship with a release or drop out of it.
    #[serde(default)]
    pub scope: Table<ScopeItem>,
    /// Named numbers: one unknown with one draw, however often it is used.
    #[serde(default)]
    pub estimates: Table<Estimate>,
    /// Background incident processes, which run whether or not anything is released.
    #[serde(default)]
    pub processes: Table<Process>,
    /// How long service takes to restore, by incident category.
    #[serde(default)]
    pub restore: Table<Quantity>,
    /// The risk register: threats and opportunities.
    #[serde(default)]
    pub risks: Table<Risk>,
    /// Responses (mitigations) to risks: what they change, what they cost, by when.
    #[serde(default)]
    pub responses: Table<Response>,
    /// What delay, back-outs and incidents cost: with it plans are compared by expected cost.
    #[serde(default)]
    pub prices: Prices,
    /// Rank correlations between named draws.
    #[serde(default)]
    pub correlations: Table<Correlation>,
    /// Shared drivers: one latent variable that several draws load on.
    #[serde(default)]
    pub drivers: Table<Driver>,
    /// Finish times in days to report by name, for work without go-live dates.
    #[serde(default)]
    pub measures: Table<Measure>,
    /// Deployment plans: when each release is meant to go live, and what the plan changes.
    #[serde(default)]
    pub plans: Table<Plan>,
    /// Named what-ifs: changes of inputs to be run beside a plan.
    #[serde(default)]
    pub what_ifs: Table<WhatIf>,
}

/// What the scenario is.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Short name, used in file names and output.
    #[schemars(length(min = 1))]
    pub id: String,
    /// Title as a committee would read it.
    #[schemars(length(min = 1))]
    pub title: String,
    /// One paragraph: what is decided, by whom, when.
    pub description: Option<String>,
    /// Day 0: what is known is known as of this date. Needed as soon as there is a release or any other date.
    pub data_date: Option<Date>,
    /// Last day of the simulation. A release not live by then is reported as "not live by", never dropped. Needed as soon as there is a release.
    pub horizon: Option<Date>,
    /// Default seed of the run; any whole number from 0 to 9007199254740991.
    #[schemars(range(min = 0u64, max = 9_007_199_254_740_991_u64))]
    pub seed: Option<u64>,
    /// Default number of iterations.
    #[schemars(range(min = 1u64, max = 1_000_000_000_000_u64))]
    pub iterations: Option<u64>,
    /// "Stays live" means not reversed within this many days of deployment; 7 unless given.
    #[schemars(range(min = 0u32, max = 366u32))]
    pub stays_days: Option<u32>,
    /// Unit of every cost in this scenario, for example "GBP" or "points".
    pub cost_unit: Option<String>,
}

/// A document that numbers and facts cite.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Title of the document.
    #[schemars(length(min = 1))]
    pub title: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was published.
    pub date: Option<Date>,
    /// Where it can be read.
    pub url: Option<String>,
}

/// A remark for the reader of a report.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The remark.
    #[schemars(length(min = 1))]
    pub text: String,
    /// Where it shows.
    pub source: Option<String>,
    /// What sort of remark it is.
    #[serde(default)]
    pub kind: NoteKind,
}

/// What sort of remark a note is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// A remark.
    #[default]
    Remark,
    /// The source contradicts itself or leaves something out.
    Inconsistency,
    /// The source can be read in more than one way; this says which was chosen.
    Reading,
    /// Something this scenario leaves out.
    Exclusion,
}

/// A dated fact.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// What happened or is due.
    #[schemars(length(min = 1))]
    pub text: String,
    /// When.
    pub date: Option<Date>,
    /// Where it is stated.
    pub source: String,
    /// Whether it is stated, derived, a base rate or assumed; stated unless given.
    pub basis: Option<Basis>,
}

/// Somebody who decides, delivers, owns a risk or is affected.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Full name.
    #[schemars(length(min = 1))]
    pub name: String,
    /// Part played in this decision.
    pub role: Option<String>,
}
