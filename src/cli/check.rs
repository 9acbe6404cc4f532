//! `golive check`: everything that is wrong or doubtful, without running anything.

use std::path::PathBuf;

use clap::Args;

use super::format::Format;
use super::input::{Input, note, tell};
use super::{Failure, print};
use crate::diagnostic::Severity;

/// Arguments of `golive check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Check {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let read = Input::read(&self.file, &[]);
        let (findings, plans) = match read {
            Ok(input) => (input.all_findings(), input.plans.len()),
            Err(Failure::Input(findings)) => (findings, 0),
            Err(other) => return Err(other),
        };
        if self.format == Format::Json {
            print(&format!("{:#}\n", findings.to_json()))?;
        }
        if findings.has_errors() {
            return match self.format {
                Format::Text => Err(Failure::Input(findings)),
                Format::Json => Err(Failure::Usage(match findings.count(Severity::Error) {
                    1 => "1 error".to_owned(),
                    errors => format!("{errors} errors"),
                })),
            };
        }
        if self.format == Format::Text {
            tell(&findings);
            let warnings = findings.len();
            note(&format!(
                "{}: no errors in {plans} plan{}, {warnings} warning{}",
                self.file.display(),
                if plans == 1 { "" } else { "s" },
                if warnings == 1 { "" } else { "s" },
            ));
        }
        Ok(())
    }
}
