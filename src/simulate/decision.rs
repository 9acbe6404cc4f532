//! Decision figures: whole numbers in each iteration whose means a committee decides by.

use crate::program::{NOT_LIVE, Outcome, Program};

/// What a committee decides by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// This release is deployed in the window of its plan's date.
    LiveOnTarget(String),
    /// … and that deployment is kept.
    LiveAndStays(String),
    /// This release is not live by the horizon.
    NotLive(String),
    /// Every release of the plan is deployed on its date and kept.
    AllLiveAndStay,
    /// Number of extra incidents of category 1 or 2.
    SeriousIncidents,
}

impl Decision {
    /// All decision figures of some plans, in the order of their releases.
    pub fn all(programs: &[Program]) -> Vec<Self> {
        let mut ids: Vec<&str> = Vec::new();
        for release in programs.iter().flat_map(|p| &p.register().releases) {
            if !ids.contains(&release.id.as_str()) {
                ids.push(&release.id);
            }
        }
        if ids.is_empty() {
            return Vec::new();
        }
        let by_release = ids.into_iter().flat_map(|id| {
            [Self::LiveOnTarget(id.to_owned()), Self::LiveAndStays(id.to_owned()), Self::NotLive(id.to_owned())]
        });
        by_release.chain([Self::AllLiveAndStay, Self::SeriousIncidents]).collect()
    }

    /// Its name in output: `SEC.p_live_on_target_and_stays`.
    pub fn name(&self) -> String {
        match self {
            Self::LiveOnTarget(id) => format!("{id}.p_live_on_target"),
            Self::LiveAndStays(id) => format!("{id}.p_live_on_target_and_stays"),
            Self::NotLive(id) => format!("{id}.p_not_live_by_horizon"),
            Self::AllLiveAndStay => "p_all_live_on_target_and_stay".to_owned(),
            Self::SeriousIncidents => "extra_category_1_or_2".to_owned(),
        }
    }

    /// Whether more of it is better.
    pub fn more_is_better(&self) -> bool {
        matches!(self, Self::LiveOnTarget(_) | Self::LiveAndStays(_) | Self::AllLiveAndStay)
    }

    /// Whether it is a probability rather than a mean number.
    pub fn is_probability(&self) -> bool {
        *self != Self::SeriousIncidents
    }

    /// Whether a plan has it: whether the plan deploys the release it is about.
    pub fn is_of(&self, program: &Program) -> bool {
        match self {
            Self::LiveOnTarget(id) | Self::LiveAndStays(id) | Self::NotLive(id) => {
                program.register().releases.iter().any(|r| r.id == *id)
            }
            Self::AllLiveAndStay | Self::SeriousIncidents => true,
        }
    }

    /// Its value in every lane of a block; nothing where the plan does not have it.
    pub(super) fn fill(&self, program: &Program, outcome: &Outcome, values: &mut [u8]) {
        let releases = &program.register().releases;
        let place = |id: &str| releases.iter().position(|r| r.id == id);
        let stride = outcome.cost.len();
        let lanes = values.iter_mut().take(outcome.lanes).enumerate();
        match self {
            Self::LiveOnTarget(id) => {
                let Some(r) = place(id) else { return };
                lanes.for_each(|(lane, value)| *value = u8::from(outcome.on_target[r].get(lane)));
            }
            Self::LiveAndStays(id) => {
                let Some(r) = place(id) else { return };
                lanes.for_each(|(lane, value)| *value = u8::from(outcome.kept_on_target[r].get(lane)));
            }
            Self::NotLive(id) => {
                let Some(r) = place(id) else { return };
                let live = &outcome.live_window[r * stride..];
                lanes.for_each(|(lane, value)| *value = u8::from(live[lane] == NOT_LIVE));
            }
            Self::AllLiveAndStay => {
                let all = |lane: usize| outcome.kept_on_target.iter().all(|kept| kept.get(lane));
                lanes.for_each(|(lane, value)| *value = u8::from(all(lane)));
            }
            Self::SeriousIncidents => {
                let count = |lane: usize| outcome.incidents[lane] + outcome.incidents[stride + lane];
                lanes.for_each(|(lane, value)| *value = u8::try_from(count(lane)).unwrap_or(u8::MAX));
            }
        }
    }
}
