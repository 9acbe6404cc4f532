//! From a study of variants of one plan to the report of its gate.
//!
//! In: variants on common random numbers, of which the first is the plan as it stands; what gates forecast; tallies
//! over thresholds. Out: a [`GateReport`].

use jiff::ToSpan;
use jiff::civil::Date;

use super::gate::{
    Against, Amber, CriterionAtGate, CriterionShare, DaysLater, Fitted, GateReport, Policy, PolicyOfRelease,
    ReleaseAtGate, Seen, ThresholdPoint, UnderWhatIf,
};
use super::gate_policy::{Forecast, ambers, risks_behind};
use super::outlook::{DatePercentile, Outlook};
use super::runs::Runs;
use crate::estimate::proportion;
use crate::register::{Condition, Register, Status};
use crate::simulate::{Decision, PatternCount, Patterns, Tally};

/// A variant of the study: its id and its title.
pub type Label = (String, String);

/// What a report is made of.
pub struct GateStudy<'a> {
    /// Runs of all variants; the first is the plan as it stands.
    pub runs: Runs<'a>,
    /// Their outlook.
    pub outlook: &'a Outlook,
    /// Policies: the first variants of the study, in order.
    pub policies: Vec<Label>,
    /// Whether the next variant is the Amber turned Green.
    pub amber: bool,
    /// What the remaining variants are.
    pub evidence: Vec<Label>,
    /// Releases to report, by index; others are left out.
    pub releases: Vec<usize>,
    /// Forecasts, release by release.
    pub forecasts: &'a [Forecast],
    /// What became of what gates saw in the iterations of the run, with nobody stopped.
    pub came_true: &'a [Patterns],
    /// What forecasts were fitted on.
    pub fitted: Fitted,
    /// The threshold.
    pub threshold: f64,
    /// Tallies over thresholds, strictest first.
    pub thresholds: &'a [(f64, Tally)],
    /// Unit of costs.
    pub cost_unit: Option<String>,
    /// The what-if that the gate is judged under, if any.
    pub what_if: Option<Label>,
}

/// The report of a gate.
pub fn gate_report(study: &GateStudy<'_>) -> GateReport {
    let (program, outlook) = (&study.runs.programs[0], study.outlook);
    let register = program.register();
    let policy = |variant: usize, label: &Label| study.policy(variant, label);
    let policies: Vec<Policy> = study.policies.iter().enumerate().map(|(v, label)| policy(v, label)).collect();
    let ambers = ambers(register);
    let amber = study.amber.then(|| {
        let mut risks: Vec<String> = ambers.iter().flat_map(|c| risks_behind(register, *c)).collect();
        risks.sort_unstable();
        risks.dedup();
        let label = ("amber-turned-green".to_owned(), "what makes them Amber is gone: no risk fails them".to_owned());
        Amber {
            criteria: ambers.iter().map(|c| register.criteria[*c].id.clone()).collect(),
            risks,
            wrong_go_has_consequences: ambers.iter().any(|c| has_consequences(register, *c)),
            turned_green: policy(study.policies.len(), &label),
        }
    });
    let first = study.policies.len() + usize::from(study.amber);
    let evidence = study.evidence.iter().enumerate().map(|(i, label)| policy(first + i, label)).collect();
    GateReport {
        scenario: outlook.scenario.clone(),
        title: outlook.title.clone(),
        plan: register.plan.clone(),
        plan_title: register.plan_title.clone(),
        what_if: study.what_if.as_ref().map(|(id, title)| UnderWhatIf { id: id.clone(), title: title.clone() }),
        seed: outlook.seed,
        iterations: outlook.iterations,
        fitted: study.fitted,
        inputs: outlook.inputs,
        stays_days: outlook.stays_days,
        cost_unit: study.cost_unit.clone(),
        basis: outlook.basis,
        threshold: study.threshold,
        observed_with_error: register.criteria.iter().any(|c| c.observed.is_some() && c.releases != 0),
        wrong_go_has_consequences: (0..register.criteria.len()).any(|c| has_consequences(register, c)),
        criteria: (0..register.criteria.len()).filter_map(|c| study.criterion(c)).collect(),
        releases: study.releases.iter().map(|r| study.release(*r)).collect(),
        policies,
        amber,
        evidence,
    }
}

/// Whether any risk asks if a release was deployed with a criterion unmet.
fn has_consequences(register: &Register, criterion: usize) -> bool {
    let asks = |part: &Condition| matches!(part, Condition::PassedUnmet(criteria) if criteria.contains(&criterion));
    register.risks.iter().any(|risk| risk.when.any_part(&mut |part| asks(part)))
}

impl GateStudy<'_> {
    fn register(&self) -> &Register {
        self.runs.programs[0].register()
    }

    fn criterion(&self, c: usize) -> Option<CriterionAtGate> {
        let (register, tally) = (self.register(), &self.runs.tallies[0]);
        let about = &register.criteria[c];
        let releases: Vec<CriterionShare> = self
            .releases
            .iter()
            .filter(|r| about.releases >> **r & 1 == 1)
            .map(|&r| CriterionShare {
                release: register.releases[r].id.clone(),
                p_not_met: proportion(tally.releases[r].gates.unmet[c], tally.iterations),
                p_seen_not_met: proportion(tally.releases[r].gates.seen[c], tally.iterations),
            })
            .collect();
        (!releases.is_empty()).then(|| CriterionAtGate {
            id: about.id.clone(),
            status: about.status.map(|status| match status {
                Status::Green => "green",
                Status::Amber => "amber",
                Status::Red => "red",
            }),
            stops: about.stops,
            observed_with_error: about.observed.is_some(),
            wrong_go_has_consequences: has_consequences(register, c),
            risks: risks_behind(register, c),
            releases,
        })
    }

    fn release(&self, r: usize) -> ReleaseAtGate {
        let (register, tally) = (self.register(), &self.runs.tallies[0]);
        let about = &register.releases[r];
        let own = register.criteria.iter().filter(|c| c.releases >> r & 1 == 1);
        let before = own.map(|c| c.gate_days_before).fold(0.0, f64::max);
        ReleaseAtGate {
            id: about.id.clone(),
            title: about.title.clone(),
            target: about.target,
            gate: about.target.checked_sub((crate::math::ceil(before) as i64).days()).ok(),
            p_at_gate: proportion(tally.releases[r].gates.stood(), tally.iterations),
            seen: self.seen(r),
            forecasts_differ: self.forecasts[r].differ(),
            thresholds: self.points(r),
        }
    }

    /// Thresholds at which the rule of this release changes; those of other releases are left out.
    fn points(&self, r: usize) -> Vec<ThresholdPoint> {
        let rule = |k: usize| self.forecasts[r].rule(self.thresholds[k].0);
        let changes = (0..self.thresholds.len()).filter(|k| *k == 0 || rule(*k) != rule(*k - 1));
        changes
            .map(|k| {
                let (threshold, tally) = &self.thresholds[k];
                point(*threshold, tally, r, self.register())
            })
            .collect()
    }

    fn seen(&self, r: usize) -> Vec<Seen> {
        let (forecast, n) = (&self.forecasts[r], self.runs.paired.iterations);
        let (groups, rest) = forecast.grouped(&self.came_true[r]);
        let rule = forecast.rule(self.threshold);
        let of = |count: u64, seen: u64| (seen > 0).then(|| proportion(count, seen));
        let name = |pattern: u64| -> Vec<String> {
            let criteria = forecast.criteria.iter().enumerate().filter(|(i, _)| pattern >> i & 1 == 1);
            criteria.map(|(_, c)| self.register().criteria[*c].id.clone()).collect()
        };
        let row = |not_met: Option<Vec<String>>, fitted: &PatternCount, run: &PatternCount, go: bool| Seen {
            not_met,
            p_seen: proportion(run.seen, n),
            p_all_met: of(run.met, run.seen),
            forecast: of(fitted.kept, fitted.seen),
            came_true: of(run.kept, run.seen),
            go,
        };
        let mut rows: Vec<(u64, Seen)> = forecast
            .patterns
            .iter()
            .zip(&groups)
            .map(|((pattern, fitted), run)| (run.seen, row(Some(name(*pattern)), fitted, run, rule.passes(*pattern))))
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.0));
        if rest.seen > 0 || forecast.rest.seen > 0 {
            rows.push((rest.seen, row(None, &forecast.rest, &rest, rule.otherwise)));
        }
        rows.into_iter().map(|(_, seen)| seen).collect()
    }

    fn against(&self, variant: usize, decision: &Decision) -> Option<Against> {
        let place = self.runs.place(decision)?;
        let difference = (variant != 0).then(|| self.runs.difference(variant, 0, place));
        Some(Against { figure: self.runs.figure(variant, place), difference })
    }

    fn policy(&self, variant: usize, (id, title): &Label) -> Policy {
        let register = self.runs.programs[variant].register();
        let models_incidents = self.outlook.plans[variant].incidents.is_some();
        Policy {
            id: id.clone(),
            title: title.clone(),
            releases: self.releases.iter().filter_map(|r| self.policy_of_release(variant, *r)).collect(),
            extra_category_1_or_2: self.against(variant, &Decision::SeriousIncidents).filter(|_| models_incidents),
            cost: self
                .against(variant, &Decision::Cost)
                .filter(|_| register.has_costs() || self.register().has_costs()),
        }
    }

    fn policy_of_release(&self, variant: usize, r: usize) -> Option<PolicyOfRelease> {
        let about = &self.runs.programs[variant].register().releases[r];
        let tally = &self.runs.tallies[variant];
        let id = || about.id.clone();
        let p80 = |v: usize| self.outlook.plans[v].releases[r].go_live.p80;
        let ever = tally.releases[r].gates.ever;
        Some(PolicyOfRelease {
            id: id(),
            target: about.target,
            p_go: self.against(variant, &Decision::Go(id()))?,
            p_wrong_go: self.against(variant, &Decision::WrongGo(id()))?,
            p_wrong_no_go: self.against(variant, &Decision::WrongNoGo(id()))?,
            p_live_on_target: self.against(variant, &Decision::LiveOnTarget(id()))?,
            p_live_on_target_and_stays: self.against(variant, &Decision::LiveAndStays(id()))?,
            p80: p80(variant),
            p80_later: (variant != 0).then(|| later(&p80(variant), &p80(0))).flatten(),
            p_any_wrong_go: proportion(ever.wrong_go, tally.iterations),
            p_any_wrong_no_go: proportion(ever.wrong_no_go, tally.iterations),
        })
    }
}

fn point(threshold: f64, tally: &Tally, r: usize, register: &Register) -> ThresholdPoint {
    let (of, n) = (&tally.releases[r], tally.iterations);
    let verdicts = of.gates.at_plan;
    ThresholdPoint {
        threshold: (threshold <= 1.0).then_some(threshold),
        p_go: proportion(verdicts.right_go + verdicts.wrong_go, n),
        p_wrong_go: proportion(verdicts.wrong_go, n),
        p_wrong_no_go: proportion(verdicts.wrong_no_go, n),
        p_live_on_target_and_stays: proportion(of.kept_on_target, n),
        extra_category_1_or_2: tally.serious_moments.mean().map(|m| m.mean),
        cost: register.has_costs().then(|| tally.cost.mean()).flatten().map(|m| m.mean),
    }
}

/// Days from one percentile of a date to another.
fn later(this: &DatePercentile, that: &DatePercentile) -> Option<DaysLater> {
    let days = |from: Date, to: Date| (to - from).get_days();
    let between = |from: Option<Date>, to: Option<Date>| Some(days(from?, to?));
    Some(DaysLater {
        days: between(that.date, this.date)?,
        interval: [between(that.interval[1], this.interval[0]), between(that.interval[0], this.interval[1])],
    })
}
