//! `golive compare`: plans on the same worlds, with both uncertainties.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::input::{Input, note};
use super::run::{ITERATIONS, Progress, SEED};
use super::{Failure, compare_text, print};
use crate::analysis::{self, Comparison, Runs};
use crate::export;
use crate::program::Program;
use crate::simulate::{Decision, Options, Tally, Worlds, simulate_paired, simulate_worlds};

/// Worlds of a comparison that does not say: 5% of them are 25, enough for a stable 90% interval.
const WORLDS: u64 = 500;

/// Iterations in each world: sampling noise in a world's probability is then at most 0.022, and is removed.
const IN_A_WORLD: u64 = 512;

/// Arguments of `golive compare`.
#[derive(Debug, Args)]
pub(super) struct Compare {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// Plans to compare, separated by commas; `all` unless given
    #[arg(long, value_name = "IDS", value_delimiter = ',', default_value = "all")]
    plans: Vec<String>,
    /// Iterations of each plan for the estimates and their sampling error
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    iterations: Option<u64>,
    /// Worlds for the input intervals: draws of everything that is knowledge; 0 leaves them out
    #[arg(long, value_name = "M", default_value_t = WORLDS, value_parser = clap::value_parser!(u64).range(0..=100_000))]
    inputs: u64,
    /// Iterations in each world
    #[arg(long, value_name = "K", default_value_t = IN_A_WORLD, value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
    iterations_in_a_world: u64,
    /// Seed of every draw; the scenario's unless given, else 1
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(0..=9_007_199_254_740_991))]
    seed: Option<u64>,
    /// Number of threads; all cores unless given. The results are the same
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
    /// Folder for comparison.json; nothing is written unless given
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for people
    Text,
    /// The comparison as JSON, and nothing else
    Json,
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
        let seed = self.seed.or(about.seed).unwrap_or(SEED);
        let programs: Vec<Program> = registers.into_iter().map(|r| Program::lower(r, seed)).collect();
        let comparison = self.compare(&programs, self.iterations.or(about.iterations).unwrap_or(ITERATIONS))?;
        let json = export::json(&comparison);
        if let Some(folder) = &self.output {
            let files = [("comparison.json", &json)];
            export::write_all(folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
            note(&format!("1 file in {}", folder.display()));
        }
        match self.format {
            Format::Text => print(&compare_text::comparison_text(&comparison, super::run::terminal_width())),
            Format::Json => print(&String::from_utf8_lossy(&json)),
        }
    }

    fn compare(&self, programs: &[Program], iterations: u64) -> Result<Comparison, Failure> {
        let failed = |problem: crate::simulate::ThreadsError| Failure::failed(problem.to_string());
        let threads = self.threads.map(usize::from);
        let decisions = Decision::all(programs);
        let each = iterations.saturating_add(self.inputs.saturating_mul(self.iterations_in_a_world));
        let progress = Progress::new(each.saturating_mul(programs.len() as u64));
        let options = Options { threads, ..Options::iterations(iterations) };
        let (tallies, paired) =
            simulate_paired(programs, &decisions, options, &|done| progress.add(done)).map_err(failed)?;
        let worlds = Worlds { worlds: self.inputs, iterations: self.iterations_in_a_world, threads };
        let worlds = simulate_worlds(programs, &decisions, worlds, &|done| progress.add(done)).map_err(failed)?;
        progress.done();
        let runs: Vec<(&Program, &Tally)> = programs.iter().zip(&tallies).collect();
        let outlook = analysis::outlook(&runs);
        let runs = Runs { programs, tallies: &tallies, decisions: &decisions, paired: &paired, worlds: &worlds };
        Ok(analysis::compare(outlook, &runs))
    }
}
