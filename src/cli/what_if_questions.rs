//! What is asked of `golive whatif`: what-ifs by name, changes and grids of the command line, and the figure to show.
//!
//! In: the arguments. Out: variants to run, or everything that is wrong with how they are asked.

use clap::ValueEnum;

use super::Failure;
use super::grid_axis::{GridAxis, MOST_POINTS};
use super::input::Input;
use super::what_if::WhatIf;
use crate::analysis::Measure;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::register::Register;
use crate::scenario::{Change, Variant, suggestion};
use crate::simulate::Decision;

/// What a grid shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Shown {
    /// The release is live on the plan's date and stays
    Stays,
    /// The release is live on the plan's date
    Live,
    /// All releases of the plan are live on their dates and stay
    All,
    /// 80th percentile of the go-live date, or of the finish time of a measure
    P80,
    /// Extra incidents of category 1 or 2, mean number
    Incidents,
    /// Releases of the plan that are not live on their dates or not kept, mean number
    Missed,
    /// Cost, mean
    Cost,
    /// The measure is finished by its target
    ByTarget,
    /// When the measure is finished, mean
    Finish,
}

/// A what-if that is asked: of which plan, and how it is run.
pub(super) struct Asking {
    pub(super) plan: String,
    pub(super) variant: Variant,
    /// Id and title; what it changes is read from the documents.
    pub(super) id: String,
    pub(super) title: String,
}

/// Everything that is asked, and the axes of the grid, whose points come last.
pub(super) struct Questions {
    pub(super) asking: Vec<Asking>,
    pub(super) axes: Vec<(GridAxis, bool)>,
    pub(super) points: usize,
}

impl WhatIf {
    /// What is asked, with everything that is wrong with how it is asked.
    pub(super) fn questions(&self, input: &mut Input) -> Result<(Questions, Diagnostics), Failure> {
        let mut findings = Diagnostics::new();
        let first = self.plan.clone().unwrap_or_else(|| input.plans[0].clone());
        let given = !(self.sets.is_empty() && self.scales.is_empty());
        let gridded = !(self.grids.is_empty() && self.scale_grids.is_empty());
        let mut asking = Vec::new();
        if !self.only.is_empty() || !(given || gridded) {
            self.named(input, &mut asking, &mut findings)?;
        }
        let mut changes = Vec::new();
        for (option, texts, scale) in [("--set", &self.sets, false), ("--scale", &self.scales, true)] {
            for text in texts {
                take(input.change(option, text, scale), &mut changes, &mut findings)?;
            }
        }
        let base = input.variant(&first);
        let axes = self.axes(&mut findings);
        let points = axes.iter().map(|(axis, _)| axis.values.len()).product::<usize>();
        if points > MOST_POINTS {
            findings.push(
                Diagnostic::error("too-many-points", format!("the grid has {points} points or more"))
                    .allowed(format!("at most {MOST_POINTS}"))
                    .hint("take fewer values"),
            );
        }
        let points = if axes.is_empty() || findings.has_errors() { 0 } else { points };
        // Without a grid that can be made, what is set is looked at by itself.
        if given && points == 0 {
            let (id, title) = ("as-set".to_owned(), "As set on the command line".to_owned());
            let variant = base.clone().with(changes.clone());
            asking.push(Asking { plan: first.clone(), variant, id, title });
        }
        for point in 0..points {
            let (mut rest, mut layer, mut titles) = (point, changes.clone(), Vec::new());
            for (axis, scale) in axes.iter().rev() {
                let value = &axis.values[rest % axis.values.len()];
                rest /= axis.values.len();
                let option = if *scale { "--scale-grid" } else { "--grid" };
                take(input.change(option, &format!("{} = {value}", axis.path), *scale), &mut layer, &mut findings)?;
                titles.push(format!("{} {} {value}", axis.path, if *scale { "×" } else { "=" }));
            }
            titles.reverse();
            let (id, title) = (format!("point-{}", point + 1), titles.join(", "));
            asking.push(Asking { plan: first.clone(), variant: base.clone().with(layer), id, title });
        }
        if asking.is_empty() && !findings.has_errors() {
            return Err(Failure::Usage(
                "the scenario names no what-ifs; ask one with --set PATH=VALUE, --scale PATH=FACTOR or --grid PATH=VALUES"
                    .to_owned(),
            ));
        }
        Ok((Questions { asking, axes, points }, findings))
    }

    /// What-ifs that the scenario names.
    fn named(&self, input: &Input, asking: &mut Vec<Asking>, findings: &mut Diagnostics) -> Result<(), Failure> {
        let known = input.document.what_if_ids();
        let names = || known.iter().map(String::as_str);
        for id in &self.only {
            if !known.contains(id) {
                let finding = Diagnostic::error("unknown-what-if", format!("`{id}` is not a what-if of this scenario"))
                    .allowed(if known.is_empty() {
                        "none: it names no what-ifs".to_owned()
                    } else {
                        suggestion::list(names())
                    });
                findings.push(match suggestion::nearest(id, names()) {
                    Some(near) => finding.hint(format!("did you mean `{near}`?")),
                    None => finding,
                });
            }
        }
        let file = if known.is_empty() { None } else { Some(input.document.scenario()?) };
        for id in known.iter().filter(|id| self.only.is_empty() || self.only.contains(id)) {
            let plan = match &self.plan {
                Some(plan) => plan.clone(),
                None => input.document.plan_of_what_if(id)?.unwrap_or_else(|| input.plans[0].clone()),
            };
            let variant = Variant { what_if: Some(id.clone()), ..input.variant(&plan) };
            let title = file.as_ref().and_then(|f| f.what_ifs.get(id)).map_or_else(String::new, |w| w.title.clone());
            asking.push(Asking { plan, variant, id: id.clone(), title });
        }
        Ok(())
    }

    /// The inputs of the grid, those of `--grid` first; whether their values are factors.
    fn axes(&self, findings: &mut Diagnostics) -> Vec<(GridAxis, bool)> {
        let given = self.grids.iter().map(|text| ("--grid", text, false));
        let given: Vec<_> = given.chain(self.scale_grids.iter().map(|text| ("--scale-grid", text, true))).collect();
        if given.len() > 2 {
            let message = format!("{} inputs are more than a grid can show", given.len());
            let finding = Diagnostic::error("too-many-inputs", message).at("--grid");
            findings.push(finding.allowed("one or two").hint("hold the others with --set"));
        }
        let mut axes = Vec::new();
        for (option, text, scale) in given {
            match GridAxis::parse(text) {
                Ok(axis) => axes.push((axis, scale)),
                Err((what, allowed)) => {
                    findings.push(Diagnostic::error("malformed-grid", what).at(option).allowed(allowed));
                }
            }
        }
        axes
    }

    /// The figure that a grid and the charts show; `None` where there is none, which is then reported.
    pub(super) fn measure(&self, bases: &[Register], findings: &mut Diagnostics) -> Option<Measure> {
        let mut releases: Vec<&str> = bases.iter().flat_map(|r| &r.releases).map(|r| r.id.as_str()).collect();
        let mut measures: Vec<&str> = bases.iter().flat_map(|r| &r.measures).map(|m| m.id.as_str()).collect();
        for ids in [&mut releases, &mut measures] {
            let mut seen = std::collections::BTreeSet::new();
            ids.retain(|id| seen.insert(*id));
        }
        let dated = !releases.is_empty();
        let shown = self.measure.unwrap_or(if dated { Shown::Stays } else { Shown::P80 });
        let of_releases = matches!(shown, Shown::Stays | Shown::Live | Shown::All | Shown::Missed | Shown::Incidents);
        let (known, kind) = match shown {
            Shown::ByTarget | Shown::Finish => (&measures, "measure"),
            Shown::P80 if !dated => (&measures, "measure"),
            _ => (&releases, "release"),
        };
        let wrong = |message: String| Diagnostic::error("no-such-figure", message).at("--measure");
        if of_releases && !dated {
            findings
                .push(wrong("there are no releases in this plan".to_owned()).allowed("p80, by-target, finish or cost"));
            return None;
        }
        if shown == Shown::Cost && !bases.iter().any(Register::has_costs) {
            findings.push(wrong("nothing in this scenario costs anything".to_owned()).allowed("a figure that it has"));
            return None;
        }
        let decision = match shown {
            Shown::All => Decision::AllLiveAndStay,
            Shown::Missed => Decision::Missed,
            Shown::Incidents => Decision::SeriousIncidents,
            Shown::Cost => Decision::Cost,
            _ => return self.measure_of(shown, known, kind, bases, findings),
        };
        Some(Measure::Decision(decision))
    }

    /// A figure of one release or measure.
    fn measure_of(
        &self,
        shown: Shown,
        known: &[&str],
        kind: &str,
        bases: &[Register],
        findings: &mut Diagnostics,
    ) -> Option<Measure> {
        let id = match &self.release {
            Some(id) if known.contains(&id.as_str()) => id.clone(),
            None if !known.is_empty() => (*known.first()?).to_owned(),
            given => {
                let what = given.as_ref().map_or_else(
                    || format!("there is no {kind} whose figure could be shown"),
                    |id| format!("`{id}` is not a {kind} of this plan"),
                );
                let finding = Diagnostic::error("no-such-figure", what).at("--release");
                findings.push(if known.is_empty() {
                    finding
                } else {
                    finding.allowed(suggestion::list(known.iter().copied()))
                });
                return None;
            }
        };
        let has_target = || bases.iter().flat_map(|r| &r.measures).any(|m| m.id == id && m.target.is_some());
        if shown == Shown::ByTarget && !has_target() {
            let finding = Diagnostic::error("no-such-figure", format!("the measure `{id}` has no target"));
            findings.push(finding.at("--measure").hint(format!("add `target = \"… days\"` to measures.{id}")));
            return None;
        }
        Some(match shown {
            Shown::P80 => Measure::P80(id),
            Shown::Live => Measure::Decision(Decision::LiveOnTarget(id)),
            Shown::ByTarget => Measure::Decision(Decision::FinishByTarget(id)),
            Shown::Finish => Measure::Decision(Decision::Finish(id)),
            _ => Measure::Decision(Decision::LiveAndStays(id)),
        })
    }
}

/// Keeps a change, or what is wrong with it.
fn take(change: Result<Change, Failure>, changes: &mut Vec<Change>, findings: &mut Diagnostics) -> Result<(), Failure> {
    match change {
        Ok(change) => changes.push(change),
        Err(Failure::Input(found)) => findings.extend(found),
        Err(other) => return Err(other),
    }
    Ok(())
}
