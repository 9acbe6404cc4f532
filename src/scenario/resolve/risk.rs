//! Risks, their effects and outcomes.

use std::collections::BTreeMap;

use super::Resolver;
use super::quantity::Role;
use crate::diagnostic::Diagnostic;
use crate::register::{
    Activity, Condition, Criterion, Draw, Effect, Outcome, Process, Release, ReleaseSet, ResponseCost, Risk, ScopeItem,
};
use crate::scenario::file;
use crate::scenario::natural_order;

/// What effects and conditions may name.
pub(super) struct Names<'a> {
    pub(super) releases: &'a [Release],
    pub(super) activities: &'a [Activity],
    pub(super) criteria: &'a [Criterion],
    pub(super) scope: &'a [ScopeItem],
    pub(super) processes: &'a [Process],
    /// Places of activities, and of the risks in force, by id.
    pub(super) activity_places: BTreeMap<&'a str, usize>,
    pub(super) risk_places: BTreeMap<String, usize>,
}

impl Resolver<'_> {
    /// Ids of the risks in force, in order: the order of the register.
    pub(super) fn in_force_risks(&self) -> Vec<String> {
        natural_order(self.file.risks.keys())
            .into_iter()
            .filter(|id| self.file.risks[*id].enabled != Some(false))
            .map(str::to_owned)
            .collect()
    }

    pub(super) fn risks(&mut self, names: &Names<'_>) -> (Vec<Risk>, Vec<String>) {
        let file = self.file;
        let mut overlaps: Vec<String> = file.risks.values().filter_map(|r| r.overlaps.clone()).collect();
        overlaps.sort_unstable();
        overlaps.dedup();
        let mut risks = Vec::new();
        for id in natural_order(file.risks.keys()) {
            let written = &file.risks[id];
            let enabled = written.enabled != Some(false);
            self.in_force = enabled;
            let risk = self.risk(id, written, names, &overlaps);
            self.in_force = true;
            if enabled {
                risks.push(risk);
            }
        }
        self.check_conditions(&risks);
        self.check_order(&risks);
        (risks, overlaps)
    }

    /// What the responses that are taken cost.
    pub(super) fn response_costs(&mut self) -> Vec<ResponseCost> {
        let file = self.file;
        let mut costs = Vec::new();
        for id in natural_order(file.responses.keys()) {
            let response = &file.responses[id];
            let Some(cost) = &response.cost else { continue };
            let taken = self.is_taken(id);
            self.in_force = taken;
            let cost = self.plain(cost, &format!("responses.{id}.cost"), Role::Amount);
            self.in_force = true;
            costs.extend(cost.filter(|_| taken).map(|cost| ResponseCost { response: id.to_owned(), cost }));
        }
        costs
    }

    /// Whether a response is taken: the changes of the plan have settled it, and written it to its flag.
    pub(super) fn is_taken(&self, id: &str) -> bool {
        self.file.responses.get(id).is_some_and(|r| r.taken == Some(true))
    }

    fn risk(&mut self, id: &str, written: &file::Risk, names: &Names<'_>, overlaps: &[String]) -> Risk {
        let path = format!("risks.{id}");
        let probability = match &written.probability {
            Some(p) => self.plain(p, &format!("{path}.probability"), Role::Probability),
            None => None,
        };
        let probability = probability.unwrap_or_else(|| self.exactly(1.0));
        let when = match &written.when {
            Some(condition) => self.condition(condition, &format!("{path}.when"), names),
            None => Condition::Always(true),
        };
        let named =
            written.releases.as_ref().map(|ids| self.release_set(ids, names.releases, &format!("{path}.releases")));
        let mut effects = Vec::new();
        for (i, effect) in written.effects.iter().enumerate() {
            effects.extend(self.effect(effect, &format!("{path}.effects.{i}"), names, named, &when));
        }
        let mut outcomes = Vec::new();
        for (i, outcome) in written.outcomes.iter().enumerate() {
            let at = format!("{path}.outcomes.{i}");
            let weight = self.plain(&outcome.weight, &format!("{at}.weight"), Role::Weight);
            let mut own = Vec::new();
            for (k, effect) in outcome.effects.iter().enumerate() {
                own.extend(self.effect(effect, &format!("{at}.effects.{k}"), names, named, &when));
            }
            if let Some(weight) = weight {
                outcomes.push(Outcome { weight, effects: own });
            }
        }
        let never = |outcome: &Outcome| self.quantities.constant(outcome.weight) == Some(0.0);
        if !outcomes.is_empty() && outcomes.len() == written.outcomes.len() && outcomes.iter().all(never) {
            self.error(
                Diagnostic::error(
                    "outcomes-without-weight",
                    "the weights of these outcomes are all 0: none could happen",
                )
                .at(format!("{path}.outcomes"))
                .allowed("weights of 0 or more, one at least above 0")
                .hint("give each outcome its share: they need not add up to 1"),
            );
        }
        if written.outcomes.len() == 1 {
            self.error(
                Diagnostic::error("one-outcome", "a single outcome always happens")
                    .at(format!("{path}.outcomes"))
                    .hint("give its effects to the risk itself, or add another outcome"),
            );
        }
        let draw = self.draw_of(written, &path);
        let releases = named.unwrap_or_else(|| self.releases_named(written, &effects, &outcomes, names));
        let risk = Risk {
            id: id.to_owned(),
            title: written.title.clone(),
            owner: written.owner.clone(),
            draw,
            releases,
            items: written.items.unwrap_or(1),
            probability,
            when,
            overlaps: written.overlaps.as_ref().and_then(|o| overlaps.iter().position(|x| x == o)),
            effects,
            outcomes,
        };
        self.check_effects(&risk, written, names, &path);
        risk
    }

    /// The occasions of a risk: as written, or as its effects imply.
    fn draw_of(&mut self, written: &file::Risk, path: &str) -> Draw {
        if let Some(draw) = written.draw {
            return match draw {
                file::Draw::Once => Draw::Once,
                file::Draw::Gate => Draw::Gate,
                file::Draw::Deployment => Draw::Deployment,
                file::Draw::Window => Draw::Window,
                file::Draw::GoLive => Draw::GoLive,
            };
        }
        let effects = written.effects.iter().chain(written.outcomes.iter().flat_map(|o| &o.effects));
        let mut implied: Vec<Draw> = effects
            .filter_map(|effect| match effect {
                file::Effect::Fail(_) => Some(Draw::Gate),
                file::Effect::BackOut(_) => Some(Draw::Deployment),
                file::Effect::Incident(_) => Some(Draw::GoLive),
                file::Effect::Cost(_) => None,
                _ => Some(Draw::Once),
            })
            .collect();
        implied.sort_unstable();
        implied.dedup();
        if implied.len() > 1 && implied != [Draw::Deployment, Draw::GoLive] {
            self.error(
                Diagnostic::error(
                    "effects-on-different-occasions",
                    "the effects of this risk act on different occasions",
                )
                .at(path)
                .allowed("draw = \"once\", \"gate\", \"deployment\", \"window\" or \"go-live\"")
                .hint("say `draw`, or make two risks of it, the second with `when = { occurred = … }`"),
            );
        }
        implied.first().copied().unwrap_or(Draw::Once)
    }

    /// The releases that the effects of a risk act on. Where they name none it is drawn for all of the plan; where they
    /// name only releases that the plan does not deploy, for nobody.
    fn releases_named(
        &self,
        written: &file::Risk,
        effects: &[Effect],
        outcomes: &[Outcome],
        names: &Names<'_>,
    ) -> ReleaseSet {
        let all = all_releases(names);
        let mut set = 0;
        for effect in effects.iter().chain(outcomes.iter().flat_map(|o| &o.effects)) {
            set |= match effect {
                Effect::BackOut(set, _) | Effect::Incident(set, _) => *set,
                Effect::Fail(criterion, ..) => names.criteria.get(*criterion).map_or(0, |c| c.releases),
                Effect::DelayRelease(release, _) | Effect::Hold(release, _) => 1 << release,
                _ => 0,
            };
        }
        let mut own = written.effects.iter().chain(written.outcomes.iter().flat_map(|o| &o.effects));
        if set == 0 && !own.any(names_releases) { all } else { set }
    }
}

/// Whether an effect says itself which releases it acts on.
fn names_releases(effect: &file::Effect) -> bool {
    match effect {
        file::Effect::Delay(delay) => delay.release.is_some(),
        file::Effect::BackOut(back_out) => back_out.release.is_some(),
        file::Effect::Incident(incident) => incident.release.is_some(),
        file::Effect::Fail(_) | file::Effect::Hold(_) => true,
        _ => false,
    }
}

pub(super) fn all_releases(names: &Names<'_>) -> ReleaseSet {
    if names.releases.is_empty() { 0 } else { ReleaseSet::MAX >> (64 - names.releases.len()) }
}
