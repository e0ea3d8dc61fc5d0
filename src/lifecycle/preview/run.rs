//! The second phase: people are compared, batch by batch.

use super::names::{Names, labels};
use super::{Change, Desk, Limits, Person, Preview, Stopped, Viewer};
use crate::access::effective::{Holdings, Place};
use crate::access::load::{self, Snapshot, Who};
use crate::access::preview::{ChangeSet, Sample, Sides, Spot, Stretch, Weighed, Weight, What, affected, concerned, stretches};
use crate::base::fault::Fault;
use crate::base::id::{ClientId, DeploymentId, UserId};
use crate::base::time::Timestamp;
use crate::db::Db;
use crate::login::session::{self, Live};
use crate::oauth::{claims, client};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Instant;

/// What stays the same for every batch.
#[derive(Debug)]
struct Scene {
    changes: ChangeSet,
    sides: Sides,
    viewer: Viewer,
    /// The configuration as it is: what names and budgets claims are written with.
    known: Arc<Snapshot>,
    /// Whether there is a tool for many apps: without one, people are given no token that speaks of the organization.
    tools: bool,
    now: Timestamp,
    deadline: Instant,
}

/// Somebody for whom something changes.
#[derive(Debug)]
struct Found {
    who: Who,
    /// Everything, one place after another.
    changes: Vec<(Spot, Stretch)>,
    /// The part that may be shown; `None`: they may not be named, or nothing of it may be shown.
    shown: Option<Vec<(Spot, Stretch)>>,
    /// Whether something of it may not be shown.
    partly: bool,
    /// Whether tokens have no room any more where the reader may know it.
    overflows: bool,
}

impl Found {
    fn at_once(&self) -> impl Iterator<Item = &(Spot, Stretch)> {
        self.changes.iter().filter(|(_, stretch)| stretch.from.is_none())
    }

    /// Whether their access is the same, now and later, and only tokens change.
    fn is_silent(&self) -> bool {
        self.changes.iter().all(|(_, stretch)| stretch.is_silent())
    }
}

pub(super) async fn run(desk: Desk<'_>, changes: ChangeSet, viewer: Viewer, began: Instant) -> Result<Preview, Fault> {
    let (db, limits) = (&desk.ground.db, desk.previews.limits);
    // Once more: if somebody else changed the configuration meanwhile, that is no doing of this change.
    let known = desk.known.snapshot(&mut db.read().await?).await?;
    let before = known.catalogue.clone();
    let (sides, changes) = apart(move || (Sides::of(&before, &changes), changes)).await?;
    let tools = client::has_tools(&mut db.read().await?).await?;
    let scene = Arc::new(Scene { changes, sides, viewer, known: known.clone(), tools, now: desk.ground.clock.now(), deadline: began + limits.time });
    let affected = affected(db, &scene.changes, &scene.sides.differences, limits.most, scene.deadline).await?;

    let mut preview = Preview { doors: scene.sides.differences.doors.clone(), concerned: affected.who.len() as u64, ..Preview::default() };
    for batch in affected.who.chunks(limits.batch) {
        let started = Instant::now();
        let held = held(db, batch).await?;
        let (here, batch) = (scene.clone(), batch.to_vec());
        let (compared, found) = apart(move || compare(&here, &batch, &held)).await?;
        preview.compared += compared;
        let alive = sessions(db, &found, &known, scene.now).await?;
        take(&mut preview, db, limits, found, &alive).await?;
        if Instant::now() >= scene.deadline {
            break;
        }
        // Where there are more than can be named it takes long, and leaves everybody else as much of the machine as it has.
        if affected.who.len() > limits.named {
            tokio::time::sleep(started.elapsed()).await;
        }
    }
    preview.stopped = match (preview.compared < preview.concerned, affected.more) {
        (true, _) => Some(Stopped::Time),
        (false, true) => Some(Stopped::Many),
        (false, false) => None,
    };
    preview.people.sort_by(|one, other| (crate::base::text::fold(&one.label), &one.email).cmp(&(crate::base::text::fold(&other.label), &other.email)));
    let rows = scene.sides.before.deployments().chain(scene.sides.after.deployments());
    let spoken: BTreeSet<DeploymentId> = spots(&preview).filter_map(|spot| if let Spot::Deployment(id) = spot { Some(id) } else { None }).collect();
    let doors: BTreeSet<DeploymentId> = preview.doors.iter().map(|door| door.deployment).collect();
    preview.places = rows.filter(|row| spoken.contains(&row.id) || doors.contains(&row.id)).map(|row| (row.id, (row.app, row.stage))).collect();
    preview.names = Names::of(&mut db.read().await?, &preview, &scene.sides).await?;
    Ok(preview)
}

fn spots(preview: &Preview) -> impl Iterator<Item = Spot> {
    preview.people.iter().flat_map(|person| &person.changes).flat_map(|change| change.spots.iter().copied())
}

/// Computes on a thread that serves nobody.
async fn apart<T: Send + 'static>(compute: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(compute).await.map_err(|error| Fault::new("compute a preview", error))
}

/// What a batch holds now.
async fn held(db: &Db, batch: &[Who]) -> Result<HashMap<Who, Holdings>, Fault> {
    let users: Vec<UserId> = batch.iter().filter_map(|who| if let Who::User(id) = who { Some(*id) } else { None }).collect();
    let clients: Vec<ClientId> = batch.iter().filter_map(|who| if let Who::Client(id) = who { Some(*id) } else { None }).collect();
    let mut held = HashMap::with_capacity(batch.len());
    let mut tx = db.read().await?;
    if !users.is_empty() {
        held.extend(load::users(&mut tx, &users).await?.into_iter().map(|(id, holdings)| (Who::User(id), holdings)));
    }
    if !clients.is_empty() {
        held.extend(load::clients(&mut tx, &clients).await?.into_iter().map(|(id, holdings)| (Who::Client(id), holdings)));
    }
    Ok(held)
}

/// Compares a batch, as long as there is time. Answers how many were compared.
fn compare(scene: &Scene, batch: &[Who], held: &HashMap<Who, Holdings>) -> (u64, Vec<Found>) {
    let nothing = Holdings::default();
    let (mut compared, mut found) = (0, Vec::new());
    for who in batch {
        if Instant::now() >= scene.deadline {
            break;
        }
        compared += 1;
        let scale = |weighed: Weighed<'_>| match weighed {
            Weighed::Access(Sample { place: Place::Organization, .. }) if matches!(who, Who::User(_)) && !scene.tools => Weight::default(),
            weighed => claims::weigh(&scene.known, weighed),
        };
        let before = held.get(who).unwrap_or(&nothing);
        let after = scene.changes.applied(*who, before);
        let mut changes = Vec::new();
        for spot in concerned(&scene.sides, before, &after) {
            let here = stretches(&scene.sides, before, &after, spot, scene.now, &scale);
            changes.extend(here.into_iter().filter_map(|stretch| theirs(*who, spot, stretch)).map(|stretch| (spot, stretch)));
        }
        if !changes.is_empty() {
            found.push(shown(scene, *who, before, changes));
        }
    }
    (compared, found)
}

/// What a difference is to them. Only people come in where an app is open to everybody: a client gets its tokens or gets none, and that is
/// told once, at the organization.
fn theirs(who: Who, spot: Spot, mut stretch: Stretch) -> Option<Stretch> {
    let opens_or_closes = stretch.gains.sign_in || stretch.loses.sign_in;
    if opens_or_closes && matches!((who, spot), (Who::Client(_), Spot::Deployment(_))) {
        (stretch.gains.sign_in, stretch.loses.sign_in) = (false, false);
        return Some(stretch).filter(|stretch| !stretch.is_silent());
    }
    Some(stretch)
}

/// What of it the reader may see (rule 8).
fn shown(scene: &Scene, who: Who, before: &Holdings, changes: Vec<(Spot, Stretch)>) -> Found {
    let sides = &scene.sides;
    if !scene.viewer.sees(who, before, &sides.before) {
        return Found { who, changes, shown: None, partly: false, overflows: false };
    }
    let stage_of = |spot: Spot| match spot {
        Spot::Deployment(id) => sides.before.deployment(id).or_else(|| sides.after.deployment(id)).map(|row| row.stage),
        Spot::Stage(id) => Some(id),
        Spot::Organization => None,
    };
    let by_groups = !scene.changes.changes_configuration();
    let part = |(spot, stretch): &(Spot, Stretch)| {
        let part = |what: &What| scene.viewer.part(who, *spot, stage_of(*spot), by_groups, what, sides);
        (*spot, Stretch { gains: part(&stretch.gains), loses: part(&stretch.loses), ..stretch.clone() })
    };
    let parts: Vec<(Spot, Stretch)> = changes.iter().map(part).collect();
    let partly = parts != changes;
    let left: Vec<(Spot, Stretch)> = parts.into_iter().filter(|(_, stretch)| !stretch.is_silent()).collect();
    // Where nothing is gained or lost, whoever may see everything that is may know of the token, too.
    let silently = !partly && changes.iter().any(|(_, stretch)| stretch.is_silent() && stretch.overflows);
    let overflows = silently || left.iter().any(|(_, stretch)| stretch.overflows);
    Found { who, changes, shown: Some(left).filter(|left| !left.is_empty()), partly, overflows }
}

/// The live sessions of everybody in a batch who loses something at once.
async fn sessions(db: &Db, found: &[Found], known: &Snapshot, now: Timestamp) -> Result<Vec<Live>, Fault> {
    let loses = |found: &&Found| found.at_once().any(|(_, stretch)| !stretch.loses.is_empty());
    let losers: Vec<UserId> = found.iter().filter(loses).filter_map(|found| if let Who::User(id) = found.who { Some(id) } else { None }).collect();
    if losers.is_empty() {
        return Ok(Vec::new());
    }
    session::live_among(&mut db.read().await?, &losers, known, now).await
}

/// How many of somebody's live sessions feel that they lose something: those that were used where they lose it, all when they are shut out.
fn concerns(found: &Found, alive: &[Live]) -> u64 {
    let Who::User(user) = found.who else { return 0 };
    let losses: Vec<&(Spot, Stretch)> = found.at_once().filter(|(_, stretch)| !stretch.loses.is_empty()).collect();
    let shut_out = losses.iter().any(|(spot, stretch)| *spot == Spot::Organization && stretch.loses.sign_in);
    let feels = |live: &&Live| {
        shut_out
            || losses.iter().any(|(spot, _)| match spot {
                Spot::Organization => live.stage_id.is_none(),
                Spot::Deployment(id) => live.deployment_id == Some(*id),
                Spot::Stage(_) => false,
            })
    };
    // A session stands once for each app that it was used for.
    alive.iter().filter(|live| live.user_id == user).filter(feels).map(|live| live.id.as_str()).collect::<BTreeSet<_>>().len() as u64
}

/// Adds what was found to the preview.
async fn take(preview: &mut Preview, db: &Db, limits: Limits, found: Vec<Found>, alive: &[Live]) -> Result<(), Fault> {
    let mut named: Vec<(Found, u64)> = Vec::new();
    for found in found {
        let (gains, loses) =
            found.at_once().fold((false, false), |(gains, loses), (_, stretch)| (gains || !stretch.gains.is_empty(), loses || !stretch.loses.is_empty()));
        preview.gain += u64::from(gains);
        preview.lose += u64::from(loses);
        preview.later += u64::from(!gains && !loses && !found.is_silent());
        // What is told at a stage is a part of what is told at the apps there.
        for (_, stretch) in found.changes.iter().filter(|(spot, _)| !matches!(spot, Spot::Stage(_))) {
            let (least, most) = preview.bytes.unwrap_or((stretch.bytes, stretch.bytes));
            preview.bytes = Some((least.min(stretch.bytes), most.max(stretch.bytes)));
        }
        preview.overflowing += u64::from(found.overflows);
        if found.is_silent() {
            continue;
        }
        let sessions = concerns(&found, alive);
        preview.sessions += sessions;
        match &found.shown {
            None => preview.hidden += 1,
            Some(_) if preview.people.len() + named.len() >= limits.named => preview.unnamed += 1,
            Some(_) => named.push((found, sessions)),
        }
    }
    if named.is_empty() {
        return Ok(());
    }
    let ids: Vec<Who> = named.iter().map(|(found, _)| found.who).collect();
    let mut labels = labels(&mut db.read().await?, &ids).await?;
    for (found, sessions) in named {
        preview.partly += u64::from(found.partly);
        let (label, email) = labels.remove(&found.who).unwrap_or_default();
        preview.people.push(Person { who: found.who, label, email, changes: together(found.shown.unwrap_or_default()), sessions });
    }
    Ok(())
}

/// The same difference at several places is told once.
fn together(changes: Vec<(Spot, Stretch)>) -> Vec<Change> {
    let mut order: Vec<Change> = Vec::new();
    let mut known: BTreeMap<Stretch, usize> = BTreeMap::new();
    for (spot, stretch) in changes {
        // Groups are told by themselves, and the organization is no app.
        let apart = !matches!(spot, Spot::Deployment(_));
        if let Some(at) = known.get(&stretch).filter(|_| !apart) {
            order[*at].spots.push(spot);
            continue;
        }
        if !apart {
            known.insert(stretch.clone(), order.len());
        }
        order.push(Change { spots: vec![spot], stretch });
    }
    order
}
