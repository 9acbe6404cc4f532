//! Importance of risks as reliability engineers know it: what each does when it surely happens, and surely does not.
//!
//! With Q the probability of what is bad (or the mean number of bad things), Q₁ with the risk certain wherever its
//! condition holds, Q₀ without it:
//!
//! | measure | formula | it says |
//! |---|---|---|
//! | Birnbaum | Q₁ − Q₀ | how much hangs on whether it happens |
//! | risk achievement worth | Q₁ / Q | how many times worse it gets if it does |
//! | risk reduction worth | Q / Q₀ | how many times better if it cannot |
//! | Fussell–Vesely | (Q − Q₀) / Q | share of what is bad that goes with it |
//!
//! All on the same iterations. A risk that helps (a slipped partner that cannot drag the release down) has negative
//! values. A background process has a Q₀ only: without its events. Of a unit, "happens" is that it does not work.
//!
//! Ratios have the standard error of paired means by the delta method; the intervals of the two worths are those of
//! their logarithms (Katz et al. 1978), so that they stay above 0.
//!
//! Source: M. Modarres, M. Kaminskiy and V. Krivtsov (2017), *Reliability Engineering and Risk Analysis*, 3rd ed., §8.4;
//! Z. W. Birnbaum (1969); J. Fussell (1975), IEEE Trans. Reliability R-24:169–174.

use serde::Serialize;

use super::measure::{difference, figure};
use crate::analysis::variation::Variation;
use crate::estimate::{Figure, Z};
use crate::math;
use crate::program::Program;
use crate::register::Register;

/// What an importance is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ComponentKind {
    /// A risk of the register.
    Risk,
    /// A background process.
    Process,
    /// A unit of a pool: that it does not work.
    Unit,
}

/// Something that may happen.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Kind.
    pub kind: ComponentKind,
    /// Id; of a unit its path below `pools`.
    pub id: String,
    /// Title.
    pub title: String,
    /// The register with it certain; not of a process.
    pub surely: Option<Variation>,
    /// The register without it.
    pub surely_not: Variation,
}

/// All risks, processes and units of a register, in the order of their ids.
pub fn components(register: &Register) -> Vec<Component> {
    let risks = register.risks.iter().enumerate().map(|(r, risk)| Component {
        kind: ComponentKind::Risk,
        id: risk.id.clone(),
        title: risk.title.clone(),
        surely: Some(Variation::Risk(r, true)),
        surely_not: Variation::Risk(r, false),
    });
    let processes = register.processes.iter().enumerate().map(|(p, process)| Component {
        kind: ComponentKind::Process,
        id: process.id.clone(),
        title: process.title.clone(),
        surely: None,
        surely_not: Variation::Silenced(p),
    });
    let units = register.pools.iter().enumerate().flat_map(|(p, pool)| {
        pool.units.iter().enumerate().map(move |(u, unit)| {
            let id = unit.path.strip_prefix("pools.").unwrap_or(&unit.path).replace(".units.", " ");
            Component {
                kind: ComponentKind::Unit,
                title: format!("{id} does not work"),
                id,
                surely: Some(Variation::Unit(p, u, false)),
                surely_not: Variation::Unit(p, u, true),
            }
        })
    });
    risks.chain(processes).chain(units).collect()
}

impl Component {
    /// The programs with it and without it.
    pub fn programs(&self, register: &Register, seed: u64) -> (Option<Program>, Program) {
        (self.surely.as_ref().map(|v| v.program(register, seed)), self.surely_not.program(register, seed))
    }
}

/// Importance of one component for one measure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Importance {
    /// Kind.
    pub kind: ComponentKind,
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Q₁: what is bad, with it certain; `null` of a process.
    pub surely: Option<Figure>,
    /// Q₀: what is bad, without it.
    pub surely_not: Figure,
    /// Q₁ − Q₀.
    pub birnbaum: Option<Figure>,
    /// Q₁ / Q; `null` where Q is 0.
    pub achievement_worth: Option<Figure>,
    /// Q / Q₀; `null` where Q₀ is 0.
    pub reduction_worth: Option<Figure>,
    /// (Q − Q₀) / Q; `null` where Q is 0.
    pub fussell_vesely: Option<Figure>,
    /// Whether no iteration is other without it, nor with it: it makes no difference.
    pub same: bool,
}

/// The importance of a component from what is bad in each iteration: plain, with it certain, and without it.
pub fn importance(
    component: &Component,
    plain: &[f64],
    surely: Option<&[f64]>,
    surely_not: &[f64],
    binary: bool,
) -> Importance {
    Importance {
        kind: component.kind,
        id: component.id.clone(),
        title: component.title.clone(),
        surely: surely.map(|with| figure(with, binary)),
        surely_not: figure(surely_not, binary),
        birnbaum: surely.map(|with| difference(with, surely_not, binary)),
        achievement_worth: surely.and_then(|with| ratio(with, plain)),
        reduction_worth: ratio(plain, surely_not),
        fussell_vesely: share_gone(plain, surely_not),
        same: plain == surely_not && surely.is_none_or(|with| with == plain),
    }
}

/// Largest first by the share of what is bad; equals in the order of their ids.
pub fn sort(list: &mut [Importance]) {
    let key = |i: &Importance| i.fussell_vesely.map_or(0.0, |f| f.estimate.abs());
    let then = |i: &Importance| i.birnbaum.map_or(0.0, |f| f.estimate.abs());
    list.sort_by(|a, b| key(b).total_cmp(&key(a)).then_with(|| then(b).total_cmp(&then(a))));
}

/// The ratio of two paired means and its interval; `None` where the second is 0.
fn ratio(a: &[f64], b: &[f64]) -> Option<Figure> {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    if mean_b == 0.0 {
        return None;
    }
    let r = mean_a / mean_b;
    let square = |(a, b): (&f64, &f64)| (a - r * b) * (a - r * b);
    let error = (a.iter().zip(b).map(square).sum::<f64>() / n / n).sqrt() / mean_b;
    let interval = if r > 0.0 {
        let spread = math::exp(Z * error / r);
        [r / spread, r * spread]
    } else {
        // Never in n iterations: the 95% bound is that of a count of 0.
        [0.0, Z * Z / n / mean_b]
    };
    Some(Figure::new(r, error, interval))
}

/// 1 less the ratio of the second mean to the first: the share of the first that goes; `None` where it is 0.
fn share_gone(plain: &[f64], without: &[f64]) -> Option<Figure> {
    let n = plain.len() as f64;
    let (all, left) = (plain.iter().sum::<f64>() / n, without.iter().sum::<f64>() / n);
    if all == 0.0 {
        return None;
    }
    let share = 1.0 - left / all;
    let square = |(a, b): (&f64, &f64)| {
        let of = (a - b) - share * a;
        of * of
    };
    let error = (plain.iter().zip(without).map(square).sum::<f64>() / n / n).sqrt() / all;
    Some(Figure::new(share, error, [share - Z * error, share + Z * error]))
}
