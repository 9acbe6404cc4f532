//! What the distribution tests share: reference values, tolerances with their reasons, the families under test.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod families;
#[expect(clippy::approx_constant, reason = "computed values, some of which are familiar")]
pub mod reference;
pub mod tolerance;
