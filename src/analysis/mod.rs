//! One question a file, answered from tallies.

pub mod outlook;
#[cfg(test)]
pub(crate) mod sample;
pub mod wording;
