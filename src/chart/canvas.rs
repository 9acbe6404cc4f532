//! A drawing in tenths of a point: marks collected, then written as SVG by plotters.
//!
//! plotters' SVG backend escapes text, and leaves to us what print needs: a size in millimetres,
//! crisp rectangle edges, dashes, and a title for readers who hear rather than see.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontTransform, RGBColor, ShapeStyle, TextStyle};

use super::theme::{Dash, INK, PAPER, WIDTH, WIDTH_MM};
use super::{ChartError, font};

/// A point, x to the right and y down.
pub type Point = (i32, i32);

/// Which part of a text its point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// A text and its look.
#[derive(Debug, Clone)]
pub struct Text {
    pub text: String,
    pub size: i32,
    pub bold: bool,
    pub colour: RGBColor,
    pub anchor: Anchor,
    /// Runs upwards from its point.
    pub upright: bool,
}

impl Text {
    /// A text that starts at its point, in ink.
    pub fn new(text: impl Into<String>, size: i32) -> Self {
        Self { text: text.into(), size, bold: false, colour: INK, anchor: Anchor::Start, upright: false }
    }

    pub fn bold(mut self) -> Self {
        self.bold = true;
        self
    }

    pub fn colour(mut self, colour: RGBColor) -> Self {
        self.colour = colour;
        self
    }

    pub fn anchor(mut self, anchor: Anchor) -> Self {
        self.anchor = anchor;
        self
    }

    pub fn upright(mut self) -> Self {
        self.upright = true;
        self
    }

    /// Its length in the direction of reading.
    pub fn length(&self) -> i32 {
        font::width(&self.text, self.size, self.bold)
    }
}

enum Mark {
    Rect(Point, Point, RGBColor, f64),
    Path(Vec<Point>, RGBColor, u32),
    Area(Vec<Point>, RGBColor, f64),
    Solid(Vec<Point>, RGBColor),
    Dot(Point, i32, RGBColor),
    Text(Point, Text),
}

/// A drawing of fixed width, whose height is known when it is finished.
#[derive(Default)]
pub struct Canvas {
    marks: Vec<Mark>,
}

impl Canvas {
    /// A filled rectangle between two corners.
    pub fn rect(&mut self, a: Point, b: Point, colour: RGBColor) {
        self.marks.push(Mark::Rect(a, b, colour, 1.0));
    }

    /// A rectangle hatched with lines from corner to corner: a second cue beside colour.
    pub fn hatched(&mut self, a: Point, b: Point, colour: RGBColor) {
        self.marks.push(Mark::Rect(a, b, colour, 0.25));
        let (w, h) = (b.0 - a.0, b.1 - a.1);
        let mut offset = 45;
        while offset < w + h {
            let from = (a.0 + offset.min(w), a.1 + (offset - w).max(0));
            let to = (a.0 + (offset - h).max(0), a.1 + offset.min(h));
            self.path(vec![from, to], colour, 9);
            offset += 45;
        }
        self.path(vec![a, (b.0, a.1), b, (a.0, b.1), a], colour, 9);
    }

    /// A line through points.
    pub fn path(&mut self, points: Vec<Point>, colour: RGBColor, stroke: u32) {
        self.marks.push(Mark::Path(points, colour, stroke));
    }

    /// A line through points in dashes.
    pub fn dashed(&mut self, points: &[Point], colour: RGBColor, stroke: u32, dash: Dash) {
        for part in dashes(points, dash) {
            self.path(part, colour, stroke);
        }
    }

    /// A translucent area.
    pub fn area(&mut self, points: Vec<Point>, colour: RGBColor) {
        self.marks.push(Mark::Area(points, colour, 0.3));
    }

    /// A filled circle.
    pub fn dot(&mut self, centre: Point, radius: i32, colour: RGBColor) {
        self.marks.push(Mark::Dot(centre, radius, colour));
    }

    /// A filled square on its corner.
    pub fn diamond(&mut self, (x, y): Point, radius: i32, colour: RGBColor) {
        let corners = vec![(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)];
        self.marks.push(Mark::Solid(corners, colour));
    }

    /// A text whose baseline runs through `at`.
    pub fn text(&mut self, at: Point, text: Text) {
        if !text.text.is_empty() {
            self.marks.push(Mark::Text(at, text));
        }
    }

    /// A text on a small patch of paper, so that lines behind it do not strike it through.
    pub fn backed_text(&mut self, at: Point, text: Text) {
        let (length, up, down) = (text.length(), text.size * 8 / 10, text.size / 4);
        let shift = match text.anchor {
            Anchor::Start => 0,
            Anchor::Middle => length / 2,
            Anchor::End => length,
        };
        let (a, b) = if text.upright {
            ((at.0 - up, at.1 + shift - length), (at.0 + down, at.1 + shift))
        } else {
            ((at.0 - shift, at.1 - up), (at.0 - shift + length, at.1 + down))
        };
        self.rect((a.0 - 10, a.1 - 5), (b.0 + 10, b.1 + 5), PAPER);
        self.text(at, text);
    }

    /// Adds the marks of another drawing on top of these.
    pub fn append(&mut self, mut other: Self) {
        self.marks.append(&mut other.marks);
    }

    /// Writes the drawing as SVG of this height, with a title and a description.
    pub fn finish(self, height: i32, title: &str, description: &str) -> Result<String, ChartError> {
        let mut svg = String::new();
        let mut backend = SVGBackend::with_string(&mut svg, (WIDTH as u32, height as u32));
        let paper = filled(PAPER, 1.0);
        backend.draw_rect((0, 0), (WIDTH, height), &paper, true).map_err(drawing)?;
        for mark in self.marks {
            draw(&mut backend, mark)?;
        }
        backend.present().map_err(drawing)?;
        drop(backend);
        Ok(for_print(&svg, height, title, description))
    }
}

fn draw(backend: &mut SVGBackend<'_>, mark: Mark) -> Result<(), ChartError> {
    match mark {
        Mark::Rect(a, b, colour, opacity) => backend.draw_rect(a, b, &filled(colour, opacity), true),
        Mark::Path(points, colour, stroke) => {
            backend.draw_path(points, &ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: stroke })
        }
        Mark::Area(points, colour, opacity) => backend.fill_polygon(points, &filled(colour, opacity)),
        Mark::Solid(points, colour) => backend.fill_polygon(points, &filled(colour, 1.0)),
        Mark::Dot(centre, radius, colour) => backend.draw_circle(centre, radius as u32, &filled(colour, 1.0), true),
        Mark::Text(at, text) => return draw_text(backend, at, &text),
    }
    .map_err(drawing)
}

/// plotters writes `dy="0.76em"` for text hung from its top: take that back to set the baseline.
fn draw_text(backend: &mut SVGBackend<'_>, (x, y): Point, text: &Text) -> Result<(), ChartError> {
    let drop = text.size * 76 / 100;
    let h_pos = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    // plotters divides the size by 1.24 when it writes it.
    let mut font = font::font(f64::from(text.size) * 1.24, text.bold);
    let mut at = (x, y - drop);
    if text.upright {
        font = font.transform(FontTransform::Rotate270);
        at = (x - drop, y);
    }
    let style = TextStyle::from(font).color(&text.colour).pos(Pos::new(h_pos, VPos::Top));
    backend.draw_text(&text.text, &style, at).map_err(drawing)
}

/// Sets the size on paper, crisp edges and the words for screen readers, and joins each text's lines
/// (plotters puts its letters on a line of their own, which some viewers show as a space).
fn for_print(svg: &str, height: i32, title: &str, description: &str) -> String {
    let height_mm = WIDTH_MM * f64::from(height) / f64::from(WIDTH);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH_MM}mm\" height=\"{height_mm:.2}mm\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n<title>{}</title>\n<desc>{}</desc>\n",
        escape(title),
        escape(description)
    );
    let mut in_text = false;
    for line in svg.lines().skip(1) {
        if let Some(rest) = line.strip_prefix("<rect ") {
            out.push_str("<rect shape-rendering=\"crispEdges\" ");
            out.push_str(rest);
        } else {
            out.push_str(line);
        }
        in_text = line.starts_with("<text ") || (in_text && line != "</text>");
        if !in_text {
            out.push('\n');
        }
    }
    // The letters themselves are one line, and end before `</text>`.
    out
}

/// Text as XML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn filled(colour: RGBColor, opacity: f64) -> ShapeStyle {
    ShapeStyle { color: colour.mix(opacity), filled: true, stroke_width: 0 }
}

fn drawing(error: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing(error.to_string())
}

/// The dashes of a line; a dash bends with it.
fn dashes(points: &[Point], dash: Dash) -> Vec<Vec<Point>> {
    if dash.is_empty() {
        return vec![points.to_vec()];
    }
    let mut parts = Vec::new();
    let mut part: Vec<Point> = points.first().copied().into_iter().collect();
    let (mut index, mut left) = (0, f64::from(dash[0]));
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
        let length = (dx * dx + dy * dy).sqrt();
        let mut walked = 0.0;
        while length - walked > left {
            walked += left;
            let at = (from.0 + (dx * walked / length) as i32, from.1 + (dy * walked / length) as i32);
            part.push(at);
            if index % 2 == 0 {
                parts.push(std::mem::take(&mut part));
            }
            part = vec![at];
            index += 1;
            left = f64::from(dash[index % dash.len()]);
        }
        left -= length - walked;
        part.push(to);
    }
    if index % 2 == 0 && part.len() > 1 {
        parts.push(part);
    }
    parts
}
