//! Userinfo (OpenID Connect Core section 5.3).

use super::bearer::{self, BearerError};
use super::claims::{self, Access, Claims, Wish};
use super::error::{Code, OAuthError};
use super::provider::Provider;
use crate::identity::user::User;
use crate::work::Ground;
use serde_json::json;

/// The claims about the person behind an access token.
pub async fn userinfo(ground: &Ground, provider: &Provider, token: &str) -> Result<Claims, BearerError> {
    let (live, _) = bearer::bearer(ground, provider, token).await?;
    let person = live.user.as_ref().filter(|_| live.scope.has("openid"));
    let user = person.ok_or_else(|| OAuthError::new(Code::InsufficientScope, "userinfo needs the scope openid"))?;
    Ok(about(user, Wish::new(&live.scope, &live.token.claims_request.userinfo), &live.access))
}

/// What userinfo says of somebody: complete, however much it is.
pub(super) fn about(user: &User, wish: Wish<'_>, access: &Access) -> Claims {
    let mut all = claims::standard(user, wish);
    all.append(&mut access.for_person(wish));
    all.insert("sub".into(), json!(user.id));
    all
}
