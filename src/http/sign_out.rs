//! Signing out of this browser: which sessions it has, what an app asked for, and how they end.

use super::cookies;
use super::visit::Visit;
use crate::access::stage::Stage;
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::base::secret::{equal, random_token};
use crate::login::session::{self, Context, Session};
use crate::oauth::authorization;
use actix_web::cookie::Cookie;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The cookie that keeps what an app asked for while the person is asked.
pub const COOKIE: &str = "logout";
const LIFE: Duration = Duration::from_mins(15);

/// A session of this browser.
#[derive(Debug)]
pub struct SignedIn {
    /// Where it counts.
    pub context: Context,
    /// The stage of that context; `None`: our own pages.
    pub stage: Option<Stage>,
    /// The session.
    pub session: Session,
}

/// The live sessions of this browser, of one context (in its word) or of all.
pub async fn here(visit: &Visit, wanted: Option<&str>) -> Result<Vec<SignedIn>, Fault> {
    let mut tx = visit.server.ground.db.read().await?;
    let snapshot = visit.server.provider.known.snapshot(&mut tx).await?;
    let now = visit.server.ground.clock.now();
    let mut found = Vec::new();
    let stages = snapshot.stages.iter().map(|one| (Context::of(one), Some(one.clone())));
    for (context, stage) in stages.chain([(Context::portal(&snapshot), None)]).filter(|(context, _)| wanted.is_none_or(|wanted| context.word() == wanted)) {
        let Some(secret) = cookies::read(&visit.server, &visit.request, &context.cookie()) else { continue };
        let session = session::by_secret(&mut tx, &secret, &context).await?;
        if let Some(session) = session.filter(|session| session.is_alive(context.policy(), now)) {
            found.push(SignedIn { context, stage, session });
        }
    }
    Ok(found)
}

/// Ends sessions with everything that hangs on them; answers the cookies that go with them.
pub async fn end(visit: &Visit, sessions: &[SignedIn]) -> Result<Vec<Cookie<'static>>, Fault> {
    visit
        .server
        .ground
        .work(&Actor::Anonymous, &visit.origin, async |work| {
            for SignedIn { session, .. } in sessions {
                authorization::sign_out(work, session, "signed out").await?;
            }
            Ok::<_, Fault>(())
        })
        .await?;
    Ok(sessions.iter().map(|one| cookies::clear(&visit.server, &one.context.cookie())).collect())
}

/// What an app asked for: where to go afterwards is registered, so it is kept with a MAC and never taken from a form.
#[derive(Debug, Serialize, Deserialize)]
pub struct Pending {
    /// The name of the client that asks.
    pub client: Option<String>,
    /// The context where it signs people in, in its word: only that one is offered.
    pub context: Option<String>,
    /// Where to go afterwards.
    pub target: Option<String>,
    /// The form is guarded by the cookie's value, so no two browsers may have the same: whoever asks the same question must
    /// not learn the answer of another.
    nonce: String,
}

impl Pending {
    /// What an app asked for, for this browser alone.
    pub fn new(client: Option<String>, context: Option<String>, target: Option<String>) -> Self {
        Self { client, context, target, nonce: random_token::<16>() }
    }

    /// The value of the cookie that keeps it.
    pub fn value(&self, visit: &Visit) -> Result<String, Fault> {
        let json = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self)?);
        let mac = URL_SAFE_NO_PAD.encode(visit.server.ground.sealer.mac(COOKIE, &[json.as_bytes()]));
        Ok(format!("{json}.{mac}"))
    }

    /// The cookie that keeps it.
    pub fn keep(&self, visit: &Visit) -> Result<Cookie<'static>, Fault> {
        Ok(cookies::set(&visit.server, COOKIE, &self.value(visit)?, LIFE))
    }

    /// What was kept, with the cookie's value; `None` when there is nothing of ours.
    pub fn read(visit: &Visit) -> Option<(Self, String)> {
        let cookie = cookies::read(&visit.server, &visit.request, COOKIE)?;
        let (json, mac) = cookie.split_once('.')?;
        let expected = URL_SAFE_NO_PAD.encode(visit.server.ground.sealer.mac(COOKIE, &[json.as_bytes()]));
        if !equal(expected.as_bytes(), mac.as_bytes()) {
            return None;
        }
        let pending = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(json).ok()?).ok()?;
        Some((pending, cookie))
    }
}
