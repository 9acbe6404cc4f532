//! What a report says: the order of its sections, its summary, and what stands under its title.
//!
//! In: a [`Case`]: the scenario as written and what was computed from it. Out: [`Content`].

use super::compose_paper as paper;
use super::compose_register as register;
use super::content::{Block, Content, Section, Text};
use super::figures::{date_in_sentence, in_sentence, number_in_sentence};
use super::{
    compose_brief, compose_dates as dates, compose_drivers as drivers, compose_gate as gate, compose_method as method,
    compose_plans as plans, workbook, workbook_charts,
};
use crate::analysis::drivers::Drivers;
use crate::analysis::gate::GateReport;
use crate::analysis::outlook::{Outlook, PlanOutlook, ReleaseOutlook};
use crate::analysis::together::Together;
use crate::analysis::wording;
use crate::analysis::{Brief, Comparison};
use crate::chart::ChartError;
use crate::diagnostic::Diagnostics;
use crate::export::Manifest;
use crate::scenario::Document;
use crate::scenario::file::ScenarioFile;

/// What a report is composed from.
pub struct Case<'a> {
    /// The scenario, with the places of its numbers.
    pub document: &'a Document,
    /// The same as read.
    pub scenario: ScenarioFile,
    /// Outlook of every plan.
    pub outlook: &'a Outlook,
    /// The plans compared; `None` where there is one, or where there are no releases.
    pub comparison: Option<&'a Comparison>,
    /// What it was computed from.
    pub manifest: &'a Manifest,
    /// Index of the plan that is reported in full.
    pub main: usize,
    /// Arguments of the command that gives the report again, after the scenario's file.
    pub arguments: String,
    /// Sections that other analyses bring, by the place where they stand.
    pub parts: Parts<'a>,
}

/// What other analyses found; the report has no section where there is none.
#[derive(Default)]
pub struct Parts<'a> {
    /// The committee's questions, answered: in place of the summary.
    pub brief: Option<Brief>,
    /// Which risks and which numbers drive the answer.
    pub drivers: Option<&'a Drivers>,
    /// What deploying together adds.
    pub together: Option<&'a Together>,
    /// What the gate sees, lets through and stops; and the outlook of that study.
    pub gate: Option<(&'a GateReport, &'a Outlook)>,
}

impl<'a> Case<'a> {
    /// A case without further parts.
    ///
    /// # Errors
    /// What is wrong with the scenario.
    pub fn new(
        document: &'a Document,
        outlook: &'a Outlook,
        comparison: Option<&'a Comparison>,
        manifest: &'a Manifest,
        main: usize,
        arguments: String,
    ) -> Result<Self, Diagnostics> {
        let scenario = document.scenario()?;
        Ok(Self { document, scenario, outlook, comparison, manifest, main, arguments, parts: Parts::default() })
    }

    /// The plan that is reported in full.
    pub fn plan(&self) -> &PlanOutlook {
        &self.outlook.plans[self.main]
    }

    /// All plans, the one reported in full first.
    pub fn plans_main_first(&self) -> impl Iterator<Item = &PlanOutlook> {
        let rest = self.outlook.plans.iter().enumerate().filter(|(i, _)| *i != self.main).map(|(_, plan)| plan);
        std::iter::once(self.plan()).chain(rest)
    }

    /// Ids of all releases, in the order in which plans name them.
    pub fn release_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = Vec::new();
        for release in self.outlook.plans.iter().flat_map(|plan| &plan.releases) {
            if !ids.contains(&release.id.as_str()) {
                ids.push(&release.id);
            }
        }
        ids
    }

    /// `P1: As proposed: all three on 4 November`; the title alone in a scenario without plans.
    pub fn plan_name(&self, plan: &PlanOutlook) -> Text {
        if self.scenario.plans.is_empty() {
            return Text::data(&plan.title);
        }
        Text::default().and_strong(&plan.id).and(": ").and_data(&short(&plan.title))
    }
}

/// A title as it stands within tables and sentences: at most 200 letters.
pub fn short(title: &str) -> String {
    wording::plain(title, 200)
}

/// Composes a report.
///
/// # Errors
/// None that depends on the case.
pub fn compose(mut case: Case<'_>) -> Result<Content, ChartError> {
    let parts = std::mem::take(&mut case.parts);
    let outlook = case.outlook;
    let briefed = parts.brief.is_some();
    let mut sections = vec![summary(&case, parts.brief)];
    if outlook.plans.len() > 1 && !case.release_ids().is_empty() {
        sections.push(plans::section(&case, briefed)?);
    }
    sections.extend(dates::go_live(&case)?);
    sections.extend(dates::measures(&case)?);
    sections.extend(dates::incidents(&case)?);
    if let Some(found) = parts.drivers {
        let blocks = drivers::blocks(found, parts.together)?;
        sections.push(Section { id: "drivers".to_owned(), heading: "What drives the answer".to_owned(), blocks });
    }
    let at_the_gate = parts.gate.map(|(report, outlook)| gate::blocks(report, outlook)).transpose()?;
    sections.extend(paper::gate(&case, at_the_gate.unwrap_or_default()));
    sections.extend(paper::scope(&case));
    sections.extend(register::risks(&case));
    sections.extend(register::numbers(&case));
    sections.extend(register::plans(&case));
    sections.extend(paper::notes(&case));
    sections.extend(paper::facts(&case));
    sections.push(method::method(&case));
    sections.push(method::again(&case));
    let content = Content {
        title: Text::data(&outlook.title),
        subtitle: subtitle(&case),
        about: about(&case),
        running: running(&case),
        sections,
        sheets: workbook::sheets(&case),
        native: workbook_charts::charts(&case),
    };
    Ok(content.numbered())
}

fn subtitle(case: &Case<'_>) -> Text {
    let known = case.outlook.data_date.map_or_else(String::new, |d| format!(", as known on {}", wording::date(d)));
    let what = if case.outlook.plans.iter().all(|p| p.releases.is_empty()) { "Schedule risk" } else { "Go-live risk" };
    Text::words(format!("{what}{known}"))
}

fn running(case: &Case<'_>) -> String {
    let o = case.outlook;
    let id = wording::plain(&o.scenario, 60);
    format!("{id} · seed {} · {} iterations · golive {}", o.seed, wording::count(o.iterations), case.manifest.golive)
}

fn about(case: &Case<'_>) -> Vec<(String, Text)> {
    let o = case.outlook;
    let mut about = Vec::new();
    let mut say = |name: &str, text: Text| about.push((name.to_owned(), text));
    if let Some(description) = &case.scenario.scenario.description {
        say("Decision", Text::data(description));
    }
    if !case.scenario.plans.is_empty() {
        let others = o.plans.len() - 1;
        let besides = match others {
            0 => String::new(),
            1 => ", beside one other".to_owned(),
            n => format!(", beside {n} others"),
        };
        say("Plan in full", case.plan_name(case.plan()).and(besides));
    }
    let b = o.basis;
    let total = b.stated + b.derived + b.base_rate + b.assumed;
    if total > 0 {
        say(
            "Rests on",
            Text::words(format!("{total} uncertain numbers: "))
                .and_strong(&format!("{} assumed", b.assumed))
                .and(format!(", {} base rates, {} derived, {} stated", b.base_rate, b.derived, b.stated)),
        );
    }
    about
}

/// The answer on one page: the brief if there is one, else the main plan and how it stands among the others.
fn summary(case: &Case<'_>, brief: Option<Brief>) -> Section {
    let blocks = brief.map_or_else(|| in_brief(case), |brief| compose_brief::blocks(&brief));
    Section { id: "summary".to_owned(), heading: "Summary".to_owned(), blocks }
}

fn in_brief(case: &Case<'_>) -> Vec<Block> {
    let plan = case.plan();
    let mut blocks = Vec::new();
    let mut items: Vec<Text> =
        plan.releases.iter().take(6).map(|release| release_sentence(case.outlook, release)).collect();
    if plan.releases.len() > 1
        && let Some(all) = &plan.p_all_live_on_target_and_stay
    {
        items.push(
            Text::words("All releases live on their dates, none reversed: probability ")
                .and_text(in_sentence(all))
                .and("."),
        );
    }
    if let Some(incidents) = &plan.incidents {
        let mut text = Text::words("Incidents of Category 1 or 2 that the releases cause: ")
            .and_text(number_in_sentence(&incidents.extra_category_1_or_2.mean))
            .and(" on average");
        for mean in incidents.background.values() {
            let figure = wording::number_with_error(&mean.mean);
            text = text.and(format!(
                ", beside {} that the existing service would have in {} days anyway",
                figure.replace(' ', "\u{a0}"),
                wording::days(incidents.period_days)
            ));
        }
        items.push(text.and("."));
    }
    for (_, measure) in plan.measures.iter().take(6) {
        let p80 = wording::day_percentile(&measure.p80);
        let mut text = Text::data(&measure.title).and(format!(": P80 {p80} days"));
        if let (Some(target), Some(p)) = (measure.target, &measure.p_by_target) {
            text = text.and(format!("; by {} days with probability ", wording::days(target))).and_text(in_sentence(p));
        }
        items.push(text.and("."));
    }
    if !items.is_empty() {
        if !case.scenario.plans.is_empty() {
            blocks.push(Block::Paragraph(Text::words("Plan ").and_text(case.plan_name(plan)).and(".")));
        }
        blocks.push(Block::Bullets(items));
    }
    blocks.extend(case.comparison.map(|c| Block::Bullets(plans::findings(c))));
    blocks.push(Block::Paragraph(how_to_read(case)));
    blocks
}

fn release_sentence(outlook: &Outlook, release: &ReleaseOutlook) -> Text {
    let mut text = Text::default()
        .and_strong(&release.id)
        .and(format!(": live on {} with probability ", wording::date(release.target)))
        .and_text(in_sentence(&release.p_live_on_target))
        .and(format!(", and not reversed within {} days with ", outlook.stays_days))
        .and_text(in_sentence(&release.p_live_on_target_and_stays))
        .and(". P80 of the lasting go-live: ")
        .and_text(date_in_sentence(&release.go_live.p80));
    if let Some(consent) = &release.p_consent_needed {
        text = text.and(". Consent to a move needed: ").and_text(in_sentence(consent));
    }
    text.and(".")
}

/// How the two uncertainties are written.
fn how_to_read(case: &Case<'_>) -> Text {
    let text = Text::words(format!(
        "After ± stands the standard error of sampling ({} iterations). ",
        wording::count(case.outlook.iterations)
    ));
    match case.outlook.inputs {
        Some(inputs) => text.and(format!(
            "The range beside it, as in “inputs 0.76–0.87” or [0.76–0.87], is where the figure lies in 90% of {} worlds that the \
             inputs allow. More iterations make the first smaller; only better numbers make the second smaller.",
            wording::count(inputs.worlds)
        )),
        None => text.and("The uncertainty of the inputs was left out of this run."),
    }
}
