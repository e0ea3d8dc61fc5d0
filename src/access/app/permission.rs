//! The permissions of a deployment one by one, as people edit them: exactly what the form says, and no more.

use super::deployment::{AppPermission, Deployment, PermissionSpec};
use super::{App, AppError, circle, configuration_changed, store};
use crate::access::role::end_user;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{AppPermissionId, DeploymentId};
use crate::base::reach::Reach;
use crate::base::text::Verb;
use crate::db::Tx;
use crate::work::{Changing, Work};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A permission with what it brings by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Whole {
    /// The permission.
    #[serde(flatten)]
    pub permission: AppPermission,
    /// What it brings, in order.
    pub implies: Vec<Verb>,
    /// The ETag.
    pub version: i64,
}

/// Every permission of a deployment with what it brings, in order.
pub async fn of_deployment(tx: &mut Tx, deployment: DeploymentId) -> Result<Vec<Whole>, Fault> {
    let versions: BTreeMap<AppPermissionId, i64> = store::permission_versions(tx, deployment).await?.into_iter().collect();
    let permissions = store::permissions(tx, deployment).await?;
    let verbs: BTreeMap<AppPermissionId, Verb> = permissions.iter().map(|permission| (permission.id, permission.verb.clone())).collect();
    let mut implies: BTreeMap<AppPermissionId, BTreeSet<Verb>> = BTreeMap::new();
    for (from, to) in store::implications(tx, deployment).await? {
        implies.entry(from).or_default().extend(verbs.get(&to).cloned());
    }
    let whole = |permission: AppPermission| Whole {
        implies: implies.remove(&permission.id).unwrap_or_default().into_iter().collect(),
        version: versions.get(&permission.id).copied().unwrap_or_default(),
        permission,
    };
    Ok(permissions.into_iter().map(whole).collect())
}

/// What a permission brings, directly and through what it brings; without itself, in order. Circles end where they began.
pub fn brings(all: &[Whole], verb: &Verb) -> Vec<Verb> {
    let of = |verb: &Verb| all.iter().filter(|whole| whole.permission.verb == *verb).flat_map(|whole| whole.implies.clone()).collect();
    reached(verb, of)
}

/// The permissions that bring this one, directly and through others; without itself, in order.
pub fn brought_by(all: &[Whole], verb: &Verb) -> Vec<Verb> {
    let of = |verb: &Verb| all.iter().filter(|whole| whole.implies.contains(verb)).map(|whole| whole.permission.verb.clone()).collect();
    reached(verb, of)
}

fn reached(from: &Verb, next: impl Fn(&Verb) -> Vec<Verb>) -> Vec<Verb> {
    let mut seen: BTreeSet<Verb> = BTreeSet::new();
    let mut open = vec![from.clone()];
    while let Some(verb) = open.pop() {
        open.extend(next(&verb).into_iter().filter(|verb| seen.insert(verb.clone())));
    }
    seen.remove(from);
    seen.into_iter().collect()
}

/// Adds a permission that the deployment does not have yet.
pub async fn add(work: &mut Work, _: &Changing, app: &App, deployment: &Deployment, spec: &PermissionSpec) -> Result<(), AppError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, deployment.stage_id))?;
    let before = of_deployment(&mut work.tx, deployment.id).await?;
    if before.iter().any(|whole| whole.permission.verb == spec.verb) {
        return Err(AppError::PermissionExists(spec.verb.clone()));
    }
    let permission = AppPermission { id: AppPermissionId::fresh(), verb: spec.verb.clone(), description: spec.description.clone() };
    write(work, app, deployment, &before, permission, spec).await
}

/// Changes a permission as it was read: at this version. What the list of implied ones leaves out goes.
pub async fn change(work: &mut Work, _: &Changing, app: &App, deployment: &Deployment, version: i64, spec: &PermissionSpec) -> Result<(), AppError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, deployment.stage_id))?;
    let before = of_deployment(&mut work.tx, deployment.id).await?;
    let has = before.iter().find(|whole| whole.permission.verb == spec.verb && whole.version == version).ok_or(AppError::Overtaken)?;
    let wished: BTreeSet<&Verb> = spec.implies.iter().collect();
    if has.permission.description == spec.description && has.implies.iter().collect::<BTreeSet<_>>() == wished {
        return Ok(());
    }
    let permission = AppPermission { description: spec.description.clone(), ..has.permission.clone() };
    write(work, app, deployment, &before, permission, spec).await
}

async fn write(
    work: &mut Work,
    app: &App,
    deployment: &Deployment,
    before: &[Whole],
    permission: AppPermission,
    spec: &PermissionSpec,
) -> Result<(), AppError> {
    let had = before.iter().find(|whole| whole.permission.id == permission.id).map(|whole| whole.implies.as_slice()).unwrap_or_default();
    let mut known: BTreeMap<&Verb, AppPermissionId> = before.iter().map(|whole| (&whole.permission.verb, whole.permission.id)).collect();
    known.insert(&permission.verb, permission.id);
    let wished: BTreeSet<&Verb> = spec.implies.iter().collect();
    let mut implied = Vec::new();
    for verb in &wished {
        let unknown = || AppError::UnknownImplied { app: app.key.clone(), permission: spec.verb.clone(), implied: (*verb).clone() };
        implied.push(*known.get(verb).ok_or_else(unknown)?);
    }
    store::put_permission(&mut work.tx, deployment.id, &permission).await?;
    for id in implied {
        store::add_implication(&mut work.tx, deployment.id, permission.id, id).await?;
    }
    let new: Vec<(Verb, Verb)> = wished.iter().filter(|verb| !had.contains(verb)).map(|verb| (permission.verb.clone(), (*verb).clone())).collect();
    for gone in had.iter().filter(|verb| !wished.contains(verb)) {
        if let Some(id) = known.get(gone) {
            store::delete_implication(&mut work.tx, permission.id, *id).await?;
        }
    }
    written(work, app, deployment, before, &new).await
}

/// Refuses circles that new implications close; then counts and tells the change.
async fn written(work: &mut Work, app: &App, deployment: &Deployment, before: &[Whole], new: &[(Verb, Verb)]) -> Result<(), AppError> {
    let after = of_deployment(&mut work.tx, deployment.id).await?;
    if let Some(way) = circle::closed_by(&after, new) {
        return Err(AppError::Circle { app: app.key.clone(), way });
    }
    configuration_changed(work).await?;
    work.record(Event::new(Kind::AppPermissionsChanged, Subject::new("deployment", deployment.id)).before(&before)?.after(&after)?).await?;
    Ok(())
}

/// Makes permissions exactly what the list says, and removes those in `gone`; whatever neither names stays as it is.
pub(crate) async fn set(work: &mut Work, _: &Changing, app: &App, deployment: &Deployment, specs: &[PermissionSpec], gone: &[Verb]) -> Result<(), AppError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, deployment.stage_id))?;
    let before = of_deployment(&mut work.tx, deployment.id).await?;
    let has = |verb: &Verb| before.iter().find(|whole| whole.permission.verb == *verb);
    for spec in specs {
        let known = has(&spec.verb);
        if known.is_none_or(|known| known.permission.description != spec.description) {
            let id = known.map_or_else(AppPermissionId::fresh, |known| known.permission.id);
            let permission = AppPermission { id, verb: spec.verb.clone(), description: spec.description.clone() };
            store::put_permission(&mut work.tx, deployment.id, &permission).await?;
        }
    }
    let known: BTreeMap<Verb, AppPermissionId> =
        store::permissions(&mut work.tx, deployment.id).await?.into_iter().map(|permission| (permission.verb, permission.id)).collect();
    let mut new = Vec::new();
    for spec in specs {
        let Some(from) = known.get(&spec.verb) else { continue };
        let had = has(&spec.verb).map(|whole| whole.implies.as_slice()).unwrap_or_default();
        let added: Vec<&Verb> = spec.implies.iter().filter(|verb| !had.contains(verb)).collect();
        let dropped: Vec<&Verb> = had.iter().filter(|verb| !spec.implies.contains(verb)).collect();
        for verb in &added {
            let unknown = || AppError::UnknownImplied { app: app.key.clone(), permission: spec.verb.clone(), implied: (*verb).clone() };
            store::add_implication(&mut work.tx, deployment.id, *from, *known.get(*verb).ok_or_else(unknown)?).await?;
            new.push((spec.verb.clone(), (*verb).clone()));
        }
        for to in dropped.iter().filter_map(|verb| known.get(*verb)) {
            store::delete_implication(&mut work.tx, *from, *to).await?;
        }
        if !added.is_empty() || !dropped.is_empty() {
            store::touch_permission(&mut work.tx, *from).await?;
        }
    }
    for verb in gone {
        end_user::lose(work, deployment.id, verb).await?;
        for whole in before.iter().filter(|whole| whole.implies.contains(verb)) {
            store::touch_permission(&mut work.tx, whole.permission.id).await?;
        }
        if let Some(id) = known.get(verb) {
            store::delete_permission(&mut work.tx, *id).await?;
        }
    }
    written(work, app, deployment, &before, &new).await
}

/// How many people have each permission of a deployment now: by a role that holds it or what brings it, directly or through a group.
/// Permissions that nobody has are left out.
pub async fn people(tx: &mut Tx, deployment: DeploymentId) -> Result<BTreeMap<AppPermissionId, u64>, Fault> {
    store::people_by_permission(tx, deployment).await
}

/// Removes a permission from a deployment, from every role there and from whatever implied it. Answers whether it was there.
pub async fn remove(work: &mut Work, _: &Changing, app: &App, deployment: &Deployment, verb: &Verb) -> Result<bool, AppError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, deployment.stage_id))?;
    let before = of_deployment(&mut work.tx, deployment.id).await?;
    let Some(gone) = before.iter().find(|whole| whole.permission.verb == *verb) else { return Ok(false) };
    end_user::lose(work, deployment.id, verb).await?;
    for whole in before.iter().filter(|whole| whole.implies.contains(verb)) {
        store::touch_permission(&mut work.tx, whole.permission.id).await?;
    }
    store::delete_permission(&mut work.tx, gone.permission.id).await?;
    configuration_changed(work).await?;
    let after = of_deployment(&mut work.tx, deployment.id).await?;
    work.record(Event::new(Kind::AppPermissionsChanged, Subject::new("deployment", deployment.id)).before(&before)?.after(&after)?).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Description;

    fn verb(text: &str) -> Verb {
        Verb::parse(text).unwrap()
    }

    #[test]
    fn what_a_permission_brings_goes_through_others_and_ends_in_circles() {
        let whole = |name: &str, implies: &[&str]| Whole {
            permission: AppPermission { id: AppPermissionId::fresh(), verb: verb(name), description: Description::default() },
            implies: implies.iter().map(|name| verb(name)).collect(),
            version: 1,
        };
        let all = [whole("manage", &["write"]), whole("write", &["read", "write"]), whole("read", &["manage"]), whole("alone", &[])];
        assert_eq!(brings(&all, &verb("manage")), [verb("read"), verb("write")]);
        assert_eq!(brought_by(&all, &verb("read")), [verb("manage"), verb("write")]);
        assert!(brings(&all, &verb("alone")).is_empty() && brought_by(&all, &verb("none")).is_empty());
    }
}
