//! Working time: which days count, and how far a number of working days reaches.
//!
//! Working time W(t) is the number of working days before time t. An activity that starts at s and
//! takes d working days finishes at the earliest t with W(t) = W(s) + d: on a Friday evening, not
//! on Monday morning. W is tabulated by day up to the end of the table and continues after it with
//! the plain week, so that no duration runs off the end.

use jiff::civil::{Date, Weekday};

use super::{DayZero, settled};

/// A calendar as a table of working days from day 0 on.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkCalendar {
    /// Working days before day `i`.
    before: Vec<u32>,
    /// Whether day `i` is a working day.
    works: Vec<bool>,
    /// Day numbers of working days in order: the inverse of `before`.
    nth: Vec<u32>,
}

impl WorkCalendar {
    /// Tabulates `days` days from day 0: working on `week` but not on `holidays` nor in `closed`
    /// (both ends included). At least the last week of the table must have a working day, or
    /// durations could not end: `None` if it has not.
    pub fn new(
        zero: DayZero,
        days: usize,
        week: &[Weekday],
        holidays: &[Date],
        closed: &[(Date, Date)],
    ) -> Option<Self> {
        let mut works = Vec::with_capacity(days);
        for day in 0..days {
            let date = zero.date(i32::try_from(day).ok()?)?;
            works.push(
                week.contains(&date.weekday())
                    && !holidays.contains(&date)
                    && !closed.iter().any(|(from, to)| (*from..=*to).contains(&date)),
            );
        }
        // The plain week continues the table.
        for extra in 0..7 {
            let date = zero.date(i32::try_from(days + extra).ok()?)?;
            works.push(week.contains(&date.weekday()));
        }
        let mut before = Vec::with_capacity(works.len() + 1);
        let mut nth = Vec::new();
        for (day, &w) in works.iter().enumerate() {
            before.push(u32::try_from(nth.len()).ok()?);
            if w {
                nth.push(u32::try_from(day).ok()?);
            }
        }
        before.push(u32::try_from(nth.len()).ok()?);
        works[days..].contains(&true).then_some(Self { before, works, nth })
    }

    /// Length of the table, of which the last week repeats for ever.
    fn len(&self) -> usize {
        self.works.len()
    }

    fn week_work(&self) -> u32 {
        self.before[self.len()] - self.before[self.len() - 7]
    }

    /// Working time before `t` days.
    #[inline]
    pub fn work_before(&self, t: f64) -> f64 {
        let t = settled(t);
        if t <= 0.0 {
            return 0.0;
        }
        let (t, weeks) = self.fold(t);
        let day = t as usize;
        let whole = f64::from(self.before[day]);
        let part = if self.works[day] { t - day as f64 } else { 0.0 };
        whole + part + weeks * f64::from(self.week_work())
    }

    /// Brings a time after the table into its last week.
    fn fold(&self, t: f64) -> (f64, f64) {
        let end = self.len() as f64;
        if t < end {
            (t, 0.0)
        } else {
            let weeks = crate::math::floor((t - end) / 7.0) + 1.0;
            // `t - 7·weeks` can round up to `end` itself.
            let folded = t - 7.0 * weeks;
            if folded < end { (folded, weeks) } else { (folded - 7.0, weeks + 1.0) }
        }
    }

    /// The earliest time with `work` working days before it.
    fn time_of_work(&self, work: f64) -> f64 {
        let work = settled(work);
        if work <= 0.0 {
            return 0.0;
        }
        let total = f64::from(self.before[self.len()]);
        let per_week = f64::from(self.week_work());
        let weeks = if work > total { crate::math::ceil((work - total) / per_week) } else { 0.0 };
        let inside = work - weeks * per_week;
        // The working day that `inside` ends in: its evening when it is whole.
        let whole = crate::math::ceil(inside) - 1.0;
        let day = f64::from(self.nth[whole as usize]);
        day + (inside - whole) + 7.0 * weeks
    }

    /// The finish of `days ≥ 0` working days started at `start`. No work finishes where it starts.
    #[inline]
    pub fn finish(&self, start: f64, days: f64) -> f64 {
        if days <= 0.0 || !start.is_finite() || !days.is_finite() {
            return start + days.max(0.0);
        }
        self.time_of_work(self.work_before(start) + days)
    }

    /// The latest start from which `days` working days finish at `finish`, not before day 0.
    pub fn start_for(&self, finish: f64, days: f64) -> f64 {
        if days <= 0.0 || !finish.is_finite() {
            return finish;
        }
        self.next_working(self.back(finish, days))
    }

    /// The earliest time with `days ≥ 0` working days fewer before it than before `time`, not before day 0: the
    /// evening that as many working days onwards would reach, not the morning after it.
    pub fn back(&self, time: f64, days: f64) -> f64 {
        if days <= 0.0 || !time.is_finite() {
            return time;
        }
        self.time_of_work((self.work_before(time) - days).max(0.0))
    }

    /// The first moment on or after `t` at which work is done.
    pub fn next_working(&self, t: f64) -> f64 {
        if !t.is_finite() {
            return t;
        }
        let (inside, weeks) = self.fold(settled(t).max(0.0));
        let mut day = inside as usize;
        if self.works[day] {
            return t.max(0.0);
        }
        while day < self.len() && !self.works[day] {
            day += 1;
        }
        if day == self.len() {
            return self.next_working(self.len() as f64 + 7.0 * weeks);
        }
        day as f64 + 7.0 * weeks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const WEEK: [Weekday; 5] =
        [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

    /// Day 0 is Monday 19 December 2022; Christmas Day observed on the 27th, Boxing Day on the 26th.
    fn christmas() -> WorkCalendar {
        let holidays = [date(2022, 12, 26), date(2022, 12, 27), date(2023, 1, 2)];
        WorkCalendar::new(DayZero(date(2022, 12, 19)), 30, &WEEK, &holidays, &[]).unwrap()
    }

    #[test]
    fn work_ends_on_friday_evening_and_skips_bank_holidays() {
        let c = christmas();
        assert_eq!(c.finish(0.0, 5.0), 5.0);
        // The sixth working day is Wednesday 28 December (day 9).
        assert_eq!(c.finish(0.0, 6.0), 10.0);
        assert_eq!(c.finish(4.0, 1.5), 9.5);
        assert_eq!(c.finish(5.5, 1.0), 10.0);
        assert_eq!(c.finish(3.25, 0.0), 3.25);
    }

    #[test]
    fn the_plain_week_continues_after_the_table() {
        let c = christmas();
        // By brute force: one day after another.
        let mut t = 0.0;
        for day in 1..=400 {
            t = c.finish(t, 1.0);
            assert_eq!(c.finish(0.0, f64::from(day)), t, "working day {day}");
        }
        assert_eq!(c.work_before(c.finish(0.0, 333.25)), 333.25);
    }

    #[test]
    fn backwards_undoes_forwards() {
        let c = christmas();
        for start in [0.0, 0.5, 3.75, 9.0, 60.0] {
            let s = c.next_working(start);
            assert_eq!(c.start_for(c.finish(s, 4.5), 4.5), s);
        }
        assert_eq!(c.next_working(5.0), 9.0);
    }

    #[test]
    fn a_lead_ends_on_the_evening_that_a_lag_would_reach() {
        let c = christmas();
        // One working day before the evening of Wednesday 28 December is Friday evening, over bank holidays.
        assert_eq!(c.back(10.0, 1.0), 5.0);
        assert_eq!(c.back(10.0, 1.5), 4.5);
        assert_eq!(c.back(2.0, 5.0), 0.0);
        assert_eq!(c.back(9.5, 0.0), 9.5);
    }

    #[test]
    fn residues_of_decimals_do_not_pass_an_evening() {
        let c = christmas();
        let friday = [1.1, 3.2, 0.7].iter().fold(0.0, |t, days| c.finish(t, *days));
        assert_eq!(friday, 5.0);
        // A finish just short of the evening starts no work on that day.
        assert_eq!(c.next_working(5.0 - 1e-12), 9.0);
        assert_eq!(c.finish(5.0 - 1e-12, 1.0), 10.0);
    }

    #[test]
    fn a_calendar_without_work_is_refused() {
        assert_eq!(WorkCalendar::new(DayZero(date(2022, 12, 19)), 30, &[], &[], &[]), None);
    }
}
