use super::{BUILT_IN, Profile, Status, User};
use crate::base::fault::Fault;
use crate::base::id::{IdentityId, UserId};
use crate::base::text::{DisplayName, EmailAddress, Locale, fold};
use crate::base::time::Timestamp;
use crate::crypto::password::PasswordHash;
use crate::db::query::Query;
use crate::db::{Tx, all, execute, optional};
use crate::work::Work;

macro_rules! columns {
    () => {
        "id, email, status, email_verified_at, last_login_at, access_version, created_at, updated_at, version, name, given_name, \
         family_name, middle_name, nickname, preferred_username, profile, website, gender, birthdate, locale, zoneinfo, picture, address, phone_number"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: UserId,
    email: String,
    status: Status,
    email_verified_at: Option<Timestamp>,
    last_login_at: Option<Timestamp>,
    access_version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
    name: Option<DisplayName>,
    given_name: Option<DisplayName>,
    family_name: Option<DisplayName>,
    middle_name: Option<DisplayName>,
    nickname: Option<DisplayName>,
    preferred_username: Option<DisplayName>,
    profile: Option<String>,
    website: Option<String>,
    gender: Option<DisplayName>,
    birthdate: Option<DisplayName>,
    locale: Option<Locale>,
    zoneinfo: Option<DisplayName>,
    picture: Option<String>,
    address: Option<DisplayName>,
    phone_number: Option<DisplayName>,
}

impl TryFrom<Row> for User {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        let link = |text: Option<String>| text.map(|text| text.parse()).transpose().map_err(|error| Fault::new("read a stored link", error));
        Ok(Self {
            id: row.id,
            email: EmailAddress::parse(&row.email).map_err(|error| Fault::new("read a stored address", error))?,
            status: row.status,
            email_verified_at: row.email_verified_at,
            last_login_at: row.last_login_at,
            access_version: row.access_version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
            profile: Profile {
                name: row.name,
                given_name: row.given_name,
                family_name: row.family_name,
                middle_name: row.middle_name,
                nickname: row.nickname,
                preferred_username: row.preferred_username,
                profile: link(row.profile)?,
                website: link(row.website)?,
                gender: row.gender,
                birthdate: row.birthdate,
                locale: row.locale,
                zoneinfo: row.zoneinfo,
                picture: link(row.picture)?,
                address: row.address,
                phone_number: row.phone_number,
            },
        })
    }
}

/// The user with this id.
pub async fn by_id(tx: &mut Tx, id: UserId) -> Result<Option<User>, Fault> {
    optional!(tx, Row, concat!("SELECT ", columns!(), " FROM users WHERE id = $1"), id)?.map(User::try_from).transpose()
}

/// Those of these users that are there.
pub async fn by_ids(tx: &mut Tx, ids: &[UserId]) -> Result<Vec<User>, Fault> {
    let mut query = Query::new(concat!("SELECT ", columns!(), " FROM users WHERE id IN "));
    query.list(ids.iter().copied().map(UserId::uuid));
    query.all::<Row>(tx).await?.into_iter().map(User::try_from).collect()
}

/// Where somebody stands; `None`: there is no such user.
pub async fn status(tx: &mut Tx, id: UserId) -> Result<Option<Status>, Fault> {
    Ok(optional!(tx, (Status,), "SELECT status FROM users WHERE id = $1", id)?.map(|(status,)| status))
}

/// Which terms somebody accepted, and when; `None`: no acceptance was recorded.
pub async fn terms_accepted(tx: &mut Tx, id: UserId) -> Result<Option<(String, Timestamp)>, Fault> {
    let row = optional!(tx, (Option<String>, Option<Timestamp>), "SELECT terms_version, terms_accepted_at FROM users WHERE id = $1", id)?;
    Ok(row.and_then(|(version, at)| version.zip(at)))
}

/// The user with this address, in whatever case or Unicode form.
pub async fn by_email(tx: &mut Tx, email: &EmailAddress) -> Result<Option<User>, Fault> {
    optional!(tx, Row, concat!("SELECT ", columns!(), " FROM users WHERE email_key = $1"), email.key())?.map(User::try_from).transpose()
}

/// The users with these addresses, in no order.
pub async fn by_emails(tx: &mut Tx, emails: &[&EmailAddress]) -> Result<Vec<User>, Fault> {
    let mut query = Query::new(concat!("SELECT ", columns!(), " FROM users WHERE email_key IN "));
    query.list(emails.iter().map(|email| email.key()));
    query.all::<Row>(tx).await?.into_iter().map(User::try_from).collect()
}

/// What signing in with a password needs: the user and the hash.
pub async fn sign_in(tx: &mut Tx, email: &EmailAddress) -> Result<Option<(User, Option<PasswordHash>)>, Fault> {
    let Some(user) = by_email(tx, email).await? else { return Ok(None) };
    let hash = password(tx, user.id).await?;
    Ok(Some((user, hash)))
}

/// The password hash of a user.
pub async fn password(tx: &mut Tx, user: UserId) -> Result<Option<PasswordHash>, Fault> {
    let row = optional!(tx, (Option<PasswordHash>,), "SELECT password_hash FROM identities WHERE issuer = $1 AND subject = $2", BUILT_IN, user.to_string())?;
    Ok(row.and_then(|(hash,)| hash))
}

/// What lists sort by, and what they search in.
fn folded(user: &User) -> (Vec<u8>, String) {
    let name = user.profile.name.as_ref().map_or("", DisplayName::as_str);
    let sort = fold(if name.is_empty() { user.email.as_str() } else { name });
    let username = user.profile.preferred_username.as_ref().map(|username| format!(" {username}")).unwrap_or_default();
    (sort.into_bytes(), fold(&format!("{name} {} {}{username}", user.email, user.email.key())))
}

pub(super) async fn insert(work: &mut Work, user: &User) -> Result<(), Fault> {
    let (sort_key, search_text) = folded(user);
    execute!(
        work.tx,
        "INSERT INTO users (id, email, email_key, email_domain, status, phone_number_verified, access_version, sort_key, search_text, created_at,
         updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $9, 0)",
        user.id,
        user.email.as_str(),
        user.email.key(),
        user.email.domain(),
        user.status,
        false,
        sort_key,
        search_text,
        user.created_at
    )?;
    update(work, user).await
}

/// Writes what people are searched in, which stands apart from their wide rows.
async fn put_search(tx: &mut Tx, user: &User) -> Result<(), Fault> {
    let (sort_key, search_text) = folded(user);
    execute!(
        tx,
        "INSERT INTO user_search (user_id, sort_key, search_text) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET sort_key = excluded.sort_key, search_text = excluded.search_text
         WHERE user_search.sort_key <> excluded.sort_key OR user_search.search_text <> excluded.search_text",
        user.id,
        sort_key,
        search_text
    )?;
    Ok(())
}

/// Up to `limit` of those whose row is to be folded again, because a newer program folds more than the one that wrote it.
pub(super) async fn stale(tx: &mut Tx, limit: i64) -> Result<Vec<UserId>, Fault> {
    let rows = all!(tx, (UserId,), "SELECT user_id FROM user_search_stale ORDER BY user_id LIMIT $1", limit)?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// Folds somebody's row again, unless it was written meanwhile: then the next turn finds it.
pub(super) async fn fold_again(tx: &mut Tx, id: UserId) -> Result<(), Fault> {
    let Some(user) = by_id(tx, id).await? else { return Ok(()) };
    let (sort_key, search_text) = folded(&user);
    let rows = execute!(tx, "UPDATE users SET sort_key = $3, search_text = $4 WHERE id = $1 AND version = $2", id, user.version, sort_key, search_text)?;
    if rows == 1 {
        put_search(tx, &user).await?;
        execute!(tx, "DELETE FROM user_search_stale WHERE user_id = $1", id)?;
    }
    Ok(())
}

/// Writes everything that may change; the version rises by itself.
pub(super) async fn update(work: &mut Work, user: &User) -> Result<(), Fault> {
    put_search(&mut work.tx, user).await?;
    let (sort_key, search_text) = folded(user);
    let p = user.profile.clone();
    work.touched.users.insert(user.id);
    execute!(
        work.tx,
        "UPDATE users SET status = $2, email_verified_at = $3, access_version = $4, sort_key = $5, search_text = $6, updated_at = $7, version = version + 1,
         name = $8, given_name = $9, family_name = $10, middle_name = $11, nickname = $12, preferred_username = $13, profile = $14, website = $15,
         gender = $16, birthdate = $17, locale = $18, zoneinfo = $19, picture = $20, address = $21, phone_number = $22,
         email_domain = $23 WHERE id = $1",
        user.id,
        user.status,
        user.email_verified_at,
        user.access_version,
        sort_key,
        search_text,
        user.updated_at,
        p.name,
        p.given_name,
        p.family_name,
        p.middle_name,
        p.nickname,
        p.preferred_username,
        p.profile.map(String::from),
        p.website.map(String::from),
        p.gender,
        p.birthdate,
        p.locale,
        p.zoneinfo,
        p.picture.map(String::from),
        p.address,
        p.phone_number,
        user.email.domain()
    )?;
    Ok(())
}

pub(super) async fn set_password(tx: &mut Tx, user: &User, hash: &PasswordHash, now: Timestamp) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO identities (id, user_id, issuer, subject, email, password_hash, password_changed_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
         ON CONFLICT (issuer, subject) DO UPDATE SET password_hash = excluded.password_hash, password_changed_at = excluded.password_changed_at",
        IdentityId::fresh(),
        user.id,
        BUILT_IN,
        user.id.to_string(),
        user.email.as_str(),
        hash.expose(),
        now
    )?;
    Ok(())
}

pub(super) async fn replace_hash(tx: &mut Tx, user: UserId, old: &PasswordHash, new: &PasswordHash) -> Result<bool, Fault> {
    let rows = execute!(
        tx,
        "UPDATE identities SET password_hash = $1 WHERE issuer = $2 AND subject = $3 AND password_hash = $4",
        new.expose(),
        BUILT_IN,
        user.to_string(),
        old.expose()
    )?;
    Ok(rows == 1)
}

/// Writes the profile over that of `version`; standing and access are left alone. `false`: there is another version by now.
pub(super) async fn set_profile(tx: &mut Tx, user: &User, version: i64) -> Result<bool, Fault> {
    let (sort_key, search_text) = folded(user);
    let p = user.profile.clone();
    let rows = execute!(
        tx,
        "UPDATE users SET sort_key = $3, search_text = $4, updated_at = $5, version = version + 1, name = $6, given_name = $7, family_name = $8,
         middle_name = $9, nickname = $10, preferred_username = $11, profile = $12, website = $13, gender = $14, birthdate = $15, locale = $16,
         zoneinfo = $17, picture = $18, address = $19, phone_number = $20 WHERE id = $1 AND version = $2",
        user.id,
        version,
        sort_key,
        search_text,
        user.updated_at,
        p.name,
        p.given_name,
        p.family_name,
        p.middle_name,
        p.nickname,
        p.preferred_username,
        p.profile.map(String::from),
        p.website.map(String::from),
        p.gender,
        p.birthdate,
        p.locale,
        p.zoneinfo,
        p.picture.map(String::from),
        p.address,
        p.phone_number
    )?;
    if rows == 1 {
        put_search(tx, user).await?;
    }
    Ok(rows == 1)
}

pub(super) async fn change_password(tx: &mut Tx, user: UserId, old: &PasswordHash, new: &PasswordHash, now: Timestamp) -> Result<bool, Fault> {
    let rows = execute!(
        tx,
        "UPDATE identities SET password_hash = $1, password_changed_at = $2 WHERE issuer = $3 AND subject = $4 AND password_hash = $5",
        new.expose(),
        now,
        BUILT_IN,
        user.to_string(),
        old.expose()
    )?;
    Ok(rows == 1)
}

/// Everything by which somebody could come in as this user, or hold something in their name.
pub(super) async fn forget_ways_in(tx: &mut Tx, user: UserId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM identities WHERE user_id = $1", user)?;
    execute!(tx, "DELETE FROM sessions WHERE user_id = $1", user)?;
    execute!(tx, "DELETE FROM authorizations WHERE user_id = $1", user)?;
    execute!(tx, "DELETE FROM consents WHERE user_id = $1", user)?;
    execute!(tx, "UPDATE users SET pending_email = NULL WHERE id = $1", user)?;
    Ok(())
}

pub(super) async fn note_sign_in(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<bool, Fault> {
    let rows = execute!(tx, "UPDATE users SET last_login_at = $2 WHERE id = $1 AND status = $3 AND email_verified_at IS NOT NULL", user, now, Status::Active)?;
    Ok(rows == 1)
}

pub(super) async fn note_password_used(tx: &mut Tx, user: UserId, hash: &PasswordHash, now: Timestamp) -> Result<bool, Fault> {
    let rows = execute!(
        tx,
        "UPDATE identities SET first_login_at = COALESCE(first_login_at, $1), last_login_at = $1 WHERE issuer = $2 AND subject = $3 AND password_hash = $4",
        now,
        BUILT_IN,
        user.to_string(),
        hash.expose()
    )?;
    Ok(rows == 1)
}

pub(super) async fn touch_last_login(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), Fault> {
    execute!(tx, "UPDATE users SET last_login_at = $2 WHERE id = $1", user, now)?;
    Ok(())
}

pub(super) async fn raise_access_version(work: &mut Work, user: UserId) -> Result<(), Fault> {
    work.touched.users.insert(user);
    execute!(work.tx, "UPDATE users SET access_version = access_version + 1 WHERE id = $1", user)?;
    Ok(())
}

pub(super) async fn delete(work: &mut Work, user: UserId) -> Result<(), Fault> {
    work.touched.users.insert(user);
    execute!(work.tx, "DELETE FROM users WHERE id = $1", user)?;
    Ok(())
}
