//! What becomes of a probability that is not known when the thing itself does or does not happen.
//!
//! In: the distribution of a probability p, with density f. Out: its distribution given that what has probability p
//! happened, of density p·f(p)/E\[p\], or did not, (1 − p)·f(p)/(1 − E\[p\]): Bayes' rule for one trial. The first is the
//! size-biased distribution of Patil and Rao, "Weighted distributions and size-biased sampling", Biometrics 34 (1978)
//! 179–189.
//!
//! Beta(a, b) becomes Beta(a + 1, b) or Beta(a, b + 1). On a range, p = min + width·x, so that the density is a mixture:
//! weight min/E\[p\] of the distribution as it was, and the rest of the one whose shape has moved. PERT and uniform are
//! betas on a range. Listed values keep their values and change their weights.

use super::{Beta, Discrete, Distribution, Family};

impl Distribution {
    /// The distribution of this probability given that what it is the probability of has `happened`, as a mixture:
    /// weights that sum to 1, and their distributions. `None` for families without a closed form, for what is not a
    /// probability, and where it cannot have come out so.
    #[must_use]
    pub fn given_outcome(&self, happened: bool) -> Option<Vec<(f64, Distribution)>> {
        let (low, high) = self.support();
        if low < 0.0 || high > 1.0 {
            return None;
        }
        let likelihood = |p: f64| if happened { p } else { 1.0 - p };
        let beta = |beta: &Beta| {
            let parts = beta.tilted(happened)?;
            Some(parts.into_iter().map(|(weight, part)| (weight, Distribution::from(part))).collect())
        };
        match self {
            Distribution::Constant(value) => (likelihood(value.mean()) > 0.0).then(|| vec![(1.0, self.clone())]),
            Distribution::Beta(family) => beta(family),
            Distribution::Pert(family) => beta(family.as_beta()),
            Distribution::Uniform(family) => {
                let (min, max) = family.ends();
                beta(&Beta::on_range(1.0, 1.0, min, max).ok()?)
            }
            Distribution::Discrete(family) => {
                let weighted: Discrete = family.weighted_by(likelihood)?;
                Some(vec![(1.0, Distribution::from(weighted))])
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{Gamma, Pert, Uniform};

    /// Integral of `of` over the unit interval, by Simpson's rule.
    fn integral(of: impl Fn(f64) -> f64) -> f64 {
        const STEPS: u32 = 20_000;
        let h = 1.0 / f64::from(STEPS);
        let weight = |i: u32| if i == 0 || i == STEPS { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
        (0..=STEPS).map(|i| weight(i) * of(f64::from(i) * h)).sum::<f64>() * h / 3.0
    }

    #[test]
    fn the_density_is_bayes_rule() {
        let families: [Distribution; 4] = [
            Beta::new(2.5, 4.0).unwrap().into(),
            Beta::on_range(3.0, 2.0, 0.1, 0.7).unwrap().into(),
            Pert::usual(0.1, 0.2, 0.6).unwrap().into(),
            Uniform::new(0.2, 0.9).unwrap().into(),
        ];
        for prior in families {
            for happened in [true, false] {
                let parts = prior.given_outcome(happened).unwrap();
                let likelihood = |p: f64| if happened { p } else { 1.0 - p };
                let total = likelihood(prior.mean());
                assert!((parts.iter().map(|(w, _)| w).sum::<f64>() - 1.0).abs() < 1e-14);
                for i in 1..40 {
                    let p = f64::from(i) / 40.0 + 0.003;
                    let density: f64 = parts.iter().map(|(w, part)| w * part.density(p)).sum();
                    let bayes = likelihood(p) * prior.density(p) / total;
                    assert!((density - bayes).abs() < 1e-9 * (1.0 + bayes), "{prior:?} at {p}: {density} {bayes}");
                }
                // The mean is E[p²]/E[p], or (E[p] − E[p²])/(1 − E[p]).
                let mean: f64 = parts.iter().map(|(w, part)| w * part.mean()).sum();
                let square = prior.variance() + prior.mean() * prior.mean();
                let exact = if happened { square / total } else { (prior.mean() - square) / total };
                assert!((mean - exact).abs() < 1e-12, "{mean} {exact}");
                let numeric = integral(|p| p * likelihood(p) * prior.density(p)) / total;
                assert!((mean - numeric).abs() < 1e-3, "{mean} {numeric}");
            }
        }
    }

    #[test]
    fn listed_values_change_their_weights_and_others_have_no_closed_form() {
        let prior: Distribution = Discrete::new(&[0.0, 0.25, 1.0], &[1.0, 2.0, 1.0]).unwrap().into();
        let happened = &prior.given_outcome(true).unwrap()[0].1;
        assert_eq!(happened.density(0.0), 0.0);
        assert!((happened.density(0.25) - 1.0 / 3.0).abs() < 1e-15);
        let not = &prior.given_outcome(false).unwrap()[0].1;
        assert!((not.density(0.0) - 0.4).abs() < 1e-15 && not.density(1.0) == 0.0);
        let never: Distribution = crate::distribution::Constant::new(0.0).unwrap().into();
        assert!(never.given_outcome(true).is_none() && never.given_outcome(false).is_some());
        assert!(Distribution::from(Gamma::new(2.0, 0.1).unwrap()).given_outcome(true).is_none());
    }
}
