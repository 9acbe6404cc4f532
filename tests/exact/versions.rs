//! Two versions of a scenario: the whole change and the part of each edit against enumerated answers.

use std::collections::BTreeMap;

use golive::analysis::{self, Combinations, Diff, EditKind, Method, Runs, Versions};
use golive::program::Program;
use golive::scenario::{Document, Variant};
use golive::simulate::{Decision, Options, simulate_contrasts, simulate_paired};

use super::check::{Check, all_hold, some_refused};
use super::what_if::DELAYS;

const N: u64 = 200_000;
const SEED: u64 = 20_300_107;
const LIVE: &str = "A.p_live_on_target_and_stays";

fn document(text: &str) -> Document {
    Document::parse("delays.toml", text).unwrap_or_else(|findings| panic!("{findings}"))
}

/// A new version with passages replaced, which must occur.
fn edited(passages: &[(&str, &str)], more: &str) -> String {
    let mut text = DELAYS.to_owned();
    for (passage, by) in passages {
        assert!(text.contains(passage), "{passage}");
        text = text.replacen(passage, by, 1);
    }
    text + more
}

fn versions(old: &str, new: &str) -> Versions {
    let variant = Variant::plan(Some("P1"));
    Versions::of(&document(old), &document(new), &variant).unwrap_or_else(|findings| panic!("{findings}"))
}

/// The diff of two versions; combinations of edits run with the seed of `seed(place)`.
fn diff(old: &str, new: &str, seed: impl Fn(usize) -> u64) -> Diff {
    let versions = versions(old, new);
    let ends: Vec<Program> = versions.ends.iter().map(|r| Program::lower(r.clone(), SEED)).collect();
    let combined = versions.registers.iter().enumerate().map(|(place, r)| Program::lower(r.clone(), seed(place)));
    let combined: Vec<Program> = combined.collect();
    let decisions = Decision::with_measures(&combined);
    let options = Options::iterations(N);
    let (tallies, paired) = simulate_paired(&ends, &decisions, options, &|_| {}).expect("threads");
    let runs: Vec<_> = ends.iter().zip(&tallies).collect();
    let outlook = analysis::outlook(&runs);
    let runs = Runs { programs: &ends, tallies: &tallies, decisions: &decisions, paired: &paired, worlds: &[] };
    let contrasts = analysis::contrasts(&versions.attribution);
    let (tallies, sums) = simulate_contrasts(&combined, &decisions, &contrasts, options, &|_| {}).expect("threads");
    let combinations =
        Combinations { programs: &combined, tallies: &tallies, decisions: &decisions, sums: &sums, worlds: &[] };
    analysis::diff(&versions, outlook, &runs, &combinations)
}

const NEW_RISK: &str = r#"
[risks.strike]
title = "A strike"
probability = { value = 0.25, basis = "assumed" }
effects = [{ delay = { release = "A", by = { value = "6 days", basis = "assumed" } } }]
"#;

/// Twice as late, three times as sick, and a new risk: in the order of their paths late, sick, strike.
fn three_edits() -> String {
    edited(
        &[
            ("probability = { value = 0.2, basis = \"assumed\" }", "probability = { value = 0.4, basis = \"stated\" }"),
            ("probability = { value = 0.1,", "probability = { value = 0.3,"),
        ],
        NEW_RISK,
    )
}

/// Mean, second and fourth moment of the part of each of the three edits: over the outcomes of late (in both versions,
/// in the new one only, in neither), sick and strike. `orders` are those that the edits are made in.
fn exact_parts(orders: &[[usize; 3]]) -> Vec<[f64; 3]> {
    let outcomes = [[0.2, 0.2, 0.6], [0.1, 0.2, 0.7], [0.0, 0.25, 0.75]];
    let mut moments = vec![[0.0; 3]; 3];
    for state in 0..27 {
        let state = [state % 3, state / 3 % 3, state / 9];
        let p: f64 = (0..3).map(|risk| outcomes[risk][state[risk]]).product();
        let live = |made: [bool; 3]| (0..3).all(|risk| state[risk] == 2 || (state[risk] == 1 && !made[risk]));
        let mut parts = [0.0; 3];
        for order in orders {
            let mut made = [false; 3];
            for edit in order {
                let before = f64::from(u8::from(live(made)));
                made[*edit] = true;
                parts[*edit] += (f64::from(u8::from(live(made))) - before) / orders.len() as f64;
            }
        }
        for (sums, part) in moments.iter_mut().zip(parts) {
            for (power, sum) in [1, 2, 4].into_iter().zip(sums) {
                *sum += p * (0..power).map(|_| part).product::<f64>();
            }
        }
    }
    moments
}

const ALL_ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

fn checks(diff: &Diff, exact: &[[f64; 3]]) -> Vec<Check> {
    let walk = diff.figures.iter().find(|walk| walk.measure == LIVE).expect("there");
    let parts = walk.parts.iter().zip(exact).enumerate();
    parts
        .flat_map(|(place, (part, [mean, second, fourth]))| {
            let (f, n) = (part.carries, N as f64);
            let observed = f.standard_error * f.standard_error * n + f.estimate * f.estimate;
            [
                Check::mean(format!("part {place}"), f.estimate, N, *mean, second - mean * mean),
                Check::mean(format!("second moment {place}"), observed, N, *second, fourth - second * second),
            ]
        })
        .collect()
}

#[test]
fn parts_are_the_shapley_values_of_the_enumerated_game() {
    let found = diff(DELAYS, &three_edits(), |_| SEED);
    assert_eq!(found.method, Method::AllOrders);
    let paths: Vec<&str> = found.parts.iter().map(|part| part.paths[0].as_str()).collect();
    assert_eq!(paths, ["risks.late.probability", "risks.sick.probability", "risks.strike"]);
    let walk = found.figures.iter().find(|walk| walk.measure == LIVE).expect("there");
    for (figure, exact) in [(walk.before, 0.8 * 0.9), (walk.after, 0.6 * 0.7 * 0.75)] {
        Check::proportion(LIVE, (figure.estimate * N as f64).round() as u64, N, exact).holds();
    }
    let exact = exact_parts(&ALL_ORDERS);
    // By hand, for the new risk: 0.25 × (2·0.72 + 0.54 + 0.56 + 2·0.42) / 6.
    assert!((exact[2][0] + 0.25 * (1.44 + 0.54 + 0.56 + 0.84) / 6.0).abs() < 1e-12);
    all_hold(&checks(&found, &exact));
    // Planted faults: one order only; each edit by itself; random numbers of its own for every combination.
    some_refused(&checks(&found, &exact_parts(&[[0, 1, 2]])));
    some_refused(&checks(&found, &exact_parts(&[[0, 1, 2], [1, 0, 2], [2, 0, 1]])));
    some_refused(&checks(&diff(DELAYS, &three_edits(), |place| SEED + place as u64), &exact));
}

#[test]
fn parts_of_costs_and_percentiles() {
    let found = diff(DELAYS, &three_edits(), |_| SEED);
    let cost = found.figures.iter().find(|walk| walk.measure == "cost").expect("there");
    // Only the first edit costs: 10 more in a fifth of all iterations.
    Check::mean("cost", cost.parts[0].carries.estimate, N, 2.0, 100.0 * 0.2 * 0.8).holds();
    assert_eq!(cost.parts.iter().map(|part| part.identical).collect::<Vec<_>>(), [false, true, true]);
    // P80 is day 17 in every combination but that of all three, where 0.765 are live by then: 7 days, a third each.
    let p80 = &found.p80[0];
    assert_eq!(p80.shift.days_later, Some(7.0));
    for part in &p80.parts {
        assert_eq!((part.days, part.over_orders), (7.0 / 3.0, [0.0, 7.0]));
    }
}

/// The exact number of a part or of a whole.
fn number(exact: &str) -> i128 {
    exact.parse().expect("a whole number")
}

#[test]
fn parts_add_up_to_the_last_bit() {
    // Nine edits that move something, so that orders are walked.
    let more: String = (1..=7)
        .map(|k| NEW_RISK.replace("strike", &format!("strike-{k}")).replace("0.25", &format!("0.0{k}")))
        .collect();
    let nine = edited(&[("value = 0.2,", "value = 0.35,"), ("value = 0.1,", "value = 0.15,")], &more);
    for (new, method) in [(three_edits(), Method::AllOrders), (nine, Method::Walks { orders: 14 })] {
        let found = diff(DELAYS, &new, |_| SEED);
        assert_eq!(found.method, method);
        assert!(found.figures.len() > 5);
        for walk in &found.figures {
            let parts: i128 = walk.parts.iter().map(|part| number(&part.exact)).sum();
            assert_eq!(parts, number(&walk.exact), "{}", walk.measure);
            // The whole is the difference of the two versions, which were run by themselves.
            let whole = (number(&walk.exact) as f64) / (number(&walk.divisor) as f64);
            assert_eq!(whole.to_bits(), walk.whole.estimate.to_bits(), "{}", walk.measure);
        }
        let days: i128 = found.p80[0].parts.iter().map(|part| number(&part.exact)).sum();
        assert_eq!(days % (7 << 20), 0);
        assert!(found.figures.iter().any(|walk| number(&walk.exact) != 0));
    }
}

#[test]
fn what_needs_another_edit_is_made_with_it() {
    // A new estimate, a risk that uses it, and a condition on that risk: the estimate moves nothing by itself and is made
    // from the start; the condition can only be made with the new risk.
    let new = edited(
        &[
            (
                "probability = { value = 0.1, basis = \"assumed\" }",
                "probability = \"unrest\"\nwhen = { occurred = \"strike\" }",
            ),
            ("title = \"The supplier is late\"", "title = \"The supplier delivers late\""),
        ],
        &format!(
            "{}\n[estimates.unrest]\nvalue = 0.3\nbasis = \"assumed\"\n",
            NEW_RISK.replace("{ value = 0.25, basis = \"assumed\" }", "\"unrest\"")
        ),
    );
    let found = versions(DELAYS, &new);
    let path = |edit: &usize| found.edits[*edit].path.as_str();
    let groups: Vec<(Vec<&str>, bool)> =
        found.groups.iter().map(|group| (group.edits.iter().map(path).collect(), group.inseparable)).collect();
    assert_eq!(groups, [(vec!["risks.sick.probability"], false), (vec!["risks.sick.when", "risks.strike"], true)]);
    assert_eq!(found.elsewhere.iter().map(path).collect::<Vec<_>>(), ["estimates.unrest"]);
    assert_eq!(found.texts.iter().map(path).collect::<Vec<_>>(), ["risks.late.title"]);
    // And back: what is taken away goes last.
    let back = versions(&new, DELAYS);
    let path = |edit: &usize| back.edits[*edit].path.as_str();
    assert_eq!(back.elsewhere.iter().map(path).collect::<Vec<_>>(), ["estimates.unrest"]);
    assert_eq!(back.groups.iter().map(|group| group.edits.len()).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn an_edit_that_acts_only_through_another_has_half_of_what_they_do_together() {
    // A risk that is left out becomes likelier, and is taken in: neither of the edits moves anything without the other's
    // counterpart, and the first is no idle one although nothing follows from it at first.
    let off = NEW_RISK.replace("title = \"A strike\"", "title = \"A strike\"\nenabled = false");
    let old = edited(&[], &off.replace("0.25", "0.0"));
    let new = edited(&[], &NEW_RISK.replace("title = \"A strike\"", "title = \"A strike\"\nenabled = true"));
    let found = diff(&old, &new, |_| SEED);
    let kinds: BTreeMap<&str, EditKind> = found.edits.iter().map(|edit| (edit.path.as_str(), edit.kind)).collect();
    assert_eq!(kinds["risks.strike.enabled"], EditKind::Figures);
    assert_eq!(kinds["risks.strike.probability"], EditKind::Figures);
    let walk = found.figures.iter().find(|walk| walk.measure == LIVE).expect("there");
    let parts: Vec<i128> = walk.parts.iter().map(|part| number(&part.exact)).collect();
    assert!(parts.len() == 2 && parts[0] == parts[1] && parts[0] < 0, "{parts:?}");
    // −0.72 × 0.25 in all.
    Check::mean("whole", walk.whole.estimate, N, -0.18, 0.18 * 0.82).holds();
}

#[test]
fn the_same_twice_has_no_edits_and_moves_nothing() {
    let found = diff(DELAYS, DELAYS, |_| SEED);
    assert!(found.edits.is_empty() && found.parts.is_empty());
    assert!(found.figures.iter().all(|walk| walk.identical && walk.exact == "0"));
    // A text and a basis are edits that move nothing.
    let said = edited(
        &[
            ("title = \"The team is sick\"", "title = \"Illness\""),
            ("0.1, basis = \"assumed\"", "0.1, basis = \"stated\""),
        ],
        "",
    );
    let found = diff(DELAYS, &said, |_| SEED);
    assert_eq!(found.edits.iter().map(|edit| edit.kind).collect::<Vec<_>>(), [EditKind::Texts; 2]);
    assert!(found.parts.is_empty());
}

#[test]
fn too_many_edits_are_parted_by_their_entries() {
    // 44 edits of 22 risks, and a date: 23 entries.
    let risk = |k: usize, p: &str, days: &str| {
        NEW_RISK.replace("strike", &format!("r{k}")).replace("0.25", p).replace("6 days", days)
    };
    let old: String = (0..22).map(|k| risk(k, "0.01", "6 days")).collect();
    let new: String = (0..22).map(|k| risk(k, "0.02", "9 days")).collect();
    let moved = "releases = { A = 2030-01-17 }";
    let (old, new) = (edited(&[], &old), edited(&[(moved, "releases = { A = 2030-01-24 }")], &new));
    let found = versions(&old, &new);
    assert_eq!((found.edits.len(), found.groups.len(), found.coarse), (45, 23, true));
    assert!(found.groups.iter().all(|group| !group.inseparable));
    // Fewer are parted one by one.
    let found = versions(DELAYS, &three_edits());
    assert_eq!((found.edits.len(), found.groups.len(), found.coarse), (3, 3, false));
}
