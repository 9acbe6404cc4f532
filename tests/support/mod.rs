//! What several test files share: loading a scenario under a plan.

use std::path::{Path, PathBuf};

use golive::register::Register;
use golive::scenario::{BASE_PLAN, Document, resolve};

/// Path of a file of the package.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// Text of a file of the package.
#[allow(dead_code, reason = "not every test file changes a scenario's text")]
pub fn text(relative: &str) -> String {
    std::fs::read_to_string(path(relative)).expect(relative)
}

/// The register of a scenario under a plan (`base` in a scenario without plans). `source` is the path
/// of a file below the package, or the text of a scenario.
///
/// # Panics
/// With all findings, if the scenario has errors.
pub fn register(source: &str, plan: &str) -> Register {
    let is_path = source.ends_with(".toml") && !source.contains('\n');
    let document = if is_path { Document::load(path(source)) } else { Document::parse("scenario.toml", source) };
    let document = document.unwrap_or_else(|findings| panic!("{findings}"));
    let document = if plan == BASE_PLAN { Ok(document) } else { document.for_plan(plan) };
    let document = document.unwrap_or_else(|findings| panic!("{findings}"));
    let file = document.scenario().unwrap_or_else(|findings| panic!("{findings}"));
    match resolve(&file, plan, document.folder()) {
        Ok((register, _)) => register,
        Err(findings) => panic!("{findings}"),
    }
}
