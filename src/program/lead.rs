//! Points of Sobol's sequence led along a direction: what moves the figures most lies in the first dimensions.
//!
//! In: standard normal variables with the coefficients of a direction, some of which count only where a risk is likely to
//! have occurred; risks whose occurrences are drawn together. Out: for a block, the normals of all of them and the uniform
//! numbers behind those risks.
//!
//! The direction (linear transformation: J. Imai and K. S. Tan, "A general dimension reduction technique for derivative
//! pricing", J. Comput. Finance 10:2 (2006) 129–155; a Householder reflection, as in G. Leobacher, "Fast orthogonal
//! transforms and generation of Brownian paths", J. Complexity 28 (2012) 278–302). With the points' normals w and the
//! coefficients g, of length s, and σ the sign of g₀:
//!
//! ```text
//! v = g/s + σe₀        z = w − v · 2(v·w)/(v·v)        so that e₀ becomes −σ·g/s
//! ```
//!
//! A reflection leaves standard normals standard and independent, whatever g is. g may depend on what is independent of w:
//! here on which risks occur by their own draws and by a probability that is settled beforehand, so that the size of an
//! impact moves along with the durations where it counts.
//!
//! Together: risks k with probabilities pₖ settled beforehand are drawn by one number, which chooses one of the 2ᴷ
//! patterns of occurrence, in order of what they do to the figures, and by a number vₖ each: uₖ = pₖvₖ where it is to
//! occur, else pₖ + (1 − pₖ)vₖ. These uₖ are independent and uniform whatever the pₖ are; so they are used as any others
//! are, for the probability that a risk has in the iteration.

use super::{Mask, Program, State, lanes};
use crate::math;
use crate::random::Stream;

/// What the points of a program are led by.
#[derive(Debug, Clone)]
pub(super) struct Lead {
    /// The direction; the points of its first variable are those along it.
    pub(super) directions: Vec<Direction>,
    /// Draws of risks; those drawn together come first.
    pub(super) likely: Vec<Likely>,
    pub(super) joint: Option<Joint>,
}

/// A variable of the direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Direction {
    /// The standard normal variable, and the stream of its points.
    pub(super) normal: usize,
    pub(super) stream: Stream,
    /// Its coefficient.
    pub(super) weight: f64,
    /// Which of the risks it counts for nothing without.
    pub(super) gate: Option<usize>,
}

/// The draw of a risk and the probability by which it is likely to occur.
#[derive(Debug, Clone, Copy)]
pub(super) struct Likely {
    pub(super) stream: Stream,
    pub(super) p: f64,
}

/// Patterns of occurrence of some risks.
#[derive(Debug, Clone)]
pub(super) struct Joint {
    /// What chooses one.
    stream: Stream,
    /// In order of their effect: which risks, one bit each, and the probability of it and those before it.
    patterns: Vec<(u16, f64)>,
    risks: usize,
}

impl Joint {
    /// # Panics
    /// For more than 16 risks.
    pub(super) fn new(stream: Stream, probabilities: &[f64], effects: &[f64]) -> Self {
        let risks = probabilities.len();
        assert!(risks <= 16, "a pattern has one bit a risk");
        let occurs = |pattern: u16, k: usize| pattern >> k & 1 == 1;
        let effect = |pattern: u16| (0..risks).filter(|k| occurs(pattern, *k)).fold(0.0, |sum, k| sum + effects[k]);
        let probability = |pattern: u16| {
            let of = |(k, p): (usize, &f64)| if occurs(pattern, k) { *p } else { 1.0 - p };
            probabilities.iter().enumerate().map(of).product::<f64>()
        };
        let mut order: Vec<u16> = (0..1u32 << risks).map(|pattern| pattern as u16).collect();
        order.sort_by(|a, b| effect(*a).total_cmp(&effect(*b)));
        let mut up_to = 0.0;
        let mut next = |pattern: u16| {
            up_to += probability(pattern);
            (pattern, up_to)
        };
        Self { stream, patterns: order.into_iter().map(&mut next).collect(), risks }
    }

    /// The pattern that a uniform number falls on.
    fn at(&self, u: f64) -> u16 {
        let place = self.patterns.partition_point(|(_, up_to)| *up_to <= u);
        // Rounding can leave a sliver at the end: it belongs to the last.
        self.patterns[place.min(self.patterns.len() - 1)].0
    }
}

/// Memory of a block for it.
#[derive(Debug, Clone, Default)]
pub(super) struct LeadState {
    /// Where each risk is likely to have occurred.
    likely: Vec<Mask>,
    /// Uniform numbers of those that are drawn together.
    joint: Vec<f64>,
    /// Numbers of each lane: g·w, s², and room.
    along: Vec<f64>,
    squared: Vec<f64>,
    room: Vec<f64>,
}

impl LeadState {
    pub(super) fn new(lead: Option<&Lead>, lanes: usize) -> Self {
        let Some(lead) = lead else { return Self::default() };
        let slot = || vec![0.0; lanes];
        let joint = vec![0.0; lead.joint.as_ref().map_or(0, |joint| joint.risks) * lanes];
        Self { likely: vec![Mask::NONE; lead.likely.len()], joint, along: slot(), squared: slot(), room: slot() }
    }
}

impl State {
    /// The uniform numbers of a risk that is drawn together with others.
    pub(super) fn joint_uniforms(&self, risk: usize) -> &[f64] {
        &self.lead.joint[risk * self.stride..][..self.lanes]
    }
}

impl Program {
    /// Draws what is led, in all lanes of a block.
    pub(super) fn draw_led(&self, state: &mut State) {
        let Some(lead) = &self.lead else { return };
        lead.draw_risks(state);
        lead.draw_normals(state);
    }
}

impl Lead {
    /// Where risks are likely to occur, and the uniform numbers of those that are drawn together.
    fn draw_risks(&self, state: &mut State) {
        let State { lead: memory, first, lanes: n, stride, .. } = state;
        let LeadState { likely, joint: uniforms, room, .. } = memory;
        let (room, words) = (&mut room[..*n], n.div_ceil(64));
        likely.fill(Mask::NONE);
        let together = self.joint.as_ref().map_or(0, |joint| joint.risks);
        if let Some(joint) = &self.joint {
            for (risk, uniforms) in self.likely.iter().zip(uniforms.chunks_mut(*stride)) {
                risk.stream.fill_uniform(*first, &mut uniforms[..*n]);
            }
            joint.stream.fill_uniform(*first, room);
            for (lane, u) in room.iter().enumerate() {
                let pattern = joint.at(*u);
                for (k, Likely { p, .. }) in self.likely[..together].iter().enumerate() {
                    let u = &mut uniforms[k * *stride + lane];
                    if pattern >> k & 1 == 1 {
                        likely[k].set(lane);
                        *u *= p;
                    } else {
                        *u = p + (1.0 - p) * *u;
                    }
                }
            }
        }
        for (risk, mask) in self.likely.iter().zip(likely).skip(together) {
            room.fill(risk.p);
            risk.stream.fill_below(*first, room, &mut mask.words_mut()[..words]);
        }
    }

    /// The normals of the direction: those of the points, reflected.
    fn draw_normals(&self, state: &mut State) {
        let Some(leading) = self.directions.first() else { return };
        let State { lead: memory, normals, normals_known, first, lanes: n, stride, all, .. } = state;
        let LeadState { likely, along, squared, room, .. } = memory;
        let (along, squared, room) = (&mut along[..*n], &mut squared[..*n], &mut room[..*n]);
        along.fill(0.0);
        squared.fill(0.0);
        room.fill(1.0);
        let of = |gate: Option<usize>| gate.map(|gate| &likely[gate]);
        for Direction { normal, stream, weight, gate } in &self.directions {
            let slot = &mut normals[normal * *stride..][..*n];
            stream.fill_uniform(*first, slot);
            math::drawn_normals(slot);
            normals_known[*normal] = *all;
            add(along, *weight, slot, of(*gate));
            add(squared, weight * weight, room, of(*gate));
        }
        let slot = &mut normals[leading.normal * *stride..][..*n];
        for lane in 0..*n {
            let weight = if of(leading.gate).is_none_or(|mask| mask.get(lane)) { leading.weight } else { 0.0 };
            let length = math::sqrt(squared[lane]);
            // Where nothing counts, there is no direction.
            if length > 0.0 {
                let sign = if weight < 0.0 { -1.0 } else { 1.0 };
                let by = (along[lane] / length + sign * slot[lane]) / (1.0 + weight.abs() / length);
                slot[lane] -= sign * by;
                room[lane] = by / length;
            } else {
                room[lane] = 0.0;
            }
        }
        for Direction { normal, weight, gate, .. } in &self.directions {
            add(&mut normals[normal * *stride..][..*n], -weight, room, of(*gate));
        }
    }
}

/// out = out + weight · slot, in the lanes of a mask if there is one.
fn add(out: &mut [f64], weight: f64, slot: &[f64], mask: Option<&Mask>) {
    match mask {
        None => lanes::add_weighted(out, weight, slot),
        Some(mask) => lanes::add_weighted_where(out, weight, slot, mask),
    }
}
