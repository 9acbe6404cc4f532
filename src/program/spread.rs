//! A program whose variables are spread: drawn from a set of points that are spread evenly.
//!
//! In: a program, a set of points, and its variables in order of importance. Out: the same program with each of them
//! in a place of its own. What is drawn once in an iteration is placed, knowledge and chance alike: durations, numbers,
//! the normals behind correlated ones and drivers, whether and how a risk occurs that is drawn once, which units work. What is
//! drawn on an occasion (a window, an attempt, an incident, a cell of a process) stays random.

use super::{Number, Program};
use crate::random::{PointSet, Stream};

impl Program {
    /// The variables that have one uniform number in every iteration, each once, in the order of the register.
    pub fn variables(&self) -> Vec<Stream> {
        let mut program = self.clone();
        let mut variables: Vec<Stream> = Vec::new();
        program.each_variable(|stream| {
            // An estimate that is used in several places is one variable.
            if !variables.contains(stream) {
                variables.push(*stream);
            }
        });
        variables
    }

    /// The same program with its variables placed; those that are not in `order` stay random.
    #[must_use]
    pub fn spread(mut self, points: &PointSet, order: &[Stream]) -> Self {
        self.each_variable(|stream| {
            if let Some(place) = order.iter().position(|variable| variable == stream) {
                *stream = stream.placed(points, place);
            }
        });
        self
    }

    fn each_variable(&mut self, mut each: impl FnMut(&mut Stream)) {
        for number in &mut self.numbers {
            if let Number::Draw { stream, latent: None, .. } = number {
                each(stream);
            }
        }
        self.normals.iter_mut().filter(|normal| normal.held.is_none()).for_each(|normal| each(&mut normal.stream));
        for &risk in &self.once {
            let event = &mut self.events[risk];
            if event.latent.is_none() {
                event.items.iter_mut().for_each(&mut each);
            }
            if !self.register.risks[risk].outcomes.is_empty() {
                each(&mut event.outcome);
            }
        }
        self.units.iter_mut().flatten().for_each(each);
    }
}
