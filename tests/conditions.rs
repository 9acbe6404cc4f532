//! The language that selects iterations: what it means, and what it says of mistakes.

mod support;

use std::convert::Infallible;

use golive::analysis::condition::{Condition, PREDICATES};
use golive::program::{Fact, NOT_LIVE, Program, State};
use golive::simulate::{Options, every_block, find};

fn flagship(plan: &str) -> Program {
    Program::lower(support::register("scenarios/november-2021.toml", plan), 20_211_104)
}

fn read(program: &Program, text: &str) -> Condition {
    Condition::parse(text, program).unwrap_or_else(|problem| panic!("{problem}"))
}

fn count(program: &Program, text: &str) -> u64 {
    let fact = read(program, text).fact;
    find(program, &fact, 1, Options::iterations(20_000), &|_| {}).expect("threads").count
}

/// In how many of the first 20,000 iterations something is so, asked of their outcomes.
fn counted(program: &Program, mut of: impl FnMut(&golive::program::Outcome, usize) -> bool) -> u64 {
    let mut count = 0;
    let done: Result<(), Infallible> = every_block(program, 20_000, |outcome| {
        count += (0..outcome.lanes).filter(|lane| of(outcome, *lane)).count() as u64;
        Ok(())
    });
    let Ok(()) = done;
    count
}

#[test]
fn conditions_mean_what_they_say() {
    let p1 = flagship("P1");
    let release = |id: &str| p1.register().releases.iter().position(|r| r.id == id).expect(id);
    let risk = |id: &str| p1.register().risks.iter().position(|r| r.id == id).expect(id);
    let (sec, u22) = (release("SEC"), release("U22"));
    let windows = p1.windows().to_vec();
    let day = |outcome: &golive::program::Outcome, r: usize, lane: usize| {
        let window = outcome.live_window[r * outcome.cost.len() + lane];
        (window != NOT_LIVE).then(|| windows[usize::from(window)])
    };
    // 4 November is day 16.
    assert_eq!(count(&p1, "SEC on time"), counted(&p1, |o, l| o.kept_on_target[sec].get(l)));
    assert_eq!(count(&p1, "SEC late"), counted(&p1, |o, l| !o.kept_on_target[sec].get(l)));
    assert_eq!(count(&p1, "SEC deployed on time"), counted(&p1, |o, l| o.on_target[sec].get(l)));
    assert_eq!(count(&p1, "SEC live by 2021-11-18"), counted(&p1, |o, l| day(o, sec, l).is_some_and(|d| d <= 30)));
    assert_eq!(count(&p1, "SEC live on 2021-11-11"), counted(&p1, |o, l| day(o, sec, l) == Some(23)));
    assert_eq!(count(&p1, "SEC live after 2021-11-11"), counted(&p1, |o, l| day(o, sec, l).is_some_and(|d| d > 23)));
    assert_eq!(count(&p1, "SEC not live"), counted(&p1, |o, l| day(o, sec, l).is_none()));
    assert_eq!(count(&p1, "SEC live"), counted(&p1, |o, l| day(o, sec, l).is_some()));
    assert_eq!(count(&p1, "SEC no-go"), counted(&p1, |o, l| o.no_go[sec].get(l)));
    assert_eq!(count(&p1, "SEC backed out"), counted(&p1, |o, l| o.backed_out[sec].get(l)));
    assert_eq!(count(&p1, "SEC needs consent"), counted(&p1, |o, l| o.consent[sec].get(l)));
    assert_eq!(count(&p1, "R04 occurred"), counted(&p1, |o, l| o.occurred[risk("R04")].get(l)));
    assert_eq!(count(&p1, "MP149 ships") + count(&p1, "MP149 dropped"), 20_000);
    // Words and precedence: `and` before `or`, `not` before both.
    let both = |o: &golive::program::Outcome, l: usize| o.backed_out[sec].get(l) && o.backed_out[u22].get(l);
    let mixed = counted(&p1, |o, l| both(o, l) || !o.kept_on_target[sec].get(l) && o.no_go[sec].get(l));
    assert_eq!(count(&p1, "SEC backed out and U22 backed out or not SEC on time and SEC no-go"), mixed);
    assert_eq!(count(&p1, "(SEC backed out AND \"U22\" backed out) OR (SEC late and SEC no-go)"), mixed);
    assert_ne!(count(&p1, "SEC backed out and (U22 backed out or not SEC on time) and SEC no-go"), mixed);
}

#[test]
fn facts_of_single_gates_and_days_agree_with_the_stories() {
    use golive::program::story::Happening;
    let p1 = flagship("P1");
    let facts = [
        "O2 failed",
        "O2-uplifts failed on 2021-11-03",
        "SEC no-go for 2021-11-11",
        "SEC go on 2021-11-03",
        "R19 event on 2021-11-01",
    ]
    .map(|text| read(&p1, text).fact);
    let mut state = State::new(&p1, 256).keep_gates();
    let mut seen = [0; 5];
    for first in [0, 7_000_000] {
        p1.run(&mut state, first, 256);
        let masks = facts.clone().map(|fact| p1.lanes_where(&mut state, &fact));
        for lane in 0..256 {
            let story = p1.tell(first + lane as u64);
            let any = |test: &dyn Fn(&Happening) -> bool| story.entries.iter().any(|e| test(&e.what));
            let id = |c: usize| p1.register().criteria[c].id.as_str();
            let unmet = |what: &Happening, criterion: &str, on: Option<i32>| match what {
                Happening::Gate { window, criteria, .. } => {
                    on.is_none_or(|day| day == *window)
                        && criteria.iter().any(|a| !a.met && id(a.criterion) == criterion)
                }
                _ => false,
            };
            let gate = |what: &Happening, on: i32, go: bool| matches!(what, Happening::Gate { release: 0, window, passed, .. } if *window == on && *passed == go);
            let expected = [
                any(&|what| unmet(what, "O2", None)),
                any(&|what| unmet(what, "O2-uplifts", Some(16))),
                any(&|what| gate(what, 23, false)),
                any(&|what| gate(what, 16, true)),
                story
                    .entries
                    .iter()
                    .any(|e| matches!(e.what, Happening::Background { .. }) && (13.0..14.0).contains(&e.day)),
            ];
            for (i, (mask, expected)) in masks.iter().zip(expected).enumerate() {
                assert_eq!(mask.get(lane), expected, "{:?} in iteration {}", facts[i], story.iteration);
                seen[i] += u32::from(expected);
            }
        }
    }
    assert!(seen.iter().all(|n| *n > 0), "each fact holds somewhere: {seen:?}");
}

#[test]
fn the_nth_iteration_is_found_whatever_the_threads() {
    let p1 = flagship("P1");
    let fact = read(&p1, "SEC late and R13 occurred").fact;
    let run = |nth, threads, block| {
        let options = Options { threads: Some(threads), block, ..Options::iterations(30_000) };
        find(&p1, &fact, nth, options, &|_| {}).expect("threads")
    };
    let first = run(1, 1, 256);
    for nth in [1, 2, 500, first.count] {
        let found = run(nth, 2, 100);
        assert_eq!(found, run(nth, 1, 256));
        // So many before it.
        let before = Options::iterations(found.iteration.expect("there are so many") + 1);
        assert_eq!(find(&p1, &fact, 1, before, &|_| {}).expect("threads").count, nth);
    }
    assert_eq!(run(first.count + 1, 2, 256).iteration, None);
    assert_eq!(run(0, 2, 256).iteration, None);
}

#[test]
fn measures_are_judged_by_their_days() {
    let text = support::text("scenarios/verification/network-50.toml");
    let program = Program::lower(support::register(&text, golive::scenario::BASE_PLAN), 1);
    let target = program.register().measures[0].target.expect("a target");
    assert_eq!(read(&program, "finish on time").fact, Fact::Finished(0, target));
    assert_eq!(read(&program, "finish finished by 210 days").fact, Fact::Finished(0, 210.0));
    let late = count(&program, "finish late");
    assert_eq!(late, counted(&program, |o, l| o.measures[l] > target));
    assert!(late > 0 && late < 20_000);
}

/// Every mistake: the condition, what is said, and of which part of it.
const MISTAKES: [(&str, &str, &str, &str); 24] = [
    ("", "it is empty", "", "for example `SEC late`"),
    ("SEC lte", "`lte` is not what can be said of the release", "lte", "did you mean `late`?"),
    ("SECC late", "`SECC` is not the id of anything in force under plan P1", "SECC", "did you mean `SEC`?"),
    ("sec late", "`sec` is not the id", "sec", "did you mean `SEC`?"),
    ("SEC", "it ends where what can be said of the release should follow", "", "on time, late"),
    ("R04 occured", "`occured` is not what can be said of the risk", "occured", "did you mean `occurred`?"),
    ("R22 occurred", "`R22` is not the id of anything in force", "R22", "risks R01"),
    ("O2 occurred", "`occurred` is not what can be said of the criterion", "occurred", "failed on|for DATE"),
    ("R19 late", "`late` is not what can be said of the risk or process", "late", "event on DATE"),
    ("SEC live by 2020-01-01", "`2020-01-01` is not a date of the simulation", "2020-01-01", "Tue 19 Oct 2021"),
    ("SEC live by 2031-01-01", "`2031-01-01` is not a date of the simulation", "2031-01-01", "Fri 30 Sep 2022"),
    ("SEC live by soon", "`soon` is not a date, as in 2021-11-18", "soon", ""),
    ("SEC live on 2021-11-05", "`2021-11-05` is not a window of SEC", "2021-11-05", "2021-11-04, 2021-11-11"),
    ("O2 failed on 2021-11-04", "`2021-11-04` is not a gate day of it", "2021-11-04", "2021-11-03, 2021-11-10"),
    ("O2 failed for 2021-11-03", "`2021-11-03` is not the date of a window", "2021-11-03", "2021-11-04, 2021-11-11"),
    ("SEC go", "it ends where `on` or `for` and a date should follow", "", ""),
    ("R19 event", "it ends where `on`, `from` or `within` should follow", "", "event on 2021-11-01"),
    ("R19 event within 0 days before 2021-11-03", "`0` is not a number of days above 0", "0", ""),
    ("R19 event from 2021-11-03 to 2021-11-01", "`2021-11-01` is not on or after the first date", "2021-11-01", ""),
    ("SEC late and", "it ends where an id should follow", "", "releases SEC, U22, U30"),
    ("(SEC late", "the parenthesis is not closed", "(", ""),
    ("SEC late)", "`)` is not expected here", ")", "`and` or `or`"),
    ("SEC late SEC", "`SEC` is not expected here", "SEC", ""),
    ("\"SEC late", "the quote is not closed", "\"", ""),
];

#[test]
fn mistakes_are_told_with_their_place_and_what_is_allowed() {
    let p1 = flagship("P1");
    for (text, problem, place, hint) in MISTAKES {
        let told = match Condition::parse(text, &p1) {
            Ok(condition) => panic!("{text:?} is read as {condition:?}"),
            Err(problem) => problem.to_string(),
        };
        let lines: Vec<&str> = told.lines().collect();
        assert!(lines[0].contains(problem), "{text:?}: {told}");
        assert!(told.contains(hint), "{text:?}: {told}");
        let from = lines[2].find('^').expect("a mark");
        let marked: String = lines[1].chars().skip(from).take(lines[2].matches('^').count()).collect();
        assert_eq!(marked, place, "{told}");
        assert!(lines[0].contains(&format!("at character {}", from - 1)), "{told}");
    }
}

#[test]
fn what_is_too_long_or_too_deep_is_refused_and_nothing_commands_the_terminal() {
    let p1 = flagship("P1");
    let long = Condition::parse(&"not ".repeat(100_000), &p1).expect_err("too long").to_string();
    assert!(long.contains("longer than 1000 characters") && long.len() < 500, "{}", long.len());
    let deep = format!("{}SEC late{}", "(".repeat(490), ")".repeat(490));
    assert!(Condition::parse(&deep, &p1).is_ok());
    let hidden = Condition::parse("SEC \u{1b}[31m late\n", &p1).expect_err("no words").to_string();
    assert!(!hidden.contains('\u{1b}'), "{hidden:?}");
    assert_eq!(PREDICATES.len(), 22);
}
