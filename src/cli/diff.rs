//! `golive diff`: two versions of a scenario, what changed, and how much of each figure's change each edit carries.

use std::path::PathBuf;

use clap::Args;

use super::effort::Effort;
use super::format::Format;
use super::input::{Input, note};
use super::run::Progress;
use super::{Failure, diff_text, print};
use crate::analysis::{self, Combinations, Versions};
use crate::export::{self, Manifest};
use crate::program::Program;
use crate::scenario::file::About;
use crate::scenario::{Document, Node};
use crate::simulate::{Contrasts, Decision, Tally, contrasts_in_worlds, simulate_contrasts};

/// Arguments of `golive diff`.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The old version: a scenario file, or a folder with a scenario.toml
    old: PathBuf,
    /// The new version
    new: PathBuf,
    /// Plan to compare; the first that both have unless given
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    #[command(flatten)]
    effort: Effort,
    /// Folder for tables and charts; nothing is written unless given
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Leave out the charts
    #[arg(long)]
    no_charts: bool,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Diff {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let old = Input::read(&self.old, &[])?;
        let new = Input::read(&self.new, &[])?;
        let plan = self.common_plan(&old, &new)?;
        let versions = Versions::of(&old.document, &new.document, &old.variant(&plan))?;
        // Seed and iterations of the old version hold for both.
        let about = old.document.scenario()?.scenario;
        let mut diff = self.run(&about, &versions)?;
        let (before, after) = (old.document.plan_ids(), new.document.plan_ids());
        let only = |a: &[String], b: &[String]| a.iter().filter(|id| !b.contains(id)).cloned().collect();
        diff.plans_only_in_old = only(&before, &after);
        diff.plans_only_in_new = only(&after, &before);
        for edit in &mut diff.edits {
            edit.title = title(&new.document, &edit.belongs_to).or_else(|| title(&old.document, &edit.belongs_to));
        }
        self.finish(&old, &new, &diff)
    }

    /// The plan to compare, which both versions have.
    fn common_plan(&self, old: &Input, new: &Input) -> Result<String, Failure> {
        let both = || old.plans.iter().filter(|id| new.plans.contains(id));
        let list = |plans: &[String]| plans.join(", ");
        match &self.plan {
            Some(plan) if both().any(|id| id == plan) => Ok(plan.clone()),
            Some(plan) => Err(Failure::Usage(format!(
                "the plan `{plan}` is not in both versions; the plans of {} are {}, those of {} are {}",
                self.old.display(),
                list(&old.plans),
                self.new.display(),
                list(&new.plans)
            ))),
            None => both().next().cloned().ok_or_else(|| {
                Failure::Usage(format!(
                    "the versions have no plan in common; the plans of {} are {}, those of {} are {}",
                    self.old.display(),
                    list(&old.plans),
                    self.new.display(),
                    list(&new.plans)
                ))
            }),
        }
    }

    /// Runs both versions, then every combination of edits on the same random numbers.
    fn run(&self, about: &About, versions: &Versions) -> Result<analysis::Diff, Failure> {
        let seed = self.effort.seed(about);
        let ends = versions.ends.iter();
        let mut programs: Vec<Program> =
            ends.chain(&versions.registers).map(|register| Program::lower(register.clone(), seed)).collect();
        let decisions = Decision::with_measures(&programs);
        let combined = programs.split_off(versions.ends.len());
        let study = self.effort.study_decisions(about, programs, decisions.clone())?;
        let (tallies, sums, worlds) = self.combinations(versions, &combined, &decisions, study.paired.iterations)?;
        let combinations = Combinations {
            programs: &combined,
            tallies: &tallies,
            decisions: &decisions,
            sums: &sums,
            worlds: &worlds,
        };
        Ok(analysis::diff(versions, study.outlook(), &study.runs(), &combinations))
    }

    fn combinations(
        &self,
        versions: &Versions,
        programs: &[Program],
        decisions: &[Decision],
        iterations: u64,
    ) -> Result<(Vec<Tally>, Contrasts, Vec<Contrasts>), Failure> {
        let failed = |problem: crate::simulate::ThreadsError| Failure::failed(problem.to_string());
        let parts = &versions.attribution.parts;
        let in_worlds = self.effort.worlds().filter(|_| !parts.is_empty());
        let of_worlds = in_worlds.map_or(0, |worlds| worlds.worlds.saturating_mul(worlds.iterations));
        let progress = Progress::new(iterations.saturating_add(of_worlds).saturating_mul(programs.len() as u64));
        let tell = |done| progress.add(done);
        let contrasts = analysis::contrasts(&versions.attribution);
        let options = self.effort.options(iterations);
        let (tallies, sums) = simulate_contrasts(programs, decisions, &contrasts, options, &tell).map_err(failed)?;
        let worlds = match in_worlds {
            Some(worlds) => contrasts_in_worlds(programs, decisions, parts, worlds, &tell).map_err(failed)?,
            None => Vec::new(),
        };
        progress.done();
        Ok((tallies, sums, worlds))
    }

    fn finish(&self, old: &Input, new: &Input, diff: &analysis::Diff) -> Result<(), Failure> {
        let json = export::json(diff);
        if let Some(folder) = &self.output {
            let mut files: Vec<(String, Vec<u8>)> = vec![
                ("diff.json".to_owned(), json.clone()),
                ("diff.csv".to_owned(), export::diff_csv(diff)),
                ("edits.csv".to_owned(), export::edits_csv(diff)),
                ("manifest.json".to_owned(), export::manifest_json(&self.manifest(old, new, diff))),
            ];
            #[cfg(feature = "chart")]
            if !self.no_charts {
                files.extend(super::run::chart_files(crate::chart::diff_charts(diff))?);
            }
            export::write_all(folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
            note(&format!("{} files in {}", files.len(), folder.display()));
        }
        match self.format {
            Format::Text => print(&diff_text::diff_text(diff, super::run::terminal_width())),
            Format::Json => print(&String::from_utf8_lossy(&json)),
        }
    }

    fn manifest(&self, old: &Input, new: &Input, diff: &analysis::Diff) -> Manifest {
        let sources = old.document.sources().chain(new.document.sources());
        Manifest {
            golive: Manifest::version(),
            scenario: diff.outlook.scenario.clone(),
            inputs: sources.map(|s| export::Input::new(s.name(), s.text().as_bytes())).collect(),
            seed: diff.outlook.seed,
            iterations: diff.outlook.iterations,
            plans: diff.outlook.plans.iter().map(|plan| plan.id.clone()).take(1).collect(),
            options: self.effort.said(),
        }
    }
}

/// The title of an entry.
fn title(document: &Document, path: &str) -> Option<String> {
    let node = document.node(path)?;
    node.get("title").and_then(Node::as_text).map(str::to_owned)
}
