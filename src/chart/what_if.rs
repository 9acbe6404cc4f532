//! Charts of what-ifs and grids.
use super::{Chart, ChartError};
use crate::analysis::{Measure, WhatIfs};

/// Draws.
///
/// # Errors
/// None.
pub fn what_if_charts(_: &WhatIfs, _: &Measure) -> Result<Vec<Chart>, ChartError> {
    Ok(Vec::new())
}
