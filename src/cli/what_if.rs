//! `golive whatif`: what-ifs of the scenario or of the command line, and grids, each beside its plan.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::effort::Effort;
use super::format::Format;
use super::grid_axis::{GridAxis, MOST_POINTS};
use super::input::{Input, note};
use super::{Failure, print, what_if_text};
use crate::analysis::{self, Asked, Axis, ChangeInWords, Grid, Measure, Present, Question, WhatIfs};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::export::{self, Manifest};
use crate::program::Program;
use crate::register::Register;
use crate::scenario::document::{join_path, parse_path};
use crate::scenario::file::About;
use crate::scenario::{Change, Node, Variant, suggestion};
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
    plan: Option<String>,
    /// Ids of the what-ifs to ask, separated by commas; all of the scenario unless given
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    only: Vec<String>,
    /// Put another value at a path: "risks.R11.probability=0.1". Several make one what-if
    #[arg(long = "set", value_name = "PATH=VALUE")]
    sets: Vec<String>,
    /// Multiply the number at a path: "risks.R11.probability=0.5". Several make one what-if, with those of --set
    #[arg(long = "scale", value_name = "PATH=FACTOR")]
    scales: Vec<String>,
    /// Try values of an input: "PATH=0.02,0.06,0.1", or "PATH=1..2:5" for five values from 1 to 2. Twice for two inputs;
    /// what --set and --scale change holds at every point
    #[arg(long = "grid", value_name = "PATH=VALUES")]
    grids: Vec<String>,
    /// Try factors on the number at a path, likewise
    #[arg(long = "scale-grid", value_name = "PATH=FACTORS")]
    scale_grids: Vec<String>,
    /// Figure that a grid and the charts show; `stays` unless given, `p80` in a scenario without releases
    #[arg(long, value_enum)]
    measure: Option<Shown>,
    /// Release that the figure is of; the first of the plan unless given. Without releases: a measure of the scenario
    #[arg(long, value_name = "ID")]
    release: Option<String>,
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

/// What a grid shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shown {
    /// The release is live on the plan's date and stays
    Stays,
    /// The release is live on the plan's date
    Live,
    /// All releases of the plan are live on their dates and stay
    All,
    /// 80th percentile of the go-live date, or of the finish time of a measure
    P80,
    /// Extra incidents of category 1 or 2, mean number
    Incidents,
    /// Releases of the plan that are not live on their dates or not kept, mean number
    Missed,
    /// Cost, mean
    Cost,
    /// The measure is finished by its target
    ByTarget,
    /// When the measure is finished, mean
    Finish,
}

/// A what-if that is asked: of which plan, and how it is run.
struct Asking {
    plan: String,
    variant: Variant,
    /// Id and title; what it changes is read from the documents.
    id: String,
    title: String,
}

/// Everything that is asked, and the axes of the grid, whose points come last.
struct Questions {
    asking: Vec<Asking>,
    axes: Vec<(GridAxis, bool)>,
    points: usize,
}

impl WhatIf {
    pub(super) fn execute(&self) -> Result<(), Failure> {
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
        self.finish(&input, &results, measure.as_ref())
    }

    /// What is asked, with everything that is wrong with how it is asked.
    fn questions(&self, input: &mut Input) -> Result<(Questions, Diagnostics), Failure> {
        let mut findings = Diagnostics::new();
        let first = self.plan.clone().unwrap_or_else(|| input.plans[0].clone());
        let given = !(self.sets.is_empty() && self.scales.is_empty());
        let gridded = !(self.grids.is_empty() && self.scale_grids.is_empty());
        let mut asking = Vec::new();
        if !self.only.is_empty() || !(given || gridded) {
            self.named(input, &mut asking, &mut findings)?;
        }
        let mut changes = Vec::new();
        for (option, texts, scale) in [("--set", &self.sets, false), ("--scale", &self.scales, true)] {
            for text in texts {
                take(input.change(option, text, scale), &mut changes, &mut findings)?;
            }
        }
        let base = input.variant(&first);
        if given && !gridded {
            let (id, title) = ("as-set".to_owned(), "As set on the command line".to_owned());
            let variant = base.clone().with(changes.clone());
            asking.push(Asking { plan: first.clone(), variant, id, title });
        }
        let axes = self.axes(&mut findings);
        let points = axes.iter().map(|(axis, _)| axis.values.len()).product::<usize>();
        if points > MOST_POINTS {
            findings.push(
                Diagnostic::error("too-many-points", format!("the grid has {points} points or more"))
                    .allowed(format!("at most {MOST_POINTS}"))
                    .hint("take fewer values"),
            );
        }
        let points = if axes.is_empty() || findings.has_errors() { 0 } else { points };
        for point in 0..points {
            let (mut rest, mut layer, mut titles) = (point, changes.clone(), Vec::new());
            for (axis, scale) in axes.iter().rev() {
                let value = &axis.values[rest % axis.values.len()];
                rest /= axis.values.len();
                let option = if *scale { "--scale-grid" } else { "--grid" };
                take(input.change(option, &format!("{} = {value}", axis.path), *scale), &mut layer, &mut findings)?;
                titles.push(format!("{} {} {value}", axis.path, if *scale { "×" } else { "=" }));
            }
            titles.reverse();
            let (id, title) = (format!("point-{}", point + 1), titles.join(", "));
            asking.push(Asking { plan: first.clone(), variant: base.clone().with(layer), id, title });
        }
        if asking.is_empty() && !findings.has_errors() {
            return Err(Failure::Usage(
                "the scenario names no what-ifs; ask one with --set PATH=VALUE, --scale PATH=FACTOR or --grid PATH=VALUES"
                    .to_owned(),
            ));
        }
        Ok((Questions { asking, axes, points }, findings))
    }

    /// What-ifs that the scenario names.
    fn named(&self, input: &Input, asking: &mut Vec<Asking>, findings: &mut Diagnostics) -> Result<(), Failure> {
        let known = input.document.what_if_ids();
        let names = || known.iter().map(String::as_str);
        for id in &self.only {
            if !known.contains(id) {
                let finding = Diagnostic::error("unknown-what-if", format!("`{id}` is not a what-if of this scenario"))
                    .allowed(if known.is_empty() {
                        "none: it names no what-ifs".to_owned()
                    } else {
                        suggestion::list(names())
                    });
                findings.push(match suggestion::nearest(id, names()) {
                    Some(near) => finding.hint(format!("did you mean `{near}`?")),
                    None => finding,
                });
            }
        }
        let file = if known.is_empty() { None } else { Some(input.document.scenario()?) };
        for id in known.iter().filter(|id| self.only.is_empty() || self.only.contains(id)) {
            let plan = match &self.plan {
                Some(plan) => plan.clone(),
                None => input.document.plan_of_what_if(id)?.unwrap_or_else(|| input.plans[0].clone()),
            };
            let variant = Variant { what_if: Some(id.clone()), ..input.variant(&plan) };
            let title = file.as_ref().and_then(|f| f.what_ifs.get(id)).map_or_else(String::new, |w| w.title.clone());
            asking.push(Asking { plan, variant, id: id.clone(), title });
        }
        Ok(())
    }

    /// The inputs of the grid, those of `--grid` first; whether their values are factors.
    fn axes(&self, findings: &mut Diagnostics) -> Vec<(GridAxis, bool)> {
        let given = self.grids.iter().map(|text| ("--grid", text, false));
        let given: Vec<_> = given.chain(self.scale_grids.iter().map(|text| ("--scale-grid", text, true))).collect();
        if given.len() > 2 {
            let message = format!("{} inputs are more than a grid can show", given.len());
            let finding = Diagnostic::error("too-many-inputs", message).at("--grid");
            findings.push(finding.allowed("one or two").hint("hold the others with --set"));
        }
        let mut axes = Vec::new();
        for (option, text, scale) in given {
            match GridAxis::parse(text) {
                Ok(axis) => axes.push((axis, scale)),
                Err((what, allowed)) => {
                    findings.push(Diagnostic::error("malformed-grid", what).at(option).allowed(allowed));
                }
            }
        }
        axes
    }

    /// The figure that a grid and the charts show; `None` where there is none, which is then reported.
    fn measure(&self, bases: &[Register], findings: &mut Diagnostics) -> Option<Measure> {
        let mut releases: Vec<&str> = bases.iter().flat_map(|r| &r.releases).map(|r| r.id.as_str()).collect();
        let mut measures: Vec<&str> = bases.iter().flat_map(|r| &r.measures).map(|m| m.id.as_str()).collect();
        for ids in [&mut releases, &mut measures] {
            let mut seen = std::collections::BTreeSet::new();
            ids.retain(|id| seen.insert(*id));
        }
        let dated = !releases.is_empty();
        let shown = self.measure.unwrap_or(if dated { Shown::Stays } else { Shown::P80 });
        let of_releases = matches!(shown, Shown::Stays | Shown::Live | Shown::All | Shown::Missed | Shown::Incidents);
        let (known, kind) = match shown {
            Shown::ByTarget | Shown::Finish => (&measures, "measure"),
            Shown::P80 if !dated => (&measures, "measure"),
            _ => (&releases, "release"),
        };
        let wrong = |message: String| Diagnostic::error("no-such-figure", message).at("--measure");
        if of_releases && !dated {
            findings
                .push(wrong("there are no releases in this plan".to_owned()).allowed("p80, by-target, finish or cost"));
            return None;
        }
        if shown == Shown::Cost && !bases.iter().any(Register::has_costs) {
            findings.push(wrong("nothing in this scenario costs anything".to_owned()).allowed("a figure that it has"));
            return None;
        }
        let decision = match shown {
            Shown::All => Decision::AllLiveAndStay,
            Shown::Missed => Decision::Missed,
            Shown::Incidents => Decision::SeriousIncidents,
            Shown::Cost => Decision::Cost,
            _ => return self.measure_of(shown, known, kind, bases, findings),
        };
        Some(Measure::Decision(decision))
    }

    /// A figure of one release or measure.
    fn measure_of(
        &self,
        shown: Shown,
        known: &[&str],
        kind: &str,
        bases: &[Register],
        findings: &mut Diagnostics,
    ) -> Option<Measure> {
        let id = match &self.release {
            Some(id) if known.contains(&id.as_str()) => id.clone(),
            None if !known.is_empty() => (*known.first()?).to_owned(),
            given => {
                let what = given.as_ref().map_or_else(
                    || format!("there is no {kind} whose figure could be shown"),
                    |id| format!("`{id}` is not a {kind} of this plan"),
                );
                let finding = Diagnostic::error("no-such-figure", what).at("--release");
                findings.push(if known.is_empty() {
                    finding
                } else {
                    finding.allowed(suggestion::list(known.iter().copied()))
                });
                return None;
            }
        };
        let has_target = || bases.iter().flat_map(|r| &r.measures).any(|m| m.id == id && m.target.is_some());
        if shown == Shown::ByTarget && !has_target() {
            let finding = Diagnostic::error("no-such-figure", format!("the measure `{id}` has no target"));
            findings.push(finding.at("--measure").hint(format!("add `target = \"… days\"` to measures.{id}")));
            return None;
        }
        Some(match shown {
            Shown::P80 => Measure::P80(id),
            Shown::Live => Measure::Decision(Decision::LiveOnTarget(id)),
            Shown::ByTarget => Measure::Decision(Decision::FinishByTarget(id)),
            Shown::Finish => Measure::Decision(Decision::Finish(id)),
            _ => Measure::Decision(Decision::LiveAndStays(id)),
        })
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

/// Keeps a change, or what is wrong with it.
fn take(change: Result<Change, Failure>, changes: &mut Vec<Change>, findings: &mut Diagnostics) -> Result<(), Failure> {
    match change {
        Ok(change) => changes.push(change),
        Err(Failure::Input(found)) => findings.extend(found),
        Err(other) => return Err(other),
    }
    Ok(())
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
