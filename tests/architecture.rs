//! Imports point downwards, in the order that `docs/ARCHITECTURE.md` states; siblings do not know each other.
//!
//! In: the source text, without comments, strings and unit tests. Out: every `crate::` path that
//! leads upwards or sideways, by file and line.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The one exception among siblings: dates and durations are computed with `math`.
const SIDEWAYS: [(&str, &str); 1] = [("time", "math")];

/// The order of the modules, lowest first, as the document states it: `a, b < c < d`.
fn order() -> Vec<Vec<String>> {
    let document = read(&root().join("docs/ARCHITECTURE.md"));
    let (_, stated) = document.split_once("Imports point downwards:").expect("the document states the order");
    let (stated, _) = stated.split_once('.').expect("a sentence");
    stated.split('<').map(|level| level.split(',').map(|name| name.trim().to_owned()).collect()).collect()
}

/// What is wrong with a module's text, a line for each path that it must not use.
fn violations(order: &[Vec<String>], module: &str, file: &str, text: &str) -> String {
    let level = |name: &str| order.iter().position(|level| level.iter().any(|n| n == name));
    let mut found = String::new();
    let Some(own) = level(module) else {
        let _ = writeln!(found, "{file}: docs/ARCHITECTURE.md does not say where `{module}` stands");
        return found;
    };
    for (line, used) in crate_paths(&code(text)) {
        let below = level(&used).is_some_and(|level| level < own);
        if used != module && !below && !SIDEWAYS.contains(&(module, used.as_str())) {
            let _ = writeln!(found, "{file}:{line}: `{module}` must not use `crate::{used}`");
        }
    }
    found
}

/// The modules named after `crate::`, each with its line.
fn crate_paths(code: &str) -> Vec<(usize, String)> {
    let name_at =
        |at: usize| -> String { code[at..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let line_of = |at: usize| code[..at].matches('\n').count() + 1;
    let mut found = Vec::new();
    for (at, start) in code.match_indices("crate") {
        let part_of_a_name = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = &code[at + start.len()..];
        let Some(after) = rest.trim_start().strip_prefix("::") else {
            continue;
        };
        if part_of_a_name {
            continue;
        }
        let after = after.trim_start();
        let begin = code.len() - rest.len() + (rest.len() - after.len());
        if !after.starts_with('{') {
            found.push((line_of(begin), name_at(begin)));
            continue;
        }
        // A group: the names that begin its items.
        let (mut depth, mut expected) = (0, false);
        for (offset, character) in after.char_indices() {
            match character {
                '{' => {
                    depth += 1;
                    expected = depth == 1;
                }
                '}' => depth -= 1,
                ',' => expected = depth == 1,
                c if expected && (c.is_alphabetic() || c == '_') => {
                    found.push((line_of(begin + offset), name_at(begin + offset)));
                    expected = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

/// The text with comments, what stands in quotes, and modules of unit tests blanked out, line for line.
fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let blank = |out: &mut String, part: &str| out.extend(part.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
    while let Some(character) = rest.chars().next() {
        let raw = rest.trim_start_matches('r').trim_start_matches('#');
        let after_name = out.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with('r') && raw.starts_with('"') && !after_name {
            let hashes = rest.len() - raw.len() - 1;
            let close = format!("\"{}", "#".repeat(hashes));
            raw[1..].find(&close).map_or(rest.len(), |end| rest.len() - raw.len() + 1 + end + close.len())
        } else if character == '"' {
            let mut escaped = false;
            rest.char_indices()
                .skip(1)
                .find(|&(_, c)| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                })
                .map_or(rest.len(), |(end, _)| end + 1)
        } else if character == '\'' {
            // A character, unless it is a lifetime.
            let mut characters = rest.char_indices().skip(1);
            match (characters.next(), characters.next()) {
                (Some((_, '\\')), _) => {
                    rest[2..].char_indices().skip(1).find(|(_, c)| *c == '\'').map_or(1, |(end, _)| end + 3)
                }
                (Some(_), Some((end, '\''))) => end + 1,
                _ => 0,
            }
        } else {
            0
        };
        if skipped == 0 {
            out.push(character);
            rest = &rest[character.len_utf8()..];
        } else {
            blank(&mut out, &rest[..skipped]);
            rest = &rest[skipped..];
        }
    }
    without_tests(&out)
}

/// Blanks out `#[cfg(test)] mod … { … }`.
fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    let mut from = 0;
    while let Some(at) = out[from..].find("#[cfg(test)]").map(|at| from + at) {
        from = at + 1;
        let Some(open) = out[at..].find(['{', ';']).map(|open| at + open) else {
            break;
        };
        if out.as_bytes()[open] == b';' {
            continue;
        }
        let mut depth = 0;
        let end = out[open..].char_indices().find(|(_, c)| {
            depth += match c {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            depth == 0
        });
        let end = end.map_or(out.len(), |(end, _)| open + end + 1);
        let blank: String = out[at..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        out.replace_range(at..end, &blank);
    }
    out
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Source files with the module that each belongs to; not the roots of the crate and the command.
fn sources() -> Vec<(String, PathBuf)> {
    let src = root().join("src");
    let mut found = Vec::new();
    let mut folders = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("readable") {
            let path = entry.expect("readable").path();
            let inside = path.strip_prefix(&src).expect("below src").to_path_buf();
            if path.is_dir() {
                folders.push(path);
            } else if inside.extension().is_some_and(|e| e == "rs")
                && inside != Path::new("lib.rs")
                && inside != Path::new("main.rs")
                && inside.file_name().is_none_or(|name| name != "tests.rs")
            {
                let module = inside.iter().next().expect("a name").to_string_lossy();
                found.push((module.trim_end_matches(".rs").to_owned(), path));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn imports_point_downwards() {
    let order = order();
    let mut found = String::new();
    let sources = sources();
    assert!(sources.len() > 50, "{} files", sources.len());
    for (module, path) in sources {
        let file = path.strip_prefix(root()).expect("below").display().to_string();
        found += &violations(&order, &module, &file, &read(&path));
    }
    assert!(found.is_empty(), "\n{found}");
}

#[test]
fn the_order_is_read_from_the_document() {
    let order = order();
    assert_eq!(order.first().expect("a level"), &["diagnostic", "time", "math"]);
    assert_eq!(order.last().expect("a level"), &["cli"]);
    assert_eq!(order.iter().flatten().count(), 16);
}

#[test]
fn planted_imports_are_refused() {
    let order = order();
    let refused = |module: &str, text: &str| violations(&order, module, "planted.rs", text);
    for (module, text, used, line) in [
        ("math", "use crate::cli::main;", "cli", 1),
        ("register", "\nuse crate::scenario::Document;", "scenario", 2),
        ("scenario", "fn f() { crate::program::lower() }", "program", 1),
        ("program", "use crate::{\n    math::ln,\n    oracle::{self, exact},\n};", "oracle", 3),
        ("export", "use crate::chart;", "chart", 1),
        ("chart", "pub(crate) use crate :: export::Cell;", "export", 1),
        ("math", "use crate::time::Unit;", "time", 1),
        ("diagnostic", "const X: char = '\"'; use crate::math::ln; // \"", "math", 1),
        ("time", "fn f<'a>(x: &'a str) -> char { '\\'' } use crate::diagnostic::Severity;", "diagnostic", 1),
        ("math", "#[cfg(test)]\nmod tests {\n    use crate::cli::main;\n}\nuse crate::random::Seed;", "random", 5),
        ("math", "let s = r#\"x\"#; use crate::random::Seed;", "random", 1),
    ] {
        assert_eq!(
            refused(module, text),
            format!("planted.rs:{line}: `{module}` must not use `crate::{used}`\n"),
            "{text}"
        );
    }
    assert!(refused("surprise", "").contains("does not say where `surprise` stands"));
}

#[test]
fn what_is_allowed_or_is_no_import_is_let_through() {
    let order = order();
    for (module, text) in [
        ("cli", "use crate::{analysis, chart::{self, png}, export, math::ln};"),
        ("time", "let x = crate::math::floor(1.5);"),
        ("scenario", "use crate::scenario::file; use crate::register::Register;"),
        ("math", "// use crate::cli::main;\n/* crate::cli */ let a = \"crate::cli::b\";"),
        ("math", "let a = \"\\\"crate::cli\"; let mycrate::cli = 1;"),
        ("math", "let a = r#\"crate::cli \" crate::cli\"#;"),
        ("math", "#[cfg(test)]\nmod tests { fn f() { let x = { crate::cli::main() }; } }"),
    ] {
        assert_eq!(violations(&order, module, "planted.rs", text), "", "{text}");
    }
}
