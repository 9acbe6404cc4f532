//! What must be true at the gate for a Go; and does an Amber matter, what would turn it Green?

use super::{Answer, AnswerTable, BriefSources, both, cell, text};
use crate::analysis::gate::{Against, GateReport, Policy, PolicyOfRelease};
use crate::analysis::given::GivenOutlook;
use crate::analysis::wording;
use crate::register::{Condition, Effect, Register};

/// Criteria in a sentence or table.
const CRITERIA: usize = 8;
/// Figures given news.
const NEWS: usize = 4;

pub(super) fn go(sources: &BriefSources<'_>) -> Option<Answer> {
    let report = sources.gate?;
    let release = report.releases.first()?;
    let own = of(report.policies.first()?, &release.id)?;
    let stopping: Vec<_> = report
        .criteria
        .iter()
        .filter(|c| c.stops)
        .filter_map(|c| Some((c, c.releases.iter().find(|share| share.release == release.id)?)))
        .collect();
    let mut likely: Vec<_> = stopping.iter().filter(|(_, share)| share.p_not_met.estimate > 0.0).collect();
    likely.sort_by(|a, b| b.1.p_not_met.estimate.total_cmp(&a.1.p_not_met.estimate));
    let day = release.gate.map_or_else(String::new, |day| format!(" on {}", wording::date(day)));
    let mut paragraphs = vec![
        format!(
            "{} must be ready and all {} criteria that can stop it be seen as met{day}: P(Go) = {}. It stands at that gate with \
             probability {}.",
            text(&release.id),
            stopping.len(),
            both(&own.p_go.figure, true),
            wording::probability(release.p_at_gate.estimate)
        ),
        format!("{} of these criteria can fail by a risk of this register; no risk fails the others.", likely.len()),
    ];
    if !report.observed_with_error {
        paragraphs.push(
            "The scenario says nothing of errors of observation: what the committee sees is taken to be true, so that wrong Go and wrong \
             No-Go are 0 by assumption."
                .to_owned(),
        );
    }
    paragraphs.extend(sources.news.and_then(|news| told(news, &release.id)));
    let rows = likely.iter().take(CRITERIA).map(|(c, share)| {
        vec![
            text(&c.id),
            c.status.unwrap_or("–").to_owned(),
            wording::list(&c.risks.iter().map(|r| text(r)).collect::<Vec<_>>()),
            cell(&share.p_not_met, true),
        ]
    });
    Some(Answer {
        question: format!("What must be true{day} for a Go?"),
        paragraphs,
        table: Some(AnswerTable {
            caption: format!("Criteria of {} that a risk can fail at the gate of its date", text(&release.id)),
            header: ["Criterion", "Reported", "Failed by", "P(not met)"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
        }),
    })
}

/// What a release's figures become given news.
fn told(news: &GivenOutlook, release: &str) -> Option<String> {
    let figures = news.figures.iter().filter(|f| f.about.as_deref() == Some(release) && f.difference.estimate != 0.0);
    let told: Vec<String> = figures
        .take(NEWS)
        .map(|f| {
            format!(
                "P({}) {} rather than {} ({})",
                f.text,
                wording::probability(f.given.estimate),
                wording::probability(f.without.estimate),
                wording::difference_with_error(&f.difference)
            )
        })
        .collect();
    (!told.is_empty()).then(|| {
        format!("Should the news come that \"{}\", then of {}: {}.", text(&news.news), text(release), told.join("; "))
    })
}

/// The news of an incident two days before the first gate that a risk asks for one at; `None` where no risk does.
pub fn news_before_gate(register: &Register) -> Option<String> {
    let zero = register.dates?.zero;
    for risk in &register.risks {
        let criterion = risk.all_effects().find_map(|e| match e {
            Effect::Fail(criterion, ..) => Some(&register.criteria[*criterion]),
            _ => None,
        });
        let mut event = None;
        risk.when.any_part(&mut |part| {
            if let Condition::Event(process, days) = part {
                event = Some((*process, *days));
            }
            event.is_some()
        });
        let (Some(criterion), Some((process, days))) = (criterion, event) else { continue };
        let first = (0..register.releases.len()).find(|r| criterion.releases >> r & 1 == 1);
        let Some(release) = first.map(|r| &register.releases[r]) else { continue };
        let gate = f64::from(release.target_day) - criterion.gate_days_before;
        let day = crate::math::floor(gate - days.min(2.0));
        if day >= 0.0
            && let Some(date) = zero.date(day as i32)
        {
            return Some(format!("{} event on {date}", register.processes[process].id));
        }
    }
    None
}

pub(super) fn amber(sources: &BriefSources<'_>) -> Option<Answer> {
    let report = sources.gate?;
    let amber = report.amber.as_ref()?;
    let allowed = report.policies.iter().find(|p| p.id == "amber-allowed")?;
    let names = |ids: &[String]| wording::list(&ids.iter().map(|id| text(id)).collect::<Vec<_>>());
    let mut paragraphs = vec![if amber.risks.is_empty() {
        format!("{}: no risk of this register fails it, so that it moves no figure.", names(&amber.criteria))
    } else {
        format!("{}: failed by {}.", names(&amber.criteria), names(&amber.risks))
    }];
    for release in &report.releases {
        let (Some(now), Some(without), Some(green)) =
            (of(&report.policies[0], &release.id), of(allowed, &release.id), of(&amber.turned_green, &release.id))
        else {
            continue;
        };
        paragraphs.push(format!(
            "{}: P(Go) = {} as things stand. Were the Amber to be accepted and not stop it: {}. Were it turned Green, the risks behind it \
             gone: P(live on date and stays) {}.",
            text(&release.id),
            wording::probability(now.p_go.figure.estimate),
            moved(&without.p_go),
            moved(&green.p_live_on_target_and_stays)
        ));
    }
    if !amber.wrong_go_has_consequences {
        paragraphs.push(
            "The register has no risk that asks whether a release went live with an Amber criterion unmet: accepting it costs nothing in this \
             model, which is a gap of the model and no finding."
                .to_owned(),
        );
    }
    paragraphs.push(turning_green(report));
    Some(Answer {
        question: "Does the Amber matter, and what would turn it Green?".to_owned(),
        paragraphs,
        table: None,
    })
}

/// What else could be done, the most helpful first.
fn turning_green(report: &GateReport) -> String {
    let Some(release) = report.releases.first() else { return String::new() };
    let mut gains: Vec<(&Policy, Against)> =
        report.evidence.iter().filter_map(|p| Some((p, of(p, &release.id)?.p_live_on_target_and_stays))).collect();
    gains.sort_by(|a, b| b.1.figure.estimate.total_cmp(&a.1.figure.estimate));
    let told: Vec<String> = gains.iter().map(|(p, gain)| format!("{}: {}", text(&p.title), moved(gain))).collect();
    if told.is_empty() {
        return "The scenario has no response that could be taken instead.".to_owned();
    }
    format!(
        "What else could be done, by P({} live on its planned date and stays): {}.",
        text(&release.id),
        told.join("; ")
    )
}

/// A figure and how far it is from the plan as it stands: `0.82 (+0.031 ± 0.001; 0.02–0.05 over the inputs)`.
fn moved(against: &Against) -> String {
    let at = wording::probability(against.figure.estimate);
    match &against.difference {
        Some(difference) if difference.estimate == 0.0 && difference.standard_error == 0.0 => {
            format!("{at} (the same in every iteration)")
        }
        Some(difference) => {
            let range =
                wording::inputs_range(difference).map_or_else(String::new, |r| format!("; {r} over the inputs"));
            format!("{at} ({}{range})", wording::difference_with_error(difference))
        }
        None => at,
    }
}

fn of<'p>(policy: &'p Policy, release: &str) -> Option<&'p PolicyOfRelease> {
    policy.releases.iter().find(|r| r.id == release)
}
