//! A chart as a part of an HTML page: the same marks in fewer bytes, with its own names for readers who hear it.
//!
//! In: the SVG of a chart, whose elements stand on lines of their own. Out: an `svg` element that scales with the page.
//! Lines of one look that follow each other (the dashes of a curve) become one path; defaults are left out; the font
//! is said once, in the page's style.

use std::fmt::Write as _;

use super::html::escape;
use crate::chart::Chart;

/// The chart as an element; `id` is unique in the page.
pub fn inline(chart: &Chart, id: &str, alternative: &str) -> String {
    let mut out = String::with_capacity(chart.svg.len() / 2);
    let mut strokes = Strokes::default();
    for line in chart.svg.lines() {
        if let Some((points, look)) = polyline(line) {
            strokes.add(&mut out, points, look);
            continue;
        }
        strokes.end(&mut out);
        if line.starts_with("<svg ") {
            let view = attribute(line, "viewBox").unwrap_or_default();
            let _ = writeln!(
                out,
                "<svg class=\"chart\" viewBox=\"{view}\" fill=\"#1A1A1A\" font-size=\"76\" role=\"img\" aria-labelledby=\"{id}-title {id}-words\">\
                 <title id=\"{id}-title\">{}</title><desc id=\"{id}-words\">{}</desc>",
                escape(&chart.title),
                escape(alternative)
            );
        } else if line.starts_with("<title>") || line.starts_with("<desc>") || is_paper(line) {
            // Said above, with names; and the page is paper.
        } else if let Some((points, [colour, opacity])) = polygon(line) {
            let area = path(&[&points]);
            let _ = writeln!(out, "<path class=\"a\" fill=\"{colour}\" opacity=\"{opacity}\" d=\"{area}z\"/>");
        } else if line == "</svg>" {
            if let Some(dates) = &chart.dates {
                let [top, base] = dates.plot;
                let _ = writeln!(out, "<line class=\"cursor\" x1=\"0\" x2=\"0\" y1=\"{top}\" y2=\"{base}\"/>");
            }
            out.push_str("</svg>");
        } else {
            out.push_str(&shortened(line));
            out.push('\n');
        }
    }
    out
}

/// What the page says for all charts, or what is so unless said.
const SAID: [&str; 7] = [
    " opacity=\"1\"",
    " text-anchor=\"start\"",
    " stroke=\"none\"",
    " stroke-width=\"0\"",
    " font-family=\"DejaVu Sans, Verdana, sans-serif\"",
    " fill=\"#1A1A1A\"",
    " font-size=\"76\"",
];

/// An element without what is said already, its text on its base line.
fn shortened(line: &str) -> String {
    let (mut head, rest) = line.split_at(line.find('>').unwrap_or(line.len()));
    let lowered;
    let baseline = (|| {
        let y: f64 = attribute(head, "y")?.parse().ok()?;
        let size: f64 = attribute(head, "font-size")?.parse().ok()?;
        (head.starts_with("<text ") && !head.contains("transform")).then_some((y, size))
    })();
    if let Some((y, size)) = baseline {
        lowered = head
            .replacen(&format!(" y=\"{y}\""), &format!(" y=\"{}\"", crate::math::round(y + 0.76 * size)), 1)
            .replacen(" dy=\"0.76em\"", "", 1);
        head = &lowered;
    }
    let head = SAID.iter().fold(head.to_owned(), |line, said| line.replacen(said, "", 1));
    classed(head) + rest
}

/// Looks that many texts have, each with the class that the page's style gives it.
const LOOKS: [(&str, char); 5] = [
    (" text-anchor=\"end\"", 'e'),
    (" text-anchor=\"middle\"", 'm'),
    (" fill=\"#555555\"", 'g'),
    (" font-weight=\"bold\"", 'b'),
    (" font-size=\"68\"", 's'),
];

/// The start of a text with classes in the place of its looks.
fn classed(mut head: String) -> String {
    if !head.starts_with("<text ") {
        return head;
    }
    let mut classes = Vec::new();
    for (look, class) in LOOKS {
        if head.contains(look) {
            head = head.replacen(look, "", 1);
            classes.push(class.to_string());
        }
    }
    if !classes.is_empty() {
        head.push_str(&format!(" class=\"{}\"", classes.join(" ")));
    }
    head
}

/// Whether it is the white ground of the whole chart.
fn is_paper(line: &str) -> bool {
    line.starts_with("<rect ")
        && attribute(line, "x") == Some("0")
        && attribute(line, "y") == Some("0")
        && attribute(line, "fill") == Some("#FFFFFF")
}

/// Points, colour and opacity of an area.
fn polygon(line: &str) -> Option<(Vec<Point>, [String; 2])> {
    if !line.starts_with("<polygon ") {
        return None;
    }
    let get = |name| attribute(line, name).map(str::to_owned);
    Some((points(line)?, [get("fill")?, get("opacity")?]))
}

/// The points of an element.
fn points(line: &str) -> Option<Vec<Point>> {
    let point = |pair: &str| {
        let (x, y) = pair.split_once(',')?;
        Some([x.parse().ok()?, y.parse().ok()?])
    };
    let points: Option<Vec<Point>> = attribute(line, "points")?.split_ascii_whitespace().map(point).collect();
    points.filter(|p| !p.is_empty())
}

/// Points and look of an open line.
fn polyline(line: &str) -> Option<(Vec<Point>, Look)> {
    if !line.starts_with("<polyline fill=\"none\" ") {
        return None;
    }
    let get = |name| attribute(line, name).map(str::to_owned);
    Some((points(line)?, [get("stroke")?, get("stroke-width")?, get("opacity")?]))
}

/// The value of an attribute; its text has no quotes, because they are escaped.
fn attribute<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let start = line.find(&format!(" {name}=\""))? + name.len() + 3;
    line[start..].split('"').next()
}

type Point = [i32; 2];
/// Colour, width and opacity of a line.
type Look = [String; 3];

/// Lines of one look that follow each other.
#[derive(Default)]
struct Strokes {
    lines: Vec<Vec<Point>>,
    look: Look,
}

impl Strokes {
    fn add(&mut self, out: &mut String, points: Vec<Point>, look: Look) {
        if self.look != look {
            self.end(out);
            self.look = look;
        }
        self.lines.push(points);
    }

    /// Writes the lines: dashes along a straight line as one dashed line, the rest as one path.
    fn end(&mut self, out: &mut String) {
        let lines = std::mem::take(&mut self.lines);
        let mut rest: &[Vec<Point>] = &lines;
        let mut plain: Vec<&Vec<Point>> = Vec::new();
        while let Some((first, others)) = rest.split_first() {
            let dashes = Dashes::at_the_start_of(rest);
            if dashes.count < 4 {
                plain.push(first);
                rest = others;
                continue;
            }
            self.write(out, &[&vec![first[0], rest[dashes.count - 1][1]]], &dashes.pattern());
            rest = &rest[dashes.count..];
        }
        if !plain.is_empty() {
            self.write(out, &plain, "");
        }
    }

    fn write(&self, out: &mut String, lines: &[&Vec<Point>], dashes: &str) {
        let [stroke, width, opacity] = &self.look;
        let opacity = if opacity == "1" { String::new() } else { format!(" opacity=\"{opacity}\"") };
        let path = path(lines);
        let _ = writeln!(out, "<path stroke=\"{stroke}\" stroke-width=\"{width}\"{opacity}{dashes} d=\"{path}\"/>");
    }
}

/// Dashes of one length along a level or upright line, with gaps of one length.
struct Dashes {
    count: usize,
    dash: i32,
    gap: i32,
}

impl Dashes {
    fn at_the_start_of(lines: &[Vec<Point>]) -> Self {
        // Level lines grow in x, upright ones in y.
        let none = Self { count: 0, dash: 0, gap: 0 };
        let ([first, second, ..], [a, b]) = (lines, lines[0].as_slice()) else { return none };
        let along = usize::from(a[0] == b[0]);
        let (dash, gap) = (b[along] - a[along], second[0][along] - b[along]);
        if dash <= 0 || gap <= 0 || first[0][1 - along] != first[1][1 - along] {
            return none;
        }
        let step = |n: usize| a[along] + (dash + gap) * n as i32;
        let level = a[1 - along];
        let fits = |(n, line): (usize, &Vec<Point>)| match line.as_slice() {
            [from, to] => from[1 - along] == level && to[1 - along] == level && from[along] == step(n),
            _ => false,
        };
        let whole = |line: &Vec<Point>| line[1][along] - line[0][along] == dash;
        let mut count = 0;
        for (n, line) in lines.iter().enumerate() {
            if !fits((n, line)) || line[1][along] - line[0][along] > dash || line[1][along] <= line[0][along] {
                break;
            }
            count = n + 1;
            // Only the last may be shorter.
            if !whole(line) {
                break;
            }
        }
        Self { count, dash, gap }
    }

    fn pattern(&self) -> String {
        format!(" stroke-dasharray=\"{} {}\"", self.dash, self.gap)
    }
}

/// Lines as the data of a path, in distances, which are shorter than places; steps in one direction are one step.
fn path(lines: &[&Vec<Point>]) -> String {
    let mut data = String::new();
    let mut at = [0, 0];
    for line in lines {
        let corners = corners(line);
        for (n, point) in corners.iter().enumerate() {
            let [dx, dy] = [point[0] - at[0], point[1] - at[1]];
            let _ = match (n, dx, dy) {
                (0, ..) => write!(data, "m{dx} {dy}"),
                (_, dx, 0) => write!(data, "h{dx}"),
                (_, 0, dy) => write!(data, "v{dy}"),
                _ => write!(data, "l{dx} {dy}"),
            };
            at = *point;
        }
    }
    data
}

/// A line without the points that lie on the level or upright way from the one before to the one after.
fn corners(line: &[Point]) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::with_capacity(line.len());
    for point in line {
        if let [.., a, b] = corners.as_slice() {
            let on = |along: usize| {
                let level = a[1 - along] == b[1 - along] && b[1 - along] == point[1 - along];
                level && (b[along] - a[along]).signum() * (point[along] - b[along]).signum() >= 0
            };
            if on(0) || on(1) {
                corners.pop();
            }
        }
        corners.push(*point);
    }
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(svg: &str) -> String {
        let chart = Chart { name: "c".into(), title: "<T>".into(), svg: svg.into(), dates: None };
        inline(&chart, "f", "words & more")
    }

    fn polyline(points: &str) -> String {
        format!("<polyline fill=\"none\" opacity=\"1\" stroke=\"#555555\" stroke-width=\"5\" points=\"{points} \"/>\n")
    }

    #[test]
    fn dashes_become_a_dashed_line_and_other_lines_one_path() {
        let dashes: String =
            ["510,1620 528,1620", "546,1620 564,1620", "582,1620 600,1620", "618,1620 636,1620", "654,1620 660,1620"]
                .map(polyline)
                .concat();
        let svg = format!("<svg viewBox=\"0 0 1 1\">\n{dashes}{}</svg>", polyline("1,2 3,2 3,9 5,1"));
        let drawn = drawn(&svg);
        assert!(drawn.contains("stroke-dasharray=\"18 18\" d=\"m510 1620h150\"/>"), "{drawn}");
        assert!(drawn.contains("stroke-width=\"5\" d=\"m1 2h2v7l2 -8\"/>"), "{drawn}");
    }

    #[test]
    fn areas_become_paths_and_points_on_the_way_are_left_out() {
        let area = "<polygon opacity=\"0.3\" fill=\"#0072B2\" points=\"1,2 3,2 5,2 5,4 5,4 5,3 1,3 \"/>";
        let drawn = drawn(&format!("<svg viewBox=\"0 0 1 1\">\n{area}\n</svg>"));
        assert!(
            drawn.contains("<path class=\"a\" fill=\"#0072B2\" opacity=\"0.3\" d=\"m1 2h4v2v-1h-4z\"/>"),
            "{drawn}"
        );
    }

    #[test]
    fn texts_keep_their_base_line_and_their_letters() {
        let text = "<text x=\"1\" y=\"100\" dy=\"0.76em\" text-anchor=\"start\" font-family=\"DejaVu Sans, Verdana, sans-serif\" \
                    font-size=\"50\" opacity=\"1\" fill=\"#555555\">a opacity=\"1\" b</text>";
        let drawn = drawn(&format!("<svg viewBox=\"0 0 1 1\">\n{text}\n</svg>"));
        assert!(
            drawn.contains("<text x=\"1\" y=\"138\" font-size=\"50\" class=\"g\">a opacity=\"1\" b</text>"),
            "{drawn}"
        );
    }

    #[test]
    fn the_words_are_escaped() {
        let drawn = drawn("<svg viewBox=\"0 0 1 1\">\n<title>x</title>\n</svg>");
        assert!(drawn.contains("<title id=\"f-title\">&lt;T&gt;</title><desc id=\"f-words\">words &amp; more</desc>"));
    }
}
