//! `golive schema`: the format of scenario files, for editors and for readers.

use clap::{Args, ValueEnum};

use super::{Failure, print};
use crate::scenario::schema::{format_markdown, json_schema};

/// Arguments of `golive schema`.
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// JSON Schema (draft 2020-12)
    Json,
    /// The reference of the format, in Markdown
    Markdown,
}

impl Schema {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        match self.format {
            Format::Json => print(&format!("{:#}\n", json_schema())),
            Format::Markdown => print(&format_markdown()),
        }
    }
}
