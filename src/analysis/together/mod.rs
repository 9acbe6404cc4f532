//! What deploying releases together adds to the risk of each, and what it would cost to take them apart.
//!
//! In: programs of every subset of the releases that a plan deploys on one date, and of every way of splitting them, on
//! common random numbers. Out: for each release the probability of missing alone and together, what each partner adds,
//! the excess over independence, Shapley shares of the added risk, and the frontier of splitting against bundling. To
//! *miss* is not to be deployed on the plan's date, or not to be kept.
//!
//! Every figure has its sampling error, paired, and its input interval (`asker`).

mod asker;
mod frontier;
mod layout;
mod shapley;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use self::asker::{Asker, KeptWorld, Of, Recipe};
use super::from_tally::models_incidents;
use super::outlook::{BasisCount, InputWorlds};
use crate::estimate::Figure;
use crate::program::Program;
use crate::register::{Register, ReleaseSet};
use crate::simulate::{
    Facts, Joint, Kept, Options, Precision, ThreadsError, Worlds, simulate_joint, simulate_joint_until_precise,
    simulate_joint_worlds,
};

pub use frontier::{Change, Dominated, Frontier, Night, SamePlan, Standing, Way};
pub use layout::{Group, Layout, MOST_TOGETHER, PlanDates, Sibling, Split as SplitLayout, groups, siblings};

/// What deploying together adds in one plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Together {
    /// Id of the scenario.
    pub scenario: String,
    /// Title of the scenario.
    pub title: String,
    /// Id of the plan.
    pub plan: String,
    /// Title of the plan.
    pub plan_title: String,
    /// Seed of every run.
    pub seed: u64,
    /// What the input intervals come from; `null` where they were left out.
    pub inputs: Option<InputWorlds>,
    /// "Stays live" means not reversed within this many days.
    pub stays_days: u32,
    /// How many of the scenario's uncertain numbers rest on what.
    pub basis: BasisCount,
    /// One entry for each date on which the plan deploys two or more releases.
    pub groups: Vec<GroupTogether>,
}

/// Releases that a plan deploys on one date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupTogether {
    /// The date.
    pub date: Date,
    /// Iterations of each run.
    pub iterations: u64,
    /// How well the probabilities were to be known, in a run that went on until they were; `null` in other runs.
    pub precision: Option<Precision>,
    /// Other releases of the plan, which stay as they are in every run.
    pub others: Vec<String>,
    /// One entry for each release, in the order of their ids.
    pub releases: Vec<ReleaseTogether>,
    /// One entry for each subset of the releases that is not empty, the others left out of the plan.
    pub subsets: Vec<Subset>,
    /// All of them on their dates and staying, against what independent releases would do.
    pub independence: Independence,
    /// The added expected number of missed releases, v(S) = Σ over r in S of P(r misses | S) − P(r misses | alone), and
    /// each release's Shapley share of it.
    pub missed: Split,
    /// The same for extra incidents of category 1 or 2, v(S) = E(S) − Σ over r in S of E(r alone), each less what the
    /// other releases of the plan cause by themselves; `null` in a scenario that models no incidents.
    pub extra_incidents: Option<Split>,
    /// Ways of splitting the releases over consecutive windows.
    pub frontier: Frontier,
}

/// One release of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReleaseTogether {
    /// Id of the release.
    pub id: String,
    /// Title of the release.
    pub title: String,
    /// Probability of a miss with the others of the group left out of the plan.
    pub p_misses_alone: Figure,
    /// Probability of a miss with all of them.
    pub p_misses_together: Figure,
    /// Together less alone.
    pub added: Figure,
    /// Whether it can be told from 0: both intervals exclude it.
    pub separable: bool,
    /// What each partner does.
    pub partners: Vec<Partner>,
    /// Shapley shares of the partners in what is added to this release.
    pub added_by: Split,
}

/// What a partner does to a release.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Partner {
    /// Id of the partner.
    pub id: String,
    /// Probability that the release misses with this partner alone.
    pub p_misses_with: Figure,
    /// What it adds to the release alone.
    pub added_first: Figure,
    /// What it adds on top of all other partners.
    pub added_last: Figure,
}

/// Something shared out among releases; the shares add up to the total.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Split {
    /// What is shared out.
    pub total: Share,
    /// One entry for each release that shares.
    pub shares: Vec<NamedShare>,
    /// The estimate of the total and of each share is its numerator over this, so that the numerators of the shares add up
    /// to that of the total exactly.
    pub denominator: u64,
}

/// A part of what is shared out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// How much, with both uncertainties.
    #[serde(flatten)]
    pub figure: Figure,
    /// Its numerator.
    pub numerator: i64,
}

/// The part of one release.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NamedShare {
    /// Id of the release.
    pub release: String,
    /// Its share.
    #[serde(flatten)]
    pub share: Share,
}

/// Some releases of the group together, the others left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Subset {
    /// Ids of the releases deployed together.
    pub releases: Vec<String>,
    /// Probability that each misses, in the order of `releases`.
    pub p_misses: Vec<Figure>,
    /// What the others add to each, in the order of `releases`; 0 of a release alone.
    pub added: Vec<Figure>,
    /// Extra incidents of category 1 or 2, mean number; `null` in a scenario that models no incidents.
    pub extra_category_1_or_2: Option<Figure>,
}

/// All releases of a group live on their dates and staying, against independence. The excess is
/// `common_causes + interaction`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Independence {
    /// Probability that all are deployed on the date and kept.
    pub p_all: Figure,
    /// Product of the probabilities of each in the same run.
    pub product_together: Figure,
    /// Product of the probabilities of each alone.
    pub product_alone: Figure,
    /// `p_all − product_together`: what they have in common. Positive where what stops one tends to stop the others too.
    pub common_causes: Figure,
    /// The same in a world whose inputs are known, on average over worlds: what is left of it without the inputs that
    /// releases share and nobody knows; `null` without worlds.
    pub common_causes_within_worlds: Option<Figure>,
    /// `product_together − product_alone`: what being together does to each. Negative where it makes each likelier to miss.
    pub interaction: Figure,
    /// `p_all − product_alone`.
    pub excess: Figure,
}

/// How much to simulate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct How {
    /// Iterations of each run; the most of them where it goes by precision.
    pub options: Options,
    /// Half-width of every probability to go on until.
    pub precision: Option<f64>,
    /// Worlds; `None` leaves input intervals out.
    pub worlds: Option<Worlds>,
}

/// What a plan's groups have in common, with no group yet.
pub fn together(register: &Register, seed: u64, worlds: Option<Worlds>) -> Together {
    let basis = register.basis;
    Together {
        scenario: register.scenario.clone(),
        title: register.title.clone(),
        plan: register.plan.clone(),
        plan_title: register.plan_title.clone(),
        seed,
        inputs: worlds.map(|w| InputWorlds { worlds: w.worlds, iterations_in_a_world: w.iterations }),
        stays_days: register.stays_days,
        basis: BasisCount {
            stated: basis.stated,
            derived: basis.derived,
            base_rate: basis.base_rate,
            assumed: basis.assumed,
        },
        groups: Vec::new(),
    }
}

/// Runs a group: `programs` are those of the layout's runs, in order, lowered for one seed.
///
/// # Errors
/// When the operating system refuses the threads.
pub fn study(
    programs: &[Program],
    layout: &Layout,
    siblings: &[Sibling],
    how: How,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<GroupTogether, ThreadsError> {
    let case = Case::new(programs, layout, siblings);
    let (joint, precision) = match how.precision {
        None => (simulate_joint(programs, &case.facts, how.options, progress)?, None),
        Some(half_width) => {
            let widest = |joint: &Joint| {
                let mut asker = Asker::new(programs, joint, &[]);
                case.ask(&mut asker);
                asker.widest()
            };
            let (options, facts) = (how.options, &case.facts);
            let (joint, precision) =
                simulate_joint_until_precise(programs, facts, half_width, options, widest, progress)?;
            (joint, Some(precision))
        }
    };
    let mut asker = Asker::new(programs, &joint, &[]);
    let mut group = case.ask(&mut asker);
    if let Some(worlds) = how.worlds.filter(|w| w.worlds > 1) {
        let keep = asker.keeper();
        let kept: Vec<KeptWorld> = simulate_joint_worlds(programs, &case.facts, worlds, &keep, progress)?;
        group = case.ask(&mut Asker::new(programs, &joint, &kept));
    }
    group.precision = precision;
    Ok(group)
}

/// A group, and where its facts are.
struct Case<'a> {
    programs: &'a [Program],
    layout: &'a Layout,
    siblings: &'a [Sibling],
    facts: Facts,
    places: BTreeMap<(usize, ReleaseSet), usize>,
}

impl<'a> Case<'a> {
    fn new(programs: &'a [Program], layout: &'a Layout, siblings: &'a [Sibling]) -> Self {
        let mut case = Self { programs, layout, siblings, facts: Facts::default(), places: BTreeMap::new() };
        let n = case.n();
        for subset in 1..1usize << n {
            if let Some(run) = layout.subsets[subset] {
                (0..n).filter(|r| subset >> r & 1 == 1).for_each(|r| case.add(run, 1 << r));
            }
        }
        for split in &layout.splits {
            (0..n).for_each(|r| case.add(split.run, 1 << r));
            case.add(split.run, case.all());
        }
        case.add(layout.whole(), case.all());
        case.facts.last_of = (0..programs.len()).map(|run| case.in_program(run, case.all())).collect();
        case
    }

    /// Number of releases in the group.
    fn n(&self) -> usize {
        self.layout.group.releases.len()
    }

    /// All releases of the group, by their places in it.
    fn all(&self) -> u64 {
        (1 << self.n()) - 1
    }

    /// Releases by their places in the register of a run.
    fn in_program(&self, run: usize, of_group: u64) -> ReleaseSet {
        let releases = self.programs[run].register().releases.iter().enumerate();
        let ids = &self.layout.group.releases;
        let mine = |id: &str| (0..ids.len()).any(|place| of_group >> place & 1 == 1 && ids[place] == id);
        releases.filter(|(_, r)| mine(&r.id)).fold(0, |set, (place, _)| set | 1 << place)
    }

    fn add(&mut self, run: usize, of_group: u64) {
        let fact = Kept { program: run, releases: self.in_program(run, of_group) };
        self.places.entry((run, of_group)).or_insert_with(|| {
            self.facts.kept.push(fact);
            self.facts.kept.len() - 1
        });
    }

    /// The place of the fact that releases (by their places in the group) are kept in a run.
    fn fact(&self, run: usize, of_group: u64) -> usize {
        self.places[&(run, of_group)]
    }

    /// The same of one release in the run of a subset that has it.
    fn kept(&self, release: usize, subset: usize) -> usize {
        self.fact(self.subset(subset), 1 << release)
    }

    /// The run of a subset that is not empty.
    fn subset(&self, subset: usize) -> usize {
        self.layout.subsets[subset].unwrap_or_else(|| self.layout.whole())
    }

    fn id(&self, place: usize) -> String {
        self.layout.group.releases[place].clone()
    }

    /// What a subset adds to a release of it: P(misses | subset) − P(misses | alone).
    fn added(&self, release: usize, subset: usize) -> Recipe {
        Recipe::linear(Of::Kept, [(1.0, self.kept(release, 1 << release)), (-1.0, self.kept(release, subset))])
    }

    /// Everything, asked of a run in an order that depends on the run alone.
    fn ask(&self, asker: &mut Asker<'_>) -> GroupTogether {
        let register = self.programs[self.layout.whole()].register();
        let others = register.releases.iter().map(|r| r.id.clone());
        GroupTogether {
            date: self.layout.group.date,
            iterations: asker.joint().iterations,
            precision: None,
            others: others.filter(|id| !self.layout.group.releases.contains(id)).collect(),
            releases: (0..self.n()).map(|release| self.release(asker, release)).collect(),
            subsets: (1..1usize << self.n()).map(|subset| self.of_subset(asker, subset)).collect(),
            independence: self.independence(asker),
            missed: self.missed(asker),
            extra_incidents: models_incidents(register).then(|| self.extra_incidents(asker)),
            frontier: frontier::frontier(self, asker),
        }
    }

    fn release(&self, asker: &mut Asker<'_>, release: usize) -> ReleaseTogether {
        let all = self.all() as usize;
        let register = self.programs[self.layout.whole()].register();
        let id = self.id(release);
        let title = register.releases.iter().find(|r| r.id == id).map_or_else(String::new, |r| r.title.clone());
        let added = asker.figure(self.added(release, all));
        let own = 1 << release;
        let partners: Vec<usize> = (0..self.n()).filter(|p| *p != release).collect();
        // Subsets of the partners, as subsets of the group that have the release.
        let with = |set: usize| {
            let members = partners.iter().enumerate().filter(|(k, _)| set >> k & 1 == 1);
            members.fold(own, |subset, (_, place)| subset | 1 << place)
        };
        let value = |set: usize| vec![(1, self.kept(release, own)), (-1, self.kept(release, with(set)))];
        ReleaseTogether {
            p_misses_alone: asker.figure(Recipe::misses(self.kept(release, own))),
            p_misses_together: asker.figure(Recipe::misses(self.kept(release, all))),
            separable: separable(&added),
            added,
            partners: partners
                .iter()
                .map(|partner| Partner {
                    id: self.id(*partner),
                    p_misses_with: asker.figure(Recipe::misses(self.kept(release, own | 1 << partner))),
                    added_first: asker.figure(self.added(release, own | 1 << partner)),
                    added_last: asker.figure(Recipe::linear(
                        Of::Kept,
                        [(1.0, self.kept(release, all & !(1 << partner))), (-1.0, self.kept(release, all))],
                    )),
                })
                .collect(),
            added_by: split(asker, Of::Kept, &partners.iter().map(|p| self.id(*p)).collect::<Vec<_>>(), &value),
            id,
            title,
        }
    }

    fn of_subset(&self, asker: &mut Asker<'_>, subset: usize) -> Subset {
        let run = self.subset(subset);
        let members: Vec<usize> = (0..self.n()).filter(|r| subset >> r & 1 == 1).collect();
        Subset {
            releases: members.iter().map(|r| self.id(*r)).collect(),
            p_misses: members.iter().map(|r| asker.figure(Recipe::misses(self.kept(*r, subset)))).collect(),
            added: members.iter().map(|r| asker.figure(self.added(*r, subset))).collect(),
            extra_category_1_or_2: models_incidents(self.programs[run].register())
                .then(|| asker.figure(Recipe::linear(Of::Incidents, [(1.0, run)]))),
        }
    }

    fn independence(&self, asker: &mut Asker<'_>) -> Independence {
        let whole = self.layout.whole();
        let all = vec![self.fact(whole, self.all())];
        let together: Vec<usize> = (0..self.n()).map(|r| self.fact(whole, 1 << r)).collect();
        let alone: Vec<usize> = (0..self.n()).map(|r| self.kept(r, 1 << r)).collect();
        let less = |a: &Vec<usize>, b: &Vec<usize>| Recipe::products([(1.0, a.clone()), (-1.0, b.clone())]);
        Independence {
            p_all: asker.figure(Recipe::products([(1.0, all.clone())])),
            product_together: asker.figure(Recipe::products([(1.0, together.clone())])),
            product_alone: asker.figure(Recipe::products([(1.0, alone.clone())])),
            common_causes: asker.figure(less(&all, &together)),
            common_causes_within_worlds: asker.within_worlds(less(&all, &together)),
            interaction: asker.figure(less(&together, &alone)),
            excess: asker.figure(less(&all, &alone)),
        }
    }

    fn missed(&self, asker: &mut Asker<'_>) -> Split {
        let value = |set: usize| {
            let members = (0..self.n()).filter(move |r| set >> r & 1 == 1);
            members.flat_map(|r| [(1, self.kept(r, 1 << r)), (-1, self.kept(r, set))]).collect()
        };
        split(asker, Of::Kept, &self.layout.group.releases, &value)
    }

    fn extra_incidents(&self, asker: &mut Asker<'_>) -> Split {
        let nothing = self.layout.subsets[0];
        let value = |set: usize| {
            if set == 0 {
                return Vec::new();
            }
            let members = (0..self.n()).filter(|r| set >> r & 1 == 1);
            let mut terms = vec![(1, self.subset(set))];
            terms.extend(members.map(|r| (-1, self.subset(1 << r))));
            // What the rest of the plan causes by itself is in each of these, and counts in none.
            terms.extend(nothing.map(|run| (i64::from(set.count_ones()) - 1, run)));
            terms
        };
        split(asker, Of::Incidents, &self.layout.group.releases, &value)
    }
}

/// Whether a figure can be told from 0: both its intervals exclude it.
pub fn separable(figure: &Figure) -> bool {
    let excludes_zero = |interval: [f64; 2]| interval[0] > 0.0 || interval[1] < 0.0;
    excludes_zero(figure.interval) && figure.inputs_interval.is_none_or(excludes_zero)
}

/// Shares the value of all players out by Shapley. `value` says for a set of players how often it counts which shares.
fn split(asker: &mut Asker<'_>, of: Of, players: &[String], value: &dyn Fn(usize) -> Vec<(i64, usize)>) -> Split {
    let n = players.len();
    let orders = shapley::factorial(n);
    let mut share = |weights: &[i64]| {
        let mut terms: BTreeMap<usize, i64> = BTreeMap::new();
        for (set, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight != 0) {
            value(set).into_iter().for_each(|(times, place)| *terms.entry(place).or_default() += times * weight);
        }
        let terms = terms.into_iter().filter(|(_, weight)| *weight != 0);
        let mut recipe = Recipe::linear(of, terms.map(|(place, weight)| (weight as f64, place)));
        recipe.denominator = orders as f64;
        let numerator = recipe.numerator(asker.joint());
        Share { figure: asker.figure(recipe), numerator }
    };
    let mut whole = vec![0; 1 << n];
    whole[(1 << n) - 1] = orders.cast_signed();
    let total = share(&whole);
    let shares = players
        .iter()
        .enumerate()
        .map(|(player, id)| NamedShare { release: id.clone(), share: share(&shapley::weights(n, player)) })
        .collect();
    Split { total, shares, denominator: orders * asker.joint().iterations }
}
