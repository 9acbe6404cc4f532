//! `golive flip`: what would change the answer.

use std::path::PathBuf;

use clap::Args;
use clap::builder::RangedI64ValueParser;

use super::drivers::{AskedFor, measure, subject};
use super::effort::Effort;
use super::format::Format;
use super::input::{Input, note};
use super::run::{Progress, terminal_width};
use super::{Failure, flip_text, print};
use crate::analysis::drivers::{Asked, Measure, Scale, Subject};
use crate::analysis::flip::{Question, flips, iterations_of};
use crate::export;
use crate::register::Register;

/// Iterations of each trial unless said otherwise.
const OF_A_TRIAL: u64 = 49_152;

/// Arguments of `golive flip`.
#[derive(Debug, Args)]
pub(super) struct Flip {
    /// Scenario file, or a folder with a scenario.toml
    file: PathBuf,
    /// Two plans whose ranking is to be reversed, separated by a comma
    #[arg(long, value_name = "A,B", value_delimiter = ',', conflicts_with_all = ["plan", "threshold"])]
    plans: Vec<String>,
    /// Plan whose figure is to cross --threshold; the first unless given
    #[arg(long, value_name = "ID", requires = "threshold")]
    plan: Option<String>,
    /// What the figure is to cross: `p=0.8` of a probability, `n=0.5` of a number
    #[arg(long, value_name = "THRESHOLD", value_parser = threshold)]
    threshold: Option<f64>,
    /// Release (or, without releases, measure of the scenario) that is asked about; the first unless given
    #[arg(long, value_name = "ID")]
    release: Option<String>,
    /// The figure; `stays` unless given, `live` without releases
    #[arg(long, value_name = "MEASURE", value_enum)]
    measure: Option<AskedFor>,
    #[command(flatten)]
    effort: Effort,
    /// Iterations of each value of an input that a flip rests on; those of the plan if these are fewer
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = OF_A_TRIAL, value_parser = RangedI64ValueParser::<u64>::new().range(512..=1_000_000_000))]
    iterations_of_a_trial: u64,
    /// Folder for flip.json; nothing is written unless given
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// What to print on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A threshold: `p=0.8`, `n=0.5`, or the number alone.
fn threshold(text: &str) -> Result<f64, String> {
    let wrong = || "a threshold is written p=0.8 for a probability, n=0.5 for a number".to_owned();
    let (probability, number) = match text.split_once('=') {
        Some(("p", number)) => (true, number),
        Some(("n", number)) => (false, number),
        Some(_) => return Err(wrong()),
        None => (false, text),
    };
    match number.trim().parse::<f64>() {
        Ok(p) if probability && !(p > 0.0 && p < 1.0) => Err("a probability lies between 0 and 1".to_owned()),
        Ok(x) if x.is_finite() && x >= 0.0 => Ok(x),
        _ => Err(wrong()),
    }
}

impl Flip {
    pub(super) fn execute(&self) -> Result<(), Failure> {
        let (plans, input) = self.plans()?;
        let subjects: Vec<Subject> =
            plans.iter().map(|plan| subject(plan, self.release.as_deref())).collect::<Result<_, _>>()?;
        let asked = match self.measure {
            Some(asked) => asked.into(),
            None if plans[0].releases.is_empty() => Asked::Live,
            None => Asked::Stays,
        };
        if asked == Asked::P80 {
            return Err(Failure::Usage(
                "flips are of a probability or a mean number: --measure live, stays, incidents or all".to_owned(),
            ));
        }
        let measures: Vec<Measure> = plans
            .iter()
            .zip(&subjects)
            .map(|(plan, subject)| measure(plan, subject, asked))
            .collect::<Result<_, _>>()?;
        let threshold = self.threshold.unwrap_or(0.0);
        if measures[0].scale == Scale::Probability && threshold >= 1.0 {
            return Err(Failure::Usage("the figure is a probability: say a threshold below 1, as in p=0.8".to_owned()));
        }
        let about = input.document.scenario()?.scenario;
        let (mut options, _, _) = self.effort.fixed(&about)?;
        options.iterations = options.iterations.min(self.iterations_of_a_trial);
        let question =
            Question { plans: &plans, measures: &measures, threshold, seed: self.effort.seed(&about), options };
        let bar = Progress::new(iterations_of(&question));
        let found = flips(&question, &|done| bar.add(done));
        bar.done();
        let found = found.map_err(|problem| Failure::failed(problem.to_string()))?;
        let json = export::json(&found);
        if let Some(folder) = &self.output {
            let files = [("flip.json", &json)];
            export::write_all(folder, &files).map_err(|problem| Failure::failed(problem.to_string()))?;
            note(&format!("1 file in {}", folder.display()));
        }
        match self.format {
            Format::Text => print(&flip_text::flip_text(&found, terminal_width())),
            Format::Json => print(&String::from_utf8_lossy(&json)),
        }
    }

    /// The plans asked about.
    fn plans(&self) -> Result<(Vec<Register>, Input), Failure> {
        let asked = match (self.plans.as_slice(), &self.plan, self.threshold) {
            ([], _, None) => {
                return Err(Failure::Usage(
                    "say what is to change: --plans A,B for their ranking, or --threshold p=0.8".to_owned(),
                ));
            }
            ([], Some(plan), _) => vec![plan.clone()],
            ([], None, _) => Input::read(&self.file, &[])?.plans.into_iter().take(1).collect(),
            ([a, b], ..) if a != b => vec![a.clone(), b.clone()],
            _ => return Err(Failure::Usage("a ranking is of two plans, as in --plans P1,P5".to_owned())),
        };
        let input = Input::read(&self.file, &asked)?;
        let (registers, _) = input.registers()?;
        Ok((registers, input))
    }
}

#[cfg(test)]
mod tests {
    use super::threshold;

    #[test]
    fn thresholds() {
        assert_eq!(threshold("p=0.8"), Ok(0.8));
        assert_eq!(threshold("n=1.5"), Ok(1.5));
        assert_eq!(threshold("0.25"), Ok(0.25));
        for wrong in ["p=1.2", "p=0", "q=0.5", "p", "n=-1", "p=nan", ""] {
            assert!(threshold(wrong).is_err(), "{wrong}");
        }
    }
}
