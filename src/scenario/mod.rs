//! The scenario as written, and its way to a resolved register.

mod correlation_matrix;
pub mod file;
mod resolve;

pub use resolve::{BASE_PLAN, natural_order, resolve};
