//! From files to a document: which files, are they readable, and their tables merged.
//!
//! In: a path or a text. Out: a [`Document`] with the tables of all its files, and what is wrong with them.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::input::{LARGEST, identity, main_file, read, too_large, unsuitable};
use super::node::{Entry, Node, Table, Value};
use super::{Document, Part, path, syntax};
use crate::diagnostic::{Diagnostic, Diagnostics, Position, SourceText};

/// Most files of a scenario.
const MOST_FILES: usize = 1_000;

/// Reads a scenario of one file.
pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Document, Diagnostics> {
    let mut loader = Loader::new(PathBuf::new());
    if bytes.len() as u64 > LARGEST {
        return Err(too_large(name).into());
    }
    loader.add(name, name, bytes, None);
    if let Some(include) = loader.waiting.pop() {
        loader.findings.push(
            Diagnostic::error("include-without-folder", "a text that is in no folder cannot include files")
                .at("include")
                .in_source(include.position),
        );
    }
    loader.finish()
}

/// Reads a file or a folder.
pub(super) fn load(given: &Path) -> Result<Document, Diagnostics> {
    let main = main_file(given)?;
    let folder = main.parent().map(Path::to_path_buf).unwrap_or_default();
    let mut loader = Loader::new(folder);
    let bytes = read(&main, &main.display().to_string(), LARGEST)?;
    let name = main.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    loader.known.insert(identity(&main), 0);
    loader.add(&main.display().to_string(), &name, &bytes, None);
    // Includes are read in the order in which they are met: a queue, so that a long chain needs no stack.
    let mut next = 0;
    while let Some(include) = loader.waiting.get(next).cloned() {
        next += 1;
        if let Err(finding) = loader.include(&include) {
            loader.findings.push(finding.in_source(include.position));
        }
    }
    loader.finish()
}

/// A file named by an `include`.
#[derive(Clone)]
struct Include {
    /// As written.
    written: String,
    /// Index of the file that names it.
    from: usize,
    position: Position,
}

struct Loader {
    folder: PathBuf,
    parts: Vec<Part>,
    /// The tree of each part, `None` where it could not be read.
    roots: Vec<Option<Node>>,
    /// Which part includes each part.
    included_by: Vec<Option<usize>>,
    /// Parts by the identity of their files.
    known: HashMap<PathBuf, usize>,
    waiting: Vec<Include>,
    read: u64,
    findings: Diagnostics,
    broken: bool,
}

impl Loader {
    fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            parts: Vec::new(),
            roots: Vec::new(),
            included_by: Vec::new(),
            known: HashMap::new(),
            waiting: Vec::new(),
            read: 0,
            findings: Diagnostics::new(),
            broken: false,
        }
    }

    /// Adds a file; notes what it includes.
    fn add(&mut self, shown: &str, name: &str, bytes: &[u8], included_by: Option<usize>) {
        let index = self.parts.len();
        let order = u32::try_from(index).unwrap_or(u32::MAX);
        self.read += bytes.len() as u64;
        let (text, encoding) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                (std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(), Some(error.valid_up_to()))
            }
        };
        let source = SourceText::new(shown, text, order);
        let digest = Sha256::digest(bytes).into();
        self.parts.push(Part { source: Arc::clone(&source), name: name.to_owned(), digest });
        self.included_by.push(included_by);
        let root = match unsuitable(&source, bytes, encoding) {
            Some(finding) => Err(finding.into()),
            None => syntax::parse(&source),
        };
        let root = match root {
            Ok(parsed) => {
                self.findings.extend(parsed.findings);
                self.note_includes(&parsed.root, index);
                Some(parsed.root)
            }
            Err(findings) => {
                self.broken = true;
                self.findings.extend(findings);
                None
            }
        };
        self.roots.push(root);
    }

    fn note_includes(&mut self, root: &Node, from: usize) {
        let source = Arc::clone(&self.parts[from].source);
        let Some(include) = root.get("include") else {
            return;
        };
        // The main file's `include` is checked with the rest of it.
        if from > 0 && !matches!(include.value, Value::List(_) | Value::Unreadable) {
            self.findings.push(
                Diagnostic::error("wrong-type", format!("expected a list of files, found {}", include.in_words()))
                    .at("include")
                    .allowed("a list of text, such as [\"risks.toml\"]")
                    .in_source(source.position(include.span.start as usize, include.span.end as usize)),
            );
        }
        for item in include.items() {
            let position = source.position(item.span.start as usize, item.span.end as usize);
            match item.as_text() {
                Some(written) => self.waiting.push(Include { written: written.to_owned(), from, position }),
                None if from > 0 => self.findings.push(
                    Diagnostic::error("wrong-type", format!("expected the name of a file, found {}", item.in_words()))
                        .at("include")
                        .in_source(position),
                ),
                None => {}
            }
        }
    }

    fn include(&mut self, include: &Include) -> Result<(), Box<Diagnostic>> {
        let relative = Path::new(&include.written);
        let error = |code, message: String| Diagnostic::error(code, message).at("include");
        if include.written.is_empty() || relative.is_absolute() {
            return Err(error("include-not-relative", format!("`{}` cannot be included", include.written))
                .allowed("the name of a file relative to the one that includes it")
                .into());
        }
        if self.parts.len() >= MOST_FILES {
            self.waiting.clear();
            return Err(error("too-many-files", format!("more than {MOST_FILES} files")).into());
        }
        let name = match self.parts[include.from].name.rsplit_once('/') {
            Some((folder, _)) => normal(&format!("{folder}/{}", include.written)),
            None => normal(&include.written),
        };
        let file = self.folder.join(&name);
        if !file.exists() {
            return Err(error("include-missing", format!("the included file {} does not exist", file.display()))
                .hint("names are relative to the file that includes them, with / between folders")
                .into());
        }
        let identity = identity(&file);
        if let Some(&index) = self.known.get(&identity) {
            let mut ancestor = Some(include.from);
            while let Some(at) = ancestor {
                if at == index {
                    return Err(error("include-cycle", format!("{} includes itself", file.display()))
                        .hint("a file must not include a file that leads back to it")
                        .into());
                }
                ancestor = self.included_by[at];
            }
            return Err(error("include-twice", format!("{} is already included", file.display()))
                .hint("remove one of the two")
                .into());
        }
        let shown = file.display().to_string();
        let bytes = read(&file, &shown, LARGEST.saturating_sub(self.read))
            .map_err(|finding| Box::new(finding.at("include")))?;
        self.known.insert(identity, self.parts.len());
        self.add(&shown, &name, &bytes, Some(include.from));
        Ok(())
    }

    /// Merges the tables of all files.
    fn finish(mut self) -> Result<Document, Diagnostics> {
        let include_failed = self.findings.iter().any(|finding| finding.code.starts_with("include-"));
        let mut roots = std::mem::take(&mut self.roots).into_iter();
        let (Some(Some(mut root)), false) = (roots.next(), self.broken || include_failed) else {
            return Err(self.findings);
        };
        for other in roots.flatten() {
            let Value::Table(tables) = other.value else {
                continue;
            };
            for (name, entry) in tables.iter().filter(|(name, _)| *name != "include") {
                self.merge(&mut root, name, entry);
            }
        }
        let files = self.parts.len();
        Ok(Document { root, parts: self.parts, files, folder: self.folder, findings: self.findings })
    }

    /// Adds a top-level table of an included file to the root.
    fn merge(&mut self, root: &mut Node, name: &str, entry: &Entry) {
        let Value::Table(tables) = &mut root.value else {
            return;
        };
        let tables = Arc::make_mut(tables);
        let Some(present) = tables.get_mut(name) else {
            tables.insert(name.to_owned(), entry.clone());
            return;
        };
        let (Value::Table(ours), Value::Table(theirs)) = (&mut present.node.value, &entry.node.value) else {
            let finding = self.twice(name, None, present, entry);
            self.findings.push(finding);
            return;
        };
        let ours: &mut Table = Arc::make_mut(ours);
        let mut doubles = Vec::new();
        for (id, theirs) in theirs.iter() {
            match ours.get(id) {
                Some(present) => doubles.push((id, present.clone(), theirs)),
                None => {
                    ours.insert(id.clone(), theirs.clone());
                }
            }
        }
        for (id, present, theirs) in doubles {
            let finding = self.twice(name, Some(id), &present, theirs);
            self.findings.push(finding);
        }
    }

    fn twice(&self, table: &str, id: Option<&str>, present: &Entry, entry: &Entry) -> Diagnostic {
        let place = |entry: &Entry| {
            let source = &self.parts[entry.key.file as usize].source;
            source.position(entry.key.start as usize, entry.key.end as usize)
        };
        let path = path::join(std::iter::once(table).chain(id));
        Diagnostic::error("duplicate-id", format!("`{path}` is already defined at {}", place(present)))
            .in_source(place(entry))
            .at(path)
            .hint("keep one of the two, or rename one")
    }
}

/// The path without `.` and with `..` resolved where something precedes it.
fn normal(name: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for component in Path::new(name).components() {
        match component {
            Component::ParentDir if parts.last().is_some_and(|last| last != "..") => {
                parts.pop();
            }
            Component::ParentDir => parts.push("..".into()),
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            _ => {}
        }
    }
    parts.join("/")
}
