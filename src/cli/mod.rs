//! The command line.

pub mod outlook_text;
