//! One question a file, answered from tallies.

mod compare;
mod from_tally;
pub mod outlook;
#[cfg(test)]
pub(crate) mod sample;
pub mod wording;

pub use compare::{Comparison, Dominance, Pair, Ranked, Ranking, Runs, add_input_intervals, compare};
pub use from_tally::outlook;
