use super::groups::{choice, wrong};
use super::{Mood, Sample, sample};
use crate::http::listing::{Listing, Pager};
use crate::http::page::FieldError;
use crate::http::portal::obstacle::Obstacle;
use crate::http::portal::roles::{
    CellView, ColumnView, ImpliesRow, NewRolePage, OwnPage, OwnRow, OwnsPage, RemoveOwnPage, RemoveRolePage, RolePage, RoleRow, RolesPage, RowView, Sheet,
    Shelf,
};

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [roles(mood), own(mood)].into_iter().flatten().collect()
}

fn sheet(mood: Mood, all: bool) -> Sheet {
    let column =
        |name: &str, word: &str, purpose| ColumnView { name: mood.name(name), later: mood.words().say("role-column-later"), word: word.into(), purpose };
    let cell = |value: Option<&str>, own, brought: Option<&str>| CellView {
        value: value.map(str::to_owned),
        label: mood.name("Change assets: Development"),
        own,
        brought: brought.map(|text| mood.name(text)),
        shows: brought.is_some(),
    };
    let row = |key: &str, cells| RowView {
        key: key.into(),
        name: mood.name("Change assets"),
        purpose: mood.name("Change assets and publish them"),
        later: key == "asset.debug",
        implies: "asset.open@same_stage".into(),
        holders: (key == "asset.change").then(|| "/portal/access/permission?key=asset.change".to_owned()),
        cells,
    };
    let rows = vec![
        row("asset.change", vec![cell(Some("asset.change|every_stage"), false, None), cell(Some("asset.change|development"), true, None)]),
        row("asset.open", vec![cell(Some("asset.open|every_stage"), false, None), cell(None, false, Some("comes with Change assets"))]),
        row("asset.debug", vec![cell(None, false, None), cell(Some("asset.debug|development"), false, Some("comes with Change assets"))]),
    ];
    Sheet {
        columns: vec![column("Every stage", "every_stage", ""), column("Development", "development", "development")],
        shelves: vec![Shelf { category: mood.name("Assets"), rows }],
        retired: vec![("gone.do|every_stage".into(), "gone.do".into())],
        all,
    }
}

fn roles(mood: Mood) -> Vec<Sample> {
    let list = |query: &str, rows| RolesPage {
        shell: mood.shell(),
        list: Listing::read("/portal/roles", query),
        rows,
        filters: Vec::new(),
        pager: Pager::default(),
        may_manage: true,
    };
    let row = |built_in| RoleRow {
        link: "/portal/roles/x".into(),
        name: mood.name("Tester"),
        key: "tester".into(),
        description: mood.name("Who tests"),
        built_in,
        holders: "2 holders".into(),
    };
    let role = |built_in: bool, errors: Vec<FieldError>| RolePage {
        shell: mood.shell(),
        link: "/portal/roles/x".into(),
        id: "x".into(),
        title: mood.name("Tester"),
        trail: (!built_in).then(|| "/portal/audit?about=organization_role:x".into()),
        key: "tester".into(),
        about: mood.name("Who tests"),
        holders: "2 holders".into(),
        built_in,
        may_manage: true,
        version: 3,
        name: mood.name("Tester"),
        description: mood.name("Who tests"),
        sheet: sheet(mood, built_in),
        errors,
    };
    let new = |errors| NewRolePage {
        shell: mood.shell(),
        name: mood.name("Tester copy"),
        key: mood.name("tester-copy"),
        description: mood.name("Who tests"),
        sheet: sheet(mood, false),
        errors,
    };
    let remove = |losers: Option<&str>, problem: Option<&str>| RemoveRolePage {
        shell: mood.shell(),
        back: "/portal/roles/x".into(),
        title: mood.name("Tester"),
        version: 3,
        losers: losers.map(str::to_owned),
        offered: losers.map(|_| "1 open invitation offers it.".into()),
        problem: problem.map(|text| mood.name(text)),
    };
    let (page, making) = ("portal/roles/role.html", "portal/roles/new.html");
    let errors = || wrong(mood, &["name", "key", "description", "entry", "form"]);
    vec![
        sample("roles", "portal/roles/list.html", &["new-role", "own-permissions", "q"], &list("", vec![row(true), row(false)])),
        sample("roles-found-none", "portal/roles/list.html", &["q"], &list("q=x", Vec::new())),
        sample("role", page, &["sheet", "save-role", "duplicate", "remove-role", "holders"], &role(false, Vec::new())),
        sample("role-errors", page, &["problem", "entry-error", "name-error"], &role(false, errors())),
        sample("role-built-in", page, &["sheet", "duplicate", "built-in"], &role(true, Vec::new())),
        sample("role-watched", page, &["sheet"], &RolePage { may_manage: false, ..role(false, Vec::new()) }),
        sample("role-new", making, &["sheet", "make-role", "key"], &new(Vec::new())),
        sample("role-new-errors", making, &["key-error", "entry-error"], &new(errors())),
        sample("role-remove", "portal/roles/remove.html", &["confirm", "losers", "with-grants"], &remove(Some("2 holders lose it."), None)),
        sample("role-remove-nobody", "portal/roles/remove.html", &["confirm", "problem"], &remove(None, Some("It changed."))),
    ]
}

fn own(mood: Mood) -> Vec<Sample> {
    let owns = |query: &str, rows| OwnsPage {
        shell: mood.shell(),
        list: Listing::read("/portal/roles/permissions", query),
        filters: Vec::new(),
        rows,
        pager: Pager::default(),
        may_manage: true,
    };
    let row = || OwnRow {
        link: "/portal/roles/permissions/x-billing.run".into(),
        key: "x-billing.run".into(),
        name: mood.name("Run billing"),
        purpose: mood.name("Send the invoices"),
        brings: vec!["app.view".into()],
    };
    let form = |fixed: Option<&str>, errors| OwnPage {
        shell: mood.shell(),
        action: "/portal/roles/permissions/new".into(),
        fixed: fixed.map(str::to_owned),
        version: fixed.map(|_| 3),
        key: mood.name("x-billing.run"),
        name: mood.name("Run billing"),
        category: mood.name("Billing"),
        purpose: mood.name("Send the invoices"),
        at_apps: true,
        by_stage: false,
        implies: vec![ImpliesRow {
            number: 0,
            permissions: vec![choice(mood, "", "nothing", false), choice(mood, "app.view", "Apps: View apps", true)],
            places: vec![choice(mood, "same_stage", "at the same stages", true)],
        }],
        errors,
    };
    let remove = |problem: Option<&str>| RemoveOwnPage {
        shell: mood.shell(),
        back: "/portal/roles/permissions/x-billing.run".into(),
        title: mood.name("Run billing"),
        in_the_way: Vec::new(),
        follows: vec![mood.words().marked("own-remove-role", &[("role", mood.name("Tester"))])],
        problem: problem.map(|text| mood.name(text)),
    };
    let empties = mood.words().marked("role-emptied", &[("role", mood.name("Tester"))]);
    let emptied = RemoveOwnPage { in_the_way: vec![Obstacle { text: empties, link: "/portal/roles/x".into() }], follows: Vec::new(), ..remove(None) };
    let (list, page, asking) = ("portal/roles/owns.html", "portal/roles/own.html", "portal/roles/own_remove.html");
    let errors = || wrong(mood, &["key", "name", "category", "purpose", "implies", "form"]);
    vec![
        sample("own-permissions", list, &["new-permission", "q", "export"], &owns("", vec![row()])),
        sample("own-permissions-none", list, &["new-permission"], &owns("", Vec::new())),
        sample("own-permissions-found-none", list, &["q"], &owns("q=x", Vec::new())),
        sample("own-permissions-watched", list, &["export"], &OwnsPage { may_manage: false, ..owns("", vec![row()]) }),
        sample("own-permission-new", page, &["key", "implies-0", "at-0", "save-permission"], &form(None, Vec::new())),
        sample("own-permission", page, &["remove-permission"], &form(Some("x-billing.run"), Vec::new())),
        sample("own-permission-errors", page, &["key-error", "implies-error", "problem"], &form(None, errors())),
        sample("own-permission-remove", asking, &["confirm"], &remove(None)),
        sample("own-permission-in-the-way", asking, &["in-the-way"], &emptied),
        sample("own-permission-remove-problem", asking, &["problem"], &remove(Some("app.x brings it."))),
    ]
}
