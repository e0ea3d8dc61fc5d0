//! What is refused: each with its status and code, in its reader's format, and with nothing lost or changed by it.

mod authorize;
mod authorize_errors;
mod hosts;
mod invitations;
mod own_pages;
mod refresh;
mod routes;
mod sessions;
mod sign_in;
mod throttle;
mod token;
mod userinfo;

use crate::story;
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, REDIRECT, SECRET};
use crate::support::page::Page;
use gatehouse::access;
use gatehouse::access::grant::{self, Holder};
use gatehouse::access::role::end_user;
use gatehouse::access::{app, stage};
use gatehouse::actor::Actor;
use gatehouse::base::id::UserId;
use gatehouse::base::text::{EmailAddress, Slug};
use gatehouse::base::time::{Clock, Timestamp};
use gatehouse::identity::user;
use gatehouse::lifecycle::deactivate;
use gatehouse::oauth::client;
use gatehouse::work::Origin;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use serde_json::Value;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::{Url, form_urlencoded};

/// The example of RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// Who may sign in to the app "sales" at both stages.
const ANA: &str = "ana@acme.example";
/// Who may not.
const NORA: &str = "nora@acme.example";
/// The owner, who has no role in any app.
const OLGA: &str = "olga@acme.example";
/// What a policy of pages says where a submission may end at an app; elsewhere it also keeps forms at home.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// An authorization request in the making: good as it begins.
#[derive(Clone, Debug)]
struct Ask(Vec<(String, String)>);

impl Ask {
    fn of(client: &str) -> Self {
        let pairs = [
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", REDIRECT),
            ("scope", "openid profile email roles"),
            ("state", "as it was"),
            ("nonce", "n-0S6"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn without(mut self, name: &str) -> Self {
        self.0.retain(|(has, _)| has != name);
        self
    }

    fn with(self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    fn path(&self) -> String {
        format!("/oauth2/authorize?{}", self.encoded())
    }

    fn pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// An answer to a program.
#[derive(Clone, Debug)]
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("an ASCII header"))
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.body))
    }

    /// Status and error code, once the answer is found to be JSON that nobody keeps.
    fn refusal(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/json"), "{self:?}");
        assert_eq!(self.header("cache-control"), Some("no-store"), "{self:?}");
        let json = self.json();
        let names: Vec<&str> = json.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(names, ["error", "error_description"], "nothing else is said: {json}");
        assert!(self.header("set-cookie").is_none());
        (self.status, json["error"].as_str().expect("a code").to_owned())
    }

    fn token(&self, name: &str) -> String {
        assert_eq!(self.status, 200, "{}", self.body);
        assert_eq!(self.header("cache-control"), Some("no-store"));
        self.json()[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.body)).to_owned()
    }
}

/// How a client says who it is.
#[derive(Clone, Copy, Debug)]
enum Proof<'a> {
    Basic(&'a str, &'a str),
    Post(&'a str, &'a str),
    Public(&'a str),
    Nothing,
}

/// The registered way of a client of the seed.
fn proof(client: &str) -> Proof<'_> {
    match client {
        "sales-post" => Proof::Post(client, SECRET),
        "sales-public" | "sales-dev" | "native" | "plain" => Proof::Public(client),
        _ => Proof::Basic(client, SECRET),
    }
}

/// How much there is of everything that a refusal must not touch.
#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
struct Kept {
    users: i64,
    identities: i64,
    grants: i64,
    invitations: i64,
    sessions: i64,
    attempts: i64,
    authorizations: i64,
    codes: i64,
    families: i64,
    generations: i64,
    consents: i64,
}

/// A house and somebody who knocks at its doors.
struct Desk {
    house: House,
    http: reqwest::Client,
}

impl Desk {
    async fn open(backend: Backend) -> Self {
        Self::open_with(backend, &[], Clock::System).await
    }

    async fn open_with(backend: Backend, settings: &[(&str, &str)], clock: Clock) -> Self {
        let house = House::open_with(backend, settings, clock).await;
        let desk = Self::of(house);
        // The first keys are made beside the listener; whoever asks for them waits.
        assert_eq!(desk.get("/.well-known/jwks.json").await.status, 200);
        desk
    }

    /// One that people reach under another address, through a proxy that speaks TLS.
    async fn open_public(backend: Backend, public_url: &str) -> Self {
        let house = House::open_with(backend, &[("server.public_url", public_url)], Clock::System).await;
        Self::of(house)
    }

    fn of(house: House) -> Self {
        let http = crate::support::http().redirect(Policy::none()).timeout(crate::support::PATIENCE).build().expect("a client");
        Self { house, http }
    }

    /// One with a clock that stands still, and the clock.
    async fn with_clock(backend: Backend, settings: &[(&str, &str)]) -> (Self, Clock) {
        // To the second, as tokens tell time.
        let clock = Clock::fixed(Timestamp::from_seconds(Clock::System.now().seconds()));
        (Self::open_with(backend, settings, clock.clone()).await, clock)
    }

    async fn close(self) {
        self.house.close().await;
    }

    fn browser(&self) -> Browser {
        Browser::new(&self.house.issuer)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.house.issuer)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Answer { status, headers, body: answer.text().await.expect("a text") }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(self.http.get(self.url(path))).await
    }

    async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        self.send(self.http.post(self.url(path)).form(pairs)).await
    }

    /// Sends these very bytes; answers everything that comes back.
    async fn raw(&self, request: &str) -> String {
        let port = Url::parse(&self.house.issuer).expect("a URL").port().expect("a port");
        let mut socket = tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.expect("a connection");
        // Whoever refuses need not read to the end, so neither writing nor reading must come to one.
        let mut answer = Vec::new();
        let talk = async {
            let _ = socket.write_all(request.as_bytes()).await;
            let _ = socket.read_to_end(&mut answer).await;
        };
        let _ = tokio::time::timeout(Duration::from_secs(5), talk).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks the token endpoint.
    async fn token(&self, proof: Proof<'_>, pairs: &[(&str, &str)]) -> Answer {
        let request = self.http.post(self.url("/oauth2/token"));
        let mut form = pairs.to_vec();
        let request = match proof {
            Proof::Basic(id, secret) => request.basic_auth(id, Some(secret)),
            Proof::Post(id, secret) => {
                form.extend([("client_id", id), ("client_secret", secret)]);
                request
            }
            Proof::Public(id) => {
                form.push(("client_id", id));
                request
            }
            Proof::Nothing => request,
        };
        self.send(request.form(&form)).await
    }

    async fn redeem(&self, client: &str, code: &str) -> Answer {
        let pairs = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
        self.token(proof(client), &pairs).await
    }

    async fn refresh(&self, client: &str, token: &str) -> Answer {
        self.token(proof(client), &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    async fn userinfo(&self, token: &str) -> Answer {
        self.send(self.http.get(self.url("/oauth2/userinfo")).bearer_auth(token)).await
    }

    /// Goes to the app, signing in where that is asked for; answers where the app is called back.
    async fn visit(&self, browser: &mut Browser, ask: &Ask, email: &str) -> Url {
        let page = browser.get(&ask.path()).await;
        let page = if page.location().is_some() { page } else { story::sign_in(browser, &page, email, PASSWORD).await };
        story::callback(&page)
    }

    /// A fresh code of a client for Ana.
    async fn code(&self, browser: &mut Browser, ask: &Ask) -> String {
        said(&self.visit(browser, ask, ANA).await, "code").expect("a code")
    }

    /// The whole way in a fresh browser.
    async fn tokens(&self, client: &str, scope: &str, email: &str) -> (Browser, Answer) {
        let mut browser = self.browser();
        let back = self.visit(&mut browser, &Ask::of(client).with("scope", scope), email).await;
        let answer = self.redeem(client, &said(&back, "code").expect("a code")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        (browser, answer)
    }

    async fn kept(&self) -> Kept {
        let mut tx = self.house.server.ground.db.read().await.expect("a reader");
        gatehouse::one!(
            tx,
            Kept,
            "SELECT (SELECT COUNT(*) FROM users) AS users, (SELECT COUNT(*) FROM identities) AS identities,
             (SELECT COUNT(*) FROM end_user_grants) + (SELECT COUNT(*) FROM organization_grants) + (SELECT COUNT(*) FROM memberships) AS grants,
             (SELECT COUNT(*) FROM invitations WHERE closed_at IS NULL) AS invitations,
             (SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL) AS sessions,
             (SELECT COUNT(*) FROM attempts WHERE completed_at IS NULL) AS attempts,
             (SELECT COUNT(*) FROM authorizations WHERE ended_at IS NULL) AS authorizations,
             (SELECT COUNT(*) FROM codes WHERE used_at IS NULL) AS codes,
             (SELECT COUNT(*) FROM refresh_families WHERE ended_at IS NULL) AS families,
             (SELECT CAST(COALESCE(SUM(generation), 0) AS BIGINT) FROM refresh_families) AS generations,
             (SELECT COUNT(*) FROM consents) AS consents"
        )
        .expect("counts")
    }

    async fn user(&self, email: &str) -> UserId {
        let mut tx = self.house.server.ground.db.read().await.expect("a reader");
        let email = EmailAddress::parse(email).expect("an address");
        user::by_email(&mut tx, &email).await.expect("an answer").expect("a user").id
    }

    async fn deactivate(&self, email: &str) {
        let id = self.user(email).await;
        let rule = async |work: &mut gatehouse::work::Work| {
            let changing = access::begin_change(work).await?;
            deactivate::deactivate(work, &changing, id).await
        };
        self.house.server.ground.work(&Actor::System { label: "test" }, &Origin::default(), rule).await.expect("deactivated");
    }

    /// Suspends a client, or lets it go on.
    async fn suspend(&self, client: &str, suspended: bool) {
        let rule = async |work: &mut gatehouse::work::Work| {
            let changing = access::begin_change(work).await?;
            let client = client::by_client_id(&mut work.tx, client).await?.expect("the client");
            if suspended { client::suspend(work, &changing, &client).await } else { client::resume(work, &changing, &client).await }
        };
        assert!(self.house.server.ground.work(&Actor::System { label: "test" }, &Origin::default(), rule).await.expect("suspended or resumed"));
    }

    /// Takes a role of the app "sales" away from a person.
    async fn revoke(&self, email: &str, at: &str, role: &str) {
        let id = self.user(email).await;
        let slug = |text| Slug::parse(text).expect("a key");
        let rule = async |work: &mut gatehouse::work::Work| {
            let changing = access::begin_change(work).await?;
            let sales = app::by_key(&mut work.tx, &slug("sales")).await?.expect("the app");
            let stage = stage::by_key(&mut work.tx, &slug(at)).await?.expect("the stage");
            let home = app::deployment::find(&mut work.tx, sales.id, stage.id).await?.expect("the deployment");
            let role = end_user::by_key(&mut work.tx, home.id, &slug(role)).await?.expect("the role");
            grant::revoke_end_user(work, &changing, Holder::User(id), sales.id, &role).await
        };
        assert!(self.house.server.ground.work(&Actor::System { label: "test" }, &Origin::default(), rule).await.expect("revoked"));
    }
}

/// What the callback says under a name.
fn said(back: &Url, name: &str) -> Option<String> {
    back.query_pairs().find(|(has, _)| has == name).map(|(_, value)| value.into_owned())
}

/// The claims of a token that came straight from the token endpoint.
fn claims(token: &str) -> Value {
    use base64::Engine;
    let middle = token.split('.').nth(1).expect("a JWT");
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(middle).expect("base64url")).expect("JSON")
}

/// The headers of every page, exactly (`protocol.md`, page headers): a page with a form lets it end at an app, our own pages apart.
fn assert_page(what: &str, headers: &HeaderMap, body: &str) {
    let all = |name: &str| -> Vec<&str> { headers.get_all(name).iter().map(|value| value.to_str().expect("ASCII")).collect() };
    let own = body.contains("<body class=\"portal\">") || body.contains("action=\"/sign-in\"");
    let policy = if body.contains("<form") && !own { PAGE_POLICY.to_owned() } else { format!("{PAGE_POLICY}; form-action 'self'") };
    assert_eq!(all("content-type"), ["text/html; charset=utf-8"], "{what}: {body}");
    assert_eq!(all("content-security-policy"), [policy], "{what}");
    assert_eq!(all("referrer-policy"), ["no-referrer"], "{what}");
    assert_eq!(all("x-content-type-options"), ["nosniff"], "{what}");
    assert_eq!(all("cache-control"), ["no-store"], "{what}");
    let cors: Vec<_> = headers.keys().filter(|name| name.as_str().starts_with("access-control-")).collect();
    assert!(cors.is_empty(), "{what}: {cors:?}");
    assert!(body.starts_with("<!doctype html>") || body.starts_with("<!DOCTYPE html>"), "{what}: {body}");
}

/// An error page of this status, whole and alone: no redirect, nothing kept in the browser.
fn assert_error_page(what: &str, page: &Page, status: u16) {
    assert_eq!(page.status.as_u16(), status, "{what}: {}", page.text());
    assert_page(what, &page.headers, &page.body);
    assert!(page.element("error-page").is_some() && page.header("location").is_none(), "{what}: {}", page.body);
}
