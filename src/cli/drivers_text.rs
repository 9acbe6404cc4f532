//! What drives a plan, as a committee reads it in a terminal: the longest bars, the largest shares, the risks that
//! matter, the days, and what to learn first. What makes no difference is named, not hidden.

use super::outlook_text::{new_table, plain, unbroken, wrapped};
use crate::analysis::drivers::{
    Asked, Bar, ComponentKind, Drivers, Importance, Input, InputKind, MeasureDrivers, Percentile80, Scale,
    value_in_words,
};
use crate::analysis::wording;
use crate::estimate::Figure;

/// Narrowest text; below it, tables would break.
const NARROWEST: u16 = 60;

/// The text for a terminal `width` columns wide, with at most `rows` rows in a table.
pub(super) fn drivers_text(found: &Drivers, rows: usize, width: u16) -> String {
    let width = width.max(NARROWEST);
    let text = Text { found, rows, width };
    let mut out = vec![plain(&found.title), format!("Plan {}: {}", plain(&found.plan), plain(&found.plan_title))];
    for measure in &found.measures {
        out.push(String::new());
        text.measure(measure, &mut out);
    }
    if let Some(days) = &found.days {
        out.push(String::new());
        text.days(days, &mut out);
    }
    if let Some(activities) = &found.activities {
        out.push(String::new());
        text.activities(activities, &mut out);
    }
    if let Some(learning) = &found.learning {
        out.push(String::new());
        text.learning(learning, &mut out);
    }
    out.push(String::new());
    text.closing(&mut out);
    wrapped(&out, width)
}

pub(super) struct Text<'a> {
    pub(super) found: &'a Drivers,
    pub(super) rows: usize,
    pub(super) width: u16,
}

impl Text<'_> {
    pub(super) fn input(&self, path: &str) -> Option<&Input> {
        self.found.inputs.iter().find(|input| input.path == path)
    }

    pub(super) fn label(&self, path: &str) -> String {
        name(self.input(path).map_or(path, |input| &input.label))
    }

    fn measure(&self, measure: &MeasureDrivers, out: &mut Vec<String>) {
        out.push(heading(measure));
        out.push(String::new());
        self.tornado(measure, out);
        out.push(String::new());
        self.shares(measure, out);
        out.push(String::new());
        self.importance(measure, out);
        out.push(String::new());
        out.push(rests_on(measure));
    }

    fn tornado(&self, measure: &MeasureDrivers, out: &mut Vec<String>) {
        let moving: Vec<&Bar> = measure.tornado.iter().filter(|bar| !bar.same).collect();
        if moving.is_empty() {
            out.push("No input makes a difference to it.".to_owned());
            return;
        }
        let dates = measure.measure == Asked::P80;
        let figure = match (measure.scale, dates) {
            (Scale::Days, _) => "P80 there, days",
            (_, true) => "P(later than P80)",
            _ => "Figure there",
        };
        let mut header = vec!["Input, from P10 to P90", "Basis", "Values", figure, "Swing"];
        if dates && measure.scale != Scale::Days {
            header.push("P80 there");
        }
        let mut table = new_table(&header, self.width);
        for bar in moving.iter().take(self.rows) {
            let Some(input) = self.input(&bar.input) else { continue };
            table.add_row(self.bar(measure, bar, input));
        }
        out.push(table.trim_fmt());
        let rest = moving.get(self.rows..).unwrap_or_default();
        if let Some(longest) = rest.first() {
            let names: Vec<String> = rest.iter().map(|bar| self.label(&bar.input)).collect();
            let most = wording::significant(length(longest), 2);
            out.push(format!("Less than that, {most} at most: {}.", names.join(", ")));
        }
        let same: Vec<String> =
            measure.tornado.iter().filter(|bar| bar.same).map(|bar| self.label(&bar.input)).collect();
        if !same.is_empty() {
            let n = wording::count(self.found.iterations_of_a_variant);
            out.push(format!("No difference in any of {n} iterations: {}.", same.join(", ")));
        }
    }

    fn bar(&self, measure: &MeasureDrivers, bar: &Bar, input: &Input) -> Vec<String> {
        let unit = input.unit.as_deref().map(plain);
        let number = |x: f64| wording::significant(x, 3);
        let values = format!("{} → {}", number(input.p10), value_in_words(input.p90, unit.as_deref()));
        let (there, swing) = match (measure.scale, &bar.p80) {
            (Scale::Days, Some(ends)) => {
                let days = |end: Percentile80| end.days.map_or_else(|| wording::NOT_LIVE.to_owned(), wording::days);
                let swing = ends.days.zip(ends.standard_error);
                let swing = swing.map(|(d, e)| signed(&Figure::new(d, e, [d, d])));
                (format!("{} → {}", days(ends.low), days(ends.high)), swing.unwrap_or_default())
            }
            _ => (format!("{} → {}", short(&bar.low), short(&bar.high)), signed(&bar.swing)),
        };
        let noise = if bar.is_lost_in_noise() { " ?" } else { "" };
        let mut row = vec![
            plain(&input.label),
            unbroken(input.basis.name()),
            unbroken(&values),
            unbroken(&there),
            unbroken(&format!("{swing}{noise}")),
        ];
        if let Some(ends) = bar.p80.filter(|_| measure.scale != Scale::Days) {
            let date = |end: Percentile80| end.date.map_or_else(|| wording::NOT_LIVE.to_owned(), wording::day_month);
            let (low, high) = (date(ends.low), date(ends.high));
            row.push(unbroken(&if low == high { "same".to_owned() } else { format!("{low} → {high}") }));
        }
        row
    }

    fn shares(&self, measure: &MeasureDrivers, out: &mut Vec<String>) {
        let shares = &measure.shares;
        if shares.variance == 0.0 {
            out.push("It is the same in every iteration: there is no variance to share out.".to_owned());
            return;
        }
        out.push(match &shares.knowledge {
            Some(k) => format!(
                "Variance of {}: everything that could be learnt would settle {} of it; the rest is chance.",
                varies(measure),
                percent_with_error(k)
            ),
            None if self.found.inputs.iter().any(Input::is_knowledge) => {
                format!("Variance of {}: how much learning could settle was left out.", varies(measure))
            }
            None => format!("Variance of {}: all of it is chance.", varies(measure)),
        });
        let header = ["Input", "Kind", "First order", "Of what can be learnt", "Total"];
        let mut table = new_table(&header, self.width);
        let worth = |figure: Option<Figure>| figure.is_some_and(|f| f.interval[0] > 0.0);
        let shown = shares.inputs.iter().filter(|s| worth(s.first_order) || worth(s.total));
        for share in shown.clone().take(self.rows) {
            let Some(input) = self.input(&share.input) else { continue };
            let cell =
                |figure: Option<Figure>| figure.map_or_else(|| "–".to_owned(), |f| unbroken(&percent_with_error(&f)));
            table.add_row([
                plain(&input.label),
                unbroken(kind(input.kind)),
                cell(share.first_order),
                share.of_knowledge.map_or_else(|| "–".to_owned(), |s| unbroken(&percent(s))),
                cell(share.total),
            ]);
        }
        out.push(table.trim_fmt());
        let (shown, all) = (shown.count(), shares.inputs.len());
        if all > shown.min(self.rows) {
            out.push(format!(
                "{} more inputs, of which {} cannot be told from 0.",
                all - shown.min(self.rows),
                all - shown
            ));
        }
    }

    fn importance(&self, measure: &MeasureDrivers, out: &mut Vec<String>) {
        let moving: Vec<&Importance> = measure.importance.iter().filter(|i| !i.same).collect();
        if moving.is_empty() {
            out.push("No risk makes a difference to it.".to_owned());
            return;
        }
        let base = if measure.scale == Scale::Number {
            wording::number_with_error(&measure.p_bad)
        } else {
            wording::probability_with_error(&measure.p_bad)
        };
        out.push(format!("Importance of risks for {}, now {base}", plain(&measure.bad)));
        let header =
            ["Risk", "if certain", "without", "Birnbaum", "Achievement worth", "Reduction worth", "Fussell–Vesely"];
        let mut table = new_table(&header, self.width);
        for row in moving.iter().take(self.rows) {
            let certain = row.surely.as_ref().map_or_else(|| "–".to_owned(), short);
            let times = |figure: Option<Figure>| figure.map_or_else(|| "–".to_owned(), |f| worth(&f));
            table.add_row([
                component(row),
                unbroken(&certain),
                unbroken(&short(&row.surely_not)),
                unbroken(&row.birnbaum.as_ref().map_or_else(|| "–".to_owned(), signed)),
                unbroken(&times(row.achievement_worth)),
                unbroken(&times(row.reduction_worth)),
                unbroken(&row.fussell_vesely.as_ref().map_or_else(|| "–".to_owned(), percent_with_error)),
            ]);
        }
        out.push(table.trim_fmt());
        let rest = moving.get(self.rows..).unwrap_or_default();
        if !rest.is_empty() {
            let names: Vec<String> = rest.iter().map(|row| component(row)).collect();
            out.push(format!("Less important: {}.", names.join(", ")));
        }
        let same: Vec<String> = measure.importance.iter().filter(|i| i.same).map(component).collect();
        if !same.is_empty() {
            out.push(format!("No difference: {}.", same.join(", ")));
        }
    }

    fn closing(&self, out: &mut Vec<String>) {
        let found = self.found;
        out.push(format!(
            "± is the standard error of sampling: {} iterations, {} for each variant, on common random numbers.{} ? : \
             the sign is lost in it.",
            wording::count(found.iterations),
            wording::count(found.iterations_of_a_variant),
            if found.worlds > 0 {
                format!(
                    " What can be learnt: {} worlds of {} iterations.",
                    wording::count(found.worlds),
                    wording::count(found.iterations_in_a_world)
                )
            } else {
                String::new()
            }
        ));
        out.push(format!("Seed {}; golive {}.", found.seed, env!("CARGO_PKG_VERSION")));
    }
}

fn heading(measure: &MeasureDrivers) -> String {
    let figure = match (measure.scale, measure.p80) {
        (_, Some(p80)) => {
            let days = p80.days.map_or_else(|| wording::NOT_LIVE.to_owned(), |d| format!("{} days", wording::days(d)));
            p80.date.map_or(days, wording::date)
        }
        (Scale::Probability, None) => wording::probability_with_error(&measure.figure),
        _ => wording::number_with_error(&measure.figure),
    };
    format!("{}: {figure}", plain(&measure.title).to_uppercase_first())
}

/// What the variance is of.
fn varies(measure: &MeasureDrivers) -> &'static str {
    match (measure.measure, measure.scale) {
        (Asked::P80, Scale::Days) => "the finish",
        (Asked::P80, _) => "whether it is later than the P80 date",
        (_, Scale::Probability) => "whether it happens",
        _ => "the number",
    }
}

fn rests_on(measure: &MeasureDrivers) -> String {
    let list = |share: &dyn Fn(&crate::analysis::drivers::BasisShare) -> f64| -> String {
        let parts = measure.by_basis.iter().filter(|(_, s)| s.inputs > 0);
        let parts: Vec<String> =
            parts.map(|(basis, s)| format!("{:.0}% {}", (100.0 * share(s)).abs(), basis.name())).collect();
        parts.join(", ")
    };
    let first = measure.by_basis.values().any(|s| s.first_order > 0.0);
    let shares =
        if first { format!(" Of the first-order shares: {}.", list(&|s| s.of_first_order)) } else { String::new() };
    format!("What the movement rests on. Of all swings, signs left out: {}.{shares}", list(&|s| s.of_swings))
}

fn length(bar: &Bar) -> f64 {
    bar.p80.and_then(|p| p.standard_error.and(p.days)).unwrap_or(bar.swing.estimate).abs()
}

fn kind(kind: InputKind) -> &'static str {
    match kind {
        InputKind::Knowledge => "knowledge",
        InputKind::Chance => "chance",
        InputKind::ChanceOnOccasions => "chance, each time",
        InputKind::Driver => "driver",
    }
}

fn component(row: &Importance) -> String {
    let words = match row.kind {
        ComponentKind::Risk => name(&row.id),
        ComponentKind::Process => format!("{} (process)", name(&row.id)),
        ComponentKind::Unit => format!("{} fails", name(&row.id)),
    };
    unbroken(&words)
}

/// A name short enough for a sentence, which breaks at spaces only.
pub(super) fn name(text: &str) -> String {
    wording::plain(text, 40)
}

/// A figure to the precision of its error, without it.
fn short(figure: &Figure) -> String {
    if figure.estimate == 0.0 || figure.standard_error == 0.0 {
        return wording::significant(figure.estimate, 3);
    }
    format!("{:.3}", figure.estimate).replace('-', "−")
}

/// A difference with its sign and error.
fn signed(figure: &Figure) -> String {
    wording::difference_with_error(figure)
}

fn worth(figure: &Figure) -> String {
    if figure.standard_error == 0.0 {
        return wording::significant(figure.estimate, 3);
    }
    wording::number_with_error(figure)
}

fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share).replace('-', "−")
}

fn percent_with_error(figure: &Figure) -> String {
    if figure.standard_error == 0.0 {
        return format!("{}%", wording::significant(100.0 * figure.estimate, 3));
    }
    let (share, error) = (100.0 * figure.estimate, 100.0 * figure.standard_error);
    let decimals = if error >= 0.95 {
        0
    } else if error >= 0.095 {
        1
    } else {
        2
    };
    format!("{share:.decimals$} ± {error:.decimals$}%").replace('-', "−")
}

/// The first letter of a sentence.
trait FirstLetter {
    fn to_uppercase_first(&self) -> String;
}

impl FirstLetter for String {
    fn to_uppercase_first(&self) -> String {
        let mut letters = self.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sample;

    #[test]
    fn no_line_is_wider_than_the_terminal_and_no_text_commands_it() {
        for (name, found) in sample::drivers() {
            for width in [60, 80, 120] {
                let text = drivers_text(&found, 8, width);
                for line in text.lines() {
                    assert!(line.chars().count() <= width.into(), "{name} {width}: {line}");
                }
                assert!(text.chars().all(|c| c == '\n' || !c.is_control()) && !text.contains('\u{202E}'), "{name}");
            }
        }
    }

    #[test]
    fn what_makes_no_difference_is_named() {
        let all = sample::drivers();
        let text = |name: &str| {
            let found = all.iter().find(|(n, _)| *n == name).unwrap();
            drivers_text(&found.1, 3, 100).replace('\n', " ")
        };
        let network = text("network");
        assert!(network.contains("No difference in any of 1,024 iterations: A13 duration"), "{network}");
        assert!(network.contains("all of it is chance") && network.contains("Merge bias"), "{network}");
        assert!(text("certain").contains("No input makes a difference to it."));
    }
}
