//! The order of ids as people read them: P2 before P10.

/// Ids in natural order: P2 before P10, whatever the order of the file.
pub fn natural_order<'a>(ids: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut ids: Vec<&str> = ids.map(String::as_str).collect();
    ids.sort_by_cached_key(|id| natural_key(id));
    ids
}

/// A key that compares runs of digits as numbers and everything else as text.
fn natural_key(id: &str) -> Vec<(bool, u128, String)> {
    let mut key: Vec<(bool, u128, String)> = Vec::new();
    for c in id.chars() {
        let digit = c.is_ascii_digit();
        match key.last_mut() {
            Some((last, number, text)) if *last == digit => {
                if let Some(d) = c.to_digit(10) {
                    *number = number.saturating_mul(10).saturating_add(u128::from(d));
                }
                text.push(c);
            }
            _ => key.push((digit, u128::from(c.to_digit(10).unwrap_or(0)), c.to_string())),
        }
    }
    // Text compares as text, not by length: its number is 0 throughout.
    for (digit, number, _) in &mut key {
        if !*digit {
            *number = 0;
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_ids_count() {
        let ids = ["P10", "P2", "P1", "Q", "P2b"].map(str::to_owned);
        assert_eq!(natural_order(ids.iter()), ["P1", "P2", "P2b", "P10", "Q"]);
    }
}
