//! Pictures that people upload: known by their content, never by their name.

use imagesize::{ImageType, blob_size, image_type};

crate::choice! {
    /// The formats that are taken: none of them can carry a script.
    pub enum PictureType {
        /// PNG.
        Png = "image/png",
        /// JPEG.
        Jpeg = "image/jpeg",
        /// WebP.
        Webp = "image/webp",
    }
}

/// A picture of a known format, not too large.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    kind: PictureType,
    bytes: Vec<u8>,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// There is nothing in it.
    #[error("must not be empty")]
    Empty,
    /// More bytes than are taken.
    #[error("must have at most 256 kB")]
    TooLarge,
    /// Wider or higher than is taken.
    #[error("must have at most 2,000 by 2,000 pixels, but has {width} by {height}")]
    TooWide {
        /// Its width.
        width: usize,
        /// Its height.
        height: usize,
    },
    /// An SVG, which can carry scripts.
    #[error("must be a PNG, JPEG or WebP picture; an SVG can carry scripts")]
    Svg,
    /// Anything else.
    #[error("must be a PNG, JPEG or WebP picture")]
    Other,
}

impl Picture {
    /// The most bytes.
    pub const MOST_BYTES: usize = 256 * 1024;
    /// The most pixels along one edge.
    pub const MOST_PIXELS: usize = 2_000;

    /// Recognises a picture.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, PictureError> {
        if bytes.is_empty() {
            return Err(PictureError::Empty);
        }
        if bytes.len() > Self::MOST_BYTES {
            return Err(PictureError::TooLarge);
        }
        let kind = match image_type(&bytes) {
            Ok(ImageType::Png) => PictureType::Png,
            Ok(ImageType::Jpeg) => PictureType::Jpeg,
            Ok(ImageType::Webp) => PictureType::Webp,
            _ if is_svg(&bytes) => return Err(PictureError::Svg),
            _ => return Err(PictureError::Other),
        };
        let size = blob_size(&bytes).map_err(|_| PictureError::Other)?;
        if size.width == 0 || size.height == 0 {
            return Err(PictureError::Other);
        }
        if size.width > Self::MOST_PIXELS || size.height > Self::MOST_PIXELS {
            return Err(PictureError::TooWide { width: size.width, height: size.height });
        }
        Ok(Self { kind, bytes })
    }

    /// Its format.
    pub const fn kind(&self) -> PictureType {
        self.kind
    }

    /// Its content.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("kind", &self.kind).field("bytes", &self.bytes.len()).finish()
    }
}

/// Whether a text begins like an SVG, so that the refusal can say why.
fn is_svg(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).to_ascii_lowercase();
    start.contains("<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of a PNG of this size; its pixels do not matter here.
    fn png(width: u32, height: u32) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes(), b"\x08\x06\0\0\0\0\0\0\0"].concat()
    }

    #[test]
    fn pictures_are_known_by_their_content() {
        assert_eq!(Picture::parse(png(200, 50)).map(|picture| picture.kind()), Ok(PictureType::Png));
        let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08\0\x20\0\x40\x03\x01\x22\0\x02\x11\x01\x03\x11\x01";
        assert_eq!(Picture::parse(jpeg.to_vec()).map(|picture| picture.kind()), Ok(PictureType::Jpeg));
        let webp = b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\0\0\x1f\0\0\0\0\0\0\0\0\0\0\0\0";
        assert_eq!(Picture::parse(webp.to_vec()).map(|picture| picture.kind()), Ok(PictureType::Webp));
        let gif = b"GIF89a\x01\0\x01\0\0\0\0;";
        for (file, why) in [
            (&b""[..], PictureError::Empty),
            (b"hello, this is a text with another name", PictureError::Other),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", PictureError::Svg),
            (b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- x -->\n<SVG onload=\"alert(1)\"/>", PictureError::Svg),
            (gif, PictureError::Other),
            (b"<!doctype html><script>alert(1)</script>", PictureError::Other),
            (b"\x89PNG\r\n\x1a\n", PictureError::Other),
            (b"\xff\xd8\xff", PictureError::Other),
            (b"RIFF\0\0\0\0WEBP", PictureError::Other),
        ] {
            assert_eq!(Picture::parse(file.to_vec()).err(), Some(why), "{:?}", String::from_utf8_lossy(file));
        }
    }

    #[test]
    fn pictures_are_small() {
        assert_eq!(Picture::parse(png(2_001, 10)).err(), Some(PictureError::TooWide { width: 2_001, height: 10 }));
        assert_eq!(Picture::parse(png(u32::MAX, u32::MAX)).err().map(|why| matches!(why, PictureError::TooWide { .. })), Some(true));
        assert_eq!(Picture::parse(png(0, 10)).err(), Some(PictureError::Other));
        let mut large = png(20, 20);
        large.resize(Picture::MOST_BYTES + 1, 0);
        assert_eq!(Picture::parse(large).err(), Some(PictureError::TooLarge));
    }
}
