//! Days counted one after another: slow, and hard to get wrong.

use jiff::civil::Date;

/// The first of these days on or after a time; `None` when there is none.
pub fn first_on_or_after(days: &[i32], time: f64) -> Option<i32> {
    days.iter().copied().filter(|day| f64::from(*day) >= time).min()
}

/// The evening of the `days`-th working day from `start` on, as the day number of the morning after.
/// `works` says of each date whether work is done; day 0 is `zero`, and `start` is a morning.
///
/// # Panics
/// If `days` is 0, or the calendar ends before the work does.
pub fn working_day_finish(zero: Date, start: i32, days: u32, works: impl Fn(Date) -> bool) -> i32 {
    assert!(days > 0, "no work finishes nowhere");
    let mut date = zero;
    for _ in 0..start {
        date = date.tomorrow().expect("a date in range");
    }
    let (mut day, mut done) = (start, 0);
    loop {
        done += u32::from(works(date));
        day += 1;
        if done == days {
            return day;
        }
        date = date.tomorrow().expect("a date in range");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Weekday, date};

    #[test]
    fn six_working_days_from_a_thursday_end_on_the_next_thursday_evening() {
        let week = |d: Date| !matches!(d.weekday(), Weekday::Saturday | Weekday::Sunday);
        // Thursday 10 January 2030 is day 3: Thu, Fri, Mon, Tue, Wed, Thu.
        assert_eq!(working_day_finish(date(2030, 1, 7), 3, 6, week), 11);
        assert_eq!(first_on_or_after(&[3, 10, 17], 10.5), Some(17));
        assert_eq!(first_on_or_after(&[3, 10, 17], 17.5), None);
    }
}
