//! The first phase: the real rule runs, is looked at, and is undone.

use crate::access::catalogue::{Catalogue, Rows};
use crate::access::effective::{EndUserGrantRow, Holdings, OrganizationGrantRow};
use crate::access::load::{self, Who};
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::base::id::{ClientId, GroupId, UserId};
use crate::work::{Gone, Ground, Origin, Work};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;

/// So many subjects are read together.
const TOGETHER: usize = 500;

/// What a change does to the rows from which access is computed: everything that it touches, as it is afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// What the people who were touched hold; who is gone holds nothing.
    pub users: BTreeMap<UserId, Holdings>,
    /// What the API clients that were touched hold.
    pub clients: BTreeMap<ClientId, Holdings>,
    /// What the groups that were touched hold; `None`: the group is gone, with its memberships.
    pub groups: BTreeMap<GroupId, Option<Vec<EndUserGrantRow>>>,
    /// The configuration, if it changed.
    configuration: Option<Rows>,
    /// What goes with all that hangs on it, whoever that is.
    pub(super) gone: Gone,
}

/// Runs a rule as it would be run, reads what it changed, and undoes it. `counter`: that of the configuration as it is known.
/// Milliseconds: nothing is compiled or compared while the writer is held.
pub async fn rehearse<T, E>(
    ground: &Ground,
    actor: &Actor,
    origin: &Origin,
    counter: i64,
    rule: impl AsyncFn(&mut Work) -> Result<T, E>,
) -> Result<ChangeSet, E>
where
    E: Error + From<Fault> + 'static,
{
    ground.rehearse(actor, origin, rule, async |work| read(work, counter).await).await
}

async fn read(work: &mut Work, counter: i64) -> Result<ChangeSet, Fault> {
    let touched = work.touched().clone();
    let gone = touched.gone;
    let left = |held: Option<Holdings>| {
        let mut held = held.unwrap_or_default();
        lessen(&mut held, &gone);
        held
    };
    let mut changes = ChangeSet::default();
    for ids in touched.users.iter().copied().collect::<Vec<_>>().chunks(TOGETHER) {
        let mut held = load::users(&mut work.tx, ids).await?;
        changes.users.extend(ids.iter().map(|id| (*id, left(held.remove(id)))));
    }
    for ids in touched.clients.iter().copied().collect::<Vec<_>>().chunks(TOGETHER) {
        let mut held = load::clients(&mut work.tx, ids).await?;
        changes.clients.extend(ids.iter().map(|id| (*id, left(held.remove(id).filter(|_| !gone.clients.contains(id))))));
    }
    for ids in touched.groups.iter().copied().collect::<Vec<_>>().chunks(TOGETHER) {
        let mut held = load::groups(&mut work.tx, ids).await?;
        changes.groups.extend(ids.iter().map(|id| (*id, held.remove(id).filter(|_| !gone.groups.contains(id)))));
    }
    // Whoever changes the configuration raises its counter, or caches would be wrong; so nobody can forget to say it here.
    if load::configuration_counter(&mut work.tx).await? != counter {
        changes.configuration = Some(without(load::rows(&mut work.tx).await?, &gone));
    }
    changes.gone = gone;
    Ok(changes)
}

/// The configuration without what would be gone. Rows that refer to it count for nothing.
fn without(mut rows: Rows, gone: &Gone) -> Rows {
    rows.stages.retain(|row| !gone.stages.contains(&row.id));
    rows.apps.retain(|row| !gone.apps.contains(&row.id));
    rows.deployments.retain(|row| !gone.deployments.contains(&row.id));
    rows.end_user_roles.retain(|row| !gone.end_user_roles.contains(&row.id));
    rows.organization_roles.retain(|row| !gone.organization_roles.contains(&row.id));
    rows
}

fn loses_organization_grant(grant: &OrganizationGrantRow, gone: &Gone) -> bool {
    gone.organization_roles.contains(&grant.role) || grant.app.is_some_and(|app| gone.apps.contains(&app))
}

/// Whether somebody who holds this holds something of what would be gone.
fn is_lessened(held: &Holdings, gone: &Gone) -> bool {
    held.organization_grants.iter().any(|grant| loses_organization_grant(grant, gone))
        || held.end_user_grants.iter().any(|grant| gone.end_user_roles.contains(&grant.role))
}

/// Takes out of somebody's holdings what would be gone.
fn lessen(held: &mut Holdings, gone: &Gone) {
    held.organization_grants.retain(|grant| !loses_organization_grant(grant, gone));
    held.end_user_grants.retain(|grant| !gone.end_user_roles.contains(&grant.role));
}

impl ChangeSet {
    /// Whether the configuration changes.
    pub fn changes_configuration(&self) -> bool {
        self.configuration.is_some()
    }

    /// The configuration as it would be, compiled; `None`: it does not change.
    pub fn catalogue(&self) -> Option<Catalogue> {
        self.configuration.clone().map(Catalogue::compile)
    }

    /// What somebody would hold who holds this now.
    pub fn applied<'h>(&'h self, who: Who, now: &'h Holdings) -> Cow<'h, Holdings> {
        let named = match who {
            Who::User(id) => self.users.get(&id),
            Who::Client(id) => self.clients.get(&id),
        };
        if let Some(after) = named {
            return Cow::Borrowed(after);
        }
        let by_groups = now.memberships.iter().any(|membership| self.groups.contains_key(&membership.group));
        if !by_groups && !is_lessened(now, &self.gone) {
            return Cow::Borrowed(now);
        }
        let mut after = now.clone();
        after.memberships.retain(|membership| self.groups.get(&membership.group).is_none_or(Option::is_some));
        after.end_user_grants.retain(|grant| grant.group.is_none_or(|group| !self.groups.contains_key(&group)));
        let mut joined: Vec<GroupId> = after.memberships.iter().map(|membership| membership.group).collect();
        joined.sort_unstable();
        joined.dedup();
        for grants in joined.iter().filter_map(|group| self.groups.get(group)?.as_ref()) {
            after.end_user_grants.extend(grants.iter().cloned());
        }
        lessen(&mut after, &self.gone);
        Cow::Owned(after)
    }
}
