//! Days that are known to the last bit, and activities that merge.

use golive::analysis::drivers::{Asked, Days, PartKind, Subject};
use golive::register::Register;

use super::{found, found_of, scenario};
use crate::check::Check;

fn told(register: &Register, subject: &Subject, n: u64, told: u64) -> Days {
    found_of(register, subject, &[], Asked::P80, n, 0, told).days.expect("P80 is later than planned")
}

#[test]
fn the_parts_are_those_of_the_case() {
    let days = told(&scenario("days", "plan"), &Subject::Release(0), 4096, 500);
    let parts: Vec<(PartKind, Option<&str>, f64)> =
        days.parts.iter().map(|part| (part.kind, part.id.as_deref(), part.days)).collect();
    assert_eq!(
        parts,
        [(PartKind::Risk, Some("trouble"), 8.0), (PartKind::Wait, None, 5.0), (PartKind::Room, None, -6.0)]
    );
    assert_eq!((days.from_day, days.as_planned_day, days.to_day, days.days), (21.0, 21.0, 28.0, 7.0));
    assert!(days.parts.iter().all(|part| part.share == 1.0));
    assert_eq!(days.iterations, 500);
}

/// As planned a link drives the finish of `test`: its own five days end when `build` does, on day 10. With eight days
/// more its own work does, from day 0 to day 13: the risk took eight days, of which five were slack.
#[test]
fn slack_behind_a_link_to_a_finish_is_told() {
    let text = "[scenario]\nid = \"link\"\ntitle = \"A link to a finish\"\n[measures.end]\ntitle = \"End\"\n\
        activity = \"test\"\n[activities]\n\
        build = { duration = { value = \"10 days\", basis = \"stated\" } }\n\
        test = { duration = { value = \"5 days\", basis = \"stated\" }, after = [\
        { activity = \"build\", link = \"SS\" }, { activity = \"build\", link = \"FF\" }] }\n\
        [risks.trouble]\ntitle = \"Trouble\"\nprobability = { value = 0.6, basis = \"assumed\" }\n\
        effects = [{ delay = { activities = [\"test\"], by = { value = \"8 days\", basis = \"assumed\" } } }]\n";
    let register = crate::support::register(text, golive::scenario::BASE_PLAN);
    let days = told(&register, &Subject::Finish(0), 4096, 300);
    let parts: Vec<(PartKind, Option<&str>, f64)> =
        days.parts.iter().map(|part| (part.kind, part.id.as_deref(), part.days)).collect();
    assert_eq!(parts, [(PartKind::Risk, Some("trouble"), 8.0), (PartKind::Room, None, -5.0)]);
    assert_eq!((days.from_day, days.to_day), (10.0, 13.0));
}

#[test]
fn parts_add_up_to_the_last_bit() {
    let train = crate::support::register("scenarios/templates/release-train.toml", "together");
    let network = crate::support::register("scenarios/verification/network-50.toml", golive::scenario::BASE_PLAN);
    let real = crate::support::register("scenarios/november-2021.toml", "P1");
    let second = crate::support::register("scenarios/november-2021.toml", "P7");
    let release = Subject::Release;
    // Of the train the platform; of the real case the SEC Release, and Uplift 3.0.
    for (register, subject) in
        [(train, release(1)), (network, Subject::Finish(0)), (real, release(0)), (second, release(2))]
    {
        let days = told(&register, &subject, 4096, 300);
        let sum: f64 = days.parts.iter().map(|part| part.days).sum();
        assert_eq!(sum.to_bits(), days.days.to_bits(), "{}", register.scenario);
        assert_eq!((days.from_day + days.days).to_bits(), days.to_day.to_bits(), "{}", register.scenario);
        let back: f64 = days.parts.iter().rev().map(|part| part.days).sum();
        assert_eq!(back.to_bits(), days.days.to_bits(), "in any order");
        assert!(days.parts.len() > 3, "{}", register.scenario);
    }
}

#[test]
fn criticality_and_merge_bias_of_two_ways_that_meet() {
    const N: u64 = 20_000;
    let register = scenario("merge", golive::scenario::BASE_PLAN);
    let found = found(&register, &[], Asked::P80, N, 0, N);
    let activities = found.activities.expect("there are some");
    let of = |id: &str| activities.activities.iter().find(|a| a.id == id).expect(id);
    let critical =
        |id: &str, p: f64| Check::proportion(id, (of(id).criticality.estimate * N as f64).round() as u64, N, p);
    critical("A", 0.75).holds();
    critical("B", 0.25).holds();
    // Planted: as if the longer on average drove always.
    critical("B", 0.0).is_refused();
    let [merge] = activities.merges.as_slice() else { panic!("one point where ways meet") };
    let bias = 5.0 / 12.0;
    let error = ((31.25 / 30.0 - bias * bias) / N as f64).sqrt();
    let check = |exact: f64| Check::figure("merge bias", merge.merge_bias.estimate, exact, error);
    check(bias).holds();
    check(0.0).is_refused();
    assert!((merge.mean_of_latest - merge.latest_of_means - merge.merge_bias.estimate).abs() < 1e-5);
    assert_eq!(merge.at, "end");
    // The end takes no time: its duration says nothing of the finish; A's says most.
    assert!(of("end").cruciality.is_none());
    let cruciality = |id: &str| of(id).cruciality.expect(id).estimate;
    assert!(cruciality("A") > cruciality("B") && cruciality("B") > 0.1);
}
