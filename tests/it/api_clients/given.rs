//! Roles given to API clients, with a period and a reason; periods changed; by those who may, and no more than they hold.

use super::{EXPORTER, KIM, MEL, OLGA, events, house, reads, token, told};
use crate::lives::{day, link, page_of, tick};
use crate::rules::forge;
use crate::support::house::{Backend, House, PASSWORD, SECRET, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatehouse::base::time::Clock;
use serde_json::{Value, json};
use std::time::Duration;

on_both! {
    a_role_is_given_to_a_client_for_a_time
    a_role_is_given_to_a_client_at_an_app
    what_a_client_holds_gets_another_period
    nobody_gives_a_client_more_than_they_hold
    a_session_left_open_makes_nothing_of_a_client_shorter
}

const GIVE: &str = "/portal/clients/exporter/give";
const PERIOD: &str = "/portal/clients/exporter/period";
/// May manage API clients until a day.
const LEO: &str = "leo@acme.example";

/// The same with a clock that stands still: no midnight comes between what is typed and what is read.
async fn still_house(backend: Backend) -> House {
    house(backend, Clock::fixed(Clock::System.now())).await
}

/// What a token says that the exporter gets now.
async fn says(house: &House) -> Value {
    let token = token(house, SECRET).await.expect("a token");
    let payload = token.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}

/// The value of the choice that reads so.
fn choice(page: &Page, text: &str) -> String {
    let mut options = page.body.split("<option value=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    let found = options.find(|(_, rest)| rest.split_once('>').is_some_and(|(_, said)| said.starts_with(text)));
    found.unwrap_or_else(|| panic!("no choice {text}: {}", page.text())).0.to_owned()
}

async fn a_role_is_given_to_a_client_for_a_time(backend: Backend) {
    let house = still_house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    assert_eq!(olga.get(EXPORTER).await.attribute("give-access", "href").as_deref(), Some(GIVE));
    let page = olga.get(GIVE).await;
    // What a client cannot hold is not offered, and not taken from a form that asks for it nonetheless.
    assert!(page.links().contains(&EXPORTER.to_owned()) && !page.text_contains("Approver") && !page.text_contains("EMEA Sales"), "{}", page.text());
    let mel = page_of(&mut olga, MEL).await;
    let viewer = tick(&olga.get(&format!("{mel}/give")).await, "Viewer", 0);
    let refused = forge(&mut olga, &house, &page.form("give-form"), "give", &[("app_role", &viewer)]).await;
    assert!(refused.status == 422 && refused.text_contains("Please choose one role or group at least."), "{}", refused.text());

    let asker = tick(&page, "Asker", 0);
    let form = || page.form("give-form").fill("role", &asker).fill("reason", "It looks after sessions");
    // What is wrong stands at its field, and everything typed is still there.
    for (starts, until, field, text) in [
        ("2099-01-02", "2099-01-01", "until-error", "The end must come after the start."),
        ("", "2020-01-01", "until-error", "This day has begun already."),
        ("soon", "", "starts-error", "This is no date."),
    ] {
        let page = olga.submit(&form().fill("starts", starts).fill("until", until), "give").await;
        assert!(page.status == 422 && page.element(field).is_some_and(|said| said.contains(text)), "{starts} {until}: {}", page.text());
        assert_eq!((page.attribute("starts", "value").as_deref(), page.element("reason").as_deref()), (Some(starts), Some("It looks after sessions")));
        assert!(page.attribute(&format!("role-{asker}"), "checked").is_some());
    }
    let had = events(&house, "grant.granted").await;
    // The preview says what the client gains, and gives nothing.
    let full = form().fill("until", &day(&house, 10));
    let preview = olga.submit(&full, "give-preview").await;
    reads(&preview, &["Nothing has been changed yet.", "Nightly export", "API client", "role Asker", "token.introspect"]);
    assert_eq!((&says(&house).await["permissions"], events(&house, "grant.granted").await), (&json!(["audit.view"]), had));
    let done = olga.submit(&preview.form("do-form"), "do").await;
    assert!(done.url.path() == EXPORTER && done.element("given").is_some_and(|given| given.contains("Asker: given")), "{}", done.text());
    reads(&done, &["Asker", "Whole organization", "It looks after sessions", "ends in 9 days"]);
    assert_eq!(events(&house, "grant.granted").await, had + 1);
    // So it stands where access is explained, and in tokens.
    let why = link(&done, "Asker", "/access?").expect("a link");
    reads(&olga.get(&why).await, &["It looks after sessions", "ends in 9 days"]);
    reads(&olga.get(&format!("{EXPORTER}/access?at=organization&permission=token.introspect")).await, &["Why Nightly export has", "ends in 9 days"]);
    let now = says(&house).await;
    let both = json!(["audit.view", "token.introspect"]);
    assert_eq!((&now["org_roles"], &now["permissions"], &now["scoped_permissions"]["everywhere"]), (&json!(["asker", "watcher"]), &both, &both));

    // What the address says was given is not believed from others. The same again is nothing new; another time is changed when that is asked for.
    assert!(olga.get(&format!("{EXPORTER}?given=W10.AAAA")).await.element("given").is_none());
    let again = olga.submit(&full, "give").await;
    assert!(again.element("given").is_some_and(|given| given.contains("was there already")), "{}", again.text());
    let asked = olga.submit(&form().fill("until", &day(&house, 20)), "give").await;
    assert!(asked.status == 409 && asked.element("differ").is_some_and(|said| said.contains("Asker: ends in 9 days")), "{}", asked.text());
    let done = olga.submit(&asked.form("give-form").fill("change", "yes"), "give").await;
    assert!(done.element("given").is_some_and(|given| given.contains("has the new time now")), "{}", done.text());
    assert_eq!((events(&house, "grant.granted").await, events(&house, "grant.changed").await), (had + 1, 1));
    // When its time is over it counts no more.
    house.server.ground.clock.advance(Duration::from_hours(20 * 24));
    assert_eq!(says(&house).await["permissions"], json!(["audit.view"]));
    house.close().await;
}

async fn a_role_is_given_to_a_client_at_an_app(backend: Backend) {
    let house = still_house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let before = says(&house).await;
    let apps = |says: &Value| says["scoped_permissions"]["apps"].clone();
    assert!(apps(&before).get("sales").is_some() && apps(&before).get("wiki").is_none(), "{before}");
    let page = olga.get(GIVE).await;
    let wiki = choice(&page, "Wiki");
    let form = page.form("give-form").fill("role", &tick(&page, "Looker", 0)).fill("role_app", &wiki);
    let done = olga.submit(&form.fill("reason", "It counts pages"), "give").await;
    assert!(done.element("given").is_some_and(|given| given.contains("Looker") && given.contains("Wiki")), "{}", done.text());
    reads(&done, &["It counts pages"]);
    let now = says(&house).await;
    assert!(apps(&now)["wiki"]["everywhere"].to_string().contains("app.view"), "{now}");
    assert_eq!((&now["permissions"], &now["scoped_permissions"]["everywhere"]), (&before["permissions"], &before["permissions"]), "it counts nowhere else");
    reads(&olga.get(&format!("{EXPORTER}/access?at=wiki/production")).await, &["Organization role for Wiki Looker"]);
    let why = done.links().into_iter().find(|link| link.contains("/access") && link.contains("looker") && link.contains("wiki"));
    reads(&olga.get(&why.expect("a way to the explanation")).await, &["Looker", "It counts pages"]);
    // The one at the other app has a period of its own.
    let links: Vec<String> = done.links().into_iter().filter(|link| link.starts_with(&format!("{PERIOD}?")) && link.contains("app=")).collect();
    assert_eq!(links.len(), 2, "{links:?}");
    let page = olga.get(links.iter().find(|link| link.contains(&wiki)).expect("a link")).await;
    let done = olga.submit(&page.form("period-form"), "end-now").await;
    assert!(done.text_contains("ended on"), "{}", done.text());
    let now = apps(&says(&house).await);
    assert!(now.get("sales").is_some() && now.get("wiki").is_none(), "{now}");
    house.close().await;
}

async fn what_a_client_holds_gets_another_period(backend: Backend) {
    let house = still_house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let period = link(&olga.get(EXPORTER).await, "Watcher", "/period?").expect("a link");
    let form = olga.get(&period).await;
    assert!(form.text_contains("Nightly export") && form.text_contains("Watcher") && form.links().contains(&EXPORTER.to_owned()), "{}", form.text());
    for (starts, ends, text) in
        [("", "2020-01-01", "This day is over."), ("2099-01-02", "2099-01-01", "The end must come after the start."), ("", "soon", "Please choose a day.")]
    {
        let page = olga.submit(&form.form("period-form").fill("starts", starts).fill("ends", ends), "save-period").await;
        assert!(page.status == 422 && page.element("ends-error").is_some_and(|said| said.contains(text)), "{ends}: {}", page.text());
        assert_eq!(page.attribute("ends", "value").as_deref(), Some(ends));
    }
    assert_eq!(events(&house, "grant.changed").await, 0);
    // With a preview first.
    let shorter = form.form("period-form").fill("ends", &day(&house, 5));
    let preview = olga.submit(&shorter, "save-period-preview").await;
    reads(&preview, &["Nothing has been changed yet.", "Nightly export", "role Watcher"]);
    assert_eq!(events(&house, "grant.changed").await, 0);
    let done = olga.submit(&preview.form("do-form"), "do").await;
    assert_eq!(done.url.path(), EXPORTER);
    reads(&done, &["Changed.", "ends in 4 days"]);
    let held = token(&house, SECRET).await.expect("a token");
    assert_eq!(told(&house, &held).await["permissions"], json!(["audit.view"]));
    // Ended now, which the form says before what follows: it is still to be seen, and can be made to count again.
    let form = olga.get(&period).await;
    let said = form.element("end-now-follows").expect("what follows");
    assert!(said.contains("Nightly export loses Watcher") && said.contains("Tokens that it has already stay valid"), "{said}");
    let done = olga.submit(&form.form("period-form"), "end-now").await;
    assert!(done.text_contains("ended on") && done.body.contains("class=\"over\""), "{}", done.text());
    let now = told(&house, &held).await;
    assert_eq!((&now["active"], &now["permissions"]), (&json!(true), &json!([])));
    let ended = olga.get(&period).await;
    assert!(ended.element("end-now").is_none() && ended.element("end-now-follows").is_none());
    assert!(!olga.submit(&ended.form("period-form").fill("ends", ""), "save-period").await.body.contains("class=\"over\""));
    assert_eq!(told(&house, &held).await["permissions"], json!(["audit.view"]));
    assert_eq!(events(&house, "grant.changed").await, 3);
    // Names that lead nowhere, and nothing that the client does not hold.
    let role = period.rsplit("of=").next().expect("a role").to_owned();
    for odd in ["", "?of=x", "?of=01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa", &format!("?of={role}&app=x")] {
        assert_eq!(olga.get(&format!("{PERIOD}{odd}")).await.status, 404, "{odd}");
    }
    house.close().await;
}

async fn nobody_gives_a_client_more_than_they_hold(backend: Backend) {
    let house = still_house(backend).await;
    let leo = format!("[[user]]\nemail = \"{LEO}\"\nname = \"Leo\"\npassword_hash = \"{}\"\n", super::HASH);
    house.apply(&format!("{leo}org_roles = [{{ role = \"keeper\", ends_at = 2098-01-01 }}]\n")).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let administrator = tick(&olga.get(GIVE).await, "Administrator", 0);
    // Managing API clients is enough to give what one holds oneself, and nothing else.
    let (mut kim, _) = enter(&house, KIM, "/portal").await;
    let page = kim.get(GIVE).await;
    assert!(!page.body.contains(&administrator), "{}", page.text());
    let (asker, keeper) = (tick(&page, "Asker", 0), tick(&page, "Client keeper", 0));
    for (role, text) in
        [(&administrator, "Only an Administrator can give the role Administrator."), (&asker, "One of the roles gives more than you hold yourself.")]
    {
        let refused = forge(&mut kim, &house, &page.form("give-form"), "give", &[("role", role)]).await;
        assert!(refused.status == 403 && refused.element("role-error").is_some_and(|said| said.contains(text)), "{}", refused.text());
    }
    let refused = kim.submit(&page.form("give-form").fill("role", &asker), "give-preview").await;
    assert!(refused.status == 403 && refused.element("role-error").is_some(), "a preview is refused as well: {}", refused.text());
    // The exporter may do what she may not: she changes nothing that it has.
    let period = link(&kim.get(EXPORTER).await, "Watcher", "/period?").expect("a link");
    let form = kim.get(&period).await.form("period-form").fill("ends", &day(&house, 5));
    let refused = kim.submit(&form, "save-period").await;
    assert!(
        refused.status == 403 && refused.element("problem").is_some_and(|said| said.starts_with("This client may do more than you.")),
        "{}",
        refused.text()
    );

    // Whoever holds it until a day gives it no longer than that, and makes nothing longer.
    let robot = "/portal/clients/robot";
    let (mut leo, _) = enter(&house, LEO, "/portal").await;
    let page = leo.get(&format!("{robot}/give")).await;
    let form = page.form("give-form").fill("role", &keeper);
    for longer in ["", "2098-01-02"] {
        let refused = leo.submit(&form.clone().fill("until", longer), "give").await;
        assert!(refused.status == 403 && refused.text_contains("One of the roles gives more than you hold yourself."), "{longer}: {}", refused.text());
    }
    let done = leo.submit(&form.fill("until", "2097-12-31"), "give").await;
    assert!(done.element("given").is_some(), "{}", done.text());
    let period = link(&done, "Client keeper", "/period?").expect("a link");
    let longer = leo.get(&period).await.form("period-form").fill("ends", "");
    let refused = leo.submit(&longer, "save-period").await;
    assert!(refused.status == 403 && refused.text_contains("This role gives more, or for longer, than you hold yourself."), "{}", refused.text());
    let longer = kim.get(&period).await.form("period-form").fill("ends", "");
    reads(&kim.submit(&longer, "save-period").await, &["Changed.", "Client keeper"]);

    // A tool for many apps sees everybody's access: only who holds everything gives it any (rule 3d).
    let console = "/portal/clients/console";
    assert!(kim.get(console).await.element("give-access").is_none());
    assert_eq!(kim.get(&format!("{console}/give")).await.status, 403);
    let page = olga.get(&format!("{console}/give")).await;
    let done = olga.submit(&page.form("give-form").fill("role", &tick(&page, "Watcher", 0)), "give").await;
    assert!(done.element("given").is_some() && link(&done, "Watcher", "/period?").is_some(), "{}", done.text());
    // Who only looks finds no way in.
    let (mut mel, _) = enter(&house, MEL, "/portal").await;
    let page = mel.get(EXPORTER).await;
    assert!(page.element("give-access").is_none() && link(&page, "Watcher", "/period?").is_none(), "{}", page.text());
    house.close().await;
}

async fn a_session_left_open_makes_nothing_of_a_client_shorter(backend: Backend) {
    let house = still_house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let period = link(&olga.get(EXPORTER).await, "Watcher", "/period?").expect("a link");
    house.server.ground.clock.advance(Duration::from_mins(16));
    // Giving takes nothing from anybody.
    let page = olga.get(GIVE).await;
    let watcher = tick(&page, "Watcher", 0);
    let done = olga.submit(&page.form("give-form").fill("role", &tick(&page, "Asker", 0)), "give").await;
    assert!(done.element("given").is_some(), "{}", done.text());
    // Making shorter does, on either page.
    let asked = olga.submit(&page.form("give-form").fill("role", &watcher).fill("until", &day(&house, 5)), "give").await;
    assert_eq!(asked.status, 409, "{}", asked.text());
    let asked = olga.submit(&asked.form("give-form").fill("change", "yes"), "give").await;
    assert!(asked.status == 403 && asked.text_contains("Is it still you?"), "{}", asked.text());
    let form = olga.get(&period).await.form("period-form").fill("ends", &day(&house, 5));
    assert_eq!(olga.submit(&form, "save-period-preview").await.status, 200, "a preview is never asked");
    let asked = olga.submit(&form, "save-period").await;
    assert!(asked.status == 403 && asked.element("proof").is_some(), "{}", asked.text());
    assert_eq!(events(&house, "grant.changed").await, 0);
    let done = olga.submit(&asked.form("proof-form").fill("proof", PASSWORD), "prove").await;
    assert!(done.status == 200 && done.url.path() == EXPORTER && done.text_contains("ends in 4 days"), "{}", done.text());
    assert_eq!(events(&house, "grant.changed").await, 1);
    house.close().await;
}
