//! How long one page of the users takes where there are a hundred thousand: the rows, the count and what they hold, as the portal asks
//! for them; everybody holds a role in one app, and a few in another. On SQLite, and on PostgreSQL when `GATEHOUSE_BENCH_POSTGRES` holds the address of an empty database.
//!
//! `cargo bench --bench lists` prints a table. It asserts nothing: a busy machine is no defect. What is demanded: 50 ms.

use gatehouse::access::load;
use gatehouse::access::people::{self, Access, Away, Filter, From, Side, Sight, Sort, There};
use gatehouse::base::id::{AppId, DeploymentId, EndUserGrantId, EndUserRoleId, StageId, UserId};
use gatehouse::base::secret::Secret;
use gatehouse::base::time::Clock;
use gatehouse::db::{Db, Place, Settings, Tx};
use gatehouse::execute;
use gatehouse::identity::user::Status;
use std::error::Error;
use std::time::{Duration, Instant};

const PEOPLE: i64 = 100_000;
const TRIES: usize = 15;
const SIGHT: Sight = Sight { everybody: true, members: true, end_users: Vec::new() };

/// An app, with one role.
struct App {
    id: AppId,
    role: EndUserRoleId,
    stage: StageId,
}

async fn app(tx: &mut Tx, key: &str, stage: StageId) -> Result<App, Box<dyn Error>> {
    let (id, deployment, role) = (AppId::fresh(), DeploymentId::fresh(), EndUserRoleId::fresh());
    execute!(tx, "INSERT INTO apps (id, key, name, description, created_at, version) VALUES ($1, $2, $2, '', 1, 1)", id, key)?;
    execute!(
        tx,
        "INSERT INTO deployments (id, app_id, stage_id, sign_in, resource, created_at, version) VALUES ($1, $2, $3, 'assigned', $4, 1, 1)",
        deployment,
        id,
        stage,
        key
    )?;
    execute!(
        tx,
        "INSERT INTO end_user_roles (id, deployment_id, stage_id, key, name, description, shared, version) VALUES ($1, $2, $3, 'reader', 'Reader', '', FALSE, 1)",
        role,
        deployment,
        stage
    )?;
    Ok(App { id, role, stage })
}

async fn give(tx: &mut Tx, user: UserId, app: &App) -> Result<(), Box<dyn Error>> {
    execute!(
        tx,
        "INSERT INTO end_user_grants (id, user_id, role_id, stage_id, granted_by_kind, granted_by_label, granted_at, version)
         VALUES ($1, $2, $3, $4, 'system', 'bench', 1, 1)",
        EndUserGrantId::fresh(),
        user,
        app.role,
        app.stage
    )?;
    Ok(())
}

/// Everybody; an app in which everybody has a role; and one in which every thousandth has.
async fn populate(db: &Db) -> Result<(App, App), Box<dyn Error>> {
    let mut tx = db.write().await?;
    let stage = StageId::fresh();
    execute!(
        tx,
        "INSERT INTO stages (id, key, name, purpose, position, session_maximum, session_idle, created_at, version)
         VALUES ($1, 'production', 'Production', 'production', 1, 1000, 1000, 1, 1)",
        stage
    )?;
    let (all, few) = (app(&mut tx, "wiki", stage).await?, app(&mut tx, "sales", stage).await?);
    for n in 0..PEOPLE {
        let (name, email) = (format!("Person {n:06} Müller"), format!("person{n:06}@many.example"));
        let id = UserId::fresh();
        execute!(
            tx,
            "INSERT INTO users (id, email, email_key, name, status, phone_number_verified, access_version, sort_key, search_text, email_verified_at,
             last_login_at, created_at, updated_at, version) VALUES ($1, $2, $2, $3, 'active', FALSE, 1, $4, $5, 1, $6, $7, $7, 1)",
            id,
            email.as_str(),
            name.as_str(),
            format!("person {n:06} muller").into_bytes(),
            format!("person {n:06} muller {email}"),
            (n % 3 == 0).then_some(n),
            n
        )?;
        execute!(tx, "INSERT INTO user_search (user_id, sort_key, search_text) SELECT id, sort_key, search_text FROM users WHERE id = $1", id)?;
        give(&mut tx, id, &all).await?;
        if n % 1_000 == 0 {
            give(&mut tx, id, &few).await?;
        }
    }
    tx.commit().await?;
    Ok((all, few))
}

async fn page(db: &Db, filter: &Filter, sort: Sort) -> Result<usize, Box<dyn Error>> {
    let mut tx = db.read().await?;
    let rows = people::list(&mut tx, &SIGHT, filter, sort, &From::Start, 51).await?;
    // As the page does: what fits on it is counted already.
    if rows.len() > 50 {
        people::count(&mut tx, &SIGHT, filter, 10_001).await?;
    }
    people::held(&mut tx, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    Ok(rows.len())
}

async fn table(name: &str, db: &Db) -> Result<(), Box<dyn Error>> {
    let (all, few) = populate(db).await?;
    if db.is_shared() {
        let mut tx = db.write_once().await?;
        execute!(tx, "ANALYZE")?;
    }
    let everybody = || Filter::at(Clock::System.now());
    let search = |text: &str| Filter { search: text.to_owned(), ..everybody() };
    let access = |access| Filter { access: Some(access), ..everybody() };
    let away = |away| Filter { away: Some(away), ..everybody() };
    let catalogue = load::catalogue(&mut db.read().await?).await?;
    let there = |app: &App, stage| Filter { stage, there: There::of(&catalogue, &SIGHT, Some(app.id), stage), ..everybody() };
    let away_there = |app: &App, away| Filter { away: Some(away), ..there(app, None) };
    let unseen = || Filter { search: "nobody at all".to_owned(), ..there(&all, None) };
    for (what, filter, sort) in [
        ("everybody", everybody(), Sort::Name),
        ("newest first", everybody(), Sort::Newest),
        ("last sign-in first", everybody(), Sort::LastSignIn),
        ("longest ago first", everybody(), Sort::LongestAgo),
        ("search that many match", search("muller"), Sort::Name),
        ("search that one matches", search("099999"), Sort::Name),
        ("search that nobody matches", search("nobody at all"), Sort::Name),
        ("deactivated", Filter { status: Some(Status::Inactive), ..everybody() }, Sort::Name),
        ("by status", everybody(), Sort::Status),
        ("external addresses (there are none)", Filter { side: Some((Side::External, vec!["many.example".to_owned()])), ..everybody() }, Sort::Name),
        ("members", access(Access::Members), Sort::Name),
        ("people without access", access(Access::Nothing), Sort::Name),
        ("of an app that all have", there(&all, None), Sort::Name),
        ("of it, at a stage", there(&all, Some(all.stage)), Sort::Name),
        ("of it, by status", there(&all, None), Sort::Status),
        ("of it, never there", away_there(&all, Away::Never), Sort::Name),
        ("of it, a search for nobody", unseen(), Sort::Name),
        ("of an app that 100 have", there(&few, None), Sort::Name),
        ("of it, not there for 90 days", away_there(&few, Away::Quarter), Sort::Name),
        ("never signed in", away(Away::Never), Sort::Name),
        ("never signed in, last ones first", away(Away::Never), Sort::LastSignIn),
        ("not for 90 days, longest ago first", away(Away::Quarter), Sort::LongestAgo),
    ] {
        let mut times: Vec<Duration> = Vec::new();
        let mut rows = 0;
        for _ in 0..TRIES {
            let began = Instant::now();
            rows = page(db, &filter, sort).await?;
            times.push(began.elapsed());
        }
        times.sort_unstable();
        let ms = |at: usize| times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3);
        println!("{name:<12}{what:<36}{rows:>6}{:>12.1}{:>12.1}", ms(TRIES / 2), ms(TRIES - 1));
    }
    Ok(())
}

async fn tables() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    println!("{:<12}{:<36}{:>6}{:>12}{:>12}", "", "", "rows", "median ms", "worst ms");
    let sqlite = Db::open(&Settings { place: Place::Sqlite(folder.path().join("lists.db")), connections: 4 }).await?;
    sqlite.migrate().await?;
    table("SQLite", &sqlite).await?;
    sqlite.close().await;
    let Ok(url) = std::env::var("GATEHOUSE_BENCH_POSTGRES") else {
        println!("PostgreSQL is left out: GATEHOUSE_BENCH_POSTGRES is not set");
        return Ok(());
    };
    let postgres = Db::open(&Settings { place: Place::Postgres(Secret::new(url)), connections: 4 }).await?;
    postgres.migrate().await?;
    table("PostgreSQL", &postgres).await?;
    postgres.close().await;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(tables())
}
