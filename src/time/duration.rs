//! Durations as written: `"5 days"`, `"3 working days"`, `"2 weeks"`, `"4 hours"`.

use std::fmt;

/// What a duration counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Hours of 1/24 day.
    Hours,
    /// Calendar days.
    Days,
    /// Calendar weeks.
    Weeks,
    /// Working days of a calendar: the named one, or the one in force where the duration stands.
    WorkingDays(Option<String>),
}

/// A duration with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Duration {
    /// How many of the unit.
    pub amount: f64,
    /// The unit.
    pub unit: Unit,
}

/// Why a text is not a duration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DurationError {
    /// There is a number but no unit.
    NoUnit,
    /// The unit is not one of those allowed.
    UnknownUnit(String),
    /// It does not begin with a number.
    NotANumber,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoUnit => write!(f, "a duration says its unit"),
            Self::UnknownUnit(unit) => write!(f, "`{unit}` is not a unit of time"),
            Self::NotANumber => write!(f, "a duration begins with a number"),
        }
    }
}

impl Unit {
    /// What may stand as a unit.
    pub const ALLOWED: &'static str =
        "hours, days, calendar days, weeks, working days, or working days of a calendar's id";

    /// Reads a unit; singular and plural are the same.
    ///
    /// # Errors
    /// [`DurationError::UnknownUnit`] with the text.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["hour" | "hours"] => Ok(Self::Hours),
            ["day" | "days"] | ["calendar", "day" | "days"] => Ok(Self::Days),
            ["week" | "weeks"] => Ok(Self::Weeks),
            ["working", "day" | "days"] => Ok(Self::WorkingDays(None)),
            ["working", "day" | "days", "of", calendar] => Ok(Self::WorkingDays(Some((*calendar).to_owned()))),
            _ => Err(DurationError::UnknownUnit(text.trim().to_owned())),
        }
    }

    /// Days in one of this unit; working days count as themselves.
    pub fn days(&self) -> f64 {
        match self {
            Self::Hours => 1.0 / 24.0,
            Self::Days | Self::WorkingDays(_) => 1.0,
            Self::Weeks => 7.0,
        }
    }
}

impl Duration {
    /// Reads a duration.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        let text = text.trim();
        let split = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let amount: f64 = number.parse().map_err(|_| DurationError::NotANumber)?;
        if unit.trim().is_empty() {
            return Err(DurationError::NoUnit);
        }
        Ok(Self { amount, unit: Unit::parse(unit)? })
    }

    /// Whether a text is meant as a duration rather than as a name: it begins with a digit or a sign.
    pub fn is_meant(text: &str) -> bool {
        text.trim_start().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))
    }

    /// The same in days; working days count as themselves.
    pub fn days(&self) -> f64 {
        self.amount * self.unit.days()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_analysts_write() {
        let days = |text| Duration::parse(text).map(|d| d.days());
        assert_eq!(days("5 days"), Ok(5.0));
        assert_eq!(days(" 1 day"), Ok(1.0));
        assert_eq!(days("2 weeks"), Ok(14.0));
        assert_eq!(days("-1.5 days"), Ok(-1.5));
        assert_eq!(days("6 hours"), Ok(0.25));
        let working = Duration::parse("3 working days of uk").unwrap();
        assert_eq!(working.unit, Unit::WorkingDays(Some("uk".to_owned())));
    }

    #[test]
    fn says_what_is_missing() {
        assert_eq!(Duration::parse("5"), Err(DurationError::NoUnit));
        assert_eq!(Duration::parse("5 dayz"), Err(DurationError::UnknownUnit("dayz".to_owned())));
        assert_eq!(Duration::parse("soon"), Err(DurationError::NotANumber));
        assert_eq!(Duration::parse("1.2.3 days"), Err(DurationError::NotANumber));
    }
}
