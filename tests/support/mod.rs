//! What several test files share: loading a scenario under a plan.
//!
//! All loading goes through [`register`], so that it can be exchanged in one place.

use std::path::{Path, PathBuf};

use golive::register::Register;
use golive::scenario::file::ScenarioFile;
use serde_json::{Value, json};

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
    let (root, folder) = if is_path {
        let file = path(source);
        let folder = file.parent().expect("a folder").to_owned();
        (text_of(&file), folder)
    } else {
        (source.to_owned(), path("scenarios/verification"))
    };
    let mut root: toml::Table = root.parse().expect("TOML");
    if let Some(toml::Value::Array(files)) = root.get("include").cloned() {
        for file in files.iter().filter_map(toml::Value::as_str) {
            let more: toml::Table = text_of(&folder.join(file)).parse().expect("TOML");
            root.extend(more);
        }
    }
    let mut document = plain(toml::Value::Table(root));
    let about_plan = document["plans"][plan].clone();
    for response in about_plan["responses"].as_array().into_iter().flatten() {
        let response = document["responses"][response.as_str().expect("an id")].clone();
        apply(&mut document, &response);
    }
    apply(&mut document, &about_plan);
    if document["plans"].is_null() {
        document["plans"] = json!({});
    }
    let file: ScenarioFile = serde_json::from_value(document).expect("a scenario");
    match golive::scenario::resolve(&file, plan, &folder) {
        Ok((register, _)) => register,
        Err(problems) => {
            let all: Vec<String> = problems
                .iter()
                .filter(|p| p.is_error())
                .map(|p| format!("{}: {} ({:?})", p.code, p.message, p.path))
                .collect();
            panic!("{}", all.join("\n"));
        }
    }
}

fn text_of(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// Applies `set` and `scale` of a plan or a response.
fn apply(document: &mut Value, from: &Value) {
    for (path, value) in from["set"].as_object().into_iter().flatten() {
        *at(document, path) = value.clone();
    }
    for (path, factor) in from["scale"].as_object().into_iter().flatten() {
        let number = at(document, path);
        if number.is_object() {
            number["times"] = factor.clone();
        } else {
            *number = json!({ "value": number.clone(), "times": factor });
        }
    }
}

fn at<'v>(document: &'v mut Value, path: &str) -> &'v mut Value {
    path.split('.').fold(document, |value, key| match value {
        Value::Array(list) => &mut list[key.parse::<usize>().expect("an index")],
        _ => &mut value[key],
    })
}

fn plain(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(k, v)| (k, plain(v))).collect())
        }
        toml::Value::Array(list) => Value::Array(list.into_iter().map(plain).collect()),
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(yes) => yes.into(),
    }
}
