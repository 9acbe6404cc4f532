//! What drives the answer: inputs, risks, days, and what to learn first; and what deploying together adds.
//!
//! In: what the analyses found. Out: the blocks of the section, a picture and a table for each.

use super::compose::short;
use super::content::{Block, Cell, Column, Figure, Kind, Table, Text};
use super::figures::{self, NONE, unbroken};
use crate::analysis::drivers::{Bar, ComponentKind, Drivers, Importance, MeasureDrivers, ValueOfLearning};
use crate::analysis::together::{GroupTogether, Night, Together};
use crate::analysis::wording;
use crate::chart::{self, Chart, ChartError};
use crate::estimate::Figure as Estimate;

/// Most rows of a table of drivers; all of them stand in the output of `golive drivers`.
const ROWS: usize = 12;
/// Most measures whose drivers are shown.
const MEASURES: usize = 2;

/// The blocks of the section.
///
/// # Errors
/// None that depends on what was found.
pub fn blocks(found: &Drivers, together: Option<&Together>) -> Result<Vec<Block>, ChartError> {
    let mut charts = chart::render_drivers(found)?.into_iter();
    let mut blocks = vec![Block::Paragraph(how(found))];
    for (n, measure) in (1..).zip(&found.measures) {
        let Some(chart) = charts.next() else { break };
        if n > MEASURES {
            continue;
        }
        blocks.push(Block::Figure(tornado(found, measure, chart, n)));
        blocks.extend(importance(measure, n).map(Block::Table));
    }
    if let (Some(days), Some(chart)) = (&found.days, charts.next()) {
        let columns = vec![
            Column::new("What takes them", Kind::Text, 60),
            Column::new("Days", Kind::Number, 20),
            Column::new("Present in", Kind::Number, 20),
        ];
        let rows = days.parts.iter().map(|part| {
            let id = part.id.as_deref().map_or_else(String::new, |id| format!("{}: ", wording::plain(id, 60)));
            vec![
                Cell::data(&format!("{id}{}", short(&part.title))),
                Cell::number(Text::words(wording::signed(part.days, 2)), part.days),
                Cell::number(Text::words(wording::percent(part.share)), part.share),
            ]
        });
        let data = Table::new("table-days", Text::words("Days to P80, by what takes them"), columns, rows.collect());
        let caption = "Days between the planned date and P80 of the lasting go-live, by what takes them";
        blocks.push(Block::Figure(picture("days", caption, "Steps from the planned date to P80. ", chart, data)));
    }
    blocks.extend(found.learning.as_ref().map(|learning| self::learning(found, learning)));
    if let Some(together) = together {
        blocks.extend(added(together)?);
    }
    Ok(blocks)
}

fn how(found: &Drivers) -> Text {
    let of = found
        .release
        .as_deref()
        .or(found.finish.as_deref())
        .map_or_else(Text::default, |id| Text::words(", for ").and_data(id));
    Text::words("Each input is moved alone from its 10th to its 90th percentile, and each risk made certain and impossible, on ")
        .and(format!("the same {} iterations of plan ", wording::count(found.iterations_of_a_variant)))
        .and_strong(&found.plan)
        .and_text(of)
        .and(". What moves a figure most is what to settle first; it is not what is most probable.")
}

fn picture(id: &str, caption: &str, what: &str, chart: Chart, data: Table) -> Figure {
    Figure {
        id: format!("figure-{id}"),
        number: None,
        caption: Text::words(caption),
        alternative: Text::words(what).and(chart.title.clone()).and("."),
        chart,
        data,
        readable_by_date: false,
    }
}

fn label(found: &Drivers, path: &str) -> String {
    short(found.inputs.iter().find(|input| input.path == path).map_or(path, |input| &input.label))
}

fn tornado(found: &Drivers, measure: &MeasureDrivers, chart: Chart, n: usize) -> Figure {
    let columns = vec![
        Column::new("Input", Kind::Text, 34),
        Column::new("Basis", Kind::Text, 12),
        Column::new("P10", Kind::Number, 11),
        Column::new("P90", Kind::Number, 11),
        Column::new("Figure at P10", Kind::Number, 16),
        Column::new("Figure at P90", Kind::Number, 16),
        Column::new("Swing", Kind::Number, 16),
    ];
    let row = |bar: &Bar| {
        let input = found.inputs.iter().find(|input| input.path == bar.input);
        let value = |value: Option<f64>| {
            value.map_or_else(figures::none, |v| Cell::number(Text::words(wording::significant(v, 3)), v))
        };
        vec![
            Cell::data(&label(found, &bar.input)),
            Cell::words(input.map_or(NONE, |i| i.basis.name())),
            value(input.map(|i| i.p10)),
            value(input.map(|i| i.p90)),
            figure(&bar.low),
            figure(&bar.high),
            difference(&bar.swing),
        ]
    };
    let rows = measure.tornado.iter().filter(|bar| !bar.same).map(row).collect();
    let title = Text::data(&measure.title);
    let words = title.clone().and(": every input from its P10 to its P90");
    let data = Table::new(format!("table-tornado-{n}"), words.clone(), columns, rows);
    let mut drawn = picture(&format!("tornado-{n}"), "", "Bars, one for each input, longest first. ", chart, data);
    drawn.caption = words;
    drawn
}

/// A figure to the precision of its error.
fn figure(figure: &Estimate) -> Cell {
    Cell::number(Text::words(unbroken(&wording::number_with_error(figure))), figure.estimate)
}

fn difference(figure: &Estimate) -> Cell {
    Cell::number(Text::words(unbroken(&wording::difference_with_error(figure))), figure.estimate)
}

/// Risks by what they do when they surely happen, and when they cannot.
fn importance(measure: &MeasureDrivers, n: usize) -> Option<Table> {
    let moving: Vec<&Importance> = measure.importance.iter().filter(|row| !row.same).collect();
    if moving.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("Risk", Kind::Text, 40),
        Column::new("If certain", Kind::Probability, 16),
        Column::new("Without it", Kind::Probability, 16),
        Column::new("Difference", Kind::Probability, 16),
        Column::new("Share that goes without it", Kind::Probability, 16),
    ];
    let row = |row: &&Importance| {
        let name = match row.kind {
            ComponentKind::Risk => Text::default().and_strong(&row.id),
            ComponentKind::Process => Text::default().and_strong(&row.id).and(" (process)"),
            ComponentKind::Unit => Text::default().and_strong(&row.id).and(" fails"),
        };
        let share = row.fussell_vesely.as_ref().map_or_else(figures::none, |share| {
            let words = format!("{:.1} ± {:.1}%", 100.0 * share.estimate, 100.0 * share.standard_error);
            Cell::number(Text::words(unbroken(&words.replace('-', "−"))), share.estimate)
        });
        vec![
            name.and_break().and_data(&short(&row.title)).into(),
            row.surely.as_ref().map_or_else(figures::none, figure),
            figure(&row.surely_not),
            row.birnbaum.as_ref().map_or_else(figures::none, difference),
            share,
        ]
    };
    let rows = moving.iter().take(ROWS).map(row).collect();
    let now = unbroken(&wording::number_with_error(&measure.p_bad));
    let caption = Text::words("Risks by what they do to: ").and_data(&measure.bad).and(format!(" (now {now})"));
    let mut table = Table::new(format!("table-importance-{n}"), caption, columns, rows);
    let more = moving.len().saturating_sub(ROWS);
    if more > 0 {
        table = table.note(Text::words(format!("{more} less important ones are left out.")));
    }
    Some(table.note(Text::words(
        "Difference: if certain less without it (Birnbaum). Share that goes without it: Fussell–Vesely. ± standard error of \
         sampling, not of the inputs.",
    )))
}

/// What learning an input is worth for the choice between plans.
fn learning(found: &Drivers, learning: &ValueOfLearning) -> Block {
    let columns = vec![
        Column::new("Input", Kind::Text, 34),
        Column::new("Basis", Kind::Text, 12),
        Column::new("Ask", Kind::Text, 26),
        Column::new("Value of learning", Kind::Number, 18),
        Column::new("Another plan in", Kind::Number, 14),
    ];
    let worth = learning.inputs.iter().filter(|l| l.value.interval[0] > 0.0).take(ROWS);
    let rows: Vec<Vec<Cell>> = worth
        .map(|l| {
            let input = found.inputs.iter().find(|input| input.path == l.input);
            let ask = input.and_then(|i| i.elicit.as_deref());
            vec![
                Cell::data(&label(found, &l.input)),
                Cell::words(input.map_or(NONE, |i| i.basis.name())),
                ask.map_or_else(|| Cell::words(NONE), Cell::data),
                figure(&l.value),
                Cell::number(Text::words(wording::percent(l.p_other_plan)), l.p_other_plan),
            ]
        })
        .collect();
    let everything = learning.everything.map_or_else(String::new, |everything| {
        let worth = if everything == 0.0 { "nothing".to_owned() } else { wording::significant(everything, 2) };
        format!(" Learning everything at once would be worth {worth}.")
    });
    if rows.is_empty() {
        let choice = Text::words("For the choice between plans by ").and_data(&learning.benefit).and(", ");
        return Block::Paragraph(choice.and_strong(&learning.best).and(format!(
            " is best on present inputs, and no single input has a value of learning that can be told from 0: learning any \
             one would not change the choice.{everything}"
        )));
    }
    let caption = Text::words("What to learn first, for the choice between plans by ").and_data(&learning.benefit);
    Block::Table(
        Table::new("table-learning", caption, columns, rows).note(
            Text::words("Value: gain in that figure by choosing the plan once the input is known. On present inputs ")
                .and_strong(&learning.best)
                .and(format!(
                    " is best. Another plan: share of the input's values for which another would be chosen.{everything}"
                )),
        ),
    )
}

/// What each release's partners on the same night add to it.
fn added(together: &Together) -> Result<Vec<Block>, ChartError> {
    let mut charts = chart::together(together)?.into_iter();
    let mut blocks = vec![Block::Heading("What deploying together adds".to_owned())];
    for (n, group) in (1..).zip(&together.groups) {
        let (Some(drawn), Some(frontier)) = (charts.next(), charts.next()) else { break };
        // One night is shown; others stand in the output of `golive together`.
        if n > 1 {
            break;
        }
        let caption = format!("Probability of a miss on {}: alone, and with the others", wording::date(group.date));
        blocks.push(Block::Figure(picture("together", &caption, "", drawn, added_table(group))));
        let data = ways(group);
        let caption = "Splitting the releases over consecutive windows: what it buys, and what it costs";
        blocks.push(Block::Figure(picture("frontier", caption, "", frontier, data)));
    }
    Ok(blocks)
}

fn added_table(group: &GroupTogether) -> Table {
    let columns = vec![
        Column::new("Release", Kind::Text, 34),
        Column::new("P(miss) alone", Kind::Probability, 18),
        Column::new("P(miss) with the others", Kind::Probability, 18),
        Column::new("Added", Kind::Probability, 18),
        Column::new("Verdict", Kind::Text, 18),
    ];
    let rows = group.releases.iter().map(|r| {
        vec![
            Text::default().and_strong(&r.id).and_break().and_data(&short(&r.title)).into(),
            figures::probability(&r.p_misses_alone),
            figures::probability(&r.p_misses_together),
            figures::difference(&r.added),
            Cell::words(if r.separable { "can be told from 0" } else { "cannot be told from 0" }),
        ]
    });
    let caption = Text::words("What the others add to the probability of a miss");
    Table::new("table-together", caption, columns, rows.collect())
}

/// The ways of splitting, as the picture has them.
fn ways(group: &GroupTogether) -> Table {
    let mut columns = vec![
        Column::new("Nights", Kind::Text, 40),
        Column::new("Added windows", Kind::Count, 12),
        Column::new("Added days", Kind::Count, 12),
        Column::new("P(all stay)", Kind::Probability, 18),
        Column::new("Releases that miss", Kind::Number, 18),
    ];
    let incidents = group.frontier.ways.iter().any(|way| way.extra_category_1_or_2.is_some());
    if incidents {
        columns.push(Column::new("Extra incidents", Kind::Number, 18));
    }
    let count = |n: u32| Cell::number(Text::words(wording::count(n.into())), n.into());
    let rows = group.frontier.ways.iter().map(|way| {
        let night = |night: &Night| format!("{}: {}", wording::day_month(night.date), night.releases.join(", "));
        let nights: Vec<String> = way.nights.iter().map(night).collect();
        let mut cells = vec![
            Cell::data(&nights.join("; ")),
            count(way.added_windows),
            count(way.added_days),
            figures::probability(&way.p_all),
            figures::number(&way.missed),
        ];
        if incidents {
            cells.push(way.extra_category_1_or_2.as_ref().map_or_else(figures::none, figures::number));
        }
        cells
    });
    let caption = Text::words("Splitting the releases over windows");
    Table::new("table-frontier", caption, columns, rows.collect())
}
