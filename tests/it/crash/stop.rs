//! SIGTERM: the requests in flight are finished, then the process ends well.

use super::person::Person;
use super::place::Place;
use crate::support::house::{Backend, SECRET, on_both};
use crate::support::smtp::{Mode, Smtp};
use crate::support::until;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

on_both! { a_stop_finishes_the_requests_in_flight }

/// What a server says to whoever asks before sending the body (RFC 9110 section 10.1.1).
const CONTINUE: &[u8; 25] = b"HTTP/1.1 100 Continue\r\n\r\n";

async fn a_stop_finishes_the_requests_in_flight(backend: Backend) {
    let smtp = Smtp::start(Mode::StartTls).await;
    let place = Place::open(backend, &smtp).await;
    place.start().await;
    let mut person = Person::new(&place.issuer);
    let code = person.sign_in("ana@acme.example").await.expect("signed in");
    person.redeem(&code).await.expect("a token");

    // Half of a request has come, and the server has said that it is at it, when it is told to stop.
    let authority = place.issuer.trim_start_matches("http://").to_owned();
    let body = format!("grant_type=refresh_token&refresh_token={}", person.refresh_token.as_deref().expect("a token"));
    let credentials = STANDARD.encode(format!("sales:{SECRET}"));
    let head = format!(
        "POST /oauth2/token HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Basic {credentials}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(authority.replace("localhost", "127.0.0.1")).await.expect("a connection");
    stream.write_all(head.as_bytes()).await.expect("written");
    let mut goes_on = [0; CONTINUE.len()];
    stream.read_exact(&mut goes_on).await.expect("a first word");
    assert_eq!(goes_on, *CONTINUE);
    stream.write_all(&body.as_bytes()[..20]).await.expect("written");
    place.terminate();
    until("nobody new is let in", async || Person::new(&place.issuer).get("/healthz").await.is_err()).await;

    stream.write_all(&body.as_bytes()[20..]).await.expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer, then the end");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (_, answer) = answer.split_once("\r\n\r\n").expect("a body");
    let answer: serde_json::Value = serde_json::from_str(answer).expect("JSON");
    let status = place.ended().await;
    assert_eq!(status.code(), Some(0), "{}", place.log());
    let log = place.log();
    assert!(log.contains("stopping") && log.contains("\"stopped\"") && !log.contains("\"ERROR\""), "{log}");

    // What was answered last is kept.
    person.refresh_token = answer["refresh_token"].as_str().map(str::to_owned);
    place.start().await;
    person.refresh().await.expect("a token");
    assert!(person.is_signed_in().await.expect("an answer"));
    place.stop().await;
}
