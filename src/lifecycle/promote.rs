//! Promotion: what an app owns at one stage is taken over to another, as a difference that somebody has seen. What is applied is what was
//! reviewed: when either side has changed since, nothing is.

mod difference;

pub use difference::{Change, Difference, Line, Piece, Side, SidePermission, SideRole, What, between};

use super::remove_role::remove_role;
use crate::access::app::deployment::{self, Deployment, PermissionSpec};
use crate::access::app::{App, AppError, listed, permission};
use crate::access::role::end_user::{self, Spec};
use crate::access::stage::Stage;
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::base::text::Verb;
use crate::db::Tx;
use crate::work::{Changing, Work};
use serde_json::json;
use std::collections::BTreeSet;

/// Why nothing was promoted.
#[derive(Debug, thiserror::Error)]
pub enum PromoteError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The app is not at the stage that it should come from, or no more.
    #[error("the app is not at the stage that it should come from")]
    Nowhere,
    /// One side or the other changed since it was reviewed: this is the difference now.
    #[error("something changed since this was reviewed")]
    Stale(Box<Difference>),
    /// Nothing was picked.
    #[error("nothing was picked")]
    Nothing,
    /// One of the rules behind refused.
    #[error(transparent)]
    App(AppError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<AppError> for PromoteError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Denied(denied) => Self::Denied(denied),
            AppError::Fault(fault) => Self::Fault(fault),
            error => Self::App(error),
        }
    }
}

/// What somebody wants of a difference that they have seen.
#[derive(Clone, Debug, Default)]
pub struct Picked {
    /// The digest of the difference.
    pub digest: String,
    /// The names of the lines that are taken over.
    pub take: BTreeSet<String>,
    /// The names of the lines that are removed at the target.
    pub remove: BTreeSet<String>,
}

/// The difference of an app between two stages; `None`: it is not at the first one.
pub async fn difference(tx: &mut Tx, app: &App, from: &Stage, to: &Stage) -> Result<Option<Difference>, Fault> {
    let Some((mut difference, target)) = compared(tx, app, from, to).await? else { return Ok(None) };
    if let Some(target) = &target {
        difference::count_people(tx, target.id, &mut difference).await?;
    }
    Ok(Some(difference))
}

/// The same without the people at the target, whom counting takes its time: for whoever holds the writer. With the deployment there.
async fn compared(tx: &mut Tx, app: &App, from: &Stage, to: &Stage) -> Result<Option<(Difference, Option<Deployment>)>, Fault> {
    let Some(source) = deployment::find(tx, app.id, from.id).await? else { return Ok(None) };
    let target = deployment::find(tx, app.id, to.id).await?;
    let here = Side::read(tx, source.id).await?;
    let there = match &target {
        Some(target) => Side::read(tx, target.id).await?,
        None => Side::default(),
    };
    let shared = listed::at_stage(tx, to.id).await?.into_iter().filter(|role| role.app_id != app.id).map(|role| role.claim()).collect();
    Ok(Some((between(&here, &there, &shared, target.is_none()), target)))
}

/// Takes over what was picked of a difference, and makes the deployment where it is missing. Needs the right to manage roles at the target
/// and to see the app at the source; app permissions are not compared with anybody's own (rule 3b).
pub async fn promote(work: &mut Work, changing: &Changing, app: &App, (from, to): (&Stage, &Stage), picked: &Picked, issuer: &str) -> Result<(), PromoteError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, to.id))?;
    work.require("app.view", Reach::AppAtStage(app.id, from.id))?;
    let (mut now, there) = compared(&mut work.tx, app, from, to).await?.ok_or(PromoteError::Nowhere)?;
    if now.digest != picked.digest {
        if let Some(target) = &there {
            difference::count_people(&mut work.tx, target.id, &mut now).await?;
        }
        return Err(PromoteError::Stale(Box::new(now)));
    }
    let taken: Vec<&Line> = now.lines.iter().filter(|line| line.change.is_taken() && picked.take.contains(&line.name())).collect();
    let removed: Vec<&Line> = now.lines.iter().filter(|line| line.change == Change::OnlyThere && picked.remove.contains(&line.name())).collect();
    if taken.is_empty() && removed.is_empty() && !now.missing {
        return Err(PromoteError::Nothing);
    }
    let source = deployment::find(&mut work.tx, app.id, from.id).await?.ok_or(PromoteError::Nowhere)?;
    let target = if now.missing {
        let spec = deployment::Spec { home_page: None, sign_in: source.sign_in, resource: None };
        deployment::deploy(work, changing, app, to, &spec, issuer).await?
    } else {
        deployment::find(&mut work.tx, app.id, to.id).await?.ok_or(PromoteError::Nowhere)?
    };
    let before = Side::read(&mut work.tx, target.id).await?;
    let here = Side::read(&mut work.tx, source.id).await?;
    permissions(work, changing, app, &target, &here, (&taken, &removed)).await?;
    roles(work, changing, app, &target, &here, (&taken, &removed)).await?;
    let claims = |lines: &[&Line]| -> Vec<String> {
        let claim = |line: &&Line| if let What::Listed(claim) = &line.what { Some(claim.clone()) } else { None };
        lines.iter().filter_map(claim).collect()
    };
    listed::change(work, changing, app, &target, &claims(&taken), &claims(&removed)).await?;
    let after = Side::read(&mut work.tx, target.id).await?;
    let event = Event::new(Kind::DeploymentPromoted, Subject::new("deployment", target.id));
    work.record(event.before(&json!({ "from": source.id, "has": before }))?.after(&json!({ "from": source.id, "has": after }))?).await?;
    Ok(())
}

/// The lines that are taken over, and those that are removed.
type Lines<'a> = (&'a [&'a Line], &'a [&'a Line]);

async fn permissions(work: &mut Work, changing: &Changing, app: &App, target: &Deployment, here: &Side, (taken, removed): Lines<'_>) -> Result<(), AppError> {
    let verb = |line: &&Line| if let What::Permission(verb) = &line.what { Some(verb.clone()) } else { None };
    let take: BTreeSet<Verb> = taken.iter().filter_map(verb).collect();
    let gone: Vec<Verb> = removed.iter().filter_map(verb).collect();
    let specs: Vec<PermissionSpec> = here.permissions.iter().filter(|spec| take.contains(&spec.verb)).map(SidePermission::spec).collect();
    if specs.is_empty() && gone.is_empty() {
        return Ok(());
    }
    permission::set(work, changing, app, target, &specs, &gone).await
}

async fn roles(work: &mut Work, changing: &Changing, app: &App, target: &Deployment, here: &Side, (taken, removed): Lines<'_>) -> Result<(), AppError> {
    let key = |line: &&Line| if let What::Role(key) = &line.what { Some(key.clone()) } else { None };
    for key in taken.iter().filter_map(key) {
        let Some(role) = here.roles.iter().find(|role| role.key == key) else { continue };
        let spec: Spec = role.spec();
        match end_user::by_key(&mut work.tx, target.id, &key).await? {
            // That others do without it stood in the difference.
            Some(has) => end_user::change(work, changing, app, target, has.version, &spec, true).await?,
            None => drop(end_user::create(work, changing, app, target, &spec).await?),
        }
    }
    for key in removed.iter().filter_map(key) {
        if let Some(has) = end_user::by_key(&mut work.tx, target.id, &key).await? {
            remove_role(work, changing, app, &has).await?;
        }
    }
    Ok(())
}
