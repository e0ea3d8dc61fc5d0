//! The last step of setup: a first app with three roles, so that there is something to sign in to and to look at.

use super::store;
use crate::access::app::deployment::{self, Deployment};
use crate::access::app::{self, App, AppError, SignIn, template};
use crate::access::begin_change;
use crate::access::grant::{self, GrantError, Holder};
use crate::access::role::end_user;
use crate::access::stage::{self, Stage};
use crate::actor::Denied;
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::text::{Description, DisplayName, Slug};
use crate::base::time::Period;
use crate::lifecycle::try_it;
use crate::oauth::client::ClientError;
use crate::words::Words;
use crate::work::{Changing, Work};
use url::Url;

/// What the form says of the app.
#[derive(Debug)]
pub struct FirstApp {
    /// What people read.
    pub name: DisplayName,
    /// What claims carry.
    pub key: Slug,
    /// The stage where it begins.
    pub stage: Slug,
    /// Where people start; `None`: at `demo`.
    pub home_page: Option<Url>,
    /// The page of the bundled demo for this app at this stage.
    pub demo: Url,
    /// The language in which roles and permissions are named.
    pub words: Words,
}

/// Why no app was made.
#[derive(Debug, thiserror::Error)]
pub enum FirstAppError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Setup has come to its end meanwhile.
    #[error("setup is over")]
    Over,
    /// Another app has this key.
    #[error("there is an app with this key already")]
    Taken,
    /// The key makes names that are too long.
    #[error("the key is too long")]
    TooLong,
    /// No such stage.
    #[error("there is no such stage")]
    Stage,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<AppError> for FirstAppError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Denied(denied) => Self::Denied(denied),
            AppError::Fault(fault) => Self::Fault(fault),
            // The resource identifier of a deployment that was there once.
            AppError::ResourceTaken(_) => Self::Taken,
            error => Self::Fault(Fault::new("make the first app", error)),
        }
    }
}

/// Makes the app at one stage, its permissions and roles, and the client of the demo; gives the owner the highest role; setup is over.
pub async fn first_app(work: &mut Work, owner: UserId, spec: &FirstApp, issuer: &str) -> Result<(App, Stage), FirstAppError> {
    let changing = begin_change(work).await?;
    work.require_all()?;
    if !store::close_steps(&mut work.tx).await? {
        return Err(FirstAppError::Over);
    }
    let stage = stage::by_key(&mut work.tx, &spec.stage).await?.ok_or(FirstAppError::Stage)?;
    if app::by_key(&mut work.tx, &spec.key).await?.is_some() {
        return Err(FirstAppError::Taken);
    }
    let app = app::put(work, &changing, &spec.key, &spec.name, &Description::default()).await?;
    let home_page = Some(spec.home_page.clone().unwrap_or_else(|| spec.demo.clone()));
    let placed = deployment::Spec { home_page, sign_in: SignIn::Assigned, resource: None };
    let deployment = deployment::put(work, &changing, &app, &stage, &placed, issuer).await?;
    roles(work, &changing, owner, spec, &app, &deployment).await?;
    demo(work, &changing, &app, &stage, &deployment, issuer).await?;
    Ok((app, stage))
}

async fn roles(work: &mut Work, changing: &Changing, owner: UserId, spec: &FirstApp, app: &App, deployment: &Deployment) -> Result<(), FirstAppError> {
    template::fill(work, changing, app, deployment, spec.words).await?;
    let highest = end_user::of_deployment(&mut work.tx, deployment.id).await?.into_iter().find(|role| role.key.as_str() == template::HIGHEST);
    let role = highest.ok_or_else(|| Fault::broken("the first app has no highest role"))?;
    match grant::give_end_user(work, changing, Holder::User(owner), app.id, &role, Period::ALWAYS, None).await {
        Ok(_) => Ok(()),
        Err(GrantError::Denied(denied)) => Err(denied.into()),
        Err(GrantError::Fault(fault)) => Err(fault.into()),
        Err(error) => Err(Fault::new("give the owner a role of the first app", error).into()),
    }
}

/// The bundled demo is a client like any other.
async fn demo(work: &mut Work, changing: &Changing, app: &App, stage: &Stage, deployment: &Deployment, issuer: &str) -> Result<(), FirstAppError> {
    match try_it::ensure(work, changing, app, stage, deployment, issuer).await {
        Ok(_) => Ok(()),
        Err(ClientError::Denied(denied)) => Err(denied.into()),
        Err(ClientError::Fault(fault)) => Err(fault.into()),
        Err(error) => Err(Fault::new("make the client of the demo", error).into()),
    }
}
