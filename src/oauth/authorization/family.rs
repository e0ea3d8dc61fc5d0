//! Refresh families. No row per token: a token is its family's id, its generation and a MAC over both, so a forged one never
//! reaches the database, and the successor of a token is determined.

use super::code::Code;
use crate::base::fault::Fault;
use crate::base::id::{AuthorizationId, ClientId, RefreshFamilyId, UserId};
use crate::base::secret::Secret;
use crate::base::time::Timestamp;
use crate::crypto::seal::Sealer;
use crate::db::{Tx, execute, optional};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;
use uuid::Uuid;

/// Offline access rests at most this long ...
pub const OFFLINE_IDLE: Duration = Duration::from_hours(720);
/// ... and lives at most this long.
pub const OFFLINE_LONGEST: Duration = Duration::from_hours(2160);

const PURPOSE: &str = "refresh token";

/// A family as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Family {
    /// The row.
    pub id: RefreshFamilyId,
    /// The authorization it hangs on.
    pub authorization_id: AuthorizationId,
    /// Whose it is.
    pub client_id: ClientId,
    /// Who signed in.
    pub user_id: UserId,
    /// In which session.
    pub session_id: String,
    /// Whether it survives the end of the session.
    pub offline: bool,
    /// What was granted.
    pub scope: String,
    /// For which resource.
    pub resource: String,
    /// The claims that were asked for by name, as JSON.
    pub claims: Option<String>,
    /// When the person proved who they are.
    pub auth_time: Timestamp,
    /// How strongly.
    pub acr: String,
    /// How.
    pub amr: String,
    /// The generation of the token that is good now.
    pub generation: i64,
    /// When it became so.
    pub rotated_at: Timestamp,
    /// When the family ends at the latest: rotation never moves it.
    pub expires_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

impl Family {
    /// When it ends by itself: offline access also when it rests for too long.
    pub fn ends_at(&self) -> Timestamp {
        if self.offline { self.expires_at.min(self.rotated_at.plus(OFFLINE_IDLE)) } else { self.expires_at }
    }

    /// Whether it has ended.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ended_at.is_some() || self.ends_at() <= now
    }
}

/// What a refresh token says, its MAC verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// The family.
    pub family: RefreshFamilyId,
    /// The generation.
    pub generation: i64,
}

impl RefreshToken {
    /// The token as text.
    pub fn seal(self, sealer: &Sealer) -> Secret<String> {
        let mut bytes = self.family.uuid().into_bytes().to_vec();
        bytes.extend(self.generation.to_be_bytes());
        let mac = sealer.mac(PURPOSE, &[&bytes]);
        bytes.extend(mac);
        Secret::new(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a token; `None` for anything that we did not make.
    pub fn open(text: &str, sealer: &Sealer) -> Option<Self> {
        if text.len() > 100 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (said, mac) = bytes.split_at_checked(24)?;
        if !sealer.verify_mac(PURPOSE, &[said], mac) {
            return None;
        }
        let (family, generation) = said.split_at(16);
        Some(Self { family: RefreshFamilyId::from_uuid(Uuid::from_slice(family).ok()?), generation: i64::from_be_bytes(generation.try_into().ok()?) })
    }
}

/// Starts the family of a code that was just taken.
pub async fn start(tx: &mut Tx, code: &Code, offline: bool, expires_at: Timestamp, now: Timestamp) -> Result<RefreshToken, Fault> {
    let token = RefreshToken { family: RefreshFamilyId::fresh(), generation: 1 };
    execute!(
        tx,
        "INSERT INTO refresh_families (id, authorization_id, client_id, user_id, session_id, offline, scope, resource, claims, auth_time, acr, amr, generation,
         created_at, rotated_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $13, $14)",
        token.family,
        code.authorization_id,
        code.client_id,
        code.user_id,
        code.session_id.as_str(),
        offline,
        code.scope.as_str(),
        code.resource.as_str(),
        code.claims.clone(),
        code.auth_time,
        code.acr.as_str(),
        code.amr.as_str(),
        now,
        expires_at
    )?;
    Ok(token)
}

/// The family of a token. It has ended when its authorization has: a family may have begun at the very moment at which somebody was shut out.
pub async fn find(tx: &mut Tx, id: RefreshFamilyId) -> Result<Option<Family>, Fault> {
    Ok(optional!(
        tx,
        Family,
        "SELECT f.id, f.authorization_id, f.client_id, f.user_id, f.session_id, f.offline, f.scope, f.resource, f.claims, f.auth_time, f.acr, f.amr,
         f.generation, f.rotated_at, f.expires_at, COALESCE(f.ended_at, a.ended_at) AS ended_at
         FROM refresh_families f JOIN authorizations a ON a.id = f.authorization_id WHERE f.id = $1",
        id
    )?)
}

/// Turns the family: of any number that try with the same token, one gets `true`. One guarded statement.
pub async fn turn(tx: &mut Tx, token: RefreshToken, now: Timestamp) -> Result<bool, Fault> {
    Ok(execute!(
        tx,
        "UPDATE refresh_families SET generation = generation + 1, rotated_at = $3 WHERE id = $1 AND generation = $2 AND ended_at IS NULL AND expires_at > $3
         AND EXISTS (SELECT 1 FROM authorizations a WHERE a.id = authorization_id AND a.ended_at IS NULL)",
        token.family,
        token.generation,
        now
    )? == 1)
}

/// Whether offline access hangs on an authorization: then its tokens outlive the session.
pub async fn is_offline(tx: &mut Tx, authorization: AuthorizationId, now: Timestamp) -> Result<bool, Fault> {
    let row = optional!(
        tx,
        (RefreshFamilyId,),
        "SELECT id FROM refresh_families WHERE authorization_id = $1 AND offline AND ended_at IS NULL AND expires_at > $2 LIMIT 1",
        authorization,
        now
    )?;
    Ok(row.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::seal::SealKey;

    #[test]
    fn only_our_own_tokens_open() {
        let sealer = Sealer::new(vec![SealKey::generate()]).unwrap();
        let token = RefreshToken { family: RefreshFamilyId::fresh(), generation: 7 };
        let text = token.seal(&sealer);
        assert_eq!(RefreshToken::open(text.expose(), &sealer), Some(token));
        assert_eq!(text.expose(), token.seal(&sealer).expose(), "the successor is determined");
        let other = Sealer::new(vec![SealKey::generate()]).unwrap();
        assert_eq!(RefreshToken::open(text.expose(), &other), None);
        for position in 0..text.expose().len() {
            let mut forged = text.expose().clone().into_bytes();
            forged[position] = if forged[position] == b'A' { b'B' } else { b'A' };
            assert_eq!(RefreshToken::open(&String::from_utf8(forged).unwrap(), &sealer), None);
        }
        assert_eq!(RefreshToken::open(&"A".repeat(10_000), &sealer), None);
    }
}
