//! The register without responses, as things stand, and with all responses, side by side; and what each response does.
//!
//! In: one plan run in these three states, and once for each response with that response alone the other way round, on
//! common random numbers. Out: how often each risk occurs and what the committee decides by in the three states, and for
//! each response its effect on every headline figure: *with it, less without it*, everything else as things stand.

mod words;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

pub use self::words::ResponseChange;
use super::outlook::{BasisCount, DatePercentile, InputWorlds, Outlook};
use super::runs::Runs;
use super::together::separable;
use crate::estimate::{Figure, Z};
use crate::program::Program;
use crate::register::QuantityId;
use crate::scenario::{Document, file::ScenarioFile, natural_order};
use crate::simulate::{Decision, Options, Precision, ThreadsError, simulate_numbers};

/// The states of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// No response taken.
    Inherent,
    /// Those in place and those of the plan taken.
    Current,
    /// All responses taken.
    Residual,
}

impl State {
    /// The states in the order in which they are run.
    pub const ALL: [Self; 3] = [Self::Inherent, Self::Current, Self::Residual];
}

/// One value for each state.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct States<T> {
    /// Without any response.
    pub inherent: T,
    /// As things stand.
    pub current: T,
    /// With all responses.
    pub residual: T,
}

impl<T> States<T> {
    fn of(mut of: impl FnMut(usize) -> T) -> Self {
        Self { inherent: of(0), current: of(1), residual: of(2) }
    }

    /// The values in order.
    pub fn each(&self) -> [&T; 3] {
        [&self.inherent, &self.current, &self.residual]
    }
}

/// A plan's responses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResponsesOutlook {
    /// Id of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Id of the plan.
    pub plan: String,
    /// Title of the plan.
    pub plan_title: String,
    /// Seed of every run.
    pub seed: u64,
    /// Iterations of each run.
    pub iterations: u64,
    /// How well the decision figures were to be known, in a run that went on until they were; `null` in other runs.
    pub precision: Option<Precision>,
    /// What the input intervals come from; `null` where they were left out.
    pub inputs: Option<InputWorlds>,
    /// "Stays live" means not reversed within this many days.
    pub stays_days: u32,
    /// Unit of costs; `null` if the scenario does not say.
    pub cost_unit: Option<String>,
    /// How many of the uncertain numbers in force as things stand rest on what.
    pub basis: BasisCount,
    /// What is decided by, in the three states.
    pub headlines: Vec<Headline>,
    /// P80 of the go-live date of each release, in the three states.
    pub go_live_p80: Vec<GoLive<States<DatePercentile>>>,
    /// The register.
    pub risks: Vec<RiskStates>,
    /// The responses, in the order of their ids.
    pub responses: Vec<ResponseOutlook>,
}

/// A decision figure in the three states.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Headline {
    /// The decision figure.
    pub measure: String,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// Whether it is a probability rather than a mean number.
    pub probability: bool,
    /// In each state.
    pub figures: States<Figure>,
    /// What the responses taken do: current less inherent.
    pub taken: Effect,
    /// What the others would do: residual less current.
    pub left: Effect,
}

/// A paired difference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Effect {
    /// The difference, with both uncertainties.
    #[serde(flatten)]
    pub difference: Figure,
    /// Whether it can be told from 0: both intervals exclude it.
    pub separable: bool,
    /// Whether there is none in any iteration.
    pub identical: bool,
}

/// Something about the go-live of a release.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GoLive<T> {
    /// Id of the release.
    pub release: String,
    /// What.
    #[serde(flatten)]
    pub p80: T,
}

/// A risk in the three states.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RiskStates {
    /// Id of the risk.
    pub id: String,
    /// Title of the risk.
    pub title: String,
    /// Who owns it.
    pub owner: Option<String>,
    /// Probability that it occurs on at least one occasion; `null` where it is not in force.
    pub p_occurs: States<Option<Figure>>,
    /// Mean over its inputs of its probability on one occasion, where that is not the same in all states; `null`
    /// otherwise, and `null` in a state where it is not in force.
    pub probability: Option<States<Option<Figure>>>,
    /// Current less inherent, where it is in force in both.
    pub taken: Option<Effect>,
    /// Residual less current, where it is in force in both.
    pub left: Option<Effect>,
}

impl RiskStates {
    /// Whether any response changes anything about it.
    pub fn changes(&self) -> bool {
        let moved = |effect: &Option<Effect>| effect.is_none_or(|e| !e.identical);
        self.probability.is_some() || moved(&self.taken) || moved(&self.left)
    }
}

/// A response.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResponseOutlook {
    /// Id of the response.
    pub id: String,
    /// What is done.
    pub title: String,
    /// Who does it.
    pub owner: Option<String>,
    /// By when it must be decided.
    pub by: Option<Date>,
    /// Whether it is taken as things stand.
    pub taken: bool,
    /// What it changes.
    pub changes: Vec<ResponseChange>,
    /// Risks that are otherwise conditional on it.
    pub asked_by: Vec<String>,
    /// What it costs, the mean; `null` where it is not priced.
    pub price: Option<Figure>,
    /// Its effect on each headline figure.
    pub effects: Vec<ResponseEffect>,
    /// P80 of the go-live date of each release with and without it.
    pub go_live_p80: Vec<GoLive<WithAndWithout>>,
}

impl ResponseOutlook {
    /// Whether it changes no headline figure in any iteration.
    pub fn changes_nothing(&self) -> bool {
        self.effects.iter().all(|e| e.effect.identical)
    }
}

/// The effect of a response on one figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResponseEffect {
    /// The decision figure.
    pub measure: String,
    /// With the response, less without it.
    #[serde(flatten)]
    pub effect: Effect,
    /// Improvement by each unit of its price; `null` where it is not priced, free, or the figure is a cost itself.
    pub benefit_per_cost: Option<Figure>,
}

/// A percentile with a response and without it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WithAndWithout {
    /// With it.
    pub with: DatePercentile,
    /// Without it.
    pub without: DatePercentile,
}

/// Means of numbers that go into the three states.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InputMeans {
    /// State by state: probabilities of risks by id.
    probabilities: [BTreeMap<String, Figure>; 3],
    /// Prices of responses by id.
    prices: BTreeMap<String, Figure>,
}

/// The means of probabilities and prices over the iterations of a run, from the programs of the three states.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn input_means(
    programs: &[Program],
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<InputMeans, ThreadsError> {
    let mut means = InputMeans::default();
    for (state, program) in programs.iter().take(3).enumerate() {
        let register = program.register();
        let risks: Vec<(&String, QuantityId)> = register.risks.iter().map(|r| (&r.id, r.probability)).collect();
        let prices: Vec<(&String, QuantityId)> = match State::ALL[state] {
            State::Residual => register.response_costs.iter().map(|c| (&c.response, c.cost)).collect(),
            _ => Vec::new(),
        };
        let numbers: Vec<QuantityId> = risks.iter().chain(&prices).map(|(_, number)| *number).collect();
        let sums = simulate_numbers(program, &numbers, options, progress)?;
        for (place, ((id, number), sum)) in risks.iter().chain(&prices).zip(&sums).enumerate() {
            // Sums are rounded to fixed point; what is certain need not be.
            let bounds = register.quantities[*number].bounds;
            let certain = (bounds.low == bounds.high).then(|| Figure::new(bounds.low, 0.0, [bounds.low; 2]));
            let Some(mean) = certain.or_else(|| sum.mean().map(|m| m.mean)) else { continue };
            let into = if place < risks.len() { &mut means.probabilities[state] } else { &mut means.prices };
            into.insert((*id).clone(), mean);
        }
    }
    Ok(means)
}

/// The outlook of a plan's responses.
///
/// `runs` and `outlook` are of the three states in order, then of the plan with each response (in natural order of their
/// ids) the other way round. `document` is the scenario as written, `file` the scenario as it stands under the plan.
pub fn responses(
    document: &Document,
    file: &ScenarioFile,
    outlook: &Outlook,
    runs: &Runs<'_>,
    means: &InputMeans,
) -> ResponsesOutlook {
    let current = &outlook.plans[1];
    let ids = natural_order(file.responses.keys());
    let basis = runs.programs[1].register().basis;
    let headlines: Vec<(usize, &Decision)> =
        runs.decisions.iter().enumerate().filter(|(_, d)| is_headline(d) && d.is_of(&runs.programs[1])).collect();
    ResponsesOutlook {
        scenario: outlook.scenario.clone(),
        title: outlook.title.clone(),
        plan: current.id.clone(),
        plan_title: current.title.clone(),
        seed: outlook.seed,
        iterations: outlook.iterations,
        precision: outlook.precision,
        inputs: outlook.inputs,
        stays_days: outlook.stays_days,
        cost_unit: file.scenario.cost_unit.clone(),
        basis: BasisCount {
            stated: basis.stated,
            derived: basis.derived,
            base_rate: basis.base_rate,
            assumed: basis.assumed,
        },
        headlines: headlines
            .iter()
            .map(|(d, decision)| Headline {
                measure: decision.name(),
                more_is_better: decision.more_is_better(),
                probability: decision.is_probability(),
                figures: States::of(|state| runs.figure(state, *d)),
                taken: effect(runs, 1, 0, *d),
                left: effect(runs, 2, 1, *d),
            })
            .collect(),
        go_live_p80: (0..current.releases.len())
            .map(|r| GoLive {
                release: current.releases[r].id.clone(),
                p80: States::of(|state| outlook.plans[state].releases[r].go_live.p80),
            })
            .collect(),
        risks: natural_order(file.risks.keys()).into_iter().filter_map(|id| risk(file, runs, means, id)).collect(),
        responses: ids
            .into_iter()
            .enumerate()
            .map(|(place, id)| response(document, file, outlook, runs, means, &headlines, (id, 3 + place)))
            .collect(),
    }
}

/// What a committee reads first.
fn is_headline(decision: &Decision) -> bool {
    matches!(
        decision,
        Decision::LiveOnTarget(_)
            | Decision::LiveAndStays(_)
            | Decision::AllLiveAndStay
            | Decision::Missed
            | Decision::SeriousIncidents
            | Decision::Cost
            | Decision::DaysInIncidents
            | Decision::DaysInExtraIncidents
    )
}

fn effect(runs: &Runs<'_>, with: usize, without: usize, decision: usize) -> Effect {
    let difference = runs.difference(with, without, decision);
    let squares = runs.paired.squares(with, without, decision);
    let identical = squares == 0.0 && runs.worlds.iter().all(|w| w.paired.squares(with, without, decision) == 0.0);
    Effect { difference, separable: !identical && squares > 0.0 && separable(&difference), identical }
}

/// A risk that is in force in any state.
fn risk(file: &ScenarioFile, runs: &Runs<'_>, means: &InputMeans, id: &str) -> Option<RiskStates> {
    let decision = runs.place(&Decision::Occurs(id.to_owned()))?;
    let about = &file.risks[id];
    let in_force = |state: usize| runs.decisions[decision].is_of(&runs.programs[state]);
    let between = |with: usize, without: usize| {
        (in_force(with) && in_force(without)).then(|| effect(runs, with, without, decision))
    };
    let mean = |state: usize| means.probabilities[state].get(id).copied();
    let differs = (1..3).any(|state| mean(state).map(|m| m.estimate) != mean(0).map(|m| m.estimate));
    Some(RiskStates {
        id: id.to_owned(),
        title: about.title.clone(),
        owner: about.owner.clone(),
        p_occurs: States::of(|state| in_force(state).then(|| runs.figure(state, decision))),
        probability: differs.then(|| States::of(mean)),
        taken: between(1, 0),
        left: between(2, 1),
    })
}

fn response(
    document: &Document,
    file: &ScenarioFile,
    outlook: &Outlook,
    runs: &Runs<'_>,
    means: &InputMeans,
    headlines: &[(usize, &Decision)],
    (id, toggled): (&str, usize),
) -> ResponseOutlook {
    let about = &file.responses[id];
    let taken = about.taken == Some(true);
    // As things stand is program 1.
    let (with, without) = if taken { (1, toggled) } else { (toggled, 1) };
    let price = means.prices.get(id).copied();
    let current = &outlook.plans[1];
    ResponseOutlook {
        id: id.to_owned(),
        title: about.title.clone(),
        owner: about.owner.clone(),
        by: about.by.map(|d| d.0),
        taken,
        changes: words::changes(document, file, id),
        asked_by: words::asked_by(file, id),
        price,
        effects: headlines
            .iter()
            .map(|(d, decision)| {
                let effect = effect(runs, with, without, *d);
                ResponseEffect {
                    measure: decision.name(),
                    benefit_per_cost: price
                        .filter(|price| price.estimate > 0.0 && **decision != Decision::Cost)
                        .map(|price| per_cost(&effect.difference, decision.more_is_better(), &price)),
                    effect,
                }
            })
            .collect(),
        go_live_p80: (0..current.releases.len())
            .map(|r| GoLive {
                release: current.releases[r].id.clone(),
                p80: WithAndWithout {
                    with: outlook.plans[with].releases[r].go_live.p80,
                    without: outlook.plans[without].releases[r].go_live.p80,
                },
            })
            .collect(),
    }
}

/// The improvement of a figure by each unit of a price. The price is drawn from inputs of its own, so that the two
/// sampling errors add up as if independent.
fn per_cost(difference: &Figure, more_is_better: bool, price: &Figure) -> Figure {
    let sign = if more_is_better { 1.0 } else { -1.0 };
    let cost = price.estimate;
    let scaled = |[low, high]: [f64; 2]| {
        let (a, b) = (sign * low / cost, sign * high / cost);
        [a.min(b), a.max(b)]
    };
    let estimate = sign * difference.estimate / cost;
    let of_price = estimate * price.standard_error / cost;
    let of_difference = difference.standard_error / cost;
    let standard_error = (of_difference * of_difference + of_price * of_price).sqrt();
    let interval = if price.standard_error == 0.0 {
        scaled(difference.interval)
    } else {
        [estimate - Z * standard_error, estimate + Z * standard_error]
    };
    let mut figure = Figure::new(estimate, standard_error, interval);
    figure.inputs_interval = difference.inputs_interval.map(scaled);
    figure
}
