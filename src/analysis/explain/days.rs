//! What the days of a release are due to, in words.

use jiff::civil::Date;
use serde::Serialize;

use super::{Names, days_of, listed};
use crate::program::story::{Cause, ReleaseStory, Segment};

/// Some days on the way to a go-live.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DaysTold {
    /// Where they begin, in days from the data date.
    pub from: f64,
    /// Where they end; before `from` where time was gained.
    pub to: f64,
    /// The date of the beginning.
    pub from_date: Option<Date>,
    /// The date of the end.
    pub to_date: Option<Date>,
    /// How many days of them lie after the plan's date: these add up to the delay. Absent for an activity's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<f64>,
    /// Kind of cause: `work`, `risk`, `recovery`, `fix`, `notice`, `consent`, `window`, …
    pub cause: &'static str,
    /// The risk, if one is behind them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<String>,
    /// The activity, criterion, pool or release, if they are about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// In words.
    pub text: String,
}

/// A segment, told.
pub(super) fn told(names: &Names<'_>, segment: &Segment, target: Option<f64>) -> DaysTold {
    let (cause, risk, about) = parts(names, segment.cause);
    DaysTold {
        from: segment.from,
        to: segment.to,
        from_date: names.date(segment.from),
        to_date: names.date(segment.to),
        late: target.map(|target| segment.after(target)),
        cause,
        risk: risk.map(|risk| names.risk(risk)),
        about,
        text: in_words(names, segment.cause),
    }
}

/// Kind of cause, risk, and what it is about.
fn parts(names: &Names<'_>, cause: Cause) -> (&'static str, Option<usize>, Option<String>) {
    match cause {
        Cause::Readiness => ("readiness", None, None),
        Cause::Work(a) => ("work", None, Some(names.activity(a))),
        Cause::ActivityRisk { activity, risk } => ("risk", Some(risk), Some(names.activity(activity))),
        Cause::StartDay(a) => ("start-day", None, Some(names.activity(a))),
        Cause::Lag(a) => ("lag", None, Some(names.activity(a))),
        Cause::DaysOff(a) => ("days-off", None, Some(names.activity(a))),
        Cause::Units { pool, .. } => ("units", None, Some(names.register.pools[pool].id.clone())),
        Cause::ReleaseRisk(risk) => ("risk", Some(risk), None),
        Cause::Planned => ("planned", None, None),
        Cause::Recovery { criterion, risk } => ("recovery", Some(risk), Some(names.criterion(criterion))),
        Cause::Fix(risk) => ("fix", Some(risk), None),
        Cause::Notice => ("notice", None, None),
        Cause::Consent => ("consent", None, None),
        Cause::Window => ("window", None, None),
        Cause::Hold { release, risk } => ("hold", Some(risk), Some(names.release(release))),
        Cause::Turn(release) => ("turn", None, Some(names.release(release))),
    }
}

/// A cause in words, after "… days by": `recovery of O2 from R04`.
pub(super) fn in_words(names: &Names<'_>, cause: Cause) -> String {
    match cause {
        Cause::Readiness => "the release's own readiness date".to_owned(),
        Cause::Work(a) => format!("work on {}", names.activity(a)),
        Cause::ActivityRisk { activity, risk } => {
            format!("{}, which delays {}", names.risk(risk), names.activity(activity))
        }
        Cause::StartDay(a) => format!("the day on which {} can start", names.activity(a)),
        Cause::Lag(a) => format!("a lag before {}", names.activity(a)),
        Cause::DaysOff(a) => format!("days off before {}", names.activity(a)),
        Cause::Units { activity, pool, behind } => {
            let pool = crate::analysis::wording::plain(&names.register.pools[pool].id, super::LONGEST);
            let behind = behind.map_or_else(String::new, |b| format!(", which {} has", names.activity(b)));
            format!("{} waiting for a unit of {pool}{behind}", names.activity(activity))
        }
        Cause::ReleaseRisk(risk) => names.risk(risk),
        Cause::Planned => "waiting for the planned date".to_owned(),
        Cause::Recovery { criterion, risk } => {
            format!("recovery of {} from {}", names.criterion(criterion), names.risk(risk))
        }
        Cause::Fix(risk) => format!("the fix after {}", names.risk(risk)),
        Cause::Notice => "notice of a new date".to_owned(),
        Cause::Consent => "consent to the move".to_owned(),
        Cause::Window => "waiting for a window".to_owned(),
        Cause::Hold { release, risk } => {
            format!("waiting for {}, because of {}", names.release(release), names.risk(risk))
        }
        Cause::Turn(release) => format!("waiting for its turn behind {}", names.release(release)),
    }
}

/// `5.3 days by recovery of O2 from R04, 1.7 days by notice of a new date and 7 days by waiting for a window`.
pub(super) fn made_up_of(names: &Names<'_>, segments: &[(f64, Cause)]) -> String {
    // One cause may come more than once; what is below a twentieth of a day is not worth a word.
    let mut sums: Vec<(Cause, f64)> = Vec::new();
    for (days, cause) in segments {
        match sums.iter_mut().find(|(known, _)| known == cause) {
            Some((_, sum)) => *sum += days,
            None => sums.push((*cause, *days)),
        }
    }
    let parts: Vec<String> = sums
        .iter()
        .filter(|(_, days)| days.abs() >= 0.05)
        .map(|(cause, days)| format!("{} by {}", days_of(*days), in_words(names, *cause)))
        .collect();
    listed(&parts)
}

/// How the days of a release after its planned date are made up.
pub(super) fn sentence(names: &Names<'_>, release: usize, told: &ReleaseStory) -> String {
    let about = &names.register.releases[release];
    let id = names.release(release);
    let target = f64::from(about.target_day);
    let late: Vec<(f64, Cause)> = told
        .chain
        .iter()
        .map(|segment| (segment.after(target), segment.cause))
        .filter(|(days, _)| *days != 0.0)
        .collect();
    let total: f64 = late.iter().map(|(days, _)| days).sum();
    match told.live {
        Some(_) if late.is_empty() => format!("{id} is live on its date."),
        Some(_) => format!("The {} by which {id} is late: {}.", days_of(total), made_up_of(names, &late)),
        None if late.is_empty() => format!("{id} is not live by the horizon."),
        None => format!("The {} from {id}'s date to the horizon: {}.", days_of(total), made_up_of(names, &late)),
    }
}
