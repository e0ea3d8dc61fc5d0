//! A stage is deleted: what organization roles hold there alone, who is signed in there, and forms that were opened before.

use super::{number, token};
use crate::groups::{OLGA, house, path, sign_in};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, on_both};
use crate::support::page::Page;
use gatehouse::access::stage;
use gatehouse::actor::Actor;
use gatehouse::audit::Kind;
use gatehouse::audit::search::{self, Entry, Filter, From, Reader};
use gatehouse::base::fault::Fault;
use gatehouse::base::text::{EmailAddress, Slug};
use gatehouse::execute;
use gatehouse::identity::user::{self, User};
use gatehouse::login::session::{self, Context};
use gatehouse::work::{Origin, Work};

on_both! {
    a_stage_goes_with_what_roles_hold_there
    forms_of_before_are_told
}

const ANA: &str = "ana@acme.example";
/// Holds the role Mixed.
const MIA: &str = "mia@acme.example";
/// May manage every stage, and nothing else.
const SAM: &str = "sam@acme.example";
const DELETED: &str = "SELECT COUNT(*) FROM audit_events WHERE kind = 'stage.deleted'";
const ROLES: &str = "SELECT COUNT(*) FROM audit_events WHERE kind = 'organization_role.changed'";
/// Every session at QA is 46 days older, and as it was again: the sign-in first, then the last use.
const LAPSES: [(&str, &str); 2] = [
    (
        "UPDATE sessions SET authenticated_at = authenticated_at - 4000000000000 WHERE context = 'stage:qa'",
        "UPDATE sessions SET authenticated_at = authenticated_at + 4000000000000 WHERE context = 'stage:qa'",
    ),
    (
        "UPDATE sessions SET last_seen_at = last_seen_at - 4000000000000 WHERE context = 'stage:qa'",
        "UPDATE sessions SET last_seen_at = last_seen_at + 4000000000000 WHERE context = 'stage:qa'",
    ),
];

/// The house with two more roles: Mixed holds something at QA and elsewhere, Stage keeper manages stages.
async fn furnished(backend: Backend) -> House {
    let house = house(backend).await;
    let hash = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0";
    let person = |email: &str, role: &str| format!("[[user]]\nemail = \"{email}\"\nname = \"{role}\"\norg_roles = [\"{role}\"]\npassword_hash = \"{hash}\"\n");
    let mixed = "[[organization_role]]\nkey = \"mixed\"\nname = \"Mixed\"\npermissions = [\"app.view\", { permission = \"stage.manage\", at = [\"qa\"] }, \
                 { permission = \"asset.change\", at = [\"development\", \"qa\"] }]\n";
    let keeper = "[[organization_role]]\nkey = \"stage-keeper\"\nname = \"Stage keeper\"\npermissions = [\"stage.manage\"]\n";
    house.apply(&format!("{mixed}{keeper}{}{}", person(MIA, "mixed"), person(SAM, "stage-keeper"))).await;
    house
}

/// The page of the role with this name.
async fn role(browser: &mut Browser, name: &str) -> Page {
    let list = browser.get("/portal/roles").await;
    let at = list.body.find(&format!("<bdi>{name}</bdi></b>")).unwrap_or_else(|| panic!("no role {name}: {}", list.text()));
    let link = list.body[..at].rsplit("href=\"").next().and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    browser.get(&link).await
}

/// The path of QA.
async fn qa(browser: &mut Browser) -> String {
    let list = browser.get("/portal/stages?q=qa").await;
    let id = list.body.split("href=\"/portal/stages/").find_map(|rest| rest.split('"').next().filter(|id| id.len() == 36)).expect("a link");
    format!("/portal/stages/{id}")
}

/// Takes the role away that holds nothing but something at QA.
async fn remove_the_only(browser: &mut Browser) {
    let only = path(&role(browser, "qa-stage").await);
    let ask = browser.get(&format!("{only}/remove")).await;
    let page = browser.submit(&ask.form(&format!("{only}/remove")), "confirm").await;
    assert!(page.text_contains("The role is removed"), "{}", page.text());
}

async fn write(house: &House, sql: &'static str) {
    let mut tx = house.server.ground.db.write().await.expect("a transaction");
    execute!(tx, sql).expect("written");
    tx.commit().await.expect("committed");
}

async fn events(house: &House, kind: Kind) -> Vec<Entry> {
    let reader = Reader::of(&Actor::System { label: "test" }).expect("the operator may");
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let filter = Filter { kinds: vec![kind], ..Filter::default() };
    search::page(&mut tx, reader, &filter, From::Oldest, 1_000).await.expect("read")
}

async fn user(house: &House, email: &str) -> User {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    user::by_email(&mut tx, &EmailAddress::parse(email).expect("an address")).await.expect("read").expect("there")
}

/// Ana signs in at QA on two devices, and Mia on one, where she signs out again: no app has to be there for the sessions to be.
async fn sign_in_at_qa(house: &House) {
    let (ana, mia) = (user(house, ANA).await, user(house, MIA).await);
    let start = async |work: &mut Work| {
        let qa = stage::by_key(&mut work.tx, &Slug::parse("qa").expect("a key")).await?.expect("QA");
        for who in [&ana, &ana] {
            session::start(work, &Context::of(&qa), who, None, "pwd").await.expect("a session");
        }
        let started = session::start(work, &Context::of(&qa), &mia, None, "pwd").await.expect("a session");
        assert!(session::end(work, &started.session, "signed out").await?);
        Ok::<_, Fault>(())
    };
    house.server.ground.work(&Actor::Anonymous, &Origin::default(), start).await.expect("signed in");
}

async fn a_stage_goes_with_what_roles_hold_there(backend: Backend) {
    let house = furnished(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    let stage = qa(&mut olga).await;
    let delete = format!("{stage}/delete");
    sign_in_at_qa(&house).await;
    let before = number(&house, ROLES).await;

    // A role that would hold nothing any more is in the way, on the page and in the rule; its name leads to it.
    let ask = olga.get(&delete).await;
    assert!(
        ask.element("in-the-way").is_some_and(|text| text == "The organization role qa-stage would have no permission left. Change it or remove it first.")
    );
    let only = path(&role(&mut olga, "qa-stage").await);
    assert!(ask.body.contains(&format!("href=\"{only}\"")) && !ask.body.contains("id=\"confirm\""), "{}", ask.body);
    let csrf = token(&ask);
    for preview in [vec![], vec![("preview", "yes")]] {
        let fields: Vec<(&str, &str)> = preview.into_iter().chain([("csrf", csrf.as_str())]).collect();
        let page = olga.post_from(&house.issuer, &delete, &fields).await;
        assert!(page.status == 409 && page.element("in-the-way").is_some_and(|text| text.contains("qa-stage")), "{}", page.text());
    }
    assert_eq!((number(&house, DELETED).await, number(&house, ROLES).await), (0, before));
    remove_the_only(&mut olga).await;

    // What follows is told before.
    let ask = olga.get(&delete).await;
    assert!(ask.text_contains("1 person is still signed in here and is signed out."), "her two devices are one person: {}", ask.text());
    assert!(ask.text_contains("The organization role Mixed loses what it holds at this stage alone:") && ask.text_contains("Manage stages"), "{}", ask.text());
    assert!(!ask.text_contains("Tester"), "it holds nothing here alone");
    // Who was signed in too long ago, or has been away too long, is not signed out by this.
    for (away, back) in LAPSES {
        write(&house, away).await;
        let then = olga.get(&delete).await;
        assert!(then.text_contains("Nobody is signed in here.") && !then.text_contains("signed out"), "{away}: {}", then.text());
        write(&house, back).await;
    }

    // Mia may do what Sam may not: he takes nothing from her (rule 3c).
    let mut sam = sign_in(&house, SAM).await;
    let page = sam.get(&delete).await;
    for button in ["confirm", "confirm-preview"] {
        let page = sam.submit(&page.form(&delete), button).await;
        assert!(page.status == 422 && page.element("problem").is_some_and(|said| said.contains("Somebody who may do more than you")), "{}", page.text());
    }
    // A preview changes nothing.
    let page = olga.submit(&ask.form(&delete), "confirm-preview").await;
    assert!(page.status == 200 && page.text_contains("Nothing has been changed yet"), "{}", page.text());
    assert_eq!((number(&house, DELETED).await, number(&house, ROLES).await, events(&house, Kind::SessionsEnded).await.len()), (0, before, 0));

    let page = olga.submit(&ask.form(&delete), "confirm").await;
    assert!(page.text_contains("The stage is deleted."), "{}", page.text());
    // The role is another version of itself, and the trail has what it held and what it holds.
    assert_eq!(number(&house, ROLES).await, before + 1);
    let changed = events(&house, Kind::OrganizationRoleChanged).await.pop().expect("an event");
    let told = changed.told.as_ref().expect("nothing was erased");
    let (was, is) = (told.before.as_ref().expect("before"), told.after.as_ref().expect("after"));
    assert_eq!((was["key"].as_str(), is["key"].as_str()), (Some("mixed"), Some("mixed")));
    assert_eq!(was["version"].as_i64().map(|version| version + 1), is["version"].as_i64());
    let held = |row: &serde_json::Value| {
        let entries = row["entries"].as_array().expect("entries").iter();
        entries.map(|entry| format!("{} {}", entry["permission"].as_str().expect("a key"), entry["counts"].as_str().expect("a word"))).collect::<Vec<_>>()
    };
    assert_eq!(held(was).len(), 4);
    assert_eq!(held(is), ["app.view every_stage", "asset.change development"]);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM organization_role_entries WHERE counts = 'stage' AND permission = 'stage.manage'").await, 0);
    assert_eq!(number(&house, "SELECT version FROM organization_roles WHERE key = 'mixed'").await, is["version"].as_i64().expect("a version"));
    // Whoever was signed in there is told in the trail as anywhere else, once; then the stage goes.
    let ended = events(&house, Kind::SessionsEnded).await;
    assert_eq!(ended.len(), 1, "{ended:?}");
    let about = ended[0].told.as_ref().and_then(|told| told.after.as_ref()).expect("after");
    assert_eq!((ended[0].subject_id.clone(), about["sessions"].as_i64()), (Some(user(&house, ANA).await.id.to_string()), Some(2)));
    assert_eq!(about["because"].as_str(), Some("the stage was deleted"));
    let gone = events(&house, Kind::StageDeleted).await.pop().expect("an event");
    assert!(changed.id < gone.id && ended[0].id < gone.id && gone.subject_id.as_deref() == stage.rsplit('/').next(), "{gone:?}");
    assert_eq!(number(&house, "SELECT COUNT(*) FROM sessions WHERE context = 'stage:qa'").await, 0);
    house.close().await;
}

async fn forms_of_before_are_told(backend: Backend) {
    let house = furnished(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    let stage = qa(&mut olga).await;
    let at_qa = format!("stage:{}", stage.rsplit('/').next().expect("an id"));
    remove_the_only(&mut olga).await;
    // Forms that know the stage: of a role that holds something there, of one that does not, and of a new one.
    let (mixed, tester) = (role(&mut olga, "Mixed").await, role(&mut olga, "Tester").await);
    assert!(mixed.body.contains(&format!("value=\"stage.manage|{at_qa}\"")), "{}", mixed.body);
    let copy = olga.get(&mixed.attribute("duplicate", "href").expect("a link")).await;
    let delete = format!("{stage}/delete");
    let ask = olga.get(&delete).await;
    assert!(olga.submit(&ask.form(&delete), "confirm").await.text_contains("The stage is deleted."));

    // The first was changed by that: the form is overtaken, shows how things stand, and may be saved then.
    let page = olga.submit(&mixed.form("role-form").fill("name", "Mixed 2"), "save-role").await;
    assert!(page.status == 409 && page.text_contains("Somebody changed this role meanwhile"), "{}", page.text());
    assert!(!page.body.contains(&at_qa) && page.attribute("name", "value").as_deref() == Some("Mixed 2"), "{}", page.body);
    assert!(olga.submit(&page.form("role-form"), "save-role").await.text_contains("Saved"));

    // The second is the same as before: what it asks for is not there any more, and that is what it is told, also when it only asks.
    let (csrf, version) = (token(&tester), number(&house, "SELECT version FROM organization_roles WHERE key = 'tester'").await.to_string());
    let entry = format!("app.view|{at_qa}");
    let fields = [("csrf", csrf.as_str()), ("version", &version), ("name", "Tester"), ("entry", "asset.change|development"), ("entry", &entry)];
    for preview in [vec![], vec![("preview", "yes")]] {
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain(preview).collect();
        let page = olga.post_from(&house.issuer, tester.url.path(), &fields).await;
        assert!(page.status == 422 && page.text_contains("A stage that you ticked was deleted meanwhile."), "{}: {}", page.status, page.text());
        assert!(page.body.contains("value=\"asset.change|development\"") && !page.body.contains(&at_qa), "{}", page.body);
    }

    // So is the third; without the stage it is made.
    let page = olga.submit(&copy.form("role-form").fill("name", "Mixed again"), "make-role").await;
    assert!(page.status == 422 && page.text_contains("A stage that you ticked was deleted meanwhile."), "{}: {}", page.status, page.text());
    assert_eq!(number(&house, "SELECT COUNT(*) FROM organization_roles WHERE key = 'mixed-again'").await, 0);
    let page = olga.submit(&page.form("role-form"), "make-role").await;
    assert!(page.status == 200 && page.text_contains("The role is there"), "{}", page.text());
    assert_eq!(number(&house, "SELECT COUNT(*) FROM organization_role_entries WHERE counts = 'stage' AND stage_id NOT IN (SELECT id FROM stages)").await, 0);
    house.close().await;
}
