//! Inviting many people at once by a file: the dry run, the sending, what became of it, and who may see that.

mod looks;
mod refused;

use crate::invitations::{OLGA, Office};
use crate::support::browser::Browser;
use crate::support::cookies::Context;
use crate::support::house::{Backend, PASSWORD, link, on_both};
use crate::support::page::Page;
use crate::support::{PATIENCE, until};
use futures_util::future::join_all;
use gatehouse::base::id::JobId;
use gatehouse::execute;
use gatehouse::lifecycle::bulk_invitation::{self, Step, Terms};
use gatehouse::lifecycle::invitation::Letters;
use gatehouse::outbox;
use reqwest::StatusCode;
use std::time::{Duration, Instant};
use url::Url;

on_both! {
    from_a_file_to_people_who_join
    a_long_file_comes_back_whole
    many_hands_invite_nobody_twice
}

const MANY: &str = "/portal/invitations/many";

/// Uploads as a browser does. Answers the status, where it leads, and what came.
async fn upload(office: &Office, browser: &Browser, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> (StatusCode, String, String) {
    let url = Url::parse(&format!("{}{MANY}", office.house.issuer)).expect("a URL");
    let cookies = browser.cookies.header(&url, Context { cross_site: false, safe_method: false }).unwrap_or_default();
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes());
    }
    let (name, bytes) = file.unwrap_or_default();
    body.extend_from_slice(
        format!("--b0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n").as_bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b0undary--\r\n");
    let client = crate::support::http().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let request = client.post(url).header("Content-Type", "multipart/form-data; boundary=b0undary").header("Cookie", cookies);
    let answer = request.header("Sec-Fetch-Site", "same-origin").header("Origin", "null").body(body).send().await.expect("an answer");
    let to = answer.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
    (answer.status(), to, answer.text().await.expect("a body"))
}

/// The token of the form.
async fn token(browser: &mut Browser) -> String {
    let page = browser.get(MANY).await;
    page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned()
}

/// Uploads a good file; answers the path of its page.
async fn uploaded(office: &Office, browser: &mut Browser, text: &str) -> String {
    let csrf = token(browser).await;
    let (status, to, body) = upload(office, browser, &[("csrf", &csrf), ("text", "")], Some(("people.csv", text.as_bytes()))).await;
    assert_eq!(status, 303, "{body}");
    to
}

/// The page of a file, once it says so.
async fn reads(browser: &mut Browser, path: &str, state: &str) -> Page {
    until(&format!("{path} never says {state}"), async || browser.get(path).await.element("state").as_deref() == Some(state)).await;
    browser.get(path).await
}

/// Keeps the server from carrying out any file until `let_go`, however long a story takes: as many letters wait as may, and none leaves.
async fn hold(office: &Office) {
    let mut tx = office.house.server.ground.db.write().await.expect("a writer");
    for _ in 0..outbox::MOST_BULK {
        let id = JobId::fresh();
        execute!(
            tx,
            "INSERT INTO jobs (id, kind, payload_sealed, created_at, run_at, attempts, bulk) VALUES ($1, 'held', $2, 0, $3, 0, TRUE)",
            id,
            vec![0_u8],
            i64::MAX
        )
        .expect("held");
    }
    tx.commit().await.expect("committed");
}

/// Lets the server go on.
async fn let_go(office: &Office) {
    let mut tx = office.house.server.ground.db.write().await.expect("a writer");
    execute!(tx, "DELETE FROM jobs WHERE kind = 'held'").expect("let go");
    tx.commit().await.expect("committed");
}

/// Carries out so many people of the one file that runs, in place of the server that is held.
async fn carry_out(office: &Office, people: usize) {
    let ground = &office.house.server.ground;
    let mut tx = ground.db.write().await.expect("a writer");
    let claimed = bulk_invitation::claim(&mut tx, ground.clock.now()).await.expect("claimed").expect("a file");
    tx.commit().await.expect("committed");
    let mut tx = ground.db.read().await.expect("a reader");
    let snapshot = office.house.server.provider.known.snapshot(&mut tx).await.expect("the configuration");
    drop(tx);
    let terms = Terms { letters: Letters { issuer: &office.house.issuer, organization: "Acme" }, life: Duration::from_hours(24), snapshot: &snapshot };
    for _ in 0..people {
        assert_eq!(bulk_invitation::carry_out(ground, &claimed, &terms).await.expect("a step"), Step::Went);
    }
    let mut tx = ground.db.write().await.expect("a writer");
    bulk_invitation::release(&mut tx, &claimed).await.expect("released");
    tx.commit().await.expect("committed");
}

async fn from_a_file_to_people_who_join(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    assert!(olga.get("/portal/invitations").await.element("invite-many").is_some());
    let page = olga.get(MANY).await;
    assert!(page.text_contains("No files yet") && page.text_contains("Rows with the same address become one invitation"), "{}", page.text());
    // The sample is taken as it is.
    let sample = olga.get("/portal/invitations/many/sample.csv").await;
    assert_eq!(page.element("example"), Some(sample.body.split_whitespace().collect::<Vec<_>>().join(" ")));
    let path = uploaded(&office, &mut olga, &sample.body).await;
    let page = olga.get(&path).await;
    assert!(page.text_contains("Every row is right") && page.text_contains("2 will be invited"), "{}", page.text());
    assert!(page.element("discard-follows").is_some_and(|says| says.contains("Nobody is invited")), "what the button does stands beside it");
    let page = olga.submit(&page.form(&path), "discard").await;
    assert!(page.text_contains("The file was thrown away") && page.text_contains("No files yet"), "{}", page.text());
    assert_eq!(olga.get(&path).await.status, 404);

    let file = "email;name;organization_role;app;stage;role;group;ends;reason;locale\r\n\
        bo@acme.example;Bo Lind;;sales;production;approver;emea;2099-12-31;\"Covers; for Ana\";de\r\n\
        di@acme.example;=1+1;;sales;production;\"viewer;approver\";;;;\r\n\
        di@acme.example;;tester;;;;;;;\r\n\
        nora@acme.example;;;Sales Desk;Production;Viewer;;;;\r\n\
        cy@acme.example;;;sales;production;viewr;;;;\r\n\
        not an address;;;sales;production;viewer;;;;\r\n\
        ed@acme.example;;;sales;development;approver;;2001-01-01;;\r\n";
    let path = uploaded(&office, &mut olga, file).await;
    let page = olga.get(&path).await;
    assert_eq!(page.element("state").as_deref(), Some("Checked, not sent"), "{}", page.text());
    for text in [
        "people.csv",
        "Uploaded by you",
        "Rows: 7",
        "3 cannot be invited",
        "3 will be invited",
        "Row 6, role The app has no role “viewr” that you may give at this stage.",
        "Row 7, email “not an address” is not an e-mail address.",
        "Row 8, role This role is one of another stage (Production).",
        "Row 8, ends The end has passed.",
    ] {
        assert!(page.text_contains(text), "{text}: {}", page.text());
    }
    assert!(page.element("rows").is_some_and(|rows| !rows.contains("bo@acme.example")), "what is wrong stands by itself first");
    let good = olga.get(&format!("{path}?state=waiting")).await;
    for text in ["bo@acme.example", "Bo Lind", "3, 4", "Will be invited", "nora@acme.example", "Is here: gets it at once"] {
        assert!(good.text_contains(text), "{text}: {}", good.text());
    }
    assert!(olga.get(&format!("{path}?state=waiting&q=bo+lind")).await.element("rows").is_some_and(|rows| !rows.contains("di@acme")));
    assert!(olga.get(&format!("{path}?q=nobody-like-this")).await.text_contains("Nothing found"));
    let csv = olga.get(&format!("{path}/rows.csv")).await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(
        csv.body.starts_with("\"row\",\"email\",\"name\"") && csv.body.lines().next().is_some_and(|line| line.ends_with("\"result\",\"problem\"")),
        "{}",
        csv.body
    );
    assert!(csv.body.contains("\"'=1+1\"") && csv.body.contains("role: The app has no role “viewr”"), "{}", csv.body);
    assert_eq!(office.count("SELECT (SELECT COUNT(*) FROM invitations) + (SELECT COUNT(*) FROM jobs)").await, 0, "nothing was sent");

    let form = page.form(&path);
    let page = olga.submit(&form, "start").await;
    assert!(page.text_contains("It goes on in the background"), "{}", page.text());
    let page = reads(&mut olga, &path, "Finished").await;
    assert!(page.text_contains("3 done") && page.text_contains("3 of 3 people") && page.header("refresh").is_none(), "{}", page.text());
    let late = olga.submit(&form, "start").await;
    assert!(late.status == 409 && late.text_contains("not possible any more"), "{}", late.text());
    let done = olga.get(&format!("{path}?state=done")).await;
    assert_eq!((done.text().matches(" Invited ").count(), done.text().matches("Given at once").count()), (2, 1), "{}", done.text());
    let csv = olga.get(&format!("{path}/rows.csv?state=done")).await;
    assert!(csv.body.contains("\"Covers; for Ana\",\"de\",\"Invited\",\"\"") && !csv.body.contains("cy@acme.example"), "{}", csv.body);
    assert!(olga.get(MANY).await.text_contains("3 of 3 people"));
    // One letter each, with everything of both rows.
    let letter = office.house.letters("di@acme.example", 1).await.remove(0);
    assert!(["Approver", "Viewer", "Tester"].iter().all(|role| letter.text.contains(role)), "{}", letter.text);
    assert!(office.house.letters("nora@acme.example", 1).await[0].text.contains("Viewer"));
    let letter = office.house.letters("bo@acme.example", 1).await.remove(0);
    assert!(letter.text.contains("lädt Sie ein") && letter.text.contains("EMEA Sales") && letter.text.contains("31. Dez. 2099"), "{}", letter.text);
    let mut bo = Browser::new(&office.house.issuer);
    let page = bo.get(&link(&letter, &office.house.issuer)).await;
    assert_eq!(page.attribute("name", "value").as_deref(), Some("Bo Lind"));
    let welcome = bo.submit(&page.form("/invitations/accept").fill("password", PASSWORD), "invitation-accept").await;
    assert!(welcome.element("to-account").is_some(), "{}", welcome.text());
    let given =
        "SELECT COUNT(*) FROM end_user_grants g JOIN users u ON u.id = g.user_id WHERE u.email_key = 'bo@acme.example' AND g.reason = 'Covers; for Ana'";
    assert_eq!(office.count(given).await, 1);
    let events = "SELECT COUNT(*) FROM audit_events WHERE kind IN ('bulk_invitation.started', 'bulk_invitation.ended')";
    assert_eq!((office.count(events).await, office.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'invitation.sent'").await), (2, 2));
    // Everything that it did says from where it was started; when it is over, the file does not know that any more.
    let from_there =
        "SELECT COUNT(*) FROM audit_events WHERE kind IN ('invitation.sent', 'bulk_invitation.ended') AND payload LIKE '%\"address\":\"127.0.0.1\"%'
         AND request_id = (SELECT request_id FROM audit_events WHERE kind = 'bulk_invitation.started')";
    assert_eq!(office.count(from_there).await, 3);
    assert_eq!(office.count("SELECT COUNT(*) FROM bulk_invitations WHERE origin_address IS NOT NULL OR origin_request_id IS NOT NULL").await, 0);
    office.close().await;
}

/// Works beside the worker of the server, as another node would: as fast as it can, until nothing is left.
async fn work_beside(office: &Office) {
    let ground = &office.house.server.ground;
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let mut tx = ground.db.write().await.expect("a writer");
        let claimed = bulk_invitation::claim(&mut tx, ground.clock.now()).await.expect("claimed");
        tx.commit().await.expect("committed");
        let Some(claimed) = claimed else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if office.count("SELECT COUNT(*) FROM bulk_invitations WHERE state = 'running'").await == 0 {
                return;
            }
            continue;
        };
        let mut tx = ground.db.read().await.expect("a reader");
        let snapshot = office.house.server.provider.known.snapshot(&mut tx).await.expect("the configuration");
        drop(tx);
        let terms = Terms { letters: Letters { issuer: &office.house.issuer, organization: "Acme" }, life: Duration::from_hours(24), snapshot: &snapshot };
        for _ in 0..3 {
            // Two hands of one lease at the same moment.
            let (a, b) = tokio::join!(bulk_invitation::carry_out(ground, &claimed, &terms), bulk_invitation::carry_out(ground, &claimed, &terms));
            if [a, b].map(|step| step.expect("a step")) != [Step::Went, Step::Went] {
                break;
            }
        }
        let mut tx = ground.db.write().await.expect("a writer");
        bulk_invitation::release(&mut tx, &claimed).await.expect("released");
        tx.commit().await.expect("committed");
    }
    panic!("it never ends");
}

async fn a_long_file_comes_back_whole(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    let text = (0..501).fold("email,app,stage,role\n".to_owned(), |text, n| text + &format!("person{n}@acme.example,sales,production,viewer\n"));
    let path = uploaded(&office, &mut olga, &text).await;
    let csv = olga.get(&format!("{path}/rows.csv")).await;
    assert!(csv.header("content-disposition").is_some_and(|named| named.contains("invitation-results.csv")), "{}", csv.status);
    let numbers: Vec<&str> = csv.body.lines().skip(1).filter_map(|line| line.split('"').nth(1)).collect();
    assert_eq!(numbers, (2..=502).map(|number| number.to_string()).collect::<Vec<_>>());
    office.close().await;
}

async fn many_hands_invite_nobody_twice(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    let file = |who: &str| (0..60).fold("email,app,stage,role\n".to_owned(), |text, n| text + &format!("{who}{n}@acme.example,sales,production,viewer\n"));
    let path = uploaded(&office, &mut olga, &file("p")).await;
    // More than one page of rows, there and back.
    let page = olga.get(&path).await;
    let next = page.attribute("next-page", "href").expect("another page");
    assert!(page.text_contains("p49@acme.example") && !page.text_contains("p50@acme.example"));
    let page = olga.get(&next).await;
    assert!(page.text_contains("p50@acme.example") && page.text_contains("p59@acme.example") && page.element("next-page").is_none(), "{}", page.text());
    let back =
        page.body.split("rel=\"prev\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a way back").replace("&amp;", "&").replace("&#38;", "&");
    assert!(olga.get(&back).await.text_contains("p0@acme.example"));
    olga.submit(&page.form(&path), "start").await;
    join_all([Box::pin(work_beside(&office)), Box::pin(work_beside(&office))]).await;
    reads(&mut olga, &path, "Finished").await;
    assert_eq!(office.count("SELECT COUNT(*) FROM invitations").await, 60);
    assert_eq!(office.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'invitation.sent'").await, 60);
    assert_eq!(office.count("SELECT COUNT(*) FROM jobs WHERE bulk").await, 60, "a letter for each");
    // Pause, go on, end: by their buttons, while twenty of sixty are invited.
    hold(&office).await;
    let path = uploaded(&office, &mut olga, &file("q")).await;
    let page = olga.get(&path).await;
    olga.submit(&page.form(&path), "start").await;
    Box::pin(carry_out(&office, 20)).await;
    let page = olga.get(&path).await;
    assert_eq!((page.element("state").as_deref(), page.header("refresh")), (Some("Sending"), Some("3")), "{}", page.text());
    assert!(olga.get(&format!("{path}?still=1")).await.header("refresh").is_none());
    let page = olga.submit(&page.form(&path), "pause").await;
    assert_eq!(page.element("state").as_deref(), Some("Paused"), "{}", page.text());
    let ask = olga.get(&format!("{path}/cancel")).await;
    assert!(ask.text_contains("not invited any more"), "{}", ask.text());
    let page = olga.submit(&page.form(&path), "proceed").await;
    assert_eq!(page.element("state").as_deref(), Some("Sending"), "{}", page.text());
    let page = olga.submit(&ask.form(&format!("{path}/cancel")), "confirm").await;
    assert!(page.element("state").is_some_and(|state| state == "Ended early"), "{}", page.text());
    let (waiting, done) =
        ("SELECT COUNT(*) FROM bulk_invitation_rows WHERE state = 'waiting'", "SELECT COUNT(*) FROM bulk_invitation_rows WHERE state = 'done'");
    assert_eq!((office.count(waiting).await, office.count(done).await), (40, 80));
    assert_eq!(office.count("SELECT COUNT(*) FROM invitations").await, office.count(done).await);
    office.close().await;
}
