//! Several plans side by side, as a committee reads them: a table a question, a row a plan.

use std::collections::BTreeMap;

use super::outlook_text::{
    consent_cell, day_cell, new_table, number_with_inputs, p_with_inputs, plain, short_date_cell, unbroken,
};
use crate::analysis::outlook::{Outlook, PlanOutlook, ReleaseOutlook};
use crate::analysis::wording;

/// The overview of an outlook of several plans: blocks of text, tables with their own width.
pub(super) fn overview(outlook: &Outlook, width: u16) -> Vec<String> {
    let mut out = vec![String::new(), titles(outlook, width)];
    for id in release_ids(outlook) {
        let rows: Vec<(&PlanOutlook, &ReleaseOutlook)> =
            outlook.plans.iter().filter_map(|plan| Some((plan, plan.releases.iter().find(|r| r.id == id)?))).collect();
        let title = rows.first().map_or("", |(_, release)| &release.title);
        out.push(String::new());
        out.push(format!("{}: {}", plain(id), plain(title)));
        out.push(on_target(outlook, &rows, width));
        out.push(String::new());
        out.push(format!("{}, if the date is missed: days after it", plain(id)));
        out.push(delays(&rows, width));
    }
    out.extend(scope(outlook));
    out.extend(incidents(outlook, width));
    out.extend(measures(outlook, width));
    out.extend(super::cost_text::of_plans(outlook, width));
    out.push(String::new());
    out.push("One plan in full: --plan and its id.".to_owned());
    out
}

fn titles(outlook: &Outlook, width: u16) -> String {
    let mut table = new_table(&["Plan", ""], width);
    for plan in &outlook.plans {
        table.add_row([plain(&plan.id), plain(&plan.title)]);
    }
    table.trim_fmt()
}

/// Ids of all releases, in the order in which plans name them.
fn release_ids(outlook: &Outlook) -> Vec<&str> {
    let mut ids: Vec<&str> = Vec::new();
    for release in outlook.plans.iter().flat_map(|plan| &plan.releases) {
        if !ids.contains(&release.id.as_str()) {
            ids.push(&release.id);
        }
    }
    ids
}

/// Narrower terminals show fewer columns rather than broken numbers.
const WIDE: u16 = 96;

fn on_target(outlook: &Outlook, rows: &[(&PlanOutlook, &ReleaseOutlook)], width: u16) -> String {
    let stays = format!("P(and stays {}\u{a0}d)", outlook.stays_days);
    let wide = width >= WIDE;
    let mut header = vec!["Plan", "Target"];
    header.extend(if wide { ["P(live on date)", &stays] } else { ["P(on date)", "P(and stays)"] });
    if wide {
        header.push("P50");
    }
    header.extend(["P80", "P95"]);
    let mut table = new_table(&header, width);
    for (plan, release) in rows {
        let mut row = vec![
            plain(&plan.id),
            unbroken(&wording::short_date(release.target)),
            p_with_inputs(&release.p_live_on_target),
            p_with_inputs(&release.p_live_on_target_and_stays),
        ];
        if width >= WIDE {
            row.push(short_date_cell(&release.go_live.p50));
        }
        row.extend([&release.go_live.p80, &release.go_live.p95].map(short_date_cell));
        table.add_row(row);
    }
    table.trim_fmt()
}

fn delays(rows: &[(&PlanOutlook, &ReleaseOutlook)], width: u16) -> String {
    let mut header = vec!["Plan", "P50", "P80", "P95", "P(consent needed)"];
    if width >= WIDE {
        header.extend(["P(No-Go)", "P(backed out)"]);
    }
    let mut table = new_table(&header, width);
    for (plan, release) in rows {
        let delay = release.delay_if_missed.as_ref();
        let day = |cell: Option<String>| cell.unwrap_or_else(|| "–".to_owned());
        let mut row = vec![
            plain(&plan.id),
            day(delay.map(|d| day_cell(&d.p50))),
            day(delay.map(|d| day_cell(&d.p80))),
            day(delay.map(|d| day_cell(&d.p95))),
            consent_cell(release),
        ];
        if width >= WIDE {
            row.extend([p_with_inputs(&release.p_no_go), p_with_inputs(&release.p_backed_out)]);
        }
        table.add_row(row);
    }
    table.trim_fmt()
}

/// What ships, for items that may drop in any plan; the others in one line.
fn scope(outlook: &Outlook) -> Vec<String> {
    let mut by_item: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for plan in &outlook.plans {
        for item in &plan.scope {
            if !order.contains(&item.id.as_str()) {
                order.push(&item.id);
            }
            let figure = match item.p_ships.estimate {
                1.0 => "ships".to_owned(),
                0.0 => "does not ship".to_owned(),
                _ => {
                    let inputs = wording::inputs_range(&item.p_ships).map_or_else(String::new, |r| format!(" [{r}]"));
                    format!("ships with probability {}{inputs}", wording::probability_with_error(&item.p_ships))
                }
            };
            by_item.entry(&item.id).or_default().push((&plan.id, figure));
        }
    }
    if order.is_empty() {
        return Vec::new();
    }
    let mut out = vec![String::new(), "Scope".to_owned()];
    let certain = |id: &&&str| by_item[**id].iter().all(|(_, figure)| figure == "ships");
    for id in order.iter().filter(|id| !certain(id)) {
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        for (plan, figure) in &by_item[*id] {
            match groups.iter_mut().find(|(words, _)| words == figure) {
                Some((_, plans)) => plans.push(plan),
                None => groups.push((figure.clone(), vec![plan])),
            }
        }
        let told: Vec<String> =
            groups.iter().map(|(words, plans)| format!("{words} in {}", plans.join(", "))).collect();
        out.push(format!("{}: {}", plain(id), told.join("; ")));
    }
    let sure: Vec<String> = order.iter().filter(certain).map(|id| plain(id)).collect();
    if !sure.is_empty() {
        out.push(format!("No risk of this register drops {}.", sure.join(", ")));
    }
    out
}

fn incidents(outlook: &Outlook, width: u16) -> Vec<String> {
    if outlook.plans.iter().all(|plan| plan.incidents.is_none()) {
        return Vec::new();
    }
    let header =
        ["Plan", "Extra\u{a0}cat.\u{a0}1", "Extra\u{a0}cat.\u{a0}2", "P(any\u{a0}1\u{a0}or\u{a0}2)", "Background"];
    let mut table = new_table(&header, width);
    for plan in &outlook.plans {
        let Some(incidents) = &plan.incidents else {
            continue;
        };
        let mean = |category: &str| {
            incidents
                .extra
                .get(category)
                .map_or_else(|| "–".to_owned(), |m| unbroken(&wording::number_with_error(&m.mean)))
        };
        let background: Vec<String> = incidents
            .background
            .iter()
            .map(|(id, m)| unbroken(&format!("{} {}", plain(id), wording::number_with_error(&m.mean))))
            .collect();
        table.add_row([
            plain(&plan.id),
            mean("1"),
            mean("2"),
            p_with_inputs(&incidents.p_extra_category_1_or_2),
            background.join("\n"),
        ]);
    }
    vec![String::new(), "Incidents in early-life support, mean numbers".to_owned(), table.trim_fmt()]
}

fn measures(outlook: &Outlook, width: u16) -> Vec<String> {
    if outlook.plans.iter().all(|plan| plan.measures.is_empty()) {
        return Vec::new();
    }
    let wide = width >= WIDE;
    let mut header = vec!["Plan", "Measure, days", "Mean"];
    header.extend(if wide { &["P10", "P50", "P80", "P90"][..] } else { &["P50", "P80"] });
    header.push("P(by target)");
    let mut table = new_table(&header, width);
    for plan in &outlook.plans {
        for (id, m) in &plan.measures {
            let mut row = vec![plain(&plan.id), plain(id), number_with_inputs(&m.mean)];
            let percentiles = if wide { vec![&m.p10, &m.p50, &m.p80, &m.p90] } else { vec![&m.p50, &m.p80] };
            row.extend(percentiles.into_iter().map(day_cell));
            row.push(m.p_by_target.as_ref().map_or_else(|| "–".to_owned(), p_with_inputs));
            table.add_row(row);
        }
    }
    vec![String::new(), table.trim_fmt()]
}
