//! `golive report`: the paper's risk section, ready to attach, in several faces made from one run.

use std::path::PathBuf;

use clap::Args;

use super::Failure;
use super::beside::Beside;
use super::effort::Effort;
use super::input::{Input, note};
use crate::analysis;
use crate::export::{self, Manifest};
use crate::report::content::Content;
use crate::report::{self, Case};

/// Arguments of `golive report`.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// Plans to report, separated by commas; all unless given
    #[arg(long, value_name = "IDS", value_delimiter = ',', default_value = "all")]
    plans: Vec<String>,
    /// The plan to report in full; the first unless given
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// Write report.html: one file, no network
    #[arg(long)]
    html: bool,
    /// Write report.docx: Word, with styles that can be changed
    #[arg(long)]
    docx: bool,
    /// Write report.xlsx: Excel, whose register can be edited and read back with `golive import`
    #[arg(long)]
    xlsx: bool,
    /// Write report.pdf, in a golive that was built with the feature pdf
    #[arg(long)]
    pdf: bool,
    #[command(flatten)]
    effort: Effort,
    /// Folder for the documents; results/ and the scenario's id unless given
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

impl Report {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        if self.pdf && !cfg!(feature = "pdf") {
            return Err(Failure::Usage(
                "this golive was built without PDF: build it with `--features pdf`, or print report.html from a browser, \
                 which sets it on A4"
                    .to_owned(),
            ));
        }
        let plans: &[String] = if self.plans == ["all"] { &[] } else { &self.plans };
        let input = Input::read(&self.file, plans)?;
        let main = self.main(&input)?;
        let (registers, _) = input.registers()?;
        let about = input.document.scenario()?.scenario;
        let compared = registers.iter().any(|r| !r.releases.is_empty());
        let study = self.effort.study(&about, registers)?;
        let outlook = study.outlook();
        let comparison = compared.then(|| analysis::compare(outlook.clone(), &study.runs()));
        let manifest = Manifest {
            golive: Manifest::version(),
            scenario: outlook.scenario.clone(),
            inputs: input.document.sources().map(|s| export::Input::new(s.name(), s.text().as_bytes())).collect(),
            seed: outlook.seed,
            iterations: outlook.iterations,
            plans: outlook.plans.iter().map(|p| p.id.clone()).collect(),
            options: self.effort.said(),
        };
        let beside = match &comparison {
            Some(_) => Some(Beside::of(&self.file, &input, &study.programs[main], &self.effort)?),
            None => None,
        };
        let mut case = Case::new(&input.document, &outlook, comparison.as_ref(), &manifest, main, self.arguments())?;
        if let Some((beside, compared)) = beside.as_ref().zip(comparison.as_ref()) {
            case.parts = beside.parts();
            let sources = beside.sources(&case.scenario, &study.programs[main], compared);
            case.parts.brief = Some(analysis::brief(&sources));
        }
        let content = report::compose(case).map_err(|problem| Failure::failed(problem.to_string()))?;
        let files = self.faces(&content)?;
        let folder =
            self.output.clone().unwrap_or_else(|| PathBuf::from("results").join(export::file_name(&outlook.scenario)));
        export::write_all(&folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
        note(&format!("{} files in {}", files.len(), folder.display()));
        Ok(())
    }

    /// What gives the same report, as it is written on a command line after the scenario's file.
    fn arguments(&self) -> String {
        let mut out = String::new();
        if self.plans != ["all"] {
            out.push_str(&format!(" --plans {}", report::shell(&self.plans.join(","))));
        }
        if let Some(plan) = &self.plan {
            out.push_str(&format!(" --plan {}", report::shell(plan)));
        }
        out + &self.effort.arguments()
    }

    /// The faces asked for; HTML, Word and Excel unless said.
    fn faces(&self, content: &Content) -> Result<Vec<(&'static str, Vec<u8>)>, Failure> {
        let all = !(self.html || self.docx || self.xlsx || self.pdf);
        let mut files = Vec::new();
        if self.html || all {
            files.push(("report.html", report::html(content).into_bytes()));
        }
        if self.docx || all {
            let bytes = report::docx(content).map_err(|problem| Failure::failed(problem.to_string()))?;
            files.push(("report.docx", bytes));
        }
        if self.xlsx || all {
            let bytes = report::xlsx(content);
            files
                .push(("report.xlsx", bytes.map_err(|why| Failure::failed(format!("cannot make a workbook: {why}")))?));
        }
        #[cfg(feature = "pdf")]
        if self.pdf {
            files.push(("report.pdf", report::pdf(content).map_err(Failure::failed)?));
        }
        Ok(files)
    }

    /// Place of the plan that is reported in full.
    fn main(&self, input: &Input) -> Result<usize, Failure> {
        let Some(plan) = &self.plan else { return Ok(0) };
        input.plans.iter().position(|id| id == plan).ok_or_else(|| {
            let plans = input.plans.join(", ");
            Failure::Usage(format!("--plan {plan} is not among the plans of the report, which are {plans}"))
        })
    }
}
