//! Which activities drive the finish, and what merging paths adds.
//!
//! - *Criticality index*: the share of iterations in which the activity's own duration lies on the driving way to the
//!   finish (of a release: to its readiness). Where links of equal demand meet, the first counts; where an activity
//!   waits for a unit, the way goes on through the one that had it.
//! - *Cruciality*: the rank correlation of its duration with the finish (Williams 1992, "Criticality in stochastic
//!   networks", J. Operational Research Society 43:353–357): an activity can be critical always and matter little,
//!   because its duration hardly varies.
//! - *Merge bias*: where paths meet, the start is the latest of what each asks for, and the mean of the latest is later
//!   than the latest of the means: E\[max\] − max E, the days that merging adds although no path is late on average
//!   (MacCrimmon & Ryavec 1964). It is no risk of any one path, and no risk register shows it. Of an activity it is
//!   counted over the iterations in which it happens.

use serde::Serialize;

use super::measure::Subject;
use crate::estimate::{Figure, Moments, Z, proportion, rank_correlation};
use crate::program::Program;
use crate::program::story::{Driver, End, Story};
use crate::register::Register;

/// The activities of a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Activities {
    /// What they drive, in words.
    pub drives: String,
    /// Iterations told: the first of the run.
    pub iterations: u64,
    /// Iterations that never finish, which are left out.
    pub never: u64,
    /// Share of iterations in which no activity drives: the release's own readiness date is later.
    pub p_none: Figure,
    /// Every activity, most critical first.
    pub activities: Vec<ActivityDriver>,
    /// Every point where paths meet, largest merge bias first.
    pub merges: Vec<Merge>,
}

/// An activity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActivityDriver {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Criticality index.
    pub criticality: Figure,
    /// Cruciality; `null` where the duration or the finish never varies.
    pub cruciality: Option<Figure>,
    /// Mean duration from start to finish in days, 0 where it does not happen.
    pub mean_days: Figure,
}

/// A point where paths meet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Merge {
    /// Id of the activity that waits; of the release or measure, where paths meet at the end.
    pub at: String,
    /// Whether they meet at the end.
    pub at_the_end: bool,
    /// Mean of the latest start that any link asks for, in days since day 0.
    pub mean_of_latest: f64,
    /// Latest of the means that each link asks for.
    pub latest_of_means: f64,
    /// The one less the other: merge bias.
    pub merge_bias: Figure,
    /// The paths that meet, in the order of their links.
    pub paths: Vec<MergingPath>,
}

/// A path into a merge.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MergingPath {
    /// Id of the predecessor; `null` for a start day or a readiness date.
    pub from: Option<String>,
    /// Mean of what it asks for, in days since day 0.
    pub mean: f64,
    /// Share of iterations in which it is the latest, the first among equals.
    pub p_latest: f64,
}

/// The activity that a measure ends with in a story: its own, or the first that finishes last.
pub(super) fn last_of(story: &Story, register: &Register, measure: usize) -> Option<usize> {
    register.measures[measure].activity.or_else(|| latest(story, (0..register.activities.len()).collect(), 0.0))
}

/// The first of some activities that finishes last, after a day.
pub(super) fn latest(story: &Story, of: Vec<usize>, after: f64) -> Option<usize> {
    let mut last = None;
    let mut day = after;
    for a in of {
        if story.activities[a].finish > day {
            day = story.activities[a].finish;
            last = Some(a);
        }
    }
    last
}

/// Activities whose own duration lies on the driving way to the finish of one.
fn driving(story: &Story, last: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = Some((last, End::Finish));
    // A way passes each end of each activity at most once.
    for _ in 0..2 * story.activities.len() {
        let Some((a, end)) = at else { break };
        let told = &story.activities[a];
        at = match (end, told.finish_from) {
            (End::Finish, Some(from)) => Some(from),
            (End::Finish, None) => {
                if told.exists {
                    found.push(a);
                }
                Some((a, End::Start))
            }
            (End::Start, _) => match told.driver {
                Driver::Unit(_, Some(behind)) => Some((behind, End::Finish)),
                _ => told.start_from,
            },
        };
    }
    found
}

/// Demands that meet at one point, over iterations.
#[derive(Default)]
struct Meeting {
    from: Vec<Option<usize>>,
    /// Iteration by iteration.
    demands: Vec<Vec<f64>>,
}

/// The activities that drive a release's readiness or a finish; `None` in a plan without activities.
pub fn activities(program: &Program, subject: &Subject, iterations: u64) -> Option<Activities> {
    let register = program.register();
    let n = register.activities.len();
    if iterations == 0 || (0..n).all(|a| !register.can_happen(a)) {
        return None;
    }
    let (ends, own_day, at_the_end) = ends_of(register, subject);
    let mut critical = vec![0_u64; n];
    let mut durations = vec![Vec::new(); n];
    let mut finishes = Vec::new();
    let mut meetings: Vec<Meeting> = (0..=n).map(|_| Meeting::default()).collect();
    let (mut never, mut none) = (0, 0);
    for t in 0..iterations {
        let story = program.tell(t);
        let finish = match subject {
            Subject::Release(r) => story.releases[*r].ready,
            Subject::Finish(m) => last_of(&story, register, *m).map_or(0.0, |a| story.activities[a].finish),
        };
        if !finish.is_finite() {
            never += 1;
            continue;
        }
        finishes.push(finish);
        match latest(&story, ends.clone(), own_day) {
            Some(last) => driving(&story, last).into_iter().for_each(|a| critical[a] += 1),
            None => none += 1,
        }
        for (a, told) in story.activities.iter().enumerate() {
            durations[a].push(if told.exists { told.finish - told.start } else { 0.0 });
            meetings[a]
                .add(told.demands.iter().map(|d| (Some(d.activity), d.start)), register.activities[a].not_before);
        }
        let last = ends.iter().map(|a| (Some(*a), story.activities[*a].finish));
        meetings[n].add(last, own_day);
    }
    let told = finishes.len() as u64;
    if told == 0 {
        return None;
    }
    let mut rows: Vec<ActivityDriver> = register
        .activities
        .iter()
        .enumerate()
        .filter(|(a, _)| register.can_happen(*a))
        .map(|(a, activity)| ActivityDriver {
            id: activity.id.clone(),
            title: activity.title.clone(),
            criticality: proportion(critical[a], told),
            cruciality: rank_correlation(&durations[a], &finishes),
            mean_days: mean(durations[a].iter().copied()),
        })
        .collect();
    let key = |row: &ActivityDriver| (row.criticality.estimate, row.cruciality.map_or(0.0, |c| c.estimate));
    rows.sort_by(|a, b| key(b).0.total_cmp(&key(a).0).then(key(b).1.total_cmp(&key(a).1)).then(a.id.cmp(&b.id)));
    let merges = meetings.into_iter().enumerate().filter_map(|(a, meeting)| {
        let at = register.activities.get(a).map_or(at_the_end, |activity| &activity.id);
        meeting.merge(register, at.to_owned(), a == n)
    });
    let mut merges: Vec<Merge> = merges.collect();
    merges.sort_by(|a, b| b.merge_bias.estimate.total_cmp(&a.merge_bias.estimate).then_with(|| a.at.cmp(&b.at)));
    let drives = match subject {
        Subject::Release(r) => format!("the day on which {} is ready", register.releases[*r].id),
        Subject::Finish(m) => register.measures[*m].title.clone(),
    };
    Some(Activities { drives, iterations: told, never, p_none: proportion(none, told), activities: rows, merges })
}

/// The activities that end a subject, the day it waits for itself, and its id.
pub(super) fn ends_of<'a>(register: &'a Register, subject: &Subject) -> (Vec<usize>, f64, &'a str) {
    let all = (0..register.activities.len()).filter(|a| register.can_happen(*a));
    match subject {
        Subject::Release(r) => {
            let of_release = all.filter(|a| register.activities[*a].release == Some(*r)).collect();
            (of_release, register.releases[*r].ready_day, &register.releases[*r].id)
        }
        Subject::Finish(m) => match register.measures[*m].activity {
            Some(a) => (vec![a], 0.0, &register.measures[*m].id),
            None => (all.collect(), 0.0, &register.measures[*m].id),
        },
    }
}

impl Meeting {
    /// Demands of an iteration, and a day that is waited for in any case.
    fn add(&mut self, demands: impl Iterator<Item = (Option<usize>, f64)>, day: f64) {
        let mut met: Vec<(Option<usize>, f64)> = demands.collect();
        if met.is_empty() {
            return;
        }
        if day > 0.0 {
            met.push((None, day));
        }
        if self.from.is_empty() {
            self.from = met.iter().map(|(from, _)| *from).collect();
        }
        if met.len() == self.from.len() && met.iter().all(|(_, day)| day.is_finite()) {
            self.demands.push(met.into_iter().map(|(_, day)| day).collect());
        }
    }

    /// The merge; `None` where fewer than two paths meet.
    fn merge(self, register: &Register, at: String, at_the_end: bool) -> Option<Merge> {
        let (paths, n) = (self.from.len(), self.demands.len() as f64);
        if paths < 2 || self.demands.is_empty() {
            return None;
        }
        let latest = |demands: &[f64]| (1..paths).fold(0, |last, p| if demands[p] > demands[last] { p } else { last });
        let means: Vec<f64> = (0..paths).map(|p| mean(self.demands.iter().map(|d| d[p])).estimate).collect();
        let dominant = latest(&means);
        let mut first = vec![0_u64; paths];
        self.demands.iter().for_each(|d| first[latest(d)] += 1);
        let mean_of_latest = mean(self.demands.iter().map(|d| d[latest(d)])).estimate;
        Some(Merge {
            at,
            at_the_end,
            mean_of_latest,
            latest_of_means: means[dominant],
            merge_bias: mean(self.demands.iter().map(|d| d[latest(d)] - d[dominant])),
            paths: (0..paths)
                .map(|p| MergingPath {
                    from: self.from[p].map(|a| register.activities[a].id.clone()),
                    mean: means[p],
                    p_latest: first[p] as f64 / n,
                })
                .collect(),
        })
    }
}

/// A mean by exact sums, with its sampling error.
fn mean(values: impl Iterator<Item = f64>) -> Figure {
    let mut moments = Moments::default();
    values.for_each(|value| moments.add(value));
    let nothing = Figure::new(0.0, 0.0, [0.0, 0.0]);
    moments.mean().map_or(nothing, |mean| {
        let m = mean.mean;
        Figure::new(
            m.estimate,
            m.standard_error,
            [m.estimate - Z * m.standard_error, m.estimate + Z * m.standard_error],
        )
    })
}
