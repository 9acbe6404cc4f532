//! What drives a plan's figures: which inputs move them, which risks make them, what they rest on, what to learn first.
//!
//! | file | question |
//! |---|---|
//! | `inputs` | what is uncertain |
//! | `measure` | what is asked, as a number of each iteration |
//! | `tornado` | how far each input moves it from its P10 to its P90 |
//! | `shares` | how much of its variance each input could settle |
//! | `importance` | what each risk does when it surely happens and when it cannot |
//! | `learning` | what learning each input is worth for the choice between plans; what the movement rests on |
//! | `days`, `ways` | what takes the days between the planned date and P80 |
//! | `activities` | which activities drive the finish, and what merging paths adds |
//!
//! In: registers of the plans. Out: [`Drivers`]. Everything is run on common random numbers: a variant differs from the
//! plain run in one variable, and is compared with it iteration by iteration.

mod activities;
mod days;
mod importance;
mod inputs;
mod learning;
mod measure;
mod shares;
mod tornado;
mod ways;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::variation::Variation;
use crate::estimate::Figure;
use crate::program::Program;
use crate::register::{Basis, Register};
use crate::simulate::{
    Decision, Options, Sampled, Samples, ThreadsError, on_threads, sample, sample_in_chunks, sample_world,
};

pub use activities::{Activities, ActivityDriver, Merge, MergingPath, activities};
pub use days::{Days, DaysPart, PartKind, days};
pub use importance::{Component, ComponentKind, Importance, components, importance};
pub use inputs::{Input, InputKind, inputs};
pub use learning::{BasisShare, Learning, PlanBenefit, ValueOfLearning, value_of_everything, value_of_learning};
pub use measure::{Asked, Measure, Percentile80, Scale, Subject};
pub use shares::{InputShare, Shares};
pub use tornado::{Bar, P80Swing, value_in_words};

/// How much to run.
#[derive(Clone, Copy)]
pub struct Extent<'a> {
    /// Seed of every draw.
    pub seed: u64,
    /// The plain run: its iterations, threads and block.
    pub options: Options,
    /// Iterations of each variant; at most those of the plain run.
    pub of_a_variant: u64,
    /// Worlds; fewer than two leave out what knowledge could settle.
    pub worlds: u64,
    /// Iterations in each world.
    pub in_a_world: u64,
    /// Iterations told as stories, at most, for days and activities.
    pub told: u64,
    /// Is told how many more iterations are done.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// What drives a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drivers {
    /// Id of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Id of the plan.
    pub plan: String,
    /// Title of the plan.
    pub plan_title: String,
    /// The release asked about; `null` in a scenario without releases.
    pub release: Option<String>,
    /// The finish asked about, in a scenario without releases.
    pub finish: Option<String>,
    /// Seed of the run.
    pub seed: u64,
    /// Iterations of the plain run, which first-order shares and values of learning come from.
    pub iterations: u64,
    /// Iterations of each variant: every end of a tornado bar, every redrawn input, every risk switched.
    pub iterations_of_a_variant: u64,
    /// Number of worlds; 0 where they were left out.
    pub worlds: u64,
    /// Iterations in each world.
    pub iterations_in_a_world: u64,
    /// Every uncertain input.
    pub inputs: Vec<Input>,
    /// One entry for each measure.
    pub measures: Vec<MeasureDrivers>,
    /// What takes the days between the planned date and P80; `null` where P80 was not asked or there are none.
    pub days: Option<Days>,
    /// Activities; `null` in a scenario without any.
    pub activities: Option<Activities>,
    /// What learning is worth for the choice between plans; `null` with a single plan.
    pub learning: Option<ValueOfLearning>,
}

/// What drives one measure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasureDrivers {
    /// What is asked.
    pub measure: Asked,
    /// The figure in words.
    pub title: String,
    /// How numbers of iterations make it.
    pub scale: Scale,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// Mean of the numbers of iterations, plain run.
    pub figure: Figure,
    /// The 80th percentile; absent from other measures than `p80`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p80: Option<Percentile80>,
    /// The mean in the iterations of a variant: what the variants are to be compared with.
    pub as_it_varies: Figure,
    /// The 80th percentile there; absent from other measures than `p80`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p80_as_it_varies: Option<Percentile80>,
    /// Every input from its P10 to its P90, longest first.
    pub tornado: Vec<Bar>,
    /// Variance shares.
    pub shares: Shares,
    /// What counts as bad for the importance of risks, in words.
    pub bad: String,
    /// How probable, or how many, that is as things are, in the same iterations as the variants.
    pub p_bad: Figure,
    /// Importance of every risk, process and unit, most important first.
    pub importance: Vec<Importance>,
    /// What the movement rests on.
    pub by_basis: BTreeMap<Basis, BasisShare>,
}

/// What runs variants: a register, and what is kept of each iteration.
struct Bench<'a> {
    register: &'a Register,
    measures: &'a [Measure],
    values: Vec<Sampled>,
    extent: Extent<'a>,
}

impl Bench<'_> {
    fn variant(&self, variation: &Variation) -> Samples {
        self.program(&variation.program(self.register, self.extent.seed))
    }

    fn program(&self, program: &Program) -> Samples {
        let options = Options { iterations: self.extent.of_a_variant, ..self.extent.options };
        sample(program, &self.values, options, self.extent.progress)
    }
}

/// Iterations that [`drivers`] runs, for a measure of progress.
pub fn iterations_of(register: &Register, plans: usize, extent: &Extent<'_>) -> u64 {
    let variants = 3 * inputs(register).len() + 2 * components(register).len();
    let plain = extent.options.iterations.saturating_add(extent.worlds.saturating_mul(extent.in_a_world));
    let variants = (variants as u64).saturating_mul(extent.of_a_variant);
    plain.saturating_mul(plans as u64 + 1).saturating_add(variants)
}

/// What drives a plan. `measures` are of that plan; `plans` are all plans to choose between.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn drivers(
    register: &Register,
    subject: &Subject,
    mut measures: Vec<Measure>,
    plans: &[Register],
    extent: Extent<'_>,
) -> Result<Drivers, ThreadsError> {
    on_threads(extent.options.threads, move || {
        let program = Program::lower(register.clone(), extent.seed);
        let values: Vec<Sampled> = measures.iter().map(|m| m.sampled.clone()).collect();
        let plain = sample_in_chunks(&program, &values, extent.options, extent.progress);
        measures.iter_mut().zip(&plain).for_each(|(measure, sample)| measure.settle(sample));
        let bench = Bench { register, measures: &measures, values, extent };
        let inputs = inputs(register);
        let of_inputs: Vec<Vec<(Bar, InputShare)>> =
            inputs.par_iter().map(|input| of_input(&bench, &program, &plain, input)).collect();
        let of_components: Vec<Vec<Importance>> =
            components(register).par_iter().map(|component| of_component(&bench, &plain, component)).collect();
        let extent =
            Extent { worlds: if inputs.iter().any(Input::is_knowledge) { extent.worlds } else { 0 }, ..extent };
        let worlds = world_sums(&program, &bench, extent.worlds);
        let mut told = Vec::new();
        for (m, measure) in measures.iter().enumerate() {
            let numbers = measure.numbers(&plain[m]);
            let same = &plain[m][..extent.of_a_variant as usize];
            let (mut bars, shares): (Vec<Bar>, Vec<InputShare>) = of_inputs.iter().map(|of| of[m].clone()).unzip();
            tornado::sort(&mut bars, measure);
            let knowledge = shares::knowledge(&worlds[m], extent.in_a_world, shares::variance(&numbers));
            let shares = Shares::new(&numbers, knowledge, shares, &inputs);
            let mut importance: Vec<Importance> = of_components.iter().map(|of| of[m].clone()).collect();
            importance::sort(&mut importance);
            told.push(MeasureDrivers {
                measure: measure.asked,
                title: measure.title.clone(),
                scale: measure.scale,
                more_is_better: measure.more_is_better,
                figure: measure.figure(&numbers),
                p80: (measure.asked == Asked::P80).then(|| measure.percentile(&plain[m])),
                as_it_varies: measure.figure(&numbers[..same.len()]),
                p80_as_it_varies: (measure.asked == Asked::P80).then(|| measure.percentile(same)),
                by_basis: learning::by_basis(&inputs, &bars, &shares.inputs, |bar| bar.length(measure)),
                tornado: bars,
                shares,
                bad: measure.bad_words(),
                p_bad: measure::figure(&measure.bad(same), measure.bad_is_binary()),
                importance,
            });
        }
        let p80 = measures.iter().position(|m| m.asked == Asked::P80);
        let days = p80.and_then(|m| days(&program, subject, &plain[m], extent.told));
        let activities = activities(&program, subject, extent.told.min(extent.options.iterations));
        let learning = learning(plans, &measures, &told, extent);
        let id = |of: &Subject| match of {
            Subject::Release(r) => (Some(register.releases[*r].id.clone()), None),
            Subject::Finish(m) => (None, Some(register.measures[*m].id.clone())),
        };
        let (release, finish) = id(subject);
        Drivers {
            scenario: register.scenario.clone(),
            title: register.title.clone(),
            plan: register.plan.clone(),
            plan_title: register.plan_title.clone(),
            release,
            finish,
            seed: extent.seed,
            iterations: extent.options.iterations,
            iterations_of_a_variant: extent.of_a_variant,
            worlds: extent.worlds,
            iterations_in_a_world: if extent.worlds > 0 { extent.in_a_world } else { 0 },
            inputs,
            measures: told,
            days,
            activities,
            learning,
        }
    })
}

/// The bar and the variance shares of an input, measure by measure.
fn of_input(bench: &Bench<'_>, program: &Program, plain: &Samples, input: &Input) -> Vec<(Bar, InputShare)> {
    let (low, high) = (bench.variant(&input.at(input.p10)), bench.variant(&input.at(input.p90)));
    let redrawn = bench.variant(&Variation::Redrawn(input.path.clone()));
    let variable = if input.has_one_value() { program.variable(&input.path) } else { None };
    bench
        .measures
        .iter()
        .enumerate()
        .map(|(m, measure)| {
            let bar = tornado::bar(input, measure, m, &low, &high);
            let numbers = measure.numbers(&plain[m]);
            let share = InputShare {
                input: input.path.clone(),
                first_order: variable.as_ref().and_then(|v| shares::first_order(v, &numbers)),
                total: shares::total(&numbers, &measure.numbers(&redrawn[m])),
                of_knowledge: None,
            };
            (bar, share)
        })
        .collect()
}

/// The importance of a component, measure by measure.
fn of_component(bench: &Bench<'_>, plain: &Samples, component: &Component) -> Vec<Importance> {
    let (surely, surely_not) = component.programs(bench.register, bench.extent.seed);
    let surely = surely.map(|program| bench.program(&program));
    let surely_not = bench.program(&surely_not);
    let n = bench.extent.of_a_variant as usize;
    bench
        .measures
        .iter()
        .enumerate()
        .map(|(m, measure)| {
            let with = surely.as_ref().map(|samples| measure.bad(&samples[m]));
            let plain = measure.bad(&plain[m][..n]);
            let without = measure.bad(&surely_not[m]);
            importance(component, &plain, with.as_deref(), &without, measure.bad_is_binary())
        })
        .collect()
}

/// Sum and sum of squares of each world's numbers, measure by measure.
fn world_sums(program: &Program, bench: &Bench<'_>, worlds: u64) -> Vec<Vec<(f64, f64)>> {
    let Extent { in_a_world, progress, .. } = bench.extent;
    let of = |world: u64| -> Vec<(f64, f64)> {
        let samples = sample_world(program, &bench.values, world, in_a_world, progress);
        let sums = |numbers: Vec<f64>| (numbers.iter().sum(), numbers.iter().map(|y| y * y).sum());
        bench.measures.iter().zip(&samples).map(|(measure, sample)| sums(measure.numbers(sample))).collect()
    };
    let by_world: Vec<Vec<(f64, f64)>> = (0..worlds).into_par_iter().map(of).collect();
    (0..bench.measures.len()).map(|m| by_world.iter().map(|world| world[m]).collect()).collect()
}

/// The benefit that plans are chosen by: the one measure that was asked, if it is one of a plan; else that all of its
/// releases are live on their dates and stay.
fn benefit(measures: &[Measure], plans: &[Register]) -> (Decision, String) {
    let all = (Decision::AllLiveAndStay, "P(all releases of the plan live on their dates and stay)".to_owned());
    let [only] = measures else { return all };
    let Sampled::Decision(decision) = &only.sampled else { return all };
    let words = match decision {
        Decision::LiveOnTarget(id) => format!("P({id} live on the plan's date)"),
        Decision::LiveAndStays(id) => format!("P({id} live on the plan's date and stays)"),
        _ => only.title.clone(),
    };
    let has = |plan: &Register| match decision {
        Decision::LiveOnTarget(id) | Decision::LiveAndStays(id) => plan.releases.iter().any(|r| r.id == *id),
        _ => true,
    };
    if plans.iter().all(has) { (decision.clone(), words) } else { all }
}

/// What learning is worth for the choice between the plans; `None` where there is nothing to choose.
fn learning(
    plans: &[Register],
    measures: &[Measure],
    told: &[MeasureDrivers],
    extent: Extent<'_>,
) -> Option<ValueOfLearning> {
    if plans.len() < 2 || plans.iter().any(|plan| plan.releases.is_empty()) {
        return None;
    }
    let (decision, words) = benefit(measures, plans);
    let sign = if decision.more_is_better() { 1.0 } else { -1.0 };
    let binary = decision.is_probability();
    let more_is_better = decision.more_is_better();
    let values = [Sampled::Decision(decision)];
    let programs: Vec<Program> = plans.par_iter().map(|plan| Program::lower(plan.clone(), extent.seed)).collect();
    let oriented = |samples: Samples| -> Vec<f64> { samples.into_iter().flatten().map(|y| sign * y).collect() };
    let benefits: Vec<Vec<f64>> = programs
        .iter()
        .map(|program| oriented(sample_in_chunks(program, &values, extent.options, extent.progress)))
        .collect();
    let figures: Vec<Figure> =
        benefits.iter().map(|y| measure::figure(&y.iter().map(|y| sign * y).collect::<Vec<f64>>(), binary)).collect();
    let ids: Vec<String> = plans.iter().map(|plan| plan.plan.clone()).collect();
    let best = (1..plans.len())
        .fold(0, |best, p| if sign * figures[p].estimate > sign * figures[best].estimate { p } else { best });
    // An input of any of the plans, with the plan that has it.
    let mut known: Vec<(String, usize)> = Vec::new();
    for (p, plan) in plans.iter().enumerate() {
        for input in inputs(plan).into_iter().filter(Input::is_knowledge) {
            if known.iter().all(|(path, _)| *path != input.path) {
                known.push((input.path, p));
            }
        }
    }
    let of = |(path, plan): &(String, usize)| {
        let variable = programs[*plan].variable(path)?;
        let u: Vec<f64> = (0..extent.options.iterations).map(|t| variable.uniform(t)).collect();
        value_of_learning(path, &u, &benefits, &ids)
    };
    let mut inputs: Vec<Learning> = known.par_iter().filter_map(of).collect();
    learning::sort(&mut inputs, told.first().map_or(&[], |m| &m.shares.inputs));
    Some(ValueOfLearning {
        benefit: words,
        more_is_better,
        everything: everything(&programs, &values, best, sign, extent),
        plans: ids.iter().zip(figures).map(|(plan, figure)| PlanBenefit { plan: plan.clone(), figure }).collect(),
        best: ids[best].clone(),
        inputs,
    })
}

/// The value of learning everything, from the plans in the same worlds.
fn everything(programs: &[Program], values: &[Sampled], best: usize, sign: f64, extent: Extent<'_>) -> Option<f64> {
    let Extent { worlds, in_a_world, progress, .. } = extent;
    if worlds < 2 {
        return None;
    }
    let of = |world: u64| -> Vec<(f64, f64)> {
        let benefits: Vec<Vec<f64>> = programs
            .iter()
            .map(|program| sample_world(program, values, world, in_a_world, progress).into_iter().flatten().collect())
            .collect();
        let ahead = |benefit: &Vec<f64>| {
            let differences = benefit.iter().zip(&benefits[best]).map(|(a, b)| sign * (a - b));
            differences.fold((0.0, 0.0), |(sum, squares), d| (sum + d, squares + d * d))
        };
        benefits.iter().map(ahead).collect()
    };
    let by_world: Vec<Vec<(f64, f64)>> = (0..worlds).into_par_iter().map(of).collect();
    let by_plan: Vec<Vec<(f64, f64)>> =
        (0..programs.len()).filter(|p| *p != best).map(|p| by_world.iter().map(|world| world[p]).collect()).collect();
    value_of_everything(&by_plan, in_a_world)
}
