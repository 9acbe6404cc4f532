//! Deployment windows: explicit dates or a recurrence, minus freezes.

use jiff::civil::Date;

use super::DayZero;

/// What keeps a date from being an open window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WindowProblem {
    /// It lies in a freeze.
    Frozen {
        /// First day of the freeze.
        from: Date,
        /// Last day of the freeze.
        to: Date,
    },
    /// There is no window on this date.
    NotAWindow,
}

/// Open windows as day numbers from day 0 to the horizon, in order, each once.
///
/// `recurrence` is a first day number and a step in whole days (at least 1).
pub fn open_days(
    zero: DayZero,
    horizon: i32,
    dates: &[Date],
    recurrence: Option<(Date, u32)>,
    freezes: &[(Date, Date)],
) -> Vec<i32> {
    let mut days: Vec<i32> = dates.iter().map(|d| zero.day(*d)).collect();
    if let Some((first, step)) = recurrence {
        let mut day = i64::from(zero.day(first));
        while day <= i64::from(horizon) {
            days.push(day as i32);
            day += i64::from(step.max(1));
        }
    }
    days.retain(|day| {
        (0..=horizon).contains(day)
            && zero.date(*day).is_some_and(|d| !freezes.iter().any(|(from, to)| (*from..=*to).contains(&d)))
    });
    days.sort_unstable();
    days.dedup();
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn thursdays_without_the_freeze() {
        let zero = DayZero(date(2021, 10, 19));
        let days = open_days(
            zero,
            zero.day(date(2022, 1, 20)),
            &[date(2021, 11, 9), date(2021, 11, 11)],
            Some((date(2021, 11, 4), 7)),
            &[(date(2021, 12, 13), date(2022, 1, 4))],
        );
        let dates: Vec<Date> = days.iter().filter_map(|d| zero.date(*d)).collect();
        assert_eq!(dates[..3], [date(2021, 11, 4), date(2021, 11, 9), date(2021, 11, 11)]);
        assert_eq!(
            dates[dates.len() - 4..],
            [9, 6, 13, 20].map(|day| if day == 9 { date(2021, 12, 9) } else { date(2022, 1, day) })
        );
    }
}
