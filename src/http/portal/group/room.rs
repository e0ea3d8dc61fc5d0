//! Whose tokens have no room for everything any more, since a group was given members or roles: said once, on the page of the group, to
//! whoever gave the last bit too much.

use crate::access::effective::Holdings;
use crate::access::load;
use crate::access::people::groups as held;
use crate::access::people::{From, Sight};
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, EndUserRoleId, GroupId, UserId};
use crate::base::secret::equal;
use crate::http::listing::NO_ROOM;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::identity::group::Group;
use crate::oauth::claims;
use actix_web::HttpResponse;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// So many of those who were added are looked at.
const ADDED: usize = 200;
/// So many members of a group that got a role are.
const MEMBERS: usize = 1_000;
/// So many are read together.
const TOGETHER: usize = 250;
/// So long, and no longer: whoever gave it waits for the page.
const TIME: Duration = Duration::from_secs(1);
/// So many are weighed however long it takes: of a few people nothing is left out because the machine is busy.
const ALWAYS: usize = 20;

/// What a group was given just now.
#[derive(Clone, Copy)]
pub(super) enum Given<'a> {
    /// Members.
    Members(&'a [UserId]),
    /// Roles.
    Roles(&'a [EndUserRoleId]),
}

/// What is said of it.
pub struct NoRoom {
    /// How many people.
    pub text: String,
    /// How many were looked at, when that is not everybody.
    pub among: Option<String>,
    /// The page of one of them, which says what is left out of which tokens; `None`: the reader may not open it.
    pub link: Option<String>,
}

/// What the address carries from the form to the page: how many, one of them, and how many were looked at when there are more (or 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    count: u64,
    first: UserId,
    among: u64,
}

impl Told {
    fn write(self) -> String {
        format!("{}.{}.{}", self.count, self.first, self.among)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (count, first, among) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let most = MEMBERS as u64;
        (parts.next().is_none() && (1..=most).contains(&count) && among <= most).then_some(Self { count, first, among })
    }
}

/// With it in the address nobody can make the page say anything else: it is good for this group, in the session of whoever changed it.
fn mac(portal: &Portal, group: GroupId, told: &str) -> String {
    let session = portal.person.session.id.as_bytes();
    URL_SAFE_NO_PAD.encode(portal.visit.server.ground.sealer.mac("no room in a token", &[session, group.uuid().as_bytes(), told.as_bytes()]))
}

/// What the page of a group says, if its address says so and was written here. `have_pages`: whether members have pages that the reader may
/// open.
pub(super) fn read(portal: &Portal, group: GroupId, have_pages: bool) -> Option<NoRoom> {
    let (_, value) = url::form_urlencoded::parse(portal.visit.request.query_string().as_bytes()).find(|(name, _)| name == NO_ROOM)?;
    let (told, given) = value.rsplit_once('.')?;
    if !equal(mac(portal, group, told).as_bytes(), given.as_bytes()) {
        return None;
    }
    let (words, told) = (portal.words, Told::read(told)?);
    Some(NoRoom {
        text: words.counted("group-no-room", "count", told.count),
        among: (told.among > 0).then(|| words.counted("group-no-room-among", "count", told.among)),
        link: have_pages.then(|| paths::user(told.first)),
    })
}

/// Back to the page of a group that was given something, which says so, and who has no room for it. It was given, whether that can be told
/// or not.
pub(super) async fn done(portal: &Portal, group: &Group, given: Given<'_>) -> HttpResponse {
    let (key, mark) = match given {
        Given::Members(_) => ("members-added", ""),
        Given::Roles(_) => ("group-role-given", "#roles"),
    };
    let told = look(portal, group, given).await.unwrap_or_else(|fault| {
        tracing::warn!(%fault, "nobody looked whose tokens have no room any more");
        None
    });
    let address = |told: String| format!("?{NO_ROOM}={told}.{}", mac(portal, group.id, &told));
    let query = told.map(Told::write).map(address).unwrap_or_default();
    Portal::done(&format!("{}{query}{mark}", paths::group(group.id)), key)
}

/// Looks at the first of those who got something, at the apps of the stage whose people the reader may see. Whoever had no room before is
/// not told of again, nor who gets something only later: the preview tells that. It weighs as previews do, on a seat of theirs; when none is
/// free, nobody looks.
async fn look(portal: &Portal, group: &Group, given: Given<'_>) -> Result<Option<Told>, Fault> {
    let here = places(portal, group, given);
    if here.is_empty() {
        return Ok(None);
    }
    let Some(_seat) = portal.visit.server.previews.seat() else { return Ok(None) };
    let deadline = Instant::now() + TIME;
    let db = &portal.visit.server.ground.db;
    let (mut people, most) = match given {
        Given::Members(people) => (people.to_vec(), ADDED),
        Given::Roles(_) => {
            let members = held::members(&mut db.read().await?, group.id, "", &From::Start, MEMBERS + 1).await?;
            (members.into_iter().map(|member| member.person.id).collect(), MEMBERS)
        }
    };
    let all = people.len();
    people.truncate(most);
    let (mut count, mut first, mut looked) = (0, None, 0_usize);
    for part in people.chunks(TOGETHER) {
        let held = load::users(&mut db.read().await?, part).await?;
        let (known, now, here, id) = (portal.person.snapshot.clone(), portal.person.now, here.clone(), group.id);
        let roles: Option<Vec<EndUserRoleId>> = if let Given::Roles(roles) = given { Some(roles.to_vec()) } else { None };
        let is_full = move |holdings: &Holdings| {
            let full = |holdings: &Holdings, place: &DeploymentId| claims::has_no_room(&known, holdings, *place, now);
            here.iter().any(|place| full(holdings, place) && !full(&without(holdings, id, roles.as_deref()), place))
        };
        // Several apps for each of them: not on the thread that serves others.
        let weighed = actix_web::web::block(move || {
            let in_time = held.into_iter().enumerate().take_while(|(n, _)| looked + n < ALWAYS || Instant::now() < deadline);
            in_time.map(|(_, (id, holdings))| (id, is_full(&holdings))).collect::<HashMap<UserId, bool>>()
        });
        let weighed = weighed.await.map_err(|error| Fault::new("weigh the claims of a group", error))?;
        looked += weighed.len();
        count += weighed.values().filter(|full| **full).count() as u64;
        first = first.or_else(|| part.iter().copied().find(|id| weighed.get(id) == Some(&true)));
        if Instant::now() >= deadline {
            break;
        }
    }
    let among = if looked < all { looked as u64 } else { 0 };
    Ok(first.map(|first| Told { count, first, among }))
}

/// Where tokens can say more: for members at every app of the stage, for roles where they count.
fn places(portal: &Portal, group: &Group, given: Given<'_>) -> Vec<DeploymentId> {
    let catalogue = &portal.person.snapshot.catalogue;
    let sight = Sight::of(&portal.person.authority, catalogue);
    let says_more = |id: DeploymentId| match given {
        Given::Members(_) => true,
        Given::Roles(roles) => {
            let mut count_here = catalogue.end_user_roles_of(id).chain(catalogue.listed_roles_of(id).map(|(_, role)| role));
            count_here.any(|role| roles.contains(&role.id))
        }
    };
    let here = catalogue.deployments().filter(|row| row.stage == group.stage_id && sight.sees(row.id)).map(|row| row.id);
    here.filter(|id| says_more(*id)).collect()
}

/// What somebody would hold without what the group was given: `roles`, or themselves.
fn without(holdings: &Holdings, group: GroupId, roles: Option<&[EndUserRoleId]>) -> Holdings {
    let mut left = holdings.clone();
    if roles.is_none() {
        left.memberships.retain(|membership| membership.group != group);
    }
    left.end_user_grants.retain(|grant| grant.group != Some(group) || roles.is_some_and(|roles| !roles.contains(&grant.role)));
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_carries_it_and_nothing_else() {
        let told = Told { count: 3, first: UserId::fresh(), among: 200 };
        assert_eq!(Told::read(&told.write()), Some(told));
        let id = told.first;
        for odd in [String::new(), format!("0.{id}.0"), format!("1001.{id}.0"), format!("3.{id}"), format!("3.{id}.0.1"), format!("-1.{id}.0"), "3.x.0".into()]
        {
            assert_eq!(Told::read(&odd), None, "{odd}");
        }
        assert_eq!(Told::read(&format!("3.{id}.1001")), None);
    }
}
