//! `golive run`: simulates plans, prints the outlook, and leaves tables and charts.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::effort::Effort;
use super::format::Format;
use super::input::{Input, note, tell};
use super::sampling::Sampling;
use super::{Failure, iterations, outlook_text, print};
use crate::analysis::outlook::Outlook;
#[cfg(feature = "chart")]
use crate::chart::{self, Chart, ChartError};
use crate::diagnostic::Diagnostics;
use crate::export::{self, Manifest};
use crate::program::Program;
use crate::random::PointSet;

/// Arguments of `golive run`.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// Plan to run; may be given more than once. All plans unless given
    #[arg(long = "plan", value_name = "ID", value_delimiter = ',')]
    plans: Vec<String>,
    #[command(flatten)]
    effort: Effort,
    #[command(flatten)]
    sampling: Sampling,
    /// Folder for tables and charts; results/ and the scenario's id unless given
    #[arg(long, value_name = "DIR", conflicts_with = "no_output")]
    output: Option<PathBuf>,
    /// Write no files
    #[arg(long)]
    no_output: bool,
    /// Leave out the charts
    #[arg(long)]
    no_charts: bool,
    /// Also write every iteration as a row of CSV, a file for each plan
    #[arg(long)]
    every_iteration: bool,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Run {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let input = Input::read(&self.file, &self.plans)?;
        let (registers, warnings) = input.registers()?;
        self.tell_warnings(&warnings);
        let about = input.document.scenario()?.scenario;
        let points = self.sampling.points(self.effort.asked_iterations(&about))?;
        let study = match points {
            None => self.effort.study(&about, registers)?,
            Some(points) => self.effort.study_spread(&about, registers, points)?,
        };
        let outlook = study.outlook();
        if !self.no_output {
            self.write(&input, &study.programs, &outlook, points.as_ref())?;
        }
        match self.format {
            Format::Text => print(&outlook_text::outlook_text(&outlook, terminal_width())),
            Format::Json => print(&String::from_utf8_lossy(&export::outlook_json(&outlook))),
        }
    }

    /// Warnings in full belong to `golive check`; a run says how many there are.
    fn tell_warnings(&self, warnings: &Diagnostics) {
        if self.format == Format::Json || warnings.is_empty() {
            return;
        }
        if warnings.len() <= 3 {
            tell(warnings);
        } else {
            note(&format!("{} warnings: see `golive check {}`", warnings.len(), self.file.display()));
        }
    }

    fn write(
        &self,
        input: &Input,
        programs: &[Program],
        outlook: &Outlook,
        points: Option<&PointSet>,
    ) -> Result<(), Failure> {
        let folder =
            self.output.clone().unwrap_or_else(|| PathBuf::from("results").join(export::file_name(&outlook.scenario)));
        let failed = |problem: export::WriteError| Failure::failed(problem.to_string());
        let mut files: Vec<(String, Vec<u8>)> = vec![
            ("outlook.json".to_owned(), export::outlook_json(outlook)),
            ("outlook.csv".to_owned(), export::outlook_csv(outlook)),
            ("dates.csv".to_owned(), export::dates_csv(outlook)),
            ("manifest.json".to_owned(), export::manifest_json(&self.manifest(input, outlook, points))),
        ];
        #[cfg(feature = "chart")]
        if !self.no_charts {
            files.extend(chart_files(chart::render(outlook))?);
        }
        // The iterations come first: they are what can run out of disk.
        if self.every_iteration {
            for program in programs {
                iterations::write(&folder, program, outlook.iterations).map_err(failed)?;
            }
        }
        export::write_all(&folder, &files).map_err(failed)?;
        note(&format!(
            "{} files in {}",
            files.len() + if self.every_iteration { programs.len() } else { 0 },
            folder.display()
        ));
        Ok(())
    }

    fn manifest(&self, input: &Input, outlook: &Outlook, points: Option<&PointSet>) -> Manifest {
        let mut options = self.effort.said();
        options.extend(Sampling::said(points));
        Manifest {
            golive: Manifest::version(),
            scenario: outlook.scenario.clone(),
            inputs: input.document.sources().map(|s| export::Input::new(s.name(), s.text().as_bytes())).collect(),
            seed: outlook.seed,
            iterations: outlook.iterations,
            plans: outlook.plans.iter().map(|p| p.id.clone()).collect(),
            options,
        }
    }
}

/// Charts as files: each as SVG and as PNG.
#[cfg(feature = "chart")]
pub(super) fn chart_files(charts: Result<Vec<Chart>, ChartError>) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    use rayon::prelude::*;
    let failed = |problem: ChartError| Failure::failed(problem.to_string());
    let charts = charts.map_err(failed)?;
    let pngs: Result<Vec<Vec<u8>>, _> = charts.par_iter().map(Chart::png).collect();
    let pngs = pngs.map_err(failed)?;
    Ok(charts
        .into_iter()
        .zip(pngs)
        .flat_map(|(chart, png)| {
            [(format!("{}.svg", chart.name), chart.svg.into_bytes()), (format!("{}.png", chart.name), png)]
        })
        .collect())
}

/// A progress bar where there is a terminal to show it.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new(iterations: u64) -> Self {
        let target =
            if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(iterations), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3}% of {human_len} iterations, {eta} left")
        {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Of a run whose length is not known before.
    pub(super) fn without_end() -> Self {
        let target =
            if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} iterations") {
            bar.set_style(style);
        }
        Self(bar)
    }

    pub(super) fn add(&self, iterations: u64) {
        self.0.inc(iterations);
    }

    pub(super) fn done(&self) {
        self.0.finish_and_clear();
    }
}

/// Width of the terminal in columns, within reason; 100 where there is none.
pub(super) fn terminal_width() -> u16 {
    let columns = comfy_table::Table::new().width().filter(|_| std::io::stdout().is_terminal());
    columns.unwrap_or(100).clamp(60, 160)
}
