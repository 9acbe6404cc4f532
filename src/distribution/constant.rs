//! A value without uncertainty.
//!
//! Comes in: the value. Goes out: the value.

use super::parameter::Parameters;
use super::{Checked, Family};

/// One value, certain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant {
    value: f64,
}

impl Constant {
    /// From any finite value.
    ///
    /// # Errors
    /// When `value` is not finite.
    pub fn new(value: f64) -> Checked<Self> {
        let mut parameters = Parameters::new();
        parameters.finite("value", value);
        parameters.finish()?;
        Ok(Constant { value })
    }
}

impl Family for Constant {
    fn quantile_of_tails(&self, _below: f64, _above: f64) -> f64 {
        self.value
    }

    fn cdf(&self, x: f64) -> f64 {
        if x >= self.value { 1.0 } else { 0.0 }
    }

    fn density(&self, x: f64) -> f64 {
        if x == self.value { 1.0 } else { 0.0 }
    }

    fn mean(&self) -> f64 {
        self.value
    }

    fn variance(&self) -> f64 {
        0.0
    }

    fn support(&self) -> (f64, f64) {
        (self.value, self.value)
    }

    fn is_discrete(&self) -> bool {
        true
    }
}
