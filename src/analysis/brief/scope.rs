//! Which scope items ship, and with what probability?

use super::{Answer, BriefSources, both, listed, text};
use crate::analysis::wording;

pub(super) fn ships(sources: &BriefSources<'_>) -> Option<Answer> {
    let main = sources.main();
    if main.scope.is_empty() {
        return None;
    }
    let certain = |p: f64| main.scope.iter().filter(move |i| i.p_ships.interval == [p, p]);
    let mut paragraphs: Vec<String> = main
        .scope
        .iter()
        .filter(|i| i.p_ships.interval[0] < i.p_ships.interval[1])
        .map(|item| {
            let deadline =
                item.deadline.map_or_else(String::new, |d| format!(", to be decided by {}", wording::date(d)));
            let impact = if item.system_impact { "" } else { " It changes no systems, and so no deployment figure." };
            format!(
                "{} ({}{deadline}): P(ships with {}) = {}.{impact}",
                text(&item.id),
                text(&item.title),
                text(&item.release),
                both(&item.p_ships, true)
            )
        })
        .collect();
    let names = |p: f64| -> Vec<String> { certain(p).map(|i| text(&i.id)).collect() };
    let (sure, out) = (names(1.0), names(0.0));
    if !sure.is_empty() {
        paragraphs.push(format!("No risk of this register drops {}.", listed(&sure)));
    }
    if !out.is_empty() {
        paragraphs.push(format!("Plan {} leaves out {}.", text(&main.id), listed(&out)));
    }
    Some(Answer { question: "Which scope items ship, and with what probability?".to_owned(), paragraphs, table: None })
}
