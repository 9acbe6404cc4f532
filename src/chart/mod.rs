//! Charts for print: an outlook's go-live dates and S-curves as SVG and PNG; figures as dots with two bars.
//!
//! In: an [`Outlook`]. Out: for each release of each plan a distribution of its go-live date, for
//! each plan an S-curve of all its releases, for each measure an S-curve in days. In: a [`Comparison`].
//! Out: its rankings as dots, dates and delays of all plans. In: [`Drivers`]. Out: tornadoes, the waterfall of the days
//! to P80, the criticality of activities. And [`Dots`], for any figures that stand
//! below each other. A chart's title is its finding in words. The bytes are a function
//! of the outlook alone. Every text of the scenario is cleaned of control characters and escaped.

mod added_risk;
mod bar_axis;
mod canvas;
mod criticality;
mod curve_names;
mod dot_marks;
mod dot_values;
mod dots;
mod font;
mod forecast_walk;
mod frame;
mod frontier;
mod gate_errors;
mod go_live;
mod go_live_labels;
mod grid_line;
mod heatmap;
mod measure_curve;
mod number_axis;
mod plan_curves;
mod plan_dates;
mod png;
mod rankings;
mod s_curve;
mod scale;
mod share_axis;
mod states;
mod story;
mod story_marks;
mod theme;
mod time_axis;
mod tornado;
mod value_axis;
mod waterfall;
mod what_if;

#[cfg(test)]
mod comparison_tests;
#[cfg(test)]
mod dots_tests;
#[cfg(test)]
mod gate_tests;
#[cfg(test)]
mod grid_tests;
#[cfg(test)]
mod study_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod walk_tests;

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;

use crate::analysis::drivers::Drivers;
use crate::analysis::gate::GateReport;
use crate::analysis::outlook::{MeasureOutlook, Outlook, PlanOutlook, ReleaseOutlook};
use crate::analysis::responses::ResponsesOutlook;
use crate::analysis::together::Together;
use crate::analysis::{Comparison, Ranking};

pub use dots::{Axis, DotRow, Dots, Mark, Reference};
pub use forecast_walk::diff_charts;
pub use story::story;
pub use what_if::what_if_charts;

/// A chart, drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Name for a file, without its ending: letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// The finding in words, as in the chart's headline; also fit for an alternative text.
    pub title: String,
    /// The chart as SVG, 160 mm wide.
    pub svg: String,
    /// Where dates lie in it; of an S-curve.
    pub dates: Option<DateScale>,
}

/// Where dates lie in a chart, in units of its SVG.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateScale {
    /// The date at the left end.
    pub first: Date,
    /// The date at the right end.
    pub last: Date,
    /// x of the first date and of the last.
    pub ends: [i32; 2],
    /// y of the top and of the base line of the plot.
    pub plot: [i32; 2],
}

impl Chart {
    /// The chart as PNG, 160 mm wide at 250 pixels an inch.
    ///
    /// # Errors
    /// Only if the SVG is not one of [`render`]'s.
    pub fn png(&self) -> Result<Vec<u8>, ChartError> {
        png::png(&self.svg)
    }
}

/// Why a chart could not be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChartError {
    /// The embedded font could not be read.
    Font,
    /// The drawing failed.
    Drawing(String),
    /// The SVG could not be made a PNG.
    Png(String),
}

impl fmt::Display for ChartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Font => write!(f, "the embedded font cannot be read"),
            Self::Drawing(why) => write!(f, "the chart cannot be drawn: {why}"),
            Self::Png(why) => write!(f, "the chart cannot be made a PNG: {why}"),
        }
    }
}

impl std::error::Error for ChartError {}

/// Draws all charts of an outlook, in the order of its plans.
///
/// # Errors
/// None that depends on the outlook.
pub fn render(outlook: &Outlook) -> Result<Vec<Chart>, ChartError> {
    let mut charts = Vec::new();
    let mut names = BTreeSet::new();
    let mut add = |chart: Chart| {
        let name = unused_name(&chart.name, &mut names);
        charts.push(Chart { name, ..chart });
    };
    for plan in &outlook.plans {
        for release in &plan.releases {
            add(go_live_dates(outlook, plan, release)?);
        }
        if !plan.releases.is_empty() {
            add(s_curve(outlook, plan)?);
        }
        for (id, measure) in &plan.measures {
            add(measure_curve(outlook, plan, id, measure)?);
        }
    }
    Ok(charts)
}

/// Draws the trade-off of a gate's errors for every release of a report; `outlook` is that of the study, whose first
/// plan is the one that the gate belongs to.
///
/// # Errors
/// None that depends on the report.
pub fn render_gate(report: &GateReport, outlook: &Outlook) -> Result<Vec<Chart>, ChartError> {
    font::register()?;
    let mut charts = Vec::new();
    let mut names = BTreeSet::new();
    for (place, release) in report.releases.iter().enumerate() {
        let (title, svg) = gate_errors::draw(report, place, outlook)?;
        let name = unused_name(&file_stem(&["gate-errors", &report.plan, &release.id]), &mut names);
        charts.push(Chart { name, title, svg, dates: None });
    }
    Ok(charts)
}

/// Draws what deploying together adds: for each group the added risk of each release, and the frontier of splitting.
///
/// # Errors
/// None that depends on the figures.
pub fn together(together: &Together) -> Result<Vec<Chart>, ChartError> {
    font::register()?;
    let mut charts = Vec::new();
    let mut names = BTreeSet::new();
    let mut add = |parts: &[&str], (title, svg): (String, String)| {
        let name = unused_name(&file_stem(parts), &mut names);
        charts.push(Chart { name, title, svg, dates: None });
    };
    for group in &together.groups {
        let date = group.date.to_string();
        add(&["together", &together.plan, &date], added_risk::draw(together, group)?);
        add(&["frontier", &together.plan, &date], frontier::draw(together, group)?);
    }
    Ok(charts)
}

/// Draws how often each date was the go-live date of a release.
///
/// # Errors
/// None that depends on the outlook.
pub fn go_live_dates(outlook: &Outlook, plan: &PlanOutlook, release: &ReleaseOutlook) -> Result<Chart, ChartError> {
    font::register()?;
    let (title, svg) = go_live::draw(outlook, plan, release)?;
    Ok(Chart { name: file_stem(&["go-live", &plan.id, &release.id]), title, svg, dates: None })
}

/// Draws the S-curves of a plan's releases.
///
/// # Errors
/// None that depends on the outlook.
pub fn s_curve(outlook: &Outlook, plan: &PlanOutlook) -> Result<Chart, ChartError> {
    font::register()?;
    let (title, svg, dates) = s_curve::draw(outlook, plan)?;
    Ok(Chart { name: file_stem(&["s-curve", &plan.id]), title, svg, dates: Some(dates) })
}

/// Draws the S-curve of a measure in days.
///
/// # Errors
/// None that depends on the outlook.
pub fn measure_curve(
    outlook: &Outlook,
    plan: &PlanOutlook,
    id: &str,
    measure: &MeasureOutlook,
) -> Result<Chart, ChartError> {
    font::register()?;
    let (title, svg) = measure_curve::draw(outlook, plan, measure)?;
    Ok(Chart { name: file_stem(&["s-curve", &plan.id, id]), title, svg, dates: None })
}

/// Draws a comparison of plans: for each figure that they are ranked by the plans as dots, and for each release its
/// dates and its delays given a miss under all plans.
///
/// # Errors
/// None that depends on the comparison.
pub fn render_comparison(comparison: &Comparison) -> Result<Vec<Chart>, ChartError> {
    let outlook = &comparison.outlook;
    let mut charts = Vec::new();
    let mut names = BTreeSet::new();
    let mut add = |chart: Chart| {
        let name = unused_name(&chart.name, &mut names);
        charts.push(Chart { name, ..chart });
    };
    for ranking in comparison.rankings.iter().filter(|r| rankings::is_worth_drawing(outlook, r)) {
        add(plans_ranked(comparison, ranking)?);
    }
    let mut releases: Vec<&str> = outlook.plans.iter().flat_map(|p| &p.releases).map(|r| r.id.as_str()).collect();
    releases.sort_unstable();
    releases.dedup();
    for release in releases {
        add(dates_of_plans(outlook, release)?);
        if let Some(delays) = delays_of_plans(outlook, release) {
            add(delays?);
        }
    }
    Ok(charts)
}

/// Draws the three states of a plan's headline probabilities, and of the risks that responses change, if any.
///
/// # Errors
/// None that depends on the figures.
pub fn responses(outlook: &ResponsesOutlook) -> Result<Vec<Chart>, ChartError> {
    font::register()?;
    let mut charts = Vec::new();
    let mut names = BTreeSet::new();
    let mut add = |parts: &[&str], (title, svg): (String, String)| {
        let name = unused_name(&file_stem(parts), &mut names);
        charts.push(Chart { name, title, svg, dates: None });
    };
    add(&["responses", &outlook.plan], states::headlines(outlook)?);
    if outlook.risks.iter().any(crate::analysis::responses::RiskStates::changes) {
        add(&["register", &outlook.plan], states::register(outlook)?);
    }
    Ok(charts)
}

/// Draws the charts of what drives a plan: a tornado for each measure, the waterfall of its days, its activities.
///
/// # Errors
/// None that depends on what was found.
pub fn render_drivers(found: &Drivers) -> Result<Vec<Chart>, ChartError> {
    font::register()?;
    let mut charts = Vec::new();
    let mut names = BTreeSet::new();
    let mut add = |parts: &[&str], (title, svg): (String, String)| {
        let name = unused_name(&file_stem(parts), &mut names);
        charts.push(Chart { name, title, svg, dates: None });
    };
    let of = found.release.as_deref().or(found.finish.as_deref()).unwrap_or_default();
    for measure in &found.measures {
        let parts = ["tornado", &found.plan, of, measure.measure.name()];
        add(&parts, tornado::draw(found, measure)?);
    }
    if let Some(days) = &found.days {
        add(&["days", &found.plan, of], waterfall::draw(found, days)?);
    }
    if let Some(activities) = &found.activities {
        add(&["criticality", &found.plan, of], criticality::draw(found, activities)?);
    }
    Ok(charts)
}

/// Draws plans by one figure, as dots with both uncertainties.
///
/// # Errors
/// None that depends on the comparison.
pub fn plans_ranked(comparison: &Comparison, ranking: &Ranking) -> Result<Chart, ChartError> {
    font::register()?;
    let (dots, bands) = rankings::ranking(comparison, ranking);
    let parts: Vec<&str> = std::iter::once("plans").chain(ranking.measure.split('.')).collect();
    dots.draw_over(&comparison.outlook, &parts, bands.as_ref())
}

/// Draws by when a release is live under all plans.
///
/// # Errors
/// None that depends on the outlook.
pub fn dates_of_plans(outlook: &Outlook, release: &str) -> Result<Chart, ChartError> {
    font::register()?;
    let (title, svg) = plan_dates::draw_dates(outlook, release)?;
    Ok(Chart { name: file_stem(&["dates", release]), title, svg, dates: None })
}

/// Draws how late a release is under all plans when it misses its date; `None` where it never does.
pub fn delays_of_plans(outlook: &Outlook, release: &str) -> Option<Result<Chart, ChartError>> {
    if let Err(problem) = font::register() {
        return Some(Err(problem));
    }
    let drawn = plan_dates::draw_delays(outlook, release)?;
    let name = file_stem(&["delays", release]);
    Some(drawn.map(|(title, svg)| Chart { name, title, svg, dates: None }))
}

/// A file name from ids: what is not a letter, digit, `_` or `.` becomes `-`; at most 100 bytes.
fn file_stem(parts: &[&str]) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' || c == '.' { c } else { '-' }
    };
    parts.join("-").chars().map(safe).take(100).collect()
}

/// The same, with a number where the name is taken, in any case.
fn unused_name(stem: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = stem.to_owned();
    let mut number = 2;
    while !taken.insert(name.to_ascii_lowercase()) {
        name = format!("{stem}-{number}");
        number += 1;
    }
    name
}
