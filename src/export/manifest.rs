//! What a set of results was computed from, so that it can be computed again.
//!
//! No clock, no host, no user: the same run gives the same bytes.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::json;

/// The manifest of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Manifest {
    /// Version of golive.
    pub golive: String,
    /// Id of the scenario.
    pub scenario: String,
    /// Files that were read, the scenario first.
    pub inputs: Vec<Input>,
    /// Seed of the run.
    pub seed: u64,
    /// Iterations of each plan.
    pub iterations: u64,
    /// Ids of the plans that were run.
    pub plans: Vec<String>,
    /// Options that are not their default, by name.
    pub options: BTreeMap<String, Value>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// Its name, without the folder it was in.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Input {
    /// A file by its path and its bytes; folders are left out, because they name machines and people.
    pub fn new(path: &str, bytes: &[u8]) -> Self {
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
        let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { file, sha256 }
    }
}

impl Manifest {
    /// The version that this is.
    pub fn version() -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }
}

/// `manifest.json`.
pub fn manifest_json(manifest: &Manifest) -> Vec<u8> {
    json(manifest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_sha_256_and_folders_are_left_out() {
        // FIPS 180-4's example "abc".
        let input = Input::new("/home/somebody/scenario.toml", b"abc");
        assert_eq!(input.file, "scenario.toml");
        assert_eq!(input.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn keys_are_in_order() {
        let manifest = Manifest {
            golive: "0.1.0".into(),
            scenario: "november-2021".into(),
            inputs: vec![],
            seed: 1,
            iterations: 10,
            plans: vec!["P1".into()],
            options: BTreeMap::from([("plan".to_owned(), "P1".into())]),
        };
        let text = String::from_utf8(manifest_json(&manifest)).unwrap();
        let keys: Vec<&str> =
            text.lines().filter(|l| l.starts_with("  \"")).filter_map(|l| l.split('"').nth(1)).collect();
        assert_eq!(keys, ["golive", "scenario", "inputs", "seed", "iterations", "plans", "options"]);
    }
}
