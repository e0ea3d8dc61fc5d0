//! Whoever runs the server can count the tokens that had no room for everything: each is a line in the log with a field to add up.

use super::{crowded, own};
use crate::support::house::{Backend, House, on_both};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatehouse::base::time::Clock;
use gatehouse::oauth::client_auth;
use gatehouse::oauth::parameters::Parameters;
use gatehouse::oauth::token;
use gatehouse::work::Origin;
use serde_json::{Value, json};
use std::io;
use std::sync::{Arc, Mutex};
use tracing::instrument::WithSubscriber;

on_both! { what_gives_way_is_counted_in_the_log }

/// What was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics while writing").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A token of "robot" for itself, made as the token endpoint makes it, but here: the workers of a house log elsewhere.
async fn issue(house: &House) {
    let (ground, provider) = (&house.server.ground, &house.server.provider);
    let (id, secret) = own("robot");
    let header = format!("Basic {}", STANDARD.encode(format!("{id}:{}", secret.expect("a secret"))));
    let parameters = Parameters::parse(b"grant_type=client_credentials");
    let mut tx = ground.db.read().await.expect("a reader");
    let client = client_auth::authenticate(&mut tx, Some(&header), &parameters, ground.clock.now()).await.expect("let in");
    drop(tx);
    token::redeem(ground, provider, &client, &parameters, &Origin::default()).await.expect("a token");
}

/// The lines with the counter that issuing one token wrote, as the log writes them for machines.
async fn counted(house: &House) -> Vec<Value> {
    let lines = Lines::default();
    let sink = lines.clone();
    let json = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).json().flatten_event(true).with_writer(move || sink.clone());
    issue(house).with_subscriber(json.finish()).await;
    let bytes = lines.0.lock().expect("nobody panics while writing").clone();
    let text = String::from_utf8(bytes).expect("text");
    let all = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    all.filter(|line| line.get("counter.claims_overflow").is_some()).collect()
}

async fn what_gives_way_is_counted_in_the_log(backend: Backend) {
    let house = crowded(backend, Clock::System).await;
    house.keys_made().await;
    // Once before anybody listens. Whether somebody listens to a line is found out when it is reached for the first time, and then for every
    // new listener: a story beside this one must not be the first at that moment.
    issue(&house).await;
    let found = counted(&house).await;
    let [line] = found.as_slice() else { panic!("one line for one token: {found:?}") };
    assert_eq!((&line["counter.claims_overflow"], &line["level"], &line["message"]), (&json!(1), &json!("WARN"), &json!("claims gave way")));
    assert_eq!((&line["client_id"], &line["sub"]), (&json!("robot"), &json!("robot")));
    let left_out = line["left_out"].as_str().expect("names");
    assert!(left_out.contains("permissions") && left_out.contains("scoped_permissions"), "{left_out}");
    // With room for it there is nothing to count.
    house.apply("[organization]\nname = \"Acme\"\nclaims_budget = 10240\n").await;
    assert_eq!(counted(&house).await, Vec::<Value>::new());
    house.close().await;
}
