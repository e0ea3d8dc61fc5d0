//! The beginning of every change of the access model.

use super::{effective, load};
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::db::execute;
use crate::work::{Changing, Work};

/// Takes the access lock, then reads the actor's rights again: whoever lost a right to a change that committed a moment
/// ago no longer uses it. The first line of every work that changes the access model.
pub async fn begin_change(work: &mut Work) -> Result<Changing, Fault> {
    let changing = work.lock_access().await?;
    let holdings = match &work.actor {
        Actor::User { id, .. } => load::user(&mut work.tx, *id).await?,
        Actor::Client { id, .. } => load::client(&mut work.tx, *id).await?,
        Actor::Invitation { .. } | Actor::System { .. } | Actor::Anonymous => return Ok(changing),
    };
    let catalogue = load::catalogue(&mut work.tx).await?;
    let now = work.now;
    if let Actor::User { authority, .. } | Actor::Client { authority, .. } = &mut work.actor {
        *authority = effective::authority(&catalogue, &holdings, now);
    }
    Ok(changing)
}

/// Raises the counter that caches of the configuration ask.
pub(crate) async fn configuration_changed(work: &mut Work) -> Result<(), Fault> {
    execute!(work.tx, "UPDATE configuration SET counter = counter + 1 WHERE id = 1")?;
    Ok(())
}
