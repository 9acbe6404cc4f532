//! The command line: one file a subcommand, thin.
//!
//! Exit codes: 0 done, 1 failed, 2 bad input or usage. Findings and progress go to standard error,
//! results to standard output.

mod beside;
mod brief;
mod brief_text;
mod check;
mod compare;
mod compare_text;
mod completions;
mod cost_text;
mod diff;
mod diff_text;
mod drivers;
mod drivers_days_text;
mod drivers_text;
mod effort;
mod explain;
mod explain_text;
mod flip;
mod flip_text;
mod format;
mod gate;
mod gate_text;
mod given;
mod given_text;
mod grid_axis;
#[cfg(feature = "report")]
mod import;
mod input;
mod iterations;
mod one_plan;
mod outlook_text;
mod plans_text;
#[cfg(feature = "report")]
mod report;
mod responses;
mod responses_text;
mod run;
mod sampling;
mod schema;
mod together;
mod together_text;
mod what_if;
mod what_if_questions;
mod what_if_text;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use input::Failure;

/// The open simulator of go-live risk: what a release committee runs before it approves.
#[derive(Debug, Parser)]
#[command(name = "golive", version, about, arg_required_else_help = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Find everything that is wrong or doubtful in a scenario, without running it
    Check(check::Check),
    /// Simulate the plans of a scenario: probabilities, dates, scope, charts
    Run(run::Run),
    /// Compare plans on the same worlds: which is better, by how much, and whether the inputs can tell
    Compare(compare::Compare),
    /// Tell one iteration as a dated story: what occurred, what it did, where the days went
    Explain(explain::Explain),
    /// Show what news does to the outlook: that a risk occurred, that a criterion failed, an incident on a day
    Given(given::Given),
    /// Answer what a committee asks, on one page
    Brief(brief::Brief),
    /// Judge a gate as a test with errors: wrong Go and wrong No-Go, policies side by side, what better evidence is worth
    Gate(gate::Gate),
    /// Say what deploying releases on one date adds to the risk of each, and what taking them apart would buy
    Together(together::Together),
    /// Show the register without responses, as things stand and with all of them, and what each response does
    Responses(responses::Responses),
    /// Ask what changes when an input does: what-ifs of the scenario or your own, and grids of one or two inputs
    #[command(name = "whatif")]
    WhatIf(Box<what_if::WhatIf>),
    /// Say what changed between two versions of a scenario, and how much of each figure's change each edit carries
    Diff(diff::Diff),
    /// What drives a plan's figures: tornado, variance shares, importance of risks, days, what to learn first
    Drivers(drivers::Drivers),
    /// Find the smallest change of each input that reverses the ranking of two plans, or crosses a threshold
    Flip(flip::Flip),
    /// Write the risk section of a paper from one run: HTML, Word and Excel with the same content
    #[cfg(feature = "report")]
    Report(report::Report),
    /// Read an edited workbook of `golive report` back as a what-if
    #[cfg(feature = "report")]
    Import(import::Import),
    /// Print the JSON Schema of scenario files, for editors; or the format's reference
    Schema(schema::Schema),
    /// Print completions for a shell
    Completions(completions::Completions),
}

/// Reads the arguments of the process, does what they say, and tells how it went.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Check(check) => check.execute(),
        Command::Run(run) => run.execute(),
        Command::Compare(compare) => compare.execute(),
        Command::Explain(explain) => explain.execute(),
        Command::Given(given) => given.execute(),
        Command::Brief(brief) => brief.execute(),
        Command::Gate(gate) => gate.execute(),
        Command::Together(together) => together.execute(),
        Command::Responses(responses) => responses.execute(),
        Command::WhatIf(what_if) => what_if.execute(),
        Command::Diff(diff) => diff.execute(),
        Command::Drivers(drivers) => drivers.execute(),
        Command::Flip(flip) => flip.execute(),
        #[cfg(feature = "report")]
        Command::Report(report) => report.execute(),
        #[cfg(feature = "report")]
        Command::Import(import) => import.execute(),
        Command::Schema(schema) => schema.execute(),
        Command::Completions(completions) => completions.execute(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report();
            failure.exit_code()
        }
    }
}

/// Writes results to standard output. A reader that has gone away is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(problem) if problem.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot write to standard output: {problem}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
