//! An outlook as files: JSON, tidy tables, the manifest; and sets of files that appear whole or not
//! at all.
//!
//! In: an [`Outlook`] and what it was computed from. Out: bytes that repeat (no clock, no host).

mod cell;
mod comparison;
mod diff_table;
mod file_set;
mod iterations;
mod manifest;
mod table;
mod what_if_table;

pub use cell::Cell;
pub use comparison::{PAIR_COLUMNS, RANKING_COLUMNS, pairs_csv, rankings_csv};
pub use diff_table::{DIFF_COLUMNS, EDIT_COLUMNS, diff_csv, edits_csv};
pub use file_set::{WriteError, file_name, write_all};
pub use iterations::IterationTable;
pub use manifest::{Input, Manifest, manifest_json};
pub use table::{DATE_COLUMNS, OUTLOOK_COLUMNS, dates_csv, outlook_csv};
pub use what_if_table::{DIFFERENCE_COLUMNS, grid_csv, what_ifs_csv};

use crate::analysis::outlook::Outlook;

/// The outlook as `outlook.json`: indented, keys in the order of [`Outlook`]'s fields.
pub fn outlook_json(outlook: &Outlook) -> Vec<u8> {
    json(outlook)
}

/// Indented JSON with a line end.
pub fn json(value: &impl serde::Serialize) -> Vec<u8> {
    // These types have string keys and no fallible serializers, and memory does not fail.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
