//! What of a register decides figures, as one number: two registers with the same fingerprint give the same figures.
//!
//! Left out are titles and other texts, the basis of numbers, and numbers that nothing uses. The rest is written out in a
//! fixed form (numbers renumbered in the order in which they are used) and hashed with SHA-256.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{Basis, BasisTally, Effect, Node, Quantities, QuantityId, Register, Work, parts};

impl Register {
    /// Hash of all that decides figures.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut bare = self.clone();
        bare.forget_texts();
        let mut used = Used { all: &self.quantities, kept: Quantities::default(), places: HashMap::new() };
        bare.each_number(&mut |id| *id = used.keep(*id));
        bare.quantities = used.kept;
        Sha256::digest(format!("{bare:?}")).into()
    }

    fn forget_texts(&mut self) {
        let texts = [&mut self.scenario, &mut self.title, &mut self.plan_title];
        let texts = texts.into_iter().chain(self.releases.iter_mut().map(|r| &mut r.title));
        let texts = texts.chain(self.criteria.iter_mut().map(|c| &mut c.text));
        let texts = texts.chain(self.scope.iter_mut().map(|s| &mut s.title));
        let texts = texts.chain(self.processes.iter_mut().map(|p| &mut p.title));
        let texts = texts.chain(self.risks.iter_mut().map(|r| &mut r.title));
        texts.chain(self.measures.iter_mut().map(|m| &mut m.title)).for_each(String::clear);
        self.basis = BasisTally::default();
    }

    /// Visits every number that something uses, but those inside other numbers.
    fn each_number(&mut self, visit: &mut dyn FnMut(&mut QuantityId)) {
        for activity in &mut self.activities {
            visit(&mut activity.duration.days);
            activity.after.iter_mut().filter_map(|link| link.lag.as_mut()).for_each(|lag| visit(&mut lag.days));
        }
        for unit in self.pools.iter_mut().flat_map(|pool| &mut pool.units) {
            visit(&mut unit.works);
            unit.replaced_after.iter_mut().for_each(&mut *visit);
        }
        self.coverage.iter_mut().for_each(|coverage| visit(&mut coverage.substitute));
        for observed in self.criteria.iter_mut().filter_map(|criterion| criterion.observed.as_mut()) {
            visit(&mut observed.detection);
            visit(&mut observed.false_alarm);
        }
        self.processes.iter_mut().for_each(|process| visit(&mut process.rate));
        self.restore.iter_mut().flatten().for_each(&mut *visit);
        for risk in &mut self.risks {
            visit(&mut risk.probability);
            risk.effects.iter_mut().for_each(|effect| each_of_effect(effect, visit));
            for outcome in &mut risk.outcomes {
                visit(&mut outcome.weight);
                outcome.effects.iter_mut().for_each(|effect| each_of_effect(effect, visit));
            }
        }
        self.response_costs.iter_mut().for_each(|response| visit(&mut response.cost));
        if let Some(prices) = &mut self.prices {
            for delay in &mut prices.delay {
                visit(&mut delay.per_day);
                delay.not_live.iter_mut().for_each(&mut *visit);
            }
            prices.back_out.iter_mut().chain(&mut prices.incident).flatten().for_each(visit);
        }
    }
}

fn each_of_effect(effect: &mut Effect, visit: &mut dyn FnMut(&mut QuantityId)) {
    match effect {
        Effect::DelayRelease(_, id)
        | Effect::DelayActivities(_, Work { days: id, .. })
        | Effect::Stretch(_, id)
        | Effect::BackOut(_, id)
        | Effect::Odds(_, id, _)
        | Effect::Restore(id)
        | Effect::Cost(id) => visit(id),
        Effect::Fail(_, a, b) | Effect::Rate(_, a, b) => {
            visit(a);
            visit(b);
        }
        Effect::Exist(_) | Effect::Hold(..) | Effect::Incident(..) | Effect::Drop(_) => {}
    }
}

/// Numbers that are used, in the order of their use.
struct Used<'a> {
    all: &'a Quantities,
    kept: Quantities,
    places: HashMap<QuantityId, QuantityId>,
}

impl Used<'_> {
    /// The new place of a number; what it is made of comes first.
    fn keep(&mut self, id: QuantityId) -> QuantityId {
        if let Some(place) = self.places.get(&id) {
            return *place;
        }
        let mut node = self.all[id].node.clone();
        let parts: Vec<QuantityId> = parts(&node).into_iter().map(|part| self.keep(part)).collect();
        match &mut node {
            Node::Constant(_) => {}
            Node::Draw(leaf) => leaf.basis = Basis::Assumed,
            Node::Product(ids) | Node::Sum(ids) => *ids = parts,
            Node::Complement(id) => *id = parts[0],
            Node::AnyOf(a, b) | Node::AtLeastOne(a, b) | Node::Odds(a, b) | Node::Escape(a, _, b) => {
                (*a, *b) = (parts[0], parts[1]);
            }
        }
        let place = self.kept.push(node);
        self.places.insert(id, place);
        place
    }
}
