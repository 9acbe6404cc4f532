//! `golive import`: an edited workbook read back as a what-if.

use std::path::{Path, PathBuf};

use clap::Args;

use super::input::{Input, note, tell};
use super::outlook_text::{new_table, plain, wrapped};
use super::{Failure, print};
use crate::export;
use crate::report::{self, Edit};
use crate::scenario::Variant;

/// Largest workbook that is read: 32 MB.
const LARGEST: u64 = 32 << 20;

/// Arguments of `golive import`.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// Scenario file that the workbook was made from, or a folder with a scenario.toml
    file: PathBuf,
    /// Workbook that `golive report` wrote, edited in the shaded columns of Register and Numbers
    workbook: PathBuf,
    /// Id of the what-if
    #[arg(long, value_name = "ID", default_value = "edited")]
    id: String,
    /// Plan that the what-if is asked of; the first unless given
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// Write the what-if as a TOML file, to be named in `include` of the scenario
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Import {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let plans: Vec<String> = self.plan.iter().cloned().collect();
        let input = Input::read(&self.file, &plans)?;
        let mut document = input.document;
        document.scenario()?;
        let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if self.id.is_empty() || !self.id.chars().all(letters) {
            return Err(Failure::Usage("--id is letters, digits, - and _, such as workshop-1".to_owned()));
        }
        if document.what_if_ids().contains(&self.id) {
            let message = format!("there is a what-if `{}` already; choose another with --id", self.id);
            return Err(Failure::Usage(message));
        }
        let edits = report::read_edits(&document, &self.bytes()?)?;
        // What the changes do wrong is found by making them.
        let changes = report::changes(&mut document, &edits)?;
        let plan = input.plans.first().filter(|_| !document.plan_ids().is_empty());
        let (_, warnings) = document.register(&Variant::plan(plan.map(String::as_str)).with(changes))?;
        tell(&warnings);
        let name = self.workbook.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if edits.is_empty() {
            return print(&format!("No changes: {} says what the scenario says.\n", plain(&name)));
        }
        let title = format!("The register as edited in {name}");
        let text = report::what_if(&edits, &self.id, &title, self.plan.as_deref());
        match &self.output {
            Some(file) => write(file, &text)?,
            None => note(&format!("{}; write them as a what-if with --output FILE.toml", report::counted(edits.len()))),
        }
        print(&table(&edits, super::run::terminal_width()))
    }

    fn bytes(&self) -> Result<Vec<u8>, Failure> {
        let shown = self.workbook.display();
        let bad = |why: String| Failure::Usage(format!("{shown} cannot be read: {why}"));
        let about = std::fs::metadata(&self.workbook).map_err(|e| bad(e.to_string()))?;
        if !about.is_file() {
            return Err(bad("it is not a file".to_owned()));
        }
        if about.len() > LARGEST {
            return Err(bad(format!("it is larger than {} MB", LARGEST >> 20)));
        }
        std::fs::read(&self.workbook).map_err(|e| bad(e.to_string()))
    }
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    export::write_all(folder, &[(name.as_str(), text)]).map_err(|problem| Failure::failed(problem.to_string()))?;
    note(&format!("what-if written to {}", file.display()));
    Ok(())
}

fn table(edits: &[Edit], width: u16) -> String {
    let mut table = new_table(&["Cell", "Path", "Was", "Now"], width);
    for edit in edits {
        let was = if edit.was.is_empty() { "–".to_owned() } else { plain(&edit.was) };
        table.add_row([plain(&edit.place), plain(&edit.path), was, plain(&edit.value)]);
    }
    wrapped(&[table.trim_fmt()], width)
}
