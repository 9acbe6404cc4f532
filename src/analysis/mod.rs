//! One question a file, answered from tallies.

mod brief;
mod compare;
pub mod condition;
pub mod drivers;
mod evidence;
pub mod explain;
pub mod flip;
mod forecast_walk;
mod from_tally;
pub mod gate;
pub mod gate_policy;
#[cfg(test)]
pub(crate) mod gate_sample;
mod gate_study;
pub mod given;
mod grid;
pub mod outlook;
pub mod responses;
mod runs;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
pub(crate) mod sample_study;
mod shapley;
pub mod together;
mod variation;
mod versions;
pub mod what_if;
pub mod wording;

pub use brief::{Answer, AnswerTable, Brief, BriefSources, brief, news_before_gate};
pub use compare::{Comparison, Dominance, Pair, Ranked, Ranking, compare};
pub use forecast_walk::{
    Combinations, DaysPart, Diff, EditInWords, EditKind, Part, PartName, PercentileWalk, Walk, contrasts, diff,
    part_letter,
};
pub use from_tally::{outlook, outlook_of_replicates};
pub use gate_study::{GateStudy, Label, gate_report};
pub use grid::{Axis, Grid, Measure, Present, Reading};
pub use runs::{Runs, days_of_curves};
pub use shapley::{Attribution, Method};
pub use variation::Variation;
pub use versions::{Group, Versions};
pub use what_if::{
    Asked, ChangeInWords, Difference, Percentile, Question, Shift, WhatIf, WhatIfs, p80_shifts, what_ifs,
};
