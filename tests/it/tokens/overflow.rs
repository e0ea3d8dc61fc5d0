//! Whoever gives too much for one token reads it: before, in the preview, and after, on the page of the person.

use super::{ANA, OLGA, crowded};
use crate::support::browser::Browser;
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD, REDIRECT, SECRET, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use gatehouse::base::time::Clock;

on_both! {
    too_much_for_a_token_is_said_before_and_after
    too_much_for_a_tool_is_said_where_there_is_one
    a_group_says_for_whom_it_is_too_much
}

const NORA: &str = "nora@acme.example";
/// Sees the end-users of the wiki, and nobody else.
const WILL: &str = "will@acme.example";

/// Approves at Sales Desk, and is in so many groups that one more is too much.
const GIL: &str = "gil@acme.example";
/// May sign in to the wiki only, and would have no room at Sales Desk.
const HAL: &str = "hal@acme.example";

/// A small budget, and Nora in as many groups as Ana; but she may sign in to nothing that has them in its tokens.
async fn scene(backend: Backend) -> House {
    let house = crowded(backend, Clock::System).await;
    let member = (0..30).map(|n| format!("\"production/a-group-of-many-{n:02}\"")).collect::<Vec<_>>().join(", ");
    house
        .apply(&format!(
            "[[organization_role]]\nkey = \"wiki-eyes\"\nname = \"Wiki eyes\"\npermissions = [\"end_users.view\", \"app.view\"]\n\
             [[user]]\nemail = \"{NORA}\"\ngroups = [{member}]\n\
             [[user]]\nemail = \"{WILL}\"\nname = \"Will\"\norg_roles = [{{ role = \"wiki-eyes\", app = \"wiki\" }}]\n\
             password_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"\n"
        ))
        .await;
    house
}

async fn page_of(browser: &mut Browser, email: &str) -> String {
    let list = browser.get(&format!("/portal/users?q={email}")).await;
    let at = list.body.find("href=\"/portal/users/").unwrap_or_else(|| panic!("no {email}: {}", list.text()));
    list.body[at + 6..].split('"').next().expect("a link").to_owned()
}

async fn too_much_for_a_token_is_said_before_and_after(backend: Backend) {
    let house = scene(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    // Ana has too much at Sales Desk; where she may not sign in there is no token.
    let ana = page_of(&mut olga, ANA).await;
    let said = olga.get(&ana).await.element("overflows").expect("a warning");
    assert!(said.contains("Sales Desk") && said.contains("Production") && said.contains("groups") && said.contains("512 are allowed"), "{said}");
    assert!(!said.contains("Development"), "{said}");
    // Nora would: it is said before she gets the role, and nothing was said of what she has.
    let nora = page_of(&mut olga, NORA).await;
    let before = olga.get(&nora).await.element("overflows").unwrap_or_default();
    assert!(!before.contains("Sales Desk"), "{before}");
    let page = olga.get(&format!("{nora}/give")).await;
    let approver = crate::lives::tick(&page, "Approver", 0);
    let form = page.form("give-form").fill("app_role", &approver);
    let preview = olga.submit(&form, "give-preview").await;
    let warned = preview.element("not-shown").unwrap_or_else(|| panic!("{}", preview.text()));
    assert!(warned.contains("For 1 person this is more than fits into a token"), "{warned}");
    let given = olga.submit(&form, "give").await;
    assert!(given.element("overflows").is_some_and(|said| said.contains("Sales Desk")), "{}", given.text());
    // Taking it away pushes nobody over.
    let revoke = crate::lives::link(&given, "Approver", "/revoke?").expect("a link");
    let question = olga.get(&revoke).await.form(&format!("{nora}/revoke"));
    let preview = olga.submit(&question, "revoke-preview").await;
    assert!(preview.status == 200 && !preview.text_contains("more than fits into a token"), "{}", preview.text());
    // Whoever does not see people of Sales Desk reads nothing of their tokens there.
    let (mut will, _) = enter(&house, WILL, "/portal").await;
    let page = will.get(&ana).await;
    assert!(page.element("overflows").is_none_or(|said| !said.contains("Sales Desk")), "{}", page.text());
    house.close().await;
}

/// Asks for a preview of making somebody an Administrator, and does it. Answers both pages.
async fn make_administrator(browser: &mut Browser, person: &str) -> (Page, Page) {
    let page = browser.get(&format!("{person}/give")).await;
    let form = page.form("give-form").fill("role", &crate::lives::tick(&page, "Administrator", 0));
    let preview = browser.submit(&form, "give-preview").await;
    let given = browser.submit(&form, "give").await;
    assert!(given.element("given").is_some_and(|said| said.contains("Administrator")), "{}", given.text());
    (preview, given)
}

/// Whether a page of a person says that a tool for many apps cannot be told everything.
fn tools_overflow(page: &Page) -> bool {
    page.element("overflows").is_some_and(|said| said.contains("In tokens of tools for many apps"))
}

async fn too_much_for_a_tool_is_said_where_there_is_one(backend: Backend) {
    let house = scene(backend).await;
    house
        .apply(&format!(
            "[[organization_role]]\nkey = \"desk-eyes\"\nname = \"Desk eyes\"\npermissions = [\"end_users.view\"]\n\
             [[user]]\nemail = \"{WILL}\"\norg_roles = [{{ role = \"desk-eyes\", app = \"sales\" }}]\n"
        ))
        .await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let (ana, nora) = (page_of(&mut olga, ANA).await, page_of(&mut olga, NORA).await);
    // Without a tool nobody is given a token that speaks of the organization.
    let (_, given) = make_administrator(&mut olga, &ana).await;
    assert!(!tools_overflow(&given), "{}", given.text());
    let grants = "[\"authorization_code\", \"refresh_token\"]";
    let metadata = format!("{{ redirect_uris = [\"{REDIRECT}\"], grant_types = {grants} }}");
    house
        .apply(&format!("[[client]]\nclient_id = \"console\"\nname = \"Console\"\nkind = \"platform\"\nsecrets = [\"{SECRET}\"]\nmetadata = {metadata}\n"))
        .await;
    let page = olga.get(&ana).await;
    let said = page.element("overflows").expect("a warning");
    assert!(tools_overflow(&page) && said.contains("scoped_permissions") && said.contains("512 are allowed"), "{said}");
    assert!(said.find("Sales Desk") < said.find("tools for many apps"), "after the apps: {said}");
    // It is said before, and to whoever gave the last bit, after.
    assert!(!tools_overflow(&olga.get(&nora).await));
    let (preview, given) = make_administrator(&mut olga, &nora).await;
    let warned = preview.element("not-shown").unwrap_or_else(|| panic!("{}", preview.text()));
    assert!(warned.contains("For 1 person this is more than fits into a token") && tools_overflow(&given), "{warned}: {}", given.text());
    // Whoever sees end-users only reads nothing of what members hold.
    let (mut will, _) = enter(&house, WILL, "/portal").await;
    let page = will.get(&ana).await;
    assert!(page.element("overflows").is_some_and(|said| said.contains("Sales Desk")) && !tools_overflow(&page), "{}", page.text());
    house.close().await;
}

/// Two more people: Gil is in fifteen of the groups, Hal in one more.
async fn with_more(house: &House) {
    let groups = |count| (0..count).map(|n| format!("\"production/a-group-of-many-{n:02}\"")).collect::<Vec<_>>().join(", ");
    house
        .apply(&format!(
            "[[user]]\nemail = \"{GIL}\"\nname = \"Gil\"\nroles = [\"sales/production/approver\"]\ngroups = [{}]\n\
             [[user]]\nemail = \"{HAL}\"\nname = \"Hal\"\ngroups = [{}]\n",
            groups(15),
            groups(16)
        ))
        .await;
}

async fn group_of(browser: &mut Browser, key: &str) -> String {
    let list = browser.get(&format!("/portal/groups?q={key}")).await;
    let id = list.body.split("href=\"/portal/groups/").find_map(|rest| rest.split('"').next().filter(|id| id.len() == 36)).expect("a link");
    format!("/portal/groups/{id}")
}

/// What the address of `added` carries is said there, in this session; nobody can send a link that says it of another group or to somebody
/// else, or says anything else.
async fn only_what_was_written_is_said(house: &House, olga: &mut Browser, group: &str, added: &Page) {
    let told = added.url.query_pairs().find_map(|(name, value)| (name == "no-room").then(|| value.into_owned())).expect("a notice");
    let said = olga.get(&format!("{group}?no-room={told}")).await.element("no-room").expect("a notice");
    assert!(said.contains("For 1 person"), "{said}");
    let (plain, mac) = told.rsplit_once('.').expect("a MAC");
    let more = plain.strip_prefix("1.").map(|rest| format!("9.{rest}")).expect("one person");
    for forged in [plain.to_owned(), format!("{plain}."), format!("{plain}.{}", &mac[1..]), format!("{more}.{mac}"), more] {
        let page = olga.get(&format!("{group}?no-room={forged}")).await;
        assert!(page.status == 200 && page.element("no-room").is_none(), "{forged}");
    }
    let other = group_of(olga, "emea").await;
    assert!(olga.get(&format!("{other}?no-room={told}")).await.element("no-room").is_none(), "another group");
    let (mut elsewhere, _) = enter(house, OLGA, "/portal").await;
    let page = elsewhere.get(&format!("{group}?no-room={told}")).await;
    assert!(page.status == 200 && page.element("no-room").is_none(), "another session: {}", page.text());
}

async fn a_group_says_for_whom_it_is_too_much(backend: Backend) {
    let house = scene(backend).await;
    with_more(&house).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let gil = page_of(&mut olga, GIL).await;
    assert!(olga.get(&gil).await.element("overflows").is_none(), "he has room");
    // The group gives no role, and still it is one too many: said before, after, and no longer than that.
    let group = group_of(&mut olga, "a-group-of-many-15").await;
    let form = olga.get(&format!("{group}/members")).await.form("add-form").fill("emails", GIL);
    let preview = olga.submit(&form, "add-preview").await;
    assert!(preview.element("not-shown").is_some_and(|said| said.contains("For 1 person this is more than fits into a token")), "{}", preview.text());
    let added = olga.submit(&form, "add").await;
    let said = added.element("no-room").unwrap_or_else(|| panic!("{}", added.text()));
    assert!(said.contains("For 1 person") && said.contains("claims endpoint") && !said.contains("Only the first"), "{said}");
    assert!(added.text_contains("Added.") && added.links().contains(&gil) && !added.body.contains("no-room="), "{:?}", added.links());
    assert!(olga.get(&gil).await.element("overflows").is_some_and(|said| said.contains("Sales Desk")));
    assert!(olga.get(&group).await.element("no-room").is_none());
    only_what_was_written_is_said(&house, &mut olga, &group, &added).await;
    // A role for all of them: too much for Hal and Nora, who could not sign in to Sales Desk before, and for Gil at the wiki that lists it.
    // Ana had no room there before.
    let page = olga.get(&group).await;
    let form = page.form(&format!("{group}/roles")).fill("role", &crate::lives::tick(&page, "Viewer", 0));
    let given = olga.submit(&form, "give-role").await;
    let said = given.element("no-room").unwrap_or_else(|| panic!("{}", given.text()));
    assert!(said.contains("For 3 people") && given.text_contains("Every member has this role"), "{said}");
    // What nobody wrote is not said.
    for odd in ["no-room=", "no-room=x", "no-room=0.x.0", "no-room=99999.x.0", "no-room=%FF"] {
        let page = olga.get(&format!("{group}?{odd}")).await;
        assert!(page.status == 200 && page.element("no-room").is_none(), "{odd}");
    }
    // Somebody who has room: nothing is said.
    let small = group_of(&mut olga, "emea").await;
    let form = olga.get(&format!("{small}/members")).await.form("add-form").fill("emails", WILL);
    let added = olga.submit(&form, "add").await;
    assert!(added.text_contains("Added.") && added.element("no-room").is_none(), "{}", added.text());
    house.close().await;
}

#[actix_web::test]
async fn the_warnings_look_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = scene(Backend::Sqlite).await;
    with_more(&house).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    go("/sign-in?to=/portal").await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    go(&format!("/portal/users?q={ANA}")).await;
    eyes.click_on("a.person").await;
    eyes.reads(&["more than fits"]).await;
    eyes.look("user-overflows", 200).await;
    go("/portal/groups?q=a-group-of-many-15").await;
    eyes.click_on("tbody a").await;
    eyes.reads(&["Add members"]).await;
    eyes.submit("add-members").await;
    eyes.fill("emails", GIL).await;
    eyes.submit("add").await;
    eyes.reads(&["For 1 person this is more than fits"]).await;
    eyes.look("group-no-room", 200).await;
    eyes.close().await;
    house.close().await;
}
