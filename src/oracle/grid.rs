//! Sums and maxima of independent durations on a grid.
//!
//! In: distribution functions. Out: the distribution function of what they add up to, and bounds that
//! the truth lies between. A duration is put on a grid of step h in one of three ways: each value
//! rounded down, up, or to the middle of its cell. The sum of what was rounded down is never above
//! the true sum and that of what was rounded up never below it, whatever the distributions: these two
//! are proofs. The middle one has an error of order h² and is the answer that tests use.
//!
//! Source: direct convolution; W. Feller, *An Introduction to Probability Theory and Its
//! Applications*, vol. II, 2nd ed. (1971), §V.4.

/// How a value is put on the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rounding {
    Down,
    Middle,
    Up,
}

/// A distribution on a grid, with its lower and upper companions.
#[derive(Debug, Clone)]
pub struct Grid {
    step: f64,
    down: Masses,
    middle: Masses,
    up: Masses,
}

/// Probabilities at `first`, `first + step`, …
#[derive(Debug, Clone)]
struct Masses {
    first: f64,
    p: Vec<f64>,
}

impl Grid {
    /// A duration on [low, high] with distribution function `cdf`, on a grid of `step`.
    pub fn of(cdf: impl Fn(f64) -> f64, low: f64, high: f64, step: f64) -> Self {
        let cells = crate::math::ceil((high - low) / step) as usize;
        let edges: Vec<f64> = (0..=cells)
            .map(|k| match k {
                0 => 0.0,
                k if k == cells => 1.0,
                k => cdf(low + k as f64 * step),
            })
            .collect();
        let p: Vec<f64> = edges.windows(2).map(|e| e[1] - e[0]).collect();
        let masses = |rounding| Masses {
            first: low
                + step
                    * match rounding {
                        Rounding::Down => 0.0,
                        Rounding::Middle => 0.5,
                        Rounding::Up => 1.0,
                    },
            p: p.clone(),
        };
        Self { step, down: masses(Rounding::Down), middle: masses(Rounding::Middle), up: masses(Rounding::Up) }
    }

    /// One value for certain.
    pub fn certain(value: f64, step: f64) -> Self {
        let one = Masses { first: value, p: vec![1.0] };
        Self { step, down: one.clone(), middle: one.clone(), up: one }
    }

    /// The sum of two independent durations on the same step.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        assert_eq!(self.step, other.step, "grids of one step");
        let sum = |a: &Masses, b: &Masses| {
            let mut p = vec![0.0; a.p.len() + b.p.len() - 1];
            for (i, x) in a.p.iter().enumerate() {
                for (slot, y) in p[i..].iter_mut().zip(&b.p) {
                    *slot += x * y;
                }
            }
            Masses { first: a.first + b.first, p }
        };
        Self {
            step: self.step,
            down: sum(&self.down, &other.down),
            middle: sum(&self.middle, &other.middle),
            up: sum(&self.up, &other.up),
        }
    }

    /// Probability of at most `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        self.middle.at_most(x, self.step)
    }

    /// Bounds that the probability of at most `x` lies between, for certain.
    pub fn cdf_bounds(&self, x: f64) -> (f64, f64) {
        (self.up.exactly_at_most(x, self.step), self.down.exactly_at_most(x, self.step))
    }

    /// The density at `x`, from the masses within 16 steps of it.
    pub fn density(&self, x: f64) -> f64 {
        let width = 16.0 * self.step;
        (self.cdf(x + width) - self.cdf(x - width)) / (2.0 * width)
    }

    /// The value with probability `q` below it, for a distribution without atoms.
    pub fn percentile(&self, q: f64) -> f64 {
        let (mut low, mut high) =
            (self.middle.first - self.step, self.middle.first + self.middle.p.len() as f64 * self.step);
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if self.cdf(middle) < q {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }
}

impl Masses {
    fn exactly_at_most(&self, x: f64, step: f64) -> f64 {
        let cells = crate::math::floor((x - self.first) / step + 1.0 + 1e-9).max(0.0) as usize;
        self.p.iter().take(cells).sum()
    }

    /// With each mass spread evenly over its cell.
    fn at_most(&self, x: f64, step: f64) -> f64 {
        let cells = (x - self.first) / step + 0.5;
        if cells <= 0.0 {
            return 0.0;
        }
        let whole = crate::math::floor(cells) as usize;
        let sum: f64 = self.p.iter().take(whole).sum();
        sum + self.p.get(whole).map_or(0.0, |p| p * (cells - whole as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_uniform_durations() {
        let one = Grid::of(|x| x.clamp(0.0, 1.0), 0.0, 1.0, 1.0 / 256.0);
        let three = one.plus(&one).plus(&one);
        // Irwin–Hall: F(1) = 1/6, F(3/2) = 1/2, F(x) = x³/6 up to 1.
        for (x, exact) in [(1.0, 1.0 / 6.0), (1.5, 0.5), (0.5, 0.125 / 6.0)] {
            let (low, high) = three.cdf_bounds(x);
            assert!(low <= exact && exact <= high, "{x}: {low} {exact} {high}");
            assert!((three.cdf(x) - exact).abs() < 1e-5, "{x}: {}", three.cdf(x));
        }
        assert!((three.percentile(0.5) - 1.5).abs() < 1e-9);
        assert!((three.density(1.5) - 0.75).abs() < 2e-3);
    }
}
