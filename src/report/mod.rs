//! Reports: one content, several faces.
//!
//! In: a scenario and what was computed from it. Out: HTML, Word and Excel, which say the same and compute nothing.
//! `content` is what a report can say, the `compose` files say it, a face each renders it. The bytes of every face are
//! a function of its content alone: no clock, no machine. A workbook whose register was edited is read back by
//! `register_import` as changes by path.

mod column_widths;
mod compose;
mod compose_brief;
mod compose_dates;
mod compose_drivers;
mod compose_gate;
mod compose_method;
mod compose_paper;
mod compose_plans;
mod compose_register;
pub mod content;
mod docx;
mod docx_parts;
mod edited_cells;
mod effect_words;
mod figures;
mod html;
mod number_columns;
mod number_edit;
mod number_words;
#[cfg(feature = "pdf")]
mod pdf;
mod picture;
mod register_import;
mod register_sheet;
mod text;
mod typst_source;
mod workbook;
mod workbook_charts;
mod xlsx;

pub use compose::{Case, Parts, compose};
pub use compose_method::shell;
pub use docx::docx;
pub use html::html;
#[cfg(feature = "pdf")]
pub use pdf::pdf;
pub use register_import::{Edit, changes, counted, read_edits, what_if};
pub use typst_source::{Source, source};
pub use xlsx::xlsx;
