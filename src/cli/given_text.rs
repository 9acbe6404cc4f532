//! An outlook given news, as a committee reads it in a terminal.

use super::outlook_text::{date_cell, new_table, p, plain, unbroken, wrapped};
use crate::analysis::given::{GivenFigure, GivenOutlook};
use crate::analysis::outlook::ReleaseOutlook;
use crate::analysis::wording;
use crate::estimate::Figure;

/// The text of an outlook given news, `width` columns wide.
pub(super) fn given_text(outlook: &GivenOutlook, width: u16) -> String {
    let mut out = vec![plain(&outlook.title)];
    out.push(format!("Plan {}: {}", plain(&outlook.given.id), plain(&outlook.given.title)));
    out.push(String::new());
    out.push(format!("Given the news: {}", outlook.news));
    out.extend(method(outlook));
    if !outlook.figures.is_empty() {
        out.push(String::new());
        out.push(figures(&outlook.figures, width));
    }
    if !outlook.given.releases.is_empty() {
        out.push(String::new());
        out.push("Date of the lasting go-live, given the news and without it".to_owned());
        out.push(dates(outlook, width));
    }
    out.push(String::new());
    out.push(format!(
        "Go and No-Go are of a release that is ready for that gate: what is missing to 1 was not. \
         ± is the standard error of sampling; ranges are 95% sampling intervals. Both figures come from the same draws, \
         so that a difference has an error of its own. News also moves what is known of the inputs behind it; how \
         uncertain they are is not in ±. Seed {}; golive {}.",
        outlook.seed,
        env!("CARGO_PKG_VERSION")
    ));
    wrapped(&out, width)
}

/// How the news was taken into account, and how likely it was.
fn method(outlook: &GivenOutlook) -> Vec<String> {
    let mut out = Vec::new();
    for draw in &outlook.conditioned {
        let what = if draw.occurred { "occurs" } else { "does not occur" };
        out.push(format!(
            "{} {what} in every iteration, and what its probability ({}) rests on is drawn accordingly: exactly so.",
            plain(&draw.risk),
            wording::probability(draw.probability)
        ));
    }
    let (n, selected) = (wording::count(outlook.iterations), wording::count(outlook.selected));
    if outlook.by_selection {
        let rest = if outlook.conditioned.is_empty() { "It holds" } else { "The rest of it holds" };
        out.push(format!("{rest} in {selected} of {n} iterations, from which the figures given it are made."));
    } else {
        out.push(format!("The figures given it are made from all {n} iterations."));
    }
    out.push(match outlook.p_news.standard_error {
        0.0 => format!("Its probability is {}.", wording::probability(outlook.p_news.estimate)),
        _ => format!("Its probability is {}.", wording::probability_with_error(&outlook.p_news)),
    });
    out
}

fn figures(figures: &[GivenFigure], width: u16) -> String {
    let mut table = new_table(&["", "Probability", "Given it", "Without it", "Difference", "95% of that"], width);
    let mut before = None;
    for figure in figures {
        let about = figure.about.as_deref();
        let name = if before == Some(about) { String::new() } else { about.map_or_else(String::new, plain) };
        before = Some(about);
        let [difference, interval] = difference(&figure.difference);
        table.add_row([name, plain(&figure.text), p(&figure.given), p(&figure.without), difference, interval]);
    }
    table.trim_fmt()
}

/// `−0.121 ± 0.005` and `−0.131 – −0.111`.
fn difference(figure: &Figure) -> [String; 2] {
    let [low, high] = figure.interval;
    let decimals = if figure.standard_error == 0.0 {
        // The same in every iteration: the interval is what was never seen in so many.
        wording::decimals_of(high.abs().max(low.abs())) + 1
    } else {
        wording::decimals_of(figure.standard_error).clamp(2, 6)
    };
    let own = if figure.standard_error == 0.0 {
        signed(figure.estimate, 3)
    } else {
        format!("{} ± {:.decimals$}", signed(figure.estimate, decimals), figure.standard_error)
    };
    [own, format!("{} – {}", signed(low, decimals), signed(high, decimals))].map(|text| unbroken(&text))
}

/// A number with its sign, `+0.12` or `−0.12`, and 0 without one.
fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let zero = text.chars().all(|c| c == '0' || c == '.');
    match value {
        _ if zero => text,
        value if value < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}

fn dates(outlook: &GivenOutlook, width: u16) -> String {
    let mut table = new_table(&["Release", "", "P50", "P80", "P90"], width);
    for (with, without) in outlook.given.releases.iter().zip(&outlook.without.releases) {
        let row = |id: String, which: &str, release: &ReleaseOutlook| {
            let go_live = &release.go_live;
            let cells = [&go_live.p50, &go_live.p80, &go_live.p90].map(date_cell);
            std::iter::once(id).chain([which.to_owned()]).chain(cells)
        };
        table.add_row(row(plain(&with.id), "given", with));
        table.add_row(row(String::new(), "without", without));
    }
    table.trim_fmt()
}
