//! Sessions: that this browser's person proved who they are, in one context.
//!
//! A context is a stage (single sign-on for all its apps, never across stages) or our own pages. The public `sid` is not the
//! cookie's value and stays when that changes.

use super::password::Proved;
use crate::access::load::Snapshot;
use crate::access::stage::{SessionPolicy, Stage};
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, StageId, UserId};
use crate::base::secret::{Secret, TokenHash, random_token};
use crate::base::text::Slug;
use crate::base::time::Timestamp;
use crate::db::query::Query;
use crate::db::{Tx, all, execute, optional};
use crate::identity::user::{self, User};
use crate::work::Work;
use serde::Serialize;
use std::collections::HashMap;
use std::time::Duration;

/// A use is written back at most this often.
const TOUCH: Duration = Duration::from_mins(1);

/// The `acr` claim of a sign-in with a password alone.
pub const ACR_PASSWORD: &str = "urn:gatehouse:acr:1";
/// Its `amr` claim (RFC 8176).
pub const AMR_PASSWORD: &str = "pwd";

/// The context of our own pages in one word, and the name of their session cookie.
pub const PORTAL: &str = "portal";

/// Where a session counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Context {
    /// Every app at this stage.
    Stage {
        /// The stage.
        id: StageId,
        /// Its key: part of the cookie's name.
        key: Slug,
        /// Its policy today.
        policy: SessionPolicy,
    },
    /// Our own pages: the portal and the account. No stage's session opens the portal, and its session opens no app.
    Portal {
        /// Its policy today.
        policy: SessionPolicy,
    },
}

impl Context {
    /// The context of a stage.
    pub fn of(stage: &Stage) -> Self {
        Self::Stage { id: stage.id, key: stage.key.clone(), policy: stage.sessions }
    }

    /// The context of our own pages.
    pub fn portal(snapshot: &Snapshot) -> Self {
        Self::Portal { policy: snapshot.portal_sessions() }
    }

    /// Whether it is that of our own pages.
    pub const fn is_portal(&self) -> bool {
        matches!(self, Self::Portal { .. })
    }

    /// The context in one word, as it is stored.
    pub fn word(&self) -> String {
        match self {
            Self::Stage { key, .. } => format!("stage:{key}"),
            Self::Portal { .. } => PORTAL.to_owned(),
        }
    }

    /// The name of the session cookie, before any prefix.
    pub fn cookie(&self) -> String {
        match self {
            Self::Stage { key, .. } => format!("s-{key}"),
            Self::Portal { .. } => PORTAL.to_owned(),
        }
    }

    const fn stage(&self) -> Option<StageId> {
        match self {
            Self::Stage { id, .. } => Some(*id),
            Self::Portal { .. } => None,
        }
    }

    /// How long sessions last here, today.
    pub const fn policy(&self) -> SessionPolicy {
        match self {
            Self::Stage { policy, .. } | Self::Portal { policy } => *policy,
        }
    }
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Session {
    /// The `sid` claim: 128 random bits.
    pub id: String,
    /// The context, in its word.
    pub context: String,
    /// Whose.
    pub user_id: UserId,
    /// When they last proved who they are.
    pub authenticated_at: Timestamp,
    /// How strongly: the `acr` claim.
    pub acr: String,
    /// How: the `amr` claim, separated by blanks.
    pub amr: String,
    /// The last use, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

impl Session {
    /// Whether it still counts under this policy.
    pub fn is_alive(&self, policy: SessionPolicy, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.authenticated_at.plus(policy.maximum) && now < self.last_seen_at.plus(policy.idle)
    }

    /// When it ends at the latest.
    pub fn ends_at(&self, policy: SessionPolicy) -> Timestamp {
        self.authenticated_at.plus(policy.maximum)
    }
}

/// The session behind a cookie's value, alive or not.
pub async fn by_secret(tx: &mut Tx, secret: &str, context: &Context) -> Result<Option<Session>, Fault> {
    Ok(optional!(
        tx,
        Session,
        "SELECT id, context, user_id, authenticated_at, acr, amr, last_seen_at, ended_at FROM sessions WHERE secret_hash = $1 AND context = $2",
        TokenHash::of(secret),
        context.word()
    )?)
}

/// The session with this `sid`, with the policy of its context today; `portal`: that of our own pages.
pub async fn by_id(tx: &mut Tx, sid: &str, portal: SessionPolicy) -> Result<Option<(Session, SessionPolicy)>, Fault> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        session: Session,
        session_maximum: Option<i64>,
        session_idle: Option<i64>,
    }
    let row = optional!(
        tx,
        Row,
        "SELECT s.id, s.context, s.user_id, s.authenticated_at, s.acr, s.amr, s.last_seen_at, s.ended_at, t.session_maximum, t.session_idle
         FROM sessions s LEFT JOIN stages t ON t.id = s.stage_id WHERE s.id = $1",
        sid
    )?;
    let seconds = |count: i64| Duration::from_secs(count.unsigned_abs());
    let policy = |row: &Row| match (row.session_maximum, row.session_idle) {
        (Some(maximum), Some(idle)) => SessionPolicy { maximum: seconds(maximum), idle: seconds(idle) },
        // A session of a stage goes with its stage, so this is one of our own pages.
        _ => portal,
    };
    Ok(row.map(|row| {
        let policy = policy(&row);
        (row.session, policy)
    }))
}

/// A live session, as a list of sessions shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    /// The `sid`.
    pub id: String,
    /// The name of its stage; `None`: our own pages.
    pub stage: Option<String>,
    /// The software, as it names itself.
    pub user_agent: Option<String>,
    /// The network address of the sign-in.
    pub address: Option<String>,
    /// When it was proved who it is.
    pub authenticated_at: Timestamp,
    /// The last use, to the minute.
    pub last_seen_at: Timestamp,
    stage_id: Option<StageId>,
}

/// So many sessions of one person are listed; one more is read.
const LISTED: usize = 200;

/// The live sessions of somebody, under today's policies, the last used first; and whether there may be others than are listed.
pub async fn live_of(tx: &mut Tx, user: UserId, snapshot: &Snapshot, now: Timestamp) -> Result<(Vec<Listed>, bool), Fault> {
    let rows = all!(
        tx,
        Listed,
        "SELECT s.id, t.name AS stage, s.user_agent, s.address, s.authenticated_at, s.last_seen_at, s.stage_id
         FROM sessions s LEFT JOIN stages t ON t.id = s.stage_id WHERE s.user_id = $1 AND s.ended_at IS NULL ORDER BY s.last_seen_at DESC LIMIT 201",
        user
    )?;
    let policy = |row: &Listed| match row.stage_id {
        None => Some(snapshot.portal_sessions()),
        Some(id) => snapshot.stages.iter().find(|stage| stage.id == id).map(|stage| stage.sessions),
    };
    let alive = |row: &Listed| policy(row).is_some_and(|policy| now < row.authenticated_at.plus(policy.maximum) && now < row.last_seen_at.plus(policy.idle));
    let more = rows.len() > LISTED;
    Ok((rows.into_iter().take(LISTED).filter(alive).collect(), more))
}

/// A live session, once for each app that it was used for.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Live {
    /// Whose.
    pub user_id: UserId,
    /// The `sid`.
    pub id: String,
    /// Its stage; `None`: our own pages.
    pub stage_id: Option<StageId>,
    /// The app there.
    pub deployment_id: Option<DeploymentId>,
    authenticated_at: Timestamp,
    last_seen_at: Timestamp,
}

/// The live sessions of these people, under today's policies.
pub async fn live_among(tx: &mut Tx, people: &[UserId], snapshot: &Snapshot, now: Timestamp) -> Result<Vec<Live>, Fault> {
    let mut query = Query::new(
        "SELECT DISTINCT s.user_id, s.id, s.stage_id, c.deployment_id, s.authenticated_at, s.last_seen_at FROM sessions s
         LEFT JOIN session_clients u ON u.session_id = s.id LEFT JOIN clients c ON c.id = u.client_id WHERE s.ended_at IS NULL AND s.user_id IN ",
    );
    query.list(people.iter().copied().map(UserId::uuid));
    let policies: HashMap<StageId, SessionPolicy> = snapshot.stages.iter().map(|stage| (stage.id, stage.sessions)).collect();
    let policy = |row: &Live| row.stage_id.map_or(Some(snapshot.portal_sessions()), |id| policies.get(&id).copied());
    let alive = |row: &Live| policy(row).is_some_and(|policy| now < row.authenticated_at.plus(policy.maximum) && now < row.last_seen_at.plus(policy.idle));
    Ok(query.all::<Live>(tx).await?.into_iter().filter(alive).collect())
}

/// Why no session started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The person was shut out since they were read, changed their password, or never proved their address (rules 5 and 6).
    #[error("this person may not sign in")]
    ShutOut,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What starting a session gives: the session, and the value of its cookie.
#[derive(Debug)]
pub struct Started {
    /// The session.
    pub session: Session,
    /// The cookie's value: only its hash is kept.
    pub secret: Secret<String>,
}

/// Starts a session for somebody who just proved who they are. A session of the same person in this browser goes on with
/// a new cookie; one of somebody else must have been ended before.
pub async fn start(work: &mut Work, context: &Context, user: &User, earlier: Option<&Session>, amr: &str) -> Result<Started, StartError> {
    // First of all: whoever deactivates this person now waits for us and ends this session too, or we wait and find them shut out.
    if !user::note_sign_in(work, user.id).await? {
        return Err(StartError::ShutOut);
    }
    let secret = random_token::<32>();
    let now = work.now;
    let going_on = earlier.filter(|session| session.user_id == user.id && session.ended_at.is_none());
    let id = going_on.map_or_else(random_token::<16>, |session| session.id.clone());
    let session = Session {
        id,
        context: context.word(),
        user_id: user.id,
        authenticated_at: now,
        acr: ACR_PASSWORD.to_owned(),
        amr: amr.to_owned(),
        last_seen_at: now,
        ended_at: None,
    };
    execute!(
        work.tx,
        "INSERT INTO sessions (id, secret_hash, context, stage_id, user_id, authenticated_at, acr, amr, user_agent, address, created_at, last_seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $6, $6)
         ON CONFLICT (id) DO UPDATE SET secret_hash = excluded.secret_hash, authenticated_at = excluded.authenticated_at, acr = excluded.acr,
         amr = excluded.amr, user_agent = excluded.user_agent, address = excluded.address, last_seen_at = excluded.last_seen_at",
        session.id.as_str(),
        TokenHash::of(&secret),
        session.context.as_str(),
        context.stage(),
        user.id,
        now,
        session.acr.as_str(),
        session.amr.as_str(),
        work.origin.user_agent.clone(),
        work.origin.address.clone()
    )
    .map_err(Fault::from)?;
    work.record(Event::new(Kind::SignedIn, Subject::new("user", user.id)).after(&session)?).await?;
    Ok(Started { session, secret: Secret::new(secret) })
}

/// Starts a session for somebody who proved their password, if it is still the same: whoever changes it ends every other session, and
/// none may start after that with the old one.
pub async fn start_proved(work: &mut Work, context: &Context, proved: &Proved, earlier: Option<&Session>) -> Result<Started, StartError> {
    let started = start(work, context, &proved.user, earlier, AMR_PASSWORD).await?;
    // The change and this wait for each other at the user's row; whoever comes second sees what the first one did.
    if !user::note_password_used(work, &proved.user, &proved.hash).await? {
        return Err(StartError::ShutOut);
    }
    Ok(started)
}

/// Somebody who is signed in proved once more who they are. Answers the new value of the session's cookie: whoever has a copy of the old one
/// proved nothing. `None`: the session has ended meanwhile, or goes on with another cookie (each change of it is a sign-in or a proof).
pub async fn note_proof(work: &mut Work, session: &Session) -> Result<Option<Secret<String>>, Fault> {
    let secret = random_token::<32>();
    let rows = execute!(
        work.tx,
        "UPDATE sessions SET secret_hash = $3, authenticated_at = $2, last_seen_at = $2 WHERE id = $1 AND ended_at IS NULL AND authenticated_at = $4",
        session.id.as_str(),
        work.now,
        TokenHash::of(&secret),
        session.authenticated_at
    )?;
    if rows == 0 {
        return Ok(None);
    }
    let after = Session { authenticated_at: work.now, last_seen_at: work.now, ..session.clone() };
    work.record(Event::new(Kind::ProvedAgain, Subject::new("user", session.user_id)).before(session)?.after(&after)?).await?;
    Ok(Some(Secret::new(secret)))
}

/// Ends a session. Answers `false` when it had ended before.
pub async fn end(work: &mut Work, session: &Session, because: &'static str) -> Result<bool, Fault> {
    let rows =
        execute!(work.tx, "UPDATE sessions SET ended_at = $2, ended_because = $3 WHERE id = $1 AND ended_at IS NULL", session.id.as_str(), work.now, because)?;
    if rows == 1 {
        let ended = serde_json::json!({ "id": session.id, "ended_at": work.now, "because": because });
        work.record(Event::new(Kind::SignedOut, Subject::new("user", session.user_id)).before(session)?.after(&ended)?).await?;
    }
    Ok(rows == 1)
}

/// Ends every session of a user.
pub(crate) async fn end_all(work: &mut Work, user: UserId, because: &'static str) -> Result<u64, Fault> {
    let ended = execute!(work.tx, "UPDATE sessions SET ended_at = $2, ended_because = $3 WHERE user_id = $1 AND ended_at IS NULL", user, work.now, because)?;
    if ended > 0 {
        let about = serde_json::json!({ "sessions": ended, "because": because });
        work.record(Event::new(Kind::SessionsEnded, Subject::new("user", user)).after(&about)?).await?;
    }
    Ok(ended)
}

/// Everybody's sessions at a stage end, because it goes. Their rows go with it; what stays is the event of each person.
pub(crate) async fn end_at(work: &mut Work, stage: StageId, because: &'static str) -> Result<(), Fault> {
    // A rehearsal leaves no traces, and there may be many.
    if work.is_rehearsal {
        return Ok(());
    }
    let open = all!(
        work.tx,
        (UserId, i64),
        "SELECT user_id, COUNT(*) FROM sessions WHERE stage_id = $1 AND ended_at IS NULL GROUP BY user_id ORDER BY user_id",
        stage
    )?;
    let ended = |(user, sessions): (UserId, i64)| {
        Event::new(Kind::SessionsEnded, Subject::new("user", user)).after(&serde_json::json!({ "sessions": sessions, "because": because }))
    };
    let events = open.into_iter().map(ended).collect::<Result<_, Fault>>()?;
    work.record_all(events).await
}

/// Ends what has lapsed by the policy in this context. It counted for nothing already; from now on no later policy brings it back.
pub(crate) async fn end_lapsed(work: &mut Work, context: &Context) -> Result<(), Fault> {
    let policy = context.policy();
    execute!(
        work.tx,
        "UPDATE sessions SET ended_at = $2, ended_because = 'lapsed' WHERE context = $1 AND ended_at IS NULL AND (authenticated_at <= $3 OR last_seen_at <= $4)",
        context.word(),
        work.now,
        work.now.minus(policy.maximum),
        work.now.minus(policy.idle)
    )?;
    Ok(())
}

/// The session with this `sid` if it is this user's, in whatever context.
pub(crate) async fn of_user(tx: &mut Tx, sid: &str, user: UserId) -> Result<Option<Session>, Fault> {
    Ok(optional!(
        tx,
        Session,
        "SELECT id, context, user_id, authenticated_at, acr, amr, last_seen_at, ended_at FROM sessions WHERE id = $1 AND user_id = $2",
        sid,
        user
    )?)
}

/// The `sid` of every session of a user that has not ended.
pub(crate) async fn open_of(tx: &mut Tx, user: UserId) -> Result<Vec<String>, Fault> {
    Ok(all!(tx, (String,), "SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL", user)?.into_iter().map(|(id,)| id).collect())
}

/// Removes sessions that ended, or were not used, so long ago that no policy keeps them alive; what happened stands in the audit
/// trail. What hangs on them goes with them.
pub async fn forget(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    let month = Duration::from_hours(30 * 24);
    let longest = Duration::from_hours(45 * 24);
    Ok(execute!(tx, "DELETE FROM sessions WHERE ended_at < $1 OR last_seen_at < $2", now.minus(month), now.minus(longest + month))?)
}

/// Whether a use at `now` is worth a write.
pub fn is_stale(session: &Session, now: Timestamp) -> bool {
    now.since(session.last_seen_at) >= TOUCH
}

/// Writes a use back. One statement.
pub async fn touch(tx: &mut Tx, sid: &str, now: Timestamp) -> Result<(), Fault> {
    execute!(tx, "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2 AND ended_at IS NULL", sid, now)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_by_age_by_rest_and_by_hand() {
        let at = Timestamp::from_seconds;
        let hours = |n: u64| Duration::from_secs(n * 3600);
        let policy = SessionPolicy { maximum: hours(10), idle: hours(2) };
        let session = Session {
            id: "sid".into(),
            context: "stage:qa".into(),
            user_id: UserId::fresh(),
            authenticated_at: at(0),
            acr: String::new(),
            amr: "pwd".into(),
            last_seen_at: at(9 * 3600),
            ended_at: None,
        };
        assert!(session.is_alive(policy, at(9 * 3600)));
        assert!(!session.is_alive(policy, at(10 * 3600)), "too old");
        assert!(!Session { last_seen_at: at(0), ..session.clone() }.is_alive(policy, at(2 * 3600)), "rested too long");
        assert!(!Session { ended_at: Some(at(1)), ..session }.is_alive(policy, at(9 * 3600)), "ended");
    }
}
