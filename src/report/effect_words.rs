//! What a risk does, and when, in words.
//!
//! In: effects and conditions as written. Out: phrases such as "fails criterion O1; recovers in 5 days".

use super::number_words::quantity;
use crate::scenario::file::{Category, Condition, Draw, Effect, Risk};

/// All that a risk does.
pub fn effects(risk: &Risk) -> Vec<String> {
    let own = risk.effects.iter().map(effect);
    let outcomes = risk.outcomes.iter().map(|outcome| {
        let title = outcome.title.as_deref().map_or_else(String::new, |title| format!("{title}, "));
        let does: Vec<String> = outcome.effects.iter().map(effect).collect();
        let does = if does.is_empty() { "nothing more".to_owned() } else { does.join("; ") };
        format!("{title}weight {}: {does}", quantity(&outcome.weight))
    });
    own.chain(outcomes).collect()
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Delay(d) => {
            let what = d.release.iter().chain(&d.activities).cloned().collect::<Vec<_>>().join(", ");
            format!("delays {what} by {}", quantity(&d.by))
        }
        Effect::Stretch(s) => {
            format!("multiplies the duration of {} by {}", s.activities.join(", "), quantity(&s.factor))
        }
        Effect::Fail(f) => {
            let given =
                f.probability.as_ref().map_or_else(String::new, |p| format!(" with probability {}", quantity(p)));
            format!("fails criterion {}{given}; met again after {}", f.criterion, quantity(&f.recovery))
        }
        Effect::Exist(e) => format!("makes {} necessary", e.activity),
        Effect::Hold(h) => format!("{} waits for {}", h.release, h.until_live),
        Effect::BackOut(b) => {
            let what = b.release.as_deref().unwrap_or("the release");
            format!("{what} is backed out; live again after {}", quantity(&b.fix))
        }
        Effect::Incident(i) => {
            let of = i.release.as_deref().map_or_else(String::new, |r| format!(" of {r}"));
            format!("an incident{of}, {}", category(&i.category))
        }
        Effect::Odds(o) => {
            let each = if o.per_pair { " for each pair" } else { "" };
            format!("multiplies the odds of {} by {}{each}", o.risks.join(", "), quantity(&o.factor))
        }
        Effect::Rate(r) => {
            let share = r.share.as_ref().map_or_else(String::new, |s| format!(", on a share of {}", quantity(s)));
            format!("multiplies the rate of {} by {}{share}", r.process, quantity(&r.factor))
        }
        Effect::Restore(r) => format!("multiplies times to restore by {}", quantity(&r.factor)),
        Effect::Drop(d) => format!("{} ships later", d.item),
        Effect::Cost(c) => format!("costs {}", quantity(&c.amount)),
    }
}

fn category(category: &Category) -> String {
    match category {
        Category::One(one) => format!("Category {one}"),
        Category::Either(several) => {
            let words: Vec<String> = several.iter().map(u8::to_string).collect();
            format!("Category {}, equally likely", words.join(" or "))
        }
        Category::Weighted(weights) => {
            let words: Vec<String> =
                weights.iter().map(|(category, weight)| format!("Category {category} (weight {weight})")).collect();
            words.join(" or ")
        }
    }
}

/// On which occasions a risk is drawn, if the file says.
pub fn draw(draw: Draw) -> &'static str {
    match draw {
        Draw::Once => "drawn once",
        Draw::Gate => "drawn at each gate",
        Draw::Deployment => "drawn at each deployment",
        Draw::Window => "drawn in each window",
        Draw::GoLive => "drawn at the lasting go-live",
    }
}

/// When a risk can occur at all.
pub fn condition(c: &Condition) -> String {
    let several = |conditions: &[Condition], word: &str| {
        conditions.iter().map(condition).collect::<Vec<_>>().join(&format!(" {word} "))
    };
    match c {
        Condition::CoDeployed(releases) => format!("two or more of {} in one window", releases.join(", ")),
        Condition::PlannedTogether(releases) => format!("two or more of {} planned for one date", releases.join(", ")),
        Condition::WithinFirstDays(w) => {
            format!("two or more of {} within their first {} live", w.releases.join(", "), w.within)
        }
        Condition::BackedOut(releases) => format!("{} backed out in this window", releases.join(" or ")),
        Condition::Occurred(risk) => format!("{risk} occurred"),
        Condition::InPlan(release) => format!("{release} in the plan"),
        Condition::Response(response) => format!("response {response} taken"),
        Condition::PassedUnmet(criteria) => format!("deployed although {} was not met", criteria.join(" or ")),
        Condition::Event(e) => format!("an event of {} in the {} before the gate", e.process, e.within),
        Condition::All(all) => several(all, "and"),
        Condition::Any(any) => several(any, "or"),
        Condition::Not(not) => format!("not ({})", condition(not)),
    }
}
