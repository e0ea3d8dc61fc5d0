use super::Organization;
use crate::base::fault::Fault;
use crate::base::id::OrganizationId;
use crate::base::text::DisplayName;
use crate::base::time::Timestamp;
use crate::db::{Tx, execute, optional};

/// The organization, once it was made.
pub async fn load(tx: &mut Tx) -> Result<Option<Organization>, Fault> {
    let row = optional!(
        tx,
        (OrganizationId, DisplayName, String, String, i64),
        "SELECT id, name, internal_domains, settings, version FROM organization WHERE singleton = 1"
    )?;
    row.map(|(id, name, domains, settings, version)| {
        Ok(Organization { id, name, internal_domains: serde_json::from_str(&domains)?, settings: serde_json::from_str(&settings)?, version })
    })
    .transpose()
}

pub(super) async fn insert(tx: &mut Tx, made: &Organization, now: Timestamp) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO organization (singleton, id, name, internal_domains, settings, created_at, version) VALUES (1, $1, $2, $3, $4, $5, 1)",
        made.id,
        made.name.as_str(),
        serde_json::to_string(&made.internal_domains)?,
        serde_json::to_string(&made.settings)?,
        now
    )?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, after: &Organization) -> Result<(), Fault> {
    execute!(
        tx,
        "UPDATE organization SET name = $1, internal_domains = $2, settings = $3, version = version + 1 WHERE singleton = 1",
        after.name.as_str(),
        serde_json::to_string(&after.internal_domains)?,
        serde_json::to_string(&after.settings)?
    )?;
    execute!(tx, "UPDATE configuration SET counter = counter + 1 WHERE id = 1")?;
    Ok(())
}
