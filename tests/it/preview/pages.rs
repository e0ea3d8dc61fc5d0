//! Each form that changes access has a second button: it tells whom the change concerns and how, and changes nothing.

use super::{ANA, NORA, OLGA, ask, group, house, person};
use crate::lives::link;
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, REDIRECT, SECRET, on_both};
use crate::support::insider;
use crate::support::page::{Form, Page};
use gatehouse::access::load::Who;
use gatehouse::access::role::organization;
use gatehouse::access::{begin_change, grant};
use gatehouse::actor::Actor;
use gatehouse::base::text::Slug;
use gatehouse::base::time::Period;
use gatehouse::oauth::client;
use gatehouse::work::{Origin, Work};

on_both! {
    what_a_role_or_a_permission_would_do_is_told
    what_a_period_would_do_is_told
    what_the_life_of_an_app_would_do_is_told
    what_the_end_of_a_stage_would_do_is_told
    what_tokens_would_say_is_told
    what_clients_would_get_is_told
}

const PRODUCTION: &str = "/portal/apps/sales/production";
const DEVELOPMENT: &str = "/portal/apps/sales/development";

fn reads(page: &Page, texts: &[&str]) {
    for text in texts {
        assert!(page.text_contains(text), "{text}: {}", page.text());
    }
}

/// The page of the organization role with this name.
async fn role(browser: &mut Browser, name: &str) -> Page {
    let list = browser.get("/portal/roles").await;
    let at = list.body.find(&format!("<bdi>{name}</bdi></b>")).unwrap_or_else(|| panic!("no role {name}: {}", list.text()));
    let link = list.body[..at].rsplit("href=\"").next().and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    browser.get(&link).await
}

/// Whether a box of the role's matrix is ticked.
fn is_ticked(page: &Page, value: &str) -> bool {
    let at = page.body.find(&format!("value=\"{value}\"")).unwrap_or_else(|| panic!("no box {value}"));
    page.body[at..].split('>').next().unwrap_or_default().contains(" checked")
}

/// The path of a stage.
async fn stage(browser: &mut Browser, key: &str) -> String {
    let list = browser.get(&format!("/portal/stages?q={key}")).await;
    let id = list.body.split("href=\"/portal/stages/").find_map(|rest| rest.split('"').next().filter(|id| id.len() == 36)).expect("a link");
    format!("/portal/stages/{id}")
}

/// The form of a page that posts to itself.
async fn form_of(browser: &mut Browser, path: &str) -> Form {
    browser.get(path).await.form(path)
}

/// A tool for many apps: people's tokens for it speak of the organization.
async fn with_tool(house: &House) {
    let grants = "[\"authorization_code\", \"refresh_token\"]";
    house
        .apply(&format!(
            "[[client]]\nclient_id = \"console\"\nname = \"Console\"\nkind = \"platform\"\nsecrets = [\"{SECRET}\"]\n\
             metadata = {{ redirect_uris = [\"{REDIRECT}\"], grant_types = {grants} }}\n"
        ))
        .await;
}

async fn what_a_role_or_a_permission_would_do_is_told(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = insider::enter(&house, OLGA, "/portal").await;
    // A tick in a role, and one taken out.
    let tester = role(&mut olga, "Tester").await;
    let more = tester.form("role-form").fill("entry", "app.view|production");
    let told = ask(&house, &mut olga, &more, "save-role").await;
    reads(&told, &["1 person gains access.", "Ana Ferreira", "Sales Desk at Production", "Wiki at Production", "role Tester", "app.view"]);
    assert!(!told.text_contains("asset.change"), "what stays is not told: {}", told.text());
    let told = ask(&house, &mut olga, &more.clear("entry", "asset.change|development"), "save-role").await;
    reads(&told, &["1 person gains access.", "1 person loses access.", "Sales Desk at Development", "asset.change"]);
    let again = role(&mut olga, "Tester").await;
    assert!(is_ticked(&again, "asset.change|development") && !is_ticked(&again, "app.view|production"), "{}", again.text());
    let remove = format!("{}/remove", again.url.path());
    let form = form_of(&mut olga, &remove).await.fill("with_grants", "yes");
    let told = ask(&house, &mut olga, &form, "confirm").await;
    reads(&told, &["1 person loses access.", "Ana Ferreira", "role Tester", "asset.deploy"]);
    assert_eq!(olga.get(again.url.path()).await.status, 200, "it is still there");

    // A permission of the organization's own: what it brings, and that it goes. Whoever holds everything loses it, too.
    let own = "/portal/roles/permissions/x-billing.run";
    let form = form_of(&mut olga, "/portal/roles/permissions/new").await;
    let form = form.fill("key", "x-billing.run").fill("name", "Run billing").fill("category", "Billing").fill("by_stage", "yes");
    let told = ask(&house, &mut olga, &form, "save-permission").await;
    reads(&told, &["1 person gains access.", "Olga Owner", "x-billing.run"]);
    assert!(olga.submit(&form, "save-permission").await.text_contains("Saved"), "made");
    let tester = role(&mut olga, "Tester").await;
    assert!(olga.submit(&tester.form("role-form").fill("entry", "x-billing.run|development"), "save-role").await.text_contains("Saved"), "held");
    let brings = form_of(&mut olga, own).await.fill("implies-0", "app.view");
    let told = ask(&house, &mut olga, &brings, "save-permission").await;
    reads(&told, &["1 person gains access.", "Ana Ferreira", "Sales Desk at Development", "app.view"]);
    let form = form_of(&mut olga, &format!("{own}/remove")).await;
    let told = ask(&house, &mut olga, &form, "confirm").await;
    reads(&told, &["2 people lose access.", "Ana Ferreira", "Olga Owner", "x-billing.run"]);
    assert_eq!(olga.get(own).await.status, 200, "it is still there");
    house.close().await;
}

async fn what_a_period_would_do_is_told(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = insider::enter(&house, OLGA, "/portal").await;
    let ana = person(&house, ANA).await;
    let page = olga.get(&ana).await;
    // A role of hers that ends one day, and one that begins one day: she loses it until then.
    let period = link(&page, "Approver", "/period?").expect("a link");
    let form = olga.get(&period).await.form("period-form");
    let told = ask(&house, &mut olga, &form.clone().fill("ends", "2098-01-01"), "save-period").await;
    reads(&told, &["For 1 person something changes later.", "Ana Ferreira", "Sales Desk at Production", "role Approver", "approve", "2098"]);
    let told = ask(&house, &mut olga, &form.fill("starts", "2097-01-01"), "save-period").await;
    reads(&told, &["1 person loses access.", "Ana Ferreira", "role Approver", "2097"]);
    let again = olga.get(&period).await;
    let value = |page: &Page, field: &str| page.attribute(field, "value").unwrap_or_default();
    assert_eq!((value(&again, "starts"), value(&again, "ends")), (String::new(), String::new()));

    // What a group holds, and who is in it.
    let emea = group(&house, "emea").await;
    for (what, gone) in [("Viewer", "role Viewer"), ("Ana Ferreira", "group EMEA Sales")] {
        let period = link(&olga.get(&emea).await, what, "/period?").expect("a link");
        let form = olga.get(&period).await.form("period-form").fill("ends", "2098-01-01");
        let told = ask(&house, &mut olga, &form, "save-period").await;
        reads(&told, &["For 1 person something changes later.", "Ana Ferreira", gone, "2098"]);
        assert_eq!(value(&olga.get(&period).await, "ends"), "", "{what}");
    }
    house.close().await;
}

async fn what_the_life_of_an_app_would_do_is_told(backend: Backend) {
    let house = house(backend).await;
    // Viewers may more at Production than at Development, where Ana is one.
    let viewer = "roles = [{ key = \"viewer\", name = \"Viewer\", permissions = [\"approve\"], shared = true }]";
    house.apply(&format!("[[app]]\nkey = \"sales\"\nname = \"Sales Desk\"\n[[app.deployment]]\nstage = \"production\"\n{viewer}\n")).await;
    let (mut olga, _) = insider::enter(&house, OLGA, "/portal").await;
    let page = olga.get(&format!("{PRODUCTION}/promote?to=development")).await;
    let told = ask(&house, &mut olga, &page.form(page.url.path()), "promote").await;
    reads(&told, &["1 person gains access.", "Ana Ferreira", "Sales Desk at Development", "approve"]);
    assert!(!told.text_contains("Sales Desk at Production"), "{}", told.text());
    assert!(!olga.get(&format!("{DEVELOPMENT}/permissions")).await.text_contains("approve"), "nothing was taken over");

    // It goes from a stage: whoever may do something there, by whatever role, loses it.
    let ask_first = olga.get(&format!("{PRODUCTION}/undeploy")).await;
    let form = ask_first.form(ask_first.url.path()).fill("confirm", "sales");
    let told = ask(&house, &mut olga, &form, "end").await;
    let lost = ["3 people lose access.", "Ana Ferreira", "Olga Owner", "Rolf Roles", "Sales Desk at Production", "role Approver", "may sign in"];
    reads(&told, &lost);
    assert!(!told.text_contains("Sales Desk at Development") && !told.text_contains("Nora Nobody"), "{}", told.text());
    assert!(olga.get(&format!("{PRODUCTION}/roles")).await.text_contains("Approver"), "it is still there");
    house.close().await;
}

async fn what_the_end_of_a_stage_would_do_is_told(backend: Backend) {
    let house = house(backend).await;
    house
        .apply(&format!(
            "[[organization_role]]\nkey = \"qa-tester\"\nname = \"QA tester\"\npermissions = [\"app.view\", {{ permission = \"asset.change\", at = [\"qa\"] }}]\n\
             [[user]]\nemail = \"{NORA}\"\norg_roles = [\"qa-tester\"]\n"
        ))
        .await;
    let (mut olga, _) = insider::enter(&house, OLGA, "/portal").await;
    let delete = format!("{}/delete", stage(&mut olga, "qa").await);
    // Nothing is deployed there: nobody can do less anywhere. But tools for many apps would be told less.
    let form = form_of(&mut olga, &delete).await;
    let told = ask(&house, &mut olga, &form, "confirm").await;
    assert!(told.text_contains("Nobody\u{2019}s access changes.") && !told.text_contains("Access tokens change"), "{}", told.text());
    with_tool(&house).await;
    let entries = async |browser: &mut Browser| role(browser, "QA tester").await.form("role-form").press("save-role").1;
    let before = entries(&mut olga).await;
    let told = ask(&house, &mut olga, &form, "confirm").await;
    reads(&told, &["Nobody\u{2019}s access changes.", "Access tokens change by \u{2212}"]);
    assert!(before.iter().any(|(name, value)| name == "entry" && value.starts_with("asset.change|")), "{before:?}");
    assert_eq!(entries(&mut olga).await, before, "nothing was taken out of roles");
    assert_eq!(olga.get(&delete).await.status, 200, "it is still there");
    house.close().await;
}

async fn what_tokens_would_say_is_told(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = insider::enter(&house, OLGA, "/portal").await;
    // A group that gives nothing is named in the tokens of the apps there, for whoever can sign in to one: `"builders"`.
    let builders = group(&house, "builders").await;
    let page = olga.get(&format!("{builders}/members")).await;
    let told = ask(&house, &mut olga, &page.form("add-form").fill("emails", ANA), "add").await;
    reads(&told, &["1 person gains access.", "group Builders", "Access tokens change by +10 bytes."]);
    // Nora can sign in nowhere at that stage, so there is no token of hers.
    let told = ask(&house, &mut olga, &page.form("add-form").fill("emails", NORA), "add").await;
    assert!(told.text_contains("group Builders") && !told.text_contains("Access tokens change"), "{}", told.text());
    house.close().await;
}

/// Makes a client hold the role Tester.
async fn make_tester(house: &House, client_id: &str) {
    let give = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let client = client::by_client_id(&mut work.tx, client_id).await?.expect("a client");
        let tester = organization::by_key(&mut work.tx, &Slug::parse("tester").expect("a key")).await?.expect("a role");
        grant::give_organization(work, &changing, Who::Client(client.id), &tester, None, Period::ALWAYS, None).await
    };
    house.server.ground.work(&Actor::System { label: "test" }, &Origin::default(), give).await.expect("given");
}

async fn what_clients_would_get_is_told(backend: Backend) {
    let house = house(backend).await;
    make_tester(&house, "robot").await;
    make_tester(&house, "sales-basic").await;
    let (mut olga, _) = insider::enter(&house, OLGA, "/portal").await;
    // What an API client was given changes: it stands among the people, and nobody signs in with it.
    let tester = role(&mut olga, "Tester").await;
    let form = tester.form("role-form").fill("entry", "app.view|production");
    let told = ask(&house, &mut olga, &form, "save-role").await;
    reads(&told, &["Client robot API client", "Sales Desk at Production", "role Tester", "app.view"]);
    assert!(!told.text_contains("may sign in") && !told.text_contains("gets tokens"), "{}", told.text());
    let form = form_of(&mut olga, &format!("{}/remove", tester.url.path())).await.fill("with_grants", "yes");
    let told = ask(&house, &mut olga, &form, "confirm").await;
    reads(&told, &["Client robot API client", "Sales Desk at Development", "role Tester", "asset.deploy"]);
    assert!(!told.text_contains("may sign in") && !told.text_contains("gets tokens"), "{}", told.text());
    // A client goes, with what it was given: it gets no more tokens, and is turned away at no app that everybody may sign in to.
    let remove = format!("{PRODUCTION}/clients/sales-basic/remove");
    let form = form_of(&mut olga, &remove).await;
    let told = ask(&house, &mut olga, &form, "remove").await;
    reads(&told, &["Client sales-basic", "Organization", "gets tokens", "Sales Desk at Development", "role Tester"]);
    assert!(!told.text_contains("may sign in") && !told.text_contains("Wiki") && !told.text_contains("Client robot"), "{}", told.text());
    assert_eq!(olga.get(&remove).await.status, 200, "it is still there");
    house.close().await;
}
