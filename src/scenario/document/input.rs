//! The bytes of files: which file is meant, may it be read, can it be TOML.
//!
//! Nothing is opened that is not a regular file, and no more than 16 MB is read in all.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, SourceText};

/// Most bytes of a scenario, over all its files.
pub(super) const LARGEST: u64 = 16 << 20;
/// The file that a path given by a user stands for.
pub(super) fn main_file(given: &Path) -> Result<PathBuf, Box<Diagnostic>> {
    let shown = given.display();
    match fs::metadata(given) {
        Err(error) => Err(Diagnostic::error("no-such-file", format!("{shown} cannot be opened: {}", reason(&error)))
            .allowed("a scenario file, or a folder with scenario.toml")
            .hint("check the path; it is relative to the current folder")
            .into()),
        Ok(metadata) if metadata.is_dir() => {
            let inside = given.join("scenario.toml");
            let folder = match given.file_name() {
                Some(_) => given.to_path_buf(),
                // `.` and `..` have no name of their own.
                None => identity(given),
            };
            let beside = folder.file_name().map(|name| {
                let mut name = name.to_owned();
                name.push(".toml");
                folder.with_file_name(name)
            });
            if inside.exists() {
                return Ok(inside);
            }
            match beside {
                Some(beside) if beside.exists() => Ok(beside),
                beside => {
                    Err(Diagnostic::error("folder-without-scenario", format!("{shown} is a folder without a scenario"))
                        .allowed(match beside {
                            Some(beside) => format!("{} or {}", inside.display(), beside.display()),
                            None => inside.display().to_string(),
                        })
                        .hint("name the file itself, or create one of these")
                        .into())
                }
            }
        }
        Ok(_) => Ok(given.to_path_buf()),
    }
}

/// The bytes of a regular file of at most `budget` bytes.
pub(super) fn read(file: &Path, shown: &str, budget: u64) -> Result<Vec<u8>, Box<Diagnostic>> {
    let unreadable = |error: std::io::Error| {
        Diagnostic::error("unreadable-file", format!("{shown} cannot be read: {}", reason(&error)))
    };
    let unreadable = |error| Box::new(unreadable(error));
    let metadata = fs::metadata(file).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Diagnostic::error("unreadable-file", format!("{shown} is not a regular file"))
            .allowed("a TOML file")
            .into());
    }
    if metadata.len() > budget {
        return Err(too_large(shown).into());
    }
    let mut bytes = Vec::new();
    File::open(file).and_then(|file| file.take(budget + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > budget { Err(too_large(shown).into()) } else { Ok(bytes) }
}

pub(super) fn too_large(shown: &str) -> Diagnostic {
    Diagnostic::error("too-large", format!("{shown} makes the scenario larger than {} MB", LARGEST >> 20))
        .allowed(format!("at most {} MB over all files", LARGEST >> 20))
        .hint("put columns of data in CSV files (`empirical`)")
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::PermissionDenied => "permission is denied".into(),
        _ => error.to_string(),
    }
}

pub(super) fn identity(file: &Path) -> PathBuf {
    file.canonicalize().unwrap_or_else(|_| file.to_path_buf())
}

/// Why a file cannot be TOML, if so.
pub(super) fn unsuitable(source: &Arc<SourceText>, bytes: &[u8], invalid_from: Option<usize>) -> Option<Diagnostic> {
    let shown = source.name();
    let finding = if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        Diagnostic::error("not-utf8", format!("{shown} is encoded in UTF-16"))
            .allowed("UTF-8")
            .hint("save the file as UTF-8")
    } else if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        Diagnostic::error("binary-file", format!("{shown} is not a text file"))
            .allowed("a TOML file")
            .in_source(source.position(at, at))
    } else if let Some(at) = invalid_from {
        Diagnostic::error("not-utf8", format!("{shown} is not encoded in UTF-8"))
            .allowed("UTF-8")
            .hint("save the file as UTF-8")
            .in_source(source.position(at, at))
    } else if source.text().trim_start_matches('\u{feff}').trim().is_empty() {
        Diagnostic::error("empty-file", format!("{shown} is empty")).allowed("a scenario: at least a table [scenario]")
    } else {
        return None;
    };
    Some(if finding.position.is_none() { finding.in_source(source.position(0, 0)) } else { finding })
}
