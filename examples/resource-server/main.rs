//! A resource server: an API that takes the access tokens of Gatehouse. `token.rs` checks them; here stands what each route needs.
//! `AUDIENCE` is the resource identifier of your app at its stage; examples/README.md says where it stands.
//!
//! ```sh
//! ISSUER=http://localhost:8080 AUDIENCE=http://localhost:8080/apps/orders/production cargo run --example resource-server
//! ```

mod token;

use actix_web::web::{Data, Json, Path};
use actix_web::{App, HttpServer, get, post};
use serde_json::{Value, json};
use std::io;
use std::time::Duration;
use token::{Caller, Keys, Refused, Times, Verifier};

/// Whoever may `read` sees the orders.
#[get("/orders")]
async fn orders(caller: Caller) -> Result<Json<Value>, Refused> {
    caller.require("read")?;
    Ok(Json(json!([{ "id": 7, "for": "A. Customer", "approved": false }])))
}

/// Whoever may `approve` approves one.
#[post("/orders/{id}/approve")]
async fn approve(caller: Caller, id: Path<u64>) -> Result<Json<Value>, Refused> {
    caller.require("approve")?;
    Ok(Json(json!({ "id": *id, "approved": true, "by": caller.sub })))
}

fn setting(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

fn seconds(name: &str, otherwise: &str) -> io::Result<Duration> {
    setting(name, otherwise).parse().map(Duration::from_secs).map_err(|error| io::Error::other(format!("{name}: {error}")))
}

#[actix_web::main]
async fn main() -> io::Result<()> {
    let issuer = setting("ISSUER", "http://localhost:8080");
    let audience = setting("AUDIENCE", &format!("{issuer}/apps/orders/production"));
    let listen = setting("LISTEN", "127.0.0.1:8081");
    let times = Times { age: seconds("KEYS_AGE", "300")?, limit: seconds("KEYS_LIMIT", "3600")?, pause: seconds("KEYS_PAUSE", "30")? };
    let keys = Keys::new(&issuer, times).map_err(io::Error::other)?;
    let verifier = Data::new(Verifier { issuer, audience, keys });
    println!("takes tokens for {} at http://{listen}", verifier.audience);
    HttpServer::new(move || App::new().app_data(verifier.clone()).service(orders).service(approve)).bind(listen)?.run().await
}
