//! The audit trail: who sees it, what is in it, what is not, how it leaves, and that nobody changes it unnoticed.

mod looks;
mod schema;

use crate::story::{party, sign_in, tokens};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, SECRET, link, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use crate::support::relying_party::Method;
use crate::support::until;
use gatehouse::actor::Actor;
use gatehouse::audit::search::{self, Entry, Filter, From, Reader};
use gatehouse::audit::{self, Event, Kind, Subject};
use gatehouse::base::secret::Secret;
use gatehouse::base::text::EmailAddress;
use gatehouse::base::time::{Clock, Timestamp};
use gatehouse::db::{execute, one};
use gatehouse::login::password;
use gatehouse::work::{Origin, Work};
use serde_json::{Value, json};
use std::time::Duration;

on_both! {
    the_trail_is_searched_and_leaves_whole
    what_matters_is_recorded_and_no_secret_is
    a_storm_of_sign_ins_leaves_few_events
}

pub const OLGA: &str = "olga@acme.example";
const ANA: &str = "ana@acme.example";
const NORA: &str = "nora@acme.example";

/// Every event, oldest first.
async fn entries(house: &House, filter: &Filter) -> Vec<Entry> {
    let reader = Reader::of(&Actor::System { label: "test" }).expect("the operator may");
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    search::page(&mut tx, reader, filter, From::Oldest, 1_000_000).await.expect("read")
}

async fn of(house: &House, kind: Kind) -> Vec<Entry> {
    entries(house, &Filter { kinds: vec![kind], ..Filter::default() }).await
}

fn reasons(entries: &[Entry]) -> Vec<&str> {
    entries.iter().filter_map(|entry| entry.told.as_ref()?.after.as_ref()?.get("reason")?.as_str()).collect()
}

/// Writes events quickly, a hundred in a work.
pub async fn fill(house: &House, count: i64) {
    let origin = Origin { request_id: Some("many".into()), address: Some("192.0.2.99".into()), user_agent: Some("=cmd".into()) };
    for from in (0..count).step_by(100) {
        let some = async |work: &mut Work| {
            for n in from..count.min(from + 100) {
                let event =
                    Event::new(Kind::AppChanged, Subject::new("app", n)).before(&json!({ "name": "Old" }))?.after(&json!({ "name": format!("New {n}") }))?;
                work.record(event).await?;
            }
            Ok::<_, gatehouse::base::fault::Fault>(())
        };
        house.server.ground.work(&Actor::System { label: "filler" }, &origin, some).await.expect("recorded");
    }
}

async fn sealed(house: &House) {
    until("events stay unsealed", async || {
        let mut tx = house.server.ground.db.read().await.expect("the database answers");
        let sql = "SELECT COUNT(*) FROM audit_events e LEFT JOIN audit_seals s ON s.event_id = e.id WHERE s.event_id IS NULL";
        one!(tx, (i64,), sql).expect("a number").0 == 0
    })
    .await;
}

/// The paths of the events on a page.
fn rows(page: &Page) -> Vec<String> {
    page.body.split("href=\"/portal/audit/").skip(1).filter_map(|rest| Some(format!("/portal/audit/{}", rest.split('"').next()?))).collect()
}

async fn the_trail_is_searched_and_leaves_whole(backend: Backend) {
    const MANY: i64 = 5_000;
    let house = House::open(backend).await;
    // Ana has an organization role and lacks the right: no link, no page, no file, whatever the address.
    let (mut ana, page) = enter(&house, ANA, "/portal").await;
    assert!(page.status == 200 && !page.body.contains("href=\"/portal/audit\""), "{}", page.text());
    for path in ["/portal/audit", "/portal/audit.csv", "/portal/audit.ndjson", "/portal/audit/x", "/portal/audit?who=olga@acme.example"] {
        let page = ana.get(path).await;
        assert_eq!(page.status, 403, "{path}");
    }
    assert!(ana.get("/portal/audit").await.text_contains("View audit trail"));

    let (mut olga, page) = enter(&house, OLGA, "/portal/audit").await;
    assert!(page.status == 200 && page.body.contains("href=\"/portal/audit\" aria-current=\"page\""), "{}", page.text());
    assert!(page.text_contains("Signed in") && page.text_contains("Role given") && page.text_contains("apply"), "{}", page.text());
    assert!((20..=50).contains(&rows(&page).len()));

    // Filters: each finds what it means, kindly read.
    let find = async |olga: &mut Browser, query: &str| olga.get(&format!("/portal/audit?{query}")).await;
    let signed_in = find(&mut olga, "kind=sign_in.succeeded").await;
    assert_eq!(rows(&signed_in).len(), 2, "{}", signed_in.text());
    assert_eq!(rows(&find(&mut olga, "kind=sign_ins&about=ana@acme.example").await).len(), 1);
    assert_eq!(rows(&find(&mut olga, "kind=sign_in.succeeded&about=ANA%40acme.example&until=2000-01-01").await).len(), 0);
    assert!(find(&mut olga, "kind=sign_ins&since=yesterday").await.element("bad-dates").is_some());
    assert_eq!(rows(&find(&mut olga, "kind=sign_in.succeeded&address=127.0.0.1").await).len(), 2);
    assert_eq!(rows(&find(&mut olga, "kind=sign_in.succeeded&address=127.0.0.10").await).len(), 0);
    assert!(!rows(&find(&mut olga, "who=apply&kind=access&q=emea+sales").await).is_empty());
    assert!(rows(&find(&mut olga, "who=nobody%25&kind=nonsense").await).is_empty());
    let none = find(&mut olga, "q=%3Cb%3Enothing").await;
    assert!(none.text_contains("Nothing found") && none.body.contains("&#60;b&#62;nothing"), "{}", none.text());
    let user = entries(&house, &Filter { kinds: vec![Kind::SignedIn], ..Filter::default() }).await[0].subject_id.clone().expect("a user");
    let history = find(&mut olga, &format!("about=user:{user}")).await;
    assert!(history.text_contains("Person added") && history.text_contains("Ana Ferreira") && !history.text_contains("Nora Nobody"), "{}", history.text());

    // One event: before and after, the request, the place in the chain.
    sealed(&house).await;
    let page = olga.get(&rows(&signed_in)[0]).await;
    assert!(page.text_contains("Signed in") && page.text_contains("Olga Owner") && page.text_contains("Sealed at position"), "{}", page.text());
    let request = page.element("request").expect("a request id");
    assert_eq!(rows(&find(&mut olga, &format!("request={}", request.trim())).await).len(), 1, "{request}");
    for missing in ["/portal/audit/x", "/portal/audit/0198c6a0-0000-7000-8000-000000000000"] {
        assert_eq!(olga.get(missing).await.status, 404);
    }

    // What leaves is complete and equals the pages, and its leaving is an event of its own.
    fill(&house, MANY).await;
    sealed(&house).await;
    let ndjson = olga.get("/portal/audit.ndjson?who=filler").await;
    assert_eq!((ndjson.status.as_u16(), ndjson.header("content-type")), (200, Some("application/x-ndjson")));
    let lines: Vec<Value> = ndjson.body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let names: Vec<&str> = lines.iter().map(|line| line["after"]["name"].as_str().expect("a name")).collect();
    assert_eq!(names, (0..MANY).map(|n| format!("New {n}")).collect::<Vec<_>>());
    assert!(lines.iter().all(|line| line["position"].as_i64().is_some()));
    let csv = olga.get("/portal/audit.csv?who=filler&kind=apps").await;
    assert_eq!(csv.body.matches("\r\n").count(), 5_001);
    assert!(csv.body.starts_with("\"at\",\"kind\",\"what\"") && csv.body.contains("\"'=cmd\""), "{}", &csv.body[..400]);
    let (mut page, mut seen) = (find(&mut olga, "who=filler").await, Vec::new());
    for _ in 0..3 {
        seen.extend(rows(&page));
        page = olga.get(&page.attribute("next-page", "href").expect("more").replace("&amp;", "&")).await;
    }
    let newest: Vec<String> = lines.iter().rev().take(150).map(|line| format!("/portal/audit/{}", line["id"].as_str().expect("an id"))).collect();
    assert_eq!(seen, newest, "the pages and the file hold the same in opposite order");
    let back = page
        .body
        .split("rel=\"prev\" href=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a page before")
        .replace("&#38;", "&")
        .replace("&amp;", "&");
    assert_eq!(rows(&olga.get(&back).await), newest[100..]);
    let exports = of(&house, Kind::Exported).await;
    assert_eq!(exports.len(), 2);
    let told = exports[0].told.as_ref().expect("told");
    assert_eq!((told.actor.as_str(), &told.after.as_ref().expect("after")["filter"]), (OLGA, &json!("who=filler")));
    for line in lines.iter().step_by(500) {
        schema::obeys(line);
    }

    tampering_is_found(&house).await;
    house.close().await;
}

/// Everything that somebody who can write the database may try, each in a transaction that is taken back.
async fn tampering_is_found(house: &House) {
    let db = &house.server.ground.db;
    sealed(house).await;
    let report = audit::verify(&mut db.read().await.expect("reads"), None).await.expect("verified");
    assert!(report.problems.is_empty() && report.erased == 0, "after the exports: {:?}", report.problems);
    let head = report.head.expect("a head");
    let one = "(SELECT event_id FROM audit_seals WHERE position = 7)";
    let last = "(SELECT MAX(position) FROM audit_seals)";
    let cases: [(&[String], &str, bool); 8] = [
        (&[format!("UPDATE audit_events SET payload = '{{}}' WHERE id = {one}")], "was changed", false),
        (&[format!("UPDATE audit_events SET kind = 'user.deleted' WHERE id = {one}")], "was changed", false),
        (&[format!("UPDATE audit_events SET subject_id = '9' WHERE id = {one}")], "was changed", false),
        (&[format!("UPDATE audit_events SET salt = NULL WHERE id = {one}")], "was changed", false),
        (&[format!("DELETE FROM audit_events WHERE id = {one}")], "at position 7 was removed", false),
        (&[format!("DELETE FROM audit_events WHERE id = {one}"), "DELETE FROM audit_seals WHERE position = 7".into()], "seal at position 7 is missing", false),
        (
            &[
                "UPDATE audit_seals SET position = -1 WHERE position = 7".into(),
                "UPDATE audit_seals SET position = 7 WHERE position = 8".into(),
                "UPDATE audit_seals SET position = 8 WHERE position = -1".into(),
            ],
            "broken at position 7",
            false,
        ),
        (
            &[
                format!("DELETE FROM audit_heads WHERE position = {last}"),
                format!("DELETE FROM audit_events WHERE id = (SELECT event_id FROM audit_seals WHERE position = {last})"),
                format!("DELETE FROM audit_seals WHERE position = {last}"),
            ],
            "is known to have existed",
            true,
        ),
    ];
    for (statements, problem, by_head) in cases {
        let mut tx = db.write().await.expect("writes");
        for sql in statements {
            assert!(execute!(tx, sqlx_text(sql)).expect("tampered") > 0, "{sql}");
        }
        let report = audit::verify(&mut tx, by_head.then_some(&head)).await.expect("verified");
        tx.rollback().await.expect("taken back");
        let told: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|told| told.contains(problem)), "{statements:?}: {told:?}");
    }
    let mut tx = db.write().await.expect("writes");
    execute!(tx, sqlx_text(&format!("UPDATE audit_events SET payload = NULL, salt = NULL WHERE id = {one}"))).expect("erased");
    let report = audit::verify(&mut tx, Some(&head)).await.expect("verified");
    tx.rollback().await.expect("taken back");
    assert!(report.problems.is_empty() && report.erased == 1, "{:?}", report.problems);
}

fn sqlx_text(sql: &str) -> &'static str {
    Box::leak(sql.to_owned().into_boxed_str())
}

/// Asks the token endpoint with this client's id and a wrong secret.
async fn wrong_secret(house: &House, client: &str) -> u16 {
    let answer = reqwest::Client::new().post(format!("{}/oauth2/token", house.issuer)).basic_auth(client, Some("a-wrong-secret-of-a-client"));
    answer.form(&[("grant_type", "client_credentials")]).send().await.expect("an answer").status().as_u16()
}

async fn what_matters_is_recorded_and_no_secret_is(backend: Backend) {
    // Time stands still: no minute passes in the middle of what is one of a minute, and no wait ends while somebody goes on guessing.
    let house = House::open_with(backend, &[], Clock::fixed(Clock::System.now())).await;
    let mut browser = Browser::new(&house.issuer);
    let (_, tokens) = tokens(&house, &mut browser, "sales-basic", Method::Basic, ANA, &["roles", "offline_access"]).await;
    // Wrong, unknown, and not allowed into the app.
    let mut nora = Browser::new(&house.issuer);
    let journey = party(&house, "sales-basic", Method::Basic).await.authorize_url(&[]);
    let page = nora.get(journey.url.as_str()).await;
    let page = sign_in(&mut nora, &page, NORA, "not-her-password-at-all").await;
    let page = sign_in(&mut nora, &page_ok(page), "nobody@acme.example", "some-password-of-nobody").await;
    sign_in(&mut nora, &page_ok(page), NORA, PASSWORD).await;
    assert_eq!(reasons(&of(&house, Kind::SignInFailed).await), ["wrong_password", "unknown_address", "not_allowed"]);
    // Clients that do not prove themselves: the first of each minute, the others counted.
    for client in ["sales-basic", "sales-basic", "robot", "nobody-knows-this-client"] {
        assert_eq!(wrong_secret(&house, client).await, 401);
    }
    let refused = of(&house, Kind::ClientRefused).await;
    assert_eq!(reasons(&refused), ["wrong_secret", "wrong_secret", "unknown_client"]);
    assert!(refused[0].subject_id.is_some() && refused[2].subject_id.is_none());
    // A wrong code for an invitation, and one of nobody.
    house.invite("cy@acme.example --role sales/production/viewer").await.expect("invited");
    let letter = house.letters("cy@acme.example", 1).await.remove(0);
    let opens = link(&letter, &house.issuer);
    let letter = letter.text;
    let mut cy = Browser::new(&house.issuer);
    let mut page = cy.get("/invitations/code").await;
    for who in ["cy@acme.example", "who@acme.example"] {
        page = cy.submit(&page.form("/invitations/code").fill("email", who).fill("code", "AAAAAA"), "invitation-open").await;
    }
    let guessed = of(&house, Kind::InvitationGuessed).await;
    assert_eq!(guessed.iter().map(|entry| entry.subject_id.is_some()).collect::<Vec<_>>(), [true, false]);
    // Lists that leave, and sessions that end, with whoever did it.
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    for path in ["/portal/users.csv?q=an", "/portal/invitations.csv"] {
        assert_eq!(olga.get(path).await.status, 200);
    }
    let left: Vec<_> = of(&house, Kind::Exported).await.into_iter().map(|entry| entry.subject_id.expect("a list")).collect();
    assert_eq!(left, ["users", "invitations"]);
    let user = of(&house, Kind::SignedIn).await[0].subject_id.clone().expect("Ana");
    let page = olga.get(&format!("/portal/users/{user}")).await;
    let page = olga.submit(&page.form(&format!("/portal/users/{user}/status")), "deactivate").await;
    assert!(page.status.is_success(), "{}", page.text());
    let ended = of(&house, Kind::SessionsEnded).await;
    assert_eq!((ended.len(), ended[0].told.as_ref().map(|told| told.actor.as_str())), (1, Some(OLGA)));
    let failed = browser.get("/sign-in?to=/account").await;
    browser.submit(&failed.form("/sign-in").fill("username", ANA).fill("password", PASSWORD), "login-submit").await;
    assert_eq!(reasons(&of(&house, Kind::SignInFailed).await).last(), Some(&"inactive"));

    // Guessing slows down: said once, however often somebody goes on.
    let mut page = nora.get("/sign-in?to=/account").await;
    for _ in 0..9 {
        page = nora.submit(&page.form("/sign-in").fill("username", OLGA).fill("password", "guess-after-guess"), "login-submit").await;
    }
    assert_eq!(page.status, 429);
    assert_eq!(reasons(&of(&house, Kind::Throttled).await), ["throttled"]);

    // Everything as it leaves: it obeys the schema, a change has its rows, and no secret is in it.
    let all = entries(&house, &Filter::default()).await;
    let code =
        letter.lines().map(str::trim).find(|line| line.len() == 6 && line.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())).expect("a code");
    let token = opens.rsplit('/').next().expect("a link");
    let refresh = tokens.refresh_token.as_deref().expect("a refresh token");
    let secrets = [
        PASSWORD,
        SECRET,
        code,
        token,
        refresh,
        &tokens.access_token,
        "$argon2",
        "not-her-password-at-all",
        "some-password-of-nobody",
        "guess-after-guess",
        "a-wrong-secret-of-a-client",
        "nobody-knows-this-client",
    ];
    for entry in &all {
        let line = audit::Line::of(entry).text().expect("a line");
        schema::obeys(&serde_json::from_str(&line).expect("JSON"));
        for secret in secrets {
            assert!(!line.contains(secret), "{secret} in {line}");
        }
        let told = entry.told.as_ref().expect("nothing was erased");
        let bare = entry.known() == Some(Kind::PasswordSet);
        assert!(bare || told.before.is_some() || told.after.is_some(), "{line}");
        let by_browser = entry.actor_kind == "user";
        assert!(!by_browser || (told.address.is_some() && entry.request_id.is_some() && entry.actor_id.is_some()), "{line}");
    }
    house.close().await;
}

/// A form with an error, as it is: the next try goes in there.
fn page_ok(mut page: Page) -> Page {
    assert_eq!(page.status, 422);
    page.status = reqwest::StatusCode::OK;
    page
}

async fn a_storm_of_sign_ins_leaves_few_events(backend: Backend) {
    const TRIES: usize = 90;
    let clock = Clock::fixed(Timestamp::from_seconds(1_800_000_000));
    let house = House::open_with(backend, &[], clock.clone()).await;
    let server = &house.server;
    let wrong = Secret::new("a guess".to_owned());
    for n in 0..TRIES {
        // A few from one place, the others each from their own.
        let address = if n < 12 { "192.0.2.1".to_owned() } else { format!("198.51.100.{n}") };
        let origin = Origin { address: Some(address), request_id: Some(format!("r{n}")), user_agent: None };
        let email = EmailAddress::parse(&format!("invented{n}@acme.example")).expect("an address");
        password::check(&server.ground, &server.passwords, &origin, &email, &wrong).await.expect("an answer");
    }
    let count = |entry: &Entry| entry.told.as_ref()?.after.as_ref()?.get("count")?.as_u64();
    let before = of(&house, Kind::SignInFailed).await;
    assert_eq!(before.len(), 60, "no more than these from everywhere in a minute");
    clock.advance(Duration::from_secs(61));
    audit::settle(&server.ground).await.expect("settled");
    let all = of(&house, Kind::SignInFailed).await;
    let counted: u64 = all.iter().filter_map(count).sum();
    assert_eq!(counted + 60, TRIES as u64, "no try is lost");
    assert_eq!(all.len(), 62, "those from one place, and those from everywhere");
    let report = async { audit::verify(&mut server.ground.db.read().await?, None).await };
    assert!(report.await.expect("verified").problems.is_empty());
    house.close().await;
}
