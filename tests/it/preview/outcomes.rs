//! What a preview says is what happens: many changes of every kind, each asked about, made, and compared for everybody, everywhere, now
//! and later: what they gain and lose, how their tokens grow and whether those still have room, and which live sessions feel it. And what
//! a rehearsal reads is what the rows become.

mod changes;
mod kinds;
mod standing;

use crate::support::house::{Backend, GOODBYE, House, REDIRECT, SECRET};
use changes::{Change, SPARE_ROBOTS, make};
use gatehouse::access::load::{self, Who};
use gatehouse::access::preview::{self, ChangeSet, Sides, Spot, Stretch, What, rehearse};
use gatehouse::access::stage;
use gatehouse::actor::Actor;
use gatehouse::base::authority::{Authority, Coverage, Stages};
use gatehouse::base::id::UserId;
use gatehouse::base::time::{Clock, Period, Timestamp};
use gatehouse::db::execute;
use gatehouse::identity::user;
use gatehouse::lifecycle::preview::{Desk, Preview, Told, Viewer};
use gatehouse::login::session::{self, Context, StartError};
use gatehouse::work::{Origin, Work};
use kinds::{KINDS, Kind};
use standing::{At, Cast, Standing, plain};
use std::collections::BTreeSet;
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);
/// First each kind in turn, so many times; then whatever the dice say.
const ROUNDS: usize = 3;
const CHANGES: usize = 140;

const SYSTEM: Actor = Actor::System { label: "test" };

/// Numbers that look random, the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).expect("small")
    }

    fn change(&mut self, number: usize, now: Timestamp) -> Change {
        let round = number / KINDS.len();
        let (kind, one, other) = match KINDS.get(number % KINDS.len()).filter(|_| round < ROUNDS) {
            Some(kind) => (*kind, round, round),
            None => (KINDS[self.below(KINDS.len())], self.below(12), self.below(12)),
        };
        let later = [None, Some(now.plus(DAY * 10)), Some(now.plus(DAY * 20))];
        let starts_at = if round < 2 { None } else { later[self.below(3)] };
        // Longer than anything that is given: so a change of a period is one.
        let length = if kind.is_period() { 3 } else { u32::try_from(self.below(3)).expect("small") };
        let ends_at = (length > 0).then(|| starts_at.unwrap_or(now).plus(DAY * 5 * length));
        Change { kind, one, other, period: Period { starts_at, ends_at } }
    }
}

fn everything() -> Authority {
    Authority { all: vec![Coverage { app: None, stages: Stages::Every, ends_at: None }], ..Authority::default() }
}

/// A house with little room in tokens, a tool for many apps, a permission of its own, and people and API clients that can go.
async fn furnished(backend: Backend, clock: &Clock) -> House {
    let house = House::open_with(backend, &[], clock.clone()).await;
    let spare = |key: &str| {
        format!(
            "[[user]]\nemail = \"{key}@acme.example\"\nname = \"{key}\"\norg_roles = [\"helper\"]\nroles = [\"sales/production/viewer\"]\ngroups = [\"production/emea\"]\n"
        )
    };
    let robot = |key: &str| format!("[[client]]\nclient_id = \"{key}\"\nname = \"{key}\"\nsecrets = [\"{SECRET}\"]\norg_roles = [\"biller\"]\n");
    let own = |verb: &str| {
        format!(
            "[[permission]]\nkey = \"x-billing.{verb}\"\nname = \"Do billing\"\ncategory = \"Billing\"\npurpose = \"\"\n\
             reaches = [\"organization\"]\nby_stage = true\nenforced = \"tools\"\n"
        )
    };
    house
        .apply(&format!(
            "[organization]\nname = \"Acme\"\nclaims_budget = 512\n\
             [[group]]\nstage = \"development\"\nkey = \"builders\"\nname = \"Builders\"\nroles = [\"sales:viewer\"]\n\
             {}{}\
             [[organization_role]]\nkey = \"helper\"\nname = \"Helper\"\npermissions = [\"x-billing.run\", \"x-billing.stop\"]\n\
             [[organization_role]]\nkey = \"biller\"\nname = \"Biller\"\npermissions = [\"x-billing.run\"]\n\
             [[user]]\nemail = \"ana@acme.example\"\norg_roles = [\"biller\"]\n\
             [[client]]\nclient_id = \"console\"\nname = \"Console\"\nkind = \"platform\"\nsecrets = [\"{SECRET}\"]\n\
             metadata = {{ redirect_uris = [\"{REDIRECT}\"], post_logout_redirect_uris = [\"{GOODBYE}\"], grant_types = [\"authorization_code\"] }}\n\
             {}{}{}{}",
            own("run"),
            own("stop"),
            spare("sam"),
            spare("sue"),
            spare("sid"),
            SPARE_ROBOTS.map(robot).concat()
        ))
        .await;
    house.keys_made().await;
    house
}

/// Everybody who may sign in is signed in: at two stages, for every app there, and on our own pages.
async fn signed_in(house: &House, cast: &Cast) {
    let ground = &house.server.ground;
    let alive: BTreeSet<UserId> = Standing::read(house, cast).await.alive.iter().map(|session| session.user).collect();
    for who in &cast.who {
        let Who::User(id) = who else { continue };
        if alive.contains(id) {
            continue;
        }
        let start = async |work: &mut Work| {
            let Some(user) = user::by_id(&mut work.tx, *id).await?.filter(user::User::counts) else { return Ok::<_, StartError>(()) };
            for key in ["production", "development"] {
                let stage = stage::by_key(&mut work.tx, &changes::slug(key)).await?.expect("a stage");
                session::start(work, &Context::of(&stage), &user, None, "pwd").await?;
            }
            session::start(work, &Context::Portal { policy: stage::SessionPolicy::STANDARD }, &user, None, "pwd").await?;
            Ok(())
        };
        ground.work(&SYSTEM, &Origin::default(), start).await.expect("sessions");
    }
    let mut tx = ground.db.write().await.expect("the database answers");
    execute!(
        tx,
        "INSERT INTO session_clients (session_id, client_id, first_at)
         SELECT s.id, c.id, 0 FROM sessions s JOIN deployments d ON d.stage_id = s.stage_id JOIN clients c ON c.deployment_id = d.id
         WHERE s.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM session_clients u WHERE u.session_id = s.id AND u.client_id = c.id)"
    )
    .expect("written");
    tx.commit().await.expect("written");
}

/// What was asked and what came of it.
struct Compared<'a> {
    cast: &'a Cast,
    told: &'a Preview,
    before: &'a Standing,
    after: &'a Standing,
    now: Timestamp,
    says: String,
}

/// What really becomes of somebody's token at a place at a moment.
struct Real {
    bytes: i64,
    /// Whether a token that had room for everything has no more.
    over: bool,
    /// Whether there is anything to tell.
    differs: bool,
}

impl Compared<'_> {
    /// Where a preview tells it.
    fn at(&self, spot: &Spot) -> At {
        match spot {
            Spot::Organization => At::Organization,
            Spot::Stage(id) => At::Stage(*id),
            Spot::Deployment(id) => self.told.places.get(id).map(|(app, stage)| At::App(*app, *stage)).expect("a place that is named"),
        }
    }

    fn is_door(&self, at: At) -> bool {
        self.told.doors.iter().any(|door| self.at(&Spot::Deployment(door.deployment)) == at)
    }

    fn places(&self) -> BTreeSet<At> {
        self.before.places().chain(self.after.places()).collect()
    }

    /// Everything that the preview says of somebody at a place.
    fn stretches(&self, who: Who, at: At) -> Vec<&Stretch> {
        let changes = self.told.people.iter().filter(|person| person.who == who).flat_map(|person| &person.changes);
        changes.filter(|change| change.spots.iter().any(|spot| self.at(spot) == at)).map(|change| &change.stretch).collect()
    }

    /// What it says of that moment.
    fn said(&self, who: Who, at: At, when: Timestamp) -> (What, What) {
        let now = self.stretches(who, at).into_iter().find(|stretch| lasts(stretch, when));
        now.map(|stretch| (stretch.gains.clone(), stretch.loses.clone())).unwrap_or_default()
    }

    /// What somebody really gains and loses.
    fn differences(&self, who: Who, at: At, when: Timestamp) -> (What, What) {
        let door = self.is_door(at);
        let (one, other) = (self.before.what(who, at, when, door), self.after.what(who, at, when, door));
        (other.without(&one), one.without(&other))
    }

    fn real(&self, who: Who, at: At, when: Timestamp) -> Real {
        let door = self.is_door(at);
        let (gains, loses) = self.differences(who, at, when);
        let (one, other) = (self.before.token(self.cast, who, at, when), self.after.token(self.cast, who, at, when));
        let (bytes, over) = (other.bytes - one.bytes, other.over && !one.over && !door);
        // At a door it is a sentence who is given tokens; a stage has none of its own.
        let in_tokens = !door && (over || bytes != 0 && (one.given || other.given));
        Real { bytes, over, differs: !gains.is_empty() || !loses.is_empty() || in_tokens }
    }

    /// The instants at which something changes by itself, from now on.
    fn instants(&self, who: Who) -> BTreeSet<Timestamp> {
        [self.now].into_iter().chain(self.before.instants(who, self.now)).chain(self.after.instants(who, self.now)).collect()
    }

    /// Who gains and loses what, when and where.
    fn access(&self) {
        for who in &self.cast.who {
            for at in self.places() {
                let days = [0, 3, 7, 12, 17, 22, 27, 40].map(|day| self.now.plus(DAY * day));
                for when in days.into_iter().chain(self.instants(*who)) {
                    assert_eq!(self.said(*who, at, when), self.differences(*who, at, when), "{}: {who:?} at {at:?} on {when:?}", self.says);
                }
            }
        }
    }

    /// By how much tokens grow, and who has no room any more. Answers how many stretches were weighed.
    fn tokens(&self) -> usize {
        let (mut weighed, mut growth, mut overflowing) = (0, Vec::new(), 0);
        for who in &self.cast.who {
            if self.before.snapshot.counter == self.after.snapshot.counter && self.before.people[who] == self.after.people[who] {
                assert!(!self.told.people.iter().any(|person| person.who == *who), "{}: nothing changes for {who:?}", self.says);
                continue;
            }
            let mut overflows = false;
            for at in self.places() {
                let real: Vec<(Timestamp, Real)> = self.instants(*who).into_iter().map(|when| (when, self.real(*who, at, when))).collect();
                for stretch in self.stretches(*who, at) {
                    let lasting: Vec<&Real> = real.iter().filter(|(when, _)| lasts(stretch, *when)).map(|(_, real)| real).collect();
                    let (most, over) = (lasting.iter().map(|real| real.bytes).max(), lasting.iter().any(|real| real.over));
                    assert_eq!((Some(stretch.bytes), stretch.overflows), (most, over), "{}: {who:?} at {at:?}", self.says);
                    weighed += 1;
                }
                overflows |= real.iter().any(|(_, real)| real.over);
                if !matches!(at, At::Stage(_)) {
                    growth.extend(real.iter().filter(|(_, real)| real.differs).map(|(_, real)| real.bytes));
                }
            }
            overflowing += u64::from(overflows);
        }
        assert_eq!(self.told.overflowing, overflowing, "{}: whose tokens have no room any more", self.says);
        let (least, most) = (growth.iter().min().copied(), growth.iter().max().copied());
        assert_eq!(self.told.bytes.map(|(_, most)| most), most, "{}: the largest growth", self.says);
        assert!(self.told.bytes.is_none_or(|(smallest, _)| least.is_some_and(|least| least <= smallest)), "{}: {:?} {least:?}", self.says, self.told.bytes);
        weighed
    }

    /// Which live sessions feel it. Answers how many do.
    fn sessions(&self) -> u64 {
        let mut all = 0;
        for who in &self.cast.who {
            let Who::User(id) = who else { continue };
            let loses = |at: At| !self.differences(*who, at, self.now).1.is_empty();
            let out = self.before.people[who].counts && !self.after.people[who].counts;
            let feels = self.before.alive.iter().filter(|session| session.user == *id && (out || session.used_at.is_some_and(loses)));
            let feels = feels.map(|session| session.sid.as_str()).collect::<BTreeSet<_>>().len() as u64;
            let told = self.told.people.iter().filter(|person| person.who == *who).map(|person| person.sessions).sum::<u64>();
            assert_eq!(told, feels, "{}: sessions of {who:?}", self.says);
            assert!(!out || !self.after.alive.iter().any(|session| session.user == *id), "{}: who is shut out has no session", self.says);
            all += feels;
        }
        assert_eq!(self.told.sessions, all, "{}", self.says);
        all
    }
}

/// Whether a stretch is told of that moment.
fn lasts(stretch: &Stretch, when: Timestamp) -> bool {
    stretch.from.is_none_or(|from| from <= when) && stretch.until.is_none_or(|until| when < until)
}

/// What the rehearsal read is what the rows have become.
fn rehearsed(changes: &ChangeSet, change: Change, before: &Standing, after: &Standing, says: &str) {
    for (who, held) in &before.people {
        // What a role that goes takes along is told by the role's own end.
        let mut told = changes.applied(*who, held).into_owned();
        told.end_user_grants.retain(|grant| after.snapshot.catalogue.end_user_role(grant.role).is_some());
        assert_eq!(plain(&told), plain(&after.people[who]), "{says}");
    }
    let sides = Sides::of(&before.snapshot.catalogue, changes);
    let differences = preview::Differences::between(&sides.after, &after.snapshot.catalogue);
    assert!(differences.is_empty() || change.kind.makes(), "{says}: the configuration");
}

/// What came of all of it.
#[derive(Default)]
struct Tally {
    made: usize,
    told_of: usize,
    weighed: usize,
    overflowing: u64,
    sessions: u64,
    kinds: BTreeSet<Kind>,
}

/// Asks about a change, makes it, and compares.
async fn try_out(house: &House, cast: &Cast, change: Change, says: String, tally: &mut Tally) {
    let server = &house.server;
    let (ground, origin) = (&server.ground, Origin::default());
    let desk = Desk { ground, known: &server.provider.known, previews: &server.previews };
    let before = Standing::read(house, cast).await;
    let viewer = Viewer::of(None, &everything(), &before.snapshot.catalogue);
    let told = Box::pin(gatehouse::lifecycle::preview::preview(desk, &SYSTEM, &origin, viewer, async |work| make(work, change).await)).await;
    let counter = load::configuration_counter(&mut ground.db.read().await.expect("a reader")).await.expect("a counter");
    let changes = Box::pin(rehearse(ground, &SYSTEM, &origin, counter, async |work| make(work, change).await)).await;
    assert_eq!(Standing::read(house, cast).await.traces, before.traces, "{says}: nothing is left behind");
    let done = ground.work(&SYSTEM, &origin, async |work| make(work, change).await).await;
    let after = Standing::read(house, cast).await;
    let (Ok(Told::Preview(told)), Ok(changes), Ok(())) = (&told, &changes, &done) else {
        assert!(told.is_err() && changes.is_err() && done.is_err(), "{says}: refused alike: {told:?} {done:?}");
        return;
    };
    rehearsed(changes, change, &before, &after, &says);
    let is_made = after.traces != before.traces;
    let compared = Compared { cast, told, before: &before, after: &after, now: ground.clock.now(), says };
    compared.access();
    tally.weighed += compared.tokens();
    tally.sessions += compared.sessions();
    tally.overflowing += told.overflowing;
    tally.told_of += usize::from(!told.people.is_empty());
    if is_made {
        tally.made += 1;
        tally.kinds.insert(change.kind);
    }
}

pub async fn what_is_told_is_what_happens(backend: Backend) {
    let clock = Clock::fixed(Timestamp::parse("2026-11-23").expect("a day"));
    let house = furnished(backend, &clock).await;
    let cast = Cast::of(&house, "sales-basic", "console").await;
    let mut dice = Dice(0x5eed_cafe_f00d_0001);
    let mut tally = Tally::default();
    for number in 0..CHANGES {
        let change = dice.change(number, clock.now());
        signed_in(&house, &cast).await;
        Box::pin(try_out(&house, &cast, change, format!("{number} {change:?}"), &mut tally)).await;
    }
    let Tally { made, told_of, weighed, overflowing, sessions, kinds } = tally;
    assert!(made > CHANGES / 3 && told_of > CHANGES / 5, "the changes are worth asking about: {made} made, {told_of} told of");
    assert!(weighed > told_of && overflowing > 0 && sessions > 0, "{weighed} weighed, {overflowing} have no room, {sessions} sessions feel it");
    let never: Vec<&Kind> = KINDS.iter().filter(|kind| !kinds.contains(kind)).collect();
    assert!(never.is_empty(), "never made: {never:?}");
    house.close().await;
}
