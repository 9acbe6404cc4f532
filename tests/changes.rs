//! What plans, responses and what-ifs make of a scenario.

use golive::scenario::{Document, Node, Responses};

const BASE: &str = r#"
[scenario]
id = "t"
title = "T"

[estimates.shared]
value = 0.3
basis = "stated"

[risks.R1]
title = "one"
probability = 0.2
effects = [{ delay = { release = "A", by = "5 days" } }]

[risks.R2]
title = "two"
probability = { pert = { min = 0.1, mode = 0.2, max = 0.4 }, basis = "assumed" }

[risks.R3]
title = "three"
probability = "shared"

[responses.M1]
title = "halve the first"
scale = { "risks.R1.probability" = 0.5, "risks.R2.probability" = 0.5 }

[responses.M2]
title = "halve the second"
taken = true
[responses.M2.scale]
"risks.R2.probability" = 0.5
"#;

fn document(text: &str) -> Document {
    Document::parse("t.toml", &format!("{BASE}{text}")).unwrap_or_else(|findings| panic!("{findings}"))
}

fn plan(text: &str) -> Result<Document, String> {
    let text = format!("[plans.P1]\ntitle = \"P\"\nreleases = {{}}\n{text}");
    let changed = document(&text).for_plan("P1").map_err(|findings| findings.to_string())?;
    changed.scenario().map_err(|findings| findings.to_string())?;
    Ok(changed)
}

#[track_caller]
fn number(document: &Document, path: &str) -> f64 {
    document.node(path).and_then(Node::as_number).unwrap_or_else(|| panic!("{path} is no number"))
}

#[track_caller]
fn refused(text: &str, parts: &[&str]) {
    let found = plan(text).expect_err("refused");
    for part in parts {
        assert!(found.contains(part), "`{part}` is missing in: {found}");
    }
}

#[test]
fn set_replaces_and_adds_what_the_format_knows() {
    let changed = plan(
        r#"[plans.P1.set]
"risks.R1.probability" = 0.1
"risks.R2.probability.pert.mode" = 0.3
"risks.R1.effects.0.delay.by" = "6 days"
"risks.R3.enabled" = false
'risks."R2".title' = "zwei"
"#,
    )
    .expect("changes");
    assert_eq!(number(&changed, "risks.R1.probability"), 0.1);
    assert_eq!(number(&changed, "risks.R2.probability.pert.mode"), 0.3);
    assert_eq!(changed.node("risks.R1.effects.0.delay.by").and_then(Node::as_text), Some("6 days"));
    assert_eq!(changed.node("risks.R2.title").and_then(Node::as_text), Some("zwei"));
    assert_eq!(changed.scenario().expect("reads").risks["R3"].enabled, Some(false));
}

#[test]
fn what_is_wrong_with_a_new_value_is_reported_where_it_is_written() {
    let lines = BASE.lines().count();
    let place = format!("t.toml:{}:", lines + 5);
    refused("[plans.P1.set]\n\"risks.R1.probability\" = true\n", &[&place, "wrong-type", "risks.R1.probability"]);
}

#[test]
fn scale_keeps_the_draw_and_multiplies() {
    let changed = plan(
        "[plans.P1.scale]\n\"risks.R1.probability\" = 2\n\"risks.R3.probability\" = { uniform = { min = 1, max = 2 } }\n\
         \"risks.R1.effects.0.delay.by\" = 1.5\n",
    )
    .expect("changes");
    assert_eq!(number(&changed, "risks.R1.probability.value"), 0.2);
    assert_eq!(number(&changed, "risks.R1.probability.times"), 2.0);
    assert_eq!(changed.node("risks.R3.probability.estimate").and_then(Node::as_text), Some("shared"));
    assert_eq!(number(&changed, "risks.R3.probability.times.uniform.max"), 2.0);
    assert_eq!(changed.node("risks.R1.effects.0.delay.by.value").and_then(Node::as_text), Some("5 days"));
    // M2 is in place.
    assert_eq!(number(&changed, "risks.R2.probability.times"), 0.5);
}

#[test]
fn factors_of_several_layers_multiply() {
    let both = plan("responses = [\"M1\"]\nscale = { \"risks.R2.probability\" = 0.5 }\n").expect("changes");
    assert_eq!(number(&both, "risks.R2.probability.times"), 0.125);
    assert_eq!(number(&both, "risks.R1.probability.times"), 0.5);
    let uncertain =
        plan("[plans.P1.scale]\n\"risks.R2.probability\" = { uniform = { min = 1, max = 2 } }\n").expect("changes");
    assert_eq!(number(&uncertain, "risks.R2.probability.times.product.0"), 0.5);
    assert_eq!(number(&uncertain, "risks.R2.probability.times.product.1.uniform.min"), 1.0);
}

#[test]
fn a_plan_has_the_last_word_over_its_responses() {
    let changed = plan("responses = [\"M1\"]\nset = { \"risks.R1.probability\" = 0.7 }\n").expect("changes");
    assert_eq!(number(&changed, "risks.R1.probability"), 0.7);
}

#[test]
fn responses_are_taken_by_list_by_path_and_by_choice() {
    let file = |document: &Document| document.scenario().unwrap_or_else(|findings| panic!("{findings}"));
    let listed = plan("responses = [\"M1\"]\n").expect("changes");
    assert_eq!(file(&listed).responses["M1"].taken, Some(true));
    let off = plan("set = { \"responses.M2.taken\" = false, \"responses.M1.taken\" = true }\n").expect("changes");
    assert!(off.node("risks.R2.probability.times").is_some_and(|times| times.as_number() == Some(0.5)));
    assert_eq!(file(&off).responses["M2"].taken, Some(false));

    let document = document("");
    let inherent = document.for_run(None, None, Responses::None).expect("changes");
    assert!(inherent.node("risks.R2.probability.times").is_none());
    let residual = document.for_run(None, None, Responses::All).expect("changes");
    assert_eq!(number(&residual, "risks.R2.probability.times"), 0.25);
    assert!(inherent.check().is_empty() && residual.check().is_empty());
}

#[test]
fn paths_that_name_nothing_are_refused_with_the_nearest() {
    let set = |path: &str| format!("[plans.P1.set]\n'{path}' = 1\n");
    refused(
        &set("risks.R1.probabilty"),
        &["unknown-path", "did you mean `risks.R1.probability`?", "t.toml:", "plans.P1.set.\"risks.R1.probabilty\""],
    );
    refused(&set("risk.R1.probability"), &["did you mean `risks.R1.probability`?"]);
    refused(&set("risks.R9"), &["unknown-path", "`R1`, `R2`, `R3`"]);
    refused(&set("risks.R1.probability.pert.mode"), &["`risks.R1.probability` is the number 0.2"]);
    refused(&set("risks.R1.when.occurred"), &["unknown-path"]);
    refused(&set("risks.R1.effects.1.delay.by"), &["a number from 0 to 0"]);
    refused(&set("risks.R1.effects.0.back_out"), &["unknown-path"]);
    refused(&set("risks..x"), &["malformed-path"]);
    refused(&set("plans.P1.set.x"), &["path-not-changeable"]);
    refused("[plans.P1.set]\nrisks.R1.probability = 0.1\n", &["path-too-short", "in quotes"]);
    refused("[plans.P1.scale]\n\"risks.R1.items\" = 2\n", &["nothing-to-scale"]);
    refused("[plans.P1.scale]\n\"risks.R2.probability.pert.mode\" = 2\n", &["not-scalable"]);
    refused("[plans.P1.scale]\n\"risks.R1.title\" = 2\n", &["not-scalable"]);
    refused("responses = [\"N1\"]\n", &["unknown-response", "`M1`"]);
}

#[test]
fn the_same_place_is_not_changed_twice() {
    refused(
        "set = { \"risks.R1.probability\" = 0.1 }\nscale = { \"risks.R1.probability\" = 2 }\n",
        &["changed-twice", "here and at t.toml:"],
    );
    refused("set = { \"risks.R2.probability.pert.mode\" = 0.2, \"risks.R2.probability\" = 2 }\n", &["lies within"]);
    refused("set = { \"risks.R1.title\" = \"a\", \"risks.'R1'.title\" = \"b\" }\n", &["changed-twice"]);
    let two = "[responses.A]\ntitle = \"a\"\nset = { \"risks.R1.probability\" = 0.1 }\n[responses.B]\ntitle = \"b\"\nset = { \"risks.R1.probability\" = 0.2 }\n";
    let found = document(two).for_run(None, None, Responses::All).expect_err("refused").to_string();
    assert!(found.contains("changed-twice"), "{found}");
}

#[test]
fn changes_without_effect_are_warned_of() {
    let changed = plan("[plans.P1.set]\n\"risks.R1.probability\" = 0.20\n").expect("changes");
    let found = changed.check();
    assert!(!found.has_errors());
    assert!(found.to_string().contains("warning[override-without-effect]"), "{found}");
}

#[test]
fn what_ifs_stand_on_their_plan() {
    let text = r#"
[plans.P2]
title = "second"
releases = {}
set = { "risks.R1.probability" = 0.4 }
[plans.P10]
title = "tenth"
releases = {}
[what_ifs.W1]
title = "first plan unless given"
responses = ["M1"]
[what_ifs.W2]
title = "of another"
plan = "P10"
set = { "risks.R2.title" = "x" }
[what_ifs.W3]
title = "of none"
plan = "P3"
"#;
    let document = document(text);
    assert_eq!(document.plan_ids(), ["P2", "P10"]);
    assert_eq!(document.what_if_ids(), ["W1", "W2", "W3"]);
    let first = document.for_what_if("W1").expect("changes");
    // Responses come before what the plan sets.
    assert_eq!(number(&first, "risks.R1.probability"), 0.4);
    assert_eq!(number(&document.for_what_if("W2").expect("changes"), "risks.R1.probability"), 0.2);
    assert!(document.for_what_if("W3").expect_err("refused").to_string().contains("did you mean `P2`?"));
    assert!(document.for_plan("P11").expect_err("refused").to_string().contains("unknown-plan"));
    assert!(document.for_what_if("W9").expect_err("refused").to_string().contains("unknown-what-if"));
}

#[test]
fn changes_can_be_written_on_a_command_line() {
    let mut document = document("");
    let set = document.change_from_text("--set", "risks.R1.probability = { value = 0.9 }", false).expect("a change");
    assert_eq!(set.path, "risks.R1.probability");
    let scale = document.change_from_text("--scale", "\"risks.R2.probability\" = 3", true).expect("a change");
    let wrong = document.change_from_text("--set", "risks.R1.effects.0.delay.by = true", false).expect("a change");
    let changed = document.with_changes(&[set, scale]).expect("changes");
    assert_eq!(number(&changed, "risks.R1.probability.value"), 0.9);
    assert_eq!(number(&changed, "risks.R2.probability.times"), 3.0);
    assert_eq!(changed.hash(), document.hash());
    let found = document.with_changes(&[wrong]).expect("changes").scenario().expect_err("refused").to_string();
    assert!(found.contains("--set:1:31: error[wrong-type]"), "{found}");
    for text in ["", "risks.R1", "= 3", "a = 1\nb = 2", "a = nan", "x = ["] {
        assert!(document.change_from_text("--set", text, false).is_err(), "{text}");
    }
}
