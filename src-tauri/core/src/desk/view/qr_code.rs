//! A link as a picture for a camera.

use std::fmt;

use qrcodegen::{QrCode as Drawn, QrCodeEcc};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::signing_url::SigningUrl;

/// The modules of a QR code, row by row. It is a whole link in another shape: it goes to the window
/// to be painted at once, and nobody keeps it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct QrCode {
    /// Modules along a side, without the quiet zone around them.
    size: u8,
    /// `#` for a dark module and `.` for a light one.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(test, ts(type = "string"))]
    modules: Zeroizing<String>,
}

/// The link is longer than a QR code holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the link does not fit into a QR code")]
pub struct QrCodeError;

impl QrCode {
    /// Draws a checked link. The more of it there is the finer its modules, so damage is repaired
    /// only as far as that costs nothing: a screen has no scratches.
    ///
    /// # Errors
    /// Where it does not fit. No link that the check lets pass is so long.
    pub fn of(url: &SigningUrl) -> Result<Self, QrCodeError> {
        let drawn = Drawn::encode_text(url.expose(), QrCodeEcc::Low).map_err(|_| QrCodeError)?;
        let along = 0..drawn.size();
        let places = along.clone().flat_map(|y| along.clone().map(move |x| (x, y)));
        let modules: String =
            places.map(|(x, y)| if drawn.get_module(x, y) { '#' } else { '.' }).collect();
        let size = u8::try_from(drawn.size()).map_err(|_| QrCodeError)?;
        Ok(Self { size, modules: Zeroizing::new(modules) })
    }

    /// Modules along a side.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size.into()
    }

    /// Whether this module is dark; outside of the code everything is light.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.size() && self.modules.as_bytes().get(y * self.size() + x) == Some(&b'#')
    }
}

/// Whoever prints one prints no link.
impl fmt::Debug for QrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QrCode({} modules)", self.size)
    }
}

fn as_text<S: serde::Serializer>(text: &Zeroizing<String>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing_url::Allowlist;

    /// Reads a picture of the code as a phone would: eight pixels a module, four light modules
    /// around it.
    fn scanned(code: &QrCode) -> String {
        const PIXELS: usize = 8;
        const QUIET: usize = 4;
        let side = (code.size() + 2 * QUIET) * PIXELS;
        let module = |pixel: usize| (pixel / PIXELS).checked_sub(QUIET);
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
            let dark = module(x).zip(module(y)).is_some_and(|(x, y)| code.is_dark(x, y));
            if dark { 0 } else { 255 }
        });
        let grids = picture.detect_grids();
        assert_eq!(grids.len(), 1, "one code is found");
        grids[0].decode().expect("it can be read").1
    }

    fn checked(url: &str) -> SigningUrl {
        let allow = Allowlist::new(vec!["sign.example.bg".parse().expect("an entry")]);
        allow.check(url).expect("an allowed link")
    }

    #[test]
    fn a_camera_reads_the_very_link_that_was_checked() {
        for url in [
            "https://sign.example.bg/s/1",
            "HTTPS://SIGN.example.BG/s/%D0%B0?token=aB3-_.~&next=%2Fdone",
            &format!("https://sign.example.bg/s/{}", "x9Z-".repeat(60)),
        ] {
            let url = checked(url);
            assert_eq!(scanned(&QrCode::of(&url).expect("it fits")), url.expose());
        }
    }

    #[test]
    fn the_longest_link_that_passes_the_check_fits() {
        let stem = "https://sign.example.bg/";
        let url = checked(&format!("{stem}{}", "a".repeat(2_048 - stem.len())));
        assert_eq!(scanned(&QrCode::of(&url).expect("it fits")), url.expose());
    }

    #[test]
    fn printing_one_prints_no_module_of_it() {
        let code = QrCode::of(&checked("https://sign.example.bg/s/1")).expect("it fits");
        assert_eq!(format!("{code:?}"), "QrCode(25 modules)");
        let json = serde_json::to_value(&code).expect("JSON");
        assert_eq!(json["modules"].as_str().map(str::len), Some(code.size() * code.size()));
    }
}
