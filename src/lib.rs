//! golive: the open simulator of go-live risk.
#![deny(unsafe_code)]

pub mod analysis;
#[cfg(feature = "chart")]
pub mod chart;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostic;
pub mod distribution;
pub mod estimate;
pub mod export;
pub mod math;
pub mod oracle;
pub mod program;
pub mod random;
pub mod register;
#[cfg(feature = "report")]
pub mod report;
pub mod scenario;
pub mod simulate;
pub mod time;
