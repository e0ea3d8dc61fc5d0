//! Races: what happens when many do at the same moment what only one of them may. Everything runs on both databases, over
//! real HTTP where there is an edge, and the rows are read afterwards: exactly one wins, and nothing else is lost.

mod administrators;
mod body;
mod clients;
mod deletion;
mod invitations;
mod rights;
mod sign_in;
mod tokens;

use crate::story;
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, REDIRECT, SECRET};
use gatehouse::base::time::Clock;
use gatehouse::one;
use serde_json::Value;

/// A verifier and its challenge (RFC 7636 appendix B).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// How many try at once.
const MANY: usize = 16;

/// The address of the person who signs in here.
const ANA: &str = "ana@acme.example";

/// A server with two threads that answer, so that requests really run at once, and a clock that only the test moves.
async fn house(backend: Backend, settings: &[(&str, &str)]) -> (House, Clock) {
    let clock = Clock::fixed(Clock::System.now());
    let settings: Vec<_> = settings.iter().copied().chain([("server.workers", "2")]).collect();
    (House::open_with(backend, &settings, clock.clone()).await, clock)
}

/// Lets `MANY` begin at the same moment; answers when all have ended, in their order.
async fn at_once<T, F: Future<Output = T>>(one: impl FnMut(usize) -> F) -> Vec<T> {
    futures_util::future::join_all((0..MANY).map(one)).await
}

/// An authorization request of a client of the seed.
fn authorize_url(house: &House, client: &str) -> String {
    format!(
        "{}/oauth2/authorize?response_type=code&client_id={client}&redirect_uri={REDIRECT}&scope=openid&state=s&nonce=n&code_challenge={CHALLENGE}&code_challenge_method=S256",
        house.issuer
    )
}

/// The code in the answer that the browser was given.
fn code_in(page: &crate::support::page::Page) -> String {
    let url = story::callback(page);
    url.query_pairs().find(|(name, _)| name == "code").unwrap_or_else(|| panic!("no code in {url}")).1.into_owned()
}

/// A fresh code for Ana, who signs in where she is not yet.
async fn code(house: &House, browser: &mut Browser, client: &str) -> String {
    let page = browser.get(&authorize_url(house, client)).await;
    code_in(&if page.location().is_some() { page } else { story::sign_in(browser, &page, ANA, PASSWORD).await })
}

/// What an app has on its side of the wire.
struct App {
    http: reqwest::Client,
    issuer: String,
    client: &'static str,
}

impl App {
    fn of(house: &House, client: &'static str) -> Self {
        let http = crate::support::http().build().expect("a client");
        Self { http, issuer: house.issuer.clone(), client }
    }

    async fn token(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let request = self.http.post(format!("{}/oauth2/token", self.issuer)).basic_auth(self.client, Some(SECRET)).form(form);
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    async fn redeem(&self, code: &str) -> (u16, Value) {
        self.token(&[("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)]).await
    }

    async fn refresh(&self, token: &str) -> (u16, Value) {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// The status of userinfo, and why it refused.
    async fn userinfo(&self, answer: &Value) -> (u16, String) {
        let answer = self.http.get(format!("{}/oauth2/userinfo", self.issuer)).bearer_auth(text(answer, "access_token")).send().await.expect("an answer");
        let why = answer.headers().get("www-authenticate").map(|why| why.to_str().expect("ASCII").to_owned());
        (answer.status().as_u16(), why.unwrap_or_default())
    }
}

fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer}"))
}

/// Whether an answer of the token endpoint is this refusal.
fn is_refused(answer: &(u16, Value), error: &str) -> bool {
    answer.0 == 400 && answer.1["error"] == error && answer.1.get("access_token").is_none()
}

/// One number from the database.
async fn count(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (i64,), sql).expect("a number").0
}
