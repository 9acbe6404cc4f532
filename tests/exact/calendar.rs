//! Working days across bank holidays, without chance.

use jiff::civil::{Date, Weekday, date};

use golive::oracle::{Finite, working_day_finish};

use super::check::{Run, all_hold, distribution, some_refused};

const ZERO: Date = date(2022, 12, 19);

fn weekday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn office(day: Date) -> bool {
    let holidays = [date(2022, 12, 26), date(2022, 12, 27), date(2023, 1, 2)];
    weekday(day) && !holidays.contains(&day)
}

/// Finish of build, review, bake, rework, sign-off.
fn finishes(works: impl Fn(Date) -> bool) -> [i32; 5] {
    let build = working_day_finish(ZERO, 0, 8, &works);
    let review = working_day_finish(ZERO, build, 1, &works);
    let bake = working_day_finish(ZERO, build + 5, 3, &works);
    let rework = working_day_finish(ZERO, build, 2, &works) + 5;
    let sign_off = working_day_finish(ZERO, bake.max(rework), 1, &works);
    [build, review, bake, rework, sign_off]
}

#[test]
fn working_days_skip_bank_holidays() {
    let run = Run::of("calendar", 1000);
    let ids = ["build", "review", "bake", "rework", "sign-off"];
    let exact = finishes(office);
    assert_eq!(exact, [12, 16, 22, 22, 23], "as the file says");
    let days = |day: i32| Finite::certain(Some(i64::from(day) * 24));
    for (id, day) in ids.iter().zip(exact) {
        all_hold(&distribution(&run.finishes(id), &days(day)));
    }
    // Planted faults: bank holidays ignored; working days of a delay counted as calendar days.
    some_refused(&distribution(&run.finishes("build"), &days(finishes(weekday)[0])));
    some_refused(&distribution(&run.finishes("bake"), &days(exact[0] + 5 + 3)));
}
