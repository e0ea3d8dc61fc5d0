//! The permission matrix as a page shows it and a form sends it back.

use crate::access::catalogue::{Catalogue, Counts};
use crate::access::people::Sight;
use crate::access::permission::{Enforced, PlatformPermission};
use crate::access::role::organization::{Matrix, matrix};
use crate::access::stage::Purpose;
use crate::base::text::{PermissionKey, fold};
use crate::http::portal::Portal;
use crate::http::{paths, permission_words};
use crate::word;
use crate::words::Words;

/// A matrix.
pub struct Sheet {
    /// The columns.
    pub columns: Vec<ColumnView>,
    /// The permissions by category.
    pub shelves: Vec<Shelf>,
    /// Entries of permissions that are gone: what the form sends, and what people read.
    pub retired: Vec<(String, String)>,
    /// Whether the role holds everything.
    pub all: bool,
}

/// A column.
pub struct ColumnView {
    /// What it is called.
    pub name: String,
    /// Whether it means later stages too, in words.
    pub later: String,
    /// What entries in it send.
    pub word: String,
    /// The purpose to whose stages it belongs; empty for every stage.
    pub purpose: &'static str,
}

/// The permissions of a category.
pub struct Shelf {
    /// Its name.
    pub category: String,
    /// Its permissions.
    pub rows: Vec<RowView>,
}

/// A permission.
pub struct RowView {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Whether nothing asks for it yet.
    pub later: bool,
    /// What it brings, for the script: `key@where`, separated by blanks.
    pub implies: String,
    /// Who has it; `None`: the reader may not know.
    pub holders: Option<String>,
    /// Its cells.
    pub cells: Vec<CellView>,
}

/// A cell.
pub struct CellView {
    /// What it sends when ticked; `None`: the permission cannot be limited like this.
    pub value: Option<String>,
    /// What a screen reader says.
    pub label: String,
    /// Whether the role holds it itself.
    pub own: bool,
    /// What brings it, in words.
    pub brought: Option<String>,
    /// Whether the cell shows that: what the permission brings along itself needs no words.
    pub shows: bool,
}

fn word_of(counts: Counts) -> String {
    match counts {
        Counts::EveryStage => "every_stage".to_owned(),
        Counts::Purpose(purpose) => purpose.as_str().to_owned(),
        Counts::Stage(id) => format!("stage:{id}"),
    }
}

/// The entries that a form sends; anything that is none is left out.
pub fn entries(sent: &[String]) -> Vec<(PermissionKey, Counts)> {
    let read = |text: &String| {
        let (key, word) = text.split_once('|')?;
        let counts = match (word, Purpose::parse(word), word.strip_prefix("stage:")) {
            ("every_stage", ..) => Counts::EveryStage,
            (_, Some(purpose), _) => Counts::Purpose(purpose),
            (_, _, Some(id)) => Counts::Stage(id.parse().ok()?),
            _ => return None,
        };
        Some((PermissionKey::parse(key).ok()?, counts))
    };
    sent.iter().filter_map(read).collect()
}

fn purpose_words(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Development => word!("role-column-development"),
        Purpose::NonProduction => word!("role-column-non-production"),
        Purpose::Production => word!("role-column-production"),
    }
}

impl Sheet {
    /// The matrix of these entries for this reader.
    pub fn of(portal: &Portal, entries: &[(PermissionKey, Counts)], all: bool) -> Self {
        let snapshot = &portal.person.snapshot;
        let name = |id| snapshot.stages.iter().find(|stage| stage.id == id).map(|stage| stage.name.to_string());
        let mut sheet = Self::with(portal.words, &snapshot.catalogue, entries, all, &name);
        let sight = Sight::of(&portal.person.authority, &snapshot.catalogue);
        if sight.everybody || sight.members {
            for row in sheet.shelves.iter_mut().flat_map(|shelf| &mut shelf.rows) {
                row.holders = Some(paths::holders_of_platform_permission(&row.key));
            }
        }
        sheet
    }

    /// The same with the names of stages from elsewhere, and without links.
    pub fn with(
        words: Words,
        catalogue: &Catalogue,
        entries: &[(PermissionKey, Counts)],
        all: bool,
        name: &dyn Fn(crate::base::id::StageId) -> Option<String>,
    ) -> Self {
        let Matrix { columns, rows, retired } = matrix(catalogue, entries, all);
        let view = |counts: &Counts| {
            let (title, purpose) = match counts {
                Counts::EveryStage => (words.say("role-every-stage"), ""),
                Counts::Purpose(purpose) => (words.say(purpose_words(*purpose)), purpose.as_str()),
                Counts::Stage(id) => (name(*id).unwrap_or_default(), catalogue.stage(*id).map_or("", |stage| stage.purpose.as_str())),
            };
            let later = words.say(if matches!(counts, Counts::Stage(_)) { word!("role-column-alone") } else { word!("role-column-later") });
            ColumnView { name: title, later, word: word_of(*counts), purpose }
        };
        let views: Vec<ColumnView> = columns.iter().map(view).collect();
        let called = |key: &PermissionKey| permission_words::name_of(words, catalogue, key.as_str()).unwrap_or_else(|| key.to_string());
        let mut shelves: Vec<Shelf> = Vec::new();
        for row in rows {
            let permission = permission_words::name(words, &row.permission);
            let cells = row.cells.iter().zip(&views).map(|(cell, view)| CellView {
                value: cell.possible.then(|| format!("{}|{}", row.permission.key, view.word)),
                label: words.with("role-cell", &[("permission", &permission), ("where", &view.name), ("later", &view.later)]),
                own: cell.own,
                brought: cell.brought_by.as_ref().map(|key| words.with("role-comes-with", &[("permission", called(key))])),
                shows: cell.brought_by.as_ref().is_some_and(|key| *key != row.permission.key),
            });
            let view = RowView {
                key: row.permission.key.to_string(),
                purpose: permission_words::purpose(words, &row.permission),
                later: row.permission.enforced == Enforced::Later,
                implies: implies(&row.permission),
                holders: None,
                cells: cells.collect(),
                name: permission,
            };
            let category = permission_words::category(words, &row.permission);
            match shelves.iter_mut().find(|shelf| shelf.category == category) {
                Some(shelf) => shelf.rows.push(view),
                None => shelves.push(Shelf { category, rows: vec![view] }),
            }
        }
        // By the heading that people read, whatever their language.
        shelves.sort_by_cached_key(|shelf| fold(&shelf.category));
        let retired = retired.iter().map(|(key, counts)| (format!("{key}|{}", word_of(*counts)), key.to_string())).collect();
        Self { columns: views, shelves, retired, all }
    }
}

fn implies(permission: &PlatformPermission) -> String {
    permission.implies.iter().map(|implied| format!("{}@{}", implied.permission, implied.at)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_what_it_means_and_nonsense_is_nothing() {
        let sent =
            ["asset.change|development", "app.view|every_stage", "app.view|stage:01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa", "x", "a|b", "app.view|nowhere", "|"];
        let read = entries(&sent.map(str::to_owned));
        let back: Vec<String> = read.iter().map(|(key, counts)| format!("{key}|{}", word_of(*counts))).collect();
        assert_eq!(back, sent[..3]);
    }
}
