//! One of the organization's own permissions is removed: a role that holds nothing else is in the way, and the others lose it, each with its
//! event; what was asked before, and what two people do at once.

use super::{OLGA, RIA, house, in_german, may, role};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use gatehouse::access::begin_change;
use gatehouse::access::catalogue::Counts;
use gatehouse::access::role::organization::{self, EditError, Edited, RemoveOwnError};
use gatehouse::actor::Actor;
use gatehouse::audit::Kind;
use gatehouse::audit::search::{self, Entry, Filter, From, Reader};
use gatehouse::base::text::{PermissionKey, Slug};
use gatehouse::one;
use gatehouse::work::Origin;

on_both! {
    a_permission_goes_and_no_role_is_left_empty
    a_question_of_before_is_told_what_is_in_the_way_now
    no_role_is_left_empty_by_two_people_at_once
}

/// Holds the role Mixed.
const MIA: &str = "mia@acme.example";
const OWN: &str = "/portal/roles/permissions/x-billing.run";
const REMOVE: &str = "/portal/roles/permissions/x-billing.run/remove";
const PERMISSION: &str = "[[permission]]\nkey = \"x-billing.run\"\nname = \"Run billing\"\ncategory = \"Billing\"\npurpose = \"Sends the invoices\"\n\
                          reaches = [\"organization\", \"app\"]\nby_stage = true\nenforced = \"tools\"\n";
const ROLES: &str = "SELECT COUNT(*) FROM audit_events WHERE kind = 'organization_role.changed'";
const HELD: &str = "SELECT COUNT(*) FROM organization_role_entries WHERE permission = 'x-billing.run'";

/// The house with a permission of its own, and a role of Mia's that holds it beside another one.
async fn furnished(backend: Backend) -> House {
    let house = house(backend).await;
    let mixed = "[[organization_role]]\nkey = \"mixed\"\nname = \"Mixed\"\n\
                 permissions = [\"app.view\", { permission = \"x-billing.run\", at = [\"development\"] }]\n";
    let mia = "[[user]]\nemail = \"mia@acme.example\"\nname = \"Mia Mixed\"\norg_roles = [\"mixed\"]\n\
               password_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"\n";
    house.apply(&format!("{PERMISSION}{mixed}{mia}")).await;
    house
}

async fn number(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (i64,), sql).expect("a number").0
}

async fn events(house: &House, kind: Kind) -> Vec<Entry> {
    let reader = Reader::of(&Actor::System { label: "test" }).expect("the operator may");
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let filter = Filter { kinds: vec![kind], ..Filter::default() };
    search::page(&mut tx, reader, &filter, From::Oldest, 1_000).await.expect("read")
}

/// The roles that a page names as being in the way, and whether it offers to go on.
fn in_the_way(page: &Page) -> (Option<String>, bool) {
    (page.element("in-the-way"), page.body.contains("id=\"confirm\""))
}

/// What the permission's page says while Biller and Stage biller hold nothing else.
const BOTH: &str = "The organization role Biller would have no permission left. Change it or remove it first. \
                    The organization role Stage biller would have no permission left. Change it or remove it first.";

/// Sends what a page without a button would send, as a change and as a preview; both are refused alike.
async fn is_refused(house: &House, browser: &mut Browser, says: &str) {
    // Every page has the token of the session.
    let page = browser.get(OWN).await;
    let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    for preview in [vec![], vec![("preview", "yes")]] {
        let fields: Vec<(&str, &str)> = preview.into_iter().chain([("csrf", csrf.as_str())]).collect();
        let page = browser.post_from(&house.issuer, REMOVE, &fields).await;
        assert_eq!((page.status.as_u16(), in_the_way(&page)), (409, (Some(says.to_owned()), false)), "{}", page.text());
    }
}

async fn a_permission_goes_and_no_role_is_left_empty(backend: Backend) {
    let house = furnished(backend).await;
    let billers = "[[organization_role]]\nkey = \"biller\"\nname = \"Biller\"\npermissions = [\"x-billing.run\"]\n\
                   [[organization_role]]\nkey = \"stage-biller\"\nname = \"Stage biller\"\n\
                   permissions = [{ permission = \"x-billing.run\", at = [\"development\", \"qa\"] }]\n";
    house.apply(billers).await;
    let (mut olga, ask) = enter(&house, OLGA, REMOVE).await;
    let before = number(&house, ROLES).await;

    // Roles that would hold nothing any more are in the way, on the page and in the rule; their names lead to them.
    assert_eq!(in_the_way(&ask), (Some(BOTH.to_owned()), false));
    assert!(ask.text_contains("Run billing cannot be removed yet. In the way:") && !ask.text_contains("Mixed"), "{}", ask.text());
    let (biller, stage_biller) = (role(&mut olga, "Biller").await, role(&mut olga, "Stage biller").await);
    for page in [&biller, &stage_biller] {
        assert!(ask.links().iter().any(|link| link == page.url.path()), "{:?}", ask.links());
    }
    is_refused(&house, &mut olga, BOTH).await;
    assert_eq!((number(&house, HELD).await, number(&house, ROLES).await), (4, before));
    assert_eq!(events(&house, Kind::OrganizationPermissionRemoved).await.len(), 0);

    // One of them is removed, the other one gets something else.
    let remove = format!("{}/remove", biller.url.path());
    let asked = olga.get(&remove).await;
    assert!(olga.submit(&asked.form(&remove), "confirm").await.text_contains("The role is removed"));
    assert!(olga.submit(&stage_biller.form("role-form").fill("entry", "app.view|production"), "save-role").await.text_contains("Saved"));
    let ask = olga.get(REMOVE).await;
    assert_eq!(in_the_way(&ask), (None, true));
    for says in ["Every role that has it loses it", "The organization role Mixed loses it.", "The organization role Stage biller loses it."] {
        assert!(ask.text_contains(says), "{says}: {}", ask.text());
    }
    assert!(!ask.text_contains("Tester"), "it does not have it");

    // Mia may do what Ria may not: she takes nothing from her (rule 3c).
    let (mut ria, page) = enter(&house, RIA, REMOVE).await;
    for button in ["confirm", "confirm-preview"] {
        let page = ria.submit(&page.form(REMOVE), button).await;
        assert!(page.status == 409 && page.element("problem").is_some_and(|said| said.contains("Somebody who may do more than you")), "{}", page.text());
    }
    // A preview changes nothing.
    let before = number(&house, ROLES).await;
    let page = olga.submit(&ask.form(REMOVE), "confirm-preview").await;
    assert!(page.status == 200 && page.text_contains("Nothing has been changed yet"), "{}", page.text());
    assert_eq!((number(&house, HELD).await, number(&house, ROLES).await), (3, before));
    assert!(may(&house, MIA, "sales", "development").await.contains(&"x-billing.run".to_owned()));

    let page = olga.submit(&ask.form(REMOVE), "confirm").await;
    assert!(page.text_contains("The permission is removed"), "{}", page.text());
    assert_eq!((number(&house, HELD).await, number(&house, ROLES).await), (0, before + 2));
    assert!(!may(&house, MIA, "sales", "development").await.iter().any(|key| key.starts_with("x-")));
    // Each role is another version of itself, and the trail has what it held and what it holds; then the permission goes.
    let changed = events(&house, Kind::OrganizationRoleChanged).await.split_off(usize::try_from(before).expect("a number"));
    let gone = events(&house, Kind::OrganizationPermissionRemoved).await.pop().expect("an event");
    assert_eq!(gone.subject_id.as_deref(), Some("x-billing.run"));
    let held = |row: &serde_json::Value| {
        let entries = row["entries"].as_array().expect("entries").iter();
        entries.map(|entry| format!("{} {}", entry["permission"].as_str().expect("a key"), entry["counts"].as_str().expect("a word"))).collect::<Vec<_>>()
    };
    let expected = [
        ("mixed", vec!["app.view every_stage", "x-billing.run development"], vec!["app.view every_stage"]),
        ("stage-biller", vec!["app.view production", "x-billing.run development", "x-billing.run stage"], vec!["app.view production"]),
    ];
    for (event, (key, had, keeps)) in changed.iter().zip(expected) {
        let told = event.told.as_ref().expect("nothing was erased");
        let (was, is) = (told.before.as_ref().expect("before"), told.after.as_ref().expect("after"));
        assert_eq!((was["key"].as_str(), is["key"].as_str()), (Some(key), Some(key)));
        assert_eq!(was["version"].as_i64().map(|version| version + 1), is["version"].as_i64());
        assert_eq!(held(was), had, "{key}");
        assert_eq!(held(is), keeps, "{key}");
        assert!(event.id < gone.id);
    }
    let empty = "SELECT COUNT(*) FROM organization_roles WHERE NOT built_in AND id NOT IN (SELECT role_id FROM organization_role_entries)";
    assert_eq!(number(&house, empty).await, 0);
    house.close().await;
}

async fn a_question_of_before_is_told_what_is_in_the_way_now(backend: Backend) {
    let house = furnished(backend).await;
    let (mut olga, ask) = enter(&house, OLGA, REMOVE).await;
    assert_eq!(in_the_way(&ask), (None, true));
    // Somebody takes the other permission out of the role meanwhile.
    let mixed = role(&mut olga, "Mixed").await;
    let page = olga.submit(&mixed.form("role-form").clear("entry", "app.view|every_stage"), "save-role").await;
    assert!(page.text_contains("Saved"), "{}", page.text());
    let says = "The organization role Mixed would have no permission left. Change it or remove it first.";
    for button in ["confirm", "confirm-preview"] {
        let page = olga.submit(&ask.form(REMOVE), button).await;
        assert_eq!((page.status.as_u16(), in_the_way(&page)), (409, (Some(says.to_owned()), false)), "{}", page.text());
    }
    assert_eq!((olga.get(OWN).await.status.as_u16(), number(&house, HELD).await), (200, 1));
    // In German, too.
    let (mut ria, _) = enter(&house, RIA, REMOVE).await;
    in_german(&mut ria).await;
    let page = ria.get(REMOVE).await;
    assert!(page.text_contains("Run billing lässt sich noch nicht entfernen. Im Weg:"), "{}", page.text());
    let says = "Die Organisationsrolle Mixed hätte keine Berechtigung mehr. Ändern oder entfernen Sie sie zuerst.";
    assert_eq!(in_the_way(&page), (Some(says.to_owned()), false));
    is_refused(&house, &mut ria, says).await;

    // It comes back, and the question of before holds again; a form of the role that was opened before the permission went is overtaken.
    let page = role(&mut olga, "Mixed").await;
    let mixed = olga.submit(&page.form("role-form").fill("entry", "app.view|every_stage"), "save-role").await;
    assert!(mixed.text_contains("Saved"), "{}", mixed.text());
    assert!(ria.get(REMOVE).await.text_contains("Die Organisationsrolle Mixed verliert sie."));
    assert!(olga.submit(&ask.form(REMOVE), "confirm").await.text_contains("The permission is removed"));
    let page = olga.submit(&mixed.form("role-form").fill("name", "Mixed 2"), "save-role").await;
    assert!(page.status == 409 && page.text_contains("Somebody changed this role meanwhile"), "{}", page.text());
    assert_eq!(number(&house, HELD).await, 0);
    house.close().await;
}

async fn no_role_is_left_empty_by_two_people_at_once(backend: Backend) {
    let house = house(backend).await;
    let run = PermissionKey::parse("x-billing.run").expect("a key");
    let (actor, origin) = (Actor::System { label: "test" }, Origin::default());
    for round in 0..8 {
        // Whichever went in the round before is there again.
        let racer = "[[organization_role]]\nkey = \"racer\"\nname = \"Racer\"\npermissions = [\"app.view\", \"x-billing.run\"]\n";
        house.apply(&format!("{PERMISSION}{racer}")).await;
        let mut tx = house.server.ground.db.read().await.expect("the database answers");
        let racer = organization::by_key(&mut tx, &Slug::parse("racer").expect("a key")).await.expect("read").expect("there");
        drop(tx);
        let edited = Edited { name: racer.name.clone(), description: racer.description.clone(), entries: vec![(run.clone(), Counts::EveryStage)] };
        // One takes everything else out of the role, the other one removes the permission.
        let edit = house.server.ground.work(&actor, &origin, async |work| {
            let changing = begin_change(work).await?;
            organization::edit(work, &changing, racer.id, racer.version, &edited).await
        });
        let remove = house.server.ground.work(&actor, &origin, async |work| {
            let changing = begin_change(work).await?;
            organization::remove_own_permission(work, &changing, &run).await
        });
        match futures_util::future::join(edit, remove).await {
            (Ok(_), Err(RemoveOwnError::Emptied(roles))) => assert_eq!(roles.iter().map(|role| role.id).collect::<Vec<_>>(), [racer.id], "{round}"),
            (Err(EditError::Overtaken(_)), Ok(true)) => {}
            other => panic!("{round}: {other:?}"),
        }
        let left = "SELECT COUNT(*) FROM organization_role_entries e JOIN organization_roles r ON r.id = e.role_id WHERE r.key = 'racer'";
        assert_eq!(number(&house, left).await, 1, "{round}");
    }
    house.close().await;
}
