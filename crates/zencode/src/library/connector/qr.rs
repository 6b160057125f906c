//! QR codes: computed here, no host is asked.

use qrcode::{Color, EcLevel, QrCode};
use zencode_crypto::encoding::base64;
use zencode_macros::order;

use super::quoted;
use crate::error::Error;
use crate::order::Ordered;
use crate::question::Want;
use crate::statement::Statement;

pub(in crate::library) const STATEMENTS: &[Statement] = &[CREATE_QR_CODE];

/// Pixels of a module.
const SCALE: usize = 4;
/// Modules left white on each side.
///
/// # Source
/// ISO/IEC 18004, 5.3.8.
const MARGIN: usize = 4;

/// Draws a text as a QR code: the address `data:image/png;base64,…` of a picture.
///
/// Error correction is at level L; a module has four pixels, and four modules are left white on each side.
///
/// # Example
/// ```zencode
/// Given I send text 'ticket' and create qr code and output into 'picture'
/// Given I have a 'string' named 'ticket'
/// Then print the 'ticket'
/// ```
/// ```json data
/// { "ticket": "https://example.org/t/17" }
/// ```
/// ```json answer
/// "data:image/png;base64,…"
/// ```
#[order(send(text), "create qr code")]
fn create_qr_code(order: &Ordered<'_>) -> Result<Want, Error> {
    let text = order.text("text")?;
    let code = QrCode::with_error_correction_level(&text, EcLevel::L)
        .map_err(|fault| Error::failed(format!("{} octets make no QR code: {fault}", text.len())))?;
    let picture =
        picture(&code).map_err(|fault| Error::failed(format!("no picture can be made: {fault}")))?;
    Ok(Want::have(quoted(&format!("data:image/png;base64,{}", base64::encode(&picture)))))
}

/// A PNG of one bit for each pixel.
///
/// # Source
/// W3C Portable Network Graphics, 11.2.1: colour type 0, bit depth 1.
fn picture(code: &QrCode) -> Result<Vec<u8>, png::EncodingError> {
    let (modules, width) = (code.to_colors(), (code.width() + 2 * MARGIN) * SCALE);
    let dark = |x: usize, y: usize| {
        let (x, y) = ((x / SCALE).checked_sub(MARGIN)?, (y / SCALE).checked_sub(MARGIN)?);
        let inside = x < code.width() && y < code.width();
        inside.then(|| modules[y * code.width() + x] == Color::Dark)
    };
    let mut rows = Vec::new();
    for y in 0..width {
        for start in (0..width).step_by(8) {
            let bits = (0..8).map(|bit| !dark(start + bit, y).unwrap_or(false));
            rows.push(bits.fold(0_u8, |octet, white| octet << 1 | u8::from(white)));
        }
    }
    let side = u32::try_from(width).unwrap_or(u32::MAX);
    let mut octets = Vec::new();
    let mut encoder = png::Encoder::new(&mut octets, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header()?.write_image_data(&rows)?;
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_a_white_margin_and_a_finder_in_its_corner() {
        let code = QrCode::with_error_correction_level("a", EcLevel::L).unwrap();
        let octets = picture(&code).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(octets)).read_info().unwrap();
        // Version 1 has 21 modules on a side.
        assert_eq!((reader.info().width, reader.info().height), (116, 116));
        let mut rows = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut rows).unwrap();
        let row = |y: usize| &rows[y * 15..(y + 1) * 15];
        assert!(row(15).iter().all(|octet| *octet == 0xff || *octet == 0xf0));
        // Four white modules of four pixels, then seven dark ones, then a white one.
        assert_eq!(row(16)[..6], [0xff, 0xff, 0, 0, 0, 0x0f]);
    }
}
