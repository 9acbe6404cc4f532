//! `golive gate`: the gate of a plan as a test with errors, policies side by side, and other evidence.

use std::path::PathBuf;

use clap::Args;

use super::effort::{Effort, Study};
use super::format::Format;
use super::input::{Input, note};
use super::run::Progress;
use super::{Failure, gate_text, print};
use crate::analysis;
use crate::analysis::gate::{Fitted, GateReport};
use crate::analysis::gate_policy::{self as policy, Forecast};
use crate::analysis::{GateStudy, Label, gate_report};
use crate::export;
use crate::program::Program;
use crate::register::Register;
use crate::scenario::file::{About, ScenarioFile};
use crate::scenario::{Variant, natural_order};
use crate::simulate::{Decision, Patterns, Tally, ThreadsError, gate_patterns, simulate};

/// Most thresholds that a trade-off is drawn over.
const MOST_THRESHOLDS: usize = 25;

/// Threshold on the forecast unless said otherwise.
const THRESHOLD: f64 = 0.8;

/// Seeds are below this: the whole numbers that every reader of JSON keeps.
const SEEDS: u64 = 1 << 53;

/// Arguments of `golive gate`.
#[derive(Debug, Args)]
pub(super) struct Gate {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// Plan whose gate it is; the first plan unless given
    #[arg(long, value_name = "ID")]
    plan: Option<String>,
    /// What-if of the scenario to judge the gate under, as one whose criteria are observed with errors; its plan unless
    /// another is given
    #[arg(long, value_name = "ID", conflicts_with = "evidence")]
    what_if: Option<String>,
    /// Releases to report, separated by commas; all that a criterion bears on unless given
    #[arg(long = "release", value_name = "IDS", value_delimiter = ',')]
    releases: Vec<String>,
    /// Go where the forecast of "deployed on its date and stays", given what the gate sees, is at least P
    #[arg(long, value_name = "P", default_value_t = THRESHOLD, value_parser = probability)]
    threshold: f64,
    /// What-ifs of the scenario to compare with the plan, separated by commas, beside its responses and the next window
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    evidence: Vec<String>,
    #[command(flatten)]
    effort: Effort,
    /// Folder for gate.json and charts; nothing is written unless given
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A probability.
fn probability(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err("a threshold is a probability from 0 to 1, as in 0.8".to_owned()),
    }
}

/// Registers that differ from the plan by what the document says, and what they are.
type Evidence = (Vec<Label>, Vec<Register>);

impl Gate {
    /// The command on a plan, for others that need what it finds.
    pub(super) fn of(file: &std::path::Path, plan: &str, effort: Effort) -> Self {
        Self {
            file: file.to_owned(),
            plan: Some(plan.to_owned()),
            what_if: None,
            releases: Vec::new(),
            threshold: THRESHOLD,
            evidence: Vec::new(),
            effort,
            output: None,
            format: Format::Json,
        }
    }

    pub(super) fn execute(&self) -> Result<(), Failure> {
        let (report, outlook) = self.found()?;
        self.tell(&report, &outlook)
    }

    /// Runs what is asked: the report, and the outlook of the study.
    pub(super) fn found(&self) -> Result<(GateReport, analysis::outlook::Outlook), Failure> {
        let mut input = Input::read(&self.file, self.plan.as_slice())?;
        input.plans.truncate(1);
        let (mut registers, _) = input.registers()?;
        let mut register = registers.remove(0);
        let file = input.document.scenario()?;
        if let Some(what_if) = &self.what_if {
            known_what_if(&input, what_if)?;
            if self.plan.is_none() {
                input.plans = input.document.plan_of_what_if(what_if)?.into_iter().collect();
            }
            register = input.document.register(&self.variant(&input))?.0;
        }
        let releases = self.releases_of(&register)?;
        let criteria = policy::patterned_criteria(&register).map_err(|id| {
            Failure::Usage(format!("the release {id} has more than 64 criteria that can be seen as not met"))
        })?;
        let (evidence, others) = self.evidence(&input, &file, &register)?;
        let about = &file.scenario;
        let seed = self.effort.seed(about);
        let fitted = Fitted { seed: (seed + 1) % SEEDS, iterations: self.effort.iterations(about) };
        let never = policy::never_stopped(&register);
        let fit = self.patterns(&Program::lower(never.clone(), fitted.seed), &criteria, fitted.iterations)?;
        let forecasts: Vec<Forecast> =
            criteria.iter().cloned().zip(&fit).map(|(criteria, counts)| Forecast::fitted(criteria, counts)).collect();

        let mut policies: Vec<Label> = vec![label("all-green", "every criterion must be seen as met")];
        let mut variants = vec![register.clone()];
        let amber = !policy::ambers(&register).is_empty();
        if amber {
            policies.push(label("amber-allowed", "criteria last reported as Amber do not stop a release"));
            variants.push(policy::amber_allowed(&register));
        }
        policies.push((
            "threshold".to_owned(),
            format!("Go where the forecast, given what is seen, is at least {}", self.threshold),
        ));
        variants.push(policy::by_threshold(&register, &forecasts, self.threshold));
        if amber {
            variants.push(policy::amber_turned_green(&register));
        }
        variants.extend(others);
        let study = self.study(about, seed, variants)?;
        let came_true = self.patterns(&Program::lower(never, seed), &criteria, study.paired.iterations)?;
        let thresholds = self.thresholds(&register, &forecasts, seed, study.paired.iterations)?;
        let outlook = study.outlook();
        let report = gate_report(&GateStudy {
            runs: study.runs(),
            outlook: &outlook,
            policies,
            amber,
            evidence,
            releases,
            forecasts: &forecasts,
            came_true: &came_true,
            fitted,
            threshold: self.threshold,
            thresholds: &thresholds,
            cost_unit: about.cost_unit.clone(),
            what_if: self.what_if.as_ref().map(|id| label(id, &file.what_ifs[id].title)),
        });
        Ok((report, outlook))
    }

    /// The plan as it is judged.
    fn variant(&self, input: &Input) -> Variant {
        Variant { what_if: self.what_if.clone(), ..input.variant(&input.plans[0]) }
    }

    fn tell(&self, report: &GateReport, outlook: &crate::analysis::outlook::Outlook) -> Result<(), Failure> {
        let json = export::json(report);
        if let Some(folder) = &self.output {
            let mut files = vec![("gate.json".to_owned(), json.clone())];
            #[cfg(feature = "chart")]
            files.extend(super::run::chart_files(crate::chart::render_gate(report, outlook))?);
            export::write_all(folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
            note(&format!("{} files in {}", files.len(), folder.display()));
        }
        match self.format {
            Format::Text => print(&gate_text::gate_text(report, super::run::terminal_width())),
            Format::Json => print(&String::from_utf8_lossy(&json)),
        }
    }

    /// The releases to report, by index.
    fn releases_of(&self, register: &Register) -> Result<Vec<usize>, Failure> {
        let gated = register.criteria.iter().fold(0, |set, c| set | c.releases);
        let gated: Vec<usize> = (0..register.releases.len()).filter(|r| gated >> r & 1 == 1).collect();
        if gated.is_empty() {
            return Err(Failure::Usage(format!(
                "no criterion of a gate bears on a release of plan {}: there is no gate to judge",
                register.plan
            )));
        }
        let ids: Vec<&str> = gated.iter().map(|r| register.releases[*r].id.as_str()).collect();
        if let Some(unknown) = self.releases.iter().find(|id| !ids.contains(&id.as_str())) {
            return Err(Failure::Usage(format!(
                "no criterion bears on a release `{unknown}` of plan {}; those with criteria are {}",
                register.plan,
                ids.join(", ")
            )));
        }
        let asked = |r: &usize| self.releases.is_empty() || self.releases.contains(&register.releases[*r].id);
        Ok(gated.into_iter().filter(asked).collect())
    }

    /// What could be known or done instead: each a change of the register or of the document.
    fn evidence(&self, input: &Input, file: &ScenarioFile, register: &Register) -> Result<Evidence, Failure> {
        let plan = &input.plans[0];
        let (mut labels, mut registers) = (Vec::new(), Vec::new());
        if register.criteria.iter().any(|c| c.observed.is_some() && c.releases != 0) {
            labels.push(label("perfect-observation", "every criterion is seen as it is"));
            registers.push(policy::perfectly_observed(register));
        }
        let slips = next_windows(register);
        if !slips.is_empty() {
            let mut document = input.document.clone();
            let mut changes = Vec::new();
            for (id, date) in &slips {
                let path = crate::scenario::document::join_path(["plans", plan, "releases", id]);
                changes.push(document.change_from_text("the next window", &format!("{path} = {date}"), false)?);
            }
            labels.push(label("next-window", "every release is planned for the window after its own"));
            registers.push(document.register(&self.variant(input).with(changes))?.0);
        }
        let taken = |id: &str| {
            file.responses[id].taken == Some(true)
                || file.plans.get(plan).is_some_and(|p| p.responses.iter().any(|r| r == id))
        };
        for id in natural_order(file.responses.keys()).into_iter().filter(|id| !taken(id)) {
            // A response that is taken changes the document before the plan does.
            let mut document = input.document.clone();
            let path = crate::scenario::document::join_path(["responses", id, "taken"]);
            let change = document.change_from_text(&format!("response {id}"), &format!("{path} = true"), false)?;
            let document = document.with_changes(&[change])?;
            labels.push((format!("response:{id}"), file.responses[id].title.clone()));
            registers.push(document.register(&self.variant(input))?.0);
        }
        for id in &self.evidence {
            known_what_if(input, id)?;
            labels.push((format!("what-if:{id}"), file.what_ifs[id].title.clone()));
            registers.extend(input.variants(&[Variant { what_if: Some(id.clone()), ..input.variant(plan) }])?);
        }
        Ok((labels, registers))
    }

    fn study(&self, about: &About, seed: u64, registers: Vec<Register>) -> Result<Study, Failure> {
        let programs: Vec<Program> = registers.into_iter().map(|r| Program::lower(r, seed)).collect();
        let mut decisions = Decision::at_gate(&programs);
        decisions.extend(Decision::all(&programs));
        self.effort.study_decisions(about, programs, decisions)
    }

    fn patterns(&self, program: &Program, criteria: &[Vec<usize>], iterations: u64) -> Result<Vec<Patterns>, Failure> {
        let progress = Progress::new(iterations);
        let run = gate_patterns(program, criteria, self.effort.options(iterations), &|done| progress.add(done));
        progress.done();
        run.map_err(|problem: ThreadsError| Failure::failed(problem.to_string()))
    }

    /// What each threshold would do, strictest first.
    fn thresholds(
        &self,
        register: &Register,
        forecasts: &[Forecast],
        seed: u64,
        iterations: u64,
    ) -> Result<Vec<(f64, Tally)>, Failure> {
        let levels = policy::levels(forecasts, MOST_THRESHOLDS);
        let progress = Progress::new(iterations.saturating_mul(levels.len() as u64));
        let tallies: Result<Vec<_>, ThreadsError> = levels
            .into_iter()
            .map(|level| {
                let program = Program::lower(policy::by_threshold(register, forecasts, level), seed);
                Ok((level, simulate(&program, self.effort.options(iterations), &|done| progress.add(done))?))
            })
            .collect();
        progress.done();
        tallies.map_err(|problem| Failure::failed(problem.to_string()))
    }
}

fn known_what_if(input: &Input, id: &String) -> Result<(), Failure> {
    let known = input.document.what_if_ids();
    if known.contains(id) {
        return Ok(());
    }
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    Err(Failure::Usage(format!("there is no what-if `{id}`; the what-ifs are {known}")))
}

fn label(id: &str, title: &str) -> Label {
    (id.to_owned(), title.to_owned())
}

/// The window after its own of every release that passes a gate; of those that have one.
fn next_windows(register: &Register) -> Vec<(String, jiff::civil::Date)> {
    let gated = register.criteria.iter().fold(0, |set, c| set | c.releases);
    let releases = register.releases.iter().enumerate().filter(|(r, _)| gated >> r & 1 == 1);
    releases
        .filter_map(|(_, release)| {
            let next = release.windows.iter().find(|day| **day > release.target_day)?;
            Some((release.id.clone(), register.dates?.zero.date(*next)?))
        })
        .collect()
}
