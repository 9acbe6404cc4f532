//! Figures with their sampling error, computed from exact integer tallies.
//!
//! In: counts, histograms and fixed-point sums. Out: estimates with standard errors and 95%
//! intervals. Nothing here is approximated by a normal near 0 or 1: proportions use Wilson's score
//! interval, percentiles the binomial distribution of order statistics.

mod combination;
mod conditional;
mod difference;
mod inputs;
mod mean;
mod percentile;
mod proportion;
mod rank_correlation;
mod replicates;
mod variance_share;

pub use combination::combination;
pub use conditional::{Conditional, conditional_difference};
pub use difference::{mean_of_differences, paired_difference};
pub use inputs::{INPUTS_LEVEL, OverWorlds, over_worlds, sampling_noise};
pub use mean::{Mean, Moments};
pub use percentile::{Rank, percentile_rank, rank_interval};
pub use proportion::{Figure, proportion};
pub use rank_correlation::{rank_correlation, ranks};
pub use replicates::{Part, Replicates};
pub use variance_share::{first_order_in_bins, first_order_share, total_share};

/// Two-sided confidence level of every sampling interval.
pub const CONFIDENCE: f64 = 0.95;

/// The standard normal quantile of `(1 + CONFIDENCE) / 2`.
pub const Z: f64 = 1.959_963_984_540_054;
