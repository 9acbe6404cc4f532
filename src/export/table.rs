//! The outlook as tidy tables: one figure a row, and one go-live date a row.

use std::borrow::Cow;

use super::Cell;
use crate::analysis::outlook::{DatePercentile, DayPercentile, MeasureOutlook, Outlook, PlanOutlook, ReleaseOutlook};
use crate::estimate::{Figure, Mean};

/// Columns of `outlook.csv`, with what they hold.
pub const OUTLOOK_COLUMNS: [(&str, &str); 9] = [
    ("plan", "id of the plan"),
    ("release", "id of the release; empty for a figure of the whole plan"),
    (
        "item",
        "scope item, measure, incident category or background process; empty for a figure of the release or plan itself",
    ),
    ("figure", "name of the figure, as in outlook.json"),
    ("value", "the estimate: a number, or a date as YYYY-MM-DD; `not-live` is later than the horizon"),
    ("standard_error", "standard error of sampling; empty for percentiles, standard deviations and targets"),
    ("low", "lower end of the 95% sampling interval"),
    ("high", "upper end of the 95% sampling interval"),
    ("unit", "probability, date, days, number or cost"),
];

/// Columns of `dates.csv`, with what they hold.
pub const DATE_COLUMNS: [(&str, &str); 8] = [
    ("plan", "id of the plan"),
    ("release", "id of the release"),
    ("date", "go-live date that is kept, as YYYY-MM-DD; `not-live` for the iterations without one by the horizon"),
    ("count", "number of iterations; empty in the row `not-live`"),
    ("share", "share of the iterations"),
    ("cumulative", "share live on this date or before; empty in the row `not-live`"),
    ("cumulative_low", "lower end of its 95% sampling interval"),
    ("cumulative_high", "upper end of its 95% sampling interval"),
];

/// What stands for a date or a number of days past the horizon.
pub(super) const NOT_LIVE: &str = "not-live";

/// `outlook.csv`.
pub fn outlook_csv(outlook: &Outlook) -> Vec<u8> {
    let mut rows = Rows::new(OUTLOOK_COLUMNS.map(|c| c.0));
    for plan in &outlook.plans {
        for release in &plan.releases {
            release_rows(&mut rows, &plan.id, release);
        }
        plan_rows(&mut rows, plan);
    }
    rows.bytes()
}

/// `dates.csv`.
pub fn dates_csv(outlook: &Outlook) -> Vec<u8> {
    let mut rows = Rows::new(DATE_COLUMNS.map(|c| c.0));
    for plan in &outlook.plans {
        for release in &plan.releases {
            let [plan, id] = [plan.id.as_str(), release.id.as_str()];
            for d in &release.dates {
                let [low, high] = d.cumulative.interval;
                rows.push([
                    plan.into(),
                    id.into(),
                    d.date.into(),
                    d.count.into(),
                    d.share.into(),
                    d.cumulative.estimate.into(),
                    low.into(),
                    high.into(),
                ]);
            }
            rows.push([
                plan.into(),
                id.into(),
                NOT_LIVE.into(),
                Cell::Empty,
                release.p_not_live_by_horizon.estimate.into(),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
            ]);
        }
    }
    rows.bytes()
}

fn release_rows(rows: &mut Rows<9>, plan: &str, r: &ReleaseOutlook) {
    let of = Subject { plan, release: &r.id, item: "" };
    rows.push(of.row("target", [r.target.into(), Cell::Empty, Cell::Empty, Cell::Empty], "date"));
    for (name, figure) in [
        ("p_live_on_target", Some(&r.p_live_on_target)),
        ("p_live_on_target_and_stays", Some(&r.p_live_on_target_and_stays)),
        ("p_not_live_by_horizon", Some(&r.p_not_live_by_horizon)),
        ("p_no_go", Some(&r.p_no_go)),
        ("p_backed_out", Some(&r.p_backed_out)),
        ("p_consent_needed", r.p_consent_needed.as_ref()),
    ] {
        if let Some(figure) = figure {
            rows.push(of.figure(name, figure, "probability"));
        }
    }
    let p = &r.go_live;
    for (name, percentile) in [
        ("go_live.p10", &p.p10),
        ("go_live.p50", &p.p50),
        ("go_live.p80", &p.p80),
        ("go_live.p90", &p.p90),
        ("go_live.p95", &p.p95),
    ] {
        rows.push(of.date(name, percentile));
    }
    if let Some(delay) = &r.delay_if_missed {
        for (name, percentile) in [
            ("delay_if_missed.p50", &delay.p50),
            ("delay_if_missed.p80", &delay.p80),
            ("delay_if_missed.p95", &delay.p95),
        ] {
            rows.push(of.days(name, percentile));
        }
    }
}

fn plan_rows(rows: &mut Rows<9>, plan: &PlanOutlook) {
    let of = |release, item| Subject { plan: &plan.id, release, item };
    for item in &plan.scope {
        rows.push(of(&item.release, &item.id).figure("p_ships", &item.p_ships, "probability"));
    }
    if let Some(incidents) = &plan.incidents {
        for (category, mean) in &incidents.extra {
            rows.mean(of("", category), "incidents.extra", mean, "number");
        }
        let p = &incidents.p_extra_category_1_or_2;
        rows.push(of("", "").figure("incidents.p_extra_category_1_or_2", p, "probability"));
        for (process, mean) in &incidents.background {
            rows.mean(of("", process), "incidents.background", mean, "number");
        }
        for (name, mean) in [
            ("incidents.days_in_incidents", &incidents.days_in_incidents),
            ("incidents.days_in_extra_incidents", &incidents.days_in_extra_incidents),
        ] {
            if let Some(mean) = mean {
                rows.mean(of("", ""), name, mean, "days");
            }
        }
    }
    if let Some(cost) = &plan.cost {
        rows.mean(of("", ""), "cost", cost, "cost");
    }
    if let Some(costs) = &plan.costs {
        for (name, p) in [("costs.p50", &costs.p50), ("costs.p80", &costs.p80), ("costs.p95", &costs.p95)] {
            let end = |amount: Option<f64>| amount.map_or(Cell::Empty, Cell::Number);
            let cells = [p.amount.into(), Cell::Empty, end(p.interval[0]), end(p.interval[1])];
            rows.push(of("", "").row(name, cells, "cost"));
        }
        let c = &costs.by_cause;
        for (name, mean) in [
            ("costs.by_cause.risks", Some(&c.risks)),
            ("costs.by_cause.responses", Some(&c.responses)),
            ("costs.by_cause.delay", Some(&c.delay)),
            ("costs.by_cause.not_live", Some(&c.not_live)),
            ("costs.by_cause.back_outs", Some(&c.back_outs)),
            ("costs.by_cause.incidents", Some(&c.incidents)),
            ("costs.background_incidents", costs.background_incidents.as_ref()),
        ] {
            if let Some(mean) = mean {
                rows.mean(of("", ""), name, mean, "cost");
            }
        }
    }
    for (id, measure) in &plan.measures {
        measure_rows(rows, of("", id), measure);
    }
}

fn measure_rows(rows: &mut Rows<9>, of: Subject<'_>, m: &MeasureOutlook) {
    rows.push(of.figure("measure.mean", &m.mean, "days"));
    rows.push(of.number("measure.standard_deviation", m.standard_deviation, "days"));
    for (name, percentile) in [
        ("measure.p10", &m.p10),
        ("measure.p50", &m.p50),
        ("measure.p80", &m.p80),
        ("measure.p90", &m.p90),
        ("measure.p95", &m.p95),
    ] {
        rows.push(of.days(name, percentile));
    }
    if let Some(target) = m.target {
        rows.push(of.number("measure.target", target, "days"));
    }
    if let Some(p) = &m.p_by_target {
        rows.push(of.figure("measure.p_by_target", p, "probability"));
    }
}

/// What a figure is of.
#[derive(Clone, Copy)]
struct Subject<'a> {
    plan: &'a str,
    release: &'a str,
    item: &'a str,
}

impl<'a> Subject<'a> {
    fn row(self, figure: &'a str, [value, error, low, high]: [Cell<'a>; 4], unit: &'a str) -> [Cell<'a>; 9] {
        [self.plan.into(), self.release.into(), self.item.into(), figure.into(), value, error, low, high, unit.into()]
    }

    fn figure(self, name: &'a str, figure: &Figure, unit: &'a str) -> [Cell<'a>; 9] {
        let [low, high] = figure.interval;
        let cells = [figure.estimate.into(), figure.standard_error.into(), low.into(), high.into()];
        self.row(name, cells, unit)
    }

    fn number(self, name: &'a str, number: f64, unit: &'a str) -> [Cell<'a>; 9] {
        self.row(name, [number.into(), Cell::Empty, Cell::Empty, Cell::Empty], unit)
    }

    fn date(self, name: &'a str, p: &DatePercentile) -> [Cell<'a>; 9] {
        let cell = |date: Option<_>| date.map_or(Cell::from(NOT_LIVE), Cell::Date);
        let [low, high] = p.interval;
        self.row(name, [cell(p.date), Cell::Empty, cell(low), cell(high)], "date")
    }

    fn days(self, name: &'a str, p: &DayPercentile) -> [Cell<'a>; 9] {
        let cell = |days: Option<_>| days.map_or(Cell::from(NOT_LIVE), Cell::Number);
        let [low, high] = p.interval;
        self.row(name, [cell(p.days), Cell::Empty, cell(low), cell(high)], "days")
    }
}

/// Rows of a CSV file in memory.
pub(super) struct Rows<const N: usize> {
    text: csv::Writer<Vec<u8>>,
}

impl<const N: usize> Rows<N> {
    pub(super) fn new(header: [&str; N]) -> Self {
        let mut rows = Self { text: csv::Writer::from_writer(Vec::new()) };
        rows.push(header.map(|name| Cell::Text(Cow::Borrowed(name))));
        rows
    }

    pub(super) fn push(&mut self, row: [Cell<'_>; N]) {
        // Rows have the header's length by their type, and memory does not fail.
        let written = self.text.write_record(row.map(|c| c.field()));
        debug_assert!(written.is_ok());
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        self.text.into_inner().unwrap_or_default()
    }
}

impl Rows<9> {
    /// A mean and its standard deviation.
    fn mean(&mut self, of: Subject<'_>, name: &str, mean: &Mean, unit: &str) {
        self.push(of.figure(name, &mean.mean, unit));
        let deviation = format!("{name}.standard_deviation");
        self.push(of.number(&deviation, mean.standard_deviation, unit));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sample;

    fn read(bytes: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_reader(bytes);
        reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn every_figure_is_a_row() {
        let rows = read(&outlook_csv(&sample::realistic()));
        let find = |figure: &str| rows.iter().find(|r| r[3] == figure).unwrap().clone();
        assert_eq!(find("p_live_on_target")[4], "0.82");
        assert_eq!(find("go_live.p50")[4..], ["2021-11-04", "", "2021-11-04", "2021-11-04", "date"]);
        assert_eq!(find("p_ships")[..3], ["P1", "SEC", "MP077"]);
        assert_eq!(find("incidents.extra")[2], "1");
        assert_eq!(find("measure.target")[4], "45");
        assert!(rows.iter().all(|r| r.len() == 9));
    }

    #[test]
    fn shares_of_a_release_sum_to_one() {
        let rows = read(&dates_csv(&sample::realistic()));
        let sum: f64 =
            rows.iter().filter(|r| r[0] == "P1" && r[1] == "SEC").map(|r| r[4].parse::<f64>().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-9);
    }

    #[test]
    fn ids_that_look_like_formulas_are_escaped() {
        let outlook = sample::single("=HYPERLINK(\"x\")", "t", sample::HORIZON, &[]);
        let rows = read(&outlook_csv(&outlook));
        assert_eq!(rows[0][1], "'=HYPERLINK(\"x\")");
        let p80 = rows.iter().find(|r| r[3] == "go_live.p80").unwrap();
        assert_eq!(p80[4], "not-live");
    }
}
