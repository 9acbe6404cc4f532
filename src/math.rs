//! The only door to floating-point functions.
pub use libm::{ceil, exp, floor, log as ln, round};
