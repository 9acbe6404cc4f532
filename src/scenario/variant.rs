//! One way to run a scenario: under a plan, a what-if, a choice of responses, and changes from elsewhere.
//!
//! In: a [`Document`]. Out: the [`Register`] of the variant, with every finding about it. Whatever a command compares
//! (plans, what-ifs, subsets of releases, values of one input) is a variant; draws keep their addresses, so that
//! variants are compared on common random numbers.

use super::document::{Change, Document, Responses};
use super::resolve::{BASE_PLAN, resolve};
use crate::diagnostic::Diagnostics;
use crate::register::Register;

/// One way to run a scenario.
#[derive(Debug, Clone, Default)]
pub struct Variant {
    /// Id of the plan; `None` in a scenario without plans.
    pub plan: Option<String>,
    /// Id of the what-if, if any.
    pub what_if: Option<String>,
    /// Which responses count as taken.
    pub responses: Responses,
    /// Layers of changes made after those of plan and what-if; within a layer no two concern the same place. A change of
    /// `responses.ID.taken` brings what the response changes with it, whatever `responses` says.
    pub changes: Vec<Vec<Change>>,
}

impl Variant {
    /// A plan as it stands.
    pub fn plan(plan: Option<&str>) -> Self {
        Self { plan: plan.map(str::to_owned), ..Self::default() }
    }

    /// The same with one more layer of changes.
    #[must_use]
    pub fn with(mut self, changes: Vec<Change>) -> Self {
        self.changes.push(changes);
        self
    }
}

impl Document {
    /// The register of a variant, and warnings.
    ///
    /// # Errors
    /// Everything that is wrong with it, located.
    pub fn register(&self, variant: &Variant) -> Result<(Register, Diagnostics), Diagnostics> {
        let (register, findings) = self.attempt_register(variant);
        match register {
            Some(register) if !findings.has_errors() => Ok((register, findings)),
            _ => Err(findings),
        }
    }

    /// The same as far as it goes: the register if nothing is wrong, and all findings.
    pub fn attempt_register(&self, variant: &Variant) -> (Option<Register>, Diagnostics) {
        let (document, mut findings) = match self.attempt_variant(variant) {
            Ok(attempt) => attempt,
            Err(found) => return (None, found),
        };
        let changed = !findings.has_errors();
        findings.extend(document.findings().clone());
        let file = match document.scenario() {
            Ok(file) => file,
            Err(found) => {
                findings.extend(found);
                return (None, findings);
            }
        };
        let plan = variant.plan.as_deref().unwrap_or(BASE_PLAN);
        let (register, mut found) = match resolve(&file, plan, document.folder()) {
            Ok((register, warnings)) => (changed.then_some(register), warnings),
            Err(errors) => (None, errors),
        };
        document.locate(&mut found);
        findings.extend(found);
        (register, findings)
    }

    /// The document as it stands under a variant.
    ///
    /// # Errors
    /// An unknown plan or what-if, or changes that cannot be made.
    pub fn under(&self, variant: &Variant) -> Result<Document, Diagnostics> {
        let (document, findings) = self.attempt_variant(variant)?;
        findings.or_value(document)
    }

    fn attempt_variant(&self, variant: &Variant) -> Result<(Document, Diagnostics), Diagnostics> {
        let (plan, what_if) = (variant.plan.as_deref(), variant.what_if.as_deref());
        self.attempt_changed(plan, what_if, variant.responses, &variant.changes)
    }
}
