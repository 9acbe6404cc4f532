//! How the iterations of a run are placed: at random, or spread evenly in replicates.

use clap::{Args, ValueEnum};

use super::Failure;
use super::effort::ITERATIONS;
use crate::program::Program;
use crate::random::{PointSet, Sampler};
use crate::simulate::by_importance;

/// Replicates unless said otherwise: t with 15 degrees of freedom is 9% wider than a known error would be.
const REPLICATES: u32 = 16;

/// The sampler and its replicates.
#[derive(Debug, Clone, Args)]
pub(super) struct Sampling {
    /// How the draws of a run are placed; sobol and lhs spread them evenly and take their errors from replicates
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Name::Random)]
    sampler: Name,
    /// Independent replicates of sobol or lhs, which the iterations are divided into; 16 unless given
    #[arg(long, value_name = "R", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(8..=1024))]
    replicates: Option<u32>,
}

/// Names of samplers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// A simple random sample
    Random,
    /// Scrambled points of Sobol's sequence: a power of two in each replicate
    Sobol,
    /// Latin hypercube
    Lhs,
}

impl Sampling {
    /// The points of a run; `None` of a random sample. Unless a number of iterations is asked for, it is the greatest of at
    /// most the default that can be spread.
    pub(super) fn points(&self, iterations: Option<u64>) -> Result<Option<PointSet>, Failure> {
        let sampler = match self.sampler {
            Name::Random if self.replicates.is_some() => {
                return Err(Failure::Usage("--replicates goes with --sampler sobol or lhs".to_owned()));
            }
            Name::Random => return Ok(None),
            Name::Sobol => Sampler::Sobol,
            Name::Lhs => Sampler::Lhs,
        };
        let replicates = self.replicates.unwrap_or(REPLICATES);
        let points = match (PointSet::new(sampler, iterations.unwrap_or(ITERATIONS), replicates), iterations) {
            (Err(uneven), None) => PointSet::new(sampler, uneven.below.unwrap_or(ITERATIONS), replicates),
            (points, _) => points,
        };
        points.map(Some).map_err(|uneven| Failure::Usage(uneven.to_string()))
    }

    /// Options that change the results, by name, for the manifest.
    pub(super) fn said(points: Option<&PointSet>) -> Vec<(String, serde_json::Value)> {
        let Some(points) = points else { return Vec::new() };
        vec![
            ("sampler".to_owned(), points.sampler().name().into()),
            ("replicates".to_owned(), points.replicates().into()),
        ]
    }
}

/// A program drawn from points, its variables in order of their importance.
pub(super) fn spread(program: &Program, points: &PointSet) -> Program {
    program.clone().spread(points, &by_importance(program))
}
