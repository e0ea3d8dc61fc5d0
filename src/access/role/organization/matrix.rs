//! The permission matrix of an organization role: what it holds itself, and what that brings along, column by column.

use crate::access::catalogue::{Catalogue, Counts};
use crate::access::permission::PlatformPermission;
use crate::access::stage::Purpose;
use crate::base::text::PermissionKey;
use fixedbitset::FixedBitSet;

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
    /// The ways in which an entry may count: at every stage first, then purpose by purpose, each followed by its stages, one by one.
    pub columns: Vec<Counts>,
    /// Sorted by category and then as the catalogue lists them.
    pub rows: Vec<Row>,
    /// Entries of permissions that do not exist any more: they count for nothing.
    pub retired: Vec<(PermissionKey, Counts)>,
}

/// Every stage, each purpose that has a stage or that an entry names, and each stage by itself.
fn columns(catalogue: &Catalogue, entries: &[(PermissionKey, Counts)]) -> Vec<Counts> {
    let mut columns = vec![Counts::EveryStage];
    for purpose in Purpose::ALL.iter().copied() {
        let stages = || catalogue.stages().iter().filter(move |stage| stage.purpose == purpose);
        if stages().next().is_some() || entries.iter().any(|(_, counts)| *counts == Counts::Purpose(purpose)) {
            columns.push(Counts::Purpose(purpose));
        }
        columns.extend(stages().map(|stage| Counts::Stage(stage.id)));
    }
    columns
}

/// The matrix of a role with these entries; `all`: the marker, which holds everything. A purpose stands for later stages too: what counts at
/// each of its stages one by one does not count there.
pub fn matrix(catalogue: &Catalogue, entries: &[(PermissionKey, Counts)], all: bool) -> Matrix {
    let platform = catalogue.platform();
    let graph = &platform.foreseen_graph;
    let columns = columns(catalogue, entries);
    // The spots at which a column counts; the last one of a purpose is a stage that comes later.
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
    // What brings a permission to a column: the first entry from which a way leads there; to a purpose, also at later stages.
    let brings = |permission: usize, counts: Counts| -> Option<PermissionKey> {
        let ways = graph.ways_to(permission, spots(counts).pop()?, None::<&FixedBitSet>);
        let from = known.iter().filter(|(other, other_counts)| (*other, *other_counts) != (permission, counts));
        let best = from.filter_map(|(other, other_counts)| Some((ways.from(*other, spots(*other_counts))?.len(), *other))).min();
        best.map(|(_, other)| platform.permissions[other].key.clone())
    };
    let mut rows: Vec<Row> = platform
        .permissions
        .iter()
        .enumerate()
        .map(|(index, permission)| {
            let cell = |counts: &Counts| {
                let own = all && *counts == Counts::EveryStage || known.contains(&(index, *counts));
                let brought_by = if !own && !all && holds(index, *counts) { brings(index, *counts) } else { None };
                let possible = permission.by_stage || *counts == Counts::EveryStage;
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
        let column = matrix.columns.iter().position(|column| *column == counts).unwrap();
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
        let [development, qa, staging, production] = [0, 1, 2, 3].map(|position: usize| Counts::Stage(catalogue.stages()[position].id));
        let all = [
            Counts::EveryStage,
            Counts::Purpose(Purpose::Development),
            development,
            Counts::Purpose(Purpose::NonProduction),
            qa,
            staging,
            Counts::Purpose(Purpose::Production),
            production,
        ];
        assert_eq!(columns(&catalogue, &[]), all);
        // A purpose without stages is told of only where the role names it.
        let nothing = Catalogue::compile(Rows::default());
        assert_eq!(columns(&nothing, &[]), [Counts::EveryStage]);
        let entry = (PermissionKey::parse("app.view").unwrap(), Counts::Purpose(Purpose::Production));
        assert_eq!(columns(&nothing, &[entry]), [Counts::EveryStage, Counts::Purpose(Purpose::Production)]);
    }

    #[test]
    fn a_purpose_is_more_than_its_stages_of_today() {
        let (catalogue, key) = (catalogue(), PermissionKey::parse("asset.change").unwrap());
        let [qa, staging] = [1, 2].map(|position: usize| Counts::Stage(catalogue.stages()[position].id));
        let purpose = Counts::Purpose(Purpose::NonProduction);
        let one_by_one = matrix(&catalogue, &[(key.clone(), qa), (key.clone(), staging)], false);
        let nothing = Cell { possible: true, own: false, brought_by: None };
        for permission in ["asset.change", "asset.debug"] {
            assert_eq!(at(&one_by_one, permission, purpose), nothing, "{permission}");
        }
        for stage in [qa, staging] {
            assert!(at(&one_by_one, "asset.change", stage).own);
            assert_eq!(at(&one_by_one, "asset.debug", stage).brought_by, Some(key.clone()));
        }
        // The other way round it is: what counts at a purpose counts at each of its stages.
        let at_purpose = matrix(&catalogue, &[(key.clone(), purpose), (key.clone(), qa)], false);
        assert!(at(&at_purpose, "asset.change", purpose).own && at(&at_purpose, "asset.change", qa).own);
        let brought = Cell { possible: true, own: false, brought_by: Some(key) };
        for (permission, counts) in [("asset.debug", purpose), ("asset.debug", staging), ("asset.change", staging)] {
            assert_eq!(at(&at_purpose, permission, counts), brought, "{permission} {counts:?}");
        }
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
