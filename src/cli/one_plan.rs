//! What commands that look into one plan take: the scenario, the plan, and how much of a run.

use std::path::PathBuf;

use clap::Args;
use clap::builder::RangedI64ValueParser;

use super::Failure;
use super::effort::{ITERATIONS, SEED};
use super::input::Input;
use super::sampling::{Sampling, spread};
use crate::program::Program;
use crate::random::PointSet;
use crate::simulate::Options;

/// One plan of a scenario, and a run of it.
#[derive(Debug, Clone, Args)]
pub(super) struct OnePlan {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// Plan; the first of the scenario unless given
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// Iterations of the run; the scenario's number unless given, else 150,000
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = RangedI64ValueParser::<u64>::new().range(1..=1_000_000_000_000))]
    iterations: Option<u64>,
    /// Seed of every draw; the scenario's unless given, else 1
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = RangedI64ValueParser::<u64>::new().range(0..=9_007_199_254_740_991))]
    seed: Option<u64>,
    /// Number of threads; all cores unless given. The results are the same
    #[arg(long, value_name = "T", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
}

impl OnePlan {
    /// The program of the plan, and how to run it.
    pub(super) fn lower(&self) -> Result<(Program, Options), Failure> {
        let (program, asked) = self.asked()?;
        Ok((program, self.options(asked.unwrap_or(ITERATIONS))))
    }

    /// The same, drawn from the points of a run that is spread evenly.
    pub(super) fn lower_spread(&self, sampling: &Sampling) -> Result<(Program, Options, Option<PointSet>), Failure> {
        let (program, asked) = self.asked()?;
        let Some(points) = sampling.points(asked)? else {
            return Ok((program, self.options(asked.unwrap_or(ITERATIONS)), None));
        };
        let options = self.options(points.points() * u64::from(points.replicates()));
        Ok((spread(&program, &points), options, Some(points)))
    }

    fn options(&self, iterations: u64) -> Options {
        Options { threads: self.threads.map(usize::from), ..Options::iterations(iterations) }
    }

    /// The program, and how many iterations are asked for.
    fn asked(&self) -> Result<(Program, Option<u64>), Failure> {
        let asked: Vec<String> = self.plan.iter().cloned().collect();
        let mut input = Input::read(&self.file, &asked)?;
        input.plans.truncate(1);
        let (registers, _) = input.registers()?;
        let about = input.document.scenario()?.scenario;
        let register = registers.into_iter().next();
        let register = register.ok_or_else(|| Failure::failed("the scenario has no plan to run"))?;
        let program = Program::lower(register, self.seed.or(about.seed).unwrap_or(SEED));
        Ok((program, self.iterations.or(about.iterations)))
    }
}
