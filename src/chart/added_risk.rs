//! What deploying together adds to the risk of each release, partner by partner.
//!
//! For each release a bar from 0 to its probability of a miss alone, then a step for the Shapley share of each partner,
//! to its probability together. Below, each release's share in the added expected number of misses. Thin lines are input
//! intervals: of a step, where it would end.

use plotters::style::RGBColor;

use super::ChartError;
use super::canvas::{Anchor, Canvas, Text};
use super::font::{clean, fit};
use super::frame::{Frame, Source, unbroken};
use super::scale::Scale;
use super::theme::*;
use crate::analysis::together::{GroupTogether, ReleaseTogether, Split, Together};
use crate::analysis::wording::{self, inputs_interval, parts_with_error};
use crate::estimate::Figure;

/// Left and right end of the plot.
const LEFT: i32 = 1000;
const RIGHT: i32 = 2880;
/// Where figures and their input intervals stand.
const FIGURES: i32 = RIGHT + 100;
const INPUTS: i32 = FIGURES + 840;
/// Height of a row, and of a bar.
const ROW: i32 = 124;
const BAR: i32 = 70;

/// A bar.
struct Row {
    name: String,
    from: f64,
    figure: Figure,
    text: String,
    look: Look,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Alone,
    Step,
    Together,
}

/// Draws the chart; returns headline and SVG.
pub fn draw(together: &Together, group: &GroupTogether) -> Result<(String, String), ChartError> {
    let about = [
        format!("Plan {}: {}", clean(&together.plan), clean(&together.plan_title)),
        format!(
            "Probability of a miss (not deployed on {}, or not kept) alone and together, with the Shapley share of each \
             partner; thin line: inputs, 90%",
            wording::short_date(group.date)
        ),
    ];
    let mut frame = Frame::new(headline(group), &about);
    let mut sections: Vec<(String, Vec<Row>)> =
        group.releases.iter().map(|release| (clean(&release.id), rows_of(release))).collect();
    sections.push(("All: misses added".to_owned(), rows_of_shares(&group.missed)));
    let scale = scale(&sections);
    let top = frame.y + 130;
    let height: i32 = sections.iter().map(|(_, rows)| 150 + rows.len() as i32 * ROW).sum();
    let canvas = &mut frame.canvas;
    scale.draw_upright(canvas, top - 20, top + height);
    let head = |text: &str| Text::new(text, SMALL).colour(GREY);
    canvas.text((FIGURES, top - 50), head("± sampling"));
    canvas.text((INPUTS, top - 50), head("inputs, 90%"));
    let mut y = top;
    for (title, rows) in &sections {
        y += 120;
        let title = fit(title, LABEL, true, RIGHT - MARGIN);
        canvas.backed_text((MARGIN, y - 26), Text::new(title, LABEL).bold());
        y += 30;
        for row in rows {
            draw_row(canvas, &scale, row, y);
            y += ROW;
        }
    }
    frame.y = top + height + 150;
    let note = "Shapley shares: what a partner adds, averaged over all orders in which partners can join; they add up to \
                the difference exactly. Input intervals of a step are those of the share.";
    let source = Source {
        scenario: &together.scenario,
        of: &format!("plan {}", clean(&together.plan)),
        seed: together.seed,
        iterations: group.iterations,
        points: None,
        inputs: together.inputs,
        basis: Some(together.basis),
    };
    frame.finish_from(source, note)
}

/// The release to which most is added, in words.
fn headline(group: &GroupTogether) -> String {
    let most = group.releases.iter().max_by(|a, b| a.added.estimate.total_cmp(&b.added.estimate));
    let Some(most) = most else { return "No release".to_owned() };
    let id = fit(&clean(&most.id), HEADLINE, true, 1200);
    let date = unbroken(group.date);
    let (alone, together) = (&most.p_misses_alone, &most.p_misses_together);
    if most.added.standard_error == 0.0 && most.added.estimate == 0.0 {
        return format!("Deploying together on {date} adds nothing to the risk of any release");
    }
    let verdict = if most.separable { "" } else { "; present inputs cannot tell it from nothing" };
    let size = Figure { estimate: most.added.estimate.abs(), ..most.added };
    format!(
        "Deployed together, {id} misses {date} with probability {}, alone with {}: {} {}{verdict}",
        wording::probability(together.estimate),
        wording::probability(alone.estimate),
        wording::number_with_error(&size),
        if most.added.estimate < 0.0 { "less" } else { "more" }
    )
}

fn rows_of(release: &ReleaseTogether) -> Vec<Row> {
    let (alone, together) = (release.p_misses_alone, release.p_misses_together);
    let mut rows = vec![Row {
        name: "alone".to_owned(),
        from: 0.0,
        figure: alone,
        text: wording::probability_with_error(&alone),
        look: Look::Alone,
    }];
    rows.extend(steps(&release.added_by, alone.estimate, "with "));
    rows.push(Row {
        name: "together".to_owned(),
        from: 0.0,
        figure: together,
        text: wording::probability_with_error(&together),
        look: Look::Together,
    });
    rows
}

fn rows_of_shares(split: &Split) -> Vec<Row> {
    let mut rows = steps(split, 0.0, "");
    let total = split.total.figure;
    let figures: Vec<Figure> = split.shares.iter().map(|share| share.share.figure).collect();
    let text = parts_with_error(&figures, &total).1;
    rows.push(Row { name: "all of them".to_owned(), from: 0.0, figure: total, text, look: Look::Together });
    rows
}

/// Steps from `from`, each where the last ended.
fn steps(split: &Split, from: f64, prefix: &str) -> Vec<Row> {
    let figures: Vec<Figure> = split.shares.iter().map(|share| share.share.figure).collect();
    let texts = parts_with_error(&figures, &split.total.figure).0;
    let mut at = from;
    split
        .shares
        .iter()
        .zip(texts)
        .map(|(share, text)| {
            let row = Row {
                name: format!("{prefix}{}", clean(&share.release)),
                from: at,
                figure: share.share.figure,
                text,
                look: Look::Step,
            };
            at += share.share.figure.estimate;
            row
        })
        .collect()
}

/// One scale for all, from the least to the greatest end of bars and lines, 0 included.
fn scale(sections: &[(String, Vec<Row>)]) -> Scale {
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for row in sections.iter().flat_map(|(_, rows)| rows) {
        let [a, b] = row.figure.inputs_interval.unwrap_or([row.figure.estimate; 2]);
        for end in [a, b, row.figure.estimate] {
            low = low.min(row.from + end);
            high = high.max(row.from + end);
        }
    }
    Scale::new(low, high, LEFT, RIGHT, 6)
}

fn draw_row(canvas: &mut Canvas, scale: &Scale, row: &Row, y: i32) {
    let (x0, x1) = (scale.at(row.from), scale.at(row.from + row.figure.estimate));
    let middle = y + BAR / 2;
    let (a, b) = ((x0.min(x1), y), (x0.max(x1).max(x0.min(x1) + 6), y + BAR));
    match row.look {
        Look::Alone => canvas.rect(a, b, SKY),
        Look::Together => canvas.rect(a, b, BLUE),
        Look::Step if row.figure.estimate < 0.0 => canvas.hatched(a, b, GREEN),
        Look::Step => canvas.rect(a, b, VERMILION),
    }
    if row.look == Look::Step {
        // Where the last bar ended.
        canvas.path(vec![(x0, y - ROW + BAR), (x0, y + BAR)], GREY, 5);
    }
    if let Some([low, high]) = row.figure.inputs_interval {
        whisker(canvas, scale.at(row.from + low), scale.at(row.from + high), middle, INK);
    }
    let name = fit(&row.name, LABEL, false, LEFT - MARGIN - 160);
    canvas.backed_text((LEFT - 60, middle + 26), Text::new(name, LABEL).anchor(Anchor::End));
    let text = fit(&row.text, LABEL, false, INPUTS - FIGURES - 30);
    canvas.text((FIGURES, middle + 26), Text::new(text, LABEL));
    let inputs = fit(&inputs_interval(&row.figure), SMALL, false, WIDTH - 60 - INPUTS);
    canvas.text((INPUTS, middle + 26), Text::new(inputs, SMALL).colour(GREY));
}

/// A line with short ends.
pub(super) fn whisker(canvas: &mut Canvas, from: i32, to: i32, y: i32, colour: RGBColor) {
    canvas.path(vec![(from, y), (to, y)], colour, 9);
    for x in [from, to] {
        canvas.path(vec![(x, y - 18), (x, y + 18)], colour, 9);
    }
}
