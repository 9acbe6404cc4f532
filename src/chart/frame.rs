//! What every chart has: a headline that states the finding, what it is about, and the footer that
//! says where the numbers come from.

use jiff::civil::Date;

use super::ChartError;
use super::canvas::{Canvas, Text};
use super::font::{clean, wrap};
use super::theme::{BODY, GREY, HEADLINE, MARGIN, SMALL, WIDTH};
use crate::analysis::outlook::{BasisCount, InputWorlds, Outlook, PlanOutlook};
use crate::analysis::wording;
use crate::random::Sampler;

/// Room for text between the margins.
const ROOM: i32 = WIDTH - 2 * MARGIN;

/// A chart in the making.
pub struct Frame {
    /// The drawing.
    pub canvas: Canvas,
    /// Where the next thing may begin, below all text so far.
    pub y: i32,
    headline: String,
}

impl Frame {
    /// Starts a chart with its headline and the lines that say what it shows.
    pub fn new(headline: String, about: &[String]) -> Self {
        let mut frame = Self { canvas: Canvas::default(), y: MARGIN - 20, headline };
        let lines = wrap(&frame.headline, HEADLINE, true, ROOM, 4);
        frame.lines(&lines, |t| Text::new(t, HEADLINE).bold());
        frame.y += 24;
        for text in about {
            let lines = wrap(text, BODY, false, ROOM, 3);
            frame.lines(&lines, |t| Text::new(t, BODY).colour(GREY));
        }
        frame
    }

    /// Ends a chart of one plan with its footer; returns headline and SVG.
    pub fn finish(self, outlook: &Outlook, plan: &PlanOutlook, note: &str) -> Result<(String, String), ChartError> {
        self.finish_about(outlook, &format!("plan {}", clean(&plan.id)), note)
    }

    /// Ends a chart with its footer, told what it is of (`10 plans`); returns headline and SVG.
    pub fn finish_about(self, outlook: &Outlook, of: &str, note: &str) -> Result<(String, String), ChartError> {
        let source = Source {
            scenario: &outlook.scenario,
            of,
            seed: outlook.seed,
            iterations: outlook.iterations,
            points: outlook.sampler.zip(outlook.replicates),
            inputs: outlook.inputs,
            basis: Some(outlook.basis),
        };
        self.finish_from(source, note)
    }

    /// The same for what comes from something other than an outlook.
    pub fn finish_from(mut self, source: Source<'_>, note: &str) -> Result<(String, String), ChartError> {
        self.y += 30;
        let basis = source.basis.map_or_else(String::new, basis);
        let inputs = source.inputs.map_or_else(String::new, |inputs| {
            let [worlds, each] = [inputs.worlds, inputs.iterations_in_a_world].map(wording::count);
            format!(" · {worlds} worlds of {each} iterations")
        });
        let points = source
            .points
            .map_or_else(String::new, |(sampler, replicates)| format!(": {}", wording::points(sampler, replicates)));
        let run = format!(
            "Scenario {} · {} · seed {} · {} iterations{points}{inputs} · golive {}",
            clean(source.scenario),
            clean(source.of),
            source.seed,
            wording::count(source.iterations),
            env!("CARGO_PKG_VERSION")
        );
        self.close(&[note, &basis, &run])
    }

    /// Ends a chart with the lines of its footer; returns headline and SVG.
    pub fn close(mut self, footer: &[&str]) -> Result<(String, String), ChartError> {
        self.y += 30;
        for text in footer {
            let lines = wrap(text, SMALL, false, ROOM, 3);
            self.lines(&lines, |t| Text::new(t, SMALL).colour(GREY));
        }
        let description = footer.join(" ");
        let headline = self.headline.replace('\u{a0}', " ");
        let svg = self.canvas.finish(self.y + MARGIN - 30, &headline, &description)?;
        Ok((headline, svg))
    }

    fn lines(&mut self, lines: &[String], look: impl Fn(&str) -> Text) {
        for line in lines {
            let text = look(line);
            self.y += text.size * 14 / 10;
            self.canvas.text((MARGIN, self.y - text.size / 4), text);
        }
    }
}

/// Where the numbers of a chart come from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Id of the scenario.
    pub scenario: &'a str,
    /// What the chart is of: `plan P1`, `10 plans`.
    pub of: &'a str,
    /// Seed of the run.
    pub seed: u64,
    /// Iterations of each run.
    pub iterations: u64,
    /// How they were placed and in how many replicates, unless at random.
    pub points: Option<(Sampler, u32)>,
    /// What input intervals come from, if any are shown.
    pub inputs: Option<InputWorlds>,
    /// What the uncertain numbers rest on, where the chart does not say it itself.
    pub basis: Option<BasisCount>,
}

/// A date for a headline, which breaks into lines beside it, never in it.
pub fn unbroken(date: Date) -> String {
    wording::date(date).replace(' ', "\u{a0}")
}

/// What the uncertain numbers rest on.
fn basis(b: BasisCount) -> String {
    let total = b.stated + b.derived + b.base_rate + b.assumed;
    if total == 0 {
        return "The scenario has no uncertain numbers.".to_owned();
    }
    format!(
        "Of {total} uncertain numbers {} are stated, {} derived, {} base rates and {} assumed.",
        b.stated, b.derived, b.base_rate, b.assumed
    )
}
