//! Dates and day numbers.

use jiff::civil::Date;

/// The data date: the day that day numbers count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayZero(pub Date);

impl DayZero {
    /// Whole days from day 0 to `date`; negative before it.
    pub fn day(self, date: Date) -> i32 {
        date.since(self.0).map_or(0, |span| span.get_days())
    }

    /// The date of a whole day number; `None` outside the years −9999 to 9999.
    pub fn date(self, day: i32) -> Option<Date> {
        self.0.checked_add(jiff::Span::new().try_days(day).ok()?).ok()
    }

    /// Days from 1 January 1970 to a day number: the same for one date whatever day 0 is, so that
    /// draws that belong to a date do not move when the data date does.
    pub fn epoch_day(self, day: i32) -> i64 {
        let epoch = jiff::civil::date(1970, 1, 1);
        i64::from(DayZero(epoch).day(self.0)) + i64::from(day)
    }
}

/// A date as a committee reads it: `Thu 4 Nov 2021`.
pub fn long_date(date: Date) -> String {
    date.strftime("%a %-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_count_from_the_data_date() {
        let zero = DayZero(date(2021, 10, 19));
        assert_eq!(zero.day(date(2021, 11, 4)), 16);
        assert_eq!(zero.day(date(2021, 10, 18)), -1);
        assert_eq!(zero.date(16), Some(date(2021, 11, 4)));
        assert_eq!(zero.date(zero.day(date(2024, 2, 29))), Some(date(2024, 2, 29)));
        assert_eq!(zero.date(i32::MAX), None);
    }

    #[test]
    fn epoch_days_do_not_depend_on_day_zero() {
        let (a, b) = (DayZero(date(2021, 10, 19)), DayZero(date(2020, 1, 1)));
        let day = date(2021, 11, 4);
        assert_eq!(a.epoch_day(a.day(day)), b.epoch_day(b.day(day)));
        assert_eq!(a.epoch_day(a.day(date(1970, 1, 2))), 1);
    }

    #[test]
    fn dates_read_like_dates() {
        assert_eq!(long_date(date(2021, 11, 4)), "Thu 4 Nov 2021");
    }
}
