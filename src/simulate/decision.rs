//! Decision figures: what each iteration adds to the means a committee decides by.

use crate::program::{Mask, NOT_LIVE, Outcome, Program};
use crate::register::Effect;

/// What a committee decides by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// This release is deployed in the window of its plan's date.
    LiveOnTarget(String),
    /// … and that deployment is kept.
    LiveAndStays(String),
    /// This release is not live by the horizon.
    NotLive(String),
    /// This release misses at least one gate.
    NoGo(String),
    /// This release is backed out at least once.
    BackedOut(String),
    /// This release passes the gate of its plan's date.
    Go(String),
    /// … although one of its criteria is truly not met.
    WrongGo(String),
    /// This release is stopped at the gate of its plan's date although all its criteria are truly met.
    WrongNoGo(String),
    /// Somebody's consent to a move of this release is asked at least once.
    ConsentNeeded(String),
    /// This scope item ships with its release.
    Ships(String),
    /// This risk occurs on at least one occasion. It is none of [`Decision::all`]: nothing is decided by it alone.
    Occurs(String),
    /// Every release of the plan is deployed on its date and kept.
    AllLiveAndStay,
    /// Number of releases of the plan that are not deployed on their date or not kept.
    Missed,
    /// There is at least one extra incident of category 1 or 2.
    AnySeriousIncident,
    /// Number of extra incidents of category 1 or 2.
    SeriousIncidents,
    /// This measure finishes by its target.
    FinishByTarget(String),
    /// Total cost, in the scenario's unit.
    Cost,
    /// Sum of the times to restore of all incidents, background included, in days. None of [`Decision::all`].
    DaysInIncidents,
    /// The same of extra incidents alone. None of [`Decision::all`].
    DaysInExtraIncidents,
    /// When this measure finishes, in days.
    Finish(String),
}

/// How a decision figure is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 0 or 1 in each iteration; its mean is a probability.
    Probability,
    /// A small whole number in each iteration.
    Number,
    /// A real number in each iteration.
    Amount,
}

impl Decision {
    /// All decision figures of some plans: release by release in the order in which plans name them, then those of
    /// the whole plan. Costs come last, where the scenario has any.
    pub fn all(programs: &[Program]) -> Vec<Self> {
        let registers = || programs.iter().map(Program::register);
        let mut ids: Vec<(&str, bool)> = Vec::new();
        for release in registers().flat_map(|r| &r.releases) {
            match ids.iter_mut().find(|(id, _)| *id == release.id) {
                Some((_, consent)) => *consent |= release.consent.is_some(),
                None => ids.push((&release.id, release.consent.is_some())),
            }
        }
        let mut all = Vec::new();
        for (id, consent) in &ids {
            let id = || (*id).to_owned();
            all.extend([
                Self::LiveOnTarget(id()),
                Self::LiveAndStays(id()),
                Self::NotLive(id()),
                Self::NoGo(id()),
                Self::BackedOut(id()),
            ]);
            all.extend(consent.then(|| Self::ConsentNeeded(id())));
        }
        let mut droppable: Vec<&str> = Vec::new();
        for register in registers() {
            let effects = register.risks.iter().flat_map(crate::register::Risk::all_effects);
            droppable.extend(effects.filter_map(|e| match e {
                Effect::Drop(item) => Some(register.scope[*item].id.as_str()),
                _ => None,
            }));
        }
        droppable.sort_unstable();
        droppable.dedup();
        all.extend(droppable.into_iter().map(|id| Self::Ships(id.to_owned())));
        if !ids.is_empty() {
            all.extend([Self::AllLiveAndStay, Self::Missed, Self::AnySeriousIncident, Self::SeriousIncidents]);
        }
        if registers().any(crate::register::Register::has_costs) {
            all.push(Self::Cost);
        }
        all
    }

    /// The figures of the gate of the plan's date, for releases that a criterion bears on. Not among [`Decision::all`]:
    /// they judge a gate, not a plan.
    pub fn at_gate(programs: &[Program]) -> Vec<Self> {
        let mut ids: Vec<&str> = Vec::new();
        for register in programs.iter().map(Program::register) {
            let gated = register.criteria.iter().fold(0, |set, c| set | c.releases);
            let releases = register.releases.iter().enumerate().filter(|(r, _)| gated >> r & 1 == 1);
            for (_, release) in releases {
                if !ids.contains(&release.id.as_str()) {
                    ids.push(&release.id);
                }
            }
        }
        let all = |id: &str| [Self::Go(id.to_owned()), Self::WrongGo(id.to_owned()), Self::WrongNoGo(id.to_owned())];
        ids.into_iter().flat_map(all).collect()
    }

    /// All decision figures, and the finish times that the scenario reports: the probability of finishing by the target,
    /// and the finish itself where nothing can keep it from coming.
    pub fn with_measures(programs: &[Program]) -> Vec<Self> {
        let mut all = Self::all(programs);
        let registers = || programs.iter().map(Program::register);
        let mut targets: Vec<(&str, bool)> = Vec::new();
        for measure in registers().flat_map(|r| &r.measures) {
            if !targets.iter().any(|(id, _)| *id == measure.id) {
                targets.push((&measure.id, measure.target.is_some()));
            }
        }
        let first_amount = all.iter().position(|d| d.kind() == Kind::Amount).unwrap_or(all.len());
        let by_target =
            targets.iter().filter(|(_, target)| *target).map(|(id, _)| Self::FinishByTarget((*id).to_owned()));
        all.splice(first_amount..first_amount, by_target);
        // Without scarce units every activity comes to its end.
        if registers().all(|r| r.pools.is_empty()) {
            all.extend(targets.iter().map(|(id, _)| Self::Finish((*id).to_owned())));
        }
        all
    }

    /// Its name in output: `SEC.p_live_on_target_and_stays`.
    pub fn name(&self) -> String {
        match self {
            Self::LiveOnTarget(id) => format!("{id}.p_live_on_target"),
            Self::LiveAndStays(id) => format!("{id}.p_live_on_target_and_stays"),
            Self::NotLive(id) => format!("{id}.p_not_live_by_horizon"),
            Self::NoGo(id) => format!("{id}.p_no_go"),
            Self::BackedOut(id) => format!("{id}.p_backed_out"),
            Self::Go(id) => format!("{id}.p_go"),
            Self::WrongGo(id) => format!("{id}.p_wrong_go"),
            Self::WrongNoGo(id) => format!("{id}.p_wrong_no_go"),
            Self::ConsentNeeded(id) => format!("{id}.p_consent_needed"),
            Self::Ships(id) => format!("{id}.p_ships"),
            Self::Occurs(id) => format!("{id}.p_occurs"),
            Self::AllLiveAndStay => "p_all_live_on_target_and_stay".to_owned(),
            Self::Missed => "releases_missed".to_owned(),
            Self::AnySeriousIncident => "p_extra_category_1_or_2".to_owned(),
            Self::SeriousIncidents => "extra_category_1_or_2".to_owned(),
            Self::FinishByTarget(id) => format!("{id}.p_by_target"),
            Self::Cost => "cost".to_owned(),
            Self::DaysInIncidents => "days_in_incidents".to_owned(),
            Self::DaysInExtraIncidents => "days_in_extra_incidents".to_owned(),
            Self::Finish(id) => format!("{id}.finish"),
        }
    }

    /// Whether more of it is better.
    pub fn more_is_better(&self) -> bool {
        matches!(
            self,
            Self::LiveOnTarget(_)
                | Self::LiveAndStays(_)
                | Self::AllLiveAndStay
                | Self::Ships(_)
                | Self::FinishByTarget(_)
        )
    }

    /// How it is counted.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Missed | Self::SeriousIncidents => Kind::Number,
            Self::Cost | Self::DaysInIncidents | Self::DaysInExtraIncidents | Self::Finish(_) => Kind::Amount,
            _ => Kind::Probability,
        }
    }

    /// Whether it is a probability rather than a mean number.
    pub fn is_probability(&self) -> bool {
        self.kind() == Kind::Probability
    }

    /// Whether plans are ranked by it; the others are reported, with both uncertainties, plan by plan.
    pub fn ranks_plans(&self) -> bool {
        matches!(
            self,
            Self::LiveOnTarget(_)
                | Self::LiveAndStays(_)
                | Self::NotLive(_)
                | Self::AllLiveAndStay
                | Self::SeriousIncidents
                | Self::Cost
        )
    }

    /// Whether a plan has it: whether the plan deploys the release it is about.
    pub fn is_of(&self, program: &Program) -> bool {
        let register = program.register();
        match self {
            Self::LiveOnTarget(id)
            | Self::LiveAndStays(id)
            | Self::NotLive(id)
            | Self::NoGo(id)
            | Self::BackedOut(id)
            | Self::Go(id)
            | Self::WrongGo(id)
            | Self::WrongNoGo(id)
            | Self::ConsentNeeded(id) => register.releases.iter().any(|r| r.id == *id),
            Self::Ships(id) => register.scope.iter().any(|item| item.id == *id),
            Self::Occurs(id) => register.risks.iter().any(|risk| risk.id == *id),
            Self::FinishByTarget(id) => register.measures.iter().any(|m| m.id == *id && m.target.is_some()),
            Self::Finish(id) => register.measures.iter().any(|m| m.id == *id),
            Self::AllLiveAndStay | Self::Missed => !register.releases.is_empty(),
            _ => true,
        }
    }

    /// Its value in every lane of a block, for what is counted in whole numbers; nothing where the plan does not
    /// have it.
    pub(super) fn fill(&self, program: &Program, outcome: &Outcome, values: &mut [u8]) {
        let register = program.register();
        let stride = outcome.cost.len();
        let lanes = outcome.lanes;
        let release = |id: &str| register.releases.iter().position(|r| r.id == id);
        let verdicts = |id: &str| release(id).map(|r| outcome.gate_at_plan[r]);
        let gate = match self {
            Self::Go(id) => verdicts(id).map(|v| v.right_go | v.wrong_go),
            Self::WrongGo(id) => verdicts(id).map(|v| v.wrong_go),
            Self::WrongNoGo(id) => verdicts(id).map(|v| v.wrong_no_go),
            _ => None,
        };
        if let Some(mask) = gate {
            return mask.write_bits(&mut values[..lanes]);
        }
        let mask = match self {
            Self::LiveOnTarget(id) => release(id).map(|r| &outcome.on_target[r]),
            Self::LiveAndStays(id) => release(id).map(|r| &outcome.kept_on_target[r]),
            Self::NoGo(id) => release(id).map(|r| &outcome.no_go[r]),
            Self::BackedOut(id) => release(id).map(|r| &outcome.backed_out[r]),
            Self::ConsentNeeded(id) => release(id).map(|r| &outcome.consent[r]),
            Self::Ships(id) => register.scope.iter().position(|item| item.id == *id).map(|i| &outcome.ships[i]),
            Self::Occurs(id) => register.risks.iter().position(|risk| risk.id == *id).map(|i| &outcome.occurred[i]),
            _ => None,
        };
        if let Some(mask) = mask {
            return mask.write_bits(&mut values[..lanes]);
        }
        let mut each = |of: &dyn Fn(usize) -> u8| {
            values.iter_mut().take(lanes).enumerate().for_each(|(lane, value)| *value = of(lane));
        };
        let serious = |lane: usize| outcome.incidents[lane] + outcome.incidents[stride + lane];
        match self {
            Self::NotLive(id) => {
                let Some(r) = release(id) else { return };
                let live = &outcome.live_window[r * stride..];
                each(&|lane| u8::from(live[lane] == NOT_LIVE));
            }
            Self::AllLiveAndStay => {
                let kept = outcome.kept_on_target.iter().fold(Mask::first(lanes), |all, kept| all & *kept);
                kept.write_bits(&mut values[..lanes]);
            }
            Self::Missed => each(&|lane| outcome.kept_on_target.iter().map(|kept| u8::from(!kept.get(lane))).sum()),
            Self::AnySeriousIncident => each(&|lane| u8::from(serious(lane) > 0)),
            Self::SeriousIncidents => each(&|lane| u8::try_from(serious(lane)).unwrap_or(u8::MAX)),
            Self::FinishByTarget(id) => {
                let Some(m) = register.measures.iter().position(|m| m.id == *id) else { return };
                let target = register.measures[m].target.map_or(f64::INFINITY, crate::time::latest_at);
                each(&|lane| u8::from(outcome.measures[m * stride + lane] <= target));
            }
            _ => {}
        }
    }

    /// Its value in every lane of a block, for amounts; nothing where the plan does not have it.
    pub(super) fn amounts<'o>(&self, program: &Program, outcome: &'o Outcome) -> &'o [f64] {
        debug_assert!(self.kind() == Kind::Amount);
        match self {
            Self::Finish(id) => match program.register().measures.iter().position(|m| m.id == *id) {
                Some(m) => &outcome.measures[m * outcome.cost.len()..][..outcome.lanes],
                None => &[],
            },
            Self::DaysInIncidents => &outcome.days_in_incidents[..outcome.lanes],
            Self::DaysInExtraIncidents => &outcome.days_in_extra[..outcome.lanes],
            _ => &outcome.cost[..outcome.lanes],
        }
    }
}
