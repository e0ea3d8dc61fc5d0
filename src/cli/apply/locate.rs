//! Where in the file something is wrong, in words: the line, and the table and key as a path like `app[2].role[1].key`.

use super::Failure;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// What a reader of the file needs to know of an error. Values of keys that hold secrets are not repeated.
pub(super) fn malformed(path: &Path, text: &str, error: &toml::de::Error) -> Failure {
    let offset = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1;
    // What is no TOML at all has no tables.
    let document = DeTable::parse(text).ok();
    let at = document.and_then(|document| in_table(document.get_ref(), offset, ""));
    let secret = at.as_ref().is_some_and(|at| at.contains("secret") || at.contains("password"));
    let message = error.message().trim();
    let message = match message.split_once(", expected ") {
        Some((_, expected)) if secret => format!("expected {expected}"),
        _ => message.to_owned(),
    };
    Failure::Malformed { path: path.to_owned(), line, at, message }
}

/// The path of the innermost key or value at `offset`.
fn in_table(table: &DeTable<'_>, offset: usize, path: &str) -> Option<String> {
    table.iter().find_map(|(key, value)| {
        let name = key.get_ref();
        let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
        let here = key.span().contains(&offset) || value.span().contains(&offset);
        in_value(value.get_ref(), offset, &path).or_else(|| here.then_some(path))
    })
}

fn in_value(value: &DeValue<'_>, offset: usize, path: &str) -> Option<String> {
    match value {
        // A table below a header has the header's place, its keys have others: all are looked at.
        DeValue::Table(table) => in_table(table, offset, path),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            let path = format!("{path}[{}]", index + 1);
            in_value(item.get_ref(), offset, &path).or_else(|| item.span().contains(&offset).then_some(path))
        }),
        _ => None,
    }
}
