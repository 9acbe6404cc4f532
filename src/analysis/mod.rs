//! One question a file, answered from tallies.

mod brief;
mod compare;
pub mod condition;
pub mod drivers;
pub mod explain;
pub mod flip;
mod from_tally;
pub mod given;
pub mod outlook;
mod runs;
#[cfg(test)]
pub(crate) mod sample;
mod variation;
pub mod wording;

pub use brief::{Answer, AnswerTable, Brief, BriefSources, brief};
pub use compare::{Comparison, Dominance, Pair, Ranked, Ranking, compare};
pub use from_tally::outlook;
pub use runs::{Runs, days_of_curves};
pub use variation::Variation;
