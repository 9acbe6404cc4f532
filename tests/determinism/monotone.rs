//! A likelier risk never makes an iteration on time that was late: not on average, draw by draw.

use super::runs::program;
use golive::simulate::every_block;

/// Independent risks of every kind around two releases, with their probabilities.
fn scenario(p: [f64; 5]) -> String {
    let [delay, fail, back_out, hold, once] = p;
    format!(
        r#"
[scenario]
id = "monotone"
title = "Independent risks"
data_date = 2030-01-07
horizon = 2030-12-31

[windows.thursdays]
first = 2030-01-17
every = "7 days"

[gates.go]
title = "Go/No-Go"
before = "1 day"

[releases.A]
title = "A"
windows = "thursdays"
ready = 2030-01-15
gates = ["go"]

[releases.B]
title = "B"
windows = "thursdays"
ready = 2030-01-15
gates = ["go"]

[criteria.c]
text = "A criterion of both"
gate = "go"

[risks.delay]
title = "Work takes longer"
probability = {delay}
effects = [{{ delay = {{ release = "A", by = {{ uniform = {{ min = 0, max = 6 }}, unit = "days" }} }} }}]

[risks.fail]
title = "The criterion is not met"
probability = {fail}
effects = [{{ fail = {{ criterion = "c", recovery = "7 days" }} }}]

[risks.back-out]
title = "A deployment is backed out"
releases = ["A", "B"]
probability = {back_out}
effects = [{{ back_out = {{ fix = "7 days" }} }}]

[risks.hold]
title = "B waits for A"
probability = {hold}
effects = [{{ hold = {{ release = "B", until_live = "A" }} }}]

[risks.once]
title = "A fault of both"
draw = "once"
probability = {once}
effects = [{{ back_out = {{ release = "A", fix = "7 days" }} }}, {{ back_out = {{ release = "B", fix = "7 days" }} }}]

[plans.plan]
title = "Both together"
releases = {{ A = 2030-01-17, B = 2030-01-17 }}
"#
    )
}

/// For each iteration, whether A and B are live on their date and stay.
fn on_time(p: [f64; 5]) -> Vec<[bool; 2]> {
    let mut all = Vec::new();
    let done: Result<(), std::convert::Infallible> = every_block(&program(&scenario(p), "plan"), 50_000, |outcome| {
        let kept = &outcome.kept_on_target;
        all.extend((0..outcome.lanes).map(|lane| [kept[0].get(lane), kept[1].get(lane)]));
        Ok(())
    });
    let Ok(()) = done;
    all
}

#[test]
fn a_likelier_risk_makes_no_iteration_punctual() {
    let low = [0.2, 0.15, 0.1, 0.3, 0.05];
    let before = on_time(low);
    for risk in 0..low.len() {
        for more in [0.01, 0.2, 0.6] {
            let mut high = low;
            high[risk] += more;
            let after = on_time(high);
            let pairs = || before.iter().flatten().zip(after.iter().flatten());
            assert!(pairs().all(|(low, high)| *low || !*high), "risk {risk} by {more}");
            let worse = pairs().filter(|(low, high)| **low && !**high).count();
            assert!(worse > 0, "risk {risk} by {more} does nothing");
        }
    }
    // Planted fault: another seed's draws are no better on average, but not draw by draw.
    let shifted: Vec<[bool; 2]> = before[1..].to_vec();
    let pairs = || before.iter().flatten().zip(shifted.iter().flatten());
    assert!(!pairs().all(|(low, high)| *low || !*high));
}
