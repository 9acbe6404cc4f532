//! Which iteration to explain: by a condition, or at a percentile of a run.

use std::fmt;

use super::super::condition::Condition;
use super::{Chosen, Names, ordinal};
use crate::analysis::wording;
use crate::estimate::percentile_rank;
use crate::program::{Fact, Program};
use crate::simulate::{Options, ThreadsError, find, finishes, simulate};

/// Most iterations of which the finish of a measure is kept, to find a percentile among them.
pub const MOST_FINISHES: u64 = 20_000_000;

/// Why no iteration could be chosen.
#[derive(Debug)]
pub enum ChoiceError {
    /// The threads could not be started.
    Threads(ThreadsError),
    /// The condition holds in too few iterations, or in none.
    TooFew {
        /// The condition.
        condition: String,
        /// In how many it holds.
        count: u64,
        /// Of how many.
        iterations: u64,
    },
    /// More iterations than can be sorted.
    TooMany,
}

impl fmt::Display for ChoiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threads(problem) => problem.fmt(f),
            Self::TooFew { condition, count, iterations } => {
                let (count, n) = (wording::count(*count), wording::count(*iterations));
                write!(f, "`{condition}` holds in {count} of {n} iterations; run more with --iterations")
            }
            Self::TooMany => {
                write!(
                    f,
                    "a percentile of a measure is found among {} iterations at most",
                    wording::count(MOST_FINISHES)
                )
            }
        }
    }
}

impl std::error::Error for ChoiceError {}

impl From<ThreadsError> for ChoiceError {
    fn from(problem: ThreadsError) -> Self {
        Self::Threads(problem)
    }
}

/// The `nth` iteration (from 1) of a run that satisfies a condition.
///
/// # Errors
/// When it holds in fewer.
pub fn by_condition(
    program: &Program,
    condition: &Condition,
    nth: u64,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(u64, Chosen), ChoiceError> {
    let found = find(program, &condition.fact, nth, options, progress)?;
    let text = wording::plain(&condition.text, super::LONGEST);
    let Some(iteration) = found.iteration else {
        return Err(ChoiceError::TooFew { condition: text, count: found.count, iterations: found.iterations });
    };
    let (count, n) = (wording::count(found.count), wording::count(found.iterations));
    let share = wording::percent(found.count as f64 / found.iterations as f64);
    let which = if nth == 1 { "first".to_owned() } else { ordinal(nth) };
    let chosen = Chosen {
        text: format!("the {which} iteration in which `{text}`: that is so in {count} of {n} ({share})"),
        condition: Some(text),
        nth: Some(nth),
        count: Some(found.count),
        iterations: Some(found.iterations),
    };
    Ok((iteration, chosen))
}

/// The first iteration whose go-live date of a release is the percentile `q` (0 to 1) of a run.
///
/// # Errors
/// None that depends on the program.
pub fn at_date_percentile(
    program: &Program,
    release: usize,
    q: f64,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(u64, Chosen), ChoiceError> {
    let tally = simulate(program, options, progress)?;
    let rank = percentile_rank(options.iterations, q);
    let mut before = 0;
    let window = tally.releases[release].live.iter().position(|count| {
        before += count;
        before >= rank
    });
    let names = Names { register: program.register() };
    let id = names.release(release);
    let (fact, date) = match window.map(|w| program.windows()[w]) {
        Some(day) => (Fact::Live(release, day, day), names.day(f64::from(day))),
        None => (Fact::NotLive(release), "not live by the horizon".to_owned()),
    };
    let condition = match window.and_then(|w| names.date(f64::from(program.windows()[w]))) {
        Some(date) => format!("{id} live on {date}"),
        None => format!("{id} not live"),
    };
    let found = find(program, &fact, 1, options, progress)?;
    let Some(iteration) = found.iteration else {
        return Err(ChoiceError::TooFew { condition, count: found.count, iterations: found.iterations });
    };
    let (count, n) = (wording::count(found.count), wording::count(found.iterations));
    let share = wording::percent(found.count as f64 / found.iterations as f64);
    let percentile = wording::days(q * 100.0);
    let text = format!(
        "P{percentile} of {id}'s go-live is {date}: {count} of {n} iterations share it ({share}), and this is the first \
         of them: one of many stories with that end"
    );
    let chosen = Chosen {
        text,
        condition: Some(condition),
        nth: Some(1),
        count: Some(found.count),
        iterations: Some(found.iterations),
    };
    Ok((iteration, chosen))
}

/// The iteration whose finish of a measure is the percentile `q` (0 to 1) of a run.
///
/// # Errors
/// [`ChoiceError::TooMany`].
pub fn at_finish_percentile(
    program: &Program,
    measure: usize,
    q: f64,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(u64, Chosen), ChoiceError> {
    let n = options.iterations;
    if n > MOST_FINISHES {
        return Err(ChoiceError::TooMany);
    }
    let values = finishes(program, measure, options, progress)?;
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    let value = values[order[percentile_rank(n, q) as usize - 1]];
    let first = values.iter().position(|v| *v == value).unwrap_or(0);
    let count = values.iter().filter(|v| **v == value).count() as u64;
    let id = wording::plain(&program.register().measures[measure].id, super::LONGEST);
    let finish = if value.is_finite() { format!("{} days", wording::days(value)) } else { "never".to_owned() };
    let (percentile, iterations) = (wording::days(q * 100.0), wording::count(n));
    let share = if count == 1 { String::new() } else { format!("; {} iterations share it", wording::count(count)) };
    let text = format!(
        "P{percentile} of `{id}` in {iterations} iterations is {finish}{share}, and this is the first with it: \
         one of many stories with much that end"
    );
    Ok((first as u64, Chosen { text, condition: None, nth: None, count: Some(count), iterations: Some(n) }))
}
