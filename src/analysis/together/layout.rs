//! Which runs say what deploying together adds: every subset of the releases that share a date, and every way of
//! splitting them over consecutive windows.
//!
//! In: the register of a plan. Out: for each group of releases planned for one date, the dates of every run to make.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::register::Register;
use crate::scenario::file::ScenarioFile;

/// Most releases of one date that are taken apart: 6 have 63 subsets.
pub const MOST_TOGETHER: usize = 6;

/// Most releases of which every ordered partition is tried: 4 have 75. Above, only those that keep the plan's order.
const MOST_IN_ANY_ORDER: usize = 4;

/// Releases of a plan that are planned for the same date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The date.
    pub date: Date,
    /// Ids of the releases, in order.
    pub releases: Vec<String>,
}

/// The dates of releases by id: what a plan deploys when.
pub type PlanDates = BTreeMap<String, Date>;

/// Another plan of the scenario, to be recognised among the ways of splitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sibling {
    /// Id of the plan.
    pub id: String,
    /// Its releases and dates.
    pub dates: PlanDates,
    /// Whether it says the same as the plan that is asked about but for the dates.
    pub dates_only: bool,
}

/// The runs that a group asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The group.
    pub group: Group,
    /// Dates of all releases of the plan in each run.
    pub runs: Vec<PlanDates>,
    /// For every subset of the group, as bits, the run in which the group's other releases are left out; `None` for the
    /// empty one if the plan then deploys nothing.
    pub subsets: Vec<Option<usize>>,
    /// Ways of splitting, the first of which is not to.
    pub splits: Vec<Split>,
    /// Ways of splitting for which there are not enough open windows.
    pub without_windows: usize,
    /// Whether only ways that keep the plan's order were tried.
    pub in_order_only: bool,
}

/// A way of splitting a group over consecutive windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Night by night: its date, and places in the group of the releases deployed on it.
    pub nights: Vec<(Date, Vec<usize>)>,
    /// The run.
    pub run: usize,
}

/// The groups of two or more releases that a plan deploys on the same date, in order of date.
pub fn groups(register: &Register) -> Vec<Group> {
    let mut by_date: BTreeMap<Date, Vec<String>> = BTreeMap::new();
    for release in &register.releases {
        by_date.entry(release.target).or_default().push(release.id.clone());
    }
    by_date
        .into_iter()
        .filter(|(_, releases)| releases.len() > 1)
        .map(|(date, releases)| Group { date, releases })
        .collect()
}

/// The plans of a scenario with their dates, as seen from one of them.
pub fn siblings(file: &ScenarioFile, plan: &str) -> Vec<Sibling> {
    let Some(own) = file.plans.get(plan) else { return Vec::new() };
    let ids = crate::scenario::natural_order(file.plans.keys());
    ids.into_iter()
        .map(|id| {
            let other = &file.plans[id];
            Sibling {
                id: id.to_owned(),
                dates: other.releases.iter().map(|(id, date)| (id.clone(), date.0)).collect(),
                dates_only: other.set == own.set
                    && other.scale == own.scale
                    && other.separate == own.separate
                    && other.responses == own.responses,
            }
        })
        .collect()
}

impl Layout {
    /// The runs for a group of the plan of this register.
    ///
    /// # Panics
    /// If the group has more than [`MOST_TOGETHER`] releases, or is not of this register.
    pub fn of(register: &Register, group: &Group) -> Self {
        let n = group.releases.len();
        assert!(n <= MOST_TOGETHER, "at most {MOST_TOGETHER} releases");
        let plan: PlanDates = register.releases.iter().map(|r| (r.id.clone(), r.target)).collect();
        let mut layout = Self {
            group: group.clone(),
            runs: Vec::new(),
            subsets: Vec::new(),
            splits: Vec::new(),
            without_windows: 0,
            in_order_only: n > MOST_IN_ANY_ORDER,
        };
        for subset in 0..1usize << n {
            let mut dates = plan.clone();
            for (place, id) in group.releases.iter().enumerate() {
                if subset >> place & 1 == 0 {
                    dates.remove(id);
                }
            }
            let run = (!dates.is_empty()).then(|| layout.run(dates));
            layout.subsets.push(run);
        }
        let ways = if layout.in_order_only { compositions(n) } else { ordered_partitions(n) };
        for way in ways {
            match nights(register, group, &way) {
                Some(nights) => {
                    let mut dates = plan.clone();
                    for (date, places) in &nights {
                        places.iter().for_each(|place| {
                            dates.insert(group.releases[*place].clone(), *date);
                        });
                    }
                    let run = layout.run(dates);
                    layout.splits.push(Split { nights, run });
                }
                None => layout.without_windows += 1,
            }
        }
        layout
    }

    /// The run with these dates: one that is there, or a new one.
    fn run(&mut self, dates: PlanDates) -> usize {
        self.runs.iter().position(|run| *run == dates).unwrap_or_else(|| {
            self.runs.push(dates);
            self.runs.len() - 1
        })
    }

    /// The run of all releases of the group together: the plan as it is.
    pub fn whole(&self) -> usize {
        self.subsets.last().copied().flatten().unwrap_or(0)
    }
}

/// The dates of a way of splitting: the first night on the group's date, each further one in the first window after the
/// last that is open for all of its releases; `None` where there is none up to the horizon.
fn nights(register: &Register, group: &Group, way: &[Vec<usize>]) -> Option<Vec<(Date, Vec<usize>)>> {
    let zero = register.dates?.zero;
    let release = |place: usize| register.releases.iter().find(|r| r.id == group.releases[place]);
    let mut day = zero.day(group.date);
    let mut nights = vec![(group.date, way.first()?.clone())];
    for block in &way[1..] {
        let open = |day: &i32| block.iter().all(|p| release(*p).is_some_and(|r| r.windows.binary_search(day).is_ok()));
        day = *release(block[0])?.windows.iter().filter(|next| **next > day).find(|next| open(next))?;
        nights.push((zero.date(day)?, block.clone()));
    }
    Some(nights)
}

/// Every ordered partition of n things into blocks that are not empty, fewest blocks first: 1, 3, 13, 75 of them.
fn ordered_partitions(n: usize) -> Vec<Vec<Vec<usize>>> {
    // Each thing is given the number of its block; those numberings that use all numbers up to their largest are the
    // ordered partitions.
    let mut all = Vec::new();
    for code in 0..n.pow(n as u32) {
        let blocks: Vec<usize> = (0..n).map(|place| code / n.pow((n - 1 - place) as u32) % n).collect();
        let most = blocks.iter().max().map_or(0, |most| most + 1);
        let of = |block: usize| (0..n).filter(|place| blocks[*place] == block).collect::<Vec<_>>();
        let partition: Vec<Vec<usize>> = (0..most).map(of).collect();
        if partition.iter().all(|block| !block.is_empty()) {
            all.push(partition);
        }
    }
    all.sort_by_key(Vec::len);
    all
}

/// Every way of cutting n things into consecutive blocks without changing their order, fewest blocks first: 2^(n−1).
fn compositions(n: usize) -> Vec<Vec<Vec<usize>>> {
    let mut all: Vec<Vec<Vec<usize>>> = (0..1usize << (n - 1))
        .map(|cuts| {
            let mut blocks = vec![vec![0]];
            for place in 1..n {
                if cuts >> (place - 1) & 1 == 1 {
                    blocks.push(Vec::new());
                }
                if let Some(block) = blocks.last_mut() {
                    block.push(place);
                }
            }
            blocks
        })
        .collect();
    all.sort_by_key(Vec::len);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_splitting_are_counted() {
        // Fubini numbers (OEIS A000670) and powers of two.
        assert_eq!([1, 2, 3, 4].map(|n| ordered_partitions(n).len()), [1, 3, 13, 75]);
        assert_eq!([2, 5, 6].map(|n| compositions(n).len()), [2, 16, 32]);
        for ways in [ordered_partitions(3), compositions(5)] {
            for (i, way) in ways.iter().enumerate() {
                let mut things: Vec<usize> = way.concat();
                things.sort_unstable();
                assert!(things.iter().enumerate().all(|(i, thing)| i == *thing), "{way:?}");
                assert!(!ways[..i].contains(way), "{way:?} twice");
            }
        }
        assert_eq!(ordered_partitions(3)[0], vec![vec![0, 1, 2]]);
    }
}
