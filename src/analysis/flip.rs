//! What would change the answer: for each input the smallest change that reverses the ranking of two plans, or takes a
//! figure of one plan across a threshold.
//!
//! With an input at x on all of its paths and everything else as it varies, g(x) is the mean of the first plan's number
//! less the second's, or of one plan's less the threshold. The answer now is the sign of g with the input as it varies.
//! It flips where g has the other sign; of all such values the nearest to the input's median is sought.
//!
//! 1. g is tried at nine values of the input's range (its support; P0.1 to P99.9 where that has no end), with few
//!    iterations. An input whose g is nowhere near 0 is done: no value tried in its range flips the answer. One whose
//!    iterations are all the same at both ends and in the middle makes no difference.
//! 2. The others are tried with all iterations. Between the two neighbouring values nearest to the median of which one
//!    keeps the answer and the other does not, the root is found by false position (Illinois variant, Dowell & Jarratt
//!    1971), with a bisection where that is slow. All trials see the same iterations, so that g is one function.
//! 3. The root has the standard error of g there over the slope of g, from two values on either side.
//!
//! Of a distribution of separate values, those are tried, and the nearest that flips the answer is told, without error.
//! Nine values can miss a flip and a return between two of them: g is taken to have no such waves.

use rayon::prelude::*;
use serde::Serialize;

use super::drivers::{Input, Measure, Scale, inputs};
use crate::estimate::{Figure, Z, paired_difference};
use crate::register::Register;
use crate::simulate::{Options, Sampled, ThreadsError, on_threads, sample};

/// Iterations of the first look.
const FEW: u64 = 8192;

/// How many standard errors from 0 are no longer near it.
const NEAR: f64 = 4.0;

/// Most trials of a root.
const TRIALS: usize = 24;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// One plan, or two whose difference is looked at.
    pub plans: &'a [Register],
    /// The number of an iteration, plan by plan.
    pub measures: &'a [Measure],
    /// What the figure of a single plan is compared with; 0 for two plans.
    pub threshold: f64,
    /// Seed of every draw.
    pub seed: u64,
    /// How to run.
    pub options: Options,
}

/// What would change the answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flips {
    /// Id of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Ids of the plans: two to be ranked, or the one that is compared with the threshold.
    pub plans: Vec<String>,
    /// The figure, in words.
    pub figure: String,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// The threshold; `null` for two plans.
    pub threshold: Option<f64>,
    /// Seed of the run.
    pub seed: u64,
    /// Iterations of each trial that a root rests on.
    pub iterations: u64,
    /// The answer now: the first plan's figure less the second's, or less the threshold.
    pub now: Figure,
    /// Each input, the most easily flipped first.
    pub inputs: Vec<InputFlip>,
}

/// What an input can do to the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// A value in its range changes the answer.
    Flips,
    /// No value tried in its range does.
    Never,
    /// Every iteration is the same at both ends and in the middle of its range.
    NoDifference,
}

/// What an input would have to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputFlip {
    /// The input.
    #[serde(flatten)]
    pub input: Input,
    /// Range of values tried.
    pub range: [f64; 2],
    /// What it can do.
    pub verdict: Verdict,
    /// The value at which the answer changes; `null` where none does.
    pub flip: Option<Root>,
    /// What was tried: values with the answer there, in order.
    pub tried: Vec<Trial>,
}

/// The answer with an input at a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Trial {
    /// Value of the input.
    pub value: f64,
    /// The answer: a difference of plans, or to the threshold.
    pub answer: Figure,
    /// Iterations it rests on.
    pub iterations: u64,
}

/// A value at which the answer changes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Root {
    /// The value.
    pub value: f64,
    /// Its standard error; `null` for separate values.
    pub standard_error: Option<f64>,
    /// Its 95% interval; an end is `null` where it lies outside the range.
    pub interval: [Option<f64>; 2],
    /// How far from the input's median.
    pub change: f64,
    /// Whether the answer changes above the value; below it otherwise.
    pub above: bool,
    /// Probability of the input's being on the side on which the answer is another.
    pub p_beyond: f64,
    /// How often else the answer changes over the values tried.
    pub other_crossings: u64,
}

/// g at values of one input.
struct Answer<'a> {
    question: &'a Question<'a>,
    input: &'a Input,
    values: Vec<Sampled>,
    progress: &'a (dyn Fn(u64) + Sync),
}

impl Answer<'_> {
    /// The numbers behind g, iteration by iteration; plain where no value is given.
    fn differences(&self, value: Option<f64>, iterations: u64) -> Vec<f64> {
        let question = self.question;
        let numbers = |plan: usize| -> Vec<f64> {
            let register = &question.plans[plan];
            let program = match value {
                Some(value) => self.input.at(value).program(register, question.seed),
                None => crate::program::Program::lower(register.clone(), question.seed),
            };
            let options = Options { iterations, ..question.options };
            let samples = sample(&program, std::slice::from_ref(&self.values[plan]), options, self.progress);
            question.measures[plan].numbers(&samples[0])
        };
        let first = numbers(0);
        if question.plans.len() == 1 {
            return first;
        }
        first.iter().zip(numbers(1)).map(|(a, b)| a - b).collect()
    }

    fn figure(&self, differences: &[f64]) -> Figure {
        let n = differences.len() as u64;
        let binary = self.question.measures[0].scale == Scale::Probability;
        if self.question.plans.len() == 1 {
            let figure = self.question.measures[0].figure(differences);
            let t = self.question.threshold;
            let [low, high] = figure.interval;
            return Figure::new(figure.estimate - t, figure.standard_error, [low - t, high - t]);
        }
        let squares = differences.iter().map(|d| d * d).sum();
        paired_difference(differences.iter().sum(), 0.0, squares, n, binary)
    }

    fn trial(&self, value: f64, iterations: u64) -> Trial {
        Trial { value, answer: self.figure(&self.differences(Some(value), iterations)), iterations }
    }
}

/// Iterations that [`flips`] runs at least, for a measure of progress.
pub fn iterations_of(question: &Question<'_>) -> u64 {
    let inputs = all_inputs(question.plans).len() as u64;
    inputs * 3 * FEW.min(question.options.iterations) * question.plans.len() as u64
}

/// What would change the answer, input by input.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn flips(question: &Question<'_>, progress: &(dyn Fn(u64) + Sync)) -> Result<Flips, ThreadsError> {
    let all = all_inputs(question.plans);
    let values: Vec<Sampled> = question.measures.iter().map(|m| m.sampled.clone()).collect();
    on_threads(question.options.threads, || {
        let answer = |input| Answer { question, input, values: values.clone(), progress };
        let now = match all.first() {
            Some(input) => {
                let plain = answer(input);
                plain.figure(&plain.differences(None, question.options.iterations))
            }
            None => Figure::new(0.0, 0.0, [0.0, 0.0]),
        };
        let mut inputs: Vec<InputFlip> = all.par_iter().map(|input| flip(&answer(input), now.estimate)).collect();
        let key = |f: &InputFlip| match f.verdict {
            Verdict::Flips => (0, -f.flip.map_or(0.0, |r| r.p_beyond)),
            Verdict::Never => (1, 0.0),
            Verdict::NoDifference => (2, 0.0),
        };
        inputs.sort_by(|a, b| key(a).0.cmp(&key(b).0).then(key(a).1.total_cmp(&key(b).1)));
        let first = &question.plans[0];
        Flips {
            scenario: first.scenario.clone(),
            title: first.title.clone(),
            plans: question.plans.iter().map(|plan| plan.plan.clone()).collect(),
            figure: question.measures[0].title.clone(),
            more_is_better: question.measures[0].more_is_better,
            threshold: (question.plans.len() == 1).then_some(question.threshold),
            seed: question.seed,
            iterations: question.options.iterations,
            now,
            inputs,
        }
    })
}

/// The inputs of one or two plans; of one that both have, as in the first.
fn all_inputs(plans: &[Register]) -> Vec<Input> {
    let mut all: Vec<Input> = Vec::new();
    for input in plans.iter().flat_map(inputs) {
        if all.iter().all(|known| known.path != input.path) {
            all.push(input);
        }
    }
    all
}

/// The values tried of an input, in order, and its range.
fn values_of(input: &Input) -> (Vec<f64>, [f64; 2]) {
    const TAIL: f64 = 0.001;
    let d = &input.distribution;
    let (low, high) = d.support();
    let low = if low.is_finite() { low } else { d.quantile(TAIL) };
    let high = if high.is_finite() { high } else { d.quantile(1.0 - TAIL) };
    let mut values: Vec<f64> = if d.is_discrete() {
        let between = (1..64).map(|k| d.quantile(f64::from(k) / 64.0));
        [low, high].into_iter().chain(between).collect()
    } else {
        let [p10, p25, p50, p75, p90] = [0.1, 0.25, 0.5, 0.75, 0.9].map(|q| d.quantile(q));
        vec![low, f64::midpoint(low, p10), p10, p25, p50, p75, p90, f64::midpoint(p90, high), high]
    };
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    (values, [low, high])
}

fn flip(answer: &Answer<'_>, now: f64) -> InputFlip {
    let input = answer.input;
    let (values, range) = values_of(input);
    let all = answer.question.options.iterations;
    let few = FEW.min(all);
    let of = |verdict, flip, tried| InputFlip { input: input.clone(), range, verdict, flip, tried };
    let look = |value: &f64| (*value, answer.differences(Some(*value), few));
    // What is the same at both ends and in the middle is taken to be so between.
    let thirds: Vec<f64> = [0, values.len() / 2, values.len() - 1].map(|place| values[place]).to_vec();
    let looks: Vec<(f64, Vec<f64>)> = thirds.iter().map(look).collect();
    let trial = |(value, look): &(f64, Vec<f64>)| Trial { value: *value, answer: answer.figure(look), iterations: few };
    if looks.windows(2).all(|pair| pair[0].1 == pair[1].1) {
        return of(Verdict::NoDifference, None, looks.iter().map(trial).collect());
    }
    let mut trials: Vec<Trial> = values.iter().map(|value| trial(&look(value))).collect();
    let sign = if now < 0.0 { -1.0 } else { 1.0 };
    let near = |trial: &Trial| sign * trial.answer.estimate < NEAR * trial.answer.standard_error;
    if now == 0.0 || !trials.iter().any(near) {
        return of(Verdict::Never, None, trials);
    }
    if few < all {
        trials = values.iter().map(|value| answer.trial(*value, all)).collect();
    }
    let keeps = |trial: &Trial| sign * trial.answer.estimate > 0.0;
    let crossings: Vec<usize> = (1..trials.len()).filter(|i| keeps(&trials[i - 1]) != keeps(&trials[*i])).collect();
    let Some(&nearest) = crossings.iter().min_by(|a, b| {
        let away = |i: usize| (f64::midpoint(trials[i - 1].value, trials[i].value) - input.p50).abs();
        away(**a).total_cmp(&away(**b))
    }) else {
        let verdict = if trials.iter().any(|trial| !keeps(trial)) { Verdict::Flips } else { Verdict::Never };
        return of(verdict, None, trials);
    };
    let bracket = (trials[nearest - 1], trials[nearest]);
    let root = if input.distribution.is_discrete() {
        separate(input, bracket, &keeps)
    } else {
        found(answer, bracket, range, &keeps)
    };
    let root = Root { other_crossings: crossings.len() as u64 - 1, ..root };
    of(Verdict::Flips, Some(root), trials)
}

/// The root between two values of which one keeps the answer.
fn found(answer: &Answer<'_>, bracket: (Trial, Trial), range: [f64; 2], keeps: &dyn Fn(&Trial) -> bool) -> Root {
    let n = answer.question.options.iterations;
    let (mut a, mut b) = bracket;
    let slope = |a: &Trial, b: &Trial| (b.answer.estimate - a.answer.estimate) / (b.value - a.value);
    let first = slope(&a, &b).abs();
    let error = a.answer.standard_error.max(b.answer.standard_error);
    // Closer than a twentieth of its error a root need not be known.
    let close = (range[1] - range[0]) * 1e-9 + if first > 0.0 { error / first / 20.0 } else { 0.0 };
    let (mut weight_a, mut weight_b) = (1.0, 1.0);
    for trial in 0..TRIALS {
        if b.value - a.value <= close {
            break;
        }
        let (ga, gb) = (weight_a * a.answer.estimate, weight_b * b.answer.estimate);
        let secant = b.value - gb * (b.value - a.value) / (gb - ga);
        let middle = f64::midpoint(a.value, b.value);
        // Every third trial halves what is left, whatever the shape of g.
        let at = if trial % 3 == 2 || !secant.is_finite() { middle } else { secant };
        let at = at.clamp(a.value + (b.value - a.value) / 64.0, b.value - (b.value - a.value) / 64.0);
        let c = answer.trial(at, n);
        if keeps(&c) == keeps(&a) {
            a = c;
            (weight_a, weight_b) = (1.0, weight_b / 2.0);
        } else {
            b = c;
            (weight_a, weight_b) = (weight_a / 2.0, 1.0);
        }
    }
    let (ga, gb) = (a.answer.estimate, b.answer.estimate);
    let value = if gb == ga { f64::midpoint(a.value, b.value) } else { a.value - ga * (b.value - a.value) / (gb - ga) };
    // The slope over a few errors on either side, where they are in the range.
    let reach = if first > 0.0 { 4.0 * error / first } else { 0.0 };
    let reach = reach.max((range[1] - range[0]) * 0.01);
    let (left, right) = ((value - reach).max(range[0]), (value + reach).min(range[1]));
    let (left, right) = (answer.trial(left, n), answer.trial(right, n));
    let slope = slope(&left, &right);
    let at_root = f64::midpoint(a.answer.standard_error, b.answer.standard_error);
    let standard_error = (slope != 0.0 && slope.is_finite()).then(|| at_root / slope.abs());
    let end = |value: f64| (value >= range[0] && value <= range[1]).then_some(value);
    let interval = standard_error.map_or([None, None], |e| [end(value - Z * e), end(value + Z * e)]);
    let above = keeps(&a);
    let below = answer.input.distribution.cdf(value);
    Root {
        value,
        standard_error,
        interval,
        change: value - answer.input.p50,
        above,
        p_beyond: if above { 1.0 - below } else { below },
        other_crossings: 0,
    }
}

/// The nearer of two neighbouring separate values that does not keep the answer.
fn separate(input: &Input, (a, b): (Trial, Trial), keeps: &dyn Fn(&Trial) -> bool) -> Root {
    let above = keeps(&a);
    let value = if above { b.value } else { a.value };
    let d = &input.distribution;
    Root {
        value,
        standard_error: None,
        interval: [None, None],
        change: value - input.p50,
        above,
        p_beyond: if above { 1.0 - d.cdf(a.value) } else { d.cdf(a.value) },
        other_crossings: 0,
    }
}
