//! Plans side by side: every plan with both uncertainties, which is better, and whether the inputs can tell.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::compose::{Case, short};
use super::content::{Block, Cell, Column, Figure, Kind, Section, Table, Text};
use super::figures::{self, NONE};
use crate::analysis::outlook::{PlanOutlook, ReleaseOutlook};
use crate::analysis::wording;
use crate::analysis::{Comparison, Ranking};
use crate::chart::{self, ChartError};
use crate::estimate::Figure as Estimate;

/// Most releases that have a column each in the overview.
const COLUMNS: usize = 4;

/// Most releases whose dates are drawn under all plans.
const DRAWN: usize = 4;

/// The section of all plans.
///
/// The overview is left out where a brief has it already.
pub fn section(case: &Case<'_>, briefed: bool) -> Result<Section, ChartError> {
    let mut blocks = Vec::new();
    if !briefed {
        blocks.push(Block::Table(overview(case)));
    }
    if let Some(comparison) = case.comparison {
        for (n, ranking) in chosen(case, comparison).into_iter().enumerate() {
            blocks.push(Block::Figure(ranked(comparison, ranking, &format!("plans-{}", n + 1))?));
        }
    }
    for (n, id) in case.release_ids().into_iter().enumerate() {
        if n < DRAWN {
            blocks.push(Block::Figure(dates(case, id, n + 1)?));
        }
        blocks.push(Block::Table(release_table(case, id, n + 1)));
    }
    blocks.extend(case.comparison.and_then(dominance).map(Block::Table));
    Ok(Section { id: "plans".to_owned(), heading: "Plans compared".to_owned(), blocks })
}

/// By when a release is live under every plan.
fn dates(case: &Case<'_>, id: &str, n: usize) -> Result<Figure, ChartError> {
    let chart = chart::dates_of_plans(case.outlook, id)?;
    let plans = || case.outlook.plans.iter().filter_map(|p| Some((p, p.releases.iter().find(|r| r.id == id)?)));
    let mut columns = vec![Column::new("By", Kind::Date, 12)];
    columns.extend(plans().map(|(plan, _)| Column::new(wording::plain(&plan.id, 40), Kind::Probability, 10)));
    let days: BTreeSet<Date> = plans().flat_map(|(_, r)| &r.dates).map(|d| d.date).collect();
    let rows = days.into_iter().map(|day| {
        let by = |release: &ReleaseOutlook| {
            release.dates.iter().take_while(|d| d.date <= day).last().map_or(0.0, |d| d.cumulative.estimate)
        };
        let shares = plans().map(|(_, release)| by(release));
        let cells = shares.map(|share| Cell::number(Text::words(wording::percent(share)), share));
        std::iter::once(Cell::date(day)).chain(cells).collect()
    });
    let words = Text::data(id).and(": share of iterations that are live, for good, by each date, by plan");
    let data = Table::new(format!("table-dates-{n}"), words, columns, rows.collect());
    let title = plans().next().map_or("", |(_, r)| &r.title);
    Ok(Figure {
        id: format!("figure-dates-{n}"),
        number: None,
        caption: Text::data(id)
            .and(", ")
            .and_data(&short(title))
            .and(": probability of being live, for good, by each date under every plan"),
        alternative: Text::words("S-curves, one for each plan. ").and(chart.title.clone()).and("."),
        chart,
        data,
        readable_by_date: false,
    })
}

/// What can be told apart, in sentences.
pub fn findings(comparison: &Comparison) -> Vec<Text> {
    let measures = ["p_all_live_on_target_and_stay", "extra_category_1_or_2"];
    let rankings = measures.iter().filter_map(|m| comparison.rankings.iter().find(|r| r.measure == *m));
    rankings.filter_map(|ranking| finding(comparison, ranking)).collect()
}

fn finding(comparison: &Comparison, ranking: &Ranking) -> Option<Text> {
    let (best, others) = ranking.plans.split_first()?;
    if others.is_empty() {
        return None;
    }
    let figure = if ranking.probability {
        figures::in_sentence(&best.figure)
    } else {
        figures::number_in_sentence(&best.figure)
    };
    let mut text = Text::words(format!("{}: ", about(comparison, ranking)))
        .and_strong(&best.plan)
        .and(" is best with ")
        .and_text(figure);
    let same: Vec<&str> = others.iter().filter(|r| is_the_same(&r.behind_best)).map(|r| r.plan.as_str()).collect();
    let open: Vec<&str> = others
        .iter()
        .filter(|r| !is_the_same(&r.behind_best) && !r.separable_from_best)
        .map(|r| r.plan.as_str())
        .collect();
    let worse: Vec<&str> = others.iter().filter(|r| r.separable_from_best).map(|r| r.plan.as_str()).collect();
    let mut say = |words: &str, plans: &[&str]| {
        if !plans.is_empty() {
            let list: Vec<String> = plans.iter().map(|id| wording::plain(id, 60)).collect();
            text = std::mem::take(&mut text).and(format!("; {words} {}", list.join(", ")));
        }
    };
    say("the same:", &same);
    say("cannot be separated from it on present inputs:", &open);
    say("worse:", &worse);
    Some(text.and("."))
}

fn is_the_same(behind: &Estimate) -> bool {
    behind.estimate == 0.0 && behind.standard_error == 0.0
}

/// What a ranking is of, in words.
fn about(comparison: &Comparison, ranking: &Ranking) -> String {
    wording::measure(&ranking.measure, comparison.outlook.stays_days)
}

/// The rankings that have a picture here: all releases together, and the first release. Incidents have theirs.
fn chosen<'c>(case: &Case<'_>, comparison: &'c Comparison) -> Vec<&'c Ranking> {
    let first = case.release_ids().first().map(|id| format!("{id}.p_live_on_target_and_stays"));
    let all = (case.release_ids().len() > 1).then(|| "p_all_live_on_target_and_stay".to_owned());
    let measures = [all, first].into_iter().flatten();
    measures.filter_map(|m| comparison.rankings.iter().find(|r| r.measure == m && r.plans.len() > 1)).collect()
}

/// A ranking as dots, and as the table behind them.
pub fn ranked(comparison: &Comparison, ranking: &Ranking, id: &str) -> Result<Figure, ChartError> {
    let words = about(comparison, ranking);
    let finding = finding(comparison, ranking).unwrap_or_default();
    Ok(Figure {
        id: format!("figure-{id}"),
        number: None,
        caption: Text::words(format!("{words}, by plan, with both uncertainties")),
        alternative: Text::words(format!("Dots with two bars, a row for each plan. {}", finding.plain())),
        chart: chart::plans_ranked(comparison, ranking)?,
        data: ranking_table(ranking, &words, id),
        readable_by_date: false,
    })
}

fn ranking_table(ranking: &Ranking, words: &str, id: &str) -> Table {
    let kind = if ranking.probability { Kind::Probability } else { Kind::Number };
    let columns = vec![
        Column::new("Plan", Kind::Id, 8),
        Column::new("Estimate", kind, 18),
        Column::new("Difference to the best", kind, 22),
        Column::new("Best in", Kind::Number, 14),
        Column::new("Verdict", Kind::Text, 22),
    ];
    let rows = ranking.plans.iter().enumerate().map(|(place, ranked)| {
        let figure =
            if ranking.probability { figures::probability(&ranked.figure) } else { figures::number(&ranked.figure) };
        let same = is_the_same(&ranked.behind_best);
        let behind = if place == 0 { Cell::words(NONE) } else { figures::difference(&ranked.behind_best) };
        let share =
            ranked.p_best_over_inputs.map_or_else(figures::none, |p| Cell::number(Text::words(wording::percent(p)), p));
        let verdict = match (place, same, ranked.separable_from_best) {
            (0, ..) => "best",
            (_, true, _) => "the same",
            (_, _, true) => "worse",
            _ => "cannot be separated",
        };
        vec![Cell::data(&ranked.plan), figure, behind, share, Cell::words(verdict)]
    });
    Table::new(format!("table-{id}-ranking"), Text::words(words), columns, rows.collect()).note(Text::words(
        "Best in: share of the worlds that the inputs allow in which no plan is better, ties shared.",
    ))
}

/// One row a plan.
fn overview(case: &Case<'_>) -> Table {
    let ids = case.release_ids();
    let by_release = ids.len() <= COLUMNS;
    let stays = case.outlook.stays_days;
    let mut columns = vec![Column::new("Plan", Kind::Text, 30)];
    if by_release {
        columns.extend(ids.iter().map(|id| {
            Column::new(format!("{}: on its date, stays {stays} days", wording::plain(id, 40)), Kind::Probability, 15)
        }));
    }
    if ids.len() > 1 {
        columns.push(Column::new(format!("All on their dates, stay {stays} days"), Kind::Probability, 15));
    }
    let incidents = case.outlook.plans.iter().any(|p| p.incidents.is_some());
    if incidents {
        columns.push(Column::new("Extra Category 1 or 2 incidents", Kind::Number, 15));
    }
    let costs = case.outlook.plans.iter().any(|p| p.cost.is_some());
    if costs {
        columns.push(Column::new("Cost, mean", Kind::Number, 15));
    }
    let row = |plan: &PlanOutlook| {
        let mut cells: Vec<Cell> = vec![case.plan_name(plan).into()];
        if by_release {
            cells.extend(ids.iter().map(|id| {
                let release = plan.releases.iter().find(|r| r.id == *id);
                figures::probability_or_none(release.map(|r| &r.p_live_on_target_and_stays))
            }));
        }
        if ids.len() > 1 {
            cells.push(figures::probability_or_none(plan.p_all_live_on_target_and_stay.as_ref()));
        }
        if incidents {
            cells.push(figures::mean_or_none(plan.incidents.as_ref().map(|i| &i.extra_category_1_or_2)));
        }
        if costs {
            cells.push(figures::mean_or_none(plan.cost.as_ref()));
        }
        cells
    };
    let rows = case.outlook.plans.iter().map(row).collect();
    let caption = "Plans: probabilities of going live on the plan's dates and staying live, and incidents caused";
    Table::new("table-plans", Text::words(caption), columns, rows).note(Text::words(
        "± standard error of sampling; in brackets the range over 90% of the worlds that the inputs allow.",
    ))
}

/// One release in every plan that has it.
fn release_table(case: &Case<'_>, id: &str, n: usize) -> Table {
    let of = |plan: &'_ PlanOutlook| plan.releases.iter().position(|r| r.id == id);
    let rows: Vec<(&PlanOutlook, &ReleaseOutlook)> =
        case.outlook.plans.iter().filter_map(|p| Some((p, &p.releases[of(p)?]))).collect();
    let columns = vec![
        Column::new("Plan", Kind::Id, 7),
        Column::new("Planned for", Kind::Date, 12),
        Column::new("P50", Kind::Date, 13),
        Column::new("P80", Kind::Date, 14),
        Column::new("P95", Kind::Date, 14),
        Column::new("P(live on that date)", Kind::Probability, 14),
        Column::new("P(No-Go)", Kind::Probability, 13),
        Column::new("P(backed out)", Kind::Probability, 13),
    ];
    let cells = rows.iter().map(|(plan, r)| {
        vec![
            Cell::data(&plan.id),
            Cell::date(r.target),
            figures::date(&r.go_live.p50),
            figures::date(&r.go_live.p80),
            figures::date(&r.go_live.p95),
            figures::probability(&r.p_live_on_target),
            figures::probability(&r.p_no_go),
            figures::probability(&r.p_backed_out),
        ]
    });
    let title = rows.first().map_or("", |(_, r)| &r.title);
    let caption = Text::data(id).and(", ").and_data(&short(title)).and(": lasting go-live in every plan");
    let table = Table::new(format!("table-release-{n}"), caption, columns, cells.collect());
    table.note(Text::words(
        "P50, P80, P95: the date by which the lasting go-live has happened with that probability; in parentheses its 95% \
         sampling interval where it is more than that date, in brackets where 90% of the worlds put it.",
    ))
}

/// Which plan's dates are never later: a row a plan, a column a release; `None` where no plan's are.
fn dominance(comparison: &Comparison) -> Option<Table> {
    let mut releases: Vec<&str> = comparison.dominance.iter().map(|d| d.release.as_str()).collect();
    releases.dedup();
    if releases.is_empty() || releases.len() > COLUMNS {
        return None;
    }
    let mut columns = vec![Column::new("Plan", Kind::Id, 10)];
    columns.extend(releases.iter().map(|id| Column::new(wording::plain(id, 40), Kind::Text, 30)));
    let rows = comparison.outlook.plans.iter().map(|plan| {
        let cell = |release: &&str| {
            let of = |order: u8| {
                let these = comparison.dominance.iter().filter(move |d| d.release == **release && d.order == order);
                these.filter(|d| d.plan == plan.id).map(|d| wording::plain(&d.over, 40)).collect::<Vec<_>>()
            };
            let (first, second) = (of(1), of(2));
            match (first.is_empty(), second.is_empty()) {
                (true, true) => figures::none(),
                (false, true) => Cell::words(first.join(", ")),
                (true, false) => Cell::words(format!("({})", second.join(", "))),
                (false, false) => Cell::words(format!("{} ({})", first.join(", "), second.join(", "))),
            }
        };
        std::iter::once(Cell::data(&plan.id)).chain(releases.iter().map(cell)).collect()
    });
    let caption =
        Text::words("Plans whose dates are never later: at least as likely live by every date as these plans");
    let table = Table::new("table-dominance", caption, columns, rows.collect());
    Some(table.note(Text::words(
        "As sampled. In parentheses: only in the sum of these probabilities up to every date, so with no fewer live days.",
    )))
}
