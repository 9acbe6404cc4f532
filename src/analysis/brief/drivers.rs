//! Which risks drive the answer, and which assumption would change the choice of plan?

use super::{Answer, AnswerTable, BriefSources, text};
use crate::analysis::drivers::{ComponentKind, Importance, Input, MeasureDrivers, ValueOfLearning};
use crate::analysis::wording;
use crate::register::Basis;

/// Risks named.
const RISKS: usize = 3;
/// Risks and inputs in the table.
const ROWS: usize = 6;

pub(super) fn drive(sources: &BriefSources<'_>) -> Option<Answer> {
    let drivers = sources.drivers?;
    let measure = drivers.measures.first()?;
    let risks: Vec<&Importance> =
        measure.importance.iter().filter(|i| i.kind == ComponentKind::Risk && !i.same).take(ROWS).collect();
    let mut paragraphs = vec![format!(
        "{} = {} in plan {}. What it owes to single risks, as reliability engineers count importance:",
        measure.bad,
        wording::probability_with_error(&measure.p_bad),
        text(&drivers.plan)
    )];
    paragraphs.extend(risks.iter().take(RISKS).map(|risk| without(measure, risk)));
    paragraphs.extend(widest(measure, &drivers.inputs));
    if let Some(learning) = &drivers.learning {
        paragraphs.push(choice(learning, &drivers.inputs));
    }
    let question = if drivers.learning.is_some() {
        "Which risks drive the answer, and which assumption would change the choice of plan?"
    } else {
        "Which risks drive the answer?"
    };
    Some(Answer { question: question.to_owned(), paragraphs, table: Some(table(&risks)) })
}

fn without(measure: &MeasureDrivers, risk: &Importance) -> String {
    let share = risk.fussell_vesely.map_or_else(String::new, |f| format!(" ({} of it)", wording::percent(f.estimate)));
    format!(
        "{} ({}): without it {} rather than {}{share}.",
        text(&risk.title),
        text(&risk.id),
        wording::probability(risk.surely_not.estimate),
        wording::probability(measure.p_bad.estimate)
    )
}

/// The input whose range moves the figure most, and what it rests on.
fn widest(measure: &MeasureDrivers, inputs: &[Input]) -> Option<String> {
    let bar = measure.tornado.iter().find(|bar| !bar.same)?;
    let input = inputs.iter().find(|i| i.path == bar.input)?;
    let ask = input.elicit.as_deref().map_or_else(String::new, |who| format!("; to be asked: {}", text(who)));
    Some(format!(
        "The number that moves the figure most is {} ({}{ask}): from its P10 to its P90 it takes {} from {} to {}.",
        text(&input.label),
        basis(input.basis),
        measure.title.replace('\u{a0}', " "),
        wording::probability(bar.low.estimate),
        wording::probability(bar.high.estimate)
    ))
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Stated => "stated",
        Basis::Derived => "derived",
        Basis::BaseRate => "a base rate",
        Basis::Assumed => "assumed",
    }
}

/// What learning an input could do to the choice of plan.
fn choice(learning: &ValueOfLearning, inputs: &[Input]) -> String {
    let changing = learning.inputs.iter().find(|l| l.p_other_plan > 0.0 && l.value.interval[0] > 0.0);
    let Some(first) = changing else {
        return format!(
            "By {} the best plan is {}, and knowing any one of the assumed numbers would not change that choice in a way that can be told \
             from sampling error.",
            learning.benefit,
            text(&learning.best)
        );
    };
    let input = inputs.iter().find(|i| i.path == first.input);
    let label = input.map_or_else(|| text(&first.input), |i| text(&i.label));
    let about = input.map_or_else(String::new, |i| {
        let ask = i.elicit.as_deref().map_or_else(String::new, |who| format!("; to be asked: {}", text(who)));
        format!(" ({}{ask})", basis(i.basis))
    });
    format!(
        "By {} the best plan is {}. The number most worth knowing before choosing is {label}{about}: for {} of its range another plan \
         would be chosen, a gain of {} on average.",
        learning.benefit,
        text(&learning.best),
        wording::percent(first.p_other_plan),
        wording::number_with_error(&first.value)
    )
}

fn table(risks: &[&Importance]) -> AnswerTable {
    let figure =
        |f: Option<crate::estimate::Figure>| f.map_or_else(|| "–".to_owned(), |f| wording::number_with_error(&f));
    let rows = risks.iter().map(|risk| {
        vec![
            text(&risk.id),
            text(&risk.title),
            wording::probability_with_error(&risk.surely_not),
            risk.surely.map_or_else(|| "–".to_owned(), |f| wording::probability_with_error(&f)),
            figure(risk.birnbaum),
            figure(risk.fussell_vesely),
        ]
    });
    AnswerTable {
        caption: "The same probability without the risk and with it certain; their difference (Birnbaum); share (Fussell–Vesely)"
            .to_owned(),
        header: ["Risk", "", "Without", "Certain", "Birnbaum", "Share"].map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}
