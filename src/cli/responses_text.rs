//! Responses as a committee reads them: the headline figures and the register in three states, then each response with
//! what it changes, costs and does.

use super::outlook_text::{new_table, p, plain, unbroken, wrapped};
use crate::analysis::outlook::DatePercentile;
use crate::analysis::responses::{Effect, Headline, ResponseOutlook, ResponsesOutlook, RiskStates};
use crate::analysis::wording::{self, difference_with_error, inputs_interval};
use crate::estimate::Figure;

/// Narrowest width at which the register shows owners.
const WIDE: u16 = 110;

/// The text for a terminal `width` columns wide.
pub(super) fn responses_text(outlook: &ResponsesOutlook, width: u16) -> String {
    let mut out = vec![
        plain(&outlook.title),
        format!("Plan {}: {}", plain(&outlook.plan), plain(&outlook.plan_title)),
        String::new(),
        "Inherent: no response taken. Current: as things stand. Residual: all responses taken.".to_owned(),
        String::new(),
        headlines(outlook, width),
        String::new(),
    ];
    out.extend(differences(outlook, "What those taken do: current less inherent", &|h| h.taken, width));
    out.push(String::new());
    out.extend(differences(outlook, "What the others would do: residual less current", &|h| h.left, width));
    out.push(String::new());
    out.extend(register(outlook, width));
    for response in &outlook.responses {
        out.push(String::new());
        out.extend(response_text(outlook, response, width));
    }
    out.push(String::new());
    out.extend(closing(outlook));
    wrapped(&out, width)
}

/// A headline figure in words.
pub(super) fn measure(name: &str, stays: u32) -> String {
    match name.split_once('.') {
        Some((release, "p_live_on_target")) => format!("P({} live on its date)", plain(release)),
        Some((release, "p_live_on_target_and_stays")) => format!("P({} … and stays {stays} days)", plain(release)),
        _ => match name {
            "p_all_live_on_target_and_stay" => format!("P(all live on their dates and stay {stays} days)"),
            "releases_missed" => "Expected number of missed releases".to_owned(),
            "extra_category_1_or_2" => "Extra incidents of category 1 or 2, mean".to_owned(),
            "cost" => "Cost, mean".to_owned(),
            "days_in_incidents" => "Days in incidents, all: mean".to_owned(),
            "days_in_extra_incidents" => "Days in incidents, extra only: mean".to_owned(),
            other => other.to_owned(),
        },
    }
}

fn figure(headline: &Headline, figure: &Figure) -> String {
    if headline.probability { p(figure) } else { unbroken(&wording::number_with_error(figure)) }
}

fn date(percentile: &DatePercentile) -> String {
    unbroken(&percentile.date.map_or_else(|| wording::NOT_LIVE.to_owned(), wording::short_date))
}

fn headlines(outlook: &ResponsesOutlook, width: u16) -> String {
    let mut table = new_table(&["", "Inherent", "Current", "Residual"], width);
    for headline in &outlook.headlines {
        let mut row = vec![measure(&headline.measure, outlook.stays_days)];
        row.extend(headline.figures.each().map(|f| figure(headline, f)));
        table.add_row(row);
    }
    for release in &outlook.go_live_p80 {
        let mut row = vec![format!("P80 of {}", plain(&release.release))];
        row.extend(release.p80.each().map(|percentile| {
            let interval = wording::date_interval(percentile);
            interval.map_or_else(|| date(percentile), |interval| format!("{} ({interval})", date(percentile)))
        }));
        table.add_row(row);
    }
    table.trim_fmt()
}

fn verdict(effect: &Effect, more_is_better: bool) -> String {
    let words = match (effect.identical, effect.separable) {
        (true, _) => "the same",
        (_, false) => "cannot be separated",
        (_, true) if (effect.difference.estimate > 0.0) == more_is_better => "better",
        (_, true) => "worse",
    };
    unbroken(words)
}

fn difference(effect: &Effect) -> String {
    unbroken(&difference_with_error(&effect.difference))
}

fn inputs(effect: &Effect) -> String {
    if effect.identical { String::new() } else { unbroken(&inputs_interval(&effect.difference)) }
}

/// One difference of states: a table, or a sentence where there is none.
fn differences(outlook: &ResponsesOutlook, what: &str, of: &dyn Fn(&Headline) -> Effect, width: u16) -> Vec<String> {
    if outlook.headlines.iter().all(|headline| of(headline).identical) {
        return vec![format!("{what}: no headline figure differs in any iteration.")];
    }
    let mut table = new_table(&[what, "Difference", "Inputs, 90%", ""], width);
    for headline in &outlook.headlines {
        let effect = of(headline);
        table.add_row([
            measure(&headline.measure, outlook.stays_days),
            difference(&effect),
            inputs(&effect),
            verdict(&effect, headline.more_is_better),
        ]);
    }
    vec![table.trim_fmt()]
}

fn register(outlook: &ResponsesOutlook, width: u16) -> Vec<String> {
    let wide = width >= WIDE;
    let mut header = vec!["Risk", ""];
    header.extend(wide.then_some("Owner"));
    header.extend(["Inherent", "Current", "Residual"]);
    let mut table = new_table(&header, width);
    let cell = |figure: &Option<Figure>| figure.as_ref().map_or_else(|| "–".to_owned(), p);
    for risk in &outlook.risks {
        let mut row = vec![plain(&risk.id), plain(&risk.title)];
        row.extend(wide.then(|| risk.owner.as_deref().map_or_else(String::new, plain)));
        if risk.changes() {
            row.extend(risk.p_occurs.each().map(cell));
        } else {
            row.extend([String::new(), cell(&risk.p_occurs.current), String::new()]);
        }
        table.add_row(row);
        if let Some(probability) = &risk.probability {
            let mut row = vec![String::new(), "  its probability on one occasion, mean over inputs".to_owned()];
            row.extend(wide.then(String::new));
            // What is certain has no error.
            let certain = |figure: &&Figure| figure.standard_error == 0.0;
            row.extend(probability.each().map(|figure| match figure.as_ref().filter(certain) {
                Some(figure) => wording::probability(figure.estimate),
                None => cell(figure),
            }));
            table.add_row(row);
        }
    }
    let same = outlook.risks.iter().filter(|risk| !risk.changes()).count();
    let moved: Vec<&RiskStates> = outlook.risks.iter().filter(|risk| risk.changes()).collect();
    let note = match moved.len() {
        0 => "No response changes how often any risk occurs; where one figure stands, it is that of all three states.",
        _ if same == 0 => "",
        _ => "Where one figure stands, no response changes it.",
    };
    vec![
        "The register: probability that each risk occurs on at least one occasion".to_owned(),
        table.trim_fmt(),
        note.to_owned(),
    ]
}

fn price(outlook: &ResponsesOutlook, response: &ResponseOutlook) -> String {
    let unit = outlook.cost_unit.as_deref().map_or_else(String::new, |unit| format!(" {}", plain(unit)));
    response.price.as_ref().map_or_else(
        || "not priced".to_owned(),
        |price| match price.standard_error {
            0.0 => format!("costs {}{unit}", wording::days(price.estimate)),
            _ => format!("costs {}{unit}", wording::number_with_error(price)),
        },
    )
}

fn response_text(outlook: &ResponsesOutlook, response: &ResponseOutlook, width: u16) -> Vec<String> {
    let mut about = vec![if response.taken { "taken" } else { "not taken" }.to_owned()];
    about
        .push(response.owner.as_deref().map_or_else(|| "no owner named".to_owned(), |o| format!("owner {}", plain(o))));
    about.push(
        response.by.map_or_else(|| "no date to decide by".to_owned(), |by| format!("decide by {}", wording::date(by))),
    );
    about.push(price(outlook, response));
    let mut out = vec![format!("{}: {}", plain(&response.id), plain(&response.title)), about.join("; ")];
    for change in &response.changes {
        out.push(format!("  {}: {} [{}]", plain(&change.what), plain(&change.change), plain(&change.path)));
    }
    if !response.asked_by.is_empty() {
        let ids: Vec<String> = response.asked_by.iter().map(|id| plain(id)).collect();
        out.push(format!("  conditional on it: {}", wording::list(&ids)));
    }
    if response.changes_nothing() {
        out.push("It changes none of the headline figures in any iteration.".to_owned());
        return out;
    }
    let priced = response.effects.iter().any(|effect| effect.benefit_per_cost.is_some());
    let mut header = vec!["With it, less without it", "Effect", "Inputs, 90%", ""];
    let unit = outlook.cost_unit.as_deref().map_or_else(|| "of its price".to_owned(), plain);
    let step = response.price.map_or(1.0, |price| power_of_ten(price.estimate));
    let each = format!("Gain per {step} {unit}");
    header.extend(priced.then_some(each.as_str()));
    let mut table = new_table(&header, width);
    let (same, moved): (Vec<_>, Vec<_>) =
        response.effects.iter().zip(&outlook.headlines).partition(|(effect, _)| effect.effect.identical);
    for (effect, headline) in moved {
        let mut row = vec![
            measure(&effect.measure, outlook.stays_days),
            difference(&effect.effect),
            inputs(&effect.effect),
            verdict(&effect.effect, headline.more_is_better),
        ];
        if priced {
            let gain = |benefit: &Figure| gain(benefit, step, effect.effect.separable);
            row.push(effect.benefit_per_cost.as_ref().map_or_else(String::new, gain));
        }
        table.add_row(row);
    }
    for release in &response.go_live_p80 {
        let (with, without) = (&release.p80.with, &release.p80.without);
        let moved = if with.date == without.date {
            format!("{}, the same", date(with))
        } else {
            format!("{} → {}", date(without), date(with))
        };
        table.add_row([format!("P80 of {}", plain(&release.release)), unbroken(&moved)]);
    }
    out.push(table.trim_fmt());
    if !same.is_empty() {
        let names: Vec<String> = same.iter().map(|(effect, _)| measure(&effect.measure, outlook.stays_days)).collect();
        out.push(format!("The same in every iteration: {}.", names.join("; ")));
    }
    out
}

/// The greatest power of ten that is no more than a price above 0.
fn power_of_ten(price: f64) -> f64 {
    let (mut power, mut inverse) = (1.0, 1.0);
    while power * 10.0 <= price {
        power *= 10.0;
    }
    while 1.0 / inverse > price && inverse < 1e9 {
        inverse *= 10.0;
    }
    power / inverse
}

/// An improvement for each `step` of a price.
fn gain(benefit: &Figure, step: f64, separable: bool) -> String {
    if !separable {
        return "–".to_owned();
    }
    let scaled =
        Figure { estimate: step * benefit.estimate, standard_error: step * benefit.standard_error, ..*benefit };
    unbroken(&difference_with_error(&scaled))
}

fn closing(outlook: &ResponsesOutlook) -> Vec<String> {
    let inputs = match outlook.inputs {
        Some(worlds) => format!(
            "Inputs, 90%: where the figure lies in 90% of {} worlds that the inputs allow, {} iterations each, sampling \
             noise removed. \"Cannot be separated\": from no effect, on present inputs; the sampling interval (95%) or the \
             inputs interval of the difference includes 0.",
            wording::count(worlds.worlds),
            wording::count(worlds.iterations_in_a_world)
        ),
        None => {
            "Input intervals were left out: what is said to be better or worse is so on these inputs only.".to_owned()
        }
    };
    let b = outlook.basis;
    let mut out = vec![
        "Each response is turned the other way round by itself, everything else as things stand: effects of several do \
         not add up."
            .to_owned(),
        format!(
            "± is the standard error of sampling with {} iterations of each run, paired: all runs see the same worlds and \
             the same chance.",
            wording::count(outlook.iterations)
        ),
        inputs,
    ];
    if let Some(precision) = outlook.precision.filter(|p| !p.met) {
        out.push(format!(
            "The half-width {} that was asked for was not reached; the widest is {:.4}.",
            precision.asked, precision.reached
        ));
    }
    out.push(format!(
        "Basis, as things stand: of {} uncertain numbers {} stated, {} derived, {} base-rate, {} assumed.",
        b.stated + b.derived + b.base_rate + b.assumed,
        b.stated,
        b.derived,
        b.base_rate,
        b.assumed
    ));
    out.push(format!("Seed {}; golive {}.", outlook.seed, env!("CARGO_PKG_VERSION")));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sample_study::{responses_of, scenario};

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let outlook = responses_of(&mut scenario(&"Three ".repeat(60), &["SEC", "U22", "U30"], "2.0"));
        for width in [80, 100, 120] {
            let text = responses_text(&outlook, width);
            for line in text.lines() {
                assert!(line.chars().count() <= width.into(), "{width}: {line}\n{text}");
            }
        }
    }

    #[test]
    fn what_a_response_changes_costs_and_does() {
        let outlook = responses_of(&mut scenario("Two", &["A", "B"], "2.0"));
        let text = responses_text(&outlook, 100);
        for part in [
            "calm: Keep calm",
            "taken; owner all; no date to decide by; not priced",
            "probability of unrest (Not quiet): × 0.5 [risks.unrest.probability]",
            "not taken; no owner named; decide by Thu 10 Jan 2030; costs 29.",
            "0.1 → 0.02 [risks.back-out-0.probability]",
            "Gain per 10 points",
            "It changes none of the headline figures in any iteration.",
            "The same in every iteration: P(A live on its date)",
        ] {
            assert!(text.contains(part), "{part:?} is missing in {text}");
        }
        let powers = [0.004, 0.5, 1.0, 30.0, 100.0, 99_999.0].map(power_of_ten);
        assert_eq!(powers, [0.001, 0.1, 1.0, 10.0, 100.0, 10_000.0]);
    }

    #[test]
    fn a_scenarios_text_cannot_command_the_terminal() {
        let mut outlook = responses_of(&mut scenario("Two", &["A", "B"], "2.0"));
        outlook.title = "\u{1b}[2J\u{202E}title".into();
        outlook.cost_unit = Some("\u{1b}[2J".into());
        outlook.risks[0].title = "\u{1b}[2J".into();
        outlook.responses[0].changes[0].path = "\u{1b}[2J".into();
        outlook.responses[0].owner = Some("\u{7}".into());
        let text = responses_text(&outlook, 80);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()) && !text.contains('\u{202E}'));
    }
}
