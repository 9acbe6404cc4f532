//! What is added to a register changes what it says and nothing else.

use golive::program::Program;

use super::runs::{flagship_text, iterations, program, tally};

/// One risk of each kind, with ids before, among and after those of the register.
fn risks_of(probability: f64) -> String {
    let p = format!("probability = {{ value = {probability}, basis = \"assumed\" }}");
    let kinds = [
        ("A-delay", "delay = { release = \"SEC\", by = \"9 days\" }"),
        ("R06-fail", "fail = { criterion = \"O1\", recovery = \"9 days\" }"),
        ("R11-back-out", "back_out = { release = \"U22\", fix = \"9 days\" }"),
        ("R17-incident", "incident = { category = 1, release = \"U30\" }"),
        ("R20-hold", "hold = { release = \"SEC\", until_live = \"U30\" }"),
        ("z-drop", "drop = { item = \"MP149\" }"),
    ];
    kinds
        .iter()
        .map(|(id, effect)| format!("\n[risks.{id}]\ntitle = \"Added\"\n{p}\neffects = [{{ {effect} }}]\n"))
        .collect()
}

#[test]
fn risks_that_never_occur_change_nothing() {
    let text = flagship_text();
    let (before, after) = (text.clone(), text.clone() + &risks_of(0.0));
    let (a, b) = (program(&before, "P1"), program(&after, "P1"));
    // A tally counts how often each risk occurs: those added are looked at apart, and left out.
    let without_added = |of: &Program| {
        let mut tally = tally(of, 30_000, None, 256);
        let known = |id: &String| a.register().risks.iter().any(|risk| risk.id == *id);
        let counts = of.register().risks.iter().map(|risk| &risk.id).zip(std::mem::take(&mut tally.occurred));
        let (own, added): (Vec<_>, Vec<_>) = counts.partition(|(id, _)| known(id));
        tally.occurred = own.into_iter().map(|(_, count)| count).collect();
        (tally, added.into_iter().map(|(_, count)| count).sum::<u64>())
    };
    let (plain, none) = without_added(&a);
    assert_eq!(none, 0);
    assert!((plain.clone(), 0) == without_added(&b));
    assert!(iterations(&a, 3000) == iterations(&b, 3000));
    // Planted fault: they do occur.
    let (changed, occurred) = without_added(&program(&(text + &risks_of(0.01)), "P1"));
    assert!(plain != changed && occurred > 0);
}

#[test]
fn a_risk_that_only_costs_changes_only_the_cost() {
    let text = flagship_text();
    let a = program(&text, "P1");
    for (id, draw) in [("A-first", "once"), ("R11-mid", "deployment"), ("R05-gate", "gate"), ("z-last", "go-live")] {
        let risk = format!(
            "\n[risks.{id}]\ntitle = \"Added\"\ndraw = \"{draw}\"\nprobability = 0.3\neffects = [{{ cost = {{ amount = 5 }} }}]\n"
        );
        let b = program(&(text.clone() + &risk), "P1");
        let (before, after) = (iterations(&a, 5000), iterations(&b, 5000));
        let same = before.iter().zip(&after).all(|(x, y)| x.0 == y.0);
        assert!(same, "{id} changes another outcome");
        let charged = before.iter().zip(&after).any(|(x, y)| x.1 != y.1);
        assert!(charged, "{id} costs nothing");
    }
}

#[test]
fn scope_without_system_impact_moves_no_deployment_figure() {
    let (p1, p9) = (program("scenarios/november-2021.toml", "P1"), program("scenarios/november-2021.toml", "P9"));
    let n = 100_000;
    let (mut a, mut b) = (tally(&p1, n, None, 256), tally(&p9, n, None, 256));
    assert_ne!(a.ships, b.ships, "what ships is what differs");
    a.ships.clear();
    b.ships.clear();
    assert!(a == b, "every other figure is the same");
    assert!(a.releases.iter().all(|r| r.on_target > 0 && r.on_target < n));
}
