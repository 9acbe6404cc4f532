//! A program whose variables are spread: drawn from a set of points that are spread evenly.
//!
//! In: a program, a set of points, and a [`Layout`]: its variables in order of importance and, for Sobol points, the
//! direction that leads. Out: the same program with each variable in a place of its own. What is drawn once in an
//! iteration is placed, knowledge and chance alike: durations, numbers, the normals behind correlated ones and drivers,
//! whether and how a risk occurs that is drawn once, which units work. What is drawn on an occasion (a window, an
//! attempt, an incident, a cell of a process) stays random.

use super::lead::{Direction, Joint, Lead, Likely};
use super::{Normal, Number, Program};
use crate::random::{PointSet, Sampler, Stream};
use crate::register::{QuantityId, parts};

/// A variable that has one uniform number in every iteration.
#[derive(Debug, Clone, Copy)]
pub struct Axis {
    /// The number's stream.
    pub stream: Stream,
    /// What it decides.
    pub kind: AxisKind,
}

/// What the uniform number of an iteration decides.
#[derive(Debug, Clone, Copy)]
pub enum AxisKind {
    /// A number or a standard normal variable that moves smoothly with it; if it belongs to effects of a risk that is
    /// drawn once, the stream of that risk's own draw.
    Continuous(Option<Stream>),
    /// Whether a risk occurs, of this probability.
    Occurs(QuantityId),
    /// Something else: a listed value, an outcome, a unit.
    Other,
}

/// How variables are laid out over the dimensions of points. Streams are those of the program before it is spread.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The variables, the most important first.
    pub order: Vec<Stream>,
    /// Continuous ones that are drawn together along a direction, with its coefficients at their standard normals; the
    /// first one's points are those of the direction.
    pub leading: Vec<Leading>,
    /// Risks whose occurrences are drawn together, at most 16.
    pub joint: Option<Together>,
}

/// One variable of the direction that leads.
#[derive(Debug, Clone, Copy)]
pub struct Leading {
    /// Its stream.
    pub stream: Stream,
    /// Its coefficient.
    pub weight: f64,
    /// The draw of the risk without which it counts for nothing, and about how probable that is.
    pub gate: Option<(Stream, f64)>,
}

/// Risks whose occurrences are drawn together.
#[derive(Debug, Clone)]
pub struct Together {
    /// The stream that chooses which occur; its place is that of any other in the order.
    pub stream: Stream,
    /// Their own draws, about how probable each is (between 0 and 1), and how far it moves the figures, in any unit.
    pub risks: Vec<(Stream, f64, f64)>,
}

impl Program {
    /// The variables that have one uniform number in every iteration, each once, in the order of the register.
    pub fn variables(&self) -> Vec<Axis> {
        let mut program = self.clone();
        let mut variables: Vec<Axis> = Vec::new();
        let gates = self.gates();
        program.each_variable(|stream, mut kind| {
            // An estimate that is used in several places is one variable.
            if variables.iter().any(|axis| axis.stream == *stream) {
                return;
            }
            if let AxisKind::Continuous(gate) = &mut kind {
                let mut of = gates.iter().filter(|(gated, _)| gated == stream).map(|(_, risk)| *risk);
                *gate = of.next().filter(|first| of.all(|other| other == *first));
            }
            variables.push(Axis { stream: *stream, kind });
        });
        variables
    }

    /// Draws of numbers in effects of risks that are drawn once, each with the draw of the risk.
    fn gates(&self) -> Vec<(Stream, Stream)> {
        let mut gates = Vec::new();
        for &risk in &self.once {
            let event = &self.events[risk];
            let [item] = event.items[..] else { continue };
            if event.latent.is_some() || event.known.is_some() {
                continue;
            }
            let mut left: Vec<QuantityId> =
                self.register.risks[risk].all_effects().flat_map(crate::register::Effect::quantities).collect();
            while let Some(id) = left.pop() {
                if let Number::Draw { stream, latent: None, .. } = &self.numbers[id.0 as usize] {
                    gates.push((*stream, item));
                }
                left.extend(parts(&self.register.quantities[id].node));
            }
        }
        gates
    }

    /// The same program with its variables placed; those that are not in the order stay random. Of a layout, points that
    /// are not Sobol's take the order alone.
    #[must_use]
    pub fn spread(mut self, points: &PointSet, layout: &Layout) -> Self {
        let sobol = points.sampler() == Sampler::Sobol;
        if sobol {
            self.draw_by_normals(&layout.leading);
        }
        let place = |stream: &Stream| layout.order.iter().position(|variable| variable == stream);
        let placed = |stream: Stream| place(&stream).map_or(stream, |place| stream.placed(points, place));
        if sobol {
            self.lead = self.find_lead(layout, placed).map(Box::new);
        }
        self.each_variable(|stream, _| *stream = placed(*stream));
        self
    }

    /// Gives numbers a standard normal variable of their own, by which they are drawn.
    fn draw_by_normals(&mut self, leading: &[Leading]) {
        for number in &mut self.numbers {
            let Number::Draw { stream, latent, chance, .. } = number else { continue };
            if latent.is_some() || !leading.iter().any(|leading| leading.stream == *stream) {
                continue;
            }
            let known = self.normals.iter().position(|normal| normal.stream == *stream && normal.held.is_none());
            let normal = known.unwrap_or_else(|| {
                self.normals.push(Normal { stream: *stream, knowledge: !*chance, held: None });
                self.normals.len() - 1
            });
            *latent = Some(self.latents.len());
            self.latents.push(vec![(normal, 1.0)]);
        }
        self.find_private_latents();
        self.find_passing();
    }

    /// What a layout leads by, its streams placed; marks the risks that are drawn together.
    fn find_lead(&mut self, layout: &Layout, placed: impl Fn(Stream) -> Stream) -> Option<Lead> {
        let mut likely: Vec<(Stream, f64)> = Vec::new();
        let mut joint = None;
        if let Some(together) = &layout.joint {
            let effects: Vec<f64> = together.risks.iter().map(|(_, _, effect)| *effect).collect();
            let probabilities: Vec<f64> = together.risks.iter().map(|(_, p, _)| *p).collect();
            joint = Some(Joint::new(placed(together.stream), &probabilities, &effects));
            likely.extend(together.risks.iter().map(|(stream, p, _)| (*stream, *p)));
            for event in &mut self.events {
                event.joint = match event.items[..] {
                    [item] => likely.iter().position(|(stream, _)| *stream == item),
                    _ => None,
                };
            }
        }
        let directions: Vec<Direction> = layout
            .leading
            .iter()
            .filter_map(|leading| {
                let normal = self.normals.iter().position(|n| n.stream == leading.stream && n.held.is_none())?;
                let gate = leading.gate.map(|(stream, p)| {
                    likely.iter().position(|(known, _)| *known == stream).unwrap_or_else(|| {
                        likely.push((stream, p));
                        likely.len() - 1
                    })
                });
                Some(Direction { normal, stream: placed(leading.stream), weight: leading.weight, gate })
            })
            .collect();
        let likely = likely.into_iter().map(|(stream, p)| Likely { stream: placed(stream), p }).collect();
        (joint.is_some() || directions.len() > 1).then_some(Lead { directions, likely, joint })
    }

    fn each_variable(&mut self, mut each: impl FnMut(&mut Stream, AxisKind)) {
        let continuous = AxisKind::Continuous(None);
        for number in &mut self.numbers {
            if let Number::Draw { stream, latent: None, distribution, .. } = number {
                each(stream, if distribution.is_discrete() { AxisKind::Other } else { continuous });
            }
        }
        let free = self.normals.iter_mut().filter(|normal| normal.held.is_none());
        free.for_each(|normal| each(&mut normal.stream, continuous));
        for &risk in &self.once {
            let event = &mut self.events[risk];
            if event.latent.is_none() {
                let alone = event.items.len() == 1 && event.known.is_none();
                let occurs = AxisKind::Occurs(self.register.risks[risk].probability);
                event.items.iter_mut().for_each(|item| each(item, if alone { occurs } else { AxisKind::Other }));
            }
            if !self.register.risks[risk].outcomes.is_empty() {
                each(&mut event.outcome, AxisKind::Other);
            }
        }
        self.units.iter_mut().flatten().for_each(|unit| each(unit, AxisKind::Other));
    }
}
