//! Quantile functions as Taylor series, from the differential equation of the Pearson family.
//!
//! Comes in: one exact point of a quantile function. Goes out: the polynomial of degree 7 that stands for the function
//! on an interval around it, with a bound of its error.
//!
//! Source: G. Steinbrecher and W. T. Shaw, "Quantile mechanics", European Journal of Applied Mathematics 19 (2008)
//! 87–112. If the density f of X satisfies f'/f = −R(x)/P(x) with P(x) = x (1 − κx) and R linear, which holds for beta
//! and gamma, then the quantile x(p), whose slope is 1/f, satisfies P x″ = x′² R; and x(Φ(z)), as a function of z,
//! P x″ = x′² R − z P x′. Coefficients follow one from another, without any further evaluation of f or F.
//!
//! The series is then shortened to degree 7 by division by the polynomial with zeros at the eight Chebyshev–Lobatto
//! points: the remainder interpolates at those points, the ends among them, so neighbouring pieces meet.

/// Coefficients kept: one cache line.
pub(super) const KEPT: usize = 8;

/// Coefficients computed.
const COMPUTED: usize = 15;

/// Distances from the far end below this do not count for the error bound.
const FAR_FLOOR: f64 = 1e-12;

/// A polynomial in t ∈ [−1, 1], lowest power first.
pub(super) type Piece = [f64; KEPT];

/// f'/f = −(r0 + r1 x) / (x (1 − κ x)).
#[derive(Clone, Copy, Debug)]
pub(super) struct PearsonDensity {
    pub kappa: f64,
    pub r0: f64,
    pub r1: f64,
}

/// The variable a piece runs over.
#[derive(Clone, Copy, Debug)]
pub(super) enum Variable {
    /// The tail probability itself.
    Probability,
    /// z with tail probability Φ(z); the centre of the piece.
    Normal(f64),
}

/// An exact point of a quantile function.
#[derive(Clone, Copy, Debug)]
pub(super) struct TailPoint {
    /// The quantile: a distance from the end of the support, > 0.
    pub x: f64,
    /// 1 − κx, not computed as such, so that it keeps its digits where it is small.
    pub co_x: f64,
    /// dx/dp, the reciprocal of the density, signed.
    pub slope: f64,
}

/// A quantile function around a point.
pub(super) struct Series {
    /// Taylor coefficients in t.
    taylor: [f64; COMPUTED],
}

impl Series {
    /// The series around a point of the quantile function, on an interval of half-width `half`.
    ///
    /// `slope` is by the variable; `point.slope` is not used.
    pub fn new(density: PearsonDensity, variable: Variable, point: TailPoint, slope: f64, half: f64) -> Self {
        let x = point.x;
        // In units of x, so that nothing underflows where x is tiny.
        let (kappa, r1) = (density.kappa * x, density.r1 * x);
        let mut c = [0.0; COMPUTED];
        let mut v = [0.0; COMPUTED];
        let mut p = [0.0; COMPUTED];
        let mut e = [0.0; COMPUTED];
        c[0] = 1.0;
        v[0] = slope * half / x;
        c[1] = v[0];
        p[0] = point.co_x;
        for k in 0..COMPUTED - 2 {
            if k > 0 {
                let square = convolution(&c, &c, k);
                p[k] = c[k] - kappa * square;
            }
            let r = |i: usize| if i == 0 { density.r0 + r1 } else { r1 * c[i] };
            e[k] = (0..=k).map(|i| v[i] * r(k - i)).sum();
            if let Variable::Normal(z) = variable {
                e[k] -= half * z * p[k];
                if k > 0 {
                    e[k] -= half * half * p[k - 1];
                }
            }
            let right = convolution(&v, &e, k);
            let known: f64 = (1..=k).map(|j| p[j] * (k + 1 - j) as f64 * v[k + 1 - j]).sum();
            v[k + 1] = (right - known) / ((k + 1) as f64 * p[0]);
            c[k + 2] = v[k + 1] / (k + 2) as f64;
        }
        Series { taylor: c.map(|c| c * x) }
    }

    /// The value at t, which may lie somewhat outside [−1, 1].
    pub fn at(&self, t: f64) -> f64 {
        self.taylor.iter().rev().fold(0.0, |sum, c| sum * t + c)
    }

    /// The series of 1 − κx instead, the distance from the far end, where `point` is the point it was made around.
    pub fn reversed(&self, point: TailPoint) -> Self {
        let mut taylor = self.taylor.map(|c| -c);
        taylor[0] = point.co_x;
        Series { taylor }
    }

    /// The polynomial of degree 7 that interpolates the series at the Chebyshev–Lobatto points of [−1, 1].
    pub fn shortened(&self) -> Piece {
        let mut c = self.taylor;
        for k in (KEPT..COMPUTED).rev() {
            // t⁸ = 2.25 t⁶ − 1.625 t⁴ + 0.390625 t² − 0.015625 at those points: the zeros of (t² − 1) U₆(t).
            let top = c[k];
            c[k - 2] += 2.25 * top;
            c[k - 4] -= 1.625 * top;
            c[k - 6] += 0.390_625 * top;
            c[k - 8] -= 0.015_625 * top;
        }
        std::array::from_fn(|k| c[k])
    }

    /// A bound of what `shortened` leaves out, over the smaller end value (and over the smaller distance to 1/κ).
    ///
    /// The node polynomial stays below 2⁻⁶ on [−1, 1] and its multiples for higher powers grow by less than 2 a power.
    pub fn error_bound(&self, kappa: f64) -> f64 {
        let mut factor = 1.0 / 64.0;
        let mut error = 0.0;
        for c in &self.taylor[KEPT..] {
            error += c.abs() * factor;
            factor *= 2.0;
        }
        error += self.taylor[COMPUTED - 1].abs();
        let (left, right) = (self.at(-1.0), self.at(1.0));
        let smaller = left.min(right);
        // Distance to the far end counts too, until it is lost in the rounding of the value.
        let far = if kappa > 0.0 { (1.0 / kappa - left.max(right)).max(FAR_FLOOR) } else { smaller };
        let bound = error / smaller.min(far);
        if bound.is_finite() && smaller > 0.0 { bound } else { f64::INFINITY }
    }
}

/// Coefficient k of the product of two series.
fn convolution(a: &[f64; COMPUTED], b: &[f64; COMPUTED], k: usize) -> f64 {
    (0..=k).map(|i| a[i] * b[k - i]).sum()
}
