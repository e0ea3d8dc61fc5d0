//! The real binary, killed and stopped: nothing that was acknowledged is lost, and what may repeat repeats recognisably.

mod keys;
mod mail;
mod many;
mod person;
mod place;
mod stop;

use crate::support::PATIENCE;
use crate::support::house::{Backend, on_both};
use crate::support::smtp::{Mail, Mode, Smtp};
use futures_util::future::join_all;
use gatehouse::{all, one};
use person::{Broken, Person};
use place::Place;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

on_both! { killed_twenty_times_it_loses_nothing }

const KILLS: u64 = 20;

/// What was acknowledged in all rounds, and what was cut off.
#[derive(Default)]
struct Seen {
    /// The addresses whose invitation was acknowledged: the command ended with 0.
    invited: BTreeSet<String>,
    /// The addresses whose invitation was killed: it may have happened or not.
    cut_off: BTreeSet<String>,
    /// Those who were told that they are signed in, each with the refresh token that came last.
    people: Vec<Person>,
    /// How many token answers came whole.
    tokens: usize,
    /// Every head of the audit chain that was seen.
    heads: BTreeSet<String>,
}

/// What streams through one round, until it is over.
#[derive(Default)]
struct Stream {
    over: AtomicBool,
    invitations: AtomicUsize,
    tokens: AtomicUsize,
}

impl Stream {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }
}

/// Runs a command that is killed when the stream is over. Answers whether it said that it did its work.
fn run_until_over(mut command: Command, stream: &Stream) -> bool {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    loop {
        if let Some(status) = child.try_wait().expect("a status") {
            assert!(status.success(), "it fails by itself: {}", std::io::read_to_string(child.stderr.take().expect("a pipe")).unwrap_or_default());
            return true;
        }
        if stream.is_over() {
            child.kill().expect("killed");
            // It may have ended well in the last moment.
            return child.wait().expect("a status").success();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Invites one after the other.
async fn invite(place: &Place, stream: &Arc<Stream>, seen: &Mutex<Seen>, name: String) {
    let mut n = 0;
    while !stream.is_over() {
        n += 1;
        let email = format!("{name}-{n}@acme.example");
        let command = place.command(&["invite", &email, "--role", "sales/production/viewer"]);
        let flowing = Arc::clone(stream);
        let acknowledged = tokio::task::spawn_blocking(move || run_until_over(command, &flowing)).await.expect("run");
        let mut seen = seen.lock().expect("nobody panics here");
        if acknowledged {
            stream.invitations.fetch_add(1, Ordering::SeqCst);
            seen.invited.insert(email);
        } else {
            seen.cut_off.insert(email);
        }
    }
}

/// Signs in and refreshes, again and again. Whoever was told to be signed in is kept, with what the app got last.
async fn sign_in(place: &Place, stream: &Stream, seen: &Mutex<Seen>, email: &str) {
    while !stream.is_over() {
        let mut person = Person::new(&place.issuer);
        let Ok(code) = person.sign_in(email).await else { return };
        let outcome: Result<(), Broken> = async {
            person.redeem(&code).await?;
            stream.tokens.fetch_add(1, Ordering::SeqCst);
            for _ in 0..4 {
                person.refresh().await?;
                stream.tokens.fetch_add(1, Ordering::SeqCst);
            }
            Ok(())
        }
        .await;
        seen.lock().expect("nobody panics here").people.push(person);
        if outcome.is_err() {
            return;
        }
    }
}

/// Lets everything stream, and kills the server in the middle of it: at another moment each time.
async fn flow_and_kill(place: &Place, seen: &Mutex<Seen>, round: u64) {
    let stream = Arc::new(Stream::default());
    let kill = async {
        let begun = Instant::now();
        while stream.invitations.load(Ordering::SeqCst) == 0 || stream.tokens.load(Ordering::SeqCst) < 3 {
            assert!(begun.elapsed() < PATIENCE, "nothing streams:\n{}", place.log());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(round * 37 % 211)).await;
        place.kill();
        stream.over.store(true, Ordering::SeqCst);
    };
    tokio::join!(
        invite(place, &stream, seen, format!("guest-{round}-a")),
        invite(place, &stream, seen, format!("guest-{round}-b")),
        join_all(["olga@acme.example", "ana@acme.example", "nora@acme.example"].map(|email| sign_in(place, &stream, seen, email))),
        kill
    );
    seen.lock().expect("nobody panics here").tokens += stream.tokens.load(Ordering::SeqCst);
}

/// Everybody who was told to be signed in still is, and what their app got last still works.
async fn still_works(people: &mut [Person]) {
    for person in people {
        assert!(person.is_signed_in().await.expect("an answer"), "a session that was acknowledged is gone");
        if person.refresh_token.is_some() {
            person.refresh().await.expect("an answer");
        }
    }
}

/// The binary finds the chain whole; answers its head.
async fn verified_head(place: &Place) -> String {
    let said = place.succeed(&["audit", "verify"]).await;
    let head = said.lines().find_map(|line| line.strip_prefix("head ")).unwrap_or_else(|| panic!("no head in {said}"));
    head.trim().to_owned()
}

async fn killed_twenty_times_it_loses_nothing(backend: Backend) {
    let begun = Instant::now();
    let smtp = Smtp::start(Mode::StartTls).await;
    let place = Place::open(backend, &smtp).await;
    let seen = Mutex::new(Seen::default());
    place.start().await;
    for round in 0..KILLS {
        let before = seen.lock().expect("nobody panics here").people.len();
        flow_and_kill(&place, &seen, round).await;
        place.start().await;
        // With a lock held over an await, a second story on this thread would stand still: take them out instead.
        let mut people = std::mem::take(&mut seen.lock().expect("nobody panics here").people);
        still_works(&mut people[before..]).await;
        let head = verified_head(&place).await;
        let mut seen = seen.lock().expect("nobody panics here");
        seen.people = people;
        if head != "none yet" {
            seen.heads.insert(head);
        }
    }
    let mut seen = seen.into_inner().expect("nobody panics here");
    still_works(&mut seen.people).await;
    let leases = if backend == Backend::Postgres { place.let_leases_run_out().await } else { 0 };
    place.deliver_everything().await;
    let (letters, repeated) = judge_letters(&place, &seen, &smtp.mails()).await;
    judge_chain(&place, &mut seen).await;
    place.stop().await;
    let line = format!(
        "{backend:?}: killed {KILLS} times in {} s: {} invitations acknowledged and {} cut off, {letters} letters ({repeated} of them twice, {leases} waited for their \
         lease), {} sessions and {} token answers, {} heads of the audit chain; nothing was lost\n",
        begun.elapsed().as_secs(),
        seen.invited.len(),
        seen.cut_off.len(),
        seen.people.len(),
        seen.tokens,
        seen.heads.len()
    );
    // The harness captures what is printed; this line is for whoever runs the tests.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Each acknowledged invitation arrived, each as one letter; what arrived twice is the same letter under the same Message-ID.
/// Answers how many letters there were, and how many arrived again.
async fn judge_letters(place: &Place, seen: &Seen, mails: &[Mail]) -> (usize, usize) {
    let mut letters: BTreeMap<String, &Mail> = BTreeMap::new();
    let mut of: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for mail in mails {
        let id = mail.message_id().expect("a Message-ID");
        let [to] = &mail.to[..] else { panic!("one recipient, not {:?}", mail.to) };
        assert!(seen.invited.contains(to) || seen.cut_off.contains(to), "nobody else gets a letter: {to}, {:?}", mail.subject());
        of.entry(to).or_default().insert(id.clone());
        let first = letters.entry(id).or_insert(mail);
        assert_eq!((&first.to, first.subject(), first.text(), first.html()), (&mail.to, mail.subject(), mail.text(), mail.html()));
    }
    for email in &seen.invited {
        assert!(of.contains_key(email.as_str()), "the letter to {email} is lost");
    }
    assert!(of.values().all(|ids| ids.len() == 1), "one invitation is one letter: {of:?}");
    let repeated = mails.len() - letters.len();
    assert!(u64::try_from(repeated).is_ok_and(|repeated| repeated <= KILLS), "a kill interrupts one delivery at most");

    // What was cut off happened whole or not at all: user, invitation, offer, letter and audit event stand or fall together.
    let db = place.database().await;
    let mut tx = db.read().await.expect("the database answers");
    let invited = all!(
        tx,
        (String,),
        "SELECT u.email_key FROM users u JOIN invitations i ON i.user_id = u.id JOIN invitation_offers o ON o.invitation_id = i.id WHERE i.closed_at IS NULL"
    )
    .expect("rows");
    let invited: BTreeSet<&str> = invited.iter().map(|(email,)| email.as_str()).collect();
    assert_eq!(invited, of.keys().copied().collect());
    let (users, events) = one!(
        tx,
        (i64, i64),
        "SELECT (SELECT COUNT(*) FROM users WHERE status = 'invited'), (SELECT COUNT(*) FROM audit_events WHERE kind = 'invitation.sent')"
    )
    .expect("a row");
    assert_eq!((usize::try_from(users), usize::try_from(events)), (Ok(invited.len()), Ok(invited.len())));
    drop(tx);
    db.close().await;

    // And each letter lets its reader in.
    for mail in letters.values() {
        let page = Person::new(&place.issuer).get(&link(mail, &place.issuer)).await.expect("an answer");
        assert!(page.status == 200 && page.text_contains("Viewer"), "{}: {}", page.status, page.text());
    }
    (letters.len(), repeated)
}

/// The link in an invitation's letter.
fn link(mail: &Mail, issuer: &str) -> String {
    let text = mail.text().expect("a text");
    let start = text.find(&format!("{issuer}/invitations/")).unwrap_or_else(|| panic!("no link in {text}"));
    text[start..].split_whitespace().next().expect("a link").to_owned()
}

/// The chain is whole, and longer than every head that was ever seen: in the log, or told by `audit verify`.
async fn judge_chain(place: &Place, seen: &mut Seen) {
    for line in place.log().lines().filter(|line| line.contains("head of the audit chain")) {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        seen.heads.insert(line["head"].as_str().expect("a head").to_owned());
    }
    for head in &seen.heads {
        place.succeed(&["audit", "verify", "--head", head]).await;
    }
    // It would say so.
    let (position, hash) =
        verified_head(place).await.split_once(':').map(|(at, hash)| (at.parse::<u64>().expect("a number"), hash.to_owned())).expect("a head");
    let (status, said) = place.run(&["audit", "verify", "--head", &format!("{}:{hash}", position + 1_000)]).await;
    assert!(status.code() == Some(1) && said.contains("PROBLEM"), "{status}: {said}");
}
