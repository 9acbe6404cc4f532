//! Where accumulated time meets a day, a window or a working day's edge: held to whole numbers of thousandths of a day.

use golive::program::{Program, State};

use crate::support::register;

/// Thousandths of a day.
const DAY: i64 = 1000;

/// Finish of the activity that is measured, in days, and the day on which the release goes live, in iteration `iteration`.
fn told(text: &str, iteration: u64) -> (f64, i32) {
    let program = Program::lower(register(text, "p"), 1);
    let mut state = State::new(&program, 1);
    let outcome = program.run(&mut state, iteration, 1);
    let (finish, window) = (outcome.measures[0], outcome.live_window[0]);
    (finish, program.windows()[usize::from(window)])
}

/// A release train that starts on a Monday, with a window every day, and these activities, of which the last is the
/// release's and is measured.
fn scenario(activities: &str) -> String {
    format!(
        "[scenario]\nid = \"edges\"\ntitle = \"edges\"\ndata_date = 2030-01-07\nhorizon = 2030-12-31\n\
         [calendars.c]\nholidays = [2030-01-15, 2030-02-01]\n[windows.w]\nfirst = 2030-01-07\nevery = \"1 day\"\n\
         [releases.r]\ntitle = \"r\"\nwindows = \"w\"\n[plans.p]\ntitle = \"p\"\nreleases = {{ r = 2030-01-07 }}\n\
         [measures.m]\nactivity = \"last\"\n{activities}"
    )
}

/// 15 January and 1 February are the holidays.
fn works(day: i64) -> bool {
    day % 7 < 5 && day != 8 && day != 25
}

/// Working time after a time, moment by moment of the days.
fn forward(mut time: i64, mut work: i64) -> i64 {
    while work > 0 {
        let day = time / DAY;
        let left = (day + 1) * DAY - time;
        if works(day) {
            if work <= left {
                return time + work;
            }
            work -= left;
        }
        time = (day + 1) * DAY;
    }
    time
}

/// Working time before a time: the earliest such moment, an evening rather than the morning after it.
fn backward(mut time: i64, mut work: i64) -> i64 {
    if work == 0 {
        return time;
    }
    while work > 0 && time > 0 {
        let day = (time - 1) / DAY;
        let there = time - day * DAY;
        if works(day) {
            if work < there {
                return time - work;
            }
            work -= there;
        }
        time = day * DAY;
    }
    while time > 0 && !works(time / DAY - 1) {
        time -= DAY;
    }
    time
}

fn lagged(time: i64, lag: i64, working: bool) -> i64 {
    match (working, lag < 0) {
        (true, true) => backward(time, -lag),
        (true, false) => forward(time, lag),
        (false, _) => time + lag,
    }
}

/// A stream of small numbers that is the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n) as i64
    }
}

/// A chain of activities with lags, as text, and its finish in thousandths of a day; `lags` false leaves the lags out
/// of the finish, a planted fault.
fn chain(numbers: &mut Numbers, lags: bool) -> (String, i64) {
    let (mut text, mut finish) = (String::new(), 0);
    let length = 2 + numbers.below(6);
    for a in 0..length {
        let step = [100, 50, 10][numbers.below(3) as usize];
        let (work, working) = ((1 + numbers.below(35)) * step, numbers.below(3) > 0);
        let id = if a + 1 == length { "last".to_owned() } else { format!("a{a}") };
        let unit = |working: bool| if working { "working days of c" } else { "days" };
        text += &format!("[activities.{id}]\nduration = \"{} {}\"\n", work as f64 / 1000.0, unit(working));
        if a > 0 {
            let (lag, lag_works) = ((numbers.below(40) - 15) * 100, numbers.below(2) == 0);
            let lagged_link = format!("lag = \"{} {}\"", lag as f64 / 1000.0, unit(lag_works));
            text += &format!("after = [{{ activity = \"a{}\", {lagged_link} }}]\n", a - 1);
            finish = if lags { lagged(finish, lag, lag_works).max(0) } else { finish };
        }
        finish = if working { forward(finish, work) } else { finish + work };
    }
    text += "release = \"r\"\n";
    (scenario(&text), finish)
}

#[test]
fn random_chains_are_exact() {
    let wrong = |lags: bool| -> Vec<String> {
        let mut numbers = Numbers(20_300_107);
        let chains = (0..3000).map(|_| chain(&mut numbers, lags));
        let differs = |(text, exact): &(String, i64)| {
            let (finish, live) = told(text, 0);
            let day = (exact + DAY - 1) / DAY;
            (finish * DAY as f64 - *exact as f64).abs() > 1e-5 || i64::from(live) != day
        };
        chains.filter(differs).map(|(text, exact)| format!("{text}\nexact: {exact}")).collect()
    };
    let found = wrong(true);
    assert!(found.is_empty(), "{} chains differ, the first:\n{}", found.len(), found[0]);
    assert!(wrong(false).len() > 1000, "chains without their lags are not told from those with them");
}

#[test]
fn tenths_of_working_days_end_on_friday_evening() {
    let text = "[activities.a]\nduration = \"1.1 working days of c\"\n\
                [activities.b]\nduration = \"3.2 working days of c\"\nafter = [\"a\"]\n\
                [activities.last]\nduration = \"0.7 working days of c\"\nafter = [\"b\"]\nrelease = \"r\"\n";
    assert_eq!(told(&scenario(text), 0), (5.0, 5));
}

#[test]
fn hours_stretches_and_delays_add_up() {
    let hours: String = (0..48)
        .map(|a| {
            let id = if a == 47 { "last".to_owned() } else { format!("h{a}") };
            let after = if a > 0 { format!("after = [\"h{}\"]\n", a - 1) } else { String::new() };
            format!("[activities.{id}]\nduration = \"1 hour\"\n{after}")
        })
        .collect();
    assert_eq!(told(&scenario(&(hours + "release = \"r\"\n")), 0).1, 2);
    let delays = "[activities.last]\nduration = \"0.9 days\"\nrelease = \"r\"\n[risks.x]\ntitle = \"x\"\n\
                  effects = [{ delay = { activities = [\"last\"], by = \"3.2 days\" } }, \
                  { delay = { release = \"r\", by = \"0.9 days\" } }]\n";
    assert_eq!(told(&scenario(delays), 0).1, 5);
    let stretch = "[activities.last]\nduration = \"10 days\"\nrelease = \"r\"\n[risks.x]\ntitle = \"x\"\n\
                   effects = [{ stretch = { activities = [\"last\"], factor = 1.1 } }]\n";
    assert_eq!(told(&scenario(stretch), 0).1, 11);
}

#[test]
fn opposite_ranks_add_up_to_the_whole_day() {
    let text = "[activities.a]\nduration = { uniform = { min = 0, max = 10 }, unit = \"days\", basis = \"assumed\" }\n\
                [activities.last]\nduration = { uniform = { min = 0, max = 10 }, unit = \"days\", basis = \"assumed\" }\n\
                after = [\"a\"]\nrelease = \"r\"\n[correlations.k]\n\
                between = [\"activities.a.duration\", \"activities.last.duration\"]\nrank = -1\nbasis = \"assumed\"\n";
    let text = scenario(text);
    assert!((0..200).all(|iteration| told(&text, iteration).1 == 10));
}

#[test]
fn a_lead_in_working_days_reaches_friday_evening() {
    let text = "[activities.build]\nduration = \"4 working days of c\"\n\
                [activities.last]\nduration = \"1 working day of c\"\nrelease = \"r\"\nafter = [\
                { activity = \"build\", link = \"FF\", lag = \"6 working days of c\" }]\n";
    // Four days to Thursday evening; six more skip a weekend, the holiday of the 15th and another weekend.
    assert_eq!(told(&scenario(text), 0).1, 15);
    let lead = text.replace("4 working", "6 working").replace("\"6 working days of c\" }", "\"-1 working day of c\" }");
    // Six days end on Monday evening; a working day before that is Friday evening.
    assert_eq!(told(&scenario(&lead), 0), (5.0, 5));
}

#[test]
fn work_that_does_not_happen_asks_for_no_lag() {
    for link in ["FS", "SS", "FF", "SF"] {
        let text = format!(
            "[activities.test]\nduration = \"5 days\"\n\
             [activities.rework]\nduration = \"4 days\"\nafter = [\"test\"]\nenabled = false\n\
             [activities.last]\nduration = \"1 day\"\nrelease = \"r\"\nafter = [\"test\", \
             {{ activity = \"rework\", link = \"{link}\", lag = \"3 days\" }}]\n\
             [risks.x]\ntitle = \"x\"\nprobability = 0.1\neffects = [{{ exist = {{ activity = \"rework\" }} }}]\n"
        );
        let days: Vec<i32> = (0..200).map(|iteration| told(&scenario(&text), iteration).1).collect();
        let with_rework = match link {
            "FS" => 13,
            "SS" => 9,
            "FF" => 12,
            _ => 8,
        };
        assert!(days.iter().all(|day| [6, with_rework].contains(day)), "{link}: {days:?}");
        let without = days.iter().filter(|day| **day == 6).count();
        assert!((150..200).contains(&without), "{link}: {without} of 200 without rework");
    }
}

#[test]
fn closures_far_beyond_the_horizon_count() {
    let calendar = "[calendars.c]\nclosed = [{ from = 2031-12-22, to = 2032-01-04 }]\nholidays = [2030-12-25]\n";
    let run = |horizon: &str| {
        let text = format!(
            "[scenario]\nid = \"far\"\ntitle = \"far\"\ndata_date = 2030-01-07\n{horizon}{calendar}\
             [activities.a]\nduration = \"600 working days\"\ncalendar = \"c\"\n[measures.m]\nactivity = \"a\"\n"
        );
        let program = Program::lower(register(&text, "base"), 1);
        let mut state = State::new(&program, 1);
        program.run(&mut state, 0, 1).measures[0]
    };
    // Counted day by day: 120 weeks, a holiday and ten days of closure later.
    assert_eq!(run("horizon = 2030-03-31\n"), 855.0);
    assert_eq!(run(""), 855.0);
}
