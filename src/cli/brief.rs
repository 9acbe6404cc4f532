//! `golive brief`: the committee's questions on one page, in words and figures.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::effort::Effort;
use super::input::{Input, note};
use super::{Failure, brief_text, print};
use crate::analysis::{self, BriefSources};
use crate::export;

/// Arguments of `golive brief`.
#[derive(Debug, Args)]
pub(super) struct Brief {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// The plan that single answers are about; the first unless given
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// Plans to compare, separated by commas; `all` unless given
    #[arg(long, value_name = "IDS", value_delimiter = ',', default_value = "all")]
    plans: Vec<String>,
    #[command(flatten)]
    effort: Effort,
    /// Folder for brief.md and brief.json; nothing is written unless given
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// Markdown, for a paper
    Markdown,
    /// JSON, and nothing else
    Json,
}

impl Brief {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let mut plans: Vec<String> = if self.plans == ["all"] { Vec::new() } else { self.plans.clone() };
        // The plan that answers are about is one of those compared.
        if let Some(plan) = &self.plan
            && !plans.is_empty()
            && !plans.contains(plan)
        {
            plans.insert(0, plan.clone());
        }
        if let (Some(plan), true) = (&self.plan, plans.is_empty()) {
            Input::read(&self.file, std::slice::from_ref(plan))?;
        }
        let input = Input::read(&self.file, &plans)?;
        let (registers, _) = input.registers()?;
        let file = input.document.scenario()?;
        if registers.iter().all(|r| r.releases.is_empty()) {
            return Err(Failure::Usage(
                "there are no releases to brief a committee on; `golive run` reports finish times".to_owned(),
            ));
        }
        let main = self.plan.as_deref().unwrap_or(&input.plans[0]);
        let study = self.effort.study(&file.scenario, registers)?;
        let comparison = analysis::compare(study.outlook(), &study.runs());
        let program = study.programs.iter().find(|p| p.register().plan == main).unwrap_or(&study.programs[0]);
        let sources = BriefSources {
            file: &file,
            numbers: &input.document.numbers(),
            register: program.register(),
            comparison: &comparison,
        };
        let brief = analysis::brief(&sources);
        let markdown = brief_text::markdown(&brief);
        let json = export::json(&brief);
        if let Some(folder) = &self.output {
            let files = [("brief.md", markdown.as_bytes()), ("brief.json", &json)];
            export::write_all(folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
            note(&format!("2 files in {}", folder.display()));
        }
        match self.format {
            Format::Text => print(&brief_text::text(&brief, super::run::terminal_width())),
            Format::Markdown => print(&markdown),
            Format::Json => print(&String::from_utf8_lossy(&json)),
        }
    }
}
