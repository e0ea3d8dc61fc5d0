//! People in the audit trail: who is meant by what somebody types into a search.

use super::store;
use crate::audit::search::{By, Filter};
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::text::EmailAddress;
use crate::db::Tx;
use crate::db::query::Query;
use uuid::Uuid;

/// Narrows a search to what somebody did, told by id, by e-mail address (whatever it was called then), or by the name that the trail
/// keeps: a client id, a command.
pub async fn by(tx: &mut Tx, filter: &mut Filter, typed: &str) -> Result<(), Fault> {
    let typed = typed.trim();
    filter.by = match typed {
        "" => None,
        "system" => Some(By::Kind("system")),
        "anonymous" => Some(By::Kind("anonymous")),
        _ => match Uuid::parse_str(typed) {
            Ok(id) => Some(By::Id(id)),
            Err(_) => Some(id_of(tx, typed).await?.map_or_else(|| By::Label(typed.to_owned()), By::Id)),
        },
    };
    Ok(())
}

/// Narrows a search to what is about something, told by id, by e-mail address, by `kind:id` or `kind:` alone; anything else is looked
/// for in the details.
pub async fn about(tx: &mut Tx, filter: &mut Filter, typed: &str) -> Result<(), Fault> {
    let typed = typed.trim();
    let (kind, which) = match typed.split_once(':') {
        Some((kind, which)) if !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') => (Some(kind), which),
        _ => (None, typed),
    };
    filter.about_kind = kind.map(str::to_owned);
    if which.is_empty() {
        return Ok(());
    }
    if let Ok(id) = Uuid::parse_str(which) {
        filter.about_id = Some(id.to_string());
    } else if let Some(id) = id_of(tx, which).await? {
        filter.about_id = Some(id.to_string());
    } else if kind.is_some() {
        filter.about_id = Some(which.to_owned());
    } else {
        filter.texts.push(which.to_owned());
    }
    Ok(())
}

/// What people with these ids are called now: the name, or the address of somebody without one. Whoever is gone is left out.
pub async fn labels(tx: &mut Tx, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<(UserId, String)>, Fault> {
    let mut query = Query::new("SELECT id, COALESCE(name, email) FROM users WHERE id IN ");
    query.list(ids);
    query.all(tx).await
}

async fn id_of(tx: &mut Tx, typed: &str) -> Result<Option<Uuid>, Fault> {
    match EmailAddress::parse(typed) {
        Ok(email) => Ok(store::by_email(tx, &email).await?.map(|user| user.id.uuid())),
        Err(_) => Ok(None),
    }
}
