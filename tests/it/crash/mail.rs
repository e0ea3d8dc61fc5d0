//! Letters and mail servers that fail in the worst moment: at least once, recognisably the same, and visible when given up.

use super::link;
use super::person::Person;
use super::place::Place;
use crate::support::house::{Backend, on_both};
use crate::support::smtp::{Behaviour, Mail, Mode, Smtp};
use crate::support::{PATIENCE, free_port};
use gatehouse::all;
use std::time::{Duration, Instant};

on_both! {
    an_interrupted_delivery_repeats_the_same_letter
    a_mail_server_that_is_away_delays_and_one_that_refuses_is_seen
}

/// The letters to somebody, once there are so many.
async fn letters(smtp: &Smtp, to: &str, count: usize) -> Vec<Mail> {
    let begun = Instant::now();
    loop {
        let found: Vec<Mail> = smtp.mails().into_iter().filter(|mail| mail.to == [to]).collect();
        if found.len() >= count {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{} letters to {to} instead of {count}", found.len());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn invite(place: &Place, email: &str) {
    place.succeed(&["invite", email, "--role", "sales/production/viewer"]).await;
}

/// All of them are one letter, whose link lets its reader in.
async fn are_one(place: &Place, letters: &[Mail]) {
    for letter in letters {
        assert_eq!((letter.message_id(), letter.text()), (letters[0].message_id(), letters[0].text()));
    }
    assert!(letters[0].message_id().is_some_and(|id| id.ends_with("@acme.example")));
    let page = Person::new(&place.issuer).get(&link(&letters[0], &place.issuer)).await.expect("an answer");
    assert_eq!(page.status, 200, "{}", page.text());
}

async fn an_interrupted_delivery_repeats_the_same_letter(backend: Backend) {
    let smtp = Smtp::start(Mode::StartTls).await;
    let place = Place::open(backend, &smtp).await;
    place.start().await;
    // The mail server takes the letter and is gone before it says so.
    smtp.behave(Behaviour::DropAfterData);
    invite(&place, "bo@acme.example").await;
    letters(&smtp, "bo@acme.example", 1).await;
    smtp.behave(Behaviour::Accept);
    are_one(&place, &letters(&smtp, "bo@acme.example", 2).await).await;
    place.deliver_everything().await;

    // It takes the letter and says so late: in between, the server is killed.
    smtp.behave(Behaviour::SilentAfterData);
    invite(&place, "cy@acme.example").await;
    letters(&smtp, "cy@acme.example", 1).await;
    place.kill();
    smtp.behave(Behaviour::Accept);
    place.start().await;
    if backend == Backend::Postgres {
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(letters(&smtp, "cy@acme.example", 1).await.len(), 1, "another node may still be at it: the lease is respected");
        assert_eq!(place.let_leases_run_out().await, 1);
    }
    are_one(&place, &letters(&smtp, "cy@acme.example", 2).await).await;
    place.deliver_everything().await;
    assert_eq!(smtp.mails().len(), 4, "and nothing else repeats");
    place.stop().await;
}

/// The jobs that wait: how often each was tried, and why it waits.
async fn waiting(place: &Place) -> Vec<(i64, Option<String>)> {
    let db = place.database().await;
    let mut tx = db.read().await.expect("the database answers");
    let jobs = all!(tx, (i64, Option<String>), "SELECT attempts, last_error FROM jobs WHERE finished_at IS NULL AND dead_at IS NULL").expect("rows");
    drop(tx);
    db.close().await;
    jobs
}

/// Waits until the one job that waits was tried.
async fn tried(place: &Place) -> String {
    let begun = Instant::now();
    loop {
        if let [(attempts, Some(why))] = &waiting(place).await[..] {
            assert!(*attempts > 0);
            return why.clone();
        }
        assert!(begun.elapsed() < PATIENCE, "the job is not tried: {:?}", waiting(place).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn a_mail_server_that_is_away_delays_and_one_that_refuses_is_seen(backend: Backend) {
    let smtp = Smtp::start(Mode::StartTls).await;
    let place = Place::open(backend, &smtp).await;
    // Nobody listens: the letter waits, also over a restart.
    place.configure(&smtp.url().replace(&smtp.port().to_string(), &free_port().to_string()), Some(smtp.ca_file()), None);
    place.start().await;
    invite(&place, "bo@acme.example").await;
    let why = tried(&place).await;
    assert!(!why.is_empty(), "{why}");
    assert!(place.succeed(&["outbox", "list"]).await.contains("1 jobs wait, 0 were given up."));
    place.stop().await;
    place.configure(&smtp.url(), Some(smtp.ca_file()), None);
    place.start().await;
    are_one(&place, &letters(&smtp, "bo@acme.example", 1).await).await;

    // Busy: later is another chance.
    smtp.behave(Behaviour::Busy);
    invite(&place, "cy@acme.example").await;
    let why = tried(&place).await;
    assert!(why.contains("try again later"), "{why}");
    smtp.behave(Behaviour::Accept);
    are_one(&place, &letters(&smtp, "cy@acme.example", 1).await).await;
    place.deliver_everything().await;

    // Refused for good: given up at once, shown with the server's words, and there for another try.
    smtp.behave(Behaviour::RejectRecipient);
    invite(&place, "di@acme.example").await;
    let begun = Instant::now();
    let said = loop {
        let said = place.succeed(&["outbox", "list"]).await;
        if said.contains("0 jobs wait, 1 were given up.") {
            break said;
        }
        assert!(begun.elapsed() < PATIENCE, "{said}");
    };
    assert!(said.contains("nobody of that name here") && said.contains("gatehouse outbox revive"), "{said}");
    assert!(!said.contains("di@acme.example") && !said.contains("/invitations/"), "the list tells nobody's address and no link: {said}");
    smtp.behave(Behaviour::Accept);
    assert!(place.succeed(&["outbox", "revive"]).await.contains("1 jobs get their tries again."));
    are_one(&place, &letters(&smtp, "di@acme.example", 1).await).await;
    place.deliver_everything().await;
    assert_eq!(smtp.mails().len(), 3, "one letter each");
    place.stop().await;
}
