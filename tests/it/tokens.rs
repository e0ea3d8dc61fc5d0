//! What tokens carry and what does not fit, who may ask about them, and how they end: introspection, distributed claims, revocation,
//! tools for many apps, and the preview of it all.

mod asked;
mod budget;
mod counted;
mod door;
mod looks;
mod named;
mod overflow;
mod preview;
mod tools;

use crate::support::house::{Backend, House, SECRET};
use gatehouse::base::time::Clock;
use reqwest::Response;
use serde_json::Value;

const ANA: &str = "ana@acme.example";
const OLGA: &str = "olga@acme.example";

/// The resource of Sales Desk at Production.
fn sales(house: &House) -> String {
    format!("{}/apps/sales/production", house.issuer)
}

/// A server whose organization allows 512 bytes, where Ana is in many groups.
async fn crowded(backend: Backend, clock: Clock) -> House {
    let house = House::open_with(backend, &[], clock).await;
    let names: Vec<String> = (0..30).map(|n| format!("a-group-of-many-{n:02}")).collect();
    let groups = names.iter().fold(String::new(), |all, key| format!("{all}[[group]]\nstage = \"production\"\nkey = \"{key}\"\nname = \"{key}\"\n"));
    let member = names.iter().map(|key| format!("\"production/{key}\"")).collect::<Vec<_>>().join(", ");
    let robot = "[[client]]\nclient_id = \"robot\"\nname = \"Robot\"\norg_roles = [\"administrator\"]\n";
    house.apply(&format!("[organization]\nname = \"Acme\"\nclaims_budget = 512\n{groups}[[user]]\nemail = \"{ANA}\"\ngroups = [{member}]\n{robot}")).await;
    house
}

/// Posts a form as a client does; answers status and JSON (null when there is none).
async fn post(house: &House, path: &str, client: (&str, Option<&str>), form: &[(&str, &str)]) -> (u16, Value) {
    let http = crate::support::http().build().expect("a client");
    let request = http.post(format!("{}{path}", house.issuer));
    let answer = match client {
        (id, Some(secret)) => request.basic_auth(id, Some(secret)).form(form),
        (id, None) => request.form(&form.iter().copied().chain([("client_id", id)]).collect::<Vec<_>>()),
    };
    let answer = answer.send().await.expect("an answer");
    assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

/// What a client hears of a token.
async fn introspect(house: &House, client: (&str, Option<&str>), token: &str) -> Value {
    let (status, answer) = post(house, "/oauth2/introspect", client, &[("token", token)]).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

const fn own(client: &str) -> (&str, Option<&str>) {
    (client, Some(SECRET))
}

/// A token of a client for itself.
async fn credentials(house: &House, client: &str, more: &[(&str, &str)]) -> Value {
    let form: Vec<_> = [("grant_type", "client_credentials")].iter().chain(more).copied().collect();
    let (status, answer) = post(house, "/oauth2/token", own(client), &form).await;
    assert_eq!(status, 200, "{answer}");
    answer["access_token"].clone()
}

/// Asks the claims endpoint with a token in the header.
async fn elsewhere(house: &House, token: &str) -> Response {
    let http = crate::support::http().build().expect("a client");
    http.get(format!("{}/oauth2/claims", house.issuer)).bearer_auth(token).header("Origin", "https://spa.acme.example").send().await.expect("an answer")
}
