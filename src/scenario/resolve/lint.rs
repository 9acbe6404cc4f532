//! What is legal and probably not meant: warnings on the network and the register.

use super::Resolver;
use crate::diagnostic::Diagnostic;
use crate::register::Register;

/// Adds the warnings of a resolved scenario.
pub(super) fn lint(resolver: &mut Resolver<'_>, register: &Register) {
    risks_without_effect(resolver);
    open_ends(resolver, register);
    constraints_that_hide_risk(resolver);
    unused(resolver);
}

fn risks_without_effect(resolver: &mut Resolver<'_>) {
    let file = resolver.file;
    for (id, risk) in &file.risks {
        let described_process = || file.processes.values().any(|p| p.risk.as_deref() == Some(id));
        let has_effect = !risk.effects.is_empty() || risk.outcomes.iter().any(|o| !o.effects.is_empty());
        if !has_effect && risk.enabled != Some(false) && !described_process() {
            resolver.error(
                Diagnostic::warning("risk-without-effect", format!("the risk {id} does nothing"))
                    .at(format!("risks.{id}"))
                    .hint("give it effects, or say `enabled = false` and why in `excluded_because`"),
            );
        }
        if risk.enabled == Some(false) && risk.excluded_because.is_none() {
            resolver.error(
                Diagnostic::warning("excluded-without-reason", format!("the risk {id} is left out without a reason"))
                    .at(format!("risks.{id}"))
                    .hint("say why in `excluded_because`"),
            );
        }
    }
}

fn open_ends(resolver: &mut Resolver<'_>, register: &Register) {
    if register.activities.len() < 2 {
        return;
    }
    let mut followed = vec![false; register.activities.len()];
    for activity in &register.activities {
        for link in &activity.after {
            followed[link.activity] = true;
        }
    }
    // What is measured shows its delays too.
    register.measures.iter().filter_map(|m| m.activity).for_each(|i| followed[i] = true);
    let open = |i: usize| !followed[i] && resolver.file.activities[&register.activities[i].id].release.is_none();
    let open_ended: Vec<&str> =
        register.activities.iter().enumerate().filter(|(i, _)| open(*i)).map(|(_, a)| a.id.as_str()).collect();
    let whole_network = register.measures.iter().any(|m| m.activity.is_none());
    if !open_ended.is_empty() && !whole_network {
        resolver.problems.push(
            Diagnostic::warning(
                "open-end",
                format!("nothing waits for {}, so delays there do not show", open_ended.join(", ")),
            )
            .at(format!("activities.{}", open_ended[0]))
            .hint("link it to a successor, give it a `release`, or measure it"),
        );
    }
    let starts: Vec<&str> = register
        .activities
        .iter()
        .filter(|a| a.after.is_empty() && a.not_before == 0.0 && a.must_start.is_none() && a.enabled)
        .map(|a| a.id.as_str())
        .collect();
    if starts.len() > 1 {
        resolver.problems.push(
            Diagnostic::warning(
                "open-start",
                format!("{} activities wait for nothing and start on day 0: {}", starts.len(), starts.join(", ")),
            )
            .at(format!("activities.{}", starts[0]))
            .hint("link those that do not start at once, or give them `start_no_earlier_than`"),
        );
    }
}

fn constraints_that_hide_risk(resolver: &mut Resolver<'_>) {
    let file = resolver.file;
    for (id, activity) in &file.activities {
        if activity.must_start_on.is_some() && !activity.after.is_empty() {
            resolver.error(
                Diagnostic::warning(
                    "constraint-hides-risk",
                    format!("the activity {id} starts on its date however late its predecessors are"),
                )
                .at(format!("activities.{id}.must_start_on"))
                .hint("use `start_no_earlier_than`, which lets delays through"),
            );
        }
        let lead = activity.after.iter().enumerate().find_map(|(i, predecessor)| match predecessor {
            crate::scenario::file::Predecessor::Link(link) => match &link.lag {
                Some(crate::scenario::file::Quantity::Text(text)) if text.trim_start().starts_with('-') => Some(i),
                _ => None,
            },
            crate::scenario::file::Predecessor::Activity(_) => None,
        });
        if let Some(i) = lead {
            resolver.error(
                Diagnostic::warning(
                    "lead-hides-risk",
                    format!("the activity {id} starts before its predecessor is done"),
                )
                .at(format!("activities.{id}.after.{i}"))
                .hint("split the predecessor at the point that the successor waits for"),
            );
        }
    }
}

fn unused(resolver: &mut Resolver<'_>) {
    let file = resolver.file;
    for id in file.estimates.keys() {
        if !resolver.used.contains(id) {
            resolver.error(
                Diagnostic::warning("unused-estimate", format!("nothing uses the estimate {id}"))
                    .at(format!("estimates.{id}")),
            );
        }
    }
}
