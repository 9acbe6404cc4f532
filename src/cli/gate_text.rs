//! A gate as a committee reads it: what it can see, what each policy lets through and stops, what the Amber and
//! better evidence are worth.

use super::outlook_text::{new_table, p, plain, unbroken, wrapped};
use crate::analysis::gate::{Against, Amber, DaysLater, GateReport, Policy, PolicyOfRelease, ReleaseAtGate, Seen};
use crate::analysis::wording;
use crate::estimate::Figure;

/// From this width on tables have all their columns.
const WIDE: u16 = 96;
/// Most patterns shown; the others are in the JSON.
const MOST_PATTERNS: usize = 8;

/// The text of a report for a terminal `width` columns wide.
pub(super) fn gate_text(report: &GateReport, width: u16) -> String {
    let mut out = vec![plain(&report.title), format!("Plan {}: {}", plain(&report.plan), plain(&report.plan_title))];
    out.extend(report.what_if.as_ref().map(|asked| format!("What-if {}: {}", plain(&asked.id), plain(&asked.title))));
    out.push(String::new());
    out.extend(assumptions(report));
    out.push(String::new());
    out.extend(criteria(report, width));
    for (place, release) in report.releases.iter().enumerate() {
        out.extend(release_text(report, place, release, width));
    }
    out.extend(report.amber.as_ref().map_or_else(no_amber, |amber| amber_text(report, amber)));
    out.extend(compared(report, width));
    out.push(String::new());
    out.extend(closing(report));
    wrapped(&out, width)
}

fn assumptions(report: &GateReport) -> Vec<String> {
    let seen = if report.observed_with_error {
        let erring: Vec<String> =
            report.criteria.iter().filter(|c| c.observed_with_error).map(|c| plain(&c.id)).collect();
        format!("What the committee sees of {} can differ from what is true.", erring.join(", "))
    } else {
        "This scenario says nothing about errors of observation: wrong Go and wrong No-Go by observation are 0 by \
         assumption. What is wrong below comes from policies that do not heed what they see."
            .to_owned()
    };
    let follows = if report.wrong_go_has_consequences {
        "A wrong Go has consequences: risks of the register ask whether a release was deployed with a criterion unmet \
         (`passed_unmet`)."
    } else {
        "A wrong Go has no consequences here: no risk asks whether a release was deployed with a criterion unmet \
         (`passed_unmet`). So heeding less can only look better, and more evidence can only look idle."
    };
    vec![seen, follows.to_owned()]
}

fn criteria(report: &GateReport, width: u16) -> Vec<String> {
    let mut header = vec!["Criterion", "Status", "Stops", "Risks behind it", "P(not met)"];
    header.extend(report.observed_with_error.then_some("P(seen as not met)"));
    let mut table = new_table(&header, width);
    let (mut shown, mut idle) = (false, 0);
    for criterion in &report.criteria {
        if criterion.risks.is_empty() && !criterion.observed_with_error {
            idle += 1;
            continue;
        }
        shown = true;
        for (k, share) in criterion.releases.iter().enumerate() {
            let first = |text: String| if k == 0 { text } else { String::new() };
            let id = if criterion.releases.len() > 1 {
                format!("{} ({})", plain(&criterion.id), plain(&share.release))
            } else {
                plain(&criterion.id)
            };
            let mut cells = vec![
                id,
                first(criterion.status.unwrap_or("–").to_owned()),
                first(if criterion.stops { "yes" } else { "no" }.to_owned()),
                first(plain(&criterion.risks.join(", "))),
                p(&share.p_not_met),
            ];
            cells.extend(report.observed_with_error.then(|| p(&share.p_seen_not_met)));
            table.add_row(cells);
        }
    }
    let mut out = Vec::new();
    if shown {
        out.push("Criteria at the gate of the plan's date".to_owned());
        out.push(table.trim_fmt());
    }
    if idle > 0 {
        let other = if shown { "other " } else { "" };
        out.push(match idle {
            1 => format!("One {other}criterion is met in every iteration: no risk fails it."),
            _ => format!("{idle} {other}criteria are met in every iteration: no risk fails them."),
        });
    }
    out
}

fn release_text(report: &GateReport, place: usize, release: &ReleaseAtGate, width: u16) -> Vec<String> {
    let gate = release.gate.map_or_else(String::new, |day| format!(", gate on {}", wording::date(day)));
    let mut out = vec![
        String::new(),
        format!(
            "{}: planned for {}{gate}, where it stands with probability {}",
            plain(&release.id),
            wording::date(release.target),
            p(&release.p_at_gate)
        ),
    ];
    let stays = format!("P(live on date and stays {} days)", report.stays_days);
    let mut table = new_table(&["Policy", "P(Go)", "P(wrong Go)", "P(wrong No-Go)", &stays, "P80"], width);
    for policy in &report.policies {
        let of = &policy.releases[place];
        table.add_row([
            name(report, policy),
            p(&of.p_go.figure),
            p(&of.p_wrong_go.figure),
            p(&of.p_wrong_no_go.figure),
            p(&of.p_live_on_target_and_stays.figure),
            date(of),
        ]);
    }
    out.push(table.trim_fmt());
    out.push(String::new());
    out.push(format!("{}: what its gate can see, and what it can forecast from that", plain(&release.id)));
    let threshold = format!("Threshold {}", report.threshold);
    let mut table =
        new_table(&["Seen as not met", "How often", "P(all met)", "Forecast", "Came true", &threshold], width);
    for seen in release.seen.iter().take(MOST_PATTERNS) {
        let given = |figure: &Option<Figure>| figure.as_ref().map_or_else(|| "–".to_owned(), p);
        let verdict = if seen.go { "Go" } else { "No-Go" };
        table.add_row([
            pattern(seen),
            p(&seen.p_seen),
            given(&seen.p_all_met),
            given(&seen.forecast),
            given(&seen.came_true),
            verdict.to_owned(),
        ]);
    }
    out.push(table.trim_fmt());
    if release.seen.len() > 1 && !release.forecasts_differ {
        out.push(format!(
            "{}: these forecasts do not differ by more than sampling error. What the gate sees tells nothing of whether the \
             deployment stays, so a threshold on them decides by noise.",
            plain(&release.id)
        ));
    }
    if release.seen.len() > MOST_PATTERNS {
        out.push(format!("… and {} rarer patterns (see --format json).", release.seen.len() - MOST_PATTERNS));
    }
    out
}

fn pattern(seen: &Seen) -> String {
    match &seen.not_met {
        Some(ids) if ids.is_empty() => "nothing".to_owned(),
        Some(ids) => plain(&ids.join(", ")),
        None => "rarer patterns".to_owned(),
    }
}

fn no_amber() -> Vec<String> {
    vec![String::new(), "No criterion that could stop a release is reported as Amber.".to_owned()]
}

/// Does the Amber matter, and what would turn it Green?
fn amber_text(report: &GateReport, amber: &Amber) -> Vec<String> {
    let criteria = plain(&amber.criteria.join(", "));
    let (are, them) = if amber.criteria.len() == 1 { ("is", "it") } else { ("are", "them") };
    let mut out = vec![String::new(), "The Amber".to_owned()];
    if amber.risks.is_empty() {
        out.push(format!("{criteria} {are} Amber, and no risk of the register fails {them}: the Amber moves nothing."));
        return out;
    }
    let risks = plain(&amber.risks.join(", "));
    out.push(format!("{criteria} {are} Amber. Behind {them}: {risks}."));
    let (stays, allowed) = (report.stays_days, report.policies.iter().find(|policy| policy.id == "amber-allowed"));
    for (place, release) in report.releases.iter().enumerate() {
        let (now, green) = (&report.policies[0].releases[place], &amber.turned_green.releases[place]);
        let id = plain(&release.id);
        if let Some(allowed) = allowed {
            let allowed = &allowed.releases[place];
            out.push(format!(
                "{id}: P(Go) is {} with the Amber as a stopper, {} without ({}).",
                p(&now.p_go.figure),
                p(&allowed.p_go.figure),
                change(&allowed.p_go)
            ));
        }
        out.push(format!(
            "{id}: turned Green, with {risks} no longer failing {them}: P(Go) {} ({}), P(live on date and stays {stays} \
             days) {} ({}), P80 {}{}.",
            p(&green.p_go.figure),
            change(&green.p_go),
            p(&green.p_live_on_target_and_stays.figure),
            change(&green.p_live_on_target_and_stays),
            wording::date_percentile(&green.p80),
            green.p80_later.map_or_else(String::new, |later| format!(" ({})", moved(&later))),
        ));
    }
    if let Some(incidents) = &amber.turned_green.extra_category_1_or_2 {
        out.push(format!("Extra incidents of category 1 or 2, turned Green: {}.", change(incidents)));
    }
    if let Some(cost) = &amber.turned_green.cost {
        out.push(format!("Cost, turned Green: {}.", change(cost)));
    }
    if !amber.wrong_go_has_consequences {
        out.push(
            "To let a release go with the Amber unmet costs nothing in this scenario: no risk asks for it. So what it \
             is worth as a stopper cannot be read here, only what it costs."
                .to_owned(),
        );
    }
    out
}

/// Everything compared with the plan as it stands.
fn compared(report: &GateReport, width: u16) -> Vec<String> {
    let green = report.amber.as_ref().map(|amber| &amber.turned_green);
    let rows: Vec<&Policy> = report.policies[1..].iter().chain(green).chain(&report.evidence).collect();
    let wide = width >= WIDE;
    let mut out = vec![String::new(), "Compared with the plan as it stands, all Green".to_owned()];
    for row in &rows {
        out.push(format!("{}: {}", name(report, row), plain(&row.title)));
    }
    for (place, release) in report.releases.iter().enumerate() {
        out.push(String::new());
        out.push(format!("{}: less what it is with all Green", plain(&release.id)));
        let mut header = vec!["", "P(Go)"];
        header.extend(wide.then_some("P(wrong Go)"));
        header.extend(["P(live on date and stays)", "P80"]);
        let mut table = new_table(&header, width);
        for row in &rows {
            let of = &row.releases[place];
            let mut cells = vec![name(report, row), difference(&of.p_go)];
            cells.extend(wide.then(|| difference(&of.p_wrong_go)));
            cells.push(with_inputs(&of.p_live_on_target_and_stays));
            cells.push(of.p80_later.map_or_else(|| date(of), |later| unbroken(&moved(&later))));
            table.add_row(cells);
        }
        out.push(table.trim_fmt());
    }
    let (incidents, cost) = (&report.policies[0].extra_category_1_or_2, &report.policies[0].cost);
    if incidents.is_none() && cost.is_none() {
        return out;
    }
    out.push(String::new());
    out.push("The whole plan: less what it is with all Green".to_owned());
    let unit = report.cost_unit.as_ref().map_or_else(String::new, |unit| format!(" ({})", plain(unit)));
    let money = format!("Cost{unit}");
    let mut header = vec![""];
    header.extend(incidents.as_ref().map(|_| "Extra incidents of category 1 or 2"));
    header.extend(cost.as_ref().map(|_| money.as_str()));
    let mut table = new_table(&header, width);
    for row in &rows {
        let mut cells = vec![name(report, row)];
        cells.extend([&row.extra_category_1_or_2, &row.cost].into_iter().flatten().map(with_inputs));
        table.add_row(cells);
    }
    out.push(table.trim_fmt());
    for (what, against) in [("Extra incidents of category 1 or 2", incidents), (money.as_str(), cost)] {
        if let Some(against) = against {
            out.push(format!("{what} with all Green: {}.", wording::number_with_error(&against.figure)));
        }
    }
    out
}

fn name(report: &GateReport, policy: &Policy) -> String {
    match policy.id.as_str() {
        "all-green" => "all Green".to_owned(),
        "amber-allowed" => "Amber allowed".to_owned(),
        "threshold" => format!("threshold {}", report.threshold),
        "amber-turned-green" => "Amber turned Green".to_owned(),
        "perfect-observation" => "perfect observation".to_owned(),
        "next-window" => "next window".to_owned(),
        id => plain(id.split_once(':').map_or(id, |(_, id)| id)),
    }
}

fn date(of: &PolicyOfRelease) -> String {
    let date = of.p80.date.map_or_else(|| wording::date_percentile(&of.p80), wording::short_date);
    let date = unbroken(&date);
    match wording::date_interval(&of.p80) {
        Some(interval) => format!("{date}\n({interval})"),
        None => date,
    }
}

/// A difference with its sampling error: `+0.045 ± 0.001`, or `the same` in every iteration.
fn difference(against: &Against) -> String {
    against.difference.map_or_else(String::new, |d| unbroken(&signed(&d)))
}

/// The same with the interval that the inputs allow below it.
fn with_inputs(against: &Against) -> String {
    match inputs(against) {
        interval if interval.is_empty() => difference(against),
        interval => format!("{}\n({interval})", difference(against)),
    }
}

fn signed(figure: &Figure) -> String {
    if figure.estimate == 0.0 && figure.standard_error == 0.0 {
        return "the same".to_owned();
    }
    let sign = if figure.estimate > 0.0 { "+" } else { "" };
    format!("{sign}{}", wording::number_with_error(figure))
}

/// A difference in a sentence, with both uncertainties.
fn change(against: &Against) -> String {
    let Some(difference) = against.difference else {
        return String::new();
    };
    match inputs(against) {
        interval if interval.is_empty() => signed(&difference),
        interval => format!("{}; inputs {interval}", signed(&difference)),
    }
}

/// What the inputs allow; empty without worlds, and where nothing ever differs.
fn inputs(against: &Against) -> String {
    let interval = against.difference.filter(|d| d.standard_error > 0.0).and_then(|d| d.inputs_interval);
    interval.map_or_else(String::new, |[low, high]| unbroken(&format!("{low:+.3} to {high:+.3}")))
}

/// `7 days later`, with the interval where it is wider than that.
fn moved(later: &DaysLater) -> String {
    let told = match later.days {
        0 => "no later".to_owned(),
        days => {
            let (n, way) = (days.abs(), if days > 0 { "later" } else { "earlier" });
            format!("{n} day{} {way}", if n == 1 { "" } else { "s" })
        }
    };
    if later.interval == [Some(later.days); 2] {
        return told;
    }
    let end = |days: Option<i32>| days.map_or_else(|| "past the horizon".to_owned(), |d| d.to_string());
    format!("{told} ({} to {})", end(later.interval[0]), end(later.interval[1]))
}

fn closing(report: &GateReport) -> Vec<String> {
    let b = report.basis;
    let inputs = report.inputs.map(|inputs| {
        format!(
            "In brackets (inputs): where a difference lies in 90% of {} worlds that the inputs allow, {} iterations each, \
             sampling noise removed.",
            wording::count(inputs.worlds),
            wording::count(inputs.iterations_in_a_world)
        )
    });
    let mut out = vec![
        "Wrong Go: passed at the gate of the plan's date although a criterion of the release is truly not met, heeded or \
         not. Wrong No-Go: stopped there although all are met. A release that is not ready on that date is neither."
            .to_owned(),
        format!(
            "Forecast: share of iterations in which the release, let through on what is seen, was deployed in that window \
             and stayed; from {} iterations of seed {} in which no gate stops anybody. Came true: the same in the \
             iterations of this run, which the forecast has not seen. Policies are judged on these.",
            wording::count(report.fitted.iterations),
            report.fitted.seed
        ),
        format!(
            "± is the standard error of sampling with {} iterations, differences paired: all see the same worlds and the \
             same chance. P80 moves with the ends of both 95% intervals.",
            wording::count(report.iterations)
        ),
    ];
    out.extend(inputs);
    out.push(format!(
        "Basis: of {} uncertain numbers {} stated, {} derived, {} base-rate, {} assumed.",
        b.stated + b.derived + b.base_rate + b.assumed,
        b.stated,
        b.derived,
        b.base_rate,
        b.assumed
    ));
    out.push(format!("Seed {}; golive {}.", report.seed, env!("CARGO_PKG_VERSION")));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::gate_sample;

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for report in [gate_sample::realistic(), gate_sample::on_one_spot()] {
            for width in [60, 80, 100, 160] {
                for line in gate_text(&report, width).lines() {
                    assert!(line.chars().count() <= width.into(), "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn numbers_stay_whole_at_the_usual_width() {
        let text = gate_text(&gate_sample::realistic(), 100);
        for whole in ["+0.0310 ± 0.0004", "0.0400 ± 0.0005", "7 days earlier", "Amber turned Green"] {
            assert!(text.contains(whole), "{whole} is broken in {text}");
        }
    }

    #[test]
    fn what_is_assumed_is_said() {
        let text = gate_text(&gate_sample::on_one_spot(), 160);
        assert!(text.contains("wrong Go and wrong No-Go by observation are 0 by assumption"));
        assert!(text.contains("A wrong Go has no consequences here"));
        let text = gate_text(&gate_sample::realistic(), 160);
        assert!(text.contains("can differ from what is true") && !text.contains("by assumption"));
    }

    #[test]
    fn a_scenarios_text_cannot_command_the_terminal() {
        let mut report = gate_sample::realistic();
        report.title = "\u{1b}[2J\u{202E}title".into();
        report.releases[0].id = "\u{1b}]0;x\u{7}".into();
        report.criteria[0].id = "\u{1b}]0;x\u{7}".into();
        report.evidence[1].id = "response:\u{1b}]0;x\u{7}".into();
        let text = gate_text(&report, 80);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()) && !text.contains('\u{202E}'));
    }
}
