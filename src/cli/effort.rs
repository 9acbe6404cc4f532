//! How much a command simulates, the same words for every command; and what it simulated.

use clap::Args;
use clap::builder::RangedI64ValueParser;

use super::Failure;
use super::run::Progress;
use super::sampling::spread;
use crate::analysis::outlook::Outlook;
use crate::analysis::together::How;
use crate::analysis::{self, Runs, days_of_curves};
use crate::program::{MAX_LANES, Program};
use crate::random::PointSet;
use crate::register::Register;
use crate::scenario::file::About;
use crate::simulate::{
    Decision, Kind, Options, Paired, Precision, Replicated, Tally, ThreadsError, World, Worlds, simulate_paired,
    simulate_replicates, simulate_until_precise, simulate_worlds,
};

/// Iterations of a scenario that does not say: enough for ±0.002 on a probability.
pub(super) const ITERATIONS: u64 = 150_000;

/// Most iterations of a run that goes on until it is precise enough, unless said otherwise.
const MOST_ITERATIONS: u64 = 100_000_000;

/// Seed of a scenario that does not say.
pub(super) const SEED: u64 = 1;

/// Worlds unless said otherwise: 5% of them are 50, enough for a stable 90% interval.
const WORLDS: u64 = 1000;

/// Iterations in each world: sampling noise in a world's probability is then at most 0.031, and is removed.
const IN_A_WORLD: u64 = 256;

/// At most these where many runs stand beside a full one: still ±0.002 on a probability.
const LIGHT_ITERATIONS: u64 = 49_152;
const LIGHT_WORLDS: u64 = 400;
const LIGHT_IN_A_WORLD: u64 = 128;

/// How much to simulate.
#[derive(Debug, Clone, Args)]
pub(super) struct Effort {
    /// Iterations of each plan; the scenario's number unless given, else 150,000
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = RangedI64ValueParser::<u64>::new().range(1..=1_000_000_000_000))]
    iterations: Option<u64>,
    /// Go on until the 95% interval of every decision figure is at most H to either side; --iterations is then the most
    /// that is run, 100 million unless given
    #[arg(long, value_name = "H", value_parser = half_width)]
    precision: Option<f64>,
    /// Worlds for the input intervals: draws of everything that is knowledge; 0 leaves them out
    #[arg(long, value_name = "M", allow_negative_numbers = true, default_value_t = WORLDS, value_parser = RangedI64ValueParser::<u64>::new().range(0..=100_000))]
    inputs: u64,
    /// Iterations in each world
    #[arg(long, value_name = "K", allow_negative_numbers = true, default_value_t = IN_A_WORLD, value_parser = RangedI64ValueParser::<u64>::new().range(2..=1_000_000))]
    iterations_in_a_world: u64,
    /// Seed of every draw; the scenario's unless given, else 1
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = RangedI64ValueParser::<u64>::new().range(0..=9_007_199_254_740_991))]
    seed: Option<u64>,
    /// Number of threads; all cores unless given. The results are the same
    #[arg(long, value_name = "T", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
    /// Iterations simulated side by side. The results are the same
    #[arg(long, value_name = "B", hide = true, default_value_t = MAX_LANES as u16, value_parser = clap::value_parser!(u16).range(1..=MAX_LANES as i64))]
    block: u16,
}

/// A half-width: a number above 0 and below 1.
fn half_width(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(width) if width > 0.0 && width < 1.0 => Ok(width),
        _ => Err("a half-width is a number above 0 and below 1, as in 0.002".to_owned()),
    }
}

impl Effort {
    /// The seed of every draw.
    pub(super) fn seed(&self, about: &About) -> u64 {
        self.seed.or(about.seed).unwrap_or(SEED)
    }

    /// Iterations of each plan, of a run that does not go by precision.
    pub(super) fn iterations(&self, about: &About) -> u64 {
        self.iterations.or(about.iterations).unwrap_or(ITERATIONS)
    }

    /// Iterations that the command line or the scenario asks for.
    pub(super) fn asked_iterations(&self, about: &About) -> Option<u64> {
        self.iterations.or(about.iterations)
    }

    /// Whether the run goes on until it is precise enough.
    pub(super) fn is_until_precise(&self) -> bool {
        self.precision.is_some()
    }

    /// The same with less of everything, for analyses of many runs beside a full one.
    pub(super) fn lighter(&self, about: &About) -> Self {
        Self {
            iterations: Some(self.iterations(about).min(LIGHT_ITERATIONS)),
            precision: None,
            inputs: self.inputs.min(LIGHT_WORLDS),
            iterations_in_a_world: self.iterations_in_a_world.min(LIGHT_IN_A_WORLD),
            ..self.clone()
        }
    }

    /// The same without input intervals.
    pub(super) fn without_worlds(&self) -> Self {
        Self { inputs: 0, ..self.clone() }
    }

    /// The same with so many iterations.
    pub(super) fn exactly(&self, iterations: u64) -> Self {
        Self { iterations: Some(iterations), precision: None, ..self.clone() }
    }

    /// The worlds of the input intervals; `None` where they are left out.
    pub(super) fn worlds(&self) -> Option<Worlds> {
        let threads = self.threads.map(usize::from);
        (self.inputs > 1).then_some(Worlds { worlds: self.inputs, iterations: self.iterations_in_a_world, threads })
    }

    /// How to run that many.
    pub(super) fn options(&self, iterations: u64) -> Options {
        Options {
            threads: self.threads.map(usize::from),
            block: usize::from(self.block),
            ..Options::iterations(iterations)
        }
    }

    /// Iterations of each plan, for a command that does not go by precision; and worlds, and iterations in each.
    pub(super) fn fixed(&self, about: &About) -> Result<(Options, u64, u64), Failure> {
        if self.precision.is_some() {
            return Err(Failure::Usage(
                "--precision is for `golive run` and `golive compare`; say --iterations".to_owned(),
            ));
        }
        Ok((self.options(self.iterations(about)), self.inputs, self.iterations_in_a_world))
    }

    /// Options that were set and change the results, by name, for the manifest.
    pub(super) fn said(&self) -> std::collections::BTreeMap<String, serde_json::Value> {
        let mut said = std::collections::BTreeMap::new();
        if let Some(precision) = self.precision {
            said.insert("precision".to_owned(), precision.into());
        }
        if self.inputs != WORLDS {
            said.insert("inputs".to_owned(), self.inputs.into());
        }
        if self.iterations_in_a_world != IN_A_WORLD {
            said.insert("iterations-in-a-world".to_owned(), self.iterations_in_a_world.into());
        }
        said
    }

    /// How much of what is run by itself: iterations or precision, and worlds.
    pub(super) fn how(&self, about: &About) -> How {
        let most = self.iterations.unwrap_or(MOST_ITERATIONS);
        let iterations = if self.precision.is_some() { most } else { self.iterations(about) };
        How { options: self.options(iterations), precision: self.precision, worlds: self.worlds() }
    }

    /// Iterations that this comes to in `runs` runs, for showing progress; `None` where that is not known before.
    pub(super) fn all_iterations(&self, about: &About, runs: usize) -> Option<u64> {
        let in_worlds = self.worlds().map_or(0, |w| w.worlds.saturating_mul(w.iterations));
        let each = self.iterations(about).saturating_add(in_worlds);
        self.precision.is_none().then(|| each.saturating_mul(runs as u64))
    }

    /// The same, and how much was asked for, as they are written on a command line: ` --iterations 1000`.
    #[cfg(feature = "report")]
    pub(super) fn arguments(&self) -> String {
        let mut out = String::new();
        for (name, number) in [("iterations", self.iterations), ("seed", self.seed)] {
            if let Some(number) = number {
                out.push_str(&format!(" --{name} {number}"));
            }
        }
        for (name, value) in self.said() {
            out.push_str(&format!(" --{name} {value}"));
        }
        out
    }

    /// Runs registers on common random numbers: plainly, then in worlds.
    pub(super) fn study(&self, about: &About, registers: Vec<Register>) -> Result<Study, Failure> {
        let seed = self.seed(about);
        self.study_programs(about, registers.into_iter().map(|r| Program::lower(r, seed)).collect())
    }

    /// The same on a set of points; worlds are random all the same.
    pub(super) fn study_spread(
        &self,
        about: &About,
        registers: Vec<Register>,
        points: PointSet,
    ) -> Result<Study, Failure> {
        if self.precision.is_some() {
            return Err(Failure::Usage(
                "--precision goes with --sampler random: replicates of sobol and lhs have a fixed number of points"
                    .to_owned(),
            ));
        }
        let failed = |problem: ThreadsError| Failure::failed(problem.to_string());
        let seed = self.seed(about);
        let plain: Vec<Program> = registers.into_iter().map(|r| Program::lower(r, seed)).collect();
        let decisions = Decision::all(&plain);
        let iterations = points.points() * u64::from(points.replicates());
        let all = self.exactly(iterations).all_iterations(about, plain.len()).unwrap_or(0);
        let progress = Progress::new(all);
        let programs: Vec<Program> = plain.iter().map(|program| spread(program, &points)).collect();
        let add = |done| progress.add(done);
        let run = simulate_replicates(&programs, &decisions, &points, self.options(iterations), &add);
        let Replicated { tallies, paired, replicates } = run.map_err(failed)?;
        let replicated = Some((points, replicates));
        let worlds = Vec::new();
        let mut study = Study { programs, decisions, tallies, paired, worlds, precision: None, replicated };
        if let Some(worlds) = self.worlds() {
            let days = days_of_curves(&study.outlook());
            study.worlds = simulate_worlds(&plain, &study.decisions, &days, worlds, &add).map_err(failed)?;
        }
        progress.done();
        Ok(study)
    }

    /// The same for programs.
    pub(super) fn study_programs(&self, about: &About, programs: Vec<Program>) -> Result<Study, Failure> {
        self.study_with(about, programs, Vec::new())
    }

    /// The same with more figures than are decided by.
    pub(super) fn study_with(
        &self,
        about: &About,
        programs: Vec<Program>,
        more: Vec<Decision>,
    ) -> Result<Study, Failure> {
        let mut decisions = Decision::all(&programs);
        decisions.extend(more);
        // Amounts come last.
        decisions.sort_by_key(|d| d.kind() == Kind::Amount);
        self.study_decisions(about, programs, decisions)
    }

    /// The same for programs, on these decision figures.
    pub(super) fn study_decisions(
        &self,
        about: &About,
        programs: Vec<Program>,
        decisions: Vec<Decision>,
    ) -> Result<Study, Failure> {
        let failed = |problem: ThreadsError| Failure::failed(problem.to_string());
        let (tallies, paired, precision, progress);
        if let Some(half_width) = self.precision.filter(|_| !decisions.is_empty()) {
            let options = self.options(self.iterations.unwrap_or(MOST_ITERATIONS));
            progress = Progress::without_end();
            let run = simulate_until_precise(&programs, &decisions, half_width, options, &|done| progress.add(done));
            let (t, p, reached) = run.map_err(failed)?;
            (tallies, paired, precision) = (t, p, Some(reached));
        } else {
            let options = self.options(self.iterations(about));
            progress = Progress::new(self.all_iterations(about, programs.len()).unwrap_or(0));
            let run = simulate_paired(&programs, &decisions, options, &|done| progress.add(done));
            (tallies, paired) = run.map_err(failed)?;
            precision = None;
        }
        let worlds = Vec::new();
        let mut study = Study { programs, decisions, tallies, paired, worlds, precision, replicated: None };
        if let Some(worlds) = self.worlds() {
            let days = days_of_curves(&study.outlook());
            let progress = |done| progress.add(done);
            study.worlds =
                simulate_worlds(&study.programs, &study.decisions, &days, worlds, &progress).map_err(failed)?;
        }
        progress.done();
        Ok(study)
    }
}

/// What was simulated.
pub(super) struct Study {
    pub(super) programs: Vec<Program>,
    pub(super) decisions: Vec<Decision>,
    pub(super) tallies: Vec<Tally>,
    pub(super) paired: Paired,
    pub(super) worlds: Vec<World>,
    pub(super) precision: Option<Precision>,
    /// Points that the run was spread over, and the tallies of their replicates, plan by plan.
    pub(super) replicated: Option<(PointSet, Vec<Vec<Tally>>)>,
}

impl Study {
    /// What analyses read.
    pub(super) fn runs(&self) -> Runs<'_> {
        Runs {
            programs: &self.programs,
            tallies: &self.tallies,
            decisions: &self.decisions,
            paired: &self.paired,
            worlds: &self.worlds,
        }
    }

    /// The outlook of everything that was run, decision figures with both uncertainties.
    pub(super) fn outlook(&self) -> Outlook {
        let runs = self.programs.iter().zip(&self.tallies);
        let mut outlook = match &self.replicated {
            None => analysis::outlook(&runs.collect::<Vec<(&Program, &Tally)>>()),
            Some((points, replicates)) => {
                let runs = runs.zip(replicates).map(|((program, tally), parts)| (program, tally, parts.as_slice()));
                analysis::outlook_of_replicates(&runs.collect::<Vec<(&Program, &Tally, &[Tally])>>(), points)
            }
        };
        outlook.precision = self.precision;
        self.runs().add_input_intervals(&mut outlook);
        outlook
    }
}
