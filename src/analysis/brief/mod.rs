//! The brief: what a committee asks on one page, answered in words and figures.
//!
//! In: analyses of a scenario, and the scenario as written. Out: questions with their answers as text, which terminal,
//! Markdown and report show alike. Which questions are asked follows from the structure of the scenario: where no
//! release needs consent nothing is said of consent; where no analysis answers a question it is left out.

mod basis;
mod dates;
mod incidents;
mod plans;
mod scope;

use jiff::civil::Date;
use serde::Serialize;

use super::compare::Comparison;
use super::outlook::{Outlook, PlanOutlook};
use super::wording;
use crate::estimate::Figure;
use crate::register::Register;
use crate::scenario::document::WrittenNumber;
use crate::scenario::file::ScenarioFile;

/// Longest text of a scenario that a sentence quotes, in characters.
const LONGEST: usize = 160;

/// The brief of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Brief {
    /// Title of the scenario.
    pub title: String,
    /// Id of the scenario.
    pub scenario: String,
    /// Day 0: what is known is known as of then.
    pub known_on: Option<Date>,
    /// Plan that single answers are about.
    pub plan: String,
    /// Title of that plan.
    pub plan_title: String,
    /// Questions and answers, in order.
    pub answers: Vec<Answer>,
    /// How to read the figures, and how to get them again.
    pub closing: Vec<String>,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The question, as a committee asks it.
    pub question: String,
    /// The answer, a paragraph each; the first is the shortest true answer.
    pub paragraphs: Vec<String>,
    /// Figures behind it.
    pub table: Option<AnswerTable>,
}

/// Figures behind an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerTable {
    /// What the figures are.
    pub caption: String,
    /// Names of the columns.
    pub header: Vec<String>,
    /// A row a line; as many cells as columns.
    pub rows: Vec<Vec<String>>,
}

/// What a brief is made of.
pub struct BriefSources<'a> {
    /// The scenario as written.
    pub file: &'a ScenarioFile,
    /// Its numbers with what they rest on.
    pub numbers: &'a [WrittenNumber],
    /// The plan that single answers are about.
    pub register: &'a Register,
    /// Every plan, compared.
    pub comparison: &'a Comparison,
}

impl BriefSources<'_> {
    fn outlook(&self) -> &Outlook {
        &self.comparison.outlook
    }

    /// The outlook of the plan that single answers are about.
    fn main(&self) -> &PlanOutlook {
        let plans = &self.outlook().plans;
        plans.iter().find(|p| p.id == self.register.plan).unwrap_or(&plans[0])
    }

    fn many_plans(&self) -> bool {
        self.outlook().plans.len() > 1
    }
}

/// Answers what a committee asks.
///
/// # Panics
/// Without any plan.
pub fn brief(sources: &BriefSources<'_>) -> Brief {
    let outlook = sources.outlook();
    let main = sources.main();
    let answers = [
        plans::on_target(sources),
        dates::delay(sources),
        incidents::extra(sources),
        scope::ships(sources),
        Some(basis::rests_on(sources)),
    ];
    Brief {
        title: text(&outlook.title),
        scenario: text(&outlook.scenario),
        known_on: outlook.data_date,
        plan: text(&main.id),
        plan_title: text(&main.title),
        answers: answers.into_iter().flatten().collect(),
        closing: closing(sources),
    }
}

/// A scenario's text in a sentence.
fn text(text: &str) -> String {
    wording::plain(text, LONGEST)
}

/// A figure with both uncertainties, named: `0.820 ± 0.001 (sampling); 0.76–0.87 (inputs, 90%)`.
fn both(figure: &Figure, probability: bool) -> String {
    let sampled =
        if probability { wording::probability_with_error(figure) } else { wording::number_with_error(figure) };
    match wording::inputs_range(figure) {
        Some(range) => format!("{sampled} (sampling); {range} (inputs, 90%)"),
        None => format!("{sampled} (sampling)"),
    }
}

/// The same for a cell of a table: `0.820 ± 0.001 [0.76–0.87]`.
fn cell(figure: &Figure, probability: bool) -> String {
    let sampled =
        if probability { wording::probability_with_error(figure) } else { wording::number_with_error(figure) };
    wording::inputs_range(figure).map_or_else(|| sampled.clone(), |range| format!("{sampled} [{range}]"))
}

/// `A, B and C`.
fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn closing(sources: &BriefSources<'_>) -> Vec<String> {
    let outlook = sources.outlook();
    let iterations = wording::count(outlook.iterations);
    let mut out = vec![format!(
        "± is the standard error of sampling with {iterations} iterations a plan, all plans on the same draws."
    )];
    out.push(match outlook.inputs {
        Some(inputs) => format!(
            "\"Inputs, 90%\" and [ ]: what the figure is in 90% of {} worlds that the inputs allow, {} iterations in each, sampling \
             noise removed. The two uncertainties are of different kinds and are never added up. Plans \"cannot be separated\" where \
             either interval of their difference includes 0.",
            wording::count(inputs.worlds),
            wording::count(inputs.iterations_in_a_world)
        ),
        None => "The uncertainty of the inputs was left out: what is said holds on these inputs only.".to_owned(),
    });
    if let Some(precision) = outlook.precision.filter(|p| !p.met) {
        out.push(format!(
            "The precision asked for, {} to either side, was not reached: the widest 95% sampling interval is {:.4}.",
            precision.asked, precision.reached
        ));
    }
    out.push(format!("Seed {}; golive {}.", outlook.seed, env!("CARGO_PKG_VERSION")));
    out
}
