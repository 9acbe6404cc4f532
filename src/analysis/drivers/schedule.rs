//! When activities start and finish, as ranges of days and dates: what a Gantt chart of a simulated plan shows.
//!
//! In: days of the iterations that were told. Out: order statistics with their sampling intervals. An activity that
//! happens in some iterations only has its range over these; how often that is stands beside it.

use jiff::civil::Date;
use serde::Serialize;

use crate::analysis::outlook::DayPercentile;
use crate::estimate::{Figure, rank_interval};
use crate::register::Register;

/// The days of a plan that is simulated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Schedule {
    /// Day 0; `null` in a scenario without dates.
    pub day_zero: Option<Date>,
    /// The plan's date of the release asked about; `null` where a finish is asked about.
    pub target: Option<Date>,
    /// Open windows of that release, in order.
    pub windows: Vec<Date>,
    /// When what was asked about is ready or finished.
    pub ready: DayRange,
}

/// When an activity starts and finishes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActivityDays {
    /// Share of iterations in which it happens.
    pub p_happens: Figure,
    /// Its start where it happens; `null` where it never does.
    pub start: Option<DayRange>,
    /// Its finish where it happens; `null` where it never does.
    pub finish: Option<DayRange>,
}

/// Percentiles of a day, in days since day 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayRange {
    /// One in ten iterations is at or before it.
    pub p10: DayPercentile,
    /// The median.
    pub p50: DayPercentile,
    /// Nine in ten iterations are at or before it.
    pub p90: DayPercentile,
}

impl DayRange {
    /// The range of some days; `None` of none.
    pub(super) fn of(mut days: Vec<f64>) -> Option<Self> {
        if days.is_empty() {
            return None;
        }
        days.sort_by(f64::total_cmp);
        let n = days.len() as u64;
        let at = |rank: u64| usize::try_from(rank).ok().and_then(|rank| days.get(rank.checked_sub(1)?)).copied();
        let percentile = |q: f64| {
            let rank = rank_interval(n, q);
            DayPercentile { days: at(rank.at), interval: [at(rank.low), at(rank.high)], inputs_interval: None }
        };
        Some(Self { p10: percentile(0.1), p50: percentile(0.5), p90: percentile(0.9) })
    }
}

/// The date of a whole or part day, in a scenario with dates.
pub(super) fn date(register: &Register, day: i32) -> Option<Date> {
    register.dates?.zero.date(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_order_statistics_with_intervals_around_them() {
        let range = DayRange::of((1..=100).rev().map(f64::from).collect()).unwrap();
        let days = [&range.p10, &range.p50, &range.p90].map(|p| p.days);
        assert_eq!(days, [Some(10.0), Some(50.0), Some(90.0)]);
        // Binomial(100, ½): P(B < 40) = 1.8% and P(B ≥ 61) = 1.8%, the outermost ranks within 2.5% each.
        assert_eq!(range.p50.interval, [Some(40.0), Some(61.0)]);
        // Of one day nothing bounds the percentiles.
        let one = DayRange::of(vec![3.5]).unwrap();
        assert_eq!((one.p90.days, one.p90.interval), (Some(3.5), [None, None]));
        assert_eq!(DayRange::of(Vec::new()), None);
    }
}
