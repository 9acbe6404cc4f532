//! The lognormal distribution: the logarithm is normal.
//!
//! Comes in: a median and the standard deviation of the logarithm, or two percentiles. Goes out: exp(μ + σ Φ⁻¹(u)).
//!
//! Source: N. L. Johnson, S. Kotz and N. Balakrishnan, "Continuous Univariate Distributions", vol. 1, ch. 14. Two
//! percentiles x_a < x_b at p_a < p_b determine σ = ln(x_b/x_a) / (z_b − z_a) and μ = ln x_a − σ z_a.

use super::normal::standard_quantile;
use super::parameter::{Parameters, WRITE_A_CONSTANT};
use super::{Checked, Family};
use crate::math::vector::{Guarded, Kernel, Lanewise, MapGuarded, Simd};
use crate::math::{self, vector};

/// Lognormal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lognormal {
    mu: f64,
    sigma: f64,
}

/// Largest standard deviation of the logarithm: a factor of e⁵⁰ per standard deviation is a mistake.
const LARGEST_SIGMA: f64 = 50.0;

impl Lognormal {
    /// From the mean `mu` (−600 to 600) and the standard deviation `sigma` (above 0, up to 50) of the logarithm.
    ///
    /// # Errors
    /// Every parameter out of range.
    pub fn from_mu_sigma(mu: f64, sigma: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.within("mu", mu, -600.0, 600.0);
        check_sigma(&mut parameters, sigma);
        parameters.finish()?;
        Ok(Lognormal { mu, sigma })
    }

    /// From the median and the standard deviation of the logarithm.
    ///
    /// # Errors
    /// Every parameter out of range: `median` finite and above zero, `sigma` as in [`Lognormal::from_mu_sigma`].
    pub fn from_median_sigma(median: f64, sigma: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.positive("median", median, None);
        check_sigma(&mut parameters, sigma);
        parameters.finish()?;
        Self::from_mu_sigma(math::ln(median), sigma)
    }

    /// From the median and the 90th percentile.
    ///
    /// # Errors
    /// When one of them is not finite and above zero, or `p90` is not above `median`.
    pub fn from_median_p90(median: f64, p90: f64) -> Checked<Self> {
        Self::from_named(["", "median", "", "p90"], 0.5, median, 0.9, p90)
    }

    /// From two percentiles: the variable is at most `x_a` with probability `p_a`, and at most `x_b` with `p_b`.
    ///
    /// # Errors
    /// When a probability is not inside (0, 1), a value not finite and above zero, or `p_a` < `p_b` does not go with
    /// `x_a` < `x_b`.
    pub fn from_percentiles(p_a: f64, x_a: f64, p_b: f64, x_b: f64) -> Checked<Self> {
        Self::from_named(["p_a", "x_a", "p_b", "x_b"], p_a, x_a, p_b, x_b)
    }

    /// From mean and standard deviation of the variable itself, both finite and above zero:
    /// σ² = ln(1 + sd²/mean²), μ = ln mean − σ²/2.
    ///
    /// # Errors
    /// Every parameter out of range.
    pub fn from_mean_sd(mean: f64, sd: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.positive("mean", mean, None);
        parameters.positive("sd", sd, Some(WRITE_A_CONSTANT));
        parameters.finish()?;
        let ratio = sd / mean;
        let variance = math::ln_1p(ratio * ratio);
        Self::from_mu_sigma(math::ln(mean) - 0.5 * variance, math::sqrt(variance))
    }

    fn from_named(names: [&'static str; 4], p_a: f64, x_a: f64, p_b: f64, x_b: f64) -> Checked<Self> {
        let [p_a_name, x_a_name, p_b_name, x_b_name] = names;
        let mut parameters = Parameters::new();
        for (name, p) in [(p_a_name, p_a), (p_b_name, p_b)] {
            if !(p > 0.0 && p < 1.0) {
                let hint = (p > 1.0 && p < 100.0).then_some("write a percentile as a fraction, such as 0.8");
                parameters.refuse(name, format!("{p} is no proper probability"), "above 0 and below 1", hint);
            }
        }
        let positive = parameters.positive(x_a_name, x_a, None) & parameters.positive(x_b_name, x_b, None);
        if p_a >= p_b {
            let problem = format!("{p_b} is not above {p_a_name} ({p_a})");
            parameters.refuse(p_b_name, problem, &format!("above {p_a_name}"), None);
        }
        if positive && x_a >= x_b {
            let problem = format!("{x_b} is not above {x_a_name} ({x_a})");
            let hint = if x_a == x_b { Some(WRITE_A_CONSTANT) } else { None };
            parameters.refuse(x_b_name, problem, &format!("above {x_a_name}"), hint);
        }
        parameters.finish()?;
        let (z_a, z_b) = (math::normal_quantile(p_a), math::normal_quantile(p_b));
        let sigma = math::ln(x_b / x_a) / (z_b - z_a);
        // From the percentile nearer the median: the error of σ weighs least there.
        let (x, z) = if z_a.abs() <= z_b.abs() { (x_a, z_a) } else { (x_b, z_b) };
        Self::from_mu_sigma(math::ln(x) - sigma * z, sigma)
    }

    /// Mean and standard deviation of the logarithm.
    #[must_use]
    pub fn mu_sigma(&self) -> (f64, f64) {
        (self.mu, self.sigma)
    }
}

fn check_sigma(parameters: &mut Parameters, sigma: f64) {
    if !(sigma > 0.0 && sigma <= LARGEST_SIGMA) {
        let hint = if sigma == 0.0 { Some(WRITE_A_CONSTANT) } else { None };
        let allowed = format!("above 0, up to {LARGEST_SIGMA}");
        parameters.refuse("sigma", format!("{sigma} is out of range"), &allowed, hint);
    }
}

/// exp(μ + σz), where the kernel of exp holds.
impl Lanewise for Lognormal {
    #[inline(always)]
    fn at<S: Simd, const K: usize>(self, s: S, mut z: [S::F; K]) -> [S::F; K] {
        let mut i = 0;
        while i < K {
            z[i] = s.splat(self.mu) + s.splat(self.sigma) * z[i];
            i += 1;
        }
        vector::exps(s, z)
    }
}

impl Guarded for Lognormal {
    #[inline(always)]
    fn holds<S: Simd>(self, s: S, z: S::F) -> S::M {
        s.less(s.abs(s.splat(self.mu) + s.splat(self.sigma) * z), s.splat(vector::EXP_END))
    }
    fn beyond(self, z: f64) -> f64 {
        math::exp(self.mu + self.sigma * z)
    }
}

/// The quantile of u for every element.
struct Quantiles<'a>(&'a mut [f64], Lognormal);

impl Kernel for Quantiles<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, s: S) {
        vector::normal_quantiles(s, self.0, vector::Lower);
        vector::map_guarded(s, self.0, self.1, vector::Own);
    }
}

impl Family for Lognormal {
    #[inline]
    fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        self.quantile_at_normal(standard_quantile(below, above))
    }

    fn quantile_block(&self, u: &mut [f64]) {
        vector::run(Quantiles(u, *self));
    }

    fn quantile_at_normal(&self, z: f64) -> f64 {
        vector::one_guarded(z, *self)
    }

    fn quantile_at_normal_block(&self, z: &mut [f64]) {
        vector::run(MapGuarded(z, *self));
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= 0.0 { 0.0 } else { math::normal_cdf((math::ln(x) - self.mu) / self.sigma) }
    }

    fn density(&self, x: f64) -> f64 {
        if x <= 0.0 { 0.0 } else { math::normal_density((math::ln(x) - self.mu) / self.sigma) / (self.sigma * x) }
    }

    fn mean(&self) -> f64 {
        math::exp(self.mu + 0.5 * self.sigma * self.sigma)
    }

    fn variance(&self) -> f64 {
        let mean = self.mean();
        math::exp_m1(self.sigma * self.sigma) * mean * mean
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}
