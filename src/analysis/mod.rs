//! One question a file, answered from tallies.

pub mod outlook;
