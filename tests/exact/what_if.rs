//! What-ifs beside their plan: the paired difference and its error against closed forms.

use golive::analysis::{self, Asked, Question, Runs};
use golive::program::Program;
use golive::scenario::{Document, Variant};
use golive::simulate::{Decision, Options, simulate_paired};

use super::check::{Check, all_hold};

const N: u64 = 200_000;
const SEED: u64 = 20_300_107;

/// Two delays, drawn once: A is live on day 10 unless one of them happens.
pub const DELAYS: &str = r#"
[scenario]
id = "delays"
title = "Two delays"
data_date = 2030-01-07
horizon = 2030-06-27

[windows.thursdays]
first = 2030-01-17
every = "7 days"

[releases.A]
title = "Release A"
windows = "thursdays"
ready = 2030-01-17

[risks.late]
title = "The supplier is late"
probability = { value = 0.2, basis = "assumed" }
effects = [
  { delay = { release = "A", by = { value = "6 days", basis = "assumed" } } },
  { cost = { amount = { value = 10, basis = "assumed" } } },
]

[risks.sick]
title = "The team is sick"
probability = { value = 0.1, basis = "assumed" }
effects = [{ delay = { release = "A", by = { value = "6 days", basis = "assumed" } } }]

[plans.P1]
title = "The only plan"
releases = { A = 2030-01-17 }

[what_ifs.later]
title = "The supplier is late twice as often"
set = { "risks.late.probability" = { value = 0.4, basis = "assumed" } }

[what_ifs.said-otherwise]
title = "Nothing but a title"
set = { "risks.late.title" = "Delivery is late" }
"#;

/// The plan and its two what-ifs; each program of the seed that it is given.
fn asked(seeds: [u64; 3]) -> Asked {
    let document = Document::parse("delays.toml", DELAYS).unwrap_or_else(|findings| panic!("{findings}"));
    let what_if = |id: &str| Variant { what_if: Some(id.to_owned()), ..Variant::plan(Some("P1")) };
    let variants = [Variant::plan(Some("P1")), what_if("later"), what_if("said-otherwise")];
    let programs: Vec<Program> = variants
        .iter()
        .zip(seeds)
        .map(|(variant, seed)| {
            let register = document.register(variant).unwrap_or_else(|findings| panic!("{findings}"));
            Program::lower(register.0, seed)
        })
        .collect();
    let decisions = Decision::with_measures(&programs);
    let (tallies, paired) = simulate_paired(&programs, &decisions, Options::iterations(N), &|_| {}).expect("threads");
    let runs: Vec<_> = programs.iter().zip(&tallies).collect();
    let outlook = analysis::outlook(&runs);
    let runs = Runs { programs: &programs, tallies: &tallies, decisions: &decisions, paired: &paired, worlds: &[] };
    let question = |id: &str| Question { id: id.to_owned(), title: String::new(), changes: Vec::new() };
    analysis::what_ifs(&runs, &outlook, &[question("later"), question("said-otherwise")])
}

/// The difference of a figure of the first what-if, and its second moment, against those of d.
fn checks(asked: &Asked, measure: &str, mean: f64, second_moment: f64) -> [Check; 2] {
    let difference = asked.what_ifs[0].difference(measure).expect(measure).difference;
    let n = N as f64;
    let observed =
        difference.standard_error * difference.standard_error * n + difference.estimate * difference.estimate;
    // d is 0 or of one size, so that d² has the variance of a proportion times that size.
    let size = second_moment / mean;
    let share = mean / size;
    let variance = second_moment - mean * mean;
    [
        Check::mean(measure, difference.estimate, N, mean, variance),
        Check::mean("second moment", observed, N, second_moment, size * size * size * size * share * (1.0 - share)),
    ]
}

#[test]
fn a_paired_difference_is_that_of_the_closed_form() {
    let paired = asked([SEED; 3]);
    // Live on day 10: 0.8 × 0.9 and 0.6 × 0.9. Where they differ the what-if is the worse: in 0.2 × 0.9 of all.
    let live = "A.p_live_on_target_and_stays";
    all_hold(&checks(&paired, live, -0.18, 0.18));
    // Cost 10 × 0.2 and 10 × 0.4: 10 more in a fifth of all iterations.
    all_hold(&checks(&paired, "cost", 2.0, 20.0));
    let figures = paired.what_ifs[0].difference(live).expect("there");
    Check::proportion("with it", (figures.figure.estimate * N as f64).round() as u64, N, 0.54).holds();
    Check::proportion("without it", (figures.base.estimate * N as f64).round() as u64, N, 0.72).holds();
    assert!(figures.separable && !figures.identical && !paired.what_ifs[0].identical);
    // Planted fault: a what-if with random numbers of its own. The mean is right and the error is not: they then differ
    // in 0.72 × 0.46 + 0.28 × 0.54 of all iterations.
    let apart = asked([SEED, SEED + 1, SEED]);
    let [mean, second_moment] = checks(&apart, live, -0.18, 0.18);
    assert!(mean.z().abs() < 10.0, "{mean:?}");
    second_moment.is_refused();
    let error = |asked: &Asked| asked.what_ifs[0].difference(live).expect("there").difference.standard_error;
    assert!(error(&apart) > 1.5 * error(&paired), "{} {}", error(&apart), error(&paired));
}

#[test]
fn what_decides_nothing_is_the_same_in_every_iteration() {
    let what_if = &asked([SEED; 3]).what_ifs[1];
    assert!(what_if.identical && what_if.differences.iter().all(|d| d.identical && !d.separable));
    assert!(what_if.differences.iter().all(|d| d.difference.estimate == 0.0 && d.base == d.figure));
    assert!(what_if.p80.iter().all(|shift| shift.days_later == Some(0.0)));
    // Planted fault: other random numbers.
    assert!(!asked([SEED, SEED, SEED + 1]).what_ifs[1].identical);
}

#[test]
fn a_percentile_on_a_step_moves_by_whole_windows() {
    // Without the change P80 is day 17: 0.72 are live on day 10, 0.98 by day 17. Likewise with it: 0.54 and 0.96.
    let shift = &asked([SEED; 3]).what_ifs[0].p80[0];
    assert_eq!((shift.of.as_str(), shift.days_later, shift.interval), ("A", Some(0.0), [Some(0.0), Some(0.0)]));
}

/// Two correlated unknowns, each behind a risk of its own release.
const CORRELATED: &str = r#"
[scenario]
id = "correlated"
title = "Two correlated unknowns"
data_date = 2030-01-07
horizon = 2030-06-27

[windows.thursdays]
first = 2030-01-17
every = "7 days"

[releases.A]
title = "Release A"
windows = "thursdays"
ready = 2030-01-17

[releases.B]
title = "Release B"
windows = "thursdays"
ready = 2030-01-17

[estimates.a]
uniform = { min = 0.0, max = 1.0 }
basis = "assumed"

[estimates.b]
uniform = { min = 0.0, max = 1.0 }
basis = "assumed"

[risks.late-a]
title = "A is late"
probability = "a"
effects = [{ delay = { release = "A", by = { value = "6 days", basis = "assumed" } } }]

[risks.late-b]
title = "B is late"
probability = "b"
effects = [{ delay = { release = "B", by = { value = "6 days", basis = "assumed" } } }]

[correlations.both]
between = ["estimates.a", "estimates.b"]
rank = 0.9

[plans.P1]
title = "The only plan"
releases = { A = 2030-01-17, B = 2030-01-17 }
"#;

#[test]
fn an_unknown_made_exact_leaves_those_it_is_correlated_with_as_they_were() {
    let mut document = Document::parse("correlated.toml", CORRELATED).unwrap_or_else(|findings| panic!("{findings}"));
    let mut change = |text: &str| document.change_from_text("--set", text, false).expect("a change");
    let changes = [change("estimates.a = 0.5"), change("correlations.both.enabled = false")];
    let variants = [None, Some(0), Some(1)].map(|place| match place {
        None => Variant::plan(Some("P1")),
        Some(place) => Variant::plan(Some("P1")).with(vec![changes[place].clone()]),
    });
    let register = |v: &Variant| document.register(v).unwrap_or_else(|findings| panic!("{findings}")).0;
    let programs: Vec<Program> = variants.iter().map(|v| Program::lower(register(v), SEED)).collect();
    let decisions = [Decision::LiveOnTarget("A".into()), Decision::LiveOnTarget("B".into())];
    let (_, paired) = simulate_paired(&programs, &decisions, Options::iterations(10_000), &|_| {}).expect("threads");
    // The first of its group by name is drawn as if alone, the second is not: it is the second that could move.
    assert!(paired.squares(0, 1, 0) > 0.0, "A is late by an exact probability");
    assert_eq!(paired.squares(0, 1, 1).to_bits(), 0.0f64.to_bits(), "B is as it was in every iteration");
    // Planted fault: the group given up.
    assert!(paired.squares(0, 2, 1) > 0.0);
}
