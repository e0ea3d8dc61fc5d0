//! Organization, stages, permissions, roles, apps and groups of a file, each by the rule of its noun.

use super::clients;
use super::file::{self, Entry};
use super::people::{period, reason};
use super::{About, Applying, Failure, Refused};
use crate::access::app::deployment::{self, Deployment, PermissionSpec};
use crate::access::app::{self, App, SignIn};
use crate::access::catalogue::Counts;
use crate::access::grant::{self, Given, Holder};
use crate::access::load;
use crate::access::permission::{PlatformPermission, built_in};
use crate::access::role::end_user::{self, EndUserRole};
use crate::access::role::organization as organization_role;
use crate::access::stage::{self, Purpose, SessionPolicy, Stage};
use crate::base::fault::Fault;
use crate::base::text::{PermissionKey, Slug};
use crate::base::time::Period;
use crate::cli::nearest;
use crate::identity::{group, organization};
use crate::lifecycle::session_policy;
use std::time::Duration;

/// The word for "at every stage, later ones too".
pub(super) const EVERY_STAGE: &str = "every_stage";

/// A deployment of the file with its rows.
type Placed<'f> = (&'f file::App, &'f file::Deployment, App, Deployment);

impl Applying<'_> {
    pub(super) async fn organization(&mut self, file: Option<&file::Organization>) -> Result<(), Failure> {
        let about = || "organization".to_owned();
        let has = organization::load(&mut self.work.tx).await?;
        let Some(file) = file else {
            return if has.is_some() { Ok(()) } else { Err(Refused::NoOrganization).about(about) };
        };
        let settings = has.as_ref().map(|has| has.settings).unwrap_or_default();
        let settings = organization::Settings { claims_budget: file.claims_budget.unwrap_or(settings.claims_budget), ..settings };
        let domains = file.internal_domains.clone().or_else(|| has.map(|has| has.internal_domains)).unwrap_or_default();
        organization::put_with(self.work, self.changing, &file.name, &domains, Some(settings)).await.about(about)?;
        Ok(())
    }

    /// Without any stage, here and in the file, there are the first three.
    pub(super) async fn stages(&mut self, files: &[file::Stage]) -> Result<(), Failure> {
        let has = stage::all(&mut self.work.tx).await?;
        let mut specs = if files.is_empty() && has.is_empty() { stage::first_stages() } else { Vec::new() };
        for file in files {
            let before = has.iter().find(|stage| stage.key == file.key).map_or(SessionPolicy::STANDARD, |stage| stage.sessions);
            let sessions = SessionPolicy {
                maximum: file.session_hours.map_or(before.maximum, |hours| Duration::from_hours(hours.into())),
                idle: file.session_idle_minutes.map_or(before.idle, |minutes| Duration::from_mins(minutes.into())),
            };
            specs.push(stage::Spec { key: file.key.clone(), name: file.name.clone(), purpose: file.purpose, sessions });
        }
        for spec in &specs {
            session_policy::put_stage(self.work, self.changing, spec).await.about(|| format!("stage {:?}", spec.key.as_str()))?;
        }
        Ok(())
    }

    /// Permissions may stand in the file before those that they imply.
    pub(super) async fn own_permissions(&mut self, files: &[PlatformPermission]) -> Result<(), Failure> {
        let mut waiting: Vec<&PlatformPermission> = files.iter().collect();
        while !waiting.is_empty() {
            let waits = |key: &PermissionKey| waiting.iter().any(|permission| permission.key == *key) && built_in().permission(key.as_str()).is_none();
            let free =
                |permission: &&PlatformPermission| !permission.implies.iter().any(|implied| implied.permission != permission.key && waits(&implied.permission));
            // Of a circle none is free; the rule then says which implication has nothing to refer to.
            let next = waiting.remove(waiting.iter().position(free).unwrap_or(0));
            let put = organization_role::put_own_permission(self.work, self.changing, next).await;
            put.about(|| format!("permission {:?}", next.key.as_str()))?;
        }
        Ok(())
    }

    pub(super) async fn organization_roles(&mut self, files: &[file::OrganizationRole]) -> Result<(), Failure> {
        for file in files {
            let about = || format!("organization_role {:?}", file.key.as_str());
            let mut entries = Vec::new();
            for Entry(held) in &file.permissions {
                for word in &held.at {
                    entries.push((held.permission.clone(), self.counts(word).await?.about(about)?));
                }
            }
            let before = organization_role::by_key(&mut self.work.tx, &file.key).await?;
            let description = file.description.clone().or_else(|| before.map(|role| role.description)).unwrap_or_default();
            let spec = organization_role::Spec { key: file.key.clone(), name: file.name.clone(), description, entries };
            organization_role::put(self.work, self.changing, &spec).await.about(about)?;
        }
        Ok(())
    }

    /// Where a permission counts. A purpose comes before the stage of the same key; `stage:development` is the stage.
    async fn counts(&mut self, word: &str) -> Result<Result<Counts, Refused>, Fault> {
        if word == EVERY_STAGE {
            return Ok(Ok(Counts::EveryStage));
        }
        if let Some(purpose) = Purpose::parse(word) {
            return Ok(Ok(Counts::Purpose(purpose)));
        }
        let key = word.strip_prefix("stage:").unwrap_or(word);
        let stages = stage::all(&mut self.work.tx).await?;
        let found = stages.iter().find(|stage| stage.key.as_str() == key).map(|stage| Counts::Stage(stage.id));
        Ok(found.ok_or_else(|| Refused::Counts(word.to_owned(), nearest(key, stages.iter().map(|stage| stage.key.as_str())))))
    }

    /// Apps with their deployments and permissions, then every role, then the shared ones that others list.
    pub(super) async fn apps(&mut self, files: &[file::App]) -> Result<(), Failure> {
        let mut placed: Vec<Placed<'_>> = Vec::new();
        for file in files {
            let before = app::by_key(&mut self.work.tx, &file.key).await?;
            let description = file.description.clone().or_else(|| before.map(|app| app.description)).unwrap_or_default();
            let app = app::put(self.work, self.changing, &file.key, &file.name, &description).await.about(|| file.entry())?;
            for at in &file.deployment {
                let deployment = self.deployment(&app, at).await.about_within(file, at)?;
                placed.push((file, at, app.clone(), deployment));
            }
        }
        for (file, at, app, deployment) in &placed {
            for role in &at.roles {
                self.end_user_role(app, deployment, role).await.about_within(file, at)?;
            }
        }
        for (file, at, _, deployment) in &placed {
            for client in &at.clients {
                let put = self.app_client(deployment, client).await;
                put.map_err(|error| Failure::Entry { entry: clients::entry(&client.client_id), error })
                    .about(|| format!("{}, {}", file.entry(), at.entry()))?;
            }
        }
        for (file, at, app, deployment) in &placed {
            let listed = deployment::list_shared_roles(self.work, self.changing, app, deployment, &at.listed_roles).await;
            listed.map_err(boxed).about_within(file, at)?;
        }
        Ok(())
    }

    async fn deployment(&mut self, app: &App, file: &file::Deployment) -> Result<Deployment, Cause> {
        let stage = self.stage(&file.stage).await??;
        let before = deployment::find(&mut self.work.tx, app.id, stage.id).await?;
        let home_page = file.home_page.clone().or_else(|| before.as_ref().and_then(|before| before.home_page.as_deref()?.parse().ok()));
        let sign_in = file.sign_in.or_else(|| before.as_ref().map(|before| before.sign_in)).unwrap_or(SignIn::Assigned);
        let resource = file.resource.clone().or_else(|| before.map(|before| before.resource));
        let spec = deployment::Spec { home_page, sign_in, resource };
        let deployment = deployment::put(self.work, self.changing, app, &stage, &spec, self.issuer).await?;
        let known = deployment::permissions(&mut self.work.tx, deployment.id).await?;
        let permissions: Vec<PermissionSpec> = file
            .permissions
            .iter()
            .map(|Entry(file)| {
                let before = known.iter().find(|known| known.verb == file.verb).map(|known| known.description.clone());
                let description = file.description.clone().or(before).unwrap_or_default();
                PermissionSpec { verb: file.verb.clone(), description, implies: file.implies.clone() }
            })
            .collect();
        deployment::put_permissions(self.work, self.changing, app, &deployment, &permissions).await?;
        Ok(deployment)
    }

    async fn end_user_role(&mut self, app: &App, deployment: &Deployment, file: &file::Role) -> Result<(), Cause> {
        let before = end_user::by_key(&mut self.work.tx, deployment.id, &file.key).await?;
        let (description, shared) = before.map_or_else(Default::default, |before| (before.description, before.shared));
        let spec = end_user::Spec {
            key: file.key.clone(),
            name: file.name.clone(),
            description: file.description.clone().unwrap_or(description),
            shared: file.shared.unwrap_or(shared),
            permissions: file.permissions.clone(),
        };
        end_user::put(self.work, self.changing, app, deployment, &spec).await?;
        Ok(())
    }

    pub(super) async fn groups(&mut self, files: &[file::Group]) -> Result<(), Failure> {
        for file in files {
            self.group(file).await.map_err(|error| Failure::Entry { entry: file.entry(), error })?;
        }
        Ok(())
    }

    async fn group(&mut self, file: &file::Group) -> Result<(), Cause> {
        let stage = self.stage(&file.stage).await??;
        let before = group::by_key(&mut self.work.tx, stage.id, &file.key).await?;
        let description = file.description.clone().or_else(|| before.map(|group| group.description)).unwrap_or_default();
        let group = group::put(self.work, self.changing, stage.id, &file.key, &file.name, &description).await?;
        for Entry(held) in &file.roles {
            let (app, role) = self.role(&held.app, &file.stage, &held.role).await??;
            self.give(Holder::Group(group.id), &app, &role, period(held.starts_at, held.ends_at), reason(held.reason.as_ref())).await?;
        }
        Ok(())
    }

    /// Grants an end-user role so that it is in force as the file says. What is held keeps the reason for which it was given.
    pub(super) async fn give(&mut self, holder: Holder, app: &App, role: &EndUserRole, period: Period, reason: Option<&str>) -> Result<(), Cause> {
        if grant::give_end_user(self.work, self.changing, holder, app.id, role, period, reason).await? == Given::PeriodDiffers {
            grant::set_end_user_period(self.work, self.changing, holder, app.id, role, period).await?;
        }
        Ok(())
    }

    pub(super) async fn stage(&mut self, key: &Slug) -> Result<Result<Stage, Refused>, Fault> {
        if let Some(stage) = stage::by_key(&mut self.work.tx, key).await? {
            return Ok(Ok(stage));
        }
        let known = stage::all(&mut self.work.tx).await?;
        Ok(Err(Refused::Stage(key.clone(), nearest(key.as_str(), known.iter().map(|stage| stage.key.as_str())))))
    }

    pub(super) async fn app(&mut self, key: &Slug) -> Result<Result<App, Refused>, Fault> {
        if let Some(app) = app::by_key(&mut self.work.tx, key).await? {
            return Ok(Ok(app));
        }
        let known = app::all(&mut self.work.tx).await?;
        Ok(Err(Refused::App(key.clone(), nearest(key.as_str(), known.iter().map(|app| app.key.as_str())))))
    }

    /// An app and its role at a stage.
    pub(super) async fn role(&mut self, app: &Slug, stage: &Slug, role: &Slug) -> Result<Result<(App, EndUserRole), Refused>, Fault> {
        let found = match self.app(app).await? {
            Ok(found) => found,
            Err(refused) => return Ok(Err(refused)),
        };
        let at = match self.stage(stage).await? {
            Ok(at) => at,
            Err(refused) => return Ok(Err(refused)),
        };
        let Some(deployment) = deployment::find(&mut self.work.tx, found.id, at.id).await? else {
            let catalogue = load::catalogue(&mut self.work.tx).await?;
            let known = catalogue.deployments_of(found.id).filter_map(|home| catalogue.stage(home.stage)).map(|stage| stage.key.as_str());
            return Ok(Err(Refused::Deployment(app.clone(), stage.clone(), nearest(stage.as_str(), known))));
        };
        if let Some(has) = end_user::by_key(&mut self.work.tx, deployment.id, role).await? {
            return Ok(Ok((found, has)));
        }
        let catalogue = load::catalogue(&mut self.work.tx).await?;
        let near = nearest(role.as_str(), catalogue.end_user_roles_of(deployment.id).map(|known| known.key.as_str()));
        Ok(Err(Refused::Role(app.clone(), stage.clone(), role.clone(), near)))
    }
}

/// Why one entry was refused, whichever rule said so.
pub(super) type Cause = Box<dyn std::error::Error + Send + Sync>;

fn boxed(error: impl std::error::Error + Send + Sync + 'static) -> Cause {
    Box::new(error)
}

/// Names the app and the deployment that an error is about.
trait AboutWithin<T> {
    fn about_within(self, app: &file::App, deployment: &file::Deployment) -> Result<T, Failure>;
}

impl<T> AboutWithin<T> for Result<T, Cause> {
    fn about_within(self, app: &file::App, deployment: &file::Deployment) -> Result<T, Failure> {
        self.map_err(|error| Failure::Entry { entry: format!("{}, {}", app.entry(), deployment.entry()), error })
    }
}
