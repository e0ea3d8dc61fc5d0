//! The stages of a new organization, which setup may describe more than once.

use super::{Spec, StageError, put, store};
use crate::access::change::configuration_changed;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::db::execute;
use crate::work::{Changing, Work};

/// Makes these the stages: whatever else stands there goes. Only for an organization in which nothing is deployed yet; the database
/// refuses to take a stage away that anything refers to.
pub async fn put_first(work: &mut Work, changing: &Changing, specs: &[Spec]) -> Result<(), StageError> {
    work.require("stage.manage", Reach::Organization)?;
    for stage in store::all(&mut work.tx).await? {
        if specs.iter().any(|spec| spec.key == stage.key && spec.purpose == stage.purpose) {
            continue;
        }
        execute!(work.tx, "DELETE FROM stages WHERE id = $1", stage.id).map_err(Fault::from)?;
        configuration_changed(work).await?;
        work.record(Event::new(Kind::StageChanged, Subject::new("stage", stage.id)).before(&stage)?).await?;
    }
    for spec in specs {
        put(work, changing, spec).await?;
    }
    Ok(())
}
