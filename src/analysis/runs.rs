//! What a study ran, and how its figures vary over worlds: the input-uncertainty intervals.
//!
//! In: paired sums of a plain run, and the worlds. Out: intervals that hold in 90% of the worlds, sampling noise
//! removed ([`crate::estimate::over_worlds`]).
//!
//! A percentile of a date has no noise that could be removed by itself. So the noise is removed from the share that is
//! live by each date, world by world, and the percentile of a world is where its share, so corrected, reaches the
//! percentile. The same serves delays given a miss and finish times.

use jiff::civil::Date;

use super::outlook::{DatePercentile, DayPercentile, DelayPercentiles, InputWorlds, MeasureOutlook, Outlook};
use crate::estimate::{
    Figure, INPUTS_LEVEL, OverWorlds, over_worlds, paired_difference, percentile_rank, sampling_noise,
};
use crate::program::Program;
use crate::simulate::{Decision, Finishes, Paired, Tally, World};

/// What a study ran.
#[derive(Debug, Clone, Copy)]
pub struct Runs<'a> {
    /// Programs of the plans.
    pub programs: &'a [Program],
    /// Their tallies.
    pub tallies: &'a [Tally],
    /// The decision figures.
    pub decisions: &'a [Decision],
    /// Paired sums of the run.
    pub paired: &'a Paired,
    /// The worlds; empty where input intervals were left out.
    pub worlds: &'a [World],
}

impl Runs<'_> {
    /// Place of a decision figure among those of the study.
    pub fn place(&self, decision: &Decision) -> Option<usize> {
        self.decisions.iter().position(|d| d == decision)
    }

    /// Iterations in each world; 0 without worlds.
    pub fn iterations_in_a_world(&self) -> u64 {
        self.worlds.first().map_or(0, |w| w.paired.iterations)
    }

    /// A decision figure of a plan over worlds; `None` with fewer than two.
    pub fn over_worlds(&self, plan: usize, decision: usize) -> Option<OverWorlds> {
        let n = self.iterations_in_a_world();
        let means: Vec<f64> = self.worlds.iter().map(|w| w.paired.mean(plan, decision)).collect();
        let sums = self.worlds.iter().map(|w| (w.paired.sum(plan, decision), w.paired.own_squares(plan, decision)));
        over_worlds(&means, sampling_noise(sums, n))
    }

    /// The difference of two plans, the first less the second, over worlds.
    pub fn difference_over_worlds(&self, a: usize, b: usize, decision: usize) -> Option<OverWorlds> {
        let n = self.iterations_in_a_world();
        let of = |w: &World| w.paired.sum(a, decision) - w.paired.sum(b, decision);
        let means: Vec<f64> = self.worlds.iter().map(|w| of(w) / n as f64).collect();
        let sums = self.worlds.iter().map(|w| (of(w), w.paired.squares(a, b, decision)));
        over_worlds(&means, sampling_noise(sums, n))
    }

    /// A plan's figure on a decision, with both uncertainties.
    pub fn figure(&self, plan: usize, decision: usize) -> Figure {
        let n = self.paired.iterations;
        let sum = self.paired.sum(plan, decision);
        let mut figure = if self.decisions[decision].is_probability() {
            crate::estimate::proportion(sum as u64, n)
        } else {
            paired_difference(sum, 0.0, self.paired.own_squares(plan, decision), n, false)
        };
        figure.inputs_interval = self.over_worlds(plan, decision).map(|o| o.interval);
        figure
    }

    /// The paired difference of two plans, the first less the second, with both uncertainties.
    pub fn difference(&self, a: usize, b: usize, decision: usize) -> Figure {
        let (sum_a, sum_b) = (self.paired.sum(a, decision), self.paired.sum(b, decision));
        let squares = self.paired.squares(a, b, decision);
        let binary = self.decisions[decision].is_probability();
        let mut figure = paired_difference(sum_a, sum_b, squares, self.paired.iterations, binary);
        figure.inputs_interval = self.difference_over_worlds(a, b, decision).map(|o| o.interval);
        figure
    }

    /// Gives the decision figures of an outlook their input intervals.
    pub fn add_input_intervals(&self, outlook: &mut Outlook) {
        if self.worlds.len() < 2 {
            return;
        }
        outlook.inputs =
            Some(InputWorlds { worlds: self.worlds.len() as u64, iterations_in_a_world: self.iterations_in_a_world() });
        for (p, plan) in outlook.plans.iter_mut().enumerate() {
            for (d, decision) in self.decisions.iter().enumerate().filter(|(_, d)| d.is_of(&self.programs[p])) {
                let release = |id: &str| plan.releases.iter().position(|r| r.id == id);
                let incidents = plan.incidents.as_mut();
                let figure = match decision {
                    Decision::LiveOnTarget(id) => release(id).map(|r| &mut plan.releases[r].p_live_on_target),
                    Decision::LiveAndStays(id) => release(id).map(|r| &mut plan.releases[r].p_live_on_target_and_stays),
                    Decision::NotLive(id) => release(id).map(|r| &mut plan.releases[r].p_not_live_by_horizon),
                    Decision::NoGo(id) => release(id).map(|r| &mut plan.releases[r].p_no_go),
                    Decision::BackedOut(id) => release(id).map(|r| &mut plan.releases[r].p_backed_out),
                    Decision::ConsentNeeded(id) => release(id).and_then(|r| plan.releases[r].p_consent_needed.as_mut()),
                    Decision::Ships(id) => plan.scope.iter_mut().find(|i| i.id == *id).map(|i| &mut i.p_ships),
                    Decision::AllLiveAndStay => plan.p_all_live_on_target_and_stay.as_mut(),
                    Decision::AnySeriousIncident => incidents.map(|i| &mut i.p_extra_category_1_or_2),
                    Decision::SeriousIncidents => incidents.map(|i| &mut i.extra_category_1_or_2.mean),
                    Decision::Cost => plan.cost.as_mut().map(|c| &mut c.mean),
                    Decision::Occurs(id) => plan.risks.iter_mut().find(|r| r.id == *id).map(|r| &mut r.p_occurs),
                    Decision::DaysInIncidents => {
                        incidents.and_then(|i| i.days_in_incidents.as_mut()).map(|m| &mut m.mean)
                    }
                    Decision::DaysInExtraIncidents => {
                        incidents.and_then(|i| i.days_in_extra_incidents.as_mut()).map(|m| &mut m.mean)
                    }
                    // Measures have their own, below.
                    Decision::FinishByTarget(_) | Decision::Finish(_) => None,
                    Decision::Missed | Decision::Go(_) | Decision::WrongGo(_) | Decision::WrongNoGo(_) => None,
                };
                if let Some(figure) = figure {
                    figure.inputs_interval = self.over_worlds(p, d).map(|o| o.interval);
                }
            }
            for (r, release) in plan.releases.iter_mut().enumerate() {
                let live = self.live(p, r);
                let g = &mut release.go_live;
                for (q, percentile) in
                    [(0.1, &mut g.p10), (0.5, &mut g.p50), (0.8, &mut g.p80), (0.9, &mut g.p90), (0.95, &mut g.p95)]
                {
                    self.date_interval(p, &live, q, percentile);
                }
                if let Some(delay) = &mut release.delay_if_missed {
                    self.delay_intervals(p, r, delay);
                }
            }
            for (m, measure) in plan.measures.values_mut().enumerate() {
                self.measure_intervals(p, m, measure);
            }
        }
    }

    /// Shares live by each window over worlds.
    fn live(&self, plan: usize, release: usize) -> Shares {
        let n = self.iterations_in_a_world();
        let worlds = self.worlds.iter().map(|w| (running(&w.live[plan][release]), n));
        Shares::over(worlds.collect())
    }

    fn date_interval(&self, plan: usize, live: &Shares, q: f64, percentile: &mut DatePercentile) {
        let program = &self.programs[plan];
        let zero = program.register().dates.expect("a scenario with releases has dates").zero;
        let date = |window: Option<usize>| -> Option<Date> { zero.date(program.windows()[window?]) };
        percentile.inputs_interval = live.interval(q).map(|ends| ends.map(date));
    }

    fn delay_intervals(&self, plan: usize, release: usize, delay: &mut DelayPercentiles) {
        let (program, n) = (&self.programs[plan], self.iterations_in_a_world());
        let target_day = program.register().releases[release].target_day;
        let Some(target) = program.windows().iter().position(|day| *day == target_day) else {
            return;
        };
        // Worlds in which the date is never missed have no delay to tell.
        let worlds = self.worlds.iter().filter_map(|w| {
            let mut late = w.live[plan][release].clone();
            let missed = n - u64::from(late[target]);
            late[target] = 0;
            (missed > 0).then(|| (running(&late), missed))
        });
        let shares = Shares::over(worlds.collect());
        let days = |window: Option<usize>| window.map(|w| f64::from(program.windows()[w] - target_day));
        for (q, percentile) in [(0.5, &mut delay.p50), (0.8, &mut delay.p80), (0.95, &mut delay.p95)] {
            percentile.inputs_interval = shares.interval(q).map(|ends| ends.map(days));
        }
    }

    fn measure_intervals(&self, plan: usize, m: usize, measure: &mut MeasureOutlook) {
        let n = self.iterations_in_a_world();
        let of = |w: &World| -> Finishes { w.finishes[plan][m].clone() };
        let worlds: Vec<Finishes> = self.worlds.iter().map(of).collect();
        let by_target = |f: &Finishes| f64::from(f.by_target);
        let sums = || worlds.iter().map(|f| (by_target(f), by_target(f)));
        if let Some(figure) = &mut measure.p_by_target {
            let means: Vec<f64> = sums().map(|(sum, _)| sum / n as f64).collect();
            figure.inputs_interval = over_worlds(&means, sampling_noise(sums(), n)).map(|o| o.interval);
        }
        if worlds.iter().all(|f| f.moments.count() == n) {
            let means: Vec<f64> = worlds.iter().map(|f| f.moments.sum() / n as f64).collect();
            let sums = worlds.iter().map(|f| (f.moments.sum(), f.moments.squares()));
            measure.mean.inputs_interval = over_worlds(&means, sampling_noise(sums, n)).map(|o| o.interval);
        }
        let days: Vec<f64> = measure.curve.iter().map(|point| point.days).collect();
        let by = |f: &Finishes| f.by.iter().map(|count| u64::from(*count)).collect();
        let shares = Shares::over(worlds.iter().map(|f| (by(f), n)).collect());
        let day = |place: Option<usize>| place.map(|place| days[place]);
        let percentiles: [(f64, &mut DayPercentile); 5] = [
            (0.1, &mut measure.p10),
            (0.5, &mut measure.p50),
            (0.8, &mut measure.p80),
            (0.9, &mut measure.p90),
            (0.95, &mut measure.p95),
        ];
        for (q, percentile) in percentiles {
            percentile.inputs_interval = shares.interval(q).map(|ends| ends.map(day));
        }
    }
}

/// Days by which finishes are counted in worlds, plan by plan and measure by measure: those of the S-curves.
pub fn days_of_curves(outlook: &Outlook) -> Vec<Vec<Vec<f64>>> {
    let measures = |plan: &super::outlook::PlanOutlook| {
        plan.measures.values().map(|m| m.curve.iter().map(|point| point.days).collect()).collect()
    };
    outlook.plans.iter().map(measures).collect()
}

fn running(counts: &[u32]) -> Vec<u64> {
    let mut so_far = 0;
    counts
        .iter()
        .map(|count| {
            so_far += u64::from(*count);
            so_far
        })
        .collect()
}

/// Cumulative shares of worlds at places in order, sampling noise removed.
pub(super) struct Shares {
    /// World by world.
    worlds: Vec<Vec<f64>>,
}

impl Shares {
    /// From the cumulative counts of each world, and of how many iterations.
    pub(super) fn over(counts: Vec<(Vec<u64>, u64)>) -> Self {
        let places = counts.first().map_or(0, |(c, _)| c.len());
        let mut worlds = vec![vec![0.0; places]; counts.len()];
        for place in 0..places {
            let shares: Vec<f64> = counts.iter().map(|(c, n)| c[place] as f64 / *n as f64).collect();
            // Worlds with a single iteration say nothing of the noise.
            let noises = shares.iter().zip(&counts).filter(|(_, (_, n))| *n > 1);
            let noises: Vec<f64> = noises.map(|(p, (_, n))| p * (1.0 - p) / (*n - 1) as f64).collect();
            let noise = if noises.is_empty() { 0.0 } else { noises.iter().sum::<f64>() / noises.len() as f64 };
            if let Some(over) = over_worlds(&shares, noise) {
                worlds.iter_mut().zip(over.values).for_each(|(world, share)| world[place] = share);
            }
        }
        Self { worlds }
    }

    /// The places where 90% of the worlds reach a share `q`; `None` for an end that never does.
    pub(super) fn interval(&self, q: f64) -> Option<[Option<usize>; 2]> {
        let n = self.worlds.len();
        if n < 2 {
            return None;
        }
        let reach = |world: &Vec<f64>| world.iter().position(|share| *share >= q - 1e-12);
        let mut places: Vec<usize> = self.worlds.iter().map(|w| reach(w).unwrap_or(usize::MAX)).collect();
        places.sort_unstable();
        let rank = percentile_rank(n as u64, (1.0 - INPUTS_LEVEL) / 2.0) as usize;
        let end = |place: usize| (place != usize::MAX).then_some(place);
        Some([end(places[rank - 1]), end(places[n - rank])])
    }
}
