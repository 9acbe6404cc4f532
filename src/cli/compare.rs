//! `golive compare`: plans on the same worlds, with both uncertainties.

use std::path::PathBuf;

use clap::Args;

use super::effort::Effort;
use super::format::Format;
use super::input::{Input, note};
use super::{Failure, compare_text, print};
use crate::analysis;
use crate::export;

/// Arguments of `golive compare`.
#[derive(Debug, Args)]
pub(super) struct Compare {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// Plans to compare, separated by commas; `all` unless given
    #[arg(long, value_name = "IDS", value_delimiter = ',', default_value = "all")]
    plans: Vec<String>,
    #[command(flatten)]
    effort: Effort,
    /// Folder for comparison.json, tables and charts; nothing is written unless given
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Leave out the charts
    #[arg(long, requires = "output")]
    no_charts: bool,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Compare {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let plans: &[String] = if self.plans == ["all"] { &[] } else { &self.plans };
        let input = Input::read(&self.file, plans)?;
        let (registers, _) = input.registers()?;
        if registers.iter().all(|r| r.releases.is_empty()) {
            return Err(Failure::Usage(
                "there are no releases to compare plans by; `golive run` reports finish times".to_owned(),
            ));
        }
        let about = input.document.scenario()?.scenario;
        let study = self.effort.study(&about, registers)?;
        let comparison = analysis::compare(study.outlook(), &study.runs());
        if let Some(folder) = &self.output {
            let mut files = vec![
                ("comparison.json".to_owned(), export::json(&comparison)),
                ("rankings.csv".to_owned(), export::rankings_csv(&comparison)),
                ("pairs.csv".to_owned(), export::pairs_csv(&comparison)),
            ];
            #[cfg(feature = "chart")]
            if !self.no_charts {
                files.extend(super::run::chart_files(crate::chart::render_comparison(&comparison))?);
            }
            export::write_all(folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
            note(&format!("{} files in {}", files.len(), folder.display()));
        }
        match self.format {
            Format::Text => print(&compare_text::comparison_text(&comparison, super::run::terminal_width())),
            Format::Json => print(&String::from_utf8_lossy(&export::json(&comparison))),
        }
    }
}
