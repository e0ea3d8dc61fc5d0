//! Who is signed in on our own pages: the portal and the account.

use super::error::ErrorWords;
use super::visit::Visit;
use super::{cookies, guard};
use crate::access::effective;
use crate::access::load::{Snapshot, Who};
use crate::actor::Actor;
use crate::base::authority::Authority;
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::identity::user::{self, User};
use crate::login::session::{self, Context, PORTAL, Session};
use crate::oauth::parameters::Parameters;
use crate::server::Server;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use std::sync::Arc;

/// Somebody who is signed in on our own pages, as they are at this moment.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub user: User,
    /// By which session.
    pub session: Session,
    /// What they may do now. A rule reads it again inside its work.
    pub authority: Authority,
    /// The configuration that this was read with.
    pub snapshot: Arc<Snapshot>,
    /// Now.
    pub now: Timestamp,
}

impl Person {
    /// Whether they may do this there. Asked by pages that show something; writing rules ask by themselves.
    pub fn may(&self, permission: &str, reach: Reach) -> bool {
        self.authority.allows(permission, reach)
    }

    /// Whether they may do this anywhere at all: a stage or an app is enough.
    pub fn may_somewhere(&self, permission: &str) -> bool {
        self.authority.allows_somewhere(permission)
    }

    /// Whether they hold any permission of the platform: only then the portal has something for them.
    pub fn has_business_here(&self) -> bool {
        !self.authority.all.is_empty() || self.authority.permissions.values().any(|coverages| !coverages.is_empty())
    }

    /// They, as somebody who acts.
    pub fn actor(&self) -> Actor {
        self.actor_who_proved(None)
    }

    /// The same, if they proved once more who they are since the session was read.
    pub fn actor_who_proved(&self, at: Option<Timestamp>) -> Actor {
        let proved_at = at.unwrap_or(self.session.authenticated_at);
        Actor::User { id: self.user.id, label: self.user.email.to_string(), authority: self.authority.clone(), proved_at }
    }

    /// The token for the forms of this session.
    pub fn csrf(&self, server: &Server) -> String {
        guard::session_token(server, &self.session.id)
    }

    /// Whether a form came from one of our pages in this session.
    pub fn guards(&self, visit: &Visit, fields: &Parameters) -> bool {
        self.accepts(visit, fields.one("csrf").ok().flatten())
    }

    /// The same for a form that is not url-encoded.
    pub fn accepts(&self, visit: &Visit, csrf: Option<&str>) -> bool {
        guard::accepts_in_session(&visit.server, &visit.request, &self.session.id, csrf)
    }

    /// Refuses unless they are still signed in by this session, with the rights of before, now that the body of their request is here.
    /// It may have been on its way for a while, and whatever was asked of them before it is asked of nobody again.
    pub async fn stays(&self, visit: &Visit, now: Result<Option<Self>, Fault>) -> Result<(), HttpResponse> {
        match now.map(|now| now.filter(|now| now.session.id == self.session.id)) {
            Ok(Some(now)) if now.authority == self.authority => Ok(()),
            Ok(Some(_)) => Err(visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Rights).await),
            Ok(None) => Err(visit.error_page(StatusCode::FORBIDDEN, ErrorWords::SignedOut).await),
            Err(fault) => Err(visit.fault_page(&fault).await),
        }
    }
}

/// The context of our own pages, with its policy today.
pub async fn context(visit: &Visit) -> Result<Context, Fault> {
    let mut tx = visit.server.ground.db.read().await?;
    let snapshot = visit.server.provider.known.snapshot(&mut tx).await?;
    Ok(Context::portal(&snapshot))
}

/// The live session of this browser in the context of our own pages.
pub async fn session(visit: &Visit, context: &Context) -> Result<Option<Session>, Fault> {
    let Some(secret) = cookies::read(&visit.server, &visit.request, &context.cookie()) else { return Ok(None) };
    let mut tx = visit.server.ground.db.read().await?;
    let found = session::by_secret(&mut tx, &secret, context).await?;
    Ok(found.filter(|session| session.is_alive(context.policy(), visit.server.ground.clock.now())))
}

/// Who is signed in on our own pages in this browser, if they count.
pub async fn find(visit: &Visit) -> Result<Option<Person>, Fault> {
    let Some(cookie) = cookies::read(&visit.server, &visit.request, PORTAL) else { return Ok(None) };
    let mut tx = visit.server.ground.db.read().await?;
    let snapshot = visit.server.provider.known.snapshot(&mut tx).await?;
    let context = Context::portal(&snapshot);
    behind(visit, tx, snapshot, &context, &cookie).await
}

/// The person behind a session cookie of a context.
pub async fn by_cookie(visit: &Visit, context: &Context, cookie: &str) -> Result<Option<Person>, Fault> {
    let mut tx = visit.server.ground.db.read().await?;
    let snapshot = visit.server.provider.known.snapshot(&mut tx).await?;
    behind(visit, tx, snapshot, context, cookie).await
}

async fn behind(visit: &Visit, mut tx: Tx, snapshot: Arc<Snapshot>, context: &Context, cookie: &str) -> Result<Option<Person>, Fault> {
    let ground = &visit.server.ground;
    let now = ground.clock.now();
    let found = session::by_secret(&mut tx, cookie, context).await?.filter(|session| session.is_alive(context.policy(), now));
    let Some(session) = found else { return Ok(None) };
    let known = &visit.server.provider.known;
    let Some(user) = user::by_id(&mut tx, session.user_id).await?.filter(User::counts) else { return Ok(None) };
    let holdings = known.holdings(&mut tx, Who::User(user.id), user.access_version).await?;
    drop(tx);
    if session::is_stale(&session, now) {
        let mut once = ground.db.write_once().await?;
        session::touch(&mut once, &session.id, now).await?;
        once.commit().await?;
    }
    let authority = effective::authority(&snapshot.catalogue, &holdings, now);
    Ok(Some(Person { user, session, authority, snapshot, now }))
}
