//! The outlook as a committee reads it in a terminal.
//!
//! In: an [`Outlook`] and the width of the terminal. Out: text, without colour. Every probability
//! stands with its sampling error; what the numbers rest on and what ± leaves out stand at the end.

use comfy_table::{ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};

use crate::analysis::outlook::{
    DatePercentile, DayPercentile, IncidentOutlook, MeasureOutlook, Outlook, PlanOutlook, ReleaseOutlook,
};
use crate::analysis::wording;
use crate::estimate::Figure;
use crate::simulate::Precision;

/// Narrowest text; below it, tables would break dates.
const NARROWEST: u16 = 60;
/// Longest title shown, in characters.
const LONGEST_TITLE: usize = 200;

/// The text of an outlook for a terminal `width` columns wide.
pub fn outlook_text(outlook: &Outlook, width: u16) -> String {
    let width = width.max(NARROWEST);
    let mut out = Vec::new();
    out.push(plain(&outlook.title));
    let since = outlook.data_date.map_or_else(String::new, |d| format!(", as known on {}", wording::date(d)));
    out.push(format!("Scenario {}{since}", plain(&outlook.scenario)));
    match outlook.plans.as_slice() {
        [plan] => {
            out.push(String::new());
            out.push(format!("Plan {}: {}", plain(&plan.id), plain(&plan.title)));
            plan_text(outlook, plan, width, &mut out);
        }
        _ => out.extend(super::plans_text::overview(outlook, width)),
    }
    out.push(String::new());
    out.extend(closing(outlook));
    wrapped(&out, width)
}

/// Paragraphs and tables as lines of at most `width` columns.
pub(super) fn wrapped(out: &[String], width: u16) -> String {
    let lines: Vec<String> = out.iter().flat_map(|text| wrap(text, width.into())).collect();
    let mut text = lines.join("\n").replace('\u{a0}', " ");
    text.push('\n');
    text
}

fn plan_text(outlook: &Outlook, plan: &PlanOutlook, width: u16, out: &mut Vec<String>) {
    if !plan.releases.is_empty() {
        out.push(String::new());
        out.push(on_target(outlook, plan, width));
        out.push(String::new());
        out.push("Date of the lasting go-live".to_owned());
        out.push(go_live_dates(plan, width));
        if let Some(table) = delays(plan, width) {
            out.push(String::new());
            out.push("If the date is missed: days after it".to_owned());
            out.push(table);
        }
        out.push(String::new());
        out.push("At least once on the way".to_owned());
        out.push(mishaps(plan, width));
    }
    if !plan.scope.is_empty() {
        out.push(String::new());
        out.push("Scope".to_owned());
        out.push(scope(plan, width));
    }
    if let Some(incidents) = &plan.incidents {
        out.push(String::new());
        out.push("Incidents in early-life support".to_owned());
        out.push(incident_table(incidents, width));
    }
    if !plan.measures.is_empty() {
        out.push(String::new());
        for measure in plan.measures.values() {
            out.push(measure_table(measure, width));
        }
    }
    out.extend(super::cost_text::of_plan(outlook, plan, width));
    if let (Some(cost), None) = (&plan.cost, &plan.costs) {
        out.push(String::new());
        out.push(format!("Cost, mean: {}", number_with_inputs(&cost.mean)));
    }
}

fn on_target(outlook: &Outlook, plan: &PlanOutlook, width: u16) -> String {
    let stays = format!("P(and stays {} days)", outlook.stays_days);
    let not_live = match outlook.horizon {
        Some(horizon) => format!("P(not live by {})", wording::short_date(horizon)),
        None => "P(not live)".to_owned(),
    };
    let mut table = new_table(&["Release", "Target", "P(live on date)", &stays, &not_live], width);
    for r in &plan.releases {
        table.add_row([
            plain(&r.id),
            wording::date(r.target),
            p_with_inputs(&r.p_live_on_target),
            p_with_inputs(&r.p_live_on_target_and_stays),
            p_with_inputs(&r.p_not_live_by_horizon),
        ]);
    }
    table.trim_fmt()
}

fn mishaps(plan: &PlanOutlook, width: u16) -> String {
    let mut table = new_table(&["Release", "P(No-Go)", "P(backed out)"], width);
    for r in &plan.releases {
        table.add_row([plain(&r.id), p_with_inputs(&r.p_no_go), p_with_inputs(&r.p_backed_out)]);
    }
    table.trim_fmt()
}

fn go_live_dates(plan: &PlanOutlook, width: u16) -> String {
    let mut table = new_table(&["Release", "P10", "P50", "P80", "P90", "P95"], width);
    for r in &plan.releases {
        let g = &r.go_live;
        let dates = [&g.p10, &g.p50, &g.p80, &g.p90, &g.p95].map(date_cell);
        table.add_row(std::iter::once(plain(&r.id)).chain(dates));
    }
    table.trim_fmt()
}

/// Delays and consent of the releases that were ever late; `None` if none was.
fn delays(plan: &PlanOutlook, width: u16) -> Option<String> {
    if plan.releases.iter().all(|r| r.delay_if_missed.is_none()) {
        return None;
    }
    let mut table = new_table(&["Release", "Missed in", "P50", "P80", "P95", "P(consent needed)"], width);
    for (r, delay) in plan.releases.iter().filter_map(|r| Some((r, r.delay_if_missed?))) {
        table.add_row([
            plain(&r.id),
            format!("{} iterations", wording::count(delay.missed)),
            day_cell(&delay.p50),
            day_cell(&delay.p80),
            day_cell(&delay.p95),
            consent_cell(r),
        ]);
    }
    Some(table.trim_fmt())
}

fn scope(plan: &PlanOutlook, width: u16) -> String {
    let mut table = new_table(&["Item", "Title", "Ships with", "Decide by", "Systems", "P(ships)"], width);
    for item in &plan.scope {
        table.add_row([
            plain(&item.id),
            plain(&item.title),
            plain(&item.release),
            item.deadline.map_or_else(|| "–".to_owned(), wording::date),
            (if item.system_impact { "yes" } else { "no" }).to_owned(),
            p_with_inputs(&item.p_ships),
        ]);
    }
    table.trim_fmt()
}

fn incident_table(incidents: &IncidentOutlook, width: u16) -> String {
    let mut table = new_table(&["Incidents", "Figure"], width);
    for (category, mean) in &incidents.extra {
        table.add_row([
            format!("Category {}, extra: mean number", plain(category)),
            unbroken(&wording::number_with_error(&mean.mean)),
        ]);
    }
    let serious = &incidents.extra_category_1_or_2.mean;
    table.add_row(["Category 1 or 2, extra: mean number".to_owned(), number_with_inputs(serious)]);
    let any = p_with_inputs(&incidents.p_extra_category_1_or_2);
    table.add_row(["P(at least one extra of category 1 or 2)".to_owned(), any]);
    for (process, mean) in &incidents.background {
        table.add_row([
            format!(
                "Background {}, existing rate: mean number in {} days",
                plain(process),
                wording::days(incidents.period_days)
            ),
            unbroken(&wording::number_with_error(&mean.mean)),
        ]);
    }
    for (words, mean) in [
        ("Days in incidents, all: mean", &incidents.days_in_incidents),
        ("Days in incidents, extra only: mean", &incidents.days_in_extra_incidents),
    ] {
        if let Some(mean) = mean {
            table.add_row([words.to_owned(), unbroken(&wording::number_with_error(&mean.mean))]);
        }
    }
    table.trim_fmt()
}

fn measure_table(m: &MeasureOutlook, width: u16) -> String {
    let mut table = new_table(&[&plain(&m.title), "Days", "95%"], width);
    table.add_row(["Mean".to_owned(), number_with_inputs(&m.mean), String::new()]);
    for (name, percentile) in [("P10", &m.p10), ("P50", &m.p50), ("P80", &m.p80), ("P90", &m.p90), ("P95", &m.p95)] {
        table.add_row([
            name.to_owned(),
            with_inputs(wording::day_percentile(percentile), wording::day_inputs(percentile)),
            wording::day_interval(percentile).unwrap_or_default(),
        ]);
    }
    if let (Some(target), Some(by)) = (m.target, &m.p_by_target) {
        table.add_row([format!("P(by the target, {} days)", wording::days(target)), p_with_inputs(by), String::new()]);
    }
    table.trim_fmt()
}

/// What the numbers rest on, what ± is and is not, and how to get them again.
fn closing(outlook: &Outlook) -> Vec<String> {
    let b = outlook.basis;
    let total = b.stated + b.derived + b.base_rate + b.assumed;
    let basis = if total == 0 {
        "The scenario has no uncertain numbers.".to_owned()
    } else {
        format!(
            "Basis: of {total} uncertain numbers {} stated, {} derived, {} base-rate, {} assumed.",
            b.stated, b.derived, b.base_rate, b.assumed
        )
    };
    let mut out = vec![basis];
    out.push(format!(
        "± is the standard error of sampling with {} iterations a plan{}; ranges in brackets ( ) are 95% sampling \
         intervals; where all or none of the iterations agree, (≥\u{a0}…) or (≤\u{a0}…) is their bound.",
        wording::count(outlook.iterations),
        outlook.sampler.zip(outlook.replicates).map_or_else(String::new, |(sampler, replicates)| format!(
            ", {}, from what varies between them",
            wording::points(sampler, replicates)
        ))
    ));
    out.push(match outlook.inputs {
        Some(inputs) => format!(
            "Ranges in [ ] are what the figure is in 90% of {} worlds that the inputs allow ({} iterations in each, \
             sampling noise removed): the uncertainty of the inputs, which is not in ±.",
            wording::count(inputs.worlds),
            wording::count(inputs.iterations_in_a_world)
        ),
        None => "The uncertainty of the inputs is not in ±, and was left out.".to_owned(),
    });
    out.extend(outlook.precision.map(|p| precision(&p)));
    out.push(format!("Seed {}; golive {}.", outlook.seed, env!("CARGO_PKG_VERSION")));
    out
}

/// Whether a run that was to be precise is.
pub(super) fn precision(precision: &Precision) -> String {
    let reached = format!("{:.2e}", precision.reached);
    let reached = reached.parse::<f64>().unwrap_or(precision.reached);
    if precision.met {
        format!(
            "Precision: every 95% sampling interval is at most {} to either side ({reached} reached).",
            precision.asked
        )
    } else {
        format!(
            "Precision NOT reached: {} was asked for, the widest 95% sampling interval is {reached} to either side after the \
             most iterations allowed.",
            precision.asked
        )
    }
}

/// The text of a table in which only the first column breaks into lines.
pub(super) fn numbers_whole(mut table: Table) -> String {
    for column in table.column_iter_mut().skip(1) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table.trim_fmt()
}

pub(super) fn new_table(header: &[&str], width: u16) -> Table {
    let mut table = Table::new();
    table
        .load_style(TableStyle::new().header_separator(LineStyle::none().fill('─')))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(header);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table
}

/// A text that breaks into lines nowhere; [`outlook_text`] makes its spaces plain.
pub(super) fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

pub(super) fn p(figure: &Figure) -> String {
    unbroken(&wording::probability_with_error(figure))
}

/// A probability over its input interval, in brackets of their own.
pub(super) fn p_with_inputs(figure: &Figure) -> String {
    with_inputs(p(figure), wording::inputs_range(figure))
}

/// A mean number over its input interval.
pub(super) fn number_with_inputs(figure: &Figure) -> String {
    with_inputs(unbroken(&wording::number_with_error(figure)), wording::inputs_range(figure))
}

/// A figure over its input interval: the two uncertainties on lines of their own.
pub(super) fn with_inputs(figure: String, inputs: Option<String>) -> String {
    match inputs {
        Some(inputs) => format!("{figure}\n[{}]", unbroken(&inputs)),
        None => figure,
    }
}

pub(super) fn date_cell(percentile: &DatePercentile) -> String {
    ranges(wording::date_percentile(percentile), wording::date_interval(percentile), wording::date_inputs(percentile))
}

/// A percentile of a date without its weekday, which a table of plans has no room for.
pub(super) fn short_date_cell(percentile: &DatePercentile) -> String {
    let date = percentile.date.map_or_else(|| wording::date_percentile(percentile), wording::short_date);
    let [sampling, inputs] = wording::date_ranges_in_brief(percentile);
    ranges(unbroken(&date), sampling.map(|s| unbroken(&s)), inputs)
}

pub(super) fn day_cell(percentile: &DayPercentile) -> String {
    ranges(wording::day_percentile(percentile), wording::day_interval(percentile), wording::day_inputs(percentile))
}

/// A percentile over its sampling interval and its input interval, where they are more than itself.
fn ranges(percentile: String, sampling: Option<String>, inputs: Option<String>) -> String {
    match sampling {
        Some(interval) => with_inputs(format!("{percentile}\n({interval})"), inputs),
        None => with_inputs(percentile, inputs),
    }
}

/// Whether consent is needed, and the earliest date with it.
pub(super) fn consent_cell(release: &ReleaseOutlook) -> String {
    let Some(needed) = &release.p_consent_needed else {
        return "none needed".to_owned();
    };
    let earliest = release.if_consent_needed.and_then(|c| c.earliest);
    match earliest {
        Some(date) => format!("{}\nnot before {}", p_with_inputs(needed), unbroken(&wording::short_date(date))),
        None => p_with_inputs(needed),
    }
}

/// A scenario's text that cannot command a terminal.
pub(super) fn plain(text: &str) -> String {
    wording::plain(text, LONGEST_TITLE)
}

/// Lines of at most `width` columns; tables, which have their width already, stay as they are.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        if line.chars().count() <= width || text.contains('\n') {
            lines.push(line.to_owned());
            continue;
        }
        let mut current = String::new();
        for word in line.split(' ') {
            let longer = current.chars().count() + 1 + word.chars().count();
            if !current.is_empty() && longer > width {
                lines.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sample;

    /// Rewrites the goldens when `GOLIVE_BLESS` is set, and compares otherwise.
    fn golden(name: &str, text: &str) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
        if std::env::var_os("GOLIVE_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, expected, "{}", path.display());
    }

    #[test]
    fn text_at_80_columns() {
        golden("outlook-80.txt", &outlook_text(&sample::realistic(), 80));
    }

    #[test]
    fn text_at_120_columns() {
        golden("outlook-120.txt", &outlook_text(&sample::realistic(), 120));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let long = "word ".repeat(2000);
        let target = sample::HORIZON;
        for outlook in [sample::realistic(), sample::single("SEC", &long, target, &[])] {
            for width in [60, 80, 120] {
                for line in outlook_text(&outlook, width).lines() {
                    assert!(line.chars().count() <= width.into(), "{width}: {line}");
                }
            }
        }
    }

    #[test]
    fn a_scenarios_text_cannot_command_the_terminal() {
        let mut outlook = sample::realistic();
        outlook.title = "\u{1b}[2J\u{202E}title".into();
        outlook.plans[0].releases[0].id = "\u{1b}]0;x\u{7}".into();
        let text = outlook_text(&outlook, 80);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
        assert!(!text.contains('\u{202E}'));
    }
}
