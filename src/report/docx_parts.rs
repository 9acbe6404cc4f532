//! The parts of a Word document around its body: types, relations, styles, numbering, footer; and the package.
//!
//! In: the body's XML and its pictures. Out: the bytes of the package, the same every time: no clock.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::docx::{TEXT_WIDTH, field};
use super::html::escape;

const STYLES: &str = include_str!("styles.xml");

/// A picture of the document.
pub struct Media {
    /// Its name within the package.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const SPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";

/// The package.
pub fn package(title: &str, running: &str, body: &str, media: &[Media], lists: u32) -> Vec<u8> {
    let text = |text: String| text.into_bytes();
    let mut files: Vec<(String, Vec<u8>)> = vec![
        ("[Content_Types].xml".to_owned(), text(types())),
        (
            "_rels/.rels".to_owned(),
            text(relations(&[
                ("office", "officeDocument", "word/document.xml"),
                ("core", "core", "docProps/core.xml"),
            ])),
        ),
        ("docProps/core.xml".to_owned(), text(core(title))),
        ("word/document.xml".to_owned(), text(document(body))),
        ("word/styles.xml".to_owned(), text(STYLES.to_owned())),
        ("word/settings.xml".to_owned(), text(settings())),
        ("word/numbering.xml".to_owned(), text(numbering(lists))),
        ("word/footer.xml".to_owned(), text(footer(running))),
        ("word/_rels/document.xml.rels".to_owned(), text(document_relations(media))),
    ];
    files.extend(media.iter().map(|m| (format!("word/media/{}", m.name), m.bytes.clone())));
    zipped(&files)
}

/// Files in a zip archive without dates.
pub fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        // Memory does not fail, and no file is longer than 4 GB.
        let written = archive
            .start_file(name.as_str(), options)
            .map_err(std::io::Error::from)
            .and_then(|()| archive.write_all(bytes));
        debug_assert!(written.is_ok(), "{name}");
    }
    archive.finish().map(Cursor::into_inner).unwrap_or_default()
}

fn types() -> String {
    let part = |name: &str, kind: &str| {
        format!("<Override PartName=\"/{name}\" ContentType=\"application/vnd.openxmlformats-{kind}+xml\"/>")
    };
    let word =
        |name: &str, kind: &str| part(&format!("word/{name}.xml"), &format!("officedocument.wordprocessingml.{kind}"));
    format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
         ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/>{}{}{}{}{}{}</Types>",
        word("document", "document.main"),
        word("styles", "styles"),
        word("settings", "settings"),
        word("numbering", "numbering"),
        word("footer", "footer"),
        part("docProps/core.xml", "package.core-properties"),
    )
}

fn relations(relations: &[(&str, &str, &str)]) -> String {
    let mut out =
        format!("{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
    for (id, kind, target) in relations {
        let kind = match *kind {
            "core" => {
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties".to_owned()
            }
            kind => format!("http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"),
        };
        let _ = write!(out, "<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>");
    }
    out + "</Relationships>"
}

fn document_relations(media: &[Media]) -> String {
    let targets: Vec<(String, String)> =
        (1..).zip(media).map(|(n, m): (usize, _)| (format!("image{n}"), format!("media/{}", m.name))).collect();
    let mut all = vec![
        ("styles", "styles", "styles.xml"),
        ("settings", "settings", "settings.xml"),
        ("numbering", "numbering", "numbering.xml"),
        ("footer", "footer", "footer.xml"),
    ];
    all.extend(targets.iter().map(|(id, target)| (id.as_str(), "image", target.as_str())));
    relations(&all)
}

fn core(title: &str) -> String {
    let title = escape(&crate::analysis::wording::plain(title, 250));
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{title}</dc:title><dc:creator>golive {}</dc:creator>\
         <dc:language>en-GB</dc:language></cp:coreProperties>",
        env!("CARGO_PKG_VERSION")
    )
}

/// The body on A4 with margins of 18 mm and a footer.
fn document(body: &str) -> String {
    format!(
        "{HEAD}<w:document {SPACES}><w:body>\n{body}<w:sectPr><w:footerReference w:type=\"default\" r:id=\"footer\"/><w:pgSz \
         w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1020\" w:right=\"1020\" w:bottom=\"1134\" w:left=\"1020\" \
         w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
    )
}

fn settings() -> String {
    format!(
        "{HEAD}<w:settings {SPACES}><w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"567\"/><w:compat><w:compatSetting \
         w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>\
         <w:themeFontLang w:val=\"en-GB\"/></w:settings>"
    )
}

/// Bullets are number 1; every ordered list has a number of its own and begins at 1.
fn numbering(lists: u32) -> String {
    let level = |format: &str, text: &str| {
        format!(
            "<w:multiLevelType w:val=\"singleLevel\"/><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>\
             <w:lvlText w:val=\"{text}\"/><w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"397\" w:hanging=\"397\"/></w:pPr>\
             </w:lvl>"
        )
    };
    let mut out = format!(
        "{HEAD}<w:numbering {SPACES}><w:abstractNum w:abstractNumId=\"0\">{}</w:abstractNum><w:abstractNum \
         w:abstractNumId=\"1\">{}</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>",
        level("bullet", "•"),
        level("decimal", "%1.")
    );
    for list in 2..lists + 2 {
        let _ = write!(
            out,
            "<w:num w:numId=\"{list}\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride \
             w:val=\"1\"/></w:lvlOverride></w:num>"
        );
    }
    out + "</w:numbering>"
}

fn footer(running: &str) -> String {
    let words = escape(running);
    format!(
        "{HEAD}<w:ftr {SPACES}><w:p><w:pPr><w:pStyle w:val=\"Footer\"/><w:tabs><w:tab w:val=\"right\" w:pos=\"{TEXT_WIDTH}\"/>\
         </w:tabs></w:pPr><w:r><w:t xml:space=\"preserve\">{words}</w:t></w:r><w:r><w:tab/></w:r>{}<w:r><w:t \
         xml:space=\"preserve\"> / </w:t></w:r>{}</w:p></w:ftr>",
        field("PAGE", "1"),
        field("NUMPAGES", "1")
    )
}
