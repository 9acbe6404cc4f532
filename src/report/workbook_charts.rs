//! Charts that the workbook draws itself, from points on a sheet: plans as bars, go-live dates as step curves.

use jiff::civil::Date;

use super::compose::Case;
use super::content::{NativeChart, Points};
use crate::analysis::outlook::{PlanOutlook, ReleaseOutlook};
use crate::analysis::wording;
use crate::estimate::Figure;

/// Most releases that have a chart of plans, and most plans that have S-curves.
const CHARTS: usize = 12;

/// Charts that the workbook draws itself.
pub fn charts(case: &Case<'_>) -> Vec<NativeChart> {
    let o = case.outlook;
    let mut charts = Vec::new();
    if o.plans.len() > 1 {
        for id in case.release_ids().into_iter().take(4) {
            let of = |plan: &PlanOutlook| {
                let release = plan.releases.iter().find(|r| r.id == id)?;
                Some(bar(plan, &release.p_live_on_target_and_stays))
            };
            let name = wording::plain(id, 40);
            charts.push(NativeChart {
                title: format!("{name}: live on the plan's date and stays {} days", o.stays_days),
                alternative: format!("A bar for each plan: probability that {name} is live on its date and stays."),
                points: Points::Bars {
                    axis: "Probability; line: 90% of worlds".to_owned(),
                    probability: true,
                    bars: o.plans.iter().filter_map(of).collect(),
                },
            });
        }
        let incidents = |plan: &PlanOutlook| Some(bar(plan, &plan.incidents.as_ref()?.extra_category_1_or_2.mean));
        let bars: Vec<_> = o.plans.iter().filter_map(incidents).collect();
        if !bars.is_empty() {
            charts.push(NativeChart {
                title: "Extra incidents of Category 1 or 2".to_owned(),
                alternative: "A bar for each plan: mean number of extra incidents of Category 1 or 2.".to_owned(),
                points: Points::Bars { axis: "Mean number; line: 90% of worlds".to_owned(), probability: false, bars },
            });
        }
    }
    for plan in case.plans_main_first().filter(|p| !p.releases.is_empty()).take(CHARTS) {
        let curves = plan.releases.iter().take(CHARTS).map(|r| (wording::plain(&r.id, 40), steps(r)));
        let name =
            if case.scenario.plans.is_empty() { String::new() } else { format!("{}: ", wording::plain(&plan.id, 40)) };
        charts.push(NativeChart {
            title: format!("{name}live, for good, by each date"),
            alternative: format!(
                "{name}share of iterations that are live by each date, a step curve for each release."
            ),
            points: Points::Steps(curves.collect()),
        });
    }
    charts
}

fn bar(plan: &PlanOutlook, figure: &Figure) -> (String, f64, Option<[f64; 2]>) {
    (wording::plain(&plan.id, 40), figure.estimate, figure.inputs_interval)
}

/// The points of a step curve: two for each date, so that straight lines show steps.
fn steps(release: &ReleaseOutlook) -> Vec<(Date, f64)> {
    let mut before = 0.0;
    let mut points = Vec::new();
    for d in &release.dates {
        points.push((d.date, before));
        before = d.cumulative.estimate;
        points.push((d.date, before));
    }
    points
}
