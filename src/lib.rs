//! golive: the open simulator of go-live risk.
#![forbid(unsafe_code)]

pub mod analysis;
#[cfg(feature = "chart")]
pub mod chart;
#[cfg(feature = "cli")]
pub mod cli;
pub mod estimate;
pub mod export;
pub mod math;
pub mod scenario;
pub mod time;
