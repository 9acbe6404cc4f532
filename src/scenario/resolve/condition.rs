//! Conditions: what has to hold for a risk, and on which occasions it can be known.

use super::Resolver;
use super::risk::Names;
use crate::diagnostic::Diagnostic;
use crate::register::{Condition, Draw, ReleaseSet};
use crate::scenario::file;

/// Where a condition is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// When a risk is drawn.
    On(Draw),
    /// Over days, for a rate or a time to restore.
    OverDays,
}

impl Resolver<'_> {
    /// A condition with its names resolved and what the plan decides decided.
    pub(super) fn condition(&mut self, condition: &file::Condition, path: &str, names: &Names<'_>) -> Condition {
        self.open_condition(condition, path, names).simplified()
    }

    fn open_condition(&mut self, condition: &file::Condition, path: &str, names: &Names<'_>) -> Condition {
        match condition {
            file::Condition::CoDeployed(ids) => {
                let set = self.two_or_more(ids, names, &format!("{path}.co_deployed"));
                if set.count_ones() < 2 { Condition::Always(false) } else { Condition::CoDeployed(set) }
            }
            file::Condition::PlannedTogether(ids) => {
                let set = self.two_or_more(ids, names, &format!("{path}.planned_together"));
                let mut targets: Vec<i32> = names
                    .releases
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| set >> i & 1 == 1)
                    .map(|(_, r)| r.target_day)
                    .collect();
                targets.sort_unstable();
                Condition::Always(targets.windows(2).any(|pair| pair[0] == pair[1]))
            }
            file::Condition::WithinFirstDays(within) => {
                let path = format!("{path}.within_first_days");
                let set = self.two_or_more(&within.releases, names, &format!("{path}.releases"));
                let days = self.calendar_days(&within.within, &format!("{path}.within"));
                match days {
                    Some(days) if set.count_ones() >= 2 => Condition::WithinFirstDays(set, days),
                    _ => Condition::Always(false),
                }
            }
            file::Condition::BackedOut(ids) => {
                let set = self.release_set(ids, names.releases, &format!("{path}.backed_out"));
                if set == 0 { Condition::Always(false) } else { Condition::BackedOut(set) }
            }
            file::Condition::PassedUnmet(ids) => {
                let criteria = self.criteria_named(ids, names, &format!("{path}.passed_unmet"));
                if criteria.is_empty() { Condition::Always(false) } else { Condition::PassedUnmet(criteria) }
            }
            file::Condition::Occurred(id) => {
                self.has("risk", id, &self.file.risks, &format!("{path}.occurred"));
                match names.risk_places.get(id) {
                    Some(index) => Condition::Occurred(*index),
                    None => Condition::Always(false),
                }
            }
            file::Condition::InPlan(id) => {
                let set = self.release_set(std::slice::from_ref(id), names.releases, &format!("{path}.in_plan"));
                Condition::Always(set != 0)
            }
            file::Condition::Response(id) => {
                let file = self.file;
                let known: Vec<&str> = file.responses.keys().map(String::as_str).collect();
                self.index("response", id, &known, &format!("{path}.response"));
                let taken = self.is_taken(id);
                Condition::Always(taken)
            }
            file::Condition::Event(event) => {
                let path = format!("{path}.event");
                let known: Vec<&str> = names.processes.iter().map(|p| p.id.as_str()).collect();
                let process = self.index("process", &event.process, &known, &format!("{path}.process"));
                let days = self.calendar_days(&event.within, &format!("{path}.within"));
                match process.zip(days) {
                    Some((process, days)) => Condition::Event(process, days),
                    None => Condition::Always(false),
                }
            }
            file::Condition::All(parts) => Condition::All(self.parts(parts, path, "all", names)),
            file::Condition::Any(parts) => Condition::Any(self.parts(parts, path, "any", names)),
            file::Condition::Not(part) => {
                Condition::Not(Box::new(self.open_condition(part, &format!("{path}.not"), names)))
            }
        }
    }

    fn parts(&mut self, parts: &[file::Condition], path: &str, key: &str, names: &Names<'_>) -> Vec<Condition> {
        if parts.is_empty() {
            self.error(
                Diagnostic::error("empty-condition", "a condition of nothing")
                    .at(format!("{path}.{key}"))
                    .allowed("a list of at least one condition"),
            );
        }
        parts
            .iter()
            .enumerate()
            .map(|(i, part)| self.open_condition(part, &format!("{path}.{key}.{i}"), names))
            .collect()
    }

    /// The indices of criteria that can stop a release of the plan.
    fn criteria_named(&mut self, ids: &[String], names: &Names<'_>, path: &str) -> Vec<usize> {
        if ids.is_empty() {
            self.error(
                Diagnostic::error("empty-condition", "a condition of nothing")
                    .at(path)
                    .allowed("a list of at least one criterion"),
            );
        }
        // Known by the file: a criterion of an unknown gate has been reported.
        let file = self.file;
        let known: Vec<&str> = file.criteria.keys().map(String::as_str).collect();
        let mut criteria = Vec::new();
        for (i, id) in ids.iter().enumerate() {
            self.index("criterion", id, &known, &format!("{path}.{i}"));
            criteria.extend(names.criteria.iter().position(|c| c.id == *id && c.releases != 0));
        }
        criteria.sort_unstable();
        criteria.dedup();
        criteria
    }

    fn two_or_more(&mut self, ids: &[String], names: &Names<'_>, path: &str) -> ReleaseSet {
        if ids.len() < 2 {
            self.error(
                Diagnostic::error("needs-two-releases", "this asks for two or more of the releases named")
                    .at(path)
                    .allowed("a list of at least two releases"),
            );
        }
        self.release_set(ids, names.releases, path)
    }

    /// Reports a condition that cannot be known where it is asked.
    pub(super) fn check_asked(&mut self, condition: &Condition, asked: Asked, draws: &[Draw], path: &str) {
        let mut problem = None;
        condition.any_part(&mut |part| {
            let known = match part {
                Condition::CoDeployed(_) => !matches!(asked, Asked::On(Draw::Once | Draw::Gate)),
                Condition::BackedOut(_) | Condition::PassedUnmet(_) => {
                    matches!(asked, Asked::On(Draw::Deployment | Draw::Window | Draw::GoLive))
                }
                Condition::WithinFirstDays(..) => asked == Asked::OverDays,
                Condition::Event(..) => asked == Asked::On(Draw::Gate),
                Condition::Occurred(risk) => match draws[*risk] {
                    Draw::Once => true,
                    Draw::Gate => false,
                    Draw::Deployment => matches!(asked, Asked::On(Draw::Deployment | Draw::Window | Draw::GoLive)),
                    Draw::Window => matches!(asked, Asked::On(Draw::GoLive)),
                    Draw::GoLive => asked == Asked::On(Draw::GoLive),
                },
                _ => true,
            };
            if !known {
                problem = Some(describe(part));
            }
            !known
        });
        if let Some(what) = problem {
            let (occasion, allowed) = match asked {
                Asked::On(Draw::Once) => (
                    "a risk that is drawn once",
                    "planned_together, in_plan, response, occurred of another risk drawn once",
                ),
                Asked::On(Draw::Gate) => (
                    "a risk that is drawn at the gate",
                    "event, planned_together, in_plan, response, occurred of a risk drawn once",
                ),
                Asked::On(Draw::GoLive) => (
                    "a risk that is drawn at go-live",
                    "co_deployed, backed_out, passed_unmet, occurred, planned_together, in_plan, response",
                ),
                Asked::On(_) => (
                    "a risk that is drawn at a deployment",
                    "co_deployed, backed_out, passed_unmet, occurred of a risk drawn once or at a deployment, planned_together, in_plan, response",
                ),
                Asked::OverDays => (
                    "a factor that acts over days",
                    "within_first_days, co_deployed, planned_together, in_plan, response, occurred of a risk drawn once",
                ),
            };
            self.error(
                Diagnostic::error("condition-not-known-yet", format!("{what} is not known to {occasion}"))
                    .at(path)
                    .allowed(allowed)
                    .hint("change the condition, or `draw`"),
            );
        }
    }
}

fn describe(condition: &Condition) -> &'static str {
    match condition {
        Condition::CoDeployed(_) => "which releases are deployed together",
        Condition::BackedOut(_) => "whether a release is backed out",
        Condition::PassedUnmet(_) => "whether a release was deployed with a criterion unmet",
        Condition::WithinFirstDays(..) => "whether releases are in their first days live",
        Condition::Event(..) => "whether a process had an event before the gate",
        Condition::Occurred(_) => "whether that risk occurred",
        _ => "this",
    }
}
