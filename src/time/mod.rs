//! Days, durations, calendars and windows.
//!
//! A time is a real number of days since the start of day 0, the scenario's data date; a go-live
//! date is a whole day. An activity of ten days that starts at 0.0 finishes at 10.0, which is the
//! start of day 10: a window on day 10 can take it.

mod calendar;
mod date;
mod duration;
mod edge;
mod windows;

pub use calendar::WorkCalendar;
pub use date::{DayZero, long_date};
pub use duration::{Duration, DurationError, Unit};
pub use edge::{EDGE_DAYS, day_from, latest_at, settled};
pub use windows::{WindowProblem, open_days};
