//! What a figure of the outlook is estimated from: tallies, and the error that goes with how they came about.
//!
//! In: the tally of a run, and those of its replicates where its points were spread evenly in replicates. Out: shares,
//! means and ranks of percentiles. Of a random sample they have binomial errors (`estimate::proportion`, `Moments::mean`,
//! `rank_interval`), of replicates those of [`Replicates`].

use crate::estimate::{Figure, Mean, Moments, Part, Rank, Replicates, percentile_rank, proportion, rank_interval};
use crate::simulate::{Histogram, Tally};

/// The tallies of one plan.
pub(super) struct Evidence<'a> {
    /// All iterations.
    pub(super) whole: &'a Tally,
    /// Replicate by replicate; none of a random sample.
    parts: &'a [Tally],
    replicates: Option<Replicates>,
}

impl<'a> Evidence<'a> {
    /// Of a random sample.
    pub(super) fn of_random(whole: &'a Tally) -> Self {
        Self { whole, parts: &[], replicates: None }
    }

    /// Of replicates, at least two.
    pub(super) fn of_replicates(whole: &'a Tally, parts: &'a [Tally]) -> Self {
        Self { whole, parts, replicates: Some(Replicates::new(parts.len())) }
    }

    fn parts(&self, of: impl Fn(&Tally) -> Part) -> Vec<Part> {
        self.parts.iter().map(of).collect()
    }

    /// The share of iterations that are counted.
    pub(super) fn share(&self, count: impl Fn(&Tally) -> u64) -> Figure {
        match &self.replicates {
            None => proportion(count(self.whole), self.whole.iterations),
            Some(replicates) => replicates.share(&self.parts(|t| (count(t) as f64, t.iterations))),
        }
    }

    /// A mean over the iterations that were added to it; `None` where none was.
    pub(super) fn mean(&self, of: impl Fn(&Tally) -> &Moments) -> Option<Mean> {
        let random = of(self.whole).mean()?;
        let Some(replicates) = &self.replicates else {
            return Some(random);
        };
        Some(replicates.mean(&self.parts(|t| (of(t).sum(), of(t).count())), random))
    }

    /// The ranks of a percentile among as many as `of` says, from counts of ordered classes; what is in none is later.
    pub(super) fn rank_in_counts(&self, q: f64, of: impl Fn(&Tally) -> (Vec<u64>, u64)) -> Rank {
        let (counts, n) = of(self.whole);
        let Some(replicates) = &self.replicates else {
            return rank_interval(n, q);
        };
        let at = percentile_rank(n, q);
        let mut so_far = 0;
        let class = counts.iter().position(|count| {
            so_far += count;
            so_far >= at
        });
        let class = class.unwrap_or(counts.len());
        let up_to = |classes: usize| {
            self.parts(|t| {
                let (counts, n) = of(t);
                // Beyond the last class lies what is in none.
                let sum = if classes > counts.len() { n } else { counts[..classes].iter().sum() };
                (sum as f64, n)
            })
        };
        replicates.percentile(q, &up_to(class), &up_to(class + 1))
    }

    /// The ranks of a percentile of a histogram; `None` where there is none, or nothing in it.
    pub(super) fn rank_in_histogram(&self, q: f64, of: impl Fn(&Tally) -> Option<&Histogram>) -> Option<Rank> {
        let histogram = of(self.whole)?;
        let n = histogram.count();
        let Some(replicates) = &self.replicates else {
            return Some(rank_interval(n, q));
        };
        let around: Vec<([u64; 2], u64)> = match histogram.order_statistic(percentile_rank(n, q)) {
            Some(value) => {
                self.parts.iter().filter_map(|t| Some((of(t)?.around(&[value])[0], of(t)?.count()))).collect()
            }
            // Never: up to it, all.
            None => {
                let parts = self.parts.iter().filter_map(&of);
                parts.map(|h| ([h.count() - h.never(), h.count()], h.count())).collect()
            }
        };
        let side = |side: usize| -> Vec<Part> { around.iter().map(|(counts, n)| (counts[side] as f64, *n)).collect() };
        Some(replicates.percentile(q, &side(0), &side(1)))
    }

    /// The shares up to some ranks, in order, each with its value.
    pub(super) fn curve(&self, points: &[(u64, f64)], of: impl Fn(&Tally) -> &Histogram) -> Vec<Figure> {
        let n = of(self.whole).count();
        let Some(replicates) = &self.replicates else {
            return points.iter().map(|(rank, _)| proportion(*rank, n)).collect();
        };
        let values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
        let around: Vec<Vec<[u64; 2]>> = self.parts.iter().map(|t| of(t).around(&values)).collect();
        let counts = |k: usize| -> Vec<Part> {
            self.parts.iter().zip(&around).map(|(t, around)| (around[k][1] as f64, of(t).count())).collect()
        };
        let share =
            |(k, (rank, _)): (usize, &(u64, f64))| replicates.share_estimated(*rank as f64 / n as f64, &counts(k));
        points.iter().enumerate().map(share).collect()
    }
}
