//! How long people stay signed in on our own pages: what may be chosen, and whom it signs out.

use super::number;
use crate::groups::{OLGA, house, sign_in};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use gatehouse::access::begin_change;
use gatehouse::access::stage::SessionPolicy;
use gatehouse::actor::Actor;
use gatehouse::audit::Kind;
use gatehouse::audit::search::{self, Filter, From, Reader};
use gatehouse::base::time::Clock;
use gatehouse::identity::organization::{self, EditError, PutError};
use gatehouse::work::{Origin, Work};
use std::time::Duration;

on_both! {
    the_policy_of_our_own_pages_has_bounds
    a_shorter_policy_ends_sessions_at_once
}

const PAGE: &str = "/portal/settings/sessions";
const ANA: &str = "ana@acme.example";
const CHANGES: &str = "SELECT COUNT(*) FROM audit_events WHERE kind = 'organization.changed'";

async fn save(browser: &mut Browser, maximum: (&str, &str), idle: (&str, &str)) -> Page {
    let form = browser.get(PAGE).await.form(PAGE);
    let form = form.fill("maximum", maximum.0).fill("maximum-unit", maximum.1).fill("idle", idle.0).fill("idle-unit", idle.1);
    browser.submit(&form, "save-sessions").await
}

/// What the fields hold.
fn shown(page: &Page) -> (Option<String>, Option<String>) {
    (page.attribute("maximum", "value"), page.attribute("idle", "value"))
}

fn pair(maximum: &str, idle: &str) -> (Option<String>, Option<String>) {
    (Some(maximum.to_owned()), Some(idle.to_owned()))
}

async fn the_policy_of_our_own_pages_has_bounds(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    let page = olga.get("/portal/settings").await;
    assert!(page.body.contains("href=\"/portal/settings/sessions\""), "{}", page.body);
    assert_eq!(shown(&olga.get(PAGE).await), pair("12", "12"));
    let before = number(&house, CHANGES).await;
    // What is refused stands at its field, and what was typed is still there.
    for (maximum, idle, field) in [
        (("59", "minutes"), ("5", "minutes"), "maximum"),
        (("0", "hours"), ("5", "minutes"), "maximum"),
        (("1081", "hours"), ("1", "hours"), "maximum"),
        (("x", "hours"), ("1", "hours"), "maximum"),
        (("99999999999999999999", "hours"), ("1", "hours"), "maximum"),
        (("1", "hours"), ("61", "minutes"), "idle"),
        (("1", "hours"), ("4", "minutes"), "idle"),
        (("1", "hours"), ("-5", "minutes"), "idle"),
    ] {
        let page = save(&mut olga, maximum, idle).await;
        assert!(page.status == 422 && page.element(&format!("{field}-error")).is_some(), "{maximum:?} {idle:?}: {}", page.text());
        assert_eq!(shown(&page), pair(maximum.0, idle.0));
    }
    assert_eq!((number(&house, CHANGES).await, shown(&olga.get(PAGE).await)), (before, pair("12", "12")));
    for (maximum, idle) in [(("1080", "hours"), ("1080", "hours")), (("60", "minutes"), ("5", "minutes"))] {
        let page = save(&mut olga, maximum, idle).await;
        assert!(page.status == 200 && page.text_contains("Saved."), "{}", page.text());
    }
    assert_eq!(shown(&olga.get(PAGE).await), pair("1", "5"));
    // What is there already is no change.
    assert!(save(&mut olga, ("1", "hours"), ("5", "minutes")).await.text_contains("Saved."));
    assert_eq!(number(&house, CHANGES).await, before + 2);
    // The trail has it before and afterwards.
    let reader = Reader::of(&Actor::System { label: "test" }).expect("the operator may");
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let filter = Filter { kinds: vec![Kind::OrganizationChanged], ..Filter::default() };
    let told = search::page(&mut tx, reader, &filter, From::Newest, 1).await.expect("read").remove(0).told.expect("nothing was erased");
    drop(tx);
    let seconds = |row: Option<serde_json::Value>| {
        let sessions = row.expect("a row")["settings"]["portal_sessions"].clone();
        [&sessions["maximum"]["secs"], &sessions["idle"]["secs"]].map(|count| count.as_u64().expect("a number"))
    };
    assert_eq!((seconds(told.before), seconds(told.after)), ([3_888_000, 3_888_000], [3_600, 300]));

    // The other settings leave it alone, and it leaves them alone; so does a file that says nothing of it.
    let settings = "/portal/settings";
    let form = olga.get(settings).await.form(settings).fill("name", "Acme Two").fill("budget", "8192");
    assert!(olga.submit(&form, "save").await.text_contains("Saved."));
    house.apply("[organization]\nname = \"Acme Three\"\n").await;
    assert_eq!(shown(&olga.get(PAGE).await), pair("1", "5"));
    assert!(save(&mut olga, ("2", "hours"), ("1", "hours")).await.text_contains("Saved."));
    let page = olga.get(settings).await;
    assert_eq!((page.attribute("name", "value").as_deref(), page.attribute("budget", "value").as_deref()), (Some("Acme Three"), Some("8192")));

    // Somebody else was faster.
    let mut other = sign_in(&house, OLGA).await;
    let second = other.get(PAGE).await;
    assert!(save(&mut olga, ("3", "hours"), ("1", "hours")).await.text_contains("Saved."));
    let page = other.submit(&second.form(PAGE).fill("maximum", "4"), "save-sessions").await;
    assert!(page.status == 409 && page.element("problem").is_some() && shown(&page) == pair("4", "1"), "{}", page.text());
    let page = other.submit(&page.form(PAGE), "save-sessions").await;
    assert!(page.text_contains("Saved.") && shown(&page) == pair("4", "1"), "{}", page.text());

    // The rule itself takes nothing out of bounds, from nobody, and from nobody without the right.
    let change = |version: Option<i64>, minutes: u64| {
        async move |work: &mut Work| {
            let changing = begin_change(work).await?;
            let now = organization::load(&mut work.tx).await?.expect("an organization");
            let sessions = SessionPolicy { maximum: Duration::from_mins(minutes), idle: Duration::from_mins(5) };
            organization::edit_portal_sessions(work, &changing, version.unwrap_or(now.version), sessions).await
        }
    };
    let (ground, system) = (&house.server.ground, Actor::System { label: "test" });
    assert!(matches!(ground.work(&system, &Origin::default(), change(None, 59)).await, Err(EditError::Put(PutError::Policy))));
    assert!(matches!(ground.work(&system, &Origin::default(), change(Some(1), 60)).await, Err(EditError::Overtaken(_))));
    assert!(matches!(ground.work(&Actor::Anonymous, &Origin::default(), change(None, 60)).await, Err(EditError::Put(PutError::Denied(_)))));
    assert_eq!(shown(&olga.get(PAGE).await), pair("4", "1"));
    house.close().await;
}

async fn a_shorter_policy_ends_sessions_at_once(backend: Backend) {
    let house = House::open_with(backend, &[], Clock::fixed(Clock::System.now())).await;
    let pass = |minutes: u64| house.server.ground.clock.advance(Duration::from_mins(minutes));
    let (mut olga, page) = enter(&house, OLGA, "/portal").await;
    assert_eq!(page.url.path(), "/portal");
    let (mut ana, page) = enter(&house, ANA, "/account").await;
    assert_eq!(page.url.path(), "/account");
    let form = olga.get(PAGE).await.form(PAGE);
    pass(70);
    // 12 hours are not over.
    for (browser, page) in [(&mut olga, "/portal"), (&mut ana, "/account")] {
        assert_eq!(browser.get(page).await.url.path(), page);
    }
    let (mut fresh, _) = enter(&house, OLGA, "/portal").await;
    assert!(fresh.get("/account/sessions").await.element("end-others").is_some(), "two are alive");
    let page = save(&mut fresh, ("1", "hours"), ("30", "minutes")).await;
    assert!(page.status == 200 && page.text_contains("Saved."), "{}", page.text());
    for (browser, page) in [(&mut olga, "/portal"), (&mut ana, "/account")] {
        assert_eq!(browser.get(page).await.url.path(), "/sign-in", "{page}");
    }
    // Their forms do nothing any more, and nobody sees these sessions as alive.
    let page = olga.submit(&form.fill("maximum", "12"), "save-sessions").await;
    assert!(page.status == 403 && page.text_contains("You were signed out"), "{}", page.text());
    assert_eq!(shown(&fresh.get(PAGE).await), pair("1", "30"));
    assert!(fresh.get("/account/sessions").await.element("end-others").is_none());

    // Without use it ends after half an hour.
    pass(29);
    assert_eq!(fresh.get("/portal").await.url.path(), "/portal");
    pass(30);
    assert_eq!(fresh.get("/portal").await.url.path(), "/sign-in");
    // However much it is used, it ends after an hour.
    let (mut olga, page) = enter(&house, OLGA, "/portal").await;
    assert_eq!(page.url.path(), "/portal");
    for _ in 0..2 {
        pass(20);
        assert_eq!(olga.get("/portal").await.url.path(), "/portal");
    }
    pass(20);
    assert_eq!(olga.get("/portal").await.url.path(), "/sign-in");
    // A longer one counts for everybody from then on, too; whoever was signed out stays so.
    let mut lapsed = olga;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    assert!(save(&mut olga, ("2", "hours"), ("2", "hours")).await.text_contains("Saved."));
    for browser in [&mut lapsed, &mut fresh] {
        assert_eq!(browser.get("/portal").await.url.path(), "/sign-in", "no policy brings a session back");
    }
    pass(110);
    assert_eq!(olga.get("/portal").await.url.path(), "/portal");
    pass(10);
    assert_eq!(olga.get("/portal").await.url.path(), "/sign-in");
    house.close().await;
}
