//! Exact answers without sampling, for scenarios that are small enough.
//!
//! In: the rules of a case and its probabilities, said again in code. Out: the distribution of what
//! becomes of it. Tests hold the simulator to these answers, so this module shares nothing with it
//! but the distribution functions in `distribution::cdf`, `math` and `time`: a mistake would have to
//! be made twice, in two different ways, to go unseen.
//!
//! | file | exact by | for |
//! |---|---|---|
//! | `finite` | enumerating every outcome with its probability | risks, gates, back-outs, branches |
//! | `life` | a recursion over windows, written from MODEL's words | one release by itself |
//! | `gate` | the same with true and observed criteria | right and wrong Go and No-Go |
//! | `network` | a forward pass to the least fixed point | links, lags, units that are known |
//! | `days` | counting one day after another | working days, windows |
//! | `grid` | convolution on a grid, with bounds on either side | sums and maxima of durations |
//! | `counts` | closed forms | Poisson processes whose rate is known or gamma |
//! | `normal` | one-dimensional quadrature | the Gaussian copula of two draws, shared drivers |

mod counts;
mod days;
mod finite;
mod gate;
mod grid;
mod life;
mod network;
mod normal;

pub use counts::{GammaRate, Moments2, compound_poisson};
pub use days::{first_on_or_after, working_day_finish};
pub use finite::Finite;
pub use gate::{Decided, Gated, Passage, Seen};
pub use grid::Grid;
pub use life::{Consent, GateRisk, Life, Reversal};
pub use network::{Link, LinkKind, Task, Times, forward_pass};
pub use normal::{all_three_with_half, both, integrate, one_factor, rank_to_latent, threshold};

/// `p` with its odds multiplied by `factor`: odds o = p / (1 − p), and p' = f·o / (1 + f·o).
pub fn odds_scaled(p: f64, factor: f64) -> f64 {
    if p >= 1.0 {
        return 1.0;
    }
    let odds = factor * p / (1.0 - p);
    odds / (1.0 + odds)
}
