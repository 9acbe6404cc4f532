//! One question a file, answered from tallies.

mod brief;
mod compare;
mod forecast_walk;
mod from_tally;
mod grid;
pub mod outlook;
mod runs;
#[cfg(test)]
pub(crate) mod sample;
mod shapley;
mod versions;
mod what_if;
pub mod wording;

pub use brief::{Answer, AnswerTable, Brief, BriefSources, brief};
pub use compare::{Comparison, Dominance, Pair, Ranked, Ranking, compare};
pub use forecast_walk::{
    Combinations, DaysPart, Diff, EditInWords, EditKind, Part, PartName, PercentileWalk, Walk, contrasts, diff,
    part_letter,
};
pub use from_tally::outlook;
pub use grid::{Axis, Grid, Measure, Present, Reading};
pub use runs::{Runs, days_of_curves};
pub use shapley::{Attribution, Method};
pub use versions::{Group, Versions};
pub use what_if::{
    Asked, ChangeInWords, Difference, Percentile, Question, Shift, WhatIf, WhatIfs, p80_shifts, what_ifs,
};
