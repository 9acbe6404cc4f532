//! Costs in a scenario with prices, as a committee reads them: what a plan costs, and what for.

use super::outlook_text::{new_table, plain, unbroken, with_inputs};
use crate::analysis::outlook::{AmountPercentile, CostOutlook, Outlook, PlanOutlook};
use crate::analysis::wording;
use crate::estimate::Figure;

/// Narrower terminals show the total rather than broken numbers.
const WIDE: u16 = 96;

/// The cost of one plan; nothing in a scenario without prices.
pub(super) fn of_plan(outlook: &Outlook, plan: &PlanOutlook, width: u16) -> Vec<String> {
    let (Some(total), Some(costs)) = (&plan.cost, &plan.costs) else {
        return Vec::new();
    };
    let mut table = new_table(&["", "Amount"], width);
    table.add_row(["Total, mean".to_owned(), amount_with_inputs(&total.mean)]);
    for (name, percentile) in [("P50", &costs.p50), ("P80", &costs.p80), ("P95", &costs.p95)] {
        table.add_row([format!("Total, {name}"), percentile_cell(percentile)]);
    }
    for (cause, mean) in costs.by_cause.parts().into_iter().filter(|(_, mean)| mean.mean.estimate != 0.0) {
        table.add_row([format!("of which {cause}, mean"), unbroken(&wording::amount_with_error(&mean.mean))]);
    }
    if let Some(background) = &costs.background_incidents {
        table.add_row([
            "Incidents that happen anyway, mean; not in the total".to_owned(),
            unbroken(&wording::amount_with_error(&background.mean)),
        ]);
    }
    vec![String::new(), format!("Cost{}", in_unit(outlook)), table.trim_fmt()]
}

/// The costs of several plans side by side; nothing in a scenario without prices.
pub(super) fn of_plans(outlook: &Outlook, width: u16) -> Vec<String> {
    let priced: Vec<(&PlanOutlook, &CostOutlook)> =
        outlook.plans.iter().filter_map(|plan| Some((plan, plan.costs.as_ref()?))).collect();
    let Some((_, first)) = priced.first() else {
        return Vec::new();
    };
    // A cause that costs nothing in any plan has no column.
    let paid = |cause: usize| priced.iter().any(|(_, costs)| costs.by_cause.parts()[cause].1.mean.estimate != 0.0);
    let causes: Vec<usize> = (0..first.by_cause.parts().len()).filter(|cause| width >= WIDE && paid(*cause)).collect();
    let mut header = vec!["Plan", "Total, mean", "P80"];
    header.extend(causes.iter().map(|cause| match first.by_cause.parts()[*cause].0 {
        "not live by the horizon" => "not live",
        "risks themselves" => "risks",
        name => name,
    }));
    let mut table = new_table(&header, width);
    for (plan, costs) in &priced {
        let mut row = vec![
            plain(&plan.id),
            plan.cost.as_ref().map_or_else(String::new, |cost| amount_with_inputs(&cost.mean)),
            unbroken(&wording::amount(costs.p80.amount)),
        ];
        let parts = costs.by_cause.parts();
        row.extend(causes.iter().map(|cause| unbroken(&wording::amount_with_error(&parts[*cause].1.mean))));
        table.add_row(row);
    }
    let mut out = vec![String::new(), format!("Cost{}, and the mean of its parts", in_unit(outlook)), table.trim_fmt()];
    if priced.iter().any(|(_, costs)| costs.background_incidents.is_some()) {
        out.push("Incidents that happen anyway are charged to no plan.".to_owned());
    }
    out
}

/// ` in GBP`, or nothing where the scenario names no unit.
pub(super) fn in_unit(outlook: &Outlook) -> String {
    outlook.cost_unit.as_ref().map_or_else(String::new, |unit| format!(" in {}", plain(unit)))
}

fn amount_with_inputs(figure: &Figure) -> String {
    let inputs = figure.inputs_interval.map(wording::amount_range);
    with_inputs(unbroken(&wording::amount_with_error(figure)), inputs)
}

fn percentile_cell(percentile: &AmountPercentile) -> String {
    let amount = wording::amount(percentile.amount);
    match percentile.interval {
        [Some(low), Some(high)] if low != high => {
            unbroken(&format!("{amount} ({})", wording::amount_range([low, high])))
        }
        _ => unbroken(&amount),
    }
}
