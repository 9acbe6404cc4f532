//! Which numbers a register uses, and on how many occasions of one iteration.
//!
//! In: a resolved register, whose arena also holds numbers that nothing in force refers to (named estimates that the
//! plan does not use, numbers of risks that are left out). Out: for each number whether anything can ask for it.

use super::{Draw, Effect, Node, QuantityId, Register, Uncertainty, parts};

/// How a number is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Nothing in force asks for it.
    Never,
    /// One value in each iteration.
    Once,
    /// Drawn afresh on each of several occasions of an iteration.
    OnOccasions,
}

impl Register {
    /// How each number is used, in order of the arena.
    pub fn uses(&self) -> Vec<Use> {
        let mut uses = vec![Use::Never; self.quantities.len()];
        let once = |id: QuantityId, on: bool| (id, if on { Use::OnOccasions } else { Use::Once });
        let mut roots: Vec<(QuantityId, Use)> = Vec::new();
        for (a, activity) in self.activities.iter().enumerate() {
            if self.can_happen(a) {
                roots.push(once(activity.duration.days, false));
                roots.extend(activity.after.iter().filter_map(|l| l.lag).map(|lag| once(lag.days, false)));
            }
        }
        for unit in self.pools.iter().flat_map(|pool| &pool.units) {
            roots.push(once(unit.works, false));
            roots.extend(unit.replaced_after.map(|id| once(id, false)));
        }
        for observed in self.criteria.iter().filter_map(|criterion| criterion.observed) {
            roots.extend([once(observed.detection, true), once(observed.false_alarm, true)]);
        }
        roots.extend(self.processes.iter().map(|process| once(process.rate, false)));
        roots.extend(self.restore.iter().flatten().map(|id| once(*id, true)));
        roots.extend(self.response_costs.iter().map(|response| once(response.cost, false)));
        if let Some(prices) = &self.prices {
            for delay in &prices.delay {
                roots.push(once(delay.per_day, false));
                roots.extend(delay.not_live.map(|id| once(id, false)));
            }
            roots.extend(prices.back_out.iter().chain(&prices.incident).flatten().map(|id| once(*id, true)));
        }
        for risk in &self.risks {
            let often = risk.draw != Draw::Once;
            roots.push(once(risk.probability, often));
            roots.extend(risk.outcomes.iter().map(|outcome| once(outcome.weight, false)));
            for effect in risk.all_effects() {
                match effect {
                    Effect::DelayRelease(_, days) => roots.push(once(*days, false)),
                    Effect::DelayActivities(_, work) => roots.push(once(work.days, false)),
                    Effect::Stretch(_, factor) | Effect::Odds(_, factor, _) | Effect::Restore(factor) => {
                        roots.push(once(*factor, false));
                    }
                    Effect::Fail(_, probability, recovery) => {
                        roots.extend([once(*probability, false), once(*recovery, true)]);
                    }
                    Effect::BackOut(_, fix) => roots.push(once(*fix, true)),
                    Effect::Rate(_, factor, share) => roots.extend([once(*factor, false), once(*share, false)]),
                    Effect::Cost(amount) => roots.push(once(*amount, often)),
                    Effect::Exist(_) | Effect::Hold(..) | Effect::Incident(..) | Effect::Drop(_) => {}
                }
            }
        }
        while let Some((id, wanted)) = roots.pop() {
            let quantity = &self.quantities[id];
            // Knowledge has one value whatever the occasion.
            let knowledge = matches!(&quantity.node, Node::Draw(leaf) if leaf.uncertainty == Uncertainty::Knowledge);
            let wanted = if knowledge { wanted.min(Use::Once) } else { wanted };
            let known = &mut uses[id.0 as usize];
            if *known >= wanted {
                continue;
            }
            *known = wanted;
            roots.extend(parts(&quantity.node).into_iter().map(|part| (part, wanted)));
            if let Node::Escape(_, coverage, _) = quantity.node {
                roots.push((self.coverage[coverage].substitute, Use::Once));
            }
        }
        uses
    }

    /// Whether an activity happens, or a risk can bring it in.
    pub fn can_happen(&self, activity: usize) -> bool {
        self.activities[activity].enabled
            || self
                .risks
                .iter()
                .flat_map(super::Risk::all_effects)
                .any(|e| matches!(e, Effect::Exist(a) if *a == activity))
    }

    /// The same register with every draw of this path replaced by a constant; nothing if there is none.
    pub fn pinned(&self, path: &str, value: f64) -> Option<Self> {
        let of_path = |node: &Node| matches!(node, Node::Draw(leaf) if leaf.id == path);
        let found: Vec<QuantityId> =
            self.quantities.iter().filter(|(_, q)| of_path(&q.node)).map(|(id, _)| id).collect();
        if found.is_empty() {
            return None;
        }
        let mut register = self.clone();
        for id in found {
            register.quantities.replace(id, Node::Constant(value));
        }
        Some(register)
    }
}
