//! A file of invitations whose server is killed again and again: it goes on where it was, and nobody is invited twice or forgotten.

use super::place::Place;
use crate::support::PATIENCE;
use crate::support::house::{Backend, on_both};
use crate::support::smtp::{Mode, Smtp};
use gatehouse::access::effective;
use gatehouse::access::load::{self, Known};
use gatehouse::actor::Actor;
use gatehouse::base::id::BulkInvitationId;
use gatehouse::base::text::{EmailAddress, Locale};
use gatehouse::base::time::Clock;
use gatehouse::crypto::seal::{SealKey, Sealer};
use gatehouse::identity::user;
use gatehouse::lifecycle::bulk_invitation::{self, BatchState, Lookup, Upload};
use gatehouse::lifecycle::invitation::choices;
use gatehouse::work::{Ground, Origin, Work};
use gatehouse::{execute, one};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

on_both! { a_file_goes_on_after_every_kill }

const PEOPLE: usize = 150;

fn address(n: usize) -> String {
    format!("p{n}@acme.example")
}

/// Checks a file and starts it, as Olga, while no server runs.
async fn start(place: &Place) -> BulkInvitationId {
    let db = place.database().await;
    let ground = Ground {
        db: db.clone(),
        clock: Clock::System,
        // Nothing is sealed by a start.
        sealer: Arc::new(Sealer::new(vec![SealKey::generate()]).expect("a sealer")),
        jobs: Arc::default(),
        events: Arc::default(),
    };
    let now = ground.clock.now();
    let mut tx = db.read().await.expect("the database answers");
    let olga = user::by_email(&mut tx, &EmailAddress::parse("olga@acme.example").expect("an address")).await.expect("read").expect("Olga");
    let snapshot = Known::default().snapshot(&mut tx).await.expect("the configuration");
    let authority = effective::authority(&snapshot.catalogue, &load::user(&mut tx, olga.id).await.expect("read"), now);
    let choices = choices::choices(&mut tx).await.expect("choices");
    drop(tx);
    let actor = Actor::User { id: olga.id, label: olga.email.to_string(), authority, proved_at: now };
    let text = (0..PEOPLE).fold("email,app,stage,role\n".to_owned(), |text, n| text + &format!("{},sales,production,viewer\n", address(n)));
    let lookup = Lookup::new(actor.clone(), &snapshot, &choices);
    let people = bulk_invitation::judge(bulk_invitation::parse(text.as_bytes()).expect("a good file"), &lookup, &Locale::english(), now);
    let upload = Upload { file_name: "people.csv".into(), line_count: PEOPLE, user_id: olga.id, user_label: olga.email.to_string(), proved_at: now };
    let id = bulk_invitation::keep(&db, &actor, &snapshot, &upload, people, now).await.expect("kept");
    ground.work(&actor, &Origin::default(), async |work: &mut Work| bulk_invitation::start(work, id).await).await.expect("started");
    db.close().await;
    id
}

/// How far it is: its state, rows done, rows that failed.
async fn standing(place: &Place, id: BulkInvitationId) -> (BatchState, i64, i64) {
    let db = place.database().await;
    let mut tx = db.read().await.expect("the database answers");
    let batch = bulk_invitation::by_id(&mut tx, id).await.expect("read").expect("the file");
    let counts = bulk_invitation::counts(&mut tx, &[id]).await.expect("read").remove(&id).unwrap_or_default();
    drop(tx);
    db.close().await;
    (batch.state, counts.done, counts.failed)
}

/// On a shared database the file of a killed node waits until its lease runs out: lets that minute pass.
async fn let_the_lease_run_out(place: &Place) {
    let db = place.database().await;
    let mut tx = db.write_once().await.expect("the database answers");
    execute!(tx, "UPDATE bulk_invitations SET leased_until = 1 WHERE leased_until IS NOT NULL").expect("written");
    tx.commit().await.expect("written");
    db.close().await;
}

async fn a_file_goes_on_after_every_kill(backend: Backend) {
    let smtp = Smtp::start(Mode::StartTls).await;
    let place = Place::open(backend, &smtp).await;
    let id = start(&place).await;
    let (mut kills, mut before) = (0_u64, 0);
    loop {
        place.start().await;
        let begun = Instant::now();
        let ended = loop {
            let (state, done, failed) = standing(&place, id).await;
            assert_eq!(failed, 0, "no row fails because of a kill");
            assert!(done >= before, "what was done stays done");
            if state == BatchState::Ended {
                break true;
            }
            if done > before {
                before = done;
                break false;
            }
            assert!(begun.elapsed() < PATIENCE, "nothing goes on after {done} rows:\n{}", place.log());
            tokio::time::sleep(Duration::from_millis(2)).await;
        };
        if ended {
            break;
        }
        tokio::time::sleep(Duration::from_millis(kills * 13 % 31)).await;
        // The last ones go through in peace.
        if kills == 6 {
            while standing(&place, id).await.0 != BatchState::Ended {
                assert!(begun.elapsed() < PATIENCE, "it never ends:\n{}", place.log());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            break;
        }
        place.kill();
        kills += 1;
        if backend == Backend::Postgres {
            let_the_lease_run_out(&place).await;
        }
    }
    assert!(kills >= 2, "it was over before it could be killed in its middle");
    if backend == Backend::Postgres {
        place.let_leases_run_out().await;
    }
    place.deliver_everything().await;
    assert_eq!(standing(&place, id).await, (BatchState::Ended, i64::try_from(PEOPLE).expect("a number"), 0));
    let db = place.database().await;
    let mut tx = db.read().await.expect("the database answers");
    let (open, people, sent) = one!(
        tx,
        (i64, i64, i64),
        "SELECT (SELECT COUNT(*) FROM invitations WHERE closed_at IS NULL), (SELECT COUNT(*) FROM users WHERE status = 'invited'),
         (SELECT COUNT(*) FROM audit_events WHERE kind = 'invitation.sent')"
    )
    .expect("numbers");
    drop(tx);
    db.close().await;
    assert_eq!([open, people, sent], [i64::try_from(PEOPLE).expect("a number"); 3]);
    // One letter for each; one that was interrupted may have come twice, under the same Message-ID.
    let mut letters: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for mail in smtp.mails() {
        let [to] = &mail.to[..] else { panic!("one recipient, not {:?}", mail.to) };
        letters.entry(to.clone()).or_default().insert(mail.message_id().expect("a Message-ID"));
    }
    assert_eq!(letters.keys().cloned().collect::<BTreeSet<_>>(), (0..PEOPLE).map(address).collect());
    assert!(letters.values().all(|ids| ids.len() == 1), "{letters:?}");
    assert!(place.succeed(&["audit", "verify"]).await.contains("head "));
    place.stop().await;
}
