//! Letters over SMTP, to a real server.

use crate::support::smtp::{Behaviour, CREDENTIALS, Mail, Mode, Smtp};
use crate::support::{PATIENCE, free_port};
use gatehouse::base::secret::Secret;
use gatehouse::base::text::EmailAddress;
use gatehouse::mail::transport::{Letter, SendError, Settings, Transport};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

fn settings(url: &str, server: Option<&Smtp>) -> Settings {
    Settings {
        smtp_url: Some(Secret::new(url.to_owned())),
        from: Some(String::from("Gatehouse <no-reply@example.org>")),
        ca_file: server.map(Smtp::ca_file),
        timeout_seconds: PATIENCE.as_secs().try_into().expect("a number"),
    }
}

fn client(server: &Smtp) -> Transport {
    Transport::open(&settings(&server.url(), Some(server))).expect("good settings")
}

fn letter() -> Letter {
    Letter {
        message_id: String::from("<0190-job.7@auth.example.org>"),
        to: EmailAddress::parse("ana@example.org").expect("an address"),
        subject: String::from("Grüße aus Zürich: 你好, Ana \u{1f511}"),
        text: format!("Zeile eins\r\n.ein Punkt am Anfang\r\n{}\r\n", "ü".repeat(2_000)),
        html: String::from("<p>Grüße &amp; 你好</p>"),
    }
}

fn temporary(result: Result<(), SendError>) -> String {
    match result {
        Err(SendError::Temporary(said)) => said,
        other => panic!("expected a temporary failure, got {other:?}"),
    }
}

#[tokio::test]
async fn a_letter_arrives_intact_over_starttls() {
    let server = Smtp::start(Mode::StartTls).await;
    let letter = letter();
    client(&server).send(&letter).await.expect("sent");

    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!((mail.from.as_str(), mail.to.as_slice()), ("no-reply@example.org", &[String::from("ana@example.org")][..]));
    assert_eq!(mail.message_id().as_deref(), Some("0190-job.7@auth.example.org"));
    assert_eq!(mail.subject().as_deref(), Some(letter.subject.as_str()));
    assert_eq!(mail.text().as_deref(), Some(letter.text.as_str()));
    assert_eq!(mail.html().as_deref(), Some(letter.html.as_str()));
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(mail.header("From").as_deref(), Some("Gatehouse <no-reply@example.org>"));
    assert!(mail.header("Date").is_some() && mail.header("Bcc").is_none());
    assert!(mail.data.split(|b| *b == b'\n').all(|line| line.len() <= 999), "RFC 5322 section 2.1.1");
}

#[tokio::test]
async fn a_letter_arrives_over_implicit_tls_and_with_auth_login() {
    let server = Smtp::start(Mode::Implicit).await;
    server.offer("LOGIN");
    let client = client(&server);
    client.send(&letter()).await.expect("sent");
    client.send(&letter()).await.expect("sent again over the same connection");
    assert_eq!(server.mails().len(), 2);
}

#[tokio::test]
async fn a_local_server_may_do_without_tls_but_only_when_told() {
    let server = Smtp::start(Mode::Plain).await;
    client(&server).send(&letter()).await.expect("sent");
    assert_eq!(server.mails().len(), 1);

    let opportunistic = format!("smtp://localhost:{}?tls=opportunistic", server.port());
    Transport::open(&settings(&opportunistic, None)).expect("good settings").send(&letter()).await.expect("sent");

    let strict = format!("smtp://{CREDENTIALS}@localhost:{}", server.port());
    let strict = Transport::open(&settings(&strict, None)).expect("good settings");
    temporary(strict.send(&letter()).await);
    assert_eq!(server.mails().len(), 2, "nothing goes to a server without STARTTLS");
}

#[tokio::test]
async fn a_wrong_password_is_the_operators_to_mend() {
    let server = Smtp::start(Mode::StartTls).await;
    let wrong = server.url().replace("battery", "staple");
    let said = temporary(Transport::open(&settings(&wrong, Some(&server))).expect("good settings").send(&letter()).await);
    assert!(said.contains("535") || said.contains("wrong user or password"), "{said}");
    assert!(!said.contains("staple") && server.mails().is_empty());

    let nobody = format!("smtp://localhost:{}", server.port());
    temporary(Transport::open(&settings(&nobody, Some(&server))).expect("good settings").send(&letter()).await);
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let server = Smtp::start(Mode::StartTls).await;
    let client = client(&server);
    server.behave(Behaviour::RejectRecipient);
    match client.send(&letter()).await {
        Err(SendError::Permanent(said)) => assert!(said.contains("nobody of that name here"), "{said}"),
        other => panic!("expected a permanent failure, got {other:?}"),
    }
    server.behave(Behaviour::Busy);
    assert!(temporary(client.send(&letter()).await).contains("try again later"));
    server.behave(Behaviour::Accept);
    client.send(&letter()).await.expect("it goes now");
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn an_answer_that_gets_lost_may_repeat_the_same_letter() {
    let server = Smtp::start(Mode::StartTls).await;
    let client = client(&server);
    server.behave(Behaviour::DropAfterData);
    temporary(client.send(&letter()).await);
    server.behave(Behaviour::Accept);
    client.send(&letter()).await.expect("sent");
    let ids: Vec<_> = server.mails().iter().map(Mail::message_id).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn silence_and_absence_are_temporary() {
    let server = Smtp::start(Mode::StartTls).await;
    server.behave(Behaviour::Hang);
    let impatient = Transport::open(&Settings { timeout_seconds: 1, ..settings(&server.url(), Some(&server)) }).expect("good settings");
    let begun = Instant::now();
    temporary(impatient.send(&letter()).await);
    assert!(begun.elapsed() < Duration::from_secs(6), "three times the second of the settings");

    let nowhere = format!("smtp://localhost:{}", free_port());
    temporary(Transport::open(&settings(&nowhere, None)).expect("good settings").send(&letter()).await);
}

#[tokio::test]
async fn an_untrusted_certificate_is_refused() {
    for mode in [Mode::StartTls, Mode::Implicit] {
        let (server, other) = (Smtp::start(mode).await, Smtp::start(mode).await);
        // Trusting another server's certificate must not help.
        temporary(Transport::open(&settings(&server.url(), Some(&other))).expect("good settings").send(&letter()).await);
        // The right certificate, the wrong name.
        let by_address = server.url().replace("localhost", "127.0.0.1");
        temporary(Transport::open(&settings(&by_address, Some(&server))).expect("good settings").send(&letter()).await);
        assert!(server.mails().is_empty());
    }
}

#[tokio::test]
async fn the_test_server_itself_is_strict() {
    let server = Smtp::start(Mode::StartTls).await;
    let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", server.port())).await.expect("a connection"));
    let mut greeting = String::new();
    stream.read_line(&mut greeting).await.expect("a greeting");
    for (command, code) in [
        ("MAIL FROM:<a@example.org>", "530"),
        ("AUTH PLAIN AGEAYg==", "538"),
        ("RCPT TO:<a@example.org>", "503"),
        ("DATA", "503"),
        ("VRFY a", "502"),
        ("NOOP", "250"),
        ("RSET", "250"),
        ("QUIT", "221"),
    ] {
        stream.get_mut().write_all(format!("{command}\r\n").as_bytes()).await.expect("written");
        let mut answer = String::new();
        stream.read_line(&mut answer).await.expect("an answer");
        assert!(answer.starts_with(code), "{command}: {answer}");
    }
    assert!(server.mails().is_empty());
}
