//! One question a file, answered from tallies.

mod from_tally;
pub mod outlook;

pub use from_tally::outlook;
