//! Every tolerance of the distribution tests, in one place, each with its reason.

/// Tail probabilities against high-precision references, per unit of 1 + |ln P|: the logarithm of the kernel is a sum
/// of rounded terms, so its absolute error grows with its size. The worst case is the complement of 0.98 at shape 0.01.
pub const TAIL_PROBABILITY: f64 = 1.5e-14;

/// Φ and Φ⁻¹: published accuracy of AS 241 is about 1 in 10¹⁶; a few roundings on top.
pub const NORMAL: f64 = 2e-15;

/// Φ⁻¹ as draws take it: the library's stated bound, relative to z; of a lognormal's value, where sd · |z| < 1.
pub const DRAWN_NORMAL: f64 = golive::math::DRAWN_NORMAL_ERROR;

/// Inverse of an inverse: the root's error times the elasticity of the tail probability is an error of the tail.
pub const INVERSE: f64 = 2e-14;

/// Tabulated quantiles, relative to the distance from the near end of the support: the library's stated bound.
pub const TABLE: f64 = golive::distribution::TABLE_ERROR;

/// What a value of size v may lose when its distance d from the end is looked at: v/d roundings.
pub const ROUNDINGS: f64 = 4.0 * f64::EPSILON;

/// cdf(quantile(u)) against u, relative to the smaller tail: the table's error times the elasticity of the tail, which
/// stays below 30 where the table's error is near its bound.
pub const ROUND_TRIP: f64 = 1e-9;

/// cdf near one is a double near one.
pub const ROUND_TRIP_ABSOLUTE: f64 = 4.0 * f64::EPSILON;

/// Integral of the density between neighbouring percentiles: 8-point Gauss–Legendre is exact to 10⁻¹² on intervals this
/// short; the ends carry the table's error.
pub const DENSITY_INTEGRAL: f64 = 1e-10;

/// Mean and variance by double-exponential quadrature of the quantile: the table's error, and the tiny jumps of its
/// derivative, which cost the quadrature its exponential convergence below this.
pub const MOMENT: f64 = 1e-9;

/// The same for quantiles with corners (triangular, empirical): the trapezium rule is of second order there, with a
/// step of 2⁻¹⁰.
pub const MOMENT_WITH_CORNERS: f64 = 1e-5;

/// Neighbouring doubles may come out in the wrong order by this many units in the last place of the numbers the value
/// is computed from: outside a table the exact inverse is good to 10⁻¹⁴, not to the last place.
pub const NEIGHBOURS_ULP: f64 = 64.0;

/// Kolmogorov–Smirnov: probability of refusing a right sampler. Seeds are fixed, so a failure is not chance.
pub const KS_ALPHA: f64 = 1e-9;
