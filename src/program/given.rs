//! A program on condition of news about risks that are drawn once.
//!
//! In: a program, and which risks are known to have occurred or not to have. Out: the program that draws from their
//! joint distribution given that news, where that can be done exactly: the risk's own draw is settled, and what its
//! probability p is made of is drawn from its distribution given the outcome (`distribution::tilted`), everywhere it is
//! used. All else is as before, since it does not depend on that draw but through p.
//!
//! It holds for a risk of one item, without a condition, whose odds nothing changes and whose draw depends on no other
//! (no correlation, no driver), if p is a constant, or knowledge without dependence of a family that can be tilted, or, for
//! one that occurred, a product of such: Π pᵢ·f(pᵢ) keeps its factors independent. No number is tilted twice. Other news
//! needs selection.

use super::{Number, Program};
use crate::distribution::Distribution;
use crate::random::Stream;
use crate::register::{Condition, Draw, Node, QuantityId, Uncertainty};

/// News that draws were conditioned on.
#[derive(Debug, Clone)]
pub struct Conditioned {
    /// The program given the news.
    pub program: Program,
    /// For each piece of news the probability it had, if draws could be conditioned on it; the others are left.
    pub probabilities: Vec<Option<f64>>,
}

/// A number to be tilted: path of its draw, and its mixture.
type Tilt = (String, Vec<(f64, Distribution)>);

impl Program {
    /// Conditions the draws on news: risks (by index) that occurred or did not.
    pub fn given(&self, news: &[(usize, bool)]) -> Conditioned {
        let mut program = self.clone();
        let mut tilted: Vec<String> = Vec::new();
        let probabilities = news
            .iter()
            .map(|&(risk, occurred)| {
                if program.events[risk].known.is_some() {
                    return None;
                }
                let (probability, tilts) = self.tilts(risk, occurred)?;
                let mut paths: Vec<&String> = tilts.iter().map(|(path, _)| path).collect();
                paths.sort_unstable();
                if paths.iter().any(|path| tilted.contains(path)) || paths.windows(2).any(|two| two[0] == two[1]) {
                    return None;
                }
                for (path, parts) in tilts {
                    program.tilt(&path, &parts);
                    tilted.push(path);
                }
                program.events[risk].known = Some(occurred);
                Some(probability)
            })
            .collect();
        Conditioned { program, probabilities }
    }

    /// The probability that a risk occurs (or does not), and what its news tilts; `None` if it has to be selected.
    fn tilts(&self, risk: usize, occurred: bool) -> Option<(f64, Vec<Tilt>)> {
        let (about, event) = (&self.register.risks[risk], &self.events[risk]);
        let alone = about.draw == Draw::Once
            && about.items == 1
            && about.when == Condition::Always(true)
            && !about.is_modifier()
            && event.latent.is_none()
            && event.odds.is_empty();
        if !alone {
            return None;
        }
        let mut tilts = Vec::new();
        let probability = self.tilt_of(about.probability, occurred, &mut tilts)?;
        (probability > 0.0).then_some((probability, tilts))
    }

    /// Collects what a probability is made of; returns the probability of the outcome.
    fn tilt_of(&self, id: QuantityId, occurred: bool, tilts: &mut Vec<Tilt>) -> Option<f64> {
        let of = |p: f64| if occurred { p } else { 1.0 - p };
        match &self.register.quantities[id].node {
            Node::Constant(p) => Some(of(*p)),
            Node::Draw(leaf) => {
                let independent = matches!(self.numbers[id.0 as usize], Number::Draw { latent: None, .. });
                if !independent || leaf.uncertainty != Uncertainty::Knowledge {
                    return None;
                }
                tilts.push((leaf.id.clone(), leaf.distribution.given_outcome(occurred)?));
                Some(of(leaf.distribution.mean()))
            }
            Node::Product(parts) if occurred => {
                parts.iter().try_fold(1.0, |product, part| Some(product * self.tilt_of(*part, true, tilts)?))
            }
            _ => None,
        }
    }

    /// Draws an estimate from a mixture wherever it is used.
    fn tilt(&mut self, path: &str, parts: &[(f64, Distribution)]) {
        for (id, quantity) in self.register.quantities.iter() {
            let Node::Draw(leaf) = &quantity.node else { continue };
            if leaf.id == path {
                let stream = Stream::new(self.seed, path);
                let which = Stream::new(self.seed, &format!("{path}.given"));
                self.numbers[id.0 as usize] = Number::Mixture { stream, which, parts: parts.to_vec() };
            }
        }
    }
}
