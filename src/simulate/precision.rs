//! A run that ends when its decision figures are known well enough.
//!
//! In: programs and the half-width that the 95% interval of every decision figure is to have. Out: the run. The
//! schedule is deterministic: a first stage of [`FIRST`] iterations, then each stage as long as the widest interval so
//! far says is needed (a twentieth more, at least a quarter more than there are, at most four times as many), until all
//! are narrow enough or the most that is allowed is reached. Stages are whole chunks of one run, so that the result is
//! that of a plain run of as many iterations. Amounts (costs) are left out: a half-width of a probability says nothing
//! of money.

use super::{CHUNK, Decision, Kind, Options, Paired, Tally, ThreadsError, simulate_paired};
use crate::estimate::{paired_difference, proportion};
use crate::program::Program;

/// Iterations of the first stage: two chunks.
const FIRST: u64 = 2 * CHUNK;

/// How well the decision figures are known.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Precision {
    /// Half-width asked for.
    pub asked: f64,
    /// Widest half-width of the 95% intervals of all decision figures that was reached.
    pub reached: f64,
    /// Whether that is what was asked for; if not, the most iterations allowed were run.
    pub met: bool,
}

/// Runs several plans on the same iterations until the 95% interval of every decision figure is at most
/// `half_width` to either side, or `options.iterations` have been run.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn simulate_until_precise(
    programs: &[Program],
    decisions: &[Decision],
    half_width: f64,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Vec<Tally>, Paired, Precision), ThreadsError> {
    let ((tallies, paired), precision) = in_stages(
        half_width,
        options,
        |part| simulate_paired(programs, decisions, part, progress),
        |(tallies, paired): (Vec<Tally>, Paired), (more, other)| {
            (tallies.into_iter().zip(more).map(|(a, b)| a.merged(b)).collect(), paired.merge(&other))
        },
        |(_, paired)| widest(programs, decisions, paired),
    )?;
    Ok((tallies, paired, precision))
}

/// Runs stage after stage, each merged with what there is, until `widest` is at most `half_width` or
/// `options.iterations` have been run.
pub(super) fn in_stages<T>(
    half_width: f64,
    options: Options,
    mut stage: impl FnMut(Options) -> Result<T, ThreadsError>,
    merged: impl Fn(T, T) -> T,
    widest: impl Fn(&T) -> f64,
) -> Result<(T, Precision), ThreadsError> {
    let most = options.iterations;
    let part = |first: u64, end: u64| Options { iterations: end - first, first: options.first + first, ..options };
    let mut done = FIRST.min(most);
    let mut run = stage(part(0, done))?;
    loop {
        let reached = widest(&run);
        let met = reached <= half_width;
        if met || done >= most {
            return Ok((run, Precision { asked: half_width, reached, met }));
        }
        let end = next(done, reached / half_width).min(most);
        run = merged(run, stage(part(done, end))?);
        done = end;
    }
}

/// Iterations after the next stage, when intervals are `ratio` > 1 times too wide.
fn next(done: u64, ratio: f64) -> u64 {
    let needed = done as f64 * (ratio * ratio * 1.05).clamp(1.25, 4.0);
    (needed as u64).div_ceil(CHUNK) * CHUNK
}

/// The widest half-width of all decision figures of all plans.
fn widest(programs: &[Program], decisions: &[Decision], paired: &Paired) -> f64 {
    let n = paired.iterations;
    let mut widest: f64 = 0.0;
    for (d, decision) in decisions.iter().enumerate().filter(|(_, decision)| decision.kind() != Kind::Amount) {
        for (p, program) in programs.iter().enumerate() {
            if decision.is_of(program) {
                let sum = paired.sum(p, d);
                let [low, high] = if decision.is_probability() {
                    proportion(sum as u64, n).interval
                } else {
                    paired_difference(sum, 0.0, paired.own_squares(p, d), n, false).interval
                };
                widest = widest.max((high - low) / 2.0);
            }
        }
    }
    widest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_grow_by_what_is_missing_within_bounds() {
        assert_eq!(next(8192, 1.01), 2 * CHUNK);
        assert_eq!(next(1_000_000, 10.0).div_ceil(CHUNK), 4_000_000u64.div_ceil(CHUNK));
        let middle = next(1_000_000, 1.5) as f64;
        assert!((2.36e6..2.38e6).contains(&middle), "{middle}");
    }
}
