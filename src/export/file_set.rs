//! A set of output files that appears whole or not at all.
//!
//! In: a folder, names and bytes. Everything is written to temporary files in the folder first, and
//! given its name only when all are written. If giving a name fails, the names already given are
//! taken back and the files that stood there before are restored. Other files are not touched.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

/// Why a set of files was not written.
#[derive(Debug)]
pub enum WriteError {
    /// A name that is not a plain file name, or is there twice.
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The folder cannot be made or written to.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file cannot be written or given its name.
    File {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name { name, problem } => {
                write!(f, "{name:?} cannot name an output file: {problem}")
            }
            Self::Folder { folder, source } => write!(
                f,
                "cannot write to the folder {}: {source}; nothing was written; choose another with --output",
                folder.display()
            ),
            Self::File { file, source } => write!(f, "cannot write {}: {source}; nothing was written", file.display()),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Name { .. } => None,
            Self::Folder { source, .. } | Self::File { source, .. } => Some(source),
        }
    }
}

/// Writes all files into a folder, which is made if it does not exist, or none.
///
/// # Errors
/// [`WriteError`]; the folder is then as it was before.
pub fn write_all<N: AsRef<str>, B: AsRef<[u8]>>(folder: &Path, files: &[(N, B)]) -> Result<(), WriteError> {
    let mut seen = BTreeSet::new();
    for (name, _) in files {
        check_name(name.as_ref())?;
        if !seen.insert(name.as_ref().to_lowercase()) {
            return Err(WriteError::Name {
                name: name.as_ref().to_owned(),
                problem: "there are two of it (letter case aside)",
            });
        }
    }
    let made = !folder.exists();
    let written = make(folder).and_then(|()| write_then_name(folder, files));
    if made && written.is_err() {
        // Only if it is still empty; its failure is not news.
        let _ = std::fs::remove_dir(folder);
    }
    written
}

/// An id as part of a file's name: what is not a letter, digit or `_` becomes `-`; at most 80 bytes.
pub fn file_name(id: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }
    };
    let name: String = id.chars().map(safe).take(80).collect();
    match name.trim_start_matches('-') {
        "" => "unnamed".to_owned(),
        name => name.to_owned(),
    }
}

/// Names of plain files on every system, which cannot leave the folder.
pub(super) fn check_name(name: &str) -> Result<(), WriteError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let problem = if name.is_empty() {
        "it is empty"
    } else if name.len() > 120 {
        "it has more than 120 letters"
    } else if !name.chars().all(plain) {
        "it may have letters, digits, `-`, `_` and `.`"
    } else if name.starts_with(['.', '-']) || name.ends_with('.') {
        "it begins with `.` or `-` or ends in `.`"
    } else {
        return Ok(());
    };
    Err(WriteError::Name { name: name.to_owned(), problem })
}

pub(super) fn make(folder: &Path) -> Result<(), WriteError> {
    std::fs::create_dir_all(folder).map_err(|source| WriteError::Folder { folder: folder.to_owned(), source })
}

/// A temporary file in the folder, readable by whom the system's default lets read.
pub(super) fn temporary(folder: &Path) -> Result<NamedTempFile, WriteError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".golive-");
    #[cfg(unix)]
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(permissions);
    builder.tempfile_in(folder).map_err(|source| WriteError::Folder { folder: folder.to_owned(), source })
}

fn write_then_name<N: AsRef<str>, B: AsRef<[u8]>>(folder: &Path, files: &[(N, B)]) -> Result<(), WriteError> {
    let mut written = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name.as_ref());
        let mut file = temporary(folder)?;
        file.write_all(bytes.as_ref())
            .and_then(|()| file.flush())
            .map_err(|source| WriteError::File { file: path.clone(), source })?;
        // Closed here: a set may have more files than the system lets stand open.
        written.push((path, file.into_temp_path()));
    }
    let mut named = Vec::new();
    for (path, file) in written {
        match name_one(folder, &path, file) {
            Ok(before) => named.push((path, before)),
            Err(error) => {
                take_back(named);
                return Err(error);
            }
        }
    }
    Ok(())
}

/// Gives a file its name; returns what stood there before, under a temporary name.
fn name_one(folder: &Path, path: &Path, file: TempPath) -> Result<Option<TempPath>, WriteError> {
    let failed = |source| WriteError::File { file: path.to_owned(), source };
    let before = if path.is_file() {
        let kept = temporary(folder)?.into_temp_path();
        std::fs::copy(path, &kept).map_err(failed)?;
        Some(kept)
    } else {
        None
    };
    file.persist(path).map_err(|e| failed(e.error))?;
    Ok(before)
}

/// Takes names back, newest first, and restores what stood there.
fn take_back(named: Vec<(PathBuf, Option<TempPath>)>) {
    for (path, before) in named.into_iter().rev() {
        // The first failure is the one to report; here each file gets its chance.
        let _ = match before {
            Some(kept) => kept.persist(&path).map_err(|e| e.error),
            None => std::fs::remove_file(&path),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(folder: &Path) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.is_file())
            .map(|p| {
                let name = p.file_name().unwrap().to_string_lossy().into_owned();
                (name, std::fs::read(&p).unwrap())
            })
            .collect();
        files.sort();
        files
    }

    #[test]
    fn writes_all_and_leaves_other_files_alone() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("new/out");
        write_all(&out, &[("a.json", "1"), ("b.csv", "2")]).unwrap();
        std::fs::write(out.join("notes.txt"), "mine").unwrap();
        write_all(&out, &[("a.json", "3")]).unwrap();
        let expected = [("a.json", "3"), ("b.csv", "2"), ("notes.txt", "mine")];
        assert_eq!(listing(&out), expected.map(|(n, b)| (n.to_owned(), b.into())));
    }

    #[test]
    fn a_failure_half_way_leaves_everything_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path();
        std::fs::write(out.join("a.json"), "old").unwrap();
        // A folder stands where the third file should.
        std::fs::create_dir(out.join("c.csv")).unwrap();
        let error = write_all(out, &[("a.json", "new"), ("b.csv", "new"), ("c.csv", "new")]);
        assert!(error.unwrap_err().to_string().contains("c.csv"));
        assert_eq!(listing(out), [("a.json".to_owned(), b"old".to_vec())]);
    }

    #[test]
    fn a_folder_that_cannot_be_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = write_all(&file.join("out"), &[("a", "")]).unwrap_err();
        assert!(matches!(error, WriteError::Folder { .. }));
        assert!(error.to_string().contains("file/out"), "{error}");
        let error = write_all(&file, &[("a", "")]).unwrap_err();
        assert!(matches!(error, WriteError::Folder { .. }), "{error}");
    }

    #[test]
    fn names_cannot_leave_the_folder_or_collide() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["../a", "a/b", "", ".hidden", "a\\b", "a\n", "ü"] {
            let error = write_all(folder.path(), &[(name, "")]).unwrap_err();
            assert!(matches!(error, WriteError::Name { .. }), "{name}");
        }
        let twice = write_all(folder.path(), &[("a", ""), ("A", "")]);
        assert!(matches!(twice, Err(WriteError::Name { .. })));
        assert!(listing(folder.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_what_the_system_lets_them() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plain"), "").unwrap();
        write_all(folder.path(), &[("ours", "")]).unwrap();
        let mode = |name| {
            let file = std::fs::metadata(folder.path().join(name)).unwrap();
            file.permissions().mode()
        };
        assert_eq!(mode("ours"), mode("plain"));
    }
}
