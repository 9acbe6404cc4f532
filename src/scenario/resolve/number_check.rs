//! Whether a number can stand where it stands: its unit, its range, its basis.

use super::Resolver;
use super::quantity::{Resolved, Role};
use crate::diagnostic::Diagnostic;
use crate::register::{Basis, QuantityId};
use crate::scenario::file::{self, Estimate};
use crate::time::Unit;

impl Resolver<'_> {
    pub(super) fn check_unit(&mut self, (_, unit): &Resolved, path: &str, role: Role) -> Option<()> {
        match unit {
            None if role.is_time() => {
                self.error(
                    Diagnostic::error("duration-without-unit", "a duration says its unit")
                        .at(path)
                        .allowed(Unit::ALLOWED)
                        .hint("add `unit = \"days\"`"),
                );
                None
            }
            Some(_) if !role.is_time() => {
                self.error(
                    Diagnostic::error(
                        "unit-not-wanted",
                        format!("a duration stands where {} is meant", role.range().2),
                    )
                    .at(path)
                    .allowed("a number without a unit of time")
                    .hint("leave out the unit"),
                );
                None
            }
            Some(Unit::WorkingDays(_)) if role == Role::Time => {
                self.error(
                    Diagnostic::error("working-days-here", "working days cannot be counted here")
                        .at(path)
                        .allowed("hours, days or weeks")
                        .hint("say it in calendar days, or model it as an activity with a calendar"),
                );
                None
            }
            _ => Some(()),
        }
    }

    pub(super) fn check_range(&mut self, id: QuantityId, path: &str, role: Role) -> Option<()> {
        let (low, high, allowed) = role.range();
        let bounds = self.quantities[id].bounds;
        // Products of decimal numbers may overshoot by rounding.
        let slack = 1e-12;
        if bounds.low >= low - slack && bounds.high <= high + slack {
            let (largest, words) = role.largest();
            // Of a distribution without bounds the tail is not looked at.
            let too_large = |x: f64| x.is_finite() && x.abs() > largest + slack;
            if !too_large(bounds.low) && !too_large(bounds.high) {
                return Some(());
            }
            let found = if too_large(bounds.high) { bounds.high } else { bounds.low };
            self.error(
                Diagnostic::error("too-large-a-number", format!("{found} is larger than makes sense here"))
                    .at(path)
                    .allowed(format!("at most {words}")),
            );
            return None;
        }
        let found = if bounds.low == bounds.high {
            format!("{} is outside the range", bounds.low)
        } else {
            format!("values from {} to {} reach outside the range", bounds.low, bounds.high)
        };
        let exact = bounds.low == bounds.high;
        let hint = if role == Role::Probability && bounds.low >= 0.0 && bounds.high > 1.0 && bounds.high <= 100.0 {
            if exact {
                format!("for {} % write {}", bounds.high, bounds.high / 100.0)
            } else {
                "if it is in per cent, divide by 100".to_owned()
            }
        } else if exact {
            String::new()
        } else if bounds.low.is_infinite() || bounds.high.is_infinite() {
            "choose a distribution with bounds inside the range, such as truncated_normal, beta or pert".to_owned()
        } else {
            "choose bounds inside the range".to_owned()
        };
        let finding = Diagnostic::error("out-of-range", found).at(path).allowed(allowed);
        self.error(if hint.is_empty() { finding } else { finding.hint(hint) });
        None
    }

    /// Counts a number by its basis, with a warning where none is given.
    pub(super) fn attributed(&mut self, estimate: &Estimate, path: &str) {
        if estimate.basis.is_none() {
            self.unattributed(path);
            return;
        }
        if estimate.basis == Some(file::Basis::Derived) && estimate.derivation.is_none() && estimate.evidence.is_none()
        {
            self.problems.push(
                Diagnostic::warning("derived-without-derivation", "a derived number shows its arithmetic")
                    .at(path)
                    .hint("add `derivation = \"…\"`"),
            );
        }
        self.count(basis_of(estimate));
    }

    pub(super) fn count(&mut self, basis: Basis) {
        if self.in_force {
            match basis {
                Basis::Stated => self.basis.stated += 1,
                Basis::Derived => self.basis.derived += 1,
                Basis::BaseRate => self.basis.base_rate += 1,
                Basis::Assumed => self.basis.assumed += 1,
            }
        }
    }

    pub(super) fn unattributed(&mut self, path: &str) {
        if let Some(basis) = self.covered_by {
            self.count(basis);
            return;
        }
        if self.in_force && !path.ends_with(".times") {
            self.count(Basis::Assumed);
            self.problems.push(
                Diagnostic::warning("no-basis", "the number has no basis and counts as assumed")
                    .at(path)
                    .allowed("stated, derived, base-rate or assumed")
                    .hint("write it as `{ value = …, basis = \"…\", source = \"…\" }`"),
            );
        }
    }
}

pub(super) fn basis_of(estimate: &Estimate) -> Basis {
    basis_from(estimate.basis)
}

/// What is written as a basis; what has none counts as assumed.
pub(super) fn basis_from(basis: Option<file::Basis>) -> Basis {
    match basis {
        Some(file::Basis::Stated) => Basis::Stated,
        Some(file::Basis::Derived) => Basis::Derived,
        Some(file::Basis::BaseRate) => Basis::BaseRate,
        Some(file::Basis::Assumed) | None => Basis::Assumed,
    }
}
