//! Whether a risk makes sense: effects on the right occasions, conditions that can be known, an order to
//! draw risks in.

use super::Resolver;
use super::condition::Asked;
use super::risk::Names;
use super::work::find_cycle;
use crate::diagnostic::Diagnostic;
use crate::register::{Draw, Effect, Risk, risk_dependencies};
use crate::scenario::file;

impl Resolver<'_> {
    pub(super) fn check_effects(&mut self, risk: &Risk, written: &file::Risk, names: &Names<'_>, path: &str) {
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

    pub(super) fn check_conditions(&mut self, risks: &[Risk]) {
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
    pub(super) fn check_order(&mut self, risks: &[Risk]) {
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

fn draw_name(draw: Draw) -> &'static str {
    match draw {
        Draw::Once => "once",
        Draw::Gate => "gate",
        Draw::Deployment => "deployment",
        Draw::Window => "window",
        Draw::GoLive => "go-live",
    }
}
