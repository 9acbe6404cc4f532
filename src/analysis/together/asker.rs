//! Figures as polynomials in shares, with both uncertainties.
//!
//! Every figure of a group is a sum of products of shares of iterations (or of mean numbers of incidents): a difference
//! of probabilities, a Shapley value, an excess over independence. Its sampling variance is that of its linear part at
//! the estimate (the delta method; exact where no product has more than one factor), from how often any two facts
//! coincide. Its input interval comes from the same figure in every world, sampling noise removed.
//!
//! Which figures there are is known only when the run is done, and worlds are reduced to them as they come. So the same
//! questions are asked twice, in the same order: once to collect them, once to answer them.

use jiff::civil::Date;

use super::super::outlook::DatePercentile;
use super::super::runs::Shares;
use crate::estimate::{Figure, Z, combination, over_worlds, proportion, rank_interval, sampling_noise};
use crate::program::Program;
use crate::simulate::Joint;

/// What shares are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Facts.
    Kept,
    /// Numbers of incidents, program by program.
    Incidents,
}

/// A figure: (constant + Σ coefficient · Π shares) / denominator.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recipe {
    pub(super) of: Of,
    pub(super) constant: f64,
    pub(super) terms: Vec<(f64, Vec<usize>)>,
    pub(super) denominator: f64,
}

impl Recipe {
    /// A linear combination.
    pub(super) fn linear(of: Of, terms: impl IntoIterator<Item = (f64, usize)>) -> Self {
        let terms = terms.into_iter().map(|(coefficient, share)| (coefficient, vec![share])).collect();
        Self { of, constant: 0.0, terms, denominator: 1.0 }
    }

    /// The probability that a fact does not hold.
    pub(super) fn misses(fact: usize) -> Self {
        Self { constant: 1.0, ..Self::linear(Of::Kept, [(-1.0, fact)]) }
    }

    /// Products of shares of facts.
    pub(super) fn products(terms: impl IntoIterator<Item = (f64, Vec<usize>)>) -> Self {
        Self { of: Of::Kept, constant: 0.0, terms: terms.into_iter().collect(), denominator: 1.0 }
    }

    /// What it counts, whole: numerator of a linear combination whose denominator is its own times the iterations.
    pub(super) fn numerator(&self, joint: &Joint) -> i64 {
        let sum: f64 = self.terms.iter().map(|(c, shares)| c * total(self.of, joint, shares[0])).sum();
        (self.constant * joint.iterations as f64 + sum) as i64
    }

    fn evaluate(&self, joint: &Joint) -> Evaluated {
        let n = joint.iterations as f64;
        let share = |s: usize| total(self.of, joint, s) / n;
        let mut value = self.constant;
        let mut slopes: Vec<(usize, f64)> = Vec::new();
        for (coefficient, shares) in &self.terms {
            value += shares.iter().fold(*coefficient, |product, s| product * share(*s));
            for (i, s) in shares.iter().enumerate() {
                let others = shares.iter().enumerate().filter(|(k, _)| *k != i);
                slopes.push((*s, others.fold(*coefficient, |product, (_, o)| product * share(*o))));
            }
        }
        slopes.sort_by_key(|(s, _)| *s);
        slopes.dedup_by(|b, a| {
            let same = a.0 == b.0;
            if same {
                a.1 += b.1;
            }
            same
        });
        slopes.retain(|(_, slope)| *slope != 0.0);
        let sum = slopes.iter().map(|(s, slope)| slope * total(self.of, joint, *s)).sum();
        let mut squares = 0.0;
        for (i, (a, slope)) in slopes.iter().enumerate() {
            squares += slope * slope * coincidences(self.of, joint, *a, *a);
            for (b, other) in &slopes[..i] {
                squares += 2.0 * slope * other * coincidences(self.of, joint, *a, *b);
            }
        }
        Evaluated { value: value / self.denominator, sum, squares: f64::max(squares, 0.0), slopes }
    }

    /// The figure with its sampling error.
    fn figure(&self, joint: &Joint) -> Figure {
        let n = joint.iterations;
        if let (Of::Kept, [(coefficient, shares)], true) = (self.of, self.terms.as_slice(), self.denominator == 1.0)
            && let [fact] = shares.as_slice()
        {
            if *coefficient == 1.0 && self.constant == 0.0 {
                return proportion(joint.kept(*fact), n);
            }
            if *coefficient == -1.0 && self.constant == 1.0 {
                return proportion(n - joint.kept(*fact), n);
            }
        }
        let Evaluated { value, sum, squares, slopes } = self.evaluate(joint);
        let end = |sign: f64| slopes.iter().map(|(_, slope)| *slope).filter(|slope| slope * sign > 0.0).sum::<f64>();
        let range = (self.of == Of::Kept).then(|| [end(-1.0), end(1.0)]);
        let linear = combination(sum, squares, n, range);
        let moved = |end: f64| value + (end - linear.estimate) / self.denominator;
        Figure::new(value, linear.standard_error / self.denominator, linear.interval.map(moved))
    }
}

fn total(of: Of, joint: &Joint, share: usize) -> f64 {
    match of {
        Of::Kept => joint.kept(share) as f64,
        Of::Incidents => joint.incidents(share) as f64,
    }
}

fn coincidences(of: Of, joint: &Joint, a: usize, b: usize) -> f64 {
    match of {
        Of::Kept => joint.both(a, b) as f64,
        Of::Incidents => joint.incident_products(a, b) as f64,
    }
}

/// A figure from one run, and its linear part without the constant: sum and sum of squares over iterations.
struct Evaluated {
    value: f64,
    sum: f64,
    squares: f64,
    slopes: Vec<(usize, f64)>,
}

/// What is kept of one world.
#[derive(Debug, Clone)]
pub(super) struct KeptWorld {
    /// Each figure asked for: its value, and sum and sum of squares of its linear part.
    values: Vec<[f64; 3]>,
    /// Cumulative counts of the last go-live of each program asked for.
    last: Vec<Vec<u64>>,
    iterations: u64,
}

/// Answers questions about a run, and remembers them.
pub(super) struct Asker<'a> {
    programs: &'a [Program],
    joint: &'a Joint,
    worlds: &'a [KeptWorld],
    recipes: Vec<Recipe>,
    lasts: Vec<usize>,
}

impl<'a> Asker<'a> {
    /// Of a run, without worlds or with the worlds kept for the questions of an earlier asker.
    pub(super) fn new(programs: &'a [Program], joint: &'a Joint, worlds: &'a [KeptWorld]) -> Self {
        Self { programs, joint, worlds, recipes: Vec::new(), lasts: Vec::new() }
    }

    /// The run.
    pub(super) fn joint(&self) -> &'a Joint {
        self.joint
    }

    /// A figure.
    pub(super) fn figure(&mut self, recipe: Recipe) -> Figure {
        let mut figure = recipe.figure(self.joint);
        let place = self.recipes.len();
        if self.worlds.len() > 1 {
            let means: Vec<f64> = self.worlds.iter().map(|w| w.values[place][0]).collect();
            let n = self.worlds[0].iterations;
            let noise = sampling_noise(self.worlds.iter().map(|w| (w.values[place][1], w.values[place][2])), n);
            let noise = noise / (recipe.denominator * recipe.denominator);
            figure.inputs_interval = over_worlds(&means, noise).map(|over| over.interval);
        }
        self.recipes.push(recipe);
        figure
    }

    /// The widest half-width of the 95% intervals of all figures of facts so far.
    pub(super) fn widest(&self) -> f64 {
        let facts = self.recipes.iter().filter(|recipe| recipe.of == Of::Kept);
        let halves = facts.map(|recipe| recipe.figure(self.joint).interval).map(|[low, high]| (high - low) / 2.0);
        halves.fold(0.0, f64::max)
    }

    /// A figure as it is in a world whose inputs are known, on average over worlds; `None` without worlds.
    pub(super) fn within_worlds(&mut self, recipe: Recipe) -> Option<Figure> {
        let place = self.recipes.len();
        self.recipes.push(recipe);
        let count = self.worlds.len();
        if count < 2 {
            return None;
        }
        let values = || self.worlds.iter().map(|w| w.values[place][0]);
        let mean = values().sum::<f64>() / count as f64;
        let variance = values().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (count - 1) as f64;
        let standard_error = (variance / count as f64).sqrt();
        Some(Figure::new(mean, standard_error, [mean - Z * standard_error, mean + Z * standard_error]))
    }

    /// A percentile of the date of the last go-live in a program.
    pub(super) fn last_go_live(&mut self, program: usize, q: f64) -> DatePercentile {
        let zero = self.programs[program].register().dates.expect("a scenario with releases has dates").zero;
        let date = |place: usize| -> Option<Date> { zero.date(*self.programs[program].windows().get(place)?) };
        let counts = running(self.joint.last(program));
        let at = |rank: u64| counts.iter().position(|count| *count >= rank).and_then(date);
        let rank = rank_interval(self.joint.iterations, q);
        let asked = self.lasts.len();
        self.lasts.push(program);
        let inputs = (self.worlds.len() > 1).then(|| {
            Shares::over(self.worlds.iter().map(|w| (w.last[asked].clone(), w.iterations)).collect()).interval(q)
        });
        DatePercentile {
            date: at(rank.at),
            interval: [at(rank.low.max(1)), at(rank.high)],
            inputs_interval: inputs.flatten().map(|ends| ends.map(|place| place.and_then(date))),
        }
    }

    /// What to keep of each world so that the same questions can be answered about all of them.
    pub(super) fn keeper(self) -> impl Fn(&Joint) -> KeptWorld + Sync {
        let Self { recipes, lasts, .. } = self;
        move |joint| KeptWorld {
            values: recipes
                .iter()
                .map(|recipe| {
                    let Evaluated { value, sum, squares, .. } = recipe.evaluate(joint);
                    [value, sum, squares]
                })
                .collect(),
            last: lasts.iter().map(|program| running(joint.last(*program))).collect(),
            iterations: joint.iterations,
        }
    }
}

fn running(counts: &[u64]) -> Vec<u64> {
    let mut so_far = 0;
    counts
        .iter()
        .map(|count| {
            so_far += count;
            so_far
        })
        .collect()
}
