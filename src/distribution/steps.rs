//! The quantile of a variable that takes separate values: a search among cumulated probabilities.
//!
//! Comes in: values in ascending order and their probabilities. Goes out: the least value whose cumulated probability
//! reaches u. Both tails are cumulated, each from its own end, so both keep relative accuracy. At a normal z, where u is
//! Φ(z), z is compared with Φ⁻¹ of the cumulated probabilities, which is exact to 10⁻¹⁵.

use std::sync::OnceLock;

use super::staircase::{Over, Staircase};
use crate::math;

/// Cumulated probabilities of ordered outcomes.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    /// P(at most outcome i).
    below: Vec<f64>,
    /// P(more than outcome i).
    above: Vec<f64>,
    /// Of u.
    by_probability: Staircase,
    /// Of z, where u is Φ(z). Made when first asked for: few variables are correlated.
    by_normal: OnceLock<Staircase>,
}

impl PartialEq for Steps {
    /// By outcomes; what has been made for speed follows from them.
    fn eq(&self, other: &Self) -> bool {
        self.values() == other.values() && self.below == other.below && self.above == other.above
    }
}

impl Steps {
    /// From values, and as many weights ≥ 0 with a finite sum above zero.
    pub fn new(values: Vec<f64>, weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let mut below = Vec::with_capacity(weights.len());
        let mut sum = 0.0;
        for weight in weights {
            sum += weight;
            below.push(sum / total);
        }
        let mut above = vec![0.0; weights.len()];
        sum = 0.0;
        for i in (1..weights.len()).rev() {
            sum += weights[i];
            above[i - 1] = sum / total;
        }
        // Where rounding has the two disagree which tail is the smaller, the lower one decides.
        for (below, above) in below.iter().zip(&mut above) {
            *above = if *below < 0.5 { above.max(0.5_f64.next_up()) } else { above.min(0.5) };
        }
        let mut thresholds: Vec<f64> =
            below.iter().zip(&above).map(|(below, above)| last_within(*below, *above)).collect();
        // The last outcome is what is left.
        thresholds.pop();
        let by_probability = Staircase::new(thresholds, values, Over { from: 0, to: 1, cdf: |u| u });
        Steps { below, above, by_probability, by_normal: OnceLock::new() }
    }

    /// The values.
    pub fn values(&self) -> &[f64] {
        self.by_probability.values()
    }

    /// Of u, for the quantile of it.
    #[inline]
    pub fn by_probability(&self) -> &Staircase {
        &self.by_probability
    }

    /// Of z, for the quantile of Φ(z).
    pub fn by_normal(&self) -> &Staircase {
        self.by_normal.get_or_init(|| {
            let mut least = f64::NEG_INFINITY;
            let mut threshold = |(below, above): (&f64, &f64)| {
                least = least.max(math::normal_quantile_of_tails(*below, *above));
                least
            };
            let last = self.below.len() - 1;
            let thresholds = self.below[..last].iter().zip(&self.above).map(&mut threshold).collect();
            Staircase::new(thresholds, self.values().to_vec(), Over { from: -4, to: 4, cdf: math::normal_cdf })
        })
    }

    /// Least value with P(at most it) ≥ `below`, which is P(more than it) ≤ `above`.
    #[inline]
    pub fn value_of_tails(&self, below: f64, above: f64) -> f64 {
        let found = if below < 0.5 {
            self.below.partition_point(|&p| p < below)
        } else {
            self.above.partition_point(|&q| q > above)
        };
        // Rounding can leave the last cumulated probability short of one.
        self.values()[found.min(self.below.len() - 1)]
    }

    /// P(at most outcome i).
    pub fn at_most(&self, i: usize) -> f64 {
        let (below, above) = (self.below[i], self.above[i]);
        if below < 0.5 { below } else { 1.0 - above }
    }
}

/// The greatest u for which an outcome is reached, from P(at most it) and P(more than it).
fn last_within(below: f64, above: f64) -> f64 {
    if below < 0.5 {
        return below;
    }
    // u ≤ 1 − above: the number below where the subtraction rounds upwards.
    let u = 1.0 - above;
    if 1.0 - u < above { u.next_down() } else { u }
}

/// The quantile methods of a family whose `steps()`, where there are any, list its outcomes.
macro_rules! quantiles_by_steps {
    () => {
        fn quantile(&self, u: f64) -> f64 {
            match self.steps() {
                Some(steps) => steps.by_probability().at(u),
                None => self.quantile_of_tails(u, 1.0 - u),
            }
        }

        fn quantile_block(&self, u: &mut [f64]) {
            match self.steps() {
                Some(steps) => steps.by_probability().map(u),
                None => u.iter_mut().for_each(|u| *u = self.quantile(*u)),
            }
        }

        fn quantile_at_normal(&self, z: f64) -> f64 {
            match self.steps() {
                Some(steps) => steps.by_normal().at(z),
                None => super::at_normal(z, |below, above| self.quantile_of_tails(below, above)),
            }
        }

        fn quantile_at_normal_block(&self, z: &mut [f64]) {
            match self.steps() {
                Some(steps) => steps.by_normal().map(z),
                None => super::at_normals(z, |below, above| self.quantile_of_tails(below, above)),
            }
        }

        fn quantile_at_weighted_block(&self, z: &mut [f64], sums: crate::math::vector::Weighted<'_>) {
            match self.steps() {
                Some(steps) => steps.by_normal().map_weighted(z, sums),
                None => {
                    crate::math::vector::run((&mut *z, sums));
                    self.quantile_at_normal_block(z);
                }
            }
        }
    };
}
pub(super) use quantiles_by_steps;

#[cfg(test)]
mod tests {
    use super::*;

    fn steps_of(weights: &[f64]) -> Steps {
        Steps::new((0..weights.len()).map(|i| i as f64).collect(), weights)
    }

    fn poisson(mean: f64) -> Steps {
        steps_of(&(0..700).map(|k| math::poisson_mass(k, mean)).collect::<Vec<_>>())
    }

    fn all() -> Vec<Steps> {
        let mut all =
            vec![steps_of(&[1.0]), steps_of(&[0.6, 0.3, 0.1]), steps_of(&[1.0, 1.0]), steps_of(&[1e-300, 1.0])];
        all.extend([0.01, 3.5, 40.0, 400.0].map(poisson));
        // Sums of these round either way, some of them at one half.
        for n in [3_u32, 5, 6, 7, 10, 24, 49, 100] {
            all.push(steps_of(&vec![0.1; n as usize]));
            all.push(steps_of(&(1..=n).map(|i| 1.0 / f64::from(i * i)).collect::<Vec<_>>()));
        }
        all
    }

    /// At and next to every cumulated probability, both tails, and one half.
    #[test]
    fn the_value_is_that_of_the_search_for_every_u() {
        for steps in all() {
            let mut asked =
                vec![0.5, 0.5_f64.next_down(), 0.5_f64.next_up(), 1e-300, f64::EPSILON, 1.0 - f64::EPSILON / 2.0];
            for p in steps.below.iter().copied().chain(steps.above.iter().map(|above| 1.0 - above)) {
                let (mut low, mut high) = (p, p);
                for _ in 0..4 {
                    asked.extend([low, high]);
                    (low, high) = (low.next_down(), high.next_up());
                }
            }
            asked.extend((1..10_000).map(|i| f64::from(i) / 10_000.0));
            asked.retain(|u| *u > 0.0 && *u < 1.0);
            asked.sort_by(f64::total_cmp);
            let mut before = f64::NEG_INFINITY;
            for u in asked {
                let value = steps.by_probability().at(u);
                assert_eq!(value, steps.value_of_tails(u, 1.0 - u), "{u}");
                assert!(value >= before);
                before = value;
            }
        }
    }

    #[test]
    fn what_was_asked_of_them_does_not_tell_steps_apart() {
        let (asked, other) = (poisson(40.0), poisson(40.0));
        asked.by_normal().at(0.3);
        assert!(asked == other && asked != poisson(41.0) && steps_of(&[1.0, 2.0]) != steps_of(&[2.0, 1.0]));
    }

    /// At a normal: the same on both sides of every threshold, further from it than Φ is off.
    #[test]
    fn the_value_at_a_normal_is_that_of_the_search_in_its_tails() {
        for steps in all() {
            for i in -30_000..=30_000 {
                let z = f64::from(i) / 1000.0 + 1e-5;
                let tails = math::normal_tails(z);
                assert_eq!(steps.by_normal().at(z), steps.value_of_tails(tails.below, tails.above), "{z}");
            }
            let ends = steps.below.iter().zip(&steps.above).take(steps.below.len() - 1);
            for z in ends.map(|(below, above)| math::normal_quantile_of_tails(*below, *above)) {
                // Down to 10⁻³⁰⁰: then probabilities run out of digits.
                if z.abs() < 37.0 {
                    for z in [z - 1e-12 * (1.0 + z.abs()), z + 1e-12 * (1.0 + z.abs())] {
                        let tails = math::normal_tails(z);
                        assert_eq!(steps.by_normal().at(z), steps.value_of_tails(tails.below, tails.above), "{z}");
                    }
                }
            }
        }
    }
}
