//! What a change of access would do, told on a page before it is made: and that it then does exactly that.

mod filter;
mod looks;
mod outcomes;
mod pages;

use crate::support::browser::Browser;
use crate::support::house::{Backend, House, on_both};
use crate::support::insider;
use crate::support::page::Page;
use gatehouse::base::text::EmailAddress;
use gatehouse::base::time::Clock;
use gatehouse::db::one;
use gatehouse::identity::{group, user};
use outcomes::what_is_told_is_what_happens;

on_both! {
    a_change_is_seen_and_then_made
    what_is_told_is_what_happens
}

const OLGA: &str = "olga@acme.example";
const ANA: &str = "ana@acme.example";
const NORA: &str = "nora@acme.example";
/// May change what apps let people do at Production, and sees nobody.
const ROLF: &str = "rolf@acme.example";
/// May manage groups at Development, and nothing else.
const DORA: &str = "dora@acme.example";

async fn house(backend: Backend) -> House {
    let house = House::open_with(backend, &[("server.workers", "2")], Clock::System).await;
    let more = "[[organization_role]]\nkey = \"dev-groups\"\nname = \"Dev groups\"\npermissions = [{ permission = \"end_user_groups.manage\", at = [\"development\"] }]\n
[[group]]\nstage = \"development\"\nkey = \"builders\"\nname = \"Builders\"\n
[[organization_role]]\nkey = \"app-keeper\"\nname = \"App keeper\"\npermissions = [{ permission = \"app_roles.manage\", at = [\"production\"] }]\n
[[user]]\nemail = \"rolf@acme.example\"\nname = \"Rolf Roles\"\norg_roles = [\"app-keeper\"]
password_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"\n
[[user]]\nemail = \"dora@acme.example\"\nname = \"Dora Developer\"\norg_roles = [\"dev-groups\"]
password_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"\n";
    house.apply(&format!("{}\n{more}", include_str!("seed.toml"))).await;
    house.keys_made().await;
    house
}

/// The page of a group.
async fn group(house: &House, key: &str) -> String {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let (id,) = one!(tx, (gatehouse::base::id::GroupId,), "SELECT id FROM groups WHERE key = $1", key).expect("a group");
    assert!(group::by_id(&mut tx, id).await.expect("rows").is_some());
    format!("/portal/groups/{id}")
}

/// The page of a person.
async fn person(house: &House, email: &str) -> String {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let user = user::by_email(&mut tx, &EmailAddress::parse(email).expect("an address")).await.expect("rows").expect("there");
    format!("/portal/users/{}", user.id)
}

/// The value of the box with this text.
fn option(page: &Page, text: &str) -> String {
    let at = page.body.find(&format!("<span><bdi>{text}</bdi></span></label>")).unwrap_or_else(|| panic!("no choice {text} on {}:\n{}", page.url, page.text()));
    page.body[..at].rsplit("value=\"").next().and_then(|rest| rest.split('"').next()).expect("a value").to_owned()
}

/// Everything that a change of access leaves behind.
async fn traces(house: &House) -> (i64, i64, i64) {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(
        tx,
        (i64, i64, i64),
        "SELECT (SELECT COUNT(*) FROM audit_events), (SELECT CAST(SUM(access_version) AS BIGINT) FROM users), (SELECT COUNT(*) FROM end_user_grants)"
    )
    .expect("a row")
}

/// Sends a form by its second button, and sees that nothing happened.
async fn ask(house: &House, browser: &mut Browser, form: &crate::support::page::Form, button: &str) -> Page {
    let before = traces(house).await;
    let page = browser.submit(form, &format!("{button}-preview")).await;
    assert!(page.text_contains("Nothing has been changed yet."), "{}: {}", page.status, page.text());
    assert_eq!(traces(house).await, before, "{}", page.text());
    page
}

async fn a_change_is_seen_and_then_made(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = insider::enter(&house, OLGA, "/portal").await;
    let emea = group(&house, "emea").await;

    // Nora joins: she gains the group and what it holds.
    let page = olga.get(&format!("{emea}/members")).await;
    let told = ask(&house, &mut olga, &page.form("add-form").fill("emails", NORA).fill("reason", "Covers for Di"), "add").await;
    for says in ["1 person gains access.", "Nora Nobody", "group EMEA Sales", "role Viewer", "Sales Desk at Production", "Wiki at Production", "read"] {
        assert!(told.text_contains(says), "{says}: {}", told.text());
    }
    assert!(told.attribute("back", "href").as_deref() == Some(&format!("{emea}/members")) && told.element("do").is_some_and(|button| button.contains("Add")));
    let page = olga.submit(&told.form("do-form"), "do").await;
    assert!(page.text_contains("Added.") && page.text_contains("Nora Nobody") && page.text_contains("Covers for Di"), "{}", page.text());

    // The group gets a role: both gain what they lack. Ana has it already.
    let page = olga.get(&emea).await;
    let form = page.form(&format!("{emea}/roles")).fill("role", &option(&page, "Approver"));
    let told = ask(&house, &mut olga, &form, "give-role").await;
    assert!(told.text_contains("1 person gains access.") && told.text_contains("role Approver") && !told.text_contains("Ana Ferreira"), "{}", told.text());
    let page = olga.submit(&told.form("do-form"), "do").await;
    assert!(page.text_contains("Every member has this role"), "{}", page.text());

    // What is refused is refused in the preview, on the form.
    let page = olga.get(&person(&house, OLGA).await).await;
    let before = traces(&house).await;
    let refused = olga.submit(&page.form(&format!("{}/status", person(&house, OLGA).await)), "deactivate-preview").await;
    assert!(refused.status == 409 && refused.element("problem").is_some(), "{}", refused.text());
    assert_eq!(traces(&house).await, before);

    // Ana is shut out: she loses everything, and her session with it.
    let (_ana, _) = insider::enter(&house, ANA, "/account").await;
    let ana = person(&house, ANA).await;
    let page = olga.get(&ana).await;
    let told = ask(&house, &mut olga, &page.form(&format!("{ana}/status")), "deactivate").await;
    for says in ["1 person loses access.", "1 live session", "may sign in", "role Approver", "asset.change", "group EMEA Sales"] {
        assert!(told.text_contains(says), "{says}: {}", told.text());
    }
    assert!(olga.submit(&told.form("do-form"), "do").await.text_contains("Deactivated"), "done");

    // Permissions and what they bring, roles, who may come in: each is told first.
    let sales = "/portal/apps/sales/production";
    let page = olga.get(&format!("{sales}/permissions/read/remove")).await;
    let told = ask(&house, &mut olga, &page.form(&format!("{sales}/permissions/read/remove")), "remove").await;
    assert!(told.text_contains("1 person loses access.") && told.text_contains("read"), "{}", told.text());
    let page = olga.get(&format!("{sales}/roles/approver/remove")).await;
    let told = ask(&house, &mut olga, &page.form(&format!("{sales}/roles/approver/remove")), "remove").await;
    assert!(told.text_contains("role Approver") && told.text_contains("approve"), "{}", told.text());
    let page = olga.get("/portal/apps/wiki/production/settings").await;
    let told = ask(&house, &mut olga, &page.form("/portal/apps/wiki/production/settings").fill("sign_in", "assigned"), "save").await;
    assert!(told.text_contains("From then on only people with a role there may sign in to Wiki at Production"), "{}", told.text());

    // Somebody who may not see who loses what reads a number.
    let (mut rolf, _) = insider::enter(&house, ROLF, "/portal/apps").await;
    let page = rolf.get(&format!("{sales}/permissions/read/remove")).await;
    let told = ask(&house, &mut rolf, &page.form(&format!("{sales}/permissions/read/remove")), "remove").await;
    assert!(told.text_contains("1 of them is somebody whom you may not see.") && !told.text_contains("Nora"), "{}", told.text());

    // Somebody who manages one group; a change of a name, which is nobody's access.
    let (mut dora, _) = insider::enter(&house, DORA, "/portal/groups").await;
    let builders = group(&house, "builders").await;
    let page = olga.get(&format!("{builders}/members")).await;
    olga.submit(&page.form("add-form").fill("emails", NORA), "add").await;
    let page = dora.get(&builders).await;
    let form = page.form(&format!("{builders}/roles")).fill("role", &option(&page, "Viewer"));
    let told = ask(&house, &mut dora, &form, "give-role").await;
    // Whoever manages a group sees its members, and nobody else (others are a number: `lifecycle::preview` tests it).
    assert!(told.text_contains("1 person gains access.") && told.text_contains("Nora Nobody") && !told.text_contains("Ana"), "{}", told.text());
    let page = dora.get(&builders).await;
    let (url, mut pairs) = page.form(&builders).fill("name", "Renamed").press("save-group");
    pairs.push(("preview".into(), "yes".into()));
    let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = dora.post_from(&house.issuer, url.as_str(), &fields).await;
    assert!(page.status == 200 && page.text_contains("Nobody’s access changes."), "{}", page.text());
    assert!(!dora.get(&builders).await.text_contains("Renamed"));
    house.close().await;
}
