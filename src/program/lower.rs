//! Lowering: from the register to a program. Everything that does not depend on the iteration is
//! settled here: streams, orders, tables of windows, what each effect waits for.

use std::collections::BTreeMap;

use super::{Event, Impacts, Normal, Number, ProcessProgram, Program, RateFactor, Trigger};
use crate::random::Stream;
use crate::register::{
    Condition, Draw, Driven, Effect, LinkKind, Node, QuantityId, Register, Uncertainty, risk_dependencies,
};

impl Program {
    /// Lowers a register for a seed.
    pub fn lower(register: Register, seed: u64) -> Self {
        let (normals, latents, latent_of) = latents(&register, seed);
        let numbers = register.quantities.iter().map(|(_, q)| number(&q.node, seed, &latent_of)).collect();
        let events = events(&register, seed, &latent_of);
        let order_of = |draws: &[Draw]| -> Vec<usize> {
            dependency_order(&risk_dependencies(&register.risks))
                .into_iter()
                .filter(|r| draws.contains(&register.risks[*r].draw))
                .collect()
        };
        let windows = all_windows(&register);
        let next_open = register.releases.iter().map(|r| next_open(&r.windows, &windows, &register)).collect();
        let mut program = Self {
            seed,
            numbers,
            normals,
            latents,
            private: Vec::new(),
            passing: Vec::new(),
            lead: None,
            once: order_of(&[Draw::Once]),
            at_gate: order_of(&[Draw::Gate]),
            at_deployment: order_of(&[Draw::Deployment, Draw::Window]),
            at_go_live: order_of(&[Draw::GoLive]),
            once_incidents: (0..register.risks.len())
                .filter(|r| {
                    register.risks[*r].draw == Draw::Once
                        && register.risks[*r].all_effects().any(|e| matches!(e, Effect::Incident(..)))
                })
                .collect(),
            events,
            order: network_order(&register),
            unit_order: Vec::new(),
            impacts: vec![Impacts::default(); register.activities.len()],
            start_asked: vec![false; register.activities.len()],
            straight: Vec::new(),
            steps: Vec::new(),
            finish_places: Vec::new(),
            finish_count: 0,
            ends: ends(&register),
            activities_of: activities_of(&register),
            windows,
            next_open,
            holds: Vec::new(),
            delays: Vec::new(),
            drops: Vec::new(),
            units: register
                .pools
                .iter()
                .map(|pool| pool.units.iter().map(|u| Stream::new(seed, &format!("{}.occurs", u.path))).collect())
                .collect(),
            processes: processes(&register, seed),
            restores: Vec::new(),
            observations: register
                .criteria
                .iter()
                .map(|c| Stream::new(seed, &format!("criteria.{}.observed", c.id)))
                .collect(),
            release_codes: register.releases.iter().map(|r| release_code(&r.id)).collect(),
            epoch: register.dates.map_or(0, |d| d.zero.epoch_day(0)),
            tracks_windows: false,
            period_days: register.releases.iter().map(|r| r.early_life_days).fold(0.0, f64::max),
            register,
        };
        program.unit_order = program.order_for_units();
        program.wire_effects();
        program.find_private_latents();
        program.find_starts_asked();
        program.find_steps();
        program.find_passing();
        program
    }

    /// Finds latent variables that are drawn for one number only, from two normals of which the second is in no other:
    /// nothing of them needs to be kept.
    pub(super) fn find_private_latents(&mut self) {
        let mut numbers = vec![0; self.latents.len()];
        let mut latents = vec![0; self.normals.len()];
        for number in &self.numbers {
            if let Number::Draw { latent: Some(latent), .. } = number {
                numbers[*latent] += 1;
            }
        }
        self.events.iter().filter_map(|event| event.latent).for_each(|latent| numbers[latent] += 2);
        self.latents.iter().flatten().for_each(|(normal, _)| latents[*normal] += 1);
        let alone = |terms: &[(usize, f64)]| matches!(terms, [_, (own, _)] if latents[*own] == 1);
        self.private = self.latents.iter().zip(&numbers).map(|(terms, uses)| *uses == 1 && alone(terms)).collect();
    }

    fn find_starts_asked(&mut self) {
        for (a, activity) in self.register.activities.iter().enumerate() {
            for link in &activity.after {
                self.start_asked[link.activity] |= matches!(link.kind, LinkKind::StartStart | LinkKind::StartFinish);
            }
            self.start_asked[a] |= self.impacts[a].delays.iter().any(|(_, _, own)| *own != activity.duration.calendar);
        }
    }

    /// Hands each effect of a once-drawn risk to what it acts on, with the trigger it waits for.
    fn wire_effects(&mut self) {
        for (index, risk) in self.register.risks.iter().enumerate() {
            let trigger = self.events[index].trigger;
            let own = risk.effects.iter().map(|e| (trigger, e));
            let by_outcome = risk.outcomes.iter().enumerate();
            let outcomes = by_outcome.flat_map(|(k, o)| o.effects.iter().map(move |e| (trigger + 1 + k, e)));
            for (trigger, effect) in own.chain(outcomes) {
                match effect {
                    Effect::DelayRelease(release, days) => self.delays.push((trigger, *release, days.0 as usize)),
                    Effect::DelayActivities(activities, work) => {
                        for a in activities {
                            self.impacts[*a].delays.push((trigger, work.days.0 as usize, work.calendar));
                        }
                    }
                    Effect::Stretch(activities, factor) => {
                        for a in activities {
                            self.impacts[*a].stretches.push((trigger, factor.0 as usize));
                        }
                    }
                    Effect::Exist(activity) => self.impacts[*activity].exists.push(trigger),
                    Effect::Hold(release, until) => self.holds.push((trigger, *release, *until)),
                    Effect::Drop(item) => self.drops.push((trigger, *item)),
                    Effect::Odds(target, factor, pairs) => {
                        self.events[*target].odds.push((index, factor.0 as usize, *pairs));
                    }
                    Effect::Restore(factor) => self.restores.push((index, factor.0 as usize)),
                    _ => {}
                }
                if matches!(effect, Effect::Rate(..) | Effect::Restore(_)) {
                    self.tracks_windows |= risk.when.any_part(&mut |c| matches!(c, Condition::CoDeployed(_)));
                }
            }
        }
    }

    /// A list of activities in which predecessors come first and, among those that could be next,
    /// the one of the highest priority: the list of serial schedule generation.
    fn order_for_units(&self) -> Vec<usize> {
        let activities = &self.register.activities;
        if activities.iter().all(|a| a.needs.is_empty()) {
            return Vec::new();
        }
        let mut waiting: Vec<usize> = activities.iter().map(|a| a.after.len()).collect();
        let mut followers: Vec<Vec<usize>> = vec![Vec::new(); activities.len()];
        for (i, activity) in activities.iter().enumerate() {
            activity.after.iter().for_each(|link| followers[link.activity].push(i));
        }
        let mut open: std::collections::BTreeSet<(u32, usize)> =
            (0..activities.len()).filter(|i| waiting[*i] == 0).map(|i| (activities[i].priority, i)).collect();
        let mut order = Vec::with_capacity(activities.len());
        while let Some((_, next)) = open.pop_first() {
            order.push(next);
            for &f in &followers[next] {
                waiting[f] -= 1;
                if waiting[f] == 0 {
                    open.insert((activities[f].priority, f));
                }
            }
        }
        order
    }
}

fn number(node: &Node, seed: u64, latent_of: &BTreeMap<String, usize>) -> Number {
    let at = |id: &QuantityId| id.0 as usize;
    match node {
        Node::Constant(value) => Number::Constant(*value),
        Node::Draw(leaf) => Number::Draw {
            stream: Stream::new(seed, &leaf.id),
            distribution: leaf.distribution.clone(),
            latent: latent_of.get(&leaf.id).copied(),
            chance: leaf.uncertainty == Uncertainty::Chance,
        },
        Node::Product(parts) => Number::Product(parts.iter().map(at).collect()),
        Node::Sum(parts) => Number::Sum(parts.iter().map(at).collect()),
        Node::Complement(p) => Number::Complement(at(p)),
        Node::AnyOf(p, n) => Number::AnyOf(at(p), at(n)),
        Node::AtLeastOne(rate, days) => Number::AtLeastOne(at(rate), at(days)),
        Node::Odds(p, f) => Number::Odds(at(p), at(f)),
        Node::Escape(prevalence, coverage, detection) => Number::Escape(at(prevalence), *coverage, at(detection)),
    }
}

type Latents = (Vec<Normal>, Vec<Vec<(usize, f64)>>, BTreeMap<String, usize>);

/// Standard normals and the latent variables made of them. A member's own normal comes from the
/// member's own stream, so that the first of a group is drawn as if it were alone.
fn latents(register: &Register, seed: u64) -> Latents {
    let mut normals = Vec::new();
    let mut latents = Vec::new();
    let mut latent_of = BTreeMap::new();
    for group in &register.dependence.correlated {
        let first = normals.len();
        let members = group.members.iter().zip(&group.knowledge);
        normals.extend(members.map(|(m, knowledge)| Normal {
            stream: Stream::new(seed, m),
            knowledge: *knowledge,
            held: None,
        }));
        for (i, member) in group.members.iter().enumerate() {
            latent_of.insert(member.clone(), latents.len());
            latents.push(
                group.factor[i].iter().enumerate().map(|(k, f)| (first + k, *f)).filter(|(_, f)| *f != 0.0).collect(),
            );
        }
    }
    for group in &register.dependence.driven {
        let first = normals.len();
        normals.extend(group.drivers.iter().map(|(d, knowledge)| Normal {
            stream: Stream::new(seed, &format!("drivers.{d}")),
            knowledge: *knowledge,
            held: None,
        }));
        for Driven { path: member, knowledge, loadings, rest } in &group.members {
            let own = normals.len();
            normals.push(Normal { stream: Stream::new(seed, member), knowledge: *knowledge, held: None });
            let terms = loadings.iter().enumerate().map(|(k, f)| (first + k, *f)).chain([(own, *rest)]);
            latent_of.insert(member.clone(), latents.len());
            latents.push(terms.filter(|(_, f)| *f != 0.0).collect());
        }
    }
    (normals, latents, latent_of)
}

fn events(register: &Register, seed: u64, latent_of: &BTreeMap<String, usize>) -> Vec<Event> {
    let mut next: Trigger = 0;
    register
        .risks
        .iter()
        .map(|risk| {
            let path = format!("risks.{}", risk.id);
            let stream = |what: &str| Stream::new(seed, &format!("{path}.{what}"));
            let trigger = next;
            next += 1 + risk.outcomes.len();
            let items = if risk.items == 1 {
                vec![Stream::new(seed, &path)]
            } else {
                (1..=risk.items).map(|i| Stream::new(seed, &format!("{path}#{i}"))).collect()
            };
            Event {
                items,
                joint: None,
                latent: latent_of.get(&path).copied(),
                code: Stream::new(0, &path).bits(0),
                outcome: stream("outcome"),
                judgement: stream("judgement"),
                category: stream("category"),
                begin: stream("begin"),
                trigger,
                probability: risk.probability.0 as usize,
                odds: Vec::new(),
                asks_process: risk.when.any_part(&mut |c| matches!(c, Condition::Event(..))),
                known: None,
            }
        })
        .collect()
}

fn processes(register: &Register, seed: u64) -> Vec<ProcessProgram> {
    let mut processes: Vec<ProcessProgram> = register
        .processes
        .iter()
        .map(|process| ProcessProgram {
            rate: process.rate.0 as usize,
            count: Stream::new(seed, &format!("processes.{}.count", process.id)),
            time: Stream::new(seed, &format!("processes.{}.time", process.id)),
            factors: Vec::new(),
        })
        .collect();
    for (index, risk) in register.risks.iter().enumerate() {
        for effect in risk.all_effects() {
            if let Effect::Rate(process, factor, share) = effect {
                let id = &register.processes[*process].id;
                let stream = |what: &str| Stream::new(seed, &format!("risks.{}.{what}.{id}", risk.id));
                processes[*process].factors.push(RateFactor {
                    risk: index,
                    factor: factor.0 as usize,
                    share: share.0 as usize,
                    count: stream("count"),
                    time: stream("time"),
                    keep: stream("keep"),
                });
            }
        }
    }
    processes
}

/// Nodes of a graph, each after those it depends on; among equals in the order of their indices.
fn dependency_order(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut done = vec![false; edges.len()];
    let mut order = Vec::with_capacity(edges.len());
    for root in 0..edges.len() {
        let mut path = vec![(root, 0)];
        while let Some((node, next)) = path.last_mut() {
            if done[*node] {
                path.pop();
            } else if let Some(&to) = edges[*node].get(*next) {
                *next += 1;
                if !done[to] {
                    path.push((to, 0));
                }
            } else {
                done[*node] = true;
                order.push(*node);
                path.pop();
            }
        }
    }
    order
}

fn network_order(register: &Register) -> Vec<usize> {
    let edges: Vec<Vec<usize>> =
        register.activities.iter().map(|a| a.after.iter().map(|l| l.activity).collect()).collect();
    debug_assert!(register.activities.iter().flat_map(|a| &a.after).all(|l| matches!(
        l.kind,
        LinkKind::FinishStart | LinkKind::StartStart | LinkKind::FinishFinish | LinkKind::StartFinish
    )));
    dependency_order(&edges)
}

/// Activities that can finish last. What another one waits for until it has finished, finishes no later than that one:
/// durations and delays make no finish earlier than its start. Where an activity starts on a date of its own, it waits
/// for nothing.
fn ends(register: &Register) -> Vec<usize> {
    let mut waited_for = vec![false; register.activities.len()];
    for activity in register.activities.iter().filter(|a| a.must_start.is_none()) {
        let whole = activity.after.iter().filter(|link| link.kind == LinkKind::FinishStart && link.lag.is_none());
        whole.for_each(|link| waited_for[link.activity] = true);
    }
    (0..waited_for.len()).filter(|a| !waited_for[*a]).collect()
}

fn activities_of(register: &Register) -> Vec<Vec<usize>> {
    let mut of = vec![Vec::new(); register.releases.len()];
    for (a, activity) in register.activities.iter().enumerate() {
        if let Some(release) = activity.release {
            of[release].push(a);
        }
    }
    of
}

fn all_windows(register: &Register) -> Vec<i32> {
    let mut days: Vec<i32> = register.releases.iter().flat_map(|r| r.windows.iter().copied()).collect();
    days.sort_unstable();
    days.dedup();
    days
}

fn next_open(own: &[i32], all: &[i32], register: &Register) -> Vec<u16> {
    let horizon = register.dates.map_or(0, |d| d.horizon);
    let mut table = vec![u16::MAX; usize::try_from(horizon).unwrap_or(0) + 1];
    let mut next = u16::MAX;
    let mut own = own.iter().rev().peekable();
    for day in (0..=horizon).rev() {
        if own.next_if(|d| **d == day).is_some() {
            next = all.binary_search(&day).map_or(u16::MAX, |place| place as u16);
        }
        table[day as usize] = next;
    }
    table
}

/// A number that is the same for an id whatever else is in the scenario; its low 16 bits are free
/// for attempts, and its highest bit keeps it apart from days.
fn release_code(id: &str) -> u64 {
    (Stream::new(0, &format!("releases.{id}")).bits(0) & !0xffff) | 1 << 63
}
