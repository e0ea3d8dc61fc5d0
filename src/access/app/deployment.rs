//! A deployment: an app at a stage. It owns the permissions there, what they imply, and which shared roles count.

use super::{App, AppError, SignIn, circle, configuration_changed, listed, permission, store};
use crate::access::stage::Stage;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{AppId, AppPermissionId, DeploymentId, StageId};
use crate::base::reach::Reach;
use crate::base::text::{Description, Verb};
use crate::db::Tx;
use crate::work::{Changing, Work};
use serde::Serialize;
use std::collections::BTreeSet;
use url::Url;

/// An app at a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Deployment {
    /// The row.
    pub id: DeploymentId,
    /// The app.
    pub app_id: AppId,
    /// The stage.
    pub stage_id: StageId,
    /// Where people start.
    pub home_page: Option<String>,
    /// Who may sign in.
    pub sign_in: SignIn,
    /// The resource identifier: the `aud` of access tokens.
    pub resource: String,
    /// The ETag.
    pub version: i64,
}

/// A permission that a deployment owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct AppPermission {
    /// The row.
    pub id: AppPermissionId,
    /// What claims carry.
    pub verb: Verb,
    /// What it lets people do.
    pub description: Description,
}

/// What a file or form says of a deployment.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Where people start.
    pub home_page: Option<Url>,
    /// Who may sign in.
    pub sign_in: SignIn,
    /// The resource identifier; `None`: the default below our issuer.
    pub resource: Option<String>,
}

/// What a file or form says of a permission.
#[derive(Clone, Debug)]
pub struct PermissionSpec {
    /// What claims carry.
    pub verb: Verb,
    /// What it lets people do.
    pub description: Description,
    /// What it brings, of the same deployment.
    pub implies: Vec<Verb>,
}

/// The deployment of an app at a stage.
pub async fn find(tx: &mut Tx, app: AppId, stage: StageId) -> Result<Option<Deployment>, Fault> {
    store::deployment(tx, app, stage).await
}

/// Every deployment.
pub async fn all(tx: &mut Tx) -> Result<Vec<Deployment>, Fault> {
    store::deployments(tx).await
}

/// The deployment with this id.
pub async fn by_id(tx: &mut Tx, id: DeploymentId) -> Result<Option<Deployment>, Fault> {
    store::deployment_by_id(tx, id).await
}

/// The resource identifier in one spelling (RFC 3986 section 6): absolute, without fragment, not below our issuer.
fn resource(text: &str, issuer: &str) -> Result<String, AppError> {
    let refused = || AppError::Resource(text.to_owned());
    let uri = Url::parse(text).map_err(|_| refused())?;
    let normal = uri.as_str().to_owned();
    if uri.fragment().is_some() || normal.len() > 500 || uri.cannot_be_a_base() && !matches!(uri.scheme(), "urn" | "api") || is_below(&normal, issuer) {
        return Err(refused());
    }
    Ok(normal)
}

fn is_below(uri: &str, issuer: &str) -> bool {
    uri.strip_prefix(issuer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

/// Deploys an app to a stage, or changes the deployment. `issuer` is our own address.
pub async fn put(work: &mut Work, _: &Changing, app: &App, stage: &Stage, spec: &Spec, issuer: &str) -> Result<Deployment, AppError> {
    work.require("app.manage", Reach::AppAtStage(app.id, stage.id))?;
    if let Some(url) = spec.home_page.as_ref().filter(|url| !matches!(url.scheme(), "http" | "https") || url.as_str().len() > 2_000) {
        return Err(AppError::HomePage(url.to_string()));
    }
    let default = format!("{issuer}/apps/{}/{}", app.key, stage.key);
    let resource = match &spec.resource {
        Some(text) if *text != default => resource(text, issuer)?,
        _ => default,
    };
    let before = store::deployment(&mut work.tx, app.id, stage.id).await?;
    let home_page = spec.home_page.clone().map(String::from);
    let after = match &before {
        None => Deployment { id: DeploymentId::fresh(), app_id: app.id, stage_id: stage.id, home_page, sign_in: spec.sign_in, resource, version: 1 },
        Some(has) => {
            let same = Deployment { home_page, sign_in: spec.sign_in, resource, ..has.clone() };
            if same == *has {
                return Ok(same);
            }
            Deployment { version: has.version + 1, ..same }
        }
    };
    if !store::claim_resource(&mut work.tx, &after.resource, &app.key, &stage.key, work.now).await? {
        return Err(AppError::ResourceTaken(after.resource));
    }
    store::put_deployment(&mut work.tx, &after, work.now).await?;
    configuration_changed(work).await?;
    let mut event = Event::new(Kind::DeploymentChanged, Subject::new("deployment", after.id)).after(&after)?;
    if let Some(before) = &before {
        event = event.before(before)?;
    }
    work.record(event).await?;
    Ok(after)
}

/// Deploys an app to a stage where it is not yet.
pub async fn deploy(work: &mut Work, changing: &Changing, app: &App, stage: &Stage, spec: &Spec, issuer: &str) -> Result<Deployment, AppError> {
    work.require("app.manage", Reach::AppAtStage(app.id, stage.id))?;
    if store::deployment(&mut work.tx, app.id, stage.id).await?.is_some() {
        return Err(AppError::Deployed { app: app.key.clone(), stage: stage.key.clone() });
    }
    put(work, changing, app, stage, spec, issuer).await
}

/// Changes a deployment as it was read: at this version. Its resource identifier stays.
pub async fn change(
    work: &mut Work,
    changing: &Changing,
    (app, stage): (&App, &Stage),
    version: i64,
    home_page: Option<Url>,
    sign_in: SignIn,
    issuer: &str,
) -> Result<Deployment, AppError> {
    work.require("app.manage", Reach::AppAtStage(app.id, stage.id))?;
    let has = store::deployment(&mut work.tx, app.id, stage.id).await?.filter(|has| has.version == version).ok_or(AppError::Overtaken)?;
    put(work, changing, app, stage, &Spec { home_page, sign_in, resource: Some(has.resource) }, issuer).await
}

/// Adds permissions and implications to a deployment, and changes descriptions. What the list leaves out stays.
pub async fn put_permissions(work: &mut Work, _: &Changing, app: &App, deployment: &Deployment, specs: &[PermissionSpec]) -> Result<(), AppError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, deployment.stage_id))?;
    let told = permission::of_deployment(&mut work.tx, deployment.id).await?;
    let before = store::permissions(&mut work.tx, deployment.id).await?;
    let mut changed = false;
    for spec in specs {
        let has = store::find(&before, &spec.verb);
        if has.is_some_and(|has| has.description == spec.description) {
            continue;
        }
        let id = has.map_or_else(AppPermissionId::fresh, |has| has.id);
        let permission = AppPermission { id, verb: spec.verb.clone(), description: spec.description.clone() };
        store::put_permission(&mut work.tx, deployment.id, &permission).await?;
        changed = true;
    }
    let after = store::permissions(&mut work.tx, deployment.id).await?;
    let mut new = Vec::new();
    for spec in specs {
        for implied in spec.implies.iter().collect::<BTreeSet<_>>() {
            let (Some(from), Some(to)) = (store::find(&after, &spec.verb), store::find(&after, implied)) else {
                return Err(AppError::UnknownImplied { app: app.key.clone(), permission: spec.verb.clone(), implied: implied.clone() });
            };
            if store::add_implication(&mut work.tx, deployment.id, from.id, to.id).await? {
                store::touch_permission(&mut work.tx, from.id).await?;
                new.push((spec.verb.clone(), implied.clone()));
                changed = true;
            }
        }
    }
    if !changed {
        return Ok(());
    }
    let after = permission::of_deployment(&mut work.tx, deployment.id).await?;
    if let Some(way) = circle::closed_by(&after, &new) {
        return Err(AppError::Circle { app: app.key.clone(), way });
    }
    configuration_changed(work).await?;
    work.record(Event::new(Kind::AppPermissionsChanged, Subject::new("deployment", deployment.id)).before(&told)?.after(&after)?).await?;
    Ok(())
}

/// Lists shared roles of other apps, each as `other-app:role`. What the list leaves out stays.
pub async fn list_shared_roles(work: &mut Work, changing: &Changing, app: &App, deployment: &Deployment, roles: &[String]) -> Result<(), AppError> {
    listed::change(work, changing, app, deployment, roles, &[]).await
}

/// The permissions of a deployment.
pub async fn permissions(tx: &mut Tx, deployment: DeploymentId) -> Result<Vec<AppPermission>, Fault> {
    store::permissions(tx, deployment).await
}

#[cfg(test)]
mod tests {
    use super::resource;

    #[test]
    fn resources_have_one_spelling_and_stay_out_of_our_own() {
        let issuer = "https://id.acme.example";
        assert_eq!(resource("HTTPS://API.Acme.Example:443/sales", issuer).unwrap(), "https://api.acme.example/sales");
        assert!(resource("urn:acme:sales", issuer).is_ok() && resource("https://id.acme.example.evil/x", issuer).is_ok());
        for bad in [
            "sales",
            "https://api.acme.example/#x",
            "https://id.acme.example",
            "https://id.acme.example/api",
            "https://ID.acme.example/x",
            "javascript:alert(1)",
        ] {
            assert!(resource(bad, issuer).is_err(), "{bad} is refused");
        }
    }
}
