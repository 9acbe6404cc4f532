//! Risks, their effects and outcomes.

use super::Resolver;
use super::condition::Asked;
use super::quantity::Role;
use super::work::find_cycle;
use crate::diagnostic::Diagnostic;
use crate::register::{
    Activity, Condition, Criterion, Draw, Effect, Outcome, Process, QuantityId, Release, ReleaseSet, Risk, ScopeItem,
    risk_dependencies,
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
    pub(super) fn response_costs(&mut self) -> Vec<QuantityId> {
        let file = self.file;
        let mut costs = Vec::new();
        for id in natural_order(file.responses.keys()) {
            let response = &file.responses[id];
            let Some(cost) = &response.cost else { continue };
            let taken = self.is_taken(id);
            self.in_force = taken;
            let cost = self.plain(cost, &format!("responses.{id}.cost"), Role::Amount);
            self.in_force = true;
            costs.extend(cost.filter(|_| taken));
        }
        costs
    }

    /// Whether a response is in place, or taken by the plan.
    pub(super) fn is_taken(&self, id: &str) -> bool {
        self.file.responses.get(id).is_some_and(|r| r.taken == Some(true))
            || self.plan.is_some_and(|p| p.responses.iter().any(|r| r == id))
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
        if written.outcomes.len() == 1 {
            self.error(
                Diagnostic::error("one-outcome", "a single outcome always happens")
                    .at(format!("{path}.outcomes"))
                    .hint("give its effects to the risk itself, or add another outcome"),
            );
        }
        let draw = self.draw_of(written, &path);
        let releases = named.unwrap_or_else(|| self.releases_named(&effects, &outcomes, names));
        let risk = Risk {
            id: id.to_owned(),
            title: written.title.clone(),
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

    fn releases_named(&self, effects: &[Effect], outcomes: &[Outcome], names: &Names<'_>) -> ReleaseSet {
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
        if set == 0 { all } else { set }
    }

    fn effect(
        &mut self,
        effect: &file::Effect,
        path: &str,
        names: &Names<'_>,
        named: Option<ReleaseSet>,
        when: &Condition,
    ) -> Vec<Effect> {
        let one = |e: Option<Effect>| e.into_iter().collect::<Vec<_>>();
        match effect {
            file::Effect::Delay(delay) => self.delay(delay, &format!("{path}.delay"), names),
            file::Effect::Stretch(stretch) => {
                let path = format!("{path}.stretch");
                let activities = self.activity_list(&stretch.activities, &format!("{path}.activities"), names);
                let factor = self.plain(&stretch.factor, &format!("{path}.factor"), Role::Factor);
                one(factor.map(|f| Effect::Stretch(activities, f)))
            }
            file::Effect::Fail(fail) => {
                let path = format!("{path}.fail");
                // Known by the file: a criterion of an unknown gate has been reported.
                let file = self.file;
                let known: Vec<&str> = file.criteria.keys().map(String::as_str).collect();
                self.index("criterion", &fail.criterion, &known, &format!("{path}.criterion"));
                let criterion = names.criteria.iter().position(|c| c.id == fail.criterion);
                let probability = match &fail.probability {
                    Some(p) => self.plain(p, &format!("{path}.probability"), Role::Probability),
                    None => Some(self.exactly(1.0)),
                };
                let recovery = self.occasional_time(&fail.recovery, &format!("{path}.recovery"));
                one(criterion.zip(probability).zip(recovery).map(|((c, p), r)| Effect::Fail(c, p, r)))
            }
            file::Effect::Exist(exist) => {
                let at = format!("{path}.exist.activity");
                one(self.activity_list(std::slice::from_ref(&exist.activity), &at, names).pop().map(Effect::Exist))
            }
            file::Effect::Hold(hold) => {
                let path = format!("{path}.hold");
                let who = self.known_release(&hold.release, names, &format!("{path}.release"));
                let until = self.known_release(&hold.until_live, names, &format!("{path}.until_live"));
                if hold.release == hold.until_live {
                    self.error(
                        Diagnostic::error("holds-itself", format!("the release {} waits for itself", hold.release))
                            .at(path)
                            .hint("name the release that it waits for in `until_live`"),
                    );
                }
                one(who.zip(until).map(|(r, s)| Effect::Hold(r, s)))
            }
            file::Effect::BackOut(back_out) => {
                let path = format!("{path}.back_out");
                let set = self.one_release_or_all(back_out.release.as_ref(), named, names, &path);
                let fix = self.occasional_time(&back_out.fix, &format!("{path}.fix"));
                one(fix.map(|fix| Effect::BackOut(set, fix)))
            }
            file::Effect::Incident(incident) => {
                let path = format!("{path}.incident");
                let set = self.one_release_or_all(incident.release.as_ref(), named, names, &path);
                one(self.category(&incident.category, &format!("{path}.category")).map(|c| Effect::Incident(set, c)))
            }
            file::Effect::Odds(odds) => self.odds(odds, &format!("{path}.odds"), when),
            file::Effect::Rate(rate) => {
                let path = format!("{path}.rate");
                let known: Vec<&str> = names.processes.iter().map(|p| p.id.as_str()).collect();
                let process = self.index("process", &rate.process, &known, &format!("{path}.process"));
                let factor = self.plain(&rate.factor, &format!("{path}.factor"), Role::Factor);
                let share = match &rate.share {
                    Some(share) => self.plain(share, &format!("{path}.share"), Role::Probability),
                    None => Some(self.exactly(1.0)),
                };
                one(process.zip(factor).zip(share).map(|((p, f), s)| Effect::Rate(p, f, s)))
            }
            file::Effect::Restore(restore) => {
                one(self.plain(&restore.factor, &format!("{path}.restore.factor"), Role::Factor).map(Effect::Restore))
            }
            file::Effect::Drop(drop) => {
                let known: Vec<&str> = names.scope.iter().map(|s| s.id.as_str()).collect();
                one(self.index("scope item", &drop.item, &known, &format!("{path}.drop.item")).map(Effect::Drop))
            }
            file::Effect::Cost(cost) => {
                one(self.plain(&cost.amount, &format!("{path}.cost.amount"), Role::Amount).map(Effect::Cost))
            }
        }
    }

    fn delay(&mut self, delay: &file::Delay, path: &str, names: &Names<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        if delay.release.is_none() && delay.activities.is_empty() {
            self.error(
                Diagnostic::error("delay-of-nothing", "the delay names neither a release nor activities")
                    .at(path)
                    .allowed("`release = ID` or `activities = [ID, …]`"),
            );
        }
        if let Some(id) = &delay.release {
            let release = self.known_release(id, names, &format!("{path}.release"));
            let by = self.number(&delay.by, &format!("{path}.by"), Role::SignedWork);
            if let Some((_, Some(crate::time::Unit::WorkingDays(_)))) = by {
                self.error(
                    Diagnostic::error("working-days-here", "a release is delayed by calendar days")
                        .at(format!("{path}.by"))
                        .allowed("hours, days or weeks")
                        .hint("delay one of its activities by working days"),
                );
            }
            effects.extend(release.zip(by).map(|(r, (days, _))| Effect::DelayRelease(r, days)));
        }
        if !delay.activities.is_empty() {
            let activities = self.activity_list(&delay.activities, &format!("{path}.activities"), names);
            let calendar = activities.first().and_then(|a| names.activities[*a].duration.calendar);
            let by = self.work(&delay.by, &format!("{path}.by"), Role::SignedWork, calendar);
            effects.extend(by.map(|by| Effect::DelayActivities(activities, by)));
        }
        effects
    }

    fn odds(&mut self, odds: &file::Odds, path: &str, when: &Condition) -> Vec<Effect> {
        let Some(factor) = self.plain(&odds.factor, &format!("{path}.factor"), Role::Factor) else {
            return Vec::new();
        };
        let mut pairs = None;
        if odds.per_pair {
            when.any_part(&mut |part| {
                if let Condition::CoDeployed(set) = part {
                    pairs = Some(*set);
                }
                pairs.is_some()
            });
        }
        let in_force = self.in_force_risks();
        let mut effects = Vec::new();
        for (i, id) in odds.risks.iter().enumerate() {
            let file = self.file;
            let known: Vec<&str> = file.risks.keys().map(String::as_str).collect();
            if self.index("risk", id, &known, &format!("{path}.risks.{i}")).is_none() {
                continue;
            }
            if file.risks[id].probability.is_none() {
                self.error(
                    Diagnostic::error(
                        "odds-of-certainty",
                        format!("the risk {id} has no probability whose odds could change"),
                    )
                    .at(format!("{path}.risks.{i}"))
                    .allowed("risks with a `probability`"),
                );
            }
            if let Some(target) = in_force.iter().position(|r| r == id) {
                effects.push(Effect::Odds(target, factor, pairs));
            }
        }
        effects
    }

    fn activity_list(&mut self, ids: &[String], path: &str, names: &Names<'_>) -> Vec<usize> {
        let known: Vec<&str> = names.activities.iter().map(|a| a.id.as_str()).collect();
        ids.iter()
            .enumerate()
            .filter_map(|(i, id)| self.index("activity", id, &known, &format!("{path}.{i}")))
            .collect()
    }

    /// The index of a release of the plan; unknown ids are errors, releases of other plans nothing.
    fn known_release(&mut self, id: &str, names: &Names<'_>, path: &str) -> Option<usize> {
        let file = self.file;
        let known: Vec<&str> = file.releases.keys().map(String::as_str).collect();
        self.index("release", id, &known, path)?;
        names.releases.iter().position(|r| r.id == id)
    }

    fn one_release_or_all(
        &mut self,
        id: Option<&String>,
        named: Option<ReleaseSet>,
        names: &Names<'_>,
        path: &str,
    ) -> ReleaseSet {
        match id {
            Some(id) => self.known_release(id, names, &format!("{path}.release")).map_or(0, |i| 1 << i),
            None => named.unwrap_or(all_releases(names)),
        }
    }

    fn category(&mut self, category: &file::Category, path: &str) -> Option<[f64; 5]> {
        let mut weights = [0.0; 5];
        let mut bad = None;
        match category {
            file::Category::One(c) => add_weight(&mut weights, usize::from(*c), 1.0, || {
                bad = Some(path.to_owned());
            }),
            file::Category::Either(list) => {
                for (i, c) in list.iter().enumerate() {
                    add_weight(&mut weights, usize::from(*c), 1.0, || {
                        bad = Some(format!("{path}.{i}"));
                    });
                }
            }
            file::Category::Weighted(table) => {
                for (c, weight) in table {
                    add_weight(&mut weights, c.parse().unwrap_or(0), *weight, || {
                        bad = Some(format!("{path}.{c}"));
                    });
                }
            }
        }
        let total: f64 = weights.iter().sum();
        if bad.is_none() && (total <= 0.0 || !total.is_finite()) {
            bad = Some(path.to_owned());
        }
        if let Some(at) = bad {
            self.error(
                Diagnostic::error("bad-category", "this is no category of incidents")
                    .at(at)
                    .allowed("1 (worst) to 5, a list of them, or weights of 0 or more by category"),
            );
            return None;
        }
        Some(weights.map(|w| w / total))
    }

    fn check_effects(&mut self, risk: &Risk, written: &file::Risk, names: &Names<'_>, path: &str) {
        let modifies = risk.all_effects().any(Effect::is_modifier);
        if modifies && !risk.is_modifier() {
            self.error(
                Diagnostic::error(
                    "modifier-and-effect",
                    "a risk changes how others come out, or does something itself, not both",
                )
                .at(path)
                .hint("make two risks of it, the second with `when = { occurred = … }`"),
            );
        }
        if modifies && !risk.outcomes.is_empty() {
            self.error(
                Diagnostic::error("modifier-with-outcomes", "odds, rate and restore factors cannot be outcomes")
                    .at(format!("{path}.outcomes")),
            );
        }
        for effect in risk.all_effects() {
            let (allowed, what): (&[Draw], &str) = match effect {
                Effect::Fail(..) => (&[Draw::Once, Draw::Gate], "fail acts at the gate"),
                Effect::BackOut(..) => (&[Draw::Once, Draw::Deployment, Draw::Window], "back_out acts at a deployment"),
                Effect::Incident(..) => {
                    (&[Draw::Once, Draw::Deployment, Draw::Window, Draw::GoLive], "incident acts after a deployment")
                }
                Effect::Cost(_) => continue,
                Effect::Odds(..) | Effect::Rate(..) | Effect::Restore(_) => (&[Draw::Once], "a factor is drawn once"),
                Effect::Drop(_) => (&[Draw::Once], "drop is decided once"),
                _ => (&[Draw::Once], "this effect acts before the first gate"),
            };
            if !allowed.contains(&risk.draw) {
                let names: Vec<&str> = allowed.iter().map(|d| draw_name(*d)).collect();
                self.error(
                    Diagnostic::error(
                        "effect-not-on-this-occasion",
                        format!("{what}, and the risk is drawn on another occasion ({})", draw_name(risk.draw)),
                    )
                    .at(format!("{path}.{}", if written.draw.is_some() { "draw" } else { "effects" }))
                    .allowed(format!("draw = \"{}\"", names.join("\" or \""))),
                );
                break;
            }
        }
        if written.items.is_some() && risk.all_effects().any(|e| !matches!(e, Effect::Incident(..))) {
            self.error(
                Diagnostic::error("items-with-other-effects", "items add up only as incidents")
                    .at(format!("{path}.items"))
                    .allowed("items with incident effects")
                    .hint("use `any_of` in the probability, or one risk an item"),
            );
        } else if risk.items != 1 && risk.draw != Draw::GoLive {
            self.error(
                Diagnostic::error("items-before-go-live", "items are drawn when a release has gone live")
                    .at(format!("{path}.items"))
                    .allowed("draw = \"go-live\""),
            );
        }
        let mut gates: Vec<&str> = risk
            .all_effects()
            .filter_map(|e| match e {
                Effect::Fail(criterion, ..) => names.criteria.get(*criterion).map(|c| c.gate.as_str()),
                _ => None,
            })
            .collect();
        gates.dedup();
        if gates.len() > 1 {
            self.error(
                Diagnostic::error(
                    "two-gates",
                    format!("the risk fails criteria of different gates: {}", gates.join(", ")),
                )
                .at(format!("{path}.effects"))
                .allowed("criteria of one gate")
                .hint("make a risk for each gate"),
            );
        }
        if risk.overlaps.is_some() && !risk.all_effects().any(|e| matches!(e, Effect::Incident(..))) {
            self.error(
                Diagnostic::error(
                    "overlap-without-incident",
                    "overlapping risks share an incident, and this one has none",
                )
                .at(format!("{path}.overlaps"))
                .hint("leave out `overlaps`, or give the risk an `incident` effect"),
            );
        } else if risk.overlaps.is_some() && risk.draw != Draw::GoLive {
            self.error(
                Diagnostic::error("overlap-before-go-live", "overlapping risks are drawn at go-live")
                    .at(format!("{path}.overlaps"))
                    .allowed("draw = \"go-live\""),
            );
        }
    }

    fn check_conditions(&mut self, risks: &[Risk]) {
        let draws: Vec<Draw> = risks.iter().map(|r| r.draw).collect();
        for risk in risks {
            let path = format!("risks.{}.when", risk.id);
            if risk.is_modifier() {
                for effect in risk.all_effects() {
                    let asked = match effect {
                        Effect::Odds(target, ..) => Asked::On(draws[*target]),
                        _ => Asked::OverDays,
                    };
                    self.check_asked(&risk.when, asked, &draws, &path);
                }
            } else {
                self.check_asked(&risk.when, Asked::On(risk.draw), &draws, &path);
            }
        }
    }

    /// Risks that wait for each other's outcome cannot be drawn.
    fn check_order(&mut self, risks: &[Risk]) {
        if let Some(cycle) = find_cycle(&risk_dependencies(risks)) {
            let round: Vec<&str> = cycle.iter().map(|i| risks[*i].id.as_str()).collect();
            self.error(
                Diagnostic::error(
                    "risk-cycle",
                    format!("the risks depend on each other: {} → {}", round.join(" → "), round[0]),
                )
                .at(format!("risks.{}.when", round[0]))
                .hint("remove one of these conditions"),
            );
        }
    }
}

/// Adds the weight of a category, if it is one and its weight can be.
fn add_weight(weights: &mut [f64; 5], category: usize, weight: f64, refuse: impl FnOnce()) {
    match weights.get_mut(category.wrapping_sub(1)) {
        Some(w) if weight >= 0.0 && weight.is_finite() => *w += weight,
        _ => refuse(),
    }
}

fn all_releases(names: &Names<'_>) -> ReleaseSet {
    if names.releases.is_empty() { 0 } else { ReleaseSet::MAX >> (64 - names.releases.len()) }
}

fn draw_name(draw: Draw) -> &'static str {
    match draw {
        Draw::Once => "once",
        Draw::Gate => "gate",
        Draw::Deployment => "deployment",
        Draw::Window => "window",
        Draw::GoLive => "go-live",
    }
}
