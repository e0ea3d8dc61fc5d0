//! Changing when a grant is in force, and what ends with its holder.

use super::{EndUserGrant, GrantError, Holder, OrganizationGrant, access_changed, holder_access_changed, is_administrator, not_shut_out, not_stronger, store};
use super::{require_end_user, require_organization, subject};
use crate::access::administrators;
use crate::access::guard;
use crate::access::load::Who;
use crate::access::role::end_user::EndUserRole;
use crate::access::role::organization::OrganizationRole;
use crate::audit::{Event, Kind};
use crate::base::fault::Fault;
use crate::base::id::{AppId, GroupId, UserId};
use crate::base::time::Period;
use crate::work::{Changing, Work};

/// Changes when a grant of an organization role is in force; a period that ends now ends it. Answers whether it was held.
/// Making it shorter gives nobody anything, so only what makes it longer is compared with what the actor holds.
pub async fn set_organization_period(
    work: &mut Work,
    changing: &Changing,
    who: Who,
    role: &OrganizationRole,
    app: Option<AppId>,
    period: Period,
) -> Result<bool, GrantError> {
    require_organization(work, who, role).await?;
    not_stronger(work, who).await?;
    let Some(has) = store::organization(&mut work.tx, who, role.id, app).await? else { return Ok(false) };
    let before = has.period.period();
    if before == period {
        return Ok(true);
    }
    period.check_change(work.now)?;
    if !before.covers(period) {
        if let Who::User(id) = who {
            not_shut_out(work, id).await?;
        }
        guard::may_give(work, role.id, app, period).await?;
    }
    if !period.covers(before) {
        guard::proved_lately(work)?;
    }
    store::set_organization_period(&mut work.tx, has.id, period).await?;
    access_changed(work, changing, who).await?;
    let after = OrganizationGrant { period: period.into(), ..has.clone() };
    work.record(Event::new(Kind::GrantChanged, subject(who)).before(&has)?.after(&after)?).await?;
    if is_administrator(role) {
        administrators::one_remains(work, changing).await?;
    }
    Ok(true)
}

/// Changes when a grant of an end-user role is in force; a period that ends now ends it. Answers whether it was held.
pub async fn set_end_user_period(
    work: &mut Work,
    changing: &Changing,
    holder: Holder,
    app: AppId,
    role: &EndUserRole,
    period: Period,
) -> Result<bool, GrantError> {
    require_end_user(work, holder, app, role)?;
    let Some(has) = store::end_user(&mut work.tx, holder, role.id).await? else { return Ok(false) };
    let before = has.period.period();
    if before == period {
        return Ok(true);
    }
    period.check_change(work.now)?;
    if let Holder::User(id) = holder
        && !before.covers(period)
    {
        not_shut_out(work, id).await?;
    }
    store::set_end_user_period(&mut work.tx, has.id, period).await?;
    holder_access_changed(work, changing, holder).await?;
    let after = EndUserGrant { period: period.into(), ..has.clone() };
    work.record(Event::new(Kind::GrantChanged, holder.subject()).before(&has)?.after(&after)?).await?;
    Ok(true)
}

/// Every grant of a group ends, because the group goes, and its members with it. The right to delete the group is right enough.
pub(crate) async fn end_of_group(work: &mut Work, _: &Changing, group: GroupId) -> Result<(), Fault> {
    for grant in store::of_group(&mut work.tx, group).await? {
        work.record(Event::new(Kind::Revoked, Holder::Group(group).subject()).before(&grant)?).await?;
        store::delete_end_user(&mut work.tx, grant.id).await?;
    }
    Ok(())
}

/// Every grant of a user ends, because the user goes. The right to delete the user is right enough.
pub(crate) async fn end_of_user(work: &mut Work, _: &Changing, user: UserId) -> Result<(), Fault> {
    let about = || subject(Who::User(user));
    for grant in store::of_user(&mut work.tx, user).await? {
        work.record(Event::new(Kind::Revoked, about()).before(&grant)?).await?;
        store::delete_organization(&mut work.tx, grant.id).await?;
    }
    for grant in store::end_user_of_user(&mut work.tx, user).await? {
        work.record(Event::new(Kind::Revoked, about()).before(&grant)?).await?;
        store::delete_end_user(&mut work.tx, grant.id).await?;
    }
    Ok(())
}
