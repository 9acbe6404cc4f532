//! `golive responses`: the register inherent, current and residual, and what each response does.

use std::path::PathBuf;

use clap::Args;

use super::effort::Effort;
use super::format::Format;
use super::input::{Input, note};
use super::run::Progress;
use super::{Failure, print, responses_text};
use crate::analysis::responses::{input_means, responses};
use crate::export;
use crate::program::Program;
use crate::scenario::document::join_path;
use crate::scenario::{Responses as Choice, Variant, natural_order};
use crate::simulate::{Decision, ThreadsError};

/// Arguments of `golive responses`.
#[derive(Debug, Args)]
pub(super) struct Responses {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// Plan to ask about; the first unless given
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    #[command(flatten)]
    effort: Effort,
    /// Folder for responses.json and charts; nothing is written unless given
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Leave out the charts
    #[arg(long, requires = "output")]
    no_charts: bool,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Responses {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let mut input = Input::read(&self.file, self.plan.as_slice())?;
        let base = input.variant(&input.plans[0]);
        let current = input.document.for_run(base.plan.as_deref(), None, Choice::AsPlanned)?.scenario()?;
        if current.releases.is_empty() {
            return Err(Failure::Usage(
                "there are no releases that responses could bear on; `golive run` reports finish times".to_owned(),
            ));
        }
        if current.responses.is_empty() {
            return Err(Failure::Usage(
                "the scenario names no responses; add a table such as [responses.ID]".to_owned(),
            ));
        }
        let mut variants: Vec<Variant> = [Choice::None, Choice::AsPlanned, Choice::All]
            .map(|responses| Variant { responses, ..base.clone() })
            .into();
        for id in natural_order(current.responses.keys()) {
            let taken = current.responses[id].taken == Some(true);
            let path = join_path(["responses", id, "taken"]);
            let change = input.change("the other way round", &format!("{path} = {}", !taken), false)?;
            variants.push(base.clone().with(vec![change]));
        }
        let registers = input.variants(&variants)?;
        let about = &current.scenario;
        let seed = self.effort.seed(about);
        let programs: Vec<Program> = registers.into_iter().map(|r| Program::lower(r, seed)).collect();
        let risks = programs[..3].iter().flat_map(|p| p.register().risks.iter().map(|risk| risk.id.clone()));
        let mut risks: Vec<String> = risks.collect();
        risks.sort_unstable();
        risks.dedup();
        let mut more: Vec<Decision> = risks.into_iter().map(Decision::Occurs).collect();
        if programs[1].register().restore.iter().any(Option::is_some) {
            more.extend([Decision::DaysInIncidents, Decision::DaysInExtraIncidents]);
        }
        let study = self.effort.study_with(about, programs, more)?;
        let outlook = study.outlook();
        let progress = Progress::new(3 * outlook.iterations);
        let options = self.effort.options(outlook.iterations);
        let means = input_means(&study.programs[..3], options, &|done| progress.add(done))
            .map_err(|problem: ThreadsError| Failure::failed(problem.to_string()))?;
        progress.done();
        let result = responses(&input.document, &current, &outlook, &study.runs(), &means);
        let json = export::json(&result);
        if let Some(folder) = &self.output {
            let mut files = vec![("responses.json".to_owned(), json.clone())];
            #[cfg(feature = "chart")]
            if !self.no_charts {
                files.extend(super::run::chart_files(crate::chart::responses(&result))?);
            }
            export::write_all(folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
            note(&format!("{} file{} in {}", files.len(), if files.len() == 1 { "" } else { "s" }, folder.display()));
        }
        match self.format {
            Format::Text => print(&responses_text::responses_text(&result, super::run::terminal_width())),
            Format::Json => print(&String::from_utf8_lossy(&json)),
        }
    }
}
