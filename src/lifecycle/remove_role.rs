//! Removing an end-user role: its grants go, and what invitations promise of it.

use super::invitation;
use crate::access::app::{App, AppError};
use crate::access::role::end_user::{self, EndUserRole};
use crate::base::reach::Reach;
use crate::work::{Changing, Work};

/// Removes a role of an app with everything that gives it or would. Answers whether it was there.
pub async fn remove_role(work: &mut Work, changing: &Changing, app: &App, role: &EndUserRole) -> Result<bool, AppError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, role.stage_id))?;
    invitation::withdraw_role(work, changing, role.id).await?;
    end_user::remove(work, changing, app, role).await
}
