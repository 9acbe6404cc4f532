//! What deploying together adds: added risk, Shapley shares, independence, splits and their input intervals, against an
//! enumeration of the night on common random numbers.

use golive::analysis::together::{GroupTogether, How, Layout, MOST_TOGETHER, Share, groups, siblings, study};
use golive::estimate::Figure;
use golive::oracle::{Finite, odds_scaled};
use golive::program::Program;
use golive::scenario::{Document, Variant};
use golive::simulate::{Options, Worlds};

use super::check::{Check, some_refused};

const N: u64 = 100_000;
const SEED: u64 = 20_300_108;
const WORLDS: Worlds = Worlds { worlds: 400, iterations: 256, threads: None };

/// Probabilities alone.
const BACK_OUT: [f64; 3] = [0.2, 0.1, 0.3];
const DEFECT: f64 = 0.1;
/// The factor on odds of the worlds in which there is one.
const FACTOR: f64 = 4.0;

/// The group of a scenario of `scenarios/verification` or of a text, with a passage replaced, and its layout.
fn run(passage: &str, by: &str, worlds: Option<Worlds>) -> (GroupTogether, Layout) {
    let text = crate::support::text("scenarios/verification/exact-together.toml");
    assert!(text.contains(passage), "`{passage}` is not in the scenario");
    let document = Document::parse("scenario.toml", &text.replace(passage, by)).expect("reads");
    group_of(&document, "plan", Options::iterations(N), worlds)
}

/// The first group of a plan.
pub fn group_of(document: &Document, plan: &str, options: Options, worlds: Option<Worlds>) -> (GroupTogether, Layout) {
    let base = Variant::plan(Some(plan));
    let (register, _) = document.register(&base).unwrap_or_else(|findings| panic!("{findings}"));
    let group = groups(&register).remove(0);
    let layout = Layout::of(&register, &group);
    let program = |dates| {
        let variant = base.clone().with(vec![document.other_dates(plan, dates)]);
        let (register, _) = document.register(&variant).unwrap_or_else(|findings| panic!("{findings}"));
        Program::lower(register, SEED)
    };
    let programs: Vec<Program> = layout.runs.iter().map(program).collect();
    let siblings = siblings(&document.scenario().expect("reads"), plan);
    let how = How { options, precision: None, worlds };
    (study(&programs, &layout, &siblings, how, &|_| {}).expect("threads"), layout)
}

/// A fault to plant in the exact model.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    /// Deployed together or not, the odds are the same.
    NoInteraction,
    /// C never goes with A.
    NoDrag,
    /// The gate stops each release by a draw of its own.
    OwnGates,
}

/// A night: everything that is drawn, where draws that lead to the same are one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Night {
    /// Whether together has the factor on odds.
    factor: bool,
    /// Whether the gate stops each of the releases.
    stopped: [bool; 3],
    /// Back-outs and defects: 0 happens anyway, 1 happens with the factor, 2 does not happen.
    back_out: [u8; 3],
    defect: [u8; 3],
    drag: bool,
}

fn nights(fault: Fault) -> Finite<Night> {
    let draw = |p: f64| {
        let with = if fault == Fault::NoInteraction { p } else { odds_scaled(p, FACTOR) };
        Finite::of([(0_u8, p), (1, with - p), (2, 1.0 - with)])
    };
    let three = |of: [Finite<u8>; 3]| {
        let [a, b, c] = of;
        a.and_then(|a| b.with(&c).map(|(b, c)| [*a, *b, *c]))
    };
    let stopped = if fault == Fault::OwnGates {
        let gate = Finite::chance(0.1);
        gate.and_then(|a| gate.with(&gate).map(|(b, c)| [*a, *b, *c]))
    } else {
        Finite::either(0.1, [true; 3], [false; 3])
    };
    let drag = Finite::chance(if fault == Fault::NoDrag { 0.0 } else { 0.5 });
    let (back_outs, defects) = (three(BACK_OUT.map(draw)), three([DEFECT; 3].map(draw)));
    let first = Finite::chance(0.5).with(&stopped).with(&drag);
    first.and_then(|((factor, stopped), drag)| {
        back_outs.with(&defects).map(|(back_out, defect)| Night {
            factor: *factor,
            stopped: *stopped,
            back_out: *back_out,
            defect: *defect,
            drag: *drag,
        })
    })
}

impl Night {
    /// Which releases of a set (as bits) stay, deployed on this night.
    fn kept(&self, set: usize) -> [bool; 3] {
        let deployed = |r: usize| set >> r & 1 == 1 && !self.stopped[r];
        let together = (0..3).filter(|r| deployed(*r)).count() >= 2;
        let happens = |draw: u8| draw == 0 || draw == 1 && together && self.factor;
        let mut kept = [0, 1, 2].map(|r| deployed(r) && !happens(self.back_out[r]));
        kept[2] &= !(deployed(0) && deployed(2) && happens(self.back_out[0]) && self.drag);
        kept
    }

    /// Incidents of a set.
    fn incidents(&self, set: usize) -> f64 {
        let together = (0..3).filter(|r| set >> r & 1 == 1 && !self.stopped[*r]).count() >= 2;
        let happens = |draw: u8| draw == 0 || draw == 1 && together && self.factor;
        let kept = self.kept(set);
        (0..3).map(|r| f64::from(u8::from(kept[r] && happens(self.defect[r])))).sum()
    }

    fn missed(&self, release: usize, set: usize) -> f64 {
        f64::from(u8::from(!self.kept(set)[release]))
    }

    fn all(&self, set: usize) -> f64 {
        let kept = self.kept(set);
        f64::from(u8::from((0..3).all(|r| set >> r & 1 == 0 || kept[r])))
    }
}

/// Shapley by its definition: what a player adds when it comes, averaged over all orders of three.
fn shapley(value: impl Fn(usize) -> f64, players: &[usize], player: usize) -> f64 {
    let orders: Vec<Vec<usize>> = match players {
        [a, b] => vec![vec![*a, *b], vec![*b, *a]],
        [a, b, c] => {
            let (a, b, c) = (*a, *b, *c);
            [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]].map(|o| o.to_vec()).to_vec()
        }
        _ => panic!("two or three players"),
    };
    let added = |order: &Vec<usize>| {
        let before = order.iter().take_while(|p| **p != player).fold(0, |set, p| set | 1 << p);
        value(before | 1 << player) - value(before)
    };
    orders.iter().map(added).sum::<f64>() / orders.len() as f64
}

/// A figure against the mean of what every night gives, with the standard error of that.
fn check(what: &str, figure: &Figure, exact: &Finite<Night>, of: impl Fn(&Night) -> f64) -> Check {
    Check::mean(what, figure.estimate, N, exact.mean(&of), exact.variance(&of))
}

/// Everything that is linear in facts.
fn linear(group: &GroupTogether, exact: &Finite<Night>) -> Vec<Check> {
    let mut checks = Vec::new();
    for (r, release) in group.releases.iter().enumerate() {
        let id = &release.id;
        let own = 1 << r;
        let misses = |set: usize| move |night: &Night| night.missed(r, set);
        let adds = |set: usize, less: usize| move |night: &Night| night.missed(r, set) - night.missed(r, less);
        checks.push(check(&format!("{id} alone"), &release.p_misses_alone, exact, misses(own)));
        checks.push(check(&format!("{id} together"), &release.p_misses_together, exact, misses(7)));
        checks.push(check(&format!("{id} added"), &release.added, exact, adds(7, own)));
        let partners: Vec<usize> = (0..3).filter(|p| *p != r).collect();
        for (k, p) in partners.iter().enumerate() {
            let partner = &release.partners[k];
            let name = format!("{id} with {}", partner.id);
            checks.push(check(&name, &partner.p_misses_with, exact, misses(own | 1 << p)));
            checks.push(check(&name, &partner.added_first, exact, adds(own | 1 << p, own)));
            checks.push(check(&name, &partner.added_last, exact, adds(7, 7 & !(1 << p))));
            let share = |night: &Night| shapley(|set| night.missed(r, own | set), &partners, *p);
            checks.push(check(&format!("{name}, share"), &release.added_by.shares[k].share.figure, exact, share));
        }
    }
    let missed = |night: &Night, set: usize| -> f64 {
        (0..3).filter(|r| set >> r & 1 == 1).map(|r| night.missed(r, set) - night.missed(r, 1 << r)).sum()
    };
    let extra = |night: &Night, set: usize| {
        let alone: f64 = (0..3).filter(|r| set >> r & 1 == 1).map(|r| night.incidents(1 << r)).sum();
        night.incidents(set) - alone
    };
    let incidents = group.extra_incidents.as_ref().expect("the scenario has incidents");
    for r in 0..3 {
        let share = |night: &Night| shapley(|set| missed(night, set), &[0, 1, 2], r);
        checks.push(check("share of misses", &group.missed.shares[r].share.figure, exact, share));
        let share = |night: &Night| shapley(|set| extra(night, set), &[0, 1, 2], r);
        checks.push(check("share of incidents", &incidents.shares[r].share.figure, exact, share));
    }
    checks.push(check("misses added", &group.missed.total.figure, exact, |night| missed(night, 7)));
    checks.push(check("incidents added", &incidents.total.figure, exact, |night| extra(night, 7)));
    checks
}

#[test]
fn added_risk_and_shapley_shares_are_exact() {
    let (group, _) = run("[scenario]", "[scenario]", None);
    assert_eq!(group.others, ["D"]);
    linear(&group, &nights(Fault::None)).iter().for_each(Check::holds);
    for fault in [Fault::NoInteraction, Fault::NoDrag] {
        some_refused(&linear(&group, &nights(fault)));
    }
    // Planted fault: the total shared out equally.
    let equal = nights(Fault::None).mean(|n| (0..3).map(|r| n.missed(r, 7) - n.missed(r, 1 << r)).sum::<f64>() / 3.0);
    let share = &group.missed.shares[2].share.figure;
    Check::figure("C's share", share.estimate, equal, share.standard_error).is_refused();
}

#[test]
fn standard_errors_are_those_of_paired_runs() {
    let (group, _) = run("[scenario]", "[scenario]", None);
    let exact = nights(Fault::None);
    let error = |of: &dyn Fn(&Night) -> f64| (exact.variance(of) / N as f64).sqrt();
    let near = |figure: &Figure, exact: f64| (figure.standard_error / exact - 1.0).abs() < 0.05;
    let added = |n: &Night| n.missed(0, 7) - n.missed(0, 1);
    assert!(near(&group.releases[0].added, error(&added)));
    let share = |n: &Night| {
        shapley(
            |set| (0..3).filter(|r| set >> r & 1 == 1).map(|r| n.missed(r, set) - n.missed(r, 1 << r)).sum(),
            &[0, 1, 2],
            2,
        )
    };
    assert!(near(&group.missed.shares[2].share.figure, error(&share)));
    // Planted fault: as if the two runs had nothing in common.
    let apart = (exact.variance(|n| n.missed(0, 7)) + exact.variance(|n| n.missed(0, 1))) / N as f64;
    assert!(!near(&group.releases[0].added, apart.sqrt()));
}

/// P(all), both products, common causes, interaction and excess, each with the standard error of its linear part.
fn independence(group: &GroupTogether, exact: &Finite<Night>) -> Vec<Check> {
    let together: Vec<f64> = (0..3).map(|r| 1.0 - exact.mean(|n| n.missed(r, 7))).collect();
    let alone: Vec<f64> = (0..3).map(|r| 1.0 - exact.mean(|n| n.missed(r, 1 << r))).collect();
    let product = |p: &[f64]| p.iter().product::<f64>();
    let all = exact.mean(|n| n.all(7));
    // The linear part of a product: each factor times the product of the others.
    let slope = |p: &[f64], n: &Night, set: &dyn Fn(usize) -> usize| -> f64 {
        (0..3).map(|r| product(p) / p[r] * (1.0 - n.missed(r, set(r)))).sum()
    };
    let with = |n: &Night| slope(&together, n, &|_| 7);
    let apart = |n: &Night| slope(&alone, n, &|r| 1 << r);
    let check = |what: &str, figure: &Figure, value: f64, linear: &dyn Fn(&Night) -> f64| {
        Check::figure(what, figure.estimate, value, (exact.variance(linear) / N as f64).sqrt())
    };
    let figures = &group.independence;
    vec![
        check("all", &figures.p_all, all, &|n| n.all(7)),
        check("product together", &figures.product_together, product(&together), &with),
        check("product alone", &figures.product_alone, product(&alone), &apart),
        check("common causes", &figures.common_causes, all - product(&together), &|n| n.all(7) - with(n)),
        check("interaction", &figures.interaction, product(&together) - product(&alone), &|n| with(n) - apart(n)),
        check("excess", &figures.excess, all - product(&alone), &|n| n.all(7) - apart(n)),
    ]
}

#[test]
fn dependence_is_told_from_interaction() {
    let (group, _) = run("[scenario]", "[scenario]", None);
    independence(&group, &nights(Fault::None)).iter().for_each(Check::holds);
    for fault in [Fault::NoInteraction, Fault::OwnGates] {
        some_refused(&independence(&group, &nights(fault)));
    }
    let figures = &group.independence;
    let sum = figures.common_causes.estimate + figures.interaction.estimate;
    assert!((figures.excess.estimate - sum).abs() < 1e-12);
}

#[test]
fn every_split_has_its_exact_probability() {
    let (group, layout) = run("[scenario]", "[scenario]", None);
    let ways = &group.frontier.ways;
    assert_eq!((ways.len(), group.frontier.without_windows, group.frontier.in_order_only), (13, 0, false));
    let exact = nights(Fault::None);
    let mut checks = Vec::new();
    for way in ways {
        // Nights a week apart have gates and draws of odds of their own, but one factor; back-outs are those of the release.
        let blocks: Vec<usize> = way
            .nights
            .iter()
            .map(|night| {
                night
                    .releases
                    .iter()
                    .map(|id| 1 << layout.group.releases.iter().position(|r| r == id).expect("is in"))
                    .sum()
            })
            .collect();
        let given = |factor: bool| -> f64 {
            let world = exact.given(|n| n.factor == factor);
            blocks.iter().map(|set| world.mean(|n| n.all(*set))).product()
        };
        let p = f64::midpoint(given(false), given(true));
        checks.push(Check::figure(way.name(), way.p_all.estimate, p, (p * (1.0 - p) / N as f64).sqrt()));
    }
    checks.iter().for_each(Check::holds);
    // Planted fault: as if the nights of a split had one gate.
    let three = ways.iter().find(|way| way.added_windows == 2).expect("three nights");
    let one_gate: f64 = 0.9 * BACK_OUT.iter().map(|p| 1.0 - p).product::<f64>();
    let se = (one_gate * (1.0 - one_gate) / N as f64).sqrt();
    Check::figure("one gate", three.p_all.estimate, one_gate, se).is_refused();
    let takes = |name: &str| ways.iter().find(|way| way.name() == name).map(|way| (way.added_windows, way.added_days));
    assert_eq!(takes("A + B + C"), Some((0, 0)));
    assert_eq!(takes("A | B + C"), Some((1, 14)));
    assert_eq!(takes("B | C | A"), Some((2, 21)));
    assert_eq!(
        ways[0].plans.iter().map(|plan| (plan.id.as_str(), plan.dates_only)).collect::<Vec<_>>(),
        [("plan", true)]
    );
}

#[test]
fn input_intervals_reach_from_world_to_world() {
    let (group, _) = run("[scenario]", "[scenario]", Some(WORLDS));
    let exact = nights(Fault::None);
    // Worlds are of two kinds: nothing is added to A, or 0.27.
    let most = exact.given(|n| n.factor).mean(|n| n.missed(0, 7) - n.missed(0, 1));
    assert!((most - 0.27).abs() < 1e-12);
    let noise = (most * (1.0 - most) / WORLDS.iterations as f64).sqrt();
    let reaches = |figure: &Figure, low: f64, high: f64| {
        let [a, b] = figure.inputs_interval.expect("there are worlds");
        (a - low).abs() < 3.0 * noise && (b - high).abs() < 3.0 * noise
    };
    let added = &group.releases[0].added;
    assert!(reaches(added, 0.0, most), "{added:?}");
    // Common causes lie apart by world, too: less where together is the same as alone.
    let within: Vec<f64> = [false, true]
        .map(|factor| {
            let world = exact.given(|n| n.factor == factor);
            world.mean(|n| n.all(7)) - (0..3).map(|r| 1.0 - world.mean(|n| n.missed(r, 7))).product::<f64>()
        })
        .to_vec();
    let average = f64::midpoint(within[0], within[1]);
    let figure = group.independence.common_causes_within_worlds.expect("there are worlds");
    Check::figure("within worlds", figure.estimate, average, figure.standard_error).holds();
    Check::figure("in all", group.independence.common_causes.estimate, average, figure.standard_error).is_refused();
    // Planted fault: a factor that is known has no interval to speak of.
    let (known, _) =
        run("{ values = [1.0, 4.0], weights = [1.0, 1.0] }", "{ values = [2.5], weights = [1.0] }", Some(WORLDS));
    let added = &known.releases[0].added;
    assert!(!reaches(added, 0.0, most), "{added:?}");
    assert!(known.releases[0].separable);
}

#[test]
fn parts_add_up_to_the_last_bit() {
    let (group, _) = run("[scenario]", "[scenario]", Some(Worlds { worlds: 10, ..WORLDS }));
    let mut splits = vec![&group.missed, group.extra_incidents.as_ref().expect("incidents")];
    splits.extend(group.releases.iter().map(|release| &release.added_by));
    for split in splits {
        let numerators: i64 = split.shares.iter().map(|share| share.share.numerator).sum();
        assert_eq!(numerators, split.total.numerator);
        let estimate = |share: &Share| share.numerator as f64 / split.denominator as f64;
        for share in split.shares.iter().map(|share| &share.share).chain([&split.total]) {
            assert!((share.figure.estimate - estimate(share)).abs() < 1e-15, "{share:?}");
        }
    }
    // The total is the sum of what is added to each release: counts over the same iterations.
    let each: i64 = group.releases.iter().map(|release| release.added_by.total.numerator).sum();
    assert_eq!(each * 3, group.missed.total.numerator);
}

#[test]
fn a_group_of_two_shares_what_each_adds_to_the_other() {
    let text = crate::support::text("scenarios/verification/exact-together.toml");
    let text = text.replace("B = 2030-01-17, C = 2030-01-17, D", "C = 2030-01-17, B = 2030-01-24, D");
    let document = Document::parse("scenario.toml", &text).expect("reads");
    let (group, _) = group_of(&document, "plan", Options::iterations(N), None);
    assert_eq!(group.releases.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["A", "C"]);
    assert_eq!(group.others, ["B", "D"]);
    let exact = nights(Fault::None);
    let v = |n: &Night| n.missed(0, 5) - n.missed(0, 1) + n.missed(2, 5) - n.missed(2, 4);
    check("misses added", &group.missed.total.figure, &exact, v).holds();
    // Of two, each has half of what they do to each other.
    for share in &group.missed.shares {
        check("half", &share.share.figure, &exact, |n| v(n) / 2.0).holds();
        check("all of it", &share.share.figure, &exact, v).is_refused();
    }
    let c = &group.releases[1];
    check("added to C", &c.added, &exact, |n| n.missed(2, 5) - n.missed(2, 4)).holds();
    assert_eq!(c.added, c.added_by.shares[0].share.figure);
    assert_eq!(group.frontier.ways.len(), 3);
}

#[test]
fn what_names_a_release_that_is_left_out_concerns_nobody() {
    let text = r#"
[scenario]
id = "left-out"
title = "Everything that may name a release"
data_date = 2030-01-07
horizon = 2030-12-31

[windows.thursdays]
first = 2030-01-17
every = "7 days"

[gates.board]
title = "The board"
before = "1 day"

[releases.A]
title = "A"
windows = "thursdays"
ready = 2030-01-17
gates = ["board"]

[releases.B]
title = "B"
windows = "thursdays"
ready = 2030-01-17
gates = ["board"]

[criteria.of-b]
text = "B is well"
gate = "board"
releases = ["B"]

[scope.item]
title = "Of B"
release = "B"
system_impact = true

[risks.b-late]
title = "B is late"
probability = 0.25
effects = [{ delay = { release = "B", by = "7 days" } }]

[risks.a-late]
title = "A is late"
probability = 0.25
effects = [{ delay = { release = "A", by = "7 days" } }]

[risks.b-unwell]
title = "B is not well"
probability = 0.5
effects = [{ fail = { criterion = "of-b", recovery = "7 days" } }, { cost = { amount = 100 } }]
draw = "gate"

[risks.b-backed-out]
title = "B is backed out"
probability = 0.5
effects = [{ back_out = { release = "B", fix = "7 days" } }, { cost = { amount = 1 } }]

[risks.a-follows]
title = "A goes with whatever happens to B"
probability = 1.0
draw = "deployment"
releases = ["A"]
when = { occurred = "b-backed-out" }
effects = [{ back_out = { release = "A", fix = "7 days" } }]

[risks.b-incident]
title = "B has an incident"
probability = 0.5
effects = [{ incident = { category = 2, release = "B" } }, { cost = { amount = 10 } }]

[risks.b-holds]
title = "B holds A"
probability = 0.5
effects = [{ hold = { release = "A", until_live = "B" } }]

[risks.together]
title = "Together"
when = { co_deployed = ["A", "B"] }
effects = [{ odds = { risks = ["b-backed-out"], factor = 2 } }]

[correlations.late]
between = ["risks.a-late", "risks.b-late"]
rank = 0.5

[plans.P]
title = "Both"
releases = { A = 2030-01-17, B = 2030-01-17 }
set = { "releases.B.notice" = "3 days", "risks.b-backed-out.effects.0.back_out.fix" = "14 days" }
scale = { "risks.b-late.probability" = 0.5 }
"#;
    let document = Document::parse("scenario.toml", text).expect("reads");
    let (group, layout) = group_of(&document, "P", Options::iterations(20_000), None);
    // A alone is late with probability 1/4 and nothing else happens to it.
    let a = &group.releases[0];
    Check::proportion("A alone", (a.p_misses_alone.estimate * 20_000.0).round() as u64, 20_000, 0.25).holds();
    assert!(a.added.estimate > 0.3, "{:?}", a.added);
    let alone = &layout.runs[layout.subsets[1].expect("A alone")];
    let variant = Variant::plan(Some("P")).with(vec![document.other_dates("P", alone)]);
    let (register, _) = document.register(&variant).unwrap_or_else(|findings| panic!("{findings}"));
    let program = Program::lower(register, SEED);
    let tally = golive::simulate::simulate(&program, Options::iterations(20_000), &|_| {}).expect("threads");
    for (risk, occurred) in program.register().risks.iter().zip(&tally.occurred) {
        let of_b = ["b-unwell", "b-backed-out", "b-incident", "a-follows", "together"].contains(&risk.id.as_str());
        assert_eq!(of_b, *occurred == 0, "{} occurs in {occurred}", risk.id);
    }
    assert_eq!(tally.cost.sum(), 0.0);
}

#[test]
fn six_releases_are_taken_apart_in_order_and_more_are_refused() {
    let text = crate::support::text("scenarios/verification/exact-together.toml");
    let more = |ids: &[&str]| {
        let mut text = text.clone();
        for id in ids {
            text += &format!("\n[releases.{id}]\ntitle = \"{id}\"\nwindows = \"thursdays\"\nready = 2030-01-17\n");
        }
        let dates: Vec<String> = ids.iter().map(|id| format!("{id} = 2030-01-17")).collect();
        text.replace("C = 2030-01-17, D", &format!("C = 2030-01-17, {}, D", dates.join(", ")))
    };
    let document = Document::parse("scenario.toml", &more(&["E", "F", "G"])).expect("reads");
    let (group, layout) = group_of(
        &document,
        "plan",
        Options::iterations(500),
        Some(Worlds { worlds: 3, iterations: 10, threads: None }),
    );
    assert_eq!((layout.subsets.len(), group.subsets.len()), (64, 63));
    assert_eq!((group.frontier.ways.len(), group.frontier.in_order_only), (32, true));
    let document = Document::parse("scenario.toml", &more(&["E", "F", "G", "H"])).expect("reads");
    let (register, _) = document.register(&Variant::plan(Some("plan"))).expect("resolves");
    assert!(groups(&register)[0].releases.len() > MOST_TOGETHER);
}
