//! The listing of `gatehouse config print`: valid TOML, so that it can become a configuration file.

use super::error::Origin;
use super::sources::{Found, Given};
use super::table::{SECTIONS, Setting, Shape, TABLE};
use std::fmt::Write;

/// Every setting with its value, origin and sentence; secrets masked.
pub(super) fn listing(found: &Found) -> String {
    let mut listing = String::new();
    for (section, doc) in SECTIONS {
        let gap = if listing.is_empty() { "" } else { "\n" };
        // Writing into a String cannot fail.
        let _ = writeln!(listing, "{gap}# {doc}\n[{section}]");
        for setting in TABLE.iter().filter(|setting| setting.section == *section) {
            let text = found.text(setting.name).unwrap_or_default();
            let origin = found.given(setting.name).map_or(Origin::Default, Given::origin);
            // An optional setting that is not set has no value to show.
            let off = if text.is_empty() && setting.shape == Shape::Text { "# " } else { "" };
            let _ = writeln!(listing, "# {}\n{off}{} = {} # {origin}", setting.doc, setting.key, written(setting, &text));
        }
    }
    listing
}

/// The value as TOML writes it.
fn written(setting: &Setting, text: &str) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let shown = (setting.mask)(text);
    match setting.shape {
        Shape::Text => quoted(&shown),
        Shape::Number => shown,
        Shape::List => {
            let items: Vec<String> = shown.split(',').map(str::trim).filter(|item| !item.is_empty()).map(quoted).collect();
            format!("[{}]", items.join(", "))
        }
    }
}
