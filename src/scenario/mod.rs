//! The scenario as written, and its way to a resolved register.

pub mod file;
