//! Passwords: argon2id (RFC 9106) as PHC strings, on a bounded blocking pool, normalised in one place.

mod policy;
#[cfg(test)]
mod tests;

pub use policy::{MIN_CHARACTERS, PasswordPolicyError, judge};

use crate::base::fault::Fault;
use crate::base::secret::{Secret, equal, random_bytes};
use argon2::password_hash::phc;
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// How many passwords may wait for their turn: about a second of work for two cores.
const WAITING: usize = 64;
/// Longer input is not looked at: decomposed text (NFD) of the longest allowed password fits well.
const MAX_RAW_BYTES: usize = 4096;
/// The longest password in bytes, normalised.
const MAX_BYTES: usize = 1024;
/// The bytes of a fresh salt and of a fresh hash (RFC 9106 section 3.1 and 4).
const SALT: usize = 16;
const OUTPUT: usize = 32;
/// The memory of one hash stays ready this long for the next one, then goes back to the system.
const LINGER: Duration = Duration::from_secs(5);
/// Room reserved for the blocks of one hash (33 MiB; only what is used becomes resident). The C library serves requests above 32 MiB by a mapping of
/// their own, which goes back to the system when freed; smaller ones stay behind in the arena of each thread (measured: 700 MB after 120 hashes).
const RESERVED_BLOCKS: usize = 33 * 1024;

/// The stored form of a password: a PHC string of argon2id. Never printed.
#[derive(Clone, sqlx::Type)]
#[sqlx(transparent)]
pub struct PasswordHash(String);

/// Why a text is no password hash that we take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordHashError {
    /// bcrypt, scrypt, argon2i ...
    #[error("is not an argon2id hash; only those can be taken over")]
    Algorithm,
    /// Not in the form `$argon2id$v=19$m=..,t=..,p=..$salt$hash`.
    #[error("must look like $argon2id$v=19$m=19456,t=2,p=1$salt$hash")]
    Malformed,
    /// Made with a key or associated data, which are not part of the text.
    #[error("was made with a secret key or associated data, which cannot be taken over")]
    Keyed,
    /// Verifying it would take more than a server can give to one sign-in.
    #[error("is too expensive to verify: at most 256 MiB of memory, 16 passes and 16 lanes")]
    TooExpensive,
    /// So short that another password may have the same hash.
    #[error("is too short: the hash needs 16 bytes or more")]
    TooShort,
}

/// Why a password could not be hashed or verified now.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many are waiting already: try again in a moment.
    #[error("too many sign-ins at once; try again in a moment")]
    Busy,
    /// A password to hash is longer than the policy allows.
    #[error("the password is too long")]
    TooLong,
    /// Something broke.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The answer to "is this the password?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// It is.
    Right {
        /// The stored hash was made at another cost than today's: hash the password again and store that, so that every verification takes the same time.
        rehash: bool,
    },
    /// It is not, or the user has no password, or there is no such user.
    Wrong,
}

impl PasswordHash {
    /// Parses the PHC string of an argon2id hash, ours or another system's. Refuses costs that would exhaust the server.
    pub fn parse(text: &str) -> Result<Self, PasswordHashError> {
        Recipe::parse(text)?;
        Ok(Self(text.to_owned()))
    }

    /// The PHC string, for exports: whoever holds it can try passwords against it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(password hash)")
    }
}

/// What to compute to check a password, and what must come out.
struct Recipe {
    version: Version,
    params: Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Recipe {
    fn parse(text: &str) -> Result<Self, PasswordHashError> {
        use PasswordHashError::{Algorithm, Keyed, Malformed, TooExpensive, TooShort};
        if !text.starts_with("$argon2id$") {
            return Err(Algorithm);
        }
        let phc = if text.len() <= 512 { phc::PasswordHash::new(text).map_err(|_| Malformed)? } else { return Err(Malformed) };
        // Without a version the standard means an older argon2 than this library would take it for: refused, not guessed.
        let version = phc.version.and_then(|number| Version::try_from(number).ok()).ok_or(Malformed)?;
        let params = Params::try_from(&phc).map_err(|_| Malformed)?;
        let (Some(salt), Some(output)) = (phc.salt, phc.hash) else { return Err(Malformed) };
        if !params.keyid().is_empty() || !params.data().is_empty() {
            Err(Keyed)
        } else if params.m_cost() > 256 * 1024 || params.t_cost() > 16 || params.p_cost() > 16 {
            Err(TooExpensive)
        } else if output.len() < 16 {
            Err(TooShort)
        } else {
            Ok(Self { version, params, salt: salt.to_vec(), output: output.as_bytes().to_vec() })
        }
    }

    /// The work done for a user who is not there: as long as for one who is.
    fn for_nobody() -> Self {
        Self { version: Version::V0x13, params: Params::DEFAULT, salt: vec![0; SALT], output: vec![0; OUTPUT] }
    }

    fn is_current(&self) -> bool {
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        self.version == Version::V0x13 && cost(&self.params) == cost(&Params::DEFAULT) && self.salt.len() >= SALT && self.output.len() == OUTPUT
    }

    /// The stored form of what this recipe gave.
    fn write(&self, output: &[u8]) -> Result<PasswordHash, Fault> {
        let fault = |error: phc::Error| Fault::new("write a password hash", error);
        let params = phc::ParamsString::try_from(&self.params).map_err(|error| Fault::new("write a password hash", error))?;
        let (salt, hash) = (Some(phc::Salt::new(&self.salt).map_err(fault)?), Some(phc::Output::new(output).map_err(fault)?));
        Ok(PasswordHash(phc::PasswordHash { algorithm: ARGON2ID_IDENT, version: Some(self.version.into()), params, salt, hash }.to_string()))
    }

    /// The hash of `password` by this recipe.
    fn cook(&self, password: &Secret<String>, pool: &Arc<Pool>) -> Result<Vec<u8>, Fault> {
        let mut memory = pool.memory(self.params.block_count());
        let mut output = vec![0; self.output.len()];
        let argon2 = Argon2::new(Algorithm::Argon2id, self.version, self.params.clone());
        let cooked = argon2.hash_password_into_with_memory(password.expose().as_bytes(), &self.salt, &mut output, memory.as_mut_slice());
        pool.give_back(memory);
        cooked.map_err(|error| Fault::new("hash a password", error))?;
        Ok(output)
    }
}

/// Hashes and verifies passwords: `parallel` at a time, a bounded number waiting. Clones share the pool.
#[derive(Clone)]
pub struct Passwords {
    pool: Arc<Pool>,
}

struct Pool {
    /// Who is being served.
    slots: Arc<Semaphore>,
    /// Who is being served or waits for it.
    line: Arc<Semaphore>,
    /// Memory ready for the next hash: never more pieces than slots.
    spare: Mutex<Vec<Vec<Block>>>,
    linger: Duration,
    uses: AtomicU64,
}

impl Passwords {
    /// A pool that works on `parallel` passwords at a time: the number of cores.
    pub fn new(parallel: usize) -> Self {
        Self::with(parallel, WAITING, LINGER)
    }

    fn with(parallel: usize, waiting: usize, linger: Duration) -> Self {
        let parallel = parallel.max(1);
        let (slots, line) = (Arc::new(Semaphore::new(parallel)), Arc::new(Semaphore::new(parallel + waiting)));
        Self { pool: Arc::new(Pool { slots, line, spare: Mutex::default(), linger, uses: AtomicU64::new(0) }) }
    }

    /// The hash of a new password. The policy is `judge`'s business.
    pub async fn hash(&self, password: &Secret<String>) -> Result<PasswordHash, PasswordError> {
        let password = normalise(password.expose()).ok_or(PasswordError::TooLong)?;
        let hash = self.pool.run(move |pool| {
            let recipe = Recipe { salt: random_bytes::<SALT>().to_vec(), ..Recipe::for_nobody() };
            recipe.cook(&password, pool).and_then(|output| recipe.write(&output))
        });
        Ok(hash.await??)
    }

    /// Whether `password` is the one that `stored` was made of. `None` (nobody by that name, or no password set) takes the same work and answers
    /// `Wrong`, so that time does not tell who exists.
    pub async fn verify(&self, password: &Secret<String>, stored: Option<&PasswordHash>) -> Result<Verified, PasswordError> {
        let recipe = match stored {
            Some(hash) => Some(Recipe::parse(&hash.0).map_err(|error| Fault::new("read a stored password hash", error))?),
            None => None,
        };
        // No stored password is this long, whoever is asked about.
        let Some(password) = normalise(password.expose()) else { return Ok(Verified::Wrong) };
        let verified = self.pool.run(move |pool| {
            let known = recipe.is_some();
            let recipe = recipe.unwrap_or_else(Recipe::for_nobody);
            let output = recipe.cook(&password, pool)?;
            Ok(if equal(&output, &recipe.output) && known { Verified::Right { rehash: !recipe.is_current() } } else { Verified::Wrong })
        });
        verified.await?
    }

    /// `judge` on the pool: a hostile password takes it milliseconds that belong to no request thread.
    pub async fn judge(&self, password: &Secret<String>, about: Vec<String>) -> Result<Result<(), PasswordPolicyError>, PasswordError> {
        let password = password.clone();
        let judged = self.pool.run(move |_| judge(password.expose(), &about.iter().map(String::as_str).collect::<Vec<_>>()));
        judged.await
    }
}

impl Pool {
    /// Does `work` when its turn comes. A caller who goes away meanwhile leaves its slot taken until the work is done.
    async fn run<T: Send + 'static>(self: &Arc<Self>, work: impl FnOnce(&Arc<Self>) -> T + Send + 'static) -> Result<T, PasswordError> {
        let place = Arc::clone(&self.line).try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|error| Fault::new("wait for a password slot", error))?;
        let pool = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, slot);
            work(&pool)
        });
        Ok(done.await.map_err(|error| Fault::new("work on a password", error))?)
    }

    fn memory(&self, blocks: usize) -> Vec<Block> {
        let ready = if blocks == Params::DEFAULT.block_count() { self.spare().pop() } else { None };
        ready.unwrap_or_else(|| {
            let mut memory = Vec::with_capacity(blocks.max(RESERVED_BLOCKS));
            memory.resize(blocks, Block::new());
            memory
        })
    }

    /// Keeps the memory of an ordinary hash for the next one (measured: half the time of a hash goes into fresh memory), and lets it go when none comes.
    fn give_back(self: &Arc<Self>, memory: Vec<Block>) {
        if memory.len() != Params::DEFAULT.block_count() {
            return;
        }
        self.spare().push(memory);
        let (pool, mine) = (Arc::clone(self), self.uses.fetch_add(1, Ordering::Relaxed) + 1);
        tokio::spawn(async move {
            tokio::time::sleep(pool.linger).await;
            if pool.uses.load(Ordering::Relaxed) == mine {
                pool.spare().clear();
            }
        });
    }

    fn spare(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The text that is hashed: RFC 8265 section 4.2 (`OpaqueString`): every blank a plain one, then NFC, so that two keyboards type one password.
/// `None` when it is too long.
fn normalise(password: &str) -> Option<Secret<String>> {
    if password.len() > MAX_RAW_BYTES {
        return None;
    }
    // NFC makes a text at most three times as long: with room for that, no half-written copy stays behind in memory.
    let mut text = String::with_capacity(password.len() * 3);
    text.extend(password.chars().map(|c| if c.is_whitespace() && !c.is_control() { ' ' } else { c }).nfc());
    let text = Secret::new(text);
    (text.expose().len() <= MAX_BYTES).then_some(text)
}
