//! The order of the stages: one changes places with the one beside it, the purposes keep theirs, and nobody moves what somebody else moved
//! meanwhile.

use super::{make_stage, token};
use crate::groups::{OLGA, house, path, sign_in};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, on_both};
use crate::support::page::Page;
use gatehouse::actor::Actor;
use gatehouse::audit::Kind;
use gatehouse::audit::search::{self, Filter, From, Reader};
use gatehouse::one;
use serde_json::Value;

on_both! {
    stages_change_places
    a_stage_moves_for_whoever_manages_both
    two_people_move_stages_at_once
}

const LIST: &str = "/portal/stages";
/// May manage QA.
const QUINN: &str = "quinn@acme.example";
/// May manage QA and Staging.
const PAT: &str = "pat@acme.example";

/// The stages of the list in their order: key and id.
fn rows(page: &Page) -> Vec<(String, String)> {
    let row = |text: &str| {
        let key = text.split("<small><bdi>").nth(1).and_then(|rest| rest.split("</bdi>").next()).expect("a key");
        (key.to_owned(), text.split('"').next().expect("an id").to_owned())
    };
    page.body.split("<a class=\"person\" href=\"/portal/stages/").skip(1).map(row).collect()
}

fn order(page: &Page) -> Vec<String> {
    rows(page).into_iter().map(|(key, _)| key).collect()
}

/// Two more between QA and Production.
async fn make_two(olga: &mut Browser) {
    for name in ["Staging", "Trial"] {
        let page = make_stage(olga, name, "", "non_production", "8", "30").await;
        assert!(page.text_contains("The stage is there."), "{}", page.text());
    }
}

async fn version(house: &House, key: &str) -> String {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (i64,), "SELECT version FROM stages WHERE key = $1", key).expect("a number").0.to_string()
}

/// A form that no page has: the stage goes there, and these are said to stand beside it.
async fn force(house: &House, browser: &mut Browser, list: &Page, key: &str, to: &str, beside: &str) -> Page {
    let id = |key: &str| rows(list).into_iter().find(|(other, _)| other == key).map(|(_, id)| id).expect("listed");
    let (csrf, moved, other, there) = (token(list), version(house, key).await, version(house, beside).await, id(beside));
    let fields =
        [("csrf", csrf.as_str()), ("version", &moved), ("to", to), ("above", &there), ("above-version", &other), ("below", &there), ("below-version", &other)];
    browser.post_from(&house.issuer, &format!("{LIST}/{}/move", id(key)), &fields).await
}

/// What became of the positions of stages that were there before: before and after, oldest first.
async fn moves(house: &House) -> Vec<(Value, Value)> {
    let reader = Reader::of(&Actor::System { label: "test" }).expect("the operator may");
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let filter = Filter { kinds: vec![Kind::StageChanged], ..Filter::default() };
    let found = search::page(&mut tx, reader, &filter, From::Oldest, 1_000).await.expect("read");
    let told = found.into_iter().filter_map(|entry| entry.told).filter_map(|told| Some((told.before?, told.after?)));
    told.map(|(before, after)| (before["position"].clone(), after["position"].clone())).collect()
}

async fn stages_change_places(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    // One between the first and the last has nobody to change places with.
    let page = olga.get(LIST).await;
    assert_eq!(order(&page), ["development", "qa", "production"]);
    assert!(!page.body.contains("/move\""), "{}", page.body);

    make_two(&mut olga).await;
    let page = olga.get(LIST).await;
    assert_eq!(order(&page), ["development", "qa", "staging", "trial", "production"]);
    let buttons = ["qa", "staging", "trial"].map(|key| page.form(&format!("move-{key}")).buttons().into_iter().map(str::to_owned).collect::<Vec<_>>());
    assert_eq!(buttons, [vec!["down-qa".to_owned()], vec!["up-staging".to_owned(), "down-staging".to_owned()], vec!["up-trial".to_owned()]]);
    let name = |id: &str| page.attribute(id, "aria-label");
    assert_eq!((name("up-staging").as_deref(), name("down-staging").as_deref()), (Some("Move up: Staging"), Some("Move down: Staging")));
    assert!(page.element("move-development").is_none() && page.element("move-production").is_none());
    // Of a list that leaves some out nobody sees where a stage would go.
    assert!(olga.get("/portal/stages?q=stag").await.element("move-staging").is_none());

    let page = olga.submit(&page.form("move-staging"), "up-staging").await;
    assert!(page.status == 200 && page.url.path() == LIST && page.text_contains("The stage stands in its new place."), "{}", page.text());
    assert_eq!(order(&page), ["development", "staging", "qa", "trial", "production"]);
    let page = olga.submit(&page.form("move-qa"), "down-qa").await;
    assert_eq!(order(&page), ["development", "staging", "trial", "qa", "production"]);
    // Each of the two stages has its event, with the place before and afterwards.
    let told = moves(&house).await;
    assert_eq!(told.len(), 4, "{told:?}");
    for (one, other) in [(&told[0], &told[1]), (&told[2], &told[3])] {
        assert!(one.0 != one.1 && (&one.0, &one.1) == (&other.1, &other.0), "{told:?}");
    }
    // Everything else of them stays, and every list has the new order.
    let form = olga.get("/portal/groups/new").await;
    let (trial, qa) = (form.body.find(">Trial</option>").expect("a choice"), form.body.find(">QA</option>").expect("a choice"));
    assert!(trial < qa);

    // What would mix the purposes, or lead beyond an end, is refused, whatever a form says.
    let list = olga.get(LIST).await;
    for (key, to, beside) in [
        ("development", "up", "staging"),
        ("development", "down", "staging"),
        ("staging", "up", "development"),
        ("qa", "down", "production"),
        ("production", "up", "qa"),
        ("production", "down", "qa"),
    ] {
        let page = force(&house, &mut olga, &list, key, to, beside).await;
        let problem = page.element("problem").unwrap_or_else(|| panic!("{key} {to}: {}", page.text()));
        assert!(page.status == 409 && problem.contains("development first and production last"), "{key} {to}: {problem}");
        assert_eq!(order(&page), ["development", "staging", "trial", "qa", "production"], "{key} {to}");
    }
    // Not by two places, nowhere else, and nothing that is no stage.
    let page = force(&house, &mut olga, &list, "qa", "up", "staging").await;
    assert!(page.status == 409 && page.text_contains("or their order, meanwhile"), "{}", page.text());
    assert_eq!(force(&house, &mut olga, &list, "qa", "sideways", "trial").await.status, 404);
    let (csrf, nowhere) = (token(&list), "/portal/stages/01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa/move");
    assert_eq!(olga.post_from(&house.issuer, nowhere, &[("csrf", &csrf), ("version", "1"), ("to", "up")]).await.status, 404);
    assert_eq!(moves(&house).await.len(), 4);

    // A second one of a purpose at the end stays within it.
    make_stage(&mut olga, "Sandbox", "sandbox", "development", "1", "5").await;
    let page = olga.get(LIST).await;
    let page = olga.submit(&page.form("move-sandbox"), "up-sandbox").await;
    assert_eq!(order(&page), ["sandbox", "development", "staging", "trial", "qa", "production"]);
    // Whoever saw one above it that went meanwhile saw another order; the list they get has no button for it any more.
    let seen = olga.get(LIST).await;
    let sandbox = format!("{LIST}/{}", rows(&seen)[0].1);
    let ask = olga.get(&format!("{sandbox}/delete")).await;
    assert!(olga.submit(&ask.form(&format!("{sandbox}/delete")), "confirm").await.text_contains("deleted"));
    let page = olga.submit(&seen.form("move-development"), "up-development").await;
    assert!(page.status == 409 && page.element("problem").is_some_and(|problem| problem.contains("or their order, meanwhile")), "{}", page.text());
    assert!(page.element("move-development").is_none());
    // What is made later stands behind the others of its purpose, wherever these were moved.
    make_stage(&mut olga, "Rehearsal", "", "non_production", "8", "30").await;
    assert_eq!(order(&olga.get(LIST).await), ["development", "staging", "trial", "qa", "rehearsal", "production"]);
    house.close().await;
}

async fn a_stage_moves_for_whoever_manages_both(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    make_two(&mut olga).await;
    let hash = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0";
    let person = |email: &str, role: &str| format!("[[user]]\nemail = \"{email}\"\nname = \"{role}\"\norg_roles = [\"{role}\"]\npassword_hash = \"{hash}\"\n");
    let role =
        "[[organization_role]]\nkey = \"two-stages\"\nname = \"Two stages\"\npermissions = [{ permission = \"stage.manage\", at = [\"qa\", \"staging\"] }]\n";
    house.apply(&format!("{role}{}{}", person(QUINN, "qa-stage"), person(PAT, "two-stages"))).await;
    let all = olga.get(LIST).await;

    // Whoever manages one of the two would move somebody else's.
    let mut quinn = sign_in(&house, QUINN).await;
    let page = quinn.get(LIST).await;
    assert!(order(&page) == ["qa"] && !page.body.contains("/move\""), "{}", page.body);
    let csrf = token(&page);
    let (id, other) = (&rows(&all)[1].1, &rows(&all)[2].1);
    let fields = [("csrf", csrf.as_str()), ("version", "1"), ("to", "down"), ("below", other), ("below-version", "1")];
    let page = quinn.post_from(&house.issuer, &format!("{LIST}/{id}/move"), &fields).await;
    assert!(page.status == 403 && page.text_contains("Manage stages"), "{}", page.text());
    assert_eq!(quinn.post_from(&house.issuer, &format!("{LIST}/{other}/move"), &fields).await.status, 404, "what she may not see is not there");

    // Both are enough: the others stay where they are.
    let mut pat = sign_in(&house, PAT).await;
    let page = pat.get(LIST).await;
    assert_eq!((page.form("move-qa").buttons(), page.form("move-staging").buttons()), (vec!["down-qa"], vec!["up-staging"]));
    let page = pat.submit(&page.form("move-qa"), "down-qa").await;
    assert_eq!(order(&page), ["staging", "qa"]);
    assert_eq!(order(&olga.get(LIST).await), ["development", "staging", "qa", "trial", "production"]);
    house.close().await;
}

async fn two_people_move_stages_at_once(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, mut other) = (sign_in(&house, OLGA).await, sign_in(&house, OLGA).await);
    make_two(&mut olga).await;
    let (first, second) = (olga.get(LIST).await, other.get(LIST).await);
    assert!(olga.submit(&first.form("move-staging"), "up-staging").await.text_contains("new place"));
    let now = ["development", "staging", "qa", "trial", "production"];
    // Whoever saw Staging above Trial does not move it above QA. The same form again moves nothing either.
    for (browser, form, button) in [(&mut other, second.form("move-trial"), "up-trial"), (&mut olga, first.form("move-staging"), "up-staging")] {
        let page = browser.submit(&form, button).await;
        assert!(page.status == 409 && page.element("problem").is_some_and(|problem| problem.contains("or their order, meanwhile")), "{}", page.text());
        assert_eq!(order(&page), now);
    }
    // What the answer shows is what moves from there.
    let page = other.submit(&second.form("move-trial"), "up-trial").await;
    let page = other.submit(&page.form("move-trial"), "up-trial").await;
    assert_eq!(order(&page), ["development", "staging", "trial", "qa", "production"]);
    // Another name is another stage to whoever reads it.
    let list = olga.get(LIST).await;
    let qa = path(&other.get(&format!("{LIST}/{}", rows(&list)[3].1)).await);
    let form = other.get(&qa).await.form(&qa).fill("name", "Quality");
    assert!(other.submit(&form, "save-stage").await.text_contains("Saved."));
    assert_eq!(olga.submit(&list.form("move-trial"), "down-trial").await.status, 409);
    // And a form of the stage that was opened before it moved is told.
    let form = other.get(&qa).await.form(&qa).fill("name", "QA");
    let list = olga.get(LIST).await;
    assert!(olga.submit(&list.form("move-trial"), "down-trial").await.text_contains("new place"));
    assert_eq!(other.submit(&form, "save-stage").await.status, 409);

    // At the same moment, one moves it.
    let (first, second) = (olga.get(LIST).await.form("move-trial"), other.get(LIST).await.form("move-trial"));
    let (one, two) = tokio::join!(olga.submit_once(&first, "up-trial"), other.submit_once(&second, "up-trial"));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(order(&olga.get(LIST).await), ["development", "staging", "trial", "qa", "production"]);
    house.close().await;
}
