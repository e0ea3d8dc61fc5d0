//! A preview that touches a hundred thousand people, who are given a role through their group, or lose one that each holds directly: when it
//! stops, whom it compared, and how long others take beside it, with it and without: sign-ins (a password checked, a session started, each
//! with its events) and small works (a read and a write of one statement). On SQLite, and on PostgreSQL when `GATEHOUSE_BENCH_POSTGRES` holds
//! the address of an empty database.
//!
//! `cargo bench --bench preview` prints a table. It asserts nothing: a busy machine is no defect. What is demanded: it stops after 5 s,
//! and the 99th percentile beside it stays under 100 ms.

use gatehouse::access::app::{self, SignIn, deployment};
use gatehouse::access::begin_change;
use gatehouse::access::grant::{self, Holder};
use gatehouse::access::load::Known;
use gatehouse::access::role::{end_user, organization};
use gatehouse::access::stage::{self, SessionPolicy};
use gatehouse::actor::Actor;
use gatehouse::base::authority::{Authority, Coverage, Stages};
use gatehouse::base::fault::Fault;
use gatehouse::base::id::{EndUserGrantId, MembershipId, UserId};
use gatehouse::base::secret::Secret;
use gatehouse::base::text::{Description, DisplayName, EmailAddress, Slug};
use gatehouse::base::time::{Clock, Period};
use gatehouse::crypto::password::Passwords;
use gatehouse::crypto::seal::{SealKey, Sealer};
use gatehouse::db::{Db, Place, Settings};
use gatehouse::identity::group::{self, Group};
use gatehouse::identity::user::{self, Vouched};
use gatehouse::lifecycle::preview::{Desk, Preview, Previews, Told, Viewer, preview};
use gatehouse::lifecycle::remove_role::remove_role;
use gatehouse::login::password::{self, check};
use gatehouse::login::session::{self, Context};
use gatehouse::work::{Ground, Origin, Work};
use gatehouse::{all, execute, one};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const PEOPLE: i64 = 100_000;
const PASSWORD: &str = "correct horse battery staple";
const SYSTEM: Actor = Actor::System { label: "bench" };

type Outcome<T> = Result<T, Box<dyn Error>>;

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap_or_else(|_| unreachable!("a good key"))
}

fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap_or_else(|_| unreachable!("a good name"))
}

/// An app at QA with a role, and a group of everybody, which does not hold it yet.
async fn furnish(work: &mut Work) -> Outcome<(app::App, end_user::EndUserRole, Group)> {
    let (changing, none) = (begin_change(work).await?, Description::default());
    organization::ensure_built_in(work, &changing).await?;
    for spec in stage::first_stages() {
        stage::put(work, &changing, &spec).await?;
    }
    let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.ok_or("the first stages have QA")?;
    let sales = app::put(work, &changing, &slug("sales"), &name("Sales"), &none).await?;
    let spec = deployment::Spec { home_page: None, sign_in: SignIn::Assigned, resource: None };
    let home = deployment::put(work, &changing, &sales, &qa, &spec, "https://id.acme.example").await?;
    let spec = end_user::Spec { key: slug("approver"), name: name("Approver"), description: none.clone(), shared: false, permissions: Vec::new() };
    let role = end_user::put(work, &changing, &sales, &home, &spec).await?;
    let everybody = group::put(work, &changing, qa.id, &slug("everybody"), &name("Everybody"), &none).await?;
    for n in 0..PEOPLE {
        let (id, email) = (UserId::fresh(), format!("person{n:06}@many.example"));
        execute!(
            work.tx,
            "INSERT INTO users (id, email, email_key, name, status, phone_number_verified, access_version, sort_key, search_text, email_verified_at,
             created_at, updated_at, version) VALUES ($1, $2, $2, $3, 'active', FALSE, 1, $4, $5, 1, $6, $6, 1)",
            id,
            email.as_str(),
            format!("Person {n:06}"),
            email.clone().into_bytes(),
            email.as_str(),
            n
        )?;
        execute!(
            work.tx,
            "INSERT INTO memberships (id, group_id, user_id, source, granted_by_kind, granted_by_label, granted_at, version)
             VALUES ($1, $2, $3, 'assigned', 'system', 'bench', 0, 1)",
            MembershipId::fresh(),
            everybody.id,
            id
        )?;
    }
    Ok((sales, role, everybody))
}

/// Small requests, one after another, until somebody says stop: each reads a user and writes one statement.
async fn small_requests(db: Db, stop: Arc<AtomicBool>) -> Result<Vec<Duration>, Fault> {
    let mut times = Vec::new();
    for n in 0_i64.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let began = Instant::now();
        let email = format!("person{:06}@many.example", (n * 7_919) % PEOPLE);
        let mut tx = db.read().await?;
        let (id,) = one!(tx, (UserId,), "SELECT id FROM users WHERE email_key = $1", email.as_str())?;
        drop(tx);
        let mut tx = db.write_once().await?;
        execute!(tx, "UPDATE users SET last_login_at = $2 WHERE id = $1", id, n)?;
        drop(tx);
        times.push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(times)
}

/// Signs people in, one after another, until somebody says stop.
async fn sign_ins(ground: Ground, passwords: Arc<Passwords>, who: EmailAddress, stop: Arc<AtomicBool>) -> Outcome<Vec<Duration>> {
    let (mut times, password) = (Vec::new(), Secret::new(PASSWORD.to_owned()));
    for n in 0_u32.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        // Each from a place of its own: nobody is slowed down for guessing.
        let origin = Origin { address: Some(format!("198.51.{}.{}", n / 250 % 250, n % 250)), ..Origin::default() };
        let began = Instant::now();
        let password::SignIn::Proved(proved) = check(&ground, &passwords, &origin, &who, &password).await? else { return Err("the password is right".into()) };
        let begin = async |work: &mut Work| session::start_proved(work, &Context::Portal { policy: SessionPolicy::STANDARD }, &proved, None).await;
        ground.work(&Actor::Anonymous, &origin, begin).await?;
        times.push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(times)
}

/// Two people with passwords.
async fn guests(ground: &Ground, passwords: &Passwords) -> Outcome<Vec<EmailAddress>> {
    let hash = passwords.hash(&Secret::new(PASSWORD.to_owned())).await?;
    let mut guests = Vec::new();
    for n in 0..2 {
        let email = EmailAddress::parse(&format!("guest{n}@many.example"))?;
        let file = Vouched { email: email.clone(), profile: user::Profile::default(), password: Some(hash.clone()) };
        ground
            .work(&SYSTEM, &Origin::default(), async |work: &mut Work| {
                let changing = begin_change(work).await?;
                user::vouch(work, &changing, &file).await.map(|_| ())
            })
            .await?;
        guests.push(email);
    }
    Ok(guests)
}

fn line(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let ms = |part: usize| times.get((times.len() * part / 1_000).min(times.len().saturating_sub(1))).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    println!("  {what:<32}{:>8} requests{:>10.2} ms p50{:>10.2} ms p99{:>10.2} ms max", times.len(), ms(500), ms(990), ms(1_000));
}

/// What is measured beside.
#[derive(Clone, Copy, PartialEq)]
enum Beside {
    /// Nothing.
    Nothing,
    /// The group of everybody would be given the role.
    Given,
    /// The role, which everybody holds directly, would be removed.
    Removed,
}

/// What all of it takes place in.
struct Scene {
    ground: Ground,
    passwords: Arc<Passwords>,
    guests: Vec<EmailAddress>,
    sales: app::App,
    role: end_user::EndUserRole,
    everybody: Group,
}

/// What was just filled in goes to the disk now, and not in the middle of what is measured: commits would wait for it, preview or none.
async fn settle(db: &Db) -> Outcome<()> {
    if db.is_shared() {
        execute!(db.write_once().await?, "ANALYZE")?;
        execute!(db.write_once().await?, "CHECKPOINT")?;
    }
    Ok(())
}

/// Everybody in the group holds the role directly.
async fn give_directly(scene: &Scene) -> Outcome<()> {
    let mut work = scene.ground.begin(SYSTEM, Origin::default()).await?;
    begin_change(&mut work).await?;
    let people = all!(work.tx, (UserId,), "SELECT user_id FROM memberships WHERE group_id = $1 ORDER BY user_id", scene.everybody.id)?;
    for (id,) in people {
        execute!(
            work.tx,
            "INSERT INTO end_user_grants (id, user_id, role_id, stage_id, granted_by_kind, granted_by_label, granted_at, version)
             VALUES ($1, $2, $3, $4, 'system', 'bench', 0, 1)",
            EndUserGrantId::fresh(),
            id,
            scene.role.id,
            scene.role.stage_id
        )?;
    }
    work.commit().await?;
    settle(&scene.ground.db).await
}

/// Asks what a change would do, as somebody who may see everything.
async fn ask(scene: &Scene, beside: Beside) -> Outcome<Told> {
    let Scene { ground, sales, role, everybody, .. } = scene;
    let (known, previews, origin) = (Known::default(), Previews::default(), Origin::default());
    let snapshot = known.snapshot(&mut ground.db.read().await?).await?;
    let all = Authority { all: vec![Coverage { app: None, stages: Stages::Every, ends_at: None }], ..Authority::default() };
    let viewer = Viewer::of(None, &all, &snapshot.catalogue);
    let desk = Desk { ground, known: &known, previews: &previews };
    if beside == Beside::Removed {
        let remove = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            remove_role(work, &changing, sales, role).await
        };
        return Ok(Box::pin(preview(desk, &SYSTEM, &origin, viewer, remove)).await?);
    }
    let give = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::give_end_user(work, &changing, Holder::Group(everybody.id), sales.id, role, Period::ALWAYS, None).await
    };
    Ok(Box::pin(preview(desk, &SYSTEM, &origin, viewer, give)).await?)
}

fn say(told: &Preview, took: Duration, beside: Beside) {
    let (count, word) = if beside == Beside::Removed { (told.lose, "lose") } else { (told.gain, "gain") };
    println!(
        "  stopped after {:.2} s ({:?}): {} of {} people compared, {count} {word}, {} named",
        took.as_secs_f64(),
        told.stopped,
        told.compared,
        told.concerned,
        told.people.len()
    );
}

async fn measure(scene: &Scene, beside: Beside) -> Outcome<()> {
    let stop = Arc::new(AtomicBool::new(false));
    let requests: Vec<_> = (0..2).map(|_| tokio::spawn(small_requests(scene.ground.db.clone(), stop.clone()))).collect();
    let arriving = scene.guests.iter().map(|who| {
        let (ground, passwords, who, stop) = (scene.ground.clone(), scene.passwords.clone(), who.clone(), stop.clone());
        // On this thread, as a worker of the server serves several people.
        tokio::task::spawn_local(sign_ins(ground, passwords, who, stop))
    });
    let arriving: Vec<_> = arriving.collect();
    if beside == Beside::Nothing {
        tokio::time::sleep(Duration::from_secs(5)).await;
    } else {
        let began = Instant::now();
        if let Told::Preview(told) = ask(scene, beside).await? {
            say(&told, began.elapsed(), beside);
        }
    }
    stop.store(true, Ordering::Relaxed);
    let mut times = Vec::new();
    for task in requests {
        times.extend(task.await??);
    }
    let mut arrived = Vec::new();
    for task in arriving {
        arrived.extend(task.await??);
    }
    let when = match beside {
        Beside::Nothing => "without a preview",
        Beside::Given => "beside the preview",
        Beside::Removed => "as a role goes",
    };
    line(&format!("small works {when}"), times);
    line(&format!("sign-ins {when}"), arrived);
    Ok(())
}

async fn table(database: &str, db: Db) -> Outcome<()> {
    let sealer = Arc::new(Sealer::new(vec![SealKey::generate()])?);
    let ground = Ground { db: db.clone(), clock: Clock::System, sealer, jobs: Arc::default(), events: Arc::default() };
    let mut work = ground.begin(SYSTEM, Origin::default()).await?;
    let (sales, role, everybody) = furnish(&mut work).await?;
    work.commit().await?;
    settle(&db).await?;
    let passwords = Arc::new(Passwords::new(2));
    let guests = guests(&ground, &passwords).await?;
    let scene = Scene { ground, passwords, guests, sales, role, everybody };
    println!("{database}");
    for beside in [Beside::Nothing, Beside::Given, Beside::Removed] {
        if beside == Beside::Removed {
            give_directly(&scene).await?;
        }
        Box::pin(measure(&scene, beside)).await?;
    }
    db.close().await;
    Ok(())
}

async fn tables() -> Outcome<()> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let sqlite = Db::open(&Settings { place: Place::Sqlite(folder.path().join("preview.db")), connections: 10 }).await?;
    sqlite.migrate().await?;
    table("SQLite", sqlite).await?;
    let Ok(url) = std::env::var("GATEHOUSE_BENCH_POSTGRES") else {
        println!("PostgreSQL is left out: GATEHOUSE_BENCH_POSTGRES is not set");
        return Ok(());
    };
    let postgres = Db::open(&Settings { place: Place::Postgres(Secret::new(url)), connections: 10 }).await?;
    postgres.migrate().await?;
    table("PostgreSQL", postgres).await
}

fn main() -> Outcome<()> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(tokio::task::LocalSet::new().run_until(tables()))
}
