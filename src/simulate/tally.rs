//! What is kept of a run: counts, histograms and exact sums, whatever the number of iterations.

use super::{GateTally, Histogram};
use crate::estimate::Moments;
use crate::program::{CostCause, NOT_LIVE, Outcome, Program, State};
use crate::time::latest_at;

/// What a tally has room for, settled before the run.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    releases: usize,
    windows: usize,
    risks: usize,
    criteria: usize,
    scope: usize,
    processes: usize,
    measures: Vec<Histogram>,
    targets: Vec<f64>,
    /// Of the total cost, in a scenario that has prices.
    costs: Option<Histogram>,
}

impl Shape {
    /// The shape for a program. Measures get histograms around what the first iterations give; that
    /// depends on the program alone, not on how it is run.
    pub(super) fn of(program: &Program, block: usize) -> Self {
        const PILOT: usize = 1024;
        let register = program.register();
        let mut ranges = vec![(f64::INFINITY, f64::NEG_INFINITY); register.measures.len()];
        let priced = register.prices.is_some();
        let mut costs = (f64::INFINITY, f64::NEG_INFINITY);
        if !ranges.is_empty() || priced {
            let mut state = State::new(program, block);
            let mut at = 0;
            while at < PILOT {
                let lanes = block.min(PILOT - at);
                let outcome = program.run(&mut state, at as u64, lanes);
                for (m, (low, high)) in ranges.iter_mut().enumerate() {
                    for value in &outcome.measures[m * block..m * block + lanes] {
                        if value.is_finite() {
                            *low = low.min(*value);
                            *high = high.max(*value);
                        }
                    }
                }
                for cost in &outcome.cost[..lanes] {
                    costs = (costs.0.min(*cost), costs.1.max(*cost));
                }
                at += lanes;
            }
        }
        Self {
            releases: register.releases.len(),
            windows: program.windows().len(),
            risks: register.risks.len(),
            criteria: register.criteria.len(),
            scope: register.scope.len(),
            processes: register.processes.len(),
            measures: ranges
                .into_iter()
                .map(
                    |(low, high)| {
                        if low <= high { Histogram::spanning(low, high) } else { Histogram::spanning(0.0, 1.0) }
                    },
                )
                .collect(),
            targets: register.measures.iter().map(|m| m.target.map_or(f64::INFINITY, latest_at)).collect(),
            costs: priced.then(|| Histogram::spanning(costs.0, costs.1)),
        }
    }
}

/// Tally of one release.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleaseTally {
    /// Iterations by the place of the window of the kept deployment.
    pub live: Vec<u64>,
    /// Iterations not live by the horizon.
    pub not_live: u64,
    /// Iterations deployed in the window of the plan's date.
    pub on_target: u64,
    /// … with that deployment kept.
    pub kept_on_target: u64,
    /// Iterations with at least one missed gate.
    pub no_go: u64,
    /// Iterations with at least one back-out.
    pub backed_out: u64,
    /// Iterations in which consent was asked at least once.
    pub consent: u64,
    /// Of these, iterations by the place of the window of the kept deployment.
    pub live_after_consent: Vec<u64>,
    /// What its gates decided, against the truth.
    pub gates: GateTally,
}

/// Longest count of incidents that is told apart; more are counted with it.
pub const MOST_INCIDENTS: usize = 31;

/// Iterations by a number of incidents of category 1 or 2: 0, 1, … up to [`MOST_INCIDENTS`] or more.
pub type IncidentCounts = [u64; MOST_INCIDENTS + 1];

/// Tally of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    /// Number of iterations.
    pub iterations: u64,
    /// Release by release.
    pub releases: Vec<ReleaseTally>,
    /// Iterations in which each risk occurred on at least one occasion.
    pub occurred: Vec<u64>,
    /// Iterations in which each scope item ships.
    pub ships: Vec<u64>,
    /// Extra incidents by category.
    pub incidents: [Moments; 5],
    /// Iterations in which every release is deployed on its date and kept.
    pub all_kept: u64,
    /// Iterations with at least one extra incident of category 1 or 2.
    pub serious: u64,
    /// Number of extra incidents of category 1 or 2.
    pub serious_moments: Moments,
    /// Extra incidents of category 1 or 2.
    pub serious_extra: IncidentCounts,
    /// Background incidents of category 1 or 2.
    pub serious_background: IncidentCounts,
    /// Both together.
    pub serious_all: IncidentCounts,
    /// Background events, process by process.
    pub background: Vec<Moments>,
    /// Days in incidents, background included.
    pub days_in_incidents: Moments,
    /// Days in extra incidents.
    pub days_in_extra: Moments,
    /// Total cost.
    pub cost: Moments,
    /// Total cost, value by value, in a scenario that has prices; with it the two below.
    pub costs: Option<Histogram>,
    /// Cost by its cause, in the order of [`CostCause::ALL`].
    pub cost_by_cause: [Moments; CostCause::ALL.len()],
    /// What background incidents cost; no part of the total.
    pub cost_of_background: Moments,
    /// Finish times, measure by measure.
    pub measures: Vec<Histogram>,
    /// Exact sums of finish times that are finite.
    pub measure_moments: Vec<Moments>,
    /// Iterations that finish by the target.
    pub by_target: Vec<u64>,
    targets: Vec<f64>,
}

impl Tally {
    pub(super) fn new(shape: &Shape) -> Self {
        Self {
            iterations: 0,
            releases: vec![
                ReleaseTally {
                    live: vec![0; shape.windows],
                    live_after_consent: vec![0; shape.windows],
                    gates: GateTally::new(shape.criteria),
                    ..ReleaseTally::default()
                };
                shape.releases
            ],
            occurred: vec![0; shape.risks],
            ships: vec![0; shape.scope],
            incidents: [Moments::default(); 5],
            all_kept: 0,
            serious: 0,
            serious_moments: Moments::default(),
            serious_extra: [0; MOST_INCIDENTS + 1],
            serious_background: [0; MOST_INCIDENTS + 1],
            serious_all: [0; MOST_INCIDENTS + 1],
            background: vec![Moments::default(); shape.processes],
            days_in_incidents: Moments::default(),
            days_in_extra: Moments::default(),
            cost: Moments::default(),
            costs: shape.costs.clone(),
            cost_by_cause: [Moments::default(); CostCause::ALL.len()],
            cost_of_background: Moments::default(),
            measures: shape.measures.clone(),
            measure_moments: vec![Moments::default(); shape.measures.len()],
            by_target: vec![0; shape.measures.len()],
            targets: shape.targets.clone(),
        }
    }

    /// Adds the outcome of a block.
    pub(super) fn add(&mut self, program: &Program, outcome: &Outcome) {
        let lanes = outcome.lanes;
        self.iterations += lanes as u64;
        let stride = |values: usize, parts: usize| values.checked_div(parts).unwrap_or(0);
        let by_release = stride(outcome.live_window.len(), self.releases.len());
        for (r, tally) in self.releases.iter_mut().enumerate() {
            for &window in &outcome.live_window[r * by_release..r * by_release + lanes] {
                match window {
                    NOT_LIVE => tally.not_live += 1,
                    window => tally.live[usize::from(window)] += 1,
                }
            }
            let count = |mask: &crate::program::Mask| u64::from(mask.count());
            tally.on_target += count(&outcome.on_target[r]);
            tally.kept_on_target += count(&outcome.kept_on_target[r]);
            tally.no_go += count(&outcome.no_go[r]);
            tally.backed_out += count(&outcome.backed_out[r]);
            tally.consent += count(&outcome.consent[r]);
            tally.gates.add(outcome, r);
            for lane in outcome.consent[r].lanes() {
                if let Some(count) =
                    tally.live_after_consent.get_mut(usize::from(outcome.live_window[r * by_release + lane]))
                {
                    *count += 1;
                }
            }
        }
        if let Some((first, others)) = outcome.kept_on_target.split_first() {
            let all = others.iter().fold(*first, |all, kept| all & *kept);
            self.all_kept += u64::from(all.count());
        }
        for (occurred, mask) in self.occurred.iter_mut().zip(&outcome.occurred) {
            *occurred += u64::from(mask.count());
        }
        for (ships, mask) in self.ships.iter_mut().zip(&outcome.ships) {
            *ships += u64::from(mask.count());
        }
        if !self.releases.is_empty() {
            self.add_incidents(program, outcome);
        }
        let by_measure = stride(outcome.measures.len(), self.measures.len());
        for (m, histogram) in self.measures.iter_mut().enumerate() {
            for &value in &outcome.measures[m * by_measure..m * by_measure + lanes] {
                histogram.add(value);
                if value.is_finite() {
                    self.measure_moments[m].add(value);
                }
                self.by_target[m] += u64::from(value <= self.targets[m]);
            }
        }
        self.cost.add_all(&outcome.cost[..lanes]);
        if let Some(costs) = &mut self.costs {
            outcome.cost[..lanes].iter().for_each(|cost| costs.add(*cost));
            let stride = outcome.cost.len();
            for (cause, moments) in self.cost_by_cause.iter_mut().enumerate() {
                moments.add_all(&outcome.cost_by_cause[cause * stride..][..lanes]);
            }
            self.cost_of_background.add_all(&outcome.cost_of_background[..lanes]);
        }
    }

    fn add_incidents(&mut self, program: &Program, outcome: &Outcome) {
        let lanes = outcome.lanes;
        let stride = outcome.incidents.len() / 5;
        for (category, moments) in self.incidents.iter_mut().enumerate() {
            add_counts(moments, &outcome.incidents[category * stride..category * stride + lanes]);
        }
        self.serious += (0..lanes).filter(|l| outcome.incidents[*l] + outcome.incidents[stride + l] > 0).count() as u64;
        let processes = &program.register().processes;
        for lane in 0..lanes {
            let extra = usize::from(outcome.incidents[lane]) + usize::from(outcome.incidents[stride + lane]);
            let of = |p: usize| usize::from(outcome.background[p * stride + lane]);
            let background: usize =
                processes.iter().enumerate().filter(|(_, process)| process.category <= 2).map(|(p, _)| of(p)).sum();
            self.serious_moments.add_count(extra as u64, 1);
            self.serious_extra[extra.min(MOST_INCIDENTS)] += 1;
            self.serious_background[background.min(MOST_INCIDENTS)] += 1;
            self.serious_all[(extra + background).min(MOST_INCIDENTS)] += 1;
        }
        for (p, moments) in self.background.iter_mut().enumerate() {
            add_counts(moments, &outcome.background[p * stride..p * stride + lanes]);
        }
        if program.register().restore.iter().any(Option::is_some) {
            for lane in 0..lanes {
                self.days_in_incidents.add(outcome.days_in_incidents[lane]);
                self.days_in_extra.add(outcome.days_in_extra[lane]);
            }
        }
    }

    /// Gives back the memory of bins that hold nothing; what is trimmed merges with nothing any more.
    pub(super) fn trim(&mut self) {
        self.measures.iter_mut().chain(&mut self.costs).for_each(Histogram::trim);
    }

    /// The tally of two parts of a run.
    pub(super) fn merged(mut self, other: Self) -> Self {
        self.iterations += other.iterations;
        for (a, b) in self.releases.iter_mut().zip(&other.releases) {
            a.live.iter_mut().zip(&b.live).for_each(|(a, b)| *a += b);
            a.not_live += b.not_live;
            a.on_target += b.on_target;
            a.kept_on_target += b.kept_on_target;
            a.no_go += b.no_go;
            a.backed_out += b.backed_out;
            a.consent += b.consent;
            a.gates.merge(&b.gates);
            a.live_after_consent.iter_mut().zip(&b.live_after_consent).for_each(|(a, b)| *a += b);
        }
        self.occurred.iter_mut().zip(&other.occurred).for_each(|(a, b)| *a += b);
        for (a, b) in [
            (&mut self.serious_extra, &other.serious_extra),
            (&mut self.serious_background, &other.serious_background),
            (&mut self.serious_all, &other.serious_all),
        ] {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        }
        self.ships.iter_mut().zip(&other.ships).for_each(|(a, b)| *a += b);
        self.incidents.iter_mut().zip(&other.incidents).for_each(|(a, b)| a.merge(b));
        self.all_kept += other.all_kept;
        self.serious += other.serious;
        self.serious_moments.merge(&other.serious_moments);
        self.background.iter_mut().zip(&other.background).for_each(|(a, b)| a.merge(b));
        self.days_in_incidents.merge(&other.days_in_incidents);
        self.days_in_extra.merge(&other.days_in_extra);
        self.cost.merge(&other.cost);
        if let (Some(costs), Some(others)) = (&mut self.costs, &other.costs) {
            costs.merge(others);
        }
        self.cost_by_cause.iter_mut().zip(&other.cost_by_cause).for_each(|(a, b)| a.merge(b));
        self.cost_of_background.merge(&other.cost_of_background);
        self.measures.iter_mut().zip(&other.measures).for_each(|(a, b)| a.merge(b));
        self.measure_moments.iter_mut().zip(&other.measure_moments).for_each(|(a, b)| a.merge(b));
        self.by_target.iter_mut().zip(&other.by_target).for_each(|(a, b)| *a += b);
        self
    }
}

fn add_counts(moments: &mut Moments, counts: &[u16]) {
    // Counts are small: adding how often each occurs is cheaper than adding each.
    let mut often = [0u64; 8];
    for &count in counts {
        match often.get_mut(usize::from(count)) {
            Some(n) => *n += 1,
            None => moments.add_count(u64::from(count), 1),
        }
    }
    for (count, &n) in often.iter().enumerate() {
        if n > 0 {
            moments.add_count(count as u64, n);
        }
    }
}
