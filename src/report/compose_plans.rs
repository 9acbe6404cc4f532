//! Plans side by side: every plan with both uncertainties, which is better, and whether the inputs can tell.

use super::compose::{Case, short};
use super::content::{Block, Cell, Column, Figure, Kind, Section, Table, Text};
use super::figures::{self, NONE};
use crate::analysis::outlook::{PlanOutlook, ReleaseOutlook};
use crate::analysis::wording;
use crate::analysis::{Comparison, Ranking};
use crate::chart::{Axis, ChartError, DotRow, Dots, Mark};
use crate::estimate::Figure as Estimate;

/// Most releases that have a column each in the overview.
const COLUMNS: usize = 4;

/// The section of all plans.
pub fn section(case: &Case<'_>) -> Result<Option<Section>, ChartError> {
    let mut blocks = vec![Block::Table(overview(case))];
    if let Some(comparison) = case.comparison {
        for (n, ranking) in chosen(case, comparison).into_iter().enumerate() {
            blocks.push(Block::Figure(dots(case, comparison, ranking, n + 1)?));
        }
        blocks.extend(dominance(comparison));
    }
    for (n, id) in case.release_ids().into_iter().enumerate() {
        blocks.push(Block::Table(release_table(case, id, n + 1)));
    }
    Ok(Some(Section { id: "plans".to_owned(), heading: "Plans compared".to_owned(), blocks }))
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
pub fn about(comparison: &Comparison, ranking: &Ranking) -> String {
    measure_words(&ranking.measure, comparison.outlook.stays_days)
}

/// A decision figure in words.
pub fn measure_words(measure: &str, stays_days: u32) -> String {
    let of = |id: &str, words: String| format!("{}, {words}", wording::plain(id, 60));
    match measure.rsplit_once('.') {
        Some((id, "p_live_on_target")) => of(id, "live on the plan's date".to_owned()),
        Some((id, "p_live_on_target_and_stays")) => {
            of(id, format!("live on the plan's date and stays {stays_days} days"))
        }
        Some((id, "p_not_live_by_horizon")) => of(id, "not live by the horizon".to_owned()),
        Some((id, "p_no_go")) => of(id, "at least one No-Go".to_owned()),
        Some((id, "p_backed_out")) => of(id, "backed out at least once".to_owned()),
        Some((id, "p_consent_needed")) => of(id, "consent to a move needed".to_owned()),
        Some((id, "p_ships")) => of(id, "ships with its release".to_owned()),
        _ => match measure {
            "p_all_live_on_target_and_stay" => {
                format!("All releases live on their dates and stay {stays_days} days")
            }
            "releases_missed" => "Releases that miss their date or are reversed, mean number".to_owned(),
            "p_extra_category_1_or_2" => "At least one extra incident of Category 1 or 2".to_owned(),
            "extra_category_1_or_2" => "Extra incidents of Category 1 or 2, mean number".to_owned(),
            "cost" => "Cost, mean".to_owned(),
            other => wording::plain(other, 60),
        },
    }
}

/// The rankings that have a picture: all releases together, the first release, extra incidents.
fn chosen<'c>(case: &Case<'_>, comparison: &'c Comparison) -> Vec<&'c Ranking> {
    let first = case.release_ids().first().map(|id| format!("{id}.p_live_on_target_and_stays"));
    let all = (case.release_ids().len() > 1).then(|| "p_all_live_on_target_and_stay".to_owned());
    let incidents = Some("extra_category_1_or_2".to_owned());
    let measures = [all, first, incidents].into_iter().flatten();
    measures.filter_map(|m| comparison.rankings.iter().find(|r| r.measure == m && r.plans.len() > 1)).collect()
}

/// A ranking as dots, and as the table behind them.
fn dots(case: &Case<'_>, comparison: &Comparison, ranking: &Ranking, n: usize) -> Result<Figure, ChartError> {
    let words = about(comparison, ranking);
    let title = |id: &str| case.outlook.plans.iter().find(|p| p.id == id).map_or("", |p| p.title.as_str());
    let mark = |place: usize, separable: bool| match (place, separable) {
        (0, _) => Mark::First,
        (_, false) => Mark::Undecided,
        (_, true) => Mark::Plain,
    };
    let row = |(place, ranked): (usize, &crate::analysis::Ranked)| DotRow {
        label: ranked.plan.clone(),
        sub_label: short(title(&ranked.plan)),
        figure: ranked.figure,
        mark: mark(place, ranked.separable_from_best),
    };
    let finding = finding(comparison, ranking).unwrap_or_default();
    let axis = if ranking.probability { Axis::Probability } else { Axis::Number { unit: "incidents".to_owned() } };
    let best = ranking.plans.first().map_or("", |r| &r.plan);
    let chart = Dots {
        title: format!("{words}: {best} is best"),
        about: Vec::new(),
        axis,
        rows: ranking.plans.iter().enumerate().map(row).collect(),
        reference: None,
        marks: vec![
            (Mark::First, "best".to_owned()),
            (Mark::Undecided, "cannot be separated from the best on present inputs".to_owned()),
            (Mark::Plain, "worse".to_owned()),
        ],
        source: format!("{} plans", ranking.plans.len()),
        note: "Plans share their random numbers: differences are known better than the figures.".to_owned(),
    };
    let stem = ranking.measure.replace(['.', '_'], "-");
    let chart = chart.draw(case.outlook, &["plans", &stem])?;
    Ok(Figure {
        id: format!("figure-plans-{n}"),
        number: None,
        caption: Text::words(format!("{words}, by plan, with both uncertainties")),
        alternative: Text::words(format!("Dots with two bars, a row for each plan. {}", finding.plain())),
        chart,
        data: ranking_table(ranking, &words, n),
        readable_by_date: false,
    })
}

fn ranking_table(ranking: &Ranking, words: &str, n: usize) -> Table {
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
    Table::new(format!("table-ranking-{n}"), Text::words(words), columns, rows.collect()).note(Text::words(
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
    let consent = rows.iter().any(|(_, r)| r.p_consent_needed.is_some());
    let mut columns = vec![
        Column::new("Plan", Kind::Id, 7),
        Column::new("Planned for", Kind::Date, 12),
        Column::new("P(live on that date)", Kind::Probability, 14),
        Column::new("P50", Kind::Date, 13),
        Column::new("P80", Kind::Date, 14),
        Column::new("P95", Kind::Date, 14),
        Column::new("P(No-Go)", Kind::Probability, 13),
        Column::new("P(backed out)", Kind::Probability, 13),
    ];
    if consent {
        columns.push(Column::new("P(consent needed)", Kind::Probability, 13));
    }
    let cells = rows.iter().map(|(plan, r)| {
        let mut cells = vec![
            Cell::data(&plan.id),
            Cell::date(r.target),
            figures::probability(&r.p_live_on_target),
            figures::date(&r.go_live.p50),
            figures::date(&r.go_live.p80),
            figures::date(&r.go_live.p95),
            figures::probability(&r.p_no_go),
            figures::probability(&r.p_backed_out),
        ];
        if consent {
            cells.push(figures::probability_or_none(r.p_consent_needed.as_ref()));
        }
        cells
    });
    let title = rows.first().map_or("", |(_, r)| &r.title);
    let caption = Text::data(id).and(", ").and_data(&short(title)).and(": lasting go-live in every plan");
    let table = Table::new(format!("table-release-{n}"), caption, columns, cells.collect());
    table.note(Text::words(
        "P50, P80, P95: the date by which the lasting go-live has happened with that probability; in parentheses its 95% \
         sampling interval where it is more than that date, in brackets where 90% of the worlds put it.",
    ))
}

/// Which plan's dates are never later, release by release.
fn dominance(comparison: &Comparison) -> Vec<Block> {
    let mut releases: Vec<&str> = comparison.dominance.iter().map(|d| d.release.as_str()).collect();
    releases.dedup();
    let mut items = Vec::new();
    for release in releases {
        for plan in &comparison.outlook.plans {
            let over = |order: u8| -> Vec<String> {
                let of = comparison
                    .dominance
                    .iter()
                    .filter(|d| d.release == release && d.plan == plan.id && d.order == order);
                of.map(|d| wording::plain(&d.over, 60)).collect()
            };
            let (first, second) = (over(1), over(2));
            let mut parts = Vec::new();
            if !first.is_empty() {
                parts.push(format!("at least as likely live by every date as {}", first.join(", ")));
            }
            if !second.is_empty() {
                parts.push(format!("no fewer live days up to any date than {}", second.join(", ")));
            }
            if !parts.is_empty() {
                items
                    .push(Text::data(release).and(" in ").and_strong(&plan.id).and(format!(": {}.", parts.join("; "))));
            }
        }
    }
    if items.is_empty() {
        return Vec::new();
    }
    vec![Block::Heading("Dates that are never later, as sampled".to_owned()), Block::Bullets(items)]
}
