//! Two versions of a scenario as a committee reads them: what changed in words, then figure by figure the walk from the
//! old value to the new.

use comfy_table::ColumnConstraint;

use super::outlook_text::{new_table, p, plain, unbroken, wrapped};
use super::what_if_text::{later, two_ends};
use crate::analysis::wording;
use crate::analysis::{Diff, EditInWords, EditKind, Method, Part, Percentile, PercentileWalk, Walk, part_letter};
use crate::estimate::Figure;

/// Narrower terminals show fewer columns rather than broken numbers.
const WIDE: u16 = 96;

/// The text of a diff for a terminal `width` columns wide.
pub(super) fn diff_text(diff: &Diff, width: u16) -> String {
    let outlook = &diff.outlook;
    let mut out = vec![plain(&outlook.title)];
    out.push(format!("Scenario {}, the old version and the new", plain(&outlook.scenario)));
    if let Some(plan) = outlook.plans.last() {
        out.push(format!("Plan {}: {}", plain(&plan.id), plain(&plan.title)));
    }
    if diff.edits.is_empty() {
        out.push(String::new());
        out.push("The two versions say the same.".to_owned());
    }
    for (kind, heading) in [
        (EditKind::Figures, "Edits that can move a figure of this plan"),
        (EditKind::Elsewhere, "Edits that move no figure of this plan: of what it does not use"),
        (EditKind::Texts, "Edits of texts, sources and bases, which move no figure"),
    ] {
        let edits: Vec<&EditInWords> = diff.edits.iter().filter(|edit| edit.kind == kind).collect();
        if !edits.is_empty() {
            out.push(String::new());
            out.push(format!("{heading} ({})", edits.len()));
            out.push(edit_table(diff, &edits, width));
        }
    }
    for (plans, version) in [(&diff.plans_only_in_old, "old"), (&diff.plans_only_in_new, "new")] {
        if !plans.is_empty() {
            let plans: Vec<String> = plans.iter().map(|id| plain(id)).collect();
            out.push(String::new());
            out.push(format!("Plans that only the {version} version has: {}.", plans.join(", ")));
        }
    }
    out.extend(walks(diff, width));
    out.push(String::new());
    out.extend(closing(diff));
    wrapped(&out, width)
}

/// Edits by the entry that they belong to, with the letter of their part.
fn edit_table(diff: &Diff, edits: &[&EditInWords], width: u16) -> String {
    let lettered = edits.iter().any(|edit| edit.kind == EditKind::Figures);
    let header = if lettered { vec!["", "Of", "Edit"] } else { vec!["Of", "Edit"] };
    let mut table = new_table(&header, width);
    let mut last = None;
    for edit in edits {
        let first = last != Some(&edit.belongs_to);
        let of = if first { plain(&edit.belongs_to) } else { String::new() };
        let rest = edit.path.strip_prefix(edit.belongs_to.as_str()).unwrap_or(&edit.path).trim_start_matches('.');
        let mut words = match rest {
            "" => plain(&edit.change),
            rest => format!("{}: {}", plain(rest), plain(&edit.change)),
        };
        // An entry that comes or goes is told by its title already.
        if let (true, false, Some(title)) = (first, rest.is_empty(), &edit.title) {
            words = format!("{}\n{words}", plain(title));
        }
        let part = diff.parts.iter().position(|part| part.paths.contains(&edit.path));
        let mut row = vec![of, words];
        if lettered {
            row.insert(0, part.map_or_else(String::new, part_letter));
        }
        table.add_row(row);
        last = Some(&edit.belongs_to);
    }
    for column in table.column_iter_mut().take(header.len() - 1) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table.trim_fmt()
}

/// A part by its letter and what it edits.
fn name(diff: &Diff, place: usize) -> String {
    let part = &diff.parts[place];
    let more = part.paths.len() - 1;
    let first = part.paths.first().map_or_else(String::new, |path| plain(path));
    match more {
        0 => format!("{} {first}", part_letter(place)),
        more => format!("{} {first} and {more} more", part_letter(place)),
    }
}

fn walks(diff: &Diff, width: u16) -> Vec<String> {
    let mut out = Vec::new();
    let mut same: Vec<String> = Vec::new();
    let Some(plan) = diff.outlook.plans.last() else { return out };
    for measure in super::what_if_text::headline(plan, None) {
        let title = plain(&measure.title(diff.outlook.stays_days));
        if let Some(walk) = diff.figures.iter().find(|walk| walk.measure == measure.name()) {
            if walk.identical {
                same.push(title);
                continue;
            }
            out.push(String::new());
            let less = if walk.more_is_better || walk.probability { "" } else { " (less is better)" };
            out.push(format!("{title}{less}"));
            out.push(walk_table(diff, walk, width));
        } else if let Some(walk) = diff.p80.iter().find(|walk| format!("{}.p80", walk.shift.of) == measure.name()) {
            if walk.shift.days_later == Some(0.0) && walk.parts.iter().all(|part| part.over_orders == [0.0, 0.0]) {
                same.push(format!("{title} ({})", p80(&walk.shift.value)));
                continue;
            }
            out.push(String::new());
            out.push(format!(
                "{title} {}",
                if walk.is_date() { "of the lasting go-live" } else { "of the finish, in days" }
            ));
            out.push(percentile_table(diff, walk, width));
        }
    }
    if !same.is_empty() {
        out.push(String::new());
        out.push(format!("The same in both versions: {}.", same.join("; ")));
    }
    out
}

fn walk_table(diff: &Diff, walk: &Walk, width: u16) -> String {
    let mut header = vec!["", "Figure", "Carries", "Inputs, 90%"];
    if width >= WIDE {
        header.push("In other orders");
    }
    let mut table = new_table(&header, width);
    let value = |figure: &Figure| match (walk.probability, walk.measure.as_str()) {
        (true, _) => p(figure),
        (false, "cost") => unbroken(&wording::amount_with_error(figure)),
        (false, _) => unbroken(&wording::number_with_error(figure)),
    };
    let inputs = |ends: Option<[f64; 2]>| ends.map_or_else(|| "–".to_owned(), |ends| unbroken(&two_ends(ends)));
    table.add_row(["Old version".to_owned(), value(&walk.before)]);
    let (nothing, some): (Vec<_>, Vec<_>) = walk.parts.iter().enumerate().partition(|(_, part)| part.identical);
    for (place, part) in &some {
        let mut row =
            vec![name(diff, *place), String::new(), unbroken(&carries(part)), inputs(part.carries.inputs_interval)];
        if width >= WIDE {
            row.push(unbroken(&signed_ends(part.over_orders)));
        }
        table.add_row(row);
    }
    table.add_row(["New version".to_owned(), value(&walk.after)]);
    table.add_row([
        "Whole change".to_owned(),
        String::new(),
        unbroken(&wording::difference_with_error(&walk.whole)),
        inputs(walk.whole.inputs_interval),
    ]);
    let mut text = only_first_breaks(table);
    if !nothing.is_empty() {
        let letters: Vec<String> = nothing.iter().map(|(place, _)| part_letter(*place)).collect();
        text += &format!("\nMoves nothing in any iteration: {}.", letters.join(", "));
    }
    text
}

fn carries(part: &Part) -> String {
    if part.identical { "0, in all".to_owned() } else { wording::difference_with_error(&part.carries) }
}

fn signed_ends([low, high]: [f64; 2]) -> String {
    let decimals = if low.abs().max(high.abs()) >= 100.0 { 0 } else { 3 };
    let (low, high) = (wording::signed(low, decimals), wording::signed(high, decimals));
    if low == high { "the same".to_owned() } else { format!("{low} to {high}") }
}

fn percentile_table(diff: &Diff, walk: &PercentileWalk, width: u16) -> String {
    let mut table = new_table(&["", "P80", "Days later", "In other orders"], width);
    table.add_row(["Old version".to_owned(), unbroken(&p80(&walk.shift.base))]);
    for (place, part) in walk.parts.iter().enumerate() {
        if part.over_orders == [0.0, 0.0] && part.interval == [Some(0.0); 2] {
            continue;
        }
        let days = match part.interval {
            [Some(low), Some(high)] if low != high => {
                let [days, low, high] = [part.days, low, high].map(|d| wording::signed(d, 2));
                format!("{days} ({low} to {high})")
            }
            _ => wording::signed(part.days, 2),
        };
        table.add_row([name(diff, place), String::new(), unbroken(&days), unbroken(&signed_ends(part.over_orders))]);
    }
    table.add_row(["New version".to_owned(), unbroken(&p80(&walk.shift.value)), unbroken(&later(&walk.shift))]);
    let text = only_first_breaks(table);
    if walk.parts.is_empty() && !diff.parts.is_empty() {
        return text + "\nOn the way it lies past the horizon, so that its days cannot be shared out.";
    }
    text
}

fn p80(value: &Percentile) -> String {
    match value {
        Percentile::Date(date) => wording::date_percentile(date),
        Percentile::Days(days) => wording::day_percentile(days),
    }
}

fn only_first_breaks(mut table: comfy_table::Table) -> String {
    for column in table.column_iter_mut().skip(1) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table.trim_fmt()
}

fn closing(diff: &Diff) -> Vec<String> {
    let outlook = &diff.outlook;
    let mut out = Vec::new();
    if !diff.parts.is_empty() {
        let n = diff.parts.len();
        let parts = if n == 1 { "1 part".to_owned() } else { format!("{n} parts") };
        out.push(match diff.method {
            Method::AllOrders => format!(
                "What each of {parts} carries is the mean over all orders in which they can be made (Shapley value); the parts \
                 add up to the whole exactly. In other orders: the least and the most that it moves, over what else is changed \
                 before it."
            ),
            Method::Walks { orders } => format!(
                "What each of {parts} carries is the mean over {orders} orders in which they can be made, each with its \
                 reverse among them; the parts add up to the whole exactly. In other orders: the least and the most that it \
                 moves in these orders."
            ),
        });
        let merged: Vec<String> = (0..n).filter(|place| diff.parts[*place].inseparable).map(part_letter).collect();
        if !merged.is_empty() {
            out.push(format!("Edits that cannot be made one without another are one part: {}.", merged.join(", ")));
        }
        if diff.coarse {
            out.push("There are too many edits to part them all: those of one entry or table are one part.".to_owned());
        }
    }
    out.push(format!(
        "± is the standard error of sampling with {} iterations, paired: all versions see the same worlds and the same chance.",
        wording::count(outlook.iterations)
    ));
    out.push(match outlook.inputs {
        Some(inputs) => format!(
            "Inputs, 90%: where it lies in 90% of {} worlds that the inputs allow, {} iterations each, sampling noise removed.",
            wording::count(inputs.worlds),
            wording::count(inputs.iterations_in_a_world)
        ),
        None => "Input intervals were left out: what an edit carries is so on these inputs only.".to_owned(),
    });
    out.push(format!("Seed {}; golive {}.", outlook.seed, env!("CARGO_PKG_VERSION")));
    out
}
