//! `golive drivers`: what drives a plan's figures.

use std::path::PathBuf;

use clap::builder::RangedI64ValueParser;
use clap::{Args, ValueEnum};

use super::effort::Effort;
use super::format::Format;
use super::input::{Input, note};
use super::run::{Progress, terminal_width};
use super::{Failure, drivers_text, print};
use crate::analysis::drivers::{Asked, Extent, Measure, Subject, drivers, iterations_of};
use crate::export;
use crate::register::Register;

/// Iterations of each variant unless said otherwise: enough for ±0.003 on a swing of a probability.
const OF_A_VARIANT: u64 = 49_152;

/// Iterations told for days and activities, at most.
const TOLD: u64 = 2000;

/// Arguments of `golive drivers`.
#[derive(Debug, Args)]
pub(super) struct Drivers {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// Plan whose figures are asked about; the first unless given
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// Plans that the committee chooses between, separated by commas: what learning an input is worth for the choice.
    /// All unless given
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    between: Vec<String>,
    /// Release of the plan (or, without releases, measure of the scenario) that is asked about; the first unless given
    #[arg(long, value_name = "ID")]
    release: Option<String>,
    /// What is asked of it; may be several, separated by commas. All but `all` unless given
    #[arg(long, value_name = "MEASURE", value_delimiter = ',', value_enum)]
    measure: Vec<AskedFor>,
    #[command(flatten)]
    effort: Effort,
    /// Iterations of each variant: every end of a bar, every input drawn again, every risk switched; those of the plan
    /// if these are fewer
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = OF_A_VARIANT, value_parser = RangedI64ValueParser::<u64>::new().range(512..=1_000_000_000))]
    iterations_of_a_variant: u64,
    /// Iterations told one by one for days and activities, at most
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = TOLD, value_parser = RangedI64ValueParser::<u64>::new().range(1..=1_000_000))]
    told: u64,
    /// Rows of each table of the text, at most; files hold all of them
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1000))]
    rows: u16,
    /// Folder for drivers.json and charts; nothing is written unless given
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Leave out the charts
    #[arg(long)]
    no_charts: bool,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AskedFor {
    /// P(live on the plan's date); without releases, P(finished by the target)
    Live,
    /// P(live on the plan's date and stays)
    Stays,
    /// P80 of the go-live date, or of the finish
    P80,
    /// Extra incidents of category 1 or 2
    Incidents,
    /// P(all releases of the plan live on their dates and stay)
    All,
}

impl From<AskedFor> for Asked {
    fn from(asked: AskedFor) -> Self {
        match asked {
            AskedFor::Live => Self::Live,
            AskedFor::Stays => Self::Stays,
            AskedFor::P80 => Self::P80,
            AskedFor::Incidents => Self::Incidents,
            AskedFor::All => Self::All,
        }
    }
}

/// A measure of a plan, or what the plan has instead.
pub(super) fn measure(register: &Register, subject: &Subject, asked: Asked) -> Result<Measure, Failure> {
    Measure::of(register, subject, asked).ok_or_else(|| {
        let all = Asked::ALL.into_iter().chain([Asked::All]);
        let has = all.filter(|a| Measure::of(register, subject, *a).is_some());
        let has: Vec<&str> = has.map(Asked::name).collect();
        let has = if has.is_empty() { "none".to_owned() } else { has.join(", ") };
        Failure::Usage(format!("plan {} has no measure `{}`; it has {has}", register.plan, asked.name()))
    })
}

impl Drivers {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let input = Input::read(&self.file, &self.between)?;
        let (plans, _) = input.registers()?;
        let asked = match &self.plan {
            Some(id) => vec![id.clone()],
            None => Input::read(&self.file, &[])?.plans.into_iter().take(1).collect(),
        };
        let (registers, _) = Input::read(&self.file, &asked)?.registers()?;
        let register = registers.first().ok_or_else(|| Failure::Usage("there is no plan".to_owned()))?;
        let subject = subject(register, self.release.as_deref())?;
        let measures = self.measures(register, &subject)?;
        let about = input.document.scenario()?.scenario;
        let (options, worlds, in_a_world) = self.effort.fixed(&about)?;
        if options.iterations < 512 {
            return Err(Failure::Usage("drivers need at least 512 iterations".to_owned()));
        }
        let mut extent = Extent {
            seed: self.effort.seed(&about),
            options,
            of_a_variant: self.iterations_of_a_variant.min(options.iterations),
            worlds: if worlds < 2 { 0 } else { worlds },
            in_a_world,
            told: self.told,
            progress: &|_| {},
        };
        let choices = if plans.len() > 1 { plans.len() } else { 0 };
        let bar = Progress::new(iterations_of(register, choices, &extent));
        let add = |done: u64| bar.add(done);
        extent.progress = &add;
        let found = drivers(register, &subject, measures, &plans, extent);
        bar.done();
        let found = found.map_err(|problem| Failure::failed(problem.to_string()))?;
        let json = export::json(&found);
        if let Some(folder) = &self.output {
            let mut files = vec![("drivers.json".to_owned(), json.clone())];
            #[cfg(feature = "chart")]
            if !self.no_charts {
                files.extend(super::run::chart_files(crate::chart::render_drivers(&found))?);
            }
            export::write_all(folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
            let files = files.len();
            note(&format!("{files} file{} in {}", if files == 1 { "" } else { "s" }, folder.display()));
        }
        match self.format {
            Format::Text => print(&drivers_text::drivers_text(&found, usize::from(self.rows), terminal_width())),
            Format::Json => print(&String::from_utf8_lossy(&json)),
        }
    }

    /// The measures asked for; all that the plan has, if none is named.
    fn measures(&self, register: &Register, subject: &Subject) -> Result<Vec<Measure>, Failure> {
        if self.measure.is_empty() {
            return Ok(Asked::ALL.into_iter().filter_map(|asked| Measure::of(register, subject, asked)).collect());
        }
        let mut asked: Vec<Asked> = self.measure.iter().map(|a| (*a).into()).collect();
        asked.sort_unstable();
        asked.dedup();
        asked.into_iter().map(|asked| measure(register, subject, asked)).collect()
    }
}

/// The release or measure asked about: by id, or the first.
pub(super) fn subject(register: &Register, id: Option<&str>) -> Result<Subject, Failure> {
    let releases: Vec<&str> = register.releases.iter().map(|r| r.id.as_str()).collect();
    let measures: Vec<&str> = register.measures.iter().map(|m| m.id.as_str()).collect();
    let (known, what): (&[&str], _) = if releases.is_empty() { (&measures, "measure") } else { (&releases, "release") };
    let place = match id {
        None => (!known.is_empty()).then_some(0),
        Some(id) => known.iter().position(|k| *k == id),
    };
    let of = |place: usize| if releases.is_empty() { Subject::Finish(place) } else { Subject::Release(place) };
    place.map(of).ok_or_else(|| {
        Failure::Usage(match id {
            Some(id) if !known.is_empty() => {
                format!("plan {} has no {what} `{id}`; it has {}", register.plan, known.join(", "))
            }
            _ => "the scenario has neither releases nor measures to ask about".to_owned(),
        })
    })
}
