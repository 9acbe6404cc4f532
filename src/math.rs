//! The only door to floating-point functions.
pub use libm::{exp, log as ln, round};
