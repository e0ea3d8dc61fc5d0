//! What opens an invitation: the link in the mail, or the code beside it together with the address. Both are kept as hashes.
//!
//! A right code gives a *ticket* that stands for the link from then on, so that the code itself need not be carried along.

use super::Row;
use crate::base::id::InvitationId;
use crate::base::secret::{Secret, TokenHash, random_below, random_token};
use crate::base::time::Timestamp;
use crate::crypto::seal::Sealer;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;
use uuid::Uuid;

/// Letters and digits that nobody takes for another, and no vowels, so that no code spells a word. 28^6 is about 2^29: enough for a
/// secret that is good for days, works only beside the right address, and is guessed against a brake.
const ALPHABET: &[u8; 28] = b"23456789BCDFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH: usize = 6;
/// The characters of a link's token: 32 bytes as base64url.
const TOKEN_LENGTH: usize = 43;
/// How long a ticket stands for the link.
const TICKET_LIFE: Duration = Duration::from_hours(1);

const CODE: &str = "invitation code";
const TICKET: &str = "invitation ticket";

/// The two secrets of one letter.
pub(super) struct Fresh {
    pub(super) token: Secret<String>,
    pub(super) code: Secret<String>,
}

/// What the database keeps of them.
pub(super) struct Hashes {
    pub(super) token: TokenHash,
    pub(super) code: Vec<u8>,
}

impl Fresh {
    pub(super) fn draw() -> Self {
        let draw = |_| char::from(ALPHABET[random_below(28) as usize]);
        Self { token: Secret::new(random_token::<32>()), code: Secret::new((0..CODE_LENGTH).map(draw).collect()) }
    }

    /// The code is too short for a plain hash: who reads the database could try all of them. So its hash has a key, and the invitation in it.
    pub(super) fn hashes(&self, sealer: &Sealer, id: InvitationId) -> Hashes {
        let code = sealer.mac(CODE, &[id.uuid().as_bytes(), self.code.expose().as_bytes()]);
        Hashes { token: TokenHash::of(self.token.expose()), code: code.to_vec() }
    }
}

/// Whether a code, as somebody typed it, is that of the invitation. Case, blanks and dashes do not count.
pub(super) fn is_code_of(sealer: &Sealer, row: Option<&Row>, typed: &str) -> bool {
    let is_filler = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let code: String = typed.chars().take(64).filter(|c| !is_filler(*c)).map(|c| c.to_ascii_uppercase()).collect();
    // Where there is no invitation the same is computed, so that the answer takes as long.
    let (id, hash) = row.map_or((Uuid::nil(), &[][..]), |row| (row.id.uuid(), row.code_hash.as_slice()));
    sealer.verify_mac(CODE, &[id.as_bytes(), code.as_bytes()], hash)
}

/// What somebody holds who was let in to see an invitation: the token of the link, or the ticket that a right code gave.
#[derive(Clone, Debug)]
pub enum Proof {
    /// The token of the mailed link.
    Link(Secret<String>),
    /// What a right code gave.
    Ticket(Ticket),
}

/// Stands for the link after a right code, for an hour at most and only until the invitation is sent again or ends.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub(super) id: InvitationId,
    until: Timestamp,
    mac: Secret<Vec<u8>>,
}

impl Proof {
    /// Reads a link's token or the value of a cookie that carries either. `None`: it is neither, and nothing needs to be asked.
    pub fn parse(text: &str) -> Option<Self> {
        let is_base64url = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
        if text.len() == TOKEN_LENGTH && text.bytes().all(is_base64url) {
            return Some(Self::Link(Secret::new(text.to_owned())));
        }
        if text.len() > 200 {
            return None;
        }
        let mut parts = text.split('.');
        let (id, until, mac) = (parts.next()?, parts.next()?, parts.next()?);
        let mac = Secret::new(URL_SAFE_NO_PAD.decode(mac).ok()?);
        let ticket = Ticket { id: id.parse().ok()?, until: Timestamp::from_micros(until.parse().ok()?), mac };
        parts.next().is_none().then_some(Self::Ticket(ticket))
    }
}

fn ticket_data(row: &Row, until: Timestamp) -> [Vec<u8>; 3] {
    [row.id.uuid().as_bytes().to_vec(), row.code_hash.clone(), until.micros().to_be_bytes().to_vec()]
}

/// The ticket for an invitation whose code was right.
pub(super) fn issue_ticket(sealer: &Sealer, row: &Row, now: Timestamp) -> Secret<String> {
    let until = now.plus(TICKET_LIFE);
    let data = ticket_data(row, until);
    let mac = sealer.mac(TICKET, &data.each_ref().map(Vec::as_slice));
    Secret::new(format!("{}.{}.{}", row.id, until.micros(), URL_SAFE_NO_PAD.encode(mac)))
}

impl Ticket {
    /// Whether it was issued for this invitation as it was last sent, and is still good. The hash of the code is part of what it stands on.
    pub(super) fn is_for(&self, sealer: &Sealer, row: &Row, now: Timestamp) -> bool {
        let data = ticket_data(row, self.until);
        sealer.verify_mac(TICKET, &data.each_ref().map(Vec::as_slice), self.mac.expose()) && now < self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::seal::SealKey;

    #[test]
    fn codes_have_six_unambiguous_characters() {
        let code = Fresh::draw().code;
        assert_eq!(code.expose().len(), CODE_LENGTH);
        assert!(code.expose().bytes().all(|byte| ALPHABET.contains(&byte)));
        assert!("01ILOAEU".bytes().all(|byte| !ALPHABET.contains(&byte)));
    }

    #[test]
    fn no_code_is_right_where_there_is_no_invitation() {
        let sealer = Sealer::new(vec![SealKey::generate()]).unwrap();
        assert!(!is_code_of(&sealer, None, "") && !is_code_of(&sealer, None, "7KQ2MX"));
    }

    #[test]
    fn only_tokens_and_tickets_are_proofs() {
        assert!(matches!(Proof::parse(&random_token::<32>()), Some(Proof::Link(_))));
        let id = InvitationId::fresh();
        assert!(matches!(Proof::parse(&format!("{id}.1000.AAAA")), Some(Proof::Ticket(_))));
        let long = format!("{id}.1000.{}", "A".repeat(300));
        for bad in ["", "x", &format!("{id}.1000"), &format!("{id}.1000.AAAA.x"), &format!("{id}.soon.AAAA"), &format!("{id}.1000.+++"), &long] {
            assert!(Proof::parse(bad).is_none(), "{bad}");
        }
        assert!(Proof::parse(&format!("{}/", "A".repeat(42))).is_none());
    }
}
