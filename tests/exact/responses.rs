//! Responses: a register in three states, and what each response does, against exact answers on common random numbers.

use golive::analysis::responses::{InputMeans, ResponseOutlook, ResponsesOutlook, input_means, responses};
use golive::analysis::{Runs, outlook};
use golive::program::Program;
use golive::scenario::{Document, Responses, Variant};
use golive::simulate::{Decision, Options, Tally, simulate_paired};

use super::check::Check;

const N: u64 = 100_000;
const SEED: u64 = 20_300_109;

const TEXT: &str = r#"
[scenario]
id = "responses"
title = "Two responses"
data_date = 2030-01-07
horizon = 2030-12-31
cost_unit = "points"

[windows.thursdays]
first = 2030-01-17
every = "7 days"

[releases.A]
title = "A"
windows = "thursdays"
ready = 2030-01-17

[risks.late]
title = "A is late"
owner = "the team"
probability = 0.4
effects = [{ delay = { release = "A", by = "7 days" } }]

[risks.reversed]
title = "A is backed out"
probability = 0.3
effects = [{ back_out = { release = "A", fix = "400 days" } }]

[risks.asks]
title = "Costs where nobody rehearsed"
when = { not = { response = "rehearse" } }
probability = 1.0
draw = "once"
effects = [{ cost = { amount = 40 } }]

[responses.hurry]
title = "Hurry"
owner = "the team"
taken = true
scale = { "risks.late.probability" = 0.5 }

[responses.rehearse]
title = "Rehearse"
by = 2030-01-10
cost = { value = 25, basis = "assumed" }
set = { "risks.reversed.probability" = 0.1 }

[plans.P]
title = "The plan"
releases = { A = 2030-01-17 }

[plans.Q]
title = "The plan with a rehearsal"
releases = { A = 2030-01-17 }
responses = ["rehearse"]
"#;

/// The responses of a plan.
fn of(plan: &str) -> ResponsesOutlook {
    let mut document = Document::parse("scenario.toml", TEXT).expect("reads");
    let base = Variant::plan(Some(plan));
    let file = document.for_plan(plan).expect("changes").scenario().expect("reads");
    let mut variants: Vec<Variant> = [Responses::None, Responses::AsPlanned, Responses::All]
        .map(|responses| Variant { responses, ..base.clone() })
        .into();
    for (id, response) in &file.responses {
        let text = format!("responses.{id}.taken = {}", response.taken != Some(true));
        let change = document.change_from_text("test", &text, false).expect("a change");
        variants.push(base.clone().with(vec![change]));
    }
    let program = |variant| {
        let (register, _) = document.register(variant).unwrap_or_else(|findings| panic!("{findings}"));
        Program::lower(register, SEED)
    };
    let programs: Vec<Program> = variants.iter().map(program).collect();
    let mut decisions = Decision::all(&programs);
    let risks = ["late", "reversed", "asks"].map(|id| Decision::Occurs(id.to_owned()));
    decisions.splice(0..0, risks);
    let (tallies, paired) = simulate_paired(&programs, &decisions, Options::iterations(N), &|_| {}).expect("threads");
    let runs: Vec<(&Program, &Tally)> = programs.iter().zip(&tallies).collect();
    let means: InputMeans = input_means(&programs[..3], Options::iterations(1000), &|_| {}).expect("threads");
    let runs_of = Runs { programs: &programs, tallies: &tallies, decisions: &decisions, paired: &paired, worlds: &[] };
    responses(&document, &file, &outlook(&runs), &runs_of, &means)
}

fn share(what: &str, estimate: f64, p: f64) -> Check {
    Check::proportion(what, (estimate * N as f64).round() as u64, N, p)
}

fn effect<'a>(response: &'a ResponseOutlook, measure: &str) -> &'a golive::analysis::responses::ResponseEffect {
    response.effects.iter().find(|effect| effect.measure == measure).expect("is there")
}

#[test]
fn a_register_in_three_states() {
    let outlook = of("P");
    let stays = outlook.headlines.iter().find(|h| h.measure == "A.p_live_on_target_and_stays").expect("is there");
    // Late with 0.4, or 0.2 in a hurry; backed out with 0.3, or 0.1 after a rehearsal.
    let exact = [0.6 * 0.7, 0.8 * 0.7, 0.8 * 0.9];
    for (figure, p) in stays.figures.each().into_iter().zip(exact) {
        share("stays", figure.estimate, p).holds();
    }
    share("residual for current", stays.figures.current.estimate, exact[2]).is_refused();
    // A response that only takes away makes no iteration worse: the difference is a share itself.
    share("taken", stays.taken.difference.estimate, exact[1] - exact[0]).holds();
    share("left", stays.left.difference.estimate, exact[2] - exact[1]).holds();
    let error = ((exact[1] - exact[0]) * (1.0 - exact[1] + exact[0]) / N as f64).sqrt();
    assert!((stays.taken.difference.standard_error / error - 1.0).abs() < 0.05);
    let risk = |id: &str| outlook.risks.iter().find(|risk| risk.id == id).expect("is there");
    let late = risk("late");
    assert_eq!(late.owner.as_deref(), Some("the team"));
    for (figure, p) in late.p_occurs.each().into_iter().zip([0.4, 0.2, 0.2]) {
        share("late", figure.expect("in force").estimate, p).holds();
    }
    let means = late.probability.expect("changes").each().map(|figure| figure.expect("in force").estimate);
    assert_eq!(means, [0.4, 0.2, 0.2]);
    assert!(late.left.is_some_and(|effect| effect.identical) && late.changes());
    // What is given a number of its own shows it; backed out at most once here, given that it is deployed at all.
    assert_eq!(risk("reversed").probability.map(|p| p.residual.expect("in force").estimate), Some(0.1));
    assert_eq!(risk("asks").p_occurs.each().map(|figure| figure.expect("in force").estimate), [1.0, 1.0, 0.0]);
}

#[test]
fn each_response_by_itself() {
    let outlook = of("P");
    let [hurry, rehearse] = outlook.responses.as_slice() else { panic!("two responses") };
    assert!(hurry.taken && !rehearse.taken);
    assert_eq!((hurry.price, rehearse.price.map(|p| p.estimate)), (None, Some(25.0)));
    assert_eq!(rehearse.asked_by, ["asks"]);
    assert_eq!(rehearse.changes[0].change, "0.3 → 0.1");
    assert_eq!(hurry.changes[0].change, "× 0.5");
    let stays = "A.p_live_on_target_and_stays";
    // With it, less without it, whichever way things stand.
    let (with_hurry, with_rehearsal) = (effect(hurry, stays), effect(rehearse, stays));
    share("hurry", with_hurry.effect.difference.estimate, 0.8 * 0.7 - 0.6 * 0.7).holds();
    share("rehearse", with_rehearsal.effect.difference.estimate, 0.8 * 0.9 - 0.8 * 0.7).holds();
    // Planted fault: against a register without any response.
    share("rehearse", with_rehearsal.effect.difference.estimate, 0.6 * 0.9 - 0.6 * 0.7).is_refused();
    assert!(with_hurry.effect.separable && with_rehearsal.effect.separable);
    assert_eq!(with_hurry.benefit_per_cost, None);
    let gain = with_rehearsal.benefit_per_cost.expect("is priced");
    assert!((gain.estimate - with_rehearsal.effect.difference.estimate / 25.0).abs() < 1e-15);
    let missed = effect(rehearse, "releases_missed");
    assert!(missed.benefit_per_cost.is_some_and(|gain| gain.estimate > 0.0) && missed.effect.difference.estimate < 0.0);
    // It costs 25 and saves the 40 of the risk that asks for it.
    assert_eq!(effect(rehearse, "cost").effect.difference.estimate, -15.0);
    assert!(effect(hurry, "cost").effect.identical && effect(hurry, "A.p_live_on_target").effect.separable);
}

#[test]
fn a_response_of_the_plan_can_be_left_out() {
    let outlook = of("Q");
    let cost = outlook.headlines.iter().find(|h| h.measure == "cost").expect("is there");
    // Without responses nothing is paid for them, whatever the plan says, and the risk that asks is told so.
    assert_eq!(cost.figures.each().map(|figure| figure.estimate), [40.0, 25.0, 25.0]);
    let rehearse = &outlook.responses[1];
    assert!(rehearse.taken);
    share("rehearse", effect(rehearse, "A.p_live_on_target_and_stays").effect.difference.estimate, 0.8 * 0.2).holds();
    assert_eq!(effect(rehearse, "cost").effect.difference.estimate, -15.0);
}
