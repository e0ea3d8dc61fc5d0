//! How long one page of the users takes where there are a hundred thousand: the rows, the count and what they hold, as the portal asks
//! for them. Everybody has a role in one app, every other one through a group; a hundred have one in another app, and are members. Names stand
//! in another order than rows. At last everything is taken from everybody.
//!
//! On SQLite, and on PostgreSQL when `GATEHOUSE_BENCH_POSTGRES` holds the address of an empty database.
//!
//! `cargo bench --bench lists` prints a table. It asserts nothing: a busy machine is no defect. What is demanded: 50 ms.

use gatehouse::access::load;
use gatehouse::access::people::{self, Access, Away, Filter, From, Side, Sight, Sort, There};
use gatehouse::base::id::{
    AppId, DeploymentId, EndUserGrantId, EndUserRoleId, GroupId, MembershipId, OrganizationGrantId, OrganizationRoleId, StageId, UserId,
};
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
    deployment: DeploymentId,
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
        "INSERT INTO end_user_roles (id, deployment_id, stage_id, key, name, description, shared, version)
         VALUES ($1, $2, $3, 'reader', 'Reader', '', FALSE, 1)",
        role,
        deployment,
        stage
    )?;
    Ok(App { id, deployment, role, stage })
}

/// To a person, or to a group.
async fn give(tx: &mut Tx, user: Option<UserId>, group: Option<GroupId>, app: &App) -> Result<(), Box<dyn Error>> {
    execute!(
        tx,
        "INSERT INTO end_user_grants (id, user_id, group_id, role_id, stage_id, granted_by_kind, granted_by_label, granted_at, version)
         VALUES ($1, $2, $3, $4, $5, 'system', 'bench', 1, 1)",
        EndUserGrantId::fresh(),
        user,
        group,
        app.role,
        app.stage
    )?;
    Ok(())
}

async fn join(tx: &mut Tx, user: UserId, group: GroupId) -> Result<(), Box<dyn Error>> {
    execute!(
        tx,
        "INSERT INTO memberships (id, group_id, user_id, source, granted_by_kind, granted_by_label, granted_at, version)
         VALUES ($1, $2, $3, 'assigned', 'system', 'bench', 1, 1)",
        MembershipId::fresh(),
        group,
        user
    )?;
    Ok(())
}

async fn make_member(tx: &mut Tx, user: UserId, role: OrganizationRoleId) -> Result<(), Box<dyn Error>> {
    execute!(
        tx,
        "INSERT INTO organization_grants (id, user_id, role_id, granted_by_kind, granted_by_label, granted_at, version)
         VALUES ($1, $2, $3, 'system', 'bench', 1, 1)",
        OrganizationGrantId::fresh(),
        user,
        role
    )?;
    Ok(())
}

/// Everybody; an app in which everybody has a role, and one in which every thousandth has.
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
    let (group, member) = (GroupId::fresh(), OrganizationRoleId::fresh());
    execute!(tx, "INSERT INTO groups (id, stage_id, key, name, description, version) VALUES ($1, $2, 'half', 'Half', '', 1)", group, stage)?;
    give(&mut tx, None, Some(group), &all).await?;
    execute!(tx, "INSERT INTO organization_roles (id, key, name, description, built_in, version) VALUES ($1, 'member', 'Member', '', FALSE, 1)", member)?;
    for row in 0..PEOPLE {
        // Each number once, in an order of its own.
        let n = row * 7_919 % PEOPLE;
        let (name, email) = (format!("Person {n:06} Müller"), format!("person{n:06}@many.example"));
        let id = UserId::fresh();
        execute!(
            tx,
            "INSERT INTO users (id, email, email_key, email_domain, name, status, phone_number_verified, access_version, sort_key, search_text,
             email_verified_at, last_login_at, created_at, updated_at, version) VALUES ($1, $2, $2, 'many.example', $3, 'active', FALSE, 1, $4, $5, 1, $6, $7, $7, 1)",
            id,
            email.as_str(),
            name.as_str(),
            format!("person {n:06} muller").into_bytes(),
            format!("person {n:06} muller {email}"),
            (n % 3 == 0).then_some(n),
            n
        )?;
        execute!(tx, "INSERT INTO user_search (user_id, sort_key, search_text) SELECT id, sort_key, search_text FROM users WHERE id = $1", id)?;
        if row % 2 == 0 {
            give(&mut tx, Some(id), None, &all).await?;
        } else {
            join(&mut tx, id, group).await?;
        }
        if n % 1_000 == 0 {
            give(&mut tx, Some(id), None, &few).await?;
            make_member(&mut tx, id, member).await?;
        }
    }
    tx.commit().await?;
    Ok((all, few))
}

async fn page(db: &Db, sight: &Sight, filter: &Filter, sort: Sort) -> Result<usize, Box<dyn Error>> {
    let mut tx = db.read().await?;
    let rows = people::list(&mut tx, sight, filter, sort, &From::Start, 51).await?;
    // As the page does: what fits on it is counted already.
    if rows.len() > 50 {
        people::count(&mut tx, sight, filter, 10_001).await?;
    }
    people::held(&mut tx, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    Ok(rows.len())
}

async fn row(name: &str, db: &Db, what: &str, sight: &Sight, filter: &Filter, sort: Sort) -> Result<(), Box<dyn Error>> {
    let mut times: Vec<Duration> = Vec::new();
    let mut rows = 0;
    for _ in 0..TRIES {
        let began = Instant::now();
        rows = page(db, sight, filter, sort).await?;
        times.push(began.elapsed());
    }
    times.sort_unstable();
    let ms = |at: usize| times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    println!("{name:<12}{what:<36}{rows:>6}{:>12.1}{:>12.1}", ms(TRIES / 2), ms(TRIES - 1));
    Ok(())
}

/// What PostgreSQL does by itself a minute after so much has come.
async fn settle(db: &Db) -> Result<(), Box<dyn Error>> {
    if db.is_shared() {
        let mut tx = db.write_once().await?;
        execute!(tx, "VACUUM ANALYZE")?;
    }
    Ok(())
}

fn everybody() -> Filter {
    Filter::at(Clock::System.now())
}

fn holding(access: Access) -> Filter {
    Filter { access: Some(access), ..everybody() }
}

async fn table(name: &str, db: &Db) -> Result<(), Box<dyn Error>> {
    let (all, few) = populate(db).await?;
    settle(db).await?;
    let search = |text: &str| Filter { search: text.to_owned(), ..everybody() };
    let away = |away| Filter { away: Some(away), ..everybody() };
    let catalogue = load::catalogue(&mut db.read().await?).await?;
    let place = |app, stage| Filter { there: There::of(&catalogue, &SIGHT, app, stage), ..everybody() };
    let there = |app: &App| place(Some(app.id), None);
    let away_there = |app: &App, away| Filter { away: Some(away), ..there(app) };
    let nothing = || Filter { search: "muller".to_owned(), ..holding(Access::Nothing) };
    for (what, filter, sort) in [
        ("everybody", everybody(), Sort::Name),
        ("newest first", everybody(), Sort::Newest),
        ("last sign-in first", everybody(), Sort::LastSignIn),
        ("longest ago first", everybody(), Sort::LongestAgo),
        ("search that many match", search("muller"), Sort::Name),
        ("search that one matches", search("099999"), Sort::Name),
        ("search that nobody matches", search("nobody at all"), Sort::Name),
        ("deactivated", Filter { status: Some(Status::Inactive), ..everybody() }, Sort::Name),
        ("deactivated, newest first", Filter { status: Some(Status::Inactive), ..everybody() }, Sort::Newest),
        ("by status", everybody(), Sort::Status),
        ("external addresses (there are none)", Filter { side: Some((Side::External, vec!["many.example".to_owned()])), ..everybody() }, Sort::Name),
        ("members", holding(Access::Members), Sort::Name),
        ("end-users", holding(Access::EndUsers), Sort::Name),
        ("without access: nobody", holding(Access::Nothing), Sort::Name),
        ("the same, among many found", nothing(), Sort::Name),
        ("of an app that all have", there(&all), Sort::Name),
        ("of it, at a stage", place(Some(all.id), Some(all.stage)), Sort::Name),
        ("of it, by status", there(&all), Sort::Status),
        ("of it, never there", away_there(&all, Away::Never), Sort::Name),
        ("of it, a search for nobody", Filter { search: "nobody at all".to_owned(), ..there(&all) }, Sort::Name),
        ("of an app that 100 have", there(&few), Sort::Name),
        ("of it, not there for 90 days", away_there(&few, Away::Quarter), Sort::Name),
        ("of a stage", place(None, Some(all.stage)), Sort::Name),
        ("never signed in", away(Away::Never), Sort::Name),
        ("never signed in, last ones first", away(Away::Never), Sort::LastSignIn),
        ("not for 90 days, longest ago first", away(Away::Quarter), Sort::LongestAgo),
    ] {
        row(name, db, what, &SIGHT, &filter, sort).await?;
    }
    for (what, app) in [("whoever sees an app that all have", &all), ("whoever sees one that 100 have", &few)] {
        let sight = Sight { everybody: false, members: false, end_users: vec![app.deployment] };
        row(name, db, what, &sight, &everybody(), Sort::Name).await?;
    }
    let mut tx = db.write().await?;
    for table in ["DELETE FROM end_user_grants", "DELETE FROM memberships", "DELETE FROM organization_grants"] {
        execute!(tx, table)?;
    }
    tx.commit().await?;
    settle(db).await?;
    for (what, filter, sort) in [
        ("without access: all", holding(Access::Nothing), Sort::Name),
        ("the same, by last sign-in", holding(Access::Nothing), Sort::LastSignIn),
        ("the same, among many found", nothing(), Sort::Name),
        ("the same, deactivated", Filter { status: Some(Status::Inactive), ..holding(Access::Nothing) }, Sort::Name),
        ("end-users: nobody", holding(Access::EndUsers), Sort::Name),
        ("of an app that nobody has", there(&all), Sort::Name),
        ("of a stage where nobody is", place(None, Some(all.stage)), Sort::Name),
    ] {
        row(name, db, what, &SIGHT, &filter, sort).await?;
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
