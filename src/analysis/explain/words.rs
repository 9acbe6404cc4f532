//! What happened, a sentence an entry.

use super::days::made_up_of;
use super::{Kind, LONGEST, Names, Told, days_of, drawn_once, listed, ordinal};
use crate::analysis::wording;
use crate::program::story::{Asked, BackOut, Cause, CostOf, Driver, Entry, Happening, Modified, Occasion, Story, Why};
use crate::register::ReleaseSet;

/// An entry in words; nothing for what goes without saying.
pub(super) fn told(names: &Names<'_>, story: &Story, entry: &Entry) -> Option<Told> {
    let once = drawn_once(&entry.what) && entry.day == 0.0;
    let mut told = Told {
        day: (!once).then_some(entry.day),
        date: if once { None } else { names.date(entry.day) },
        kind: Kind::Risk,
        about: None,
        causes: Vec::new(),
        criteria: Vec::new(),
        window: None,
        category: None,
        amount: None,
        text: String::new(),
    };
    match &entry.what {
        Happening::Occurred { risk, outcome, item, probability, modified, occasion } => {
            told.causes = vec![names.risk(*risk)];
            told.amount = Some(*probability);
            if let Occasion::Deployment(release, _) | Occasion::GoLive(release) = occasion {
                told.about = Some(names.release(*release));
            }
            told.text = occurred(names, (*risk, *outcome, *item), *probability, modified, *occasion);
        }
        Happening::Dropped { item, risk } => {
            let about = &names.register.scope[*item];
            told.kind = Kind::Dropped;
            told.about = Some(about.id.clone());
            told.causes = vec![names.risk(*risk)];
            let (id, release) = (wording::plain(&about.id, LONGEST), wording::plain(&about.release, LONGEST));
            told.text = format!("{id} drops out of {release}, because of {}.", names.risk(*risk));
        }
        Happening::Cost { of, amount } => {
            told.kind = Kind::Cost;
            if let CostOf::Risk(risk) = of {
                told.causes = vec![names.risk(*risk)];
            }
            told.amount = Some(*amount);
            told.text = format!("Cost of {}: {}.", paid_for(names, *of), wording::days(*amount));
        }
        Happening::Started(a) => {
            told.kind = Kind::Start;
            told.about = Some(names.activity(*a));
            told.text = started(names, story, *a);
        }
        Happening::Finished(a) => {
            told.kind = Kind::Finish;
            told.about = Some(names.activity(*a));
            told.text = finished(names, story, *a);
        }
        Happening::ReleaseDelayed { release, risk, days } => {
            told.kind = Kind::Delay;
            told.about = Some(names.release(*release));
            told.causes = vec![names.risk(*risk)];
            told.amount = Some(*days);
            let (risk, release) = (names.risk(*risk), names.release(*release));
            told.text = if *days < 0.0 {
                format!("{risk} brings the readiness of {release} forward by {}.", days_of(-days))
            } else {
                format!("{risk} delays the readiness of {release} by {}.", days_of(*days))
            };
        }
        Happening::Ready(release) => {
            told.kind = Kind::Ready;
            told.about = Some(names.release(*release));
            told.text = format!("{} is ready.", names.release(*release));
        }
        Happening::Intended { release, window } => {
            if *window == Some(names.register.releases[*release].target_day) {
                return None;
            }
            told.kind = Kind::Intended;
            told.about = Some(names.release(*release));
            told.window = window.and_then(|day| names.date(f64::from(day)));
            told.text = match window {
                Some(day) => format!(
                    "{} cannot make its planned date: it is meant for the window of {}.",
                    names.release(*release),
                    names.day(f64::from(*day))
                ),
                None => format!("{} has no window before the horizon.", names.release(*release)),
            };
        }
        Happening::Gate { release, gate, window, criteria, passed } => {
            told.kind = if *passed { Kind::Go } else { Kind::NoGo };
            told.about = Some(names.release(*release));
            told.window = names.date(f64::from(*window));
            let unmet: Vec<&Asked> = criteria.iter().filter(|asked| !asked.met).collect();
            told.criteria = unmet.iter().map(|asked| names.criterion(asked.criterion)).collect();
            told.causes = unmet.iter().flat_map(|asked| asked.by.iter().map(|risk| names.risk(*risk))).collect();
            told.causes.dedup();
            told.text = at_gate(names, *release, gate, *window, criteria);
        }
        Happening::Consent { release, until } => {
            told.kind = Kind::Consent;
            told.about = Some(names.release(*release));
            let day = names.day(*until);
            told.text =
                format!("A move of {} this far needs consent, which can be had on {day}.", names.release(*release));
        }
        Happening::Moved { release, from, to, why, days } => {
            told.kind = Kind::Move;
            told.about = Some(names.release(*release));
            told.window = to.and_then(|day| names.date(f64::from(day)));
            let days: Vec<(f64, Cause)> = days.iter().map(|segment| (segment.days(), segment.cause)).collect();
            told.text = moved(names, *release, *from, *to, *why, &days);
        }
        Happening::Deployed { release, attempt, with } => {
            told.kind = Kind::Deployment;
            told.about = Some(names.release(*release));
            told.text = deployed(names, *release, *attempt, *with);
        }
        Happening::BackedOut { release, by, fix_days } => {
            told.kind = Kind::BackOut;
            told.about = Some(names.release(*release));
            told.causes = by.iter().map(|cause| names.risk(cause.risk)).collect();
            told.amount = Some(*fix_days);
            let fix = days_of(*fix_days);
            told.text =
                format!("{} is backed out by {}; the fix takes {fix}.", names.release(*release), by_what(names, by));
        }
        Happening::Live(release) => {
            told.kind = Kind::Live;
            told.about = Some(names.release(*release));
            let late = entry.day - f64::from(names.register.releases[*release].target_day);
            let when = match late {
                0.0 => "on its planned date".to_owned(),
                late if late < 0.0 => format!("{} early", days_of(-late)),
                late => format!("{} after its planned date", days_of(late)),
            };
            told.text = format!("{} is live and stays live, {when}.", names.release(*release));
        }
        Happening::Incident { risk, release, category, restore_days } => {
            told.kind = Kind::Incident;
            told.about = release.map(|release| names.release(release));
            told.causes = vec![names.risk(*risk)];
            told.category = Some(*category);
            told.amount = Some(*restore_days);
            let whose = release.map_or_else(String::new, |release| format!(" of {}", names.release(release)));
            let restored = restored(*restore_days);
            told.text = format!("Category {category} incident{whose}, by {}{restored}.", names.risk(*risk));
        }
        Happening::Background { process, added, restore_days } => {
            let about = &names.register.processes[*process];
            told.kind = Kind::Background;
            told.causes = vec![wording::plain(&about.id, LONGEST)];
            told.category = Some(about.category);
            told.amount = *restore_days;
            let id = wording::plain(&about.id, LONGEST);
            let kind =
                if *added { "Incident that a higher rate added to the background" } else { "Background incident" };
            let restored = restore_days.map_or_else(String::new, restored);
            told.text = format!("{kind}, category {} ({id}){restored}.", about.category);
        }
    }
    Some(told)
}

fn restored(days: f64) -> String {
    if days > 0.0 { format!("; service is restored after {}", days_of(days)) } else { String::new() }
}

fn occurred(
    names: &Names<'_>,
    (risk, outcome, item): (usize, Option<usize>, usize),
    probability: f64,
    modified: &[Modified],
    occasion: Occasion,
) -> String {
    let about = &names.register.risks[risk];
    let when = match occasion {
        Occasion::Once => String::new(),
        Occasion::Gate(window) => format!(" at the gate for {}", names.day(f64::from(window))),
        Occasion::Deployment(release, _) => format!(" at the deployment of {}", names.release(release)),
        Occasion::Window(_) => " on the night".to_owned(),
        Occasion::GoLive(release) => format!(" after the go-live of {}", names.release(release)),
    };
    let mut text = format!("{} occurs{when}", names.risk_in_full(risk));
    if about.items > 1 {
        text += &format!(", item {} of {}", item + 1, about.items);
    }
    if let Some(outcome) = outcome {
        text += &format!(", the {} of its {} outcomes", ordinal(outcome as u64 + 1), about.outcomes.len());
    }
    if probability < 1.0 {
        text += &format!("; its probability was {}", wording::probability(probability));
        let factors: Vec<String> = modified.iter().map(|m| names.risk(m.by)).collect();
        if let Some(first) = modified.first() {
            text += &format!(", {} before {}", wording::probability(first.from), listed(&factors));
        }
    }
    text + "."
}

fn started(names: &Names<'_>, story: &Story, a: usize) -> String {
    let why = match story.activities[a].driver {
        Driver::Nothing => String::new(),
        Driver::StartDay => ", as early as it can".to_owned(),
        Driver::Link(other) => format!(", after {}", names.activity(other)),
        Driver::FinishLink(other) => format!(", so as to finish with {}", names.activity(other)),
        Driver::Unit(pool, behind) => {
            let pool = wording::plain(&names.register.pools[pool].id, LONGEST);
            let from = behind.map_or_else(String::new, |b| format!(" from {}", names.activity(b)));
            format!(", when a unit of {pool} is free{from}")
        }
    };
    format!("{} starts{why}.", names.activity(a))
}

fn finished(names: &Names<'_>, story: &Story, a: usize) -> String {
    let steps = &story.activities[a].steps;
    let added: Vec<String> = steps
        .iter()
        .filter_map(|step| match step.cause {
            Cause::ActivityRisk { risk, .. } if step.days() > 0.0 => {
                Some(format!("{} later by {}", days_of(step.days()), names.risk(risk)))
            }
            Cause::ActivityRisk { risk, .. } => {
                Some(format!("{} sooner by {}", days_of(-step.days()), names.risk(risk)))
            }
            _ => None,
        })
        .collect();
    let added = if added.is_empty() { String::new() } else { format!(", {}", listed(&added)) };
    format!("{} finishes{added}.", names.activity(a))
}

fn at_gate(names: &Names<'_>, release: usize, gate: &str, window: i32, criteria: &[Asked]) -> String {
    let about = format!("{} for {}", wording::plain(gate, LONGEST), names.day(f64::from(window)));
    let unmet: Vec<String> = criteria
        .iter()
        .filter(|asked| !asked.met)
        .map(|asked| {
            let by: Vec<String> = asked.by.iter().map(|risk| names.risk(*risk)).collect();
            let still = if asked.still { "still " } else { "" };
            format!("{} is {still}not met, because of {}", names.criterion(asked.criterion), listed(&by))
        })
        .collect();
    let release = names.release(release);
    match (unmet.is_empty(), criteria.len()) {
        (true, 1) => format!("Gate {about}: Go for {release}; its criterion is met."),
        (true, n) => format!("Gate {about}: Go for {release}; its {n} criteria are met."),
        (false, _) => format!("Gate {about}: No-Go for {release}: {}.", listed(&unmet)),
    }
}

fn moved(names: &Names<'_>, release: usize, from: i32, to: Option<i32>, why: Why, days: &[(f64, Cause)]) -> String {
    let id = names.release(release);
    let from_day = names.day(f64::from(from));
    let because = match why {
        Why::NoGo => "after the No-Go".to_owned(),
        Why::BackedOut => "after the back-out".to_owned(),
        Why::Hold(other, risk) => format!("waiting for {} because of {}", names.release(other), names.risk(risk)),
        Why::Turn(other) => format!("since {} goes first", names.release(other)),
    };
    match to {
        Some(to) => {
            let total = days_of(f64::from(to - from));
            let to = names.day(f64::from(to));
            // Who waits for another waits all the days, unless consent takes longer.
            let made_up = match why {
                Why::Hold(..) | Why::Turn(_) if days.len() == 1 => String::new(),
                _ => format!(", {}", made_up_of(names, days)),
            };
            format!("{id} moves from {from_day} to {to}, {because}: {total}{made_up}.")
        }
        None => format!("{id} has no window left before the horizon, {because}."),
    }
}

fn deployed(names: &Names<'_>, release: usize, attempt: u16, with: ReleaseSet) -> String {
    let others: Vec<String> = (0..names.register.releases.len())
        .filter(|r| *r != release && with >> r & 1 == 1)
        .map(|r| names.release(r))
        .collect();
    let with = if others.is_empty() { ", alone".to_owned() } else { format!(", together with {}", listed(&others)) };
    let again = if attempt > 1 { format!(", for the {} time", ordinal(u64::from(attempt))) } else { String::new() };
    format!("{} is deployed{again}{with}.", names.release(release))
}

fn paid_for(names: &Names<'_>, of: CostOf) -> String {
    let late = |place: usize| {
        let prices = names.register.prices.as_ref();
        let release = prices.and_then(|prices| prices.delay[place].release);
        release.map_or_else(|| "a release that the plan leaves out".to_owned(), |release| names.release(release))
    };
    match of {
        CostOf::Risk(risk) => names.risk(risk),
        CostOf::Response(response) => {
            let response = &names.register.response_costs[response].response;
            format!("the response {}", wording::plain(response, LONGEST))
        }
        CostOf::Delay(place) => format!("the delay of {}", late(place)),
        CostOf::NotLive(place) => format!("{} not being live by the horizon", late(place)),
        CostOf::BackOut(release) => format!("backing out {}", names.release(release)),
        CostOf::Incident(category) => format!("the incident of category {category}"),
    }
}

fn by_what(names: &Names<'_>, by: &[BackOut]) -> String {
    let causes: Vec<String> = by
        .iter()
        .map(|cause| {
            let dragged = if cause.dragged { ", dragged along" } else { "" };
            format!("{}{dragged}", names.risk(cause.risk))
        })
        .collect();
    listed(&causes)
}
