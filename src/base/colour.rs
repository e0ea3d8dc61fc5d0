//! The accent colour of an organization. Whatever is parsed can be read: in the light look and in the dark one, on every ground that
//! `static/gatehouse.css` puts it on.

use serde::{Serialize, Serializer};
use std::fmt;

/// What text needs against its ground (WCAG 2.2, 1.4.3).
pub const CONTRAST: f64 = 4.5;

/// A colour with enough contrast to be the accent of every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent([u8; 3]);

/// Why a text is no accent colour.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum AccentError {
    /// Not a colour.
    #[error("must look like #0d6e66")]
    Unreadable,
    /// Something with this colour could not be read.
    #[error("has a contrast of {ratio:.1} to 1, but 4.5 to 1 is needed")]
    Contrast {
        /// The worst contrast that a text would have.
        ratio: f64,
        /// The nearest darker colour of the same hue that has enough.
        nearest: Accent,
    },
}

impl Accent {
    /// The accent of an organization that chose none: the one in `static/gatehouse.css`.
    pub const STANDARD: Self = Self([0x0d, 0x6e, 0x66]);

    /// Parses `#rrggbb` or `#rgb`, with or without the mark.
    pub fn parse(text: &str) -> Result<Self, AccentError> {
        let digits = text.trim();
        let digits = digits.strip_prefix('#').unwrap_or(digits).as_bytes();
        let digit = |at: usize| char::from(digits[at]).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or(AccentError::Unreadable);
        let pair = |first, second| Ok(digit(first)? * 16 + digit(second)?);
        let colour = match digits.len() {
            3 => [pair(0, 0)?, pair(1, 1)?, pair(2, 2)?],
            6 => [pair(0, 1)?, pair(2, 3)?, pair(4, 5)?],
            _ => return Err(AccentError::Unreadable),
        };
        let ratio = worst(colour);
        if ratio >= CONTRAST { Ok(Self(colour)) } else { Err(AccentError::Contrast { ratio, nearest: darker(colour) }) }
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for Accent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

const WHITE: [u8; 3] = [0xff; 3];
const BLACK: [u8; 3] = [0; 3];

/// The worst contrast of all texts that have to do with an accent. The pairs follow `static/gatehouse.css`: buttons, links, and quiet
/// text on tinted ground, light and dark.
fn worst(accent: [u8; 3]) -> f64 {
    let button = |ground| contrast(WHITE, ground);
    let light = mix(accent, 0.92, BLACK);
    let dark = mix(accent, 0.34, WHITE);
    let (light_tint, dark_tint) = (mix(accent, 0.10, WHITE), mix(accent, 0.10, [0x1b, 0x1f, 0x23]));
    let pairs = [
        button(accent),
        button(mix(accent, 0.94, WHITE)),
        button(mix(accent, 0.86, BLACK)),
        contrast(light, [0xf6, 0xf5, 0xf2]),
        contrast(light, light_tint),
        contrast([0x56, 0x5e, 0x66], light_tint),
        contrast(dark, [0x24, 0x2a, 0x30]),
        contrast(dark, dark_tint),
        contrast([0xa9, 0xb2, 0xba], dark_tint),
    ];
    pairs.into_iter().fold(f64::INFINITY, f64::min)
}

/// The nearest darker colour of the same hue with enough contrast. Black has enough, so there is one.
fn darker(colour: [u8; 3]) -> Accent {
    let [light, a, b] = oklab(colour);
    let steps = (0..=1_000).map(|step| f64::from(1_000 - step) / 1_000.0);
    // Less light with all its colour, then less colour where the screen has none that strong.
    let candidates = steps.filter_map(|share| {
        let strong = (0..=20).map(|less| f64::from(20 - less) / 20.0).find_map(|chroma| screen([light * share, a * chroma, b * chroma]));
        strong.or_else(|| screen([light * share, 0.0, 0.0]))
    });
    Accent(candidates.into_iter().find(|candidate| worst(*candidate) >= CONTRAST).unwrap_or(BLACK))
}

/// What `color-mix(in oklab, one share, other)` is on a screen.
fn mix(one: [u8; 3], share: f64, other: [u8; 3]) -> [u8; 3] {
    let (one, other) = (oklab(one), oklab(other));
    let mixed = [0, 1, 2].map(|at| one[at] * share + other[at] * (1.0 - share));
    linear(mixed).map(|part| to_byte(part.clamp(0.0, 1.0)))
}

/// The colour on a screen, if it can show it.
fn screen(lab: [f64; 3]) -> Option<[u8; 3]> {
    let parts = linear(lab);
    parts.iter().all(|part| (-0.000_1..=1.000_1).contains(part)).then(|| parts.map(|part| to_byte(part.clamp(0.0, 1.0))))
}

/// The ratio of WCAG 2.2.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(from_byte);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// sRGB as it is stored, to light.
fn from_byte(byte: u8) -> f64 {
    let part = f64::from(byte) / 255.0;
    if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // from 0 to 255
fn to_byte(light: f64) -> u8 {
    let part = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (part * 255.0).round().clamp(0.0, 255.0) as u8
}

/// CSS Color 4, section 9.3: the matrices between linear sRGB and Oklab.
fn oklab(colour: [u8; 3]) -> [f64; 3] {
    let [red, green, blue] = colour.map(from_byte);
    let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
    let medium = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
    let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
    [
        0.210_454_255_3 * long + 0.793_617_785_0 * medium - 0.004_072_046_8 * short,
        1.977_998_495_1 * long - 2.428_592_205_0 * medium + 0.450_593_709_9 * short,
        0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766_0 * short,
    ]
}

fn linear([light, a, b]: [f64; 3]) -> [f64; 3] {
    let long = (light + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let medium = (light - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let short = (light - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701_0 * short,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn colours_that_can_be_read_are_taken() {
        for (typed, read) in [("#0D6E66", "#0d6e66"), (" 0d6e66 ", "#0d6e66"), ("#000", "#000000"), ("#00c", "#0000cc"), ("#c00000", "#c00000")] {
            assert_eq!(Accent::parse(typed).map(|accent| accent.to_string()), Ok(read.to_owned()), "{typed}");
        }
        assert_eq!(Accent::parse(&Accent::STANDARD.to_string()), Ok(Accent::STANDARD));
        for bad in ["", "#", "teal", "#12345", "#1234567", "#ggg", "rgb(0,0,0)", "#0d6e66; } body { display: none", "#\u{661}\u{662}\u{663}", "\u{fdfa}"] {
            assert_eq!(Accent::parse(bad), Err(AccentError::Unreadable), "{bad:?}");
        }
    }

    #[test]
    fn a_colour_that_cannot_be_read_comes_back_darker() {
        let refused = |text: &str| match Accent::parse(text) {
            Err(AccentError::Contrast { ratio, nearest }) => (format!("{ratio:.1}"), nearest.to_string()),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(refused("#ffff00").0, "1.1");
        assert_eq!(refused("#fff"), ("1.0".into(), refused("#fff").1));
        let (ratio, nearest) = refused("#ff0000");
        assert_eq!(ratio, "3.7");
        assert!(nearest.starts_with("#d") || nearest.starts_with("#e"), "{nearest} is red still");
    }

    #[test]
    fn mixing_is_what_the_browser_does() {
        // Measured in Chromium: color-mix(in oklab, ...), painted.
        assert_eq!(mix([0x0d, 0x6e, 0x66], 0.34, WHITE), [0xb3, 0xcc, 0xc8]);
        assert_eq!(mix([0x0d, 0x6e, 0x66], 0.92, BLACK), [0x0a, 0x62, 0x5b]);
        assert_eq!(mix(WHITE, 0.5, BLACK), [0x63; 3]);
        assert_eq!(mix([0, 0, 0xff], 0.34, WHITE), [0x9f, 0xc2, 0xff]);
        assert_eq!(mix([0xff, 0, 0], 0.10, [0x1b, 0x1f, 0x23]), [0x31, 0x24, 0x25]);
    }

    #[test]
    fn the_pairs_are_those_of_the_style_sheet() {
        let css = include_str!("../../static/gatehouse.css");
        for part in [
            "--accent: #0d6e66;",
            "--fill: light-dark(var(--accent), color-mix(in oklab, var(--accent) 94%, white))",
            "--fill-hover: light-dark(color-mix(in oklab, var(--accent) 86%, black), color-mix(in oklab, var(--accent) 86%, black))",
            "--link: light-dark(color-mix(in oklab, var(--accent) 92%, black), color-mix(in oklab, var(--accent) 34%, white))",
            "--tint: color-mix(in oklab, var(--accent) 10%, var(--surface))",
            "--ground: light-dark(#f6f5f2, ",
            "--surface: light-dark(#ffffff, #1b1f23)",
            "--raised: light-dark(#ffffff, #242a30)",
            "--ink-2: light-dark(#565e66, #a9b2ba)",
        ] {
            assert!(css.contains(part), "{part}");
        }
    }

    proptest! {
        #[test]
        fn there_is_always_a_colour_of_the_same_hue(red: u8, green: u8, blue: u8) {
            let typed = format!("#{red:02x}{green:02x}{blue:02x}");
            if let Err(AccentError::Contrast { ratio, nearest }) = Accent::parse(&typed) {
                prop_assert!(ratio < CONTRAST);
                prop_assert_eq!(Accent::parse(&nearest.to_string()), Ok(nearest));
                let (before, after) = (oklab([red, green, blue]), oklab(nearest.0));
                prop_assert!(after[0] < before[0], "{} is darker than {}", nearest, typed);
                // The hue of a grey is noise.
                if before[1].hypot(before[2]) > 0.05 && after[1].hypot(after[2]) > 0.03 {
                    let turn = (before[2].atan2(before[1]) - after[2].atan2(after[1])).abs();
                    prop_assert!(turn.min(std::f64::consts::TAU - turn) < 0.15, "{} has the hue of {}", nearest, typed);
                }
            } else {
                prop_assert!(worst([red, green, blue]) >= CONTRAST);
            }
        }
    }
}
