//! A request lasts from its head to the end of its body, and both may lie far apart: what its sender may do is what they may do when it is
//! here as a whole.

use super::{ANA, count, house};
use crate::support::PATIENCE;
use crate::support::browser::Browser;
use crate::support::cookies::Context;
use crate::support::house::{Backend, House, on_both};
use crate::support::insider::enter;
use crate::support::page::Form;
use gatehouse::access::begin_change;
use gatehouse::access::grant;
use gatehouse::access::load::Who;
use gatehouse::access::role::organization;
use gatehouse::actor::Actor;
use gatehouse::base::text::{EmailAddress, Slug};
use gatehouse::identity::user::{self, User};
use gatehouse::lifecycle::deactivate::deactivate;
use gatehouse::work::{Origin, Work};
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::{Url, form_urlencoded};

on_both! {
    rights_that_went_while_a_form_came_show_and_do_nothing
    whoever_was_shut_out_while_their_form_came_does_nothing
}

const SYSTEM: Actor = Actor::System { label: "test" };
const MAX: &str = "max@acme.example";
/// Beside Olga, so that he may go.
const PEOPLE: &str = r#"
[[user]]
email = "max@acme.example"
name = "Max Manager"
org_roles = ["administrator"]
password_hash = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0"
"#;

const FORM: &str = "application/x-www-form-urlencoded";
const UPLOAD: &str = "multipart/form-data; boundary=b0undary";
const MANY: &str = "/portal/invitations/many";
const ANAS_SESSIONS: &str = "SELECT COUNT(*) FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email_key = 'ana@acme.example' AND s.ended_at IS NULL";
const FILES: &str = "SELECT COUNT(*) FROM bulk_invitations";

/// A request of which one half is here, and the other one still on its way.
struct Halfway {
    socket: TcpStream,
    rest: Vec<u8>,
}

impl Halfway {
    async fn send(house: &House, browser: &Browser, path: &str, kind: &str, body: &str) -> Self {
        let url = Url::parse(&house.issuer).expect("a URL").join(path).expect("a path");
        let cookies = browser.cookies.header(&url, Context { cross_site: false, safe_method: false }).expect("somebody is signed in");
        let (half, rest) = body.as_bytes().split_at(body.len() / 2);
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookies}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            url.authority(),
            house.issuer,
            body.len()
        );
        let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, url.port().expect("a port"))).await.expect("a connection");
        socket.write_all(&[head.as_bytes(), half].concat()).await.expect("sent");
        Self { socket, rest: rest.to_vec() }
    }

    /// The other half comes too. Answers the status and everything that came back.
    async fn arrive(mut self) -> (u16, String) {
        self.socket.write_all(&self.rest).await.expect("sent");
        let mut answer = Vec::new();
        tokio::time::timeout(PATIENCE, self.socket.read_to_end(&mut answer)).await.expect("an answer in time").expect("an answer");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("no status in {answer:?}")), answer)
    }
}

/// Waits for long enough that the server has asked of all who they are, which nothing tells from outside.
async fn all_are_let_in() {
    tokio::time::sleep(Duration::from_secs(2)).await;
}

/// What a browser sends when this button is pressed.
fn body(form: &Form, button: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form.press(button).1).finish()
}

fn csrf(form: &Form, button: &str) -> String {
    form.press(button).1.into_iter().find(|(name, _)| name == "csrf").expect("a token").1
}

fn uploaded(csrf: &str) -> String {
    let field = |name: &str, value: &str| format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    format!("{}{}--b0undary--\r\n", field("csrf", csrf), field("text", "email,app,stage,role\ncy@acme.example,sales,production,viewer\n"))
}

async fn known(house: &House, address: &str) -> User {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    user::by_email(&mut tx, &EmailAddress::parse(address).expect("an address")).await.expect("read").expect("here")
}

/// The only group of the seed, of which Ana is a member.
async fn group(browser: &mut Browser) -> String {
    let list = browser.get("/portal/groups").await;
    list.links().into_iter().find(|link| link.starts_with("/portal/groups/0")).expect("a group")
}

async fn rights_that_went_while_a_form_came_show_and_do_nothing(backend: Backend) {
    let (house, _) = house(backend, &[]).await;
    house.apply(PEOPLE).await;
    let (ana, max) = (known(&house, ANA).await, known(&house, MAX).await);
    enter(&house, ANA, "/account").await;
    let (mut browser, _) = enter(&house, MAX, "/portal/groups").await;
    let group = group(&mut browser).await;
    // Without a name: the page comes again, with the members.
    let form = browser.get(&group).await.form(&group).fill("name", "");
    let (unnamed, csrf) = (body(&form, "save-group"), csrf(&form, "save-group"));
    let person = format!("/portal/users/{}", ana.id);
    let sessions = format!("{person}/sessions");
    let end = body(&browser.get(&person).await.form(&sessions), "end-sessions");
    let again = form_urlencoded::Serializer::new(String::new()).extend_pairs([("csrf", csrf.as_str()), ("action", "again")]).finish();
    let file = uploaded(&csrf);
    // A form that takes its time is as good as any.
    let (status, answer) = Halfway::send(&house, &browser, &group, FORM, &unnamed).await.arrive().await;
    assert!(status == 422 && answer.contains("Ana Ferreira"), "{answer}");
    for (path, kind, body) in [("/portal/settings/mail", FORM, &again), (MANY, UPLOAD, &file)] {
        let (status, answer) = Halfway::send(&house, &browser, path, kind, body).await.arrive().await;
        assert_eq!(status, 303, "{path}: {answer}");
    }
    let before = (count(&house, ANAS_SESSIONS).await, count(&house, FILES).await);
    assert_eq!(before, (1, 1));

    let mut waiting = Vec::new();
    let forms = [(group.as_str(), FORM, &unnamed), (sessions.as_str(), FORM, &end), ("/portal/settings/mail", FORM, &again), (MANY, UPLOAD, &file)];
    for (path, kind, body) in forms {
        waiting.push((path, Halfway::send(&house, &browser, path, kind, body).await));
    }
    all_are_let_in().await;
    let take = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let role = organization::by_key(&mut work.tx, &Slug::parse("administrator").expect("a key")).await?.expect("the role");
        grant::revoke_organization(work, &changing, Who::User(max.id), &role, None).await
    };
    assert!(house.server.ground.work(&SYSTEM, &Origin::default(), take).await.expect("taken away"));
    for (path, halfway) in waiting {
        let (status, answer) = halfway.arrive().await;
        assert!(status == 403 && answer.contains("What you may do has changed") && !answer.contains("Ana Ferreira"), "{path}: {answer}");
    }
    assert_eq!((count(&house, ANAS_SESSIONS).await, count(&house, FILES).await), before);
    house.close().await;
}

async fn whoever_was_shut_out_while_their_form_came_does_nothing(backend: Backend) {
    let (house, _) = house(backend, &[]).await;
    house.apply(PEOPLE).await;
    let (ana, max) = (known(&house, ANA).await, known(&house, MAX).await);
    enter(&house, ANA, "/account").await;
    let (mut browser, page) = enter(&house, MAX, "/account/profile").await;
    let profile = body(&page.form("/account/profile").fill("given_name", "Maxim"), "save");
    let others = form_urlencoded::Serializer::new(String::new()).extend_pairs([("csrf", csrf(&page.form("/account/profile"), "save"))]).finish();
    let group = group(&mut browser).await;
    let unnamed = body(&browser.get(&group).await.form(&group).fill("name", ""), "save-group");
    let person = format!("/portal/users/{}", ana.id);
    let sessions = format!("{person}/sessions");
    let end = body(&browser.get(&person).await.form(&sessions), "end-sessions");
    let (status, answer) = Halfway::send(&house, &browser, "/account/sessions", FORM, &others).await.arrive().await;
    assert_eq!(status, 303, "{answer}");

    let mut waiting = Vec::new();
    for (path, body) in [("/account/profile", &profile), ("/account/sessions", &others), (group.as_str(), &unnamed), (sessions.as_str(), &end)] {
        waiting.push((path, Halfway::send(&house, &browser, path, FORM, body).await));
    }
    all_are_let_in().await;
    let shut_out = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        deactivate(work, &changing, max.id).await
    };
    house.server.ground.work(&SYSTEM, &Origin::default(), shut_out).await.expect("shut out");
    for (path, halfway) in waiting {
        let (status, answer) = halfway.arrive().await;
        assert!(status == 403 && answer.contains("You were signed out") && !answer.contains("Ana Ferreira"), "{path}: {answer}");
    }
    assert_eq!(count(&house, ANAS_SESSIONS).await, 1);
    assert_eq!(known(&house, MAX).await.profile, max.profile);
    house.close().await;
}
