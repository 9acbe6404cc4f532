//! The name that was probably meant: for unknown keys, ids, paths and choices.

/// Longest name that is compared; longer ones are nobody's typing error, and comparing costs the product of the lengths.
const LONGEST: usize = 80;

/// The candidate nearest to `name`, if any is near enough to be what was meant.
///
/// Distance is Damerau–Levenshtein after folding case and `-` to `_`; near enough is a third of the length.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let folded = fold(name);
    let reach = (folded.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len().abs_diff(name.len()) > 4 * reach || candidate.len() > LONGEST {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&folded, &fold(candidate));
        if distance <= reach && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `a`, `b` and so on in backticks, at most 40 of them.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 40;
    let mut names = names.into_iter();
    let mut shown: Vec<String> = names.by_ref().take(MOST).map(|name| format!("`{name}`")).collect();
    let more = names.count();
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

fn fold(name: &str) -> String {
    name.chars().map(|c| if c == '-' || c == ' ' { '_' } else { c.to_ascii_lowercase() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_find_their_name_and_strangers_find_none() {
        let keys = ["probability", "releases", "effects", "co_deployed"];
        assert_eq!(nearest("probabilty", keys), Some("probability"));
        assert_eq!(nearest("co-deployed", keys), Some("co_deployed"));
        assert_eq!(nearest("Effect", keys), Some("effects"));
        assert_eq!(nearest("calendar", keys), None);
        assert_eq!(nearest(&"x".repeat(1_000_000), keys), None);
    }
}
