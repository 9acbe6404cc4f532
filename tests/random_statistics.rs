//! Do addressed draws behave as independent uniform ones, along every direction of the address?
//!
//! A walk is an order of visiting addresses, written as a function from 0, 1, 2, … to 64 bits:
//! along iterations, across variables, across occasions, along the words of one generator. A check
//! takes a walk and gives a p-value, two-sided, from the distribution of its statistic under
//! independence. Seeds are fixed, so the p-values are too; the least that passes, [`LEAST_P`], is
//! what chance alone undercuts once in 240,000.
//!
//! Each check is shown to see: a walk with a planted fault has to fail it. The faults are the ones
//! that counter generators have had, and are kept small where the check is meant to be sharp.

use golive::random::Stream;
use rand::Rng;

/// Two-sided probability of |z| > 4.6 for a standard normal z.
const LEAST_P: f64 = 4.2e-6;

const DRAWS: u64 = 1 << 20;
const VARIABLES: u64 = 64;
const OCCASIONS: u64 = 32;

type Walk = Box<dyn Fn(u64) -> u64>;

fn one_variable() -> Stream {
    Stream::new(2021, "risks.R07.impact")
}

/// The walks on which every check must pass, each also with its bits in reverse order, because the
/// checks look at the upper bits most.
fn healthy_walks() -> Vec<(&'static str, Walk)> {
    let stream = one_variable();
    let variables: Vec<Stream> =
        (0..VARIABLES).map(|number| Stream::new(2021, &format!("risks.R{number:02}.impact"))).collect();
    let seeds: Vec<Stream> = (0..VARIABLES).map(|seed| Stream::new(seed, "risks.R07.impact")).collect();
    let interleaved =
        |streams: Vec<Stream>| -> Walk { Box::new(move |n| streams[(n % VARIABLES) as usize].bits(n / VARIABLES)) };

    let walks: Vec<(&'static str, Walk)> = vec![
        ("iterations", Box::new(move |n| stream.bits(n))),
        ("iterations, far out", Box::new(move |n| stream.bits(n + (1 << 40)))),
        ("variables, then iterations", interleaved(variables)),
        ("seeds, then iterations", interleaved(seeds)),
        ("occasions, then iterations", Box::new(move |n| stream.at(n % OCCASIONS).bits(n / OCCASIONS))),
        ("occasions", Box::new(move |n| stream.at(n).bits(0))),
        ("generators, four words each", Box::new(move |n| nth_word(stream, n / 4, n % 4))),
    ];
    let mut both = Vec::new();
    for (name, walk) in walks {
        let walk = std::rc::Rc::new(walk);
        let same = walk.clone();
        both.push((name, Box::new(move |n| same(n)) as Walk));
        both.push((name, Box::new(move |n| walk(n).reverse_bits()) as Walk));
    }
    both
}

fn nth_word(stream: Stream, iteration: u64, position: u64) -> u64 {
    let mut rng = stream.rng(iteration);
    for _ in 0..position {
        rng.next_u64();
    }
    rng.next_u64()
}

fn passes_on_every_healthy_walk(check: fn(&Walk) -> f64) {
    for (number, (name, walk)) in healthy_walks().iter().enumerate() {
        let p = check(walk);
        let order = if number % 2 == 0 { "as drawn" } else { "reversed" };
        assert!(p > LEAST_P, "{name}, bits {order}: p = {p:e}");
    }
}

fn fails(check: fn(&Walk) -> f64, fault: impl Fn(u64) -> u64 + 'static) {
    let walk: Walk = Box::new(fault);
    let p = check(&walk);
    assert!(p < LEAST_P, "the planted fault passed: p = {p:e}");
}

// --- Faults ------------------------------------------------------------------------------------

/// A counter with no mixing: evenly spread, far too evenly.
fn counter_unmixed(n: u64) -> u64 {
    n.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A congruential generator of full period, jumped to its n-th term: fair upper bits on a lattice.
fn congruential(n: u64) -> u64 {
    let (mut multiplier, mut increment) = (0xD134_2543_DE82_EF95_u64, 1_u64);
    let (mut state, mut left) = (0x1234_5678_9ABC_DEF1_u64, n);
    while left > 0 {
        if left & 1 == 1 {
            state = state.wrapping_mul(multiplier).wrapping_add(increment);
        }
        increment = increment.wrapping_mul(multiplier.wrapping_add(1));
        multiplier = multiplier.wrapping_mul(multiplier);
        left >>= 1;
    }
    state
}

/// One draw in `every` repeats an earlier one, `lag` before, which must not be such a draw itself.
fn with_repeats(every: u64, lag: u64) -> impl Fn(u64) -> u64 {
    let stream = one_variable();
    move |n| match n % every {
        0 => stream.bits(n.saturating_sub(lag)),
        _ => stream.bits(n),
    }
}

/// Streams of variables that are one sequence, each a step further along than the one before.
fn shifted_copies(n: u64) -> u64 {
    one_variable().bits(n / VARIABLES + n % VARIABLES)
}

// --- From statistics to p-values ---------------------------------------------------------------

/// Two-sided, of a standard normal.
fn p_of_normal(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// Two-sided, of χ² with many degrees of freedom: its cube root is nearly normal (E. B. Wilson and
/// M. M. Hilferty, 1931). Too even a spread is a fault as much as too uneven a one.
fn p_of_chi_square(chi_square: f64, degrees: f64) -> f64 {
    let spread = 2.0 / (9.0 * degrees);
    p_of_normal((libm::cbrt(chi_square / degrees) - (1.0 - spread)) / spread.sqrt())
}

/// Two-sided, of a Poisson count, by summing its probabilities.
fn p_of_poisson(count: u64, mean: f64) -> f64 {
    let mut probability = libm::exp(-mean);
    let (mut at_most, mut below) = (probability, 0.0);
    for k in 1..=count {
        below = at_most;
        probability *= mean / k as f64;
        at_most += probability;
    }
    (2.0 * at_most.min(1.0 - below)).min(1.0)
}

/// The least of several p-values, times their number: still a p-value (Bonferroni).
fn p_of_worst(ps: &[f64]) -> f64 {
    let worst = ps.iter().copied().fold(1.0, f64::min);
    (worst * ps.len() as f64).min(1.0)
}

fn uniform(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
}

// --- Equidistribution --------------------------------------------------------------------------

/// χ² over 1024 equal cells, and over 32 × 32 cells of successive pairs that do not overlap.
fn equidistribution(walk: &Walk) -> f64 {
    let chi_square = |cells: &[u32], draws: f64| -> f64 {
        let expected = draws / 1024.0;
        cells.iter().map(|&count| squared(f64::from(count) - expected) / expected).sum()
    };
    let (mut singles, mut pairs) = ([0_u32; 1024], [0_u32; 1024]);
    for n in (0..DRAWS).step_by(2) {
        let (first, second) = (walk(n), walk(n + 1));
        singles[(first >> 54) as usize] += 1;
        singles[(second >> 54) as usize] += 1;
        pairs[((first >> 59) << 5 | second >> 59) as usize] += 1;
    }
    p_of_worst(&[
        p_of_chi_square(chi_square(&singles, DRAWS as f64), 1023.0),
        p_of_chi_square(chi_square(&pairs, DRAWS as f64 / 2.0), 1023.0),
    ])
}

#[test]
fn draws_are_spread_evenly() {
    passes_on_every_healthy_walk(equidistribution);
}

#[test]
fn a_spread_too_even_or_too_uneven_is_noticed() {
    fails(equidistribution, counter_unmixed);
    // The upper half of (0, 1) gets one draw in a hundred more than its due.
    fails(equidistribution, |n| {
        let bits = one_variable().bits(n);
        if n % 100 == 0 { bits | 1 << 63 } else { bits }
    });
}

// --- Serial correlation ------------------------------------------------------------------------

/// Correlation of draws `lag` apart. 2u − 1 has mean 0 and variance 1/3, so that a sum of n
/// products of pairs has mean 0 and variance n/9 exactly, whether or not pairs share a draw.
fn correlation_at(walk: &Walk, lag: u64) -> f64 {
    let centred = |n: u64| 2.0 * uniform(walk(n)) - 1.0;
    let sum: f64 = (0..DRAWS / 2).map(|n| centred(n) * centred(n + lag)).sum();
    p_of_normal(3.0 * sum / ((DRAWS / 2) as f64).sqrt())
}

/// Lags that are neighbours on every walk: the next draw, the next variable or occasion of the same
/// iteration, the same one of the next iteration, and those beside it.
fn serial_correlation(walk: &Walk) -> f64 {
    let lags = [1, 2, 3, OCCASIONS - 1, OCCASIONS, OCCASIONS + 1];
    let far = [VARIABLES - 1, VARIABLES, VARIABLES + 1];
    let ps: Vec<f64> = lags.into_iter().chain(far).map(|lag| correlation_at(walk, lag)).collect();
    p_of_worst(&ps)
}

#[test]
fn draws_are_uncorrelated_along_iterations_and_across_variables_and_occasions() {
    passes_on_every_healthy_walk(serial_correlation);
}

#[test]
fn correlation_along_iterations_across_variables_or_across_occasions_is_noticed() {
    fails(serial_correlation, counter_unmixed);
    fails(serial_correlation, with_repeats(100, 1));
    fails(serial_correlation, shifted_copies);
    // An occasion that does not enter the key.
    fails(serial_correlation, |n| one_variable().bits(n / OCCASIONS));
    // Every second variable antithetic to the one before.
    fails(serial_correlation, |n| {
        let bits = one_variable().bits(n / 2);
        if n % 2 == 0 { bits } else { !bits }
    });
}

// --- Bits: balance and avalanche ---------------------------------------------------------------

/// How often each of the 64 bits is set, as χ²: a count of n fair bits has variance n/4.
fn chi_square_of_bits(counts: &[u32; 64], n: f64) -> f64 {
    counts.iter().map(|&count| squared(f64::from(count) - n / 2.0) / (n / 4.0)).sum()
}

fn count_bits(counts: &mut [u32; 64], bits: u64) {
    for (position, count) in counts.iter_mut().enumerate() {
        *count += (bits >> position & 1) as u32;
    }
}

/// Each bit is set half the time, and differs from the same bit of the next draw half the time.
fn bit_balance(walk: &Walk) -> f64 {
    let (mut set, mut changed) = ([0; 64], [0; 64]);
    for n in (0..DRAWS).step_by(2) {
        let (first, second) = (walk(n), walk(n + 1));
        count_bits(&mut set, first);
        count_bits(&mut changed, first ^ second);
    }
    let n = DRAWS as f64 / 2.0;
    p_of_worst(&[
        p_of_chi_square(chi_square_of_bits(&set, n), 64.0),
        p_of_chi_square(chi_square_of_bits(&changed, n), 64.0),
    ])
}

#[test]
fn every_bit_is_fair() {
    passes_on_every_healthy_walk(bit_balance);
}

#[test]
fn an_unfair_bit_is_noticed() {
    // Bit 0 alternates: set exactly half the time, which no fair bit is, and changed every time.
    fails(bit_balance, congruential);
    fails(bit_balance, |n| {
        let bits = one_variable().bits(n);
        if n % 50 < 2 { bits | 1 << 17 } else { bits }
    });
}

/// Flip each of the 64 bits of an input: each of the 64 bits of the output must flip half the time.
/// Inputs are multiples of a large odd number, so that no pair is met twice.
fn avalanche(function: &Walk) -> f64 {
    const INPUTS: u64 = 4096;
    let chi_square: f64 = (0..64)
        .map(|flipped| {
            let mut counts = [0; 64];
            for n in 0..INPUTS {
                let input = n.wrapping_mul(0xD134_2543_DE82_EF95);
                count_bits(&mut counts, function(input) ^ function(input ^ 1 << flipped));
            }
            chi_square_of_bits(&counts, INPUTS as f64)
        })
        .sum();
    p_of_chi_square(chi_square, 64.0 * 64.0)
}

#[test]
fn every_bit_of_an_address_moves_every_bit_of_the_draw() {
    let functions: [(&str, Walk); 4] = [
        ("iteration", Box::new(|input| one_variable().bits(input))),
        ("occasion", Box::new(|input| one_variable().at(input).bits(5))),
        ("seed", Box::new(|input| Stream::new(input, "risks.R07.impact").bits(5))),
        ("generator", Box::new(|input| nth_word(one_variable(), input, 1))),
    ];
    for (name, function) in &functions {
        let p = avalanche(function);
        assert!(p > LEAST_P, "{name}: p = {p:e}");
    }
}

#[test]
fn a_mixer_of_one_round_is_noticed() {
    fails(avalanche, |input| {
        let x = (input ^ input >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x ^ x >> 27
    });
    fails(avalanche, counter_unmixed);
}

// --- Birthday spacings and collisions ----------------------------------------------------------

/// G. Marsaglia's birthday spacings: of 2¹⁶ birthdays in a year of 2⁴⁰ days, how many spacings
/// between neighbours occur again is Poisson with mean n³ / 4k = 64 (P. L'Ecuyer and R. Simard,
/// "On the performance of birthday spacings tests", 2001, who ask for n ≤ k^(5/12)).
fn birthday_spacings(walk: &Walk) -> f64 {
    let mut birthdays: Vec<u64> = (0..1 << 16).map(|n| walk(n) >> 24).collect();
    birthdays.sort_unstable();
    let mut spacings: Vec<u64> = birthdays.windows(2).map(|pair| pair[1] - pair[0]).collect();
    spacings.sort_unstable();
    let repeated = spacings.windows(2).filter(|pair| pair[0] == pair[1]).count();
    p_of_poisson(repeated as u64, 64.0)
}

#[test]
fn spacings_repeat_as_often_as_by_chance() {
    passes_on_every_healthy_walk(birthday_spacings);
}

#[test]
fn a_lattice_or_repeated_draws_are_noticed_by_their_spacings() {
    fails(birthday_spacings, counter_unmixed);
    fails(birthday_spacings, with_repeats(100, 7));
    fails(birthday_spacings, shifted_copies);
}

/// Draws thrown into 2²⁴ urns by their upper bits, against the exact mean and variance of the
/// number of urns left empty: k·q₁ and k(k − 1)·q₂ + k·q₁ − k²·q₁², where q₁ = (1 − 1/k)ⁿ and
/// q₂ = (1 − 2/k)ⁿ.
fn collisions(walk: &Walk) -> f64 {
    const URNS: usize = 1 << 24;
    let mut taken = vec![0_u64; URNS / 64];
    for n in 0..DRAWS {
        let urn = (walk(n) >> 40) as usize;
        taken[urn / 64] |= 1 << (urn % 64);
    }
    let taken: u32 = taken.iter().map(|word| word.count_ones()).sum();

    let (k, n) = (URNS as f64, DRAWS as f64);
    let q1 = libm::exp(n * libm::log1p(-1.0 / k));
    let q2 = libm::exp(n * libm::log1p(-2.0 / k));
    // k²(q₂ − q₁²) + k(q₁ − q₂), in an order that keeps the digits of the small difference.
    let ratio = libm::expm1(n * libm::log1p(-1.0 / squared(k - 1.0)));
    let variance = k * k * q1 * q1 * ratio + k * (q1 - q2);
    p_of_normal((k - f64::from(taken) - k * q1) / variance.sqrt())
}

#[test]
fn draws_collide_as_often_as_by_chance() {
    passes_on_every_healthy_walk(collisions);
}

#[test]
fn too_few_and_too_many_collisions_are_noticed() {
    fails(collisions, counter_unmixed);
    fails(collisions, with_repeats(100, 999));
}

// --- Gaussian pairs ----------------------------------------------------------------------------

/// Φ⁻¹ by P. J. Acklam's rational approximation (2003), relative error below 1.2 × 10⁻⁹.
fn normal_quantile(p: f64) -> f64 {
    let horner = |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    const A: [f64; 6] = [
        -3.969683028665376e1,
        2.209460984245205e2,
        -2.759285104469687e2,
        1.38357751867269e2,
        -3.066479806614716e1,
        2.506628277459239,
    ];
    const B: [f64; 6] = [
        -5.447609879822406e1,
        1.615858368580409e2,
        -1.556989798598866e2,
        6.680131188771972e1,
        -1.328068155288572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784894002430293e-3,
        -3.223964580411365e-1,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    ];
    const D: [f64; 5] = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1.0];
    let tail = p.min(1.0 - p);
    if tail < 0.02425 {
        let r = (-2.0 * libm::log(tail)).sqrt();
        let lower = horner(&C, r) / horner(&D, r);
        if p < 0.5 { lower } else { -lower }
    } else {
        let r = p - 0.5;
        r * horner(&A, r * r) / horner(&B, r * r)
    }
}

/// Products of neighbours xy, of variance 1, and of their squares (x² − 1)(y² − 1), of variance 4.
/// The second sees a dependence without correlation, as when extremes come together.
fn gaussian_pairs(walk: &Walk) -> f64 {
    let normal = |n: u64| normal_quantile(uniform(walk(n)));
    let (mut products, mut squares) = (0.0, 0.0);
    for n in (0..DRAWS).step_by(2) {
        let (x, y) = (normal(n), normal(n + 1));
        products += x * y;
        squares += (x * x - 1.0) * (y * y - 1.0);
    }
    let n = DRAWS as f64 / 2.0;
    p_of_worst(&[p_of_normal(products / n.sqrt()), p_of_normal(squares / (4.0 * n).sqrt())])
}

#[test]
fn normals_of_neighbouring_draws_are_uncorrelated_and_so_are_their_squares() {
    passes_on_every_healthy_walk(gaussian_pairs);
}

#[test]
fn normals_that_are_correlated_or_extreme_together_are_noticed() {
    fails(gaussian_pairs, with_repeats(51, 1));
    // The same size with a sign of its own, once in fifty pairs: uncorrelated, and dependent.
    fails(gaussian_pairs, |n| {
        let stream = one_variable();
        match n % 100 {
            1 if stream.at(1).bits(n) & 1 == 0 => stream.bits(n - 1),
            1 => !stream.bits(n - 1),
            _ => stream.bits(n),
        }
    });
}

fn squared(x: f64) -> f64 {
    x * x
}
