//! Floor 3: the audit trail. Every change writes its event in its own transaction; a worker seals events into a chain.

mod erase;
mod export;
mod many;
mod seal;
pub mod search;
mod sparing;
mod verify;

pub use erase::{EraseError, Traces, erase, traces, who_had};
pub use export::{Line, exact};
pub use seal::{Sealed, seal_pending};
pub use sparing::{Sparing, settle};
pub use verify::{Head, Problem, Report, verify};

use crate::base::fault::Fault;
use crate::base::id::EventId;
use crate::base::secret::random_bytes;
use crate::base::time::Timestamp;
use crate::db::query::Query;
use crate::db::{Tx, execute};
use crate::work::Work;
use aws_lc_rs::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use serde_json::Value;

crate::choice! {
    /// What happened.
    pub enum Kind {
        /// The organization was made or changed.
        OrganizationChanged = "organization.changed",
        /// The accent colour or the logo changed.
        BrandChanged = "brand.changed",
        /// A stage was made or changed.
        StageChanged = "stage.changed",
        /// A stage was deleted.
        StageDeleted = "stage.deleted",
        /// An app was made or changed.
        AppChanged = "app.changed",
        /// A deployment was made or changed.
        DeploymentChanged = "deployment.changed",
        /// An app was deleted.
        AppDeleted = "app.deleted",
        /// An app was taken from a stage, with everything it owned there.
        DeploymentRemoved = "deployment.removed",
        /// What an app owns at one stage was taken over to another.
        DeploymentPromoted = "deployment.promoted",
        /// The permissions, implications or listed roles of a deployment changed.
        AppPermissionsChanged = "app_permissions.changed",
        /// A permission of the organization's own was made or changed.
        OrganizationPermissionChanged = "organization_permission.changed",
        /// An organization role was made or changed.
        OrganizationRoleChanged = "organization_role.changed",
        /// A permission of the organization's own was removed.
        OrganizationPermissionRemoved = "organization_permission.removed",
        /// An organization role was removed, with everything that gave it.
        OrganizationRoleRemoved = "organization_role.removed",
        /// An end-user role was made or changed.
        EndUserRoleChanged = "end_user_role.changed",
        /// An end-user role was removed, with everything that gave it.
        EndUserRoleRemoved = "end_user_role.removed",
        /// A client was made or changed.
        ClientChanged = "client.changed",
        /// A client got a secret.
        ClientSecretAdded = "client.secret_added",
        /// A secret of a client was ended.
        ClientSecretEnded = "client.secret_ended",
        /// A client was suspended.
        ClientSuspended = "client.suspended",
        /// A client was resumed.
        ClientResumed = "client.resumed",
        /// A client was removed, with everything it held.
        ClientRemoved = "client.removed",
        /// A group was made or changed.
        GroupChanged = "group.changed",
        /// A group was deleted, with its memberships and the roles it held.
        GroupDeleted = "group.deleted",
        /// A user was made.
        UserCreated = "user.created",
        /// A user's own data changed.
        UserChanged = "user.changed",
        /// A user was deactivated.
        UserDeactivated = "user.deactivated",
        /// A user was activated.
        UserActivated = "user.activated",
        /// A user was removed.
        UserDeleted = "user.deleted",
        /// A user's address was proved.
        EmailProved = "user.email_proved",
        /// A user set a password.
        PasswordSet = "user.password_set",
        /// A role was granted.
        Granted = "grant.granted",
        /// The period of a grant changed.
        GrantChanged = "grant.changed",
        /// A role was taken away.
        Revoked = "grant.revoked",
        /// A user joined a group.
        MemberAdded = "membership.added",
        /// The period of a membership changed.
        MembershipChanged = "membership.changed",
        /// A user left a group.
        MemberRemoved = "membership.removed",
        /// An invitation was made, or offers were added to it.
        InvitationSent = "invitation.sent",
        /// An invitation was sent again with a new link.
        InvitationResent = "invitation.resent",
        /// An invitation was taken back.
        InvitationRevoked = "invitation.revoked",
        /// An invitation was declined.
        InvitationDeclined = "invitation.declined",
        /// An invitation was accepted.
        InvitationAccepted = "invitation.accepted",
        /// A file of invitations was started, or went on.
        BulkInvitationStarted = "bulk_invitation.started",
        /// A file of invitations was stopped for now.
        BulkInvitationPaused = "bulk_invitation.paused",
        /// A file of invitations was carried out to its end.
        BulkInvitationEnded = "bulk_invitation.ended",
        /// A file of invitations was ended before that.
        BulkInvitationCancelled = "bulk_invitation.cancelled",
        /// An offer could no longer be given when its invitation was accepted.
        OfferFellAway = "invitation.offer_fell_away",
        /// Somebody signed in.
        SignedIn = "sign_in.succeeded",
        /// Somebody who is signed in proved once more who they are.
        ProvedAgain = "sign_in.proved_again",
        /// Somebody tried to.
        SignInFailed = "sign_in.failed",
        /// Somebody signed out.
        SignedOut = "sign_out",
        /// A person agreed to what an app asks for.
        Consented = "consent.given",
        /// An authorization code was used twice; its authorization ended.
        CodeReplayed = "code.replayed",
        /// A refresh token was used twice; its family ended.
        RefreshReplayed = "refresh.replayed",
        /// An app gave a token back before its time.
        TokenRevoked = "token.revoked",
        /// A link was made with which somebody at the server claims the organization.
        ClaimLinkMade = "setup.link_made",
        /// The organization was claimed: it has its first Administrator.
        Claimed = "setup.claimed",
        /// Where mail goes was changed.
        MailSettingsChanged = "mail_settings.changed",
        /// A letter in the mailbox was read.
        LetterRead = "letter.read",
        /// What the audit trail holds about a person was erased.
        AuditErased = "audit.erased",
        /// A signing key was made.
        KeyCreated = "key.created",
        /// A signing key was withdrawn everywhere at once.
        KeyCompromised = "key.compromised",
        /// Somebody guesses: from now on each try has to wait.
        Throttled = "throttle.began",
        /// Every session of somebody was ended at once.
        SessionsEnded = "sessions.ended",
        /// A client could not prove itself at the token endpoint.
        ClientRefused = "client.refused",
        /// A wrong code was tried for an invitation.
        InvitationGuessed = "invitation.guessed",
        /// A list with personal data left as a file.
        Exported = "export.made",
        /// Letters that were given up got their tries again.
        LettersRevived = "letters.revived",
    }
}

/// Whom or what an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    kind: &'static str,
    id: Option<String>,
}

impl Subject {
    /// A subject by its noun (`"user"`) and id.
    pub fn new(kind: &'static str, id: impl std::fmt::Display) -> Self {
        Self { kind, id: Some(id.to_string()) }
    }

    /// Somebody we could not name: a sign-in with an unknown address.
    pub const fn unknown(kind: &'static str) -> Self {
        Self { kind, id: None }
    }
}

/// One thing that happened. `before` and `after` are complete rows, without secrets.
#[derive(Clone, Debug)]
pub struct Event {
    kind: Kind,
    subject: Subject,
    before: Option<Value>,
    after: Option<Value>,
}

impl Event {
    /// An event about a subject.
    pub const fn new(kind: Kind, subject: Subject) -> Self {
        Self { kind, subject, before: None, after: None }
    }

    /// With what was there before.
    pub fn before(mut self, row: &impl Serialize) -> Result<Self, Fault> {
        self.before = Some(serde_json::to_value(row)?);
        Ok(self)
    }

    /// With what is there now.
    pub fn after(mut self, row: &impl Serialize) -> Result<Self, Fault> {
        self.after = Some(serde_json::to_value(row)?);
        Ok(self)
    }
}

/// The part of an event that may be erased: it can hold personal data.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Payload {
    actor: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
}

/// An event as short lists show it.
#[derive(Clone, Debug)]
pub struct Recent {
    /// What happened.
    pub kind: Kind,
    /// When.
    pub at: Timestamp,
    /// Whom it is about.
    pub subject_id: Option<String>,
    /// From which network address.
    pub address: Option<String>,
    /// With what software.
    pub user_agent: Option<String>,
    /// What there is afterwards, as the event keeps it; null where it keeps nothing, or its details were erased.
    pub after: Value,
}

/// The newest events of these kinds, of one subject or of all, newest first. The caller answers for the right to see them.
pub async fn recent(tx: &mut Tx, kinds: &[Kind], subject: Option<&str>, limit: u32) -> Result<Vec<Recent>, Fault> {
    let mut query = Query::new("SELECT kind, at, subject_id, payload FROM audit_events WHERE kind IN ");
    query.list(kinds.iter().map(|kind| kind.as_str()));
    if let Some(subject) = subject {
        query.push(" AND subject_id = ").bind(subject);
    }
    query.push(" ORDER BY at DESC, id DESC LIMIT ").bind(i64::from(limit));
    let rows: Vec<(Kind, Timestamp, Option<String>, Option<String>)> = query.all(tx).await?;
    let read = |(kind, at, subject_id, payload): (Kind, Timestamp, Option<String>, Option<String>)| {
        let payload = payload.and_then(|payload| serde_json::from_str::<Payload>(&payload).ok());
        let (address, user_agent, after) = payload.map_or((None, None, None), |payload| (payload.address, payload.user_agent, payload.after));
        Recent { kind, at, subject_id, address, user_agent, after: after.unwrap_or_default() }
    };
    Ok(rows.into_iter().map(read).collect())
}

/// What the chain covers of an event.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: EventId,
    at: Timestamp,
    kind: String,
    actor_kind: String,
    actor_id: Option<uuid::Uuid>,
    subject_kind: String,
    subject_id: Option<String>,
    request_id: Option<String>,
    payload: Option<String>,
    salt: Option<Vec<u8>>,
    payload_digest: Vec<u8>,
    digest: Vec<u8>,
}

impl Row {
    /// The digest over everything that stays when the payload is erased. Each part is framed by its length.
    fn digest(&self) -> Vec<u8> {
        hash(&[
            b"gatehouse audit event",
            self.id.uuid().as_bytes(),
            &self.at.micros().to_be_bytes(),
            self.kind.as_bytes(),
            self.actor_kind.as_bytes(),
            self.actor_id.map(uuid::Uuid::into_bytes).unwrap_or_default().as_slice(),
            self.subject_kind.as_bytes(),
            self.subject_id.as_deref().unwrap_or_default().as_bytes(),
            &self.payload_digest,
        ])
    }
}

fn payload_digest(salt: &[u8], payload: &str) -> Vec<u8> {
    hash(&[b"gatehouse audit payload", salt, payload.as_bytes()])
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    context.finish().as_ref().to_vec()
}

impl Work {
    /// Writes an event into this change.
    pub async fn record(&mut self, event: Event) -> Result<(), Fault> {
        let payload = self.payload_of(event.before, event.after);
        self.write_event(event.kind, event.subject.kind.to_owned(), event.subject.id, payload).await
    }

    /// Writes many events at once: those of everybody whom one change concerns, in a few statements.
    pub async fn record_all(&mut self, events: Vec<Event>) -> Result<(), Fault> {
        if self.is_rehearsal {
            self.recorded.extend(events.iter().map(|event| event.kind));
            return Ok(());
        }
        let mut rows = Vec::with_capacity(events.len());
        for event in events {
            let payload = self.payload_of(event.before, event.after);
            rows.push(self.row(event.kind, event.subject.kind.to_owned(), event.subject.id, &payload)?);
            self.recorded.push(event.kind);
        }
        many::insert(&mut self.tx, rows).await
    }

    fn payload_of(&self, before: Option<Value>, after: Option<Value>) -> Payload {
        Payload {
            actor: self.actor.label().to_owned(),
            request_id: self.origin.request_id.clone(),
            address: self.origin.address.clone(),
            user_agent: self.origin.user_agent.clone(),
            before,
            after,
        }
    }

    /// Writes down that a list of people, invitations or clients leaves as a file: which, and what its filter was.
    pub async fn record_export(&mut self, what: &'static str, filter: &str) -> Result<(), Fault> {
        let filter: String = filter.chars().take(500).collect();
        self.record(Event::new(Kind::Exported, Subject::new("export", what)).after(&serde_json::json!({ "filter": filter }))?).await
    }

    /// The row of an event, with its digest.
    fn row(&self, kind: Kind, subject_kind: String, subject_id: Option<String>, payload: &Payload) -> Result<Row, Fault> {
        let request_id = payload.request_id.clone();
        let payload = serde_json::to_string(payload)?;
        let salt = random_bytes::<16>().to_vec();
        let mut row = Row {
            id: EventId::fresh(),
            at: self.now,
            kind: kind.as_str().to_owned(),
            actor_kind: self.actor.kind().to_owned(),
            actor_id: self.actor.id(),
            subject_kind,
            subject_id,
            request_id,
            payload_digest: payload_digest(&salt, &payload),
            payload: Some(payload),
            salt: Some(salt),
            digest: Vec::new(),
        };
        row.digest = row.digest();
        Ok(row)
    }

    async fn write_event(&mut self, kind: Kind, subject_kind: String, subject_id: Option<String>, payload: Payload) -> Result<(), Fault> {
        let row = self.row(kind, subject_kind, subject_id, &payload)?;
        execute!(
            self.tx,
            "INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, subject_kind, subject_id, request_id, payload, salt, payload_digest, digest)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            row.id,
            row.at,
            row.kind,
            row.actor_kind,
            row.actor_id,
            row.subject_kind,
            row.subject_id,
            row.request_id,
            row.payload,
            row.salt,
            row.payload_digest,
            row.digest
        )?;
        self.recorded.push(kind);
        Ok(())
    }
}
