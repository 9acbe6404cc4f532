//! The frontier of splitting against bundling: what the nights and days that a split takes buy.
//!
//! Two panels, in which higher is better: the probability that all stay, and the expected number of releases that do. A
//! dot for each way over the days that it takes; those that are efficient carry the number of nights added, and the line
//! joins the best for so many days or fewer. Bars are input intervals of the difference to one night, whose level is the
//! dashed line: a bar that crosses it cannot be separated from it. Names stand to the right in order of height.

use super::ChartError;
use super::canvas::{Anchor, Canvas, Point, Text};
use super::font::{clean, fit};
use super::frame::{Frame, Source};
use super::scale::Scale;
use super::theme::*;
use crate::analysis::together::{Change, GroupTogether, Standing, Together, Way};
use crate::analysis::wording;
use crate::estimate::Figure;

/// Ends of the plot.
const LEFT: i32 = 480;
const RIGHT: i32 = 2760;
/// Height of a panel, at least.
const HEIGHT: i32 = 1300;
/// Left end of the names.
const NAMES: i32 = RIGHT + 200;
/// Room for a name.
const ROOM: i32 = WIDTH - 60 - NAMES;
/// Height of a line of a name.
const LINE: i32 = 98;
/// Height of a name of two lines, with the space after it.
const NAME: i32 = 2 * LINE + 40;
/// Most names in a panel.
const MOST_NAMES: usize = 8;
/// Distance between ways that take the same days, at most, and how far all of them reach to either side.
const APART: i32 = 84;
const REACH: i32 = 230;

/// What a panel shows.
struct Panel<'a> {
    title: String,
    ways: &'a [Way],
    value: &'a dyn Fn(&Way) -> Figure,
    change: &'a dyn Fn(&Change) -> Figure,
    standing: &'a dyn Fn(&Way) -> &Standing,
    text: &'a dyn Fn(&Figure) -> String,
}

/// Draws the chart; returns headline and SVG.
pub fn draw(together: &Together, group: &GroupTogether) -> Result<(String, String), ChartError> {
    let ids: Vec<String> = group.releases.iter().map(|r| clean(&r.id)).collect();
    let about = [
        format!("Plan {}: {}", clean(&together.plan), clean(&together.plan_title)),
        format!(
            "{} over the days by which releases are planned later, added up. Filled: efficient, with the number of nights \
             added. Bar: inputs, 90%, of the difference to one night",
            fit(&wording::list(&ids), BODY, false, 2000)
        ),
    ];
    let n = group.releases.len() as f64;
    // Of what is missed, what is not: more of it is better in both panels.
    let turned = |figure: &Figure, whole: f64| {
        let ends = |[low, high]: [f64; 2]| [whole - high, whole - low];
        let mut turned = Figure::new(whole - figure.estimate, figure.standard_error, ends(figure.interval));
        turned.inputs_interval = figure.inputs_interval.map(ends);
        turned
    };
    let panels = [
        Panel {
            title: format!(
                "Probability that all go live on the dates planned for them and stay {} days",
                together.stays_days
            ),
            ways: &group.frontier.ways,
            value: &|way| way.p_all,
            change: &|change| change.p_all,
            standing: &|way| &way.by_p_all,
            text: &wording::probability_with_error,
        },
        Panel {
            title: format!("Expected number of the {} releases that do", group.releases.len()),
            ways: &group.frontier.ways,
            value: &|way| turned(&way.missed, n),
            change: &|change| turned(&change.missed, 0.0),
            standing: &|way| &way.by_missed,
            text: &wording::number_with_error,
        },
    ];
    let mut frame = Frame::new(group.frontier.finding(), &about);
    for panel in &panels {
        frame.y = panel.draw(&mut frame.canvas, frame.y + 60);
    }
    frame.canvas.text(
        ((LEFT + RIGHT) / 2, frame.y + 80),
        Text::new("days later, all releases together", LABEL).colour(GREY).anchor(Anchor::Middle),
    );
    frame.y += 110;
    let note = "Efficient: no other way is at least as good for no more nights and no more days. A later date also absorbs \
                slips. Ways that take the same days stand side by side. Sampling errors are those of the levels. °: the plan \
                changes more than dates.";
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

impl Panel<'_> {
    /// Draws the panel from `y` down; returns where it ends.
    fn draw(&self, canvas: &mut Canvas, y: i32) -> i32 {
        let named = self.named();
        canvas.text((MARGIN, y + 90), Text::new(fit(&self.title, BODY, true, WIDTH - 2 * MARGIN), BODY).bold());
        let top = y + 200;
        let base = top + HEIGHT.max(named.len() as i32 * NAME);
        let most = self.ways.iter().map(|way| way.added_days).max().unwrap_or(0).max(1);
        let days = Scale::new(0.0, f64::from(most), LEFT + REACH + 60, RIGHT - REACH - 60, 6);
        let (low, high) = self.range(&named);
        let levels = Scale::new(low, high, base, top, 6);
        levels.draw_level(canvas, LEFT, RIGHT);
        canvas.path(vec![(LEFT, base), (RIGHT, base)], INK, 8);
        for (day, label) in self.ticks(&days) {
            let x = days.at(day);
            canvas.path(vec![(x, base), (x, base + 35)], INK, 6);
            canvas.text((x, base + 120), Text::new(label, LABEL).anchor(Anchor::Middle));
        }
        let at = self.places(&days, &levels);
        if let Some(bundled) = self.ways.first() {
            let level = levels.at((self.value)(bundled).estimate);
            canvas.dashed(&[(LEFT, level), (RIGHT, level)], INK, 7, MARKER);
        }
        self.draw_line(canvas, &at);
        self.draw_names(canvas, &named, &at, top, base);
        self.draw_dots(canvas, &named, &at, &levels);
        base + 150
    }

    /// The ways that take the same and are exactly as good, this one among them.
    fn alike(&self, w: usize) -> impl Iterator<Item = usize> {
        let key = |w: usize| {
            let way = &self.ways[w];
            (way.added_days, way.added_windows, (self.value)(way).estimate.to_bits())
        };
        (0..self.ways.len()).filter(move |o| key(*o) == key(w))
    }

    /// Whether a way stands for those that are alike: the first of them that is a plan of the scenario, or the first.
    fn stands_for_alike(&self, w: usize) -> bool {
        let plan = self.alike(w).find(|o| !self.ways[*o].plans.is_empty());
        plan.or_else(|| self.alike(w).next()) == Some(w)
    }

    /// Places of the ways that have their names beside the plot, from the highest down: efficient ones, one night, plans
    /// of the scenario; of too many, those first named here; of those that are alike, one.
    fn named(&self) -> Vec<usize> {
        let rank = |w: usize| match (w, (self.standing)(&self.ways[w]).efficient, self.ways[w].plans.is_empty()) {
            (0, ..) => Some(0),
            (_, true, _) => Some(1),
            (_, _, false) => Some(2),
            _ => None,
        };
        let mut named: Vec<usize> =
            (0..self.ways.len()).filter(|w| rank(*w).is_some() && self.stands_for_alike(*w)).collect();
        named.sort_by_key(|w| rank(*w));
        named.truncate(MOST_NAMES);
        let level = |w: &usize| (self.value)(&self.ways[*w]).estimate;
        named.sort_by(|a, b| level(b).total_cmp(&level(a)).then(a.cmp(b)));
        named
    }

    /// Where the inputs put a way: the level of one night and the difference to it; nothing for one night itself.
    fn inputs(&self, way: &Way) -> Option<[f64; 2]> {
        let bundled = (self.value)(self.ways.first()?).estimate;
        let [low, high] = (self.change)(way.change.as_ref()?).inputs_interval?;
        Some([bundled + low, bundled + high])
    }

    /// The least and the greatest level to be shown.
    fn range(&self, named: &[usize]) -> (f64, f64) {
        let levels = self.ways.iter().map(|way| (self.value)(way).estimate);
        let ends = named.iter().filter_map(|w| self.inputs(&self.ways[*w])).flatten();
        levels.chain(ends).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    }

    /// Ticks at the days that ways take, or at round numbers of days if there are too many.
    fn ticks(&self, days: &Scale) -> Vec<(f64, String)> {
        let mut taken: Vec<u32> = self.ways.iter().map(|way| way.added_days).collect();
        taken.sort_unstable();
        taken.dedup();
        let wide = |pair: &[u32]| days.at(f64::from(pair[1])) - days.at(f64::from(pair[0])) >= 150;
        if taken.windows(2).all(wide) {
            taken.into_iter().map(|day| (f64::from(day), day.to_string())).collect()
        } else {
            days.ticks()
        }
    }

    /// The point of every way; ways that take the same days stand side by side, but those that are alike are one point.
    fn places(&self, days: &Scale, levels: &Scale) -> Vec<Point> {
        let first: Vec<usize> = (0..self.ways.len()).map(|w| self.alike(w).next().unwrap_or(w)).collect();
        let place = |w: usize| {
            let same = |o: &usize| first[*o] == *o && self.ways[*o].added_days == self.ways[w].added_days;
            let count = (0..self.ways.len()).filter(same).count() as i32;
            let before = (0..first[w]).filter(same).count() as i32;
            let apart = APART.min(2 * REACH / count.max(2));
            let x = days.at(f64::from(self.ways[w].added_days)) + (2 * before - count + 1) * apart / 2;
            (x, levels.at((self.value)(&self.ways[w]).estimate))
        };
        (0..self.ways.len()).map(place).collect()
    }

    /// The best for so many days or fewer.
    fn draw_line(&self, canvas: &mut Canvas, at: &[Point]) {
        let level = |w: usize| (self.value)(&self.ways[w]).estimate;
        let mut efficient: Vec<usize> =
            (0..self.ways.len()).filter(|w| (self.standing)(&self.ways[*w]).efficient).collect();
        let days = |w: usize| self.ways[w].added_days;
        efficient.sort_by(|a, b| days(*a).cmp(&days(*b)).then(level(*b).total_cmp(&level(*a))));
        let mut line = Vec::new();
        let mut best = f64::NEG_INFINITY;
        for w in efficient {
            if level(w) > best {
                best = level(w);
                line.push(at[w]);
            }
        }
        canvas.path(line, BLUE, 14);
    }

    fn draw_dots(&self, canvas: &mut Canvas, named: &[usize], at: &[Point], levels: &Scale) {
        for w in named {
            let (x, _) = at[*w];
            if let Some([low, high]) = self.inputs(&self.ways[*w]) {
                let colour = if (self.standing)(&self.ways[*w]).efficient { BLUE } else { GREY };
                for end in [low, high] {
                    let y = levels.at(end);
                    canvas.path(vec![(x - 22, y), (x + 22, y)], colour, 8);
                }
                canvas.path(vec![(x, levels.at(low)), (x, levels.at(high))], colour, 8);
            }
        }
        for (w, way) in self.ways.iter().enumerate().filter(|(_, way)| !(self.standing)(way).efficient) {
            let colour = if named.contains(&w) { ORANGE } else { GREY };
            canvas.dot(at[w], 36, colour);
            canvas.dot(at[w], 22, PAPER);
            debug_assert!(way.change.is_some(), "one night takes least, so that nothing dominates it");
        }
        // Where many are as good as each other, dots may cover one another, but not numbers.
        let mut numbered: Vec<Point> = Vec::new();
        for (w, way) in self.ways.iter().enumerate().filter(|(_, way)| (self.standing)(way).efficient) {
            let (x, y) = at[w];
            canvas.dot((x, y), 58, BLUE);
            if numbered.iter().all(|(a, b)| (x - a).abs() >= 100 || (y - b).abs() >= 110) {
                numbered.push((x, y));
                let nights = Text::new(way.added_windows.to_string(), LABEL).bold().colour(PAPER);
                canvas.text((x, y + 27), nights.anchor(Anchor::Middle));
            }
        }
    }

    /// Names from the highest down, each with a line to its dot.
    fn draw_names(&self, canvas: &mut Canvas, named: &[usize], at: &[Point], top: i32, base: i32) {
        let mut y = top - 40;
        for (i, w) in named.iter().enumerate() {
            let (way, dot) = (&self.ways[*w], at[*w]);
            let left = (named.len() - i) as i32;
            y = y.max(dot.1 - LINE).min(base + 40 - left * NAME);
            let middle = y + LINE / 2 + 20;
            canvas.dashed(&[dot, (RIGHT + 40, middle), (NAMES - 30, middle)], GREY, 5, MARKER);
            let plans: Vec<String> = way
                .plans
                .iter()
                .map(|plan| format!("{}{}", clean(&plan.id), if plan.dates_only { "" } else { "°" }))
                .collect();
            let mut figures = (self.text)(&(self.value)(way));
            match self.alike(*w).count() - 1 {
                0 => {}
                others => figures = format!("{figures} · {others} more alike"),
            }
            if !plans.is_empty() {
                figures = format!("{figures} · {}", plans.join(", "));
            }
            let mut name = Text::new(fit(&clean(&way.name()), LABEL, true, ROOM), LABEL).bold();
            if !(self.standing)(way).efficient {
                name = name.colour(GREY);
            }
            canvas.text((NAMES, y + LINE - 10), name);
            canvas.text((NAMES, y + 2 * LINE - 14), Text::new(fit(&figures, LABEL, false, ROOM), LABEL));
            y += NAME;
        }
    }
}
