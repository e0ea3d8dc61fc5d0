//! Secrets at rest: sealed with AES-256-GCM under one of several keys, bound to the place they are stored at; and keyed hashes for tokens.
//!
//! A sealed blob is `version (1) | key id (8) | nonce (12) | ciphertext | tag (16)`. The keys in use are derived (HKDF-SHA-256, RFC 5869) from the
//! configured ones, each for one purpose. Nonces are random: NIST SP 800-38D section 8.3 allows 2^32 of them per key, which no table here comes near.

#[cfg(test)]
mod tests;

use crate::base::secret::{Secret, equal, random_bytes};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{digest, hkdf, hmac};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;
use zeroize::Zeroize;

const VERSION: u8 = 1;
const KEY_ID: usize = 8;
const HEADER: usize = 1 + KEY_ID + NONCE_LEN;
const TAG: usize = 16;

/// Why a text is no sealing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealKeyError {
    /// Not base64 or base64url.
    #[error("the sealing key must be base64 text; make one with `openssl rand -base64 32`")]
    Encoding,
    /// Another number of bytes.
    #[error("the sealing key must have 32 bytes, this one has {0}; make one with `openssl rand -base64 32`")]
    Length(usize),
    /// One byte repeated: a placeholder that somebody forgot to replace.
    #[error("the sealing key is a placeholder, not random; make one with `openssl rand -base64 32`")]
    Placeholder,
    /// No key at all.
    #[error("there is no sealing key")]
    None,
    /// The same key twice.
    #[error("the sealing key {0} is listed twice")]
    Twice(KeyId),
}

/// Why a sealed secret does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Sealed with a key that is not configured here.
    #[error("sealed with the key {0}, which is not configured")]
    UnknownKey(KeyId),
    /// Changed, or moved here from another row or column.
    #[error("the sealed secret was changed or does not belong here")]
    Forged,
    /// No sealed secret at all.
    #[error("this is no sealed secret")]
    Malformed,
}

/// Names a sealing key without giving it away: for logs and for the head of a blob.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; KEY_ID]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A sealing key: 32 random bytes from which every key in use is derived.
#[derive(Clone, Debug)]
pub struct SealKey(Secret<[u8; 32]>);

impl SealKey {
    /// A new random key.
    pub fn generate() -> Self {
        Self(Secret::new(random_bytes()))
    }

    /// Parses base64 or base64url, with or without padding; blanks and line ends around it fall away.
    pub fn parse(text: &str) -> Result<Self, SealKeyError> {
        let text = text.trim().trim_end_matches('=');
        let engine = if text.contains(['-', '_']) { URL_SAFE_NO_PAD } else { STANDARD_NO_PAD };
        let bytes = Secret::new(engine.decode(text).map_err(|_| SealKeyError::Encoding)?);
        let key: [u8; 32] = bytes.expose().as_slice().try_into().map_err(|_| SealKeyError::Length(bytes.expose().len()))?;
        if key.iter().all(|byte| *byte == key[0]) {
            return Err(SealKeyError::Placeholder);
        }
        Ok(Self(Secret::new(key)))
    }

    /// The key as text, to be kept in a file that only the server may read.
    pub fn to_text(&self) -> Secret<String> {
        Secret::new(URL_SAFE_NO_PAD.encode(self.0.expose()))
    }

    /// The name of this key.
    pub fn key_id(&self) -> KeyId {
        let mut derived = self.derive(&["key id"]);
        let hash = digest::digest(&digest::SHA256, &derived);
        derived.zeroize();
        let mut id = [0; KEY_ID];
        id.copy_from_slice(&hash.as_ref()[..KEY_ID]);
        KeyId(id)
    }

    /// The key for one purpose: from it neither this key nor that of another purpose can be computed.
    fn derive(&self, purpose: &[&str]) -> [u8; 32] {
        let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, b"gatehouse sealing key 1").extract(self.0.expose());
        // A zero byte ends each part, so that no two purposes read alike.
        let info: Vec<&[u8]> = purpose.iter().flat_map(|part| [part.as_bytes(), &[0]]).collect();
        let mut key = [0; 32];
        let filled = extracted.expand(&info, hkdf::HKDF_SHA256).and_then(|derived| derived.fill(&mut key));
        filled.expect("HKDF gives up to 255 blocks and this is one (RFC 5869 section 2.3)");
        key
    }
}

/// Where a sealed secret is stored. It opens nowhere else: whoever can write to the database cannot move it to a row that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    table: &'static str,
    column: &'static str,
    row: Vec<u8>,
}

impl Place {
    /// The place in the row with this id.
    pub fn row(table: &'static str, column: &'static str, id: Uuid) -> Self {
        Self { table, column, row: id.as_bytes().to_vec() }
    }

    /// The place in the row with this textual key.
    pub fn keyed(table: &'static str, column: &'static str, key: &str) -> Self {
        Self { table, column, row: key.as_bytes().to_vec() }
    }

    /// What the seal is bound to: the place, and the head of the blob up to the nonce.
    fn associated(&self, head: &[u8]) -> Vec<u8> {
        let mut data = head.to_vec();
        for part in [self.table.as_bytes(), self.column.as_bytes(), &self.row] {
            frame(part, |bytes| data.extend_from_slice(bytes));
        }
        data
    }
}

/// Writes a part after its length, so that `ab, c` and `a, bc` differ.
fn frame(part: &[u8], mut write: impl FnMut(&[u8])) {
    write(&(part.len() as u64).to_be_bytes());
    write(part);
}

struct Key {
    source: SealKey,
    id: KeyId,
    aead: RandomizedNonceKey,
}

/// Seals with the first key, opens with all.
pub struct Sealer {
    /// Never empty; the first one seals.
    keys: Vec<Key>,
    /// For each purpose the keyed-hash key of every sealing key, in their order.
    macs: RwLock<HashMap<&'static str, Arc<[hmac::Key]>>>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| key.id)).finish()
    }
}

impl Sealer {
    /// A sealer for these keys: the first seals, all open.
    pub fn new(keys: Vec<SealKey>) -> Result<Self, SealKeyError> {
        let mut ready: Vec<Key> = Vec::with_capacity(keys.len());
        for source in keys {
            let id = source.key_id();
            if ready.iter().any(|key| key.id == id) {
                return Err(SealKeyError::Twice(id));
            }
            let mut derived = source.derive(&["seal"]);
            let aead = RandomizedNonceKey::new(&AES_256_GCM, &derived).expect("AES-256 takes every key of 32 bytes");
            derived.zeroize();
            ready.push(Key { source, id, aead });
        }
        if ready.is_empty() { Err(SealKeyError::None) } else { Ok(Self { keys: ready, macs: RwLock::default() }) }
    }

    /// The name of the key that seals.
    pub fn key_id(&self) -> KeyId {
        self.keys[0].id
    }

    /// Seals `plain` for `place`.
    pub fn seal(&self, place: &Place, plain: &[u8]) -> Vec<u8> {
        let key = &self.keys[0];
        let mut blob = Vec::with_capacity(HEADER + plain.len() + TAG);
        blob.push(VERSION);
        blob.extend_from_slice(&key.id.0);
        let associated = place.associated(&blob);
        blob.extend_from_slice(&[0; NONCE_LEN]);
        blob.extend_from_slice(plain);
        let sealed = key.aead.seal_in_place_separate_tag(Aad::from(associated), &mut blob[HEADER..]);
        let (nonce, tag) = sealed.expect("AES-GCM seals everything below 64 GiB (NIST SP 800-38D section 5.2.1.1)");
        blob[HEADER - NONCE_LEN..HEADER].copy_from_slice(nonce.as_ref());
        blob.extend_from_slice(tag.as_ref());
        blob
    }

    /// Opens what `seal` made for `place`.
    pub fn open(&self, place: &Place, blob: &[u8]) -> Result<Secret<Vec<u8>>, SealError> {
        let id = sealed_with(blob).ok_or(SealError::Malformed)?;
        let key = self.keys.iter().find(|key| key.id == id).ok_or(SealError::UnknownKey(id))?;
        let (head, rest) = blob.split_at(HEADER);
        let (head, nonce) = head.split_at(HEADER - NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Malformed)?;
        let mut plain = rest.to_vec();
        let length = key.aead.open_in_place(nonce, Aad::from(place.associated(head)), &mut plain).map_err(|_| SealError::Forged)?.len();
        plain.truncate(length);
        Ok(Secret::new(plain))
    }

    /// A keyed hash of `data` with the first key. `purpose` keeps apart what could otherwise stand for each other.
    pub fn mac(&self, purpose: &'static str, data: &[&[u8]]) -> [u8; 32] {
        tag(&self.mac_keys(purpose)[0], data)
    }

    /// Whether `mac` was made by `mac` with any of the keys. Takes the same time wherever it differs.
    pub fn verify_mac(&self, purpose: &'static str, data: &[&[u8]], mac: &[u8]) -> bool {
        self.mac_keys(purpose).iter().any(|key| equal(&tag(key, data), mac))
    }

    /// What the database keeps of the first key: enough to know it again, useless to open anything.
    pub fn check_value(&self) -> Vec<u8> {
        self.keys[0].check_value()
    }

    /// Whether `check` is the check value of one of the keys. When it is not, the server must not start.
    pub fn verifies(&self, check: &[u8]) -> bool {
        self.keys.iter().any(|key| equal(&key.check_value(), check))
    }

    fn mac_keys(&self, purpose: &'static str) -> Arc<[hmac::Key]> {
        if let Some(keys) = self.macs.read().unwrap_or_else(PoisonError::into_inner).get(purpose) {
            return Arc::clone(keys);
        }
        let keys: Arc<[hmac::Key]> = self.keys.iter().map(|key| key.source.mac_key(purpose)).collect();
        Arc::clone(self.macs.write().unwrap_or_else(PoisonError::into_inner).entry(purpose).or_insert(keys))
    }
}

impl SealKey {
    fn mac_key(&self, purpose: &str) -> hmac::Key {
        let mut derived = self.derive(&["mac", purpose]);
        let key = hmac::Key::new(hmac::HMAC_SHA256, &derived);
        derived.zeroize();
        key
    }
}

impl Key {
    fn check_value(&self) -> Vec<u8> {
        let mut check = self.id.0.to_vec();
        let mut derived = self.source.derive(&["check"]);
        check.extend_from_slice(digest::digest(&digest::SHA256, &derived).as_ref());
        derived.zeroize();
        check
    }
}

fn tag(key: &hmac::Key, data: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    for part in data {
        frame(part, |bytes| context.update(bytes));
    }
    let mut tag = [0; 32];
    tag.copy_from_slice(context.sign().as_ref());
    tag
}

/// The key that a blob names; `None` when it is no blob of this version.
fn sealed_with(blob: &[u8]) -> Option<KeyId> {
    let whole = blob.len() >= HEADER + TAG && blob[0] == VERSION;
    whole.then(|| blob[1..=KEY_ID].try_into().ok().map(KeyId)).flatten()
}
