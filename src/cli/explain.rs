//! `golive explain`: one iteration as a dated story and a picture.

use std::path::PathBuf;

use clap::builder::RangedI64ValueParser;
use clap::{ArgGroup, Args};

use super::format::Format;
use super::input::note;
use super::one_plan::OnePlan;
use super::run::Progress;
use super::sampling::Sampling;
use super::{Failure, explain_text, print};
use crate::analysis::condition::{Condition, PREDICATES};
use crate::analysis::explain::{self, ChoiceError, Chosen, Explanation, PointsOf, explain};
use crate::analysis::wording;
use crate::export;
use crate::program::Program;
use crate::scenario::suggestion::{list, nearest};
use crate::simulate::Options;

/// Arguments of `golive explain`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true), after_help = language())]
pub(super) struct Explain {
    #[command(flatten)]
    plan: OnePlan,
    #[command(flatten)]
    sampling: Sampling,
    /// The iteration of this number, from 0; any of them is replayed at once, without the others
    #[arg(long, value_name = "N", group = "which", allow_negative_numbers = true, value_parser = RangedI64ValueParser::<u64>::new().range(0..=9_007_199_254_740_991))]
    iteration: Option<u64>,
    /// The first iteration of the run whose go-live date (or finish) is its Q-th percentile, as in 80
    #[arg(long, value_name = "Q", group = "which", value_parser = percentile)]
    percentile: Option<f64>,
    /// The first iteration of the run that satisfies a condition, as in 'SEC late and R04 occurred'
    #[arg(long = "where", value_name = "CONDITION", group = "which")]
    condition: Option<String>,
    /// Of those that satisfy the condition, the K-th instead of the first
    #[arg(long, value_name = "K", conflicts_with_all = ["iteration", "percentile"], allow_negative_numbers = true, value_parser = RangedI64ValueParser::<u64>::new().range(1..=1_000_000_000_000))]
    nth: Option<u64>,
    /// Release whose date the percentile is of; the first of the plan unless given
    #[arg(long, value_name = "ID", conflicts_with_all = ["iteration", "condition"])]
    release: Option<String>,
    /// Measure whose finish the percentile is of, instead of a release
    #[arg(long, value_name = "ID", conflicts_with_all = ["iteration", "condition", "release"])]
    measure: Option<String>,
    /// Folder for story.txt, story.json and the picture; nothing is written unless given
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A percentile: a number above 0 and below 100.
fn percentile(text: &str) -> Result<f64, String> {
    match text.strip_prefix(['P', 'p']).unwrap_or(text).parse::<f64>() {
        Ok(q) if q > 0.0 && q < 100.0 => Ok(q / 100.0),
        _ => Err("a percentile is a number above 0 and below 100, as in 80".to_owned()),
    }
}

/// The language of conditions, for the help of commands that take one.
pub(super) fn language() -> String {
    let width = PREDICATES.iter().map(|p| p.subject.len() + p.words.len() + 1).max().unwrap_or(0);
    let mut text = "Conditions are joined by `and`, `or`, `not` and parentheses. What can be said:\n".to_owned();
    for p in PREDICATES {
        let said = format!("{} {}", p.subject.to_uppercase().replace(' ', "-"), p.words);
        text += &format!("  {said:width$}  {}\n", p.meaning);
    }
    text + "In front stands an id (in quotes if it is a word of the language); dates are written 2021-11-18."
}

impl Explain {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let (program, options, points) = self.plan.lower_spread(&self.sampling)?;
        if let (Some(_), Some(asked)) = (points, self.iteration)
            && asked >= options.iterations
        {
            return Err(Failure::Usage(format!(
                "iterations of this run are numbered 0 to {}: points that are spread evenly have an end",
                options.iterations - 1
            )));
        }
        let (iteration, chosen) = self.choose(&program, options)?;
        let mut explanation = explain(&program, &program.tell(iteration), chosen);
        explanation.points = points.map(|points| PointsOf {
            sampler: points.sampler(),
            replicates: points.replicates(),
            iterations: options.iterations,
        });
        let json = export::json(&explanation);
        if let Some(folder) = &self.output {
            self.write(folder, &explanation, &json)?;
        }
        match self.format {
            Format::Text => print(&explain_text::story_text(&explanation, super::run::terminal_width())),
            Format::Json => print(&String::from_utf8_lossy(&json)),
        }
    }

    fn choose(&self, program: &Program, options: Options) -> Result<(u64, Chosen), Failure> {
        let failed = |problem: ChoiceError| match problem {
            ChoiceError::TooMany => Failure::Usage(problem.to_string()),
            other => Failure::failed(other.to_string()),
        };
        if let Some(iteration) = self.iteration {
            return Ok((iteration, explain::chosen_by_number(iteration)));
        }
        let progress = Progress::new(options.iterations);
        let add = |done| progress.add(done);
        let chosen = if let Some(text) = &self.condition {
            let condition = Condition::parse(text, program).map_err(|problem| Failure::Usage(problem.to_string()))?;
            explain::by_condition(program, &condition, self.nth.unwrap_or(1), options, &add).map_err(failed)
        } else {
            self.at_percentile(program, options, &add)
        };
        progress.done();
        chosen
    }

    fn at_percentile(
        &self,
        program: &Program,
        options: Options,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(u64, Chosen), Failure> {
        let failed = |problem: ChoiceError| match problem {
            ChoiceError::TooMany => Failure::Usage(problem.to_string()),
            other => Failure::failed(other.to_string()),
        };
        let register = program.register();
        let q = self.percentile.unwrap_or(0.8);
        let place = |what: &str, asked: &str, ids: Vec<&str>| {
            ids.iter().position(|id| *id == asked).ok_or_else(|| {
                let meant =
                    nearest(asked, ids.iter().copied()).map_or_else(String::new, |m| format!("did you mean `{m}`? "));
                let asked = wording::plain(asked, 60);
                let known = if ids.is_empty() { "there are none".to_owned() } else { list(ids.iter().copied()) };
                Failure::Usage(format!("the plan has no {what} `{asked}`; {meant}the {what}s: {known}"))
            })
        };
        if let Some(asked) = &self.measure {
            let m = place("measure", asked, register.measures.iter().map(|m| m.id.as_str()).collect())?;
            return explain::at_finish_percentile(program, m, q, options, progress).map_err(failed);
        }
        let releases: Vec<&str> = register.releases.iter().map(|r| r.id.as_str()).collect();
        match &self.release {
            Some(asked) => {
                let r = place("release", asked, releases)?;
                explain::at_date_percentile(program, r, q, options, progress).map_err(failed)
            }
            None if !releases.is_empty() => {
                explain::at_date_percentile(program, 0, q, options, progress).map_err(failed)
            }
            None if !register.measures.is_empty() => {
                explain::at_finish_percentile(program, 0, q, options, progress).map_err(failed)
            }
            None => Err(Failure::Usage("there is neither a release nor a measure to take a percentile of".to_owned())),
        }
    }

    fn write(&self, folder: &std::path::Path, explanation: &Explanation, json: &[u8]) -> Result<(), Failure> {
        let text = explain_text::story_text(explanation, 100);
        #[cfg_attr(not(feature = "chart"), expect(unused_mut, reason = "charts are what is added"))]
        let mut files = vec![("story.json", json.to_vec()), ("story.txt", text.into_bytes())];
        #[cfg(feature = "chart")]
        {
            let failed = |problem: crate::chart::ChartError| Failure::failed(problem.to_string());
            let chart = crate::chart::story(explanation).map_err(failed)?;
            files.push(("story.png", chart.png().map_err(failed)?));
            files.push(("story.svg", chart.svg.into_bytes()));
        }
        export::write_all(folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
        note(&format!("{} files in {}", files.len(), folder.display()));
        Ok(())
    }
}
