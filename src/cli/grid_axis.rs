//! What `--grid` and `--scale-grid` say: a path, and the values to put there one after another.
//!
//! In: `risks.R11.probability=0.02,0.06,0.1`, or a range with its number of values: `estimates.x=1..2:5`,
//! `activities.build.duration=5..20 days:4`. Out: the path and each value as TOML.

use crate::time::Duration;

/// Most points of a grid.
pub(super) const MOST_POINTS: usize = 400;

/// One input of a grid.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GridAxis {
    /// Path of the input, as written.
    pub(super) path: String,
    /// Its values as TOML.
    pub(super) values: Vec<String>,
}

impl GridAxis {
    /// Reads an axis.
    ///
    /// # Errors
    /// What is wrong with it, and what is allowed.
    pub(super) fn parse(text: &str) -> Result<Self, (String, &'static str)> {
        const ALLOWED: &str =
            "a path, = and values: PATH=0.02,0.06,0.1 or PATH=1..2:5 (five values from 1 to 2) or PATH=5..20 days:4";
        let no_values = || (format!("`{text}` says no values"), ALLOWED);
        let (path, values) = split_path(text).ok_or_else(no_values)?;
        if path.is_empty() {
            return Err((format!("`{text}` says no path"), ALLOWED));
        }
        if values.is_empty() {
            return Err(no_values());
        }
        let values = match values.split_once("..") {
            Some((low, rest)) if !values.starts_with(['"', '\'', '[', '{']) => range(low.trim(), rest.trim())?,
            _ => list(values)?,
        };
        Ok(Self { path: path.to_owned(), values })
    }

    /// Its values as numbers (durations in days), where all of them are.
    pub(super) fn numbers(&self) -> Option<Vec<f64>> {
        let number = |value: &String| match value.parse::<f64>() {
            Ok(number) => Some(number),
            Err(_) => Duration::parse(value.trim_matches('"')).ok().map(|duration| duration.days()),
        };
        self.values.iter().map(number).collect()
    }

    /// Whether its values are durations with a unit.
    pub(super) fn is_time(&self) -> bool {
        self.values
            .iter()
            .all(|value| value.parse::<f64>().is_err() && Duration::parse(value.trim_matches('"')).is_ok())
    }
}

/// The parts before and after the first `=` that stands in no quotes.
fn split_path(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '=') => return Some((text[..at].trim(), text[at + 1..].trim())),
            _ => {}
        }
    }
    None
}

/// Values from `low` to what the rest says, both included.
fn range(low: &str, rest: &str) -> Result<Vec<String>, (String, &'static str)> {
    const ALLOWED: &str = "LOW..HIGH:N, as in 1..2:5: N values from LOW to HIGH, both included";
    let wrong = |what: String| Err((what, ALLOWED));
    let Some((high, count)) = rest.rsplit_once(':') else {
        return wrong(format!("the range `{low}..{rest}` does not say how many values"));
    };
    let (high, count) = (high.trim(), count.trim());
    let end =
        high.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'))).unwrap_or(high.len());
    let (high, unit) = (high[..end].trim(), high[end..].trim());
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let (Some(first), Some(last)) = (number(low), number(high)) else {
        let bad = if number(low).is_none() { low } else { high };
        return wrong(format!("`{bad}` is not a number"));
    };
    let count = match count.parse::<usize>() {
        Ok(count) if count >= 2 => count,
        _ => return wrong(format!("`{count}` is not a number of values: at least 2")),
    };
    if first >= last {
        return wrong(format!("the range begins at {first} and ends at {last}: there is nothing between"));
    }
    // Beyond the most points of any grid the number alone is wanted.
    let count = count.min(MOST_POINTS + 1);
    let value = |k: usize| {
        let value = match k {
            0 => first,
            k if k + 1 == count => last,
            k => first + (last - first) * (k as f64 / (count - 1) as f64),
        };
        // Twelve digits: 0.3, and not 0.30000000000000004.
        let value = format!("{value:.11e}").parse::<f64>().unwrap_or(value);
        if unit.is_empty() { format!("{value}") } else { format!("\"{value} {unit}\"") }
    };
    Ok((0..count).map(value).collect())
}

/// Values between commas; what is no number, date, truth value, table or list is a text.
fn list(values: &str) -> Result<Vec<String>, (String, &'static str)> {
    const ALLOWED: &str = "values separated by commas, as in 0.02,0.06,0.1";
    let mut parts: Vec<String> = vec![String::new()];
    let (mut quote, mut depth) = (None, 0i32);
    for c in values.chars() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            _ => {}
        }
        match parts.last_mut() {
            Some(last) if c != ',' || quote.is_some() || depth > 0 => last.push(c),
            _ => parts.push(String::new()),
        }
    }
    if parts.iter().any(|part| part.trim().is_empty()) {
        return Err((format!("a value of `{values}` is empty"), ALLOWED));
    }
    if parts.len() < 2 {
        return Err((format!("`{values}` is a single value"), "at least two values; for one use --set or --scale"));
    }
    let values: Vec<String> = parts.iter().map(|part| as_toml(part.trim())).collect();
    match values.iter().enumerate().find(|(place, value)| values[..*place].contains(value)) {
        Some((_, twice)) => Err((format!("the value {twice} is there twice"), ALLOWED)),
        None => Ok(values),
    }
}

fn as_toml(part: &str) -> String {
    let date = part.len() == 10 && part.parse::<jiff::civil::Date>().is_ok();
    let number = part.parse::<f64>();
    if number.as_ref().is_ok_and(|number| number.is_finite()) {
        // TOML has no `.5` and no `1.`.
        return number.map_or_else(|_| part.to_owned(), |number| format!("{number}"));
    }
    if date || matches!(part, "true" | "false") || part.starts_with(['"', '\'', '[', '{']) {
        return part.to_owned();
    }
    format!("\"{}\"", part.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        GridAxis::parse(text).unwrap_or_else(|(what, _)| panic!("{what}")).values
    }

    #[test]
    fn ranges_have_both_ends_and_no_rounding_noise() {
        assert_eq!(values("estimates.x=0..0.3:4"), ["0", "0.1", "0.2", "0.3"]);
        assert_eq!(values("estimates.x = -1 .. 1 : 3"), ["-1", "0", "1"]);
        assert_eq!(values("a.b=5..20 days:4"), ["\"5 days\"", "\"10 days\"", "\"15 days\"", "\"20 days\""]);
        assert_eq!(values("a.b=1e-3..1e-2:2"), ["0.001", "0.01"]);
        let axis = GridAxis::parse("a.b=1..2 weeks:2").unwrap();
        assert_eq!((axis.numbers(), axis.is_time()), (Some(vec![7.0, 14.0]), true));
    }

    #[test]
    fn lists_take_any_value() {
        assert_eq!(values("a.b=.5,1.,2"), ["0.5", "1", "2"]);
        assert_eq!(values("a.b=5 days,\"6 days\""), ["\"5 days\"", "\"6 days\""]);
        assert_eq!(values("plans.P1.releases.SEC=2021-11-04,2021-11-11"), ["2021-11-04", "2021-11-11"]);
        assert_eq!(values("a.b={ pert = { min = 1, mode = 2, max = 3 } },[1, 2],true").len(), 3);
        let axis = GridAxis::parse("plans.P1.set.\"a=b\"=1,2").unwrap();
        assert_eq!(axis.path, "plans.P1.set.\"a=b\"");
    }

    #[test]
    fn what_is_malformed_is_refused_in_words() {
        for (text, part) in [
            ("estimates.x", "no values"),
            ("=1,2", "no path"),
            ("x=", "no values"),
            ("x=1..2", "how many"),
            ("x=1..2:1", "at least 2"),
            ("x=1..2:many", "at least 2"),
            ("x=2..1:3", "nothing between"),
            ("x=a..2:3", "`a` is not a number"),
            ("x=1..inf:3", "is not a number"),
            ("x=1,,2", "is empty"),
            ("x=1", "single value"),
            ("x=1,2,1", "twice"),
        ] {
            let (what, _) = GridAxis::parse(text).expect_err(text);
            assert!(what.contains(part), "{text}: {what}");
        }
    }
}
