//! The scenario as written, and its way to a resolved register.
//!
//! Text → [`document`] (a tree in which every key and value knows its place; plans change it by
//! path) → `validate` (all structural defects at once, against the schema of the types) →
//! [`mod@file`] (the types) → [`resolve`] (names resolved, numbers checked). [`schema`] is those types
//! as JSON Schema and as a manual.

mod correlation_matrix;
pub mod document;
pub mod file;
mod manual;
mod natural_order;
mod resolve;
pub mod schema;
mod shape;
pub mod suggestion;
mod validate;
mod variant;
mod words;

pub use document::{Change, ChangeKind, Document, Edit, Node, Responses, Value, Written};
pub use natural_order::natural_order;
pub use resolve::{BASE_PLAN, resolve};
pub use variant::Variant;
