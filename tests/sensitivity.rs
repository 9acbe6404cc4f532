//! Variance shares against published functions whose indices are known exactly.
//!
//! The standard error of every check is that of the exact answer: from the exact conditional moments of the function,
//! by quadrature or in closed form, not from the sample. Each check has a planted fault that the same limit refuses.

#![expect(clippy::disallowed_methods, reason = "expected numbers need not repeat to the bit")]

use std::f64::consts::PI;

use golive::estimate::{first_order_in_bins, total_share};
use golive::random::Stream;

/// How far off is wrong.
const LIMIT: f64 = 4.6;

/// Iterations.
const N: usize = 200_000;

/// Bins: more than usual, because one function comes in waves.
const BINS: usize = 64;

const SEED: u64 = 20_300_301;

/// A function of independent uniform numbers with what is known of it.
trait Known {
    fn inputs(&self) -> usize;
    fn value(&self, u: &[f64]) -> f64;
    fn mean(&self) -> f64;
    fn variance(&self) -> f64;
    /// Exact first-order and total index.
    fn indices(&self, i: usize) -> [f64; 2];
    /// E[off^k] for k = 1 to 4, given that input i is u, where off is the value less its mean.
    fn moments_given(&self, i: usize, u: f64) -> [f64; 4];
    /// E[h²], E[h·off²] where h = (Y − Y')²/2 and Y' differs in input i alone.
    fn moments_of_pairs(&self, i: usize) -> [f64; 2];

    fn sample(&self, redrawn: Option<usize>) -> (Vec<Vec<f64>>, Vec<f64>) {
        let stream = |i: usize| Stream::new(SEED + u64::from(redrawn == Some(i)), &format!("x{i}"));
        let u: Vec<Vec<f64>> =
            (0..self.inputs()).map(|i| (0..N as u64).map(|t| stream(i).uniform(t)).collect()).collect();
        let y = (0..N).map(|t| self.value(&u.iter().map(|u| u[t]).collect::<Vec<f64>>())).collect();
        (u, y)
    }

    /// Standard error of the first-order estimate: influence of single iterations, and noise of the noise.
    fn first_order_error(&self, i: usize) -> f64 {
        const POINTS: usize = 64 * BINS;
        let (d, s) = (self.variance(), self.indices(i)[0]);
        let (mut influence, mut within) = (0.0, vec![0.0; BINS]);
        for k in 0..POINTS {
            let u = (k as f64 + 0.5) / POINTS as f64;
            let [m, c2, c3, c4] = self.moments_given(i, u);
            // (2·off·m − m² − s·off²)²
            let square = 4.0 * m * m * c2 + m * m * m * m + s * s * c4 - 4.0 * m * m * m * m - 4.0 * s * m * c3
                + 2.0 * s * m * m * c2;
            influence += square / POINTS as f64;
            within[k * BINS / POINTS] += (c2 - m * m) / 64.0;
        }
        let noise: f64 = within.chunks(2).map(|v| 49.0 / 18.0 * (v[0] * v[0] + v[1] * v[1]) + v[0] * v[1] / 9.0).sum();
        let n = N as f64;
        ((influence / n + noise / n / n) / d / d).sqrt()
    }

    fn total_error(&self, i: usize) -> f64 {
        let t = self.indices(i)[1];
        let [hh, ho] = self.moments_of_pairs(i);
        let points = 4096;
        let fourth: f64 =
            (0..points).map(|k| self.moments_given(0, (f64::from(k) + 0.5) / f64::from(points))[3]).sum::<f64>()
                / f64::from(points);
        let d = self.variance();
        ((hh - 2.0 * t * ho + t * t * fourth).max(0.0) / N as f64).sqrt() / d
    }
}

/// Ishigami & Homma (1990) with a = 7, b = 0.1: sin x₁ + a·sin² x₂ + b·x₃⁴·sin x₁, each x uniform on (−π, π).
struct Ishigami;

const A: f64 = 7.0;
const B: f64 = 0.1;

/// The part of x₂ or x₃ alone: a·sin² x₂, and 1 + b·x₃⁴ as the factor on sin x₁.
fn wave(u: f64) -> f64 {
    let s = (PI * (2.0 * u - 1.0)).sin();
    A * s * s
}

fn factor(u: f64) -> f64 {
    let x = PI * (2.0 * u - 1.0);
    1.0 + B * x * x * x * x
}

fn sine(u: f64) -> f64 {
    (PI * (2.0 * u - 1.0)).sin()
}

/// Means of powers 0 to 4 of a function of one uniform number, by the midpoint rule.
fn powers(f: impl Fn(f64) -> f64) -> [f64; 5] {
    const POINTS: u32 = 20_000;
    let mut sums = [0.0; 5];
    for k in 0..POINTS {
        let x = f((f64::from(k) + 0.5) / f64::from(POINTS));
        let mut power = 1.0;
        for sum in &mut sums {
            *sum += power / f64::from(POINTS);
            power *= x;
        }
    }
    sums
}

/// Means of powers 0 to 4 of a + b, for independent a and b by their means of powers.
fn sum_powers(a: [f64; 5], b: [f64; 5]) -> [f64; 5] {
    const CHOOSE: [[f64; 5]; 5] = [
        [1.0, 0.0, 0.0, 0.0, 0.0],
        [1.0, 1.0, 0.0, 0.0, 0.0],
        [1.0, 2.0, 1.0, 0.0, 0.0],
        [1.0, 3.0, 3.0, 1.0, 0.0],
        [1.0, 4.0, 6.0, 4.0, 1.0],
    ];
    std::array::from_fn(|k| (0..=k).map(|j| CHOOSE[k][j] * a[j] * b[k - j]).sum())
}

fn product_powers(a: [f64; 5], b: [f64; 5]) -> [f64; 5] {
    std::array::from_fn(|k| a[k] * b[k])
}

fn constant(c: f64) -> [f64; 5] {
    [1.0, c, c * c, c * c * c, c * c * c * c]
}

impl Ishigami {
    fn parts() -> [[f64; 5]; 3] {
        static PARTS: std::sync::OnceLock<[[f64; 5]; 3]> = std::sync::OnceLock::new();
        *PARTS.get_or_init(|| [powers(sine), powers(wave), powers(factor)])
    }
}

impl Known for Ishigami {
    fn inputs(&self) -> usize {
        3
    }

    fn value(&self, u: &[f64]) -> f64 {
        sine(u[0]) * factor(u[2]) + wave(u[1])
    }

    fn mean(&self) -> f64 {
        A / 2.0
    }

    fn variance(&self) -> f64 {
        A * A / 8.0 + B * PI.powi(4) / 5.0 + B * B * PI.powi(8) / 18.0 + 0.5
    }

    fn indices(&self, i: usize) -> [f64; 2] {
        let d = self.variance();
        let one = 0.5 * (1.0 + B * PI.powi(4) / 5.0).powi(2);
        let together = B * B * PI.powi(8) * (1.0 / 18.0 - 1.0 / 50.0);
        [[one, one + together], [A * A / 8.0, A * A / 8.0], [0.0, together]][i].map(|v| v / d)
    }

    fn moments_given(&self, i: usize, u: f64) -> [f64; 4] {
        let [mut s, mut w, mut f] = Self::parts();
        match i {
            0 => s = constant(sine(u)),
            1 => w = constant(wave(u)),
            _ => f = constant(factor(u)),
        }
        let off = sum_powers(sum_powers(product_powers(s, f), w), constant(-self.mean()));
        [off[1], off[2], off[3], off[4]]
    }

    fn moments_of_pairs(&self, i: usize) -> [f64; 2] {
        // Y − Y' is (g − g')·r with g the part that is drawn again and r independent of it.
        const POINTS: u32 = 200;
        let [s, w, f] = Self::parts();
        let (own, other): (fn(f64) -> f64, [f64; 5]) = match i {
            0 => (sine, f),
            1 => (wave, constant(1.0)),
            _ => (factor, s),
        };
        let at = |k: u32| own((f64::from(k) + 0.5) / f64::from(POINTS));
        let (mut hh, mut ho) = (0.0, 0.0);
        for k in 0..POINTS {
            let g = at(k);
            for l in 0..POINTS {
                let half = (g - at(l)) * (g - at(l)) / 2.0;
                hh += half * half * other[4];
                // h·off² = half·r²·(g·r + rest)², where rest is the other term less the mean.
                let rest = if i == 1 { product_powers(s, f) } else { w };
                let rest = sum_powers(rest, constant(-self.mean()));
                ho += half
                    * if i == 1 {
                        g * g + 2.0 * g * rest[1] + rest[2]
                    } else {
                        g * g * other[4] + 2.0 * g * other[3] * rest[1] + other[2] * rest[2]
                    };
            }
        }
        [hh, ho].map(|sum| sum / f64::from(POINTS * POINTS))
    }
}

/// Sobol's g-function (Saltelli & Sobol 1995): the product of (|4u − 2| + a)/(1 + a).
struct SobolG;

const AS: [f64; 8] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];

impl SobolG {
    fn own(i: usize, u: f64) -> f64 {
        ((4.0 * u - 2.0).abs() + AS[i]) / (1.0 + AS[i])
    }

    /// Means of powers of one factor: |4u − 2| is uniform on (0, 2).
    fn powers(i: usize) -> [f64; 5] {
        let t = std::array::from_fn(|k| 2.0_f64.powi(k as i32) / (k as f64 + 1.0));
        let sum = sum_powers(t, constant(AS[i]));
        std::array::from_fn(|k| sum[k] / (1.0 + AS[i]).powi(k as i32))
    }

    fn others(i: usize) -> [f64; 5] {
        (0..8).filter(|j| *j != i).fold(constant(1.0), |product, j| product_powers(product, Self::powers(j)))
    }

    fn part(i: usize) -> f64 {
        1.0 / (3.0 * (1.0 + AS[i]) * (1.0 + AS[i]))
    }
}

impl Known for SobolG {
    fn inputs(&self) -> usize {
        8
    }

    fn value(&self, u: &[f64]) -> f64 {
        u.iter().enumerate().map(|(i, u)| Self::own(i, *u)).product()
    }

    fn mean(&self) -> f64 {
        1.0
    }

    fn variance(&self) -> f64 {
        (0..8).map(|i| 1.0 + Self::part(i)).product::<f64>() - 1.0
    }

    fn indices(&self, i: usize) -> [f64; 2] {
        let rest: f64 = (0..8).filter(|j| *j != i).map(|j| 1.0 + Self::part(j)).product();
        [Self::part(i), Self::part(i) * rest].map(|v| v / self.variance())
    }

    fn moments_given(&self, i: usize, u: f64) -> [f64; 4] {
        let value = product_powers(constant(Self::own(i, u)), Self::others(i));
        let off = sum_powers(value, constant(-1.0));
        [off[1], off[2], off[3], off[4]]
    }

    fn moments_of_pairs(&self, i: usize) -> [f64; 2] {
        // With g the own factor, g' it drawn again and p the others: h = (g − g')²p²/2, off = gp − 1.
        let (g, p) = (Self::powers(i), Self::others(i));
        let fourth = 2.0 * g[4] - 8.0 * g[3] * g[1] + 6.0 * g[2] * g[2];
        // E[(g − g')²·g^k]
        let with = |k: usize| g[k + 2] - 2.0 * g[k + 1] * g[1] + g[k] * g[2];
        [fourth / 4.0 * p[4], (with(2) * p[4] - 2.0 * with(1) * p[3] + with(0) * p[2]) / 2.0]
    }
}

struct Z(String, f64);

impl Z {
    fn holds(&self) {
        assert!(self.1.abs() < LIMIT, "{}: z = {:.2}", self.0, self.1);
    }

    fn is_refused(&self) {
        assert!(self.1.abs() >= LIMIT, "a planted fault goes unseen: {}: z = {:.2}", self.0, self.1);
    }
}

fn first(model: &dyn Known, u: &[f64], y: &[f64], i: usize) -> Z {
    let share = first_order_in_bins(u, y, BINS).expect("enough iterations");
    let error = model.first_order_error(i);
    // The error that a user sees is the exact one, but for its own: where the share is next to nothing it is made of
    // noise alone, and known less well.
    let near = if model.indices(i)[0] > 0.01 { 0.05 } else { 0.2 };
    assert!((share.standard_error / error - 1.0).abs() < near, "input {i}: {share:?} {error}");
    Z(format!("first order of input {i}: {} ± {error}", share.estimate), (share.estimate - model.indices(i)[0]) / error)
}

fn total(model: &dyn Known, y: &[f64], redrawn: &[f64], i: usize) -> Z {
    let share = total_share(y, redrawn).expect("it varies");
    let error = model.total_error(i);
    assert!((share.standard_error / error - 1.0).abs() < 0.05, "input {i}: {share:?} {error}");
    Z(format!("total of input {i}: {} ± {error}", share.estimate), (share.estimate - model.indices(i)[1]) / error)
}

#[test]
fn the_published_indices_are_those_of_the_formulas() {
    let published = [[0.3139, 0.5576], [0.4424, 0.4424], [0.0, 0.2437]];
    for (i, indices) in published.iter().enumerate() {
        for (a, b) in indices.iter().zip(Ishigami.indices(i)) {
            assert!((a - b).abs() < 5.1e-5, "{i}: {a} {b}");
        }
    }
    // Saltelli et al. (2010), Computer Physics Communications 181:259–270, table 1: first order .7162, .1790, .0237,
    // .0072; the last four .0001.
    for (i, index) in [0.7162, 0.1790, 0.0237, 0.0072, 0.0001].into_iter().enumerate() {
        assert!((SobolG.indices(i)[0] - index).abs() < 5.1e-5, "{i}");
    }
}

#[test]
fn first_order_and_total_shares_of_ishigami() {
    let (u, y) = Ishigami.sample(None);
    for (i, u) in u.iter().enumerate() {
        first(&Ishigami, u, &y, i).holds();
        total(&Ishigami, &y, &Ishigami.sample(Some(i)).1, i).holds();
    }
}

#[test]
fn first_order_and_total_shares_of_sobols_g() {
    let (u, y) = SobolG.sample(None);
    for (i, u) in u.iter().enumerate() {
        first(&SobolG, u, &y, i).holds();
        total(&SobolG, &y, &SobolG.sample(Some(i)).1, i).holds();
    }
}

#[test]
fn planted_faults_are_refused() {
    let (u, y) = Ishigami.sample(None);
    // The numbers of another input.
    Z(
        "others' numbers".into(),
        (first_order_in_bins(&u[2], &y, BINS).unwrap().estimate - Ishigami.indices(0)[0])
            / Ishigami.first_order_error(0),
    )
    .is_refused();
    // Variance between bins with the noise of their means left in: a share that is 0 is not found to be 0.
    let bins = 2048;
    let mut sums = vec![(0.0, 0.0); bins];
    let mean = y.iter().sum::<f64>() / N as f64;
    for (u, y) in u[2].iter().zip(&y) {
        let bin = &mut sums[(u * bins as f64) as usize];
        *bin = (bin.0 + 1.0, bin.1 + y - mean);
    }
    let between: f64 = sums.iter().map(|(n, sum)| sum * sum / n).sum::<f64>() / N as f64 / Ishigami.variance();
    let wide = (2.0 * bins as f64).sqrt() / N as f64;
    Z("noise left in".into(), between / wide.max(Ishigami.first_order_error(2))).is_refused();
    // The estimator itself takes it out.
    assert!(first_order_in_bins(&u[2], &y, bins).unwrap().estimate.abs() < LIMIT * 2.0 * wide);
    // Bins as wide as the waves lose them, even with the correction.
    let coarse = first_order_in_bins(&u[1], &y, 4).unwrap().estimate;
    Z("bins too wide".into(), (coarse - Ishigami.indices(1)[0]) / Ishigami.first_order_error(1)).is_refused();
    // Pairs in which two inputs were drawn again.
    let both = {
        let stream = |i: usize| Stream::new(SEED + u64::from(i != 2), &format!("x{i}"));
        (0..N as u64).map(|t| Ishigami.value(&[0, 1, 2].map(|i| stream(i).uniform(t)))).collect::<Vec<f64>>()
    };
    let share = total_share(&y, &both).unwrap().estimate;
    Z("two inputs".into(), (share - Ishigami.indices(0)[1]) / Ishigami.total_error(0)).is_refused();
}
