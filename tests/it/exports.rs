//! Lists as files: each says what its page says, whole, to whoever may see the page, and to nobody else. And the search among the
//! organization's own permissions.

use crate::invitations::{Office, many};
use crate::lives::{ANA, NORA, OLGA};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, REDIRECT, on_both};
use crate::support::insider::enter;
use crate::support::page::{Form, Page};
use gatehouse::all;
use std::collections::BTreeSet;

on_both! {
    stages_and_roles_are_exported
    own_permissions_are_searched_and_exported
    members_of_a_group_are_exported
    long_lists_leave_whole_and_leave_a_trace
    what_an_app_owns_is_exported
    whoever_may_not_see_a_list_gets_no_file
}

const SALES: &str = "/portal/apps/sales/production";

/// The lines of the file to which a list leads; looks at what every file is.
pub async fn file(browser: &mut Browser, list: &str) -> Vec<String> {
    let page = browser.get(list).await;
    let link = page.attribute("export", "href").unwrap_or_else(|| panic!("no file of {list}: {}", page.text()));
    let (path, query) = list.split_once('?').map_or((list, String::new()), |(path, query)| (path, format!("?{query}")));
    assert!(link.ends_with(&format!(".csv{query}")) && link.starts_with(path), "{list}: {link}");
    let csv = browser.get(&link).await;
    assert_eq!((csv.status.as_u16(), csv.header("content-type")), (200, Some("text/csv; charset=utf-8")), "{link}: {}", csv.body);
    let named = csv.header("content-disposition").expect("a name");
    assert!(named.starts_with("attachment; filename=\"") && named.ends_with(".csv\""), "{named}");
    assert_eq!(csv.header("cache-control"), Some("no-store"));
    csv.body.split_terminator("\r\n").map(str::to_owned).collect()
}

/// A line with these values.
pub fn line(values: &[&str]) -> String {
    values.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(",")
}

async fn stages_and_roles_are_exported(backend: Backend) {
    let house = House::open(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let head = line(&["Name", "Key", "Purpose", "At most", "Without use", "Apps"]);
    let stages = [
        line(&["Development", "development", "development", "12 hours", "12 hours", "1"]),
        line(&["QA", "qa", "non_production", "12 hours", "12 hours", "0"]),
        line(&["Production", "production", "production", "12 hours", "12 hours", "2"]),
    ];
    assert_eq!(file(&mut olga, "/portal/stages").await, [std::slice::from_ref(&head), &stages[..]].concat());
    assert_eq!(file(&mut olga, "/portal/stages?q=qa").await, [head, stages[1].clone()]);

    // A permission is told with where it counts: at a stage alone, too.
    house
        .apply("[[organization_role]]\nkey = \"guide\"\nname = \"Guide\"\ndescription = \"Shows around\"\npermissions = [\"app.view\", { permission = \"stage.view\", at = [\"stage:qa\"] }]\n")
        .await;
    let head = line(&["Name", "Key", "What it is for", "built in", "Held by", "Permissions"]);
    assert_eq!(file(&mut olga, "/portal/roles?q=tester").await, [head.clone(), line(&["Tester", "tester", "", "", "1", "asset.change@development"])]);
    let guide = line(&["Guide", "guide", "Shows around", "", "0", "app.view@every_stage stage.view@stage:qa"]);
    assert_eq!(file(&mut olga, "/portal/roles?q=guide").await, [head, guide]);
    let roles = file(&mut olga, "/portal/roles").await;
    assert_eq!(roles.len(), 5, "two built-in ones, and two of the organization: {roles:?}");
    let everything = "\"Yes\",\"1\",\"This role holds everything, at every stage, also what comes later.\"";
    assert!(roles.iter().any(|line| line.starts_with("\"Administrator\"") && line.ends_with(everything)), "{roles:?}");
    assert!(roles.iter().any(|line| line.starts_with("\"Developer\"") && line.contains("app.manage@development") && line.contains("app.view@every_stage")));
    house.close().await;
}

async fn own_permissions_are_searched_and_exported(backend: Backend) {
    let house = House::open(backend).await;
    let (mut olga, page) = enter(&house, OLGA, "/portal/roles/permissions").await;
    assert!(page.text_contains("No permissions of your own yet") && page.element("search").is_some(), "{}", page.text());
    for (key, name, brings) in [("x-billing.run", "=Run billing", "app.view"), ("x-parking.open", "Open the garage", "")] {
        let form = olga.get("/portal/roles/permissions/new").await.form("/portal/roles/permissions/new");
        let form = form.fill("key", key).fill("name", name).fill("category", "Own").fill("purpose", "For those inside").fill("implies-0", brings);
        assert!(olga.submit(&form, "save-permission").await.text_contains("Saved"), "{key}");
    }
    let shown = |page: &Page| ["x-billing.run", "x-parking.open"].map(|key| page.text_contains(key));
    for (query, expected) in [
        ("", [true, true]),
        ("?q=BILL", [true, false]),
        ("?q=parking.", [false, true]),
        ("?q=inside", [true, true]),
        ("?q=%25", [false, false]),
        ("?page=1000000000", [true, true]),
    ] {
        let page = olga.get(&format!("/portal/roles/permissions{query}")).await;
        assert_eq!((page.status.as_u16(), shown(&page)), (200, expected), "{query}: {}", page.text());
    }
    // What was searched for stands there still, and there is a way back.
    let page = olga.get("/portal/roles/permissions?q=nothing%3Cb%3E").await;
    assert!(page.text_contains("Nothing found") && page.text_contains("Show all") && !page.text_contains("No permissions of your own yet"), "{}", page.text());
    assert_eq!(page.attribute("q", "value").as_deref(), Some("nothing<b>"));
    let page = olga.submit(&search_form(&page).fill("q", "garage"), "search").await;
    assert_eq!((page.url.query(), shown(&page)), (Some("q=garage"), [false, true]), "{}", page.text());

    // A spreadsheet runs no name.
    let head = line(&["Name", "Key", "Category", "What its holder may do", "Brings along"]);
    let billing = line(&["'=Run billing", "x-billing.run", "Own", "For those inside", "app.view@same_stage"]);
    let parking = line(&["Open the garage", "x-parking.open", "Own", "For those inside", ""]);
    assert_eq!(file(&mut olga, "/portal/roles/permissions").await, [head.clone(), billing, parking.clone()]);
    assert_eq!(file(&mut olga, "/portal/roles/permissions?q=garage").await, [head, parking]);
    house.close().await;
}

/// The form that searches the list.
fn search_form(page: &Page) -> Form {
    page.forms().into_iter().find(|form| form.buttons() == ["search"]).expect("a search")
}

/// The path of the group of the seed.
async fn group(browser: &mut Browser) -> String {
    let list = browser.get("/portal/groups?q=emea").await;
    let id = list.body.split("href=\"/portal/groups/").find_map(|rest| rest.split('"').next().filter(|id| id.len() == 36)).expect("the group");
    format!("/portal/groups/{id}")
}

async fn members_of_a_group_are_exported(backend: Backend) {
    let house = House::open(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let group = group(&mut olga).await;
    let form = olga.get(&format!("{group}/members")).await.form("add-form");
    let page = olga.submit(&form.fill("emails", NORA).fill("until", "2099-01-01").fill("reason", "=cmd"), "add").await;
    assert!(page.text_contains("Added."), "{}", page.text());
    let lines = file(&mut olga, &group).await;
    assert_eq!(lines[0], line(&["Name", "E-mail", "Status", "From", "Until", "Given by", "Given on", "Reason"]));
    assert!(lines.len() == 3 && lines[1].starts_with("\"Ana Ferreira\",\"ana@acme.example\",\"active\",\"\",\"\",\""), "{lines:?}");
    assert!(lines[2].starts_with("\"Nora Nobody\",\"nora@acme.example\",\"active\",\"\",\"2099-01-01T00:00:00Z\",\""), "{lines:?}");
    assert!(lines[2].ends_with(",\"'=cmd\""), "{lines:?}");
    assert_eq!(file(&mut olga, &format!("{group}?q=nora")).await.len(), 2);
    // A list of people leaves a trace.
    let exports = traces(&house).await;
    assert_eq!(exports.len(), 2);
    let asked = format!("{group}/members.csv?q=nora");
    let told = |(subject, payload): &(Option<String>, Option<String>)| {
        subject.as_deref() == Some("group_members") && payload.as_deref().is_some_and(|payload| payload.contains(&asked))
    };
    assert!(exports.last().is_some_and(told), "{exports:?}");
    house.close().await;
}

/// What the trail says of the lists that left: which, and what was asked for.
pub async fn traces(house: &House) -> Vec<(Option<String>, Option<String>)> {
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    all!(tx, (Option<String>, Option<String>), "SELECT subject_id, payload FROM audit_events WHERE kind = 'export.made' ORDER BY id").expect("rows")
}

async fn long_lists_leave_whole_and_leave_a_trace(backend: Backend) {
    let office = Office::open(backend).await;
    many(&office, 1001).await;
    let mut olga = office.browser(OLGA).await;
    let lists = [("/portal/users.csv?q=many.example", "users"), ("/portal/invitations.csv?q=many.example&sort=name", "invitations")];
    // Whoever must come back later took nothing, and left no trace.
    let places = office.house.server.exports.try_acquire_many(4).expect("free");
    for (path, _) in lists {
        assert_eq!(olga.get(path).await.status, 503, "{path}");
    }
    drop(places);
    assert!(traces(&office.house).await.is_empty());
    // Three pages, the last one with a single row.
    for (path, list) in lists {
        let csv = olga.get(path).await;
        let people: BTreeSet<&str> = csv.body.lines().filter_map(|line| line.split('"').find(|value| value.ends_with("@many.example"))).collect();
        assert_eq!((csv.status.as_u16(), csv.body.lines().count(), people.len()), (200, 1002, 1001), "{path}");
        let (what, payload) = traces(&office.house).await.pop().expect("a trace");
        assert!(what.as_deref() == Some(list) && payload.as_deref().is_some_and(|payload| payload.contains(path)), "{path}: {what:?} {payload:?}");
    }
    office.close().await;
}

async fn what_an_app_owns_is_exported(backend: Backend) {
    let house = House::open(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let permissions = [
        line(&["Permission", "Description", "Brings", "In roles"]),
        line(&["approve", "Approve orders", "read", "approver"]),
        line(&["read", "", "", "viewer"]),
    ];
    assert_eq!(file(&mut olga, &format!("{SALES}/permissions")).await, permissions);
    assert_eq!(file(&mut olga, &format!("{SALES}/permissions?q=orders")).await, permissions[..2]);
    let roles = file(&mut olga, &format!("{SALES}/roles")).await;
    assert_eq!(roles[0], line(&["Name", "Key", "Description", "Permissions", "Where it counts"]));
    assert!(roles.len() == 3 && roles.contains(&line(&["Approver", "approver", "", "approve", "This app"])), "{roles:?}");
    assert!(roles.contains(&line(&["Viewer", "viewer", "", "read", "Shared"])), "{roles:?}");
    let shared = file(&mut olga, "/portal/apps/wiki/production/shared-roles").await;
    assert_eq!(shared, [line(&["Role", "App", "In tokens", "Description"]), line(&["Viewer", "Sales Desk", "sales:viewer", ""])]);
    let clients = file(&mut olga, &format!("{SALES}/clients?q=basic")).await;
    let head = line(&["Name", "Client ID", "Kind of app", "Status", "Redirect URIs"]);
    let basic = line(&["Client sales-basic", "sales-basic", "Web app on a server", "Works", REDIRECT]);
    assert_eq!(clients, [head.clone(), basic]);
    assert_eq!(file(&mut olga, &format!("{SALES}/clients")).await.len(), 4);
    // Nothing found is a head alone.
    assert_eq!(file(&mut olga, &format!("{SALES}/clients?q=nothing")).await, [head]);
    house.close().await;
}

async fn whoever_may_not_see_a_list_gets_no_file(backend: Backend) {
    let house = House::open(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let group = group(&mut olga).await;
    let of_app = |stage: &str| ["permissions", "roles", "shared-roles", "clients"].map(|list| format!("/portal/apps/sales/{stage}/{list}.csv"));
    // Ana sees Development as a stage, and nothing else of this.
    let (mut ana, _) = enter(&house, ANA, "/portal").await;
    let stages = file(&mut ana, "/portal/stages").await;
    assert!(stages.len() == 2 && stages[1].starts_with("\"Development\""), "{stages:?}");
    let others = ["/portal/roles.csv".to_owned(), "/portal/roles/permissions.csv".to_owned(), format!("{group}/members.csv")];
    for path in others.iter().chain(&of_app("production")).chain(&of_app("development")) {
        assert_eq!(ana.get(path).await.status, 403, "{path}");
    }
    // Nora sees apps and end-users at Development: what is elsewhere is not there for her.
    house
        .apply(
            "[[organization_role]]\nkey = \"limited\"\nname = \"Limited\"\npermissions = [{ permission = \"app.view\", at = [\"development\"] }, { permission = \"end_users.view\", at = [\"development\"] }]\n\
             [[user]]\nemail = \"nora@acme.example\"\norg_roles = [\"limited\"]\n",
        )
        .await;
    let (mut nora, _) = enter(&house, NORA, "/portal").await;
    for path in of_app("production").iter().chain([&format!("{group}/members.csv")]) {
        assert_eq!(nora.get(path).await.status, 404, "{path}");
    }
    for path in of_app("development") {
        assert_eq!(nora.get(&path).await.status, 200, "{path}");
    }
    assert_eq!(nora.get("/portal/roles.csv").await.status, 403);
    house.close().await;
}
