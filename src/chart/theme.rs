//! The look of every chart: sizes, colours and dashes, for print at 160 mm.
//!
//! Coordinates are tenths of a point, because plotters' are integers: 4536 of them are 160 mm.
//! Colours are Okabe and Ito's (2008, "Color Universal Design"), safe for colour-blind readers, and
//! never the only cue: every curve has its dash and its label, every bar its value.

use plotters::style::RGBColor;

/// Width of a chart, in tenths of a point: 160 mm.
pub const WIDTH: i32 = 4536;
/// Width of a chart on paper.
pub const WIDTH_MM: f64 = 160.0;
/// Space around a chart.
pub const MARGIN: i32 = 100;

/// Size of the headline.
pub const HEADLINE: i32 = 110;
/// Size of the line under the headline, and of labels that matter.
pub const BODY: i32 = 82;
/// Size of labels in the plot and on its axes.
pub const LABEL: i32 = 76;
/// Size of the footer: the smallest text, 6.8 points.
pub const SMALL: i32 = 68;

/// Text.
pub const INK: RGBColor = RGBColor(26, 26, 26);
/// Text of second rank; 7:1 against white.
pub const GREY: RGBColor = RGBColor(85, 85, 85);
/// Grid lines.
pub const GRID: RGBColor = RGBColor(222, 222, 222);
/// What is there anyway, behind figures.
pub const BAND: RGBColor = RGBColor(234, 234, 234);
/// Paper.
pub const PAPER: RGBColor = RGBColor(255, 255, 255);

/// Okabe–Ito blue: the target.
pub const BLUE: RGBColor = RGBColor(0, 114, 178);
/// Okabe–Ito sky blue: other dates.
pub const SKY: RGBColor = RGBColor(86, 180, 233);
/// Sky blue on paper: what the inputs allow.
pub const PALE: RGBColor = RGBColor(214, 235, 249);
/// Okabe–Ito vermilion: not live.
pub const VERMILION: RGBColor = RGBColor(213, 94, 0);
/// Okabe–Ito bluish green.
pub const GREEN: RGBColor = RGBColor(0, 158, 115);
/// Okabe–Ito reddish purple.
pub const PURPLE: RGBColor = RGBColor(204, 121, 167);
/// Okabe–Ito orange.
pub const ORANGE: RGBColor = RGBColor(230, 159, 0);

/// Dash pattern: lengths drawn and left out, in turn; empty is solid.
pub type Dash = &'static [i32];

/// A solid line.
pub const SOLID: Dash = &[];
/// Markers: targets and percentiles.
pub const MARKER: Dash = &[18, 18];

/// Colour and dash of the n-th curve of a chart; dashes and colours repeat at different periods.
pub fn curve_style(n: usize) -> (RGBColor, Dash) {
    const COLOURS: [RGBColor; 6] = [BLUE, VERMILION, GREEN, PURPLE, ORANGE, INK];
    const DASHES: [Dash; 5] = [SOLID, &[90, 40], &[24, 28], &[90, 30, 24, 30], &[45, 30]];
    (COLOURS[n % COLOURS.len()], DASHES[n % DASHES.len()])
}
