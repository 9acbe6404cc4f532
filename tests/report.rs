//! Reports as their readers meet them: what they say, that nothing in them does harm, that they come back.
#![cfg(feature = "report")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::{Command, Output};

use calamine::{Data, Reader, Xlsx};
use resvg::usvg::roxmltree;
use rust_xlsxwriter::Workbook;
use tempfile::TempDir;

const HOSTILE: &str = "tests/report/hostile.toml";
const FLAGSHIP: &str = "scenarios/november-2021.toml";
const LITTLE: [&str; 4] = ["--iterations", "400", "--inputs", "8"];

fn golive(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_golive"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().expect("golive runs")
}

/// Standard error of a command that ends with this code.
#[track_caller]
fn ends(arguments: &[&str], code: i32) -> String {
    let output = golive(arguments);
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
    assert!(!told.contains("panicked"), "{told}");
    told
}

/// The documents of a scenario, by name.
#[track_caller]
fn report(scenario: &str, options: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let mut arguments = vec!["report", scenario, "--output", out.to_str().expect("text")];
    arguments.extend(LITTLE);
    arguments.extend(options);
    ends(&arguments, 0);
    let files = std::fs::read_dir(&out).expect("written").map(|entry| {
        let path = entry.expect("readable").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read(&path).expect("readable"))
    });
    files.collect()
}

fn page(files: &BTreeMap<String, Vec<u8>>) -> String {
    String::from_utf8(files["report.html"].clone()).expect("UTF-8")
}

/// The parts of a package that are XML, each well-formed.
fn parts(package: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).expect("an archive");
    let mut parts = BTreeMap::new();
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).expect("a part");
        let name = file.name().expect("a name").into_owned();
        if name.ends_with(".xml") || name.ends_with(".rels") {
            let mut text = String::new();
            file.read_to_string(&mut text).expect("UTF-8");
            roxmltree::Document::parse(&text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
            parts.insert(name, text);
        }
    }
    parts
}

/// The words of a Word document, a paragraph a line.
fn words(document: &str) -> String {
    let tree = roxmltree::Document::parse(document).expect("well-formed");
    let paragraphs = tree
        .descendants()
        .filter(|node| node.has_tag_name(("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "p")));
    let text = |p: roxmltree::Node<'_, '_>| {
        let texts = p.descendants().filter(|node| node.tag_name().name() == "t");
        texts.filter_map(|node| node.text().map(str::to_owned)).collect::<String>()
    };
    paragraphs.map(|p| text(p) + "\n").collect()
}

fn workbook(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(bytes)).expect("a workbook")
}

#[test]
fn all_faces_have_the_same_bytes_every_time() {
    let first = report(HOSTILE, &["--threads", "1"]);
    assert_eq!(first.keys().collect::<Vec<_>>(), ["report.docx", "report.html", "report.xlsx"]);
    assert_eq!(first, report(HOSTILE, &["--threads", "3"]));
    let some = report(HOSTILE, &["--docx", "--html"]);
    assert_eq!(some.len(), 2);
    assert_eq!(some["report.docx"], first["report.docx"]);
}

#[test]
fn the_texts_of_a_scenario_are_text_in_html() {
    let files = report(HOSTILE, &["--html"]);
    let page = page(&files);
    // The page's own script, and no other.
    assert_eq!(page.matches("<script").count(), 1);
    for harm in ["<img", "<svg onload", "<marquee", "javascript:alert(3)'>", "<a href='", "onerror=alert(1)>"] {
        assert!(!page.contains(harm), "{harm}");
    }
    for shown in
        ["&lt;script&gt;alert(&#39;title&#39;)", "=HYPERLINK(", "שלום", "&quot;quoted&quot;", &"W".repeat(10_000)]
    {
        assert!(page.contains(shown), "{shown}");
    }
    let control = |c: char| (c.is_control() && c != '\n') || ('\u{202A}'..='\u{202E}').contains(&c);
    assert!(!page.contains(control), "control characters are gone");
}

#[test]
fn names_in_a_page_are_unique_and_references_lead_somewhere() {
    for scenario in [HOSTILE, "scenarios/templates/release-train.toml"] {
        let page = page(&report(scenario, &["--html"]));
        let values = |attribute: &str| -> Vec<String> {
            let start = format!(" {attribute}=\"");
            let parts = page.split(&start).skip(1);
            parts.filter_map(|part| part.split('"').next()).map(str::to_owned).collect()
        };
        let ids = values("id");
        let unique: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{scenario}");
        for target in values("href") {
            let id = target.strip_prefix('#').unwrap_or_else(|| panic!("{target} leaves the page"));
            assert!(unique.contains(&id.to_owned()), "{target}");
        }
        for names in values("aria-labelledby").iter().chain(&values("for")) {
            assert!(names.split(' ').all(|id| unique.contains(&id.to_owned())), "{names}");
        }
        // Nothing is fetched: neither by a tag of the page, whose texts have no `<`, nor by its style.
        let tags = page.split('<').skip(1).filter_map(|part| part.split('>').next());
        assert!(tags.clone().count() > 100);
        for tag in tags {
            assert!(!tag.contains(" src=") && !tag.starts_with("link") && !tag.starts_with("iframe"), "{tag}");
        }
        let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).expect("a style");
        assert!(!style.contains("url(") && !style.contains("@import"));
    }
}

#[test]
fn the_policy_names_the_pages_own_style_and_script() {
    use sha2::{Digest, Sha256};
    let page = page(&report(HOSTILE, &["--html"]));
    let between = |from: &str, to: &str| page.split(from).nth(1).and_then(|rest| rest.split(to).next()).expect("there");
    for (tag, directive) in [("style", "style-src"), ("script", "script-src")] {
        let text = between(&format!("<{tag}>"), &format!("</{tag}>"));
        let named = between(&format!("{directive} 'sha256-"), "'");
        let hash: Vec<u8> = Sha256::digest(text.as_bytes()).to_vec();
        assert_eq!(from_base64(named), hash, "{directive}");
    }
    assert!(page.contains("default-src 'none'") && !page.contains("unsafe"));
}

/// Bytes of base64, to check what the page says by other code than the page's.
fn from_base64(text: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let bits: String = text.trim_end_matches('=').bytes().map(|c| format!("{:06b}", value(c))).collect();
    let bytes = bits.as_bytes().chunks_exact(8);
    bytes.map(|byte| u8::from_str_radix(std::str::from_utf8(byte).expect("ASCII"), 2).expect("bits")).collect()
}

#[test]
fn the_texts_of_a_scenario_are_text_in_word() {
    let files = report(HOSTILE, &["--docx"]);
    let parts = parts(&files["report.docx"]);
    let words = words(&parts["word/document.xml"]);
    for shown in ["<script>alert('title')</script> & \"quoted\" ]]>", "=HYPERLINK(", "שלום", &"W".repeat(400)] {
        assert!(words.contains(shown), "{shown}");
    }
    // No relation leads out of the document.
    assert!(parts.iter().all(|(_, text)| !text.contains("TargetMode")));
}

#[test]
fn word_numbers_its_captions_and_describes_its_pictures() {
    let files = report(HOSTILE, &["--docx"]);
    let body = parts(&files["report.docx"])["word/document.xml"].clone();
    let tree = roxmltree::Document::parse(&body).expect("well-formed");
    let pictures: Vec<_> = tree.descendants().filter(|n| n.tag_name().name() == "docPr").collect();
    assert!(pictures.len() >= 4, "{}", pictures.len());
    let ids: BTreeSet<_> = pictures.iter().filter_map(|p| p.attribute("id")).collect();
    assert_eq!(ids.len(), pictures.len());
    assert!(pictures.iter().all(|p| p.attribute("descr").is_some_and(|words| words.len() > 30)));
    // Every style that the body names is there to be changed.
    let styles = parts(&files["report.docx"])["word/styles.xml"].clone();
    let named = tree.descendants().filter(|n| matches!(n.tag_name().name(), "pStyle" | "rStyle" | "tblStyle"));
    let named: BTreeSet<String> = named.filter_map(|n| n.attributes().next().map(|a| a.value().to_owned())).collect();
    assert!(named.len() > 12);
    for style in named {
        assert!(styles.contains(&format!("w:styleId=\"{style}\"")), "{style}");
    }
    let tables = body.matches("SEQ Table").count();
    assert_eq!(body.matches("<w:tblHeader/>").count(), tables, "every numbered table repeats its head");
}

#[test]
fn the_texts_of_a_scenario_are_text_in_excel() {
    let files = report(HOSTILE, &["--xlsx"]);
    parts(&files["report.xlsx"]);
    let mut book = workbook(&files["report.xlsx"]);
    let mut cells = BTreeSet::new();
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).expect("readable");
        assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()), "a formula in {sheet}");
        let range = book.worksheet_range(&sheet).expect("readable");
        cells.extend(range.used_cells().map(|(_, _, cell)| cell.to_string()));
    }
    for shown in
        ["=HYPERLINK(\"http://192.0.2.1\",\"click\")", "=1+1", "<a href='javascript:alert(3)'>owner</a>", "שלום"]
    {
        assert!(cells.contains(shown), "{shown}");
    }
    assert!(cells.iter().all(|cell| !cell.contains(|c: char| c.is_control() || c == '\u{202E}')));
}

#[test]
fn every_kind_of_scenario_has_a_report() {
    for scenario in [
        "scenarios/templates/smallest.toml",
        "scenarios/verification/network-50.toml",
        "scenarios/templates/release-train.toml",
    ] {
        let files = report(scenario, &[]);
        assert_eq!(files.len(), 3);
        let page = page(&files);
        for heading in ["<h2 id=\"summary\">", "<h2 id=\"method\">", "<h2 id=\"again\">", "<figure "] {
            assert!(page.contains(heading), "{scenario}: {heading}");
        }
        assert!(!page.contains(env!("CARGO_MANIFEST_DIR")), "no path of this machine");
    }
}

#[test]
fn a_report_says_how_to_repeat_it() {
    let page = page(&report(FLAGSHIP, &["--html", "--plans", "P1,P9", "--plan", "P9"]));
    let command = "golive report november-2021.toml --plans P1,P9 --plan P9 --iterations 400 --inputs 8";
    assert!(page.contains(command), "the command");
    let text = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/november-2021/register.toml"))
        .expect("there");
    let hash =
        <sha2::Sha256 as sha2::Digest>::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert!(page.contains(&hash), "the hash of every file");
    assert!(page.contains("Where the source contradicts itself"));
}

#[test]
fn nothing_is_written_when_not_all_can_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    std::fs::create_dir_all(out.join("report.html")).expect("made");
    let path = out.to_str().expect("text");
    let mut arguments = vec!["report", HOSTILE, "--output", path];
    arguments.extend(LITTLE);
    let told = ends(&arguments, 1);
    assert!(told.contains("report.html") && told.contains("nothing was written"), "{told}");
    assert_eq!(std::fs::read_dir(&out).expect("there").count(), 1);
    let told = ends(&["report", HOSTILE, "--plan", "P7", "--output", path], 2);
    assert!(told.contains("P7") && told.contains("P1, P2"), "{told}");
    let told = ends(&["report", HOSTILE, "--plans", "P1", "--plan", "P2", "--output", path], 2);
    assert!(told.contains("P2"), "{told}");
    if !cfg!(feature = "pdf") {
        let told = ends(&["report", HOSTILE, "--pdf", "--output", path], 2);
        assert!(told.contains("built without PDF") && told.contains("print report.html"), "{told}");
    }
}

/// A workbook's sheets of the register, with some cells changed.
struct Editing {
    folder: TempDir,
    sheets: Vec<(String, Vec<Vec<Data>>)>,
}

impl Editing {
    fn of(scenario: &str) -> Self {
        let files = report(scenario, &["--xlsx"]);
        let mut book = workbook(&files["report.xlsx"]);
        let sheets = ["Register", "Numbers"].map(|name| {
            let range = book.worksheet_range(name).expect("there");
            // What stands above the head is kept: cells have their places.
            let rows = (0..=range.end().expect("cells").0).map(|row| {
                let cells = 0..=range.end().expect("cells").1;
                cells.map(|column| range.get_value((row, column)).cloned().unwrap_or(Data::Empty)).collect()
            });
            (name.to_owned(), rows.collect())
        });
        Self { folder: tempfile::tempdir().expect("a folder"), sheets: sheets.into() }
    }

    #[track_caller]
    fn set(&mut self, sheet: &str, path: &str, heading: &str, value: impl Into<Data>) {
        let (_, rows) = self.sheets.iter_mut().find(|(name, _)| name == sheet).expect("a sheet");
        let is = |cell: &Data, text: &str| matches!(cell, Data::String(t) if t == text);
        let head = rows.iter().find(|row| is(&row[0], "Path")).expect("a head").clone();
        let column = head.iter().position(|cell| is(cell, heading)).unwrap_or_else(|| panic!("no column {heading}"));
        let row = rows.iter_mut().find(|row| is(&row[0], path)).unwrap_or_else(|| panic!("no row {path}"));
        row[column] = value.into();
    }

    /// Writes the sheets, rows in another order, and imports them.
    fn import(&self, scenario: &str, options: &[&str]) -> Output {
        let mut book = Workbook::new();
        for (name, rows) in &self.sheets {
            let sheet = book.add_worksheet().set_name(name).expect("a name");
            let head = rows.iter().position(|row| matches!(&row[0], Data::String(t) if t == "Path")).expect("a head");
            let (above, below) = rows.split_at(head + 1);
            for (row, cells) in (0..).zip(above.iter().chain(below.iter().rev())) {
                for (column, cell) in (0..).zip(cells) {
                    match cell {
                        Data::Float(n) => drop(sheet.write_number(row, column, *n).expect("written")),
                        Data::Empty => {}
                        other => drop(sheet.write_string(row, column, other.to_string()).expect("written")),
                    }
                }
            }
        }
        let file = self.folder.path().join("edited.xlsx");
        book.save(&file).expect("saved");
        let mut arguments = vec!["import", scenario, file.to_str().expect("text")];
        arguments.extend(options);
        golive(&arguments)
    }
}

#[test]
fn an_unedited_workbook_makes_no_changes() {
    for scenario in [FLAGSHIP, HOSTILE] {
        let output = Editing::of(scenario).import(scenario, &[]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.starts_with("No changes"), "{said} {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn edits_come_back_as_a_what_if_that_runs() {
    let mut editing = Editing::of(FLAGSHIP);
    editing.set("Register", "risks.R07", "Mode", 0.3);
    editing.set("Register", "risks.R24", "In the figures", "yes".to_owned());
    editing.set("Register", "risks.R05", "Form", "exact".to_owned());
    editing.set("Register", "risks.R05", "Value", 0.05);
    editing.set("Numbers", "estimates.interaction", "Basis", "stated".to_owned());
    editing.set("Numbers", "restore.2", "Other parameters", "median = 2, p90 = 3".to_owned());
    editing.set("Numbers", "estimates.toc-factor", "Value", 0.9);
    let file = editing.folder.path().join("edited.toml");
    let output = editing.import(FLAGSHIP, &["--plan", "P1", "--output", file.to_str().expect("text")]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
    let overlay = std::fs::read_to_string(&file).expect("written");
    let table: toml::Table = overlay.parse().expect("TOML");
    let set = table["what_ifs"]["edited"]["set"].as_table().expect("a table");
    let paths: Vec<&str> = set.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "estimates.interaction.basis",
            "estimates.toc-factor.value",
            "restore.2.lognormal.median",
            "risks.R05.probability",
            "risks.R07.probability.pert.mode",
            "risks.R24.enabled",
        ]
    );
    assert_eq!(set["risks.R07.probability.pert.mode"].as_float(), Some(0.3));
    let whole = set["risks.R05.probability"].as_table().expect("an estimate");
    assert_eq!((whole["value"].as_float(), whole["basis"].as_str()), (Some(0.05), Some("assumed")));
    // Beside the scenario it is a what-if like any other.
    let copy = tempfile::tempdir().expect("a folder");
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    std::fs::create_dir(copy.path().join("november-2021")).expect("made");
    for part in ["releases", "criteria", "register", "plans"] {
        let name = format!("november-2021/{part}.toml");
        std::fs::copy(scenarios.join(&name), copy.path().join(&name)).expect("copied");
    }
    std::fs::write(copy.path().join("edited.toml"), overlay).expect("written");
    let main = std::fs::read_to_string(scenarios.join("november-2021.toml")).expect("there");
    let main = main.replace("include = [", "include = [\"edited.toml\",");
    std::fs::write(copy.path().join("main.toml"), main).expect("written");
    ends(&["check", copy.path().join("main.toml").to_str().expect("text")], 0);
}

#[test]
fn what_cannot_be_read_back_is_named_by_its_cell() {
    let mut editing = Editing::of(FLAGSHIP);
    editing.set("Register", "risks.R07", "Mode", "about a third".to_owned());
    editing.set("Register", "risks.R08", "Basis", "gessed".to_owned());
    editing.set("Register", "risks.R09", "In the figures", "maybe".to_owned());
    editing.set("Register", "risks.R11", "Title", Data::Empty);
    editing.set("Register", "risks.R12", "Path", "risks.R99".to_owned());
    editing.set("Numbers", "estimates.interaction", "Form", "bell".to_owned());
    editing.set("Numbers", "estimates.no-go-sec", "Max", Data::Empty);
    editing.set("Numbers", "restore.2", "Other parameters", "median 2".to_owned());
    let output = editing.import(FLAGSHIP, &[]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    for code in [
        "not-a-number",
        "unknown-basis",
        "neither-yes-nor-no",
        "emptied",
        "unknown-row",
        "unknown-form",
        "malformed-parameters",
    ] {
        let line = told.lines().find(|line| line.contains(&format!("error[{code}]")));
        let line = line.unwrap_or_else(|| panic!("{code} is missing in {told}"));
        assert!(line.starts_with("Register!") || line.starts_with("Numbers!"), "{line}");
    }
    assert!(told.contains("9 errors") || told.contains("8 errors"), "{told}");
}

#[test]
fn what_the_format_refuses_is_named_by_its_cell() {
    let mut editing = Editing::of(FLAGSHIP);
    editing.set("Register", "risks.R07", "Mode", 0.9);
    editing.set("Register", "risks.R08", "Max", 3.0);
    let output = editing.import(FLAGSHIP, &[]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("Register!") && told.contains("risks.R08.probability"), "{told}");
}

#[test]
fn a_file_that_is_no_workbook_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for bytes in [&b"not a workbook"[..], b"PK\x03\x04\x14\x00", b""] {
        let file = folder.path().join("edited.xlsx");
        std::fs::write(&file, bytes).expect("written");
        let told = ends(&["import", FLAGSHIP, file.to_str().expect("text")], 2);
        assert!(told.contains("unreadable-workbook"), "{told}");
    }
    let told = ends(&["import", FLAGSHIP, folder.path().join("missing.xlsx").to_str().expect("text")], 2);
    assert!(told.contains("missing.xlsx"), "{told}");
}
