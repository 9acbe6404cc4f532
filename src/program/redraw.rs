//! One variable drawn again or held, with everything else as it was; and the number behind a draw.
//!
//! In: a program and the path of a draw or of a shared driver. Out: the same program with that one variable changed,
//! for analyses that ask what it alone does. Draws are addressed, so that nothing else moves.
//!
//! A member of a correlated group is drawn again *given the others*: its latent variable is split into the part that
//! lies in the span of the others' (which stays) and the rest, of variance 1 less that part's (which is drawn again).
//! So the joint distribution is what it was, and no other member moves. What loads on shared drivers is drawn again
//! given the drivers.

use super::{Normal, Number, Program};
use crate::math;
use crate::random::Stream;

/// The uniform number behind a draw that has one value in each iteration.
#[derive(Debug, Clone)]
pub struct Variable {
    /// The draw's own stream; with weights, standard normals that add up to its latent variable.
    terms: Vec<(Stream, f64)>,
    latent: bool,
}

impl Variable {
    /// Its number in an iteration, in (0, 1): the draw is the quantile of it.
    pub fn uniform(&self, iteration: u64) -> f64 {
        if let (false, [(stream, _)]) = (self.latent, self.terms.as_slice()) {
            return stream.uniform(iteration);
        }
        let latent = self
            .terms
            .iter()
            .fold(0.0, |sum, (stream, weight)| sum + weight * math::drawn_normal(stream.uniform(iteration)));
        math::normal_cdf(latent)
    }
}

impl Program {
    /// The variable of a draw by its path, or of a shared driver (`drivers.ID`); `None` if there is none.
    pub fn variable(&self, path: &str) -> Option<Variable> {
        debug_assert!(self.lead.is_none(), "of a program before it is spread: what is led has no stream of its own");
        if let Some(driver) = self.driver(path) {
            return Some(Variable { terms: vec![(self.normals[driver].stream, 1.0)], latent: true });
        }
        let number = self.drawn(path).next()?;
        match &self.numbers[number] {
            Number::Draw { latent: Some(latent), .. } => {
                let terms = self.latents[*latent].iter().map(|(n, w)| (self.normals[*n].stream, *w)).collect();
                Some(Variable { terms, latent: true })
            }
            Number::Draw { stream, .. } => Some(Variable { terms: vec![(*stream, 1.0)], latent: false }),
            _ => None,
        }
    }

    /// The same program in which one draw, on all of its occasions, or one shared driver comes from another seed;
    /// `None` if there is none of this path.
    pub fn redrawn(mut self, path: &str, seed: u64) -> Option<Self> {
        debug_assert!(self.lead.is_none(), "of a program before it is spread: what is led has no stream of its own");
        let fresh = Stream::new(seed, path);
        if let Some(driver) = self.driver(path) {
            self.normals[driver].stream = fresh;
            return Some(self);
        }
        let places: Vec<usize> = self.drawn(path).collect();
        if places.is_empty() {
            return None;
        }
        for place in places {
            let Number::Draw { stream, latent, .. } = &mut self.numbers[place] else { continue };
            *stream = fresh;
            if let Some(latent) = *latent {
                self.redraw_latent(path, latent, fresh);
            }
        }
        Some(self)
    }

    /// The same program in which a shared driver is held at a value of its standard normal variable; `None` if there
    /// is no such driver.
    pub fn driver_held(mut self, path: &str, z: f64) -> Option<Self> {
        let driver = self.driver(path)?;
        self.normals[driver].held = Some(z);
        Some(self)
    }

    /// Places of the draws of a path.
    fn drawn(&self, path: &str) -> impl Iterator<Item = usize> {
        let numbers = self.register.quantities.iter();
        numbers
            .filter(move |(_, q)| matches!(&q.node, crate::register::Node::Draw(leaf) if leaf.id == path))
            .map(|(id, _)| id.0 as usize)
    }

    /// Place of the normal of a shared driver.
    fn driver(&self, path: &str) -> Option<usize> {
        let id = path.strip_prefix("drivers.")?;
        let mut first: usize = self.register.dependence.correlated.iter().map(|group| group.members.len()).sum();
        for group in &self.register.dependence.driven {
            if let Some(place) = group.drivers.iter().position(|(driver, _)| driver == id) {
                return Some(first + place);
            }
            first += group.drivers.len() + group.members.len();
        }
        None
    }

    fn redraw_latent(&mut self, path: &str, latent: usize, fresh: Stream) {
        let mut first = 0;
        for group in &self.register.dependence.correlated {
            let n = group.members.len();
            if let Some(own) = group.members.iter().position(|member| member == path) {
                let row =
                    |i: usize| -> Vec<f64> { (0..n).map(|k| group.factor[i].get(k).copied().unwrap_or(0.0)).collect() };
                let others: Vec<Vec<f64>> = (0..n).filter(|i| *i != own).map(row).collect();
                let (kept, rest) = split(row(own), others);
                let mut terms: Vec<(usize, f64)> =
                    kept.iter().enumerate().filter(|(_, w)| **w != 0.0).map(|(k, w)| (first + k, *w)).collect();
                terms.push((self.normals.len(), rest));
                let knowledge = group.knowledge[own];
                self.normals.push(Normal { stream: fresh, knowledge, held: None });
                self.latents[latent] = terms;
                self.find_private_latents();
                self.find_passing();
                return;
            }
            first += n;
        }
        // What loads on drivers has its own normal last, unless the drivers leave nothing to it.
        let own = Stream::new(self.seed, path);
        if let Some(&(normal, _)) = self.latents[latent].last()
            && self.normals[normal].stream == own
        {
            self.normals[normal].stream = fresh;
        }
    }
}

/// A vector as its part in the span of others and the length of what is left (Gram–Schmidt; others that add nothing
/// to the span are left out).
fn split(vector: Vec<f64>, others: Vec<Vec<f64>>) -> (Vec<f64>, f64) {
    const NOTHING: f64 = 1e-7;
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).fold(0.0, |sum, (x, y)| sum + x * y);
    let without = |mut v: Vec<f64>, basis: &[Vec<f64>]| {
        // Twice is enough for full accuracy (Giraud, Langou & Rozložník 2005).
        for _ in 0..2 {
            for e in basis {
                let part = dot(&v, e);
                v.iter_mut().zip(e).for_each(|(v, e)| *v -= part * e);
            }
        }
        v
    };
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for other in others {
        let mut left = without(other, &basis);
        let length = dot(&left, &left).sqrt();
        if length > NOTHING {
            left.iter_mut().for_each(|v| *v /= length);
            basis.push(left);
        }
    }
    let left = without(vector.clone(), &basis);
    let length = dot(&left, &left).sqrt();
    let kept = vector.iter().zip(&left).map(|(v, l)| v - l).collect();
    (kept, if length > NOTHING { length } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_has_the_conditional_variance() {
        // Three variables, every pair correlated by ½: given the other two, one has variance 1 − ⅓.
        let half: f64 = 0.75;
        let second = [0.5, half.sqrt(), 0.0];
        let third = [0.5, 0.25 / half.sqrt(), (2.0_f64 / 3.0).sqrt()];
        for (own, others) in [(vec![1.0, 0.0, 0.0], [second, third]), (third.to_vec(), [[1.0, 0.0, 0.0], second])] {
            let (kept, rest) = split(own.clone(), others.iter().map(|o| o.to_vec()).collect());
            assert!((rest * rest - 2.0 / 3.0).abs() < 1e-12, "{rest}");
            let kept_squared: f64 = kept.iter().map(|k| k * k).sum();
            assert!((kept_squared + rest * rest - 1.0).abs() < 1e-12);
            // The correlation with the others is what it was.
            for other in others {
                let of = |v: &[f64]| v.iter().zip(other).fold(0.0, |sum, (a, b)| sum + a * b);
                assert!((of(&kept) - of(&own)).abs() < 1e-12);
            }
        }
        // Tied to another entirely: nothing is left.
        assert_eq!(split(vec![1.0, 0.0], vec![vec![1.0, 0.0]]).1, 0.0);
    }
}
