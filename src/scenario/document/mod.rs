//! A scenario as a tree of keys and values with their places.
//!
//! In: a file, or a folder of files. Out: a tree that plans can change by path, that the types of
//! [`super::file`] are read from, and that can say where any path is written.

mod change;
mod command;
mod guard;
mod input;
mod load;
mod node;
mod numbers;
mod path;
mod plan;
mod read;
mod scale;
mod syntax;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::diagnostic::{Diagnostics, Position, SourceText};
use crate::scenario::file::ScenarioFile;
use crate::scenario::{natural_order, shape, validate};

pub use change::{Change, ChangeKind};
pub use node::{Entry, Node, Span, Table, Value};
pub use numbers::WrittenNumber;
pub use path::{Step, join as join_path, parse as parse_path, write as write_path};
pub use plan::Responses;
pub use syntax::DEEPEST;

/// A file that was read.
#[derive(Debug, Clone)]
struct Part {
    source: Arc<SourceText>,
    /// Name relative to the main file, with `/`.
    name: String,
    digest: [u8; 32],
}

/// A scenario's tree.
#[derive(Debug, Clone)]
pub struct Document {
    root: Node,
    /// The files, and after them the texts of changes from elsewhere.
    parts: Vec<Part>,
    /// How many of `parts` are files of the scenario.
    files: usize,
    folder: PathBuf,
    findings: Diagnostics,
}

impl Document {
    /// Reads a scenario: a file; or a folder, which stands for its `scenario.toml`, or else for `<folder>.toml` beside it.
    ///
    /// # Errors
    /// All findings, when a file is missing or is not TOML. Findings about single values do not
    /// fail here: [`Document::scenario`] reports them together with what is structurally wrong.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Diagnostics> {
        load::load(path.as_ref())
    }

    /// Reads a scenario of one file from text; `include` is refused.
    ///
    /// # Errors
    /// As [`Document::load`].
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        load::parse(name, text.as_bytes())
    }

    /// The same from bytes, which may be anything.
    ///
    /// # Errors
    /// As [`Document::load`].
    pub fn parse_bytes(name: &str, bytes: &[u8]) -> Result<Self, Diagnostics> {
        load::parse(name, bytes)
    }

    /// The root table.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The folder that files named by the scenario (such as CSV columns) are relative to.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Findings so far: about values that could not be read, and warnings of changes without effect.
    pub fn findings(&self) -> &Diagnostics {
        &self.findings
    }

    /// Names and texts of its files, the main file first.
    pub fn sources(&self) -> impl Iterator<Item = &Arc<SourceText>> {
        self.parts[..self.files].iter().map(|part| &part.source)
    }

    /// SHA-256, in hexadecimal, of the names (relative to the main file) and bytes of all its files.
    ///
    /// It depends on neither the place of the folder nor the order of includes. Data files that the
    /// scenario names are not part of it.
    pub fn hash(&self) -> String {
        let mut parts: Vec<&Part> = self.parts[..self.files].iter().collect();
        parts.sort_by(|a, b| a.name.cmp(&b.name));
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.name.len() as u64).to_le_bytes());
            hasher.update(part.name.as_bytes());
            hasher.update(part.digest);
        }
        hexadecimal(&hasher.finalize())
    }

    /// The node at a path, if there is one.
    pub fn node(&self, path: &str) -> Option<&Node> {
        let segments = path::parse(path).ok()?;
        segments.iter().try_fold(&self.root, |node, segment| node.child(segment))
    }

    /// The place of a span of this document.
    pub fn position(&self, span: Span) -> Option<Position> {
        let part = self.parts.get(span.file as usize)?;
        Some(part.source.position(span.start as usize, span.end as usize))
    }

    /// Where a path is written, or its nearest ancestor that is.
    pub fn position_of(&self, path: &str) -> Option<Position> {
        let mut node = &self.root;
        for segment in path::parse(path).ok()? {
            match node.child(&segment) {
                Some(child) => node = child,
                None => break,
            }
        }
        self.position(node.span)
    }

    /// Gives every finding that has a path and no position the position of its path: of the value,
    /// or of the key where the key is the name that is wrong.
    pub fn locate(&self, findings: &mut Diagnostics) {
        for finding in findings.iter_mut().filter(|finding| finding.position.is_none()) {
            let Some(path) = finding.path.as_deref() else {
                continue;
            };
            finding.position = match self.wrong_key(finding.code, path) {
                Some(key) => self.position(key),
                None => self.position_of(path),
            };
        }
    }

    /// The key at a path, if a finding of this code is about the key: a date or number by a wrong name.
    fn wrong_key(&self, code: &str, path: &str) -> Option<Span> {
        if !matches!(code, "unknown-name" | "bad-category" | "correlated-occasions") {
            return None;
        }
        let segments = path::parse(path).ok()?;
        let (last, parents) = segments.split_last()?;
        let table = parents.iter().try_fold(&self.root, |node, segment| node.child(segment))?;
        let entry = table.as_table()?.get(last)?;
        let named_by_value = matches!(entry.node.value, Value::Text(_) | Value::List(_)) || last == "category";
        (!named_by_value).then_some(entry.key)
    }

    /// All that is structurally wrong or noteworthy, located.
    pub fn check(&self) -> Diagnostics {
        let mut findings = self.findings.clone();
        findings.extend(validate::validate(self, shape::shapes()));
        findings
    }

    /// The scenario, read into its types.
    ///
    /// # Errors
    /// Everything that is structurally wrong with it, located.
    pub fn scenario(&self) -> Result<ScenarioFile, Diagnostics> {
        let findings = self.check();
        if findings.has_errors() {
            return Err(findings);
        }
        read::read(&self.root).map_err(|finding| {
            let mut findings = Diagnostics::from(finding);
            self.locate(&mut findings);
            findings
        })
    }

    /// Ids of the plans in natural order: P1, P2, P10.
    pub fn plan_ids(&self) -> Vec<String> {
        self.ids("plans")
    }

    /// Ids of the what-ifs in natural order.
    pub fn what_if_ids(&self) -> Vec<String> {
        self.ids("what_ifs")
    }

    fn ids(&self, table: &str) -> Vec<String> {
        let table = self.root.get(table).and_then(Node::as_table);
        let ids = table.into_iter().flat_map(Table::keys);
        natural_order(ids).into_iter().map(str::to_owned).collect()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
