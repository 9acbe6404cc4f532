//! Charts for print: an outlook's go-live dates and S-curves as SVG and PNG; figures as dots with two bars.
//!
//! In: an [`Outlook`]. Out: for each release of each plan a distribution of its go-live date, for
//! each plan an S-curve of all its releases, for each measure an S-curve in days. In: a [`Comparison`].
//! Out: its rankings as dots, dates and delays of all plans. In: [`Drivers`]. Out: tornadoes, the waterfall of the days
//! to P80, the criticality of activities. And [`Dots`], for any figures that stand
//! below each other. A chart's title is its finding in words. The bytes are a function
//! of the outlook alone. Every text of the scenario is cleaned of control characters and escaped.

mod canvas;
mod criticality;
mod curve_names;
mod dot_values;
mod dots;
mod font;
mod frame;
mod go_live;
mod go_live_labels;
mod measure_curve;
mod number_axis;
mod plan_curves;
mod plan_dates;
mod png;
mod rankings;
mod s_curve;
mod share_axis;
mod story;
mod story_marks;
mod theme;
mod time_axis;
mod tornado;
mod waterfall;

#[cfg(test)]
mod comparison_tests;
#[cfg(test)]
mod dots_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

use crate::analysis::Comparison;
use crate::analysis::drivers::Drivers;
use crate::analysis::outlook::Outlook;

pub use dots::{Axis, DotRow, Dots, Mark, Reference};
pub use story::story;

/// A chart, drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Name for a file, without its ending: letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// The finding in words, as in the chart's headline; also fit for an alternative text.
    pub title: String,
    /// The chart as SVG, 160 mm wide.
    pub svg: String,
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
    font::register()?;
    let mut charts = Vec::new();
    let mut names = BTreeSet::new();
    let mut add = |parts: &[&str], (title, svg): (String, String)| {
        let name = unused_name(parts, &mut names);
        charts.push(Chart { name, title, svg });
    };
    for plan in &outlook.plans {
        for release in &plan.releases {
            let chart = go_live::draw(outlook, plan, release)?;
            add(&["go-live", &plan.id, &release.id], chart);
        }
        if !plan.releases.is_empty() {
            add(&["s-curve", &plan.id], s_curve::draw(outlook, plan)?);
        }
        for (id, measure) in &plan.measures {
            let chart = measure_curve::draw(outlook, plan, measure)?;
            add(&["s-curve", &plan.id, id], chart);
        }
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
        let name = unused_name(parts, &mut names);
        charts.push(Chart { name, title, svg });
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

/// Draws a comparison of plans: for each figure that they are ranked by the plans as dots, and for each release its
/// dates and its delays given a miss under all plans.
///
/// # Errors
/// None that depends on the comparison.
pub fn render_comparison(comparison: &Comparison) -> Result<Vec<Chart>, ChartError> {
    font::register()?;
    let outlook = &comparison.outlook;
    let mut charts = Vec::new();
    let mut names = BTreeSet::new();
    for ranking in comparison.rankings.iter().filter(|r| rankings::is_worth_drawing(r)) {
        let (dots, bands) = rankings::ranking(comparison, ranking);
        let parts: Vec<&str> = std::iter::once("plans").chain(ranking.measure.split('.')).collect();
        let mut chart = dots.draw_over(outlook, &parts, bands.as_ref())?;
        chart.name = unused_name(&parts, &mut names);
        charts.push(chart);
    }
    let mut releases: Vec<&str> = outlook.plans.iter().flat_map(|p| &p.releases).map(|r| r.id.as_str()).collect();
    releases.sort_unstable();
    releases.dedup();
    for release in releases {
        let (title, svg) = plan_dates::draw_dates(outlook, release)?;
        charts.push(Chart { name: unused_name(&["dates", release], &mut names), title, svg });
        if let Some(delays) = plan_dates::draw_delays(outlook, release) {
            let (title, svg) = delays?;
            charts.push(Chart { name: unused_name(&["delays", release], &mut names), title, svg });
        }
    }
    Ok(charts)
}

/// A file name from ids: what is not a letter, digit, `_` or `.` becomes `-`; at most 100 bytes.
fn file_stem(parts: &[&str]) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' || c == '.' { c } else { '-' }
    };
    parts.join("-").chars().map(safe).take(100).collect()
}

/// The same, with a number where the name is taken, in any case.
fn unused_name(parts: &[&str], taken: &mut BTreeSet<String>) -> String {
    let stem = file_stem(parts);
    let mut name = stem.clone();
    let mut number = 2;
    while !taken.insert(name.to_ascii_lowercase()) {
        name = format!("{stem}-{number}");
        number += 1;
    }
    name
}
