//! The permission matrix of an organization role: what it holds itself, and what that brings along, column by column.

use crate::access::catalogue::{Catalogue, Counts};
use crate::access::permission::PlatformPermission;
use crate::access::stage::Purpose;
use crate::base::text::PermissionKey;
use fixedbitset::FixedBitSet;

/// A column: one way in which an entry may count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Where an entry in this column counts.
    pub counts: Counts,
    /// Whether the column of a purpose stands for one stage only.
    pub alone: bool,
}

/// A permission at a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Whether a role can have the permission like this.
    pub possible: bool,
    /// Whether the role holds it itself.
    pub own: bool,
    /// Whether it counts there because of something else: then the permission that brings it.
    pub brought_by: Option<PermissionKey>,
}

/// A permission at every column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The permission.
    pub permission: PlatformPermission,
    /// In the order of the columns.
    pub cells: Vec<Cell>,
}

/// The whole role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Every stage first, then purpose by purpose, with the stages of each that stand for themselves.
    pub columns: Vec<Column>,
    /// Sorted by category and then as the catalogue lists them.
    pub rows: Vec<Row>,
    /// Entries of permissions that do not exist any more: they count for nothing.
    pub retired: Vec<(PermissionKey, Counts)>,
}

/// The columns that these entries need: every stage, each purpose that has a stage, and single stages where a purpose has several or where
/// the role names one.
fn columns(catalogue: &Catalogue, entries: &[(PermissionKey, Counts)]) -> Vec<Column> {
    let mut columns = vec![Column { counts: Counts::EveryStage, alone: false }];
    for purpose in Purpose::ALL.iter().copied() {
        let stages: Vec<_> = catalogue.stages().iter().filter(|stage| stage.purpose == purpose).collect();
        let used = entries.iter().any(|(_, counts)| *counts == Counts::Purpose(purpose));
        if !stages.is_empty() || used {
            columns.push(Column { counts: Counts::Purpose(purpose), alone: stages.len() == 1 });
        }
        let named = |stage: &&&crate::access::catalogue::StageRow| entries.iter().any(|(_, counts)| *counts == Counts::Stage(stage.id));
        let single = stages.iter().filter(|stage| stages.len() > 1 || named(stage));
        columns.extend(single.map(|stage| Column { counts: Counts::Stage(stage.id), alone: false }));
    }
    columns
}

/// The matrix of a role with these entries; `all`: the marker, which holds everything.
pub fn matrix(catalogue: &Catalogue, entries: &[(PermissionKey, Counts)], all: bool) -> Matrix {
    let platform = catalogue.platform();
    let graph = &platform.graph;
    let columns = columns(catalogue, entries);
    // The spots at which a column counts: an entry of a purpose without stages counts nowhere yet.
    let spots = |counts: Counts| -> Vec<usize> {
        let stages = catalogue.stages();
        match counts {
            Counts::EveryStage => vec![graph.every()],
            Counts::Purpose(purpose) => graph.spots_of(purpose).collect(),
            Counts::Stage(id) => stages.iter().position(|stage| stage.id == id).into_iter().collect(),
        }
    };
    let known: Vec<(usize, Counts)> = entries.iter().filter_map(|(key, counts)| Some((platform.index(key.as_str())?, *counts))).collect();
    let own = || known.iter().flat_map(|(permission, counts)| spots(*counts).into_iter().map(|spot| (*permission, spot)));
    let closure = graph.closure(own(), None);
    let holds = |permission: usize, counts: Counts| {
        let spots = spots(counts);
        !spots.is_empty() && spots.iter().all(|spot| closure[*spot].contains(permission))
    };
    // What brings a permission to a column: the first entry of another permission from which a way leads there.
    let brings = |permission: usize, counts: Counts| -> Option<PermissionKey> {
        let at = spots(counts);
        let first = *at.first()?;
        let ways = graph.ways_to(permission, first, None::<&FixedBitSet>);
        let from = known.iter().filter(|(other, other_counts)| (*other, *other_counts) != (permission, counts));
        let best = from.filter_map(|(other, other_counts)| Some((ways.from(*other, spots(*other_counts))?.len(), *other))).min();
        best.map(|(_, other)| platform.permissions[other].key.clone())
    };
    let mut rows: Vec<Row> = platform
        .permissions
        .iter()
        .enumerate()
        .map(|(index, permission)| {
            let cell = |column: &Column| {
                let own = all && column.counts == Counts::EveryStage || known.contains(&(index, column.counts));
                let brought_by = if !own && !all && holds(index, column.counts) { brings(index, column.counts) } else { None };
                let possible = permission.by_stage || column.counts == Counts::EveryStage;
                Cell { possible, own, brought_by }
            };
            Row { permission: permission.clone(), cells: columns.iter().map(cell).collect() }
        })
        .collect();
    rows.sort_by(|a, b| a.permission.category.as_str().cmp(b.permission.category.as_str()));
    let retired = entries.iter().filter(|(key, _)| platform.index(key.as_str()).is_none()).cloned().collect();
    Matrix { columns, rows, retired }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::catalogue::{Rows, StageRow};
    use crate::base::id::StageId;
    use crate::base::text::Slug;

    fn catalogue() -> Catalogue {
        let stage = |key: &str, purpose, position| StageRow { id: StageId::fresh(), key: Slug::parse(key).unwrap(), purpose, position };
        let stages = vec![
            stage("development", Purpose::Development, 0),
            stage("qa", Purpose::NonProduction, 1),
            stage("staging", Purpose::NonProduction, 2),
            stage("production", Purpose::Production, 3),
        ];
        Catalogue::compile(Rows { stages, ..Rows::default() })
    }

    fn at(matrix: &Matrix, key: &str, counts: Counts) -> Cell {
        let column = matrix.columns.iter().position(|column| column.counts == counts).unwrap();
        matrix.rows.iter().find(|row| row.permission.key.as_str() == key).unwrap().cells[column].clone()
    }

    #[test]
    fn changing_assets_at_development_brings_three_more_there_and_nothing_elsewhere() {
        let (catalogue, key) = (catalogue(), PermissionKey::parse("asset.change").unwrap());
        let development = Counts::Purpose(Purpose::Development);
        let matrix = matrix(&catalogue, &[(key.clone(), development)], false);
        assert!(at(&matrix, "asset.change", development).own);
        for brought in ["asset.open", "asset.debug", "asset.deploy"] {
            let cell = at(&matrix, brought, development);
            assert_eq!((cell.own, cell.brought_by), (false, Some(key.clone())), "{brought}");
            let elsewhere = at(&matrix, brought, Counts::Purpose(Purpose::Production));
            assert_eq!((elsewhere.own, elsewhere.brought_by), (false, None), "{brought}");
            assert_eq!(at(&matrix, brought, Counts::EveryStage).brought_by, None);
        }
    }

    #[test]
    fn columns_are_what_a_role_can_say() {
        let catalogue = catalogue();
        let counts = |entries: &[(PermissionKey, Counts)]| columns(&catalogue, entries).iter().map(|column| column.counts).collect::<Vec<_>>();
        let (qa, staging, production) = (catalogue.stages()[1].id, catalogue.stages()[2].id, catalogue.stages()[3].id);
        let usual = [
            Counts::EveryStage,
            Counts::Purpose(Purpose::Development),
            Counts::Purpose(Purpose::NonProduction),
            Counts::Stage(qa),
            Counts::Stage(staging),
            Counts::Purpose(Purpose::Production),
        ];
        assert_eq!(counts(&[]), usual);
        let key = PermissionKey::parse("app.view").unwrap();
        assert_eq!(counts(&[(key, Counts::Stage(production))]).last(), Some(&Counts::Stage(production)));
    }

    #[test]
    fn what_no_binary_knows_is_kept_apart_and_everything_is_everything() {
        let catalogue = catalogue();
        let entry = (PermissionKey::parse("gone.do").unwrap(), Counts::EveryStage);
        assert_eq!(matrix(&catalogue, std::slice::from_ref(&entry), false).retired, [entry]);
        let all = matrix(&catalogue, &[], true);
        assert!(all.rows.iter().all(|row| row.cells[0].own && row.cells[0].possible));
    }
}
