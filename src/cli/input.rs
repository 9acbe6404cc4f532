//! What every subcommand does with its scenario file, and how it fails.

use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::diagnostic::{Diagnostics, Severity};
use crate::register::Register;
use crate::scenario::{BASE_PLAN, Change, Document, Variant};

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// The scenario is wrong: exit code 2.
    Input(Diagnostics),
    /// The arguments are wrong: exit code 2.
    Usage(String),
    /// Something else went wrong: exit code 1.
    Failed(String),
}

impl Failure {
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }

    /// 2 for bad input or usage, 1 for anything else.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Input(_) | Self::Usage(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::from(1),
        }
    }

    /// Tells standard error.
    pub fn report(&self) {
        match self {
            Self::Input(findings) => {
                tell(findings);
                let errors = findings.count(Severity::Error);
                note(&format!("{errors} error{}: nothing was run or written", if errors == 1 { "" } else { "s" }));
            }
            Self::Usage(message) | Self::Failed(message) => note(&format!("error: {message}")),
        }
    }
}

impl From<Diagnostics> for Failure {
    fn from(findings: Diagnostics) -> Self {
        Self::Input(findings)
    }
}

/// Writes a line to standard error; if nobody listens there is nobody to tell.
pub(super) fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Most bytes of findings that are told when there are errors among them; nobody mends more at a time.
const MOST_TOLD: usize = 16_000;

/// As many findings as are told: all of them; or, when that is too much, errors from the first on.
fn told(findings: &Diagnostics) -> (Diagnostics, usize) {
    let all: usize = findings.iter().map(|d| d.to_string().len() + 1).sum();
    if !findings.has_errors() || all <= MOST_TOLD {
        return (findings.clone(), 0);
    }
    let mut told = Diagnostics::new();
    let mut bytes = 0;
    for error in findings.in_order().into_iter().filter(|d| d.is_error()) {
        bytes += error.to_string().len() + 1;
        if bytes > MOST_TOLD && !told.is_empty() {
            break;
        }
        told.push(error.clone());
    }
    let left = findings.count(Severity::Error) - told.len();
    (told, left)
}

/// Tells findings on standard error: annotated on a terminal, a line each elsewhere.
pub(super) fn tell(findings: &Diagnostics) {
    let (findings, left) = told(findings);
    let terminal = std::io::stderr().is_terminal();
    let text = if terminal {
        let colour = std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        findings.render(colour, 100)
    } else {
        findings.in_order().iter().map(|d| format!("{d}\n")).collect()
    };
    let _ = std::io::stderr().write_all(text.as_bytes());
    if left > 0 {
        note(&format!("… and {left} more error{}, not shown: mend these first", if left == 1 { "" } else { "s" }));
    }
}

/// A scenario read from disk, and the plans that are asked for.
pub(super) struct Input {
    pub(super) document: Document,
    pub(super) plans: Vec<String>,
}

impl Input {
    /// Reads a scenario; `plans` empty means all of them.
    pub(super) fn read(path: &Path, plans: &[String]) -> Result<Self, Failure> {
        let document = Document::load(path)?;
        let known = document.plan_ids();
        if plans.is_empty() {
            let plans = if known.is_empty() { vec![BASE_PLAN.to_owned()] } else { known };
            return Ok(Self { document, plans });
        }
        for plan in plans {
            let base = known.is_empty() && plan == BASE_PLAN;
            if !base && !known.contains(plan) {
                // What else is wrong with the file matters more than the plan asked for.
                document.scenario()?;
                let known = if known.is_empty() { BASE_PLAN.to_owned() } else { known.join(", ") };
                return Err(Failure::Usage(format!("there is no plan `{plan}`; the plans are {known}")));
            }
        }
        Ok(Self { document, plans: plans.to_vec() })
    }

    /// The registers of the plans, and warnings; or everything that is wrong with the scenario
    /// (with these plans, if not all are asked for).
    pub(super) fn registers(&self) -> Result<(Vec<Register>, Diagnostics), Failure> {
        let mut findings = Findings::default();
        let mut registers = Vec::new();
        for plan in &self.plans {
            registers.extend(self.resolved(self.decided(plan), None, &mut findings));
        }
        if self.plans.len() >= self.document.plan_ids().len() {
            self.what_ifs(&mut findings);
        }
        if findings.all.has_errors() { Err(Failure::Input(findings.all)) } else { Ok((registers, findings.all)) }
    }

    /// All findings about the scenario: every plan and every what-if.
    pub(super) fn all_findings(&self) -> Diagnostics {
        let mut findings = Findings::default();
        for plan in &self.plans {
            self.resolved(self.decided(plan), None, &mut findings);
        }
        self.what_ifs(&mut findings);
        findings.all
    }

    fn what_ifs(&self, findings: &mut Findings) {
        for what_if in self.document.what_if_ids() {
            match self.document.plan_of_what_if(&what_if) {
                Ok(plan) => {
                    self.resolved(plan.as_deref(), Some(&what_if), findings);
                }
                Err(found) => findings.add(found),
            }
        }
    }

    /// A plan by its id, unless it only stands for a scenario without plans.
    fn decided<'p>(&self, plan: &'p str) -> Option<&'p str> {
        (!self.document.plan_ids().is_empty()).then_some(plan)
    }

    fn resolved(&self, plan: Option<&str>, what_if: Option<&str>, findings: &mut Findings) -> Option<Register> {
        let variant = Variant { what_if: what_if.map(str::to_owned), ..Variant::plan(plan) };
        let (register, found) = self.document.attempt_register(&variant);
        findings.add(found);
        register
    }

    /// The plan of an id as a variant to build on.
    pub(super) fn variant(&self, plan: &str) -> Variant {
        Variant::plan(self.decided(plan))
    }

    /// The registers of variants, in their order; or everything that is wrong with any of them.
    pub(super) fn variants(&self, variants: &[Variant]) -> Result<Vec<Register>, Failure> {
        let mut findings = Findings::default();
        let mut registers = Vec::new();
        for variant in variants {
            let (register, found) = self.document.attempt_register(variant);
            findings.add(found);
            registers.extend(register);
        }
        if findings.all.has_errors() { Err(Failure::Input(findings.all)) } else { Ok(registers) }
    }

    /// A change from the command line, `path = value`; a factor if `scale`.
    pub(super) fn change(&mut self, option: &str, text: &str, scale: bool) -> Result<Change, Failure> {
        Ok(self.document.change_from_text(option, text, scale)?)
    }
}

/// Findings of several plans, each told once.
#[derive(Default)]
struct Findings {
    all: Diagnostics,
    seen: HashSet<String>,
}

impl Findings {
    fn add(&mut self, findings: Diagnostics) {
        for finding in findings {
            if self.seen.insert(finding.to_string()) {
                self.all.push(finding);
            }
        }
    }
}
