//! How long sessions last, changed: whatever had lapsed by then stays so, however long they last from then on.

use crate::access::stage::{self, ChangeError, SessionPolicy, Spec, Stage, StageError};
use crate::base::fault::Fault;
use crate::base::id::StageId;
use crate::base::text::DisplayName;
use crate::identity::organization::{self, EditError, Organization};
use crate::login::session::{self, Context};
use crate::work::{Changing, Work};

/// Changes name and session policy of a stage as its reader saw it.
pub async fn edit_stage(
    work: &mut Work,
    changing: &Changing,
    id: StageId,
    version: i64,
    name: &DisplayName,
    sessions: SessionPolicy,
) -> Result<Stage, ChangeError> {
    let before = stage::by_id(&mut work.tx, id).await?;
    let after = stage::edit(work, changing, id, version, name, sessions).await?;
    ended(work, before.as_ref().map(Context::of)).await?;
    Ok(after)
}

/// Makes a stage, or changes its name and session policy, as a file says.
pub async fn put_stage(work: &mut Work, changing: &Changing, spec: &Spec) -> Result<Stage, StageError> {
    let before = stage::by_key(&mut work.tx, &spec.key).await?;
    let after = stage::put(work, changing, spec).await?;
    ended(work, before.as_ref().map(Context::of)).await?;
    Ok(after)
}

/// Changes how long sessions of our own pages last, as their reader saw the settings.
pub async fn edit_portal(work: &mut Work, changing: &Changing, version: i64, sessions: SessionPolicy) -> Result<Organization, EditError> {
    let before = organization::load(&mut work.tx).await?;
    let after = organization::edit_portal_sessions(work, changing, version, sessions).await?;
    ended(work, before.map(|before| Context::Portal { policy: before.settings.portal_sessions })).await?;
    Ok(after)
}

/// `before`: the context with the policy that it had.
async fn ended(work: &mut Work, before: Option<Context>) -> Result<(), Fault> {
    match before {
        Some(before) => session::end_lapsed(work, &before).await,
        None => Ok(()),
    }
}
