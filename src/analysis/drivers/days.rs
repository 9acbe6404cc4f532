//! What takes the days between the planned date and P80: risk by risk, activity by activity, wait by wait.
//!
//! Iterations around P80 are told ([`Program::tell`]), and the driving way of each is booked against the plan as planned
//! (`ways`).
//!
//! *Around P80* are the iterations whose go-live date is the P80 date; of a finish, which has no atoms, those between
//! P77.5 and P82.5, whose mean is what the parts add up to. Of either at most so many as are asked for, the first.
//!
//! Days are counted in steps of 2⁻²⁰ days; the means of the parts are rounded to steps so that they add up to the
//! rounded whole to the last bit (largest remainders).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::measure::Subject;
use super::ways::{Account, How, Planned, STEPS, steps};
use crate::estimate::percentile_rank;
use crate::program::Program;
use crate::register::Register;

/// What takes the days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Days {
    /// The planned date; `null` for a finish without dates.
    pub planned: Option<Date>,
    /// The day counted from: that of the planned date; of a finish, the finish as planned.
    pub from_day: f64,
    /// Day of the go-live, or finish, as planned: no risk, every number at its median.
    pub as_planned_day: f64,
    /// The P80 date; `null` for a finish without dates.
    pub p80: Option<Date>,
    /// Day of P80; of a finish, the mean of the iterations around it.
    pub to_day: f64,
    /// Days between: the sum of the parts.
    pub days: f64,
    /// Iterations told.
    pub iterations: u64,
    /// Iterations of the run that lie around P80.
    pub around: u64,
    /// The parts, longest first, those that count against the days last.
    pub parts: Vec<DaysPart>,
}

/// Days due to one thing, mean over the iterations told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DaysPart {
    /// What kind of thing.
    pub kind: PartKind,
    /// Its id; `null` for waits.
    pub id: Option<String>,
    /// What it is, in words.
    pub title: String,
    /// Days.
    pub days: f64,
    /// Share of the iterations told in which it is not 0.
    pub share: f64,
}

/// Kinds of things that take days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    /// A risk: its delay, recovery, fix or hold.
    Risk,
    /// The work of an activity, beyond what was planned.
    Activity,
    /// A wait: for a window, a turn, units, consent, notice; lags, days off.
    Wait,
    /// Room that the plan had and that was used up: it counts against the days.
    Room,
    /// What the plan is late even as planned.
    Plan,
}

/// What takes the days between the planned date and P80; `None` where P80 is past the horizon, or not later than
/// planned, or the plan is not live even as planned. `sample` are the go-live days or finishes of the run, of which at
/// most `told` are told.
pub fn days(program: &Program, subject: &Subject, sample: &[f64], told: u64) -> Option<Days> {
    let register = program.register();
    let planned = Planned::of(program, subject)?;
    let from = planned.from;
    let (low, high) = around(sample, subject)?;
    let near = || (0..sample.len()).filter(|t| sample[*t] >= low && sample[*t] <= high);
    if matches!(subject, Subject::Release(_)) && low <= from {
        return None;
    }
    let mut accounts: BTreeMap<Account, (i64, u64)> = BTreeMap::new();
    let (mut n, mut ends) = (0, 0);
    for t in near().take(told as usize) {
        let Some((booked, whole)) = planned.book(&program.tell(t as u64)) else { continue };
        for (account, days) in booked.into_iter().filter(|(_, days)| *days != 0) {
            let entry = accounts.entry(account).or_insert((0, 0));
            entry.0 += days;
            entry.1 += 1;
        }
        n += 1;
        ends += whole;
    }
    if n == 0 {
        return None;
    }
    let (whole, means) = means(&accounts.iter().map(|(a, (days, _))| (*a, *days)).collect::<Vec<_>>(), ends, n);
    let mut parts: Vec<DaysPart> = means
        .into_iter()
        .map(|(account, days)| {
            let share = accounts[&account].1 as f64 / n as f64;
            part(register, account, days as f64 / STEPS, share)
        })
        .collect();
    parts.sort_by(|a, b| b.days.total_cmp(&a.days).then_with(|| a.title.cmp(&b.title)));
    let date = |day: f64| -> Option<Date> {
        let dates = register.dates.filter(|_| matches!(subject, Subject::Release(_)))?;
        dates.zero.date(day as i32)
    };
    let to_day = (steps(from) + whole) as f64 / STEPS;
    Some(Days {
        planned: date(from),
        from_day: steps(from) as f64 / STEPS,
        as_planned_day: steps(planned.end) as f64 / STEPS,
        p80: date(to_day),
        to_day,
        days: whole as f64 / STEPS,
        iterations: n as u64,
        around: near().count() as u64,
        parts,
    })
}

/// The days around P80, both ends included; `None` past the horizon.
fn around(sample: &[f64], subject: &Subject) -> Option<(f64, f64)> {
    const REACH: f64 = 0.025;
    let mut sorted = sample.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |q: f64| sorted[percentile_rank(sorted.len() as u64, q) as usize - 1];
    let (low, high) = match subject {
        Subject::Release(_) => (at(0.8), at(0.8)),
        Subject::Finish(_) => (at(0.8 - REACH), at(0.8 + REACH)),
    };
    high.is_finite().then_some((low, high))
}

/// Means of sums over `n` iterations in whole steps, which add up to the mean of the whole, rounded to a step.
fn means(sums: &[(Account, i64)], whole: i64, n: i64) -> (i64, Vec<(Account, i64)>) {
    debug_assert_eq!(sums.iter().map(|(_, sum)| sum).sum::<i64>(), whole);
    let mut means: Vec<(Account, i64)> = sums.iter().map(|(a, sum)| (*a, sum.div_euclid(n))).collect();
    let rounded = (whole + n / 2).div_euclid(n);
    let missing = rounded - means.iter().map(|(_, mean)| mean).sum::<i64>();
    let mut order: Vec<usize> = (0..sums.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse((sums[*i].1.rem_euclid(n), std::cmp::Reverse(*i))));
    order.iter().take(usize::try_from(missing).unwrap_or(0)).for_each(|i| means[*i].1 += 1);
    (rounded, means)
}

fn part(register: &Register, account: Account, days: f64, share: f64) -> DaysPart {
    let risk = |r: usize| (PartKind::Risk, Some(register.risks[r].id.clone()));
    let activity = |a: usize| (PartKind::Activity, Some(register.activities[a].id.clone()));
    let of = |a: usize| &register.activities[a].id;
    let wait = (PartKind::Wait, None);
    let ((kind, id), title) = match account {
        Account::Risk(r, how) => {
            let how = match how {
                How::Work => "more work",
                How::Delay => "delay",
                How::Recovery => "recovery after a No-Go",
                How::Fix => "fix after a back-out",
                How::Hold => "hold",
            };
            (risk(r), format!("{how}: {}", register.risks[r].title))
        }
        Account::Activity(a) if register.activities[a].title == *of(a) => (activity(a), "work beyond plan".to_owned()),
        Account::Activity(a) => (activity(a), format!("work beyond plan: {}", register.activities[a].title)),
        Account::Lag(a) => (wait, format!("lag before {}", of(a))),
        Account::StartDay(a) => (wait, format!("day before which {} does not start", of(a))),
        Account::DaysOff => (wait, "days that are no working days".to_owned()),
        Account::Pool(p) => ((PartKind::Wait, Some(register.pools[p].id.clone())), "wait for units".to_owned()),
        Account::Readiness => (wait, "the release's own readiness".to_owned()),
        Account::Planned if days < 0.0 => ((PartKind::Room, None), "room before the planned date, used up".to_owned()),
        Account::Planned => (wait, "wait for the planned date".to_owned()),
        Account::Window if days < 0.0 => ((PartKind::Room, None), "wait for the window, used up".to_owned()),
        Account::Window => (wait, "wait for the next open window".to_owned()),
        Account::Notice => (wait, "notice of a new date".to_owned()),
        Account::Consent => (wait, "consent to a move".to_owned()),
        Account::Turn(r) => {
            ((PartKind::Wait, Some(register.releases[r].id.clone())), "wait for a window of its own".to_owned())
        }
        Account::Slack => ((PartKind::Room, None), "slack of ways that do not drive the plan, used up".to_owned()),
        Account::Plan => ((PartKind::Plan, None), "late even as planned".to_owned()),
    };
    DaysPart { kind, id, title, days, share }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_means_add_up_to_the_last_step() {
        for n in [1, 2, 3, 7, 1999] {
            for seed in 0..50_i64 {
                let sums: Vec<(Account, i64)> = (0..9)
                    .map(|k| (Account::Activity(k), (k as i64 * 7919 + seed * 104_729) % 100_003 - 40_000))
                    .collect();
                let whole = sums.iter().map(|(_, sum)| sum).sum();
                let (rounded, means) = means(&sums, whole, n);
                assert_eq!(means.iter().map(|(_, mean)| mean).sum::<i64>(), rounded);
                for ((_, sum), (_, mean)) in sums.iter().zip(&means) {
                    assert!((sum - mean * n).abs() < n, "{sum} {mean} {n}");
                }
                // In days too, to the last bit.
                let days: f64 = means.iter().map(|(_, mean)| *mean as f64 / STEPS).sum();
                assert_eq!(days.to_bits(), (rounded as f64 / STEPS + 0.0).to_bits());
            }
        }
    }
}
