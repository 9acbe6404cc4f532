//! `golive given`: what news does to the outlook.

use std::path::PathBuf;

use clap::Args;
use clap::builder::RangedI64ValueParser;

use super::format::Format;
use super::input::note;
use super::one_plan::OnePlan;
use super::run::Progress;
use super::{Failure, given_text, print};
use crate::analysis::condition::Condition;
use crate::analysis::given::{GivenError, given};
use crate::export;

/// Arguments of `golive given`.
#[derive(Debug, Args)]
#[command(after_help = super::explain::language())]
pub(super) struct Given {
    #[command(flatten)]
    plan: OnePlan,
    /// The news, as in 'R04 occurred' or 'R19 event on 2021-11-01'
    #[arg(value_name = "NEWS")]
    news: String,
    /// Most iterations to run when the news is rare: the run is doubled until the news came 400 times
    #[arg(long, value_name = "N", default_value_t = 20_000_000, allow_negative_numbers = true, value_parser = RangedI64ValueParser::<u64>::new().range(1..=1_000_000_000_000))]
    at_most: u64,
    /// Folder for given.json; nothing is written unless given
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Given {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let (program, options) = self.plan.lower()?;
        let news = Condition::parse(&self.news, &program).map_err(|problem| Failure::Usage(problem.to_string()))?;
        let progress = Progress::new(options.iterations);
        let outlook = given(&program, &news, options, self.at_most, &|done| progress.add(done));
        progress.done();
        let outlook = outlook.map_err(|problem: GivenError| Failure::failed(problem.to_string()))?;
        let json = export::json(&outlook);
        if let Some(folder) = &self.output {
            let files = [("given.json", &json)];
            export::write_all(folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
            note(&format!("1 file in {}", folder.display()));
        }
        match self.format {
            Format::Text => print(&given_text::given_text(&outlook, super::run::terminal_width())),
            Format::Json => print(&String::from_utf8_lossy(&json)),
        }
    }
}
