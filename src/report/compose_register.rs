//! The register: every risk with its probability of occurring, every number with what it rests on, every plan with
//! what it changes.

use super::compose::{Case, short};
use super::compose_paper::source_under;
use super::content::{Block, Cell, Column, Kind, Section, Table, Text};
use super::effect_words;
use super::figures::{self, NONE};
use super::number_words::{basis, basis_word, quantity};
use crate::analysis::wording;
use crate::scenario::file::{Basis, Estimate, Override, Quantity, Risk};
use crate::scenario::{Written, natural_order};

/// The register.
pub fn risks(case: &Case<'_>) -> Option<Section> {
    let risks = &case.scenario.risks;
    if risks.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("Risk", Kind::Id, 7),
        Column::new("Cause, event, consequence; effect in the model", Kind::Text, 45),
        Column::new("Owner", Kind::Text, 12),
        Column::new("P(occurs)", Kind::Probability, 13),
        Column::new("Its probability as estimated, and basis", Kind::Text, 26),
    ];
    let rows = natural_order(risks.keys()).into_iter().map(|id| risk_row(case, id, &risks[id])).collect();
    let plan =
        if case.scenario.plans.is_empty() { Text::default() } else { Text::words(", plan ").and_data(&case.plan().id) };
    let table = Table::new("table-register", Text::words("Risk register").and_text(plan), columns, rows)
        .note(Text::words(
            "P(occurs): share of iterations in which the risk occurs on at least one occasion, what it depends on included; of a \
             risk that only changes others, in which it does so. It is not the estimate beside it, which holds on one occasion.",
        ))
        .sortable();
    let words =
        Text::words("Every number behind a risk stands in ").and_reference("table-numbers").and(" with its source.");
    let blocks = vec![Block::Paragraph(words), Block::Table(table)];
    Some(Section { id: "register".to_owned(), heading: "Risk register".to_owned(), blocks })
}

fn risk_row(case: &Case<'_>, id: &str, risk: &Risk) -> Vec<Cell> {
    let occurs = case.plan().risks.iter().find(|r| r.id == id).map(|r| &r.p_occurs);
    let p_occurs = match occurs {
        Some(figure) if risk.enabled != Some(false) => figures::probability(figure),
        _ => Cell::words("not in the figures"),
    };
    let mut words = Text::default().and_strong(&risk.title);
    let chain: Vec<String> = [&risk.cause, &risk.event, &risk.consequence]
        .into_iter()
        .flatten()
        .map(|part| wording::plain(part, 2000))
        .collect();
    if !chain.is_empty() {
        words = words.and_break().and(chain.join(" "));
    }
    let mut model: Vec<String> = effect_words::effects(risk);
    model.extend(risk.when.as_ref().map(|c| format!("only if {}", effect_words::condition(c))));
    model.extend(risk.draw.map(|d| effect_words::draw(d).to_owned()));
    if !model.is_empty() {
        words = words.and_break().and_minor(wording::plain(&format!("Effect: {}.", model.join("; ")), 4000));
    }
    if let Some(note) = &risk.note {
        words = words.and_break().and_minor(wording::plain(note, 2000));
    }
    if let Some(source) = &risk.source {
        words = words.and_break().and_minor(wording::plain(source, 2000));
    }
    vec![
        Text::default().and_strong(id).into(),
        words.into(),
        risk.owner.as_deref().map_or_else(|| Cell::words(NONE), Cell::data),
        p_occurs,
        as_estimated(case, risk),
    ]
}

/// The probability of a risk as it is estimated, with its basis.
fn as_estimated(case: &Case<'_>, risk: &Risk) -> Cell {
    let items = risk.items.filter(|n| *n != 1).map_or_else(String::new, |n| format!(" for each of {n}"));
    let Some(probability) = &risk.probability else {
        let words = if risk.when.is_some() { "certain whenever its condition holds" } else { "certain" };
        return Cell::words(words);
    };
    let text = Text::data(&format!("{}{items}", quantity(probability)));
    let named = match probability {
        Quantity::Text(name) => case.scenario.estimates.get(name),
        Quantity::Number(_) => None,
        Quantity::Estimate(estimate) => Some(&**estimate),
    };
    match (probability, named) {
        (Quantity::Text(_), Some(estimate)) => {
            let value = super::number_words::value(estimate);
            under_basis(text.and(": ").and_data(&value), estimate)
        }
        (_, Some(estimate)) => under_basis(text, estimate),
        _ => text.into(),
    }
}

fn under_basis(text: Text, estimate: &Estimate) -> Cell {
    let asked =
        estimate.elicit.as_deref().map_or_else(String::new, |who| format!("; to be elicited from {}", short(who)));
    text.and_break().and_minor(format!("{}{asked}", basis_word(basis(estimate)))).into()
}

/// Every number, with its basis and where it comes from.
pub fn numbers(case: &Case<'_>) -> Option<Section> {
    let mut rows: Vec<Vec<Cell>> = case.document.quantities().iter().map(number_row).collect();
    rows.extend(other_numbers(case));
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("Number", Kind::Text, 26),
        Column::new("Value", Kind::Text, 28),
        Column::new("Basis", Kind::Text, 10),
        Column::new("Source, arithmetic, whom to ask", Kind::Text, 40),
    ];
    let caption = "Every number of the scenario: value, basis, and where it comes from";
    let table = Table::new("table-numbers", Text::words(caption), columns, rows)
        .note(Text::words(
            "stated: the source says it. derived: arithmetic from stated numbers. base rate: a published statistic. assumed: a \
             starting value for elicitation, not a fact.",
        ))
        .sortable();
    let heading = "Numbers and what they rest on".to_owned();
    Some(Section { id: "numbers".to_owned(), heading, blocks: vec![Block::Table(table)] })
}

fn number_row(written: &Written) -> Vec<Cell> {
    let value = Cell::data(&quantity(&written.quantity));
    let (basis, origin) = match &written.quantity {
        Quantity::Estimate(e) if e.basis.is_none() && is_composed(e) => (Cell::words("its parts"), origin(e)),
        Quantity::Estimate(e) => (Cell::words(basis_word(basis(e))), origin(e)),
        _ => (Cell::words("none given"), Cell::words(NONE)),
    };
    vec![Text::default().and_code(&written.path).into(), value, basis, origin]
}

/// Whether a number is made of others, each with a basis of its own.
pub fn is_composed(e: &Estimate) -> bool {
    e.product.is_some()
        || e.sum.is_some()
        || e.complement.is_some()
        || e.any_of.is_some()
        || e.at_least_one.is_some()
        || e.odds.is_some()
        || e.escape.is_some()
        || e.estimate.is_some()
}

/// Source, arithmetic, whom to ask, remark: as much as is given.
fn origin(e: &Estimate) -> Cell {
    let mut text = Text::default();
    if let Some(source) = &e.source {
        text = text.and_data(source);
    }
    if let Some(derivation) = &e.derivation {
        text = text.and_break().and("Arithmetic: ").and_data(derivation);
    }
    if let Some(who) = &e.elicit {
        text = text.and_break().and("To be elicited from ").and_data(who).and(".");
    }
    if let Some(note) = &e.note {
        text = text.and_break().and_minor(wording::plain(note, 2000));
    }
    if text.is_empty() { Cell::words(NONE) } else { text.into() }
}

/// Numbers that are no estimates: correlations, drivers, shares of coverage, consent, windows.
fn other_numbers(case: &Case<'_>) -> Vec<Vec<Cell>> {
    let s = &case.scenario;
    let mut rows = Vec::new();
    let mut say = |path: String, value: String, basis: Option<Basis>, source: Option<&str>| {
        rows.push(vec![
            Text::default().and_code(&path).into(),
            Cell::data(&value),
            Cell::words(basis.map_or("none given", basis_word)),
            source_under(Text::default(), source),
        ]);
    };
    for (id, c) in &s.correlations {
        let value =
            format!("rank correlation {} between {}", super::number_words::plain(c.rank), c.between.join(" and "));
        say(format!("correlations.{id}"), value, c.basis, c.source.as_deref());
    }
    for (id, d) in &s.drivers {
        let loadings: Vec<String> = d.loadings.iter().map(|(path, l)| format!("{path} {l}")).collect();
        say(format!("drivers.{id}"), format!("loadings: {}", loadings.join(", ")), d.basis, d.source.as_deref());
    }
    for (id, c) in &s.coverage {
        let shares: Vec<String> = c.variants.iter().map(|(variant, share)| format!("{variant} {share}")).collect();
        say(format!("coverage.{id}.variants"), shares.join(", "), c.basis, c.source.as_deref());
    }
    for id in natural_order(s.releases.keys()) {
        let release = &s.releases[id];
        if let Some(c) = &release.consent {
            let value = format!("{} consents to moves of more than {}; takes {}", c.by, c.beyond, c.takes);
            say(format!("releases.{id}.consent"), value, c.basis, c.source.as_deref());
        }
        if let Some(notice) = &release.notice {
            say(format!("releases.{id}.notice"), notice.clone(), None, None);
        }
        if let Some(support) = &release.early_life_support {
            say(format!("releases.{id}.early_life_support"), support.clone(), None, None);
        }
    }
    for (id, w) in &s.windows {
        let every = w.every.as_deref().map_or_else(String::new, |every| format!(", every {every}"));
        let dates = match w.first {
            Some(first) => format!("from {}{every}", wording::short_date(first.0)),
            None => format!("{} dates", w.dates.len()),
        };
        let closed: Vec<String> = w
            .freezes
            .iter()
            .map(|f| format!("{} to {}", wording::short_date(f.from.0), wording::short_date(f.to.0)))
            .collect();
        let closed = if closed.is_empty() { String::new() } else { format!("; closed {}", closed.join(", ")) };
        say(format!("windows.{id}"), format!("{dates}{closed}"), w.basis, w.source.as_deref());
    }
    rows
}

/// What each plan and each response changes.
pub fn plans(case: &Case<'_>) -> Option<Section> {
    let s = &case.scenario;
    let mut blocks = Vec::new();
    if !s.plans.is_empty() {
        let columns = vec![
            Column::new("Plan", Kind::Text, 30),
            Column::new("Releases", Kind::Text, 25),
            Column::new("What it changes", Kind::Text, 45),
        ];
        let shown = case.outlook.plans.iter().filter_map(|p| Some((p, s.plans.get(&p.id)?)));
        let rows = shown.map(|(outlook, plan)| {
            // Here, once, the title stands in full.
            let mut name = Text::default().and_strong(&outlook.id).and(": ").and_data(&plan.title);
            if let Some(description) = &plan.description {
                name = name.and_break().and_minor(wording::plain(description, 2000));
            }
            let mut dates = Text::default();
            for id in natural_order(plan.releases.keys()) {
                let date = wording::short_date(plan.releases[id].0).replace(' ', "\u{a0}");
                dates = dates.and_break().and_data(id).and(format!(" {date}"));
            }
            let mut changes = Text::default();
            if !plan.responses.is_empty() {
                changes = changes.and("Takes the responses ").and_data(&plan.responses.join(", ")).and(".");
            }
            if !plan.separate.is_empty() {
                changes =
                    changes.and_break().and("Never two of these in one window: ").and_data(&plan.separate.join(", "));
            }
            for (path, value) in &plan.set {
                changes = changes.and_break().and_code(path).and(" = ").and_data(&override_words(value));
            }
            for (path, factor) in &plan.scale {
                changes = changes.and_break().and_code(path).and(" times ").and_data(&quantity(factor));
            }
            if changes.is_empty() {
                changes = Text::words("nothing");
            }
            vec![name.into(), dates.into(), changes.into()]
        });
        let caption = Text::words("Plans: dates, and what each changes of the register");
        blocks.push(Block::Table(Table::new("table-plan-changes", caption, columns, rows.collect())));
    }
    if !s.responses.is_empty() {
        blocks.push(Block::Table(responses(case)));
    }
    let heading = "Plans and responses".to_owned();
    (!blocks.is_empty()).then(|| Section { id: "changes".to_owned(), heading, blocks })
}

fn responses(case: &Case<'_>) -> Table {
    let columns = vec![
        Column::new("Response", Kind::Text, 38),
        Column::new("Owner; source", Kind::Text, 22),
        Column::new("What it changes", Kind::Text, 40),
    ];
    let ids = natural_order(case.scenario.responses.keys());
    let rows = ids.iter().map(|id| {
        let r = &case.scenario.responses[*id];
        let mut name = Text::default().and_strong(id).and_break().and_data(&r.title);
        if r.taken == Some(true) {
            name = name.and_break().and("In place.");
        }
        if let Some(by) = r.by {
            name = name.and_break().and(format!("To be decided by {}.", wording::date(by.0)));
        }
        if let Some(cost) = &r.cost {
            let unit = case.scenario.scenario.cost_unit.as_deref().unwrap_or_default();
            name = name.and_break().and("Cost: ").and_data(&quantity(cost)).and(" ").and_data(unit);
        }
        let mut changes = Text::default();
        for (path, value) in &r.set {
            changes = changes.and_break().and_code(path).and(" = ").and_data(&override_words(value));
        }
        for (path, factor) in &r.scale {
            changes = changes.and_break().and_code(path).and(" times ").and_data(&quantity(factor));
        }
        let owner = r.owner.as_deref().map_or_else(Text::default, Text::data);
        vec![name.into(), source_under(owner, r.source.as_deref()), changes.into()]
    });
    Table::new("table-responses", Text::words("Responses, and what each changes"), columns, rows.collect())
}

/// A new value of a path in words, with its basis if it is an estimate.
fn override_words(value: &Override) -> String {
    match serde_json::from_value::<Quantity>(value.0.clone()) {
        Ok(q @ Quantity::Estimate(_)) => {
            let Quantity::Estimate(e) = &q else { return String::new() };
            format!("{} ({})", quantity(&q), basis_word(basis(e)))
        }
        Ok(q) => quantity(&q),
        Err(_) => value.0.to_string(),
    }
}
