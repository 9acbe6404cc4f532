//! With what probability does each plan go live on its date, and stay live?

use super::{Answer, AnswerTable, BriefSources, both, cell, listed, text};
use crate::analysis::compare::{Ranked, Ranking};
use crate::analysis::outlook::{PlanOutlook, ReleaseOutlook};
use crate::analysis::wording;
use crate::simulate::Decision;

/// Most releases that a table of plans shows side by side.
const SIDE_BY_SIDE: usize = 4;

pub(super) fn on_target(sources: &BriefSources<'_>) -> Option<Answer> {
    let main = sources.main();
    if main.releases.is_empty() {
        return None;
    }
    let days = sources.outlook().stays_days;
    let subject = if sources.many_plans() { "each plan go live on its dates" } else { "the plan go live on its dates" };
    let mut paragraphs: Vec<String> = main.releases.iter().map(|r| release(main, r, days)).collect();
    if let Some(all) = main.p_all_live_on_target_and_stay.filter(|_| main.releases.len() > 1) {
        paragraphs.push(format!(
            "All {} releases of {} live on their dates and staying: P = {}.",
            main.releases.len(),
            text(&main.id),
            both(&all, true)
        ));
    }
    if sources.many_plans() {
        paragraphs.extend(best(sources));
        paragraphs.extend(the_same(sources));
    }
    Some(Answer {
        question: format!("With what probability does {subject}, and stay live {days} days?"),
        paragraphs,
        table: table(sources),
    })
}

fn release(plan: &PlanOutlook, release: &ReleaseOutlook, days: u32) -> String {
    format!(
        "{} ({}) in plan {}: P(live on {}) = {}. P(and stays {days} days) = {}.",
        text(&release.title),
        text(&release.id),
        text(&plan.id),
        wording::date(release.target),
        both(&release.p_live_on_target, true),
        both(&release.p_live_on_target_and_stays, true)
    )
}

/// For each release that the plan shares with others: which plan is best, and how far the plan is behind it.
fn best(sources: &BriefSources<'_>) -> Vec<String> {
    let main = sources.main();
    let ranking = |measure: String| sources.comparison.rankings.iter().find(|r| r.measure == measure);
    let mut out: Vec<String> = main
        .releases
        .iter()
        .filter_map(|r| {
            let ranking = ranking(Decision::LiveAndStays(r.id.clone()).name())?;
            told(sources, ranking, &format!("{} live on its date and staying", text(&r.id)))
        })
        .collect();
    if main.releases.len() > 1 {
        out.extend(
            ranking(Decision::AllLiveAndStay.name())
                .and_then(|r| told(sources, r, "all releases of the plan live on their dates and staying")),
        );
    }
    out
}

fn told(sources: &BriefSources<'_>, ranking: &Ranking, what: &str) -> Option<String> {
    let main = &sources.main().id;
    let best = ranking.plans.first()?;
    let own = ranking.plans.iter().find(|p| p.plan == *main)?;
    let share = |p: &Ranked| {
        p.p_best_over_inputs
            .map_or_else(String::new, |s| format!(", no plan better in {} of worlds", wording::percent(s)))
    };
    let level: Vec<String> = ranking
        .plans
        .iter()
        .skip(1)
        .filter(|p| p.plan != *main && !p.separable_from_best)
        .map(|p| text(&p.plan))
        .collect();
    let level = if level.is_empty() {
        String::new()
    } else {
        format!(" On present inputs {} cannot be separated from it.", listed(&level))
    };
    if best.plan == *main {
        return Some(format!("Best for {what}: {} itself{}.{level}", text(main), share(best)));
    }
    let behind = &own.behind_best;
    let verdict = if own.separable_from_best {
        let range = behind
            .inputs_interval
            .map_or_else(String::new, |[low, high]| format!("; {} over the inputs", wording::range([-high, -low])));
        format!(
            "{} is behind it by {:.3} ± {:.3} (sampling, paired){range}.",
            text(main),
            -behind.estimate,
            behind.standard_error
        )
    } else {
        format!("{} cannot be separated from it on present inputs.", text(main))
    };
    let moved = date_of(sources, &best.plan, &ranking.measure);
    Some(format!(
        "Best for {what}: {}{moved} with {}{}. {verdict}{level}",
        text(&best.plan),
        wording::probability(best.figure.estimate),
        share(best)
    ))
}

/// The date of the best plan, where it is another than the plan's own: a later date is easier to keep.
fn date_of(sources: &BriefSources<'_>, plan: &str, measure: &str) -> String {
    let Some((release, _)) = measure.split_once(".p_live") else {
        return String::new();
    };
    let target = |plan: &PlanOutlook| plan.releases.iter().find(|r| r.id == release).map(|r| r.target);
    let best = sources.outlook().plans.iter().find(|p| p.id == plan).and_then(target);
    match (best, target(sources.main())) {
        (Some(best), Some(own)) if best != own => format!(" (which aims at {})", wording::date(best)),
        _ => String::new(),
    }
}

/// Plans that agree with the plan in every iteration on every figure that plans are ranked by.
fn the_same(sources: &BriefSources<'_>) -> Option<String> {
    let main = &sources.main().id;
    let same: Vec<String> = sources
        .outlook()
        .plans
        .iter()
        .filter(|p| p.id != *main)
        .filter(|p| {
            let mut pairs = sources
                .comparison
                .pairs
                .iter()
                .filter(|pair| (pair.a == p.id && pair.b == *main) || (pair.b == p.id && pair.a == *main))
                .peekable();
            pairs.peek().is_some() && pairs.all(|pair| pair.identical)
        })
        .map(|p| format!("{} ({})", text(&p.id), text(&p.title)))
        .collect();
    (!same.is_empty()).then(|| {
        format!(
            "The same as {} in every iteration, on every figure that plans are ranked by: {}.",
            text(main),
            listed(&same)
        )
    })
}

fn table(sources: &BriefSources<'_>) -> Option<AnswerTable> {
    let outlook = sources.outlook();
    let mut ids: Vec<&str> = Vec::new();
    for release in outlook.plans.iter().flat_map(|p| &p.releases) {
        if !ids.contains(&release.id.as_str()) {
            ids.push(&release.id);
        }
    }
    if !sources.many_plans() {
        return None;
    }
    let shown = &ids[..ids.len().min(SIDE_BY_SIDE)];
    let mut header = vec!["Plan".to_owned(), String::new()];
    header.extend(shown.iter().map(|id| text(id)));
    if ids.len() > 1 {
        header.push("All".to_owned());
    }
    let rows = outlook.plans.iter().map(|plan| {
        let mut row = vec![text(&plan.id), text(&plan.title)];
        row.extend(shown.iter().map(|id| {
            let release = plan.releases.iter().find(|r| r.id == *id);
            release.map_or_else(|| "–".to_owned(), |r| cell(&r.p_live_on_target_and_stays, true))
        }));
        if ids.len() > 1 {
            row.push(plan.p_all_live_on_target_and_stay.map_or_else(|| "–".to_owned(), |f| cell(&f, true)));
        }
        row
    });
    Some(AnswerTable {
        caption: format!(
            "P(live on the plan's date and stays {} days), ± sampling, [inputs, 90%]{}",
            outlook.stays_days,
            if ids.len() > shown.len() {
                format!("; {} of {} releases", shown.len(), ids.len())
            } else {
                String::new()
            }
        ),
        header,
        rows: rows.collect(),
    })
}
