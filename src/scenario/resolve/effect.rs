//! What risks do: the effects of the closed set, with their names resolved.

use super::Resolver;
use super::quantity::Role;
use super::risk::{Names, all_releases};
use crate::diagnostic::Diagnostic;
use crate::register::{Condition, Effect, ReleaseSet};
use crate::scenario::file;

impl Resolver<'_> {
    pub(super) fn effect(
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
            file::Effect::Odds(odds) => self.odds(odds, &format!("{path}.odds"), names, when),
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

    pub(super) fn delay(&mut self, delay: &file::Delay, path: &str, names: &Names<'_>) -> Vec<Effect> {
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

    pub(super) fn odds(&mut self, odds: &file::Odds, path: &str, names: &Names<'_>, when: &Condition) -> Vec<Effect> {
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
        let mut effects = Vec::new();
        for (i, id) in odds.risks.iter().enumerate() {
            let file = self.file;
            if !self.has("risk", id, &file.risks, &format!("{path}.risks.{i}")) {
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
            if let Some(target) = names.risk_places.get(id) {
                effects.push(Effect::Odds(*target, factor, pairs));
            }
        }
        effects
    }

    pub(super) fn activity_list(&mut self, ids: &[String], path: &str, names: &Names<'_>) -> Vec<usize> {
        let mut places = Vec::with_capacity(ids.len());
        for (i, id) in ids.iter().enumerate() {
            match names.activity_places.get(id.as_str()) {
                Some(place) => places.push(*place),
                None => {
                    let known: Vec<&str> = names.activities.iter().map(|a| a.id.as_str()).collect();
                    self.unknown("activity", id, &known, &format!("{path}.{i}"));
                }
            }
        }
        places
    }

    /// The index of a release of the plan; unknown ids are errors, releases of other plans nothing.
    pub(super) fn known_release(&mut self, id: &str, names: &Names<'_>, path: &str) -> Option<usize> {
        let file = self.file;
        let known: Vec<&str> = file.releases.keys().map(String::as_str).collect();
        self.index("release", id, &known, path)?;
        names.releases.iter().position(|r| r.id == id)
    }

    pub(super) fn one_release_or_all(
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

    pub(super) fn category(&mut self, category: &file::Category, path: &str) -> Option<[f64; 5]> {
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
}

/// Adds the weight of a category, if it is one and its weight can be.
fn add_weight(weights: &mut [f64; 5], category: usize, weight: f64, refuse: impl FnOnce()) {
    match weights.get_mut(category.wrapping_sub(1)) {
        Some(w) if weight >= 0.0 && weight.is_finite() => *w += weight,
        _ => refuse(),
    }
}
