//! From the file's types to the register: every name resolved, every number checked, everything
//! wrong reported at once with the path where it stands.
//!
//! In: a [`ScenarioFile`] to which a plan's changes are already applied, and the plan's id. Out: a
//! [`Register`] and warnings, or all errors.

mod condition;
mod dependence;
mod distribution;
mod effect;
mod lint;
mod names;
mod number_check;
mod prices;
mod quantity;
mod release;
mod risk;
mod risk_check;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::file::{Plan, ScenarioFile};
use super::natural_order;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::register::{Basis, BasisTally, Dates, Quantities, QuantityId, Register, Uncertainty};
use crate::time::{DayZero, Unit};

/// Id of the plan that a scenario without plans is run as.
pub const BASE_PLAN: &str = "base";

/// What is known while resolving.
pub(super) struct Resolver<'a> {
    file: &'a ScenarioFile,
    plan_id: &'a str,
    plan: Option<&'a Plan>,
    /// Folder that data files are relative to.
    folder: PathBuf,
    problems: Diagnostics,
    quantities: Quantities,
    /// Named estimates already resolved; `None` when one is wrong.
    named: BTreeMap<String, Option<(QuantityId, Option<Unit>)>>,
    /// Named estimates that something uses.
    used: BTreeSet<String>,
    /// Named estimates being resolved, outermost first.
    naming: Vec<String>,
    /// Whether the number being resolved is in force, so that its basis counts.
    in_force: bool,
    /// Basis of the composition that plain numbers are being read in.
    covered_by: Option<Basis>,
    basis: BasisTally,
    /// Paths of draws, by which correlations may name them.
    draws: BTreeMap<String, Uncertainty>,
    /// Paths of exact numbers, by which correlations may name them too: they keep their places in a group, so that its
    /// other draws stay as they are when one is made exact.
    exact: BTreeMap<String, Uncertainty>,
    /// Paths of draws that are made afresh on many occasions of an iteration.
    occasional: BTreeSet<String>,
    /// Paths of numbers that are wrong and have been reported.
    wrong: BTreeSet<String>,
    /// Named estimates by the path of the numbers that are given by their name.
    aliases: BTreeMap<String, String>,
    calendars: Vec<String>,
    coverage: Vec<String>,
    dates: Option<Dates>,
}

/// Resolves a scenario under one plan (`BASE_PLAN` in a scenario without plans).
///
/// # Errors
/// All errors of the scenario under this plan, by path.
pub fn resolve(file: &ScenarioFile, plan_id: &str, folder: &Path) -> Result<(Register, Diagnostics), Diagnostics> {
    let mut resolver = Resolver {
        file,
        plan_id,
        plan: file.plans.get(plan_id),
        folder: folder.to_owned(),
        problems: Diagnostics::default(),
        quantities: Quantities::default(),
        named: BTreeMap::new(),
        used: BTreeSet::new(),
        naming: Vec::new(),
        in_force: true,
        covered_by: None,
        basis: BasisTally::default(),
        draws: BTreeMap::new(),
        exact: BTreeMap::new(),
        occasional: BTreeSet::new(),
        wrong: BTreeSet::new(),
        aliases: BTreeMap::new(),
        calendars: Vec::new(),
        coverage: Vec::new(),
        dates: None,
    };
    let register = resolver.register();
    lint::lint(&mut resolver, &register);
    if resolver.problems.has_errors() { Err(resolver.problems) } else { Ok((register, resolver.problems)) }
}

impl Resolver<'_> {
    fn register(&mut self) -> Register {
        let file = self.file;
        if self.plan.is_none() && !file.releases.is_empty() && file.plans.is_empty() {
            self.error(
                Diagnostic::error("no-plans", "the scenario has releases but no plan to deploy them")
                    .at("releases")
                    .allowed("at least one table such as [plans.P1]")
                    .hint("add [plans.P1] with a title and `releases = { ID = DATE }`"),
            );
        }
        self.dates = self.scenario_dates();
        let calendars = self.work_calendars();
        // A number is resolved before what uses it, so that the arena is in evaluation order.
        for id in natural_order(file.estimates.keys()) {
            self.named_estimate(id, &format!("estimates.{id}"));
        }
        let pools = self.pools();
        let coverage = self.test_coverage(&pools);
        let releases = self.releases();
        let activities = self.activities(&pools, &releases);
        let separate = self.separate(&releases);
        let criteria = self.criteria(&releases);
        let scope = self.scope_items();
        let processes = self.processes();
        let restore = self.restore();
        let (risks, overlaps) = self.risks(&risk::Names {
            releases: &releases,
            activities: &activities,
            criteria: &criteria,
            scope: &scope,
            processes: &processes,
            activity_places: activities.iter().enumerate().map(|(place, a)| (a.id.as_str(), place)).collect(),
            risk_places: (0..).zip(self.in_force_risks()).map(|(place, id)| (id, place)).collect(),
        });
        let response_costs = self.response_costs();
        let prices = self.prices(&releases);
        let measures = self.measures(&activities);
        let dependence = self.dependence(&risks);
        Register {
            scenario: file.scenario.id.clone(),
            title: file.scenario.title.clone(),
            plan: self.plan_id.to_owned(),
            plan_title: self.plan.map_or_else(|| "as written".to_owned(), |p| p.title.clone()),
            dates: self.dates,
            stays_days: file.scenario.stays_days.unwrap_or(7),
            quantities: std::mem::take(&mut self.quantities),
            dependence,
            calendars,
            activities,
            pools,
            coverage,
            releases,
            separate,
            criteria,
            scope,
            processes,
            restore,
            risks,
            response_costs,
            prices,
            cost_unit: file.scenario.cost_unit.clone(),
            overlaps,
            measures,
            basis: self.basis,
        }
    }

    fn scenario_dates(&mut self) -> Option<Dates> {
        let about = &self.file.scenario;
        let has_releases = !self.file.releases.is_empty();
        let Some(zero) = about.data_date else {
            if has_releases || about.horizon.is_some() {
                self.error(
                    Diagnostic::error("missing-data-date", "a scenario with releases needs its data date")
                        .at("scenario")
                        .allowed("data_date = a date")
                        .hint("day 0: what is known is known as of this date, as in `data_date = 2021-10-19`"),
                );
            }
            return None;
        };
        let zero = DayZero(zero.0);
        let horizon = match about.horizon {
            Some(date) if date.0 <= zero.0 => {
                self.error(
                    Diagnostic::error(
                        "horizon-before-data-date",
                        format!("the horizon {} is not after the data date {}", date.0, zero.0),
                    )
                    .at("scenario.horizon")
                    .allowed("a date after data_date"),
                );
                return None;
            }
            Some(date) if zero.day(date.0) > 36_525 => {
                self.error(
                    Diagnostic::error(
                        "horizon-too-far",
                        format!("the horizon {} is more than a hundred years after the data date", date.0),
                    )
                    .at("scenario.horizon")
                    .allowed("a date within 100 years of data_date"),
                );
                return None;
            }
            Some(date) => zero.day(date.0),
            None if has_releases => {
                self.error(
                    Diagnostic::error("missing-horizon", "a scenario with releases needs a horizon")
                        .at("scenario")
                        .allowed("horizon = a date after data_date")
                        .hint("a release not live by then is reported as \"not live by\" that date"),
                );
                return None;
            }
            None => 36_525,
        };
        Some(Dates { zero, horizon })
    }

    fn error(&mut self, diagnostic: Diagnostic) {
        self.problems.push(diagnostic);
    }

    /// Reports a name that is not there, with the nearest one that is.
    fn unknown(&mut self, kind: &str, name: &str, known: &[&str], path: &str) {
        self.error(names::unknown(kind, name, known, path));
    }

    /// The index of a name in a list, or an error.
    fn index(&mut self, kind: &str, name: &str, known: &[&str], path: &str) -> Option<usize> {
        let found = known.iter().position(|k| *k == name);
        if found.is_none() {
            self.unknown(kind, name, known, path);
        }
        found
    }

    /// Whether a table has a name; an error if it has not.
    fn has<T>(&mut self, kind: &str, name: &str, table: &BTreeMap<String, T>, path: &str) -> bool {
        let found = table.contains_key(name);
        if !found {
            let known: Vec<&str> = table.keys().map(String::as_str).collect();
            self.unknown(kind, name, &known, path);
        }
        found
    }

    /// The day number of a date; day 0 is missing only when that is already an error.
    fn day(&self, date: super::file::Date) -> i32 {
        self.dates.map_or(0, |d| d.zero.day(date.0))
    }

    /// Reports a date in a scenario without a data date; once, however many dates there are.
    fn needs_dates(&mut self, path: &str) {
        let told = |problem: &Diagnostic| problem.code == "missing-data-date";
        if self.file.scenario.data_date.is_none() && !self.problems.iter().any(told) {
            self.error(
                Diagnostic::error("missing-data-date", "a date needs the scenario's data date to count from")
                    .at(path)
                    .hint("add `data_date` to [scenario]"),
            );
        }
    }

    /// A duration of calendar days written as text, such as a notice.
    fn calendar_days(&mut self, text: &str, path: &str) -> Option<f64> {
        match crate::time::Duration::parse(text) {
            Ok(d) if matches!(d.unit, Unit::WorkingDays(_)) => {
                self.error(
                    Diagnostic::error("working-days-here", "working days cannot be counted here")
                        .at(path)
                        .allowed("hours, days or weeks")
                        .hint("say it in calendar days, or model it as an activity with a calendar"),
                );
                None
            }
            Ok(d) if d.days() >= 0.0 && d.days().is_finite() => Some(d.days()),
            Ok(_) => {
                self.error(
                    Diagnostic::error("negative-duration", format!("`{text}` is negative"))
                        .at(path)
                        .allowed("a duration of 0 days or more"),
                );
                None
            }
            Err(problem) => {
                self.error(quantity::duration_problem(&problem, text, path));
                None
            }
        }
    }
}
