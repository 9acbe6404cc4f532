//! Paths of a document: `risks.R07.effects.0.delay.by`, `plans.P8.set."risks.R15.probability"`.
//!
//! Segments are keys, or indices of arrays from 0, joined by dots; a segment with anything but
//! letters, digits, `_` and `-` stands in double quotes (single quotes are read as well).

/// One step of a path while walking a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// A key of a table.
    Key(&'a str),
    /// An index of an array.
    Index(usize),
}

/// The path of these steps.
pub fn write(steps: &[Step<'_>]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) => push(&mut path, key),
            Step::Index(index) => push(&mut path, &index.to_string()),
        }
    }
    path
}

/// The path of these segments.
pub fn join<'a>(segments: impl IntoIterator<Item = &'a str>) -> String {
    let mut path = String::new();
    for segment in segments {
        push(&mut path, segment);
    }
    path
}

fn push(path: &mut String, segment: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    let plain = !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if plain {
        path.push_str(segment);
    } else {
        path.push('"');
        for character in segment.chars() {
            if matches!(character, '"' | '\\') {
                path.push('\\');
            }
            path.push(character);
        }
        path.push('"');
    }
}

/// The segments of a path.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse(path: &str) -> Result<Vec<String>, &'static str> {
    let mut segments = Vec::new();
    let mut rest = path.trim();
    loop {
        let (segment, after) = match rest.chars().next() {
            Some('"') => quoted(&rest[1..])?,
            Some('\'') => {
                let end = rest[1..].find('\'').ok_or("a quote is not closed")? + 1;
                (rest[1..end].to_owned(), &rest[end + 1..])
            }
            _ => {
                let end = rest.find('.').unwrap_or(rest.len());
                let segment = rest[..end].trim();
                if segment.is_empty() {
                    return Err("a part between dots is empty");
                }
                if segment.contains(['"', '\'']) {
                    return Err("a quote stands in the middle of a part");
                }
                (segment.to_owned(), &rest[end..])
            }
        };
        segments.push(segment);
        rest = after.trim_start();
        match rest.strip_prefix('.') {
            Some(more) => rest = more.trim_start(),
            None if rest.is_empty() => return Ok(segments),
            None => return Err("something stands after a closing quote"),
        }
    }
}

fn quoted(text: &str) -> Result<(String, &str), &'static str> {
    let mut segment = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Ok((segment, &text[at + 1..])),
            '\\' => match characters.next() {
                Some((_, escaped @ ('"' | '\\'))) => segment.push(escaped),
                _ => return Err("only \\\" and \\\\ can be escaped in a quoted part"),
            },
            _ => segment.push(character),
        }
    }
    Err("a quote is not closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_they_are_written() {
        for segments in
            [vec!["a"], vec!["risks", "R07", "effects", "0"], vec!["set", "risks.R1.p"], vec!["", "\"\\", "é"]]
        {
            let path = join(segments.iter().copied());
            assert_eq!(parse(&path).expect(&path), segments);
        }
        assert_eq!(parse("a.'b.c'.d"), Ok(vec!["a".into(), "b.c".into(), "d".into()]));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for path in ["", ".", "a.", ".a", "a..b", "a.\"b", "a.\"b\"c", "a\"b", "'a"] {
            assert!(parse(path).is_err(), "{path}");
        }
    }
}
