//! What people are searched in, folded again after a migration said that the program folds more than before.

use super::store;
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::work::{Ground, Origin};

/// So many in one work: others write in between.
const STEP: i64 = 500;

/// Folds again whatever is stale; a start that finds nothing writes nothing. What a person is does not change by it, so no event tells of it.
/// Several servers may do it at once.
pub async fn refold(ground: &Ground) -> Result<(), Fault> {
    loop {
        let mut tx = ground.db.read().await?;
        let stale = store::stale(&mut tx, STEP).await?;
        drop(tx);
        if stale.is_empty() {
            return Ok(());
        }
        let actor = Actor::System { label: "start" };
        ground
            .work(&actor, &Origin::default(), async |work| {
                for id in &stale {
                    store::fold_again(&mut work.tx, *id).await?;
                }
                Ok::<_, Fault>(())
            })
            .await?;
    }
}
