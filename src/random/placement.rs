//! How the numbers of many iterations are placed in (0, 1): at random, or spread evenly in replicates.
//!
//! In: a sampler, how many iterations, in how many replicates. Out: a [`PointSet`], by which [`Stream::placed`] gives a
//! variable its points. Replicate r holds the iterations from r·m up to (r + 1)·m, m a replicate's number of points; each
//! is spread in itself and independent of the others, so that what varies between them is the error of sampling.

use serde::Serialize;

use super::latin_hypercube::{Permutation, in_stratum};
use super::sobol::{self, Keys};
use super::stream::{self, Stream};

/// How points are placed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sampler {
    /// Each by itself: a simple random sample.
    #[default]
    Random,
    /// Scrambled points of Sobol's sequence.
    Sobol,
    /// One in each stratum of each variable.
    Lhs,
}

impl Sampler {
    /// The name that the command line and the manifest know it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Sampler::Random => "random",
            Sampler::Sobol => "sobol",
            Sampler::Lhs => "lhs",
        }
    }
}

/// Replicates of evenly spread points, for a number of iterations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointSet {
    sampler: Sampler,
    replicates: u32,
    points: u64,
}

/// A number of iterations that a sampler cannot spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnevenIterations {
    /// The sampler.
    pub sampler: Sampler,
    /// What was asked for.
    pub iterations: u64,
    /// Replicates.
    pub replicates: u32,
    /// The greatest number below that it can spread, if there is any.
    pub below: Option<u64>,
    /// The least above, if there is any.
    pub above: Option<u64>,
}

impl std::fmt::Display for UnevenIterations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { sampler, iterations, replicates, below, above } = self;
        let name = sampler.name();
        let needs = match sampler {
            Sampler::Sobol => format!("{replicates} replicates of a power of two points, at least 2 each"),
            _ => format!("{replicates} replicates of as many points, at least 2 each"),
        };
        let near: Vec<String> = [below, above].into_iter().flatten().map(|n| n.to_string()).collect();
        write!(
            f,
            "--sampler {name} takes {needs}, which {iterations} iterations are not; nearest: --iterations {}",
            near.join(" or ")
        )
    }
}

impl PointSet {
    /// Spreads iterations over replicates, at least one.
    ///
    /// # Errors
    /// If the sampler cannot.
    ///
    /// # Panics
    /// For [`Sampler::Random`], which has no replicates, and without any replicate.
    pub fn new(sampler: Sampler, iterations: u64, replicates: u32) -> Result<Self, UnevenIterations> {
        assert!(sampler != Sampler::Random && replicates > 0, "points in replicates");
        let each = iterations / u64::from(replicates);
        let most = 1 << sobol::DIGITS;
        let (below, above) = match sampler {
            Sampler::Sobol => {
                let floor = if each == 0 { 0 } else { 1 << each.ilog2() };
                (floor.min(most), (floor * 2).max(2))
            }
            _ => (each, (each + 1).max(2)),
        };
        let evenly = below >= 2 && below * u64::from(replicates) == iterations;
        if evenly {
            return Ok(Self { sampler, replicates, points: each });
        }
        let all = |points: u64| points * u64::from(replicates);
        let above = (sampler == Sampler::Lhs || above <= most).then(|| all(above));
        let below = (below >= 2).then(|| all(below));
        Err(UnevenIterations { sampler, iterations, replicates, below, above })
    }

    /// The sampler.
    pub fn sampler(&self) -> Sampler {
        self.sampler
    }

    /// Number of replicates.
    pub fn replicates(&self) -> u32 {
        self.replicates
    }

    /// Points of each replicate.
    pub fn points(&self) -> u64 {
        self.points
    }

    /// Number of variables that can be spread; further ones are drawn at random. `None`: all.
    pub fn dimensions(&self) -> Option<usize> {
        (self.sampler == Sampler::Sobol).then_some(sobol::DIMENSIONS)
    }

    /// How the variable in this place of the order of importance is drawn.
    pub(super) fn placement(&self, place: usize) -> Placement {
        match self.sampler {
            Sampler::Lhs => Placement::Strata { points: self.points },
            Sampler::Sobol if place < sobol::DIMENSIONS => {
                Placement::Net { dimension: place as u16, log2_points: self.points.trailing_zeros() as u8 }
            }
            Sampler::Sobol | Sampler::Random => Placement::Random,
        }
    }
}

/// How the numbers of one variable are placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placement {
    /// Each by itself.
    Random,
    /// In a dimension of Sobol's sequence.
    Net { dimension: u16, log2_points: u8 },
    /// One in each stratum.
    Strata { points: u64 },
}

/// What the points of one replicate of a variable come from.
#[expect(clippy::large_enum_variant, reason = "one at a time, on the stack, and nothing is allocated")]
enum Replicate {
    Net { dimension: u16, keys: Keys },
    Strata { permutation: Permutation, points: u64 },
}

impl Replicate {
    /// The replicate of an iteration, the number of its point in it, and how many points follow it there.
    fn of(stream: Stream, placement: Placement, iteration: u64) -> Option<(Self, u64, u64)> {
        let (points, replicate) = match placement {
            Placement::Random => return None,
            Placement::Net { dimension, log2_points } => {
                let replicate = iteration >> log2_points;
                (1 << log2_points, Self::Net { dimension, keys: Keys::of(stream.replicate(replicate)) })
            }
            Placement::Strata { points } => {
                let permutation = Permutation::new(points, stream.replicate(iteration / points));
                (points, Self::Strata { permutation, points })
            }
        };
        let number = iteration % points;
        Some((replicate, number, points - number))
    }

    fn uniform(&self, stream: Stream, iteration: u64, number: u64) -> f64 {
        match self {
            Self::Net { dimension, keys } => stream::unit_interval(sobol::digits(*dimension, *keys, number)),
            Self::Strata { permutation, points } => {
                let within = stream::unit_interval(stream.bits(iteration));
                in_stratum(permutation.of(number), within, *points)
            }
        }
    }
}

/// The uniform number of an iteration.
#[cold]
pub(super) fn uniform(stream: Stream, placement: Placement, iteration: u64) -> f64 {
    match Replicate::of(stream, placement, iteration) {
        Some((replicate, number, _)) => replicate.uniform(stream, iteration, number),
        None => stream::unit_interval(stream.bits(iteration)),
    }
}

/// The uniform numbers of consecutive iterations.
#[cold]
pub(super) fn fill(stream: Stream, placement: Placement, first: u64, out: &mut [f64]) {
    let mut at = 0;
    while at < out.len() {
        let iteration = first.wrapping_add(at as u64);
        let Some((replicate, number, left)) = Replicate::of(stream, placement, iteration) else { return };
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(out.len() - at);
        let part = &mut out[at..at + length];
        match &replicate {
            Replicate::Net { dimension, keys } => sobol::fill(*dimension, *keys, number, part),
            Replicate::Strata { permutation, .. } => {
                stream.fill_random(iteration, part);
                permutation.place_all(number, part);
            }
        }
        at += length;
    }
}

/// The uniform numbers of some iterations, in order.
#[cold]
pub(super) fn fill_at(stream: Stream, placement: Placement, first: u64, lanes: &[u16], out: &mut [f64]) {
    let iteration = |lane: u16| first.wrapping_add(u64::from(lane));
    let mut at = 0;
    while at < lanes.len() {
        let Some((replicate, number, left)) = Replicate::of(stream, placement, iteration(lanes[at])) else { return };
        // Where the present replicate begins, and the lanes that stand in it, one after another.
        let begin = iteration(lanes[at]) - number;
        let within = |lane: &&u16| (begin..begin + number + left).contains(&iteration(**lane));
        let length = lanes[at..].iter().take_while(within).count();
        let (lanes, out) = (&lanes[at..at + length], &mut out[at..at + length]);
        match &replicate {
            Replicate::Strata { permutation, .. } => {
                stream.fill_random_at(first, lanes, out);
                permutation.place_at(first.wrapping_sub(begin), lanes, out);
            }
            Replicate::Net { .. } => {
                for (lane, u) in lanes.iter().zip(out) {
                    *u = replicate.uniform(stream, iteration(*lane), iteration(*lane) - begin);
                }
            }
        }
        at += length;
    }
}

/// Where the uniform numbers of consecutive iterations lie below a probability.
#[cold]
pub(super) fn fill_below(stream: Stream, placement: Placement, first: u64, probability: &[f64], words: &mut [u64]) {
    // Eight words at a time: what a replicate comes from is made for each.
    let mut u = [0.0; 512];
    for ((k, probability), words) in (0..).zip(probability.chunks(512)).zip(words.chunks_mut(8)) {
        let u = &mut u[..probability.len()];
        fill(stream, placement, first.wrapping_add(512 * k), u);
        for ((u, probability), word) in u.chunks(64).zip(probability.chunks(64)).zip(words) {
            *word = (0..).zip(u.iter().zip(probability)).fold(0, |word, (bit, (u, p))| word | u64::from(u < p) << bit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(sampler: Sampler, iterations: u64, replicates: u32, place: usize) -> Stream {
        let points = PointSet::new(sampler, iterations, replicates).expect("an even number");
        Stream::new(11, "activities.build.duration").placed(&points, place)
    }

    #[test]
    fn numbers_of_iterations_that_do_not_fit_are_refused_with_the_nearest_that_do() {
        let of = |sampler, n| PointSet::new(sampler, n, 16);
        assert_eq!(of(Sampler::Sobol, 16 * 1024).map(|p| p.points()), Ok(1024));
        let refused = |sampler, n| of(sampler, n).map_err(|e| (e.below, e.above)).expect_err("refused");
        assert_eq!(refused(Sampler::Sobol, 150_000), (Some(131_072), Some(262_144)));
        assert_eq!(refused(Sampler::Sobol, 16 * 1023), (Some(16 * 512), Some(16 * 1024)));
        assert_eq!(refused(Sampler::Sobol, 16 * 1024 + 1), (Some(16 * 1024), Some(16 * 2048)));
        assert_eq!(refused(Sampler::Sobol, 5), (None, Some(32)));
        assert_eq!(refused(Sampler::Sobol, 16), (None, Some(32)));
        assert_eq!(refused(Sampler::Sobol, 1_000_000_000_000), (Some(16 << 32), None));
        assert_eq!(of(Sampler::Lhs, 150_000).map(|p| p.points()), Ok(9375));
        assert_eq!(refused(Sampler::Lhs, 150_001), (Some(150_000), Some(150_016)));
        assert_eq!(refused(Sampler::Lhs, 3), (None, Some(32)));
        let said = of(Sampler::Sobol, 150_000).expect_err("refused").to_string();
        assert!(said.contains("--iterations 131072 or 262144"), "{said}");
    }

    #[test]
    fn every_way_of_asking_gives_the_same_numbers() {
        for (sampler, n) in [(Sampler::Sobol, 4 * 64), (Sampler::Sobol, 4 * 2), (Sampler::Lhs, 4 * 75)] {
            let stream = placed(sampler, n, 4, 9);
            let one: Vec<f64> = (0..n).map(|t| stream.uniform(t)).collect();
            for (first, length) in [(0, n), (5, 70.min(n - 5)), (n - 7, 7), (3, 1)] {
                let (from, length) = (first as usize, length as usize);
                let mut out = vec![0.0; length];
                stream.fill_uniform(first, &mut out);
                assert_eq!(out, one[from..from + length], "{sampler:?} {first} {length}");
                let lanes: Vec<u16> = (0..length as u16).step_by(3).collect();
                let mut some = vec![0.0; lanes.len()];
                stream.fill_uniform_at(first, &lanes, &mut some);
                assert!(lanes.iter().zip(&some).all(|(lane, u)| *u == one[from + usize::from(*lane)]));
                let probability: Vec<f64> = (0..length).map(|i| (i % 10) as f64 / 10.0).collect();
                let mut words = vec![u64::MAX; length.div_ceil(64)];
                stream.fill_below(first, &probability, &mut words);
                let bit = |i: usize| words[i / 64] >> (i % 64) & 1 == 1;
                assert!((0..words.len() * 64).all(|i| bit(i) == (i < length && one[from + i] < probability[i])));
            }
        }
    }

    #[test]
    fn each_replicate_fills_every_interval_once_and_in_its_own_way() {
        for (sampler, points) in [(Sampler::Sobol, 128), (Sampler::Lhs, 75)] {
            for place in [0, 1, 40, 1110] {
                let stream = placed(sampler, 3 * points, 3, place);
                let cells = |r: u64| -> Vec<u64> {
                    (r * points..(r + 1) * points).map(|t| (stream.uniform(t) * points as f64) as u64).collect()
                };
                for r in 0..3 {
                    let mut sorted = cells(r);
                    sorted.sort_unstable();
                    assert_eq!(sorted, (0..points).collect::<Vec<_>>(), "{sampler:?} {place} {r}");
                }
                assert!(cells(0) != cells(1) && cells(1) != cells(2));
            }
        }
    }

    /// Over seeds, one point of one iteration is uniform: 20 cells, 20,000 seeds.
    #[test]
    fn every_point_is_uniform_over_seeds() {
        for sampler in [Sampler::Sobol, Sampler::Lhs] {
            let points = PointSet::new(sampler, 64, 4).expect("even");
            for t in [0, 1, 15, 16, 63] {
                let mut cells = [0u64; 20];
                for seed in 0..20_000 {
                    let u = Stream::new(seed, "x").placed(&points, 3).uniform(t);
                    cells[(u * 20.0) as usize] += 1;
                }
                for count in cells {
                    let z = (count as f64 - 1000.0) / (20_000.0_f64 * 0.05 * 0.95).sqrt();
                    assert!(z.abs() < 4.6, "{sampler:?} {t} {z}");
                }
            }
        }
    }

    /// The mean of n scrambled points of one dimension has variance 1/(12 n³), that of a draw in each interval.
    #[test]
    fn means_have_the_variance_of_a_draw_in_each_interval() {
        const RUNS: u64 = 4000;
        for (sampler, points) in [(Sampler::Sobol, 64), (Sampler::Lhs, 60)] {
            let set = PointSet::new(sampler, points, 1).expect("even");
            let squared = |place: Option<usize>| -> f64 {
                let of = |seed: u64| {
                    let stream = Stream::new(seed, "x");
                    let stream = place.map_or(stream, |place| stream.placed(&set, place));
                    let sum: f64 = (0..points).map(|t| stream.uniform(t) - 0.5).sum();
                    sum * sum
                };
                (0..RUNS).map(of).sum::<f64>() / (RUNS * points * points) as f64
            };
            let exact = 1.0 / (12 * points * points * points) as f64;
            // A square of a nearly normal mean has variance 2·exact².
            let z = |squared: f64| (squared / exact - 1.0) / (2.0 / RUNS as f64).sqrt();
            for place in [0, 5, 300] {
                assert!(z(squared(Some(place))).abs() < 4.6, "{sampler:?} {place}: {}", z(squared(Some(place))));
            }
            // Planted fault: random draws.
            assert!(z(squared(None)) > 4.6);
        }
    }

    #[test]
    fn beyond_the_table_and_on_occasions_draws_are_random() {
        let points = PointSet::new(Sampler::Sobol, 64, 4).expect("even");
        let stream = Stream::new(11, "activities.build.duration");
        assert_eq!(stream.placed(&points, sobol::DIMENSIONS), stream);
        assert_eq!(stream.placed(&points, 0).at(3), stream.at(3));
        assert_eq!(stream.placed(&points, 0).rng(3), stream.rng(3));
        assert_ne!(stream.placed(&points, 0).uniform(3), stream.uniform(3));
    }
}
