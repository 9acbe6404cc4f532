//! S-curves of several plans in one plot, each named beside itself and in a key.
//!
//! In: step curves of plans. Out: the plot. Curves that hardly differ anywhere are drawn once and named together: up to
//! half a percent, the width of a line, and up to as much as it takes to leave no more curves than a reader can follow
//! ([`FEW`]), which the chart says. A name stands in the plot where a place is free that is nearer to its own curve than
//! to any other; every name stands right of the plot as well, with its figures, from the highest curve to the lowest
//! where they lie farthest apart.

use super::canvas::{Canvas, Point, Text};
use super::curve_names::{Named, place_names};
use super::font::fit;
use super::share_axis::{Curve, HEIGHT, LEFT, ShareAxis};
use super::theme::*;
use crate::estimate::Figure;

/// Right end of the plot; the key follows.
pub const RIGHT: i32 = 2960;
/// Left end of the names in the key.
const NAMES: i32 = RIGHT + 270;
/// Room for a name in the key.
pub const ROOM: i32 = WIDTH - MARGIN - NAMES;
/// Height of a line of a name.
const LINE: i32 = 98;
/// Space between two names.
const GAP: i32 = 36;
/// Shares by which curves that are drawn as one may differ: the least of them that leaves few curves.
const ALIKE: [f64; 4] = [0.005, 0.01, 0.02, 0.03];
/// As many curves as a reader can follow.
const FEW: usize = 6;

/// A plan's curve: shares that are reached in steps.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanCurve {
    /// Steps: where, and the share from there on, with its band. In order of x.
    pub steps: Vec<(f64, Figure)>,
    /// The step that is marked with a dot: the plan's date.
    pub dot: Option<f64>,
}

impl PlanCurve {
    /// The share reached at an x.
    pub fn share(&self, at: f64) -> f64 {
        match self.steps.partition_point(|(x, _)| *x <= at) {
            0 => 0.0,
            n => self.steps[n - 1].1.estimate,
        }
    }

    /// The first x after which less than half a percent is still to come.
    pub fn settled(&self) -> Option<f64> {
        let end = self.steps.last()?.1.estimate;
        self.steps.iter().find(|(_, f)| end - f.estimate <= ALIKE[0]).map(|(x, _)| *x)
    }

    fn is_like(&self, other: &Self, alike: f64) -> bool {
        let both = || self.steps.iter().chain(&other.steps).map(|(x, _)| *x);
        self.dot == other.dot && both().all(|x| (self.share(x) - other.share(x)).abs() <= alike)
    }
}

/// Curves drawn as one: their places among the plans. The first of them is drawn.
pub type Group = Vec<usize>;

/// Joins curves that hardly differ; returns the groups from the highest to the lowest, and by what share curves of a
/// group may differ.
pub fn joined(curves: &[PlanCurve]) -> (Vec<Group>, f64) {
    let at = |alike: f64| {
        let mut groups: Vec<Group> = Vec::new();
        for (i, curve) in curves.iter().enumerate() {
            match groups.iter_mut().find(|g| g.iter().all(|k| curves[*k].is_like(curve, alike))) {
                Some(group) => group.push(i),
                None => groups.push(vec![i]),
            }
        }
        groups
    };
    let few = ALIKE.into_iter().find(|alike| at(*alike).len() <= FEW);
    let alike = few.unwrap_or(ALIKE[ALIKE.len() - 1]);
    let mut groups = at(alike);
    // From the highest to the lowest where they lie farthest apart.
    let spread = |x: f64| {
        let shares = || groups.iter().map(|g| curves[g[0]].share(x));
        shares().fold(f64::NEG_INFINITY, f64::max) - shares().fold(f64::INFINITY, f64::min)
    };
    let places = groups.iter().flat_map(|g| &curves[g[0]].steps).map(|(x, _)| *x);
    let apart = places.max_by(|a, b| spread(*a).total_cmp(&spread(*b)).then(b.total_cmp(a))).unwrap_or(0.0);
    groups.sort_by(|a, b| curves[b[0]].share(apart).total_cmp(&curves[a[0]].share(apart)));
    (groups, alike)
}

/// A plot of curves.
pub struct Plot<'a> {
    /// Curves of the plans.
    pub curves: &'a [PlanCurve],
    /// Which of them are drawn as one, in the order of the key.
    pub groups: &'a [Group],
    /// The name and figures of each group.
    pub names: Vec<Vec<String>>,
    /// The x of a number.
    pub x: &'a dyn Fn(f64) -> i32,
}

impl Plot<'_> {
    /// The share at the foot of the axis: 0, or a round one below all curves.
    pub fn foot(&self) -> f64 {
        let lowest = self.groups.iter().map(|g| self.curves[g[0]].steps.first().map_or(0.0, |(_, f)| f.interval[0]));
        let lowest = lowest.fold(1.0, f64::min);
        [0.8, 0.6, 0.4].into_iter().find(|foot| *foot < lowest).unwrap_or(0.0)
    }

    /// Draws the plot below `top` but for its x axis; returns the y of that axis.
    pub fn draw(&self, canvas: &mut Canvas, top: i32) -> i32 {
        let names: Vec<Vec<String>> = self.names.iter().map(|lines| in_key(lines, self.names.len())).collect();
        let height = |lines: &Vec<String>| lines.len() as i32 * LINE + GAP;
        let tallest = names.iter().map(height).sum::<i32>();
        let shares = ShareAxis { base: top + HEIGHT.max(tallest), height: HEIGHT.max(tallest), from: self.foot() };
        shares.draw(canvas, RIGHT);
        let drawn: Vec<&PlanCurve> = self.groups.iter().map(|g| &self.curves[g[0]]).collect();
        let curves: Vec<Curve> = drawn.iter().map(|curve| self.curve(curve, &shares)).collect();
        for (i, curve) in curves.iter().enumerate() {
            let (colour, dash) = curve_style(i);
            if let Some(&(x, y)) = curve.line.first() {
                canvas.path(vec![(x, shares.base), (x, y)], GREY, 5);
            }
            curve.draw(canvas, colour, dash);
        }
        let dots: Vec<Option<Point>> = drawn.iter().map(|c| self.dot(c, &shares)).collect();
        for (i, at) in dots.iter().enumerate() {
            if let Some(at) = *at {
                canvas.dot(at, 42, PAPER);
                canvas.dot(at, 30, curve_style(i).0);
            }
        }
        let named: Vec<Named<'_>> = curves
            .iter()
            .zip(&names)
            .zip(&dots)
            .map(|((curve, name), dot)| Named { line: &curve.line, name: &name[0], dot: *dot })
            .collect();
        for (i, at) in place_names(&named, (LEFT, shares.y(1.0) - 60), (RIGHT, shares.base)) {
            let text = Text::new(names[i][0].as_str(), LABEL).bold().colour(curve_style(i).0);
            canvas.backed_text(at, text);
        }
        let mut y = top - 20;
        for (i, lines) in names.iter().enumerate() {
            let (colour, dash) = curve_style(i);
            let middle = y + LINE / 2;
            canvas.dashed(&[(RIGHT + 50, middle), (NAMES - 30, middle)], colour, 18, dash);
            for (k, line) in lines.iter().enumerate() {
                let mut text = Text::new(line.as_str(), LABEL);
                text.bold = k == 0;
                canvas.text((NAMES, y + LINE * (k as i32 + 1) - 22), text);
            }
            y += height(lines);
        }
        shares.base
    }

    fn curve(&self, curve: &PlanCurve, shares: &ShareAxis) -> Curve {
        if curve.steps.is_empty() {
            return Curve { line: vec![(LEFT, shares.base), (RIGHT, shares.base)], ..Curve::default() };
        }
        Curve::in_steps(curve.steps.iter().map(|(x, figure)| ((self.x)(*x), *figure)), shares, RIGHT)
    }

    fn dot(&self, curve: &PlanCurve, shares: &ShareAxis) -> Option<Point> {
        let at = curve.dot?;
        let x = (self.x)(at);
        (x <= RIGHT).then(|| (x, shares.y(curve.share(at).max(shares.from))))
    }
}

/// A name and its figures as they stand in the key: fewer figures where there are many curves.
fn in_key(lines: &[String], curves: usize) -> Vec<String> {
    let most = match curves {
        ..=12 => lines.len(),
        13..=24 => 2,
        _ => 1,
    };
    lines.iter().take(most).enumerate().map(|(i, line)| fit(line, LABEL, i == 0, ROOM)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::proportion;

    fn curve(counts: [u64; 2]) -> PlanCurve {
        PlanCurve {
            steps: vec![(0.0, proportion(counts[0], 1000)), (7.0, proportion(counts[1], 1000))],
            dot: Some(0.0),
        }
    }

    #[test]
    fn curves_that_look_the_same_are_named_together() {
        let curves = [curve([700, 990]), curve([800, 990]), curve([804, 987])];
        assert_eq!(joined(&curves), (vec![vec![1, 2], vec![0]], 0.005));
        assert_eq!(curves[1].share(3.0), 0.8);
        assert_eq!(curves[1].settled(), Some(7.0));
    }

    #[test]
    fn many_curves_are_joined_more_boldly_and_no_two_of_a_group_differ_by_more() {
        let curves: Vec<PlanCurve> = (0..12).map(|i| curve([700 + 8 * i, 990])).collect();
        let (groups, alike) = joined(&curves);
        assert_eq!((groups.len(), alike), (6, 0.01));
        for group in &groups {
            let shares: Vec<f64> = group.iter().map(|k| curves[*k].share(0.0)).collect();
            assert!(shares.iter().all(|a| shares.iter().all(|b| (a - b).abs() <= alike)));
        }
    }
}
