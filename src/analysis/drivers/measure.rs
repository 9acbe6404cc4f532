//! What a plan is asked for, as a number of each iteration.
//!
//! | measure | number of an iteration | figure |
//! |---|---|---|
//! | `live` | deployed in the window of the plan's date: 0 or 1; without releases: finished by the target | probability |
//! | `stays` | … and that deployment kept | probability |
//! | `p80` | live later than the P80 date of the plain run: 0 or 1 | the P80 date itself, and that probability |
//! | `p80` without releases | finish in days (with pools of units, which may never come: as with releases) | P80 of the finish, and its mean |
//! | `incidents` | extra incidents of category 1 or 2 | mean number |
//! | `all` | every release of the plan live on its date and kept: 0 or 1 | probability |
//!
//! A percentile is no mean of numbers of iterations, so that shares of variance have to be those of something else.
//! Whether an iteration is later than the P80 date is what moves that date, and iterations that are not live by the
//! horizon count without a made-up date.

use jiff::civil::Date;
use serde::Serialize;

use crate::analysis::wording;
use crate::estimate::{Figure, Z, paired_difference, percentile_rank, proportion, rank_interval};
use crate::register::Register;
use crate::simulate::{Decision, Sampled};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// P(live on target).
    Live,
    /// P(and stays).
    Stays,
    /// The P80 date.
    P80,
    /// Extra incidents of category 1 or 2.
    Incidents,
    /// P(all releases of the plan live on their dates and stay).
    All,
}

impl Asked {
    /// What is asked of a release unless said otherwise.
    pub const ALL: [Self; 4] = [Self::Live, Self::Stays, Self::P80, Self::Incidents];

    /// Its name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Stays => "stays",
            Self::P80 => "p80",
            Self::Incidents => "incidents",
            Self::All => "all",
        }
    }
}

/// Whose dates are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A release of the plan, by index.
    Release(usize),
    /// A measure, by index, in a scenario without releases.
    Finish(usize),
}

/// The 80th percentile of a go-live date or of a finish.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Percentile80 {
    /// Days from day 0; `null` past the horizon.
    pub days: Option<f64>,
    /// Ends of its 95% sampling interval, in days.
    pub interval: [Option<f64>; 2],
    /// The date; `null` past the horizon, and in a scenario without dates.
    pub date: Option<Date>,
}

/// How the numbers of iterations make a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// 0 or 1: a probability.
    Probability,
    /// Counts.
    Number,
    /// Days.
    Days,
}

/// A measure of one plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// What is asked.
    pub asked: Asked,
    /// What the number of an iteration is, in words.
    pub title: String,
    /// How it makes a figure.
    pub scale: Scale,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// What is kept of each iteration.
    pub sampled: Sampled,
    /// Finish in days that counts as in time, for `live` without releases.
    target: Option<f64>,
    /// P80 in days of the plain run, once it is known.
    p80: Option<f64>,
    zero: Option<crate::time::DayZero>,
    is_release: bool,
}

impl Measure {
    /// A measure of a plan; `None` when the plan has none such.
    pub fn of(register: &Register, subject: &Subject, asked: Asked) -> Option<Self> {
        let zero = register.dates.map(|d| d.zero);
        let (id, is_release, target) = match subject {
            Subject::Release(r) => (&register.releases[*r].id, true, None),
            Subject::Finish(m) => (&register.measures[*m].id, false, register.measures[*m].target),
        };
        let (sampled, scale, more_is_better) = match (asked, is_release) {
            (Asked::Live, true) => (Sampled::Decision(Decision::LiveOnTarget(id.clone())), Scale::Probability, true),
            (Asked::Stays, true) => (Sampled::Decision(Decision::LiveAndStays(id.clone())), Scale::Probability, true),
            (Asked::P80, true) => (Sampled::GoLive(id.clone()), Scale::Probability, false),
            (Asked::Incidents, true) => (Sampled::Decision(Decision::SeriousIncidents), Scale::Number, false),
            (Asked::All, true) => (Sampled::Decision(Decision::AllLiveAndStay), Scale::Probability, true),
            (Asked::Live, false) if target.is_some() => (Sampled::Finish(id.clone()), Scale::Probability, true),
            // Only work that waits for units can take for ever.
            (Asked::P80, false) if register.pools.is_empty() => (Sampled::Finish(id.clone()), Scale::Days, false),
            (Asked::P80, false) => (Sampled::Finish(id.clone()), Scale::Probability, false),
            _ => return None,
        };
        let mut measure = Self {
            asked,
            title: String::new(),
            scale,
            more_is_better,
            sampled,
            target,
            p80: None,
            zero: if is_release { zero } else { None },
            is_release,
        };
        measure.title = measure.words(register, subject);
        Some(measure)
    }

    fn words(&self, register: &Register, subject: &Subject) -> String {
        match subject {
            Subject::Release(r) => {
                let release = &register.releases[*r];
                let (id, date) = (&release.id, wording::date(release.target));
                match self.asked {
                    Asked::Live => format!("P({id} live on {date})"),
                    Asked::Stays => format!("P({id} live on {date} and stays {} days)", register.stays_days),
                    Asked::P80 => format!("P80 go-live date of {id}"),
                    Asked::Incidents => "Extra incidents of category 1 or 2, mean number".to_owned(),
                    Asked::All => {
                        format!("P(all releases live on their dates and stay {} days)", register.stays_days)
                    }
                }
            }
            Subject::Finish(m) => {
                let title = &register.measures[*m].title;
                match (self.asked, self.target) {
                    (Asked::Live, Some(target)) => format!("P({title} within {} days)", wording::days(target)),
                    _ => format!("P80 of {title}, days"),
                }
            }
        }
    }

    /// Takes note of the P80 of the plain run.
    pub fn settle(&mut self, sample: &[f64]) {
        if self.asked == Asked::P80 {
            self.p80 = self.percentile(sample).days;
        }
    }

    /// The 80th percentile of what was sampled.
    pub fn percentile(&self, sample: &[f64]) -> Percentile80 {
        let mut sorted = sample.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let rank = rank_interval(sorted.len() as u64, 0.8);
        let at = |rank: u64| {
            let value = usize::try_from(rank).ok()?.checked_sub(1).and_then(|place| sorted.get(place))?;
            value.is_finite().then_some(*value)
        };
        let days = at(rank.at);
        // Below the first rank there is no bound; day 0 is one for dates.
        let low = if rank.low == 0 { Some(0.0) } else { at(rank.low) };
        let date = days.zip(self.zero).and_then(|(days, zero)| zero.date(days as i32));
        Percentile80 { days, interval: [low, at(rank.high)], date }
    }

    /// The numbers of iterations.
    pub fn numbers(&self, sample: &[f64]) -> Vec<f64> {
        let is = |holds: bool| if holds { 1.0 } else { 0.0 };
        let p80 = self.p80.unwrap_or(f64::INFINITY);
        match (self.asked, self.target, self.is_release) {
            (Asked::P80, ..) if self.scale == Scale::Probability => sample.iter().map(|day| is(*day > p80)).collect(),
            (Asked::Live, Some(target), false) => {
                sample.iter().map(|finish| is(*finish <= crate::time::latest_at(target))).collect()
            }
            _ => sample.to_vec(),
        }
    }

    /// What is bad about each iteration: 1 where it fails, or a count of bad things.
    pub fn bad(&self, sample: &[f64]) -> Vec<f64> {
        let numbers = self.numbers(sample);
        match self.scale {
            Scale::Probability if self.more_is_better => numbers.iter().map(|y| 1.0 - y).collect(),
            Scale::Probability | Scale::Number => numbers,
            Scale::Days => {
                let p80 = self.p80.unwrap_or(f64::INFINITY);
                sample.iter().map(|finish| if *finish > p80 { 1.0 } else { 0.0 }).collect()
            }
        }
    }

    /// Whether [`Measure::bad`] is 0 or 1.
    pub fn bad_is_binary(&self) -> bool {
        self.scale != Scale::Number
    }

    /// What is bad, in words.
    pub fn bad_words(&self) -> String {
        let late = |day: Option<f64>| match (day, self.zero) {
            (Some(day), Some(zero)) => {
                zero.date(day as i32).map_or_else(String::new, |date| format!(" {}", wording::date(date)))
            }
            (Some(day), None) => format!(" {} days", wording::days(day)),
            (None, _) => " the horizon".to_owned(),
        };
        match (self.asked, self.is_release) {
            (Asked::Live, true) => "P(not live on the plan's date)".to_owned(),
            (Asked::Stays, _) => "P(not live on the plan's date, or reversed)".to_owned(),
            (Asked::P80, true) => format!("P(live later than{}, the P80)", late(self.p80)),
            (Asked::P80, false) => format!("P(finished later than{}, the P80)", late(self.p80)),
            (Asked::Live, false) => format!("P(finished later than{})", late(self.target)),
            (Asked::All, _) => "P(not all live on their dates, or reversed)".to_owned(),
            (Asked::Incidents, _) => "mean number of extra incidents of category 1 or 2".to_owned(),
        }
    }

    /// The figure of a sample.
    pub fn figure(&self, numbers: &[f64]) -> Figure {
        figure(numbers, self.scale == Scale::Probability)
    }

    /// The figure of one sample less another's, iteration by iteration.
    pub fn difference(&self, a: &[f64], b: &[f64]) -> Figure {
        difference(a, b, self.scale == Scale::Probability)
    }
}

/// The mean of numbers of iterations, which are 0 and 1 if `binary`. Numbers that are infinite make it infinite.
pub fn figure(numbers: &[f64], binary: bool) -> Figure {
    let n = numbers.len() as u64;
    let sum: f64 = numbers.iter().sum();
    if binary {
        return proportion(sum as u64, n);
    }
    let squares: f64 = numbers.iter().map(|y| y * y).sum();
    paired_difference(sum, 0.0, squares, n, false)
}

/// The mean difference of paired numbers.
pub fn difference(a: &[f64], b: &[f64], binary: bool) -> Figure {
    let squares: f64 = a.iter().zip(b).filter(|(a, b)| a != b).map(|(a, b)| (a - b) * (a - b)).sum();
    paired_difference(a.iter().sum(), b.iter().sum(), squares, a.len() as u64, binary)
}

/// The difference of two P80s of finishes that have a density, with the standard error of pairs: a percentile moves by
/// (0.8 − 1{Y ≤ q}) / f(q) of each iteration (Bahadur 1966), the density f from the spacing of percentiles around it.
pub fn p80_difference(high: &[f64], low: &[f64]) -> Option<Figure> {
    let quantile = |sorted: &[f64], q: f64| sorted[percentile_rank(sorted.len() as u64, q) as usize - 1];
    let settled = |sample: &[f64]| -> Option<(f64, f64)> {
        const REACH: f64 = 0.02;
        let mut sorted = sample.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let spacing = quantile(&sorted, 0.8 + REACH) - quantile(&sorted, 0.8 - REACH);
        let q = quantile(&sorted, 0.8);
        (spacing.is_finite() && q.is_finite()).then_some((q, spacing / (2.0 * REACH)))
    };
    let ((q_high, per_high), (q_low, per_low)) = (settled(high)?, settled(low)?);
    let n = high.len() as f64;
    let influence = |y: f64, q: f64, per: f64| if y <= q { -0.2 * per } else { 0.8 * per };
    let square = |(h, l): (&f64, &f64)| {
        let d = influence(*h, q_high, per_high) - influence(*l, q_low, per_low);
        d * d
    };
    let error = (high.iter().zip(low).map(square).sum::<f64>() / n / n).sqrt();
    let estimate = q_high - q_low;
    Some(Figure::new(estimate, error, [estimate - Z * error, estimate + Z * error]))
}
