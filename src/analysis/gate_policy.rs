//! Policies of a gate, each as a change of the register, so that all run on common random numbers.
//!
//! *All Green*: every criterion that stops must be seen as met (the register as it is). *Amber allowed*: criteria
//! last reported as Amber do not stop. *Threshold*: Go where the forecast, given what is seen, is at least so high.
//!
//! A forecast is a conditional frequency: of the iterations in which the gate of the plan's date saw a pattern of
//! criteria, in which share the release, let through, was deployed in that window and kept. It is taken from a run in
//! which no criterion stops anybody, so that every pattern has a sequel, and from other iterations (another seed)
//! than those that the policy is judged on. Patterns seen in fewer than [`RARE`] of them are forecast together; one
//! that was never seen is a No-Go.

use crate::register::{Effect, GateRule, Register, Status};
use crate::simulate::{PatternCount, Patterns};

/// Patterns seen in fewer fitting iterations are forecast together.
pub const RARE: u64 = 100;

/// Most criteria of a release that a pattern can be made of.
const MOST_CRITERIA: usize = 64;

/// What a gate can forecast of one release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// The criteria that a pattern is made of, by index in the register.
    pub criteria: Vec<usize>,
    /// Patterns that are forecast by themselves, in order, with what became of them.
    pub patterns: Vec<(u64, PatternCount)>,
    /// All other patterns together.
    pub rest: PatternCount,
}

impl Forecast {
    /// From the counts of a run in which no criterion stops anybody.
    pub fn fitted(criteria: Vec<usize>, counts: &Patterns) -> Self {
        let mut forecast = Self { criteria, patterns: Vec::new(), rest: PatternCount::default() };
        for (pattern, count) in counts {
            if count.seen >= RARE {
                forecast.patterns.push((*pattern, *count));
            } else {
                forecast.rest += *count;
            }
        }
        forecast
    }

    /// The same grouping of other counts: what became of each pattern there, and of the rest.
    pub fn grouped(&self, counts: &Patterns) -> (Vec<PatternCount>, PatternCount) {
        let mut groups = vec![PatternCount::default(); self.patterns.len()];
        let mut rest = PatternCount::default();
        for (pattern, count) in counts {
            match self.patterns.binary_search_by_key(pattern, |(p, _)| *p) {
                Ok(place) => groups[place] += *count,
                Err(_) => rest += *count,
            }
        }
        (groups, rest)
    }

    /// Go where the forecast is at least `threshold`.
    pub fn rule(&self, threshold: f64) -> GateRule {
        let passes = |count: &PatternCount| share(count).is_some_and(|forecast| forecast >= threshold);
        GateRule {
            criteria: self.criteria.clone(),
            go: self.patterns.iter().map(|(pattern, count)| (*pattern, passes(count))).collect(),
            otherwise: passes(&self.rest),
        }
    }

    /// Whether the forecasts differ by more than sampling error: a chi-squared test of equal shares at 1%.
    pub fn differ(&self) -> bool {
        let counts = || self.patterns.iter().map(|(_, count)| count).chain([&self.rest]).filter(|c| c.seen >= RARE);
        let (seen, kept) = counts().fold((0, 0), |(seen, kept), c| (seen + c.seen, kept + c.kept));
        let groups = counts().count();
        if groups < 2 || kept == 0 || kept == seen {
            return false;
        }
        let all = kept as f64 / seen as f64;
        let off = |c: &PatternCount| c.kept as f64 - c.seen as f64 * all;
        let squares: f64 = counts().map(|c| off(c) * off(c) / (c.seen as f64 * all * (1.0 - all))).sum();
        crate::math::incomplete_gamma((groups - 1) as f64 / 2.0, squares / 2.0).above < 0.01
    }

    /// The forecasts there are.
    fn shares(&self) -> impl Iterator<Item = f64> + use<'_> {
        self.patterns.iter().map(|(_, count)| count).chain([&self.rest]).filter_map(share)
    }
}

/// The forecast from a count; nothing where nothing was seen.
pub fn share(count: &PatternCount) -> Option<f64> {
    (count.seen > 0).then(|| count.kept as f64 / count.seen as f64)
}

/// For each release the criteria that can be seen as not met: a risk fails them, or they are seen with error.
///
/// # Errors
/// The id of a release that has more of them than a pattern can hold.
pub fn patterned_criteria(register: &Register) -> Result<Vec<Vec<usize>>, String> {
    let fallible = |c: usize| register.criteria[c].observed.is_some() || !risks_behind(register, c).is_empty();
    let releases = register.releases.iter().enumerate();
    releases
        .map(|(r, release)| {
            let of_release = |c: &usize| register.criteria[*c].releases >> r & 1 == 1 && fallible(*c);
            let criteria: Vec<usize> = (0..register.criteria.len()).filter(of_release).collect();
            if criteria.len() > MOST_CRITERIA { Err(release.id.clone()) } else { Ok(criteria) }
        })
        .collect()
}

/// Ids of the risks that can fail a criterion.
pub fn risks_behind(register: &Register, criterion: usize) -> Vec<String> {
    let fails = |effect: &Effect| matches!(effect, Effect::Fail(c, ..) if *c == criterion);
    register.risks.iter().filter(|risk| risk.all_effects().any(fails)).map(|risk| risk.id.clone()).collect()
}

/// Criteria reported as Amber that can stop a release of the plan, by index.
pub fn ambers(register: &Register) -> Vec<usize> {
    let amber = |c: &usize| {
        let criterion = &register.criteria[*c];
        criterion.status == Some(Status::Amber) && criterion.stops && criterion.releases != 0
    };
    (0..register.criteria.len()).filter(amber).collect()
}

/// The register under "Amber allowed".
pub fn amber_allowed(register: &Register) -> Register {
    let mut changed = register.clone();
    ambers(register).into_iter().for_each(|c| changed.criteria[c].stops = false);
    changed
}

/// The register with what makes criteria Amber gone: no risk fails them any more.
pub fn amber_turned_green(register: &Register) -> Register {
    let ambers = ambers(register);
    let mut changed = register.clone();
    let stays = |effect: &Effect| !matches!(effect, Effect::Fail(c, ..) if ambers.contains(c));
    for risk in &mut changed.risks {
        risk.effects.retain(stays);
        risk.outcomes.iter_mut().for_each(|outcome| outcome.effects.retain(stays));
    }
    changed
}

/// The register with every criterion seen as it is.
pub fn perfectly_observed(register: &Register) -> Register {
    let mut changed = register.clone();
    changed.criteria.iter_mut().for_each(|criterion| criterion.observed = None);
    changed
}

/// The register with a gate that stops nobody: what forecasts are fitted on.
pub fn never_stopped(register: &Register) -> Register {
    let mut changed = register.clone();
    changed.criteria.iter_mut().for_each(|criterion| criterion.stops = false);
    changed
}

/// The register under a threshold on the forecasts of its releases, in their order.
pub fn by_threshold(register: &Register, forecasts: &[Forecast], threshold: f64) -> Register {
    let mut changed = register.clone();
    for (release, forecast) in changed.releases.iter_mut().zip(forecasts) {
        // A release that no criterion can stop is not judged.
        release.gate_rule = (!forecast.criteria.is_empty()).then(|| forecast.rule(threshold));
    }
    changed
}

/// Thresholds at which the rule changes, from the strictest (never Go) to the mildest; thinned evenly by rank to at
/// most `most`, which keeps both ends.
pub fn levels(forecasts: &[Forecast], most: usize) -> Vec<f64> {
    let judged = forecasts.iter().filter(|f| !f.criteria.is_empty());
    let mut levels: Vec<f64> = judged.flat_map(Forecast::shares).collect();
    levels.sort_by(|a, b| b.total_cmp(a));
    levels.dedup();
    if levels.is_empty() {
        return levels;
    }
    // Above the highest forecast: a threshold that nothing reaches.
    levels.insert(0, 2.0);
    if levels.len() <= most.max(2) {
        return levels;
    }
    let last = levels.len() - 1;
    (0..most).map(|k| levels[k * last / (most - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts() -> Patterns {
        let count = |seen: u64, kept: u64| PatternCount { seen, met: 0, kept };
        Patterns::from([
            (0b00, count(1000, 900)),
            (0b01, count(200, 100)),
            (0b10, count(60, 15)),
            (0b11, count(40, 10)),
        ])
    }

    #[test]
    fn rare_patterns_are_forecast_together_and_unseen_ones_stop() {
        let forecast = Forecast::fitted(vec![3, 7], &counts());
        assert_eq!(forecast.patterns.iter().map(|(p, _)| *p).collect::<Vec<_>>(), [0b00, 0b01]);
        assert_eq!(share(&forecast.rest), Some(0.25));
        let rule = forecast.rule(0.5);
        assert_eq!([0b00, 0b01, 0b10, 0b11].map(|pattern| rule.passes(pattern)), [true, true, false, false]);
        assert!(forecast.rule(0.25).passes(0b11) && !forecast.rule(0.9001).passes(0b00));
        assert!(forecast.differ());
        let alone = Forecast::fitted(vec![3], &Patterns::from([(0, PatternCount { seen: 500, met: 500, kept: 500 })]));
        assert!(!alone.rule(0.0).passes(1), "never seen: No-Go");
    }

    #[test]
    fn shares_that_chance_explains_do_not_differ() {
        // χ² = 2 · 5²/(1000 · ½ · ½) = 0.2 of one degree of freedom; 2 · 30²/250 = 7.2, beyond 6.63, the 99% point.
        let two = |a: u64, b: u64| {
            let count = |kept: u64| PatternCount { seen: 1000, met: 0, kept };
            Forecast::fitted(vec![0], &Patterns::from([(0, count(a)), (1, count(b))])).differ()
        };
        assert!(!two(505, 495) && two(530, 470));
        // 2 · 28²/250 = 6.27, within.
        assert!(!two(528, 472));
    }

    #[test]
    fn levels_run_from_never_to_always() {
        let forecast = Forecast::fitted(vec![3, 7], &counts());
        let all = levels(&[forecast.clone(), Forecast::fitted(vec![], &Patterns::new())], 10);
        assert_eq!(all, [2.0, 0.9, 0.5, 0.25]);
        assert_eq!(levels(&[forecast], 2), [2.0, 0.25]);
    }
}
