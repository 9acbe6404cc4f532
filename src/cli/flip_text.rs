//! What would change the answer, as a committee reads it: which input would have to be what.

use super::drivers_text::name;
use super::outlook_text::{new_table, plain, unbroken, wrapped};
use crate::analysis::drivers::value_in_words;
use crate::analysis::flip::{Flips, InputFlip, Root, Verdict};
use crate::analysis::wording;
use crate::estimate::Figure;

/// The text for a terminal `width` columns wide.
pub(super) fn flip_text(found: &Flips, width: u16) -> String {
    let mut out = vec![plain(&found.title), String::new(), answer(found)];
    let of = |verdict: Verdict| found.inputs.iter().filter(move |f| f.verdict == verdict);
    let flipping: Vec<&InputFlip> = of(Verdict::Flips).collect();
    out.push(String::new());
    if flipping.is_empty() {
        out.push("No value of any one input, within its range, changes this.".to_owned());
    } else {
        out.push("One input at a time, everything else as it varies: the nearest value that changes this".to_owned());
        let header = ["Input", "Basis", "Median", "Changes at", "Change", "Beyond it", "Ask"];
        let mut table = new_table(&header, width);
        for flip in flipping {
            table.add_row(row(flip));
        }
        out.push(table.trim_fmt());
    }
    let names = |verdict| -> String { of(verdict).map(|f| name(&f.input.label)).collect::<Vec<_>>().join(", ") };
    let (never, none) = (names(Verdict::Never), names(Verdict::NoDifference));
    if !never.is_empty() {
        out.push(String::new());
        out.push(format!("No value in its range does: {never}."));
    }
    if !none.is_empty() {
        out.push(String::new());
        out.push(format!("Makes no difference: {none}."));
    }
    out.push(String::new());
    out.push(format!(
        "± is the standard error of sampling: {} iterations for each value that a flip rests on, the same for all values \
         and plans. The range is the input's support, or P0.1 to P99.9 where that has no end; nine values of it are tried, then \
         the root is sought between two. Change: from the median. \
         Beyond it: the probability of the input's lying where the answer is another.",
        wording::count(found.iterations)
    ));
    out.push(format!("Seed {}; golive {}.", found.seed, env!("CARGO_PKG_VERSION")));
    wrapped(&out, width)
}

/// The answer now.
fn answer(found: &Flips) -> String {
    let figure = plain(&found.figure);
    let error = |figure: &Figure| wording::number_with_error(figure).replace('-', "−");
    let lost = found.now.interval[0] <= 0.0 && found.now.interval[1] >= 0.0;
    let doubt = if lost { " The sampling error leaves this open: more iterations would tell." } else { "" };
    match (found.plans.as_slice(), found.threshold) {
        ([a, b], _) => {
            let ahead = (found.now.estimate > 0.0) == found.more_is_better;
            let (first, second) = if ahead { (a, b) } else { (b, a) };
            format!(
                "{} ranks before {} by {figure}: {} less {} is {}.{doubt}",
                plain(first),
                plain(second),
                plain(a),
                plain(b),
                error(&found.now)
            )
        }
        (plans, threshold) => {
            let t = threshold.unwrap_or(0.0);
            let side = if found.now.estimate >= 0.0 { "above" } else { "below" };
            let is = Figure::new(found.now.estimate + t, found.now.standard_error, found.now.interval);
            let plan = plans.first().map_or_else(String::new, |p| plain(p));
            format!("Plan {plan}: {figure} is {}, {side} {}.{doubt}", error(&is), wording::significant(t, 4))
        }
    }
}

fn row(flip: &InputFlip) -> Vec<String> {
    let input = &flip.input;
    let unit = input.unit.as_deref().map(plain);
    let ask = input.elicit.as_deref().or(input.owner.as_deref()).map_or_else(|| "–".to_owned(), plain);
    let median = unbroken(&value_in_words(input.p50, unit.as_deref()));
    let head = vec![plain(&input.label), unbroken(input.basis.name()), median];
    let tail = match &flip.flip {
        Some(root) => {
            let sign = if root.change > 0.0 { "+" } else { "" };
            vec![
                unbroken(&at(root)),
                unbroken(&format!("{sign}{}", wording::significant(root.change, 2))),
                wording::percent(root.p_beyond),
                ask,
            ]
        }
        // The answer is another at every value, though not with the input as it varies.
        None => vec!["every value".to_owned(), String::new(), "100%".to_owned(), ask],
    };
    head.into_iter().chain(tail).collect()
}

/// Where the answer changes: `above 0.31 ± 0.01`.
fn at(root: &Root) -> String {
    let side = if root.above { "above" } else { "below" };
    match root.standard_error {
        Some(error) => {
            let figure = Figure::new(root.value, error, [root.value, root.value]);
            format!("{side} {}", wording::number_with_error(&figure).replace('-', "−"))
        }
        None => format!("{} {}", if root.above { "from" } else { "up to" }, wording::significant(root.value, 4)),
    }
}
