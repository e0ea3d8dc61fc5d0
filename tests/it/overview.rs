//! The overview: numbers that are right, who was here last, what needs attention and what ends soon; each for its reader. And the sign-ins
//! of one person, with the app and the stage.

use crate::lives::{ANA, NORA, OLGA, page_of};
use crate::story::{callback, party, sign_in};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use crate::support::relying_party::Method;
use crate::support::smtp::{Behaviour, Mode, Smtp};
use crate::support::until;
use gatehouse::base::time::Clock;
use scraper::{ElementRef, Html, Selector};
use std::time::Duration;

on_both! {
    numbers_count_what_is_there
    the_last_sign_ins_stand_in_their_order
    apps_and_mail_that_are_missing_need_attention
    letters_that_do_not_leave_need_attention
    readers_see_what_they_may
    a_persons_sign_ins_say_where_and_when
}

const HASH: &str = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0";
const NOTHING: &str = "Nothing. Everything is as it should be.";

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

fn text(element: ElementRef) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The cells of the table in a section, row by row.
fn rows(page: &Page, section: &str) -> Vec<Vec<String>> {
    let document = Html::parse_document(&page.body);
    let rows = selector(&format!("section[aria-labelledby=\"{section}\"] tbody tr"));
    document.select(&rows).map(|row| row.select(&selector("td")).map(text).collect()).collect()
}

/// The first cells of each row.
fn firsts(page: &Page, section: &str, count: usize) -> Vec<Vec<String>> {
    rows(page, section).into_iter().map(|row| row.into_iter().take(count).collect()).collect()
}

/// The numbers at the top, each with where it leads.
fn numbers(page: &Page) -> Vec<(String, String)> {
    let document = Html::parse_document(&page.body);
    let read = |link: ElementRef| {
        let part = |name: &str| link.select(&selector(name)).next().map(text).expect("a part");
        (link.attr("href").expect("a link").to_owned(), format!("{} {}", part("b"), part("span")))
    };
    document.select(&selector("ul.numbers a")).map(read).collect()
}

/// What needs attention, each with where it is seen to.
fn attention(page: &Page) -> Vec<(String, String)> {
    let document = Html::parse_document(&page.body);
    let read = |item: ElementRef| {
        let link = item.select(&selector("a")).next().and_then(|link| link.attr("href")).expect("a link");
        (item.select(&selector("span")).next().map(text).expect("a text"), link.to_owned())
    };
    document.select(&selector("section[aria-labelledby=\"attention\"] li")).map(read).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
}

async fn numbers_count_what_is_there(backend: Backend) {
    let house = House::open(backend).await;
    let (mut olga, page) = enter(&house, OLGA, "/portal").await;
    let (people, invitations, apps) = ("/portal/users", "/portal/invitations", "/portal/apps");
    assert_eq!(numbers(&page), pairs(&[(people, "3 active people"), (invitations, "0 open invitations"), (apps, "2 apps")]));
    // Whoever is invited is not active yet; an existing person gets it at once, and no invitation.
    for line in ["bo@acme.example --role sales/production/viewer", "cy@acme.example --org-role tester", "nora@acme.example --role wiki/production/author"] {
        house.invite(line).await.expect("invited");
    }
    let page = olga.get("/portal").await;
    assert_eq!(numbers(&page), pairs(&[(people, "3 active people"), (invitations, "2 open invitations"), (apps, "2 apps")]));
    // One is taken back, one person is shut out, one app more.
    house.invite("cy@acme.example --revoke").await.expect("taken back");
    let nora = page_of(&mut olga, NORA).await;
    let page = olga.get(&nora).await;
    olga.submit(&page.form(&format!("{nora}/status")), "deactivate").await;
    house.apply("[[app]]\nkey = \"desk\"\nname = \"Desk\"\n").await;
    let page = olga.get("/portal").await;
    assert_eq!(numbers(&page), pairs(&[(people, "2 active people"), (invitations, "1 open invitation"), (apps, "3 apps")]));
    house.close().await;
}

/// Signs in to an app at a stage, and comes back with a code.
async fn enters(house: &House, client: &str, method: Method, email: &str) {
    let mut browser = Browser::new(&house.issuer);
    let journey = party(house, client, method).await.authorize_url(&[]);
    let page = browser.get(journey.url.as_str()).await;
    callback(&sign_in(&mut browser, &page, email, PASSWORD).await);
}

/// Fails to sign in to our own pages.
async fn fails(house: &House, email: &str) {
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get("/sign-in").await;
    let page = browser.submit(&page.form("/sign-in").fill("username", email).fill("password", "wrong"), "login-submit").await;
    assert_eq!(page.status, 422, "{}", page.text());
}

async fn the_last_sign_ins_stand_in_their_order(backend: Backend) {
    let house = House::open(backend).await;
    enters(&house, "sales-basic", Method::Basic, ANA).await;
    enter(&house, NORA, "/account").await;
    fails(&house, ANA).await;
    fails(&house, "nobody@acme.example").await;
    let (mut olga, page) = enter(&house, OLGA, "/portal").await;
    let expected = [
        ["Olga Owner", "Signed in", "Portal and account"],
        ["Somebody unknown", "Failed", ""],
        ["Ana Ferreira", "Failed", ""],
        ["Nora Nobody", "Signed in", "Portal and account"],
        ["Ana Ferreira", "Signed in", "Sales Desk at Production"],
        ["Ana Ferreira", "Signed in", "Production"],
    ];
    assert_eq!(firsts(&page, "sign-ins", 3), expected, "{}", page.text());
    for row in rows(&page, "sign-ins") {
        assert!(row[3] == "127.0.0.1" && (row[4] == "just now" || row[4].ends_with(" ago")), "{row:?}");
    }
    // Names lead to people.
    let ana = page_of(&mut olga, ANA).await;
    assert_eq!(page.links().iter().filter(|link| **link == ana).count(), 3);
    // Only the last ones.
    for _ in 0..4 {
        enter(&house, NORA, "/account").await;
    }
    let names: Vec<String> = firsts(&olga.get("/portal").await, "sign-ins", 1).concat();
    assert_eq!(names[..5], ["Nora Nobody", "Nora Nobody", "Nora Nobody", "Nora Nobody", "Olga Owner"].map(String::from));
    assert_eq!(names.len(), 8);
    house.close().await;
}

async fn apps_and_mail_that_are_missing_need_attention(backend: Backend) {
    let house = House::with_mailbox(backend, &[]).await;
    house.apply(&format!("[organization]\nname = \"Acme\"\n[owner]\nemail = \"{OLGA}\"\nname = \"Olga Owner\"\npassword_hash = \"{HASH}\"\n")).await;
    let mailbox = ("Mail stays in the built-in mailbox, where only Administrators read it. People outside get nothing.", "/portal/settings/mail");
    let (mut olga, page) = enter(&house, OLGA, "/portal").await;
    assert_eq!(attention(&page), pairs(&[("There is no app yet that people could sign in to.", "/portal/apps/new"), mailbox]));
    let app = |stage: &str| format!("[[app]]\nkey = \"desk\"\nname = \"Desk\"\n[[app.deployment]]\nstage = \"{stage}\"\n");
    house.apply(&app("development")).await;
    let page = olga.get("/portal").await;
    assert_eq!(attention(&page), pairs(&[mailbox, ("No app is deployed to production yet.", "/portal/apps")]));
    house.apply(&app("production")).await;
    assert_eq!(attention(&olga.get("/portal").await), pairs(&[mailbox]));
    house.close().await;

    // With everything in its place nothing is left to see to.
    let house = House::open(backend).await;
    let (_, page) = enter(&house, OLGA, "/portal").await;
    assert!(attention(&page).is_empty() && page.text_contains(NOTHING), "{}", page.text());
    house.close().await;
}

async fn letters_that_do_not_leave_need_attention(backend: Backend) {
    let smtp = Smtp::start(Mode::StartTls).await;
    smtp.behave(Behaviour::Busy);
    let settings = [("mail.smtp_url", smtp.url()), ("mail.ca_file", smtp.ca_file().display().to_string())];
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let house = House::with_settings_mail(backend, &settings).await;
    house.apply(include_str!("seed.toml")).await;
    let invite = async |count: std::ops::Range<u32>| {
        for number in count {
            house.invite(&format!("p{number}@acme.example --role sales/production/viewer")).await.expect("invited");
        }
    };
    // A few are on their way at any time; that is nothing to see to.
    invite(0..20).await;
    let (mut olga, page) = enter(&house, OLGA, "/portal").await;
    assert!(attention(&page).is_empty(), "{}", page.text());
    invite(20..21).await;
    assert_eq!(attention(&olga.get("/portal").await), pairs(&[("21 mails wait to be delivered.", "/portal/settings/mail")]));
    // What can never be delivered comes first.
    smtp.behave(Behaviour::RejectRecipient);
    invite(21..22).await;
    let mut told = Vec::new();
    until("one could not be delivered", async || {
        told = attention(&olga.get("/portal").await);
        told.iter().any(|(text, _)| text.ends_with("could not be delivered."))
    })
    .await;
    assert!(told.len() == 1 && told[0].0.ends_with("could not be delivered.") && told[0].1 == "/portal/settings/mail", "{told:?}");
    // Whoever does not hold everything is not told: the mail settings would not open.
    house.apply(&reader("keeper", "\"users.manage\"")).await;
    let (_, page) = enter(&house, NORA, "/portal").await;
    assert!(attention(&page).is_empty() && page.text_contains(NOTHING), "{}", page.text());
    house.close().await;
}

/// Nora, with a role of these permissions.
fn reader(key: &str, permissions: &str) -> String {
    format!("[[organization_role]]\nkey = \"{key}\"\nname = \"{key}\"\npermissions = [{permissions}]\n[[user]]\nemail = \"{NORA}\"\norg_roles = [\"{key}\"]\n")
}

async fn readers_see_what_they_may(backend: Backend) {
    let clock = Clock::fixed(Clock::System.now());
    let house = House::open_with(backend, &[("invitations.life_days", "1")], clock.clone()).await;
    house.invite("bo@acme.example --role sales/production/viewer").await.expect("invited");
    let day = Duration::from_hours(24);
    clock.advance(day + Duration::from_mins(1));
    let ends = |days: u32| clock.now().plus(day * days + Duration::from_hours(5)).rfc3339();
    let role = |stage: &str, role: &str, ends: &str| format!("{{ app = \"sales\", stage = \"{stage}\", role = \"{role}\", ends_at = \"{ends}\" }}");
    let roles = [role("development", "viewer", &ends(3)), role("production", "approver", &ends(4)), role("production", "viewer", &ends(20))];
    house.apply(&format!("[[user]]\nemail = \"eva@acme.example\"\nname = \"Eva\"\npassword_hash = \"{HASH}\"\nroles = [{}]\n", roles.join(", "))).await;
    house.apply(&reader("watcher", "{ permission = \"end_users.view\", at = [\"development\"] }")).await;
    let development = vec!["Eva".to_owned(), "Sales Desk: Viewer (Development)".to_owned(), "ends in 3 days".to_owned()];
    let production = vec!["Eva".to_owned(), "Sales Desk: Approver (Production)".to_owned(), "ends in 4 days".to_owned()];

    // Who may see everything sees everything, the nearest end first; what ends later than in 14 days is left out.
    let (mut olga, page) = enter(&house, OLGA, "/portal").await;
    assert_eq!(rows(&page, "endings"), [development.clone(), production], "{}", page.text());
    let expired = ("One invitation was not accepted in time.", "/portal/invitations?state=expired");
    assert_eq!(attention(&page), pairs(&[expired]));
    let listed = olga.get(expired.1).await;
    assert!(listed.text_contains("bo@acme.example"), "{}", listed.text());
    assert_eq!(numbers(&page)[1].1, "0 open invitations", "an expired one is open no more");

    // At Development she sees Ana and Eva, and nothing that concerns anything else.
    let (mut nora, page) = enter(&house, NORA, "/portal").await;
    assert_eq!(numbers(&page), pairs(&[("/portal/users", "2 active people")]));
    assert_eq!(rows(&page, "endings"), [development], "{}", page.text());
    assert!(attention(&page).is_empty() && page.text_contains(NOTHING), "{}", page.text());
    assert!(page.element("sign-ins").is_none() && !page.text_contains("Olga Owner") && !page.text_contains("Approver"), "{}", page.text());

    // Whoever reads the audit trail sees who was here, and no people or endings.
    house.apply(&reader("auditor", "\"audit.view\"")).await;
    house.apply(&format!("[[user]]\nemail = \"rea@acme.example\"\nname = \"Rea\"\npassword_hash = \"{HASH}\"\norg_roles = [\"auditor\"]\n")).await;
    let (_, page) = enter(&house, "rea@acme.example", "/portal").await;
    assert_eq!(firsts(&page, "sign-ins", 2)[..2], [["Rea", "Signed in"], ["Nora Nobody", "Signed in"]]);
    assert!(numbers(&page).is_empty() && page.element("endings").is_none() && attention(&page).is_empty(), "{}", page.text());
    assert!(nora.get("/portal").await.element("sign-ins").is_some(), "now she is one of them");
    house.close().await;
}

async fn a_persons_sign_ins_say_where_and_when(backend: Backend) {
    let clock = Clock::fixed(Clock::System.now());
    let house = House::open_with(backend, &[], clock.clone()).await;
    enters(&house, "sales-basic", Method::Basic, ANA).await;
    clock.advance(Duration::from_hours(1));
    fails(&house, ANA).await;
    // To an app in which she has no role: she is who she says, and is not let in.
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get(party(&house, "sales-basic", Method::Basic).await.authorize_url(&[]).url.as_str()).await;
    let refused = sign_in(&mut browser, &page, NORA, PASSWORD).await;
    assert!(refused.location().is_none_or(|to| !to.as_str().contains("code=")), "{}", refused.text());
    clock.advance(Duration::from_hours(2));
    enters(&house, "sales-dev", Method::Public, ANA).await;

    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let ana = page_of(&mut olga, ANA).await;
    let page = olga.get(&ana).await;
    let expected = [
        ["Signed in", "Sales Desk at Development", "just now"],
        ["Signed in", "Development", "just now"],
        ["Failed", "", "2 hours ago"],
        ["Signed in", "Sales Desk at Production", "3 hours ago"],
        ["Signed in", "Production", "3 hours ago"],
    ];
    assert_eq!(firsts(&page, "user-sign-ins", 3), expected, "{}", page.text());
    assert!(rows(&page, "user-sign-ins").iter().all(|row| row[4] == "127.0.0.1"));
    let nora = page_of(&mut olga, NORA).await;
    let page = olga.get(&nora).await;
    assert_eq!(
        firsts(&page, "user-sign-ins", 3),
        [["Failed", "Sales Desk at Production", "2 hours ago"], ["Signed in", "Production", "2 hours ago"]],
        "{}",
        page.text()
    );
    // Somebody else's are not among them, and nobody's are shown to whoever does not manage users.
    house.apply(&reader("looker", "\"members.view\", \"end_users.view\"")).await;
    let (mut nora, _) = enter(&house, NORA, "/portal").await;
    let page = nora.get(&ana).await;
    assert!(page.status == 200 && page.element("user-sign-ins").is_none(), "{}", page.text());
    house.close().await;
}
