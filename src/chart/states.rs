//! The register inherent, current and residual: three marks a row, for headline probabilities and for risks.
//!
//! A square for all responses, a ring for none, a dot for things as they stand: each of its own size and shape, so that
//! all can be seen where they coincide.

use super::ChartError;
use super::canvas::{Anchor, Canvas, Point, Text};
use super::font::{clean, fit};
use super::frame::{Frame, Source};
use super::scale::Scale;
use super::theme::*;
use crate::analysis::responses::{ResponsesOutlook, RiskStates};
use crate::analysis::wording;
use crate::estimate::Figure;

/// Ends of the plot.
const LEFT: i32 = 1500;
const RIGHT: i32 = 3360;
/// Height of a row.
const ROW: i32 = 196;
/// Where the three figures end.
const FIGURES: [i32; 3] = [3700, 4060, 4420];
/// Most rows of a chart.
const MOST: usize = 24;

/// A row: its name in two lines, and its figure in the three states.
struct Row {
    name: [String; 2],
    states: [Option<Figure>; 3],
}

/// Draws the headline probabilities; returns headline and SVG.
pub fn headlines(outlook: &ResponsesOutlook) -> Result<(String, String), ChartError> {
    let stays = outlook.stays_days;
    let rows = outlook
        .headlines
        .iter()
        .filter(|headline| headline.probability)
        .map(|headline| {
            let name = match headline.measure.split_once('.') {
                Some((release, "p_live_on_target")) => [clean(release), "live on its date".to_owned()],
                Some((release, _)) => [clean(release), format!("live and stays {stays} days")],
                None => ["All".to_owned(), format!("live and stay {stays} days")],
            };
            Row { name, states: headline.figures.each().map(|figure| Some(*figure)) }
        })
        .collect();
    draw(outlook, "Probabilities of going live on the plan's dates", headline_of_headlines(outlook), rows)
}

/// Draws how often the risks occur that responses change; returns headline and SVG.
pub fn register(outlook: &ResponsesOutlook) -> Result<(String, String), ChartError> {
    let mut risks: Vec<&RiskStates> = outlook.risks.iter().filter(|risk| risk.changes()).collect();
    let all = risks.len();
    let spread = |risk: &RiskStates| {
        let values = risk.p_occurs.each().map(|f| f.map_or(0.0, |f| f.estimate));
        values.iter().fold(0.0_f64, |most, v| most.max(*v)) - values.iter().fold(1.0_f64, |least, v| least.min(*v))
    };
    risks.sort_by(|a, b| spread(b).total_cmp(&spread(a)));
    let headline = match risks.first() {
        Some(most) => {
            let [inherent, _, residual] =
                most.p_occurs.each().map(|f| f.map_or_else(|| "none".to_owned(), |f| wording::probability(f.estimate)));
            let first = fit(&clean(&most.id), HEADLINE, true, 900);
            match all {
                1 => format!(
                    "Responses change how often one risk occurs: {first}, {inherent} without any, {residual} with all"
                ),
                _ => format!(
                    "Responses change how often {all} risks occur, {first} most: {inherent} without any, {residual} with all"
                ),
            }
        }
        None => "Responses change how often no risk occurs".to_owned(),
    };
    risks.truncate(MOST);
    let rows = risks
        .into_iter()
        .map(|risk| Row { name: [clean(&risk.id), clean(&risk.title)], states: risk.p_occurs.each().map(|f| *f) })
        .collect();
    let about = if all > MOST {
        format!("Probability that a risk occurs, of the {MOST} that change most")
    } else {
        "Probability that a risk occurs, of those that a response changes".to_owned()
    };
    draw(outlook, &about, headline, rows)
}

/// What all responses do to the probability that all stay.
fn headline_of_headlines(outlook: &ResponsesOutlook) -> String {
    let all = outlook.headlines.iter().find(|h| h.measure == "p_all_live_on_target_and_stay");
    let Some(all) = all else { return "Responses".to_owned() };
    let [_, current, residual] = all.figures.each().map(|f| wording::probability(f.estimate));
    if all.left.identical {
        return format!("The responses not taken would not change that all stay with probability {current}");
    }
    let verdict = if all.left.separable { "" } else { ", which present inputs cannot tell apart" };
    format!(
        "All releases stay with probability {current} as things stand, with {residual} if every response is taken{verdict}"
    )
}

fn draw(
    outlook: &ResponsesOutlook,
    what: &str,
    headline: String,
    rows: Vec<Row>,
) -> Result<(String, String), ChartError> {
    let about = [
        format!("Plan {}: {}", clean(&outlook.plan), clean(&outlook.plan_title)),
        format!("{what}; thin lines: inputs, 90%"),
    ];
    let mut frame = Frame::new(headline, &about);
    let top = frame.y + 250;
    let base = top + rows.len() as i32 * ROW;
    let highest = rows.iter().flat_map(|row| row.states).flatten().map(reach).fold(0.0, f64::max);
    let lowest = rows.iter().flat_map(|row| row.states).flatten().map(|f| depth(&f)).fold(1.0, f64::min);
    let scale = Scale::new(if lowest < 0.4 { 0.0 } else { lowest }, highest, LEFT, RIGHT, 5);
    let canvas = &mut frame.canvas;
    legend(canvas, top - 130);
    scale.draw_upright(canvas, top - 30, base);
    for (i, row) in rows.iter().enumerate() {
        draw_row(canvas, &scale, row, top + i as i32 * ROW + ROW / 2);
    }
    frame.y = base + 150;
    let source = Source {
        scenario: &outlook.scenario,
        of: &format!("plan {}", clean(&outlook.plan)),
        seed: outlook.seed,
        iterations: outlook.iterations,
        points: None,
        inputs: outlook.inputs,
        basis: Some(outlook.basis),
    };
    let widest = rows.iter().flat_map(|row| row.states).flatten().map(|f| (f.interval[1] - f.interval[0]) / 2.0);
    let widest = widest.fold(0.0, f64::max);
    let note = format!(
        "95% sampling intervals reach at most {widest:.4} to either side. Inputs move the three states together: whether \
         they can be told apart is said in the table of differences."
    );
    frame.finish_from(source, &note)
}

/// The greatest number that a figure's marks reach.
fn reach(figure: Figure) -> f64 {
    figure.inputs_interval.map_or(figure.estimate, |[_, high]| high.max(figure.estimate))
}

/// The least number that they reach.
fn depth(figure: &Figure) -> f64 {
    figure.inputs_interval.map_or(figure.estimate, |[low, _]| low.min(figure.estimate))
}

fn legend(canvas: &mut Canvas, y: i32) {
    let mut x = MARGIN + 60;
    for (state, words) in
        ["inherent: no response", "current: as things stand", "residual: all responses"].iter().enumerate()
    {
        mark(canvas, state, (x, y - 26));
        let text = Text::new(*words, LABEL);
        let length = text.length();
        canvas.text((x + 90, y), text);
        x += length + 230;
    }
    for (state, end) in FIGURES.iter().enumerate() {
        mark(canvas, state, (*end - 60, y - 26));
    }
}

fn mark(canvas: &mut Canvas, state: usize, (x, y): Point) {
    match state {
        0 => {
            canvas.dot((x, y), 38, VERMILION);
            canvas.dot((x, y), 27, PAPER);
        }
        1 => canvas.dot((x, y), 20, BLUE),
        _ => canvas.rect((x - 44, y - 44), (x + 44, y + 44), GREEN),
    }
}

fn draw_row(canvas: &mut Canvas, scale: &Scale, row: &Row, y: i32) {
    canvas.path(vec![(LEFT, y + ROW / 2), (RIGHT, y + ROW / 2)], GRID, 4);
    let values: Vec<i32> = row.states.iter().flatten().map(|f| scale.at(f.estimate)).collect();
    // Lines of the three states, one above the other.
    for (state, figure) in row.states.iter().enumerate() {
        if let Some([low, high]) = figure.and_then(|f| f.inputs_interval) {
            let colour = [VERMILION, BLUE, GREEN][state];
            let y = y - 52 + 52 * state as i32;
            canvas.path(vec![(scale.at(low), y), (scale.at(high), y)], colour, 7);
        }
    }
    if let (Some(least), Some(most)) = (values.iter().min(), values.iter().max()) {
        canvas.path(vec![(*least, y), (*most, y)], GREY, 14);
    }
    for state in [2, 0, 1] {
        if let Some(figure) = &row.states[state] {
            mark(canvas, state, (scale.at(figure.estimate), y));
        }
    }
    let room = LEFT - MARGIN - 80;
    canvas.backed_text((MARGIN, y - 16), Text::new(fit(&row.name[0], LABEL, true, room), LABEL).bold());
    canvas.backed_text((MARGIN, y + 66), Text::new(fit(&row.name[1], SMALL, false, room), SMALL).colour(GREY));
    for (figure, end) in row.states.iter().zip(FIGURES) {
        let text = figure.map_or_else(|| "–".to_owned(), |f| number(&f));
        canvas.text((end, y + 26), Text::new(fit(&text, SMALL, false, 350), SMALL).anchor(Anchor::End));
    }
}

/// A probability in few letters.
fn number(figure: &Figure) -> String {
    let p = figure.estimate;
    if (0.01..=0.99).contains(&p) { format!("{p:.3}") } else { wording::probability(p) }
}
