//! The workers on a real database: letters leave, wait, die and come back; events are sealed; what expired goes.

use super::*;
use crate::actor::Actor;
use crate::audit::{self, Event, Kind, Subject};
use crate::base::id::{JobId, UserId};
use crate::base::secret::Secret;
use crate::base::text::EmailAddress;
use crate::base::time::{Clock, Timestamp};
use crate::config::{Config, Sources};
use crate::db::{all, execute, one};
use crate::mail::mailbox;
use crate::mail::transport::{Memory, Settings, Transport};
use crate::outbox::{Job, Mail, counts, dead, revive};
use crate::work::Origin;
use std::time::Instant;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

async fn server(dir: &TempDir, clock: Clock, transport: Transport) -> Arc<Server> {
    let config = Config::load(Sources { working_dir: dir.path().to_owned(), ..Sources::default() }).unwrap();
    Server::open_with(config, clock, transport).await.unwrap()
}

fn smtp(port: u16) -> Transport {
    let url = Some(Secret::new(format!("smtp://127.0.0.1:{port}?tls=none")));
    Transport::open(&Settings { smtp_url: url, from: Some("no-reply@acme.example".to_owned()), ..Settings::default() }).unwrap()
}

async fn enqueue(server: &Server, to: &str) -> JobId {
    let job = Job::Mail(Mail {
        to: EmailAddress::parse(to).unwrap(),
        subject: "Your invitation".to_owned(),
        text: "https://id.acme.example/i/hunter2".to_owned(),
        html: "<a href=\"https://id.acme.example/i/hunter2\">Accept</a>".to_owned(),
    });
    let mut work = server.ground.begin(Actor::System { label: "test" }, Origin::default()).await.unwrap();
    let id = work.enqueue(&job).await.unwrap();
    work.commit().await.unwrap();
    id
}

async fn waiting_and_dead(server: &Server) -> (i64, i64) {
    counts(&mut server.ground.db.read().await.unwrap()).await.unwrap()
}

/// Waits for what the workers do beside us.
async fn until(what: &str, mut happened: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !happened().await {
        assert!(began.elapsed() < Duration::from_mins(2), "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn letters_leave_soon_and_once() {
    let dir = tempfile::tempdir().unwrap();
    let memory = Memory::default();
    let server = server(&dir, Clock::System, Transport::Memory(memory.clone())).await;
    let workers = start(&server);
    let (first, second) = (enqueue(&server, "ana@acme.example").await, enqueue(&server, "bo@acme.example").await);
    until("both letters leave", async || waiting_and_dead(&server).await.0 == 0).await;
    workers.stop().await;
    let letters = memory.letters();
    let ids: Vec<_> = letters.iter().map(|letter| letter.message_id.clone()).collect();
    assert_eq!(ids, [first, second].map(|id| format!("<{id}@localhost>")));
    assert!(letters[0].text.contains("hunter2") && letters[0].to.as_str() == "ana@acme.example");
    let mut tx = server.ground.db.read().await.unwrap();
    let (kept,) = one!(tx, (i64,), "SELECT COUNT(*) FROM jobs WHERE LENGTH(payload_sealed) > 0").unwrap();
    assert_eq!(kept, 0, "a finished job keeps nothing of its letter");
    drop(tx);
    server.close().await;
}

#[tokio::test]
async fn a_letter_is_tried_again_and_dies_and_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(NOW);
    // Nothing listens there.
    let server = server(&dir, clock.clone(), smtp(1)).await;
    let job = enqueue(&server, "ana@acme.example").await;
    for tries in 1..=outbox_tries() {
        assert!(outbox::deliver_next(&server).await.unwrap(), "try {tries} is due");
        assert!(!outbox::deliver_next(&server).await.unwrap(), "the next try waits");
        clock.advance(Duration::from_hours(7));
    }
    assert_eq!(waiting_and_dead(&server).await, (0, 1));
    let mut tx = server.ground.db.read().await.unwrap();
    let given_up = dead(&mut tx).await.unwrap();
    drop(tx);
    assert_eq!((given_up[0].id, given_up[0].attempts, given_up[0].kind.as_str()), (job, outbox_tries(), "mail"));
    assert!(given_up[0].last_error.as_deref().is_some_and(|error| !error.is_empty() && !error.contains("hunter2")), "{given_up:?}");

    let actor = Actor::System { label: "test" };
    assert_eq!(server.ground.work(&actor, &Origin::default(), async |work| revive(work).await).await.unwrap(), 1);
    assert_eq!(waiting_and_dead(&server).await, (1, 0));
    server.close().await;
    // The same directory, now with a mail server: the letter leaves under the same Message-ID.
    let memory = Memory::default();
    let server = self::server(&dir, clock, Transport::Memory(memory.clone())).await;
    assert!(outbox::deliver_next(&server).await.unwrap());
    assert_eq!(memory.letters()[0].message_id, format!("<{job}@localhost>"));
    server.close().await;
}

fn outbox_tries() -> i64 {
    crate::outbox::TRIES
}

/// A mail server that answers 550 to every recipient.
async fn refusing() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            write.write_all(b"220 mail.acme.example\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                let answer: &[u8] = if line.starts_with("RCPT") { b"550 5.1.1 no such person\r\n" } else { b"250 fine\r\n" };
                if write.write_all(answer).await.is_err() {
                    break;
                }
            }
        }
    });
    port
}

#[tokio::test]
async fn a_refusal_for_good_is_not_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let server = server(&dir, Clock::fixed(NOW), smtp(refusing().await)).await;
    enqueue(&server, "nobody@acme.example").await;
    assert!(outbox::deliver_next(&server).await.unwrap());
    let given_up = dead(&mut server.ground.db.read().await.unwrap()).await.unwrap();
    assert_eq!(given_up[0].attempts, 1);
    assert!(given_up[0].last_error.as_deref().is_some_and(|error| error.contains("no such person")), "{given_up:?}");
    server.close().await;
}

#[tokio::test]
async fn the_mailbox_keeps_letters_sealed_and_shows_them() {
    let dir = tempfile::tempdir().unwrap();
    let server = server(&dir, Clock::fixed(NOW), Transport::Mailbox).await;
    let job = enqueue(&server, "ana@acme.example").await;
    assert!(outbox::deliver_next(&server).await.unwrap());
    assert_eq!(waiting_and_dead(&server).await, (0, 0));
    let mut tx = server.ground.db.read().await.unwrap();
    let (sealed,) = one!(tx, (Vec<u8>,), "SELECT content_sealed FROM letters").unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("hunter2"), "the link is not readable in the table");
    let letters = mailbox::list(&mut tx, &server.ground.sealer, 10).await.unwrap();
    drop(tx);
    assert_eq!((letters.len(), letters[0].arrived_at), (1, NOW));
    assert_eq!(letters[0].letter.message_id, format!("<{job}@localhost>"));
    assert_eq!((letters[0].letter.to.as_str(), letters[0].letter.subject.as_str()), ("ana@acme.example", "Your invitation"));
    assert!(letters[0].letter.text.ends_with("hunter2") && letters[0].letter.html.contains("hunter2"));

    // Once more with the same Message-ID changes nothing.
    let mut tx = server.ground.db.write().await.unwrap();
    mailbox::put(&mut tx, &server.ground.sealer, &letters[0].letter, NOW.plus(Duration::from_secs(9))).await.unwrap();
    assert_eq!(mailbox::list(&mut tx, &server.ground.sealer, 10).await.unwrap(), letters);
    drop(tx);
    server.close().await;
}

#[tokio::test]
async fn jobs_of_a_killed_process_are_taken_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let memory = Memory::default();
    let server = server(&dir, Clock::System, Transport::Memory(memory.clone())).await;
    enqueue(&server, "ana@acme.example").await;
    // Claimed, and never ended.
    let mut tx = server.ground.db.write().await.unwrap();
    crate::outbox::claim(&mut tx, &server.ground.sealer, Clock::System.now()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert!(!outbox::deliver_next(&server).await.unwrap(), "the lease holds");
    let workers = start(&server);
    until("the job is taken over", async || memory.letters().len() == 1).await;
    workers.stop().await;
    server.close().await;
}

async fn record(server: &Server, count: usize) {
    let mut work = server.ground.begin(Actor::System { label: "test" }, Origin::default()).await.unwrap();
    for _ in 0..count {
        work.record(Event::new(Kind::SignedIn, Subject::unknown("user"))).await.unwrap();
    }
    work.commit().await.unwrap();
}

async fn unsealed(server: &Server) -> i64 {
    let mut tx = server.ground.db.read().await.unwrap();
    one!(tx, (i64,), "SELECT (SELECT COUNT(*) FROM audit_events) - (SELECT COUNT(*) FROM audit_seals)").unwrap().0
}

#[tokio::test]
async fn what_is_one_of_many_leaves_after_everything_else() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, memory) = (Clock::fixed(NOW), Memory::default());
    let server = server(&dir, clock.clone(), Transport::Memory(memory.clone())).await;
    let waiting = async || crate::outbox::bulk_waiting(&mut server.ground.db.read().await.unwrap(), 2).await.unwrap();
    for to in ["p1@acme.example", "p2@acme.example", "p3@acme.example"] {
        let mut work = server.ground.begin(Actor::System { label: "test" }, Origin::default()).await.unwrap();
        work.is_bulk = true;
        let mail = Mail { to: EmailAddress::parse(to).unwrap(), subject: "s".into(), text: "t".into(), html: "h".into() };
        work.enqueue(&Job::Mail(mail)).await.unwrap();
        work.commit().await.unwrap();
        clock.advance(Duration::from_secs(1));
    }
    enqueue(&server, "ana@acme.example").await;
    assert_eq!(waiting().await, 2, "counted no further than asked");
    while outbox::deliver_next(&server).await.unwrap() {}
    let order: Vec<_> = memory.letters().iter().map(|letter| letter.to.to_string()).collect();
    assert_eq!(order, ["ana@acme.example", "p1@acme.example", "p2@acme.example", "p3@acme.example"]);
    assert_eq!(waiting().await, 0);
    server.close().await;
}

#[tokio::test]
async fn events_are_sealed_within_a_second_and_before_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let server = server(&dir, Clock::System, Transport::Mailbox).await;
    let workers = start(&server);
    // A machine that does other things meanwhile may be slow once, and not every time.
    let mut took = Vec::new();
    while took.last().is_none_or(|took| *took >= Duration::from_secs(1)) {
        assert!(took.len() < 5, "{took:?}");
        record(&server, 3).await;
        let began = Instant::now();
        until("three events are sealed", async || unsealed(&server).await == 0).await;
        took.push(began.elapsed());
    }
    record(&server, 2).await;
    workers.stop().await;
    assert_eq!(unsealed(&server).await, 0, "what the last request changed is sealed before the end");
    let report = audit::verify(&mut server.ground.db.read().await.unwrap(), None).await.unwrap();
    assert_eq!((report.sealed, report.problems), (3 * i64::try_from(took.len()).unwrap() + 2, vec![]));
    server.close().await;
}

#[tokio::test]
async fn events_that_come_late_are_sealed_too() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(NOW);
    let server = server(&dir, clock.clone(), Transport::Mailbox).await;
    let mut sealing = seal::Sealing::default();
    record(&server, 600).await;
    sealing.round(&server).await.unwrap();
    assert_eq!(unsealed(&server).await, 0, "more than one batch");
    // Begun before, committed after: found within the time that is looked back, which is longer once a minute.
    let late = |minutes: u64| NOW.minus(Duration::from_mins(minutes));
    for (minutes, left) in [(0, 0), (10, 0), (20, 1)] {
        if minutes > 0 {
            clock.advance(Duration::from_mins(1));
        }
        record(&server, 1).await;
        let mut tx = server.ground.db.write().await.unwrap();
        execute!(tx, "UPDATE audit_events SET at = $1 WHERE id NOT IN (SELECT event_id FROM audit_seals)", late(minutes)).unwrap();
        tx.commit().await.unwrap();
        sealing.round(&server).await.unwrap();
        assert_eq!(unsealed(&server).await, left, "{minutes} minutes late");
    }
    clock.advance(Duration::from_hours(1));
    sealing.round(&server).await.unwrap();
    assert_eq!(unsealed(&server).await, 0, "every hour everything is looked at");
    server.close().await;
}

#[tokio::test]
async fn what_expired_goes_and_the_rest_stays() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(NOW);
    let server = server(&dir, clock.clone(), Transport::Mailbox).await;
    enqueue(&server, "ana@acme.example").await;
    assert!(outbox::deliver_next(&server).await.unwrap());
    enqueue(&server, "bo@acme.example").await;
    let mut tx = server.ground.db.write().await.unwrap();
    for (key, at) in [(vec![1u8], NOW), (vec![2], NOW.plus(Duration::from_hours(7 * 24)))] {
        execute!(tx, "INSERT INTO throttles (key, failures, last_failure_at, blocked_until) VALUES ($1, 1, $2, 0)", key, at).unwrap();
    }
    for (hash, ends) in [(vec![1u8], NOW), (vec![2], NOW.plus(Duration::from_hours(8 * 24)))] {
        execute!(tx, "INSERT INTO attempts (secret_hash, context, state, created_at, expires_at) VALUES ($1, 'stage:qa', '{}', $2, $3)", hash, NOW, ends)
            .unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(clean::clean(&server).await.unwrap(), 0, "nothing is old enough");
    clock.advance(Duration::from_hours(7 * 24) + Duration::from_secs(1));
    assert_eq!(clean::clean(&server).await.unwrap(), 3, "an attempt, a throttle and the finished job");
    assert_eq!(waiting_and_dead(&server).await, (1, 0), "the waiting job stays");
    server.close().await;
}

#[tokio::test]
async fn sessions_go_once_no_policy_keeps_them() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(NOW);
    let server = server(&dir, clock.clone(), Transport::Mailbox).await;
    let (user, days) = (UserId::fresh(), |count: u64| Duration::from_hours(count * 24));
    let mut tx = server.ground.db.write().await.unwrap();
    execute!(
        tx,
        "INSERT INTO users (id, email, email_key, status, phone_number_verified, access_version, sort_key, search_text, created_at, updated_at, version)
         VALUES ($1, 'ana@acme.example', 'ana@acme.example', 'active', FALSE, 1, $2, '', $3, $3, 1)",
        user,
        Vec::<u8>::new(),
        NOW
    )
    .unwrap();
    for (id, seen, ended) in [("ended", NOW, Some(NOW)), ("resting", NOW, None), ("used", NOW.plus(days(60)), None)] {
        execute!(
            tx,
            "INSERT INTO sessions (id, secret_hash, context, user_id, authenticated_at, acr, amr, created_at, last_seen_at, ended_at)
             VALUES ($1, $2, 'portal', $3, $4, '', 'pwd', $4, $5, $6)",
            id,
            id.as_bytes().to_vec(),
            user,
            NOW,
            seen,
            ended
        )
        .unwrap();
    }
    tx.commit().await.unwrap();
    let left = async || {
        let mut tx = server.ground.db.read().await.unwrap();
        all!(tx, (String,), "SELECT id FROM sessions ORDER BY id").unwrap().into_iter().map(|(id,)| id).collect::<Vec<_>>()
    };
    for (days_later, expected) in [(30, vec!["ended", "resting", "used"]), (31, vec!["resting", "used"]), (76, vec!["used"])] {
        let at = NOW.plus(days(days_later));
        clock.advance(at.since(clock.now()));
        clean::clean(&server).await.unwrap();
        assert_eq!(left().await, expected, "after {days_later} days");
    }
    server.close().await;
}

#[tokio::test]
async fn a_worker_that_breaks_starts_again() {
    use std::sync::atomic::{AtomicU32, Ordering};
    static STARTS: AtomicU32 = AtomicU32::new(0);
    let dir = tempfile::tempdir().unwrap();
    let server = server(&dir, Clock::System, Transport::Mailbox).await;
    let (stop, stopped) = watch::channel(false);
    let task = keep("test", &server, &stopped, |_, mut pause| async move {
        assert!(STARTS.fetch_add(1, Ordering::SeqCst) > 0, "breaks the first time");
        while pause.rest(Duration::from_mins(1)).await {}
    });
    until("it starts again", async || STARTS.load(Ordering::SeqCst) == 2).await;
    Workers { stop, tasks: vec![task] }.stop().await;
    server.close().await;
}
