//! The outlook on condition of news, beside the outlook without it.
//!
//! In: a program, a [`Condition`] and how much to run. Out: a [`GivenOutlook`]: for every headline figure what it is given
//! the news, without it, and the difference with its error. Draws are conditioned on the part of the news for which that is
//! exact ([`Program::given`]); for the rest iterations are selected, and their number sets the error. From fewer than
//! [`LEAST_SELECTED`] nothing is said.

use std::fmt;

use serde::Serialize;

use super::condition::Condition;
use super::outlook::{Outlook, PlanOutlook};
use super::wording;
use crate::estimate::{Conditional, Figure, conditional_difference, proportion};
use crate::program::{Fact, Program};
use crate::register::Effect;
use crate::simulate::{Joint, Options, Selected, Selection, ThreadsError, simulate_selected};

/// Fewest selected iterations that figures are made of: a probability of one half is then known to ±0.05.
pub const LEAST_SELECTED: u64 = 400;

/// An outlook with news and without it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GivenOutlook {
    /// Id of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Seed of every draw.
    pub seed: u64,
    /// The news.
    pub news: String,
    /// Number of iterations, of the plain run and of that given the news.
    pub iterations: u64,
    /// Iterations that the figures given the news are made of.
    pub selected: u64,
    /// Probability of the news.
    pub p_news: Figure,
    /// Risks whose draw was conditioned on the news; the rest of it, if any, was selected by.
    pub conditioned: Vec<ConditionedDraw>,
    /// Whether iterations were selected.
    pub by_selection: bool,
    /// Headline figures.
    pub figures: Vec<GivenFigure>,
    /// The whole outlook of the plan given the news, from the selected iterations.
    pub given: PlanOutlook,
    /// The whole outlook of the plan without it.
    pub without: PlanOutlook,
}

/// A draw that was conditioned on news.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConditionedDraw {
    /// Id of the risk.
    pub risk: String,
    /// Whether the news is that it occurred.
    pub occurred: bool,
    /// Probability of that, exactly.
    pub probability: f64,
}

/// A headline figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GivenFigure {
    /// Its name: `SEC.p_live_on_target`.
    pub measure: String,
    /// The release, scope item or nothing that it is about.
    pub about: Option<String>,
    /// In words: `live on 4 Nov 2021`.
    pub text: String,
    /// Given the news.
    pub given: Figure,
    /// Without it.
    pub without: Figure,
    /// The one less the other.
    pub difference: Figure,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum GivenError {
    /// The threads could not be started.
    Threads(ThreadsError),
    /// The news came in too few iterations.
    TooFew {
        /// The news.
        news: String,
        /// In how many it came.
        selected: u64,
        /// Of how many.
        iterations: u64,
    },
}

impl fmt::Display for GivenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threads(problem) => problem.fmt(f),
            Self::TooFew { news, selected, iterations } => {
                let often = if *selected == 0 { "none".to_owned() } else { wording::count(*selected) };
                write!(
                    f,
                    "`{news}` comes in {often} of {} iterations; {LEAST_SELECTED} are needed for figures worth their \
                     error. Allow more iterations with --at-most, or ask for less",
                    wording::count(*iterations)
                )
            }
        }
    }
}

impl std::error::Error for GivenError {}

/// The outlook given news: at least `options.iterations`, and more, up to `most_iterations`, where too few are selected.
///
/// # Errors
/// When the news comes in too few of the most iterations.
pub fn given(
    program: &Program,
    news: &Condition,
    options: Options,
    most_iterations: u64,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<GivenOutlook, GivenError> {
    let (draws, parts) = about_draws(&news.fact);
    let conditioned = program.given(&draws);
    let left: Vec<Fact> = conditioned
        .probabilities
        .iter()
        .zip(&draws)
        .filter(|(probability, _)| probability.is_none())
        .map(
            |(_, (risk, occurred))| {
                if *occurred { Fact::Occurred(*risk) } else { Fact::Not(Box::new(Fact::Occurred(*risk))) }
            },
        )
        .chain(parts)
        .collect();
    let by_selection = !left.is_empty();
    let exact = conditioned.probabilities.iter().any(Option::is_some);
    let headlines = headlines(program);
    let facts: Vec<Fact> = headlines.iter().map(|h| h.fact.clone()).collect();
    let left = Fact::All(left);
    let selection = Selection {
        plain: program,
        conditioned: exact.then_some(&conditioned.program),
        news: &left,
        facts: &facts,
        least_selected: LEAST_SELECTED,
        most_iterations,
    };
    let run = simulate_selected(&selection, options, progress).map_err(GivenError::Threads)?;
    let text = wording::plain(&news.text, 200);
    if run.selected < LEAST_SELECTED {
        return Err(GivenError::TooFew { news: text, selected: run.selected, iterations: run.iterations });
    }
    let known: f64 = conditioned.probabilities.iter().flatten().product();
    let register = program.register();
    let risks = draws.iter().zip(&conditioned.probabilities);
    let outlooks = |tally| super::outlook(&[(program, tally)]);
    let (with, without): (Outlook, Outlook) = (outlooks(&run.given), outlooks(&run.plain));
    Ok(GivenOutlook {
        scenario: with.scenario,
        title: with.title,
        seed: with.seed,
        news: text,
        iterations: run.iterations,
        selected: run.selected,
        p_news: scaled(by_selection.then(|| proportion(run.selected, run.iterations)), known),
        conditioned: risks
            .filter_map(|(&(risk, occurred), probability)| {
                let risk = register.risks[risk].id.clone();
                Some(ConditionedDraw { risk, occurred, probability: (*probability)? })
            })
            .collect(),
        by_selection,
        figures: headlines.into_iter().zip(&run.joint).map(|(headline, joint)| headline.figure(&run, joint)).collect(),
        given: with.plans.into_iter().next().expect("one plan was run"),
        without: without.plans.into_iter().next().expect("one plan was run"),
    })
}

/// The probability of the news: the exact part times the selected one.
fn scaled(share: Option<Figure>, known: f64) -> Figure {
    match share {
        None => Figure::new(known, 0.0, [known; 2]),
        Some(f) => {
            let [low, high] = f.interval;
            Figure::new(known * f.estimate, known * f.standard_error, [known * low, known * high])
        }
    }
}

/// News that all has to hold, as whether risks occurred, and the rest.
fn about_draws(news: &Fact) -> (Vec<(usize, bool)>, Vec<Fact>) {
    let mut open = vec![news];
    let (mut draws, mut rest) = (Vec::new(), Vec::new());
    while let Some(fact) = open.pop() {
        match fact {
            Fact::All(parts) => open.extend(parts.iter().rev()),
            Fact::Occurred(risk) => draws.push((*risk, true)),
            Fact::Not(part) => match &**part {
                Fact::Occurred(risk) => draws.push((*risk, false)),
                Fact::Not(twice) => open.push(twice),
                _ => rest.push(fact.clone()),
            },
            other => rest.push(other.clone()),
        }
    }
    (draws, rest)
}

/// A headline figure: its name, words and fact.
struct Headline {
    measure: String,
    about: Option<String>,
    text: String,
    fact: Fact,
}

impl Headline {
    fn figure(self, run: &Selected, joint: &Joint) -> GivenFigure {
        let Joint { given, plain, plain_selected, both } = *joint;
        let (iterations, selected) = (run.iterations, run.selected);
        GivenFigure {
            measure: self.measure,
            about: self.about,
            text: self.text,
            given: proportion(given, selected),
            without: proportion(plain, iterations),
            difference: conditional_difference(Conditional {
                iterations,
                selected,
                given,
                plain,
                plain_selected,
                both,
            }),
        }
    }
}

/// Everything that news is shown to change.
fn headlines(program: &Program) -> Vec<Headline> {
    let register = program.register();
    let mut all = Vec::new();
    for (r, release) in register.releases.iter().enumerate() {
        // Of a release that is ready for the gate of its date; where it is not, neither holds.
        let mut add = |measure: &str, text: String, fact| {
            let measure = format!("{}.{measure}", release.id);
            all.push(Headline { measure, about: Some(release.id.clone()), text, fact });
        };
        if let Some((window, day)) = gate_of_target(program, r) {
            add("p_go_for_target", format!("Go on {day}"), Fact::Go(r, window));
            add("p_no_go_for_target", format!("No-Go on {day}"), Fact::NoGo(r, Some(window)));
        }
        let target = wording::short_date(release.target);
        add("p_live_on_target", format!("live on {target}"), Fact::OnTarget(r));
        add("p_live_on_target_and_stays", "and stays live".to_owned(), Fact::KeptOnTarget(r));
        add("p_backed_out", "backed out".to_owned(), Fact::BackedOut(r));
        if release.consent.is_some() {
            add("p_consent_needed", "consent needed".to_owned(), Fact::Consent(r));
        }
        add("p_not_live_by_horizon", "not live by the horizon".to_owned(), Fact::NotLive(r));
    }
    let mut add = |measure: String, about: Option<&str>, text: String, fact| {
        all.push(Headline { measure, about: about.map(str::to_owned), text, fact });
    };
    if register.releases.len() > 1 {
        let fact = Fact::All((0..register.releases.len()).map(Fact::KeptOnTarget).collect());
        add("p_all_live_on_target_and_stay".to_owned(), None, "all live on their dates and stay".to_owned(), fact);
    }
    let effects = || register.risks.iter().flat_map(crate::register::Risk::all_effects);
    if !register.releases.is_empty() && effects().any(|e| matches!(e, Effect::Incident(..) | Effect::Rate(..))) {
        let text = "an extra incident of category 1 or 2".to_owned();
        add("p_extra_category_1_or_2".to_owned(), None, text, Fact::SeriousIncident);
    }
    for (i, item) in register.scope.iter().enumerate() {
        if effects().any(|e| matches!(e, Effect::Drop(dropped) if *dropped == i)) {
            add(format!("{}.p_ships", item.id), Some(&item.id), "ships".to_owned(), Fact::Ships(i));
        }
    }
    for (m, measure) in register.measures.iter().enumerate() {
        if let Some(days) = measure.target {
            let text = format!("finished by day {}", wording::days(days));
            add(format!("{}.p_by_target", measure.id), Some(&measure.id), text, Fact::Finished(m, days));
        }
    }
    all
}

/// The window of a release's date and the day of the first gate before it, if criteria can stop it.
fn gate_of_target(program: &Program, release: usize) -> Option<(usize, String)> {
    let register = program.register();
    let target = register.releases[release].target_day;
    let window = program.windows().iter().position(|day| *day == target)?;
    let criteria = register.criteria.iter().filter(|c| c.releases >> release & 1 == 1);
    let before = criteria.map(|c| c.gate_days_before).reduce(f64::max)?;
    let day = crate::math::floor(f64::from(target) - before) as i32;
    Some((window, wording::short_date(register.dates?.zero.date(day)?)))
}
