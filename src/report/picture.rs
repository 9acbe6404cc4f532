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
                "<svg class=\"chart\" viewBox=\"{view}\" role=\"img\" aria-labelledby=\"{id}-title {id}-words\">\
                 <title id=\"{id}-title\">{}</title><desc id=\"{id}-words\">{}</desc>",
                escape(&chart.title),
                escape(alternative)
            );
        } else if line.starts_with("<title>") || line.starts_with("<desc>") {
            // Said above, with names.
        } else if line == "</svg>" {
            if let Some(dates) = &chart.dates {
                let [top, base] = dates.plot;
                let _ = writeln!(out, "<line class=\"cursor\" x1=\"0\" x2=\"0\" y1=\"{top}\" y2=\"{base}\"/>");
            }
            out.push_str("</svg>");
        } else {
            let said = [" opacity=\"1\"", " text-anchor=\"start\"", " stroke=\"none\"", " stroke-width=\"0\"", FONT];
            out.push_str(&said.iter().fold(line.to_owned(), |line, said| line.replacen(said, "", 1)));
            out.push('\n');
        }
    }
    out
}

/// How charts name their font.
const FONT: &str = " font-family=\"DejaVu Sans, Verdana, sans-serif\"";

/// Points and look of an open line.
fn polyline(line: &str) -> Option<(&str, [&str; 3])> {
    if !line.starts_with("<polyline fill=\"none\" ") {
        return None;
    }
    let get = |name| attribute(line, name);
    Some((get("points")?.trim_end(), [get("stroke")?, get("stroke-width")?, get("opacity")?]))
}

/// The value of an attribute; its text has no quotes, because they are escaped.
fn attribute<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let start = line.find(&format!(" {name}=\""))? + name.len() + 3;
    line[start..].split('"').next()
}

/// Lines of one look that follow each other.
#[derive(Default)]
struct Strokes {
    path: String,
    look: [String; 3],
    /// Where the pen is.
    at: [i32; 2],
}

impl Strokes {
    fn add(&mut self, out: &mut String, points: &str, look: [&str; 3]) {
        if self.look != look {
            self.end(out);
            self.look = look.map(str::to_owned);
        }
        // Distances are shorter than places; the first is from the origin.
        self.path.push('m');
        for (n, point) in points.split(' ').enumerate() {
            let (x, y) = point.split_once(',').unwrap_or((point, "0"));
            let place = [x, y].map(|part| part.parse().unwrap_or(0));
            let [dx, dy] = [place[0] - self.at[0], place[1] - self.at[1]];
            let space = if n > 0 && dx >= 0 { " " } else { "" };
            let _ = if dy < 0 { write!(self.path, "{space}{dx}{dy}") } else { write!(self.path, "{space}{dx},{dy}") };
            self.at = place;
        }
    }

    fn end(&mut self, out: &mut String) {
        if self.path.is_empty() {
            return;
        }
        let [stroke, width, opacity] = &self.look;
        let opacity = if opacity == "1" { String::new() } else { format!(" opacity=\"{opacity}\"") };
        let _ = writeln!(
            out,
            "<path fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width}\"{opacity} d=\"{}\"/>",
            self.path
        );
        self.path.clear();
        self.at = [0, 0];
    }
}
