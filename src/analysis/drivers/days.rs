//! What takes the days between the planned date and P80: risk by risk, activity by activity, wait by wait.
//!
//! Iterations around P80 are told ([`Program::tell`]), and their driving way from day 0 to the go-live is compared with
//! that of the plan *as planned*: no risk happens, no background event comes, every number is its median, every unit
//! works that more likely works than not. What an activity adds is its days less its days as planned, whether or not
//! it drives the plan; what a risk adds are its days; a wait that the plan has (for the planned date, for a window)
//! and the iteration has not, was used up, and counts against the days. Where the way of an iteration is not the way
//! that drives the plan, it was shorter as planned: that *slack* counts against them too, and closes the sum. So the
//! parts of every iteration add up to its days after the planned date.
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
use crate::estimate::percentile_rank;
use crate::math;
use crate::program::Program;
use crate::program::story::{Cause, Segment, Story};
use crate::register::{Node, QuantityId, Register};

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

/// What days are booked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Account {
    Risk(usize, How),
    Activity(usize),
    Lag(usize),
    StartDay(usize),
    DaysOff,
    Pool(usize),
    Readiness,
    Planned,
    Window,
    Notice,
    Consent,
    Turn(usize),
    Slack,
    Plan,
}

/// How a risk takes days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    Work,
    Delay,
    Recovery,
    Fix,
    Hold,
}

impl From<Cause> for Account {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Readiness => Self::Readiness,
            Cause::Work(a) => Self::Activity(a),
            Cause::ActivityRisk { risk, .. } => Self::Risk(risk, How::Work),
            Cause::ReleaseRisk(risk) => Self::Risk(risk, How::Delay),
            Cause::StartDay(a) => Self::StartDay(a),
            Cause::Lag(a) => Self::Lag(a),
            Cause::DaysOff(_) => Self::DaysOff,
            Cause::Units { pool, .. } => Self::Pool(pool),
            Cause::Planned => Self::Planned,
            Cause::Recovery { risk, .. } => Self::Risk(risk, How::Recovery),
            Cause::Fix(risk) => Self::Risk(risk, How::Fix),
            Cause::Notice => Self::Notice,
            Cause::Consent => Self::Consent,
            Cause::Window => Self::Window,
            Cause::Hold { risk, .. } => Self::Risk(risk, How::Hold),
            Cause::Turn(release) => Self::Turn(release),
        }
    }
}

/// Steps in a day.
const STEPS: f64 = 1_048_576.0;

fn steps(days: f64) -> i64 {
    math::round(days * STEPS) as i64
}

/// Days of a way by cause. Ends are rounded, not lengths, so that a chain adds up.
fn by_cause(segments: &[Segment]) -> BTreeMap<Cause, i64> {
    let mut days = BTreeMap::new();
    for segment in segments {
        *days.entry(segment.cause).or_insert(0) += steps(segment.to) - steps(segment.from);
    }
    days
}

/// Whether a cause belongs to an activity, which has it as planned even where it does not drive the plan.
fn is_of_activity(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::Work(_)
            | Cause::Lag(_)
            | Cause::StartDay(_)
            | Cause::DaysOff(_)
            | Cause::Units { .. }
            | Cause::ActivityRisk { .. }
            | Cause::Readiness
    )
}

/// The register as planned.
fn as_planned(register: &Register) -> Register {
    let mut planned = register.clone();
    let draws: Vec<(QuantityId, f64)> = register
        .quantities
        .iter()
        .filter_map(|(id, q)| match &q.node {
            Node::Draw(leaf) => Some((id, leaf.distribution.quantile(0.5))),
            _ => None,
        })
        .collect();
    draws.into_iter().for_each(|(id, median)| planned.quantities.replace(id, Node::Constant(median)));
    let never = planned.quantities.push(Node::Constant(0.0));
    let surely = planned.quantities.push(Node::Constant(1.0));
    planned.risks.iter_mut().for_each(|risk| risk.probability = never);
    planned.processes.iter_mut().for_each(|process| process.rate = never);
    for unit in planned.pools.iter_mut().flat_map(|pool| &mut pool.units) {
        // A probability made of numbers at their medians is a constant only where it is one itself.
        let bounds = planned.quantities[unit.works].bounds;
        unit.works = if f64::midpoint(bounds.low, bounds.high) >= 0.5 { surely } else { never };
    }
    planned
}

/// The way of the subject in an iteration, and where it ends; `None` where it never does.
fn way(story: &Story, register: &Register, subject: &Subject) -> Option<(Vec<Segment>, f64)> {
    match subject {
        Subject::Release(r) => {
            let release = &story.releases[*r];
            Some((release.chain.clone(), f64::from(release.live?)))
        }
        Subject::Finish(m) => {
            let last = super::activities::last_of(story, register, *m)?;
            Some((story.way_to(last), story.activities[last].finish)).filter(|(_, end)| end.is_finite())
        }
    }
}

/// What takes the days between the planned date and P80; `None` where P80 is past the horizon, or not later than
/// planned, or the plan is not live even as planned. `sample` are the go-live days or finishes of the run, of which at
/// most `told` are told.
pub fn days(program: &Program, subject: &Subject, sample: &[f64], told: u64) -> Option<Days> {
    let register = program.register();
    let base = Program::lower(as_planned(register), program.seed()).tell(0);
    let (base_way, base_end) = way(&base, register, subject)?;
    let mut planned: BTreeMap<Cause, i64> = BTreeMap::new();
    for activity in &base.activities {
        for (cause, days) in by_cause(&activity.wait).into_iter().chain(by_cause(&activity.steps)) {
            *planned.entry(cause).or_insert(0) += days;
        }
    }
    planned.extend(by_cause(&base_way).into_iter().filter(|(cause, _)| !is_of_activity(*cause)));
    let from = match subject {
        Subject::Release(r) => {
            planned.insert(Cause::Readiness, steps(register.releases[*r].ready_day));
            f64::from(register.releases[*r].target_day)
        }
        Subject::Finish(_) => base_end,
    };

    let (low, high) = around(sample, subject)?;
    let near = || (0..sample.len()).filter(|t| sample[*t] >= low && sample[*t] <= high);
    if matches!(subject, Subject::Release(_)) && low <= from {
        return None;
    }
    let mut accounts: BTreeMap<Account, (i64, u64)> = BTreeMap::new();
    let (mut n, mut ends) = (0, 0);
    for t in near().take(told as usize) {
        let story = program.tell(t as u64);
        let Some((chain, end)) = way(&story, register, subject) else { continue };
        let whole = steps(end) - steps(from);
        let mut own: BTreeMap<Account, i64> = BTreeMap::new();
        let took = by_cause(&chain);
        for (cause, days) in &took {
            *own.entry((*cause).into()).or_insert(0) += days - planned.get(cause).copied().unwrap_or(0);
        }
        for (cause, days) in planned.iter().filter(|(cause, _)| !is_of_activity(**cause) && !took.contains_key(cause)) {
            *own.entry((*cause).into()).or_insert(0) -= days;
        }
        *own.entry(Account::Plan).or_insert(0) += steps(base_end) - steps(from);
        let booked: i64 = own.values().sum();
        *own.entry(Account::Slack).or_insert(0) += whole - booked;
        for (account, days) in own.into_iter().filter(|(_, days)| *days != 0) {
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
        from_day: from,
        as_planned_day: base_end,
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
