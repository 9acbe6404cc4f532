//! Reports: one content, several faces.
//!
//! In: a scenario and what was computed from it. Out: HTML, Word and Excel, which say the same and compute nothing.
//! `content` is what a report can say, the `compose` files say it, a face each renders it. The bytes of every face are
//! a function of its content alone: no clock, no machine.

mod compose;
mod compose_brief;
mod compose_dates;
mod compose_method;
mod compose_paper;
mod compose_plans;
mod compose_register;
pub mod content;
mod effect_words;
mod figures;
mod html;
mod number_columns;
mod number_words;
mod picture;
mod register_sheet;
mod workbook;

pub use compose::{Case, Parts, compose};
pub use html::html;
