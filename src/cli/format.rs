//! What a command prints on standard output.

use clap::ValueEnum;

/// What to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Text and tables for people
    Text,
    /// JSON, and nothing else
    Json,
}
