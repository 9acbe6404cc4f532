//! What can be wrong with the parameters of a distribution.
//!
//! Comes in: named numbers and the rules they must keep. Goes out: every rule broken, not only the first.

use std::fmt;

/// One parameter that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterError {
    /// Name of the parameter, as in the constructor's documentation.
    pub parameter: &'static str,
    /// What is wrong, with the value given.
    pub problem: String,
    /// The values that are allowed.
    pub allowed: String,
    /// What to write instead; absent when nothing better than the allowed range can be said.
    pub hint: Option<String>,
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; allowed: {}", self.parameter, self.problem, self.allowed)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ParameterError {}

/// Collects the errors of one constructor.
#[derive(Default)]
pub(super) struct Parameters {
    errors: Vec<ParameterError>,
}

/// Hint where a spread of zero was asked for.
pub(super) const WRITE_A_CONSTANT: &str = "for a value without uncertainty write a constant";

/// Greatest size of a parameter: its square must be finite.
pub(super) const LARGEST_VALUE: f64 = 1e100;

/// Why a number is refused for its size.
fn not_usable(value: f64) -> String {
    if value.is_finite() { format!("{value:e} is out of range") } else { format!("{value} is not a finite number") }
}

impl Parameters {
    pub fn new() -> Self {
        Parameters::default()
    }

    /// Records an error.
    pub fn refuse(&mut self, parameter: &'static str, problem: String, allowed: &str, hint: Option<&str>) {
        let (allowed, hint) = (allowed.to_owned(), hint.map(str::to_owned));
        self.errors.push(ParameterError { parameter, problem, allowed, hint });
    }

    /// Any number up to 10¹⁰⁰ in size.
    pub fn finite(&mut self, parameter: &'static str, value: f64) -> bool {
        let good = value.abs() <= LARGEST_VALUE;
        if !good {
            self.refuse(parameter, not_usable(value), &format!("−{LARGEST_VALUE:e} to {LARGEST_VALUE:e}"), None);
        }
        good
    }

    /// A finite number in [low, high].
    pub fn within(&mut self, parameter: &'static str, value: f64, low: f64, high: f64) -> bool {
        let good = value >= low && value <= high;
        if !good {
            self.refuse(parameter, format!("{value} is out of range"), &format!("{low} to {high}"), None);
        }
        good
    }

    /// A number above zero, in 10⁻¹⁰⁰ to 10¹⁰⁰.
    pub fn positive(&mut self, parameter: &'static str, value: f64, hint: Option<&str>) -> bool {
        let (least, most) = (1.0 / LARGEST_VALUE, LARGEST_VALUE);
        let good = value >= least && value <= most;
        if !good {
            let problem = if value <= 0.0 { format!("{value} is not above zero") } else { not_usable(value) };
            self.refuse(parameter, problem, &format!("above zero ({least:e} to {most:e})"), hint);
        }
        good
    }

    /// Two finite ends of a range, the first below the second.
    pub fn range(&mut self, low_name: &'static str, low: f64, high_name: &'static str, high: f64) -> bool {
        let finite = self.finite(low_name, low) & self.finite(high_name, high);
        if !finite {
            return false;
        }
        let allowed = format!("less than {high_name} ({high})");
        if low == high {
            let problem = format!("{low} equals {high_name}");
            self.refuse(low_name, problem, &allowed, Some(WRITE_A_CONSTANT));
        } else if low > high {
            let problem = format!("{low} is greater than {high_name}");
            self.refuse(low_name, problem, &allowed, Some("the two may have been exchanged"));
        }
        low < high
    }

    /// The mode of a family on [min, max]: the three checked together.
    pub fn three_points(&mut self, min: f64, mode: f64, max: f64) {
        let finite = self.finite("mode", mode);
        if self.range("min", min, "max", max) && finite && !(min..=max).contains(&mode) {
            let problem = format!("{mode} lies outside min ({min}) to max ({max})");
            self.refuse("mode", problem, &format!("{min} to {max}"), None);
        }
    }

    /// The errors, if any.
    pub fn finish(self) -> Result<(), Vec<ParameterError>> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }
}
