//! The life of one release by itself: gate, deployment, back-out, again.
//!
//! In: its windows and its risks. Out: when it is live for good, exactly, with how often it missed a
//! gate and was backed out. Written from MODEL §5 and §10, window by window: the next window is the
//! first open one on or after missed (or reversed) window + days, one day later at least, with notice
//! alongside; a date further from the approved one than allowed waits for consent, each time.

use std::collections::BTreeMap;

use super::{Finite, first_on_or_after};

/// A gate problem: drawn at the gate of each window that the release stands at.
#[derive(Debug, Clone)]
pub struct GateRisk {
    /// Probability of missing the gate.
    pub p: f64,
    /// Days until it is met again, drawn afresh each time.
    pub recovery: Finite<u32>,
}

/// A back-out: drawn at each deployment.
#[derive(Debug, Clone)]
pub struct Reversal {
    /// Probability of being backed out.
    pub p: f64,
    /// Days until it can be deployed again, drawn afresh each time.
    pub fix: Finite<u32>,
}

/// Consent that a move needs.
#[derive(Debug, Clone, Copy)]
pub struct Consent {
    /// Last day that needs none.
    pub free_until: i32,
    /// Days it takes from the missed window.
    pub takes: u32,
}

/// A release.
#[derive(Debug, Clone)]
pub struct Life {
    /// Open windows as day numbers.
    pub windows: Vec<i32>,
    /// The window it is meant for.
    pub first: i32,
    /// Days of notice of a new date.
    pub notice: u32,
    /// Gate problem.
    pub gate: Option<GateRisk>,
    /// Back-out.
    pub reversal: Option<Reversal>,
    /// Consent.
    pub consent: Option<Consent>,
}

/// What became of a release: the window of its kept deployment (`None`: not live by the horizon),
/// gates missed, back-outs, whether consent was asked.
pub type Fate = (Option<i32>, u32, u32, bool);

impl Life {
    /// A release of these windows that nothing happens to.
    pub fn new(windows: &[i32]) -> Self {
        Self { windows: windows.to_vec(), first: windows[0], notice: 0, gate: None, reversal: None, consent: None }
    }

    /// The distribution of its fate.
    pub fn fates(&self) -> Finite<Fate> {
        // What is still open, in order of its window, so that equal states are added up before they
        // are continued: (window, gates missed, back-outs, consent asked).
        let mut open: BTreeMap<(i32, u32, u32, bool), f64> = BTreeMap::new();
        open.insert((self.first, 0, 0, false), 1.0);
        let mut closed: Vec<(Fate, f64)> = Vec::new();
        while let Some(((window, missed, backed_out, asked), p)) = open.pop_first() {
            let mut again = |days: u32, q: f64, missed: u32, backed_out: u32| {
                let (next, asks) = self.again(window, days);
                match next {
                    Some(next) => {
                        *open.entry((next, missed, backed_out, asked || asks)).or_insert(0.0) += q;
                    }
                    None => closed.push(((None, missed, backed_out, asked || asks), q)),
                }
            };
            let mut through = p;
            if let Some(gate) = &self.gate {
                for (days, q) in gate.recovery.iter() {
                    again(*days, p * gate.p * q, missed + 1, backed_out);
                }
                through *= 1.0 - gate.p;
            }
            let mut kept = through;
            if let Some(reversal) = &self.reversal {
                for (days, q) in reversal.fix.iter() {
                    again(*days, through * reversal.p * q, missed, backed_out + 1);
                }
                kept *= 1.0 - reversal.p;
            }
            closed.push(((Some(window), missed, backed_out, asked), kept));
        }
        Finite::of(closed)
    }

    /// The distribution of the window of the kept deployment.
    pub fn go_live(&self) -> Finite<Option<i32>> {
        self.fates().map(|fate| fate.0)
    }

    /// The window after a missed one, and whether it takes consent.
    fn again(&self, window: i32, days: u32) -> (Option<i32>, bool) {
        let wait = days.max(self.notice).max(1);
        let after = |days: u32| {
            let earliest = f64::from(window) + f64::from(days);
            first_on_or_after(&self.windows, earliest)
        };
        match (after(wait), self.consent) {
            (next, Some(consent)) if next.is_none_or(|day| day > consent.free_until) => {
                (after(wait.max(consent.takes)), true)
            }
            (next, _) => (next, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geometric_when_a_week_is_lost_each_time() {
        let windows: Vec<i32> = (0..100).map(|k| 7 * k).collect();
        let life = Life { gate: Some(GateRisk { p: 0.25, recovery: Finite::certain(7) }), ..Life::new(&windows) };
        let live = life.go_live();
        for k in 0..10 {
            let exact = 0.75 * crate::math::pow(0.25, f64::from(k));
            assert!((live.of_outcome(&Some(7 * k)) - exact).abs() < 1e-15);
        }
    }
}
