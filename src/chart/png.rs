//! An SVG of ours as PNG at 250 pixels an inch, with the same embedded font.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

use super::ChartError;
use super::theme::WIDTH_MM;

/// Pixels an inch.
const PPI: f64 = 250.0;

/// Fonts: the embedded ones, and none of the machine's.
fn fonts() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    Arc::clone(FONTS.get_or_init(|| {
        let mut database = Database::new();
        database.load_font_data(dejavu::sans::regular().to_vec());
        database.load_font_data(dejavu::sans::bold().to_vec());
        database.set_sans_serif_family("DejaVu Sans");
        Arc::new(database)
    }))
}

/// Reads an SVG of ours with its texts laid out.
pub(super) fn tree(svg: &str) -> Result<Tree, ChartError> {
    let options = Options { fontdb: fonts(), font_family: "DejaVu Sans".to_owned(), ..Options::default() };
    Tree::from_str(svg, &options).map_err(|e| ChartError::Png(e.to_string()))
}

/// Draws an SVG of ours 160 mm wide.
pub fn png(svg: &str) -> Result<Vec<u8>, ChartError> {
    let tree = tree(svg)?;
    let size = tree.size();
    let width = WIDTH_MM / 25.4 * PPI;
    let scale = width as f32 / size.width();
    let height = (size.height() * scale).ceil() as u32;
    let mut pixmap =
        Pixmap::new(width.round() as u32, height).ok_or_else(|| ChartError::Png("the chart has no size".to_owned()))?;
    pixmap.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    let bytes = pixmap.encode_png().map_err(|e| ChartError::Png(e.to_string()))?;
    Ok(with_resolution(bytes))
}

/// Adds the resolution (chunk `pHYs`, PNG specification 11.3.5.3) after the header, so that word
/// processors set the picture at 160 mm.
fn with_resolution(mut png: Vec<u8>) -> Vec<u8> {
    /// Signature, and the header with its length, name and checksum.
    const AFTER_HEADER: usize = 8 + 25;
    let per_metre = (PPI / 0.0254).round() as u32;
    let mut chunk = b"pHYs".to_vec();
    chunk.extend(per_metre.to_be_bytes());
    chunk.extend(per_metre.to_be_bytes());
    chunk.push(1);
    let sum = crc32(&chunk);
    let mut whole = 9u32.to_be_bytes().to_vec();
    whole.extend(chunk);
    whole.extend(sum.to_be_bytes());
    png.splice(AFTER_HEADER..AFTER_HEADER, whole);
    png
}

/// The checksum of PNG chunks (PNG specification, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |c, _| if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 })
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn checksum_of_the_specifications_end_chunk() {
        assert_eq!(super::crc32(b"IEND"), 0xAE42_6082);
    }
}
