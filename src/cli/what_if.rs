//! `golive whatif`: what-ifs of the scenario or of the command line, and grids, each beside its plan.

use std::path::PathBuf;

use clap::Args;

use super::effort::Effort;
use super::format::Format;
use super::grid_axis::GridAxis;
use super::input::{Input, note};
use super::what_if_questions::{Asking, Questions, Shown};
use super::{Failure, print, what_if_text};
use crate::analysis::{self, Asked, Axis, ChangeInWords, Grid, Measure, Present, Question, WhatIfs};
use crate::export::{self, Manifest};
use crate::program::Program;
use crate::register::Register;
use crate::scenario::document::{join_path, parse_path};
use crate::scenario::file::About;
use crate::scenario::{Node, Variant};
use crate::simulate::Decision;
use crate::time::Unit;

/// What-ifs that are run beside their plan at a time: enough that running the plan again costs little.
const AT_A_TIME: usize = 16;

/// Arguments of `golive whatif`.
#[derive(Debug, Args)]
pub(super) struct WhatIf {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// Plan to ask of, rather than the plan that each what-if names; the first plan for --set, --scale and --grid
    #[arg(long, value_name = "ID")]
    pub(super) plan: Option<String>,
    /// Ids of the what-ifs to ask, separated by commas; all of the scenario unless given
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Put another value at a path: "risks.R11.probability=0.1". Several make one what-if
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(super) sets: Vec<String>,
    /// Multiply the number at a path: "risks.R11.probability=0.5". Several make one what-if, with those of --set
    #[arg(long = "scale", value_name = "PATH=FACTOR")]
    pub(super) scales: Vec<String>,
    /// Try values of an input: "PATH=0.02,0.06,0.1", or "PATH=1..2:5" for five values from 1 to 2. Twice for two inputs;
    /// what --set and --scale change holds at every point
    #[arg(long = "grid", value_name = "PATH=VALUES")]
    pub(super) grids: Vec<String>,
    /// Try factors on the number at a path, likewise
    #[arg(long = "scale-grid", value_name = "PATH=FACTORS")]
    pub(super) scale_grids: Vec<String>,
    /// Figure that a grid and the charts show; `stays` unless given, `p80` in a scenario without releases
    #[arg(long, value_enum)]
    pub(super) measure: Option<Shown>,
    /// Release that the figure is of; the first of the plan unless given. Without releases: a measure of the scenario
    #[arg(long, value_name = "ID")]
    pub(super) release: Option<String>,
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

impl WhatIf {
    /// The command on all what-ifs of a scenario, for others that need what it finds.
    pub(super) fn of(file: &std::path::Path, effort: Effort) -> Self {
        Self {
            file: file.to_owned(),
            plan: None,
            only: Vec::new(),
            sets: Vec::new(),
            scales: Vec::new(),
            grids: Vec::new(),
            scale_grids: Vec::new(),
            measure: None,
            release: None,
            effort,
            output: None,
            no_charts: true,
            format: Format::Json,
        }
    }

    pub(super) fn execute(&self) -> Result<(), Failure> {
        let (input, results, measure) = self.found()?;
        self.finish(&input, &results, measure.as_ref())
    }

    /// Runs what is asked: the scenario, the answers, and the figure that charts show.
    pub(super) fn found(&self) -> Result<(Input, WhatIfs, Option<Measure>), Failure> {
        let plans: Vec<String> = self.plan.iter().cloned().collect();
        let mut input = Input::read(&self.file, &plans)?;
        let (questions, mut findings) = self.questions(&mut input)?;
        let plans = plans_of(&input, &questions);
        let mut variants: Vec<Variant> = plans.iter().map(|plan| input.variant(plan)).collect();
        variants.extend(questions.asking.iter().map(|asking| asking.variant.clone()));
        let registers = match input.variants(&variants) {
            Ok(registers) => registers,
            Err(Failure::Input(found)) => {
                findings.extend(found);
                return Err(Failure::Input(findings));
            }
            Err(other) => return Err(other),
        };
        if questions.asking.is_empty() {
            return Err(Failure::Input(findings));
        }
        let (bases, asked) = registers.split_at(plans.len());
        let measure = self.measure(bases, &mut findings);
        if findings.has_errors() {
            return Err(Failure::Input(findings));
        }
        let about = input.document.scenario()?.scenario;
        let words = questions.asking.iter().map(|asking| question(&input, asking)).collect::<Result<Vec<_>, _>>()?;
        let mut results = self.run(&about, &plans, bases, &questions, asked, &words)?;
        if !questions.axes.is_empty()
            && let Some(measure) = &measure
        {
            take_grid(&mut results, &input, &questions, bases, &plans, measure);
        }
        Ok((input, results, measure))
    }

    /// Runs every plan with all that is asked of it, some at a time: on common random numbers the plan is the same each time.
    fn run(
        &self,
        about: &About,
        plans: &[String],
        bases: &[Register],
        questions: &Questions,
        registers: &[Register],
        words: &[Question],
    ) -> Result<WhatIfs, Failure> {
        let seed = self.effort.seed(about);
        let lower = |register: &Register| Program::lower(register.clone(), seed);
        let mut batches: Vec<(usize, Vec<usize>)> = Vec::new();
        for (p, plan) in plans.iter().enumerate() {
            let own = questions.asking.iter().enumerate().filter(|(_, asking)| asking.plan == *plan);
            let own: Vec<usize> = own.map(|(place, _)| place).collect();
            batches.extend(own.chunks(AT_A_TIME).map(|batch| (p, batch.to_vec())));
        }
        let study = |effort: &Effort, (p, batch): &(usize, Vec<usize>)| {
            let programs = std::iter::once(&bases[*p]).chain(batch.iter().map(|q| &registers[*q])).map(lower);
            let programs: Vec<Program> = programs.collect();
            let decisions = Decision::with_measures(&programs);
            effort.study_decisions(about, programs, decisions)
        };
        let mut effort = self.effort.clone();
        // A run that goes on until it is precise enough may end sooner in one batch than in another: all are then run as
        // long as the longest.
        let mut precision = None;
        if effort.is_until_precise() && batches.len() > 1 {
            let without_worlds = effort.without_worlds();
            let mut most = 0;
            for batch in &batches {
                let study = study(&without_worlds, batch)?;
                if study.paired.iterations >= most {
                    (most, precision) = (study.paired.iterations, study.precision);
                }
            }
            effort = effort.exactly(most);
        }
        let mut results: Option<WhatIfs> = None;
        for batch in &batches {
            let study = study(&effort, batch)?;
            let outlook = study.outlook();
            let asked: Vec<Question> = batch.1.iter().map(|q| words[*q].clone()).collect();
            let asked = analysis::what_ifs(&study.runs(), &outlook, &asked);
            results.get_or_insert_with(|| WhatIfs::of(&outlook)).add(outlook, asked);
        }
        let mut results = results.ok_or_else(|| Failure::failed("nothing was asked"))?;
        results.outlook.precision = results.outlook.precision.or(precision);
        Ok(results)
    }

    fn finish(&self, input: &Input, results: &WhatIfs, measure: Option<&Measure>) -> Result<(), Failure> {
        let json = export::json(results);
        if let Some(folder) = &self.output {
            let mut files: Vec<(String, Vec<u8>)> = vec![
                ("what-ifs.json".to_owned(), json.clone()),
                ("what-ifs.csv".to_owned(), export::what_ifs_csv(results)),
                ("manifest.json".to_owned(), export::manifest_json(&self.manifest(input, results))),
            ];
            if results.grid.is_some() {
                files.push(("grid.csv".to_owned(), export::grid_csv(results)));
            }
            #[cfg(feature = "chart")]
            if let (false, Some(measure)) = (self.no_charts, measure) {
                files.extend(super::run::chart_files(crate::chart::what_if_charts(results, measure))?);
            }
            export::write_all(folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
            note(&format!("{} files in {}", files.len(), folder.display()));
        }
        match self.format {
            Format::Text => {
                let release = self.release.as_deref();
                print(&what_if_text::what_ifs_text(results, measure, release, super::run::terminal_width()))
            }
            Format::Json => print(&String::from_utf8_lossy(&json)),
        }
    }

    fn manifest(&self, input: &Input, results: &WhatIfs) -> Manifest {
        let mut options = self.effort.said();
        for (name, values) in [
            ("only", &self.only),
            ("set", &self.sets),
            ("scale", &self.scales),
            ("grid", &self.grids),
            ("scale-grid", &self.scale_grids),
        ] {
            if !values.is_empty() {
                options.insert(name.to_owned(), values.clone().into());
            }
        }
        if let Some(plan) = &self.plan {
            options.insert("plan".to_owned(), plan.clone().into());
        }
        Manifest {
            golive: Manifest::version(),
            scenario: results.outlook.scenario.clone(),
            inputs: input.document.sources().map(|s| export::Input::new(s.name(), s.text().as_bytes())).collect(),
            seed: results.outlook.seed,
            iterations: results.outlook.iterations,
            plans: results.asked.iter().map(|asked| asked.plan.clone()).collect(),
            options,
        }
    }
}

/// The plans that anything is asked of, in the order of the scenario.
fn plans_of(input: &Input, questions: &Questions) -> Vec<String> {
    let ids = input.document.plan_ids();
    let ids = if ids.is_empty() { input.plans.clone() } else { ids };
    ids.into_iter().filter(|plan| questions.asking.iter().any(|asking| asking.plan == *plan)).collect()
}

/// What a what-if changes, read from the documents with and without it.
fn question(input: &Input, asking: &Asking) -> Result<Question, Failure> {
    let base = input.document.under(&input.variant(&asking.plan))?;
    let changed = input.document.under(&asking.variant)?;
    let edits = base.edits_to(&changed);
    let changes = edits.iter().map(ChangeInWords::from).collect();
    Ok(Question { id: asking.id.clone(), title: asking.title.clone(), changes })
}

/// Takes the points of the grid out of the what-ifs of their plan.
fn take_grid(
    results: &mut WhatIfs,
    input: &Input,
    questions: &Questions,
    bases: &[Register],
    plans: &[String],
    measure: &Measure,
) {
    let Some(plan) = questions.asking.last().map(|asking| asking.plan.clone()) else { return };
    let Some(asked): Option<&mut Asked> = results.asked.iter_mut().find(|asked| asked.plan == plan) else { return };
    let points = asked.what_ifs.split_off(asked.what_ifs.len() - questions.points);
    let register = plans.iter().position(|id| *id == plan).map(|place| &bases[place]);
    let axes = questions.axes.iter().map(|(axis, factor)| Axis {
        path: axis.path.clone(),
        factor: *factor,
        values: axis.values.iter().map(|value| value.trim_matches('"').to_owned()).collect(),
        numbers: axis.numbers(),
        present: register.filter(|_| !factor).and_then(|register| present(input, &plan, register, axis)),
    });
    let axes = axes.collect();
    results.grid = Some(Grid { plan, axes, measure: measure.name(), points });
}

/// What an input is as things stand, in the unit of the axis.
fn present(input: &Input, plan: &str, register: &Register, axis: &GridAxis) -> Option<Present> {
    let document = input.document.under(&input.variant(plan)).ok()?;
    let mut path = join_path(parse_path(&axis.path).ok()?.iter().map(String::as_str));
    let mut node = document.node(&path)?;
    // A number by the name of an estimate is that estimate.
    if let Some(named) = node.as_text().and_then(|name| document.node(&format!("estimates.{name}"))) {
        path = format!("estimates.{}", node.as_text()?);
        node = named;
    }
    let factor = match node.get("times").map(Node::as_number) {
        None => 1.0,
        Some(times) => times?,
    };
    let unit = node.get("unit").and_then(Node::as_text).and_then(|unit| Unit::parse(unit).ok());
    let unit = if axis.is_time() { unit.map_or(1.0, |unit| unit.days()) } else { 1.0 };
    let exact = node.as_number().or_else(|| node.get("value").and_then(Node::as_number));
    let duration = || {
        let text = node.as_text().or_else(|| node.get("value").and_then(Node::as_text))?;
        crate::time::Duration::parse(text).ok().map(|duration| duration.days())
    };
    match exact.map(|value| value * unit).or_else(duration) {
        Some(value) => Some(Present::exactly(value * factor)),
        None => Present::of_draw(register, &path, factor * unit),
    }
}
