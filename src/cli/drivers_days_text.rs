//! What drives a plan beyond its measures: where its days go, which activities drive it, what to learn first.

use super::drivers_text::{Text, name};
use super::outlook_text::{new_table, p, plain, unbroken};
use crate::analysis::drivers::{Activities, Days, DaysPart, Learning, ValueOfLearning};
use crate::analysis::wording;
use crate::register::Basis;

impl Text<'_> {
    pub(super) fn days(&self, days: &Days, out: &mut Vec<String>) {
        let date = |date: Option<jiff::civil::Date>, day: f64| {
            date.map_or_else(|| format!("day {}", wording::days(day)), wording::date)
        };
        let (from, to) = (date(days.planned, days.from_day), date(days.p80, days.to_day));
        let from = if days.planned.is_some() { format!("planned {from}") } else { format!("{from}, as planned,") };
        out.push(format!("Days from {from} to P80, {to}: {}", wording::days(days.days)));
        let mut table = new_table(&["", "What takes them", "Days", "Present in"], self.width);
        let against = days.parts.iter().filter(|part| part.days < 0.0).count();
        let first = (2 * self.rows).min(days.parts.len() - against);
        let (shown, others) = days.parts[..days.parts.len() - against].split_at(first);
        let row = |part: &DaysPart| {
            let id = part.id.as_deref().map_or_else(String::new, plain);
            [id, plain(&part.title), days_signed(part.days), wording::percent(part.share)]
        };
        shown.iter().for_each(|part| {
            table.add_row(row(part));
        });
        if !others.is_empty() {
            let sum = others.iter().map(|part| part.days).sum();
            table.add_row([String::new(), format!("{} others", others.len()), days_signed(sum), String::new()]);
        }
        days.parts[days.parts.len() - against..].iter().for_each(|part| {
            table.add_row(row(part));
        });
        table.add_row([String::new(), "together".to_owned(), days_signed(days.days), String::new()]);
        out.push(table.trim_fmt());
        out.push(format!(
            "Mean of {} of the {} iterations around P80, traced along what drove them; the parts add up exactly.",
            wording::count(days.iterations),
            wording::count(days.around)
        ));
    }

    pub(super) fn activities(&self, activities: &Activities, out: &mut Vec<String>) {
        out.push(format!("Activities that drive {}", plain(&activities.drives)));
        let header = ["Activity", "", "Criticality", "Cruciality", "Mean days"];
        let mut table = new_table(&header, self.width);
        for row in activities.activities.iter().take(2 * self.rows) {
            table.add_row([
                plain(&row.id),
                if row.title == row.id { String::new() } else { plain(&row.title) },
                p(&row.criticality),
                row.cruciality.map_or_else(
                    || "–".to_owned(),
                    |c| unbroken(&format!("{:+.2} ± {:.2}", c.estimate, c.standard_error).replace('-', "−")),
                ),
                unbroken(&wording::number_with_error(&row.mean_days)),
            ]);
        }
        out.push(table.trim_fmt());
        let biased: Vec<_> = activities.merges.iter().filter(|m| m.merge_bias.interval[0] > 0.0).collect();
        if !biased.is_empty() {
            out.push(String::new());
            out.push("Merge bias: days that meeting paths add although no path is late on average".to_owned());
            let mut table =
                new_table(&["Where paths meet", "Merge bias", "Latest path", "Which is latest"], self.width);
            for merge in biased.iter().take(self.rows) {
                let mut paths: Vec<_> = merge.paths.iter().filter(|path| path.p_latest > 0.0).collect();
                paths.sort_by(|a, b| b.p_latest.total_cmp(&a.p_latest));
                let name = |from: &Option<String>| from.as_deref().map_or_else(|| "its own date".to_owned(), plain);
                let shares: Vec<String> = paths
                    .iter()
                    .take(4)
                    .map(|path| format!("{} {}", name(&path.from), wording::percent(path.p_latest)))
                    .collect();
                let end = if merge.at_the_end { " (at the end)" } else { "" };
                table.add_row([
                    format!("{}{end}", plain(&merge.at)),
                    unbroken(&wording::number_with_error(&merge.merge_bias)),
                    format!("day {}", wording::days(merge.latest_of_means)),
                    shares.join(", "),
                ]);
            }
            out.push(table.trim_fmt());
        }
        out.push(format!(
            "From the first {} iterations. Criticality: share of them in which its duration drives the finish. \
             Cruciality: rank correlation of its duration with the finish. Merge bias: mean of the latest less the \
             latest of the means.",
            wording::count(activities.iterations)
        ));
    }

    pub(super) fn learning(&self, learning: &ValueOfLearning, out: &mut Vec<String>) {
        out.push(format!("What to learn first, for the choice between plans by {}", plain(&learning.benefit)));
        let better = if learning.more_is_better { "highest" } else { "lowest" };
        let of: Vec<String> =
            learning.plans.iter().map(|plan| format!("{} {:.3}", plain(&plan.plan), plan.figure.estimate)).collect();
        out.push(format!("{} is {better} on present inputs ({}).", plain(&learning.best), of.join(", ")));
        let worth: Vec<&Learning> = learning.inputs.iter().filter(|l| l.value.interval[0] > 0.0).collect();
        if worth.is_empty() {
            out.push(
                "Learning any one input would not change the choice, as far as these iterations can tell: no input has \
                 a value of learning that can be told from 0."
                    .to_owned(),
            );
        } else {
            let mut table =
                new_table(&["Input", "Basis", "Ask", "Value of learning", "Other plan in", "Plans"], self.width);
            for row in worth.iter().take(self.rows) {
                let input = self.input(&row.input);
                table.add_row([
                    self.label(&row.input),
                    unbroken(input.map_or("–", |i| i.basis.name())),
                    input.and_then(|i| i.elicit.as_deref()).map_or_else(|| "–".to_owned(), plain),
                    unbroken(&wording::number_with_error(&row.value)),
                    wording::percent(row.p_other_plan),
                    plain(&row.plans.join(", ")),
                ]);
            }
            out.push(table.trim_fmt());
        }
        if let Some(everything) = learning.everything {
            out.push(format!(
                "Learning everything at once would be worth {}.",
                if everything == 0.0 { "nothing".to_owned() } else { wording::significant(everything, 2) }
            ));
        }
        self.elicit(out);
    }

    /// Assumptions in the order in which learning them would settle most of the first measure.
    fn elicit(&self, out: &mut Vec<String>) {
        let Some(measure) = self.found.measures.first() else { return };
        let mut first: Vec<String> = Vec::new();
        for share in &measure.shares.inputs {
            let Some(input) = self.input(&share.input) else { continue };
            let told = share.first_order.is_some_and(|f| f.interval[0] > 0.0);
            if input.basis == Basis::Assumed && input.is_knowledge() && told && first.len() < 5 {
                let ask = input.elicit.as_deref().map_or_else(String::new, |who| format!(" (ask {})", plain(who)));
                first.push(format!("{}{ask}", name(&input.label)));
            }
        }
        if !first.is_empty() {
            out.push(format!("Assumptions that would settle most of {}: {}.", plain(&measure.title), first.join("; ")));
        }
    }
}

fn days_signed(days: f64) -> String {
    format!("{days:+.2}").replace('-', "−")
}
