//! Deleting a group: its members leave it, the roles it held go, and so does what invitations promise of it. Each of these leaves its own
//! trace, as when it is taken away alone.

use super::invitation;
use crate::access::grant;
use crate::base::id::GroupId;
use crate::identity::group::{self, ChangeError, Group};
use crate::work::{Changing, Work};

/// Deletes a group as its reader saw it. Its members lose the roles they held through it, from the next token on; an invitation that offers
/// nothing else ends.
pub async fn delete_group(work: &mut Work, changing: &Changing, id: GroupId, version: i64) -> Result<Group, ChangeError> {
    let group = group::seen(work, id, version).await?;
    invitation::withdraw_group(work, changing, id).await?;
    grant::end_of_group(work, changing, id).await?;
    group::remove(work, changing, &group).await?;
    Ok(group)
}
