//! Points of Sobol's sequence led along a direction: what moves the figures most lies in the first dimensions.
//!
//! In: standard normal variables with the coefficients of a direction, some of which count only where a risk is likely to
//! have occurred; risks whose occurrences are drawn together. Out: for a block, the normals of all of them and the uniform
//! numbers behind those risks.
//!
//! The direction (linear transformation: J. Imai and K. S. Tan, "A general dimension reduction technique for derivative
//! pricing", J. Comput. Finance 10:2 (2006) 129–155; by regression, as a Householder reflection: C. Irrgeher and
//! G. Leobacher, "Fast orthogonal transforms for pricing derivatives with quasi-Monte Carlo", arXiv:1508.02160). With the
//! points' normals w, the coefficients g, of length s, and σ the sign of g₀:
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
                    let (u, occurs) = (&mut uniforms[k * *stride + lane], pattern >> k & 1 == 1);
                    *u = within(*u, *p, occurs);
                    if occurs {
                        likely[k].set(lane);
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
        let State { lead: memory, normals, normals_known, first, lanes: n, stride, all, .. } = state;
        for Direction { normal, stream, .. } in &self.directions {
            let slot = &mut normals[normal * *stride..][..*n];
            stream.fill_uniform(*first, slot);
            math::drawn_normals(slot);
            normals_known[*normal] = *all;
        }
        memory.reflect(&self.directions, normals, *stride, *n);
    }
}

impl LeadState {
    /// Reflects normals of the points, which stand in slots a `stride` apart.
    fn reflect(&mut self, directions: &[Direction], normals: &mut [f64], stride: usize, n: usize) {
        let Some(leading) = directions.first() else { return };
        let Self { likely, along, squared, room, .. } = self;
        let (along, squared, room) = (&mut along[..n], &mut squared[..n], &mut room[..n]);
        let of = |gate: Option<usize>| gate.map(|gate| &likely[gate]);
        along.fill(0.0);
        squared.fill(0.0);
        room.fill(1.0);
        for Direction { normal, weight, gate, .. } in directions {
            add(along, *weight, &normals[normal * stride..][..n], of(*gate));
            add(squared, weight * weight, room, of(*gate));
        }
        let slot = &mut normals[leading.normal * stride..][..n];
        for lane in 0..n {
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
        for Direction { normal, weight, gate, .. } in directions {
            add(&mut normals[normal * stride..][..n], -weight, room, of(*gate));
        }
    }
}

/// A uniform number in the part of (0, 1) where a risk occurs or does not.
fn within(v: f64, p: f64, occurs: bool) -> f64 {
    if occurs { p * v } else { p + (1.0 - p) * v }
}

/// out = out + weight · slot, in the lanes of a mask if there is one.
fn add(out: &mut [f64], weight: f64, slot: &[f64], mask: Option<&Mask>) {
    match mask {
        None => lanes::add_weighted(out, weight, slot),
        Some(mask) => lanes::add_weighted_where(out, weight, slot, mask),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANES: usize = 203;

    /// Standard normals of five variables, of which the last two count where risks occur.
    fn directions() -> (Vec<Direction>, LeadState) {
        let of = |(normal, (weight, gate)): (usize, (f64, Option<usize>))| Direction {
            normal,
            stream: Stream::new(normal as u64, "w"),
            weight,
            gate,
        };
        let weights = [(-2.0, None), (0.7, None), (0.0, None), (1.1, Some(0)), (-0.4, Some(1))];
        let mask = |each: usize| Mask::where_true(LANES, |lane| lane % each == 0);
        let lead = Lead { directions: Vec::new(), likely: Vec::new(), joint: None };
        let memory = LeadState { likely: vec![mask(2), mask(3)], ..LeadState::new(Some(&lead), LANES) };
        (weights.into_iter().enumerate().map(of).collect(), memory)
    }

    /// In each lane: the squared length of the normals, and g·z.
    fn lengths(directions: &[Direction], memory: &LeadState, z: &[f64]) -> Vec<(f64, f64, f64)> {
        let of = |lane: usize| {
            directions.iter().fold((0.0, 0.0, 0.0), |(length, along, squared), d| {
                let z = z[d.normal * LANES + lane];
                let g = if d.gate.is_none_or(|gate| memory.likely[gate].get(lane)) { d.weight } else { 0.0 };
                (length + z * z, along + g * z, squared + g * g)
            })
        };
        (0..LANES).map(of).collect()
    }

    fn points(directions: &[Direction]) -> Vec<f64> {
        let mut w = vec![0.0; directions.len() * LANES];
        for (direction, slot) in directions.iter().zip(w.chunks_mut(LANES)) {
            direction.stream.fill_uniform(5, slot);
            math::drawn_normals(slot);
        }
        w
    }

    #[test]
    fn a_reflection_keeps_lengths_and_puts_the_direction_first() {
        let (directions, mut memory) = directions();
        let w = points(&directions);
        let before = lengths(&directions, &memory, &w);
        let mut z = w.clone();
        memory.reflect(&directions, &mut z, LANES, LANES);
        let after = lengths(&directions, &memory, &z);
        for lane in 0..LANES {
            let ((was, _, squared), (is, along, _)) = (before[lane], after[lane]);
            assert!((is / was - 1.0).abs() < 1e-13, "{lane}: {is} {was}");
            // g·z is the direction's own point, −σs·w₀ with σ = −1 here, and a second reflection gives the points back.
            assert!((along - math::sqrt(squared) * w[lane]).abs() < 1e-12, "{lane}: {along}");
        }
        memory.reflect(&directions, &mut z, LANES, LANES);
        assert!(z.iter().zip(&w).all(|(z, w)| (z - w).abs() < 1e-12));
        // Planted fault: a step that is a tenth too long.
        let mut faulty = w.clone();
        memory.reflect(&directions, &mut faulty, LANES, LANES);
        faulty.iter_mut().zip(&w).for_each(|(z, w)| *z += 0.1 * (*z - w));
        let after = lengths(&directions, &memory, &faulty);
        assert!(after.iter().zip(&before).filter(|(is, was)| (is.0 / was.0 - 1.0).abs() > 1e-3).count() > LANES / 2);
    }

    #[test]
    fn where_nothing_counts_points_stay_as_they_are() {
        let (mut directions, mut memory) = directions();
        directions.drain(..3);
        let place = |d: &mut Direction| d.normal -= 3;
        directions.iter_mut().for_each(place);
        let w = points(&directions);
        let mut z = w.clone();
        memory.reflect(&directions, &mut z, LANES, LANES);
        let length = |x: &[f64], lane: usize| x[lane] * x[lane] + x[LANES + lane] * x[LANES + lane];
        for lane in 0..LANES {
            assert!((length(&z, lane) / length(&w, lane) - 1.0).abs() < 1e-13);
            let counts = lane % 2 == 0 || lane % 3 == 0;
            assert!(counts || (z[lane], z[LANES + lane]) == (w[lane], w[LANES + lane]), "{lane}");
        }
    }

    /// The numbers of risks drawn together are uniform and independent, whatever probability each was settled by.
    #[test]
    fn risks_that_are_drawn_together_are_uniform_and_independent() {
        const DRAWS: u64 = 40_000;
        let p = [0.3, 0.07, 0.5];
        let joint = Joint::new(Stream::new(1, "together"), &p, &[2.0, -1.0, 0.4]);
        let own: Vec<Stream> = (0..3).map(|k| Stream::new(k, "own")).collect();
        let z = |fault: f64| {
            // Tenths of each, and quarters of the square of each two.
            let (mut tenths, mut quarters) = ([[0u64; 10]; 3], [[0u64; 16]; 3]);
            for t in 0..DRAWS {
                let pattern = joint.at(joint.stream.uniform(t));
                let u: Vec<f64> =
                    (0..3).map(|k| within(own[k].uniform(t), p[k] + fault, pattern >> k & 1 == 1)).collect();
                for k in 0..3 {
                    tenths[k][(u[k] * 10.0) as usize] += 1;
                    quarters[k][(u[k] * 4.0) as usize * 4 + (u[(k + 1) % 3] * 4.0) as usize] += 1;
                }
            }
            let worst = |counts: &[u64], p: f64| {
                let n = DRAWS as f64;
                let z = |count: &u64| ((*count as f64 - p * n) / math::sqrt(p * (1.0 - p) * n)).abs();
                counts.iter().map(z).fold(0.0, f64::max)
            };
            worst(tenths.as_flattened(), 0.1).max(worst(quarters.as_flattened(), 1.0 / 16.0))
        };
        assert!(z(0.0) < 4.6, "{}", z(0.0));
        // Planted fault: within other probabilities than those of the patterns.
        assert!(z(0.02) > 4.6, "a planted fault goes unseen: {}", z(0.02));
    }

    #[test]
    fn patterns_are_in_order_of_their_effect() {
        let joint = Joint::new(Stream::new(1, "together"), &[0.25, 0.5], &[2.0, -1.0]);
        let expected = [(0b10, 0.375), (0b00, 0.75), (0b11, 0.875), (0b01, 1.0)];
        assert_eq!(joint.patterns, expected);
        assert_eq!([0.0, 0.375, 0.8, 0.99].map(|u| joint.at(u)), [0b10, 0b00, 0b11, 0b01]);
    }
}
