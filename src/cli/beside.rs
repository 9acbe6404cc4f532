//! The analyses that stand beside a comparison in a brief and in a report: what going together adds, what drives the
//! plan, its gate, what news would do, the scenario's what-ifs. Each is what its own command finds, with less effort,
//! because each takes many runs.

use std::path::Path;

use super::Failure;
use super::drivers::Drivers;
use super::effort::Effort;
use super::gate::Gate;
use super::input::Input;
use super::together::Together;
use super::what_if::WhatIf;
use crate::analysis::condition::Condition;
use crate::analysis::given::{GivenError, GivenOutlook, given};
use crate::analysis::together::{MOST_TOGETHER, groups};
use crate::analysis::{self, BriefSources, Comparison, WhatIfs};
use crate::program::Program;
use crate::scenario::document::WrittenNumber;
use crate::scenario::file::ScenarioFile;
use crate::simulate::Options;

/// Fewest iterations that drivers can be told from.
const FEWEST_FOR_DRIVERS: u64 = 512;

/// Most iterations to run for news that is rare.
const MOST_FOR_NEWS: u64 = 2_000_000;

/// What the analyses found.
pub(super) struct Beside {
    numbers: Vec<WrittenNumber>,
    together: Option<analysis::together::Together>,
    drivers: Option<analysis::drivers::Drivers>,
    gate: Option<(analysis::gate::GateReport, analysis::outlook::Outlook)>,
    news: Option<GivenOutlook>,
    what_ifs: Option<WhatIfs>,
    iterations: u64,
}

impl Beside {
    /// Runs the analyses of a plan that has releases.
    pub(super) fn of(path: &Path, input: &Input, program: &Program, effort: &Effort) -> Result<Self, Failure> {
        let about = input.document.scenario()?.scenario;
        let effort = effort.lighter(&about);
        let register = program.register();
        let plan = &register.plan;
        let groups = groups(register);
        let together = !groups.is_empty() && groups.iter().all(|g| g.releases.len() <= MOST_TOGETHER);
        let has_gate = register.criteria.iter().any(|c| c.releases != 0);
        let has_what_ifs = !input.document.what_if_ids().is_empty();
        let iterations = effort.iterations(&about);
        let news = match analysis::news_before_gate(register) {
            Some(news) => news_of(program, &news, effort.options(iterations))?,
            None => None,
        };
        Ok(Self {
            numbers: input.document.numbers(),
            together: together.then(|| Together::of(path, plan, effort.clone()).found()).transpose()?,
            drivers: (iterations >= FEWEST_FOR_DRIVERS)
                .then(|| Drivers::of(path, plan, &input.plans, effort.clone()).found())
                .transpose()?,
            gate: has_gate.then(|| Gate::of(path, plan, effort.clone()).found()).transpose()?,
            news,
            what_ifs: has_what_ifs.then(|| WhatIf::of(path, effort.clone()).found()).transpose()?.map(|found| found.1),
            iterations,
        })
    }

    /// What a report shows of it, beside the brief.
    #[cfg(feature = "report")]
    pub(super) fn parts(&self) -> crate::report::Parts<'_> {
        crate::report::Parts {
            brief: None,
            drivers: self.drivers.as_ref(),
            together: self.together.as_ref(),
            gate: self.gate.as_ref().map(|(report, outlook)| (report, outlook)),
        }
    }

    /// Everything that a brief is made of.
    pub(super) fn sources<'a>(
        &'a self,
        file: &'a ScenarioFile,
        program: &'a Program,
        comparison: &'a Comparison,
    ) -> BriefSources<'a> {
        BriefSources {
            file,
            numbers: &self.numbers,
            register: program.register(),
            comparison,
            together: self.together.as_ref(),
            drivers: self.drivers.as_ref(),
            gate: self.gate.as_ref().map(|(report, _)| report),
            news: self.news.as_ref(),
            what_ifs: self.what_ifs.as_ref(),
            iterations_beside: self.iterations,
        }
    }
}

/// The outlook given news; nothing where the news is too rare to tell.
fn news_of(program: &Program, news: &str, options: Options) -> Result<Option<GivenOutlook>, Failure> {
    let news = Condition::parse(news, program).map_err(|problem| Failure::failed(problem.to_string()))?;
    match given(program, &news, options, MOST_FOR_NEWS, &|_| {}) {
        Ok(outlook) => Ok(Some(outlook)),
        Err(GivenError::Threads(problem)) => Err(Failure::failed(problem.to_string())),
        Err(_) => Ok(None),
    }
}
