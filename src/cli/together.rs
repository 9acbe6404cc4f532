//! `golive together`: what deploying releases on one date adds to the risk of each.

use std::path::PathBuf;

use clap::Args;

use super::effort::Effort;
use super::format::Format;
use super::input::{Input, note};
use super::run::Progress;
use super::{Failure, print, together_text};
use crate::analysis::together::{self, Group, Layout, MOST_TOGETHER, groups, siblings};
use crate::export;
use crate::program::Program;
use crate::scenario::Variant;
use crate::simulate::ThreadsError;

/// Arguments of `golive together`.
#[derive(Debug, Args)]
pub(super) struct Together {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// Plan to ask about; the first unless given
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    #[command(flatten)]
    effort: Effort,
    /// Folder for together.json and charts; nothing is written unless given
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Leave out the charts
    #[arg(long, requires = "output")]
    no_charts: bool,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Together {
    /// The command on a plan, for others that need what it finds.
    pub(super) fn of(file: &std::path::Path, plan: &str, effort: Effort) -> Self {
        Self {
            file: file.to_owned(),
            plan: Some(plan.to_owned()),
            effort,
            output: None,
            no_charts: true,
            format: Format::Json,
        }
    }

    /// Runs what is asked.
    pub(super) fn found(&self) -> Result<together::Together, Failure> {
        let input = Input::read(&self.file, self.plan.as_slice())?;
        let plan = input.plans[0].clone();
        let base = input.variant(&plan);
        let register = input.variants(std::slice::from_ref(&base))?.remove(0);
        let groups = groups(&register);
        refuse(&plan, &groups)?;
        let scenario = input.document.scenario()?;
        let about = &scenario.scenario;
        let (seed, how) = (self.effort.seed(about), self.effort.how(about));
        let siblings = siblings(&scenario, &plan);
        // Everything is resolved before anything is run.
        let mut cases: Vec<(Layout, Vec<Program>)> = Vec::new();
        for group in &groups {
            let layout = Layout::of(&register, group);
            let variants: Vec<Variant> = layout
                .runs
                .iter()
                .map(|dates| base.clone().with(vec![input.document.other_dates(&plan, dates)]))
                .collect();
            let registers = input.variants(&variants)?;
            cases.push((layout, registers.into_iter().map(|r| Program::lower(r, seed)).collect()));
        }
        let runs = cases.iter().map(|(_, programs)| programs.len()).sum();
        let progress = self.effort.all_iterations(about, runs).map_or_else(Progress::without_end, Progress::new);
        let mut result = together::together(&register, seed, how.worlds);
        for (layout, programs) in &cases {
            let group = together::study(programs, layout, &siblings, how, &|done| progress.add(done));
            result.groups.push(group.map_err(|problem: ThreadsError| Failure::failed(problem.to_string()))?);
        }
        progress.done();
        Ok(result)
    }

    pub(super) fn execute(&self) -> Result<(), Failure> {
        let result = self.found()?;
        let json = export::json(&result);
        if let Some(folder) = &self.output {
            let mut files = vec![("together.json".to_owned(), json.clone())];
            #[cfg(feature = "chart")]
            if !self.no_charts {
                files.extend(super::run::chart_files(crate::chart::together(&result))?);
            }
            export::write_all(folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
            note(&format!("{} file{} in {}", files.len(), if files.len() == 1 { "" } else { "s" }, folder.display()));
        }
        match self.format {
            Format::Text => print(&together_text::together_text(&result, super::run::terminal_width())),
            Format::Json => print(&String::from_utf8_lossy(&json)),
        }
    }
}

/// Refuses plans that deploy nothing together, or too much.
fn refuse(plan: &str, groups: &[Group]) -> Result<(), Failure> {
    if groups.is_empty() {
        return Err(Failure::Usage(format!(
            "no two releases of the plan {plan} are planned for the same date, so that deploying together adds nothing in \
             it; choose another with --plan"
        )));
    }
    match groups.iter().find(|group| group.releases.len() > MOST_TOGETHER) {
        None => Ok(()),
        Some(group) => Err(Failure::Usage(format!(
            "the plan {plan} deploys {} releases on {}: {}; at most {MOST_TOGETHER} of one date can be taken apart, since \
             every subset of them is run",
            group.releases.len(),
            group.date,
            group.releases.join(", ")
        ))),
    }
}
