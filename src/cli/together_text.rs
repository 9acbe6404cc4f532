//! What deploying together adds, as a committee reads it: a sentence for each release first, then tables.

use super::outlook_text::{new_table, p, plain, unbroken, wrapped};
use crate::analysis::together::{GroupTogether, Independence, ReleaseTogether, Split, Together, Way, separable};
use crate::analysis::wording::{self, difference_with_error, inputs_interval, parts_with_error};
use crate::estimate::Figure;

/// Most ways of splitting that are all shown; of more, those that matter.
const MOST_WAYS: usize = 13;

/// Most releases of a group of which every subset is shown.
const MOST_IN_SUBSETS: usize = 4;

/// The text for a terminal `width` columns wide.
pub(super) fn together_text(together: &Together, width: u16) -> String {
    let mut out =
        vec![plain(&together.title), format!("Plan {}: {}", plain(&together.plan), plain(&together.plan_title))];
    for group in &together.groups {
        out.push(String::new());
        out.push(heading(group));
        out.extend(group.releases.iter().map(|release| sentence(together, group, release)));
        out.push(String::new());
        out.push(added(group, width));
        if group.releases.len() > 2 {
            out.push(String::new());
            out.push("What each partner adds to the probability of a miss".to_owned());
            out.push(partners(group, width));
        }
        if (3..=MOST_IN_SUBSETS).contains(&group.releases.len()) {
            out.push(String::new());
            out.push("Probability of a miss in every subset, the others left out of the plan".to_owned());
            out.push(subsets(group, width));
        }
        out.push(String::new());
        out.push(format!(
            "All of them live on {} and staying, against independent releases",
            wording::date(group.date)
        ));
        out.push(independence(group, &group.independence, width));
        out.push(String::new());
        out.push("Added expected number of missed releases, and each release's share (Shapley)".to_owned());
        out.push(shares(&group.missed, width));
        if let Some(extra) = &group.extra_incidents {
            out.push(String::new());
            out.push("Added extra incidents of category 1 or 2, and each release's share (Shapley)".to_owned());
            out.push(shares(extra, width));
        }
        out.push(String::new());
        out.extend(frontier(group, width));
    }
    out.push(String::new());
    out.extend(closing(together));
    wrapped(&out, width)
}

fn heading(group: &GroupTogether) -> String {
    let ids: Vec<String> = group.releases.iter().map(|r| plain(&r.id)).collect();
    let others: Vec<String> = group.others.iter().map(|id| plain(id)).collect();
    let rest = match others.len() {
        0 => String::new(),
        1 => format!("; {} stays as planned in every run", others[0]),
        _ => format!("; {} stay as planned in every run", wording::list(&others)),
    };
    format!("{} together on {}{rest}", wording::list(&ids), wording::date(group.date))
}

/// "Slightly", as a number.
fn sentence(together: &Together, group: &GroupTogether, release: &ReleaseTogether) -> String {
    let id = plain(&release.id);
    let partners: Vec<String> = release.partners.iter().map(|partner| plain(&partner.id)).collect();
    let date = wording::short_date(group.date);
    let added = &release.added;
    let effect = if added.standard_error == 0.0 && added.estimate == 0.0 {
        "changes that in no iteration".to_owned()
    } else {
        let verb = if added.estimate < 0.0 { "takes away" } else { "adds" };
        let size = Figure { estimate: added.estimate.abs(), ..*added };
        let over = match (added.estimate < 0.0, added.inputs_interval) {
            (_, None) => String::new(),
            (false, Some(_)) => format!("; {} over the inputs (90%)", inputs_interval(added)),
            (true, Some([low, high])) => {
                let turned = Figure { inputs_interval: Some([-high, -low]), ..size };
                format!("; {} over the inputs (90%)", inputs_interval(&turned))
            }
        };
        let verdict = if release.separable { "" } else { ", and cannot be separated from nothing on present inputs" };
        format!("{verb} {} (sampling){over}{verdict}", wording::number_with_error(&size))
    };
    format!(
        "{id} alone misses {date}, or does not stay {} days, with probability {}. Deploying {} with it {effect}: {}.",
        together.stays_days,
        wording::probability_with_error(&release.p_misses_alone),
        wording::list(&partners),
        wording::probability_with_error(&release.p_misses_together),
    )
}

fn inputs(figure: &Figure) -> String {
    unbroken(&inputs_interval(figure))
}

fn difference(figure: &Figure) -> String {
    unbroken(&difference_with_error(figure))
}

fn verdict(figure: &Figure) -> String {
    let words = match (figure.standard_error == 0.0, separable(figure), figure.estimate > 0.0) {
        (true, ..) => "the same",
        (_, false, _) => "cannot be separated",
        (_, true, true) => "worse",
        (_, true, false) => "better",
    };
    unbroken(words)
}

fn added(group: &GroupTogether, width: u16) -> String {
    let mut table = new_table(&["Release", "Misses alone", "Misses together", "Added", "Inputs, 90%", ""], width);
    for release in &group.releases {
        table.add_row([
            plain(&release.id),
            p(&release.p_misses_alone),
            p(&release.p_misses_together),
            difference(&release.added),
            inputs(&release.added),
            verdict(&release.added),
        ]);
    }
    table.trim_fmt()
}

fn partners(group: &GroupTogether, width: u16) -> String {
    let header = ["Release", "Partner", "Alone with it", "On top of the others", "Share (Shapley)", "Inputs, 90%"];
    let mut table = new_table(&header, width);
    for release in &group.releases {
        let (printed, total) = printed(&release.added_by);
        for ((partner, share), text) in release.partners.iter().zip(&release.added_by.shares).zip(printed) {
            table.add_row([
                plain(&release.id),
                plain(&partner.id),
                difference(&partner.added_first),
                difference(&partner.added_last),
                unbroken(&text),
                inputs(&share.share.figure),
            ]);
        }
        table.add_row([
            plain(&release.id),
            "all of them".to_owned(),
            String::new(),
            String::new(),
            unbroken(&total),
            inputs(&release.added_by.total.figure),
        ]);
    }
    table.trim_fmt()
}

/// Shares as printed, and their total.
fn printed(split: &Split) -> (Vec<String>, String) {
    let figures: Vec<Figure> = split.shares.iter().map(|share| share.share.figure).collect();
    parts_with_error(&figures, &split.total.figure)
}

fn subsets(group: &GroupTogether, width: u16) -> String {
    let mut header = vec!["Deployed".to_owned()];
    header.extend(group.releases.iter().map(|r| plain(&r.id)));
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = new_table(&header, width);
    let mut rows: Vec<_> = group.subsets.iter().collect();
    rows.sort_by_key(|subset| subset.releases.len());
    for subset in rows {
        let mut row = vec![plain(&subset.releases.join(" + "))];
        for release in &group.releases {
            let place = subset.releases.iter().position(|id| *id == release.id);
            row.push(place.map_or_else(|| "–".to_owned(), |place| p(&subset.p_misses[place])));
        }
        table.add_row(row);
    }
    table.trim_fmt()
}

fn independence(group: &GroupTogether, figures: &Independence, width: u16) -> String {
    let n = group.releases.len();
    let mut table = new_table(&["", "Figure", "Inputs, 90%"], width);
    let mut row = |what: String, figure: &Figure, text: String| {
        table.add_row([what, text, inputs(figure)]);
    };
    row(format!("P(all {n}), together"), &figures.p_all, p(&figures.p_all));
    row(
        format!("Product of the {n} probabilities, together"),
        &figures.product_together,
        unbroken(&wording::number_with_error(&figures.product_together)),
    );
    row(
        "  Common causes: what stops one tends to stop the others".to_owned(),
        &figures.common_causes,
        difference(&figures.common_causes),
    );
    if let Some(within) = &figures.common_causes_within_worlds {
        row("    … in a world whose inputs are known, on average".to_owned(), within, difference(within));
    }
    row(
        format!("Product of the {n} probabilities, each alone"),
        &figures.product_alone,
        unbroken(&wording::number_with_error(&figures.product_alone)),
    );
    row(
        "  Interaction: what being together does to each".to_owned(),
        &figures.interaction,
        difference(&figures.interaction),
    );
    row("Excess over independence: both".to_owned(), &figures.excess, difference(&figures.excess));
    table.trim_fmt()
}

fn shares(split: &Split, width: u16) -> String {
    let mut table = new_table(&["Release", "Share", "Inputs, 90%"], width);
    let (printed, total) = printed(split);
    for (share, text) in split.shares.iter().zip(printed) {
        table.add_row([plain(&share.release), unbroken(&text), inputs(&share.share.figure)]);
    }
    table.add_row(["all of them".to_owned(), unbroken(&total), inputs(&split.total.figure)]);
    table.trim_fmt()
}

fn frontier(group: &GroupTogether, width: u16) -> Vec<String> {
    let frontier = &group.frontier;
    let many = frontier.ways.len() > MOST_WAYS;
    let ways = frontier.ways.iter().enumerate();
    let shown: Vec<&Way> = ways
        .filter(|(place, way)| !many || way.efficient() || !way.plans.is_empty() || *place == 0)
        .map(|(_, way)| way)
        .collect();
    let mut out = vec![
        format!("Splitting against bundling. {}.", frontier.finding()),
        levels(&shown, width),
        String::new(),
        "Against all on one night, paired".to_owned(),
        changes(&shown, width),
        "Nights are parted by |; each is the next window open to its releases. P(all stay): all live on the dates that the \
         split plans for them, and staying. Days: by which releases are planned later, added up; a later date also \
         absorbs slips. * no other way has at least the P(all stay) for no more nights and days; + no other way has as few \
         misses for no more nights and days. ~ cannot be separated from one night on present inputs."
            .to_owned(),
    ];
    if frontier.ways.iter().any(|way| way.plans.iter().any(|plan| !plan.dates_only)) {
        out.push("° the plan has these dates and changes more than dates.".to_owned());
    }
    if shown.len() < frontier.ways.len() {
        out.push(format!(
            "{} of {} ways are shown: those that are efficient or a plan of the scenario. All are in together.json.",
            shown.len(),
            frontier.ways.len()
        ));
    }
    if frontier.in_order_only {
        out.push("Only splits that keep the order of the releases were run; there are too many others.".to_owned());
    }
    match frontier.without_windows {
        0 => {}
        1 => out.push("One way is left out, for want of open windows up to the horizon.".to_owned()),
        n => out.push(format!("{n} ways are left out, for want of open windows up to the horizon.")),
    }
    out
}

/// Efficient or not, the name of a way, and the plans that it is.
fn named(way: &Way) -> [String; 2] {
    let mark = |efficient: bool, mark: &'static str| if efficient { mark } else { "" };
    let marks = format!("{}{}", mark(way.by_p_all.efficient, "*"), mark(way.by_missed.efficient, "+"));
    let plans: Vec<String> =
        way.plans.iter().map(|plan| format!("{}{}", plain(&plan.id), if plan.dates_only { "" } else { "°" })).collect();
    let plans = if plans.is_empty() { String::new() } else { format!(" ({})", plans.join(", ")) };
    [marks, format!("{}{plans}", unbroken(&way.name()))]
}

fn levels(ways: &[&Way], width: u16) -> String {
    let extra = ways.iter().any(|way| way.extra_category_1_or_2.is_some());
    let mut header = vec!["", "Nights", "Takes", "P(all stay)", "Missed"];
    header.extend(extra.then_some("Extra 1–2"));
    header.push("P80 of last");
    let mut table = new_table(&header, width);
    for way in ways {
        let [marks, name] = named(way);
        let takes = match way.added_windows {
            0 => "one night".to_owned(),
            n => format!("+{n}, {} days", way.added_days),
        };
        let mut row = vec![marks, name, unbroken(&takes), p(&way.p_all), number(&way.missed)];
        row.extend(way.extra_category_1_or_2.as_ref().map(number));
        let p80 = &way.last_go_live_p80;
        let date = unbroken(&p80.date.map_or_else(|| wording::NOT_LIVE.to_owned(), wording::short_date));
        row.push(match wording::date_interval(p80) {
            Some(interval) => format!("{date}\n({interval})"),
            None => date,
        });
        table.add_row(row);
    }
    table.trim_fmt()
}

fn number(figure: &Figure) -> String {
    unbroken(&wording::number_with_error(figure))
}

fn changes(ways: &[&Way], width: u16) -> String {
    let mut table = new_table(&["Nights", "P(all stay)", "Inputs, 90%", "Missed", "Inputs, 90%"], width);
    for way in ways {
        let Some(change) = &way.change else { continue };
        let cell = |figure: &Figure| {
            let unsure = if separable(figure) || figure.standard_error == 0.0 { "" } else { " ~" };
            unbroken(&format!("{}{unsure}", difference_with_error(figure)))
        };
        table.add_row([
            unbroken(&way.name()),
            cell(&change.p_all),
            inputs(&change.p_all),
            cell(&change.missed),
            inputs(&change.missed),
        ]);
    }
    table.trim_fmt()
}

fn closing(together: &Together) -> Vec<String> {
    let inputs = match together.inputs {
        Some(worlds) if worlds.worlds > 1 => format!(
            "Inputs, 90%: where the figure lies in 90% of {} worlds that the inputs allow, {} iterations each, sampling \
             noise removed. Worse, better: both this and the 95% sampling interval exclude 0; otherwise it cannot be \
             separated from nothing on present inputs.",
            wording::count(worlds.worlds),
            wording::count(worlds.iterations_in_a_world)
        ),
        _ => "Input intervals were left out: what is said to be worse is so on these inputs only.".to_owned(),
    };
    let mut out = vec![format!(
        "A miss: not deployed on the planned date, or not kept. ± is the standard error of sampling with {} iterations of \
         each run, paired: all runs see the same worlds and the same chance.",
        together.groups.first().map_or_else(String::new, |group| wording::count(group.iterations))
    )];
    for precision in together.groups.iter().filter_map(|group| group.precision.filter(|p| !p.met)) {
        out.push(format!(
            "The half-width {} that was asked for was not reached; the widest is {:.4}.",
            precision.asked, precision.reached
        ));
    }
    out.push(inputs);
    out.push(
        "Shapley: what a release adds, averaged over all orders in which the releases can join; shares add up to the total \
         exactly. Common causes include unknown inputs that the releases share."
            .to_owned(),
    );
    let b = together.basis;
    out.push(format!(
        "Basis: of {} uncertain numbers {} stated, {} derived, {} base-rate, {} assumed.",
        b.stated + b.derived + b.base_rate + b.assumed,
        b.stated,
        b.derived,
        b.base_rate,
        b.assumed
    ));
    out.push(format!("Seed {}; golive {}.", together.seed, env!("CARGO_PKG_VERSION")));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sample_study::{scenario, together_of};

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let factor = "{ uniform = { min = 1.0, max = 4.0 } }";
        let three = together_of(&scenario("Three", &["A", "B", "C"], factor), 20);
        let four = together_of(&scenario(&"Four ".repeat(100), &["SEC", "U22", "U30", "Refresh"], factor), 0);
        for together in [three, four] {
            for width in [80, 100, 120] {
                let text = together_text(&together, width);
                for line in text.lines() {
                    assert!(line.chars().count() <= width.into(), "{width}: {line}\n{text}");
                }
            }
        }
    }

    #[test]
    fn the_sentence_comes_first_and_says_how_much() {
        let factor = "{ uniform = { min = 2.0, max = 4.0 } }";
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = flat(&together_text(&together_of(&scenario("Two", &["A", "B"], factor), 20), 100));
        let sentence = "A alone misses 17 Jan 2030, or does not stay 7 days, with probability 0.";
        let (at, table) = (text.find(sentence), text.find("Misses together"));
        assert!(at.is_some() && at < table, "{text}");
        assert!(text.contains("Deploying B with it adds 0.") && text.contains("over the inputs (90%): 0."), "{text}");
        // Together is better: it takes away.
        let less = flat(&together_text(&together_of(&scenario("Two", &["A", "B"], "0.1"), 0), 100));
        assert!(less.contains("Deploying B with it takes away 0."), "{less}");
        assert!(less.contains("Input intervals were left out"), "{less}");
        let nothing = flat(&together_text(&together_of(&scenario("Two", &["A", "B"], "1.0"), 0), 100));
        assert!(nothing.contains("changes that in no iteration"), "{nothing}");
    }

    #[test]
    fn a_scenarios_text_cannot_command_the_terminal() {
        let mut together = together_of(&scenario("Two", &["A", "B"], "2.0"), 0);
        together.title = "\u{1b}[2J\u{202E}title".into();
        together.groups[0].releases[0].id = "\u{1b}]0;x\u{7}".into();
        together.groups[0].frontier.ways[0].nights[0].releases[0] = "\u{1b}]0;x\u{7}".into();
        let text = together_text(&together, 80);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()) && !text.contains('\u{202E}'));
    }
}
