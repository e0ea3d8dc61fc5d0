//! Removing a role: its grants go, and what invitations promise of it.

use super::invitation;
use crate::access::app::{App, AppError};
use crate::access::role::end_user::{self, EndUserRole};
use crate::access::role::organization::{self, EditError, OrganizationRole};
use crate::base::id::OrganizationRoleId;
use crate::base::reach::Reach;
use crate::work::{Changing, Work};

/// Removes a role of an app with everything that gives it or would. Answers whether it was there.
pub async fn remove_role(work: &mut Work, changing: &Changing, app: &App, role: &EndUserRole) -> Result<bool, AppError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, role.stage_id))?;
    invitation::withdraw_role(work, changing, role.id).await?;
    end_user::remove(work, changing, app, role).await
}

/// Removes a custom organization role, and every offer of it. `with_grants`: whoever holds it loses it, and whoever was offered it does not get
/// it, which is for those who might take or offer it; without, a role that somebody holds or was offered stays.
pub async fn remove_organization_role(
    work: &mut Work,
    changing: &Changing,
    role: OrganizationRoleId,
    version: i64,
    with_grants: bool,
) -> Result<OrganizationRole, EditError> {
    // What cannot go at all is said before what goes along.
    organization::seen(work, role, version).await?;
    if with_grants {
        invitation::withdraw_organization_role::<EditError>(work, changing, role).await?;
    } else {
        let offered = i64::try_from(invitation::count_offering_organization_role(&mut work.tx, role).await?).unwrap_or(i64::MAX);
        if offered > 0 {
            return Err(EditError::InUse(organization::Holders { people: offered, clients: 0 }));
        }
    }
    organization::remove(work, changing, role, version, with_grants).await
}
