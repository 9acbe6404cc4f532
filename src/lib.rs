//! golive: the open simulator of go-live risk.
#![forbid(unsafe_code)]

pub mod diagnostic;
pub mod scenario;
