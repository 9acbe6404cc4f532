//! One question a file, answered from tallies.

mod from_tally;
pub mod outlook;
#[cfg(test)]
pub(crate) mod sample;
pub mod wording;

pub use from_tally::outlook;
