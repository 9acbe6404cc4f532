//! Running a scenario, and comparing what was counted with what is exact.
//!
//! z = (observed − exact) / standard error, where the standard error is that of the exact answer:
//! √(p(1 − p)/n) for a proportion, √(variance/n) for a mean. A check holds when |z| < 4.6, which a
//! correct program misses in one of 240,000 checks; a planted fault must fail the same check. Where
//! the exact answer leaves no room for chance, anything else is infinitely far off.

use std::collections::BTreeMap;
use std::fmt::Debug;

use golive::oracle::Finite;
use golive::program::{NOT_LIVE, Outcome, Program};
use golive::simulate::{Options, Tally, every_block, simulate};

/// How far off is wrong.
const LIMIT: f64 = 4.6;

/// Seed of every run here.
const SEED: u64 = 20_300_107;

/// One comparison.
#[derive(Clone)]
pub struct Check {
    what: String,
    observed: f64,
    exact: f64,
    standard_error: f64,
}

impl Check {
    /// A count of something of probability `p` in `n` iterations.
    pub fn proportion(what: impl Into<String>, count: u64, n: u64, p: f64) -> Self {
        // Probabilities that are 0 or 1 come out of sums of products, and so within rounding.
        let p = if p < 1e-12 { 0.0 } else { p };
        let p = if p > 1.0 - 1e-12 { 1.0 } else { p };
        Self {
            what: what.into(),
            observed: count as f64 / n as f64,
            exact: p,
            standard_error: (p * (1.0 - p) / n as f64).sqrt(),
        }
    }

    /// A mean over `n` iterations of something with this mean and variance.
    pub fn mean(what: impl Into<String>, observed: f64, n: u64, mean: f64, variance: f64) -> Self {
        Self { what: what.into(), observed, exact: mean, standard_error: (variance / n as f64).sqrt() }
    }

    /// A figure with its standard error.
    pub fn figure(what: impl Into<String>, observed: f64, exact: f64, standard_error: f64) -> Self {
        Self { what: what.into(), observed, exact, standard_error }
    }

    /// How many standard errors the observed is off.
    pub fn z(&self) -> f64 {
        let off = self.observed - self.exact;
        if off == 0.0 { 0.0 } else { off / self.standard_error }
    }

    /// Asserts that the exact answer is met.
    #[track_caller]
    pub fn holds(&self) {
        assert!(self.z().abs() < LIMIT, "{self:?}");
    }

    /// Asserts that a planted fault is found.
    #[track_caller]
    pub fn is_refused(&self) {
        assert!(self.z().abs() >= LIMIT, "a planted fault goes unseen: {self:?}");
    }
}

impl Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { what, observed, exact, standard_error } = self;
        write!(f, "{what}: {observed} for {exact} ± {standard_error:.3e} (z = {:.2})", self.z())
    }
}

/// Fewest iterations expected of an outcome that is checked by itself.
const EXPECTED: f64 = 25.0;

/// Counts of outcomes against a finite distribution: one check for each outcome, and for each that
/// was counted although it should be impossible.
///
/// The rarest outcomes are checked together, as many as it takes to expect 25 of them: a z means
/// nothing for a count of which a small fraction of one is expected (one event where 0.004 are
/// expected is z = 16, and comes in every 250th such check). Impossible ones are not rare ones.
pub fn distribution<T: Ord + Clone + Debug>(counts: &BTreeMap<T, u64>, exact: &Finite<T>) -> Vec<Check> {
    let n: u64 = counts.values().sum();
    let check = |what: String, count, p| Check::proportion(what, count, n, p);
    let impossible = counts.iter().filter(|(t, _)| exact.of_outcome(t) < 1e-12);
    let mut checks: Vec<Check> =
        impossible.map(|(t, count)| check(format!("{t:?}, impossible"), *count, 0.0)).collect();
    let mut outcomes: Vec<(&T, f64)> = exact.iter().filter(|(_, p)| *p >= 1e-12).collect();
    outcomes.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (mut rare, mut rare_count, mut rare_p) = (Vec::new(), 0, 0.0);
    for (t, p) in outcomes {
        let count = counts.get(t).copied().unwrap_or(0);
        let open = !rare.is_empty() && n as f64 * rare_p < EXPECTED;
        if open || n as f64 * p < EXPECTED {
            rare.push(t);
            rare_count += count;
            rare_p += p;
        } else {
            checks.push(check(format!("{t:?}"), count, p));
        }
    }
    if !rare.is_empty() {
        checks.push(check(format!("any of {rare:?}"), rare_count, rare_p));
    }
    checks
}

/// Asserts that all of these hold.
#[track_caller]
pub fn all_hold(checks: &[Check]) {
    assert!(!checks.is_empty());
    checks.iter().for_each(Check::holds);
}

/// Asserts that at least one of these fails: a planted fault that is found.
#[track_caller]
pub fn some_refused(checks: &[Check]) {
    let worst = checks.iter().map(|c| c.z().abs()).fold(0.0, f64::max);
    assert!(worst >= LIMIT, "a planted fault goes unseen: {checks:?}");
}

/// A scenario of `scenarios/verification`, or one given as text, that was run.
pub struct Run {
    pub program: Program,
    pub tally: Tally,
    pub n: u64,
}

impl Run {
    /// Runs `exact-{name}.toml` under its only plan, named `plan`, or without plans.
    pub fn of(name: &str, n: u64) -> Self {
        let text = crate::support::text(&format!("scenarios/verification/exact-{name}.toml"));
        Self::of_text(&text, n)
    }

    /// Runs a file with one passage replaced, which must occur in it: a mutated scenario.
    pub fn mutated(name: &str, passage: &str, by: &str, n: u64) -> Self {
        let text = crate::support::text(&format!("scenarios/verification/exact-{name}.toml"));
        assert!(text.contains(passage), "`{passage}` is not in {name}");
        Self::of_text(&text.replace(passage, by), n)
    }

    /// Runs a scenario given as text.
    pub fn of_text(text: &str, n: u64) -> Self {
        let plan = if text.contains("[plans.plan]") { "plan" } else { golive::scenario::BASE_PLAN };
        let program = Program::lower(crate::support::register(text, plan), SEED);
        let tally = simulate(&program, Options::iterations(n), &|_| {}).expect("threads");
        Self { program, tally, n }
    }

    /// Index of a release.
    pub fn release(&self, id: &str) -> usize {
        let releases = &self.program.register().releases;
        releases.iter().position(|r| r.id == id).expect(id)
    }

    /// Index of a measure.
    pub fn measure(&self, id: &str) -> usize {
        let measures = &self.program.register().measures;
        measures.iter().position(|m| m.id == id).expect(id)
    }

    /// Iterations by the day number of the kept deployment of a release; `None` when not live.
    pub fn go_live(&self, id: &str) -> BTreeMap<Option<i32>, u64> {
        let tally = &self.tally.releases[self.release(id)];
        let days = self.program.windows().iter().map(|day| Some(*day));
        let mut counts: BTreeMap<_, _> = days.zip(tally.live.iter().copied()).collect();
        counts.insert(None, tally.not_live);
        counts.retain(|_, count| *count > 0);
        counts
    }

    /// Counts what `of` makes of every iteration.
    pub fn count<T: Ord>(&self, mut of: impl FnMut(&Outcome, usize) -> T) -> BTreeMap<T, u64> {
        let mut counts = BTreeMap::new();
        let done: Result<(), std::convert::Infallible> = every_block(&self.program, self.n, |outcome| {
            for lane in 0..outcome.lanes {
                *counts.entry(of(outcome, lane)).or_insert(0) += 1;
            }
            Ok(())
        });
        let Ok(()) = done;
        counts
    }

    /// Iterations by the days of the kept deployments of all releases, in order of their ids.
    pub fn go_lives(&self) -> BTreeMap<Vec<Option<i32>>, u64> {
        let releases = self.program.register().releases.len();
        self.count(|outcome, lane| {
            let stride = outcome.live_window.len() / releases;
            (0..releases)
                .map(|r| match outcome.live_window[r * stride + lane] {
                    NOT_LIVE => None,
                    window => Some(self.program.windows()[usize::from(window)]),
                })
                .collect()
        })
    }

    /// Iterations by total cost, which must be whole numbers.
    pub fn costs(&self) -> BTreeMap<i64, u64> {
        self.count(|outcome, lane| outcome.cost[lane] as i64)
    }

    /// Iterations by the finish of a measure in hours, so that they can be counted exactly; `None`
    /// when it never finishes.
    pub fn finishes(&self, id: &str) -> BTreeMap<Option<i64>, u64> {
        let (m, measures) = (self.measure(id), self.program.register().measures.len());
        self.count(|outcome, lane| {
            let stride = outcome.measures.len() / measures;
            hours(outcome.measures[m * stride + lane])
        })
    }

    /// Iterations by the number of extra incidents of a category.
    pub fn incidents(&self, category: usize) -> BTreeMap<u32, u64> {
        self.count(|outcome, lane| {
            let stride = outcome.incidents.len() / 5;
            u32::from(outcome.incidents[(category - 1) * stride + lane])
        })
    }
}

/// Days as whole hours, rounded; `None` for never.
pub fn hours(days: f64) -> Option<i64> {
    days.is_finite().then(|| (days * 24.0).round() as i64)
}
