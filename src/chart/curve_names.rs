//! Names beside curves: where a place is free that is nearer to its own curve than to any other.
//!
//! A rising step curve leaves room left of its first dot, above and left of each step, below and right of it, and on its
//! levels, which a name may interrupt. Each name takes the place that is farthest from all other curves, names and dots;
//! one that would touch anything stands nowhere in the plot.

use super::canvas::Point;
use super::font::width;
use super::theme::LABEL;

/// Distance from a name to its own curve.
const NEAR: i32 = 18;
/// Distances to other curves: the farther the better.
const FAR: [i32; 6] = [200, 130, 90, 60, 36, 18];
/// The least distance to other curves of a name beside a step, which nothing but nearness ties to its own.
const LEAST_BESIDE: i32 = 60;
/// Half the width of a dot with its rim.
const DOT: i32 = 42;

/// A curve and its name, bold and in label size.
pub struct Named<'a> {
    /// A line of horizontal and vertical parts.
    pub line: &'a [Point],
    /// The name.
    pub name: &'a str,
    /// A dot on the curve.
    pub dot: Option<Point>,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Area {
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

impl Area {
    fn grown(self, by: i32) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    fn meets(self, other: Self) -> bool {
        self.left <= other.right && other.left <= self.right && self.top <= other.bottom && other.top <= self.bottom
    }

    fn is_crossed(self, line: &[Point]) -> bool {
        line.windows(2).any(|w| {
            self.meets(Self {
                left: w[0].0.min(w[1].0),
                right: w[0].0.max(w[1].0),
                top: w[0].1.min(w[1].1),
                bottom: w[0].1.max(w[1].1),
            })
        })
    }

    fn is_within(self, from: Point, to: Point) -> bool {
        self.left >= from.0 && self.right <= to.0 && self.top >= from.1 && self.bottom <= to.1
    }
}

/// Where a name stands by its curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// Left of its dot.
    AtDot,
    /// On a level, which it interrupts.
    OnLevel,
    /// Beside a step.
    Beside,
}

/// Places names beside step curves in the plot between two corners: which name, and where its baseline begins.
pub fn place_names(curves: &[Named<'_>], from: Point, to: Point) -> Vec<(usize, Point)> {
    let dot = |d: Point| Area { left: d.0 - DOT, right: d.0 + DOT, top: d.1 - DOT, bottom: d.1 + DOT };
    let mut taken: Vec<Area> = curves.iter().filter_map(|c| c.dot).map(dot).collect();
    let mut placed = Vec::new();
    for (i, curve) in curves.iter().enumerate() {
        let free = |(at, stand): &(Area, Stand), far: i32| {
            let others = || curves.iter().enumerate().filter(|(k, _)| *k != i);
            // The rise to the first step is drawn too.
            let rise = |c: &Named<'_>| c.line.first().map(|first| [*first, (first.0, to.1)]);
            at.is_within(from, to)
                && (*stand != Stand::Beside || far >= LEAST_BESIDE)
                && (*stand == Stand::OnLevel || !at.grown(NEAR - 6).is_crossed(curve.line))
                && others().all(|(_, other)| !at.grown(far).is_crossed(other.line))
                && curves.iter().filter_map(rise).all(|rise| !at.grown(10).is_crossed(&rise))
                && taken.iter().all(|t| !at.grown(14).meets(*t))
        };
        let places = places(curve);
        if let Some((at, _)) = FAR.iter().find_map(|far| places.iter().find(|place| free(place, *far))) {
            placed.push((i, (at.left, at.bottom - LABEL / 4)));
            taken.push(*at);
        }
    }
    placed
}

/// Places for the name of a curve, those that are easiest to read first.
fn places(curve: &Named<'_>) -> Vec<(Area, Stand)> {
    let (w, h) = (width(curve.name, LABEL, true), LABEL);
    let mut places = Vec::new();
    if let Some(dot) = curve.dot {
        let right = dot.0 - DOT - 20;
        places.push((Area { left: right - w, right, top: dot.1 - h / 2, bottom: dot.1 + h / 2 }, Stand::AtDot));
    }
    // On the levels that leave some of the line on both sides.
    for pair in curve.line.windows(2).filter(|p| p[0].1 == p[1].1 && p[1].0 - p[0].0 > w + 160) {
        let middle = i32::midpoint(pair[0].0, pair[1].0) - w / 2;
        places.push((
            Area { left: middle, right: middle + w, top: pair[0].1 - h / 2, bottom: pair[0].1 + h / 2 },
            Stand::OnLevel,
        ));
    }
    for pair in curve.line.windows(2).filter(|p| p[0].0 == p[1].0) {
        let (x, before, after) = (pair[0].0, pair[0].1, pair[1].1);
        let (left, right) = (x - NEAR - w, x - NEAR);
        // A low step leaves no room beside it: the name stands on the level before it.
        let bottom = (after + h / 2).min(before - NEAR);
        places.push((Area { left, right, top: bottom - h, bottom }, Stand::Beside));
        let (left, top) = (x + NEAR, after + NEAR);
        places.push((Area { left, right: left + w, top, bottom: top + h }, Stand::Beside));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: Point = (400, 100);
    const TO: Point = (2000, 2000);

    #[test]
    fn names_stand_beside_their_own_curve_only() {
        super::super::font::register().unwrap();
        let high: Vec<Point> = vec![(900, 1000), (1000, 1000), (1000, 600), (2000, 600)];
        let low: Vec<Point> = vec![(900, 1800), (1000, 1800), (1000, 1500), (2000, 1500)];
        let named = |line, name, dot| Named { line, name, dot };
        let placed = place_names(&[named(&high, "P1", Some((900, 1000))), named(&low, "P2", None)], FROM, TO);
        assert_eq!(placed.len(), 2);
        // Left of its dot; on its last level.
        assert!(placed[0].1.0 < 850 && (960..1040).contains(&placed[0].1.1), "{placed:?}");
        assert!(placed[1].1.0 > 1100 && (1480..1540).contains(&placed[1].1.1), "{placed:?}");
    }

    #[test]
    fn curves_on_top_of_each_other_are_not_named_in_the_plot() {
        super::super::font::register().unwrap();
        let one: Vec<Point> = vec![(500, 1000), (1000, 1000), (1000, 600), (2000, 600)];
        let near: Vec<Point> = one.iter().map(|(x, y)| (x + 3, y + 10)).collect();
        let named = |line, name| Named { line, name, dot: None };
        assert_eq!(place_names(&[named(&one, "P1"), named(&near, "P2")], FROM, TO), []);
    }
}
