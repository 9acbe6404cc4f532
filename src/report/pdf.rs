//! A report as a PDF, typeset by Typst within this program: tagged, with alternative texts, the embedded fonts and
//! nothing from the machine.
//!
//! In: [`Content`]. Out: the bytes of a PDF, the same every time. There is no file system, no network and no clock in
//! the world that the document sees: its source, its pictures and the fonts are all there is.

use std::collections::BTreeMap;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Smart};
use typst::layout::PagedDocument;
use typst::syntax::{FileId, Source, VirtualPath};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_pdf::PdfOptions;

use super::content::Content;
use super::typst_source::source;

/// The document.
///
/// # Errors
/// What Typst says of the document, which is a defect of golive.
pub fn pdf(content: &Content) -> Result<Vec<u8>, String> {
    let world = Sealed::of(content);
    let told = |errors: &[typst::diag::SourceDiagnostic]| {
        let words: Vec<&str> = errors.iter().map(|e| e.message.as_str()).collect();
        format!("the report cannot be typeset: {}", words.join("; "))
    };
    let document: PagedDocument = typst::compile(&world).output.map_err(|errors| told(&errors))?;
    let options = PdfOptions { ident: Smart::Custom("golive report"), ..PdfOptions::default() };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| told(&errors));
    // What Typst keeps for the next time is not needed again.
    typst::comemo::evict(0);
    bytes
}

/// All that a document sees.
struct Sealed {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: Source,
    pictures: BTreeMap<String, Bytes>,
}

impl Sealed {
    fn of(content: &Content) -> Self {
        let written = source(content);
        let faces: [&'static [u8]; 3] = [dejavu::sans::regular(), dejavu::sans::bold(), dejavu::sans_mono::regular()];
        let fonts: Vec<Font> = faces.into_iter().flat_map(|face| Font::iter(Bytes::new(face))).collect();
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            main: Source::new(FileId::new(None, VirtualPath::new("report.typ")), written.markup),
            pictures: written.pictures.into_iter().map(|(name, bytes)| (name, Bytes::new(bytes))).collect(),
        }
    }

    fn missing(id: FileId) -> FileError {
        FileError::NotFound(id.vpath().as_rootless_path().to_path_buf())
    }
}

impl World for Sealed {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(Self::missing(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = id.vpath().as_rootless_path().to_string_lossy().into_owned();
        self.pictures.get(&name).cloned().ok_or_else(|| Self::missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<i64>) -> Option<Datetime> {
        None
    }
}
