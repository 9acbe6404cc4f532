//! Plans and what-ifs: what is decided, and what each decision changes.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Date, Override, Quantity, Table};

/// A deployment plan.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The plan in one line.
    #[schemars(length(min = 1))]
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// Date on which each release of the plan is meant to go live; an open window of that release.
    pub releases: Table<Date>,
    /// Releases that never share a window; when two meet, those named first go first.
    #[serde(default)]
    pub separate: Vec<String>,
    /// Responses that this plan takes, beyond those in place.
    #[serde(default)]
    pub responses: Vec<String>,
    /// What this plan changes, by path: `"risks.R11.probability.pert.mode" = 0.1`. A path that names nothing is an error.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "minLength": 1 }))]
    pub set: Table<Override>,
    /// What this plan multiplies, by path of a number: `"risks.R14.probability" = 0.5`.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "minLength": 1 }))]
    pub scale: Table<Quantity>,
    /// Where it is proposed.
    pub source: Option<String>,
}

/// A named what-if.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIf {
    /// The question in one line.
    #[schemars(length(min = 1))]
    pub title: String,
    /// Plan it is asked of; the first plan unless given.
    pub plan: Option<String>,
    /// Responses taken.
    #[serde(default)]
    pub responses: Vec<String>,
    /// What it changes, by path.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "minLength": 1 }))]
    pub set: Table<Override>,
    /// What it multiplies, by path of a number.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "minLength": 1 }))]
    pub scale: Table<Quantity>,
}
