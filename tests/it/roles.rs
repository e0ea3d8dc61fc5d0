//! Organization roles: made, copied, changed by ticks, removed; nobody puts into a role what they do not hold; no permission brings itself.

mod looks;
mod removal;

use crate::support::browser::Browser;
use crate::support::house::{Backend, House, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use gatehouse::access::begin_change;
use gatehouse::access::effective::{Place, effective};
use gatehouse::access::load;
use gatehouse::access::permission::{Enforced, Implication, ImpliedAt, PlatformPermission, ReachKind, built_in};
use gatehouse::access::role::organization::{self, OwnPermissionError};
use gatehouse::actor::Actor;
use gatehouse::base::text::{Description, DisplayName, EmailAddress, PermissionKey};
use gatehouse::base::time::Clock;
use gatehouse::identity::user;
use gatehouse::one;
use gatehouse::work::Origin;

on_both! {
    a_role_lives
    a_permission_is_limited_to_one_stage
    nobody_gives_a_role_more_than_they_hold
    own_permissions_live
    permissions_read_in_the_language_of_their_reader
    no_permission_brings_itself_not_even_by_two_people_at_once
    the_role_of_administrators_stays_as_it_is
}

const OLGA: &str = "olga@acme.example";
const ANA: &str = "ana@acme.example";
/// May change roles, and little else.
const RIA: &str = "ria@acme.example";

async fn house(backend: Backend) -> House {
    let house = House::open_with(backend, &[], Clock::System).await;
    let ria = "[[organization_role]]\nkey = \"role-keeper\"\nname = \"Role keeper\"\npermissions = [\"organization_roles.manage\", \"app.view\"]
        [[user]]\nemail = \"ria@acme.example\"\nname = \"Ria Roles\"\norg_roles = [\"role-keeper\"]\npassword_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"\n";
    house.apply(&format!("{}\n{ria}", include_str!("seed.toml"))).await;
    house
}

/// The page of the role with this name.
async fn role(browser: &mut Browser, name: &str) -> Page {
    let list = browser.get("/portal/roles").await;
    let at = list.body.find(&format!("<bdi>{name}</bdi></b>")).unwrap_or_else(|| panic!("no role {name}: {}", list.text()));
    let link = list.body[..at].rsplit("href=\"").next().and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    browser.get(&link).await
}

/// Whether a box of the matrix is ticked, and whether it is locked.
fn tick(page: &Page, value: &str) -> (bool, bool) {
    let at = page.body.find(&format!("value=\"{value}\"")).unwrap_or_else(|| panic!("no box {value}"));
    let tag = page.body[at..].split('>').next().unwrap_or_default();
    (tag.contains(" checked"), tag.contains(" disabled"))
}

/// What somebody may do at an app's stage.
async fn may(house: &House, who: &str, app: &str, stage: &str) -> Vec<String> {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let catalogue = load::catalogue(&mut tx).await.expect("a catalogue");
    let user = user::by_email(&mut tx, &EmailAddress::parse(who).expect("an address")).await.expect("read").expect("there");
    let holdings = load::user(&mut tx, user.id).await.expect("holdings");
    let at = catalogue.deployment_at(catalogue.app_by_key(app).expect("the app").id, catalogue.stage_by_key(stage).expect("the stage").id).expect("deployed");
    effective(&catalogue, &holdings, Place::Deployment(at.id), house.server.ground.clock.now()).platform_keys().map(String::from).collect()
}

async fn a_role_lives(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, page) = enter(&house, OLGA, "/portal/roles").await;
    assert!(page.text_contains("Administrator") && page.text_contains("Tester") && page.text_contains("1 holder"), "{}", page.text());

    // The example of the model, on the page and in what counts: change brings open, debug and deploy at Development, nothing at Production.
    let tester = role(&mut olga, "Tester").await;
    assert_eq!(tick(&tester, "asset.change|development"), (true, false));
    for brought in ["asset.debug|development", "asset.deploy|development"] {
        assert_eq!(tick(&tester, brought), (true, true), "{brought}");
    }
    for elsewhere in ["asset.change|production", "asset.deploy|production", "asset.change|every_stage"] {
        assert_eq!(tick(&tester, elsewhere), (false, false), "{elsewhere}");
    }
    assert!(tester.text_contains("comes with"));
    // Each permission leads to whoever has it.
    let holders = "/portal/access/permission?key=asset.change".to_owned();
    assert!(tester.links().contains(&holders), "{:?}", tester.links());
    assert!(olga.get(&holders).await.text_contains("Change (asset.change)"));
    assert_eq!(may(&house, ANA, "sales", "development").await, ["asset.change", "asset.debug", "asset.deploy", "asset.open", "stage.view"]);
    assert_eq!(may(&house, ANA, "sales", "production").await, Vec::<String>::new());

    // Built-in roles stay; a copy may be changed.
    let developer = role(&mut olga, "Developer").await;
    assert!(developer.text_contains("built in") && !developer.body.contains("save-role"));
    let copy = olga.get(&developer.attribute("duplicate", "href").expect("a link")).await;
    let form = copy.form("role-form").fill("name", "Junior developer");
    let made = olga.submit(&form, "make-role").await;
    assert!(made.text_contains("The role is there") && made.text_contains("junior-developer"), "{}", made.text());
    let again = olga.submit(&form, "make-role").await;
    assert_eq!(again.status, 422);
    assert!(again.text_contains("There is a role with the key junior-developer"), "{}", again.text());
    let form = copy.form("role-form").fill("name", "JUNIOR DEVELOPER").fill("key", "other");
    assert!(olga.submit(&form, "make-role").await.text_contains("There is a role with the name"));

    // Ticks become rights, for everybody who holds the role.
    let tester = role(&mut olga, "Tester").await;
    let form = tester.form("role-form").fill("entry", "app.view|production").fill("description", "Tests <b>things</b>");
    let saved = olga.submit(&form, "save-role").await;
    assert!(saved.text_contains("Saved") && tick(&saved, "app.view|production").0 && saved.text_contains("Tests <b>things</b>"), "{}", saved.text());
    assert_eq!(may(&house, ANA, "sales", "production").await, ["app.view", "stage.view"]);
    // Somebody else was faster; nothing ticked at all; nonsense.
    let page = olga.submit(&form, "save-role").await;
    assert_eq!(page.status, 409);
    assert!(page.text_contains("Somebody changed this role meanwhile"), "{}", page.text());
    let bare = saved.form("role-form").clear("entry", "app.view|production").clear("entry", "asset.change|development");
    let page = olga.submit(&bare, "save-role").await;
    assert_eq!(page.status, 422);
    assert!(page.text_contains("A role needs a permission at least"));
    let csrf = page
        .attribute("role-form", "id")
        .and_then(|_| page.body.split("name=\"csrf\" value=\"").nth(1)?.split('"').next().map(str::to_owned))
        .expect("a token");
    let version = saved.body.split("name=\"version\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a version").to_owned();
    let post = async |browser: &mut Browser, entry: &str| {
        let fields = [("csrf", csrf.as_str()), ("version", &version), ("name", "Tester"), ("entry", entry)];
        browser.post_from(&house.issuer, saved.url.path(), &fields).await
    };
    for (entry, says) in [("nothing.like|every_stage", "There is no permission nothing.like"), ("users.manage|development", "cannot be limited to stages")] {
        let page = post(&mut olga, entry).await;
        assert_eq!(page.status, 422, "{entry}");
        assert!(page.text_contains(says), "{}", page.text());
    }

    // Removing says who loses it, and does not by itself.
    let asked = olga.get(&saved.attribute("remove-role", "href").expect("a link")).await;
    assert!(asked.text_contains("1 holder loses it"), "{}", asked.text());
    let form = asked.form(&format!("{}/remove", saved.url.path()));
    let page = olga.submit(&form, "confirm").await;
    assert_eq!(page.status, 409);
    assert!(page.text_contains("Somebody holds this role"), "{}", page.text());
    // Somebody was offered it: that falls away too, and an invitation without offers ends.
    house.invite("new@acme.example --org-role tester").await.expect("invited");
    assert!(olga.get(asked.url.path()).await.text_contains("1 open invitation offers it"));
    let page = olga.submit(&form.fill("with_grants", "yes"), "confirm").await;
    assert!(page.text_contains("The role is removed") && !page.text_contains("Tester "), "{}", page.text());
    assert_eq!(may(&house, ANA, "sales", "development").await, Vec::<String>::new());
    assert_eq!(olga.get(saved.url.path()).await.status, 404);
    house.close().await;
}

/// One stage is less than the stages of its purpose, even if it is the only one of them.
async fn a_permission_is_limited_to_one_stage(backend: Backend) {
    let house = house(backend).await;
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let catalogue = load::catalogue(&mut tx).await.expect("a catalogue");
    drop(tx);
    let [development, production] = ["development", "production"].map(|key| catalogue.stage_by_key(key).expect("the stage").id);
    let alone = format!("app.view|stage:{production}");
    let (mut olga, _) = enter(&house, OLGA, "/portal/roles").await;
    let tester = role(&mut olga, "Tester").await;
    for label in ["Every stage, and later ones", "Production stages, and later ones", "Production, this one only"] {
        assert!(tester.body.contains(&format!(": {label}\"")), "{label}: {}", tester.body);
    }
    // What counts at the stages of a purpose counts at each.
    assert_eq!(tick(&tester, &format!("asset.change|stage:{development}")), (true, true));

    let saved = olga.submit(&tester.form("role-form").fill("entry", &alone), "save-role").await;
    assert!(saved.text_contains("Saved"), "{}", saved.text());
    assert_eq!((tick(&saved, &alone), tick(&saved, "app.view|production")), ((true, false), (false, false)));
    assert_eq!(may(&house, ANA, "sales", "production").await, ["app.view", "stage.view"]);
    let wider = olga.submit(&saved.form("role-form").clear("entry", &alone).fill("entry", "app.view|production"), "save-role").await;
    assert!(wider.text_contains("Saved"), "{}", wider.text());
    assert_eq!((tick(&wider, &alone), tick(&wider, "app.view|production")), ((true, true), (true, false)));
    house.close().await;
}

async fn nobody_gives_a_role_more_than_they_hold(backend: Backend) {
    let house = house(backend).await;
    let (mut ria, _) = enter(&house, RIA, "/portal/roles").await;
    // Her own role: that would be a way up (rule 3e).
    let own = role(&mut ria, "Role keeper").await;
    // Whoever keeps roles sees members, so she may follow what leads to the holders of a permission.
    let holders = own.links().into_iter().find(|link| link.starts_with("/portal/access/permission?key=audit.view")).expect("a link");
    assert_eq!(ria.get(&holders).await.status, 200);
    let page = ria.submit(&own.form("role-form").fill("entry", "users.manage|every_stage"), "save-role").await;
    assert_eq!(page.status, 422);
    assert!(page.text_contains("which you do not hold there yourself"), "{}", page.text());
    // A new one, held by nobody yet; a copy of everything; by an implication of an own permission.
    let new = ria.get("/portal/roles/new").await;
    let page = ria.submit(&new.form("role-form").fill("name", "Sneaky").fill("entry", "asset.change|development"), "make-role").await;
    assert_eq!(page.status, 422);
    let administrator = role(&mut ria, "Administrator").await;
    let copy = ria.get(&administrator.attribute("duplicate", "href").expect("a link")).await;
    assert_eq!(ria.submit(&copy.form("role-form"), "make-role").await.status, 422);
    // What she holds she may give, and she may take away what she does not hold.
    let page = ria.submit(&new.form("role-form").fill("name", "Looker").fill("entry", "app.view|production"), "make-role").await;
    assert!(page.text_contains("The role is there"), "{}", page.text());
    let own_permission = async |browser: &mut Browser, key: &str, brings: &str| {
        let form = browser.get("/portal/roles/permissions/new").await.form("/portal/roles/permissions/new");
        let form = form.fill("key", key).fill("name", key).fill("category", "Own").fill("implies-0", brings);
        browser.submit(&form, "save-permission").await
    };
    let page = own_permission(&mut ria, "x-quiet.do", "").await;
    assert!(page.text_contains("x-quiet.do"), "{}", page.text());
    // Nobody holds it, so nobody gains; put into a role, it would be more than she holds.
    let new = ria.get("/portal/roles/new").await;
    let page = ria.submit(&new.form("role-form").fill("name", "Quiet").fill("entry", "x-quiet.do|every_stage"), "make-role").await;
    assert_eq!(page.status, 422, "{}", page.text());
    let (mut olga, _) = enter(&house, OLGA, "/portal/roles").await;
    let keeper = role(&mut olga, "Role keeper").await;
    let page = olga.submit(&keeper.form("role-form").fill("entry", "x-quiet.do|every_stage"), "save-role").await;
    assert!(page.text_contains("Saved"), "{}", page.text());
    let form = ria.get("/portal/roles/permissions/x-quiet.do").await.form("/portal/roles/permissions/x-quiet.do");
    let page = ria.submit(&form.fill("implies-0", "users.manage"), "save-permission").await;
    assert_eq!(page.status, 422);
    assert!(page.text_contains("which you do not hold there yourself"), "{}", page.text());
    // A role of somebody stronger goes only by somebody as strong.
    let page = role(&mut ria, "Tester").await;
    let asked = ria.get(&page.attribute("remove-role", "href").expect("a link")).await;
    let form = asked.form(&format!("{}/remove", page.url.path())).fill("with_grants", "yes");
    assert_eq!(ria.submit(&form, "confirm").await.status, 403, "she may not take roles from people at all");
    house.close().await;
}

async fn own_permissions_live(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, page) = enter(&house, OLGA, "/portal/roles/permissions").await;
    assert!(page.text_contains("No permissions of your own yet"));
    let make = async |browser: &mut Browser, key: &str, brings: &str| {
        let form = browser.get("/portal/roles/permissions/new").await.form("/portal/roles/permissions/new");
        let form = form.fill("key", key).fill("name", "Run billing").fill("category", "Billing").fill("by_stage", "yes").fill("implies-0", brings);
        browser.submit(&form, "save-permission").await
    };
    assert!(make(&mut olga, "x-billing.run", "app.view").await.text_contains("Saved"));
    for (key, says) in [("x-billing.run", "There is a permission with this key"), ("billing.run", "Please use a key like"), ("x-", "Please use a key like")] {
        let page = make(&mut olga, key, "").await;
        assert_eq!(page.status, 422, "{key}");
        assert!(page.text_contains(says), "{}", page.text());
    }
    assert!(make(&mut olga, "x-billing.all", "x-billing.run").await.text_contains("Saved"));
    // In a circle, with its way; in use by another one; gone from roles.
    let form = olga.get("/portal/roles/permissions/x-billing.run").await.form("/portal/roles/permissions/x-billing.run");
    let page = olga.submit(&form.fill("implies-1", "x-billing.all"), "save-permission").await;
    assert_eq!(page.status, 422);
    assert!(page.text_contains("x-billing.run -> x-billing.all -> x-billing.run"), "{}", page.text());
    let asked = olga.get("/portal/roles/permissions/x-billing.run/remove").await;
    let page = olga.submit(&asked.form("/portal/roles/permissions/x-billing.run/remove"), "confirm").await;
    assert_eq!(page.status, 409);
    assert!(page.text_contains("x-billing.all brings this permission along"), "{}", page.text());
    let tester = role(&mut olga, "Tester").await;
    olga.submit(&tester.form("role-form").fill("entry", "x-billing.all|development"), "save-role").await;
    assert!(may(&house, ANA, "sales", "development").await.contains(&"x-billing.run".to_owned()));
    let asked = olga.get("/portal/roles/permissions/x-billing.all/remove").await;
    let page = olga.submit(&asked.form("/portal/roles/permissions/x-billing.all/remove"), "confirm").await;
    assert!(page.text_contains("The permission is removed"), "{}", page.text());
    assert!(!may(&house, ANA, "sales", "development").await.iter().any(|key| key.starts_with("x-")));
    assert_eq!(olga.get("/portal/roles/permissions/x-billing.all").await.status, 404);
    house.close().await;
}

/// Somebody chooses German.
async fn in_german(browser: &mut Browser) {
    let form = browser.get("/account/profile").await.form("/account/profile").fill("locale", "de");
    let page = browser.submit(&form, "save").await;
    assert!(page.status == 200 && page.body.contains("lang=\"de\""), "{}", page.text());
}

async fn permissions_read_in_the_language_of_their_reader(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal/roles").await;
    let form = olga.get("/portal/roles/permissions/new").await.form("/portal/roles/permissions/new");
    let form = form.fill("key", "x-billing.run").fill("name", "Run billing").fill("category", "Asset management").fill("by_stage", "yes");
    assert!(olga.submit(&form, "save-permission").await.text_contains("Saved"));
    let later = built_in().permissions.iter().filter(|permission| permission.enforced == Enforced::Later).count();
    let page = role(&mut olga, "Tester").await;
    for text in ["Asset management", "View, open and debug assets", "comes with Change", "Run billing"] {
        assert!(page.text_contains(text), "{text}: {}", page.text());
    }
    assert_eq!(page.body.matches("Nothing asks for it yet").count(), later, "what is kept for later says so");
    // In German the built-in ones and their headings are German; the organization's own is what it was named, under the same heading.
    in_german(&mut olga).await;
    let page = role(&mut olga, "Tester").await;
    for text in ["Assets ansehen, öffnen und debuggen", "kommt mit Ändern", "Run billing"] {
        assert!(page.text_contains(text), "{text}: {}", page.text());
    }
    assert!(page.body.matches("<bdi>Assets</bdi></th>").count() == 1 && !page.text_contains("Asset management"), "{}", page.text());
    assert_eq!(page.body.matches("Noch fragt nichts danach").count(), later);
    // What somebody lacks, and what they hold.
    let (mut ria, page) = enter(&house, RIA, "/portal/audit").await;
    assert!(page.status == 403 && page.text_contains("View audit trail"), "{}", page.text());
    assert!(ria.get("/account/access").await.text_contains("Manage organization roles"));
    in_german(&mut ria).await;
    assert!(ria.get("/portal/audit").await.text_contains("die Berechtigung Protokoll ansehen"));
    let page = ria.get("/account/access").await;
    assert!(page.text_contains("Organisationsrollen verwalten") && !page.text_contains("Manage organization roles"), "{}", page.text());
    house.close().await;
}

async fn no_permission_brings_itself_not_even_by_two_people_at_once(backend: Backend) {
    let house = house(backend).await;
    let permission = |key: &str, brings: Option<&str>| PlatformPermission {
        key: PermissionKey::parse(key).expect("a key"),
        name: DisplayName::parse("Own").expect("a name"),
        category: DisplayName::parse("Own").expect("a name"),
        purpose: Description::default(),
        reaches: [ReachKind::Organization].into(),
        by_stage: true,
        implies: brings.map(|key| Implication { permission: PermissionKey::parse(key).expect("a key"), at: ImpliedAt::SameStage }).into_iter().collect(),
        enforced: Enforced::Tools,
    };
    let put = async |definition: PlatformPermission| {
        let actor = Actor::System { label: "test" };
        house
            .server
            .ground
            .work(&actor, &Origin::default(), async |work| {
                let changing = begin_change(work).await?;
                organization::put_own_permission(work, &changing, &definition).await
            })
            .await
    };
    for key in ["x-one.do", "x-two.do"] {
        put(permission(key, None)).await.expect("made");
    }
    let halves = (0..16).map(|number| {
        let (key, brings) = if number % 2 == 0 { ("x-one.do", "x-two.do") } else { ("x-two.do", "x-one.do") };
        put(permission(key, Some(brings)))
    });
    let outcomes = futures_util::future::join_all(halves).await;
    let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(OwnPermissionError::Circle(_)))).count();
    assert_eq!((outcomes.iter().filter(|outcome| outcome.is_ok()).count(), refused), (8, 8), "one half is made, the other one never");
    house.close().await;
}

/// What there is of the role Administrator: its row, its entries, who holds it, who was offered it; and what was recorded of roles at all.
async fn administrators(house: &House) -> (i64, i64, i64, i64, i64) {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let sql = "SELECT (SELECT COUNT(*) FROM organization_roles WHERE key = 'administrator' AND name = 'Administrator' AND built_in AND version = 1),
               (SELECT COUNT(*) FROM organization_role_entries e JOIN organization_roles r ON r.id = e.role_id WHERE r.key = 'administrator'),
               (SELECT COUNT(*) FROM organization_grants g JOIN organization_roles r ON r.id = g.role_id WHERE r.key = 'administrator'),
               (SELECT COUNT(*) FROM invitation_offers o JOIN organization_roles r ON r.id = o.organization_role_id WHERE r.key = 'administrator'),
               (SELECT COUNT(*) FROM audit_events WHERE kind LIKE 'organization_role.%')";
    one!(tx, (i64, i64, i64, i64, i64), sql).expect("numbers")
}

async fn the_role_of_administrators_stays_as_it_is(backend: Backend) {
    let house = house(backend).await;
    house.invite("new@acme.example --org-role administrator").await.expect("invited");
    let before = administrators(&house).await;
    assert_eq!((before.0, before.1, before.2, before.3), (1, 0, 1, 1));
    // Neither by somebody who may change roles nor by an Administrator, in forms that no page of ours shows.
    for who in [RIA, OLGA] {
        let (mut browser, _) = enter(&house, who, "/portal/roles").await;
        let page = role(&mut browser, "Administrator").await;
        let path = page.url.path().to_owned();
        assert!(page.attribute("role-form", "id").is_none() && page.attribute("remove-role", "href").is_none());
        let asked = browser.get(&format!("{path}/remove")).await;
        assert!(asked.status == 200 && asked.text_contains("This role is built in"), "{who}: {}", asked.text());
        let form = asked.form(&format!("{path}/remove"));
        let (_, pairs) = form.press("confirm");
        let field = |name: &str| pairs.iter().find(|(has, _)| has == name).map(|(_, value)| value.as_str()).expect("a field");
        for (name, entry) in [("Administrator", "app.view|every_stage"), ("Clerk", "users.manage|every_stage")] {
            let fields = [("csrf", field("csrf")), ("version", field("version")), ("name", name), ("description", ""), ("entry", entry)];
            let refused = browser.post_from(&house.issuer, &path, &fields).await;
            assert!(refused.status == 422 && refused.text_contains("This role is built in"), "{who} {name}: {} {}", refused.status, refused.text());
        }
        for form in [form.clone(), form.fill("with_grants", "yes")] {
            let refused = browser.submit(&form, "confirm").await;
            assert!(refused.status == 409 && refused.text_contains("This role is built in"), "{who}: {} {}", refused.status, refused.text());
        }
        assert_eq!(administrators(&house).await, before, "{who}");
    }
    house.close().await;
}
