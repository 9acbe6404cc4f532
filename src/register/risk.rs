//! Risks, conditions and effects, resolved.

use super::{QuantityId, ReleaseSet, Work};

/// On which occasions a risk is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Draw {
    /// Once in each iteration.
    Once,
    /// At each gate day of a window.
    Gate,
    /// At each deployment of each of its releases.
    Deployment,
    /// In each window that deploys any of its releases.
    Window,
    /// At the kept deployment of each of its releases.
    GoLive,
}

/// A risk in force under the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Risk {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Who owns it.
    pub owner: Option<String>,
    /// Occasions.
    pub draw: Draw,
    /// Releases it is drawn for, each by itself for `Deployment` and `GoLive`.
    pub releases: ReleaseSet,
    /// Number of items.
    pub items: u32,
    /// Probability on each occasion.
    pub probability: QuantityId,
    /// What has to hold on the occasion. Of a modifier (a risk whose effects are all odds, rate or
    /// restore factors) it has to hold where the modifier acts.
    pub when: Condition,
    /// Index of its group of overlapping risks.
    pub overlaps: Option<usize>,
    /// Effects whenever it occurs.
    pub effects: Vec<Effect>,
    /// Mutually exclusive outcomes; empty or at least two.
    pub outcomes: Vec<Outcome>,
}

/// One of several mutually exclusive outcomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Weight.
    pub weight: QuantityId,
    /// Effects.
    pub effects: Vec<Effect>,
}

/// What has to hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Decided by the plan.
    Always(bool),
    /// Two or more of these are deployed in this window.
    CoDeployed(ReleaseSet),
    /// Two or more of these are within their first days live.
    WithinFirstDays(ReleaseSet, f64),
    /// Any of these is backed out in this window.
    BackedOut(ReleaseSet),
    /// Deployed in this window although any of these criteria (by index) was truly not met: the release
    /// that a risk is drawn for, or any where it is drawn for the window.
    PassedUnmet(Vec<usize>),
    /// This other risk occurred, by index.
    Occurred(usize),
    /// The process (by index) had an event in the days before the gate.
    Event(usize, f64),
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
}

impl Condition {
    /// Whether any part of the condition satisfies `test`.
    pub fn any_part(&self, test: &mut dyn FnMut(&Condition) -> bool) -> bool {
        if test(self) {
            return true;
        }
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|p| p.any_part(test)),
            Self::Not(part) => part.any_part(test),
            _ => false,
        }
    }

    /// Simplifies what is already decided.
    pub fn simplified(self) -> Self {
        match self {
            Self::All(parts) => {
                let parts: Vec<_> = parts.into_iter().map(Self::simplified).collect();
                if parts.contains(&Self::Always(false)) {
                    return Self::Always(false);
                }
                let mut open: Vec<_> = parts.into_iter().filter(|p| *p != Self::Always(true)).collect();
                match open.len() {
                    0 => Self::Always(true),
                    1 => open.remove(0),
                    _ => Self::All(open),
                }
            }
            Self::Any(parts) => {
                let parts: Vec<_> = parts.into_iter().map(Self::simplified).collect();
                if parts.contains(&Self::Always(true)) {
                    return Self::Always(true);
                }
                let mut open: Vec<_> = parts.into_iter().filter(|p| *p != Self::Always(false)).collect();
                match open.len() {
                    0 => Self::Always(false),
                    1 => open.remove(0),
                    _ => Self::Any(open),
                }
            }
            Self::Not(part) => match part.simplified() {
                Self::Always(holds) => Self::Always(!holds),
                other => Self::Not(Box::new(other)),
            },
            other => other,
        }
    }
}

/// What a risk does.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Adds days to the readiness of a release (by index).
    DelayRelease(usize, QuantityId),
    /// Adds time to activities (by index), all by one draw.
    DelayActivities(Vec<usize>, Work),
    /// Multiplies durations of activities, all by one draw.
    Stretch(Vec<usize>, QuantityId),
    /// Fails a criterion (by index), with a probability given the risk, until a recovery in days.
    Fail(usize, QuantityId, QuantityId),
    /// The activity happens.
    Exist(usize),
    /// The first release waits for the second.
    Hold(usize, usize),
    /// Reverses the deployment of the releases, until a fix in days.
    BackOut(ReleaseSet, QuantityId),
    /// An incident of the releases, by the weights of categories 1 to 5, which add up to 1.
    Incident(ReleaseSet, [f64; 5]),
    /// Multiplies the odds of another risk (by index); per pair of the set if any.
    Odds(usize, QuantityId, Option<ReleaseSet>),
    /// Multiplies the rate of a share of a process (by index).
    Rate(usize, QuantityId, QuantityId),
    /// Multiplies times to restore.
    Restore(QuantityId),
    /// Drops a scope item (by index).
    Drop(usize),
    /// Costs.
    Cost(QuantityId),
}

impl Effect {
    /// Whether the effect changes how other draws come out rather than anything by itself.
    pub fn is_modifier(&self) -> bool {
        matches!(self, Self::Odds(..) | Self::Rate(..) | Self::Restore(..))
    }
}

impl Effect {
    /// The numbers it goes by.
    pub fn quantities(&self) -> Vec<QuantityId> {
        match self {
            Self::DelayRelease(_, days) => vec![*days],
            Self::DelayActivities(_, work) => vec![work.days],
            Self::Stretch(_, id) | Self::Odds(_, id, _) | Self::Restore(id) | Self::BackOut(_, id) | Self::Cost(id) => {
                vec![*id]
            }
            Self::Fail(_, first, second) | Self::Rate(_, first, second) => vec![*first, *second],
            Self::Exist(_) | Self::Hold(..) | Self::Incident(..) | Self::Drop(_) => Vec::new(),
        }
    }
}

impl Risk {
    /// Whether all it does is to change how other draws come out.
    pub fn is_modifier(&self) -> bool {
        let mut effects = self.all_effects().peekable();
        effects.peek().is_some() && effects.all(Effect::is_modifier)
    }

    /// Its own effects and those of its outcomes.
    pub fn all_effects(&self) -> impl Iterator<Item = &Effect> {
        self.effects.iter().chain(self.outcomes.iter().flat_map(|o| &o.effects))
    }
}

/// For each risk, the risks that have to be drawn before it.
pub fn risk_dependencies(risks: &[Risk]) -> Vec<Vec<usize>> {
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); risks.len()];
    for (i, risk) in risks.iter().enumerate() {
        risk.when.any_part(&mut |part| {
            match part {
                Condition::Occurred(other) => edges[i].push(*other),
                Condition::BackedOut(set) => edges[i].extend(risks.iter().enumerate().filter_map(|(k, other)| {
                    let reverses = other.all_effects().any(|e| matches!(e, Effect::BackOut(s, _) if s & set != 0));
                    (k != i && reverses).then_some(k)
                })),
                _ => {}
            }
            false
        });
        for effect in risk.all_effects() {
            if let Effect::Odds(target, ..) = effect {
                edges[*target].push(i);
            }
        }
    }
    edges
}
